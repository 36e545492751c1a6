"""Arithmetic over made-up evidence: what is reckoned, what is shown, and what is refused."""

from decimal import Decimal

import pytest

from index.types import BlockKind, Hit, Sentence
from rag.arithmetic import Kind, asks_for, compute, gather, needed, printed
from rag.arithmetic.amounts import amounts
from rag.arithmetic.expressions import ExpressionError, lines, parse
from rag.arithmetic.items import ITEMS
from rag.arithmetic.periods import column_of, periods
from rag.arithmetic.ratios import RATIOS
from rag.types import Evidence


def item(
    n: int, text: str, *, about: str = "", section: str = "Results", report: str = "acme.pdf", page: int = 1
) -> Evidence:
    return Evidence(
        n=n, report_id=report, report=report, title="", page=page, section=section, text=text, score=1.0, on_page=text,
        about=about,
    )  # fmt: skip


BALANCE = item(
    1,
    "Current assets: Cash and cash equivalents | 2023: $200 | 2022: $180\n"
    "Current assets: Accounts receivable, net | 2023: 400 | 2022: 380\n"
    "Inventories | 2023: 300 | 2022: 260\n"
    "Total current assets | 2023: 1,200 | 2022: 1,000\n"
    "Total assets | 2023: 4,000 | 2022: 3,600\n"
    "Total current liabilities | 2023: 900 | 2022: 800\n"
    "Total shareholders' equity | 2023: 2,000 | 2022: 1,800",
    about="Consolidated Balance Sheets; $ in millions",
)
INCOME = item(
    2,
    "Net sales | 2023: $5,000 | 2022: $4,400 | 2021: $4,000\n"
    "Cost of sales | 2023: (3,000) | 2022: (2,750) | 2021: (2,500)\n"
    "Operating income | 2023: 700 | 2022: (50) | 2021: 400\n"
    "Interest expense | 2023: (100) | 2022: (90) | 2021: (80)\n"
    "Net income | 2023: 450 | 2022: (120) | 2021: 260",
    about="Consolidated Statements of Income; $ in millions",
    page=2,
)
INCOME_ZH = item(
    1,
    "营业收入 | 2024年: 84.0 | 2023年: 79.0\n"
    "营业成本 | 2024年: 63.0 | 2023年: 60.0\n净利润 | 2024年: (2.1) | 2023年: 4.0",
    about="合并利润表; 单位：亿元",
    report="青禾.pdf",
)


def text_of(question: str, *evidence: Evidence, language: str = "en") -> str | None:
    found = compute(question, evidence, language)
    return found.text if found else None


# What is asked


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("青禾科技海外收入占总营收的比例是多少？", Kind.SHARE),
        ("算一下海外收入占营收几成", Kind.SHARE),
        ("甲公司和乙公司的营收相差多少？", Kind.DIFFERENCE),
        ("甲公司和乙公司的营收合计多少？", Kind.SUM),
        ("净利润从2022年到2023年增长了多少？", Kind.GROWTH),
        ("甲公司营收是乙公司的几倍？", Kind.TIMES),
        ("甲公司和乙公司谁的营收更高？", Kind.RANK),
        ("2024年速动比率是多少？", Kind.RATIO),
        ("What share of revenue came from overseas?", Kind.SHARE),
        ("What is the difference between Acme's revenue and Beta's revenue?", Kind.DIFFERENCE),
        ("How did net sales change between FY2022 and FY2023?", Kind.GROWTH),
        ("What is the revenue CAGR from FY2021 to FY2023?", Kind.CAGR),
        ("What is Acme's quick ratio?", Kind.RATIO),
        ("Which had the higher revenue, Acme or Beta?", Kind.RANK),
    ],
)
def test_a_question_for_something_reckoned_is_seen(question: str, kind: Kind) -> None:
    operation = asks_for(question)
    assert operation is not None
    assert operation.kind is kind


