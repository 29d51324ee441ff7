"""Which councils can be followed over all years: a table of council by year for one measure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from retention_lib.assumptions import register
from retention_lib.benchmarks.measures import measure_of
from retention_lib.figures import FEW_STAFF, all_areas, all_years, councils, figure, why_none
from retention_lib.synthetic.actions import known_actors

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Panel:
    """The councils that a mix may be made of, and their figures: a row each, a column a year.

    They have enough staff and a figure in every year, and are not known to have acted. Shares are
    0 to 1, caseload is in cases. A council that was reorganised has no figures for some years, so
    it is not here: it is not followed into its successor.
    """

    measure: str
    years: tuple[int, ...]
    codes: tuple[str, ...]
    values: Floats

    def column(self, year: int) -> int:
        """Give the place of a year."""
        return self.years.index(year)

    def row(self, code: str) -> int:
        """Give the place of a council."""
        return self.codes.index(code)


def fewest_years() -> int:
    """Give the years of figures up to and with the year asked about that a mix needs."""
    return round(register()["control_fewest_years"].default)


@cache
def panel(measure: str) -> Panel:
    """Put the table of one measure together.

    Raises:
        ValueError: where there is no such measure.

    Example:
        >>> found = panel("turnover")
        >>> "806" in found.codes, found.values.shape == (len(found.codes), len(found.years))
        (False, True)
    """
    measure_of(measure)
    acted = {each.area.code for each in known_actors(measure)}
    years = all_years()
    rows = {
        area.code: path
        for area in councils()
        if area.code not in acted and not why_not_followed(measure, area.code, years)
        for path in (figures_along(measure, area.code),)
    }
    values = np.array([[value or 0.0 for value in row] for row in rows.values()])
    return Panel(measure, years, tuple(rows), values)


def figures_along(measure: str, code: str) -> tuple[float | None, ...]:
    """Give a council's figure in every year, None where there is none."""
    return tuple(figure(measure, code, year) for year in all_years())


def why_not_followed(measure: str, code: str, years: tuple[int, ...]) -> str:
    """Say why a council cannot be followed through some years; empty where it can.

    Example:
        >>> why_not_followed("turnover", "839", (2017, 2018, 2019))
        'no figure of it is published for 2017 and 2018'
        >>> why_not_followed("turnover", "806", (2017, 2018, 2019))
        ''
    """
    missing = [year for year in years if figure(measure, code, year) is None]
    if missing:
        reasons = {why_none(measure, code, year) for year in missing} - {"not published"}
        why = f" ({', '.join(sorted(reasons))})" if reasons else ""
        return f"no figure of it is published for {_listed(missing)}{why}"
    small = [year for year in years if (figure("in_post", code, year) or 0.0) < FEW_STAFF]
    if small:
        return (
            f"it had under {FEW_STAFF:g} full-time equivalent staff in {_listed(small)}, or "
            "does not say how many"
        )
    return ""


def _listed(years: list[int]) -> str:
    if len(years) > 2 and years == list(range(years[0], years[-1] + 1)):
        return f"{years[0]} to {years[-1]}"
    *some, last = map(str, years)
    return f"{', '.join(some)} and {last}" if some else last


def followed(measure: str, year: int) -> tuple[str, ...]:
    """List every council, known to have acted or not, that can be followed until a year."""
    years = tuple(each for each in all_years() if each <= year)
    return tuple(
        area.code
        for area in councils()
        if all_areas()[area.code].level == "council"
        and not why_not_followed(measure, area.code, years)
    )
