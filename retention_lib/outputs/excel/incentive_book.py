"""An offer's workbook: Summary, Inputs, years, months, the questions, the log and the checks."""

from __future__ import annotations

import datetime as dt

from retention_lib.optimism import COSTS, LINES, SAVINGS
from retention_lib.outputs.excel.book import Book, Sheet
from retention_lib.outputs.excel.checks import Equal, Holds, as_exported, checks_sheet, write_checks
from retention_lib.outputs.excel.grid import Grid
from retention_lib.outputs.excel.incentive_groups import group_sheet, write_group
from retention_lib.outputs.excel.incentive_inputs import write_offer_inputs
from retention_lib.outputs.excel.incentive_months import (
    ABOVE,
    view_sheet,
    write_timing,
    write_view,
)
from retention_lib.outputs.excel.incentive_played import VIEWS, Played
from retention_lib.outputs.excel.incentive_questions import SAYS as QUESTIONS_SAY
from retention_lib.outputs.excel.incentive_questions import write_questions
from retention_lib.outputs.excel.incentive_sides import (
    FAIRNESS_SAYS,
    FOR_WHOM_SAYS,
    OPTIMISM_SAYS,
    fairness_months_sheet,
    write_fairness,
    write_for_whom,
    write_optimism,
)
from retention_lib.outputs.excel.incentive_summary import write_summary
from retention_lib.outputs.excel.incentive_workings import SAYS as WORKINGS_SAY
from retention_lib.outputs.excel.incentive_workings import write_workings
from retention_lib.outputs.excel.incentive_years import SAYS as YEARS_SAY
from retention_lib.outputs.excel.incentive_years import Strategy, Years
from retention_lib.outputs.excel.inputs import inputs_sheet
from retention_lib.outputs.excel.log import log_sheet, write_log
from retention_lib.outputs.excel.looks import Role
from retention_lib.problems import Problem, ScenarioError
from retention_lib.results import IncentiveResult
from retention_lib.scenario import Scenario

MOST_ROWS = 15_000
"""Months of all groups together that a workbook may hold; more would take too long to open."""


def incentive_workbook(scenario: Scenario, result: IncentiveResult, on: dt.date) -> bytes:
    """Give an offer's answer as a workbook in which every input can be changed.

    Args:
        scenario: the offer.
        result: its answer.
        on: the day the file is made on.

    Raises:
        ScenarioError: where it has more groups and months than a workbook can hold.
    """
    _refuse_too_large(scenario)
    played = Played(scenario, result)
    book = Book(scenario.name or "An offer", result.provenance, on)
    title = scenario.name or "An offer"
    pages = _pages(book, title, scenario)
    grid = Grid(scenario.appraisal.months, ABOVE)
    write_offer_inputs(pages["inputs"], scenario)
    write_workings(pages["workings"], played)
    write_timing(pages["timing"], grid, played)
    for index in range(len(scenario.groups)):
        write_group(pages[f"group_{index}"], grid, played, index)
        book.name(f"group_{index + 1}_stay", grid.all(f"group_{index + 1}.s0"))
    for view in VIEWS:
        write_view(pages[view], grid, played, view)
    years = Years(pages["years"], grid, played)
    years.write()
    Strategy(pages["strategy"], years).write()
    write_for_whom(pages["for_whom"], played)
    write_optimism(pages["optimism"], played)
    write_questions(pages["questions"], played)
    write_fairness(pages["fairness"], pages["fairness_months"], grid, played)
    _write_sure(pages["sure"], result)
    _write_evidence(pages["evidence"], result)
    _write_bridge(pages["bridge"], played)
    write_log(pages["log"], scenario)
    write_summary(pages["summary"], grid, played)
    write_checks(pages["checks"], _checks(played))
    return book.close()


def _refuse_too_large(scenario: Scenario) -> None:
    rows = len(scenario.groups) * (scenario.appraisal.months + 1)
    if rows > MOST_ROWS:
        right = (
            f"An Excel workbook holds {MOST_ROWS:,} months of all groups together, not {rows:,}."
        )
        raise ScenarioError([Problem("groups", len(scenario.groups), right)])


def _pages(book: Book, title: str, scenario: Scenario) -> dict[str, Sheet]:
    """Add every sheet, in the order in which they are read."""
    found = {"summary": book.sheet("Summary", title, (46, 20, 78)), "inputs": inputs_sheet(book)}
    found["years"] = book.sheet("Yearly", "Money by financial year", (34, 17), YEARS_SAY)
    found["strategy"] = book.sheet(
        "MTFS", "For the medium-term financial strategy, and invest to save", (44, 15)
    )
    found["bridge"] = book.sheet("Bridge", "From what is paid to the answer", (44, 18))
    found["questions"] = book.sheet(
        "What must be true", "What would have to be true", (52, 24, 78), QUESTIONS_SAY
    )
    found["for_whom"] = book.sheet("For whom", "For whom it pays", (44, 24, 20), FOR_WHOM_SAYS)
    found["optimism"] = book.sheet(
        "Optimism", "Allowance for optimism", (44, 20, 44, 18), OPTIMISM_SAYS
    )
    found["fairness"] = book.sheet("Not offered it", "Is it fair?", (44, 18), FAIRNESS_SAYS)
    found["sure"] = book.sheet("How sure", "How sure the answer is", (46, 20))
    found["evidence"] = book.sheet("Evidence", "What studies found", (30, 14, 12, 12, 40, 34))
    found["workings"] = book.sheet("Workings", "Workings", (52, 20, 34, 16), WORKINGS_SAY)
    found["timing"] = book.sheet("Timing", "Every month: what all groups share", (30, 15))
    for view in VIEWS:
        found[view] = view_sheet(book, view)
    for index, group in enumerate(scenario.groups):
        found[f"group_{index}"] = group_sheet(book, index, group.name)
    found["fairness_months"] = fairness_months_sheet(book)
    found["log"] = log_sheet(book)
    found["checks"] = checks_sheet(book)
    return found


