"""The same plan from the region's side: a person kept from a neighbour is no gain to the region."""

from __future__ import annotations

import numpy as np

from retention_lib.plans.effects import Change
from retention_lib.plans.plan import Measure
from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.plans.result import RegionSide
from retention_lib.rates import FloatArray
from retention_lib.workforce.engine import BANDS

_FROM_OTHER_COUNCILS = "experienced"


def region_side(found: Played) -> RegionSide:
    """Take from a plan's saving what other councils lose by it.

    Of the leavers it avoids, a share would have gone to another council; of the experienced people
    it brings, a share come from one. Each of them is worth to that council what it is worth to
    this one, so that share of the saving is no gain to the region. What the plan costs stays.
    """
    plan = found.numbers.plan
    avoided = _avoided(found)
    brought = [_brought(m, c) for m, c in zip(plan.measures, found.drive.changes, strict=True)]
    taken = sum(experienced for experienced, _ in brought)
    gained = avoided + sum(everyone for _, everyone in brought)
    displaced = (
        avoided * plan.region.leavers_to_neighbours + taken * plan.region.hires_from_neighbours
    )
    share = displaced / gained if gained > 0 else 0.0
    saving = float(found.saving_by_year[WITH, 0].sum())
    there = saving * (1.0 - share) if saving > 0 else saving
    investment = float(found.investment_by_year[WITH, 0].sum())
    return RegionSide(
        saving=there, net=there - investment, displaced_share=share, people_gained=gained
    )


def _avoided(found: Played) -> float:
    """Count the leavers avoided because chances are lower, staff being what they are with it."""
    fewer = 0.0
    for band in BANDS:
        chance = found.drive.drivers.leaving[band]
        fall = chance[WITHOUT] - chance[WITH]
        fewer += float((found.path.staff[band][WITH][..., :-1] * fall)[0].sum())
    return max(0.0, fewer)


def _brought(measure: Measure, change: Change) -> tuple[float, float]:
    """Count the people a measure brings: those from other councils' reach, and all of them."""
    everyone = _sum(change.newly_qualified) + _sum(change.groups)
    routes = {effect.route for effect in measure.effects if effect.on == "recruits"}
    from_pay = _sum(change.paid.extra) if change.paid is not None else 0.0
    by_route = _sum(change.groups) - from_pay
    experienced = from_pay + (by_route if _FROM_OTHER_COUNCILS in routes else 0.0)
    return experienced, everyone


def _sum(people: FloatArray) -> float:
    return float(np.atleast_2d(people)[0].sum())
