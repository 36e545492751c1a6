"""Members of an enumeration that an answer leaves out: "A、B、C和D", "A, B, C and D"."""

import re

from index.text import fold
from rag.asking.facets import Kind, facets

_NAMERS = frozenset({Kind.PERSON, Kind.COMPANY, Kind.LIST})
_ONE_WANTED = re.compile(
    r"最|首[个家次]|第[一二三\d]|哪一[家个]|\b(?:most|least|largest|smallest|highest|lowest|biggest|first|best|worst|\w+est)\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[^、，,。；;：:（）()“”\s]{2,30}(?:、[^、，,。；;：:（）()“”\s]{2,30}){2,}")
_LAST_TWO = re.compile(r"和|与|及|以及|等")
_ENGLISH = re.compile(
    r"[\w&.’'-]+(?: [\w&.’'-]+){0,4}(?:, (?!and |or )[\w&.’'-]+(?: [\w&.’'-]+){0,4})+,? (?:and|or) [\w&.’'-]+"
)


def asks_for_all(question: str) -> bool:
    """Whether a question asks who or which, and not for one of them only."""
    return not _ONE_WANTED.search(question) and any(facet.kind in _NAMERS for facet in facets(question))


def left_out(answer: str, sentence: str) -> list[str]:
    """The members of an enumeration in ``sentence`` that ``answer`` lacks although it has another of them.

    Of the first member nobody can tell where it begins, of the last where it ends; they tell that one is named, and are
    never said to be missing. So an enumeration has three members or more.
    """
    said = fold(answer)
    missing: list[str] = []
    for first, *between, last in _enumerations(sentence):
        there = [member for member in between if fold(member) in said]
        named = bool(there) or fold(first[-4:]) in said or fold(last[:4]) in said
        if named and len(there) < len(between):
            missing += [member for member in between if member not in there]
    return missing


def _enumerations(sentence: str) -> list[list[str]]:
    found = []
    for run in _CHINESE.findall(sentence):
        *members, end = run.split("、")
        found.append([*members, *(part for part in _LAST_TWO.split(end, maxsplit=1) if part)])
    for run in _ENGLISH.findall(sentence):
        *members, end = run.split(", ")
        found.append([*members, *re.split(r" ?\b(?:and|or) ", end)])
    return [[member.strip() for member in members if member.strip()] for members in found if len(members) > 2]
