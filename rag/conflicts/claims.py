"""What a sentence claims: each of its figures with its subject, its kind and its time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from index.text import fold, split_sentences
from index.types import Card
from rag import periods
from rag.conflicts.kinds import Kind, kind_of, signed
from rag.conflicts.lists import Share, rows, shares
from rag.conflicts.terms import content, names
from rag.figures import Figure
from rag.figures import find as find_figures
from rag.periods import FoundPeriod, Period

_CUT = re.compile(r"[，；。！？\n（）()]|;|：|:\s|,(?!\d{3})|\.(?=\s|$)|[—–]{2}|\s[—–]\s")
_CAUSE = re.compile(
    r"\b(?:because|due to|driven by|owing to|as a result|reflecting|while|thanks to|attributable to (?!the (?:parent|company|share|owners))"
    r"|primarily|mainly|partially|offset|which|who|whom|when|as (?:we|a|the|more))\b|主要|由于|受益于|得益于|系因|因为",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"^\s*(?:%|个?百分点|[亿万千]+)?\s*(?:[-—–~～至到]|to\b|and(?= \$?\d[\d.,]* (?:million|billion|per)))\s*[$¥€£]?\d",
    re.IGNORECASE,
)
_RANGE_BEFORE = re.compile(
    r"(?:\d[\d.,]*\s*(?:%|[亿万千]+)?\s*[-—–~～至到]|\d[\d.,]*\s*(?:million|billion|%)?\s+to\s+[$¥€£]?|between [$¥€£]?[\d.,]+ (?:million |billion )?and [$¥€£]?)\s*$",
    re.IGNORECASE,
)
_NO_MEASURE = re.compile(
    r"^\s*(?:年(?!均)|月|日(?!活|均)|号|季度|期|章|节|版|页|[、.)）]\s|°|[A-Za-z]*[-/][A-Za-z])"
    r"|^\s*(?:months?|weeks?|days?|years?|quarters?|hours?)\b"
    r"|^\s*个?(?:月|季度|周|交易日|工作日|基点至)(?!活)",
    re.IGNORECASE,
)
_LABEL_BEFORE = re.compile(
    r"(?:图表?|表|第|Note|Item|Figure|Table|Exhibit|Section|Page|Form|No\.|ASC|ASU|IFRS|IAS|Article|Chapter|Schedule|Clause|Paragraph|Regulation|Section|Title|Law|Topic|Level|Tier|Part|Rule)\s*$",
    re.IGNORECASE,
)
_CURRENCY = (
    (
        "usd",
        re.compile(r"(?:US)?\$\s*\(?$|USD\s*$", re.IGNORECASE),
        re.compile(r"^\)?\s*(?:美元|美金|USD|(?:U\.?S\.? )?dollars)"),
    ),
    ("cny", re.compile(r"(?:RMB|CNY|[¥￥]|人民币)\s*$", re.IGNORECASE), re.compile(r"^\s*(?:人民币|元|yuan|RMB)")),
    ("eur", re.compile(r"(?:€|EUR)\s*$"), re.compile(r"^\s*(?:欧元|euros?)")),
    ("jpy", re.compile(r"JPY\s*$"), re.compile(r"^\s*(?:日元|yen)")),
    ("hkd", re.compile(r"(?:HK\$|HKD)\s*$"), re.compile(r"^\s*(?:港元|港币)")),
    ("gbp", re.compile(r"(?:£|GBP)\s*$"), re.compile(r"^\s*(?:英镑|pounds?)")),
)
_PEOPLE = {"名": "人", "位": "人", "家": "个"}
_TOLD = re.compile(r"(?<=[A-Za-z])\s{5,}")
_PER = re.compile(r"^\s*(?:人民币|美元|元|欧元|日元|港元)?\s*[/／]\s*([A-Za-z\u4e00-\u9fff]{1,6})")
_NOUN = re.compile(r"^\s*(?:[-–]\s*)?([A-Za-z][A-Za-z/·]*|[\u4e00-\u9fff]{1,2})")
_NO_NOUN = frozenset(
    "of to in on at and or for from by with as was were is are the a an per than that which other".split(" ")
)
_CLASSIFIERS = frozenset("个户台辆吨人家名位项亩座件套颗片部张次倍艘架头股桶艇笔款场站天万亿元")
ATTRIBUTION = re.compile(
    r"(?:据|根据|按照)[^，。；\d]{2,18}?(?:统计|报道|显示|披露|介绍|测算|预测|数据)(?:数据|显示|统计)?|according to [A-Z][^,.;]{2,40}",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"compared|versus|\bvs\b|\bfrom\b|\bthan\b|against|较|比|over\b", re.IGNORECASE)
_LEANS = re.compile(
    r"\s*(?:and |or |but )?(?:(?!operating|manufacturing|marketing|advertising|engineering|housing|financing|gaming)[a-z]+ing|or|up|down|an? (?:increase|decrease|decline)|to|with|compared|a year|account\w+|represent\w+"
    r"|equivalent|equal)\b|\s*(?:占|同比|环比|较|比|按|增长|下降|增幅|降幅|增速|其中占|约占|达|折合|相当于|份额|市占率)"
)
FAR = 40  # characters behind a figure that its time may stand
SHORT = 2  # content words: a clause with fewer stands on the one before it


@lru_cache(maxsize=4096)
def find(text: str) -> tuple[Figure, ...]:
    """The figures of a text; a sentence is looked at more than once."""
    return tuple(find_figures(text))


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text stands, and what is known of its report."""

    report_id: str
    report: str
    page: int
    section: str = ""
    title: str = ""
    card: Card | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure with what tells it apart from all others.

    ``core`` are the content words of its clause, ``around`` all text that may explain what the clause leaves out.
    ``subjects`` are the names it is said of, ``own`` those in its clause itself. ``value`` has the sign of its words, ``noun`` is what is counted or the
    currency. ``sentence`` is the whole sentence, ``others`` its figures, ``told`` the words before it. ``table`` names
    the table of a cell.
    """

    source: Source
    sentence: str
    figure: Figure
    value: Decimal
    noun: str
    kind: Kind
    period: Period
    core: frozenset[str]
    subjects: frozenset[str]
    own: frozenset[str]
    around: str
    known: frozenset[str]
    others: tuple[Figure, ...]
    table: str = ""
    told: str = ""
    quote: str = ""

    def explains(self, word: str) -> bool:
        """Whether a word of another claim is said here too, if only around the figure."""
        return word in self.known or (not word.isascii() and word in self.around)

    @property
    def heading(self) -> str:
        """The nearest heading above."""
        return tail(self.source.section)


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of a sentence around one figure, or none."""

    start: int
    end: int
    figure: Figure | None


