"""The figures of evidence with what is needed to reckon with them: label, period, currency or unit, size in ones."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.text import has_cjk, split_sentences, words
from rag.arithmetic.periods import Period, periods, placed
from rag.checking.figures import Figure, find
from rag.types import Evidence

_SCALE_IN_TITLE = re.compile(
    r"(?P<en>trillions?|billions?|millions?|thousands?|000s?)|单位[:：]?[^;；]{0,6}?(?P<unit>万亿|亿|千万|百万|万|千)"
    r"|[(（](?P<zh>万亿|亿|千万|百万|万|千)[^)）;；]{0,6}[)）]|(?P<whole>百万|万亿|亿|千|万)(?:元|美元|港元|欧元|日元)",
    re.IGNORECASE,
)
_SCALES = {
    "trillion": 12, "billion": 9, "million": 6, "thousand": 3, "000": 3, "000s": 3,
    "万亿": 12, "亿": 8, "千万": 7, "百万": 6, "万": 4, "千": 3,
}  # fmt: skip
_UNSCALED = re.compile(
    r"per[ -](?:\w+ )?share|\beps\b|shares? outstanding|number of|\bstores?\b|employees|ratio|rate\b|margin|%|percent"
    r"|每股|股数|家数|人数|比率|比例|[率比]$",
    re.IGNORECASE,
)
_CURRENCY = re.compile(
    r"(?P<HKD>hk\$|hkd|港[元币])|(?P<USD>us\$|usd|美元|美金|(?<![a-z])\$|(?:u\.?s\.? )?dollars?)"
    r"|(?P<JPY>jpy|日元|yen)|(?P<EUR>eur|€|欧元|euros?)|(?P<GBP>gbp|£|英镑|pounds?)"
    r"|(?P<CNY>rmb|cny|人民币|yuan|[¥￥]|(?<![美港欧日韩澳加])元)",
    re.IGNORECASE,
)
_COUNT_ZH = re.compile(r"\s*([个户家台人次条座辆吨只股部套名所件篇艘架])")
_COUNT_EN = re.compile(r"\s+([a-z]+)")
_NOT_COUNTED = frozenset(
    "in of for to and or from as at on by with compared versus vs was were is are the a an during while up down per "
    "million billion thousand trillion respectively primarily due which that dollars net".split(" ")
)
_RANGE = re.compile(r"^\s*(?:[-–—~～至到]|to\b)\s*[$¥€£]?\s*\d", re.IGNORECASE)
_RANGED = re.compile(r"\d\s*(?P<unit>%|亿|万|billion|million)?\s*(?:[-–—~～至到]|\bto)\s*[$¥€£]?\s*$", re.IGNORECASE)
_CUMULATIVE = re.compile(r"[,，;；。:：]|、(?=\S{3})|\band\b|\bcompared (?:to|with)\b", re.IGNORECASE)
_BRACKETED = re.compile(r"^[$¥€£\s]*[(（][\s$¥€£]*[\d.,]+\s*[)）]?\s*%?\s*[)）]?\s*%?$")
_CELL = re.compile(r"^(?:(?P<name>.*?):\s+)?(?P<value>[^:]*\d[^:]*)$")
_MARKED = re.compile(r"\s*[(（]\d{1,2}[)）]")


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure of evidence item ``n``. ``value`` is in ones, ``step`` the size of its last digit.

    ``unit`` is "%", "pp", "bp", a currency's code, what is counted (户, stores), or "" when nothing says. ``label`` are
    the words it belongs to: a table row's label with its group, or the clause before it. ``column`` is the name of a
    table's column. ``row`` tells the rows and sentences of an item apart. ``shown`` is as printed, with its unit.
    ``sized`` is False where a table may have a scale (in millions) that the evidence does not say.
    """

    n: int
    row: int
    text: str
    shown: str
    value: Decimal
    step: Decimal
    unit: str
    label: str
    period: Period | None
    quote: str
    column: str = ""
    tabular: bool = False
    sized: bool = True

    @property
    def is_share(self) -> bool:
        """Whether it is a percentage or a change of one."""
        return self.unit in {"%", "pp", "bp"}


def amounts(evidence: Sequence[Evidence]) -> list[Amount]:
    """The figures that can be reckoned with, in order: no years, no ranges, no footnote marks."""
    return [amount for item in evidence for amount in _of_item(item)]


def _of_item(item: Evidence) -> Iterator[Amount]:
    lines = item.text.split("\n")
    tabular = any(" | " in line for line in lines)
    if tabular:
        currency = _table_unit(item.about)[1] or ("USD" if "$" in item.text else _currency_sign(item.text))
        for index, line in enumerate(lines):
            yield from _of_row(item, index, line, currency)
        return
    spans = [item.text[a:b].strip() for a, b in split_sentences(item.text)]
    known: Period | None = next(iter(periods(item.section.rsplit(" › ", 1)[-1])), None)
    for index, span in enumerate(spans):
        found = list(_of_sentence(item, index, span, known))
        yield from found
        known = found[-1].period if found and found[-1].period else known


