"""Pictures of questions and their answers."""

from browsing import answered, ask, shown_page
from playwright.sync_api import Page, expect
from studio import EUROPE, EXPORTS, WATER, Studio, asked, drawn, scene, written

TENDERS = "2月国内新型储能招标容量同比增长多少？"


def _water(studio: Studio, language: str, phone: bool = False, dark: bool = False) -> Page:
    page = studio.visit("written", language, phone, dark)
    said = "The town of Larkspur Ferry is suing; it claims $8.2 million ", "for meters that under-registered water [1]."
    written(studio, page, WATER, *said)
    return page


@scene
def start_en(studio: Studio) -> Page:
    """An empty chat."""
    return studio.visit("none", "en")


@scene
def start_zh_phone(studio: Studio) -> Page:
    """An empty chat on a phone."""
    return studio.visit("none", "zh", phone=True)


@scene
def streaming_zh(studio: Studio) -> Page:
    """The evidence and its page stand there while the answer is being written."""
    page = studio.visit("written", "zh")
    studio.model.pieces = ["2026年1—2月我国逆变器出口额为86.2亿元，", "同比增长21.5%[1]。"]
    studio.model.go_on.clear()
    ask(page, EXPORTS)
    expect(page.locator("#live .writing")).to_contain_text("86.2")
    drawn(page)
    return page


@scene
def answer_en(studio: Studio) -> Page:
    """A finished answer, the page beside it."""
    page = _water(studio, "en")
    page.locator("#live .mark").first.click()
    shown_page(page, 9)
    return page


@scene
def answer_en_phone(studio: Studio) -> Page:
    """The answer on a phone."""
    return _water(studio, "en", phone=True)


@scene
def page_en_phone(studio: Studio) -> Page:
    """The page behind it on a phone."""
    page = _water(studio, "en", phone=True)
    page.locator("#live .mark").first.click()
    shown_page(page, 9)
    return page


@scene
def conflict_zh(studio: Studio) -> Page:
    """Two figures for one thing."""
    page = studio.visit("written", "zh")
    written(studio, page, TENDERS, "2月国内新型储能招标容量", "同比增长61.3%[1]。")
    page.locator("#live .conflict").wait_for()
    drawn(page)
    return page


@scene
def conflict_zh_phone(studio: Studio) -> Page:
    """The same on a phone."""
    page = studio.visit("written", "zh", phone=True)
    written(studio, page, TENDERS, "2月国内新型储能招标容量", "同比增长61.3%[1]。")
    page.locator("#live .conflict").wait_for()
    return page


@scene
def unsupported_en(studio: Studio) -> Page:
    """A figure that stands nowhere in the evidence."""
    page = studio.visit("written", "en")
    said = "The Tarnwick membrane plant was closed at a cost of $12.7 million, ", "and 340 employees left [1]."
    written(studio, page, "Summarise the restructuring and what it cost.", *said)
    page.locator("#live mark.wrong").first.wait_for()
    drawn(page)
    return page


@scene
def refusal_zh(studio: Studio) -> Page:
    """What the reports do not say."""
    page = studio.visit("written", "zh")
    written(studio, page, "栎野电气2025年研发费用是多少？", "报告没有给出", "栎野电气的研发费用。")
    drawn(page)
    return page


@scene
def dead_server_en(studio: Studio) -> Page:
    """The model's server does not answer."""
    page = studio.visit("dead", "en")
    asked(page, WATER)
    return page


@scene
def quotes_zh(studio: Studio) -> Page:
    """No model is set: the answer is a quotation."""
    page = studio.visit("none", "zh")
    asked(page, "容量补偿细则的征求意见稿是哪个机构发的，每千瓦每年补多少、执行几年？")
    return page


@scene
def follow_up_en(studio: Studio) -> Page:
    """A follow-up with the question as it was understood."""
    page = studio.visit("none", "en")
    ask(page, EUROPE)
    answered(page)
    ask(page, "And in 2024?")
    answered(page)
    expect(page.locator("#live .standalone")).to_contain_text("Europe")
    drawn(page)
    return page


@scene
def dark_en_phone(studio: Studio) -> Page:
    """A dark phone."""
    return _water(studio, "en", phone=True, dark=True)
