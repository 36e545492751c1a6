"""Where pictures of the chat are made: sites over the sample reports, users that visit them, the list of scenes."""

import shutil
import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from browsing import answered, ask
from conftest import SAMPLES
from model_server import ModelServer
from playwright.sync_api import Browser, Page
from serving import served

import app
from rag import ReportQA
from rag.settings import load
from rag.users import FILE, UserStore

DESKTOP, PHONE = (1280, 760), (390, 800)
WATER = "Who is suing the company over water meters, and how much is claimed?"
EUROPE = "How much did net sales in Europe come to in 2025?"
EXPORTS = "2026年1到2月我国逆变器出口额多少，同比增速是多少？"
Scene = Callable[["Studio"], Page]
scenes: dict[str, Scene] = {}


class Studio:
    """Sites over copies of the sample store, each started when a picture first needs it, and users that visit them."""

    def __init__(self, browser: Browser, stack: ExitStack, folder: Path) -> None:
        self.browser, self._stack, self.folder = browser, stack, folder
        self.model = ModelServer()
        stack.callback(self.model.close)
        self._sites: dict[str, str] = {}
        self.pages: list[Page] = []
        self._store = folder / "samples"
        with ReportQA.open(self._store, load(store=self._store, llm="none")) as qa:
            qa.ingest(sorted(SAMPLES.glob("*.pdf")))

    def site(self, name: str) -> str:
        """The address of a site: none, written, dead, users, own."""
        if name not in self._sites:
            store = self.folder / name
            shutil.copytree(self._store, store)
            settings = {
                "written": {"llm": "scripted", "llm_base_url": self.model.url, "llm_answers": 1},
                "dead": {"llm": "scripted", "llm_base_url": f"http://127.0.0.1:{_closed_port()}/v1", "llm_timeout": 5},
                "users": {"llm": "none", "auth": "users"},
            }.get(name, {"llm": "none"})
            if name == "users":
                users = UserStore(store / FILE)
                users.add("ann", "seven grey herons")
                users.close()
            qa = self._stack.enter_context(ReportQA.open(settings=load(store=store, **settings)))
            self._sites[name] = self._stack.enter_context(served(app.application(qa)))
        return self._sites[name]

    def visit(self, name: str, language: str, phone: bool = False, dark: bool = False, path: str = "") -> Page:
        """Open a site as a new user."""
        width, height = PHONE if phone else DESKTOP
        user = self.browser.new_context(
            locale="zh-CN" if language == "zh" else "en-US",
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            has_touch=phone,
            device_scale_factor=2 if phone else 1,
        )
        user.set_default_timeout(30_000)
        page = user.new_page()
        self.pages.append(page)
        page.goto(self.site(name) + path, wait_until="commit")
        if not path and name != "users":
            ready(page)
        return page

    def leave(self) -> None:
        """Close all pages, and let the model go on."""
        self.model.go_on.set()
        while self.pages:
            self.pages.pop().context.close()


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return int(closed.getsockname()[1])


def ready(page: Page) -> None:
    """Wait until the reports are listed and examples stand there."""
    page.locator("body[data-ready]").wait_for(state="attached")
    page.locator("#shelf .report").first.wait_for(state="attached")
    page.locator(".examples .chip").nth(3).wait_for(state="attached")


def scene(work: Scene) -> Scene:
    """Make a picture of what ``work`` leaves on the page; its name is the picture's."""
    scenes[work.__name__.replace("_", "-")] = work
    return work


def written(studio: Studio, page: Page, question: str, *pieces: str) -> None:
    """Ask, and wait for the answer that the model is to write."""
    studio.model.pieces = list(pieces)
    ask(page, question)
    answered(page)


def drawn(page: Page) -> None:
    """Wait until the page of the report is drawn."""
    page.wait_for_function(
        "() => { const i = document.querySelector('#viewer img');"
        " return i?.complete && i.naturalWidth > 0 && !document.querySelector('.paper.loading'); }"
    )


def asked(page: Page, question: str) -> None:
    """Ask, and wait until the answer is finished and its page drawn."""
    ask(page, question)
    answered(page)
    drawn(page)


def about(page: Page) -> None:
    """Open the settings and what is running."""
    page.locator("header.top [data-do=about]").click()
    page.locator("dialog dl").wait_for()
