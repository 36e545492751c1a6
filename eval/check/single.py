"""What is wrong with a question by itself, without its report."""

from collections.abc import Iterator

from eval.check.problem import Located, Problem, Severity
from eval.measures import includes
from index.language import detect

SIDES = 2
"""Required facts that a question about a contradiction has at least: what each side says."""


def faults(at: Located) -> Iterator[Problem]:
    """Language, missing pages, contradictions without both sides, facts that the gold answer lacks, drafts."""
    question = at.question
    if detect(question.question) != question.lang:
        yield Problem.of(
            at, Severity.ERROR, "language", "lang", f"`lang` is {question.lang}, but the question is not",
            "`lang` is the language that the question is asked in: mend it.",
        )  # fmt: skip
    if question.answerable and not question.pages:
        yield Problem.of(
            at, Severity.WARNING, "no_pages", "pages", "the question is answerable and names no page",
            "Give `report` and the pages on which the answer stands, or its pages found are not scored.",
        )  # fmt: skip
    if question.answerable and not question.answer.strip() and not question.must_include:
        yield Problem.of(
            at, Severity.WARNING, "no_answer", "answer", "there is neither an answer nor a required fact",
            "Give `answer` and, where it can be told exactly, `must_include`; its answer is not scored without.",
        )  # fmt: skip
    groups = question.must_include or ()
    if question.kind == "conflict" and len(groups) < SIDES:
        yield Problem.of(
            at, Severity.ERROR, "one_side", "must_include", "a contradiction needs what both sides say",
            'Give a list for each side, such as [["35%"], ["33%"]].',
        )  # fmt: skip
    for group in groups if question.answer.strip() else ():
        if not includes(question.answer, [group]):
            yield Problem.of(
                at, Severity.WARNING, "not_in_answer", "must_include",
                f"the gold answer itself has none of: {' / '.join(group)}",
                "Mend `answer`, or add the form that it uses to the list.",
            )  # fmt: skip
    if question.review == "draft":
        yield Problem.of(
            at, Severity.WARNING, "draft", "review", "nobody has reviewed this draft",
            'Check it, then set `review` to "done"; drafts are not asked.',
        )  # fmt: skip
