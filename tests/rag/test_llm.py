"""The language model over real HTTP: a chat server on loopback, not the local model (see test_answers.py)."""

import logging
from pathlib import Path

import pytest
from llama_index.core.llms import ChatMessage

from index.errors import LLMError, ModelError
from rag.llm import LanguageModel, open_llm
from rag.settings import Settings

KEY = "sk-do-not-show-1234567890"
ASK = [ChatMessage(role="system", content="Be short."), ChatMessage(role="user", content="收入？")]
pytestmark = pytest.mark.usefixtures("clean_environment")


def model(url: str, **settings: object) -> LanguageModel:
    opened = open_llm(Settings(llm="m-7b", llm_base_url=url, llm_api_key=KEY, **settings))  # type: ignore[arg-type]
    assert opened is not None
    return opened


def test_text_comes_piece_by_piece(chat_server) -> None:
    chat_server.pieces = ["营收", "为12.5亿元", "[1]。"]
    chat_server.go_on.clear()
    stream = model(chat_server.url).stream(ASK)
    assert next(stream) == "营收"  # the server writes no more before it is let
    chat_server.go_on.set()
    assert list(stream) == ["为12.5亿元", "[1]。"]


def test_the_request_carries_key_model_messages_and_limits(chat_server) -> None:
    list(model(chat_server.url, llm_max_tokens=77).stream(ASK))
    path, headers, asked = chat_server.requests[-1]
    assert path == "/v1/chat/completions"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert asked["model"] == "m-7b"
    assert asked["stream"] is True
    assert asked["max_tokens"] == 77
    assert [(m["role"], m["content"]) for m in asked["messages"]] == [("system", "Be short."), ("user", "收入？")]


def test_a_server_without_keys_is_served_too(chat_server) -> None:
    opened = open_llm(Settings(llm="m", llm_base_url=chat_server.url))
    assert opened is not None
    assert "".join(opened.stream(ASK)) == "AB"


def test_opening_a_model_asks_nothing_of_its_server(chat_server) -> None:
    opened = model(chat_server.url)
    opened.close()
    assert chat_server.requests == []


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_an_error_status_is_an_error_that_names_server_and_setting(chat_server, status: int) -> None:
    chat_server.status, chat_server.body = status, '{"error": {"message": "no luck today"}}'
    with pytest.raises(LLMError) as caught:
        list(model(chat_server.url).stream(ASK))
    assert chat_server.url in str(caught.value)
    assert str(status) in str(caught.value)
    assert "llm_api_key" in caught.value.remedy
    assert len(chat_server.requests) == 1  # asked once, not again and again


def test_a_key_that_the_server_repeats_is_not_shown(chat_server) -> None:
    chat_server.status, chat_server.body = 401, f'{{"error": {{"message": "wrong key: {KEY}"}}}}'
    with pytest.raises(LLMError) as caught:
        list(model(chat_server.url).stream(ASK))
    assert KEY not in str(caught.value)
    assert "wrong key" in str(caught.value)


def test_a_dead_port_is_an_error_with_a_remedy(dead_url: str) -> None:
    with pytest.raises(LLMError, match="cannot be reached") as caught:
        list(model(dead_url).stream(ASK))
    assert dead_url in str(caught.value)
    assert "llm_base_url" in caught.value.remedy


def test_a_host_that_does_not_exist_is_an_error_with_a_remedy() -> None:
    with pytest.raises(LLMError, match=r"nowhere\.invalid"):
        list(model("http://nowhere.invalid/v1").stream(ASK))


def test_a_server_that_does_not_go_on_writing_is_given_up(chat_server) -> None:
    chat_server.go_on.clear()
    stream = model(chat_server.url, llm_timeout=0.5).stream(ASK)
    assert next(stream) == "A"
    with pytest.raises(LLMError, match=r"within 0\.5 s") as caught:
        next(stream)
    assert "llm_timeout" in caught.value.remedy


def test_an_answer_that_breaks_off_is_an_error(chat_server) -> None:
    chat_server.cut = True
    stream = model(chat_server.url).stream(ASK)
    assert [next(stream), next(stream)] == ["A", "B"]
    with pytest.raises(LLMError, match="broke off"):
        next(stream)


def test_an_answer_without_text_is_an_error_not_a_refusal(chat_server) -> None:
    chat_server.pieces = []
    with pytest.raises(LLMError, match="wrote nothing"):
        list(model(chat_server.url).stream(ASK))


def test_a_web_page_instead_of_an_answer_is_an_error(chat_server) -> None:
    chat_server.body = "<html><body>Welcome</body></html>"
    with pytest.raises(LLMError) as caught:
        list(model(chat_server.url).stream(ASK))
    assert "llm_base_url" in caught.value.remedy


def test_what_stays_on_this_machine_does_not_go_through_a_proxy(
    chat_server, dead_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, dead_url.removesuffix("/v1"))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert "".join(model(chat_server.url).stream(ASK)) == "AB"


def test_a_model_can_be_asked_from_several_threads(chat_server) -> None:
    from concurrent.futures import ThreadPoolExecutor

    opened = model(chat_server.url)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: "".join(opened.stream(ASK)), range(8)))
    assert answers == ["AB"] * 8


def test_none_is_no_model() -> None:
    assert open_llm(Settings(llm="none")) is None
    assert open_llm(Settings(llm="none", llm_base_url="https://api.example.com/v1")) is None


def test_a_missing_model_names_the_command_that_fetches_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        open_llm(Settings(llm="default", models_dir=tmp_path))
    assert str(tmp_path) in caught.value.message
    assert "report-qa models pull llm" in caught.value.remedy


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"not a model")
    with pytest.raises(ModelError, match="not a GGUF"):
        open_llm(Settings(llm=str(file)))


def test_a_remote_endpoint_is_logged_and_a_local_one_is_not(chat_server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        model(chat_server.url)
    assert caplog.records == []
    with caplog.at_level(logging.WARNING):
        model("https://api.example.com/v1")
    assert "report text is sent" in caplog.text
    assert "api.example.com" in caplog.text
    assert KEY not in caplog.text
