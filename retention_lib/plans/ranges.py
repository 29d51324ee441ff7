"""How far a plan's figures may lie from the point answer: what nobody knows, and luck.

Each draw has its own value of every uncertain number, years better or worse than expected, and
whole people who stay or go. The plan and the service without it meet the same draw, so that the
difference is the plan's. Draws come in batches, so that work can be shown, and stopped.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np

from retention_lib.assumptions import Assumption, register
from retention_lib.documents import leaves
from retention_lib.plans.effects import incentive_effect_paths, worlds_of
from retention_lib.plans.numbers import FIELDS
from retention_lib.plans.plan import YEARS, Plan
from retention_lib.plans.played import WITH, WITHOUT, Played, played
from retention_lib.plans.verdicts import TESTS, four_tests
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray, Number
from retention_lib.uncertainty import Range, pert
from retention_lib.workforce.luck import Luck
from retention_lib.workforce.unexplained import SHOCKS, Sizes, departures

DRAWS = 2_000
BATCH = 125
PERCENTILES = (10, 50, 90)

_PAID_BACK = -0.005  # pounds: half a penny short is not short
_OWN_FIGURES = (*FIELDS, "service.newly_qualified_share", "service.senior_share")
"""Figures of the council's own, which it knows."""


def uncertain(plan: Plan) -> tuple[Range, ...]:
    """List the numbers of a plan that nobody knows, each with its ends.

    The register's uncertainties that a plan has as fields, but not the council's own figures and
    pay; and the effects of its measures. Ends are stretched to hold the value the plan has.
    """
    found = []
    for path, value in leaves(plan.to_dict()):
        row = register().behind(path)
        if row is None or not _is_drawn(row, path) or not isinstance(value, (int, float)):
            continue
        found.append(_range_of(path, row, float(value)))
    for index, measure in enumerate(plan.measures):
        for place, effect in enumerate(measure.effects):
            if effect.low < effect.high:
                key = f"measures.{index}.effects.{place}.central"
                found.append(Range(key, effect.low, effect.central, effect.high))
        for incentive in incentive_effect_paths(index, measure):
            row = register().behind(incentive.split("incentive.", 1)[1])
            if row is not None:
                found.append(_range_of(incentive, row, float(plan.at(incentive))))
    return tuple(found)


def _is_drawn(row: Assumption, path: str) -> bool:
    own = path in _OWN_FIGURES or path.startswith(("pay.", "region.", "targets."))
    return row.kind == "uncertainty" and not own and row.low != row.high


def _range_of(path: str, row: Assumption, value: float) -> Range:
    low, high = row.low or 0.0, row.high or 0.0
    return Range(path, min(low, value), value, max(high, value))


def drawn(plan: Plan, draws: int, batch: int) -> dict[str, Number]:
    """Draw every uncertain number of a plan, and how each year turns out.

    Each number has luck of its own by name, so that another measure does not change the rest.

    Args:
        plan: what was chosen; its seed gives the same draws again.
        draws: how many.
        batch: which batch.
    """
    found: dict[str, Number] = {
        each.key: pert(_rng(plan, batch, each.key), each, draws) for each in uncertain(plan)
    }
    return {**found, **_years(plan, draws, batch)}


def _rng(plan: Plan, batch: int, name: str) -> np.random.Generator:
    return np.random.default_rng([plan.seed, batch, zlib.crc32(name.encode())])


