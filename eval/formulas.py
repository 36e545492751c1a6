"""Calculations that an answer shows, such as "rooms 52.3亿 ÷ all 97.1亿 = 53.9%", found and done anew."""

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow

from pydantic import BaseModel, ConfigDict

LONGEST = 300
"""Characters before the equals sign that are looked at."""

_EQUALS = re.compile(r"\s*(?:=|≈|≒|约等于)\s*")
_BOUNDARY = re.compile(r"[:;。\n=≈≒]")
_RESULT = re.compile(r"[^\d:;。\n=≈≒]{0,8}?\d[^:;。\n=≈≒]*")
_WORDS_ONLY = re.compile(r"\([^()\d]*\)")
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_OPERATOR = "|".join(
    (
        r"[×÷^]",
        r"(?<=\s)[-−–+*/](?=\s)",
        r"(?<=[\d%)亿万元])[-−–+*/](?=[\s\d($¥€])",
        r"(?<=[\d%)亿万])\s[xX](?=\s\d)",
        r"(?<![\w)%])[-−](?=[$¥€\d])",  # before a negative operand; "-" in a name has letters about it
    )
)
_SIGNS = {"×": "*", "x": "*", "÷": "/", "−": "-", "–": "-", "^": "**"}
_APPLY: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: lambda base, exponent: Decimal(float(base) ** float(exponent)),
}


class Formula(BaseModel):
    """Both sides of a calculation as they are written: ``left`` with operands and signs, ``right`` from the result."""

    model_config = ConfigDict(frozen=True)

    left: str
    right: str


def find(text: str) -> Iterator[Formula]:
    """Find calculations in a text that is in NFKC form and without marks."""
    for match in _EQUALS.finditer(text):
        left = _BOUNDARY.split(text[max(0, match.start() - LONGEST) : match.start()])[-1].strip()
        right = _RESULT.match(text, match.end())
        if right and re.search(_OPERATOR, left):
            yield Formula(left=left, right=right[0].strip())


def value(left: str, scales: Mapping[str, int]) -> Decimal | None:
    """Calculate a left side; None where it cannot be.

    ``scales`` gives powers of ten by name, % counts as hundredths. Operands may have names before them: of numbers
    without a sign between them, the last counts.
    """
    names = "|".join(sorted((re.escape(name) + r"(?![a-z])" for name in scales), key=len, reverse=True))
    token = re.compile(
        rf"(?P<sign>{_OPERATOR})|(?P<bracket>[()])|(?P<number>{_NUMBER})\s*(?P<scale>{names})?\s*(?P<percent>%)?",
        re.IGNORECASE,
    )
    parts: list[str] = []
    for match in token.finditer(_WORDS_ONLY.sub(" ", left)):
        sign = match["sign"] or match["bracket"]
        if (not sign or sign == "(") and parts and parts[-1][0].isdigit():
            parts.pop()  # a number in the name of what follows
        if sign:
            parts.append(_SIGNS.get(sign.strip().lower(), sign.strip()))
        else:
            number = Decimal(match["number"].replace(",", "")).scaleb(scales.get((match["scale"] or "").lower(), 0))
            parts.append(f"{number / 100 if match['percent'] else number:f}")
    while parts and parts.count("(") > parts.count(")") and parts[0] == "(":
        parts = parts[1:]  # opened before the calculation, closed after its result
    try:
        return _calculate(ast.parse(" ".join(parts), mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError, InvalidOperation, DivisionByZero, Overflow):
        return None


def _calculate(node: ast.expr) -> Decimal:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _APPLY:
            return _APPLY[type(op)](_calculate(left), _calculate(right))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_calculate(operand)
        case ast.Constant(value=int() | float() as number):
            return Decimal(str(number))
        case _:
            raise ValueError("not a calculation")
