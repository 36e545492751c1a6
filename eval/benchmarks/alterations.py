"""The four ways in which a true answer is made wrong; none that leaves it true by the evidence."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.checking.claims import Claim, counts, of_prose
from rag.checking.figures import Figure, find
from rag.checking.matching import agrees, alike, same_value
from rag.checking.periods import Period, find_periods
from rag.checking.support import Support
from rag.types import Evidence

WAYS = ("digit", "unit", "period", "neighbour")
_UNITS = (
    (r"万亿$", ("亿",)), (r"(?<!万)亿$", ("万", "万亿")), (r"(?<![百千])万$", ("亿", "")),
    (r"\s*trillion$", (" billion",)),
    (r"\s*billion$", (" million", " trillion")), (r"\s*bn$", ("mn",)), (r"\s*million$", (" billion", " thousand")),
    (r"\s*thousand$", (" million",)), (r"个百分点$", ("%",)), (r"(?<!个)百分点$", ("%",)),
    (r"\s*[%％]$", ("个百分点", " percentage points", "")),
    (r"\s*percent$", (" percentage points", " million")), (r"\s*percentage points?$", ("%",)),
    (r"\s*(?:bps|basis points?)$", ("%", " percentage points")), (r"个?基点$", ("%", "个百分点")),
)  # fmt: skip
_ORDINALS = ("first", "second", "third", "fourth")


@dataclass(frozen=True, slots=True)
class Altered:
    """A wrong answer: ``wrong`` is what was written in it, where ``right`` stood; ``at`` where that begins.

    ``bound`` are the figures that a swapped period makes wrong.
    """

    text: str
    wrong: str
    right: str
    at: int
    bound: tuple[str, ...] = ()


def alter(text: str, way: str, evidence: Sequence[Evidence], language: str, draw: random.Random) -> Altered | None:
    """``text`` made wrong in the ``way`` named, or None where it cannot be."""
    support = Support(evidence)
    spans = find_periods(text)
    claims = [c for c in of_prose(text, {}, ()) if counts(c)]
    draw.shuffle(claims)
    if way == "period":
        return _period(text, spans, claims, support, draw)
    for claim in claims:
        figure = claim.figure
        if any(p.start < figure.end and p.end > figure.start for p in spans):
            continue
        new = (
            {"digit": _digit, "unit": _unit}[way](figure, language, draw)
            if way != "neighbour"
            else _neighbour(claim, support, draw)
        )
        if not new or new == figure.text:
            continue
        altered = text[: figure.start] + new + text[figure.end :]
        now = [c for c in of_prose(altered, {}, ()) if c.figure.start == figure.start]
        if not now or not counts(now[0]) or now[0].figure.text.strip() != new.strip():
            continue
        if way != "neighbour" and any(agrees(now[0], other) for other in support.claims):
            continue
        if abs(now[0].figure.value) == abs(figure.value) and now[0].figure.unit == figure.unit:
            continue
        return Altered(altered, new, figure.text, figure.start)
    return None


def _digit(figure: Figure, language: str, draw: random.Random) -> str:
    places = [m.start() for m in re.finditer(r"\d", figure.text)]
    place = draw.choice(places)
    old = figure.text[place]
    new = draw.choice([d for d in "123456789" if d != old])
    return figure.text[:place] + new + figure.text[place + 1 :]


def _unit(figure: Figure, language: str, draw: random.Random) -> str:
    for pattern, others in _UNITS:
        found = re.search(pattern, figure.text)
        if found:
            fitting = [
                o for o in others if not o.strip() or (ord(o.strip()[0]) > 0x2E7F) == (language == "zh") or o == "%"
            ]
            return figure.text[: found.start()] + draw.choice(fitting) if fitting else ""
    return ""


def _neighbour(claim: Claim, support: Support, draw: random.Random) -> str:
    """A figure of the same sort that stands beside the right one in the evidence, as it is printed there."""
    home = [c for c in support.claims if agrees(claim, c) and not c.name and not claim.name]
    if len({(c.place) for c in home}) == 0:
        return ""
    place = home[0].place
    beside = [
        c for c in support.claims
        if c.place == place and counts(c) and alike(claim, c) and c.figure.unit == claim.figure.unit
        and not c.name and c.figure.scaled == home[0].figure.scaled and not agrees(claim, c)
        and not any(same_value(c, h) for h in home)
    ]  # fmt: skip
    beside = [c for c in beside if sum(same_value(c, o) for o in support.claims) == 1 and c.cell == home[0].cell]
    if not beside:
        return ""
    chosen = draw.choice(beside)
    said = chosen.figure.text.lstrip("+-−")
    if chosen.cell and claim.figure.scaled and not chosen.figure.scaled:
        tail = re.search(r"[^\d.,]+$", claim.figure.text)
        return said + (tail[0] if tail else "")
    if chosen.figure.unit == "%" and not find(said)[0].unit:
        return f"{said}%"
    return said


def _period(
    text: str, spans: Sequence[Period], claims: Sequence[Claim], support: Support, draw: random.Random
) -> Altered | None:
    """One period of the text swapped for another, where the figures of it do not stand with that one too."""
    candidates = list(spans)
    draw.shuffle(candidates)
    for period in candidates:
        new = _other_period(period, draw)
        if not new or len(find_periods(new)) != 1:
            continue
        other = find_periods(new)[0]
        bound = [c for c in claims if any(p.start == period.start for p in c.periods)]
        if not bound:
            continue
        if any(
            agrees(c, e) and (not e.periods or any(other.fits(p) for p in e.periods))
            for c in bound
            for e in support.claims
        ):
            continue
        altered = text[: period.start] + new + text[period.end :]
        return Altered(altered, new, period.text, period.start, tuple(c.figure.text for c in bound))
    return None


def _other_period(period: Period, draw: random.Random) -> str:
    text = period.text
    quarter = re.search(r"(?<=Q)[1-4](?!\d)|(?<!\d)[1-4](?=Q)", text)
    if quarter and draw.random() < 0.5:
        return text[: quarter.start()] + draw.choice([q for q in "1234" if q != quarter[0]]) + text[quarter.end() :]
    named = re.search(r"[一二三四](?=季)", text)
    if named and draw.random() < 0.5:
        return text.replace(named[0] + "季", draw.choice([q for q in "一二三四" if q != named[0]]) + "季")
    for one, two in (("上半年", "下半年"), ("H1", "H2"), ("1H", "2H")):
        if one in text:
            return text.replace(one, two)
        if two in text:
            return text.replace(two, one)
    word = re.search("|".join(_ORDINALS), text, re.IGNORECASE)
    if word and "quarter" in text:
        return text.replace(word[0], draw.choice([o for o in _ORDINALS if o != word[0].lower()]))
    if period.year:
        for form in (str(period.year), str(period.year)[2:]):
            if form in text:
                return text.replace(form, str(period.year + draw.choice((-2, -1, 1)))[-len(form) :])
    month = re.search(r"\d{1,2}(?=月)", text)
    if month:
        return (
            text[: month.start()]
            + str(draw.choice([m for m in range(1, 13) if m != int(month[0])]))
            + text[month.end() :]
        )
    return ""
