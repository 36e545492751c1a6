"""Which way a figure goes: up, down, or neither, by its sign or by the words beside it."""

import re
from dataclasses import dataclass

from eval.numbers import Number, flatten, numbers

_DOWN = (
    r"负增长|下降|下滑|下跌|减少|回落|降低|走低|走弱|缩减|萎缩|亏损|净流出|拖累|恶化|贬值|下调|下行|缩水|降幅|跌幅|少了|降了|跌了"
    r"|[跌](?!价)|降(?!准|息|本)|减(?!值|持|排|免|速|仓|记)|亏|低(?=了?\s*\d)|低于"
    r"|\b(?:fell|falls?|falling|fallen|declin\w+|decreas\w+|drop\w*|down|lower\w*|reduc\w+|shrank|shrink\w*|slid|contract(?:ed|ion)"
    r"|loss(?:es)?|lost|deteriorat\w+|weaken\w*|drag\w*|slipp\w+|below|worsen\w*|cut|plung\w+|less)\b"
)
_UP = (
    r"增长|上升|上涨|增加|提高|提升|扩大|走高|走强|回升|反弹|净流入|拉动|升值|上调|上行|增幅|涨幅|改善|多了|高于|高出"
    r"|涨|升|增(?!值税|速|持|发|资)|高(?=了?\s*\d)"
    r"|\b(?:rose|rises?|rising|risen|grew|grows?|growing|grown|growth|increas\w+|up|higher|gain\w*|climb\w*|improv\w*"
    r"|jump\w*|surg\w*|expand\w*|rais\w*|above|more|contribut\w+|added)\b"
)
_WORD = re.compile(f"(?P<down>{_DOWN})|(?P<up>{_UP})", re.IGNORECASE)
_STEMS = re.findall(r"[a-z]{3,}", _DOWN + _UP)
_LEVEL = re.compile(r"至|到|\bto\b|\bat\b", re.IGNORECASE)
_ORIGIN = re.compile(r"从|由|自|较|比|\bfrom\b|\bthan\b|\bversus\b|\bvs\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,，。；;！？!?\n|]|[:：](?!\s*[$€£¥+-]?\d)|\.(?=\s|$)")
_SENTENCE = re.compile(r"[。；;！？!?\n]|\.(?=\s|$)")
_JOINED = re.compile(r"[\s,，、和与及]*(?:and|or|-|–|—|~)?\s*[$€£¥]?")
_LOSS = re.compile(r"亏损?|\bloss(?:es)?\b|净流出", re.IGNORECASE)
_BEHIND = 14
"""Characters behind a figure in which "3% lower" has its word."""


@dataclass(frozen=True)
class Stated:
    """A figure as a text states it: ``text`` is the flattened text, ``clause`` the clause about the figure.

    ``direction`` is -1 or +1 where a sign or a word of the figure's own clause says so, ``level`` whether it is what
    something fell or rose *to*; ``nearby`` is the direction of the words before it in its sentence.
    """

    number: Number
    text: str
    clause: str
    direction: int
    level: bool
    nearby: int
    loss: bool


def stated(text: str) -> list[Stated]:
    """Read the figures of a text with their directions, in order."""
    flat = flatten(text)
    found: list[Stated] = []
    for number in numbers(text):
        begin = max((m.end() for m in _CLAUSE.finditer(flat, 0, number.start) if not _inside(flat, m)), default=0)
        until = next((m.start() for m in _CLAUSE.finditer(flat, number.end) if not _inside(flat, m)), len(flat))
        before = found[-1] if found else None
        lead = flat[max(begin, before.number.end if before else 0) : number.start]
        direction, level = _direction(lead)
        if number.sign:
            direction, level = number.sign, False
        elif not direction:
            behind = flat[number.end : min(until, number.end + _BEHIND)]
            stop = re.search(r"\d", behind)
            direction, level = _behind(behind[: stop.start()] if stop else behind), False
            joined = before is not None and before.number.kind == number.kind
            if not direction and before and joined and _JOINED.fullmatch(flat[before.number.end : number.start]):
                direction, level = before.direction, before.level
        sentence = max((m.end() for m in _SENTENCE.finditer(flat, 0, number.start)), default=0)
        found.append(
            Stated(
                number=number,
                text=flat,
                clause=flat[begin:until].strip(),
                direction=direction,
                level=level,
                nearby=direction_of(flat[sentence : number.start]),
                loss=bool(_LOSS.search(lead)),
            )
        )
    return found


def direction_of(text: str) -> int:
    """-1 or +1 by the last word of direction in a text; 0 without one."""
    last = _last(text)
    return 0 if last is None else -1 if last["down"] else 1


def turns(text: str) -> list[int]:
    """The directions that the words of a text give, in order."""
    return [-1 if word["down"] else 1 for word in _WORD.finditer(text)]


def is_direction(stem: str) -> bool:
    """Whether a word of :func:`eval.measures.content.placed` says no more than which way something goes."""
    return any(word.lower().startswith(stem) for word in _STEMS) if stem.isascii() else bool(_WORD.fullmatch(stem))


def way(gold: Stated, ours: Stated, question: str) -> bool:
    """Whether the sign of a figure that agrees otherwise is that of the gold answer.

    Opposite directions disagree. A fall that the answer does not call one disagrees if it is a percentage, a loss or
    written with a minus, unless the question asks for a fall; a written minus that the gold answer has not, always.
    """
    if not gold.direction:
        return ours.number.sign >= 0
    if ours.direction:
        return ours.direction == gold.direction or ours.level != gold.level
    if gold.level and gold.number.kind:
        return ours.nearby != -gold.direction
    if gold.direction > 0 or gold.level or not (gold.number.kind or gold.number.sign or gold.loss):
        return True
    return ours.nearby < 0 or direction_of(question) < 0


def _inside(flat: str, mark: re.Match[str]) -> bool:
    """Whether a comma or point stands inside a number."""
    return (
        mark[0] in ",."
        and flat[mark.end() : mark.end() + 1].isdigit()
        and flat[mark.start() - 1 : mark.start()].isdigit()
    )


def _direction(lead: str) -> tuple[int, bool]:
    last = _last(lead)
    if last is None or _ORIGIN.search(lead, last.end()):
        return 0, False
    return (-1 if last["down"] else 1), _LEVEL.search(lead, last.end()) is not None


def _behind(text: str) -> int:
    first = _WORD.search(text)
    return 0 if first is None or _ORIGIN.search(text, first.end()) else -1 if first["down"] else 1


def _last(text: str) -> re.Match[str] | None:
    found = list(_WORD.finditer(text))
    if len(found) > 1 and found[-1][0].lower() == "growth":  # "reduced growth by 2%"
        found.pop()
    return found[-1] if found else None
