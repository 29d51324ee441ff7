"""Net money by financial year, above or below zero, with what it comes to so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from retention_lib.pictures.drawing.canvas import COST, INK, SAVE, SOFT, Canvas, Scale, width_of
from retention_lib.pictures.drawing.places import (
    across,
    covering,
    empty,
    fitted,
    is_known,
    known,
    upward,
)
from retention_lib.units import about, thousands

_PLOT = 196.0
_ROOM = 20.0  # for a value beyond the highest and beyond the lowest bar
_SMALL = 13.0
_CAP = 5.0  # half the width of a whisker's end


@dataclass(frozen=True)
class YearNet:
    """One year: net pounds, its range and the sum of the years so far; above 0 is a gain."""

    label: str
    net: float
    low: float | None = None
    high: float | None = None
    cumulative: float | None = None


@dataclass(frozen=True)
class YearlyChart:
    """The years, in order."""

    key: str
    title: str
    reading: str
    years: Sequence[YearNet]
    gain_label: str = "▲ council gains"
    loss_label: str = "▼ council pays"
    range_label: str = "in this range 8 times in 10"
    cumulative_label: str = "All years so far"


def draw(chart: YearlyChart, width: float) -> str:
    """Draw the chart as SVG, in thousands of pounds.

    Args:
        chart: What to draw.
        width: How wide to draw it, in pixels.

    Example:
        >>> years = [YearNet("2026/27", -900_000.0, cumulative=-900_000.0)]
        >>> svg = draw(YearlyChart("net", "Net", "It costs 900.", years), 320)
        >>> "−900" in svg, "All years so far" in svg
        (True, True)
    """
    years = [year for year in chart.years if is_known(year.net)]
    if not years:
        return empty(chart.key, chart.title, chart.reading, width)
    heads = _heads(chart, years, width)
    top = 18.0 * (1 + max(row for _, row, _ in heads)) + 8 + _ROOM
    bottom = top + _PLOT
    summed = any(is_known(year.cumulative) for year in years)
    height = bottom + _ROOM + 22 + (44 if summed else 4)
    canvas = Canvas(chart.key, width, height, chart.title, chart.reading)
    ends = [end for year in years for end in (year.net, *_range(year))]
    values = covering([min(0.0, *ends), max(0.0, *ends)], 5)
    up, left = upward(canvas, values, thousands, (top, bottom), width)
    slot = (width - left) / len(years)
    slots = Scale(0, len(years), left, width)
    for index, year in enumerate(years):
        _year(canvas, year, up, slots(index + 0.5), slot)
    shown = _shown(years, slots)
    for index in shown:
        _value(canvas, years[index], up, slots, index)
    _under(canvas, chart, years, slots, shown, bottom + _ROOM + 16)
    _head(canvas, chart, heads)
    return canvas.svg()


def year_text(label: str, room: float) -> str:
    """Shorten a year that has too little room.

    Args:
        label: A financial year, or any other words.
        room: How wide it may be, in pixels.

    Example:
        >>> year_text("2026/27", 66), year_text("2026/27", 40), year_text("Start", 20)
        ('2026/27', '26/27', 'Start')
    """
    is_year = len(label) == 7 and label[4] == "/" and label[:4].isdigit()
    return label[2:] if is_year and width_of(label, _SMALL) + 16 > room else label


def flow(widths: Sequence[float], room: float, gap: float = 16.0) -> list[tuple[int, float]]:
    """Lay things side by side in as many rows as they need.

    Args:
        widths: How wide each thing is.
        room: How wide a row is.
        gap: The least space between two things in a row.

    Returns:
        The row and the left edge of each thing.

    Example:
        >>> flow([60, 30, 40], 110, 10)
        [(0, 0.0), (0, 70.0), (1, 0.0)]
    """
    places: list[tuple[int, float]] = []
    row, x = 0, 0.0
    for wide in widths:
        if x and x + wide > room:
            row, x = row + 1, 0.0
        places.append((row, x))
        x += wide + gap
    return places


def _shown(years: Sequence[YearNet], slots: Scale) -> list[int]:
    """Tell which years have room for their numbers: all, or every second or third to the last."""
    last = len(years) - 1
    step = 1
    while True:
        shown = [index for index in range(last + 1) if (last - index) % step == 0]
        ends = [_reach(years[index], slots, index) for index in shown]
        if step > last or all(a[1] + 5 <= b[0] for a, b in pairwise(ends)):
            return shown
        step += 1


def _reach(year: YearNet, slots: Scale, index: int) -> tuple[float, float]:
    """Tell from where to where a year's numbers reach."""
    words = max(_pounds(year.net), _pounds(year.cumulative), key=len)
    half = width_of(words, _SMALL) / 2
    middle = _middle(words, slots, index)
    return middle - half, middle + half


