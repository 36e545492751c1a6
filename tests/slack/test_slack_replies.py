"""What the bot says in Slack: long answers, Slack's refusals and rate limits, files, rules."""

import json
import shutil
from pathlib import Path

import pytest
from model_server import ModelServer
from stand_in import (
    BOT_TOKEN,
    CHANNEL,
    DIRECT,
    ME,
    TEAM,
    event,
    mention,
    post,
    stamp,
    ts_of,
    wait_for,
)

from rag.bots.service import Answered, Place
from rag.types import Answer, Citation, Timings

QUESTION = "2026年1到2月我国逆变器出口额多少？"
SAMPLES = Path(__file__).parents[2] / "eval" / "data"


def answer(text: str, sources: int = 1) -> Answered:
    cited = tuple(
        Citation(n=n, report="weekly.pdf", title="周报", page=n, section="储能", quote=f"第{n}处原文。" * 9, score=1)
        for n in range(1, sources + 1)
    )
    timings = Timings(retrieve=1, first_token=2, total=3)
    made = Answer(answer=text, language="zh", found=True, citations=cited, timings_ms=timings, model="m", embedder="e")
    return Answered(id="a1", question="？", answer=made)


def place(reply: str = "") -> Place:
    return Place(team=TEAM, channel=CHANNEL, thread="5.5", user="UANN", message="5.5", reply=reply)


def within_limits(message: dict) -> bool:
    blocks = message["blocks"]
    texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    return len(blocks) <= 50 and len(message["text"]) <= 4000 and all(len(text) <= 3000 for text in texts)


@pytest.mark.parametrize(("sentences", "sources"), [(500, 1), (3, 60), (500, 60)])
def test_a_long_answer_with_many_sources_comes_whole_and_within_slacks_limits(slack, start, sentences, sources) -> None:
    bot = start("http")
    text = "".join(f"第{n:04d}句：储能装机规模继续增长，价格下降[1]。" for n in range(sentences))
    assert sentences < 500 or len(text) >= 10_000
    reply = bot.adapter.progress(place(), "…")
    bot.adapter.finish(place(reply), answer(text, sources))
    messages = slack.thread("5.5")
    assert messages[0]["ts"] == reply
    assert all(within_limits(message) for message in messages)
    shown = json.dumps([message["blocks"] for message in messages], ensure_ascii=False)
    places = [shown.find(f"第{n:04d}句") for n in range(sentences)]
    assert -1 not in places
    assert places == sorted(places)
    assert all(f"a1:{n}" in shown for n in range(1, sources + 1))


def test_blocks_that_slack_refuses_become_plain_text(slack, start) -> None:
    bot = start("http")
    slack.reject_blocks = True
    body = mention(QUESTION)
    post(bot.port, slack.signed(body))
    shown = wait_for(lambda: [m for m in slack.thread(ts_of(body)) if "86.2" in m["text"]], "the plain answer")
    assert len(slack.thread(ts_of(body))) == 1
    assert not shown[0].get("blocks")
    assert "zh_storage_weekly.pdf" in shown[0]["text"]


def test_a_rate_limit_is_waited_for_and_nothing_is_posted_twice(slack, start) -> None:
    bot = start("http")
    limited = (429, {"retry-after": "1"}, {"ok": False, "error": "ratelimited"})
    for method in ("chat.postMessage", "chat.update"):
        slack.reply_once(method, *limited)
    body = mention(QUESTION)
    post(bot.port, slack.signed(body))
    wait_for(lambda: slack.finished(ts_of(body)), "the answer")
    for method in ("chat.postMessage", "chat.update"):
        first, second = [at for name, at in slack.times if name == method][:2]
        assert second - first >= 1  # what Slack asked for
    assert len(slack.thread(ts_of(body))) == 1


def test_while_slack_limits_edits_steps_are_left_out_and_the_end_waits(slack, start) -> None:
    bot = start("http")
    reply = bot.adapter.progress(place(), "…")
    slack.reply_once("chat.update", 429, {"retry-after": "3"}, {"ok": False, "error": "ratelimited"})
    for step in range(3):
        bot.adapter.update(place(reply), f"step {step}")
    bot.adapter.say(place(reply), "the end")  # must arrive
    assert slack.thread("5.5")[0]["text"] == "the end"
    assert len(slack.of("chat.update")) == 2
    first, second = [at for name, at in slack.times if name == "chat.update"]
    assert second - first >= 3  # what Slack asked for


