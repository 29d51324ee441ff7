"""A scenario: everything a user chose, to and from JSON and a link.

A file may hold anything that is possible; the sliders' narrower bounds bind only the sliders. What
a file leaves out is filled: what the council chooses with the neutral value that claims nothing,
what nobody knows with the register's central value. What cannot be right is refused with the
field's path, the value, and what would be right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from retention_lib.assumptions import register
from retention_lib.documents import (
    Document,
    Duration,
    Factor,
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
from retention_lib.incentives import SchemeKind, Taper

FROM_PARTS = "from_parts"

VACANCY_PARTS = ("agency_premium_per_year", "pay_with_oncosts_per_year", "covered_share")
"""The parts of the cost of a leaver from which what a vacancy saves is built."""

_LONGEST_APPRAISAL_MONTHS = 1_200
_SHARES_TOLERANCE = 1e-6


class Group(Part):
    """People with the same salary and the same chance of leaving."""

    name: Name = "Social workers"
    grade: Name | None = None
    service: Name | None = None
    role: Name | None = None
    headcount: People
    salary: Money = central("groups.*.salary")
    annual_leaving_rate: Share = central("groups.*.annual_leaving_rate")
    replacement_leaving_rate: Share | None = None


LeftOut = Literal["long_serving", "other_grade", "adult_social_workers", "other"]
"""Why people are not offered a payment."""


class OtherStaff(Part):
    """People who are not offered the payment, and why, for the question of fairness."""

    name: Name
    why: LeftOut = "other"
    grade: Name | None = None
    service: Name | None = None
    role: Name | None = None
    headcount: People
    salary: Money = central("groups.*.salary")
    annual_leaving_rate: Share = central("groups.*.annual_leaving_rate")

    @model_validator(mode="before")
    @classmethod
    def _salary_by_why(cls, given: Any) -> Any:
        """Fill the salary of adult social workers with the register's for them."""
        if not isinstance(given, Mapping) or given.get("why") != "adult_social_workers":
            return given
        return {"salary": register()["adult_social_worker_salary"].default, **given}


class Amount(Part):
    """The whole payment to one person: a flat sum in pounds, or a percentage of salary."""

    flat: Money | None = None
    percent_of_salary: Annotated[Number, Field(ge=0, le=1e6)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.flat is None) == (self.percent_of_salary is None):
            raise PydanticCustomError("amount", "Give flat or percent_of_salary, and not both.")
        return self


class Instalment(Part):
    """A share of the payment, paid at the end of a month to those still in post."""

    month: Months
    share: Share


class Clawback(Part):
    """What somebody who leaves early owes, and how much of it the council gets back."""

    taper: Taper = "none"
    recovery_rate: Share = central("scheme.clawback.recovery_rate")


class Scheme(Part):
    """The offer."""

    kind: SchemeKind
    amount: Amount
    instalments: tuple[Instalment, ...] = (Instalment(month=0, share=1.0),)
    tie_in_months: Months = 0
    clawback: Clawback = Field(default_factory=Clawback)
    take_up: Share = 1.0
    oncost_rate: Share = central("scheme.oncost_rate")

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        together = sum(instalment.share for instalment in self.instalments)
        if abs(together - 1.0) > _SHARES_TOLERANCE:
            raise PydanticCustomError(
                "shares",
                "The shares of the instalments add up to {together}. They must add up to 1.",
                {"together": f"{together:.6g}"},
            )
        return self


