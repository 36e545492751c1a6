"""How deep headings are: by the file's outline, by their numbering, by their type."""

from collections.abc import Sequence
from dataclasses import dataclass

ORDER = (  # numberings from the highest to the lowest
    "part", "item", "section", "chinese", "note", "topic", "bracketed", "decimal1", "paren", "decimal2", "decimal3",
    "capital",
)  # fmt: skip
_FILING = {"part", "item", "note"}  # what stands under them is in the same type, yet below them
_CHAPTERS = {"part", "item", "section", "chinese"}

_LEAVES = {"box", "run-in"}  # nothing stands below them


@dataclass(frozen=True, slots=True)
class Style:
    """What tells a heading's depth.

    ``number`` is its numbering's name in ORDER, or "box" for a box of its own inside a section, "run-in" for
    the name of what follows, "legal" for a disclaimer's heading, "" for none; ``first``
    says that it counts one. ``look`` is its type, the greater the higher: size in points, then weight and place.
    ``outline`` is its level in the file's outline from 1, 0 when it is not there. ``title`` marks the report's title.
    """

    look: tuple[float, ...]
    number: str = ""
    first: bool = False
    outline: int = 0
    title: bool = False
    large: bool = False


class Depths:
    """Gives headings their depths from 1, in reading order: a heading closes those that it outranks or equals."""

    def __init__(self, styles: Sequence[Style]) -> None:
        starts = [style.number for style in styles if style.first]
        others = max((style.look[0] for style in styles if not style.title), default=0.0)
        self._titles = {style for style in styles if style.title and style.look[0] > others + 0.3}
        self._once = {name for name in _CHAPTERS if starts.count(name) == 1} | {"part"}
        self._stack: list[Style] = []

    def depth(self, style: Style) -> int:
        """The depth of the heading of this style that comes next."""
        if style in self._titles:
            self._stack = [style]
            return 1
        if style.number in ORDER:
            rank = ORDER.index(style.number)
            for depth, open_one in enumerate(self._stack):
                if open_one.number in ORDER and ORDER.index(open_one.number) >= rank:
                    del self._stack[depth:]
                    break
        while self._stack and self._closes(style, self._stack[-1]):
            self._stack.pop()
        self._stack.append(style)
        return len(self._stack)

    def _closes(self, new: Style, old: Style) -> bool:
        """Whether the heading ``new`` ends the section of ``old``, the deepest one open."""
        if old in self._titles:
            return False
        if old.number in _LEAVES or new.number == "legal":
            return True
        if new.number in _LEAVES:
            return False
        if new.outline and old.outline:
            return old.outline > new.outline or (old.outline == new.outline and new.look >= old.look)
        larger = new.look[0] > old.look[0] + 0.3
        same = not larger and new.look[0] >= old.look[0] - 0.3
        if new.number and old.number:
            return False  # what is to be closed is closed
        if new.number:
            return new.number in self._once or larger
        if old.number:
            return larger or (same and old.number not in _FILING and (old.large or new.look > old.look))
        return new.look >= old.look
