"""What came of a question in one word, and what was wrong, for the page of a run."""

from typing import NamedTuple

from eval.grounded import Held, Standing
from eval.measures import correct, first_right, loose_score, right_pages
from eval.predictions import Prediction
from index.language import detect

SHOWN = 10
"""Hits among which a right page should be."""

ORDER = ("error", "wrong", "refused", "missed", "partly", "open", "found", "right")
"""The verdicts, worst first.

``right`` has every required fact (or refuses what the reports do not say), ``wrong`` lacks one or answers what has no
answer, ``refused`` refuses what has one. Of questions without required facts, whose loose score is all there is,
``partly`` has some of the gold answer's figures and ``open`` nothing in common that can be counted: only people can
tell. After a search alone a right page is ``found`` among the first ten, or ``missed``.
"""


class Judgement(NamedTuple):
    """A verdict of :data:`ORDER` and the codes of what was wrong, most important first."""

    verdict: str
    reasons: tuple[str, ...]


def judge(prediction: Prediction, figures: list[Held]) -> Judgement:
    """Judge one prediction; ``figures`` are those of its answer (:func:`eval.grounded.held`)."""
    question, reply = prediction.question, prediction.reply
    rank = first_right(prediction.hits, right_pages(question)) if question.pages else None
    reasons: list[str] = []
    if prediction.error:
        return Judgement("error", ("error",))
    searched = question.pages and (rank is None or rank > SHOWN)
    if searched:
        reasons.append("page_not_found")
    if reply is None:
        return Judgement("missed" if searched else "found" if question.pages else "open", tuple(reasons))
    if question.pages and reply.evidence_shown and not searched:
        shown = {(item.report, item.page) for item in reply.evidence_shown}
        if right_pages(question).isdisjoint(shown):
            reasons.append("page_not_shown")
    if not reply.found:
        if not question.answerable:
            return Judgement("right", ())
        return Judgement("refused", ("refused_wrongly", *reasons))
    verdict = "right"
    if not question.answerable:
        verdict = "wrong"
        reasons.insert(0, "answered_unanswerable")
    elif question.must_include:
        if not correct(prediction):
            verdict = "wrong"
            reasons.insert(0, "fact_missing")
    elif question.answer.strip():
        score = loose_score(question, reply.predicted)
        verdict = "right" if score == 1 else "partly" if score > 0 else "open"
        if score < 1:
            reasons.insert(0, "loosely_different")
    else:
        verdict = "open"
    if not reply.citations:
        reasons.append("no_citation")
    elif question.pages and right_pages(question).isdisjoint(reply.citations):
        reasons.append("wrong_page")
    if any(figure.standing is Standing.MISSING for figure in figures):
        reasons.append("figure_unsupported")
    if reply.unsupported:
        reasons.append("marked")
    if detect(reply.predicted) != question.lang:
        reasons.append("language")
    return Judgement(verdict, tuple(reasons))
