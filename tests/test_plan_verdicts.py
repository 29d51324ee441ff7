"""What a plan is credited with: no trifle, nothing that comes anyway, nothing due later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from retention_lib.plans import Plan, appraise
from retention_lib.plans.played import WITH, WITHOUT, played
from retention_lib.plans.ranges import spread, uncertain
from retention_lib.plans.result import PlanResult
from retention_lib.plans.verdicts import four_tests, guard, material

STEADY = {"pay_award": [0.0] * 4, "agency": [0.0] * 4, "cpi": [0.0] * 4}
BONUS = {
    "eligible": 60,
    "scheme": {
        "kind": "retention",
        "amount": {"flat": 12_000},
        "instalments": [{"month": 12 * year, "share": 0.25} for year in (1, 2, 3, 4)],
    },
    "effect": {"leaving_reduction": 0.05},
}


def own(on: str, size: float, **parts: Any) -> dict[str, Any]:
    """Make a measure of one's own with one effect."""
    route = {"route": "experienced"} if on == "recruits" else {}
    effect = {"on": on, "low": size, "central": size, "high": size, **route}
    return {"kind": "own", "name": "Ours", "effects": [effect], **parts}


def plan_of(*measures: dict[str, Any], **parts: Any) -> Plan:
    """Make a plan of North Somerset's."""
    given = {"schema": 1, "kind": "invest_to_save", "council": "802", "measures": list(measures)}
    return Plan.from_dict({**given, **parts})


def verdicts(result: PlanResult) -> dict[str, str]:
    """Give each test's verdict."""
    return {test.key: test.verdict for test in result.tests}


def test_a_trifle_meets_no_test() -> None:
    result = appraise(plan_of(own("leaving", 0.0001, money=[1, 0, 0, 0])))
    assert result.met == 0
    assert not {"agency", "budget"} & {k for k, v in verdicts(result).items() if v == "met"}


def test_what_would_be_met_without_the_plan_is_not_counted() -> None:
    result = appraise(plan_of(own("recruits", 6)))
    assert verdicts(result)["trend"] == "met anyway"
    assert result.met == sum(test.verdict == "met" for test in result.tests)
    assert "Without the plan too there would be a cap on the trend" in " ".join(result.sentences)


def test_money_that_stops_caps_no_trend() -> None:
    """A year of spending followed by a year without it is not a fall below where it started."""
    plan = plan_of(own("posts", 0, money=[0, 0, 2_000_000, 0]), prices=STEADY)
    trend = four_tests(played(plan))[2]
    assert trend.figure[0, 2] > 0.1
    assert trend.figure[0, 3] == pytest.approx(trend.without[0, 3])  # type: ignore[index]


def test_growth_in_prices_alone_is_no_growth_in_real_terms() -> None:
    flat = {"kind": "flat", "caseload_turnover": 0}
    dearer = {"pay_award": [0.05] * 4, "agency": [0.05] * 4, "cpi": [0.05] * 4}
    trend = four_tests(played(plan_of(baseline=flat, prices=dearer)))[2]
    still = four_tests(played(plan_of(baseline=flat, prices=STEADY)))[2]
    assert trend.figure[0] == pytest.approx(still.figure[0], abs=1e-9)


def test_need_is_the_growth_that_is_set_and_what_early_help_takes_away() -> None:
    found = played(plan_of(own("demand", 0.1), baseline={"demand_growth": 0.02}))
    trend = four_tests(found)[2]
    assert trend.also_without is not None
    assert trend.also is not None
    assert trend.also_without[0] == pytest.approx([1.02**year - 1 for year in (1, 2, 3, 4)])
    assert trend.also[0] == pytest.approx([1.02**year * 0.9 - 1 for year in (1, 2, 3, 4)])


def test_what_counts_as_a_saving_is_a_share_of_the_years_spending() -> None:
    found = played(plan_of())
    assert material(found)[0] == pytest.approx(0.001 * found.spent_by_year[WITHOUT, 0])


def test_quality_falls_where_it_is_worse_than_without_though_better_than_at_the_start() -> None:
    high = {"caseload": 30}
    watched = {
        line.key: line for line in guard(played(plan_of(own("agency_cover", 0.7), service=high)))
    }
    caseload = watched["caseload"]
    assert caseload.figure[0, 4] < caseload.figure[0, 0], "better than at the start"
    assert not caseload.kept[0], "and worse than without the plan"
    assert watched["span"].kept[0]


