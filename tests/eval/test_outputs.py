"""What a run leaves for people and for CI: Markdown and JUnit XML."""

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from markdown_it import MarkdownIt

from eval import junit, markdown
from eval.environment import machine
from eval.faults import faults
from eval.measures import score
from eval.predictions import Cited, Prediction, Reply, Shown
from eval.questions import Question
from eval.summary import Fall, Summary

NASTY = "<script>alert(1)</script> [a](http://x.example) ![i](y) **bold** `code` | cell # no\n\n- item\x00\x1b[1m"


def prediction(number: int, reply: Reply | None = None, *, set_: str = "demo", error: str = "", **fields: object):
    question = {"set": set_, "id": f"q{number}", "lang": "en", "kind": "fact", "question": "How many?"}
    return Prediction(
        question=Question.model_validate(question | {"report": "r.pdf", "pages": (3,)} | fields),
        hits=(("r.pdf", 4), ("r.pdf", 3)),
        retrieve_ms=250.0,
        reply=reply,
        error=error,
    )


def answer(text: str, *, found: bool = True, page: int = 3, **fields: object) -> Reply:
    return Reply(predicted=text, found=found, citations=(("r.pdf", page),), answer_s=1.5, **fields)


def summary(predictions: list[Prediction], **fields: object) -> Summary:
    scores = score(predictions, {"r.pdf": 9}, answers=True)
    values = {
        "started": "2031-05-01T10:00:00+00:00",
        "seconds": 12.0,
        "retrieval_only": False,
        "questions": {},
        "reports": {"r.pdf": 9},
        "model": "m",
        "embedder": "e",
        "settings": {},
        "versions": {},
        "machine": machine(),
        "commit": "abc",
        "sets": {"demo": scores},
        "kinds": {"fact": scores},
        "languages": {"en": scores},
        "total": scores,
    }
    return Summary.model_validate(values | fields)


def kinds(prediction: Prediction) -> list[tuple[str, bool]]:
    return [(fault.kind, fault.fails) for fault in faults(prediction)]


FACTS = {"must_include": (("12", "twelve"), ("green",)), "answer": "12, all green"}


def test_what_was_wrong_is_told_and_whether_the_question_failed_by_it():
    assert kinds(prediction(1, answer("12 are green [1]."), **FACTS)) == []
    missing = faults(prediction(1, answer("12 are red [1].", page=5), **FACTS))
    assert [(fault.kind, fault.fails) for fault in missing] == [("missing_fact", True), ("wrong_page", False)]
    assert missing[0].text == "missing fact: green"
    assert missing[1].text == "wrong page: cites r.pdf p. 5, right is r.pdf p. 3"
    assert kinds(prediction(1, answer("", found=False), **FACTS)) == [("refused_wrongly", True)]
    assert kinds(prediction(1, answer("", found=False), pages=(), answerable=False)) == []
    assert ("not_refused", True) in kinds(prediction(1, answer("12 [1]."), pages=(), answerable=False))
    assert kinds(prediction(1, error="boom")) == [("error", True)]


def test_a_right_page_that_is_not_found_fails_a_search_and_is_a_remark_on_an_answer():
    far = FACTS | {"pages": (9,)}
    assert kinds(prediction(1, **far)) == [("not_retrieved", True)]
    assert kinds(prediction(1, answer("12 are green [1].", page=9), **far)) == [("not_retrieved", False)]
    assert "r.pdf p. 9 not found; first was r.pdf p. 4" in faults(prediction(1, **far))[0].text


def test_a_figure_that_does_not_stand_in_the_cited_evidence_is_told():
    shown = (Shown(report="r.pdf", page=3, text="Sales were 41.5 million."),)
    cited = (Cited(n=1, report="r.pdf", page=3, section="", quote="Sales were 41.5 million."),)
    reply = answer("Sales were 43.9 million [1].", evidence_shown=shown, citations_full=cited)
    found = faults(prediction(1, reply, must_include=(("41.5",),), answer="41.5 million"))
    assert "unsupported: 43.9 million" in [fault.text for fault in found]


def parsed(predictions: list[Prediction], **fields: object) -> Xml.Element:
    return Xml.fromstring(junit.render(predictions, summary(predictions, **fields)))  # noqa: S314 - our own


