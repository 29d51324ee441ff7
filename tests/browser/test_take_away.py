"""What leaves every page, comes to it and stands beside it, in a browser."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize, expect

from retention_lib.assumptions_log import log_of
from retention_lib.assumptions_log.question import Question as LogQuestion
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.documents import Document
from retention_lib.outputs.files import outputs_for
from retention_lib.plans.cases import case as plan_case
from retention_lib.plans.plan import Plan
from retention_lib.presets import preset
from retention_lib.reproducing import lines_of
from retention_lib.scenario import Scenario
from retention_lib.synthetic.question import Question
from tests.browser.benchmarks import BenchmarksApp
from tests.browser.evidence import EvidenceApp
from tests.browser.happened import HappenedApp
from tests.browser.incentives import COST, FIRST, INCENTIVES, SHARE, IncentivesApp
from tests.browser.lab import lab_page
from tests.browser.plans import PLANS, PlansApp
from tests.browser.tools import NARROW, WIDE, Server, wait_for
from tests.browser.workbook import SIDEWAYS, Workbook, opened

pytestmark = pytest.mark.browser

OPENS = IncentivesApp
NASTY = '<img src=x onerror="alert(1)">'
OFFER = preset(FIRST).scenario
MAKING = 90_000  # milliseconds that the slowest file may take on a busy computer,
BUSY = 30_000  # and a page that is still working out its ranges


def text_in(name: str, content: bytes) -> str:
    """Open a file with what opens its kind, and give all the words in it."""
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        return " ".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        )
    if name.endswith(".docx"):
        section = docx.Document(io.BytesIO(content))
        cells = [c.text for table in section.tables for row in table.rows for c in row.cells]
        return " ".join([*(each.text for each in section.paragraphs), *cells])
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            assert packed.testzip() is None
            return packed.read("about.csv").decode("utf-8-sig")
    text = content.decode("utf-8-sig")
    if name.endswith(".json"):
        return json.dumps(json.loads(text))
    assert not name.endswith(".html") or text.lstrip().lower().startswith("<!doctype html>")
    return text


def taken(app: Workbook, button: Locator) -> tuple[str, bytes]:
    """Press a button that hands over a file, and wait until it is there."""
    with app.page.expect_download(timeout=MAKING) as coming:
        button.click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def kept(app: Workbook) -> Locator:
    """What is listed to be compared."""
    return app.page.locator(".rw-kept > li")


def keep(app: Workbook) -> None:
    """Keep what stands on the page."""
    before = kept(app).filter(has=app.page.get_by_role("button", name="Remove")).count()
    app.page.get_by_role("button", name="Keep this to compare").click()
    expect(kept(app).get_by_role("button", name="Remove")).to_have_count(before + 1, timeout=BUSY)


def payload(document: Document, name: str = "ours.json") -> FilePayload:
    """A saved file."""
    content = document.to_json().encode()
    return FilePayload(name=name, mimeType="application/json", buffer=content)


def drop(page: Page, file: Path, on: Locator) -> None:
    """Drag a file from outside the browser and drop it."""
    on.scroll_into_view_if_needed()
    place = on.bounding_box()
    assert place is not None
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    at = {"x": place["x"] + place["width"] / 2, "y": place["y"] + place["height"] / 2}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "data": data, **at})


KINDS: dict[type[Workbook], type[Document]] = {
    IncentivesApp: Scenario,
    PlansApp: Plan,
    BenchmarksApp: Comparison,
    EvidenceApp: LogQuestion,
    HappenedApp: Question,
}


def stamped(document: Document) -> str:
    """The digest that files of a document carry; those of the log carry its answer's."""
    if isinstance(document, LogQuestion):
        return log_of(document, dt.date.today()).provenance.scenario_digest
    return document.digest


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_every_file_is_handed_over_and_opens(
    browser: Browser, server: Server, kind: type[Workbook]
) -> None:
    with opened(kind, browser, server) as app:
        save = app.page.get_by_role("button", name="Save this scenario")
        saved, content = taken(app, save)
        document = KINDS[kind].from_json(content.decode())
        assert saved.endswith(f"-{document.digest}.json")
        said = app.page.locator(".rw-takeaway .rw-said")
        for each in outputs_for(document):
            button = app.page.get_by_role("button", name=each.label, exact=True)
            expect(button).to_have_accessible_description(each.says)
            name, content = taken(app, button)
            assert name.endswith(f"-{document.digest}{each.suffix}")
            expect(said).to_have_text(f"{name} is in your downloads.")
            expect(button).not_to_have_attribute("aria-disabled", "true")
            assert stamped(document) in text_in(name, content), name