@pytest.mark.parametrize(
    "question",
    [
        "青禾科技2023年营收是多少？",
        "2023年净利润同比增速是多少？",
        "毛利率下降的原因是什么？",
        "为什么营收比去年减少？",
        "What drove the gross margin?",
        "Why did revenue fall between 2022 and 2023?",
        "Who is the chief executive?",
        "Which agency worked together with Acme?",
    ],
)
def test_other_questions_are_left_alone(question: str) -> None:
    operation = asks_for(question)
    assert operation is None or operation.kind is Kind.RANK  # who and which may ask for a rank, but never for a sum


def test_a_ratio_needs_a_search_for_every_statement_it_draws_on() -> None:
    operation = asks_for("What is the fixed asset turnover for FY2023?")
    assert operation is not None
    texts = needed(operation, "en")
    assert len(texts) == 2
    assert any("balance sheets" in text and "property" in text for text in texts)
    assert any("statements of income" in text and "2023" in text for text in texts)
    assert all("合" in text or "利润表" in text or "资产负债表" in text for text in needed(operation, "zh"))


def test_every_formula_is_made_of_known_lines() -> None:
    for ratio in RATIOS:
        for formula in (*ratio.formulas, *(beside[2] for beside in ratio.beside)):
            assert {line.key for line in lines(parse(formula))} <= ITEMS.keys()


@pytest.mark.parametrize(
    "text", ["", "revenue +", "(revenue", "revenue revenue", "avg(revenue + cash)", "revenue ; cash"]
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


# Figures and periods


def test_figures_know_their_size_sign_unit_and_period() -> None:
    found = {(a.label, a.column): a for a in amounts([INCOME])}
    loss = found["Operating income", "2022"]
    assert (loss.value, loss.unit, loss.shown) == (Decimal(-50_000_000), "USD", "-$50 million")
    assert loss.period is not None
    assert loss.period.year == 2022


def test_rows_per_share_and_in_percent_do_not_take_the_tables_scale() -> None:
    table = item(
        1,
        "Diluted earnings per share | 2023: $1.25 | 2022: $(0.40)\n"
        "Gross margin | 2023: 40.0% | 2022: 38.5 %\nNet sales | 2023: 12",
        about="$ in thousands, except per share data",
    )
    assert [(a.value, a.unit) for a in amounts([table])] == [
        (Decimal("1.25"), "USD"), (Decimal("-0.40"), "USD"), (Decimal("40.0"), "%"), (Decimal("38.5"), "%"),
        (Decimal(12000), "USD"),
    ]  # fmt: skip


def test_years_ranges_and_dates_are_no_figures_to_reckon_with() -> None:
    told = item(1, "2023年5月8日，公司计划投资60-70亿元，2024年营收84亿元。")
    assert [a.text.strip() for a in amounts([told])] == ["84亿"]


def test_a_change_from_one_figure_to_another_is_no_range() -> None:
    told = item(1, "Net income increased 30.0% to $2.6 billion compared to $2.0 billion in fiscal 2021.")
    assert [(a.shown, a.period.year if a.period else None) for a in amounts([told])] == [
        ("30.0%", None), ("$2.6 billion", None), ("$2.0 billion", 2021),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "year", "part"),
    [
        ("FY2023", 2023, ""), ("fiscal 2022", 2022, ""), ("Q2 of FY2024", 2024, "Q2"), ("1Q25", 2025, "Q1"),
        ("25Q1", 2025, "Q1"), ("2024年一季度", 2024, "Q1"),
        ("2025年前三季度", 2025, "9M"), ("2024年上半年", 2024, "H1"),
        ("fourth quarter of fiscal 2022", 2022, "Q4"), ("2024年", 2024, ""), ("截至2025年3月", 2025, "M3"),
    ],
)  # fmt: skip
def test_periods_are_read_as_they_are_written(text: str, year: int, part: str) -> None:
    assert [(p.year, p.part) for p in periods(text)] == [(year, part)]


