"""Where a council's rates stand and where they go, from figures up to one year and no later.

A council's figure of one year is partly luck. Turnover and caseload go to England's figure and a
share of the council's usual distance from it; vacancies are read off the agency rate as well; the
agency rate goes all the way to England's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retention_lib.hindcast.record import Record
from retention_lib.rates import FloatArray
from retention_lib.workforce.baseline import Anchor
from retention_lib.workforce.published import RATES
from retention_lib.workforce.unexplained import Sizes


@dataclass(frozen=True)
class Reading:
    """How much of a distance from England is left a year later, and the second reading's share."""

    kept: float
    share: float


Readings = Mapping[str, Reading]

_NO_ERROR = 1e-9  # of a rate: the last digits of a float


def second_reading(known: Record, measure: str) -> FloatArray:
    """Give what else tells of a council's distance from England, shape (councils, years).

    Turnover, caseload: its usual distance, the mean over its years up to each year. Vacancy: its
    agency rate's distance, or its own where it has no agency rate. Agency: nothing.
    """
    distance = known.distance(measure)
    if measure == "agency":
        return np.zeros_like(distance)
    if measure == "vacancy":
        agency = known.distance("agency")
        return np.where(np.isnan(agency), distance, agency)
    there = ~np.isnan(distance)
    years = there.cumsum(axis=1)
    summed = np.where(there, distance, 0.0).cumsum(axis=1)
    return np.where(years > 0, summed / np.maximum(years, 1), np.nan)


def readings(known: Record) -> dict[str, Reading]:
    """Estimate the rule's two numbers for each rate, by least squares on pairs of years.

    The distance a year later on the distance now and the second reading, over all councils.

    Args:
        known: what was published up to the year that a forecast starts from.
    """
    return {measure: _reading(known, measure) for measure in RATES}


def _reading(known: Record, measure: str) -> Reading:
    distance, second = known.distance(measure), second_reading(known, measure)[:, :-1]
    now, later = distance[:, :-1], distance[:, 1:]
    there = ~(np.isnan(now) | np.isnan(later) | np.isnan(second))
    if measure == "agency":
        kept = np.linalg.lstsq(now[there][:, np.newaxis], later[there])[0]
        return Reading(float(kept[0]), 0.0)
    both = np.column_stack([now[there], second[there]])
    on_now, on_second = np.linalg.lstsq(both, later[there])[0].tolist()
    if measure == "vacancy":  # later = kept ((1 - share) now + share second)
        return Reading(on_now + on_second, on_second / (on_now + on_second))
    return Reading(on_now, on_second / (1.0 - on_now))  # later = kept now + (1 - kept) share second


def _levels(known: Record, measure: str, share: float) -> tuple[FloatArray, FloatArray]:
    """Give a rate's underlying level and the level it goes to, both (councils, years)."""
    own, england = known.own[measure], known.england[measure] + np.zeros_like(known.own[measure])
    second = second_reading(known, measure)
    if measure == "vacancy":
        return own + share * (second - known.distance(measure)), england
    return own, england + share * second


def anchors(known: Record, found: Readings) -> dict[str, Anchor]:
    """Say where each rate of each council stands and goes, from the last year that is known.

    Of a rate that a council has not published, England's figure stands in.

    Args:
        known: what was published up to then.
        found: the rule's numbers, from :func:`readings`.

    Returns:
        By rate; arrays of shape (councils,).
    """
    made = {}
    for measure, reading in found.items():
        start, long_run = (
            _filled(values[:, -1], known.england[measure][-1])
            for values in _levels(known, measure, reading.share)
        )
        made[measure] = Anchor(
            now=now_of(known, measure),
            start=start,
            long_run=np.maximum(0.0, long_run),
            kept=np.asarray(reading.kept),
        )
    return made


def now_of(known: Record, measure: str) -> FloatArray:
    """Give each council's last figure, England's where it has none."""
    return _filled(known.own[measure][:, -1], known.england[measure][-1])


def _filled(values: FloatArray, instead: float) -> FloatArray:
    return np.where(np.isnan(values), instead, values)


def sizes(known: Record, found: Readings) -> Sizes:
    """Estimate how far the rule's forecasts of one year lay from what came, up to a year.

    Of turnover, vacancy and agency rates the luck of single people is taken away, f (1 - f) / n
    for a share f of n. Correlations are those between councils: each year's mean is taken away.

    Args:
        known: what was published up to the year that a forecast starts from.
        found: the rule's numbers, from :func:`readings`.
    """
    expected = {name: _a_year_on(known, name, each) for name, each in found.items()}
    errors = {name: known.own[name][:, 1:] - expected[name] for name in RATES}
    beyond = {
        name: _beyond_luck(errors[name], expected[name], known.staff[:, :-1], name)
        for name in ("turnover", "vacancy", "agency")
    }
    apart = {name: _apart_from_the_year(error) for name, error in errors.items()}
    later = known.own["caseload"][:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        in_proportion = np.log(later / expected["caseload"])
    return Sizes(
        turnover=beyond["turnover"] / float(np.nanmean(expected["turnover"])),
        vacancy=beyond["vacancy"],
        agency=beyond["agency"],
        caseload=float(np.sqrt(np.mean(in_proportion[np.isfinite(in_proportion)] ** 2))),
        vacancy_with_turnover=_correlation(apart["vacancy"], apart["turnover"]),
        agency_with_vacancy=_correlation(apart["agency"], apart["vacancy"]),
    )


def _a_year_on(known: Record, measure: str, reading: Reading) -> FloatArray:
    """Give the rule's forecast of each year but the first, NaN where it has none."""
    start, long_run = (each[:, :-1] for each in _levels(known, measure, reading.share))
    level = np.maximum(0.0, long_run + (start - long_run) * reading.kept)
    return np.where(np.isnan(known.own[measure][:, 1:]), np.nan, level)


def _beyond_luck(error: FloatArray, expected: FloatArray, staff: FloatArray, measure: str) -> float:
    share = np.clip(expected, 0.01, 0.9)
    people = staff if measure == "turnover" else staff / (1.0 - share)
    luck = np.nanmean(share * (1.0 - share) / people)
    return float(np.sqrt(max(0.0, float(np.nanmean(error**2) - luck))))


def _apart_from_the_year(error: FloatArray) -> FloatArray:
    return np.asarray(error - np.nanmean(error, axis=0))


def _correlation(one: FloatArray, other: FloatArray) -> float:
    """Correlate errors; 0 where there are none to speak of."""
    there = ~(np.isnan(one) | np.isnan(other))
    if min(one[there].std(), other[there].std()) < _NO_ERROR:
        return 0.0
    return float(np.corrcoef(one[there], other[there])[0, 1])
