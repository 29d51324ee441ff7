"""The checks of a plan's workbook: people, posts and pounds, and the library's own figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retention_lib.outputs.excel.checks import Equal, Holds
from retention_lib.outputs.excel.inputs import CHANGED
from retention_lib.outputs.excel.names import name_of
from retention_lib.outputs.excel.plan_cells import Layout, Place
from retention_lib.outputs.excel.plan_names import measures_of
from retention_lib.outputs.excel.plan_world_people import World
from retention_lib.plans.plan import Plan
from retention_lib.plans.result import PlanResult
from retention_lib.workforce.engine import BANDS

_NEAR_PEOPLE = 1e-6


def checks_of(
    plan: Plan, result: PlanResult, worlds: Sequence[World], layout: Layout
) -> tuple[Equal | Holds, ...]:
    """List the checks, their formulas resolved."""

    def live(formula: str) -> str:
        return layout.resolved(formula, Place(sheet="checks", year=0))[1:]

    found: list[Equal | Holds] = []
    for world in worlds:
        for label, one, other, says in _of_people(world.key):
            found.append(
                Equal(
                    label=f"{world.title}: {label}",
                    one=live(one),
                    other=live(other),
                    kind="number",
                    near=_NEAR_PEOPLE,
                    says=says,
                )
            )
    found += [
        Equal(label=label, one=live(one), other=live(other), says=says)
        for label, one, other, says in _of_pounds(plan)
    ]
    found += _as_exported(result)
    found += _possible(plan)
    return tuple(found)


def _of_people(key: str) -> Iterator[tuple[str, str, str, str]]:
    moves = f"[{key}!in_post:start]-SUM([{key}!leavers:all])+SUM([{key}!joined:all])"
    yield (
        "staff are staff at the start, less leavers, and joiners",
        f"[{key}!in_post:last]",
        moves,
        "Over all 48 months.",
    )
    bands = "+".join(f"SUM([{key}!{band}:all])" for band in BANDS)
    yield (
        "the bands add up to staff",
        f"SUM([{key}!in_post:all])",
        bands,
        "All months together.",
    )
    staff, there = f"[{key}!in_post:all]", f"[{key}!posts:all]"
    over = f"SUMPRODUCT(({staff}>{there})*({staff}-{there}))"
    filled = f"SUM([{key}!in_post:all])+SUM([{key}!covered:all])+SUM([{key}!uncovered:all])"
    yield (
        "posts are filled, covered or not",
        f"SUM([{key}!posts:all])+{over}",
        filled,
        "Posts and staff beyond them = staff + covered + uncovered, all months together.",
    )


def _of_pounds(plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    yield (
        "Years add up to months",
        "[years!net:total]",
        "SUM([months!net:all])",
        "Saved less cost.",
    )
    yield (
        "The bridge adds up",
        "bridge_without+bridge_interaction+bridge_optimism"
        + "".join(f"+{of.own('bridge')}" for of in measures_of(plan)),
        "bridge_with",
        "Without the plan, each measure, what they do together.",
    )
    for year in ("first", "last"):
        yield (
            f"The MTFS table gives what the service costs, in its {year} year (£ thousand)",
            f"[budget!needed:{year}]",
            f"([years!spent_with:{year}]-[budget!capital:{year}]-[years!allowance:{year}])/1000",
            "Revenue spending with the plan and the allowance for optimism.",
        )
    yield (
        "The invest-to-save table gives the same net (£ thousand)",
        "-[budget!its_net:total]",
        "answer_net/1000",
        "Cost less saving, over four years.",
    )
    yield (
        "Every line of the plan is in the difference",
        "[years!more_all:total]",
        "SUM([with!everyone:all])-SUM([without!everyone:all])",
        "All money and work, whoever pays.",
    )
    yield (
        "The first NPV is Excel's with one year's discount less",
        "answer_npv",
        f"answer_excel_npv*(1+{name_of('appraisal.discount_rate')})",
        "Both are right: they differ in when the first year's money falls.",
    )


def _as_exported(result: PlanResult) -> Iterator[Equal]:
    """Compare with the library while the inputs are as exported."""
    for label, name, value in (
        ("Saved less cost", "answer_net", result.net),
        ("NPV", "answer_npv", result.npv),
        ("Cost of the measures", "answer_investment", result.investment),
    ):
        yield Equal(
            label=f"{label}: this file and the library that made it",
            one=f"IF({CHANGED}=0,{name},{value!r})",
            other=repr(value),
            says="Compared while no input is changed.",
        )


def _possible(plan: Plan) -> Iterator[Holds]:
    """Check what no single cell can: shares of one whole, a measure's end after its start."""
    new, senior = name_of("service.newly_qualified_share"), name_of("service.senior_share")
    yield Holds(
        label="Newly qualified and seniors are no more than all staff",
        test=f"{new}+{senior}<=1",
        says="Two shares of one whole on the sheet Inputs.",
    )
    for of in measures_of(plan):
        end = of.given("end")
        yield Holds(
            label=f"Measure {of.index + 1} ends after it starts",
            test=f"OR(ISBLANK({end}),{end}>{of.given('start')})",
            says="Two months on the sheet Inputs.",
        )
        if of.measure.incentive is None:
            continue
        count = len(of.measure.incentive.scheme.instalments)
        shares = "+".join(of.offered(f"scheme.instalments.{i}.share") for i in range(count))
        yield Holds(
            label=f"Measure {of.index + 1}: the instalments add up to the payment",
            test=f"ABS({shares}-1)<0.000001",
            says="Their shares on the sheet Inputs.",
        )
