"""Who gets what when: the measures of a plan over its months, and the money of each year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from retention_lib.pictures.drawing.canvas import (
    BAND,
    GRID,
    SAVE,
    SOFT,
    Canvas,
    Point,
    Scale,
    width_of,
)
from retention_lib.pictures.drawing.places import (
    NARROW,
    across,
    empty,
    fitted,
    fitted_lines,
)
from retention_lib.pictures.drawing.yearly import flow, year_text

_SMALL = 13.0
_LINE = 16.0
_BAR = 14.0
_HEAD = 11.0  # length of an arrow's head
_SAMPLE = 26.0


@dataclass(frozen=True)
class Measure:
    """A measure from the start of month `first` to the end of month `last`, counted from 0.

    It builds up over `ramp` months. Without a `last` it goes on. `money` has a text for each
    financial year, which may be empty.
    """

    label: str
    first: int
    last: int | None = None
    ramp: int = 0
    money: Sequence[str] = ()


@dataclass(frozen=True)
class TimelineChart:
    """The measures; `years` are how many months have gone by at each year's end, and its name.

    Years that end at 0 or before are left out, so that the years of a `FanChart` will do.
    """

    key: str
    title: str
    reading: str
    years: Sequence[tuple[int, str]]
    measures: Sequence[Measure]
    ramp_label: str = "builds up to full effect"
    open_label: str = "goes on"
    later_label: str = "begins later"


@dataclass(frozen=True)
class _Row:
    """A measure laid out: its name in lines, its money under the bar and how high it all is."""

    measure: Measure
    lines: Sequence[str]
    items: Sequence[tuple[str, int, float]]
    height: float


@dataclass(frozen=True)
class _Plan:
    """Where the months are, which years they make up and whether names stand above the bars.

    `item` is the room for a year with its money, where that finds none in the year's cell.
    """

    along: Scale
    years: Sequence[tuple[int, str]]
    narrow: bool
    left: float
    item: float | None = None

    @property
    def months(self) -> int:
        """How many months are drawn."""
        return self.years[-1][0]

    @property
    def cells(self) -> list[tuple[float, float]]:
        """From where to where each year reaches."""
        ends = [0, *(month for month, _ in self.years)]
        return [(self.along(a), self.along(b)) for a, b in pairwise(ends)]


def draw(chart: TimelineChart, width: float) -> str:
    """Draw the chart as SVG: names left of the bars, or above them where it is narrow.

    Args:
        chart: What to draw.
        width: How wide to draw it, in pixels.

    Example:
        >>> measures = [Measure("Smaller caseloads", 3, None, 6, ["£40,000"])]
        >>> chart = TimelineChart("plan", "Plan", "It starts in July.", [(12, "2026/27")], measures)
        >>> "£40,000" in draw(chart, 320)
        True
    """
    years = sorted({month: label for month, label in chart.years if month > 0}.items())
    if not years or not chart.measures:
        return empty(chart.key, chart.title, chart.reading, width)
    plan = _plan(chart, years, width)
    rows = [_row(measure, plan, width) for measure in chart.measures]
    keys = _keys(chart, plan.months, width)
    top = 20.0 * (1 + max((row for _, row, _ in keys), default=-1)) + 24
    bottom = top + sum(row.height for row in rows)
    canvas = Canvas(chart.key, width, bottom + 2, chart.title, chart.reading)
    for words, line, x in keys:
        _key(canvas, chart, words, x, 20.0 * line)
    _years(canvas, plan, top, bottom)
    y = top
    for row in rows:
        canvas.line((0, y), (width, y), stroke=GRID)
        _draw_row(canvas, chart, row, plan, y)
        y += row.height
    return canvas.svg()


def _plan(chart: TimelineChart, years: Sequence[tuple[int, str]], width: float) -> _Plan:
    """Divide the width between names and months."""
    narrow = width < NARROW
    widest = max(width_of(measure.label, _SMALL) for measure in chart.measures)
    left = 0.0 if narrow else min(widest, width * 0.28, 250.0) + 14
    along = Scale(0, years[-1][0], left, width - _HEAD - 3)
    plan = _Plan(along, years, narrow, left)
    fits = all(
        width_of(words, _SMALL) + 8 <= end - start
        for measure in chart.measures
        for words, (start, end) in zip(measure.money, plan.cells, strict=False)
    )
    if fits:
        return plan
    items = [words for measure in chart.measures for words in _named_money(measure, plan)]
    item = max(width_of(words, _SMALL) for words in items)
    return replace(plan, item=min(item, width - left))


def _row(measure: Measure, plan: _Plan, width: float) -> _Row:
    """Lay out one measure: its money in the years' cells, or in lines where they are too small."""
    room = width if plan.narrow else plan.left - 14
    lines = fitted_lines(measure.label, room, _SMALL, 2 if plan.narrow else 3)
    items = _cells(measure, plan) if plan.item is None else _listed(measure, plan, width)
    money = _LINE * (1 + max((row for _, row, _ in items), default=-1))
    bar = 7 + _BAR + money + 8
    names = _LINE * len(lines) + 4
    return _Row(measure, lines, items, names + bar - 4 if plan.narrow else max(bar, names + 8))


def _cells(measure: Measure, plan: _Plan) -> list[tuple[str, int, float]]:
    """Place each year's money in the middle of its cell; give its left edge."""
    return [
        (words, 0, (start + end - width_of(words, _SMALL)) / 2)
        for words, (start, end) in zip(measure.money, plan.cells, strict=False)
        if words
    ]


