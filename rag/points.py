"""The points of a report: sentences that say something by themselves, weighed by where they stand and what they hold.

Similarity to a question finds nothing when the question is "summarise this". What a report thinks important shows in
its section tree: what stands on its first page, under which heading, and first under it.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log

from index.text import has_cjk, words
from index.types import BlockKind, Hit, Sentence
from rag.figures import find

_TEXT = {BlockKind.PARAGRAPH, BlockKind.HEADING}
_ASIDE = re.compile(  # what every report has and says nothing of its subject, with all that stands below it
    r"免责|声明|评级.{0,4}说明|评级标准|联系方式|联系我们|相关报告|目录|disclaimer|exhibits?\b|signatures?\b|glossary|part (?:iii|iv)\b"
    r"|notes? to (?:the )?(?:condensed |consolidated )*financial|item (?:1b|4|5|8|9[abc]?|1[0-6])\b|table of contents",
    re.IGNORECASE,
)
_ASIDE_ITSELF = re.compile(  # the same, but other sections often stand below it
    r"作者|分析师|研究团队|走势$|forward.looking|cautionary statement|safe harbor|incorporated by reference|conference call|web ?cast"
    r"|question and answer|contacts?$|^about\b|available information|website|unresolved staff|controls and procedures|executive officers"
    r"|directors|legal proceedings|securities registered|basis of presentation|accounting (?:policies|pronouncements|estimates)"
    r"|^non.gaap|non.gaap (?:financial )?(?:measures|information)|reconciliation|^notes? \d|report of independent|unregistered"
    r"|rule 10b5|performance graph|shareholder return perf|certification|guarantor|obligor|supplemental|patents|intellectual property"
    r"|properties|reclassification|human capital|diversity|governmental (?:laws|regulation)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"要点|摘要|核心观点|主要观点|周观点|月观点|观点$|提要|导读|核心结论|投资逻辑|内容概要|前言"
    r"|summary|highlights|key (?:points|takeaways|messages|findings)|at a glance|abstract"
    r"|letter to (?:our )?(?:share|stock)holders|dear (?:fellow )?shareholders",
    re.IGNORECASE,
)
_TELLING = re.compile(  # headings under which results and views stand, with more or less weight in it than others
    r"展望|预测|研判|前景|业绩|盈利|建议|结论|数据|行情"
    r"|outlook|guidance|results|overview|net sales|revenues?|gross profit|operating income|net income|earnings"
    r"|liquidity|cash flows?$|for the (?:full year|(?:first|second|third|fourth) quarter)|the company$|general$",
    re.IGNORECASE,
)
_MEASURE = re.compile(  # what a statement of results begins with
    r"^.{0,60}\b(?:net sales|(?:net |operating |total )*revenues?|operating income|net income|earnings per share|eps|comparable sales|gross (?:profit|margin)"
    r"|free cash flow|ebitdar?|guidance|dividends?)\b|^.{0,24}(?:营收|营业收入|净利润|毛利率|GDP|增速)",
    re.IGNORECASE,
)
_FILING = re.compile(r"^(?:part i\b|item\s*1\b)", re.IGNORECASE)
_STATEMENTS = re.compile(r"financial statements|balance sheets?|statements? of|item 8|item 1\. financial", re.IGNORECASE)
_NO_POINT = re.compile(
    r"资料来源|数据来源|来源[：:]|请(?:务必)?参阅|详见|如图|见图|见表|下表|如下[：:]|执业|电话|邮箱|邮编|传真|联系人|课题组|@|https?:|www\."
    r"|本报告(?:仅|由|的|所)|本期报告|为演示|虚构"
    r"|\b(?:refer(?:red)? to|see (?:note|item|part|also|[“\"(])|set forth|incorporated|in conjunction with|forward-looking"
    r"|for (?:further|more|additional) (?:information|details?)|registrant|unaudited|conference call|webcast|references to"
    r"|unless (?:the context|otherwise)|exhibit \d|form 10-|form 8-|securities (?:act|and exchange)|fiscal year ends?"
    r"|the following (?:table|factor|discussion|section|risk|sets)|table (?:below|above)|shown (?:below|above)|as follows"
    r"|(?:are|is) (?:a )?non-gaap|trademarks?|not applicable|this (?:annual |quarterly )?report|our website"
    r"|notes due (?:20|[a-z])|is a discussion|discussed in order|metric used|is a metric|is calculated|is defined|not meaningful|on a non-gaap basis|today (?:reported|announced) (?:its )?(?:financial )?results|dollars in millions|in (?:millions|thousands)\b)",
    re.IGNORECASE,
)
_LEANING = re.compile(  # begins with what was said before
    r"^(?:其中|此外|另外|另一方面|但|而|同时|因此|并且|值得一提|若|该|这|上述|具体|例如|不过|然而|也|还|从而|为此|对此|与此|虽然|尽管)"
    r"|^[a-z]|^(?:however|additionally|these|this|it|its|they|their|such|in addition|further|furthermore|also|as a result"
    r"|consistent with|accordingly|but|and|or|beyond|for example|moreover|that|those|we also|therefore|he|she|similarly"
    r"|partially|management[’']s)\b",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"预计|有望|认为|看好|展望|同比|环比|创.{0,4}新高|超预期|上调|下调|维持|趋势|成为|主要(?:因|系|由)|增长|下降|放缓|回落|分化|拐点|风险"
    r"|\b(?:increas\w*|decreas\w*|grew|growth|declin\w*|rose|fell|record|expects?|guidance|outlook|rais\w+|compared (?:to|with)"
    r"|driven by|due (?:primarily |mainly )?to|leading|largest|strategy|focused on|higher|lower)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^[“\"]|[”\"]\s*(?:said|continued)|\b(?:said|continued),?\s+[“\"]|\b(?:pleased|proud|thank|excited)\b")
_LISTED = re.compile(r"^(?:[•●○▪■◆➢►✓·–—-]\s*|[(（]?\d{1,2}[)）.、]\s*)")
_ENDED = re.compile(r"[。！？；.!?;][”\"’')）\]]*$|[;,]? and$")
_LEAD_WEIGHT, _TELLING_WEIGHT, _STATEMENTS_WEIGHT = 1.6, 0.5, -1.5
_DISCUSSION = re.compile(r"item 7\b|management[’']s discussion", re.IGNORECASE)
_MINOR = re.compile(  # what a filing must speak of, whether or not it matters
    r"item 1a|risk factors|income tax|restricted cash|market risk|exchange rate|interest rate|critical|financing activities|off.balance"
    r"|commitments|raw materials|backlog|seasonal|sources of liquidity|sustainab|regulat|comparable sales$|special items|distribution",
    re.IGNORECASE,
)
_CORE_ROW = re.compile(
    r"^(?:total |consolidated |net |diluted |adjusted |operating )*(?:net sales|sales|revenues?|operating revenues|operating income|operating profit"
    r"|net income|earnings per share|ebitda|free cash flow|comparable sales(?: \S+)?|gross profit|eps)(?: attributable to .{3,40})?(?: growth| change)?(?:, as reported)?$"
    r"|^(?:营业(?:总)?收入|归母净利润|净利润|毛利率|每股收益)",
    re.IGNORECASE,
)
_WEIGHED = 90  # points whose words are looked at: the best by place and form
_FIRST_PAGES = {1: 1.2, 2: 0.7, 3: 0.3}
_SAME_SECTION, _SAME_LEAD, _SAME_CHAPTER = 0.8, 0.2, 0.1  # what a second point of one section, or chapter, costs
_REPEATED = 0.6  # of a sentence's words in another's: they say the same


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence, or a list's opening with its items, in its section. ``order`` counts through the report."""

    hit: Hit
    sentences: tuple[Sentence, ...]
    path: tuple[str, ...]
    order: int
    score: float = 0.0

    @property
    def text(self) -> str:
        """The words as they read."""
        separator = "\n" if self.hit.kind is BlockKind.TABLE else "" if has_cjk(self.sentences[0].text) else " "
        return separator.join(s.text for s in self.sentences)


