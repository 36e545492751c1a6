"""A report's PDF file, opened to look something up in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def opened(file: Path | None) -> Iterator[Any]:
    """The document, closed at the end; None where there is no file, it is no PDF or it cannot be opened."""
    import pypdfium2

    document = None
    if file is not None and file.suffix.lower() == ".pdf":
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError:
            document = None
    try:
        yield document
    finally:
        if document is not None:
            document.close()
