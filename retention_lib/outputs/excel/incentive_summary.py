"""The Summary of an offer's workbook: the answer first, live, then what is as exported."""

from __future__ import annotations

from dataclasses import dataclass

from retention_lib.outputs.excel.about import (
    write_about,
    write_belongs,
    write_changes,
    write_exported,
    write_how_to,
    write_state,
)
from retention_lib.outputs.excel.book import Sheet, Value
from retention_lib.outputs.excel.checks import FAILED, as_exported
from retention_lib.outputs.excel.grid import Grid
from retention_lib.outputs.excel.incentive_played import COUNCIL, Played
from retention_lib.outputs.excel.incentive_questions import extra_value, payment_value
from retention_lib.outputs.excel.incentive_sides import npv_of, savings_of
from retention_lib.outputs.excel.incentive_years import NEVER, payback_formula
from retention_lib.outputs.excel.looks import Kind
from retention_lib.results import IncentiveResult
from retention_lib.units import chance

NONE = "none"
_HEADS = ("Figure", "Now", "What it means")
_KINDS: tuple[Kind, ...] = ("words", "number", "words")


@dataclass(frozen=True)
class _Line:
    name: str
    label: str
    formula: str
    kind: Kind
    value: Value
    says: str = ""
    total: bool = False


def write_summary(page: Sheet, grid: Grid, played: Played) -> None:
    """Write the sheet that is opened first."""
    result = played.result
    page.row += 1
    page.text(0, "Now", "text", "label")
    now = TOO_LATE if played.scenario.paid_too_late > 0 else _now(result.net_benefit, result.npv)
    page.formula(1, _NOW, "text", now, name="out_sentence")
    page.row += 1
    write_exported(page, result.headline)
    write_state(page)
    write_changes(page, result.changes)
    for title, lines in (
        ("Does it pay for itself?", _money(played)),
        ("In today's money", _today(played)),
        ("What each pound brings", _returns(grid, played)),
        ("People", _people(played)),
    ):
        page.heading(title)
        page.header(_HEADS, _KINDS)
        _write(page, lines)
    _break_even(page, played)
    _sides(page, result)
    _sure(page, played)
    page.heading("What the answer says, as exported")
    for sentence in (*result.sentences, *result.notes):
        page.note(sentence)
    write_how_to(page, _HOW_TO)
    write_about(page)


TOO_LATE = "No answer yet. Part of the payment falls after the last month looked at."
CANNOT_BE = "No answer. Something cannot be right: see the sheet Checks."
_NOW = (
    f'=IF({FAILED}>0,"{CANNOT_BE}",IF(payment_share_within<0.999999,"{TOO_LATE}",'
    '"Saved less cost comes to "&IF(ROUND(out_net_benefit,0)<0,"-","")&'
    'TEXT(ABS(out_net_benefit),"£#,##0")&". In today\'s money (NPV) that is "&'
    'IF(ROUND(out_npv,0)<0,"-","")&TEXT(ABS(out_npv),"£#,##0")&"."))'
)


def _now(net: float, npv: float) -> str:
    return (
        f"Saved less cost comes to {_pounds(net)}. In today's money (NPV) that is {_pounds(npv)}."
    )


def _pounds(value: float) -> str:
    """Write pounds as the sheet's own formula does, halves away from 0."""
    whole = int(abs(value) + 0.5)
    return f"{'-' if value < 0 and whole else ''}£{whole:,}"


_HOW_TO = (
    "Change a yellow cell on the sheet Inputs. Summary, Yearly, MTFS, For whom, Optimism, Not "
    "offered it and every month follow.",
    "What does not follow is grey, and says whether it still belongs to the inputs: the range and "
    "the chance, what was solved, the studies, the words of the answer.",
    "What must be true has yellow cells of its own, for a what-if that changes nothing else.",
    "How many groups, instalments and months there are cannot be changed here: the sheet Inputs "
    "lists them.",
    "There are no macros, no hidden sheets, and no links to other files.",
)


def _write(page: Sheet, lines: tuple[_Line, ...]) -> None:
    for line in lines:
        page.line(
            line.label,
            f"={line.formula}",
            line.kind,
            value=line.value,
            name=f"out_{line.name}",
            says=line.says,
            role="total" if line.total else "live",
        )


def _money(played: Played) -> tuple[_Line, ...]:
    result = played.result
    off = float(played.taken_off(COUNCIL).sum())
    return (
        _Line("payments", "Paid to people", "council_sum_payments", "pounds", result.payments),
        _Line("on_costs", "On-costs", "council_sum_on_costs", "pounds", result.on_costs),
        _Line("hiring", "Hiring", "council_sum_hiring", "pounds", result.hiring),
        _Line(
            "clawback",
            "Less paid back by leavers",
            "council_sum_clawback",
            "pounds",
            result.clawback,
        ),
        _Line(
            "net_cost",
            "What it costs",
            "out_payments+out_on_costs+out_hiring-out_clawback",
            "pounds",
            result.net_cost,
            "Paid, on-costs and hiring, less what leavers pay back.",
            total=True,
        ),
        _Line("saving", "Saved", savings_of(COUNCIL), "pounds", result.saving),
        _Line(
            "allowance",
            "Less allowance for optimism",
            "-council_sum_allowance",
            "pounds",
            off,
            "0 unless it is switched on, on the sheet Inputs.",
        ),
        _Line(
            "net_benefit",
            "Saved less cost (net benefit)",
            "out_saving-out_net_cost-out_allowance",
            "pounds",
            result.net_benefit,
            "Above 0 the council gains.",
            total=True,
        ),
    )


