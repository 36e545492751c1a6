"""The chat for everybody: names for screen readers, contrast, and phones."""

import pytest
from browsing import QUESTION, act, answered, ask, shown_page
from playwright.sync_api import Page, expect

# What can be used but has no name, in the accessibility tree's own terms.
NAMELESS = """() => [...document.querySelectorAll('button, input, select, textarea, a[href], summary')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.type !== 'hidden')
    .filter((one) => !(one.ariaLabel || one.labels?.[0]?.innerText || one.innerText || '').trim())
    .map((one) => one.outerHTML.slice(0, 120))"""
# Text whose contrast with what is behind it is under 4.5 (WCAG AA), with the ratio.
FAINT = """() => {
    const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
        .map((c) => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const over = (colour, under) => {
        canvas.fillStyle = `rgb(${under.join(' ')})`; canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const behind = (one) => {
        const all = [];
        for (let e = one; e; e = e.parentElement) all.unshift(getComputedStyle(e).backgroundColor);
        return all.reduce((under, colour) => over(colour, under), [255, 255, 255]);
    };
    const faint = [];
    for (const one of document.querySelectorAll('body *')) {
        const says = [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
        if (!says || !one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
        if (one.closest('.paper, :disabled, .hidden, style, script')) continue;
        const back = behind(one), front = over(getComputedStyle(one).color, back);
        const [a, b] = [light(front), light(back)];
        const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        const text = one.textContent.trim().slice(0, 40);
        if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${one.className || one.tagName}: ${text}`);
    }
    return faint;
}"""
WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.mark.parametrize(("language", "scheme"), [("zh-CN", "dark"), ("en-US", "light")])
def test_all_that_can_be_used_has_a_name_and_all_text_can_be_read(site, visit, language, scheme):
    page = visit(site, locale=language, color_scheme=scheme)

    def check() -> None:
        assert page.evaluate(NAMELESS) == []
        assert page.evaluate(FAINT) == []

    page.locator("#narrow [data-do=filters]").click()
    page.locator(".examples .chip").first.wait_for()
    check()
    ask(page, QUESTION)
    answered(page)
    page.locator("#live .mark").first.click()
    shown_page(page, 9)
    check()
    page.locator("#live [data-do=bad]").click()
    page.locator("dialog [name=reason]").wait_for()
    check()
    page.keyboard.press("Escape")
    page.locator("header.top [data-do=about]").click()
    page.locator("dialog dl").wait_for()
    check()
    page.keyboard.press("Escape")
    page.locator(".sides [data-side=pasts]").click()
    page.locator("#pasts li summary").first.click()
    check()


def swept(page: Page) -> None:
    assert not page.evaluate(WIDE)


def test_a_phone_shows_everything_without_scrolling_sideways(site, visit):
    page = visit(site, locale="zh-CN", viewport={"width": 360, "height": 740}, has_touch=True)
    swept(page)
    page.locator(".panes [data-pane=side]").click()
    page.locator("#narrow [data-do=filters]").click()
    swept(page)
    act(page, "zh_storage_weekly.pdf", "sections")
    page.locator("dialog .tree").wait_for()
    swept(page)
    page.keyboard.press("Escape")
    page.locator(".sides [data-side=pasts]").click()
    swept(page)
    page.locator(".panes [data-pane=talk]").click()
    ask(page, "2月国内新型储能招标容量同比增长多少？")
    answered(page)
    swept(page)
    page.locator("#live .mark").first.click()
    expect(page.locator("#viewer .number")).not_to_have_value("")
    for tool in ("previous", "next", "zoom-in", "as-text"):
        expect(page.locator(f"#viewer [data-do={tool}]")).to_be_in_viewport()
    swept(page)
