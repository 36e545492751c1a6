from pathlib import Path

import pytest

from rag.doctor import Check, examine, settings_table, wanted_models
from rag.settings import Settings

KEY = "sk-do-not-show-1234567890"
pytestmark = pytest.mark.usefixtures("clean_environment")


def checks(tmp_path: Path, **settings: object) -> dict[str, Check]:
    given = {"store": tmp_path / "store", "models_dir": tmp_path / "models", **settings}
    return {check.name: check for check in examine(Settings(**given))}  # type: ignore[arg-type]


def test_missing_models_fail_with_the_command_that_fetches_them(tmp_path: Path) -> None:
    found = checks(tmp_path)
    for name in ("llm", "embedder"):
        assert not found[f"model {name}"].ok
        assert f"report-qa models pull {name}" in found[f"model {name}"].detail


def test_models_that_are_there_are_in_order(tmp_path: Path, models_dir: Path) -> None:
    found = checks(tmp_path, models_dir=models_dir)
    assert all(check.ok for check in found.values()), found


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, ["llm", "embedder"]),
        ({"llm": "small"}, ["llm-small", "embedder"]),
        ({"llm": "none"}, ["embedder"]),
        ({"llm": "m", "llm_base_url": "http://127.0.0.1:1/v1"}, ["embedder"]),
        ({"llm": "none", "embedder": "BAAI/bge-m3"}, []),
    ],
)
def test_only_the_models_that_the_settings_need_are_wanted(settings: dict[str, str], wanted: list[str]) -> None:
    assert wanted_models(Settings(**settings)) == wanted  # type: ignore[arg-type]


def test_no_model_is_in_order_when_none_is_wanted(tmp_path: Path) -> None:
    assert checks(tmp_path, llm="none")["llm"].ok


def test_an_endpoint_that_answers_is_in_order_with_and_without_a_key(tmp_path: Path, chat_server) -> None:
    assert checks(tmp_path, llm="m", llm_base_url=chat_server.url)["llm"].ok
    assert checks(tmp_path, llm="m", llm_base_url=chat_server.url, llm_api_key=KEY)["llm"].ok
    path, headers, _ = chat_server.requests[-1]
    assert path == "/v1/models"
    assert headers["authorization"] == f"Bearer {KEY}"


def test_a_dead_endpoint_fails_with_a_remedy(tmp_path: Path, dead_url: str) -> None:
    check = checks(tmp_path, llm="m", llm_base_url=dead_url)["llm"]
    assert not check.ok
    assert dead_url in check.detail
    assert "llm_base_url" in check.detail


@pytest.mark.parametrize(("status", "setting"), [(401, "llm_api_key"), (404, "llm_base_url"), (500, "llm_base_url")])
def test_an_endpoint_that_refuses_fails_naming_the_setting(
    tmp_path: Path, chat_server, status: int, setting: str
) -> None:
    chat_server.status = status
    check = checks(tmp_path, llm="m", llm_base_url=chat_server.url)["llm"]
    assert not check.ok
    assert setting in check.detail


def test_it_says_where_report_text_goes(tmp_path: Path, chat_server) -> None:
    assert "stays on this machine" in checks(tmp_path, llm="m", llm_base_url=chat_server.url)["privacy"].detail
    sent = checks(tmp_path, llm="m", llm_base_url="http://models.invalid/v1")["privacy"].detail
    assert "SENT TO models.invalid" in sent
    kept = checks(tmp_path, llm="none", chroma_url="http://vectors.invalid:8000")["privacy"].detail
    assert "SENT TO vectors.invalid" in kept


def test_a_new_store_is_in_order_and_is_not_made_by_looking(tmp_path: Path) -> None:
    check = checks(tmp_path, llm="none")["store"]
    assert check.ok
    assert "report-qa ingest" in check.detail
    assert not (tmp_path / "store").exists()


def test_a_filled_store_is_described(tmp_path: Path, sample_store: Path) -> None:
    check = checks(tmp_path, llm="none", store=sample_store)["store"]
    assert check.ok
    assert "2 reports" in check.detail


def test_a_damaged_store_fails(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "catalog.sqlite").write_bytes(b"this is not a database " * 100)
    check = checks(tmp_path, llm="none")["store"]
    assert not check.ok
    assert "catalog.sqlite" in check.detail


def test_every_setting_is_listed_and_the_key_is_not_shown() -> None:
    table = settings_table(Settings(llm_api_key=KEY, llm_base_url=f"https://me:{KEY}@api.example.com/v1"))  # type: ignore[arg-type]
    assert {value.name for value in table} == set(Settings.model_fields)
    assert all(value.description for value in table)
    assert KEY not in repr(table)
    shown = {value.name: value.value for value in table}
    assert shown["llm_api_key"] == "**********"
    assert shown["llm_base_url"] == "https://api.example.com/v1"
