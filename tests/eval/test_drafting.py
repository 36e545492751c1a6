"""``report-qa eval new``: drafts from a report over a real HTTP endpoint, and from feedback."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from model_server import ModelServer

from eval.check import check
from eval.drafting.drafting import DraftingError, draft
from eval.drafting.feedback import questions
from eval.drafting.verifying import Written, fault, parse, required
from eval.questions import QuestionFileError, load_all
from eval.questions import parse as parse_line
from index.errors import LLMError
from rag import ReportQA
from rag.feedback import FILE, Cited, Feedback, FeedbackStore
from rag.llm import open_llm
from rag.settings import Settings

EN, ZH = "en_annual_report.pdf", "zh_storage_weekly.pdf"


def honest(system: str, user: str) -> str:
    """A question about the passage's own words, answered by its first figure, else by its first words."""
    text = re.split(r"(?:Text: |原文：)", user)[-1]
    chinese = "原文：" in user
    figure = re.search(r"\d+(?:,\d{3})*(?:\.\d+)?(?:%|亿元|万元| million| billion)?", text)
    words = re.sub(r"[\d%$.,|:：|（）()]+", " ", text)
    about = "".join(words.split())[:24] if chinese else " ".join(words.split()[:9])
    question = (
        f"报告怎么说今年{about}的数字是多少？" if chinese else f"What does the annual report say this year of {about}?"
    )
    answer = figure[0] if figure else text[-12:] if chinese else " ".join(text.split()[-4:])
    return "Here it is: " + json.dumps({"question": question, "answer": answer}) + " Done."


@pytest.fixture
def endpoint(chat_server: ModelServer) -> ModelServer:
    chat_server.answer = honest
    return chat_server


@pytest.fixture(scope="module")
def qa(sample_store: Path) -> Iterator[ReportQA]:
    with ReportQA.open(sample_store, Settings(llm="none")) as opened:
        yield opened


def drafted(qa: ReportQA, endpoint: ModelServer, report: str, count: int, **options: Any) -> Any:
    model = open_llm(Settings(llm="m", llm_base_url=endpoint.url))
    return draft(qa, model, qa.library.find(report), count, **options)


@pytest.mark.parametrize(("report", "language"), [(EN, "en"), (ZH, "zh")])
def test_drafts_have_a_quote_that_stands_on_their_page_and_wait_for_review(qa, endpoint, tmp_path, report, language):
    drafts = drafted(qa, endpoint, report, 8)
    assert len(drafts.questions) == 8
    file = tmp_path / "drafts.jsonl"
    file.write_text("\n".join(json.dumps(q.fields(), ensure_ascii=False) for q in drafts.questions), encoding="utf-8")
    checked = check([file], qa.library)
    assert [p for p in checked.problems if p.kind != "draft"] == []
    assert checked.kinds == {"draft": 8}
    assert {q.lang for q in drafts.questions} == {language}
    assert all(q.review == "draft" and q.note.startswith("search: page") for q in drafts.questions)
    assert len({q.pages for q in drafts.questions}) >= 4  # spread over the report
    assert {"table", "number"} <= {q.kind for q in drafts.questions}
    asked_in_chinese = "请就它出一道题" in endpoint.prompt(0)
    assert asked_in_chinese == (language == "zh")


def test_the_same_seed_draws_the_same_passages_and_another_others(qa, endpoint):
    def evidence(seed: int) -> list[tuple[str, ...]]:
        return [q.evidence for q in drafted(qa, endpoint, EN, 4, seed=seed).questions]

    assert evidence(1) == evidence(1) != evidence(2)


def test_drafts_are_not_asked_before_a_person_has_reviewed_them(qa, endpoint, tmp_path):
    (question,) = drafted(qa, endpoint, EN, 1).questions
    file = tmp_path / "drafts.jsonl"
    file.write_text(json.dumps(question.fields()), encoding="utf-8")
    with pytest.raises(QuestionFileError, match=r"reviewed these drafts: drafts/.*`review` to \"done\""):
        load_all([file])
    file.write_text(json.dumps(question.fields() | {"review": "done"}), encoding="utf-8")
    assert [q.id for q in load_all([file])] == [question.id]