def _listed(measure: Measure, plan: _Plan, width: float) -> list[tuple[str, int, float]]:
    """Place each year's money after the year's name, in as many lines as that takes."""
    room = width - plan.left
    words = [fitted(each, room) for each in _named_money(measure, plan)]
    places = flow([plan.item or 0.0] * len(words), room, 14)
    return [(each, row, plan.left + x) for each, (row, x) in zip(words, places, strict=True)]


def _named_money(measure: Measure, plan: _Plan) -> list[str]:
    """Write each year's money after the year's name."""
    return [
        f"{year_text(label, 0)}: {money}"
        for money, (_, label) in zip(measure.money, plan.years, strict=False)
        if money
    ]


def _is_open(measure: Measure, months: int) -> bool:
    """Tell whether a measure goes on beyond the months drawn."""
    return measure.first < months and (measure.last is None or measure.last >= months)


def _keys(chart: TimelineChart, months: int, width: float) -> list[tuple[str, int, float]]:
    """Lay out the samples that say what a slope and an arrow mean, where there are any."""
    words = []
    if any(measure.ramp > 0 and measure.first < months for measure in chart.measures):
        words.append(chart.ramp_label)
    if any(_is_open(measure, months) for measure in chart.measures):
        words.append(chart.open_label)
    shown = [fitted(each, width - _SAMPLE - 8) for each in words]
    places = flow([width_of(each, _SMALL) + _SAMPLE + 8 for each in shown], width)
    return [(each, row, x) for each, (row, x) in zip(words, places, strict=True)]


def _key(canvas: Canvas, chart: TimelineChart, words: str, x: float, y: float) -> None:
    if words == chart.ramp_label:
        canvas.box(x, y + 4, _SAMPLE, _BAR, BAND)
        canvas.area([(x, y + 4 + _BAR), (x + _SAMPLE, y + 4), (x + _SAMPLE, y + 4 + _BAR)], SAVE)
    else:
        canvas.box(x, y + 4, _SAMPLE - _HEAD, _BAR, SAVE)
        _arrow(canvas, x + _SAMPLE - _HEAD, y + 4)
    shown = fitted(words, canvas.width - _SAMPLE - 8)
    canvas.text(x + _SAMPLE + 8, y + 15, shown, fill=SOFT, size=_SMALL)


def _years(canvas: Canvas, plan: _Plan, top: float, bottom: float) -> None:
    """Name the years over their columns and rule between them."""
    middles = [(start + end) / 2 for start, end in plan.cells]
    room = min(end - start for start, end in plan.cells)
    labels = dict(zip(middles, (label for _, label in plan.years), strict=True))
    own = Scale(0, 1, 0, 1)
    across(canvas, own, middles, top - 8, lambda middle: year_text(labels[middle], room))
    for x in (plan.along(0), *(end for _, end in plan.cells)):
        canvas.line((x, top), (x, bottom), stroke=GRID)


def _draw_row(canvas: Canvas, chart: TimelineChart, row: _Row, plan: _Plan, y: float) -> None:
    """Draw a measure: its name, its bar and its money."""
    for index, name in enumerate(row.lines):
        canvas.text(0, y + 16 + _LINE * index, name, size=_SMALL, bold=plan.narrow, halo=True)
    at = y + 7 + (_LINE * len(row.lines) if plan.narrow else 0)
    _bar(canvas, chart, row.measure, plan, at)
    for words, line, x in row.items:
        baseline = at + _BAR + 14 + _LINE * line
        canvas.text(x, baseline, words, fill=SOFT, size=_SMALL, halo=True)


def _bar(canvas: Canvas, chart: TimelineChart, measure: Measure, plan: _Plan, y: float) -> None:
    """Draw a measure's months: rising while it builds up, an arrow where it goes on."""
    first = max(0, measure.first)
    last = plan.months - 1 if measure.last is None else min(measure.last, plan.months - 1)
    if measure.first >= plan.months:
        words = fitted(chart.later_label, canvas.width - plan.left)
        canvas.text(canvas.width, y + 12, words, anchor="end", fill=SOFT, size=_SMALL, halo=True)
        return
    end = last + 1
    if end <= first:
        return
    full = min(max(first, measure.first + max(0, measure.ramp)), end)
    if full > first:
        _slope(canvas, measure, plan.along, (first, full, end), y)
    else:
        canvas.box(plan.along(first), y, plan.along(end) - plan.along(first), _BAR, SAVE)
    if _is_open(measure, plan.months):
        _arrow(canvas, plan.along(end), y)


def _slope(
    canvas: Canvas, measure: Measure, along: Scale, months: tuple[int, int, int], y: float
) -> None:
    """Draw a measure that builds up: as high as it has come, then whole to its end."""
    start, full, end = months
    base = y + _BAR
    canvas.box(along(start), y, along(full) - along(start), _BAR, BAND)
    corners: list[Point] = [(along(start), base)]
    for month in months:
        part = min(1.0, (month - measure.first) / measure.ramp)
        corners.append((along(month), base - _BAR * part))
    canvas.area([*corners, (along(end), base)], SAVE)


def _arrow(canvas: Canvas, x: float, y: float) -> None:
    """Draw the head of an arrow that goes on to the right."""
    middle = y + _BAR / 2
    canvas.area([(x - 0.5, y - 3), (x + _HEAD, middle), (x - 0.5, y + _BAR + 3)], SAVE)
