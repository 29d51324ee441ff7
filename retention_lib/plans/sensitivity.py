"""What would change a plan's answer: each number that nobody knows, alone, at its two ends.

The value is the council's cash over the four years, as expected, without the luck of single people
or of better and worse years: that is for :mod:`retention_lib.plans.ranges`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from retention_lib.assumptions import register
from retention_lib.labels import label_of, value_text
from retention_lib.plans.differences import measure_label, measure_text
from retention_lib.plans.effects import worlds_of
from retention_lib.plans.optimism import taken_off
from retention_lib.plans.plan import Plan
from retention_lib.plans.played import WITH, played
from retention_lib.plans.ranges import uncertain
from retention_lib.plans.result import NetBar
from retention_lib.rates import FloatArray
from retention_lib.uncertainty import UncertainModel, ValueOf

_NO_DIFFERENCE = 0.5  # pounds


def net_of(plan: Plan) -> ValueOf:
    """Give four years' net cash as a function of draws by field: arrays (n,) to pounds (n,).

    Less the allowance for optimism, where that is on.
    """
    worlds = worlds_of(len(plan.measures), each_alone=plan.appraisal.optimism)

    def net(draws: Mapping[str, FloatArray]) -> FloatArray:
        found = played(plan, draws, worlds=worlds)
        total = found.net_by_year[WITH].sum(axis=-1) - taken_off(found).cash.sum(axis=-1)
        size = max((np.size(values) for values in draws.values()), default=1)
        return np.asarray(np.broadcast_to(total, (size,)))

    return net


def uncertain_model(plan: Plan) -> UncertainModel:
    """Give a plan as a function of what nobody knows: four years' net cash in pounds.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
        ...                        "measures": [{"kind": "recognition"}]})
        >>> len(uncertain_model(plan).ranges) > 10
        True
    """
    return UncertainModel(net_of(plan), uncertain(plan), plan.seed)


def tornado_bars(plan: Plan) -> tuple[NetBar, ...]:
    """Say what each uncertain number alone does to the net cash, the widest first."""
    if not plan.measures:
        return ()
    return tuple(
        NetBar(
            path=bar.key,
            label=named(plan, bar.key),
            low_text=worded(plan, bar.key, bar.low),
            high_text=worded(plan, bar.key, bar.high),
            net_at_low=bar.value_at_low,
            net_at_high=bar.value_at_high,
        )
        for bar in uncertain_model(plan).tornado()
        if bar.width >= _NO_DIFFERENCE
    )


def named(plan: Plan, path: str) -> str:
    """Name a number of a plan for people: the register's label, or the measure and what it does."""
    if not path.startswith("measures."):
        return label_of(path)
    _, index, inner = path.split(".", 2)
    measure = plan.measures[int(index)]
    return f"{measure.name}: {measure_label(measure, inner)}"


def worded(plan: Plan, path: str, value: float) -> str:
    """Write a number of a plan with its unit."""
    if not path.startswith("measures."):
        row = register().behind(path)
        return value_text(path, value) if row is None else row.unit.text(value)
    _, index, inner = path.split(".", 2)
    return measure_text(plan.measures[int(index)], inner, value)
