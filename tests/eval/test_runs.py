import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from rich.console import Console

from eval import summary as summaries
from eval.environment import commit, machine, safe_settings, versions
from eval.questions import Question, load_all
from eval.runs import MissingReportError, describe, render, require_reports, run
from eval.selection import Selection
from eval.summary import BaselineError, require_comparable
from index.errors import ModelError
from rag.engine import ReportQA
from rag.settings import Settings, load

REPORT = """Quarterly letter of Harbour Tools

Revenue
Revenue was 41.7 million euros in 2031, up 12% from the year before. Spare parts brought in 9.3 million euros of it.

People
Harbour Tools employed 612 people at the end of 2031. The apprentices numbered 48.

Outlook
The board plans to open a workshop in Rotterdam in spring 2032.
"""

QUESTIONS = [
    {
        "id": "h1",
        "lang": "en",
        "kind": "number",
        "question": "What was the revenue of Harbour Tools in 2031?",
        "answer": "41.7 million euros",
        "must_include": [["41.7"]],
        "report": "harbour.txt",
        "pages": [1],
    },
    {
        "id": "h2",
        "lang": "en",
        "kind": "fact",
        "question": "Where will the new workshop of Harbour Tools open?",
        "answer": "In Rotterdam",
        "must_include": [["Rotterdam"]],
        "report": "harbour.txt",
        "pages": [1],
    },
    {
        "id": "h3",
        "lang": "zh",
        "kind": "number",
        "question": "Harbour Tools 有多少员工？",
        "answer": "612人",
        "report": "harbour.txt",
        "pages": [1],
    },
]
RESULTS = {
    "predicted", "found", "citations", "unsupported", "first_token_s", "answer_s", "citations_full", "conflicts",
    "evidence_shown", "evidence_s", "notice", "answer_sha256", "prompt_tokens", "completion_tokens", "tokens_estimated",
    "peak_memory_mb",
}  # fmt: skip


