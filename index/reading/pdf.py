"""PDF files, through pypdfium2: :mod:`index.reading.ocr` for each page, then :mod:`index.reading.layout`.

Reading has three steps, so that several processes can share the pages of a long file: :func:`open_pdf`,
:func:`read_part` for a range of pages, and :func:`put_together` for all parts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from index.card import with_card
from index.errors import ReadError
from index.language import detect
from index.limits import Limits
from index.reading import ocr as scans
from index.reading.layout import OutlineItem, Sheet, assemble
from index.reading.sheet import Origin
from index.text import clean
from index.types import Report

_MOST_BOOKMARKS = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """Pages ``first`` to ``last`` (1-based, both included) of a file, and what the whole file says of itself.

    ``outline`` and ``metadata`` (title, author, subject) are those of the file; only the part with its first page has
    them.
    """

    sheets: tuple[Sheet, ...]
    warnings: tuple[str, ...] = ()
    outline: tuple[OutlineItem, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()


def read(
    path: Path,
    data: bytes,
    sha256: str,
    progress: Callable[[int, int], None],
    max_pages: int,
    passwords: Sequence[str] = (),
    limits: Limits | None = None,
) -> Report:
    """Read a PDF, pages without readable text by OCR.

    Raises ReadError when it is damaged, encrypted, too long, or holds only pages that would need OCR that is off or
    not installed.
    """
    limits = limits or Limits()
    document = open_pdf(path, data, passwords)
    try:
        total = page_count(path, document, max_pages)
        part = read_part(document, 1, total, limits, lambda done, ocr: progress(done, total))
    finally:
        document.close()
    return put_together(path, sha256, [part])


def open_pdf(path: Path, data: bytes, passwords: Sequence[str] = ()) -> Any:
    """The pypdfium2 document in ``data``, to be closed by the caller. Raises ReadError when it cannot be opened.

    The ``passwords`` are tried in turn where the file asks for one.
    """
    import pypdfium2

    if not data.lstrip()[:1024].startswith(b"%PDF") and b"%PDF-" not in data[:1024]:
        raise ReadError(f"{path.name} is not a PDF although its name says so.", "Give it the ending of what it is.")
    for password in (None, *passwords):
        try:
            return pypdfium2.PdfDocument(data, password)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == 0:  # it could be opened, but holds nothing
                raise ReadError(f"{path.name} has no pages.", "Download it again.") from error
            if "password" not in str(error).lower():
                raise ReadError(
                    f"{path.name} is damaged: {error}.", "Download it again or print it to a new PDF."
                ) from error
        except (ValueError, UnicodeError):  # a password that no PDF can have, such as one with a null character
            continue
    if passwords:
        raise ReadError(f"{path.name} is encrypted, and no password that was given opens it.", "Check the password.")
    raise ReadError(f"{path.name} is encrypted.", "Give its password on the command line, with `--password`.")


def page_count(path: Path, document: Any, max_pages: int) -> int:
    """How many pages an open document has. Raises ReadError when it has none or too many."""
    total = len(document)
    if total > max_pages:
        raise ReadError(f"{path.name} has {total} pages; the limit is {max_pages}.", "Raise the setting max_pages.")
    if total == 0:
        raise ReadError(f"{path.name} has no pages.", "Download it again.")
    return total


def read_part(document: Any, first: int, last: int, limits: Limits, progress: Callable[[int, bool], None]) -> Part:
    """The pages ``first`` to ``last``. A damaged page is left empty.

    ``progress`` gets how many of them are done, and whether the one at hand is read by OCR.
    """
    import pypdfium2

    sheets, warnings = [], []
    for number in range(first, last + 1):
        done = number - first
        try:
            sheets.append(scans.sheet(document[number - 1], number, limits.ocr, partial(progress, done, True)))
        except pypdfium2.PdfiumError:
            warnings.append(f"page {number} is damaged and was left out")
            sheets.append(Sheet(number, 0.0, 0.0, ()))
        progress(done + 1, sheets[-1].origin is Origin.OCR)
    if first > 1:
        return Part(tuple(sheets), tuple(warnings))
    return Part(tuple(sheets), tuple(warnings), _outline(document), _metadata(document))


def put_together(path: Path, sha256: str, parts: Sequence[Part]) -> Report:
    """The report that all parts of a file, in order, make. Raises ReadError when there is no text in it."""
    sheets = [page for part in parts for page in part.sheets]
    warnings = [warning for part in parts for warning in part.warnings]
    total = len(sheets)
    if not any(page.lines for page in sheets):
        if len(warnings) == total:
            raise ReadError(f"{path.name} is damaged: none of its pages can be read.", "Download it again.")
        raise scans.unread(path.name, sheets)
    warnings += scans.warnings(sheets)
    text = " ".join(line.text for page in sheets for line in page.lines)
    pages = assemble(sheets, parts[0].outline)
    return with_card(
        Report(
            path.name,
            sha256,
            path.stem,
            detect(text[:20000]),
            pages,
            warnings=tuple(warnings),
            metadata=dict(parts[0].metadata),
        )
    )


def _metadata(document: Any) -> tuple[tuple[str, str], ...]:
    """What the file says of itself; nothing when that is damaged."""
    try:
        return tuple((key, clean(document.get_metadata_value(key) or "")) for key in ("Title", "Author", "Subject"))
    except Exception:
        return ()


def _outline(document: Any) -> tuple[OutlineItem, ...]:
    """The file's own table of contents; none when it is damaged."""
    items: list[OutlineItem] = []
    try:
        for bookmark in document.get_toc():
            destination = bookmark.get_dest()
            page = destination.get_index() if destination else None
            title = clean(bookmark.get_title() or "")
            if page is not None and title:
                items.append(OutlineItem(title, bookmark.level + 1, page + 1))
            if len(items) >= _MOST_BOOKMARKS:
                break
    except Exception:
        return ()
    return tuple(items)