@lru_cache(maxsize=4096)
def is_aside(path: tuple[str, ...]) -> bool:
    """Whether a section holds what every report has: disclaimers, contacts, exhibits, accounting policies."""
    return any(_ASIDE.search(name) for name in path) or bool(path) and _ASIDE_ITSELF.search(path[-1]) is not None


@lru_cache(maxsize=4096)
def is_lead(path: tuple[str, ...]) -> bool:
    """Whether a section is the report's own summary."""
    return any(_LEAD.search(name) for name in path)


def points(hits: Sequence[Hit], pages: int, keep: Callable[[Hit], bool] | None = None) -> list[Point]:
    """The points of a report's chunks (``hits``, in reading order), each with its score, in reading order.

    ``pages`` is how many pages the report has; ``keep`` lets in sections that are else left out.
    """
    found: list[Point] = []
    last: tuple[str, int] = ("", 0)
    speaking = False  # inside words of praise that someone is quoted with
    for hit in _body(hits):
        path = tuple(hit.section.split(" › ")) if hit.section else ()
        if not (keep(hit) if keep is not None else not is_aside(path)):
            continue
        if hit.kind is BlockKind.TABLE:
            rows = key_rows(hit)
            if rows:
                found.append(Point(hit, rows, path, len(found), 0.8 + _weight(path, hit.page, pages)))
        if hit.kind not in _TEXT:
            continue
        speaking = speaking and last[0] == hit.section
        for sentences in _grouped(hit.sentences):
            point = Point(hit, sentences, path, len(found))
            said, speaking = speaking, _still_speaking(point.text, speaking)
            if not _stands_alone(point):
                continue
            nth = last[1] if last[0] == hit.section else 0
            last = (hit.section, nth + 1)
            quoted = said or _QUOTED.search(point.text) is not None
            score = _score(point, nth) + _weight(path, hit.page, pages) - 1.5 * quoted
            found.append(replace(point, score=score))
    return found