def _write_sure(page: Sheet, result: IncentiveResult) -> None:
    page.row += 1
    page.text(0, "Do these belong to the inputs as they are?", "words", "label")
    page.formula(1, as_exported(), "text", "As exported")
    page.row += 1
    for key in ("ranges", "tornado", "map"):
        if result.table(key).rows:
            page.table(result.table(key))


def _write_evidence(page: Sheet, result: IncentiveResult) -> None:
    page.row += 1
    page.text(
        0, "Read for the payment as exported, spread over the months it binds.", "text", "note"
    )
    page.row += 1
    page.table(result.table("evidence"))


def _write_bridge(page: Sheet, played: Played) -> None:
    """Write the steps from what is paid to the net present value, live."""
    page.row += 1
    page.header(("Step", "Pounds"), ("words", "pounds"))
    formulas = {
        "payments": "-out_payments",
        "on_costs": "-out_on_costs",
        "hiring": "-out_hiring",
        "clawback": "out_clawback",
        "net_cost": "-out_net_cost",
        "leavers": "council_sum_leaver_saving",
        "vacancies": "council_sum_vacancy_saving",
        "extra_leavers": "council_sum_extra_leaver_saving",
        "poached": "council_sum_poached_saving",
        "optimism": "-out_allowance",
        "net_benefit": "out_net_benefit",
        "discounting": "out_npv-out_net_benefit",
        "npv": "out_npv",
    }
    labels = {
        "poached": "Lost: people who go to neighbours for theirs",
        "optimism": "Allowance for optimism",
    }
    steps = {step.key: step for step in played.result.bridge}
    for key, formula in formulas.items():
        step = steps.get(key)
        label = labels[key] if step is None else step.label
        role: Role = "total" if step is not None and step.total else "live"
        page.text(0, label, "words", role)
        page.formula(
            1,
            f"={formula}",
            "pounds",
            0.0 if step is None else step.pounds,
            role=role,
        )
        page.row += 1


def _checks(played: Played) -> tuple[Equal | Holds, ...]:
    """List what must hold whatever the inputs are."""
    result, optimism = played.result, played.result.optimism
    today = "+".join(f"council_today_{line}" for line in SAVINGS)
    cost = "-".join(f"council_today_{line}" for line in COSTS)
    groups = range(1, len(played.scenario.groups) + 1)
    takers = "+".join(f"group_{number}_takers*(1+extra_for_each)" for number in groups)
    offered = "+".join(f"in_groups_{number}_headcount" for number in groups)
    one_of_two = "ISNUMBER({})<>ISNUMBER({})"
    return (
        Equal(
            label="Years add up to the months",
            one="SUM(year_net)",
            other="council_sum_net",
            value=result.net_benefit,
        ),
        Equal(
            label="Net benefit is saving less net cost",
            one="out_net_benefit",
            other="council_sum_net",
            value=result.net_benefit,
        ),
        Equal(
            label="NPV by years is NPV by lines",
            one="out_npv",
            other=f"{today}-{cost}+council_today_clawback",
            value=result.npv,
        ),
        Equal(
            label="Excel's NPV with one year put back is ours",
            one="out_npv",
            other="out_excel_npv_made_ours",
            value=result.npv,
        ),
        Equal(
            label="The strategy's table is the budget's view",
            one="-SUM(mtfs_net)",
            other="out_budget_net",
            value=result.budget.net_benefit,
        ),
        Equal(
            label="Everybody paid is in a group",
            one="out_people_paid",
            other=takers,
            kind="people",
            near=0.0001,
            value=result.people_paid,
        ),
        Equal(
            label="Both answers differ by what is taken off",
            one="out_assumed_net-out_marked_net",
            other="+".join(f"taken_{line}" for line in LINES),
            value=optimism.as_assumed.net_benefit - optimism.marked_down.net_benefit,
        ),
        Holds(
            label="No more people are paid than are offered it",
            test=f"out_people_paid<=({offered})*(1+extra_for_each)+0.0001",
            says="The extra people of a golden hello are offered it too.",
        ),
        Holds(
            label="Nobody pays back more than was paid",
            test="council_sum_clawback<=council_sum_payments+0.005",
        ),
        Equal(
            label="The shares of the instalments add up to 100%",
            one="SUM(instalment_shares)",
            other="1",
            kind="share",
            near=0.000001,
            value=1.0,
            says="Where it says Look, change the shares on the sheet Inputs.",
        ),
        Holds(
            label="The payment is a flat sum or a percentage, and not both",
            test=one_of_two.format("in_scheme_amount_flat", "in_scheme_amount_percent_of_salary"),
            says="Empty one of the two on the sheet Inputs.",
        ),
        Holds(
            label="The effect is a fall or a response to pay, and not both",
            test=one_of_two.format("in_effect_leaving_reduction", "in_effect_pay_elasticity"),
            says="Empty one of the two on the sheet Inputs.",
        ),
    )
