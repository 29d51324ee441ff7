"""Financial years, net present value and payback.

Month 0 is the first day of the first financial year (1 April); months 1 to H follow. Financial
year 0 holds months 0 to 12 and is not discounted. Flows have months, or years, as their last axis.
"""

from __future__ import annotations

import numpy as np

from retention_lib.rates import MONTHS_IN_YEAR, FloatArray

_HALF_A_PENNY = 0.005


def financial_year(month: int) -> int:
    """Tell which financial year a month falls in, counting from 0.

    (t - 1) // 12, and month 0, the first day, belongs to year 0.

    Example:
        >>> [financial_year(month) for month in (0, 1, 12, 13, 48)]
        [0, 0, 0, 1, 3]
    """
    return max(0, (month - 1) // MONTHS_IN_YEAR)


def by_financial_year(monthly: FloatArray) -> FloatArray:
    """Sum monthly flows into financial years.

    Args:
        monthly: flows of months 0..H in pounds, shape (..., H + 1).

    Returns:
        Flows by year, shape (..., years). The last year may be a part of one.

    Example:
        >>> by_financial_year(np.ones(25)).tolist()
        [13.0, 12.0]
    """
    starts = np.arange(1, max(2, monthly.shape[-1]), MONTHS_IN_YEAR)
    starts[0] = 0  # year 0 begins with the first day, month 0
    return np.add.reduceat(monthly, starts, axis=-1)


def net_present_value(net_by_year: FloatArray, discount_rate: float) -> FloatArray:
    """Discount yearly flows to the first year: sum of flow / (1 + d)^year, year 0 undiscounted.

    The same as `numpy_financial.npv`, which takes one row of flows at a time where this takes many.
    Excel's NPV discounts the first year too: see :func:`excel_npv`.

    Args:
        net_by_year: pounds in each financial year, shape (..., years).
        discount_rate: d, a share a year; the Green Book's real rate is 0.035.

    Returns:
        Pounds of the first year, shape (...).

    Source:
        HM Treasury, The Green Book (discounting).

    Example:
        >>> round(float(net_present_value(np.array([-100.0, 103.5]), 0.035)), 2)
        0.0
    """
    years = np.arange(net_by_year.shape[-1])
    return np.asarray((net_by_year / (1.0 + discount_rate) ** years).sum(axis=-1))


def excel_npv(npv: FloatArray | float, discount_rate: float) -> FloatArray | float:
    """Give what Excel's NPV function shows for the same flows: one year's discount more.

    Example:
        >>> round(float(excel_npv(103.5, 0.035)), 2)
        100.0
    """
    return npv / (1.0 + discount_rate)


def payback_month(net_monthly: FloatArray) -> int | None:
    """Find the month from which the money is back for good.

    The first month from which the running total of net flows never again falls below zero. A
    scheme that saves first and pays later has therefore not "paid back" before it has paid.

    Args:
        net_monthly: net flows of months 0..H in pounds, not discounted, shape (H + 1,).

    Returns:
        The month, or None where the total is below zero at the end.

    Example:
        >>> payback_month(np.array([-100.0, 60.0, 60.0]))
        2
        >>> payback_month(np.array([-100.0, 60.0, 30.0])) is None
        True
    """
    short = np.flatnonzero(np.cumsum(net_monthly) < -_HALF_A_PENNY)
    if short.size == 0:
        return 0
    month = int(short[-1]) + 1
    return month if month < net_monthly.size else None
