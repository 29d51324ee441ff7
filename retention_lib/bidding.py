"""A bidding war: neighbours match an offer, its effect decays, and the region pays for all.

Numbers in, numbers out. An offer keeps people for two reasons: it makes staying worth more than
leaving the field, and it is better than what neighbours pay. Once a neighbour pays the same, the
second is gone: there is no reason left to move either way between it and us. With

    lam  share of leavers who go to neighbours          e  relative fall in leaving while it binds
    mu   share of extra hires who come from neighbours  x  extra hires for each who would have come
    p    chance that a neighbour matches, or equally the share of neighbours that do
    D    months until they do, the same for all of them
    N    people eligible at neighbours for each of ours
    m(t) share of neighbours that pay the same in month t: p where t > D, 0 before

what is left of the fall in leaving in month t is e (1 - lam m(t)). Extra hires come on the first
day, month 0: where neighbours match at once (D = 0) there are x (1 - mu p) of them; where they
match later, the people have been hired and stay hired. A memorandum of understanding between
councils is the case in which nobody bids, p = 0.

A golden hello is paid for moving, so neighbours who make theirs in month D take people as we did:
mu of their extra hires come from councils, and of equally large councils as many from us as from
any other. We lose p mu x people in month D for each who would have joined us anyway, whoever they
are, and each costs what a leaver costs. Where D = 0 nobody is lost, for the hires whom neighbours
take back have not come: (1 - mu p) counts them already.

The council pays for its own offer, and gains what the decayed effect brings it, less whom it loses.
The region pays for the council's offer and for every neighbour's that matches, and gains only what
is no move between councils; whom neighbours take from us is one. Leavers are told apart by where
they go: of those who are ours, h (1 - e (1 - lam m(t))) leave us in a month, and (1 - lam) h (1 -
e) leave the region, whoever bids.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import reduce

import numpy as np

from retention_lib import incentives
from retention_lib.incentives import Flows, Group, Offer
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray, Number


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """What neighbours do: lam, mu, p, D (months) and N of this module; shares from 0 to 1."""

    leavers_to_neighbours: Number
    hires_from_neighbours: Number
    match_chance: Number
    match_delay_months: Number
    people: Number = 0.0


def matched(rivals: Rivals, months: int) -> FloatArray:
    """Give m(1..H), the share of neighbours that pay the same: p in months t > D, 0 before.

    Returns:
        Shares, shape (..., H).

    Example:
        Half of them match after two months.

        >>> matched(example_rivals(), 4).tolist()
        [0.0, 0.0, 0.5, 0.5]
    """
    month = np.arange(1, months + 1)
    delay = np.asarray(rivals.match_delay_months)[..., np.newaxis]
    return np.where(month > delay, np.asarray(rivals.match_chance)[..., np.newaxis], 0.0)


def matched_at_once(rivals: Rivals) -> Number:
    """Give m on the first day, when extra hires come: p where D = 0, otherwise 0.

    Example:
        >>> float(matched_at_once(example_rivals()))
        0.0
    """
    return np.where(np.asarray(rivals.match_delay_months) > 0, 0.0, rivals.match_chance)


def poached(rivals: Rivals, months: int) -> FloatArray:
    """Give how many people neighbours take from us in months 0..H for each extra hire: p mu in D.

    Nobody where D = 0 or D > H; in the month after where D is not a whole month.

    Returns:
        People, shape (..., H + 1).

    Example:
        Half of neighbours match after two months; half of whom they hire are ours or other
        councils'.

        >>> poached(example_rivals(), 4).tolist()
        [0.0, 0.0, 0.25, 0.0, 0.0]
    """
    month = np.arange(months + 1)
    delay = np.ceil(np.asarray(rivals.match_delay_months))[..., np.newaxis]
    taken = np.asarray(rivals.match_chance) * np.asarray(rivals.hires_from_neighbours)
    return np.where((month == delay) & (delay > 0), taken[..., np.newaxis], 0.0)


def bid_down(offer: Offer, rivals: Rivals) -> Offer:
    """Give the offer with what neighbours leave of its effect: e (1 - lam m(t)), x (1 - mu m(0)).

    And whom they take from us for each extra hire: see :func:`poached`.

    Args:
        offer: the offer as if nobody bid.
        rivals: what neighbours do; where nobody bids the offer stays as it is.

    Example:
        A quarter of leavers go to neighbours, half of whom match after two months: an eighth of
        the fall in leaving is gone from then on.

        >>> bid = bid_down(incentives.example_offer(), example_rivals())
        >>> bid.fall_left[:4].tolist()
        [1.0, 1.0, 0.875, 0.875]
    """
    if not np.any(rivals.match_chance):
        return offer
    lam = np.asarray(rivals.leavers_to_neighbours)[..., np.newaxis]
    stay_away = np.asarray(rivals.hires_from_neighbours) * matched_at_once(rivals)
    return replace(
        offer,
        fall_left=1.0 - lam * matched(rivals, offer.months),
        extra_hires=offer.extra_hires * (1.0 - stay_away),
        poached=poached(rivals, offer.months),
    )


def council(offer: Offer, rivals: Rivals) -> Flows:
    """Play the council's side: its own cost in full, its own saving with the decayed effect.

    Less what people cost whom neighbours take from it by their golden hellos.

    Example:
        Of 12 leavers kept in a year at 10,000, an eighth of those in the last ten months are lost
        again: 1.25, and a little more, for whoever takes their places may leave too.

        >>> flows = council(incentives.example_offer(), example_rivals())
        >>> round(float(flows.saving.sum()), -3)
        107000.0
    """
    return incentives.play(bid_down(offer, rivals))


@dataclass(frozen=True, kw_only=True)
class Region:
    """The region's side: the council's offer, and those of all neighbours that match it.

    Months of each are its own, from its own first day; that of `theirs` is `delay_months` later.
    Savings are the region's part of them.
    """

    ours: Flows
    theirs: Flows
    delay_months: int

    @property
    def together(self) -> Flows:
        """All offers added up, month 0 the first day of each."""
        return incentives.added(self.ours, self.theirs)

    def later(self, discount_rate: float) -> float:
        """Give what a pound of `theirs` is worth as one of `ours`: (1 + d)^(-D / 12).

        By the month and not by financial years: theirs are discounted within their own, and a
        delay of a month more makes them worth a little less, never a whole year's discount.
        """
        return float((1.0 + discount_rate) ** (-self.delay_months / MONTHS_IN_YEAR))


def region(offer: Offer, rivals: Rivals) -> Region:
    """Play the region's side: what all who pay pay, and what is no move between councils.

    Cost: ours, and p x N x that of a neighbour, which is ours D months later. A neighbour is
    followed for H months as we are, from its own first day, so that none pays without its saving,
    however late it is. On that day all who would match have matched, so its own effect is
    e (1 - lam p) from then on, and of its extra hires x (1 - mu p) come.

    Saving: of each council, leavers who stay in the region are neither lost nor gained. What is
    gained in month t is (1 - lam) [without - (S1(t-1) h (1 - e) + (1 - S1(t-1)) q)]: the council's
    own leavers avoided plus those that neighbours' matching took from it, S1(t-1) h e lam m(t),
    all x (1 - lam). Of what extra hires bring, the share that did not come from neighbours,
    (1 - mu) / (1 - mu m(0)). Where nobody bids this is saving x (1 - lam), and extra hires' x
    (1 - mu). Whom neighbours take from us is a move.

    Args:
        offer: the offer as if nobody bid.
        rivals: what neighbours do; D in whole months, single values and not draws.

    Returns:
        People and money of our offer, and of all of theirs.

    Example:
        Four people at neighbours for each of ours, half of whom match after two months, cost
        0.5 x 4 x what ours does.

        >>> found = region(incentives.example_offer(), example_rivals())
        >>> round(float(found.ours.payments[0])), round(float(found.theirs.payments[0]))
        (100000, 200000)
    """
    ours = _one_council(offer, rivals)
    weight = float(np.asarray(rivals.match_chance)) * float(np.asarray(rivals.people))
    delay = int(np.asarray(rivals.match_delay_months))
    at_once = replace(rivals, match_delay_months=0)
    theirs = _one_council(_from_month(offer, delay), at_once) if weight else ours
    times = {field.name: weight * getattr(theirs, field.name) for field in fields(Flows)}
    return Region(ours=ours, theirs=Flows(**times), delay_months=delay)


def _from_month(offer: Offer, delay: int) -> Offer:
    """Give the offer as a neighbour makes it in a later month, for as many months as ours.

    Leaving that changes over time stays as in the last month that is known.
    """
    month = np.minimum(np.arange(delay, delay + offer.months), offer.months - 1)
    groups = tuple(
        group
        if group.monthly_leaving is None
        else replace(group, monthly_leaving=group.monthly_leaving[..., month])
        for group in offer.groups
    )
    return replace(offer, groups=groups)


def _later(flows: FloatArray, delay: int) -> FloatArray:
    """Put flows off by some months: nothing until then."""
    return np.concatenate([np.zeros((*flows.shape[:-1], delay)), flows], axis=-1)


def _one_council(offer: Offer, rivals: Rivals) -> Flows:
    """Give what one council pays, and what of its saving is the region's."""
    bid = bid_down(offer, rivals)
    return reduce(incentives.added, (_as_region(bid, group, rivals) for group in bid.groups))


