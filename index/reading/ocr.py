"""Pages without readable text, read as pictures by RapidOCR (the optional extra ``ocr``).

Its models (PP-OCRv6 small, Chinese and English, Apache-2.0) come with the package and are named here by path, so that
nothing is ever downloaded; they run on OpenVINO, which the embedder needs anyway.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any

from index.errors import ReadError
from index.limits import Ocr, render_scale
from index.reading import characters
from index.reading.legible import is_legible
from index.reading.pieces import lines
from index.reading.sheet import Origin, Sheet

if TYPE_CHECKING:
    from index.reading.recognition import Recogniser

INSTALL = 'pip install "report-qa[ocr]"'
_NEGLIGIBLE = 40  # characters beside a picture of the whole page: a stamp, a page number
_OBJECTS = 5000  # looked at for pictures; a page with more is drawn, not scanned
_RESOLUTION = 2.5  # pixels a point that a page is drawn with: 180 dots an inch
_EMBEDDED = 10  # times ``max_pixels`` that the pictures inside a page may have
_UNREAD = {
    Origin.OFF: ("OCR is off", 'Set ocr to "auto" and add the file again.'),
    Origin.MISSING: ("OCR is not installed", f"Run {INSTALL} and add the file again."),
    Origin.HUGE: ("its pictures are too large", "Raise the setting max_megapixels and add the file again."),
    Origin.FAILED: ("OCR failed", "The log says why."),
}
log = logging.getLogger(__name__)


def sheet(page: Any, number: int, ocr: Ocr, begin: Callable[[], None] = lambda: None) -> Sheet:
    """The lines of page ``number`` (from 1) of a file, ``page`` being its pypdfium2 page, closed afterwards.

    Its own text where that can be read. OCR where it has none, where its characters are not those that are printed,
    or where there is next to none beside a picture that fills the page. ``Sheet.origin`` says which it was, or why
    a picture was not read; lines that make no sense are then left out. A page that lies on its side or upside down
    is turned, and its size and places are those of the turned page. ``begin`` is called before
    OCR, which takes seconds.
    """
    document = page.pdf
    found = characters.sheet(page, number)
    text = "".join("".join(line.text for line in found.lines).split())
    legible = is_legible(text)
    if legible and len(text) >= _NEGLIGIBLE:
        return found
    page = document[number - 1]
    try:
        pictures = list(_pictures(page))
        covered = sum(area for area, _ in pictures) >= 0.5 * found.width * found.height
        if legible and not covered and (text or not any(True for _ in page.get_objects(max_depth=1))):
            return found
        kept = found.lines if legible else ()
        if ocr.mode == "off":
            return replace(found, lines=kept, origin=Origin.OFF)
        if not is_installed():
            return replace(found, lines=kept, origin=Origin.MISSING)
        if sum(pixels for _, pixels in pictures) > _EMBEDDED * ocr.max_pixels or not _can_be_drawn(page, ocr):
            return replace(found, lines=kept, origin=Origin.HUGE)
        begin()
        try:
            return read(page, number, ocr)
        except Exception:
            log.exception("OCR of page %d failed", number)
            return replace(found, lines=kept, origin=Origin.FAILED)
    finally:
        page.close()


def read(page: Any, number: int, ocr: Ocr) -> Sheet:
    """The lines of a pypdfium2 page, read as a picture; a huge page is drawn smaller to stay in ``max_pixels``."""
    width, height = page.get_size()
    scale = render_scale(width, height, _RESOLUTION, ocr.max_pixels)
    image = page.render(scale=scale).to_numpy()[:, :, :3]
    turned, pieces = _recogniser(ocr.threads).read(image, scale)
    if turned % 2:
        width, height = height, width
    return Sheet(number, width, height, lines(pieces), origin=Origin.OCR)


def _can_be_drawn(page: Any, ocr: Ocr) -> bool:
    width, height = page.get_size()
    return render_scale(width, height, _RESOLUTION, ocr.max_pixels) > 0


def is_installed() -> bool:
    """Whether the extra ``ocr`` is there."""
    return find_spec("rapidocr") is not None and find_spec("cv2") is not None


def unread(name: str, sheets: Sequence[Sheet]) -> ReadError:
    """What to raise for a file of which no page has lines."""
    for origin, (reason, remedy) in _UNREAD.items():
        if any(page.origin is origin for page in sheets):
            return ReadError(f"{name} has no readable text on its {len(sheets)} pages, and {reason}.", remedy)
    if any(page.origin is Origin.OCR for page in sheets):
        return ReadError(f"{name} has no text: OCR found none in its pictures.", "Check that it is a report.")
    return ReadError(f"{name} has no text: its pages are empty.", "Check that it was saved whole.")


def warnings(sheets: Sequence[Sheet]) -> list[str]:
    """A warning for each reason why pages were not read as pictures, naming the pages."""
    found = []
    for origin, (reason, remedy) in _UNREAD.items():
        numbers = [page.number for page in sheets if page.origin is origin]
        if numbers:
            pages = f"page {numbers[0]} has" if len(numbers) == 1 else f"pages {_listed(numbers)} have"
            found.append(f"{pages} no readable text, and {reason}. {remedy}")
    return found


def _listed(numbers: Sequence[int]) -> str:
    """Ascending page numbers, runs shortened: 2-4, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


@lru_cache(maxsize=1)
def _recogniser(threads: int) -> "Recogniser":
    """The models, loaded once a process: about a second."""
    from index.reading.recognition import Recogniser

    return Recogniser(threads)


def _pictures(page: Any) -> Iterator[tuple[float, int]]:
    """Area on the page in square points and number of pixels of each picture."""
    from pypdfium2 import raw

    width, height = page.get_size()
    for item in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), _OBJECTS):
        x0, y0, x1, y1 = item.get_bounds()
        across = max(0.0, min(x1, width) - max(x0, 0.0))
        down = max(0.0, min(y1, height) - max(y0, 0.0))
        columns, rows = item.get_px_size()
        yield across * down, columns * rows
