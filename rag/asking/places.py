"""Places in a report that a question names: a section, a numbered table or figure, a page."""

import re
import unicodedata
from dataclasses import dataclass

from index.text import CJK
from index.traditional import simplified
from index.types import Hit

_DOCUMENT = r"(?:[\w'’&.-]+ ){0,4}(?:report|research|document|note)\b"
# What asks who may use a report, and how: not what it says.
USE = (
    r"^(?=.*(?:这|本|该|此)[份篇]?(?:研究)?(?:研报|报告)).*(?:能|可以|可否|允许|许可).{0,15}"
    r"(?:转载|引用|转发|分发|转给|发给|复制|刊发|外传|使用|来用)"
    r"|\b(?:can|may|could|(?:am|are|is)(?= .{0,20}(?:allowed|permitted|free))) (?:I|we|they|one|anyone|clients?"
    r"|(?:my|our|a) \w+)\b.{0,30}\b(?:use|redistribute|distribute|quote|reproduce|copy|share|forward|circulate|cite"
    rf"|rely on)\b.{{0,12}}\b(?:this|the) {_DOCUMENT}"
    rf"|\b(?:this|the) {_DOCUMENT} be (?:used|shared|copied|forwarded|quoted"
    r"|reproduced|(?:re)?distributed|circulated|cited|relied)\b"
)

# Sections that reports of the field have, by what questions call them: then what their headings say.
_SECTIONS = tuple(
    (re.compile(asked, re.IGNORECASE), heading)
    for asked, heading in (
        (
            r"\bMD&A\b|management'?s? discussion|管理层讨论|经营情况讨论|经营层讨论",
            r"management.s discussion|管理层讨论|经营情况讨论",
        ),
        (
            r"\brisk factors?\b|风险提示|风险因素|风险揭示",
            r"risk factor|principal risks|风险提示|风险因素|风险揭示|主要风险",
        ),
        (r"\bbalance sheets?\b|资产负债表", r"balance sheet|statements? of financial position|资产负债表"),
        (r"\bcash flow statements?|\bstatements? of cash flows?|现金流量表", r"statements? of cash flows?|现金流量表"),
        (
            r"\bincome statements?|\bstatements? of (?:operations|income|earnings)|利润表|损益表",
            r"statements? of (?:consolidated )?(?:operations|income|earnings)|income statement|利润表|损益表",
        ),
        (r"投资建议|investment (?:advice|recommendations?)", r"投资建议|investment (?:advice|recommendation|view)"),
        (r"\blegal proceedings\b|重大诉讼", r"legal proceedings|litigation|诉讼"),
        (
            USE,
            r"声明|disclaimer|disclosures?$|important (?:notice|information)|terms of use|copyright",
        ),
    )
)
_ITEM = re.compile(r"\bitem\s*(\d{1,2}[A-C]?)(?![\d.])", re.IGNORECASE)
_NOTE = re.compile(r"\bnote\s*(\d{1,2})(?![\d.])|附注 ?(\d{1,2})(?![\d.])", re.IGNORECASE)
_CHAPTER = re.compile(r"第 ?([一二三四五六七八九十\d]{1,3}) ?([章节部])")
# "投资建议里", "行业新闻部分": the words before such a mark may be a heading, or end in one.
_INSIDE = re.compile(
    rf"([{CJK}A-Za-z0-9&]{{2,16}})(?:部分|板块|栏目|章节|这一[节章]|[一]节|里面?|当中|中(?=[，,提说是有怎如对给的]))"
)
_IN_SECTION = re.compile(
    r"\b(?:in|under|from|of) (?:the |its |their )?[\"“‘']?([A-Za-z][\w&',/ -]{2,60}?)[\"”’']?,?"
    r" (?:section|chapter|part)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?<![代发列])(图表|图|表)\s*(\d{1,3}(?:[-–.]\d{1,3})*)(?![\d%亿万年月])|\b(table|figure|fig\.?|exhibit|chart)\s+(\d{1,3}(?:[-–.]\d{1,3})*)",
    re.IGNORECASE,
)
_FIRST = re.compile(r"首页|封面|第一页|\b(?:front|first|cover|title) page\b", re.IGNORECASE)
_LAST = re.compile(r"最后一页|末页|\b(?:last|final|back) page\b", re.IGNORECASE)
_PAGE = re.compile(r"第 ?(\d{1,4}) ?页|\b(?:page|p\.) ?(\d{1,4})\b", re.IGNORECASE)
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+(?:\.\d+)*[.、]?|第.{1,3}[章节部分])\s*"
)
_PART = re.compile("(?:部分|板块|栏目?|章节|这?一[节章])$")
_REPORT = frozenset("报告 研报 本报告 该报告 这份报告 周报 年报 其 文".split(" "))
_LABEL_NAMES = {
    "图表": "(?:图表|图|表)",
    "图": "图表?",
    "表": "(?:图表|表)",
    "fig": "fig(?:ure|\\.)?",
    "figure": "fig(?:ure|\\.)?",
}
LAST = -1


