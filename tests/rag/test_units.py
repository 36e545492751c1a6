"""Figures put into the reader's units, the original beside them."""

import pytest

from rag.arithmetic import converted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Revenue was 442.39亿元 [1].", "Revenue was RMB 44.239 billion (442.39亿元) [1]."),
        ("用户达6.78亿户。", "用户达 678 million (6.78亿户)。"),
        ("Capex of 640-720亿美元", "Capex of $64 to 72 billion (640-720亿美元)"),
        ("market of 1.2万亿元", "market of RMB 1.2 trillion (1.2万亿元)"),
        ("sold 12万辆 cars", "sold 120,000 (12万辆) cars"),
        ("由2亿元至3亿元", "由 RMB 200 million (2亿元) 至 RMB 300 million (3亿元)"),
        ("up 8.5% in 2024, 5家 and 3,000台", "up 8.5% in 2024, 5家 and 3,000台"),
        ("RMB 44.239 billion (442.39亿元) in sales", "RMB 44.239 billion (442.39亿元) in sales"),
    ],
)
def test_chinese_units_for_an_english_reader(text: str, shown: str) -> None:
    assert converted(text, "en") == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("营收为$1.25 billion[1]。", "营收为12.5亿美元（$1.25 billion）[1]。"),
        ("678 million用户", "6.78亿（678 million）用户"),
        ("$640-720 million", "6.4至7.2亿美元（$640-720 million）"),
        ("from $640 million to $720 million", "from 6.4亿美元（$640 million） to 7.2亿美元（$720 million）"),
        ("RMB 44.2 billion", "442亿元（RMB 44.2 billion）"),
        ("每股$24.70 to $25.40，增长8%", "每股$24.70 to $25.40，增长8%"),
        ("12.5亿美元（$1.25 billion）", "12.5亿美元（$1.25 billion）"),
        ("€3 million and £2bn", "300万欧元（€3 million） and 20亿英镑（£2bn）"),
    ],
)
def test_english_units_for_a_chinese_reader(text: str, shown: str) -> None:
    assert converted(text, "zh") == shown


@pytest.mark.parametrize("text", ["营收442.39亿元，用户6.78亿户", "Sales of 3.2亿美元 and 5万吨"])
def test_converting_twice_changes_nothing_more(text: str) -> None:
    once = converted(text, "en")
    assert once != text
    assert converted(once, "en") == once
