"""Two runs beside each other, as they were written to their folders."""

import json
from pathlib import Path

import pytest
from rich.console import Console

from eval.compare import Comparison, ComparisonError, compare
from eval.compare_tables import render
from eval.environment import machine
from eval.measures import score
from eval.predictions import Prediction, Reply
from eval.questions import Question
from eval.summary import BaselineError, Summary
from rag.cli import main

PAGES = {"r.pdf": 9}


def prediction(
    number: int, answer: str = "12", hits: tuple[int, ...] = (3,), cited: int = 3, **fields: object
) -> Prediction:
    question = {
        "set": "demo",
        "id": f"q{number}",
        "lang": "en",
        "kind": "even" if number % 2 == 0 else "odd",
        "question": f"Question {number}?",
        "must_include": (("12",),),
        "report": "r.pdf",
        "pages": (3,),
    }
    return Prediction(
        question=Question.model_validate(question | fields),
        hits=tuple(("r.pdf", page) for page in hits),
        retrieve_ms=10.0 + number,
        reply=Reply(predicted=answer, found=answer != "none", citations=(("r.pdf", cited),), answer_s=1.0),
    )


def written(folder: Path, predictions: list[Prediction], **fields: object) -> Path:
    """A run's folder as ``report-qa eval --out`` leaves it."""
    folder.mkdir()
    scores = score(predictions, PAGES, answers=True)
    summary = Summary.model_validate(
        {
            "started": "2031-05-01T10:00:00+00:00",
            "seconds": 1.0,
            "retrieval_only": False,
            "questions": {},
            "reports": PAGES,
            "model": "m",
            "embedder": "e",
            "settings": {"evidence_items": 6},
            "versions": {"python": "3.13"},
            "machine": machine(),
            "commit": "0" * 40,
            "sets": {"demo": scores},
            "kinds": {},
            "languages": {},
            "total": scores,
        }
        | fields
    )
    (folder / "summary.json").write_text(summary.model_dump_json(), encoding="utf-8")
    lines = (json.dumps(p.line(), ensure_ascii=False) + "\n" for p in predictions)
    (folder / "predictions.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


def text_of(comparison: Comparison) -> str:
    console = Console(width=120)
    with console.capture() as captured:
        console.print(render(comparison))
    return captured.get()


def test_each_question_that_changed_is_told_with_what_changed(tmp_path):
    a = written(tmp_path / "a", [prediction(1, "none"), prediction(2), prediction(3), prediction(4, hits=(1, 2, 3))])
    b = written(tmp_path / "b", [prediction(1), prediction(2, "13", cited=5), prediction(3), prediction(4)])
    found = compare(a, b)
    assert [(c.id, c.better, c.worse) for c in found.changed] == [
        ("q1", ("right", "correct", "refused_wrongly"), ()),
        ("q2", (), ("right", "correct", "cited_right")),
    ]
    assert (found.changed[0].before["correct"], found.changed[0].after["correct"]) == (0.0, 1.0)
    assert (found.changed[1].answer_before, found.changed[1].answer_after) == ("12", "13")
    printed = text_of(found)
    assert "Worse: 1" in printed
    assert "demo/q2  right 1 → 0, correct 1 → 0, cited_right 1 → 0" in printed
    assert "demo/q1  right 0 → 1, correct 0 → 1, refused_wrongly 1 → 0" in printed


def test_a_measure_is_compared_over_the_questions_that_have_it_in_both(tmp_path):
    a = written(tmp_path / "a", [prediction(n, "none" if n <= 6 else "12") for n in range(1, 21)])
    b = written(tmp_path / "b", [prediction(n) for n in range(1, 21)])
    found = compare(a, b)
    correct = found.total["correct"]
    assert (correct.n, correct.before, correct.after, correct.up, correct.down) == (20, 0.7, 1.0, 6, 0)
    assert correct.test == "McNemar"
    assert correct.p == pytest.approx(2 * 0.5**6)
    assert 0 < correct.low < 0.3 < correct.high
    assert found.total["cited_right"].n == 14  # of those that were answered in both
    assert found.total["retrieve_ms"].difference == 0.0
    assert set(found.groups) == {"kind"}
    assert found.groups["kind"]["even"]["correct"].n == 10


def test_what_else_differs_between_the_runs_is_told(tmp_path):
    a = written(tmp_path / "a", [prediction(1)])
    b = written(tmp_path / "b", [prediction(1)], settings={"evidence_items": 8}, model="other")
    found = compare(a, b)
    assert found.other == {"model": ("m", "other"), "setting evidence_items": (6, 8)}
    assert "setting evidence_items: 6 → 8" in text_of(found)


def test_a_mended_gold_answer_scores_both_runs(tmp_path):
    a = written(tmp_path / "a", [prediction(1, "13")])
    b = written(tmp_path / "b", [prediction(1, "13", must_include=(("13",),))])
    found = compare(a, b)
    assert (found.regraded, found.total["correct"].before, found.total["correct"].after) == (1, 1.0, 1.0)


def test_questions_that_only_one_run_asked_are_left_out_and_counted(tmp_path):
    a = written(tmp_path / "a", [prediction(1), prediction(2)])
    b = written(tmp_path / "b", [prediction(2), prediction(3), prediction(4)])
    found = compare(a, b)
    assert (found.questions, found.only_a, found.only_b) == (1, 1, 2)
    assert "1 questions asked by both; 1 only in A; 2 only in B" in text_of(found)


def test_runs_that_share_no_question_cannot_be_compared(tmp_path):
    a = written(tmp_path / "a", [prediction(1)])
    other = written(tmp_path / "b", [prediction(1, set="other")])
    with pytest.raises(ComparisonError, match=r"\(sets demo\) and .*\(sets other\) have no question in common"):
        compare(a, other)
    changed = written(tmp_path / "c", [prediction(1, question="Another question?")])
    with pytest.raises(ComparisonError, match="other questions under the same names, such as demo/q1"):
        compare(a, changed)
    with pytest.raises(BaselineError, match=r"summary\.json cannot be read"):
        compare(a, tmp_path / "absent")


def test_runs_of_which_one_only_searched_are_compared_by_their_pages(tmp_path):
    a = written(tmp_path / "a", [prediction(1, hits=(8,))])
    b = written(tmp_path / "b", [prediction(1)], retrieval_only=True)
    found = compare(a, b)
    assert found.total["hit_5"].difference == 1.0
    assert "correct" not in found.total


def test_the_command_prints_json_and_refuses_with_its_reason(tmp_path, capsys):
    a = written(tmp_path / "a", [prediction(1, "none")])
    b = written(tmp_path / "b", [prediction(1)])
    with pytest.raises(SystemExit) as left:
        main(["eval", "compare", str(a), str(b), "--json"])
    assert left.value.code in (0, None)
    assert json.loads(capsys.readouterr().out)["total"]["correct"]["difference"] == 1.0
    with pytest.raises(SystemExit) as left:
        main(["eval", "compare", str(a), str(tmp_path / "none")])
    assert left.value.code == 2
    assert "cannot be read" in capsys.readouterr().err


def test_text_of_answers_is_no_markup(tmp_path):
    a = written(tmp_path / "a", [prediction(1, "none", id="[red]q[/red]")])
    b = written(tmp_path / "b", [prediction(1, id="[red]q[/red]")])
    assert "demo/[red]q[/red]" in text_of(compare(a, b))
