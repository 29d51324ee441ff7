"""How far each number moves an answer: the Aqua Book's second rating, from the tornado.

A number's impact is the width of its bar, in pounds and as a share of the widest bar. What counts
as much and as some is the register's (entries `impact_high_share` and `impact_medium_share`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from retention_lib.assumptions import register
from retention_lib.plans.plan import Plan
from retention_lib.plans.result import NetBar
from retention_lib.plans.sensitivity import tornado_bars as plan_bars
from retention_lib.results import Bar
from retention_lib.scenario import Scenario
from retention_lib.sensitivity import tornado_bars as offer_bars

Impact = Literal["high", "medium", "low", "none", "not_drawn"]

IMPACTS: tuple[Impact, ...] = ("high", "medium", "low", "not_drawn", "none")
"""In the order in which they are read: what moves the answer, what is set, what does not."""

MATTERS: frozenset[Impact] = frozenset({"high", "medium", "low"})

IMPACT_WORDS: Mapping[Impact, str] = {
    "high": "High",
    "medium": "Medium",
    "low": "Low",
    "not_drawn": "Not drawn",
    "none": "None",
}


@dataclass(frozen=True)
class Cutoffs:
    """The least share of the widest bar that counts as high impact, and as medium."""

    high: float
    medium: float


@dataclass(frozen=True)
class Move:
    """What one number does to an answer: the width of its bar, and the ends it was drawn at."""

    path: str
    pounds: float
    low_text: str
    high_text: str


def cutoffs() -> Cutoffs:
    """Give the register's cut-offs.

    Example:
        >>> cutoffs()
        Cutoffs(high=0.5, medium=0.1)
    """
    rows = register()
    return Cutoffs(rows["impact_high_share"].default, rows["impact_medium_share"].default)


def rated(pounds: float, widest: float, at: Cutoffs) -> Impact:
    """Rate a bar beside the widest; a bar at a cut-off has reached it.

    Args:
        pounds: the width of its bar, 0 or more.
        widest: the width of the widest bar of the answer.
        at: the cut-offs.

    Example:
        >>> [rated(each, 1000.0, Cutoffs(0.5, 0.1)) for each in (500.0, 499.0, 100.0, 99.0, 0.0)]
        ['high', 'medium', 'medium', 'low', 'none']
    """
    if pounds <= 0 or widest <= 0:
        return "none"
    if pounds >= at.high * widest:
        return "high"
    return "medium" if pounds >= at.medium * widest else "low"


def moves_of(document: Scenario | Plan | None) -> tuple[Move, ...]:
    """Say what each uncertain number alone does to an answer, the widest first.

    Of an offer the net present value, of a plan the council's cash over four years.

    Example:
        >>> from retention_lib.presets import preset
        >>> moves_of(preset("middlesbrough-2019").scenario)[0].path
        'effect.leaving_reduction'
    """
    if isinstance(document, Scenario):
        return from_bars(offer_bars(document))
    return from_bars(plan_bars(document)) if document is not None else ()


def from_bars(bars: Iterable[Bar | NetBar]) -> tuple[Move, ...]:
    """Read the bars of a tornado."""
    return tuple(Move(bar.path, _width(bar), bar.low_text, bar.high_text) for bar in bars)


def _width(bar: Bar | NetBar) -> float:
    if isinstance(bar, Bar):
        return abs(bar.npv_at_high - bar.npv_at_low)
    return abs(bar.net_at_high - bar.net_at_low)


def widest_of(moves: Iterable[Move]) -> Move | None:
    """Give the widest of several bars, None of none.

    Example:
        >>> widest_of([Move("a", 1.0, "", ""), Move("b", 2.0, "", "")]).path
        'b'
    """
    return max(moves, key=lambda move: move.pounds, default=None)
