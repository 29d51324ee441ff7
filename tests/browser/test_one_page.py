"""The page that needs no server, opened from a file: moved, read, printed, and without scripts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from retention_lib.answering import AnyDocument, answer
from retention_lib.benchmarks.cases import case as comparison
from retention_lib.outputs.one_page import page as page_of
from retention_lib.plans.cases import case as plan
from retention_lib.presets import preset
from retention_lib.synthetic.cases import case as story
from tests.browser.tools import NARROW, WIDE
from tests.pages import Page as Read
from tests.pages import answer_at

pytestmark = pytest.mark.browser

ON = dt.date(2026, 11, 22)
FIRST = "middlesbrough-2019"
DOCUMENTS: Mapping[str, Callable[[], AnyDocument]] = {
    FIRST: lambda: preset(FIRST).scenario,
    "flat-golden-hello": lambda: preset("flat-golden-hello").scenario,
    "gloucestershire-4m": lambda: plan("gloucestershire-4m").plan,
    "north-somerset-agency": lambda: comparison("north-somerset-agency").comparison,
    "story": lambda: story(FIRST).question,
}
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
OPEN_ALL = "document.querySelectorAll('details').forEach((part) => { part.open = true; })"


@cache
def made(key: str) -> bytes:
    document = DOCUMENTS[key]()
    return page_of(document, answer(document), ON)


@pytest.fixture
def sent(page: Page, tmp_path: Path) -> Callable[[str], Read]:
    """Open a page as it arrives: a file; gives what is in the file."""

    def open_page(key: str) -> Read:
        file = tmp_path / "answer.html"
        file.write_bytes(made(key))
        page.goto(file.as_uri())
        return Read(made(key).decode())

    return open_page


@pytest.fixture(params=[NARROW, WIDE], ids=["narrow", "wide"])
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    """Both widths."""
    size: ViewportSize = request.param
    return size


@pytest.mark.parametrize("key", DOCUMENTS)
def test_page_passes_axe_as_sent_moved_and_with_everything_open(
    page: Page,
    sent: Callable[[str], Read],
    axe: Callable[[Page], list[str]],
    key: str,
) -> None:
    found = sent(key)
    assert axe(page) == []
    assert not page.evaluate(SIDEWAYS)
    page.evaluate(OPEN_ALL)
    if found.all("input"):
        page.locator("#lever-0").focus()
        page.keyboard.press("End")
        expect(page.locator("#back")).to_be_visible()
    assert axe(page) == []
    assert not page.evaluate(SIDEWAYS)


@pytest.mark.parametrize("key", [key for key in DOCUMENTS if key != "story"])
def test_keys_move_a_lever_to_the_answer_that_was_worked_out(
    page: Page, sent: Callable[[str], Read], key: str
) -> None:
    grid = sent(key).grid
    places = list(grid["own"])
    for lever, stops in enumerate(grid["levers"]):
        page.locator(f"#lever-{lever}").focus()
        forward = places[lever] < len(stops) - 1
        page.keyboard.press("ArrowRight" if forward else "ArrowLeft")
        places[lever] += 1 if forward else -1
        told = answer_at(grid, tuple(places))
        expect(page.locator("#headline")).to_have_text(told["headline"])
        expect(page.locator("#now")).to_have_text(told["said"])
        expect(page.locator(f"#value-{lever}")).to_have_text(told["values"][lever])
        slider = page.locator(f"#lever-{lever}")
        expect(slider).to_have_attribute("aria-valuetext", told["values"][lever])
        expect(page.locator("#answer")).to_have_attribute("data-tone", told["tone"])
        facts = [f"{figure}{label}" for figure, label in told["facts"]]
        expect(page.locator("#facts li")).to_have_text(facts)
        expect(page.locator("#rest li")).to_have_text(told["sentences"][2:])
        expect(page.locator("#bars .figure")).to_have_text([bar[1] for bar in told["bars"]])
        drawn = page.locator("#bars rect").evaluate_all(
            "all => all.map((bar) => [bar.getAttribute('x'), bar.getAttribute('width')])"
        )
        assert drawn == [bar[2:4] for bar in told["bars"]]
    assert page.locator("#status").get_attribute("role") == "status"


def test_moved_page_says_what_is_still_as_sent_and_goes_back(
    page: Page, sent: Callable[[str], Read]
) -> None:
    grid = sent(FIRST).grid
    own = answer_at(grid, tuple(grid["own"]))
    notice, marks = page.locator("#answer .notice"), page.locator("#below .sent")
    expect(notice).to_be_hidden()
    assert marks.filter(visible=True).count() == 0
    page.locator("#lever-1").focus()
    page.keyboard.press("End")
    moved = answer_at(grid, (grid["own"][0], len(grid["levers"][1]) - 1, grid["own"][2]))
    assert moved["headline"].startswith("Yes, if leaving falls by 60%")
    expect(notice).to_contain_text("The range is of the answer as sent")
    assert marks.filter(visible=True).count() == marks.count() > 5
    expect(page.locator("#status")).to_have_text(moved["said"])
    page.get_by_role("button", name="Back to the answer as sent").click()
    expect(page.locator("#headline")).to_have_text(own["headline"])
    expect(page.locator("#lever-0")).to_be_focused()
    expect(page.locator("#lever-1")).to_have_value(str(grid["own"][1]))
    expect(page.locator("#status")).to_have_text(f"The answer as sent. {own['said']}")
    expect(notice).to_be_hidden()
    assert marks.filter(visible=True).count() == 0


def test_status_speaks_only_once_the_lever_rests(page: Page, sent: Callable[[str], Read]) -> None:
    grid = sent(FIRST).grid
    page.evaluate(
        "window.heard = []; new MutationObserver(() => "
        "window.heard.push(document.getElementById('status').textContent))"
        ".observe(document.getElementById('status'), { childList: true })"
    )
    page.locator("#lever-0").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    last = answer_at(grid, (grid["own"][0] - 3, *grid["own"][1:]))
    expect(page.locator("#status")).to_have_text(last["said"])
    assert page.evaluate("window.heard") == [last["said"]]


def test_page_asks_for_its_own_file_and_nothing_else(
    page: Page, sent: Callable[[str], Read]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sent("gloucestershire-4m")
    page.locator("#lever-0").focus()
    page.keyboard.press("ArrowLeft")
    page.evaluate(OPEN_ALL)
    page.wait_for_timeout(300)
    assert asked == [page.url]


@pytest.fixture
def plain(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page in a viewer that runs no scripts."""
    context = browser.new_context(java_script_enabled=False, viewport=WIDE)
    opened = context.new_page()
    file = tmp_path / "plain.html"
    file.write_bytes(made(FIRST))
    opened.goto(file.as_uri())
    yield opened
    context.close()


