"""Answers of the default language model over the sample reports. Slow: the only tests that load it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.text import has_cjk
from rag import Answer, ReportQA
from rag.prompts import REFUSAL
from rag.settings import Settings
from rag.types import TextDelta

ZH, EN = "zh_storage_weekly.pdf", "en_annual_report.pdf"


@pytest.fixture(scope="module")
def qa(sample_store: Path, models_dir: Path) -> Iterator[ReportQA]:
    with ReportQA.open(sample_store, Settings(llm="default", models_dir=models_dir)) as opened:
        yield opened


def cites(answer: Answer, report: str, *pages: int) -> bool:
    return any(c.report == report and c.page in pages for c in answer.citations)


def flat(text: str) -> str:
    return text.replace(" ", "").replace(",", "").lower()


def test_a_chinese_fact_is_answered_in_chinese_with_its_page(qa: ReportQA) -> None:
    answer = qa.ask("澜栖储能2025年营业收入是多少？")
    assert answer.found
    assert answer.model
    assert "156.8亿" in flat(answer.answer)
    assert "[1]" in answer.answer
    assert cites(answer, ZH, 6)
    assert answer.unsupported == ()


def test_an_english_fact_is_answered_in_english_with_its_page(qa: ReportQA) -> None:
    answer = qa.ask("How much cash did Halcyra have at June 30, 2025?")
    assert answer.found
    assert "142.6million" in flat(answer.answer)
    assert not has_cjk(answer.answer)
    assert cites(answer, EN, 7, 8)


def test_an_english_question_on_the_chinese_report_is_answered_in_english(qa: ReportQA) -> None:
    answer = qa.ask("To what amount did Northreach Power raise its 2026 capex guidance?")
    assert answer.language == "en"
    assert answer.found
    assert "2.1billion" in flat(answer.answer)
    assert cites(answer, ZH, 7)


def test_the_text_is_streamed_and_every_citation_can_be_found_on_its_page(qa: ReportQA) -> None:
    events = list(qa.stream("栎野电气2025年毛利率是多少？"))
    assert sum(isinstance(event, TextDelta) for event in events) > 3
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert "38.6%" in answer.answer
    for citation in answer.citations:
        shown = [e.text for e in answer.evidence if (e.report, e.page) == (citation.report, citation.page)]
        assert any(citation.quote in text for text in shown)


@pytest.mark.parametrize(
    ("question", "language"), [("栎野电气2025年研发费用是多少？", "zh"), ("Who is the mayor of Port Ellary?", "en")]
)
def test_what_the_reports_do_not_say_is_refused_in_the_language_of_the_question(
    qa: ReportQA, question: str, language: str
) -> None:
    answer = qa.ask(question)
    assert not answer.found
    assert answer.answer.startswith(REFUSAL[language])
    assert answer.citations == ()
