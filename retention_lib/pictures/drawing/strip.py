"""Where one council stands among all: a strip of ticks, with the group's dots below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.pictures.drawing.canvas import (
    GRID,
    INK,
    SAVE,
    SOFT,
    Anchor,
    Canvas,
    Scale,
    width_of,
)
from retention_lib.pictures.drawing.places import (
    LOOKS,
    NARROW,
    PALE,
    Place,
    Text,
    across,
    covering,
    empty,
    fitted,
    fitted_lines,
    held,
    is_known,
    known,
)

_ROW = 17.0
_STRIP = 26.0


@dataclass(frozen=True)
class Mark:
    """One council's value."""

    value: float
    place: Place
    label: str = ""


@dataclass(frozen=True)
class StripChart:
    """All councils on one axis; the own one's interval; the group's median.

    The own label and the median's label are followed by their values.
    """

    key: str
    title: str
    reading: str
    axis: str
    marks: Sequence[Mark]
    low: float | None
    high: float | None
    median: float | None
    median_label: str
    text: Text
    lower_is_better: bool = True


@dataclass(frozen=True)
class _Seat:
    """Where a neighbour's dot sits: its row, and on which side its name is written."""

    mark: Mark
    x: float
    row: int
    side: Anchor | None


def draw(chart: StripChart, width: float) -> str:
    """Draw the chart as SVG: the own council above the strip, its neighbours below it."""
    marks = [mark for mark in chart.marks if is_known(mark.value)]
    if not marks:
        return empty(chart.key, chart.title, chart.reading, width)
    values = covering(
        known([*(mark.value for mark in marks), chart.low, chart.high, chart.median]),
        4 if width < NARROW else 8,
    )
    margin = max(width_of(chart.text(value), 13) / 2 + 2 for value in (values[0], values[-1]))
    margin = min(max(margin, 12.0), width / 4)
    scale = Scale(values[0], values[-1], margin, width - margin)
    own = next((mark for mark in marks if mark.place == "own"), None)
    words = fitted_lines(f"{own.label} {chart.text(own.value)}".strip(), width, 14) if own else []
    top = 34.0 + (18 * len(words) + 26 if own else 0)
    median = scale(chart.median) if chart.median is not None and is_known(chart.median) else None
    seats = _seats([mark for mark in marks if mark.place == "neighbour"], scale, width, median)
    rows = max((seat.row for seat in seats), default=-1) + 1
    under = top + _STRIP + 10
    bottom = under + _ROW * rows + (22 if median is not None else 4)
    axis = fitted_lines(chart.axis, width, 13, 3)
    canvas = Canvas(chart.key, width, bottom + 28 + 16 * len(axis), chart.title, chart.reading)

    _ends(canvas, chart.lower_is_better)
    for value in values:
        canvas.line((scale(value), bottom), (scale(value), bottom + 5), stroke=SOFT)
    canvas.line((scale.at_0, bottom), (scale.at_1, bottom), stroke=SOFT)
    across(canvas, scale, values, bottom + 20, chart.text)
    _strip(canvas, marks, scale, top)
    if median is not None:
        _median(canvas, chart, median, top, bottom)
    _neighbours(canvas, seats, top + _STRIP, under)
    if own:
        _own(canvas, chart, own.value, scale, words)
    for index, line in enumerate(axis):
        y = bottom + 39 + 16 * index
        canvas.text(held(width / 2, line, 13, width), y, line, anchor="middle", fill=SOFT, size=13)
    return canvas.svg()


def _ends(canvas: Canvas, lower_is_better: bool) -> None:
    left, right = ("better", "worse") if lower_is_better else ("worse", "better")
    canvas.text(0, 14, f"← {left}", fill=SOFT, size=13)
    canvas.text(canvas.width, 14, f"{right} →", anchor="end", fill=SOFT, size=13)


def _strip(canvas: Canvas, marks: Sequence[Mark], scale: Scale, top: float) -> None:
    """Draw a tick for each council, the ones that matter last."""
    for place, stroke, wide in (("other", PALE, 1.0), ("neighbour", INK, 2.0), ("own", SAVE, 4.0)):
        for mark in marks:
            if mark.place == place:
                x = scale(mark.value)
                canvas.line((x, top), (x, top + _STRIP), stroke=stroke, width=wide)