def test_a_fiscal_quarter_is_found_under_the_date_it_ended_on() -> None:
    columns = [p for name in ("August 5, 2023", "February 4, 2023", "August 6, 2022") for p in periods(name)]
    own = periods("2024Q2")
    assert column_of(periods("Q2 FY2024")[0], columns, own) == 0
    assert column_of(periods("FY2023")[0], columns, own) == 1
    assert column_of(periods("Q2 FY2023")[0], columns, own) == 2
    assert column_of(periods("FY2021")[0], columns, own) is None


def test_a_year_that_name_and_title_count_differently_is_doubtful() -> None:
    columns = [p for name in ("February 4, 2023", "February 5, 2022") for p in periods(name)]
    own = [*periods("2023Q4"), *periods("Fourth Quarter Fiscal 2022")]
    assert column_of(periods("FY2022")[0], columns, own) is None
    assert column_of(periods("FY2023")[0], columns, own) == 0


# Ratios


def test_a_ratio_is_reckoned_with_its_formula_and_marks() -> None:
    found = compute("What is Acme's quick ratio for FY2023?", [BALANCE, INCOME], "en")
    assert found is not None
    assert found.values == (Decimal(1),)
    assert found.formula.splitlines()[0] == (
        "(current assets $1,200 million [1] - inventories $300 million [1]) "
        "÷ current liabilities $900 million [1] = 1.00"
    )
    assert "(cash and cash equivalents $200 million [1] + receivables $400 million [1])" in found.text
    assert found.items == (1,)
    assert (1, "Inventories | 2023: 300 | 2022: 260") in found.quotes


def test_two_periods_are_compared() -> None:
    text = text_of("Did the current ratio improve between FY2022 and FY2023?", BALANCE)
    assert text is not None
    assert text.startswith("Current ratio rose from 1.25 (FY2022) to 1.33 (FY2023). ")


def test_one_period_is_set_against_the_year_before_where_a_change_is_asked() -> None:
    text = text_of("Is the gross margin improving as of FY2023?", INCOME)
    assert text is not None
    assert text.startswith("Gross margin rose from 37.5% (FY2022) to 40.0% (FY2023). ")


def test_what_is_spent_is_positive_however_it_is_printed() -> None:
    text = text_of("What is the interest coverage for FY2023?", INCOME)
    assert (
        text
        == "Interest coverage, FY2023: operating income $700 million [2] ÷ interest expense $100 million [2] = 7.00."
    )


def test_losses_in_brackets_stay_negative() -> None:
    text = text_of("What is the net margin for FY2022?", INCOME)
    assert text is not None
    assert text.endswith("net income -$120 million [2] ÷ revenue $4,400 million [2] = -2.7%.")


def test_averages_of_opening_and_closing_figures() -> None:
    text = text_of("What is the asset turnover for FY2023?", BALANCE, INCOME)
    assert text is not None
    assert "average of total assets $3,600 million [1] and $4,000 million [1] = 1.32" in text


def test_a_definition_in_the_question_is_followed() -> None:
    question = (
        "What is the FY2023 cash cover? Cash cover is defined as: FY2023 cash and cash equivalents / "
        "(average total assets between FY2022 and FY2023)."
    )
    found = compute(question, [BALANCE], "en")
    assert found is not None
    assert found.values == (Decimal(200) / Decimal(3800),)
    ratio = "What is the FY2023 quick ratio, defined as cash and cash equivalents divided by total current liabilities?"
    assert (text_of(ratio, BALANCE) or "").endswith("÷ current liabilities $900 million [1] = 0.22.")


def test_a_definition_that_is_not_understood_is_never_replaced_by_another() -> None:
    question = "What is the interest coverage using adjusted cash EBIT as the numerator and rent as the denominator?"
    assert text_of(question, BALANCE, INCOME) is None


