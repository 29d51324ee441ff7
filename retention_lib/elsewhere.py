"""The same offer, or the same plan, in another council: its own figures, the same choices."""

from __future__ import annotations

from typing import Any

from retention_lib.benchmarks.groups import council
from retention_lib.figures import leaving_in
from retention_lib.plans.numbers import value_of
from retention_lib.plans.plan import Plan
from retention_lib.plans.scaling import scaled
from retention_lib.scenario import Scenario

_PUBLISHED = (
    "staff",
    "turnover",
    "vacancy_rate",
    "agency_rate",
    "agency_extra_share",
    "caseload",
    "case_holding_share",
)
"""What a plan's service takes from its council's published figures unless it says otherwise."""


def offer_in(scenario: Scenario, code: str, year: int) -> Scenario:
    """Give an offer with everyone's chance of leaving as a council published it for a year.

    People, pay and the offer stay. Where nothing is published the scenario is as it was.

    Args:
        scenario: the offer.
        code: the council, by DfE's code.
        year: the year to 30 September.

    Example:
        >>> from retention_lib.presets import preset
        >>> there = offer_in(preset("middlesbrough-2019").scenario, "802", 2025)
        >>> there.case.council, there.groups[0].headcount
        ('802', 82.0)
    """
    figure = leaving_in(code, year)
    if figure is None:
        return scenario
    chance = figure.annual_leaving_rate
    changes: dict[str, Any] = {"case.council": code, "case.year": year}
    for index, group in enumerate(scenario.groups):
        changes[f"groups.{index}.annual_leaving_rate"] = chance
        if group.replacement_leaving_rate is not None:
            changes[f"groups.{index}.replacement_leaving_rate"] = chance
    for index in range(len(scenario.not_offered)):
        changes[f"not_offered.{index}.annual_leaving_rate"] = chance
    return scenario.but(changes)


def plan_in(plan: Plan, code: str, year: int) -> Plan:
    """Give a plan for another council, in proportion to that council's staff.

    The service is as that council published it; money, posts, recruits and the people a payment is
    offered to are as many times as large as its staff are. Prices, pay and the measures stay.

    Args:
        plan: the plan.
        code: the council, by DfE's code.
        year: the year to 30 September.

    Raises:
        UnknownCouncilError: where there is no such council.
        NoFiguresError: where it published no staff in that year.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
        ...                        "measures": [{"kind": "recognition"}]})
        >>> there = plan_in(plan, "916", plan.year)
        >>> there.council, round(there.measures[0].money[0] / plan.measures[0].money[0], 1)
        ('916', 4.8)
    """
    given = plan.to_dict()
    service = {key: value for key, value in given["service"].items() if key not in _PUBLISHED}
    given |= {"council": council(code).code, "year": year, "service": service, "reasons": {}}
    given.pop("staffing_budget", None)
    there = Plan.from_dict(given)
    times = value_of(there, "service.staff") / value_of(plan, "service.staff")
    return there.model_copy(
        update={"measures": tuple(scaled(each, times) for each in plan.measures)}
    )
