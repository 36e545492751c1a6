"""Pictures of the chat's states for docs/chat.md.

    PYTHONPATH=tests:tests/chat python -m pictures [--out docs/images/chat] [NAME]...

`make pictures` makes them all, over the sample reports. What a language model would write is scripted, so that the same
states come every time.
"""

import argparse
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pypdfium2
from browsing import act, answered, ask, shown_page, upload
from conftest import CHROMIUM_ARGS, SAMPLES
from model_server import ModelServer
from PIL import Image
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright
from serving import served

import app
from rag import ReportQA
from rag.settings import load
from rag.users import FILE, UserStore

OUT = Path(__file__).parents[2] / "docs" / "images" / "chat"
DESKTOP, PHONE = (1280, 760), (390, 800)
COLOURS = 200  # of a picture's palette: pages and letters need few
WATER = "Who is suing the company over water meters, and how much is claimed?"
EUROPE = "How much did net sales in Europe come to in 2025?"
EXPORTS = "2026年1到2月我国逆变器出口额多少，同比增速是多少？"
TENDERS = "2月国内新型储能招标容量同比增长多少？"
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


def _water(studio: Studio, language: str, phone: bool = False, dark: bool = False) -> Page:
    page = studio.visit("written", language, phone, dark)
    said = "The town of Larkspur Ferry is suing; it claims $8.2 million ", "for meters that under-registered water [1]."
    written(studio, page, WATER, *said)
    return page


@scene
def start_en(studio: Studio) -> Page:
    """An empty chat."""
    return studio.visit("none", "en")


@scene
def start_zh_phone(studio: Studio) -> Page:
    """An empty chat on a phone."""
    return studio.visit("none", "zh", phone=True)


@scene
def streaming_zh(studio: Studio) -> Page:
    """The evidence and its page stand there while the answer is being written."""
    page = studio.visit("written", "zh")
    studio.model.pieces = ["2026年1—2月我国逆变器出口额为86.2亿元，", "同比增长21.5%[1]。"]
    studio.model.go_on.clear()
    ask(page, EXPORTS)
    expect(page.locator("#live .writing")).to_contain_text("86.2")
    drawn(page)
    return page


@scene
def answer_en(studio: Studio) -> Page:
    """A finished answer, the page beside it."""
    page = _water(studio, "en")
    page.locator("#live .mark").first.click()
    shown_page(page, 9)
    return page


@scene
def answer_en_phone(studio: Studio) -> Page:
    """The answer on a phone."""
    return _water(studio, "en", phone=True)


@scene
def page_en_phone(studio: Studio) -> Page:
    """The page behind it on a phone."""
    page = _water(studio, "en", phone=True)
    page.locator("#live .mark").first.click()
    shown_page(page, 9)
    return page


@scene
def conflict_zh(studio: Studio) -> Page:
    """Two figures for one thing."""
    page = studio.visit("written", "zh")
    written(studio, page, TENDERS, "2月国内新型储能招标容量", "同比增长61.3%[1]。")
    page.locator("#live .conflict").wait_for()
    drawn(page)
    return page


@scene
def conflict_zh_phone(studio: Studio) -> Page:
    """The same on a phone."""
    page = studio.visit("written", "zh", phone=True)
    written(studio, page, TENDERS, "2月国内新型储能招标容量", "同比增长61.3%[1]。")
    page.locator("#live .conflict").wait_for()
    return page


@scene
def unsupported_en(studio: Studio) -> Page:
    """A figure that stands nowhere in the evidence."""
    page = studio.visit("written", "en")
    said = "The Tarnwick membrane plant was closed at a cost of $12.7 million, ", "and 340 employees left [1]."
    written(studio, page, "Summarise the restructuring and what it cost.", *said)
    page.locator("#live mark.wrong").first.wait_for()
    drawn(page)
    return page


@scene
def refusal_zh(studio: Studio) -> Page:
    """What the reports do not say."""
    page = studio.visit("written", "zh")
    written(studio, page, "栎野电气2025年研发费用是多少？", "报告没有给出", "栎野电气的研发费用。")
    drawn(page)
    return page


@scene
def dead_server_en(studio: Studio) -> Page:
    """The model's server does not answer."""
    page = studio.visit("dead", "en")
    ask(page, WATER)
    answered(page)
    drawn(page)
    return page


