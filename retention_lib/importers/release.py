"""A published table into our folder of figures: which it is, what it changes, what is written.

Nothing is written before it is known what would change; the same table gives the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from retention_lib.importers import dfe, neighbours, ofsted
from retention_lib.importers.tables import (
    ImportRefusedError,
    Published,
    csv_text,
    read_published,
    toml_text,
)

WORKFORCE, AREAS = "workforce.csv", "areas.csv"
NEIGHBOURS, JUDGEMENTS = "neighbours.csv", "judgements.csv"

LICENCE = "Open Government Licence v3.0"
ATTRIBUTION = f"Contains public sector information licensed under the {LICENCE}."

_FIGURE_COLUMNS = ("area", "year", "measure", "value", "flag")
_AREA_COLUMNS = ("area", "name", "level", "region", "ons")
_NEIGHBOUR_COLUMNS = ("model", "area", "place", "neighbour", "closeness")
_MOST_TOLD = 20


@dataclass(frozen=True)
class Plan:
    """What an import would do: the files it would write, and what is to be told of them."""

    table: str
    files: Mapping[str, str]
    told: tuple[str, ...]

    def replaces(self, folder: Path) -> tuple[str, ...]:
        """Name the files in a folder that would become different."""
        return tuple(
            name
            for name, text in self.files.items()
            if (folder / name).exists() and (folder / name).read_bytes() != text.encode()
        )

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Write the files; gives their paths."""
        made = {}
        for name, text in self.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            made[file] = file.with_name(f"{file.name}.new")
            made[file].write_bytes(text.encode())
        for file, new in made.items():  # none is replaced before all of them are written
            new.replace(file)
        return tuple(made)


def plan_import(file: Path, folder: Path, published_on: str = "") -> Plan:
    """Read a published table and say what importing it would change.

    Args:
        file: DfE's workforce table, a statistical neighbour model, or Ofsted's judgements.
        folder: our figures as they are; it need not exist.
        published_on: when the table was published, for the provenance; the table does not say.

    Raises:
        ImportRefusedError: where it is none of these, or cannot be read as what it is.
    """
    return plan_for(read_published(file), folder, published_on)


def plan_for(published: Published, folder: Path, published_on: str = "") -> Plan:
    """Do the same for a table that is read already."""
    if neighbours.model_of(published):
        return _neighbours(published, folder, published_on)
    if ofsted.is_ofsted(published):
        return _judgements(published, folder, published_on)
    if dfe.layout_of(published):
        return _workforce(published, folder, published_on)
    found = ", ".join(published.heading[:6])
    raise ImportRefusedError(
        f"{published.name} is not a table this reads: DfE's children's social work workforce, a "
        f"statistical neighbour model, or Ofsted's judgements. Its columns begin: {found}."
    )


# DfE's workforce


def _workforce(published: Published, folder: Path, published_on: str) -> Plan:
    imported = dfe.read_workforce(published)
    years = sorted({figure.year for figure in imported.figures})
    files = {
        WORKFORCE: figures_text(imported.figures),
        AREAS: areas_text(imported.areas),
        "provenance/workforce.toml": _provenance(
            published,
            publication=dfe.PUBLICATION,
            publisher="Department for Education",
            release=f"year to 30 September {years[-1]}",
            published_on=published_on,
            years=[years[0], years[-1]],
            layout=imported.layout,
            checks=imported.checks,
        ),
    }
    told = [
        f"{published.name}: {imported.layout}, {years[0]} to {years[-1]}, "
        f"{len(imported.areas)} areas, {len(imported.figures)} figures.",
        *_unknown(imported.unknown),
        *figure_changes(rows_in(folder / WORKFORCE, _FIGURE_COLUMNS), rows_of(files[WORKFORCE])),
        *area_changes(rows_in(folder / AREAS, _AREA_COLUMNS), rows_of(files[AREAS])),
    ]
    return Plan(dfe.PUBLICATION, files, tuple(told))


