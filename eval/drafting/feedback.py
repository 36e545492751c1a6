"""Questions from what users said of answers in the chat, in Slack and over the API."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from eval.check.texts import alike, nearness, squeezed
from eval.drafting.drafting import Drafts
from eval.drafting.verifying import required
from eval.grounded import Standing, agrees
from eval.numbers import numbers
from eval.questions import Question

if TYPE_CHECKING:
    from rag.feedback import Cited, Feedback

_MARK = re.compile(r"\s*[\[【]\d+[\]】]")
_SHARED = 0.6  # of a correction's words that a quote must hold for its page to be the right one


def questions(feedback: Iterable["Feedback"]) -> Drafts:
    """One question for every question that users judged: what they confirmed, or what they said is right.

    A judgement in favour confirms the answer and the pages it cites, or the refusal; one against with a correction
    gives the right answer, and of the cited pages those that hold it. Of several judgements of one question the last
    counts, so that one against without a correction takes an earlier confirmation back. ``feedback`` is oldest first.
    """
    last: dict[str, Feedback] = {}
    thrown: Counter[str] = Counter()
    for judgement in feedback:
        key = squeezed(asked(judgement))
        thrown["judged_again"] += key in last
        last.pop(key, None)
        last[key] = judgement
    made: list[Question] = []
    for judgement in last.values():
        if not judgement.good and not judgement.correction.strip():
            thrown["no_correction"] += 1
        elif any(alike(asked(judgement), question.question) for question in made):
            thrown["asked_before"] += 1
        else:
            made.append(question_of(judgement))
    return Drafts(questions=tuple(made), thrown_away={code: n for code, n in thrown.items() if n})


def asked(judgement: "Feedback") -> str:
    """The question as it reads without the ones before it."""
    return judgement.standalone.strip() or judgement.question.strip()


def question_of(judgement: "Feedback") -> Question:
    """The question of one judgement, as a draft."""
    text = asked(judgement)
    answer = _MARK.sub("", judgement.answer).strip() if judgement.good else judgement.correction.strip()
    answerable = judgement.found or not judgement.good
    cited = [c for c in judgement.citations if judgement.good or holds(answer, c.quote)] if answerable else []
    report = Counter(c.report for c in cited).most_common(1)[0][0] if cited else ""
    own = [c for c in cited if c.report == report]
    facts = required(answer, "\n".join(c.quote for c in own), text) if answerable else None
    said = f"{judgement.source} {judgement.at[:10]}: {'confirmed' if judgement.good else 'corrected'}"
    details = [said, judgement.reason.strip(), "" if own or not answerable else _unplaced(judgement.citations)]
    values = {
        "set": "feedback",
        "id": judgement.id,
        "lang": judgement.language,
        "kind": "feedback",
        "question": text,
        "answer": answer if answerable else "",
        "report": report,
        "pages": tuple(sorted({c.page for c in own})),
        "evidence": tuple(dict.fromkeys(c.quote for c in own if c.quote.strip())),
        "answerable": answerable,
        "review": "draft",
        "note": "; ".join(filter(None, details)),
    }
    return Question.model_validate(values | ({"must_include": facts} if facts else {}))


def holds(answer: str, quote: str) -> bool:
    """Whether a quote holds an answer: all of its figures, or, without figures, most of its words."""
    figures, there = [number for number in numbers(answer) if number.counted], numbers(quote)
    if figures:
        return all(any(agrees(figure, other) is not Standing.MISSING for other in there) for figure in figures)
    return squeezed(answer) in squeezed(quote) or nearness(answer, quote) >= _SHARED


def _unplaced(citations: Iterable["Cited"]) -> str:
    places = dict.fromkeys(f"{c.report} p. {c.page}" for c in citations)
    return f"no cited page holds it ({', '.join(places)})" if places else "no page was cited"