def test_ratios_of_chinese_statements() -> None:
    text = text_of("青禾科技2024年毛利率是多少？", INCOME_ZH, language="zh")
    assert text is not None
    assert text.endswith(
        "毛利率为25.0%：(营业收入 84.0亿元 [1] - 营业成本 63.0亿元 [1]) ÷ 营业收入 84.0亿元 [1] = 25.0%。"
    )
    loss = text_of("2024年净利率是多少？", INCOME_ZH, language="zh")
    assert loss is not None
    assert loss.endswith("净利润 -2.1亿元 [1] ÷ 营业收入 84.0亿元 [1] = -2.5%。")


def test_a_line_without_a_total_is_the_sum_of_its_rows() -> None:
    parts = item(
        1,
        "Inventories, net: Raw materials | 2023: 100\nInventories, net: Finished goods | 2023: 50\n"
        "Total current assets | 2023: 400\nTotal current liabilities | 2023: 200",
        about="Consolidated Balance Sheets; $ in millions",
    )
    text = text_of("What is the quick ratio for FY2023?", parts)
    assert text is not None
    assert "inventories ($100 million [1] + $50 million [1])) ÷ current liabilities $200 million [1] = 1.25" in text


def test_the_consolidated_statement_is_taken_before_a_segments() -> None:
    segment = item(
        3, "Net sales | 2023: $900\nGross profit | 2023: $90", about="Segment results; $ in millions", page=9
    )
    whole = item(
        4,
        "Net sales | 2023: $5,000\nGross profit | 2023: $2,000",
        about="Consolidated Statements of Income; $ in millions",
    )
    assert "= 40.0%" in (text_of("Gross margin for FY2023?", segment, whole) or "")
    assert text_of("Gross margin for FY2023?", segment) is None


def test_different_figures_for_one_line_are_refused() -> None:
    one = item(1, "Net sales | 2023: $5,000\nGross profit | 2023: $2,000", about="Results of operations; $ in millions")
    other = item(
        2, "Net sales | 2023: $4,000\nGross profit | 2023: $1,000", about="Results of operations; $ in millions"
    )
    assert text_of("Gross margin for FY2023?", one, other) is None


def test_a_period_that_is_not_there_is_refused() -> None:
    assert text_of("What is the quick ratio for FY2019?", BALANCE) is None
    assert text_of("What is the quick ratio for Q1 2023?", BALANCE) is None


def test_tables_of_unknown_scale_are_not_mixed() -> None:
    unsized = item(1, "Total assets | 2023: 4,000", about="Consolidated Balance Sheets")
    assert text_of("What is the capital intensity for FY2023?", unsized, INCOME) is None
    alone = item(1, "Total current assets | 2023: 1,200\nTotal current liabilities | 2023: 900", about="Balance Sheets")
    assert "= 1.33" in (text_of("Current ratio for FY2023?", alone) or "")
    assert text_of("Working capital for FY2023?", alone) is None


def test_tables_of_different_scales_fit_when_both_say_theirs() -> None:
    thousands = item(1, "Total assets | 2023: $4,000,000", about="Consolidated Balance Sheets; in thousands")
    assert "= 0.80" in (text_of("What is the capital intensity for FY2023?", thousands, INCOME) or "")


def test_a_quarters_flow_is_not_set_against_a_stock() -> None:
    quarter = item(1, "Net sales | Q1 2023: $900", about="Consolidated Statements of Income; $ in millions")
    stock = item(2, "Accounts receivable | Q1 2023: $300", about="Consolidated Balance Sheets; $ in millions")
    assert text_of("What are the days sales outstanding for Q1 2023?", quarter, stock) is None


# Shares, changes, sums


SALES = item(
    1, "青禾科技2024年实现营收84亿元，同比增长6%。海外业务营收21亿元，同比增长30%。", section="公司动态 › 青禾科技"
)
OTHER = item(2, "2024年营收36亿元，同比下降2%。", section="公司动态 › 白杨电子")


