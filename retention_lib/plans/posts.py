"""How the posts that a measure adds are filled: as slowly as a council's vacancies go.

A new post is a vacancy. Of the gap between posts filled and those that the council fills of its
posts anyway, a share `vacancy_persistence` is left a year later; whoever leaves is replaced as
others are.
"""

from __future__ import annotations

import numpy as np

from retention_lib.plans.numbers import Numbers
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.workforce.baseline import overall_leaving


def filled(posts: FloatArray, numbers: Numbers) -> FloatArray:
    """Give how many of the posts added are filled at the end of months 0..H.

    x(t) = x(t-1) + (1 - kept^(1/12)) (p(t) (1 - v(t)) - x(t-1)), v the vacancy rate without a plan.

    Args:
        posts: p, posts added, shape (draws, H + 1) or (H + 1,).
        numbers: the plan's numbers.
    """
    kept = numbers("baseline.vacancy_persistence")[..., np.newaxis] ** (1 / MONTHS_IN_YEAR)
    aimed = posts * (1.0 - numbers.anyway.vacancy_rate)
    found = np.zeros(np.broadcast_shapes(aimed.shape, (*kept.shape[:-1], aimed.shape[-1])))
    closing = 1.0 - kept[..., 0]
    for month in range(1, aimed.shape[-1]):
        before = found[..., month - 1]
        found[..., month] = before + closing * (aimed[..., month] - before)
    return found


def joiners(posts: FloatArray, staff: FloatArray, numbers: Numbers) -> FloatArray:
    """Give the ordinary joiners that fill the posts added, in months 1..H.

    Those whom the path of :func:`filled` needs, less those who answer to these vacancies anyway.

    Args:
        posts: posts added, months 0..H.
        staff: those of them that are filled.
        numbers: the plan's numbers.
    """
    leaving = overall_leaving(numbers.drivers.leaving, numbers.made_up)
    left = staff[..., :-1] * (1.0 - leaving)
    waiting = posts[..., 1:] - left
    return np.asarray(staff[..., 1:] - left - numbers.drivers.fill[..., np.newaxis] * waiting)
