"""The order of what was found, over a small store of made-up reports."""

import pytest

from index.library import Library
from rag.finding.retrieval import HybridRetriever

ENGLISH = """# Harbour Light annual report

## Operations

Harbour Light runs ferries between the islands. Segment operating income margin is operating income divided by revenue.

## Statements

The balance sheet shows total current assets of 90 million and inventories of 12 million. Total current liabilities were
45 million at the end of the year.

## Liquidity

Our liquidity is sound. We believe that the ratio of what we own to what we owe, and access to banks, matter.
"""
CHINESE = """# 海岚通信周报

## 行业要闻

云帆科技第一季度经营利润为 31 亿元，高于市场预估的 28 亿元。

## 设备

板块指数回落。服务器需求仍然旺盛。

## 关税

公司指引未纳入新关税的影响。
"""


@pytest.fixture(scope="module")
def library(embedder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ranking")
    (folder / "harbour.md").write_text(ENGLISH, encoding="utf-8")
    (folder / "weekly.md").write_text(CHINESE, encoding="utf-8")
    opened = Library(folder / "store", embedder)
    assert [outcome.error for outcome in opened.add([folder / "harbour.md", folder / "weekly.md"])] == [None, None]
    yield opened
    opened.close()


def first(library: Library, question: str) -> str:
    return HybridRetriever(library).hits(question)[0].text


def test_an_english_question_finds_the_chinese_sentence_by_words_of_the_field(library) -> None:
    assert "31 亿元" in first(library, "First-quarter operating income vs. the estimate")


def test_a_chinese_question_finds_the_english_sentence(library) -> None:
    assert "total current assets" in first(library, "流动资产和存货各有多少？")


def test_a_ratio_is_found_by_what_statements_print_of_it(library) -> None:
    assert "total current assets" in first(library, "What is the quick ratio?")


def test_scores_fall_and_stay_between_nothing_and_about_one(library) -> None:
    scores = [hit.score for hit in HybridRetriever(library).hits("关税的影响")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1.5 for score in scores)


def test_asking_for_fewer_gives_the_first_of_the_same(library) -> None:
    many = HybridRetriever(library, k=5).hits("服务器需求")
    few = HybridRetriever(library, k=2).hits("服务器需求")
    assert [hit.chunk_id for hit in few] == [hit.chunk_id for hit in many[:2]]


def test_only_chosen_reports_are_searched(library) -> None:
    weekly = library.find("weekly.md").id
    assert {hit.report_id for hit in HybridRetriever(library, reports=[weekly]).hits("operating income")} == {weekly}


def test_a_question_without_known_words_still_ranks_by_vectors(library) -> None:
    assert HybridRetriever(library).hits("zzgrph wqx")
