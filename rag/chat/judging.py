"""Thumbs, reasons and right answers, kept for `report-qa eval new --from-feedback`."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import ReportQAError
from rag import feedback
from rag.chat import note, sheets
from rag.chat.exchange import Conversation, Exchange
from rag.chat.failure import failure
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
        return self._judged(conversation, kept, language, event, request, True)

    def bad(
        self, conversation: Conversation, kept: str, language: str, event: gr.EventData, request: gr.Request
    ) -> Update:
        """The answer was wrong; ask why."""
        return self._judged(conversation, kept, language, event, request, False)

    def explain(self, conversation: Conversation, language: str, event: gr.EventData, request: gr.Request) -> Update:
        """Why it was wrong, and what would have been right: the form again when it cannot be kept, and a note."""
        said = Judged.of(event)
        exchange = _answered(conversation, said)
        if said is None or exchange is None:
            return (gr.skip(),) * 2
        try:
            self._keep(exchange, request, False, said.reason.strip(), said.correction.strip())
        except ReportQAError as error:
            return sheets.judging(said, language, failure(error, language)), gr.skip()
        return gr.skip(), note.toast(word("thanks", language))

    def _judged(
        self,
        conversation: Conversation,
        kept: str,
        language: str,
        event: gr.EventData,
        request: gr.Request,
        good: bool,
    ) -> Update:
        """Keep a verdict and show it; one that cannot be kept is not shown, and the user is told why."""
        said = At.of(event)
        exchange = _answered(conversation, said)
        if said is None or exchange is None:
            return (gr.skip(),) * 5
        judged = replace(exchange, good=good)
        try:
            self._keep(judged, request, good)
            self.kept.update(request.username or "", kept, judged)
        except ReportQAError as error:
            return *(gr.skip(),) * 4, note.toast(failure(error, language))
        after = (*conversation[: said.at], judged, *conversation[said.at + 1 :])
        log, live, _, shown = self.talk.view(after, language)
        if good:
            return log, live, shown, gr.skip(), note.toast(word("thanks", language))
        return log, live, shown, sheets.judging(Judged(at=said.at), language), gr.skip()

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
