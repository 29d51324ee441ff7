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

from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.rates import FloatArray
from retention_lib.results import CellKind
from retention_lib.workforce.engine import ratio

Verdict = Literal["met", "not yet", "not met"]

_NO_DIFFERENCE = 0.5  # pounds
_LEVEL = 5e-4  # of growth: a twentieth of a percent
_SAME = 5e-4  # of a rate, or of a case
BoolArray = NDArray[np.bool_]
TESTS = ("agency", "caseload", "trend", "budget")


@dataclass(frozen=True, kw_only=True)
class Tested:
    """One test, in one figure for each year; arrays of shape (draws, years).

    `short` is how far the figure is from passing, 0 or less where it passes. `without` is the
    figure without the plan, where there is one to compare with. `also` is a second figure that is
    tested beside the first, and `also_without` the same without the plan.
    """

    key: str
    figure: FloatArray
    short: FloatArray
    without: FloatArray | None = None
    also: FloatArray | None = None
    also_without: FloatArray | None = None

    @property
    def passed(self) -> BoolArray:
        """Whether it passes, by draw and year."""
        return np.asarray(self.short <= 0)

    def verdict(self, draw: int = 0) -> Verdict:
        """Say whether it is met by the last year; "not yet" where it is coming nearer."""
        short = self.short[draw]
        if short[-1] <= 0:
            return "met"
        return "not yet" if short.size > 1 and short[-1] < short[-2] - _SAME else "not met"


def four_tests(found: Played) -> tuple[Tested, ...]:
    """Put a plan to the four tests, for each draw.

    Agency: spending on agency staff is below what it would be without the plan. Caseload: the
    experienced and the newly qualified hold no more than is manageable at the year's end. Trend:
    spending in real terms and open cases grow no more. Budget: the year costs no more than it would
    without the plan.
    """
    return (_agency(found), _caseload(found), _trend(found), _budget(found))


def _agency(found: Played) -> Tested:
    spent = found.agency_by_year
    less = spent[WITHOUT] - spent[WITH]
    return Tested(
        key="agency", figure=spent[WITH], short=_NO_DIFFERENCE - less, without=spent[WITHOUT]
    )


def _caseload(found: Played) -> Tested:
    targets = found.numbers.plan.targets
    experienced = found.at_year_ends(found.path.experienced_caseload)[..., 1:]
    new = found.at_year_ends(found.path.newly_qualified_caseload)[..., 1:]
    short = np.maximum(
        experienced[WITH] - targets.caseload, new[WITH] - targets.newly_qualified_caseload
    )
    return Tested(
        key="caseload",
        figure=experienced[WITH],
        short=np.where(short <= _SAME, np.minimum(short, 0.0), short),
        without=experienced[WITHOUT],
        also=new[WITH],
        also_without=new[WITHOUT],
    )


def growth(by_year: FloatArray, before: FloatArray) -> FloatArray:
    """Give each year's growth on the year before, the first year's on `before`.

    Example:
        >>> growth(np.array([110.0, 99.0]), np.array([100.0])).round(2).tolist()
        [0.1, -0.1]
    """
    previous = np.concatenate([before, by_year[..., :-1]], axis=-1)
    return ratio(by_year - previous, previous)


def _trend(found: Played) -> Tested:
    spent = found.real_spent_by_year
    before = np.broadcast_to(run_rate(found), (*spent.shape[:-1], 1))
    cost = growth(spent, before)
    cases = found.at_year_ends(found.path.cases)
    need = growth(cases[..., 1:], cases[..., :1])
    return Tested(
        key="trend",
        figure=cost[WITH],
        short=np.maximum(cost, need)[WITH] - _LEVEL,
        without=cost[WITHOUT],
        also=need[WITH],
        also_without=need[WITHOUT],
    )


def run_rate(found: Played) -> FloatArray:
    """Give what the service would cost in a year as it stands on the first day, in its prices.

    Staff, managers and agency staff of the first day, and the first year's joiners without the
    plan; shape (draws, 1).
    """
    return found.ledger.at_start(WITHOUT)[..., np.newaxis]


def _budget(found: Played) -> Tested:
    net = found.net_by_year[WITH]
    return Tested(key="budget", figure=net, short=-net + _NO_DIFFERENCE)


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """One measure of quality at the start and each year's end; higher is worse; (draws, years+1).

    It is kept where at no year's end it is worse both than at the start and than without the plan.
    """

    key: str
    label: str
    kind: CellKind
    figure: FloatArray
    without: FloatArray

    @property
    def kept(self) -> BoolArray:
        """Whether quality did not fall, by draw."""
        start = self.figure[..., :1]
        worse = (self.figure[..., 1:] > start + _SAME) & (
            self.figure[..., 1:] > self.without[..., 1:] + _SAME
        )
        return np.asarray(~worse.any(axis=-1))


def guard(found: Played) -> tuple[Guarded, ...]:
    """Watch over quality: caseload, the newly qualified, uncovered posts, agency staff, span."""
    path = found.path
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
        )
        for key, label, kind, figure in watched
    )
