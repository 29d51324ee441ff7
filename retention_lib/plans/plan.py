"""A plan: a service, how it would go anyway, and measures with money by year and effects.

What a file leaves out is filled: the service from its council's published figures, a measure of
the catalogue from the catalogue, prices from the register.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from retention_lib.benchmarks.groups import UnknownCouncilError, council
from retention_lib.documents import (
    Document,
    Duration,
    Money,
    Months,
    Name,
    Number,
    Part,
    People,
    Share,
    SignedMoney,
    Switch,
    central,
)
from retention_lib.evidence import AddedStudies
from retention_lib.figures import all_years, latest_year
from retention_lib.plans.catalogue import OWN, catalogue
from retention_lib.scenario import Effect as IncentiveEffect
from retention_lib.scenario import Region, Scheme
from retention_lib.workforce.engine import Band

YEARS = 4
"""Financial years of a plan."""

MONTHS = 12 * YEARS

_MOST_STAFF = 5_000
_MOST_MEASURES = 20
_MOST_EFFECTS = 12

Growth = Annotated[Number, Field(ge=-0.5, le=1)]
Quantity = Literal[
    "leaving",
    "recruits",
    "posts",
    "demand",
    "agency_cover",
    "agency_extra",
    "agency_price",
    "capacity",
    "staff_per_manager",
    "newly_qualified_load",
]
Route = Literal["newly_qualified", "experienced", "overseas", "returners", "from_agency"]
BaselineKind = Literal["mean_reverting", "flat", "national_trend"]
Towards = Literal["england", "region", "neighbours_2025", "neighbours_2021"]
FundedBy = Literal["council", "elsewhere"]

SHARES: frozenset[Quantity] = frozenset(
    {
        "leaving",
        "demand",
        "agency_cover",
        "agency_extra",
        "agency_price",
        "capacity",
        "newly_qualified_load",
    }
)
"""Quantities whose effect is a share, 0 to 1: a fall; for capacity, time given back; and the share
of a full caseload that the newly qualified are held to."""

CHOSEN: frozenset[Quantity] = frozenset({"posts", "staff_per_manager", "newly_qualified_load"})
"""Quantities that a council sets and that cannot turn out larger or smaller than it sets them."""


class Service(Part):
    """The service at the start; what is left out is its council's published figure."""

    staff: Annotated[People, Field(le=_MOST_STAFF)] | None = None
    turnover: Share | None = None
    vacancy_rate: Annotated[Share, Field(lt=1)] | None = None
    agency_rate: Annotated[Share, Field(lt=1)] | None = None
    agency_extra_share: Share | None = None
    caseload: Annotated[Number, Field(ge=0, le=200)] | None = None
    case_holding_share: Annotated[Share, Field(gt=0)] | None = None
    newly_qualified_share: Share = central("service.newly_qualified_share")
    senior_share: Share = central("service.senior_share")
    newly_qualified_load: Share = central("service.newly_qualified_load")
    newly_qualified_leaving: Annotated[Number, Field(ge=0, le=5)] = central(
        "service.newly_qualified_leaving"
    )
    senior_leaving: Annotated[Number, Field(ge=0, le=5)] = central("service.senior_leaving")
    promoted_each_year: Share = central("service.promoted_each_year")
    newly_qualified_joiners: Share = central("service.newly_qualified_joiners")
    staff_per_manager: Annotated[Number, Field(ge=1, le=100)] = central("service.staff_per_manager")

    @model_validator(mode="after")
    def _shares_of_one_whole(self) -> Self:
        if self.newly_qualified_share + self.senior_share > 1:
            raise PydanticCustomError(
                "shares",
                "newly_qualified_share and senior_share add up to {together}. Together they must "
                "not be above 1.",
                {"together": f"{self.newly_qualified_share + self.senior_share:.6g}"},
            )
        return self


class Baseline(Part):
    """How the service would go without the plan."""

    kind: BaselineKind = "mean_reverting"
    towards: Towards = "england"
    turnover_persistence: Share = central("baseline.turnover_persistence")
    vacancy_persistence: Share = central("baseline.vacancy_persistence")
    agency_persistence: Share = central("baseline.agency_persistence")
    caseload_persistence: Share = central("baseline.caseload_persistence")
    own_weight: Share = central("baseline.own_weight")
    demand_growth: Growth = central("baseline.demand_growth")
    caseload_turnover: Annotated[Number, Field(ge=0, le=10)] = central("baseline.caseload_turnover")


