"""Operands chosen by the language model, which may only write figures that stand in the evidence.

A llama.cpp server holds it to that by a grammar made of the evidence's own figures; what an endpoint without grammars
writes is read back and refused unless it is such an expression.
"""

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.text import words
from rag.arithmetic.amounts import Amount, amounts
from rag.arithmetic.choosing import Choice, content, renamed
from rag.arithmetic.operations import Kind, Operation
from rag.checking.terms import measures
from rag.llm import LanguageModel
from rag.prompts import prompt
from rag.types import Evidence

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

TOKENS = 60  # written at most
MOST = 16  # figures to choose from: more is no choice a small model can make, and costs seconds of reading
SHARED = 0.4  # of the question's words that the sources of an operand must have
_SIGNS = {
    Kind.SHARE: "/", Kind.TIMES: "/", Kind.DIFFERENCE: "-", Kind.GROWTH: "->", Kind.CAGR: "->", Kind.SUM: "+",
    Kind.AVERAGE: "+",
}  # fmt: skip
_NONE = {"zh": "没有", "en": "none"}
_LABELS = {"zh": ("证据：", "问题：", "数字："), "en": ("Evidence:", "Question: ", "Figures:")}


def written(
    operation: Operation, evidence: Sequence[Evidence], llm: LanguageModel, language: str
) -> list[Choice] | None:
    """The operands that the model picks, None when it picks none, or what it picks is not what was asked.

    ``language`` is that of the prompt: the evidence's. Raises LLMError when the model fails.
    """
    sign = _SIGNS.get(operation.kind)
    told = _told(operation, evidence)
    known = {_literal(amount): amount for amount in reversed(told)}
    if sign is None or len(known) < 2 or len(known) > MOST:
        return None
    messages = _messages(operation.question, told, language)
    text = "".join(
        llm.stream(messages, extra_body={"grammar": grammar(list(known), sign, language)}, max_tokens=TOKENS)
    )
    picked = read(text, known, sign)
    if picked is None:
        return None
    items = {item.n: item for item in evidence}
    choices = [Choice(amount, items[amount.n], 1.0) for amount in picked]
    return choices if all(_is_asked(choice, operation) for choice in choices) else None


def grammar(figures: Sequence[str], sign: str, language: str) -> str:
    """A GBNF grammar of expressions over ``figures`` joined by ``sign``, or the word for none."""
    again = f'(" {sign} " figure){{1,5}}' if sign == "+" else f'" {sign} " figure'
    options = " | ".join(json.dumps(figure, ensure_ascii=False) for figure in figures)
    return f'root ::= " "? ({json.dumps(_NONE[language], ensure_ascii=False)} | figure {again})\nfigure ::= {options}\n'


def read(text: str, known: dict[str, Amount], sign: str) -> list[Amount] | None:
    """The figures of what the model wrote; None unless all of it is figures of the evidence joined by ``sign``."""
    line = next((line for line in text.strip().splitlines() if line.strip()), "")
    parts = [part.strip() for part in re.split(r"->|→" if sign == "->" else rf"\s{re.escape(sign)}\s", line)]
    found = [known.get(re.sub(r"\s+\[", "[", part).rstrip("。.")) for part in parts]
    if len(found) < 2 or (sign != "+" and len(found) != 2):
        return None
    return [amount for amount in found if amount is not None] if all(found) else None


def _literal(amount: Amount) -> str:
    return f"{amount.shown}[{amount.n}]"


def _told(operation: Operation, evidence: Sequence[Evidence]) -> list[Amount]:
    """The figures to choose from: of sentences and rows that share a word with the question, best items first."""
    wanted = content(operation.question)
    rows: dict[str, list[Amount]] = {}
    for amount in amounts(evidence):
        if amount.is_share and operation.kind in {Kind.SHARE, Kind.TIMES, Kind.CAGR, Kind.SUM}:
            continue
        source = rows.setdefault(amount.quote, [])
        if not source or source[0].n == amount.n:  # the same sentence of another item says nothing new
            source.append(amount)
    share = {quote: _share(f"{quote} {found[0].label}", wanted) for quote, found in rows.items()}
    told: list[Amount] = []
    for quote in sorted(rows, key=lambda quote: -share[quote]):
        if len(told) + len(rows[quote]) <= MOST and (share[quote] or not wanted):
            told += rows[quote]
    return told


def _share(text: str, wanted: frozenset[str]) -> float:
    """The share of the question's words that a sentence has."""
    return len(wanted & frozenset(words(text))) / len(wanted) if wanted else 0.0


def _messages(question: str, told: Sequence[Amount], language: str) -> "list[ChatMessage]":
    """The fixed instructions first, so that the server's cache of them serves every question."""
    from llama_index.core.llms import ChatMessage, MessageRole

    evidence, asked, figures = _LABELS[language]
    sources = dict.fromkeys((amount.n, _source(amount, told)) for amount in told)
    lines = "\n".join(f"[{n}] {source}" for n, source in sources)
    content_ = f"{evidence}\n{lines}\n{asked}{question}\n{figures}"
    return [
        ChatMessage(role=MessageRole.SYSTEM, content=prompt("compute", language)),
        ChatMessage(role=MessageRole.USER, content=content_),
    ]


def _source(amount: Amount, told: Sequence[Amount]) -> str:
    """The sentence of a figure; a table's row with its figures written as they are to be copied."""
    if not amount.tabular:
        return amount.quote
    cells = [other for other in told if other.n == amount.n and other.row == amount.row]
    return f"{amount.label}: " + "; ".join(f"{cell.column} {cell.shown}".strip() for cell in cells)


def _is_asked(choice: Choice, operation: Operation) -> bool:
    """Whether an operand's source has the question's words and measure, and a period that it asks for."""
    item, amount = choice.item, choice.amount
    source = f"{amount.quote} {item.section} {item.about} {item.title} {item.report.replace('_', ' ')}"
    wanted, has = content(operation.question), frozenset(words(source))
    if wanted and len(wanted & has) < SHARED * len(wanted):
        return False
    asked = measures(operation.question)
    if asked and not asked & measures(source):
        return False
    years = {period.year for period in operation.periods if period.year}
    if not years or amount.period is None or not amount.period.year or amount.period.year in years:
        return True
    return bool({renamed(period, item).year for period in operation.periods} & {amount.period.year})
