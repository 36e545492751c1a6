"""Conversations that are kept, each user's own: written as they grow, listed, found, opened, forgotten, exported."""

from html import escape
from typing import TYPE_CHECKING

from index.errors import StoreError
from rag import conversations
from rag.chat.exchange import Exchange
from rag.chat.icons import icon
from rag.chat.words import word
from rag.conversations import ConversationStore

if TYPE_CHECKING:
    from rag import ReportQA

SHOWN = 60


class Kept:
    """The kept conversations of the store. ``user`` is "" where nobody signs in."""

    def __init__(self, qa: "ReportQA") -> None:
        self.store = ConversationStore(qa.settings.store.expanduser() / conversations.FILE)

    def save(self, user: str, id: str, exchange: Exchange, at: int) -> str:
        """Keep an exchange as the one numbered ``at``, those after it dropped; gives the conversation's id.

        With no ``id``, or one that has been deleted, a new conversation begins.
        """
        stored = conversations.Exchange(
            id=exchange.id,
            question=exchange.question,
            reports=exchange.reports,
            answer=exchange.answer,
            evidence=exchange.evidence,
            text=exchange.text,
            failure=exchange.failure,
            good=exchange.good,
        )
        try:
            if id:
                self.store.cut(user, id, at)
                self.store.append(user, id, stored)
                return id
        except StoreError:
            pass  # deleted in another window: what goes on here is a new one
        made = self.store.create(user, reports=exchange.reports).id
        self.store.append(user, made, stored)
        return made

    def update(self, user: str, id: str, exchange: Exchange) -> None:
        """Keep the user's verdict on an exchange that is kept; nothing happens when it was deleted meanwhile."""
        try:
            known = self.store.get(user, id).exchanges
        except StoreError:
            return
        for stored in known:
            if stored.id == exchange.id:
                self.store.append(user, id, stored.model_copy(update={"good": exchange.good}))

    def open(self, user: str, id: str) -> tuple[Exchange, ...]:
        """The exchanges of a conversation. Raises StoreError when the user has no such one."""
        return tuple(
            Exchange(
                stored.question,
                stored.reports,
                evidence_only=stored.answer is None and not stored.failure,
                searched=True,
                evidence=stored.evidence or (stored.answer.evidence if stored.answer else ()),
                text=stored.text,
                answer=stored.answer,
                failure=stored.failure,
                good=stored.good,
                id=stored.id,
            )
            for stored in self.store.get(user, id).exchanges
        )

    def listed(self, user: str, current: str, text: str, language: str) -> str:
        """The user's conversations, the last changed first; with ``text`` those in which its words stand."""
        rows = "".join(
            f'<li data-name="{one.id}"{" aria-current=true" if one.id == current else ""}>{_past(one, language)}</li>'
            for one in self.store.list(user, text, SHOWN)
        )
        if rows:
            return f'<ul class="pasts" data-text="{escape(text)}">{rows}</ul>'
        return f'<p class="quiet">{word("none_past" if text else "no_past", language)}</p>'


def _past(one: conversations.Conversation, language: str) -> str:
    return (
        f'<button type="button" class="past" data-do="past" data-id="{one.id}">'
        f'<span class="title">{escape(one.title)}</span>'
        f'<time class="facts" datetime="{one.updated}">{one.updated[:10]}</time></button>'
        f"{_menu(one.id, one.title, language)}"
    )


def _menu(id: str, title: str, language: str) -> str:
    items = "".join(
        f'<button type="button" data-do="{do}" data-id="{id}">{word(key, language)}</button>'
        for do, key in (("export-md", "export_md"), ("export-docx", "export_docx"), ("forget", "forget"))
    )
    label = escape(word("actions", language, title))
    return (
        f'<details class="menu"><summary aria-label="{label}">{icon("more")}</summary>'
        f'<div class="items">{items}</div></details>'
    )


def finder(language: str) -> str:
    """The field over the list of conversations."""
    return (
        f'<form id="find-past" data-do="find-past" role="search"><div class="field">{icon("search")}'
        f'<input type="search" name="text" placeholder="{word("find_past", language)}" '
        f'aria-label="{word("find_past", language)}" autocomplete="off"></div></form>'
    )
