"""The points of a report: sentences that say something by themselves, weighed by where they stand and what they hold.

Similarity to a question finds nothing when the question is "summarise this". What a report thinks important shows in
its section tree: what stands on its first page, under which heading, and first under it.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log

from index.text import has_cjk, words
from index.types import BlockKind, Hit, Sentence
from rag.overview.words import (
    ASIDE,
    ASIDE_ITSELF,
    CORE_ROW,
    DISCUSSION,
    EMPTY,
    ENDED,
    FILING,
    LEAD,
    LEANING,
    LISTED,
    MEASURE,
    MINOR,
    NO_POINT,
    QUOTED,
    SAYING,
    STATEMENTS,
    TELLING,
    TELLING_FIGURE,
    WARNING,
)

_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING})
_LEAD_WEIGHT, _TELLING_WEIGHT, _STATEMENTS_WEIGHT = 1.6, 0.5, -1.5
_QUOTED_COST = 3.0  # of words of praise: what management says of itself is no result
_WEIGHED = 90  # points whose words are looked at: the best by place and form
_FIRST_PAGES = {1: 1.2, 2: 0.7, 3: 0.3}
_SAME_SECTION, _SAME_LEAD, _SAME_NAME, _SAME_CHAPTER = (
    0.8,
    0.2,
    0.5,
    0.1,
)  # what a second point of one section, or chapter, costs
_ANOTHER_TABLE = 0.15
_TABLE = 1.5  # of the rows of results: as much as a sentence that says them
_REPEATED = 0.6  # of a sentence's words in another's: they say the same


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence, or a list's opening with its items, in its section. ``order`` counts through the report."""

    hit: Hit
    sentences: tuple[Sentence, ...]
    path: tuple[str, ...]
    order: int
    score: float = 0.0

    @property
    def text(self) -> str:
        """The words as they read."""
        separator = "\n" if self.hit.kind is BlockKind.TABLE else "" if has_cjk(self.sentences[0].text) else " "
        return separator.join(s.text for s in self.sentences)


@lru_cache(maxsize=4096)
def is_aside(path: tuple[str, ...]) -> bool:
    """Whether a section holds what every report has: disclaimers, contacts, exhibits, accounting policies."""
    return any(ASIDE.search(name) for name in path) or (bool(path) and ASIDE_ITSELF.search(path[-1]) is not None)


@lru_cache(maxsize=4096)
def is_lead(path: tuple[str, ...]) -> bool:
    """Whether a section is the report's own summary."""
    return any(LEAD.search(name) for name in path)


def place(point: Point) -> tuple[int, int]:
    """Where a point stands in its report, for sorting: its chunk, and its sentence in that."""
    where = next((i for i, sentence in enumerate(point.hit.sentences) if sentence is point.sentences[0]), 0)
    return point.hit.chunk_id, where


def place_worth(page: int, pages: int) -> float:
    """What standing on one of the first pages is worth."""
    return _FIRST_PAGES.get(page, 0.0) if pages > 3 else 0.3


def points(
    hits: Sequence[Hit], pages: int, keep: Callable[[Hit], bool] | None = None, kinds: frozenset[BlockKind] = _TEXT
) -> list[Point]:
    """The points of a report's chunks (``hits``, in reading order), each with its score, in reading order.

    ``pages`` is how many pages the report has; ``keep`` says which chunks count instead of those of sections that every
    report has, ``kinds`` which kinds of text.
    """
    found: list[Point] = []
    last: tuple[str, int] = ("", 0)
    speaking = False  # inside words of praise that someone is quoted with
    for hit in _body(hits):
        path = tuple(hit.section.split(" › ")) if hit.section else ()
        if not (keep(hit) if keep is not None else not is_aside(path)):
            continue
        if hit.kind is BlockKind.TABLE:
            rows = key_rows(hit)
            if rows:
                found.append(Point(hit, rows, path, len(found), _TABLE + _weight(path, hit.page, pages)))
        if hit.kind not in kinds:
            continue
        speaking = speaking and last[0] == hit.section
        for sentences in _grouped(hit.sentences):
            point = Point(hit, sentences, path, len(found))
            said, speaking = speaking, _still_speaking(point.text, speaking)
            if not _stands_alone(point):
                continue
            nth = last[1] if last[0] == hit.section else 0
            last = (hit.section, nth + 1)
            quoted = said or QUOTED.search(point.text) is not None
            score = _score(point, nth) + _weight(path, hit.page, pages) - _QUOTED_COST * quoted
            found.append(replace(point, score=score))
    return found


