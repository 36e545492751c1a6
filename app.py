"""The Gradio chat: ask on the left, see each answer's pages on the right, add reports and choose among them.

Everything that comes from a report, a file name or a model reaches the browser through `plain` or `escape`, so it is
shown as text and never becomes HTML, script, Markdown or a link. Colours and fonts come from the machine: the page asks
no other host for anything.
"""

import logging
import os
import queue
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import gradio as gr

from eval import questions
from index.errors import QuestionError, ReportQAError, SettingsError
from index.types import Entry, Outcome, Progress, Stage, Status
from rag.types import Answer, Citation, Event, Evidence, EvidenceReady, TextDelta, Turn

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag import ReportQA

log = logging.getLogger(__name__)

WORDS: dict[str, tuple[str, str]] = {  # key: (简体中文, English)
    "tagline": ("问报告，看原页", "Ask your reports, see the page"),
    "switch": ("English", "中文"),
    "reports": ("报告", "Reports"),
    "pick": ("勾选要提问的报告", "Tick the reports to ask"),
    "add": ("添加报告", "Add reports"),
    "kinds": ("PDF、Office、HTML、Markdown、TXT，可多选", "PDF, Office, HTML, Markdown or text; several at once"),
    "sources": ("来源", "Sources"),
    "ask": ("就报告提问……", "Ask about your reports…"),
    "new": ("新对话", "New chat"),
    "hello": ("报告里有什么？", "What do the reports say?"),
    "hint": ("每句回答都标出所在的报告和页码。", "Every statement comes with its report and page."),
    "empty": ("还没有报告，请先添加。", "There are no reports yet. Add one first."),
    "no_sources": ("提问后，这里显示答案所在的报告、页码和原文。", "Ask, and the pages behind the answer appear here."),
    "writing": ("已找到这些段落，正在作答……", "Found these passages, writing the answer…"),
    "searching": ("正在查找……", "Searching…"),
    "stopped": ("已停止。", "Stopped."),
    "cited": ("引用", "Cited"),
    "read": ("查阅过的段落", "Passages read"),
    "seen": ("查阅过，未能作答的段落", "Passages read; none holds the answer"),
    "found": ("找到的段落", "Passages found"),
    "page": ("第 {} 页", "p. {}"),
    "pages": ("{} 页", "{} pages"),
    "one_page": ("1 页", "1 page"),
    "zh": ("中文", "Chinese"),
    "en": ("英文", "English"),
    "copy": ("与 {} 内容相同", "same text as {}"),
    "unsupported": ("以下内容在报告中没有依据：", "Not supported by the reports:"),
    "conflicts": ("报告中的说法不一致：", "The reports disagree:"),
    "standalone": ("按此提问查找：{}", "Looked up as: {}"),
    "none_picked": (
        "没有勾选报告。请先在报告列表中至少勾选一份。",
        "No report is ticked. Tick at least one in the list.",
    ),
    "broken": ("出了问题（编号 {}）。详情见日志。", "Something went wrong (id {}). The log has the details."),
    Stage.READING: ("阅读", "Reading"),
    Stage.EMBEDDING: ("向量化", "Embedding"),
    Stage.STORING: ("保存", "Saving"),
    Status.ADDED: ("已添加", "added"),
    Status.REPLACED: ("已更新", "updated"),
    Status.UNCHANGED: ("已在库中", "already there"),
    Status.FAILED: ("未能添加", "not added"),
}

FONTS = [  # a Latin face first: Chinese faces draw ’ and “ ” as wide as a character
    "-apple-system", "Segoe UI", "Noto Sans", "Liberation Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC",
    "Noto Sans SC", "system-ui", "sans-serif",
]  # fmt: skip
EXAMPLE_KINDS = {"fact", "number", "table", "list", "cross_lingual"}
LOOPBACK = ["127.0.0.1", "localhost"]


def word(key: str, language: str, value: object = "") -> str:
    """The interface text ``key`` in ``language`` ("zh" or "en"), ``value`` put into its gap."""
    return WORDS[key][language != "zh"].format(value)


