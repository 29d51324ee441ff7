"""For whom an offer pays, what weak evidence takes off, and who is left out: a sheet each."""

from __future__ import annotations

import numpy as np

from retention_lib import fairness, incentives
from retention_lib.assumptions import QUALITY_WORDS, Quality, register
from retention_lib.optimism import GRADES, LINES, SAVINGS, share_of
from retention_lib.outputs.excel.book import Book, Sheet
from retention_lib.outputs.excel.checks import as_exported
from retention_lib.outputs.excel.grid import Grid
from retention_lib.outputs.excel.incentive_months import LINE_HEADS
from retention_lib.outputs.excel.incentive_played import (
    BUDGET,
    COUNCIL,
    OURS,
    THEIRS,
    Played,
)
from retention_lib.outputs.excel.looks import Kind
from retention_lib.rates import monthly_chance, still_in_post
from retention_lib.results import View
from retention_lib.scenario import VACANCY_PARTS, Costs

FOR_WHOM_SAYS = (
    "The same offer as the council, its budget and the region see it. The region gains nothing by "
    "a leaver kept from a neighbour."
)


def savings_of(view: str) -> str:
    """Write the sum of a view's savings over all months."""
    return "+".join(f"{view}_sum_{line}" for line in SAVINGS)


def npv_of(view: str) -> str:
    """Write the net present value of a view's years."""
    return f"SUMPRODUCT(year_net_{view},year_factor)"


def write_for_whom(page: Sheet, played: Played) -> None:
    """Write the three points of view, and the case in which neighbours bid as exported."""
    result = played.result
    page.row += 1
    page.header(
        ("Who is looking", "Saved (£)", "Saved less cost (£)", "In today's money, NPV (£)"),
        ("words", "pounds", "pounds", "pounds"),
    )
    council = View(
        saving=result.saving,
        net_benefit=result.net_benefit,
        npv=result.npv,
        net_by_year=result.net_by_year,
    )
    regional = f"{npv_of(OURS)}+theirs_as_ours*{npv_of(THEIRS)}"
    rows = (
        ("The council, everything counted", COUNCIL, (COUNCIL,), npv_of(COUNCIL), council),
        ("The council's budget, cash only", BUDGET, (BUDGET,), npv_of(BUDGET), result.budget),
        ("The region, neighbours included", "region", (OURS, THEIRS), regional, result.region),
    )
    for label, name, views, npv, value in rows:
        page.text(0, label, "words")
        saved = "+".join(savings_of(view) for view in views)
        net = "+".join(f"{view}_sum_net" for view in views)
        for column, (what, formula, number) in enumerate(
            (
                ("saving", saved, value.saving),
                ("net", net, value.net_benefit),
                ("npv", npv, value.npv),
            ),
            start=1,
        ):
            page.formula(column, f"={formula}", "pounds", number, name=f"out_{name}_{what}")
        page.row += 1
    page.note(
        "Neighbours' offers are counted from their own first day, and discounted by the month "
        "until then (Workings: What a pound of theirs is worth as one of ours)."
    )
    page.table(result.table("bidding"))
    page.formula(0, as_exported("As exported, both cases."), "text", "As exported, both cases.")
    page.row += 1
    page.note(
        "To work another case out, change Neighbours who match the offer on the sheet Inputs: 0% "
        "is a memorandum of understanding, in which nobody bids."
    )


OPTIMISM_SAYS = (
    "Each line of money is marked by the weakest number it rests on: a saving down, a cost up. The "
    "switch on the sheet Inputs puts it into the answer."
)


def write_optimism(page: Sheet, played: Played) -> None:
    """Write the marks of each line, live, and both answers side by side."""
    page.row += 1
    shares = _grades(page)
    _numbers(page, shares)
    _lines(page, played)
    _both(page, played)


