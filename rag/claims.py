"""What a text says of each of its figures: the words of its clause, its period, its unit, its direction."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from index.text import CJK, has_cjk, split_sentences, stem
from rag.figures import Figure, find
from rag.periods import Period, find_periods
from rag.terms import measures

NEAR, BEFORE, FAR, ASIDE = 0.8, 0.6, 0.35, 0.3  # weight of words one segment before, further before, and in other sentences
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
    ("t", r"吨|(?:metric )?tons?|tonnes?"), ("kg", r"公斤|千克|kg|kilograms?"), ("km", r"公里|千米|km|kilomet(?:er|re)s?"),
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
_UP = (
    r"增长|增加|上升|上涨|提升|提高|上调|增至|升至|涨|扩大|扭亏|增(?![值资量持发速幅])"
    r"|\b(?:rose|rise[sn]?|rising|grew|grow[sn]?|growing|increas(?:e[ds]?|ing)|up|gain(?:ed|s)?|climb(?:ed|s)?|higher|widen(?:ed|s)?"
    r"|expand(?:ed|s)?|improv(?:ed|es?|ement)|jump(?:ed|s)?|surged?|soared)\b"
)
_DOWN = (
    r"下降|下滑|减少|下跌|回落|降低|降至|下调|跌|收窄|萎缩|缩减|降"
    r"|\b(?:fell|fall(?:s|en|ing)?|declin(?:e[ds]?|ing)|decreas(?:e[ds]?|ing)|down|drop(?:ped|s)?|lower(?:ed)?|narrow(?:ed|s)?"
    r"|contract(?:ed|s)|reduc(?:ed|es?|tion)|shr[aiu]nk|slipp?ed|slid)\b"
)
_CHANGE = rf"同比|环比|增速|增幅|涨幅|跌幅|降幅|growth|year[- ](?:on|over)[- ]year|\byoy\b|{_UP}|{_DOWN}"
_SHARE = r"占|比重|份额|占比|市占率|渗透率|\bshare of\b|accounted? for|accounting for|represent(?:ed|ing|s)?\b|percentage of|% of"
_BASES = (
    ("@yoy", r"同比|year[- ](?:on|over)[- ]year|\byoy\b"),
    ("@qoq", r"环比|quarter[- ](?:on|over)[- ]quarter|\bqoq\b|sequential(?:ly)?|month[- ](?:on|over)[- ]month"),
)
_PRIOR = r"上年同期|去年同期|上年末?|去年|同期|compared (?:to|with)|versus|\bvs\.?|prior[- ]year|previous|a year (?:ago|earlier)|last year"
_CUES = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (("@up", _UP), ("@down", _DOWN), ("@change", _CHANGE), ("@share", _SHARE), *_BASES, ("@prior", _PRIOR))
)  # fmt: skip
_DATE_WORDS = re.compile(r"(?<=\d)\s*[年月日号][末底初度]?|第?[一二三四]季度|[上下]半年")
_CUE_WORDS = re.compile(
    r"同比|环比|增长|增加|上升|上涨|提升|提高|上调|下降|下滑|减少|下跌|回落|降低|下调|增至|升至|降至|跌至|增(?![值资量持发速幅])|占比?"
)
_FROM = re.compile(r"(?:由|从|自|\bfrom\b)[^，,；;至到]{0,24}$", re.IGNORECASE)
_TO = re.compile(
    r"(?:[至到](?:[^，,；;。至到]{0,16}的)?|\bto\b)\s*(?:约|近|about|approximately)?\s*(?:US|HK)?[$€£¥]?\s*$",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"实现|达到|达成|完成|录得|约为|约|大约|分别|其中|以及|同时|此外|来自|已经|已|达|为|是|的|了|在|有|和|与|及|或|至|由|从|对|将|于|较|则|均|也|并|且|共计?|发布|公司|报告"
)
_STOP = frozenset(
    (
        "a an the of and or to in on for by at as is are was were be been it its this that these those with from has have had "
        "do does did we our which their they than then while whereas respectively approximately about around total totaled totalled reached "
        "reach amount amounted came primarily mainly due also s t inc company"
    ).split(" ")
)
_TOKEN = re.compile(rf"[{CJK}]+|[a-z][a-z0-9&]*(?:[-.'][a-z0-9]+)*|\d+[a-z]+\d*")
_BREAK = re.compile(r"[,，;；:：。()（）、|]|(?<=\s)(?:and|while|but|whereas|compared|versus)(?=\s)|而|但|以及|其中")
_ENUM = re.compile(r"\s*(?:[/、,，;；和与及&]|\band\b|\bor\b|,\s*and\b)+\s*[$€£¥]?\s*", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\s*(?:in|of|for|from|at|on|by|due|during|as|to|per|year|compared|versus|versus|with|increase|decrease|growth|decline|share|的|元的)\b|\s*的",
    re.IGNORECASE,
)
_SIGN_BEFORE = re.compile(r"(?:[(（]\s*)?(?:(?:US|HK)?[$€£¥]\s*)?(?:[(（]\s*)?$")
LONGEST_NAME = 5  # Chinese characters of a name in a row of names whose end is not known
Bag = dict[str, float]


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure with what its text says of it.

    ``bag`` holds the words around it with weights from 0 to 1, 1 for those of its own clause. ``periods`` are those that
    it stands in, ``own_period`` whether one of them is told in its sentence or row. ``currency`` and ``noun`` are ""
    where none is told, ``direction`` is 1, -1 or 0, ``kind`` "change", "share" or "". ``size`` is what a table says its
    figures are in, as a factor; 1 where nothing is said. ``name`` says that the digits are a number such as a
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


def tokens(text: str) -> list[str]:
    """Words for comparing clauses: English stems, pairs of Chinese characters, and marks for what they measure."""
    return list(_tokens(text))


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    flat = _DATE_WORDS.sub(" ", unicodedata.normalize("NFKC", text).lower())
    found = [f"@{name}" for name in sorted(measures(flat))]
    found += [name for name, pattern in _CUES if pattern.search(flat)]
    for match in _TOKEN.finditer(flat):
        word = match[0]
        if not has_cjk(word):
            if word not in _STOP:
                found.append(stem(word))
            continue
        for run in _EMPTY.sub(" ", _CUE_WORDS.sub(" ", word)).split():
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return tuple(dict.fromkeys(found))


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
    segments = _segments(text, figures, spans)
    claims: list[Claim] = []
    carried: Bag = {word: min(weight, FAR) for word, weight in (inherited or {}).items()}
    said: list[Bag] = []
    said_periods = _filled(text, spans)
    for index, figure in enumerate(figures):
        own, loose = segments[index]
        local_text = " | ".join(text[a:b] for a, b in own)
        bag: Bag = dict.fromkeys(tokens(local_text), 1.0)
        lead = text[figures[index - 1].end if index else 0 : figure.start]
        turned = bool(_TO.search(lead))
        if turned and said:  # "from x to y": what is said before x is said of y
            _add(bag, said[-1])
        if turned or _FROM.search(lead):
            bag.pop("@from", None)
            bag["@to" if turned else "@from"] = 1.0
        for a, b, weight in loose:
            _add(bag, dict.fromkeys(tokens(text[a:b]), weight))
        for back, earlier in enumerate(reversed(said)):
            _add(bag, {w: weight * (NEAR if back == 0 else BEFORE) for w, weight in earlier.items() if weight > 0.45})
        left = " | ".join(text[a:b] for a, b in own if b <= figure.start)
        here_said = dict.fromkeys(tokens(left), 1.0)
        for a, b, weight in loose:
            if weight > NEAR and b <= figure.start:
                _add(here_said, dict.fromkeys(tokens(text[a:b]), weight))
        said.append({**said[-1], **here_said} if turned and said else here_said)
        for other in (*figures[max(0, index - 1) : index], *figures[index + 1 : index + 2]):
            bag.setdefault(f"#{abs(other.value).normalize()}{other.unit}", 0.5)
        _add(bag, carried)
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
                0 if {"@to", "@from"} & set(bag) else _direction(cues, figure),
                "" if {"@to", "@from"} & set(bag) else _kind(cues),
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
    for one, two in zip(periods, periods[1:], strict=False):
        if (
            one.year
            and two.year
            and 1 < two.year - one.year < 20
            and re.fullmatch(r"[\s\-—–~至到]+(?:to)?\s*", text[one.end : two.start])
        ):
            filled += [Period("", one.start, one.start, year, "") for year in range(one.year + 1, two.year)]
    return tuple(filled)


def _direction(cues: Iterable[str], figure: Figure) -> int:
    up, down = "@up" in cues, "@down" in cues
    if up != down:
        return 1 if up else -1
    if not up and figure.text[:1] in {"-", "−"}:
        return -1
    return 1 if not up and figure.text[:1] == "+" else 0


def _kind(cues: Iterable[str]) -> str:
    change, share = "@change" in cues, "@share" in cues
    return ("change" if change else "share") if change != share else ""


def _add(bag: Bag, more: Bag) -> None:
    for word, weight in more.items():
        if weight > bag.get(word, 0.0):
            bag[word] = weight


_Spans = tuple[list[tuple[int, int]], list[tuple[int, int, float]]]


def _segments(text: str, figures: Sequence[Figure], periods: Sequence[Period]) -> list[_Spans]:
    """For every figure the parts of the sentence that are its own, and those that it shares, with their weights."""
    result: list[_Spans] = [([], []) for _ in figures]
    first = figures[0]
    stops = [
        m.span() for m in _BREAK.finditer(text) if not any(p.start < m.end() and p.end > m.start() for p in periods)
    ]
    begin = _before(text, first)
    breaks = [end for _, end in stops if end <= begin]
    head = (
        breaks[-1] if breaks and len(text[breaks[-1] : begin].strip()) > 1 else (breaks[-2] if len(breaks) > 1 else 0)
    )
    result[0][0].append((head, begin))
    if head:
        result[0][1].append((0, head, 0.85))
    for index in range(len(figures) - 1):
        left, right = figures[index], figures[index + 1]
        a, b = _after(text, left), _before(text, right)
        gap = text[a:b]
        cuts = [(start, end) for start, end in stops if a <= start and end <= b]
        if _ENUM.fullmatch(gap) or not gap.strip():
            _share_left(result, index)
        elif cuts:
            one, other = cuts[-1 if _PREPOSITION.match(gap) else 0][0], cuts[-1][1]
            result[index][0].append((a, one))
            if not text[other:b].strip(" $€£¥约近+-") and len(cuts) > 1:
                other = cuts[-2][1]
            result[index + 1][0].append((other, b))
            if cuts[-1][1] > cuts[0][0] + 2:
                result[index + 1][1].append((cuts[0][0], other, 0.85 if one == cuts[0][0] else ASIDE))
        elif _PREPOSITION.match(gap):
            turn = re.search(r"\b(?:to|was|were|is|or)\b[^.]*$", gap)
            cut = a + turn.start() if turn and turn.start() > 2 else b
            result[index][0].append((a, cut))
            result[index + 1][1].append((a, cut, NEAR if cut == b else BEFORE))
            if has_cjk(gap) or cut < b:
                result[index + 1][0].append((cut if cut < b else a, b))
        else:
            result[index + 1][0].append((a, b))
            result[index][1].append((a, b, BEFORE))
    tail = _after(text, figures[-1])
    end = next((start for start, _ in stops if start >= tail), len(text))
    result[-1][0].append((tail, end))
    if end < len(text):
        result[-1][1].append((end, len(text), ASIDE))
    return result


def _before(text: str, figure: Figure) -> int:
    """Where a figure begins with the bracket and the sign of its currency."""
    sign = _SIGN_BEFORE.search(text[: figure.start])
    return sign.start() if sign else figure.start


def _after(text: str, figure: Figure) -> int:
    """Where a figure ends with the bracket that makes it negative."""
    return figure.end + (
        1
        if text[figure.end : figure.end + 1] in {")", "）"}
        and "(" in text[max(0, figure.start - 3) : figure.start].replace("（", "(")
        else 0
    )


def _share_left(result: list[_Spans], index: int) -> None:
    """The figures of an enumeration share the words before it."""
    result[index + 1][0].extend(result[index][0])
    result[index + 1][1].extend(result[index][1])


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
        pure = bool(_ENUM.fullmatch(between)) or not between.strip()
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
        periods = _row_of_periods(text, spans, start, end, len(run))
        names = _row_of_names(text[:start], len(run))
        if periods:
            for i, period in zip(run, periods, strict=True):
                paired[i] = replace(paired[i], periods=(period,), own_period=True)
        if names:
            words = [set(tokens(name)) for name, _ in names]
            for position, i in enumerate(run):
                others = set().union(*(w for j, w in enumerate(words) if j != position)) - set(tokens(names[position][1]))
                bag = {w: weight * (0.2 if w in others else 1.0) for w, weight in paired[i].bag.items()}
                paired[i] = replace(paired[i], bag={**bag, **dict.fromkeys(words[position], 1.0)})
    return paired


def _row_of_periods(text: str, spans: Sequence[Period], start: int, end: int, count: int) -> list[Period]:
    for group in ([p for p in spans if p.end <= start][-count:], [p for p in spans if p.start >= end][:count]):
        if len(group) == count and len({(p.year, p.part) for p in group}) == count:
            gaps = [text[a.end : b.start] for a, b in zip(group, group[1:], strict=False)]
            if all(len(gap) < 20 for gap in gaps) and ("respectively" in text or "分别" in text or count > 1):
                return group
    return []


def _row_of_names(before: str, count: int) -> list[tuple[str, str]]:
    """The last names in a row, as many as asked for, that stand before a row of figures.

    Each comes with the whole text between its separators, which may hold what all of them share.
    """
    best: list[str] = []
    for clause in re.split(r"[;；。:：]|(?<=\s)while(?=\s)", before)[-1:]:
        for pattern in (r"/", r"、|和|与|及|以及", r",\s*(?:and\s+)?|\s+and\s+"):
            parts = re.split(pattern, clause)
            if len(parts) == count and all(part.strip() for part in parts):
                parts[0] = re.split(r"[，,]", parts[0])[-1] if pattern != r",\s*(?:and\s+)?|\s+and\s+" else parts[0]
                best = parts
                break
        if best:
            break
    if not best:
        return []
    short = [part if len(part.strip()) <= 3 * LONGEST_NAME and not has_end else "" for part, has_end in zip(best, [False] * (count - 1) + [True], strict=True)]
    return [
        (short[i] or (_end(part) if not i else _begin(part) if i == count - 1 else part), part)
        for i, part in enumerate(best)
    ]


def _end(text: str) -> str:
    """The name at the end of a text: a Latin word, or a few Chinese characters."""
    latin = re.search(r"[A-Za-z0-9][\w&.'-]*(?: [A-Z][\w&.'-]*)*\s*$", text)
    return latin[0] if latin else text.rstrip()[-LONGEST_NAME:]


def _begin(text: str) -> str:
    """The name at the beginning of a text."""
    latin = re.match(r"\s*[A-Za-z0-9][\w&.'-]*(?: [A-Z][\w&.'-]*)*", text)
    return latin[0] if latin else text.lstrip()[:LONGEST_NAME]


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
        _add(carried, dict.fromkeys(tokens(sentence), FAR))
        here = tuple(find_periods(sentence))
        last = here[:1] or last
    return claims
