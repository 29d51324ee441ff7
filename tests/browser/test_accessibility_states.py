"""axe finds nothing in any state of any page, on a telephone and on a wide screen.

Pages as they are opened, with everything open and with errors beside their fields are looked at in
the tests of each page as well; here are the states that all pages share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.browser.accessibility import APPS, open_all, visiting
from tests.browser.standins import MOVING
from tests.browser.tools import NARROW, WIDE, Server, Watch
from tests.browser.workbook import SIDEWAYS, at_rest

pytestmark = pytest.mark.browser

Axe = Callable[[Page], list[str]]

NOT_A_FILE = FilePayload(name="notes.json", mimeType="application/json", buffer=b"{ never closed")
NOT_A_TABLE = FilePayload(name="notes.csv", mimeType="text/csv", buffer=b"a;b\n1;2\n")

both_sizes = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])


def mistakes(page: Page) -> None:
    """Make one of every kind of mistake: no number, an impossible one, and no money at all."""
    numbers = page.locator(".rw-is-number .rw-number input").filter(visible=True)
    for box, text in zip(numbers.all()[:2], ("abc", "999999999999"), strict=False):
        box.fill(text)
        box.press("Tab")
    pounds = page.locator("#rw-four-pounds").filter(visible=True)
    if pounds.count():
        pounds.fill("plenty")
        pounds.press("Enter")
    at_rest(page)
    wrong = page.locator(".rw-problem").filter(visible=True)
    expect(wrong).to_have_count(min(numbers.count(), 2) + pounds.count())


def failed_upload(page: Page) -> None:
    """Open a file that cannot be read, in every place that takes one."""
    page.get_by_label("Open a saved scenario").set_input_files(NOT_A_FILE)
    expect(page.locator(".rw-takeaway [role=alert]")).to_contain_text("cannot be opened")
    page.get_by_label("Add a saved file").set_input_files(NOT_A_FILE)
    expect(page.locator(".rw-compare .rw-told")).not_to_be_empty()
    own = page.get_by_label("Choose a file")
    if own.count():
        own.set_input_files(NOT_A_TABLE)
        expect(page.locator(".rw-upload [role=status]")).not_to_be_empty()


def fill_the_comparison(page: Page) -> Iterator[str]:
    """Keep answers to compare, in the way the page has for several at once where it has one."""
    page.get_by_role("button", name="Keep this to compare").click()
    expect(page.locator(".rw-kept > li").first).to_be_visible()
    four = page.get_by_role("button", name="Set the same money four ways").filter(visible=True)
    if four.count():
        four.click()
        replace = page.get_by_role("button", name="Replace them")
        expect(replace).to_be_visible()
        yield "a question asked"
        replace.click()
        expect(page.locator(".rw-side table").first).to_have_attribute(
            "role", "table", timeout=30_000
        )
        at_rest(page)


def states(page: Page) -> Iterator[str]:
    """Bring an app from one state into the next; gives what each is called."""
    yield from fill_the_comparison(page)
    yield "a comparison"
    mistakes(page)
    failed_upload(page)
    open_all(page)
    yield "mistakes in fields and files, everything open"


@both_sizes
@pytest.mark.parametrize("name", APPS)
def test_axe_finds_nothing_in_any_state_of_an_app(
    browser: Browser, server: Server, axe: Axe, name: str, size: ViewportSize
) -> None:
    with visiting(browser, server, name, size) as page:
        for state in states(page):
            assert (state, axe(page)) == (state, [])
            assert (state, page.evaluate(SIDEWAYS)) == (state, 0)


@both_sizes
def test_axe_finds_nothing_while_files_are_looked_at_and_blocks_worked_out(
    browser: Browser, server: Server, axe: Axe, size: ViewportSize
) -> None:
    with visiting(browser, server, "plans", size) as page:
        number = page.locator(".rw-is-number .rw-number input").first
        number.press("ArrowUp")
        expect(page.get_by_role("progressbar", name="Ranges worked out")).to_be_visible()
        assert axe(page) == []
        number.press("ArrowDown")
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("button", name="Work the ranges out again")).to_be_visible()
        assert axe(page) == []
        page.get_by_role("button", name="Word").first.click()
        assert axe(page) == []


@both_sizes
def test_axe_finds_nothing_on_a_page_that_is_being_made_or_cannot_be(
    shell: Server, page: Page, watch: Watch, axe: Axe, viewport: ViewportSize, size: ViewportSize
) -> None:
    watch.expect("ERR_")
    page.set_viewport_size(size)
    page.route("**/live.js*", lambda route: route.abort())
    page.goto(shell.url(MOVING))
    expect(page.locator("#starting")).to_be_visible()
    assert axe(page) == []
    page.unroute("**/live.js*")
    page.goto(shell.url(MOVING))
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    page.route("**/api/kernels/*", lambda route: route.abort())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    lost = page.get_by_role("alert")
    expect(lost).to_contain_text("This page has lost its connection")
    assert axe(page) == []
    page.unroute("**/api/kernels/*")
    again = lost.get_by_role("button", name="Try again")
    again.focus()
    page.keyboard.press("Enter")
    expect(lost).to_have_count(0)
    # Where the button was, the focus is in the page again.
    expect(page.locator("#main")).to_be_focused()