def _seats(marks: Sequence[Mark], scale: Scale, width: float, median: float | None) -> list[_Seat]:
    """Seat each neighbour in the first row with room for its dot and name, else for its dot."""
    most = 10 if width < NARROW else 6
    rows: list[list[tuple[float, float]]] = []
    seats = []
    for mark in sorted(marks, key=lambda each: each.value):
        x = scale(mark.value)
        row, side = _room(mark.label, x, rows, width, most, median)
        while len(rows) <= row:
            rows.append([])
        rows[row].append(_extent(mark.label, x, side))
        seats.append(_Seat(mark, x, row, side))
    return seats


def _room(
    label: str,
    x: float,
    rows: Sequence[Sequence[tuple[float, float]]],
    width: float,
    most: int,
    median: float | None,
) -> tuple[int, Anchor | None]:
    """Find a row and a side; a name keeps off the median's line if it can."""
    sides: tuple[Anchor, ...] = ("end", "start") if label else ()
    for line in (median, None):
        for row in range(most):
            for side in sides:
                start, end = _extent(label, x, side)
                crossed = line is not None and x != line and start < line < end
                inside = start >= 0 and end <= width
                if inside and not crossed and _free(rows, row, start, end):
                    return row, side
    start, end = _extent(label, x, None)
    row = next(r for r in range(len(rows) + 1) if _free(rows, r, start, end))
    return row, None


def _free(
    rows: Sequence[Sequence[tuple[float, float]]], row: int, start: float, end: float
) -> bool:
    return row >= len(rows) or all(end <= a or start >= b for a, b in rows[row])


def _extent(label: str, x: float, side: Anchor | None) -> tuple[float, float]:
    """Tell from where to where a dot and its name reach."""
    radius = LOOKS["neighbour"].radius + 1.5
    name = width_of(label, 13) + radius + 7
    return (x - name if side == "end" else x - radius, x + name if side == "start" else x + radius)


def _neighbours(canvas: Canvas, seats: Sequence[_Seat], top: float, under: float) -> None:
    """Draw the threads first, then the dots, then the names over them."""
    look = LOOKS["neighbour"]
    places = [(seat, under + _ROW * (seat.row + 0.5)) for seat in seats]
    for seat, y in places:
        canvas.line((seat.x, top), (seat.x, y), stroke=GRID)
    for seat, y in places:
        canvas.dot(seat.x, y, radius=look.radius, fill=look.fill)
    for seat, y in places:
        if seat.side:
            x = seat.x + (9 if seat.side == "start" else -9)
            canvas.text(x, y + 4.5, seat.mark.label, anchor=seat.side, size=13, halo=True)


def _median(canvas: Canvas, chart: StripChart, x: float, top: float, bottom: float) -> None:
    canvas.line((x, top - 6), (x, bottom - 17), stroke=INK, width=2, dash="5 3")
    words = fitted(f"{chart.median_label} {chart.text(chart.median or 0.0)}".strip(), canvas.width)
    at = held(x, words, 13, canvas.width)
    canvas.text(at, bottom - 5, words, anchor="middle", size=13, bold=True, halo=True)


def _own(
    canvas: Canvas, chart: StripChart, value: float, scale: Scale, words: Sequence[str]
) -> None:
    x, y = scale(value), 34.0 + 18 * len(words) + 5
    for index, line in enumerate(words):
        at = held(x, line, 14, canvas.width)
        canvas.text(at, 36 + 18 * index, line, anchor="middle", fill=SAVE, bold=True, halo=True)
    canvas.line((x, y), (x, y + 21), stroke=SAVE, width=2)
    if chart.low is not None and chart.high is not None and known([chart.low, chart.high]):
        ends = [scale(each) for each in known([chart.low, chart.high])]
        canvas.line((min(ends), y), (max(ends), y), stroke=SAVE, width=4)
    canvas.dot(x, y, radius=LOOKS["own"].radius, fill=LOOKS["own"].fill)
