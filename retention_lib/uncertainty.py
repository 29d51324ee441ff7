"""What would have to be true, and what would change the answer, for any model.

A model is a function from one uncertain number, or many, to its value (here: net present value in
pounds). It must take arrays, so that each question is a handful of calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retention_lib.rates import FloatArray

ValueAt = Callable[[FloatArray], FloatArray]

_PIECES = 64
_ROUNDS = 60  # each at least halves the interval; a smooth model needs about three
_NEIGHBOURS = 2  # two floats with nothing between them
_STEPS_ASIDE = 4.0 ** -np.arange(1, 27)  # down to the precision of a float


def first_pays(value_at: ValueAt, low: float, high: float, within: float = 0.0) -> float | None:
    """Find the smallest x in [low, high] at which the value is zero or more.

    The interval is cut into 64 pieces in one call. The first piece in which the value turns from
    below zero to zero or more is then narrowed to the last digit: each round asks for values
    around the point at which a straight line through its ends would be zero.

    Args:
        value_at: the model, continuous; takes and gives an array of one axis.
        low: the lower end of the interval.
        high: its upper end.
        within: how near is near enough; to the last digit where nothing is said.

    Returns:
        `low` where it pays there already; None where it pays nowhere in the interval.

    Example:
        >>> round(first_pays(lambda x: x**2 - 2, 0, 2), 9)
        1.414213562
        >>> first_pays(lambda x: x - 3, 0, 2) is None
        True
    """
    points = np.linspace(low, high, _PIECES + 1)
    above: float | None = None
    for _ in range(_ROUNDS):
        values = value_at(points)
        pays = np.flatnonzero(values >= 0)
        if pays.size == 0:
            break  # nowhere; or, once found, in the last digits of a float
        first = int(pays[0])
        if first == 0:
            return float(points[0])
        below, above = float(points[first - 1]), float(points[first])
        nearer = _points_around_root(below, above, float(values[first - 1]), float(values[first]))
        if nearer.size <= _NEIGHBOURS or above - below <= within:
            break
        points = nearer
    return above


def _points_around_root(low: float, high: float, at_low: float, at_high: float) -> FloatArray:
    """Choose points between two ends, crowding to where a straight line would be zero."""
    guess = low + (high - low) * at_low / (at_low - at_high)
    aside = (high - low) * _STEPS_ASIDE
    middle = (low + high) / 2
    points = np.concatenate([[low, high, middle, guess], guess - aside, guess + aside])
    return np.unique(np.clip(points, low, high))


def last_pays(value_at: ValueAt, low: float, high: float) -> float | None:
    """Find the largest x in [low, high] at which the value is zero or more.

    The mirror of :func:`first_pays`.

    Example:
        >>> round(last_pays(lambda x: 2 - x**2, 0, 2), 9)
        1.414213562
    """
    mirrored = first_pays(lambda x: value_at(-x), -high, -low)
    return None if mirrored is None else -mirrored


def crossing_of_line(value_at_0: float, value_at_1: float) -> float | None:
    """Find where a straight line through (0, a) and (1, b) is zero, at x of 0 or more.

    x = a / (a - b); None where the line never gets there.

    Example:
        >>> crossing_of_line(-50.0, -25.0)
        2.0
        >>> crossing_of_line(-50.0, -75.0) is None
        True
    """
    if value_at_0 == value_at_1:
        return None
    x = value_at_0 / (value_at_0 - value_at_1)
    return x if x >= 0 else None


@dataclass(frozen=True)
class Range:
    """One uncertain number: where it may lie and what it is taken to be."""

    key: str
    low: float
    central: float
    high: float


@dataclass(frozen=True)
class TornadoBar:
    """What one uncertain number alone does to the answer, the others as they are."""

    key: str
    low: float
    high: float
    value_at_low: float
    value_at_high: float

    @property
    def width(self) -> float:
        """The difference it makes."""
        return abs(self.value_at_high - self.value_at_low)


def tornado(
    value_of: Callable[[Mapping[str, FloatArray]], FloatArray], ranges: Sequence[Range]
) -> tuple[TornadoBar, ...]:
    """Move each number alone to its low and its high end, and sort by the difference it makes.

    All moves are one call: draw 2 i has number i at its low end, draw 2 i + 1 at its high end.

    Args:
        value_of: the model; takes an array of draws for each key and gives their values.
        ranges: the uncertain numbers.

    Returns:
        One bar for each range, the widest first.

    Example:
        >>> bars = tornado(lambda x: 2 * x["a"] + x["b"],
        ...                [Range("b", 0, 1, 2), Range("a", 0, 1, 3)])
        >>> [(bar.key, bar.value_at_low, bar.value_at_high) for bar in bars]
        [('a', 1.0, 7.0), ('b', 2.0, 4.0)]
    """
    if not ranges:
        return ()
    draws = {each.key: np.full(2 * len(ranges), each.central, dtype=float) for each in ranges}
    for i, each in enumerate(ranges):
        draws[each.key][2 * i : 2 * i + 2] = each.low, each.high
    values = value_of(draws)
    bars = [
        TornadoBar(each.key, each.low, each.high, float(values[2 * i]), float(values[2 * i + 1]))
        for i, each in enumerate(ranges)
    ]
    return tuple(sorted(bars, key=lambda bar: bar.width, reverse=True))


def pert(rng: np.random.Generator, within: Range, draws: int) -> FloatArray:
    """Draw an uncertain number between its ends, most often near its central value (PERT).

    low + (high - low) X, with X from Beta(1 + 4 m, 5 - 4 m) and m = (central - low) / (high - low):
    a bounded distribution whose mode is the central value and whose mean is
    (low + 4 central + high) / 6.

    Args:
        rng: where the luck comes from.
        within: the ends and the central value.
        draws: how many.

    Returns:
        Shape (draws,).

    Source:
        Malcolm, Roseboom, Clark and Fazar, Operations Research 7 (1959).

    Example:
        >>> drawn = pert(np.random.default_rng(1), Range("x", 0, 3, 12), 100_000)
        >>> round(float(drawn.mean()), 1), bool(drawn.min() >= 0), bool(drawn.max() <= 12)
        (4.0, True, True)
    """
    width = within.high - within.low
    if width <= 0:
        return np.full(draws, within.central)
    m = (within.central - within.low) / width
    return within.low + width * rng.beta(1 + 4 * m, 5 - 4 * m, draws)
