"""Figures held against cited evidence, with cases worked by hand."""

import json
from decimal import Decimal

import pytest

from eval import formulas
from eval.grounded import Standing, held, numbers
from eval.measures import score
from eval.predictions import Cited, Prediction, Reply, Shown
from eval.questions import Question
from rag.cli import main

SCALES = {"亿": 8, "billion": 9}


def answered(answer: str, *quotes: str, question: str = "?", unsupported: tuple[str, ...] = (), shown: str = ""):
    """An answer whose mark [n] cites the n-th quote, on page n of a report; ``shown`` is evidence of page 1."""
    cited = tuple(
        Cited(n=n, report="a.pdf", page=n, section="", quote=quote) for n, quote in enumerate(quotes, start=1)
    )
    reply = Reply(
        predicted=answer,
        found=True,
        citations=tuple(("a.pdf", c.page) for c in cited),
        citations_full=cited,
        unsupported=unsupported,
        evidence_shown=(Shown(report="a.pdf", page=1, text=shown),) if shown else (),
    )
    asked = Question.model_validate({"set": "s", "id": "q", "lang": "en", "question": question})
    return Prediction(question=asked, hits=(), retrieve_ms=1.0, reply=reply)


def standings(prediction: Prediction) -> list[tuple[str, str]]:
    return [(figure.figure, figure.standing.value) for figure in held(prediction)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("收入12.5亿元，增长７％", [("12.5亿", "1250000000", ""), ("7%", "7", "%")]),
        ("USD 1,250.5 million and RMB44 bn", [("1,250.5 million", "1250500000", ""), ("44 bn", "44000000000", "")]),
        ("up 3.5 percentage points, 20bps", [("3.5 percentage points", "3.5", "pp"), ("20bps", "20", "bp")]),
        ("提升2.1个百分点，3.4pct", [("2.1个百分点", "2.1", "pp"), ("3.4pct", "3.4", "pct")]),
        ("H20, Q1, FY2024, 25Q1 and 1Q25", []),
        ("800G and 98GWh, 5000万户", [("800", "800", ""), ("98", "98", ""), ("5000万", "50000000", "")]),
        ("17 banks, 4 meters", [("17", "17", ""), ("4", "4", "")]),
    ],
)
def test_figures_are_read_with_scale_and_kind(text, values):
    found = [(n.text, n.value, n.kind) for n in numbers(text)]
    assert [(t, v, k) for t, v, k in found] == [(t, Decimal(v), k) for t, v, k in values]


@pytest.mark.parametrize(
    ("answer", "quote", "standing"),
    [
        ("Revenue was 1.25 billion [1].", "收入12.5亿元", "stands"),
        ("收入12.5亿元[1]。", "revenue of 1,250 million", "stands"),
        ("收入约12.5亿元[1]。", "收入12.4681亿元", "stands"),  # 12.4681 rounds to 12.5
        ("收入约12.5亿元[1]。", "收入12.56亿元", "missing"),  # 12.56 rounds to 12.6
        ("Revenue was $1.2468 billion [1].", "revenue of 12.5亿", "missing"),  # more exact than the page
        ("收入12.5亿元[1]。", "收入12.5万元", "missing"),
        ("Margin rose 3.5% [1].", "margin rose 3.5 percentage points", "missing"),
        ("毛利率提升3.5个百分点[1]。", "毛利率提升3.5pct", "stands"),
        ("Sales rose 3.5% [1].", "Rooms | change, % | 3.5", "digits"),
        ("Sales were $1,250 million [1].", "Rooms | 1,250 | 980", "digits"),
        ("Sales were $1.25 billion [1].", "Rooms | 1,250 | 980", "digits"),
        ("Sales were $1.26 billion [1].", "Rooms | 1,250 | 980", "missing"),
        ("It was in 2025 [1].", "25年收入", "stands"),
        ("It was in 2025 [1].", "FY25 revenue", "stands"),
        ("It was in 2025 [1].", "FY24 revenue", "missing"),
        ("It was -4.2% [1].", "down 4.2%", "stands"),
    ],
)
def test_a_figure_stands_by_value_and_kind(answer, quote, standing):
    assert [s for _, s in standings(answered(answer, quote))] == [standing]


def test_a_figure_must_stand_in_the_evidence_of_its_own_sentence():
    answer = "Rooms earned 310 million [1]. Food earned 310 million [2]."
    assert standings(answered(answer, "Rooms: 310 million", "Food: 120 million")) == [
        ("310 million", "stands"),
        ("310 million", "missing"),
    ]


def test_marks_after_the_full_stop_belong_to_the_sentence_before():
    assert standings(answered("客房31.5亿元。[1]餐饮12.7亿元。[2]", "客房31.5亿元", "餐饮12.7亿元")) == [
        ("31.5亿", "stands"),
        ("12.7亿", "stands"),
    ]


def test_a_sentence_without_marks_is_held_against_all_that_is_cited():
    answer = "Food earned 120 million. Rooms earned 310 million [1]."
    assert [s for _, s in standings(answered(answer, "Rooms: 310 million", "Food: 120 million"))] == ["stands"] * 2


def test_what_the_model_was_shown_of_a_cited_page_counts():
    prediction = answered("Rooms earned 310 million [1].", "Rooms", shown="Rooms | 2031: 310 million")
    assert standings(prediction) == [("310 million", "stands")]


