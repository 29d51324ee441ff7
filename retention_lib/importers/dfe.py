"""DfE's "Children's social work workforce", turned into our table of figures.

Reads both layouts: the indicators of the releases since 2023, and the headline measures of the
2022 release (`…_%` columns). Ours has one row for one area, year and measure:
`area,year,measure,value,flag`. Shares are 0 to 1, to the precision published; where DfE gives a
symbol in place of a figure the value is empty and the flag says why.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from retention_lib.importers.tables import ImportRefusedError, Published

PUBLICATION = "Children's social work workforce"

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

Kind = Literal["percentage", "number"]


@dataclass(frozen=True)
class Layout:
    """One layout of the published table: our measure, its column there, and what it holds.

    `left_out` are columns that are known and not kept.
    """

    name: str
    measures: Mapping[str, tuple[str, Kind]]
    left_out: frozenset[str]


_IDENTITY = (
    "time_period",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
)

INDICATORS = Layout(
    "indicators, releases of 2023 to 2025",
    {
        "turnover": ("turnover_rate_fte", "percentage"),
        "vacancy": ("vacancy_rate_fte", "percentage"),
        "agency": ("agency_rate_fte", "percentage"),
        "caseload": ("caseload_fte", "number"),
        "absence": ("absence_rate_fte", "percentage"),
        "vacancies_covered": ("vacancy_agency_cover_rate_fte", "percentage"),
        "in_post": ("inpost_fte", "number"),
        "starters": ("starters_fte", "number"),
        "leavers": ("leavers_fte", "number"),
        "agency_staff": ("agency_fte", "number"),
        "agency_covering": ("agency_cover_fte", "number"),
        "vacancies": ("vacancy_fte", "number"),
        "case_holders": ("case_holders_fte", "number"),
        "cases": ("cases", "number"),
        "days_lost": ("working_days_lost_fte", "number"),
    },
    frozenset(
        {
            "time_identifier",
            "inpost_headcount",
            "starters_headcount",
            "leavers_headcount",
            "turnover_rate_headcount",
            "agency_headcount",
            "agency_rate_headcount",
            "agency_cover_rate_fte",
        }
    ),
)

HEADLINE = Layout(
    "headline measures, release of 2022",
    {
        "turnover": ("turnover_rate_fte_%", "percentage"),
        "vacancy": ("vacancy_rate_fte_%", "percentage"),
        "agency": ("agency_worker_rate_fte_%", "percentage"),
        "caseload": ("caseload_fte", "number"),
        "absence": ("absence_rate_fte_%", "percentage"),
        "vacancies_covered": ("vacancy_agency_cover_rate_fte_%", "percentage"),
        "in_post": ("social_worker_fte", "number"),
        "leavers": ("leaver_fte", "number"),
        "agency_staff": ("agency_fte", "number"),
        "agency_covering": ("agency_cover_fte", "number"),
        "vacancies": ("vacancy_fte", "number"),
        "case_holders": ("case_holders_fte", "number"),
        "cases": ("cases", "number"),
        "days_lost": ("working_days_lost_fte", "number"),
    },
    frozenset(
        {
            "time_identifier",
            "agency_cover_rate_fte_%",
            "social_worker_headcount",
            "leaver_headcount",
            "turnover_rate_headcount_%",
            "agency_headcount",
            "agency_worker_rate_headcount_%",
        }
    ),
)

LAYOUTS = (INDICATORS, HEADLINE)

JOINT_RETURNS: Mapping[str, tuple[str, str, str]] = {
    "314": (
        "318",
        "Kingston upon Thames / Richmond upon Thames",
        "E09000021 / E09000027",
    ),
    "940": (
        "941",
        "North Northamptonshire / West Northamptonshire",
        "E06000061 / E06000062",
    ),
}
"""Two councils that return their figures as one: the code of the second, and the name and the code
at the Office for National Statistics of both. The headline table files both under the first
code, with nothing under the second; the indicators have both codes in one cell, `314 / 318`."""

_LEVELS = {"National": "country", "Regional": "region", "Local authority": "council"}
_RATES_UP_TO_ONE = ("vacancy", "agency", "absence")  # more agency staff than vacancies can be


@dataclass(frozen=True)
class Area:
    """A council, a region or England. A joint return of two councils is one area.

    `ons` are its codes at the Office for National Statistics, the latest first.
    """

    code: str
    name: str
    level: str
    region: str
    ons: tuple[str, ...] = ()


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
    """What was read from one published table; `unknown` are columns this does not know."""

    layout: str
    areas: tuple[Area, ...]
    figures: tuple[Figure, ...]
    unknown: tuple[str, ...]
    checks: tuple[str, ...]


def layout_of(published: Published) -> Layout | None:
    """Recognise a layout by its columns; None where it is some other table.

    A table with most of a layout's columns is that layout, so that what it lacks can be named.
    """

    def found(layout: Layout) -> int:
        return sum(column in published.heading for column, _ in layout.measures.values())

    best = max(LAYOUTS, key=found)
    return best if 2 * found(best) > len(best.measures) else None


def read_workforce(published: Published) -> Imported:
    """Read one release.

    Raises:
        ImportRefusedError: where a column is missing, a cell is neither a number nor a symbol that
            DfE uses, or an area stands twice in a year.
    """
    layout = layout_of(published)
    if layout is None:
        raise ImportRefusedError(f"{published.name} is not a table of workforce figures.")
    needed = [*_IDENTITY, *(column for column, _ in layout.measures.values())]
    missing = [column for column in needed if column not in published.heading]
    if missing:
        raise ImportRefusedError(
            f"{published.name} looks like the {layout.name}, but it has no column "
            f"{', '.join(missing)}."
        )
    if not published.rows:
        raise ImportRefusedError(f"{published.name} has a heading and no rows.")
    areas: dict[str, Area] = {}
    figures: dict[tuple[str, int, str], Figure] = {}
    # The latest year comes first: a council is known by its latest name.
    latest_first = sorted(
        published.numbered(), key=lambda each: each[1]["time_period"], reverse=True
    )
    for line, row in latest_first:
        area = _area(row, line)
        found = list(_figures(row, area, line, layout))
        if layout is HEADLINE and _is_empty_half(area, found):
            continue
        area = _as_joint(area) if layout is HEADLINE else area
        _note(areas, area)
        for figure in found:
            key = (area.code, figure.year, figure.measure)
            if key in figures:
                raise ImportRefusedError(f"Line {line}: {area.name} stands twice in {figure.year}.")
            figures[key] = Figure(area.code, *key[1:], figure.value, figure.flag)
    known = {*needed, *layout.left_out}
    return Imported(
        layout.name,
        tuple(sorted(areas.values(), key=lambda each: each.code)),
        tuple(sorted(figures.values(), key=lambda f: (f.area, f.measure, f.year))),
        tuple(column for column in published.heading if column and column not in known),
        tuple(_checked(figures)),
    )


def _note(areas: dict[str, Area], area: Area) -> None:
    """Keep an area, and every code that the Office for National Statistics gave it."""
    before = areas.get(area.code)
    if before is None:
        areas[area.code] = area
    else:
        ons = tuple(dict.fromkeys([*before.ons, *area.ons]))
        areas[area.code] = Area(before.code, before.name, before.level, before.region, ons)


def _area(row: Mapping[str, str], line: int) -> Area:
    level = _LEVELS.get(row["geographic_level"])
    if level is None:
        raise ImportRefusedError(
            f"Line {line}: geographic_level is {row['geographic_level']!r}; "
            f"it must be one of {', '.join(_LEVELS)}."
        )
    if level == "council":
        code, name = row["old_la_code"].strip(), row["la_name"].strip()
        ons: tuple[str, ...] = (row["new_la_code"].strip(),)
    elif level == "region":
        code, name, ons = row["region_code"].strip(), row["region_name"].strip(), ()
    else:
        code, name, ons = row["country_code"].strip(), row["country_name"].strip(), ()
    if not code or not name:
        raise ImportRefusedError(f"Line {line}: a {level} without its code or its name.")
    return Area(code, name, level, row["region_code"].strip() if level != "country" else "", ons)


def _as_joint(area: Area) -> Area:
    """Give the first half of a joint return the codes and the name of both."""
    if area.code not in JOINT_RETURNS:
        return area
    partner, name, ons = JOINT_RETURNS[area.code]
    return Area(f"{area.code} / {partner}", name, area.level, area.region, (ons,))


def _is_empty_half(area: Area, figures: Sequence[Figure]) -> bool:
    """Tell whether this is the half of a joint return under which nothing is filed."""
    seconds = {partner for partner, *_ in JOINT_RETURNS.values()}
    if area.code not in seconds:
        return False
    if any(figure.value is not None for figure in figures):
        raise ImportRefusedError(
            f"{area.name} has figures of its own in {figures[0].year}. This reader knows it only "
            "as half of a joint return, and does not know which figures are whose."
        )
    return True


def _figures(row: Mapping[str, str], area: Area, line: int, layout: Layout) -> Iterable[Figure]:
    year = row["time_period"].strip()
    if not (year.isdecimal() and len(year) == 4):
        raise ImportRefusedError(f"Line {line}: time_period is {year!r}; it must be a year: 2025.")
    for measure, (column, kind) in layout.measures.items():
        value, flag = _cell(row[column], f"Line {line}, {column}", kind)
        yield Figure(area.code, int(year), measure, value, flag)


def _cell(text: str, where: str, kind: Kind) -> tuple[float | None, str]:
    cell = text.strip()
    if cell in FLAGS:
        return None, FLAGS[cell]
    try:
        number = math.nan if "_" in cell else float(cell)  # Python reads 1_000 as a thousand
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ImportRefusedError(
            f"{where} is {cell!r}: neither a number nor a symbol that DfE uses."
        ) from None
    if number < 0:
        raise ImportRefusedError(f"{where} is {cell}: no such figure can be below 0.")
    return (round(number / 100, 6) if kind == "percentage" else number), ""


def _checked(figures: Mapping[tuple[str, int, str], Figure]) -> Iterator[str]:
    """Check what must hold of every release, and say what was checked.

    Raises:
        ImportRefusedError: where it does not hold.
    """
    yield "every cell is a number of 0 or more, or a symbol that DfE uses"
    yield "no area stands twice in a year"
    years = sorted({figure.year for figure in figures.values()})
    for figure in figures.values():
        if figure.measure in _RATES_UP_TO_ONE and (figure.value or 0) > 1:
            raise ImportRefusedError(
                f"{figure.area}, {figure.year}: {figure.measure} is above 100%."
            )
    yield "no vacancy, agency or absence rate is above 100%"
    without = [year for year in years if ("E92000001", year, "turnover") not in figures]
    if without:
        raise ImportRefusedError(f"There is no row for England in {without[0]}.")
    yield "every year has England's own row"
