"""The tables of a plan's answer: each picture has its twin here, and the workings their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retention_lib.appraisal import by_financial_year
from retention_lib.plans.budget_tables import ALLOWANCE
from retention_lib.plans.optimism import NOTHING, Allowance
from retention_lib.plans.plan import MONTHS, YEARS, Plan
from retention_lib.plans.played import WITH, WITHOUT, YEAR_ENDS, Played
from retention_lib.plans.ranges import Ranges
from retention_lib.plans.result import (
    FourTest,
    GuardLine,
    NetBar,
    RegionSide,
    StaffStack,
    TimelineRow,
)
from retention_lib.plans.stability import stayed
from retention_lib.plans.years import month_name, year_columns, year_labels
from retention_lib.rates import FloatArray
from retention_lib.results import Cell, CellKind, Column, Step, Table
from retention_lib.uncertainty import Spread
from retention_lib.units import count, money, percent, trimmed

_TEXT: CellKind = "text"
_NEAR = 5e-4  # of a rate, or of a case

IF_ALL_HOLDS = " if every assumption holds"
"""Behind a verdict of a test that is met in fewer than half of the draws."""


def tests_table(plan: Plan, tests: Sequence[FourTest]) -> Table:
    """Give the four tests: the figure of each year, the threshold and the verdict."""
    columns = (
        Column("test", "Test", _TEXT),
        Column("figure", "Figure", _TEXT),
        Column("start", "At the start", _TEXT),
        *year_columns(plan, _TEXT),
        Column("without", f"{year_labels(plan)[-1]} without the plan", _TEXT),
        Column("threshold", "Is met at", _TEXT),
        Column("verdict", "Verdict", _TEXT),
        Column("chance", "Chance that it is met", "share"),
    )
    rows = tuple(
        (
            test.question,
            test.figure,
            test.start_text,
            *(year.text for year in test.years),
            test.years[-1].without_text,
            test.threshold,
            test.verdict.capitalize() + (IF_ALL_HOLDS if test.if_all_holds else ""),
            test.chance,
        )
        for test in tests
    )
    return Table("tests", "The four tests", columns, rows)


def guard_table(guard: Sequence[GuardLine]) -> Table:
    """Give the guard on quality."""
    columns = (
        Column("measure", "Quality must not fall", _TEXT),
        Column("start", "At the start", _TEXT),
        Column("year", "End of", _TEXT),
        Column("without", "Without the plan", _TEXT),
        Column("with_plan", "With it", _TEXT),
        Column("kept", "Kept in every year?", _TEXT),
    )
    rows = tuple(
        (
            line.label,
            line.start_text,
            line.year,
            line.without_text,
            line.with_text,
            "Yes" if line.kept else "No: worse",
        )
        for line in guard
    )
    return Table("guard", "The guard on quality", columns, rows)


def lines_table(found: Played) -> Table:
    """Give what each line of spending changes by, plan less no plan, by year: every line once."""
    plan = found.numbers.plan
    rows: list[tuple[Cell, ...]] = []
    for line in found.ledger.lines:
        by_year = by_financial_year(line.pounds[WITH, 0] - line.pounds[WITHOUT, 0])
        kind = "Capital" if line.capital else "Revenue" if line.cash else "Not cash"
        payer = "Council" if line.by_council else "Elsewhere"
        rows.append((line.label, kind, payer, *by_year.tolist(), float(by_year.sum())))
    total = by_financial_year(
        found.ledger.total(cash_only=False, council_only=False)[WITH, 0]
        - found.ledger.total(cash_only=False, council_only=False)[WITHOUT, 0]
    )
    rows.append(("All lines", "", "", *total.tolist(), float(total.sum())))
    columns = (
        Column("line", "With the plan less without it; spending is positive", _TEXT),
        Column("kind", "Kind", _TEXT),
        Column("payer", "Who pays", _TEXT),
        *year_columns(plan, "pounds", total=True),
    )
    title = "Every line of spending"
    return Table("lines", title, columns, tuple(rows), totals=(len(rows) - 1,))


def bridge_table(steps: Sequence[Step]) -> Table:
    """Give the bridge from the service without the plan to the service with it."""
    columns = (Column("step", "Step", _TEXT), Column("pounds", "Council's cash, four years"))
    rows = tuple((step.label, step.pounds) for step in steps)
    totals = tuple(i for i, step in enumerate(steps) if step.total)
    title = "From the service without the plan to the one with it"
    return Table("bridge", title, columns, rows, totals)


def scorecard_table(found: Played) -> Table:
    """Give the retention scorecard against its targets; and what no model here can forecast."""
    plan, path = found.numbers.plan, found.path
    ends = found.at_year_ends
    turnover = ends(path.turnover())[:, 0]
    turnover[:, 0] = float(found.numbers("service.turnover"))
    agency = np.concatenate(
        [
            np.full((turnover.shape[0], 1), agency_at_start(found)),
            found.agency_by_year[:, 0],
        ],
        axis=-1,
    )
    targets = plan.targets
    rows: list[tuple[Cell, ...]] = []

    def add(label: str, values: FloatArray, target: float | None, kind: str) -> None:
        shown = [_written(value, kind) for value in values[WITH]]
        last, without = float(values[WITH, -1]), float(values[WITHOUT, -1])
        aim = "Below the start" if target is None else _written(target, kind)
        goal = float(values[WITH, 0]) if target is None else target
        sign = -1.0 if label.startswith("Staff with") else 1.0
        met = sign * (last - goal) <= _NEAR
        worse = sign * (last - without) > _NEAR
        said = "Yes, but worse than without" if met and worse else "Yes" if met else "No"
        rows.append((label, *shown, _written(without, kind), aim, said))

    add("Vacancy rate", ends(path.vacancy_rate)[:, 0], targets.vacancy_rate, "share")
    add("Agency rate", ends(path.agency_rate)[:, 0], targets.agency_rate, "share")
    add("Agency spend, £ thousand a year", agency, None, "thousands")
    add("Caseload (DfE's definition)", ends(path.caseload)[:, 0], targets.caseload, "cases")
    add("Turnover", turnover, targets.turnover, "share")
    for years, target in ((2, targets.stayed_two_years), (5, targets.stayed_five_years)):
        words = {2: "two", 5: "five"}[years]
        share = ends(stayed(path, years))[:, 0]
        add(f"Staff with {words} years' service or more", share, target, "share")
    own = "Your own figure"
    for label in ("Assessments on time", "Audits that are good", "Staff satisfaction"):
        rows.append((label, *([own] * (YEARS + 1)), "", "", "Not modelled"))
    columns = (
        Column("measure", "Measure", _TEXT),
        Column("start", "At the start", _TEXT),
        *year_columns(plan, _TEXT),
        Column("without", f"{year_labels(plan)[-1]} without the plan", _TEXT),
        Column("target", f"Target for {year_labels(plan)[-1]}", _TEXT),
        Column("met", "Met?", _TEXT),
    )
    return Table("scorecard", "Retention scorecard", columns, tuple(rows))


def agency_at_start(found: Played) -> float:
    """Give a year's spending on agency staff as things stand on the first day."""
    standing = found.ledger.standing
    return sum(float(standing[key][WITHOUT, 0]) for key in ("agency_cover", "agency_extra"))


