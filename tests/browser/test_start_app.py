"""The front page, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from retention_lib.benchmarks.cases import cases as comparisons
from retention_lib.evaluation import evaluate
from retention_lib.presets import preset, presets
from tests.browser.incentives import CASE, INCENTIVES
from tests.browser.tools import NARROW, WIDE, Server
from tests.browser.workbook import CUT_OFF, SIDEWAYS, SPACED, START

pytestmark = pytest.mark.browser

Ready = Callable[[str], str]
Axe = Callable[[Page], list[str]]


def test_front_page_leads_to_every_case(server: Server, page: Page, ready: Ready) -> None:
    ready(f"{server.address}/")
    assert urlsplit(page.url).path.endswith(START)
    assert "Retention Workbook" in page.title()
    assert page.get_attribute("html", "lang") == "en-GB"
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    for role in ("banner", "main", "contentinfo", "navigation"):
        expect(page.get_by_role(role)).to_have_count(1)
    cases = page.locator(".cases").first.locator("li")
    expect(cases).to_have_count(len(presets()))
    for case, each in zip(cases.all(), presets(), strict=True):
        link = case.get_by_role("link", name=each.title, exact=True)
        expect(link).to_have_attribute("href", f"{INCENTIVES}?case={each.id}")
        expect(case).to_contain_text(evaluate(each.scenario).headline)
    for story in comparisons():
        link = page.get_by_role("link", name=story.title, exact=True)
        expect(link).to_have_attribute("href", f"03_benchmarks.ipynb?case={story.id}")


def test_link_to_a_case_opens_that_case(server: Server, page: Page, ready: Ready) -> None:
    ready(f"{server.address}/")
    chosen = preset("flat-golden-hello")
    page.get_by_role("link", name=chosen.title, exact=True).click()
    expect(page.get_by_label(CASE)).to_have_value(chosen.id, timeout=60_000)
    expect(page.locator(".rw-big")).to_have_text(evaluate(chosen.scenario).headline)
    expect(page.get_by_role("link", name="Incentives")).to_have_attribute("aria-current", "page")


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_front_page_is_accessible_and_fits(
    server: Server, page: Page, ready: Ready, axe: Axe, viewport: ViewportSize
) -> None:
    ready(f"{server.address}/")
    assert axe(page) == []
    assert page.evaluate(SIDEWAYS) == 0
    page.add_style_tag(content=SPACED)
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(SIDEWAYS) == 0
