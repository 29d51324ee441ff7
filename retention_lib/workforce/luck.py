"""Whole people from chances: the same luck for a service with a plan and without one.

A number between 0 and 1 says how lucky a month is; the number of people is read off the
distribution at that point. Two services with the same luck then differ only by what was done, and
the one with the smaller chance never loses more of the same people.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from retention_lib.rates import FloatArray

_FAR = 9.0  # standard deviations below the middle at which a search starts; nothing lies there
_NO_UNDERFLOW = 600.0  # e to the minus this is still a number


class Chance(Protocol):
    """How chances become people: as expected, or by luck, in so many draws."""

    draws: int

    def some(self, people: FloatArray, chance: FloatArray, *, apart: bool = False) -> FloatArray:
        """Give how many of the people something happens to.

        `apart` is for people whom only some plans have: they do not use up the luck of others.
        """

    def arrivals(self, expected: FloatArray) -> FloatArray:
        """Give how many arrive, each by themselves, where so many are expected."""

    def whole(self, expected: FloatArray) -> FloatArray:
        """Give a planned number, such as a class or a group: whole, and right on average."""


class Expected:
    """No luck at all: everything is as expected, fractions of people included.

    Example:
        >>> Expected().some(np.array([200.0]), np.array([0.01])).tolist()
        [2.0]
    """

    draws = 1

    def some(self, people: FloatArray, chance: FloatArray, *, apart: bool = False) -> FloatArray:
        """Give the people times the chance."""
        return people * chance

    def arrivals(self, expected: FloatArray) -> FloatArray:
        """Give what is expected."""
        return expected

    def whole(self, expected: FloatArray) -> FloatArray:
        """Give what is expected."""
        return expected


class Luck:
    """Whole people, drawn; every draw has luck of its own, the same in each world.

    Args:
        rng: where the luck comes from.
        draws: how many draws; people and chances have the shape (worlds, draws).
        before_each: called before each draw, so that long work can be made to wait there.

    Example:
        >>> luck = Luck(np.random.default_rng(1), 4)
        >>> left = luck.some(np.full((2, 4), 200.0), np.array([[0.02], [0.01]]))
        >>> bool(np.all(left[1] <= left[0])), bool(np.all(left == np.round(left)))
        (True, True)
    """

    def __init__(
        self,
        rng: np.random.Generator,
        draws: int,
        before_each: Callable[[], None] = lambda: None,
    ) -> None:
        self._rng, self._apart = rng, rng.spawn(1)[0]
        self._before_each = before_each
        self.draws = draws

    def some(self, people: FloatArray, chance: FloatArray, *, apart: bool = False) -> FloatArray:
        """Draw a binomial number of the people; they must be whole."""
        luck = self._next(self._apart if apart else self._rng)
        return binomial(luck, people, chance)

    def arrivals(self, expected: FloatArray) -> FloatArray:
        """Draw a Poisson number."""
        return poisson(self._next(self._rng), expected)

    def whole(self, expected: FloatArray) -> FloatArray:
        """Round up or down by luck, so that the average is what is expected."""
        down = np.floor(expected)
        return np.asarray(down + (self._next(self._rng) < expected - down))

    def _next(self, rng: np.random.Generator) -> FloatArray:
        self._before_each()
        return rng.random(self.draws)


def binomial(luck: FloatArray, people: FloatArray, chance: FloatArray) -> FloatArray:
    """Give the smallest number of people whose cumulative binomial chance reaches the luck.

    min k with P(X <= k) >= u, for X binomial (n, p). `scipy.stats.binom.ppf` is the same and takes
    some ten times as long, so it is the check in the tests.

    Args:
        luck: u, 0 to 1, broadcast against the others.
        people: n, whole numbers of 0 or more.
        chance: p, 0 to 1.

    Returns:
        Whole numbers from 0 to n, of the shape that the three make together.

    Example:
        >>> binomial(np.array([0.5, 0.99]), np.array([10.0]), np.array([0.1])).tolist()
        [1.0, 4.0]
    """
    u, n, p = np.broadcast_arrays(luck, people, chance)
    likely = p > 0.5  # then count those it does not happen to
    if likely.any():
        flipped = _binomial(np.where(likely, 1.0 - u, u), n, np.where(likely, 1.0 - p, p))
        return np.where(likely, n - flipped, flipped)
    return _binomial(u, n, p)


def _binomial(u: FloatArray, n: FloatArray, p: FloatArray) -> FloatArray:
    mean = n * p
    few = mean * 2.0 < _NO_UNDERFLOW
    from_few = np.exp(n * np.log1p(-p))
    most, given = np.maximum(n, 0.0), (p / (1.0 - p), n)
    if few.all():
        return _from_nought(u, from_few, _next_binomial, most, given)
    first = np.where(few, 0.0, np.floor(mean - _FAR * np.sqrt(mean * (1 - p))))
    return _searched(u, first, np.where(few, from_few, 1.0), _next_binomial, most, given)


def _next_binomial(weight: FloatArray, k: FloatArray | float, *given: FloatArray) -> FloatArray:
    odds, n = given
    return np.asarray(weight * odds * (n - k) / (k + 1.0))


def poisson(luck: FloatArray, expected: FloatArray) -> FloatArray:
    """Give the smallest number whose cumulative Poisson chance reaches the luck.

    min k with P(X <= k) >= u, for X Poisson with so many expected.

    Args:
        luck: u, 0 to 1, broadcast against the other.
        expected: the mean, 0 or more.

    Example:
        >>> poisson(np.array([0.5, 0.99]), np.array([1.5])).tolist()
        [1.0, 5.0]
    """
    u, mean = np.broadcast_arrays(luck, expected)
    few = mean < _NO_UNDERFLOW
    from_few = np.exp(-np.minimum(mean, _NO_UNDERFLOW))
    most = np.ceil(mean + 40.0 + 2 * _FAR * np.sqrt(mean))
    if few.all():
        return _from_nought(u, from_few, _next_poisson, most, (mean,))
    first = np.where(few, 0.0, np.floor(mean - _FAR * np.sqrt(mean)))
    return _searched(u, first, np.where(few, from_few, 1.0), _next_poisson, most, (mean,))


def _next_poisson(weight: FloatArray, k: FloatArray | float, *given: FloatArray) -> FloatArray:
    (mean,) = given
    return np.asarray(weight * mean / (k + 1.0))


def _from_nought(
    u: FloatArray,
    weight: FloatArray,
    next_weight: _NextWeight,
    most: FloatArray,
    given: tuple[FloatArray, ...],
) -> FloatArray:
    """Walk up from nought, all at once, until the weights passed reach the luck.

    Most are there at nought or one, so that only those who are not yet there are kept.
    """
    found, k = np.zeros(u.size), 0.0
    here = np.flatnonzero((weight < u) & (most > 0))
    u_here, weight, most_here = u.ravel()[here], weight.ravel()[here], most.ravel()[here]
    given = tuple(each.ravel()[here] for each in given)
    passed = weight
    while here.size:
        weight = next_weight(weight, k, *given)
        passed = passed + weight
        k += 1.0
        found[here] = k
        on = np.flatnonzero((passed < u_here) & (k < most_here))
        here, weight, passed = here[on], weight[on], passed[on]
        u_here, most_here, given = u_here[on], most_here[on], tuple(each[on] for each in given)
    return found.reshape(u.shape)


def _searched(
    u: FloatArray,
    first: FloatArray,
    weight: FloatArray,
    next_weight: _NextWeight,
    most: FloatArray,
    given: tuple[FloatArray, ...],
) -> FloatArray:
    """Walk up from the first number until the weights passed reach the luck's share of them all."""
    share = u * _whole_weight(first, weight, next_weight, most, given)
    k, passed, found = first.astype(np.float64), weight.copy(), first.astype(np.float64)
    going = (passed < share) & (k < most)
    while going.any():
        weight = next_weight(weight, k, *given)
        k = k + 1.0
        passed = passed + weight
        found += going
        going &= (passed < share) & (k < most)
    return found


def _whole_weight(
    first: FloatArray,
    weight: FloatArray,
    next_weight: _NextWeight,
    most: FloatArray,
    given: tuple[FloatArray, ...],
) -> FloatArray:
    """Add up all weights where the search does not start at nought; 1 where it does."""
    k, whole = first.astype(np.float64), weight.copy()
    for _ in range(int(np.max(np.where(first > 0, most - first, 0.0)))):
        weight = np.where(k < most, next_weight(weight, k, *given), 0.0)
        k = k + 1.0
        whole = whole + weight
        if np.all(weight <= whole * np.finfo(np.float64).eps * 1e-3):
            break
    return np.where(first > 0, whole, 1.0)


class _NextWeight(Protocol):
    def __call__(
        self, weight: FloatArray, k: FloatArray | float, *given: FloatArray
    ) -> FloatArray: ...
