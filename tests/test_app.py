"""The chat in a real browser, over a real store; only the flows about written answers load the language model."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

import app
from index.errors import SettingsError
from rag import ReportQA
from rag.settings import load

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect, Browser, Page = sync_api.expect, sync_api.Browser, sync_api.Page

ROOT = Path(app.__file__).parent
CHROMIUM = shutil.which("chromium")
CHROMIUM_ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
QUESTION = "Who is suing the company over water meters, and how much is claimed?"  # e17: page 9 of the annual report
PATIENCE = 120_000  # milliseconds; a bound for slow machines, nothing is measured by it
NOTE_WHAT_IS_WRITTEN = """() => {
    window.written = [];
    new MutationObserver(() => {
        const text = document.querySelector("#chat .writing")?.textContent;
        if (text && text !== window.written.at(-1)) window.written.push(text);
    }).observe(document.querySelector("#chat"), { subtree: true, childList: true, characterData: true });
}"""
SCRIPTED = """Orchard <script>document.title='taken'</script> review

The orchard of Quillhaven harvested 7,310 crates of pears in 2031.

<img src=x onerror="document.title='taken'"> [pear prices](https://pears.example/list) **not bold** $$x^2$$

The pear prices of Quillhaven fell by 4.2% after the harvest. <script>document.title='taken'</script>
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_api.sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        yield running
        running.close()


@contextmanager
def served(qa: ReportQA) -> Iterator[str]:
    """Serve ``qa`` on a free port of this machine; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app.application(qa), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def open_site(sample_store: Path, models_dir: Path, tmp_path_factory) -> Iterator[Callable[..., str]]:
    """Serve a copy of the sample store with the settings given; the same settings share a site."""
    with ExitStack() as stack:

        def start(**settings: object) -> str:
            store = tmp_path_factory.mktemp("site") / "store"
            shutil.copytree(sample_store, store)
            qa = stack.enter_context(ReportQA.open(settings=load(store=store, models_dir=models_dir, **settings)))
            return stack.enter_context(served(qa))

        yield start


@pytest.fixture(scope="module")
def site(open_site) -> str:
    """A site that answers by quoting, without a language model."""
    return open_site(llm="none")


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the site as a new user; gives the page once its reports are listed."""
    with ExitStack() as stack:

        def start(url: str, locale: str = "en-US", **context: object) -> Page:
            user = stack.enter_context(browser.new_context(locale=locale, **context))
            user.set_default_timeout(PATIENCE)
            page = user.new_page()
            page.goto(url)
            page.locator("#picker .wrap label").first.wait_for()
            return page

        yield start


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the question stands in the chat: before that the page looks as if it were answered."""
    asked = page.locator("#chat [data-testid=user]")
    before = asked.count()
    page.locator("#ask textarea").fill(question)
    page.locator("#ask textarea").press("Enter")
    expect(asked).to_have_count(before + 1)


def answered(page: Page) -> None:
    """Wait until the answer is finished: the question box offers to send again."""
    expect(page.locator("#chat .writing")).to_have_count(0)
    expect(page.locator("[data-testid=submit-button]")).to_be_visible()


def upload(page: Page, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("#upload").click()
    chooser.value.set_files(files)


def test_every_character_of_a_text_survives_as_text():
    shown = app.plain("**a** [b](http://c) <i>_d_</i> `e` $f$ 12.5%\n# 图 1")
    assert not set("*[]()<>_`$#:/.%") & set(re.sub(r"&#\d+;|<br>", "", shown))
    assert "图 1" in shown


def test_a_mark_without_a_source_stays_text():
    assert app.marked("a [1] b [2]", [1]).count('class="mark"') == 1


def test_the_page_asks_no_other_host_for_anything(site, browser):
    with browser.new_context() as user:
        user.set_default_timeout(PATIENCE)
        page = user.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(site)
        page.locator("#picker .wrap label").first.wait_for()
        ask(page, QUESTION)
        answered(page)
    assert asked
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


def test_reports_are_listed_with_title_language_and_pages(site, visit):
    page = visit(site)
    expect(page.locator("#picker .wrap label", has_text="en_annual_report.pdf")).to_contain_text("English · 9 pages")
    expect(page.locator("#picker .wrap input:checked")).to_have_count(2)


def test_an_answer_shows_the_page_and_the_quote_it_stands_on(site, visit):
    page = visit(site)
    ask(page, QUESTION)
    answered(page)
    source = page.locator("#panel .source", has_text="Larkspur Ferry").first
    expect(source).to_contain_text("en_annual_report.pdf")
    expect(source.locator(".page")).to_have_text("p. 9")
    expect(page.locator("#chat [data-testid=bot]")).to_contain_text("Larkspur Ferry")


def test_labels_follow_the_browser_and_switch(site, visit):
    page = visit(site, locale="zh-CN")
    expect(page.locator("#upload")).to_have_text("添加报告")
    ask(page, "2月华南招标容量有多大，占全国的百分之几？")
    answered(page)
    expect(page.locator("#panel .source .page", has_text="第 4 页").first).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator("#upload")).to_have_text("Add reports")
    expect(page.locator("#panel .source .page", has_text="p. 4").first).to_be_visible()


def test_an_example_question_is_asked_by_a_click(site, visit):
    page = visit(site)
    example = page.locator("#chat button.example").first
    question = example.inner_text().strip()
    example.click()
    expect(page.locator("#chat [data-testid=user]")).to_have_text(question)
    answered(page)
    expect(page.locator("#panel .source").first).to_be_visible()


def test_only_the_ticked_reports_are_asked(site, visit):
    page = visit(site)
    page.locator("#picker .wrap label", has_text="en_annual_report.pdf").locator("input").uncheck()
    ask(page, QUESTION)
    answered(page)
    expect(page.locator("#panel .source", has_text="en_annual_report.pdf")).to_have_count(0)
    page.locator("#picker .wrap label", has_text="zh_storage_weekly.pdf").locator("input").uncheck()
    ask(page, QUESTION)
    expect(page.locator("#chat .alert")).to_contain_text("No report is ticked")


def test_an_uploaded_report_is_listed_asked_and_never_becomes_html(open_site, visit, tmp_path):
    page = visit(open_site(llm="none"))
    (tmp_path / "orchard.txt").write_text(SCRIPTED, encoding="utf-8")
    upload(page, tmp_path / "orchard.txt")
    expect(page.locator("#told .done")).to_contain_text("orchard.txt added")
    expect(page.locator("#picker .wrap label", has_text="orchard.txt").locator("input")).to_be_checked()
    ask(page, "How far did the pear prices of Quillhaven fall?")
    answered(page)
    expect(page.locator("#panel .source", has_text="orchard.txt").first).to_contain_text("4.2%")
    expect(page.locator("#panel .source", has_text="<script>document.title='taken'</script>").first).to_be_visible()
    expect(page).to_have_title("report-qa")
    for place in ("#panel", "#chat", "#picker"):
        expect(page.locator(f"{place} script, {place} img, {place} a[href^=http]")).to_have_count(0)


def test_a_bad_file_is_explained_and_the_good_one_added(open_site, visit, tmp_path):
    page = visit(open_site(llm="none"))
    (tmp_path / "broken.pdf").write_text("this is no PDF", encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "fine.txt").write_text("Fine report\n\nThe mill of Osterby ground 88 tons of rye.", encoding="utf-8")
    upload(page, tmp_path / "broken.pdf", tmp_path / "empty.txt", tmp_path / "fine.txt")
    expect(page.locator("#told .done")).to_contain_text("fine.txt added")
    expect(page.locator("#told .alert")).to_have_count(2)
    expect(page.locator("#told .alert", has_text="broken.pdf")).to_contain_text("not added")
    expect(page.locator("#told .alert", has_text="broken.pdf").locator("div")).not_to_be_empty()
    expect(page.locator("#picker .wrap label")).to_have_count(3)


def test_two_users_do_not_see_each_other(site, visit):
    one, other = visit(site), visit(site)
    ask(one, QUESTION)
    answered(one)
    ask(other, "Which principal manufacturing sites belong to the Filtration segment?")
    answered(other)
    expect(other.locator("#chat [data-testid=user]")).to_have_count(1)
    expect(other.locator("#chat")).not_to_contain_text("water meters")
    ask(one, "Which principal manufacturing sites belong to the Filtration segment?")
    answered(one)
    expect(one.locator("#chat [data-testid=user]")).to_have_count(2)


def test_a_click_on_an_earlier_answer_brings_back_its_sources(site, visit):
    page = visit(site)
    ask(page, QUESTION)
    answered(page)
    ask(page, "Which principal manufacturing sites belong to the Filtration segment?")
    answered(page)
    expect(page.locator("#panel .asked")).to_contain_text("Filtration")
    page.locator("#chat [data-testid=bot] .mark").first.click()
    expect(page.locator("#panel .asked")).to_have_text(QUESTION)
    expect(page.locator("#panel .source.lit")).to_have_count(1)


def test_a_dead_model_server_is_named_and_the_evidence_stays(open_site, visit):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    page = visit(open_site(llm="any", llm_base_url=f"http://127.0.0.1:{port}/v1", llm_timeout=5))
    ask(page, QUESTION)
    answered(page)
    expect(page.locator("#chat [data-testid=bot]")).to_contain_text(f"127.0.0.1:{port}")
    expect(page.locator("#panel .source", has_text="Larkspur Ferry").first).to_be_visible()


def test_the_model_streams_cites_stops_and_refuses(open_site, visit):
    page = visit(open_site())
    page.evaluate(NOTE_WHAT_IS_WRITTEN)
    ask(page, QUESTION)
    expect(page.locator("#panel .source").first).to_be_visible()
    expect(page.locator("#chat .writing")).to_be_visible()
    answered(page)
    expect(page.locator("#chat [data-testid=bot]")).to_contain_text("8.2")
    expect(page.locator("#chat [data-testid=bot] .mark").first).to_be_visible()
    expect(page.locator("#panel .source .page", has_text="p. 9").first).to_be_visible()
    assert len(page.evaluate("written")) > 3

    ask(page, "Which principal manufacturing sites belong to the Filtration segment?")
    page.locator("[data-testid=stop-button]").click()
    expect(page.locator("#chat [data-testid=bot]").last).to_contain_text("Stopped.")
    ask(page, "Who is the mayor of Port Ellary?")
    answered(page)
    expect(page.locator("#chat [data-testid=bot]").last.locator(".refusal")).to_be_visible()


@pytest.mark.parametrize("width", [390, 820, 1360])
def test_nothing_is_wider_than_the_screen(site, visit, width):
    page = visit(site, viewport={"width": width, "height": 844})
    ask(page, QUESTION)
    answered(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_taken_port_is_an_error_that_names_it(sample_store, models_dir):
    settings = load(store=sample_store, models_dir=models_dir, llm="none")
    with ReportQA.open(settings=settings) as qa, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=str(port)):
            app.serve(qa, "127.0.0.1", port)


def test_python_app_serves_this_machine_only_by_its_own_names(sample_store, models_dir):
    settings = {"STORE": sample_store, "MODELS_DIR": models_dir, "LLM": "none", "PORT": 0}
    env = {**os.environ, **{f"REPORT_QA_{key}": str(value) for key, value in settings.items()}}
    with subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().split()[-1]
            assert "report-qa" in httpx.get(url, timeout=60, trust_env=False).text
            foreign = httpx.get(url, headers={"Host": "rebound.example"}, timeout=60, trust_env=False)
            assert foreign.status_code == 400
        finally:
            process.terminate()
