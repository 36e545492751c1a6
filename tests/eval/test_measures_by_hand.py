"""Every measure on cases worked by hand; the verdict is in test_verdict.py, grounding in test_grounded.py."""

import math

import pytest

from eval.measures import judged, ndcg, score, token_f1
from eval.measures.bootstrap import intervals
from eval.measures.directions import stated
from eval.measures.figures import Match, match, told
from eval.measures.lists import items_given
from eval.measures.refusals import refuses
from eval.predictions import Cited, Prediction, Reply
from eval.questions import Question
from eval.quotes import on_page, stands
from rag import ReportQA
from rag.settings import Settings


def question(**fields: object) -> Question:
    return Question.model_validate({"set": "s", "id": "q", "lang": "en", "question": "?"} | fields)


def prediction(asked: Question, answer: str | None = None, *, hits=(), found: bool = True, **reply) -> Prediction:
    given = None if answer is None else Reply(predicted=answer, found=found, **reply)
    return Prediction(question=asked, hits=tuple(hits), retrieve_ms=1.0, reply=given)


def values(asked: Question, answer: str, **reply) -> dict[str, float]:
    return judged(prediction(asked, answer, **reply)).values


# Retrieval


def test_ndcg_by_hand():
    # Right results at ranks 1 and 3 of three right ones: DCG 1 + 1/log2(4) = 1.5, best 1 + 1/log2(3) + 1/2.
    assert ndcg("axb", {"a", "b", "c"}, 3) == pytest.approx(1.5 / (1.5 + 1 / math.log2(3)))
    assert ndcg("ab", {"a", "b"}) == 1
    assert ndcg("xyz", {"a"}) == 0


def test_retrieval_of_pages_and_reports_by_hand():
    asked = question(report="b.pdf", pages=(2, 3))
    hits = [("a.pdf", 1), ("b.pdf", 9), ("b.pdf", 3), ("a.pdf", 2), ("b.pdf", 2)]
    found = judged(prediction(asked, hits=hits)).values
    assert [found[f"hit_{k}"] for k in (1, 3, 5)] == [0, 1, 1]
    assert [found[f"recall_{k}"] for k in (1, 3, 5)] == [0, 0.5, 1]
    assert found["mrr"] == pytest.approx(1 / 3)
    assert found["ndcg_10"] == pytest.approx((1 / 2 + 1 / math.log2(6)) / (1 + 1 / math.log2(3)))
    # Distinct reports: a.pdf, b.pdf.
    assert [found[f"report_hit_{k}"] for k in (1, 3)] == [0, 1]
    assert (found["report_mrr"], found["report_ndcg_10"]) == (0.5, pytest.approx(1 / math.log2(3)))


# Intervals


def test_the_interval_of_a_share_is_near_the_exact_one_and_the_same_every_time():
    flips = [{"right": (float(n < 60), 1.0)} for n in range(100)]
    low, high = intervals(flips)["right"]
    # Binomial(100, 0.6): the 2.5% and 97.5% points are 0.50 and 0.69 or 0.70.
    assert (low, high) == (pytest.approx(0.50, abs=0.011), pytest.approx(0.695, abs=0.011))
    assert intervals(flips)["right"] == (low, high)


def test_the_interval_of_a_ratio_weighs_questions_by_their_denominator():
    # 9 of 10 figures in one question, none of 1 in the other: 9/11 over both, drawn with 9/10, 9/11 or 0/1.
    low, high = intervals([{"grounded": (9.0, 10.0)}, {"grounded": (0.0, 1.0)}])["grounded"]
    assert (low, high) == (0.0, 0.9)


def test_a_measure_that_some_questions_lack_has_an_interval_over_those_that_have_it():
    found = intervals([{"hit": (1.0, 1.0)}, {"hit": (1.0, 1.0), "f1": (0.5, 1.0)}, {}])
    assert found == {"hit": (1.0, 1.0), "f1": (0.5, 0.5)}
    assert intervals([]) == {}


def test_scores_hold_the_mean_of_every_value_and_its_interval():
    asked = question(report="a.pdf", pages=(1,), answer="7%")
    run = [prediction(asked, "It was 7%.", hits=[("a.pdf", 1)]), prediction(asked, "It was 9%.", hits=[("a.pdf", 2)])]
    scores = score(run, {"a.pdf": 3}, answers=True)
    assert (scores.hit_1, scores.report_hit_1, scores.ndcg_10, scores.right) == (0.5, 1.0, 0.5, 0.5)
    assert scores.intervals["hit_1"] == (0.0, 1.0)
    assert (scores.judged_n, scores.figures_right, scores.figures_right_n) == (2, 0.5, 2)


