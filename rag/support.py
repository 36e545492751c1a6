"""Figures of an answer against those of the evidence: which one is meant, and whether it says the same of it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.text import has_cjk
from rag.claims import Claim, of_prose
from rag.clauses import FAR, NEAR
from rag.periods import Period, find_periods
from rag.rows import is_row, of_rows
from rag.types import Evidence
from rag.wording import Bag, tokens

# By how much another figure must fit a clause better to be the one meant: the less, the better it fits.
SURE, ELSEWHERE, SLACK = 0.05, 0.15, 0.4
MARGIN = 0.2
FEWEST = 20  # figures of evidence that words are weighed against at least
LEAST = 1.2  # what its words must weigh at least by which another figure fits better
_MOVES = frozenset({"@up", "@down"})
SAME = 0.1  # two that differ by less fit a clause alike
CITED = 0.1  # what an item gains by being cited
CLEAR = 0.12  # by how much the figure that repairs must fit better than the next
GOOD = 0.6  # the least share of a clause's words that the figure that repairs must have
_PERCENT = re.compile(r"[%％]|percent")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one claim: the evidence claim that supports it, or what stands against it.

    ``repair`` is the claim that is unmistakably meant when ``found`` is None; ``places`` are the items that support it.
    ``why`` is "" (supported), "value", "period", "direction", "kind", "basis" or "neighbour". ``score`` says how well
    the words fit.
    """

    claim: Claim
    found: Claim | None
    why: str = ""
    repair: Claim | None = None
    places: frozenset[int] = frozenset()
    score: float = 0.0


class Support:
    """The claims of all evidence, read once for an answer."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self.claims = [claim for item in evidence for claim in claims_of(item)]
        self._foreign: frozenset[int] = frozenset()
        self._scripts = {item.n: has_cjk(item.text) for item in evidence}
        self.periods = {item.n: periods_of(item) for item in evidence}
        counts: dict[str, int] = {}
        for claim in self.claims:
            for word, weight in claim.bag.items():
                if weight >= 0.5:
                    counts[word] = counts.get(word, 0) + 1
        total = max(len(self.claims), FEWEST) + 1
        self._weights = {word: math.log(1 + total / count) for word, count in counts.items()}

    def judge(self, claim: Claim, cited: Sequence[int], beside: Sequence[Claim] = ()) -> Verdict:
        """Whether the evidence says what ``claim`` says.

        ``cited`` are the numbers of the items it cites, ``beside`` the other claims of its sentence: their figures do
        not repair it.
        """
        agreeing = [c for c in self.claims if agrees(claim, c)]
        scored = [(self.score(claim, c), c) for c in self.claims]
        if not agreeing:
            return Verdict(claim, None, "value", self._repair(claim, scored, beside, slip=True))
        against = [(against_it(claim, c), c) for c in agreeing]
        good = [(self.score(claim, c), c) for why, c in against if not why]
        if not good:
            return Verdict(claim, None, min(against, key=lambda pair: -self.score(claim, pair[1]))[0])
        mine, best = max(good, key=lambda pair: pair[0] + (CITED if pair[1].place in cited else 0.0))
        if not claim.name and self.reads(best.place):
            for theirs, other in scored:
                if self._is_meant(claim, other, theirs, best, mine, beside):
                    return Verdict(claim, None, "neighbour", self._repair(claim, scored, beside))
        return Verdict(claim, best, score=mine, places=frozenset(c.place for s, c in good if s >= mine - MARGIN))

    def reads(self, place: int) -> bool:
        """Whether an item is in the language of the sentence that is judged, so that words can be compared."""
        return place not in self._foreign

    def _is_meant(
        self, claim: Claim, other: Claim, theirs: float, best: Claim, mine: float, beside: Sequence[Claim]
    ) -> bool:
        """Whether the clause speaks of ``other`` rather than of ``best``, whose figure it has."""
        if theirs <= mine - SAME or not alike(claim, other) or agrees(claim, other):
            return False
        against = against_it(claim, other)
        if against == "direction":  # it may be the very direction that belongs to another figure
            theirs, mine = self.score(claim, other, _MOVES), self.score(claim, best, _MOVES)
        margin = (SURE if other.place == best.place else ELSEWHERE) + SLACK * max(0.0, 1.0 - theirs)
        if against not in {"", "direction"} or theirs <= mine + margin:
            return False
        if any(agrees(b, other) and self.score(b, other) >= theirs for b in beside):
            return False  # it is said where it belongs
        return self._prefers(claim, other, best, theirs - mine, 0.3 if theirs > 0.9 else LEAST)

    def judge_all(self, claims: Sequence[Claim], cited: Sequence[int], chinese: bool) -> list[Verdict]:
        """Judge the claims of one sentence, which is ``chinese`` or English.

        Two that rest on one figure of the evidence cannot both be right where another one stands there that fits as
        well and that none of them says.
        """
        self._foreign = frozenset(n for n, script in self._scripts.items() if script != chinese)
        verdicts = [self.judge(claim, cited, [c for c in claims if c is not claim]) for claim in claims]
        same: dict[tuple[int, bool | str], list[int]] = {}
        for index, claim in enumerate(claims):
            found = verdicts[index].found
            if found is not None and not claim.name and self.reads(found.place):
                form = (id(found), claim.figure.text[-1:].isdigit() or claim.figure.text[-1:])
                same.setdefault(form, []).append(index)
        for group in same.values():
            wrong = max((self._unsaid(claims, verdicts[i], i) for i in group), default=None, key=lambda pair: pair[0])
            if len(group) > 1 and wrong is not None and wrong[2] is not None:
                verdicts[wrong[1]] = Verdict(claims[wrong[1]], None, "neighbour", wrong[2])
        return verdicts

    def _unsaid(self, claims: Sequence[Claim], verdict: Verdict, index: int) -> tuple[float, int, Claim | None]:
        """A figure beside the one found that fits about as well and that no claim says: by how much, and which."""
        place = verdict.found.place if verdict.found is not None else 0
        best: tuple[float, int, Claim | None] = (-SAME, index, None)
        for other in self.claims:
            if other.place != place or not alike(verdict.claim, other) or against_it(verdict.claim, other):
                continue
            by = self.score(verdict.claim, other) - verdict.score
            if by > best[0] and not any(agrees(claim, other) for claim in claims):
                best = (by, index, other)
        return best

    def score(self, claim: Claim, other: Claim, without: frozenset[str] = frozenset()) -> float:
        """How well the words around two figures fit, from about -0.3 to 1.2."""
        total = shared = 0.0
        for word, weight in claim.bag.items():
            value = self._weights.get(word)
            if value is None or word in without:
                continue
            total += value * weight
            shared += value * min(weight, other.bag.get(word, 0.0))
        extra = whole = 0.0
        for word, weight in other.bag.items():
            if weight >= NEAR and word not in without:
                value = self._weights.get(word, 1.0) * weight
                whole += value
                if word not in claim.bag:
                    extra += value
        score = (shared / total if total else 0.0) - 0.25 * (extra / whole if whole else 0.0)
        if claim.own_period and other.periods:
            score += 0.1 if _same_period(claim, other) else 0.0
        return score

    def _prefers(self, claim: Claim, other: Claim, best: Claim, by: float, least: float) -> bool:
        """Whether the clause has more words that only ``other`` has than words that only ``best`` has."""
        total = only_other = only_best = 0.0
        for word, weight in claim.bag.items():
            value = self._weights.get(word, 0.0) * weight
            total += value
            if other.bag.get(word, 0.0) > FAR >= best.bag.get(word, 0.0):
                only_other += value
            if best.bag.get(word, 0.0) > FAR >= other.bag.get(word, 0.0):
                only_best += value
        return by * total >= least and only_other >= only_best

    def _repair(
        self, claim: Claim, scored: Sequence[tuple[float, Claim]], beside: Sequence[Claim], slip: bool = False
    ) -> Claim | None:
        """The one figure that the clause can only mean; None where two could be meant.

        With ``slip`` only a slip of the pen is put right: a unit, or one digit. A figure that stands nowhere may also
        have been worked out, and must not be taken for another that stands there.
        """
        fitting = [
            (s, c) for s, c in scored if s >= GOOD and not against_it(claim, c) and same_thing(claim, c)
            and not claim.name and not any(agrees(b, c) for b in beside) and self.reads(c.place)
        ]  # fmt: skip
        digits = _digits(abs(claim.figure.value))
        same = [(s, c) for s, c in fitting if slip and _digits(abs(c.figure.value)) == digits and len(digits) > 1]
        if not same:
            same = [(s, c) for s, c in fitting if alike(claim, c) and (not slip or _slipped(claim, c))]
        if not same:
            return None
        top, best = max(same, key=lambda pair: pair[0])
        return best if all(s < top - CLEAR or same_value(best, c) for s, c in same) else None


def _slipped(claim: Claim, other: Claim) -> bool:
    """Whether two figures are written alike but for one digit, or two digits in the other's place."""
    one, two = (re.sub(r"[^\d.]", "", c.figure.text) for c in (claim, other))
    if len(one) != len(two):
        return False
    differ = [i for i in range(len(one)) if one[i] != two[i]]
    return len(differ) == 1 or (len(differ) == 2 and sorted(one) == sorted(two))


