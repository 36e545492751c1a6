"""The picture of a page to pieces of text with their places and sizes: RapidOCR's models and measures of the ink."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ReadError
from index.reading.ink import Ink, measure
from index.reading.pieces import Piece
from index.text import has_cjk
from index.types import Box

Image = NDArray[np.uint8]
_DETECTION_SIDE = 1280  # pixels of the longer side at which text is looked for
_UNSURE = 0.8  # mean confidence below which a page is tried the other way up
_TRIED = 12  # of its pieces that are read for that
_BOLD = 1.22  # times the stroke that is expected
_BLUR = 0.5  # of a stroke's width in a scan that does not shrink with the type
_TELLING = 4  # characters whose strokes tell bold from regular type
_STEP = 4  # line heights that widths are rounded up to
_STRAIGHT = 0.15  # degrees of slant that do no harm


@dataclass(frozen=True, slots=True)
class _Read:
    """Text of one piece, how sure the model is of it (0 to 1), and its ink in pixels."""

    text: str
    score: float
    ink: Ink


class Recogniser:
    """Finds and reads text in pictures of pages. Holds both models: 500 to 700 MB with their working memory."""

    def __init__(self, threads: int) -> None:
        import rapidocr

        folder = Path(rapidocr.__file__).parent / "models"
        engine = rapidocr.EngineType.OPENVINO
        self._engine: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": 1_000_000,  # the caller limits the picture
                "Global.use_cls": False,
                "Det.engine_type": engine,
                "Det.model_path": _model(folder, "det"),
                "Det.limit_type": "max",
                "Det.limit_side_len": _DETECTION_SIDE,
                "Rec.engine_type": engine,
                "Rec.model_path": _model(folder, "rec"),
                "Rec.rec_batch_num": 1,
                "EngineConfig.openvino.inference_num_threads": threads or -1,
            }
        )

    def read(self, image: Image, scale: float) -> tuple[int, list[Piece]]:
        """The pieces of text in ``image`` (height, width, BGR), ``scale`` pixels a point.

        First value: by how many quarters, counter-clockwise, the picture had to be turned for the text to stand
        upright; boxes are in points of the turned picture. A slanting one is straightened about its middle as well,
        and boxes are then where the text would stand without the slant: a few points off, but lines are level.
        """
        turned, image, quads = self._upright(np.ascontiguousarray(image))
        slant = _slant(quads)
        if abs(slant) > _STRAIGHT:
            image = _straighten(image, slant)
            quads = self._detect(image)
        found = self._read(image, quads)
        usual = _usual(found)
        return turned, [_piece(read, scale, usual) for read in found]

    def _upright(self, image: Image) -> tuple[int, Image, NDArray[np.float32]]:
        """The image turned so that its text stands upright, by how many quarters, and where text is."""
        quads = self._detect(image)
        if not len(quads):
            return 0, image, quads
        lying = _lying(quads)
        if not lying and self._sureness(image, quads) >= _UNSURE:
            return 0, image, quads
        best = (-1.0 if lying else self._sureness(image, quads), 0, image, quads)
        for turn in (1, 3) if lying else (2,):
            other = np.ascontiguousarray(np.rot90(image, turn))
            found = self._detect(other)
            best = max(best, (self._sureness(other, found), turn, other, found), key=lambda tried: tried[0])
        return best[1:]

    def _detect(self, image: Image) -> NDArray[np.float32]:
        """Corners of the pieces of text in pixels, clockwise from the top left one: (pieces, 4, 2)."""
        boxes = self._engine(image, use_det=True, use_cls=False, use_rec=False).boxes
        return np.zeros((0, 4, 2), np.float32) if boxes is None else np.asarray(boxes, np.float32)

    def _sureness(self, image: Image, quads: NDArray[np.float32]) -> float:
        """The mean confidence in the widest pieces."""
        widest = sorted(quads, key=lambda quad: -float(np.ptp(quad[:, 0])))[:_TRIED]
        scores = [read.score for read in self._read(image, np.asarray(widest))]
        return sum(scores) / len(scores) if scores else 0.0

    def _read(self, image: Image, quads: NDArray[np.float32]) -> list[_Read]:
        inks = [ink for quad in quads for ink in measure(image, quad)]
        if not inks:
            return []
        found = self._engine.recognize_txt([_widened(image[ink.crop]) for ink in inks])
        triples = zip(found.txts, found.scores, inks, strict=True)
        read = [_Read("•", 1.0, ink) if ink.dot else _Read(text, float(score), ink) for text, score, ink in triples]
        return [piece for piece in read if piece.text.strip() and piece.score >= 0.5]


def _model(folder: Path, kind: str) -> str:
    """The model that the package carries for finding ("det") or reading ("rec") text."""
    found = sorted(folder.glob(f"*_{kind}_*.onnx"))
    if not found:
        raise ReadError("The package rapidocr came without its models.", "Install rapidocr 3.10 or a later 3.x anew.")
    return str(found[0])


def _widened(crop: Image) -> Image:
    """A piece of the picture with blank paper on its right, so that few different widths come up.

    The runtime prepares itself for every new width, which costs more time and memory than the blank.
    """
    height, width = crop.shape[:2]
    step = height * _STEP
    missing = int(-width % step)
    paper = np.median(crop, axis=(0, 1)).astype(np.uint8)
    return np.concatenate([crop, np.broadcast_to(paper, (height, missing, 3))], axis=1)


def _lying(quads: NDArray[np.float32]) -> bool:
    """Whether most text runs up or down."""
    sizes = np.ptp(quads, axis=1)
    tall = sizes[:, 1] > 1.5 * sizes[:, 0]
    return bool(sizes[tall, 1].sum() > sizes[~tall, 0].sum())


def _slant(quads: NDArray[np.float32]) -> float:
    """By how many degrees, clockwise, most lines fall; 0 when it cannot be told."""
    top = quads[:, 1] - quads[:, 0]
    length = np.hypot(top[:, 0], top[:, 1])
    wide = length > 10 * (quads[:, 3, 1] - quads[:, 0, 1])
    if wide.sum() < 3:
        return 0.0
    angle = float(np.median(np.degrees(np.arctan2(top[wide, 1], top[wide, 0]))))
    return angle if abs(angle) < 15 else 0.0


def _straighten(image: Image, slant: float) -> Image:
    """The image turned about its middle by ``slant`` degrees, so that lines are level."""
    import cv2

    height, width = image.shape[:2]
    forth = cv2.getRotationMatrix2D((width / 2, height / 2), slant, 1.0)
    level = cv2.warpAffine(image, forth, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(level, np.uint8)


def _usual(found: Sequence[_Read]) -> dict[bool, tuple[float, float]]:
    """(stroke, font size) in pixels of most text, for Chinese (True) and other text, whose strokes differ."""
    usual = {}
    for chinese in (True, False):
        alike = [read for read in found if has_cjk(read.text) is chinese]
        strokes = [read.ink.stroke for read in alike for _ in read.text]
        sizes = [read.ink.fitted(read.text)[0] for read in alike for _ in read.text]
        usual[chinese] = (median(strokes), median(sizes)) if alike else (1.0, 1.0)
    return usual


def _piece(read: _Read, scale: float, usual: dict[bool, tuple[float, float]]) -> Piece:
    size, top, bottom = read.ink.fitted(read.text)
    box = Box(*(edge / scale for edge in (read.ink.x0, top, read.ink.x1, bottom)))
    usual_stroke, usual_size = usual[has_cjk(read.text)]
    expected = usual_stroke * (_BLUR + (1 - _BLUR) * size / usual_size)
    bold = len(read.text) >= _TELLING and read.ink.stroke > _BOLD * expected
    return Piece(read.text, box, size / scale, bold)
