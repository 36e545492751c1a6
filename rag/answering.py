"""Evidence to a streamed, checked answer. The one path that every front end takes."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence

from index.errors import LLMError
from rag.additions import set_right, side_by_side, with_conflicts
from rag.arithmetic import Operation, compute
from rag.checking.citations import MARK, NOT_FOUND, Checked
from rag.completion import completed
from rag.confidence.premise import premise_conflict
from rag.confidence.refusal import nearest, refusal_text
from rag.confidence.weighing import T_AGAIN, T_REFUSE
from rag.conflicts import Side
from rag.drafting import Drafting
from rag.finding.lookup import Found
from rag.llm import LanguageModel
from rag.overview.outline import citations as of_points
from rag.overview.outline import outline
from rag.prompts import PERMISSIONS, SIDES
from rag.quoting import best_quote, better_quote, quoted, quoted_spans
from rag.translation import translate_answer, translate_question
from rag.types import Answer, Citation, Conflict, Event, Evidence, Question, TextDelta, Timings

NO_MODEL = {
    "zh": "没有使用语言模型：以下是报告原文，供查阅。",
    "en": "No language model is set: this is what the reports say, quoted.",
}
MODEL_FAILED = {
    "zh": "语言模型出错，以下是报告原文，供查阅。",
    "en": "The language model failed: this is what the reports say, quoted.",
}
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

    def asked(self) -> str:
        """The question in the language of the evidence, whose words it can then be compared with."""
        text, reads = self._question.standalone, self._found.reads
        if self._llm is None or reads == self._question.language:
            return text
        try:
            return translate_question(text, reads, self._llm)
        except LLMError:
            return text  # the answer will meet it again and tell

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
        elif found.evidence and llm is not None and (not self._calibrated or self._is_likely(T_REFUSE)):
            try:
                checked = self._mended((yield from self._drafted(llm)))
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

    def _is_likely(self, threshold: float) -> bool:
        """Whether the evidence is known to hold the answer with at least this probability."""
        return self._calibrated and self._found.weighed.probability >= threshold

    def _drafted(self, llm: LanguageModel) -> Generator[Event, None, Checked]:
        """What the model writes, shown as it comes where it is in the asker's language."""
        pieces = Drafting(self._question, self._found, llm).checked(insists=self._is_likely(T_AGAIN))
        while True:
            try:
                piece = next(pieces)
            except StopIteration as end:
                checked: Checked = end.value
                return checked
            if self._found.reads == self._question.language:
                yield self._delta(piece)

    def _delta(self, piece: str) -> TextDelta:
        self._first = self._first if self._first is not None else since(self._started)
        return TextDelta(text=piece)

    def _mended(self, checked: Checked) -> Checked:
        """What the model got wrong and the evidence tells: a refusal of what is there, a part left out."""
        found = self._found
        if not checked.found and not self._calibrated:
            return best_quote(found.asked, found.evidence) or checked
        if (not checked.found or checked.unsupported) and self._calibrated and found.weighed.is_quotable:
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
                translated: Checked = end.value
                return translated

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


def since(started: float) -> float:
    """Milliseconds since ``started``, a reading of ``time.perf_counter()``."""
    return round(1000 * (time.perf_counter() - started), 1)
