"""Words for comparing clauses: stems, pairs of Chinese characters, and marks for what is measured and how it moves."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from index.text import CJK, has_cjk, stem
from rag.checking.terms import measures

_UP = (
    r"增长(?!率)|增加|上升|上涨|提升|提高|上调|增至|升至|涨|扩大|扭亏|增(?![值资量持发速幅])"
    r"|\b(?:rose|rise[sn]?|rising|grew|grow[sn]?|growing|increas(?:e[ds]?|ing)|up|gain(?:ed|s)?|climb(?:ed|s)?|higher|widen(?:ed|s)?"
    r"|expand(?:ed|s)?|improv(?:ed|es?|ement)|jump(?:ed|s)?|surged?|soared)\b"
)
_DOWN = (
    r"下降|下滑|减少|下跌|回落|降低|降至|下调|跌|收窄|萎缩|缩减|降"
    r"|\b(?:fell|fall(?:s|en|ing)?|declin(?:e[ds]?|ing)|decreas(?:e[ds]?|ing)|down|drop(?:ped|s)?|lower(?:ed)?|narrow(?:ed|s)?"
    r"|contract(?:ed|s)|reduc(?:ed|es?|tion)|shr[aiu]nk|slipp?ed|slid)\b"
)
_CHANGE = rf"同比|环比|增速|增幅|涨幅|跌幅|降幅|growth|year[- ](?:on|over)[- ]year|\byoy\b|{_UP}|{_DOWN}"
_SHARE = (
    r"占|比重|份额|占比|市占率|渗透率|\bshare of\b|accounted? for|accounting for"
    r"|represent(?:ed|ing|s)?\b|percentage of|% of"
)
_BASES = (
    ("@yoy", r"同比|year[- ](?:on|over)[- ]year|\byoy\b"),
    ("@qoq", r"环比|quarter[- ](?:on|over)[- ]quarter|\bqoq\b|sequential(?:ly)?|month[- ](?:on|over)[- ]month"),
)
_PRIOR = (
    r"上年同期|去年同期|上年末?|去年|同期|compared (?:to|with)|versus|\bvs\.?"
    r"|prior[- ]year|previous|a year (?:ago|earlier)|last year"
)
_CUES = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("@up", _UP), ("@down", _DOWN), ("@change", _CHANGE), ("@share", _SHARE), *_BASES, ("@prior", _PRIOR),
    )
)  # fmt: skip
_MOVE = re.compile(f"{_UP}|{_DOWN}", re.IGNORECASE)
_DATE_WORDS = re.compile(r"(?<=\d)\s*[年月日号][末底初度]?|第?[一二三四]季度|[上下]半年")
_CUE_WORDS = re.compile(
    r"同比|环比|增长|增加|上升|上涨|提升|提高|上调|下降|下滑|减少|下跌|回落|降低|下调|增至|升至|降至|跌至|增(?![值资量持发速幅])|占比?"
)
_EMPTY = re.compile(
    r"实现|达到|达成|完成|录得|约为|约|大约|分别|其中|以及|同时|此外|来自|已经|已|达|为|是|的|了|在|有|和|与|及|或|至|由|从|对|将|于|较|则|均|也|并|且|共计?|发布|公司|报告"
)
_STOP = frozenset(
    (
        "a an the of and or to in on for by at as is are was were be been it its this that these those with from has "
        "have had do does did we our which their they than then while whereas respectively "
        "approximately about around total totaled "
        "totalled reached reach amount amounted came primarily mainly due also s t inc company"
    ).split(" ")
)
_TOKEN = re.compile(rf"[{CJK}]+|[a-z][a-z0-9&]*(?:[-.'][a-z0-9]+)*|\d+[a-z]+\d*")
Bag = dict[str, float]


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
            if word not in _STOP and not _MOVE.fullmatch(word):
                found.append(stem(word))
            continue
        for run in _EMPTY.sub(" ", _CUE_WORDS.sub(" ", word)).split():
            found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return tuple(dict.fromkeys(found))


def direction(cues: Collection[str], printed: str) -> int:
    """1 for a rise, -1 for a fall, 0 where neither or both are told. ``printed`` is the figure with its sign."""
    if printed[:1] in {"-", "−", "+"}:
        return 1 if printed[0] == "+" else -1
    up, down = "@up" in cues, "@down" in cues
    return 0 if up == down else 1 if up else -1


def kind(cues: Collection[str]) -> str:
    """What a percentage is, "change" or "share"; "" where neither or both are told."""
    change, share = "@change" in cues, "@share" in cues
    return ("change" if change else "share") if change != share else ""


def add(bag: Bag, more: Bag) -> None:
    """Put ``more`` into ``bag``, each word with the greater of its weights."""
    for word, weight in more.items():
        if weight > bag.get(word, 0.0):
            bag[word] = weight
