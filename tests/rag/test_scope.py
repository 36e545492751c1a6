"""Reports that a question names by their company, institution or ticker; and what statements print of a question."""

from dataclasses import replace

import pytest

from index.types import BlockKind, Card, Entry, Hit
from rag import ReportQA
from rag.asking.periods import periods
from rag.asking.scope import ELSEWHERE, OLDER, named, names, scope
from rag.asking.series import kind, series, standing
from rag.asking.synonyms import also, printed


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


def report(name: str, kind_of: str = "zh", **card: object) -> Entry:
    return Entry(name, f"{name}.pdf", name, kind_of, 9, 1, name, "", "", Card(**card))  # type: ignore[arg-type]


SINO_18 = report(
    "sino18", title="通信周报：光模块放量", institution="国金证券研究所", period="2025W18", authors=("甲",)
)
SINO_19 = report("sino19", title="通信周报：交换机走强", institution="国金证券", period="2025W19", authors=("甲",))
PHARMA = report("pharma", title="医药周报：创新药出海", institution="国金证券", period="2025W19", authors=("乙",))
MILL_23 = report(
    "mill23", "en", title="FORM 10-K", institution="Osterby Mill, Inc.", company="Osterby Mill, Inc.", period="FY2023"
)
MILL_24 = report(
    "mill24", "en", title="FORM 10-K", institution="Osterby Mill, Inc.", company="Osterby Mill, Inc.", period="FY2024"
)
MILL_Q2 = report(
    "millq2", "en", title="FORM 10-Q", institution="Osterby Mill, Inc.", company="Osterby Mill, Inc.", period="2025Q2"
)
BOC = report("boc", title="全球航运金融展望报告", institution="中国银行研究院", date="2024-12-10", period="2025")
SHELF = (SINO_18, SINO_19, PHARMA, MILL_23, MILL_24, MILL_Q2, BOC)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What does Sinolink say about switches?", ("sino19", "pharma")),
        ("What's Bank of China's view of shipping?", ("boc",)),
        ("全球航运金融展望的主要结论是什么？", ("boc",)),
        ("國金證券怎麼看交換機？", ("sino19", "pharma")),
        ("国金证券第18周的周报怎么看光模块？", ("sino18",)),
        ("国金证券2025年第18周怎么看光模块？", ("sino18",)),
        ("创新药出海的周报说了什么？", ("pharma",)),
        ("最新的周报说了什么？", ("sino19", "pharma")),
        ("《医药周报：创新药出海》推荐了谁？", ("pharma",)),
        ("sino18.pdf 里怎么看光模块？", ("sino18",)),
        ("How much rye did Osterby Mill grind in FY2023?", ("mill23",)),
        ("What was Osterby Mill's net income according to the 10-K?", ("mill24",)),
        ("Osterby Mill 2025 Q2 revenue?", ("millq2",)),
        ("What does the 10-Q say of rye?", ("millq2",)),
        ("What do the weeklies say?", ()),
        ("How many weekly active users are there?", ()),
        ("某公司年报里的毛利率是多少？", ()),
        ("What grew?", ()),
    ],
)
def test_a_question_means_reports_by_name_kind_title_and_period(question: str, found: tuple[str, ...]) -> None:
    assert scope(question, SHELF).reports == found


@pytest.mark.parametrize(
    ("question", "older"),
    [
        ("怎么看光模块？", {"sino18", "mill23"}),
        ("第18周怎么看光模块？", {"sino19"}),
        ("上一期周报怎么看光模块？", {"sino19"}),
        ("近几周光模块的变化趋势？", set()),
        ("What was revenue in FY2023?", {"mill24"}),
        ("How has revenue changed over the years?", set()),
    ],
)
def test_the_newest_of_a_series_answers_unless_a_period_is_named(question: str, older: set[str]) -> None:
    assert scope(question, SHELF).older == older


def test_reports_follow_each_other_by_owner_kind_and_team() -> None:
    assert {tuple(entry.id for entry in group) for group in series(SHELF)} == {
        ("sino19", "sino18"),
        ("mill24", "mill23"),
    }


def test_reports_without_a_date_are_in_no_series() -> None:
    undated = [replace(entry, card=replace(entry.card, period="", date="")) for entry in (SINO_18, SINO_19)]
    assert series(undated) == ()
    assert [kind(entry) for entry in SHELF] == ["weekly"] * 3 + ["annual", "annual", "quarterly", "outlook"]


