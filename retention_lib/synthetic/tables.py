"""What happened after, as tables: one for each picture, and those that have none."""

from __future__ import annotations

from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.tables import change_kind_of, kind_of, unit_of_change
from retention_lib.benchmarks.words import possessive
from retention_lib.figures import Area, all_areas, all_years
from retention_lib.results import Cell, Column, Table
from retention_lib.synthetic.actions import known_actors
from retention_lib.synthetic.panel import figures_along, panel
from retention_lib.synthetic.placebo import Followed
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import Comparison, Counted


def path_table(asked: Question, area: Area, found: Comparison | None) -> Table:
    """List the council's figure and its mix's in every year."""
    measure = MEASURES[asked.measure]
    kind, change = kind_of(measure), change_kind_of(measure)
    columns = (
        Column("year", "Year to September", "text"),
        Column("own", area.name, kind),
        Column("mix", "Mix of other councils", kind),
        Column("gap", f"Council less mix ({unit_of_change(measure)})", change),
        Column("when", "Before or after", "text"),
    )
    own = figures_along(asked.measure, area.code)
    rows: list[tuple[Cell, ...]] = [
        (
            str(year),
            own[place],
            float(found.own.mix[place]) if found else None,
            found.own.gap(place) if found else None,
            "before" if year <= asked.year else "after",
        )
        for place, year in enumerate(all_years())
    ]
    title = f"{possessive(area.name)} {measure.noun} before and after {asked.year}"
    return Table("path", title, columns, tuple(rows))


def later_table(asked: Question, found: Comparison | None) -> Table:
    """Give each year after that is looked at; after a poor match there is no mix to set beside."""
    measure = MEASURES[asked.measure]
    kind, change = kind_of(measure), change_kind_of(measure)
    unit = unit_of_change(measure)
    columns = (
        Column("year", "Year", "text"),
        Column("value", "Figure", kind),
        Column("change", f"Change ({unit})", change),
        Column("mix", "Mix", kind),
        Column("mix_change", f"Its change ({unit})", change),
        Column("gap", f"Council less mix ({unit})", change),
        Column("all_others", "Moved as far", "text"),
        Column("like_starts", "Of the nearest", "text"),
        Column("beside_mix", "As far from their mix", "text"),
        Column("share", "Share, with this one", "share"),
    )
    poor = found is not None and found.match == "poor"
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            str(each.year),
            each.value,
            each.change,
            *((None,) * 3 if poor else (each.mix, each.mix_change, each.gap)),
            _counted(each.all_others),
            _counted(each.like_starts),
            None if poor else _counted(each.beside_mix),
            None if poor else each.share,
        )
        for each in (found.later if found else ())
    )
    return Table("later", f"One year after {asked.year}, and more", columns, rows)


def _counted(counted: Counted) -> str:
    return f"{counted.as_far} of {counted.of}"


def others_table(asked: Question, found: Comparison | None) -> Table:
    """List every council beside its own mix, the furthest below it first."""
    measure = MEASURES[asked.measure]
    unit, change = unit_of_change(measure), change_kind_of(measure)
    columns = (
        Column("council", "Council", "text"),
        Column("gap", f"Council less its own mix, {asked.looked_at} ({unit})", change),
        Column("change", f"Change since {asked.year} ({unit})", change),
        Column("start", f"Figure in {asked.year}", kind_of(measure)),
        Column("fit", f"Apart before ({unit})", change),
        Column("part", "", "text"),
    )
    title = f"Every council beside a mix of its own, {asked.looked_at}"
    if found is None:
        return Table("others", title, columns, ())
    place, start = all_years().index(asked.looked_at), all_years().index(asked.year)
    counted = {each.area.code for each in found.counted}
    everyone = sorted(
        [found.own, *found.others], key=lambda each: (each.gap(place) or 0.0, each.area.name)
    )

    def part(each: Followed) -> str:
        if each is found.own:
            return "here"
        return "" if each.area.code in counted else "not counted: matched poorly"

    rows = tuple(
        (
            each.area.name,
            each.gap(place),
            each.change(start, place),
            each.own[start],
            each.fit,
            part(each),
        )
        for each in everyone
    )
    return Table("others", title, columns, rows)


def weights_table(asked: Question, found: Comparison | None) -> Table:
    """List who the mix is made of, the largest share first."""
    kind = kind_of(MEASURES[asked.measure])
    columns = (
        Column("council", "Council", "text"),
        Column("weight", "Share of the mix", "share"),
        Column("start", f"Its figure in {asked.year}", kind),
        Column("end", f"Its figure in {asked.looked_at}", kind),
    )
    if found is None:
        return Table("weights", "Who the mix is made of", columns, ())
    pool = panel(asked.measure)
    start, end = all_years().index(asked.year), all_years().index(asked.looked_at)
    ordered = sorted(found.own.weights.items(), key=lambda each: (-each[1], each[0]))
    rows = tuple(
        (
            all_areas()[code].name,
            weight,
            float(pool.values[pool.row(code), start]),
            float(pool.values[pool.row(code), end]),
        )
        for code, weight in ordered
    )
    return Table("weights", "Who the mix is made of", columns, rows)


def actions_table(asked: Question) -> Table:
    """List the councils known to have acted, which are in no mix."""
    columns = (
        Column("council", "Council", "text"),
        Column("years", "When", "text"),
        Column("what", "What", "text"),
        Column("source", "Source", "text"),
    )
    rows = tuple(
        (
            each.area.name,
            each.years,
            f"{each.what} {each.year_note}".strip(),
            each.source,
        )
        for each in known_actors(asked.measure)
    )
    return Table("actions", "Councils known to have acted, in no mix", columns, rows)
