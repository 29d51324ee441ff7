"""A drawn picture, looked at: its parts, its words, and whether all is on the paper and apart."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from retention_lib.pictures.drawing.canvas import width_of

SVG = "{http://www.w3.org/2000/svg}"
SLACK = 0.11  # positions are written to one decimal


def parts(svg: ET.Element, tag: str, **wanted: str) -> list[ET.Element]:
    """Find elements by their attributes; a dash in a name is written as an underscore."""
    given_names = {name.replace("_", "-"): value for name, value in wanted.items()}
    return [
        part
        for part in svg.iter(f"{SVG}{tag}")
        if all(part.get(name) == value for name, value in given_names.items())
    ]


def words_of(svg: ET.Element) -> list[str]:
    return [part.text or "" for part in svg.iter(f"{SVG}text")]


def number(part: ET.Element, name: str) -> float:
    return float(part.get(name, "nan"))


def points_of(part: ET.Element) -> list[tuple[float, float]]:
    pairs = [pair.split(",") for pair in part.get("points", "").split()]
    return [(float(x), float(y)) for x, y in pairs]


def text_box(part: ET.Element) -> tuple[float, float, float, float]:
    size = float(part.get("font-size", "14"))
    wide = width_of(part.text or "", size)
    start = (
        number(part, "x")
        - {"start": 0, "middle": wide / 2, "end": wide}[part.get("text-anchor", "start")]
    )
    return start, number(part, "y") - size * 0.8, start + wide, number(part, "y") + size * 0.2


def check_inside(drawn: str) -> ET.Element:
    """Check that nothing is drawn outside the picture, and that no number is missing."""
    assert "nan" not in drawn
    assert "inf" not in drawn
    svg = ET.fromstring(drawn)
    width, height = (float(each) for each in svg.get("viewBox", "").split()[2:])
    corners: list[tuple[float, float]] = []
    for part in svg.iter(f"{SVG}text"):
        x_0, y_0, x_1, y_1 = text_box(part)
        corners += [(x_0, y_0), (x_1, y_1)]
    for part in svg.iter(f"{SVG}line"):
        corners += [(number(part, "x1"), number(part, "y1"))]
        corners += [(number(part, "x2"), number(part, "y2"))]
    for part in svg.iter(f"{SVG}circle"):
        x, y, radius = number(part, "cx"), number(part, "cy"), number(part, "r")
        corners += [(x - radius, y - radius), (x + radius, y + radius)]
    for part in svg.iter(f"{SVG}rect"):
        x, y = number(part, "x"), number(part, "y")
        corners += [(x, y), (x + number(part, "width"), y + number(part, "height"))]
    for tag in ("polyline", "polygon"):
        for part in svg.iter(f"{SVG}{tag}"):
            corners += points_of(part)
    for x, y in corners:
        assert -SLACK <= x <= width + SLACK
        assert -SLACK <= y <= height + SLACK
    return svg


def check_apart(svg: ET.Element) -> None:
    """Check that no words are written over other words."""
    boxes = [text_box(part) for part in svg.iter(f"{SVG}text") if part.text]
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            wide = min(a[2], b[2]) - max(a[0], b[0])
            high = min(a[3], b[3]) - max(a[1], b[1])
            assert wide <= 0.2 or high <= 0.2, (a, b)
