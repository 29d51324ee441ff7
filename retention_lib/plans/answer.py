"""Answer a plan: one pure function from what a user chose to the whole answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from retention_lib.appraisal import excel_npv, payback_month
from retention_lib.plans import budget_tables, shown, tables, words
from retention_lib.plans.break_even import has_effects, how_many_effects, needed_times
from retention_lib.plans.checks import bridge, checks
from retention_lib.plans.claims import claims_table, leaving_claims
from retention_lib.plans.differences import changes
from retention_lib.plans.marked_down import (
    after_allowance,
    beside,
    both_answers,
    both_tables,
    note,
)
from retention_lib.plans.numbers import figures_of, long_run_sources
from retention_lib.plans.optimism import Allowance, taken_off
from retention_lib.plans.plan import MONTHS, Measure, Pay, Plan
from retention_lib.plans.played import WITH, WITHOUT, Played, played
from retention_lib.plans.ranges import Ranges
from retention_lib.plans.recruit_claims import recruit_claims
from retention_lib.plans.region import region_side
from retention_lib.plans.result import PlanResult
from retention_lib.plans.sensitivity import tornado_bars
from retention_lib.plans.verdicts import four_tests, guard
from retention_lib.plans.years import month_name, year_labels
from retention_lib.provenance import provenance_of
from retention_lib.results import Table, require

_PRICES_OF = 2026
"""The register's pay and prices are those of the year before this."""

SAYS = "What would follow if the assumptions held. Not a forecast of any one year, and not advice."


def appraise(
    plan: Plan, ranges: Ranges | None = None, found: Played | None = None, *, whole: bool = True
) -> PlanResult:
    """Answer a plan: its money, the four tests, the guard, and what would have to be true.

    Pure: the same plan gives the same answer. Every identity of people, posts and pounds is checked
    first, and an answer in which one is broken is refused.

    Args:
        plan: what was chosen.
        ranges: the ranges of the same plan, where they have been drawn; the tornado comes
            with them.
        found: the same plan played in all its worlds, where that has been done.
        whole: whether to give all of it, or only what is seen first: without sentences, claims,
            changes and tables, and without the search for what would have to be true, which takes
            longer than all the rest; `needed_times` is then None.

    Raises:
        BrokenIdentityError: where people, posts or pounds do not add up.
        NoFiguresError: where the council published no staff in the plan's year.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802"})
        >>> appraise(plan).net
        0.0
    """
    found = found or played(plan)
    off = taken_off(found)
    steps = bridge(found, off)
    made_sure = checks(found, steps, off)
    require(made_sure)
    tests = tuple(shown.test_of(plan, each, found, ranges) for each in four_tests(found, off))
    watched = tuple(shown.guard_line(each, year_labels(plan)) for each in guard(found))
    side = region_side(found, off)
    optimism = both_answers(found)
    net = found.net_by_year[WITH, 0] - off.by_year[0]
    investment, saving = found.investment_by_year[WITH, 0], found.saving_by_year[WITH, 0]
    npv = float(found.npv[WITH, 0] - off.npv[0])
    timeline = tuple(shown.timeline_row(found, i) for i in range(len(plan.measures)))
    stacks = shown.stacks(found)
    bars = tornado_bars(plan) if ranges else ()
    turnover = found.path.turnover()[WITHOUT, 0]
    facts = words.Facts(
        plan=plan,
        investment=float(investment.sum()),
        saving=float(saving.sum()),
        net=float(net.sum()),
        npv=npv,
        due_later=_due_later(found),
        payback_month=payback_month(found.net_monthly[WITH, 0] - off.cash[0]),
        needed_times=needed_times(plan) if whole else None,
        has_effects=has_effects(plan),
        tests=tests,
        guard=watched,
        region=side,
        turnover=(float(found.numbers("service.turnover")), float(turnover[-1])),
        ranges=ranges,
    )
    alone = how_many_effects(plan) == 1
    claims = leaving_claims(plan, facts.needed_times, alone) if whole else ()
    recruits = recruit_claims(plan, facts.needed_times, alone) if whole else ()
    result = PlanResult(
        headline=words.headline(facts) + after_allowance(optimism),
        sentences=(*words.sentences(facts), *beside(optimism)) if whole else (),
        tests=tests,
        guard=watched,
        investment=facts.investment,
        saving=facts.saving,
        net=facts.net,
        npv=npv,
        excel_npv=float(excel_npv(npv, plan.appraisal.discount_rate)),
        net_by_year=tuple(net.tolist()),
        investment_by_year=tuple(investment.tolist()),
        saving_by_year=tuple(saving.tolist()),
        economic_net_by_year=tuple(
            (found.economic_net_by_year[WITH, 0] - off.economic_by_year[0]).tolist()
        ),
        elsewhere=_elsewhere(found),
        due_later=facts.due_later,
        payback_month=facts.payback_month,
        needed_times=facts.needed_times,
        asked=(plan.asked.low, plan.asked.high),
        years=year_labels(plan),
        courses=shown.courses(found, ranges),
        stacks=stacks,
        timeline=timeline,
        region=side,
        bridge=steps,
        optimism=optimism,
        tornado=bars,
        claims=claims,
        recruits=recruits,
        checks=made_sure,
        filled=figures_of(plan).filled,
        ranges=ranges,
        tables=(),
        notes=_notes(plan),
        changes=changes(plan) if whole else (),
        provenance=provenance_of(plan, SAYS),
    )
    return replace(result, tables=_tables(plan, result, found, off)) if whole else result