def _still_speaking(text: str, speaking: bool) -> bool:
    opened, closed = text.rfind("“"), text.rfind("”")
    return speaking if opened == closed == -1 else opened > closed


def _body(hits: Sequence[Hit]) -> Sequence[Hit]:
    """The chunks without a filing's cover, which is a form that was filled in."""
    start = next((i for i, hit in enumerate(hits) if FILING.search(hit.section)), 0)
    return [
        hit for i, hit in enumerate(hits) if i >= start or (hit.section and is_lead(tuple(hit.section.split(" › "))))
    ]


def best(candidates: Sequence[Point], most: int, said: Sequence[Point] = ()) -> list[Point]:
    """At most ``most`` of the points in reading order: high scores, from many sections, no two the same.

    ``said`` are points that are chosen already.
    """
    weighed = sorted(candidates, key=lambda point: (-point.score, point.order))[:_WEIGHED]
    terms = {id(point): set(words(point.text)) for point in [*weighed, *said]}
    frequency = Counter(word for point in weighed for word in terms[id(point)])
    central = {id(point): _centrality(point, terms[id(point)], frequency) for point in weighed}
    chosen = list(said)
    left = [point for point in weighed if point not in said]
    while left and len(chosen) - len(said) < most:
        told = [point for point in chosen if point.hit.kind is not BlockKind.TABLE]
        sections = Counter(point.path for point in told)
        subjects = Counter(point.path[-1:] for point in told)
        chapters = Counter(point.path[:1] for point in told)
        worth = {
            id(point): point.score
            + central[id(point)]
            - (_SAME_LEAD if is_lead(point.path) else _SAME_SECTION) * sections[point.path]
            - _SAME_NAME * (subjects[point.path[-1:]] > sections[point.path])
            - _ANOTHER_TABLE * (point.hit.kind is BlockKind.TABLE) * (len(chosen) - len(told))
            - _SAME_CHAPTER * chapters[point.path[:1]]
            for point in left
        }
        top = max(left, key=lambda point: worth[id(point)])
        left.remove(top)
        new = _without_told_rows(top, chosen) if top.hit.kind is BlockKind.TABLE else top
        if new is not None and not any(_repeats(top, other, terms) for other in told):
            terms[id(new)] = terms[id(top)]
            chosen.append(new)
    return sorted(chosen[len(said) :], key=lambda point: point.order)


def _centrality(point: Point, terms: set[str], frequency: Counter[str]) -> float:
    """How much of what a point says the others speak of too, and how much of its heading it takes up: 0 to 0.6."""
    most = log(1 + max(frequency.values(), default=1))
    heading = set(words(" ".join(point.path[-1:])))
    shared = len(terms & heading) / max(1, len(heading))
    return 0.2 * shared + 0.4 * sum(log(1 + frequency[term]) for term in terms) / (max(6, len(terms)) * most)


def _without_told_rows(point: Point, chosen: Sequence[Point]) -> Point | None:
    """A table's point without the rows whose labels another table's has; None when no row is left."""
    tables = [other for other in chosen if other.hit.kind is BlockKind.TABLE]
    told = {row.text.split(" | ")[0] for other in tables for row in other.sentences}
    rows = tuple(row for row in point.sentences if row.text.split(" | ")[0] not in told)
    return replace(point, sentences=rows) if rows else None


def _repeats(point: Point, other: Point, terms: dict[int, set[str]]) -> bool:
    """Whether two points say the same: most words, and the figures where both have some."""
    one, two = terms[id(point)], terms[id(other)]
    if len(one & two) < _REPEATED * max(1, min(len(one), len(two))):
        return False
    numbers, others = ({term for term in said if term[0].isdigit()} for said in (one, two))
    return not numbers or not others or 2 * len(numbers & others) >= min(len(numbers), len(others))


