"""What formulas of a plan's workbook call the inputs of a measure, and what choices are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from retention_lib.incentives import Taper
from retention_lib.labels import value_text
from retention_lib.outputs.excel.names import name_of
from retention_lib.plans.plan import BaselineKind, Measure, Plan, Towards
from retention_lib.workforce.engine import Band

BASELINES = {kind: value_text("baseline.kind", kind) for kind in get_args(BaselineKind)}
"""How the service would go anyway, as an input cell has it."""

TOWARDS = {each: value_text("baseline.towards", each) for each in get_args(Towards)}
"""The level that rates go back to, as an input cell has it."""

TAPERS = {each: value_text("scheme.clawback.taper", each) for each in get_args(Taper)}
"""What somebody who leaves early owes, as an input cell has it."""

PAYERS = {"council": "the council", "elsewhere": "others"}
"""Who pays for a measure, as an input cell has it."""

BANDS_SAID: Mapping[Band, str] = {
    "newly_qualified": "Newly qualified",
    "social_worker": "Social workers",
    "senior": "Seniors",
}

YES, NO = value_text("appraisal.optimism", True), value_text("appraisal.optimism", False)


@dataclass(frozen=True)
class Of:
    """The names of one measure: its inputs, and the figures that are worked out of them."""

    index: int
    measure: Measure

    def given(self, field: str) -> str:
        """Name the input cell of one of its fields."""
        return name_of(f"measures.{self.index}.{field}")

    def offered(self, field: str) -> str:
        """Name the input cell of a field of its payment."""
        return self.given(f"incentive.{field}")

    def size(self, place: int) -> str:
        """Name the input cell of the size of one of its effects."""
        return self.given(f"effects.{place}.central")

    def own(self, what: str) -> str:
        """Name a figure that is worked out for it."""
        return f"measure_{self.index + 1}_{what}"

    def key(self, what: str) -> str:
        """Name one of its columns or rows."""
        return f"{what}_{self.index + 1}"

    @property
    def sheet(self) -> str:
        """The key of the sheet that plays its payment out."""
        return f"paid_{self.index + 1}"

    @property
    def has_posts(self) -> bool:
        """Whether it adds posts."""
        return any(effect.on == "posts" for effect in self.measure.effects)

    @property
    def brings_people(self) -> bool:
        """Whether it can bring people."""
        return self.brings_class or self.brings_groups

    @property
    def brings_class(self) -> bool:
        """Whether it can bring newly qualified workers."""
        routes = {each.route for each in self.measure.effects if each.on == "recruits"}
        return "newly_qualified" in routes

    @property
    def recruits_others(self) -> bool:
        """Whether it recruits people who are not newly qualified."""
        effects = self.measure.effects
        return any(each.on == "recruits" and each.route != "newly_qualified" for each in effects)

    @property
    def brings_groups(self) -> bool:
        """Whether it can bring others."""
        offered = self.measure.incentive
        by_pay = offered is not None and offered.scheme.kind == "golden_hello"
        return by_pay or self.recruits_others


def measures_of(plan: Plan) -> tuple[Of, ...]:
    """Name the measures of a plan, in its order."""
    return tuple(Of(index, measure) for index, measure in enumerate(plan.measures))
