"""Cards of files and the feedback window, held against the models and limits of Slack's own library."""

import json
from pathlib import Path

import pytest
from block_kit import hold
from slack_sdk.models.views import View

from index.errors import ReadError
from index.types import Card, Entry, Outcome, Status
from rag.slack import modal
from rag.slack.cards import file_message


def entry(**others: object) -> Entry:
    card = Card(
        title="果园周报 <!channel>",
        institution="羽谷研究所",
        date="2031-05-06",
        period="2031W18",
        period_text="2031 年第 18 周",
    )
    values = {
        "id": "abcd",
        "name": "w.pdf",
        "title": "果园周报",
        "language": "zh",
        "pages": 14,
        "chunks": 90,
        "sha256": "0",
        "added": "",
    }
    return Entry(**{**values, "card": card, **others})


def test_the_card_of_a_file_says_what_was_read():
    message = file_message(Outcome(Path("w.pdf"), Status.ADDED, entry(), warnings=("第 3 页没有文字。",)), "zh")
    hold([message])
    for part in (
        "w.pdf",
        "标题: 果园周报 &lt;!channel&gt;",
        "机构: 羽谷研究所",
        "日期: 2031-05-06",
        "报告期: 2031 年第 18 周",
        "篇幅: 14 页",
        "语言: 中文",
        "第 3 页没有文字。",
    ):
        assert part in message.text


def test_a_file_that_is_there_already_and_one_with_another_s_text_say_so():
    assert "Already there" in file_message(Outcome(Path("w.pdf"), Status.UNCHANGED, entry()), "en").text
    copied = file_message(Outcome(Path("w.txt"), Status.ADDED, entry(copy_of="w.pdf")), "en")
    hold([copied])
    assert "Same text as w.pdf" in copied.text


def test_a_file_that_cannot_be_read_says_why_and_what_to_do():
    error = ReadError("w.pdf is encrypted.", "Send it without its password.")
    message = file_message(Outcome(Path("w.pdf"), Status.FAILED, error=error), "en")
    hold([message])
    assert "Could not be read\nw.pdf is encrypted.\nWhat to do: Send it without its password." in message.text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("good", [True, False])
def test_the_feedback_window_is_one_that_slack_takes(language: str, good: bool):
    view = modal.feedback_modal('{"id": "a1"}', language, good=good)
    parsed = View(**json.loads(json.dumps(view))).to_dict()
    assert [block["block_id"] for block in parsed["blocks"]] == [block["block_id"] for block in view["blocks"]]
    assert parsed["private_metadata"] == '{"id": "a1"}'


def test_what_was_written_into_the_window_is_read_back():
    view = modal.feedback_modal("", "zh", good=False)
    ids = [block["element"]["action_id"] for block in view["blocks"]]
    written = [{"selected_option": {"value": "wrong"}}, {"value": "  少了一年 "}, {"value": None}]
    state = {name: {name: value} for name, value in zip(ids, written, strict=True)}
    assert modal.filled({**view, "state": {"values": state}}) == modal.Filled("wrong", "少了一年", "")
    assert modal.filled({}) == modal.Filled("", "", "")
    state["reason"] = {"reason": {"selected_option": {"value": "made up"}}}
    assert modal.filled({"state": {"values": state}}).reason == ""
    assert modal.reason_text("wrong", "zh") == "答案错误"
    assert all(modal.reason_text(reason, language) for reason in modal.REASONS for language in ("zh", "en"))


@pytest.mark.parametrize("status", Status)
def test_whatever_became_of_a_file_has_a_card_in_both_languages(status: Status):
    said = {language: file_message(Outcome(Path("w.pdf"), status), language).text for language in ("zh", "en")}
    assert said["zh"] != said["en"]
    assert all(text.splitlines()[1] for text in said.values())
