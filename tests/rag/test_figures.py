from decimal import Decimal

import pytest

from rag.checking.figures import Figure, find, in_units_of, stands_in


def only(text: str) -> Figure:
    figures = find(text)
    assert len(figures) == 1, figures
    return figures[0]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12.5亿", "1250000000", ""),
        ("3.2万", "32000", ""),
        ("1.2万亿", "1200000000000", ""),
        ("3千万", "30000000", ""),
        ("29.3 billion", "29300000000", ""),
        ("$2.1bn", "2100000000", ""),
        ("$3.5m", "3500000", ""),
        ("612.4 million", "612400000", ""),
        ("2.4 trillion", "2400000000000", ""),
        ("7.2%", "7.2", "%"),
        ("7.2 percent", "7.2", "%"),
        ("1.4个百分点", "1.4", "pp"),
        ("1.4 percentage points", "1.4", "pp"),
        ("1.4pct", "1.4", "pp"),
        ("110 basis points", "110", "bp"),
        ("110bps", "110", "bp"),
        ("110个基点", "110", "bp"),
        ("1,247.4", "1247.4", ""),
        ("1,234,567", "1234567", ""),
        ("１２．５％", "12.5", "%"),
        ("１，２３４", "1234", ""),
        ("-7.6%", "-7.6", "%"),
        ("(17.7)%", "17.7", "%"),
        ("eleven days", "11", ""),
    ],
)
def test_a_figure_is_read_with_its_size_and_unit(text: str, value: str, unit: str) -> None:
    figure = only(text)
    assert (figure.value, figure.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("营收12.5亿元，同比增长8%，环比下降2.1个百分点", ["1250000000", "8", "2.1"]),
        ("2月国内新型储能招标容量38.6GWh", ["2", "38.6"]),
        ("约１２．５亿元", ["1250000000"]),
        ("从98GWh升至120GWh", ["98", "120"]),
        ("RMB41.26bn in revenue", ["41260000000"]),
        ("US$2.1bn", ["2100000000"]),
        ("EUR285 million", ["285000000"]),
    ],
)
def test_figures_are_found_where_they_touch_other_words(text: str, values: list[str]) -> None:
    assert [figure.value for figure in find(text)] == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("20%~25%", ["20", "25"]),
        ("$10 million to $15 million", ["10000000", "15000000"]),
        ("2020-2023", ["2020", "2023"]),
        ("8 万—9 万元", ["80000", "90000"]),
    ],
)
def test_both_ends_of_a_range_are_figures(text: str, values: list[str]) -> None:
    assert [abs(figure.value) for figure in find(text)] == [Decimal(value) for value in values]


@pytest.mark.parametrize("text", ["Q3", "H20", "FY25A2", "314Ah电芯的A100", "v1.2.3"])
def test_digits_inside_a_name_are_not_taken_for_a_quantity_in_millions(text: str) -> None:
    assert not any(figure.scaled for figure in find(text))


def test_positions_are_those_of_the_text() -> None:
    text = "收入 １２．５亿元，up 7.2% on 1,163.6"
    for figure in find(text):
        assert text[figure.start : figure.end] == figure.text
    assert [figure.text for figure in find(text)] == ["１２．５亿", "7.2%", "1,163.6"]


def test_text_without_figures_has_none() -> None:
    assert find("") == []
    assert find("毛利率同比提升，管理层表示满意。") == []


AGREE = [
    ("29.3 billion", "293亿"),
    ("41.3 billion", "412.6亿"),
    ("41 billion", "412.6亿"),
    ("1.2 trillion", "1.2万亿"),
    ("10 billion", "100亿"),
    ("285 million", "2.85亿"),
    ("32,000", "3.2万"),
    ("2,258", "2258"),
    ("１２．５％", "12.5%"),
    ("7.2 percent", "7.2%"),
    ("1.4 percentage points", "1.4个百分点"),
    ("1.4pct", "1.4个百分点"),
    ("110 basis points", "110个基点"),
    ("7.6%", "-7.6%"),
    ("7.20%", "7.2%"),
]
DIFFER = [
    ("2.9%", "11.1%"),
    ("3%", "2.4%"),
    ("2,143", "2,258"),
    ("29.3 billion", "2930亿"),
    ("29.3 billion", "29.3亿"),
    ("40 billion", "412.6亿"),
    ("1 billion", "12亿"),
    ("10%", "10"),
    ("110 basis points", "110%"),
    ("5", "5亿"),
]


@pytest.mark.parametrize(("one", "other"), AGREE)
def test_the_same_figure_in_another_form_agrees(one: str, other: str) -> None:
    assert only(one).agrees(only(other))
    assert only(other).agrees(only(one))


@pytest.mark.parametrize(("one", "other"), DIFFER)
def test_another_figure_does_not_agree(one: str, other: str) -> None:
    assert not only(one).agrees(only(other))
    assert not only(other).agrees(only(one))


def test_a_figure_stands_in_evidence_that_has_it_anywhere() -> None:
    evidence = find("net sales 1,247.4 and growth 7.2%")
    assert stands_in(only("7.2%"), evidence)
    assert not stands_in(only("8.4%"), evidence)
    assert not stands_in(only("7.2%"), [])


@pytest.mark.parametrize(
    ("text", "checkable"), [("3", False), ("12", False), ("13", True), ("3%", True), ("1.5", True)]
)
def test_small_whole_numbers_need_no_evidence(text: str, checkable: bool) -> None:
    assert only(text).checkable is checkable


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("出口额 184亿元", "en", "18.4 billion"),
        ("出口额184亿元", "en", "18.4 billion"),
        ("营业收入 412.6 亿元", "en", "41.26 billion"),
        ("约 3.2万吨", "en", "32,000"),
        ("约3.2万吨", "en", "32,000"),
        ("1.2 万亿元", "en", "1.2 trillion"),
        ("每年 3-5亿元", "en", "300 million to 500 million"),
        ("revenue of $18.4 billion", "zh", "184亿"),
        ("net sales of $1,247.4 million", "zh", "12.474亿"),
        ("$2.4 trillion", "zh", "2.4万亿"),
        ("$10 to $15 million", "zh", "1000万至1500万"),
    ],
)
def test_large_figures_are_given_in_the_readers_units(text: str, language: str, shown: str) -> None:
    assert shown in in_units_of(text, language)


@pytest.mark.parametrize(
    ("text", "language"), [("$18.4 billion", "en"), ("184亿元", "zh"), ("增长 8%，2.1 元/股", "en"), ("", "en")]
)
def test_figures_in_the_readers_units_stay_as_they_are(text: str, language: str) -> None:
    assert in_units_of(text, language) == text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("营业收入 412.6 亿元", "en"),
        ("营业收入412.6亿元", "en"),
        ("1.2 万亿元", "en"),
        ("net sales of $1,247.4 million", "zh"),
    ],
)
def test_a_converted_figure_agrees_with_its_source(text: str, language: str) -> None:
    source = find(text)
    assert source
    assert all(stands_in(figure, find(in_units_of(text, language))) for figure in source)
