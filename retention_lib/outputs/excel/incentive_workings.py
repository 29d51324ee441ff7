"""The Workings sheet of an offer: the figures between its inputs and its months, each by name."""

from __future__ import annotations

import numpy as np

from retention_lib import incentives
from retention_lib.bidding import matched_at_once
from retention_lib.costs import total
from retention_lib.model import (
    NOBODY_BIDS,
    cashable_leaver_cost,
    cost_parts,
    leaver_cost,
    offer_of,
    rivals_of,
    vacancy_saving_per_month,
)
from retention_lib.outputs.excel.book import Sheet
from retention_lib.outputs.excel.incentive_inputs import GOLDEN, KIND, YES
from retention_lib.outputs.excel.incentive_played import Played
from retention_lib.outputs.excel.looks import Kind
from retention_lib.outputs.excel.names import name_of, quoted
from retention_lib.rates import MONTHS_IN_YEAR, monthly_chance

SAYS = "Between the inputs and the months: each figure by the name that other formulas call it by."

_GROUP_HEADS: tuple[tuple[str, Kind], ...] = (
    ("Group", "words"),
    ("Who", "words"),
    ("Chance of leaving in a month", "factor"),
    ("The same, of a successor", "factor"),
    ("Payment to each (£)", "pounds"),
    ("The payment as a yearly share of salary", "share"),
    ("Fall in leaving while it binds", "share"),
    ("People who sign up", "people"),
    ("Extra people who join", "people"),
    ("Extra who join a neighbour, for each of its offers", "people"),
    ("Fall in leaving in the what-if", "share"),
    ("Payment to each in the what-if (£)", "pounds"),
    ("Extra people in the what-if", "people"),
)
GROUP_FIELDS = ("h", "q", "payment", "yearly_share", "fall", "takers", "extra", "extra_theirs")
WHAT_IF_FIELDS = ("fall_whatif", "payment_whatif", "extra_whatif")


def write_workings(page: Sheet, played: Played) -> None:
    """Write the sheet, and name each figure."""
    page.row += 1
    _leaver_cost(page, played)
    _offer(page, played)
    _neighbours(page, played)
    _groups(page, played)


def _leaver_cost(page: Sheet, played: Played) -> None:
    scenario = played.scenario
    page.heading("What a leaver and a vacancy cost")
    page.header(("Figure", "Now", "How"), ("words", "number", "words"))
    months, covered = "in_costs_months_to_fill", "in_costs_covered_share"
    premium, pay = "in_costs_agency_premium_per_year", "in_costs_pay_with_oncosts_per_year"
    weeks, lost = "in_costs_ramp_up_weeks", "in_costs_ramp_up_lost_share"
    formulas = {
        "advertising": "=in_costs_advertising_and_selection",
        "agency_premium": f"={premium}/12*{months}*{covered}",
        "pay_not_spent": f"=-{pay}/12*{months}*(1-{covered})",
        "induction": "=in_costs_induction_and_training",
        "lost_output": f"={pay}/52*{weeks}*{lost}",
    }
    parts = cost_parts(scenario)
    for part in parts:
        says = "Part of the cost of a leaver. " + (
            "A budget could be cut by it." if part.cashable else "Real, but no budget holds it."
        )
        name = f"part_{part.key}"
        value = float(part.pounds)
        page.line(part.label, formulas[part.key], "pounds", value=value, name=name, says=says)
    every = "+".join(f"part_{part.key}" for part in parts)
    cash = "+".join(f"part_{part.key}" for part in parts if part.cashable)
    lines = (
        ("All parts", every, float(total(parts)), "parts_of_leaver", "The five parts added up."),
        (
            "Of which cash",
            cash,
            float(total(parts, cashable_only=True)),
            "parts_of_leaver_cash",
            "The parts that a budget could be cut by.",
        ),
        (
            "Cost of a leaver",
            "IF(ISNUMBER(in_leaver_cost),in_leaver_cost,parts_of_leaver)",
            float(np.asarray(leaver_cost(scenario))),
            "cost_of_leaver",
            "The figure set, or the parts.",
        ),
        (
            "Cost of a leaver, cash",
            "IF(ISNUMBER(in_leaver_cost),in_leaver_cost*in_leaver_cost_cashable_share,"
            "parts_of_leaver_cash)",
            cashable_leaver_cost(scenario),
            "cost_of_leaver_cash",
            "What a budget could be cut by.",
        ),
        (
            "Saved each month a post is filled",
            "IF(ISNUMBER(in_vacancy_net_saving_per_month),in_vacancy_net_saving_per_month,"
            f"({covered}*{premium}-(1-{covered})*{pay})/12)",
            float(np.asarray(vacancy_saving_per_month(scenario))),
            "saved_per_month_filled",
            "The figure set, or agency cover no longer needed less the pay of the post.",
        ),
    )
    for label, formula, value, name, says in lines:
        page.line(label, f"={formula}", "pounds", value=value, name=name, says=says)


