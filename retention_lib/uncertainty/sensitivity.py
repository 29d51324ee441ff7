"""What would change the answer: tornado, heat map, ranges and the chance of a gain, for any model.

A model is a function of named uncertain numbers. It takes an array of draws for each and gives
their values, so that each question is one call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from retention_lib.rates import FloatArray
from retention_lib.uncertainty.ranges import Range
from retention_lib.uncertainty.sampling import drawn
from retention_lib.uncertainty.solving import switching_value

ValueOf = Callable[[Mapping[str, FloatArray]], FloatArray]

PERCENTILES = (10, 50, 90)


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


@dataclass(frozen=True)
class Spread:
    """The 10th, 50th and 90th percentile of a figure; each of the figure's own shape."""

    low: FloatArray
    middle: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class HeatMap:
    """An answer over two numbers: `values` has a row for each of `up` and a column for `across`."""

    across: FloatArray
    up: FloatArray
    values: FloatArray


def spread_of(values: FloatArray) -> Spread:
    """Give the 10th, 50th and 90th percentile over the first axis.

    The smallest of the draws that at least as many do not exceed; no draw is mixed with another.

    Example:
        >>> found = spread_of(np.arange(1.0, 11.0))
        >>> float(found.low), float(found.middle), float(found.high)
        (1.0, 5.0, 9.0)
    """
    return Spread(*np.percentile(values, PERCENTILES, axis=0, method="inverted_cdf"))


def share_of_gains(values: FloatArray, enough: float = 0.0) -> float:
    """Give the share of draws that come to something or more.

    Example:
        >>> share_of_gains(np.array([-1.0, 0.0, 2.0, 3.0]))
        0.75
    """
    return float((np.asarray(values) >= enough).mean())


def tornado(value_of: ValueOf, ranges: Sequence[Range]) -> tuple[TornadoBar, ...]:
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


def heat_map(
    value_of: ValueOf, across: tuple[str, ArrayLike], up: tuple[str, ArrayLike]
) -> HeatMap:
    """Give the answer for every pair of values of two numbers, in one call.

    Args:
        value_of: the model.
        across: the key of one number, and its values.
        up: the key of the other, and its values.

    Example:
        >>> found = heat_map(lambda x: x["a"] * x["b"],
        ...                  ("a", np.array([1.0, 2.0, 3.0])), ("b", np.array([10.0, 20.0])))
        >>> found.values.tolist()
        [[10.0, 20.0, 30.0], [20.0, 40.0, 60.0]]
    """
    one, other = (np.asarray(values, dtype=np.float64) for _, values in (across, up))
    grid = np.meshgrid(one, other)
    values = value_of({across[0]: grid[0].ravel(), up[0]: grid[1].ravel()})
    return HeatMap(one, other, np.asarray(values).reshape(other.size, one.size))


@dataclass(frozen=True)
class UncertainModel:
    """A model, and what nobody knows in it: every question about it in one place.

    Example:
        >>> model = UncertainModel(lambda x: 10 * x["gain"] - 4, (Range("gain", 0, 0.5, 1),))
        >>> model.tornado()[0].width, model.switching_values()["gain"]
        (10.0, 0.4)
        >>> float(model.spread(1024).middle) <= 1.0 <= float(model.spread(1024).high)
        True
    """

    value_of: ValueOf
    ranges: tuple[Range, ...]
    seed: int = 0

    def range_of(self, key: str) -> Range:
        """Find one of the uncertain numbers.

        Raises:
            KeyError: naming the numbers there are.
        """
        for each in self.ranges:
            if each.key == key:
                return each
        raise KeyError(f"No uncertain number {key!r}; there are {[r.key for r in self.ranges]}")

    def tornado(self) -> tuple[TornadoBar, ...]:
        """See :func:`tornado`."""
        return tornado(self.value_of, self.ranges)

    def draws(self, count: int, start: int = 0) -> dict[str, FloatArray]:
        """Draw every number; see :func:`retention_lib.uncertainty.sampling.drawn`."""
        return drawn(self.ranges, count, self.seed, start)

    def values(self, count: int) -> FloatArray:
        """Give the answer for each of so many draws, shape (count,)."""
        values = np.asarray(self.value_of(self.draws(count)))
        return np.broadcast_to(values, (count,))  # where nothing is uncertain there is one value

    def spread(self, count: int) -> Spread:
        """Give the 10th, 50th and 90th percentile of the answer."""
        return spread_of(self.values(count))

    def chance_of_gain(self, count: int) -> float:
        """Give the share of draws in which the answer is zero or more."""
        return share_of_gains(self.values(count))

    def switching_values(self) -> dict[str, float | None]:
        """Give for each number, alone, the value within its range at which the answer turns."""
        return {
            each.key: switching_value(
                lambda points, key=each.key: self.value_of({key: points}),  # type: ignore[misc]
                each.low,
                each.central,
                each.high,
            )
            for each in self.ranges
        }

    def heat_map(self, across: tuple[str, ArrayLike], up: tuple[str, ArrayLike]) -> HeatMap:
        """See :func:`heat_map`."""
        return heat_map(self.value_of, across, up)
