"""Tables of contents and lists of figures, on a page of their own or on a part of one."""

import re
from collections.abc import Sequence

from index.text import has_cjk
from index.types import Line

_TITLE = re.compile(
    r"^(?:目\s*录|(?:内容|正文|图表|图|表|插图|表格)目录|图表索引|(?:table of )?contents|index to .{3,60}"
    r"|list of (?:figures|tables|exhibits|charts)|item no\.?\s+page)$",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|·{4,}|_{4,}|(?:\s\.){4,}")
_ENDS_IN_PAGE = re.compile(r"(?P<lead>(?:\.\s?){4,}|…{2,}|·{4,}|_{4,}|\s)\s*(?P<page>\d{1,3}|[A-Z]-\d{1,3})\s*$")
_FIGURE = re.compile(r"^[$¥(\-–]*\d[\d,.%)]*$")
_FEWEST = 3  # entries under a title, or with leaders
_FEWEST_BARE = 6  # entries that only end in page numbers
_LAST_PAGE = 900


def find_contents(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """The stretches ``lines[start:end]`` that list headings or figures with their pages, in order.

    An entry ends in a page number after leaders or a wide gap; page numbers never fall. Under a title such as
    "Contents" three entries make a list, also when lines without a page stand between them, elsewhere six.
    """
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(lines):
        titled = bool(_TITLE.match(lines[index].text))
        end = _stretch(lines, index + titled, titled)
        if end > index + titled:
            start = index - 1 if not titled and index and _TITLE.match(lines[index - 1].text) else index
            found.append((start, end))
            index = end
        else:
            index += 1
    return found


def _stretch(lines: Sequence[Line], start: int, titled: bool) -> int:
    """The end of the list that begins at ``start``, or ``start`` when there is none."""
    entries, leaders, last, page, loose = 0, 0, start, 0, 0
    index = start
    while index < len(lines) and loose <= (3 if titled else 1):
        line = lines[index]
        number = _page(line)
        if number is not None and number >= page:
            entries, page, last, loose = entries + 1, number, index + 1, 0
            leaders += bool(_LEADERS.search(line.text))
        elif _LEADERS.search(line.text):
            entries, leaders, last, loose = entries + 1, leaders + 1, index + 1, 0
        elif _is_prose(line) or not (titled or entries):
            break
        else:
            loose += 1
        index += 1
    if (entries >= _FEWEST and (titled or leaders >= 0.6 * entries)) or (entries >= _FEWEST_BARE and page > entries):
        return _tail(lines, last) if titled else last
    return start


def _tail(lines: Sequence[Line], end: int) -> int:
    """The end of a list with the short entries without a page that close it."""
    after = end
    while after < len(lines) and after - end <= 4 and len(lines[after].cells) <= 1 and not _is_prose(lines[after]):
        after += 1
    return after if after == len(lines) else end


def _page(line: Line) -> int | None:
    """The page that an entry leads to; None when the line is none."""
    found = _ENDS_IN_PAGE.search(line.text)
    if not found:
        return None
    name = line.text[: found.start()]
    if sum(char.isalpha() for char in name) < 2:
        return None
    if not found["lead"].strip() and (len(line.cells) < 2 or _FIGURE.match(line.cells[-2].text)):
        return None
    if len(line.cells) > 3:
        return None
    number = int(found["page"].rsplit("-", 1)[-1])
    return number if number <= _LAST_PAGE else None


def _is_prose(line: Line) -> bool:
    letters = sum(1.0 if has_cjk(char) else 0.45 for char in line.text)
    return letters >= 38 or line.text.endswith(("。", "；"))
