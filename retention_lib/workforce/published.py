"""A service's start and its usual way, from a council's published figures.

What a council has not published is filled with England's figure of the same year, and said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from statistics import median

from retention_lib.assumptions import register
from retention_lib.figures import (
    ENGLAND,
    all_areas,
    figure,
    figures_in,
    neighbours_of,
    region_of,
    years_of,
)

RATES = ("turnover", "vacancy", "agency", "caseload")
"""The four published measures that a service is started from."""


@dataclass(frozen=True)
class Figure:
    """A number that a service starts from, and where it comes from; `is_own` tells whose it is."""

    value: float
    source: str
    is_own: bool = True


@dataclass(frozen=True, kw_only=True)
class Published:
    """A council's service as published in one year."""

    code: str
    name: str
    year: int
    staff: Figure
    turnover: Figure
    vacancy: Figure
    agency: Figure
    caseload: Figure
    agency_extra_share: Figure
    case_holding_share: Figure

    def rate(self, measure: str) -> Figure:
        """Give one of the four rates."""
        found: Figure = getattr(self, measure)
        return found

    @property
    def filled(self) -> tuple[str, ...]:
        """Name what the council did not publish, so that England's figure stands in."""
        names = (*RATES, "agency_extra_share", "case_holding_share")
        return tuple(name for name in names if not getattr(self, name).is_own)


@cache
def published(code: str, year: int) -> Published | None:
    """Start a service from a council's figures; None where it has no staff in post that year.

    Args:
        code: DfE's code of the council.
        year: the year to 30 September.

    Example:
        >>> found = published("802", 2025)
        >>> found.staff.value, found.agency.value, found.filled
        (88.9, 0.277, ())
    """
    staff = figure("in_post", code, year)
    if not staff:
        return None
    rates = {name: _own_or_england(name, code, year) for name in RATES}
    return Published(
        code=code,
        name=all_areas()[code].name,
        year=year,
        staff=_own(staff, code, year),
        **rates,
        agency_extra_share=_extra_share(code, year),
        case_holding_share=_holding_share(code, year, staff),
    )


def _own(value: float, code: str, year: int) -> Figure:
    name = all_areas()[code].name
    return Figure(value, f"DfE, September {year}: {name}", code != ENGLAND)


def _own_or_england(measure: str, code: str, year: int) -> Figure:
    for each in (code, ENGLAND):
        value = figure(measure, each, year)
        if value is not None:
            return _own(value, each, year)
    raise ValueError(f"There is no figure of {measure} for {year}.")


def _extra_share(code: str, year: int) -> Figure:
    """Give the share of agency staff who cover no vacancy."""
    for each in (code, ENGLAND):
        agency = figure("agency_staff", each, year)
        covering = figure("agency_covering", each, year)
        if agency and covering is not None:
            return _own(min(1.0, max(0.0, 1.0 - covering / agency)), each, year)
    raise ValueError(f"There is no figure of agency staff for {year}.")


def _holding_share(code: str, year: int, staff: float) -> Figure:
    """Give the share of social workers, agency staff included, who hold cases."""
    holders, agency = figure("case_holders", code, year), figure("agency_staff", code, year)
    if holders and agency is not None and holders <= staff + agency:
        return _own(holders / (staff + agency), code, year)
    england = [figure(name, ENGLAND, year) for name in ("case_holders", "in_post", "agency_staff")]
    held, in_post, cover = (each or 0.0 for each in england)
    return _own(held / (in_post + cover), ENGLAND, year)


def level(measure: str, towards: str, code: str, year: int) -> Figure:
    """Give the level that a council's rate goes towards: England's, its region's, its neighbours'.

    The middle (median) of the neighbours'; England's figure where there is no other.
    """
    if towards.startswith("neighbours_"):
        codes = neighbours_of(towards.removeprefix("neighbours_"), code)
        found = [v for v in (figure(measure, each, year) for each in codes) if v is not None]
        if found:
            return Figure(median(found), f"DfE, September {year}: the middle of its neighbours")
    if towards == "region":
        region = region_of(all_areas()[code])
        value = figure(measure, region.code, year) if region else None
        if region is not None and value is not None:
            return Figure(value, f"DfE, September {year}: {region.name}")
    return _own_or_england(measure, ENGLAND, year)


def usual_distance(measure: str, code: str, year: int) -> float:
    """Give how far a council usually is from England: the mean over its years up to this one.

    Example:
        >>> round(usual_distance("caseload", "879", 2022), 2)
        2.88
    """
    distances = [
        own - england
        for each in years_of(code)
        if each <= year
        and (own := figure(measure, code, each)) is not None
        and (england := figure(measure, ENGLAND, each)) is not None
    ]
    return sum(distances) / len(distances) if distances else 0.0


def national_trend(measure: str, year: int) -> float:
    """Give the mean yearly change of England's figure over the three years up to this one.

    Example:
        >>> round(national_trend("turnover", 2025), 4)
        -0.018
    """
    span = round(register()["trend_years"].default)
    first = max(year - span, min(figures_in(ENGLAND, measure)))
    if first == year:
        return 0.0
    now, then = figure(measure, ENGLAND, year), figure(measure, ENGLAND, first)
    return ((now or 0.0) - (then or 0.0)) / (year - first)


def sources(found: Published) -> Mapping[str, str]:
    """Give the source of each figure, by name."""
    names = ("staff", *RATES, "agency_extra_share", "case_holding_share")
    return {name: getattr(found, name).source for name in names}
