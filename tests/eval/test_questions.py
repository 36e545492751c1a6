import json
from pathlib import Path

import pytest

from eval.questions import QuestionFileError, load, load_all, normalise

SHARED = Path(__file__).parents[3] / "shared" / "qa"

FULL = {
    "id": "q1",
    "lang": "zh",
    "kind": "number",
    "question": "2024年收入是多少？",
    "answer": "12.5亿元",
    "report": "a.pdf",
    "pages": [3, 4],
    "must_include": [["12.5亿", "1.25 billion"]],
    "evidence": ["收入为12.5亿元"],
    "answerable": True,
}


def write(folder: Path, *lines: object, name: str = "dev.jsonl") -> Path:
    path = folder / name
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def refused(folder: Path, *lines: object) -> str:
    with pytest.raises(QuestionFileError) as caught:
        load(write(folder, *lines))
    assert caught.value.exit_code == 2
    assert caught.value.remedy
    return str(caught.value)


def test_a_full_question_keeps_every_field_and_takes_its_set_from_the_file_name(tmp_path):
    (question,) = load(write(tmp_path, FULL))
    assert question.set == "dev"
    assert question.pages == (3, 4)
    assert question.must_include == (("12.5亿", "1.25 billion"),)
    assert question.fields() == FULL


def test_fields_that_a_file_leaves_out_are_not_invented(tmp_path):
    line = {"id": "q1", "lang": "en", "question": "Revenue?"}
    (question,) = load(write(tmp_path, line))
    assert question.must_include is None
    assert question.answerable
    assert question.fields() == line


def test_empty_lines_and_a_byte_order_mark_are_skipped(tmp_path):
    path = tmp_path / "dev.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(FULL).encode() + b"\r\n\r\n  \n")
    assert [question.id for question in load(path)] == ["q1"]


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"pages": [0]}, "pages[0]", "greater than or equal to 1"),
        ({"pages": ["3"]}, "pages[0]", "valid integer"),
        ({"pages": [True]}, "pages[0]", "valid integer"),
        ({"pages": 3}, "pages", "array"),
        ({"lang": "fr"}, "lang", "'zh' or 'en'"),
        ({"question": " \n"}, "question", "empty"),
        ({"must_include": ["12.5亿"]}, "must_include[0]", "array"),
        ({"must_include": [[]]}, "must_include", "list 1"),
        ({"must_include": [["a"], ["，"]]}, "must_include", "list 2"),
        ({"answerable": "no"}, "answerable", "boolean"),
        ({"answerable": False, "pages": []}, "must_include", "not answerable"),
        ({"answerable": False, "must_include": []}, "pages", "not answerable"),
        ({"report": ""}, "pages", "no report"),
        ({"page": [3]}, "page", "Did you mean `pages`?"),
        ({"set": "other"}, "set", "unknown"),
    ],
)
def test_a_bad_field_is_named_with_file_line_and_remedy(tmp_path, change, field, says):
    message = refused(tmp_path, {**FULL, "id": "q0"}, "", FULL | change)
    assert "dev.jsonl, line 3" in message
    assert f"field {field}:" in message
    assert says in message


@pytest.mark.parametrize("field", ["id", "lang", "question"])
def test_a_missing_required_field_is_named(tmp_path, field):
    message = refused(tmp_path, {key: value for key, value in FULL.items() if key != field})
    assert f"line 1, field {field}: missing" in message


@pytest.mark.parametrize(("line", "says"), [("{'id': 1}", "not JSON"), ("[1]", "not a JSON object"), ("7", "object")])
def test_a_line_that_is_no_json_object_is_named(tmp_path, line, says):
    message = refused(tmp_path, FULL, line)
    assert "line 2" in message
    assert says in message


def test_an_id_that_occurs_twice_is_refused_naming_both_lines(tmp_path):
    message = refused(tmp_path, FULL, {**FULL, "id": "q2"}, FULL)
    assert "line 3" in message
    assert '"q1" already stands in line 1' in message


def test_a_missing_an_empty_and_a_foreign_file_are_refused_by_name(tmp_path):
    with pytest.raises(QuestionFileError, match=r"no question file .*nowhere\.jsonl"):
        load(tmp_path / "nowhere.jsonl")
    with pytest.raises(QuestionFileError, match="holds no questions"):
        load(write(tmp_path, ""))
    (tmp_path / "gbk.jsonl").write_bytes(json.dumps(FULL, ensure_ascii=False).encode("gbk"))
    with pytest.raises(QuestionFileError, match=r"gbk\.jsonl is not UTF-8"):
        load(tmp_path / "gbk.jsonl")
    with pytest.raises(QuestionFileError, match="cannot be read"):
        load(tmp_path)


def test_several_files_give_their_first_questions_each_and_may_share_ids(tmp_path):
    one = write(tmp_path, FULL, {**FULL, "id": "q2"}, name="one.jsonl")
    two = write(tmp_path, FULL, {**FULL, "id": "q2"}, name="two.jsonl")
    assert [(q.set, q.id) for q in load_all([one, two], limit=1)] == [("one", "q1"), ("two", "q1")]


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_leaves_no_questions_is_refused(tmp_path, limit):
    with pytest.raises(QuestionFileError, match="--limit 1 or more"):
        load_all([write(tmp_path, FULL)], limit)


def test_two_files_that_would_be_one_set_are_refused(tmp_path):
    (tmp_path / "other").mkdir()
    with pytest.raises(QuestionFileError, match="would both be the set dev"):
        load_all([write(tmp_path, FULL), write(tmp_path / "other", FULL)])


def test_facts_are_compared_without_width_case_spaces_and_commas():
    assert normalise("１，２００ MoE，\n模型、５％") == "1200moe模型、5%"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/qa is not on this machine")
def test_the_shared_question_files_load():
    sizes = {path.stem: len(load(path)) for path in SHARED.glob("*.jsonl")}
    assert sizes == {"zh_telecom_weekly_dev": 48, "zh_global_outlook_dev": 252, "en_financebench_dev": 19}