def _written(value: float, kind: str) -> str:
    if kind == "share":
        return percent(value, 1)
    if kind == "pounds":
        return money(value)
    if kind == "thousands":
        return f"{value / 1000:,.0f}"
    return trimmed(value, 1)


def timeline_table(plan: Plan, timeline: Sequence[TimelineRow]) -> Table:
    """Give who gets what when, and what it costs by year."""
    columns = (
        Column("measure", "Measure", _TEXT),
        Column("gets", "Who gets what", _TEXT),
        Column("when", "When", _TEXT),
        *year_columns(plan, "thousands", total=True),
        Column("net", "Alone, gain less cost", "thousands"),
    )
    rows = tuple(
        (
            row.name,
            row.gets,
            when(plan, row),
            *row.cost_by_year,
            sum(row.cost_by_year),
            row.net,
        )
        for row in timeline
    )
    return Table("timeline", "Who gets what, and when (£ thousand)", columns, rows)


def when(plan: Plan, row: TimelineRow) -> str:
    """Say when a measure runs."""
    begins = f"From {month_name(plan, row.first)}"
    if row.last is not None and row.last < MONTHS - 1:
        begins += f" to {month_name(plan, row.last)}"
    if row.ramp:
        begins += f", in full after {count(row.ramp)} months"
    return begins