def claims(sentences: Sequence[tuple[str, str]], source: Source, before: str = "") -> Iterator[Claim]:
    """The claims of the ``sentences`` (text, quote) of one place, in order; ``before`` is the text above them.

    Only figures that say how much something is count: no dates, numbers of notes or ends of ranges.
    """
    told = before
    section = tail(source.section)
    dated = [one.period for one in periods.find(before) if one.period.year]
    period = dated[-1] if dated else Period()
    for text, quote in sentences:
        for start, end in split_sentences(text):
            sentence = text[start:end].strip()
            found = list(_of_sentence(sentence, source, told[-240:], section, period))
            yield from (replace(claim, quote=quote or text) for claim in found)
            dated = [one.period for one in periods.find(sentence) if one.period.year]
            period = dated[0] if dated else period
            told += sentence


def tail(section: str) -> str:
    """The last heading of a path, without its number and what stands in brackets."""
    return re.sub(
        r"[（(][^）)]*[）)]|^[\d.、\s]+|^[一二三四五六七八九十]+[、.]", " ", section.rpartition(" › ")[2]
    ).strip()


def _of_sentence(sentence: str, source: Source, before: str, section: str, default: Period) -> Iterator[Claim]:
    times = periods.find(sentence, source.card)
    bare = ATTRIBUTION.sub(lambda m: " " * len(m[0]), periods.without(sentence, times))
    figures = [f for f in find(bare) if _says_how_much(bare, f)]
    if not figures:
        return
    of_row: dict[Figure, Share | None] = {}
    for row in rows(bare, figures):
        told = shares(bare, row, times)
        of_row.update(zip(row, told or [None] * len(row), strict=True))
        nouns = [noun_of(bare, figure) for figure in row]
        if len(set(filter(None, nouns))) > 1:  # 12.4GW/38.6GWh: two things, each with its unit
            of_row = {figure: share for figure, share in of_row.items() if figure not in row}
    others = tuple(f for f in find(sentence) if f.checkable)
    around = fold(f"{source.section}{sentence}{source.title}")
    above = content(source.section)
    segments = list(_segments(bare, figures))
    seen: frozenset[str] = frozenset()
    for index, segment in enumerate(segments):
        figure = segment.figure
        own = names(_text(bare, segment))
        if figure is None or (figure in of_row and of_row[figure] is None):
            seen = own or seen
            continue
        share = of_row.get(figure)
        core, reach = content(_text(bare, segment)), index
        if share and share.text:
            core, own = content(share.text), names(share.text)
        else:
            leans = _LEANS.match(bare, segment.start)
            while (len(core) < SHORT or leans) and reach > 0 and index - reach < 4:
                reach -= 1
                core = core | content(_text(bare, segments[reach]))
                leans = _LEANS.match(bare, segments[reach].start)
            own = names(" ".join(_text(bare, segments[at]) for at in range(reach, index + 1)))
        kind = kind_of(
            bare[segment.start : segment.end], figure.start - segment.start, figure.end - segment.start,
            figure.unit, bare[min(segments[reach].start, _clause(bare, segment.start)) : segment.start], bare[: segment.start],
        )  # fmt: skip
        noun = noun_of(bare, figure)
        if share is not None:
            noun = noun or next((noun_of(bare, f) for f in reversed(list(of_row)) if noun_of(bare, f)), "")
        period = _period(bare, times, figure, segment, default)
        if share is not None and share.period is not None:
            period = periods.filled(share.period, period)
        subject = own if share and share.text else own or seen
        until = bare[: segment.end] + " ".join(_text(bare, s) for s in segments[index + 1 :] if s.figure is None)
        known = above | content(until) | core
        yield Claim(
            source, sentence, figure, signed(figure.value, kind), noun, kind, period, core,
            subject - names(section), own, around, known, others,
            told=share.text if share and share.text else sentence[segments[reach].start : figure.start],
        )  # fmt: skip
        seen = own or seen


