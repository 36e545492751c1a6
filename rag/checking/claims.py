"""What a text says of each of its figures: the words of its clause, its period, its unit, its direction."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.text import split_sentences
from rag.checking.clauses import BEFORE, ENUM, FAR, FROM, NEAR, TO, parts_of, row_of_names, row_of_periods
from rag.checking.figures import RANGE, Figure, find
from rag.checking.periods import Period, find_periods
from rag.checking.units import currency_of, noun_of
from rag.checking.wording import Bag, add, direction, kind, tokens


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure with what its text says of it.

    ``bag`` holds the words around it with weights from 0 to 1, 1 for those of its own clause. ``periods`` are those
    that it stands in, ``own_period`` whether one of them is told in its sentence or row. ``currency`` and ``noun`` are
    "" where none is told, ``direction`` is 1, -1 or 0, ``kind`` "change", "share" or "". ``size`` is what a table says
    its figures are in, as a factor; 1 where nothing is said. ``name`` says that the digits are a number such as a
    telephone's, ``rate`` that a cell without "%" may be one.
    """

    figure: Figure
    bag: Bag
    periods: tuple[Period, ...] = ()
    own_period: bool = False
    currency: str = ""
    noun: str = ""
    direction: int = 0
    kind: str = ""
    size: int = 1
    cell: bool = False
    place: int = 0
    rate: bool = False
    name: bool = False


def counts(claim: Claim) -> bool:
    """Whether a claim's figure must stand in the evidence."""
    figure = claim.figure
    if figure.text.isalpha():
        return False
    return figure.checkable or bool(claim.currency) or claim.noun not in {"", "times", "shares"}


def of_sentence(text: str, inherited: Bag | None = None, periods: Sequence[Period] = ()) -> list[Claim]:
    """The claims of one sentence, in order. ``inherited`` and ``periods`` are what was said before it."""
    spans = find_periods(text)
    figures = [f for f in find(text) if not any(f.start < p.end and f.end > p.start for p in spans)]
    figures = [f for f in figures if not f.text.isalpha()]
    if not figures:
        return []
    segments = parts_of(text, figures, spans)
    claims: list[Claim] = []
    carried: Bag = {word: min(weight, FAR) for word, weight in (inherited or {}).items()}
    said: list[Bag] = []
    said_periods = _filled(text, spans)
    for index, figure in enumerate(figures):
        own, loose = segments[index]
        local_text = " | ".join(text[a:b] for a, b in own)
        bag: Bag = dict.fromkeys(tokens(local_text), 1.0)
        lead = text[figures[index - 1].end if index else 0 : figure.start]
        turned = bool(TO.search(lead))
        if turned and said:  # "from x to y": what is said before x is said of y
            add(bag, said[-1])
        if turned or FROM.search(lead):
            bag.pop("@from", None)
            bag["@to" if turned else "@from"] = 1.0
        for a, b, weight in loose:
            add(bag, dict.fromkeys(tokens(text[a:b]), weight))
        for back, earlier in enumerate(reversed(said)):
            add(bag, {w: weight * (NEAR if back == 0 else BEFORE) for w, weight in earlier.items() if weight > 0.45})
        left = " | ".join(text[a:b] for a, b in own if b <= figure.start)
        here_said = dict.fromkeys(tokens(left), 1.0)
        for a, b, weight in loose:
            if weight > NEAR and b <= figure.start:
                add(here_said, dict.fromkeys(tokens(text[a:b]), weight))
        said.append({**said[-1], **here_said} if turned and said else here_said)
        if index and RANGE.fullmatch(text[figures[index - 1].end : figure.start + (figure.text[:1] in "-−–—")]):
            bag = dict(claims[-1].bag)
        for other in (*figures[max(0, index - 1) : index], *figures[index + 1 : index + 2]):
            bag.setdefault(f"#{abs(other.value).normalize()}{other.unit}", 0.5)
        add(bag, carried)
        here = tuple(p for p in spans if any(p.start < b and p.end > a for a, b in own))
        told = _filled(text, here) or said_periods
        cues = set(tokens(local_text))
        claims.append(
            Claim(
                figure,
                bag,
                told or tuple(periods),
                bool(here) or (bool(spans) and all(p.end <= figures[0].start for p in spans)),
                currency_of(text, figure),
                noun_of(text, figure),
                0 if {"@to", "@from"} & set(bag) else direction(cues, figure.text),
                "" if {"@to", "@from"} & set(bag) else kind(cues),
                name=_is_name(text, figure),
            )
        )
    return _paired(text, claims, spans)


