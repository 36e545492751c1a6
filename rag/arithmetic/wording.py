"""Values as they are written: ratios, shares, days, and money in the scale of its operands."""

from decimal import ROUND_HALF_UP, Decimal

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JPY ", "CNY": "RMB "}
SUFFIXES = {"USD": "美元", "EUR": "欧元", "GBP": "英镑", "HKD": "港元", "JPY": "日元", "CNY": "元"}


def said(value: Decimal, unit: str, language: str, step: Decimal = Decimal(0)) -> str:
    """A value as it is written: ratios with two decimals, shares with one, money in the scale of its operands."""
    zh = language == "zh"
    if unit in {"%", "pp", "times", "days"}:
        rounded = _rounded(value, 2 if unit == "times" else 1)
        tail = {
            "%": "%",
            "pp": "个百分点" if zh else " percentage points",
            "times": "",
            "days": "天" if zh else " days",
        }
        return f"{rounded}{tail[unit]}"
    sign = "-" if value < 0 else ""
    value = abs(value)
    scales = ((12, "万亿"), (8, "亿"), (4, "万")) if zh else ((12, " trillion"), (9, " billion"), (6, " million"))
    power, name = 0, ""
    for exponent, scale in scales:
        size = Decimal(10) ** exponent
        if (value >= size and (zh or step * 100 >= size)) or (not zh and step == size):
            power, name = exponent, scale
            break
    last = step.adjusted() if step else power - 2
    number = _rounded(value / Decimal(10) ** power, max(0, min(3, power - last)))
    if unit in SYMBOLS:
        return f"{sign}{number}{name}{SUFFIXES[unit]}" if zh else f"{sign}{SYMBOLS[unit]}{number}{name}"
    between = "" if zh or not unit else " "
    return f"{sign}{number}{name}{between}{unit}"


def _rounded(value: Decimal, digits: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP):,}"
