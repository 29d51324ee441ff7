"""The numbers of a plan: what it sets, what its council published, and draws in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retention_lib.figures import all_areas, years_of
from retention_lib.plans.plan import MONTHS, Plan
from retention_lib.rates import FloatArray, Number
from retention_lib.workforce.baseline import (
    Anchor,
    Anyway,
    Makeup,
    drivers_of,
    start_of,
    years_of_flow,
    years_of_stock,
)
from retention_lib.workforce.engine import BANDS, Band, Drivers, Start
from retention_lib.workforce.published import (
    RATES,
    Published,
    level,
    national_trend,
    published,
    usual_distance,
)
from retention_lib.workforce.unexplained import NONE, SHOCKS, departing

Draws = Mapping[str, Number]
"""Arrays of shape (draws,) by field path, in place of the plan's own numbers."""

NO_DRAWS: Draws = {}

POINTS = 0.01

FIELDS: Mapping[str, str] = {
    "service.staff": "staff",
    "service.turnover": "turnover",
    "service.vacancy_rate": "vacancy",
    "service.agency_rate": "agency",
    "service.caseload": "caseload",
    "service.agency_extra_share": "agency_extra_share",
    "service.case_holding_share": "case_holding_share",
}
"""Fields that are the council's published figures where a plan leaves them out."""

_FIELD_OF = {name: path for path, name in FIELDS.items()}


class NoFiguresError(ValueError):
    """A council and year in which no staff were published, so that no service can be started."""


def figures_of(plan: Plan) -> Published:
    """Give the council's published figures of the plan's year.

    Raises:
        NoFiguresError: where the council published no staff in post that year.
    """
    found = published(plan.council, plan.year)
    if found is None:
        there = [year for year in years_of(plan.council) if published(plan.council, year)]
        raise NoFiguresError(
            f"{all_areas()[plan.council].name} (council {plan.council}) has no published staff for "
            f"{plan.year}. Choose another year"
            + (f": {', '.join(str(year) for year in there)}." if there else ", or another council.")
        )
    return found


def value_of(plan: Plan, path: str) -> float:
    """Give a number of a plan: what it sets, or its council's published figure.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802"})
        >>> value_of(plan, "service.staff"), value_of(plan, "baseline.turnover_persistence")
        (88.9, 0.35)
    """
    given = plan.at(path)
    if given is None and path in FIELDS:
        return float(getattr(figures_of(plan), FIELDS[path]).value)
    return float(given)


@dataclass(frozen=True)
class Numbers:
    """A plan's numbers, each one value or one for each draw; see the plan's fields for units."""

    plan: Plan
    draws: Draws

    def __call__(self, path: str) -> FloatArray:
        """Give a number by its field: shape () or (draws,)."""
        drawn = self.draws.get(path)
        return np.asarray(value_of(self.plan, path) if drawn is None else drawn, dtype=np.float64)

    @cached_property
    def anyway(self) -> Anyway:
        """The rates of the service without the plan; drawn years depart from what is expected."""
        stock = years_of_stock(MONTHS)
        expected = Anyway(
            turnover=self._anchor("turnover").after(years_of_flow(MONTHS)),
            vacancy_rate=self._anchor("vacancy").after(stock),
            agency_rate=self._anchor("agency").after(stock),
            caseload=self._anchor("caseload").after(stock),
        )
        return departing(
            expected,
            {name: np.asarray(self.draws.get(f"luck.{name}", NONE[name])) for name in SHOCKS},
        )

    def _anchor(self, measure: str) -> Anchor:
        """Say where one of the four rates stands and where it goes."""
        plan, now = self.plan, self(_FIELD_OF[measure])
        base = plan.baseline
        if base.kind == "flat":
            return Anchor(now=now, long_run=now, kept=np.ones(()))
        if base.kind == "national_trend":
            yearly = national_trend(measure, plan.year)
            return Anchor(now=now, long_run=now, kept=np.ones(()), yearly=yearly)
        goes_to = level(measure, base.towards, plan.council, plan.year).value
        if measure in {"turnover", "caseload"}:
            usual = usual_distance(measure, plan.council, plan.year)
            goes_to = goes_to + base.own_weight * usual
        kept = self(f"baseline.{measure}_persistence")
        return Anchor(now=now, long_run=np.asarray(max(0.0, goes_to)), kept=kept)

    @cached_property
    def made_up(self) -> Makeup:
        """How staff, agency staff and cases are made up."""
        return Makeup(
            staff=self("service.staff"),
            shares=self.shares,
            leaving={
                "newly_qualified": self("service.newly_qualified_leaving"),
                "social_worker": np.ones(()),
                "senior": self("service.senior_leaving"),
            },
            newly_qualified_joiners=self("service.newly_qualified_joiners"),
            newly_qualified_load=self("service.newly_qualified_load"),
            promoted_each_year=self("service.promoted_each_year"),
            agency_extra_share=self("service.agency_extra_share"),
            case_holding=self("service.case_holding_share"),
            demand_growth=self("baseline.demand_growth"),
            caseload_effect=self("baseline.caseload_turnover") * POINTS,
            vacancy_kept=self("baseline.vacancy_persistence"),
        )

    @cached_property
    def shares(self) -> dict[Band, FloatArray]:
        """Each band's share of staff at the start."""
        new, senior = self("service.newly_qualified_share"), self("service.senior_share")
        return {"newly_qualified": new, "social_worker": 1.0 - new - senior, "senior": senior}

    @cached_property
    def start(self) -> Start:
        """The service on the first day."""
        return start_of(self.made_up)

    @cached_property
    def drivers(self) -> Drivers:
        """What drives the service without the plan."""
        return drivers_of(self.anyway, self.made_up)

    @cached_property
    def staff_in(self) -> dict[Band, FloatArray]:
        """Staff of each band on the first day."""
        return {band: self.made_up.staff * self.shares[band] for band in BANDS}


def long_run_sources(plan: Plan) -> Mapping[str, str]:
    """Say for each rate where it goes without the plan, by measure."""
    towards = plan.baseline.towards
    return {measure: level(measure, towards, plan.council, plan.year).source for measure in RATES}
