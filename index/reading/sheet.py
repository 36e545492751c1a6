"""What a reader of pages hands to the layout: printed lines, before it is known what they are."""

from dataclasses import dataclass
from enum import StrEnum

from index.types import Box, Line


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line drawn on a page, or the edge of a filled box (``filled``); ``box`` is thin in one direction."""

    box: Box
    horizontal: bool
    filled: bool = False


class Origin(StrEnum):
    """Where a page's lines come from: its text, OCR of its picture, or why that picture was not read."""

    TEXT = "text"
    OCR = "ocr"
    OFF = "off"
    MISSING = "missing"
    HUGE = "huge"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as printed: number from 1, size in points, lines in the order the file holds them, drawn rules.

    ``slanted`` are lines that run neither along the page nor across it; ``pale`` are the indices of ``lines`` in a
    colour near to white, or see-through. Both may be watermarks.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...] = ()
    slanted: tuple[Line, ...] = ()
    pale: frozenset[int] = frozenset()
    origin: Origin = Origin.TEXT


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """An entry of the file's own table of contents: title, level from 1, 1-based page."""

    title: str
    level: int
    page: int
