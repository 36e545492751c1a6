"""Reports that a question names by their company, institution or ticker; and what statements print of a question."""

import pytest

from index.types import Card, Entry
from rag import ReportQA
from rag.scope import named, names
from rag.synonyms import printed


def entry(name: str, copy_of: str = "", **card: str) -> Entry:
    return Entry(name, f"{name}.pdf", name, "en", 1, 1, name, "", copy_of, Card(**card))


MILL = entry("mill", company="Osterby Mill Holdings, Inc.", ticker="OSTB")
FIRST = entry("first", company="First Harbour Bank plc")
TEA = entry("tea", company="云岭茶业股份有限公司", ticker="900271.YL")
WEEKLY = entry("weekly", institution="云岚证券研究所")
ALL = (MILL, FIRST, TEA, WEEKLY)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How much rye did Osterby Mill grind?", ("mill",)),
        ("What is Osterby's net income?", ("mill",)),
        ("OSTB gross margin in 2025", ("mill",)),
        ("What did First Harbour lend?", ("first",)),
        ("What happened first in the harbour?", ()),
        ("First, what grew?", ()),
        ("云岭茶业2025年毛利率是多少？", ("tea",)),
        ("900271 的目标价", ("tea",)),
        ("云岚证券怎么看储能？", ("weekly",)),
        ("Compare Osterby with 云岭茶业", ("mill", "tea")),
        ("What grew?", ()),
    ],
)
def test_a_question_names_reports_by_whose_they_are(question: str, found: tuple[str, ...]) -> None:
    assert named(question, ALL) == found


def test_a_copy_is_not_named_and_naming_all_names_none() -> None:
    copy = entry("copy", copy_of="mill.pdf", company="Osterby Mill Holdings, Inc.")
    assert named("Osterby Mill?", (*ALL, copy)) == ("mill",)
    assert named("Osterby Mill?", (MILL, copy)) == ()


def test_a_report_without_a_card_has_no_names() -> None:
    assert names(entry("memo")) == ()


def test_what_is_asked_by_a_ratio_is_searched_by_what_statements_print() -> None:
    assert "current liabilities" in printed("Has the quick ratio improved?", "en")
    assert "流动负债" in printed("速动比率是多少？", "zh")
    assert printed("How many employees are there?", "en") == ""


def test_the_named_report_comes_first_and_the_others_stay(sample_store, models_dir) -> None:
    from rag.settings import load

    with ReportQA.open(settings=load(store=sample_store, models_dir=models_dir, llm="none")) as qa:
        question = "大储招标容量同比增长多少？"
        assert {hit.report for hit in qa.search(question, 3)} == {"zh_storage_weekly.pdf"}
        hits = qa.search(f"Halcyra：{question}", 20)
        assert hits[0].report == "zh_storage_weekly.pdf"  # a name alone does not hide a much better answer
        asked = qa.search("Halcyra revenue", 10)
        assert asked[0].report == "en_annual_report.pdf"
