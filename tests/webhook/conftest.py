"""What the tests of the webhook share: sites over the sample reports."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from webhook_site import SECRET, Site, serving

from index.library import Library
from rag import ReportQA
from rag.bots.rules import Rules
from rag.llm import open_llm
from rag.settings import load


@pytest.fixture(scope="module")
def open_site(sample_store, models_dir, embedder, tmp_path_factory) -> Iterator[Callable[..., Site]]:
    with ExitStack() as stack:

        def start(rules: Rules | None = None, **settings: object) -> Site:
            store = tmp_path_factory.mktemp("webhook") / "store"
            shutil.copytree(sample_store, store)
            chosen = load(store=store, models_dir=models_dir, llm="none", webhook_secret=SECRET, **settings)
            library = Library(store, embedder, kept=models_dir)  # as ReportQA.open does, with the embedder of all tests
            qa = stack.enter_context(ReportQA(library, chosen, open_llm(chosen)))
            return stack.enter_context(serving(qa, rules or Rules()))

        yield start


@pytest.fixture(scope="module")
def site(open_site) -> Site:
    return open_site(Rules(reports={"narrow": ["zh_*"]}), webhook_callback_hosts="127.0.0.1, relay.example",
                     webhook_callback_private=True)  # fmt: skip