def staff_table(plan: Plan, stacks: Sequence[StaffStack]) -> Table:
    """Give staff by experience, agency staff and uncovered posts at each year's end."""
    labels = ("start", *year_labels(plan))
    columns = [Column("kind", "Full-time equivalents", _TEXT)]
    for i, label in enumerate(labels):
        shown = "At the start" if i == 0 else f"End of {label}"
        columns.append(Column(f"without_{i}", f"{shown}, without", "people"))
        columns.append(Column(f"with_{i}", f"{shown}, with", "people"))
    rows: list[tuple[Cell, ...]] = []
    for stack in stacks:
        pairs = zip(stack.without, stack.with_plan, strict=True)
        rows.append((stack.label, *(value for pair in pairs for value in pair)))
    return Table("staff", "Staff by experience", tuple(columns), tuple(rows))


def months_table(found: Played) -> Table:
    """Give every month's people, without the plan and with it."""
    path = found.path
    lines: tuple[tuple[str, str, FloatArray, CellKind], ...] = (
        ("in_post", "Staff in post", path.in_post, "people"),
        ("leavers", "Leavers", path.all_leavers, "people"),
        ("joined", "Joiners", path.joined, "people"),
        ("vacancies", "Vacancies", path.vacancies, "people"),
        ("agency", "Agency staff", path.agency, "people"),
        ("cases", "Open cases", path.cases, "number"),
        ("caseload", "Caseload", path.caseload, "number"),
        ("spent", "Council's spending", found.ledger.total(), "pounds"),
    )
    columns = [Column("month", "Month", "number")]
    for key, label, _, kind in lines:
        columns.append(Column(f"{key}_without", f"{label}, without", kind))
        columns.append(Column(f"{key}_with", f"{label}, with", kind))
    rows: list[tuple[Cell, ...]] = []
    for month in range(MONTHS + 1):
        cells: list[Cell] = [float(month)]
        for _, _, values, _ in lines:
            cells += [float(values[WITHOUT, 0, month]), float(values[WITH, 0, month])]
        rows.append(tuple(cells))
    return Table("months", "Month by month", tuple(columns), tuple(rows))


def years_table(found: Played, off: Allowance = NOTHING) -> Table:
    """Give the money by financial year in both views; the council's gain is positive."""
    plan = found.numbers.plan
    net = found.net_by_year[WITH, 0] - off.by_year[0]
    economic = found.economic_net_by_year[WITH, 0] - off.economic_by_year[0]
    rows: list[tuple[Cell, ...]] = []
    discount = (1.0 + plan.appraisal.discount_rate) ** -np.arange(YEARS)
    for i, label in enumerate(year_labels(plan)):
        rows.append(
            (
                label,
                float(found.investment_by_year[WITH, 0, i]),
                float(found.saving_by_year[WITH, 0, i]),
                *([-float(off.by_year[0, i])] if off.on else []),
                float(net[i]),
                float(net[: i + 1].sum()),
                float(economic[i]),
                float(economic[i] * discount[i]),
            )
        )
    columns = (
        Column("year", "Financial year", _TEXT),
        Column("investment", "Cost of the measures, cash"),
        Column("saving", "Saved, cash"),
        *([Column("allowance", f"{ALLOWANCE}, cash")] if off.on else []),
        Column("net", "Net, cash"),
        Column("running", "Net so far, cash"),
        Column("economic", "Worth to everyone, real"),
        Column("discounted", "The same in today's money"),
    )
    return Table("years", "Money by financial year", columns, tuple(rows))


