"""Where things on a PDF page are seen: its own coordinates to those of the page as shown, turned and cropped."""

import math
from dataclasses import dataclass
from typing import Any

from index.types import Box


@dataclass(frozen=True, slots=True)
class Placement:
    """How a page is shown: the part of its coordinates that is seen, and the clockwise quarter turns it is given.

    A PDF counts points from any corner that its boxes name, upwards, before ``/Rotate`` turns the page (ISO 32000-1,
    14.11.2 and table 30); :class:`~index.types.Box` counts them from the top left corner of what is shown.
    """

    left: float
    bottom: float
    right: float
    top: float
    turns: int = 0

    @classmethod
    def of(cls, page: Any) -> "Placement":
        """The placement of a pypdfium2 page."""
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, page.get_rotation() // 90 % 4)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The shown box of a rectangle in the page's own coordinates."""
        if self.turns == 0:
            return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)
        if self.turns == 1:
            return Box(bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        if self.turns == 2:
            return Box(self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        return Box(self.top - top, self.right - right, self.top - bottom, self.right - left)

    def upright(self, a: float, b: float) -> bool:
        """Whether text with the matrix ``a b …`` runs along the shown page's lines rather than across them."""
        along, across = (a, b) if self.turns % 2 == 0 else (b, a)
        return abs(across) <= 0.2 * math.hypot(along, across)