def figures_text(figures: Iterable[dfe.Figure]) -> str:
    """Write our table of figures."""
    return csv_text(
        _FIGURE_COLUMNS,
        (
            (f.area, f.year, f.measure, "" if f.value is None else f"{f.value:.12g}", f.flag)
            for f in figures
        ),
    )


def areas_text(areas: Iterable[dfe.Area]) -> str:
    """Write our table of areas; an area's several codes stand in one cell."""
    return csv_text(
        _AREA_COLUMNS, ((a.code, a.name, a.level, a.region, "; ".join(a.ons)) for a in areas)
    )


def _unknown(columns: tuple[str, ...]) -> list[str]:
    if not columns:
        return []
    return [f"New columns, not imported, for this version does not know them: {', '.join(columns)}"]


def figure_changes(
    before: Iterable[Mapping[str, str]], after: Iterable[Mapping[str, str]]
) -> list[str]:
    """Say how one table of figures differs from another: years, measures and revised values."""
    old, new = _by_key(before), _by_key(after)
    if not old:
        return ["There were no figures before."]
    told = []
    for what, place in (("year", 1), ("measure", 2)):
        was, now = {key[place] for key in old}, {key[place] for key in new}
        told += [f"New {what}: {each}" for each in sorted(now - was)]
        told += [f"Gone {what}: {each}" for each in sorted(was - now)]
    told += [f"No longer there: {area} in {year}" for area, year in _lost(old, new)]
    told += [f"There now: {area} in {year}" for area, year in _lost(new, old)]
    revised = [key for key in old.keys() & new.keys() if old[key] != new[key]]
    if not revised:
        return [*told, "No figure was revised."]
    told.append(f"Revised: {_count(len(revised), 'figure')}")
    told += [
        f"  {area}, {year}, {measure}: {old[area, year, measure]} to {new[area, year, measure]}"
        for area, year, measure in sorted(revised, key=lambda key: (key[1], key[0], key[2]))[
            :_MOST_TOLD
        ]
    ]
    if len(revised) > _MOST_TOLD:
        told.append(f"  and {len(revised) - _MOST_TOLD} more")
    return told


def _lost(
    old: Iterable[tuple[str, str, str]], new: Iterable[tuple[str, str, str]]
) -> list[tuple[str, str]]:
    """List the areas without rows in a year that had them, where the area and the year remain."""
    were, are = {key[:2] for key in old}, {key[:2] for key in new}
    areas, years = {area for area, _ in are}, {year for _, year in are}
    return sorted(each for each in were - are if each[0] in areas and each[1] in years)


def _by_key(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, str, str], str]:
    return {(row["area"], row["year"], row["measure"]): row["value"] or row["flag"] for row in rows}


def area_changes(
    before: Iterable[Mapping[str, str]], after: Iterable[Mapping[str, str]]
) -> list[str]:
    """Say which areas came, went, or have another name."""
    old = {row["area"]: row["name"] for row in before}
    new = {row["area"]: row["name"] for row in after}
    if not old:
        return []
    told = [f"New area: {new[code]} ({code})" for code in sorted(new.keys() - old.keys())]
    told += [f"Gone area: {old[code]} ({code})" for code in sorted(old.keys() - new.keys())]
    told += [
        f"Another name: {old[code]} is now {new[code]} ({code})"
        for code in sorted(old.keys() & new.keys())
        if old[code] != new[code]
    ]
    return told


# Statistical neighbours


