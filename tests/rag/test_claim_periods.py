import pytest

from rag.checking.periods import Period, find_periods, stands_among


def only(text: str) -> Period:
    found = find_periods(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1Q25", "2025年一季度"),
        ("25Q1", "first quarter of 2025"),
        ("2025Q1", "Q1 2025"),
        ("1-3月", "第一季度"),
        ("1H24", "2024年上半年"),
        ("FY2023", "fiscal 2023"),
        ("2025年3月末", "March 2025"),
        ("March 31, 2023", "3/31/2023"),
        ("2024年前三季度", "2024年1-9月"),
        ("一季度", "1Q25"),
    ],
)
def test_one_period_in_two_forms_fits(one: str, other: str) -> None:
    assert only(one).fits(only(other))
    assert only(other).fits(only(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024年", "2023年"),
        ("1Q25", "2Q25"),
        ("1Q25", "1Q24"),
        ("上半年", "下半年"),
        ("上半年", "一季度"),
        ("3月末", "4月末"),
        ("March 31, 2023", "March 31, 2022"),
        ("three months ended", "six months ended"),
    ],
)
def test_another_period_does_not_fit(one: str, other: str) -> None:
    assert not only(one).fits(only(other))


@pytest.mark.parametrize(
    "text", ["2,023 stores", "2023 stores", "5年内", "10年期国债", "H20", "A100", "they may rise", ""]
)
def test_what_is_no_period_is_not_taken_for_one(text: str) -> None:
    assert find_periods(text) == []


def test_the_year_and_the_quarter_may_be_told_apart() -> None:
    evidence = find_periods("2025年报告。第一季度营收增长。")
    assert stands_among(only("1Q25"), evidence)
    assert not stands_among(only("2Q25"), evidence)
    assert not stands_among(only("1Q24"), evidence)


def test_a_quarter_of_another_year_does_not_stand_where_every_quarter_has_its_year() -> None:
    assert not stands_among(only("2022年四季度"), find_periods("2022年底以来；2023年四季度"))
