"""The gate: the samples against their baseline, and regressions planted one by one."""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from rich.console import Console

from eval import gate
from eval.gate import DEFAULT, Threshold, ThresholdError, Thresholds, falls
from eval.predictions import Prediction, Reply
from eval.questions import Question
from eval.runs import render, run
from eval.selection import Selection
from eval.summary import Summary
from rag.checking.claims import Claim
from rag.engine import ReportQA
from rag.prompts import prompt
from rag.settings import Settings

DATA = Path(__file__).parents[2] / "eval" / "data"
SAMPLES, BASELINE = DATA / "samples.jsonl", DATA / "baseline"
PLAIN = Selection(ids=("z01", "z02", "z04", "z07"))
"""Questions that a model which only quotes can answer."""


def text_of(summary: Summary) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        console.print(render(summary))
    return captured.get()


def opened(store: Path, **settings: object) -> ReportQA:
    return ReportQA.open(settings=Settings(store=store, **{"llm": "none", **settings}))


def test_the_samples_are_answered_as_well_as_in_the_baseline(sample_store, tmp_path):
    # What CI holds every change against. After a change for the better: `make baseline`, and commit what it writes.
    with opened(sample_store) as qa:
        summary = run(qa, [SAMPLES], out=tmp_path, baseline=BASELINE, thresholds=gate.read(BASELINE / "gate.toml"))
    assert summary.falls == (), text_of(summary)
    assert summary.total.questions == 40


def test_a_wrong_page_mapping_fails_the_gate_by_name(sample_store, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(sample_store, store)
    with sqlite3.connect(store / "catalog.sqlite") as catalog:  # as if pages were counted from 0
        catalog.execute("UPDATE chunks SET page = max(1, page - 1)")
    with opened(store) as qa:
        summary = run(qa, [SAMPLES], retrieval_only=True, baseline=BASELINE)
    assert "hit_5" in {fall.measure for fall in summary.falls}
    assert summary.exit_code == 1
    assert "samples: hit_5 fell from" in text_of(summary)


def test_a_broken_prompt_fails_the_gate_and_the_same_prompts_do_not(sample_store, model_server, tmp_path):
    own, broken = tmp_path / "own", tmp_path / "broken"
    for folder, tail in ((own, ""), (broken, "\nQuestion: What does the cover page show?\n问题：封面上有什么？\n")):
        folder.mkdir()
        for language in ("en", "zh"):
            text = prompt("question", language) + tail  # the broken one ends in a question of its own
            (folder / f"question_{language}.txt").write_text(text, encoding="utf-8")

    def answered(out: str, **settings: object) -> Summary:
        chosen = {"llm": "m", "llm_base_url": model_server.url, **settings}
        with opened(sample_store, **chosen) as qa:
            baseline = tmp_path / "base" if out != "base" else None
            return run(qa, [SAMPLES], selection=PLAIN, out=tmp_path / out, baseline=baseline)

    before = answered("base")
    assert before.total.correct == 1.0
    same = answered("same", prompts=str(own))
    assert (same.falls, same.exit_code) == ((), 0)
    worse = answered("worse", prompts=str(broken))
    assert "correct" in {fall.measure for fall in worse.falls}, text_of(worse)
    assert worse.exit_code == 1


def test_a_broken_prompt_that_mending_hides_fails_the_gate_by_what_the_model_wrote(
    sample_store, model_server, tmp_path
):
    reads_and_quotes = model_server.answer
    comment = "请写一段市场点评，不要直接回答问题。"
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "system_zh.txt").write_text(comment, encoding="utf-8")
    model_server.answer = lambda system, user: (
        "行业景气度向好，投资者情绪积极，后市值得期待。" if comment in system else reads_and_quotes(system, user)
    )

    def answered(out: str, **settings: object) -> Summary:
        with opened(sample_store, llm="m", llm_base_url=model_server.url, **settings) as qa:
            baseline = tmp_path / "base" if out != "base" else None
            return run(qa, [SAMPLES], selection=PLAIN, out=tmp_path / out, baseline=baseline)

    answered("base")
    assert answered("same").falls == ()
    worse = answered("worse", prompts=str(tmp_path / "broken"))
    assert "draft_kept" in {fall.measure for fall in worse.falls}, text_of(worse)
    assert worse.exit_code == 1


WRONG_UNITS = {
    "backlog at June 30": "The backlog was $684.0 billion, of which 62% should be delivered within twelve months [1].",
    "free cash flow": "Free cash flow was $115.6 billion in fiscal 2025 and $83.4 billion in fiscal 2024 [1].",
    "suing the company": "The town of Larkspur Ferry claims $8.2 billion [1].",
    "逆变器出口额多少": "2026年1到2月我国逆变器出口额86.2万元，同比增长21.5个百分点[1]。",
}
"""What a model wrote that mixes up units, by words of the question."""