def _neighbours(published: Published, folder: Path, published_on: str) -> Plan:
    found = neighbours.read_neighbours(published)
    model = found[0].model
    before = rows_in(folder / NEIGHBOURS, _NEIGHBOUR_COLUMNS)
    others = [row for row in before if row["model"] != model]
    mine = [row for row in before if row["model"] == model]
    rows = [tuple(row[column] for column in _NEIGHBOUR_COLUMNS) for row in others]
    rows += [(n.model, n.area, str(n.place), n.neighbour, n.closeness) for n in found]
    rows.sort(key=lambda row: (row[0], row[1], int(row[2])))
    text = csv_text(_NEIGHBOUR_COLUMNS, rows)
    name = f"provenance/neighbours_{model}.toml"
    files = {
        NEIGHBOURS: text,
        name: _provenance(
            published,
            publication=neighbours.PUBLICATIONS[model],
            publisher="Department for Education",
            release=f"{model} model",
            published_on=published_on,
            checks=(
                "every council has ten neighbours, none twice and none itself",
                "every code has three digits",
            ),
        ),
    }
    councils = len(found) // neighbours.PLACES
    told = [f"{published.name}: the {model} model, ten neighbours of {councils} councils."]
    after = [row for row in rows_of(text) if row["model"] == model]
    if mine:
        was, now = _lists(mine), _lists(after)
        differ = [area for area in now if was.get(area) != now[area]]
        told.append(f"Other neighbours than before: {', '.join(differ) or 'none'}")
    return Plan(neighbours.PUBLICATIONS[model], files, tuple(told))


def _lists(rows: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["area"], []).append(row["neighbour"])
    return found


# Ofsted


def _judgements(published: Published, folder: Path, published_on: str) -> Plan:
    areas = rows_in(folder / AREAS, _AREA_COLUMNS)
    if not areas:
        raise ImportRefusedError(
            f"There is no {AREAS} in {folder}. Import DfE's workforce table first: it says which "
            "council each of Ofsted's codes is."
        )
    columns = ofsted.Judgement.columns()
    found = ofsted.read_judgements(published, _area_by_ons(areas))
    text = csv_text(columns, (each.cells() for each in found))
    latest = max(each.published for each in found)
    files = {
        JUDGEMENTS: text,
        "provenance/judgements.toml": _provenance(
            published,
            publication=ofsted.PUBLICATION,
            publisher="Ofsted",
            release=f"latest report of {latest}",
            published_on=published_on,
            checks=("every council is in our figures", "every grade is one that Ofsted gives"),
        ),
    }
    before = {row["ons"]: row["overall"] for row in rows_in(folder / JUDGEMENTS, columns)}
    told = [f"{published.name}: judgements of {len(found)} councils, up to {latest}."]
    told += [
        f"Another judgement: {each.name}, {before[each.ons]} to {each.overall}"
        for each in found
        if before.get(each.ons, each.overall) != each.overall
    ]
    return Plan(ofsted.PUBLICATION, files, tuple(told))


def _area_by_ons(areas: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Map each single code of the Office for National Statistics to our area's code."""
    found = {}
    for row in areas:
        for code in row["ons"].replace("/", ";").split(";"):
            if code.strip() and row["level"] == "council":
                found[code.strip()] = row["area"]
    return found


# What all share


def _provenance(
    published: Published, *, published_on: str, **given: str | list[int] | tuple[str, ...]
) -> str:
    return toml_text(
        "Where these figures come from. `retention import` writes this file.",
        {
            **given,
            "published": published_on or "not given",
            "licence": LICENCE,
            "attribution": ATTRIBUTION,
            "made_by": "retention import",
            "source_file": published.name,
            "source_sha256": published.sha256,
        },
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def rows_in(file: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """Read one of our tables, empty where it is not there.

    Raises:
        ImportRefusedError: where it is there and has other columns than ours.
    """
    if not file.exists():
        return []
    rows = rows_of(file.read_text(encoding="utf-8"))
    if rows and not set(columns) <= rows[0].keys():
        raise ImportRefusedError(
            f"{file} is not a table of ours: its columns should be {', '.join(columns)}."
        )
    return rows


def rows_of(text: str) -> list[dict[str, str]]:
    """Read the text of one of our tables."""
    return list(csv.DictReader(io.StringIO(text, newline="")))