def test_what_the_model_does_wrong_is_thrown_away_and_counted(qa, endpoint):
    wrong = [
        lambda text: "I would rather not.",
        lambda text: '{"question": "What is the revenue?", "answer": 5}',
        lambda text: '{"question": "How much was spent on quills?", "answer": "$987,654.3 million"}',
        lambda text: '{"question": "What does this table show?", "answer": "1"}',
        lambda text: '{"question": "收入是多少？", "answer": "1"}',
        lambda text: '{"question": "Is it a lot of water?", "answer": "a lot of water"}',
    ]
    endpoint.answer = lambda system, user: wrong.pop(0)(user) if wrong else honest(system, user)
    drafts = drafted(qa, endpoint, EN, 2, kinds=("number",))
    assert len(drafts.questions) == 2
    assert drafts.thrown_away["not_json"] == 2
    assert drafts.thrown_away["figure_not_in_evidence"] == 1
    assert drafts.thrown_away["leans_on_text"] == 1
    assert drafts.thrown_away["language"] == 1
    assert sum(drafts.thrown_away.values()) >= 6


def test_a_model_that_never_writes_json_is_not_asked_forever(qa, endpoint):
    endpoint.answer = lambda system, user: "no"
    drafts = drafted(qa, endpoint, EN, 3)
    assert drafts.questions == ()
    assert len(endpoint.asked) == drafts.thrown_away["not_json"] == 12


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        ("What was the backlog of Halcyra in June 2025?", "$684.0 million", ""),
        ("What was the backlog of Halcyra in June 2025?", "$0.684 billion", ""),
        ("What was the backlog of Halcyra?", "$684.0 million", "no_period"),
        ("What was the backlog of Halcyra?", "$694.0 million", "figure_not_in_evidence"),
        ("Was the backlog of Halcyra $684.0 million?", "$684.0 million", "gives_away_answer"),
        ("What does the passage say of the backlog?", "$684.0 million", "leans_on_text"),
        ("Halcyra 的在手订单是多少？", "$684.0 million", "language"),
        ("Who wrote the report?", "A committee of retired engineers", "not_in_evidence"),
        ("what was the backlog of halcyra", "", "empty_or_long"),
        ("What was Halcyra's order book in 2025?", "$684.0 million", "asked_before"),
    ],
)
def test_the_program_checks_each_draft(question, answer, code):
    evidence = "Backlog was $684.0 million at June 30, 2025, as Halcyra says."
    earlier = ["What was Halcyra's order book in 2025"] if code == "asked_before" else []
    assert fault(Written(question=question, answer=answer), evidence, "en", earlier) == code


def test_json_is_found_in_whatever_stands_around_it():
    fenced = 'Sure {not json}:\n```json\n{"question": " Q? ", "answer": "A {1}"}\n```'
    assert parse(fenced) == Written(question="Q?", answer="A {1}")
    assert parse('{"question": "Q?"') is None


def test_required_facts_are_the_answers_figures_in_the_forms_that_are_written():
    assert required("12.5亿元", "营收12.5亿元", "营收？") == (("12.5亿",),)
    assert required("$1.25 billion", "revenue of $1,250 million", "Revenue?") == (("1.25 billion", "1,250 million"),)
    assert required("Rotterdam", "a workshop in Rotterdam", "Where?") == (("Rotterdam",),)
    assert required("Because prices fell and demand was low", "prices fell", "Why?") is None


def test_without_a_model_drafting_says_so(qa):
    with pytest.raises(DraftingError, match="needs a language model") as caught:
        draft(qa, None, qa.library.find(EN), 3)
    assert caught.value.exit_code == 2


def test_a_dead_server_is_an_error_and_leaves_no_file(sample_store, tmp_path, monkeypatch, dead_url):
    monkeypatch.setenv("REPORT_QA_LLM", "m")
    monkeypatch.setenv("REPORT_QA_LLM_BASE_URL", dead_url)
    code = command("new", EN, "--out", tmp_path / "d.jsonl", "--store", sample_store)
    assert code == LLMError.exit_code
    assert not (tmp_path / "d.jsonl").exists()


def command(*arguments: object) -> int:
    from rag.cli import main

    with pytest.raises(SystemExit) as left:
        main(["eval", *map(str, arguments)])
    return int(left.value.code or 0)


