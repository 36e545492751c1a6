"""Conversations: streaming, stopping, follow-ups, editing, judging, keeping, several users."""

import re
import socket
import sqlite3

from browsing import ANSWER, QUESTION, answered, ask
from playwright.sync_api import expect

from rag.feedback import FILE, FeedbackStore

OTHER = "Which principal manufacturing sites belong to the Filtration segment?"


def test_evidence_comes_first_the_answer_streams_and_can_be_stopped(written_site, visit, model):
    page = visit(written_site)
    model.go_on.clear()
    ask(page, QUESTION)
    expect(page.locator("#panel .source").first).to_be_visible()
    expect(page.locator("#live .writing")).to_contain_text(ANSWER[0].strip())
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#live .alert")).to_have_text("Stopped.")
    expect(page.locator("#live .answer")).to_contain_text(ANSWER[0].strip())
    model.go_on.set()
    page.locator("#live [data-do=retry]").click()
    expect(page.locator("#live .answer .mark").first).to_be_visible()
    expect(page.locator("#live .answer")).to_contain_text("$8.2 million")
    expect(page.locator("article.exchange")).to_have_count(1)


def test_a_refusal_looks_like_one(written_site, visit, model):
    page = visit(written_site)
    model.pieces = ["The reports do not ", "say."]
    try:
        ask(page, "Who is the mayor of Port Ellary?")
        answered(page)
        expect(page.locator("#live .refusal")).to_be_visible()
        expect(page.locator("#panel h2")).to_have_text("Passages read; none holds the answer")
    finally:
        model.pieces = list(ANSWER)


def test_a_dead_model_server_is_named_and_the_evidence_stays(open_site, visit):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    page = visit(open_site(llm="any", llm_base_url=f"http://127.0.0.1:{port}/v1", llm_timeout=5))
    ask(page, QUESTION)
    answered(page)
    expect(page.locator("#live .alert")).to_contain_text(f"127.0.0.1:{port}")
    expect(page.locator("#panel .source", has_text="Larkspur Ferry").first).to_be_visible()


def test_a_follow_up_shows_what_it_was_understood_as_and_a_question_can_be_edited(site, visit):
    page = visit(site)
    ask(page, "How much did net sales in Europe come to in 2025?")
    answered(page)
    ask(page, "And in 2024?")
    answered(page)
    expect(page.locator("#live .standalone")).to_contain_text("Europe")
    page.locator("#log article").hover()
    page.locator("#log [data-do=edit]").click()
    expect(page.locator("#ask textarea")).to_have_value("How much did net sales in Europe come to in 2025?")
    page.locator("#ask textarea").fill(OTHER)
    page.locator("#ask textarea").press("Enter")
    expect(page.locator("article.exchange")).to_have_count(1)
    answered(page)
    expect(page.locator("#live .question")).to_have_text(OTHER)
    chip = page.locator("#live .follow .chip").first
    question = chip.inner_text()
    chip.click()
    expect(page.locator("#live .question")).to_have_text(question)
    answered(page)


def test_examples_are_made_from_the_ticked_reports_and_asked_by_a_click(site, visit):
    page = visit(site)
    expect(page.locator(".examples .chip", has_text="Net sales")).to_have_count(1)
    page.locator("#shelf .report", has_text="en_annual_report.pdf").locator("input").uncheck()
    expect(page.locator(".examples .chip", has_text="Net sales")).to_have_count(0)
    chip = page.locator(".examples .chip").first
    question = chip.inner_text()
    chip.click()
    expect(page.locator("#live .question")).to_have_text(question)
    answered(page)
    expect(page.locator("#panel .source").first).to_be_visible()


