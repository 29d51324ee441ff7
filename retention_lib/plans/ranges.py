"""How far a plan's figures may lie from the point answer: what nobody knows, and luck.

Each draw has its own value of every uncertain number, years better or worse than expected, and
whole people who stay or go. The plan and the service without it meet the same draw, so that the
difference is the plan's. Draws come in batches, so that work can be shown, and stopped.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from retention_lib.assumptions import Assumption, register
from retention_lib.documents import leaves
from retention_lib.evidence import fall_known
from retention_lib.plans.effects import incentive_effect_paths, worlds_of
from retention_lib.plans.incentive import yearly_share
from retention_lib.plans.numbers import FIELDS
from retention_lib.plans.optimism import Allowance, expected
from retention_lib.plans.plan import YEARS, Measure, Plan
from retention_lib.plans.played import WITH, WITHOUT, Played, played
from retention_lib.plans.verdicts import TESTS, four_tests
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray, Number
from retention_lib.uncertainty import Range, Spread, share_of_gains, spread_of
from retention_lib.uncertainty import drawn as draws_of
from retention_lib.workforce.luck import Luck
from retention_lib.workforce.unexplained import SHOCKS, Sizes, departures

DRAWS = 2_048
"""A power of two, which fills the space of uncertain numbers most evenly."""
BATCH = 128

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
        found.append(row.around(path, float(value)))
    for index, measure in enumerate(plan.measures):
        for place, effect in enumerate(measure.effects):
            if effect.low < effect.high:
                key = f"measures.{index}.effects.{place}.central"
                number = Range(key, effect.low, effect.central, effect.high)
                found.append(replace(number, luck=f"measures.{index}"))
        for incentive in incentive_effect_paths(index, measure):
            row = register().behind(incentive.split("incentive.", 1)[1])
            if row is not None:
                number = row.around(incentive, float(plan.at(incentive)))
                if incentive.endswith("leaving_reduction"):
                    number = _fall(plan, measure, number)
                found.append(replace(number, luck=f"measures.{index}"))
    return tuple(found)


def _fall(plan: Plan, measure: Measure, claimed: Range) -> Range:
    """Give where the fall in leaving of a payment may lie: what studies say of one of its size."""
    offered = measure.incentive
    assert offered is not None
    low, high = fall_known(offered.scheme.kind, yearly_share(offered), plan.studies)
    return Range(
        claimed.key, min(low, claimed.central), claimed.central, max(high, claimed.central)
    )


def _is_drawn(row: Assumption, path: str) -> bool:
    own = path in _OWN_FIGURES or path.startswith(("pay.", "region.", "targets."))
    return row.kind == "uncertainty" and not own and row.low != row.high


def drawn(plan: Plan, draws: int, batch: int) -> dict[str, Number]:
    """Draw every uncertain number of a plan, and how each year turns out.

    The numbers fill their space evenly over all batches together. The effects of one measure go
    better or worse together. Another measure at the end does not change the luck of the rest.

    Args:
        plan: what was chosen; its seed gives the same draws again.
        draws: how many.
        batch: which batch.
    """
    numbers = draws_of(uncertain(plan), draws, plan.seed, start=batch * BATCH)
    return {**numbers, **_years(plan, draws, batch)}


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


def batch(
    plan: Plan,
    number: int,
    draws: int = BATCH,
    before_each: Callable[[], None] = lambda: None,
) -> Batch:
    """Play a batch of draws: whole people, uncertain numbers, better and worse years.

    Args:
        plan: what was chosen.
        number: which batch, from 0.
        draws: how many draws it has.
        before_each: called many times on the way, so that the work can be made to wait.
    """
    luck = Luck(_rng(plan, number, "people"), draws, before_each)
    worlds = worlds_of(len(plan.measures), each_alone=False)
    return _batch_of(played(plan, drawn(plan, draws, number), luck, worlds), expected(plan))


def _batch_of(found: Played, off: Allowance) -> Batch:
    path = found.path
    tests = [each.passed[:, -1] for each in four_tests(found, off)]
    ends = found.at_year_ends
    return Batch(
        net_by_year=found.net_by_year[WITH] - off.by_year,
        npv=found.npv[WITH] - off.npv,
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
        **{name: spread_of(whole[name]) for name in (*names, *more)},
        net=spread_of(net),
        investment=spread_of(whole["investment_by_year"].sum(axis=-1)),
        chance_met=dict(zip(TESTS, met.tolist(), strict=True)),
        chance_paid_back=share_of_gains(net, _PAID_BACK),
    )


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
