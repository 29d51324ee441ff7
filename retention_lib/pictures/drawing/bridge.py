"""From what is paid to what is left: a bridge whose steps add up."""

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
)
from retention_lib.units import money

_NARROW = 520
_WIDEST_LABEL = 230


@dataclass(frozen=True)
class BridgeStep:
    """A step, or a total that is read off where the steps have led."""

    label: str
    pounds: float
    total: bool


@dataclass(frozen=True)
class BridgeChart:
    """The steps, in order."""

    key: str
    title: str
    reading: str
    steps: Sequence[BridgeStep]


def draw(chart: BridgeChart, width: float) -> str:
    """Draw the chart as SVG, downwards, each step beginning where the last one ended."""
    narrow = width < _NARROW
    left = 10.0 if narrow else _WIDEST_LABEL + 14.0
    row = 44.0 if narrow else 30.0
    bottom = 10 + row * len(chart.steps)
    canvas = Canvas(chart.key, width, bottom + 12, chart.title, chart.reading)
    spans = _spans(chart.steps)
    ends = [end for span in spans for end in span]
    room = width_of(money(-123_456)) + 12
    values = ticks(min([0.0, *ends]), max([0.0, *ends, 1.0]), 4)
    scale = Scale(values[0], values[-1], left + room, width - room)
    for value in values:
        stroke = INK if value == 0 else GRID
        canvas.line((scale(value), 4), (scale(value), bottom), stroke=stroke)
    for index, (step, span) in enumerate(zip(chart.steps, spans, strict=True)):
        _step(canvas, step, span, scale, 10 + row * index, narrow)
    return canvas.svg()


def _spans(steps: Sequence[BridgeStep]) -> list[tuple[float, float]]:
    """Give where each step begins and ends; a total spans from zero."""
    spans, at = [], 0.0
    for step in steps:
        if step.total:
            spans.append((0.0, step.pounds))
            at = step.pounds
        else:
            spans.append((at, at + step.pounds))
            at += step.pounds
    return spans


def _step(
    canvas: Canvas,
    step: BridgeStep,
    span: tuple[float, float],
    scale: Scale,
    y: float,
    narrow: bool,
) -> None:
    bar_y = y + 18 if narrow else y
    if narrow:
        canvas.text(10, y + 13, step.label, bold=step.total, size=13, halo=True)
    else:
        canvas.text(_WIDEST_LABEL, y + 14, step.label, anchor="end", bold=step.total)
    start, end = sorted((scale(span[0]), scale(span[1])))
    colour = SOFT if step.total else SAVE if step.pounds >= 0 else COST
    canvas.box(start, bar_y, end - start, 18, colour)
    words = money(step.pounds)
    if step.pounds >= 0:
        canvas.text(end + 6, bar_y + 14, words, bold=step.total, halo=True)
    else:
        canvas.text(start - 6, bar_y + 14, words, anchor="end", bold=step.total, halo=True)
