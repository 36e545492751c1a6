"""Events from Slack, each answered once: over a real socket and real HTTP, by real slack-bolt and slack_sdk."""

import json
import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from model_server import ModelServer
from stand_in import (
    APP_TOKEN,
    BOT_TOKEN,
    CHANNEL,
    DIRECT,
    ME,
    SECRET,
    TEAM,
    event,
    mention,
    post,
    sign,
    stamp,
    ts_of,
    wait_for,
)

from rag.bots.book import Book
from rag.slack.incoming import of_event

QUESTION = "2026年1到2月我国逆变器出口额多少？"


@pytest.fixture
def model():
    server = ModelServer(["逆变器出口额", "为86.2亿元[1]。"])
    server.go_on.clear()
    yield server
    server.close()


def test_a_mention_is_answered_in_its_thread_with_sources(slack, start) -> None:
    start()
    body = mention(QUESTION)
    slack.acked(slack.send(body))
    answer = wait_for(lambda: slack.finished(ts_of(body)), "the answer")[0]
    assert "86.2" in json.dumps(answer["blocks"], ensure_ascii=False)
    assert "86.2" in answer["text"]
    assert "zh_storage_weekly.pdf" in answer["text"]
    assert answer["channel"] == CHANNEL
    assert len(slack.posted()) == 1  # progress and answer are one message


def test_a_retry_and_the_message_event_of_a_mention_are_answered_once_even_after_a_restart(slack, start) -> None:
    first = start()
    body = mention(QUESTION)
    twin = event("message", body["event"]["text"], ts=ts_of(body))
    for told, more in ((body, {}), (body, {"retry_attempt": 1, "retry_reason": "timeout"}), (twin, {})):
        slack.acked(slack.send(told, **more))
    wait_for(lambda: slack.finished(ts_of(body)), "the answer")
    first.close()
    second = start()
    for told in (body, twin):
        slack.acked(slack.send(told))
    after = mention("Hello?")  # what comes after them is answered, so they have been seen
    slack.acked(slack.send(after))
    wait_for(lambda: slack.finished(ts_of(after)), "the later answer")
    second.close()
    assert len(slack.thread(ts_of(body))) == 1


def test_what_a_process_took_and_did_not_answer_is_answered_by_the_next(slack, start, store) -> None:
    body = mention(QUESTION)
    incoming = of_event(body, ME)
    assert incoming is not None
    ended = Book(store)
    assert ended.claim(incoming)
    slack.messages["1.1"] = {"channel": CHANNEL, "thread_ts": ts_of(body), "ts": "1.1", "text": "Looking"}
    ended.set_reply(incoming, "1.1")  # it had begun
    ended.close()
    start()
    wait_for(lambda: slack.finished(ts_of(body)), "the answer")
    slack.acked(slack.send(body))  # Slack's own retry comes late
    assert [message["ts"] for message in slack.thread(ts_of(body))] == ["1.1"]


def test_what_a_living_process_has_taken_is_left_to_it(slack, start, store) -> None:
    body = mention(QUESTION)
    alive = Book(store)
    assert alive.claim(of_event(body, ME))
    start()
    slack.acked(slack.send(body))
    after = mention("Hello?")
    slack.send(after)
    wait_for(lambda: slack.finished(ts_of(after)), "the later answer")
    assert slack.thread(ts_of(body)) == []
    alive.close()


def test_http_events_need_a_fresh_signature(slack, start) -> None:
    bot = start("http")
    body = mention(QUESTION)
    data = json.dumps(body).encode()
    for wrong in (
        slack.signed(body, secret="another"),  # noqa: S106
        slack.signed(body, age=310),
        slack.signed(body, age=-900),
        {"content": data, "headers": {"content-type": "application/json"}},
        {**slack.signed(body), "content": data.replace(b"UANN", b"UBOB")},
        {"content": data, "headers": {**sign(data)["headers"], "x-slack-request-timestamp": "soon"}},
        sign(b"\xff\xfe"),
    ):
        assert post(bot.port, wrong).status_code == 401
    for _ in range(2):
        assert post(bot.port, slack.signed(body)).status_code == 200
    wait_for(lambda: slack.finished(ts_of(body)), "the answer")
    assert len(slack.posted()) == 1


def test_slack_is_answered_while_the_model_still_writes(slack, start, model) -> None:
    start(llm="m", llm_base_url=model.url)
    body = mention("请介绍2026年1到2月我国逆变器出口的情况")
    slack.acked(slack.send(body))
    wait_for(lambda: model.asked, "the question")
    other = mention("Hello?")
    slack.acked(slack.send(other))  # neither does the next event wait
    assert slack.finished(ts_of(body)) == []
    model.go_on.set()
    answer = wait_for(lambda: slack.finished(ts_of(body)), "the answer")[0]
    assert "86.2" in answer["text"]