def plain(text: str) -> str:
    """Text as Markdown that shows exactly that text: every ASCII mark becomes a character reference."""
    return "".join(
        "<br>" if c == "\n" else c if c.isalnum() or c == " " or ord(c) > 127 else f"&#{ord(c)};" for c in text.strip()
    )


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and how far its answer is. ``failure`` is the message of an error that ended it."""

    question: str
    evidence: tuple[Evidence, ...] = ()
    text: str = ""
    answer: Answer | None = None
    failure: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or bool(self.failure)


Conversation = tuple[Exchange, ...]
Update = tuple[Any, ...]


def marked(text: str, numbers: Sequence[int]) -> str:
    """`plain` text in which the marks ``[n]`` of ``numbers`` stand out."""
    shown = plain(text)
    for n in numbers:
        code, mark = f"&#91;{n}&#93;", f'<sup class="mark">{n}</sup>'
        shown = shown.replace(f" {code}", mark).replace(code, mark)  # no space: a mark must not begin a line
    return shown


def message(exchange: Exchange, language: str) -> str:
    """What the assistant's side of the chat shows, as Markdown that is safe to render."""
    answer = exchange.answer
    if exchange.failure:
        written = f"<p>{plain(exchange.text)}</p>" if exchange.text else ""
        return f'{written}<div class="alert">{plain(exchange.failure)}</div>'
    if answer is None:
        text = exchange.text or word("writing" if exchange.evidence else "searching", language)
        return f'<div class="writing">{marked(text, [item.n for item in exchange.evidence])}</div>'
    body = marked(answer.answer, [citation.n for citation in answer.citations])
    for text in answer.unsupported:
        body = body.replace(plain(text), f'<mark class="wrong">{plain(text)}</mark>')
    parts = [body if answer.found else f'<div class="refusal">{body}</div>']
    if answer.standalone:
        parts.insert(0, f'<div class="standalone">{word("standalone", language, plain(answer.standalone))}</div>')
    if answer.unsupported:
        items = "".join(f"<li>{plain(text)}</li>" for text in answer.unsupported)
        parts.append(f'<div class="alert">{word("unsupported", answer.language)}<ul>{items}</ul></div>')
    for conflict in answer.conflicts:
        rows = "".join(
            f"<li><strong>{plain(figure.value)}</strong> {plain(figure.report)} "
            f"{word('page', answer.language, figure.page)}</li>"
            for figure in conflict.figures
        )
        parts.append(
            f'<div class="alert">{word("conflicts", answer.language)} {plain(conflict.subject)}<ul>{rows}</ul></div>'
        )
    if answer.notice:
        parts.append(f'<div class="notice">{plain(answer.notice)}</div>')
    return "".join(parts)


def card(source: Evidence | Citation, language: str) -> str:
    """One source: which page of which report, and what stands there."""
    section = source.section.removeprefix(source.title).removeprefix(" › ")
    where = " · ".join(part for part in (source.report, section) if part)
    return (
        f'<article class="source" data-n="{source.n}"><header><b class="n">{source.n}</b>'
        f'<span class="title">{escape(source.title or source.report)}</span>'
        f'<span class="page">{word("page", language, source.page)}</span></header>'
        f'<div class="where">{escape(where)}</div>'
        f"<blockquote>{escape(source.quote if isinstance(source, Citation) else source.text)}</blockquote></article>"
    )


def sources(exchange: Exchange | None, language: str) -> str:
    """The panel beside the chat: the evidence of an answer at once, its citations when it is finished."""
    title = f'<h2 id="sources">{word("sources", language)}</h2>'
    if exchange is None:
        return f'{title}<p class="quiet">{word("no_sources", language)}</p>'
    read = "".join(card(item, language) for item in exchange.evidence)
    asked = f'<p class="asked">{escape(exchange.question)}</p>'
    answer = exchange.answer
    if answer is None or not answer.citations:
        label = "seen" if answer and not answer.found else "found"
        return f"{title}{asked}<h3>{word(label, language)}</h3>{read}" if read else f"{title}{asked}"
    cited = "".join(card(item, language) for item in answer.citations)
    more = f"<details><summary>{word('read', language)} ({len(exchange.evidence)})</summary>{read}</details>"
    seconds = f"{answer.timings_ms.total / 1000:.1f} s" + (f" · {escape(answer.model)}" if answer.model else "")
    return (
        f'{title}{asked}<h3>{word("cited", language)}</h3>{cited}{more if read else ""}<p class="quiet">{seconds}</p>'
    )


