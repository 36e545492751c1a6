"""What the events of the list of kept conversations do."""

from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import ReportQAError
from rag.chat import note
from rag.chat.exchange import Conversation
from rag.chat.failure import failure
from rag.chat.kept import Kept
from rag.chat.said import OfPast
from rag.chat.talk import Talk

if TYPE_CHECKING:
    from rag import ReportQA

Update = tuple[Any, ...]


class Pasts:
    """Kept conversations as a user finds them again."""

    def __init__(self, qa: "ReportQA", talk: Talk, kept: Kept) -> None:
        self.qa, self.talk, self.kept = qa, talk, kept

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
