"""Thumbs, reasons and right answers, kept for `report-qa eval new --from-feedback`."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag import feedback
from rag.chat import note, sheets
from rag.chat.exchange import Conversation, Exchange
from rag.chat.kept import Kept
from rag.chat.said import At, Judged
from rag.chat.talk import Talk
from rag.chat.words import word
from rag.feedback import Feedback, FeedbackStore

if TYPE_CHECKING:
    from rag import ReportQA

Update = tuple[Any, ...]


class Judging:
    """What users say of answers. Outputs are those of :meth:`rag.chat.talk.Talk.view`, a dialog and a note."""

    def __init__(self, qa: "ReportQA", talk: Talk, kept: Kept) -> None:
        self.talk, self.kept = talk, kept
        self.store = FeedbackStore(qa.settings.store.expanduser() / feedback.FILE)

    def good(
        self, conversation: Conversation, kept: str, language: str, event: gr.EventData, request: gr.Request
    ) -> Update:
        """The answer was right."""
        said = At.of(event)
        judged = self._judge(conversation, kept, said, True, request)
        if judged is None:
            return (gr.skip(),) * 5
        log, live, _, after = self.talk.view(judged, language)
        return log, live, after, gr.skip(), note.toast(word("thanks", language))

    def bad(
        self, conversation: Conversation, kept: str, language: str, event: gr.EventData, request: gr.Request
    ) -> Update:
        """The answer was wrong; ask why."""
        said = At.of(event)
        judged = self._judge(conversation, kept, said, False, request)
        if judged is None or said is None:
            return (gr.skip(),) * 5
        log, live, _, after = self.talk.view(judged, language)
        return log, live, after, sheets.judging(said.at, language), gr.skip()

    def explain(self, conversation: Conversation, language: str, event: gr.EventData, request: gr.Request) -> Any:
        """Why it was wrong, and what would have been right."""
        said = Judged.of(event)
        exchange = _answered(conversation, said)
        if said is None or exchange is None:
            return gr.skip()
        self._keep(exchange, request, False, said.reason.strip(), said.correction.strip())
        return note.toast(word("thanks", language))

    def _judge(
        self, conversation: Conversation, kept: str, said: At | None, good: bool, request: gr.Request
    ) -> Conversation | None:
        exchange = _answered(conversation, said)
        if said is None or exchange is None:
            return None
        judged = replace(exchange, good=good)
        self._keep(judged, request, good)
        self.kept.update(request.username or "", kept, judged)
        return (*conversation[: said.at], judged, *conversation[said.at + 1 :])

    def _keep(
        self, exchange: Exchange, request: gr.Request, good: bool, reason: str = "", correction: str = ""
    ) -> None:
        if exchange.answer is None:
            return
        judged = Feedback.of(
            exchange.question,
            exchange.answer,
            source="chat",
            good=good,
            user=request.username or "",
            reason=reason,
            correction=correction,
            reports=exchange.reports,
        )
        self.store.add(judged.model_copy(update={"id": exchange.id}))  # a reason takes the place of the bare verdict


def _answered(conversation: Conversation, said: At | None) -> Exchange | None:
    if said is None or said.at >= len(conversation):
        return None
    return conversation[said.at] if conversation[said.at].answer else None
