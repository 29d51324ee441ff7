"""The Summary of a plan's workbook: the answer first, live; and what does not follow the inputs."""

from __future__ import annotations

from retention_lib.outputs.excel.about import (
    write_about,
    write_belongs,
    write_changes,
    write_how_to,
    write_state,
)
from retention_lib.outputs.excel.book import Book, Sheet
from retention_lib.outputs.excel.checks import as_exported
from retention_lib.outputs.excel.looks import Kind, Role
from retention_lib.outputs.excel.plan_cells import Layout, Place
from retention_lib.plans.plan import Plan
from retention_lib.plans.result import PlanResult
from retention_lib.plans.years import year_labels
from retention_lib.units import chance

_WIDTHS = (58, 18, 18, 18, 18, 18, 18)
SHEET = "Summary"

_SHEETS = {
    "Inputs": "Every number the answer depends on. Change a yellow cell.",
    "Money by year": "The budget view, the economic view, and every line of spending.",
    "MTFS and invest to save": "The tables that go into a budget, and the bridge.",
    "Tests and scorecard": "The four tests, the guard on quality, the scorecard.",
    "Region and weak evidence": "The same plan for the region, and marked down.",
    "Month by month": "Both services side by side.",
    "Worked out once": "Prices, where rates go, pay of a month, terms of measures.",
    "How it goes anyway": "The rates' usual way and what keeps them on it.",
    "Measures": "When each measure works and what it changes.",
    "Payment": "A payment: who stays for it, what is paid and paid back.",
    "Without the plan": "A row for each month, from leavers to pounds.",
    "With the plan": "The same with all measures.",
    "Measure": "The same with this measure alone, for the bridge.",
    "Optimism": "What weak evidence takes off, month by month.",
    "As exported": "Ranges, chances and what was solved. They do not follow the inputs.",
    "Assumptions log": "What each number is based on, rated twice.",
    "Checks": "Whether people, posts and pounds add up.",
}
"""What each sheet is for, by its name or the first word of it."""

_HOW_TO = (
    "Change a yellow cell on the sheet Inputs: every sheet follows but As exported and the "
    "Assumptions log. There are no macros, no hidden sheets, and no links to other files.",
    "To follow a month, read its row from left to right on the sheet With the plan. The same month "
    "is in the same row on every sheet of months.",
)


def summary_sheet(book: Book, plan: Plan) -> Sheet:
    """Add the Summary, empty yet."""
    return book.sheet(SHEET, plan.name, _WIDTHS, "Invest to save over four years. " + _OPENING)


_OPENING = "What would follow if the assumptions held."


def write_summary(page: Sheet, plan: Plan, result: PlanResult, layout: Layout) -> None:
    """Write the Summary: the answer, by year, the four tests, how sure it is, how to use it."""
    page.row += 1
    page.formula(0, _headline(), "text", _said(result), role="heading", name="answer_in_words")
    page.row += 2
    write_state(page)
    write_changes(page, result.changes)
    _answer(page, result)
    _by_year(page, plan, result, layout)
    _tests(page, result, layout)
    _how_sure(page, result)
    page.heading("What the answer says, as exported")
    for sentence in (result.headline, *result.sentences, *result.notes):
        page.note(sentence)
    write_belongs(page)
    write_how_to(page, _HOW_TO)
    page.heading("The sheets")
    for sheet in page.book.sheets[1:]:
        page.text(0, sheet.name, "words", "label")
        page.text(1, _SHEETS.get(sheet.name) or _SHEETS[sheet.name.split()[0]], "text", "note")
        page.row += 1
    write_about(page)


_GAIN = "The plan saves the council {} more than it costs over four years."
_LOSS = "The plan costs the council {} more than it saves over four years."
_EVEN = "The plan saves the council as much as it costs over four years."


def _headline() -> str:
    pounds = '"&TEXT(ABS(answer_net),"£#,##0")&"'
    gain, loss = _GAIN.format(pounds), _LOSS.format(pounds)
    return f'=IF(ABS(answer_net)<0.5,"{_EVEN}",IF(answer_net>0,"{gain}","{loss}"))'


def _said(result: PlanResult) -> str:
    whole = int(abs(result.net) + 0.5)
    if abs(result.net) < 0.5:
        return _EVEN
    return (_GAIN if result.net > 0 else _LOSS).format(f"£{whole:,}")


def _answer(page: Sheet, result: PlanResult) -> None:
    """Write what it comes to: cash, then worth to everyone."""
    page.heading("Over four years")
    page.header(("Figure", "Now", "What it means"), ("words", "number", "text"))
    for label, formula, value, says in _figures(result):
        page.text(0, label, "words", "total" if formula == "answer_net" else "live")
        role: Role = "total" if formula == "answer_net" else "live"
        page.formula(1, f"={formula}", "pounds", value, role=role)
        page.text(2, says, "text", "note")
        page.row += 1
    page.text(0, "The money is back by the end of", "words")
    page.formula(1, "=payback_in_words", "text", payback_words(result))
    page.row += 1