def test_without_scripts_the_answer_stands_and_the_levers_are_away(plain: Page) -> None:
    headline = Read(made(FIRST).decode()).id("headline").text
    expect(plain.get_by_text(headline)).to_be_visible()
    expect(plain.locator("#no-script")).to_be_visible()
    expect(plain.locator("#levers")).to_be_hidden()
    assert plain.get_by_role("slider").filter(visible=True).count() == 0
    summary = plain.locator("summary").filter(visible=True).first
    expect(summary).to_be_visible()
    summary.click()
    expect(plain.locator("details table").first).to_be_visible()


@pytest.mark.parametrize("key", [FIRST, "gloucestershire-4m"])
def test_paper_has_the_answer_the_inputs_and_the_sources(
    page: Page, sent: Callable[[str], Read], key: str
) -> None:
    sent(key)
    page.emulate_media(media="print")
    for kind in ("slider", "button"):
        assert page.get_by_role(kind).filter(visible=True).count() == 0
    for words in ("Discount rate", "Green Book", "Open Government Licence", "22 November 2026"):
        expect(page.get_by_text(words).filter(visible=True).first).to_be_visible()
    expect(page.locator("#headline")).to_be_visible()
    assert page.locator(".wide svg").first.is_visible()
    assert page.locator(".narrow svg").filter(visible=True).count() == 0
    sheets = re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))
    assert 4 <= len(sheets) <= 18
