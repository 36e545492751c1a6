"""A question as it reads without its history: by rule, else by the language model, else with the question before."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.errors import LLMError
from index.language import detect
from index.text import fold, has_cjk, is_uncommon, words
from index.traditional import simplified
from rag.asking.followups import completed, is_bare, leans
from rag.asking.names import known
from rag.types import History, Turn

if TYPE_CHECKING:
    from rag.llm import LanguageModel

TURNS = 4  # earlier questions that a follow-up may go back through
SHOWN = 2  # of them the model sees, with as much of each answer:
ANSWER_SHOWN = 120  # characters
LONGER = 60  # characters that a rewritten question may have more than the two it comes from
_LABELS = {"zh": ("问题", "回答", "追问", "完整问题"), "en": ("Question", "Answer", "Follow-up", "Full question")}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LATIN_NAME = re.compile(r"\b[A-Z][\w&.-]*")
_MARK = re.compile(r"\[\d+\]")


def standalone(question: str, history: History, llm: "LanguageModel | None" = None) -> str:
    """``question`` as it reads without the turns before, oldest first; itself when it stands alone.

    The model is only asked when the question leans on them, says something anew and no rule is sure. What it writes
    must add no figure and no name that neither the turns nor the question have; otherwise, and without a model, the
    question before comes in front, which is enough to search with.
    """
    if not history or not leans(question):
        return question
    turns = list(history)[-TURNS:]
    before = _resolved([turn.question for turn in turns])
    by_rule = completed(question, before)
    if by_rule is not None:
        return by_rule
    if llm is not None and not is_bare(question):
        written = _written(question, turns, before, llm)
        if written:
            return written
    return f"{before} {question}"


def _resolved(asked: Sequence[str]) -> str:
    """The last of the questions that were asked one after another, as it reads alone, by rule."""
    before = ""
    for question in asked:
        if not before or not leans(question):
            before = question
        else:
            before = completed(question, before) or _together(before, question)
    return before


def _together(before: str, question: str) -> str:
    """Two questions in one where no rule joins them, without growing from turn to turn."""
    return before if len(before) > 200 else f"{before} {question}"


def _written(question: str, turns: Sequence[Turn], before: str, llm: "LanguageModel") -> str:
    """What the model makes of it, "" when that fails or cannot be trusted."""
    from llama_index.core.llms import ChatMessage, MessageRole

    language = detect(question)
    asked, answered, follow_up, full = _LABELS[language]
    colon = "：" if language == "zh" else ": "
    lines = []
    for turn in turns[-SHOWN:]:
        last = turn is turns[-1]
        answer = _MARK.sub("", turn.answer).replace("\n", " ")[:ANSWER_SHOWN]
        lines += [f"{asked}{colon}{before if last else turn.question}", f"{answered}{colon}{answer}"]
    lines += [f"{follow_up}{colon}{question}", f"{full}{colon}".rstrip()]
    messages = [
        ChatMessage(role=MessageRole.SYSTEM, content=llm.prompts.text("standalone", language)),
        ChatMessage(role=MessageRole.USER, content="\n".join(lines)),
    ]
    try:
        text = "".join(llm.stream(messages))
    except LLMError:
        return ""  # answering meets the same failure and reports it
    written = _first_line(text, _LABELS[language])
    source = "\n".join([*(f"{turn.question}\n{turn.answer}" for turn in turns), before, question])
    return written if is_faithful(written, question, before, source) else ""


def _first_line(text: str, labels: Sequence[str]) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return re.sub(rf"^(?:{'|'.join(labels)})\s*[:：]\s*", "", line).strip(' "“”')


def is_faithful(written: str, question: str, before: str, source: str) -> bool:
    """Whether a rewritten question may take the place of ``question``.

    It is one line in the same language, not much longer than ``question`` and the one ``before``, keeps the figures and
    known names of ``question``, and has no figure or name that is not in ``source``, all that was asked and answered.
    """
    if not written or _MARK.search(written) or detect(written) != detect(question):
        return False
    if len(written) > len(before) + len(question) + LONGER or fold(written) in {fold(before), fold(question)}:
        return False
    there = fold(source)
    if not set(_NUMBER.findall(question)) <= set(_NUMBER.findall(written)) or not known(question) <= known(written):
        return False
    if any(fold(number) not in there for number in _NUMBER.findall(written)) or not known(written) <= known(source):
        return False
    names = _LATIN_NAME.findall(written)[0 if has_cjk(written) else 1 :]  # the first word of a sentence is no name
    names += [word for word in words(simplified(written), whole=True) if has_cjk(word) and is_uncommon(word)]
    return all(fold(name) in there for name in names)
