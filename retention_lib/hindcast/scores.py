"""Forecasts from the figures of one year, beside what was published later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retention_lib.hindcast.playing import default_anchors, expected, likely, plain_rule
from retention_lib.hindcast.record import Record, record
from retention_lib.hindcast.startup import Reading, anchors, readings, sizes
from retention_lib.rates import FloatArray
from retention_lib.workforce.published import RATES
from retention_lib.workforce.unexplained import Sizes

FIRST = 2021
"""The first year that forecasts start from: there must be years before it to estimate from."""

YEARS_ON = (1, 3)
DRAWS = 200

FORECASTS = ("engine", "rule", "plain", "no_change", "default")
"""The four-year model; the rule it is started with, alone; the plain rule; no change; a new plan's
own baseline, which goes all the way to England's rate."""

_RESAMPLED = 1_000
_IN_POINTS = 100.0


@dataclass(frozen=True, kw_only=True)
class Forecasts:
    """What would have been forecast from one year, knowing nothing later.

    `central` holds each forecast of :data:`FORECASTS` by name and rate, `low` and `high` the ends
    of the engine's 80% range by rate; arrays of shape (councils, years ahead).
    """

    year: int
    readings: Mapping[str, Reading]
    sizes: Sizes
    central: Mapping[str, Mapping[str, FloatArray]]
    low: Mapping[str, FloatArray]
    high: Mapping[str, FloatArray]


@dataclass(frozen=True, kw_only=True)
class Score:
    """How far the forecasts of one rate, so many years ahead, lay from what came.

    Errors are root mean squares in points, of caseload in cases. `gain` is the engine's error less
    the plain rule's, with the ends of its 90% range when councils are drawn anew; `apart` is the
    same once each year's mean error is taken from both. `lean` is how far the engine's forecasts
    lie above the rule's, on average. `held` is the share that the 80% range held. The last three go
    by the year from which the forecasts start.
    """

    measure: str
    years_on: int
    councils: int
    engine: float
    rule: float
    plain: float
    no_change: float
    default: float
    gain: float
    gain_low: float
    gain_high: float
    apart: float
    apart_low: float
    apart_high: float
    lean: float
    held: float
    engine_by_start: Mapping[str, float]
    plain_by_start: Mapping[str, float]
    held_by_start: Mapping[str, float]

    @property
    def is_better(self) -> bool:
        """Whether the engine beats the plain rule, and not only in the level of all councils."""
        return self.gain_high < 0 and self.apart_high < 0


def forecasts_from(known: Record, years: int, draws: int = DRAWS) -> Forecasts:
    """Forecast every council from the last year of a record.

    Args:
        known: what was published up to that year.
        years: how many years ahead.
        draws: how many futures of each council the 80% range is read off.
    """
    found, ahead = readings(known), np.arange(1.0, years + 1.0)
    how_far, starts = sizes(known, found), anchors(known, found)
    low_high = likely(known, found, how_far, draws, years)
    simple = {
        "rule": {name: starts[name].after(ahead) for name in RATES},
        "plain": {name: _by_year(known, name, years) for name in RATES},
        "no_change": {name: np.repeat(known.own[name][:, -1:], years, axis=1) for name in RATES},
    }
    return Forecasts(
        year=known.years[-1],
        readings=found,
        sizes=how_far,
        central={
            "engine": expected(known, starts, years),
            **simple,
            "default": expected(known, default_anchors(known), years),
        },
        low={name: ends[0] for name, ends in low_high.items()},
        high={name: ends[1] for name, ends in low_high.items()},
    )


def _by_year(known: Record, measure: str, years: int) -> FloatArray:
    return np.stack([plain_rule(known, measure, each) for each in range(1, years + 1)], axis=-1)


def hindcast(
    whole: Record | None = None, *, draws: int = DRAWS, first: int = FIRST
) -> tuple[Score, ...]:
    """Start every council from each year, forecast with no later knowledge, and compare.

    Args:
        whole: the published figures; of every council with 30 full-time equivalent staff or more
            in every published year unless told.
        draws: how many futures of each council the 80% range is read off.
        first: the first year that forecasts start from.

    Returns:
        A score of each rate, one year ahead and three.
    """
    whole = record() if whole is None else whole
    made = []
    for year in whole.years[whole.years.index(first) : -1]:
        ahead = [each for each in YEARS_ON if year + each in whole.years]
        made.append(forecasts_from(whole.until(year), max(ahead), draws))
    return tuple(score(whole, made, name, years_on) for name in RATES for years_on in YEARS_ON)


def score(whole: Record, made: Sequence[Forecasts], measure: str, years_on: int) -> Score:
    """Compare forecasts of one rate with what was published, where both years were.

    Args:
        whole: the published figures, later years among them.
        made: the forecasts, by the year that they start from.
        measure: which rate.
        years_on: how many years ahead.
    """
    from_years = [each for each in made if each.year + years_on in whole.years]
    scale = 1.0 if measure == "caseload" else _IN_POINTS
    came = np.stack([whole.in_year(measure, each.year + years_on) for each in from_years])
    now = np.stack([whole.in_year(measure, each.year) for each in from_years])
    came = np.where(np.isnan(now), np.nan, came)

    def of(values: Mapping[str, FloatArray]) -> FloatArray:
        return values[measure][:, years_on - 1]

    errors = {
        name: scale * (came - np.stack([of(each.central[name]) for each in from_years]))
        for name in FORECASTS
    }
    low, high = (
        np.stack([of(each.low) for each in from_years]),
        np.stack([of(each.high) for each in from_years]),
    )
    held = np.where(np.isnan(came), np.nan, (low <= came) & (came <= high))
    engine, plain = errors["engine"], errors["plain"]
    starts = [str(each.year) for each in from_years]
    return Score(
        measure=measure,
        years_on=years_on,
        councils=int((~np.isnan(came)).sum()),
        **{name: _size(error) for name, error in errors.items()},
        **_gain("gain", engine, plain),
        **_gain("apart", _apart(engine), _apart(plain)),
        lean=float(np.nanmean(errors["rule"] - engine)),
        held=float(np.nanmean(held)),
        engine_by_start=dict(zip(starts, map(_size, engine), strict=True)),
        plain_by_start=dict(zip(starts, map(_size, plain), strict=True)),
        held_by_start=dict(zip(starts, np.nanmean(held, axis=1).tolist(), strict=True)),
    )


def _size(error: FloatArray) -> float:
    """Give the root mean square of errors."""
    return float(np.sqrt(np.nanmean(error**2)))


def _apart(error: FloatArray) -> FloatArray:
    """Take each year's mean error away, which is England's more than a council's."""
    return np.asarray(error - np.nanmean(error, axis=1, keepdims=True))


def _gain(name: str, error: FloatArray, other: FloatArray) -> dict[str, float]:
    """Give the difference of two errors' sizes, and its 90% range when councils are drawn anew."""
    councils = error.shape[1]
    rng = np.random.default_rng(0)
    times = rng.multinomial(councils, np.full(councils, 1 / councils), size=_RESAMPLED)
    many = times @ (~np.isnan(error)).sum(axis=0)
    one, two = (np.sqrt(times @ np.nansum(each**2, axis=0) / many) for each in (error, other))
    low, high = np.quantile(one - two, (0.05, 0.95)).tolist()
    return {name: _size(error) - _size(other), f"{name}_low": low, f"{name}_high": high}
