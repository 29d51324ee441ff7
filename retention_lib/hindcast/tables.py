"""The hindcast set out: a table of errors, a table by starting year, and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from retention_lib.benchmarks.measures import measure_of
from retention_lib.hindcast.scores import Score
from retention_lib.results import Cell, CellKind, Column, Table, plain
from retention_lib.units import MINUS

_TEXT: CellKind = "text"

NOTES = (
    "Errors are root mean squares in points, of caseload in cases. Less the plain rule's: the 90% "
    "range of the model's error less the plain rule's, when councils are drawn anew. Above its "
    "rule: how far the model's forecasts lie above the rule's, on average.",
    "Better: that whole range lies below nothing, and still does when each year's mean error is "
    "taken from both. Councils of 30 full-time equivalent staff or more in every published year.",
)


def hindcast_table(scores: Sequence[Score]) -> Table:
    """Set the model's errors beside the simple forecasts', by rate and years ahead."""
    columns = (
        Column("measure", "Measure", _TEXT),
        Column("years_on", "Years ahead", _TEXT),
        Column("councils", "Forecasts", _TEXT),
        Column("engine", "Model", _TEXT),
        Column("rule", "Its rule alone", _TEXT),
        Column("plain", "Plain rule", _TEXT),
        Column("no_change", "No change", _TEXT),
        Column("default", "Default baseline", _TEXT),
        Column("gain_range", "Less the plain rule's", _TEXT),
        Column("held", "80% range held", _TEXT),
        Column("lean", "Above its rule", _TEXT),
        Column("verdict", "Beside the plain rule", _TEXT),
    )
    rows = tuple(_row(each) for each in scores)
    return Table("hindcast", "Forecasts beside what came", columns, rows)


def _row(found: Score) -> tuple[Cell, ...]:
    return (
        measure_of(found.measure).label,
        str(found.years_on),
        str(found.councils),
        *(_two(value) for value in _errors(found)),
        f"{_two(found.gain_low)} to {_two(found.gain_high)}",
        _share(found.held),
        _two(found.lean),
        "better" if found.is_better else "no better",
    )


def _errors(found: Score) -> tuple[float, ...]:
    return found.engine, found.rule, found.plain, found.no_change, found.default


def starts_table(scores: Sequence[Score]) -> Table:
    """Set the errors and the range out by the year that the forecasts start from."""
    columns = (
        Column("measure", "Measure", _TEXT),
        Column("years_on", "Years ahead", _TEXT),
        Column("start", "From", _TEXT),
        Column("engine", "Model", _TEXT),
        Column("plain", "Plain rule", _TEXT),
        Column("held", "80% range held", _TEXT),
    )
    rows = tuple(
        (
            measure_of(each.measure).label,
            str(each.years_on),
            start,
            _two(error),
            _two(each.plain_by_start[start]),
            _share(each.held_by_start[start]),
        )
        for each in scores
        for start, error in each.engine_by_start.items()
    )
    return Table("starts", "By the year that the forecasts start from", columns, rows)


def _two(value: float) -> str:
    text = f"{abs(value):.2f}"
    return f"{MINUS}{text}" if value < 0 and text != "0.00" else text


def _share(value: float) -> str:
    return f"{value:.0%}"


def hindcast_dict(scores: Sequence[Score]) -> dict[str, Any]:
    """Give the scores as JSON holds them: errors in points or cases, shares 0 to 1."""
    return {"scores": [{**plain(each), "is_better": each.is_better} for each in scores]}
