"""Draws of many uncertain numbers at once, spread evenly over all that is possible (Sobol).

The same seed gives the same draws in the same version of the library. Draws come in order, so that
a batch is a piece of the whole and a longer run begins with the shorter one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from retention_lib.rates import FloatArray
from retention_lib.uncertainty.ranges import Range

_LEAST_COLUMNS = 64  # a number that is added must not move the others
_BITS = 30
_HALF_A_CELL = 0.5 ** (_BITS + 1)  # never 0, never 1/2


def drawn(
    ranges: Sequence[Range], draws: int, seed: int = 0, start: int = 0
) -> dict[str, FloatArray]:
    """Draw every uncertain number.

    Args:
        ranges: the numbers, in an order that stays: a number added at the end leaves the draws of
            the others as they were.
        draws: how many; a power of two is spread most evenly.
        seed: which of the sequences.
        start: the place in the sequence at which to begin.

    Returns:
        For each key an array of shape (draws,).

    Source:
        Sobol' (1967) with Owen's and Matousek's scrambling, from scipy.stats.qmc.

    Example:
        >>> found = drawn([Range("x", 0, 2, 12), Range("y", 0, 1, 1)], 256)
        >>> found["x"].shape, int((found["x"] < 2).sum())
        ((256,), 128)
    """
    lucks = list(dict.fromkeys(each.luck or each.key for each in ranges))
    columns = dict(zip(lucks, uniforms(len(lucks), draws, seed, start).T, strict=True))
    found = {}
    for each in ranges:
        chance = columns[each.luck or each.key]
        found[each.key] = each.at(1.0 - chance if each.turned else chance)
    return found


def uniforms(columns: int, draws: int, seed: int = 0, start: int = 0) -> FloatArray:
    """Give chances from 0 to 1 that fill the space evenly, shape (draws, columns).

    Example:
        >>> uniforms(3, 8).shape, bool((uniforms(1, 8) < 0.5).sum() == 4)
        ((8, 3), True)
    """
    width = max(_LEAST_COLUMNS, _power_of_two(columns))
    whole = _sequence(width, _power_of_two(start + draws), seed)
    return whole[start : start + draws, :columns]


def _power_of_two(at_least: int) -> int:
    return 1 << max(0, at_least - 1).bit_length()


@lru_cache(maxsize=4)
def _sequence(width: int, length: int, seed: int) -> FloatArray:
    """Make a whole sequence; it is read and never written."""
    from scipy.stats import qmc

    engine = qmc.Sobol(width, scramble=True, bits=_BITS, rng=np.random.default_rng(seed))
    made = np.asarray(engine.random(length)) + _HALF_A_CELL
    made.flags.writeable = False
    return made