def test_thumbs_reasons_and_right_answers_are_kept(open_site, site, visit):
    page = visit(site)
    ask(page, OTHER)
    answered(page)
    page.get_by_role("button", name="Good answer").click()
    expect(page.locator("#live [data-do=good]")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Bad answer").click()
    page.locator("dialog [name=reason]").fill("A site is missing.")
    page.locator("dialog [name=correction]").fill("Suri Bay")
    page.locator("dialog .main-button").click()
    expect(page.locator(".toast").last).to_contain_text("Thank you")
    expect(page.locator("#live [data-do=bad]")).to_have_attribute("aria-pressed", "true")
    store = FeedbackStore(open_site.stores[site] / FILE)
    (kept,) = [judged for judged in store.all() if judged.question == OTHER]
    store.close()
    assert (kept.good, kept.reason, kept.correction, kept.source) == (False, "A site is missing.", "Suri Bay", "chat")


def test_a_verdict_that_cannot_be_kept_is_told_and_what_was_written_stays(open_site, visit):
    url = open_site(llm="none")
    page = visit(url)
    ask(page, OTHER)
    answered(page)
    page.locator("#live [data-do=bad]").click()
    page.locator("dialog [name=reason]").fill("A site is missing.")
    with sqlite3.connect(open_site.stores[url] / FILE) as db:
        db.execute("ALTER TABLE feedback RENAME TO away")
    page.locator("dialog .main-button").click()
    expect(page.locator("dialog[open] .alert")).to_contain_text("cannot be used")
    expect(page.locator("dialog [name=reason]")).to_have_value("A site is missing.")
    page.keyboard.press("Escape")
    page.locator("#live [data-do=good]").click()
    expect(page.locator(".toast").last).to_contain_text("cannot be used")
    expect(page.locator("#live [data-do=good]")).to_have_attribute("aria-pressed", "false")
    with sqlite3.connect(open_site.stores[url] / FILE) as db:
        db.execute("ALTER TABLE away RENAME TO feedback")
    page.locator("#live [data-do=bad]").click()
    expect(page.locator("dialog[open] [name=reason]")).to_have_value("")  # nothing of the form before


def test_an_open_menu_of_the_chats_and_the_examples_outlive_what_is_drawn_anew(site, visit):
    page = visit(site)
    ask(page, QUESTION)
    answered(page)
    page.reload(wait_until="commit")
    expect(page.locator("#live .question")).to_have_text(QUESTION)
    page.locator("#ask textarea").fill(OTHER)
    page.get_by_role("button", name="Chats").click()
    row = page.locator("#pasts li[aria-current]")
    row.locator("summary").click()
    page.locator("#find-past input").evaluate(
        "one => { one.value = 'water'; one.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    page.locator("#ask textarea").press("Enter")
    answered(page)
    expect(row.locator("[data-do=export-md]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(row.locator("[data-do=export-md]")).to_be_hidden()
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("article.exchange")).to_have_count(0)
    expect(page.locator(".examples .chip").first).to_be_visible()
    expect(page.locator("#viewer")).to_be_hidden()


def test_conversations_are_kept_found_exported_and_forgotten(open_site, visit):
    page = visit(open_site(llm="none"))
    ask(page, QUESTION)
    answered(page)
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("article.exchange")).to_have_count(0)
    ask(page, OTHER)
    answered(page)
    page.get_by_role("button", name="Chats").click()
    expect(page.locator("#pasts li")).to_have_count(2)
    page.locator("#find-past input").fill("larkspur")
    expect(page.locator("#pasts li")).to_have_count(1)
    page.locator("#pasts .past").click()
    expect(page.locator("#live .question")).to_have_text(QUESTION)
    expect(page.locator("#pasts li[aria-current]")).to_have_count(1)
    expect(page.locator("#pasts li")).to_have_count(1)  # the search stays
    expect(page.locator("#pasts time")).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d$"))
    page.locator("#find-past input").fill("nothing like it")
    expect(page.locator("#pasts")).to_have_text("No chat matches.")
    page.locator("#find-past input").fill("")
    expect(page.locator("#pasts li")).to_have_count(2)
    expect(page.locator("#panel .source", has_text="Larkspur Ferry").first).to_be_visible()
    page.locator("#pasts li[aria-current] summary").click()
    with page.expect_download() as saved:
        page.locator("#pasts li[aria-current] [data-do=export-md]").click()
    assert "Larkspur Ferry" in saved.value.path().read_text(encoding="utf-8")
    page.locator("#pasts li[aria-current] summary").click()
    with page.expect_download() as saved:
        page.locator("#pasts li[aria-current] [data-do=export-docx]").click()
    assert saved.value.path().read_bytes().startswith(b"PK")
    page.locator("#pasts li[aria-current] summary").click()
    page.locator("#pasts li[aria-current] [data-do=forget]").click()
    expect(page.locator("article.exchange")).to_have_count(0)
    expect(page.locator("#pasts li")).to_have_count(1)


def test_two_users_at_once_do_not_see_each_other(written_site, visit, model):
    one, other = visit(written_site), visit(written_site)
    model.go_on.clear()
    ask(one, QUESTION)
    expect(one.locator("#live .writing")).to_contain_text(ANSWER[0].strip())
    ask(other, OTHER)
    expect(other.locator("#panel .source").first).to_be_visible()
    expect(other.locator("#thread")).not_to_contain_text("water meters")
    model.go_on.set()
    answered(one)
    answered(other)
    expect(other.locator("article.exchange")).to_have_count(1)
    expect(one.locator("#thread")).not_to_contain_text("Filtration")


def test_retrieval_only_lists_passages_and_writes_nothing(written_site, visit, model):
    page = visit(written_site)
    page.get_by_role("button", name="Settings and about").click()
    page.locator("#options [name=evidence_only]").check()
    page.locator("#options [name=amount]").select_option("many")
    page.keyboard.press("Escape")
    before = model.asked
    ask(page, QUESTION)
    answered(page)
    expect(page.locator("#live .answer")).to_contain_text("Retrieval only")
    expect(page.locator("#panel .source", has_text="Larkspur Ferry").first).to_be_visible()
    assert model.asked == before


def test_the_keyboard_is_enough(site, visit):
    page = visit(site)
    page.locator("body").press("/")
    page.keyboard.type("Who is suing")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("the company over water meters?")
    expect(page.locator("#ask textarea")).to_have_value("Who is suing\nthe company over water meters?")
    page.keyboard.press("Enter")
    answered(page)
    page.locator("#live .mark").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer")).to_be_visible()
    page.locator(".sheet-of-paper").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#viewer .number")).to_have_value("8")
    menu = page.locator("#shelf .report summary").first
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#shelf [data-do=page]").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # sections
    expect(page.locator("dialog[open] .tree")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
