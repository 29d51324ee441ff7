"""The same question put to every council that is not known to have acted: how rare is it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retention_lib.assumptions import register
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.figures import Area, all_areas
from retention_lib.synthetic.control import distance
from retention_lib.synthetic.kept import Weights, kept, mix_of
from retention_lib.synthetic.panel import Floats, panel

_SAME = 1e-9  # figures are published to a tenth: 15.0 - 10.0 must count as 5.0


@dataclass(frozen=True, eq=False)
class Followed:
    """A council beside its own mix: figures in every year, None where one is not published.

    `fit` is how far they lay apart in the years before, the root of the mean square (RMSPE).
    """

    area: Area
    own: tuple[float | None, ...]
    mix: Floats
    weights: Weights
    fit: float

    def gap(self, place: int) -> float | None:
        """Give how far the council lay from its mix in one year, below 0 for less."""
        value = self.own[place]
        return None if value is None else float(value - self.mix[place])

    def change(self, start: int, end: int) -> float | None:
        """Give how far the council's own figure moved between two years."""
        first, last = self.own[start], self.own[end]
        return None if first is None or last is None else round(last - first, 9)

    def mix_change(self, start: int, end: int) -> float:
        """Give how far the mix's figure moved."""
        return float(self.mix[end] - self.mix[start])

    def after_to_before(self, start: int, least: float) -> float | None:
        """Give how much further they lay apart after a year than before it.

        A match before that is closer than `least` counts as `least`: with few years before it can
        be exact, and the ratio would say only whose is.
        """
        gaps = [self.gap(place) for place in range(start + 1, len(self.own))]
        known = np.array([each for each in gaps if each is not None])
        if not len(known):
            return None
        return float(np.sqrt(np.mean(known**2))) / max(self.fit, least)


def weights_for(measure: str, year: int, code: str, left_out: frozenset[str]) -> Weights:
    """Give a council's mix: the kept one, made anew only where it holds a council to leave out.

    A council without weight in the best mix can go without changing it.

    Raises:
        StaleMixesError: where the kept mixes do not belong to the figures.
        ImportError: where one must be made and pysyncon is not installed.
    """
    found = kept()[measure, year, code]
    return mix_of(measure, year, code, left_out) if left_out & set(found) else found


def follow(
    measure: str,
    year: int,
    code: str,
    own: Sequence[float | None],
    left_out: frozenset[str] = frozenset(),
) -> Followed:
    """Set a council beside its mix.

    Args:
        measure: the measure.
        year: the last year that is matched.
        code: the council.
        own: its figure in every year.
        left_out: councils that are to be in no mix.
    """
    pool = panel(measure)
    weights = weights_for(measure, year, code, left_out)
    mix: Floats = np.asarray(
        sum(weight * pool.values[pool.row(each)] for each, weight in weights.items())
    )
    until = pool.column(year) + 1
    before = np.array([value or 0.0 for value in own[:until]])
    return Followed(all_areas()[code], tuple(own), mix, weights, distance(before, mix[:until]))


def placebos(
    measure: str, year: int, apart: str, left_out: frozenset[str] = frozenset()
) -> tuple[Followed, ...]:
    """Follow every council that is not known to have acted as if it had acted in this year.

    The council asked about may be in their mixes, as is the custom (Abadie and others 2010),
    unless it is known to have acted.

    Args:
        measure: the measure.
        year: the year.
        apart: the council that is asked about; it is not among them.
        left_out: others that are not.
    """
    pool = panel(measure)
    return tuple(
        follow(measure, year, code, [float(value) for value in pool.values[row]], left_out)
        for row, code in enumerate(pool.codes)
        if code != apart and code not in left_out
    )


def close_fit(measure: str) -> float:
    """Give how near a mix must have been to count as close, in the measure's own unit.

    Example:
        >>> close_fit("turnover"), close_fit("caseload")
        (0.0125, 0.5)
    """
    return register()["control_close_fit"].default * MEASURES[measure].near


def poor_fit(measure: str) -> float:
    """Give how far off a mix may have been at most to be compared with."""
    return register()["control_poor_fit"].default * MEASURES[measure].near


def well_matched(measure: str, fit: float, others: Sequence[Followed]) -> tuple[Followed, ...]:
    """Keep the councils whose own mix matched well enough to be counted.

    Args:
        measure: the measure.
        fit: how well the mix of the council asked about matched.
        others: the other councils.
    """
    times = float(np.sqrt(register()["control_placebo_cut"].default))
    most = max(times * fit, close_fit(measure))
    return tuple(each for each in others if each.fit <= most)


def as_far(moved: float, others: Sequence[float]) -> int:
    """Count who moved at least as far in the same direction; of none at all, who fell or stayed.

    Example:
        >>> as_far(-0.05, [-0.06, -0.05, 0.1]), as_far(0.05, [-0.06, 0.1])
        (2, 1)
    """
    if moved > 0:
        return sum(each >= moved - _SAME for each in others)
    return sum(each <= moved + _SAME for each in others)