def test_text_appears_while_the_model_writes(slack, start, monkeypatch) -> None:
    server = ModelServer(["出口额", "为86.2亿元", "[1]。"])
    server.go_on.clear()
    bot = start("http", llm="m", llm_base_url=server.url)
    monkeypatch.setattr(type(bot.adapter), "step_seconds", 0.0)
    monkeypatch.setattr("rag.slack.adapter.EDIT_SECONDS", 0.0)  # of all messages together
    body = mention("请介绍2026年1到2月我国逆变器出口的情况")
    post(bot.port, slack.signed(body))
    wait_for(lambda: any("出口额" in edit["text"] for edit in slack.of("chat.update")) or None, "the first words")
    assert slack.finished(ts_of(body)) == []
    server.go_on.set()
    wait_for(lambda: slack.finished(ts_of(body)), "the answer")
    server.close()


def test_who_waits_for_the_model_is_told_how_many_are_before_them(slack, start, monkeypatch) -> None:
    server = ModelServer(["出口额", "为86.2亿元[1]。"])
    server.go_on.clear()
    bot = start("http", llm="m", llm_base_url=server.url, llm_answers=1)
    monkeypatch.setattr("rag.slack.adapter.EDIT_SECONDS", 0.0)
    bodies = [mention("请介绍2026年1到2月我国逆变器出口的情况", user=f"U{n}") for n in range(3)]
    post(bot.port, slack.signed(bodies[0]))
    wait_for(lambda: server.asked, "the first question")
    for body, place in zip(bodies[1:], ("前面有 1 个问题", "前面还有 2 个问题"), strict=True):
        post(bot.port, slack.signed(body))
        wait_for(lambda body=body, place=place: place in "".join(cards(slack, body)), "the place")
    server.go_on.set()
    wait_for(lambda: all(slack.finished(ts_of(body)) for body in bodies), "the answers")
    server.close()


def dropped(slack, name: str, data: bytes, path: str = "", **more) -> dict:
    """A message that brings a file which Slack's host hands out."""
    path = path or f"/files/{name}"
    slack.files[path] = (200, "application/octet-stream", data)
    file = {"id": f"F{stamp()[-6:]}", "name": name, "size": len(data), "url_private_download": slack.url + path}
    return event("message", more.pop("text", ""), channel=DIRECT, subtype="file_share", files=[{**file, **more}])


def cards(slack, body: dict) -> list[str]:
    return [message["text"] for message in slack.thread(ts_of(body))]


def test_a_file_is_read_with_a_card_then_asked_and_the_same_file_again_is_told(slack, start) -> None:
    bot = start("http")
    data = b"# Kelp harvest 2025\n\nThe kelp harvest was 412 tonnes in 2025, 9% more than in 2024.\n"
    body = dropped(slack, "kelp.md", data, text="How large was the kelp harvest in 2025?")
    post(bot.port, slack.signed(body))
    wait_for(lambda: slack.finished(ts_of(body)), "the answer")
    card, answered = slack.thread(ts_of(body))
    assert "kelp.md" in card["text"]
    assert "added" in card["text"].lower()
    assert "412 tonnes" in answered["text"]
    assert slack.file_requests == [("/files/kelp.md", f"Bearer {BOT_TOKEN}")]
    again = dropped(slack, "again.md", data)
    post(bot.port, slack.signed(again))
    wait_for(lambda: "Already there" in "".join(cards(slack, again)), "the card of the second")
    assert len(bot.bot.qa.reports()) == 3
    follow_up = event("message", "And how much more than in 2024?", channel=DIRECT, thread=ts_of(body))
    post(bot.port, slack.signed(follow_up))
    second = wait_for(lambda: slack.finished(ts_of(body))[1:], "the follow-up's answer")[0]
    assert "9%" in second["text"]


