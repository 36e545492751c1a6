"""The list of reports: adding, filtering, choosing, renaming, removing; text of reports never becomes HTML."""

from browsing import QUESTION, act, answered, ask, upload
from playwright.sync_api import expect

SCRIPTED = """Orchard <script>document.title='taken'</script> review

The orchard of Quillhaven harvested 7,310 crates of pears in 2031.

<img src=x onerror="document.title='taken'"> [pear prices](https://pears.example/list) **not bold** ${document.title}

The pear prices of Quillhaven fell by 4.2% after the harvest. <script>document.title='taken'</script>
"""


def test_an_uploaded_report_is_asked_its_page_shown_and_its_text_never_becomes_html(own_site, visit, tmp_path):
    page = visit(own_site)
    page.evaluate(
        """() => { window.bars = 0; new MutationObserver(() => {
            window.bars += document.querySelectorAll('#told .step').length;
        }).observe(document.querySelector('#told'), { subtree: true, childList: true }); }"""
    )
    (tmp_path / "orchard.txt").write_text(SCRIPTED, encoding="utf-8")
    upload(page, tmp_path / "orchard.txt")
    expect(page.locator("#told .done")).to_contain_text("orchard.txt added")
    assert page.evaluate("window.bars") > 0
    expect(page.locator("#shelf .report", has_text="orchard.txt").locator("input")).to_be_checked()
    ask(page, "How far did the pear prices of Quillhaven fall?")
    answered(page)
    expect(page.locator("#panel .source", has_text="orchard.txt").first).to_contain_text("4.2%")
    expect(page.locator("#live .answer", has_text="<script>document.title='taken'</script>")).to_be_visible()
    page.locator("#live .mark").first.click()
    expect(page.locator(".page-text mark").first).to_be_visible()
    expect(page.locator(".page-text")).to_contain_text("4.2%")
    expect(page.locator(".page-text")).to_contain_text("[pear prices](https://pears.example/list) **not bold**")
    act(page, "orchard.txt", "sections")
    expect(page.locator("dialog[open] .tree")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_title("report-qa")
    for place in ("#thread", "#panel", "#shelf", ".page-text", "#sheet"):
        expect(page.locator(f"{place} script, {place} img, {place} a[href^=http]")).to_have_count(0)


def test_a_bad_file_is_explained_and_the_good_one_added(own_site, visit, tmp_path):
    page = visit(own_site)
    (tmp_path / "broken.pdf").write_text("this is no PDF", encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "fine.txt").write_text("Fine report\n\nThe mill of Osterby ground 88 tons of rye.", encoding="utf-8")
    upload(page, tmp_path / "broken.pdf", tmp_path / "empty.txt", tmp_path / "fine.txt")
    expect(page.locator("#told .done")).to_contain_text("fine.txt added")
    expect(page.locator("#told .alert")).to_have_count(2)
    expect(page.locator("#told .alert", has_text="broken.pdf")).to_contain_text("not added")
    expect(page.locator("#shelf .report", has_text="broken.pdf")).to_have_count(0)

    act(page, "fine.txt", "rename")
    page.locator("dialog [name=name]").fill("mill.txt")
    page.locator("dialog .main-button").click()
    expect(page.locator("#shelf .report", has_text="mill.txt")).to_be_visible()
    stale = page.locator("#shelf .report", has_text="Fine report").get_attribute("data-report")
    act(page, "Fine report", "reread")
    expect(page.locator("#told .done")).to_contain_text("mill.txt")
    row = page.locator("#shelf .report", has_text="Fine report").locator("[data-do=remove]")
    expect(row).not_to_have_attribute("data-report", stale)
    row.evaluate("(one, id) => one.dataset.report = id", stale)  # as on a page that was drawn before
    act(page, "Fine report", "remove")
    page.locator("dialog .main-button").click()
    expect(page.locator("#shelf .report", has_text="Fine report")).to_have_count(0)


def test_adding_is_cancelled_and_leaves_nothing(own_site, visit, tmp_path):
    page = visit(own_site)
    text = "\n\n".join(
        f"The mill number {n} of Osterby ground {n * 7} tons of rye in its year {n}." * 4 for n in range(4000)
    )
    (tmp_path / "mills.txt").write_text(text, encoding="utf-8")
    upload(page, tmp_path / "mills.txt")
    expect(page.locator("#told .step", has_text="mills.txt")).to_contain_text("Embedding")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#told .done")).to_contain_text("mills.txt cancelled")
    expect(page.locator("#shelf .report", has_text="mills.txt")).to_have_count(0)
    page.locator("#told [data-do=told-off]").click()
    expect(page.locator("#told .done")).to_have_count(0)


def test_an_open_menu_outlives_a_new_list(own_site, visit, tmp_path):
    page = visit(own_site)
    for name in ("first", "second"):
        (tmp_path / f"{name}.txt").write_text(f"The {name} mill of Osterby ground 88 tons of rye.", encoding="utf-8")
    upload(page, tmp_path / "first.txt")
    row = page.locator("#shelf .report", has_text="first.txt")
    with page.expect_file_chooser() as chooser:
        page.locator("#upload").click()
    row.locator("summary").click()
    chooser.value.set_files(tmp_path / "second.txt")
    expect(page.locator("#shelf .report", has_text="second.txt")).to_be_visible()
    expect(row.locator("[data-do=rename]")).to_be_visible()
    page.keyboard.press("Escape")
    upload(page, tmp_path / "first.txt")
    expect(page.locator("#told .done")).to_contain_text("first.txt")
    expect(row.locator("[data-do=rename]")).to_be_hidden()


def test_the_list_is_narrowed_and_only_ticked_reports_are_asked(site, visit):
    page = visit(site)
    row = page.locator("#shelf .report")
    expect(row.filter(has_text="en_annual_report.pdf")).to_contain_text("9 pages · English")
    expect(row.filter(has_text="zh_storage_weekly.pdf")).to_contain_text("云岚证券研究所 · 2026-03-15")
    page.locator("#narrow [name=text]").fill("云岚")
    expect(row).to_have_count(1)
    expect(page.locator(".scope")).to_have_text("Asking 1 of 2 reports")
    ask(page, QUESTION)
    answered(page)
    expect(page.locator("#panel .source", has_text="Larkspur")).to_have_count(0)
    page.locator("#narrow [name=text]").fill("")
    expect(row).to_have_count(2)
    page.get_by_role("button", name="Language and dates").click()
    page.locator("#narrow [name=since]").fill("2026")
    expect(row).to_have_count(1)
    page.locator("#narrow [name=since]").fill("20x6")
    expect(page.locator("#shelf .alert")).to_contain_text("20x6")
    page.locator("#narrow [name=since]").fill("")
    page.locator("#narrow [name=language]").select_option("en")
    expect(row).to_have_count(1)
    page.locator("#narrow [name=language]").select_option("")
    expect(row).to_have_count(2)
    page.locator("#every").uncheck()
    ask(page, QUESTION)
    expect(page.locator("#live .alert")).to_contain_text("No report is ticked")
    act(page, "en_annual_report.pdf", "only")
    expect(page.locator(".scope")).to_have_text("Asking 1 of 2 reports")


def test_a_report_shows_its_sections_and_what_was_set_aside(site, visit):
    page = visit(site)
    act(page, "en_annual_report.pdf", "sections")
    page.locator("dialog .tree button", has_text="Note 4. Debt").wait_for()
    page.locator("dialog [data-do=aside]").click()
    expect(page.locator("dialog .aside li").first).to_contain_text("running header or footer")
    page.locator("dialog .tree button", has_text="Note 4. Debt").click()
    expect(page.locator("#viewer .number")).to_have_value("9")


def test_the_page_asks_no_other_host_for_anything(site, browser):
    with browser.new_context() as user:
        page = user.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(site, wait_until="commit")
        page.locator("#shelf .report").first.wait_for()
        ask(page, QUESTION)
        answered(page)
        page.locator("#viewer img").wait_for()
    assert asked
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []
