"""Evaluate a scenario: one pure function from what a user chose to the whole answer."""

from __future__ import annotations

import numpy as np

from retention_lib import incentives, tables, words
from retention_lib.appraisal import (
    by_financial_year,
    excel_npv,
    net_present_value,
    payback_month,
)
from retention_lib.bidding_cases import bidding_of, bidding_table
from retention_lib.evidence import findings
from retention_lib.fairness import (
    LEFT_OUT,
    asked_about,
    fairness_of,
    fairness_table,
    is_word,
    parity_costs,
    parity_table,
)
from retention_lib.incentives import Flows, Offer
from retention_lib.labels import label_of, value_text
from retention_lib.marked_down import (
    after_allowance,
    beside,
    both_answers,
    both_tables,
    note,
)
from retention_lib.model import offer_of
from retention_lib.optimism import LINES, allowance, net_of
from retention_lib.origins import of_id
from retention_lib.presets import Preset, presets
from retention_lib.provenance import provenance_of
from retention_lib.questions import (
    break_even,
    budget_view,
    region_view,
    relative_fall,
    yearly_share,
)
from retention_lib.results import (
    NOT_FROM_A_CASE,
    STUDIES,
    Change,
    Check,
    IncentiveResult,
    Step,
    StudyFinding,
    require,
    studies_changed,
)
from retention_lib.scenario import Scenario
from retention_lib.sensitivity import (
    DRAWS,
    answer_map,
    net_benefit_at_ends,
    ranges_of,
    tornado_bars,
)
from retention_lib.units import money, percent

_ONE_LEAVER_IN_A_MILLION = 1e-6
_HALF_A_PENNY = 0.005


def evaluate(scenario: Scenario, draws: int = DRAWS) -> IncentiveResult:
    """Answer a scenario: what it costs, whether it pays, what would have to be true, how sure.

    Pure: the same scenario gives the same answer. Every identity of people and pounds is checked
    first, and an answer in which one is broken is refused.

    Args:
        scenario: what the user chose.
        draws: how many draws the ranges are made from; without any, `ranges` is None and all
            else is the same. Where nothing is paid there is nothing to draw.

    Raises:
        BrokenIdentityError: where people or pounds do not add up.

    Example:
        >>> from retention_lib.presets import preset
        >>> evaluate(preset("middlesbrough-2019").scenario).people_paid.__round__()
        68
    """
    offer = offer_of(scenario)
    flows = incentives.play(offer)
    net = net_of(scenario, flows)
    net_by_year = by_financial_year(net)
    npv = float(net_present_value(net_by_year, scenario.appraisal.discount_rate))
    bridge = _bridge(scenario, flows, npv)
    checks = _checks(offer, flows, (net, net_by_year), bridge)
    require(checks)

    total = {name: float(getattr(flows, name).sum()) for name in _TOTALS}
    total["net"] = float(net.sum())
    avoided = total["leavers_without"] - total["leavers_with"]
    paid = float(incentives.people_paid(offer))
    stayed = float(incentives.would_have_stayed(offer, flows))
    solved = break_even(scenario)
    share = yearly_share(scenario)
    found = findings(scenario.scheme.kind, share, scenario.studies)
    budget, region = budget_view(scenario, flows), region_view(scenario, flows)
    parity = parity_costs(scenario)
    war, fairness = bidding_of(scenario), fairness_of(scenario, offer, parity)
    bars = tornado_bars(scenario)
    optimism = both_answers(scenario, flows, solved)
    is_paid = total["payments"] + total["hiring"] >= words.NOTHING
    ranges = ranges_of(scenario, draws) if draws and is_paid else None
    extra = scenario.scheme.kind == "golden_hello"
    mapped = answer_map(scenario, solved.extra_hires if extra else solved.leaving_reduction)
    facts = words.Facts(
        kind=scenario.scheme.kind,
        payments=total["payments"],
        hiring=total["hiring"],
        net_benefit=total["net"],
        npv=npv,
        break_even=solved,
        relative_fall=relative_fall(scenario),
        binds=offer.binding_months > 0,
        extra_hires=scenario.effect.extra_hires,
        deadweight_payments=_deadweight_payments(offer),
        budget_net_benefit=budget.net_benefit,
        ends=net_benefit_at_ends(scenario),
        left_out=scenario.paid_too_late,
        last_payment_month=max(month for month, _ in offer.instalments),
        months=offer.months,
        yearly_payment_share=share,
        findings=found,
        ranges=ranges,
    )
    return IncentiveResult(
        headline=words.headline(facts) + after_allowance(offer, optimism),
        sentences=(*words.sentences(facts), *beside(scenario, offer, optimism), *words.if_bid(war)),
        people_paid=paid,
        payment_is_percent=scenario.scheme.amount.flat is None,
        extra_people=float(flows.still_extra[0]),
        payments=total["payments"],
        on_costs=total["on_costs"],
        clawback=total["clawback"],
        hiring=total["hiring"],
        net_cost=total["net_cost"],
        saving=total["saving"],
        net_benefit=total["net"],
        npv=npv,
        excel_npv=float(excel_npv(npv, scenario.appraisal.discount_rate)),
        leavers_without=total["leavers_without"],
        leavers_with=total["leavers_with"],
        leavers_avoided=avoided,
        cost_per_leaver_avoided=(
            total["net_cost"] / avoided if avoided > _ONE_LEAVER_IN_A_MILLION else None
        ),
        roi=total["net"] / total["net_cost"] if total["net_cost"] > _HALF_A_PENNY else None,
        deadweight_share=stayed / paid if paid > 0 else None,
        deadweight_payments=facts.deadweight_payments,
        payback_month=payback_month(net),
        net_by_year=tuple(net_by_year.tolist()),
        relative_fall=facts.relative_fall,
        yearly_payment_share=share,
        break_even=solved,
        budget=budget,
        region=region,
        parity_cost=sum(each.paid for each in parity),
        bridge=bridge,
        tornado=bars,
        evidence=tuple(StudyFinding.of(each) for each in found),
        ranges=ranges,
        map=mapped,
        optimism=optimism,
        bidding=war,
        fairness=fairness,
        tables=(
            *tables.all_tables(scenario, offer, flows, found, (bars, ranges), bridge),
            bidding_table(war),
            fairness_table(scenario, offer, parity),
            parity_table(fairness),
            tables.map_table(mapped),
            tables.ranges_table(scenario, ranges),
            *both_tables(scenario, optimism),
        ),
        notes=_notes(scenario, offer),
        changes=changes(scenario),
        checks=checks,
        provenance=provenance_of(scenario),
    )


