"""PDF files, through pypdfium2: :mod:`index.reading.characters`, then :mod:`index.reading.layout`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.language import detect
from index.reading.characters import sheet
from index.reading.layout import OutlineItem, Sheet, assemble
from index.text import clean
from index.types import Report


def read(
    path: Path,
    data: bytes,
    sha256: str,
    progress: Callable[[int, int], None],
    max_pages: int,
    passwords: Sequence[str] = (),
) -> Report:
    """Read a PDF. Raises ReadError when it is damaged, encrypted, too long, or holds pictures of text only."""
    import pypdfium2

    if not data.lstrip()[:1024].startswith(b"%PDF") and b"%PDF-" not in data[:1024]:
        raise ReadError(f"{path.name} is not a PDF although its name says so.", "Give it the ending of what it is.")
    document = _open(path, data, passwords)
    try:
        total = len(document)
        if total > max_pages:
            raise ReadError(f"{path.name} has {total} pages; the limit is {max_pages}.", "Raise the setting max_pages.")
        if total == 0:
            raise ReadError(f"{path.name} has no pages.", "Download it again.")
        sheets, warnings = [], []
        for number in range(1, total + 1):
            try:
                sheets.append(sheet(document[number - 1], number))
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
        raise ReadError(
            f"{path.name} has no text: its {total} pages are pictures.", "Run it through OCR first and add the result."
        )
    text = " ".join(line.text for page in sheets for line in page.lines)
    if _unreadable(text):
        raise ReadError(
            f"{path.name} has text without a Unicode map, so its characters cannot be told.",
            "Run it through OCR first and add the result.",
        )
    pages, title = assemble(sheets, outline, metadata_title, path.stem)
    return Report(path.name, sha256, title, detect(text[:20000]), pages, warnings=tuple(warnings))


def _open(path: Path, data: bytes, passwords: Sequence[str]) -> Any:
    """The pypdfium2 document. Raises ReadError when it is damaged or none of ``passwords`` opens it."""
    import pypdfium2

    for password in (None, *passwords):
        try:
            return pypdfium2.PdfDocument(data, password=password)
        except pypdfium2.PdfiumError as error:
            if "password" not in str(error).lower():
                raise ReadError(
                    f"{path.name} is damaged: {error}.", "Download it again or print it to a new PDF."
                ) from error
    raise ReadError(
        f"{path.name} is encrypted" + (", and no password given opens it." if passwords else "."),
        "Give its password with --password, or save a copy without one.",
    )


def _unreadable(text: str) -> bool:
    """Whether most characters are private-use or replacement characters: a font without a Unicode map."""
    odd = sum("\ue000" <= char <= "\uf8ff" or char == "\ufffd" for char in text)
    return odd > 0.3 * max(1, len(text))


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
