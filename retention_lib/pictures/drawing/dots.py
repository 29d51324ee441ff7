"""Findings as dots with intervals, against what is needed and what is assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.pictures.drawing.canvas import (
    COST,
    GRID,
    INK,
    PAYS,
    SAVE,
    SOFT,
    Canvas,
    Scale,
    ticks,
    width_of,
    wrapped,
)
from retention_lib.pictures.drawing.places import fitted, known
from retention_lib.units import percent

_NARROW = 520
_WIDEST_LABEL = 290


@dataclass(frozen=True)
class Dot:
    """One finding: a share, its interval where it has one, and a short remark.

    One that gave no figure has its remark alone.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    remark: str = ""
    filled: bool = True


@dataclass(frozen=True)
class DotChart:
    """Dots on one axis of shares; from `needed` up the ground is shaded."""

    key: str
    title: str
    reading: str
    axis: str
    dots: Sequence[Dot]
    needed: float | None
    assumed: float


def draw(chart: DotChart, width: float) -> str:
    """Draw the chart as SVG: labels beside the dots, or above them where it is narrow."""
    narrow = width < _NARROW
    left = 16.0 if narrow else _WIDEST_LABEL + 14.0
    labels = [
        wrapped(dot.label, width - 2 if narrow else _WIDEST_LABEL, 13)[:2] for dot in chart.dots
    ]
    top = 52.0
    heights = [44.0 + 14 * (len(lines) - 1) if narrow else 34.0 for lines in labels]
    bottom = top + sum(heights or [44.0]) + 8
    axis = wrapped(chart.axis, width - left - 30, 13)
    canvas = Canvas(chart.key, width, bottom + 30 + 16 * len(axis), chart.title, chart.reading)
    values = _ticks(chart, 4 if narrow or width - left < 300 else 6)
    scale = Scale(values[0], values[-1], left, width - 26)

    _ground(canvas, chart, scale, top, bottom)
    for value in values:
        canvas.line((scale(value), top), (scale(value), bottom), stroke=GRID)
        canvas.text(
            scale(value), bottom + 18, percent(value, 1), anchor="middle", fill=SOFT, size=13
        )
    _assumed(canvas, chart, scale, top, bottom)
    y = top
    for dot, lines, height in zip(chart.dots, labels, heights, strict=True):
        middle = y + height - 14 if narrow else y + height / 2
        _label(canvas, lines, middle, None if narrow else left - 12)
        _finding(canvas, dot, scale, middle)
        y += height
    for index, line in enumerate(axis):
        y = bottom + 38 + 16 * index
        canvas.text((left + width - 26) / 2, y, line, anchor="middle", fill=SOFT, size=13)
    return canvas.svg()


def _ticks(chart: DotChart, most: int) -> list[float]:
    """Choose an axis that holds every finding, what is needed and what is assumed."""
    ends = known(end for dot in chart.dots for end in (dot.value, dot.low, dot.high))
    highest = max([*ends, chart.assumed, chart.needed or 0.0, 0.05])
    return ticks(min([0.0, *ends]), highest * 1.04, most)


def _ground(canvas: Canvas, chart: DotChart, scale: Scale, top: float, bottom: float) -> None:
    if chart.needed is None:
        canvas.text(scale.at_1, 16, "nothing here is enough", anchor="end", fill=SAVE, bold=True)
        return
    start = scale(chart.needed)
    canvas.box(start, top, scale.at_1 - start, bottom - top, PAYS)
    words = f"pays for itself: {percent(chart.needed, 1 if chart.needed < 0.1 else 0)} or more"
    fits = start + width_of(words) <= scale.at_1
    x = start + 2 if fits else scale.at_1
    canvas.text(x, 16, words, anchor="start" if fits else "end", fill=SAVE, bold=True)
    canvas.line((start, 22), (start, bottom), stroke=SAVE, width=2)


def _label(canvas: Canvas, lines: Sequence[str], middle: float, right: float | None) -> None:
    """Name a finding, above its dot or left of it."""
    for index, line in enumerate(lines):
        if right is None:
            y = middle - 15 - 14 * (len(lines) - 1 - index)
            canvas.text(2, y, fitted(line, canvas.width - 2), size=13, halo=True)
        else:
            offset = 5 - (len(lines) - 1) * 7 + index * 14
            canvas.text(right, middle + offset, line, anchor="end", size=13)


def _finding(canvas: Canvas, dot: Dot, scale: Scale, middle: float) -> None:
    """Draw one finding: its dot, its interval and its remark."""
    if dot.value is None:
        canvas.text(scale(0) + 6, middle + 5, dot.remark, fill=SOFT, size=13, halo=True)
        return
    ends = [dot.value]
    if dot.low is not None and dot.high is not None:
        ends += [dot.low, dot.high]
        canvas.line((scale(dot.low), middle), (scale(dot.high), middle), stroke=SOFT, width=3)
    canvas.dot(scale(dot.value), middle, filled=dot.filled)
    if dot.remark:
        x = scale(max(ends)) + 12
        fits = x + width_of(dot.remark, 13) <= canvas.width
        canvas.text(
            x if fits else scale(min(ends)) - 12,
            middle + 5,
            dot.remark,
            anchor="start" if fits else "end",
            fill=SOFT,
            size=13,
            halo=True,
        )


def _assumed(canvas: Canvas, chart: DotChart, scale: Scale, top: float, bottom: float) -> None:
    x = scale(chart.assumed)
    canvas.line((x, 40), (x, bottom), stroke=COST, width=3, dash="6 4")
    words = f"you assume {percent(chart.assumed, 1)}"
    half = width_of(words) / 2 + 6
    if chart.needed is not None:
        # Beside the line of what is needed where there is room, so that it strikes nothing through.
        needed = scale(chart.needed)
        beside = needed - half if x <= needed else needed + half
        if abs(x - needed) < half and half <= beside <= canvas.width - half:
            x = beside
    x = min(max(x, half), canvas.width - half)
    canvas.text(x, 36, words, anchor="middle", fill=COST, bold=True, halo=True)
    if not chart.dots:
        canvas.text(scale.at_0, top + 20, "No study gives a number for this.", fill=INK)
