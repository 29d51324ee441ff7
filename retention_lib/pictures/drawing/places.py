"""What the pictures of many councils share: who a mark stands for, axes, and room for words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from retention_lib.pictures.drawing.canvas import (
    GRID,
    INK,
    SAVE,
    SOFT,
    Anchor,
    Canvas,
    Scale,
    ticks,
    width_of,
    wrapped,
)

Text = Callable[[float], str]
Place = Literal["own", "neighbour", "other"]
Spot = tuple[float, float, Anchor]
Box = tuple[float, float, float, float]

PALE = "#8a9299"
NARROW = 520
_LEAST = 1e-9


@dataclass(frozen=True)
class Look:
    """How a dot of one place is drawn."""

    fill: str
    radius: float


LOOKS: dict[Place, Look] = {
    "own": Look(SAVE, 8),
    "neighbour": Look(INK, 4.5),
    "other": Look(PALE, 2.5),
}


def empty(key: str, title: str, reading: str, width: float) -> str:
    """Draw a picture that says that there is nothing to draw."""
    canvas = Canvas(key, width, 44, title, reading)
    canvas.text(2, 26, "No figures to draw.")
    return canvas.svg()


def waiting(key: str, title: str, reading: str, size: tuple[float, float], words: str) -> str:
    """Draw words in the place of a picture that follows, so that nothing moves when it comes."""
    canvas = Canvas(key, *size, title, reading)
    canvas.text(2, 26, fitted(words, size[0] - 4, 14))
    return canvas.svg()


def is_known(value: float | None) -> bool:
    """Tell whether there is a number that can be drawn."""
    return value is not None and math.isfinite(value)


def known(values: Iterable[float | None]) -> list[float]:
    """Give the numbers that can be drawn.

    Example:
        >>> known([1.0, None, float("nan")])
        [1.0]
    """
    return [value for value in values if value is not None and math.isfinite(value)]


def runs(years: Sequence[int], values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Break a line where a year has no figure.

    Example:
        >>> runs([2020, 2021, 2022], [1.0, None, 3.0])
        [[(2020, 1.0)], [(2022, 3.0)]]
    """
    pieces: list[list[tuple[int, float]]] = [[]]
    for year, value in zip(years, values, strict=False):
        if value is None or not math.isfinite(value):
            pieces.append([])
        else:
            pieces[-1].append((year, value))
    return [piece for piece in pieces if piece]


def covering(values: Sequence[float], most: int, *, zero: bool = False) -> list[float]:
    """Give round values that hold all values, and 0 where it is asked for.

    Example:
        >>> covering([3, 17], 4)
        [0, 5, 10, 15, 20]
        >>> covering([0, 0], 2, zero=True)
        [0, 0.5, 1]
    """
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < _LEAST * max(1.0, abs(low), abs(high)):
        pad = max(abs(low), abs(high)) * 0.1
        pad = pad if pad > _LEAST else 1.0
        low, high = low if zero else low - pad, high + pad
    return ticks(low, high, most)


def fitted(words: str, width: float, size: float = 13) -> str:
    """Cut words that are too long for a width.

    Example:
        >>> fitted("Northumberland", 60)
        'Northu…'
    """
    if width_of(words, size) <= width + _LEAST * max(1.0, width):
        return words
    kept = words
    while kept and width_of(f"{kept}…", size) > width:
        kept = kept[:-1].rstrip()
    return f"{kept}…"


def fitted_lines(words: str, width: float, size: float = 13, most: int = 2) -> list[str]:
    """Break words into a few lines; what does not fit is cut."""
    lines = wrapped(words, width, size)
    kept = [*lines[: most - 1], " ".join(lines[most - 1 :])] if len(lines) > most else lines
    return [fitted(line, width, size) for line in kept]


def held(x: float, words: str, size: float, width: float) -> float:
    """Give a middle for words, as near to x as the canvas lets them be."""
    half = width_of(words, size) / 2
    return min(max(x, half), max(half, width - half))