def _offer(page: Sheet, played: Played) -> None:
    page.heading("The offer")
    page.header(("Figure", "Now", "How"), ("words", "number", "words"))
    months = played.scenario.appraisal.months
    binds = played.offer.binding_months
    page.line(
        "Months in which it holds people (B)",
        "=MAX(in_scheme_tie_in_months,instalment_months)",
        "whole",
        value=binds,
        name="binding_months",
        says="To the end of the tie-in or the last instalment, whichever is later.",
    )
    page.line(
        "Of which looked at here",
        f"=MIN(binding_months,{months})",
        "whole",
        value=min(binds, months),
        name="binding_months_seen",
        says="Not beyond the last month of these figures.",
    )
    within = sum(share for month, share in played.offer.instalments if month <= months)
    page.line(
        "Share of the payment that falls in these months",
        f'=SUMIF(instalment_months,"<="&{months},instalment_shares)',
        "share",
        value=within,
        name="payment_share_within",
        says="An instalment after the last month is outside the figures.",
    )
    page.line(
        "Allowance for optimism",
        f"=IF({name_of('appraisal.optimism')}={quoted(YES)},1,0)",
        "whole",
        value=int(played.on),
        name="optimism_on",
        says="1 where the answer is marked down for weak evidence, 0 where it is not.",
    )


def _neighbours(page: Sheet, played: Played) -> None:
    """Write what neighbours do: see the rules of bidding in the library."""
    scenario, rivals = played.scenario, rivals_of(played.scenario)
    page.heading("Neighbours")
    page.header(("Figure", "Now", "How"), ("words", "number", "words"))
    match, delay = "in_bidding_match_chance", "in_bidding_match_delay_months"
    mu, extra = "in_region_hires_from_neighbours", "in_effect_extra_hires"
    golden = f"{name_of(KIND)}={quoted(GOLDEN)}"
    chance = scenario.bidding.match_chance
    offered = float(np.asarray(offer_of(scenario, NOBODY_BIDS).extra_share))
    at_once = float(np.asarray(matched_at_once(rivals)))
    from_near = scenario.region.hires_from_neighbours
    weight = chance * scenario.bidding.neighbours_people
    rate = scenario.appraisal.discount_rate
    later = (1.0 + rate) ** (-scenario.bidding.match_delay_months / MONTHS_IN_YEAR)

    def new_share(at: float) -> float:
        came = 1.0 - from_near * at
        return (1.0 - from_near) / came if came > 0 else 0.0

    lines: tuple[tuple[str, str, Kind, float, str, str], ...] = (
        (
            "Share of neighbours that match on the first day",
            f"IF({delay}>0,0,{match})",
            "share",
            at_once,
            "matched_at_once",
            "All that match, where they wait no month; nobody otherwise.",
        ),
        (
            "Extra people for each who would have come anyway",
            f"IF({golden},{extra}*(1-{mu}*matched_at_once),0)",
            "factor",
            float(np.asarray(played.offer.extra_share)),
            "extra_for_each",
            "A golden hello only. Fewer where neighbours match at once.",
        ),
        (
            "The same, of a neighbour that matches",
            f"IF({golden},{extra}*(1-{mu}*{match}),0)",
            "factor",
            offered * (1.0 - from_near * chance),
            "extra_for_each_theirs",
            "By its first day all who would match have matched.",
        ),
        (
            "People at neighbours who are paid, for each of ours",
            f"{match}*in_bidding_neighbours_people",
            "factor",
            weight,
            "neighbours_weight",
            "The share that match, times the people eligible there.",
        ),
        (
            "Share of our extra people who are new to the region",
            f"IF(1-{mu}*matched_at_once>0,(1-{mu})/(1-{mu}*matched_at_once),0)",
            "factor",
            new_share(at_once),
            "new_to_region_ours",
            "Of those who came: the share that did not come from a neighbour.",
        ),
        (
            "The same, of a neighbour's",
            f"IF(1-{mu}*{match}>0,(1-{mu})/(1-{mu}*{match}),0)",
            "factor",
            new_share(chance),
            "new_to_region_theirs",
            "",
        ),
        (
            "What a pound of theirs is worth as one of ours",
            f"(1+in_appraisal_discount_rate)^(-{delay}/12)",
            "factor",
            later,
            "theirs_as_ours",
            "Neighbours pay and save that many months later.",
        ),
    )
    for label, formula, kind, value, name, says in lines:
        page.line(label, f"={formula}", kind, value=value, name=name, says=says)


