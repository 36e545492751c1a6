"""Figures of an answer against those of the evidence: which one is meant, and whether it says the same of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.text import has_cjk
from rag.checking.claims import Claim, of_prose
from rag.checking.clauses import BEFORE, FAR, NEAR
from rag.checking.matching import against_it, agrees, alike, digits, same_period, same_thing, same_value, slipped
from rag.checking.periods import Period, find_periods
from rag.checking.rows import is_row, of_rows
from rag.checking.wording import Bag, tokens
from rag.types import Evidence

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
            score += 0.1 if same_period(claim, other) else 0.0
        return score

    def _prefers(self, claim: Claim, other: Claim, best: Claim, by: float, least: float) -> bool:
        """Whether the clause has more words that only ``other`` has than words that only ``best`` has."""
        total = only_other = only_best = 0.0
        told = sum(weight >= BEFORE and word in self._weights for word, weight in claim.bag.items())
        for word, weight in claim.bag.items():
            value = self._weights.get(word, 0.0) * weight
            total += value
            if other.bag.get(word, 0.0) > FAR >= best.bag.get(word, 0.0):
                only_other += value
            if best.bag.get(word, 0.0) > FAR >= other.bag.get(word, 0.0):
                only_best += value
        return told > 1 and by * total >= least and only_other >= only_best

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
        own = digits(abs(claim.figure.value))
        same = [(s, c) for s, c in fitting if slip and digits(abs(c.figure.value)) == own and len(own) > 1]
        if not same:
            same = [(s, c) for s, c in fitting if alike(claim, c) and (not slip or slipped(claim, c))]
        if not same:
            return None
        top, best = max(same, key=lambda pair: pair[0])
        return best if all(s < top - CLEAR or same_value(best, c) for s, c in same) else None


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