def apart(wanted: Sequence[float], heights: Sequence[float], bottom: float) -> list[float]:
    """Push blocks apart that would meet, downwards, then up again from the bottom.

    Example:
        >>> apart([50, 52, 98], [20, 20, 20], 100)
        [50, 70.0, 90.0]
    """
    middles = list(wanted)
    for i, height in enumerate(heights):
        least = height / 2 if i == 0 else middles[i - 1] + (heights[i - 1] + height) / 2
        middles[i] = max(middles[i], least)
    for i in range(len(middles) - 1, -1, -1):
        is_last = i == len(middles) - 1
        below = bottom if is_last else middles[i + 1] - heights[i + 1] / 2
        middles[i] = min(middles[i], below - heights[i] / 2)
    return middles


def across(canvas: Canvas, scale: Scale, values: Sequence[float], y: float, text: Text) -> None:
    """Write values under an axis, every second or third where they would meet."""
    words = [fitted(text(value), canvas.width * 0.6) for value in values]
    places = [
        held(scale(value), each, 13, canvas.width)
        for value, each in zip(values, words, strict=True)
    ]
    step = 1
    while step < len(values) and _meet(places[::step], words[::step]):
        step += 1
    for x, each in zip(places[::step], words[::step], strict=True):
        canvas.text(x, y, each, anchor="middle", fill=SOFT, size=13)


def _meet(places: Sequence[float], words: Sequence[str]) -> bool:
    ends = [(x, width_of(each, 13) / 2 + 5) for x, each in zip(places, words, strict=True)]
    return any(abs(b[0] - a[0]) < a[1] + b[1] for a, b in pairwise(ends))


def margin_of(words: Iterable[str]) -> float:
    """Tell how much room the words of an upright axis need."""
    # Digits and percent signs are wider than letters are on average.
    return max([34.0, *(width_of(each, 13) * 1.15 + 10 for each in words)])


def upward(
    canvas: Canvas, values: Sequence[float], text: Text, ends: tuple[float, float], right: float
) -> tuple[Scale, float]:
    """Draw an upright axis from top to bottom; give its scale and where its lines start."""
    words = [fitted(text(value), canvas.width * 0.4) for value in values]
    left = margin_of(words)
    scale = Scale(values[0], values[-1], ends[1], ends[0])
    for value, each in zip(values, words, strict=True):
        y = scale(value)
        canvas.line((left, y), (right, y), stroke=GRID if value else INK)
        canvas.text(left - 6, y + 5, each, anchor="end", fill=SOFT, size=13)
    return scale, left


class Labels:
    """Words on a canvas that neither meet what is there already nor leave their ground."""

    def __init__(self, canvas: Canvas, ground: Box) -> None:
        self._canvas = canvas
        self.ground = ground
        self._taken: list[Box] = []
        self._small: list[Box] = []

    def take(self, x: float, y: float, radius: float) -> None:
        """Keep words off a dot."""
        self._taken.append((x - radius, y - radius, x + radius, y + radius))

    def avoid(self, x: float, y: float) -> None:
        """Keep words off a small dot where there is a choice."""
        self._small.append((x - 3, y - 3, x + 3, y + 3))

    def place(
        self, words: str, spots: Sequence[Spot], *, fill: str = INK, bold: bool = False
    ) -> bool:
        """Write words at the first spot with room; tell whether there was one."""
        spots = sorted(spots, key=lambda spot: self._crowd(_box(words, spot)))
        for x, y, anchor in spots:
            box = _box(words, (x, y, anchor))
            inside = self.ground[0] <= box[0] and box[2] <= self.ground[2]
            inside = inside and self.ground[1] <= box[1] and box[3] <= self.ground[3]
            if inside and not any(_over(box, other) for other in self._taken):
                self._taken.append(box)
                self._canvas.text(
                    x, y, words, anchor=anchor, fill=fill, size=13, bold=bold, halo=True
                )
                return True
        return False

    def _crowd(self, box: Box) -> int:
        return sum(_over(box, other) for other in self._small)


def _box(words: str, spot: Spot) -> Box:
    """Tell what room words take at a spot."""
    x, y, anchor = spot
    wide = width_of(words, 13)
    start = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return start, y - 11, start + wide, y + 3


def _over(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
