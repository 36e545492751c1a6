"""Which lines are headings: numbering, typography, the file's outline, and what stands around them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from index.reading.depths import Style
from index.reading.marks import BULLET, CAPTION, CHINESE_NUMBER, NEVER, NUMBERED, SOURCE, is_prose
from index.reading.paragraphs import Flow
from index.reading.sheet import OutlineItem
from index.text import fold, has_cjk, join
from index.types import Line

__all__ = ["BULLET", "CAPTION", "NUMBERED", "SOURCE", "Headings"]

_DASH = r"[.:：—–-]"
_NUMBERINGS = (  # name, pattern, whether the number alone is proof enough
    ("part", re.compile(rf"^(?:第[{CHINESE_NUMBER}\d]+[章篇部]分?|(?:PART|Part)\s+(?:[IVX]+|\d+)\b)"), True),
    ("item", re.compile(rf"^(?:ITEM|Item)\s+\d+[A-C]?\s*{_DASH}"), True),
    ("note", re.compile(rf"^(?:NOTE|Note|附注)\s*\d+\s*{_DASH}"), True),
    ("section", re.compile(rf"^第[{CHINESE_NUMBER}\d]+节"), True),
    ("chinese", re.compile(rf"^[{CHINESE_NUMBER}]+、"), True),
    ("topic", re.compile(rf"^专题[{CHINESE_NUMBER}\d]+\s*[:：]"), True),
    ("box", re.compile(rf"^(?:专栏|Box)\s*[{CHINESE_NUMBER}\d]+\s*[:：.]"), True),
    ("bracketed", re.compile(rf"^[（(][{CHINESE_NUMBER}]+[）)]"), True),
    ("decimal3", re.compile(r"^\d{1,2}\.\d{1,2}\.\d{1,2}\.?\s*(?=[^\d\s%.,])"), True),
    ("decimal2", re.compile(r"^\d{1,2}\.\d{1,2}\.?\s*(?=[^\d\s%.,，亿万元倍个亿年月pP$~～\-–+])"), False),
    ("decimal1", re.compile(r"^\d{1,2}\s*[、.．]\s*(?=\D)"), False),
    ("paren", re.compile(r"^[（(]\d{1,2}[）)]\s*(?=[^\d\s%.,，])"), False),
    ("capital", re.compile(r"^[A-Z]\.\s+(?=[A-Z])"), False),
)
_FIRST = re.compile(
    r"^(?:第?[一1]|[（(][一1][）)]|(?:part|item|note)\s*(?:i|1)\b|专[题栏][一1]|1\.1|a\.)", re.IGNORECASE
)
_SENTENCE_END = ("。", "；", "，", ";", ",", "、", "！", "？", "?")
_RUN_IN = re.compile(r"^[^：:。，,;；]{2,16}[：:]$")
_LETTERS = re.compile(r"[A-Za-z\u4e00-\u9fff]")
_MONEY = re.compile(r"[$¥€£]\s*\d|\d\s*%|\d[\d,]{4,}")
_DANGLING = re.compile(
    r"(?:\b(?:at|of|in|to|for|and|or|the|a|an|from|with|by|per|on|its|our|as|that|which|under|into)|[-–—,、（(&/])$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:officer|president|director|chairman|treasurer|controller|secretary|analyst|relations)\b|分析师|研究员|执业|@",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?:免责|特别|法律|重要|分析师|合规)(?:声明|条款|提示)|分析师承诺|评级.{0,4}(?:说明|标准|体系)"
)  # no part of a chapter
_TOP = 4  # lines at the top of a page
_REPEATED = 4  # pages: what stands at the top of so many heads a column of a table that goes on
_CENTRED = 8.0  # points that a centred line's middle may be off


class Headings:
    """Decides on headings for one report, knowing its body type and its outline."""

    def __init__(self, body: Sequence[Sequence[Line]], outline: Sequence[OutlineItem], title: str = "") -> None:
        lines = [line for page in body for line in page]
        prose = Counter[float]()
        marks = Counter[str]()
        for line in lines:
            if len(line.cells) <= 1 and is_prose(line):
                prose[line.size] += len(line.text)
            marks["all"] += len(line.text)
            marks["bold"] += len(line.text) * line.bold
            marks["italic"] += len(line.text) * line.italic
        total = max(1, prose.total())
        if not prose:
            for line in lines:
                prose[line.size] += len(line.text)
            total = 10**9
        self.body_size = prose.most_common(1)[0][0] if prose else 10.0
        self._body_sizes = [size for size, count in prose.items() if count > 0.15 * total] or [self.body_size]
        self._bold_tells = marks["bold"] < 0.4 * max(1, marks["all"])
        self._italic_tells = marks["italic"] < 0.15 * max(1, marks["all"])
        self._title = fold(title)
        tops = Counter(text for page in body for text in {fold(line.text) for line in page[:_TOP]})
        self._column_heads = {text for text, pages in tops.items() if pages >= _REPEATED}
        self._outline: dict[int, list[tuple[str, int]]] = {}
        named = [item for item in outline if not (CAPTION.match(item.title) or SOURCE.match(item.title))]
        self._levelled = len({item.level for item in named}) > 1
        for item in named:
            self._outline.setdefault(item.page, []).append((fold(item.title), item.level))

    def find(self, flow: Flow, start: int, stop: int, page: int) -> tuple[int, Style] | None:
        """The heading that begins at ``start``, as the index after its last line and its style; None for none."""
        end = self._extent(flow, start, stop)
        style = self._style(flow, start, end, stop, page)
        if style is None and end - start > 1:
            end = start + 1
            style = self._style(flow, start, end, stop, page)
        return (end, style) if style is not None else None

    def large(self, line: Line) -> bool:
        """Whether the line is in larger type than all running text."""
        return line.size >= 1.12 * max(self._body_sizes)

    def _extent(self, flow: Flow, start: int, stop: int) -> int:
        """The end of the lines that would be one heading: wrapped lines in one look."""
        lines, end = flow.lines, start + 1
        first = lines[start]
        while end < stop and end - start < 6 and not NEVER.search(first.text):
            last, line = lines[end - 1], lines[end]
            look = (abs(line.size - first.size) <= 0.3, line.bold == first.bold, line.italic == first.italic)
            near = -0.5 * line.size <= line.box.top - last.box.bottom < 0.9 * line.size
            marked = first.bold or first.italic
            goes_on = flow.continues(end) or self.large(first) or _DANGLING.search(last.text) is not None
            goes_on = goes_on or (marked and line.text[:1].islower() and abs(line.box.x0 - last.box.x0) < 3 * line.size)
            if not (all(look) and near and goes_on) or len(line.cells) > 1 or line.lead:
                break
            if BULLET.match(line.text) or SOURCE.match(line.text) or CAPTION.match(line.text) or _number(line.text):
                break
            end += 1
        return end

    def _style(self, flow: Flow, start: int, end: int, stop: int, page: int) -> Style | None:
        """The style of the lines as a heading, None when they are none."""
        lines = flow.lines[start:end]
        first = lines[0]
        text = ""
        for line in lines:
            text = join(text, line.text)
        level = self._outline_level(text, page)
        longest = 60 if has_cjk(text) else 260 if level or first.bold else 110
        if not _LETTERS.search(text) or len(text) > longest or any(len(line.cells) > 2 for line in lines):
            return None
        if CAPTION.match(text) or SOURCE.match(text) or text.endswith(_SENTENCE_END):
            return None
        alone = not (end < stop and flow.continues(end))
        large = self.large(first)
        style = Style(self._look(flow, start, end), "", False, level if self._levelled else 0, large=large)
        if self._title and fold(text) == self._title and (large or level) and page <= 3:
            return replace(style, title=True)
        number = _number(text)
        if number:
            return self._numbered(style, *number, text, first, alone)
        if BULLET.match(text) or first.lead:
            return None
        if level and (alone or first.bold or large):
            return style
        if NEVER.search(text) or _DANGLING.search(text) or self._tells_nothing(text):
            return None
        if (_MONEY.search(text) and not large) or not self._placed(flow, start, end, large):
            return None
        named = replace(style, number="legal") if _LEGAL.search(text) and len(text) <= 20 else style
        full_stop = text.endswith(".") and not re.search(r"\b(?:Inc|Corp|Co|Ltd|U\.S)\.$", text)
        if large and len(lines) <= 3 and not (full_stop or text.endswith("。")):
            return named
        if not alone or not self._marked(flow, start, end, stop, text, full_stop):
            return Style(style.look, "run-in") if alone and self._is_run_in(flow, end, stop, text) else None
        return named if self._heads(flow, end, stop) and not self._is_row(flow, end, stop) else None

    def _numbered(self, style: Style, name: str, enough: bool, text: str, first: Line, alone: bool) -> Style | None:
        """A numbered line's style: bold or large, in the outline, or alone with a numbering that lists do not have."""
        if name == "paren" and first.size < 0.95 * self.body_size:
            return None  # a note
        bold = first.bold and self._bold_tells
        bare = alone and (enough or (name == "decimal2" and not text.endswith(".")))
        if not (bare or bold or style.large or style.outline):
            return None
        return replace(style, number=name, first=bool(_FIRST.match(text)))

    def _tells_nothing(self, text: str) -> bool:
        """Whether a text is the middle of a sentence, too short for a name, or the head of a table's column."""
        short = len(fold(text)) < (2 if has_cjk(text) else 3)
        return short or text[0].islower() or fold(text) in self._column_heads

    def _marked(self, flow: Flow, start: int, end: int, stop: int, text: str, full_stop: bool) -> bool:
        """Whether lines of the size of running text are headings by their weight: bold, or italic above plain text."""
        first = flow.lines[start]
        if first.bold and self._bold_tells:
            return not full_stop or self._opens_prose(flow, end, stop)
        italic = first.italic and self._italic_tells and not _OFFICE.search(text) and not full_stop
        return italic and len(text) <= 80 and end - start == 1 and self._opens_prose(flow, end, stop)

    def _is_row(self, flow: Flow, end: int, stop: int) -> bool:
        """Whether the lines before ``end`` stand as close to a table as its own rows do."""
        if end < stop or end >= len(flow.lines):
            return False
        line = flow.lines[end - 1]
        return flow.lines[end].box.top - line.box.bottom < 0.45 * line.size

    def _is_run_in(self, flow: Flow, end: int, stop: int, text: str) -> bool:
        return bool(_RUN_IN.match(text)) and not NEVER.search(text) and self._opens_prose(flow, end, stop)

    def _look(self, flow: Flow, start: int, end: int) -> tuple[float, ...]:
        """A heading's type, the greater the higher."""
        line, text = flow.lines[start], " ".join(line.text for line in flow.lines[start:end])
        caps = text.isupper() and len(text) > 5 and not has_cjk(text)
        light = line.colour == 0xFFFFFF
        centred = self._centred(flow, start, end)
        return (round(2 * line.size) / 2, line.bold, light, caps, centred, centred or not line.italic)

    def _centred(self, flow: Flow, start: int, end: int) -> bool:
        """Whether the lines stand in the middle of their column, well in from its left edge."""
        edges = _prose_edges(flow.lines, flow.lines[start])
        if edges is None:
            return False
        left, right = edges
        line = flow.lines[end - 1]
        middle = (line.box.x0 + line.box.x1) / 2
        off, inset = abs(middle - (left + right) / 2), line.box.x0 - left
        return (off <= _CENTRED and inset > 3 * line.size) or (off <= _CENTRED / 2 and inset > line.size)

    def _placed(self, flow: Flow, start: int, end: int, large: bool) -> bool:
        """Whether the lines stand where headings do: no line beside them, at a text edge or centred."""
        line = flow.lines[start]
        if any(_beside(other, line) for other in flow.lines[max(0, start - 3) : start]):
            return False
        if any(_beside(other, flow.lines[end - 1]) for other in flow.lines[end : end + 3]):
            return False
        if large or len(line.cells) > 1:
            return len(line.cells) <= 1
        lefts = [other.box.x0 for other in flow.lines if is_prose(other)]
        if not lefts:
            return line.box.x0 <= min(other.box.x0 for other in flow.lines) + 2 * line.size
        if line.box.x0 <= min(lefts) or any(abs(line.box.x0 - left) <= 1.2 * line.size for left in lefts):
            return True
        return self._centred(flow, start, end)

    def _opens_prose(self, flow: Flow, end: int, stop: int) -> bool:
        """Whether running text in other type follows close below."""
        if end >= stop or end == 0:
            return False
        last, line = flow.lines[end - 1], flow.lines[end]
        close = -0.5 * line.size <= line.box.top - last.box.bottom < 2.2 * line.size
        other = (line.bold, line.italic) != (last.bold, last.italic) or line.lead != ""
        return close and is_prose(line) and (other or not (last.bold or last.italic))

    def _heads(self, flow: Flow, end: int, stop: int) -> bool:
        """Whether something follows that a heading can head: running text, a list, a table, a chart, a heading."""
        if end >= len(flow.lines):
            return True
        if end >= stop:
            return True  # a table or a contents list begins
        line = flow.lines[end]
        if SOURCE.match(line.text):
            return False  # a chart's title
        if _OFFICE.search(line.text) and len(line.text) < 60 and not line.text.endswith("."):
            return False  # a person and what they do
        if line.text[:1] in "(（" and not is_prose(line):
            return end + 1 < len(flow.lines)
        if BULLET.match(line.text) or CAPTION.match(line.text) or is_prose(line) or _number(line.text):
            return True
        if line.bold or line.italic or self.large(line) or line.lead:
            return True
        return len(line.cells) > 1 or len(line.text) >= (10 if has_cjk(line.text) else 30)

    def _outline_level(self, text: str, page: int) -> int:
        """The outline's level of a heading with this text on this page, 0 when it has none."""
        folded = fold(text)
        for title, level in self._outline.get(page, ()):
            if len(folded) >= 2 and (
                title == folded or (len(folded) > 5 and title.startswith(folded) and len(title) <= 1.5 * len(folded))
            ):
                return level
        return 0


def _number(text: str) -> tuple[str, bool] | None:
    """The name of a heading's numbering and whether it is proof enough."""
    return next(((name, enough) for name, pattern, enough in _NUMBERINGS if pattern.match(text)), None)


def _beside(other: Line, line: Line) -> bool:
    """Whether the two lines stand on one height."""
    shared = min(other.box.bottom, line.box.bottom) - max(other.box.top, line.box.top)
    return shared > 0.5 * min(other.box.bottom - other.box.top, line.box.bottom - line.box.top)


def _prose_edges(lines: Sequence[Line], line: Line) -> tuple[float, float] | None:
    """Where the running text around ``line`` begins and ends, in points; None when there is none."""
    around = [o for o in lines if is_prose(o) and o.box.x0 <= line.box.x1 and o.box.x1 >= line.box.x0]
    if not around:
        return None
    return min(o.box.x0 for o in around), max(o.box.x1 for o in around)
