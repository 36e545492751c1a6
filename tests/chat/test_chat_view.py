"""Answer and page side by side."""

import re

from browsing import QUESTION, answered, ask, shown_page
from playwright.sync_api import expect

INSIDE = """() => {
    const paper = document.querySelector('.paper').getBoundingClientRect();
    return [...document.querySelectorAll('.framed')].every((one) => {
        const box = one.getBoundingClientRect();
        return box.width > 20 && box.left >= paper.left - 2 && box.right <= paper.right + 2 &&
            box.top >= paper.top - 2 && box.bottom <= paper.bottom + 2;
    });
}"""


def test_an_answer_stands_beside_the_page_with_its_quote_boxed(site, visit):
    page = visit(site)
    ask(page, QUESTION)
    answered(page)
    source = page.locator("#panel .source", has_text="Larkspur Ferry").first
    expect(source).to_contain_text("en_annual_report.pdf")
    expect(source.locator(".page")).to_have_text("p. 9")
    page.locator("#live .mark").first.click()
    shown_page(page, 9)
    expect(page.locator(".framed").first).to_be_visible()
    assert page.evaluate(INSIDE)
    expect(page.locator("#live .mark").first).to_have_class("mark lit")
    expect(page.locator("#viewer a.pdf")).to_have_attribute("href", re.compile("#page=9$"))

    page.get_by_role("button", name="Previous page").click()
    shown_page(page, 8)
    expect(page.locator(".framed")).to_have_count(0)
    page.get_by_role("button", name="Zoom in").click()
    assert page.evaluate(
        "document.querySelector('.paper').offsetWidth > document.querySelector('.sheet-of-paper').clientWidth"
    )
    page.locator("#viewer .number").fill("9")
    page.locator("#viewer .number").press("Enter")
    shown_page(page, 9)
    source.click()
    page.get_by_role("button", name="Text", exact=True).click()
    expect(page.locator(".page-text mark").first).to_contain_text("Larkspur Ferry")


def test_a_table_row_is_boxed_and_labels_follow_the_browser_and_switch(site, visit):
    page = visit(site, locale="zh-CN")
    expect(page.locator("#upload")).to_have_text("添加报告")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    ask(page, "2月华南招标容量有多大，占全国的百分之几？")
    answered(page)
    expect(page.locator("#panel .source .page", has_text="第 4 页").first).to_be_visible()
    shown_page(page, 4)
    expect(page.locator(".framed").first).to_be_visible()
    page.get_by_role("button", name="Switch to English").click()
    expect(page.locator("#upload")).to_have_text("Add reports")
    expect(page.locator("#panel .source .page", has_text="p. 4").first).to_be_visible()
    shown_page(page, 4)
    expect(page.get_by_role("button", name="Next page")).to_be_visible()
    page.reload(wait_until="commit")  # the language stays, and so does the conversation
    expect(page.locator("#upload")).to_have_text("Add reports")
    expect(page.locator("#live .question")).to_contain_text("华南")


def test_pages_turn_as_fast_as_they_are_clicked(site, visit):
    page = visit(site)
    ask(page, QUESTION)
    answered(page)
    shown_page(page, 9)
    page.locator("#live .mark").first.click()
    previous = page.get_by_role("button", name="Previous page")
    previous.evaluate("one => { for (let n = 0; n < 5; n++) one.click(); }")
    shown_page(page, 4)
    page.evaluate("window.turned = performance.now()")
    page.wait_for_function("performance.now() > turned + 400")  # the pointer still rests on the mark of page 9
    shown_page(page, 4)


def test_a_click_on_an_earlier_answer_brings_back_its_sources(site, visit):
    page = visit(site)
    ask(page, QUESTION)
    answered(page)
    ask(page, "Which principal manufacturing sites belong to the Filtration segment?")
    answered(page)
    expect(page.locator("#panel .asked")).to_contain_text("Filtration")
    page.locator("#log .mark").first.click()
    expect(page.locator("#panel .asked")).to_have_text(QUESTION)
    shown_page(page, 9)
    expect(page.locator("#panel .source.lit").first).to_be_visible()


def test_resting_on_a_source_shows_its_page(site, visit):
    page = visit(site)
    ask(page, "Which principal manufacturing sites belong to the Filtration segment?")
    answered(page)
    page.locator("#viewer .number").wait_for()
    other = page.locator("#panel .source").nth(1)
    number = int(other.get_attribute("data-page"))
    other.hover()
    shown_page(page, number)
    expect(other).to_have_class("source lit")


def test_nothing_is_wider_than_the_screen_and_phones_show_one_pane(site, visit):
    for width in (390, 820, 1360):
        page = visit(site, viewport={"width": width, "height": 844})
        ask(page, QUESTION)
        answered(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("#live .mark").first.click()
        shown_page(page, 9)
        expect(page.locator("#talk")).to_be_visible(visible=width > 900)
        if width < 900:
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.get_by_role("button", name="Ask", exact=True).first.click()
            expect(page.locator("#talk")).to_be_visible()


def test_a_long_answer_shows_its_question_not_only_its_end(site, visit):
    page = visit(site, viewport={"width": 1280, "height": 420})
    for question in (QUESTION, "How much did net sales in Europe come to in 2025?"):
        ask(page, question)
        answered(page)
    assert page.evaluate(
        "document.querySelector('#thread').clientHeight < document.querySelector('#live').clientHeight"
    )
    expect(page.locator("#live .question")).to_be_in_viewport()


def test_a_dark_system_gets_a_dark_page_and_the_choice_is_kept(site, visit):
    page = visit(site, color_scheme="dark")
    expect(page.locator("body.dark")).to_have_count(1)
    page.get_by_role("button", name="Settings and about").click()
    page.locator("#options select[name=theme]").select_option("light")
    expect(page.locator("body.dark")).to_have_count(0)
    expect(page.locator("dialog dl")).to_contain_text("2 reports, 17 pages")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.reload(wait_until="commit")
    page.locator("body[data-ready]").wait_for(state="attached")
    expect(page.locator("body.dark")).to_have_count(0)
