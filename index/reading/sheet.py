"""What a reader of pages hands to the layout: printed lines, before it is known what they are."""

from dataclasses import dataclass

from index.types import Line


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as printed: number from 1, size in points, lines in the order the file holds them."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """An entry of the file's own table of contents: title, level from 1, 1-based page."""

    title: str
    level: int
    page: int
