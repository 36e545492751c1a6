"""The dialogs over the page: settings and about, a report's sections, renaming, removing, what was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from uuid import uuid4

from index.types import Entry
from rag.chat.icons import button
from rag.chat.said import LONGEST, Judged
from rag.chat.words import word


@dataclass(frozen=True, slots=True)
class Installed:
    """What is running: names, places and sizes for the about panel; the ``user`` there is, and a way to sign out."""

    version: str
    model: str
    embedder: str
    store: str
    megabytes: float
    reports: int
    pages: int
    passages: int
    notices: tuple[str, ...] = ()
    user: str = ""
    sign_out: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """Text of a page that is not searched: ``kind`` is a word of the interface."""

    page: int
    kind: str
    text: str


def sheet(title: str, content: str, language: str) -> str:
    """A dialog; the page opens it when it arrives. ``title`` and ``content`` are HTML already."""
    close = button("close-sheet", "close", word("close", language))
    return (
        f'<dialog class="sheet" data-show="{uuid4().hex}" aria-labelledby="sheet-title"><header>'
        f'<h2 id="sheet-title">{title}</h2>{close}</header><div class="sheet-body">{content}</div></dialog>'
    )


def about(installed: Installed, language: str) -> str:
    """Settings of this browser, and what is running."""
    amounts = "".join(f'<option value="{name}">{word(name, language)}</option>' for name in ("few", "usual", "many"))
    themes = "".join(
        f'<option value="{value}">{word(name, language)}</option>'
        for value, name in (("", "system"), ("light", "light"), ("dark", "dark"))
    )
    holds = word("holds", language, installed.reports, installed.pages, installed.passages)
    facts = (
        ("model", installed.model or word("no_model", language)),
        ("embedder", installed.embedder),
        ("store", installed.store),
        ("size", f"{installed.megabytes:.1f} MB · {holds}"),
        ("version", installed.version),
    )
    rows = "".join(f"<dt>{word(key, language)}</dt><dd>{escape(value)}</dd>" for key, value in facts)
    notices = "".join(f'<p class="notice">{escape(text)}</p>' for text in installed.notices)
    out = f'<button type="button" class="quiet-button" data-do="sign-out">{word("sign_out", language)}</button>'
    user = f'<p class="user">{word("signed_in", language)} <b>{escape(installed.user)}</b>'
    user = f"{user}{out if installed.sign_out else ''}</p>" if installed.user else ""
    return sheet(
        word("settings", language),
        f'<form id="options"><label>{word("amount", language)}<select name="amount">{amounts}</select></label>'
        f'<label>{word("theme", language)}<select name="theme">{themes}</select></label>'
        f'<label class="check"><input type="checkbox" name="evidence_only"> {word("evidence_only", language)}</label>'
        f"</form>{user}<h3>{word('about', language)}</h3><dl>{rows}</dl>{notices}"
        f'<p class="quiet">{word("rest", language)}</p>',
        language,
    )


def sections(entry: Entry, found: Sequence[tuple[str, int]], aside: Sequence[Aside] | None, language: str) -> str:
    """A report's sections with the page each begins on, and what was set aside (None: not looked at yet)."""
    tree = "".join(
        f'<li style="--depth:{name.count(" › ")}"><button type="button" class="to-page" data-do="page" '
        f'data-report="{entry.id}" data-page="{page}" data-quote="" title="{escape(name)}">'
        f"<span>{escape(name.split(' › ')[-1] or word('first_words', language))}</span>"
        f"<span>{word('page', language, page)}</span></button></li>"
        for name, page in found
    )
    shown = f'<ul class="tree">{tree}</ul>' if tree else f'<p class="quiet">{word("no_sections", language)}</p>'
    if aside is None:
        rest = (
            f'<button type="button" class="plain-button" data-do="aside" data-report="{entry.id}">'
            f"{word('look_aside', language)}</button>"
        )
    elif aside:
        items = "".join(
            f'<li><span class="quiet">{word("page", language, item.page)} · {word(item.kind, language)}</span> '
            f"{escape(item.text)}</li>"
            for item in aside
        )
        rest = f'<h3>{word("set_aside", language)} ({len(aside)})</h3><ul class="aside">{items}</ul>'
    else:
        rest = f'<p class="quiet">{word("nothing_aside", language)}</p>'
    return sheet(escape(entry.title or entry.name), f"{shown}{rest}", language)


def renaming(entry: Entry, language: str) -> str:
    """The form that gives a report another file name."""
    name = f'<input name="name" value="{escape(entry.name)}" required maxlength="255" autofocus>'
    return _form(
        "renamed", "rename", ("report", entry.id), f"<label>{word('rename_to', language)}{name}</label>", language
    )


def removing(entry: Entry, language: str) -> str:
    """The question whether a report is to go."""
    sure = f"<p>{escape(word('remove_sure', language, entry.name))}</p>"
    return _form("removed", "remove", ("report", entry.id), sure, language, "remove")


def judging(said: Judged, language: str, problem: str = "") -> str:
    """The form that asks what is wrong with an answer; with the ``problem`` that kept what was said from being kept."""
    told = f'<p class="alert" role="alert">{escape(problem)}</p>' if problem else ""
    fields = (
        f'{told}<label>{word("reason", language)}<textarea name="reason" rows="2" maxlength="{LONGEST}" autofocus>'
        f"{escape(said.reason)}</textarea></label>"
        f'<label>{word("correction", language)}<textarea name="correction" rows="3" maxlength="{LONGEST}">'
        f"{escape(said.correction)}</textarea></label>"
    )
    return _form("judge", "judge", ("at", said.at), fields, language)


def _form(do: str, title: str, about: tuple[str, object], fields: str, language: str, press: str = "save") -> str:
    """A dialog whose button sends ``about`` (a name and its value) and what its fields hold."""
    return sheet(
        word(title, language),
        f'<form data-do="{do}"><input type="hidden" name="{about[0]}" value="{about[1]}">{fields}'
        f'<button class="main-button">{word(press, language)}</button></form>',
        language,
    )
