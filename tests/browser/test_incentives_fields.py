"""The fields of the incentives page: what may be typed, what is said of it, and keys alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from retention_lib.evaluation import evaluate
from retention_lib.presets import preset
from retention_lib.scenario import Scenario
from retention_lib.views import choices
from tests.browser.incentives import CASE, COST, FALL, FIRST, PEOPLE, SHARE, IncentivesApp
from tests.browser.tools import Server, wait_for
from tests.browser.workbook import opened, settled

pytestmark = pytest.mark.browser

OPENS = IncentivesApp


@pytest.mark.parametrize("text", ["30,000", "£30,000", " 30000 "])
def test_number_may_be_written_as_people_write_it(app: IncentivesApp, text: str) -> None:
    app.type(COST, text)
    app.wait_for_value("leaver_cost", 30000.0)
    expect(app.box(COST)).to_have_value("30,000")
    expect(app.slider(COST)).to_have_value("30000")
    expect(app.says(COST)).to_be_hidden()
    app.agrees()


@pytest.mark.parametrize("text", ["abc", "30k", "1.5m", "", "1.2.3", "--5"])
def test_what_is_not_a_number_is_answered_beside_the_field(app: IncentivesApp, text: str) -> None:
    before = app.headline.inner_text()
    app.type(COST, text)
    expect(app.says(COST)).to_contain_text("Type a number such as 20,000.")
    expect(app.says(COST)).to_contain_text(f"“{text}” is not a number." if text else "no number")
    expect(app.box(COST)).to_have_attribute("aria-invalid", "true")
    assert app.box(COST).get_attribute("aria-describedby") is not None
    settled(app)
    expect(app.headline).to_have_text(before)
    # It stands there until it is put right, whatever else is moved.
    app.slider(FALL).press("ArrowRight")
    app.wait_for_value("effect.leaving_reduction", 0.04)
    expect(app.box(COST)).to_have_value(text)
    expect(app.says(COST)).to_be_visible()
    app.type(COST, "25,000")
    app.wait_for_value("leaver_cost", 25000.0)
    expect(app.says(COST)).to_be_hidden()
    expect(app.box(COST)).to_have_attribute("aria-invalid", "false")


def test_message_goes_when_the_form_is_drawn_anew(app: IncentivesApp) -> None:
    app.type(COST, "abc")
    expect(app.says(COST)).to_be_visible()
    app.open_section("How it is paid, and paid back")
    app.choose(choices.INSTALMENTS.label, "end")
    app.wait_until(lambda scenario: scenario.scheme.instalments[0].month == 36)
    expect(app.box(COST)).to_have_value("20,000")
    expect(app.says(COST)).to_be_hidden()


def test_what_cannot_be_is_refused_in_words_and_other_fields_still_work(app: IncentivesApp) -> None:
    before = app.headline.inner_text()
    app.type(SHARE, "140")
    expect(app.says(SHARE)).to_contain_text("100%")
    expect(app.box(SHARE)).to_have_value("140")
    expect(app.headline).to_have_text(before)
    app.type(COST, "30,000")
    app.wait_for_value("leaver_cost", 30000.0)
    expect(app.headline).not_to_have_text(before)
    expect(app.says(SHARE)).to_be_visible()
    assert app.scenario().scheme.take_up == preset(FIRST).scenario.scheme.take_up
    app.type(SHARE, "90")
    app.wait_for_value("scheme.take_up", 0.9)
    expect(app.says(SHARE)).to_be_hidden()
    app.agrees()


def test_number_past_the_sliders_end_is_taken_where_it_is_possible(app: IncentivesApp) -> None:
    app.type(PEOPLE, "5,000")
    app.wait_for_value("groups.0.headcount", 5000.0)
    expect(app.box(PEOPLE)).to_have_value("5,000")
    expect(app.says(PEOPLE)).to_be_hidden()
    app.agrees()
    app.box(PEOPLE).press("ArrowDown")
    app.wait_for_value("groups.0.headcount", 4999.0)


def test_changed_number_asks_why_and_the_reason_goes_into_the_file_alone(
    app: IncentivesApp,
) -> None:
    changed = app.field(COST).locator(".rw-reason")
    mark = app.field(COST).locator(".rw-mark")
    expect(changed).to_be_hidden()
    expect(mark).to_have_attribute("title", "Case: £20,000")
    app.type(COST, "25,000")
    expect(changed).to_contain_text("Changed from £20,000")
    why = "Our own 2024 <b>survey</b>"
    app.page.get_by_label(f"Why? It is printed with the answer: {COST}").fill(why)
    app.page.keyboard.press("Tab")
    differs = app.differs
    expect(differs.locator("summary")).to_have_text("1 thing differs from the case")
    differs.locator("summary").click()
    expect(differs).to_contain_text(f"{COST}: £20,000 to £25,000. {why}")
    assert "survey" not in app.scenario().to_json()
    name, text = app.download(app.page.get_by_role("button", name="Save this scenario"))
    saved = Scenario.from_json(text)
    assert saved.reasons == {"leaver_cost": why}
    assert saved.with_reasons({}) == app.scenario()
    assert name == f"{FIRST}-{saved.digest}.json"
    assert evaluate(saved).headline == app.headline.inner_text()

    app.field(COST).get_by_role("button", name="Put back to £20,000").click()
    app.wait_for_value("leaver_cost", 20000.0)
    expect(app.box(COST)).to_be_focused()
    expect(app.box(COST)).to_have_value("20,000")
    expect(changed).to_be_hidden()
    expect(differs).to_have_text("Nothing differs from the case.")
    expect(app.headline).to_have_text(evaluate(preset(FIRST).scenario).headline)


def test_answer_is_read_out_once_after_a_burst_of_keys(app: IncentivesApp) -> None:
    settled(app, 1.5)
    app.page.evaluate("""() => {
        window.spoken = [];
        const status = document.querySelector(".rw-answer-place [role=status]");
        new MutationObserver(() => window.spoken.push(status.textContent))
            .observe(status, { childList: true, characterData: true, subtree: true });
    }""")
    app.slider(FALL).focus()
    for _ in range(12):
        app.page.keyboard.press("ArrowRight")
        app.page.wait_for_timeout(60)
    assert app.page.evaluate("window.spoken.length") == 0
    wait_for(lambda: app.page.evaluate("window.spoken.length"), "the answer to be read out", 5)
    settled(app, 1.2)
    spoken = app.page.evaluate("window.spoken")
    assert len(spoken) == 1
    assert spoken[0].startswith(evaluate(app.scenario()).headline)


def test_everything_can_be_done_by_keyboard_alone(browser: Browser, server: Server) -> None:
    with opened(IncentivesApp, browser, server) as app:
        press = app.page.keyboard.press
        press("Tab")
        expect(app.page.get_by_role("link", name="Skip to main content")).to_be_focused()
        press("Enter")
        press("Tab")
        expect(app.choice(CASE)).to_be_focused()
        press("ArrowDown")
        press("ArrowDown")
        app.wait_until(lambda scenario: scenario.case.preset == "london-yearly-bonus")
        expect(app.choice(CASE)).to_be_focused()
        _tab_to(app, "slider")
        expect(app.slider(PEOPLE)).to_be_focused()
        people = app.scenario().at("groups.0.headcount")
        press("ArrowRight")
        press("ArrowRight")
        app.wait_for_value("groups.0.headcount", people + 2)
        press("Tab")
        expect(app.box(PEOPLE)).to_be_focused()
        press("ControlOrMeta+a")
        app.page.keyboard.type("75")
        press("Tab")
        app.wait_for_value("groups.0.headcount", 75.0)
        expect(app.field(PEOPLE).locator("summary")).to_be_focused()
        press("Enter")
        expect(app.field(PEOPLE).locator("dl")).to_be_visible()
        app.picture("What it needs").locator("summary").focus()
        press("Space")
        expect(app.picture("What it needs").locator("tbody tr").first).to_be_visible()
        app.agrees()

        app.walks_by_tab()


def _tab_to(app: IncentivesApp, role: str) -> None:
    for _ in range(12):
        app.page.keyboard.press("Tab")
        if app.page.evaluate("document.activeElement.type === 'range' ? 'slider' : ''") == role:
            return
