"""Evidence to a streamed, checked answer. The one path that every front end takes."""

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.errors import LLMError
from rag.citations import check, quoted
from rag.evidence import render
from rag.llm import LanguageModel
from rag.prompts import REFUSAL, prompt
from rag.types import Answer, Event, Evidence, EvidenceReady, History, Question, TextDelta, Timings

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
    history: History = (),
) -> Iterator[Event]:
    """Yield the evidence, the text as it is written, and the finished answer.

    ``started`` is ``time.perf_counter()`` when the question came. Without evidence the answer is a refusal and the
    model is not asked; without a model, or when it fails, the answer is the evidence.
    """
    language = question.language
    retrieve = _since(started)
    yield EvidenceReady(evidence=tuple(evidence))
    first: float | None = None
    text, notice, failed = "", "", False
    if evidence and llm is not None:
        try:
            for piece in llm.stream(_messages(question, evidence, history)):
                first = first if first is not None else _since(started)
                text += piece
                yield TextDelta(text=piece)
        except LLMError as error:
            notice, failed = f"{MODEL_FAILED[language]} {error}", True
    elif evidence:
        notice = NO_MODEL[language]
    if evidence and (llm is None or failed):
        shown, citations = quoted(evidence)
        found, unsupported = True, ()
    else:
        checked = check(text, question.text, language, evidence)
        found, citations, unsupported = checked.found, checked.citations, checked.unsupported  # type: ignore[assignment]
        shown = checked.text if found else REFUSAL[language]
    yield Answer(
        answer=shown,
        language=language,
        found=found,
        citations=citations,
        unsupported=unsupported,
        timings_ms=Timings(retrieve=retrieve, first_token=first, total=_since(started)),
        model=llm.name if llm is not None and not failed else "",
        embedder=embedder,
        notice=notice,
        failed=failed,
        evidence=tuple(evidence),
    )


def _since(started: float) -> float:
    return round(1000 * (time.perf_counter() - started), 1)


def _messages(question: Question, evidence: Sequence[Evidence], history: History) -> "list[ChatMessage]":
    """System prompt first, so that the server's cache of it serves every question; then evidence, question last."""
    from llama_index.core.llms import ChatMessage, MessageRole

    language = question.language
    messages = [ChatMessage(role=MessageRole.SYSTEM, content=prompt("system", language))]
    if history and question.standalone != question.text:
        messages.append(ChatMessage(role=MessageRole.USER, content=history[-1].question))
        messages.append(ChatMessage(role=MessageRole.ASSISTANT, content=history[-1].answer[:EARLIER_ANSWER]))
    filled = prompt("question", language).format(evidence=render(evidence, language), question=question.text)
    return [*messages, ChatMessage(role=MessageRole.USER, content=filled)]
