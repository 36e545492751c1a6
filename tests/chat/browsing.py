"""What the browser tests do with the page."""

from pathlib import Path

from playwright.sync_api import Page, expect

QUESTION = "Who is suing the company over water meters, and how much is claimed?"  # e17: page 9 of the annual report
ANSWER = ["The town of Larkspur Ferry ", "claims $8.2 million ", "for meters that under-registered water [1]."]


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the question stands in the chat."""
    before = page.locator("article.exchange").count()
    page.locator("#ask textarea").fill(question)
    page.locator("#ask textarea").press("Enter")
    expect(page.locator("article.exchange")).to_have_count(before + 1)


def answered(page: Page) -> None:
    """Wait until the last answer is finished."""
    expect(page.locator("#live article footer")).to_have_count(1)
    expect(page.locator("[data-busy]")).to_have_count(0)


def upload(page: Page, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("#upload").click()
    chooser.value.set_files(files)


def act(page: Page, report: str, action: str) -> None:
    """Choose an action from a report's menu."""
    row = page.locator("#shelf .report", has_text=report)
    row.locator("summary").click()
    row.locator(f"[data-do={action}]").click()


def shown_page(page: Page, number: int) -> None:
    """Wait until the picture of a page is drawn."""
    expect(page.locator("#viewer .number")).to_have_value(str(number))
    page.wait_for_function(
        "n => { const i = document.querySelector('#viewer img');"
        " return i.complete && i.naturalWidth > 0 && i.src.includes(`/${n}.png`)"
        " && !document.querySelector('.paper.loading'); }",
        arg=number,
    )
