"""Does our own later figure fit? A council's own figures beside the published ones.

They come from a file that the council opens; they are never kept, and never part of a scenario.
"""

from __future__ import annotations

from collections.abc import Sequence

from retention_lib.benchmarks.chance import share_interval
from retention_lib.benchmarks.measures import MEASURES, Measure
from retention_lib.benchmarks.reference import band_around, reference_class
from retention_lib.benchmarks.tables import change_kind_of, kind_of, unit_of_change
from retention_lib.figures import Area, OwnFigure, figure, latest_year
from retention_lib.results import Cell, Column, Table
from retention_lib.units import percent

_PEOPLE = {"turnover", "vacancy", "agency"}
"""Shares of people; the last two are of the staff in post and those who are not."""


def own_table(key: str, area: Area, own: Sequence[OwnFigure]) -> Table:
    """Set a council's own figures of one measure beside DfE's, with what each means.

    Args:
        key: the measure.
        area: the council.
        own: its figures; of the others only the staff in post are used, to allow for luck.
    """
    measure = MEASURES[key]
    kind = kind_of(measure)
    mine = sorted((each for each in own if each.measure == key), key=lambda each: each.year)
    staff = {each.year: each.value for each in own if each.measure == "in_post"}
    rows: list[tuple[Cell, ...]] = []
    for each in mine:
        published = figure(key, area.code, each.year)
        apart = None if published is None else each.value - published
        said = own_sentence(measure, area, each) + _luck(measure, each, staff.get(each.year))
        rows.append((str(each.year), each.value, published, apart, said))
    columns = (
        Column("year", "Year to September", "text"),
        Column("own", "Your file", kind),
        Column("published", "DfE", kind),
        Column("difference", f"Difference ({unit_of_change(measure)})", change_kind_of(measure)),
        Column("reading", "What it means", "text"),
    )
    return Table("own", f"{measure.label}: your file beside DfE's figures", columns, tuple(rows))


def _luck(measure: Measure, own: OwnFigure, staff: float | None) -> str:
    """Say what the rate behind a share could be, where the file says how many staff there are."""
    if not staff or measure.key not in _PEOPLE or not 0 <= own.value < 1:
        return ""
    people = staff if measure.key == "turnover" else staff / (1 - own.value)
    low, high = share_interval(own.value, people)
    return f" Allowing for luck, the rate behind it could be {low:.1%} to {high:.1%}."


def own_sentence(measure: Measure, area: Area, own: OwnFigure) -> str:
    """Say whether one figure of a council's own agrees with DfE's, or how usual such a move is.

    Example:
        >>> from retention_lib.benchmarks.groups import council
        >>> own_sentence(MEASURES["turnover"], council("806"), OwnFigure(2019, "turnover", 0.208))
        'The same as DfE published.'
    """
    published = figure(measure.key, area.code, own.year)
    if published is not None:
        apart = own.value - published
        if measure.by(apart).startswith("0 "):
            return "The same as DfE published."
        side = "above" if apart > 0 else "below"
        return f"{measure.by(apart)} {side} what DfE published."
    known = [
        (year, value)
        for year in range(own.year - 1, own.year - 9, -1)
        if (value := figure(measure.key, area.code, year)) is not None
    ]
    if not known or own.year <= latest_year():
        return "DfE published no figure for this year."
    since, before = known[0]
    return _how_usual(measure, before, own.value - before, since, own.year - since)


def _how_usual(measure: Measure, before: float, change: float, since: int, years: int) -> str:
    """Say how many of the councils that started alike moved so far in as many years."""
    if measure.by(change).startswith("0 "):
        return f"The same as DfE published for {since}."
    moved = f"{measure.change(change)} from DfE's {measure.text(before)} of {since}."
    low, high = band_around(measure.key, before, years)
    found = reference_class(measure.key, at_least=low, at_most=high, years_on=years)
    share = found.share_changed_by(change)
    if share is None:
        return f"{moved} No council-year can be set beside it."
    way = "risen" if change > 0 else "fallen"
    later = "A year later" if years == 1 else f"{years} years later"
    return (
        f"{moved} {found.council_years} times a council has started near there. {later}, "
        f"{len(found.changed_by(change))} of them ({percent(share)}) had {way} as far."
    )
