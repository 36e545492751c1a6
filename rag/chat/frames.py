"""The fixed parts of the page in each language: the bar at the top, the question box, the frame of the page viewer."""

from collections.abc import Sequence
from html import escape

from rag.chat.icons import button, icon
from rag.chat.words import word


def top(language: str) -> str:
    """Name, what a user must know, and the buttons of the whole page."""
    tabs = "".join(
        f'<button type="button" data-do="pane" data-pane="{pane}">{word(key, language)}</button>'
        for pane, key in (("side", "reports"), ("talk", "talk"), ("page", "page_pane"))
    )
    return (
        f'<header class="top" data-language="{language}"><h1>report-qa</h1>'
        f'<span class="tagline">{word("tagline", language)}</span><span class="space"></span>'
        f'<button type="button" class="text-button" data-do="clear">{icon("chat")}{word("new", language)}</button>'
        f'<button type="button" class="text-button" data-do="language" lang="{"en" if language == "zh" else "zh"}" '
        f'aria-label="{word("switch_label", language)}">{word("switch", language)}</button>'
        f"{button('about', 'settings', word('settings', language))}</header>"
        f'<nav class="panes" aria-label="report-qa">{tabs}</nav>'
    )


def composer(notices: Sequence[str], language: str) -> str:
    """Where questions are written, and what a user must know before."""
    told = "".join(f'<p class="quiet about-answers">{escape(text)}</p>' for text in notices)
    return (
        f'<form id="composer" data-do="ask"><p class="scope quiet" aria-live="polite" '
        f'data-all="{word("scope_all", language, "{}")}" data-some="{word("scope_some", language, "{}", "{}")}" '
        f'data-none="{word("scope_none", language)}"></p>'
        f'<div class="box"><textarea name="question" rows="1" maxlength="4000" aria-label="{word("ask", language)}" '
        f'placeholder="{word("ask", language)}"></textarea>'
        f'<button class="round send" title="{word("send", language)}" aria-label="{word("send", language)}">'
        f"{icon('send')}</button>"
        f"{button('stop', 'stop', word('stop', language), css='round stop')}</div>{told}</form>"
    )


def viewer(language: str) -> str:
    """The frame in which pages are shown; the browser fills it."""
    tool = {
        do: button(do, sign, word(label, language))
        for do, sign, label in (
            ("previous", "previous", "previous"),
            ("next", "next", "next"),
            ("zoom-out", "zoom_out", "zoom_out"),
            ("zoom-in", "zoom_in", "zoom_in"),
            ("as-text", "text", "as_text"),
        )
    }
    links = "".join(
        f'<a class="icon-button {css}" target="_blank" rel="noopener noreferrer" title="{word(label, language)}" '
        f'aria-label="{word(label, language)}"{more}>{icon(sign)}</a>'
        for css, sign, label, more in (("pdf", "open", "pdf", ""), ("file", "download", "file", " download"))
    )
    return (
        f'<section id="viewer" aria-label="{word("page_pane", language)}" hidden '
        f'data-missing="{word("no_page", language)}" data-unframed="{word("quote_not_found", language)}" '
        f'data-picture="{word("page_picture", language, "{}", "{}")}">'
        f'<header><span class="title"></span><span class="tools">{tool["previous"]}'
        f'<input class="number" inputmode="numeric" aria-label="{word("go_to", language)}"><span class="of"></span>'
        f"{tool['next']}<i></i>{tool['zoom-out']}{tool['zoom-in']}{tool['as-text']}<i></i>{links}</span></header>"
        f'<p class="quiet unframed" role="status" hidden></p><div class="sheet-of-paper" tabindex="0">'
        f'<div class="paper"><img alt="" draggable="false"><div class="boxes"></div></div>'
        f'<div class="page-text" hidden></div></div></section>'
    )


def sides(language: str) -> str:
    """What the side shows: the reports or the kept conversations."""
    return (
        '<div class="sides">'
        + "".join(
            f'<button type="button" data-do="side" data-side="{side}">{word(key, language)}</button>'
            for side, key in (("shelf", "reports"), ("pasts", "past"))
        )
        + "</div>"
    )