@scene
def quotes_zh(studio: Studio) -> Page:
    """No model is set: the answer is a quotation."""
    page = studio.visit("none", "zh")
    ask(page, "容量补偿细则的征求意见稿是哪个机构发的，每千瓦每年补多少、执行几年？")
    answered(page)
    drawn(page)
    return page


@scene
def follow_up_en(studio: Studio) -> Page:
    """A follow-up with the question as it was understood."""
    page = studio.visit("none", "en")
    ask(page, EUROPE)
    answered(page)
    ask(page, "And in 2024?")
    answered(page)
    expect(page.locator("#live .standalone")).to_contain_text("Europe")
    drawn(page)
    return page


@contextmanager
def scan(studio: Studio) -> Iterator[Path]:
    """A report whose pages are pictures, so long that its reading can be looked at."""
    document = pypdfium2.PdfDocument(SAMPLES / "en_annual_report.pdf")
    pages = [document[n].render(scale=2).to_pil().convert("L") for n in range(6)]
    target = studio.folder / "scanned_annual_report.pdf"
    pages[0].save(target, save_all=True, append_images=pages[1:], resolution=144)
    yield target


def _adding(studio: Studio, language: str, phone: bool = False) -> Page:
    page = studio.visit("own", language, phone)
    if phone:
        page.locator(".panes [data-pane=side]").click()
    page.locator("#narrow [data-do=filters]").click()
    document = studio.folder / "mill_review.txt"
    document.write_text("Mill review\n\n" + "The mill of Osterby ground 88 tons of rye.\n" * 3, encoding="utf-8")
    with scan(studio) as target:
        upload(page, target, document)
    name = "文字识别" if language == "zh" else "OCR"
    expect(page.locator("#told .step", has_text=name)).to_contain_text(" 1/6")
    return page


@scene
def adding_zh(studio: Studio) -> Page:
    """Reports being added, by stage, under open filters."""
    return _adding(studio, "zh")


@scene
def adding_en_phone(studio: Studio) -> Page:
    """The same on a phone."""
    return _adding(studio, "en", phone=True)


@scene
def bad_upload_en(studio: Studio) -> Page:
    """A file that is no PDF, one that is empty, and one that went in."""
    page = studio.visit("own", "en")
    files = {"broken.pdf": "this is no PDF", "empty.txt": "", "fine.txt": "The mill of Osterby ground 88 tons of rye."}
    for name, text in files.items():
        (studio.folder / name).write_text(text, encoding="utf-8")
    upload(page, *(studio.folder / name for name in files))
    expect(page.locator("#told .alert")).to_have_count(2)
    return page


@scene
def menu_en(studio: Studio) -> Page:
    """What can be done with a report."""
    page = studio.visit("none", "en")
    page.locator("#shelf .report summary").first.click()
    return page


@scene
def sections_zh(studio: Studio) -> Page:
    """A report's sections and what was set aside in it."""
    page = studio.visit("none", "zh")
    act(page, "zh_storage_weekly.pdf", "sections")
    page.locator("dialog [data-do=aside]").click()
    page.locator("dialog .aside li").first.wait_for()
    return page


@scene
def feedback_zh(studio: Studio) -> Page:
    """Why an answer is wrong."""
    page = studio.visit("none", "zh")
    ask(page, EXPORTS)
    answered(page)
    drawn(page)
    page.locator("#live [data-do=bad]").click()
    page.locator("dialog [name=reason]").fill("只给了出口额，没有同比增速。")
    return page


@scene
def chats_en(studio: Studio) -> Page:
    """Kept chats, narrowed by a word, and what can be done with one."""
    page = studio.visit("own", "en")
    for question in (EUROPE, WATER):
        ask(page, question)
        answered(page)
        page.locator("header.top [data-do=clear]").click()
        expect(page.locator("article.exchange")).to_have_count(0)
    page.locator(".sides [data-side=pasts]").click()
    page.locator("#find-past input").fill("larkspur")
    expect(page.locator("#pasts li")).to_have_count(1)
    page.locator("#pasts .past").first.click()
    expect(page.locator("#live .question")).to_have_text(WATER)
    drawn(page)
    page.locator("#pasts summary").first.click()
    return page


@scene
def settings_zh(studio: Studio) -> Page:
    """Settings of the browser, and what is running."""
    page = studio.visit("none", "zh")
    page.locator("header.top [data-do=about]").click()
    page.locator("dialog dl").wait_for()
    return page


