"""A comparison as pictures: which chart each table becomes, and the sentence it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from retention_lib.benchmarks.measures import MEASURES, Measure
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.benchmarks.trend import Trend
from retention_lib.benchmarks.words import claim_sentence, possessive, worth
from retention_lib.figures import ENGLAND, OwnFigure, region_of
from retention_lib.pictures.drawing import band, scatter, small, spread, strip
from retention_lib.pictures.drawing.places import Place
from retention_lib.pictures.drawn import Drawn
from retention_lib.results import Cell

Draw = Callable[[BenchmarkResult, Sequence[OwnFigure], float], Drawn]

_PLACES: dict[str, Place] = {"here": "own", "compared with": "neighbour"}
_OWN_FILE = "your file"


def _measure(result: BenchmarkResult) -> Measure:
    return MEASURES[result.standing.measure]


def _short(name: str) -> str:
    """Name a council in a picture: of a joint return the first words only.

    Example:
        >>> _short("Kingston upon Thames / Richmond upon Thames"), _short("Bristol, City of")
        ('Kingston upon Thames / …', 'Bristol')
    """
    first, slash, _ = name.partition(" / ")
    return f"{first} / …" if slash else name.split(",")[0]


def _number(cell: Cell) -> float:
    return cell if isinstance(cell, float) else 0.0


def rank_strip(result: BenchmarkResult, _: Sequence[OwnFigure], width: float) -> Drawn:
    """Draw every council on one line, this one and those compared with marked."""
    stood, measure = result.standing, _measure(result)
    table = result.table("strip")
    marks = [
        strip.Mark(
            _number(row["value"]),
            _PLACES.get(str(row["part"]), "other"),
            _short(str(row["council"])) if row["part"] else "",
        )
        for row in table.records()
    ]
    shown = [mark for mark in marks if mark.place != "neighbour" or stood.group.kind != "england"]
    own = f"{possessive(stood.area.name)} {measure.noun}"
    if stood.value is None:
        reading = f"{own} for {stood.year} is not published: {stood.why_none}."
    else:
        luck = (
            ""
            if stood.low is None
            else " The bar is what the rate behind it could be, allowing for luck."
        )
        lower = sum(mark.value < stood.value for mark in marks if mark.place != "own")
        reading = (
            f"{own} was {measure.text(stood.value)}; {lower} of the {len(marks) - 1} other "
            f"councils shown had less.{luck}"
        )
    chart = strip.StripChart(
        key="strip",
        title=table.title,
        reading=reading,
        axis=f"{measure.label}, year to September {stood.year}",
        marks=shown,
        low=stood.low,
        high=stood.high,
        median=stood.neighbours,
        median_label="middle of the group",
        text=measure.number,
    )
    return Drawn(table.title, reading, strip.draw(chart, width), table)


def over_the_years(result: BenchmarkResult, own: Sequence[OwnFigure], width: float) -> Drawn:
    """Draw the measure over the years, with the band of the group's middle half."""
    found, measure, stood = result.trend, _measure(result), result.standing
    table = result.table("trend")
    reading = _trend_reading(result, found, measure)
    region = region_of(stood.area)
    others = [band.Line("England", found.england)]
    if region is not None and region.code != ENGLAND:
        others.insert(0, band.Line(region.name, found.region))
    chart = band.BandChart(
        key="trend",
        title=table.title,
        reading=reading,
        years=found.years,
        own=band.Line(_short(stood.area.name), found.own),
        middle=band.Line("middle of the group", found.middle),
        band_low=found.low_quarter,
        band_high=found.high_quarter,
        band_label="middle half of the group",
        others=others,
        later=[(e.year, e.value, _OWN_FILE) for e in own if e.measure == measure.key],
        text=measure.number,
    )
    return Drawn(table.title, reading, band.draw(chart, width), table)


def _trend_reading(result: BenchmarkResult, found: Trend, measure: Measure) -> str:
    with_figures = [(y, v) for y, v in zip(found.years, found.own, strict=True) if v is not None]
    if not with_figures:
        return "DfE has published no figure of this council in these years."
    highest, lowest = max(with_figures, key=lambda e: e[1]), min(with_figures, key=lambda e: e[1])
    above = sum(
        value > middle
        for value, middle in zip(found.own, found.middle, strict=True)
        if value is not None and middle is not None
    )
    return (
        f"Between {measure.text(lowest[1])} ({lowest[0]}) and {measure.text(highest[1])} "
        f"({highest[0]}); above the middle of {result.standing.group.name} in {above} of "
        f"{len(with_figures)} years."
    )


