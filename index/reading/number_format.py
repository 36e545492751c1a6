"""Values of spreadsheet cells as the program shows them (number format codes: ECMA-376 part 1, 18.8.31)."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<pad>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|a{3,4}|e+(?![+-]))"
    r"|(?P<exponent>E[+-])|(?P<digits>[0#?][0#?,.]*|\.[0#?]+|,+)|(?P<percent>%)|(?P<text>@)|(?P<slash>/)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_EPOCH = dt.datetime(1899, 12, 30)
_MONTHS = "January February March April May June July August September October November December".split(" ")
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ")
_WEEK = "一二三四五六日"
_LAST_DAY = 2958466  # serial number after 9999-12-31

Value = str | bool | int | float | dt.datetime | dt.date | dt.time | dt.timedelta | None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def shown(value: Value, code: str = "General") -> str:
    """What a cell with ``value`` and the format ``code`` shows. A code that cannot be read shows the plain value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    sections = _sections(code or "General")
    if isinstance(value, str):
        text = sections[3] if len(sections) > 3 else []
        return "".join(value if t.kind == "text" else _literal(t) for t in text).strip() if text else value
    try:
        return _shown(value, sections)
    except (ValueError, OverflowError, InvalidOperation, IndexError):
        return general(value) if isinstance(value, int | float) else str(value)


def general(number: float) -> str:
    """A number without a format: no trailing zeros, at most eleven digits as a cell has room for."""
    if isinstance(number, int) or number.is_integer():
        return str(int(number)) if abs(number) < 1e15 else f"{number:.5E}"
    if abs(number) < 1e-9:
        return f"{number:.5E}"
    places = max(0, 10 - len(str(int(abs(number)))))
    return f"{number:.{places}f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=512)
def _sections(code: str) -> list[list[_Token]]:
    sections: list[list[_Token]] = [[]]
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or "other"
        if kind == "other" and found[0] == ";":
            sections.append([])
        else:
            sections[-1].append(_Token(kind, found[kind]))
    return sections


def _shown(value: int | float | dt.datetime | dt.date | dt.time | dt.timedelta, sections: list[list[_Token]]) -> str:
    section, bare = _choose(_serial(value), sections)
    if any(t.kind == "date" or (t.kind == "bracket" and _elapsed(t.text)) for t in section):
        return _date(_serial(value), section).strip()
    if not isinstance(value, int | float):  # a date under a format for numbers
        return _date(_serial(value), _sections("yyyy-mm-dd")[0])
    number = abs(float(value)) if bare else float(value)
    if not section:
        return ""
    if all(t.kind not in {"digits", "general", "exponent"} for t in section):
        return "".join(general(number) if t.kind == "text" else _literal(t) for t in section).strip()
    if any(t.kind == "general" for t in section):
        plain = general(value if isinstance(value, int) and not bare else number)
        return "".join(plain if t.kind == "general" else _literal(t) for t in section).strip()
    return _number(number, section).strip()


def _choose(number: float, sections: list[list[_Token]]) -> tuple[list[_Token], bool]:
    """The section for a number, and whether its sign is the section's own affair."""
    conditions = [_condition(section) for section in sections[:3]]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=False):
            if condition and _holds(number, *condition):
                return section, False
        rest = [section for section, condition in zip(sections, conditions, strict=False) if not condition]
        return (rest[-1] if rest else sections[0]), False
    if len(sections) > 1 and number < 0:
        return sections[1], True
    if len(sections) > 2 and number == 0:
        return sections[2], False
    return sections[0], False


def _condition(section: list[_Token]) -> tuple[str, float] | None:
    for token in section:
        if token.kind == "bracket" and (found := _CONDITION.fullmatch(token.text)):
            return found[1], float(found[2])
    return None


def _holds(number: float, sign: str, bound: float) -> bool:
    return {
        "<": number < bound,
        ">": number > bound,
        "=": number == bound,
        "<=": number <= bound,
        ">=": number >= bound,
        "<>": number != bound,
    }[sign]


def _literal(token: _Token) -> str:
    if token.kind in {"quoted", "escaped", "percent", "slash", "other"}:
        return token.text
    if token.kind == "bracket" and token.text.startswith("$"):
        return token.text[1:].split("-", 1)[0]
    return " " if token.kind == "pad" else ""


