"""Two lines over time, one with the band that luck alone would give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.pictures.drawing.canvas import (
    BAND,
    GRID,
    INK,
    SAVE,
    SOFT,
    Anchor,
    Canvas,
    Scale,
    ticks,
    width_of,
)
from retention_lib.units import count


@dataclass(frozen=True)
class LineChart:
    """People in post by month, with and without; `binds_until` marks the tie-in's end."""

    key: str
    title: str
    reading: str
    without: Sequence[float]
    with_scheme: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    binds_until: int | None


def draw(chart: LineChart, width: float) -> str:
    """Draw the chart as SVG; each line is named at its end."""
    height, top, bottom = 270.0, 34.0, 240.0
    last = len(chart.without) - 1
    words = (f"with, {count(chart.with_scheme[-1])}", f"without, {count(chart.without[-1])}")
    right = width - max(width_of(each) for each in words) - 10
    canvas = Canvas(chart.key, width, height, chart.title, chart.reading)
    values = ticks(0.0, max([*chart.high, 1.0]), 5)
    left = max(38.0, *(width_of(count(value), 13) + 8 for value in values))
    up = Scale(values[0], values[-1], bottom, top)
    along = Scale(0, max(1, last), left, right)
    for value in values:
        canvas.line((left, up(value)), (right, up(value)), stroke=GRID if value else INK)
        canvas.text(left - 6, up(value) + 5, count(value), anchor="end", fill=SOFT, size=13)
    _band(canvas, chart, along, up)
    for line, stroke, dash in ((chart.without, SOFT, "5 4"), (chart.with_scheme, SAVE, "")):
        points = [(along(month), up(value)) for month, value in enumerate(line)]
        canvas.path(points, stroke=stroke, width=3 if stroke == SAVE else 2.5, dash=dash)
    _ends(canvas, chart, words, up, right)
    _years(canvas, chart, along, bottom, top)
    return canvas.svg()


def _band(canvas: Canvas, chart: LineChart, along: Scale, up: Scale) -> None:
    upper = [(along(month), up(value)) for month, value in enumerate(chart.high)]
    lower = [(along(month), up(value)) for month, value in enumerate(chart.low)]
    canvas.area([*upper, *reversed(lower)], BAND)


def _ends(
    canvas: Canvas, chart: LineChart, words: tuple[str, str], up: Scale, right: float
) -> None:
    """Name both lines at their ends, pushed apart where they meet."""
    y_with, y_without = up(chart.with_scheme[-1]), up(chart.without[-1])
    gap = 17 - abs(y_without - y_with)
    if gap > 0:
        above = -1 if y_with <= y_without else 1
        y_with, y_without = y_with + above * gap / 2, y_without - above * gap / 2
    canvas.text(right + 6, y_with + 5, words[0], fill=SAVE, bold=True)
    canvas.text(right + 6, y_without + 5, words[1], bold=True)


def _years(canvas: Canvas, chart: LineChart, along: Scale, bottom: float, top: float) -> None:
    last = len(chart.without) - 1
    step = 12 if last >= 12 else max(1, last)
    every = step * max(1, round(last / step / 5))
    for month in range(0, last + 1, every):
        words = "start" if month == 0 else f"{month // 12} y" if month % 12 == 0 else f"{month} m"
        canvas.text(along(month), bottom + 20, words, anchor="middle", fill=SOFT, size=13)
    if chart.binds_until is not None and 0 < chart.binds_until <= last:
        x = along(chart.binds_until)
        canvas.line((x, top - 12), (x, bottom), stroke=SOFT, dash="2 3")
        words = "tie-in ends"
        fits = x - 4 - width_of(words, 13) >= 0
        at = x - 4 if fits else x + 4
        anchor: Anchor = "end" if fits else "start"
        canvas.text(at, top - 14, words, anchor=anchor, fill=SOFT, size=13)
