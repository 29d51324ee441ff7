"""Golden hellos and retention payments: what they pay, whom they keep, what that saves.

Everything here is numbers in, numbers out. A number may be one value or an array of draws; draws
are leading axes and months the last, so 10,000 draws of a scheme are one call.

Timing: month 0 is the first day, month t = 1..H the t-th month. "In post" at month t is at its
end. Money is pounds, chances and shares are 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import reduce
from typing import Literal

import numpy as np

from retention_lib.rates import MONTHS_IN_YEAR, FloatArray, Number, monthly_chance, still_in_post

SchemeKind = Literal["retention", "golden_hello"]
Taper = Literal["monthly", "yearly", "full", "none"]


@dataclass(frozen=True, kw_only=True)
class Group:
    """People with the same salary and chance of leaving.

    `replacement_leaving_rate` is the annual chance for whoever replaces them; None for the same.
    `monthly_leaving` is the chance of leaving in each month 1..H, shape (..., H), where it changes
    over time; it then takes the place of `annual_leaving_rate`.
    """

    name: str
    headcount: Number
    salary: Number
    annual_leaving_rate: Number
    replacement_leaving_rate: Number | None = None
    monthly_leaving: FloatArray | None = None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An incentive scheme as numbers.

    Exactly one of `payment_flat` (pounds each) and `payment_percent` (percent of salary) is set,
    and exactly one of `leaving_reduction` (share, 0 to 1) and `pay_elasticity` (percent fall in
    leaving for each percent of pay). Instalments are (month, share) and their shares add to 1.
    `fall_left` is the share of the fall in leaving that is left in each month 1..H, shape (..., H);
    None for all of it. `poached` is how many people neighbours take in each month 0..H for each
    extra hire, shape (..., H + 1); None for nobody.
    """

    kind: SchemeKind
    groups: tuple[Group, ...]
    months: int
    instalments: tuple[tuple[int, float], ...]
    tie_in_months: int
    taper: Taper
    recovery_rate: Number
    take_up: Number
    oncost_rate: Number
    leaver_cost: Number
    payment_flat: Number | None = None
    payment_percent: Number | None = None
    leaving_reduction: Number | None = None
    pay_elasticity: Number | None = None
    fall_left: FloatArray | None = None
    poached: FloatArray | None = None
    after_multiplier: Number = 1.0
    after_months: Number = 0
    extra_hires: Number = 0.0
    vacancy_months: Number = 0.0
    net_saving_per_month: Number = 0.0
    hire_cost: Number = 0.0

    @property
    def binding_months(self) -> int:
        """B, the months in which the scheme holds people: to the last of tie-in and instalments."""
        return max(self.tie_in_months, *(month for month, _ in self.instalments))

    @property
    def extra_share(self) -> Number:
        """Extra joiners for each person paid who would have come anyway; none for retention."""
        return self.extra_hires if self.kind == "golden_hello" else 0.0


@dataclass(frozen=True, kw_only=True)
class Flows:
    """A scheme played out, month by month: arrays of shape (..., H + 1), months 0..H.

    People are numbers of people, money is pounds and always positive where its name says so.
    `still_*` count at the month's end the takers who would have been there anyway and the extra
    hires. `leavers_*` are leaving events in those takers' seats. `extra_leavers_avoided` are those
    spared once the posts of extra hires would have been filled anyway. `poached` are people lost to
    neighbours who make the same offer, whoever they are; what that costs is a saving below zero.
    """

    still_without: FloatArray
    still_with: FloatArray
    still_extra: FloatArray
    leavers_without: FloatArray
    leavers_with: FloatArray
    extra_leavers_avoided: FloatArray
    poached: FloatArray
    payments: FloatArray
    on_costs: FloatArray
    clawback: FloatArray
    hiring: FloatArray
    leaver_saving: FloatArray
    extra_leaver_saving: FloatArray
    vacancy_saving: FloatArray
    poached_saving: FloatArray

    @property
    def saving(self) -> FloatArray:
        """All that is saved, in pounds, less what people lost to neighbours cost."""
        kept = self.leaver_saving + self.extra_leaver_saving + self.vacancy_saving
        return kept + self.poached_saving

    @property
    def net_cost(self) -> FloatArray:
        """Payments, on-costs and hiring less what leavers pay back, in pounds."""
        return self.payments + self.on_costs + self.hiring - self.clawback

    @property
    def net(self) -> FloatArray:
        """Saving less net cost, in pounds."""
        return self.saving - self.net_cost


