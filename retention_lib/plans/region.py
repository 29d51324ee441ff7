"""The same plan from the region's side: a person kept from a neighbour is no gain to the region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retention_lib.plans.effects import Change
from retention_lib.plans.optimism import NOTHING, Allowance
from retention_lib.plans.plan import Measure
from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.plans.result import RegionSide
from retention_lib.rates import FloatArray
from retention_lib.workforce.engine import BANDS

_FROM_OTHER_COUNCILS = "experienced"


def region_side(found: Played, off: Allowance = NOTHING) -> RegionSide:
    """Take from a plan's saving what other councils lose by it, measure by measure.

    Of the leavers a measure avoids, a share would have gone to another council; of the experienced
    people it brings, a share come from one. Each of them is worth to that council what it is worth
    to this one, so that share of what the measure saves is no gain to the region. What measures
    save together beyond that is scaled as the whole is. What the plan costs stays, and so does an
    allowance for optimism.
    """
    plan = found.numbers.plan
    people = [_people(found, index) for index in range(len(plan.measures))]
    gained = sum(each.gained for each in people)
    share = sum(each.displaced for each in people) / gained if gained > 0 else 0.0
    saving = found.saving_by_year[:, 0].sum(axis=-1)
    alone = [float(saving[2 + index]) for index in range(len(plan.measures))]
    together = float(saving[WITH]) - sum(alone)
    there = sum(
        one * (1.0 - each.share) if one > 0 else one
        for one, each in zip(alone, people, strict=True)
    )
    there += together * (1.0 - share)
    cost = float(found.investment_by_year[WITH, 0].sum()) + float(off.cash.sum())
    return RegionSide(saving=there, net=there - cost, displaced_share=share, people_gained=gained)


@dataclass(frozen=True)
class _People:
    """People one measure keeps or brings, alone, and those of them other councils go without."""

    gained: float
    displaced: float

    @property
    def share(self) -> float:
        return self.displaced / self.gained if self.gained > 0 else 0.0


def _people(found: Played, index: int) -> _People:
    """Count the people that one measure keeps and brings, in the world that has it alone."""
    plan = found.numbers.plan
    avoided = _avoided(found, 2 + index)
    experienced, everyone = _brought(plan.measures[index], found.drive.changes[index])
    displaced = (
        avoided * plan.region.leavers_to_neighbours
        + experienced * plan.region.hires_from_neighbours
    )
    return _People(avoided + everyone, displaced)


def _avoided(found: Played, world: int) -> float:
    """Count the leavers avoided because chances are lower, staff being what they are with it."""
    fewer = 0.0
    for band in BANDS:
        chance = found.drive.drivers.leaving[band]
        fall = chance[WITHOUT] - chance[world]
        fewer += float((found.path.staff[band][world][..., :-1] * fall)[0].sum())
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
