"""The page: its parts, and which event does what."""

import json
from contextlib import suppress
from html import escape
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.chat import frames, sheets
from rag.chat.exchange import Conversation
from rag.chat.exports import Exports
from rag.chat.holdings import Holdings
from rag.chat.judging import Judging
from rag.chat.kept import Kept, finder
from rag.chat.layout import Parts, lay_out
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

    def __init__(self, qa: "ReportQA", exports: Exports) -> None:
        self.qa = qa
        self.kept = Kept(qa)
        self.talk, self.holdings = Talk(qa, self.kept), Holdings(qa)
        self.pasts, self.judging = Pasts(self.talk, self.kept, exports), Judging(qa, self.talk, self.kept)

    def hello(self, reports: tuple[str, ...] | None, language: str) -> str:
        """What stands in an empty conversation: example questions from the reports that are ticked (None: all)."""
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

    def dress(self, language: str, wanted: Wanted) -> Update:
        """Everything on the page in ``language`` but the conversation and the list of kept ones."""
        return (
            language,
            frames.top(language),
            frames.sides(language),
            gr.UploadButton(label=word("add", language)),
            tools(self.qa.settings.max_file_mb, language),
            self.holdings.listed(wanted, language),
            finder(language),
            self.hello(None, language),
            frames.composer(self.qa.notices(language), language),
            frames.viewer(language),
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
        return *self.dress(language, Wanted()), *shown, kept_as

    def switch(
        self, language: str, conversation: Conversation, wanted: Wanted, kept_as: str, request: gr.Request
    ) -> Update:
        """The other language."""
        other = "en" if language == "zh" else "zh"
        log, live, panel, _ = self.talk.view(conversation, other)
        listed = self.kept.listed(request.username or "", kept_as, "", other)
        return *self.dress(other, wanted), log, live, panel, gr.skip(), listed, kept_as

    def suggest(self, language: str, event: gr.EventData) -> Any:
        """Example questions for the reports that are ticked now."""
        said = OfReports.of(event)
        return self.hello(said.reports, language) if said else gr.skip()

    def about(self, language: str, request: gr.Request) -> str:
        """What is running, and the settings of this browser."""
        entries = self.qa.reports()
        store = self.qa.settings.store.expanduser()
        installed = sheets.Installed(
            version=metadata.version("report-qa"),
            model=self.qa.model_name,
            embedder=self.qa.embedder_name,
            store=str(store),
            megabytes=_size(store) / 1e6,
            reports=len(entries),
            pages=sum(entry.pages for entry in entries),
            passages=sum(entry.chunks for entry in entries),
            notices=tuple(self.qa.notices(language)),
            user=request.username or "",
            sign_out=self.qa.settings.auth == "users",
        )
        return sheets.about(installed, language)


def _size(folder: Path) -> int:
    """The bytes of all files in a folder; databases make and delete some at any time."""
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):
            total += file.stat().st_size if file.is_file() else 0
    return total


def build(qa: "ReportQA", exports: Exports) -> gr.Blocks:
    """The page over ``qa``, not yet served; ``exports`` takes the files that it makes."""
    blocks = gr.Blocks(title="report-qa", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600))
    with blocks:
        wire(blocks, Page(qa, exports), lay_out())
    blocks.queue(default_concurrency_limit=8, api_open=False)
    return blocks


def wire(blocks: gr.Blocks, page: Page, parts: Parts) -> None:
    """Say which event does what."""
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    many: dict[str, Any] = {"concurrency_limit": None, "trigger_mode": "multiple", **quiet}
    now: dict[str, Any] = {"queue": False, **quiet}
    send, language, talked, kept_as = parts.bridge, parts.language, parts.conversation, parts.kept_as
    listed = [parts.shelf, parts.notes]
    judged = [parts.log, parts.live, talked, parts.sheet, parts.notes]

    blocks.load(page.open, parts.preferred, parts.dressed, js="() => window.reportQA.preferred()", **quiet)
    parts.upload.upload(page.holdings.add, [parts.upload, parts.wanted, language], [parts.shelf, parts.told], **many)
    for name, work, inputs, outputs, how in (
        ("language", page.switch, [language, talked, parts.wanted, kept_as], parts.dressed, now),
        ("suggest", page.suggest, language, parts.hello, now),
        ("about", page.about, language, parts.sheet, now),
        ("ask", page.talk.ask, [talked, kept_as, language], parts.whole, many),
        ("stop", page.talk.stop, language, None, now),
        ("show", page.talk.show, [talked, language], parts.panel, now),
        ("good", page.judging.good, [talked, kept_as, language], judged, now),
        ("bad", page.judging.bad, [talked, kept_as, language], judged, now),
        ("judge", page.judging.explain, [talked, language], [parts.sheet, parts.notes], now),
        ("clear", page.pasts.clear, language, parts.whole, now),
        ("past", page.pasts.open, language, parts.whole, now),
        ("forget", page.pasts.forget, [kept_as, language], parts.whole, now),
        ("find-past", page.pasts.find, [kept_as, language], parts.pasts, now),
        ("export-md", page.pasts.export_md, language, parts.notes, now),
        ("export-docx", page.pasts.export_docx, language, parts.notes, now),
        ("cancel", page.holdings.cancel, None, None, now),
        ("narrow", page.holdings.narrow, language, [parts.shelf, parts.wanted], now),
        ("sections", page.holdings.sections, language, parts.sheet, now),
        ("aside", page.holdings.aside, language, [parts.sheet, parts.notes], many),
        ("rename", page.holdings.rename, language, parts.sheet, now),
        ("renamed", page.holdings.renamed, [parts.wanted, language], listed, now),
        ("reread", page.holdings.reread, [parts.wanted, language], [parts.shelf, parts.told], many),
        ("remove", page.holdings.remove, language, parts.sheet, now),
        ("removed", page.holdings.removed, [parts.wanted, language], listed, now),
    ):
        getattr(send, name)(work, inputs, outputs, **how)
