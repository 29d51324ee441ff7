"""The invest-to-save page as its tests use it: what a visitor does, what the library answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from playwright.sync_api import FilePayload, Locator, expect

from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import FIRST, case
from retention_lib.plans.plan import Plan
from retention_lib.views import plans_case, plans_form
from tests.browser.tools import wait_for
from tests.browser.workbook import Workbook

PLANS = "02_invest_to_save.ipynb"

CASE, COUNCIL, YEAR, BASELINE = (choice.label for choice in plans_case.CASE)
MEASURES = "Measures in the plan"
OTHER = "blank"
OWN_SECTION = "Measure: A measure of our own"
SERVICE = "The service at the start"


def label_in(plan: Plan, path: str) -> str:
    """What a field is called on the page of a plan."""
    drawn = plans_form.sections(plan)
    return next(
        str(field["label"])
        for section in drawn
        for field in section["fields"]
        if field["path"] == path
    )


@dataclass
class PlansApp(Workbook):
    """One open invest-to-save page."""

    NOTEBOOK: ClassVar[str] = PLANS

    def plan(self) -> Plan:
        """What the page's link opens."""
        return Plan.from_link(self.link.input_value())

    def wait_for(self, so: Callable[[Plan], object], seconds: float = 10) -> None:
        """Wait until the page's own plan is as it should be."""
        wait_for(lambda: so(self.plan()), "the page to take it", seconds)

    def wait_for_value(self, path: str, value: object) -> None:
        """Wait until a field of the page's own plan has a value."""
        self.wait_for(lambda plan: plan.at(path) == value)

    def choose_case(self, key: str) -> None:
        """Choose a case and wait until it is shown."""
        self.choose(CASE, key)
        self.wait_for(lambda plan: plan == case(key).plan)

    def start_again(self) -> None:
        """Put the first case back as it was and close what is open, whatever was done before."""
        self.open_all(False)
        self.page.emulate_media(media="screen")
        if self.plan().case.preset == FIRST:
            self.choose_case(OTHER)
        self.choose_case(FIRST)
        expect(self.differs).to_have_text("Nothing differs from the case.")
        self.is_answered()

    def open_plan(self, plan: Plan) -> None:
        """Have the page answer a plan, as a saved file of it is opened."""
        payload = FilePayload(
            name="plan.json", mimeType="application/json", buffer=plan.to_json().encode()
        )
        self.page.get_by_label("Open a saved scenario").set_input_files(payload)
        self.wait_for(lambda now: now == plan.with_reasons({}))

    def is_answered(self) -> None:
        """The page shows what the library answers; the chance that ranges add may follow."""
        wanted = appraise(self.plan()).headline
        wait_for(lambda: self.headline.inner_text().startswith(wanted), f"“{wanted}”", 10)
        wait_for(lambda: self.address() == self.link.input_value(), "the address bar", 5)

    def lever(self, path: str) -> str:
        """What a field is called now."""
        return label_in(self.plan(), path)

    @property
    def refining(self) -> Locator:
        """The line that tells how far the ranges are."""
        return self.page.locator(".rw-refining p")

    def wait_for_ranges(self) -> None:
        """Wait until the ranges are put in."""
        expect(self.refining).to_contain_text("Ranges of 2,048 draws.", timeout=60_000)
        expect(self.page.locator(".rw-answer")).to_contain_text("eight times in ten")

    def add_measure(self, value: str) -> None:
        """Add a measure to the plan."""
        self.choose(MEASURES, value)
        self.page.get_by_role("button", name="Add", exact=True).click()
