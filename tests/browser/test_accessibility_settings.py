"""Every page as its reader's own settings have it: zoom, spacing, colours, motion and paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.accessibility import APPS, PAGES, PLAIN, open_all, visiting
from tests.browser.tools import NARROW, WIDE, Server
from tests.browser.workbook import CUT_OFF, SIDEWAYS, SPACED, at_rest

pytestmark = pytest.mark.browser

Axe = Callable[[Page], list[str]]

TWICE: ViewportSize = {"width": 700, "height": 450}  # 1,400 by 900 at 200%
FOUR_TIMES = NARROW  # 1,280 at 400%

# Boxes that hide a part of what is in them and cannot be scrolled to it; words for screen readers
# alone are not meant to be seen.
CLIPPED = """() => [...document.querySelectorAll("main *, header *, footer *")]
    .filter((one) => one.checkVisibility() && !one.closest("svg, select, .rw-hidden, thead"))
    .filter((one) => [getComputedStyle(one).overflowX, getComputedStyle(one).overflowY]
        .some((is) => ["hidden", "clip"].includes(is)))
    .filter((one) => !one.matches("input, .rw-few") && one.clientWidth > 1)
    .filter((one) => one.scrollWidth > one.clientWidth + 1
        || one.scrollHeight > one.clientHeight + 1)
    .map((one) => one.outerHTML.slice(0, 120))"""

# Words and figures of the answer's facts that stand on more than one line.
BROKEN = """() => [...document.querySelectorAll(".rw-facts b")].flatMap((one) => {
    const range = document.createRange();
    return [...one.textContent.matchAll(/[^\\s-]+/g)].filter((word) => {
        range.setStart(one.firstChild, word.index);
        range.setEnd(one.firstChild, word.index + word[0].length);
        const parts = [...range.getClientRects()].filter((part) => part.width > 0);
        return new Set(parts.map((part) => Math.round(part.top))).size !== 1;
    }).map((word) => word[0]);
})"""

# Cells of tables whose own headings have no room beside them.
SQUEEZED = """() => [...document.querySelectorAll("td[data-label]")]
    .filter((one) => one.checkVisibility() && getComputedStyle(one).display === "grid")
    .filter((one) => parseFloat(getComputedStyle(one).gridTemplateColumns) < 64)
    .map((one) => one.textContent)"""

MOVING = (
    """() => document.getAnimations().map((one) => one.effect?.target?.outerHTML.slice(0, 90))"""
)

# Of what has the focus: whether its outline differs from what it stands on.
OUTLINED = """() => {
    const at = document.activeElement;
    const style = getComputedStyle(at.type === "file" ? at.closest("label") : at);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
        && style.outlineColor !== getComputedStyle(document.body).backgroundColor;
}"""

# What is told by a line or a surface alone, and has to be there in forced colours too: its colour
# must not be that of the page.
MARKS = {
    "the page one is on": (".banner [aria-current]", "borderBottomColor"),
    "the answer's edge": (".rw-answer", "borderLeftColor"),
    "a button's edge": (".rw-button", "borderTopColor"),
    "a number box's edge": (".rw-number input", "borderTopColor"),
    "where the case stands on a slider": (".rw-mark", "backgroundColor"),
    "how far an assumption moves the answer": (".rw-bar > i", "backgroundColor"),
    "a mistake's edge": (".rw-wrong", "borderLeftColor"),
}


def fits(page: Page) -> None:
    """Nothing is cut off and nobody has to scroll sideways."""
    assert page.evaluate(SIDEWAYS) == 0
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(CLIPPED) == []


@pytest.mark.parametrize("name", PAGES)
def test_page_can_be_enlarged_and_its_text_spaced_in_a_dark_system(
    browser: Browser, server: Server, axe: Axe, name: str
) -> None:
    with visiting(browser, server, name, TWICE, device_scale_factor=2, color_scheme="dark") as page:
        fits(page)
        open_all(page)
        fits(page)
        page.set_viewport_size(FOUR_TIMES)
        at_rest(page)
        fits(page)
        assert axe(page) == []
        page.add_style_tag(content=SPACED)
        for size in (FOUR_TIMES, TWICE):
            page.set_viewport_size(size)
            at_rest(page)
            fits(page)


@pytest.mark.parametrize("name", APPS)
def test_no_figure_is_broken_and_every_cell_has_its_heading_on_a_narrow_screen(
    browser: Browser, server: Server, name: str
) -> None:
    with visiting(browser, server, name, NARROW) as page:
        open_all(page)
        assert page.locator(".rw-facts b").count() > 3
        assert page.evaluate(BROKEN) == []
        assert page.evaluate(SQUEEZED) == []


@pytest.mark.parametrize("name", PAGES)
def test_forced_colours_leave_focus_choices_marks_and_edges_and_nothing_moves(
    browser: Browser, server: Server, axe: Axe, name: str
) -> None:
    asked: dict[str, Any] = {
        "color_scheme": "dark",
        "forced_colors": "active",
        "reduced_motion": "reduce",
    }
    with visiting(browser, server, name, WIDE, **asked) as page:
        number = page.locator(".rw-number input").filter(visible=True).first
        if number.count():
            number.fill("abc")
            number.press("Tab")
            assert page.evaluate(MOVING) == []
        open_all(page)
        assert page.evaluate(MOVING) == []
        # Of text axe reads the colours that we ask for, and not those that the system draws.
        found = [one for one in axe(page) if not one.startswith("color-contrast")]
        assert found == []
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        for what, (selector, edge) in MARKS.items():
            for one in page.locator(selector).filter(visible=True).all()[:3]:
                colour = one.evaluate("(one, edge) => getComputedStyle(one)[edge]", edge)
                assert (what, colour) != (what, paper)
        others = page.locator(".banner li a:not([aria-current])")
        for one in others.all():
            edge = one.evaluate("one => getComputedStyle(one).borderBottomColor")
            assert edge in (paper, "rgba(0, 0, 0, 0)")
        page.locator(".skip-link").focus()
        for _ in range(25):
            assert page.evaluate(OUTLINED)
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
        for svg in page.locator("figure svg").all():
            expect(svg).to_have_css("forced-color-adjust", "none")
            expect(svg).to_have_css("background-color", "rgb(255, 255, 255)")


@pytest.mark.parametrize("name", PAGES)
def test_paper_has_the_words_and_the_tables_and_no_controls(
    browser: Browser, server: Server, name: str, tmp_path: Path
) -> None:
    with visiting(browser, server, name) as page:
        open_all(page)
        page.emulate_media(media="print")
        for kind in ("navigation", "slider", "button", "progressbar"):
            expect(page.get_by_role(kind).filter(visible=True)).to_have_count(0)
        expect(page.locator(".skip-link, .rw-pinned").filter(visible=True)).to_have_count(0)
        if name in APPS:
            expect(page.locator(".rw-big")).to_be_visible()
            assert page.locator("main figure table").filter(visible=True).count() > 2
            assert page.evaluate(CLIPPED) == []
        made = tmp_path / f"{name}.pdf"
        page.pdf(path=made, prefer_css_page_size=True)
        assert made.stat().st_size > (5_000 if name in PLAIN else 30_000)
