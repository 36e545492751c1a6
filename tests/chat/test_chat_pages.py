"""Pages and files over HTTP, and text as HTML."""

import re
from html import unescape

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.types import Progress, Stage
from rag import ReportQA
from rag.chat.exports import KEPT, Export, Exports
from rag.chat.markup import Place, Writing, plain
from rag.chat.pages import router
from rag.chat.shelf import progress
from rag.chat.suggestions import examples
from rag.settings import load

PLACE = Place("0123456789ab", "a.pdf", 3, 'x" onclick="y')


@pytest.fixture(scope="module")
def qa(sample_store, models_dir):
    with ReportQA.open(settings=load(store=sample_store, models_dir=models_dir, llm="none")) as opened:
        yield opened


@pytest.fixture(scope="module")
def exports() -> Exports:
    return Exports()


@pytest.fixture(scope="module")
def client(qa, exports) -> httpx.Client:
    web = FastAPI()
    web.include_router(router(qa, exports))
    return TestClient(web)


@pytest.fixture(scope="module")
def annual(qa) -> str:
    return qa.library.find("en_annual_report.pdf").id


def test_a_page_is_drawn_with_and_without_its_quote_and_tells_where_it_stands(client, annual):
    quote = "We are a defendant in a suit by the town of Larkspur Ferry"
    bare = client.get(f"/pages/{annual}/9.png")
    boxed = client.get(f"/pages/{annual}/9.png", params={"quote": quote})
    assert bare.headers["content-type"] == "image/png"
    assert bare.content[:4] == b"\x89PNG"
    assert bare.content != boxed.content
    facts = client.get(f"/pages/{annual}/9.json", params={"quote": quote}).json()
    assert (facts["page"], facts["pages"], facts["picture"]) == (9, 9, True)
    assert facts["boxes"]
    assert all(0 <= share <= 1 for box in facts["boxes"] for share in box)
    quoted = [s["text"] for part in facts["text"] for s in part["sentences"] if s["quoted"]]
    assert len(quoted) == 1
    assert quoted[0].startswith(quote)


def test_files_come_with_headers_that_let_nothing_run(client, annual):
    shown = client.get(f"/files/{annual}")
    assert shown.headers["content-type"] == "application/pdf"
    assert shown.headers["content-disposition"].startswith("inline")
    saved = client.get(f"/files/{annual}", params={"download": "1"})
    assert saved.headers["content-disposition"].startswith("attachment")
    for answer in (shown, saved, client.get(f"/pages/{annual}/1.png"), client.get(f"/pages/{annual}/1.json")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["/pages/{}/10.png", "/pages/{}/0.json", "/pages/000000000000/1.png", "/files/en_annual_report.pdf", "/files/..",
     "/files/%2e%2e%2fcatalog.sqlite", "/pages/{}/x.png", "/exports/guess"],
)  # fmt: skip
def test_what_is_not_a_page_or_file_of_the_store_is_not_found(client, annual, path):
    answer = client.get(path.format(annual))
    assert answer.status_code in {404, 422}
    assert "zh_storage_weekly" not in answer.text


def test_only_the_last_files_made_are_kept(client, exports):
    first = exports.put(Export("a b.md", "text/markdown", b"x"))
    assert client.get(f"/exports/{first}").headers["content-disposition"] == "attachment; filename*=UTF-8''a%20b.md"
    for _ in range(KEPT):
        exports.put(Export("b.md", "text/markdown", b"y"))
    assert client.get(f"/exports/{first}").status_code == 404


def test_every_character_of_a_text_survives_as_text():
    text = "**a** [b](http://c) <i>_d_</i> `e` $f$ 12.5% & \"g\" 'h'"
    assert unescape(plain(text)) == text
    assert not re.search(r"<(?!br>)", plain(text))


def test_marks_are_links_where_there_is_a_source_and_wrong_figures_stand_out():
    shown = Writing({1: PLACE}, ("5",), "en").paragraphs("It's 15 or 5 [1] [2].\nA | 2024: 5")
    assert shown.count('class="mark"') == 1
    assert "[2]" in shown
    assert 'onclick="y"' not in shown
    assert shown.count('<mark class="wrong"') == 2
    assert "15 or" in shown


def test_what_quotes_a_row_stays_a_sentence_and_a_mark_keeps_what_ends_it():
    writing = Writing({1: PLACE}, (), "zh")
    refusal = (
        "没有找到这个问题的答案。检索了一份周报，最接近的内容如下：“栎野电气 | 57.75 | 买入”（第7页）；"
        + "另一段话" * 30
    )
    assert 'class="row"' not in writing.paragraphs(refusal)
    assert unescape(writing.paragraphs(refusal)) == f"<p>{refusal}</p>"
    shown = writing.lines("先说：\n- 甲 [1]。\n- 乙\n末行")
    assert shown.count('class="item"') == 2
    assert shown.count("<br>") == 2 - 1  # items are lines of their own
    assert re.search(r'<span class="keep"><button[^>]*>1</button>。</span>', shown)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_stage_of_an_upload_has_a_name(language):
    for stage in Stage:
        assert re.search(r">[^<]+ 1/2<", progress([Progress("a.pdf", stage, 1, 2)], language))


def test_examples_are_questions_about_the_chosen_reports_and_always_the_same(qa):
    zh, en = qa.library.find("zh_storage_weekly.pdf"), qa.library.find("en_annual_report.pdf")
    asked = examples(qa.library, [zh], "zh")
    assert len(asked) == 4
    assert asked == examples(qa.library, [zh], "zh")
    assert all(question.endswith("？") for question in asked)
    both = examples(qa.library, [zh, en], "en")
    assert both[0] == "What is the figure for Net sales?"
    assert any(question.endswith("？") for question in both)  # a Chinese report is asked in Chinese
