"""A comparison as tables: one for each picture, and those that have none."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from retention_lib.benchmarks.gap import Gap
from retention_lib.benchmarks.groups import comparable
from retention_lib.benchmarks.measures import MEASURES, Measure
from retention_lib.benchmarks.reference import bins
from retention_lib.benchmarks.result import ReadClaim, WorthBar
from retention_lib.benchmarks.standing import Standing
from retention_lib.benchmarks.trend import Trend
from retention_lib.benchmarks.words import QUARTER_NAMES
from retention_lib.figures import all_areas, figure, judgements_of
from retention_lib.results import Cell, CellKind, Column, Table
from retention_lib.units import money

_TEXT: CellKind = "text"


def kind_of(measure: Measure) -> CellKind:
    """Say what a column of a measure's values holds."""
    return "share" if measure.is_share else "number"


def change_kind_of(measure: Measure) -> CellKind:
    """Say what a column of changes in a measure holds."""
    return "points" if measure.is_share else "number"


def unit_of_change(measure: Measure) -> str:
    """Name the unit of a change, for a heading."""
    return "points" if measure.is_share else "cases"


def standing_table(standings: Sequence[Standing]) -> Table:
    """Set all five measures beside the group, the region and England; each in its own unit."""
    columns = (
        Column("measure", "Measure", _TEXT),
        Column("value", "Here", _TEXT),
        Column("verdict", "Beside the group", _TEXT),
        Column("neighbours", "Middle of the group", _TEXT),
        Column("best_quarter", "Best quarter of the group", _TEXT),
        Column("region", "Region", _TEXT),
        Column("england", "England", _TEXT),
        Column("rank", "Rank, 1 the lowest", _TEXT),
        Column("quarter", "Quarter of England", _TEXT),
        Column("luck", "Allowing for luck", _TEXT),
    )
    first = standings[0]
    title = f"{first.area.name} in {first.year}, beside {first.group.name}"
    return Table("standing", title, columns, tuple(_standing_row(each) for each in standings))


def _standing_row(stood: Standing) -> tuple[Cell, ...]:
    measure = MEASURES[stood.measure]

    def text(value: float | None) -> str | None:
        return None if value is None else measure.text(value)

    others = (stood.neighbours, stood.best_quarter, stood.region, stood.england)
    luck = None
    if stood.low is not None and stood.high is not None:
        luck = f"{measure.number(stood.low)} to {measure.text(stood.high)}"
    return (
        measure.label,
        text(stood.value) or stood.why_none,
        stood.verdict,
        *(text(each) for each in others),
        _rank_text(stood),
        _quarter_text(stood),
        luck,
    )


def _rank_text(stood: Standing) -> str | None:
    if stood.value is None:
        return None
    if stood.rank is not None:
        return f"{stood.rank} of {stood.of}"
    return f"no rank: {stood.why_no_rank}"


def _quarter_text(stood: Standing) -> str | None:
    if stood.quarter is not None:
        return QUARTER_NAMES[stood.quarter]
    if stood.quarters is None:
        return None
    best, worst = stood.quarters
    if best == worst:
        return QUARTER_NAMES[best]
    return f"{QUARTER_NAMES[best]} to {QUARTER_NAMES[worst]}"


def strip_table(stood: Standing) -> Table:
    """List every council large enough to be ranked, the lowest figure first; the others after."""
    measure = MEASURES[stood.measure]
    values = dict(comparable(stood.measure, stood.year))
    group = {each.area.code: each.value for each in stood.group_values}
    ranked = sorted(values.items(), key=lambda each: (each[1], all_areas()[each[0]].name))
    ordered = sorted(values.values())
    rows: list[tuple[Cell, ...]] = [
        (
            float(1 + bisect_left(ordered, value)),
            all_areas()[code].name,
            value,
            _part_of(code, stood, group),
        )
        for code, value in ranked
    ]
    small = {**group, **({stood.area.code: stood.value} if stood.value is not None else {})}
    rows += [
        (None, all_areas()[code].name, value, _part_of(code, stood, group))
        for code, value in small.items()
        if code not in values
    ]
    columns = (
        Column("rank", "Place, 1 the lowest", "number"),
        Column("council", "Council", _TEXT),
        Column("value", measure.label, kind_of(measure)),
        Column("part", "Part", _TEXT),
    )
    title = f"{measure.label} across England, {stood.year}"
    return Table("strip", title, columns, tuple(rows))


def _part_of(code: str, stood: Standing, group: dict[str, float]) -> str:
    if code == stood.area.code:
        return "here"
    return "compared with" if code in group else ""


def group_table(stood: Standing) -> Table:
    """List the councils compared with: the measure, their staff, and what Ofsted judged."""
    measure = MEASURES[stood.measure]
    rows = tuple(
        (
            area.name,
            figure(stood.measure, area.code, stood.year),
            figure("in_post", area.code, stood.year),
            "; ".join(f"{each.overall} ({each.inspected[:4]})" for each in judgements_of(area.code))
            or None,
        )
        for area in (stood.area, *stood.group.areas)
    )
    columns = (
        Column("council", "Council", _TEXT),
        Column("value", f"{measure.label}, {stood.year}", kind_of(measure)),
        Column("in_post", "Staff in post (FTE)", "people"),
        Column("ofsted", "Ofsted's judgement (year of inspection)", _TEXT),
    )
    return Table("group", f"{stood.area.name} and {stood.group.name}", columns, rows, (0,))