def _of_row(item: Evidence, index: int, line: str, currency: str) -> Iterator[Amount]:
    """The cells of a row: ``Group: Label | Column: 1,234 | Column: 5,678``."""
    first, *cells = line.split(" | ")
    label = _MARKED.sub("", first).strip()
    power = _table_unit(item.about)[0]
    for cell in cells:
        match = _CELL.match(cell)
        if match is None or not match["value"]:
            continue
        name, printed = (match["name"] or "").strip(), match["value"].strip()
        figures = find(_MARKED.sub(" ", printed) if not _BRACKETED.match(printed) else printed)
        if len(figures) != 1:
            continue
        figure = figures[0]
        words = f"{label} {name}"
        own = _currency(printed)
        bare = not figure.unit and not figure.scaled
        scaled = bare and power and not (_UNSCALED.search(words))
        factor = Decimal(10) ** power if scaled else Decimal(1)
        negative = bool(_BRACKETED.match(printed)) or printed.lstrip("$¥€£ ").startswith(("-", "−", "–"))
        value = abs(figure.value) * factor * (-1 if negative else 1)
        unit = figure.unit or ("%" if "%" in words and bare else "") or own
        if not unit and not (_UNSCALED.search(words) and not re.search("per|每股|eps", words, re.IGNORECASE)):
            unit = currency
        when = next(iter(periods(name)), None)
        yield Amount(
            n=item.n,
            row=index,
            text=figure.text,
            shown=_shown_cell(printed, figure, power if scaled else 0, unit, item),
            value=value,
            step=figure.step * factor,
            unit=unit,
            label=label,
            period=when,
            quote=line,
            column=name,
            tabular=True,
            sized=not bare or bool(power) or bool(_UNSCALED.search(words)),
        )


def _shown_cell(printed: str, figure: Figure, power: int, unit: str, item: Evidence) -> str:
    """A cell with the scale of its table: ``$5,308 million``, ``12.5亿元``."""
    symbols = {"USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JPY ", "CNY": "RMB "}
    names = {"USD": "美元", "EUR": "欧元", "GBP": "英镑", "HKD": "港元", "JPY": "日元", "CNY": "元"}
    sign = "-" if _BRACKETED.match(printed) or printed.startswith(("-", "−")) else ""
    number = figure.text.lstrip("+-−")
    if figure.unit or unit in {"%", "pp", "bp"}:
        return f"{sign}{re.sub('[^0-9.,]', '', number)}%"
    if has_cjk(item.text) or has_cjk(item.about):
        scales = {12: "万亿", 8: "亿", 7: "千万", 6: "百万", 4: "万", 3: "千"}
        return f"{sign}{number}{scales.get(power, '')}{names.get(unit, '')}"
    scales = {12: " trillion", 9: " billion", 6: " million", 3: " thousand"}
    return f"{sign}{symbols.get(unit, '')}{number}{scales.get(power, '')}"


def _table_unit(about: str) -> tuple[int, str]:
    """The power of ten and the currency that a table's title or unit names."""
    match = _SCALE_IN_TITLE.search(about)
    power = 0
    if match:
        said = (match["en"] or match["unit"] or match["zh"] or match["whole"]).lower()
        power = _SCALES.get(said, 0) or _SCALES.get(said.rstrip("s"), 0)
    return power, _currency(about)


def _currency_sign(text: str) -> str:
    """The currency whose sign stands before a figure of a table."""
    match = re.search(r"([€£]|HK\$|RMB)\s?\d", text)
    return _currency(match[1]) if match else ""


def _currency(text: str) -> str:
    match = _CURRENCY.search(text)
    return match.lastgroup or "" if match else ""


def _of_sentence(item: Evidence, index: int, sentence: str, known: Period | None) -> Iterator[Amount]:
    """The figures of running text, each with its clause. ``known`` is the period that the text before was about."""
    figures = [figure for figure in find(sentence) if not _is_no_amount(sentence, figure)]
    times = placed(sentence)
    last_label = ""
    for position, figure in enumerate(figures):
        before = figures[position - 1].end if position else 0
        after = figures[position + 1].start if position + 1 < len(figures) else len(sentence)
        clause = _CUMULATIVE.split(sentence[before : figure.start])[-1].strip(" $¥€£￥")
        label = clause if words(clause) or not last_label else last_label
        whole = sentence[before : figure.start]
        if before == 0 and len(whole) < 60 and has_cjk(sentence):
            label = whole.strip()
        last_label = label or last_label
        yield Amount(
            n=item.n,
            row=index,
            text=figure.text,
            shown=_with_currency(sentence, figure),
            value=figure.value,
            step=figure.step,
            unit=_unit(sentence, figure),
            label=label,
            period=_when(sentence, figure, before, after, times, known),
            quote=sentence,
        )


