"""Sentences and table rows of a report that a question can be asked about, spread over its sections."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from eval.check.texts import units
from eval.numbers import numbers
from index.text import has_cjk
from index.types import BlockKind, Entry, Hit, Sentence

if TYPE_CHECKING:
    from index.library import Library

KINDS = ("number", "table", "fact")
"""What a passage can be asked for: a figure of a sentence, a cell of a table row, something without figures."""
_BACK_MATTER = re.compile(
    r"评级(?:说明|标准|体系|定义)|释义|目录|联系方式|\brating (?:definitions?|system)|\bglossary\b|\bcontents\b",
    re.IGNORECASE,
)
_LENGTHS = {True: (14, 160), False: (45, 420)}  # characters of a sentence, Chinese or not: shorter say too little


class Passage(NamedTuple):
    """One sentence or table row. ``quote`` is how it is printed, ``about`` a table's title and unit."""

    kind: str
    page: int
    section: str
    text: str
    quote: str
    about: str


def passages(library: "Library", entry: Entry, kinds: Sequence[str] = (), seed: int = 0) -> list[Passage]:
    """All passages of a report, in the order in which they are to be tried: kinds and sections in turn.

    Which sentence of a section comes first is drawn by ``seed``, the same on every machine.
    """
    by_kind: dict[str, dict[str, list[Passage]]] = {kind: {} for kind in kinds or KINDS}
    for hit in library.chunks(entry.id):
        for sentence in hit.sentences:
            passage = _passage(hit, sentence)
            if passage and passage.kind in by_kind:
                by_kind[passage.kind].setdefault(hit.section, []).append(passage)

    def lot(text: str) -> str:
        return hashlib.sha256(f"{seed}/{entry.sha256}/{text}".encode()).hexdigest()

    spread = []
    for sections in by_kind.values():
        own = [sorted(sections[name], key=lambda p: lot(p.text)) for name in sorted(sections, key=lot)]
        spread.append(in_turn(own))
    return list(in_turn(spread))


def in_turn(lists: Iterable[Iterable[Passage]]) -> Iterator[Passage]:
    """The first of every list, then the second of every list, and so on."""
    return (passage for passage in chain.from_iterable(zip_longest(*lists)) if passage is not None)


def _passage(hit: Hit, sentence: Sentence) -> Passage | None:
    if _BACK_MATTER.search(hit.section):
        return None
    text, quote = sentence.text.strip(), (sentence.quote or sentence.text).strip()
    figures = [number for number in numbers(text) if number.counted]
    if hit.kind is BlockKind.TABLE:
        if not figures or sum(not unit[0].isdigit() for unit in units(text)) < 2:
            return None
        return Passage("table", hit.page, hit.section, text, quote, hit.after_section or "")
    least, most = _LENGTHS[has_cjk(text)]
    if hit.kind is not BlockKind.PARAGRAPH or not least <= len(text) <= most or quote != text:
        return None
    return Passage("number" if figures else "fact", hit.page, hit.section, text, quote, "")
