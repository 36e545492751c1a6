"""Which lines are headings, and how deep: numbering, typography, the file's outline, run-in names."""

import re
from collections.abc import Sequence

from index.reading.sheet import OutlineItem
from index.text import fold, has_cjk
from index.types import Line

_CHINESE_NUMBER = "一二三四五六七八九十百"
_NUMBERINGS = (  # name, pattern, whether the number alone is proof enough
    ("part", re.compile(rf"^(?:第[{_CHINESE_NUMBER}\d]+[章篇部]分?|(?:PART|Part)\s+[IVX]+\b)"), True),
    ("item", re.compile(r"^(?:ITEM|Item)\s+\d+[A-C]?\s*[.:—–-]"), True),
    ("note", re.compile(r"^(?:NOTE|Note)\s+\d+\s*[.:—–-]"), True),
    ("section", re.compile(rf"^第[{_CHINESE_NUMBER}\d]+节"), True),
    ("chinese", re.compile(rf"^[{_CHINESE_NUMBER}]+、"), True),
    ("专题", re.compile(rf"^专题[{_CHINESE_NUMBER}\d]+\s*[:：]"), True),
    ("bracketed", re.compile(rf"^[（(][{_CHINESE_NUMBER}]+[）)]"), True),
    ("decimal3", re.compile(r"^\d{1,2}\.\d{1,2}\.\d{1,2}\.?\s*(?=[^\d\s%.,])"), True),
    ("decimal2", re.compile(r"^\d{1,2}\.\d{1,2}\.?\s*(?=[^\d\s%.,，亿万元倍个亿年月pP$~～\-–+])"), False),
    ("decimal1", re.compile(r"^\d{1,2}\s*[、.．]\s*(?=\D)"), False),
    ("capital", re.compile(r"^[A-Z]\.\s+(?=[A-Z])"), False),
)
_CHAPTERS = {"number:part", "number:item", "number:chinese", "number:section"}
_SENTENCE_END = ("。", "；", "，", ";", ",", "、", "！", "？", "?")
CAPTION = re.compile(
    r"^(?:图表?|表格?|附表|附图|Figure|Fig\.|Table|Chart|Exhibit)\s*[A-Z]?\d+(?:[-.]\d+)*\s*[:：.、|\s]", re.IGNORECASE
)
SOURCE = re.compile(r"^(?:资料来源|数据来源|来源|注释?|备注|Sources?|Notes?)\s*[:：]", re.IGNORECASE)
BULLET = re.compile(r"^(?:[•●○▪■◆➢►✓\-–—*·]\s*|\(?\d{1,2}[)）]\s*|[(（]\d{1,2}[)）]|[①-⑳]|\d{1,2}、)")
NUMBERED = re.compile(
    rf"^(?:\d{{1,2}}(?:\.\d{{1,2}}){{0,2}}[.、．]?\s*(?=[^\d\s%.,，。年月日亿万])|[{_CHINESE_NUMBER}]+、|[（(][{_CHINESE_NUMBER}]+[）)])"
)
_RUN_IN = re.compile(r"^[^：:。，,;；]{2,16}[：:]$")
_LETTERS = re.compile(r"[A-Za-z\u4e00-\u9fff]")
_MONEY = re.compile(r"[$¥€£]\s*\d|\d\s*%|\d[\d,]{4,}")


class Headings:
    """Decides on headings for one report, knowing its body type and its outline."""

    def __init__(self, lines: Sequence[Line], outline: Sequence[OutlineItem]) -> None:
        weights: dict[float, int] = {}
        bold = total = 0
        for line in lines:
            weights[line.size] = weights.get(line.size, 0) + len(line.text)
            total += len(line.text)
            bold += len(line.text) if line.bold else 0
        self.body_size = max(weights, key=lambda size: weights[size]) if weights else 10.0
        self._bold_tells = bold < 0.4 * max(1, total)
        self._outline: dict[int, list[tuple[str, int]]] = {}
        for item in outline:
            if not (CAPTION.match(item.title) or SOURCE.match(item.title)):
                self._outline.setdefault(item.page, []).append((fold(item.title), item.level))

    def style(self, line: Line, page: int, alone: bool) -> str:
        """What kind of heading the line is ("" for none): lines of one style are of one depth.

        ``alone`` says that the line neither continues the one before nor runs on into the next.
        """
        text = line.text
        longest = 48 if has_cjk(text) else 110
        if len(line.cells) > 2 or not _LETTERS.search(text) or len(text) > longest:
            return ""
        if CAPTION.match(text) or SOURCE.match(text) or text.endswith(_SENTENCE_END) or BULLET.match(text):
            return ""
        large = line.size >= 1.12 * self.body_size
        bold = line.bold and self._bold_tells
        for name, pattern, enough in _NUMBERINGS:
            if pattern.match(text):
                if (enough and (alone or bold or large)) or bold or large or (alone and name == "decimal2"):
                    return f"number:{name}"
                return ""
        if self._in_outline(text, page) and (alone or bold or large):
            return f"type:{line.size:.0f}:{bold:d}"
        if _MONEY.search(text) and not large:
            return ""
        if len(line.cells) == 1 and (large or (bold and alone)) and len(text) > 1 and not text.endswith(("。", ".")):
            return f"type:{line.size:.0f}:{bold:d}"
        if alone and _RUN_IN.match(text):
            return "run-in"
        return ""

    def _in_outline(self, text: str, page: int) -> bool:
        folded = fold(text)
        return any(
            folded == title or (len(folded) > 5 and title.startswith(folded))
            for title, _ in self._outline.get(page, ())
        )


class Depths:
    """Turns heading styles into depths: a style seen above goes back to its depth, a new one goes below."""

    def __init__(self) -> None:
        self._stack: list[tuple[str, float]] = []

    def depth(self, style: str, size: float) -> int:
        """The depth, from 1, of a heading of this style and size (points) that comes next."""
        for depth, (known, _) in enumerate(self._stack):
            if known == style:
                del self._stack[depth + 1 :]
                return depth + 1
        order = _order(style)
        while self._stack and self._above(style, size, order):
            self._stack.pop()
        self._stack.append((style, size))
        return len(self._stack)

    def _above(self, style: str, size: float, order: int) -> bool:
        """Whether the new style outranks the deepest one open."""
        last_style, last_size = self._stack[-1]
        last_order = _order(last_style)
        if order >= 0 and last_order >= 0:
            return order < last_order
        if last_style == "run-in":
            return True
        if style in _CHAPTERS and abs(size - last_size) <= 0.5:
            return True  # a chapter after a foreword in the same type is no part of it
        return style != "run-in" and size > last_size + 0.5


def _order(style: str) -> int:
    """A numbering's usual rank, -1 for styles without one."""
    names = [name for name, _, _ in _NUMBERINGS]
    return names.index(style.removeprefix("number:")) if style.startswith("number:") else -1