def payback_words(result: PlanResult) -> str:
    """Give the month at whose end the money is back, as the terms of the answer say it."""
    terms = {str(row[0]): str(row[1]) for row in result.table("terms").rows}
    return terms["The money is back by the end of"]


def _figures(result: PlanResult) -> tuple[tuple[str, str, float, str], ...]:
    return (
        (
            "Cost of the measures",
            "answer_investment",
            result.investment,
            "The council's cash, the pay of posts they add included",
        ),
        (
            "Saved",
            "answer_saving",
            result.saving,
            "What the service costs less, before the measures are paid for",
        ),
        (
            "Saved less cost",
            "answer_net",
            result.net,
            "Above 0 the council gains. An allowance for optimism is in it where it is switched on",
        ),
        (
            "Worth to everyone in today's money (NPV)",
            "answer_npv",
            result.npv,
            "Constant prices, work counted, whoever pays. The first year is not discounted",
        ),
        (
            "The same as Excel's NPV function shows it",
            "answer_excel_npv",
            result.excel_npv,
            "Excel's NPV discounts the first year too",
        ),
        (
            "Paid from elsewhere",
            "answer_elsewhere",
            result.elsewhere,
            "In none of the figures of the council's cash",
        ),
        (
            "Payments that fall due later",
            "due_later",
            result.due_later,
            "After the four years, in none of the figures",
        ),
    )


def _by_year(page: Sheet, plan: Plan, result: PlanResult, layout: Layout) -> None:
    page.heading("By financial year")
    heads = ("£", *year_labels(plan), "Total")
    kinds: list[Kind] = ["words", *(["number"] * (len(heads) - 1))]  # type: ignore[list-item]
    page.header(heads, kinds)
    rows = (
        ("Cost of the measures", "investment", result.investment_by_year),
        ("Saved", "saving", result.saving_by_year),
        ("Saved less cost, the council's cash", "net", result.net_by_year),
        ("Worth to everyone, real", "economic", result.economic_net_by_year),
    )
    for label, key, known in rows:
        role: Role = "total" if key == "net" else "live"
        page.text(0, label, "words", role)
        for year, value in enumerate(known):
            live = layout.resolved(f"[years!{key}]", Place(sheet=SHEET, year=year))
            page.formula(1 + year, live, "pounds", value, role=role)
        total = layout.resolved(f"[years!{key}:total]", Place(sheet=SHEET, year=0))
        page.formula(1 + len(known), total, "pounds", sum(known), role=role)
        page.row += 1


def _tests(page: Sheet, result: PlanResult, layout: Layout) -> None:
    """Write the four tests with their verdicts, and the guard."""
    page.heading("The four tests, in the last year")
    heads = ("Test", "Verdict now", "Chance that it is met, as exported")
    page.header(heads, ("words", "words", "text"))
    for test in result.tests:
        page.text(0, test.question, "words")
        where = layout.beside("tests", f"{test.key}_short")
        page.formula(1, f"={where}", "words", test.verdict)
        page.text(2, "not drawn" if test.chance is None else chance(test.chance), "text", "fixed")
        page.row += 1
    cells = ",".join(layout.beside("tests", f"guard_{line.key}_with") for line in result.guard)
    page.text(0, "Measures of quality that fall", "words")
    fallen = "+".join(f'({cell}<>"Yes")' for cell in cells.split(","))
    page.formula(1, f"={fallen}", "whole", float(sum(not each.kept for each in result.guard)))
    page.text(2, f"Of {len(result.guard)} that are watched", "text", "note")
    page.row += 1


def _how_sure(page: Sheet, result: PlanResult) -> None:
    """Write what was drawn and solved, and whether it still belongs to the inputs."""
    page.heading("How sure is that?")
    page.text(0, "These belong to the inputs", "words")
    page.formula(1, as_exported(), "text", "As exported")
    page.row += 1
    if result.ranges is None:
        page.note("Ranges were not drawn for this file.")
    else:
        net = result.ranges.net
        page.fixed("Saved less cost: 1 draw in 10 lies below", float(net.low), "pounds")
        page.fixed("Half of the draws lie below", float(net.middle), "pounds")
        page.fixed("9 in 10 lie below", float(net.high), "pounds")
        paid_back = chance(result.ranges.chance_paid_back)
        page.fixed("Chance that the money is back in four years", paid_back, "text")
    times = result.needed_times
    said = "nothing is enough" if times is None else f"{times:.1f} times as large"
    page.fixed("For the money to be back, effects would have to be", said, "text")
