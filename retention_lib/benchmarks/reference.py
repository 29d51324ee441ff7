"""Has anyone done that? The council-years that started where we are, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, floor, inf
from statistics import fmean

from retention_lib.assumptions import register
from retention_lib.benchmarks.measures import MEASURES, measure_of
from retention_lib.figures import FEW_STAFF, Area, all_areas, all_years, figure

_SAME = 1e-9  # figures are published to a tenth: 15.0 - 10.0 must count as 5.0


@dataclass(frozen=True)
class CouncilYear:
    """One council that started in the class: its figure then, and so many years on."""

    area: Area
    year: int
    start: float
    end: float

    @property
    def change(self) -> float:
        """How far it moved: below 0 for a fall."""
        return self.end - self.start


@dataclass(frozen=True)
class ReferenceClass:
    """All council-years that started alike, and what came after.

    Starts, ends and changes are shares 0 to 1, or cases for each worker; a fall is below 0. The
    means are None, and so are the shares, where nobody is in the class.
    """

    measure: str
    at_least: float
    at_most: float
    years_on: int
    found: tuple[CouncilYear, ...]

    @property
    def council_years(self) -> int:
        """How many there are."""
        return len(self.found)

    @property
    def mean_start(self) -> float | None:
        """Where they started, on average."""
        return fmean(each.start for each in self.found) if self.found else None

    @property
    def mean_end(self) -> float | None:
        """Where they were after so many years, on average."""
        return fmean(each.end for each in self.found) if self.found else None

    @property
    def mean_change(self) -> float | None:
        """How far they moved, on average; below 0 for a fall."""
        return fmean(each.change for each in self.found) if self.found else None

    def changed_by(self, change: float) -> tuple[CouncilYear, ...]:
        """List those that moved at least so far: fell where it is below 0, rose where above.

        The largest move comes first. A change of 0 is a fall of nothing: all that did not rise.
        """
        sign = 1 if change > 0 else -1
        enough = [each for each in self.found if sign * each.change >= sign * change - _SAME]
        return tuple(sorted(enough, key=lambda each: (-sign * each.change, each.area.name)))

    def share_changed_by(self, change: float) -> float | None:
        """Give the share that moved at least so far, None where nobody is in the class."""
        return len(self.changed_by(change)) / len(self.found) if self.found else None


def reference_class(
    key: str,
    *,
    at_least: float = 0.0,
    at_most: float = float("inf"),
    years_on: int = 1,
    among: Collection[str] | None = None,
    apart_from: tuple[str, int] | None = None,
) -> ReferenceClass:
    """Find every council-year that started between two figures, and where it was later.

    Some of these councils acted, so what became of them is what happens with the usual mix of
    action, and not with none. Councils with fewer than 30 staff at the start are left out. A
    council that was reorganised meanwhile is not followed into its successor.

    Args:
        key: the measure: turnover, vacancy, agency, caseload or absence.
        at_least: the least start, a share or cases.
        at_most: the largest start.
        years_on: years between start and end, 1 or more.
        among: codes of the councils to look at; all unless told.
        apart_from: one council and the year of its start, to be left out.

    Raises:
        ValueError: where there is no such measure, the years are not 1 or more, or the least start
            is above the largest.

    Example:
        Turnover of 25% or more, and the year after.

        >>> found = reference_class("turnover", at_least=0.25)
        >>> found.council_years, round(found.mean_change, 3)
        (98, -0.098)
        >>> round(found.share_changed_by(-0.10), 2)
        0.48
    """
    measure_of(key)
    if years_on < 1:
        raise ValueError(f"years_on is {years_on}. It must be a whole number, 1 or more.")
    if not at_least <= at_most:
        raise ValueError(
            f"Starts from {at_least:g} up to {at_most:g} hold nothing. The least start must not be "
            "above the largest."
        )
    found = tuple(
        each
        for each in _followed(key, years_on)
        if (among is None or each.area.code in among)
        and (each.area.code, each.year) != apart_from
        and at_least - _SAME <= each.start <= at_most + _SAME
    )
    return ReferenceClass(key, at_least, at_most, years_on, found)


@cache
def _followed(key: str, years_on: int) -> tuple[CouncilYear, ...]:
    """List every council-year with enough staff that has a figure then, and so many years on."""
    found = []
    for year in all_years():
        for area in all_areas().values():
            start, end = figure(key, area.code, year), figure(key, area.code, year + years_on)
            if area.level != "council" or start is None or end is None:
                continue
            if _is_large(area, year):
                found.append(CouncilYear(area, year, start, end))
    return tuple(found)


def _is_large(area: Area, year: int) -> bool:
    staff = figure("in_post", area.code, year)
    return staff is not None and staff >= FEW_STAFF


def band_around(
    key: str, value: float, years_on: int = 1, fewest: int | None = None
) -> tuple[float, float]:
    """Choose starts near a figure: as near as the measure allows, wider until enough are there.

    Args:
        key: the measure.
        value: the figure to start near.
        years_on: years between start and end.
        fewest: the council-years that there should be; as the register says where not said.

    Returns:
        The least and the largest start. At most all of the figures; no share goes above 1.

    Example:
        >>> low, high = band_around("turnover", 0.208)
        >>> round(low, 3), round(high, 3)
        (0.183, 0.233)
    """
    near = MEASURES[key].near
    everything = reference_class(key, years_on=years_on)
    starts = sorted(round(abs(each.start - value), 9) for each in everything.found)
    enough = round(register()["fewest_like_starts"].default) if fewest is None else fewest
    wanted = starts[min(enough, len(starts)) - 1] if starts else near
    width = max(1, ceil(round(wanted / near, 6))) * near
    highest = max(1.0, value) if MEASURES[key].is_share else inf
    return max(0.0, round(value - width, 6)), min(highest, round(value + width, 6))


def bins(
    changes: Sequence[float], width: float, edge: float = 0.0
) -> tuple[tuple[float, float, int], ...]:
    """Count changes in bins of a width, one of whose edges is a claim.

    Args:
        changes: the changes.
        width: of each bin.
        edge: where one bin ends and the next begins. Below 0 it is a claimed fall, and a change
            that lies on an edge belongs to the bin below it; else to the one above it.

    Returns:
        For each bin its lower edge, its upper edge, and how many changes lie in it.

    Example:
        >>> bins([-0.06, -0.01, 0.0, 0.049], 0.05)
        ((-0.1, -0.05, 1), (-0.05, 0.0, 1), (0.0, 0.05, 2))
        >>> bins([-0.06, -0.03, 0.0], 0.05, edge=-0.03)
        ((-0.08, -0.03, 2), (-0.03, 0.02, 1))
    """
    if not changes:
        return ()
    side = -_SAME if edge < 0 else _SAME
    apart = [(change - edge + side) / width for change in changes]
    places = [ceil(each) - 1 if edge < 0 else floor(each) for each in apart]
    return tuple(
        (round(edge + place * width, 6), round(edge + (place + 1) * width, 6), places.count(place))
        for place in range(min(places), max(places) + 1)
    )
