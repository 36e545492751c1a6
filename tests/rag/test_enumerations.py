"""Of an enumeration that a question asks for, what an answer leaves out."""

import pytest

from rag.asking.enumerations import asks_for_all, left_out

ZH = "研究院联合青禾科技、云泽股份、远山电子和白鹭通信等伙伴，共同发起倡议。"
EN = "The institute and its partners Qinghe, Yunze Power, Farhill Electronics and Egret launched it."


@pytest.mark.parametrize(
    ("answer", "sentence", "missing"),
    [
        ("发起人是青禾科技[1]。", ZH, ["云泽股份", "远山电子"]),
        ("由云泽股份和白鹭通信发起。", ZH, ["远山电子"]),
        ("由青禾科技、云泽股份、远山电子和白鹭通信发起。", ZH, []),
        ("由研究院发起。", ZH, []),  # it names no member
        ("Egret launched it.", EN, ["Yunze Power", "Farhill Electronics"]),
        ("Qinghe, Yunze Power, Farhill Electronics and Egret.", EN, []),
        ("营收为12.5亿元。", "营收12.5亿元，同比增长8%。", []),
        ("青禾科技。", "青禾科技和云泽股份发起。", []),  # of two, neither end is sure
    ],
)
def test_members_left_out(answer, sentence, missing) -> None:
    assert left_out(answer, sentence) == missing


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("谁发起了这项倡议？", True),
        ("报告推荐哪些公司？", True),
        ("Who launched the initiative?", True),
        ("哪家公司份额最大？", False),
        ("Which company has the largest share?", False),
        ("营收是多少？", False),
    ],
)
def test_only_a_question_for_names_wants_all_of_them(question, wants) -> None:
    assert asks_for_all(question) is wants
