"""The automatic verdict on an answer: required facts, figures and points put together."""

from collections.abc import Iterable, Sequence

from eval.grounded import Held, Standing
from eval.measures.conflicts import is_conflict, said
from eval.measures.content import content, points_made
from eval.measures.directions import Stated
from eval.measures.figures import Match, asked_figures, best, fact_figures, gold_figures, same, told
from eval.measures.judgement import Grade, Reason
from eval.measures.lists import is_list, items_given
from eval.measures.periods import other_date, other_period, parts
from eval.measures.qualifiers import left_out
from eval.measures.refusals import refuses
from eval.measures.required import holds
from eval.measures.roles import contradicts, swapped, turned
from eval.numbers import numbers
from eval.predictions import Prediction, Reply
from eval.questions import Question

_WRONG = frozenset(
    {
        Reason.WRONG_FIGURE,
        Reason.WRONG_UNIT,
        Reason.WRONG_SIGN,
        Reason.WRONG_PERIOD,
        Reason.SWAPPED,
        Reason.EXTRA_ITEM,
        Reason.CONTRADICTS,
        Reason.UNSUPPORTED,
    }
)
"""Reasons for which an answer says what the page does not."""

_MONEY = frozenset({"rmb", "usd", "eur", "元", "美元", "亿元", "万元"})
_HINT = 0.1
"""Share for what of the gold answer was not asked for, and short of all where its condition or period is left out."""


def verdict(prediction: Prediction, figures: Sequence[Held]) -> tuple[Grade | None, tuple[Reason, ...]]:
    """Give the verdict on an answer and the reasons for it; None where only retrieval ran.

    ``figures`` are those of the answer as they stand in its evidence (:func:`eval.grounded.held`).

    Of a question that is not answerable a refusal is RIGHT, all else WRONG. Else a refusal is REFUSED, and an answer
    WRONG if anything in it is (a reason up to UNSUPPORTED other than what is missing) or none of what was asked is in
    it; RIGHT if all is there, PARTLY if some is.
    """
    question, reply = prediction.question, prediction.reply
    if prediction.error:
        return Grade.WRONG, (Reason.ERROR,)
    if reply is None:
        return None, ()
    if not question.answerable:
        return (Grade.RIGHT, ()) if refuses(reply) else (Grade.WRONG, (Reason.NOT_REFUSED,))
    if not reply.found:
        return Grade.REFUSED, (Reason.REFUSED_WRONGLY,)
    given, reasons = _compared(question, said(reply))
    if not given and refuses(reply):
        return Grade.REFUSED, (Reason.REFUSED_WRONGLY,)
    reasons += _invented(question, reply, figures)
    if _WRONG.intersection(reasons) or not given:
        return Grade.WRONG, _once(reasons)
    return (Grade.RIGHT if given == 1 else Grade.PARTLY), _once(reasons)


def _compared(question: Question, text: str) -> tuple[float, list[Reason]]:
    """The share of what was asked that an answer gives, and what is wrong with it."""
    gold, ours = gold_figures(question), told(text, years=True)
    required = fact_figures(question, gold) if question.must_include else asked_figures(question, gold)
    found = [best(figure, ours, question, text) for figure in required]
    pairs = [
        (figure, other)
        for figure, (match, other) in zip(required, found, strict=True)
        if other and match is Match.AGREES
    ]
    reasons = _faults([match for match, _ in found])
    signs = [best(figure, ours, question, text)[0] for figure in gold if figure.number.kind]
    reasons += _faults(match for match in signs if match is Match.SIGN)
    lacking = [figure for figure, (match, _) in zip(required, found, strict=True) if match is Match.MISSING]
    if question.must_include:
        groups = [(group, _fact(group, text, ours, required, pairs)) for group in question.must_include]
        given = sum(there for _, there in groups) / len(groups)
        missing = [group for group, there in groups if not there]
        if missing and other_date(missing, text, question):
            reasons.append(Reason.WRONG_PERIOD)
    elif gold:
        given = len(pairs) / len(required)
    else:
        given = points_made(question, text)
        if turned(question.answer, text):
            reasons.append(Reason.CONTRADICTS)
    given = _weighed(given, question, gold, ours, text)
    if given < 1:
        reasons.append(Reason.MISSING_FACT if gold or question.must_include else Reason.LITTLE_OVERLAP)
        reasons += [Reason.ONE_SIDE] if is_conflict(question) and given else []
    paired = [other for _, other in pairs]
    others = [figure for figure in ours if not any(figure is other for other in paired)]
    if not is_conflict(question) and any(_rival(figure, others, question, gold) for figure in lacking):
        reasons.append(Reason.WRONG_FIGURE)
    if any(other_period(figure, other, question) for figure, other in pairs):
        reasons.append(Reason.WRONG_PERIOD)
    if swapped(pairs):
        reasons.append(Reason.SWAPPED)
    if contradicts(question, text):
        reasons.append(Reason.CONTRADICTS)
    if is_list(question) and items_given(question, text)[2]:
        reasons.append(Reason.EXTRA_ITEM)
    return given, reasons