def progress(step: Progress, language: str) -> str:
    """A bar for one report that is being added."""
    percent = 100 * step.done // max(step.total, 1)
    label = f"{word(step.stage, language)} {step.done}/{step.total}"
    return (
        f'<div class="step"><div>{escape(step.report)}</div><div class="bar" role="progressbar" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{percent}" aria-label="{label}"><i style="width:{percent}%"></i></div>'
        f'<div class="quiet">{label}</div></div>'
    )


def results(outcomes: Sequence[Outcome], language: str) -> str:
    """What became of each file, with the reason for those that were kept out."""
    items = []
    for outcome in outcomes:
        notes = [str(outcome.error)] if outcome.error else list(outcome.warnings)
        kind = "alert" if outcome.status is Status.FAILED else "done"
        detail = "".join(f"<div>{escape(note)}</div>" for note in notes)
        items.append(
            f'<div class="{kind}"><b>{escape(outcome.path.name)}</b> {word(outcome.status, language)}{detail}</div>'
        )
    return "".join(items)


def failure(error: Exception, language: str) -> str:
    """The message for an error. What is no fault of the question goes to the log with its traceback and an id."""
    number = uuid4().hex[:8]
    if not isinstance(error, QuestionError):
        log.error("chat error %s", number, exc_info=error)
    return str(error) if isinstance(error, ReportQAError) else word("broken", language, number)


class Running:
    """An answer being written. ``events`` brings what the engine yields, or the message that ends it ("": silently).

    The engine runs in a thread of its own, because Gradio's own cancelling waits for a step that may take many seconds,
    and can end the page's connection together with the next question.
    """

    def __init__(self) -> None:
        self.events: queue.SimpleQueue[Event | str] = queue.SimpleQueue()
        self.stopped, self.over = threading.Event(), threading.Event()


