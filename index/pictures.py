"""A page of a PDF as a picture, with boxes around what is cited."""

import io
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import StoreError
from index.types import Box

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_WIDTH = 3000  # pixels
MAX_PIXELS = 12_000_000
_FILL, _EDGE = (255, 200, 0, 70), (214, 96, 0, 255)
_ROOM = 1.5  # points between what is framed and its frame
PDFIUM = threading.Lock()  # pdfium works for one thread at a time


def draw(file: Path, page: int, boxes: Sequence[Box] = (), width: int = 1000) -> bytes:
    """Page ``page`` (from 1) of a PDF as PNG, ``width`` pixels wide, with ``boxes`` (points) framed.

    A page so long that it would be too large a picture is drawn narrower. Raises StoreError for a page that is not
    there or cannot be drawn.
    """
    import pypdfium2
    from PIL import ImageDraw

    try:
        with PDFIUM, pypdfium2.PdfDocument(file) as document:
            if not 1 <= page <= len(document):
                raise StoreError(f"{file.name} has no page {page}.", f"It has {len(document)} pages.")
            across, _ = document.get_page_size(page - 1)
            picture, scale = rendered(document, page, min(width, MAX_WIDTH) / max(across, 1.0))
    except (pypdfium2.PdfiumError, OSError, ValueError, MemoryError) as error:
        raise StoreError(f"Page {page} of {file.name} cannot be drawn: {error}.", "Open the report itself.") from error
    pen = ImageDraw.Draw(picture, "RGBA")
    for box in joined(boxes):
        frame = (box.x0 - _ROOM, box.top - _ROOM, box.x1 + _ROOM, box.bottom + _ROOM)
        pen.rectangle([value * scale for value in frame], fill=_FILL, outline=_EDGE, width=max(1, round(1.2 * scale)))
    data = io.BytesIO()
    picture.save(data, "PNG", compress_level=1)
    return data.getvalue()


def rendered(document: Any, page: int, scale: float, most: int = MAX_PIXELS) -> "tuple[Image, float]":
    """Page ``page`` (from 1) of an open PDF, and its scale in pixels a point: ``scale``, or what ``most`` pixels allow.

    The caller holds :data:`PDFIUM`. Raises what pypdfium2 raises for a page that is not there or is damaged.
    """
    sheet = document[page - 1]
    try:
        across, down = sheet.get_size()
        scale = min(scale, (most / max(across * down, 1.0)) ** 0.5)
        return sheet.render(scale=scale).to_pil().convert("RGB"), scale
    finally:
        sheet.close()


def size(file: Path, page: int) -> tuple[float, float]:
    """Width and height of page ``page`` (from 1) of a PDF in points. Raises StoreError when there is no such page."""
    import pypdfium2

    try:
        with PDFIUM, pypdfium2.PdfDocument(file) as document:
            if 1 <= page <= len(document):
                across, down = document.get_page_size(page - 1)
                return float(across), float(down)
            pages = len(document)
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise StoreError(f"{file.name} cannot be opened: {error}.", "Add the report again.") from error
    raise StoreError(f"{file.name} has no page {page}.", f"It has {pages} pages.")


def joined(boxes: Sequence[Box]) -> list[Box]:
    """The boxes without repetition, those of one line that touch made one."""
    found: list[Box] = []
    for box in sorted(set(boxes), key=lambda b: (round(b.top), b.x0)):
        last = found[-1] if found else None
        if last and abs(last.top - box.top) < 2 and abs(last.bottom - box.bottom) < 2 and box.x0 <= last.x1 + 2:
            found[-1] = Box(last.x0, min(last.top, box.top), max(last.x1, box.x1), max(last.bottom, box.bottom))
        else:
            found.append(box)
    return found
