"""Report files to :class:`~index.types.Report`: one module a file type, one registry."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from index.card import with_card
from index.errors import ReadError
from index.limits import Limits, Ocr
from index.reading import html, markdown, pdf, slides, text, word, workbook
from index.reading.container import remedy
from index.types import Report

Reader = Callable[[Path, bytes, str, Callable[[int, int], None], int], Report]

READERS: dict[str, Reader] = {
    ".pdf": pdf.read,
    ".docx": word.read,
    ".docm": word.read,
    ".pptx": slides.read,
    ".pptm": slides.read,
    ".xlsx": workbook.read,
    ".xlsm": workbook.read,
    ".html": html.read,
    ".htm": html.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": text.read,
    ".text": text.read,
}


def is_report(path: Path) -> bool:
    """Whether the file's ending is one that can be read."""
    return path.suffix.lower() in READERS and not path.name.startswith(("~$", "."))


def reader(path: Path) -> Reader:
    """What reads files of this ending. Raises ReadError when nothing does."""
    found = READERS.get(path.suffix.lower())
    if found is None:
        ending = path.suffix.lower()
        raise ReadError(f"{path.name} is not a kind of report that can be read.", remedy(ending, ", ".join(READERS)))
    return found


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal. Raises ReadError when the file cannot be opened."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ReadError(f"{path} cannot be opened: {error.strerror}.", "Check the path and its permissions.") from error


def read(
    path: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    max_pages: int = 5000,
    max_bytes: int = 200_000_000,
    passwords: Sequence[str] = (),
    ocr: Ocr = Ocr(),  # noqa: B008 - a frozen value
) -> Report:
    """Read one report in this process, with its card; :mod:`index.reading.pool` does so in others, within limits.

    ``progress`` gets pages done and pages in all; ``ocr`` is how pictures of text are read. Raises
    ReadError when the file is of no known kind, too large, empty, damaged, encrypted or without text.
    """
    reader(path)
    sha256 = file_hash(path)
    limits = Limits(pages=max_pages, file_mb=-(-max_bytes // 1_000_000), ocr=ocr)
    return read_data(path, load(path, max_bytes, sha256), sha256, progress, passwords, limits)


def load(path: Path, max_bytes: int, sha256: str) -> bytes:
    """The bytes of a file whose hash is known. Raises ReadError when they are too many, none, or others by now."""
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise ReadError(
                f"{path.name} has {size / 1e6:.0f} MB; the limit is {max_bytes / 1e6:.0f} MB.",
                "Raise the setting max_file_mb or split the file.",
            )
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path} cannot be opened: {error.strerror}.", "Check the path and its permissions.") from error
    if not data.strip():
        raise ReadError(f"{path.name} is empty.", "Check that it was copied or downloaded whole.")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ReadError(f"{path.name} changed while it was read.", "Add it again.")
    return data


def read_data(
    path: Path,
    data: bytes,
    sha256: str,
    progress: Callable[[int, int], None],
    passwords: Sequence[str],
    limits: Limits,
) -> Report:
    """Read the bytes of a report; the errors are those of :func:`read`."""
    read_it = reader(path)
    if read_it is pdf.read:
        return pdf.read(path, data, sha256, progress, limits.pages, passwords, limits)
    report = read_it(path, data, sha256, progress, limits.pages)
    carded = with_card(report)
    if read_it is text.read or report.title == path.stem:
        return carded
    return replace(carded, title=report.title, card=replace(carded.card, title=report.title))  # told, not guessed
