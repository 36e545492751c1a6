"""Grids of settings: read with every wrong key named, run once, ranked with intervals."""

import json
import re
from pathlib import Path

import pytest

from eval import grid_tables
from eval.grid import MOST, Grid, GridError, read, report_files
from eval.grid_runs import label, run
from index.errors import SettingsError
from rag.cli import main

EXAMPLE = Path(__file__).parents[2] / "eval" / "data" / "grid.toml"
REPORT = """Annual letter of Marlow Glass

Sales
Sales were 88.4 million euros in 2034, up 6% from the year before.

Furnaces
Marlow Glass runs three furnaces. The newest was lit in Tauberg in May 2034 and melts 240 tonnes a day.

Outlook
The board expects sales of 92 million euros in 2035.
"""
QUESTIONS = [
    {"id": "a", "lang": "en", "question": "What were the sales of Marlow Glass in 2034?", "must_include": [["88.4"]]},
    {"id": "b", "lang": "en", "question": "Where was the newest furnace lit?", "must_include": [["Tauberg"]]},
    {"id": "c", "lang": "zh", "question": "Marlow Glass 有几座熔炉？", "must_include": [["three", "三"]]},
]
GRID = """
questions = ["glass.jsonl"]
reports = ["*.txt"]
rank_by = "correct"
[settings]
llm = "none"
[grid]
chunk_tokens = [32, 80]
evidence_items = [1, 6]
"""


@pytest.fixture
def file(tmp_path) -> Path:
    (tmp_path / "glass.txt").write_text(REPORT, encoding="utf-8")
    lines = (json.dumps(question | {"report": "glass.txt", "pages": [1]}) + "\n" for question in QUESTIONS)
    (tmp_path / "glass.jsonl").write_text("".join(lines), encoding="utf-8")
    path = tmp_path / "grid.toml"
    path.write_text(GRID, encoding="utf-8")
    return path


def test_every_combination_is_run_in_a_store_of_its_chunking_and_ranked(models_dir, file, tmp_path, capsys):
    work = tmp_path / "work"
    said: list[str] = []
    result = run(read(file), work, say=said.append)
    assert said[0] == "1 of 4: chunk_tokens=32 evidence_items=1"
    assert len(list((work / "stores").iterdir())) == 2
    assert [row.place for row in result.rows] == [1, 2, 3, 4]
    means = [row.measures["correct"].mean for row in result.rows]
    assert means == sorted(means, reverse=True)
    assert all(row.measures["correct"].low <= row.measures["correct"].mean for row in result.rows)
    assert result.rows[0].p == 1.0
    assert {tuple(row.settings.values()) for row in result.rows} == {(32, 1), (32, 6), (80, 1), (80, 6)}
    assert (result.questions, result.reports) == (3, ("glass.txt",))
    for row in result.rows:
        summary = json.loads((Path(row.folder) / "summary.json").read_text(encoding="utf-8"))
        assert summary["settings"]["chunk_tokens"] == row.settings["chunk_tokens"]
        assert summary["kept"] == 0

    # What is there is not done again: as after a kill between two runs.
    again = run(read(file), work)
    assert [row.settings for row in again.rows] == [row.settings for row in result.rows]
    for row in again.rows:
        assert json.loads((Path(row.folder) / "summary.json").read_text(encoding="utf-8"))["kept"] == 3

    text = grid_tables.write(work, again).read_text(encoding="utf-8")
    assert text.count("\n| chunk\\_tokens=") == 4
    with pytest.raises(SystemExit) as left:
        main(["eval", "grid", str(file), "--out", str(work), "--json"])
    assert left.value.code in (0, None)
    assert json.loads(capsys.readouterr().out)["rank_by"] == "correct"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("rank_by", "rank_bye", "unknown key rank_bye"),
        ("[settings]", "[select]\nkindes = ['x']\n[settings]", "unknown key select.kindes"),
        ("evidence_items", "evidence_item", "unknown setting grid.evidence_item"),
        ("llm =", "llms =", "unknown setting settings.llms"),
        ("llm =", "store =", "unknown setting settings.store"),
        ('"correct"', '"corect"', "rank_by: corect is no measure"),
        ("[32, 80]", "[32, 32]", "grid.chunk_tokens is empty or names a value twice"),
        ("[32, 80]", "[]", "grid.chunk_tokens is empty or names a value twice"),
        ("[1, 6]", f"[{', '.join(map(str, range(1, MOST)))}]", "combinations"),
        ("questions =", "questions = 3\nq =", "questions"),
        ("[grid]", "[grid", "is not TOML"),
    ],
)
def test_a_grid_that_cannot_be_run_is_refused_by_key(file, old, new, named):
    file.write_text(GRID.replace(old, new), encoding="utf-8")
    with pytest.raises(GridError, match=re.escape(named)):
        read(file)


def test_a_value_that_a_setting_cannot_have_is_refused_before_the_first_run(file, tmp_path):
    file.write_text(GRID.replace("[32, 80]", "[80, 9]"), encoding="utf-8")
    with pytest.raises(SettingsError, match="chunk_tokens"):
        run(read(file), tmp_path / "work")
    assert not (tmp_path / "work").exists()


def test_reports_that_are_not_there_are_named(file):
    file.write_text(GRID.replace("*.txt", "*.pdf"), encoding="utf-8")
    with pytest.raises(GridError, match=r"there is no .*\*\.pdf"):
        report_files(read(file))


def test_the_example_grid_can_be_read():
    grid = read(EXAMPLE)
    assert isinstance(grid, Grid)
    assert len(list(grid.combinations())) == 6
    assert len(report_files(grid)) == 2


def test_a_folder_of_prompts_counts_from_the_grids_file_and_is_named_short(file):
    text = GRID.replace("[settings]", "[settings]\nllm_context = 2048").replace(
        "[grid]", "[grid]\nprompts = ['', 'prompts/terse']"
    )
    file.write_text(text, encoding="utf-8")
    chosen = list(read(file).combinations())
    assert [c["prompts"] for c in (chosen[0], chosen[-1])] == ["", str(file.parent / "prompts" / "terse")]
    assert label(chosen[-1]) == "prompts=terse chunk_tokens=80 evidence_items=6"
