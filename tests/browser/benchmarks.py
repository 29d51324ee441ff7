"""The benchmarks page as its tests use it: what a visitor does, and what the library answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from playwright.sync_api import FilePayload, Locator, expect

from retention_lib.benchmarks.answer import compare
from retention_lib.benchmarks.cases import FIRST, case
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.views import benchmarks_form as form
from tests.browser.tools import wait_for
from tests.browser.workbook import Workbook, label_of

BENCHMARKS = "03_benchmarks.ipynb"

COUNCIL, MEASURE, YEAR, BESIDE, STORY = (choice.label for choice in form.CASE)
TARGET, WITHIN, AMONG, SECOND = (choice.label for choice in form.LEVERS)
CHANGE, AT_LEAST, AT_MOST = (form._CLAIM_WORDS[path][0] for path in form.CLAIM)
OWN_LIST = "Councils to compare with"
BAND_SECTION, PRICE_SECTION = "Which councils started there", "What people cost"
LEAVER = label_of("leaver_cost")

MIDDLESBROUGH, LEEDS, PLYMOUTH = "806", "383", "879"

# Every word on the page, of its pictures too, open or not; scripts apart.
WORDS = """() => [...document.querySelectorAll("main *")]
    .filter((one) => !one.closest("script, style") && !one.children.length)
    .map((one) => one.textContent.trim()).filter(Boolean)"""

# The pictures with nothing in them: neither drawn with words, nor a sentence that says why not.
BLANK = """() => [...document.querySelectorAll("figure")]
    .filter((one) => one.checkVisibility())
    .filter((one) => one.querySelector(".rw-drawing").innerHTML
        ? one.querySelectorAll("svg text").length < 3
        : !one.querySelector("summary").textContent.trim())
    .map((one) => one.querySelector("h3").textContent)"""


def asking(code: str, measure: str = "turnover", **more: Any) -> Comparison:
    """Ask of one council."""
    given = {"schema": 1, "kind": "benchmark", "council": code, "measure": measure, **more}
    return Comparison.from_dict(given)


@dataclass
class BenchmarksApp(Workbook):
    """One open benchmarks page."""

    NOTEBOOK: ClassVar[str] = BENCHMARKS

    def start_again(self) -> None:
        """Put the first case back as it was and close what is open, whatever was done before."""
        self.open_all(False)
        self.page.emulate_media(media="screen")
        if self.asked().case.preset == FIRST:
            self.choose(STORY, "middlesbrough-2019")
            self.wait_for(lambda asked: asked.case.preset == "middlesbrough-2019")
        self.choose(STORY, FIRST)
        self.wait_for(lambda asked: asked == case(FIRST).comparison)
        expect(self.headline).to_have_text(compare(case(FIRST).comparison).headline)

    def asked(self) -> Comparison:
        """What the page's link opens."""
        return Comparison.from_link(self.link.input_value())

    def wait_for(self, so: Any, seconds: float = 10) -> None:
        """Wait until the page's own comparison is as it should be."""
        wait_for(lambda: so(self.asked()), "the page to take it", seconds)

    def ask(self, asked: Comparison) -> None:
        """Have the page answer a comparison, as a saved file of it is opened."""
        payload = FilePayload(
            name="asked.json", mimeType="application/json", buffer=asked.to_json().encode()
        )
        self.page.get_by_label("Open a saved scenario").set_input_files(payload)
        self.wait_for(lambda now: now == asked.with_reasons({}))
        expect(self.headline).to_have_text(compare(asked).headline)

    def is_answered(self) -> None:
        """The page shows what the library answers, and its address opens the same."""
        expect(self.headline).to_have_text(compare(self.asked()).headline)
        wait_for(lambda: self.address() == self.link.input_value(), "the address bar", 5)

    @property
    def upload(self) -> Locator:
        """The part for a council's own file."""
        return self.page.locator(".rw-upload")

    @property
    def status(self) -> Locator:
        """What is said of a file as it is read."""
        return self.upload.get_by_role("status")

    @property
    def own(self) -> Locator:
        """The table of a council's own figures."""
        return self.picture("your file beside DfE's figures")

    def give(self, name: str, content: bytes) -> None:
        """Choose a file of a council's own."""
        kind = "text/csv" if name.endswith(".csv") else "application/octet-stream"
        payload = FilePayload(name=name, mimeType=kind, buffer=content)
        self.page.get_by_label("Choose a file").set_input_files(payload)