def _number(number: float, section: list[_Token]) -> str:
    digits = [at for at, token in enumerate(section) if token.kind == "digits"]
    percents = sum(token.kind == "percent" for token in section)
    if any(token.kind == "exponent" for token in section):
        return _scientific(number, section)
    slash = next((at for at, token in enumerate(section) if token.kind == "slash"), None)
    if slash is not None and digits and slash > digits[0]:
        return general(round(number, 4))  # a fraction: its value reads better in search than "1 3/8"
    shape = "".join(section[at].text for at in digits)
    scale = len(shape) - len(shape.rstrip(","))
    shape = shape.rstrip(",")
    whole, _, places = shape.partition(".")
    exact = Decimal(repr(number)) * (Decimal(100) ** percents) / (Decimal(1000) ** scale)
    least = places.count("0")
    rounded = abs(exact).quantize(Decimal(1).scaleb(-len(places)), rounding=ROUND_HALF_UP)
    ahead, _, behind = f"{rounded:f}".partition(".")
    while len(behind) > least and behind.endswith("0"):
        behind = behind[:-1]
    ahead = ahead.lstrip("0").zfill(max(whole.count("0"), 1 if not behind and not places else 0))
    if "," in whole:
        ahead = f"{int(ahead or 0):,}".zfill(len(ahead)) if ahead else ahead
    figure = ahead + (f".{behind}" if behind else "")
    negative = number < 0 and rounded != 0
    parts, put = [], False
    for token in section:
        if token.kind == "digits":
            parts.append("" if put else figure)
            put = True
        else:
            parts.append(_literal(token))
    return ("-" if negative else "") + "".join(parts).strip()


def _scientific(number: float, section: list[_Token]) -> str:
    first = next(token.text for token in section if token.kind == "digits")
    mantissa, _, power = f"{number:.{len(first.partition('.')[2])}E}".partition("E")
    return f"{mantissa}E{power[0]}{power[1:].lstrip('0').zfill(2)}"


def _serial(value: int | float | dt.datetime | dt.date | dt.time | dt.timedelta) -> float:
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, dt.time):
        return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86400
    moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
    return (moment.replace(tzinfo=None) - _EPOCH) / dt.timedelta(days=1)


def _elapsed(text: str) -> bool:
    return bool(re.fullmatch(r"h+|m+|s+", text, re.IGNORECASE))


def _date(serial: float, section: list[_Token]) -> str:
    """A moment given as days since 1899-12-30 in the section's own form."""
    if not 0 <= serial < _LAST_DAY:
        raise ValueError("no date")
    moment = _EPOCH + dt.timedelta(seconds=round(serial * 86400))
    half = any(token.kind == "ampm" for token in section)
    times = [at for at, t in enumerate(section) if t.kind == "date" or (t.kind == "bracket" and _elapsed(t.text))]
    text = ""
    for at, token in enumerate(section):
        if token.kind == "ampm":
            chinese = token.text.startswith("上")
            text += ("上午" if moment.hour < 12 else "下午") if chinese else ("AM" if moment.hour < 12 else "PM")
        elif at not in times:
            text += token.text if token.kind == "digits" else _literal(token)
        elif token.kind == "bracket":
            seconds = round(serial * 86400)
            unit = {"h": 3600, "m": 60, "s": 1}[token.text[0].lower()]
            text += str(seconds // unit).zfill(len(token.text))
        else:
            near = times.index(at)
            before = section[times[near - 1]].text[0].lower() if near else ""
            after = section[times[near + 1]].text[0].lower() if near + 1 < len(times) else ""
            text += _part(moment, token.text.lower(), minutes=before == "h" or after == "s", half=half)
    return text


def _part(moment: dt.datetime, code: str, minutes: bool, half: bool) -> str:
    size, letter = len(code), code[0]
    if letter in "ye":
        return f"{moment.year % 100:02d}" if letter == "y" and size <= 2 else f"{moment.year:04d}"
    if letter == "m" and not minutes:
        name = _MONTHS[moment.month - 1]
        return [str(moment.month), f"{moment.month:02d}", name[:3], name, name[0]][min(size, 5) - 1]
    if letter == "d":
        name = _DAYS[moment.weekday()]
        return [str(moment.day), f"{moment.day:02d}", name[:3], name][min(size, 4) - 1]
    if letter == "a":
        return ("星期" if size > 3 else "") + _WEEK[moment.weekday()]
    if letter == "s":
        return str(moment.second).zfill(min(2, len(code.partition(".")[0])))
    value = moment.minute if letter == "m" else (moment.hour % 12 or 12 if half else moment.hour)
    return str(value).zfill(min(size, 2))