def _still_speaking(text: str, speaking: bool) -> bool:
    opened, closed = text.rfind("“"), text.rfind("”")
    return speaking if opened == closed == -1 else opened > closed


def _body(hits: Sequence[Hit]) -> Sequence[Hit]:
    """The chunks without a filing's cover, which is a form that was filled in."""
    start = next((i for i, hit in enumerate(hits) if _FILING.search(hit.section)), 0)
    return hits[start:]


def best(candidates: Sequence[Point], most: int, said: Sequence[Point] = ()) -> list[Point]:
    """At most ``most`` of the points in reading order: high scores, from many sections, no two the same.

    ``said`` are points that are chosen already.
    """
    weighed = sorted(candidates, key=lambda point: (-point.score, point.order))[:_WEIGHED]
    terms = {id(point): set(words(point.text)) for point in [*weighed, *said]}
    frequency = Counter(word for point in weighed for word in terms[id(point)])
    central = {id(point): _centrality(point, terms[id(point)], frequency) for point in weighed}
    chosen = list(said)
    left = [point for point in weighed if point not in said]
    while left and len(chosen) - len(said) < most:
        sections = Counter(point.path for point in chosen)
        chapters = Counter(point.path[:1] for point in chosen)
        worth = {
            id(point): point.score
            + central[id(point)]
            - (_SAME_LEAD if is_lead(point.path) else _SAME_SECTION) * sections[point.path]
            - _SAME_CHAPTER * chapters[point.path[:1]]
            for point in left
        }
        top = max(left, key=lambda point: worth[id(point)])  # noqa: B023 - used at once
        left.remove(top)
        if not any(_repeats(terms[id(top)], terms[id(other)]) for other in chosen):
            chosen.append(top)
    return sorted(chosen[len(said) :], key=lambda point: point.order)


def _centrality(point: Point, terms: set[str], frequency: Counter[str]) -> float:
    """How much of what a point says the others speak of too, 0 to about 0.4, and how much of its heading it takes up."""
    most = log(1 + max(frequency.values(), default=1))
    heading = set(words(" ".join(point.path[-1:])))
    shared = len(terms & heading) / max(1, len(heading))
    return 0.2 * shared + 0.4 * sum(log(1 + frequency[term]) for term in terms) / (max(6, len(terms)) * most)