def trend_table(found: Trend) -> Table:
    """Give one measure over the years, each year beside the others of that year."""
    measure = MEASURES[found.measure]
    kind = kind_of(measure)
    columns = (
        Column("year", "Year to September", _TEXT),
        Column("own", "Here", kind),
        Column("middle", "Middle of the group", kind),
        Column("low_quarter", "Best quarter, up to", kind),
        Column("high_quarter", "Worst quarter, from", kind),
        Column("region", "Region", kind),
        Column("england", "England", kind),
    )
    rows = tuple(
        (str(year), *cells)
        for year, *cells in zip(
            found.years,
            found.own,
            found.middle,
            found.low_quarter,
            found.high_quarter,
            found.region,
            found.england,
            strict=True,
        )
    )
    return Table("trend", f"{measure.label} year by year", columns, rows)


def measures_table(trends: Sequence[Trend]) -> Table:
    """Give all five measures over the years, here and in the middle of the group."""
    columns = [Column("year", "Year to September", _TEXT)]
    for each in trends:
        measure = MEASURES[each.measure]
        columns += [
            Column(each.measure, measure.label, kind_of(measure)),
            Column(f"{each.measure}_group", f"{measure.label}, group", kind_of(measure)),
        ]
    rows = tuple(
        (str(year), *(cell for each in trends for cell in (each.own[i], each.middle[i])))
        for i, year in enumerate(trends[0].years)
    )
    return Table("measures", "The five measures year by year", tuple(columns), rows)


def gap_table(found: Gap) -> Table:
    """Price the gap line by line; a cost is below zero."""
    columns = (
        Column("what", "What closing the gap means", _TEXT),
        Column("people", "People (FTE)", "people"),
        Column("pounds", "Worth a year"),
        Column("low", "from"),
        Column("high", "to"),
        Column("cashable", "In a budget?", _TEXT),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            each.label,
            each.people,
            each.pounds,
            each.low,
            each.high,
            _yes_or_no(each.cashable),
        )
        for each in found.lines
    ]
    if rows:
        part = f"{money(found.cashable)} of it" if found.cashable != found.pounds else None
        rows.append(("All together", None, found.pounds, found.low, found.high, part))
    else:
        why = "It cannot be priced" if (found.difference or 0) > 0 else "There is no gap to close"
        rows.append((why, None, None, None, None, None))
    totals = (len(rows) - 1,)
    return Table("gap", "What closing it would mean in a year", columns, tuple(rows), totals)


def tornado_table(bars: tuple[WorthBar, ...]) -> Table:
    """Give what each price alone does to what closing the gap is worth."""
    columns = (
        Column("assumption", "If this alone were different", _TEXT),
        Column("low", "Low", _TEXT),
        Column("high", "High", _TEXT),
        Column("worth_at_low", "Worth a year at low"),
        Column("worth_at_high", "Worth a year at high"),
    )
    rows = tuple(
        (bar.label, bar.low_text, bar.high_text, bar.worth_at_low, bar.worth_at_high)
        for bar in bars
    )
    return Table("tornado", "What would change what it is worth", columns, rows)


def reference_table(claim: ReadClaim) -> Table:
    """Name every council-year of the reference class, the largest fall first."""
    measure = MEASURES[claim.reference.measure]
    kind = kind_of(measure)
    did = set(claim.did)
    rows = tuple(
        (each.area.name, str(each.year), each.start, each.end, each.change, _yes_or_no(each in did))
        for each in sorted(claim.reference.found, key=lambda each: (each.change, each.area.name))
    )
    columns = (
        Column("council", "Council", _TEXT),
        Column("year", "Started in", _TEXT),
        Column("start", "From", kind),
        Column("end", "To", kind),
        Column("change", f"Change ({unit_of_change(measure)})", change_kind_of(measure)),
        Column("did", "As far as asked?", _TEXT),
    )
    return Table("reference", "Who started there, and where they went", columns, rows)


def _yes_or_no(so: bool) -> str:
    return "yes" if so else "no"


def spread_table(claim: ReadClaim) -> Table:
    """Count the changes of the reference class in steps."""
    measure = MEASURES[claim.reference.measure]
    changes = [each.change for each in claim.reference.found]
    counted = bins(changes, measure.near, edge=claim.change)
    rows = tuple((low, high, float(number)) for low, high, number in counted)
    kind = change_kind_of(measure)
    columns = (
        Column("low", f"Change from ({unit_of_change(measure)})", kind),
        Column("high", "to", kind),
        Column("count", "Times", "number"),
    )
    return Table("spread", "How far they moved", columns, rows)


def scatter_table(stood: Standing, second: str) -> Table:
    """Set two measures of every ranked council side by side, in the same year."""
    one, two = MEASURES[stood.measure], MEASURES[second]
    group = {each.area.code: each.value for each in stood.group_values}
    across, up = comparable(stood.measure, stood.year), comparable(second, stood.year)
    codes = dict.fromkeys([*across, *group, stood.area.code])
    rows = []
    for code in codes:
        x = across.get(code, figure(stood.measure, code, stood.year))
        y = up.get(code, figure(second, code, stood.year))
        if x is not None and y is not None:
            rows.append((all_areas()[code].name, x, y, _part_of(code, stood, group)))
    columns = (
        Column("council", "Council", _TEXT),
        Column("x", one.label, kind_of(one)),
        Column("y", two.label if second != stood.measure else f"{two.label} again", kind_of(two)),
        Column("part", "Part", _TEXT),
    )
    title = f"{one.label} and {two.label.lower()}, {stood.year}"
    return Table("scatter", title, columns, tuple(sorted(rows)))