def test_a_file_is_announced_while_it_is_made_and_made_once(app: IncentivesApp) -> None:
    button = app.page.get_by_role("button", name="One page to send")
    downloads: list[str] = []
    app.page.on("download", lambda one: downloads.append(one.suggested_filename))
    button.focus()
    app.page.keyboard.press("Enter")
    expect(app.page.locator(".rw-takeaway .rw-said")).to_have_text("Making: One page to send …")
    expect(button).to_have_attribute("aria-disabled", "true")
    app.page.keyboard.press("Enter")
    app.page.keyboard.press("Space")
    # What is done meanwhile is answered.
    app.type(SHARE, "50")
    app.wait_for_value("scheme.take_up", 0.5)
    expect(app.page.locator(".rw-takeaway .rw-said")).to_contain_text("downloads", timeout=MAKING)
    wait_for(lambda: downloads, "the file", 10)
    assert downloads == [f"{FIRST}-{OFFER.digest}.html"]
    expect(button).not_to_have_attribute("aria-disabled", "true")


def test_a_saved_file_can_be_dragged_in_and_one_dropped_elsewhere_changes_nothing(
    app: IncentivesApp, tmp_path: Path
) -> None:
    file = tmp_path / "theirs.json"
    theirs = preset("flat-golden-hello").scenario.but({"leaver_cost": 31000})
    file.write_text(theirs.to_json(), encoding="utf-8")
    address = app.page.url.partition("?")[0]
    drop(app.page, file, app.headline)
    app.page.wait_for_timeout(500)
    assert app.page.url.partition("?")[0] == address
    assert app.scenario() == OFFER
    drop(app.page, file, app.page.locator(".rw-takeaway .rw-drop"))
    app.wait_for_value("leaver_cost", 31000.0)
    expect(app.page.locator(".rw-takeaway .rw-said")).to_have_text(
        "theirs.json is open. Its answer is at the top of the page."
    )
    app.agrees()


def test_a_file_of_another_kind_goes_to_its_workbook_or_into_the_comparison(
    app: IncentivesApp,
) -> None:
    plan = plan_case("gloucestershire-2m").plan
    app.page.get_by_label("Open a saved scenario").set_input_files(payload(plan))
    alert = app.page.locator(".rw-takeaway .rw-alert")
    expect(alert).to_contain_text("ours.json holds a four-year plan")
    assert app.scenario() == OFFER
    app.page.get_by_role("button", name="Add it to the comparison").click()
    expect(alert).to_have_count(0)
    expect(kept(app)).to_have_count(2, timeout=BUSY)
    expect(kept(app).first).to_contain_text(plan.name)
    expect(app.page.locator(".rw-side h3")).to_contain_text("cannot be ranked", timeout=BUSY)
    app.page.get_by_role("link", name="Open A in Invest to save").click()
    app.page.wait_for_selector("body[data-ready]", timeout=60_000)
    there = PlansApp(app.page, app.watch)
    expect(there.link).to_be_visible(timeout=20_000)
    there.wait_for(lambda now: now == plan)
    app.open(app.page.url.replace(PLANS, INCENTIVES).partition("?")[0])
    app.page.locator(".rw-compare").scroll_into_view_if_needed()
    app.page.get_by_role("button", name="Remove all").click()
    expect(kept(app)).to_have_count(0, timeout=BUSY)


def test_what_is_kept_stands_beside_another_page_and_is_put_back_with_its_reasons(
    browser: Browser, server: Server
) -> None:
    with opened(IncentivesApp, browser, server) as app:
        keep(app)
        app.type(COST, "25,000")
        app.wait_for_value("leaver_cost", 25000.0)
        app.page.get_by_label(f"Why? It is printed with the answer: {COST}").fill(NASTY)
        app.page.keyboard.press("Tab")
        expect(app.differs).to_contain_text(NASTY)
        keep(app)
        row = app.page.get_by_role("row", name=re.compile(COST))
        expect(row).to_contain_text("£25,000")
        expect(row).to_contain_text(NASTY)
        app.open(server.url(PLANS))
        block = app.page.locator(".rw-compare")
        block.scroll_into_view_if_needed()
        expect(kept(app)).to_have_count(3, timeout=BUSY)
        expect(app.page.locator(".rw-side h3")).to_contain_text("cannot be ranked", timeout=BUSY)
        expect(row).to_contain_text(NASTY)
        expect(app.page.locator("#workbook :is(img, script[src], iframe)")).to_have_count(0)
        app.open(server.url(INCENTIVES))
        block.scroll_into_view_if_needed()
        app.page.get_by_role("button", name="Open B here").click()
        app.wait_for_value("leaver_cost", 25000.0)
        expect(app.differs).to_contain_text(NASTY)
        app.agrees()
        # Another tab knows nothing of it.
        other = app.page.context.new_page()
        other.goto(server.url(INCENTIVES))
        other.wait_for_selector("body[data-ready]", timeout=60_000)
        other.locator(".rw-compare").scroll_into_view_if_needed()
        other.wait_for_timeout(500)
        expect(other.locator(".rw-kept > li")).to_have_count(0)
        other.goto("about:blank")


