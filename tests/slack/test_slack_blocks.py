"""Answers as Slack's blocks, held against the models and limits of Slack's own library."""

import json
import random

import pytest
from block_kit import HOSTILE, answer, buttons, cited, hold, objects, texts, whole

from rag.slack.blocks import answer_messages, elsewhere_message, progress_message
from rag.slack.message import BAD, ELSEWHERE, GOOD, PICTURE, Message
from rag.slack.preview import BOT, Said, page
from rag.types import Conflict, ConflictFigure


def test_an_answer_is_one_message_with_text_source_and_buttons():
    [message] = hold(answer_messages(answer(), "a1"))
    assert "营收为 12.4 亿元" in whole([message])
    assert "[1] 果园周报.pdf · 第 1 页 · 一、概况\n“营收为 12.4 亿元。”" in texts(message.blocks)
    assert {b["action_id"]: b["value"] for b in buttons([message])} == {
        f"{PICTURE}:1": "a1:1",
        GOOD: "a1",
        BAD: "a1",
    }
    for part in ("营收为 12.4 亿元 [1]。", "果园周报.pdf · 第 1 页", "some-model · 3.2 秒"):
        assert part in message.text


def test_the_bot_speaks_the_language_of_the_answer():
    [chinese], [english] = (answer_messages(answer(language=language), "a") for language in ("zh", "en"))
    assert "来源" in texts(chinese.blocks)
    assert "Sources" in texts(english.blocks)
    assert "p. 1" in english.text
    assert not any("\u4e00" <= char <= "\u9fff" for b in buttons([english]) for char in b["text"]["text"])


def test_only_an_answer_of_chosen_reports_offers_the_others():
    assert ELSEWHERE not in [b["action_id"] for b in buttons(answer_messages(answer(), "a"))]
    assert ELSEWHERE in [b["action_id"] for b in buttons(hold(answer_messages(answer(), "a", ["果园周报.pdf"])))]
    assert [b["value"] for b in buttons(hold([elsewhere_message("a9", "zh")]))] == ["a9"]


def test_ten_thousand_chinese_characters_are_cut_at_sentence_ends_and_none_is_lost():
    rng = random.Random(7)  # noqa: S311
    sentences = [
        "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(rng.randrange(8, 90))) + "。" for _ in range(220)
    ]
    text = "".join(sentences)
    assert len(text) > 10_000
    messages = hold(answer_messages(answer(text), "a"))
    assert len(messages) > 2
    body = [t for m in messages for b in m.blocks if b["type"] == "rich_text" for t in texts(b) if t != "来源"]
    assert "".join(body) == text
    assert all(piece.endswith("。") for piece in body)
    assert text in "".join(message.text for message in messages).replace("\n", "")


def test_a_sentence_without_an_end_is_cut_and_kept():
    text = "长" * 12_000
    messages = hold(answer_messages(answer(text, citations=()), "a"))
    assert whole(messages).count("长") == 12_000


def test_sixty_sources_each_have_a_line_and_a_button():
    many = [cited(n, "很长的引文，" * 60, report=f"很长的文件名{'长' * 80}{n}.pdf") for n in range(1, 61)]
    messages = hold(answer_messages(answer(citations=tuple(many)), "id"))
    pictures = [b["value"] for b in buttons(messages) if b["action_id"].startswith(PICTURE)]
    assert pictures == [f"id:{n}" for n in range(1, 61)]
    lines = [b for m in messages for b in m.blocks if "accessory" in b]
    assert all(f"[{n}] " in line["text"]["text"] for n, line in enumerate(lines, 1))
    assert [GOOD in [b["action_id"] for b in buttons([m])] for m in messages] == [False] * (len(messages) - 1) + [True]


def test_nothing_from_a_report_is_markup():
    citation = cited(1, HOSTILE, HOSTILE, HOSTILE)
    conflict = Conflict(
        subject=HOSTILE, figures=(ConflictFigure(value=HOSTILE, report=HOSTILE, page=1, quote=HOSTILE),) * 2
    )
    messages = hold(
        answer_messages(
            answer(HOSTILE, "en", citations=(citation,), conflicts=(conflict,), unsupported=(HOSTILE,),
                   notice=HOSTILE, standalone=HOSTILE, model=HOSTILE),
            "a",
        )
    )  # fmt: skip
    everything = json.dumps([m.blocks for m in messages])
    assert '"mrkdwn"' not in everything, "text from reports stands only where Slack reads no markup"
    for kind in ("link", "user", "usergroup", "channel", "broadcast", "emoji", "date"):
        assert f'"type": "{kind}"' not in everything
    assert all(
        o["emoji"] is False for o in objects(messages, "plain_text") if not o["text"].startswith(("👍", "👎", "See"))
    )
    for message in messages:
        for sign in ("<", ">", "@here", "@U", "#general", ":100:", "*b*", "_i_", "~s~", "`"):
            assert sign not in message.text
    assert HOSTILE in "".join(texts(messages[0].blocks)), "and what it says is still there, letter by letter"


def test_file_names_keep_their_underscores_in_the_plain_text():
    [message] = answer_messages(answer(citations=(cited(1, report="orchard_weekly_2031.pdf"),)), "a")
    assert "orchard_weekly_2031.pdf" in message.text


def test_figures_without_support_stand_out_and_are_listed():
    [message] = hold(
        answer_messages(answer("增长 5%，不是 15%，收入 5.2 亿元 [1]。", unsupported=("5%", "5.2 亿元")), "a")
    )
    coded = [o["text"] for o in objects([message], "text") if o.get("style") == {"code": True}]
    assert coded == ["5%", "5.2 亿元", "5%", "5.2 亿元"], "in the text, then in the list; 15% is not 5%"
    assert "• 5%\n• 5.2 亿元" in message.text


