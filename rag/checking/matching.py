"""Whether two figures can be one: their value, unit and currency, and what is said against it."""

import re
from decimal import Decimal

from rag.checking.claims import Claim
from rag.checking.wording import Bag

_PERCENT = re.compile(r"[%％]|percent")


def slipped(claim: Claim, other: Claim) -> bool:
    """Whether two figures are written alike but for one digit, or two digits in the other's place."""
    one, two = (re.sub(r"[^\d.]", "", c.figure.text) for c in (claim, other))
    if len(one) != len(two):
        return False
    differ = [i for i in range(len(one)) if one[i] != two[i]]
    return len(differ) == 1 or (len(differ) == 2 and sorted(one) == sorted(two))


def alike(claim: Claim, other: Claim) -> bool:
    """Whether two figures are of one sort, so that one could stand where the other does."""
    one, two = claim.figure.unit, other.figure.unit
    points = {"pp", "bp"}
    if one != two and not (one in points and two in points) and not (not two and other.rate and one == "%"):
        return False
    if claim.currency and claim.figure.scaled and not other.cell and not other.currency and not other.figure.scaled:
        return False
    return same_thing(claim, other)


def same_thing(claim: Claim, other: Claim) -> bool:
    """Whether nothing that two figures count, money or other things, differs."""
    if claim.currency and other.currency:
        return _same_currency(claim, other)
    if claim.noun and other.noun:
        return claim.noun == other.noun
    return not ((claim.noun and other.currency) or (claim.currency and other.noun))


def agrees(claim: Claim, other: Claim) -> bool:
    """Whether an answer's figure is the evidence's: its value, no finer than printed, its unit and its currency."""
    mine, theirs = claim.figure, other.figure
    if not same_thing(claim, other):
        return False
    if mine.unit != theirs.unit:
        if {mine.unit, theirs.unit} == {"%", ""}:
            as_printed = not mine.unit and not _PERCENT.search(theirs.text)
            if not other.cell or not (as_printed or (mine.unit and other.rate)):
                return False
        elif not mine.agrees(theirs):
            return False
        elif "bp" in (mine.unit, theirs.unit):
            return True
    value, step = abs(mine.value), mine.step
    sizes = {other.size or 1}
    if other.cell and not mine.scaled:
        sizes.add(1)
    if any(_close(value, step, abs(theirs.value) * size, theirs.step * size, claim) for size in sizes):
        return True
    if other.cell and not theirs.scaled and not theirs.unit and not other.size and mine.scaled:
        return digits(value) == digits(abs(theirs.value)) and len(digits(value)) > 1
    return False


def _close(value: Decimal, step: Decimal, printed: Decimal, printed_step: Decimal, claim: Claim) -> bool:
    if value == printed:
        return True
    if step < printed_step or step > printed / 5:
        return False
    return abs(value - printed) <= step / 2


def digits(value: Decimal) -> tuple[int, ...]:
    """The digits of a number without the zeros around them."""
    return value.normalize().as_tuple().digits


def same_value(one: Claim, other: Claim) -> bool:
    """Whether two figures of the evidence are one."""
    return abs(one.figure.value) * (one.size or 1) == abs(other.figure.value) * (other.size or 1)


def _same_currency(one: Claim, other: Claim) -> bool:
    return one.currency == other.currency


def same_period(one: Claim, other: Claim) -> bool:
    """Whether two figures are told of one period, as exactly as each other."""
    return any(
        (p.fits(q) and (p.year, p.part) == (q.year, q.part)) or (p.fits(q) and bool(p.year) == bool(q.year))
        for p in one.periods
        for q in other.periods
    )


def against_it(claim: Claim, other: Claim) -> str:
    """What speaks against two figures being one although their values agree: "period", "direction", "kind" or ""."""
    if claim.own_period and other.periods and not any(p.fits(q) for p in claim.periods for q in other.periods):
        return "period"
    if claim.direction and other.direction and claim.direction != other.direction:
        return "direction"
    if (
        claim.kind == "change"
        and not claim.direction
        and other.figure.value < 0
        and not {"@up", "@down"} & set(claim.bag)
    ):
        return "direction"
    if claim.kind and other.kind and claim.kind != other.kind:
        return "kind"
    return "basis" if _basis(claim.bag) and _basis(other.bag) and _basis(claim.bag) != _basis(other.bag) else ""


def _basis(bag: Bag) -> str:
    year, quarter = bag.get("@yoy", 0) >= 1, bag.get("@qoq", 0) >= 1
    return ("year" if year else "quarter") if year != quarter else ""
