"""Normal forms, line joining, sentence ends and words."""

from itertools import pairwise

import pytest

from index.text import LONGEST_SENTENCE, clean, fold, join, join_sentences, split_sentences, words


def sentences(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("营业收入比上年", "同期增长", "营业收入比上年同期增长"),
        ("增长，", "主要因为", "增长，主要因为"),
        ("the net", "sales of", "the net sales of"),
        ("the com-", "pany", "the company"),
        ("the com\u00ad", "pany", "the company"),
        ("the com\u2010", "pany", "the company"),
        ("non-", "GAAP", "non-GAAP"),
        ("a year-over-", "year rise", "a year-over-year rise"),
        ("fiscal 2024-", "2025", "fiscal 2024-2025"),
        ("截至", "2025 年", "截至2025 年"),
        ("revenue of", "云岚", "revenue of云岚"),
        ("", "first", "first"),
        ("last", "", "last"),
    ],
)
def test_lines_join_as_their_language_asks(left: str, right: str, joined: str) -> None:
    assert join(left, right) == joined


def test_sentences_join_as_text_and_rows_as_lines() -> None:
    assert join_sentences(["收入增长。", "成本下降。"]) == "收入增长。成本下降。"
    assert join_sentences(["Sales rose.", "Costs fell."]) == "Sales rose. Costs fell."
    assert join_sentences(["甲 | 1", "乙 | 2"], rows=True) == "甲 | 1\n乙 | 2"


def test_clean_takes_out_what_cannot_be_seen() -> None:
    assert clean("\ufeff net\u200b  sales\u3000of\u00a02025\x00 ") == "net sales of 2025"
    assert clean("⼈⺠币") == "人民币"


def test_fold_makes_full_width_and_spacing_equal() -> None:
    assert fold("ＧＤＰ 增长 ５％") == fold("gdp增长5%")
    assert fold("Net  Sales") != fold("Net Sale")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sales rose 3.5% in 2024. Profit fell.", ["Sales rose 3.5% in 2024.", "Profit fell."]),
        ("Mr. Smith of Acme Inc. said so. He left.", ["Mr. Smith of Acme Inc. said so.", "He left."]),
        ("The U.S. market grew. Costs fell 1.2 percent.", ["The U.S. market grew.", "Costs fell 1.2 percent."]),
        ("We sell to J. Smith & Co. Ltd. in China.", ["We sell to J. Smith & Co. Ltd. in China."]),
        ("Is it so? It is! Good.", ["Is it so?", "It is!", "Good."]),
        ("He said “it works.” Then he left.", ["He said “it works.”", "Then he left."]),
        ("See No. 5 and Fig. 3. (Both are new.) End.", ["See No. 5 and Fig. 3.", "(Both are new.)", "End."]),
        ("毛利率为35.2%。同比提高1.5个百分点！为什么？", ["毛利率为35.2%。", "同比提高1.5个百分点！", "为什么？"]),
        ("他说：“很好。”然后走了。", ["他说：“很好。”", "然后走了。"]),
        ("建议关注：1、甲公司；2、乙公司。", ["建议关注：1、甲公司；", "2、乙公司。"]),
        ("甲公司增长；乙公司下降。", ["甲公司增长；乙公司下降。"]),
        ("公司2025Q1收入3.2亿元（同比+5.1%）。Azure grew 33%. 其他持平。",
         ["公司2025Q1收入3.2亿元（同比+5.1%）。", "Azure grew 33%. 其他持平。"]),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "。", "a", "一。二！\n三", " Sales rose.  Costs fell. ", "甲，" * 400, "x" * 3000]
)
def test_sentence_offsets_cover_the_text_without_overlap(text: str) -> None:
    spans = split_sentences(text)
    assert all(start < end for start, end in spans)
    assert all(left[1] == right[0] for left, right in pairwise(spans))
    assert "".join(text[start:end] for start, end in spans).strip() == text.strip()


def test_an_endless_sentence_is_cut_at_a_clause() -> None:
    parts = sentences("本周储能板块整体上行，" * 60)
    assert len(parts) > 2
    assert all(len(part) <= LONGEST_SENTENCE and part.endswith("，") for part in parts)


def test_chinese_words_are_cut_and_long_ones_found_by_their_parts() -> None:
    found = words("3月末固定宽带接入用户")
    assert {"固定", "宽带", "用户"} <= set(found)
    assert {"公司", "收入"} <= set(words("公司的收入是多少？"))
    assert not {"的", "是", "多少"} & set(words("公司的收入是多少？"))


def test_english_words_lose_case_endings_and_little_words() -> None:
    assert words("The Companies' sales") == words("company sale")
    assert words("What was the revenue of Verizon?") == ["revenue", "verizon"]
    assert words("What's the revenue?") == ["revenue"]


def test_numbers_are_found_however_they_are_printed() -> None:
    assert words("1,247.4") == words("1247.4") == words("１，２４７．４") == ["1247.4"]
    assert words("7.2%") == words("7.2") == ["7.2"]


def test_compounds_are_found_whole_and_by_their_parts() -> None:
    assert "gb200" in words("英伟达GB200")
    assert {"10k", "10"} <= set(words("the 10-K filing"))
    assert "ashare" in words("A-share")


@pytest.mark.parametrize("text", ["", " ", "🙂🙂", '"*()^:', "的了是"])
def test_text_without_words_has_none(text: str) -> None:
    assert words(text) == []
