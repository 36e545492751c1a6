"""Footnotes: small type with a mark, or under a short rule, at the foot of a page or of a table."""

import re
from collections import Counter
from collections.abc import Sequence

from index.reading.marks import is_prose
from index.reading.sheet import Rule
from index.types import Line

_MARK = re.compile(r"^(?:\d{1,2}(?=\s?[^\d\s.,、%年月日])|[*†‡§]{1,3}|[①-⑳]|[（(](?:\d{1,2}|[a-z])[)）])\s*")
_SMALLER = 0.9  # of the running text's size
_FOOT = 0.45  # share of the page's height below which footnotes stand


def find_footnotes(lines: Sequence[Line], height: float, body_size: float, rules: Sequence[Rule]) -> int:
    """The index of the first of the lines at the end of a page that are footnotes; their number when none are.

    ``body_size`` is the size of the report's running text in points.
    """
    sizes = Counter(line.size for line in lines if is_prose(line))
    usual = any(size >= body_size - 0.3 for size in sizes) or not sizes
    body = body_size if usual else sizes.most_common(1)[0][0]
    start = len(lines)
    while start > 0:
        line = lines[start - 1]
        if line.size > _SMALLER * body or line.box.top < _FOOT * height or len(line.cells) > 2:
            break
        start -= 1
    while start < len(lines):
        line = lines[start]
        if (_MARK.match(line.text) or _under_rule(line, rules)) and (is_prose(line) or start + 1 == len(lines)):
            return start
        start += 1
    return len(lines)


def is_mark(text: str, raised: bool = True) -> bool:
    """Whether a line begins like a footnote; ``raised`` also takes bare numbers, which are raised in print."""
    return _MARK.match(text) is not None and (raised or not text[0].isdigit())


def _under_rule(line: Line, rules: Sequence[Rule]) -> bool:
    """Whether a short rule stands close above the line, as above footnotes."""
    return any(
        rule.horizontal
        and 0 <= line.box.top - rule.box.bottom <= 1.5 * line.size
        and 40 <= rule.box.x1 - rule.box.x0 <= 220
        and abs(rule.box.x0 - line.box.x0) <= 2 * line.size
        for rule in rules
    )
