"""Staff by experience at several times, without and with the plan: bars made of parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from retention_lib.pictures.drawing.canvas import (
    BACK,
    COST,
    GRID,
    INK,
    SAVE,
    SOFT,
    Canvas,
    Point,
    Scale,
    width_of,
)
from retention_lib.pictures.drawing.places import (
    NARROW,
    PALE,
    Text,
    across,
    apart,
    covering,
    empty,
    fitted,
    fitted_lines,
    margin_of,
    upward,
)
from retention_lib.pictures.drawing.yearly import flow
from retention_lib.units import count

Kind = Literal["staff", "agency", "uncovered"]

_TONES = ((SAVE, "#fff"), (BACK, INK), ("#cfdff1", INK), (SOFT, "#fff"))
_AGENCY = "#f6dcc8"
_SMALL, _TINY = 13.0, 12.0
_SWATCH = 18.0
_LINE = 16.0
_BAR = 22.0  # height of a bar that lies
_PITCH = 0.44  # from one bar's middle to the other's, in their slot


@dataclass(frozen=True)
class Segment:
    """One part of each bar, at each of the times; `kind` says how it is drawn."""

    label: str
    without: Sequence[float]
    with_plan: Sequence[float]
    kind: Kind = "staff"


@dataclass(frozen=True)
class StackChart:
    """Two bars for each of the times, made of the segments: the first is lowest, or leftmost."""

    key: str
    title: str
    reading: str
    times: Sequence[str]
    segments: Sequence[Segment]
    text: Text = count
    without_label: str = "without"
    with_label: str = "with"


@dataclass(frozen=True)
class _Look:
    """How a segment is drawn: its fill, the ink on it, its edge and which way its hatch leans."""

    fill: str
    ink: str
    edge: str = ""
    lean: int = 0
    halo: bool = False


@dataclass(frozen=True)
class _Part:
    """A segment in one bar: from where to where, and what is written in it."""

    look: _Look
    start: float
    end: float
    words: str


def draw(chart: StackChart, width: float) -> str:
    """Draw the chart as SVG: standing bars, or lying ones where they have too little room.

    Args:
        chart: What to draw.
        width: How wide to draw it, in pixels.

    Example:
        >>> segments = [Segment("Seniors", [10.0], [12.0])]
        >>> svg = draw(StackChart("staff", "Staff", "Two more.", ["2026/27"], segments), 320)
        >>> "Seniors" in svg, ">12<" in svg
        (True, True)
    """
    sums = [
        sum(part.end - part.start for part in _parts(chart, index, is_with))
        for index in range(len(chart.times))
        for is_with in (False, True)
    ]
    if not sums or max(sums) <= 0:
        return empty(chart.key, chart.title, chart.reading, width)
    values = covering([0.0, max(sums)], 4 if width < NARROW else 5, zero=True)
    room = min(max(width_of(each.label, _SMALL) + 34 for each in chart.segments), width * 0.25)
    left = margin_of(fitted(chart.text(value), width * 0.4) for value in values)
    slot = (width - left - room - 18) / len(chart.times)
    if width >= NARROW and slot >= _least_slot(chart):
        return _columns(chart, values, width, room)
    return _rows(chart, [value for value in values if value <= max(sums)], max(sums), width)


def hatch(canvas: Canvas, x: float, y: float, width: float, height: float, lean: int) -> None:
    """Draw slanting lines in a box.

    Args:
        canvas: What to draw on.
        x: The left edge of the box.
        y: Its top.
        width: How wide it is.
        height: How high it is.
        lean: 1 where the lines rise to the right, -1 where they fall.
    """
    if width < 3 or height < 3:
        return
    step = 5.0 if lean > 0 else 8.0
    stroke = COST if lean > 0 else PALE
    points: list[Point] = []
    for index in range(1, math.ceil((width + height) / step)):
        far = index * step
        ends = [
            (min(far, width), far - min(far, width)),
            (far - min(far, height), min(far, height)),
        ]
        points += ends if index % 2 else ends[::-1]
    if lean < 0:
        points = [(width - along, down) for along, down in points]
    canvas.path([(x + along, y + down) for along, down in points], stroke=stroke, width=1)


def _least_slot(chart: StackChart) -> float:
    """Tell how wide a slot must be for the words under its bars."""
    pair = width_of(chart.without_label, _TINY) + width_of(chart.with_label, _TINY)
    times = max(width_of(time, _SMALL) for time in chart.times)
    return max((pair / 2 + 6) / _PITCH, times + 8, 60.0)


def _looks(segments: Sequence[Segment]) -> list[_Look]:
    """Choose looks: staff by lightness, agency and uncovered posts by hatch."""
    looks, staff = [], 0
    for segment in segments:
        if segment.kind == "agency":
            looks.append(_Look(_AGENCY, INK, COST, 1, halo=True))
        elif segment.kind == "uncovered":
            looks.append(_Look("#fff", INK, SOFT, -1, halo=True))
        else:
            fill, ink = _TONES[staff % len(_TONES)]
            looks.append(_Look(fill, ink))
            staff += 1
    return looks


def _parts(chart: StackChart, index: int, is_with: bool) -> list[_Part]:
    """Give the parts of one bar, in values; what is no number counts as nothing."""
    parts, at = [], 0.0
    for segment, look in zip(chart.segments, _looks(chart.segments), strict=True):
        values = segment.with_plan if is_with else segment.without
        value = values[index] if index < len(values) else 0.0
        value = max(0.0, value) if math.isfinite(value) else 0.0
        parts.append(_Part(look, at, at + value, chart.text(value)))
        at += value
    return parts


def _part(canvas: Canvas, part: _Part, x: float, y: float, width: float, height: float) -> bool:
    """Draw one part of a bar with its number; tell whether there was room for the number."""
    look = part.look
    canvas.box(x, y, width, height, look.fill)
    if look.lean:
        hatch(canvas, x, y, width, height, look.lean)
    fits = width >= width_of(part.words, _TINY) + 2.5 and height >= 16
    if fits and part.end > part.start:
        x_0, y_0 = x + width / 2, y + height / 2 + 4.5
        canvas.text(
            x_0, y_0, part.words, anchor="middle", fill=look.ink, size=_TINY, halo=look.halo
        )
    if look.edge and min(width, height) >= 2:
        x_1, y_1 = x + width - 0.5, y + height - 0.5
        corners = [(x + 0.5, y + 0.5), (x_1, y + 0.5), (x_1, y_1), (x + 0.5, y_1)]
        canvas.path([*corners, corners[0]], stroke=look.edge, width=1)
    return fits


def _columns(chart: StackChart, values: Sequence[float], width: float, room: float) -> str:
    """Draw standing bars; the parts are named beside the last one."""
    top, bottom = 14.0, 14 + min(max(width * 0.34, 220.0), 340.0)
    canvas = Canvas(chart.key, width, bottom + 46, chart.title, chart.reading)
    right = width - room - 18
    up, left = upward(canvas, values, chart.text, (top, bottom), right)
    slot = (right - left) / len(chart.times)
    bar = min(slot * _PITCH - 4, 84.0)
    pitch = max(bar + 4, (_least_slot(chart) - 12) * _PITCH)
    for index, time in enumerate(chart.times):
        middle = left + slot * (index + 0.5)
        for is_with, words in ((False, chart.without_label), (True, chart.with_label)):
            at = middle + pitch * (0.5 if is_with else -0.5)
            parts = _parts(chart, index, is_with)
            is_last = is_with and index == len(chart.times) - 1
            unwritten = _column(canvas, parts, up, at - bar / 2, bar)
            canvas.text(at, bottom + 17, words, anchor="middle", fill=SOFT, size=_TINY)
            if is_last:
                _names(canvas, chart, parts, up, (at + bar / 2, right, room), unwritten)
        canvas.text(middle, bottom + 36, time, anchor="middle", size=_SMALL, bold=True)
    return canvas.svg()


def _column(canvas: Canvas, parts: Sequence[_Part], up: Scale, x: float, bar: float) -> list[bool]:
    """Draw one standing bar; tell which of its numbers found no room."""
    unwritten = []
    for part in parts:
        y, end = up(part.end), up(part.start)
        unwritten.append(not _part(canvas, part, x, y, bar, end - y))
    for part in parts[1:]:
        canvas.line((x, up(part.start)), (x + bar, up(part.start)), stroke="#fff")
    return unwritten


def _names(
    canvas: Canvas,
    chart: StackChart,
    parts: Sequence[_Part],
    up: Scale,
    ends: tuple[float, float, float],
    unwritten: Sequence[bool],
) -> None:
    """Name the parts of the last bar from the top down, pushed apart where they meet."""
    edge, right, room = ends
    words = [
        f"{segment.label}, {part.words}" if alone else segment.label
        for segment, part, alone in zip(chart.segments, parts, unwritten, strict=True)
    ]
    most = 2 if len(words) <= 6 else 1
    blocks = [fitted_lines(each, room, _SMALL, most) for each in words][::-1]
    heights = [_LINE * len(lines) + 3 for lines in blocks]
    wanted = [(up(part.start) + up(part.end)) / 2 for part in parts][::-1]
    for lines, at, y in zip(blocks, wanted, apart(wanted, heights, canvas.height - 2), strict=True):
        canvas.line((edge + 1, at), (right + 2, at), stroke=PALE)
        canvas.line((right + 2, at), (right + 12, y), stroke=PALE)
        for index, line in enumerate(lines):
            baseline = y + 5 + _LINE * (index - (len(lines) - 1) / 2)
            canvas.text(right + 16, baseline, line, size=_SMALL)


def _rows(chart: StackChart, values: Sequence[float], most: float, width: float) -> str:
    """Draw lying bars, two under each time; the parts are named above, beside their looks."""
    names = [fitted(each.label, width - _SWATCH - 6) for each in chart.segments]
    places = flow([width_of(name, _SMALL) + _SWATCH + 6 for name in names], width)
    heads = [fitted_lines(time, width, _SMALL) for time in chart.times]
    top = 20.0 * (1 + max(row for row, _ in places)) + 8
    bottom = top + sum(_LINE * len(lines) + 2 * _BAR + 18 for lines in heads)
    canvas = Canvas(chart.key, width, bottom + 26, chart.title, chart.reading)
    for name, look, (row, x) in zip(names, _looks(chart.segments), places, strict=True):
        _part(canvas, _Part(look, 0, 0, ""), x, 20.0 * row + 3, _SWATCH, 14)
        canvas.text(x + _SWATCH + 6, 20.0 * row + 14, name, size=_SMALL)
    labels = [fitted(words, width * 0.25) for words in (chart.without_label, chart.with_label)]
    left = max(width_of(words, _SMALL) for words in labels) + 8
    scale = Scale(0.0, most, left, width - 4)
    for value in values:
        x = scale(value)
        canvas.line((x, top + 4), (x, bottom), stroke=GRID if value else INK)
    across(canvas, scale, values, bottom + 18, chart.text)
    y = top
    for index, lines in enumerate(heads):
        for line in lines:
            canvas.text(0, y + 13, line, size=_SMALL, bold=True, halo=True)
            y += _LINE
        y += 4
        for is_with, words in enumerate(labels):
            canvas.text(left - 6, y + 15, words, anchor="end", fill=SOFT, size=_SMALL)
            _row(canvas, _parts(chart, index, bool(is_with)), scale, y)
            y += _BAR + 2
        y += 10
    return canvas.svg()


def _row(canvas: Canvas, parts: Sequence[_Part], scale: Scale, y: float) -> None:
    """Draw one lying bar."""
    for part in parts:
        x, end = scale(part.start), scale(part.end)
        _part(canvas, part, x, y, end - x, _BAR)
    for part in parts[1:]:
        canvas.line((scale(part.start), y), (scale(part.start), y + _BAR), stroke="#fff")
