"""The sheet of what is worked out once, before the months begin: prices, rates, pay, measures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retention_lib.outputs.excel.looks import Kind
from retention_lib.outputs.excel.names import name_of, quoted
from retention_lib.outputs.excel.plan_anyway import RATES
from retention_lib.outputs.excel.plan_cells import Row
from retention_lib.outputs.excel.plan_names import BASELINES, TOWARDS
from retention_lib.outputs.excel.plan_optimism import counting_singles
from retention_lib.outputs.excel.plan_singles import (
    Single,
    grade_singles,
    measure_singles,
    service_singles,
)
from retention_lib.outputs.excel.plan_tables import Lines, YearSheet, YearTable
from retention_lib.plans.plan import Plan
from retention_lib.plans.played import Played
from retention_lib.plans.prices import indices_of
from retention_lib.workforce.published import level, national_trend, usual_distance

KEY = "once"
NAME = "Worked out once"
_OWN_LEVEL = {"turnover", "caseload"}


def once_sheet(found: Played) -> YearSheet:
    """Give the sheet; its formulas read the inputs, and all other sheets read it."""
    plan = found.numbers.plan
    grades = grade_singles()
    return YearSheet(
        key=KEY,
        name=NAME,
        title="Worked out once from the inputs",
        says="What holds for all months: price indices by year, where rates go, pay of a month, "
        "and the terms of each measure. Every cell has a name that other sheets' formulas use.",
        blocks=(
            _prices(plan),
            *(_rate(plan, rate) for rate in RATES),
            Lines(title="The service", lines=service_singles(found)),
            Lines(
                title="Allowance for optimism, by grade of evidence",
                says="The register's shares. They are part of the method and no input here.",
                lines=grades,
                ranges={"optimism_grades": (grades[0].name, grades[-1].name)},
            ),
            *_measures(plan),
        ),
    )


def _prices(plan: Plan) -> YearTable:
    index = indices_of(plan)
    rate = name_of("appraisal.discount_rate")
    rows = [
        Row(
            key=f"{name}_index",
            label=label,
            formula=f"[{name}_index-1]*(1+{name_of(f'prices.{field}')}_{{n}})",
            start="1",
            total="",
            look="factor",
            known=getattr(index, name),
            known_start=1.0,
        )
        for name, field, label in (
            ("pay", "pay_award", "Pay"),
            ("agency", "agency", "Agency rates"),
            ("cpi", "cpi", "Prices (CPI)"),
        )
    ]
    rows.append(
        Row(
            key="discount",
            label="Discount factor",
            formula=f"1/(1+{rate})^({{n}}-1)",
            total="",
            look="factor",
            known=((1.0 + plan.appraisal.discount_rate) ** -np.arange(len(index.cpi))).tolist(),
        )
    )
    return YearTable(
        title="Price indices and discount factors by financial year",
        says="An index is last year's x (1 + growth). The figures of a plan are in the prices of "
        "the year before its first, so the first year has its own award already. The first year is "
        "not discounted.",
        rows=rows,
        start="The year before",
        total="",
    )


def _rate(plan: Plan, rate: str) -> Lines:
    """Say where a rate goes without the plan, how much of the difference is kept each year."""
    kind, towards = name_of("baseline.kind"), name_of("baseline.towards")
    now, label = name_of(RATES[rate][0]), RATES[rate][1]
    back = f"{kind}={quoted(BASELINES['mean_reverting'])}"
    choices = ",".join(quoted(each) for each in TOWARDS.values())
    goes = f"INDEX({rate}_levels,MATCH({towards},{{{choices}}},0))"
    if rate in _OWN_LEVEL:
        goes += f"+{name_of('baseline.own_weight')}*{rate}_usual_distance"
    return Lines(
        title=f"Without the plan: where the rate goes. {label}",
        lines=(
            *_published(plan, rate),
            Single(
                name=f"{rate}_goes_to",
                label="The level it goes to",
                formula=f"IF({back},MAX(0,{goes}),{now})",
                kind=_look(rate),
                says="Others' level; of turnover and caseload, with a part of the council's own "
                "usual distance",
            ),
            Single(
                name=f"{rate}_kept",
                label="Share of the difference kept each year",
                formula=f"IF({back},{name_of(f'baseline.{rate}_persistence')},1)",
                kind="share",
            ),
            Single(
                name=f"{rate}_each_year",
                label="Added each year",
                formula=f"IF({kind}={quoted(BASELINES['national_trend'])},{rate}_trend,0)",
                kind="factor",
            ),
        ),
        ranges={f"{rate}_levels": (f"{rate}_england", f"{rate}_neighbours_2021")},
    )


def _look(rate: str) -> Kind:
    return "number" if rate == "caseload" else "share"


def _published(plan: Plan, rate: str) -> Iterator[Single]:
    """Give the published figures that a rate may go to: no inputs, but data with a source."""
    for towards, words in TOWARDS.items():
        found = level(rate, towards, plan.council, plan.year)
        yield Single(
            name=f"{rate}_{towards}",
            label=f"Level of others: {words}",
            formula="",
            kind=_look(rate),
            says=found.source,
            known=found.value,
        )
    if rate in _OWN_LEVEL:
        yield Single(
            name=f"{rate}_usual_distance",
            label="The council's usual distance from England",
            formula="",
            kind="factor",
            says="Mean over its published years",
            known=usual_distance(rate, plan.council, plan.year),
        )
    yield Single(
        name=f"{rate}_trend",
        label="England's change in a year",
        formula="",
        kind="factor",
        says="Mean of the last three years published",
        known=national_trend(rate, plan.year),
    )


def _measures(plan: Plan) -> Iterator[Lines]:
    for of, singles in measure_singles(plan):
        ranges = {}
        if of.measure.incentive is not None:
            last = len(of.measure.incentive.scheme.instalments)
            for what in ("month", "share"):
                ends = (of.own(f"part_1_{what}"), of.own(f"part_{last}_{what}"))
                ranges[of.own(f"part_{what}s")] = ends
        yield Lines(
            title=f"Measure {of.index + 1}: {of.measure.name}",
            lines=(*singles, *counting_singles(of)),
            ranges=ranges,
        )
