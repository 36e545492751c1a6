"""Expressions over named lines, ``(current_assets - inventories) / current_liabilities``: parsed, reckoned, printed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z_]+)|(?P<mark>[-+*/()]))")
SIGNS = {"+": "+", "-": "-", "*": "×", "/": "÷"}


@dataclass(frozen=True, slots=True)
class Number:
    """A constant, such as the days of a year."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement.

    ``over`` is "" for the period's figure, "avg" for the mean of opening and closing figure, "change" for closing less
    opening.
    """

    key: str
    over: str = ""


@dataclass(frozen=True, slots=True)
class Binary:
    """Two expressions joined by one of + - * /."""

    sign: str
    left: "Expression"
    right: "Expression"


Expression = Number | Line | Binary


@dataclass(frozen=True, slots=True)
class Part:
    """What an expression or a line comes to: its value in ones, its unit, and how it is printed with its marks.

    ``unit`` is as in :class:`rag.arithmetic.amounts.Amount`; ``dimension`` is how often it counts in the result: 1 for
    an amount, 0 for a ratio of two or a constant. ``place`` is the page of a table whose scale nobody says: its figures
    go with each other only. ``binds`` is how strongly the printed form holds together.
    """

    value: Decimal
    unit: str
    dimension: int
    shown: str
    quotes: tuple[tuple[int, str], ...] = ()
    step: Decimal = Decimal(0)
    binds: int = 9
    place: str = ""


class ExpressionError(ValueError):
    """A text is no expression. Raised by :func:`parse`; a definition of ours never is wrong, a question's may be."""


def parse(text: str) -> Expression:
    """The expression of ``text``. Raises ExpressionError when it is none."""
    tokens = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExpressionError(text)
        tokens.append(match)
        at = match.end()
    expression, rest = _sum(tokens, 0)
    if rest != len(tokens):
        raise ExpressionError(text)
    return expression


def _sum(tokens: list[re.Match[str]], at: int) -> tuple[Expression, int]:
    left, at = _product(tokens, at)
    while at < len(tokens) and tokens[at]["mark"] in {"+", "-"}:
        sign = tokens[at]["mark"]
        right, at = _product(tokens, at + 1)
        left = Binary(sign, left, right)
    return left, at


def _product(tokens: list[re.Match[str]], at: int) -> tuple[Expression, int]:
    left, at = _single(tokens, at)
    while at < len(tokens) and tokens[at]["mark"] in {"*", "/"}:
        sign = tokens[at]["mark"]
        right, at = _single(tokens, at + 1)
        left = Binary(sign, left, right)
    return left, at


def _single(tokens: list[re.Match[str]], at: int) -> tuple[Expression, int]:
    if at >= len(tokens):
        raise ExpressionError("an operand is missing")
    token = tokens[at]
    if token["number"]:
        return Number(Decimal(token["number"])), at + 1
    if token["name"] in {"avg", "change"}:
        inner, end = _single(tokens, at + 1)
        if not isinstance(inner, Line):
            raise ExpressionError("only a line has an average")
        return Line(inner.key, token["name"]), end
    if token["name"]:
        return Line(token["name"]), at + 1
    if token["mark"] == "(":
        inner, end = _sum(tokens, at + 1)
        if end >= len(tokens) or tokens[end]["mark"] != ")":
            raise ExpressionError("a bracket is not closed")
        return inner, end + 1
    raise ExpressionError(token[0])


def lines(expression: Expression) -> list[Line]:
    """The lines of an expression, in order, each once."""
    if isinstance(expression, Line):
        return [expression]
    if isinstance(expression, Number):
        return []
    return list(dict.fromkeys([*lines(expression.left), *lines(expression.right)]))


def reckon(expression: Expression, line: Callable[[Line], Part | None]) -> Part | None:
    """What an expression comes to; None where a line is not known, units do not fit, or it divides by nothing."""
    if isinstance(expression, Number):
        return Part(expression.value, "", 0, f"{expression.value:f}")
    if isinstance(expression, Line):
        return line(expression)
    left, right = reckon(expression.left, line), reckon(expression.right, line)
    return None if left is None or right is None else combine(expression.sign, left, right)


def combine(sign: str, left: Part, right: Part) -> Part | None:
    """Two parts joined; None where amounts of different units are, or something is divided by nothing."""
    if left.dimension and right.dimension and not _fit(left, right):
        return None
    quotes = tuple(dict.fromkeys((*left.quotes, *right.quotes)))
    binds = 1 if sign in "+-" else 2
    first = f"({left.shown})" if left.binds < binds else left.shown
    second = f"({right.shown})" if right.binds < binds or (right.binds == binds and sign in "-/") else right.shown
    shown = f"{first} {SIGNS[sign]} {second}"
    unit = left.unit or right.unit
    place = left.place or right.place
    if sign in "+-":
        if left.dimension != right.dimension:
            return None
        value = left.value + right.value if sign == "+" else left.value - right.value
        return Part(value, unit, left.dimension, shown, quotes, max(left.step, right.step), binds, place)
    if sign == "*":
        if left.dimension and right.dimension:
            return None
        return Part(
            left.value * right.value, unit, left.dimension or right.dimension, shown, quotes, binds=binds, place=place
        )
    if right.value == 0 or right.dimension > left.dimension:
        return None
    dimension = left.dimension - right.dimension
    return Part(left.value / right.value, unit if dimension else "", dimension, shown, quotes, binds=binds, place=place)


def _fit(left: Part, right: Part) -> bool:
    """Whether two amounts are of one unit and one scale, as far as that is said."""
    if left.place != right.place:
        return False
    return left.unit == right.unit or (not (left.unit and right.unit) and left.step == right.step)
