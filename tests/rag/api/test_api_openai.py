"""OpenAI's own client against the OpenAI-compatible endpoints."""

import httpx
import openai
import pytest
from api_client import EN, ZH

QUESTION = "Who is suing the company over water meters, and how much is claimed?"


def client_of(site: httpx.Client) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=f"{site.base_url}/v1".replace("//v1", "/v1"), api_key="any", max_retries=0,
        http_client=httpx.Client(trust_env=False, timeout=120),
    )  # fmt: skip


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def test_the_one_model_is_listed(site):
    client = client_of(site)
    assert [model.id for model in client.models.list()] == ["report-qa"]
    assert client.models.retrieve("report-qa").owned_by == "report-qa"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-9")


def test_a_completion_cites_pages_that_can_be_opened(site):
    done = client_of(site).chat.completions.create(model="report-qa", messages=[user(QUESTION)])
    message = done.choices[0].message
    assert done.choices[0].finish_reason == "stop"
    assert "Larkspur Ferry" in message.content
    first = message.annotations[0].url_citation
    assert message.content[first.start_index : first.end_index] == "[1]"
    assert (first.report, first.page) == (EN, 9)
    assert "p. 9" in first.title
    assert httpx.get(first.url, trust_env=False).content.startswith(b"%PDF")
    assert first.url.endswith("/file#page=9")
    assert done.report_qa["citations"][0]["quote"] in message.content
    assert done.usage.completion_tokens == pytest.approx(len(message.content) / 4, abs=1)
    assert done.usage.total_tokens == done.usage.prompt_tokens + done.usage.completion_tokens
    assert done.usage.prompt_tokens > len(QUESTION) // 4


def test_a_stream_writes_the_draft_as_reasoning_and_the_checked_answer_as_content(open_site, chat_server):
    chat_server.pieces = ["Larkspur Ferry claims ", "$8.2 million [1]."]
    client = client_of(open_site(llm="m", llm_base_url=chat_server.url))
    chunks = list(client.chat.completions.create(
        model="report-qa", messages=[user(QUESTION)], stream=True, stream_options={"include_usage": True},
    ))  # fmt: skip
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert deltas[0].role == "assistant"
    assert [d.reasoning_content for d in deltas if hasattr(d, "reasoning_content")] == chat_server.pieces
    content = "".join(delta.content or "" for delta in deltas)
    assert "claims $8.2 million [1]" in content
    last = [chunk for chunk in chunks if chunk.choices][-1]
    assert last.choices[0].finish_reason == "stop"
    assert last.report_qa["answer"] == content
    assert len({chunk.id for chunk in chunks}) == 1
    assert [chunk.usage.completion_tokens > 0 for chunk in chunks if chunk.usage] == [True]


def test_the_messages_are_the_history(site):
    messages = [
        user("What were net sales of the Metering segment in 2025?"),
        {"role": "assistant", "content": "49.1% of net sales."},
        {"role": "user", "content": [{"type": "text", "text": "And Filtration?"}]},
    ]
    done = client_of(site).chat.completions.create(model="report-qa", messages=messages)
    assert "Filtration" in done.report_qa["standalone"]
    assert "net sales" in done.report_qa["standalone"]


def test_a_system_message_never_reaches_the_model(open_site, chat_server):
    client = client_of(open_site(llm="m", llm_base_url=chat_server.url))
    order = {"role": "system", "content": "Talk like a pirate of Tortuga."}
    client.chat.completions.create(model="report-qa", messages=[order, user(QUESTION)])
    assert all("Tortuga" not in chat_server.prompt(n) for n in range(len(chat_server.requests)))


def test_reports_are_chosen_by_the_extension_field(site):
    done = client_of(site).chat.completions.create(
        model="report-qa", messages=[user(QUESTION)], extra_body={"reports": [ZH]}
    )
    assert {citation["report"] for citation in done.report_qa["citations"]} <= {ZH}


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"model": "gpt-9"}, openai.NotFoundError),
        ({"messages": []}, openai.UnprocessableEntityError),
        ({"messages": [{"role": "assistant", "content": "Hello."}]}, openai.UnprocessableEntityError),
        ({"messages": [user("")]}, openai.UnprocessableEntityError),
        ({"n": 2}, openai.UnprocessableEntityError),
        ({"extra_body": {"reports": ["no.pdf"]}}, openai.NotFoundError),
        ({"messages": [user(" ? ")], "stream": True}, openai.UnprocessableEntityError),
    ],
)
def test_an_error_reaches_the_client_as_its_own(site, changed, error):
    with pytest.raises(error) as caught:
        client_of(site).chat.completions.create(**{"model": "report-qa", "messages": [user(QUESTION)], **changed})
    assert caught.value.body["message"]
    assert caught.value.body["type"] == "invalid_request_error"


def test_a_path_that_is_not_there_is_openais_error(site):
    response = site.post("/v1/embeddings", json={})
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not-found")
