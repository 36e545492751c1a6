"""Questions, searches and judgements over HTTP."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from api_client import EN, PROBLEM, STREAM, ZH, events, eventually, read

from rag.feedback import FILE, FeedbackStore

QUESTION = "Who is suing the company over water meters, and how much is claimed?"


def test_an_answer_has_the_form_of_the_command_lines_json(site):
    answer = site.post("/api/ask", json={"question": QUESTION}).json()
    assert set(answer) >= {
        "answer",
        "language",
        "found",
        "citations",
        "unsupported",
        "conflicts",
        "timings_ms",
        "model",
    }
    assert "Larkspur Ferry" in answer["answer"]
    assert (answer["citations"][0]["report"], answer["citations"][0]["page"]) == (EN, 9)


def test_a_stream_gives_the_evidence_first_and_ends_with_the_answer(site):
    told = events(site, "/api/ask", json={"question": QUESTION})
    assert [name for name, _ in told] == ["evidence", "answer"]
    assert any("Larkspur Ferry" in item["text"] for item in told[0][1]["evidence"])
    assert told[-1][1]["citations"][0]["page"] == 9


def test_the_field_stream_asks_for_a_stream_too(site):
    response = site.post("/api/ask", json={"question": QUESTION, "stream": True})
    assert [name for name, _ in read(response)][-1] == "answer"


def test_a_model_is_streamed_and_its_checked_text_is_the_answer(open_site, chat_server):
    chat_server.pieces = ["Larkspur Ferry claims ", "$8.2 million [1]."]
    client = open_site(llm="m", llm_base_url=chat_server.url)
    told = events(client, "/api/ask", json={"question": QUESTION})
    assert [data["text"] for name, data in told if name == "delta"] == chat_server.pieces
    assert told[-1][0] == "answer"
    assert "$8.2 million [1]" in told[-1][1]["answer"]


def test_history_makes_a_follow_up_stand_alone(site):
    turn = {"question": "What were net sales of the Metering segment in 2025?", "answer": "49.1% of net sales."}
    answer = site.post("/api/ask", json={"question": "And Filtration?", "history": [turn]}).json()
    assert "Filtration" in answer["standalone"]
    assert "net sales" in answer["standalone"]


def test_only_the_reports_named_are_asked(site):
    answer = site.post("/api/ask", json={"question": QUESTION, "reports": [ZH]}).json()
    assert {citation["report"] for citation in answer["citations"]} <= {ZH}
    answer = site.post("/api/ask", json={"question": QUESTION, "filter": {"language": "zh"}}).json()
    assert {citation["report"] for citation in answer["citations"]} <= {ZH}


@pytest.mark.parametrize(
    ("body", "status", "kind", "said"),
    [
        ({"question": " "}, 422, "question", "empty"),
        ({"question": "x" * 2001}, 422, "question", "2,000"),
        ({"question": "Sales?", "reports": ["no.pdf"]}, 404, "not-found", "no.pdf"),
        ({"question": "Sales?", "filter": {"company": "Nobody"}}, 422, "question", "Nobody"),
        ({"question": "Sales?", "filter": {"since": "soon"}}, 422, "question", "soon"),
        ({"question": "Sales?", "reprots": []}, 422, "invalid-request", "reprots"),
        ({"question": 7}, 422, "invalid-request", "question"),
        ({}, 422, "invalid-request", "question"),
    ],
)
@pytest.mark.parametrize("headers", [{}, STREAM])
def test_what_cannot_be_asked_is_a_problem_with_a_remedy(site, body, status, kind, said, headers):
    response = site.post("/api/ask", json=body, headers=headers)
    problem = response.json()
    assert (response.status_code, problem["status"], problem["type"]) == (status, status, f"urn:report-qa:{kind}")
    assert response.headers["content-type"] == PROBLEM
    assert said in problem["detail"]
    assert problem["title"]
    assert problem["remedy"]
    assert str(site.base_url.path) not in problem["detail"] or "store" not in problem["detail"]


def test_what_is_no_json_is_said_so(site):
    broken = site.post("/api/ask", content=b'{"question": "x', headers={"content-type": "application/json"})
    assert (broken.status_code, broken.json()["errors"][0]["field"]) == (422, "body")
    assert "JSON" in broken.json()["detail"]
    form = site.post("/api/ask", data={"question": "x"})
    assert form.status_code == 422
    assert "application/json" in form.json()["remedy"]


def test_a_request_that_is_too_large_is_refused(site):
    long = site.post("/api/ask", json={"question": "x" * 5_000_000})
    assert (long.status_code, long.headers["content-type"]) == (413, PROBLEM)

    def unannounced():
        for _ in range(80):
            yield b" " * 65_536

    chunked = site.post("/api/ask", content=unannounced(), headers={"content-type": "application/json"})
    assert (chunked.status_code, chunked.headers["content-type"]) == (413, PROBLEM)


def test_a_dead_model_still_gives_the_evidence(open_site, dead_url):
    answer = open_site(llm="m", llm_base_url=dead_url).post("/api/ask", json={"question": QUESTION}).json()
    assert dead_url in answer["notice"]
    assert "Larkspur Ferry" in answer["answer"]


def test_twenty_ask_at_once_and_none_fails(open_site, chat_server):
    chat_server.pieces = ["Larkspur Ferry claims $8.2 million [1]."]
    client = open_site(llm="m", llm_base_url=chat_server.url, llm_answers=1)

    def ask(number: int) -> list[tuple[str, Any]]:
        return events(client, "/api/ask", json={"question": QUESTION})

    with ThreadPoolExecutor(20) as pool:
        told = list(pool.map(ask, range(20)))
    for one in told:
        names = [name for name, _ in one]
        assert names[0] == "evidence"  # nobody waits for it
        assert names[-1] == "answer"
        assert "8.2 million" in one[-1][1]["answer"]


def test_who_waits_is_told_the_place(open_site, chat_server):
    chat_server.pieces = ["Larkspur Ferry ", "claims $8.2 million [1]."]
    chat_server.go_on.clear()
    client = open_site(llm="m", llm_base_url=chat_server.url, llm_answers=1)
    with client.stream("POST", "/api/ask", headers=STREAM, json={"question": QUESTION}) as first:
        started = read(first)
        assert next(name for name, _ in started if name != "evidence") == "delta"
        with client.stream("POST", "/api/ask", headers=STREAM, json={"question": QUESTION}) as second:
            waiting = read(second)
            assert next(data["place"] for name, data in waiting if name == "waiting") == 1
            chat_server.go_on.set()
            assert [name for name, _ in started][-1] == "answer"
            assert [name for name, _ in waiting][-1] == "answer"


@pytest.mark.parametrize("headers", [STREAM, {}])
def test_the_model_stops_for_a_client_that_hangs_up(open_site, chat_server, headers):
    chat_server.pieces = ["Larkspur Ferry ", *["claims "] * 100_000]
    chat_server.go_on.clear()
    client = open_site(llm="m", llm_base_url=chat_server.url)
    hung_up = threading.Event()

    def ask() -> None:
        try:
            with client.stream("POST", "/api/ask", headers=headers, json={"question": QUESTION}, timeout=2) as response:
                for name, _ in read(response):
                    if name == "delta":
                        return
        except httpx.ReadTimeout:
            pass
        finally:
            hung_up.set()

    asking = threading.Thread(target=ask)
    asking.start()
    assert hung_up.wait(60)
    asking.join()
    eventually(lambda: len(chat_server.requests) > 0)
    chat_server.go_on.set()
    eventually(lambda: chat_server.left > 0)  # the connection to the model was closed before it had written all


def test_a_search_ranks_passages(site):
    hits = site.get("/api/search", params={"q": "water meters suit", "k": 3}).json()
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert set(hits[0]) == {"rank", "report", "page", "section", "score", "text"}
    assert hits[0]["score"] >= hits[1]["score"] >= hits[2]["score"]
    only = site.get("/api/search", params={"q": "water meters", "report": [ZH]}).json()
    assert {hit["report"] for hit in only} == {ZH}


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 422), ("?q=", 422), ("?q=x&k=0", 422), ("?q=x&page=3", 422), ("?q=x&report=no.pdf", 404)],
)
def test_a_search_that_makes_no_sense_is_a_problem(site, query, status):
    response = site.get(f"/api/search{query}")
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM)


def test_a_judgement_is_kept_with_question_answer_and_pages(site, library):
    answer = site.post("/api/ask", json={"question": QUESTION}).json()
    given = {
        "question": QUESTION,
        "answer": answer,
        "good": False,
        "correction": "8.2 million dollars",
        "reports": [EN],
    }
    response = site.post("/api/feedback", json=given)
    assert response.status_code == 201
    store = FeedbackStore(library.settings.store / FILE)
    kept = next(one for one in store.all() if one.id == response.json()["id"])
    store.close()
    assert (kept.source, kept.user, kept.good, kept.correction) == ("api", "", False, "8.2 million dollars")
    assert (kept.question, kept.reports, kept.citations[0].page) == (QUESTION, (EN,), 9)
    assert site.post("/api/feedback", json={**given, "answer": "yes"}).status_code == 422
    assert site.post("/api/feedback", json={**given, "reports": ["no.pdf"]}).status_code == 404
