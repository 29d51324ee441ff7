"""Prices over the years of a plan: pay awards, agency rates and consumer prices.

A plan's figures are in the prices of the year before its first. Index of year y = product of
(1 + growth) up to and with year y, so the first year already has its own award.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from retention_lib.assumptions import register
from retention_lib.plans.plan import MONTHS, YEARS, Plan
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray


@dataclass(frozen=True, kw_only=True)
class Indices:
    """Price indices by financial year, 1 in the year before the first; shape (years,)."""

    pay: FloatArray
    agency: FloatArray
    cpi: FloatArray


def growth_of(row_id: str, given: tuple[float, ...], first_year: int) -> tuple[float, ...]:
    """Give the growth from the year before, for each year of a plan.

    What a plan leaves out is the register's figure for the calendar year in which the financial
    year begins, or its nearest.

    Args:
        row_id: the register's entry.
        given: what the plan sets, the first year first.
        first_year: the calendar year in which the first financial year begins.

    Example:
        >>> growth_of("average_earnings_growth", (0.01,), 2026)
        (0.01, 0.024, 0.021, 0.022)
    """
    row = register()[row_id]
    first, last = row.values[0].from_date.year, row.values[-1].from_date.year
    known = [
        row.on(dt.date(min(last, max(first, first_year + year)), 6, 1)) for year in range(YEARS)
    ]
    return (*given, *known[len(given) :])


def yearly_growth(plan: Plan) -> dict[str, tuple[float, ...]]:
    """Give the growth of pay, agency rates and consumer prices in each year, by field of `prices`.

    Agency rates follow pay where a plan sets nothing else.
    """
    first, prices = plan.appraisal.first_financial_year, plan.prices
    pay = growth_of("average_earnings_growth", prices.pay_award, first)
    agency = (*prices.agency, *pay[len(prices.agency) :])
    cpi = growth_of("cpi_growth", prices.cpi, first)
    return {"pay_award": pay, "agency": agency, "cpi": cpi}


def indices_of(plan: Plan) -> Indices:
    """Give a plan's price indices.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
        ...                        "prices": {"pay_award": [0.1, 0.1, 0, 0]}})
        >>> indices_of(plan).pay.round(2).tolist()
        [1.1, 1.21, 1.21, 1.21]
    """
    growth = yearly_growth(plan)

    def index(name: str) -> FloatArray:
        return np.asarray(np.cumprod(1.0 + np.array(growth[name])), dtype=np.float64)

    return Indices(pay=index("pay_award"), agency=index("agency"), cpi=index("cpi"))


def by_month(index: FloatArray) -> FloatArray:
    """Spread a yearly index over months 0..H; the first day has the first year's."""
    return np.concatenate([index[:1], np.repeat(index, MONTHS_IN_YEAR)])[: MONTHS + 1]
