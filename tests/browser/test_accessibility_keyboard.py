"""Every page by the Tab key alone: what comes after what, seen, marked and large enough.

The order stands in `tests/data/keyboard`, one file for each page with everything open, one control
a line. Where a page was changed on purpose, write the files again and look at what differs:

    RETENTION_RECORD_KEYBOARD=1 python -m pytest tests/browser/test_accessibility_keyboard.py
    git diff tests/data/keyboard
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.accessibility import PAGES, open_all, visiting
from tests.browser.tools import NARROW, Server
from tests.browser.workbook import SMALL, SMALLEST_TARGET

pytestmark = pytest.mark.browser

RECORDS = Path(__file__).resolve().parents[1] / "data" / "keyboard"
RECORDING = bool(os.environ.get("RETENTION_RECORD_KEYBOARD"))
MOST_STOPS = 2_000
TABLE = "region: Table"
FRAMES = 12  # after which a page that was scrolled by the focus stands still

# How the focus is marked, and whether what has it can be seen and is covered by nothing. A field
# for files lies invisibly over its label, which is marked in its place.
STOP = """async (frames) => {
    const at = document.activeElement;
    const marked = at.type === "file" ? at.closest("label") : at;
    const style = getComputedStyle(marked);
    const covered = () => {
        const box = marked.getBoundingClientRect();
        const [width, height] = [document.documentElement.clientWidth, innerHeight];
        const [left, right] = [Math.max(box.left, 0), Math.min(box.right, width)];
        const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, height)];
        if (right - left < 1 || bottom - top < 1) return "out of sight";
        if (box.height < height / 2 && bottom - top < box.height - 1) return "partly out of sight";
        const middle = (left + right) / 2;
        const points = [[middle, top + 2], [middle, (top + bottom) / 2], [middle, bottom - 2]];
        const others = points.map(([x, y]) => document.elementFromPoint(x, y))
            .filter((one) => !marked.contains(one) && !one?.contains(marked));
        // Of a table that is as high as the screen some may be covered.
        const [over] = box.height < height / 2 || others.length === points.length ? others : [];
        return over ? `behind ${over.outerHTML.slice(0, 80)}` : "";
    };
    for (let frame = 0; covered() && frame < frames; frame += 1) {
        await new Promise((done) => requestAnimationFrame(done));
    }
    return {
        body: at === document.body,
        scrolls: at.scrollWidth > at.clientWidth || at.scrollHeight > at.clientHeight,
        outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        covered: covered(),
    };
}"""


def name_of_focused(page: Page, session: CDPSession) -> str:
    """Say what has the focus as a screen reader is told: its role and its name."""
    found = session.send("Runtime.evaluate", {"expression": "document.activeElement"})
    node: dict[str, Any] = session.send(
        "Accessibility.getPartialAXTree",
        {"objectId": found["result"]["objectId"], "fetchRelatives": False},
    )["nodes"][0]
    name = " ".join(node.get("name", {}).get("value", "").split())
    return f"{node['role']['value']}: {name}"


def walk(page: Page) -> list[tuple[str, dict[str, Any]]]:
    """Press Tab from the skip link until the page is left; gives each stop's name and looks."""
    session = page.context.new_cdp_session(page)
    page.locator(".skip-link").focus()
    page.keyboard.press("Shift+Tab")  # so that the first Tab comes from outside, as a visitor's
    stops: list[tuple[str, dict[str, Any]]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP, FRAMES)
        if stop["body"]:
            break
        name = name_of_focused(page, session)
        if stops and name == stops[0][0]:
            break
        stops.append((name, stop))
    return stops


@pytest.mark.parametrize("name", PAGES)
def test_tab_goes_through_every_page_in_the_order_on_record(
    browser: Browser, server: Server, name: str
) -> None:
    with visiting(browser, server, name) as page:
        open_all(page)
        stops = walk(page)
    assert [(which, stop["covered"]) for which, stop in stops if stop["covered"]] == []
    assert [which for which, stop in stops if stop["outline"] < 2] == []
    assert [which for which, _ in stops if which.endswith(": ")] == []
    # What is as wide as its table, in the fonts of this computer, takes no focus.
    tables = [(which, stop["scrolls"]) for which, stop in stops if which.startswith(TABLE)]
    assert [which for which, scrolls in tables if not scrolls] == []
    found = "".join(f"{which}\n" for which, _ in stops if not which.startswith(TABLE))
    record = RECORDS / f"{name}.txt"
    if RECORDING:
        record.write_text(found, encoding="utf-8")
    assert found.splitlines() == record.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_has_the_focus_is_hidden_on_a_small_screen(
    browser: Browser, server: Server, name: str
) -> None:
    with visiting(browser, server, name, NARROW) as page:
        stops = walk(page)
        assert [(which, stop["covered"]) for which, stop in stops if stop["covered"]] == []
        assert [which for which, stop in stops if stop["outline"] < 2] == []
        assert page.evaluate(SMALL, SMALLEST_TARGET) == []
        open_all(page)
        assert page.evaluate(SMALL, SMALLEST_TARGET) == []
