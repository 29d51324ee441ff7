"""The questions behind an offer: what must be true, what changes the answer, for whom, is it fair.

Each is a function of a scenario, and of the flows it plays out to where those are needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from retention_lib import incentives
from retention_lib.appraisal import by_financial_year, net_present_value
from retention_lib.assumptions import Assumption, register
from retention_lib.documents import leaves
from retention_lib.evidence import findings, span
from retention_lib.incentives import Flows
from retention_lib.model import cashable_leaver_cost, net_benefit, npv, offer_of
from retention_lib.rates import FloatArray
from retention_lib.results import Bar, BreakEven, View
from retention_lib.scenario import FROM_PARTS, Scenario
from retention_lib.uncertainty import (
    Range,
    ValueAt,
    crossing_of_line,
    first_pays,
    last_pays,
    tornado,
)

_FALL = "effect.leaving_reduction"
_EXTRA = "effect.extra_hires"
_EIGHTY_PERCENT = 1.2816  # standard deviations either side of the middle that hold 80%
_SEARCHED_DOUBLINGS = 60
_SEARCH_STEP = 1 / 16  # of a doubling: a payment may pay only between one figure and the next
_NO_DIFFERENCE = 0.5  # pounds
# The first makes the scheme larger or smaller, not better; the second is the budget's affair.
_NO_TURN = {"scheme.take_up", "leaver_cost_cashable_share"}


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


def _view(saving: FloatArray, flows: Flows, discount_rate: float) -> View:
    by_year = by_financial_year(saving - flows.net_cost)
    return View(
        saving=float(saving.sum()),
        net_benefit=float(by_year.sum()),
        npv=float(net_present_value(by_year, discount_rate)),
        net_by_year=tuple(by_year.tolist()),
    )


def cashable_saving(scenario: Scenario, flows: Flows) -> FloatArray:
    """Give the saving in cash by month, in pounds: without the work lost while starters learn.

    Of the cost of a leaver only the cashable part counts; agency cover no longer needed, and the
    pay of a post that is filled, are all cash.
    """
    avoided = flows.leavers_without - flows.leavers_with + flows.extra_leavers_avoided
    return avoided * cashable_leaver_cost(scenario) + flows.vacancy_saving


def budget_view(scenario: Scenario, flows: Flows) -> View:
    """Give what a budget would see: cash only (see :func:`cashable_saving`)."""
    return _view(cashable_saving(scenario, flows), flows, scenario.appraisal.discount_rate)


def region_view(scenario: Scenario, flows: Flows) -> View:
    """Give what the council and its neighbours together would see.

    A leaver kept from going to a neighbour, or a hire taken from one, is worth nothing to the
    region: saving from leavers x (1 - share going to neighbours), and everything an extra hire
    brings x (1 - share coming from neighbours). The council's cost is the region's cost.
    """
    kept = 1.0 - scenario.region.leavers_to_neighbours
    new = 1.0 - scenario.region.hires_from_neighbours
    saving = (
        flows.leaver_saving * kept
        + flows.extra_leaver_saving * kept * new
        + flows.vacancy_saving * new
    )
    return _view(saving, flows, scenario.appraisal.discount_rate)


@dataclass(frozen=True)
class Parity:
    """What the same offer to people who do not get it would cost, in pounds."""

    paid: float
    paid_back: float

    @property
    def net(self) -> float:
        """Payments and on-costs less what leavers pay back."""
        return self.paid - self.paid_back


def parity_costs(scenario: Scenario) -> tuple[Parity, ...]:
    """Price the same offer to each group that does not get it: what it costs, no effect credited.

    Payments with on-costs, and what leavers would pay back, over the appraisal, at the same
    take-up; one for each group in `not_offered`.
    """
    offer = replace(
        offer_of(scenario),
        kind="retention",
        leaving_reduction=0.0,
        pay_elasticity=None,
        after_multiplier=1.0,
    )
    found = []
    for group in scenario.not_offered:
        flows = incentives.play_group(
            offer,
            incentives.Group(
                name=group.name,
                headcount=group.headcount,
                salary=group.salary,
                annual_leaving_rate=group.annual_leaving_rate,
            ),
        )
        paid = float(flows.payments.sum() + flows.on_costs.sum())
        found.append(Parity(paid, float(flows.clawback.sum())))
    return tuple(found)


def uncertain(scenario: Scenario) -> tuple[tuple[Range, Assumption], ...]:
    """List the uncertain numbers that this scenario's NPV depends on, with their ranges.

    The range is the register's, stretched to hold the scenario's own value; for the fall in
    leaving it is what studies found for such a payment; for a leaving rate it is the
    luck of one year in a group of that size, eight years in ten.
    """
    found = []
    for path, value in leaves(scenario.to_dict()):
        row = register().behind(path)
        if row is None or row.kind != "uncertainty" or not _matters(scenario, path):
            continue
        ends = _ends(scenario, path, row, value)
        low, high = min(*ends, value), max(*ends, value)
        if low < high:
            found.append((Range(path, low, value, high), row))
    return tuple(found)


def _matters(scenario: Scenario, path: str) -> bool:
    """Tell whether NPV depends on a field at all."""
    if not isinstance(scenario.at(path), (int, float)):
        return False
    golden = scenario.scheme.kind == "golden_hello"
    if path.startswith("costs."):
        parts = scenario.leaver_cost == FROM_PARTS
        vacancy = golden and scenario.vacancy.net_saving_per_month == FROM_PARTS
        shared = path.removeprefix("costs.") in {
            "agency_premium_per_year",
            "pay_with_oncosts_per_year",
            "covered_share",
        }
        return parts or (vacancy and shared)
    if path == _EXTRA or path.startswith("vacancy."):
        return golden
    if path == "effect.after_months":
        return scenario.effect.after_multiplier != 1.0
    if path == "effect.after_multiplier":
        return scenario.effect.after_months > 0
    return not path.startswith("region.") and path not in _NO_TURN


def _ends(scenario: Scenario, path: str, row: Assumption, value: float) -> tuple[float, float]:
    """Give the low and the high end of an uncertain number."""
    if path == _FALL:
        return fall_range(scenario)
    if path.endswith(".annual_leaving_rate"):
        group = scenario.groups[int(path.split(".")[1])]
        luck = _EIGHTY_PERCENT * math.sqrt(value * (1 - value) / max(group.headcount, 1.0))
        return max(0.0, value - luck), min(1.0, value + luck)
    assert row.low is not None
    assert row.high is not None
    return row.low, row.high


def fall_range(scenario: Scenario) -> tuple[float, float]:
    """Give the fall in leaving to expect of this payment: the least and the most studies found.

    Each study of pay is read on the footing of this payment. Where none gives a number, the
    register's response to pay (percent for each percent) x the payment as a yearly share of salary.
    """
    share = yearly_share(scenario)
    found = span(findings(scenario.scheme.kind, share))
    if found is not None:
        return found
    row = register()["pay_elasticity"]
    return min(1.0, (row.low or 0.0) * share), min(1.0, (row.high or 0.0) * share)


def net_benefit_at_ends(scenario: Scenario) -> tuple[float, float]:
    """Give net benefit at both ends of what is known of the scheme's effect, in pounds.

    For a retention payment the fall in leaving that studies allow; for a golden hello the
    register's range of extra joiners.
    """
    if scenario.scheme.kind == "golden_hello":
        row = register()["extra_hires"]
        path, ends = _EXTRA, (row.low or 0.0, row.high or 0.0)
    else:
        path, ends = _FALL, fall_range(scenario)
    low, high = net_benefit(scenario, {path: np.array(ends)})
    return float(low), float(high)


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


def tornado_bars(scenario: Scenario) -> tuple[Bar, ...]:
    """Say what each uncertain number alone does to NPV, the widest first."""
    rows = {each.key: (each, row) for each, row in uncertain(scenario)}
    bars = tornado(lambda draws: npv(scenario, draws), [each for each, _ in rows.values()])
    named = []
    for bar in bars:
        if bar.width < _NO_DIFFERENCE:
            continue
        _, row = rows[bar.key]
        named.append(
            Bar(
                path=bar.key,
                label=row.label + _whose(scenario, bar.key),
                low_text=row.unit.text(bar.low),
                high_text=row.unit.text(bar.high),
                npv_at_low=bar.value_at_low,
                npv_at_high=bar.value_at_high,
            )
        )
    return tuple(named)


def _whose(scenario: Scenario, path: str) -> str:
    """Name the group that a field belongs to, where there is more than one."""
    if not path.startswith("groups.") or len(scenario.groups) == 1:
        return ""
    return f" ({scenario.groups[int(path.split('.')[1])].name})"
