"""The page of what happened after as its tests use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from playwright.sync_api import expect

from retention_lib.synthetic.answer import what_happened
from retention_lib.synthetic.cases import FIRST, case
from retention_lib.synthetic.question import Question
from retention_lib.views import happened_form as form
from tests.browser.tools import wait_for
from tests.browser.workbook import Workbook

HAPPENED = "05_did_it_work.ipynb"

COUNCIL, MEASURE, YEAR, STORY = (choice.label for choice in form.CASE)
UNTIL = form.LEVERS[0].label


@dataclass
class HappenedApp(Workbook):
    """One open page of what happened after."""

    NOTEBOOK: ClassVar[str] = HAPPENED

    def start_again(self) -> None:
        """Put the first case back as it was and close what is open, whatever was done before."""
        self.open_all(False)
        self.page.emulate_media(media="screen")
        if self.asked().case.preset == FIRST:
            self.choose(STORY, "somerset-2015")
            self.wait_for(lambda asked: asked.case.preset == "somerset-2015")
        self.choose(STORY, FIRST)
        self.wait_for(lambda asked: asked == case(FIRST).question)
        expect(self.headline).to_have_text(what_happened(case(FIRST).question).headline)

    def asked(self) -> Question:
        """What the page's link opens."""
        return Question.from_link(self.link.input_value())

    def wait_for(self, so: Any, seconds: float = 10) -> None:
        """Wait until the page's own question is as it should be."""
        wait_for(lambda: so(self.asked()), "the page to take it", seconds)

    def is_answered(self) -> None:
        """The page shows what the library answers, and its address opens the same."""
        expect(self.headline).to_have_text(what_happened(self.asked()).headline)
        wait_for(lambda: self.address() == self.link.input_value(), "the address bar", 5)
