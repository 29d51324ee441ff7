"""The page of what happened after in a browser: it answers what is asked, for everybody."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from retention_lib.figures import councils
from retention_lib.synthetic.answer import what_happened
from retention_lib.synthetic.cases import FIRST, case, cases
from tests.browser.benchmarks import BenchmarksApp
from tests.browser.happened import COUNCIL, HAPPENED, MEASURE, STORY, UNTIL, YEAR, HappenedApp
from tests.browser.tools import NARROW, WIDE, Server
from tests.browser.workbook import CUT_OFF, SIDEWAYS, SPACED, START, opened, settled

pytestmark = pytest.mark.browser

OPENS = HappenedApp

Axe = Callable[[Page], list[str]]


def test_page_opens_on_a_real_council_with_the_librarys_answer(
    server: Server, app: HappenedApp
) -> None:
    app.open(server.url(HAPPENED))
    result, page = what_happened(case(FIRST).question), app.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Did it work there?")
    assert page.title() == "Did it work there? – Retention Workbook"
    expect(app.headline).to_have_text(result.headline)
    for sentence in result.sentences:
        expect(page.locator(".rw-answer")).to_contain_text(sentence)
    levels = page.locator("main :is(h1, h2, h3)").evaluate_all("all => all.map(h => h.tagName)")
    assert max(int(b[1]) - int(a[1]) for a, b in pairwise(levels)) <= 1
    app.is_answered()


def test_every_choice_is_answered(app: HappenedApp) -> None:
    assert app.choice(COUNCIL).locator("option").count() == len(councils())
    for label, path, value in (
        (COUNCIL, "council", "383"),
        (MEASURE, "measure", "caseload"),
        (YEAR, "year", "2021"),
        (UNTIL, "until", "2022"),
        (COUNCIL, "council", "839"),
    ):
        app.choose(label, value)
        app.wait_for(lambda asked, path=path, value=value: str(asked.at(path)) == value)
        expect(app.choice(label)).to_be_focused()
        app.is_answered()
    for story in cases():
        app.choose(STORY, story.id)
        app.wait_for(lambda asked, story=story: asked == story.question)
        expect(app.page.locator(".rw-about-case")).to_contain_text(story.summary)
        app.is_answered()


def test_pictures_have_their_table_and_its_file(app: HappenedApp) -> None:
    for title, key in (
        ("Middlesbrough's turnover before and after", "path"),
        ("How far from its mix", "others"),
        ("Who the mix is made of", "weights"),
    ):
        figure = app.picture(title)
        app.open_table(figure)
        name, text = app.download(figure.get_by_role("button", name="CSV"))
        assert name.startswith(key)
        table = what_happened(app.asked()).table(key)
        assert len(text.splitlines()) == len(table.rows) + 1


def test_link_opens_exactly_this_from_the_benchmarks_too(browser: Browser, server: Server) -> None:
    with opened(BenchmarksApp, browser, server) as app:
        app.page.get_by_role("link", name="What happened after 2022, in this council").click()
        app.page.wait_for_selector("body[data-ready]", timeout=60_000)
        there = HappenedApp(app.page, app.watch)
        there.wait_for(lambda asked: (asked.council, asked.year) == ("802", 2022))
        assert there.asked().measure == "agency"
        there.is_answered()


def test_start_page_leads_here(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.url(START), wait_until="commit")
    page.get_by_role("link", name="See what happened after").click()
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    expect(page.locator(".rw-big")).not_to_be_empty(timeout=20_000)
    page.goto("about:blank")
    context.close()


def test_everything_can_be_done_by_keyboard_alone(browser: Browser, server: Server) -> None:
    with opened(HappenedApp, browser, server) as app:
        press = app.page.keyboard.press
        press("Tab")
        press("Enter")  # skips to the main content
        for label in (COUNCIL, MEASURE, YEAR, STORY):
            press("Tab")
            expect(app.choice(label)).to_be_focused()
        app.choice(UNTIL).focus()
        press("End")
        app.wait_for(lambda asked: asked.looked_at == 2025)
        expect(app.choice(UNTIL)).to_be_focused()
        app.is_answered()
        app.picture("How far from its mix").locator("summary").focus()
        press("Space")
        expect(app.picture("How far from its mix").locator("tbody tr").first).to_be_visible()
        app.walks_by_tab(files=2)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_page_is_accessible_and_fits_in_every_state(
    browser: Browser, server: Server, axe: Axe, size: ViewportSize
) -> None:
    with opened(HappenedApp, browser, server, size) as app:

        def is_fine(state: str) -> None:
            settled(app)
            assert (state, axe(app.page)) == (state, [])
            assert (state, app.page.evaluate(SIDEWAYS)) == (state, 0)
            assert (state, app.page.evaluate(CUT_OFF)) == (state, [])

        is_fine("start")
        app.open_all()
        for figure in app.page.locator("figure").filter(visible=True).all():
            expect(figure.locator("tbody tr").first).to_be_attached()
        style = app.page.add_style_tag(content=SPACED)
        assert app.page.evaluate(CUT_OFF) == []
        assert app.page.evaluate(SIDEWAYS) == 0
        style.evaluate("one => one.remove()")
        is_fine("all open")
        app.choose(STORY, "somerset-2015")
        app.wait_for(lambda asked: asked.case.preset == "somerset-2015")
        is_fine("nothing to compare")


def test_paper_keeps_the_answer(app: HappenedApp) -> None:
    app.page.emulate_media(media="print")
    result = what_happened(app.asked())
    for words in (result.headline, result.sentences[0], case(FIRST).source, result.notes[0]):
        expect(app.page.get_by_text(words).filter(visible=True).first).to_be_visible()
    app.page.emulate_media(media="screen")
