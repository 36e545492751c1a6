"""The automatic verdict held against verdicts by hand, and cases of every fault worked by hand."""

from collections import Counter

import pytest
from judged_answers import judged_answers

from eval.measures import Grade, Reason, judged
from eval.predictions import Contradiction, Prediction, Reply, Side
from eval.questions import Question

AGREEMENT = 0.95


def verdict_on(answer: str, gold: str = "", *, found: bool = True, asked: str = "?", **fields: object) -> Prediction:
    question = Question.model_validate(
        {"set": "s", "id": "q", "lang": "en", "question": asked, "answer": gold} | fields
    )
    return Prediction(question=question, hits=(), retrieve_ms=1.0, reply=Reply(predicted=answer, found=found))


def test_the_automatic_verdict_agrees_with_verdicts_by_hand():
    answers = judged_answers()
    assert len(answers) >= 100
    same = [judged(answer.prediction).verdict == answer.verdict for answer in answers]
    assert sum(same) / len(same) >= AGREEMENT


def test_it_agrees_on_the_answers_that_were_held_back_too():
    held = [answer for answer in judged_answers() if answer.held]
    same = [judged(answer.prediction).verdict == answer.verdict for answer in held]
    assert len(held) >= 60
    assert sum(same) / len(same) >= AGREEMENT


def test_the_answers_judged_by_hand_are_of_every_sort():
    answers = judged_answers()
    words = Counter(answer.verdict for answer in answers)
    assert set(words) == {grade.value for grade in Grade}
    assert min(words["right"], words["wrong"], words["partly"]) >= 20
    assert {answer.prediction.question.lang for answer in answers} == {"zh", "en"}


@pytest.mark.parametrize(
    ("answer", "gold", "asked", "grade", "reason"),
    [
        ("It was 12.5 billion.", "1.25 billion", "What was revenue?", "wrong", Reason.WRONG_UNIT),
        ("收入12.5亿元。", "12.5亿元", "收入是多少？", "right", None),
        ("收入1.25 billion元。", "12.5亿元", "收入是多少？", "right", None),
        ("收入12.5万元。", "12.5亿元", "收入是多少？", "wrong", Reason.WRONG_UNIT),
        ("收入12.5。", "12.5亿元", "收入是多少？", "wrong", Reason.WRONG_UNIT),
        ("收入12.5（单位：亿元）。", "12.5亿元", "收入是多少？", "right", None),
        ("净利润3%。", "-3%", "净利润同比如何？", "wrong", Reason.WRONG_SIGN),
        ("净利润下降3%。", "-3%", "净利润同比如何？", "right", None),
        ("Margin rose 3 percentage points.", "3%", "What was the margin?", "wrong", Reason.WRONG_UNIT),
        ("It was 41.2% in 2024.", "41.2%", "What was growth in 2025?", "wrong", Reason.WRONG_PERIOD),
        ("It was 41.2% in 2025.", "41.2%", "What was growth in 2025?", "right", None),
        (
            "Rooms 5.2 million, food 7.1 million.",
            "Rooms 7.1 million, food 5.2 million",
            "Sales?",
            "wrong",
            Reason.SWAPPED,
        ),
        ("It rose from 21 to 18 billion.", "From 18 to 21 billion", "What of capex?", "wrong", Reason.SWAPPED),
        ("No, it was cut.", "Yes, it was raised", "Was it raised?", "wrong", Reason.CONTRADICTS),
        ("The site is owned.", "It is leased", "Is it owned or leased?", "wrong", Reason.CONTRADICTS),
        ("增速为（20.1%），服务最快。", "服务（Services）最快，20.1%", "哪个最快？", "right", None),
        ("It rose by 17.0%.", "It rose to 17.0%", "How did it change?", "wrong", Reason.SWAPPED),
        (
            "Yes, by stock: $64 million.",
            "$64 million in cash",
            "What was paid, and how: in cash or in stock?",
            "wrong",
            Reason.CONTRADICTS,
        ),
        (
            "It will cut rates in the second half of 2027.",
            "If inflation stays below target, it will cut rates in the second half of 2027",
            "When will it cut rates?",
            "partly",
            Reason.MISSING_FACT,
        ),
        (
            "利率为2.5%、3.1%和3.4%。",
            "前三季度利率分别为2.5%、3.1%和3.4%",
            "利率是多少？",
            "partly",
            Reason.MISSING_FACT,
        ),
        ("目标为18GWh。", "目标45GWh，其中海外不低于18GWh", "目标是多少？", "wrong", Reason.WRONG_FIGURE),
        ("Rooms 7.1 million.", "Rooms 7.1 million, food 5.2 million", "Sales?", "partly", Reason.MISSING_FACT),
    ],
)
def test_a_fault_is_named(answer, gold, asked, grade, reason):
    judgement = judged(verdict_on(answer, gold, asked=asked))
    assert (judgement.verdict, reason in judgement.reasons or reason is None) == (grade, True), judgement.reasons


def test_a_refusal_is_right_only_where_there_is_no_answer():
    refusal = "Not found in the reports."
    assert judged(verdict_on(refusal, found=False, answerable=False)).verdict is Grade.RIGHT
    wrongly = judged(verdict_on(refusal, "7%", found=False))
    assert (wrongly.verdict, wrongly.reasons[:1]) == (Grade.REFUSED, (Reason.REFUSED_WRONGLY,))
    answered = judged(verdict_on("It was 7%.", answerable=False))
    assert (answered.verdict, answered.reasons[:1]) == (Grade.WRONG, (Reason.NOT_REFUSED,))
    assert judged(verdict_on("The report does not state it.", answerable=False)).verdict is Grade.RIGHT
    guess = verdict_on("The report does not state it, but it was probably 7%.", answerable=False)
    assert judged(guess).verdict is Grade.WRONG


def test_one_side_of_a_contradiction_is_a_part_and_the_table_of_sides_counts():
    sides = {"kind": "conflict", "must_include": (("98GWh",), ("92GWh",))}
    one = verdict_on("It shipped 98GWh.", "98GWh and 92GWh", **sides)
    assert judged(one).verdict is Grade.PARTLY
    assert Reason.ONE_SIDE in judged(one).reasons
    assert judged(one).values["both_sides"] == 0
    other = Side(value="92GWh", report="a.pdf", page=6, quote="shipped 92GWh")
    reply = Reply(predicted="It shipped 98GWh.", found=True, conflicts=(Contradiction(subject="", figures=(other,)),))
    both = judged(one.model_copy(update={"reply": reply}))
    assert (both.verdict, both.values["both_sides"]) == (Grade.RIGHT, 1)


def test_only_retrieval_gives_no_verdict_and_an_error_a_wrong_one():
    asked = verdict_on("x").question
    found = judged(Prediction(question=asked, hits=(), retrieve_ms=1.0))
    assert (found.verdict, found.reasons) == (None, ())
    failed = judged(Prediction(question=asked, hits=(), retrieve_ms=1.0, error="The server is gone."))
    assert (failed.verdict, failed.reasons) == (Grade.WRONG, (Reason.ERROR,))
