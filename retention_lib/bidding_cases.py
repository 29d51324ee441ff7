"""A scenario's bidding war: nobody bids beside neighbours who do, for the council and the region.

Where the scenario says that nobody bids, the second case is what it would be if as many neighbours
as the register expects matched the offer, so that the threat is seen; it is then labelled so.
"""

from __future__ import annotations

from dataclasses import replace

from retention_lib import bidding
from retention_lib.appraisal import by_financial_year, net_present_value
from retention_lib.assumptions import register
from retention_lib.bidding import Rivals
from retention_lib.incentives import Flows
from retention_lib.model import NOBODY_BIDS, offer_of, rivals_of
from retention_lib.optimism import net_of
from retention_lib.questions import region_net
from retention_lib.rates import FloatArray
from retention_lib.results import Bidding, BiddingCase, BiddingSide, Cell, Column, Table
from retention_lib.scenario import Scenario
from retention_lib.units import UNITS, percent

_HALF_A_PENNY = 0.005


def bidding_of(scenario: Scenario) -> Bidding:
    """Give both cases, each for the council and the region.

    Args:
        scenario: what the user chose.

    Example:
        >>> from retention_lib.presets import preset
        >>> found = bidding_of(preset("middlesbrough-2019").scenario)
        >>> found.is_chosen, found.match_chance, found.match_delay_months
        (False, 0.5, 12)
        >>> found.neighbours_bid.council.saving < found.nobody_bids.council.saving
        True
    """
    chosen = scenario.bidding.match_chance > 0
    usual = register().default("bidding.match_chance")
    war = replace(rivals_of(scenario), match_chance=scenario.bidding.match_chance or usual)
    return Bidding(
        is_chosen=chosen,
        match_chance=scenario.bidding.match_chance or usual,
        match_delay_months=scenario.bidding.match_delay_months,
        neighbours_people=scenario.bidding.neighbours_people,
        nobody_bids=_case(scenario, replace(war, match_chance=0.0)),
        neighbours_bid=_case(scenario, war),
    )


def _case(scenario: Scenario, rivals: Rivals) -> BiddingCase:
    offer = offer_of(scenario, NOBODY_BIDS)
    council, region = bidding.council(offer, rivals), bidding.region(offer, rivals)
    by_year = by_financial_year(net_of(scenario, council))
    worth = float(net_present_value(by_year, scenario.appraisal.discount_rate))
    return BiddingCase(
        council=_side(council, by_year, worth),
        region=_side(region.together, *region_net(scenario, region)),
    )


def _side(seen: Flows, net_by_year: FloatArray, npv: float) -> BiddingSide:
    return BiddingSide(
        net_cost=float(seen.net_cost.sum()),
        saving=float(seen.saving.sum()),
        net_benefit=float(net_by_year.sum()),
        npv=npv,
    )


def bidding_table(found: Bidding) -> Table:
    """Give both cases side by side: what the council and the region pay, save and are left with."""
    theirs = f"{percent(found.match_chance)} of neighbours match it {_when(found)}"
    if not found.is_chosen:
        theirs += " (not in your scenario)"
    cases = {
        "Nobody bids (memorandum of understanding)": found.nobody_bids,
        theirs: found.neighbours_bid,
    }
    sides = [
        (label, who, side)
        for label, case in cases.items()
        for who, side in (("The council", case.council), ("The region", case.region))
    ]
    marked = any(abs(side.allowance) > _HALF_A_PENNY for _, _, side in sides)
    rows: list[tuple[Cell, ...]] = [
        (
            label,
            who,
            side.net_cost,
            side.saving,
            *((-side.allowance,) if marked else ()),
            side.net_benefit,
            side.npv,
        )
        for label, who, side in sides
    ]
    columns = (
        Column("case", "What neighbours do", "text"),
        Column("who", "Who is looking", "text"),
        Column("net_cost", "Cost, less what leavers pay back"),
        Column("saving", "Saved"),
        *((Column("allowance", "Allowance for optimism"),) if marked else ()),
        Column("net_benefit", "Saved less cost"),
        Column("npv", "In today's money (NPV)"),
    )
    return Table("bidding", "If neighbours bid too", columns, tuple(rows))


def _when(found: Bidding) -> str:
    months = found.match_delay_months
    return "at once" if months == 0 else f"after {UNITS['months'].text(months)}"
