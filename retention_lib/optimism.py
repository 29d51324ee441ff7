"""Optimism: savings marked down and costs marked up, the more the weaker the evidence for them.

A line of money is as good as the weakest number it rests on. A share of its size, by that grade,
counts against it: a gain is made smaller, a cost or a loss larger. The grades are the register's,
whoever chose the number since; so are the shares (entries `optimism_*`).

Source:
    Greater Manchester Combined Authority's cost-benefit analysis model, supplementary guidance to
    HM Treasury's Green Book. Its percentages are second-hand here, and how its six grades become
    our four is our judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from retention_lib.assumptions import Quality, register
from retention_lib.documents import Document
from retention_lib.incentives import Flows
from retention_lib.rates import FloatArray
from retention_lib.scenario import FROM_PARTS, Costs, Scenario

GRADES: tuple[Quality, ...] = ("strong", "fair", "weak", "none")
"""Grades of evidence, the best first."""

SWITCH = "appraisal.optimism"
"""The field of a document that puts the allowance into its answer."""

SAVINGS = ("leaver_saving", "extra_leaver_saving", "vacancy_saving")
COSTS = ("payments", "on_costs", "hiring")
LINES = (*SAVINGS, *COSTS, "clawback")
"""The lines of an offer's money that are marked, each by itself."""

_VACANCY_PARTS = ("agency_premium_per_year", "pay_with_oncosts_per_year", "covered_share")

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


def marked(pounds: FloatArray, share: float) -> FloatArray:
    """Give what counts against a line of money in each month: share x |pounds|, never below 0.

    A saving below zero is made worse and not better.

    Args:
        pounds: of either sign, any shape.
        share: 0 to 1.

    Example:
        >>> marked(np.array([100.0, -40.0]), 0.25).tolist()
        [25.0, 10.0]
    """
    return np.asarray(share * np.abs(pounds))


def with_optimism(document: D, on: bool) -> D:
    """Give the same document with the allowance in its answer, or without."""
    return document.but({SWITCH: on})


@dataclass(frozen=True)
class Mark:
    """By how much a line of money is marked, and why: its grade, and the fields it rests on."""

    grade: Quality
    rests_on: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of the line that counts against it."""
        return share_of(self.grade)


def marks_of(scenario: Scenario) -> Mapping[str, Mark]:
    """Grade each line of an offer's money by the weakest number it rests on.

    Savings rest on what the offer does (the fall in leaving, or the response to pay; the extra
    joiners) and on what a leaver or a vacancy costs. What is paid is the council's own choice and
    certain; how many take it up is not. On-costs rest on their rate too, hiring on the cost of a
    hire. What leavers pay back is money that comes in, and rests on how much of it is recovered.

    Example:
        >>> from retention_lib.presets import preset
        >>> found = marks_of(preset("middlesbrough-2019").scenario)
        >>> found["leaver_saving"].grade, found["payments"].grade, found["clawback"].grade
        ('weak', 'fair', 'none')
    """
    return {line: Mark(_grade(paths), paths) for line, paths in _rests_on(scenario).items()}


def _rests_on(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    by_hand = scenario.effect.leaving_reduction is not None
    fall = "effect.leaving_reduction" if by_hand else "effect.pay_elasticity"
    from_parts = scenario.leaver_cost == FROM_PARTS
    leaver = _parts(Costs.model_fields) if from_parts else ("leaver_cost",)
    by_parts = scenario.vacancy.net_saving_per_month == FROM_PARTS
    vacancy = _parts(_VACANCY_PARTS) if by_parts else ("vacancy.net_saving_per_month",)
    extra = "effect.extra_hires"
    return {
        "leaver_saving": (fall, *leaver),
        "extra_leaver_saving": (extra, fall, *leaver),
        "vacancy_saving": (extra, "vacancy.months", *vacancy),
        "payments": ("scheme.take_up",),
        "on_costs": ("scheme.take_up", "scheme.oncost_rate"),
        "hiring": ("scheme.take_up", "vacancy.hire_cost"),
        "clawback": ("scheme.clawback.recovery_rate",),
    }


def _parts(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"costs.{name}" for name in names)


def _grade(paths: Iterable[str]) -> Quality:
    """Grade fields by the register's entries behind them; one without an entry is ungraded."""
    rows = (register().behind(path) for path in paths)
    return weakest("none" if row is None else row.quality for row in rows)


def allowance(scenario: Scenario, flows: Flows) -> FloatArray:
    """Give what an allowance for optimism takes off in each month, whether or not it is on.

    The sum over lines of share x |pounds|. Each line is marked by itself, so that money paid back
    is marked down as income and not up with the cost, and NPV stays a straight line in the payment
    and in extra joiners wherever it was one.

    Args:
        scenario: what was chosen; it decides the grades.
        flows: the offer played out, or its lines as somebody else sees them.

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
    parts = [marked(getattr(flows, line), mark.share) for line, mark in marks_of(scenario).items()]
    return np.asarray(sum(parts))


def taken_off(scenario: Scenario, flows: Flows) -> FloatArray | float:
    """Give the allowance by month where it is switched on, nothing where it is not."""
    return allowance(scenario, flows) if scenario.appraisal.optimism else 0.0


def net_of(scenario: Scenario, flows: Flows) -> FloatArray:
    """Give saving less net cost in pounds by month, less the allowance where it is switched on."""
    return flows.net - taken_off(scenario, flows)
