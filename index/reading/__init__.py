"""Report files to :class:`~index.types.Report`: one module a file type, one registry."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from index.errors import ReadError
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
) -> Report:
    """Read one report. ``progress`` gets pages done and pages in all.

    Raises ReadError when the file is of no known kind, too large, empty, damaged, encrypted or without text.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        kinds = ", ".join(READERS)
        raise ReadError(f"{path.name} is not a kind of report that can be read.", remedy(path.suffix.lower(), kinds))
    sha256 = file_hash(path)
    size = path.stat().st_size
    if size > max_bytes:
        raise ReadError(
            f"{path.name} has {size / 1e6:.0f} MB; the limit is {max_bytes / 1e6:.0f} MB.",
            "Raise the setting max_file_mb or split the file.",
        )
    data = path.read_bytes()
    if not data.strip():
        raise ReadError(f"{path.name} is empty.", "Check that it was copied or downloaded whole.")
    return reader(path, data, sha256, progress, max_pages)
