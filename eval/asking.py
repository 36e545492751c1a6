"""One question put to an open store: pages found, answer given, times as a user meets them."""

from time import perf_counter
from typing import TYPE_CHECKING

from eval.environment import peak_memory_mb
from eval.measures import distinct
from eval.predictions import Cited, Contradiction, Prediction, Reply, Shown
from eval.questions import Question
from eval.quotes import on_page
from index.errors import ReportQAError
from rag.types import Answer, EvidenceReady, TextDelta
from rag.usage import Usage

if TYPE_CHECKING:
    from rag.engine import ReportQA

PAGES = 20
"""Distinct pages kept for each question."""

_CHUNKS = 60
"""Chunks asked for, enough that they lie on PAGES distinct pages."""


def predict(qa: "ReportQA", question: Question, *, retrieval_only: bool) -> tuple[Prediction, bool]:
    """Find pages for one question and, unless ``retrieval_only``, answer it, on its own and over all reports.

    Also whether the result may be kept: not where the language model failed or the question ended in an error, for
    that may be different the next time.
    """
    clock = perf_counter()
    try:
        hits = qa.retrieve(question.question, k=_CHUNKS)
    except ReportQAError as error:
        elapsed = 1000 * (perf_counter() - clock)
        return Prediction(question=question, hits=(), retrieve_ms=elapsed, error=str(error)), False
    elapsed = 1000 * (perf_counter() - clock)
    pages = distinct(((hit.report, hit.page) for hit in hits), PAGES)
    prediction = Prediction(question=question, hits=pages, retrieve_ms=elapsed)
    if retrieval_only:
        return prediction, True
    try:
        before = qa.usage
        answer, evidence_s, draft = ask(qa, question.question)
    except ReportQAError as error:
        return prediction.model_copy(update={"error": str(error)}), False
    given = _looked_up(qa, reply(answer, evidence_s)).model_copy(update=_cost(before, qa.usage) | {"draft": draft})
    return prediction.model_copy(update={"reply": given}), not answer.failed


def ask(qa: "ReportQA", question: str) -> tuple[Answer, float | None, str]:
    """Answer a question; also the seconds until its evidence could be shown, and what the model wrote unchecked."""
    clock = perf_counter()
    evidence_s: float | None = None
    answer: Answer | None = None
    draft = ""
    for event in qa.stream(question):
        if isinstance(event, EvidenceReady) and evidence_s is None:
            evidence_s = perf_counter() - clock
        elif isinstance(event, TextDelta):
            draft += event.text
        elif isinstance(event, Answer):
            answer = event
    assert answer is not None  # noqa: S101 - a stream always ends with one
    return answer, evidence_s, draft


def reply(answer: Answer, evidence_s: float | None) -> Reply:
    """Give what a prediction keeps of an answer."""
    first = answer.timings_ms.first_token
    return Reply(
        predicted=answer.answer,
        found=answer.found,
        citations=distinct((citation.report, citation.page) for citation in answer.citations),
        citations_full=tuple(
            Cited(n=c.n, report=c.report, title=c.title, page=c.page, section=c.section, quote=c.quote)
            for c in answer.citations
        ),
        unsupported=answer.unsupported,
        conflicts=tuple(Contradiction.model_validate(conflict.model_dump()) for conflict in answer.conflicts),
        evidence_shown=tuple(
            Shown(report=e.report, page=e.page, section=e.section, text=e.text) for e in answer.evidence
        ),
        notice=answer.notice,
        evidence_s=None if evidence_s is None else round(evidence_s, 4),
        first_token_s=None if first is None else first / 1000,
        answer_s=answer.timings_ms.total / 1000,
    )


def _looked_up(qa: "ReportQA", given: Reply) -> Reply:
    """The reply with each quote looked up on the page it names."""
    cited = (c.model_copy(update={"on_page": on_page(qa.library, c)}) for c in given.citations_full)
    return given.model_copy(update={"citations_full": tuple(cited)})


def _cost(before: Usage, after: Usage) -> dict[str, int | bool | float | None]:
    """What was spent between two counts of tokens, and the highest memory of this process."""
    read, wrote = after.prompt_tokens - before.prompt_tokens, after.completion_tokens - before.completion_tokens
    spent = {"prompt_tokens": read, "completion_tokens": wrote, "tokens_estimated": after.estimated}
    return (spent if read or wrote else {}) | {"peak_memory_mb": peak_memory_mb()}
