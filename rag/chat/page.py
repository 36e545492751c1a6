"""The page: its parts, and which event does what."""

import json
from html import escape
from importlib import metadata
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.chat import sheets
from rag.chat.exchange import Conversation
from rag.chat.holdings import Holdings
from rag.chat.icons import button, icon
from rag.chat.judging import Judging
from rag.chat.kept import Kept, finder
from rag.chat.pasts import Pasts
from rag.chat.said import OfReports, Preferred
from rag.chat.shelf import Wanted, tools
from rag.chat.suggestions import examples
from rag.chat.talk import Talk
from rag.chat.words import word

if TYPE_CHECKING:
    from rag import ReportQA

STYLES = ("base", "library", "talk", "viewer", "sheet")
SCRIPTS = ("core", "picks", "composer", "viewer", "sheet")
EVENTS = (  # what the page sends, see static/core.js
    "ask", "stop", "clear", "show", "suggest", "narrow", "cancel", "rename", "renamed", "reread", "remove", "removed",
    "sections", "aside", "about", "good", "bad", "judge", "language", "past", "find-past", "forget",
)  # fmt: skip
CONNECT = "const names = [{}]; window.reportQA.connect(trigger, names, watch, element);"
Update = tuple[Any, ...]


def head() -> str:
    """The page's own style and script, as elements for its head."""
    folder = files("rag.chat") / "static"

    def part(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    style = "\n".join(part(f"{name}.css") for name in STYLES)
    script = "\n".join(part(f"{name}.js") for name in SCRIPTS)
    meta = '<meta name="referrer" content="same-origin">'
    return f"{meta}<style>{style}</style><script>(() => {{\n{script}\n}})();</script>"


class Page:
    """The page over ``qa``: what is on it in each language, and what opening it does."""

    def __init__(self, qa: "ReportQA") -> None:
        self.qa = qa
        self.kept = Kept(qa)
        self.talk, self.holdings = Talk(qa, self.kept), Holdings(qa)
        self.pasts, self.judging = Pasts(qa, self.talk, self.kept), Judging(qa, self.talk, self.kept)

    def top(self, language: str) -> str:
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

    def composer(self, language: str) -> str:
        """Where questions are written, and what a user must know before."""
        notices = "".join(f'<p class="quiet about-answers">{escape(text)}</p>' for text in self.qa.notices(language))
        return (
            f'<form id="composer" data-do="ask"><p class="scope quiet" aria-live="polite" '
            f'data-all="{word("scope_all", language, "{}")}" data-some="{word("scope_some", language, "{}", "{}")}" '
            f'data-none="{word("scope_none", language)}"></p>'
            f'<div class="box"><textarea name="question" rows="1" maxlength="4000" aria-label="{word("ask", language)}" '
            f'placeholder="{word("ask", language)}"></textarea>'
            f'<button class="round send" title="{word("send", language)}" aria-label="{word("send", language)}">'
            f"{icon('send')}</button>"
            f"{button('stop', 'stop', word('stop', language), css='round stop')}</div>{notices}</form>"
        )

    def viewer(self, language: str) -> str:
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

    def hello(self, conversation: Conversation, reports: tuple[str, ...] | None, language: str) -> str:
        """What stands in an empty conversation: example questions from the reports that are ticked (None: all)."""
        if conversation:
            return ""
        entries = self.qa.reports()
        chosen = [entry for entry in entries if reports is None or entry.id in reports]
        asked = "".join(
            f'<li><button type="button" class="chip" data-do="ask" data-question="{q}">{q}</button></li>'
            for q in map(escape, examples(self.qa.library, chosen, language))
        )
        hint = word("hint" if entries else "empty", language)
        return (
            f'<div class="hello"><h2>{word("hello", language)}</h2><p class="quiet">{hint}</p>'
            f'<ul class="examples">{asked}</ul></div>'
        )

    def dress(self, language: str, conversation: Conversation, wanted: Wanted) -> Update:
        """Everything on the page in ``language`` but the conversation and the list of kept ones."""
        return (
            language,
            self.top(language),
            sides(language),
            gr.UploadButton(label=word("add", language)),
            tools(language),
            self.holdings.listed(wanted, language),
            finder(language),
            self.hello(conversation, None, language),
            self.composer(language),
            self.viewer(language),
        )

    def open(self, preferred: str, request: gr.Request) -> Update:
        """A new page: the language and the conversation that were chosen in this browser, else the browser's own."""
        try:
            said = Preferred.model_validate(json.loads(preferred or "{}"))
        except ValueError:
            said = Preferred()
        first = request.headers.get("accept-language", "").strip().lower()
        language = said.language or ("zh" if first.startswith("zh") else "en")
        *shown, kept_as, _ = self.pasts.shown(said.conversation, language, request)
        return *self.dress(language, shown[3], Wanted()), *shown, kept_as

    def switch(
        self, language: str, conversation: Conversation, wanted: Wanted, kept_as: str, request: gr.Request
    ) -> Update:
        """The other language."""
        other = "en" if language == "zh" else "zh"
        log, live, panel, _ = self.talk.view(conversation, other)
        listed = self.kept.listed(request.username or "", kept_as, "", other)
        return *self.dress(other, conversation, wanted), log, live, panel, gr.skip(), listed, kept_as

    def suggest(self, conversation: Conversation, language: str, event: gr.EventData) -> Any:
        """Example questions for the reports that are ticked now."""
        said = OfReports.of(event)
        return self.hello(conversation, said.reports, language) if said else gr.skip()

    def about(self, language: str) -> str:
        """What is running, and the settings of this browser."""
        entries = self.qa.reports()
        store = self.qa.settings.store.expanduser()
        size = sum(file.stat().st_size for file in store.rglob("*") if file.is_file())
        installed = sheets.Installed(
            version=metadata.version("report-qa"),
            model=self.qa.model_name,
            embedder=self.qa.embedder_name,
            store=str(store),
            megabytes=size / 1e6,
            reports=len(entries),
            pages=sum(entry.pages for entry in entries),
            passages=sum(entry.chunks for entry in entries),
            notices=tuple(self.qa.notices(language)),
        )
        return sheets.about(installed, language)


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


def build(qa: "ReportQA") -> gr.Blocks:
    """The page over ``qa``, not yet served."""
    page = Page(qa)
    talk, holdings = page.talk, page.holdings
    blocks = gr.Blocks(title="report-qa", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600))

    def html(elem_id: str, **more: Any) -> gr.HTML:
        return gr.HTML(elem_id=elem_id, apply_default_css=False, js_on_load=None, **more)

    with blocks:
        language, wanted = gr.State("en"), gr.State(Wanted())
        kept_as = gr.State("")
        conversation: gr.State = gr.State(())
        preferred = gr.Textbox(visible="hidden", elem_id="preferred", label="preferred")
        top = html("top")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="side", min_width=0):
                side = html("sides")
                upload = gr.UploadButton("添加报告 · Add reports", file_count="multiple", size="sm", elem_id="upload")
                tool = html("tools")
                told = html("told")
                shelf = html("shelf")
                finding = html("finding")
                pasts = html("pasts")
            with gr.Column(elem_id="talk", min_width=0):
                with gr.Column(elem_id="thread", min_width=0):
                    hello = html("hello")
                    log = html("log")
                    live = html("live")
                composer = html("ask")
            with gr.Column(elem_id="page", min_width=0):
                panel = html("panel")
                viewer = html("pages")
        sheet, notes = html("sheet"), html("notes")
        named = ", ".join(f'"{name}"' for name in EVENTS)
        send = gr.HTML(elem_id="bridge", apply_default_css=False, js_on_load=CONNECT.format(named))

        shown = [log, live, panel, conversation]
        whole = [*shown, pasts, kept_as]
        dressed = [language, top, side, upload, tool, shelf, finding, hello, composer, viewer, *whole]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        many: dict[str, Any] = {"concurrency_limit": None, "trigger_mode": "multiple", **quiet}
        now: dict[str, Any] = {"queue": False, **quiet}

        blocks.load(page.open, preferred, dressed, js="() => window.reportQA.preferred()", **quiet)
        send.language(page.switch, [language, conversation, wanted, kept_as], dressed, **now)
        send.ask(talk.ask, [conversation, kept_as, language], [*whole, notes], **many)
        send.stop(talk.stop, language, None, **now)
        send.show(talk.show, [conversation, language], panel, **now)
        send.suggest(page.suggest, [conversation, language], hello, **now)
        send.about(page.about, language, sheet, **now)

        judged = [log, live, conversation, sheet, notes]
        send.good(page.judging.good, [conversation, kept_as, language], judged, **now)
        send.bad(page.judging.bad, [conversation, kept_as, language], judged, **now)
        send.judge(page.judging.explain, [conversation, language], notes, **now)

        send.clear(page.pasts.clear, language, [*whole, notes], **now)
        send.past(page.pasts.open, language, [*whole, notes], **now)
        send.forget(page.pasts.forget, [kept_as, language], [*whole, notes], **now)
        getattr(send, "find-past")(page.pasts.find, [kept_as, language], pasts, **now)

        upload.upload(holdings.add, [upload, wanted, language], [shelf, told], concurrency_limit=None, **quiet)
        send.cancel(holdings.cancel, None, None, **now)
        send.narrow(holdings.narrow, language, [shelf, wanted], **now)
        send.sections(holdings.sections, language, sheet, **now)
        send.aside(holdings.aside, language, [sheet, notes], **many)
        send.rename(holdings.rename, language, sheet, **now)
        send.remove(holdings.remove, language, sheet, **now)
        send.removed(holdings.removed, [wanted, language], [shelf, notes], **now)
    blocks.queue(default_concurrency_limit=8, api_open=False)
    return blocks
