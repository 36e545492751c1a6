"""Text of reports, models and file names as HTML that shows exactly that text, and the links to pages in it.

Everything that comes from outside reaches the browser through :func:`html.escape`, so it never becomes HTML, script or
a link of its own; no Markdown is rendered anywhere.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from rag.chat.words import word
from rag.types import Citation, Evidence

Ids = Mapping[str, str]  # file name: report id
_MARK = re.compile(r"\[(\d{1,3})\]")
_BREAK = re.compile(r"\n\s*\n")
_ENDING = re.compile(r"[.,;:!?)\]。，、；：！？）”’》]+")
_LONGEST_CELL = 80  # characters; what is longer is a sentence that quotes a row


@dataclass(frozen=True, slots=True)
class Place:
    """A quotation on a page: what a click on a mark, a card or a side of a contradiction shows."""

    report_id: str
    report: str
    page: int
    quote: str

    @classmethod
    def of(cls, source: Evidence | Citation, ids: Ids) -> "Place":
        """Where a source stands; its report's id is empty when the report is gone."""
        if isinstance(source, Evidence):
            return cls(source.report_id, source.report, source.page, source.on_page or source.text)
        return cls(ids.get(source.report, ""), source.report, source.page, source.quote)

    @property
    def attributes(self) -> str:
        """The attributes that make an element show the page when it is clicked."""
        return (
            f'data-do="page" data-report="{escape(self.report_id)}" data-page="{self.page}" '
            f'data-quote="{escape(self.quote)}"'
        )


def places(sources: Iterable[Evidence | Citation], ids: Ids) -> dict[int, Place]:
    """The places of sources by their number."""
    return {source.n: Place.of(source, ids) for source in sources}


@dataclass(frozen=True, slots=True)
class Writing:
    """How a text is shown: ``known`` marks ``[n]`` become links to their places, ``wrong`` pieces stand out."""

    known: Mapping[int, Place]
    wrong: Sequence[str]
    language: str

    def paragraphs(self, text: str) -> str:
        """A text as paragraphs of lines; a row of a table ("label | column: value") becomes a row."""
        return "".join(f"<p>{self.lines(part)}</p>" for part in _BREAK.split(text.strip()) if part.strip())

    def lines(self, text: str) -> str:
        """A text with its line breaks."""
        shown, apart = "", True
        for line in text.strip().split("\n"):
            row, item = _is_row(line), line.startswith("- ")
            if row:
                html = self._row(line)
            elif item:
                html = f'<span class="item">{self.line(line)}</span>'
            else:
                html = self.line(line)
            shown += html if apart else f"<br>{html}"
            apart = row or item
        return shown

    def _row(self, line: str) -> str:
        label, *cells = line.split(" | ")
        shown = []
        for cell in cells:
            column, found, value = cell.partition(": ")
            inner = f"<i>{self.line(column)}</i> {self.line(value)}" if found else self.line(cell)
            shown.append(f'<span class="cell">{inner}</span>')
        row = f'<span class="row"><b>{self.line(label)}</b>{"".join(shown)}</span>'
        return self._struck(row) if any(line in text for text in self.wrong) else row

    def line(self, text: str) -> str:
        """One line: every piece of it escaped, but for what is put in here."""
        pieces = sorted({line for piece in self.wrong for line in piece.split("\n") if line.strip()}, key=len)
        bad = "|".join(rf"(?<![\d.,]){re.escape(piece.strip())}(?!\d)" for piece in reversed(pieces))
        parts = re.split(f"({bad})", text) if bad else [text]
        return "".join(
            self._struck(self._linked(part)) if odd % 2 else self._linked(part) for odd, part in enumerate(parts)
        )

    def _struck(self, shown: str) -> str:
        return f'<mark class="wrong" title="{word("wrong", self.language)}">{shown}</mark>'

    def _linked(self, text: str) -> str:
        shown: list[str] = []
        for odd, part in enumerate(_MARK.split(text)):
            if not odd % 2:
                ending = _ENDING.match(part) if shown and shown[-1].startswith("<button") else None
                if ending:  # which must not begin a line either
                    shown[-1] = f'<span class="keep">{shown[-1]}{escape(ending[0])}</span>'
                shown.append(escape(part[ending.end() :] if ending else part))
            elif int(part) in self.known:
                shown[-1] = shown[-1].removesuffix(" ")  # a mark must not begin a line
                shown.append(link(int(part), self.known[int(part)], self.language))
            else:
                shown.append(f"[{part}]")
        return "".join(shown)


def _is_row(line: str) -> bool:
    """Whether a line is a row of a table ("label | column: value")."""
    cells = line.split(" | ")
    return len(cells) > 1 and max(map(len, cells)) <= _LONGEST_CELL


def link(n: int, place: Place, language: str) -> str:
    """A citation mark."""
    label = escape(word("source_label", language, n, place.report, place.page))
    return f'<button type="button" class="mark" aria-label="{label}" {place.attributes}>{n}</button>'


def plain(text: str) -> str:
    """Lines and rows of a text in which nothing is marked."""
    return Writing({}, (), "en").lines(text)
