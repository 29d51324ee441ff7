"""How the incentives page looks: for every eye and hand, on a telephone and on a wide screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from retention_lib.presets import presets
from tests.browser.incentives import COST, SHARE, IncentivesApp
from tests.browser.tools import NARROW, WIDE, Server, wait_for
from tests.browser.workbook import (
    CUT_OFF,
    SIDEWAYS,
    SMALL,
    SMALLEST_TARGET,
    SPACED,
    opened,
)

pytestmark = pytest.mark.browser

Axe = Callable[[Page], list[str]]

SMALLEST_TEXT = 11.5  # CSS pixels

# Each picture's parts, and each of its words: how large it is drawn and whether all of it is seen.
# Where there is no Arial a word may reach a little past the paper, and is not cut there.
PICTURES = """() => [...document.querySelectorAll("figure")].map((figure) => {
    const svg = figure.querySelector("svg");
    const named = svg?.getAttribute("aria-labelledby").split(" ") ?? [];
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    const spill = svg && getComputedStyle(svg).overflow === "visible" ? 12 : 0.5;
    const within = (box, paper) => box.x > -spill && box.y > -0.5
        && box.x + box.width < paper.width + spill && box.y + box.height < paper.height + 0.5;
    return {
        heading: figure.querySelector("h3").textContent,
        drawn: Boolean(svg),
        role: svg?.getAttribute("role"),
        names: named.map((id) => figure.querySelector(`[id="${id}"]`)?.textContent ?? ""),
        doubled: named.filter((id) => document.querySelectorAll(`[id="${id}"]`).length > 1),
        reading: figure.querySelector("figcaption").textContent,
        words: [...figure.querySelectorAll("svg text")].map((text) => ({
            text: text.textContent,
            size: parseFloat(getComputedStyle(text).fontSize) * scale,
            whole: within(text.getBBox(), svg.viewBox.baseVal),
        })),
    };
})"""


@pytest.fixture(scope="module", params=[NARROW, WIDE], ids=["narrow", "wide"])
def shared(
    request: pytest.FixtureRequest, browser: Browser, server: Server
) -> Iterator[IncentivesApp]:
    with opened(IncentivesApp, browser, server, request.param) as app:
        yield app


def pictures(app: IncentivesApp) -> list[dict[str, Any]]:
    """Look at every picture, once each is drawn for the room it has."""
    wait_for(lambda: app.page.evaluate(FITS), "the pictures to be drawn for their room", 5)
    found: list[dict[str, Any]] = app.page.evaluate(PICTURES)
    return found


FITS = """[...document.querySelectorAll(".rw-drawing svg")].every((svg) => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return scale > 0.9 && scale < 1.1;
})"""


def use(app: IncentivesApp) -> None:
    """Leave the page as it is after use: all open, a reason asked for, an error shown."""
    app.open_all()
    app.type(COST, "25,000")
    app.type(SHARE, "abc")
    expect(app.says(SHARE)).to_be_visible()
    expect(app.field(COST).locator(".rw-reason")).to_be_visible()
    app.open_all()
    app.wait_for_ranges()
    for figure in app.page.locator("figure").all():
        expect(figure.locator("tbody tr").first).to_be_attached()


def test_every_picture_has_its_name_its_sentence_its_table_and_its_file(app: IncentivesApp) -> None:
    app.wait_for_ranges()
    found = pictures(app)
    assert [one["heading"] for one in found if one["drawn"]] == [
        "What it needs, against what studies found",
        "How sure is that?",
        "Money by year",
        "Of the 68 who are paid, still here",
        "Where it pays",
        "What would change the answer",
        "If neighbours bid too",
        "From paid to net",
    ]
    for one in found:
        assert one["doubled"] == []
        if one["drawn"]:
            assert one["role"] == "img"
            assert one["names"] == [one["heading"], one["reading"]]
            assert len(one["reading"]) > 20
    for figure in app.page.locator("figure").all():
        app.open_table(figure)
        expect(figure.locator("table caption")).not_to_be_empty()
        expect(figure.locator("th[scope=row]").first).to_be_visible()
        expect(figure.get_by_role("button", name="Download this table (CSV)")).to_be_visible()


def test_words_of_every_cases_pictures_are_large_enough_and_whole(app: IncentivesApp) -> None:
    for each in presets():
        app.choose_case(each.id)
        for one in pictures(app):
            small = [word for word in one["words"] if word["size"] < SMALLEST_TEXT]
            cut = [word for word in one["words"] if not word["whole"]]
            assert (each.id, one["heading"], small, cut) == (each.id, one["heading"], [], [])
        assert app.page.evaluate(SIDEWAYS) == 0


def test_page_is_accessible_before_and_after_use(app: IncentivesApp, axe: Axe) -> None:
    assert axe(app.page) == []
    assert app.page.evaluate(SIDEWAYS) == 0
    assert app.page.evaluate(SMALL, SMALLEST_TARGET) == []
    use(app)
    assert axe(app.page) == []
    assert app.page.evaluate(SIDEWAYS) == 0
    assert app.page.evaluate(SMALL, SMALLEST_TARGET) == []
    assert app.page.evaluate(CUT_OFF) == []


def test_wide_tables_can_be_scrolled_by_keyboard(app: IncentivesApp) -> None:
    # Those that are open from the start, then those that are opened.
    app.agrees()  # the address bar follows a moment later
    app.open(app.address())
    app.wait_for_ranges()
    for figure in app.page.locator("figure").all():
        app.open_table(figure)
        place = figure.locator(".rw-scroll")
        if place.evaluate("one => one.scrollWidth > one.clientWidth + 1"):
            expect(place).to_have_attribute("tabindex", "0")
            expect(place).to_have_attribute("role", "region")
            named = f"Table: {figure.locator('h3').inner_text()}"
            expect(place).to_have_attribute("aria-label", named)


def test_text_may_be_spaced_and_the_page_enlarged_without_loss(app: IncentivesApp) -> None:
    style = app.page.add_style_tag(content=SPACED)
    app.open_all()
    assert app.page.evaluate(CUT_OFF) == []
    assert app.page.evaluate(SIDEWAYS) == 0
    style.evaluate("one => one.remove()")
    size = app.page.viewport_size
    assert size is not None
    for width in (700, 999, 1000, 1199, 1200):
        app.page.set_viewport_size(ViewportSize(width=width, height=450))
        pictures(app)
        assert (width, app.page.evaluate(SIDEWAYS)) == (width, 0)
        assert app.page.evaluate(CUT_OFF) == []
        expect(app.headline).to_be_visible()
    app.page.set_viewport_size(size)


def test_pictures_keep_their_paper_in_high_contrast(app: IncentivesApp) -> None:
    app.page.emulate_media(forced_colors="active", color_scheme="dark")
    svg = app.page.locator("figure svg").first
    expect(svg).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(svg.locator("text").first).to_have_css("forced-color-adjust", "none")
    app.page.emulate_media(forced_colors="none", color_scheme="light")


def test_answer_stays_in_sight_and_never_over_what_has_the_focus(app: IncentivesApp) -> None:
    pinned = app.page.locator(".rw-pinned")
    app.open_all(False)
    app.headline.scroll_into_view_if_needed()
    expect(pinned).to_be_hidden()
    app.page.get_by_role("button", name="Copy the link").focus()
    expect(pinned).to_be_visible()
    expect(pinned).to_have_text(app.headline.inner_text())
    covered = []
    for _ in range(40):
        app.page.keyboard.press("Shift+Tab")
        below = app.page.evaluate("""() => {
            const bar = document.querySelector(".rw-pinned");
            const box = document.activeElement.getBoundingClientRect();
            return !bar.hidden && box.bottom > bar.getBoundingClientRect().top;
        }""")
        if below:
            covered.append(app.page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
    assert covered == []