class Chat:
    """What the page's events do. A user's conversation lives in their own session, not here.

    ``running`` holds the answers being written, by session.
    """

    def __init__(self, qa: "ReportQA") -> None:
        self.qa = qa
        self.running: dict[str, Running] = {}

    def choices(self, language: str) -> list[tuple[str, str]]:
        """The reports as (label, id): a line of facts, then title and file name."""
        return [(self._label(entry, language), entry.id) for entry in self.qa.reports()]

    def _label(self, entry: Entry, language: str) -> str:
        pages = word("one_page" if entry.pages == 1 else "pages", language, entry.pages)
        facts = (word(entry.language, language), pages, entry.card.institution, entry.card.date or entry.card.period)
        lines = [" · ".join(fact for fact in facts if fact), entry.title or entry.name]
        if entry.title and entry.title != entry.name:
            lines.append(entry.name)
        if entry.copy_of:
            lines.append(f"= {word('copy', language, entry.copy_of)}")
        return "\n".join(lines)

    def examples(self, language: str) -> list[dict[str, str]]:
        """Two plain questions in ``language`` about each sample report that is in the store, the shortest ones."""
        path = Path(str(package_files("eval") / "data" / "samples.jsonl"))
        samples = questions.load(path) if path.is_file() else []
        fitting = [q for q in samples if q.lang == language and q.kind in EXAMPLE_KINDS]
        fitting.sort(key=lambda q: len(q.question))
        chosen = [q for entry in self.qa.reports() for q in [q for q in fitting if q.report == entry.name][:2]]
        return [{"text": q.question} for q in chosen]

    def header(self, language: str) -> str:
        """Name, models in use, and what a user must know (such as text that leaves the machine)."""
        models = " · ".join(name for name in (self.qa.model_name, self.qa.embedder_name) if name)
        notices = "".join(f'<div class="notice">{escape(text)}</div>' for text in self.qa.notices(language))
        return (
            f'<div class="brand"><h1>report-qa</h1><span>{word("tagline", language)}</span>'
            f'<small>{escape(models)}</small><a href="#reports">{word("reports", language)} ↓</a></div>{notices}'
        )

    def dress(self, language: str, conversation: Conversation, picked: list[str] | None) -> Update:
        """Every label in ``language``. ``picked`` None ticks all reports."""
        choices = self.choices(language)
        hint = word("hint" if choices else "empty", language)
        return (
            language,
            self.header(language),
            gr.Chatbot(
                value=self.messages(conversation, language),
                placeholder=f"<h2>{word('hello', language)}</h2><p>{hint}</p>",
                examples=self.examples(language),  # type: ignore[arg-type]
            ),
            gr.Textbox(placeholder=word("ask", language)),
            sources(conversation[-1] if conversation else None, language),
            f'<h2 id="reports">{word("reports", language)}</h2>',
            gr.UploadButton(label=word("add", language)),
            f'<p class="quiet">{word("kinds", language)}</p>',
            gr.CheckboxGroup(
                choices=choices,
                value=[i for _, i in choices] if picked is None else picked,
                label=word("pick", language),
            ),
            gr.Button(value=word("new", language)),
            gr.Button(value=word("switch", language)),
        )

    def open(self, request: gr.Request) -> Update:
        """A new page: in the browser's language, all reports ticked."""
        first = request.headers.get("accept-language", "").strip().lower()
        return self.dress("zh" if first.startswith("zh") else "en", (), None)

    def switch(self, language: str, conversation: Conversation, picked: list[str]) -> Update:
        """The other language."""
        return self.dress("en" if language == "zh" else "zh", conversation, picked)

    def messages(self, conversation: Conversation, language: str) -> list[Any]:
        """The conversation as the chatbot takes it: a user's and an assistant's message for each exchange."""
        pairs = ((("user", plain(e.question)), ("assistant", message(e, language))) for e in conversation)
        return [{"role": role, "content": content} for pair in pairs for role, content in pair]

    def view(self, conversation: Conversation, language: str) -> Update:
        """The chat, its sources, the conversation and the question box, as they stand."""
        busy = bool(conversation) and not conversation[-1].over
        return (
            self.messages(conversation, language),
            sources(conversation[-1] if conversation else None, language),
            conversation,
            gr.Textbox(submit_btn=not busy, stop_btn=busy),
        )

    def begin(self, question: str, conversation: Conversation, language: str) -> Update:
        """Put a question into the conversation at once, unless it is blank or an answer is still being written.

        The last output names the turn: `ask` runs when it changes.
        """
        if not question.strip() or (conversation and not conversation[-1].over):
            return (gr.skip(),) * 5
        *shown, _ = self.view((*conversation, Exchange(question.strip())), language)
        return *shown, gr.Textbox(value="", submit_btn=False, stop_btn=True), uuid4().hex

    def begin_example(self, conversation: Conversation, language: str, event: gr.SelectData) -> Update:
        """Ask an example question."""
        return self.begin(event.value["text"], conversation, language)

    def ask(
        self, conversation: Conversation, picked: list[str], language: str, request: gr.Request
    ) -> Iterator[Update]:
        """Answer the question that is open: the evidence, then the text as it is written, then the checked answer."""
        if not conversation or conversation[-1].over:
            return
        *earlier, exchange = conversation
        history = [
            Turn(question=past.answer.standalone or past.question, answer=past.answer.answer)
            for past in earlier
            if past.answer
        ]
        running = self.running[str(request.session_hash)] = Running()
        work = (running, exchange.question, history, picked, language)
        threading.Thread(target=self._work, args=work, name="answer", daemon=True).start()
        try:
            while not exchange.over:
                event = running.events.get()
                if isinstance(event, EvidenceReady):
                    exchange = replace(exchange, evidence=event.evidence)
                elif isinstance(event, TextDelta):
                    exchange = replace(exchange, text=exchange.text + event.text)
                elif isinstance(event, Answer):
                    exchange = replace(exchange, answer=event)
                elif isinstance(event, str):
                    exchange = replace(exchange, failure=event)
                if event:
                    yield self.view((*earlier, exchange), language)
                else:
                    return
        finally:
            running.stopped.set()
            self.running.pop(str(request.session_hash), None)
            running.over.set()

    def _work(self, running: "Running", question: str, history: list[Turn], picked: list[str], language: str) -> None:
        """Hand on what the engine yields, until it ends or the user stops it."""
        try:
            ids = [entry.id for entry in self.qa.reports()]
            chosen = [i for i in ids if i in picked]
            if ids and not chosen:
                raise QuestionError(word("none_picked", language))
            reports = [] if len(chosen) == len(ids) else chosen
            for event in self.qa.stream(question, history=history, reports=reports):
                if running.stopped.is_set():
                    return
                running.events.put(event)
        except Exception as error:
            running.events.put(failure(error, language))

    def stop(self, conversation: Conversation, language: str, request: gr.Request) -> Update:
        """End the answer that is being written, at once; what has been written stays, marked as unfinished."""
        if running := self.running.get(str(request.session_hash)):
            running.stopped.set()
            running.events.put(word("stopped", language))
        elif conversation and not conversation[-1].over:  # still waiting for its turn
            stopped = replace(conversation[-1], failure=word("stopped", language))
            return self.view((*conversation[:-1], stopped), language)
        return (gr.skip(),) * 4

    def clear(self, language: str, request: gr.Request) -> Update:
        """An empty conversation. An answer that is being written is given up first, so that it cannot come back."""
        if running := self.running.get(str(request.session_hash)):
            running.stopped.set()
            running.events.put("")
            running.over.wait()
        return self.view((), language)

    def show(self, conversation: Conversation, language: str, event: gr.SelectData) -> str:
        """The sources of the answer (or question) that was clicked."""
        row = event.index[0] if isinstance(event.index, list | tuple) else event.index
        return sources(conversation[row // 2] if row // 2 < len(conversation) else None, language)

    def add(self, paths: list[str], picked: list[str], language: str) -> Iterator[Update]:
        """Read uploaded files into the store, with a bar for each; tick what was added."""
        steps: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
        outcomes: list[Outcome] = []
        problems: list[Exception] = []

        def work() -> None:
            try:
                outcomes.extend(self.qa.ingest([Path(path) for path in paths], on_progress=steps.put))
            except Exception as error:
                problems.append(error)
            finally:
                for path in paths:
                    Path(path).unlink(missing_ok=True)
                steps.put(None)

        threading.Thread(target=work, name="ingest", daemon=True).start()
        yield gr.skip(), f'<div class="step">{word(Stage.READING, language)}…</div>'
        under_way: dict[str, Progress] = {}  # of several reports at once: the next is read while one is embedded
        while (step := steps.get()) is not None:
            under_way[step.report] = step
            if step.stage is Stage.STORING and step.done >= step.total and len(under_way) > 1:
                del under_way[step.report]
            yield gr.skip(), "".join(progress(step, language) for step in under_way.values())
        new = [o.entry.id for o in outcomes if o.entry]
        told = results(outcomes, language)
        told += "".join(f'<div class="alert">{escape(failure(error, language))}</div>' for error in problems)
        choices = self.choices(language)
        yield gr.CheckboxGroup(choices=choices, value=[i for _, i in choices if i in {*picked, *new}]), told


def build(qa: "ReportQA") -> gr.Blocks:
    """The page over ``qa``, not yet served."""
    chat = Chat(qa)
    page = gr.Blocks(title="report-qa", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600))
    with page:
        language = gr.State("en")
        conversation: gr.State = gr.State(())
        turn = gr.State("")
        with gr.Row(elem_id="top"):
            header = gr.HTML(elem_id="header")
            new = gr.Button("新对话 · New chat", size="sm", min_width=0, scale=0)
            switch = gr.Button("中文", size="sm", min_width=0, scale=0)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="library", min_width=0):
                library = gr.HTML()
                upload = gr.UploadButton("添加报告 · Add reports", file_count="multiple", size="sm", elem_id="upload")
                kinds = gr.HTML()
                told = gr.HTML(elem_id="told")
                picker = gr.CheckboxGroup(label="报告 · Reports", show_select_all=True, elem_id="picker")
            with gr.Column(elem_id="talk", min_width=0):
                chatbot = gr.Chatbot(
                    elem_id="chat", show_label=False, label="report-qa", height="100%", layout="panel",
                    buttons=[], latex_delimiters=[], allow_tags=False, feedback_options=None,
                )  # fmt: skip
                box = gr.Textbox(
                    elem_id="ask", show_label=False, label="提问 · Ask", lines=1, max_lines=6, submit_btn=True,
                    autofocus=True,
                )  # fmt: skip
            with gr.Column(elem_id="evidence", min_width=0):
                panel = gr.HTML(elem_id="panel")

        shown = [chatbot, panel, conversation, box]
        dressed = [language, header, chatbot, box, panel, library, upload, kinds, picker, new, switch]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

        page.load(chat.open, None, dressed, **quiet)
        switch.click(chat.switch, [language, conversation, picker], dressed, **quiet)
        box.submit(chat.begin, [box, conversation, language], [*shown, turn], **quiet)
        chatbot.example_select(chat.begin_example, [conversation, language], [*shown, turn], **quiet)
        turn.change(
            chat.ask, [conversation, picker, language], shown, concurrency_limit=1, trigger_mode="multiple", **quiet
        )
        box.stop(chat.stop, [conversation, language], shown, queue=False, **quiet)
        new.click(chat.clear, language, shown, queue=False, **quiet)
        chatbot.select(chat.show, [conversation, language], panel, **quiet)
        upload.upload(chat.add, [upload, picker, language], [picker, told], concurrency_limit=1, **quiet)
    page.queue(default_concurrency_limit=8, api_open=False)
    return page


