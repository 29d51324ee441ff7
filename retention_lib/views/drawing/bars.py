"""Money by year: what goes out below the line, what comes in above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.units import thousands
from retention_lib.views.drawing.canvas import (
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

_NARROW = 420


@dataclass(frozen=True)
class YearBars:
    """One year: pounds out (below zero or 0), paid back and saved (of either sign)."""

    label: str
    out: float
    back: float
    saved: float


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
    values = ticks(min([0.0, *lows]), max([0.0, *highs, 1.0]), 5)
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
    _key(canvas, left)
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


def _key(canvas: Canvas, left: float) -> None:
    """Name the three colours, in words of the same colours, where they are read first."""
    canvas.text(left, 16, "paid out, with on-costs", fill=COST, bold=True)
    canvas.text(left, 34, "paid back by leavers", fill=BACK_INK, bold=True)
    canvas.text(left, 52, "saved", fill=SAVE, bold=True)
    canvas.text(canvas.width, 16, "£ thousand", anchor="end", fill=SOFT, size=13)
