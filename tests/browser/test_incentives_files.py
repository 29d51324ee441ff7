"""What goes into and comes out of the incentives page: links, files and paper."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from retention_lib.evaluation import evaluate
from retention_lib.outputs.tables_csv import table_csv
from retention_lib.presets import preset
from retention_lib.scenario import Scenario
from tests.browser.incentives import CASE, COST, FIRST, INCENTIVES, PEOPLE, IncentivesApp
from tests.browser.tools import Server
from tests.browser.workbook import label_of

pytestmark = pytest.mark.browser

OPENS = IncentivesApp

NASTY = '<img src=x onerror="alert(1)">'
SCALES = "all => all.map((svg) => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"


def nasty() -> Scenario:
    """A scenario whose every free text would do harm if a page took it for code."""
    given: dict[str, Any] = preset(FIRST).scenario.to_dict()
    given["name"] = NASTY
    given["groups"] = [{**given["groups"][0], "name": f"{NASTY} {i}"} for i in range(2)]
    given["not_offered"][0]["name"] = f"</script>{NASTY}"
    given["case"] = {"council": NASTY, "preset": f'"{NASTY}', "year": 2025}
    return Scenario.from_dict(given)


def rows(text: str) -> list[list[str]]:
    """Read a CSV file."""
    return list(csv.reader(io.StringIO(text)))


def test_every_tables_file_is_the_table(app: IncentivesApp) -> None:
    app.type(PEOPLE, "90")
    app.wait_for_value("groups.0.headcount", 90.0)
    app.wait_for_ranges()
    result = evaluate(app.scenario())
    found = set()
    for figure in app.page.locator("figure").all():
        app.open_table(figure)
        name, text = app.download(figure.get_by_role("button", name="Download this table (CSV)"))
        key = name.split("-")[0]
        assert name == f"{key}-{app.scenario().digest}.csv"
        assert rows(text) == rows(table_csv(result.table(key)))
        headings = figure.locator("thead th").all_inner_texts()
        bare = [re.sub(r" \(£( thousand)?\)$| \(%\)$", "", one) for one in rows(text)[0]]
        assert bare == headings
        expect(figure.locator("tbody tr")).to_have_count(len(rows(text)) - 1)
        found.add(key)
    assert found == {table.key for table in result.tables}


def test_file_of_all_tables_has_the_answer_and_every_input(app: IncentivesApp) -> None:
    app.type(PEOPLE, "90")
    app.wait_for_value("groups.0.headcount", 90.0)
    button = app.page.get_by_role("button", name="All tables, one CSV file")
    name, text = app.download(button)
    result = evaluate(app.scenario())
    assert name == f"{FIRST}-{app.scenario().digest}.csv"
    assert [result.headline] in rows(text)
    assert [PEOPLE, "groups.0.headcount", "90 people"] in rows(text)
    for table in result.tables:
        assert [table.title] in rows(text)
    expect(app.page.locator(".rw-takeaway .rw-said")).to_have_text(f"{name} is in your downloads.")


def test_saved_scenario_opens_again_with_its_reasons(app: IncentivesApp, tmp_path: Path) -> None:
    chosen = preset("hard-pressed-team")
    saved = chosen.scenario.but({"leaver_cost": 31000}).with_reasons({"leaver_cost": NASTY})
    files = app.page.get_by_label("Open a saved scenario")
    file = tmp_path / "ours.json"
    file.write_text(saved.to_json(), encoding="utf-8")
    files.set_input_files(file)
    app.wait_for_value("leaver_cost", 31000.0)
    expect(app.headline).to_have_text(evaluate(saved).headline)
    expect(app.choice(CASE)).to_have_value(chosen.id)
    expect(app.differs).to_contain_text(NASTY)
    file.write_text(saved.to_json().replace("31000", "-1"), encoding="utf-8")
    files.set_input_files(file)
    alert = app.page.locator(".rw-alert")
    expect(alert).to_contain_text("This file cannot be opened. leaver_cost is -1.")
    file.write_text(" " * 1_000_001, encoding="utf-8")
    files.set_input_files(file)
    said = app.page.locator(".rw-takeaway .rw-said")
    expect(said).to_contain_text("ours.json is 1 MB. It was not read")
    assert app.scenario() == saved.with_reasons({})
    app.agrees()


def test_link_can_be_copied(app: IncentivesApp) -> None:
    app.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    app.page.get_by_role("button", name="Copy the link").click()
    expect(app.page.locator(".rw-takeaway .rw-said")).to_have_text("The link is copied.")
    copied = app.page.evaluate("navigator.clipboard.readText()")
    assert copied == app.link.input_value()
    assert Scenario.from_link(copied) == app.scenario()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?s=eNqFVEuP2jAQ", "This link cannot be read"),
        ("?case=no-such-case", "There is no case called no-such-case"),
    ],
    ids=["damaged", "unknown"],
)
def test_damaged_link_is_told_in_words_and_the_first_case_is_shown(
    server: Server, app: IncentivesApp, query: str, words: str
) -> None:
    app.open(f"{server.url(INCENTIVES)}{query}")
    expect(app.page.get_by_role("alert")).to_contain_text(words)
    expect(app.headline).to_have_text(evaluate(preset(FIRST).scenario).headline)
    assert app.scenario().case.preset == FIRST
    # What is done next is answered, and the message goes with the next case.
    app.choose_case("no-scheme")
    expect(app.page.locator(".rw-alert")).to_have_count(0)


def test_link_with_hostile_words_shows_them_as_words(server: Server, app: IncentivesApp) -> None:
    dialogs: list[str] = []

    def dismiss(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    app.page.on("dialog", dismiss)
    app.open(f"{server.url(INCENTIVES)}?{nasty().to_link()}")
    app.wait_until(lambda scenario: scenario.name == NASTY)
    expect(app.headline).to_have_text(evaluate(nasty()).headline)
    app.open_all()
    fairness = app.picture("Who gets it and who does not").locator("table")
    expect(fairness).to_contain_text(NASTY)
    expect(app.page.locator(".rw-levers")).to_contain_text(NASTY)
    expect(app.page.locator("#workbook :is(img, script[src], iframe)")).to_have_count(0)
    app.type(f"{PEOPLE}: {NASTY} 1", "20")
    app.wait_for_value("groups.1.headcount", 20.0)
    app.agrees()
    assert dialogs == []


def test_paper_has_the_answer_the_inputs_and_the_sources(app: IncentivesApp) -> None:
    app.type(COST, "25,000")
    app.wait_for_value("leaver_cost", 25000.0)
    app.page.get_by_label(f"Why? It is printed with the answer: {COST}").fill("Ours")
    app.page.keyboard.press("Tab")
    changed = app.differs.locator("li", has_text="£20,000 to £25,000. Ours")
    expect(changed).to_have_count(1)
    app.page.emulate_media(media="print")
    result = evaluate(app.scenario())
    for words in (
        result.headline,
        result.sentences[0],
        preset(FIRST).source,
        "68 of 82 had signed up by January 2020",
        "Open Government Licence",
    ):
        expect(app.page.get_by_text(words).filter(visible=True).first).to_be_visible()
    expect(changed).to_be_visible()
    inputs = app.page.locator(".rw-inputs tr")
    for path, value in (
        ("groups.0.headcount", "82 people"),
        ("scheme.oncost_rate", "14.3%"),
        ("appraisal.discount_rate", "3.5%"),
    ):
        row = inputs.filter(has=app.page.get_by_text(label_of(path), exact=True))
        expect(row.get_by_text(value, exact=True)).to_be_visible()
    expect(app.page.get_by_text(result.provenance.scenario_digest)).to_be_visible()
    for kind in ("navigation", "slider", "button"):
        expect(app.page.get_by_role(kind).filter(visible=True)).to_have_count(0)
    scales = app.page.locator("figure svg").evaluate_all(SCALES)
    assert all(0.85 < scale < 1.05 for scale in scales), "words on paper are too small or too large"
    sheets = re.findall(rb"/Type /Page\b", app.page.pdf(prefer_css_page_size=True))
    assert 2 <= len(sheets) <= 14
    app.page.emulate_media(media="screen")
    expect(inputs.first).to_be_hidden()
