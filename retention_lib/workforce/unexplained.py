"""Better and worse years: how far a service's rates depart from what is expected of them.

A departure is beyond the luck of single people, which :mod:`retention_lib.workforce.luck` draws.
Its sizes are given, not found here. Arrays have the shape (draws, months).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.workforce.baseline import Anyway

SHOCKS = ("turnover", "vacancy", "agency", "caseload")
"""The four rates that depart from what is expected."""

NONE: Mapping[str, float] = {"turnover": 1.0, "vacancy": 0.0, "agency": 0.0, "caseload": 1.0}
"""A year like any other: the departures that change nothing."""

_MOST_EMPTY = 0.9  # of posts, and of staff who are agency: some staff are left


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How large departures are in one year, and how they go together.

    Standard deviations: of turnover and caseload in proportion, of vacancy and agency rates as a
    share (0.06 is six points). The last two are correlations.
    """

    turnover: float
    vacancy: float
    agency: float
    caseload: float
    vacancy_with_turnover: float
    agency_with_vacancy: float


def departures(
    rng: np.random.Generator, sizes: Sizes, kept: Mapping[str, float], draws: int, years: int
) -> dict[str, FloatArray]:
    """Draw how far each year departs from what is expected, beyond the luck of single people.

    Turnover and caseload are multiplied by a lognormal factor of mean 1, a new one each year;
    vacancy and agency rates have a departure added that keeps a share of itself from year to year.

    Args:
        rng: where the luck comes from.
        sizes: how large departures are, and how they go together.
        kept: the share kept each year, of `vacancy` and `agency`.
        draws: how many.
        years: how many years.

    Returns:
        By rate: factors of `turnover` in months 1..H and of `caseload` in months 0..H, and what is
        added to `vacancy` and `agency` in months 0..H.

    Example:
        >>> sizes = Sizes(turnover=0.3, vacancy=0.06, agency=0.06, caseload=0.1,
        ...               vacancy_with_turnover=0.4, agency_with_vacancy=0.6)
        >>> rng = np.random.default_rng(1)
        >>> found = departures(rng, sizes, {"vacancy": 0.8, "agency": 0.8}, 2, years=3)
        >>> found["turnover"].shape, found["vacancy"].shape, found["vacancy"][:, 0].tolist()
        ((2, 36), (2, 37), [0.0, 0.0])
    """
    z = {name: rng.standard_normal((draws, years)) for name in SHOCKS}
    with_turnover, with_vacancy = sizes.vacancy_with_turnover, sizes.agency_with_vacancy
    vacancy = with_turnover * z["turnover"] + np.sqrt(1 - with_turnover**2) * z["vacancy"]
    agency = with_vacancy * vacancy + np.sqrt(1 - with_vacancy**2) * z["agency"]
    turnover = np.repeat(around_one(z["turnover"], sizes.turnover), MONTHS_IN_YEAR, axis=-1)
    return {
        "turnover": turnover,
        "vacancy": carried(vacancy * sizes.vacancy, kept["vacancy"]),
        "agency": carried(agency * sizes.agency, kept["agency"]),
        "caseload": between(around_one(z["caseload"], sizes.caseload), 1.0),
    }


def departing(expected: Anyway, found: Mapping[str, FloatArray]) -> Anyway:
    """Let the rates that are expected depart; some posts stay filled, some staff are permanent.

    Args:
        expected: the rates, shape (draws, months) or (months,).
        found: what :func:`departures` drew.
    """
    return Anyway(
        turnover=expected.turnover * found["turnover"],
        vacancy_rate=np.clip(expected.vacancy_rate + found["vacancy"], 0.0, _MOST_EMPTY),
        agency_rate=np.clip(expected.agency_rate + found["agency"], 0.0, _MOST_EMPTY),
        caseload=expected.caseload * found["caseload"],
    )


def around_one(z: FloatArray, size: float) -> FloatArray:
    """Give lognormal factors whose mean is 1.

    e^(size z - size^2 / 2), for z of the standard normal distribution.

    Example:
        >>> around_one(np.array([0.1, 0.9]), 0.2).round(3).tolist()
        [1.0, 1.174]
    """
    return np.exp(size * z - size**2 / 2)


def carried(by_year: FloatArray, kept: float) -> FloatArray:
    """Carry departures on from year to year, and spread them over months 0..H.

    Args:
        by_year: each year's own departure, shape (draws, years).
        kept: the share of a departure that is left a year later.

    Example:
        >>> carried(np.array([[0.04, 0.0]]), 0.5)[0, [0, 6, 12, 24]].tolist()
        [0.0, 0.02, 0.04, 0.02]
    """
    summed = np.zeros_like(by_year)
    before = np.zeros(by_year.shape[0])
    for year in range(by_year.shape[1]):
        before = kept * before + by_year[:, year]
        summed[:, year] = before
    return between(summed, 0.0)


def between(by_year: FloatArray, at_start: float) -> FloatArray:
    """Draw straight lines between the figures of the years' ends, over months 0..H.

    Args:
        by_year: at the ends of the years, shape (draws, years).
        at_start: at the end of month 0.

    Example:
        >>> between(np.array([[1.2, 1.2]]), 1.0)[0, [0, 6, 12, 18]].round(2).tolist()
        [1.0, 1.1, 1.2, 1.2]
    """
    years = by_year.shape[1]
    start = np.full((by_year.shape[0], 1), at_start)
    ends = np.concatenate([start, by_year], axis=-1)
    month = np.arange(years * MONTHS_IN_YEAR + 1)
    year, part = np.divmod(month, MONTHS_IN_YEAR)
    after = np.minimum(year + 1, years)
    share = part / MONTHS_IN_YEAR
    return np.asarray(ends[:, year] * (1 - share) + ends[:, after] * share)
