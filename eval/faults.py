"""What was wrong with one prediction, in words."""

from collections.abc import Sequence
from typing import NamedTuple

from eval.grounded import Standing, held
from eval.measures import first_right, includes, loose_score, right_pages
from eval.predictions import PageOf, Prediction, Reply

PAGES = 5
"""Pages among which a right one should be."""

LOOSE = 0.5
"""Loose score below which an answer without required facts fails."""


class Fault(NamedTuple):
    """One thing that was wrong. ``fails`` says whether the question failed by it, or it is only to be told."""

    kind: str
    text: str
    fails: bool


def faults(prediction: Prediction) -> tuple[Fault, ...]:
    """Give what was wrong, worst first: after a search alone the pages found, else the answer and its citations.

    An answer fails that lacks a required fact, refuses what the reports say, answers what they do not, or agrees with
    its gold answer by less than LOOSE. Where it is right, a right page that was not found does not fail it.
    """
    if prediction.error:
        return (Fault("error", prediction.error, fails=True),)
    reply = prediction.reply
    found = [] if reply is None else _of_answer(prediction, reply)
    page = _of_pages(prediction, fails=reply is None)
    return tuple(sorted([*found, *page], key=lambda fault: not fault.fails))


def _of_pages(prediction: Prediction, *, fails: bool) -> list[Fault]:
    right = right_pages(prediction.question)
    rank = first_right(prediction.hits, right) if right else 1
    if rank is not None and rank <= PAGES:
        return []
    where = f"found as number {rank}" if rank else "not found"
    first = f"; first was {_named(prediction.hits[:1])}" if prediction.hits else ""
    return [Fault("page", f"no right page among the first {PAGES}: {_named(sorted(right))} {where}{first}", fails)]


def _of_answer(prediction: Prediction, reply: Reply) -> list[Fault]:
    question = prediction.question
    if not reply.found:
        refused = Fault("refused", "refused, though the reports answer it", fails=True)
        return [refused] if question.answerable else []
    if not question.answerable:
        return [Fault("answered", "answered, though the reports do not say it", fails=True)]
    found = []
    missing = [group for group in question.must_include or () if not includes(reply.predicted, [group])]
    if missing:
        named = "; ".join(" or ".join(group) for group in missing)
        found.append(Fault("fact", f"does not have {named}", fails=True))
    if not question.must_include and question.answer.strip():
        agrees = loose_score(question, reply.predicted)
        if agrees < 1:
            text = f"agrees with the gold answer by {agrees:.2f} (loose score)"
            found.append(Fault("loose", text, fails=agrees < LOOSE))
    right = right_pages(question)
    if not reply.citations:
        found.append(Fault("citation", "cites no page", fails=False))
    elif right and right.isdisjoint(reply.citations):
        text = f"cites {_named(reply.citations)}, right is {_named(sorted(right))}"
        found.append(Fault("citation", text, fails=False))
    figures = [figure.figure for figure in held(prediction) if figure.standing is Standing.MISSING]
    if figures:
        found.append(Fault("figure", f"not in the cited evidence: {', '.join(figures)}", fails=False))
    if reply.unsupported:
        found.append(Fault("unsupported", f"marked as unsupported: {'; '.join(reply.unsupported)}", fails=False))
    return found


def _named(pages: Sequence[PageOf]) -> str:
    return ", ".join(f"{report} p. {page}" for report, page in pages[:3]) + ("…" if len(pages) > 3 else "")
