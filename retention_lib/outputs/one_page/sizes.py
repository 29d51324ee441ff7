"""A plan made larger or smaller, and one of which more or less comes true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retention_lib.plans.effects import incentive_effect_paths
from retention_lib.plans.plan import CHOSEN, SHARES, Plan

_ENDS = ("low", "central", "high")
_MOST_SHARE = 1.0
_MOST_PEOPLE = 5_000.0
_SIZED = frozenset({"posts"})
"""What the council chooses and buys more or less of; the other things it chooses are a rule."""


def resized(plan: Plan, size: float, achieved: float) -> Plan:
    """Give a plan so many times as large, of which such a share of what is assumed comes true.

    The money of every measure, the people a payment is offered to, and the posts are multiplied by
    `size`; every other effect by `size` and by `achieved`. What a payment does to those who are
    offered it is multiplied by `achieved` alone. A rule that the council sets (staff for each
    manager, the caseload of the newly qualified) stays.

    Args:
        plan: what was chosen.
        size: 1 for the plan as it is.
        achieved: 1 for what the plan assumes.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
        ...                        "measures": [{"kind": "recognition"}]})
        >>> half = resized(plan, 0.5, 1.0).measures[0]
        >>> half.money, resized(plan, 1.0, 1.0) is plan
        ((22000.0, 22000.0, 22000.0, 22000.0), True)
    """
    if size == 1 and achieved == 1:
        return plan
    return plan.but(dict(_changes(plan, size, achieved)))


def _changes(plan: Plan, size: float, achieved: float) -> Iterator[tuple[str, Any]]:
    """Give each field that changes, with its new value."""
    for index, measure in enumerate(plan.measures):
        base = f"measures.{index}"
        yield f"{base}.money", [pounds * size for pounds in measure.money]
        yield f"{base}.per_staff_year", measure.per_staff_year * size
        if measure.incentive is not None:
            offered = min(measure.incentive.eligible * size, _MOST_PEOPLE)
            yield f"{base}.incentive.eligible", offered
        for place, effect in enumerate(measure.effects):
            if effect.on in CHOSEN and effect.on not in _SIZED:
                continue
            times = size if effect.on in _SIZED else size * achieved
            most = _MOST_SHARE if effect.on in SHARES else _MOST_PEOPLE
            for end in _ENDS:
                value = min(max(getattr(effect, end) * times, -most), most)
                yield f"{base}.effects.{place}.{end}", value
        for path in incentive_effect_paths(index, measure):
            most = _MOST_SHARE if path.endswith("leaving_reduction") else _MOST_PEOPLE
            yield path, min(float(plan.at(path)) * achieved, most)