def _years(plan: Plan, draws: int, batch: int) -> Mapping[str, FloatArray]:
    """Draw how far each year departs from what is expected, beyond the luck of single people.

    The sizes and how they go together are the register's.
    """
    known = register()
    sizes = Sizes(
        **{name: known[f"{name}_unexplained"].default for name in SHOCKS},
        vacancy_with_turnover=known["vacancy_with_turnover"].default,
        agency_with_vacancy=known["agency_with_vacancy"].default,
    )
    kept = {
        "vacancy": plan.baseline.vacancy_persistence,
        "agency": plan.baseline.agency_persistence,
    }
    found = departures(_rng(plan, batch, "years"), sizes, kept, draws, YEARS)
    return {f"luck.{name}": value for name, value in found.items()}


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What a batch of draws came to; the first axis is the draws.

    Years are four, ends of years five with the start, months 49. Money is pounds, `net` positive
    where the council gains. `passed` holds the four tests in the last year.
    """

    net_by_year: FloatArray
    npv: FloatArray
    investment_by_year: FloatArray
    agency_by_year: FloatArray
    agency_without_by_year: FloatArray
    agency_monthly: FloatArray
    caseload_monthly: FloatArray
    staff_at_ends: FloatArray
    turnover_by_year: FloatArray
    vacancy_at_ends: FloatArray
    agency_rate_at_ends: FloatArray
    passed: FloatArray


def batch(plan: Plan, number: int, draws: int = BATCH) -> Batch:
    """Play a batch of draws: whole people, uncertain numbers, better and worse years.

    Args:
        plan: what was chosen.
        number: which batch, from 0.
        draws: how many draws it has.
    """
    luck = Luck(_rng(plan, number, "people"), draws)
    worlds = worlds_of(len(plan.measures), each_alone=False)
    return _batch_of(played(plan, drawn(plan, draws, number), luck, worlds))


def _batch_of(found: Played) -> Batch:
    path = found.path
    tests = [each.passed[:, -1] for each in four_tests(found)]
    ends = found.at_year_ends
    return Batch(
        net_by_year=found.net_by_year[WITH],
        npv=found.npv[WITH],
        investment_by_year=found.investment_by_year[WITH],
        agency_by_year=found.agency_by_year[WITH],
        agency_without_by_year=found.agency_by_year[WITHOUT],
        agency_monthly=found.ledger.agency[WITH] * MONTHS_IN_YEAR,
        caseload_monthly=path.experienced_caseload[WITH],
        staff_at_ends=ends(path.in_post)[WITH],
        turnover_by_year=ends(path.turnover())[WITH][..., 1:],
        vacancy_at_ends=ends(path.vacancy_rate)[WITH],
        agency_rate_at_ends=ends(path.agency_rate)[WITH],
        passed=np.stack(tests, axis=-1).astype(np.float64),
    )


@dataclass(frozen=True)
class Spread:
    """The 10th, 50th and 90th percentile of a figure; each of the figure's own shape."""

    low: FloatArray
    middle: FloatArray
    high: FloatArray


@dataclass(frozen=True, kw_only=True)
class Ranges:
    """What all draws together say; chances are shares of draws.

    `chance_met` is by test (agency, caseload, trend, budget); `chance_paid_back` that the council's
    money is back within the four years.
    """

    draws: int
    net_by_year: Spread
    net: Spread
    npv: Spread
    investment: Spread
    agency_by_year: Spread
    agency_monthly: Spread
    caseload_monthly: Spread
    staff_at_ends: Spread
    turnover_by_year: Spread
    vacancy_at_ends: Spread
    agency_rate_at_ends: Spread
    chance_met: Mapping[str, float]
    chance_paid_back: float


def ranges_of(batches: Iterable[Batch]) -> Ranges:
    """Put batches together."""
    parts = list(batches)
    whole = {
        each.name: np.concatenate([getattr(part, each.name) for part in parts])
        for each in fields(Batch)
    }
    net = whole["net_by_year"].sum(axis=-1)
    met = whole["passed"].mean(axis=0)
    names = ("net_by_year", "npv", "agency_by_year", "agency_monthly", "caseload_monthly")
    more = ("staff_at_ends", "turnover_by_year", "vacancy_at_ends", "agency_rate_at_ends")
    return Ranges(
        draws=net.size,
        **{name: _spread(whole[name]) for name in (*names, *more)},
        net=_spread(net),
        investment=_spread(whole["investment_by_year"].sum(axis=-1)),
        chance_met=dict(zip(TESTS, met.tolist(), strict=True)),
        chance_paid_back=float((net >= _PAID_BACK).mean()),
    )


def _spread(values: FloatArray) -> Spread:
    return Spread(*np.percentile(values, PERCENTILES, axis=0))


def batches(plan: Plan, draws: int = DRAWS) -> Iterator[Batch]:
    """Play batch after batch, as many draws in all."""
    for number in range(-(-draws // BATCH)):
        yield batch(plan, number, min(BATCH, draws - number * BATCH))


def spread(plan: Plan, draws: int = DRAWS) -> Ranges:
    """Give the ranges of a plan's figures.

    The same plan, seed and number of draws give the same ranges in this version of the library.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802"})
        >>> spread(plan, 250).net.high.item()
        0.0
    """
    return ranges_of(batches(plan, draws))
