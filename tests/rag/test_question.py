import pytest

from index.errors import QuestionError
from rag.asking.question import LONGEST, prepare
from rag.types import Turn

REVENUE = [Turn(question="曜川能源2025年营业收入是多少？", answer="412.6亿元[1]。")]
SALES = [Turn(question="What were the net sales of Halcyra in 2025?", answer="$1,247.4 million [1].")]


@pytest.mark.parametrize("text", ["", " ", " \t\n\r ", "\u3000\u3000", "\u200b\ufeff", " " * 20_000])
def test_a_question_without_text_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="empty") as caught:
        prepare(text)
    assert caught.value.exit_code == 2
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["😀", "😀🎉👍🏽", "👩‍👩‍👧", "？？！", "...", "—— …"])
def test_a_question_without_words_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="no words") as caught:
        prepare(text)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("unit", ["字", "word "])
def test_a_question_of_twenty_thousand_characters_is_refused_with_its_length(unit: str) -> None:
    with pytest.raises(QuestionError, match=r"(20,000|19,999) characters") as caught:
        prepare(unit * (20_000 // len(unit)))
    assert f"{LONGEST:,}" in str(caught.value)
    assert len(str(caught.value)) < 400


def test_the_longest_question_is_taken() -> None:
    assert len(prepare("字" * LONGEST).text) == LONGEST


def test_emoji_beside_words_do_no_harm() -> None:
    assert prepare("营收多少？😀").language == "zh"


def test_bytes_that_are_no_text_do_no_harm() -> None:
    asked = prepare("营收\udcff多少？")
    assert asked.text.encode("utf-8")
    assert asked.language == "zh"


def test_line_breaks_and_doubled_spaces_become_one_space() -> None:
    assert prepare("  What is\n the   revenue? ").text == "What is the revenue?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("净利润是多少？", "zh"),
        ("台积电 CoWoS 产能", "zh"),
        ("Azure增速多少", "zh"),
        ("Apple 2023 revenue?", "en"),
        ("What is EBITDA?", "en"),
        ("What revenue did 曜川能源 (Yaochuan Energy) report for 2025?", "en"),
        ("2025?", "en"),
    ],
)
def test_the_language_is_that_of_the_script(text: str, language: str) -> None:
    assert prepare(text).language == language


@pytest.mark.parametrize("text", ["那净利润呢？", "它的毛利率是多少？", "净利润呢", "增速？"])
def test_a_chinese_follow_up_gets_what_the_question_before_was_about(text: str) -> None:
    asked = prepare(text, REVENUE)
    assert asked.text == text
    assert asked.standalone.startswith("曜川能源2025年")


@pytest.mark.parametrize("text", ["And its gross margin?", "What about 2024?", "How did they change?", "Why?"])
def test_an_english_follow_up_gets_what_the_question_before_was_about(text: str) -> None:
    assert "Halcyra" in prepare(text, SALES).standalone


@pytest.mark.parametrize(
    ("text", "history"),
    [
        ("栎野电气2025年毛利率是多少？", REVENUE),
        ("Which products did Halcyra launch in October 2024?", SALES),
        ("Unit cost of brass resin inputs?", SALES),  # "it" inside words
    ],
)
def test_a_question_that_stands_alone_is_left_alone(text: str, history: list[Turn]) -> None:
    assert prepare(text, history).standalone == text


def test_without_history_there_is_nothing_to_lean_on() -> None:
    assert prepare("那净利润呢？").standalone == "那净利润呢？"


def test_only_the_last_turn_is_leaned_on() -> None:
    assert "Halcyra" not in prepare("那净利润呢？", [*SALES, *REVENUE]).standalone


def test_the_reports_asked_for_are_kept() -> None:
    assert prepare("净利润？", (), ["a", "b"]).reports == ("a", "b")
