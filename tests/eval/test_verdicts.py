"""Verdicts given by hand: they hold for the answer they were given on, and are counted."""

import hashlib
import json
from pathlib import Path

import pytest

from eval import predictions as made
from eval.predictions import Cited, Prediction, PredictionFileError, Reply, Shown
from eval.questions import Question
from eval.verdicts import Verdict, VerdictFileError, Word, count, judge, read, write
from rag.cli import main

PDF_LINE = "Halcyra"


def answered(name: str, said: str, *, found: bool = True, unsupported: tuple[str, ...] = (), **fields: object):
    asked = Question.model_validate(
        {"set": "s", "id": name, "lang": "en", "kind": "fact", "question": f"What of {name}?", **fields}
    )
    reply = Reply(predicted=said, found=found, unsupported=unsupported)
    return Prediction(question=asked, hits=(), retrieve_ms=1.0, reply=reply)


def on(prediction: Prediction, word: str, why: str = "") -> Verdict:
    assert prediction.reply is not None
    return Verdict(
        set="s", id=prediction.question.id, verdict=Word(word), why=why, answer_sha256=prediction.reply.sha256
    )


def test_the_digest_is_that_of_the_answer_and_of_what_is_marked():
    plain, marked = answered("a", "It is 5."), answered("a", "It is 5.", unsupported=("5",))
    assert plain.reply and marked.reply
    assert plain.reply.sha256 == hashlib.sha256(b"It is 5.").hexdigest()
    assert marked.reply.sha256 != plain.reply.sha256
    assert plain.line()["answer_sha256"] == plain.reply.sha256


def test_a_verdict_holds_for_its_answer_only_and_for_it_again_when_it_comes_back():
    first, second = answered("a", "It is 5."), answered("a", "It is 6.")
    given = [on(first, "right")]
    assert [(j.verdict is None, j.changed) for j in judge([first], given)] == [(False, False)]
    assert [(j.verdict is None, j.changed) for j in judge([second], given)] == [(True, True)]
    given.append(on(second, "wrong"))
    assert [j.verdict.verdict for j in judge([first, second], given) if j.verdict] == ["right", "wrong"]


def test_the_last_verdict_on_an_answer_counts():
    answer = answered("a", "It is 5.")
    (judged,) = judge([answer], [on(answer, "right"), on(answer, "partly", "no unit")])
    assert judged.verdict
    assert judged.verdict.verdict == "partly"


def test_verdicts_are_counted_by_hand():
    answers = [answered(str(n), f"It is {n}.") for n in range(10)]
    words = ["right"] * 5 + ["partly", "wrong", "refused", "marked"]
    counted = count(judge(answers, [on(a, word) for a, word in zip(answers, words, strict=False)]))
    assert (counted.answers, counted.judged, counted.unjudged) == (10, 9, 1)
    assert (counted.right, counted.partly, counted.wrong, counted.refused, counted.marked) == (5, 1, 1, 1, 1)
    assert counted.right_share == pytest.approx(5 / 9)
    assert counted.wrong_share == pytest.approx(1 / 9)


def test_agreement_is_over_questions_with_an_exact_verdict():
    facts = {"must_include": (("5",),)}
    answers = [
        answered("a", "It is 5.", **facts),  # exact right, judged right
        answered("b", "It is 5, no, 6.", **facts),  # exact right, judged wrong
        answered("c", "It is 6.", **facts),  # exact wrong, judged wrong
        answered("d", "Not found.", found=False, answerable=False),  # exact right, judged right
        answered("e", "Anything."),  # no exact verdict
    ]
    words = ["right", "wrong", "wrong", "right", "right"]
    counted = count(judge(answers, [on(a, word) for a, word in zip(answers, words, strict=True)]))
    assert (counted.exact_n, counted.agreement) == (4, 0.75)


def test_nothing_judged_gives_no_share():
    counted = count(judge([answered("a", "x")], []))
    assert (counted.judged, counted.right_share, counted.wrong_share, counted.agreement) == (0, None, None, None)


def test_a_file_of_verdicts_is_read_as_it_was_written(tmp_path):
    file = tmp_path / "deep" / "verdicts.jsonl"
    given = [on(answered("a", "甲"), "right"), on(answered("b", "乙"), "marked", "单位错，已标出")]
    for verdict in given:
        write(file, verdict)
    assert read(file) == given


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("{}", "set"),
        ('{"set": "s", "id": "a", "verdict": "good", "answer_sha256": "%s"}' % ("0" * 64), "verdict"),
        ('{"set": "s", "id": "a", "verdict": "right", "answer_sha256": "12"}', "answer_sha256"),
        ('{"set": "s", "id": "a", "verdict": "right", "answer_sha256": "%s", "x": 1}' % ("0" * 64), "x"),
        ("right", "JSON"),
    ],
)
def test_a_line_that_is_no_verdict_is_named_with_its_field(tmp_path, line, names):
    file = tmp_path / "v.jsonl"
    file.write_text("\n" + line + "\n")
    with pytest.raises(VerdictFileError, match=rf"line 2.*{names}"):
        read(file)


