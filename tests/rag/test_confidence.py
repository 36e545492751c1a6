"""Confidence from the evidence, the sentences that answer, and what a refusal says, on the sample reports."""

import json
from pathlib import Path

import pytest

from eval.calibration import auc
from rag import ReportQA
from rag.asking import question as questions
from rag.checking.grounding import Asked
from rag.confidence.refusal import nearest, refusal_text
from rag.confidence.weighing import T_AGAIN, T_QUOTE, T_REFUSE, answerable, weigh
from rag.prompts import REFUSAL
from rag.settings import Settings

SAMPLES = Path(__file__).parents[2] / "eval" / "data" / "samples.jsonl"


@pytest.fixture(scope="module")
def qa(sample_store):
    with ReportQA.open(sample_store, Settings(llm="none")) as opened:
        yield opened


def given(qa, text):
    """What confidence is computed from."""
    hits = qa.retriever(3 * qa.settings.evidence_items).hits(text)
    evidence = qa.evidence(questions.prepare(text))
    asked = Asked.of(text, qa.library.frequencies, qa.library.chunk_count)
    return asked, hits, evidence, qa.library.similarities


def test_answerable_questions_come_before_those_without_an_answer(qa):
    samples = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    kinds = {"number", "fact", "table", "list"}
    held = [answerable(*given(qa, s["question"])) for s in samples if s["kind"] in kinds]
    missing = [answerable(*given(qa, s["question"])) for s in samples if not s["answerable"]]
    assert auc(held, missing) >= 0.7
    assert max(missing) < T_QUOTE
    assert min(held) > T_REFUSE


@pytest.mark.parametrize("question", ["How do penguins keep their eggs warm?", "怎样用面粉和鸡蛋做一个蛋糕？"])
def test_what_no_report_speaks_of_is_refused(qa, question):
    assert answerable(*given(qa, question)) < T_REFUSE


def test_a_question_of_which_some_words_are_known_is_not_likely_enough_to_insist(qa):
    assert answerable(*given(qa, "Who won the chess match?")) < T_AGAIN


def test_without_evidence_nothing_is_answerable(qa):
    asked, _, _, nearness = given(qa, "储能招标容量是多少？")
    assert weigh(asked, [], [], nearness).probability == 0.0


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("2026年1到2月我国逆变器出口额多少，同比增速是多少？", "86.2亿元"),
        ("How much did inverter exports to the Middle East and Africa grow?", "58.9%"),
        ("How large was the backlog at June 30, 2025?", "$684.0million"),
        ("Halcyra在2025年6月30日的在手订单是多少？", "$684.0million"),
    ],
)
def test_the_best_two_sentences_hold_the_fact_in_either_language(qa, question, fact):
    found = [(span.item, span.text, span.score) for span in weigh(*given(qa, question)).spans[:2]]
    assert len(found) == 2
    assert any(fact in text.replace(" ", "") for _, text, _ in found)
    assert all(text in item.text for item, text, _ in found)


def test_a_refusal_names_what_was_searched_and_the_nearest_with_its_page(qa):
    asked, hits, evidence, nearness = given(qa, "How many people does Halcyra employ in Norway?")
    near = nearest(weigh(asked, hits, evidence, nearness), "en")
    text = refusal_text("en", qa.reports(), near)
    assert text.startswith(REFUSAL["en"])
    assert len({citation.quote for citation in near}) == len(near) == 2
    for entry in qa.reports():
        assert entry.title in text
    for citation in near:
        assert f"p. {citation.page})" in text
    assert "do not answer" in text


def test_a_refusal_about_something_else_shows_nothing_near(qa):
    weighed = weigh(*given(qa, "How do penguins keep their eggs warm?"))
    assert nearest(weighed, "en") == ()
    assert refusal_text("zh", [], ()) == REFUSAL["zh"]


def test_similarities_are_comparable_across_languages(qa):
    fits, other = qa.library.similarities(
        "储能电芯价格上涨", ["Prices of storage cells rose.", "She plays the violin."]
    )
    assert fits > other
    assert qa.library.similarities("储能电芯价格上涨", []) == []
