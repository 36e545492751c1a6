"""What was wrong with one prediction, in words."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from eval.grounded import Standing, held
from eval.measures import Grade, Reason, first_right, includes, judged, right_pages
from eval.predictions import PageOf, Prediction

PAGES = 5
"""Pages among which a right one should be."""


class Fault(NamedTuple):
    """One thing that was wrong. ``fails`` says whether the question failed by it, or it is only to be told."""

    kind: str
    text: str
    fails: bool


def faults(prediction: Prediction) -> tuple[Fault, ...]:
    """Give what was wrong, worst first.

    A question that was answered fails by every verdict but right (:func:`eval.measures.judged`), one that was only
    searched for where no right page is among the first PAGES. Reasons that do not make a verdict are remarks.
    """
    if prediction.error:
        return (Fault("error", prediction.error, fails=True),)
    searched = prediction.reply is None
    pages = _pages(prediction)
    if searched:
        return (Fault("not_retrieved", pages, fails=True),) if pages else ()
    judgement = judged(prediction)
    wrong = judgement.verdict is not Grade.RIGHT
    found = [
        Fault(reason.value, _told(reason, prediction), fails=wrong and reason not in _REMARKS)
        for reason in judgement.reasons
        if reason is not Reason.NOT_RETRIEVED
    ]
    if wrong and not any(fault.fails for fault in found):
        found.append(Fault(str(judgement.verdict), f"the answer is {judgement.verdict}", fails=True))
    if pages:
        found.append(Fault("not_retrieved", pages, fails=False))
    return tuple(sorted(found, key=lambda fault: not fault.fails))


_REMARKS = {Reason.WRONG_PAGE, Reason.UNCITED_SENTENCE, Reason.QUOTE_NOT_ON_PAGE, Reason.LANGUAGE, Reason.NOT_RETRIEVED}


def _told(reason: Reason, prediction: Prediction) -> str:
    """A reason in words, with what of this prediction it is about."""
    about = _DETAILS.get(reason)
    words = reason.value.replace("_", " ")
    return f"{words}: {details}" if about and (details := about(prediction)) else words


def _missing(prediction: Prediction) -> str:
    text = prediction.reply.predicted if prediction.reply else ""
    missing = [group for group in prediction.question.must_include or () if not includes(text, [group])]
    return "; ".join(" or ".join(group) for group in missing)


def _cited(prediction: Prediction) -> str:
    cited = prediction.reply.citations if prediction.reply else ()
    return f"cites {_named(cited) or 'none'}, right is {_named(sorted(right_pages(prediction.question)))}"


def _figures(prediction: Prediction) -> str:
    return ", ".join(figure.figure for figure in held(prediction) if figure.standing is Standing.MISSING)


_DETAILS: dict[Reason, Callable[[Prediction], str]] = {
    Reason.MISSING_FACT: _missing,
    Reason.WRONG_PAGE: _cited,
    Reason.UNSUPPORTED: _figures,
}


def _pages(prediction: Prediction) -> str:
    """Where the right pages are among the hits, "" where one is among the first PAGES or the question has none."""
    right = right_pages(prediction.question)
    rank = first_right(prediction.hits, right) if right else 1
    if rank is not None and rank <= PAGES:
        return ""
    where = f"found as number {rank}" if rank else "not found"
    first = f"; first was {_named(prediction.hits[:1])}" if prediction.hits else ""
    return f"no right page among the first {PAGES}: {_named(sorted(right))} {where}{first}"


def _named(pages: Sequence[PageOf]) -> str:
    return ", ".join(f"{report} p. {page}" for report, page in pages[:3]) + ("…" if len(pages) > 3 else "")
