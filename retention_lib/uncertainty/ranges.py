"""An uncertain number: where it may lie, and how belief is spread over it.

Every shape is bounded by what is possible, and the figure on screen is its middle: half of the
draws lie below it, half above (for a counted share, to within a fraction of a person). So a scheme
that is said to do nothing, in a range from nothing to something, is not credited with anything in
the middle draw. A plain PERT would credit it: its most frequent value is the figure set, but its
median lies towards the longer end. Taking each side by itself is what the Bank of England's fan
charts do with a normal curve; these curves end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from retention_lib.rates import FloatArray

Shape = Literal["pert", "beta", "lognormal"]

_PEAK = 5.0
"""PERT with its mode at one end is Beta(1, 5): the weight 4 of the mode, and 1 for the far end."""
_JEFFREYS = 0.5


@dataclass(frozen=True)
class Range:
    """One uncertain number.

    Attributes:
        key: its name for the model.
        low: the lower end, in the sense of `credibility`.
        central: what it is taken to be.
        high: the upper end.
        shape: `pert`, nothing beyond the ends; `lognormal`, a positive number that may be far
            larger; `beta`, a share that was counted among `counted` people.
        credibility: the share of belief between the ends; 1 where nothing lies beyond them.
        counted: the people a `beta` was counted among.
        luck: numbers with the same word here move together: what goes better goes better in all.
        turned: whether a smaller number is the better one, in moving together.
    """

    key: str
    low: float
    central: float
    high: float
    shape: Shape = "pert"
    credibility: float = 1.0
    counted: float = 0.0
    luck: str = ""
    turned: bool = False

    def at(self, chance: FloatArray) -> FloatArray:
        """Give the value that a number stays below with some chance (its quantile function).

        Args:
            chance: 0 to 1, any shape.

        Example:
            >>> Range("x", 0, 2, 12).at(np.array([0.0, 0.5, 1.0])).tolist()
            [0.0, 2.0, 12.0]
            >>> cost = Range("x", 5_000, 10_000, 40_000, "lognormal", 0.8)
            >>> cost.at(np.array([0.1, 0.5, 0.9])).round().tolist()
            [5000.0, 10000.0, 40000.0]
        """
        return _SHAPES[self.shape](self, np.asarray(chance, dtype=np.float64))


def _split_pert(number: Range, chance: FloatArray) -> FloatArray:
    """Read PERT on each side of the central value, its mode there: Beta(1, 5), in closed form.

    central -+ distance to the end x (1 - (1 - p)^(1/5)), p the share of the side that is nearer.

    Source:
        Malcolm, Roseboom, Clark and Fazar, Operations Research 7 (1959), for PERT.
    """
    away = 1.0 - (1.0 - np.abs(2.0 * chance - 1.0)) ** (1.0 / _PEAK)
    ends = np.where(chance < 0.5, number.low, number.high)
    return np.asarray(number.central + (ends - number.central) * away)


def _split_lognormal(number: Range, chance: FloatArray) -> FloatArray:
    """Read a lognormal on each side of its median, the central value.

    central x (end / central)^(z / z at the end): the ends have as much belief between them as the
    credibility says.
    """
    from scipy.special import ndtri

    at_end = NormalDist().inv_cdf((1.0 + number.credibility) / 2.0)
    ends = np.where(chance < 0.5, number.low, number.high)
    return np.asarray(number.central * (ends / number.central) ** (np.abs(ndtri(chance)) / at_end))


def _counted(number: Range, chance: FloatArray) -> FloatArray:
    """Read what is known of a share s after counting n people: Beta(s n + 1/2, (1 - s) n + 1/2).

    Source:
        Brown, Cai and DasGupta, Statistical Science 16 (2001): the interval of Jeffreys.
    """
    from scipy.special import betaincinv

    share, people = number.central, number.counted
    return np.asarray(
        betaincinv(share * people + _JEFFREYS, (1.0 - share) * people + _JEFFREYS, chance)
    )


_SHAPES: Mapping[Shape, Callable[[Range, FloatArray], FloatArray]] = {
    "pert": _split_pert,
    "beta": _counted,
    "lognormal": _split_lognormal,
}


def counted_share(key: str, share: float, people: float, credibility: float) -> Range:
    """Make the range of a share that was counted among so many people.

    Example:
        15 leavers of 75 may by luck alone come from a chance of 15% to 26%, eight times in ten.

        >>> found = counted_share("leaving", 0.2, 75, 0.8)
        >>> round(found.low, 2), round(found.high, 2)
        (0.15, 0.26)
    """
    number = Range(key, share, share, share, "beta", credibility, people)
    low, high = number.at(np.array([1.0 - credibility, 1.0 + credibility]) / 2.0)
    ends = min(float(low), share), max(float(high), share)
    return Range(key, ends[0], share, ends[1], "beta", credibility, people)
