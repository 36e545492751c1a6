"""What the tests of the HTTP interface share: real servers on free ports over a copy of the sample store."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from serving import served

from rag import ReportQA
from rag.api import attach
from rag.llm import open_llm
from rag.settings import Settings

Site = Callable[..., httpx.Client]


@pytest.fixture(scope="session")
def library(sample_store: Path, models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportQA]:
    """An engine without a language model over a copy of the sample store, whose library all sites share."""
    store = tmp_path_factory.mktemp("api") / "store"
    shutil.copytree(sample_store, store)
    with ReportQA.open(settings=Settings(store=store, models_dir=models_dir, llm="none")) as qa:
        yield qa


@pytest.fixture(scope="module")
def open_site(library: ReportQA) -> Iterator[Site]:
    """Serve the endpoints with the settings given; gives a client."""
    with ExitStack() as stack:

        def start(**settings: object) -> httpx.Client:
            values = {**library.settings.model_dump(), **settings}
            changed = Settings(**values)
            web = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
            attach(web, ReportQA(library.library, changed, open_llm(changed)))
            url = stack.enter_context(served(web))
            return stack.enter_context(httpx.Client(base_url=url, timeout=120, trust_env=False))

        yield start


@pytest.fixture(scope="module")
def site(open_site: Site) -> httpx.Client:
    """Endpoints that answer by quoting, for anybody on this machine."""
    return open_site()
