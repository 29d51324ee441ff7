"""Two figures of each council against each other: the own one and its neighbours named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.pictures.drawing.canvas import (
    GRID,
    SAVE,
    SOFT,
    Canvas,
    Scale,
    width_of,
)
from retention_lib.pictures.drawing.places import (
    LOOKS,
    NARROW,
    Labels,
    Place,
    Spot,
    Text,
    across,
    covering,
    empty,
    fitted,
    fitted_lines,
    held,
    is_known,
    upward,
)

_PLOT = 290.0


@dataclass(frozen=True)
class Point:
    """One council's two values."""

    x: float
    y: float
    place: Place
    label: str = ""


@dataclass(frozen=True)
class ScatterChart:
    """Points, and what the two axes measure."""

    key: str
    title: str
    reading: str
    x_label: str
    y_label: str
    points: Sequence[Point]
    x_text: Text
    y_text: Text


def draw(chart: ScatterChart, width: float) -> str:
    """Draw the chart as SVG; a neighbour is named where there is room for its name."""
    points = [each for each in chart.points if is_known(each.x) and is_known(each.y)]
    if not points:
        return empty(chart.key, chart.title, chart.reading, width)
    narrow = width < NARROW
    across_values = covering([point.x for point in points], 4 if narrow else 6)
    up_values = covering([point.y for point in points], 5)
    upper = fitted_lines(chart.y_label, width, 13)
    lower = fitted_lines(chart.x_label, width, 13, 3)
    top = 16.0 * len(upper) + 14
    bottom = top + _PLOT
    canvas = Canvas(chart.key, width, bottom + 28 + 16 * len(lower), chart.title, chart.reading)
    last = width_of(fitted(chart.x_text(across_values[-1]), width * 0.4), 13)
    right = width - max(10.0, last / 2 + 2)
    up, left = upward(canvas, up_values, chart.y_text, (top, bottom), right)
    along = Scale(across_values[0], across_values[-1], left, right)
    for value in across_values:
        canvas.line((along(value), top), (along(value), bottom), stroke=GRID)
    canvas.line((left, bottom), (right, bottom), stroke=SOFT)
    across(canvas, along, across_values, bottom + 20, chart.x_text)
    for index, line in enumerate(upper):
        canvas.text(0, 13 + 16 * index, line, fill=SOFT, size=13)
    for index, line in enumerate(lower):
        x = held((left + right) / 2, line, 13, width)
        canvas.text(x, bottom + 39 + 16 * index, line, anchor="middle", fill=SOFT, size=13)
    labels = Labels(canvas, (left, top - 10, width, bottom + 6))
    _points(canvas, labels, points, along, up)
    return canvas.svg()


def _points(
    canvas: Canvas, labels: Labels, points: Sequence[Point], along: Scale, up: Scale
) -> None:
    """Draw the dots, the ones that matter last, and name them."""
    order: tuple[Place, ...] = ("other", "neighbour", "own")
    for place in order:
        for point in points:
            if point.place == place:
                look = LOOKS[place]
                x, y = along(point.x), up(point.y)
                if place == "own":
                    canvas.dot(x, y, radius=look.radius + 2, fill="#fff")
                canvas.dot(x, y, radius=look.radius, fill=look.fill)
                if place == "other":
                    labels.avoid(x, y)
                else:
                    labels.take(x, y, look.radius)
    for place in ("own", "neighbour"):
        for point in points:
            if point.place == place and point.label:
                _label(labels, point, along(point.x), up(point.y))


def _label(labels: Labels, point: Point, x: float, y: float) -> None:
    is_own = point.place == "own"
    left, _, right, _ = labels.ground
    words = fitted(point.label, right - left - 4)
    away = LOOKS[point.place].radius + 5
    middle = left + held(x - left, words, 13, right - left)
    spots: list[Spot] = [(x + away, y + 4.5, "start"), (x - away, y + 4.5, "end")]
    spots += [(middle, y - away - 2, "middle"), (middle, y + away + 10, "middle")]
    if not is_own:
        spots += [(x + 6, y - 5, "start"), (x + 6, y + 14, "start")]
        spots += [(x - 6, y - 5, "end"), (x - 6, y + 14, "end")]
        labels.place(words, spots)
        return
    further = (step for far in range(14, 90, 4) for step in (-far, far))
    if not labels.place(words, spots, fill=SAVE, bold=True):
        labels.place(
            words, [(middle, y + step, "middle") for step in further], fill=SAVE, bold=True
        )
