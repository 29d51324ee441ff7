"""How a change turned out in comparable cases, with a claim marked among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.pictures.drawing.canvas import (
    INK,
    SAVE,
    SOFT,
    Anchor,
    Canvas,
    Scale,
    ticks,
    width_of,
)
from retention_lib.pictures.drawing.places import (
    NARROW,
    PALE,
    Text,
    across,
    covering,
    empty,
    fitted,
    fitted_lines,
    held,
    is_known,
    known,
    margin_of,
    upward,
)
from retention_lib.units import count

_PLOT = 180.0
_LINE = 18.0
_LEAST = 110.0  # room for words beside a line


@dataclass(frozen=True)
class Bin:
    """How many cases changed by so much: from `low` to `high`."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class SpreadChart:
    """Changes (below 0: fell), a claim and the mean; their labels are followed by their values."""

    key: str
    title: str
    reading: str
    bins: Sequence[Bin]
    claim: float | None
    claim_label: str
    mean: float | None
    mean_label: str
    axis: str
    text: Text


@dataclass(frozen=True)
class _Flag:
    """An upright line and the words beside it, in their rows above the bars."""

    x: float
    lines: Sequence[str]
    row: int
    stroke: str
    dash: str
    side: Anchor


def draw(chart: SpreadChart, width: float) -> str:
    """Draw the chart as SVG; what is at or beyond the claim, on its side of 0, is filled."""
    bins = [
        each for each in chart.bins if each.count > 0 and len(known([each.low, each.high])) == 2
    ]
    if not bins:
        return empty(chart.key, chart.title, chart.reading, width)
    ends = [end for each in bins for end in (each.low, each.high)]
    most = 4 if width < NARROW else 8
    values = covering(known([*ends, chart.claim, chart.mean]), most, zero=True)
    counts = [each for each in ticks(0, max(each.count for each in bins), 4) if each == int(each)]
    left = margin_of(fitted(count(value), width * 0.4) for value in counts)
    last = width_of(fitted(chart.text(values[-1]), width * 0.4), 13)
    along = Scale(values[0], values[-1], left + 6, width - max(10.0, last / 2 + 2))
    flags = _flags(chart, along, width)
    top = _LINE * sum(len(flag.lines) for flag in flags) + 34
    bottom = top + _PLOT
    axis = fitted_lines(chart.axis, width, 13, 3)
    canvas = Canvas(chart.key, width, bottom + 48 + 16 * len(axis), chart.title, chart.reading)
    up, _ = upward(canvas, counts, count, (top, bottom), along.at_1)
    for each in bins:
        _bar(canvas, each, chart.claim, along, up)
    across(canvas, along, values, bottom + 20, chart.text)
    canvas.line((along(0), top), (along(0), bottom + 5), stroke=INK)
    at = held(along(0), "no change", 13, width)
    canvas.text(at, bottom + 37, "no change", anchor="middle", size=13)
    _draw_flags(canvas, flags, top, bottom)
    for index, line in enumerate(axis):
        x, y = held((left + along.at_1) / 2, line, 13, width), bottom + 58 + 16 * index
        canvas.text(x, y, line, anchor="middle", fill=SOFT, size=13)
    return canvas.svg()


def _flags(chart: SpreadChart, along: Scale, width: float) -> list[_Flag]:
    """List the claim and the mean, each on its roomier side, in rows of its own."""
    flags: list[_Flag] = []
    for value, label, stroke, dash in (
        (chart.claim, chart.claim_label, SAVE, ""),
        (chart.mean, chart.mean_label, INK, "5 3"),
    ):
        if value is None or not is_known(value):
            continue
        x, others = along(value), [flag.x for flag in flags]
        before = x - max([0.0, *(other for other in others if other < x)])
        after = min([width, *(other for other in others if other > x)]) - x
        words = f"{label} {chart.text(value)}".strip()
        right = after >= min(before, width_of(words) + 8)
        if max(before, after) < _LEAST:  # hemmed in: words go over the other line
            before, after = x, width - x
            right = after >= before
        side: Anchor = "start" if right else "end"
        lines = fitted_lines(words, (after if right else before) - 8, 14, 4)
        row = sum(len(flag.lines) for flag in flags)
        flags.append(_Flag(x, lines, row, stroke, dash, side))
    return flags


def _draw_flags(canvas: Canvas, flags: Sequence[_Flag], top: float, bottom: float) -> None:
    for flag in reversed(flags):
        start, end = (flag.x, _LINE * flag.row + 3), (flag.x, bottom)
        canvas.line(start, end, stroke=flag.stroke, width=2.5, dash=flag.dash)
    for flag in flags:
        x = flag.x + (6 if flag.side == "start" else -6)
        for index, line in enumerate(flag.lines):
            y = 14 + _LINE * (flag.row + index)
            canvas.text(x, y, line, anchor=flag.side, fill=flag.stroke, bold=True, halo=True)
    wide = width_of("how often", 13) + 4
    x = max([0.0, *(flag.x + 6 for flag in flags if flag.x < wide)])
    crossed = any(x <= flag.x < x + wide for flag in flags)
    side: Anchor = "end" if crossed else "start"
    x = canvas.width if crossed else x
    canvas.text(x, top - 12, "how often", anchor=side, fill=SOFT, size=13, halo=True)


def _bar(canvas: Canvas, each: Bin, claim: float | None, along: Scale, up: Scale) -> None:
    """Draw a bar, a part of it filled where the claim cuts it."""
    low, high = sorted((each.low, each.high))
    _part(canvas, along(low), along(high), up(each.count), up(0), PALE)
    if claim is not None and claim < 0 and low <= claim:
        _part(canvas, along(low), along(min(high, claim)), up(each.count), up(0), SAVE)
    if claim is not None and claim > 0 and high >= claim:
        _part(canvas, along(max(low, claim)), along(high), up(each.count), up(0), SAVE)


def _part(canvas: Canvas, start: float, end: float, top: float, bottom: float, fill: str) -> None:
    """Fill a bar or a part of it, with a hair's breadth of white beside it."""
    gap = 1.0 if end - start > 4 else 0.0
    canvas.box(start + gap / 2, top, max(end - start - gap, 1.0), bottom - top, fill)
