"""Which period a figure is said to be of: the year, quarter or half named in its clause."""

import re

from eval.measures.directions import Stated
from eval.questions import Question

_YEAR = re.compile(
    r"(?<![\d.,])((?:19|20)\d{2})(?![\d.,]\d|\d|%|\s*(?:million|billion|万|亿|元|家|人))"
    r"|(?:FY|fiscal )(\d{2})(?!\d)|(?<!\d)(\d{2})(?=年(?!末期|以))",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?:Q([1-4])(?!\d)|(?<!\d)([1-4])Q|第?([一二三四1-4])季度?|(first|second|third|fourth) quarter|([上下])半年"
    r"|(first|second) half|(H[12])(?!\d)|(前三个?季度|first (?:three quarters|nine months)|nine months)"
    r"|(?<!\d)(1[-—–~至到]3|4[-—–~至到]6|7[-—–~至到]9|10[-—–~至到]12|1[-—–~至到][69])月)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"较|(?<![同环])比|上年|去年|同期|此前|年初|\bfrom\b|\bthan\b|\bagainst\b|\bversus\b|\bvs\b|compar"
    r"|year (?:earlier|before)|previous|prior",
    re.IGNORECASE,
)
_PARTS = {
    "一": "Q1", "二": "Q2", "三": "Q3", "四": "Q4", "1": "Q1", "2": "Q2", "3": "Q3", "4": "Q4", "first": "Q1",
    "second": "Q2", "third": "Q3", "fourth": "Q4", "上": "H1", "下": "H2", "h1": "H1", "h2": "H2",
    "1-3": "Q1", "4-6": "Q2", "7-9": "Q3", "10-12": "Q4", "1-6": "H1",
    "1-9": "9M", "前三季度": "9M", "前三个季度": "9M", "nine months": "9M",
    "first nine months": "9M", "first three quarters": "9M",
}  # fmt: skip


def years(text: str) -> set[int]:
    """Give the years that a text names, those of two digits too."""
    return {int(m[1]) if m[1] else 2000 + int(m[2] or m[3]) for m in _YEAR.finditer(text)}


def parts(text: str) -> set[str]:
    """Give the quarters and halves that a text names, as Q1 to Q4, H1 and H2."""
    found = set()
    for match in _PART.finditer(text):
        half = match[6]
        name = re.sub(r"[—–~至到]", "-", next(group for group in match.groups() if group).lower())
        found.add({"first": "H1", "second": "H2"}[name] if half else _PARTS[name])
    return found


def other_period(gold: Stated, ours: Stated, question: Question) -> bool:
    """Whether a figure that agrees is said to be of another year, quarter or half than in the gold answer.

    What the clause of the gold figure names counts, else what the question names. Nothing is said where a clause
    compares with an earlier period, or where one side names none.
    """
    if _OTHER.search(gold.clause) or _OTHER.search(ours.clause):
        return False
    for read in (years, parts):
        wanted: set[object] = set(read(gold.clause)) or set(read(question.question))
        given: set[object] = set(read(ours.clause))
        if wanted and given and not wanted & given:
            return True
    return False


def other_date(groups: list[tuple[str, ...]], answer: str, question: Question) -> bool:
    """Whether an answer names another year or quarter where a required fact that it lacks is one."""
    known = years(question.question) | years(question.answer)
    known_parts = parts(question.question) | parts(question.answer)
    for group in groups:
        text = " ".join(group)
        if (years(text) and years(answer) - known) or (parts(text) and parts(answer) - known_parts):
            return True
    return False