def _over_months(value: Number) -> FloatArray:
    """Give a number, or an array of draws, an axis for months."""
    return np.asarray(value, dtype=np.float64)[..., np.newaxis]


def payment_each(offer: Offer, group: Group) -> Number:
    """Give the whole payment to one person, in pounds, all instalments together.

    Example:
        >>> payment_each(example_offer(), example_offer().groups[0])
        1000.0
    """
    if offer.payment_flat is not None:
        return offer.payment_flat
    if offer.payment_percent is None:
        raise ValueError("An offer needs payment_flat or payment_percent.")
    return offer.payment_percent / 100 * group.salary


def yearly_payment_share(offer: Offer, group: Group) -> Number:
    """Give the payment as a yearly supplement: a share of salary, spread over the months it binds.

    payment / (B / 12) / salary. Studies measure yearly supplements, so a one-off payment is read
    this way before it is compared with them. Zero where the scheme binds nobody (B = 0) or there
    is no salary (less than a pound in all that time).

    Example:
        15% of salary for three years is 5% a year.

        >>> from dataclasses import replace
        >>> offer = replace(example_offer(), payment_flat=None, payment_percent=15.0,
        ...                 tie_in_months=36)
        >>> round(float(yearly_payment_share(offer, offer.groups[0])), 4)
        0.05
    """
    yearly = np.asarray(payment_each(offer, group)) * MONTHS_IN_YEAR
    years_of_pay = np.asarray(offer.binding_months * np.asarray(group.salary), dtype=np.float64)
    is_paid = years_of_pay >= 1
    return np.where(is_paid, yearly / np.where(is_paid, years_of_pay, 1.0), 0.0)


def relative_fall(offer: Offer, group: Group) -> Number:
    """Give e, the relative fall in leaving while the scheme binds, for one group.

    Set directly, or e = min(1, elasticity x yearly payment / salary).

    Example:
        >>> relative_fall(example_offer(), example_offer().groups[0])
        1.0
    """
    if offer.leaving_reduction is not None:
        return offer.leaving_reduction
    if offer.pay_elasticity is None:
        raise ValueError("An offer needs leaving_reduction or pay_elasticity.")
    return np.minimum(1.0, offer.pay_elasticity * yearly_payment_share(offer, group))


def leaving_without_scheme(offer: Offer, group: Group) -> FloatArray:
    """Give h(1..H), the monthly chance of leaving without the scheme.

    Returns:
        Monthly chances, shape (..., H) or one that broadcasts to it.
    """
    if group.monthly_leaving is not None:
        return group.monthly_leaving
    return np.broadcast_to(
        monthly_chance(group.annual_leaving_rate)[..., np.newaxis],
        (*np.shape(group.annual_leaving_rate), offer.months),
    )


def leaving_with_scheme(offer: Offer, group: Group) -> FloatArray:
    """Give h1(1..H), the monthly chance of leaving of people who took the scheme up.

    h (1 - e) while it binds, t = 1..B, or h (1 - e f(t)) where a share f(t) of the fall is left
    (`fall_left`); then h times `after_multiplier`, capped at 1, for `after_months` months (the
    cliff when the tie-in ends); then h.

    Returns:
        Monthly chances, shape (..., H).
    """
    month = np.arange(1, offer.months + 1)
    h = leaving_without_scheme(offer, group)
    fall = _over_months(relative_fall(offer, group))
    binding = h * (1.0 - (fall if offer.fall_left is None else fall * offer.fall_left))
    after = np.minimum(1.0, h * _over_months(offer.after_multiplier))
    cliff_ends = offer.binding_months + _over_months(offer.after_months)
    return np.where(month <= offer.binding_months, binding, np.where(month <= cliff_ends, after, h))


