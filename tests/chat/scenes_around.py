"""Pictures of what is around the answers: reports, chats, settings, signing in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from browsing import act, answered, ask, shown_page, upload
from conftest import SAMPLES
from playwright.sync_api import Page, expect
from studio import EUROPE, EXPORTS, WATER, Studio, about, asked, drawn, ready, scene


@contextmanager
def scan(studio: Studio) -> Iterator[Path]:
    """A report whose pages are pictures, so long that its reading can be looked at."""
    document = pypdfium2.PdfDocument(SAMPLES / "en_annual_report.pdf")
    pages = [document[n].render(scale=2).to_pil().convert("L") for n in range(6)]
    target = studio.folder / "scanned_annual_report.pdf"
    pages[0].save(target, save_all=True, append_images=pages[1:], resolution=144)
    yield target


def _adding(studio: Studio, language: str, phone: bool = False) -> Page:
    page = studio.visit("own", language, phone)
    if phone:
        page.locator(".panes [data-pane=side]").click()
    page.locator("#narrow [data-do=filters]").click()
    document = studio.folder / "mill_review.txt"
    document.write_text("Mill review\n\n" + "The mill of Osterby ground 88 tons of rye.\n" * 3, encoding="utf-8")
    with scan(studio) as target:
        upload(page, target, document)
    name = "文字识别" if language == "zh" else "OCR"
    expect(page.locator("#told .step", has_text=name)).to_contain_text(" 1/6")
    return page


@scene
def adding_zh(studio: Studio) -> Page:
    """Reports being added, by stage, under open filters."""
    return _adding(studio, "zh")


@scene
def adding_en_phone(studio: Studio) -> Page:
    """The same on a phone."""
    return _adding(studio, "en", phone=True)


@scene
def bad_upload_en(studio: Studio) -> Page:
    """A file that is no PDF, one that is empty, and one that went in."""
    page = studio.visit("own", "en")
    files = {"broken.pdf": "this is no PDF", "empty.txt": "", "fine.txt": "The mill of Osterby ground 88 tons of rye."}
    for name, text in files.items():
        (studio.folder / name).write_text(text, encoding="utf-8")
    upload(page, *(studio.folder / name for name in files))
    expect(page.locator("#told .alert")).to_have_count(2)
    return page


@scene
def menu_en(studio: Studio) -> Page:
    """What can be done with a report."""
    page = studio.visit("none", "en")
    page.locator("#shelf .report summary").first.click()
    return page


@scene
def sections_zh(studio: Studio) -> Page:
    """A report's sections and what was set aside in it."""
    page = studio.visit("none", "zh")
    act(page, "zh_storage_weekly.pdf", "sections")
    page.locator("dialog [data-do=aside]").click()
    page.locator("dialog .aside li").first.wait_for()
    return page


@scene
def feedback_zh(studio: Studio) -> Page:
    """Why an answer is wrong."""
    page = studio.visit("none", "zh")
    asked(page, EXPORTS)
    page.locator("#live [data-do=bad]").click()
    page.locator("dialog [name=reason]").fill("只给了出口额，没有同比增速。")
    return page


@scene
def chats_en(studio: Studio) -> Page:
    """Kept chats, narrowed by a word, and what can be done with one."""
    page = studio.visit("own", "en")
    for question in (EUROPE, WATER):
        ask(page, question)
        answered(page)
        page.locator("header.top [data-do=clear]").click()
        expect(page.locator("article.exchange")).to_have_count(0)
    page.locator(".sides [data-side=pasts]").click()
    page.locator("#find-past input").fill("larkspur")
    expect(page.locator("#pasts li")).to_have_count(1)
    page.locator("#pasts .past").first.click()
    expect(page.locator("#live .question")).to_have_text(WATER)
    drawn(page)
    page.locator("#pasts summary").first.click()
    return page


@scene
def settings_zh(studio: Studio) -> Page:
    """Settings of the browser, and what is running."""
    page = studio.visit("none", "zh")
    about(page)
    return page


@scene
def settings_en_phone(studio: Studio) -> Page:
    """The same on a phone."""
    page = studio.visit("none", "en", phone=True)
    about(page)
    return page


@scene
def sign_in_en(studio: Studio) -> Page:
    """A wrong password."""
    page = studio.visit("users", "en")
    page.locator("[name=name]").fill("ann")
    page.locator("[name=password]").fill("seven grey storks")
    page.locator("form button").click()
    page.locator("[role=alert]").wait_for()
    return page


@scene
def sign_in_zh_phone(studio: Studio) -> Page:
    """The page to sign in on a phone."""
    page = studio.visit("users", "zh", phone=True)
    page.locator("[name=name]").wait_for()
    return page


@scene
def signed_in_zh(studio: Studio) -> Page:
    """Who has signed in, and the way out."""
    page = studio.visit("users", "zh")
    page.locator("[name=name]").fill("ann")
    page.locator("[name=password]").fill("seven grey herons")
    page.locator("form button").click()
    ready(page)
    about(page)
    return page


@scene
def queue_zh(studio: Studio) -> Page:
    """The place in the line, with the evidence to read meanwhile."""
    other, page = studio.visit("written", "en"), studio.visit("written", "zh")
    studio.model.pieces = ["Larkspur Ferry ", "claims $8.2 million [1]."]
    studio.model.go_on.clear()
    ask(other, WATER)
    expect(other.locator("#live .writing")).to_contain_text("Larkspur Ferry")
    ask(page, EXPORTS)
    expect(page.locator("#live .writing")).to_contain_text("第 1 位")
    drawn(page)
    return page


@scene
def dark_zh(studio: Studio) -> Page:
    """A dark system."""
    page = studio.visit("none", "zh", dark=True)
    ask(page, "2月华南招标容量有多大，占全国的百分之几？")
    answered(page)
    shown_page(page, 4)
    return page


@scene
def script_en(studio: Studio) -> Page:
    """A report that holds HTML, a script and Markdown."""
    page = studio.visit("own", "en")
    report = studio.folder / "orchard.txt"
    text = (
        "Orchard review\n\nThe pear prices of Quillhaven fell by 4.2% after the harvest."
        " <script>document.title='taken'</script>\n\n<img src=x onerror=\"document.title='taken'\">"
        " [pear prices](https://pears.example/list) **not bold**\n"
    )
    report.write_text(text, encoding="utf-8")
    upload(page, report)
    expect(page.locator("#told .done")).to_contain_text("orchard.txt added")
    ask(page, "How far did the pear prices of Quillhaven fall?")
    answered(page)
    page.locator("#live .mark").first.click()
    page.locator(".page-text mark").first.wait_for()
    return page