def application(qa: "ReportQA") -> "FastAPI":
    """The web application with the page at its root; later endpoints mount beside it."""
    from fastapi import FastAPI

    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    theme = gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=FONTS, font_mono=["ui-monospace", "monospace"])
    web = FastAPI(title="report-qa", docs_url=None, redoc_url=None, openapi_url=None)
    gr.mount_gradio_app(
        web, build(qa), path="/", footer_links=[], run_history=False, show_error=False, ssr_mode=False, pwa=False,
        mcp_server=False, max_file_size=f"{qa.settings.max_file_mb}mb", theme=theme, css=CSS, js=SCRIPT,
    )  # fmt: skip
    return web


def serve(qa: "ReportQA", host: str, port: int, open_browser: bool = False) -> None:
    """Serve the chat on ``host``:``port`` (0: any free port) until interrupted. SettingsError if it is taken."""
    import uvicorn
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()
        except OSError as error:
            raise SettingsError(
                f"Cannot listen on {host}:{port}: {error.strerror}.", "Choose another with --port, 0 for any free one."
            ) from error
        name = f"[{host}]" if ":" in host else host
        url = f"http://{name}:{listener.getsockname()[1]}"
        web = application(qa)
        if host in LOOPBACK:  # a page of another site must not reach the reports through a name it points here
            web.add_middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK)
        server = uvicorn.Server(uvicorn.Config(web, log_level="warning"))
        qa.warm()
        sys.stdout.write(f"report-qa: {url}\n")
        sys.stdout.flush()
        if open_browser:
            webbrowser.open(url)
        server.run(sockets=[listener])