def _middle(words: str, slots: Scale, index: int) -> float:
    """Give where words stand in the middle of a year, or as near as the plot lets them."""
    half = width_of(words, _SMALL) / 2
    least, most = slots.at_0 + 2 + half, slots.at_1 - half
    return min(max(slots(index + 0.5), least), max(least, most))


def _pounds(value: float | None) -> str:
    """Write pounds in whole thousands, so that the years add up; below ten, more finely."""
    if value is None or not is_known(value):
        return ""
    return thousands(round(value, -3) if abs(value) >= 10_000 else about(value, 2))


def _range(year: YearNet) -> list[float]:
    """Give both ends of a year's range, or nothing."""
    ends = known([year.low, year.high])
    return sorted(ends) if len(ends) == 2 else []


def _year(canvas: Canvas, year: YearNet, up: Scale, middle: float, slot: float) -> None:
    wide = min(slot * 0.6, 90.0)
    start, end = sorted((up(0), up(year.net)))
    canvas.box(middle - wide / 2, start, wide, end - start, SAVE if year.net >= 0 else COST)
    ends = _range(year)
    if ends:
        whisker(canvas, (middle, up(ends[0])), (middle, up(ends[1])), min(_CAP, wide / 2))


def whisker(
    canvas: Canvas, start: tuple[float, float], end: tuple[float, float], cap: float
) -> None:
    """Draw a range, edged in white so that it is seen on a dark bar.

    Args:
        canvas: What to draw on.
        start: One end of it.
        end: The other end, straight above or beside the first.
        cap: Half the width of the strokes at its ends.
    """
    for stroke, wide in (("#fff", 4.5), (INK, 1.5)):
        canvas.line(start, end, stroke=stroke, width=wide)
        for x, y in (start, end):
            if start[0] == end[0]:
                canvas.line((x - cap, y), (x + cap, y), stroke=stroke, width=wide)
            else:
                canvas.line((x, y - cap), (x, y + cap), stroke=stroke, width=wide)


def _value(canvas: Canvas, year: YearNet, up: Scale, slots: Scale, index: int) -> None:
    """Write a year's net beyond its bar and its range."""
    ends = [year.net, *_range(year)]
    y = up(max(ends)) - 7 if year.net >= 0 else up(min(ends)) + 16
    words = fitted(_pounds(year.net), slots.at_1 - slots.at_0 - 2)
    x = _middle(words, slots, index)
    colour = SAVE if year.net >= 0 else COST
    canvas.text(x, y, words, anchor="middle", fill=colour, size=_SMALL, bold=True, halo=True)


def _under(
    canvas: Canvas,
    chart: YearlyChart,
    years: Sequence[YearNet],
    slots: Scale,
    shown: Sequence[int],
    y: float,
) -> None:
    """Write the years, and below them what they come to."""
    slot = slots(1) - slots(0)
    names = [fitted(year_text(year.label, slot), canvas.width * 0.6) for year in years]
    places = [index + 0.5 for index in range(len(years))]
    across(canvas, slots, places[::-1], y, lambda place: names[int(place)])
    if not any(is_known(year.cumulative) for year in years):
        return
    canvas.text(0, y + 22, fitted(chart.cumulative_label, canvas.width), fill=SOFT, size=_SMALL)
    for index in shown:
        words = fitted(_pounds(years[index].cumulative), slots.at_1 - slots.at_0 - 2)
        if words:
            x = _middle(words, slots, index)
            canvas.text(x, y + 40, words, anchor="middle", size=_SMALL, bold=True)


def _heads(
    chart: YearlyChart, years: Sequence[YearNet], width: float
) -> list[tuple[str, int, float]]:
    """Lay out the words above the plot: each with its row and its left edge."""
    words = ["£ thousand", chart.gain_label, chart.loss_label]
    if any(_range(year) for year in years):
        words.append(chart.range_label)
    words = [fitted(each, width - 34) for each in words]
    extra = [0.0, 0.0, 0.0, 34.0]
    wide = [width_of(each, _SMALL) + more for each, more in zip(words, extra, strict=False)]
    places = flow(wide, width)
    return [(each, row, x) for each, (row, x) in zip(words, places, strict=True)]


def _head(canvas: Canvas, chart: YearlyChart, heads: Sequence[tuple[str, int, float]]) -> None:
    for index, (words, row, x) in enumerate(heads):
        y = 14 + 18.0 * row
        if index == 3:
            whisker(canvas, (x + 1, y - 5), (x + 27, y - 5), _CAP - 1)
            x += 34
        fill = (SOFT, SAVE, COST, SOFT)[index]
        canvas.text(x, y, words, fill=fill, size=_SMALL, bold=index in (1, 2))
