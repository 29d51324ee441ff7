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
    """List the council's figure and its mix's in every year; of a poor match only before."""
    measure = MEASURES[asked.measure]
    kind, change = kind_of(measure), change_kind_of(measure)
    first = Column("year", "Year to September", "text"), Column("own", area.name, kind)
    last = Column("when", "Before or after", "text")
    title = f"{possessive(area.name)} {measure.noun} before and after {asked.year}"
    own = figures_along(asked.measure, area.code)
    when = ["before" if year <= asked.year else "after" for year in all_years()]
    years = enumerate(all_years())
    if found is None:
        alone = tuple((str(year), own[place], when[place]) for place, year in years)
        return Table("path", title, (*first, last), alone)
    mix = (
        Column("mix", "Mix of other councils", kind),
        Column("gap", f"Council less mix ({unit_of_change(measure)})", change),
    )
    rows: list[tuple[Cell, ...]] = []
    for place, year in years:
        hidden = found.match == "poor" and year > asked.year
        beside = (None, None) if hidden else (float(found.own.mix[place]), found.own.gap(place))
        rows.append((str(year), own[place], *beside, when[place]))
    return Table("path", title, (*first, *mix, last), tuple(rows))


def later_table(asked: Question, area: Area, found: Comparison | None) -> Table:
    """Give every year after, beside the mix and the others; after a poor match without the mix.

    Where nothing can be compared there is the figure alone.
    """
    measure = MEASURES[asked.measure]
    kind, change = kind_of(measure), change_kind_of(measure)
    unit = unit_of_change(measure)
    title = f"Every year after {asked.year}"
    first = Column("year", "Year", "text"), Column("value", area.name, kind)
    if found is None:
        figures = zip(all_years(), figures_along(asked.measure, area.code), strict=True)
        after = [each for each in figures if each[0] > asked.year and each[1] is not None]
        alone = tuple((str(year), value) for year, value in after)
        return Table("later", title, first, alone)
    mix = (
        Column("mix", "Mix", kind),
        Column("gap", f"Council less mix ({unit})", change),
        Column("beside_mix", "Others as far from theirs", "text"),
        Column("share", "Share, with this one", "share"),
        Column("mix_change", f"The mix's change since {asked.year} ({unit})", change),
    )
    last = (
        Column("change", f"Change since {asked.year} ({unit})", change),
        Column("all_others", "Others moved as far", "text"),
        Column("like_starts", "Of the nearest", "text"),
    )
    rows: list[tuple[Cell, ...]] = []
    for each in found.later:
        counted = each.beside_mix
        beside = (each.mix, each.gap, _counted(counted), counted.share, each.mix_change)
        moved = (each.change, _counted(each.all_others), _counted(each.like_starts))
        own = (str(each.year), each.value)
        rows.append((*own, *moved) if found.match == "poor" else (*own, *beside, *moved))
    columns = (*first, *last) if found.match == "poor" else (*first, *mix, *last)
    return Table("later", title, columns, tuple(rows))


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
        Column("part", "Note", "text"),
    )
    title = f"Every council beside a mix of its own, {asked.looked_at}"
    if found is None:
        return Table("others", title, columns, ())
    place, start = all_years().index(asked.looked_at), all_years().index(asked.year)
    counted = {each.area.code for each in found.counted}
    own = [] if found.match == "poor" else [found.own]
    everyone = sorted(
        [*own, *found.others], key=lambda each: (each.gap(place) or 0.0, each.area.name)
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
