"""Published figures of every English council, as the product ships them.

The tables in `data/figures/` are made by `retention import` from published ones; where each came
from is in `data/figures/provenance/`. Shares are 0 to 1, caseload is in cases for each worker,
staff are full-time equivalents at 30 September, leavers and starters those of the year to then.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from retention_lib.assumptions import register
from retention_lib.paths import DATA
from retention_lib.rates import annual_chance_from_turnover

FIGURES = DATA / "figures"

ENGLAND = "E92000001"

FEW_STAFF = register()["fewest_staff"].default
"""Full-time equivalent staff below which one leaver moves a turnover rate a lot."""

_LEVELS = ("country", "region", "council")
_LONDON = "E12000007"
_PARTS_OF_LONDON = ("E13000001", "E13000002")


@dataclass(frozen=True)
class Area:
    """A council, by DfE's code (a joint return of two is one), a region or England."""

    code: str
    name: str
    level: str
    region: str = ""


@dataclass(frozen=True)
class LeavingFigure:
    """An area's published turnover, and the chance of leaving that it stands for."""

    area: Area
    year: int
    turnover: float
    annual_leaving_rate: float
    in_post: float | None

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        small = self.in_post is not None and self.in_post < FEW_STAFF
        return (
            f"DfE, year to September {self.year}: turnover of {self.turnover:.1%} in "
            f"{self.area.name}, turned into a chance of leaving"
            + (f". With {self.in_post:.0f} staff, one leaver moves this a lot" if small else "")
        )


@dataclass(frozen=True)
class Judgement:
    """Ofsted's judgement of a council's children's services, and when it inspected them."""

    name: str
    inspected: str
    overall: str


@dataclass(frozen=True)
class OwnFigure:
    """A figure of a council's own: a share of 0 to 1, cases for each worker, or staff (FTE)."""

    year: int
    measure: str
    value: float


Values = Mapping[tuple[str, int], float]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FIGURES / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def _tables() -> tuple[Mapping[str, Values], Mapping[tuple[str, int, str], str]]:
    """Read the table of figures once: the values by measure, and why there is none."""
    values: dict[str, dict[tuple[str, int], float]] = {}
    flags: dict[tuple[str, int, str], str] = {}
    # One pair for all measures: a pair for each value would take another 3 MB of every page.
    spots: dict[tuple[str, int], tuple[str, int]] = {}
    with (FIGURES / "workforce.csv").open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        for area, year, measure, value, flag in lines:
            if value:
                spot = area, int(year)
                values.setdefault(measure, {})[spots.setdefault(spot, spot)] = float(value)
            else:
                flags[area, int(year), measure] = flag
    return MappingProxyType(values), MappingProxyType(flags)


def values_of(measure: str) -> Values:
    """Give every published value of a measure, by area and year.

    Raises:
        KeyError: where the table has no such measure.

    Example:
        >>> values_of("caseload")["806", 2019]
        16.8
    """
    return _tables()[0][measure]


def figure(measure: str, code: str, year: int) -> float | None:
    """Give one published figure, None where there is none.

    Example:
        >>> figure("vacancy", "806", 2019), figure("turnover", "420", 2025)
        (0.04, None)
    """
    return _tables()[0].get(measure, {}).get((code, year))


@cache
def figures_in(code: str, measure: str) -> Mapping[int, float]:
    """Give every published figure of one area and measure, by year.

    Example:
        >>> sorted(figures_in("938", "turnover")) == sorted(years_of("938"))
        True
    """
    return MappingProxyType(
        {year: value for (area, year), value in values_of(measure).items() if area == code}
    )


def why_none(measure: str, code: str, year: int) -> str:
    """Say why there is no figure, in DfE's terms; "not published" where DfE has no such row.

    Example:
        >>> why_none("turnover", "420", 2025), why_none("turnover", "806", 1999)
        ('not applicable', 'not published')
    """
    return _tables()[1].get((code, year, measure), "not published")


@cache
def all_areas() -> Mapping[str, Area]:
    """Give every area of the table, by its code."""
    return MappingProxyType(
        {
            row["area"]: Area(row["area"], row["name"], row["level"], row["region"])
            for row in _rows("areas.csv")
        }
    )


@cache
def areas() -> tuple[Area, ...]:
    """List every area with a published turnover: England, its regions, then councils by name."""
    known = {code for code, _ in values_of("turnover")}
    found = [area for area in all_areas().values() if area.code in known]
    return tuple(sorted(found, key=lambda area: (_LEVELS.index(area.level), area.name)))


def councils() -> tuple[Area, ...]:
    """List every council with a published turnover, by name."""
    return tuple(area for area in areas() if area.level == "council")


def area_of(code: str) -> Area | None:
    """Find an area by its code; half of a joint return stands for the whole.

    Example:
        >>> area_of("318").code, area_of("000") is None
        ('314 / 318', True)
    """
    return all_areas().get(_wholes().get(code, code))


@cache
def _wholes() -> Mapping[str, str]:
    """Map each half of a joint return to the whole."""
    joint = [code for code in all_areas() if " / " in code]
    return {half: code for code in joint for half in code.split(" / ")}