# Figures


@pytest.mark.parametrize(
    ("gold", "ours", "found"),
    [
        ("567.8亿元", "567.8亿元", Match.AGREES),
        ("567.8亿元", "567.8元", Match.UNIT),
        ("567.8亿元", "567.8万元", Match.UNIT),
        ("567.8亿元", "567.8", Match.UNIT),
        ("1.25 billion", "12.5亿", Match.AGREES),
        ("1.25 billion", "1,250 million", Match.AGREES),
        ("1,247.4 million", "1.25 billion", Match.AGREES),  # a rounding to three digits
        ("1,247.4 million", "1.24 billion", Match.MISSING),
        ("1,247.4 million", "1 billion", Match.MISSING),  # one digit is no rounding
        ("3%", "3 percentage points", Match.UNIT),
        ("3%", "3个百分点", Match.UNIT),
        ("3%", "3pct", Match.AGREES),
        ("提升3个百分点", "提升3pct", Match.AGREES),
        ("下降8个基点", "下降0.08个百分点", Match.AGREES),
        ("下降8个基点", "下降8个百分点", Match.UNIT),
        ("-3%", "3%", Match.SIGN),
        ("-3%", "下降3%", Match.AGREES),
        ("下降3%", "-3%", Match.AGREES),
        ("下降3%", "增长3%", Match.SIGN),
        ("fell 3%", "3% lower", Match.AGREES),
        ("(2.8)%", "declined 2.8%", Match.AGREES),
        ("(2.8)%", "up 2.8%", Match.SIGN),
        ("亏损3.42亿元", "净利润3.42亿元", Match.SIGN),
        ("亏损3.42亿元", "净利润-3.42亿元", Match.AGREES),
        ("$2.1 billion", "21亿美元", Match.AGREES),
        ("$2.1 billion", "RMB 2.1 billion", Match.UNIT),
        ("98GWh", "98GW", Match.UNIT),
        ("1.2GWh", "1200MWh", Match.AGREES),
        ("$0.13", "13 cents", Match.AGREES),
        ("执行10年", "执行十年", Match.AGREES),
        ("7.2%", "百分之7.2", Match.AGREES),
        ("fell to 8.5%", "8.5%", Match.AGREES),  # a level, not a change
    ],
)
def test_a_figure_agrees_by_value_unit_and_sign(gold, ours, found):
    assert match(told(gold)[0], told(ours), question(answer=gold), ours) is found


def test_a_bare_figure_agrees_where_the_unit_is_stated_elsewhere():
    gold = told("$1,577 million")[0]
    assert match(gold, told("1,577"), question(question="Capital spending, in USD millions?"), "1,577") is Match.AGREES
    assert match(gold, told("1,577"), question(question="Capital spending?"), "1,577") is Match.UNIT


def test_dates_pages_and_small_counts_are_no_figures():
    assert told("On June 30, 2025, page 14, Note 15, 11月15日，图19，3 of them") == []
    assert [f.number.text for f in told("31 stores and 3 years")] == ["31", "3"]


def test_ranges_and_lists_have_their_signs():
    assert [f.direction for f in stated("增长5%-7%")] == [1, 1]
    assert [f.direction for f in stated("分别上涨1.4%、2.8%")] == [1, 1]
    assert [f.direction for f in stated("收入增长5%，利润下降7%")] == [1, -1]
    assert [f.direction for f in stated("up 5% from 4%")] == [1, 0]


# Overlap, lists, refusals, language


def test_token_f1_of_english_and_character_f1_of_chinese_by_hand():
    # revenue, grew, 7 against revenue, grew, 7, in, 2025: 2*3/(3+5).
    assert token_f1("The revenue grew 7% [1].", "Revenue grew 7% in 2025") == pytest.approx(6 / 8)
    # 收 入 增 长 7 against 收 入 下 降 7: three shared, 2*3/(5+5).
    assert token_f1("收入增长7%", "收入下降7%") == pytest.approx(0.6)
    assert token_f1("1,250 units", "1250 units") == 1.0


