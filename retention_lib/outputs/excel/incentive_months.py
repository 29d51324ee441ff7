"""The months of an offer: what all groups share, and all groups' people and money together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from retention_lib import bidding, incentives
from retention_lib.incentives import Flows
from retention_lib.labels import value_text
from retention_lib.model import rivals_of
from retention_lib.optimism import COSTS, LINES, SAVINGS
from retention_lib.outputs.excel.book import Book, Sheet
from retention_lib.outputs.excel.grid import Grid, sum_of
from retention_lib.outputs.excel.incentive_inputs import TAPER
from retention_lib.outputs.excel.incentive_played import (
    BUDGET,
    COUNCIL,
    OURS,
    THEIRS,
    WHAT_IF,
    Played,
)
from retention_lib.outputs.excel.names import name_of, quoted
from retention_lib.rates import MONTHS_IN_YEAR

ABOVE = (
    "Total",
    "Share taken off for optimism",
    "That share, in today's money",
    "In today's money, less what is taken off",
)
TOTAL, SHARE, TAKEN, PRESENT = range(len(ABOVE))

LINE_HEADS: Mapping[str, str] = {
    "payments": "Paid to people",
    "on_costs": "On-costs",
    "hiring": "Hiring",
    "clawback": "Paid back by leavers",
    "leaver_saving": "Saved: fewer people leave",
    "extra_leaver_saving": "Saved: extra people stay",
    "vacancy_saving": "Saved: vacancies filled sooner",
    "poached_saving": "Lost: people who go to neighbours",
}
VIEW_SHEETS: Mapping[str, tuple[str, str, str]] = {
    COUNCIL: ("Monthly", "Every month: all groups together", "The council, everything counted."),
    BUDGET: (
        "Monthly budget",
        "Every month: what a budget sees",
        "Cash only: of the cost of a leaver, the part that a budget could be cut by.",
    ),
    OURS: (
        "Monthly region",
        "Every month: what the region sees of our offer",
        "A leaver kept from a neighbour, or a person taken from one, is worth nothing to it.",
    ),
    THEIRS: (
        "Monthly neighbours",
        "Every month: what the region sees of neighbours' offers",
        "Month 0 is the first day of their offers. All 0 where nobody matches the offer.",
    ),
    WHAT_IF: (
        "Monthly what-if",
        "Every month: the what-if",
        "The council's months with the figures of the sheet What must be true.",
    ),
}
WIDTHS = (30, 14)


def write_timing(page: Sheet, grid: Grid, played: Played) -> None:
    """Write what all groups share in each month."""
    scenario = played.scenario
    rivals = rivals_of(scenario)
    months = scenario.appraisal.months
    taper = {key: quoted(value_text(TAPER, key)) for key in ("none", "full", "monthly")}
    chosen, tie_in = name_of(TAPER), "in_scheme_tie_in_months"
    grid.start(page)
    years = np.maximum(0, (np.arange(months + 1) - 1) // MONTHS_IN_YEAR)
    grid.column(
        page, "year", "Financial year, from 0", "whole", "MAX(0,INT(([t]-1)/12))", values=years
    )
    grid.column(
        page,
        "discount",
        "A pound of this month in today's money",
        "factor",
        "(1+in_appraisal_discount_rate)^-[year]",
        values=played.discount,
    )
    shares = [
        sum(share for due, share in played.offer.instalments if due == each)
        for each in range(months + 1)
    ]
    grid.column(
        page,
        "instalment",
        "Share of the payment paid",
        "share",
        "SUMIF(instalment_months,[t],instalment_shares)",
        values=shares,
    )
    received = np.concatenate([[0.0], np.cumsum(shares)[:-1]])
    grid.column(
        page,
        "received",
        "Share received before",
        "share",
        "[received-]+[instalment-]",
        at_0="0",
        values=received,
    )
    owed = [
        incentives.clawback_owed_share(played.offer.taper, played.offer.tie_in_months, each)
        if each
        else 0.0
        for each in range(months + 1)
    ]
    yearly = f"MAX(0,1-INT(([t]-1)/12)/({tie_in}/12))"
    by_month = f"({tie_in}-([t]-1))/{tie_in}"
    grid.column(
        page,
        "owed",
        "Share of the whole payment that a leaver owes",
        "share",
        f"IF(OR([t]>{tie_in},{chosen}={taper['none']}),0,[received]*IF({chosen}={taper['full']},1,"
        f"IF({chosen}={taper['monthly']},{by_month},{yearly})))",
        at_0="0",
        values=received * np.array(owed),
    )
    matched = bidding.matched(rivals, months)
    grid.column(
        page,
        "matched",
        "Share of neighbours that pay the same",
        "share",
        "IF([t]>in_bidding_match_delay_months,in_bidding_match_chance,0)",
        at_0="0",
        values=np.concatenate([[0.0], matched]),
    )
    grid.column(
        page,
        "poached",
        "People neighbours take, for each extra person",
        "factor",
        "IF(AND(in_bidding_match_delay_months>0,[t]=in_bidding_match_delay_months),"
        "in_bidding_match_chance*in_region_hires_from_neighbours,0)",
        values=bidding.poached(rivals, months),
    )


def view_sheet(book: Book, view: str) -> Sheet:
    """Add the sheet of all groups' money as one view has it."""
    name, title, says = VIEW_SHEETS[view]
    return book.sheet(name, title, WIDTHS, says)


