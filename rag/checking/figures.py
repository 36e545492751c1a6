"""Figures in text: found with their unit and size, compared by value, converted between 亿/万 and billion/million."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

_SCALES = {
    "万亿": 12, "亿": 8, "千万": 7, "百万": 6, "万": 4, "千": 3,
    "trillion": 12, "tn": 12, "billion": 9, "bn": 9, "b": 9, "million": 6, "mn": 6, "m": 6, "thousand": 3, "k": 3,
}  # fmt: skip
_FIGURE = re.compile(
    r"(?<![0-9_.])(?<![A-Za-z](?<!RMB)(?<!USD)(?<!CNY)(?<!EUR)(?<!HKD)(?<!US)(?<!GBP)(?<!JPY))(?P<sign>[-+−](?=\d))?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![Qq\d])"
    r"(?:\s*(?P<scale>万亿|亿|千万|百万|万|千|trillion|tn|billion|bn|million|mn|thousand|(?<=\d)[kmb](?![a-z0-9]))(?![a-z]))?"
    r"(?:\)?(?:\s*|-)(?P<unit>个?百分点|%|percentage[ -]points?|percent(?:age)?|pct"
    r"|pp|ppts?|bps|个?基点|basis[ -]points?))?"
    r"|(?<![a-z])(?P<word>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?![a-z])",
    re.IGNORECASE,
)
_UNITS = {
    "%": "%", "percent": "%", "percentage": "%", "百分点": "pp", "个百分点": "pp", "percentagepoint": "pp",
    "percentagepoints": "pp", "pct": "pp", "pp": "pp", "ppt": "pp", "ppts": "pp", "bps": "bp", "基点": "bp",
    "个基点": "bp", "basispoint": "bp", "basispoints": "bp",
}  # fmt: skip
_MINUS = ("-", "−", "–", "—")
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split(" ")
_LARGE_CHINESE = re.compile(
    r"(?<![A-Za-z0-9_.])(\d[\d,]*(?:\.\d+)?)(?:\s*[-—–~至]\s*(\d[\d,]*(?:\.\d+)?))?\s*(万亿|亿|万)(?=[^\d]|$)"
)
_LARGE_ENGLISH = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)(?:\s*(?:-|–|to)\s*\$?(\d[\d,]*(?:\.\d+)?))?\s*(trillion|billion|million|bn|mn)\b",
    re.IGNORECASE,
)
_AMBIGUOUS = re.compile(r"pct", re.IGNORECASE)
RANGE = re.compile(r"\s*(?:[-−–—~～]{1,2}|至|到|to)\s*(?:[$¥€£]\s*)?", re.IGNORECASE)
SMALL = 12  # whole numbers up to here without a unit count things and are not checked


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure where it stands in a text. ``value`` is in ones; ``step`` is the size of its last digit.

    ``unit`` is "%", "pp" (percentage points), "bp" (basis points) or "" for all others.
    """

    text: str
    start: int
    end: int
    value: Decimal
    step: Decimal
    unit: str
    scaled: bool

    @property
    def checkable(self) -> bool:
        """Whether the figure says something that must stand in the evidence."""
        return bool(self.unit) or self.scaled or abs(self.value) > SMALL or self.value != int(self.value)

    @property
    def _points(self) -> Decimal:
        """The value of a change in percentage points; 100 basis points are one."""
        return self.value / 100 if self.unit == "bp" else self.value

    def agrees(self, other: "Figure") -> bool:
        """Whether both can be the same figure: same kind, same value to the last digit of the rounder one.

        Percent and percentage points differ, but "pct" is written for either; 50 basis points are 0.5 points.
        A sign is left out of it, for "fell 5%" is -5%. Where one has no scale its digits must be the other's, for a
        table says "in millions" elsewhere.
        """
        if self.unit != other.unit:
            units = {self.unit, other.unit}
            if units == {"bp", "pp"}:
                return abs(self._points) == abs(other._points)
            if units != {"%", "pp"} or not _AMBIGUOUS.search(f"{self.text} {other.text}"):
                return False
        mine, theirs = abs(self.value), abs(other.value)
        if abs(mine - theirs) <= max(self.step, other.step) / 2:
            return max(self.step, other.step) <= max(mine, theirs) / 5 or mine == theirs
        if self.scaled != other.scaled and mine and theirs:
            return mine.normalize().as_tuple().digits == theirs.normalize().as_tuple().digits and len(self.text) > 2
        return False


