"""Is it fair: who is offered a payment, who is not and why, pounds a head, and the price of parity.

Parity is the same offer to people who do not get it: what it costs, no effect credited. Money is
pounds over the appraisal, months 0..H; people are numbers of people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from retention_lib import incentives
from retention_lib.incentives import Offer
from retention_lib.model import offer_of
from retention_lib.results import Cell, Column, Fairness, ParityLine, Table
from retention_lib.scenario import Group, LeftOut, OtherStaff, Scenario

WHY: Mapping[LeftOut, str] = {
    "long_serving": "Long-serving staff not offered it",
    "other_grade": "Social workers of other grades",
    "adult_social_workers": "Adult social workers",
    "other": "Others not offered it",
}
"""Why people are not offered a payment, as they are called."""

STANDARD: tuple[LeftOut, ...] = ("long_serving", "other_grade", "adult_social_workers")
"""The three that a council is asked about, whatever the case says of them."""

LEFT_OUT = "not_offered."
"""How the fields of people who are left out begin."""

_WORDS = ("grade", "service", "role", "why")
_ALL = "Everyone not offered it"


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
    offer = _without_effect(offer_of(scenario))
    found = []
    for group in scenario.not_offered:
        flows = incentives.play_group(offer, _numbers(group))
        paid = float(flows.payments.sum() + flows.on_costs.sum())
        found.append(Parity(paid, float(flows.clawback.sum())))
    return tuple(found)


def _without_effect(offer: Offer) -> Offer:
    """Give the offer as a payment to people in post that changes nobody's mind."""
    return replace(
        offer, kind="retention", leaving_reduction=0.0, pay_elasticity=None, after_multiplier=1.0
    )


def _numbers(group: OtherStaff) -> incentives.Group:
    return incentives.Group(
        name=group.name,
        headcount=group.headcount,
        salary=group.salary,
        annual_leaving_rate=group.annual_leaving_rate,
    )


def paid_to_each(offer: Offer, group: incentives.Group) -> float:
    """Give what one person who signs up is expected to be paid, in pounds, before on-costs.

    payment x sum over instalments of share x chance of being in post at its month, S1(m), up to
    the end of the appraisal; nothing is taken off for what leavers pay back.

    Example:
        Half on the first day, half after a year in which nobody leaves: all of the 1,000.

        >>> offer = replace(incentives.example_offer(), instalments=((0, 0.5), (12, 0.5)))
        >>> paid_to_each(offer, offer.groups[0])
        1000.0
    """
    one = replace(group, headcount=1.0)
    alone = replace(offer, groups=(one,), take_up=1.0, extra_hires=0.0)
    return float(incentives.play(alone).payments.sum())


def parity_lines(scenario: Scenario, parity: tuple[Parity, ...]) -> tuple[ParityLine, ...]:
    """Add parity up by why people are left out; None where no number of people is given.

    A group of 0 people counts as given where a file calls it by a name of its own.

    The three standard reasons are always listed, others where there are any, and the total last.

    Example:
        >>> from retention_lib.presets import preset
        >>> middlesbrough = preset("middlesbrough-2019").scenario
        >>> lines = parity_lines(middlesbrough, parity_costs(middlesbrough))
        >>> [(line.why, line.people) for line in lines][-1]
        ('all', 170.0)
    """
    pairs = list(zip(scenario.not_offered, parity, strict=True))
    found = []
    for why in get_args(LeftOut):
        theirs = [(group, cost) for group, cost in pairs if group.why == why]
        if theirs or why in STANDARD:
            found.append(_line(why, WHY[why], theirs))
    return (*found, _line("all", _ALL, pairs))


def _line(why: str, label: str, pairs: list[tuple[OtherStaff, Parity]]) -> ParityLine:
    if all(_only_asked(group) for group, _ in pairs):
        return ParityLine(why=why, label=label, people=None, paid=None, paid_back=None, net=None)
    people = sum(group.headcount for group, _ in pairs)
    paid, back = (sum(getattr(cost, name) for _, cost in pairs) for name in ("paid", "paid_back"))
    return ParityLine(
        why=why, label=label, people=people, paid=paid, paid_back=back, net=paid - back
    )


def fairness_of(scenario: Scenario, offer: Offer, parity: tuple[Parity, ...]) -> Fairness:
    """Give what fairness comes to: pounds a head where it is offered, and parity by reason.

    Args:
        scenario: what the user chose.
        offer: its numbers.
        parity: what the same offer would cost, for each group left out.
    """
    heads = sum(group.headcount for group in scenario.groups)
    paid = sum(
        group.headcount * _per_head(offer, numbers)
        for group, numbers in zip(scenario.groups, offer.groups, strict=True)
    )
    return Fairness(
        offered_to=heads,
        per_head=paid / heads if heads else None,
        parity=parity_lines(scenario, parity),
    )


