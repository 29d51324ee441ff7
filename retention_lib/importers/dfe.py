"""DfE's "Children's social work workforce" indicators, turned into our table of figures.

Reads the layout of the 2023 to 2025 releases (`csww_indicators`). Ours has one row for one area,
year and measure: `area,year,measure,value,flag`. Shares are 0 to 1, to the precision published;
where DfE gives a symbol in place of a figure the value is empty and the flag says why.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

MEASURES: Mapping[str, tuple[str, bool]] = {
    "turnover": ("turnover_rate_fte", True),
    "vacancies_covered": ("vacancy_agency_cover_rate_fte", True),
    "in_post": ("inpost_fte", False),
}
"""Our measure: DfE's column, and whether it is a percentage there."""

FLAGS: Mapping[str, str] = {
    "x": "not available",
    "z": "not applicable",
    "u": "unreliable",
    "c": "confidential",
    "low": "rounds to zero",
    "k": "rounds to zero",
    ":": "not available",
    "": "not given",
}

_LEVELS = {"National": "country", "Regional": "region", "Local authority": "council"}
_NEEDED = (
    "time_period",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "la_name",
    *(column for column, _ in MEASURES.values()),
)


class ImportRefusedError(ValueError):
    """A published table that this importer cannot read, and why."""


@dataclass(frozen=True)
class Area:
    """A council, a region or England. A joint return of two councils is one area."""

    code: str
    name: str
    level: str
    region: str


@dataclass(frozen=True)
class Figure:
    """One published figure: a value, or a flag that says why there is none."""

    area: str
    year: int
    measure: str
    value: float | None
    flag: str


@dataclass(frozen=True)
class Imported:
    """What was read from one published table."""

    areas: tuple[Area, ...]
    figures: tuple[Figure, ...]
    sha256: str


def read_indicators(file: Path) -> Imported:
    """Read one release.

    Raises:
        ImportRefusedError: where a column is missing, or a cell is neither a number nor a symbol
            that DfE uses.
    """
    raw = file.read_bytes()
    try:
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as problem:
        raise ImportRefusedError(f"{file.name} is not a CSV file in UTF-8: {problem}.") from None
    missing = [column for column in _NEEDED if not rows or column not in rows[0]]
    if missing:
        raise ImportRefusedError(
            f"{file.name} is not a table of workforce indicators this reads: "
            f"it has no column {', '.join(missing)}."
        )
    areas: dict[str, Area] = {}
    figures: list[Figure] = []
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise ImportRefusedError(f"Line {line} has more cells than the heading, or fewer.")
        area = _area(row, line)
        areas.setdefault(area.code, area)
        figures.extend(_figures(row, area, line))
    figures.sort(key=lambda figure: (figure.area, figure.measure, figure.year))
    ordered = sorted(areas.values(), key=lambda area: area.code)
    return Imported(tuple(ordered), tuple(figures), hashlib.sha256(raw).hexdigest())


def _area(row: Mapping[str, str], line: int) -> Area:
    level = _LEVELS.get(row["geographic_level"])
    if level is None:
        raise ImportRefusedError(
            f"Line {line}: geographic_level is {row['geographic_level']!r}; "
            f"it must be one of {', '.join(_LEVELS)}."
        )
    if level == "council":
        return Area(row["old_la_code"], row["la_name"], level, row["region_code"])
    if level == "region":
        return Area(row["region_code"], row["region_name"], level, row["region_code"])
    return Area(row["country_code"], row["country_name"], level, "")


def _figures(row: Mapping[str, str], area: Area, line: int) -> Iterable[Figure]:
    year = row["time_period"].strip()
    if not (year.isdecimal() and len(year) == 4):
        raise ImportRefusedError(f"Line {line}: time_period is {year!r}; it must be a year: 2025.")
    for measure, (column, is_percentage) in MEASURES.items():
        value, flag = _cell(row[column], f"Line {line}, {column}", is_percentage)
        yield Figure(area.code, int(year), measure, value, flag)


def _cell(text: str, where: str, is_percentage: bool) -> tuple[float | None, str]:
    cell = text.strip()
    if cell in FLAGS:
        return None, FLAGS[cell]
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ImportRefusedError(
            f"{where} is {cell!r}: neither a number nor a symbol that DfE uses."
        ) from None
    return (round(number / 100, 6) if is_percentage else number), ""


def write_figures(imported: Imported, folder: Path) -> tuple[Path, Path]:
    """Write our two tables, the same bytes for the same input.

    Returns:
        The files written: figures, and areas.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figures, areas = folder / "workforce.csv", folder / "areas.csv"
    _write(
        figures,
        ("area", "year", "measure", "value", "flag"),
        (
            (f.area, f.year, f.measure, "" if f.value is None else f"{f.value:.12g}", f.flag)
            for f in imported.figures
        ),
    )
    _write(
        areas,
        ("area", "name", "level", "region"),
        ((a.code, a.name, a.level, a.region) for a in imported.areas),
    )
    return figures, areas


def _write(file: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
