"""Evaluate a scenario: one pure function from what a user chose to the whole answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from retention_lib import incentives, tables, words
from retention_lib.appraisal import excel_npv, payback_month
from retention_lib.bidding_cases import bidding_of, bidding_table
from retention_lib.fairness import (
    LEFT_OUT,
    asked_about,
    fairness_of,
    fairness_table,
    is_word,
    parity_costs,
    parity_table,
)
from retention_lib.first_look import Played, facts_of, needed_effect, play
from retention_lib.incentives import Offer
from retention_lib.labels import label_of, value_text
from retention_lib.marked_down import (
    after_allowance,
    beside,
    both_answers,
    both_tables,
    note,
)
from retention_lib.origins import of_id
from retention_lib.presets import Preset, presets
from retention_lib.provenance import provenance_of
from retention_lib.questions import (
    break_even,
    budget_view,
    region_view,
)
from retention_lib.results import (
    NOT_FROM_A_CASE,
    STUDIES,
    Bidding,
    BreakEven,
    Change,
    IncentiveResult,
    Optimism,
    StudyFinding,
    studies_changed,
)
from retention_lib.scenario import Scenario
from retention_lib.sensitivity import (
    DRAWS,
    answer_map,
    ranges_of,
    tornado_bars,
)
from retention_lib.units import money, percent

_ONE_LEAVER_IN_A_MILLION = 1e-6
_HALF_A_PENNY = 0.005


def evaluate(
    scenario: Scenario, draws: int = DRAWS, solved: BreakEven | None = None
) -> IncentiveResult:
    """Answer a scenario: what it costs, whether it pays, what would have to be true, how sure.

    Pure: the same scenario gives the same answer. Every identity of people and pounds is checked
    first, and an answer in which one is broken is refused.

    Args:
        scenario: what the user chose.
        draws: how many draws the ranges are made from; without any, `ranges` is None and all
            else is the same. Where nothing is paid there is nothing to draw.
        solved: what must be true for it to pay, where that has been solved for.

    Raises:
        BrokenIdentityError: where people or pounds do not add up.

    Example:
        >>> from retention_lib.presets import preset
        >>> evaluate(preset("middlesbrough-2019").scenario).people_paid.__round__()
        68
    """
    plain = _without_ranges(scenario, solved)
    return with_ranges(scenario, plain, draws) if draws else plain


def with_ranges(scenario: Scenario, plain: IncentiveResult, draws: int = DRAWS) -> IncentiveResult:
    """Put the ranges into a scenario's answer; whatever has none stays as it is.

    Args:
        scenario: what the user chose.
        plain: its answer without ranges.
        draws: how many draws they are made from. Where nothing is paid there is nothing to draw.

    Example:
        >>> from retention_lib.presets import preset
        >>> scenario = preset("middlesbrough-2019").scenario
        >>> with_ranges(scenario, evaluate(scenario, 0), 64) == evaluate(scenario, 64)
        True
    """
    if plain.payments + plain.hiring < words.NOTHING:
        return plain
    ranges = ranges_of(scenario, draws)
    played = play(scenario)
    facts = facts_of(scenario, played, plain.break_even, ranges)
    anew = {
        "tornado": tables.tornado_table(plain.tornado, ranges),
        "ranges": tables.ranges_table(scenario, ranges),
    }
    headline, sentences = _said(scenario, played, facts, (plain.optimism, plain.bidding))
    return replace(
        plain,
        headline=headline,
        sentences=sentences,
        ranges=ranges,
        tables=tuple(anew.get(table.key, table) for table in plain.tables),
    )


def _said(
    scenario: Scenario, played: Played, facts: words.Facts, also: tuple[Optimism, Bidding]
) -> tuple[str, tuple[str, ...]]:
    """Write the headline, and the sentences under it."""
    optimism, war = also
    headline = words.headline(facts) + after_allowance(played.offer, optimism)
    claims = beside(scenario, played.offer, optimism)
    return headline, (*words.sentences(facts), *claims, *words.if_bid(war))


def _without_ranges(scenario: Scenario, solved: BreakEven | None) -> IncentiveResult:
    """Answer a scenario; see :func:`evaluate`."""
    played = play(scenario)
    offer, flows, bridge, npv = played.offer, played.flows, played.bridge, played.npv
    total = {name: float(getattr(flows, name).sum()) for name in _TOTALS}
    avoided = total["leavers_without"] - total["leavers_with"]
    paid = float(incentives.people_paid(offer))
    stayed = float(incentives.would_have_stayed(offer, flows))
    facts = facts_of(scenario, played, solved or break_even(scenario))
    budget, region = budget_view(scenario, flows), region_view(scenario, flows)
    parity = parity_costs(scenario)
    war, fairness = bidding_of(scenario), fairness_of(scenario, offer, parity)
    bars = tornado_bars(scenario)
    optimism = both_answers(scenario, flows, facts.break_even)
    mapped = answer_map(scenario, needed_effect(scenario, facts.break_even))
    headline, sentences = _said(scenario, played, facts, (optimism, war))
    return IncentiveResult(
        headline=headline,
        sentences=sentences,
        people_paid=paid,
        payment_is_percent=scenario.scheme.amount.flat is None,
        extra_people=float(flows.still_extra[0]),
        payments=total["payments"],
        on_costs=total["on_costs"],
        clawback=total["clawback"],
        hiring=total["hiring"],
        net_cost=total["net_cost"],
        saving=total["saving"],
        net_benefit=facts.net_benefit,
        npv=npv,
        excel_npv=float(excel_npv(npv, scenario.appraisal.discount_rate)),
        leavers_without=total["leavers_without"],
        leavers_with=total["leavers_with"],
        leavers_avoided=avoided,
        cost_per_leaver_avoided=(
            total["net_cost"] / avoided if avoided > _ONE_LEAVER_IN_A_MILLION else None
        ),
        roi=facts.net_benefit / total["net_cost"] if total["net_cost"] > _HALF_A_PENNY else None,
        deadweight_share=stayed / paid if paid > 0 else None,
        deadweight_payments=facts.deadweight_payments,
        payback_month=payback_month(played.net),
        net_by_year=tuple(played.net_by_year.tolist()),
        relative_fall=facts.relative_fall,
        yearly_payment_share=facts.yearly_payment_share,
        break_even=facts.break_even,
        budget=budget,
        region=region,
        parity_cost=sum(each.paid for each in parity),
        bridge=bridge,
        tornado=bars,
        evidence=tuple(StudyFinding.of(each) for each in facts.findings),
        ranges=None,
        map=mapped,
        optimism=optimism,
        bidding=war,
        fairness=fairness,
        tables=(
            *tables.all_tables(scenario, offer, flows, facts.findings, (bars, None), bridge),
            bidding_table(war),
            fairness_table(scenario, offer, parity),
            parity_table(fairness),
            tables.map_table(mapped),
            tables.ranges_table(scenario, None),
            *both_tables(scenario, optimism),
        ),
        notes=_notes(scenario, offer),
        changes=changes(scenario),
        checks=played.checks,
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
