"""Statistical neighbours: the councils most like each council, from the 2021 and the 2025 model.

Ours has one row for one neighbour: `model,area,place,neighbour,closeness`. Codes are DfE's
three-digit ones, as the models have them; a joint return of two councils is put together later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retention_lib.importers.tables import ImportRefusedError, Published

PLACES = 10

PUBLICATIONS: Mapping[str, str] = {
    "2021": "Statistical neighbours: children's services, April 2021 groupings",
    "2025": "Statistical neighbours: children's services, 2025 model",
}


@dataclass(frozen=True)
class Neighbour:
    """One of the councils most like another, by one model; place 1 is the most alike."""

    model: str
    area: str
    place: int
    neighbour: str
    closeness: str


def model_of(published: Published) -> str | None:
    """Recognise a model by its columns; None where it is some other table."""
    if {"old_la_code", "SN_1", "SN_1P"} <= set(published.heading):
        return "2025"
    if {"LA num", "SN1", "SNP"} <= set(published.heading):
        return "2021"
    return None


def read_neighbours(published: Published) -> tuple[Neighbour, ...]:
    """Read one model: ten neighbours for each council.

    Raises:
        ImportRefusedError: where a column is missing, a code is not three digits, a council stands
            twice, or a neighbour is the council itself or stands twice.
    """
    model = model_of(published)
    if model is None:
        raise ImportRefusedError(f"{published.name} is not a table of statistical neighbours.")
    missing = [
        column
        for place in range(1, PLACES + 1)
        for column in _columns(model, place)
        if column not in published.heading
    ]
    if missing:
        raise ImportRefusedError(
            f"{published.name} looks like the {model} model, but it has no column "
            f"{', '.join(missing)}."
        )
    if not published.rows:
        raise ImportRefusedError(f"{published.name} has a heading and no rows.")
    found: dict[str, tuple[Neighbour, ...]] = {}
    for line, row in published.numbered():
        area = row["old_la_code" if model == "2025" else "LA num"].strip()
        if model == "2021" and not area and not row["SN1"].strip():
            continue  # a heading between the councils of today and those before them
        neighbours = tuple(_neighbour(model, area, place, row) for place in range(1, PLACES + 1))
        codes = [each.neighbour for each in neighbours]
        wrong = [code for code in (area, *codes) if not (code.isdecimal() and len(code) == 3)]
        if wrong:
            raise ImportRefusedError(f"Line {line}: {wrong[0]!r} is not a code of three digits.")
        if area in codes or len(set(codes)) != len(codes):
            raise ImportRefusedError(f"Line {line}: {area} has itself or another one twice.")
        if area in found:
            raise ImportRefusedError(f"Line {line}: {area} stands twice.")
        found[area] = neighbours
    return tuple(each for area in sorted(found) for each in found[area])


def _neighbour(model: str, area: str, place: int, row: Mapping[str, str]) -> Neighbour:
    code, closeness = (row[column].strip() for column in _columns(model, place))
    return Neighbour(model, area, place, code, closeness.lower())


def _columns(model: str, place: int) -> tuple[str, str]:
    """Name the columns of a place: the neighbour's code, and how close it is."""
    if model == "2025":
        return f"SN_{place}", f"SN_{place}P"
    return f"SN{place}", "SNP" if place == 1 else f"SNP#{place}"