@pytest.mark.parametrize(
    ("entry", "language", "said"),
    [
        (BOC, "zh", "中国银行研究院《全球航运金融展望报告》2024-12-10"),
        (BOC, "en", "Bank of China (中国银行研究院), “全球航运金融展望报告”, 2024-12-10"),
        (SINO_18, "zh", "国金证券研究所《通信周报：光模块放量》2025年第18周"),
        (SINO_18, "en", "Sinolink Securities (国金证券研究所), “通信周报：光模块放量”, week 18, 2025"),
        (MILL_23, "en", "Osterby Mill, Inc., “FORM 10-K”, FY2023"),
        (report("memo_2024Q3", "en"), "en", "“memo_2024Q3”, 2024Q3"),
    ],
)
def test_an_answer_can_say_which_report_and_date_it_stands_on(entry: Entry, language: str, said: str) -> None:
    assert standing(entry, language) == said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Amcor FY2023 and FY2024Q2", ("FY2023", "FY2024Q2")),
        ("2022年年报", ("2022",)),
        ("第18周", ("W18",)),
        ("in week 7 of 2025", ("2025W07",)),
        ("2025年一季度和上半年", ("2025Q1",)),
        ("25Q1 vs 1Q24", ("2025Q1", "2024Q1")),
        ("2025年5月6日", ("2025-05-06",)),
        ("between 2021 and 2022?", ("2021", "2022")),
        ("costs 2,023 dollars or $2023", ()),
        ("何时？", ()),
    ],
)
def test_periods_are_read_as_cards_write_them(text: str, found: tuple[str, ...]) -> None:
    assert periods(text) == found


def hit(**fields: object) -> Hit:
    base = Hit(1, "boc", "boc.pdf", "t", 3, "", BlockKind.PARAGRAPH, "text")
    return replace(base, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "inside", "outside"),
    [
        ("风险提示里说了什么？", {"section": "五、风险提示"}, {"section": "四、投资建议"}),
        ("投资建议里推荐谁？", {"section": "投资建议与估值"}, {"section": "风险提示"}),
        (
            "行业新闻部分提到了谁？",
            {"section": "四、本周新闻 › 4.1 行业新闻"},
            {"section": "四、本周新闻 › 4.2 公司新闻"},
        ),
        ("交換機板塊裡推薦誰？", {"section": "细分赛道 › 交换机"}, {"section": "细分赛道 › 光模块"}),
        ("What does MD&A say?", {"section": "Item 7. Management’s Discussion and Analysis"}, {"section": "Item 8."}),
        (
            "What risks are in Item 1A?",
            {"section": "Part I › Item 1A. Risk Factors"},
            {"section": "Part I › Item 1. Business"},
        ),
        ("What does Note 5 cover?", {"section": "Notes › 5. Derivatives"}, {"section": "Notes › 15. Taxes"}),
        ("in the liquidity section?", {"section": "Liquidity"}, {"section": "Overview"}),
        ("图表17的来源？", {"text": "图表17：出货量"}, {"text": "图表1：出货量 图表171"}),
        ("What is in Table 3?", {"context": "Rye › Table 3. Prices"}, {"text": "Table 31. Prices"}),
        ("首页的观点是什么？", {"page": 1}, {"page": 2}),
        ("what is on the front page?", {"page": 1}, {"page": 2}),
        ("第12页写了什么？", {"page": 12}, {"page": 2}),
        ("What is on the last page?", {"page": 9}, {"page": 1}),
    ],
)
def test_a_hit_in_the_place_that_is_named_counts_more(
    question: str, inside: dict[str, object], outside: dict[str, object]
) -> None:
    wanted = scope(question, SHELF)
    assert wanted.factor(hit(**inside)) == 1.0
    assert wanted.factor(hit(**outside)) == ELSEWHERE


@pytest.mark.parametrize(
    "question", ["其中出口占多少？", "报告中提到了什么？", "What is part of net sales?", "代表1家公司"]
)
def test_words_that_name_no_place_change_nothing(question: str) -> None:
    assert scope(question, SHELF).factor(hit(section="Overview")) == 1.0


def test_an_older_report_counts_less_unless_it_was_chosen() -> None:
    wanted = scope("What was rye?", SHELF)
    assert wanted.factor(hit(report_id="mill23")) == OLDER
    assert wanted.factor(hit(report_id="mill23"), chosen=True) == 1.0
    assert wanted.factor(hit(report_id="mill24")) == 1.0


@pytest.mark.parametrize(
    ("question", "language", "word"),
    [
        ("归母净利是多少？", "en", "net profit attributable"),
        ("net profit attributable in 2024?", "zh", "归母净利润"),
        ("capex?", "zh", "资本开支"),
        ("资本支出？", "en", "capital expenditures"),
        ("资本支出？", "zh", "资本开支"),
        ("2025年一季度营收", "en", "1Q25"),
        ("1Q25 revenue", "zh", "一季度"),
        ("net sales yoy", "zh", "同比"),
        ("環比如何？", "en", "sequentially"),
        ("Sinolink's view", "zh", "国金证券"),
        ("高盛怎么看", "en", "Goldman Sachs"),
        ("How many bps?", "zh", "基点"),
    ],
)
def test_other_words_for_the_same_are_searched_for_in_both_languages(question: str, language: str, word: str) -> None:
    assert word in also(question, language)


def test_words_that_the_question_has_are_not_searched_for_twice() -> None:
    assert "capex" not in also("capex of Qualcomm", "en")
    assert also("How tall is it?", "en") == also("多高？", "zh") == ""
