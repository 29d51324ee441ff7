"""What is claimed, what it would need and what studies found: one row for each claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.pictures.drawing.canvas import (
    COST,
    GRID,
    INK,
    PAYS,
    SAVE,
    SOFT,
    Canvas,
    Scale,
    width_of,
)
from retention_lib.pictures.drawing.places import (
    NARROW,
    covering,
    empty,
    fitted,
    fitted_lines,
    held,
    is_known,
    known,
)
from retention_lib.units import percent

_LABEL = 208.0
_RADIUS = 9.0
_LEVEL = 2 * _RADIUS + 2
_HEAD = 40.0  # for what is needed and what is assumed, above the dots
_SMALL = 13.0
_ASSUMED = "#f8e3d3"


@dataclass(frozen=True)
class Mark:
    """A study in a row: its number in the list, what it found and its interval; hollow if weak."""

    number: int
    value: float
    low: float | None = None
    high: float | None = None
    filled: bool = True


@dataclass(frozen=True)
class Claim:
    """One row: a share that is assumed, with its ends, and the share at which it pays.

    Where no share is enough `needed` is None and `needed_text` says so. `is_enough` shades all that
    is at least `needed`. What is no share has `assumed` None, and `assumed_text` says it: a row of
    words.
    """

    label: str
    assumed: float | None
    low: float | None
    high: float | None
    needed: float | None
    needed_text: str
    marks: Sequence[Mark]
    nothing: str = "no study gives a figure"
    is_enough: bool = True
    assumed_text: str = ""


@dataclass(frozen=True)
class ClaimChart:
    """The rows; `names` says what the numbers of the marks stand for, from 1 on.

    `notes` are written below them.
    """

    key: str
    title: str
    reading: str
    axis: str
    claims: Sequence[Claim]
    names: Sequence[str]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class _Row:
    """A row that has its place: how high it is, its label, and the level of each mark."""

    claim: Claim
    label: list[str]
    marks: list[tuple[Mark, int]]
    top: float
    height: float


def draw(chart: ClaimChart, width: float) -> str:
    """Draw the chart as SVG: the label beside each row, or above it where it is narrow.

    Args:
        chart: What to draw.
        width: How wide to draw it, in pixels.

    Example:
        >>> claim = Claim("Recognition", 0.045, 0, 0.054, 0.11, "needs 11%", [Mark(1, 0.0449)])
        >>> svg = draw(ClaimChart("e", "Claims", "It needs 11%.", "fall", [claim], ["Nurses"]), 320)
        >>> "needs 11%" in svg, "assumes 4.5%" in svg, "1 Nurses" in svg
        (True, True, True)
    """
    claims = [claim for claim in chart.claims if claim.assumed_text or is_known(claim.assumed)]
    if not claims:
        return empty(chart.key, chart.title, chart.reading, width)
    narrow = width < NARROW
    left = 14.0 if narrow else _LABEL + 16
    values = covering(_ends(claims), 4 if narrow else 6, zero=True)
    scale = Scale(values[0], values[-1], left, width - 26)
    rows = _rows(claims, scale, narrow, width)
    bottom = rows[-1].top + rows[-1].height
    axis = fitted_lines(chart.axis, width - left - 30, _SMALL)
    numbered = [f"{number} {name}" for number, name in enumerate(chart.names, 1)]
    names = [line for name in numbered for line in fitted_lines(name, width - 4, _SMALL)]
    names += [line for note in chart.notes for line in fitted_lines(note, width - 4, _SMALL, 6)]
    height = bottom + 26 + 16 * len(axis) + (12 + 18 * len(names) if names else 0) + 6
    canvas = Canvas(chart.key, width, height, chart.title, chart.reading)
    on_axis = [row for row in rows if is_known(row.claim.assumed)]
    for row in on_axis:
        _ground(canvas, row, scale)
    for value in values if on_axis else ():
        for row in on_axis:
            floor = row.top + row.height - 6
            canvas.line((scale(value), _strip(row, narrow)), (scale(value), floor), stroke=GRID)
        words = percent(value, 1)
        x = held(scale(value), words, _SMALL, width)
        canvas.text(x, bottom + 16, words, anchor="middle", fill=SOFT, size=_SMALL)
    for row in rows:
        _claim(canvas, row, scale, narrow)
    y = bottom + 34
    for line in axis if on_axis else ():
        x = held((left + width - 26) / 2, line, _SMALL, width)
        canvas.text(x, y, line, anchor="middle", fill=SOFT, size=_SMALL)
        y += 16
    for index, line in enumerate(names):
        canvas.text(2, y + 14 + 18 * index, line, size=_SMALL)
    return canvas.svg()


def _ends(claims: Sequence[Claim]) -> list[float]:
    """Give what the axis has to hold: all that is claimed, needed and found."""
    ends = [0.05]
    for claim in claims:
        ends += [size * 1.04 for size in known([claim.assumed])]
        ends += known([claim.low, claim.high])
        ends += [need * 1.04 for need in known([claim.needed])]
        for mark in claim.marks:
            ends += known([mark.value * 1.04, mark.low, mark.high])
    return ends


def _rows(claims: Sequence[Claim], scale: Scale, narrow: bool, width: float) -> list[_Row]:
    """Give each row its place, as high as its label and its piled marks need."""
    rows = []
    top = 4.0
    for claim in claims:
        label = fitted_lines(claim.label, width - 4 if narrow else _LABEL, _SMALL, 3)
        marks = _levels([mark for mark in claim.marks if is_known(mark.value)], scale)
        above = 6 + 17.0 * len(label) if narrow else 0.0
        levels = max([1, *(1 + level for _, level in marks)])
        more = 15.0 * (len(_nothing(claim, scale)) - 1)
        held_in = _HEAD + _LEVEL * levels + 16 + more
        height = above + max(held_in, 0 if narrow else 17.0 * len(label) + 20)
        rows.append(_Row(claim, label, marks, top, height))
        top += height
    return rows


def _nothing(claim: Claim, scale: Scale) -> list[str]:
    """Give the lines that stand where no study does."""
    return [""] if claim.marks else fitted_lines(claim.nothing, scale.at_1 - scale.at_0, _SMALL)


def _levels(marks: Sequence[Mark], scale: Scale) -> list[tuple[Mark, int]]:
    """Pile up marks that would lie over one another, with their intervals."""
    ends: list[float] = []
    placed = []
    for mark in sorted(marks, key=lambda each: (each.value, each.number)):
        reach = [scale(end) for end in known([mark.value, mark.low, mark.high])]
        start, end = min(reach) - _RADIUS - 1, max(reach) + _RADIUS + 1
        level = next((i for i, taken in enumerate(ends) if taken <= start), len(ends))
        ends[level : level + 1] = [end]
        placed.append((mark, level))
    return placed


def _strip(row: _Row, narrow: bool) -> float:
    """Give where the part of a row begins that stands on the axis."""
    return row.top + (6 + 17.0 * len(row.label) if narrow else 0.0)


def _ground(canvas: Canvas, row: _Row, scale: Scale) -> None:
    """Shade what would be enough, and mark the range of what is assumed."""
    claim, floor = row.claim, row.top + row.height - 6
    levels = max([1, *(1 + level for _, level in row.marks)])
    top = floor - _LEVEL * levels - 6
    if claim.is_enough and claim.needed is not None and is_known(claim.needed):
        start = scale(claim.needed)
        canvas.box(start, top, scale.at_1 - start, floor - top, PAYS)
    ends = known([claim.low, claim.high])
    if len(ends) == 2:
        canvas.box(scale(ends[0]), floor - 5, scale(ends[1]) - scale(ends[0]), 5, _ASSUMED)


def _claim(canvas: Canvas, row: _Row, scale: Scale, narrow: bool) -> None:
    """Draw one row: its label, what is needed and assumed, and what studies found."""
    claim, start, floor = row.claim, _strip(row, narrow), row.top + row.height - 6
    for index, line in enumerate(row.label):
        if narrow:
            canvas.text(0, row.top + 17 + 17 * index, line, size=_SMALL, bold=True)
        else:
            y = start + 20 + 17 * index
            canvas.text(_LABEL, y, line, anchor="end", size=_SMALL, bold=True)
    canvas.line((scale.at_0, floor), (scale.at_1, floor), stroke=SOFT)
    words = fitted(claim.needed_text, canvas.width - scale.at_0, _SMALL)
    if claim.needed is not None and is_known(claim.needed):
        x = scale(claim.needed)
        canvas.line((x, start + 18), (x, floor), stroke=SAVE, width=2)
        _beside(canvas, scale, x, start + 15, words, SAVE)
    else:
        canvas.text(scale.at_0, start + 15, words, fill=SAVE, size=_SMALL, bold=True)
    if claim.assumed is not None and is_known(claim.assumed):
        x = scale(claim.assumed)
        canvas.line((x, start + 35), (x, floor), stroke=COST, width=3, dash="6 4")
        _beside(canvas, scale, x, start + 32, f"assumes {percent(claim.assumed, 1)}", COST)
    else:
        words = fitted(claim.assumed_text, canvas.width - scale.at_0, _SMALL)
        canvas.text(scale.at_0, start + 32, words, fill=COST, size=_SMALL, bold=True)
    for mark, level in row.marks:
        _mark(canvas, mark, scale, floor - 6 - _LEVEL * (level + 0.5))
    if not row.marks:
        lines = _nothing(claim, scale)
        for index, line in enumerate(lines):
            y = floor - 10 - 15 * (len(lines) - 1 - index)
            canvas.text(scale.at_0 + 2, y, line, fill=SOFT, size=_SMALL, halo=True)


def _beside(canvas: Canvas, scale: Scale, x: float, y: float, words: str, fill: str) -> None:
    """Write words right of a line, or as near as the picture lets them be."""
    start = max(scale.at_0, min(x - 2, canvas.width - width_of(words, _SMALL) * 1.05))
    canvas.text(start, y, words, fill=fill, size=_SMALL, bold=True, halo=True)


def _mark(canvas: Canvas, mark: Mark, scale: Scale, y: float) -> None:
    """Draw a study as a dot with its number, over its interval."""
    ends = known([mark.low, mark.high])
    if len(ends) == 2:
        canvas.line((scale(ends[0]), y), (scale(ends[1]), y), stroke=SOFT, width=3)
    canvas.dot(scale(mark.value), y, filled=mark.filled, radius=_RADIUS - 1)
    fill = "#fff" if mark.filled else INK
    canvas.text(
        scale(mark.value), y + 4, str(mark.number), anchor="middle", fill=fill, size=12, bold=True
    )
