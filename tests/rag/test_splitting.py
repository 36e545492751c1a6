"""Questions with several parts, in made-up examples of both languages."""

import pytest

from index.types import BlockKind, Hit
from rag.asking.splitting import Dependent, parts, sides
from rag.finding.merging import merged

ONE_PART = [
    "主要风险有哪些？",
    "云帆科技的营收和净利润各是多少？",
    "2023年和2024年的装机增速分别是多少",
    "碳酸锂价格为什么下跌？",
    "白皮书是谁、在什么会上发布的？",
    "同比增速是多少",
    "报告认为哪些公司值得关注？",
    "受什么因素影响，逆变器出口比上年低多少",
    "云帆科技联合中国移动、中国电信和南海电力发起的计划叫什么",
    "1月和2月合计新增多少",
    "与风电相比，储能对哪些因素更敏感？",
    "What was revenue in 2024, and how much did it grow?",
    "How did gross margin compare with the prior year?",
    "Operating income vs. the estimate",
    "Who are the directors?",
    "Revenue and net profit of Borealis Water in 2024?",
    "Did the company meet its guidance?",
    "Which region grew fastest?",
    "Q1 mobile data: how did traffic growth compare with revenue growth?",
]


@pytest.mark.parametrize("question", ONE_PART)
def test_question_of_one_part_is_returned_unchanged(question):
    assert parts(question) == (question,)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "2025年全年营收，云帆科技和星河储能谁增得快？各是多少",
            ("2025年全年营收，云帆科技增长多少", "2025年全年营收，星河储能增长多少"),
        ),
        ("云帆科技和星河储能的毛利率哪个高", ("云帆科技的毛利率多少", "星河储能的毛利率多少")),
        (
            "比较云帆科技与星河储能2025年的营收增速",
            ("云帆科技2025年的营收增速是多少", "星河储能2025年的营收增速是多少"),
        ),
        (
            "云帆科技、星河储能和北斗电气，哪家的净利润增长最快",
            ("云帆科技的净利润增长多少", "星河储能的净利润增长多少", "北斗电气的净利润增长多少"),
        ),
        ("甲市和乙市的楼市哪个表现更好", ("甲市的楼市表现如何", "乙市的楼市表现如何")),
        ("海东省和陇北省的新增并网容量相差多少", ("海东省的新增并网容量多少", "陇北省的新增并网容量多少")),
        ("Revenue of Borealis vs Tarn Flow in 2025", ("Revenue of Borealis in 2025", "Revenue of Tarn Flow in 2025")),
        (
            "How did Borealis's net sales compare with Tarn's in 2024?",
            ("Borealis's net sales in 2024", "Tarn's net sales in 2024"),
        ),
        (
            "Which grew faster in fiscal 2025, Metering or Services?",
            ("Metering: grew in fiscal 2025?", "Services: grew in fiscal 2025?"),
        ),
        (
            "Compare Metering and Services's operating income",
            ("Metering operating income", "Services operating income"),
        ),
    ],
)
def test_comparison_gives_each_side_its_measure_and_period(question, expected):
    assert parts(question) == expected


@pytest.mark.parametrize(
    ("question", "second"),
    [
        (
            "How many employees does Borealis have, and what share of sales comes from utilities?",
            "Borealis: what share of sales comes from utilities?",
        ),
        (
            "What is the effective tax rate, and where is the Kessary control center?",
            "where is the Kessary control center?",
        ),
        ("云帆证券研究所岚城的电话是多少，栖州的办公地址在哪", "云帆证券研究所岚城 栖州的办公地址在哪"),
    ],
)
def test_second_of_two_questions_gets_the_names_of_the_first(question, second):
    first, other = parts(question)
    assert other == second
    assert first in question
    assert not isinstance(other, Dependent)


@pytest.mark.parametrize(
    ("question", "answer", "filled"),
    [
        (
            "The filing mentions a plant in Ostrava. Whose plant is it, and what revenue did that company make in 2"
            "024?",
            "Tarn Flow",
            "what revenue did Tarn Flow make in 2024?",
        ),
        ("哪家公司供应了沙湾电站的储能系统，该公司2025年营收多少", "星河储能", "星河储能2025年营收多少"),
    ],
)
def test_part_that_needs_the_answer_before_it_is_dependent_and_can_be_filled(question, answer, filled):
    first, second = parts(question)
    assert not isinstance(first, Dependent)
    assert isinstance(second, Dependent)
    assert second.about(answer) == filled


def test_dependent_part_without_a_pronoun_is_led_by_its_subject():
    assert Dependent("2024年营收多少").about("星河储能") == "星河储能 2024年营收多少"
    assert Dependent("what are its sales?").about("Tarn") == "what are Tarn's sales?"


def test_sides_are_the_compared_names_and_none_of_a_plain_question():
    assert sides("云帆科技和星河储能的毛利率哪个高") == ("云帆科技", "星河储能")
    assert sides("Did Metering or Filtration have the higher margin?") == ("Metering", "Filtration")
    assert sides("云帆科技的营收和净利润各是多少") == ()


def _hit(chunk_id: int, score: float) -> Hit:
    return Hit(chunk_id, "r", "r.pdf", "R", 1, "", BlockKind.PARAGRAPH, f"text {chunk_id}", score=score)


def test_merged_hits_take_turns_without_repeating_and_on_one_scale():
    first = [_hit(1, 0.9), _hit(2, 0.8), _hit(3, 0.7)]
    second = [_hit(4, 0.3), _hit(1, 0.2)]
    hits = merged([first, [], second])
    assert [hit.chunk_id for hit in hits] == [1, 4, 2, 3]
    assert hits[1].score == pytest.approx(0.9)
    assert merged([]) == []
