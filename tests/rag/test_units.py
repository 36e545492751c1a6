"""Figures put into the reader's units."""

import pytest

from rag.arithmetic import replaced


@pytest.mark.parametrize(
    ("text", "shown", "originals"),
    [
        ("Revenue was 318.62亿元 [1].", "Revenue was RMB 31.862 billion [1].", ["318.62亿元"]),
        ("用户达4.31亿户。", "用户达 431 million。", ["4.31亿户"]),
        ("Capex of 410-480亿美元", "Capex of $41 to 48 billion", ["410-480亿美元"]),
        ("market of 1.2万亿元", "market of RMB 1.2 trillion", ["1.2万亿元"]),
        ("sold 12万辆 cars", "sold 120,000 cars", ["12万辆"]),
        ("由2亿元至3亿元", "由 RMB 200 million 至 RMB 300 million", ["2亿元", "3亿元"]),
        ("up 8.5% in 2024, 5家 and 3,000台", "up 8.5% in 2024, 5家 and 3,000台", []),
        ("RMB 31.862 billion (318.62亿元) in sales", "RMB 31.862 billion (318.62亿元) in sales", []),
    ],
)
def test_chinese_units_for_an_english_reader(text: str, shown: str, originals: list[str]) -> None:
    said, figures = replaced(text, "en")
    assert (said, [old for _, old in figures]) == (shown, originals)
    assert all(new in shown for new, _ in figures)


@pytest.mark.parametrize(
    ("text", "shown", "originals"),
    [
        ("营收为$1.25 billion[1]。", "营收为12.5亿美元[1]。", ["$1.25 billion"]),
        ("431 million用户", "4.31亿用户", ["431 million"]),
        ("$410-480 million", "4.1至4.8亿美元", ["$410-480 million"]),
        ("from $410 million to $480 million", "from 4.1亿美元 to 4.8亿美元", ["$410 million", "$480 million"]),
        ("RMB 31.8 billion", "318亿元", ["RMB 31.8 billion"]),
        ("每股$3.10 to $3.30，增长8%", "每股$3.10 to $3.30，增长8%", []),
        ("12.5亿美元（$1.25 billion）", "12.5亿美元（$1.25 billion）", []),
        ("€3 million and £2bn", "300万欧元 and 20亿英镑", ["€3 million", "£2bn"]),
    ],
)
def test_english_units_for_a_chinese_reader(text: str, shown: str, originals: list[str]) -> None:
    said, figures = replaced(text, "zh")
    assert (said, [old for _, old in figures]) == (shown, originals)
    assert all(new in shown for new, _ in figures)
