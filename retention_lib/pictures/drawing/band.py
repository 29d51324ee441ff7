"""One council's figures over the years, against the middle half of a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.pictures.drawing.canvas import (
    BAND,
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
    is_known,
    known,
    runs,
    upward,
)

_TOP, _BOTTOM = 14.0, 254.0
_SAMPLE = 26.0  # of a stroke, beside its name
_LINE = 16.0
_DASHES = ("6 4", "1.5 3", "9 3 2 3")


@dataclass(frozen=True)
class Line:
    """A line's name and its value in each year."""

    label: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class BandChart:
    """Lines by year; `later` are the council's own figures: year, value and name.

    A line's name is followed by its last value.
    """

    key: str
    title: str
    reading: str
    years: Sequence[int]
    own: Line
    middle: Line | None
    band_low: Sequence[float | None]
    band_high: Sequence[float | None]
    band_label: str
    others: Sequence[Line]
    later: Sequence[tuple[int, float, str]]
    text: Text


@dataclass(frozen=True)
class _Trace:
    """One thing drawn: its words, its unbroken pieces and its stroke."""

    words: str
    pieces: Sequence[Sequence[tuple[int, float]]]
    stroke: str
    width: float = 0.0
    dash: str = ""
    dots: float = 0.0
    filled: bool = True

    @property
    def end(self) -> tuple[int, float]:
        """The last year with a figure, and the figure."""
        return self.pieces[-1][-1]


def draw(chart: BandChart, width: float) -> str:
    """Draw the chart as SVG: names at the lines' ends, or in rows below where it is narrow."""
    traces = _traces(chart)
    lows, highs = runs(chart.years, chart.band_low), runs(chart.years, chart.band_high)
    numbers = [value for trace in traces for piece in trace.pieces for _, value in piece]
    numbers += [value for piece in (*lows, *highs) for _, value in piece]
    if not numbers:
        return empty(chart.key, chart.title, chart.reading, width)
    band = _band_pieces(chart)
    if band:
        middle = [(year, (low + high) / 2) for year, low, high in band[-1]]
        traces.append(_Trace(chart.band_label, [middle], BAND, 12))
    named = [trace for trace in traces if trace.words]
    narrow = width < NARROW
    below = [fitted_lines(trace.words, width - _SAMPLE - 8, 13) for trace in named]
    rows = sum(map(len, below)) if narrow else 0
    canvas = Canvas(chart.key, width, _BOTTOM + 34 + 18 * rows, chart.title, chart.reading)
    wide = max((width_of(trace.words) for trace in named), default=0.0)
    right = width - (14 if narrow else min(wide, width * 0.3) + 18)
    up, left = upward(canvas, covering(numbers, 5, zero=True), chart.text, (_TOP, _BOTTOM), right)
    years = [*chart.years, *(year for year, value, _ in chart.later if is_known(value))]
    along = Scale(min(years), max(years), left + 12, right - 6)
    for piece in band:
        _area(canvas, piece, along, up)
    if narrow:
        _rows(canvas, named, below)
    else:
        _ends(canvas, named, along, up, right)
    for trace in reversed([each for each in traces if each.stroke != BAND]):
        _trace(canvas, trace, along, up)
    _years(canvas, years, along)
    if chart.own.label and not known(chart.own.values):
        words = fitted(f"{chart.own.label}: not published", right - left - 12)
        canvas.text(left + 8, _BOTTOM - 9, words, fill=SAVE, size=13, bold=True, halo=True)
    return canvas.svg()


def _traces(chart: BandChart) -> list[_Trace]:
    """List the lines that have a figure, the own one first."""

    def words(label: str, pieces: Sequence[Sequence[tuple[int, float]]]) -> str:
        return f"{label}, {chart.text(pieces[-1][-1][1])}" if pieces and label else label

    own = runs(chart.years, chart.own.values)
    traces = [_Trace(words(chart.own.label, own), own, SAVE, 3.5, dots=4)]
    for label in dict.fromkeys(label for _, _, label in chart.later):
        same = sorted((y, v) for y, v, name in chart.later if name == label and is_known(v))
        dots = [[each] for each in same]
        traces.append(_Trace(words(label, dots), dots, SAVE, dots=5, filled=False))
    if chart.middle:
        middle = runs(chart.years, chart.middle.values)
        traces.append(_Trace(words(chart.middle.label, middle), middle, INK, 1.8))
    for index, line in enumerate(chart.others):
        other = runs(chart.years, line.values)
        dash = _DASHES[index % len(_DASHES)]
        traces.append(_Trace(words(line.label, other), other, SOFT, 1.5, dash))
    return [trace for trace in traces if trace.pieces]