def test_list_recall_and_precision_by_hand():
    asked = question(kind="list", answer="solvents, resins, packaging and pigments")
    assert items_given(asked, "Solvents, resins and packaging.") == (0.75, 1.0, ())
    recall, precision, extra = items_given(asked, "Solvents, resins, packaging, pigments and natural gas.")
    assert (recall, precision, extra) == (1.0, 0.8, ("natural gas",))
    lines = items_given(asked, "They are:\n- solvents\n- resins\n- crude oil")
    assert (lines[0], lines[1]) == (0.5, pytest.approx(2 / 3))
    assert items_given(question(kind="list", answer="铜、铝、锌"), "铜和锌。")[0] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("报告未披露研发费用。", True),
        ("报告没有给出这个数字。", True),
        ("The report does not disclose it.", True),
        ("No information is given.", True),
        ("Revenue was 5 million.", False),
        ("收入为5亿元。", False),
        ("The report does not state it, but it is likely 5 million.", False),
    ],
)
def test_a_refusal_is_told_by_its_words_too(text, refused):
    assert refuses(Reply(predicted=text, found=True)) is refused


def test_refusal_precision_and_recall_by_hand():
    # Refused: one of two not answerable, one answerable. Precision 1/2, recall 1/2.
    run = [
        prediction(question(answerable=False), "Not found.", found=False),
        prediction(question(answerable=False), "It was 7%."),
        prediction(question(answer="8%"), "Not found.", found=False),
        prediction(question(answer="8%"), "It was 8%."),
    ]
    scores = score(run, {}, answers=True)
    assert (scores.refusal_precision, scores.refusal_recall, scores.refusals_n) == (0.5, 0.5, 2)


@pytest.mark.parametrize(
    ("lang", "answer", "right"),
    [
        ("zh", "收入为5亿元。", 1.0),
        ("zh", "Revenue was five million in all of the year.", 0.0),
        ("en", "Revenue was 5 million in 2025.", 1.0),
        ("en", "收入为5亿元。", 0.0),
        ("zh", "Suri Bay", None),  # a name is no language
        ("en", "The pilot provinces are 北原 and 陇川.", 1.0),
    ],
)
def test_the_language_of_an_answer_is_that_of_its_question(lang, answer, right):
    assert values(question(lang=lang, answer="x"), answer).get("language") == right


# Citations


def cited(page: int, on_page: bool | None = None) -> Cited:
    return Cited(n=1, report="a.pdf", page=page, section="", quote="q", on_page=on_page)


def test_citation_precision_and_recall_by_hand():
    asked = question(report="a.pdf", pages=(1, 2, 3), answer="x")
    found = values(asked, "Yes [1]. No.", citations=(("a.pdf", 1), ("a.pdf", 9)), citations_full=(cited(1), cited(9)))
    assert (found["citation_precision"], found["citation_recall"]) == (0.5, pytest.approx(1 / 3))
    assert found["sentences_cited"] == 0.5
    assert "quotes_on_page" not in found
    looked_up = values(asked, "Yes [1].", citations=(("a.pdf", 1),), citations_full=(cited(1, True), cited(1, False)))
    assert looked_up["quotes_on_page"] == 0.5


def test_faults_that_leave_an_answer_right_are_named():
    asked = question(report="a.pdf", pages=(1,), answer="The plant was closed for want of orders")
    answer = "The plant was closed for want of orders. It was old."
    reply = {"citations": (("a.pdf", 2),), "citations_full": (cited(2, False),)}
    judgement = judged(prediction(asked, answer, hits=[("a.pdf", 2)], **reply))
    assert judgement.verdict == "right"
    assert set(judgement.reasons) == {"wrong_page", "uncited_sentence", "quote_not_on_page", "not_retrieved"}


def test_a_quote_stands_on_a_page_also_as_a_row_put_together_from_cells():
    page = "Revenue  2025\nRooms 1,250 980\nFood 310 300"
    assert stands("rooms 1,250", page)
    assert stands("Rooms | 1,250 | 980", page)
    assert not stands("Bars | 990 | 870", page)


def test_quotes_are_looked_up_in_the_file_of_the_report(sample_store):
    with ReportQA.open(sample_store, Settings(llm="none")) as qa:

        def look(page: int, quote: str, report: str = "en_annual_report.pdf") -> bool | None:
            return on_page(qa.library, Cited(n=1, report=report, page=page, section="", quote=quote))

        assert look(9, "which claims $8.2 million") is True
        assert look(8, "which claims $8.2 million") is False
        assert look(9, "") is None
        assert look(9, "x", "gone.pdf") is None
