"""What every peer shows: the levers, and the answer to where they stand, all from the library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from retention_lib.assumptions import register
from retention_lib.evaluation import evaluate
from retention_lib.outputs.cells import cell_text
from retention_lib.outputs.facts import Fact, facts_of
from retention_lib.pictures import incentives as draw
from retention_lib.presets import FIRST, preset
from retention_lib.results import Table

_START = preset(FIRST).scenario
_LEVERS = (
    "groups.0.headcount",
    "scheme.take_up",
    "scheme.amount.percent_of_salary",
    "scheme.tie_in_months",
    "groups.0.annual_leaving_rate",
    "effect.leaving_reduction",
    "leaver_cost",
)
_PICTURES: Mapping[str, draw.Draw] = {
    "evidence": draw.evidence,
    "ranges": draw.how_sure,
    "years": draw.money_by_year,
    "people": draw.people,
    "map": draw.where_it_pays,
    "tornado": draw.what_changes_it,
    "bidding": draw.if_neighbours_bid,
    "bridge": draw.from_paid_to_net,
}
_TABLES = ("optimism", "budget", "viewpoints", "bidding", "fairness", "parity")
_WIDTH = 640.0


@dataclass(frozen=True)
class Lever:
    """A slider: its field, its label, and its numbers as on screen."""

    path: str
    label: str
    low: float
    high: float
    step: float
    start: float


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, with its title and the sentence that says what it shows."""

    key: str
    title: str
    reading: str
    svg: str


@dataclass(frozen=True)
class Written:
    """A table as text."""

    key: str
    title: str
    frame: pd.DataFrame


@dataclass(frozen=True)
class Shown:
    """An answer as a peer shows it; it has no ranges."""

    headline: str
    sentences: tuple[str, ...]
    facts: tuple[Fact, ...]
    pictures: tuple[Picture, ...]
    tables: tuple[Written, ...]


def _lever(path: str) -> Lever:
    row = register().behind(path)
    assert row is not None
    assert row.slider is not None
    shown = row.unit.to_screen
    return Lever(
        path=path,
        label=row.label,
        low=shown(row.slider.min),
        high=shown(row.slider.max),
        step=shown(row.slider.step),
        start=round(shown(_START.at(path)), 1),
    )


LEVERS = tuple(_lever(path) for path in _LEVERS)


def answer(*values: float) -> Shown:
    """Answer the levers, each as on screen and in their order.

    A lever that stands where it started is the case's number to the last digit.
    """
    moved = {}
    for lever, value in zip(LEVERS, values, strict=True):
        row = register().behind(lever.path)
        assert row is not None
        if value != lever.start:
            moved[lever.path] = row.unit.from_screen(float(value))
    scenario = _START.but(moved)
    result = evaluate(scenario, draws=0)
    drawn = {key: make(scenario, result, _WIDTH) for key, make in _PICTURES.items()}
    return Shown(
        headline=result.headline,
        sentences=result.sentences,
        facts=tuple(facts_of(result)),
        pictures=tuple(
            Picture(key, each.title, each.reading, each.svg) for key, each in drawn.items()
        ),
        tables=tuple(_written(key, result.table(key)) for key in _TABLES),
    )


def _written(key: str, table: Table) -> Written:
    kinds = [column.kind for column in table.columns]
    rows = [
        [cell_text(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in table.rows
    ]
    headings = [column.heading for column in table.columns]
    return Written(key, table.title, pd.DataFrame(rows, columns=headings))
