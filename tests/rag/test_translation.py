"""What becomes of a checked answer on its way into the reader's language. The model is a server on loopback."""

import pytest

from rag.checking.citations import Checked
from rag.llm import LanguageModel
from rag.settings import Settings
from rag.translation import translate_answer
from tests.model_server import ModelServer

USERS = "截至2025年3月末，千兆用户达2.18亿户，占比为32.1%[1]。"


def translated(
    server: ModelServer, said: str, checked: Checked | None = None, question: str = "How many users?", to: str = "en"
) -> Checked:
    server.pieces = [said]
    llm = LanguageModel("m", Settings(llm="m", llm_base_url=server.url))
    pieces = translate_answer(checked or Checked(USERS), question, to, llm)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def test_figures_are_given_in_the_reader_s_units_with_the_original(chat_server: ModelServer) -> None:
    answer = translated(chat_server, "At the end of March 2025 gigabit users were 218 million, a share of 32.1%.")
    assert "218 million (2.18亿" in answer.text
    assert answer.text.endswith("[1].")
    assert answer.unsupported == ()


def test_a_figure_that_the_translation_makes_up_is_unsupported_and_the_original_is_shown(
    chat_server: ModelServer,
) -> None:
    answer = translated(chat_server, "At the end of March 2025 users of 100 Mbps were 218 million, a share of 32.1%.")
    assert answer.unsupported == ("100",)
    assert "千兆用户" in answer.text


@pytest.mark.parametrize("day", ["March 31, 2025", "the end of March 2025"])
def test_the_last_day_of_a_month_is_its_end(chat_server: ModelServer, day: str) -> None:
    answer = translated(chat_server, f"As of {day}, gigabit users were 218 million, a share of 32.1%.")
    assert answer.unsupported == ()


def test_a_year_of_two_digits_is_written_out(chat_server: ModelServer) -> None:
    answer = translated(
        chat_server, "The index may recover in the second quarter of 2025.", Checked("展望2Q25，指数或回升[1]。")
    )
    assert answer.unsupported == ()


def test_what_was_unsupported_before_stays_so(chat_server: ModelServer) -> None:
    answer = translated(chat_server, "Users were 218 million.", Checked("用户为2.18亿户[1]。", unsupported=("2.18亿",)))
    assert answer.unsupported == ("2.18亿",)


def test_a_slip_of_the_scale_is_put_right(chat_server: ModelServer) -> None:
    said = "公司以6.4亿美元现金收购了一家年销售额1.4亿美元、有85名员工的企业。"
    checked = Checked("It bought a firm with 85 people and sales of $14 million for $64.0 million in cash [1].")
    answer = translated(chat_server, said, checked, "花了多少钱？", "zh")
    assert "6,400万美元（$64.0 million）" in answer.text
    assert "1,400万美元（$14 million）" in answer.text
    assert answer.unsupported == ()


def test_another_measure_than_the_page_s_has_the_original_beside_it(chat_server: ModelServer) -> None:
    answer = translated(
        chat_server, "净利润增长7.2%。", Checked("Net sales rose 7.2% [1]."), "净销售额增长多少？", "zh"
    )
    assert "Net sales rose 7.2%" in answer.text