def _groups(page: Sheet, played: Played) -> None:
    page.heading("Each group")
    page.header([head for head, _ in _GROUP_HEADS], [kind for _, kind in _GROUP_HEADS])
    for index in range(len(played.scenario.groups)):
        _one_group(page, played, index)
        page.row += 1


def _one_group(page: Sheet, played: Played, index: int) -> None:
    number, offer = index + 1, played.offer
    group = offer.groups[index]
    mine, salary = f"group_{number}", f"in_groups_{number}_salary"
    leaving, new = (
        f"in_groups_{number}_annual_leaving_rate",
        name_of(f"groups.{index}.replacement_leaving_rate"),
    )
    flat, percent = "in_scheme_amount_flat", "in_scheme_amount_percent_of_salary"
    h = float(monthly_chance(group.annual_leaving_rate))
    rate = group.replacement_leaving_rate
    q = h if rate is None else float(monthly_chance(rate))
    takers = float(np.asarray(group.headcount) * np.asarray(offer.take_up))
    each = float(np.asarray(incentives.payment_each(offer, group)))
    extra = takers * float(np.asarray(offer.extra_share))
    share = float(np.asarray(incentives.yearly_payment_share(offer, group)))
    fall = float(np.asarray(incentives.relative_fall(offer, group)))
    cells: tuple[tuple[str, str, float | None], ...] = (
        ("h", f"1-(1-{leaving})^(1/12)", h),
        ("q", f"IF(ISNUMBER({new}),1-(1-{new})^(1/12),{mine}_h)", q),
        ("payment", f"IF(ISNUMBER({flat}),{flat},{percent}/100*{salary})", each),
        (
            "yearly_share",
            f"IF(binding_months*{salary}>=1,{mine}_payment*12/(binding_months*{salary}),0)",
            share,
        ),
        (
            "fall",
            "IF(ISNUMBER(in_effect_leaving_reduction),in_effect_leaving_reduction,"
            f"MIN(1,in_effect_pay_elasticity*{mine}_yearly_share))",
            fall,
        ),
        ("takers", f"in_groups_{number}_headcount*in_scheme_take_up", takers),
        ("extra", f"{mine}_takers*extra_for_each", extra),
        ("extra_theirs", f"{mine}_takers*extra_for_each_theirs", None),
        (
            "fall_whatif",
            f"IF(ISNUMBER(whatif_fall),whatif_fall,{mine}_fall)",
            fall if played.what_if_fall is None else played.what_if_fall,
        ),
        (
            "payment_whatif",
            f"IF(ISNUMBER(whatif_payment),IF(ISNUMBER({flat}),whatif_payment,"
            f"whatif_payment/100*{salary}),{mine}_payment)",
            each,
        ),
        (
            "extra_whatif",
            f"IF(AND(ISNUMBER(whatif_extra),{name_of(KIND)}={quoted(GOLDEN)}),"
            f"{mine}_takers*whatif_extra*(1-in_region_hires_from_neighbours*matched_at_once),"
            f"{mine}_extra)",
            extra,
        ),
    )
    page.text(0, f"Group {number}", "words")
    page.text(1, played.scenario.groups[index].name, "words", "fixed")
    for column, (field, formula, value) in enumerate(cells, start=2):
        kind = _GROUP_HEADS[column][1]
        page.formula(column, f"={formula}", kind, value, name=f"{mine}_{field}")