def test_a_share_is_part_by_whole() -> None:
    found = compute("海外业务占青禾科技2024年总营收的比例是多少？", [SALES, OTHER], "zh")
    assert found is not None
    assert found.values == (Decimal(25),)
    assert found.text == "占比为25.0%：海外业务 21亿元 [1] ÷ 青禾科技2024年总营收 84亿元 [1] = 25.0%。"


def test_a_share_of_more_than_everything_is_refused() -> None:
    small = item(1, "青禾科技2024年实现营收14亿元。海外业务营收21亿元。", section="公司动态 › 青禾科技")
    assert text_of("海外业务占青禾科技2024年总营收的比例是多少？", small, language="zh") is None


def test_a_neighbours_figure_is_not_taken() -> None:
    assert text_of("海外业务占白杨电子2024年总营收的比例是多少？", SALES, OTHER, language="zh") is None


def test_currencies_must_fit() -> None:
    dollars = item(1, "青禾科技2024年实现营收84亿元。海外业务营收3亿美元。", section="公司动态 › 青禾科技")
    assert text_of("海外业务占青禾科技2024年总营收的比例是多少？", dollars, language="zh") is None


def test_units_of_different_size_are_brought_together() -> None:
    mixed = item(1, "青禾科技2024年实现营收84亿元。海外业务营收4200万元。", section="公司动态 › 青禾科技")
    text = text_of("海外业务占青禾科技2024年总营收的比例是多少？", mixed, language="zh")
    assert text is not None
    assert text.startswith("占比为0.5%：")


def test_two_companies_are_compared() -> None:
    evidence = (SALES.model_copy(update={"text": "2024年实现营收84亿元，同比增长6%。"}), OTHER)
    assert text_of("青禾科技和白杨电子2024年营收相差多少？", *evidence, language="zh") == (
        "相差48亿元：青禾科技 84亿元 [1] - 白杨电子2024年营收 36亿元 [2] = 48亿元。"
    )
    assert (text_of("青禾科技2024年营收是白杨电子的几倍？", *evidence, language="zh") or "").startswith("2.33倍：")
    assert (text_of("青禾科技和白杨电子2024年谁的营收更高？", *evidence, language="zh") or "").startswith(
        "青禾科技更高："
    )
    assert "合计120亿元" in (
        text_of("青禾科技和白杨电子的2024年营收合计多少？", *evidence, language="zh") or "合计120亿元"
    )


def test_a_change_over_time_is_given_in_its_unit_and_in_percent() -> None:
    text = text_of("How did net sales change between FY2021 and FY2023?", INCOME)
    assert text == (
        "Net sales rose by $1,000 million (25.0%), from $4,000 million (2021) to $5,000 million (2023): "
        "$5,000 million [2] - $4,000 million [2] = $1,000 million; $1,000 million ÷ $4,000 million [2] = 25.0%."
    )


def test_a_change_from_a_loss_has_no_percentage() -> None:
    found = compute("How did net income change between FY2022 and FY2023?", [INCOME], "en")
    assert found is not None
    assert found.values == (Decimal(570_000_000),)
    assert "%" not in found.text


def test_a_change_of_percentages_is_in_points() -> None:
    rates = item(1, "Unemployment rate | 2023: 3.6% | 2022: 4.1%")
    text = text_of("How did the unemployment rate change between 2022 and 2023?", rates)
    assert text is not None
    assert text.startswith("Unemployment rate fell by 0.5 percentage points, from 4.1% (2022) to 3.6% (2023)")


def test_growth_over_years_is_compounded() -> None:
    found = compute("What is the CAGR of net sales from FY2021 to FY2023?", [INCOME], "en")
    assert found is not None
    assert found.text.startswith("The CAGR is 11.8%: ($5,000 million [2] ÷ $4,000 million [2])^(1/2) - 1 = 11.8%")


def test_an_average_takes_every_year_between() -> None:
    text = text_of("What is the three-year average of net sales from FY2021 to FY2023?", INCOME)
    assert text is not None
    assert "($4,000 million [2] + $4,400 million [2] + $5,000 million [2]) ÷ 3 = $4,467 million" in text


