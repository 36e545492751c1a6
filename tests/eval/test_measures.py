import pytest

from eval.measures import (
    correct,
    exists,
    f1,
    figures,
    first_right,
    includes,
    includes_strict,
    loose_score,
    recall,
    score,
    spread,
)
from eval.predictions import Prediction, Reply
from eval.questions import Question

PAGES = {"a.pdf": 10, "b.pdf": 3}


def question(**fields: object) -> Question:
    base = {"set": "s", "id": "q", "lang": "en", "question": "What was revenue?"}
    return Question.model_validate(base | fields)


def prediction(asked: Question, hits=(), reply: Reply | None = None, ms: float = 10.0, error: str = "") -> Prediction:
    return Prediction(question=asked, hits=tuple(hits), retrieve_ms=ms, reply=reply, error=error)


def on_page(*pages: int, **fields: object) -> Question:
    return question(report="a.pdf", pages=pages, **fields)


def test_the_rank_counts_distinct_pages_of_the_right_report():
    hits = [("a.pdf", 1), ("a.pdf", 1), ("b.pdf", 5), ("a.pdf", 5), ("a.pdf", 2)]
    assert first_right(hits, {("a.pdf", 5), ("a.pdf", 2)}) == 3
    assert first_right(hits, {("b.pdf", 1)}) is None


def test_recall_is_the_share_of_right_pages_among_the_first_k():
    hits = [("a.pdf", 1), ("a.pdf", 1), ("a.pdf", 2), ("a.pdf", 3)]
    right = {("a.pdf", 1), ("a.pdf", 3)}
    assert recall(hits, right, 2) == 0.5
    assert recall(hits, right, 3) == 1.0


def test_hits_and_mrr_by_hand():
    # Ranks 1, 2, 4 and none: hit@1 1/4, hit@3 2/4, hit@5 3/4, MRR (1 + 1/2 + 1/4 + 0) / 4 = 0.4375.
    found = [("a.pdf", page) for page in (1, 2, 3, 4)]
    scores = score([prediction(on_page(page), found) for page in (1, 2, 4, 9)], PAGES, answers=False)
    assert (scores.hit_1, scores.hit_3, scores.hit_5, scores.hit_10) == (0.25, 0.5, 0.75, 0.75)
    assert scores.mrr == 0.4375
    assert scores.paged_n == 4


def test_a_question_without_pages_is_left_out_of_retrieval():
    scores = score([prediction(on_page(1), [("a.pdf", 1)]), prediction(question())], PAGES, answers=False)
    assert (scores.questions, scores.paged_n, scores.hit_1, scores.mrr) == (2, 1, 1.0, 1.0)


def test_no_questions_with_pages_give_no_share_instead_of_zero():
    scores = score([prediction(question())], PAGES, answers=False)
    assert scores.hit_5 is None
    assert scores.correct is None


@pytest.mark.parametrize(
    ("answer", "groups", "holds"),
    [
        ("收入 12.5 亿元，同比增长 ７％", [["12.5亿"], ["7%"]], True),
        ("收入12.5亿元", [["12.5亿"], ["7%"]], False),
        ("Revenue of 1,200 Million", [["1200 million", "1.2bn"]], True),
        ("共1，200家", [["1200家"]], True),
        ("grew 27%", [["7%"]], True),  # the contract's test is a substring; the strict one below is not fooled
    ],
)
def test_required_facts_are_substrings_of_the_folded_answer(answer, groups, holds):
    assert includes(answer, groups) is holds


@pytest.mark.parametrize(
    ("answer", "fact", "holds"),
    [
        ("grew 7% in 2024", "7%", True),
        ("Q1 7%", "7%", True),
        ("从5%，7%到9%", "7%", True),
        ("grew 27%", "7%", False),
        ("grew 2.7%", "7%", False),
        ("grew 2,007%", "007%", False),
        ("sold 18.4 billion [1]", "18.4", True),
        ("sold 18.4.", "18.4", True),
        ("sold 18.45 billion", "18.4", False),
        ("sold 18 billion", "18", True),
        ("sold 18.4 billion", "18", False),
        ("sold 18,400 units", "18", False),
        ("sold 18,400 units", "18400", True),
        ("sold 18, 400 of them red", "18400", False),
        ("in 18,2024 was first", "18", True),
        ("第31页", "第3", False),
        ("第3页", "第3", True),
        ("18.4 Billion", "18.4b", True),
        ("Hugging Face", "HuggingFace", True),
        ("no figure here [7]", "7", False),
    ],
)
def test_the_strict_form_respects_digit_boundaries(answer, fact, holds):
    assert includes_strict(answer, [[fact]]) is holds


def test_an_answer_is_correct_only_if_found():
    asked = question(must_include=(("7%",),))
    assert correct(prediction(asked, reply=Reply(predicted="7%", found=True)))
    assert not correct(prediction(asked, reply=Reply(predicted="7%", found=False)))
    assert not correct(prediction(asked, error="The server is gone."))
    trap = prediction(asked, reply=Reply(predicted="27%", found=True))
    assert correct(trap)
    assert not correct(trap, strict=True)


