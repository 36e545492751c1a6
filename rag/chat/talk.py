"""What the events of a conversation do: ask, stop, start again, show sources, judge."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

import gradio as gr

from index.errors import QuestionError, ReportQAError
from rag.chat import note
from rag.chat.answers import thread
from rag.chat.exchange import Conversation, Exchange
from rag.chat.failure import failure
from rag.chat.kept import Kept
from rag.chat.markup import Ids
from rag.chat.running import Running
from rag.chat.said import Asked, At
from rag.chat.sources import panel
from rag.chat.suggestions import follow_ups
from rag.chat.words import word
from rag.types import Answer, EvidenceReady, TextDelta, Waiting

if TYPE_CHECKING:
    from rag import ReportQA

Update = tuple[Any, ...]
AMOUNTS: dict[Literal["few", "usual", "many"], tuple[float, float]] = {  # of the settings' items and tokens
    "few": (0.5, 0.5),
    "usual": (1.0, 1.0),
    "many": (2.0, 3.0),
}


class Talk:
    """The conversations of all users. Each lives in its own session, not here.

    ``running`` holds the answers being written, by session. What is shown of a conversation are four outputs: the
    earlier exchanges, the last one, its sources, and the conversation itself.
    """

    def __init__(self, qa: "ReportQA", kept: Kept) -> None:
        self.qa, self.kept = qa, kept
        self.running: dict[str, Running] = {}

    def ids(self) -> dict[str, str]:
        """The ids of the reports by file name."""
        return {entry.name: entry.id for entry in self.qa.reports()}

    def view(self, conversation: Conversation, language: str) -> Update:
        """A conversation as it stands."""
        ids = self.ids()
        last = conversation[-1] if conversation else None
        return (*self._threads(conversation, ids, language), panel(last, ids, language), conversation)

    def _threads(self, conversation: Conversation, ids: Ids, language: str) -> tuple[str, str]:
        before = max(len(conversation) - 1, 0)
        return (
            thread(conversation[:before], ids, language),
            thread(conversation[before:], ids, language, before),
        )

    def ask(
        self, conversation: Conversation, kept_as: str, language: str, event: gr.EventData, request: gr.Request
    ) -> Iterator[Update]:
        """Answer a question: it is shown at once, then the evidence, the text as it is written, the checked answer.

        Nothing happens for a blank question, or while another is being answered. Outputs are those of :meth:`view`,
        the list of kept conversations, the id this one is kept by, and a note.
        """
        asked = Asked.of(event)
        if asked is None or not asked.question.strip() or (conversation and not conversation[-1].over):
            return
        kept = conversation if asked.at is None else conversation[: asked.at]
        names = self._names(asked)
        exchange = Exchange(asked.question.strip(), names, asked.evidence_only, id=uuid4().hex)
        user, silent = request.username or "", (gr.skip(),) * 3
        session = str(request.session_hash)
        running = self.running[session] = Running()
        try:
            yield *self.view((*kept, exchange), language), *silent
            ids = self.ids()
            running.start(
                lambda: self._engine(asked).stream(
                    exchange.question,
                    history=[past.turn for past in kept if past.turn],
                    reports=self._chosen(asked, language),
                    asker=user or session,
                ),
                lambda error: failure(error, language),
                evidence_only=asked.evidence_only,
            )
            for step in running:
                if step == "":
                    return
                exchange = self._after(exchange, step, ids)
                if exchange.over:
                    break
                live = thread((exchange,), ids, language, len(kept))
                found = panel(exchange, ids, language) if isinstance(step, EvidenceReady) else gr.skip()
                yield gr.skip(), live, found, gr.skip(), *silent
            yield *self.view((*kept, exchange), language), *self._keep(user, kept_as, exchange, len(kept), language)
        finally:
            running.stopped.set()
            if self.running.get(session) is running:  # not the next one's, which may have begun
                del self.running[session]
            running.over.set()

    def _keep(self, user: str, kept_as: str, exchange: Exchange, at: int, language: str) -> Update:
        """Keep an exchange: the list of conversations, the id of this one, a note."""
        try:
            kept_as = self.kept.save(user, kept_as, exchange, at)
            return self.kept.listed(user, kept_as, "", language), kept_as, note.remember("conversation", kept_as)
        except ReportQAError as error:
            return gr.skip(), gr.skip(), note.toast(failure(error, language))

    def _engine(self, asked: Asked) -> "ReportQA":
        """The engine, with as much evidence as was asked for, and without a model where only that was."""
        items, tokens = AMOUNTS[asked.amount]
        settings = self.qa.settings
        if asked.amount == "usual" and not asked.evidence_only:
            return self.qa
        return self.qa.with_evidence(
            max(1, round(settings.evidence_items * items)),
            max(100, round(settings.evidence_tokens * tokens)),
            model=not asked.evidence_only,
        )

    def _names(self, asked: Asked) -> tuple[str, ...]:
        """The file names of the ticked reports, none when all are."""
        entries = self.qa.reports()
        chosen = tuple(entry.name for entry in entries if entry.id in asked.reports)
        return () if len(chosen) == len(entries) else chosen

    def _chosen(self, asked: Asked, language: str) -> list[str]:
        """The ids of the ticked reports, none when all are. Raises QuestionError when there are but none is ticked."""
        known = [entry.id for entry in self.qa.reports()]
        chosen = [i for i in known if i in asked.reports]
        if known and not chosen:
            raise QuestionError(word("none_picked", language))
        return [] if len(chosen) == len(known) else chosen

    def _after(self, exchange: Exchange, step: object, ids: Ids) -> Exchange:
        """The exchange after one event of the engine."""
        if isinstance(step, EvidenceReady):
            return replace(exchange, searched=True, evidence=step.evidence)
        if isinstance(step, Waiting):
            return replace(exchange, waiting=step.place)
        if isinstance(step, TextDelta):
            return replace(exchange, text=exchange.text + step.text)
        if isinstance(step, Answer):
            return replace(exchange, answer=step, follow_ups=follow_ups(self.qa.library, step, ids))
        return replace(exchange, failure=str(step))

    def stop(self, language: str, request: gr.Request) -> None:
        """End the answer that is being written, at once; what has been written stays, marked as unfinished."""
        if running := self.running.get(str(request.session_hash)):
            running.stop(word("stopped", language))

    def give_up(self, request: gr.Request) -> None:
        """Silently end the answer that is being written in this session, if there is one."""
        if running := self.running.get(str(request.session_hash)):
            running.stop("")
            running.over.wait()

    def show(self, conversation: Conversation, language: str, event: gr.EventData) -> Any:
        """The sources of an exchange."""
        said = At.of(event)
        if said is None or said.at >= len(conversation):
            return gr.skip()
        return panel(conversation[said.at], self.ids(), language)
