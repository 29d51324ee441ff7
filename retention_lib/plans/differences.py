"""What differs from where a plan started, in words, with the reasons given.

Measures are matched by kind, each in turn, so that adding one does not make all the others look
changed. One that was added is set beside what it was when it was put in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retention_lib.documents import leaves
from retention_lib.labels import label_of, value_text
from retention_lib.origins import of_id
from retention_lib.plans.adding import fresh
from retention_lib.plans.cases import PlanCase, cases
from retention_lib.plans.numbers import FIELDS
from retention_lib.plans.plan import SHARES, Measure, Plan
from retention_lib.plans.prices import yearly_growth
from retention_lib.plans.words import QUANTITY_WORDS
from retention_lib.plans.years import year_labels
from retention_lib.results import STUDIES, Change, studies_changed
from retention_lib.units import UNITS, trimmed

AS_PUBLISHED = "as published"

_MEASURE_LABELS = {
    "start": "starts in month",
    "end": "ends after month",
    "ramp": "months until it works fully",
    "one_off": "one-off",
    "capital": "capital",
    "funded_by": "paid by",
    "per_staff_year": "for each person in post and year",
    "staff_share": "share of staff it reaches",
    "per_recruit": "for each person it brings",
    "protected_months": "months of a capped caseload",
    "name": "name",
}
_IN_POUNDS = ("per_staff_year", "per_recruit")


def case_of(plan: Plan) -> PlanCase | None:
    """Find the case that a plan started from."""
    return of_id(cases(), plan.case.preset)


def started_from(plan: Plan) -> Plan:
    """Give the plan before anything was changed: the case's, or its council's with no measures."""
    start = case_of(plan)
    if start is not None:
        return start.plan
    given = {"schema": 1, "kind": Plan.KIND, "council": plan.council, "year": plan.year}
    return Plan.from_dict(given)


def changes(plan: Plan) -> tuple[Change, ...]:
    """List what differs from where the plan started, with the reasons given."""
    before = started_from(plan)
    paths = [
        path
        for path in plan.differences(before)
        if not path.startswith(("measures.", "prices.", f"{STUDIES}."))
        and path not in {"measures", STUDIES}
    ]
    found = [
        Change(
            path=path,
            label=label_of(path),
            was=_said(path, before.at(path)),
            now=_said(path, plan.at(path)),
            reason=plan.reasons.get(path, ""),
        )
        for path in paths
    ]
    studies = studies_changed(before.studies, plan.studies, plan.reasons.get(STUDIES, ""))
    return (
        *found,
        *_prices_changed(plan, before),
        *_measures_changed(plan, before),
        *studies,
    )


def _prices_changed(plan: Plan, before: Plan) -> Iterator[Change]:
    """Name the years whose growth differs, as it counts: what is not set follows the register."""
    was, now = yearly_growth(before), yearly_growth(plan)
    share = UNITS["share"]
    for name in now:
        for year, label in enumerate(year_labels(plan)):
            if was[name][year] != now[name][year]:
                path = f"prices.{name}.{year}"
                yield Change(
                    path=path,
                    label=f"{label_of(f'prices.{name}')}: {label}",
                    was=share.text(was[name][year]),
                    now=share.text(now[name][year]),
                    reason=plan.reasons.get(path, ""),
                )


def _said(path: str, value: Any) -> str:
    if value is None and path in FIELDS:
        return AS_PUBLISHED
    if path == "staffing_budget":
        return "estimated" if value is None else UNITS["pounds"].text(value)
    return value_text(path, value)


def _measures_changed(plan: Plan, before: Plan) -> Iterator[Change]:
    """Name measures added and taken out, and what was changed in the others."""
    left = list(enumerate(before.measures))
    for index, measure in enumerate(plan.measures):
        match = next((each for each in left if each[1].kind == measure.kind), None)
        path = f"measures.{index}"
        if match is None:
            reason = plan.reasons.get(path, "")
            yield Change(path=path, label=measure.name, was="not in it", now="added", reason=reason)
            yield from _inside(plan, index, fresh(plan, measure.kind))
            continue
        left.remove(match)
        yield from _inside(plan, index, match[1])
    for _, measure in left:
        yield Change(path="measures", label=measure.name, was="in it", now="taken out", reason="")


def _inside(plan: Plan, index: int, before: Measure) -> Iterator[Change]:
    measure = plan.measures[index]
    was = dict(leaves(before.model_dump(mode="json", exclude_none=True)))
    now = dict(leaves(measure.model_dump(mode="json", exclude_none=True)))
    for inner in dict.fromkeys([*was, *now]):
        if was.get(inner) != now.get(inner):
            path = f"measures.{index}.{inner}"
            yield Change(
                path=path,
                label=f"{measure.name}: {measure_label(measure, inner)}",
                was=measure_text(before, inner, was.get(inner)),
                now=measure_text(measure, inner, now.get(inner)),
                reason=plan.reasons.get(path, ""),
            )


def measure_label(measure: Measure, inner: str) -> str:
    """Name a field of a measure for people.

    Example:
        >>> measure_label(Measure(), "money.0"), measure_label(Measure(), "ramp")
        ('money in year 1', 'months until it works fully')
    """
    first, _, rest = inner.partition(".")
    if first == "money":
        return f"money in year {int(rest) + 1}"
    if first == "effects":
        place, _, what = rest.partition(".")
        effects = measure.effects
        known = effects[int(place)].on if int(place) < len(effects) else "leaving"
        size = {"central": "", "low": ", at least", "high": ", at most"}.get(what, f", {what}")
        return f"{QUANTITY_WORDS[known]}{size}"
    if first == "incentive":
        label = label_of(rest)
        return label[:1].lower() + label[1:]
    return _MEASURE_LABELS.get(first, first.replace("_", " "))


def measure_text(measure: Measure, inner: str, value: Any) -> str:
    """Write a field of a measure for people.

    Example:
        >>> measure_text(Measure(), "money.0", 44000.0), measure_text(Measure(), "staff_share", 0.2)
        ('£44,000', '20%')
    """
    if value is None:
        return "not set"
    first, _, rest = inner.partition(".")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if first == "incentive":
        return value_text(rest, value)
    if not isinstance(value, (int, float)):
        return str(value).replace("_", " ")
    if first == "money" or first in _IN_POUNDS:
        return UNITS["pounds"].text(value)
    is_share = first == "staff_share"
    if first == "effects":
        place, _, what = rest.partition(".")
        is_share = what in {"low", "central", "high"} and (
            int(place) < len(measure.effects) and measure.effects[int(place)].on in SHARES
        )
    return UNITS["share"].text(value) if is_share else trimmed(value, 2)
