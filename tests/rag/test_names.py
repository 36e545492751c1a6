"""Names that have a form in each language."""

from collections import Counter

import pytest

from rag.asking.names import find, forms, glossary, known, other_names


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Sinolink's Beijing office", [("Sinolink", "国金证券")]),
        ("中信建投证券的评级", [("中信建投证券", "China Securities Co")]),
        ("中信证券的评级", [("中信证券", "CITIC Securities")]),
        ("What does Goldman Sachs expect?", [("Goldman Sachs", "高盛")]),
        ("臉書的廣告收入", [("臉書", "Meta")]),
        ("Facebook and facebook", [("Facebook", "脸书")]),
        ("amazon 与微软", [("amazon", "亚马逊"), ("微软", "Microsoft")]),
        ("the People's Bank of China", [("People's Bank of China", "中国人民银行")]),
        ("the Bank of China", [("Bank of China", "中国银行")]),
        ("工商银行的净息差", [("工商银行", "Industrial and Commercial Bank of China")]),
    ],
)
def test_a_name_has_its_other_form_as_it_stands_in_the_text(text: str, other: list[tuple[str, str]]) -> None:
    assert other_names(text) == other


@pytest.mark.parametrize(
    "text",
    [
        "高通胀持续",  # not Qualcomm
        "中国金融体系",  # not Sinolink
        "中国银行业的不良率",  # not Bank of China
        "其中金额最大",  # not CICC
        "货币宽松下的债市",  # not Panasonic
        "北京东部",  # not JD
        "the target price was raised",
        "Target price: 12",
        "The Dow Jones fell",
        "a meta study of apples",
        "they fed the oracle in the shell",
        "Metallurgy and Amazonian forests",
    ],
)
def test_a_word_that_only_looks_like_a_name_is_none(text: str) -> None:
    assert find(text) == ()


def test_all_forms_of_a_name_are_known_together() -> None:
    (meta,) = forms("脸书涨了多少")
    assert meta[0] == "脸书"
    assert {"Meta", "Facebook"} <= set(meta)
    assert known("Facebook") == known("Meta Platforms") == known("脸书") == known("臉書")


def test_offsets_are_those_of_the_text() -> None:
    text = "Q1 臺積電 vs 三星電子"
    assert [text[one.start : one.end] for one in find(text)] == ["臺積電", "三星電子"]


def test_no_name_is_two_things_and_both_languages_are_there() -> None:
    everything = Counter(form.removeprefix("=") for name in glossary() for form in (*name.chinese, *name.english))
    assert [form for form, count in everything.items() if count > 1] == []
    assert all(name.chinese[0] and name.english[0] for name in glossary())
    kinds = Counter(name.kind for name in glossary())
    assert kinds["broker"] > 40
    assert kinds["bank"] > 35
    assert kinds["company"] > 200


def test_an_english_translation_has_the_page_s_names_behind_those_asked_for_and_no_made_up_ones() -> None:
    from rag.translation import _as_asked, _named_as_printed

    english, chinese = "Goldman Sachs", "高盛"
    question, sentence = f"What was {english}'s revenue?", f"{chinese}营收为20.5亿元"
    assert _as_asked(sentence, question) == f"{english}营收为20.5亿元"
    made = f"{english} (编造名称) had revenue of RMB 2.05 billion (20.5亿元)."
    assert (
        _named_as_printed(made, sentence, question)
        == f"{english} ({chinese}) had revenue of RMB 2.05 billion (20.5亿元)."
    )