def _when(
    sentence: str, figure: Figure, before: int, after: int, times: Sequence[tuple[int, Period]], known: Period | None
) -> Period | None:
    """The period a figure of running text is of.

    Chinese names it before the figure, English often after it; one that was named earlier holds on, and what stands
    before "compared to" is of the period of the text.
    """
    between = [p for at, p in times if before <= at < figure.start]
    if between:
        return between[-1]
    if not has_cjk(sentence):
        stop = re.search(r"\bcompared\b|\bversus\b|\bfrom\b|[;,]", sentence[figure.end : after])
        end = figure.end + stop.start() if stop else after
        behind = [p for at, p in times if figure.end <= at < end]
        if behind:
            return behind[0]
        if re.search(r"\bcompared\b|\bversus\b|\bfrom\b", sentence[before : figure.start]):
            return next((p for at, p in times if at >= figure.end), None)
    earlier = [p for at, p in times if at < figure.start]
    return earlier[-1] if earlier else known


def _is_no_amount(sentence: str, figure: Figure) -> bool:
    """Years, dates, ranges, numbers of list items and words like "one" are nothing to reckon with."""
    text = unicodedata.normalize("NFKC", figure.text)
    bare = not figure.unit and not figure.scaled
    after, before = sentence[figure.end : figure.end + 12], sentence[: figure.start]
    if not any(char.isdigit() for char in text):
        return True
    ranged = _RANGED.search(before[-14:])
    changed = re.search(r"\bfrom\b[^,;]{0,30}$|由[^,，;；]{0,12}$|从[^,，;；]{0,12}$", before, re.IGNORECASE)
    if ranged and not changed and (ranged["unit"] == "%") == (figure.unit == "%"):
        return True
    if _is_range_start(sentence, figure):
        return True
    if not bare:
        return False
    if re.match(r"\s*[年月日季]|[QH号/]|\s*[GT](?![A-Za-z])", after) or re.search(
        r"(?:fy|fiscal|note|[/第#])\s*$", before, re.I
    ):
        return True
    money = _unit(sentence, figure)
    if re.fullmatch(r"(?:19|20)\d\d", text) and not money:
        return True
    month = re.search(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s*$", before[-12:], re.IGNORECASE)
    return bool(month) or bool(re.match(r"\s*[)）.、](?=\s|$)", after) and not money and len(text) <= 2)


def _is_range_start(sentence: str, figure: Figure) -> bool:
    """Whether a second end of a range of the same kind follows."""
    after = sentence[figure.end : figure.end + 24]
    if not _RANGE.match(after) or re.search(
        r"(?:\bfrom|[由从])\s*[$¥€£]?\s*$", sentence[: figure.start], re.IGNORECASE
    ):
        return False
    other = next(iter(find(after)), None)
    return other is None or other.unit == figure.unit or not figure.unit


def _unit(sentence: str, figure: Figure) -> str:
    if figure.unit:
        return figure.unit
    before, after = sentence[max(0, figure.start - 5) : figure.start], sentence[figure.end : figure.end + 24]
    mark = re.search(r"(hk\$|us\$|\$|€|£|[¥￥]|rmb|usd|cny|eur|hkd|人民币)\s*$", before, re.IGNORECASE)
    if mark:
        return _currency(mark[1])
    suffix = re.match(
        r"\s*(人民币|美元|美金|港[元币]|欧元|日元|英镑|元|(?:u\.?s\.? )?dollars?|yuan|euros?|rmb)", after, re.I
    )
    if suffix:
        return _currency(suffix[1])
    counted = _COUNT_ZH.match(after)
    if counted:
        return counted[1]
    word = _COUNT_EN.match(after)
    return word[1] if word and word[1] not in _NOT_COUNTED else ""


def _with_currency(sentence: str, figure: Figure) -> str:
    """The figure with the currency or counted unit beside it, as printed."""
    before, after = sentence[max(0, figure.start - 5) : figure.start], sentence[figure.end :]
    mark = re.search(r"(hk\$|us\$|\$|€|£|[¥￥]|rmb\s?|人民币)\s*$", before, re.IGNORECASE)
    suffix = re.match(r"\s?(美元|美金|港[元币]|欧元|日元|英镑|元|[个户家台人次条座辆吨只股部套名所件])", after)
    return f"{mark[0] if mark else ''}{figure.text.strip()}{suffix[1] if suffix else ''}".strip()
