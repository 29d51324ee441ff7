"""The evidence page in a browser: it shows the library's log, searched, at every size, on paper."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from retention_lib.assumptions_log import Question
from retention_lib.assumptions_log.question import OPENED, REGISTER, case_documents
from retention_lib.assumptions_log.searching import matched
from retention_lib.assumptions_log.words import day_text
from retention_lib.presets import preset
from retention_lib.scenario import Scenario
from tests.browser.evidence import ABOUT, EVIDENCE, IMPACT, ONLY, QUALITY, EvidenceApp
from tests.browser.incentives import IncentivesApp
from tests.browser.tools import NARROW, WIDE, Server, wait_for
from tests.browser.workbook import CUT_OFF, SIDEWAYS, SPACED, opened, settled

pytestmark = pytest.mark.browser

OPENS = EvidenceApp

Axe = Callable[[Page], list[str]]

OFFER = preset("middlesbrough-2019").scenario
PLAN = "gloucestershire-4m"
BAND = ".rw-pictures .rw-band"


def test_page_opens_with_the_log_of_a_real_offer(server: Server, app: EvidenceApp) -> None:
    app.open(server.url(EVIDENCE))
    page, result = app.page, app.result(Question())
    expect(page.get_by_role("heading", level=1)).to_have_text("What is every number based on?")
    for sentence in result.sentences:
        expect(page.locator(".rw-answer")).to_contain_text(sentence)
    expect(app.choice(ABOUT)).to_have_value("middlesbrough-2019")
    levels = page.locator("main :is(h1, h2, h3, h4)").evaluate_all("all => all.map(h => h.tagName)")
    assert max(int(b[1]) - int(a[1]) for a, b in pairwise(levels)) <= 1
    # What moves the answer most stands first; what does not is closed.
    first = page.locator(f"{BAND} .rw-entry h4").first
    expect(first).to_contain_text(result.entries[0].label)
    expect(first).to_be_visible()
    expect(page.locator(BAND).last).not_to_have_attribute("open", "")
    expect(page.locator(".rw-matrix td.rw-corner")).to_have_count(1)
    app.is_answered()


def test_typing_searches_and_what_is_found_is_read_out_once(app: EvidenceApp) -> None:
    whole = len(app.result().entries)
    settled(app, 1.2)
    app.page.evaluate("""() => {
        window.spoken = [];
        const status = document.querySelector(".rw-status [role=status]");
        new MutationObserver(() => window.spoken.push(status.textContent))
            .observe(status, { childList: true, characterData: true, subtree: true });
    }""")
    app.search.press_sequentially("agency", delay=60)
    app.wait_for(lambda asked: asked.search == "agency")
    expect(app.search).to_be_focused()
    expect(app.search).to_have_value("agency")
    app.is_answered()
    found = len(matched(app.result().entries, app.asked()))
    assert 0 < found < whole
    expect(app.count).to_contain_text(f"{found} of {whole} assumptions")
    said = [each for each in app.page.evaluate("window.spoken") if each]
    assert len(said) == 1
    for band in app.page.locator(f"{BAND}:not(.rw-out)").all():
        expect(band.locator(".rw-entry:not(.rw-out) h4").first).to_be_visible()
    app.search.press("ControlOrMeta+a")
    app.search.press("Delete")
    app.wait_for(lambda asked: asked == Question())
    app.is_answered()


def test_filters_narrow_the_log_together(app: EvidenceApp) -> None:
    app.choose(QUALITY, "weak")
    app.choose(IMPACT, "high")
    app.wait_for(lambda asked: (asked.quality, asked.impact) == ("weak", "high"))
    app.is_answered()
    expect(app.page.locator(f"{BAND} .rw-entry").filter(visible=True)).to_have_count(1)
    app.choose(ONLY, "changed")
    app.wait_for(lambda asked: asked.only == "changed")
    expect(app.count).to_contain_text("No assumptions")
    app.is_answered()


@pytest.mark.parametrize("key", [REGISTER, PLAN, "flat-golden-hello"])
def test_another_answer_is_two_clicks_away(app: EvidenceApp, key: str) -> None:
    assert app.choice(ABOUT).locator("option").count() == 1 + len(case_documents())
    app.choose(ABOUT, key)
    app.wait_for(lambda asked: asked.about == key)
    app.is_answered()
    app.page.locator(f"{BAND} .rw-about > summary").first.click()
    expect(app.page.locator(f"{BAND} .rw-about dd").first).to_be_visible()


def test_a_saved_offer_shows_its_reasons_and_a_link_says_it_has_none(
    server: Server, app: EvidenceApp
) -> None:
    changed = OFFER.but({"leaver_cost": 31_000}).with_reasons({"leaver_cost": "Counted by HR"})
    app.open_file("offer.json", changed)
    changes = app.picture("What was changed, and why")
    expect(changes.locator("tbody")).to_contain_text("Counted by HR")
    expect(app.choice(ABOUT)).to_have_value(OPENED)
    app.is_answered()
    app.open(f"{server.url(EVIDENCE)}?{changed.to_link()}")
    expect(app.picture("What was changed").locator("tbody")).to_contain_text("No reason here")
    expect(app.page.locator(".rw-about-case")).to_contain_text("Reasons for changes are not in")
    app.is_answered()
    expect(app.page.locator(".rw-alert")).to_have_count(0)


def test_incentives_lead_here_with_their_scenario_and_back(
    browser: Browser, server: Server
) -> None:
    changed = OFFER.but({"leaver_cost": 31_000})
    with opened(IncentivesApp, browser, server, query=f"?{changed.to_link()}") as app:
        link = app.page.get_by_role("link", name="See what every number is based on")
        with app.page.expect_navigation(wait_until="commit"):
            link.click()
        app.page.wait_for_selector("body[data-ready]", timeout=60_000)
        here = EvidenceApp(app.page, app.watch)
        here.wait_for(lambda asked: asked.document == changed, 20)
        here.is_answered()
        back = app.page.get_by_role("link", name="Open this answer")
        assert Scenario.from_link(str(back.get_attribute("href"))) == changed


def test_link_opens_exactly_this(server: Server, app: EvidenceApp) -> None:
    asked = Question(about=PLAN, search="pay", only="used")
    app.open(f"{server.url(EVIDENCE)}?{asked.to_link()}")
    app.wait_for(lambda now: now == asked)
    expect(app.search).to_have_value("pay")
    expect(app.choice(ONLY)).to_have_value("used")
    app.is_answered()


def test_everything_can_be_taken_away(app: EvidenceApp) -> None:
    name, text = app.download(app.page.get_by_role("button", name="All tables, one CSV file"))
    assert name == f"evidence-{Question().digest}.csv"
    result = app.result()
    assert all(entry.id in text for entry in result.entries)
    name, text = app.download(app.page.get_by_role("button", name="Save this scenario"))
    assert Question.from_json(text) == Question()


def test_everything_can_be_done_by_keyboard_alone(browser: Browser, server: Server) -> None:
    with opened(EvidenceApp, browser, server) as app:
        press = app.page.keyboard.press
        press("Tab")
        press("Enter")  # skips to the main content
        press("Tab")
        expect(app.page.get_by_role("link", name="Open this answer")).to_be_focused()
        press("Tab")
        expect(app.choice(ABOUT)).to_be_focused()
        press("ArrowDown")
        app.wait_for(lambda asked: asked.about == "no-scheme")
        expect(app.choice(ABOUT)).to_be_focused()
        press("ArrowUp")
        app.wait_for(lambda asked: asked.about == "middlesbrough-2019")
        press("Tab")
        expect(app.search).to_be_focused()
        app.page.keyboard.type("salary")
        app.wait_for(lambda asked: asked.search == "salary")
        for label in (ONLY, QUALITY, IMPACT):
            press("Tab")
            expect(app.choice(label)).to_be_focused()
        app.page.locator(f"{BAND}:not(.rw-out) .rw-entry:not(.rw-out) summary").first.focus()
        press("Enter")
        expect(app.page.locator(f"{BAND} .rw-about[open] dd").first).to_be_visible()
        app.is_answered()
        app.walks_by_tab(files=2)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_page_is_accessible_and_fits_in_every_state(
    browser: Browser, server: Server, axe: Axe, size: ViewportSize
) -> None:
    with opened(EvidenceApp, browser, server, size) as app:

        def is_fine(state: str) -> None:
            settled(app)
            assert (state, axe(app.page)) == (state, [])
            assert (state, app.page.evaluate(SIDEWAYS)) == (state, 0)
            assert (state, app.page.evaluate(CUT_OFF)) == (state, [])

        is_fine("start")
        app.open_all()
        for figure in app.page.locator("figure").filter(visible=True).all():
            expect(figure.locator("thead tr").first).to_be_attached()
        is_fine("all open")
        style = app.page.add_style_tag(content=SPACED)
        assert app.page.evaluate(CUT_OFF) == []
        assert app.page.evaluate(SIDEWAYS) == 0
        style.evaluate("one => one.remove()")
        app.open_all(False)
        changed = case_documents()[PLAN].but({"appraisal.discount_rate": 0.05})
        app.open_file("plan.json", changed)
        is_fine("a plan, changed")
        app.search.fill("zzz")
        expect(app.count).to_contain_text("No assumptions")
        is_fine("nothing found")
        app.search.fill("")
        app.choose(ABOUT, REGISTER)
        app.wait_for(lambda asked: asked.about == REGISTER)
        is_fine("the register alone")


def test_paper_has_the_whole_log_open_whatever_is_searched_for(app: EvidenceApp) -> None:
    app.search.fill("agency")
    app.wait_for(lambda asked: asked.search == "agency")
    result = app.result()
    app.page.emulate_media(media="print")
    log = app.page.locator(".rw-pictures .rw-log")
    words = " ".join(log.inner_text().split())
    for entry in result.entries:
        for said in (entry.label, entry.note, entry.source_words, entry.why, entry.id):
            assert " ".join(said.split()) in words, entry.id
    expect(log.locator(".rw-entry").filter(visible=True)).to_have_count(len(result.entries))
    for said in (
        result.headline,
        day_text(result.on),
        result.provenance.scenario_digest,
        result.provenance.register_digest,
        result.provenance.version,
        "The data log",
        "Open Government Licence v3.0",
        f"{len(result.checks)} of {len(result.checks)} checks passed.",
    ):
        expect(app.page.get_by_text(said).filter(visible=True).first).to_be_visible()
    for kind in ("navigation", "button", "searchbox", "combobox"):
        expect(app.page.get_by_role(kind).filter(visible=True)).to_have_count(0)
    pages = app.page.pdf(prefer_css_page_size=True)
    wait_for(lambda: len(pages) > 100_000, "more than a page or two", 1)
    app.page.emulate_media(media="screen")
    expect(log.locator(".rw-entry.rw-out").first).to_be_hidden()
