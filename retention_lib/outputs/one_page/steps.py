"""The values of a lever: round ones around a scenario's own, which is always among them."""

from __future__ import annotations

import math
from collections.abc import Iterator

_ROUND = (1.0, 2.0, 2.5, 5.0)
_NEAR = 0.1  # of a step: a round value so near the scenario's own would be the same stop twice
_SAME = 1e-9
_TOO_MANY = 200  # multiples of one step, long before which the next step is tried


def steps_around(
    own: float, low: float, high: float, most: int, *, whole: bool = False
) -> tuple[float, ...]:
    """Give round values from low to high with the scenario's own among them, in order.

    Of the steps that leave at most so many values, the finest of which its own value is a multiple
    is taken where that leaves at least half as many; else the finest of all. Nothing is always
    among them where it lies between the ends.

    Args:
        own: the scenario's own value.
        low: the least; its own, if that is less.
        high: the most; its own, if that is more.
        most: how many values there may be.
        whole: whether only whole numbers are possible.

    Example:
        >>> steps_around(5_000, 0, 10_000, 7), steps_around(3.5, 0, 63, 8)[:4]
        ((0.0, 2500.0, 5000.0, 7500.0, 10000.0), (0.0, 3.5, 10.0, 20.0))
        >>> steps_around(18.9, 13.9, 25, 4), steps_around(7, 7, 7, 5)
        ((15.0, 18.9, 20.0, 25.0), (7.0,))
    """
    low, high = min(low, own), max(high, own)
    if not math.isfinite(high - low) or high - low <= abs(high) * _SAME:
        return (float(own),)
    fits = [
        (step, values)
        for step in _round_steps((high - low) / most, whole=whole)
        if len(values := _values(own, low, high, step)) <= most
    ]
    for step, values in fits:
        if 2 * len(values) >= most and abs(own / step - round(own / step)) < _SAME:
            return values
    return fits[0][1]


def _round_steps(least: float, *, whole: bool) -> Iterator[float]:
    """Give round steps from about a least size on, up to where none is left between the ends."""
    power = math.floor(math.log10(least))
    for exponent in range(power, power + 4):
        for digit in _ROUND:
            step = digit * 10.0**exponent
            if step >= least / 2 and (not whole or step == int(step)):
                yield step
    if whole:
        yield 10.0 ** max(0, power + 4)


def _values(own: float, low: float, high: float, step: float) -> tuple[float, ...]:
    first, last = math.ceil(low / step - _SAME), math.floor(high / step + _SAME)
    decimals = max(0, 2 - math.floor(math.log10(step)))
    found = {float(own)}
    for place in range(first, min(last, first + _TOO_MANY) + 1):
        value = round(place * step, decimals)
        if value == 0 or abs(value - own) >= _NEAR * step:
            found.add(value)
    return tuple(sorted(found))