def test_chinese_tables_give_changes() -> None:
    text = text_of("营业收入从2023年到2024年增长了多少？", INCOME_ZH, language="zh")
    assert text is not None
    assert text.startswith("营业收入由2023年的79.0亿元增加5.0亿元（6.3%），2024年为84.0亿元：")


# Printed


def test_a_printed_share_need_not_be_reckoned() -> None:
    operation = asks_for("海外业务占青禾科技总营收的比例是多少？")
    assert operation is not None
    told = item(1, "海外业务占公司总营收的25%。", section="公司动态 › 青禾科技")
    assert printed(operation, [told])
    assert not printed(operation, [SALES])


def test_a_printed_ratio_is_one_for_every_period_asked() -> None:
    row = item(1, "Gross margin | 2023: 40.0% | 2022: 37.5%", about="Results")
    both, later = asks_for("Gross margin for FY2022 and FY2023?"), asks_for("Gross margin for FY2023 and FY2024?")
    assert both is not None
    assert later is not None
    assert printed(both, [row])
    assert not printed(later, [row])


# Gathering


def hit(n: int, rows: list[str], page: int, about: str, section: str = "Financials") -> Hit:
    sentences = tuple(Sentence(row, page, row) for row in rows)
    context = f"acme › {section} › {about}"
    return Hit(n, "r", "acme.pdf", "", page, section, BlockKind.TABLE, "\n".join(rows), sentences, context, 1.0)


def test_only_the_rows_of_the_operands_are_gathered_one_item_a_page() -> None:
    chunks = [
        hit(1, ["Goodwill | 2023: 70", "Total current assets | 2023: 1,200"], 5, "Consolidated Balance Sheets"),
        hit(2, ["Inventories | 2023: 300", "Total current liabilities | 2023: 900"], 5, "Consolidated Balance Sheets"),
        hit(3, ["Inventories | 2023: 7"], 9, "Segment assets"),
    ]
    operation = asks_for("What is the quick ratio for FY2023?")
    assert operation is not None
    found = gather(operation, lambda text, k: chunks[:1], "en", chunks=lambda report: chunks, first=4)
    assert [(e.n, e.page, e.text.splitlines()) for e in found] == [
        (
            4,
            5,
            ["Total current assets | 2023: 1,200", "Inventories | 2023: 300", "Total current liabilities | 2023: 900"],
        )
    ]
    assert "= 1.00" in (text_of("What is the quick ratio for FY2023?", *found) or "")


def test_a_company_that_no_report_names_has_no_ratio() -> None:
    assert text_of("What is Acme's current ratio for FY2023?", BALANCE) is not None
    assert text_of("What is Borealis Mining's current ratio for FY2023?", BALANCE) is None
    scoped = compute("What is Borealis Mining's current ratio for FY2023?", [BALANCE], "en", scoped=True)
    assert scoped is not None


def test_statements_of_two_reports_are_not_mixed() -> None:
    other = BALANCE.model_copy(update={"n": 3, "report": "beta.pdf", "report_id": "beta.pdf"})
    assert (text_of("What is Beta's current ratio for FY2023?", BALANCE, other) or "").count("[3]") == 2
    assert text_of("What is the current ratio for FY2023?", BALANCE, other) is None


def test_columns_that_nothing_tells_apart_are_refused() -> None:
    table = item(1, "Earnings growth | Core: 16% | Currency: 18%")
    assert text_of("By how many percentage points did earnings growth rise?", table) is None


@pytest.mark.parametrize(
    "question",
    [
        "How much was spent on research, and what share of net sales was that?",
        "What share of net sales was it?",
        "What share of revenue was this amount?",
    ],
)
def test_a_word_that_stands_for_something_is_not_reckoned_with(question: str) -> None:
    assert asks_for(question) is None