def _grades(page: Sheet) -> dict[Quality, float]:
    page.heading("What each grade of evidence takes off")
    page.header(("Evidence", "Share", ""), ("words", "share", "words"))
    found = {grade: share_of(grade) for grade in GRADES}
    for grade in GRADES:
        page.text(0, QUALITY_WORDS[grade], "words")
        page.number(1, found[grade], "share")
        page.text(2, "From the register of assumptions.", "words", "fixed")
        page.book.name(f"grade_{grade}", page.at(1))
        page.row += 1
    return found


_RESTS_ON = (
    "effect.leaving_reduction",
    "effect.pay_elasticity",
    "effect.extra_hires",
    "leaver_cost",
    *(f"costs.{name}" for name in Costs.model_fields),
    "vacancy.months",
    "vacancy.net_saving_per_month",
    "vacancy.hire_cost",
    "region.hires_from_neighbours",
    "bidding.match_chance",
    "scheme.take_up",
    "scheme.oncost_rate",
    "scheme.clawback.recovery_rate",
)


def _mark_name(path: str) -> str:
    return f"weak_{path.replace('.', '_')}"


def _numbers(page: Sheet, shares: dict[Quality, float]) -> None:
    page.heading("How good the evidence for each number is")
    page.header(("Number", "Share", "Evidence"), ("words", "share", "words"))
    for path in _RESTS_ON:
        row = register().behind(path)
        grade: Quality = "none" if row is None else row.quality
        page.text(0, path if row is None else row.label, "words")
        page.formula(1, f"=grade_{grade}", "share", shares[grade], name=_mark_name(path))
        page.text(2, QUALITY_WORDS[grade], "words", "fixed")
        page.row += 1


def _lines(page: Sheet, played: Played) -> None:
    """Write the share of each line: the largest of those of the numbers it rests on."""
    page.heading("What is taken off each line")
    heads = ("Line of money", "Marked by", "Rests on", "As assumed (£)", "Taken off (£)")
    page.header(heads, ("words", "share", "words", "pounds", "pounds"))
    for line in LINES:
        mark = played.marks[line]
        page.text(0, LINE_HEADS[line], "words")
        formula = f"=MIN({_share_formula(line)},{_AT_MOST.get(line, '1')})"
        page.formula(1, formula, "share", float(mark.share), name=f"mark_{line}")
        page.text(2, _RESTS_WORDS[line], "words")
        pounds = float(getattr(played.flows[COUNCIL], line).sum())
        page.formula(3, f"=council_sum_{line}", "pounds", pounds)
        off = played.line_taken_off(COUNCIL, line)
        page.formula(
            4, f"=mark_{line}*ABS(council_sum_{line})", "pounds", off, name=f"taken_{line}"
        )
        page.row += 1
    page.note("Payments are not marked beyond what they would come to if everybody signed up.")


_ROOM = "(1-in_scheme_take_up)/MAX(1-in_scheme_take_up,in_scheme_take_up)"
_AT_MOST = {"payments": _ROOM, "on_costs": _ROOM}
_RESTS_WORDS = {
    "payments": "Who signs up",
    "on_costs": "Who signs up, the rate of on-costs",
    "hiring": "Who signs up, the cost of hiring",
    "clawback": "How much of it is recovered",
    "leaver_saving": "What the offer does, the cost of a leaver",
    "extra_leaver_saving": "Extra people, what the offer does, the cost of a leaver",
    "vacancy_saving": "Extra people, how long posts stand vacant, what a vacancy saves",
    "poached_saving": "Extra people, what neighbours do, the cost of a leaver",
}


