from collections import Counter
from pathlib import Path

import pytest

from eval.questions import Question, QuestionFileError, load
from eval.selection import Selection, draw, read_ids

DATA = Path(__file__).parents[2] / "eval" / "data"


def made(count: int, kind: str, *, name: str = "s", lang: str = "en", start: int = 0) -> list[Question]:
    return [
        Question.model_validate({"set": name, "id": f"{kind}{i}", "lang": lang, "kind": kind, "question": f"Q{i}?"})
        for i in range(start, start + count)
    ]


def ids(questions: list[Question]) -> list[str]:
    return [question.id for question in questions]


def test_a_sample_gives_every_kind_its_share_and_keeps_the_order():
    questions = made(50, "number") + made(30, "fact") + made(20, "list")
    drawn = draw(questions, 10, 1)
    assert Counter(question.kind for question in drawn) == {"number": 5, "fact": 3, "list": 2}
    assert [q for q in questions if q in drawn] == drawn


def test_remainders_go_to_the_kinds_that_are_nearest_to_one_more():
    # Exact shares of 4 of 10: 2.8, 0.8, 0.4.
    drawn = draw(made(7, "a") + made(2, "b") + made(1, "c"), 4, 1)
    assert Counter(question.kind for question in drawn) == {"a": 3, "b": 1}


def test_a_sample_depends_on_its_seed_and_not_on_the_files_order():
    questions = made(60, "fact")
    assert ids(draw(questions, 9, 1)) == ids(draw(questions, 9, 1))
    assert set(ids(draw(questions[::-1], 9, 1))) == set(ids(draw(questions, 9, 1)))
    assert ids(draw(questions, 9, 1)) != ids(draw(questions, 9, 2))


def test_a_sample_larger_than_the_file_is_the_file():
    questions = made(3, "fact")
    assert draw(questions, 5, 1) == questions


def test_kind_and_language_come_before_the_limit_of_each_set():
    questions = [*made(4, "fact"), *made(4, "list"), *made(4, "list", lang="zh", start=4), *made(4, "list", name="t")]
    chosen = Selection(kinds=("list",), languages=("en",), limit=2).of(questions)
    assert [(q.set, q.id) for q in chosen] == [("s", "list0"), ("s", "list1"), ("t", "list0"), ("t", "list1")]


def test_an_id_may_name_its_set():
    questions = made(3, "fact") + made(3, "fact", name="t")
    assert [(q.set, q.id) for q in Selection(ids=("t/fact1", "fact2")).of(questions)] == [
        ("s", "fact2"),
        ("t", "fact1"),
        ("t", "fact2"),
    ]


def test_an_id_that_is_not_there_is_named():
    with pytest.raises(QuestionFileError, match="have no u/fact0"):
        Selection(ids=("u/fact0", "fact1")).of(made(3, "fact"))


def test_a_kind_that_is_not_there_names_those_that_are():
    with pytest.raises(QuestionFileError, match="fact, list"):
        Selection(kinds=("number",)).of(made(1, "fact") + made(1, "list"))


def test_a_file_of_ids_has_comments_and_must_have_ids(tmp_path):
    path = tmp_path / "some.ids"
    path.write_text("# a sample\n\ns/fact0\n  fact1 \n")
    assert read_ids(path) == ("s/fact0", "fact1")
    path.write_text("# nothing\n")
    with pytest.raises(QuestionFileError, match="no ids"):
        read_ids(path)
    with pytest.raises(QuestionFileError, match="cannot be read"):
        read_ids(tmp_path / "absent.ids")


def test_the_fixed_sample_is_the_one_that_its_seed_draws(shared):
    questions = load(shared / "qa" / "zh_global_outlook_dev.jsonl")
    named = read_ids(DATA / "zh_global_outlook_dev_60.ids")
    assert [f"{q.set}/{q.id}" for q in Selection(sample=60, seed=4).of(questions)] == list(named)
    assert len(Selection(ids=named).of(questions)) == 60
