"""What would have to be true, what would change the answer, for whom it pays, and what is fair."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from retention_lib import Scenario, evaluate
from retention_lib.assumptions import register
from retention_lib.evidence import findings, span
from retention_lib.fairness import parity_costs
from retention_lib.incentives import play
from retention_lib.model import npv, offer_of
from retention_lib.presets import presets
from retention_lib.questions import (
    break_even,
    budget_view,
    payment_path,
    region_view,
    relative_fall,
    yearly_share,
)
from retention_lib.sensitivity import fall_range, net_benefit_at_ends, tornado_bars, uncertain
from tests import oracle
from tests.strategies import Json, scenarios
from tests.worlds import ONE_MONTH, ONE_MONTH_HELLO, made, with_scheme

DATA = Path(__file__).parent / "data"

# Break-even.


def test_half_a_leaver_at_10_000_pays_for_a_hundred_times_50() -> None:
    assert break_even(made(ONE_MONTH)).leaving_reduction == pytest.approx(0.5, abs=1e-12)


def test_a_fifth_of_a_leaver_at_10_000_pays_a_hundred_people_20_each() -> None:
    assert break_even(made(ONE_MONTH)).payment == pytest.approx(20)


def test_the_payment_is_in_percent_where_the_offer_is() -> None:
    in_percent = with_scheme(ONE_MONTH, amount={"percent_of_salary": 15})
    assert payment_path(in_percent) == "scheme.amount.percent_of_salary"
    assert break_even(in_percent).payment == pytest.approx(0.05)  # 20 of 40,000


def test_two_extra_people_in_ten_pay_for_the_eight_who_would_have_come() -> None:
    assert break_even(made(ONE_MONTH_HELLO)).extra_hires == pytest.approx(0.2)


def test_a_retention_payment_brings_nobody_in() -> None:
    assert break_even(made(ONE_MONTH)).extra_hires is None


def test_none_where_even_keeping_everybody_is_not_enough() -> None:
    dear = with_scheme(ONE_MONTH, amount={"flat": 100.01})
    assert break_even(dear).leaving_reduction is None
    just = with_scheme(ONE_MONTH, amount={"flat": 99.99})
    assert break_even(just).leaving_reduction == pytest.approx(0.9999)


def test_nothing_need_be_true_where_it_pays_anyway() -> None:
    solved = break_even(with_scheme(ONE_MONTH, amount={"flat": 0}))
    assert solved.leaving_reduction == 0
    vacancies = {"months": 1, "net_saving_per_month": 1e6, "hire_cost": 0}
    anyway = made(ONE_MONTH_HELLO, vacancy=vacancies, effect={"extra_hires": 0.5})
    assert break_even(anyway).leaving_reduction == 0


def test_no_extra_hires_are_enough_where_each_costs_more_than_it_saves() -> None:
    vacancy = {"months": 1, "net_saving_per_month": 1_499, "hire_cost": 500}
    assert break_even(made(ONE_MONTH_HELLO, vacancy=vacancy)).extra_hires is None


def test_no_extra_hires_are_needed_where_those_who_come_anyway_stay_and_pay_for_all() -> None:
    people = [{"headcount": 10, "salary": 40_000, "annual_leaving_rate": 1 - 0.5**12}]
    kept = made(ONE_MONTH_HELLO, groups=people, effect={"leaving_reduction": 1.0})
    assert break_even(kept).extra_hires == 0


def test_no_payment_is_large_enough_where_nobody_takes_it_and_none_small_enough_where_it_harms(
) -> None:  # fmt: skip
    assert break_even(with_scheme(ONE_MONTH, take_up=0)).payment is None
    harm = made(
        ONE_MONTH_HELLO,
        vacancy={"months": 1, "net_saving_per_month": -100, "hire_cost": 0},
        effect={"leaving_reduction": 0, "extra_hires": 1},
    )
    assert break_even(harm).payment is None


def test_where_nothing_follows_from_a_payment_none_is_the_largest() -> None:
    no_effect = made(ONE_MONTH, effect={"leaving_reduction": 0})
    assert break_even(no_effect).payment == 0
    no_response = made(ONE_MONTH, effect={"pay_elasticity": 0})
    assert break_even(no_response).payment == 0


def test_a_payment_that_pays_only_within_a_narrow_range_is_found() -> None:
    """Below 2,100 too few stay for the 26,250 that is lost anyway; at 3,000 nobody leaves."""
    hello = {
        **ONE_MONTH_HELLO,
        "groups": [
            {"headcount": 10, "salary": 36_000, "annual_leaving_rate": 1},
            {"headcount": 10, "salary": 36_000, "annual_leaving_rate": 0},
        ],
        "scheme": {**ONE_MONTH_HELLO["scheme"], "amount": {"flat": 3_000}},
        "effect": {"pay_elasticity": 1, "extra_hires": 0.5},
        "vacancy": {"months": 1, "net_saving_per_month": -1_000, "hire_cost": 1_625},
        "leaver_cost": 12_750,
    }
    scenario = Scenario.from_dict(hello)
    payments = np.array([2_099.0, 2_101.0, 3_374.0, 3_376.0])
    assert (npv(scenario, {"scheme.amount.flat": payments}) >= 0).tolist() == [0, 1, 1, 0]
    assert break_even(scenario).payment == pytest.approx(3_375)


@settings(max_examples=40)
@given(scenarios())
def test_each_answer_put_back_gives_an_npv_of_nothing(scenario: Json) -> None:
    solved = break_even(Scenario.from_dict(scenario))
    found = oracle.answer(scenario)
    penny = 0.01 + 1e-12 * (found["payments"] + abs(found["saving"]) + found["hiring"])
    if solved.leaving_reduction:
        at = oracle.npv(oracle.with_fall(scenario, solved.leaving_reduction))
        assert at == pytest.approx(0, abs=penny)
    if solved.extra_hires and solved.extra_hires < 1e6:
        at = oracle.npv(oracle.with_extra(scenario, solved.extra_hires))
        assert at == pytest.approx(0, abs=penny * max(1.0, solved.extra_hires))
    if solved.payment:
        at = oracle.npv(oracle.with_amount(scenario, solved.payment))
        assert at == pytest.approx(0, abs=penny)


@settings(max_examples=40)
@given(scenarios())
def test_the_oracle_finds_the_same_answers(scenario: Json) -> None:
    solved = break_even(Scenario.from_dict(scenario))
    fall = oracle.smallest_fall(scenario)
    if solved.leaving_reduction is None:
        assert fall is None or oracle.npv(oracle.with_fall(scenario, fall)) < 1e-3
    elif fall is not None:
        assert solved.leaving_reduction <= fall + 1e-6
    if scenario["scheme"]["kind"] == "golden_hello":
        extra = oracle.fewest_extra_hires(scenario)
        if solved.extra_hires is None or extra is None:
            assert solved.extra_hires is extra
        else:
            assert solved.extra_hires == pytest.approx(extra, rel=1e-4, abs=1e-6)
    if "leaving_reduction" in scenario["effect"]:
        payment = oracle.largest_payment(scenario)
        if solved.payment is None or payment is None:
            assert solved.payment is payment
        else:
            assert solved.payment == pytest.approx(payment, rel=1e-6, abs=0.01)


@settings(max_examples=30)
@given(scenarios())
def test_where_a_larger_payment_keeps_more_none_above_the_answer_pays(scenario: Json) -> None:
    scenario["effect"].pop("leaving_reduction", None)
    scenario["effect"].setdefault("pay_elasticity", 1.3)
    made_of = Scenario.from_dict(scenario)
    payments = np.concatenate([[0.0], np.geomspace(0.01, 1e6, 400)])
    paying = payments[npv(made_of, {payment_path(made_of): payments}) >= 0]
    largest = break_even(made_of).payment
    if largest is None:
        assert paying.size == 0 or paying[-1] == payments[-1]
    elif largest < payments[-1]:
        assert np.all(paying <= largest * (1 + 1e-9))


def test_a_very_large_scheme_breaks_even_to_the_last_digits_of_its_size() -> None:
    people = [{"headcount": 123_457, "salary": 40_000, "annual_leaving_rate": 0.5}]
    scheme = {**ONE_MONTH["scheme"], "take_up": 0.7, "oncost_rate": 0.155}
    large = made(ONE_MONTH, groups=people, leaver_cost=9.1e9, scheme=scheme)
    solved = break_even(large)
    assert solved.payment is not None
    saved = evaluate(large).saving
    back = npv(large, {"scheme.amount.flat": np.array([solved.payment])})
    assert back[0] == pytest.approx(0, abs=1e-13 * saved)


# For whom.


def test_the_region_sees_less_of_the_saving_and_all_of_the_cost() -> None:
    """Of 1 leaver kept, 0.27 would have gone next door: 10,000 is 7,300 to the region."""
    region = {"leavers_to_neighbours": 0.27, "hires_from_neighbours": 0.5}
    scenario = made(ONE_MONTH, effect={"leaving_reduction": 1}, region=region)
    seen = region_view(scenario, play(offer_of(scenario)))
    assert seen.saving == pytest.approx(7_300)
    assert seen.net_benefit == seen.npv == pytest.approx(7_300 - 5_000)
    hello = made(ONE_MONTH_HELLO, region=region)
    assert region_view(hello, play(offer_of(hello))).saving == pytest.approx(3_250)


@settings(max_examples=40)
@given(scenarios())
def test_the_region_never_gains_more_than_the_council_where_all_that_is_saved_is_a_gain(
    scenario: Json,
) -> None:
    made_of = Scenario.from_dict(scenario)
    flows = play(offer_of(made_of))
    region = region_view(made_of, flows)
    parts = (flows.leaver_saving, flows.extra_leaver_saving, flows.vacancy_saving)
    if all(np.all(part >= 0) for part in parts):
        assert region.net_benefit <= flows.net.sum() + 1e-6


@settings(max_examples=30)
@given(scenarios())
def test_where_nobody_moves_next_door_region_and_council_are_one(scenario: Json) -> None:
    scenario["region"] = {"leavers_to_neighbours": 0, "hires_from_neighbours": 0}
    found = evaluate(Scenario.from_dict(scenario))
    assert found.region.npv == pytest.approx(found.npv, abs=0.001)
    assert found.region.net_by_year == pytest.approx(found.net_by_year, abs=0.001)


def test_a_budget_sees_only_the_cash_part_of_a_leaver_and_all_of_a_vacancy() -> None:
    scenario = made(ONE_MONTH, effect={"leaving_reduction": 1}, leaver_cost_cashable_share=0.18)
    assert budget_view(scenario, play(offer_of(scenario))).saving == pytest.approx(1_800)
    hello = made(ONE_MONTH_HELLO, leaver_cost_cashable_share=0)
    assert budget_view(hello, play(offer_of(hello))).saving == pytest.approx(6_500)


def test_a_budget_loses_the_pay_it_no_longer_saves_even_where_the_whole_cost_is_nothing() -> None:
    """A leaver loses 2,000 of work and saves 2,000 of pay: nothing in all, but 2,000 in cash."""
    costs = {
        "advertising_and_selection": 0, "agency_premium_per_year": 0, "months_to_fill": 0.5,
        "covered_share": 0, "pay_with_oncosts_per_year": 48_000, "induction_and_training": 0,
        "ramp_up_weeks": 52, "ramp_up_lost_share": 1 / 24,
    }  # fmt: skip
    scenario = made(
        ONE_MONTH, effect={"leaving_reduction": 1}, leaver_cost="from_parts", costs=costs
    )
    flows = play(offer_of(scenario))
    assert float(flows.saving.sum()) == pytest.approx(0)
    assert budget_view(scenario, flows).saving == pytest.approx(-2_000)


# Is it fair.


def test_parity_costs_what_a_person_works_out() -> None:
    """Ten others, half of whom leave in the month: 5,000 and 2,500 paid, 2,500 paid back."""
    others = [
        {"name": "Adults", "headcount": 10, "salary": 1, "annual_leaving_rate": 1 - 0.5**12},
        {"name": "Nobody", "headcount": 0, "salary": 1, "annual_leaving_rate": 0},
    ]
    scheme = {
        "kind": "golden_hello", "amount": {"flat": 1_000}, "tie_in_months": 2, "oncost_rate": 0.1,
        "instalments": [{"month": 0, "share": 0.5}, {"month": 1, "share": 0.5}],
        "clawback": {"taper": "full", "recovery_rate": 1},
    }  # fmt: skip
    effect = {"leaving_reduction": 0.9, "extra_hires": 2, "after_multiplier": 9, "after_months": 9}
    scenario = made(ONE_MONTH, scheme=scheme, not_offered=others, effect=effect)
    adults, nobody = parity_costs(scenario)
    assert (adults.paid, adults.paid_back, adults.net) == pytest.approx((8_250, 2_500, 5_750))
    assert (nobody.paid, nobody.paid_back) == (0, 0)
    assert evaluate(scenario).parity_cost == pytest.approx(8_250)


# What would change the answer.


def test_the_payment_is_read_as_a_yearly_share_and_averaged_over_heads() -> None:
    people = [
        {"headcount": 30, "salary": 20_000, "annual_leaving_rate": 0.1},
        {"headcount": 10, "salary": 40_000, "annual_leaving_rate": 0.1},
    ]
    scheme = {**ONE_MONTH["scheme"], "amount": {"flat": 2_000}, "tie_in_months": 24}
    scenario = made(ONE_MONTH, groups=people, scheme=scheme, effect={"pay_elasticity": 2})
    assert yearly_share(scenario) == pytest.approx((3 * 0.05 + 0.025) / 4)
    assert relative_fall(scenario) == pytest.approx((3 * 0.10 + 0.05) / 4)
    nobody = [{**group, "headcount": 0} for group in people]
    empty = made(ONE_MONTH, groups=nobody, scheme=scheme, effect={"pay_elasticity": 2})
    assert yearly_share(empty) == pytest.approx((0.05 + 0.025) / 2)
    assert relative_fall(empty) == pytest.approx((0.10 + 0.05) / 2)


def test_a_bar_is_the_answer_with_that_number_alone_changed() -> None:
    for preset in presets():
        for path_of, row in uncertain(preset.scenario):
            assert path_of.low <= path_of.central <= path_of.high
            assert preset.scenario.at(path_of.key) == path_of.central
            assert register().behind(path_of.key) is row
        by_path = {each.key: each for each, _ in uncertain(preset.scenario)}
        for bar in tornado_bars(preset.scenario):
            for end, at_end in (("low", bar.npv_at_low), ("high", bar.npv_at_high)):
                value: float = getattr(by_path[bar.path], end)
                if bar.path.endswith("_months"):
                    value = round(value)
                changed = preset.scenario.but({bar.path: value})
                assert at_end == pytest.approx(float(npv(changed)), abs=0.01), bar.path


def test_every_uncertain_number_that_moves_the_answer_has_a_bar() -> None:
    """Move each number of each case by hand, and see that the tornado knows of it."""
    for preset in presets():
        if preset.id == "no-scheme":
            continue  # nothing is paid there, so no study lets a fall be expected
        before = float(npv(preset.scenario))
        barred = {each.key for each, _ in uncertain(preset.scenario)}
        for row in register().on_forms():
            path = str(row.path).replace("*", "0")
            value = preset.scenario.at(path)
            if row.kind != "uncertainty" or not isinstance(value, (int, float)):
                continue
            if path in {"scheme.take_up", "bidding.match_chance"}:
                continue  # the first makes a scheme larger, not better; in these cases nobody bids
            if path == "effect.after_multiplier" and not relative_fall(preset.scenario):
                continue  # where nobody is held there is no end of being held
            other = value * 0.9 if value else 0.1
            changed = preset.scenario.but({path: round(other) if "months" in path else other})
            if abs(float(npv(changed)) - before) > 1:
                assert path in barred, (preset.id, path)


def test_what_does_not_matter_to_the_answer_has_no_bar() -> None:
    retention = Scenario.from_file(DATA / "incentive-retention.json")
    paths = {each.key for each, _ in uncertain(retention)}
    assert "groups.0.annual_leaving_rate" in paths
    assert "effect.leaving_reduction" in paths
    assert not [path for path in paths if path.startswith(("vacancy.", "costs.", "region."))]
    assert "effect.extra_hires" not in paths
    assert "effect.after_multiplier" not in paths, "it lasts for no months"
    hello = Scenario.from_file(DATA / "incentive-golden-hello.json")
    assert {"vacancy.months", "effect.extra_hires"} <= {each.key for each, _ in uncertain(hello)}


def test_the_parts_of_a_leavers_cost_have_bars_only_where_it_is_built_from_them() -> None:
    built = Scenario.from_file(DATA / "incentive-retention.json").but({"leaver_cost": "from_parts"})
    paths = {each.key for each, _ in uncertain(built)}
    assert "costs.ramp_up_weeks" in paths
    assert "leaver_cost" not in paths
    hello = Scenario.from_file(DATA / "incentive-golden-hello.json").but(
        {"vacancy.net_saving_per_month": "from_parts"}
    )
    paths = {each.key for each, _ in uncertain(hello)}
    assert "costs.covered_share" in paths
    assert "costs.ramp_up_weeks" not in paths


def test_groups_are_told_apart_where_there_are_more_than_one() -> None:
    one = Scenario.from_file(DATA / "incentive-retention.json")
    given_twice = one.to_dict()
    given_twice["groups"] = [
        {**given_twice["groups"][0], "name": "Managers"},
        {**given_twice["groups"][0], "name": "Others"},
    ]
    two = Scenario.from_dict(given_twice)
    assert not [bar.label for bar in tornado_bars(one) if "(" in bar.label]
    labels = [bar.label for bar in tornado_bars(two)]
    assert [label for label in labels if label.endswith("(Managers)")]
    assert [label for label in labels if label.endswith("(Others)")]


def test_the_fall_to_expect_is_what_studies_of_pay_found_for_such_a_payment() -> None:
    scenario = Scenario.from_file(DATA / "incentive-retention.json")
    low, high = fall_range(scenario)
    assert (low, high) == span(findings("retention", 0.05))
    worst, best = net_benefit_at_ends(scenario)
    for fall, value in ((low, worst), (high, best)):
        played = evaluate(scenario.but({"effect.leaving_reduction": fall}))
        assert value == pytest.approx(played.net_benefit)


def test_a_golden_hellos_ends_are_the_registers_range_of_extra_joiners() -> None:
    scenario = Scenario.from_file(DATA / "incentive-golden-hello.json")
    row = register()["extra_hires"]
    for extra, value in zip((row.low, row.high), net_benefit_at_ends(scenario), strict=True):
        played = evaluate(scenario.but({"effect.extra_hires": extra}))
        assert value == pytest.approx(played.net_benefit)
