"""The incentives page as its tests use it: what a visitor does, and what the library answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from playwright.sync_api import Locator, expect

from retention_lib.evaluation import evaluate
from retention_lib.scenario import Scenario
from retention_lib.sensitivity import DRAWS
from retention_lib.views import incentives_form
from tests.browser.tools import wait_for
from tests.browser.workbook import Workbook, label_of

INCENTIVES = "01_incentives.ipynb"
FIRST = "middlesbrough-2019"

PEOPLE = label_of("groups.0.headcount")
SHARE = label_of("scheme.take_up")
LEAVING = label_of("groups.0.annual_leaving_rate")
FALL = label_of("effect.leaving_reduction")
COST = label_of("leaver_cost")
CASE, COUNCIL, YEAR = (choice.label for choice in incentives_form.CASE)


@dataclass
class IncentivesApp(Workbook):
    """One open incentives page."""

    NOTEBOOK: ClassVar[str] = INCENTIVES

    def choose_case(self, key: str) -> None:
        """Choose a case and wait until it is shown."""
        self.choose(CASE, key)
        self.wait_until(lambda scenario: scenario.case.preset == key)

    def start_again(self) -> None:
        """Put the first case back as it was and close what is open, whatever was done before."""
        self.open_all(False)
        if self.scenario().case.preset == FIRST:
            self.choose_case("no-scheme")
        self.choose_case(FIRST)
        expect(self.differs).to_have_text("Nothing differs from the case.")

    def scenario(self) -> Scenario:
        """What the page's link opens."""
        return Scenario.from_link(self.link.input_value())

    def wait_until(self, so: Any, seconds: float = 10) -> None:
        """Wait until the page's own scenario is as it should be."""
        wait_for(lambda: so(self.scenario()), "the page to take it", seconds)

    def wait_for_value(self, path: str, value: object) -> None:
        """Wait until a field of the page's own scenario has a value."""
        self.wait_until(lambda scenario: scenario.at(path) == value)

    @property
    def refining(self) -> Locator:
        """The line that tells how far the ranges are."""
        return self.page.locator(".rw-refining p")

    def wait_for_ranges(self) -> None:
        """Wait until the ranges are put in."""
        expect(self.refining).to_contain_text(f"Ranges of {DRAWS:,} draws.", timeout=60_000)
        expect(self.page.locator(".rw-answer")).to_contain_text("chance that it pays")

    def agrees(self) -> None:
        """The page shows what the library answers, and its address opens the same."""
        scenario = self.scenario()
        expect(self.headline).to_have_text(evaluate(scenario).headline)
        wait_for(lambda: self.address() == self.link.input_value(), "the address bar", 5)
