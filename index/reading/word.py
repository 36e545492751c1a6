"""Word files (DOCX) through python-docx, which opens the package; the body is walked here, for it leaves out much.

A "page" is what Word itself laid out last (``w:lastRenderedPageBreak``), where the file says it, else a stretch that
ends at the file's own breaks or after about 3,000 characters. Deleted and hidden text is not read.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.reading import charts, word_tables
from index.reading.builder import LONGEST_PAGE, PAGE_CHARACTERS, Builder
from index.reading.container import check_office, core, damaged
from index.reading.word_styles import Numbering, Styles
from index.reading.word_text import BREAK, RENDERED, attribute, child, local, on, paragraph_text, tag
from index.types import Report

_SKIPPED = frozenset({"del", "moveFrom", "sectPr", "pPr", "tblPr", "tblGrid", "sdtPr", "sdtEndPr", "tcPr", "trPr"})
_DEEPEST = 12  # tables in tables


def read(path: Path, data: bytes, sha256: str, progress: Callable[[int, int], None], max_pages: int) -> Report:
    """Read a DOCX or DOCM (its macros are not run). Raises ReadError when it is damaged, encrypted, old or a bomb."""
    check_office(path, data, ".docx")
    from docx.package import Package

    try:
        package = Package.open(io.BytesIO(data))
        metadata = core(package.core_properties)
        builder, shown = _Walk(package).run()
    except ReadError:
        raise
    except Exception as error:  # the libraries let through whatever a broken part makes them meet
        raise damaged(path, error) from error
    report = builder.report(path, sha256, [shown, metadata["Title"]], not builder.stretches, max_pages, metadata)
    progress(len(report.pages), len(report.pages))
    return report


class _Walk:
    """One pass over the body, from the package to a filled builder."""

    def __init__(self, package: Any) -> None:
        main = package.main_document_part
        self.main = main
        self.body = child(_root(main), "body")
        if self.body is None:
            raise ValueError("it has no body")
        self.styles = Styles(_related(main, "styles"))
        self.numbering = Numbering(_related(main, "numbering"), self.styles)
        self.notes = {
            kind: {attribute(note, "id"): note for note in root}
            if (root := _related(main, f"{kind}s")) is not None
            else {}
            for kind in ("footnote", "endnote")
        }
        self.title = ""
        self._open = ""  # text before a paragraph mark that was deleted
        self._fresh = False  # a break of the author's own, not yet said again by Word
        self._section_start = 1
        self._headers: dict[str, str] = {}
        rendered = sum(1 for _ in self.body.iter(tag("lastRenderedPageBreak")))
        self.rendered = rendered > 0
        self.builder = Builder()
        if not self.rendered:
            self.builder.stretches = self._too_long()

    def run(self) -> tuple[Builder, str]:
        """The filled builder and the text in the style "Title"."""
        self._blocks(self.body, 0)
        self._flush()
        last = child(self.body, "sectPr")
        if last is not None:
            self._running(last, self.builder.page)
        return self.builder, self.title

    def _too_long(self) -> bool:
        """Whether the author's own breaks are too few to be the pages."""
        size = longest = 0
        for element in self.body.iter(tag("t"), tag("br"), tag("pageBreakBefore")):
            if element.tag == tag("t"):
                size += len(element.text or "")
            elif attribute(element, "type") == "page" or element.tag == tag("pageBreakBefore"):
                size = 0
            longest = max(longest, size)
        breaks = any(attribute(br, "type") == "page" for br in self.body.iter(tag("br")))
        return longest > (LONGEST_PAGE if breaks else PAGE_CHARACTERS)

    def _blocks(self, parent: Any, depth: int) -> None:
        """Everything in ``parent`` in order. Contents controls and tracked insertions are looked into."""
        for element in parent:
            name = local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._flush()
                self._table(element, depth)
            elif name == "AlternateContent":
                self._blocks(_chosen(element), depth)
            elif name == "sdt" and _is_contents(element):
                self._flush()
                lines = [paragraph_text(p).plain for p in element.iter(tag("p"))]
                self._breaks(element)
                self.builder.contents(lines)
            elif name == "altChunk":
                self.builder.warnings.append("a file inserted in the document was left out")
            elif name not in _SKIPPED:
                self._blocks(element, depth)

    def _paragraph(self, element: Any) -> None:
        properties = child(element, "pPr")
        if properties is not None and on(child(properties, "pageBreakBefore")):
            self._break(rendered=False)
        text = paragraph_text(element)
        style = self.styles.of(properties)
        label = self.numbering.label(properties) if text.plain.strip() else ""
        level = self.styles.level(properties)
        pieces = text.pieces
        if properties is not None and child(child(properties, "rPr"), "del") is not None:
            self._open += text.plain
            return
        if self._open:
            pieces, self._open = [self._open, *pieces], ""
        self._say(pieces, label, style, level)
        for box in text.boxes:
            self._blocks(box, 1)
        for number in text.charts:
            if (part := self.main.related_parts.get(number)) is not None:
                charts.put(self.builder, _root(part))
        for kind, number in text.notes:
            self._note(kind, number)
        if properties is not None and (section := child(properties, "sectPr")) is not None:
            self._running(section, self.builder.page)
            kind = attribute(child(section, "type"), "val") or "nextPage"
            self._section_start = self.builder.page
            if kind != "continuous":
                self._break(rendered=False)
                self._section_start = self.builder.page

    def _say(self, pieces: list[str], label: str, style: str, level: int) -> None:
        """A paragraph whose pieces page breaks part."""
        run = ""
        for piece in [*pieces, None]:
            if piece is not None and piece not in {BREAK, RENDERED}:
                run += piece
                continue
            if run.strip():
                self._fresh = False
                self._block(f"{label}{run.strip()}", style, level)
                label = run = ""
            if piece is not None:
                self._break(rendered=piece == RENDERED)

    def _block(self, text: str, style: str, level: int) -> None:
        if style == "title":
            self.title = self.title or text.replace("\n", " ")
            self.builder.heading(text, 1)
        elif style == "contents":
            self.builder.contents([text])
        elif style == "caption":
            self.builder.caption(text)
        elif level and len(text) <= 200:
            self.builder.heading(text, level)
        else:
            self.builder.paragraph(text)

    def _break(self, rendered: bool) -> None:
        """End the page. Word says an author's break again as its own; without Word's, stretches go on."""
        if rendered and self._fresh:
            self._fresh = False
            return
        self._fresh = not rendered
        if not (self.builder.stretches and self.builder.blank):
            self.builder.break_page()

    def _breaks(self, element: Any) -> None:
        """Say the page breaks in an element whose text is not walked."""
        for found in element.iter(tag("lastRenderedPageBreak")):
            del found
            self._break(rendered=True)

    def _flush(self) -> None:
        if self._open:
            self._say([self._open], "", "", 0)
            self._open = ""

    def _note(self, kind: str, number: str) -> None:
        note = self.notes[kind].get(number)
        if note is not None:
            texts = [paragraph_text(p).plain for p in note.iter(tag("p"))]
            self.builder.footnote("\n".join(texts))

    def _table(self, table: Any, depth: int) -> None:
        """A table. One that only arranges text on the page is read cell by cell; nested ones follow their table."""
        rows = list(word_tables.rows(table))
        if depth >= _DEEPEST or not rows:
            return
        if word_tables.arranges(rows, self.styles):
            for cell in (cell for _, cells in rows for cell, _, merged in cells if merged != "continue"):
                self._blocks(cell, depth + 1)
                self._flush()
            return
        grid, after = word_tables.grid(table, rows)
        self.builder.table(grid)
        for found in after:
            if isinstance(found, tuple):
                self._note(*found)
            elif local(found) == "tbl":
                self._table(found, depth + 1)
            else:
                self._blocks(found, depth + 1)

    def _running(self, section: Any, last: int) -> None:
        """Headers and footers on the pages of a section up to ``last``; one without has those before it."""
        for reference in section:
            if local(reference) in {"headerReference", "footerReference"}:
                part = self.main.related_parts.get(attribute(reference, "id", "r"))
                text = "\n".join(paragraph_text(p).plain for p in _root(part).iter(tag("p"))) if part else ""
                self._headers[f"{local(reference)} {attribute(reference, 'type') or 'default'}"] = text
        first_differs = on(child(section, "titlePg"))
        for page in range(self._section_start, last + 1):
            kind = "first" if first_differs and page == self._section_start else "default"
            for name in ("headerReference", "footerReference"):
                text = self._headers.get(f"{name} {kind}", "")
                if text.strip():
                    self.builder.running(text, page)


def _root(part: Any) -> Any:
    """The root element of an XML part, also of one that python-docx keeps as bytes (DOCM, templates)."""
    if hasattr(part, "element"):
        return part.element
    from docx.oxml.parser import parse_xml

    return parse_xml(part.blob)


def _related(part: Any, kind: str) -> Any:
    """The root of the part that ``part`` names as its styles, numbering, footnotes ...; None without one."""
    for relation in part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            return _root(relation.target_part)
    return None


def _chosen(element: Any) -> Any:
    """Of content given in two forms the first, newer one."""
    for name in ("Choice", "Fallback"):
        for option in element:
            if local(option) == name:
                return option
    return ()


def _is_contents(sdt: Any) -> bool:
    gallery = next((e for e in child(sdt, "sdtPr").iter(tag("docPartGallery"))), None) if len(sdt) else None
    return attribute(gallery, "val") == "Table of Contents"
