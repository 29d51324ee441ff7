"""Where a council is going: nine years beside the same groups, and what changed more than luck."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from retention_lib.benchmarks.chance import difference_interval
from retention_lib.benchmarks.groups import Group
from retention_lib.benchmarks.standing import QUARTERS, Standing, standing
from retention_lib.figures import Area, all_years


@dataclass(frozen=True)
class Move:
    """How far a figure moved between two years; `by_luck` whether luck alone could do it.

    `by_luck` is None where it is not published how many people stand behind the figures.
    """

    since: int
    until: int
    before: float
    now: float
    by_luck: bool | None

    @property
    def difference(self) -> float:
        """How far it moved: below 0 for a fall."""
        return self.now - self.before


@dataclass(frozen=True)
class Trend:
    """One measure over the years, each year beside the others of that year.

    All lists run along `years`; a figure that is not published is None. `low_quarter` and
    `high_quarter` hold the middle half of the group.
    """

    measure: str
    years: tuple[int, ...]
    own: tuple[float | None, ...]
    middle: tuple[float | None, ...]
    low_quarter: tuple[float | None, ...]
    high_quarter: tuple[float | None, ...]
    region: tuple[float | None, ...]
    england: tuple[float | None, ...]
    since_last: Move | None
    since_first: Move | None


def trend(key: str, area: Area, year: int, group: Group) -> Trend:
    """Follow one measure over all years; changes are those up to one year.

    Args:
        key: the measure.
        area: the council.
        year: the year that changes are counted up to.
        group: the councils to compare with, the same in every year.

    Example:
        >>> from retention_lib.benchmarks.groups import council, group_of
        >>> area = council("806")
        >>> found = trend("turnover", area, 2023, group_of(area, "neighbours_2025"))
        >>> found.own[0], round(found.since_last.difference, 3)
        (0.094, 0.097)
    """
    stood = [standing(key, area, each, group) for each in all_years()]
    by_year = {each.year: each for each in stood}
    now = by_year.get(year)
    with_figures = [each for each in stood if each.value is not None]
    first = with_figures[0] if with_figures else None

    def along(read: Callable[[Standing], float | None]) -> tuple[float | None, ...]:
        return tuple(read(each) for each in stood)

    return Trend(
        key,
        all_years(),
        along(lambda each: each.value),
        along(lambda each: each.neighbours),
        along(lambda each: each.best_quarter),
        along(_high_quarter),
        along(lambda each: each.region),
        along(lambda each: each.england),
        change_between(by_year.get(year - 1), now),
        change_between(first, now) if first and first.year < year - 1 else None,
    )


def _high_quarter(stood: Standing) -> float | None:
    values = [each.value for each in stood.group_values]
    if len(values) < 2:
        return values[0] if values else None
    return round(statistics.quantiles(values, n=QUARTERS, method="inclusive")[-1], 12)


def change_between(before: Standing | None, now: Standing | None) -> Move | None:
    """Say how far a figure moved between two standings, None where one has none."""
    if before is None or now is None or before.value is None or now.value is None:
        return None
    ends = (before.low, before.high, now.low, now.high)
    luck: bool | None = None
    if all(end is not None for end in ends):
        low, high = difference_interval(
            before.value,
            (before.low or 0.0, before.high or 0.0),
            now.value,
            (now.low or 0.0, now.high or 0.0),
        )
        luck = low <= 0 <= high
    return Move(before.year, now.year, before.value, now.value, luck)