def test_a_file_that_a_mention_event_left_out_is_read_when_the_message_event_brings_it(slack, start) -> None:
    bot = start("http")
    body = mention(QUESTION)
    post(bot.port, slack.signed(body))
    wait_for(lambda: slack.finished(ts_of(body)), "the answer")
    twin = dropped(slack, "later.md", b"# Later\n\nThe later report says that output was 7 tonnes.\n")
    twin["event"] |= {"ts": ts_of(body), "channel": CHANNEL, "channel_type": "channel", "text": body["event"]["text"]}
    for _ in range(2):
        post(bot.port, slack.signed(twin))
    wait_for(lambda: "later.md" in "".join(cards(slack, body)), "the card")
    bot.close()
    assert len(slack.thread(ts_of(body))) == 2


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("photo.png", {}, "not a kind of report"),
        ("broken.pdf", {}, "broken.pdf"),
        ("empty.txt", {"data": b" "}, "empty"),
        ("big.pdf", {"size": 10**12}, "limit is"),
        ("huge.pdf", {"data": b"%PDF" + b"0" * 1_100_000, "size": 0}, "limit"),
        ("away.pdf", {"url_private_download": "https://evil.example/away.pdf"}, "evil.example"),
        ("there.pdf", {"url_private_download": "http://files.slack.com.evil.example/there.pdf"}, "evil.example"),
        ("inside.pdf", {"url_private_download": "http://[::1/x"}, "no host"),
        ("gone.pdf", {"status": 404}, "status 404"),
        ("moved.pdf", {"status": 302}, "status 302"),
        ("login.pdf", {"kind": "text/html; charset=utf-8"}, "files:read"),
        ("../../secret.txt", {"data": b"x", "status": 403}, "secret.txt"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered(slack, start, name: str, more: dict, said: str) -> None:
    bot = start("http", max_file_mb=1)
    data, status, kind = more.pop("data", b"no report"), more.pop("status", 200), more.pop("kind", "")
    body = dropped(slack, name, data, "/files/x", **more)
    slack.files["/files/x"] = (status, kind or "application/pdf", b"/elsewhere" if status == 302 else data)
    post(bot.port, slack.signed(body))
    wait_for(lambda: said in "".join(cards(slack, body)), f"a reply that says {said}")
    assert len(cards(slack, body)) == 1
    assert "/elsewhere" not in [path for path, _ in slack.file_requests]
    assert len(bot.bot.qa.reports()) == 2


def test_a_file_takes_no_other_channels_report_away(slack, start) -> None:
    bot = start("http", slack_reports={"direct": ("zh_*",)})
    body = dropped(slack, "en_annual_report.pdf", (SAMPLES / "zh_storage_weekly.pdf").read_bytes() + b"\n")
    post(bot.port, slack.signed(body))
    wait_for(lambda: "Read and added" in "".join(cards(slack, body)), "the card")
    names = {entry.name for entry in bot.bot.qa.reports()}
    assert "en_annual_report.pdf" in names
    assert len(names) == 3


def test_files_are_read_only_where_they_may_be_sent(slack, start) -> None:
    bot = start("http", slack_upload_channels=CHANNEL)
    data = b"# Kelp harvest\n\nThe harvest was 412 tonnes.\n"
    privately, openly = dropped(slack, "own.md", data), dropped(slack, "ours.md", data)
    openly["event"] |= {"channel": CHANNEL, "channel_type": "channel", "text": f"<@{ME}>"}
    for body, said in ((privately, "not switched on"), (openly, "Read and added")):
        post(bot.port, slack.signed(body))
        wait_for(lambda body=body, said=said: said in "".join(cards(slack, body)), said)
    assert [entry.name for entry in bot.bot.qa.reports() if entry.name.endswith(".md")] == ["ours.md"]


def test_only_listed_channels_are_answered_and_only_from_their_reports(slack, start) -> None:
    bot = start("http", slack_channels="C1,C2", slack_reports={"C2": ("en_*.pdf",)})
    refused = mention(QUESTION, channel="C3")
    post(bot.port, slack.signed(refused))
    said = wait_for(lambda: slack.thread(ts_of(refused)), "the refusal")
    assert "没有启用" in said[0]["text"]
    post(bot.port, slack.signed(event("message", QUESTION, channel=DIRECT)))
    inside, outside = mention(QUESTION, channel="C1"), mention(QUESTION, channel="C2")
    for body in (inside, outside):
        post(bot.port, slack.signed(body))
        wait_for(lambda body=body: slack.finished(ts_of(body)), "the answer")
    assert "86.2" in slack.finished(ts_of(inside))[0]["text"]
    assert "zh_storage_weekly.pdf" not in json.dumps(slack.finished(ts_of(outside)))


def test_a_user_who_asks_too_fast_is_told_once_and_others_are_answered(slack, start) -> None:
    bot = start("http", slack_per_minute=2)
    bodies = [mention(QUESTION) for _ in range(5)]
    other = mention(QUESTION, user="UBOB")
    for body in (*bodies, other):
        post(bot.port, slack.signed(body))
    wait_for(lambda: all(slack.finished(ts_of(body)) for body in (*bodies[:2], other)), "the answers")
    bot.close()
    late = [slack.thread(ts_of(body)) for body in bodies[2:]]
    assert [len(messages) for messages in late] == [1, 0, 0]
    assert "2" in late[0][0]["text"]


def test_what_breaks_is_a_short_message_with_the_id_of_the_log(slack, start, store, caplog) -> None:
    bot = start("http")
    shutil.rmtree(store / "chroma")
    bot.bot.qa.library._opening.stores.vectors.close()
    body = mention(QUESTION)
    post(bot.port, slack.signed(body))
    said = wait_for(lambda: [m for m in slack.thread(ts_of(body)) if "编号" in m["text"]], "the error")[0]["text"]
    number = said.split("编号 ")[1].split("）")[0]
    assert f"error {number}" in caplog.text
    assert len(said) < 100


def test_an_empty_mention_says_what_to_do(slack, start) -> None:
    bot = start("http")
    body = mention("")
    post(bot.port, slack.signed(body))
    assert "Ask me" in wait_for(lambda: slack.thread(ts_of(body)), "the reply")[0]["text"]