def test_figures_of_the_question_small_counts_and_numerals_are_not_counted():
    answer = "1. In 2031 it had 3 plants [1].\n2. Sales of 44.5 million [1]."
    assert standings(answered(answer, "44.5 million", question="Plants in 2031?")) == [("44.5 million", "stands")]


@pytest.mark.parametrize(
    "answer", ["- 第13页（声明）：仅供参考[1]。", "- p. 13 (Terms): sales of 44.5 million [1].", "As of March 31"]
)
def test_pages_and_days_are_not_counted(answer):
    assert {figure for figure, _ in standings(answered(answer, "44.5 million"))} <= {"44.5 million"}


def test_a_marked_figure_is_marked_and_not_missing():
    prediction = answered("Sales were 55 million [1].", "44 million", unsupported=("55 million",))
    assert standings(prediction) == [("55 million", "marked")]


def test_a_calculation_that_holds_from_figures_that_stand_is_computed():
    answer = "增长24.8%[1][2]（计算：(52.3亿 − 41.9亿) ÷ 41.9亿 = 24.8%）。"
    found = standings(answered(answer, "2031年收入52.3亿元", "2030年收入41.9亿元"))
    assert found == [
        ("24.8%", "computed"), ("52.3亿", "stands"), ("41.9亿", "stands"), ("41.9亿", "stands"), ("24.8%", "computed"),
    ]  # fmt: skip


def test_operands_may_have_names_and_marks_and_results_may_be_operands():
    answer = (
        "The change is 10.4 million: Rooms, 2031 52.3 million [1] - Rooms, 2030 41.9 million [1] = $10.4 million; "
        "$10.4 million ÷ 41.9 million [1] = 24.8%. The share is 53.9%: rooms 52.3 million [1] ÷ all "
        "(net) 97.1 million [1] = 53.9%. The CAGR is 7.7%: (52.3 million [1] ÷ 41.9 million [1])^(1/3) - 1 = 7.7%."
    )
    found = standings(answered(answer, "Rooms 2031 52.3 million, 2030 41.9 million, all 97.1 million"))
    assert [f for f, s in found if s == "computed"] == [
        "10.4 million", "10.4 million", "10.4 million", "24.8%", "53.9%", "53.9%", "7.7%", "7.7%",
    ]  # fmt: skip
    assert "missing" not in {s for _, s in found}


@pytest.mark.parametrize("answer", ["(52.3 - 41.9) / 41.9 = 28.4% [1]", "(52.3 - 40.9) / 40.9 = 27.9% [1]"])
def test_a_calculation_that_is_wrong_or_from_other_figures_is_missing(answer):
    assert standings(answered(answer, "52.3 in 2031, 41.9 in 2030"))[-1][1] == "missing"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.5亿 + 7.5亿", Decimal(2_000_000_000)),
        ("1.2 billion / 4 billion", Decimal("0.3")),
        ("35% − 33%", Decimal("0.02")),
        ("(3 + 5) × 2", Decimal(16)),
        ("(8 ÷ 2)^(1/2) - 1", Decimal(1)),
        ("收入 (合并) 12亿 - 2024年收入 9亿", Decimal(300_000_000)),
        ("AI-based 2031 sales 12 - e-commerce 9", Decimal(3)),
        ("-3亿 ÷ 6亿", Decimal("-0.5")),
        ("5 / 0", None),
        ("9 ^ 999999", None),
        ("(((", None),
    ],
)
def test_calculations_are_done_anew(text, value):
    assert formulas.value(text, SCALES) == value


def test_a_refusal_and_a_file_that_kept_no_quotes_have_nothing_to_hold():
    refusal = answered("Not in the reports, not even 55 million.")
    assert refusal.reply is not None
    assert held(refusal.model_copy(update={"reply": refusal.reply.model_copy(update={"found": False})})) == []
    old = refusal.reply.model_copy(update={"citations": (("a.pdf", 1),)})
    assert held(refusal.model_copy(update={"reply": old})) == []


def test_the_share_is_of_the_figures_that_are_not_marked():
    run = [
        answered("Sales were 55 million [1], costs 31 million [1].", "44 million", unsupported=("55 million",)),
        answered("Sales were 44 million [1]. Staff rose 7% [1]. It is 63 [1].", "44 million | 7"),
    ]
    scores = score(run, {"a.pdf": 3}, answers=True)
    # Not marked: 31 million (missing), 44 million (stands), 7% (by its digits), 63 (missing).
    assert (scores.figures_n, scores.grounded, scores.figures_digits, scores.figures_marked) == (4, 0.5, 1, 1)
    assert {figure.standing for p in run for figure in held(p)} == set(Standing) - {Standing.COMPUTED}


def test_the_command_lists_what_does_not_stand(tmp_path, capsys):
    file = tmp_path / "predictions.jsonl"
    file.write_text(json.dumps(answered("Sales were 55 million [1], staff 310 [1].", "310 people").line()) + "\n")
    main_exits(0, "eval", "grounded", str(tmp_path), "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["share"], said["figures"]) == (0.5, 2)
    assert [(row["set"], row["id"], row["figure"]) for row in said["listed"]] == [("s", "q", "55 million")]
    main_exits(0, "eval", "grounded", str(file))
    assert "s/q  missing: 55 million" in capsys.readouterr().out


def main_exits(code: int, *arguments: str) -> None:
    try:
        main(arguments)
    except SystemExit as left:
        assert (left.code or 0) == code
    else:
        assert code == 0
