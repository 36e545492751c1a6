"""Evidence to a streamed, checked answer. The one path that every front end takes."""

import dataclasses
import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from index.errors import LLMError
from index.text import fold
from rag.additions import set_right, side_by_side, with_conflicts
from rag.arithmetic import Operation, compute
from rag.asking.names import forms
from rag.asking.splitting import Dependent, parts
from rag.checking.citations import MARK, NOT_FOUND, Checked, Source, check, is_refusal
from rag.checking.joining import joined
from rag.completion import completed
from rag.confidence.premise import premise_conflict
from rag.confidence.refusal import nearest, refusal_text
from rag.confidence.weighing import T_AGAIN, T_QUOTE, T_REFUSE
from rag.conflicts import Side
from rag.finding.evidence import render
from rag.finding.lookup import Found
from rag.llm import LanguageModel
from rag.overview.outline import citations as of_points
from rag.overview.outline import outline
from rag.prompts import ANSWER_IN, NOT_THERE, PERMISSIONS, SIDES
from rag.prompts import NOT_FOUND as NOT_FOUND_TEXT
from rag.quoting import best_quote, better_quote, quoted, quoted_spans
from rag.translation import translate_answer, translate_question
from rag.types import Answer, Citation, Conflict, Event, Evidence, Question, TextDelta, Timings

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
_ENGLISH_RUN = re.compile(r"(?:[A-Za-z][\w'’-]*[ ,]+){4,}[A-Za-z][\w'’-]*")
Conflicts = Callable[[str, Sequence[Citation]], Sequence[Conflict]]
"""The contradictions of a text that rests on these citations."""


