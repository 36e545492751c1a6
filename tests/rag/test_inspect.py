"""``report-qa inspect``: what it prints and refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pdf_files import encrypted_pdf

from rag import ReportQA
from rag.inspect.pictures import pictures
from rag.settings import load

SAMPLES = Path(__file__).parents[2] / "eval" / "data"
ZH, EN = SAMPLES / "zh_storage_weekly.pdf", SAMPLES / "en_annual_report.pdf"
pytestmark = pytest.mark.usefixtures("clean_environment")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def seen(inspected: Run) -> Callable[..., Any]:
    """The JSON of a file."""

    def call(*arguments: object) -> Any:
        code, out, err = inspected(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    return call


def test_json_holds_every_page_block_and_chunk(seen) -> None:
    data = seen(EN)
    assert set(data) == {"report", "card", "sections", "pages"}
    assert data["report"]["pages"] == len(data["pages"]) == 9
    assert [page["number"] for page in data["pages"]] == list(range(1, 10))
    numbers = [chunk["n"] for page in data["pages"] for chunk in page["chunks"]]
    assert sorted(numbers) == list(range(1, data["report"]["chunks"] + 1))
    for page in data["pages"]:
        assert [block["n"] for block in page["blocks"]] == list(range(1, len(page["blocks"]) + 1))
        for piece in [*page["blocks"], *page["chunks"]]:
            boxes = piece.get("boxes") or [box for s in piece["sentences"] for box in s["boxes"]]
            assert boxes
            for x0, top, x1, bottom in boxes:
                assert 0 <= x0 < x1 <= page["width"]
                assert 0 <= top < bottom <= page["height"]
    assert all(len(row) == len(t["rows"][0]) for t in tables(data) for row in t["rows"])


def tables(data: Any) -> list[Any]:
    return [block["table"] for page in data["pages"] for block in page["blocks"] if block["table"]]


def test_chunks_are_those_of_the_store(seen, sample_store: Path, models_dir: Path) -> None:
    texts = {chunk["text"] for page in seen(ZH)["pages"] for chunk in page["chunks"]}
    with ReportQA.open(settings=load(store=sample_store, models_dir=models_dir, llm="none")) as qa:
        (entry,) = [entry for entry in qa.reports() if entry.name == ZH.name]
        hits = qa.search("储能招标", 200, [entry.id])
    assert len(hits) > 50
    assert {hit.text for hit in hits} <= texts


def test_running_lines_are_set_aside_and_in_no_chunk(seen) -> None:
    data = seen(ZH)
    header = "储能行业周报（2026 年第 11 周）"
    aside = [b for page in data["pages"] for b in page["blocks"] if b["set_aside"] and header in b["text"]]
    assert len(aside) == 8
    assert all(block["kind"] == "running" and block["chunks"] == [] for block in aside)
    assert not any(header in chunk["text"] for page in data["pages"] for chunk in page["chunks"])


def test_every_paragraph_names_the_chunks_that_hold_it(seen) -> None:
    for page in seen(EN)["pages"]:
        texts = {chunk["n"]: chunk["text"] for chunk in page["chunks"]}
        for block in page["blocks"]:
            if block["kind"] == "paragraph":
                own = [texts[n] for n in block["chunks"] if n in texts]
                assert any(text.split(". ")[0] in block["text"] or block["text"] in text for text in own), block


def test_sections_form_the_tree_of_the_report(seen) -> None:
    data = seen(EN)
    paths = {" › ".join(section["path"]): section for section in data["sections"]}
    part = next(section for name, section in paths.items() if name.endswith("Item 1. Business › 1.2 Segments"))
    assert (part["first_page"], part["last_page"]) == (4, 4)
    assert part["chunks"] >= 2
    assert all(f"{' › '.join(part['path'])} › {name}" in paths for name in ("Metering", "Filtration", "Services"))
    assert len(paths) == len(data["sections"])
    heading = next(b for b in data["pages"][3]["blocks"] if b["text"] == "1.2 Segments")
    assert heading["kind"] == "heading"
    assert data["sections"][heading["section"]]["path"][: len(part["path"])] == part["path"]


def test_page_option_shows_those_pages_only(seen, inspected: Run) -> None:
    assert [page["number"] for page in seen(EN, "--page", "2", "--page", "5-6")["pages"]] == [2, 5, 6]
    assert [page["number"] for page in seen(EN, "--page", "8-99")["pages"]] == [8, 9]
    code, out, _ = inspected(EN, "--page", "3")
    assert code == 0
    assert "── page 3" in out and "── page 4" not in out


def test_text_shows_tree_chunks_tables_and_what_is_set_aside(inspected: Run) -> None:
    code, out, _ = inspected(ZH)
    assert code == 0
    assert "（一）招标与中标  p.4" in out
    assert any("set aside" in line and "储能行业周报（2026 年第 11 周）" in line for line in out.splitlines())
    assert any("曜川能源" in line and "68.40" in line and "买入" in line for line in out.splitlines())
    assert "     § （二）装机" in out.splitlines()  # page 5 begins in the middle of it
    assert " tokens, " in out
    assert "\x1b" not in out


@pytest.mark.parametrize("pages", ["0", "x", "5-3", "77"])
def test_pages_that_are_none_are_refused(inspected: Run, pages: str) -> None:
    code, out, err = inspected(EN, "--page", pages)
    assert (code, out) == (2, "")
    assert pages in err and "Traceback" not in err


def test_what_is_no_file_is_refused(inspected: Run, tmp_path: Path) -> None:
    assert inspected("en_annual_report.pdf")[0] == 1
    assert inspected(tmp_path / "none.pdf")[0] == 1
    assert inspected(EN, "--json", "--html", tmp_path / "x.html")[0] == 2
    assert inspected(EN, "--html", tmp_path / "no folder" / "x.html")[0] == 2


def test_password_opens_an_encrypted_report(inspected: Run, seen, tmp_path: Path) -> None:
    file = encrypted_pdf(tmp_path / "locked.pdf")
    assert inspected(file)[0] == 1
    assert inspected(file, "--password", "wrong")[0] == 1
    assert "7 percent" in seen(file, "--password", "sesame")["pages"][0]["chunks"][0]["text"]
    out = tmp_path / "locked.html"
    assert inspected(file, "--password", "sesame", "--html", out)[0] == 0
    assert 'data-page="1"' in out.read_text()
    assert "sesame" not in out.read_text()


def test_pictures_keep_within_their_budget() -> None:
    numbers = range(1, 10)
    free = dict(pictures(EN, numbers))
    tight = dict(pictures(EN, numbers, budget=250_000))
    assert list(free) == list(tight) == list(numbers)
    assert sum(map(len, tight.values())) <= 300_000 < 0.6 * sum(map(len, free.values()))
