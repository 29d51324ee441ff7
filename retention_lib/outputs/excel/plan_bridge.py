"""What stands behind a budget's tables: the bridge, each measure alone, what falls due later."""

from __future__ import annotations

from collections.abc import Sequence

from retention_lib.outputs.excel.names import name_of
from retention_lib.outputs.excel.plan_cells import Row
from retention_lib.outputs.excel.plan_names import Of, measures_of
from retention_lib.outputs.excel.plan_singles import Single
from retention_lib.outputs.excel.plan_tables import Lines, YearTable
from retention_lib.outputs.excel.plan_worlds import alone
from retention_lib.plans.budget_tables import staffing_budget
from retention_lib.plans.played import WITH, Played
from retention_lib.plans.result import PlanResult


def bridge_lines(found: Played, result: PlanResult) -> Lines:
    """Lead from the service without the plan to the one with it."""
    every = measures_of(found.numbers.plan)
    known = {step.key: step.pounds for step in result.bridge}
    steps = [
        Single(
            name=of.own("bridge"),
            label=f"{of.measure.name}, alone",
            formula=f"SUM([{alone(of, len(every))}!total:all])-SUM([without!total:all])",
            kind="pounds",
            known=known[f"measure_{of.index}"],
        )
        for of in every
    ]
    alone_sum = "".join(f"-{step.name}" for step in steps)
    off = "-SUM([years!allowance:all])"
    return Lines(
        title="From the service without the plan to the one with it: four years' cash, £",
        strong=frozenset({"bridge_without", "bridge_with"}),
        lines=(
            Single(
                name="bridge_without",
                label="Without the plan",
                formula="SUM([without!total:all])",
                kind="pounds",
                known=known["without"],
            ),
            *steps,
            Single(
                name="bridge_interaction",
                label="What they do together (interaction)",
                formula=f"SUM([with!total:all])-bridge_without{alone_sum}",
                kind="pounds",
                known=known["interaction"],
            ),
            Single(
                name="bridge_optimism",
                label="Allowance for optimism",
                formula=off,
                kind="pounds",
                known=known.get("optimism", 0.0),
            ),
            Single(
                name="bridge_with",
                label="With the plan",
                formula="SUM([with!total:all])+bridge_optimism",
                kind="pounds",
                known=known["with"],
            ),
        ),
    )


def timeline_table(found: Played, result: PlanResult) -> YearTable:
    """Give what each measure costs by year, alone, and its gain less cost."""
    every = measures_of(found.numbers.plan)
    rows: list[Row] = []
    for of, known in zip(every, result.timeline, strict=True):
        sheet = alone(of, len(every))
        rows += [
            Row(
                key=of.key("timeline"),
                label=f"{of.measure.name}: cost",
                formula=f"SUM([{sheet}!investment:year])",
                known=known.cost_by_year,
            ),
            Row(
                key=of.key("timeline_net"),
                label=f"{of.measure.name}: gain less cost",
                formula=f"SUM([without!total:year])-SUM([{sheet}!total:year])",
                known=[float(each) for each in found.net_by_year[_world(of, every), 0]],
            ),
        ]
    return YearTable(
        title="Each measure alone, £ of the council's cash",
        says="The pay of posts it adds is in its cost. An allowance for optimism is not in these.",
        rows=rows,
    )


def _world(of: Of, every: Sequence[Of]) -> int:
    return WITH + 1 + of.index if every else WITH


def later_singles(found: Played) -> tuple[Single, ...]:
    """Give what payments fall due after the last month, to those still in post then."""
    parts: list[Single] = []
    for of in measures_of(found.numbers.plan):
        offered = of.measure.incentive
        if offered is None:
            continue
        count = 1 if offered.scheme.kind == "retention" else 4
        people = f"({of.own('takers')}+{of.own('extra')})*{of.own('each')}"
        due = "+".join(
            f"IF({of.own(f'offer_{n}')}<0,0,[{of.sheet}!still_{n}:last]"
            f'*SUMIF({of.own("part_months")},">"&(48-{of.own(f"offer_{n}")}),'
            f"{of.own('part_shares')}))"
            for n in range(1, count + 1)
        )
        parts.append(
            Single(
                name=of.own("due_later"),
                label=f"{of.measure.name}: falls due after month 48",
                formula=f"{people}*(1+{of.offered('scheme.oncost_rate')})*({due})",
                kind="pounds",
            )
        )
    total = "+".join(part.name for part in parts) or "0"
    return (
        *parts,
        Single(
            name="payments_due_later",
            label="Payments that fall due after the four years",
            formula=total,
            kind="pounds",
        ),
    )


def budget_single(found: Played) -> tuple[Single, ...]:
    """Give the staffing budget: as set, or as the funded posts are paid."""
    given = name_of("staffing_budget")
    pay = "SUM([years!without_pay_newly_qualified:start]:[years!without_pay_senior:start])"
    posts = "[without!posts:start]/MAX([without!in_post:start],0.000000001)"
    others = "+".join(
        f"[years!without_{key}:start]" for key in ("pay_managers", "recruitment", "induction")
    )
    estimated = f"IF([without!in_post:start]>0,{pay}*{posts},0)+{others}"
    return (
        Single(
            name="staffing_budget",
            label="Staffing budget in the year before the plan",
            formula=f"IF(ISBLANK({given}),{estimated},{given})",
            kind="pounds",
            says="As set, or else funded posts at average pay, their managers, a year's joiners",
            known=staffing_budget(found),
        ),
    )
