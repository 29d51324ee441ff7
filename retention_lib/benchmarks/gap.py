"""What a gap is worth: the people it stands for, at the prices and by the rules of a scheme.

Every line is what would follow if the council's figure were the target's, everything else the
same. A line below zero is a cost. The measures overlap (an agency worker covers a vacancy), so the
worth of two gaps is never added up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import numpy as np

from retention_lib.benchmarks.standing import Standing
from retention_lib.costs import saving_from_filling_a_vacancy
from retention_lib.figures import Area, figure
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.uncertainty import Range, ValueOf

Target = Literal["median", "best_quarter"]


@dataclass(frozen=True)
class Prices:
    """What the people in a gap cost, in pounds (a year, where it is not for one leaver).

    `covered_share` is the share of vacancies that agency staff cover.
    """

    leaver: Range
    leaver_cashable_share: Range
    agency_premium: Range
    pay: Range
    covered_share: Range


@dataclass(frozen=True)
class _Taken:
    """One value of each price."""

    leaver: float
    leaver_cashable_share: float
    agency_premium: float
    pay: float
    covered_share: float


@dataclass(frozen=True)
class GapLine:
    """One thing that closing the gap means: how many people, and pounds a year; a cost is below 0.

    `cashable` tells whether a budget could be cut by it, or must hold it.
    """

    key: str
    label: str
    people: float
    pounds: float
    cashable: bool
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The distance from a council's figure to its target, and what closing it is worth.

    `difference` is above 0 where there is a gap; where it is 0 or less there are no lines.
    `pounds` and its ends are a year's, all lines together; the ends are those of the prices alone.
    `needed_fall` is the relative fall in leaving, among everyone, that closes a gap in turnover.
    """

    measure: str
    target: Target
    target_value: float | None
    difference: float | None
    lines: tuple[GapLine, ...]
    pounds: float
    low: float
    high: float
    cashable: float
    needed_fall: float | None

    @property
    def is_open(self) -> bool:
        """Whether there is a gap to close, and it can be priced."""
        return bool(self.lines)


_Lines = Callable[[Area, int, float, float, _Taken], list[GapLine]]


def gap(stood: Standing, target: Target, prices: Prices) -> Gap:
    """Price the gap between a council's figure and its group's median, or best quarter.

    Args:
        stood: where the council stands.
        target: the figure to reach.
        prices: what people cost.

    Example:
        >>> from retention_lib.benchmarks.groups import council, group_of
        >>> from retention_lib.benchmarks.standing import standing
        >>> area = council("802")
        >>> stood = standing("agency", area, 2025, group_of(area, "neighbours_2025"))
        >>> one = Range("a year's premium", 27_000, 27_000, 27_000)
        >>> found = gap(stood, "median", Prices(one, one, one, one, one))
        >>> round(found.lines[0].people, 1), round(found.pounds, -3)
        (23.7, 639000.0)
    """
    aim = stood.neighbours if target == "median" else stood.best_quarter
    difference = None if aim is None or stood.value is None else round(stood.value - aim, 12)
    empty = Gap(
        measure=stood.measure,
        target=target,
        target_value=aim,
        difference=difference,
        lines=(),
        pounds=0.0,
        low=0.0,
        high=0.0,
        cashable=0.0,
        needed_fall=None,
    )
    if difference is None or difference <= 0 or aim is None or stood.value is None:
        return empty
    central = _lines(stood, aim, _at(prices, {}))
    if not central:
        return empty
    ends = [_lines(stood, aim, taken) for taken in _corners(prices)]
    lines = tuple(
        replace(
            line,
            low=min(line.pounds, *(each[i].pounds for each in ends)),
            high=max(line.pounds, *(each[i].pounds for each in ends)),
        )
        for i, line in enumerate(central)
    )
    pounds = sum(line.pounds for line in lines)
    totals = [pounds, *(sum(line.pounds for line in each) for each in ends)]
    return replace(
        empty,
        lines=lines,
        pounds=pounds,
        low=min(totals),
        high=max(totals),
        cashable=sum(line.pounds for line in lines if line.cashable),
        needed_fall=needed_fall(stood.value, aim) if stood.measure == "turnover" else None,
    )


def worth_of(stood: Standing, aim: float, prices: Prices) -> ValueOf:
    """Give what closing a gap is worth in a year as a function of its prices by name, in pounds."""

    def worth(draws: Mapping[str, FloatArray]) -> FloatArray:
        names, columns = list(draws), np.broadcast_arrays(*draws.values())
        taken = [
            _at(prices, dict(zip(names, map(float, values), strict=True)))
            for values in zip(*(column.ravel() for column in columns), strict=True)
        ]
        sums = [sum(line.pounds for line in _lines(stood, aim, each)) for each in taken]
        return np.array(sums, dtype=np.float64)

    return worth


