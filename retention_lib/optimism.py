"""Optimism: savings marked down and costs marked up, the more the weaker the evidence for them.

A line of money is as good as the weakest number it rests on. A share of its total, by that grade,
counts against it: a gain is made smaller, a cost or a loss larger. The grades are the register's,
whoever chose the number since; so are the shares (entries `optimism_*`). Payments are never marked
up beyond what they would come to if everybody signed up.

Source:
    Greater Manchester Combined Authority's cost-benefit analysis model, supplementary guidance to
    HM Treasury's Green Book. Its percentages are second-hand here, and how its six grades become
    our four is our judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np

from retention_lib.assumptions import Quality, register
from retention_lib.documents import Document
from retention_lib.incentives import Flows
from retention_lib.rates import FloatArray, Number
from retention_lib.scenario import FROM_PARTS, VACANCY_PARTS, Costs, Scenario

GRADES: tuple[Quality, ...] = ("strong", "fair", "weak", "none")
"""Grades of evidence, the best first."""

SWITCH = "appraisal.optimism"
"""The field of a document that puts the allowance into its answer."""

SAVINGS = ("leaver_saving", "extra_leaver_saving", "vacancy_saving", "poached_saving")
COSTS = ("payments", "on_costs", "hiring")
LINES = (*SAVINGS, *COSTS, "clawback")
"""The lines of an offer's money that are marked, each by itself."""

_PAID = ("payments", "on_costs")

D = TypeVar("D", bound=Document)


def weakest(grades: Iterable[Quality]) -> Quality:
    """Give the grade of a chain of numbers: that of its weakest link.

    Example:
        >>> weakest(["strong", "weak", "fair"])
        'weak'
    """
    return max(grades, key=GRADES.index)


def share_of(grade: Quality) -> float:
    """Give the share by which a grade of evidence is marked, 0 to 1: the register's figure.

    Example:
        >>> [share_of(grade) for grade in GRADES]
        [0.05, 0.1, 0.25, 0.4]
    """
    return register()[f"optimism_{grade}"].default


def marked(pounds: FloatArray, share: Number) -> FloatArray:
    """Give what counts against a line of money in each month: share x |total|, never below 0.

    The total is that of all months, whatever the sign of each, and what counts against it is spread
    over them in proportion to |pounds|. A total below zero is made worse and not better.

    Args:
        pounds: by month, of either sign, shape (..., H + 1).
        share: 0 to 1, shape (...) or one that broadcasts to it.

    Example:
        A quarter of what is left of 150 saved and 50 lost again.

        >>> marked(np.array([150.0, -50.0]), 0.25).tolist()
        [18.75, 6.25]
    """
    size = np.abs(pounds)
    whole = size.sum(axis=-1, keepdims=True)
    total = np.abs(np.sum(pounds, axis=-1, keepdims=True))
    part = np.divide(total, whole, out=np.zeros_like(whole), where=whole > 0)
    return np.asarray(np.asarray(share)[..., np.newaxis] * part * size)


def room_above(take_up: Number) -> FloatArray:
    """Give by which share payments would grow if everybody signed up: (1 - t) / t, at most 1.

    Example:
        >>> [float(room_above(take_up)) for take_up in (0.0, 0.5, 0.75, 1.0)]
        [1.0, 1.0, 0.3333333333333333, 0.0]
    """
    left = 1.0 - np.asarray(take_up, dtype=np.float64)
    return np.asarray(left / np.maximum(left, take_up))


def with_optimism(document: D, on: bool) -> D:
    """Give the same document with the allowance in its answer, or without."""
    return document.but({SWITCH: on})


@dataclass(frozen=True)
class Mark:
    """By how much a line of money is marked, and why: its grade, and the fields it rests on.

    `at_most` is the share beyond which the line could not grow.
    """

    grade: Quality
    rests_on: tuple[str, ...]
    at_most: Number = 1.0

    @property
    def share(self) -> FloatArray:
        """The share of the line that counts against it."""
        return np.asarray(np.minimum(share_of(self.grade), self.at_most))


