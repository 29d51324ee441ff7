"""The four tests of the council that asked for a plan like this, and the guard on quality.

Gloucestershire's task group asked in 2015 that an investment cut the cost of agency staff, bring
caseloads to manageable levels, cap the trend of rising cost and need, and begin to relieve the
budget; and that quality of service must not fall.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from retention_lib.plans.optimism import NOTHING, Allowance
from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.rates import FloatArray
from retention_lib.results import CellKind
from retention_lib.workforce.engine import ratio

Verdict = Literal["met", "met anyway", "not yet", "not met"]

_NO_DIFFERENCE = 0.5  # pounds
_LEVEL = 5e-4  # of growth: a twentieth of a percent
_SAME = 5e-4  # of a case
BoolArray = NDArray[np.bool_]
TESTS = ("agency", "caseload", "trend", "budget")


@dataclass(frozen=True, kw_only=True)
class Tested:
    """One test, in one figure for each year; arrays of shape (draws, years).

    `short` is how far the figure is from passing, 0 or less where it passes. `without` is the
    figure without the plan, and `short_without` how far that is from passing, where there is one to
    compare with. `also` is a second figure that is tested beside the first, and `also_without` the
    same without the plan.
    """

    key: str
    figure: FloatArray
    short: FloatArray
    without: FloatArray | None = None
    short_without: FloatArray | None = None
    also: FloatArray | None = None
    also_without: FloatArray | None = None

    @property
    def passed(self) -> BoolArray:
        """Whether it passes, by draw and year."""
        return np.asarray(self.short <= 0)

    def verdict(self, draw: int = 0) -> Verdict:
        """Say whether it is met in the last year.

        "Met anyway" where it would be without the plan; "not yet" where it is nearer than in the
        first year and the year before, and nearer than without the plan.
        """
        short = self.short[draw]
        if short[-1] <= 0:
            anyway = self.short_without is not None and self.short_without[draw][-1] <= 0
            return "met anyway" if anyway else "met"
        nearer = short[-1] < min(short[0], short[-2]) - _SAME
        if self.short_without is not None:
            nearer = nearer and short[-1] < self.short_without[draw][-1] - _SAME
        return "not yet" if nearer else "not met"


def four_tests(found: Played, off: Allowance = NOTHING) -> tuple[Tested, ...]:
    """Put a plan to the four tests, for each draw.

    Agency: spending on agency staff is lower than without the plan, by what counts as a saving.
    Caseload: the experienced and the newly qualified hold no more than is manageable at the year's
    end. Trend: neither spending in real terms nor need is above where it started. Budget: the year
    costs less than it would without the plan, by what counts as a saving, with an allowance for
    optimism taken off; the other three are the service's own figures.
    """
    return (_agency(found), _caseload(found), _trend(found), _budget(found, off))


def material(found: Played) -> FloatArray:
    """Give the least that counts as a saving in each year, in pounds; shape (draws, years)."""
    share = found.numbers.plan.targets.material_share
    return np.asarray(np.maximum(_NO_DIFFERENCE, share * found.spent_by_year[WITHOUT]))


def _agency(found: Played) -> Tested:
    spent = found.agency_by_year
    less = spent[WITHOUT] - spent[WITH]
    return Tested(
        key="agency", figure=spent[WITH], short=material(found) - less, without=spent[WITHOUT]
    )


def _caseload(found: Played) -> Tested:
    targets = found.numbers.plan.targets
    experienced = found.at_year_ends(found.path.experienced_caseload)[..., 1:]
    new = found.at_year_ends(found.path.newly_qualified_caseload)[..., 1:]
    short = np.maximum(experienced - targets.caseload, new - targets.newly_qualified_caseload)
    short = np.where(short <= _SAME, np.minimum(short, 0.0), short)
    return Tested(
        key="caseload",
        figure=experienced[WITH],
        short=short[WITH],
        without=experienced[WITHOUT],
        short_without=short[WITHOUT],
        also=new[WITH],
        also_without=new[WITHOUT],
    )


def need(found: Played) -> FloatArray:
    """Give need at each year's end beside the start, in every world: growth, and early help's part.

    (1 + growth)^years x cases with measures / cases without - 1. Where the caseload goes by itself
    is no change in need.
    """
    ends = found.at_year_ends(found.path.cases)[..., 1:]
    years = np.arange(1, ends.shape[-1] + 1)
    growth = (1.0 + found.numbers("baseline.demand_growth")[..., np.newaxis]) ** years
    return np.asarray(growth * ratio(ends, np.broadcast_to(ends[WITHOUT], ends.shape)) - 1.0)


def _trend(found: Played) -> Tested:
    real = found.real_spent_by_year
    start = run_rate(found) * found.ledger.cpi[0]
    cost = ratio(real, np.broadcast_to(start, real.shape)) - 1.0
    needed = need(found)
    short = np.maximum(cost, needed) - _LEVEL
    return Tested(
        key="trend",
        figure=cost[WITH],
        short=short[WITH],
        without=cost[WITHOUT],
        short_without=short[WITHOUT],
        also=needed[WITH],
        also_without=needed[WITHOUT],
    )


def run_rate(found: Played) -> FloatArray:
    """Give what the service would cost in a year as it stands on the first day, in its prices.

    Staff, managers and agency staff of the first day, and the first year's joiners without the
    plan; shape (draws, 1).
    """
    return found.ledger.at_start(WITHOUT)[..., np.newaxis]


def _budget(found: Played, off: Allowance) -> Tested:
    net = found.net_by_year[WITH] - off.by_year
    return Tested(key="budget", figure=net, short=material(found) - net)


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """One measure of quality at the start and each year's end; higher is worse; (draws, years+1).

    It is kept where at no year's end it is worse than without the plan by more than `margin`.
    """

    key: str
    label: str
    kind: CellKind
    figure: FloatArray
    without: FloatArray
    margin: float

    @property
    def kept(self) -> BoolArray:
        """Whether quality did not fall, by draw."""
        worse = self.figure[..., 1:] > self.without[..., 1:] + self.margin + _SAME
        return np.asarray(~worse.any(axis=-1))


def guard(found: Played) -> tuple[Guarded, ...]:
    """Watch over quality: caseload, the newly qualified, uncovered posts, agency staff, span."""
    path, targets = found.path, found.numbers.plan.targets
    margins = {"share": targets.margin_share, "number": targets.margin_cases}
    span = found.drive.span + np.zeros_like(path.in_post)
    watched: tuple[tuple[str, str, CellKind, FloatArray], ...] = (
        ("caseload", "Caseload of an experienced worker", "number", path.experienced_caseload),
        (
            "newly_qualified",
            "Newly qualified, share of staff",
            "share",
            ratio(path.staff["newly_qualified"], path.in_post),
        ),
        (
            "uncovered",
            "Posts that nobody covers",
            "share",
            ratio(path.uncovered, path.posts),
        ),
        ("agency", "Agency rate", "share", path.agency_rate),
        ("span", "Posts for each manager", "number", span),
    )
    return tuple(
        Guarded(
            key=key,
            label=label,
            kind=kind,
            figure=found.at_year_ends(figure)[WITH],
            without=found.at_year_ends(figure)[WITHOUT],
            margin=margins[kind],
        )
        for key, label, kind, figure in watched
    )
