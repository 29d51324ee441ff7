"""The workbook of a four-year plan: Inputs to answer by live formulas, month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from retention_lib.outputs.excel.book import Book
from retention_lib.outputs.excel.checks import checks_sheet, write_checks
from retention_lib.outputs.excel.inputs import inputs_sheet
from retention_lib.outputs.excel.log import log_sheet, write_log
from retention_lib.outputs.excel.plan_anyway import anyway_sheet
from retention_lib.outputs.excel.plan_budget import budget_sheet
from retention_lib.outputs.excel.plan_cells import Layout, MonthSheet
from retention_lib.outputs.excel.plan_checks import checks_of
from retention_lib.outputs.excel.plan_exported import write_exported
from retention_lib.outputs.excel.plan_inputs import write_plan_inputs
from retention_lib.outputs.excel.plan_measure_months import measures_sheet
from retention_lib.outputs.excel.plan_months import months_sheet
from retention_lib.outputs.excel.plan_once import once_sheet
from retention_lib.outputs.excel.plan_optimism import optimism_sheet
from retention_lib.outputs.excel.plan_payments import payment_sheets
from retention_lib.outputs.excel.plan_scorecard import scorecard_table
from retention_lib.outputs.excel.plan_summary import summary_sheet, write_summary
from retention_lib.outputs.excel.plan_tables import YearSheet
from retention_lib.outputs.excel.plan_verdicts import verdicts_sheet
from retention_lib.outputs.excel.plan_views import views_sheet
from retention_lib.outputs.excel.plan_world_people import World
from retention_lib.outputs.excel.plan_worlds import world_sheet, worlds_of
from retention_lib.outputs.excel.plan_write import write_months, write_years
from retention_lib.outputs.excel.plan_years import years_sheet
from retention_lib.plans.plan import Plan
from retention_lib.plans.played import Played, played
from retention_lib.plans.result import PlanResult


def plan_workbook(plan: Plan, result: PlanResult, on: dt.date) -> bytes:
    """Give a plan's answer as a workbook that works itself out again when an input is changed.

    Args:
        plan: what was chosen.
        result: its answer; ranges and chances are printed where they have been drawn.
        on: the day the file is made on.

    Raises:
        NoFiguresError: where the council published no staff in the plan's year.

    Example:
        >>> from retention_lib.plans import Plan, appraise
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802"})
        >>> plan_workbook(plan, appraise(plan), dt.date(2026, 11, 22))[:2]
        b'PK'
    """
    found = played(plan)
    worlds = worlds_of(found)
    months, years = _sheets_of_months(found, worlds), _sheets_of_years(found, result)
    layout = Layout()
    for sheet in months:
        layout.add_months(sheet)
    for each in years:
        each.placed(layout)
    return _written(plan, result, on, worlds, months, years, layout)


def _sheets_of_months(found: Played, worlds: Sequence[World]) -> tuple[MonthSheet, ...]:
    """Give the sheets of months, in the order in which they are read."""
    measures = found.numbers.plan.measures
    return (
        months_sheet(found),
        anyway_sheet(found),
        *((measures_sheet(found),) if measures else ()),
        *payment_sheets(found),
        *(world_sheet(world, found) for world in worlds),
        *((optimism_sheet(found),) if measures else ()),
    )


def _sheets_of_years(found: Played, result: PlanResult) -> tuple[YearSheet, ...]:
    """Give the sheets of years; the last is what is worked out once."""
    return (
        years_sheet(found),
        budget_sheet(found, result),
        verdicts_sheet(found, result, scorecard_table(found, result)),
        views_sheet(found, result),
        once_sheet(found),
    )


def _written(
    plan: Plan,
    result: PlanResult,
    on: dt.date,
    worlds: Sequence[World],
    months: Sequence[MonthSheet],
    years: Sequence[YearSheet],
    layout: Layout,
) -> bytes:
    """Write all sheets, the Summary first."""
    book = Book(plan.name, result.provenance, on)
    summary = summary_sheet(book, plan)
    write_plan_inputs(book, inputs_sheet(book), plan)
    *tables, once = years
    for each in tables:
        write_years(book, each, layout, plan)
    side_by_side, *rest = months
    write_months(book, side_by_side, layout, plan)
    write_years(book, once, layout, plan)
    for sheet in rest:
        write_months(book, sheet, layout, plan)
    write_exported(book, result)
    write_log(log_sheet(book), plan)
    write_checks(checks_sheet(book), checks_of(plan, result, worlds, layout))
    write_summary(summary, plan, result, layout)
    return book.close()