def clawback_owed_share(taper: Taper, tie_in_months: int, month: int) -> float:
    """Give the share of what was received that a leaver in a month owes back.

    A leaver in month t has completed t - 1 months of T. `monthly` (T - (t - 1)) / T; `yearly`
    1 - floor((t - 1) / 12) / (T / 12), never below 0; `full` all; `none` nothing; and nothing
    once t > T.

    Example:
        >>> [clawback_owed_share("yearly", 24, month) for month in (1, 12, 13, 24, 25)]
        [1.0, 1.0, 0.5, 0.5, 0.0]
    """
    if month > tie_in_months or taper == "none":
        return 0.0
    if taper == "full":
        return 1.0
    if taper == "monthly":
        return (tie_in_months - (month - 1)) / tie_in_months
    years_done = (month - 1) // MONTHS_IN_YEAR
    return max(0.0, 1.0 - years_done / (tie_in_months / MONTHS_IN_YEAR))


def _instalment_shares(offer: Offer) -> FloatArray:
    """Give the share of the payment that falls in each month 0..H; later ones are left out."""
    shares = np.zeros(offer.months + 1)
    for month, share in offer.instalments:
        if month <= offer.months:
            shares[month] += share
    return shares


def _owed_shares(offer: Offer) -> FloatArray:
    """Give the share of the whole payment that a leaver owes in each month 0..H."""
    received_before = np.concatenate([[0.0], np.cumsum(_instalment_shares(offer))[:-1]])
    owed = [
        clawback_owed_share(offer.taper, offer.tie_in_months, month) if month else 0.0
        for month in range(offer.months + 1)
    ]
    return np.asarray(received_before * np.array(owed))


def _from_month_1(monthly: FloatArray) -> FloatArray:
    """Put a zero for month 0 before flows of months 1..H."""
    return np.concatenate([np.zeros((*monthly.shape[:-1], 1)), monthly], axis=-1)


def play_group(offer: Offer, group: Group) -> Flows:
    """Play the scheme out for one group.

    Seats that fall empty are refilled at once by someone with monthly chance q. Leaving events in
    month t, for each seat: without, S0(t-1) h + (1 - S0(t-1)) q; with, S1(t-1) h1(t) +
    (1 - S1(t-1)) q. Only people who take the scheme up differ between the two.

    An extra hire fills a post that would have stood vacant for V months: for t <= V each one in
    post at the start of month t saves `net_saving_per_month`; after V each one saves q - h1(t)
    leavers, for someone with chance q would have filled the post.
    """
    h1 = leaving_with_scheme(offer, group)
    h = np.broadcast_to(leaving_without_scheme(offer, group), h1.shape)
    new = group.replacement_leaving_rate
    q = h if new is None else _over_months(monthly_chance(new))
    without, with_scheme = still_in_post(h), still_in_post(h1)
    start_without, start_with = without[..., :-1], with_scheme[..., :-1]

    takers = _over_months(group.headcount) * _over_months(offer.take_up)
    extra = takers * _over_months(offer.extra_share)
    leavers_without = takers * (start_without * h + (1.0 - start_without) * q)
    leavers_with = takers * (start_with * h1 + (1.0 - start_with) * q)

    month = np.arange(1, offer.months + 1)
    vacant = month <= _over_months(offer.vacancy_months)
    extra_start = extra * start_with
    extra_avoided = np.where(vacant, 0.0, extra_start * (q - h1))
    vacancy_saving = np.where(vacant, extra_start * _over_months(offer.net_saving_per_month), 0.0)

    each = _over_months(payment_each(offer, group))
    payments = (takers + extra) * each * _instalment_shares(offer) * with_scheme
    leaving_share = _from_month_1(start_with * h1)
    owed = (takers + extra) * each * _owed_shares(offer) * leaving_share
    first_day = np.arange(offer.months + 1) == 0
    leaver_cost = _over_months(offer.leaver_cost)
    poached = np.zeros_like(payments) if offer.poached is None else extra * offer.poached
    return Flows(
        still_without=takers * without,
        still_with=takers * with_scheme,
        still_extra=extra * with_scheme,
        leavers_without=_from_month_1(leavers_without),
        leavers_with=_from_month_1(leavers_with),
        extra_leavers_avoided=_from_month_1(extra_avoided),
        poached=poached,
        payments=payments,
        on_costs=payments * _over_months(offer.oncost_rate),
        clawback=owed * _over_months(offer.recovery_rate),
        hiring=extra * _over_months(offer.hire_cost) * first_day,
        leaver_saving=_from_month_1((leavers_without - leavers_with) * leaver_cost),
        extra_leaver_saving=_from_month_1(extra_avoided * leaver_cost),
        vacancy_saving=_from_month_1(vacancy_saving),
        poached_saving=-poached * leaver_cost,
    )


