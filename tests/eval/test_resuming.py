"""A run that broke off goes on: what is kept, under what it is kept, and what is asked again."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from rich.console import Console

from eval.fingerprint import code_digest, fingerprint
from eval.folder import KEPT, RunFolder, RunFolderError
from eval.runs import render, run
from eval.selection import Selection
from index.errors import ModelError
from rag.engine import ReportQA
from rag.settings import load

REPORT = """Yearbook of Fernhill Dairy

Herd
Fernhill Dairy kept 214 cows in 2033.

Milk
Milk sold was 1,870 tonnes.
"""
QUESTIONS = [
    {"id": "a", "lang": "en", "question": "How many cows does Fernhill Dairy keep?", "must_include": [["214"]]},
    {"id": "b", "lang": "en", "question": "How much milk did Fernhill Dairy sell?", "must_include": [["1,870"]]},
    {"id": "c", "lang": "zh", "question": "Fernhill Dairy 有多少头牛？", "must_include": [["214"]]},
]


def opened(store: Path, **settings: object) -> ReportQA:
    return ReportQA.open(settings=load(**{"store": store, "llm": "none", **settings}))


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("resuming")
    (folder / "dairy.txt").write_text(REPORT, encoding="utf-8")
    try:
        with opened(folder / "store") as qa:
            assert qa.ingest([folder / "dairy.txt"])[0].entry is not None
    except ModelError as error:
        pytest.skip(f"the default embedder is not on this machine: {error}")
    return folder / "store"


@pytest.fixture(scope="module")
def qa(store):
    with opened(store) as qa:
        yield qa


@pytest.fixture
def questions(tmp_path) -> Path:
    return write(tmp_path / "dairy_dev.jsonl", QUESTIONS)


def write(path: Path, lines: list[dict]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_run_that_was_killed_goes_on_without_asking_a_question_twice(qa, store, questions, tmp_path):
    out = tmp_path / "out"
    # Killed by itself, hard, when it has written two answers: as a machine that goes down.
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from eval.folder import RunFolder\n"
        "from eval.runs import run\n"
        "from rag.engine import ReportQA\n"
        "from rag.settings import load\n"
        "written, write = [], RunFolder.write\n"
        "def write_two(self, prediction, *, keep):\n"
        "    write(self, prediction, keep=keep)\n"
        "    written.append(prediction)\n"
        "    if len(written) == 2: os.kill(os.getpid(), 9)\n"
        "RunFolder.write = write_two\n"
        "with ReportQA.open(settings=load(store=sys.argv[1], llm='none')) as qa:\n"
        "    run(qa, [Path(sys.argv[2])], out=Path(sys.argv[3]))\n"
    )
    root = Path(__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", script, store, questions, out], check=False, cwd=root)
    assert killed.returncode == -9
    before = lines_of(out / "predictions.jsonl")
    assert [line["id"] for line in before] == ["a", "b"]
    assert not (out / "summary.json").exists()

    summary = run(qa, [questions], out=out)
    after = lines_of(out / "predictions.jsonl")
    assert [line["id"] for line in after] == ["a", "b", "c"]
    assert after[:2] == before  # times and all: they were not asked again
    assert summary.kept == 2
    assert summary.total.correct == 1.0
    console = Console(width=120)
    with console.capture() as captured:
        console.print(render(summary))
    assert "2 of 3 kept from an earlier run" in captured.get()


def test_a_command_that_is_killed_mid_answer_asks_no_question_twice(store, tmp_path, model_server):
    last = {"id": "c", "lang": "en", "question": "How many cows did the dairy keep in 2033?", "must_include": [["214"]]}
    questions = write(tmp_path / "dairy_dev.jsonl", [*QUESTIONS[:2], last])
    out, reached, killed, quoting = tmp_path / "out", threading.Event(), threading.Event(), model_server.answer

    def answer(system: str, user: str) -> str:
        if "keep in 2033" in user and not killed.is_set():
            reached.set()
            killed.wait(60)  # this answer never comes
        return quoting(system, user)

    model_server.answer = answer
    command = [sys.executable, "-m", "rag.cli", "eval", questions, "--store", store, "--out", out]
    settings = {"REPORT_QA_LLM": "m", "REPORT_QA_LLM_BASE_URL": model_server.url}
    root = Path(__file__).parents[2]
    process = subprocess.Popen(list(map(str, command)), cwd=root, env=os.environ | settings)
    try:
        assert reached.wait(120)
    finally:
        process.kill()
    assert process.wait(60) == -9
    killed.set()
    before = len(model_server.asked)
    with opened(store, llm="m", llm_base_url=model_server.url) as qa:
        summary = run(qa, [questions], out=out)
    assert summary.kept == 2
    again = model_server.asked[before:]
    assert any("keep in 2033" in asked for asked in again)  # the question it was killed over
    assert not [asked for asked in again for known in QUESTIONS[:2] if known["question"] in asked]
    assert [line["id"] for line in lines_of(out / "predictions.jsonl")] == ["a", "b", "c"]


def test_a_run_under_other_settings_asks_again_and_going_back_does_not(qa, store, questions, tmp_path):
    run(qa, [questions], out=tmp_path / "out")
    with opened(store, evidence_items=1) as other:
        assert run(other, [questions], out=tmp_path / "out").kept == 0
    assert run(qa, [questions], out=tmp_path / "out").kept == 3


def test_settings_that_cannot_change_an_answer_do_not_matter(qa, store, questions, tmp_path):
    run(qa, [questions], out=tmp_path / "out")
    with opened(store, log_level="error", port=7999) as other:
        assert run(other, [questions], out=tmp_path / "out").kept == 3


def test_fresh_asks_everything_anew(qa, questions, tmp_path):
    run(qa, [questions], out=tmp_path / "out")
    assert run(qa, [questions], out=tmp_path / "out", fresh=True).kept == 0
    assert len(lines_of(tmp_path / "out" / KEPT)) == 3


def test_retrieval_alone_is_not_taken_for_an_answer(qa, questions, tmp_path):
    run(qa, [questions], out=tmp_path / "out", retrieval_only=True)
    summary = run(qa, [questions], out=tmp_path / "out")
    assert summary.kept == 0
    assert summary.total.correct == 1.0


def test_a_line_that_broke_off_costs_only_its_own_question(qa, questions, tmp_path):
    out = tmp_path / "out"
    run(qa, [questions], out=out)
    whole = (out / KEPT).read_text(encoding="utf-8")
    (out / KEPT).write_text(whole[: -len(whole.splitlines()[-1]) // 2], encoding="utf-8")
    assert run(qa, [questions], out=out).kept == 2
    assert run(qa, [questions], out=out).kept == 3


def test_a_mended_gold_answer_scores_the_kept_answer_anew(qa, questions, tmp_path):
    out = tmp_path / "out"
    assert run(qa, [questions], out=out).total.correct == 1.0
    write(questions, [QUESTIONS[0] | {"must_include": [["215"]]}, *QUESTIONS[1:]])
    summary = run(qa, [questions], out=out)
    assert summary.kept == 3
    assert summary.total.correct == pytest.approx(2 / 3)
    assert lines_of(out / "predictions.jsonl")[0]["must_include"] == [["215"]]


def test_a_question_that_ended_in_an_error_is_asked_again(qa, tmp_path):
    path = write(tmp_path / "dev.jsonl", [QUESTIONS[0], QUESTIONS[1] | {"question": "Milk? " * 2000}])
    assert run(qa, [path], out=tmp_path / "out").total.errors == 1
    summary = run(qa, [path], out=tmp_path / "out")
    assert (summary.kept, summary.total.errors) == (1, 1)


def test_an_answer_whose_model_failed_is_asked_again(store, questions, tmp_path):
    settings = load(store=store, llm="m", llm_base_url="http://127.0.0.1:9/v1")
    with ReportQA.open(settings=settings) as qa:
        for _ in range(2):
            summary = run(qa, [questions], out=tmp_path / "out", selection=Selection(limit=1))
            assert summary.kept == 0
    assert "cannot be reached" in lines_of(tmp_path / "out" / "predictions.jsonl")[0]["notice"]


def test_two_runs_do_not_write_to_one_folder(qa, questions, tmp_path):
    print_of = fingerprint(qa, retrieval_only=False)
    with RunFolder(tmp_path / "out", print_of), pytest.raises(RunFolderError, match="Another run"):
        run(qa, [questions], out=tmp_path / "out")
    assert run(qa, [questions], out=tmp_path / "out").kept == 0


def test_the_fingerprint_follows_what_prompts_say_and_not_their_place(store, tmp_path):
    prints = []
    for folder, text in (("a", "Answer."), ("b", "Answer."), ("c", "Answer briefly.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "system_en.txt").write_text(text, encoding="utf-8")
        with opened(store, prompts=str(tmp_path / folder)) as qa:
            prints.append(fingerprint(qa, retrieval_only=False))
            searched = fingerprint(qa, retrieval_only=True)
    with opened(store) as qa:
        assert fingerprint(qa, retrieval_only=False) != prints[0] == prints[1] != prints[2]
        assert fingerprint(qa, retrieval_only=True) == searched


def test_the_fingerprint_follows_the_store_and_not_its_place(store, qa, tmp_path):
    ours = fingerprint(qa, retrieval_only=False)
    (tmp_path / "dairy.txt").write_text(REPORT, encoding="utf-8")
    (tmp_path / "more.txt").write_text("Fernhill Dairy planted 30 elms.\n", encoding="utf-8")
    with opened(tmp_path / "store") as other:
        other.ingest([tmp_path / "dairy.txt"])
        assert fingerprint(other, retrieval_only=False) == ours
        other.ingest([tmp_path / "more.txt"])
        assert fingerprint(other, retrieval_only=False).store != ours.store


def test_the_code_digest_follows_sources_and_prompts_and_nothing_else(tmp_path):
    rag = tmp_path / "rag"
    (rag / "prompts").mkdir(parents=True)
    (rag / "prompts" / "system_en.txt").write_text("Answer.")
    (rag / "engine.py").write_text("x = 1")
    before = code_digest([rag])
    (rag / "engine.cpython-311.pyc").write_bytes(b"1")
    (rag / "cli.py").write_text("a front end")
    assert code_digest([rag]) == before
    (rag / "prompts" / "system_en.txt").write_text("Answer briefly.")
    prompted = code_digest([rag])
    assert prompted != before
    (rag / "engine.py").rename(rag / "motor.py")
    assert code_digest([rag]) not in {before, prompted}


def test_the_code_digest_of_the_packages_has_files_to_digest():
    rag = Path(__file__).parents[2] / "rag"
    assert code_digest([rag]) != code_digest([]) != ""
