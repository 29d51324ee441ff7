"""Published figures of every English council, as the product ships them.

The figures are `data/figures/workforce.csv`, made by `retention import` from DfE's table; where
they came from is `data/figures/provenance.toml`.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache

from retention_lib.paths import DATA
from retention_lib.rates import annual_chance_from_turnover

FIGURES = DATA / "figures"

FEW_STAFF = 30
"""Full-time equivalent staff below which one leaver moves a turnover rate a lot."""

_LEVELS = ("country", "region", "council")


@dataclass(frozen=True)
class Area:
    """A council, by DfE's code (a joint return of two is one), a region or England."""

    code: str
    name: str
    level: str


@dataclass(frozen=True)
class LeavingFigure:
    """An area's published turnover, and the chance of leaving that it stands for."""

    area: Area
    year: int
    turnover: float
    annual_leaving_rate: float
    in_post: float | None

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        small = self.in_post is not None and self.in_post < FEW_STAFF
        return (
            f"DfE, year to September {self.year}: turnover of {self.turnover:.1%} in "
            f"{self.area.name}, turned into a chance of leaving"
            + (f". With {self.in_post:.0f} staff, one leaver moves this a lot" if small else "")
        )


@cache
def _values(measure: str) -> dict[tuple[str, int], float]:
    with (FIGURES / "workforce.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["area"], int(row["year"])): float(row["value"])
            for row in csv.DictReader(file)
            if row["measure"] == measure and row["value"]
        }


@cache
def areas() -> tuple[Area, ...]:
    """List every area with a published turnover: England, its regions, then councils by name."""
    with (FIGURES / "areas.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {code for code, _ in _values("turnover")}
    found = [Area(row["area"], row["name"], row["level"]) for row in rows if row["area"] in known]
    return tuple(sorted(found, key=lambda area: (_LEVELS.index(area.level), area.name)))


def councils() -> tuple[Area, ...]:
    """List every council with a published turnover, by name."""
    return tuple(area for area in areas() if area.level == "council")


@cache
def latest_year() -> int:
    """Give the latest year with figures."""
    return max(year for _, year in _values("turnover"))


def label_of_area(area: Area) -> str:
    """Name an area in a list: a region as one, a council that is no more with its last year.

    Example:
        >>> [label_of_area(area) for area in areas() if area.name == "Dorset"]
        ['Dorset (to 2018)', 'Dorset']
    """
    if area.level == "region":
        return f"Region: {area.name}"
    last = years_of(area.code)[0]
    no_more = area.level == "council" and last < latest_year() - 1
    return f"{area.name} (to {last})" if no_more else area.name


def years_of(code: str) -> tuple[int, ...]:
    """List the years in which a council's turnover is published, latest first.

    Example:
        >>> years_of("806")[-1]
        2017
    """
    return tuple(sorted((year for area, year in _values("turnover") if area == code), reverse=True))


def leaving_in(code: str, year: int) -> LeavingFigure | None:
    """Give a council's published turnover in a year, None where there is none.

    Example:
        >>> figure = leaving_in("806", 2019)
        >>> figure.turnover, round(figure.annual_leaving_rate, 4)
        (0.208, 0.1893)
    """
    turnover = _values("turnover").get((code, year))
    area = next((each for each in areas() if each.code == code), None)
    if turnover is None or area is None:
        return None
    chance = round(float(annual_chance_from_turnover(turnover)), 6)
    return LeavingFigure(area, year, turnover, chance, _values("in_post").get((code, year)))


@cache
def release() -> str:
    """Name the release that the figures come from."""
    provenance = tomllib.loads((FIGURES / "provenance.toml").read_text(encoding="utf-8"))
    return f"{provenance['publication']}, {provenance['release']}"