def _repeats(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= _REPEATED * max(1, min(len(one), len(other)))


def key_rows(hit: Hit) -> tuple[Sentence, ...]:
    """The rows of a table that a summary may quote: a small table of the first page, or what results are judged by."""
    rows = hit.sentences
    if hit.page == 1 and 2 <= len(rows) <= 8 and all(r.text.count("|") == 1 and len(r.text) < 90 for r in rows):
        return tuple(row for row in rows if find(row.text))
    if not _TELLING.search(hit.section):
        return ()
    core = [row for row in rows if _CORE_ROW.search(row.text.split(" | ")[0]) and 1 <= row.text.count("|") <= 6]
    return tuple(core[:3])


def _grouped(sentences: Sequence[Sentence]) -> list[tuple[Sentence, ...]]:
    """Sentences one by one; one that ends in a colon with the items after it, a very short one with the next."""
    groups: list[tuple[Sentence, ...]] = []
    for sentence in sentences:
        before = groups[-1] if groups else ()
        listed = _LISTED.match(sentence.text) is not None
        size = sum(len(s.text) for s in before)
        chinese = has_cjk(sentence.text)
        opened = bool(before) and before[0].text.rstrip().endswith(("：", ":"))
        short = len(before) == 1 and size < (44 if chinese else 80) and _ENDED.search(before[0].text) is not None
        fits = size + len(sentence.text) <= (110 if chinese else 260)
        if before and ((opened and listed and size < 200) or (short and fits and not listed)):
            groups[-1] = (*before, sentence)
        else:
            groups.append((sentence,))
    return groups


def bare(text: str) -> str:
    """A sentence without the bullet or number that it begins with."""
    return _LISTED.sub("", text.strip()).strip()


def _stands_alone(point: Point) -> bool:
    """Whether a reader understands the sentence by itself and learns something from it."""
    text = bare(point.text)
    chinese = has_cjk(text)
    if not (10 <= len(text) <= 300 if chinese else 40 <= len(text) <= 560) or _NO_POINT.search(text):
        return False
    if _ENDED.search(text) or _LISTED.match(point.text.strip()):
        return not text.endswith(("：", ":"))
    return point.hit.page == 1 and not chinese and any(f.scaled or f.unit for f in find(text))


def _score(point: Point, nth: int) -> float:
    text = bare(point.text)
    chinese = has_cjk(text)
    score = 0.6 if nth == 0 else 0.2 if nth == 1 else 0.0
    telling = sum(bool(f.unit or f.scaled) for f in find(text))
    score += 0.15 * min(telling, 2) + 0.3 * bool(_SAYING.search(text))
    score += 0.5 * (telling > 0 and _MEASURE.search(text) is not None)
    score += 0.4 * (is_lead(point.path) and _LISTED.match(point.text.strip()) is not None)
    score -= 0.7 * bool(_LEANING.search(text))
    return score - 0.4 * (len(text) > (130 if chinese else 330)) - 0.4 * (len(text) < (18 if chinese else 60))


@lru_cache(maxsize=4096)
def _weight(path: tuple[str, ...], page: int, pages: int) -> float:
    """What the place of a point is worth: its heading and its page."""
    weight = _FIRST_PAGES.get(page, 0.0) if pages > 3 else 0.3
    if is_lead(path):
        weight += _LEAD_WEIGHT if page <= max(2, pages // 15) else 0.3
    weight += _TELLING_WEIGHT * bool(path and _TELLING.search(path[-1]))
    weight += 0.5 * any(_DISCUSSION.search(name) for name in path)
    weight -= 0.6 * any(_MINOR.search(name) for name in path)
    weight += _STATEMENTS_WEIGHT * any(_STATEMENTS.search(name) for name in path)
    return weight - 0.15 * max(0, len(path) - 2) - 0.3 * (not path)