SCRIPT = """() => document.addEventListener("click", (event) => {
    const mark = event.target.closest?.(".mark");
    if (!mark) return;
    setTimeout(() => {  // a click on an older answer first brings its sources into the panel
        const source = document.querySelector(`#panel .source[data-n="${mark.textContent}"]`);
        if (!source) return;
        source.scrollIntoView({ block: "center", behavior: "smooth" });
        source.classList.remove("lit");
        requestAnimationFrame(() => source.classList.add("lit"));
    }, 350);
})"""

CSS = """
.gradio-container { padding: 0 !important; --line: var(--border-color-primary);
  --soft: var(--background-fill-secondary);
  --ink: var(--body-text-color); --dim: var(--neutral-500); --accent: var(--primary-700);
  --checkbox-background-color-selected: var(--accent); --checkbox-border-color-selected: var(--accent); }
.dark .gradio-container, .gradio-container.dark { --dim: var(--neutral-400); --accent: var(--primary-400); }
.gradio-container .main { padding: 0 20px 12px !important; }
.gradio-container .html-container { padding: 0; }
#top { align-items: center; gap: 8px; padding: 10px 0; border-bottom: 1px solid var(--line); flex-wrap: nowrap; }
#top button { white-space: nowrap; flex: none; min-width: max-content !important; background: none; color: var(--dim);
  border: 1px solid var(--line); padding: 3px 10px; font-size: 12.5px; }
#top button:hover { color: var(--accent); border-color: var(--accent); }
#upload { border: 1px solid var(--accent); color: var(--accent); background: none; font-weight: 600; }
#upload:hover { background: color-mix(in srgb, var(--accent) 10%, transparent); }
#ask { border: 1px solid var(--line) !important; border-radius: 10px !important; padding: 6px 8px; box-shadow: none; }
#ask:focus-within { border-color: var(--accent) !important; }
#ask textarea { background: none; border: 0; box-shadow: none; font-size: 15px; }
#ask button { background: var(--accent); color: white; }
#header { flex: 1; min-width: 0; }
.brand { display: flex; align-items: baseline; gap: 12px; flex-wrap: wrap; }
.brand h1 { font-size: 18px; font-weight: 650; margin: 0; letter-spacing: -.01em; }
.brand span { color: var(--dim); }
.brand small { color: var(--dim); margin-left: auto; padding-right: 8px; }
.brand a { display: none; color: var(--accent); }
#desk { display: grid; grid-template-columns: 260px minmax(0, 1fr) 360px; gap: 0 24px; align-items: stretch;
  height: calc(100dvh - 84px); }
#desk > * { min-height: 0; height: 100%; overflow-y: auto; flex-wrap: nowrap; }
#desk h2 { font-size: 14px; font-weight: 650; margin: 4px 0 0; }
#talk { overflow: hidden; gap: 10px; }
#library { border-right: 1px solid var(--line); padding-right: 16px; gap: 10px; }
#evidence { border-left: 1px solid var(--line); padding-left: 20px; }
.quiet { color: var(--dim); font-size: 12.5px; margin: 4px 0; }
#library .form, #talk .form { background: none; border: 0; box-shadow: none; border-radius: 0; }
#picker { padding: 0; border: 0 !important; background: none; box-shadow: none; overflow: visible !important; }
#picker .select-all-checkbox:not(:checked):not(:indeterminate) { border: 1px solid var(--dim) !important; }
#picker .select-all-container { gap: 8px; padding: 0 0 4px 11px; font-size: 12.5px; }
#picker .select-all-container button { margin: 0; padding: 0; font-size: 12.5px; color: var(--dim); }
#picker .wrap { flex-direction: column; gap: 6px; }
#picker .wrap label { flex: none; display: grid; grid-template-columns: auto 1fr; align-items: start;
  line-height: 1.4; padding: 8px 10px; font-size: 13px; color: var(--ink); background: none;
  border: 1px solid var(--line); border-radius: 8px;
  box-shadow: none; gap: 10px; }
#picker .wrap label:hover { border-color: var(--accent); }
#picker .wrap label input { margin-top: 2px; }
#picker .wrap label span { white-space: pre-line; display: block; margin: 0; overflow-wrap: anywhere; }
#picker .wrap label span::first-line { color: var(--dim); }
#chat { flex: 1; min-height: 0; border: 0 !important; background: none; box-shadow: none; }
#chat .top-panel { display: none; }
#chat .message-wrap { padding: 0; gap: 0; }
#chat .message-row { background: none; padding: 0; border: 0; }
#chat .message { padding: 0; border: 0; background: none; box-shadow: none; }
#chat .prose, #chat .prose * { color: var(--ink); }
#chat .prose { opacity: 1; font-size: 15px; line-height: 1.7; }
#chat .user-row .prose { font-weight: 600; }
#chat .user-row { margin: 22px 0 0; padding-top: 18px; border-top: 1px solid var(--line); }
#chat .user-row:first-child { margin: 0; padding-top: 0; border: 0; }
#chat .bot-row { margin: 8px 0 0; }
#chat .examples { padding: 12px 0; gap: 8px; margin: 0; width: 100%; max-width: none; }
#chat .example { padding: 10px 14px; border-radius: 8px; border-color: var(--line); box-shadow: none; min-height: 0; }
#chat .example:hover { border-color: var(--accent); }
#chat .placeholder-content, #chat .placeholder-container { align-items: flex-start; text-align: left; }
#chat .prose .mark { color: var(--accent); background: color-mix(in srgb, var(--accent) 12%, transparent);
  cursor: pointer; font-size: 11px; font-weight: 650; padding: 1px 5px; margin: 0 1px; border-radius: 5px; }
#chat .mark:hover { background: color-mix(in srgb, var(--accent) 25%, transparent); }
#chat .writing::after { content: "▍"; color: var(--accent); animation: pulse 1s infinite; }
.alert, .notice, .refusal, .done { border-left: 3px solid var(--line); background: var(--soft); padding: 6px 12px;
  border-radius: 0 6px 6px 0; margin: 6px 0; font-size: 13.5px; overflow-wrap: anywhere; }
.standalone { opacity: .75; font-size: .85em; margin-bottom: 6px; }
mark.wrong { background: #f6d5c3; color: inherit; text-decoration: underline wavy #c2571a; }
.alert { border-color: #c2571a; } .notice { border-color: #b58900; } .done { border-color: var(--accent); }
.refusal { border-color: var(--dim); font-size: inherit; }
#panel .asked { color: var(--dim); font-size: 13px; margin: 4px 0 12px; overflow-wrap: anywhere; }
#panel h3, #panel summary { font-size: 12.5px; font-weight: 600; color: var(--dim); margin: 10px 0 6px; }
#panel summary { cursor: pointer; }
.source { border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; margin: 0 0 8px; }
.source.lit { animation: lit 1.6s ease-out; }
.source header { display: flex; gap: 8px; align-items: baseline; font-size: 13.5px; }
.source .n { color: var(--accent); }
.source .title { flex: 1; font-weight: 600; overflow-wrap: anywhere; }
.source .page { white-space: nowrap; color: var(--accent); font-weight: 600; }
.source .where { color: var(--dim); font-size: 12px; overflow-wrap: anywhere; }
.source blockquote { margin: 6px 0 0 !important; padding: 0 !important; border: 0;
  font-size: 13.5px; line-height: 1.6; color: var(--ink); white-space: pre-line; overflow-wrap: anywhere; }
.step { font-size: 13px; overflow-wrap: anywhere; }
.bar { height: 4px; border-radius: 2px; background: var(--line); overflow: hidden; margin: 6px 0; }
.bar i { display: block; height: 100%; background: var(--accent); transition: width .2s; }
@keyframes pulse { 50% { opacity: .2; } }
@keyframes lit { from { background: color-mix(in srgb, var(--accent) 25%, transparent); } }
@media (max-width: 1100px) { #desk { grid-template-columns: minmax(0, 1fr) 320px; grid-template-rows: 1fr auto; }
  #talk { grid-row: 1 / 3; } #library { grid-column: 2; grid-row: 2; border: 0; padding: 0 0 0 20px;
  max-height: 40dvh; } }
@media (max-width: 760px) { #desk { display: flex; flex-direction: column; height: auto; flex-wrap: nowrap; gap: 16px; }
  #desk > * { height: auto; border: 0; padding: 0; overflow: visible; max-height: none; }
  #talk { height: calc(100dvh - 130px); } #library { order: 3; } .brand a { display: inline; }
  .brand small, .brand span { display: none; } .gradio-container .main { padding: 0 12px 12px !important; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
"""


def main() -> int:
    """Serve the chat as the settings say. Returns the process exit code."""
    from rag import ReportQA

    try:
        with ReportQA.open() as qa:
            serve(qa, qa.settings.host, qa.settings.port)
    except ReportQAError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