class Effect(Part):
    """What the scheme does; nothing unless it is said."""

    leaving_reduction: Share | None = None
    pay_elasticity: Factor | None = None
    extra_hires: Factor = 0.0
    after_multiplier: Factor = 1.0
    after_months: Months = 0

    @model_validator(mode="before")
    @classmethod
    def _nothing_unless_said(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        said = [
            key for key in ("leaving_reduction", "pay_elasticity") if given.get(key) is not None
        ]
        if len(said) == 2:
            raise PydanticCustomError(
                "effect", "Give either leaving_reduction or pay_elasticity, not both."
            )
        return given if said else {**given, "leaving_reduction": 0.0}


class Vacancy(Part):
    """The vacancy that an extra hire fills."""

    months: Duration = 0.0
    net_saving_per_month: SignedMoney | Literal["from_parts"] = 0.0
    hire_cost: Money = 0.0


class Costs(Part):
    """The parts from which the cost of a leaver, and of a vacancy, can be built."""

    advertising_and_selection: Money = central("costs.advertising_and_selection")
    agency_premium_per_year: Money = central("costs.agency_premium_per_year")
    months_to_fill: Duration = central("costs.months_to_fill")
    covered_share: Share = central("costs.covered_share")
    pay_with_oncosts_per_year: Money = central("costs.pay_with_oncosts_per_year")
    induction_and_training: Money = central("costs.induction_and_training")
    ramp_up_weeks: Duration = central("costs.ramp_up_weeks")
    ramp_up_lost_share: Share = central("costs.ramp_up_lost_share")


class Region(Part):
    """How much of what one council gains its neighbours lose."""

    leavers_to_neighbours: Share = central("region.leavers_to_neighbours")
    hires_from_neighbours: Share = central("region.hires_from_neighbours")


class Bidding(Part):
    """What neighbours do when the offer is made; nobody bids unless it is said.

    `match_chance` is the chance that a neighbour pays the same, or the share of them that do,
    after `match_delay_months`; `neighbours_people` the people eligible there for each of ours.
    """

    match_chance: Share = 0.0
    match_delay_months: Months = Field(
        default_factory=lambda: int(register().default("bidding.match_delay_months"))
    )
    neighbours_people: Factor = central("bidding.neighbours_people")


class Appraisal(Part):
    """How long the scheme is followed, the yearly discount rate, and the first April's year.

    `optimism` marks savings down and costs up by grade of evidence.
    """

    months: Annotated[Months, Field(le=_LONGEST_APPRAISAL_MONTHS)] = Field(
        default_factory=lambda: int(register().default("appraisal.months"))
    )
    discount_rate: Share = central("appraisal.discount_rate")
    first_financial_year: Annotated[Months, Field(ge=1990, le=2100)] | None = None
    optimism: Switch = False


class Case(Part):
    """Where the scenario started: a preset, and a council's published figures."""

    preset: Name | None = None
    council: Name | None = None
    year: Months | None = None


class Scenario(Document):
    """One golden hello or retention payment, with everything its answer depends on.

    Example:
        >>> scenario = Scenario.from_dict({
        ...     "schema": 1, "kind": "incentive",
        ...     "groups": [{"headcount": 10, "annual_leaving_rate": 0.2}],
        ...     "scheme": {"kind": "retention", "amount": {"flat": 3000}}})
        >>> scenario.scheme.take_up, Scenario.from_link(scenario.to_link()) == scenario
        (1.0, True)
    """

    KIND: ClassVar[str] = "incentive"

    kind: Literal["incentive"] = "incentive"
    name: Name = "A scheme"
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    scheme: Scheme
    effect: Effect = Field(default_factory=lambda: Effect.model_validate({}))
    vacancy: Vacancy = Field(default_factory=Vacancy)
    leaver_cost: Money | Literal["from_parts"] = central("leaver_cost")
    leaver_cost_cashable_share: Share = central("leaver_cost_cashable_share")
    costs: Costs = Field(default_factory=Costs)
    region: Region = Field(default_factory=Region)
    bidding: Bidding = Field(default_factory=Bidding)
    not_offered: tuple[OtherStaff, ...] = ()
    appraisal: Appraisal = Field(default_factory=Appraisal)
    studies: AddedStudies = None
    case: Case = Field(default_factory=Case)
    seed: Months = 0

    @property
    def paid_too_late(self) -> float:
        """The share of the payment that falls after the last month looked at: no answer counts it.

        Example:
            >>> Scenario.from_dict({"schema": 1, "kind": "incentive", "groups": [{"headcount": 1}],
            ...     "scheme": {"kind": "retention", "amount": {"flat": 1},
            ...                "instalments": [{"month": 60, "share": 1}]},
            ...     "effect": {"leaving_reduction": 0}, "appraisal": {"months": 48}}).paid_too_late
            1.0
        """
        last = self.appraisal.months
        return sum(each.share for each in self.scheme.instalments if each.month > last)