def test_contradictions_name_each_value_with_its_page():
    figures = tuple(
        ConflictFigure(value=v, report="周报.pdf", page=p, quote=f"出货 {v}") for v, p in (("98GWh", 1), ("92GWh", 6))
    )
    [message] = hold(answer_messages(answer(conflicts=(Conflict(subject="出货量", figures=figures),)), "a"))
    assert (
        "报告中的说法不一致：出货量\n• 98GWh — 周报.pdf 第 1 页 “出货 98GWh”\n• 92GWh — 周报.pdf 第 6 页"
        in message.text
    )
    assert [o["text"] for o in objects([message], "text") if o.get("style") == {"bold": True}].count("98GWh") == 1


def test_a_refusal_says_so_and_has_no_sources():
    [message] = hold(answer_messages(answer("The reports do not say.", "en", found=False, citations=()), "a"))
    assert objects([message], "rich_text_quote")
    assert message.text.startswith("📭 The reports do not answer this\nThe reports do not say.")
    assert [b["action_id"] for b in buttons([message])] == [GOOD, BAD]


def test_the_question_as_it_was_searched_for_and_a_failed_model_come_first():
    [message] = answer_messages(answer(standalone="果园 2031 年的收入？", notice="模型没有回答。", failed=True), "a")
    assert message.text.startswith("⚠️ 模型没有回答。\n🔎 按此提问查找：果园 2031 年的收入？\n营收")
    [message] = answer_messages(answer(notice="没有语言模型。"), "a")
    assert message.text.index("没有语言模型。") > message.text.index("来源")


def test_rows_become_a_table_with_its_figures_at_the_right():
    rows = "项目 | 2030 | 2031\n收入（亿元） | 1.2 | 3.4\n利润 |  | (0.3)"
    [message] = hold(answer_messages(answer(f"如下表 [1]：\n{rows}\n以上。"), "a"))
    [table] = objects([message], "table")
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["项目", "2030", "2031"], ["收入（亿元）", "1.2", "3.4"], ["利润", " ", "(0.3)"],
    ]  # fmt: skip
    assert [column["align"] for column in table["column_settings"]] == ["left", "right", "right"]
    assert "收入（亿元） | 1.2 | 3.4" in message.text


def test_a_markdown_table_loses_its_rule():
    [message] = hold(answer_messages(answer("| a | b |\n|---|---:|\n| c | 1 |"), "a"))
    assert [[cell["text"] for cell in row] for row in objects([message], "table")[0]["rows"]] == [
        ["a", "b"],
        ["c", "1"],
    ]


def test_a_table_that_slack_would_refuse_is_aligned_text_with_every_row():
    rows = [f"地区{n} | {n}.5 | {'字' * (n % 7)}" for n in range(150)]
    messages = hold(answer_messages(answer("\n".join(rows)), "a"))
    assert not objects(messages, "table")
    shown = "\n".join(
        texts(b)[0] for m in messages for b in m.blocks if objects([Message("", (b,))], "rich_text_preformatted")
    )
    assert [line.split("  ")[0].strip() for line in shown.splitlines()] == [f"地区{n}" for n in range(150)]


def test_two_tables_stand_in_two_messages():
    table = "a | 1\nb | 2"
    messages = hold(answer_messages(answer(f"{table}\n\n和\n\n{table}"), "a"))
    assert len(objects(messages, "table")) == 2


def test_lines_with_dashes_become_a_list():
    [message] = hold(answer_messages(answer("原因：\n- 价格下降 [1]\n- 品位下降"), "a"))
    assert len(objects([message], "rich_text_list")[0]["elements"]) == 2
    assert "- 价格下降 [1]\n- 品位下降" in message.text


@pytest.mark.parametrize("text", ["[1]" * 3000, "&" * 9000, "- a [1]\n" * 2000, "| |\n" * 900, "a" + "\n" * 5000 + "b"])
def test_answers_made_to_break_the_limits_stay_within_them(text: str):
    doubts = tuple(str(n) for n in range(400))
    figure = ConflictFigure(value="&" * 400, report="<" * 400, page=1, quote="&" * 4000)
    conflict = Conflict(subject="&" * 4000, figures=(figure,) * 60)
    hold(answer_messages(answer(text, unsupported=doubts, conflicts=(conflict,), notice="&" * 9000), "a"))


def test_a_long_step_shows_its_end():
    message = progress_message("开头" + "字" * 4000 + "结尾<!here>")
    hold([message])
    assert texts(message.blocks)[0].endswith("结尾<!here>")
    assert "<!here>" not in message.text


def test_the_preview_draws_every_block_and_nothing_else():
    table = "a | 1\nb | 2\n\n- c\n\n" + "\n".join(f"地区{n} | {n}.5" for n in range(150))
    conflict = Conflict(
        subject="s", figures=(ConflictFigure(value=HOSTILE, report="r", page=1, quote="<script>alert(1)</script>"),)
    )
    messages = answer_messages(
        answer(table, unsupported=("<img src=x>",), conflicts=(conflict,), standalone=HOSTILE), "a", ["w.pdf"]
    )
    messages += [*answer_messages(answer(found=False), "b"), elsewhere_message("a", "en"), progress_message("x")]
    html = page([[Said(BOT, blocks=m.blocks, file="<img a>", aside="<img b>") for m in messages]])
    for tag in ("<table>", "<ul>", "<pre>", "<blockquote>", "<button>", '<div class="context">', "<code>"):
        assert tag in html
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;!channel&gt;" in html
