"""The published figures of many councils as arrays, which can be cut off after a year."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from retention_lib.figures import ENGLAND, FEW_STAFF, all_years, councils, figure, values_of
from retention_lib.rates import FloatArray
from retention_lib.workforce.published import RATES, Published, published


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was published of each council in each year, the latest year last.

    Arrays have the shape (councils, years), those of `england` (years,); NaN where there is no
    figure. `own` and `england` hold the four rates by name. The two shares are England's where a
    council has none.
    """

    codes: tuple[str, ...]
    years: tuple[int, ...]
    own: Mapping[str, FloatArray]
    england: Mapping[str, FloatArray]
    staff: FloatArray
    agency_extra_share: FloatArray
    case_holding: FloatArray

    def until(self, year: int) -> Record:
        """Cut off what was published of later years: a forecast from here cannot know it.

        Example:
            >>> record(["802"]).until(2021).years
            (2017, 2018, 2019, 2020, 2021)
        """
        many = self.years.index(year) + 1
        return replace(
            self,
            years=self.years[:many],
            own={name: value[:, :many] for name, value in self.own.items()},
            england={name: value[:many] for name, value in self.england.items()},
            staff=self.staff[:, :many],
            agency_extra_share=self.agency_extra_share[:, :many],
            case_holding=self.case_holding[:, :many],
        )

    def of(self, places: NDArray[np.int_]) -> Record:
        """Take councils by their places; one that is named many times is there many times."""
        return replace(
            self,
            codes=tuple(self.codes[each] for each in places),
            own={name: value[places] for name, value in self.own.items()},
            staff=self.staff[places],
            agency_extra_share=self.agency_extra_share[places],
            case_holding=self.case_holding[places],
        )

    def in_year(self, measure: str, year: int) -> FloatArray:
        """Give each council's figure of a year, shape (councils,)."""
        return self.own[measure][:, self.years.index(year)]

    def distance(self, measure: str) -> FloatArray:
        """Give how far each council is from England, shape (councils, years)."""
        return self.own[measure] - self.england[measure]


def large_councils() -> tuple[str, ...]:
    """List the councils with 30 full-time equivalent staff or more in every published year.

    Example:
        >>> len(large_councils())
        153
    """
    staff: dict[str, list[float]] = {}
    for (code, _), value in values_of("in_post").items():
        staff.setdefault(code, []).append(value)
    return tuple(area.code for area in councils() if min(staff.get(area.code, [0.0])) >= FEW_STAFF)


def record(codes: Collection[str] | None = None) -> Record:
    """Read what was published of councils in all years.

    Args:
        codes: DfE's codes; those with 30 staff or more in every published year unless told.

    Example:
        >>> found = record(["802"])
        >>> found.in_year("agency", 2025).tolist(), found.staff[0, -1].item()
        ([0.277], 88.9)
    """
    chosen, years = tuple(large_councils() if codes is None else codes), all_years()
    found = [published(code, year) for code, year in product(chosen, years)]

    def table(values: list[float | None]) -> FloatArray:
        numbers = [np.nan if value is None else value for value in values]
        return np.array(numbers, dtype=np.float64).reshape(len(chosen), len(years))

    def by_council(measure: str) -> FloatArray:
        return table([figure(measure, code, year) for code, year in product(chosen, years)])

    def from_start(name: str) -> FloatArray:
        return table([_value(each, name) for each in found])

    return Record(
        codes=chosen,
        years=years,
        own={name: by_council(name) for name in RATES},
        england={name: _of_england(name, years) for name in RATES},
        staff=from_start("staff"),
        agency_extra_share=from_start("agency_extra_share"),
        case_holding=from_start("case_holding_share"),
    )


def _of_england(measure: str, years: tuple[int, ...]) -> FloatArray:
    values = [figure(measure, ENGLAND, year) for year in years]
    return np.array([np.nan if value is None else value for value in values])


def _value(found: Published | None, name: str) -> float | None:
    return None if found is None else float(getattr(found, name).value)
