"""``report-qa models`` and ``doctor`` as a user meets them."""

from pathlib import Path

import pytest
from command_line import Run

from index import models

KEY = "sk-do-not-show-1234567890"
pytestmark = pytest.mark.usefixtures("clean_environment")


def test_models_are_listed_and_verified(run: Run) -> None:
    listed = run("models", "list", "--json")
    assert listed.code == 0
    assert {row["name"] for row in listed.json} == {"llm", "llm-small", "embedder"}
    checked = run("models", "verify", "embedder", "--json")
    assert checked.code == 0
    assert [(row["name"], row["ok"]) for row in checked.json] == [("embedder", True)]


def test_models_are_listed_with_their_whole_paths_on_a_narrow_terminal(
    run: Run, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    listed = run("models", "list")
    assert listed.code == 0
    lines = [line.strip() for line in listed.out.splitlines()]
    for model in models.MODELS.values():
        assert str(models_dir / model.target) in lines
        assert any(model.name in line and model.title in line for line in lines)


def test_pulling_models_that_are_there_says_where_they_are(run: Run, models_dir: Path) -> None:
    done = run("models", "pull", "embedder", "--json")
    assert done.code == 0
    assert done.json == [{"name": "embedder", "path": str(models_dir / "multilingual-e5-small")}]


def test_a_flipped_byte_in_a_model_is_found(
    run: Run, models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "multilingual-e5-small"
    copy.mkdir()
    for file in (models_dir / "multilingual-e5-small").rglob("*"):
        target = copy / file.relative_to(models_dir / "multilingual-e5-small")
        if file.is_dir():
            target.mkdir()
        elif file.name == "modules.json":
            content = bytearray(file.read_bytes())
            content[len(content) // 2] ^= 1
            target.write_bytes(content)
        else:
            target.symlink_to(file)
    monkeypatch.setenv("REPORT_QA_MODELS_DIR", str(tmp_path))
    done = run("models", "verify", "embedder")
    assert done.is_plain_failure(1)
    assert "modules.json" in done.out


def test_a_model_file_with_a_wrong_byte_is_found_by_its_checksum(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = models.get("llm-small")
    with (tmp_path / model.target).open("wb") as file:
        file.truncate(model.file.size)  # the right size, all zeros, and no room taken
    monkeypatch.setenv("REPORT_QA_MODELS_DIR", str(tmp_path))
    done = run("models", "verify", "llm-small")
    assert done.is_plain_failure(1)
    assert model.file.sha256 in done.out.replace("\n", "")


def test_an_unknown_model_is_refused_naming_those_there_are(run: Run) -> None:
    done = run("models", "verify", "llm-huge")
    assert done.is_plain_failure(1)
    assert "llm-small" in done.err


def test_doctor_is_content_when_all_is_there(run: Run, sample_store: Path) -> None:
    done = run("doctor", "--store", sample_store)
    assert done.code == 0
    assert "stays on this machine" in done.out
    assert "2 reports" in done.out


def test_doctor_lists_settings_without_the_key(run: Run, sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_QA_LLM_API_KEY", KEY)
    for form in ([], ["--json"]):
        done = run("doctor", "--settings", "--store", sample_store, *form)
        assert done.code == 0
        assert "llm_api_key" in done.out
        assert KEY not in done.out + done.err


def test_doctor_fails_when_something_is_missing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORT_QA_MODELS_DIR", str(tmp_path))
    done = run("doctor", "--store", tmp_path / "store", "--json")
    assert done.code == 1
    assert [check["name"] for check in done.json["checks"] if not check["ok"]] == ["model embedder"]
