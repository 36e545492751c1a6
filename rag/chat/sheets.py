"""The dialogs over the page: settings and about, a report's sections, renaming, removing, what was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from uuid import uuid4

from index.types import Entry
from rag.chat.icons import button
from rag.chat.words import word


@dataclass(frozen=True, slots=True)
class Installed:
    """What is running: names, places and sizes for the about panel."""

    version: str
    model: str
    embedder: str
    store: str
    megabytes: float
    reports: int
    pages: int
    passages: int
    notices: tuple[str, ...] = ()


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
    return sheet(
        word("settings", language),
        f'<form id="options"><label>{word("amount", language)}<select name="amount">{amounts}</select></label>'
        f'<label>{word("theme", language)}<select name="theme">{themes}</select></label>'
        f'<label class="check"><input type="checkbox" name="evidence_only"> {word("evidence_only", language)}</label>'
        f"</form><h3>{word('about', language)}</h3><dl>{rows}</dl>{notices}"
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
    return sheet(
        word("rename", language),
        f'<form data-do="renamed"><input type="hidden" name="report" value="{entry.id}"><label>'
        f'{word("rename_to", language)}<input name="name" value="{escape(entry.name)}" required maxlength="255" '
        f'autofocus></label><button class="main-button">{word("save", language)}</button></form>',
        language,
    )


def removing(entry: Entry, language: str) -> str:
    """The question whether a report is to go."""
    return sheet(
        word("remove", language),
        f'<form data-do="removed"><input type="hidden" name="report" value="{entry.id}">'
        f"<p>{escape(word('remove_sure', language, entry.name))}</p>"
        f'<button class="main-button">{word("remove", language)}</button></form>',
        language,
    )


def judging(at: int, language: str) -> str:
    """The form that asks what is wrong with an answer."""
    return sheet(
        word("reason", language),
        f'<form data-do="judge"><input type="hidden" name="at" value="{at}">'
        f'<label>{word("reason", language)}<textarea name="reason" rows="2" autofocus></textarea></label>'
        f'<label>{word("correction", language)}<textarea name="correction" rows="3"></textarea></label>'
        f'<button class="main-button">{word("save", language)}</button></form>',
        language,
    )
