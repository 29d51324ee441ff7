"""The section about a four-year plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from retention_lib import words
from retention_lib.outputs.word.grid import chosen
from retention_lib.outputs.word.paper import DRAWN, Paper
from retention_lib.outputs.word.shared import (
    ONE_AT_A_TIME,
    changed,
    log_annex,
    summary,
    worked_out,
)
from retention_lib.pictures import plans as pictures
from retention_lib.pictures import plans_evidence as evidence
from retention_lib.plans.differences import case_of
from retention_lib.plans.plan import Plan
from retention_lib.plans.result import PlanResult
from retention_lib.results import Table

_ABOUT = (
    "It says what the plan costs over four years, what it changes, whether the money comes back, "
    "and what the risks are."
)
_MOST_BARS = 10


def write(paper: Paper, plan: Plan, result: PlanResult, on: dt.date) -> None:
    """Write the whole section."""
    start = case_of(plan)
    case = (start.summary, start.source) if start else None
    summary(paper, plan, result, _ABOUT, case)
    _money(paper, plan, result)
    _tests(paper, plan, result)
    if plan.measures:
        _risks(paper, plan, result)
        _who(paper, plan, result)
    changed(paper, result)
    worked_out(paper, result.notes)
    paper.about()
    log_annex(paper, plan, on)
    _studies(paper, result)


def _money(paper: Paper, plan: Plan, result: PlanResult) -> None:
    years = [column.key for column in result.table("mtfs").columns[1:]]
    paper.section("Financial implications")
    if plan.measures:
        paper.part("The measures and their money")
        keys = ("measure", "when", *years, "total", "net")
        paper.table(chosen(result.table("timeline"), keys))
    paper.part("In the budget")
    paper.table(result.table("mtfs"))
    if not plan.measures:
        paper.say("There is no measure in the plan, so there is nothing to invest or to save.")
        return
    paper.part("Invest to save")
    paper.table(result.table("invest_to_save"))
    paper.table(result.table("terms"))
    paper.figure(pictures.money_by_year(plan, result, DRAWN), "years", low=True)
    paper.table(result.table("years"))
    paper.part("What would have to be true, and what studies found")
    paper.say(evidence.claims_and_studies(plan, result, DRAWN).reading)
    paper.part("On whom the saving falls, and if the evidence is weak")
    paper.table(result.table("viewpoints"))
    paper.table(result.table("optimism"))


def _tests(paper: Paper, plan: Plan, result: PlanResult) -> None:
    """Write the four tests with the last year's figures, the guard on quality, the scorecard."""
    paper.section("The four tests, and quality")
    last = [column.key for column in result.table("mtfs").columns[1:]][-1]
    keys = ("test", "figure", "start", last, "without", "threshold", "verdict", "chance")
    paper.table(chosen(result.table("tests"), keys))
    for draw in (pictures.agency, pictures.caseload):
        drawn = draw(plan, result, DRAWN)
        paper.figure(drawn, drawn.table.key, low=True)
        paper.table(drawn.table)
    paper.table(result.table("guard"))
    paper.table(result.table("scorecard"))


def _risks(paper: Paper, plan: Plan, result: PlanResult) -> None:
    paper.section("Risk management")
    drawn = evidence.what_changes_it(plan, result, DRAWN)
    if result.ranges is not None:
        paper.say(drawn.reading)
        paper.table(_whole(result.table("ranges"), result.years[-1]))
        paper.say(*ONE_AT_A_TIME)
        table = result.table("tornado")
        paper.table(replace(table, rows=table.rows[:_MOST_BARS]))
    tied = [each for each in plan.measures if each.incentive is not None]
    held = "; ".join(
        f"{each.name} ties people in for {each.incentive.scheme.tie_in_months} months"
        for each in tied
        if each.incentive is not None and each.incentive.scheme.tie_in_months
    )
    paper.say(f"What the plan itself has against these: {held}." if held else _NOTHING_HELD)


_NOTHING_HELD = "No measure of the plan ties people in, so nothing is paid back by those who leave."


def _whole(table: Table, last: str) -> Table:
    """Keep of the ranges those of four years together and of the last one."""
    rows = tuple(row for row in table.rows if row[1] == "Four years" or last in str(row[1]))
    return replace(table, rows=rows)


def _who(paper: Paper, plan: Plan, result: PlanResult) -> None:
    paper.section("Equalities and fairness")
    table = chosen(result.table("timeline"), ("measure", "gets"))
    paper.table(replace(table, title="Who gets what"), key="gets")
    if any(each.incentive is not None or each.per_staff_year for each in plan.measures):
        paper.say(words.EQUAL_PAY)


def _studies(paper: Paper, result: PlanResult) -> None:
    table = result.table("evidence")
    if not table.rows:
        return
    paper.annex("What studies found")
    paper.list(evidence.claim_sentences(result))
    keys = ("claim", "assumed", "study", "fall", "enough", "quality", "source")
    paper.table(chosen(table, keys))
    paper.say("A dash is a study that gave no figure.")
