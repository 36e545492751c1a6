"""What tests share: the real models, and a store that holds the sample reports."""

from pathlib import Path

import pytest

from index import models
from index.embedding import open_embedder
from rag import ReportQA
from rag.settings import Settings, load

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "eval" / "data"
SHARED = ROOT.parent / "shared"


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


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real reports and questions beside the repository."""
    if not (SHARED / "reports").is_dir():
        pytest.skip("../shared with the real reports is not there")
    return SHARED
