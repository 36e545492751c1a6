"""Buttons, the reason's window, the slash command, the assistant panel; tokens looked at by doctor."""

import json
import urllib.parse

import pytest
from stand_in import (
    APP_TOKEN,
    BOT_TOKEN,
    CHANNEL,
    DIRECT,
    SECRET,
    TEAM,
    USER,
    buttons,
    mention,
    post,
    press,
    sign,
    ts_of,
    wait_for,
)

from rag.bots.service import Answered
from rag.feedback import FILE, FeedbackStore
from rag.settings import Settings
from rag.slack.checks import examine
from rag.slack.scopes import REQUIRED
from rag.types import Answer, Timings

QUESTION = "2026年1到2月我国逆变器出口额多少？"
TIMINGS = Timings(retrieve=1, first_token=2, total=3)


def interact(slack, bot, payload: dict) -> None:
    form = urllib.parse.urlencode({"payload": json.dumps(payload)}).encode()
    assert post(bot.port, sign(form, kind="application/x-www-form-urlencoded")).status_code == 200


@pytest.fixture
def answered(slack, start):
    """A bot that has answered; its answer's message with the buttons."""
    bot = start("http")
    body = mention(QUESTION)
    post(bot.port, slack.signed(body))
    return bot, wait_for(lambda: slack.finished(ts_of(body)), "the answer")[0]


def act(slack, bot, message: dict, action: str) -> None:
    name, value = next((name, value) for name, value in buttons(message).items() if name.startswith(action))
    interact(slack, bot, press(message, name, value, message["thread_ts"]))


def judged(store) -> list:
    feedback = FeedbackStore(store / FILE)
    found = feedback.all()
    feedback.close()
    return found


def test_the_page_of_a_source_is_posted_with_its_quotation_framed(slack, answered) -> None:
    bot, message = answered
    act(slack, bot, message, "page_picture")
    done = wait_for(lambda: slack.of("files.completeUploadExternal"), "the picture")[0]
    assert slack.uploads[0].startswith(b"\x89PNG")
    entry = bot.bot.qa.library.find("zh_storage_weekly.pdf")
    kept = bot.bot.book.answered(next(iter(buttons(message).values())).split(":")[0], place_in(message))
    cited = kept.answer.citations[0]
    framed = bot.bot.qa.library.boxes(entry.id, cited.page, cited.quote)
    assert framed
    assert slack.uploads[0] == bot.bot.qa.library.picture(entry.id, cited.page, framed)
    assert done["thread_ts"] == message["thread_ts"]
    assert "zh_storage_weekly.pdf" in done["initial_comment"].replace("\u2060", "")


def place_in(message: dict):
    from rag.bots.service import Place

    return Place(team=TEAM, channel=message["channel"], thread=message["thread_ts"], user=USER)


def submit(slack, bot, view: dict, **written: str) -> None:
    """Send the window back with what was written: ``reason`` is chosen, the rest are texts."""
    values = {name: {name: {"value": value}} for name, value in written.items()}
    if "reason" in written:
        values["reason"] = {"reason": {"selected_option": {"value": written["reason"]}}}
    submitted = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": USER}}
    interact(slack, bot, submitted | {"view": {**view, "id": "V1", "state": {"values": values}}})


def test_a_thumb_up_is_kept_with_question_and_answer_and_takes_a_reason(slack, answered, store) -> None:
    bot, message = answered
    act(slack, bot, message, "feedback_good")
    view = wait_for(lambda: slack.of("views.open"), "the window")[0]["view"]
    (kept,) = judged(store)  # though nothing be written
    assert (kept.source, kept.good, kept.user, kept.question) == ("slack", True, USER, QUESTION)
    assert "86.2" in kept.answer
    assert kept.citations
    submit(slack, bot, view, details="页码正确")
    wait_for(lambda: slack.of("chat.postEphemeral"), "the thanks")
    (kept,) = judged(store)
    assert (kept.good, kept.reason) == (True, "页码正确")


def test_a_thumb_down_asks_why_and_offers_other_reports_which_are_searched_once(slack, answered, store) -> None:
    bot, message = answered
    act(slack, bot, message, "feedback_bad")
    opened = wait_for(lambda: slack.of("views.open"), "the window")[0]
    assert [kept.good for kept in judged(store)] == [False]
    submit(slack, bot, opened["view"], reason="not_asked", details="I meant Umbra", correction="3")
    offer = wait_for(lambda: slack.thread(message["thread_ts"])[1:], "the offer")[0]
    (kept,) = judged(store)
    assert not kept.good
    assert "I meant Umbra" in kept.reason
    assert kept.correction == "3"
    for _ in range(2):
        act(slack, bot, offer, "search_elsewhere")
    wait_for(lambda: slack.finished(message["thread_ts"])[1:], "the other answer")
    bot.close()
    others = slack.finished(message["thread_ts"])[1:]
    assert len(others) == 1
    assert "zh_storage_weekly.pdf" not in json.dumps(others)


