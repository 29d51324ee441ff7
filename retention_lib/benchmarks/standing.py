"""Where a council stands: its figure in one year beside others' of the same year, and luck."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from retention_lib.assumptions import register
from retention_lib.benchmarks.chance import Interval, difference_interval
from retention_lib.benchmarks.groups import Group, comparable
from retention_lib.benchmarks.measures import MEASURES, Measure, interval_for, measure_of
from retention_lib.figures import ENGLAND, FEW_STAFF, Area, figure, region_of, why_none

Verdict = Literal["higher", "lower", "no different", "unknown"]

MOST = register()["rank_luck_share"].default
"""A rank says nothing where luck could move a council past more than this share of the others."""

QUARTERS = 4

FEW_COUNCILS = register()["few_councils"].default
"""Below this many, luck in the figures of the councils compared with counts too."""

EVENTS_TOGETHER = {"caseload": "cases_together", "absence": "absence_days_together"}
"""The register's entries that say how many events come at a time, by measure."""

_KEPT = 8_192  # every standing beside one kind of group; lists of one's own must not pile up


@dataclass(frozen=True)
class Placed:
    """One council's figure."""

    area: Area
    value: float


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One measure of one council in one year, beside others in the same year.

    Shares are 0 to 1, caseload in cases. `low` and `high` are the interval that luck alone would
    give the figure. A rank of 1 is the lowest figure, which is the best for all five measures;
    `quarter` 1 is the best quarter. Where luck could move the council past most others `rank` and
    `quarter` are None. `quarters` are those of the interval's two ends. `neighbours` is the
    group's median, `best_quarter` the figure that its best quarter keeps to.
    """

    measure: str
    area: Area
    year: int
    value: float | None
    why_none: str
    low: float | None
    high: float | None
    group: Group
    group_values: tuple[Placed, ...]
    neighbours: float | None
    best_quarter: float | None
    region: float | None
    england: float | None
    rank: int | None
    of: int
    quarter: int | None
    quarters: tuple[int, int] | None
    verdict: Verdict
    why_no_rank: str


def events_together() -> dict[str, float]:
    """Give how many cases, and how many days off, come together: the register's central values."""
    return {key: register()[row].default for key, row in EVENTS_TOGETHER.items()}


@lru_cache(maxsize=_KEPT)
def standing(key: str, area: Area, year: int, group: Group) -> Standing:
    """Place one measure of one council in one year.

    Args:
        key: the measure: turnover, vacancy, agency, caseload or absence.
        area: the council.
        year: the year; every figure beside it is of this year too.
        group: the councils to compare with.

    Returns:
        The standing; where the council's figure is not published its `value` is None and
        `why_none` says why, and the others' figures are there all the same.

    Raises:
        ValueError: where there is no such measure.

    Example:
        Middlesbrough's own report gives 20.8% for 2019.

        >>> from retention_lib.benchmarks.groups import council, group_of
        >>> area = council("806")
        >>> found = standing("turnover", area, 2019, group_of(area, "neighbours_2021"))
        >>> found.value, found.england
        (0.208, 0.15)
    """
    measure = measure_of(key)
    value = figure(key, area.code, year)
    interval = _interval(measure, value, area, year)
    placed = _placed(key, group, year)
    values = [each.value for each in placed]
    middle = round(statistics.median(values), 12) if values else None  # no binary noise
    others = {code: each for code, each in comparable(key, year).items() if code != area.code}
    ranked = _may_be_ranked(area, year, interval, tuple(others.values()))
    rank = None if value is None else 1 + sum(each < value for each in others.values())
    region = region_of(area)
    return Standing(
        measure=key,
        area=area,
        year=year,
        value=value,
        why_none="" if value is not None else why_none(key, area.code, year),
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        group=group,
        group_values=placed,
        neighbours=middle,
        best_quarter=best_quarter(values),
        region=figure(key, region.code, year) if region else None,
        england=figure(key, ENGLAND, year),
        rank=rank if ranked else None,
        of=len(others) + (value is not None),
        quarter=_quarter(rank, len(others) + 1) if ranked and rank else None,
        quarters=_quarters(interval, tuple(others.values())),
        verdict=verdict(value, interval, middle, _luck_of_middle(measure, placed, year)),
        why_no_rank="" if ranked or value is None else _why_no_rank(area, year, interval),
    )