def test_an_offer_on_the_first_of_april_is_paid_in_the_year_that_begins() -> None:
    offer = {"kind": "retention_payment"}
    now = played(plan_of({**offer, "start": 0}, prices=STEADY)).investment_by_year[WITH, 0]
    later = played(plan_of({**offer, "start": 12}, prices=STEADY)).investment_by_year[WITH, 0]
    assert later[0] == 0
    assert later[1] == pytest.approx(now[0], rel=0.02)


def test_a_bonus_that_ends_is_paid_no_longer() -> None:
    goes_on = played(plan_of({"kind": "own", "name": "B", "incentive": BONUS}))
    ends = played(plan_of({"kind": "own", "name": "B", "incentive": BONUS, "end": 24}))
    paid, stopped = (each.investment_by_year[WITH, 0] for each in (goes_on, ends))
    assert stopped[:2] == pytest.approx(paid[:2])
    assert stopped[2:] == pytest.approx([0, 0], abs=1e-6)
    assert paid[3] > 100_000


def test_what_falls_due_later_is_said_and_is_no_saving() -> None:
    scheme = {"kind": "retention", "amount": {"flat": 12_000}}
    late = {**scheme, "instalments": [{"month": 49, "share": 1.0}]}
    strong = {**BONUS, "scheme": late, "effect": {"leaving_reduction": 0.5}}
    result = appraise(plan_of({"kind": "own", "name": "B", "incentive": strong}))
    assert result.investment == 0
    assert result.due_later > 300_000
    assert "falls due after the four years" in " ".join((result.headline, *result.sentences))
    assert not result.headline.startswith("If every assumption holds")


def test_a_golden_hello_is_drawn_by_the_people_it_brings() -> None:
    plan = plan_of({"kind": "golden_hello"})
    keys = {each.key for each in uncertain(plan) if each.key.startswith("measures.0")}
    assert keys == {"measures.0.incentive.effect.extra_hires"}, (
        "and not by a fall it does not claim"
    )
    assert appraise(plan).needed_times is not None


def test_a_saving_that_displaces_nobody_is_the_regions_too() -> None:
    cap = appraise(plan_of({"kind": "regional_price_cap"}))
    assert cap.region.saving == pytest.approx(cap.saving)
    friend = appraise(plan_of({"kind": "refer_a_friend"}))
    assert friend.region.saving == pytest.approx(0.5 * friend.saving)
    both = appraise(plan_of({"kind": "regional_price_cap"}, {"kind": "refer_a_friend"}))
    assert both.region.saving > cap.region.saving + 0.4 * friend.saving


def test_posts_that_others_fund_cost_the_council_nothing_to_invest() -> None:
    plan = plan_of(own("posts", 10, funded_by="elsewhere"), service={"staff_per_manager": 100})
    result = appraise(plan)
    ours = appraise(plan_of(own("posts", 10), service={"staff_per_manager": 100}))
    assert result.investment == pytest.approx(0.02 * ours.investment, rel=0.8)
    assert result.elsewhere > 0.9 * ours.investment
    assert result.timeline[0].cost_by_year == pytest.approx(
        tuple(np.asarray(result.investment_by_year))
    )


def test_a_saving_and_a_cost_of_the_service_stand_in_rows_of_their_own() -> None:
    plan = Plan.from_dict(
        {"schema": 1, "kind": "invest_to_save", "council": "879", "year": 2022,
         "measures": [{"kind": "overseas"}]}
    )  # fmt: skip
    result = appraise(plan)
    rows = result.frame("invest_to_save").set_index("line")
    years = [f"year_{year}" for year in (1, 2, 3, 4)]
    assert (rows.loc["Cashable saving", years] <= 0).all()
    assert rows.loc["More cost of posts filled that nobody covered", "total"] > 100_000
    assert rows.loc["One-off cost, revenue", "year_1"] > 100_000
    terms = result.frame("terms").set_index("term")["value"]
    assert terms["The money is back by the end of"] == "not in four years"
    assert terms["Paid for by"] == "the council"


