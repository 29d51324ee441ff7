"""Payments within a plan: the incentive model's own sums, fitted into the service.

The model says month by month what is paid, owed back and spent on hiring, and by how much fewer of
the people paid leave. Nothing of it is copied here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from retention_lib import incentives
from retention_lib.plans.plan import MONTHS, Incentive, Measure
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray, Number
from retention_lib.workforce.engine import BANDS, Band, sum_of

LINES = ("payments", "on_costs", "clawback", "hiring")


@dataclass(frozen=True, kw_only=True)
class Paid:
    """What one incentive does in a service; arrays of shape (draws, months).

    `money` holds pounds of months 0..H by line; `later` the pounds, with on-costs, that fall due
    after month H to those in post then; `leaving` what is left of the eligible bands' chance of
    leaving in months 1..H, as a factor; `extra` the people it brings in months 1..H.
    """

    money: Mapping[str, FloatArray]
    later: FloatArray
    leaving: FloatArray
    extra: FloatArray


def paid(
    measure: Measure,
    offered: Incentive,
    leaving: Mapping[Band, FloatArray],
    staff: Mapping[Band, FloatArray],
    effect: Mapping[str, Number] = MappingProxyType({}),
) -> Paid:
    """Play an incentive out within a service.

    The people paid leave with the chance of the bands they are in, as it would go anyway. If N
    people of a band of n take it up and the model says that a share m of their leaving is left, a
    share 1 - N / n (1 - m) of the band's is left.

    Args:
        measure: when it starts and ends.
        offered: the offer.
        leaving: each band's monthly chance without any plan, shape (..., H).
        staff: each band's staff on the first day.
        effect: by field, in place of what it sets its effect to; () or (draws,).
    """
    bands = eligible_bands(offered)
    of_bands = sum_of(np.asarray(staff[band]) for band in bands)
    there = np.where(of_bands > 0, of_bands, 1.0)
    together = sum_of(
        (np.asarray(staff[band]) / there)[..., np.newaxis] * leaving[band] for band in bands
    )
    is_there = np.asarray(of_bands > 0)[..., np.newaxis]
    path = np.where(is_there, together, leaving["social_worker"])
    shape = (*path.shape[:-1],)
    money = {line: np.zeros((*shape, MONTHS + 1)) for line in LINES}
    fall = np.zeros((*shape, MONTHS))
    extra = np.zeros((*shape, MONTHS))
    later = np.zeros(shape)
    for start in _starts(measure, offered):
        ends = None if measure.end is None else measure.end - start
        offer = _offer(offered, path[..., start:], effect, ends)
        flows = incentives.play(offer)
        for line in LINES:
            money[line] = _added_from(
                money[line], _from_first_day(getattr(flows, line), start), start
            )
        later = later + _due_later(offer, flows)
        without, with_it = flows.leavers_without[..., 1:], flows.leavers_with[..., 1:]
        left = np.where(without > 0, with_it / np.where(without > 0, without, 1.0), 1.0)
        takers = np.asarray(offered.eligible * offered.scheme.take_up)
        weight = np.minimum(1.0, takers / there)[..., np.newaxis]
        fall = _added_from(fall, weight * (1.0 - left), start)
        extra = _added_from(extra, flows.still_extra[..., :1], start)
    return Paid(money=money, later=later, leaving=np.clip(1.0 - fall, 0.0, None), extra=extra)


def yearly_share(offered: Incentive) -> float:
    """Give the payment as a yearly share of salary, as studies measure it."""
    offer = _offer(offered, np.zeros(MONTHS), {}, None)
    return float(np.asarray(incentives.yearly_payment_share(offer, offer.groups[0])))


def _from_first_day(flow: FloatArray, start: int) -> FloatArray:
    """Book what is paid on an offer's first day in the month that day begins.

    Only the plan's own first day is a month by itself, month 0. An offer of 1 April 2027 is paid in
    2027/28, though the month before it ends on the day before.
    """
    if start == 0:
        return flow
    moved = np.array(flow)
    if moved.shape[-1] > 1:
        moved[..., 1] += moved[..., 0]
        moved[..., 0] = 0.0
    return moved


def _due_later(offer: incentives.Offer, flows: incentives.Flows) -> FloatArray:
    """Give what falls due after the last month, to those who are still in post then, in pounds."""
    share = sum(part for month, part in offer.instalments if month > offer.months)
    each = np.asarray(incentives.payment_each(offer, offer.groups[0])) * share
    people = flows.still_with[..., -1] + flows.still_extra[..., -1]
    return np.asarray(people * each * (1.0 + np.asarray(offer.oncost_rate)))


def _starts(measure: Measure, offered: Incentive) -> Iterator[int]:
    """Give the months in which it is offered: once, or to the joiners of each year."""
    if offered.scheme.kind == "retention":
        yield measure.start
    else:
        yield from range(measure.start, measure.end or MONTHS, MONTHS_IN_YEAR)


def _offer(
    offered: Incentive, path: FloatArray, effect: Mapping[str, Number], ends: int | None
) -> incentives.Offer:
    """Turn it into the incentive model's numbers, from the month it starts.

    A retention payment that is ended pays no instalment after that, and holds nobody any more.
    """
    scheme, does = offered.scheme, offered.effect
    by_hand = does.leaving_reduction is not None
    name = "leaving_reduction" if by_hand else "pay_elasticity"
    value = effect.get(name, getattr(does, name))
    instalments = tuple((each.month, each.share) for each in scheme.instalments)
    tie_in = scheme.tie_in_months
    if ends is not None and scheme.kind == "retention":
        instalments = tuple(each for each in instalments if each[0] <= ends) or ((0, 0.0),)
        tie_in = min(tie_in, ends)
    group = incentives.Group(
        name="",
        headcount=offered.eligible,
        salary=offered.salary,
        annual_leaving_rate=0.0,
        monthly_leaving=path,
    )
    return incentives.Offer(
        kind=scheme.kind,
        groups=(group,),
        months=path.shape[-1],
        instalments=instalments,
        tie_in_months=tie_in,
        taper=scheme.clawback.taper,
        recovery_rate=scheme.clawback.recovery_rate,
        take_up=scheme.take_up,
        oncost_rate=scheme.oncost_rate,
        leaver_cost=0.0,
        payment_flat=scheme.amount.flat,
        payment_percent=scheme.amount.percent_of_salary,
        leaving_reduction=value if by_hand else None,
        pay_elasticity=None if by_hand else value,
        after_multiplier=does.after_multiplier,
        after_months=does.after_months,
        extra_hires=effect.get("extra_hires", does.extra_hires),
        hire_cost=offered.hire_cost,
    )


def _added_from(whole: FloatArray, part: FloatArray, start: int) -> FloatArray:
    """Add flows to a longer row of months, from a month on."""
    length = part.shape[-1]
    wide = np.zeros((*np.broadcast_shapes(whole.shape[:-1], part.shape[:-1]), whole.shape[-1]))
    wide[...] = whole
    wide[..., start : start + length] += part
    return wide


def eligible_bands(offered: Incentive) -> tuple[Band, ...]:
    """List the bands it is offered to, in order of experience."""
    return tuple(band for band in BANDS if band in offered.bands)
