"""The page of any workbook as its tests use it: what a visitor finds and does there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from retention_lib.assumptions import register
from tests.browser.tools import WIDE, Server, Watch

START = "00_start_here.ipynb"


def label_of(path: str) -> str:
    """What a number's field is called on the page."""
    row = register().behind(path)
    assert row is not None
    return row.label


# Says where an element of a shown text is cut off by the box round it.
CUT_OFF = """() => [...document.querySelectorAll("button, label, summary, .button, h1, h2, h3, a")]
    .filter((one) => one.checkVisibility() && !one.closest(".rw-hidden, .skip-link"))
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
    .map((one) => one.textContent.trim())"""

# What a reader with poor sight may ask of a page (WCAG 1.4.12).
SPACED = """*, *::before { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


# Where the focus is: what it is called, and how it is marked.
FOCUSED = """() => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    const named = at.labels?.[0]?.textContent ?? at.textContent;
    return {
        name: `${at.tagName} ${at.type ?? ""} ${at.ariaLabel ?? named}`.trim().slice(0, 90),
        outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        seen: at.checkVisibility() && at.getBoundingClientRect().width > 0,
        control: at.matches("a, button, input, select, summary, [tabindex]"),
        body: at === document.body,
    };
}"""

# Every control that can be used now, in the order of the page.
REACHABLE = """() => [...document.querySelectorAll(
        "a[href], button, input, select, summary, [tabindex='0']")]
    .filter((one) => one.checkVisibility({ contentVisibilityAuto: true }) && !one.disabled)
    .length"""


# Wait until nothing is being worked out and nothing on the page has changed for a moment.
AT_REST = """async (rest) => {
    const working = () => [...document.querySelectorAll("progress, #starting")]
        .some((one) => one.checkVisibility());
    const begun = performance.now();
    let last = begun;
    const watch = new MutationObserver(() => { last = performance.now(); });
    watch.observe(document.body,
        { attributes: true, characterData: true, childList: true, subtree: true });
    while (working() || performance.now() - last < rest) {
        if (performance.now() - begun > 90000) throw new Error("the page does not come to rest");
        await new Promise((done) => setTimeout(done, 50));
    }
    watch.disconnect();
}"""

# What can be pressed and is too small; links in the middle of a text, and what is hidden, apart.
SMALLEST_TARGET = 24  # CSS pixels
SMALL = """(least) => [...document.querySelectorAll("a, button, input, select, summary")]
    .filter((one) => one.checkVisibility() && !one.closest(".skip-link"))
    .filter((one) => !one.matches("p a, li a") || getComputedStyle(one).display !== "inline")
    .map((one) => [one.getBoundingClientRect(), one])
    .filter(([box]) => box.width < least || box.height < least)
    .map(([box, one]) => `${one.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`)"""


# The milliseconds from a slider's move to the change of the headline, for each move.
MOVES = """async ({ label, values }) => {
    const slider = document.querySelector(`input[type=range][aria-label="${label}"]`);
    const headline = document.querySelector(".rw-answer");
    const taken = [];
    for (const value of values) {
        const answered = new Promise((done, failed) => {
            const watch = new MutationObserver(() => { watch.disconnect(); done(); });
            watch.observe(headline, { childList: true, characterData: true, subtree: true });
            setTimeout(() => failed(new Error(`no answer to ${value}`)), 5000);
        });
        const begun = performance.now();
        slider.value = value;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        await answered;
        taken.push(performance.now() - begun);
        await new Promise((done) => setTimeout(done, 60));
    }
    return taken;
}"""


@dataclass
class Workbook:
    """One open page of a workbook."""

    NOTEBOOK: ClassVar[str]

    page: Page
    watch: Watch

    def open(self, address: str) -> None:
        """Open an address of the page and wait until it answers."""
        self.page.goto(address, wait_until="commit")
        self.page.wait_for_selector("body[data-ready]", timeout=60_000)
        expect(self.headline).not_to_be_empty(timeout=20_000)

    @property
    def headline(self) -> Locator:
        """The answer, in large type."""
        return self.page.locator(".rw-big")

    @property
    def differs(self) -> Locator:
        """What differs from the case, and why."""
        return self.page.locator(".rw-differs, .rw-same")

    @property
    def link(self) -> Locator:
        """The box with the link that opens exactly this."""
        return self.page.get_by_label("Link that opens exactly this")

    def slider(self, label: str) -> Locator:
        """The slider of a number."""
        return self.page.get_by_role("slider", name=f"{label}, slider", exact=True)

    def box(self, label: str) -> Locator:
        """The number box of a number."""
        return self.page.get_by_role("textbox", name=label, exact=True)

    def choice(self, label: str) -> Locator:
        """A list to choose from."""
        return self.page.get_by_role("combobox", name=label, exact=True)

    def field(self, label: str) -> Locator:
        """The whole of a number's field: its label, its control and what is said of it."""
        return self.page.locator(".rw-field", has=self.box(label))

    def picture(self, title: str) -> Locator:
        """A figure by the beginning of its heading."""
        return self.page.locator("figure", has=self.page.get_by_role("heading", name=title))

    def open_section(self, title: str) -> None:
        """Open a part of the form that is closed at first."""
        section = self.page.locator(f".rw-section[data-title='{title}']")
        if section.get_attribute("open") is None:
            section.locator("> summary").click()

    def open_all(self, wanted: bool = True) -> None:
        """Open everything that opens, or close it."""
        self.page.evaluate(
            "(wanted) => document.querySelectorAll('details').forEach((one) => {"
            " one.open = wanted; })",
            wanted,
        )

    def open_table(self, figure: Locator) -> None:
        """Open the table of a figure as a visitor does."""
        if figure.locator("details").get_attribute("open") is None:
            figure.locator("summary").click()
        expect(figure.locator("tbody tr").first).to_be_visible()

    def type(self, label: str, text: str) -> None:
        """Type into a number box and leave it."""
        self.box(label).fill(text)
        self.box(label).press("Tab")

    def choose(self, label: str, value: str) -> None:
        """Choose from a list as a visitor does, who is then on it."""
        self.choice(label).focus()
        self.choice(label).select_option(value)

    def address(self) -> str:
        """What stands in the address bar."""
        return str(self.page.evaluate("location.href"))

    def download(self, button: Locator) -> tuple[str, str]:
        """Press a button that hands over a file; gives its name and text."""
        with self.page.expect_download() as coming:
            button.click()
        text = Path(coming.value.path()).read_bytes().decode("utf-8-sig")
        return coming.value.suggested_filename, text

    def says(self, label: str) -> Locator:
        """What is said beside a field that is wrong."""
        return self.field(label).locator(".rw-problem")

    def walks_by_tab(self, files: int = 0) -> None:
        """From the first to the last control and out again, each marked when it has the focus.

        Of so many fields for files the label is marked, being what is seen.
        """
        self.open_all()
        at_rest(self.page)
        reachable = self.page.evaluate(REACHABLE)
        self.page.locator(".skip-link").focus()
        seen = [self.page.evaluate(FOCUSED)]
        for _ in range(reachable + 20):
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(FOCUSED)
            if at["body"] or at["name"].endswith("Skip to main content"):
                break
            seen.append(at)
        apart = [one for one in seen if files and one["name"].startswith("INPUT file")]
        assert len(apart) == files
        marked = [one for one in seen if one not in apart]
        assert [one["name"] for one in marked if one["outline"] < 2 or not one["seen"]] == []
        assert len(seen) >= reachable

    def start_again(self) -> None:
        """Put the first case back as it was and close what is open, whatever was done before."""
        raise NotImplementedError


W = TypeVar("W", bound=Workbook)


@contextmanager
def opened(
    kind: type[W], browser: Browser, server: Server, size: ViewportSize = WIDE, query: str = ""
) -> Iterator[W]:
    """Open a page for a new visitor; it must ask nobody else for anything, and have no errors."""
    context = browser.new_context(locale="en-GB", viewport=size, accept_downloads=True)
    app = kind(context.new_page(), Watch())
    app.watch.follow(app.page)
    app.open(f"{server.url(kind.NOTEBOOK)}{query}")
    yield app
    app.page.goto("about:blank")
    context.close()
    assert app.watch.foreign() == []
    assert app.watch.unexpected() == []


def at_rest(page: Page, rest: float = 0.6) -> None:
    """Wait until all ranges are in and nothing on a page has changed for so many seconds."""
    page.evaluate(AT_REST, rest * 1000)


def settled(app: Workbook, rest: float = 0.3) -> None:
    """Wait until the answer has not changed for a moment."""
    last, since = app.headline.inner_html(), time.monotonic()
    while time.monotonic() - since < rest:
        now = app.headline.inner_html()
        if now != last:
            last, since = now, time.monotonic()
        time.sleep(0.03)
