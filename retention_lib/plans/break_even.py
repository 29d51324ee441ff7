"""What would have to be true: how many times as large the effects must be."""

from __future__ import annotations

import numpy as np

from retention_lib.plans.effects import incentive_effect_paths
from retention_lib.plans.plan import CHOSEN, SHARES, Plan
from retention_lib.plans.sensitivity import net_of
from retention_lib.rates import FloatArray
from retention_lib.uncertainty import first_pays

MOST_TIMES = 20.0
"""How many times as large effects are looked at."""

_HALF_A_PENNY = 0.005
_NEAR = 1e-2  # of what is assumed: the page says one decimal
_MOST_PEOPLE = 5_000.0
_NO_CASH = {*CHOSEN, "capacity"}
"""Set by the council, or worth no cash: they do not decide whether the money comes back."""


def needed_times(plan: Plan) -> float | None:
    """Solve for how many times as large the effects must be for the money to come back.

    All effects of all measures are multiplied alike; posts and managers, which the council chooses,
    stay. The smallest multiple from 0 to 20 at which four years' net cash is zero or more; None
    where none is, or there is nothing to multiply.
    """
    paths = dict(_effects(plan))
    net = net_of(plan)

    def at(times: FloatArray) -> FloatArray:
        sizes = {path: np.clip(size * times, -most, most) for path, (size, most) in paths.items()}
        return net(sizes) + _HALF_A_PENNY

    return first_pays(at, 0.0, MOST_TIMES, _NEAR) if paths or not plan.measures else None


def has_effects(plan: Plan) -> bool:
    """Tell whether anything a plan does could be larger or smaller than assumed."""
    return bool(_effects(plan))


def how_many_effects(plan: Plan) -> int:
    """Count the effects that are made larger or smaller alike."""
    return len(_effects(plan))


def _effects(plan: Plan) -> list[tuple[str, tuple[float, float]]]:
    """List the effects that may be larger or smaller than assumed: path, size, and the most."""
    found: list[tuple[str, tuple[float, float]]] = []
    for index, measure in enumerate(plan.measures):
        for place, effect in enumerate(measure.effects):
            if effect.on not in _NO_CASH and effect.central:
                most = 1.0 if effect.on in SHARES else _MOST_PEOPLE
                path = f"measures.{index}.effects.{place}.central"
                found.append((path, (effect.central, most)))
        for path in incentive_effect_paths(index, measure):
            most = 1.0 if path.endswith("leaving_reduction") else _MOST_PEOPLE
            found.append((path, (float(plan.at(path)), most)))
    return found
