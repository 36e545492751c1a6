"""What the events of the list of kept conversations do."""

import re
from collections.abc import Callable
from typing import Any

import gradio as gr

from index.errors import ReportQAError
from rag.chat import note
from rag.chat.exchange import Conversation
from rag.chat.exports import Export, Exports
from rag.chat.failure import failure
from rag.chat.kept import Kept
from rag.chat.said import OfPast
from rag.chat.talk import Talk
from rag.conversations import Conversation as Stored
from rag.export import to_docx, to_markdown

Update = tuple[Any, ...]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Pasts:
    """Kept conversations as a user finds them again."""

    def __init__(self, talk: Talk, kept: Kept, exports: Exports) -> None:
        self.talk, self.kept, self.exports = talk, kept, exports

    def find(self, current: str, language: str, event: gr.EventData, request: gr.Request) -> str:
        """The conversations in which some words stand."""
        said = OfPast.of(event) or OfPast()
        return self.kept.listed(request.username or "", current, said.text, language)

    def open(self, language: str, event: gr.EventData, request: gr.Request) -> Update:
        """Go on with a conversation."""
        said = OfPast.of(event) or OfPast()
        self.talk.give_up(request)
        return self.shown(said.id, language, request)

    def shown(self, id: str, language: str, request: gr.Request) -> Update:
        """A conversation as it stands, an empty one when it is gone: log, live, panel, conversation, list, id, note."""
        user = request.username or ""
        conversation: Conversation = ()
        if id:
            try:
                conversation = self.kept.open(user, id)
            except ReportQAError:
                id = ""
        listed = self.kept.listed(user, id, "", language)
        return (*self.talk.view(conversation, language), listed, id, note.remember("conversation", id))

    def clear(self, language: str, request: gr.Request) -> Update:
        """An empty conversation. An answer that is being written is given up first, so that it cannot come back."""
        self.talk.give_up(request)
        return self.shown("", language, request)

    def forget(self, current: str, language: str, event: gr.EventData, request: gr.Request) -> Update:
        """Delete a conversation; the one on the screen goes with it when it is that."""
        said = OfPast.of(event) or OfPast()
        user = request.username or ""
        try:
            self.kept.store.delete(user, said.id)
        except ReportQAError as error:
            return *(gr.skip(),) * 6, note.toast(failure(error, language))
        if said.id == current:
            self.talk.give_up(request)
            return self.shown("", language, request)
        return *(gr.skip(),) * 4, self.kept.listed(user, current, "", language), current, gr.skip()

    def export_md(self, language: str, event: gr.EventData, request: gr.Request) -> str:
        """A conversation as Markdown."""
        return self._export(
            lambda found: Export(f"{file_name(found)}.md", "text/markdown", to_markdown(found, language).encode()),
            language,
            event,
            request,
        )

    def export_docx(self, language: str, event: gr.EventData, request: gr.Request) -> str:
        """A conversation as a Word document."""
        return self._export(
            lambda found: Export(f"{file_name(found)}.docx", DOCX, to_docx(found, language)), language, event, request
        )

    def _export(self, make: Callable[[Stored], Export], language: str, event: gr.EventData, request: gr.Request) -> str:
        said = OfPast.of(event) or OfPast()
        try:
            file = make(self.kept.store.get(request.username or "", said.id))
        except ReportQAError as error:
            return note.toast(failure(error, language))
        return note.download(f"exports/{self.exports.put(file)}")


def file_name(conversation: Stored) -> str:
    """A conversation's title as a file name, without its ending."""
    return re.sub(r"[^\w -]+", " ", conversation.title).strip()[:60] or "report-qa"
