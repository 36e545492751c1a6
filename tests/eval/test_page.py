"""The HTML page of a run in a real browser, over the sample reports and one whose text is script."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from eval.environment import machine
from eval.measures import Grade, Reason, score
from eval.page import write
from eval.page.data import _MEASURES
from eval.page.judging import ORDER
from eval.page.places import LEAST_BYTES
from eval.predictions import Cited, Prediction, Reply, Shown
from eval.questions import Question
from eval.summary import FILE as SUMMARY
from eval.summary import QuestionSet, Summary
from rag import ReportQA
from rag.settings import Settings

ZH, EN, SCRIPT = "zh_storage_weekly.pdf", "en_annual_report.pdf", "orchard.txt"
TAKE = "document.title='taken'"
EVIL = f'The pears </script><script>{TAKE}</script> cost <img src=x onerror="{TAKE}"> 4.2.'
BACKLOG = "Backlog was $684.0 million"


def question(number: int, **fields: Any) -> Question:
    own = {"set": "samples", "id": f"q{number}", "lang": "en", "kind": "number", "report": EN, "question": "?"}
    return Question.model_validate(own | fields)


def reply(text: str, report: str = EN, page: int = 4, quote: str = BACKLOG, **fields: Any) -> Reply:
    cited = Cited(n=1, report=report, page=page, section="1 Business", quote=quote)
    shown = Shown(report=report, page=page, section="1 Business", text=quote)
    own = {"found": True, "citations": ((report, page),), "citations_full": (cited,), "evidence_shown": (shown,)}
    return Reply.model_validate(own | {"predicted": text, "evidence_s": 0.1, "answer_s": 2.0} | fields)


def predictions() -> list[Prediction]:
    hits = ((EN, 4), (EN, 5))
    right = question(1, question="What was the backlog?", answer="$684.0 million", pages=(4,), evidence=(BACKLOG,),
                     must_include=(("684.0",),))  # fmt: skip
    wrong = question(2, question="And the staff?", answer="4,860 employees", pages=(4, 5), must_include=(("4,860",),))
    none = question(3, question="Who audits it?", answerable=False, report="", kind="negative")
    zh = question(4, set="weekly", question="逆变器出口额？", lang="zh", kind="fact", report=ZH, pages=(5,),
                  answer="86.2亿元", must_include=(("86.2亿",),),
                  evidence=("1—2月我国逆变器出口额86.2亿元",))  # fmt: skip
    evil = question(5, question=EVIL, answer=EVIL, report=SCRIPT, pages=(1,), evidence=(EVIL,), kind="<b>bold</b>")
    refusal = reply("Not found.", found=False, citations=(), citations_full=())
    inverters = reply("出口额86.2亿元[1]。", ZH, 5, "逆变器出口额86.2亿元")
    return [
        Prediction(question=right, hits=hits, retrieve_ms=9, reply=reply("Backlog was $684.0 million[1].")),
        Prediction(question=wrong, hits=hits, retrieve_ms=9, reply=reply("It was 7,777[1].", unsupported=("7,777",))),
        Prediction(question=none, hits=hits, retrieve_ms=9, reply=refusal),
        Prediction(question=zh, hits=((ZH, 5),), retrieve_ms=9, reply=inverters),
        Prediction(question=evil, hits=((SCRIPT, 1),), retrieve_ms=9, reply=reply(EVIL + "[1]", SCRIPT, 1, EVIL)),
    ]  # fmt: skip


def summary(own: list[Prediction]) -> Summary:
    def by(key: Callable[[Question], str]) -> dict[str, Any]:
        names = dict.fromkeys(key(p.question) for p in own)
        return {n: score([p for p in own if key(p.question) == n], {EN: 9, ZH: 8}, answers=True) for n in names}

    return Summary(
        started="2031-02-03T04:05:06+00:00", seconds=61, retrieval_only=False, reports={EN: 9, ZH: 8}, commit="abc123",
        questions={name: QuestionSet(questions=1, sha256="0") for name in ("samples", "weekly")}, model="m-7b",
        embedder="e5", settings={"evidence_items": 6}, versions={"python": "3.11"}, machine=machine(),
        sets=by(lambda q: q.set), kinds=by(lambda q: q.kind), languages=by(lambda q: q.lang),
        total=score(own, {EN: 9, ZH: 8}, answers=True),
    )  # fmt: skip


@pytest.fixture(scope="module")
def store(sample_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(sample_store, folder / "store")
    (folder / SCRIPT).write_text(f"Orchard </script> review\n\n{EVIL}\n", encoding="utf-8")
    with ReportQA.open(folder / "store", Settings(llm="none")) as qa:
        assert qa.ingest([folder / SCRIPT])[0].error is None
    return folder / "store"


@pytest.fixture(scope="module")
def run(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run with its page."""
    folder = tmp_path_factory.mktemp("run")
    own = predictions()
    (folder / SUMMARY).write_text(summary(own).model_dump_json(), encoding="utf-8")
    lines = [json.dumps(prediction.line(), ensure_ascii=False) for prediction in own]
    (folder / "predictions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with ReportQA.open(store, Settings(llm="none")) as qa:
        write(folder, own, summary(own), qa.library)
    return folder


@pytest.fixture
def visit(browser: Any, run: Path) -> Iterator[Callable[..., Any]]:
    """Open a page; fails when it asks for anything or raises an error."""
    asked: list[str] = []
    problems: list[str] = []

    def start(file: Path = run / "index.html", anchor: str = "", **context: Any) -> Any:
        page = browser.new_context(
            **{"viewport": {"width": 1360, "height": 900}, "locale": "en-US", **context}
        ).new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.goto(file.as_uri() + anchor)
        return page

    yield start
    for context in browser.contexts:
        context.close()
    assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
    assert problems == []


def item(page: Any, name: str) -> Any:
    """One question, opened."""
    found = page.locator(f'article.question[data-name="{name}"]')
    if found.locator(".body").count() == 0:
        found.locator(".head").click()
    return found


def test_the_page_shows_scores_by_set_kind_and_language_and_what_it_was_run_with(visit):
    page = visit()
    head = page.locator("#top").inner_text()
    assert all(text in head for text in ("m-7b", "e5", "abc123", "samples", "weekly"))
    page.locator("#table > summary").click()
    rows = page.locator("#table table").first.locator("tbody tr th").all_inner_texts()
    assert rows == ["all", "samples", "weekly", "number", "negative", "fact", "<b>bold</b>", "en", "zh"]
    answers = page.locator("#table table", has_text="Answers")
    assert "67%" in answers.locator("tbody tr").first.inner_text()  # 2 of 3 with required facts
    page.locator("#setup > summary").click()
    assert "evidence_items" in page.locator("#setup").inner_text()


def test_the_worst_questions_come_first(visit):
    names = visit().locator("article.question").evaluate_all("items => items.map((item) => item.dataset.name)")
    assert names[0] == "samples/q2"
    assert len(names) == 5


def test_an_address_given_to_the_open_page_opens_its_question(visit):
    page = visit()
    page.evaluate("location.hash = '#' + encodeURIComponent('samples/q1')")
    page.locator('article.question[data-name="samples/q1"] .body').wait_for()


def test_an_opened_question_shows_answer_gold_facts_and_what_was_wrong(visit):
    page = visit()
    wrong = item(page, "samples/q2")
    assert wrong.locator(".answer mark.unsupported").inner_text() == "7,777"
    assert wrong.locator(".facts .gone").inner_text().endswith("4,860")
    assert wrong.locator(".reasons b").first.inner_text() == "fact missing"
    assert "4,860 employees" in wrong.inner_text()
    right = item(page, "samples/q1")
    assert right.locator(".facts .there").count() == 1
    assert right.locator("mark").count() == 0


def test_a_citation_mark_shows_its_page_with_the_quote_boxed(visit, store: Path):
    page = visit()
    right = item(page, "samples/q1")
    right.locator(".answer .cite").click()
    image = right.locator(".sheet img")
    page.wait_for_function(
        "[...document.querySelectorAll('.sheet img')].every((i) => i.complete && i.naturalWidth > 300)"
    )
    boxes = right.locator(".sheet rect.cited.on")
    assert boxes.count() >= 1 and right.locator(".sheet rect.gold").count() >= 1
    with ReportQA.open(store, Settings(llm="none")) as qa:
        file = qa.library.original(qa.library.find(EN).id)
    sheet = pypdfium2.PdfDocument(file)[3]
    text = sheet.get_textpage()
    left, bottom, _, top = text.get_charbox(text.search(BACKLOG).get_next()[0])
    area, box = image.bounding_box(), boxes.first.bounding_box()
    scale = area["width"] / sheet.get_width()
    middle = area["y"] + (sheet.get_height() - (top + bottom) / 2) * scale
    assert box["y"] <= middle <= box["y"] + box["height"]
    assert box["x"] <= area["x"] + left * scale + 3
    assert box["height"] < area["height"] / 10  # the line, not the page


def test_text_of_reports_questions_and_models_stays_text(visit):
    page = visit()
    evil = item(page, "samples/q5")
    shown = evil.inner_text()
    assert shown.count("</script><script>document.title='taken'</script>") >= 3  # question, answer, gold
    assert "</script>" in evil.locator(".sheet.words").inner_text()  # the text page itself
    assert page.title().startswith("report-qa eval")
    assert page.locator("main script, main img[src=x], .question b b").count() == 0
    page.locator("#find").fill("</script><script>")
    assert page.locator("article.question").count() == 1


def test_filters_narrow_the_questions_and_can_be_cleared(visit):
    page = visit()
    shown = page.locator("article.question")
    assert shown.count() == 5
    page.locator("#verdict-wrong").click()
    assert shown.evaluate_all("items => items.map((i) => i.dataset.name)") == ["samples/q2"]
    page.locator("#clear").click()
    page.locator("#by-set").select_option("weekly")
    assert shown.evaluate_all("items => items.map((i) => i.dataset.name)") == ["weekly/q4"]
    page.locator("#by-set").select_option("")
    page.locator("#by-kind").select_option("negative")
    assert shown.count() == 1
    page.locator("#clear").click()
    page.locator("#by-lang").select_option("zh")
    assert shown.count() == 1
    page.locator("#clear").click()
    page.locator("#find").fill("BACKLOG")
    assert shown.evaluate_all("items => items.map((i) => i.dataset.name)") == ["samples/q1"]
    page.locator("#find").fill("nobody wrote this")
    assert "No question matches" in page.locator("#count").inner_text()


def test_a_piece_of_a_plot_lists_its_questions(visit):
    page = visit()
    page.locator("svg .piece rect.v-wrong").last.click()
    assert page.locator("article.question").evaluate_all("items => items.map((i) => i.dataset.name)") == ["samples/q2"]


def test_the_page_is_used_by_keys_alone(visit):
    page = visit()
    page.keyboard.press("j")
    page.keyboard.press("j")
    name = page.evaluate("document.activeElement.parentElement.dataset.name")
    assert name == page.locator("article.question").nth(1).get_attribute("data-name")
    page.keyboard.press("Enter")
    assert page.locator("article.question .body").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("article.question .body").count() == 0
    page.keyboard.press("/")
    page.keyboard.type("backlog")
    assert page.locator("article.question").count() == 1


def test_words_follow_the_browser_and_the_switch(visit):
    page = visit(locale="zh-CN", color_scheme="dark")
    assert page.locator(".verdict.v-wrong").inner_text() == "错误"
    page.locator("#language").click()
    assert page.locator(".verdict.v-wrong").inner_text() == "wrong"
    names = page.evaluate("Object.entries(words).filter(([, w]) => w.length !== 2 || !w[0] || !w[1]).map(([k]) => k)")
    assert names == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(241, 245, 249)"


def test_nothing_runs_over_on_a_phone(visit):
    page = visit(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    opened = item(page, "samples/q1")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert opened.locator(".sheet img").bounding_box()["width"] > 300


def test_intervals_of_the_scores_are_drawn(visit):
    page = visit()
    page.locator("#measure").select_option("hit_1")
    low, high = score(predictions(), {}, answers=True).intervals["hit_1"]
    line = page.locator("svg line.interval").first
    area = page.evaluate("WIDE - LABEL - 96")
    drawn = [float(line.get_attribute(edge)) for edge in ("x1", "x2")]
    assert (drawn[1] - drawn[0]) / area == pytest.approx(high - low, abs=0.001)


def test_every_verdict_reason_and_measure_has_its_words(visit):
    words = visit().evaluate("words")
    assert [reason for reason in Reason if f"r_{reason}" not in words] == []
    assert [grade for grade in (*Grade, *ORDER) if f"v_{grade}" not in words] == []
    assert [key for _, key, _ in _MEASURES if key not in words or f"about_{key}" not in words] == []


def test_a_link_opens_its_question(visit):
    page = visit(anchor="#weekly%2Fq4")
    assert page.locator('article.question[data-name="weekly/q4"] .body').count() == 1


def test_a_page_shared_by_questions_is_embedded_once(run: Path):
    text = (run / "index.html").read_text(encoding="utf-8")
    places = json.loads(text.split('id="run">')[1].split("</script>")[0])["places"]
    assert sorted((p["report"], p["page"]) for p in places) == [(EN, 4), (EN, 5), (SCRIPT, 1), (ZH, 5)]
    assert text.count('type="image/webp"') == 3


def test_pictures_keep_within_their_bytes(store: Path, tmp_path: Path):
    own = predictions()
    with ReportQA.open(store, Settings(llm="none")) as qa:
        path = write(tmp_path, own, summary(own), qa.library, picture_bytes=LEAST_BYTES)
    assert path.read_text(encoding="utf-8").count('type="image/webp"') == 1
    assert path.stat().st_size < 300_000


def test_without_the_store_the_page_says_how_to_get_pictures(visit, tmp_path: Path):
    own = predictions()
    page = visit(write(tmp_path, own, summary(own), None))
    assert "report-qa eval page" in item(page, "samples/q1").inner_text()


def test_the_command_writes_the_page_of_a_finished_run(run: Path, store: Path, tmp_path: Path, capsys):
    from rag.cli import main

    shutil.copytree(run, tmp_path / "run", ignore=shutil.ignore_patterns("index.html"))
    with pytest.raises(SystemExit) as left:
        main(["eval", "page", str(tmp_path / "run"), "--store", str(store)])
    assert left.value.code == 0
    assert "index.html" in capsys.readouterr().out
    assert (tmp_path / "run" / "index.html").stat().st_size > 50_000
    with pytest.raises(SystemExit) as left:
        main(["eval", "page", str(tmp_path / "run"), "--store", str(tmp_path / "nothing")])
    assert left.value.code == 1
    assert "no store" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()
