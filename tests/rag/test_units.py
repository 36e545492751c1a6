"""Figures put into the reader's units, the original beside them."""

import pytest

from rag.arithmetic import converted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Revenue was 318.62亿元 [1].", "Revenue was RMB 31.862 billion (318.62亿元) [1]."),
        ("用户达4.31亿户。", "用户达 431 million (4.31亿户)。"),
        ("Capex of 410-480亿美元", "Capex of $41 to 48 billion (410-480亿美元)"),
        ("market of 1.2万亿元", "market of RMB 1.2 trillion (1.2万亿元)"),
        ("sold 12万辆 cars", "sold 120,000 (12万辆) cars"),
        ("由2亿元至3亿元", "由 RMB 200 million (2亿元) 至 RMB 300 million (3亿元)"),
        ("up 8.5% in 2024, 5家 and 3,000台", "up 8.5% in 2024, 5家 and 3,000台"),
        ("RMB 31.862 billion (318.62亿元) in sales", "RMB 31.862 billion (318.62亿元) in sales"),
    ],
)
def test_chinese_units_for_an_english_reader(text: str, shown: str) -> None:
    assert converted(text, "en") == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("营收为$1.25 billion[1]。", "营收为12.5亿美元（$1.25 billion）[1]。"),
        ("431 million用户", "4.31亿（431 million）用户"),
        ("$410-480 million", "4.1至4.8亿美元（$410-480 million）"),
        ("from $410 million to $480 million", "from 4.1亿美元（$410 million） to 4.8亿美元（$480 million）"),
        ("RMB 31.8 billion", "318亿元（RMB 31.8 billion）"),
        ("每股$3.10 to $3.30，增长8%", "每股$3.10 to $3.30，增长8%"),
        ("12.5亿美元（$1.25 billion）", "12.5亿美元（$1.25 billion）"),
        ("€3 million and £2bn", "300万欧元（€3 million） and 20亿英镑（£2bn）"),
    ],
)
def test_english_units_for_a_chinese_reader(text: str, shown: str) -> None:
    assert converted(text, "zh") == shown


@pytest.mark.parametrize("text", ["营收318.62亿元，用户4.31亿户", "Sales of 3.2亿美元 and 5万吨"])
def test_converting_twice_changes_nothing_more(text: str) -> None:
    once = converted(text, "en")
    assert once != text
    assert converted(once, "en") == once