def test_same_money_four_ways_from_keep_to_file_by_keyboard_alone(
    browser: Browser, server: Server
) -> None:
    with opened(PlansApp, browser, server) as app:
        press = app.page.keyboard.press
        app.page.get_by_role("button", name="Keep this to compare").focus()
        press("Enter")
        expect(kept(app)).to_have_count(1, timeout=BUSY)
        press("Tab")  # a file to add
        press("Tab")
        expect(app.page.get_by_label("The same money over four years")).to_be_focused()
        expect(app.page.get_by_label("The same money over four years")).to_have_value("400,000")
        press("Enter")
        question = app.page.get_by_role("group", name="Replace what is kept?")
        asked = "Replace the answer you have kept with these four plans?"
        expect(question).to_contain_text(asked, timeout=BUSY)
        expect(question.get_by_role("button").first).to_be_focused()
        expect(question.get_by_role("button").first).to_have_accessible_description(asked)
        expect(app.page.locator(".rw-compare > .rw-said")).to_have_text(asked)
        press("Enter")
        expect(kept(app)).to_have_count(4, timeout=BUSY)
        expect(app.page.get_by_role("button", name="Set the same money")).to_be_focused()
        expect(app.page.get_by_role("table", name="The answers")).to_be_visible()
        heads = app.page.get_by_role("table", name="The answers").get_by_role("columnheader")
        expect(heads).to_have_count(5)
        press("Tab")
        expect(app.page.get_by_role("button", name="Open A here")).to_be_focused()
        press("Tab")
        press("Enter")  # A is removed; the next has the focus
        expect(kept(app).last).to_contain_text("This page now", timeout=BUSY)
        expect(app.page.get_by_role("button", name="Remove A", exact=True)).to_be_focused()
        name, content = taken(app, app.page.get_by_role("button", name="Download this comparison"))
        assert name.startswith("comparison-")
        assert "The answers" in content.decode("utf-8-sig")
        app.page.get_by_role("button", name="Remove all").focus()
        press("Enter")
        expect(kept(app)).to_have_count(0, timeout=BUSY)
        expect(app.page.get_by_role("button", name="Keep this to compare")).to_be_focused()


def test_a_refused_sum_is_told_at_its_field(browser: Browser, server: Server) -> None:
    with opened(PlansApp, browser, server) as app:
        pounds = app.page.get_by_label("The same money over four years")
        expect(pounds).to_have_attribute("aria-invalid", "false")
        pounds.fill("much")
        pounds.press("Enter")
        expect(pounds).to_have_attribute("aria-invalid", "true", timeout=BUSY)
        expect(pounds).to_have_accessible_description(re.compile("“much” is not a sum of money"))
        expect(app.page.locator(".rw-four.rw-wrong .rw-problem")).to_be_visible()
        pounds.fill("400,000")
        pounds.press("Enter")
        expect(kept(app)).to_have_count(4, timeout=BUSY)
        expect(pounds).to_have_attribute("aria-invalid", "false")


# Says whether any of five points of the focused control can be touched, once the page is still.
IN_SIGHT = """async () => {
    for (let i = 0; i < 9; i += 1) await new Promise(requestAnimationFrame);
    const at = document.activeElement;
    const box = at.getBoundingClientRect();
    const seen = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].some(([x, y]) => {
        const top = document.elementFromPoint(box.x + x * box.width, box.y + y * box.height);
        return top && (at.contains(top) || top.contains(at));
    });
    return { name: at.ariaLabel ?? at.textContent.slice(0, 60), seen, y: box.y };
}"""

