"""Every council's service played forward by the engine, and the simple forecasts beside it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from retention_lib.hindcast.record import Record
from retention_lib.hindcast.startup import Readings, anchors, now_of
from retention_lib.plans.numbers import POINTS
from retention_lib.plans.plan import Baseline, Service
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.workforce.baseline import (
    Anchor,
    Anyway,
    Makeup,
    drivers_of,
    start_of,
    years_of_flow,
    years_of_stock,
)
from retention_lib.workforce.engine import Path, play
from retention_lib.workforce.luck import Luck
from retention_lib.workforce.published import RATES
from retention_lib.workforce.unexplained import Sizes, departing, departures

OCTOBER = 10
"""DfE's year ends on 30 September, so that the month after it is the first."""

_BLOCK = 20  # councils whose draws are played together: bounds the memory, changes no result


def default_anchors(known: Record) -> dict[str, Anchor]:
    """Say where rates stand and go as a new plan has it: all the way to England's.

    Args:
        known: what was published up to the year that the forecast starts from.
    """
    base = Baseline()
    return {
        measure: Anchor(
            now=now_of(known, measure),
            long_run=np.asarray(known.england[measure][-1]),
            kept=np.asarray(getattr(base, f"{measure}_persistence")),
        )
        for measure in RATES
    }


def made_up(known: Record, vacancy_kept: float) -> Makeup:
    """Say how each council's service is made up: the register's bands, its own staff and cases."""
    service, base = Service(), Baseline()
    new, senior = service.newly_qualified_share, service.senior_share
    numbers = {
        name: np.asarray(getattr(service, name))
        for name in ("newly_qualified_joiners", "newly_qualified_load", "promoted_each_year")
    }
    return Makeup(
        staff=known.staff[:, -1],
        shares={
            "newly_qualified": np.asarray(new),
            "social_worker": np.asarray(1.0 - new - senior),
            "senior": np.asarray(senior),
        },
        leaving={
            "newly_qualified": np.asarray(service.newly_qualified_leaving),
            "social_worker": np.ones(()),
            "senior": np.asarray(service.senior_leaving),
        },
        **numbers,
        agency_extra_share=known.agency_extra_share[:, -1],
        case_holding=known.case_holding[:, -1],
        demand_growth=np.zeros(()),
        caseload_effect=np.asarray(base.caseload_turnover) * POINTS,
        vacancy_kept=np.asarray(vacancy_kept),
        first_month=OCTOBER,
    )


def rates_of(found: Mapping[str, Anchor], months: int) -> Anyway:
    """Follow the four rates month by month, shape (councils, months)."""
    stock = years_of_stock(months)
    return Anyway(
        turnover=found["turnover"].after(years_of_flow(months)),
        vacancy_rate=found["vacancy"].after(stock),
        agency_rate=found["agency"].after(stock),
        caseload=found["caseload"].after(stock),
    )


def read_off(path: Path, years: int) -> dict[str, FloatArray]:
    """Read the four rates at the end of each year, as DfE publishes them.

    Returns:
        By rate, shape (draws, years).
    """
    ends = np.arange(1, years + 1) * MONTHS_IN_YEAR
    rates = {
        "turnover": path.turnover(),
        "vacancy": path.vacancy_rate,
        "agency": path.agency_rate,
        "caseload": path.caseload,
    }
    return {name: value[0][:, ends] for name, value in rates.items()}


def expected(known: Record, found: Mapping[str, Anchor], years: int) -> dict[str, FloatArray]:
    """Play every council's service once, as expected.

    Args:
        known: what was published up to the year that it starts from.
        found: where each rate stands and goes.
        years: how many years to play.

    Returns:
        The four rates at the end of each year, by name, shape (councils, years).
    """
    makeup = made_up(known, float(found["vacancy"].kept))
    drivers = drivers_of(rates_of(found, years * MONTHS_IN_YEAR), makeup)
    return read_off(play(start_of(makeup), drivers), years)


def likely(
    known: Record, found: Readings, how_far: Sizes, draws: int, years: int, within: float = 0.8
) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Play every council's service many times: whole people, better and worse years.

    Args:
        known: what was published up to the year that it starts from.
        found: the rule's numbers.
        how_far: how large unexplained departures are.
        draws: how many times.
        years: how many years to play.
        within: the share of draws that the range holds.

    Returns:
        The ends of the range, each (councils, years), by rate.
    """
    blocks = [
        np.arange(first, min(first + _BLOCK, len(known.codes)))
        for first in range(0, len(known.codes), _BLOCK)
    ]
    parts = [_drawn(known, found, how_far, (draws, years), block) for block in blocks]
    tails = (1.0 - within) / 2, (1.0 + within) / 2
    return {
        name: (ends[0], ends[1])
        for name in RATES
        for ends in [np.concatenate([np.quantile(p[name], tails, axis=1) for p in parts], axis=1)]
    }


def _drawn(
    known: Record,
    found: Readings,
    how_far: Sizes,
    size: tuple[int, int],
    block: np.ndarray[tuple[int], np.dtype[np.int_]],
) -> dict[str, FloatArray]:
    """Play some councils, each so many times: rates of shape (councils, draws, years)."""
    draws, years = size
    many = known.of(np.repeat(block, draws))
    seed = [known.years[-1], int(block[0])]
    kept = {name: found[name].kept for name in ("vacancy", "agency")}
    rng = np.random.default_rng([*seed, 0])
    departed = departures(rng, how_far, kept, len(many.codes), years)
    rates = departing(rates_of(anchors(many, found), years * MONTHS_IN_YEAR), departed)
    makeup = made_up(many, found["vacancy"].kept)
    luck = Luck(np.random.default_rng([*seed, 1]), len(many.codes))
    ends = read_off(play(start_of(makeup), drivers_of(rates, makeup), luck), years)
    return {name: value.reshape(block.size, draws, years) for name, value in ends.items()}


def plain_rule(known: Record, measure: str, years: int) -> FloatArray:
    """Forecast that a rate goes back to the mean of the councils, as it did on average.

    mean + (now - mean) kept^years, with `kept` from pairs of years up to the last.

    Returns:
        Shape (councils,); NaN where a council has no figure.
    """
    own = known.own[measure]
    mean = np.nanmean(own, axis=0)
    now, later = own[:, :-1] - mean[:-1], own[:, 1:] - mean[:-1]
    there = ~(np.isnan(now) | np.isnan(later))
    kept = (now[there] * later[there]).sum() / (now[there] ** 2).sum()
    return np.asarray(mean[-1] + (own[:, -1] - mean[-1]) * kept**years)