def _as_region(bid: Offer, group: Group, rivals: Rivals) -> Flows:
    """Play an offer that is bid down for one group, and count what the region gains; see region."""
    flows = incentives.play_group(bid, group)
    month = np.arange(1, bid.months + 1)
    lam = np.asarray(rivals.leavers_to_neighbours)[..., np.newaxis]
    fall = np.asarray(incentives.relative_fall(bid, group))[..., np.newaxis]
    moved = incentives.leaving_without_scheme(bid, group) * fall * lam * matched(rivals, bid.months)
    moved = np.where(month <= bid.binding_months, moved, 0.0)
    moved = moved * np.asarray(bid.leaver_cost)[..., np.newaxis]
    filled = month > np.asarray(bid.vacancy_months)[..., np.newaxis]
    leavers = _later(flows.still_with[..., :-1] * moved, 1)
    extra = _later(np.where(filled, flows.still_extra[..., :-1] * moved, 0.0), 1)
    new = _new_to_the_region(rivals)
    return replace(
        flows,
        leaver_saving=(flows.leaver_saving + leavers) * (1.0 - lam),
        extra_leaver_saving=(flows.extra_leaver_saving + extra) * (1.0 - lam) * new,
        vacancy_saving=flows.vacancy_saving * new,
        poached=np.zeros_like(flows.poached),
        poached_saving=np.zeros_like(flows.poached_saving),
    )


def _new_to_the_region(rivals: Rivals) -> FloatArray:
    """Give the share of the extra hires who came that did not come from neighbours."""
    mu = np.asarray(rivals.hires_from_neighbours, dtype=np.float64)
    came = 1.0 - mu * matched_at_once(rivals)
    someone = came > 0
    share = np.where(someone, (1.0 - mu) / np.where(someone, came, 1.0), 0.0)
    return np.asarray(share)[..., np.newaxis]


def example_rivals() -> Rivals:
    """Give neighbours for the examples: a quarter of leavers go there, half match after 2 months.

    They have four people for each of ours. Used by the examples in these docstrings.
    """
    return Rivals(
        leavers_to_neighbours=0.25,
        hires_from_neighbours=0.5,
        match_chance=0.5,
        match_delay_months=2,
        people=4.0,
    )