class Pay(Part):
    """A year's pay of one person of each band, before on-costs, at the prices of the first year."""

    newly_qualified: Money = central("pay.newly_qualified")
    social_worker: Money = central("pay.social_worker")
    senior: Money = central("pay.senior")
    manager: Money = central("pay.manager")
    oncost_rate: Annotated[Number, Field(ge=0, le=5)] = central("pay.oncost_rate")


class Costs(Part):
    """What agency staff and joiners cost, at the prices of the first year."""

    agency_premium_per_year: Money = central("costs.agency_premium_per_year")
    advertising_and_selection: Money = central("costs.advertising_and_selection")
    induction_and_training: Money = central("costs.induction_and_training")
    ramp_up_weeks: Duration = central("costs.ramp_up_weeks")
    ramp_up_lost_share: Share = central("costs.ramp_up_lost_share")


class Prices(Part):
    """Growth from the year before, by financial year; the first year's stands in its prices."""

    pay_award: Annotated[tuple[Growth, ...], Field(max_length=YEARS)] = ()
    agency: Annotated[tuple[Growth, ...], Field(max_length=YEARS)] = ()
    cpi: Annotated[tuple[Growth, ...], Field(max_length=YEARS)] = ()


class Targets(Part):
    """What the plan is held to."""

    caseload: Annotated[Number, Field(ge=0, le=200)] = central("targets.caseload")
    newly_qualified_caseload: Annotated[Number, Field(ge=0, le=200)] = central(
        "targets.newly_qualified_caseload"
    )
    turnover: Share = central("targets.turnover")
    vacancy_rate: Share = central("targets.vacancy_rate")
    agency_rate: Share = central("targets.agency_rate")
    stayed_two_years: Share = central("targets.stayed_two_years")
    stayed_five_years: Share = central("targets.stayed_five_years")
    material_share: Share = central("targets.material_share")
    margin_share: Share = central("targets.margin_share")
    margin_cases: Annotated[Number, Field(ge=0, le=200)] = central("targets.margin_cases")


class Effect(Part):
    """One thing a measure changes, with its range.

    A share where the quantity is one (a fall of 5% is 0.05; capacity is time given back), else
    people a year (`recruits`), full-time posts (`posts`) or staff for each manager. `lag` is the
    months from the measure's start until it begins. `once`: recruits come as one group.
    """

    on: Quantity
    bands: tuple[Band, ...] = ()
    route: Route | None = None
    low: Number
    central: Number
    high: Number
    lag: Annotated[Months, Field(le=MONTHS)] = 0
    once: bool = False

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not self.low <= self.central <= self.high:
            raise PydanticCustomError(
                "range",
                "low, central and high are {low}, {central} and {high}. They must be in that order "
                "of size.",
                {"low": self.low, "central": self.central, "high": self.high},
            )
        if self.on in SHARES and not (self.low >= -1 and self.high <= 1):
            raise PydanticCustomError(
                "share",
                "low and high are {low} and {high}. An effect on {on} is a share: it must lie "
                "between -1 and 1.",
                {"low": self.low, "high": self.high, "on": self.on},
            )
        if self.on == "capacity" and self.low <= -1:
            raise PydanticCustomError(
                "capacity", "Time given back must be above -1: at -1 nobody would have any time."
            )
        if self.on == "staff_per_manager" and self.low < 1:
            raise PydanticCustomError("span", "Staff for each manager must be 1 or more.")
        if self.on == "newly_qualified_load" and self.low < 0:
            raise PydanticCustomError("load", "A share of a full caseload must be 0 or more.")
        if self.on == "recruits" and (self.route is None or self.low < 0):
            raise PydanticCustomError(
                "recruits", "Recruits need a route, and their number must be 0 or more."
            )
        if abs(self.low) > _MOST_STAFF or abs(self.high) > _MOST_STAFF:
            raise PydanticCustomError(
                "size", "It must be {most} or less.", {"most": f"{_MOST_STAFF:,}"}
            )
        return self


class Incentive(Part):
    """A payment, as the incentives workbook has it: the offer, and to how many of which bands.

    For a golden hello `eligible` are those who would join in a year anyway; it is offered to those
    of each year while the measure lasts.
    """

    scheme: Scheme
    effect: IncentiveEffect = Field(default_factory=lambda: IncentiveEffect.model_validate({}))
    eligible: Annotated[People, Field(le=_MOST_STAFF)]
    salary: Money = central("groups.*.salary")
    bands: Annotated[tuple[Band, ...], Field(min_length=1)] = ("social_worker", "senior")
    hire_cost: Money = 0.0


