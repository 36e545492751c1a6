"""Which claims speak of one thing, and which of those cannot all be right."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations

from index.text import fold, has_cjk
from rag.checking.figures import Figure
from rag.conflicts import periods
from rag.conflicts.claims import Claim, tail
from rag.conflicts.measured import MONEY
from rag.conflicts.terms import names, weight

NEARLY = Decimal("0.005")
RICH = 4.0  # weight of shared words with which two clauses need no heading to be of one thing
ENOUGH = 3.0  # weight of what two claims must share
FARTHEST = 2.0  # times the smaller: figures farther apart are of two things, unless one's digits are the other's
ABOUT = Decimal("0.02")  # relative error that "about" leaves
_GENERAL = re.compile(
    r"要点|摘要|概览|概述|观点|总结|小结|展望|回顾|建议|风险|提示|结论|引言|前言|亮点|综述|highlight|summary"
    r"|overview|outlook"
    r"|conclusion|introduction|letter|risk|key (?:points|takeaways)|at a glance",
    re.IGNORECASE,
)
_CODE = re.compile(r"[（(]\s*(?:\d{4,6}|[A-Z]{1,5})(?:\.[A-Z]{1,3})?\s*[）)]")
_OF_COMPANIES = re.compile(r"公司|个股|企业|大厂|公告|厂商|龙头")
_PART = re.compile(
    r"母公司|子公司|分部|联营|合营|\b(?:segment|division|subsidiary|parent|joint venture)s?\b", re.IGNORECASE
)
ALIKE = 0.5  # of all words of both that both must have
_COMMON = MONEY | {"", "%", "pp"}  # nouns that any two figures may share
FEWEST = 2  # words in common
MOST_VALUES = 2  # one thing with more values than this is told in several scopes that nothing here can tell apart


def same_thing(a: Claim, b: Claim, enough: float = ENOUGH) -> bool:
    """Whether two claims are of the same subject, measure, kind, unit and time, as far as their words tell."""
    if a.noun != b.noun or not a.kind.is_like(b.kind) or periods.differ(a.period, b.period):
        return False
    if not _same_subject(a, b):
        return False
    both = a.core & b.core
    if not both:
        return False
    strange = [w for w in a.core - b.core if not b.explains(w)] + [w for w in b.core - a.core if not a.explains(w)]
    if strange or len(both) < ALIKE * len(a.core | b.core) or not _is_dated(a, b):
        return False
    if any(scope not in b.around for scope in _parts(a)) or any(scope not in a.around for scope in _parts(b)):
        return False
    return strength(a, b) >= enough


def _is_dated(a: Claim, b: Claim) -> bool:
    """Whether two claims are known to be of one time, or so clear of subject or measure that they need not say it.

    A filing says of many parts and years that something rose, in the same words.
    """
    if periods.same(a.period, b.period) or a.own & b.own or _names_other(a, b) or _names_other(b, a):
        return True
    both = a.core & b.core
    if a.kind.role == "amount" or len(both) < FEWEST:
        return False
    return any(word.startswith("x") and word.isascii() for word in both) or has_cjk(a.sentence)


def _parts(claim: Claim) -> set[str]:
    """The words with which a sentence or its heading says that it is of a part of the whole."""
    return {fold(match[0]) for match in _PART.finditer(f"{claim.heading} {claim.sentence}")}


def strength(a: Claim, b: Claim) -> float:
    """How much two claims share: words, names, time and noun."""
    shared = sum(weight(word) for word in a.core & b.core) + 1.0 * len(a.subjects & b.subjects)
    for one, other in ((a, b), (b, a)):
        shared += 1.5 * _names_other(one, other)
    shared += 1.0 * periods.same(a.period, b.period)
    shared += 1.0 * (a.core == b.core)
    return shared + 1.0 * (a.noun not in _COMMON)


def _names_other(one: Claim, other: Claim) -> bool:
    """Whether the heading over ``one`` is a company that ``other`` names in its sentence."""
    return _is_company(one) and one.heading in other.sentence and one.heading not in one.sentence


def _same_subject(a: Claim, b: Claim) -> bool:
    """Whether the names of each are told of the other too, and neither stands under another's heading."""
    if not _explained(a.subjects - b.subjects, b) or not _explained(b.subjects - a.subjects, a):
        return False
    rich = sum(weight(word) for word in a.core & b.core) >= RICH
    if not all(_is_under(one, other, rich) for one, other in ((a, b), (b, a))):
        return False
    if _parallel(a.source.section.split(" › "), b.source.section.split(" › ")):
        return False
    return bool(a.own & b.own) or (rich and has_cjk(a.sentence)) or not _siblings(a, b)


