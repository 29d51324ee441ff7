"""What happened after, as pictures: the council beside its mix, and its gap beside all others'."""

from __future__ import annotations

from collections.abc import Callable

from retention_lib.benchmarks.measures import MEASURES, Measure
from retention_lib.benchmarks.words import possessive
from retention_lib.figures import all_years
from retention_lib.pictures.drawing import after
from retention_lib.pictures.drawn import Drawn
from retention_lib.synthetic.panel import figures_along
from retention_lib.synthetic.result import HappenedResult
from retention_lib.units import percent

Draw = Callable[[HappenedResult, float], Drawn]

_POOR = (
    "Its mix matched poorly before, so it has no line here, and no place among the others. The "
    "pale lines are the other councils, each less a mix of its own."
)
_BIG = 5  # councils that are named in the reading of who the mix is made of


def _short(name: str) -> str:
    """Name a council in a picture: of a joint return the first words only."""
    first, slash, _ = name.partition(" / ")
    return f"{first} / …" if slash else name.split(",")[0]


def _measure(result: HappenedResult) -> Measure:
    return MEASURES[result.measure]


def before_and_after(result: HappenedResult, width: float) -> Drawn:
    """Draw the council and its mix over all years, the year asked about marked."""
    table, measure = result.table("path"), _measure(result)
    found = result.found
    mix = [float(each) for each in found.own.mix] if found and found.match != "poor" else []
    chart = after.AfterChart(
        key="path",
        title=table.title,
        reading=_path_reading(result),
        years=all_years(),
        own=figures_along(result.measure, result.area.code),
        own_label=_short(result.area.name),
        mix=mix,
        mix_label="Mix of other councils",
        crowd=[],
        crowd_label="",
        year=result.year if found else None,
        mark_label=f"after September {result.year}",
        text=measure.number,
        axis=f"{measure.label}, year to September",
    )
    return Drawn(table.title, chart.reading, after.draw(chart, width), table)


def _path_reading(result: HappenedResult) -> str:
    found, measure = result.found, _measure(result)
    if found is None:
        return "Its own figures, as far as DfE publishes them. There is no mix to set beside them."
    fit = measure.by(found.own.fit)
    if found.match == "poor":
        return (
            f"Its own figures alone. Up to {result.year} its mix lay {fit} apart from it, too far "
            "to be set beside it, so the mix is not drawn."
        )
    said = "; ".join(
        f"in {each.year} {measure.by(each.gap)} {'below' if each.gap < 0 else 'above'} the mix"
        for each in dict.fromkeys((found.looked_at, found.rarest))
    )
    return f"Matched up to {result.year}, {fit} apart; {said}."


def beside_all(result: HappenedResult, width: float) -> Drawn:
    """Draw how far the council lay from its mix, over the same of every other council."""
    table, measure, found = result.table("others"), _measure(result), result.found
    title = "How far from its mix, beside every other council"
    alone = found is None or found.match == "poor"
    reading = "There is nothing to set beside other councils."
    if found is not None:
        said = ", and ".join(
            f"in {each.year} {each.beside_mix.as_far} stood as far "
            f"{'below' if each.gap < 0 else 'above'} theirs"
            for each in dict.fromkeys((found.looked_at, found.rarest))
        )
        reading = (
            f"Each pale line is one of {len(found.counted)} councils not known to have acted, less "
            f"a mix of its own. Of them, {said} as {result.area.name}."
        )
        if found.match == "poor":
            reading = _POOR
    places = range(len(all_years()))
    chart = after.AfterChart(
        key="others",
        title=title,
        reading=reading,
        years=all_years(),
        own=[] if found is None or alone else [found.own.gap(place) for place in places],
        own_label=_short(result.area.name),
        mix=[],
        mix_label="",
        crowd=[[each.gap(place) for place in places] for each in found.counted] if found else [],
        crowd_label="every other council",
        year=result.year if found else None,
        mark_label=f"after September {result.year}",
        text=measure.change,
        axis=f"{measure.label}, council less its mix",
    )
    return Drawn(title, reading, after.draw(chart, width), table)


def readings(result: HappenedResult) -> dict[str, str]:
    """Give the one-sentence readings of the tables that have no picture."""
    found = result.found
    if found is None:
        alone = "Its own figures, as far as DfE publishes them."
        return {"later": alone, "weights": "There is no mix.", "actions": _ACTIONS}
    later = (
        f"{possessive(result.area.name)} figure beside the mix's, and how many others did as "
        "much. A figure alone that moved, and a distance from a mix, are counted apart."
    )
    unused = ""
    if found.match == "poor":
        later = (
            f"{possessive(result.area.name)} figure, and how many others moved as far. Its mix "
            "matched poorly before, so it is not set beside it."
        )
        unused = " It matched poorly, so it is not used."
    rows = result.table("weights").records()
    largest = ", ".join(
        f"{row['council']} ({percent(float(row['weight'] or 0), 1)})" for row in rows[:_BIG]
    )
    return {
        "later": later,
        "weights": f"{len(rows)} councils; the largest shares: {largest}.{unused}",
        "actions": _ACTIONS,
    }


_ACTIONS = (
    "They are in no mix. Of all others it is not known that they did nothing, only that nothing is "
    "known here of what they did."
)


CHARTS: dict[str, Draw] = {"path": before_and_after, "others": beside_all}
