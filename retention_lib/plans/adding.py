"""Measures put into a plan and taken out again, fitted to its council."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from retention_lib.assumptions import register
from retention_lib.plans.catalogue import OWN, catalogue
from retention_lib.plans.numbers import NO_DRAWS, Numbers, value_of
from retention_lib.plans.plan import YEARS, Measure, Plan
from retention_lib.rates import MONTHS_IN_YEAR

OWN_START: dict[str, Any] = {
    "kind": OWN,
    "name": "A measure of our own",
    "money": [0.0] * YEARS,
    "effects": [{"on": "leaving", "low": 0.0, "central": 0.0, "high": 0.0}],
}


def fresh(plan: Plan, kind: str) -> Measure:
    """Make a measure as it is when it is put into a plan: the catalogue's, fitted to the council.

    A payment is offered to everyone of its bands, a golden hello to a year's experienced joiners;
    extra posts are a twentieth of those there are. Everything else is the catalogue's.

    Args:
        plan: the plan it is put into.
        kind: of the catalogue, or "own".

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802"})
        >>> fresh(plan, "retention_payment").incentive.eligible
        83.0
    """
    if kind == OWN:
        return Measure.model_validate(OWN_START)
    given: dict[str, Any] = {"kind": kind}
    known = catalogue()[kind].defaults
    if "incentive" in known:
        offered = {**known["incentive"], "eligible": _eligible(plan, known["incentive"])}
        given["incentive"] = offered
    if kind == "extra_posts":
        posts = value_of(plan, "service.staff") / (1.0 - value_of(plan, "service.vacancy_rate"))
        size = max(1.0, float(round(posts * register()["posts_added_share"].default)))
        given["effects"] = [{"on": "posts", "low": size, "central": size, "high": size}]
    return Measure.model_validate(given)


def _eligible(plan: Plan, offered: dict[str, Any]) -> float:
    """Count whom a payment is offered to at the council's size."""
    numbers = Numbers(plan, NO_DRAWS)
    if offered["scheme"]["kind"] == "golden_hello":
        drivers = numbers.drivers
        vacancies = drivers.posts[..., 1:] * numbers.anyway.vacancy_rate[..., 1:]
        coming = drivers.ordinary + drivers.fill * vacancies
        return max(1.0, float(round(float(coming.mean()) * MONTHS_IN_YEAR)))
    staff = sum(float(numbers.staff_in[band]) for band in offered["bands"])
    return max(1.0, float(round(staff)))


def with_measures(plan: Plan, chosen: Sequence[tuple[str, int | None]]) -> Plan:
    """Give the plan with these measures, in this order; reasons move along with their measures.

    Args:
        plan: as it was.
        chosen: kinds, each with its place in the plan so far, or None where it is put in now.
    """
    given = plan.to_dict()
    measures = given.get("measures", [])
    put = [
        measures[place]
        if place is not None
        else fresh(plan, kind).model_dump(mode="json", exclude_none=True)
        for kind, place in chosen
    ]
    moved = {place: index for index, (_, place) in enumerate(chosen) if place is not None}
    given["measures"] = put
    given["reasons"] = {
        new: reason
        for path, reason in plan.reasons.items()
        if (new := _moved(path, moved)) is not None
    }
    return Plan.from_dict(given)


def _moved(path: str, moved: dict[int, int]) -> str | None:
    """Give where a field of a measure is now, None where its measure is gone."""
    parts = path.split(".")
    if parts[0] != "measures" or len(parts) == 1:
        return path
    new = moved.get(int(parts[1]))
    return None if new is None else ".".join(["measures", str(new), *parts[2:]])
