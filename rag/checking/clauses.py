"""Which parts of a sentence belong to which of its figures."""

import itertools
import re
from collections.abc import Sequence

from index.text import has_cjk
from rag.checking.figures import Figure
from rag.checking.periods import Period

NEAR, BEFORE, FAR, ASIDE = 0.8, 0.6, 0.35, 0.15  # weight of words one part before, further, elsewhere, and after
FROM = re.compile(r"(?:由|从|自|\bfrom\b)[^，,；;至到]{0,24}$", re.IGNORECASE)
TO = re.compile(
    r"(?:[至到](?:[^，,；;。至到]{0,16}的)?|\bto\b)\s*(?:约|近|about|approximately)?\s*(?:US|HK)?[$€£¥]?\s*$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[,，;；:：。()（）、|]|(?<=\s)(?:and|while|but|whereas|compared|versus)(?=\s)|而|但|以及|其中")
ENUM = re.compile(r"\s*(?:[/、,，;；和与及&]|\band\b|\bor\b|,\s*and\b)+\s*[$€£¥]?\s*", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\s*(?:in|of|for|from|at|on|by|due|during|as|to|per|year|compared|versus|versus|with|increase|decrease|growth|decline|share|的|元的)\b|\s*的",
    re.IGNORECASE,
)
_SIGN_BEFORE = re.compile(r"(?:[(（]\s*)?(?:(?:US|HK)?[$€£¥]\s*)?(?:[(（]\s*)?$")
LONGEST_NAME = 5  # Chinese characters of a name in a row of names whose end is not known


Parts = tuple[list[tuple[int, int]], list[tuple[int, int, float]]]


def parts_of(text: str, figures: Sequence[Figure], periods: Sequence[Period]) -> list[Parts]:
    """For every figure the parts of the sentence that are its own, and those that it shares, with their weights."""
    result: list[Parts] = [([], []) for _ in figures]
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
        if ENUM.fullmatch(gap) or not gap.strip():
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


def _share_left(result: list[Parts], index: int) -> None:
    """The figures of an enumeration share the words before it."""
    result[index + 1][0].extend(result[index][0])
    result[index + 1][1].extend(result[index][1])


def row_of_periods(text: str, spans: Sequence[Period], start: int, end: int, count: int) -> list[Period]:
    """As many periods in a row as there are figures between ``start`` and ``end``, before or after them."""
    for group in ([p for p in spans if p.end <= start][-count:], [p for p in spans if p.start >= end][:count]):
        if len(group) == count and len({(p.year, p.part) for p in group}) == count:
            gaps = [text[a.end : b.start] for a, b in itertools.pairwise(group)]
            if all(len(gap) < 20 for gap in gaps) and ("respectively" in text or "分别" in text or count > 1):
                return group
    return []


def row_of_names(before: str, count: int) -> list[tuple[str, str]]:
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
    short = [
        part if len(part.strip()) <= 3 * LONGEST_NAME and not has_end else ""
        for part, has_end in zip(best, [False] * (count - 1) + [True], strict=True)
    ]
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