def test_met_in_fewer_than_half_of_the_draws_is_said_in_the_words() -> None:
    plan = plan_of(own("recruits", 6), own("leaving", 0.05))
    drawn = spread(plan, 16)
    before = appraise(plan)
    met = {test.key for test in before.tests if test.verdict.startswith("met")}
    assert "trend" in met
    for chance, unlikely in ((0.35, True), (0.5, False)):
        chances = dict.fromkeys(drawn.chance_met, chance)
        result = appraise(plan, replace(drawn, chance_met=chances))
        assert verdicts(result) == verdicts(before), "the values are the contract's"
        rows = dict(zip(verdicts(result), result.table("tests").records(), strict=True))
        for test in result.tests:
            doubted = unlikely and test.key in met
            assert test.if_all_holds == doubted
            assert str(rows[test.key]["verdict"]).endswith(" if every assumption holds") == doubted
            assert ("in fewer than half of the draws" in test.says) == doubted
        said = " ".join(result.sentences)
        assert ("in fewer than half of the draws is there" in said) == unlikely


# With an allowance for optimism.


def marked(plan: Plan) -> Plan:
    return plan.but({"appraisal.optimism": True})


def test_relief_for_the_budget_is_judged_with_the_allowance_in() -> None:
    plan = plan_of(own("recruits", 6), own("leaving", 0.05))
    off, on = (appraise(each) for each in (plan, marked(plan)))
    assert on.tests[:3] == off.tests[:3]
    budget = on.tests[3]
    assert tuple(year.figure for year in budget.years) == on.net_by_year
    assert tuple(year.figure for year in off.tests[3].years) == off.net_by_year
    assert budget.figure == "Saved less cost in the year, after the allowance for optimism"
    least = material(played(plan))[0]
    passed = [net >= must for net, must in zip(on.net_by_year, least, strict=True)]
    assert [year.passed for year in budget.years] == passed
    assert "fourth test" in " ".join(on.notes)


def test_an_allowance_can_turn_the_fourth_test_and_its_chance() -> None:
    """40% of what a measure of one's own saves is taken off, and so is what it costs put up."""
    plan = plan_of(own("agency_price", 0.2, money=[85_000] * 4))
    off, on = appraise(plan), appraise(marked(plan))
    assert off.tests[3].verdict == "met"
    assert on.tests[3].verdict != "met"
    assert "relief for the budget" in " ".join(on.sentences)
    chances = [spread(each, 32).chance_met for each in (plan, marked(plan))]
    assert chances[1]["budget"] < chances[0]["budget"]
    assert all(chances[1][key] == chances[0][key] for key in ("agency", "caseload", "trend"))


def test_the_mtfs_table_has_the_allowance_in_what_is_needed() -> None:
    plan = plan_of(own("leaving", 0.05, money=[100_000, 0, 50_000, 0]))
    off, on = (appraise(each) for each in (plan, marked(plan)))
    before, after = ({row[0]: np.array(row[1:]) for row in each.table("mtfs").rows}
                     for each in (off, on))  # fmt: skip
    assert "Allowance for optimism" not in before
    own_row = {row[0]: row for row in on.table("invest_to_save").rows}["Allowance for optimism"]
    by_year = np.array(own_row[1:-1])
    assert by_year.sum() == pytest.approx(on.optimism.allowance)
    assert np.cumsum(after["Allowance for optimism"]) == pytest.approx(by_year)
    needed = "Net budget needed"
    assert after[needed] == pytest.approx(before[needed] + by_year)
    parts = [row for label, row in after.items() if label != needed]
    assert sum(parts) == pytest.approx(after[needed])
    base = next(row for label, row in after.items() if str(label).startswith("Base budget"))
    assert base[1:] == pytest.approx(after[needed][:-1])
    assert all(check.passed for check in on.checks)


def test_a_plan_without_measures_has_no_chance_of_paying_back() -> None:
    row = "Chance that the money is back in four years"
    plans = [plan_of(*[own("leaving", 0.05)] * size) for size in (0, 1)]
    drawn = [appraise(plan, spread(plan, 16)) for plan in plans]
    assert row not in [line[0] for line in drawn[0].table("terms").rows]
    assert row in [line[0] for line in drawn[1].table("terms").rows]
