"""An answer over two numbers: where it gains and where it loses, and the line between the two."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retention_lib.pictures.drawing.canvas import INK, SOFT, Canvas, Point, Scale, width_of
from retention_lib.pictures.drawing.places import (
    NARROW,
    across,
    empty,
    fitted,
    held,
    is_known,
    margin_of,
)
from retention_lib.pictures.drawing.yearly import flow
from retention_lib.units import MINUS, about, thousands

_SMALL = 13.0
_NUMBER = 12.0
_NOTHING = 0.5  # pounds
_GAIN, _LOSS = (0x9B, 0xBF, 0xE8), (0xF2, 0xB9, 0x8C)  # light enough for dark numbers
_PALEST = 0.15
_SAMPLE = 34.0
_STEPS = (1, 2, 5)

Text = Callable[[float], str]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class HeatChart:
    """Pounds for each pair of two numbers in even steps: a row of `values` for each of `up`.

    `here` is the pair that was chosen, across and up.
    """

    key: str
    title: str
    reading: str
    across: Sequence[float]
    up: Sequence[float]
    values: Sequence[Sequence[float]]
    across_text: Text
    up_text: Text
    across_label: str
    up_label: str
    here: tuple[float, float]
    here_label: str = "this offer"


def draw(chart: HeatChart, width: float) -> str:
    """Draw the chart as SVG: every cell with its number, every second where it is narrow.

    A gain has a plus and stands in bold, a loss has a minus; colour only follows them.

    Args:
        chart: What to draw.
        width: How wide to draw it, in pixels.

    Example:
        >>> chart = HeatChart("m", "Map", "It pays.", [0, 1, 2], [0, 1, 2],
        ...     [[-2e5, -3e5, -4e5], [1e5, 0, -1e5], [4e5, 3e5, 2e5]], str, str, "a", "b", (1, 2))
        >>> svg = draw(chart, 320)
        >>> "+400" in svg, "this offer" in svg
        (True, True)
    """
    if not _is_whole(chart):
        return empty(chart.key, chart.title, chart.reading, width)
    narrow = width < NARROW
    heads = _heads(chart, width)
    top = 18.0 * (2 + max(row for row, _ in heads.values())) + 8
    row = 32.0 if narrow else 27.0
    left = min(margin_of(fitted(chart.up_text(each), 90) for each in chart.up), width * 0.3)
    step = _step(chart, width - left, narrow)
    columns, rows = _shown(len(chart.across), step), _shown(len(chart.up), step)
    cell = (width - left) / len(columns)
    bottom = top + row * len(rows)
    canvas = Canvas(chart.key, width, bottom + 46, chart.title, chart.reading)
    x = Scale(0, len(chart.across) - 1, left + cell / 2, width - cell / 2)
    y = Scale(0, len(chart.up) - 1, bottom - row / 2, top + row / 2)
    _cells(canvas, chart, (columns, rows), (x, y), (cell, row))
    line = _break_even(chart, x, y)
    for stroke, wide in (("#fff", 6.0), (INK, 2.5)):
        for start, end in line:
            canvas.line(start, end, stroke=stroke, width=wide)
    at = _here(chart, x, y)
    label = _label_box(chart.here_label, at, (left, top, width, bottom))
    _numbers(canvas, chart, (columns, rows), (x, y), cell, [_round(at, 11), label])
    _mark(canvas, chart.here_label, at, label)
    for place in rows:
        words = fitted(chart.up_text(chart.up[place]), left - 8)
        canvas.text(left - 6, y(place) + 5, words, anchor="end", fill=SOFT, size=_SMALL)
    across(
        canvas, x, columns, bottom + 18, lambda place: chart.across_text(chart.across[int(place)])
    )
    words = fitted(f"{chart.across_label} ▶", width)
    middle = held((left + width) / 2, words, _SMALL, width)
    canvas.text(middle, bottom + 40, words, anchor="middle", fill=SOFT, size=_SMALL)
    _head(canvas, chart, heads, bool(line))
    return canvas.svg()


def _is_whole(chart: HeatChart) -> bool:
    """Tell whether there is a number for every pair, and more than one of each."""
    wide, high = len(chart.across), len(chart.up)
    if min(wide, high) < 2 or len(chart.values) != high:
        return False
    if any(len(row) != wide for row in chart.values):
        return False
    return all(is_known(value) for row in chart.values for value in row)


def _shown(count: int, step: int) -> list[int]:
    """Give the places that are drawn: every one, or the first, every second or fifth, the last."""
    return [*range(0, count - 1, step), count - 1]


def _step(chart: HeatChart, room: float, narrow: bool) -> int:
    """Choose how many cells to leave out, so that the numbers of the others have room."""
    fits = [
        step
        for step in _STEPS
        if (len(chart.across) - 1) % step == 0 and (len(chart.up) - 1) % step == 0
    ]
    widest = max(width_of(_pounds(value), _NUMBER) for row in chart.values for value in row) + 4
    for step in fits[1:] if narrow and len(fits) > 1 else fits:
        if room / len(_shown(len(chart.across), step)) >= widest:
            return step
    return fits[-1]


def _pounds(value: float) -> str:
    """Write pounds in thousands with their sign; whole thousands from ten up."""
    shown = thousands(round(value, -3) if abs(value) >= 10_000 else about(value, 2))
    return shown if value < 0 or shown == "0" else f"+{shown}"


def _gains(value: float) -> bool:
    return value > -_NOTHING


def _tint(value: float, most: float) -> str:
    """Colour a cell: paler the nearer to nothing."""
    share = _PALEST + (1 - _PALEST) * min(1.0, abs(value) / most) if abs(value) >= _NOTHING else 0.0
    target = _GAIN if value >= 0 else _LOSS
    return "#" + "".join(f"{round(255 + (part - 255) * share):02x}" for part in target)


def _cells(
    canvas: Canvas,
    chart: HeatChart,
    shown: tuple[Sequence[int], Sequence[int]],
    scales: tuple[Scale, Scale],
    size: tuple[float, float],
) -> None:
    x, y = scales
    most = max(abs(value) for row in chart.values for value in row) or 1.0
    for row in shown[1]:
        for column in shown[0]:
            corner = x(column) - size[0] / 2, y(row) - size[1] / 2
            fill = _tint(chart.values[row][column], most)
            canvas.box(corner[0] + 0.5, corner[1] + 0.5, size[0] - 1, size[1] - 1, fill)


def _numbers(
    canvas: Canvas,
    chart: HeatChart,
    shown: tuple[Sequence[int], Sequence[int]],
    scales: tuple[Scale, Scale],
    cell: float,
    taken: Sequence[Box],
) -> None:
    """Write the number of each cell, or its sign alone where that has no room."""
    x, y = scales
    for row in shown[1]:
        for column in shown[0]:
            value = chart.values[row][column]
            words = _pounds(value)
            if width_of(words, _NUMBER) > cell - 2:
                words = "0" if words == "0" else "+" if _gains(value) else MINUS
            at = x(column), y(row)
            half = width_of(words, _NUMBER) / 2
            box = at[0] - half, at[1] - 7, at[0] + half, at[1] + 7
            if not any(_over(box, other) for other in taken):
                canvas.text(
                    at[0],
                    at[1] + 4,
                    words,
                    anchor="middle",
                    size=_NUMBER,
                    bold=_gains(value),
                    halo=True,
                )


def _over(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _round(at: Point, radius: float) -> Box:
    return at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius


def _here(chart: HeatChart, x: Scale, y: Scale) -> Point:
    """Give the place of what was chosen, held on the map."""
    return (
        x(_place(chart.here[0], chart.across)),
        y(_place(chart.here[1], chart.up)),
    )


def _place(value: float, steps: Sequence[float]) -> float:
    """Give where a value lies among even steps, counted from 0."""
    span = steps[-1] - steps[0]
    if not math.isfinite(value) or not span or not math.isfinite(span):
        return 0.0
    return min(max((value - steps[0]) / span, 0.0), 1.0) * (len(steps) - 1)


def _label_box(words: str, at: Point, ground: Box) -> Box:
    """Choose room for the name of what was chosen: to its right, or to its left."""
    wide = width_of(fitted(words, (ground[2] - ground[0]) / 2, 14), 14)
    start = at[0] + 13
    if start + wide > ground[2]:
        start = max(ground[0], at[0] - 13 - wide)
    middle = min(max(at[1], ground[1] + 9), ground[3] - 9)
    return start - 3, middle - 10, start + wide + 3, middle + 8


def _mark(canvas: Canvas, words: str, at: Point, box: Box) -> None:
    """Mark what was chosen with a dot edged in white, and name it."""
    canvas.dot(*at, radius=9, fill="#fff")
    canvas.dot(*at, radius=6.5)
    canvas.box(box[0], box[1], box[2] - box[0], box[3] - box[1], "#fff")
    words = fitted(words, box[2] - box[0] - 5.9, 14)
    canvas.text(box[0] + 3, box[1] + 15, words, bold=True)


def _break_even(chart: HeatChart, x: Scale, y: Scale) -> list[tuple[Point, Point]]:
    """Give the line on which nothing is gained and nothing lost, in pieces.

    Of each square of four neighbours, the places on its edges at which the sign changes.
    """
    pieces: list[tuple[Point, Point]] = []
    for row in range(len(chart.up) - 1):
        for column in range(len(chart.across) - 1):
            corners = [
                (column, row),
                (column + 1, row),
                (column + 1, row + 1),
                (column, row + 1),
            ]
            crossed = [
                _crossing(chart, start, end, x, y)
                for start, end in pairwise([*corners, corners[0]])
                if _gains(_at(chart, start)) != _gains(_at(chart, end))
            ]
            pieces += zip(crossed[::2], crossed[1::2], strict=True)
    return pieces


def _at(chart: HeatChart, place: tuple[int, int]) -> float:
    return chart.values[place[1]][place[0]]


def _crossing(
    chart: HeatChart, start: tuple[int, int], end: tuple[int, int], x: Scale, y: Scale
) -> Point:
    before, after = _at(chart, start), _at(chart, end)
    share = min(max(before / (before - after), 0.0), 1.0) if before != after else 0.5
    return (
        x(start[0] + share * (end[0] - start[0])),
        y(start[1] + share * (end[1] - start[1])),
    )


_SIGNS = "£ thousand: + gains, − loses"
_LINE = "breaks even on this line"


def _heads(chart: HeatChart, width: float) -> dict[str, tuple[int, float]]:
    """Lay out the words above the map: each with its row and its left edge."""
    words = {_SIGNS: 0.0, _LINE: _SAMPLE}
    places = flow([width_of(each, _SMALL) + extra for each, extra in words.items()], width)
    return dict(zip(words, places, strict=True))


def _head(
    canvas: Canvas, chart: HeatChart, heads: dict[str, tuple[int, float]], has_line: bool
) -> None:
    for words, (row, x) in heads.items():
        y = 14 + 18.0 * row
        if words == _LINE:
            if not has_line:
                continue
            canvas.line((x, y - 4), (x + _SAMPLE - 8, y - 4), stroke=INK, width=2.5)
            x += _SAMPLE
        canvas.text(x, y, words, fill=SOFT, size=_SMALL)
    y = 14 + 18.0 * (1 + max(row for row, _ in heads.values()))
    canvas.text(0, y, fitted(f"▲ {chart.up_label}", canvas.width), fill=SOFT, size=_SMALL)
