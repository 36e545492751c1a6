"""The sample questions agree with the sample reports, page by page."""

import json
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

DATA = Path(__file__).parents[2] / "eval" / "data"
REPORTS = ("zh_storage_weekly.pdf", "en_annual_report.pdf")
FIELDS = {
    "id": str,
    "lang": str,
    "kind": str,
    "question": str,
    "answer": str,
    "must_include": list,
    "evidence": list,
    "answerable": bool,
    "report": str,
    "pages": list,
}
KINDS = {
    "number",
    "fact",
    "table",
    "list",
    "compare",
    "conflict",
    "paraphrase",
    "negative",
    "cross_lingual",
    "multi_hop",
}
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "samples.jsonl").read_text(encoding="utf-8").splitlines()
]
ANSWERABLE = [q for q in QUESTIONS if q["answerable"]]

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q["id"])
each_answerable = pytest.mark.parametrize("question", ANSWERABLE, ids=lambda q: q["id"])


def squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def fold(text: str) -> str:
    return squeeze(text).replace(",", "").lower()


@cache
def pages(report: str) -> tuple[str, ...]:
    document = pypdfium2.PdfDocument(DATA / report)
    try:
        return tuple(squeeze(page.get_textpage().get_text_range()) for page in document)
    finally:
        document.close()


@each_question
def test_question_has_every_field_of_the_contract(question: dict[str, Any]) -> None:
    assert {name: type(value) for name, value in question.items()} == FIELDS
    assert question["kind"] in KINDS
    assert question["report"] in REPORTS
    assert question["question"].strip()
    assert question["answer"].strip()


@each_question
def test_only_unanswerable_questions_have_no_evidence(question: dict[str, Any]) -> None:
    filled = [bool(question[name]) for name in ("pages", "must_include", "evidence")]
    assert filled == [question["answerable"]] * 3
    assert (question["kind"] == "negative") is not question["answerable"]


@each_answerable
def test_every_quote_stands_on_a_named_page_and_every_named_page_holds_a_quote(question: dict[str, Any]) -> None:
    text = pages(question["report"])
    assert all(1 <= page <= len(text) for page in question["pages"])
    for quote in question["evidence"]:
        assert any(squeeze(quote) in text[page - 1] for page in question["pages"]), quote
    for page in question["pages"]:
        assert any(squeeze(quote) in text[page - 1] for quote in question["evidence"]), page


@each_answerable
def test_gold_answer_includes_what_it_must(question: dict[str, Any]) -> None:
    for alternatives in question["must_include"]:
        assert any(fold(item) in fold(question["answer"]) for item in alternatives), alternatives


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q["kind"] == "conflict"], ids=lambda q: q["id"])
def test_sides_of_a_conflict_stand_on_different_pages(question: dict[str, Any]) -> None:
    assert len(question["must_include"]) == 2
    assert len(question["pages"]) >= 2


def test_ids_are_unique() -> None:
    assert [i for i, n in Counter(q["id"] for q in QUESTIONS).items() if n > 1] == []


def test_each_language_asks_ten_questions_of_each_report() -> None:
    asked = Counter((q["lang"], q["report"]) for q in QUESTIONS)
    assert asked == {(language, report): 10 for language in ("zh", "en") for report in REPORTS}


def test_six_questions_are_not_answerable_and_every_kind_occurs() -> None:
    assert len(QUESTIONS) - len(ANSWERABLE) == 6
    assert {q["kind"] for q in QUESTIONS} == KINDS


@pytest.mark.parametrize("report", REPORTS)
def test_report_is_small_has_an_outline_and_six_to_twelve_pages(report: str) -> None:
    assert (DATA / report).stat().st_size < 1_000_000
    document = pypdfium2.PdfDocument(DATA / report)
    try:
        assert 6 <= len(document) <= 12
        assert len(list(document.get_toc())) >= 10
    finally:
        document.close()