def play(offer: Offer) -> Flows:
    """Play the scheme out for all its groups together.

    Example:
        100 people with a monthly chance of 0.01, kept without fail for a year by 1,000 each: 12
        leaving events avoided at 10,000.

        >>> flows = play(example_offer())
        >>> round(float(flows.saving.sum())), round(float(flows.net.sum()))
        (120000, 20000)
    """
    return reduce(added, (play_group(offer, group) for group in offer.groups))


def added(one: Flows, other: Flows) -> Flows:
    """Add flows up, line by line."""
    names = [field.name for field in fields(Flows)]
    return Flows(**{name: getattr(one, name) + getattr(other, name) for name in names})


def people_paid(offer: Offer) -> FloatArray:
    """Count the people who are paid: takers and extra hires, whether or not they stay.

    Example:
        >>> float(people_paid(example_offer()))
        100.0
    """
    per_head = np.asarray(offer.take_up) * (1.0 + np.asarray(offer.extra_share))
    return np.asarray(per_head * sum(np.asarray(group.headcount) for group in offer.groups))


def would_have_stayed(offer: Offer, flows: Flows) -> FloatArray:
    """Count the people paid who would still have been there without the scheme.

    Counted at the end of month min(B, H). Extra hires would not have come, so are not among them.
    """
    return flows.still_without[..., min(offer.binding_months, offer.months)]


def luck_in_headcount(offer: Offer, chance_each: Callable[[Group], FloatArray]) -> FloatArray:
    """Give the standard deviation, by luck alone, of the number of people paid still in post.

    Each person stays or leaves: sqrt(sum over groups of n S (1 - S)), extra hires among the n.

    Args:
        offer: the scheme.
        chance_each: gives S(0..H) for a group, shape (..., H + 1).

    Returns:
        People, shape (..., H + 1).
    """
    per_head = np.asarray(offer.take_up) * (1.0 + np.asarray(offer.extra_share))
    paid = [np.asarray(group.headcount) * per_head for group in offer.groups]
    chances = [chance_each(group) for group in offer.groups]
    variances = [n * s * (1.0 - s) for n, s in zip(paid, chances, strict=True)]
    return np.asarray(np.sqrt(sum(variances, start=np.asarray(0.0))))


def example_offer() -> Offer:
    """Give the hand-checkable world: 100 people, a monthly chance of 0.01, all of them kept.

    Used by the examples in these docstrings; its answers can be worked out on paper.
    """
    people = Group(
        name="Everyone", headcount=100.0, salary=40_000.0, annual_leaving_rate=1.0 - 0.99**12
    )
    return Offer(
        kind="retention",
        groups=(people,),
        months=12,
        instalments=((0, 1.0),),
        tie_in_months=12,
        taper="full",
        recovery_rate=1.0,
        take_up=1.0,
        oncost_rate=0.0,
        leaver_cost=10_000.0,
        payment_flat=1_000.0,
        leaving_reduction=1.0,
    )
