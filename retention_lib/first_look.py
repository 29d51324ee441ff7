"""What is seen first of the answer about an offer: its headline, and what it needs beside studies.

It is a small part of the whole answer, and what the rest of it begins with: the offer played out,
its identities checked, and the facts that sentences are made from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retention_lib import incentives, tables, words
from retention_lib.appraisal import by_financial_year, net_present_value
from retention_lib.evidence import findings
from retention_lib.incentives import Flows, Offer
from retention_lib.marked_down import after_allowance, both_answers
from retention_lib.model import offer_of
from retention_lib.optimism import LINES, allowance, net_of
from retention_lib.questions import break_even, budget_view, relative_fall, yearly_share
from retention_lib.rates import FloatArray
from retention_lib.results import (
    BreakEven,
    Check,
    FirstLook,
    IncentiveRanges,
    Step,
    StudyFinding,
    require,
)
from retention_lib.scenario import Scenario
from retention_lib.sensitivity import net_benefit_at_ends


@dataclass(frozen=True, kw_only=True)
class Played:
    """An offer played out: what it comes to, by month and by year in pounds, all of it checked."""

    offer: Offer
    flows: Flows
    net: FloatArray
    net_by_year: FloatArray
    npv: float
    bridge: tuple[Step, ...]
    checks: tuple[Check, ...]


def play(scenario: Scenario) -> Played:
    """Play an offer out.

    Raises:
        BrokenIdentityError: where people or pounds do not add up.
    """
    offer = offer_of(scenario)
    flows = incentives.play(offer)
    net = net_of(scenario, flows)
    net_by_year = by_financial_year(net)
    npv = float(net_present_value(net_by_year, scenario.appraisal.discount_rate))
    bridge = _bridge(scenario, flows, npv)
    checks = _checks(offer, flows, (net, net_by_year), bridge)
    require(checks)
    return Played(
        offer=offer,
        flows=flows,
        net=net,
        net_by_year=net_by_year,
        npv=npv,
        bridge=bridge,
        checks=checks,
    )


def facts_of(
    scenario: Scenario, played: Played, solved: BreakEven, ranges: IncentiveRanges | None = None
) -> words.Facts:
    """Gather what the sentences about an offer are made from."""
    offer, flows = played.offer, played.flows
    share = yearly_share(scenario)
    return words.Facts(
        kind=scenario.scheme.kind,
        payments=float(flows.payments.sum()),
        hiring=float(flows.hiring.sum()),
        net_benefit=float(played.net.sum()),
        npv=played.npv,
        break_even=solved,
        relative_fall=relative_fall(scenario),
        binds=offer.binding_months > 0,
        extra_hires=scenario.effect.extra_hires,
        deadweight_payments=_deadweight_payments(offer),
        budget_net_benefit=budget_view(scenario, flows).net_benefit,
        ends=net_benefit_at_ends(scenario),
        left_out=scenario.paid_too_late,
        last_payment_month=max(month for month, _ in offer.instalments),
        months=offer.months,
        yearly_payment_share=share,
        findings=findings(scenario.scheme.kind, share, scenario.studies),
        ranges=ranges,
    )


def needed_effect(scenario: Scenario, solved: BreakEven) -> float | None:
    """Give the effect at which it breaks even: extra joiners for a golden hello, else the fall."""
    golden = scenario.scheme.kind == "golden_hello"
    return solved.extra_hires if golden else solved.leaving_reduction


def first_look(scenario: Scenario) -> FirstLook:
    """Answer a scenario as far as it is seen first; the whole answer says the same.

    Raises:
        BrokenIdentityError: where people or pounds do not add up.

    Example:
        >>> from retention_lib.evaluation import evaluate
        >>> from retention_lib.presets import preset
        >>> scenario = preset("middlesbrough-2019").scenario
        >>> first_look(scenario).headline == evaluate(scenario, draws=0).headline
        True
    """
    played, solved = play(scenario), break_even(scenario)
    facts = facts_of(scenario, played, solved)
    headline = words.headline(facts)
    if scenario.appraisal.optimism:
        headline += after_allowance(played.offer, both_answers(scenario, played.flows, solved))
    return FirstLook(
        headline=headline,
        payments=facts.payments,
        hiring=facts.hiring,
        npv=facts.npv,
        relative_fall=facts.relative_fall,
        yearly_payment_share=facts.yearly_payment_share,
        break_even=solved,
        evidence=tuple(StudyFinding.of(each) for each in facts.findings),
        studies=tables.evidence_table(facts.findings),
    )


def _deadweight_payments(offer: Offer) -> float:
    """Give what is paid to people who would have stayed anyway, in pounds.

    Of each group: takers x chance of staying to month min(B, H) without the scheme x the
    instalments that fall within the appraisal.
    """
    within = sum(share for month, share in offer.instalments if month <= offer.months)
    pounds = 0.0
    for group in offer.groups:
        stayed = incentives.play_group(offer, group).still_without[
            min(offer.binding_months, offer.months)
        ]
        pounds += float(stayed * np.asarray(incentives.payment_each(offer, group)) * within)
    return pounds


def _bridge(scenario: Scenario, flows: Flows, npv: float) -> tuple[Step, ...]:
    """Lead from what is paid to the net present value, each step once."""
    steps = [
        Step("payments", "Paid to people", -float(flows.payments.sum())),
        Step("on_costs", "On-costs", -float(flows.on_costs.sum())),
        Step("hiring", "Hiring more people", -float(flows.hiring.sum())),
        Step("clawback", "Paid back by leavers", float(flows.clawback.sum())),
    ]
    steps.append(Step("net_cost", "What it costs", sum(step.pounds for step in steps), total=True))
    savings = [
        Step("leavers", "Saved: fewer people leave", float(flows.leaver_saving.sum())),
        Step("vacancies", "Saved: vacancies filled sooner", float(flows.vacancy_saving.sum())),
        Step("extra_leavers", "Saved: extra people stay", float(flows.extra_leaver_saving.sum())),
    ]
    poached = float(flows.poached_saving.sum())
    if poached:
        savings.append(Step("poached", "Lost: people who go to neighbours for theirs", poached))
    if scenario.appraisal.optimism:
        allowed = float(allowance(scenario, flows).sum())
        savings.append(Step("optimism", tables.OPTIMISM, -allowed))
    net = steps[-1].pounds + sum(step.pounds for step in savings)
    return (
        *steps,
        *savings,
        Step("net_benefit", "Saved less cost (net benefit)", net, total=True),
        Step("discounting", "Later money counts for less", npv - net),
        Step("npv", "In today's money (NPV)", npv, total=True),
    )


def _checks(
    offer: Offer, flows: Flows, nets: tuple[np.ndarray, np.ndarray], bridge: tuple[Step, ...]
) -> tuple[Check, ...]:
    """List the identities that hold in every answer, and by how much each is missed."""
    net, net_by_year = nets
    off = sum(step.pounds for step in bridge if step.key == "optimism")
    net_cost = flows.payments + flows.on_costs + flows.hiring - flows.clawback
    parts = [step.pounds for step in bridge if not step.total]
    takers = float(incentives.people_paid(offer)) / (1.0 + float(np.asarray(offer.extra_share)))
    received = flows.payments.sum() - flows.clawback.sum()
    lines = sum(float(np.abs(getattr(flows, line)).sum()) for line in LINES)
    scale = max(1.0, lines + abs(off))

    def pounds(name: str, difference: float) -> Check:
        return Check(name, float(difference) / max(1.0, scale * 1e-9))

    return (
        pounds("Years add up to the months", net_by_year.sum() - net.sum()),
        pounds(
            "Net benefit is saving less net cost",
            net.sum() - (flows.saving - net_cost).sum() - off,
        ),
        pounds("The bridge leads from paid to NPV", sum(parts) - bridge[-1].pounds),
        pounds("Nobody pays back more than was paid", min(0.0, received)),
        Check(
            "Everyone who takes it up starts in post",
            (float(flows.still_without[0]) - takers) / max(1.0, takers * 1e-9),
        ),
        Check(
            "Nobody comes back once gone",
            float(np.maximum(0.0, np.diff(flows.still_with)).sum()),
        ),
    )