def _is_under(one: Claim, other: Claim, rich: bool) -> bool:
    """Whether the heading of ``one`` fits ``other``.

    A company's must be named there, a topic's need not where the clauses are ``rich`` in words of their own.
    """
    if _is_company(one):
        return fold(one.heading) in other.around
    if not has_cjk(one.heading) or rich:
        return True
    return all(name in other.around for name in names(one.heading))


def _is_company(claim: Claim) -> bool:
    """Whether a claim stands in a paragraph on one company, whose name is its heading."""
    section, heading = claim.source.section, claim.heading
    if not heading or not has_cjk(section) or len(heading) > 16 or _GENERAL.search(heading):
        return False
    return bool(_CODE.search(section) or _OF_COMPANIES.search(section.rpartition(" › ")[0]))


def _explained(strangers: Iterable[str], claim: Claim) -> bool:
    place = fold(claim.source.section + claim.source.title)
    return all(name in place or name in claim.core for name in strangers)


def _siblings(a: Claim, b: Claim) -> bool:
    """Whether the claims stand under two headings side by side that may be two parts of one whole."""
    if a.source.report_id != b.source.report_id or a.source.section == b.source.section:
        return False
    if a.source.section.rpartition(" › ")[0] != b.source.section.rpartition(" › ")[0]:
        return False
    ends = tail(a.source.section), tail(b.source.section)
    return not any(_GENERAL.search(end) for end in ends)


def has_general(heading: str) -> bool:
    """Whether a heading says where in a report one is rather than what is spoken of."""
    return _GENERAL.search(heading) is not None


def _parallel(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two paths end in the same heading under different ones, as the parts of a report on two businesses do."""
    if not len(one) == len(other) > 1 or one[-1] != other[-1]:
        return False
    parts = [tail(part) for pair in zip(one, other, strict=True) for part in pair if pair[0] != pair[1]]
    return any(names(part) if has_cjk(part) else not _GENERAL.search(part) for part in parts)


def differ(a: Claim, b: Claim) -> bool:
    """Whether the figures cannot both be right: no rounding of one another, no bound that holds."""
    one, other = abs(a.figure.value), abs(b.figure.value)
    if a.figure.agrees(b.figure):
        return a.value * b.value < 0 and a.kind.sign * b.kind.sign < 0
    low, high = sorted((one, other))
    if low == 0 or (high / low > FARTHEST and sorted(a.figure.text) != sorted(b.figure.text)):
        return False
    if (a.kind.about or b.kind.about) and high - low <= high * ABOUT:
        return False
    if a.kind.bound or b.kind.bound:
        return False
    gap = high - low
    if not a.figure.unit and any(abs(abs(f.value) - gap) <= f.step / 2 for f in (*a.others, *b.others)):
        return False  # one is the other and something more
    return not any(_equal(a.figure, f) for f in b.others) and not any(_equal(b.figure, f) for f in a.others)


def _equal(one: Figure, other: Figure) -> bool:
    """Whether two figures are the same but for the last digit."""
    if one.unit != other.unit:
        return False
    return abs(abs(one.value) - abs(other.value)) <= NEARLY * max(abs(one.value), abs(other.value))


def apart(a: Claim, b: Claim) -> bool:
    """Whether two claims stand in different places, for one paragraph does not contradict itself."""
    return (a.source.report_id, a.source.page, a.source.section) != (
        b.source.report_id,
        b.source.page,
        b.source.section,
    )


def pairs(claims: Sequence[Claim]) -> Iterable[tuple[int, int]]:
    """The claims that are worth comparing: same unit and role, and a word in common."""
    blocks: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, claim in enumerate(claims):
        for word in claim.core:
            blocks[claim.noun, claim.kind.role, word].append(index)
    seen: set[tuple[int, int]] = set()
    for members in blocks.values():
        seen.update(combinations(members, 2))
    return sorted(seen)
