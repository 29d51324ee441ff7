"""The evidence page as its tests use it: what a visitor does, and what the library's log says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from playwright.sync_api import FilePayload, Locator, expect

from retention_lib.assumptions_log import EvidenceResult, Question, log_of
from retention_lib.assumptions_log.searching import matched
from retention_lib.documents import Document
from retention_lib.views import evidence_form as form
from tests.browser.tools import wait_for
from tests.browser.workbook import Workbook

EVIDENCE = "04_evidence.ipynb"

ABOUT, SEARCH = form.ABOUT.label, form.SEARCH_LABEL
ONLY, QUALITY, IMPACT = (choice.label for choice in form.FILTERS)


@dataclass
class EvidenceApp(Workbook):
    """One open evidence page."""

    NOTEBOOK: ClassVar[str] = EVIDENCE

    def start_again(self) -> None:
        """Put everything back as it is when the page is opened."""
        self.open_all(False)
        self.page.emulate_media(media="screen")
        self.open_file("start.json", Question(search="x", about="no-scheme"))
        self.open_file("start.json", Question())

    def asked(self) -> Question:
        """What the page's link opens."""
        return Question.from_link(self.link.input_value())

    def wait_for(self, so: Callable[[Question], bool], seconds: float = 10) -> None:
        """Wait until the page's own question is as it should be."""
        wait_for(lambda: so(self.asked()), "the page to take it", seconds)

    def open_file(self, name: str, document: Document) -> None:
        """Open a saved file."""
        payload = FilePayload(
            name=name, mimeType="application/json", buffer=document.to_json().encode()
        )
        self.page.get_by_label("Open a saved scenario").set_input_files(payload)
        expected = Question.from_dict(document.to_dict())
        self.wait_for(lambda now: now == Question.from_link(expected.to_link()))
        expect(self.headline).to_have_text(self.result(expected).headline)

    @property
    def search(self) -> Locator:
        """The box to search in."""
        return self.page.get_by_role("searchbox", name=SEARCH, exact=True)

    @property
    def count(self) -> Locator:
        """What is said of how much is shown: seen, and read out."""
        return self.page.locator(".rw-status [role=status]")

    def result(self, asked: Question | None = None) -> EvidenceResult:
        """The library's log of what the page asks."""
        return log_of(asked or self.asked(), dt.date.today())

    def is_answered(self) -> None:
        """The page shows the library's log, of it what is asked for, and its address opens it."""
        asked = self.asked()
        result = self.result(asked)
        expect(self.headline).to_have_text(result.headline)
        wanted = sorted(entry.label for entry in matched(result.entries, asked))
        log = self.page.locator(".rw-pictures .rw-log")
        names = ".rw-entry:not(.rw-out) h4"
        wait_for(
            lambda: (
                sorted(
                    log.locator(names).evaluate_all(
                        "all => all.map(h => h.firstChild.textContent.trim())"
                    )
                )
                == wanted
            ),
            "the lines asked for",
            10,
        )
        wait_for(lambda: self.address() == self.link.input_value(), "the address bar", 5)
