"""The front page, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from retention_lib.benchmarks.cases import cases as comparisons
from retention_lib.evaluation import evaluate
from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import case as plan_case
from retention_lib.plans.cases import cases as plans
from retention_lib.presets import preset, presets
from tests.browser.incentives import CASE, INCENTIVES
from tests.browser.tools import NARROW, WIDE, Server
from tests.browser.workbook import CUT_OFF, SIDEWAYS, SPACED, START

pytestmark = pytest.mark.browser

Ready = Callable[[str], str]
Axe = Callable[[Page], list[str]]

PLANS, BENCHMARKS = "02_invest_to_save.ipynb", "03_benchmarks.ipynb"
EVIDENCE, HAPPENED = "04_evidence.ipynb", "05_did_it_work.ipynb"
QUESTIONS = (
    ("Would a golden hello or a retention bonus pay for itself?", INCENTIVES),
    ("What would investing over four years do?", PLANS),
    ("Where do we stand, and what is the gap worth?", BENCHMARKS),
    ("Did it work there?", HAPPENED),
    ("What is every number based on?", EVIDENCE),
)


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
    for plan in plans():
        link = page.get_by_role("link", name=plan.title, exact=True)
        expect(link).to_have_attribute("href", f"{PLANS}?case={plan.id}")
        item = page.locator(".cases li").filter(has=link)
        expect(item).to_contain_text(plan.summary)
        expect(item).to_contain_text(appraise(plan.plan).headline)
    for story in comparisons():
        link = page.get_by_role("link", name=story.title, exact=True)
        expect(link).to_have_attribute("href", f"{BENCHMARKS}?case={story.id}")


def test_front_page_asks_the_workbooks_questions_in_their_order(
    server: Server, page: Page, ready: Ready
) -> None:
    ready(f"{server.address}/")
    asked = page.get_by_role("heading", level=2).all_text_contents()
    assert asked[: len(QUESTIONS)] == [question for question, _ in QUESTIONS]
    buttons = page.locator(".rw-start a.button")
    expect(buttons).to_have_count(len(QUESTIONS))
    for button, (_, notebook) in zip(buttons.all(), QUESTIONS, strict=True):
        expect(button).to_have_attribute("href", notebook)


def test_link_to_a_plan_opens_that_plan(server: Server, page: Page, ready: Ready) -> None:
    ready(f"{server.address}/")
    chosen = plan_case("gloucestershire-2m")
    page.get_by_role("link", name=chosen.title, exact=True).click()
    expect(page.get_by_label(CASE)).to_have_value(chosen.id, timeout=60_000)
    expect(page.locator(".rw-big")).to_contain_text(appraise(chosen.plan).headline)


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