def key_rows(hit: Hit) -> tuple[Sentence, ...]:
    """The rows of a table that a summary may quote: a small table of the first page, or what results are judged by."""
    rows = hit.sentences
    if hit.page == 1 and 2 <= len(rows) <= 8 and all(r.text.count("|") == 1 and len(r.text) < 90 for r in rows):
        return tuple(row for row in rows if re.search(r"\d", row.text))
    if not TELLING.search(hit.section):
        return ()
    core = [row for row in rows if CORE_ROW.search(row.text.split(" | ")[0]) and 1 <= row.text.count("|") <= 4]
    return tuple(core[:3])


def _grouped(sentences: Sequence[Sentence]) -> list[tuple[Sentence, ...]]:
    """Sentences one by one; one that ends in a colon with the items after it, a very short one with the next."""
    groups: list[tuple[Sentence, ...]] = []
    for sentence in sentences:
        before = groups[-1] if groups else ()
        listed = LISTED.match(sentence.text) is not None
        size = sum(len(s.text) for s in before)
        chinese = has_cjk(sentence.text)
        opened = bool(before) and before[0].text.rstrip().endswith(("：", ":"))
        short = len(before) == 1 and size < (44 if chinese else 80) and ENDED.search(before[0].text) is not None
        fits = size + len(sentence.text) <= (110 if chinese else 260)
        if before and ((opened and listed and size < 200) or (short and fits and not listed)):
            groups[-1] = (*before, sentence)
        else:
            groups.append((sentence,))
    return groups


def bare(text: str) -> str:
    """A sentence without the bullet or number that it begins with."""
    return LISTED.sub("", text.strip()).strip()


def _stands_alone(point: Point) -> bool:
    """Whether a reader understands the sentence by itself and learns something from it."""
    text = bare(point.text)
    chinese = has_cjk(text)
    if not (10 <= len(text) <= 300 if chinese else 40 <= len(text) <= 560) or NO_POINT.search(text):
        return False
    if ENDED.search(text) or LISTED.match(point.text.strip()):
        return not text.endswith(("：", ":"))
    return point.hit.page == 1 and not chinese and TELLING_FIGURE.search(text) is not None


def _score(point: Point, nth: int) -> float:
    text = bare(point.text)
    chinese = has_cjk(text)
    score = 0.6 if nth == 0 else 0.2 if nth == 1 else 0.0
    telling = sum(1 for _ in TELLING_FIGURE.finditer(text))
    score += 0.15 * min(telling, 2) + 0.3 * bool(SAYING.search(text))
    score += 0.5 * (telling > 0 and MEASURE.search(text) is not None)
    if LISTED.match(point.text.strip()):
        score += 0.4 * is_lead(point.path) + 0.8 * (point.hit.page == 1 and len(point.path) == 1 and not chinese)
    score -= 1.2 * bool(EMPTY.search(text))
    score -= 0.4 * (text.count(",") + text.count(";") > 8)
    score -= 0.7 * bool(LEANING.search(text)) + 0.4 * (not chinese and not re.search(r"\d", text))
    return score - 0.4 * (len(text) > (130 if chinese else 330)) - 0.4 * (len(text) < (18 if chinese else 60))


@lru_cache(maxsize=4096)
def _weight(path: tuple[str, ...], page: int, pages: int) -> float:
    """What the place of a point is worth: its heading and its page."""
    weight = place_worth(page, pages)
    if is_lead(path):
        weight += _LEAD_WEIGHT if page <= max(2, pages // 15) else 0.3
    weight += _TELLING_WEIGHT * bool(path and TELLING.search(path[-1]))
    weight += 0.5 * any(DISCUSSION.search(name) for name in path)
    weight -= 1.5 * any(WARNING.search(name) for name in path)
    weight -= 0.6 * any(MINOR.search(name) for name in path)
    weight += _STATEMENTS_WEIGHT * any(STATEMENTS.search(name) for name in (*path[:2], *path[-1:]))
    return weight - 0.15 * max(0, len(path) - 2) - 0.3 * (not path)