def five_measures(result: BenchmarkResult, _: Sequence[OwnFigure], width: float) -> Drawn:
    """Draw all five measures over the years, small, each from zero."""
    table = result.table("measures")
    panels = [
        small.Panel(measure.label, each.own, each.middle, measure.number)
        for each in result.trends
        for measure in (MEASURES[each.measure],)
    ]
    worse = [MEASURES[each.measure].noun for each in result.standings if each.verdict == "higher"]
    better = [MEASURES[each.measure].noun for each in result.standings if each.verdict == "lower"]
    said = []
    if worse:
        said.append(f"above the group by more than luck: {', '.join(worse)}")
    if better:
        said.append(f"below the group by more than luck: {', '.join(better)}")
    found = "; ".join(said) or "none of the five differs from the group by more than luck"
    reading = f"In {result.standing.year}, {found}. Each picture begins at zero."
    chart = small.SmallChart(
        key="measures",
        title=table.title,
        reading=reading,
        years=result.trend.years,
        panels=panels,
        own_label=_short(result.standing.area.name),
        middle_label="middle of the group",
        marked=[each.measure for each in result.trends].index(result.standing.measure),
    )
    return Drawn(table.title, reading, small.draw(chart, width), table)


def two_measures(result: BenchmarkResult, _: Sequence[OwnFigure], width: float) -> Drawn:
    """Draw two measures of every council against each other."""
    table = result.table("scatter")
    across = _measure(result)
    up = MEASURES[result.other_measure]
    points = [
        scatter.Point(
            _number(row["x"]),
            _number(row["y"]),
            _place(row["part"], result),
            _short(str(row["council"])) if row["part"] else "",
        )
        for row in table.records()
    ]
    own = next((each for each in points if each.place == "own"), None)
    where = (
        f"{result.standing.area.name}: {across.text(own.x)} and {up.text(own.y)}. "
        if own
        else f"{result.standing.area.name} has not both figures. "
    )
    reading = (
        f"{where}Each dot is one council. That two measures go together does not mean that one "
        "makes the other."
    )
    chart = scatter.ScatterChart(
        key="scatter",
        title=table.title,
        reading=reading,
        x_label=across.label,
        y_label=up.label,
        points=points,
        x_text=across.number,
        y_text=up.number,
    )
    return Drawn(table.title, reading, scatter.draw(chart, width), table)


def _place(part: Cell, result: BenchmarkResult) -> Place:
    place = _PLACES.get(str(part), "other")
    if place == "neighbour" and result.standing.group.kind == "england":
        return "other"
    return place


def has_anyone(result: BenchmarkResult, _: Sequence[OwnFigure], width: float) -> Drawn:
    """Draw how far the councils moved that started there, with the claim marked."""
    table, claim, measure = result.table("spread"), result.claim, _measure(result)
    title = "How far they moved"
    reading = claim_sentence(claim)
    if result.standing.value is None and not claim.is_own:
        reading = f"Without a figure of its own, this starts near the others'. {reading}"
    chart = spread.SpreadChart(
        key="spread",
        title=title,
        reading=reading,
        bins=[
            spread.Bin(_number(row["low"]), _number(row["high"]), int(_number(row["count"])))
            for row in table.records()
        ],
        claim=claim.change,
        claim_label="the change asked about:",
        mean=claim.reference.mean_change,
        mean_label="on average",
        axis=f"change in {measure.noun} after "
        f"{claim.reference.years_on} year{'s' if claim.reference.years_on > 1 else ''}",
        text=measure.change,
    )
    return Drawn(title, reading, spread.draw(chart, width), table)


def _gap_reading(result: BenchmarkResult) -> str:
    said = worth(result.standing, result.gap)
    if len(result.gap.lines) > 1:
        said += " The ends of the lines do not fall together, so they do not add up to the total's."
    return said


def readings(result: BenchmarkResult) -> dict[str, str]:
    """Give the one-sentence readings of the tables that have no picture."""
    claim = result.claim
    return {
        "standing": (
            "Each council's figures beside others of the same year. Lower is better for all five, "
            "as they are read here. Where luck could move it past most councils there is no rank."
        ),
        "gap": _gap_reading(result),
        "group": result.standing.group.note,
        "reference": (
            f"{len(claim.did)} of {claim.reference.council_years} went as far as asked about."
        ),
    }


CHARTS: dict[str, Draw] = {
    "strip": rank_strip,
    "spread": has_anyone,
    "trend": over_the_years,
    "measures": five_measures,
    "scatter": two_measures,
}
