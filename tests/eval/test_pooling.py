"""Right pages beside those that a question file names."""

from pathlib import Path

import pytest

from eval.pooling import FurtherPage, pooled, read
from eval.questions import Question, QuestionFileError, load


def asked(name: str, *pages: int, report: str = "a.pdf") -> Question:
    return Question.model_validate(
        {"set": "s", "id": name, "lang": "en", "question": "Q?", "report": report, "pages": pages}
    )


def further(name: str, page: int) -> FurtherPage:
    return FurtherPage(set="s", id=name, page=page)


def test_a_further_page_is_right_beside_the_file_s_own() -> None:
    one, two = pooled([asked("q1", 1), asked("q2", 2)], [further("q1", 9), further("q1", 7), further("q1", 1)])
    assert one.pages == (1, 9, 7)
    assert two.pages == (2,)


@pytest.mark.parametrize("questions", [[asked("other", 1)], [asked("q1", report="")]])
def test_a_page_of_no_such_question_is_refused(questions: list[Question]) -> None:
    with pytest.raises(QuestionFileError, match="s/q1"):
        pooled(questions, [further("q1", 9)])


@pytest.mark.parametrize("line", ["{", '{"id": "q1", "page": 3}', '{"set": "s", "id": "q1", "page": 0}', "[]"])
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "pages.jsonl"
    file.write_text(f'{{"set": "s", "id": "q1", "page": 3}}\n\n{line}\n', encoding="utf-8")
    with pytest.raises(QuestionFileError, match="line 3"):
        read(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match="cannot be read"):
        read(tmp_path / "none.jsonl")


def test_the_pages_kept_here_are_of_questions_that_are_there_and_new_to_them(shared: Path) -> None:
    data = Path(__file__).parents[2] / "eval" / "data" / "zh_global_outlook_dev.pages.jsonl"
    questions = {question.id: question for question in load(shared / "qa" / "zh_global_outlook_dev.jsonl")}
    for one in read(data):
        assert one.page not in questions[one.id].pages
