"""Pictures of a PDF's pages, small enough that a whole report fits into one file."""

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

SCALE = 1.4  # pixels a point: an A4 page becomes 833 x 1179
BUDGET = 9_000_000  # bytes for all pictures; base64 makes a third more of them
MAX_PIXELS = 4_000_000
_QUALITIES = (72, 50, 30)
_LEAST_SHARE = 12_000  # bytes; below this a page can no longer be read


def pictures(
    path: Path,
    numbers: Sequence[int],
    *,
    password: str = "",
    scale: float = SCALE,
    budget: int = BUDGET,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[tuple[int, bytes]]:
    """(number, WebP) for every page of the PDF that can be drawn; ``scale`` is in pixels a point.

    A page may take its share of what is left of ``budget``; one that needs more is drawn coarser.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path, password=password or None)
    except pypdfium2.PdfiumError:
        return
    left = budget
    try:
        for done, number in enumerate(numbers):
            share = max(_LEAST_SHARE, int(1.5 * left / (len(numbers) - done)))
            try:
                picture = _draw(document[number - 1], scale)
            except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError):
                continue  # a damaged page is shown by its blocks
            data = _encode(picture, share)
            left = max(0, left - len(data))
            progress(done + 1, len(numbers))
            yield number, data
    finally:
        document.close()


def _draw(page: Any, scale: float) -> "Image":
    try:
        width, height = page.get_size()
        scale = min(scale, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
        picture: Image = page.render(scale=scale).to_pil().convert("RGB")
        return picture
    finally:
        page.close()


def _encode(picture: "Image", share: int) -> bytes:
    """``picture`` as WebP of at most ``share`` bytes if that can be had by lower quality or half its size."""
    data = b""
    for reduced in (picture, picture.reduce(2)):
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            reduced.save(buffer, "WEBP", quality=quality, method=2)
            data = buffer.getvalue()
            if len(data) <= share:
                return data
    return data