def _share_formula(line: str) -> str:
    """Write the weakest of what a line rests on; which numbers those are follows the inputs."""
    fall = (
        "IF(ISNUMBER(in_effect_leaving_reduction),weak_effect_leaving_reduction,"
        "weak_effect_pay_elasticity)"
    )
    parts = ",".join(_mark_name(f"costs.{name}") for name in Costs.model_fields)
    leaver = f"IF(ISNUMBER(in_leaver_cost),weak_leaver_cost,MAX({parts}))"
    of_vacancy = ",".join(_mark_name(f"costs.{name}") for name in VACANCY_PARTS)
    vacancy = (
        "IF(ISNUMBER(in_vacancy_net_saving_per_month),weak_vacancy_net_saving_per_month,"
        f"MAX({of_vacancy}))"
    )
    extra = "weak_effect_extra_hires"
    found = {
        "leaver_saving": f"{fall},{leaver}",
        "extra_leaver_saving": f"{extra},{fall},{leaver}",
        "vacancy_saving": f"{extra},weak_vacancy_months,{vacancy}",
        "poached_saving": (
            f"{extra},weak_region_hires_from_neighbours,weak_bidding_match_chance,{leaver}"
        ),
        "payments": "weak_scheme_take_up",
        "on_costs": "weak_scheme_take_up,weak_scheme_oncost_rate",
        "hiring": "weak_scheme_take_up,weak_vacancy_hire_cost",
        "clawback": "weak_scheme_clawback_recovery_rate",
    }
    return f"MAX({found[line]})"


def _both(page: Sheet, played: Played) -> None:
    """Write both answers: the allowance is worked out whether or not it is in the answer."""
    page.heading("Both answers: as assumed, and marked down for weak evidence")
    page.header(("Figure", "As assumed (£)", "Marked down (£)"), ("words", "pounds", "pounds"))
    optimism = played.result.optimism
    taken = "+".join(f"taken_{line}" for line in LINES)
    saved = savings_of(COUNCIL)
    cost = "council_sum_payments+council_sum_on_costs+council_sum_hiring-council_sum_clawback"
    off_npv = "+".join(f"council_off_today_{line}" for line in LINES)
    rows = (
        (
            "Saved less cost (net benefit)",
            f"{saved}-({cost})",
            f"{saved}-({cost})-({taken})",
            (optimism.as_assumed.net_benefit, optimism.marked_down.net_benefit),
            "net",
        ),
        (
            "In today's money (NPV)",
            f"out_council_npv+optimism_on*({off_npv})",
            f"out_council_npv-(1-optimism_on)*({off_npv})",
            (optimism.as_assumed.npv, optimism.marked_down.npv),
            "npv",
        ),
    )
    for label, assumed, marked, values, name in rows:
        page.text(0, label, "words")
        page.formula(1, f"={assumed}", "pounds", values[0], name=f"out_assumed_{name}")
        page.formula(2, f"={marked}", "pounds", values[1], name=f"out_marked_{name}")
        page.row += 1


FAIRNESS_SAYS = (
    "Who is offered the payment, who is not, and what the same offer to them would cost. No effect "
    "is credited to it."
)


def fairness_months_sheet(book: Book) -> Sheet:
    """Add the sheet of how people who are not offered it stay."""
    says = "The share of each group not offered it still in post: nobody's mind is changed."
    return book.sheet("Monthly not offered", "Every month: people not offered it", (30, 16), says)


def write_fairness(page: Sheet, months: Sheet, grid: Grid, played: Played) -> None:
    """Write what each group is paid, and what parity would cost each group left out."""
    page.row += 1
    _offered(page, grid, played)
    _left_out(page, months, grid, played)


def _offered(page: Sheet, grid: Grid, played: Played) -> None:
    page.heading("Offered it")
    heads = (
        "Who",
        "People",
        "Payment to each (£)",
        "Expected, each who signs up (£)",
        "Expected, a head (£)",
    )
    page.header(heads, ("words", "people", "pounds", "pounds", "pounds"))
    take_up = float(np.asarray(played.offer.take_up))
    for index, group in enumerate(played.scenario.groups):
        number, numbers = index + 1, played.offer.groups[index]
        each = float(np.asarray(incentives.payment_each(played.offer, numbers)))
        expected = fairness.paid_to_each(played.offer, numbers)
        stay = f"SUMPRODUCT({grid.all('instalment')},{grid.all(f'group_{number}.s1')})"
        page.text(0, group.name, "words", "fixed")
        page.formula(1, f"=in_groups_{number}_headcount", "people", group.headcount)
        page.formula(2, f"=group_{number}_payment", "pounds", each)
        page.formula(3, f"=group_{number}_payment*{stay}", "pounds", expected)
        page.formula(4, f"={page.here(3)}*in_scheme_take_up", "pounds", expected * take_up)
        page.row += 1


