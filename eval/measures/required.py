"""Required facts: of every inner list of ``must_include`` one alternative has to stand in the answer."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from eval.predictions import Prediction
from eval.questions import normalise

MARK = re.compile(r"[\[【]\d+[\]】]")
"""The mark of a citation in an answer."""


def includes(answer: str, must_include: Sequence[Sequence[str]]) -> bool:
    """Apply the contract's test: of every inner list one alternative is a substring of the answer.

    Both are compared NFKC, lower case, without white space and commas. "7%" is found in "27%"; the strict form is not
    fooled.
    """
    text = normalise(answer)
    return all(any(normalise(alternative) in text for alternative in group) for group in must_include)


def includes_strict(answer: str, must_include: Sequence[Sequence[str]]) -> bool:
    """As ``includes``, but an alternative may not begin or end inside a longer number, and ``[n]`` marks do not count.

    "7%" does not stand in "27%", "2.7%" or "1,007%"; "18.4" not in "18.45"; "第3" not in "第31".
    """
    return all(holds(answer, group) for group in must_include)


def holds(answer: str, group: Sequence[str]) -> bool:
    """Whether one of the alternatives of a single required fact stands in the answer, by the strict form."""
    text = unicodedata.normalize("NFKC", MARK.sub(" ", answer)).lower()
    return any(_stands_alone(text, normalise(alternative)) for alternative in group)


def _stands_alone(text: str, fact: str) -> bool:
    """Whether ``fact`` (normalised) stands in ``text`` (with its spaces and commas) as a whole number or word run."""
    pattern = re.escape(fact[0])
    for left, right in pairwise(fact):
        between = ",?" if left.isdigit() and right.isdigit() else r"[\s,]*"
        pattern += between + re.escape(right)
    before = r"(?<!\d)(?<!\d\.)(?!(?<=\d,)\d{3}(?!\d))" if fact[0].isdigit() else ""
    after = r"(?!\d|\.\d|,\d{3}(?!\d))" if fact[-1].isdigit() else ""
    return re.search(before + pattern + after, text) is not None


def correct(prediction: Prediction, *, strict: bool = False) -> bool:
    """Whether a question with required facts was answered (``found``) with all of them."""
    check = includes_strict if strict else includes
    reply = prediction.reply
    return reply is not None and reply.found and check(reply.predicted, prediction.question.must_include or ())
