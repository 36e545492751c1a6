"""The facade over the sample reports, with real stores and vectors; the model is a chat server on loopback or none."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.errors import QuestionError, StoreError
from index.library import Library
from rag import Filter, ReportQA, Turn
from rag.asking.question import prepare
from rag.llm import open_llm
from rag.settings import Settings
from rag.types import Answer, EvidenceReady, TextDelta

ZH, EN = "zh_storage_weekly.pdf", "en_annual_report.pdf"
KEY = "sk-do-not-show-1234567890"
MARGIN = "栎野电气2025年毛利率是多少？"
pytestmark = pytest.mark.usefixtures("clean_environment")
Open = Callable[..., ReportQA]


@pytest.fixture(scope="module")
def library(sample_store: Path, embedder) -> Iterator[Library]:
    opened = Library(sample_store, embedder)
    yield opened
    opened.close()


@pytest.fixture
def open_qa(library: Library) -> Open:
    def opened(**settings: object) -> ReportQA:
        chosen = Settings(store=library.store, **settings)  # type: ignore[arg-type]
        return ReportQA(library, chosen, open_llm(chosen))

    return opened


@pytest.fixture
def quoting(open_qa: Open) -> ReportQA:
    """An engine without a model."""
    return open_qa(llm="none")


def test_without_a_model_the_evidence_is_quoted_and_it_says_so(quoting: ReportQA) -> None:
    answer = quoting.ask(MARGIN)
    assert answer.found
    assert answer.model == ""
    assert "没有使用语言模型" in answer.notice
    assert not answer.failed
    assert "38.6%" in answer.answer
    assert (ZH, 6) in [(c.report, c.page) for c in answer.citations]


def test_the_notice_is_in_the_language_of_the_question(quoting: ReportQA) -> None:
    answer = quoting.ask("How much did Halcyra spend on research and development?")
    assert answer.language == "en"
    assert "No language model" in answer.notice
    assert (EN, 2) in [(c.report, c.page) for c in answer.citations]


def test_evidence_comes_first_then_text_then_the_answer(chat_server, open_qa: Open) -> None:
    chat_server.pieces = ["栎野电气毛利率为 ", "38.6%", "[1]。"]
    events = list(open_qa(llm="m", llm_base_url=chat_server.url).stream(MARGIN))
    assert isinstance(events[0], EvidenceReady)
    assert [e.text for e in events[1:-1] if isinstance(e, TextDelta)] == chat_server.pieces
    final = events[-1]
    assert isinstance(final, Answer)
    assert final.model == "m"
    assert final.answer == "栎野电气毛利率为 38.6%[1]。"
    assert [(c.report, c.page) for c in final.citations] == [(ZH, 6)]
    assert final.timings_ms.first_token is not None
    assert final.timings_ms.retrieve <= final.timings_ms.first_token <= final.timings_ms.total


def test_evidence_has_the_measure_asked_for_and_not_only_the_name(quoting: ReportQA) -> None:
    shown = quoting.evidence(prepare("What revenue and net profit did 曜川能源 (Yaochuan Energy) report for 2025?"))
    assert any("412.6" in item.text and "46.3" in item.text for item in shown)


def test_text_reaches_the_caller_while_the_model_still_writes(chat_server, open_qa: Open) -> None:
    chat_server.pieces = ["栎野电气", "毛利率为 38.6%[1]。"]
    chat_server.go_on.clear()
    stream = open_qa(llm="m", llm_base_url=chat_server.url).stream(MARGIN)
    assert isinstance(next(stream), EvidenceReady)
    assert next(stream) == TextDelta(text="栎野电气")
    chat_server.go_on.set()
    assert isinstance(list(stream)[-1], Answer)


def test_the_model_is_given_the_question_and_its_numbered_evidence(chat_server, open_qa: Open) -> None:
    qa = open_qa(llm="m", llm_base_url=chat_server.url)
    answer = qa.ask(MARGIN)
    prompt = chat_server.prompt()
    assert MARGIN in prompt
    assert "[1]" in prompt
    assert answer.evidence[0].text.split("\n")[0] in prompt


def test_the_refusal_is_in_the_language_of_the_question(chat_server, open_qa: Open) -> None:
    qa = open_qa(llm="m", llm_base_url=chat_server.url)
    chat_server.pieces = ["报告中没有找到。"]
    chinese = qa.ask("栎野电气的董事长今年多大年纪？")
    chat_server.pieces = ["Not found in the reports."]
    english = qa.ask("Who will win the next football world cup?")
    assert (chinese.found, english.found) == (False, False)
    assert chinese.answer.startswith("报告中没有找到")
    assert english.answer.startswith("Not found in the reports")
    assert chinese.citations == english.citations == ()


def test_a_refusal_is_not_overruled_by_a_sentence_of_another_measure(chat_server, open_qa: Open) -> None:
    chat_server.pieces = ["报告中没有找到。"]
    answer = open_qa(llm="m", llm_base_url=chat_server.url).ask(
        "What net profit did Helvora make in the fourth quarter of 2025?"
    )
    assert not answer.found


@pytest.mark.parametrize(("question", "word"), [(MARGIN, "语言模型出错"), ("What were net sales in 2025?", "failed")])
def test_a_dead_endpoint_leaves_the_evidence_and_says_what_happened(
    open_qa: Open, dead_url: str, question: str, word: str
) -> None:
    answer = open_qa(llm="m", llm_base_url=dead_url).ask(question)
    assert answer.failed
    assert answer.found
    assert answer.citations
    assert answer.model == ""
    assert word in answer.notice
    assert dead_url in answer.notice
    assert "llm_base_url" in answer.notice


@pytest.mark.parametrize("status", [401, 500])
def test_an_endpoint_that_fails_leaves_the_evidence(chat_server, open_qa: Open, status: int) -> None:
    chat_server.status, chat_server.body = status, f'{{"error": {{"message": "bad {KEY}"}}}}'
    answer = open_qa(llm="m", llm_base_url=chat_server.url, llm_api_key=KEY).ask(MARGIN)
    assert answer.failed
    assert "38.6%" in answer.answer
    assert str(status) in answer.notice
    assert KEY not in answer.model_dump_json() + answer.notice


def test_an_answer_that_breaks_off_is_not_passed_for_whole(chat_server, open_qa: Open) -> None:
    chat_server.pieces, chat_server.cut = ["栎野电气毛利率为 38"], True
    answer = open_qa(llm="m", llm_base_url=chat_server.url).ask(MARGIN)
    assert answer.failed
    assert "38.6%" in answer.answer
    assert "broke off" in answer.notice


def test_the_engine_answers_again_after_a_failure(chat_server, open_qa: Open) -> None:
    qa = open_qa(llm="m", llm_base_url=chat_server.url)
    chat_server.status, chat_server.body = 500, "{}"
    assert qa.ask(MARGIN).failed
    chat_server.status, chat_server.body, chat_server.pieces = 200, "", ["毛利率为 38.6%[1]。"]
    answer = qa.ask(MARGIN)
    assert not answer.failed
    assert answer.model == "m"


def test_a_missing_model_leaves_the_evidence_and_names_the_remedy(
    sample_store: Path, models_dir: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "multilingual-e5-small").symlink_to(models_dir / "multilingual-e5-small")
    with ReportQA.open(sample_store, Settings(llm="default", models_dir=models)) as qa:
        assert "models pull" in qa.notices("zh")[0]
        answer = qa.ask(MARGIN)
    assert answer.failed
    assert "38.6%" in answer.answer
    assert "report-qa models pull llm" in answer.notice


def test_a_follow_up_is_answered_about_the_company_before(quoting: ReportQA) -> None:
    turn = Turn(question="栎野电气2025年营业收入是多少？", answer="88.5亿元[1]。")
    other = Turn(question="澜栖储能2025年营业收入是多少？", answer="156.8亿元[1]。")
    first = quoting.ask("那归母净利润呢？", [turn]).answer
    second = quoting.ask("那归母净利润呢？", [other]).answer
    assert "14.2" in first
    assert "11.9" in second
    assert first != second


def test_a_follow_up_is_shown_to_the_model_and_to_its_asker_as_a_whole_question(chat_server, open_qa: Open) -> None:
    turn = Turn(question="栎野电气2025年营业收入是多少？", answer="88.5亿元[1]。")
    answer = open_qa(llm="m", llm_base_url=chat_server.url).ask("那归母净利润呢？", [turn])
    assert answer.standalone == "栎野电气2025年归母净利润是多少？"
    assert f"问题：{answer.standalone}" in chat_server.prompt()


@pytest.mark.parametrize("report", [ZH, EN])
def test_only_the_chosen_reports_are_asked(quoting: ReportQA, report: str) -> None:
    answer = quoting.ask("What was the revenue growth in 2025?", reports=[report])
    assert {e.report for e in answer.evidence} == {report}
    assert {hit.report for hit in quoting.search("revenue", 50, [report])} == {report}


def test_reports_can_be_chosen_by_a_filter(quoting: ReportQA) -> None:
    only = Filter(language="en", since="2025")
    assert [entry.name for entry in quoting.reports(only)] == [EN]
    assert {hit.report for hit in quoting.search(MARGIN, reports=only)} == {EN}
    answer = quoting.ask(MARGIN, reports=Filter(institution="云岚"))
    assert {citation.report for citation in answer.citations} == {ZH}
    with pytest.raises(QuestionError, match="company Nobody"):
        quoting.ask(MARGIN, reports=Filter(company="Nobody"))


def test_a_report_can_be_chosen_by_the_beginning_of_its_id(quoting: ReportQA) -> None:
    entry = next(e for e in quoting.reports() if e.name == ZH)
    assert {hit.report for hit in quoting.search("revenue", 5, [entry.id[:6]])} == {ZH}


def test_an_unknown_report_is_refused_naming_those_there_are(quoting: ReportQA) -> None:
    with pytest.raises(QuestionError, match=r"nowhere\.pdf") as caught:
        quoting.ask(MARGIN, reports=["nowhere.pdf"])
    assert ZH in caught.value.remedy
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("question", ["", "   ", "字" * 20_000, "😀😀"])
def test_a_question_that_cannot_be_asked_is_refused_before_anything_is_yielded(
    quoting: ReportQA, question: str
) -> None:
    with pytest.raises(QuestionError):
        next(quoting.stream(question))
    with pytest.raises(QuestionError):
        quoting.search(question)


def test_a_remote_endpoint_is_told_of_and_a_local_one_is_not(open_qa: Open, chat_server) -> None:
    remote = open_qa(llm="m", llm_base_url="https://api.example.com/v1", llm_api_key=KEY)
    for language in ("zh", "en"):
        assert any("api.example.com" in notice for notice in remote.notices(language))
        assert KEY not in "".join(remote.notices(language))
    assert open_qa(llm="m", llm_base_url=chat_server.url).notices("en") == []


def test_an_empty_store_refuses_without_asking_the_model(chat_server, embedder, tmp_path: Path) -> None:
    settings = Settings(store=tmp_path / "new", llm="m", llm_base_url=chat_server.url)
    with ReportQA(Library(settings.store, embedder), settings, open_llm(settings)) as qa:
        answer = qa.ask("净利润是多少？")
    assert not answer.found
    assert answer.answer.startswith("报告中没有找到")
    assert chat_server.requests == []


def test_a_removed_report_is_no_longer_found(sample_store: Path, embedder, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(sample_store, store)
    settings = Settings(store=store, llm="none")
    with ReportQA(Library(store, embedder), settings, None) as qa:
        assert qa.remove(ZH).name == ZH
        assert [entry.name for entry in qa.reports()] == [EN]
        assert {hit.report for hit in qa.search(MARGIN, 50)} == {EN}
        with pytest.raises(StoreError, match="no report"):
            qa.remove(ZH)


def test_the_retriever_gives_llama_index_nodes_of_one_page(quoting: ReportQA) -> None:
    nodes = quoting.retriever(5).retrieve(MARGIN)
    assert len(nodes) == 5
    assert nodes[0].node.metadata["report"] == ZH
    assert isinstance(nodes[0].node.metadata["page"], int)
    assert [node.score for node in nodes] == sorted((node.score for node in nodes), reverse=True)


def test_an_answer_in_json_has_the_keys_of_the_contract(quoting: ReportQA) -> None:
    answer = quoting.ask(MARGIN).model_dump(mode="json")
    assert {
        "answer", "language", "found", "citations", "unsupported", "conflicts", "timings_ms", "model", "embedder",
    } <= set(answer)  # fmt: skip
    assert set(answer["citations"][0]) == {"n", "report", "title", "page", "section", "quote", "score"}
    assert set(answer["timings_ms"]) == {"retrieve", "first_token", "total"}
