"""Money by year: what goes out below the line, what comes in above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.pictures.drawing.canvas import (
    BACK,
    BACK_INK,
    COST,
    GRID,
    INK,
    SAVE,
    SOFT,
    Canvas,
    Scale,
    ticks,
    width_of,
)
from retention_lib.pictures.drawing.places import known
from retention_lib.pictures.drawing.yearly import whisker
from retention_lib.units import thousands

_NARROW = 420


@dataclass(frozen=True)
class YearBars:
    """One year: pounds out (below zero or 0), paid back and saved (of either sign).

    `net` is what they come to, and `low` and `high` the ends of its range.
    """

    label: str
    out: float
    back: float
    saved: float
    net: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class BarChart:
    """The years, in order."""

    key: str
    title: str
    reading: str
    years: Sequence[YearBars]


def draw(chart: BarChart, width: float) -> str:
    """Draw the chart as SVG, in thousands of pounds."""
    height, top, bottom = 270.0, 64.0, 240.0
    canvas = Canvas(chart.key, width, height, chart.title, chart.reading)
    lows = [year.out + min(0.0, year.saved) for year in chart.years]
    highs = [year.back + max(0.0, year.saved) for year in chart.years]
    ends = known(end for year in chart.years for end in (year.net, year.low, year.high))
    values = ticks(min([0.0, *lows, *ends]), max([0.0, *highs, *ends, 1.0]), 5)
    left = max(52.0, *(width_of(thousands(value), 13) + 8 for value in values))
    scale = Scale(values[0], values[-1], bottom, top)
    for value in values:
        zero = value == 0
        canvas.line((left, scale(value)), (width, scale(value)), stroke=INK if zero else GRID)
        canvas.text(left - 6, scale(value) + 5, thousands(value), anchor="end", fill=SOFT, size=13)
    slot = (width - left) / max(1, len(chart.years))
    for index, year in enumerate(chart.years):
        _year(canvas, year, scale, left + slot * index, slot)
        if index % _every(len(chart.years), slot) == 0:
            label = _short(year.label, slot)
            middle = left + slot * (index + 0.5)
            canvas.text(middle, bottom + 20, label, anchor="middle", fill=SOFT, size=13)
    _key(canvas, chart, left)
    return canvas.svg()


def _every(years: int, slot: float) -> int:
    """Tell how many years share one label where they are too many to name."""
    return 1 if slot >= 44 else max(1, round(44 / slot)) if years else 1


def _short(label: str, slot: float) -> str:
    """Shorten "2026/27" to "26/27" where there is little room."""
    return label[2:] if slot < 62 and "/" in label else label


def _year(canvas: Canvas, year: YearBars, scale: Scale, x: float, slot: float) -> None:
    bar_x, bar = x + slot * 0.18, slot * 0.64
    zero = scale(0)
    canvas.box(bar_x, zero, bar, scale(year.out) - zero, COST)
    canvas.box(bar_x, scale(year.back), bar, zero - scale(year.back), BACK)
    if year.saved >= 0:
        top = scale(year.back + year.saved)
        canvas.box(bar_x, top, bar, scale(year.back) - top, SAVE)
    else:
        canvas.box(
            bar_x, scale(year.out), bar, scale(year.out + year.saved) - scale(year.out), SAVE
        )
    _net(canvas, year, scale, x + slot / 2, min(5.0, slot / 4))


def _net(canvas: Canvas, year: YearBars, scale: Scale, x: float, cap: float) -> None:
    """Mark what a year comes to, over the range in which it lies eight times in ten."""
    ends = known([year.low, year.high])
    if len(ends) == 2:
        whisker(canvas, (x, scale(ends[0])), (x, scale(ends[1])), cap)
    if year.net is not None:
        canvas.dot(x, scale(year.net), radius=cap, fill="#fff")
        canvas.dot(x, scale(year.net), radius=cap - 1.5)


def _key(canvas: Canvas, chart: BarChart, left: float) -> None:
    """Name the three colours, in words of the same colours, where they are read first."""
    if any(year.net is not None for year in chart.years):
        ranged = any(year.low is not None for year in chart.years)
        words = "net, 8 times in 10" if ranged else "net"
        canvas.text(canvas.width, 52, words, anchor="end", size=13)
        x = canvas.width - width_of(words, 13) - 24
        if ranged:
            whisker(canvas, (x, 48), (x + 16, 48), 4)
        canvas.dot(x + 8, 48, radius=3.5)
    canvas.text(left, 16, "paid out, with on-costs", fill=COST, bold=True)
    canvas.text(left, 34, "paid back by leavers", fill=BACK_INK, bold=True)
    canvas.text(left, 52, "saved", fill=SAVE, bold=True)
    canvas.text(canvas.width, 34, "£ thousand", anchor="end", fill=SOFT, size=13)
