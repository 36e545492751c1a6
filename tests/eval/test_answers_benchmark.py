"""Timing of answers: what is measured of ours, what is asked of a peer, and how both are compared."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.benchmarks import answers
from eval.benchmarks.answer_times import Row, Times, middle
from eval.benchmarks.answers import ours, peer
from eval.benchmarks.ingest import BenchmarkError
from eval.questions import Question
from rag.engine import ReportQA
from rag.settings import load

PEER = """
import argparse, json
from pathlib import Path
parser = argparse.ArgumentParser()
parser.add_argument("reports"); parser.add_argument("out"); parser.add_argument("qa", nargs="+")
parser.add_argument("--answers", type=int); parser.add_argument("--gguf")
given = parser.parse_args()
assert Path(given.reports).is_dir() and given.gguf == "model.gguf"
with open(given.out, "w") as out:
    for file in given.qa:
        for number, line in enumerate(open(file, encoding="utf-8"), 1):
            row = json.loads(line) | {"set": Path(file).stem}
            if number <= given.answers:
                row["answer_s"] = float(len(row["question"]))
            out.write(json.dumps(row) + "\\n")
"""


def asked(name: str, text: str, stem: str = "s") -> Question:
    return Question.model_validate({"set": stem, "id": name, "lang": "en", "question": text})


def test_a_peer_gets_just_the_questions_of_each_set_and_its_seconds_come_back(tmp_path):
    script = tmp_path / "peer.py"
    script.write_text(PEER)
    questions = [asked("a", "Why?"), asked("b", "Since when?"), asked("a", "Where to?", "t")]
    seconds, peak_mb = peer(questions, script, Path(sys.executable), tmp_path, Path("model.gguf"))
    assert peak_mb > 1
    assert seconds == {("s", "a"): 4.0, ("s", "b"): 11.0, ("t", "a"): 9.0}


def row(name: str, answer_s: float, peer_s: float | None, *, same: bool = True) -> Row:
    cold = Times(evidence_s=0.1, first_token_s=answer_s / 2, answer_s=answer_s)
    follow_up = Times(evidence_s=0.1, first_token_s=answer_s / 10, answer_s=answer_s)
    return Row(set="s", id=name, found=True, cold=cold, follow_up=follow_up, same_evidence=same, peer_answer_s=peer_s)


def test_medians_and_the_speedup_by_hand():
    found = middle([row("a", 2.0, 9.0), row("b", 4.0, 10.0, same=False), row("c", 6.0, 50.0), row("d", 90.0, None)])
    assert found.speedup == 10.0 / 4.0  # of the three that both answered
    assert found.answer_s and found.answer_s.median == 5.0
    assert found.first_token_s and found.first_token_s.median == 2.5
    assert found.follow_up_s and (found.follow_up_s.n, found.follow_up_s.median) == (3, 0.6)  # without b's


def test_without_a_peer_there_is_no_speedup():
    found = middle([row("a", 2.0, None)])
    assert (found.speedup, found.peer_answer_s) == (None, None)


def test_evidence_comes_before_the_answer_and_follow_ups_say_whether_theirs_is_the_same(sample_store):
    with ReportQA.open(settings=load(store=sample_store, llm="none")) as qa:
        (timed,) = ours(qa, [asked("a", "How many employees did Halcyra Water Systems have at June 30, 2025?")])
        (alone,) = ours(qa, [asked("a", "How many employees are there?")], follow_ups=False)
    assert 0 < timed.cold.evidence_s < timed.cold.answer_s
    assert timed.cold.evidence_s <= timed.cold.first_token_s <= timed.cold.answer_s
    assert timed.follow_up is not None
    assert timed.same_evidence is not None
    assert (alone.follow_up, alone.same_evidence) == (None, None)


@pytest.mark.parametrize(
    ("options", "words"),
    [(["--peer", "/no/peer.py"], "--peer: there is no /no/peer.py"), (["--peer", __file__], "--peer-python")],
)
def test_a_peer_that_cannot_run_is_refused_before_anything_is_timed(tmp_path, options, words):
    questions = tmp_path / "q.jsonl"
    questions.write_text(json.dumps(asked("a", "Why?").fields()) + "\n")
    command = [sys.executable, "-m", "eval.benchmarks.answers", questions, *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == BenchmarkError.exit_code
    assert words in " ".join(done.stdout.split())


def test_an_answer_without_its_model_is_no_time(sample_store):
    settings = load(store=sample_store, llm="m", llm_base_url="http://127.0.0.1:9/v1")
    with ReportQA.open(settings=settings) as qa, pytest.raises(BenchmarkError, match="cannot be reached"):
        answers.timed(qa, "How many employees are there?")
