"""Answers that list things: the share of the gold items given, and of the given items that are gold."""

import re
from collections.abc import Sequence

from eval.measures.overlap import tokens
from eval.measures.required import MARK, holds
from eval.questions import Question

KINDS = frozenset({"list", "enumeration"})
"""Kinds of questions whose answers are lists."""

LONGEST = 12
"""Tokens (:func:`eval.measures.overlap.tokens`) of the longest piece that can be one more item of a list."""

_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_NUMERAL = re.compile(r"^\s*(?:[-•*·]|\d{1,2}[.)、]|[（(]\d{1,2}[)）])\s*")
_ITEMS = re.compile(
    r"[、;；\n]|，|,(?=\s)|\s+(?:and|as well as)\s+|以及|(?<=[\u4e00-\u9fff])(?:和|(?<!以)及)(?=[\u4e00-\u9fffA-Z])"
)
_LEAD = re.compile(
    r"^.*(?:[:：]|包括|分别是|分别为|分别在|有|为|是|在|\b(?:are|is|include|includes|including|were|namely)\b)",
    re.IGNORECASE,
)


def is_list(question: Question) -> bool:
    """Whether the question asks for a list."""
    return question.answerable and question.kind.lower() in KINDS


def gold_items(question: Question) -> list[tuple[str, ...]]:
    """Give the gold items, each with its alternatives: the required facts, else the pieces of the gold answer."""
    if question.must_include:
        return list(question.must_include)
    return [(piece,) for piece in _pieces(question.answer)]


def items_given(question: Question, answer: str) -> tuple[float, float | None, tuple[str, ...]]:
    """Give recall and precision of the items of an answer, and the pieces that are none of the gold answer.

    Recall is |gold items of which an alternative stands in the answer| / |gold items|. Precision is |pieces with a gold
    item| / |pieces|, over the pieces that the sentences or lines with gold items are divided into by 、 ; commas and
    "and", those left out that say nothing but what question, gold answer or quotes say too; None without a gold item.
    """
    gold = gold_items(question)
    plain = MARK.sub("", answer)
    given = sum(_in(item, plain) for item in gold) / len(gold) if gold else 0.0
    known = set(tokens(" ".join((question.question, question.answer, *question.evidence))))
    right, extra = 0, []
    for piece in _pieces(plain):
        if any(_in(item, piece) for item in gold):
            right += 1
        elif piece and (said := tokens(piece)) and len(said) <= LONGEST and len(set(said) - known) > len(set(said)) / 2:
            extra.append(piece)
    return given, (right / (right + len(extra)) if right else None), tuple(extra)


def _in(item: Sequence[str], text: str) -> bool:
    if holds(text, item):
        return True
    said = set(tokens(text))
    return any(
        (wanted := set(tokens(alternative))) and len(wanted & said) >= 0.75 * len(wanted) > 2 for alternative in item
    )


def _pieces(text: str) -> list[str]:
    plain = _BRACKETS.sub("", text).rstrip("。. \n")
    pieces = [_NUMERAL.sub("", piece).strip(" 。.") for piece in _ITEMS.split(plain)]
    if pieces:
        pieces[0] = _LEAD.sub("", pieces[0]).strip() or pieces[0]
    return [piece for piece in pieces if piece]
