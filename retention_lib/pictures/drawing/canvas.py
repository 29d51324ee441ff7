"""The paper that pictures are drawn on: scales, words and marks, as SVG elements."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from xml.etree import ElementTree as ET

INK = "#0b0c0c"
SOFT = "#50565b"
GRID = "#e1e5e8"
COST = "#b4531a"
SAVE = "#1d4f91"
BACK = "#7ba3d4"
BACK_INK = "#3d6a9c"
PAYS = "#e4eef8"
BAND = "#dbe7f5"

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]

_FONT = "Arial, Helvetica, system-ui, sans-serif"
_ADVANCES: dict[float, str] = {
    0.238: "'",
    0.278: " ,./I\\ijl‘’",
    0.28: "|",
    0.333: "!()-:;[]`ft",
    0.389: "*r{}",
    0.474: '"',
    0.5: "z“”",
    0.556: "#$0123456789J_aceksvxy£–",
    0.584: "+<=>^~−×",
    0.611: "?FLTZbdghnopqu",
    0.667: "EPSVXY",
    0.722: "&ABCDHKNRU",
    0.778: "GOQw",
    0.833: "M",
    0.889: "%m",
    0.944: "W",
}
# Of Arial's bold, in its size: what is not bold is a little narrower, and fits as well.
_ADVANCE = {ord(each): wide for wide, those in _ADVANCES.items() for each in those}
_OTHER = 1.0  # of a character that is not listed, in the same measure
_SLACK = 1e-6  # room that was measured by its words holds them


@dataclass(frozen=True)
class Scale:
    """A straight line from values to positions."""

    value_0: float
    value_1: float
    at_0: float
    at_1: float

    def __call__(self, value: float) -> float:
        """Give the position of a value.

        Example:
            >>> Scale(0, 10, 100, 200)(5)
            150.0
        """
        span = self.value_1 - self.value_0
        part = (value - self.value_0) / span if span else 0.0
        return self.at_0 + part * (self.at_1 - self.at_0)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Give round values that cover a range, at most so many steps.

    Example:
        >>> ticks(0, 57, 6)
        [0, 10, 20, 30, 40, 50, 60]
    """
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return [low]
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    decimals = max(0, 1 - math.floor(math.log10(step)))
    values = [round(i * step, decimals) for i in range(first, last + 1)]
    return [int(value) if value == int(value) else value for value in values]


@lru_cache(maxsize=4096)
def _advance(text: str) -> float:
    return sum(_ADVANCE.get(ord(each), _OTHER) for each in text)


def width_of(text: str, size: float = 14) -> float:
    """Estimate how wide a text is drawn: as in bold Arial, which few fonts are wider than.

    Example:
        >>> width_of("will", 10) < width_of("Mamm", 10)
        True
    """
    return _advance(text) * size


def wrapped(text: str, width: float, size: float = 14) -> list[str]:
    """Break a text into lines that fit a width.

    Example:
        >>> wrapped("England, five teacher schemes", 120)
        ['England, five', 'teacher schemes']
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, size) > width + _SLACK:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


class Canvas:
    """A picture being drawn; every text that goes in is escaped."""

    def __init__(self, key: str, width: float, height: float, title: str, reading: str) -> None:
        self.width, self.height = width, height
        self._root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {_n(width)} {_n(height)}",
                "width": _n(width),
                "height": _n(height),
                "role": "img",
                "aria-labelledby": f"{key}-title {key}-reading",
                "font-family": _FONT,
                "font-size": "14",
                "preserveAspectRatio": "xMinYMin meet",
            },
        )
        self._add("title", {"id": f"{key}-title"}).text = title
        self._add("desc", {"id": f"{key}-reading"}).text = reading

    def _add(self, tag: str, attributes: dict[str, str]) -> ET.Element:
        return ET.SubElement(self._root, tag, attributes)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: Anchor = "start",
        fill: str = INK,
        size: float = 14,
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """Write words; a halo keeps them readable over lines."""
        given = {"x": _n(x), "y": _n(y), "text-anchor": anchor, "fill": fill}
        if size != 14:
            given["font-size"] = _n(size)
        if bold:
            given["font-weight"] = "700"
        if halo:
            given |= {"stroke": "#fff", "stroke-width": "4", "paint-order": "stroke"}
        self._add("text", given).text = words

    def line(
        self, start: Point, end: Point, *, stroke: str = GRID, width: float = 1, dash: str = ""
    ) -> None:
        """Draw a straight line."""
        given = {
            "x1": _n(start[0]),
            "y1": _n(start[1]),
            "x2": _n(end[0]),
            "y2": _n(end[1]),
            "stroke": stroke,
            "stroke-width": _n(width),
        }
        if dash:
            given["stroke-dasharray"] = dash
        self._add("line", given)

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Fill a rectangle; one that would be too thin to see is left out."""
        if width <= 0 or height <= 0:
            return
        given = {"x": _n(x), "y": _n(y), "width": _n(width), "height": _n(height), "fill": fill}
        self._add("rect", given)

    def dot(
        self, x: float, y: float, *, filled: bool = True, radius: float = 6, fill: str = INK
    ) -> None:
        """Draw a dot, hollow where what it stands for is not on the same footing."""
        given = {"cx": _n(x), "cy": _n(y), "r": _n(radius), "fill": fill if filled else "#fff"}
        if not filled:
            given |= {"stroke": fill, "stroke-width": "2"}
        self._add("circle", given)

    def path(
        self, points: Sequence[Point], *, stroke: str, width: float = 2.5, dash: str = ""
    ) -> None:
        """Draw a line through points."""
        given = {
            "points": _points(points),
            "fill": "none",
            "stroke": stroke,
            "stroke-width": _n(width),
        }
        if dash:
            given["stroke-dasharray"] = dash
        self._add("polyline", given)

    def area(self, points: Sequence[Point], fill: str) -> None:
        """Fill the area inside points."""
        self._add("polygon", {"points": _points(points), "fill": fill})

    def svg(self) -> str:
        """Give the picture as SVG text."""
        return ET.tostring(self._root, encoding="unicode")


def _n(value: float) -> str:
    """Write a number as short as it can be."""
    return f"{value:.1f}".removesuffix(".0")


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