def ranges_table(plan: Plan, ranges: Ranges | None) -> Table:
    """Give the 10th, 50th and 90th percentile of what the plan comes to; empty until drawn."""
    columns = (
        Column("figure", "With the plan", _TEXT),
        Column("when", "When", _TEXT),
        Column("low", "1 in 10 lie below", _TEXT),
        Column("middle", "Half lie below", _TEXT),
        Column("high", "9 in 10 lie below", _TEXT),
    )
    title = "Ranges: what nobody knows, better and worse years, and luck"
    if ranges is None:
        return Table("ranges", title, columns, ())
    years, ends = year_labels(plan), tuple(f"End of {label}" for label in year_labels(plan))
    rows: list[tuple[Cell, ...]] = []

    def add(label: str, when: Sequence[str], spread: Spread, kind: str, first: int = 0) -> None:
        for place, moment in enumerate(when):
            parts = [np.atleast_1d(end) for end in (spread.low, spread.middle, spread.high)]
            shown = [_written(float(part[first + place]), kind) for part in parts]
            rows.append((label, moment, *shown))

    whole = ("Four years",)
    add("Saved less cost, council's cash", whole, ranges.net, "pounds")
    add("Worth to everyone (NPV)", whole, ranges.npv, "pounds")
    add("Cost of the measures", whole, ranges.investment, "pounds")
    add("Saved less cost, council's cash", years, ranges.net_by_year, "pounds")
    add("Agency spending", years, ranges.agency_by_year, "pounds")
    add("Turnover", years, ranges.turnover_by_year, "share")
    add("Permanent staff in post", ends, ranges.staff_at_ends, "people", 1)
    add("Vacancy rate", ends, ranges.vacancy_at_ends, "share", 1)
    add("Agency rate", ends, ranges.agency_rate_at_ends, "share", 1)
    monthly = ranges.caseload_monthly
    caseload = Spread(
        *(end[list(YEAR_ENDS)] for end in (monthly.low, monthly.middle, monthly.high))
    )
    add("Caseload of an experienced worker", ends, caseload, "cases")
    return Table("ranges", title, columns, tuple(rows))


def viewpoints_table(found: Played, region: RegionSide, off: Allowance = NOTHING) -> Table:
    """Give the plan from the council's side, the region's and everyone's."""
    saving = float(found.saving_by_year[WITH, 0].sum())
    cost = float(found.investment_by_year[WITH, 0].sum())
    columns = (
        Column("side", "From the side of", _TEXT),
        Column("cost", "Cost of the measures"),
        Column("saving", "Saved"),
        Column("net", "Net over four years"),
    )
    rows = (
        ("The council's budget (cash)", cost, saving, saving - cost - float(off.cash.sum())),
        ("The region's councils (cash)", cost, region.saving, region.net),
    )
    return Table("viewpoints", "For whom? The council and the region", columns, rows)


def tornado_table(bars: tuple[NetBar, ...]) -> Table:
    """Give what each uncertain number alone does to the council's cash over the four years."""
    columns = (
        Column("assumption", "If this alone were different", _TEXT),
        Column("low", "Low", _TEXT),
        Column("high", "High", _TEXT),
        Column("net_at_low", "Gain or loss at low"),
        Column("net_at_high", "Gain or loss at high"),
    )
    rows = tuple(
        (bar.label, bar.low_text, bar.high_text, bar.net_at_low, bar.net_at_high) for bar in bars
    )
    return Table("tornado", "What would change the answer", columns, rows)
