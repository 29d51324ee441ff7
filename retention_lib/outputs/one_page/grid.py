"""Every answer that a page's levers can reach, each worked out by the library beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from retention_lib.answering import answer
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.benchmarks.words import worth
from retention_lib.documents import Document
from retention_lib.outputs.facts import Fact, Tone, facts_of, tone_of
from retention_lib.outputs.one_page.levers import Lever, levers_of
from retention_lib.plans.result import PlanResult
from retention_lib.results import Answered, IncentiveResult
from retention_lib.units import money

_FIGURE = re.compile(r"([£−]*\d[\d,.]*%?)")
LEAD = 2
"""Sentences of an answer that stand in larger type."""

Places = tuple[int, ...]
"""Which stop each lever stands at, from 0."""


@dataclass(frozen=True)
class Bar:
    """A sum of money in the picture that moves."""

    label: str
    pounds: float


@dataclass(frozen=True, kw_only=True)
class Point:
    """One answer as a page shows it. `said` is what is spoken of it once the levers rest."""

    headline: str
    said: str
    tone: Tone
    sentences: tuple[str, ...]
    facts: tuple[Fact, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The levers, the answer at every place of all of them, and where the scenario stands."""

    levers: tuple[Lever, ...]
    points: Mapping[Places, Point]

    @property
    def own(self) -> Places:
        """The places of the answer as it was sent."""
        return tuple(lever.own for lever in self.levers)


def grid_of(document: Document, result: Answered) -> Grid:
    """Work out every answer that the levers can reach.

    The scenario's own is the answer that was given, with its ranges; the others have none.

    Args:
        document: what was chosen.
        result: its answer.

    Raises:
        BrokenIdentityError: where one of the answers does not add up.
    """
    found = levers_of(document, result)
    own = tuple(lever.own for lever in found.levers)
    points: dict[Places, Point] = {}
    for places in product(*(range(len(lever.values)) for lever in found.levers)):
        if places == own:
            points[places] = point_of(result)
            continue
        values = tuple(
            lever.values[place] for lever, place in zip(found.levers, places, strict=True)
        )
        points[places] = point_of(answer(found.make(values), ranges=False))
    return Grid(levers=found.levers, points=points)


def point_of(result: Answered) -> Point:
    """Give what a page shows of an answer."""
    said = result.headline
    if isinstance(result, BenchmarkResult):
        said = worth(result.standing, result.gap) or result.headline
    return Point(
        headline=result.headline,
        said=said,
        tone=tone_of(result),
        sentences=result.sentences,
        facts=tuple(facts_of(result)),
        bars=_bars(result),
    )


def bars_title(result: Answered) -> str:
    """Say what the bars of the picture that moves are."""
    match result:
        case IncentiveResult():
            return "Net by financial year, everything counted: gains to the right"
        case PlanResult():
            return "The council's net cash by financial year: gains to the right"
    return "What closing the gap is worth in a year: costs to the left"


def _bars(result: Answered) -> tuple[Bar, ...]:
    """Give the sums of the picture that moves: net by year, or what closing a gap is worth."""
    match result:
        case IncentiveResult():
            years = [str(row[0]) for row in result.table("years").rows]
            return _named(years, result.net_by_year)
        case PlanResult():
            return _named(result.years, result.net_by_year) if result.timeline else ()
        case BenchmarkResult():
            return tuple(Bar(line.label, line.pounds) for line in result.gap.lines)
    return ()


def _named(labels: Iterable[str], pounds: Iterable[float]) -> tuple[Bar, ...]:
    return tuple(Bar(label, each) for label, each in zip(labels, pounds, strict=True))


class _Texts:
    """Texts, each kept once, and cut at their figures so that like sentences share their words."""

    def __init__(self) -> None:
        self.pieces: dict[str, int] = {}
        self._places: dict[str, int] = {}
        self.cut: list[list[int]] = []

    def __call__(self, text: str) -> int:
        """Give the place of a text."""
        if text not in self._places:
            self._places[text] = len(self.cut)
            pieces = [piece for piece in _FIGURE.split(text) if piece]
            self.cut.append([self.pieces.setdefault(piece, len(self.pieces)) for piece in pieces])
        return self._places[text]


@dataclass(frozen=True)
class Ruler:
    """How long the bars of all answers are drawn: on one scale, so that they can be compared."""

    low: float
    high: float

    @classmethod
    def over(cls, points: Iterable[Point]) -> Ruler:
        """Measure all answers."""
        ends = [bar.pounds for point in points for bar in point.bars]
        return cls(min([0.0, *ends]), max([0.0, *ends]))

    def at(self, pounds: float) -> float:
        """Give where a sum lies from left to right, 0 to 100.

        Example:
            >>> Ruler(-100.0, 300.0).at(0.0), Ruler(0.0, 0.0).at(0.0)
            (25.0, 0.0)
        """
        span = self.high - self.low
        return 100.0 * (pounds - self.low) / span if span else 0.0

    def drawn(self, bar: Bar) -> tuple[str, str, str]:
        """Give a bar's left edge, its width, and whether it is a gain or a loss.

        Example:
            >>> Ruler(-100.0, 300.0).drawn(Bar("2026/27", -50.0))
            ('12.5%', '12.5%', 'loss')
        """
        left, right = sorted((self.at(0.0), self.at(bar.pounds)))
        return _percent(left), _percent(right - left), "gain" if bar.pounds >= 0 else "loss"

    @property
    def zero(self) -> str:
        """Where nothing is gained or lost."""
        return _percent(self.at(0.0))


def _percent(value: float) -> str:
    return f"{round(value, 1):g}%"


def grid_json(grid: Grid) -> dict[str, Any]:
    """Give a grid as the page's script reads it: texts once each, and where they are used.

    A text is a row of places among `pieces`, and is read by putting these together. `points` is
    nested, one level for each lever, so that finding an answer is only looking it up.
    """
    texts, ruler = _Texts(), Ruler.over(grid.points.values())
    points = {places: _packed(point, texts, ruler) for places, point in grid.points.items()}
    sizes = [len(lever.values) for lever in grid.levers]
    return {
        "levers": [[texts(text) for text in lever.texts] for lever in grid.levers],
        "own": list(grid.own),
        "points": _nested(points, sizes, ()),
        "texts": texts.cut,
        "pieces": list(texts.pieces),
    }


def _packed(point: Point, texts: _Texts, ruler: Ruler) -> list[Any]:
    bars = [(bar.label, money(bar.pounds), *ruler.drawn(bar)) for bar in point.bars]
    return [
        texts(point.headline),
        texts(point.said),
        texts(point.tone),
        [texts(sentence) for sentence in point.sentences[:LEAD]],
        [texts(sentence) for sentence in point.sentences[LEAD:]],
        [[texts(figure), texts(label)] for figure, label in point.facts],
        [[texts(part) for part in bar] for bar in bars],
    ]


def _nested(points: Mapping[Places, list[Any]], sizes: list[int], before: Places) -> list[Any]:
    if not sizes:
        return points[before]
    return [_nested(points, sizes[1:], (*before, place)) for place in range(sizes[0])]
