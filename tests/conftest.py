"""What tests share: the real models, and a store that holds the sample reports."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from model_server import ModelServer

from index import models
from index.embedding import open_embedder
from rag import ReportQA
from rag.settings import Settings, load

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "eval" / "data"
SHARED = ROOT.parent / "shared"
CHROMIUM_ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder of the default models; `make models` fills it."""
    folder = load().models_dir
    for name in ("embedder", "llm"):
        models.path(name, folder)
    return folder


@pytest.fixture(scope="session")
def embedder(models_dir):
    return open_embedder("default", models_dir, 0)


@pytest.fixture(scope="session")
def sample_store(models_dir, tmp_path_factory) -> Path:
    """A store with both sample reports. Tests that change it make their own copy."""
    store = tmp_path_factory.mktemp("samples") / "store"
    with ReportQA.open(store, Settings(llm="none")) as qa:
        outcomes = qa.ingest(sorted(SAMPLES.glob("*.pdf")))
        assert [o.error for o in outcomes] == [None] * 2
    return store


@pytest.fixture
def chat_server() -> Iterator[ModelServer]:
    """A language model's server that writes what the test wants."""
    server = ModelServer()
    yield server
    server.close()


@pytest.fixture
def dead_url() -> str:
    """An address on loopback that nobody listens on."""
    server = ModelServer()
    server.close()
    return server.url


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real reports and questions beside the repository."""
    if not (SHARED / "reports").is_dir():
        pytest.skip("../shared with the real reports is not there")
    return SHARED


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's chromium, one for all tests: playwright runs once in a process."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield running
        running.close()
