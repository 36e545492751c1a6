"""Asking the language model: what it is given, what it writes, and when it is asked again.

A small model refuses what is in front of it, speaks of a neighbour, or repeats the question. Each has its remedy, tried
once; what none of them mends stays a refusal.
"""

import re
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from index.text import CJK, fold
from rag.asking.names import forms
from rag.asking.splitting import Dependent, parts
from rag.checking.citations import NOT_FOUND, Checked, Source, check, is_refusal
from rag.checking.joining import joined
from rag.confidence.regions import places, widened
from rag.finding.evidence import render
from rag.finding.lookup import Found
from rag.llm import LanguageModel
from rag.prompts import ANSWER_IN, NOT_THERE
from rag.prompts import NOT_FOUND as NOT_FOUND_TEXT
from rag.translation import translate_question
from rag.types import Evidence, Question

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

_ENGLISH_RUN = re.compile(r"(?:[A-Za-z][\w'’-]*[ ,]+){4,}[A-Za-z][\w'’-]*")
CLOSEST = 2  # sentences whose items are shown again to a model that refused
Written = Generator[str, None, Checked]
"""Pieces of text as they come, and at the end all of it, checked."""


class Drafting:
    """One question put to a model with what was found for it, in the language of the evidence."""

    def __init__(self, question: Question, found: Found, llm: LanguageModel) -> None:
        self._question, self._found, self._llm = question, found, llm

    def checked(self, *, insists: bool) -> Written:
        """What the model writes, checked. ``insists`` says that it is asked again when it refuses."""
        found = self._found
        asked = self._worded(self._question.standalone)
        messages = self._messages(asked, found.evidence)
        written = yield from self._written(messages)
        answer = check(written, found.asked, found.reads, found.evidence)
        if (insists and is_refusal(written, found.reads)) or self._is_echo(written) or self._is_foreign(written):
            again = yield from self._held(*self._again(messages))
            answer = again if again.found and not again.unsupported and self._is_placed(again) else answer
        elif not answer.found and (own := self._of_the_named()):  # it spoke of something else
            answer = yield from self._held(self._messages(asked, own), own)
        return answer if answer.found else (yield from self._by_parts())

    def _held(self, messages: "Sequence[ChatMessage]", evidence: Sequence[Evidence]) -> Written:
        """What the model writes, held against the evidence that it was shown."""
        written = yield from self._written(messages)
        return check(written, self._found.asked, self._found.reads, evidence)

    def _written(self, messages: "Sequence[ChatMessage]") -> Generator[str, None, str]:
        text = ""
        for piece in self._llm.stream(messages):
            text += piece
            yield piece
        return text

    def _by_parts(self) -> Written:
        """Of a question of several parts, refused as a whole, each asked for itself; what is not there is said."""
        found = self._found
        asked = [part for part in parts(self._question.standalone) if not isinstance(part, Dependent)]
        answers: list[Checked] = []
        for part in asked if len(asked) > 1 else ():
            answers.append((yield from self._held(self._messages(self._worded(part), found.evidence), found.evidence)))
        if not any(answer.found for answer in answers):
            return NOT_FOUND
        lost = [
            f"{NOT_FOUND_TEXT[found.reads]}{NOT_THERE[found.reads].format(part.rstrip('?？'))}"
            for part, answer in zip(asked, answers, strict=True)
            if not answer.found
        ]
        return joined(answers, lost, found.reads)

    def _of_the_named(self) -> list[Evidence]:
        """The items that have the names asked for, where others do not; without names none."""
        found = self._found
        sources = [Source(item, found.reads) for item in found.evidence]
        own = [source.item for source in sources if found.asked.names_share(source.context) == 1.0]
        return own if found.asked.names and len(own) < len(sources) else []

    def _is_placed(self, answer: Checked) -> bool:
        """Whether what is cited is of a place asked for, or of none where none is asked for."""
        asked = places(self._question.standalone)
        pages = {(citation.report, citation.page) for citation in answer.citations}
        shown = [item for item in self._found.evidence if (item.report, item.page) in pages]
        cited = " ".join(f"{item.title} {item.section} {item.text}" for item in shown)
        return not asked or not asked.isdisjoint(widened(places(cited)))

    def _worded(self, asked: str) -> str:
        """A question as the model is asked it: names as the evidence has them, told which language to write in."""
        language = self._found.reads
        shown = " ".join(f"{item.text} {item.section} {item.title}" for item in self._found.evidence)
        for name, *others in forms(asked):
            there = [other for other in others if name not in shown and other in shown]
            asked = asked.replace(name, max(there, key=len, default=name))
        return asked if self._question.language == language else asked + ANSWER_IN[language]

    def _messages(self, asked: str, evidence: Sequence[Evidence]) -> "list[ChatMessage]":
        """System prompt first, so that the server's cache of it serves every question; evidence, question last."""
        from llama_index.core.llms import ChatMessage, MessageRole

        language = self._found.reads
        prompts = self._llm.prompts
        filled = prompts.text("question", language).format(evidence=render(evidence, language), question=asked)
        return [
            ChatMessage(role=MessageRole.SYSTEM, content=prompts.text("system", language)),
            ChatMessage(role=MessageRole.USER, content=filled),
        ]

    def _is_foreign(self, written: str) -> bool:
        """Whether a text that was to be English is Chinese: its figures got other scales, too."""
        return self._found.reads == "en" and len(re.findall(f"[{CJK}]", written)) > len(written) / 4

    def _is_echo(self, written: str) -> bool:
        """Whether a text that was to be Chinese repeats a run of the English question instead."""
        if self._found.reads != "zh" or self._question.language == "zh":
            return False
        runs = _ENGLISH_RUN.findall(written)
        return any(fold(run) in fold(self._question.standalone) for run in runs)

    def _again(self, messages: "list[ChatMessage]") -> "tuple[list[ChatMessage], Sequence[Evidence]]":
        """What to ask a model that refused, and the evidence with it.

        The question in the evidence's language over the items of the best sentences; in one language the same with a
        request, for which the server has read the evidence already.
        """
        from llama_index.core.llms import ChatMessage, MessageRole

        language, llm = self._found.reads, self._llm
        if self._question.language != language:
            best = {span.item.n for span in self._found.weighed.spans[:CLOSEST]}
            evidence = [item for item in self._found.evidence if item.n in best]
            return self._messages(translate_question(self._question.standalone, language, llm), evidence), evidence
        refused = ChatMessage(role=MessageRole.ASSISTANT, content=NOT_FOUND_TEXT[language])
        again = ChatMessage(role=MessageRole.USER, content=llm.prompts.text("again", language))
        return [*messages, refused, again], self._found.evidence
