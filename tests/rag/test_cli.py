"""The command line as a user meets it: what it prints, where, and the exit code."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Run

ZH, EN = "zh_storage_weekly.pdf", "en_annual_report.pdf"
SAMPLES = Path(__file__).parents[2] / "eval" / "data"
KEY = "sk-do-not-show-1234567890"
MARGIN = "栎野电气2025年毛利率是多少？"
LETTER = "Quarterly letter of Harbour Tools\n\nRevenue\nRevenue was 41.7 million euros in 2031, up 12%.\n"
pytestmark = pytest.mark.usefixtures("clean_environment")


@pytest.fixture
def store(sample_store: Path, tmp_path: Path) -> Path:
    """A copy of the sample store that a test may change."""
    return Path(shutil.copytree(sample_store, tmp_path / "store"))


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "letter.txt"
    file.write_text(LETTER, encoding="utf-8")
    return file


def test_ask_prints_the_json_of_the_contract(run: Run, sample_store: Path) -> None:
    done = run("ask", MARGIN, "--store", sample_store, "--json")
    assert done.code == 0
    assert {
        "answer", "language", "found", "citations", "unsupported", "conflicts", "timings_ms", "model", "embedder",
    } <= set(done.json)  # fmt: skip
    assert done.json["language"] == "zh"
    assert done.json["found"] is True
    assert set(done.json["citations"][0]) == {"n", "report", "title", "page", "section", "quote", "score"}
    assert (ZH, 6) in [(c["report"], c["page"]) for c in done.json["citations"]]
    assert set(done.json["timings_ms"]) == {"retrieve", "first_token", "total"}


def test_ask_prints_answer_sources_and_that_there_is_no_model(run: Run, sample_store: Path) -> None:
    done = run("ask", MARGIN, "--store", sample_store)
    assert done.code == 0
    assert "38.6%" in done.out
    assert f"{ZH} p.6" in done.out
    assert "语言模型" in done.err


def test_search_prints_the_json_of_the_contract(run: Run, sample_store: Path) -> None:
    done = run("search", "research and development spending", "-k", 3, "--store", sample_store, "--json")
    assert done.code == 0
    assert [set(row) for row in done.json] == [{"rank", "report", "page", "section", "score", "text"}] * 3
    assert [row["rank"] for row in done.json] == [1, 2, 3]
    assert done.json[0]["report"] == EN


def test_search_keeps_to_the_chosen_report(run: Run, sample_store: Path) -> None:
    done = run("search", "research and development", "--report", ZH, "--store", sample_store, "--json")
    assert {row["report"] for row in done.json} == {ZH}


def test_reports_are_listed_with_their_cards(run: Run, sample_store: Path) -> None:
    rows = {row["name"]: row for row in run("reports", "--store", sample_store, "--json").json}
    assert rows[ZH] | {
        "institution": "云岚证券研究所", "authors": ["沈砚秋"], "date": "2026-03-15", "period": "2026W11",
        "company": "", "rating": "增持", "language": "zh", "pages": 8,
    } == rows[ZH]  # fmt: skip
    assert (rows[EN]["ticker"], rows[EN]["period"]) == ("HLCY", "FY2025")
    listed = run("reports", "--store", sample_store).out
    assert "云岚证券研究所" in listed
    assert "Halcyra Water Systems, Inc." in listed


def test_filters_choose_the_reports_that_are_listed_searched_and_asked(run: Run, sample_store: Path) -> None:
    listed = run("reports", "--institution", "云岚", "--since", "2026-03", "--store", sample_store, "--json")
    assert [row["name"] for row in listed.json] == [ZH]
    found = run("search", "research and development", "--language", "zh", "--store", sample_store, "--json")
    assert {row["report"] for row in found.json} == {ZH}
    answered = run("ask", MARGIN, "--ticker", "hlcy", "--store", sample_store, "--json")
    assert {citation["report"] for citation in answered.json["citations"]} <= {EN}
    both = run("search", MARGIN, "--report", EN, "--company", "halcyra", "--store", sample_store, "--json")
    assert {row["report"] for row in both.json} == {EN}


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        (["reports"], ["--company", "Nobody"], "company: Halcyra Water Systems, Inc."),
        (["search", MARGIN], ["--until", "2001"], "dates: 2026-03-15; FY2025"),
        (["ask", MARGIN], ["--report", EN, "--language", "zh"], "language: en"),
        (["ask", MARGIN], ["--since", "soon"], "'soon' is not a date"),
    ],
)
def test_a_filter_that_lets_nothing_in_says_what_is_there(
    run: Run, sample_store: Path, command: list[str], options: list[str], said: str
) -> None:
    done = run(*command, *options, "--store", sample_store)
    assert done.is_plain_failure(2)
    assert said in done.err


def test_a_report_goes_through_added_unchanged_replaced_and_removed(run: Run, store: Path, letter: Path) -> None:
    added = run("ingest", letter, "--store", store, "--json")
    assert (added.code, added.json["files"][0]["status"]) == (0, "added")
    assert {"file", "status", "report", "id", "pages", "chunks", "error", "warnings"} <= set(added.json["files"][0])
    assert run("ingest", letter, "--store", store, "--json").json["files"][0]["status"] == "unchanged"
    letter.write_text(LETTER.replace("41.7", "43.9"), encoding="utf-8")
    assert run("ingest", letter, "--store", store, "--json").json["files"][0]["status"] == "replaced"
    found = run("search", "Harbour Tools revenue", "-k", 1, "--store", store, "--json").json
    assert "43.9" in found[0]["text"]
    names = [row["name"] for row in run("reports", "--store", store, "--json").json]
    assert sorted(names) == sorted([ZH, EN, "letter.txt"])
    assert run("rename", "letter.txt", "harbour", "--store", store, "--json").json["name"] == "harbour.txt"
    assert run("rename", "harbour.txt", "a/b", "--store", store).is_plain_failure(1)
    again = run("reread", "harbour.txt", "--store", store, "--json")
    assert (again.code, again.json["status"], again.json["report"]) == (0, "replaced", "harbour.txt")
    removed = run("remove", again.json["id"], "--store", store, "--json")
    assert (removed.code, removed.json["name"]) == (0, "harbour.txt")
    assert "Harbour" not in run("search", "Harbour Tools revenue", "--store", store, "--json").out


def test_a_bad_file_does_not_keep_out_the_good_ones(run: Run, store: Path, letter: Path, tmp_path: Path) -> None:
    whole = (SAMPLES / EN).read_bytes()
    bad = {
        "empty.pdf": b"",
        "text.pdf": b"This is no PDF, only its name says so.\n" * 20,
        "cut.pdf": whole[: len(whole) // 3],
        "notes.xyz": b"?",
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    missing = tmp_path / "missing.pdf"
    files = [tmp_path / name for name in bad]
    done = run("ingest", *files, missing, letter, "--store", store, "--json")
    assert (done.code, done.err) == (1, "")
    rows = {Path(row["file"]).name: row for row in done.json["files"]}
    assert rows["letter.txt"]["status"] == "added"
    for name in [*bad, "missing.pdf"]:
        assert rows[name]["status"] == "failed"
        assert name in rows[name]["error"]
    assert len(run("reports", "--store", store, "--json").json) == 3


def test_a_folder_without_reports_is_a_failure_that_says_what_reports_are(
    run: Run, store: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    done = run("ingest", folder, "--store", store)
    assert done.is_plain_failure(1)
    assert "holds no reports" in done.out
    assert ".pdf" in done.out


@pytest.mark.parametrize("question", ["", "   ", "\t\n", "字" * 20_000, "word " * 4_000, "😀🎉"])
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_that_cannot_be_asked_is_refused(run: Run, sample_store: Path, command: str, question: str) -> None:
    done = run(command, question, "--store", sample_store)
    assert done.is_plain_failure(2)
    assert done.out == ""
    assert "question" in done.err


@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_unknown_report_is_refused_naming_those_there_are(run: Run, sample_store: Path, command: str) -> None:
    done = run(command, MARGIN, "--report", "nowhere.pdf", "--store", sample_store)
    assert done.is_plain_failure(2)
    assert "nowhere.pdf" in done.err
    assert ZH in done.err


def test_removing_a_report_that_is_not_there_fails(run: Run, sample_store: Path) -> None:
    done = run("remove", "nowhere.pdf", "--store", sample_store)
    assert done.is_plain_failure(1)
    assert "nowhere.pdf" in done.err


def test_a_damaged_store_is_named_with_what_to_do(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "catalog.sqlite").write_bytes(b"garbage " * 500)
    done = run("reports", "--store", broken)
    assert done.is_plain_failure(1)
    assert "catalog.sqlite" in done.err
    assert "ingest" in done.err


def test_a_store_that_is_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    done = run("reports", "--store", file)
    assert done.is_plain_failure(1)
    assert str(file) in done.err.replace("\n", "")


def test_missing_models_name_the_command_that_fetches_them(
    run: Run, sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORT_QA_MODELS_DIR", str(tmp_path / "no-models"))
    done = run("ask", MARGIN, "--store", sample_store)
    assert done.is_plain_failure(1)
    assert "report-qa models pull" in done.err


def test_a_missing_language_model_leaves_the_evidence_and_exit_code_one(
    run: Run, sample_store: Path, models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "multilingual-e5-small").symlink_to(models_dir / "multilingual-e5-small")
    monkeypatch.setenv("REPORT_QA_MODELS_DIR", str(tmp_path))
    monkeypatch.setenv("REPORT_QA_LLM", "default")
    done = run("ask", MARGIN, "--store", sample_store)
    assert done.is_plain_failure(1)
    assert "38.6%" in done.out
    assert "report-qa models pull llm" in done.err


def test_a_dead_endpoint_leaves_the_evidence_and_exit_code_one(
    run: Run, sample_store: Path, dead_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORT_QA_LLM", "m")
    monkeypatch.setenv("REPORT_QA_LLM_BASE_URL", dead_url)
    done = run("ask", MARGIN, "--store", sample_store)
    assert done.is_plain_failure(1)
    assert "38.6%" in done.out
    assert dead_url in done.err
    assert "llm_base_url" in done.err


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("REPORT_QA_PROT", "1", "REPORT_QA_PROT"), ("REPORT_QA_PORT", "many", "port")],
)
def test_a_bad_setting_is_refused_naming_it(
    run: Run, name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    done = run("reports")
    assert done.is_plain_failure(2)
    assert words in done.err


@pytest.mark.parametrize("arguments", [["nonsense"], ["search"], ["search", "x", "-k", "0"], ["ask", "--no-such"]])
def test_a_command_that_cannot_be_read_is_exit_code_two(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).is_plain_failure(2)


@pytest.mark.parametrize(
    "command",
    ["ingest", "reports", "remove", "search", "ask", "eval", "serve", "doctor", "models pull", "models list",
     "models verify"],
)  # fmt: skip
def test_every_command_takes_a_store(run: Run, command: str) -> None:
    done = run(*command.split(), "--help")
    assert done.code == 0
    assert "--store" in done.out


def command(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The installed command in a process of its own."""
    program = Path(sys.executable).with_name("report-qa")
    if not program.exists():
        pytest.skip("report-qa is not installed in this environment")
    return subprocess.run(
        [program, *map(str, arguments)], check=False, capture_output=True, text=True, env={**os.environ, **environment}
    )


