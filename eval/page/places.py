"""The pages that a run's questions point to: pictures, each once and within a budget, and where quotes stand."""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from eval.measures import right_pages
from eval.predictions import PageOf, Prediction
from index.errors import ReportQAError
from index.types import Box, Entry

if TYPE_CHECKING:
    from index.library import Library

PICTURE_BYTES = 15_000_000
"""Bytes of all pictures; base64 makes a third more of them."""
LEAST_BYTES = 24_000
"""What a page must be allowed for its print to be read: beyond this many the pages of later questions go without."""
_SCALE = 1.5  # pixels a point: an A4 page becomes 893 x 1263
_LONGEST_TEXT = 6000  # characters of a page that has no picture


@dataclass
class Place:
    """One page of a report: its size in points where it has a picture, else its text."""

    report: str
    page: int
    width: float = 0.0
    height: float = 0.0
    text: str = ""


@dataclass
class Places:
    """The pages in the order in which questions first name them; ``pictures`` are base64 WebP by the page's number."""

    library: "Library | None" = None
    entries: dict[str, Entry] = field(default_factory=dict)
    numbers: dict[PageOf, int] = field(default_factory=dict)
    found: list[Place] = field(default_factory=list)
    pictures: dict[int, str] = field(default_factory=dict)
    _boxes: dict[tuple[str, int, str], tuple[Box, ...]] = field(default_factory=dict)

    def boxes(self, report: str, page: int, quote: str) -> list[list[float]]:
        """Where a quote stands on a page that has a picture, in points."""
        number = self.numbers.get((report, page))
        if self.library is None or number not in self.pictures or not quote.strip():
            return []
        key = report, page, quote
        if key not in self._boxes:
            self._boxes[key] = self.library.boxes(self.entries[report].id, page, quote)
        return [[round(edge, 1) for edge in box] for box in self._boxes[key]]


def wanted(prediction: Prediction) -> list[PageOf]:
    """The pages to show with a question: cited ones by their marks, then right ones."""
    cited = prediction.reply.citations if prediction.reply else ()
    right = [(prediction.question.report, page) for page in prediction.question.pages]
    return list(dict.fromkeys([*cited, *right]))


def gather(predictions: Sequence[Prediction], library: "Library | None", budget: int) -> Places:
    """Draw the pages that the questions need, the first questions' first; those of reports that are gone are left out.

    Right pages come before pages that were only cited, for without them a wrong answer cannot be understood.
    """
    entries = {entry.name: entry for entry in library.reports()} if library else {}
    places = Places(library, entries)
    for right in (True, False):
        for prediction in predictions:
            gold = right_pages(prediction.question)
            for at in wanted(prediction):
                if (at in gold) is right and at not in places.numbers:
                    places.numbers[at] = len(places.found)
                    places.found.append(Place(*at))
    if library is None:
        return places
    by_report: dict[str, list[int]] = {}
    for place in places.found[: max(1, budget // LEAST_BYTES)]:
        if place.report in entries:
            by_report.setdefault(place.report, []).append(place.page)
    total = sum(map(len, by_report.values()))
    for report, pages in by_report.items():
        file = library.original(entries[report].id)
        for page, data, size in _drawn(file, pages, budget * len(pages) // max(1, total)):
            number = places.numbers[report, page]
            places.pictures[number] = base64.b64encode(data).decode()
            places.found[number].width, places.found[number].height = size
    for number, place in enumerate(places.found):
        if number not in places.pictures and place.report in entries:
            hits = library.chunks(entries[place.report].id, place.page)
            place.text = "\n\n".join(hit.text for hit in hits)[:_LONGEST_TEXT]
    return places


def _drawn(file: Path | None, pages: Sequence[int], budget: int) -> Iterator[tuple[int, bytes, tuple[float, float]]]:
    """(page, WebP, size in points) of the pages of a PDF that can be drawn; nothing of another file."""
    from index.pictures import size
    from rag.inspect.pictures import pictures

    if file is None or file.suffix != ".pdf":
        return
    try:
        for page, data in pictures(file, sorted(pages), scale=_SCALE, budget=budget):
            yield page, data, size(file, page)
    except ReportQAError:
        return
