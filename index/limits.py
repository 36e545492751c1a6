"""What one file may cost to read."""

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Ocr:
    """Whether and how pictures are read: ``mode`` auto or off, pixels a page may have, CPU threads (0 for all)."""

    mode: Literal["auto", "off"] = "auto"
    max_pixels: int = 10_000_000
    threads: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` and ``memory_mb`` (of one reading process) for a file, its ``pages`` and size, how it is read by OCR.

    Memory is held on systems that have POSIX resource limits; time everywhere.
    """

    seconds: float = 600.0
    memory_mb: int = 2048
    pages: int = 5000
    file_mb: int = 200
    ocr: Ocr = Ocr()

    @property
    def file_bytes(self) -> int:
        """The size limit in bytes."""
        return self.file_mb * 1_000_000


def render_scale(width: float, height: float, wanted: float, pixels: int) -> float:
    """The scale, at most ``wanted`` pixels a point, that draws a page of this size (points) within ``pixels``.

    0 for a page that has no size or one that cannot be drawn with at least one pixel a side.
    """
    if not (math.isfinite(width) and math.isfinite(height) and width > 0 and height > 0):
        return 0.0
    scale = min(wanted, math.sqrt(pixels / (width * height)))
    return scale if scale * min(width, height) >= 1 else 0.0
