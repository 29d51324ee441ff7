"""What the tests of accessibility share: every page there is, and what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.benchmarks import BENCHMARKS
from tests.browser.evidence import EVIDENCE
from tests.browser.happened import HAPPENED
from tests.browser.incentives import INCENTIVES
from tests.browser.plans import PLANS
from tests.browser.tools import WIDE, Server, Watch
from tests.browser.workbook import START, at_rest

APPS = {
    "incentives": INCENTIVES,
    "plans": PLANS,
    "benchmarks": BENCHMARKS,
    "evidence": EVIDENCE,
    "happened": HAPPENED,
}
WORKBOOKS = {"start": START, **APPS}
STATEMENT, NOT_FOUND = "statement", "not-found"
PLAIN = {STATEMENT: "accessibility", NOT_FOUND: "no-such-page"}
PAGES = (*WORKBOOKS, *PLAIN)


def address_of(server: Server, name: str) -> str:
    """Where a page is."""
    if name in PLAIN:
        return f"{server.address}/{PLAIN[name]}"
    return server.url(WORKBOOKS[name])


@contextmanager
def visiting(
    browser: Browser, server: Server, name: str, size: ViewportSize = WIDE, **settings: Any
) -> Iterator[Page]:
    """Open a page for a new visitor, with settings of their own, and wait until it is at rest."""
    context = browser.new_context(locale="en-GB", viewport=size, **settings)
    page, watch = context.new_page(), Watch()
    watch.follow(page)
    if name == NOT_FOUND:
        watch.expect("404")
    page.goto(address_of(server, name), wait_until="commit")
    if name in WORKBOOKS:
        page.wait_for_selector("body[data-ready]", timeout=60_000)
    if name in APPS:
        expect(page.locator(".rw-big")).not_to_be_empty(timeout=20_000)
    at_rest(page)
    yield page
    page.goto("about:blank")
    context.close()
    assert watch.foreign() == []
    assert watch.unexpected() == []


def open_all(page: Page) -> None:
    """Open everything that opens, and wait for what it holds."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    at_rest(page)