@cache
def latest_year() -> int:
    """Give the latest year with figures."""
    return max(year for _, year in values_of("turnover"))


@cache
def all_years() -> tuple[int, ...]:
    """List the years with figures, the earliest first."""
    return tuple(sorted({year for _, year in values_of("turnover")}))


@cache
def label_of_area(area: Area) -> str:
    """Name an area in a list: a region as one, a council that is no more with its last year.

    Example:
        >>> [label_of_area(area) for area in areas() if area.name == "Dorset"]
        ['Dorset (to 2018)', 'Dorset']
    """
    if area.level == "region":
        return f"Region: {area.name}"
    last = max(year for code, year in values_of("in_post") if code == area.code)
    no_more = area.level == "council" and last < latest_year() - 1
    return f"{area.name} (to {last})" if no_more else area.name


@cache
def years_of(code: str) -> tuple[int, ...]:
    """List the years in which a council's turnover is published, latest first.

    Example:
        >>> years_of("806")[-1]
        2017
    """
    return tuple(
        sorted((year for area, year in values_of("turnover") if area == code), reverse=True)
    )


def region_of(area: Area) -> Area | None:
    """Find a council's region: London as a whole for a London borough; None for England.

    Example:
        >>> region_of(area_of("806")).name, region_of(area_of("202")).name
        ('North East', 'London')
    """
    code = _LONDON if area.region in _PARTS_OF_LONDON else area.region
    return all_areas().get(code) if area.level == "council" else None


def councils_in(region: Area) -> tuple[Area, ...]:
    """List the councils of a region, by name."""
    return tuple(area for area in councils() if region_of(area) == region)


@cache
def _neighbours() -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in _rows("neighbours.csv"):
        found.setdefault((row["model"], row["area"]), []).append(row["neighbour"])
    return {key: tuple(codes) for key, codes in found.items()}


@cache
def neighbours_of(model: str, code: str) -> tuple[str, ...]:
    """List a council's statistical neighbours by area, the most alike first.

    A joint return has the neighbours of both its halves in turn, itself left out; where a half of
    another joint return is a neighbour, the whole stands for it, once.

    Args:
        model: "2021" or "2025".
        code: DfE's code of the council.

    Returns:
        Codes of areas; empty where the model does not know the council.

    Example:
        >>> neighbours_of("2025", "802")[:2], neighbours_of("2025", "909")
        (('850', '916'), ())
    """
    whole = _wholes().get(code, code)
    lists = [_neighbours().get((model, half), ()) for half in whole.split(" / ")]
    longest = max(map(len, lists))
    in_turn = [each[place] for place in range(longest) for each in lists if place < len(each)]
    wholes = [_wholes().get(each, each) for each in in_turn]
    return tuple(dict.fromkeys(each for each in wholes if each != whole))


@cache
def _judgements() -> Mapping[str, tuple[Judgement, ...]]:
    found: dict[str, list[Judgement]] = {}
    for row in _rows("judgements.csv"):
        judged = Judgement(row["name"], row["inspected"], row["overall"])
        found.setdefault(row["area"], []).append(judged)
    return {code: tuple(judged) for code, judged in found.items()}


def judgements_of(code: str) -> tuple[Judgement, ...]:
    """Give Ofsted's latest judgement of a council, one for each half of a joint return.

    Example:
        >>> [each.overall for each in judgements_of("209")]
        ['Good']
    """
    return _judgements().get(_wholes().get(code, code), ())


@cache
def _replacements() -> tuple[tuple[tuple[str, ...], tuple[str, ...], int], ...]:
    file = FIGURES / "reorganised.toml"
    listed = tomllib.loads(file.read_text(encoding="utf-8"))["change"]
    return tuple((tuple(each["from"]), tuple(each["to"]), each["year"]) for each in listed)


def before_and_after(code: str) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
    """List the councils that a council replaced, and those that replaced it.

    Example:
        >>> before, after = before_and_after("942")
        >>> [area.name for area in before], after
        (['Cumbria'], ())
    """
    known = all_areas()
    before = [known[each] for old, new, _ in _replacements() if code in new for each in old]
    after = [known[each] for old, new, _ in _replacements() if code in old for each in new]
    return tuple(before), tuple(after)


def leaving_in(code: str, year: int) -> LeavingFigure | None:
    """Give a council's published turnover in a year, None where there is none.

    Example:
        >>> found = leaving_in("806", 2019)
        >>> found.turnover, round(found.annual_leaving_rate, 4)
        (0.208, 0.1893)
    """
    turnover, area = figure("turnover", code, year), all_areas().get(code)
    if turnover is None or area is None:
        return None
    chance = round(float(annual_chance_from_turnover(turnover)), 6)
    return LeavingFigure(area, year, turnover, chance, figure("in_post", code, year))


@cache
def provenance(table: str = "workforce") -> Mapping[str, object]:
    """Give where a table of ours comes from: publication, release, date, licence, checks."""
    file = FIGURES / "provenance" / f"{table}.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def release() -> str:
    """Name the release that the workforce figures come from."""
    return f"{provenance()['publication']}, {provenance()['release']}"