def test_every_set_is_a_suite_and_every_question_a_case_with_its_reason():
    root = parsed(
        [
            prediction(1, answer("12 are green [1]."), **FACTS),
            prediction(2, answer("12 are red [1]."), **FACTS),
            prediction(3, error="no model"),
            prediction(1, answer("12 are green [1].", page=7), set_="other", **FACTS),
        ]
    )
    assert root.tag == "testsuites"
    assert [(s.get("name"), s.get("tests"), s.get("failures"), s.get("errors")) for s in root] == [
        ("demo", "3", "1", "1"),
        ("other", "1", "0", "0"),
    ]
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "1", "1")
    for suite in root.findall("testsuite"):
        assert suite.get("timestamp") == "2031-05-01T10:00:00"
        assert {"name": "model", "value": "m"} in [p.attrib for p in suite.findall("properties/property")]
        cases = suite.findall("testcase")
        assert len(cases) == int(suite.get("tests", ""))
        assert float(suite.get("time", "")) == pytest.approx(sum(float(case.get("time", "")) for case in cases))
    right, wrong, broken = root[0].findall("testcase")
    assert (right.get("classname"), right.get("name"), right.get("time")) == ("demo.fact", "q1: How many?", "1.750")
    assert right.find("failure") is None
    failure = wrong.find("failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == ("missing_fact", "missing fact: green")
    assert "answer: 12 are red" in (failure.text or "")
    assert broken.find("error") is not None
    remark = root[1].find("testcase/system-out")
    assert remark is not None
    assert "cites r.pdf p. 7" in (remark.text or "")


def test_a_fall_below_the_baseline_is_a_failed_case_of_its_own():
    fall = Fall(set="demo", measure="hit_5", baseline=0.9, now=0.5, p=0.01, worse=("demo/q1",))
    predictions = [prediction(1, answer("12"))]
    suite = parsed(predictions, baseline="base", falls=(fall,))[1]
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == (junit.GATE, "1", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert "hit_5 fell from 0.900 to 0.500" in (failure.get("message") or "")
    assert parsed(predictions, baseline="base")[1].get("failures") == "0"


def test_xml_holds_whatever_a_report_or_a_model_writes(tmp_path):
    predictions = [prediction(1, answer(NASTY), question=f"What of {NASTY}?", must_include=(("12",),))]
    path = junit.write(tmp_path, predictions, summary(predictions))
    case = Xml.fromstring(path.read_bytes()).find("testsuite/testcase")  # noqa: S314 - our own
    assert case is not None
    assert "<script>alert(1)</script>" in (case.get("name") or "")
    assert "\x00" not in path.read_text(encoding="utf-8")


def test_markdown_gives_scores_falls_and_what_was_wrong():
    predictions = [
        prediction(1, answer("12 are green [1]."), **FACTS),
        prediction(2, answer("12 are red [1]."), **FACTS),
    ]
    fall = Fall(set="demo", measure="correct", baseline=1.0, now=0.5, p=0.5, worse=("demo/q2",))
    text = markdown.render(predictions, summary(predictions, baseline="base", falls=(fall,)))
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert "<h1>Evaluation</h1>" in html
    assert '<th style="text-align:right">correct</th>' in html
    assert "demo: correct fell from 1.000 to 0.500" in html
    assert "What was wrong: 1 failed, 0 with remarks" in html
    assert "demo/q2</h3>" in html
    assert "demo/q1</h3>" not in html
    assert "<li>missing fact: green</li>" in html


def test_no_text_becomes_markup_in_markdown(tmp_path: Path):
    predictions = [prediction(1, answer(NASTY), question=NASTY, id=f"1. {NASTY}", must_include=(("12 [b](c)",),))]
    path = markdown.write(tmp_path, predictions, summary(predictions))
    html = MarkdownIt("commonmark", {"linkify": False}).enable("table").render(path.read_text(encoding="utf-8"))
    for tag in ("<script", "<a ", "<img", "<strong", "<code", "<em"):
        assert tag not in html
    assert html.count("<table>") == 2  # the scores and the times
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


@pytest.mark.parametrize(
    "text", ["1. one", "- item", "+ item", "= title", "1) one", "# head", "> quote", "~~~", "| a |"]
)
def test_a_text_in_a_list_opens_no_block_of_its_own(text: str):
    html = MarkdownIt("commonmark").enable("table").render(f"- {markdown.escape(text)}\n")
    assert html.replace("&gt;", ">") == f"<ul>\n<li>{text}</li>\n</ul>\n"