def needed_fall(turnover: float, aim: float) -> float:
    """Give the relative fall in leaving that moves a turnover rate to an aim.

    e = 1 - T* / T. A scheme takes the share e off each month's chance h, and T = 12 h.

    Example:
        >>> round(needed_fall(0.208, 0.16), 3)
        0.231
    """
    return 1 - aim / turnover


def _at(prices: Prices, chosen: Mapping[str, float]) -> _Taken:
    names = _Taken.__dataclass_fields__
    return _Taken(**{n: chosen.get(n, getattr(prices, n).central) for n in names})


def _corners(prices: Prices) -> list[_Taken]:
    """List every way of putting each price at its low or its high end."""
    names = list(_Taken.__dataclass_fields__)
    ends = [sorted({getattr(prices, n).low, getattr(prices, n).high}) for n in names]
    return [_at(prices, dict(zip(names, values, strict=True))) for values in product(*ends)]


def _lines(stood: Standing, aim: float, taken: _Taken) -> list[GapLine]:
    assert stood.value is not None
    return _BY_MEASURE[stood.measure](stood.area, stood.year, stood.value, aim, taken)


def _turnover(area: Area, year: int, value: float, aim: float, taken: _Taken) -> list[GapLine]:
    """Price leavers avoided: (T - T*) x staff in post, each at the cost of a leaver."""
    staff = figure("in_post", area.code, year)
    if staff is None:
        return []
    fewer = (value - aim) * staff
    cash = fewer * taken.leaver * taken.leaver_cashable_share
    rest = fewer * taken.leaver - cash
    return [
        GapLine("leavers_cash", "Fewer leavers a year: money not spent", fewer, cash, True),
        GapLine("leavers_work", "The same leavers: work not lost", fewer, rest, False),
    ]


def _agency(area: Area, year: int, value: float, aim: float, taken: _Taken) -> list[GapLine]:
    """Price agency workers replaced by employees: (r - r*) x all workers, each at the premium."""
    staff, extra = figure("in_post", area.code, year), figure("agency_staff", area.code, year)
    if staff is None or extra is None:
        return []
    fewer = (value - aim) * (staff + extra)
    pounds = fewer * _saved_by_filling(taken, covered_share=1.0)
    return [GapLine("agency", "Agency workers replaced by employees", fewer, pounds, True)]


def _saved_by_filling(taken: _Taken, covered_share: float) -> float:
    """Give what a year of one post filled saves, in pounds; a cost is below 0."""
    monthly = saving_from_filling_a_vacancy(
        agency_premium_per_year=taken.agency_premium,
        pay_with_oncosts_per_year=taken.pay,
        covered_share=covered_share,
    )
    return float(np.asarray(monthly)) * MONTHS_IN_YEAR


def _vacancy(area: Area, year: int, value: float, aim: float, taken: _Taken) -> list[GapLine]:
    """Price vacancies filled, those that agency staff cover and those that nobody covers apart."""
    staff, vacant = figure("in_post", area.code, year), figure("vacancies", area.code, year)
    if staff is None or vacant is None:
        return []
    filled = (value - aim) * (staff + vacant)
    covered = filled * taken.covered_share
    open_posts = filled - covered

    return [
        GapLine(
            "covered",
            "Vacancies filled that agency staff cover",
            covered,
            covered * _saved_by_filling(taken, covered_share=1.0),
            True,
        ),
        GapLine(
            "uncovered",
            "Vacancies filled that nobody covers: their pay",
            open_posts,
            open_posts * _saved_by_filling(taken, covered_share=0.0),
            True,
        ),
    ]


def _caseload(area: Area, year: int, value: float, aim: float, taken: _Taken) -> list[GapLine]:
    """Price the workers who would have to be added for each to hold fewer of the same cases."""
    holders = figure("case_holders", area.code, year)
    if holders is None or aim <= 0:
        return []
    more = holders * (value / aim - 1)
    return [GapLine("workers", "More workers for the same cases", more, -more * taken.pay, True)]


def _absence(area: Area, year: int, value: float, aim: float, taken: _Taken) -> list[GapLine]:
    """Price work regained: (a - a*) x staff in post, each at a year's pay. No budget holds it."""
    staff = figure("in_post", area.code, year)
    if staff is None:
        return []
    more = (value - aim) * staff
    return [GapLine("work", "Work regained, in full-time workers", more, more * taken.pay, False)]


_BY_MEASURE: Mapping[str, _Lines] = {
    "turnover": _turnover,
    "vacancy": _vacancy,
    "agency": _agency,
    "caseload": _caseload,
    "absence": _absence,
}