def test_the_installed_command_asks_and_leaves_with_its_code(sample_store: Path, models_dir: Path) -> None:
    settings = {"REPORT_QA_MODELS_DIR": str(models_dir), "REPORT_QA_LLM": "none"}
    done = command("ask", MARGIN, "--store", sample_store, "--json", **settings)
    assert done.returncode == 0, done.stderr
    assert "38.6%" in json.loads(done.stdout)["answer"]


def test_report_text_that_leaves_the_machine_is_told_of_and_the_key_is_not_logged(
    sample_store: Path, models_dir: Path
) -> None:
    done = command(
        "ask", MARGIN, "--store", sample_store,
        REPORT_QA_MODELS_DIR=str(models_dir), REPORT_QA_LLM="m", REPORT_QA_LLM_BASE_URL="http://models.invalid/v1",
        REPORT_QA_LLM_API_KEY=KEY, REPORT_QA_LOG_LEVEL="debug",
    )  # fmt: skip
    assert done.returncode == 1
    assert "WARNING rag.llm: report text is sent to the language model at models.invalid" in done.stderr
    assert "报告内容会发送到 models.invalid" in done.stderr
    assert "38.6%" in done.stdout
    assert KEY not in done.stdout + done.stderr


def test_help_and_settings_errors_come_without_loading_models() -> None:
    assert command("--help").returncode == 0
    done = command("doctor", REPORT_QA_PROT="1")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
