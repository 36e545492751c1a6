"""What kind of answer and which period a question asks for, in both languages."""

import pytest

from rag.confidence.kinds import kinds_asked, kinds_share, periods, periods_met
from rag.confidence.regions import places, widened


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("青禾科技2024年营收增速是多少？", {"percentage"}),
        ("全国有多少个储能电站？", {"amount"}),
        ("新厂什么时候投产？", {"date"}),
        ("这份标准是谁发布的？", {"person"}),
        ("毛利率下滑的原因是什么？", {"percentage", "reason"}),
        ("By how much did Larkfield's revenue grow?", {"percentage"}),
        ("How many stores does Larkfield run?", {"amount"}),
        ("When does the new plant open?", {"date"}),
        ("Why did Larkfield close the mill?", {"reason"}),
        ("What does Larkfield make?", set()),
    ],
)
def test_the_kind_asked_for(question, kinds):
    assert kinds_asked(question) == kinds


def test_a_figure_of_the_question_or_a_year_is_no_answer():
    asked = kinds_asked("How many stores did Larkfield run in 2024?")
    assert kinds_share(asked, "How many stores did Larkfield run in 2024?", "Larkfield opened in 2024.") == 0.0
    assert kinds_share(asked, "How many stores did Larkfield run in 2024?", "It ran 318 stores in 2024.") == 1.0


def test_an_amount_is_no_percentage_but_a_row_may_hold_one():
    asked = kinds_asked("增速是多少？")
    assert kinds_share(asked, "增速是多少？", "营收12.5亿元。") == 0.0
    assert kinds_share(asked, "增速是多少？", "营收同比增长8%。") == 1.0
    assert kinds_share(asked, "增速是多少？", "营收 | 同比(%): 8.1") == 1.0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("2025年一季度", {"y2025", "q1"}),
        ("25Q1和1Q24", {"y2025", "y2024", "q1"}),
        ("FY2023", {"y2023"}),
        ("3-5月出口", {"m3", "m4", "m5"}),
        ("in the third quarter of 2024", {"y2024", "q3"}),
        ("at the end of October 2023", {"y2023", "m10"}),
        ("2,024 stores and 2024.5 tons", set()),
        ("月活用户3月活跃", set()),
        ("上半年", {"h1"}),
    ],
)
def test_periods_in_both_languages(text, named):
    assert periods(text) == named


def test_periods_met_and_contradicted():
    asked = periods("2024年一季度")
    assert periods_met(asked, periods("2024年一季度")) == (1.0, 0.0)
    assert periods_met(asked, periods("2024年三季度")) == (0.5, 0.5)
    assert periods_met(asked, periods("营收增长")) == (0.0, 0.0)


def test_places_are_the_same_in_both_languages():
    assert places("日本出口") == places("Japanese exports")
    assert places("tell us about it") == frozenset()
    assert places("the US economy") == places("美国经济")


def test_a_region_covers_the_countries_in_it_and_not_the_other_way_round():
    assert places("加拿大出口") <= widened(places("exports to North America"))
    assert not places("北美出口") <= widened(places("Canadian exports"))