def test_messages_of_bots_and_changes_of_messages_are_not_answered(slack, start) -> None:
    start()
    ignored = [
        event("message", f"<@{ME}> {QUESTION}", bot_id="BOTHER"),
        event("message", f"<@{ME}> {QUESTION}", user=ME),
        event("message", QUESTION, channel=DIRECT, user=ME, bot_id="BBOT"),
        event("message", QUESTION, channel=DIRECT, subtype="bot_message"),
        event("message", QUESTION, channel=DIRECT, subtype="message_changed"),
        event("message", QUESTION),  # to nobody, in a thread of its own
        event("message", QUESTION, thread=stamp()),  # in a thread of others
    ]
    for body in ignored:
        slack.acked(slack.send(body))
    after = event("message", "Hello?", channel=DIRECT)
    slack.acked(slack.send(after))
    wait_for(lambda: slack.finished(ts_of(after)), "the answer")
    assert len(slack.posted()) == 1


def test_follow_ups_in_a_joined_thread_need_no_mention_and_are_understood_by_what_was_said(slack, start) -> None:
    bot = start()
    body = mention("2026年1到2月我国逆变器出口额多少？")
    slack.acked(slack.send(body))
    wait_for(lambda: slack.finished(ts_of(body)), "the answer")
    slack.acked(slack.send(event("message", "<@UBOB> 你怎么看？", thread=ts_of(body))))  # people talk to each other
    slack.acked(slack.send(event("message", "同比增速呢？", thread=ts_of(body))))
    second = wait_for(lambda: slack.finished(ts_of(body))[1:], "the second answer")[0]
    assert "21.5%" in second["text"]
    assert len(slack.thread(ts_of(body))) == 2
    incoming = of_event(event("message", "x", thread=ts_of(body)), ME)
    assert [turn.question for turn in bot.bot.book.history(incoming)] == [QUESTION, "同比增速呢？"]
    assert bot.bot.book.history(of_event(event("message", "x", thread=ts_of(body), channel="C2"), ME)) == []


def test_a_socket_that_is_dropped_is_opened_again(slack, start) -> None:
    start()
    first = wait_for(lambda: slack.sockets, "the socket")[0]
    first.socket.close()  # without a word
    wait_for(lambda: len(slack.sockets) > 1, "the second socket")
    slack.sockets[-1].close()  # with a word
    wait_for(lambda: len(slack.sockets) > 2, "the third socket")
    body = mention(QUESTION)
    slack.acked(slack.send(body))
    wait_for(lambda: slack.finished(ts_of(body)), "the answer")


def test_of_200_events_in_a_burst_none_is_lost_and_none_answered_twice(slack, start) -> None:
    bot = start("http", slack_workers=4)
    bodies = [mention("Hello?", user=f"U{number}", channel=f"C{number % 7}") for number in range(200)]
    with ThreadPoolExecutor(8) as pool:  # each is delivered twice
        codes = list(pool.map(lambda body: post(bot.port, slack.signed(body)).status_code, bodies + bodies))
    assert set(codes) == {200}
    wait_for(lambda: sum(len(slack.finished(ts_of(body))) for body in bodies) >= 200, "all answers", 240)
    bot.close()
    replies = Counter(message["thread_ts"] for message in slack.posted())
    assert replies == {ts_of(body): 1 for body in bodies}


def test_nothing_that_is_secret_is_logged(slack, start, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    with caplog.at_level(logging.DEBUG, "slack_bolt"), caplog.at_level(logging.DEBUG, "slack_sdk"):
        bot = start("http", log_level="debug")
        post(bot.port, slack.signed(mention("x"), secret="another"))  # noqa: S106
        slack.reply_once("chat.postMessage", 200, {}, {"ok": False, "error": "invalid_auth"})
        body = mention(QUESTION)
        post(bot.port, slack.signed(body))
        wait_for(lambda: "error " in caplog.text, "the logged error")
        bot.close()
        start("socket")
        wait_for(lambda: slack.sockets, "the socket")[-1].socket.close()
        wait_for(lambda: len(slack.sockets) > 1, "the second socket")
    logged = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("websockets.server"))
    assert "error " in logged
    for secret in (BOT_TOKEN, APP_TOKEN, SECRET, "legacy-do-not-log", "secret-ticket"):  # the stand-in logs the last
        assert secret not in logged


def test_what_a_user_writes_is_read_without_slacks_marks() -> None:
    text = f"<@{ME}>  growth of <https://a.example/x|Umbra &amp; Co> in <#C1|general> &lt;5%? <!here>"
    incoming = of_event(event("app_mention", text), ME)
    assert incoming is not None
    assert incoming.text == "growth of Umbra & Co in #general <5%?"
    assert incoming.team == TEAM
