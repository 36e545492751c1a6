"""The same run against another model by settings alone: the small local one, and a server that speaks OpenAI's API."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import models
from rag.cli import main

SAMPLES = Path(__file__).parents[2] / "eval" / "data" / "samples.jsonl"
KEY = "the-key-of-this-test"


@pytest.fixture(scope="module")
def small(models_dir) -> Path:
    model = models.get("llm-small")
    if not models.is_present(model, models_dir):
        pytest.skip("the small model is not on this machine: `report-qa models pull llm-small` fetches it")
    return models.path("llm-small", models_dir)


@pytest.fixture(scope="module")
def endpoint(small) -> Iterator[str]:
    """The address of a llama.cpp server on loopback that asks for a key."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(small)
    params.n_ctx = 4096
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    params.api_keys = [KEY]
    params.ui = False
    params.verbosity = 0
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


def evaluated(store: Path, out: Path) -> tuple[dict, dict]:
    """Run one question by the command line; its prediction and the run's summary."""
    try:
        main(["eval", str(SAMPLES), "--store", str(store), "--limit", "1", "--out", str(out)])
    except SystemExit as left:
        assert not left.code
    (line,) = (out / "predictions.jsonl").read_text(encoding="utf-8").splitlines()
    return json.loads(line), json.loads((out / "summary.json").read_text(encoding="utf-8"))


def test_the_small_model_answers_by_one_setting(small, sample_store, tmp_path, monkeypatch):
    monkeypatch.setenv("REPORT_QA_LLM", "small")
    line, summary = evaluated(sample_store, tmp_path)
    assert summary["model"] == small.stem
    assert line["notice"] == ""
    assert 0 < line["first_token_s"] <= line["answer_s"]


def test_a_server_that_speaks_the_api_answers_by_settings_alone(endpoint, sample_store, tmp_path, monkeypatch):
    monkeypatch.setenv("REPORT_QA_LLM", "its-own-name")
    monkeypatch.setenv("REPORT_QA_LLM_BASE_URL", endpoint)
    monkeypatch.setenv("REPORT_QA_LLM_API_KEY", KEY)
    line, summary = evaluated(sample_store, tmp_path)
    assert (summary["model"], summary["settings"]["llm_base_url"]) == ("its-own-name", endpoint)
    assert line["notice"] == ""
    assert 0 < line["first_token_s"] <= line["answer_s"]
    assert KEY not in (tmp_path / "summary.json").read_text(encoding="utf-8")
    assert evaluated(sample_store, tmp_path)[1]["kept"] == 1


def test_an_answer_without_a_model_because_of_a_wrong_key_is_not_kept(endpoint, sample_store, tmp_path, monkeypatch):
    monkeypatch.setenv("REPORT_QA_LLM", "its-own-name")
    monkeypatch.setenv("REPORT_QA_LLM_BASE_URL", endpoint)
    monkeypatch.setenv("REPORT_QA_LLM_API_KEY", "another-key")
    line, _ = evaluated(sample_store, tmp_path)
    assert "refused" in line["notice"]
    assert "another-key" not in line["notice"]
    assert evaluated(sample_store, tmp_path)[1]["kept"] == 0