def _clause(text: str, start: int) -> int:
    """Where the clause begins in which ``start`` lies."""
    return max((m.end() for m in _CUT.finditer(text, 0, start)), default=0)


def _text(text: str, segment: _Segment) -> str:
    piece = text[segment.start : segment.end]
    if segment.figure is None:
        return piece
    at = segment.figure.start - segment.start
    cause = _CAUSE.search(piece, at)
    piece = piece[: cause.start()] if cause else piece
    behind = piece[segment.figure.end - segment.start :]
    if behind.strip():
        behind = _TOLD.split(behind, maxsplit=1)[0]  # after the time of a figure begins what is said further
    return f"{piece[:at]} {behind}"


def _segments(text: str, figures: Sequence[Figure]) -> Iterator[_Segment]:
    """Clauses, cut again between their figures: what follows a figure directly is its noun, the rest the next one's."""
    inside = [(f.start, f.end) for f in find(text)]
    ends = [m for m in _CUT.finditer(text) if not any(a <= m.start() < b for a, b in inside)]
    at = 0
    for match in [*ends, None]:
        stop = match.start() if match else len(text)
        here = [f for f in figures if at <= f.start < stop]
        if text[at:stop].strip():
            for number, figure in enumerate(here):
                after = here[number + 1].start if number + 1 < len(here) else stop
                end = _end(text, figure, after) if number + 1 < len(here) else stop
                yield _Segment(at, end, figure)
                at = end
            if not here:
                yield _Segment(at, stop, None)
        at = match.end() if match else stop