class Measure(Part):
    """One thing the plan does: its money by year, when it works, and what it changes.

    `money` is pounds in each financial year at the prices of the first. `per_staff_year` is paid
    for each person in post and year to `staff_share` of them, to whom the effects on leaving are
    confined too. `per_recruit` is paid for each person it brings. Months count from the plan's
    start; `end` is the month after which it stops.
    """

    kind: Name = OWN
    name: Name = ""
    start: Annotated[Months, Field(le=MONTHS - 1)] = 0
    end: Annotated[Months, Field(le=MONTHS)] | None = None
    ramp: Annotated[Months, Field(le=MONTHS)] = 0
    money: Annotated[tuple[SignedMoney, ...], Field(max_length=YEARS)] = ()
    one_off: bool = False
    capital: bool = False
    funded_by: FundedBy = "council"
    per_staff_year: Money = 0.0
    staff_share: Share = 1.0
    per_recruit: Money = 0.0
    protected_months: Annotated[Months, Field(le=MONTHS)] = 0
    effects: Annotated[tuple[Effect, ...], Field(max_length=_MOST_EFFECTS)] = ()
    incentive: Incentive | None = None

    @model_validator(mode="before")
    @classmethod
    def _filled_from_the_catalogue(cls, given: Any) -> Any:
        if not isinstance(given, Mapping) or not isinstance(given.get("kind"), str):
            return given
        known = catalogue().get(given["kind"])
        if known is None:
            if given["kind"] == OWN:
                return given
            raise PydanticCustomError(
                "kind",
                "kind is {kind}. It must be one of: {kinds}.",
                {"kind": given["kind"], "kinds": ", ".join((*catalogue(), OWN))},
            )
        said = {key: value for key, value in given.items() if value is not None}
        return {**known.defaults, **said}

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end is not None and self.end <= self.start:
            raise PydanticCustomError(
                "end",
                "end is {end} and start is {start}. A measure must end after it starts.",
                {"end": self.end, "start": self.start},
            )
        return self

    def money_in(self, year: int) -> float:
        """Give the pounds set for a financial year, 0 where none are."""
        return self.money[year] if year < len(self.money) else 0.0


class Appraisal(Part):
    """The first financial year, and the yearly discount rate.

    `optimism` marks savings down and costs up by grade of evidence.
    """

    first_financial_year: Annotated[Months, Field(ge=1990, le=2100)] = 2026
    discount_rate: Share = central("appraisal.discount_rate")
    optimism: Switch = False


class Asked(Part):
    """The sum that was asked for over the four years, and its ends."""

    low: Money = central("asked.low")
    high: Money = central("asked.high")


class Case(Part):
    """The case that the plan started from."""

    preset: Name | None = None


class Plan(Document):
    """A four-year plan for one council's service, with everything its answer depends on.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
        ...                        "measures": [{"kind": "recognition"}]})
        >>> plan.measures[0].money, Plan.from_link(plan.to_link()) == plan
        ((44000.0, 44000.0, 44000.0, 44000.0), True)
    """

    KIND: ClassVar[str] = "invest_to_save"

    kind: Literal["invest_to_save"] = "invest_to_save"
    name: Name = "A plan"
    council: Name
    year: Months = Field(default_factory=latest_year)
    service: Service = Field(default_factory=Service)
    baseline: Baseline = Field(default_factory=Baseline)
    measures: Annotated[tuple[Measure, ...], Field(max_length=_MOST_MEASURES)] = ()
    pay: Pay = Field(default_factory=Pay)
    costs: Costs = Field(default_factory=Costs)
    prices: Prices = Field(default_factory=Prices)
    staffing_budget: Money | None = None
    targets: Targets = Field(default_factory=Targets)
    asked: Asked = Field(default_factory=Asked)
    region: Region = Field(default_factory=Region)
    appraisal: Appraisal = Field(default_factory=Appraisal)
    studies: AddedStudies = None
    case: Case = Field(default_factory=Case)
    seed: Months = 0

    @field_validator("council")
    @classmethod
    def _is_council(cls, code: str) -> str:
        try:
            return council(code).code
        except UnknownCouncilError as unknown:
            raise PydanticCustomError("council", "{why}", {"why": str(unknown)}) from None

    @field_validator("year")
    @classmethod
    def _has_figures(cls, year: Any) -> Any:
        first, last = all_years()[0], all_years()[-1]
        if not first <= year <= last:
            raise PydanticCustomError(
                "year",
                "It must be a year with published figures: {first} to {last}.",
                {"first": first, "last": last},
            )
        return year

    def without_measures(self) -> Plan:
        """Give the same plan with nothing done."""
        return self.model_copy(update={"measures": ()})
