"""The accessibility statement: in its place, in the form that is asked for, and true."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from retention_lib.version import VERSION
from tests.browser.accessibility import NOT_FOUND, STATEMENT, address_of, visiting
from tests.browser.tools import NARROW, WIDE, Server, Watch, serving
from tests.browser.workbook import CUT_OFF, SIDEWAYS

pytestmark = pytest.mark.browser

Axe = Callable[[Page], list[str]]

PARTS = (
    "How accessible it is",
    "Feedback and contact information",
    "Enforcement procedure",
    "Technical information about accessibility",
    "Non-accessible content",
    "Preparation of this accessibility statement",
)
LAW = (
    "Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018"
)


@pytest.mark.parametrize("name", ["start", STATEMENT, NOT_FOUND])
def test_footer_leads_to_the_statement(browser: Browser, server: Server, name: str) -> None:
    with visiting(browser, server, name) as page:
        link = page.get_by_role("contentinfo").get_by_role("link", name="Accessibility statement")
        link.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Accessibility statement")


def test_statement_has_every_part_that_the_law_asks_for(server: Server, page: Page) -> None:
    page.goto(address_of(server, STATEMENT))
    assert page.title() == "Accessibility statement – Retention Workbook"
    assert page.get_by_role("heading", level=2).all_text_contents() == list(PARTS)
    for words in (LAW, "EHRC", "EASS", "partially compliant", "2.2", "was prepared on", VERSION):
        expect(page.get_by_role("main")).to_contain_text(words)
    for untested in ("No screen reader was used", "No people with disabilities took part"):
        expect(page.get_by_role("main")).to_contain_text(untested)


def test_statement_says_that_nobody_can_be_reached_until_the_operator_says_who(
    server: Server, page: Page
) -> None:
    page.goto(address_of(server, STATEMENT))
    expect(page.get_by_role("main")).to_contain_text("has not said here how to reach them")


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_statement_names_the_operator_as_words_whatever_they_are(
    root: Path, tmp_path: Path, page: Page, axe: Axe, watch: Watch, viewport: ViewportSize
) -> None:
    said = {"RETENTION_RUN_BY": "<b>Anywhere</b> Council", "RETENTION_CONTACT": "web@any.gov.uk"}
    with serving(root, tmp_path / "log", None, **said) as running:
        page.goto(address_of(running, STATEMENT))
        main = page.get_by_role("main")
        expect(main).to_contain_text("It is run by <b>Anywhere</b> Council.")
        expect(main).not_to_contain_text("has not said here")
        link = main.get_by_role("link", name="web@any.gov.uk")
        expect(link).to_have_attribute("href", "mailto:web@any.gov.uk")
        assert axe(page) == []
        assert page.evaluate(SIDEWAYS) == 0
        assert page.evaluate(CUT_OFF) == []
        page.goto("about:blank")
