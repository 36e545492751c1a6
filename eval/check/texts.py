"""Texts of pages and questions compared: without white space, width, case, commas and punctuation."""

import re
from collections import Counter
from functools import lru_cache

from index.text import CJK, fold

NEAR = 0.9
"""Share of a quote's words and figures from which a page holds it though in another order, as of a table."""
ALIKE = 0.85
"""Share of character pairs that two questions have in common from which they are nearly the same."""

_ASIDE = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w.%]|_")
_ELLIPSIS = re.compile(r"…+|\.{3,}")
_UNIT = re.compile(rf"\d+(?:[.,]\d+)*%?|[^\W\d_{CJK}]+|[{CJK}]+")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """``text`` as its letters, digits, percent signs and decimal points only, folded."""
    return _ASIDE.sub("", fold(text))


@lru_cache(maxsize=1024)
def units(text: str) -> Counter[str]:
    """The words, figures and pairs of Chinese characters of a text, with how often each stands there."""
    found: Counter[str] = Counter()
    for piece in _UNIT.findall(text):
        own = squeezed(piece)
        if re.match(f"[{CJK}]", piece) and len(own) > 1:
            found.update(own[i : i + 2] for i in range(len(own) - 1))
        elif own:
            found[own] += 1
    return found


def stands_in(quote: str, page: str) -> bool:
    """Whether a quote stands in a page's text, every part of it where dots leave something out."""
    parts = [squeezed(part) for part in _ELLIPSIS.split(quote)]
    return any(parts) and all(part in squeezed(page) for part in parts)


def nearness(quote: str, page: str) -> float:
    """The share of the quote's words and figures that the page has, 0 when it lacks more than a few of its figures."""
    wanted, there = units(quote), units(page)
    figures = [unit for unit in wanted if unit[0].isdigit()]
    if sum(unit in there for unit in figures) < NEAR * len(figures):
        return 0.0
    return (wanted & there).total() / max(1, wanted.total())


def alike(one: str, other: str) -> bool:
    """Whether two questions are nearly the same: most of their character pairs, and the same figures."""
    first, second = _pairs(one), _pairs(other)
    if min(len(first), len(second)) < ALIKE * max(len(first), len(second)):
        return False
    if len(first & second) < ALIKE * len(first | second):
        return False
    return sorted(_DIGITS.findall(squeezed(one))) == sorted(_DIGITS.findall(squeezed(other)))


@lru_cache(maxsize=20_000)
def _pairs(text: str) -> frozenset[str]:
    own = squeezed(text)
    return frozenset(own[i : i + 2] for i in range(len(own) - 1))