def _band_pieces(chart: BandChart) -> list[list[tuple[int, float, float]]]:
    """Break the band where either of its ends has no figure."""
    pieces: list[list[tuple[int, float, float]]] = [[]]
    for year, low, high in zip(chart.years, chart.band_low, chart.band_high, strict=False):
        ends = known([low, high])
        if len(ends) == 2:
            pieces[-1].append((year, ends[0], ends[1]))
        else:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _area(
    canvas: Canvas, piece: Sequence[tuple[int, float, float]], along: Scale, up: Scale
) -> None:
    reach = 5 if len(piece) == 1 else 0
    upper: list[Point] = [(along(piece[0][0]) - reach, up(piece[0][2]))] if reach else []
    lower: list[Point] = [(along(piece[0][0]) - reach, up(piece[0][1]))] if reach else []
    upper += [(along(year) + reach, up(high)) for year, _, high in piece]
    lower += [(along(year) + reach, up(low)) for year, low, _ in piece]
    canvas.area([*upper, *reversed(lower)], BAND)


def _trace(canvas: Canvas, trace: _Trace, along: Scale, up: Scale) -> None:
    for piece in trace.pieces:
        points = [(along(year), up(value)) for year, value in piece]
        if len(points) > 1:
            canvas.path(points, stroke=trace.stroke, width=trace.width, dash=trace.dash)
        if trace.dots or len(points) == 1:
            for x, y in points:
                radius = trace.dots or 3
                canvas.dot(x, y, filled=trace.filled, radius=radius, fill=trace.stroke)


def _years(canvas: Canvas, years: Sequence[int], along: Scale) -> None:
    """Write years under the axis, the last one always."""
    every = sorted(set(years), reverse=True)
    across(canvas, along, every, _BOTTOM + 20, lambda year: str(int(year)))


def _sample(canvas: Canvas, trace: _Trace, x: float, y: float) -> None:
    """Show how a line is drawn, beside its name."""
    if trace.stroke == BAND:
        canvas.box(x, y - 6, _SAMPLE, 12, BAND)
        return
    if trace.width:
        canvas.line(
            (x, y), (x + _SAMPLE, y), stroke=trace.stroke, width=trace.width, dash=trace.dash
        )
    if trace.dots:
        middle = x + _SAMPLE / 2
        canvas.dot(middle, y, filled=trace.filled, radius=trace.dots, fill=trace.stroke)


def _colour(trace: _Trace) -> str:
    return SOFT if trace.stroke == BAND else trace.stroke


def _rows(canvas: Canvas, named: Sequence[_Trace], below: Sequence[Sequence[str]]) -> None:
    y = _BOTTOM + 46
    for trace, lines in zip(named, below, strict=True):
        _sample(canvas, trace, 2, y - 5)
        for line in lines:
            bold = trace.stroke == SAVE
            canvas.text(_SAMPLE + 8, y, line, fill=_colour(trace), size=13, bold=bold)
            y += 18


def _ends(canvas: Canvas, named: Sequence[_Trace], along: Scale, up: Scale, right: float) -> None:
    """Name the lines at their right ends, pushed apart where they meet."""
    traces = sorted(named, key=lambda trace: up(trace.end[1]))
    room = canvas.width - right - 14
    for most in (3, 2, 1):
        blocks = [fitted_lines(trace.words, room, 13, most) for trace in traces]
        if sum(len(lines) * _LINE + 4 for lines in blocks) <= canvas.height:
            break
    wanted = [up(trace.end[1]) for trace in traces]
    heights = [len(lines) * _LINE + 4 for lines in blocks]
    for trace, lines, y in zip(
        traces, blocks, apart(wanted, heights, canvas.height - 4), strict=True
    ):
        start, stroke = along(trace.end[0]) + 7, _colour(trace)
        canvas.line((start, up(trace.end[1])), (right + 2, up(trace.end[1])), stroke=GRID)
        canvas.line((right + 2, up(trace.end[1])), (right + 11, y), stroke=PALE)
        for index, line in enumerate(lines):
            at = y + 5 + _LINE * (index - (len(lines) - 1) / 2)
            canvas.text(right + 14, at, line, fill=stroke, size=13, bold=trace.stroke == SAVE)