_TOTALS = (
    "payments",
    "on_costs",
    "clawback",
    "hiring",
    "net_cost",
    "saving",
    "leavers_without",
    "leavers_with",
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


def changes(scenario: Scenario) -> tuple[Change, ...]:
    """List what differs from the preset that the scenario started from, with the reasons given."""
    start = of_id(presets(), scenario.case.preset)
    if start is None:
        return _reasons_alone(scenario)
    before = asked_about(start.scenario)
    paths = [path for path in scenario.differences(before) if _is_said(scenario, start, path)]
    found = [_change(scenario, before, path) for path in paths if not _is_instalment(path)]
    if any(_is_instalment(path) for path in paths):
        reason = scenario.reasons.get("scheme.instalments", "")
        label, was, now = label_of("scheme.instalments"), _paid_when(before), _paid_when(scenario)
        found.append(
            Change(path="scheme.instalments", label=label, was=was, now=now, reason=reason)
        )
    reason = scenario.reasons.get(STUDIES, "")
    return (*found, *studies_changed(before.studies, scenario.studies, reason))


def _reasons_alone(scenario: Scenario) -> tuple[Change, ...]:
    """Tell what has a reason, where no case says what stood there before."""
    return tuple(
        Change(
            path=path,
            label=label_of(path),
            was=NOT_FROM_A_CASE,
            now=value_text(path, scenario.at(path)),
            reason=reason,
        )
        for path, reason in scenario.reasons.items()
    )


def _is_said(scenario: Scenario, start: Preset, path: str) -> bool:
    """Tell whether a difference is one of figures, and of people that somebody put in."""
    if is_word(path) or path.startswith(f"{STUDIES}."):
        return False
    group = ".".join(path.split(".")[:2])
    asked_only = scenario.at(group) is None and start.scenario.at(group) is None
    return not (path.startswith(LEFT_OUT) and asked_only)


def _change(scenario: Scenario, before: Scenario, path: str) -> Change:
    was, now = value_text(path, before.at(path)), value_text(path, scenario.at(path))
    reason = scenario.reasons.get(path, "")
    return Change(path=path, label=label_of(path), was=was, now=now, reason=reason)


def _is_instalment(path: str) -> bool:
    return path.startswith("scheme.instalments")


def _paid_when(scenario: Scenario) -> str:
    """Say when it is paid: the months, and the share in each."""
    return ", ".join(
        f"{percent(each.share)} in month {each.month}" for each in scenario.scheme.instalments
    )


def _notes(scenario: Scenario, offer: Offer) -> tuple[str, ...]:
    """Say what a reader must know that the figures alone do not tell."""
    notes = [
        "Leaving without the scheme is held at the same level throughout. A council far above the "
        "average usually comes back towards it by itself, and then there is less to save.",
        "Prices are of the dates that their sources give. They have not been brought to one year.",
        "The first year begins on 1 April. A scheme that starts later in the year pays later.",
    ]
    notes += note(scenario)
    if offer.kind == "retention" and any(month > 0 for month, _ in offer.instalments):
        notes.append(
            "Only people in post on the first day are paid. If whoever replaces them were paid "
            f"too, payments would come to {money(_if_all_were_paid(offer))} with on-costs."
        )
    if offer.binding_months > offer.months:
        notes.append("The tie-in ends after the last month of these figures.")
    if scenario.scheme.kind == "retention" and scenario.effect.extra_hires > 0:
        notes.append("A retention payment brings nobody in: extra joiners are kept but not used.")
    return tuple(notes)


def _if_all_were_paid(offer: Offer) -> float:
    """Price every instalment for every seat of the takers, whoever sits in it, in pounds."""
    within = sum(share for month, share in offer.instalments if month <= offer.months)
    seats = sum(
        float(np.asarray(group.headcount) * np.asarray(incentives.payment_each(offer, group)))
        for group in offer.groups
    )
    on_costs = 1.0 + float(np.asarray(offer.oncost_rate))
    return float(np.asarray(offer.take_up)) * seats * within * on_costs
