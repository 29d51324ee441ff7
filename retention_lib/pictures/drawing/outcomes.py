"""Outcomes that are equally likely, each a dot on one or the other side of nothing gained."""

from __future__ import annotations

import math
from collections import Counter
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
)
from retention_lib.pictures.drawing.places import (
    NARROW,
    across,
    covering,
    fitted,
    held,
    is_known,
    known,
)
from retention_lib.units import money, thousands

_PLOT = 132.0
_SIDE = 22.0
_LARGEST, _SMALLEST = 9, 2  # radius of a dot
_SMALL = 13.0
_CAP = 5.0


@dataclass(frozen=True)
class OutcomesChart:
    """Outcomes in pounds, each as likely as any other; a gain is 0 or more.

    `low` and `high` are the ends of what comes eight times in ten, `now` the answer as it stands.
    While there are no outcomes `waiting` is written in their place.
    """

    key: str
    title: str
    reading: str
    outcomes: Sequence[float]
    now: float
    low: float | None = None
    high: float | None = None
    waiting: str = "No figures to draw."


def draw(chart: OutcomesChart, width: float) -> str:
    """Draw the chart as SVG: losses hollow and to the left of zero, gains filled and to its right.

    It is as high without outcomes as with them, so that nothing moves when they come.

    Args:
        chart: What to draw.
        width: How wide to draw it, in pixels.

    Example:
        >>> svg = draw(OutcomesChart("o", "How sure?", "1 of 2.", [-5e4, 2e4], -1e4), 320)
        >>> "loses money: 1 of 2" in svg, svg.count("<circle")
        (True, 2)
    """
    narrow = width < NARROW
    heads = 2 if narrow else 1
    top = 18.0 * heads + 30
    bottom = top + _PLOT
    canvas = Canvas(chart.key, width, bottom + 88, chart.title, chart.reading)
    found = sorted(known(chart.outcomes))
    if not found:
        canvas.text(2, 26, fitted(chart.waiting, width - 4, 14))
        return canvas.svg()
    _heads(canvas, found, heads)
    ends = [*found, *known([chart.now, chart.low, chart.high]), 0.0]
    values = covering(ends, 4 if narrow else 6, zero=True)
    scale = Scale(values[0], values[-1], _SIDE, width - _SIDE)
    for value in values:
        canvas.line((scale(value), top), (scale(value), bottom), stroke=GRID)
    canvas.line((scale(0), top - 8), (scale(0), bottom + 6), stroke=INK, width=2)
    canvas.line((_SIDE, bottom), (width - _SIDE, bottom), stroke=INK)
    across(canvas, scale, values, bottom + 20, thousands)
    _dots(canvas, found, scale, bottom)
    _now(canvas, chart, scale, (top, bottom))
    _eight_in_ten(canvas, chart, scale, bottom + 38)
    words = fitted(f"£ thousand (NPV); a dot is 1 in {len(found)}", width, _SMALL)
    canvas.text(width, bottom + 80, words, anchor="end", fill=SOFT, size=_SMALL)
    return canvas.svg()


def _heads(canvas: Canvas, found: Sequence[float], rows: int) -> None:
    """Say how many lie on either side, each over its own side."""
    gains = sum(value >= 0 for value in found)
    left = f"◀ loses money: {len(found) - gains} of {len(found)}"
    right = f"pays for itself: {gains} of {len(found)} ▶"
    canvas.text(0, 15, left, fill=COST, bold=True)
    canvas.text(canvas.width, 15 + 18 * (rows - 1), right, anchor="end", fill=SAVE, bold=True)


def _columns(found: Sequence[float], scale: Scale, size: float) -> list[int]:
    """Give each outcome's column, counted from zero; none lies on both sides of it."""
    return [
        max(0, math.floor((scale(value) - scale(0)) / size))
        if value >= 0
        else min(-1, math.floor((scale(value) - scale(0)) / size))
        for value in found
    ]


def _dots(canvas: Canvas, found: Sequence[float], scale: Scale, bottom: float) -> None:
    """Pile the dots up on the axis, as large as there is room for."""
    radius = _LARGEST
    while radius > _SMALLEST:
        size = 2 * radius + 1
        if max(Counter(_columns(found, scale, size)).values()) * size <= _PLOT:
            break
        radius -= 1
    size = 2 * radius + 1
    piled: Counter[int] = Counter()
    for value, column in zip(found, _columns(found, scale, size), strict=True):
        x = min(max(scale(0) + size * (column + 0.5), radius + 1), canvas.width - radius - 1)
        y = bottom - 1 - size * (piled[column] + 0.5)
        piled[column] += 1
        is_gain = value >= 0
        # A ring is drawn on its edge, so it is made smaller to be as large as a filled dot.
        canvas.dot(
            x,
            y,
            filled=is_gain,
            radius=radius if is_gain else radius - 1,
            fill=SAVE if is_gain else COST,
        )


def _now(canvas: Canvas, chart: OutcomesChart, scale: Scale, ends: tuple[float, float]) -> None:
    if not is_known(chart.now):
        return
    x = scale(chart.now)
    canvas.line((x, ends[0] - 6), (x, ends[1]), stroke=INK, width=2, dash="3 3")
    words = fitted(f"as it stands, {money(chart.now)}", canvas.width, 14)
    middle = held(x, words, 14, canvas.width)
    canvas.text(middle, ends[0] - 11, words, anchor="middle", bold=True, halo=True)


def _eight_in_ten(canvas: Canvas, chart: OutcomesChart, scale: Scale, y: float) -> None:
    """Draw what comes eight times in ten, with its ends in words below."""
    ends = known([chart.low, chart.high])
    if len(ends) < 2:
        return
    low, high = sorted(ends)
    start, end = scale(low), scale(high)
    canvas.line((start, y), (end, y), stroke=INK, width=3)
    for x in (start, end):
        canvas.line((x, y - _CAP), (x, y + _CAP), stroke=INK, width=2)
    words = fitted(f"8 times in 10: {money(low)} to {money(high)}", canvas.width, _SMALL)
    middle = held((start + end) / 2, words, _SMALL, canvas.width)
    canvas.text(middle, y + 20, words, anchor="middle", size=_SMALL, bold=True)