def find(text: str) -> list[Figure]:
    """The figures of ``text`` in order. Full-width forms count; positions are those in ``text``.

    The first end of a range has the unit and the size of its second: 80-90% are 80% and 90%.
    """
    found = list(_find(text))
    for index in range(len(found) - 1, 0, -1):
        first, second = found[index - 1], found[index]
        signed = second.text[:1] in _MINUS
        between = _flattened(text[first.end : second.start + signed])
        if not RANGE.fullmatch(between) or (signed and between.startswith(" ")):
            continue
        if signed:  # the dash of a range is no minus
            second = found[index] = replace(second, value=abs(second.value))
        size = abs(second.value) / _plain_number(second.text)
        if first.unit or first.scaled or not (second.unit or second.scaled) or first.text[:1] in _MINUS or not size:
            continue
        found[index - 1] = replace(
            first, value=first.value * size, step=first.step * size, unit=second.unit, scaled=second.scaled
        )
    return found


def _plain_number(text: str) -> Decimal:
    number = re.search(r"\d[\d,]*(?:\.\d+)?", _flattened(text))
    return Decimal(number[0].replace(",", "")) if number and Decimal(number[0].replace(",", "")) else Decimal(1)


def _find(text: str) -> Iterator[Figure]:
    flat = _flattened(text)
    for match in _FIGURE.finditer(flat):
        word = match["word"]
        number = str(_WORDS.index(word.lower())) if word else match["number"].replace(",", "")
        try:
            plain = Decimal(number)
        except InvalidOperation:
            continue
        scale = Decimal(10) ** _SCALES.get((match["scale"] or "").lower(), 0)
        unit = _UNITS.get(re.sub(r"[\s-]+", "", (match["unit"] or "")).lower(), "")
        exponent = plain.as_tuple().exponent
        step = Decimal(10) ** (exponent if isinstance(exponent, int) else 0) * scale
        value = plain * scale * (-1 if match["sign"] in {"-", "−"} else 1)
        yield Figure(text[match.start() : match.end()], match.start(), match.end(), value, step, unit, scale != 1)


def _flattened(text: str) -> str:
    return text if text.isascii() else "".join(_flat(char) for char in text)


def _flat(char: str) -> str:
    """One character for one, so that positions stay: full-width digits and signs become plain."""
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def stands_in(figure: Figure, evidence: list[Figure]) -> bool:
    """Whether the figure agrees with one of the evidence's."""
    return any(figure.agrees(other) for other in evidence)


def in_units_of(text: str, language: str) -> str:
    """``text`` with its large figures in the reader's units: "184亿美元" as "18.4 billion美元", and the other way.

    A small model that is asked to convert mixes the scales up, so it only ever sees the figures it is to write.
    """
    if language == "en":
        return _LARGE_CHINESE.sub(lambda m: f" {_range(m, _english, {'万亿': 12, '亿': 8, '万': 4})} ", text)
    scales = {"trillion": 12, "billion": 9, "bn": 9, "million": 6, "mn": 6}
    return _LARGE_ENGLISH.sub(lambda m: _range(m, _chinese, scales), text)


def _range(match: re.Match[str], say: Callable[[Decimal], str], scales: dict[str, int]) -> str:
    scale = Decimal(10) ** scales[match[3].lower()]
    ends = [say(Decimal(end.replace(",", "")) * scale) for end in (match[1], match[2]) if end]
    return (" to " if say is _english else "至").join(ends)


def _english(value: Decimal) -> str:
    for name, exponent in (("trillion", 12), ("billion", 9), ("million", 6)):
        if value >= Decimal(10) ** exponent:
            return f"{_plain(value / Decimal(10) ** exponent)} {name}"
    return f"{value:,.0f}"


def _chinese(value: Decimal) -> str:
    for name, exponent in (("万亿", 12), ("亿", 8), ("万", 4)):
        if value >= Decimal(10) ** exponent:
            return f"{_plain(value / Decimal(10) ** exponent)}{name}"
    return f"{value:,.0f}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