def _left_out(page: Sheet, months: Sheet, grid: Grid, played: Played) -> None:
    page.heading("Not offered it: what the same offer would cost")
    heads = (
        "Who",
        "People",
        "Payment to each (£)",
        "The same offer, with on-costs (£)",
        "Less paid back (£)",
        "Left to find (£)",
    )
    page.header(heads, ("words", "people", "pounds", "pounds", "pounds", "pounds"))
    grid.start(months)
    first = page.row
    parity = fairness.parity_costs(played.scenario)
    for index, cost in enumerate(parity):
        _one_left_out(page, months, grid, played, index, cost)
        page.row += 1
    page.text(0, "Everyone not offered it", "words", "total")
    page.text(2, "", "text", "total")
    heads_all = sum(group.headcount for group in played.scenario.not_offered)
    totals: tuple[tuple[int, Kind, float, str], ...] = (
        (1, "people", heads_all, ""),
        (3, "pounds", sum(cost.paid for cost in parity), "out_parity_cost"),
        (4, "pounds", sum(cost.paid_back for cost in parity), ""),
        (5, "pounds", sum(cost.net for cost in parity), ""),
    )
    for column, kind, value, name in totals:
        cells = page.range(column, first, max(first, page.row - 1)).rsplit("!", 1)[1]
        made = f"=SUM({cells})" if parity else "=0"
        page.formula(column, made, kind, value, role="total", name=name)
    page.row += 1


def _one_left_out(
    page: Sheet, months: Sheet, grid: Grid, played: Played, index: int, cost: fairness.Parity
) -> None:
    group, mine = played.scenario.not_offered[index], f"in_not_offered_{index + 1}"
    flat, percent = "in_scheme_amount_flat", "in_scheme_amount_percent_of_salary"
    h = f"(1-(1-{mine}_annual_leaving_rate)^(1/12))"
    stay = still_in_post(np.full(played.offer.months, monthly_chance(group.annual_leaving_rate)))
    key = f"left_out_{index + 1}"
    heading = f"Not offered, group {index + 1}: still in post"
    grid.column(months, key, heading, "factor", f"[{key}-]*(1-{h})", at_0="1", values=stay)
    takers = f"{mine}_headcount*in_scheme_take_up*{page.here(2)}"
    paid = f"SUMPRODUCT({grid.all('instalment')},{grid.all(key)})*(1+in_scheme_oncost_rate)"
    owed = "0"
    if played.offer.months:
        owed = f"SUMPRODUCT({grid.from_1('owed')},{grid.up_to_last(key)})*{h}"
    each = f"=IF(ISNUMBER({flat}),{flat},{percent}/100*{mine}_salary)"
    back = f"={takers}*{owed}*in_scheme_clawback_recovery_rate"
    amount = played.scenario.scheme.amount
    payment = amount.flat
    if payment is None:
        payment = (amount.percent_of_salary or 0.0) / 100 * group.salary
    page.text(0, group.name, "words", "fixed")
    page.formula(1, f"={mine}_headcount", "people", group.headcount)
    page.formula(2, each, "pounds", payment)
    page.formula(3, f"={takers}*{paid}", "pounds", cost.paid)
    page.formula(4, back, "pounds", cost.paid_back)
    page.formula(5, f"={page.here(3)}-{page.here(4)}", "pounds", cost.net)
