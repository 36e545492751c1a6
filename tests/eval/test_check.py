"""What ``report-qa eval check`` finds in question files over the sample reports."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.check import Checked, Severity, check
from eval.check.texts import alike, nearness, stands_in
from rag import ReportQA
from rag.settings import Settings

EN = "en_annual_report.pdf"
SAMPLES = Path(__file__).parents[2] / "eval" / "data" / "samples.jsonl"
GOOD = {
    "id": "q1", "lang": "en", "kind": "number", "question": "How large was the backlog?", "answer": "$684.0 million",
    "report": EN, "pages": [4], "must_include": [["684.0"]], "evidence": ["Backlog was $684.0 million"],
}  # fmt: skip


@pytest.fixture(scope="module")
def library(sample_store: Path):
    with ReportQA.open(sample_store, Settings(llm="none")) as qa:
        yield qa.library


def write(path: Path, *lines: Any) -> Path:
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines), "utf-8")
    return path


def found(checked: Checked) -> list[tuple[str, int, str]]:
    return [(problem.kind, problem.line, problem.field) for problem in checked.problems]


def one(tmp_path: Path, library: Any, **change: Any) -> Checked:
    return check([write(tmp_path / "set_dev.jsonl", GOOD | change)], library)


def test_a_good_question_has_no_problems(tmp_path, library):
    checked = one(tmp_path, library)
    assert checked.problems == ()
    assert checked.exit_code == 0
    assert checked.pages_checked == 1


def test_the_projects_own_questions_have_no_errors(library):
    checked = check([SAMPLES], library)
    assert [problem for problem in checked.problems if problem.severity is Severity.ERROR] == []
    assert checked.pages_checked >= 34


def test_every_fault_of_every_line_is_listed_with_line_field_and_remedy(tmp_path):
    file = write(tmp_path / "a.jsonl", "{", GOOD | {"lang": "fr", "pages": [0], "colour": 1}, GOOD | {"id": "q3"},
                 GOOD | {"id": "q4", "question": "Backlog?", "answerable": False})  # fmt: skip
    checked = check([file], None)
    assert found(checked) == [
        ("format", 1, ""), ("format", 2, "lang"), ("format", 2, "pages[0]"), ("format", 2, "colour"),
        ("format", 4, "pages"), ("format", 4, "must_include"),
    ]  # fmt: skip
    assert all(problem.remedy and problem.message for problem in checked.problems)
    assert checked.exit_code == 1


def test_files_that_are_missing_or_empty_do_not_hide_the_others(tmp_path):
    checked = check(
        [tmp_path / "gone.jsonl", write(tmp_path / "empty.jsonl", ""), write(tmp_path / "a.jsonl", "[]")], None
    )
    assert [problem.kind for problem in checked.problems] == ["file", "empty", "format"]


def test_a_page_outside_the_report_is_an_error(tmp_path, library):
    checked = one(tmp_path, library, pages=[4, 99])
    assert found(checked) == [("page_outside", 1, "pages")]
    assert "9 pages, not page 99" in checked.problems[0].message


def test_a_quote_on_another_page_is_told_with_that_page(tmp_path, library):
    checked = one(tmp_path, library, pages=[7], must_include=[])
    assert found(checked) == [("quote_elsewhere", 1, "evidence[0]")]
    assert "but on page 4" in checked.problems[0].message


def test_a_quote_is_found_whatever_its_width_spaces_and_case(tmp_path, library):
    assert one(tmp_path, library, evidence=["ＢＡＣＫＬＯＧ was\n$684.0   million"]).problems == ()


def test_a_quote_that_stands_nowhere_is_an_error(tmp_path, library):
    checked = one(tmp_path, library, evidence=["Backlog was $584.0 million"])
    assert found(checked) == [("quote_nowhere", 1, "evidence[0]")]
    assert checked.exit_code == 1


def test_a_required_fact_that_stands_nowhere_is_a_warning(tmp_path, library):
    checked = one(tmp_path, library, answer="12.3% of 91.7", must_include=[["12.3%", "91.7"]])
    assert found(checked) == [("fact_nowhere", 1, "must_include")]
    assert checked.exit_code == 0


def test_a_report_that_is_not_in_the_store_is_noted(tmp_path, library):
    checked = one(tmp_path, library, report="other.pdf")
    assert found(checked) == [("no_report", 1, "report")]
    assert (checked.exit_code, checked.pages_checked) == (0, 0)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"lang": "zh"}, "language"),
        ({"kind": "conflict"}, "one_side"),
        ({"pages": [], "evidence": []}, "no_pages"),
        ({"answer": "a lot"}, "not_in_answer"),
        ({"review": "draft"}, "draft"),
    ],
)
def test_faults_of_a_question_by_itself(tmp_path, change, kind):
    assert [problem.kind for problem in one(tmp_path, None, **change).problems] == [kind]


def test_questions_that_are_asked_twice_are_found(tmp_path):
    again = GOOD | {"id": "q2", "question": "how large was the backlog"}
    near = GOOD | {"id": "q3", "question": "How large was the backlog then?"}
    checked = check([write(tmp_path / "a_dev.jsonl", GOOD, again, near)], None)
    assert found(checked) == [("duplicate", 2, "question"), ("near_duplicate", 3, "question"),
                              ("near_duplicate", 3, "question")]  # fmt: skip


def test_what_a_held_out_set_shares_with_a_dev_set_is_a_leak(tmp_path):
    dev = write(tmp_path / "a_dev.jsonl", GOOD)
    other = GOOD | {
        "id": "q2",
        "question": "Which sum had been ordered and not delivered?",
        "evidence": GOOD["evidence"],
    }
    held = write(tmp_path / "a_heldout.jsonl", GOOD, other)
    assert found(check([dev, held], None)) == [("leak", 1, "question"), ("evidence_leak", 2, "evidence")]
    more = write(tmp_path / "b_dev.jsonl", other)  # a second dev set may ask about the same passage
    assert check([dev, more], None).problems == ()


def test_questions_that_differ_in_a_figure_or_report_are_not_the_same(tmp_path):
    years = [GOOD | {"id": f"q{year}", "question": f"How large was the backlog in {year}?"} for year in (2024, 2025)]
    named = GOOD | {"id": "q3", "report": "other.pdf"}
    assert check([write(tmp_path / "a.jsonl", *years, GOOD, named)], None).problems == ()
    assert not alike("Revenue of the group in 2024?", "Revenue of the group in 2025?")


def test_a_table_quoted_in_another_order_counts_as_there_but_not_with_another_figure():
    page = "Rooms\n9.1\n8.2\nFood and beverage\n7.3\n6.4"
    assert not stands_in("Rooms Food and beverage 9.1 8.2 7.3 6.4", page)
    assert nearness("Rooms Food and beverage 9.1 8.2 7.3 6.4", page) == 1
    assert nearness("Rooms Food and beverage 9.1 8.2 7.3 5.5", page) == 0


def test_the_command_prints_json_and_fails_when_something_is_wrong(tmp_path, sample_store, capsys):
    from rag.cli import main

    def run(*arguments: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            main(["eval", "check", *map(str, arguments)])
        return int(left.value.code or 0), capsys.readouterr().out

    file = write(tmp_path / "a.jsonl", GOOD | {"pages": [7]})
    code, text = run(file, "--store", sample_store, "--json")
    values = json.loads(text)
    assert code == 1
    assert values["counts"] == {"error": 1, "warning": 0, "note": 0}
    assert values["kinds"] == {"quote_elsewhere": 1}
    assert values["problems"][0]["line"] == 1
    code, text = run(write(tmp_path / "a.jsonl", GOOD), "--store", sample_store)
    assert code == 0
    assert "0 errors" in text