def standings(area: Area, year: int, group: Group) -> tuple[Standing, ...]:
    """Place all five measures."""
    return tuple(standing(key, area, year, group) for key in MEASURES)


def _placed(key: str, group: Group, year: int) -> tuple[Placed, ...]:
    found = ((each, figure(key, each.code, year)) for each in group.areas)
    return tuple(Placed(area, value) for area, value in found if value is not None)


def _interval(measure: Measure, value: float | None, area: Area, year: int) -> Interval | None:
    if value is None:
        return None
    return interval_for(measure, value, area.code, year, events_together())


def best_quarter(values: Sequence[float]) -> float | None:
    """Give the lower quartile: a quarter of the figures are this low or lower.

    Excel's QUARTILE.INC gives the same. One figure alone is its own quartile.

    Example:
        >>> best_quarter([10.0, 20.0, 30.0, 40.0, 50.0]), best_quarter([])
        (20.0, None)
    """
    if len(values) < 2:
        return values[0] if values else None
    return round(statistics.quantiles(values, n=QUARTERS, method="inclusive")[0], 12)


def _may_be_ranked(
    area: Area, year: int, interval: Interval | None, others: Sequence[float]
) -> bool:
    """Tell whether a rank means anything: enough staff, and luck could not move it past most."""
    if interval is None or has_few_staff(area, year) or not others:
        return False
    low, high = interval
    return sum(low <= each <= high for each in others) <= MOST * len(others)


def _why_no_rank(area: Area, year: int, interval: Interval | None) -> str:
    if has_few_staff(area, year):
        return "few staff"
    return "luck" if interval else "too little published"


def has_few_staff(area: Area, year: int) -> bool:
    """Tell whether a council is too small to be ranked, or does not say how large it is.

    Example:
        >>> from retention_lib.benchmarks.groups import council
        >>> has_few_staff(council("857"), 2025), has_few_staff(council("806"), 2025)
        (True, False)
    """
    staff = figure("in_post", area.code, year)
    return staff is None or staff < FEW_STAFF


def _quarter(rank: int, of: int) -> int:
    """Give the quarter of a rank, 1 the best.

    Example:
        >>> _quarter(1, 146), _quarter(37, 146), _quarter(38, 146), _quarter(146, 146)
        (1, 1, 2, 4)
    """
    return 1 + (rank - 1) * QUARTERS // of


def _quarters(interval: Interval | None, others: Sequence[float]) -> tuple[int, int] | None:
    """Give the quarters in which the interval's two ends would stand."""
    if interval is None or not others:
        return None
    of = len(others) + 1
    best, worst = (1 + sum(each < end for each in others) for end in interval)
    return _quarter(best, of), _quarter(worst, of)


def verdict(
    value: float | None,
    interval: Interval | None,
    middle: float | None,
    of_middle: Interval | None = None,
) -> Verdict:
    """Say whether a figure differs from the group's middle by more than luck.

    Args:
        value: the council's figure.
        interval: what luck could make of it.
        middle: the group's middle.
        of_middle: what luck could make of the middle; nothing unless given.

    Example:
        >>> verdict(0.3, (0.2, 0.4), 0.15), verdict(0.3, (0.2, 0.4), 0.25)
        ('higher', 'no different')
        >>> verdict(0.3, (0.2, 0.4), 0.15, (0.05, 0.3))
        'no different'
    """
    if value is None or interval is None or middle is None:
        return "unknown"
    low, high = difference_interval(middle, of_middle or (middle, middle), value, interval)
    if low <= 0 <= high:
        return "no different"
    return "higher" if value > middle else "lower"


def _luck_of_middle(measure: Measure, placed: Sequence[Placed], year: int) -> Interval | None:
    """Give what luck could make of the middle of a few councils; None of five or more.

    It is no wider than the middle of their own intervals: with one council it is that council's.
    """
    if not 0 < len(placed) < FEW_COUNCILS:
        return None
    own = [_interval(measure, each.value, each.area, year) for each in placed]
    known = [each for each in own if each]
    if not known:
        return None
    return statistics.median(low for low, _ in known), statistics.median(high for _, high in known)
