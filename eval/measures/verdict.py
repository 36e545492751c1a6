"""The automatic verdict on an answer: required facts, figures and overlap put together."""

from collections.abc import Iterable

from eval.grounded import Standing, held
from eval.measures.conflicts import is_conflict, said
from eval.measures.figures import Match, gold_figures, match, told
from eval.measures.judgement import Grade, Reason
from eval.measures.lists import is_list, items_given
from eval.measures.overlap import token_f1
from eval.measures.refusals import refuses
from eval.measures.required import holds
from eval.predictions import Prediction, Reply
from eval.questions import Question

_WRONG = frozenset(
    (Reason.WRONG_FIGURE, Reason.WRONG_UNIT, Reason.WRONG_SIGN, Reason.WRONG_PERIOD, Reason.SWAPPED, Reason.EXTRA_ITEM)
    + (Reason.CONTRADICTS, Reason.UNSUPPORTED)
)


def verdict(prediction: Prediction) -> tuple[Grade | None, tuple[Reason, ...]]:
    """Give the verdict on an answer and the reasons for it; None where only retrieval ran."""
    question, reply = prediction.question, prediction.reply
    if prediction.error:
        return Grade.WRONG, (Reason.ERROR,)
    if reply is None:
        return None, ()
    if not question.answerable:
        return (Grade.RIGHT, ()) if refuses(reply) else (Grade.WRONG, (Reason.NOT_REFUSED,))
    if not reply.found:
        return Grade.REFUSED, (Reason.REFUSED_WRONGLY,)
    return _answered(prediction, question, reply)


def _answered(prediction: Prediction, question: Question, reply: Reply) -> tuple[Grade, tuple[Reason, ...]]:
    text = said(reply)
    facts, reasons = _facts(question, text)
    given = sum(facts) / len(facts) if facts else float(token_f1(text, question.answer) >= 0.3)
    if not given and refuses(reply):
        return Grade.REFUSED, (Reason.REFUSED_WRONGLY,)
    if given < 1:
        reasons.append(Reason.MISSING_FACT if facts else Reason.LITTLE_OVERLAP)
        if is_conflict(question) and given:
            reasons.append(Reason.ONE_SIDE)
    if is_list(question) and items_given(question, text)[2]:
        reasons.append(Reason.EXTRA_ITEM)
    if reply.citations_full and any(figure.standing is Standing.MISSING for figure in held(prediction)):
        reasons.append(Reason.UNSUPPORTED)
    return _grade(given, reasons), _once(reasons)


def _grade(given: float, reasons: Iterable[Reason]) -> Grade:
    if _WRONG.intersection(reasons) or not given:
        return Grade.WRONG
    return Grade.RIGHT if given == 1 else Grade.PARTLY


def _facts(question: Question, text: str) -> tuple[list[bool], list[Reason]]:
    """Which required facts, or without these which gold figures, stand in the answer; and what is wrong with figures."""
    gold, ours = gold_figures(question), told(text, years=True)
    reasons: list[Reason] = []
    matches = [match(figure, ours, question, text) for figure in gold]
    for found in matches:
        if found is Match.SIGN:
            reasons.append(Reason.WRONG_SIGN)
        elif found is Match.UNIT:
            reasons.append(Reason.WRONG_UNIT)
    if question.must_include:
        return [holds(text, group) for group in question.must_include], reasons
    return [found is Match.AGREES for found in matches], reasons


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))