def test_a_dropped_unit_check_fails_the_gate(sample_store, model_server, tmp_path, monkeypatch):
    model_server.answer = lambda system, user: next(
        (text for words, text in WRONG_UNITS.items() if words in user), "Not found in the reports"
    )
    chosen = Selection(ids=("e11", "e12", "e17", "z01"))

    def answered(out: str, baseline: Path | None = None) -> Summary:
        with opened(sample_store, llm="m", llm_base_url=model_server.url) as qa:
            return run(qa, [SAMPLES], selection=chosen, out=tmp_path / out, baseline=baseline)

    before = answered("base")
    assert before.total.grounded == 1.0  # wrong units are put right or marked
    assert answered("again", tmp_path / "base").falls == ()

    def same_digits(claim: Claim, other: Claim) -> bool:
        one, two = (re.sub(r"[^\d.]", "", found.figure.text) for found in (claim, other))
        return one == two

    monkeypatch.setattr("rag.checking.support.agrees", same_digits)
    now = answered("now", tmp_path / "base")
    assert "grounded" in {fall.measure for fall in now.falls}, text_of(now)
    assert now.exit_code == 1


def answers(count: int, *wrong: int, **fields: object) -> list[Prediction]:
    return [
        Prediction(
            question=Question.model_validate(
                {"set": "s", "id": str(i), "lang": "en", "question": "?", "must_include": (("x",),)} | fields
            ),
            hits=(),
            retrieve_ms=1.0,
            reply=Reply(predicted="y" if i in wrong else "x", found=True),
        )
        for i in range(count)
    ]


CORRECT = Thresholds(measures={"correct": DEFAULT.measures["correct"]})


def fell(before: list[Prediction], now: list[Prediction], thresholds: Thresholds = CORRECT) -> list[tuple[str, str]]:
    found = falls(before, now, thresholds, answers=True)
    return [(fall.set, fall.measure) for fall in found]


def test_a_fall_by_one_question_of_fifty_is_let_pass_and_chance_explains_two(tmp_path):
    all_right = answers(50)
    assert fell(all_right, answers(50, 7)) == []
    assert fell(all_right, answers(50, 7, 8)) == []  # p = 0.25
    assert fell(all_right, answers(50, 7, 8, 9, 10)) == [("s", "correct")]  # p = 0.0625
    assert fell(answers(50, 7, 8, 9, 10), all_right) == []


def test_a_large_fall_is_no_noise_however_few_the_questions():
    assert fell(answers(4), answers(4, 0)) == [("s", "correct")]


def test_without_noise_chance_is_no_excuse():
    strict = Thresholds(measures={"correct": Threshold(fall=0.02)})
    assert fell(answers(50), answers(50, 7, 8), strict) == [("s", "correct")]
    assert fell(answers(50), answers(50, 7), strict) == []


def test_a_fall_names_its_questions_and_both_means():
    (found,) = falls(answers(4), answers(4, 1, 2), CORRECT, answers=True)
    assert (found.baseline, found.now, found.worse, found.better) == (1.0, 0.5, ("s/1", "s/2"), ())
    assert found.line() == "s: correct fell from 1.000 to 0.500 (2 worse, 0 better, p = 0.25): s/1, s/2"


def test_a_measure_that_is_better_low_falls_by_rising():
    refused = [
        p.model_copy(update={"reply": Reply(predicted="none", found=False)}) for p in answers(10, must_include=None)
    ]
    given = answers(10, must_include=None)
    assert ("s", "refused_wrongly") in fell(given, refused, DEFAULT)
    assert ("s", "refused_wrongly") not in fell(refused, given, DEFAULT)


def test_sets_that_fall_a_little_each_fall_together():
    def both(*wrong: int) -> list[Prediction]:
        return [p for name in "abcde" for p in answers(60, *wrong, set=name)]

    strict = Thresholds(measures={"correct": Threshold(fall=0.02, noise=0.1)})
    assert fell(both(), both(1, 2), strict) == [(gate.ALL, "correct")]


def test_thresholds_are_read_and_a_wrong_key_is_named(tmp_path):
    path = tmp_path / "gate.toml"
    path.write_text("alpha = 0.05\n[measures.hit_1]\nfall = 0.5\nnoise = 0.6\n")
    assert gate.read(path) == Thresholds(alpha=0.05, measures={"hit_1": Threshold(fall=0.5, noise=0.6)})
    for text, key in (
        ("[measures.hit_7]\nfall = 0.1", "measures.hit_7"),
        ("[measures.hit_5]\nfalls = 0.1", "measures.hit_5.falls"),
        ("[measures.hit_5]\nfall = 2.0", "measures.hit_5.fall"),
        ("alfa = 1\n[measures]", "alfa"),
        ("alpha = ", "not TOML"),
    ):
        path.write_text(text)
        with pytest.raises(ThresholdError, match=re.escape(key)):
            gate.read(path)
    with pytest.raises(ThresholdError, match="cannot be read"):
        gate.read(tmp_path / "absent.toml")
