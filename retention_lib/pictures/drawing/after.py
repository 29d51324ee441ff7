"""One council's line over the years, a dashed one beside it, many pale ones, and a marked year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.pictures.drawing.canvas import (
    COST,
    INK,
    SAVE,
    SOFT,
    Anchor,
    Canvas,
    Scale,
    width_of,
)
from retention_lib.pictures.drawing.places import (
    NARROW,
    PALE,
    Text,
    across,
    apart,
    covering,
    empty,
    fitted,
    fitted_lines,
    known,
    runs,
    upward,
)

_SAMPLE = 26.0  # of a stroke, beside its name
_ROW = 18.0
_LINE = 16.0
_SMALL = 13.0
_DASH = "6 4"
_PLOT = 230.0
_THIN = "#c3c9ce"
_HALF = 0.5  # the mark stands between the last year before and the first after


@dataclass(frozen=True)
class AfterChart:
    """A value a year for the council and what it is beside; `crowd` are other councils' lines.

    `year` is the last one before; the mark stands behind it. The upright axis holds 0 where
    `zero`, and the name of a line is followed by its last value.
    """

    key: str
    title: str
    reading: str
    years: Sequence[int]
    own: Sequence[float | None]
    own_label: str
    mix: Sequence[float | None]
    mix_label: str
    crowd: Sequence[Sequence[float | None]]
    crowd_label: str
    year: int | None
    mark_label: str
    text: Text
    axis: str = ""
    zero: bool = True


@dataclass(frozen=True)
class _Name:
    """What is written of a line, how it is drawn, and the value at its end."""

    words: str
    at: float
    stroke: str
    width: float
    dash: str = ""


def draw(chart: AfterChart, width: float) -> str:
    """Draw the chart as SVG: names at the lines' ends, or in rows above where it is narrow.

    Args:
        chart: what to draw.
        width: how wide to draw it, in pixels.

    Example:
        >>> chart = AfterChart("a", "A", "It fell.", [2019, 2020], [0.2, 0.1], "Here",
        ...     [0.2, 0.15], "Mix", [], "", 2019, "last year before", lambda v: f"{v:.0%}")
        >>> "Mix, 15%" in draw(chart, 320)
        True
    """
    numbers = known([*chart.own, *chart.mix, *(value for line in chart.crowd for value in line)])
    if not numbers:
        return empty(chart.key, chart.title, chart.reading, width)
    names, narrow = _names(chart), width < NARROW
    axis = fitted_lines(chart.axis, width, _SMALL) if chart.axis else []
    rows = [fitted_lines(each.words, width - _SAMPLE - 8, _SMALL) for each in names]
    above = len(axis) + (sum(map(len, rows)) if narrow else 0)
    top = 12 + _ROW * above + (_ROW if chart.year is not None else 0)
    bottom = top + _PLOT
    room = min(max((width_of(each.words, _SMALL) for each in names), default=0.0), width * 0.3)
    right = width - (14 if narrow else room + 30)
    canvas = Canvas(chart.key, width, bottom + 28, chart.title, chart.reading)
    for index, line in enumerate(axis):
        canvas.text(0, 14 + _ROW * index, line, fill=SOFT, size=_SMALL)
    if narrow:
        _rows(canvas, names, rows, 14 + _ROW * len(axis))
    up, left = upward(
        canvas, covering(numbers, 5, zero=chart.zero), chart.text, (top, bottom), right
    )
    along = Scale(min(chart.years), max(chart.years), left + 10, right - 8)
    _mark(canvas, chart, along, (top, bottom), (left, right))
    _lines(canvas, chart, along, up)
    across(canvas, along, sorted(chart.years, reverse=True), bottom + 20, lambda y: str(int(y)))
    if not narrow:
        _ends(canvas, names, up, right, room)
    return canvas.svg()


def _names(chart: AfterChart) -> list[_Name]:
    found = []
    for values, label, stroke, wide, dash in (
        (chart.own, chart.own_label, SAVE, 3.5, ""),
        (chart.mix, chart.mix_label, INK, 2.0, _DASH),
    ):
        there = known(values)
        if there and label:
            words = f"{label}, {chart.text(there[-1])}"
            found.append(_Name(words, there[-1], stroke, wide, dash))
    ends = sorted(line[-1] for line in (known(each) for each in chart.crowd) if line)
    if ends and chart.crowd_label:
        found.append(_Name(chart.crowd_label, ends[len(ends) * 9 // 10], _THIN, 1.5))
    return found


def _lines(canvas: Canvas, chart: AfterChart, along: Scale, up: Scale) -> None:
    """Draw the crowd first, then the mix, then the council over all."""
    for values in chart.crowd:
        for piece in runs(chart.years, values):
            points = [(along(year), up(value)) for year, value in piece]
            canvas.path(points, stroke=_THIN, width=1)
    for values, stroke, wide, dash, dots in (
        (chart.mix, INK, 2.0, _DASH, 0.0),
        (chart.own, SAVE, 3.5, "", 4.0),
    ):
        for piece in runs(chart.years, values):
            points = [(along(year), up(value)) for year, value in piece]
            if len(points) > 1:
                canvas.path(points, stroke=stroke, width=wide, dash=dash)
            for x, y in points if dots or len(points) == 1 else ():
                canvas.dot(x, y, radius=dots or 3, fill=stroke)


def _mark(
    canvas: Canvas,
    chart: AfterChart,
    along: Scale,
    ends: tuple[float, float],
    sides: tuple[float, float],
) -> None:
    """Rule the year after which the lines are compared, and name it above the plot."""
    if chart.year is None or not min(chart.years) <= chart.year < max(chart.years):
        return
    x = along(chart.year + _HALF)
    canvas.line((x, ends[0] - 4), (x, ends[1]), stroke=COST, width=2, dash="3 3")
    words = fitted(chart.mark_label, canvas.width - 4, _SMALL)
    wide = width_of(words, _SMALL)
    anchor: Anchor = "start"
    at = x - 4
    if at + wide > canvas.width:
        anchor, at = "end", max(x + 4, wide)
    canvas.text(min(at, canvas.width), ends[0] - 8, words, anchor=anchor, fill=COST, size=_SMALL)


def _rows(
    canvas: Canvas, names: Sequence[_Name], rows: Sequence[Sequence[str]], start: float
) -> None:
    """Name the lines above the plot, each beside a sample of it."""
    y = start
    for name, lines in zip(names, rows, strict=True):
        ends = ((0.0, y - 5), (_SAMPLE, y - 5))
        canvas.line(*ends, stroke=name.stroke, width=name.width, dash=name.dash)
        for line in lines:
            bold = name.stroke == SAVE
            canvas.text(_SAMPLE + 8, y, line, fill=_colour(name), size=_SMALL, bold=bold)
            y += _ROW


def _colour(name: _Name) -> str:
    return SOFT if name.stroke == _THIN else name.stroke


def _ends(canvas: Canvas, names: Sequence[_Name], up: Scale, right: float, room: float) -> None:
    """Name the lines at their right ends, pushed apart where they meet."""
    order = sorted(names, key=lambda name: up(name.at))
    blocks = [fitted_lines(name.words, room, _SMALL, 3) for name in order]
    heights = [_LINE * len(lines) + 4 for lines in blocks]
    middles = apart([up(name.at) for name in order], heights, canvas.height - 26)
    for name, lines, y in zip(order, blocks, middles, strict=True):
        canvas.line((right - 4, up(name.at)), (right + 10, y), stroke=PALE)
        for index, line in enumerate(lines):
            at = y + 5 + _LINE * (index - (len(lines) - 1) / 2)
            bold = name.stroke == SAVE
            canvas.text(right + 14, at, line, fill=_colour(name), size=_SMALL, bold=bold)
