"""Both answers about a plan, as assumed and marked down for weak evidence, side by side."""

from __future__ import annotations

import numpy as np

from retention_lib.assumptions import QUALITY_WORDS
from retention_lib.marked_down import AFTER, BOTH_ALLOW, TITLE, instead
from retention_lib.plans.optimism import Money, allowance_of, cash_of
from retention_lib.plans.plan import Plan
from retention_lib.plans.played import WITH, Played
from retention_lib.plans.result import MarkedMeasure, PlanOptimism, PlanSide
from retention_lib.rates import FloatArray
from retention_lib.results import Cell, Column, Table
from retention_lib.units import money

_NOTHING = 0.5  # pounds
_OWN_CASH = (
    "The allowance for optimism is in the MTFS table and in the fourth test, of relief for the "
    "budget. The other three tests and the figures of the service are the plan's own: it is not "
    "in them. The region bears the whole of it, as the council does."
)


def both_answers(found: Played) -> PlanOptimism:
    """Answer a plan with the allowance for optimism and without it.

    Args:
        found: the plan, played in all its worlds; its switch says which answer is given.
    """
    cash, off = cash_of(found), allowance_of(found)
    down, up = float(cash.off_savings.sum()), float(cash.put_on_costs.sum())
    saving = float(found.saving_by_year[WITH, 0].sum())
    cost = float(found.investment_by_year[WITH, 0].sum())
    net, npv = float(found.net_by_year[WITH, 0].sum()), float(found.npv[WITH, 0])
    return PlanOptimism(
        on=off.on,
        down=_share(down, cash.saving),
        up=_share(up, cash.cost),
        allowance=down + up,
        measures=tuple(_measure(found, cash, place) for place in range(len(cash.marks))),
        as_assumed=PlanSide(saving=saving, cost=cost, net=net, npv=npv),
        marked_down=PlanSide(
            saving=saving - down,
            cost=cost + up,
            net=net - (down + up),
            npv=npv - float(off.npv.sum()),
        ),
    )


def _share(off: float, pounds: FloatArray) -> float:
    """Give the share that is taken off all measures together, 0 where there is nothing in them."""
    size = float(np.abs(pounds.sum(axis=-1)).sum())
    return off / size if size > 0 else 0.0


def _measure(found: Played, cash: Money, place: int) -> MarkedMeasure:
    mark = cash.marks[place]
    return MarkedMeasure(
        name=found.numbers.plan.measures[place].name,
        evidence=mark.evidence,
        money=mark.money,
        down=mark.down,
        up=mark.up,
        saving=float(cash.saving[place].sum()),
        cost=float(cash.cost[place].sum()),
        taken_off=float(cash.off_savings[place].sum() + cash.put_on_costs[place].sum()),
    )


def note(plan: Plan) -> tuple[str, ...]:
    """Say what a reader must know of an answer with an allowance in it."""
    return (BOTH_ALLOW, _OWN_CASH) if plan.appraisal.optimism else ()


def after_allowance(optimism: PlanOptimism) -> str:
    """Say behind a headline that an allowance is in it; nothing where none is."""
    if not optimism.on or optimism.allowance < _NOTHING:
        return ""
    return AFTER.format(money(optimism.allowance))


def beside(optimism: PlanOptimism) -> tuple[str, ...]:
    """Say the answer that is not given, beside the one that is; nothing where they are one."""
    if optimism.allowance < _NOTHING:
        return ()
    start = "As assumed" if optimism.on else "Marked down for weak evidence (optimism bias)"
    said = instead(optimism.other.net, optimism.given.net)
    return (f"{start}, the council would {said} over four years.",)


def both_tables(optimism: PlanOptimism) -> tuple[Table, Table]:
    """Give both answers side by side, and what is taken off each measure and why."""
    return _answers_table(optimism), _measures_table(optimism)


def _answers_table(optimism: PlanOptimism) -> Table:
    sides = (optimism.as_assumed, optimism.marked_down)
    labels = {
        "saving": "Saved, cash",
        "cost": "Cost of the measures, cash",
        "net": "Saved less cost, cash",
        "npv": "Worth to everyone in today's money (NPV)",
    }
    rows: list[tuple[Cell, ...]] = [
        (label, *(getattr(side, name) for side in sides)) for name, label in labels.items()
    ]
    columns = (
        Column("figure", "Over four years", "text"),
        Column("as_assumed", "As assumed"),
        Column("marked_down", "Marked down for weak evidence"),
    )
    return Table("optimism", TITLE, columns, tuple(rows), totals=(2,))


def _measures_table(optimism: PlanOptimism) -> Table:
    columns = (
        Column("measure", "Measure", "text"),
        Column("evidence", "Evidence for what it does, at its weakest", "text"),
        Column("money", "Evidence for what it costs", "text"),
        Column("down", "Saving marked down by", "share"),
        Column("up", "Cost marked up by", "share"),
        Column("saving", "Its share of what is saved, cash"),
        Column("cost", "Its cost, cash"),
        Column("taken_off", "Taken off"),
    )
    rows = tuple(
        (
            each.name,
            QUALITY_WORDS[each.evidence],
            QUALITY_WORDS[each.money],
            each.down,
            each.up,
            each.saving,
            each.cost,
            each.taken_off,
        )
        for each in optimism.measures
    )
    return Table("optimism_lines", "What is taken off, and why", columns, rows)