def _is_name(text: str, figure: Figure) -> bool:
    """Whether digits name something rather than count: a telephone number, a house number, a code."""
    if figure.unit or figure.scaled or "," in figure.text or "." in figure.text:
        return False
    before, after = text[max(0, figure.start - 2) : figure.start], text[figure.end : figure.end + 2]
    if figure.text[:1] == "-" and before[-1:].isdigit():
        return True
    if re.search(r"[A-Za-z0-9][-_/]$|\+$|[A-Za-z]$", before) or re.match(
        r"[-_/.][A-Za-z0-9]|\s*[号楼层室弄]|[A-Za-z]", after
    ):
        return True
    return len(figure.text) >= 6


def _filled(text: str, periods: Sequence[Period]) -> tuple[Period, ...]:
    """The periods, and the years between the two ends of a range of them."""
    filled = list(periods)
    for one, two in itertools.pairwise(periods):
        if (
            one.year
            and two.year
            and 1 < two.year - one.year < 20
            and re.fullmatch(r"[\s\-—–~至到]+(?:to)?\s*", text[one.end : two.start])
        ):
            filled += [Period("", one.start, one.start, year, "") for year in range(one.year + 1, two.year)]
    return tuple(filled)


def _paired(text: str, claims: list[Claim], spans: Sequence[Period]) -> list[Claim]:
    """Figures in a row with as many names or periods in a row ("A and B were 5% and 8%") get one each."""
    runs: list[list[int]] = []
    own_units: set[int] = set()
    respective = "分别" in text or "respectively" in text
    for index in range(len(claims)):
        between = text[claims[index - 1].figure.end : claims[index].figure.start] if index else "."
        between = re.sub(r"^\s*(?:美元|港元|元|倍|吨|户|GWh?|MW)|(?:US|HK)?[$€£¥]|RMB|约|近|and$", "", between)
        listed = respective and re.fullmatch(
            r"[^，,；;。]{0,16}?(?:、|，|和|与|及|/|,|\band\b)[\s$€£¥]*(?:约|近)?", between
        )
        pure = bool(ENUM.fullmatch(between)) or not between.strip()
        if index and (pure or listed):
            runs[-1].append(index)
            own_units |= set() if pure else {index, index - 1}
        else:
            runs.append([index])
    paired = list(claims)
    for run in runs:
        if len(run) < 2:
            continue
        start, end = claims[run[0]].figure.start, claims[run[-1]].figure.end
        nouns = [paired[i].noun for i in run]
        currencies = [c for c in (paired[i].currency for i in run) if c]
        for i in (i for i in run if i not in own_units):
            noun = paired[i].noun or ("" if currencies else nouns[-1])
            paired[i] = replace(
                paired[i], noun=noun, currency=paired[i].currency or (currencies[-1] if currencies else "")
            )
        periods = row_of_periods(text, spans, start, end, len(run))
        names = row_of_names(text[:start], len(run))
        if periods:
            for i, period in zip(run, periods, strict=True):
                paired[i] = replace(paired[i], periods=(period,), own_period=True)
        if names:
            words = [set(tokens(name)) for name, _ in names]
            for position, i in enumerate(run):
                others = set().union(*(w for j, w in enumerate(words) if j != position)) - set(
                    tokens(names[position][1])
                )
                bag = {w: weight * (0.2 if w in others else 1.0) for w, weight in paired[i].bag.items()}
                paired[i] = replace(paired[i], bag={**bag, **dict.fromkeys(words[position], 1.0)})
    return paired


def of_prose(text: str, inherited: Bag, periods: Sequence[Period], place: int = 0) -> list[Claim]:
    """The claims of running text; each sentence inherits the words and the last period of those before it."""
    claims: list[Claim] = []
    carried = dict(inherited)
    last = tuple(periods)
    for line_start, line_end in split_sentences(text):
        sentence = text[line_start:line_end]
        found = of_sentence(sentence, carried, last)
        claims += [
            replace(
                claim,
                place=place,
                figure=replace(claim.figure, start=claim.figure.start + line_start, end=claim.figure.end + line_start),
            )
            for claim in found
        ]
        add(carried, dict.fromkeys(tokens(sentence), FAR))
        here = tuple(find_periods(sentence))
        last = here[:1] or last
    return claims
