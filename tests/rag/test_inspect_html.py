"""The HTML page of ``report-qa inspect`` in a real browser."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pdf_files import drawn_pdf, make_pdf

from index.types import Box, around

SAMPLES = Path(__file__).parents[2] / "eval" / "data"
ZH, EN = SAMPLES / "zh_storage_weekly.pdf", SAMPLES / "en_annual_report.pdf"
SCRIPTED = """Orchard </script><script>document.title='taken'</script> & review

<img src=x onerror="document.title='taken'"> [pears](https://pears.example/list) **not bold** $$x^2$$

The pears were picked. </script <!-- <script the end of them.

| crates </td><script>document.title='taken'</script> | price %%TITLE%% |
| 7,310 | <b>4.2</b> |
| 8,450 | 4.4 |
"""
pytestmark = pytest.mark.usefixtures("clean_environment")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def visit(browser: Any, inspected: Run, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Write the page of a report and open it; fails when it asks for anything or raises an error."""
    asked: list[str] = []
    problems: list[str] = []

    def start(file: Path, *arguments: object, **context: Any) -> Any:
        out = tmp_path / "seen.html"
        code, _, err = inspected(file, "--html", out, *arguments)
        assert code == 0, err
        context = {"viewport": {"width": 1360, "height": 800}, "locale": "en-US", **context}
        page = browser.new_context(**context).new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.goto(out.as_uri())
        page.wait_for_function("[...document.querySelectorAll('.sheet img')].every((i) => i.complete)")
        return page

    yield start
    for context in browser.contexts:
        context.close()
    assert [url for url in asked if not url.startswith("data:")] == [(tmp_path / "seen.html").as_uri()]
    assert problems == []


def lit(page: Any, number: int) -> list[Box]:
    """The boxes that are lit on the picture of page ``number``, in points, as they stand on the screen."""
    rectangles = page.evaluate(
        """(number) => {
            const sheet = document.querySelector(`.page[data-page="${number}"] .sheet`);
            const picture = sheet.querySelector("img").getBoundingClientRect();
            const width = report.pages.find((page) => page.number === number).width;
            const scale = width / picture.width;
            return [...sheet.querySelectorAll(".lit")].map((lit) => {
                const box = lit.getBoundingClientRect();
                return [box.left - picture.left, box.top - picture.top, box.right - picture.left,
                        box.bottom - picture.top].map((edge) => edge * scale);
            });
        }""",
        number,
    )
    return [Box(*rectangle) for rectangle in rectangles]


def words_box(file: Path, number: int, words: str) -> Box:
    """Where pdfium finds ``words`` on an unturned page, in points from the top left."""
    document = pypdfium2.PdfDocument(file)
    page = document[number - 1]
    text = page.get_textpage()
    found = text.search(words).get_next()
    assert found is not None
    start, count = found
    rectangles = [text.get_rect(i) for i in range(text.count_rects(start, count))]
    height = page.get_height()
    document.close()
    return around([Box(left, height - top, right, height - bottom) for left, bottom, right, top in rectangles])


def covers(boxes: list[Box], inner: Box, slack: float = 1.5) -> bool:
    return any(
        box.x0 - slack <= inner.x0
        and inner.x1 <= box.x1 + slack
        and box.top - slack <= inner.top
        and inner.bottom <= box.bottom + slack
        for box in boxes
    )


@pytest.mark.parametrize(
    ("file", "number", "words"), [(EN, 4, "Mechanical, electromagnetic"), (ZH, 6, "4.1 公司公告"), (ZH, 5, "86.2 亿元")]
)
def test_hovered_chunk_lights_its_words_on_the_page(visit, file: Path, number: int, words: str) -> None:
    page = visit(file, "--page", number)
    card = page.locator("#panel .card[data-chunk]", has_text=words).first
    assert lit(page, number) == []
    card.hover()
    boxes = lit(page, number)
    target = words_box(file, number, words)
    assert covers(boxes, target)
    assert around(boxes).bottom - around(boxes).top < 200  # the chunk's lines, not the page
    page.mouse.move(5, 5)
    assert lit(page, number) == []


def test_hovered_words_light_their_chunk_in_the_panel(visit) -> None:
    page = visit(EN, "--page", 4)
    box = words_box(EN, 4, "Backlog was")
    area = page.locator(".sheet img").bounding_box()
    scale = area["width"] / page.evaluate("report.pages[0].width")
    page.mouse.move(area["x"] + (box.x0 + box.x1) / 2 * scale, area["y"] + (box.top + box.bottom) / 2 * scale)
    assert "Backlog was $684.0 million" in page.locator("#panel .card.on").inner_text()
    assert covers(lit(page, 4), box)


@pytest.mark.parametrize("crop", [b"", b"/CropBox [20 30 220 190]"])
def test_boxes_land_on_the_words_of_a_turned_page(visit, tmp_path: Path, crop: bytes) -> None:
    content = b"BT /F1 20 Tf 0 1 -1 0 100 60 Tm (Quarry) Tj ET"
    file = drawn_pdf(tmp_path / "turned.pdf", content, crop + b" /Rotate 90")
    page = visit(file, "--scale", 4)
    page.locator("#panel .card[data-chunk]").hover()
    (box,) = lit(page, 1)
    document = pypdfium2.PdfDocument(file)
    picture = document[0].render(scale=4).to_pil().convert("L").point(lambda value: 255 * (value < 128))
    document.close()
    ink = Box(*(edge / 4 for edge in picture.getbbox()))
    assert covers([box], ink)
    assert box.x1 - box.x0 < 1.3 * (ink.x1 - ink.x0)


def test_header_is_marked_as_set_aside(visit) -> None:
    page = visit(ZH, "--page", 4)
    piece = page.locator(".sheet g.piece[data-kind=running]")
    assert "not searched" in piece.locator("title").text_content()
    top = piece.locator("rect.block.apart").first.bounding_box()["y"]
    assert top < page.locator(".sheet g.piece[data-kind=paragraph] rect").first.bounding_box()["y"]
    card = page.locator("#panel .card.apart[data-kind=running]")
    assert "储能行业周报（2026 年第 11 周）" in card.inner_text()
    assert "Set aside" in page.locator("#panel h2").all_inner_texts()


def test_text_of_a_report_stays_text(visit, tmp_path: Path) -> None:
    file = tmp_path / "orchard.txt"
    file.write_text(SCRIPTED)
    page = visit(file)
    assert page.title().startswith("Orchard </script><script>")
    shown = page.locator("#pages").inner_text()
    assert "<img src=x onerror=" in shown and "**not bold**" in shown and "(https://pears.example/list)" in shown
    assert "</td><script>" in shown and "%%TITLE%%" in shown
    assert page.locator("#pages img, #panel img, #pages b, #pages a, #panel a, main script").count() == 0
    page.locator("#find").fill("<b>4.2</b>")
    assert page.locator("#panel mark").first.inner_text() == "<b>4.2</b>"


def test_a_script_that_is_not_the_pages_own_does_not_run(browser: Any, inspected: Run, tmp_path: Path) -> None:
    out = tmp_path / "seen.html"
    assert inspected(EN, "--page", 1, "--html", out)[0] == 0
    taken = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">"
    out.write_text(out.read_text().replace("</body>", taken + "</body>"))
    context = browser.new_context()
    page = context.new_page()
    page.goto(out.as_uri())
    assert page.title() == "Halcyra Water Systems, Inc. 2025 Annual Report"
    assert page.locator("#panel .card").count() > 0
    context.close()


def test_keys_and_sections_turn_the_pages(visit) -> None:
    page = visit(EN)
    number = page.locator("#number")
    assert number.input_value() == "1"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("j")
    assert number.input_value() == "3"
    page.keyboard.press("ArrowLeft")
    assert number.input_value() == "2"
    page.locator(".branch", has_text="1.6 Human Capital").click()
    assert number.input_value() == "4"
    heading = words_box(EN, 4, "1.6 Human Capital")
    sheet = page.locator('.page[data-page="4"] .sheet').bounding_box()
    y = sheet["y"] + heading.top * sheet["width"] / page.evaluate("report.pages[3].width")
    assert 0 < y < 800


def test_finding_words_filters_chunks_and_jumps(visit) -> None:
    page = visit(EN)
    page.keyboard.press("/")
    page.keyboard.type("backlog 684.0")
    cards = page.locator("#panel .card")
    texts = cards.all_inner_texts()
    assert texts and all("684.0" in text and "acklog" in text for text in texts)
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.lit')")
    assert int(page.locator("#number").input_value()) == int(page.locator(".page:has(.lit)").get_attribute("data-page"))
    page.keyboard.press("Escape")
    page.locator("#find").fill("2025 Annual Report")
    assert page.locator("#panel .card[data-kind=running]").count() >= 1  # set aside, and found as such


def test_layers_can_be_switched_off(visit) -> None:
    page = visit(EN, "--page", 4)
    headings = page.locator(".sheet g.piece[data-kind=heading]")
    assert headings.first.is_visible()
    page.locator(".layer[data-kind=heading]").click()
    assert headings.count() > 3 and not any(piece.is_visible() for piece in headings.all())
    assert page.locator(".sheet g.piece[data-kind=paragraph]").first.is_visible()


def test_words_of_the_page_follow_the_browser_and_the_switch(visit) -> None:
    page = visit(EN, locale="zh-CN")
    assert "章节" in page.locator("#outline h2").all_inner_texts()
    page.locator("#language").click()
    assert "Sections" in page.locator("#outline h2").all_inner_texts()


def test_tables_are_drawn_as_tables(visit, tmp_path: Path) -> None:
    source = "= Sales\n#table(columns: 3, [Region], [2030], [2031], [North], [41], [52], [South], [63], [74])\n"
    page = visit(make_pdf(tmp_path / "sales.pdf", source))
    cells = page.locator("#panel .grid tr").last.locator("td").all_inner_texts()
    assert cells == ["South", "63", "74"]


def test_a_page_without_picture_is_drawn_from_its_blocks(visit) -> None:
    page = visit(EN, "--page", 4, "--scale", 0)
    assert page.locator(".sheet img").count() == 0
    page.locator("#panel .card[data-chunk]", has_text="Backlog was").hover()
    shown = page.locator(".drawn .shown").all_inner_texts()
    assert any(text.startswith("Backlog was $684.0 million") for text in shown)
    assert all(text in page.locator("#panel .card.on").inner_text() for text in shown)
    assert page.locator(".drawn .piece.apart[data-kind=running]").count() == 1


def test_phone_shows_one_part_at_a_time_and_nothing_runs_over(visit, tmp_path: Path) -> None:
    file = tmp_path / f"{'a long name ' * 8}.pdf"
    shutil.copy(ZH, file)
    page = visit(file, viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    assert page.locator("#pages").is_visible() and not page.locator("#panel").is_visible()
    for name in ("outline", "panel", "pages"):
        page.locator(f"#views [data-to={name}]").tap()
        assert page.locator(f"#{name}").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        button = page.locator("#language").bounding_box()
        assert button["x"] + button["width"] <= 390
    page.locator(".sheet g.piece[data-kind=paragraph] rect.block").nth(2).tap()
    assert page.locator("#peek .card[data-chunk]").is_visible()
    assert page.locator(".lit").count() >= 1