# Scrolls until a control lies under the pinned headline; says whether it does.
UNDER = """async (one) => {
    const bar = document.querySelector(".rw-pinned");
    for (let i = 0; i < 20; i += 1) {
        const box = one.getBoundingClientRect();
        scrollBy(0, (box.top + box.bottom) / 2 - innerHeight + bar.offsetHeight / 2);
        for (let j = 0; j < 3; j += 1) await new Promise(requestAnimationFrame);
    }
    const box = one.getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, (box.top + box.bottom) / 2) === bar;
}"""


def test_focus_is_never_hidden_under_the_pinned_headline(browser: Browser, server: Server) -> None:
    with opened(PlansApp, browser, server) as app:
        app.open_all()
        app.page.locator(".rw-field input").first.focus()
        hidden = []
        for key, times in (("Tab", 50), ("Shift+Tab", 40)):
            for _ in range(times):
                app.page.keyboard.press(key)
                at = app.page.evaluate(IN_SIGHT)
                if not at["seen"]:
                    hidden.append(at)
        assert hidden == []
        for under in app.page.locator(".rw-about > summary").all()[8:32:8]:
            assert under.evaluate(UNDER)
            under.evaluate("(one) => one.focus({ preventScroll: true })")
            assert app.page.evaluate(IN_SIGHT)["seen"]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_full_comparison_and_open_lines_are_for_everybody(
    browser: Browser, server: Server, axe: Callable[[Page], list[str]], size: ViewportSize
) -> None:
    with opened(IncentivesApp, browser, server, size) as app:
        files = app.page.get_by_label("Add a saved file")
        files.set_input_files(
            [
                payload(preset("flat-golden-hello").scenario, "a.json"),
                payload(plan_case("gloucestershire-2m").plan, "b.json"),
                payload(OFFER.but({"name": NASTY * 5, "leaver_cost": 1}), "c.json"),
            ]
        )
        expect(kept(app)).to_have_count(4, timeout=BUSY)
        expect(app.page.get_by_text("being worked out")).to_have_count(0, timeout=30_000)
        app.page.get_by_text("Reproduce this in Python").click()
        expect(app.page.locator(".rw-code pre")).to_contain_text("evaluate(scenario)")
        assert app.page.evaluate(SIDEWAYS) <= 0
        assert axe(app.page) == []


def test_lines_of_python_can_be_copied(app: IncentivesApp) -> None:
    app.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    app.type(COST, "25,000")
    app.wait_for_value("leaver_cost", 25000.0)
    app.page.get_by_text("Reproduce this in Python").click()
    expect(app.page.locator(".rw-code pre")).to_contain_text("25000")
    app.page.get_by_role("button", name="Copy the lines").click()
    expect(app.page.locator(".rw-takeaway .rw-said")).to_have_text("The lines are copied.")
    assert app.page.evaluate("navigator.clipboard.readText()") == lines_of(app.scenario())


def test_a_damaged_link_opens_the_rest_and_lists_what_it_could_not_read(
    server: Server, app: IncentivesApp
) -> None:
    sent = OFFER.but({"leaver_cost": 25000, "scheme.take_up": 0.5})
    parts = sent.to_link().split(".")
    app.open(f"{server.url(INCENTIVES)}?{'.'.join([*parts[:-1], parts[-1][:-3]])}")
    alert = app.page.get_by_role("alert").filter(visible=True)
    expect(alert).to_contain_text("Not all of this link could be read.")
    assert alert.get_by_role("listitem").count() >= 2
    app.wait_for_value("leaver_cost", 25000.0)
    app.agrees()


def test_files_are_handed_over_in_jupyterlab_too(
    browser: Browser, root: Path, tmp_path: Path
) -> None:
    with lab_page(root, tmp_path, INCENTIVES, browser) as page:
        for label in ("Save this scenario", "Excel workbook", "All tables, one CSV file"):
            button = page.get_by_role("button", name=label, exact=True)
            button.scroll_into_view_if_needed()
            with page.expect_download(timeout=MAKING) as coming:
                button.click()
            name = coming.value.suggested_filename
            assert name.startswith(f"{FIRST}-{OFFER.digest}")
            assert OFFER.digest in text_in(name, Path(coming.value.path()).read_bytes()) or (
                label == "Save this scenario"
            )
        page.get_by_role("button", name="Keep this to compare").click()
        expect(page.locator(".rw-kept > li")).to_have_count(1, timeout=BUSY)
