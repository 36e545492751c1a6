"""What came of a question in one word, and what was wrong, for the page of a run."""

from typing import NamedTuple

from eval.measures import judged, right_pages
from eval.predictions import Prediction

SHOWN = 10
"""Hits among which a right page should be."""

ORDER = ("error", "wrong", "refused", "missed", "partly", "open", "found", "right")
"""The verdicts, worst first.

Those of :class:`eval.measures.Grade`; ``error`` where a question ended in one; and after a search alone ``found`` and
``missed`` (a right page is among the first ten or not) and ``open`` (no page is known).
"""


class Verdict(NamedTuple):
    """A word of :data:`ORDER` and the codes of what was wrong, most important first."""

    word: str
    reasons: tuple[str, ...]


def judge(prediction: Prediction) -> Verdict:
    """The verdict and reasons of :func:`eval.measures.judged`, and whether the model was shown a right page at all."""
    judgement = judged(prediction)
    reasons = [reason.value for reason in judgement.reasons]
    right, reply = right_pages(prediction.question), prediction.reply
    if prediction.error:
        return Verdict("error", tuple(reasons))
    if judgement.verdict is None or reply is None:
        hit = not right.isdisjoint(prediction.hits[:SHOWN])
        return Verdict("open" if not right else "found" if hit else "missed", tuple(reasons))
    shown = {(item.report, item.page) for item in reply.evidence_shown}
    if right and shown and right.isdisjoint(shown) and "not_retrieved" not in reasons:
        reasons.append("page_not_shown")
    return Verdict(judgement.verdict.value, tuple(reasons))
