"""The section about where a council stands, where it is going, and what the gap is worth."""

from __future__ import annotations

from dataclasses import fields

from retention_lib.benchmarks.answer import prices_of
from retention_lib.benchmarks.cases import cases
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.benchmarks.sensitivity import row_of
from retention_lib.origins import of_id
from retention_lib.outputs.facts import definitions_of
from retention_lib.outputs.word.grid import chosen
from retention_lib.outputs.word.paper import DRAWN, Paper
from retention_lib.outputs.word.shared import (
    ONE_AT_A_TIME,
    changed,
    data_annex,
    key_figures,
    register_table,
    summary,
    worked_out,
)
from retention_lib.pictures import benchmarks as pictures
from retention_lib.results import Table

_ABOUT = (
    "It says where the council stands beside others, where it is going, and what closing the gap "
    "would be worth in a year."
)
_LONGEST_LIST = 40
"""Councils that a table names; of more the picture and the counts must do."""


def write(paper: Paper, asked: Comparison, result: BenchmarkResult) -> None:
    """Write the whole section."""
    start = of_id(cases(), asked.case.preset)
    summary(paper, asked, result, _ABOUT, (start.summary, start.source) if start else None)
    key_figures(paper, result)
    _standing(paper, result)
    _worth(paper, result)
    _others(paper, result)
    changed(paper, result)
    worked_out(paper, (*definitions_of(result), *result.notes))
    paper.about()
    data_annex(paper, result, *(_prices(asked),) if result.gap.is_open else ())


def _standing(paper: Paper, result: BenchmarkResult) -> None:
    readings = pictures.readings(result)
    paper.section("Where the council stands, and where it is going")
    paper.say(readings["standing"])
    keys = ("measure", "value", "verdict", "neighbours", "best_quarter", "england", "rank", "luck")
    paper.table(chosen(result.table("standing"), keys))
    group = result.table("group")
    is_named = len(group.rows) <= _LONGEST_LIST
    strip = pictures.rank_strip(result, (), DRAWN)
    paper.figure(strip, "group" if is_named else "standing")
    if is_named:
        paper.table(group)
    paper.figure(pictures.over_the_years(result, (), DRAWN), "trend")
    paper.table(result.table("trend"))


def _worth(paper: Paper, result: BenchmarkResult) -> None:
    paper.section("Financial implications")
    paper.say(pictures.readings(result)["gap"])
    paper.table(result.table("gap"))
    paper.section("Risk management")
    if not result.tornado:
        paper.say("No price that is uncertain changes what the gap is worth.")
        return
    paper.say(*ONE_AT_A_TIME)
    paper.table(result.table("tornado"))


def _others(paper: Paper, result: BenchmarkResult) -> None:
    """Write what became of the councils that started alike."""
    paper.section("Has anyone closed one like it?")
    spread, reference = result.table("spread"), result.table("reference")
    if not spread.rows:
        paper.say(pictures.has_anyone(result, (), DRAWN).reading)
        return
    paper.figure(pictures.has_anyone(result, (), DRAWN), "spread")
    paper.table(spread)
    if len(reference.rows) <= _LONGEST_LIST:
        paper.table(reference)


def _prices(asked: Comparison) -> Table:
    """List what the people in the gap cost, each price with what the register says of it."""
    taken = prices_of(asked)
    rows = ((row_of(each.name), getattr(taken, each.name)) for each in fields(taken))
    return register_table((row, row.unit.text(price.central)) for row, price in rows)