@dataclass(frozen=True, slots=True)
class Places:
    """What a hit must have to stand in a place that was named; empty where none was.

    ``headings`` are patterns of headings, ``endings`` what a heading may be the end of, ``labels`` patterns of the
    labels of tables and figures, ``pages`` 1-based, LAST for the last.
    """

    headings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.headings or self.endings or self.labels or self.pages)

    def has(self, hit: Hit, last_page: int) -> bool:
        """Whether a hit stands in one of them, in a report with so many pages."""
        return self._on_page(hit, last_page) or self._in_section(hit) or self._labelled(hit)

    def _on_page(self, hit: Hit, last_page: int) -> bool:
        return hit.page in self.pages or (LAST in self.pages and hit.page == last_page)

    def _in_section(self, hit: Hit) -> bool:
        if not (self.headings or self.endings) or not hit.section:
            return False
        parts = [_NUMBERING.sub("", part) for part in hit.section.split(" › ")]
        if any(
            re.search(heading, part, re.IGNORECASE) for heading in self.headings for part in hit.section.split(" › ")
        ):
            return True
        return any(_ends_in(ending, part) for ending in self.endings for part in parts)

    def _labelled(self, hit: Hit) -> bool:
        return any(re.search(label, f"{hit.context}\n{hit.text}", re.IGNORECASE) for label in self.labels)


def places(question: str) -> Places:
    """The places that ``question`` names."""
    text = simplified(unicodedata.normalize("NFKC", question))
    headings = [heading for asked, heading in _SECTIONS if asked.search(text)]
    headings += [rf"^item\s*{match[1]}\b" for match in _ITEM.finditer(text)]
    headings += [rf"^(?:note )?{match[1] or match[2]}(?:[.:—–-]|\s)" for match in _NOTE.finditer(text)]
    headings += [rf"^第 ?{match[1]} ?{match[2]}" for match in _CHAPTER.finditer(text)]
    inside = [*_INSIDE.finditer(text), *_IN_SECTION.finditer(text)]
    endings = [bare for match in inside if len(bare := _PART.sub("", match[1])) > 1 and bare not in _REPORT]
    labels = [_label(match[1] or match[3], match[2] or match[4]) for match in _LABEL.finditer(text)]
    pages = [1] * bool(_FIRST.search(text)) + [LAST] * bool(_LAST.search(text))
    pages += [int(match[1] or match[2]) for match in _PAGE.finditer(text)]
    return Places(tuple(headings), tuple(endings), tuple(labels), tuple(pages))


def _label(name: str, number: str) -> str:
    low = name.lower().rstrip(".")
    return rf"{_LABEL_NAMES.get(low, low)}\s*{re.escape(number)}(?!\d|[-–.]\d)"


def _ends_in(words: str, heading: str) -> bool:
    """Whether a heading says what ``words`` end in, at least four characters of it or all, and little else."""
    bare, heading = words.lower().strip(), heading.lower().strip()
    for start in range(len(bare)):
        rest = bare[start:]
        if len(rest) < 2:
            return False
        if start and rest[0].isascii() and bare[start - 1] != " ":
            continue
        if rest in heading and (rest == heading or (len(rest) >= 4 and len(rest) >= 0.4 * len(heading))):
            return True
    return False
