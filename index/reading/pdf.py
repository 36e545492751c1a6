"""PDF files, through pypdfium2: :mod:`index.reading.ocr` for each page, then :mod:`index.reading.layout`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.language import detect
from index.reading import ocr as scans
from index.reading.layout import OutlineItem, Sheet, assemble
from index.text import clean
from index.types import Report


def read(
    path: Path,
    data: bytes,
    sha256: str,
    progress: Callable[[int, int], None],
    max_pages: int,
    ocr: scans.Ocr = scans.Ocr(),  # noqa: B008 - a frozen value
) -> Report:
    """Read a PDF, pages without readable text by OCR.

    Raises ReadError when it is damaged, encrypted, too long, or holds only pages that would need OCR that is off or
    not installed.
    """
    import pypdfium2

    if not data.lstrip()[:1024].startswith(b"%PDF") and b"%PDF-" not in data[:1024]:
        raise ReadError(f"{path.name} is not a PDF although its name says so.", "Give it the ending of what it is.")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError(f"{path.name} is encrypted.", "Save a copy without its password and add that.") from error
        raise ReadError(f"{path.name} is damaged: {error}.", "Download it again or print it to a new PDF.") from error
    try:
        total = len(document)
        if total > max_pages:
            raise ReadError(f"{path.name} has {total} pages; the limit is {max_pages}.", "Raise the setting max_pages.")
        if total == 0:
            raise ReadError(f"{path.name} has no pages.", "Download it again.")
        sheets, warnings = [], []
        for number in range(1, total + 1):
            try:
                sheets.append(scans.sheet(document[number - 1], number, ocr))
            except pypdfium2.PdfiumError:
                warnings.append(f"page {number} is damaged and was left out")
                sheets.append(Sheet(number, 0.0, 0.0, ()))
            progress(number, total)
        outline = _outline(document)
        metadata_title = clean(document.get_metadata_value("Title") or "")
    finally:
        document.close()
    empty = [page.number for page in sheets if not page.lines]
    if len(empty) == total:
        if len(warnings) == total:
            raise ReadError(f"{path.name} is damaged: none of its pages can be read.", "Download it again.")
        raise scans.unread(path.name, sheets)
    warnings += scans.warnings(sheets)
    text = " ".join(line.text for page in sheets for line in page.lines)
    pages, title = assemble(sheets, outline, metadata_title, path.stem)
    return Report(path.name, sha256, title, detect(text[:20000]), pages, warnings=tuple(warnings))


def _outline(document: Any) -> tuple[OutlineItem, ...]:
    """The file's own table of contents; none when it is damaged."""
    items = []
    try:
        for bookmark in document.get_toc():
            destination = bookmark.get_dest()
            page = destination.get_index() if destination else None
            title = clean(bookmark.get_title() or "")
            if page is not None and title:
                items.append(OutlineItem(title, bookmark.level + 1, page + 1))
    except Exception:
        return ()
    return tuple(items)