def _weighed(given: float, question: Question, gold: Sequence[Stated], ours: Sequence[Stated], text: str) -> float:
    """The share given, with regard to what was not asked for and to what the gold answer holds on."""
    if not given:
        return _HINT * _beside(question, gold, ours, text)
    return 1 - _HINT if given == 1 and left_out(question, text) else given


def _faults(matches: Iterable[Match]) -> list[Reason]:
    faults = {Match.SIGN: Reason.WRONG_SIGN, Match.UNIT: Reason.WRONG_UNIT}
    return [faults[match] for match in matches if match in faults]


def _fact(
    group: Sequence[str],
    text: str,
    ours: Sequence[Stated],
    required: Sequence[Stated],
    pairs: Sequence[tuple[Stated, Stated]],
) -> bool:
    """Whether a required fact stands in an answer: one of its texts, or its figure written otherwise."""
    figures = [number for alternative in group for number in numbers(alternative) if number.counted]
    gold = [f for f in required if any(f.number.digits == n.digits or same(f.number, n) for n in figures)]
    if gold:
        return any(figure is paired for figure in gold for paired, _ in pairs)
    if holds(text, group) or any(same(figure.number, number) for figure in ours for number in figures):
        return True
    period = parts(" ".join(group))
    return bool(period) and len(period) == 1 and period <= parts(text)


def _rival(gold: Stated, ours: Sequence[Stated], question: Question, known: Sequence[Stated]) -> bool:
    """Whether another figure stands where a figure of the gold answer should: of its sort, among the same words."""
    given = [*numbers(question.question), *(figure.number for figure in known)]
    words = _led_by(gold, known)
    for figure in ours:
        number = figure.number
        if (any(same(number, other) for other in given) or number.year) and not _moved(figure, gold, known):
            continue
        alike = number.kind == gold.number.kind and (number.measure == gold.number.measure or not number.measure)
        if not alike or bool(figure.direction) != bool(gold.direction):
            continue
        theirs = set(content(figure.clause))
        if sum(word in theirs or (len(word) == 1 and word in figure.clause) for word in words) >= len(words) / 2:
            return True
    return False


def _led_by(gold: Stated, known: Sequence[Stated]) -> set[str]:
    """The words of a gold figure's clause, but for those that lead to a figure before it."""
    before = [f.number.end for f in known if f.number.end <= gold.number.start and f.clause == gold.clause]
    if before and (lead := set(content(gold.text[max(before) : gold.number.start])) - _MONEY):
        return lead
    return set(content(gold.clause))


def _moved(figure: Stated, gold: Stated, known: Sequence[Stated]) -> bool:
    """Whether a figure of the gold answer is said of what the gold answer says another of."""
    own = next((other for other in known if same(figure.number, other.number)), None)
    if own is None or own is gold:
        return False
    theirs, words = set(content(own.clause)), set(content(figure.clause))
    rightful = len(theirs & words) < len(theirs) / 2
    wanted = set(content(gold.clause)) - theirs
    return rightful and (not wanted or bool(words & wanted))


def _beside(question: Question, gold: Sequence[Stated], ours: Sequence[Stated], text: str) -> bool:
    """Whether an answer without anything asked for has something else of the gold answer."""
    if any(best(figure, ours, question, text)[0] is Match.AGREES for figure in gold):
        return True
    return bool(gold) and not question.must_include and points_made(question, text, figures=False) > 0


def _invented(question: Question, reply: Reply, figures: Sequence[Held]) -> list[Reason]:
    """Whether a figure stands neither in the evidence, nor in the gold answer or its quotes."""
    if not reply.citations_full:
        return []
    known = numbers(" ".join((question.answer, *question.evidence)))
    for figure in figures:
        if figure.standing is Standing.MISSING and not any(
            same(number, other) for number in numbers(figure.figure) for other in known
        ):
            return [Reason.UNSUPPORTED]
    return []


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))