def _per_head(offer: Offer, group: incentives.Group) -> float:
    return float(np.asarray(offer.take_up)) * paid_to_each(offer, group)


def fairness_table(scenario: Scenario, offer: Offer, parity: tuple[Parity, ...]) -> Table:
    """Give who is offered the payment, who is not and why, and what parity would cost, by group."""
    rows: list[tuple[Cell, ...]] = []
    for group, numbers in zip(scenario.groups, offer.groups, strict=True):
        each = float(np.asarray(incentives.payment_each(offer, numbers)))
        expected = paid_to_each(offer, numbers)
        head = _per_head(offer, numbers)
        given = (group.headcount, each, expected, head, None, None, None)
        rows.append((*_said(group), "Offered it", None, *given))
    for other, cost in zip(scenario.not_offered, parity, strict=True):
        lacking = (other.headcount, 0.0, 0.0, 0.0, cost.paid, cost.paid_back, cost.net)
        rows.append((*_said(other), "Not offered it", WHY[other.why], *lacking))
    columns = (
        Column("who", "Who", "text"),
        Column("grade", "Grade", "text"),
        Column("service", "Service", "text"),
        Column("role", "Role", "text"),
        Column("offered", "Offer", "text"),
        Column("why", "Why not", "text"),
        Column("people", "People", "people"),
        Column("each", "Payment to each"),
        Column("per_taker", "Expected, each who signs up"),
        Column("per_head", "Expected, a head"),
        Column("parity_paid", "Same offer, with on-costs"),
        Column("parity_back", "Less paid back"),
        Column("parity_net", "Left to find"),
    )
    return Table("fairness", "Who gets it and who does not", columns, tuple(rows))


def _said(group: Group | OtherStaff) -> tuple[Cell, ...]:
    return group.name, group.grade, group.service, group.role


def parity_table(fairness: Fairness) -> Table:
    """Give what parity would cost by why people are left out, and for all."""
    rows = tuple(
        (
            line.label,
            "Not counted: no number given" if line.people is None else "Counted",
            line.people,
            line.paid,
            line.paid_back,
            line.net,
        )
        for line in fairness.parity
    )
    columns = (
        Column("who", "Who is not offered it", "text"),
        Column("counted", "Counted here", "text"),
        Column("people", "People", "people"),
        Column("parity_paid", "The same offer to them, with on-costs"),
        Column("parity_back", "Less paid back by leavers"),
        Column("parity_net", "Left to find"),
    )
    title = "What the same offer to everyone else would cost"
    return Table("parity", title, columns, rows, totals=(len(rows) - 1,))


def is_word(path: str) -> bool:
    """Tell whether a field only says who people are, and moves no figure.

    Example:
        >>> is_word("not_offered.0.grade"), is_word("not_offered.0.headcount")
        (True, False)
    """
    return path.startswith(("groups.", LEFT_OUT)) and path.rsplit(".", 1)[1] in _WORDS


def asked_about(scenario: Scenario) -> Scenario:
    """Give the scenario with all three standard groups in it: 0 people for one it says nothing of.

    A group added here has the salary and the leaving of the people it is offered to; adult social
    workers have the register's salary for them. Until a number of people is put in, it counts for
    nothing.

    Example:
        >>> from retention_lib.presets import preset
        >>> asked = asked_about(preset("middlesbrough-2019").scenario)
        >>> [(group.why, group.headcount) for group in asked.not_offered]
        [('other_grade', 88.0), ('adult_social_workers', 82.0), ('long_serving', 0.0)]
    """
    there = {group.why for group in scenario.not_offered}
    missing = [why for why in STANDARD if why not in there]
    if not missing:
        return scenario
    given = scenario.to_dict()
    given["not_offered"] = [*given["not_offered"], *(_asked(scenario, why) for why in missing)]
    return Scenario.from_dict(given)


def _asked(scenario: Scenario, why: LeftOut) -> dict[str, object]:
    first = scenario.groups[0]
    asked: dict[str, object] = {
        "name": WHY[why],
        "why": why,
        "headcount": 0.0,
        "annual_leaving_rate": first.annual_leaving_rate,
    }
    return asked if why == "adult_social_workers" else {**asked, "salary": first.salary}


def _only_asked(group: OtherStaff) -> bool:
    """Tell whether nobody has said how many a group is: 0 people, under the name it is asked by."""
    return group.headcount == 0 and group.name == WHY[group.why]


def said_only(scenario: Scenario, at_least: int) -> Scenario:
    """Take out again the last groups that were only asked about: none of their people were put in.

    Args:
        scenario: with all groups that are asked about.
        at_least: how many groups stay whatever they hold.
    """
    kept = list(scenario.not_offered)
    while len(kept) > at_least and _only_asked(kept[-1]):
        kept.pop()
    if len(kept) == len(scenario.not_offered):
        return scenario
    given = scenario.to_dict()
    given["not_offered"] = given["not_offered"][: len(kept)]
    return Scenario.from_dict(given)