def test_the_command_writes_a_file_and_never_over_one(sample_store, endpoint, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("REPORT_QA_LLM", "m")
    monkeypatch.setenv("REPORT_QA_LLM_BASE_URL", endpoint.url)
    out = tmp_path / "d.jsonl"
    arguments = ("new", ZH, "-n", 2, "--kind", "number", "--out", out, "--store", sample_store)
    assert command(*arguments) == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert [parse_line(line, "d")[0].review for line in lines] == ["draft", "draft"]
    assert command(*arguments) == 2
    assert out.read_text(encoding="utf-8").splitlines() == lines
    monkeypatch.setenv("REPORT_QA_LLM", "none")
    monkeypatch.delenv("REPORT_QA_LLM_BASE_URL")
    assert command("new", ZH, "--out", tmp_path / "e.jsonl", "--store", sample_store) == 2
    assert "needs a language model" in capsys.readouterr().err


def said(question: str, answer: str, *, good: bool, **fields: Any) -> Feedback:
    cited = (Cited(report=EN, page=4, quote="Backlog was $684.0 million at June 30, 2025"),)
    own = {"source": "chat", "language": "en", "found": True, "citations": cited}
    return Feedback.model_validate(own | {"question": question, "answer": answer, "good": good} | fields)


def test_a_confirmed_answer_becomes_a_question_with_the_pages_it_cites():
    judged = said("And the backlog?", "It was $684.0 million[1].", good=True, standalone="What was the backlog?")
    (question,) = questions([judged]).questions
    assert (question.question, question.answer) == ("What was the backlog?", "It was $684.0 million.")
    assert (question.report, question.pages) == (EN, (4,))
    assert question.evidence == ("Backlog was $684.0 million at June 30, 2025",)
    assert question.must_include == (("684.0 million",),)
    assert (question.review, question.note.endswith("confirmed")) == ("draft", True)


def test_a_correction_is_the_gold_answer_and_keeps_only_pages_that_hold_it():
    right = said("What was the backlog?", "$6.4 million[1].", good=False, correction="$684.0 million")
    other = said("How many people work there?", "$684.0 million[1].", good=False, correction="4,860", reason="not it")
    first, second = questions([right, other]).questions
    assert (first.answer, first.pages) == ("$684.0 million", (4,))
    assert (second.answer, second.report, second.pages) == ("4,860", "", ())
    assert "not it" in second.note and "no cited page holds it" in second.note and "p. 4" in second.note


def test_a_confirmed_refusal_is_a_question_without_answer():
    (question,) = questions([said("Who is the auditor?", "Not found.", good=True, found=False, citations=())]).questions
    assert (question.answerable, question.answer, question.pages) == (False, "", ())


def test_the_last_judgement_of_a_question_counts():
    yes = said("What was the backlog?", "$684.0 million[1].", good=True)
    no = said("what was the backlog", "$684.0 million[1].", good=False)
    assert len(questions([no, yes]).questions) == 1
    drafts = questions([yes, yes, no])
    assert drafts.questions == ()
    assert drafts.thrown_away == {"judged_again": 2, "no_correction": 1}


def test_the_command_takes_feedback_from_the_store(tmp_path, capsys):
    store = tmp_path / "store"
    store.mkdir()
    assert command("new", "--from-feedback", "--out", tmp_path / "f.jsonl", "--store", store) == 2
    assert "no feedback" in capsys.readouterr().err
    kept = FeedbackStore(store / FILE)
    kept.add(said("What was the backlog?", "$684.0 million[1].", good=True, at="2031-01-01"))
    kept.add(said("Who audits it?", "Nobody[1].", good=False, correction="Lindqvist & Partners", at="2031-02-02"))
    kept.close()
    assert command("new", "--from-feedback", "--out", tmp_path / "f.jsonl", "--store", store) == 0
    found = [parse_line(line, "f")[0] for line in (tmp_path / "f.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [q.question for q in found] == ["What was the backlog?", "Who audits it?"]
    assert (
        command("new", "--from-feedback", "--since", "2031-02-01", "--out", tmp_path / "g.jsonl", "--store", store) == 0
    )
    assert len((tmp_path / "g.jsonl").read_text(encoding="utf-8").splitlines()) == 1
