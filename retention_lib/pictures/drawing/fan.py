"""A measure month by month, with and without a plan, and how far luck could move it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from retention_lib.pictures.drawing.canvas import (
    BACK,
    BAND,
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
    Labels,
    Spot,
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
from retention_lib.pictures.drawing.yearly import year_text
from retention_lib.units import count

_SAMPLE = 26.0  # of a stroke, beside its name
_ROW = 18.0
_LINE = 16.0
_SMALL = 13.0
_DASH = "6 4"  # of the line without the plan
_THRESHOLD_DASHES = ("1.5 3", "9 3 2 3", "3 3", "12 3")

Run = Sequence[tuple[int, float]]


@dataclass(frozen=True)
class Threshold:
    """A level that matters, such as a limit or a target."""

    label: str
    value: float


@dataclass(frozen=True)
class FanChart:
    """A value for each of the months, with and without; `low` and `high` go with the plan.

    `years` are the months that are named below. The upright axis starts at `start`, or lower
    where a value is lower; at None it starts near the lowest value.
    """

    key: str
    title: str
    reading: str
    months: Sequence[int]
    without: Sequence[float]
    with_plan: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    thresholds: Sequence[Threshold] = ()
    years: Sequence[tuple[int, str]] = ()
    text: Text = count
    axis: str = ""
    start: float | None = 0.0
    without_label: str = "Without the plan"
    with_label: str = "With the plan"
    band_label: str = "In this band 8 times in 10"


@dataclass(frozen=True)
class _Name:
    """What is written of a line or of the band, and where it ends."""

    words: str
    value: str
    at: float
    fill: str
    stroke: str
    dash: str = ""
    width: float = 0.0

    @property
    def whole(self) -> str:
        """The words with the last value."""
        return f"{self.words}, {self.value}" if self.value else self.words


@dataclass(frozen=True)
class _Ground:
    """Where the plot is, and what its positions mean."""

    along: Scale
    up: Scale
    left: float
    right: float
    top: float
    bottom: float


def draw(chart: FanChart, width: float) -> str:
    """Draw the chart as SVG: lines are named at their ends, or above the plot where it is narrow.

    Args:
        chart: What to draw.
        width: How wide to draw it, in pixels.

    Example:
        >>> chart = FanChart("cases", "Cases", "They fall.", [0, 1], [20.0, 20.0], [20.0, 16.0])
        >>> "With the plan, 16" in draw(chart, 320)
        True
    """
    narrow = width < NARROW
    names = _names(chart)
    if not names:
        return empty(chart.key, chart.title, chart.reading, width)
    names += _levels(chart) if narrow else []
    room = _room(chart, width)
    right = width - (14 if narrow else room + 18)
    axis = fitted_lines(chart.axis, right, _SMALL) if chart.axis else []
    rows = [fitted_lines(name.whole, width - _SAMPLE - 8, _SMALL) for name in names]
    above = len(axis) + (sum(map(len, rows)) if narrow else 0)
    top = 14 + _ROW * above
    bottom = top + min(max(width * 0.32, 200.0), 320.0)
    canvas = Canvas(chart.key, width, bottom + 28, chart.title, chart.reading)
    for index, line in enumerate(axis):
        canvas.text(0, 14 + _ROW * index, line, fill=SOFT, size=_SMALL)
    up, left = upward(canvas, _axis(chart, _numbers(chart)), chart.text, (top, bottom), right)
    along = Scale(min(chart.months), max(chart.months), left + 4, right - 4)
    ground = _Ground(along, up, left, right, top, bottom)
    _years(canvas, chart, ground)
    _band(canvas, chart, ground)
    _level_lines(canvas, chart, ground)
    _lines(canvas, chart, ground)
    if narrow:
        _rows(canvas, names, rows, 14 + _ROW * len(axis))
    else:
        _ends(canvas, names, ground, room)
        _level_words(canvas, chart, ground)
    return canvas.svg()


def _numbers(chart: FanChart) -> list[float]:
    given = [*chart.without, *chart.with_plan, *(chart.low or ()), *(chart.high or ())]
    return known([*given, *(each.value for each in chart.thresholds)])


def _axis(chart: FanChart, numbers: Sequence[float]) -> list[float]:
    """Choose the values of the upright axis."""
    if chart.start is None:
        return covering(numbers, 5)
    return covering([*numbers, chart.start], 5, zero=chart.start == 0)


def _room(chart: FanChart, width: float) -> float:
    """Tell how much room names at the right get."""
    widest = max(width_of(words) for words in (chart.without_label, chart.with_label))
    return min(max(widest, 110.0), width * 0.28)


def _pieces(chart: FanChart) -> list[list[tuple[int, float, float]]]:
    """Break the band where either of its ends has no figure."""
    pieces: list[list[tuple[int, float, float]]] = [[]]
    rows = zip(chart.months, chart.low or (), chart.high or (), strict=False)
    for month, low, high in rows:
        if is_known(low) and is_known(high):
            pieces[-1].append((month, low, high))
        else:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _names(chart: FanChart) -> list[_Name]:
    """List what is named: both lines, then the band where there is one."""
    names = []
    plan, without = runs(chart.months, chart.with_plan), runs(chart.months, chart.without)
    if plan:
        last = plan[-1][-1][1]
        names.append(_Name(chart.with_label, chart.text(last), last, SAVE, SAVE, width=3))
    if without:
        last = without[-1][-1][1]
        words = chart.without_label
        names.append(_Name(words, chart.text(last), last, INK, SOFT, _DASH, 2.5))
    pieces = _pieces(chart)
    if pieces and names:
        _, low, high = pieces[-1][-1]
        other = names[-1].at
        at = low if abs(low - other) > abs(high - other) else high
        names.append(_Name(chart.band_label, "", at, SOFT, BAND))
    return names


def _shown(chart: FanChart) -> list[Threshold]:
    return [each for each in chart.thresholds if is_known(each.value)]


def _levels(chart: FanChart) -> list[_Name]:
    """List the thresholds as names that stand above the plot."""
    return [
        _Name(each.label, chart.text(each.value), each.value, COST, COST, _dash(index), 2)
        for index, each in enumerate(_shown(chart))
    ]


def _dash(index: int) -> str:
    return _THRESHOLD_DASHES[index % len(_THRESHOLD_DASHES)]


def _years(canvas: Canvas, chart: FanChart, ground: _Ground) -> None:
    """Rule and name the ends of the years."""
    names = {
        month: label
        for month, label in chart.years
        if min(chart.months) <= month <= max(chart.months)
    }
    months = sorted(names)
    for month in months:
        x = ground.along(month)
        canvas.line((x, ground.top), (x, ground.bottom + 5), stroke=GRID)
    if months:
        gaps = [ground.along(b) - ground.along(a) for a, b in pairwise(months)]
        room = min(gaps, default=ground.right)
        across(
            canvas,
            ground.along,
            months[::-1],
            ground.bottom + 20,
            lambda month: year_text(names[int(month)], room),
        )


def _band(canvas: Canvas, chart: FanChart, ground: _Ground) -> None:
    """Draw the band as a light area with a thin edge."""
    for piece in _pieces(chart):
        upper: list[Point] = [(ground.along(m), ground.up(high)) for m, _, high in piece]
        lower: list[Point] = [(ground.along(m), ground.up(low)) for m, low, _ in piece]
        canvas.area([*upper, *reversed(lower)], BAND)
        for edge in (upper, lower):
            canvas.path(edge, stroke=BACK, width=1)


def _lines(canvas: Canvas, chart: FanChart, ground: _Ground) -> None:
    for values, stroke, width, dash in (
        (chart.without, SOFT, 2.5, _DASH),
        (chart.with_plan, SAVE, 3.0, ""),
    ):
        for piece in runs(chart.months, values):
            points = _points(piece, ground)
            if len(points) > 1:
                canvas.path(points, stroke=stroke, width=width, dash=dash)
            else:
                canvas.dot(*points[0], radius=3, fill=stroke)


def _points(piece: Run, ground: _Ground) -> list[Point]:
    return [(ground.along(month), ground.up(value)) for month, value in piece]


def _level_lines(canvas: Canvas, chart: FanChart, ground: _Ground) -> None:
    for index, each in enumerate(_shown(chart)):
        y = ground.up(each.value)
        ends = ((ground.left, y), (ground.right, y))
        canvas.line(*ends, stroke=COST, width=2, dash=_dash(index))


def _level_words(canvas: Canvas, chart: FanChart, ground: _Ground) -> None:
    """Name each threshold inside the plot, where least is in the way."""
    shown = _shown(chart)
    labels = Labels(canvas, (ground.left, ground.top - 6, ground.right, ground.bottom))
    for x, y in _busy(chart, ground, shown):
        labels.avoid(x, y)
    for each in shown:
        words = fitted(f"{each.label}, {chart.text(each.value)}", ground.right - ground.left - 12)
        y = ground.up(each.value)
        near = _spots(ground, (y - 5, y + 15))
        far = _spots(ground, [y + 15 * way for n in range(2, 20) for way in (n, -n)])
        if not labels.place(words, near, fill=COST):
            labels.place(words, far, fill=COST)


def _spots(ground: _Ground, heights: Sequence[float]) -> list[Spot]:
    """Give places for words inside the plot, at some heights."""
    middle = (ground.left + ground.right) / 2
    spots: list[Spot] = []
    for y in heights:
        spots += [(ground.left + 6, y, "start"), (ground.right - 6, y, "end")]
        spots.append((middle, y, "middle"))
    return spots


def _busy(chart: FanChart, ground: _Ground, shown: Sequence[Threshold]) -> list[Point]:
    """Give points that words should keep off: on both lines and on the thresholds."""
    points = []
    for values in (chart.without, chart.with_plan):
        for piece in runs(chart.months, values):
            points += _points(piece, ground)
    step = (ground.right - ground.left) / 40
    for each in shown:
        points += [(ground.left + step * i, ground.up(each.value)) for i in range(41)]
    return points


def _rows(
    canvas: Canvas, names: Sequence[_Name], rows: Sequence[Sequence[str]], start: float
) -> None:
    """Name the lines above the plot, each beside a sample of it."""
    y = start
    for name, lines in zip(names, rows, strict=True):
        if name.width:
            ends = ((0.0, y - 5), (_SAMPLE, y - 5))
            canvas.line(*ends, stroke=name.stroke, width=name.width, dash=name.dash)
        else:
            canvas.box(0, y - 11, _SAMPLE, 12, name.stroke)
            for edge in (y - 11, y + 1):
                canvas.line((0, edge), (_SAMPLE, edge), stroke=BACK)
        for line in lines:
            bold = name.width > 2
            canvas.text(_SAMPLE + 8, y, line, fill=name.fill, size=_SMALL, bold=bold)
            y += _ROW


def _ends(canvas: Canvas, names: Sequence[_Name], ground: _Ground, room: float) -> None:
    """Name the lines at their right ends, pushed apart where they meet."""
    order = sorted(names, key=lambda name: ground.up(name.at))
    blocks = [fitted_lines(name.words, room, _SMALL) for name in order]
    for name, lines in zip(order, blocks, strict=True):
        if name.value:
            lines.append(fitted(name.value, room, _SMALL))
    heights = [_LINE * len(lines) + 4 for lines in blocks]
    wanted = [ground.up(name.at) for name in order]
    middles = apart(wanted, heights, ground.bottom + 4)
    for name, lines, y in zip(order, blocks, middles, strict=True):
        at = ground.up(name.at)
        canvas.line((ground.right - 2, at), (ground.right + 11, y), stroke=PALE)
        for index, line in enumerate(lines):
            baseline = y + 5 + _LINE * (index - (len(lines) - 1) / 2)
            bold = name.width > 0
            canvas.text(ground.right + 16, baseline, line, fill=name.fill, size=_SMALL, bold=bold)