def test_buttons_do_nothing_with_answers_of_another_channel(slack, answered, store) -> None:
    bot, message = answered
    elsewhere = {**message, "channel": "C2"}
    for action in ("page_picture", "feedback_good", "search_elsewhere"):
        name, value = next(((n, v) for n, v in buttons(message).items() if n.startswith(action)), (action, "a1"))
        interact(slack, bot, press(elsewhere, name, value, message["thread_ts"]))
    wait_for(lambda: len(slack.of("chat.postEphemeral")) + len(slack.posted()) >= 4, "what is said instead")
    assert judged(store) == []
    assert slack.uploads == []


def test_a_refusal_from_all_reports_has_no_others_to_search(slack, start) -> None:
    bot = start("http")
    refusal = Answer(answer="Not found.", language="en", found=False, model="m", embedder="e", timings_ms=TIMINGS)
    message = {"channel": CHANNEL, "thread_ts": "5.5", "ts": "5.6"}
    bot.bot.book.keep(place_in(message), Answered(id="a9", question="How many swallows?", answer=refusal))
    interact(slack, bot, press(message, "search_elsewhere", "a9", "5.5"))
    assert "no other reports" in wait_for(lambda: slack.thread("5.5"), "the word")[0]["text"]


def command(slack, bot, text: str, channel: str = CHANNEL) -> str:
    fields = {"command": "/report", "text": text, "channel_id": channel, "team_id": TEAM, "user_id": USER}
    fields |= {"trigger_id": f"t{text}", "response_url": f"{slack.url}/api/response"}
    reply = post(bot.port, sign(urllib.parse.urlencode(fields).encode(), kind="application/x-www-form-urlencoded"))
    assert reply.status_code == 200
    return reply.text


def test_the_command_shows_its_question_and_is_answered_in_its_thread(slack, start) -> None:
    bot = start("http")
    for _ in range(2):  # delivered twice
        assert command(slack, bot, QUESTION) == ""
    shown = wait_for(slack.posted, "the question")[0]
    assert f"<@{USER}>" in shown["text"]
    assert QUESTION in shown["text"]
    root = next(stamp for stamp, message in slack.messages.items() if "thread_ts" not in message)
    assert "86.2" in wait_for(lambda: slack.finished(root), "the answer")[0]["text"]
    assert "Ask me" in command(slack, bot, "")
    bot.close()
    assert len(slack.posted()) == 2


def test_the_command_in_a_channel_without_the_bot_says_to_invite_it(slack, start) -> None:
    bot = start("http")
    slack.reply_once("chat.postMessage", 200, {}, {"ok": False, "error": "not_in_channel"})
    command(slack, bot, "How much?")
    assert "Invite" in wait_for(lambda: slack.of("response"), "the reply")[0]["text"]


def test_the_assistant_panel_is_greeted_once_and_shows_that_work_goes_on(slack, start) -> None:
    from stand_in import event

    bot = start("http")
    opened = {"type": "assistant_thread_started", "assistant_thread": {"channel_id": DIRECT, "thread_ts": "7.7"}}
    body = {**event("message", ""), "event": {**opened, "event_ts": "7.7"}}
    for _ in range(2):
        post(bot.port, slack.signed(body))
    prompts = wait_for(lambda: slack.of("assistant.threads.setSuggestedPrompts"), "the prompts")[0]["prompts"]
    assert len(prompts) == 2
    asked = event("message", QUESTION, channel=DIRECT, thread="7.7")
    post(bot.port, slack.signed(asked))
    wait_for(lambda: slack.finished("7.7"), "the answer")
    wait_for(lambda: slack.of("assistant.threads.setStatus"), "the status")
    assert len(slack.thread("7.7")) == 2


def settings(slack, **more) -> Settings:
    tokens = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN, "slack_signing_secret": SECRET}
    return Settings(slack_api_url=f"{slack.url}/api/", **{**tokens, **more})


def test_doctor_says_which_scopes_are_missing(slack) -> None:
    token, events = examine(settings(slack))
    assert not token.ok
    assert "files:read (to fetch report files" in token.detail
    assert "chat:write" not in token.detail
    assert events.ok
    slack.scopes = ",".join(REQUIRED)
    token, _ = examine(settings(slack))
    assert token.ok
    assert "report-qa in Team" in token.detail
    assert "without assistant:write" in token.detail


def test_doctor_says_which_token_slack_refuses(slack) -> None:
    for method in ("auth.test", "apps.connections.open"):
        slack.reply_once(method, 200, {}, {"ok": False, "error": "invalid_auth"})
    token, events = examine(settings(slack))
    assert not token.ok
    assert "slack_bot_token: invalid_auth" in token.detail
    assert not events.ok
    assert "slack_app_token: invalid_auth" in events.detail
    assert "do-not-log" not in token.detail + events.detail


def test_doctor_says_nothing_of_slack_where_it_is_not_used(slack) -> None:
    assert examine(Settings()) == []
    _, events = examine(settings(slack, slack_mode="http", slack_signing_secret=""))
    assert not events.ok
    assert "slack_signing_secret" in events.detail
