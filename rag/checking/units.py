"""What a figure counts: its currency, or the thing or physical unit that stands beside it."""

import re

from rag.checking.figures import Figure

_CURRENCIES = (
    ("USD", r"US\$|美元|美金|USD|US dollars?|(?<![A-Z])\$"),
    ("HKD", r"HK\$|HKD|港元|港币"),
    ("EUR", r"€|EUR|欧元|euros?"),
    ("GBP", r"£|GBP|英镑|pounds? sterling"),
    ("JPY", r"JPY|日元|yen"),
    ("CNY", r"RMB|CNY|人民币|yuan|元"),
)
_CURRENCY = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _CURRENCIES), re.IGNORECASE)
_NOUNS = (
    ("GWh", r"GWh"), ("MWh", r"MWh"), ("kWh", r"kWh|千瓦时|度电"), ("GW", r"GW"), ("MW", r"MW"), ("kW", r"kW|千瓦"),
    ("t", r"吨|(?:metric )?tons?|tonnes?"), ("kg", r"公斤|千克|kg|kilograms?"),
    ("km", r"公里|千米|km|kilomet(?:er|re)s?"),
    ("mile", r"英里|miles?"), ("m2", r"平方米|㎡|square met(?:er|re)s?"), ("ft2", r"平方英尺|square feet"),
    ("times", r"倍|times(?! a)|x(?![a-z0-9])"), ("years", r"(?:多|余)?年(?!报|末|底|初|中|均|化|内|期|度)|years?"),
    ("months", r"个?月(?!末|底|初)|months?"), ("weeks", r"周|weeks?"), ("days", r"天|days?"),
    ("hours", r"个?小时|hours?"), ("minutes", r"分钟|minutes?"), ("households", r"户|households"),
    ("persons", r"人(?!民)|people|persons|employees"), ("shares", r"股|shares?"), ("GB", r"GB"), ("TB", r"TB"),
    ("bbl", r"桶|barrels?"), ("MHz", r"MHz"), ("GHz", r"GHz"), ("nm", r"纳米|nm"), ("stores", r"stores?|门店"),
)  # fmt: skip
_NOUN = re.compile(
    "|".join(f"(?P<n{index}>(?:{pattern})(?![a-z]))" for index, (_, pattern) in enumerate(_NOUNS)),
    re.IGNORECASE,
)


def currency_of(text: str, figure: Figure) -> str:
    """The currency that stands before or after a figure; "" when none does."""
    before, after = text[max(0, figure.start - 6) : figure.start], text[figure.end : figure.end + 12]
    for match in _CURRENCY.finditer(before):
        if not before[match.end() :].strip(" ("):
            return str(match.lastgroup)
    match_after = _CURRENCY.match(after.lstrip(" )"))
    return str(match_after.lastgroup) if match_after else ""


def noun_of(text: str, figure: Figure) -> str:
    """What a figure counts, for units that cannot be each other; "" for all else."""
    match = _NOUN.match(text[figure.end : figure.end + 16].lstrip(" -"))
    return _NOUNS[int(str(match.lastgroup)[1:])][0] if match else ""
