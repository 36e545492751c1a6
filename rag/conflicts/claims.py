"""What a sentence claims: each of its figures with its subject, its kind and its time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.text import fold, split_sentences
from index.types import Card
from rag.checking.figures import Figure
from rag.conflicts import periods
from rag.conflicts.kinds import Kind, kind_of, signed
from rag.conflicts.lists import Share, rows, shares
from rag.conflicts.measured import NOUN, find, measures, noun_of
from rag.conflicts.periods import FoundPeriod, Period
from rag.conflicts.terms import content, has_measure, names

_CUT = re.compile(r"[，；。！？\n（）()]|;|：|:\s|,(?!\d{3})|\.(?=\s|$)|[—–]{2}|\s[—–]\s")
_CAUSE = re.compile(
    r"\b(?:because|due to|driven by|owing to|as a result|reflecting|while|thanks to|primarily|mainly|partially|offset"
    r"|which|who|whom|when|as (?:we|a|the|more)|attributable to (?!the (?:parent|company|share|owners)))\b"
    r"|主要|由于|受益于|得益于|系因|因为",
    re.IGNORECASE,
)
_TOLD = re.compile(r"(?<=[A-Za-z])\s{5,}")
ATTRIBUTION = re.compile(
    r"(?:据|根据|按照)[^，。；\d]{2,18}?(?:统计|报道|显示|披露|介绍|测算|预测|数据)(?:数据|显示|统计)?"
    r"|according to [A-Z][^,.;]{2,40}",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"compared|versus|\bvs\b|\bfrom\b|\bthan\b|against|较|比|over\b", re.IGNORECASE)
_LEANS = re.compile(  # what has no subject of its own
    r"\s*(?:and |or |but )?"
    r"(?:(?!operating|manufacturing|marketing|advertising|engineering|housing|financing|gaming)[a-z]+ing|or|up|down"
    r"|an? (?:increase|decrease|decline)|to|with|compared|a year|account\w+|represent\w+|equivalent|equal)\b"
    r"|\s*(?:占|同比|环比|较|比|按|增长|下降|增幅|降幅|增速|其中占|约占|达|折合|相当于|份额|市占率)"
)
_ON_COMPANY = re.compile(r"(?:其中|同时|此外)?[，,]?(?:该?公司|其(?!中|他|它|余))")
LAST = 120  # characters above a paragraph's first sentence that may name its company
FAR = 40  # characters behind a figure that its time may stand
SHORT = 2  # content words: a clause with fewer stands on the one before it


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

    ``value`` has the sign of its words, ``noun`` is what is counted or the currency. ``core`` are the content words of
    the clause, ``known`` those and what heading and sentence add, ``around`` the folded text of these. ``subjects`` are
    the names it is said of, ``own`` those in the clause itself. ``sentence`` is the whole sentence, ``others`` its
    figures, ``told`` the words of the clause before the figure. ``table`` names the table of a cell.
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
    last = before[-LAST:]
    dated = [one.period for one in periods.find(before) if one.period.year]
    period = dated[-1] if dated else Period()
    for text, quote in sentences:
        for start, end in split_sentences(text):
            sentence = text[start:end].strip()
            theirs = last if _ON_COMPANY.match(sentence) else ""
            for claim in _of_sentence(sentence, source, period, theirs):
                yield replace(claim, quote=quote or text)
            last = last if theirs else sentence
            dated = [one.period for one in periods.find(sentence) if one.period.year]
            period = dated[0] if dated else period


def tail(section: str) -> str:
    """The last heading of a path, without its number and what stands in brackets."""
    return re.sub(
        r"[（(][^）)]*[）)]|^[\d.、\s]+|^[一二三四五六七八九十]+[、.]", " ", section.rpartition(" › ")[2]
    ).strip()


def _of_sentence(sentence: str, source: Source, default: Period, above: str) -> Iterator[Claim]:
    """``above`` is the sentence before when this one goes on with its subject: "公司 …"."""
    times = periods.find(sentence, source.card)
    bare = ATTRIBUTION.sub(lambda m: " " * len(m[0]), periods.without(sentence, times))
    figures = [f for f in find(bare) if measures(bare, f)]
    if not figures:
        return
    of_row = _shared_out(bare, figures, times)
    others = tuple(f for f in find(sentence) if f.checkable)
    around = fold(f"{source.section}{above}{sentence}{source.title}")
    heading = content(source.section)
    segments = list(_segments(bare, figures))
    seen = names(above) if above else frozenset[str]()
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
            while (leans or (len(core) < SHORT and not has_measure(core))) and reach > 0 and index - reach < 4:
                reach -= 1
                core = core | content(_text(bare, segments[reach]))
                leans = _LEANS.match(bare, segments[reach].start)
            own = names(" ".join(_text(bare, segments[at]) for at in range(reach, index + 1)))
        lead = bare[min(segments[reach].start, _clause(bare, segment.start)) : segment.start]
        at = figure.start - segment.start, figure.end - segment.start
        kind = kind_of(bare[segment.start : segment.end], *at, figure.unit, lead, bare[: segment.start])
        noun = noun_of(bare, figure)
        if share is not None and not noun:  # only the last of a row has the currency
            noun = next((noun_of(bare, f) for f in reversed(list(of_row)) if noun_of(bare, f)), "")
        period = _period(bare, times, figure, segment, default)
        if share is not None and share.period is not None:
            period = periods.filled(share.period, period)
        subject = own if share and share.text else own or seen
        until = bare[: segment.end] + " ".join(_text(bare, s) for s in segments[index + 1 :] if s.figure is None)
        known = heading | content(until) | core
        yield Claim(
            source, sentence, figure, signed(figure.value, kind), noun, kind, period, core,
            subject - names(tail(source.section)), own, around, known, others,
            told=share.text if share and share.text else sentence[segments[reach].start : figure.start],
        )  # fmt: skip
        seen = own or seen


def _shared_out(text: str, figures: Sequence[Figure], times: Sequence[FoundPeriod]) -> dict[Figure, Share | None]:
    """For figures in a row what each is of, None where the sentence does not say it."""
    found: dict[Figure, Share | None] = {}
    for row in rows(text, figures):
        nouns = {noun_of(text, figure) for figure in row} - {""}
        told: Sequence[Share | None] = shares(text, row, times) or [None] * len(row)
        if len(nouns) < 2:  # 12.4GW/38.6GWh are two things, each with its unit
            found.update(zip(row, told, strict=True))
    return found


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
    match = NOUN.match(text, figure.end, stop)
    return min(match.end() if match else figure.end, stop)


def _period(text: str, times: Sequence[FoundPeriod], figure: Figure, segment: _Segment, default: Period) -> Period:
    """The time nearest to a figure: right behind it ("$5 in 2024"), else the last one before it, else that above."""
    after = [f.start for f in find(text) if f.start >= figure.end]
    clause = _CUT.search(text, figure.end)
    stop = min(after[0] if after else len(text), clause.start() if clause else len(text))
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