@pytest.fixture(scope="module")
def qa(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    report = folder / "harbour.txt"
    report.write_text(REPORT, encoding="utf-8")
    try:
        opened = ReportQA.open(settings=load(store=folder / "store", llm="none"))
    except ModelError as error:
        pytest.skip(f"the default embedder is not on this machine: {error}")
    with opened:
        (outcome,) = opened.ingest([report])
        if isinstance(outcome.error, ModelError):
            pytest.skip(f"the default embedder is not on this machine: {outcome.error}")
        assert outcome.entry is not None, outcome.error
        yield opened


@pytest.fixture
def questions(tmp_path):
    return write(tmp_path / "harbour_dev.jsonl", QUESTIONS)


def write(path: Path, lines: list[dict]) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def text_of(summary: summaries.Summary) -> str:
    console = Console(width=120)
    with console.capture() as captured:
        console.print(render(summary))
    return captured.get()


def test_a_run_writes_each_question_with_its_results_and_a_summary(qa, questions, tmp_path):
    out = tmp_path / "out"
    summary = run(qa, [questions], out=out)
    written = lines_of(out / "predictions.jsonl")
    assert [line["id"] for line in written] == ["h1", "h2", "h3"]
    for asked, line in zip(QUESTIONS, written, strict=True):
        assert asked.items() <= line.items()
        assert line.keys() - asked.keys() == RESULTS | {"set", "hits", "retrieve_ms", "draft"}
        assert line["hits"][0] == ["harbour.txt", 1]
        assert len({tuple(hit) for hit in line["hits"]}) == len(line["hits"]) <= 20
        assert line["retrieve_ms"] > 0
        shown = line["evidence_shown"][0]
        assert shown["report"] == "harbour.txt"
        assert shown["page"] == 1
        assert shown["text"] in " ".join(REPORT.split())
        assert line["citations_full"][0]["n"] == 1
        assert line["citations_full"][0]["quote"] in line["predicted"]
        assert line["evidence_s"] > 0
        assert line["answer_s"] > 0
        assert line["notice"] == "没有使用语言模型：以下是报告原文，供查阅。" or line["lang"] == "en"
    assert summary.total.hit_1 == 1.0
    assert (summary.total.exact_n, summary.total.loose_n) == (2, 1)
    assert summaries.read(out) == summary
    assert summary.exit_code == 0
    assert "| harbour\\_dev | 3 |" in (out / "report.md").read_text(encoding="utf-8")
    assert Xml.parse(out / "junit.xml").getroot().get("tests") == "3"  # noqa: S314 - our own


def test_retrieval_only_leaves_out_everything_about_answers(qa, questions, tmp_path):
    summary = run(qa, [questions], retrieval_only=True, out=tmp_path / "out")
    for line in lines_of(tmp_path / "out" / "predictions.jsonl"):
        assert not line.keys() & RESULTS
    assert summary.total.correct is None
    assert summary.total.hit_5 == 1.0
    assert "correct" not in text_of(summary)
    assert "hit@5" in text_of(summary)


def test_the_limit_is_of_each_file(qa, questions, tmp_path):
    other = write(tmp_path / "other.jsonl", QUESTIONS)
    summary = run(qa, [questions, other], retrieval_only=True, selection=Selection(limit=2))
    assert {name: scores.questions for name, scores in summary.sets.items()} == {"harbour_dev": 2, "other": 2}
    assert summary.total.questions == 4


def test_a_question_that_cannot_be_asked_is_recorded_and_the_run_goes_on(qa, tmp_path):
    endless = QUESTIONS[0] | {"id": "long", "question": "Revenue? " * 3000}
    summary = run(qa, [write(tmp_path / "dev.jsonl", [endless, QUESTIONS[1]])], out=tmp_path / "out")
    first, second = lines_of(tmp_path / "out" / "predictions.jsonl")
    assert first["error"]
    assert "error" not in second
    assert summary.total.errors == 1
    assert "1 question ended in an error" in text_of(summary)


def test_a_run_against_itself_as_baseline_passes(qa, questions, tmp_path):
    run(qa, [questions], retrieval_only=True, out=tmp_path / "first")
    second = run(qa, [questions], retrieval_only=True, out=tmp_path / "first", baseline=tmp_path / "first")
    assert second.falls == ()
    assert "Nothing fell" in text_of(second)


def test_a_run_below_its_baseline_names_the_fall_and_fails(qa, questions, tmp_path):
    base = tmp_path / "base"
    run(qa, [questions], retrieval_only=True, out=base)
    lines = lines_of(base / "predictions.jsonl")
    # As if a page had been found that this store does not have: the baseline was better.
    wrong = write(questions, [question | {"pages": [7]} for question in QUESTIONS])
    before = run(qa, [wrong], retrieval_only=True, out=base)
    write(base / "predictions.jsonl", [line | {"pages": [7], "hits": [["harbour.txt", 7]]} for line in lines])
    now = run(qa, [wrong], retrieval_only=True, baseline=base)
    assert before.total.hit_5 == 0.0
    assert ("harbour_dev", "hit_5", 1.0, 0.0) in [(f.set, f.measure, f.baseline, f.now) for f in now.falls]
    assert now.exit_code == 1
    assert "harbour_dev: hit_5 fell from 1.000 to 0.000 (3 worse, 0 better" in text_of(now)


def test_another_baseline_is_refused_before_the_first_question(qa, questions, tmp_path):
    run(qa, [questions], retrieval_only=True, selection=Selection(limit=1), out=tmp_path / "base")
    with pytest.raises(BaselineError, match="other questions of harbour_dev"):
        run(qa, [questions], retrieval_only=True, out=tmp_path / "out", baseline=tmp_path / "base")
    assert not (tmp_path / "out").exists()


def test_a_report_that_is_not_in_the_store_is_named_before_the_first_question(qa, tmp_path):
    path = write(tmp_path / "dev.jsonl", [QUESTIONS[0] | {"report": "absent.pdf"}])
    with pytest.raises(MissingReportError, match=r"absent\.pdf \(1 question\).*report-qa ingest --store"):
        run(qa, [path], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_remedy_gives_the_path_of_a_report_that_lies_near_the_questions(tmp_path):
    (tmp_path / "qa").mkdir()
    (tmp_path / "reports").mkdir()
    report = tmp_path / "reports" / "harbour.txt"
    report.write_text(REPORT)
    path = write(tmp_path / "qa" / "dev.jsonl", QUESTIONS)
    with pytest.raises(MissingReportError) as caught:
        require_reports(load_all([path]), {}, [path], tmp_path / "my store")
    assert caught.value.remedy == f'Run `report-qa ingest --store "{tmp_path / "my store"}" "{report}"`.'
    assert "harbour.txt (3 questions)" in caught.value.message
    assert caught.value.exit_code == 2


def test_a_baseline_without_the_set_is_refused(qa, questions):
    baseline = run(qa, [questions], retrieval_only=True)
    with pytest.raises(BaselineError, match="no set s"):
        require_comparable(baseline, describe([Question(set="s", id="1", lang="en", question="?")]))


@pytest.mark.parametrize("content", [None, "", "{}", '{"sets": 3}'])
def test_a_folder_without_a_usable_summary_is_refused_by_name(tmp_path, content):
    if content is not None:
        (tmp_path / "summary.json").write_text(content)
    with pytest.raises(BaselineError, match=r"summary\.json"):
        summaries.read(tmp_path)


def test_settings_are_recorded_without_secrets(tmp_path):
    settings = Settings(
        store=tmp_path,
        llm="big-model",
        llm_base_url="https://anna:s3cret@llm.example.org:8443/v1?key=t0ken#x",
        llm_api_key="sk-verysecret",
    )
    values = safe_settings(settings)
    assert values["llm_base_url"] == "https://llm.example.org:8443/v1"
    assert values["llm_api_key"] == "set"
    assert values["llm"] == "big-model"
    assert not any(secret in json.dumps(values) for secret in ("s3cret", "t0ken", "verysecret", "anna"))


def test_a_run_knows_its_machine_and_versions(monkeypatch):
    assert machine().cores >= 1
    assert machine().cpu
    assert versions()["torch"].startswith("2.13")
    monkeypatch.setenv("PATH", "")
    assert commit() == ""
