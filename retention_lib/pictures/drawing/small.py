"""Many small pictures on one sheet: one council against a middle line, a panel for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.pictures.drawing.canvas import (
    INK,
    SAVE,
    SOFT,
    Canvas,
    Scale,
    width_of,
)
from retention_lib.pictures.drawing.places import (
    Text,
    apart,
    empty,
    fitted,
    fitted_lines,
    known,
    runs,
)

_GAP = 28.0
_PLOT = 92.0
_LINE = 17.0
_SAMPLE = 30.0


@dataclass(frozen=True)
class Panel:
    """One measure: the own and the middle line's values by year, and a remark."""

    label: str
    own: Sequence[float | None]
    middle: Sequence[float | None]
    text: Text
    note: str = ""


@dataclass(frozen=True)
class SmallChart:
    """Panels over the same years; `marked` is the place of the chosen one."""

    key: str
    title: str
    reading: str
    years: Sequence[int]
    panels: Sequence[Panel]
    own_label: str
    middle_label: str
    marked: int | None


@dataclass(frozen=True)
class _Frame:
    """Where one panel lies."""

    x: float
    y: float
    width: float
    head: float


def draw(chart: SmallChart, width: float) -> str:
    """Draw the panels as SVG, in one, two or three columns; each starts at 0."""
    if not chart.panels or not chart.years:
        return empty(chart.key, chart.title, chart.reading, width)
    columns = 1 if width < 420 else 2 if width < 640 else 3
    columns = min(columns, len(chart.panels))
    wide = (width - _GAP * (columns - 1)) / columns
    heads = [
        _LINE * len(fitted_lines(panel.label, wide, 14))
        + (_LINE * len(fitted_lines(panel.note, wide, 12)) if panel.note else 0)
        for panel in chart.panels
    ]
    rows = [max(heads[i : i + columns]) for i in range(0, len(heads), columns)]
    names = _names(chart, width)
    top = 24.0 * len(names) + 14
    height = top + sum(head + _PLOT + 60 for head in rows)
    canvas = Canvas(chart.key, width, height, chart.title, chart.reading)
    for index, (words, is_own) in enumerate(names):
        _name(canvas, words, is_own, 24.0 * index)
    y = top
    for row, head in enumerate(rows):
        for column, panel in enumerate(chart.panels[row * columns : (row + 1) * columns]):
            frame = _Frame((wide + _GAP) * column, y, wide, head)
            _panel(canvas, chart, panel, frame, row * columns + column == chart.marked)
        y += head + _PLOT + 60
    return canvas.svg()


def _names(chart: SmallChart, width: float) -> list[tuple[str, bool]]:
    """Give the names of the two lines, and which of them is the own one."""
    both = ((chart.own_label, True), (chart.middle_label, False))
    return [(fitted(words, width - _SAMPLE - 8), is_own) for words, is_own in both if words]


def _name(canvas: Canvas, words: str, is_own: bool, y: float) -> None:
    """Name a line beside a sample of it."""
    start, end = (2.0, y + 11), (_SAMPLE, y + 11)
    if is_own:
        canvas.line(start, end, stroke=SAVE, width=3.5)
    else:
        canvas.line(start, end, stroke=INK, width=1.5, dash="4 3")
    canvas.text(_SAMPLE + 8, y + 16, words, fill=SAVE if is_own else INK, size=13, bold=is_own)


def _panel(canvas: Canvas, chart: SmallChart, panel: Panel, frame: _Frame, is_marked: bool) -> None:
    y = frame.y
    lines = fitted_lines(panel.label, frame.width, 14)
    for line in lines:
        y += _LINE
        canvas.text(frame.x, y - 3, line, bold=True)
    if is_marked:
        wide = max(width_of(line) for line in lines)
        canvas.line((frame.x, y + 3), (frame.x + wide, y + 3), stroke=SAVE, width=3)
    for line in fitted_lines(panel.note, frame.width, 12) if panel.note else ():
        y += _LINE
        canvas.text(frame.x, y - 1, line, fill=SOFT, size=12)
    top = frame.y + frame.head + 16
    if known([*panel.own, *panel.middle]):
        _lines(canvas, chart, panel, frame, top)
    else:
        canvas.text(frame.x, top + _PLOT / 2, "not published", fill=SOFT, size=13)


def _lines(canvas: Canvas, chart: SmallChart, panel: Panel, frame: _Frame, top: float) -> None:
    """Draw the two lines from 0 up, and write their last values at their ends."""
    bottom = top + _PLOT
    own, middle = runs(chart.years, panel.own), runs(chart.years, panel.middle)
    drawn = [(pieces, is_own) for pieces, is_own in ((middle, False), (own, True)) if pieces]
    numbers = [value for pieces, _ in drawn for piece in pieces for _, value in piece]
    ends = [(pieces[-1][-1], is_own) for pieces, is_own in drawn]
    words = [fitted(panel.text(end[1]), frame.width * 0.45) for end, _ in ends]
    right = frame.x + frame.width - max((width_of(each, 13) for each in words), default=0) - 8
    high = max([*numbers, 0.0])
    low = min([*numbers, 0.0])
    up = Scale(low, high if high > low else low + 1, bottom, top)
    along = Scale(min(chart.years), max(chart.years), frame.x + 4, right - 5)
    canvas.line((frame.x, up(0)), (right, up(0)), stroke=SOFT)
    for pieces, is_own in drawn:
        for piece in pieces:
            _piece(canvas, [(along(year), up(value)) for year, value in piece], is_own)
    marks = [(up(end[1]), each, is_own) for (end, is_own), each in zip(ends, words, strict=True)]
    _values(canvas, marks, right)
    first, last = str(min(chart.years)), str(max(chart.years))
    canvas.text(frame.x, bottom + 18, first, fill=SOFT, size=12)
    if first != last and right - frame.x > width_of(first + last, 12) + 8:
        canvas.text(right, bottom + 18, last, anchor="end", fill=SOFT, size=12)


def _piece(canvas: Canvas, points: Sequence[tuple[float, float]], is_own: bool) -> None:
    stroke, wide, dash = (SAVE, 3.5, "") if is_own else (INK, 1.5, "4 3")
    if len(points) > 1:
        canvas.path(points, stroke=stroke, width=wide, dash=dash)
    if is_own or len(points) == 1:
        canvas.dot(*points[-1], radius=4 if is_own else 3, fill=stroke)


def _values(canvas: Canvas, ends: Sequence[tuple[float, str, bool]], right: float) -> None:
    """Write the last values beside the lines, pushed apart where they meet."""
    ends = sorted(ends)
    places = apart([y for y, _, _ in ends], [16.0] * len(ends), canvas.height)
    for at, (_, words, is_own) in zip(places, ends, strict=True):
        fill = SAVE if is_own else SOFT
        canvas.text(right + 4, at + 4.5, words, fill=fill, size=13, bold=is_own)