def marks_of(scenario: Scenario, take_up: Number | None = None) -> Mapping[str, Mark]:
    """Grade each line of an offer's money by the weakest number it rests on.

    Savings rest on what the offer does (the fall in leaving, or the response to pay; the extra
    joiners) and on what a leaver or a vacancy costs; so do losses to neighbours, and on what
    those do. What is paid is the council's own choice and
    certain; how many take it up is not, but no more than all can: payments and on-costs are not
    marked beyond that. On-costs rest on their rate too, hiring on the cost of a hire. What leavers
    pay back is money that comes in, and rests on how much of it is recovered.

    Args:
        scenario: what was chosen.
        take_up: the share who sign up, drawn; the scenario's own where none is.

    Example:
        >>> from retention_lib.presets import preset
        >>> found = marks_of(preset("middlesbrough-2019").scenario)
        >>> found["leaver_saving"].grade, found["payments"].grade, found["clawback"].grade
        ('weak', 'fair', 'none')
    """
    room = room_above(scenario.scheme.take_up if take_up is None else take_up)
    return {
        line: Mark(_grade(paths), paths, room if line in _PAID else 1.0)
        for line, paths in _rests_on(scenario).items()
    }


def _rests_on(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    by_hand = scenario.effect.leaving_reduction is not None
    fall = "effect.leaving_reduction" if by_hand else "effect.pay_elasticity"
    from_parts = scenario.leaver_cost == FROM_PARTS
    leaver = _parts(Costs.model_fields) if from_parts else ("leaver_cost",)
    by_parts = scenario.vacancy.net_saving_per_month == FROM_PARTS
    vacancy = _parts(VACANCY_PARTS) if by_parts else ("vacancy.net_saving_per_month",)
    extra = "effect.extra_hires"
    return {
        "leaver_saving": (fall, *leaver),
        "extra_leaver_saving": (extra, fall, *leaver),
        "vacancy_saving": (extra, "vacancy.months", *vacancy),
        "poached_saving": (extra, "region.hires_from_neighbours", "bidding.match_chance", *leaver),
        "payments": ("scheme.take_up",),
        "on_costs": ("scheme.take_up", "scheme.oncost_rate"),
        "hiring": ("scheme.take_up", "vacancy.hire_cost"),
        "clawback": ("scheme.clawback.recovery_rate",),
    }


def _parts(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"costs.{name}" for name in names)


@cache
def _grade(paths: tuple[str, ...]) -> Quality:
    """Grade fields by the register's entries behind them; one without an entry is ungraded."""
    rows = (register().behind(path) for path in paths)
    return weakest("none" if row is None else row.quality for row in rows)


def allowance(scenario: Scenario, flows: Flows, take_up: Number | None = None) -> FloatArray:
    """Give what an allowance for optimism takes off in each month, whether or not it is on.

    The sum over lines of share x |total|. Each line is marked by itself, so that money paid back
    is marked down as income and not up with the cost, and NPV stays a straight line in the payment
    and in extra joiners wherever it was one.

    Args:
        scenario: what was chosen; it decides the grades.
        flows: the offer played out, or its lines as somebody else sees them.
        take_up: the share who sign up, where the flows were drawn with another than the scenario's.

    Returns:
        Pounds, 0 or more, shape (..., H + 1).

    Example:
        Nobody leaves for a year: 120,000 saved on weak evidence, 100,000 paid on fair evidence.

        >>> from retention_lib.incentives import example_offer, play
        >>> from retention_lib.presets import preset
        >>> scenario = preset("middlesbrough-2019").scenario
        >>> round(float(allowance(scenario, play(example_offer())).sum()))
        40000
    """
    marks = marks_of(scenario, take_up)
    lines = ((getattr(flows, line), mark) for line, mark in marks.items())
    found = [marked(pounds, mark.share) for pounds, mark in lines if pounds.any()]
    return np.asarray(sum(found, start=np.zeros(flows.payments.shape[-1])))


def taken_off(
    scenario: Scenario, flows: Flows, take_up: Number | None = None
) -> FloatArray | float:
    """Give the allowance by month where it is switched on, nothing where it is not."""
    return allowance(scenario, flows, take_up) if scenario.appraisal.optimism else 0.0


def net_of(scenario: Scenario, flows: Flows, take_up: Number | None = None) -> FloatArray:
    """Give saving less net cost in pounds by month, less the allowance where it is switched on."""
    return flows.net - taken_off(scenario, flows, take_up)
