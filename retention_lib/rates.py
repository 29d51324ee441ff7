"""Rates, chances and survival: the one module in which they convert.

Three things that are easily mistaken for each other have three names here:

- a *turnover rate* is leavers in a year over staff in post at the year end, as DfE publishes it;
- an *annual chance* is one person's probability of leaving within a year, 0 to 1;
- a *monthly chance* is the same within a month, 0 to 1.

Arrays pass straight through. Where a result runs over months, months are its last axis.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

MONTHS_IN_YEAR = 12
WEEKS_IN_YEAR = 52

FloatArray = NDArray[np.float64]
Number = float | FloatArray
"""One number, or one number for each draw."""


def _checked(name: str, values: ArrayLike, highest: float) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if not np.all((array >= 0) & (array <= highest)):
        raise ValueError(f"{name} must lie between 0 and {highest:g}, and be a number: {array}")
    return array


def monthly_chance(annual_chance: ArrayLike) -> FloatArray:
    """Turn the chance of leaving within a year into the chance of leaving within a month.

    h = 1 - (1 - L)^(1/12), so that twelve months at h leave the same share as one year at L.

    Args:
        annual_chance: L, a probability from 0 to 1, any shape.

    Returns:
        h, a probability from 0 to 1, the same shape.

    Raises:
        ValueError: when a value is not a number from 0 to 1.

    Example:
        >>> round(float(monthly_chance(0.208)), 6)
        0.019245
    """
    return 1.0 - (1.0 - _checked("An annual chance", annual_chance, 1.0)) ** (1 / MONTHS_IN_YEAR)


def annual_chance(monthly: ArrayLike) -> FloatArray:
    """Turn the chance of leaving within a month into the chance of leaving within a year.

    L = 1 - (1 - h)^12, the inverse of :func:`monthly_chance`.

    Args:
        monthly: h, a probability from 0 to 1, any shape.

    Returns:
        L, a probability from 0 to 1, the same shape.

    Raises:
        ValueError: when a value is not a number from 0 to 1.

    Example:
        >>> round(float(annual_chance(0.01)), 4)
        0.1136
    """
    return 1.0 - (1.0 - _checked("A monthly chance", monthly, 1.0)) ** MONTHS_IN_YEAR


def annual_chance_from_turnover(turnover_rate: ArrayLike) -> FloatArray:
    """Turn a published turnover rate into one person's chance of leaving within a year.

    L = 1 - (1 - T / 12)^12. In a service of constant size whose empty seats are refilled at once,
    a monthly chance h makes 12 h leavers a year for each seat, so T = 12 h. Some leavers were
    themselves replacements, so L is a little less than T.

    Args:
        turnover_rate: T, leavers in the year over staff at the year end, 0 to 12, any shape.
            It can be above 1 where seats empty more than once a year.

    Returns:
        L, a probability from 0 to 1, the same shape.

    Raises:
        ValueError: when a value is not a number from 0 to 12.

    Example:
        Middlesbrough in 2019 published 20.8%.

        >>> round(float(annual_chance_from_turnover(0.208)), 4)
        0.1893
    """
    return annual_chance(
        _checked("A turnover rate", turnover_rate, MONTHS_IN_YEAR) / MONTHS_IN_YEAR
    )


def turnover_from_annual_chance(annual: ArrayLike) -> FloatArray:
    """Turn one person's chance of leaving within a year into the turnover it would publish as.

    T = 12 (1 - (1 - L)^(1/12)), the inverse of :func:`annual_chance_from_turnover`.

    Args:
        annual: L, a probability from 0 to 1, any shape.

    Returns:
        T, leavers in the year over staff at the year end, the same shape.

    Raises:
        ValueError: when a value is not a number from 0 to 1.

    Example:
        >>> round(float(turnover_from_annual_chance(0.18932)), 3)
        0.208
    """
    return MONTHS_IN_YEAR * monthly_chance(annual)


def monthly_chance_from_turnover(turnover_points: FloatArray) -> FloatArray:
    """Turn points of yearly turnover into what they add to the chance of leaving within a month.

    h = T / 12, as a monthly chance h makes 12 h leavers a year for each seat.

    Args:
        turnover_points: T, a change in the turnover rate, of either sign, any shape.

    Returns:
        The change in the monthly chance, the same shape.

    Example:
        >>> float(monthly_chance_from_turnover(np.array(0.012)))
        0.001
    """
    return turnover_points / MONTHS_IN_YEAR


def still_in_post(monthly: FloatArray) -> FloatArray:
    """Follow the share of the first people still in post, month by month.

    S(0) = 1 and S(t) = S(t - 1) (1 - h(t)).

    Args:
        monthly: h(1..H), the chance of leaving in each month, shape (..., H).

    Returns:
        S(0..H), shape (..., H + 1): month 0 is the first day, month t the end of month t.

    Example:
        One in ten leaves each month, so 90 of 100 are left after one month and 81 after two.

        >>> still_in_post(np.array([0.1, 0.1])).round(2).tolist()
        [1.0, 0.9, 0.81]
    """
    start = np.ones((*monthly.shape[:-1], 1))
    return np.concatenate([start, np.cumprod(1.0 - monthly, axis=-1)], axis=-1)
