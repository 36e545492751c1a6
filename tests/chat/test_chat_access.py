"""Who may see the chat, in a browser: signing in and out, users apart, a reverse proxy, the pages' policies."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from browsing import QUESTION, answered, ask, upload
from playwright.sync_api import Page, expect

PASSWORDS = {"ann": "seven grey herons", "ben": "nine blue otters"}


@pytest.fixture(scope="module")
def guarded(open_site) -> str:
    """A site whose users the command line added."""
    url = open_site(llm="none", auth="users")
    for name, password in PASSWORDS.items():
        add = [sys.executable, "-m", "rag.cli", "users", "add", name, "--store", str(open_site.stores[url])]
        added = subprocess.run(add, input=f"{password}\n", capture_output=True, text=True, check=False)
        assert added.returncode == 0, added.stderr
    return url


@contextmanager
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser says of the content security policy while the page is used."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_users_sign_in_see_their_own_chats_only_and_sign_out(guarded, browser):
    pages = {}
    for name, password in PASSWORDS.items():
        page = pages[name] = browser.new_context(locale="en-US").new_page()
        page.goto(guarded, wait_until="commit")
        expect(page).to_have_url(f"{guarded}/login?next=/")
        if name == "ann":
            sign_in(page, name, "seven grey storks")
            expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
            expect(page.get_by_label("Name")).to_have_value("ann")
        sign_in(page, name, password)
        expect(page).to_have_url(f"{guarded}/")
        page.locator("#shelf .report").first.wait_for(state="attached")
    ann, ben = pages["ann"], pages["ben"]
    with complaints(ann) as said:
        ask(ann, QUESTION)
        answered(ann)
        for page, chats in ((ann, 1), (ben, 0)):
            page.get_by_role("button", name="Chats").click()
            page.locator("#find-past input").fill("larkspur")
            expect(page.locator("#pasts .quiet")).to_have_count(1 - chats)
            expect(page.locator("#pasts li")).to_have_count(chats)
        kept = ann.evaluate("JSON.parse(localStorage['report-qa']).conversation")
        assert kept
        ben.evaluate("id => localStorage['report-qa'] = JSON.stringify({ conversation: id })", kept)
        ben.reload(wait_until="commit")
        ben.locator("#shelf .report").first.wait_for(state="attached")
        expect(ben.locator("article.exchange")).to_have_count(0)
        ann.get_by_role("button", name="Settings and about").click()
        expect(ann.locator("dialog .user")).to_contain_text("Signed in as ann")
        ann.get_by_role("button", name="Sign out").click()
        expect(ann.get_by_label("Password")).to_be_visible()
        assert ann.request.get(f"{guarded}/api/reports").status == httpx.codes.UNAUTHORIZED
        assert ben.request.get(f"{guarded}/api/reports").status == httpx.codes.OK
    assert said == []
    for page in pages.values():
        page.context.close()


def test_behind_a_proxy_the_header_is_the_user_and_nobody_signs_out_here(open_site, visit, browser):
    url = open_site(llm="none", auth="proxy")
    for name in PASSWORDS:
        page = visit(url, extra_http_headers={"x-forwarded-user": name})
        if name == "ann":
            ask(page, QUESTION)
            answered(page)
        page.get_by_role("button", name="Chats").click()
        expect(page.locator("#pasts li")).to_have_count(int(name == "ann"))
        page.get_by_role("button", name="Settings and about").click()
        expect(page.locator("dialog .user")).to_have_text(f"Signed in as {name}")
        expect(page.locator("dialog [data-do=sign-out]")).to_have_count(0)
    stranger = browser.new_context().new_page()
    assert stranger.goto(url).status == httpx.codes.UNAUTHORIZED
    stranger.context.close()


def test_the_apis_page_the_pdf_and_the_chat_keep_to_their_policies(site, visit):
    page = visit(site)
    with complaints(page) as said:
        ask(page, QUESTION)
        answered(page)
        page.locator("#live .mark").first.click()
        link = page.locator("#viewer a.pdf").get_attribute("href")
        assert link.endswith("#page=9")
        pdf = page.request.get(f"{site}/{link}")
        assert (pdf.headers["content-type"], pdf.body()[:4]) == ("application/pdf", b"%PDF")
        page.goto(f"{site}/api/docs")
        expect(page.get_by_role("heading", name="POST /api/ask")).to_be_visible()
        accent = page.locator("h3 b").first.evaluate("one => getComputedStyle(one).color")
        assert accent == "rgb(15, 118, 110)"  # the page's own style is let through
    assert said == []


def test_a_file_that_is_too_large_is_refused_in_the_users_language_and_the_others_are_added(open_site, visit, tmp_path):
    page = visit(open_site(llm="none", max_file_mb=1), locale="zh-CN")
    (tmp_path / "large.txt").write_bytes(b"The mill ground rye. " * 60_000)
    (tmp_path / "small.txt").write_text("The mill of Osterby ground 88 tons of rye.", encoding="utf-8")
    upload(page, tmp_path / "large.txt", tmp_path / "small.txt")
    expect(page.locator(".toast")).to_have_text("large.txt：超过 1 MB，未添加。")
    expect(page.locator("#told .done")).to_contain_text("small.txt 已添加")
    upload(page, tmp_path / "large.txt")
    expect(page.locator(".toast").last).to_have_text("large.txt：超过 1 MB，未添加。")
    expect(page.locator("#shelf .report", has_text="large.txt")).to_have_count(0)