@scene
def settings_en_phone(studio: Studio) -> Page:
    """The same on a phone."""
    page = studio.visit("none", "en", phone=True)
    page.locator("header.top [data-do=about]").click()
    page.locator("dialog dl").wait_for()
    return page


@scene
def sign_in_en(studio: Studio) -> Page:
    """A wrong password."""
    page = studio.visit("users", "en")
    page.locator("[name=name]").fill("ann")
    page.locator("[name=password]").fill("seven grey storks")
    page.locator("form button").click()
    page.locator("[role=alert]").wait_for()
    return page


@scene
def sign_in_zh_phone(studio: Studio) -> Page:
    """The page to sign in on a phone."""
    page = studio.visit("users", "zh", phone=True)
    page.locator("[name=name]").wait_for()
    return page


@scene
def signed_in_zh(studio: Studio) -> Page:
    """Who has signed in, and the way out."""
    page = studio.visit("users", "zh")
    page.locator("[name=name]").fill("ann")
    page.locator("[name=password]").fill("seven grey herons")
    page.locator("form button").click()
    ready(page)
    page.locator("header.top [data-do=about]").click()
    page.locator("dialog dl").wait_for()
    return page


@scene
def queue_zh(studio: Studio) -> Page:
    """The place in the line, with the evidence to read meanwhile."""
    other, page = studio.visit("written", "en"), studio.visit("written", "zh")
    studio.model.pieces = ["Larkspur Ferry ", "claims $8.2 million [1]."]
    studio.model.go_on.clear()
    ask(other, WATER)
    expect(other.locator("#live .writing")).to_contain_text("Larkspur Ferry")
    ask(page, EXPORTS)
    expect(page.locator("#live .writing")).to_contain_text("第 1 位")
    drawn(page)
    return page


@scene
def dark_zh(studio: Studio) -> Page:
    """A dark system."""
    page = studio.visit("none", "zh", dark=True)
    ask(page, "2月华南招标容量有多大，占全国的百分之几？")
    answered(page)
    shown_page(page, 4)
    return page


@scene
def dark_en_phone(studio: Studio) -> Page:
    """A dark phone."""
    return _water(studio, "en", phone=True, dark=True)


@scene
def script_en(studio: Studio) -> Page:
    """A report that holds HTML, a script and Markdown."""
    page = studio.visit("own", "en")
    report = studio.folder / "orchard.txt"
    text = (
        "Orchard review\n\nThe pear prices of Quillhaven fell by 4.2% after the harvest."
        " <script>document.title='taken'</script>\n\n<img src=x onerror=\"document.title='taken'\">"
        " [pear prices](https://pears.example/list) **not bold**\n"
    )
    report.write_text(text, encoding="utf-8")
    upload(page, report)
    expect(page.locator("#told .done")).to_contain_text("orchard.txt added")
    ask(page, "How far did the pear prices of Quillhaven fall?")
    answered(page)
    page.locator("#live .mark").first.click()
    page.locator(".page-text mark").first.wait_for()
    return page


def save(page: Page, target: Path) -> int:
    """Draw the page into a small PNG; gives its bytes."""
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=target, animations="disabled", caret="hide")
    with Image.open(target) as picture:
        picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(target, optimize=True)
    return target.stat().st_size


def main(argv: Sequence[str] | None = None) -> int:
    """Make the pictures. Returns the process exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these, of: " + ", ".join(scenes))
    given = parser.parse_args(argv)
    given.out.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)
    total, failed = 0, 0
    folder = Path(tempfile.gettempdir()) / "report-qa"  # a name that always looks the same, for it is in a picture
    shutil.rmtree(folder, ignore_errors=True)
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS)
        studio = Studio(browser, stack, folder)
        for name in given.names or scenes:
            try:
                total += save(scenes[name](studio), given.out / f"{name}.png")
                told = name
            except (Error, AssertionError) as error:  # the other pictures are still wanted
                failed, told = failed + 1, f"{name} failed: {error}"
                if studio.pages:
                    save(studio.pages[-1], given.out / f"{name}.png")
            studio.leave()
            sys.stdout.write(f"{told}\n")
            sys.stdout.flush()
        browser.close()
    sys.stdout.write(f"{total / 1e6:.2f} MB in all\n")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
