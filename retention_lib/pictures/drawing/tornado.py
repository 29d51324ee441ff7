"""What each uncertain number alone does to the answer: a tornado, widest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.pictures.drawing.canvas import (
    COST,
    GRID,
    INK,
    SAVE,
    SOFT,
    Canvas,
    Scale,
    ticks,
    width_of,
    wrapped,
)
from retention_lib.units import money, thousands

_NARROW = 520
_WIDEST_LABEL = 240


@dataclass(frozen=True)
class Swing:
    """One number: the answer at its low and its high end, and those ends in words."""

    label: str
    low_text: str
    high_text: str
    at_low: float
    at_high: float


@dataclass(frozen=True)
class TornadoChart:
    """Swings around the answer as it stands, in pounds."""

    key: str
    title: str
    reading: str
    swings: Sequence[Swing]
    now: float
    axis: str = "gain or loss (NPV), £ thousand"


def height_of(swings: int, width: float) -> float:
    """Give how high a chart of so many swings is."""
    return 84.0 + _row(width) * max(1, swings)


def _row(width: float) -> float:
    """Give how high a row is: where it is narrow, two lines of words stand above its bar."""
    return 70.0 if width < _NARROW else 40.0


def draw(chart: TornadoChart, width: float) -> str:
    """Draw the chart as SVG: what is gained to the right of zero, lost to its left."""
    narrow = width < _NARROW
    left = 22.0 if narrow else _WIDEST_LABEL + 14.0  # of the words; the scale may begin later
    top, row = 44.0, _row(width)
    bottom = top + row * max(1, len(chart.swings))
    height = height_of(len(chart.swings), width)
    canvas = Canvas(chart.key, width, height, chart.title, chart.reading)
    ends = [end for swing in chart.swings for end in (swing.at_low, swing.at_high)]
    values = ticks(min([chart.now, *ends, 0.0]), max([chart.now, *ends, 1.0]), 3 if narrow else 5)
    start = max(left, width_of(thousands(values[0]), 13) / 2 + 2)
    scale = Scale(values[0], values[-1], start, width - 24)
    for value in values:
        stroke = INK if value == 0 else GRID
        canvas.line((scale(value), top - 6), (scale(value), bottom), stroke=stroke)
        canvas.text(
            scale(value), bottom + 18, thousands(value), anchor="middle", fill=SOFT, size=13
        )
    for index, swing in enumerate(chart.swings):
        _bar(canvas, swing, scale, top + row * index + (32 if narrow else 4))
    _now(canvas, chart, scale, top, bottom)
    for index, swing in enumerate(chart.swings):
        _words(canvas, swing, scale, top + row * index, narrow, left)
    canvas.text(width, bottom + 36, chart.axis, anchor="end", fill=SOFT, size=13)
    return canvas.svg()


def _bar(canvas: Canvas, swing: Swing, scale: Scale, y: float) -> None:
    start, end = sorted((scale(swing.at_low), scale(swing.at_high)))
    zero = min(max(scale(0), start), end)
    canvas.box(start, y, zero - start, 14, COST)
    canvas.box(zero, y, end - zero, 14, SAVE)


def _words(canvas: Canvas, swing: Swing, scale: Scale, y: float, narrow: bool, left: float) -> None:
    """Name a bar and its ends; over the lines, so that none strikes a word through."""
    lines = wrapped(swing.label, canvas.width - 4 if narrow else _WIDEST_LABEL, 13)[:2]
    for index, line in enumerate(lines):
        if narrow:
            canvas.text(2, y + 26 - (len(lines) - 1 - index) * 14, line, size=13, halo=True)
        else:
            offset = 18 - (len(lines) - 1) * 7 + index * 14
            canvas.text(left - 12, y + offset, line, anchor="end", size=13)
    _end_words(canvas, swing, scale, y + (59 if narrow else 31), 2 if narrow else left - 6)


def _end_words(canvas: Canvas, swing: Swing, scale: Scale, y: float, least: float) -> None:
    """Write the low and the high end of the number under the bar's ends, right of `least`."""
    at = sorted(((scale(swing.at_low), swing.low_text), (scale(swing.at_high), swing.high_text)))
    (x_left, words_left), (x_right, words_right) = at
    need = width_of(words_left, 12) + width_of(words_right, 12) + 14
    if x_right - x_left < need:
        middle = (x_left + x_right) / 2
        x_left, x_right = middle - need / 2, middle + need / 2
    shift = max(0.0, least - x_left) - max(0.0, x_right - canvas.width)
    canvas.text(x_left + shift, y, words_left, fill=SOFT, size=12, halo=True)
    canvas.text(x_right + shift, y, words_right, anchor="end", fill=SOFT, size=12, halo=True)


def _now(canvas: Canvas, chart: TornadoChart, scale: Scale, top: float, bottom: float) -> None:
    x = scale(chart.now)
    canvas.line((x, top - 12), (x, bottom), stroke=INK, width=2, dash="3 3")
    words = f"as it stands, {money(chart.now)}"
    half = width_of(words) / 2 + 4
    middle = min(max(x, half), canvas.width - half)
    canvas.text(middle, top - 18, words, anchor="middle", bold=True, halo=True)
