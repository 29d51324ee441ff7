"""A page whose server was stopped and started again, in a browser: it goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from retention_lib.benchmarks.cases import cases as comparisons
from retention_lib.documents import Document
from retention_lib.plans.cases import cases as plans
from retention_lib.presets import presets
from retention_lib.synthetic.cases import cases as questions
from retention_lib.views.notebooks import HOMES
from tests.browser.tools import Server, Watch, free_port, serving

pytestmark = pytest.mark.browser

# Of each kind one that its page does not open with anyway.
DOCUMENTS: Mapping[str, Document] = {
    "incentive": presets()[-1].scenario,
    "invest_to_save": plans()[-1].plan,
    "benchmark": comparisons()[-1].comparison,
    "what_happened": questions()[-1].question,
}


def opened(page: Page) -> tuple[str, str]:
    """Wait until a page can be used; gives its link and its first answer."""
    page.wait_for_selector("body[data-ready]", timeout=90_000)
    headline = page.locator(".rw-big").first
    expect(headline).not_to_be_empty(timeout=20_000)
    link = page.get_by_label("Link that opens exactly this").input_value()
    return urlsplit(link).query, headline.inner_text()


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_page_goes_on_where_it_was_after_the_server_started_again(
    root: Path, tmp_path: Path, page: Page, watch: Watch, kind: str
) -> None:
    watch.expect("404")
    watch.expect("ERR_")
    watch.expect("WebSocket")
    port = free_port()
    alert = page.get_by_role("alert")
    with serving(root, tmp_path / "first", port) as first:
        page.goto(_address(first, kind), wait_until="commit")
        before = opened(page)
    expect(alert).to_contain_text("This page has lost its connection", timeout=30_000)
    with serving(root, tmp_path / "second", port):
        # The page finds out by itself in time; here at once.
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(alert).to_contain_text("This page has gone to sleep", timeout=30_000)
        old = page.evaluate("document.body.dataset.kernelId")
        alert.get_by_role("button", name="Start again from where you were").click()
        page.wait_for_function("old => document.body.dataset.kernelId !== old", arg=old)
        assert opened(page) == before
        page.goto("about:blank")


def _address(server: Server, kind: str) -> str:
    """Give the address that opens a document."""
    return server.url(HOMES[kind].opens(DOCUMENTS[kind]))