def _end(text: str, figure: Figure, stop: int) -> int:
    """Where the stretch of a figure ends when another follows in its clause: at an "and", or after its noun."""
    joints = [m.start() for m in re.finditer(r"\band\b|和|及|与|、|/", text[figure.end : stop])]
    if joints:
        return figure.end + joints[-1]
    match = _NOUN.match(text, figure.end, stop) or re.compile(r"\s*([A-Za-z\u4e00-\u9fff]{1,12})").match(
        text, figure.end, stop
    )
    return min(match.end() if match else figure.end, stop)


def _says_how_much(text: str, figure: Figure) -> bool:
    before, after = text[max(0, figure.start - 24) : figure.start], text[figure.end : figure.end + 16]
    if not figure.unit and not figure.scaled and figure.value == int(figure.value) and "," not in figure.text:
        if abs(figure.value) <= 12 or (abs(figure.value) < 1000 and not noun_of(text, figure)):
            return False
    if not figure.unit and not figure.scaled and re.match(r"[-/]\d", after):
        return False
    if _NO_MEASURE.match(after) or _RANGE.match(after) or _RANGE_BEFORE.search(before) or _LABEL_BEFORE.search(before):
        return False
    if re.search(r"[A-Za-z][-/]?$", before) and not re.search(r"(?:RMB|USD|US|CNY|EUR|HKD|\s[a-z]+)\s*$", before):
        return False
    return not (
        not figure.unit and not figure.scaled and 1900 <= abs(figure.value) <= 2100 and not noun_of(text, figure)
    )


def noun_of(text: str, figure: Figure) -> str:
    """What a figure counts: a unit of the figure's own, a currency, or the noun after it; "" when nothing says."""
    if figure.unit:
        return {"bp": "pp"}.get(figure.unit, figure.unit)
    before, after = text[max(0, figure.start - 8) : figure.start], text[figure.end : figure.end + 40]
    for name, mark, word in _CURRENCY:
        if mark.search(before) or word.match(after):
            per = _PER.match(after)
            return f"{name}/{per[1]}" if per else name
    match = _NOUN.match(after)
    if not match:
        return ""
    noun = match[1].lower()
    if noun in _NO_NOUN:
        return ""
    if noun.isascii():
        return noun.rstrip("s") if len(noun) > 3 else noun
    return _PEOPLE.get(noun[0], noun[0]) if noun[0] in _CLASSIFIERS else noun


def _period(text: str, times: Sequence[FoundPeriod], figure: Figure, segment: _Segment, default: Period) -> Period:
    """The time nearest to a figure: right behind it ("$5 in 2024"), else the last one before it, else that above."""
    after = [f.start for f in find(text) if f.start >= figure.end]
    clause = _CUT.search(text, figure.end)
    stop = max(segment.end + 2, min(after[0] if after else len(text), clause.start() if clause else len(text)))
    behind = [
        t
        for t in times
        if figure.end <= t.start < min(stop, figure.end + FAR) and not _COMPARES.search(text[figure.end : t.start])
    ]
    ahead = [t for t in times if t.end <= figure.start and not _COMPARES.search(text[_clause(text, t.start) : t.start])]
    inside = [t for t in ahead if t.start >= segment.start]
    around = ahead[-1].period if ahead else replace(default, loose=True)
    if inside:
        chosen = inside[-1].period
    elif behind:
        chosen = behind[0].period
    else:
        chosen = around
    if chosen.part and not chosen.year:
        dated = [t.period for t in ahead if t.period.year]
        chosen = periods.filled(chosen, dated[-1] if dated else default)
    return chosen
