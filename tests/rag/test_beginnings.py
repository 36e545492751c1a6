"""What a text chosen as evidence goes on from comes along."""

from collections.abc import Sequence

import pytest

from index.types import BlockKind, Hit, Sentence
from rag.finding.beginnings import begun, goes_on


@pytest.mark.parametrize(
    "sentence",
    [
        "2024年营收13.8亿元，同比增长56%。",
        "2025年一季度，实现营业收入20亿元。",
        "1Q25毛利率达42%。",
        "建议关注越南工厂产能释放。",
        "其中海外收入3亿元。",
        "该公司计划扩产。",
        "The decrease was due to lower volumes.",
        "It expects margins to recover.",
    ],
)
def test_what_begins_with_something_named_before_goes_on(sentence: str) -> None:
    assert goes_on(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "青禾科技2024年营收13.8亿元。",
        "其他应收款为2亿元。",
        "并购交易已完成。",
        "2024年全球经济增速为2.7%。",
        "Net sales rose 5%.",
        "Items sold online grew.",
    ],
)
def test_what_names_its_own_subject_does_not(sentence: str) -> None:
    assert not goes_on(sentence)


def hit(number: int, *sentences: str) -> Hit:
    stated = tuple(Sentence(text, 4, text) for text in sentences)
    return Hit(number, "r", "r.pdf", "", 4, "连接器", BlockKind.PARAGRAPH, "".join(sentences), stated)


FIRST = hit(1, "青禾科技、云泽股份表现亮眼。", "青禾科技营收同比高增。")
SECOND = hit(2, "2024年营收13.8亿元。")
THIRD = hit(3, "建议关注越南工厂产能释放。", "云泽股份重塑估值。")


def before(other: Hit) -> Hit | None:
    return {2: FIRST, 3: SECOND}.get(other.chunk_id)


def texts(sentences: Sequence[Sentence]) -> list[str]:
    return [sentence.text for sentence in sentences]


def test_the_subject_comes_from_chunks_before() -> None:
    assert texts(begun(THIRD.sentences, THIRD, before)) == [
        "青禾科技营收同比高增。",
        "2024年营收13.8亿元。",
        "建议关注越南工厂产能释放。",
        "云泽股份重塑估值。",
    ]


def test_nothing_comes_before_what_stands_for_itself() -> None:
    assert begun(FIRST.sentences, FIRST, before) == FIRST.sentences


def test_without_a_subject_to_be_had_nothing_is_added() -> None:
    assert begun(SECOND.sentences, SECOND, lambda other: None) == SECOND.sentences


def test_a_long_sentence_before_is_left_where_it_is() -> None:
    long = hit(1, "青禾科技" + "营收和利润增长" * 30 + "。")
    assert begun(SECOND.sentences, SECOND, lambda other: long) == SECOND.sentences