def test_figures_lose_commas_and_trailing_zeros_but_keep_the_percent_sign():
    assert figures("1,200.50% of 3.0亿, 2024年和７％") == {"1200.5%", "3", "2024", "7%"}
    assert figures("5% and 5") == {"5%", "5"}


def test_character_bigram_f1_by_hand():
    # Gold 收入增长 has bigrams 收入 入增 增长; 收入下降 has 收入 入下 下降: one shared, 2*1 / (3+3).
    assert f1("收入下降", "收入增长") == pytest.approx(1 / 3)
    assert f1("收入，增长。", "收入增长") == 1.0


def test_word_f1_by_hand():
    # Gold: revenue grew fast (the article is dropped); 2 shared of 3 and of 2.
    assert f1("Revenue grew", "The revenue grew fast") == pytest.approx(2 * 2 / (2 + 3))
    assert f1("", "revenue") == 0.0


def test_the_loose_score_is_the_share_of_the_gold_figures_that_the_question_does_not_give():
    asked = question(question="2023年收入和增速？", answer="2023年收入12.5亿元，增长7%，高于2022年的6%")
    # Wanted: 12.5, 7%, 2022, 6%. The year 2023 stands in the question.
    assert loose_score(asked, "2023年收入12.5亿元，增长7%[1]") == 0.5
    assert loose_score(asked, "2023年情况良好") == 0.0
    assert loose_score(asked, "收入增长[7]") == 0.0


def test_the_loose_score_without_figures_is_a_threshold_on_f1():
    asked = question(question="原因？", answer="收入增长")
    assert loose_score(asked, "收入下降") == 1.0  # F1 = 1/3
    assert loose_score(asked, "收入明显下降了") == 0.0  # F1 = 2/9


@pytest.mark.parametrize(
    ("citation", "there"),
    [(("a.pdf", 1), True), (("a.pdf", 10), True), (("a.pdf", 11), False), (("a.pdf", 0), False), (("c.pdf", 1), False)],
)
def test_a_citation_exists_if_the_store_has_the_report_and_the_page(citation, there):
    assert exists(citation, PAGES) is there


def test_median_and_nearest_rank_p90_by_hand():
    times = spread([4.0, None, 1.0, 3.0, 2.0])
    assert times is not None
    assert (times.n, times.median, times.p90) == (4, 2.5, 4.0)
    ten = spread(float(n) for n in range(1, 11))
    assert ten is not None
    assert (ten.median, ten.p90) == (5.5, 9.0)
    assert spread([None]) is None


def test_answers_are_scored_by_sort_of_question():
    fact = {"must_include": (("7%",),)}
    run = [
        # Correct, right page cited.
        prediction(on_page(2, **fact), reply=Reply(predicted="7% [1]", found=True, citations=(("a.pdf", 2),))),
        # Correct by the contract only (27%), cites an existing but wrong page, has something unsupported.
        prediction(
            on_page(2, **fact),
            reply=Reply(predicted="27%", found=True, citations=(("b.pdf", 3),), unsupported=("27%",)),
        ),
        # Wrong, cites a page that does not exist.
        prediction(on_page(2, **fact), reply=Reply(predicted="9%", found=True, citations=(("a.pdf", 99),))),
        # Refused although answerable.
        prediction(on_page(2, **fact), reply=Reply(predicted="Not in the reports.", found=False)),
        # Loose: one of two figures.
        prediction(question(answer="5 and 6"), reply=Reply(predicted="5", found=True)),
        # Not answerable: refused, answered, failed.
        prediction(question(answerable=False), reply=Reply(predicted="Not in the reports.", found=False)),
        prediction(question(answerable=False), reply=Reply(predicted="8%", found=True, citations=(("a.pdf", 1),))),
        prediction(question(answerable=False), error="The server is gone."),
    ]
    scores = score(run, PAGES, answers=True)
    assert (scores.exact_n, scores.correct, scores.correct_strict) == (4, 0.5, 0.25)
    assert (scores.loose_n, scores.loose) == (1, 0.5)
    assert (scores.unanswerable_n, scores.refused) == (3, pytest.approx(1 / 3))
    assert (scores.answerable_n, scores.refused_wrongly) == (5, 0.2)
    # Answers given: 7%, 27%, 9%, 5, 8%; of these 7%, 27% and 8% cite a page that exists.
    assert (scores.found_n, scores.cited, scores.unsupported) == (5, 0.6, 0.2)
    assert (scores.found_paged_n, scores.cited_right) == (3, pytest.approx(1 / 3))
    assert (scores.correct_paged_n, scores.correct_cited_right) == (2, 0.5)
    assert scores.errors == 1


def test_a_run_that_only_fails_scores_zero_instead_of_nothing():
    scores = score([prediction(question(must_include=(("7%",),)), error="The server is gone.")], PAGES, answers=True)
    assert (scores.correct, scores.errors, scores.found_n, scores.cited) == (0.0, 1, 0, None)
