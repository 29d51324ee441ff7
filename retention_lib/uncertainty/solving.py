"""What would have to be true: at which value of a number does an answer turn from loss to gain.

A model is a function from one uncertain number to its value (net present value in pounds, say). It
must take arrays, so that each question is a handful of calls.
"""

from __future__ import annotations

from collections.abc import Callable

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


def switching_value(value_at: ValueAt, low: float, now: float, high: float) -> float | None:
    """Find the x in [low, high], nearest to where it is now, at which gain and loss change places.

    The Green Book's switching value. The interval is cut into 64 pieces in one call; of the pieces
    in which the sign changes, the one nearest to `now` is narrowed to the last digit.

    Args:
        value_at: the model, continuous; takes and gives an array of one axis.
        low: the lower end of what is believed.
        now: the value taken.
        high: the upper end.

    Returns:
        None where the answer is a gain, or a loss, throughout.

    Example:
        >>> switching_value(lambda x: x - 3, 0, 2, 4)
        3.0
        >>> switching_value(lambda x: x + 1, 0, 2, 4) is None
        True
    """
    if low >= high:
        return None
    points = np.linspace(low, high, _PIECES + 1)
    gains = value_at(points) >= 0
    turns = np.flatnonzero(gains[1:] != gains[:-1])
    if turns.size == 0:
        return None
    nearest = turns[np.argmin(np.abs((points[turns] + points[turns + 1]) / 2 - now))]
    search = first_pays if gains[nearest + 1] else last_pays
    return search(value_at, float(points[nearest]), float(points[nearest + 1]))


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