class Answering:
    """One question being answered from what was found. ``stream`` may be iterated once.

    ``started`` is ``time.perf_counter()`` when the question came, ``retrieve_ms`` how long finding took. ``calibrated``
    says that the probabilities of :mod:`rag.confidence.weighing` hold for the embedder in use.
    """

    def __init__(
        self,
        question: Question,
        found: Found,
        llm: LanguageModel | None,
        *,
        started: float,
        retrieve_ms: float,
        embedder: str,
        calibrated: bool,
        conflicts: Conflicts,
    ) -> None:
        self._question, self._found, self._llm = question, found, llm
        self._started, self._retrieve_ms, self._embedder = started, retrieve_ms, embedder
        self._calibrated, self._conflicts = calibrated, conflicts
        self._first: float | None = None

    def overview(self) -> Iterator[Event]:
        """The points of a report as a list: no model is asked but to translate them."""
        points = self._found.evidence
        yield from self._given(Checked(outline(points, self._found.reads), of_points(points)), points)

    def sides(self, sides: Sequence[Side]) -> Iterator[Event]:
        """Statements of different places side by side, for a question whether they go together."""
        evidence = [Evidence.of(side.hit, (side.sentence,), n) for n, side in enumerate(sides, 1)]
        yield from self._given(side_by_side(evidence, self._found.reads, SIDES[self._found.reads]), evidence)

    def permissions(self, evidence: Sequence[Evidence]) -> Iterator[Event]:
        """The clauses on who may use a report, in the words and the language they have there."""
        language = self._question.language
        yield self._answer(side_by_side(evidence, language, PERMISSIONS[language]), evidence)

    def _given(self, checked: Checked, evidence: Sequence[Evidence]) -> Iterator[Event]:
        """An answer that needs no writing."""
        notice = ""
        try:
            if self._llm is not None:
                checked = yield from self._in_askers_language(checked)
        except LLMError as error:
            notice = f"{MODEL_FAILED[self._question.language]} {error}"
        yield self._answer(checked, evidence, notice=notice)

    def computed(self, operation: Operation, operands: Sequence[Evidence]) -> Answer | None:
        """The answer reckoned from figures that rules find, for a small model picks wrong ones; None when not sure."""
        question, scoped = self._question, bool(self._found.named)
        done = compute(question.standalone, operands, question.language, operation, scoped=scoped)
        if done is None:
            return None
        order = {n: position for position, n in enumerate(done.items, 1)}
        items = {item.n: item for item in operands}
        quotes: dict[int, list[str]] = {}
        for n, quote in done.quotes:
            quotes.setdefault(n, []).append(quote)
        text = MARK.sub(lambda mark: f"{mark[0][: -len(mark[0].lstrip())]}[{order[int(mark[1])]}]", done.text)
        cited = tuple(Citation.of(items[n], order[n], "\n".join(quotes[n])) for n in order)
        return self._answer(Checked(text, cited), operands)

    def stream(self, *, reckons: bool = False) -> Iterator[Event]:
        """The text as it is written, and the finished answer.

        ``reckons`` says that the question asks for something to be reckoned: a figure of the model's own that stands
        in no evidence is then no answer.

        Where the evidence is in another language than the question's, the answer is written in that language, checked
        there, and translated. Without evidence, or where it cannot hold the answer, the answer is a refusal and the
        model is not asked; without a model, or when it fails, the answer is the evidence.
        """
        found, llm = self._found, self._llm
        checked: Checked | None = NOT_FOUND
        notice = ""
        conflicts: tuple[Conflict, ...] = ()
        if found.evidence and llm is None:
            checked, notice = None, NO_MODEL[self._question.language]
        elif found.evidence and llm is not None and not (self._calibrated and found.weighed.probability < T_REFUSE):
            try:
                checked = yield from self._checked(llm)
                if reckons and checked.unsupported:
                    checked = NOT_FOUND
                if checked.found:
                    conflicts = tuple(self._conflicts(checked.text, checked.citations))
                    checked = yield from self._in_askers_language(checked)
            except LLMError as error:
                checked, notice = None, f"{MODEL_FAILED[self._question.language]} {error}"
        failed = checked is None and llm is not None
        if checked is None:
            checked = Checked(*quoted(found.evidence), found=True)
        yield self._answer(checked, found.evidence, conflicts=conflicts, notice=notice, failed=failed)

    def _checked(self, llm: LanguageModel) -> Generator[Event, None, Checked]:
        """What the model writes, checked and mended; it is asked twice when it refuses what is likely there."""
        found = self._found
        messages = self._messages(self._worded(self._question.standalone), llm)
        written = yield from self._written(messages, llm)
        checked = check(written, found.asked, found.reads, found.evidence)
        likely = self._calibrated and found.weighed.probability >= T_AGAIN
        if (likely and is_refusal(written, found.reads)) or self._is_echo(written):
            written = yield from self._written(self._again(messages, llm), llm)
            again = check(written, found.asked, found.reads, found.evidence)
            checked = again if again.found and not again.unsupported else checked
        elif not checked.found and (own := self._of_the_named()):  # it spoke of something else
            written = yield from self._written(self._messages(self._worded(self._question.standalone), llm, own), llm)
            checked = check(written, found.asked, found.reads, own)
        if not checked.found:
            checked = yield from self._by_parts(llm)
        return self._mended(checked)

    def _of_the_named(self) -> list[Evidence]:
        """The items that have the names asked for, where others do not; without names none."""
        found = self._found
        sources = [Source(item, found.reads) for item in found.evidence]
        own = [source.item for source in sources if found.asked.names_share(source.context) == 1.0]
        return own if found.asked.names and len(own) < len(sources) else []

    def _by_parts(self, llm: LanguageModel) -> Generator[Event, None, Checked]:
        """Of a question of several parts, refused as a whole, each asked for itself; what is not there is said."""
        found = self._found
        asked = [part for part in parts(self._question.standalone) if not isinstance(part, Dependent)]
        answers: list[Checked] = []
        for part in asked if len(asked) > 1 else ():
            written = yield from self._written(self._messages(self._worded(part), llm), llm)
            answers.append(check(written, found.asked, found.reads, found.evidence))
        if not any(answer.found for answer in answers):
            return NOT_FOUND
        lost = [
            f"{NOT_FOUND_TEXT[found.reads]}{NOT_THERE[found.reads].format(part.rstrip('?？'))}"
            for part, answer in zip(asked, answers, strict=True)
            if not answer.found
        ]
        return joined(answers, lost, found.reads)

    def _written(self, messages: "Sequence[ChatMessage]", llm: LanguageModel) -> Generator[Event, None, str]:
        text = ""
        for piece in llm.stream(messages):
            text += piece
            if self._found.reads == self._question.language:
                yield self._delta(piece)
        return text

    def _delta(self, piece: str) -> TextDelta:
        self._first = self._first if self._first is not None else since(self._started)
        return TextDelta(text=piece)

    def _mended(self, checked: Checked) -> Checked:
        """What the model got wrong and the evidence tells: a refusal of what is there, a part left out."""
        found = self._found
        if not checked.found and not self._calibrated:
            return best_quote(found.asked, found.evidence) or checked
        if (not checked.found or checked.unsupported) and self._calibrated and found.weighed.probability >= T_QUOTE:
            checked = quoted_spans(found.weighed.spans, found.reads)
        elif not checked.found:
            return checked
        else:
            checked = better_quote(checked, found.asked, found.evidence)
        whole = completed(checked, self._question.standalone, found)
        contrary = premise_conflict(found.asked, found.evidence)
        if contrary is None or any(contrary[1] in citation.quote for citation in whole.citations):
            return whole
        return set_right(whole, *contrary, found.reads)

    def _in_askers_language(self, checked: Checked) -> Generator[Event, None, Checked]:
        if self._llm is None or self._found.reads == self._question.language:
            return checked
        self._first = None
        pieces = translate_answer(checked, self._question.standalone, self._question.language, self._llm)
        while True:
            try:
                yield self._delta(next(pieces))
            except StopIteration as end:
                return dataclasses.replace(checked, text=end.value)

    def _answer(
        self,
        checked: Checked,
        evidence: Sequence[Evidence],
        *,
        conflicts: Sequence[Conflict] = (),
        notice: str = "",
        failed: bool = False,
    ) -> Answer:
        question, found, language = self._question, self._found, self._question.language
        text = checked.text
        if not checked.found:
            near = nearest(found.weighed, found.reads) if self._calibrated else ()
            text = refusal_text(language, found.searched, near)
        elif conflicts:
            checked, text = with_conflicts(checked, conflicts, language)
        return Answer(
            answer=text,
            language=language,
            found=checked.found,
            citations=checked.citations,
            unsupported=checked.unsupported,
            conflicts=tuple(conflicts),
            timings_ms=Timings(retrieve=self._retrieve_ms, first_token=self._first, total=since(self._started)),
            model=self._llm.name if self._llm is not None and not failed else "",
            embedder=self._embedder,
            notice=notice,
            failed=failed,
            standalone=question.standalone if question.standalone != question.text else "",
            evidence=tuple(evidence),
        )

    def _worded(self, asked: str) -> str:
        """A question as the model is asked it: names as the evidence has them, told which language to write in."""
        language = self._found.reads
        shown = " ".join(f"{item.text} {item.section} {item.title}" for item in self._found.evidence)
        for name, *others in forms(asked):
            there = [other for other in others if name not in shown and other in shown]
            asked = asked.replace(name, max(there, key=len, default=name))
        return asked if self._question.language == language else asked + ANSWER_IN[language]

    def _messages(
        self, asked: str, llm: LanguageModel, evidence: Sequence[Evidence] | None = None
    ) -> "list[ChatMessage]":
        """System prompt first, so that the server's cache of it serves every question; evidence, question last."""
        from llama_index.core.llms import ChatMessage, MessageRole

        language = self._found.reads
        shown = render(self._found.evidence if evidence is None else evidence, language)
        filled = llm.prompts.text("question", language).format(evidence=shown, question=asked)
        return [
            ChatMessage(role=MessageRole.SYSTEM, content=llm.prompts.text("system", language)),
            ChatMessage(role=MessageRole.USER, content=filled),
        ]

    def _is_echo(self, written: str) -> bool:
        """Whether a text that was to be Chinese repeats a run of the English question instead."""
        if self._found.reads != "zh" or self._question.language == "zh":
            return False
        runs = _ENGLISH_RUN.findall(written)
        return any(fold(run) in fold(self._question.standalone) for run in runs)

    def _again(self, messages: "list[ChatMessage]", llm: LanguageModel) -> "list[ChatMessage]":
        """What to ask a model that refused: the question in the evidence's language, or the same with a request.

        Either way the server has read the evidence already.
        """
        from llama_index.core.llms import ChatMessage, MessageRole

        language = self._found.reads
        if self._question.language != language:
            return self._messages(translate_question(self._question.standalone, language, llm), llm)
        refused = ChatMessage(role=MessageRole.ASSISTANT, content=NOT_FOUND_TEXT[language])
        return [*messages, refused, ChatMessage(role=MessageRole.USER, content=llm.prompts.text("again", language))]


def since(started: float) -> float:
    """Milliseconds since ``started``, a reading of ``time.perf_counter()``."""
    return round(1000 * (time.perf_counter() - started), 1)