def write_view(page: Sheet, grid: Grid, played: Played, view: str) -> None:
    """Write all groups' money as one view has it: its lines, the allowance, the net."""
    grid.start(page, labelled=True)
    groups = [f"group_{index + 1}" for index in range(len(played.scenario.groups))]
    flows = played.flows[view]
    if view == COUNCIL:
        _people(page, grid, groups, flows)
    for line in LINE_HEADS:
        formula = _line(view, line, groups)
        values = getattr(flows, line)
        grid.column(page, f"{view}.{line}", LINE_HEADS[line], "pounds", formula, values=values)
        _above(grid, played, view, line)
    marks = "+".join(f"{view}_off_{line}*ABS([{view}.{line}])" for line in LINES)
    grid.column(
        page,
        f"{view}.allowance",
        "Allowance for optimism",
        "pounds",
        f"-optimism_on*({marks})",
        values=-played.taken_off(view),
    )
    saved = sum_of(f"{view}.{line}" for line in SAVINGS)
    cost = "-".join(f"[{view}.{line}]" for line in COSTS)
    net = f"{saved}-{cost}+[{view}.clawback]+[{view}.allowance]"
    values = played.net(view)
    grid.column(page, f"{view}.net", "Net", "pounds", net, values=values)
    running = np.cumsum(values)
    grid.column(
        page,
        f"{view}.running",
        "Net so far",
        "pounds",
        f"[{view}.running-]+[{view}.net]",
        at_0=f"[{view}.net]",
        values=running,
    )
    for key, total in (("allowance", -played.taken_off(view).sum()), ("net", values.sum())):
        formula = f"SUM([{view}.{key}:all])"
        grid.above_months(
            f"{view}.{key}", TOTAL, formula, "pounds", float(total), name=f"{view}_sum_{key}"
        )


def _people(page: Sheet, grid: Grid, groups: list[str], flows: Flows) -> None:
    """Write the people of all groups: in post, leaving, lost."""
    columns = (
        ("still_without", "First people still in post, without it", "{g}_takers*[{g}.s0]"),
        ("still_with", "First people still in post, with it", "{g}_takers*[{g}.s1]"),
        ("still_extra", "Extra people in post", "[{g}.still_extra]"),
        ("leavers_without", "Leavers without it", "[{g}.leavers_without]"),
        ("leavers_with", "Leavers with it", "[{g}.leavers_with]"),
        ("extra_leavers_avoided", "Leavers avoided in extra posts", "[{g}.extra_leavers_avoided]"),
        ("poached", "Lost to neighbours", "[{g}.poached]"),
    )
    known = {field.name for field in fields(Flows)}
    for key, heading, formula in columns:
        assert key in known
        made = "+".join(formula.replace("{g}", group) for group in groups)
        values = getattr(flows, key)
        grid.column(page, f"council.{key}", heading, "people", made, values=values)
        if key.startswith(("leavers", "extra", "poached")):
            total = f"SUM([council.{key}:all])"
            name = f"council_sum_{key}"
            grid.above_months(
                f"council.{key}", TOTAL, total, "people", float(values.sum()), name=name
            )


def _line(view: str, line: str, groups: list[str]) -> str:
    """Write a line of a view's money in one month: the sum over groups, or the council's."""
    if view == BUDGET:
        return _budget_line(line)
    if view in {COUNCIL, WHAT_IF}:
        block = "w_" if view == WHAT_IF else ""
        return sum_of(f"{group}.{block}{line}" for group in groups)
    if line == "poached_saving":
        return "0"
    if view == OURS:
        block = "r_" if line in SAVINGS else ""
        return sum_of(f"{group}.{block}{line}" for group in groups)
    return f"neighbours_weight*({sum_of(f'{group}.n_{line}' for group in groups)})"


def _budget_line(line: str) -> str:
    avoided = {
        "leaver_saving": "([council.leavers_without]-[council.leavers_with])",
        "extra_leaver_saving": "[council.extra_leavers_avoided]",
        "poached_saving": "-[council.poached]",
    }
    return f"{avoided[line]}*cost_of_leaver_cash" if line in avoided else f"[council.{line}]"


def _above(grid: Grid, played: Played, view: str, line: str) -> None:
    """Write a line's total, what optimism takes off it, and what is left in today's money."""
    key, name = f"{view}.{line}", f"{view}_{{}}_{line}"
    pounds = getattr(played.flows[view], line)
    size = f"SUMPRODUCT(ABS([{key}:all]))"
    whole = float(np.abs(pounds).sum())
    mark = float(played.marks[line].share)
    part = mark * abs(float(pounds.sum())) / whole if whole > 0 else 0.0
    sign = "+" if line in COSTS else "-"
    worth = float((pounds * played.discount).sum())
    off = part * float((np.abs(pounds) * played.discount).sum())
    grid.above_months(
        key, TOTAL, f"SUM([{key}:all])", "pounds", float(pounds.sum()), name=name.format("sum")
    )
    grid.above_months(
        key,
        SHARE,
        f"IF({size}>0,mark_{line}*ABS(SUM([{key}:all]))/{size},0)",
        "share",
        part,
        name=name.format("off"),
    )
    grid.above_months(
        key,
        TAKEN,
        f"{name.format('off')}*SUMPRODUCT([discount:all],ABS([{key}:all]))",
        "pounds",
        off,
        name=name.format("off_today"),
    )
    left = off * played.on
    grid.above_months(
        key,
        PRESENT,
        f"SUMPRODUCT([discount:all],[{key}:all]){sign}optimism_on*{name.format('off_today')}",
        "pounds",
        worth + left if line in COSTS else worth - left,
        name=name.format("today"),
    )