def claims_of(item: Evidence) -> list[Claim]:
    """The claims of one evidence item."""
    last = item.section.split(" › ")[-1]
    inherited: Bag = dict.fromkeys(tokens(f"{item.section} {item.about}"), 0.4)
    inherited.update(dict.fromkeys(tokens(last), 0.6))
    inherited.update({w: 0.4 for w in tokens(f"{item.title} {item.report.replace('_', ' ')}") if w not in inherited})
    around = tuple(find_periods(item.about) or find_periods(last) or find_periods(item.title))
    lines = [line for line in item.text.split("\n") if line.strip()]
    if any(map(is_row, lines)) or (len(lines) > 1 and not has_sentences(lines)):
        return of_rows(lines, f"{item.about}", inherited, around, item.n)
    return of_prose(item.text, inherited, around, item.n)


def has_sentences(lines: Sequence[str]) -> bool:
    """Whether some line reads as a sentence, so that the lines are no rows of a table."""
    return any(line.rstrip().endswith(("。", ".", "；", ";")) or "，" in line for line in lines)


def periods_of(item: Evidence) -> list[Period]:
    """Every period that an item names: in its text, and in what says where it stands."""
    return find_periods(" \n ".join((item.text, item.section, item.about, item.title, item.report.replace("_", " "))))


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
        return _digits(value) == _digits(abs(theirs.value)) and len(_digits(value)) > 1
    return False


def _close(value: Decimal, step: Decimal, printed: Decimal, printed_step: Decimal, claim: Claim) -> bool:
    if value == printed:
        return True
    if step < printed_step or step > printed / 5:
        return False
    return abs(value - printed) <= step / 2


def _digits(value: Decimal) -> tuple[int, ...]:
    return value.normalize().as_tuple().digits


def same_value(one: Claim, other: Claim) -> bool:
    """Whether two figures of the evidence are one."""
    return abs(one.figure.value) * (one.size or 1) == abs(other.figure.value) * (other.size or 1)


def _same_currency(one: Claim, other: Claim) -> bool:
    return one.currency == other.currency


def _same_period(one: Claim, other: Claim) -> bool:
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
