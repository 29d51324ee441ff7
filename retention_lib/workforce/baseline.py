"""How a service would go anyway: rates on their usual way, and the joiners that keep them there.

A rate far from the level it reverts to keeps only a share of the difference each year, whatever is
done. Arrays have the shape (..., months): leading axes are draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retention_lib.rates import (
    MONTHS_IN_YEAR,
    FloatArray,
    annual_chance_from_turnover,
    monthly_chance,
)
from retention_lib.workforce.engine import (
    BANDS,
    CLASS_MONTH,
    Band,
    Drivers,
    Start,
    calendar_month,
    sum_of,
)

_HALF_A_YEAR_AND_HALF_A_MONTH = 5.5


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """Where a rate stands and where it goes.

    `now` is the figure at the start. `start` is its underlying level then, which differs from it
    where part of the figure is taken for luck. `kept` is the share of the difference from
    `long_run` that is left a year later; `yearly` is added every year besides.
    """

    now: FloatArray
    long_run: FloatArray
    kept: FloatArray
    start: FloatArray | None = None
    yearly: FloatArray | float = 0.0

    def after(self, years: FloatArray) -> FloatArray:
        """Give the level after so many years, never below nothing.

        long_run + (start - long_run) kept^years + yearly x years.

        Args:
            years: shape (months,).

        Returns:
            Levels of shape (..., months).

        Example:
            An excess of ten points keeps 35% of itself each year.

            >>> anchor = Anchor(now=np.array(0.25), long_run=np.array(0.15), kept=np.array(0.35))
            >>> anchor.after(np.array([0.0, 1.0, 2.0])).round(4).tolist()
            [0.25, 0.185, 0.1622]
        """
        now, long_run = _wide(self.now), _wide(self.long_run)
        start = now if self.start is None else _wide(self.start)
        level = long_run + (start - long_run) * _wide(self.kept) ** years
        level = level + _wide(self.yearly) * years
        return np.maximum(0.0, level + (now - start) * np.maximum(0.0, 1.0 - years))


@dataclass(frozen=True, kw_only=True)
class Anyway:
    """The rates of months 0..H without a plan, shape (..., H + 1); `turnover` those of 1..H."""

    turnover: FloatArray
    vacancy_rate: FloatArray
    agency_rate: FloatArray
    caseload: FloatArray


@dataclass(frozen=True, kw_only=True)
class Makeup:
    """What the rates are rates of, and how staff are made up; shares 0 to 1.

    `leaving` is each band's chance of leaving as a multiple of an ordinary social worker's.
    `vacancy_kept` is the share of an unusual number of vacancies left a year later: it sets how
    fast recruiting answers to vacancies.
    """

    staff: FloatArray
    shares: dict[Band, FloatArray]
    leaving: dict[Band, FloatArray]
    newly_qualified_joiners: FloatArray
    newly_qualified_load: FloatArray
    promoted_each_year: FloatArray
    agency_extra_share: FloatArray
    case_holding: FloatArray
    demand_growth: FloatArray
    caseload_effect: FloatArray
    vacancy_kept: FloatArray
    first_month: int = 4


def _wide(value: FloatArray | float) -> FloatArray:
    return np.asarray(value, dtype=np.float64)[..., np.newaxis]


def years_of_stock(months: int) -> FloatArray:
    """Give the years passed at the end of months 0..H."""
    return np.arange(months + 1) / MONTHS_IN_YEAR


def years_of_flow(months: int) -> FloatArray:
    """Give the years passed for a yearly rate in months 1..H.

    A year's published turnover stands for the year behind it, so the twelve months ahead are on
    average one year on: (t + 5.5) / 12.

    Example:
        >>> float(years_of_flow(12).mean())
        1.0
    """
    return (np.arange(1, months + 1) + _HALF_A_YEAR_AND_HALF_A_MONTH) / MONTHS_IN_YEAR


def leaving_by_band(
    turnover: FloatArray, shares: dict[Band, FloatArray], ratios: dict[Band, FloatArray]
) -> dict[Band, FloatArray]:
    """Split a service's monthly chance of leaving over its bands, at their shares of staff.

    h(band) = h x ratio / (sum of share x ratio), so that all together leave as the turnover says.

    Args:
        turnover: the yearly rate in each month, shape (..., H).
        shares: of staff, adding up to 1, shape (...).
        ratios: each band's chance beside an ordinary social worker's, shape (...).

    Returns:
        Monthly chances, shape (..., H).
    """
    overall = monthly_chance(annual_chance_from_turnover(np.minimum(turnover, MONTHS_IN_YEAR)))
    weight = sum_of(_wide(shares[band]) * _wide(ratios[band]) for band in BANDS)
    weight = np.where(weight > 0, weight, 1.0)
    return {band: np.minimum(1.0, overall * _wide(ratios[band]) / weight) for band in BANDS}


def overall_leaving(leaving: dict[Band, FloatArray], made_up: Makeup) -> FloatArray:
    """Give everyone's monthly chance of leaving, bands at their shares of staff on the first day.

    Returns:
        Monthly chances, shape (..., H).
    """
    return sum_of(_wide(made_up.shares[band]) * leaving[band] for band in BANDS)


def fill_chance(vacancy_kept: FloatArray, monthly_leaving: FloatArray) -> FloatArray:
    """Give a vacancy's chance of being filled in a month, beyond those who come anyway.

    (1 - h)(1 - f) = kept^(1/12): extra staff go with the chance of leaving, and recruiting slackens
    as vacancies fall, so that an unusual number of vacancies keeps so much of itself each year.
    Where nothing is kept each vacancy is filled at once.

    Example:
        >>> round(float(fill_chance(np.array(0.75), np.array(0.01))), 4)
        0.0138
        >>> float(fill_chance(np.array(0.0), np.array(0.01)))
        1.0
    """
    left = np.maximum(1e-9, 1.0 - np.asarray(monthly_leaving))
    return np.clip(1.0 - np.asarray(vacancy_kept) ** (1 / MONTHS_IN_YEAR) / left, 0.0, 1.0)


def start_of(made_up: Makeup) -> Start:
    """Give the service on the first day."""
    return Start(
        staff={band: made_up.staff * made_up.shares[band] for band in BANDS},
        first_month=made_up.first_month,
    )


def drivers_of(anyway: Anyway, made_up: Makeup) -> Drivers:
    """Find what drives a service along the way it would go anyway.

    The joiners are those that the vacancy rate's path needs: staff aimed at less those kept. A
    share of them are newly qualified: they come together in September, as many as bring the year
    to its end on the path. The others come one by one, some of them in answer to vacancies. The
    cases are those that the caseload's path needs, times the growth in demand; leaving answers to
    what the caseload is beyond that path, for the path's own part is in the turnover's.

    Returns:
        Drivers of shape (..., H) and (..., H + 1).
    """
    months = anyway.turnover.shape[-1]
    staff = np.asarray(made_up.staff, dtype=np.float64)
    posts = _wide(staff / (1.0 - anyway.vacancy_rate[..., 0])) + np.zeros(months + 1)
    aimed = posts * (1.0 - anyway.vacancy_rate)
    leaving = leaving_by_band(anyway.turnover, made_up.shares, made_up.leaving)
    overall = overall_leaving(leaving, made_up)
    growth = (1.0 + _wide(made_up.demand_growth)) ** years_of_stock(months)
    fill = fill_chance(made_up.vacancy_kept, overall.mean(axis=-1))
    classes, ordinary = _joiners(aimed, posts, overall, fill, made_up)
    vacancies = posts * anyway.vacancy_rate
    agency = aimed * _odds(anyway.agency_rate)
    covered = np.minimum(vacancies, agency * (1.0 - _wide(made_up.agency_extra_share)))
    holders = _wide(made_up.case_holding) * (aimed + agency)
    none = np.zeros(months + 1)
    return Drivers(
        leaving=leaving,
        newly_qualified=classes,
        groups=none[1:],
        ordinary=ordinary,
        posts=posts,
        above=none,
        cover=np.where(vacancies > 0, covered / np.where(vacancies > 0, vacancies, 1.0), 0.0),
        extra_agency=agency - covered,
        cases=anyway.caseload * holders * growth,
        case_holding=_wide(made_up.case_holding) + none,
        capacity=none,
        protected=none,
        promotion=monthly_chance(made_up.promoted_each_year),
        fill=fill,
        usual_caseload=anyway.caseload,
        caseload_effect=np.asarray(made_up.caseload_effect, dtype=np.float64),
        newly_qualified_load=_wide(made_up.newly_qualified_load) + none,
    )


def _odds(rate: FloatArray) -> FloatArray:
    """Turn agency / (agency + staff) into agency / staff."""
    bounded = np.minimum(rate, 0.99)
    return bounded / (1.0 - bounded)


def _joiners(
    aimed: FloatArray, posts: FloatArray, leaving: FloatArray, fill: FloatArray, made_up: Makeup
) -> tuple[FloatArray, FloatArray]:
    """Find the September classes and the ordinary joiners that keep staff on the path aimed at.

    Of what each month needs, the share that is not newly qualified comes in it; what answers to
    that month's vacancies anyway is taken off. The class of a year is as large as brings staff back
    on the path at its end, those of it who leave by then allowed for; never fewer than none.

    Args:
        aimed: staff aimed at, months 0..H.
        posts: funded posts, months 0..H.
        leaving: everyone's monthly chance, months 1..H.
        fill: a vacancy's chance of being filled in a month.
        made_up: the share of joiners who are newly qualified, and the first calendar month.

    Returns:
        Both in months 1..H, shape (..., H).
    """
    one_by_one = 1.0 - _wide(made_up.newly_qualified_joiners)
    coming = one_by_one * (aimed[..., 1:] - aimed[..., :-1] * (1.0 - leaving))
    classes, ordinary = np.zeros_like(coming), np.zeros_like(coming)
    staff = aimed[..., 0]
    months = coming.shape[-1]
    for start in range(0, months, MONTHS_IN_YEAR):
        year = range(start, min(months, start + MONTHS_IN_YEAR))
        when = [m for m in year if calendar_month(m + 1, made_up.first_month) == CLASS_MONTH]
        if when:
            kept = np.prod(1.0 - leaving[..., when[0] + 1 : year.stop], axis=-1)
            end = _kept_and_joined(staff, leaving[..., year], coming[..., year])
            wanted = (aimed[..., year.stop] - end) / np.maximum(kept, 1e-9)
            classes[..., when[0]] = np.maximum(0.0, wanted)
        for m in year:
            left = staff * (1.0 - leaving[..., m])
            waiting = np.maximum(0.0, posts[..., m + 1] - left)
            ordinary[..., m] = coming[..., m] - fill * waiting
            staff = left + coming[..., m] + classes[..., m]
    return classes, ordinary


def _kept_and_joined(staff: FloatArray, leaving: FloatArray, coming: FloatArray) -> FloatArray:
    """Follow staff through months in which some leave and some come."""
    for m in range(coming.shape[-1]):
        staff = staff * (1.0 - leaving[..., m]) + coming[..., m]
    return staff
