"""Periods as reports and questions write them: fiscal years, quarters, half years, months, closing dates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:19|20)\d\d"
_FISCAL = r"(?:fy|fiscal(?:\s+year)?|the)"
_ORDINALS = {
    "first": "Q1",
    "second": "Q2",
    "third": "Q3",
    "fourth": "Q4",
    "一": "Q1",
    "二": "Q2",
    "三": "Q3",
    "四": "Q4",
}
_LENGTHS = {"three": 3, "six": 6, "nine": 9, "twelve": 12, "3": 3, "6": 6, "9": 9, "12": 12}
_WEEKS = {12: 3, 13: 3, 14: 3, 16: 3, 24: 6, 26: 6, 27: 6, 36: 9, 39: 9, 40: 9, 52: 12, 53: 12}
_PATTERN = re.compile(
    rf"(?:(?P<count>\d+|three|six|nine|twelve)\s+(?P<spanof>months?|weeks?)\s+ended\s+)?"
    rf"(?:(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<dated>{_YEAR})"
    rf"|(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})/(?P<slashed>{_YEAR}))"
    rf"|(?P<iso>{_YEAR})[-年](?P<isom>\d{{1,2}})[-月](?P<isod>\d{{1,2}})日?"
    rf"|(?P<qyear>{_YEAR}|(?<!\d)\d\d(?=\s?q))\s?年?\s?q(?P<q1>[1-4])(?!\d)"
    rf"|(?<![a-z0-9.])q(?P<q2>[1-4])\s*(?:of\s+)?(?:{_FISCAL}\s*)?'?(?P<q2year>{_YEAR}|\d\d(?!\d))?"
    rf"|(?<![\d.])(?P<q3>[1-4])q\s?(?:fy\s?)?'?(?P<q3year>{_YEAR}|\d\d(?!\d))?"
    rf"|fy\s?(?P<fqyear>{_YEAR}|\d\d)\s?q(?P<fq>[1-4])"
    rf"|(?P<word>first|second|third|fourth)[- ]quarter(?:s)?(?:\s+(?:of\s+)?(?:{_FISCAL}\s*)?(?P<wordyear>{_YEAR}))?"
    rf"|(?P<zhyear>{_YEAR})?年?\s?第?(?P<zhq>[一二三四])季度?(?![度]?报)"
    rf"|(?P<nineyear>{_YEAR})?年?\s?(?P<nine>前三季度|前三个季度|一至三季度)"
    rf"|(?P<halfyear>{_YEAR})?年?\s?(?P<half>[上下]半年)"
    rf"|(?:h(?P<h1>[12])\s*'?(?P<h1year>{_YEAR}|\d\d)?|(?P<h2>[12])h\s?'?(?P<h2year>{_YEAR}|\d\d))(?!\w)"
    rf"|(?P<myear>{_YEAR})年\s?(?P<mmonth>\d{{1,2}})月"
    rf"|(?P<enmonth>{_MONTH})\.?,?\s+(?P<enyear>{_YEAR})(?!\d)"
    rf"|(?P<fiscal>{_FISCAL}|years?\s+ended)\s*'?(?P<fyear>{_YEAR})"
    rf"|(?<![a-z])fy\s?'?(?P<short>\d\d)(?!\d)"
    rf"|(?<![\d.,$¥€£])(?P<year>{_YEAR})(?=[ae](?![a-z])|[^\d,.%亿万]|[.,](?!\d)|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """A period: ``part`` is "" (a year or a date), "Q1".. "Q4", "H1", "H2", "9M" or "M1".. "M12".

    ``date`` is (month, day) of a closing date; ``months`` the length that is named beside it, 0 when none is.
    ``year`` is 0 where only the part is named.
    """

    year: int
    part: str = ""
    date: tuple[int, int] = (0, 0)
    months: int = 0
    text: str = ""

    def is_same(self, other: "Period") -> bool:
        """Whether both are one period, however they are written; a date stands for no year nor quarter."""
        return (self.year, self.part, self.date, self.months) == (other.year, other.part, other.date, other.months)

    @property
    def order(self) -> tuple[int, int, int]:
        """For sorting: later periods are greater."""
        ends = {"Q1": 3, "Q2": 6, "H1": 6, "Q3": 9, "9M": 9}
        if self.date != (0, 0):
            return self.year, *self.date
        month = int(self.part[1:]) if self.part.startswith("M") else ends.get(self.part, 12)
        return self.year, month, 31


def periods(text: str) -> list[Period]:
    """The periods that ``text`` names, in order, each once."""
    found: list[Period] = []
    for _, period in placed(text):
        if not any(period.is_same(other) for other in found):
            found.append(period)
    return found


def placed(text: str) -> list[tuple[int, Period]]:
    """The periods of ``text`` with the offsets where they begin."""
    return [(match.start(), period) for match in _PATTERN.finditer(text) if (period := _period(match))]


def _period(match: re.Match[str]) -> Period | None:
    g = match.groupdict()
    text = match[0].strip()
    if g["dated"] or g["slashed"] or g["iso"]:
        year = int(g["dated"] or g["slashed"] or g["iso"])
        month = _MONTHS.index(g["month"][:3].lower()) + 1 if g["month"] else int(g["m"] or g["isom"])
        return Period(year, "", (month, int(g["day"] or g["d"] or g["isod"])), _months(g), text)
    quarter = g["q1"] or g["q2"] or g["q3"] or g["fq"]
    if quarter:
        return Period(_full(g["qyear"] or g["q2year"] or g["q3year"] or g["fqyear"]), f"Q{quarter}", text=text)
    if g["word"]:
        return Period(_full(g["wordyear"]), _ORDINALS[g["word"].lower()], text=text)
    if g["zhq"]:
        return Period(_full(g["zhyear"]), _ORDINALS[g["zhq"]], text=text)
    if g["nine"]:
        return Period(_full(g["nineyear"]), "9M", text=text)
    if g["half"]:
        return Period(_full(g["halfyear"]), "H1" if g["half"][0] == "上" else "H2", text=text)
    if g["h1"] or g["h2"]:
        return Period(_full(g["h1year"] or g["h2year"]), f"H{g['h1'] or g['h2']}", text=text)
    if g["myear"]:
        return Period(int(g["myear"]), f"M{int(g['mmonth'])}", text=text)
    if g["enyear"]:
        return Period(int(g["enyear"]), f"M{_MONTHS.index(g['enmonth'][:3].lower()) + 1}", text=text)
    plain = g["fyear"] or g["short"] or g["year"]
    return Period(_full(plain), text=text) if plain else None


def _months(groups: dict[str, str | None]) -> int:
    count = (groups["count"] or "").lower()
    if (groups["spanof"] or "").lower().startswith("week"):
        return _WEEKS.get(int(count), 0) if count.isdigit() else 0
    return _LENGTHS.get(count, 0)


def _full(year: str | None) -> int:
    return 0 if not year else int(year) if len(year) == 4 else 2000 + int(year)


def column_of(asked: Period, columns: Sequence[Period], own: Sequence[Period]) -> int | None:
    """Which of a row's ``columns`` is the ``asked`` period, None when none is or it is not clear.

    ``own`` are the periods that the report names as its own, newest columns are theirs: so a quarter of a fiscal year
    is found under the date it ended on, and a year in a statement of a quarter under its closing date.
    """
    same = [i for i, c in enumerate(columns) if c.year == asked.year and c.part == asked.part and c.date == (0, 0)]
    if same:
        return same[0] if len(same) == 1 else None
    dated = [i for i, c in enumerate(columns) if c.date != (0, 0)]
    if not dated:
        return None
    wanted = {"Q": 3, "H": 6, "9": 9}.get(asked.part[:1], 12)
    fitting = [i for i in dated if columns[i].months in {0, wanted}]
    if not fitting:
        return None
    newest = max(fitting, key=lambda i: columns[i].order)
    parts = {asked.part} if asked.part else {"", "Q4"}  # a fourth quarter's report closes its year
    years = {o.year for o in own if o.part in parts}
    if asked.year in years:
        return None if asked.year + 1 in years else newest  # a name and a title that count years differently
    if asked.year + 1 in years:  # the year before, at the same date
        year_before = [i for i in fitting if columns[i].year == columns[newest].year - 1]
        near = [i for i in year_before if columns[i].date[0] == columns[newest].date[0]]
        return near[0] if len(near) == 1 else None
    if asked.part:
        return None
    quarterly = any(o.part in {"Q1", "Q2", "Q3"} for o in own)
    rest = [i for i in fitting if columns[i].year == asked.year and not (quarterly and i == newest)]
    return rest[0] if len(rest) == 1 else None
