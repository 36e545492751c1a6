"""A real browser, and the chat served over a real store."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from model_server import ModelServer
from serving import served

import app
from rag import ReportQA
from rag.settings import load

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect, Browser, Page = sync_api.expect, sync_api.Browser, sync_api.Page

from browsing import ANSWER  # noqa: E402

PATIENCE = 60_000  # milliseconds; a bound for slow machines, nothing is measured by it


@pytest.fixture(scope="session")
def open_site(sample_store: Path, models_dir: Path, tmp_path_factory) -> Iterator[Callable[..., str]]:
    """Serve a copy of the sample store with the settings given."""
    with ExitStack() as stack:

        def start(**settings: object) -> str:
            store = tmp_path_factory.mktemp("site") / "store"
            shutil.copytree(sample_store, store)
            qa = stack.enter_context(ReportQA.open(settings=load(store=store, models_dir=models_dir, **settings)))
            start.stores[url := stack.enter_context(served(app.application(qa)))] = store
            return url

        start.stores = {}
        yield start


@pytest.fixture(scope="session")
def site(open_site) -> str:
    """A site that answers by quoting, without a language model; its reports stay as they are."""
    return open_site(llm="none")


@pytest.fixture(scope="session")
def own_site(open_site) -> str:
    """Another one, whose reports tests may add to."""
    return open_site(llm="none")


@pytest.fixture(scope="session")
def model() -> Iterator[ModelServer]:
    server = ModelServer(ANSWER)
    yield server
    server.close()


@pytest.fixture(scope="session")
def written_site(open_site, model) -> str:
    """A site whose answers the model server writes."""
    return open_site(llm="any", llm_base_url=model.url)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the site as a new user; gives the page once its reports are listed."""
    expect.set_options(timeout=PATIENCE)
    with ExitStack() as stack:

        def start(url: str, locale: str = "en-US", **context: object) -> Page:
            user = stack.enter_context(browser.new_context(locale=locale, **context))
            user.set_default_timeout(PATIENCE)
            page = user.new_page()
            page.goto(url, wait_until="commit")
            page.locator("body[data-ready]").wait_for(state="attached")
            page.locator("#shelf .report").first.wait_for(state="attached")
            return page

        yield start