@pytest.mark.parametrize("line", ["{}", "[]", "5", '{"id": "a", "lang": "fr"}', "{"])
def test_a_line_that_is_no_prediction_is_named(tmp_path, line):
    (tmp_path / "predictions.jsonl").write_text(line + "\n")
    with pytest.raises(PredictionFileError, match="line 1"):
        made.read(tmp_path)


def test_predictions_come_back_as_they_were_written(tmp_path):
    whole = answered("a", "It is 5.", must_include=(("5",),), evidence=("five",))
    bare = Prediction(question=whole.question, hits=(("a.pdf", 3),), retrieve_ms=2.5)
    failed = bare.model_copy(update={"error": "The server is gone."})
    lines = "".join(json.dumps(p.line()) + "\n" for p in (whole, bare, failed))
    (tmp_path / "predictions.jsonl").write_text(lines)
    assert made.read(tmp_path) == [whole, bare, failed]


@pytest.fixture
def judging(tmp_path):
    """A folder of predictions about a sample report, and where verdicts go."""
    answer = answered(
        "e1", "4,860 people [1].", unsupported=("4,860",), answer="4,860", must_include=(("4,860",),),
        report="en_annual_report.pdf", pages=(4,), evidence=("4,860 employees",),
    )  # fmt: skip
    assert answer.reply
    reply = answer.reply.model_copy(
        update={
            "citations": (("en_annual_report.pdf", 5),),
            "citations_full": (Cited(n=1, report="en_annual_report.pdf", page=5, section="People", quote="the quote"),),
            "evidence_shown": (Shown(report="en_annual_report.pdf", page=5, text="what was shown"),),
            "notice": "a notice",
        }
    )
    other = answered("e2", "None.", found=False, answerable=False)
    lines = (json.dumps(p.line()) + "\n" for p in (answer.model_copy(update={"reply": reply}), other))
    (tmp_path / "predictions.jsonl").write_text("".join(lines))
    return tmp_path, tmp_path / "verdicts.jsonl"


def test_judging_shows_the_next_answer_with_all_that_is_needed(judging, capsys):
    folder, file = judging
    samples = Path(__file__).parents[2] / "eval" / "data"
    run("eval", "judge", folder, file, "--reports", samples)
    said = capsys.readouterr().out
    for part in ("s/e1", "What of e1?", "must include: 4,860", "4,860 people", "marked as unsupported: 4,860",
                 "a notice", "the quote", "what was shown", "PAGE      en_annual_report.pdf p. 4 (right)",
                 "PAGE      en_annual_report.pdf p. 5 (cited)", PDF_LINE):  # fmt: skip
        assert part in said
    assert "s/e2" not in said


def test_a_verdict_is_written_and_counted_and_the_next_answer_comes(judging, capsys):
    folder, file = judging
    run("eval", "judge", folder, file, "--id", "e1", "--verdict", "wrong", "--why", "the other page's number")
    capsys.readouterr()
    run("eval", "judge", folder, file)
    assert "s/e2" in capsys.readouterr().out
    run("eval", "verdicts", folder, file, "--json")
    counted = json.loads(capsys.readouterr().out)
    assert (counted["judged"], counted["wrong"], counted["unjudged"], counted["agreement"]) == (1, 1, 1, 0.0)
    run("eval", "verdicts", folder, file)
    said = capsys.readouterr().out
    assert "s/e1  wrong  the other page's number" in said
    assert "s/e2  unjudged" in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--verdict", "right"], "--id"),
        (["--id", "e1", "--verdict", "good"], "no verdict"),
        (["--id", "e9"], "no answer to a question e9"),
    ],
)
def test_a_verdict_that_cannot_be_given_is_refused(judging, capsys, options, words):
    folder, file = judging
    with pytest.raises(SystemExit) as left:
        main(["eval", "judge", str(folder), str(file), *options])
    assert left.value.code == 1
    assert words in capsys.readouterr().err
    assert not file.exists()


def run(*arguments: object) -> None:
    try:
        main([str(argument) for argument in arguments])
    except SystemExit as left:
        if left.code:
            raise