def _tables(plan: Plan, result: PlanResult, found: Played, off: Allowance) -> tuple[Table, ...]:
    """Give every table of an answer."""
    return (
        tables.tests_table(plan, result.tests),
        tables.guard_table(result.guard),
        budget_tables.mtfs_table(found, off),
        budget_tables.invest_to_save_table(found, off),
        budget_tables.terms_table(found, result.ranges, off),
        tables.scorecard_table(found),
        tables.timeline_table(plan, result.timeline),
        tables.bridge_table(result.bridge),
        tables.years_table(found, off),
        tables.staff_table(plan, result.stacks),
        tables.viewpoints_table(found, result.region, off),
        tables.ranges_table(plan, result.ranges),
        tables.tornado_table(result.tornado),
        claims_table(plan, result.claims, result.recruits),
        tables.lines_table(found),
        tables.months_table(found),
        *both_tables(result.optimism),
    )


def _elsewhere(found: Played) -> float:
    """Give what others pay for measures, over the four years."""
    paid = [line.pounds[WITH, 0].sum() for line in found.ledger.lines if not line.by_council]
    return float(sum(paid))


def _due_later(found: Played) -> float:
    """Give what payments fall due after the four years, in pounds with on-costs."""
    paid = [change.paid for change in found.drive.changes if change.paid is not None]
    return float(sum(np.sum(each.later) for each in paid))


def _notes(plan: Plan) -> tuple[str, ...]:
    """Say what a reader must know that the figures alone do not tell."""
    start = figures_of(plan)
    went_to = long_run_sources(plan)["turnover"]
    notes = [
        f"The service starts from DfE's figures for {start.name} of September {plan.year}, except "
        "where the plan sets its own. The plan begins on 1 April.",
        "The budget view is the council's cash, with inflation. The economic view (NPV) is at "
        "constant prices, discounted, with work done counted and whoever pays. They are not added.",
        "Recruiting slackens when there are fewer vacancies: of extra staff in post a quarter are "
        "gone after a year, as councils' vacancy rates have behaved. Measures must last to hold.",
        "Newly qualified, ordinary and senior staff are shares of staff that no council publishes. "
        "They are set in the assumptions.",
        "Early help and better support may save care placements too. Nothing is counted for that.",
        "Extra posts count as what they cost: nothing is credited for lower caseloads.",
        "DfE's caseload counts everyone who holds a case as one. Many workers say that theirs is "
        "well above it.",
    ]
    if plan.baseline.kind == "mean_reverting":
        notes.append(f"Without the plan rates go towards the level of others ({went_to}).")
    if plan.appraisal.first_financial_year < _PRICES_OF and plan.pay == Pay():
        notes.append(
            f"Pay and prices are those of {_PRICES_OF - 1}/{_PRICES_OF % 100}, though the plan "
            f"begins in {year_labels(plan)[0]}. Set your own under What people cost."
        )
    notes += note(plan)
    if any(measure.capital for measure in plan.measures):
        notes.append(
            "Capital is counted when it is spent. Borrowing for it (interest and minimum revenue "
            "provision) is not counted, and it is not drawn from reserves."
        )
    if start.filled:
        names = ", ".join(name.replace("_", " ") for name in start.filled)
        notes.append(f"{start.name} did not publish: {names}. England's figure stands in.")
    for index, measure in enumerate(plan.measures):
        notes += _measure_notes(plan, index, measure)
    return tuple(notes)


def _measure_notes(plan: Plan, index: int, measure: Measure) -> list[str]:
    """Say what a reader must know of one measure."""
    offered = measure.incentive
    if offered is None:
        return []
    binds = max(offered.scheme.tie_in_months, *(each.month for each in offered.scheme.instalments))
    ends = measure.start + binds
    notes = []
    if ends < MONTHS and offered.scheme.kind == "retention":
        notes.append(
            f"{measure.name}: what holds people ends in {month_name(plan, ends - 1)}, inside "
            "the four years. Studies saw the gain end with the payments."
        )
    late = [each for each in offered.scheme.instalments if measure.start + each.month > MONTHS]
    if late:
        notes.append(f"{measure.name}: part of the payment falls after the four years.")
    return notes
