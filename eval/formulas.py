"""Calculations that an answer shows, such as "(52.3 - 41.9) / 41.9 = 24.8%", found and done anew."""

import ast
import operator
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation

from pydantic import BaseModel, ConfigDict

LONGEST = 300
"""Characters before the equals sign that are looked at."""

_OPERATORS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "＋": "+", "－": "-", "x": "*", "X": "*"})
_EQUALS = re.compile(r"\s*(?:=|≈|≒|約等于|约等于)\s*")
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_NAMES = "万亿|千万|百万|[亿万千]|[美港欧日]?元|[户家人吨台次]|trillion|billion|million|thousand|bn|mn"
_UNIT = rf"(?:\s*(?:%|个?百分点|{_NAMES}))*"
_OPERAND = rf"[(]*\s*(?:RMB|US|CNY|HKD|EUR)?\s*[$¥€£]?\s*{_NUMBER}{_UNIT}\s*[)]*"
_LEFT = re.compile(rf"{_OPERAND}(?:\s*[-+*/×÷−–—xX]\s*{_OPERAND})+{_UNIT}$", re.IGNORECASE)
_RIGHT = re.compile(rf"[-−]?\s*(?:RMB|US|CNY|HKD|EUR)?\s*[$¥€£]?\s*{_NUMBER}{_UNIT}", re.IGNORECASE)
_APPLY: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Formula(BaseModel):
    """Both sides of a calculation as they are written: ``left`` has operands and signs, ``right`` the result."""

    model_config = ConfigDict(frozen=True)

    left: str
    right: str


def find(text: str) -> Iterator[Formula]:
    """Find calculations in a text that is in NFKC form."""
    for match in _EQUALS.finditer(text):
        left = _LEFT.search(text[max(0, match.start() - LONGEST) : match.start()].rstrip())
        right = _RIGHT.match(text, match.end())
        if left and right:
            yield Formula(left=left[0], right=right[0])


def value(left: str, scales: Mapping[str, int]) -> Decimal | None:
    """Calculate the left side, scales (name to power of ten) applied and % as hundredths; None where it cannot be."""
    text = unicodedata.normalize("NFKC", left).translate(_OPERATORS)
    names = "|".join(sorted(map(re.escape, scales), key=len, reverse=True))

    def plain(match: re.Match[str]) -> str:
        number = Decimal(match[1].replace(",", "")).scaleb(scales.get((match[2] or "").lower(), 0))
        return f"{number / 100 if match[3] else number:f}"

    text = re.sub(rf"({_NUMBER})\s*({names})?(?![a-z])\s*(%)?", plain, text, flags=re.IGNORECASE)
    text = re.sub(r"[^\d.+\-*/()]", "", text)
    text += ")" * (text.count("(") - text.count(")"))
    text = "(" * (text.count(")") - text.count("(")) + text
    try:
        return _calculate(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, DivisionByZero, InvalidOperation):
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
