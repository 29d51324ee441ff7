"""Who has come to something by keyboard, opened it or scrolled it keeps it when answers come in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.evidence import EvidenceApp
from tests.browser.plans import OTHER, PlansApp
from tests.browser.tools import NARROW, Server
from tests.browser.workbook import at_rest, opened

pytestmark = pytest.mark.browser

# A slider is moved without the focus, as an answer comes in that was asked for before.
MOVE = """(slider) => {
    const middle = (Number(slider.min) + Number(slider.max)) / 2;
    slider.value = Number(slider.value) > middle ? slider.min : slider.max;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@pytest.fixture(scope="module")
def shared(browser: Browser, server: Server) -> Iterator[PlansApp]:
    with opened(PlansApp, browser, server) as one:
        at_rest(one.page)
        yield one


def slow_down(page: Page, times: float) -> None:
    """Make the browser as slow as a poor machine's."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": times})


def move_a_slider(app: PlansApp) -> None:
    """Have the page answer something new, without touching the focus."""
    before = app.headline.inner_text()
    app.page.get_by_role("slider").first.evaluate(MOVE)
    expect(app.headline).not_to_have_text(before)
    at_rest(app.page)


def words_that_open(app: PlansApp) -> Locator:
    """The sentences that are made anew with every answer."""
    return app.page.locator("summary", has_text="What would change the answer, in sentences")


def test_button_that_stops_the_ranges_keeps_the_focus_when_they_are_in(app: PlansApp) -> None:
    app.wait_for_ranges()
    app.page.get_by_role("slider").first.evaluate(MOVE)
    button = app.refining.get_by_role("button")
    expect(button).to_have_text("Stop")
    button.focus()
    app.wait_for_ranges()
    at_rest(app.page)
    expect(button).to_be_focused()
    expect(button).to_have_text("Work the ranges out again")
    app.page.keyboard.press("Tab")
    expect(button).to_be_hidden()
    assert app.page.evaluate("document.activeElement !== document.body")


def test_what_was_opened_in_words_stays_open_and_keeps_the_focus(app: PlansApp) -> None:
    app.wait_for_ranges()
    summary = words_that_open(app)
    summary.focus()
    app.page.keyboard.press("Enter")
    made = summary.element_handle()
    move_a_slider(app)
    app.wait_for_ranges()
    assert made is not None
    assert not made.evaluate("one => one.isConnected"), "the words were not made anew"
    expect(words_that_open(app)).to_be_focused()
    expect(app.page.locator("details", has=summary)).to_have_js_property("open", True)


def test_what_differs_stays_open_and_keeps_the_focus_though_its_number_changes(
    app: PlansApp,
) -> None:
    move_a_slider(app)
    differs = app.page.locator("details.rw-differs")
    differs.locator("summary").focus()
    app.page.keyboard.press("Enter")
    expect(differs).to_have_js_property("open", True)
    before = differs.locator("summary").inner_text()
    app.page.get_by_role("slider").nth(1).evaluate(MOVE)
    expect(differs.locator("summary")).not_to_have_text(before)
    expect(differs.locator("summary")).to_be_focused()
    expect(differs).to_have_js_property("open", True)


def test_source_that_was_opened_stays_open_and_keeps_the_focus_when_fields_are_drawn_anew(
    app: PlansApp,
) -> None:
    path = app.plan().measures[0].name
    app.open_section(f"Measure: {path}")
    source = app.page.locator(".rw-levers .rw-about > summary").filter(visible=True).first
    source.focus()
    app.page.keyboard.press("Enter")
    words = source.inner_text()
    add = app.page.get_by_role("button", name="Add", exact=True)
    app.page.get_by_role("combobox", name="Measures in the plan").select_option("own")
    add.evaluate("one => one.click()")
    app.wait_for(lambda plan: plan.measures[-1].kind == "own")
    at_rest(app.page)
    focused = app.page.locator("summary:focus")
    expect(focused).to_have_text(words)
    expect(app.page.locator("details", has=focused).last).to_have_js_property("open", True)


def test_table_stays_scrolled_when_its_answer_changes(browser: Browser, server: Server) -> None:
    with opened(PlansApp, browser, server, NARROW) as app:
        at_rest(app.page)
        months = app.page.get_by_role("region", name="Table: Month by month")
        app.page.get_by_text("Table: Month by month").first.click()
        months.focus()
        months.evaluate("one => one.scrollTo(60, 0)")
        move_a_slider(app)
        expect(months).to_be_focused()
        assert months.evaluate("one => one.scrollLeft") == 60


def test_lines_of_the_log_stay_open_when_it_is_searched(browser: Browser, server: Server) -> None:
    with opened(EvidenceApp, browser, server) as app:
        more = app.page.locator(".rw-pictures .rw-log .rw-about > summary").filter(visible=True)
        words = more.first.text_content()
        more.first.click()
        app.search.fill(str(words).split(": ", 1)[1])
        app.search.press("Tab")
        app.wait_for(lambda asked: bool(asked.search))
        at_rest(app.page)
        opened_one = app.page.locator(".rw-pictures .rw-log .rw-about[open] > summary")
        expect(opened_one.first).to_have_text(str(words))


def test_tab_reaches_every_control_while_ranges_come_in_on_a_slow_machine(
    browser: Browser, server: Server
) -> None:
    with opened(PlansApp, browser, server) as app:
        at_rest(app.page)
        slow_down(app.page, 4)
        app.choose_case(OTHER)
        app.add_measure("own")
        app.page.locator(".skip-link").focus()
        for stop in range(1, 61):
            app.page.keyboard.press("Tab")
            assert app.page.evaluate("document.activeElement !== document.body"), stop
            if stop % 5 == 0:
                app.page.wait_for_timeout(300)  # so that the ranges come in on the way
