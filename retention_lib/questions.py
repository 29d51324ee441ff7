"""The questions behind an offer: what must be true, for whom, is it fair.

Each is a function of a scenario, and of the flows it plays out to where those are needed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from retention_lib import bidding, incentives
from retention_lib.appraisal import by_financial_year, net_present_value
from retention_lib.bidding import Region, Rivals
from retention_lib.incentives import Flows
from retention_lib.model import NOBODY_BIDS, cashable_leaver_cost, npv, offer_of, rivals_of
from retention_lib.optimism import net_of, taken_off
from retention_lib.rates import FloatArray
from retention_lib.results import BreakEven, View
from retention_lib.scenario import Scenario
from retention_lib.uncertainty import (
    ValueAt,
    crossing_of_line,
    first_pays,
    last_pays,
)

_FALL = "effect.leaving_reduction"
_EXTRA = "effect.extra_hires"
_SEARCHED_DOUBLINGS = 60
_SEARCH_STEP = 1 / 16  # of a doubling: a payment may pay only between one figure and the next


def payment_path(scenario: Scenario) -> str:
    """Name the field that holds the payment: a flat sum, or a percentage of salary."""
    flat = scenario.scheme.amount.flat is not None
    return "scheme.amount.flat" if flat else "scheme.amount.percent_of_salary"


def break_even(scenario: Scenario) -> BreakEven:
    """Solve for what would have to be true, each number alone, for NPV to be zero.

    The fall in leaving is the smallest from 0 to 1; None where even 1 is not enough, 0 where the
    scheme pays anyway. The payment is the largest that still breaks even; None where nothing, or
    anything, would. Extra hires are the smallest number for each joiner who would have come
    anyway; None for a retention payment, which brings nobody in.
    """
    golden = scenario.scheme.kind == "golden_hello"
    return BreakEven(
        leaving_reduction=first_pays(lambda falls: npv(scenario, {_FALL: falls}), 0.0, 1.0),
        payment=_largest_payment(scenario),
        extra_hires=_fewest_extra_hires(scenario) if golden else None,
    )


def _fewest_extra_hires(scenario: Scenario) -> float | None:
    """NPV is a straight line in extra hires, so two points give the crossing."""

    def value_at(extra: FloatArray) -> FloatArray:
        return npv(scenario, {_EXTRA: extra})

    at_0, at_1 = value_at(np.array([0.0, 1.0]))
    return 0.0 if at_0 >= 0 else _zero_of_line(value_at, float(at_0), float(at_1))


def _zero_of_line(value_at: ValueAt, at_0: float, at_1: float) -> float | None:
    """Find where a straight line is zero; a second look from there keeps the last pennies."""
    x = crossing_of_line(at_0, at_1)
    if not x:
        return x
    nearer = crossing_of_line(at_0, float(value_at(np.array([x]))[0]))
    return x if nearer is None else x * nearer


def _largest_payment(scenario: Scenario) -> float | None:
    """Solve for the payment: a straight line where the effect is set, a search where it follows."""
    path = payment_path(scenario)

    def value_at(payments: FloatArray) -> FloatArray:
        return npv(scenario, {path: payments})

    at_0, at_1 = value_at(np.array([0.0, 1.0]))
    if scenario.effect.leaving_reduction is not None:
        falls = at_0 >= 0 and at_1 < at_0
        return _zero_of_line(value_at, float(at_0), float(at_1)) if falls else None
    ladder = 2.0 ** np.arange(-_SEARCHED_DOUBLINGS // 2, _SEARCHED_DOUBLINGS // 2, _SEARCH_STEP)
    values = value_at(ladder)
    pays = np.flatnonzero(values >= 0)
    if pays.size == 0:
        return 0.0 if at_0 >= 0 else None
    highest = int(pays[-1])
    if highest == ladder.size - 1:
        return None
    return last_pays(value_at, float(ladder[highest]), float(ladder[highest + 1]))


def _view(scenario: Scenario, saving: FloatArray, seen: Flows) -> View:
    by_year = by_financial_year(saving - seen.net_cost - taken_off(scenario, seen))
    return View(
        saving=float(saving.sum()),
        net_benefit=float(by_year.sum()),
        npv=float(net_present_value(by_year, scenario.appraisal.discount_rate)),
        net_by_year=tuple(by_year.tolist()),
    )


def cashable_saving(scenario: Scenario, flows: Flows) -> FloatArray:
    """Give the saving in cash by month, in pounds: without the work lost while starters learn.

    Of the cost of a leaver only the cashable part counts, also of one lost to neighbours; agency
    cover no longer needed, and the pay of a post that is filled, are all cash.
    """
    avoided = flows.leavers_without - flows.leavers_with + flows.extra_leavers_avoided
    avoided = avoided - flows.poached
    return avoided * cashable_leaver_cost(scenario) + flows.vacancy_saving


def cash_flows(scenario: Scenario, flows: Flows) -> Flows:
    """Give the same flows with nothing but cash in their savings, line by line."""
    cash = cashable_leaver_cost(scenario)
    return replace(
        flows,
        leaver_saving=(flows.leavers_without - flows.leavers_with) * cash,
        extra_leaver_saving=flows.extra_leavers_avoided * cash,
        poached_saving=-flows.poached * cash,
    )


def budget_view(scenario: Scenario, flows: Flows) -> View:
    """Give what a budget would see: cash only (see :func:`cashable_saving`)."""
    return _view(scenario, cashable_saving(scenario, flows), cash_flows(scenario, flows))


def region_view(scenario: Scenario, flows: Flows) -> View:
    """Give what the council and its neighbours together would see.

    A leaver kept from going to a neighbour, or a hire taken from one, is worth nothing to the
    region: saving from leavers x (1 - share going to neighbours), and everything an extra hire
    brings x (1 - share coming from neighbours). The council's cost is the region's cost. Where
    neighbours bid, their offers are the region's too: see :func:`bidding.region`.
    """
    if scenario.bidding.match_chance > 0:
        return region_side(scenario, rivals_of(scenario))
    kept = 1.0 - scenario.region.leavers_to_neighbours
    new = 1.0 - scenario.region.hires_from_neighbours
    seen = replace(
        flows,
        leaver_saving=flows.leaver_saving * kept,
        extra_leaver_saving=flows.extra_leaver_saving * kept * new,
        vacancy_saving=flows.vacancy_saving * new,
    )
    return _view(scenario, seen.saving, seen)


def region_side(scenario: Scenario, rivals: Rivals) -> View:
    """Give what the region would see, whatever neighbours do.

    Years are those of each offer from its own first day; NPV is of our first year.
    """
    seen = bidding.region(offer_of(scenario, NOBODY_BIDS), rivals)
    by_year, worth = region_net(scenario, seen)
    return View(
        saving=float(seen.together.saving.sum()),
        net_benefit=float(by_year.sum()),
        npv=worth,
        net_by_year=tuple(by_year.tolist()),
    )


def region_net(scenario: Scenario, seen: Region) -> tuple[FloatArray, float]:
    """Give the region's net benefit by year of each offer, and NPV: theirs begin later."""
    rate = scenario.appraisal.discount_rate
    ours, theirs = (by_financial_year(net_of(scenario, one)) for one in (seen.ours, seen.theirs))
    worth = net_present_value(ours, rate) + seen.later(rate) * net_present_value(theirs, rate)
    return ours + theirs, float(worth)


def yearly_share(scenario: Scenario) -> float:
    """Give the payment as a yearly share of salary, averaged over the people it is offered to."""
    offer = offer_of(scenario)
    heads = [group.headcount for group in scenario.groups]
    shares = [
        float(np.asarray(incentives.yearly_payment_share(offer, group))) for group in offer.groups
    ]
    if sum(heads) == 0:
        return sum(shares) / len(shares)
    return sum(n * share for n, share in zip(heads, shares, strict=True)) / sum(heads)


def relative_fall(scenario: Scenario) -> float:
    """Give the fall in leaving assumed, averaged over the people it is offered to."""
    offer = offer_of(scenario)
    falls = [float(np.asarray(incentives.relative_fall(offer, group))) for group in offer.groups]
    heads = [group.headcount for group in scenario.groups]
    if sum(heads) == 0:
        return sum(falls) / len(falls)
    return sum(n * fall for n, fall in zip(heads, falls, strict=True)) / sum(heads)