def _today(played: Played) -> tuple[_Line, ...]:
    result = played.result
    rate = "in_appraisal_discount_rate"
    return (
        _Line(
            "npv",
            "In today's money (NPV)",
            npv_of(COUNCIL),
            "pounds",
            result.npv,
            "The first financial year is not discounted, as the Green Book has it.",
            total=True,
        ),
        _Line(
            "excel_npv",
            "Excel's own function NPV()",
            f"NPV({rate},year_net)",
            "pounds",
            result.excel_npv,
            "It takes the first year's money as if it came a year from now, and so discounts every "
            "year once more.",
        ),
        _Line(
            "excel_npv_made_ours",
            "The same, one year's discount put back",
            f"out_excel_npv*(1+{rate})",
            "pounds",
            result.npv,
            "Excel's figure x (1 + discount rate): this is the first line again.",
        ),
        _Line(
            "npv_difference",
            "What is between the two",
            "out_npv-out_excel_npv_made_ours",
            "pounds",
            0.0,
            "£0: the timing is the whole difference.",
        ),
    )


def _returns(grid: Grid, played: Played) -> tuple[_Line, ...]:
    result = played.result
    roi = result.roi
    return (
        _Line(
            "back_for_each_pound",
            "Back for each £1 of cost (£)",
            f'IF(out_net_cost>0.005,1+out_net_benefit/out_net_cost,"{NONE}")',
            "number",
            NONE if roi is None else 1 + roi,
            "1.00 is break-even. The return on investment is this less 1.",
        ),
        _Line(
            "payback_month",
            "Month from which the money is back for good",
            payback_formula(grid).removeprefix("="),
            "whole",
            NEVER if result.payback_month is None else result.payback_month,
            "Not discounted. Never, where it is not back at the end.",
        ),
        _Line(
            "cost_for_each_leaver",
            "Cost for each leaver avoided",
            f'IF(out_leavers_avoided>0.000001,out_net_cost/out_leavers_avoided,"{NONE}")',
            "pounds",
            NONE if result.cost_per_leaver_avoided is None else result.cost_per_leaver_avoided,
        ),
    )


def _people(played: Played) -> tuple[_Line, ...]:
    result, groups = played.result, range(1, len(played.scenario.groups) + 1)
    heads = "+".join(f"in_groups_{number}_headcount" for number in groups)
    stayed = "+".join(f"group_{number}_takers*{_stayed(number)}" for number in groups)
    pounds = "+".join(
        f"group_{number}_takers*{_stayed(number)}*group_{number}_payment" for number in groups
    )
    share = result.deadweight_share
    return (
        _Line(
            "people_paid",
            "People paid",
            f"({heads})*in_scheme_take_up*(1+extra_for_each)",
            "people",
            result.people_paid,
            "Whoever signs up, and the extra people of a golden hello.",
        ),
        _Line(
            "leavers_avoided",
            "Leavers avoided",
            "council_sum_leavers_without-council_sum_leavers_with",
            "people",
            result.leavers_avoided,
            "Over all months, whoever replaces a leaver included.",
        ),
        _Line(
            "stayed_anyway_share",
            "Would have stayed anyway (deadweight)",
            f'IF(out_people_paid>0,({stayed})/out_people_paid,"{NONE}")',
            "share",
            NONE if share is None else share,
            "Of the people paid, still there when the scheme stops holding them, without it.",
        ),
        _Line(
            "stayed_anyway_pounds",
            "Paid to them",
            f"({pounds})*payment_share_within",
            "pounds",
            result.deadweight_payments,
            "Before on-costs.",
        ),
    )


def _stayed(number: int) -> str:
    return f"INDEX(group_{number}_stay,binding_months_seen+1)"


def _break_even(page: Sheet, played: Played) -> None:
    page.heading("What would have to be true")
    page.header(_HEADS, _KINDS)
    flat = played.scenario.scheme.amount.flat is not None
    page.line(
        "Most it could pay and break even",
        "=out_most_payment",
        "pounds" if flat else "of_salary",
        value=payment_value(played),
        says="£ each." if flat else "% of salary.",
    )
    page.line(
        "Fewest extra people, for each who would join anyway",
        "=out_fewest_extra",
        "share",
        value=extra_value(played),
        says="See the sheet What must be true.",
    )
    solved = played.result.break_even.leaving_reduction
    page.fixed(
        "Smallest fall in leaving at which it pays",
        "nothing is enough" if solved is None else solved,
        "share",
        "As exported. What must be true proves it, and shows how to solve it again.",
    )
    write_belongs(page)


def _sides(page: Sheet, result: IncentiveResult) -> None:
    page.heading("For whom")
    page.header(_HEADS, _KINDS)
    for label, name, view in (
        ("The council's budget, cash only: net benefit", "budget", result.budget),
        ("The region, neighbours included: net benefit", "region", result.region),
    ):
        page.text(0, label, "words")
        page.formula(1, f"=out_{name}_net", "pounds", view.net_benefit)
        page.text(2, "See the sheet For whom.", "words")
        page.row += 1


def _sure(page: Sheet, played: Played) -> None:
    ranges = played.result.ranges
    page.heading("How sure is that?")
    page.header(("Figure", "As exported", "What it means"), _KINDS)
    if ranges is None:
        page.fixed("Drawn ranges", NONE, "text", "Nothing was drawn for this file.")
        return
    words = f"From {ranges.draws:,} draws of everything nobody knows. See the sheet How sure."
    page.fixed("Chance that it pays for itself", chance(ranges.chance_pays), "share", words)
    band = ranges.npv
    page.fixed("NPV: one time in ten it is below", band.low, "pounds")
    page.fixed("NPV: as often below as above", band.middle, "pounds")
    page.fixed("NPV: one time in ten it is above", band.high, "pounds")
    page.text(0, "Do these belong to the inputs as they are?", "words")
    page.formula(1, as_exported(), "text", "As exported")
    page.row += 1
