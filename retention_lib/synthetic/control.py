"""The mix of other councils that went as one council did (a synthetic control), and its fit.

The weights w, none below 0 and together 1, are those that make

    sum over years ((x - sum_j w_j x_j) / near)^2  +  spread * sum_j w_j^2

smallest: x the council's figures, x_j another's, near what counts as near in the measure. Without
the second part a hundred councils match two or three years in endlessly many ways, and which is
found depends on the search. With it there is one mix, of many councils, so that luck in the
figures of a few does not make it (the ridge of Doudchenko and Imbens 2016, and of Arkhangelsky and
others 2021).

pysyncon finds the councils: `spread` is put to its `Synth` as one more row for each council, with
the root of `spread` in it and 0 to be matched. It is asked of the nearest councils. Its search
stops early and does not say so (its tolerance is for sums near 1; figures as shares of 1 leave it
at equal weights), so its answer is where the work begins and not where it ends: on the councils
that it chose the best weights solve a linear system, and whoever of all the others would make the
sum smaller joins them, until nobody would (the active set method of Lawson and Hanson). That is
also the proof, which needs no search, so that whoever reads kept weights can repeat it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retention_lib.synthetic.panel import Floats

TOLERANCE = 1e-4
"""How far from the smallest the sum of rounded weights may be: a part of the figures' squares."""

DIGITS = 6
_SCALE = 10.0  # the size of sums at which pysyncon's search comes nearest
_NEAREST = 15
_EXACT = 1e-9
_ROUNDS = 1_000
_FEW_ROUNDS = 12  # in which many join at a time; after them one by one, which always ends
_MANY = 12


class NoMixError(ArithmeticError):
    """No weights were found that are proven to be the best."""


def fit(own: Floats, others: Floats, spread: float) -> Floats:
    """Find the weights of other councils that went as one council did.

    Args:
        own: the council's figures, one a year, in parts of what counts as near.
        others: the other councils' figures alike, a row each, a column a year.
        spread: how much being spread over many councils counts against matching exactly; above 0.

    Returns:
        The weights, rounded: none below 0, together 1.

    Raises:
        NoMixError: where the weights found are not proven to be best.
        ImportError: where pysyncon is not installed.
    """
    nearest = np.argsort(((others - own) ** 2).sum(axis=1), kind="stable")[:_NEAREST]
    start = np.zeros(len(others))
    start[nearest] = rounded(_searched(own, others[nearest], spread))
    found = rounded(_finished(start, own, others, spread))
    if not is_best(found, own, others, spread):
        far = shortfall(found, own, others, spread)
        raise NoMixError(f"No mix was found: the best was out by {far:g}.")
    return found


def is_best(weights: Floats, own: Floats, others: Floats, spread: float) -> bool:
    """Tell whether weights are proven to be the best, but for their rounding."""
    return shortfall(weights, own, others, spread) <= TOLERANCE * (1 + float(own @ own))


def _finished(start: Floats, own: Floats, others: Floats, spread: float) -> Floats:
    """Go from weights that are near the best to the best."""
    weights, chosen = start, start > 0
    for number in range(_ROUNDS):
        weights, chosen = _best_among(weights, chosen, own, others, spread)
        slope = _slope(weights, own, others, spread)
        level = weights @ slope
        if level - slope.min() <= _EXACT:
            break
        worst = np.argsort(slope, kind="stable")[: _MANY if number < _FEW_ROUNDS else 1]
        chosen[worst[slope[worst] < level]] = True
    return weights


def _best_among(
    weights: Floats, chosen: NDArray[np.bool_], own: Floats, others: Floats, spread: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """Give the best weights among some councils; who would fall below 0 leaves them."""
    while True:
        free = _unbounded(np.flatnonzero(chosen), own, others, spread)
        below = chosen & (free <= 0)
        if not below.any():
            return free, chosen
        step = float((weights[below] / (weights[below] - free[below])).min())
        weights = weights + step * (free - weights)
        chosen = chosen & ~(below & (weights <= _EXACT))
        weights = np.where(chosen, weights, 0.0)


def _unbounded(chosen: NDArray[np.intp], own: Floats, others: Floats, spread: float) -> Floats:
    """Solve for the best weights of some councils that add up to 1, below 0 or not."""
    many = len(chosen)
    table = others[chosen]
    system = np.ones((many + 1, many + 1))
    system[:many, :many] = table @ table.T + spread * np.eye(many)
    system[many, many] = 0.0
    solved = np.linalg.solve(system, np.append(table @ own, 1.0))
    result = np.zeros(len(others))
    result[chosen] = solved[:many]
    return result


def _searched(own: Floats, others: Floats, spread: float) -> Floats:
    """Ask pysyncon once. It divides each row by its spread; its V takes that back."""
    import pandas as pd
    from pysyncon import Synth

    many = len(others)
    rows = np.vstack([others.T, np.sqrt(spread) * np.eye(many)])
    table = pd.DataFrame(rows, columns=range(many))
    series = pd.Series(np.concatenate([own, np.zeros(many)]), name="own")
    variance = pd.concat([table, series], axis=1).var(axis=1).to_numpy()
    search = Synth()
    search.fit(X0=table, X1=series, Z0=table, Z1=series, custom_V=_SCALE * variance)
    found: Floats = np.clip(np.asarray(search.W, dtype=float), 0.0, 1.0)
    return found


def rounded(weights: Floats) -> Floats:
    """Round weights so that they still add up to 1; what is lost goes to the largest losses.

    Example:
        >>> [float(w) for w in rounded(np.array([2.0, 1.0, 0.0]) / 3)]
        [0.666667, 0.333333, 0.0]
    """
    units = 10**DIGITS
    exact = weights / weights.sum() * units
    whole = np.floor(exact + 1e-9)
    short = round(units - whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:short]] += 1
    result: Floats = whole / units
    return result


def shortfall(weights: Floats, own: Floats, others: Floats, spread: float) -> float:
    """Bound how far weights are from the best: no others make the sum smaller by more than this.

    The sum is convex, so along its slope g at w nothing is gained beyond w·g − min g (the gap of
    Frank and Wolfe).

    Example:
        Half and half of 10 and 20 is exactly 15.

        >>> own, others = np.array([15.0]), np.array([[10.0], [20.0]])
        >>> round(shortfall(np.array([0.5, 0.5]), own, others, 0.1), 12)
        0.0
        >>> shortfall(np.array([1.0, 0.0]), own, others, 0.1) > 10
        True
    """
    slope = _slope(weights, own, others, spread)
    return float(weights @ slope - slope.min())


def _slope(weights: Floats, own: Floats, others: Floats, spread: float) -> Floats:
    result: Floats = 2 * others @ (weights @ others - own) + 2 * spread * weights
    return result


def distance(own: Floats, mix: Floats) -> float:
    """Give how far two paths lie apart: the root of the mean squared distance (RMSPE).

    Example:
        >>> distance(np.array([3.0, 4.0]), np.array([0.0, 8.0])).__round__(4)
        3.5355
    """
    return float(np.sqrt(np.mean((own - mix) ** 2)))
