"""The benchmarks page in a browser: it answers what is done to it, and as the library answers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, FileChooser, FilePayload, Page, ViewportSize, expect

from retention_lib.benchmarks.answer import compare
from retention_lib.benchmarks.cases import FIRST, case, cases
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.evaluation import evaluate
from retention_lib.figures import councils
from retention_lib.scenario import Scenario
from tests.browser.benchmarks import (
    AT_LEAST,
    BAND_SECTION,
    BENCHMARKS,
    BESIDE,
    BLANK,
    CHANGE,
    COUNCIL,
    LEAVER,
    LEEDS,
    MEASURE,
    MIDDLESBROUGH,
    OWN_LIST,
    PLYMOUTH,
    PRICE_SECTION,
    STORY,
    TARGET,
    WORDS,
    YEAR,
    BenchmarksApp,
    asking,
)
from tests.browser.incentives import IncentivesApp
from tests.browser.tools import NARROW, WIDE, Server, wait_for
from tests.browser.workbook import CUT_OFF, SIDEWAYS, SPACED, opened, settled

pytestmark = pytest.mark.browser

OPENS = BenchmarksApp

Axe = Callable[[Page], list[str]]

GOOD = b"year,turnover,agency\n2019,20.8,5\n2026,0.2,12\n"

# Councils with suppressed, missing, odd or discontinued figures, and the year that shows it.
SAMPLE = {
    "Sunderland": ("394", 2024),
    "Gateshead": ("390", 2022),
    "Portsmouth": ("851", 2021),
    "Isles of Scilly": ("420", 2025),
    "Kensington and Chelsea": ("207", 2025),
    "Westminster": ("213", 2025),
    "Cumbria after its end": ("909", 2025),
    "Cumbria": ("909", 2022),
    "Northamptonshire": ("928", 2020),
    "Bournemouth": ("837", 2018),
    "Kingston and Richmond": ("314 / 318", 2025),
    "both Northamptonshires": ("940 / 941", 2025),
    "City of London": ("201", 2025),
    "Rutland": ("857", 2025),
}


def test_page_opens_on_a_real_council_with_the_librarys_answer(
    server: Server, app: BenchmarksApp
) -> None:
    app.open(server.url(BENCHMARKS))
    result = compare(case(FIRST).comparison)
    page, question = app.page, "Where do we stand, and what is the gap worth?"
    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    assert page.title() == f"{question} – Retention Workbook"
    for role in ("banner", "main", "contentinfo", "navigation"):
        expect(page.get_by_role(role)).to_have_count(1)
    expect(app.headline).to_have_text(result.headline)
    for sentence in result.sentences:
        expect(page.locator(".rw-answer")).to_contain_text(sentence)
    assert result.standing.area.code in {area.code for area in councils()}
    assert result.standing.value is not None
    expect(app.choice(COUNCIL)).to_have_value(result.standing.area.code)
    levels = page.locator("main :is(h1, h2, h3)").evaluate_all("all => all.map(h => h.tagName)")
    assert max(int(b[1]) - int(a[1]) for a, b in pairwise(levels)) <= 1
    app.is_answered()


def test_any_council_is_two_clicks_away_and_every_other_choice_too(app: BenchmarksApp) -> None:
    choice = app.choice(COUNCIL)
    assert choice.locator("option").count() == len(councils())
    strip, table = app.picture("Agency rate across England"), app.picture("in 2025, beside")
    expect(table.locator("h3")).to_contain_text("North Somerset")
    before = strip.locator("svg").inner_html()
    choice.click()
    choice.select_option(label="Plymouth")
    app.wait_for(lambda asked: asked.council == PLYMOUTH)
    expect(table.locator("h3")).to_contain_text("Plymouth")
    wait_for(lambda: strip.locator("svg").inner_html() != before, "the strip to change")
    expect(choice).to_be_focused()
    app.is_answered()
    for label, path, value in (
        (MEASURE, "measure", "caseload"),
        (YEAR, "year", "2022"),
        (BESIDE, "beside.group", "region"),
    ):
        app.choose(label, value)
        app.wait_for(lambda asked, path=path, value=value: str(asked.at(path)) == value)
        app.is_answered()
    for story in cases():
        app.choose(STORY, story.id)
        app.wait_for(lambda asked, story=story: asked == story.comparison)
        expect(app.page.locator(".rw-about-case")).to_contain_text(story.summary)
        app.is_answered()


def test_slider_and_box_are_one_control_and_the_claim_moves_its_picture(
    app: BenchmarksApp,
) -> None:
    spread = app.picture("How far they moved")
    drawn, said = spread.locator("svg").inner_html(), spread.locator("figcaption").inner_text()
    app.type(CHANGE, "-7.2")
    app.wait_for(lambda asked: asked.claim.change == pytest.approx(-0.072))
    expect(app.slider(CHANGE)).to_have_value("-7.2")
    app.slider(CHANGE).press("ArrowRight")
    app.slider(CHANGE).press("ArrowRight")
    app.wait_for(lambda asked: asked.claim.change == pytest.approx(-0.07))
    expect(app.box(CHANGE)).to_have_value("-7")
    expect(app.slider(CHANGE)).to_have_attribute("aria-valuetext", "-7 points")
    wait_for(lambda: spread.locator("svg").inner_html() != drawn, "the picture to change")
    expect(spread.locator("figcaption")).not_to_have_text(said)
    expect(spread.locator("figcaption")).to_contain_text("fallen by 7 points or more")
    expect(app.page.locator(".rw-answer")).to_contain_text("fallen by 7 points or more")
    app.is_answered()
    # Put back, it follows the gap again.
    app.field(CHANGE).get_by_role("button", name="Put back to").click()
    app.wait_for(lambda asked: asked == case(FIRST).comparison)
    expect(app.differs).to_have_text("Nothing differs from the case.")
    app.choose(TARGET, "best_quarter")
    app.wait_for(lambda asked: asked.target == "best_quarter")
    expect(app.box(CHANGE)).to_have_value(f"{compare(app.asked()).claim.change * 100:.4g}")


def test_ends_of_the_start_stand_where_they_count(app: BenchmarksApp) -> None:
    app.open_section(BAND_SECTION)
    app.type(AT_LEAST, "26")
    app.wait_for(lambda asked: asked.claim.at_least == pytest.approx(0.26))
    expect(app.page.locator(".rw-answer")).to_contain_text("started between 26% and 30.2%")
    app.type(AT_LEAST, "40")
    expect(app.says(AT_LEAST)).to_have_text("40% is not possible. It must be 30.2% or less.")
    app.is_answered()


def test_answer_is_read_out_once_when_it_has_come_to_rest(app: BenchmarksApp) -> None:
    settled(app, 1.5)
    app.page.evaluate("""() => {
        window.spoken = [];
        const status = document.querySelector(".rw-answer-place [role=status]");
        new MutationObserver(() => window.spoken.push(status.textContent))
            .observe(status, { childList: true, characterData: true, subtree: true });
    }""")
    app.choice(COUNCIL).focus()
    for code in (LEEDS, MIDDLESBROUGH, PLYMOUTH):
        app.choice(COUNCIL).select_option(code)
        app.page.wait_for_timeout(60)
    app.wait_for(lambda asked: asked.council == PLYMOUTH)
    wait_for(lambda: app.page.evaluate("window.spoken.length"), "the answer to be read out", 5)
    settled(app, 1.2)
    spoken = app.page.evaluate("window.spoken")
    assert len(spoken) == 1
    assert spoken[0].startswith(compare(app.asked()).headline)


def test_everything_can_be_done_by_keyboard_alone(browser: Browser, server: Server) -> None:
    with opened(BenchmarksApp, browser, server) as app:
        press = app.page.keyboard.press
        chosen: list[FileChooser] = []
        app.page.on("filechooser", lambda chooser: chosen.append(chooser))
        press("Tab")
        press("Enter")  # skips to the main content
        for label in (COUNCIL, MEASURE, YEAR, BESIDE, STORY):
            press("Tab")
            expect(app.choice(label)).to_be_focused()
        press("Shift+Tab")
        press("End")
        app.wait_for(lambda asked: asked.beside.group == "own")
        expect(app.choice(BESIDE)).to_be_focused()
        press("Tab")
        press("Tab")
        expect(app.choice(OWN_LIST)).to_be_focused()
        for name in ("Leeds", "Plymouth"):
            app.choice(OWN_LIST).focus()
            app.page.keyboard.type(name, delay=10)
            press("Tab")
            press("Enter")
            remove = app.page.get_by_role("button", name=f"Remove {name}")
            expect(remove).to_be_visible()
        app.wait_for(lambda asked: asked.beside.codes == (LEEDS, PLYMOUTH))
        press("Tab")
        expect(app.page.get_by_role("button", name="Remove Leeds")).to_be_focused()
        press("Enter")
        app.wait_for(lambda asked: asked.beside.codes == (PLYMOUTH,))
        expect(app.choice(OWN_LIST)).to_be_focused()
        app.is_answered()

        app.slider(CHANGE).focus()
        press("ArrowRight")
        press("Tab")
        expect(app.box(CHANGE)).to_be_focused()
        press("ControlOrMeta+a")
        app.page.keyboard.type("-5")
        press("Tab")
        app.wait_for(lambda asked: asked.claim.change == pytest.approx(-0.05))
        section = app.page.locator(f".rw-section[data-title='{PRICE_SECTION}'] > summary")
        section.focus()
        press("Enter")
        press("Tab")
        assert app.page.evaluate("document.activeElement.type") == "range"
        app.picture("Agency rate across England").locator("summary").focus()
        press("Space")
        expect(app.picture("Agency rate across").locator("tbody tr").first).to_be_visible()
        app.page.get_by_label("Choose a file").focus()
        press("Space")
        wait_for(lambda: app.page.title() and chosen, "the window of files", 5)
        file = FilePayload(name="ours.csv", mimeType="text/csv", buffer=GOOD)
        chosen[0].set_files(file)
        expect(app.status).to_contain_text("figures taken from ours.csv.")
        press("Tab")
        press("Tab")
        expect(app.page.get_by_role("button", name="Remove my figures")).to_be_focused()

        app.walks_by_tab(files=3)
        for label in ("Choose a file", "Open a saved scenario", "Add a saved file"):
            app.page.get_by_label(label).focus()
            expect(app.page.locator(".rw-file:focus-within")).to_have_css("outline-width", "3px")


@pytest.mark.parametrize(("code", "year"), SAMPLE.values(), ids=SAMPLE)
def test_council_with_missing_figures_is_answered_in_words(
    app: BenchmarksApp, code: str, year: int
) -> None:
    for measure in MEASURES:
        asked = asking(code, measure, year=year)
        app.ask(asked)
        assert (measure, app.page.evaluate(BLANK)) == (measure, [])
        words = app.page.evaluate(WORDS)
        bad = [one for one in words for no in ("None", "nan", "undefined", "NaN") if no == one]
        bad += [one for one in words if "None " in one or "undefined" in one or "NaN" in one]
        assert (measure, [one for one in bad if "None of the" not in one]) == (measure, [])
        expect(app.page.locator(".rw-alert")).to_have_count(0)
        assert app.watch.unexpected() == []
    app.is_answered()


def test_link_opens_exactly_this(server: Server, app: BenchmarksApp) -> None:
    asked = asking(
        LEEDS,
        "vacancy",
        year=2021,
        beside={"group": "own", "codes": [MIDDLESBROUGH, PLYMOUTH]},
        claim={"change": -0.03, "years_on": 3},
        costs={"covered_share": 0.4},
    )
    app.open(f"{server.url(BENCHMARKS)}?{asked.to_link()}")
    app.wait_for(lambda now: now == asked)
    app.is_answered()
    app.type(CHANGE, "-4")
    app.wait_for(lambda now: now.claim.change == pytest.approx(-0.04))
    app.is_answered()
    address = app.address()
    assert Comparison.from_link(address) == asked.but({"claim.change": -0.04})
    app.open(address)
    app.wait_for(lambda now: now == Comparison.from_link(address))
    expect(app.box(CHANGE)).to_have_value("-4")
    expect(app.page.get_by_role("button", name="Remove ")).to_have_count(2)
    app.is_answered()


def test_gap_opens_the_incentives_workbook_with_its_scheme(
    browser: Browser, server: Server
) -> None:
    asked = asking(MIDDLESBROUGH, year=2019)
    with opened(BenchmarksApp, browser, server, query=f"?{asked.to_link()}") as app:
        app.wait_for(lambda now: now == asked)
        scheme = compare(asked).scheme
        assert scheme is not None
        link = app.page.get_by_role("link", name="What would a scheme have to cost")
        with app.page.expect_navigation(wait_until="commit"):
            link.click()
        app.page.wait_for_selector("body[data-ready]", timeout=60_000)
        expect(app.headline).to_have_text(evaluate(scheme).headline, timeout=20_000)
        there = IncentivesApp(app.page, app.watch)
        there.wait_until(lambda now: now == scheme.with_reasons({}))
        assert Scenario.from_link(app.address()).case.council == MIDDLESBROUGH
        expect(app.page.locator(".rw-alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("typed", "council"), [("plym", "879"), ("middlesb", "806"), ("glou", "916")]
)
def test_typing_a_name_into_the_list_finds_that_council(
    app: BenchmarksApp, typed: str, council: str
) -> None:
    """Every letter chooses, and is answered, while the next is on its way."""
    app.choice(COUNCIL).focus()
    app.page.keyboard.type(typed, delay=200)
    app.wait_for(lambda asked: asked.council == council)
    expect(app.choice(COUNCIL)).to_have_value(council)
    expect(app.choice(COUNCIL)).to_be_focused()
    app.is_answered()


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_page_is_accessible_and_fits_in_every_state(
    browser: Browser, server: Server, axe: Axe, size: ViewportSize
) -> None:
    with opened(BenchmarksApp, browser, server, size) as app:

        def is_fine(state: str) -> None:
            settled(app)
            assert (state, axe(app.page)) == (state, [])
            assert (state, app.page.evaluate(SIDEWAYS)) == (state, 0)
            assert (state, app.page.evaluate(CUT_OFF)) == (state, [])

        is_fine("start")
        app.open_all()
        for figure in app.page.locator("figure").filter(visible=True).all():
            expect(figure.locator("tbody tr").first).to_be_attached()
        app.give("ours.csv", GOOD)
        expect(app.own.locator("tbody tr").first).to_be_visible()
        expect(app.upload.locator("tbody tr").first).to_be_visible()
        style = app.page.add_style_tag(content=SPACED)
        assert app.page.evaluate(CUT_OFF) == []
        assert app.page.evaluate(SIDEWAYS) == 0
        style.evaluate("one => one.remove()")
        app.type(CHANGE, "-5")
        app.type(LEAVER if app.box(LEAVER).count() else CHANGE, "abc")
        expect(app.page.locator(".rw-problem").filter(visible=True)).to_have_count(1)
        is_fine("all open, a file with messages, a change, an error beside its field")
        app.open_all(False)
        app.ask(asking(LEEDS, beside={"group": "own", "codes": [MIDDLESBROUGH, PLYMOUTH]}))
        expect(app.page.get_by_role("button", name="Remove Plymouth")).to_be_visible()
        is_fine("a list of one's own")
        app.ask(asking("394", year=2024))
        expect(app.headline).to_contain_text("is not published")
        app.open_all()
        is_fine("no figure published")


def test_high_contrast_and_paper_keep_the_answer(app: BenchmarksApp) -> None:
    app.page.emulate_media(forced_colors="active", color_scheme="dark")
    svg = app.page.locator("figure svg").first
    expect(svg).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(app.headline).to_be_visible()
    app.page.emulate_media(forced_colors="none", color_scheme="light", media="print")
    result = compare(app.asked())
    for words in (
        result.headline,
        result.sentences[0],
        case(FIRST).source,
        result.notes[0],
        result.provenance.scenario_digest,
        "Open Government Licence",
    ):
        expect(app.page.get_by_text(words).filter(visible=True).first).to_be_visible()
    inputs = app.page.locator(".rw-inputs tr")
    row = inputs.filter(has=app.page.get_by_text(COUNCIL, exact=True))
    expect(row.get_by_text("North Somerset", exact=True)).to_be_visible()
    for kind in ("navigation", "slider", "button"):
        expect(app.page.get_by_role(kind).filter(visible=True)).to_have_count(0)
    app.page.emulate_media(media="screen")
    expect(inputs.first).to_be_hidden()
