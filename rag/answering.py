"""Evidence to a streamed, checked answer. The one path that every front end takes."""

import dataclasses
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.errors import LLMError
from rag.citations import NOT_FOUND, Checked, check, is_refusal
from rag.evidence import render
from rag.grounding import Asked
from rag.llm import LanguageModel
from rag.prompts import ANSWER_IN, REFUSAL, prompt
from rag.prompts import NOT_FOUND as NOT_FOUND_TEXT
from rag.quoting import best_quote, better_quote, quoted
from rag.translation import translate_answer
from rag.types import Answer, Event, Evidence, History, Question, TextDelta, Timings

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

NO_MODEL = {
    "zh": "没有使用语言模型：以下是报告原文，供查阅。",
    "en": "No language model is set: this is what the reports say, quoted.",
}
MODEL_FAILED = {
    "zh": "语言模型出错，以下是报告原文，供查阅。",
    "en": "The language model failed: this is what the reports say, quoted.",
}
EARLIER_ANSWER = 300  # characters of the answer before that a follow-up is given


def answer(
    question: Question,
    evidence: Sequence[Evidence],
    llm: LanguageModel | None,
    *,
    started: float,
    embedder: str,
    asked: Asked,
    reads: str,
    names_wanted: bool,
    retrieve_ms: float,
    history: History = (),
) -> Iterator[Event]:
    """Yield the text as it is written, and the finished answer.

    ``reads`` is the evidence's language: where it is not the question's, the answer is written in it, checked there,
    and translated.

    ``started`` is ``time.perf_counter()`` when the question came. Without evidence the answer is a refusal and the
    model is not asked; without a model, or when it fails, the answer is the evidence.
    """
    language, answer_in = reads, question.language
    first: float | None = None
    notice = ""
    checked: Checked | None = None if evidence else NOT_FOUND
    if evidence and llm is not None:
        messages = _messages(question, evidence, history, reads)
        try:
            for attempt in (messages, None):
                text = ""
                for piece in llm.stream(attempt or _again(messages, language)):
                    first = first if first is not None else since(started)
                    text += piece
                    if answer_in == language:
                        yield TextDelta(text=piece)
                checked = check(text, asked, language, evidence)
                if checked.found:
                    checked = better_quote(checked, asked, evidence)
                else:
                    checked = best_quote(asked, evidence) or checked
                if checked.found or not _worth_another(text, asked, language, evidence):
                    break
            if checked is not None and checked.found and answer_in != language:
                translated = ""
                first = None
                for piece in translate_answer(checked, answer_in, llm, keep_original=names_wanted):
                    first = first if first is not None else since(started)
                    translated += piece
                    yield TextDelta(text=piece)
                checked = dataclasses.replace(checked, text=translated.strip())
        except LLMError as error:
            checked, notice = None, f"{MODEL_FAILED[answer_in]} {error}"
    elif evidence:
        notice = NO_MODEL[answer_in]
    failed = checked is None and llm is not None
    if checked is None:
        checked = Checked(*quoted(evidence), found=True)
    yield Answer(
        answer=checked.text if checked.found else REFUSAL[answer_in],
        language=answer_in,
        found=checked.found,
        citations=checked.citations,
        unsupported=checked.unsupported,
        timings_ms=Timings(retrieve=retrieve_ms, first_token=first, total=since(started)),
        model=llm.name if llm is not None and not failed else "",
        embedder=embedder,
        notice=notice,
        failed=failed,
        evidence=tuple(evidence),
    )


def _worth_another(text: str, asked: Asked, language: str, evidence: Sequence[Evidence]) -> bool:
    """Whether the model refused although some item names what was asked, so that it should look again."""
    if not is_refusal(text, language):
        return False
    return any(asked.is_spoken_of(f"{item.text} {item.section} {item.title} {item.report}") for item in evidence)


def _again(messages: "list[ChatMessage]", language: str) -> "list[ChatMessage]":
    """The same conversation, which the server still has read, with the request to look again."""
    from llama_index.core.llms import ChatMessage, MessageRole

    refused = ChatMessage(role=MessageRole.ASSISTANT, content=NOT_FOUND_TEXT[language])
    return [*messages, refused, ChatMessage(role=MessageRole.USER, content=prompt("again", language))]


def since(started: float) -> float:
    """Milliseconds since ``started``, a reading of ``time.perf_counter()``."""
    return round(1000 * (time.perf_counter() - started), 1)


def _messages(question: Question, evidence: Sequence[Evidence], history: History, language: str) -> "list[ChatMessage]":
    """System prompt first, so that the server's cache of it serves every question; then evidence, question last."""
    from llama_index.core.llms import ChatMessage, MessageRole

    messages = [ChatMessage(role=MessageRole.SYSTEM, content=prompt("system", language))]
    if history and question.standalone != question.text:
        messages.append(ChatMessage(role=MessageRole.USER, content=history[-1].question))
        messages.append(ChatMessage(role=MessageRole.ASSISTANT, content=history[-1].answer[:EARLIER_ANSWER]))
    asked = question.text if question.language == language else f"{question.text}{ANSWER_IN[language]}"
    filled = prompt("question", language).format(evidence=render(evidence, language), question=asked)
    return [*messages, ChatMessage(role=MessageRole.USER, content=filled)]
