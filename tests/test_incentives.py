"""Golden hellos and retention payments: whom they keep, what they cost, what that saves."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib import IncentiveResult, Scenario, evaluate
from retention_lib.incentives import (
    Offer,
    clawback_owed_share,
    example_offer,
    leaving_with_scheme,
    luck_in_headcount,
    people_paid,
    play,
    relative_fall,
    yearly_payment_share,
)
from retention_lib.model import npv, offer_of
from retention_lib.rates import monthly_chance, still_in_post
from tests import oracle
from tests.strategies import Json, scenarios

DATA = Path(__file__).parent / "data"
EXAMPLES = ("incentive-retention", "incentive-golden-hello")
POUNDS = (
    "payments", "on_costs", "clawback", "hiring", "net_cost", "saving", "net_benefit", "npv",
)  # fmt: skip
PEOPLE = ("people_paid", "leavers_without", "leavers_with", "leavers_avoided")


def offer(**changes: Any) -> Offer:
    """Give the hand-checkable world of the specification, some of it changed."""
    return replace(example_offer(), **changes)


def answer(scenario: Json) -> IncentiveResult:
    """Evaluate a scenario given as parsed JSON."""
    return evaluate(Scenario.from_dict(scenario))


def a_penny(scenario: Json) -> float:
    """Give a penny, and for very large schemes what a float can hold of it."""
    found = oracle.answer(scenario)
    size = float(found["payments"] + abs(found["saving"]) + found["hiring"])
    return 0.005 + 1e-10 * size


# The world that can be worked out on paper: 100 people, of whom 1% leave each month.


def test_a_payment_that_binds_nobody_costs_what_it_pays_and_avoids_nobody() -> None:
    flows = play(offer(tie_in_months=0))
    assert flows.payments.tolist() == [100_000] + [0] * 12
    assert np.all(flows.leavers_without == flows.leavers_with)
    assert float(flows.net.sum()) == -100_000


def test_nobody_leaves_where_everybody_is_kept_and_twelve_would_have() -> None:
    flows = play(offer())
    assert float(flows.leavers_without.sum()) == pytest.approx(12)
    assert float(flows.leavers_with.sum()) == 0
    assert float(flows.saving.sum()) == pytest.approx(120_000)
    assert float(flows.clawback.sum()) == 0
    assert float(flows.net.sum()) == pytest.approx(20_000)


def test_one_in_a_hundred_pays_all_back_in_the_first_month_and_99_of_99_in_the_second() -> None:
    flows = play(offer(leaving_reduction=0.0))
    assert flows.clawback[:3].tolist() == pytest.approx([0, 1_000, 990])
    assert flows.still_with[:3].tolist() == pytest.approx([100, 99, 98.01])


def test_leavers_owe_less_each_month_and_half_of_it_comes_back() -> None:
    flows = play(offer(leaving_reduction=0.0, taper="monthly", recovery_rate=0.5))
    assert flows.clawback[[1, 2]].tolist() == pytest.approx([500, 990 * 11 / 12 / 2])
    assert flows.clawback[12] == pytest.approx(1_000 * 0.99**11 / 12 / 2)


def test_the_second_half_goes_only_to_those_still_there_at_the_end_of_its_month() -> None:
    flows = play(offer(leaving_reduction=0.0, instalments=((0, 0.5), (2, 0.5))))
    assert flows.payments[:4].tolist() == pytest.approx([50_000, 0, 49_005, 0])
    assert flows.clawback[:4].tolist() == pytest.approx([0, 500, 495, 980.1])


def test_an_extra_hire_saves_a_vacancy_first_and_then_what_a_successor_would_leave_sooner() -> None:
    """20 extra people; after two months their posts would have been filled anyway."""
    group = replace(example_offer().groups[0], replacement_leaving_rate=1 - 0.97**12)
    flows = play(
        offer(
            kind="golden_hello", groups=(group,), leaving_reduction=0.0, tie_in_months=0,
            extra_hires=0.2, vacancy_months=2, net_saving_per_month=100.0, hire_cost=3_000.0,
        )
    )  # fmt: skip
    assert flows.payments[0] == pytest.approx(120_000)
    assert flows.hiring[0] == pytest.approx(60_000)
    assert flows.vacancy_saving[:4].tolist() == pytest.approx([0, 2_000, 1_980, 0])
    assert flows.extra_leavers_avoided[:4].tolist() == pytest.approx([0, 0, 0, 20 * 0.9801 * 0.02])


def test_after_the_tie_in_more_leave_for_a_while_and_then_as_ever() -> None:
    h1 = leaving_with_scheme(
        offer(tie_in_months=3, leaving_reduction=0.5, after_multiplier=2.0, after_months=2),
        example_offer().groups[0],
    )
    assert h1[:7].tolist() == pytest.approx([0.005] * 3 + [0.02] * 2 + [0.01] * 2)


def test_no_more_than_everybody_can_leave_when_the_tie_in_ends() -> None:
    h1 = leaving_with_scheme(
        offer(tie_in_months=0, after_multiplier=1e6, after_months=1), example_offer().groups[0]
    )
    assert h1[:2].tolist() == pytest.approx([1, 0.01])


def test_the_last_instalment_holds_people_where_the_tie_in_is_shorter() -> None:
    scheme = offer(tie_in_months=2, instalments=((0, 0.5), (6, 0.5)))
    assert scheme.binding_months == 6
    assert play(scheme).leavers_with[:8].tolist() == pytest.approx([0] * 7 + [1])


def test_fifteen_percent_for_three_years_at_a_response_of_3_keeps_15_percent() -> None:
    scheme = offer(
        payment_flat=None, payment_percent=15.0, tie_in_months=36,
        leaving_reduction=None, pay_elasticity=3.0,
    )  # fmt: skip
    assert float(relative_fall(scheme, scheme.groups[0])) == pytest.approx(0.15)


def test_nobody_can_be_kept_more_than_wholly() -> None:
    scheme = offer(payment_flat=40_000.0, leaving_reduction=None, pay_elasticity=3.0)
    assert float(relative_fall(scheme, scheme.groups[0])) == 1


@pytest.mark.parametrize("salary", [0.0, 5e-324, 1e-9])
def test_a_payment_on_no_salary_has_no_size_and_no_effect(salary: float) -> None:
    group = replace(example_offer().groups[0], salary=salary)
    scheme = offer(groups=(group,), leaving_reduction=None, pay_elasticity=3.0)
    assert float(yearly_payment_share(scheme, group)) == 0
    assert float(relative_fall(scheme, group)) == 0


def test_an_offer_without_an_amount_or_an_effect_is_refused() -> None:
    with pytest.raises(ValueError, match="payment_flat or payment_percent"):
        play(offer(payment_flat=None))
    with pytest.raises(ValueError, match="leaving_reduction or pay_elasticity"):
        play(offer(leaving_reduction=None))


@pytest.mark.parametrize(
    ("taper", "tie_in", "owed"),
    [
        ("monthly", 4, [1, 0.75, 0.5, 0.25, 0]),
        ("full", 3, [1, 1, 1, 0]),
        ("none", 3, [0, 0, 0, 0]),
        ("yearly", 24, [1] * 12 + [0.5] * 12 + [0]),
        ("yearly", 18, [1] * 12 + [1 / 3] * 6 + [0]),
        ("yearly", 6, [1] * 6 + [0]),
        ("full", 0, [0]),
        ("monthly", 0, [0]),
    ],
)
def test_a_leaver_owes_for_what_is_left_of_the_tie_in(
    taper: Any, tie_in: int, owed: list[float]
) -> None:
    found = [clawback_owed_share(taper, tie_in, month + 1) for month in range(len(owed))]
    assert found == pytest.approx(owed)


def test_luck_spreads_ten_heads_of_whom_half_stay_by_the_root_of_two_and_a_half() -> None:
    group = replace(example_offer().groups[0], headcount=10.0, annual_leaving_rate=0.5)
    scheme = offer(groups=(group,))

    def staying(_: object) -> Any:
        return np.array([1.0, 0.5])

    assert luck_in_headcount(scheme, staying).tolist() == pytest.approx([0, 2.5**0.5])
    hello = replace(scheme, kind="golden_hello", extra_hires=1.0)
    assert luck_in_headcount(hello, staying).tolist() == pytest.approx([0, 5**0.5])


# The examples that the specification gives.


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_oracle_and_the_library_give_the_answer_of_each_example(name: str) -> None:
    scenario = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    expected = json.loads((DATA / f"{name}.result.json").read_text(encoding="utf-8"))
    second = oracle.answer(scenario)
    second["break_even_leaving_reduction"] = oracle.smallest_fall(scenario)
    for ours in (answer(scenario).to_dict(), second):
        for key, value in expected.items():
            assert ours[key] == pytest.approx(value, rel=1e-6, abs=1e-6), key


# Schemes at random.


@settings(max_examples=150)
@given(scenarios())
def test_every_figure_agrees_with_the_oracle_to_a_penny(scenario: Json) -> None:
    ours, second = answer(scenario).to_dict(), oracle.answer(scenario)
    near = a_penny(scenario)
    for key in POUNDS:
        assert ours[key] == pytest.approx(second[key], abs=near), key
    for key in PEOPLE:
        assert ours[key] == pytest.approx(second[key], abs=1e-9, rel=1e-9), key
    assert ours["net_by_year"] == pytest.approx(second["net_by_year"], abs=near)
    assert ours["deadweight_share"] == pytest.approx(second["deadweight_share"], abs=1e-9)
    if second["net_cost"] > 1:
        assert ours["roi"] == pytest.approx(second["roi"], rel=1e-6, abs=1e-6)
    if second["leavers_avoided"] > 1e-3:
        avoided = second["cost_per_leaver_avoided"]
        assert ours["cost_per_leaver_avoided"] == pytest.approx(avoided, rel=1e-6, abs=0.01)
    if second["leavers_avoided"] < -1e-3:
        assert ours["cost_per_leaver_avoided"] is None
    region = oracle.region(scenario)
    for key in ("saving", "net_benefit", "npv", "net_by_year"):
        assert ours["region"][key] == pytest.approx(region[key], abs=near), key


@settings(max_examples=30)
@given(scenarios())
def test_without_an_effect_a_retention_payment_loses_exactly_what_it_costs(scenario: Json) -> None:
    scenario["scheme"]["kind"] = "retention"
    scenario["effect"] = {"leaving_reduction": 0.0}
    found = answer(scenario)
    assert found.leavers_avoided == 0
    assert found.saving == 0
    assert found.net_benefit == pytest.approx(-found.net_cost, abs=1e-6)


@settings(max_examples=30)
@given(scenarios())
def test_twice_the_people_are_twice_the_pounds(scenario: Json) -> None:
    twice = copy.deepcopy(scenario)
    for group in twice["groups"]:
        group["headcount"] *= 2
    one, two = answer(scenario), answer(twice)
    for key in (*POUNDS, *PEOPLE):
        assert getattr(two, key) == pytest.approx(2 * getattr(one, key), rel=1e-9, abs=1e-9), key
    assert two.deadweight_share == one.deadweight_share


@settings(max_examples=30)
@given(scenarios(), st.floats(0, 1))
def test_splitting_a_group_in_two_changes_nothing(scenario: Json, part: float) -> None:
    split = copy.deepcopy(scenario)
    first = split["groups"][0]
    second = {**first, "headcount": first["headcount"] * (1 - part), "name": "The others"}
    first["headcount"] *= part
    split["groups"].append(second)
    whole, parts = answer(scenario), answer(split)
    near = a_penny(scenario)
    for key in (*POUNDS, *PEOPLE):
        assert getattr(parts, key) == pytest.approx(getattr(whole, key), abs=near), key
    assert parts.frame("people")["high"].tolist() == pytest.approx(
        whole.frame("people")["high"].tolist(), abs=1e-6
    )


@settings(max_examples=30)
@given(scenarios())
def test_people_with_and_without_never_come_back_and_never_fall_below_nobody(
    scenario: Json,
) -> None:
    flows = play(offer_of(Scenario.from_dict(scenario)))
    for still in (flows.still_without, flows.still_with, flows.still_extra):
        assert np.all(np.diff(still) <= 1e-9)
        assert np.all(still >= 0)
    assert np.all(flows.clawback >= 0)
    assert np.all(flows.payments >= 0)


@settings(max_examples=30)
@given(scenarios())
def test_everybody_paid_is_counted_once(scenario: Json) -> None:
    scheme = offer_of(Scenario.from_dict(scenario))
    flows = play(scheme)
    start = flows.still_with[0] + flows.still_extra[0]
    assert float(people_paid(scheme)) == pytest.approx(float(start))


def test_where_all_leave_in_a_month_all_pay_back_what_they_had() -> None:
    group = replace(example_offer().groups[0], annual_leaving_rate=1.0)
    flows = play(offer(groups=(group,), leaving_reduction=0.0))
    assert flows.still_with.tolist() == [100] + [0] * 12
    assert float(flows.clawback.sum()) == float(flows.payments.sum()) == 100_000
    assert flows.leavers_without[1:].tolist() == [100] * 12


def test_where_nobody_leaves_nobody_can_be_kept() -> None:
    group = replace(example_offer().groups[0], annual_leaving_rate=0.0)
    flows = play(offer(groups=(group,)))
    assert float(flows.leavers_without.sum()) == float(flows.saving.sum()) == 0
    assert flows.still_without.tolist() == [100] * 13


def test_successors_who_stay_for_ever_leave_nothing_to_save_once_all_have_gone() -> None:
    group = replace(
        example_offer().groups[0], annual_leaving_rate=1.0, replacement_leaving_rate=0.0
    )
    flows = play(offer(groups=(group,), leaving_reduction=0.0))
    assert flows.leavers_without.tolist() == [0, 100] + [0] * 11


@pytest.mark.parametrize("month", [13, 24, 1_000_000])
def test_an_instalment_after_the_last_month_is_outside_the_figures(month: int) -> None:
    flows = play(offer(instalments=((0, 0.5), (month, 0.5)), leaving_reduction=0.0))
    assert float(flows.payments.sum()) == 50_000
    assert flows.clawback[1] == pytest.approx(500)
    assert flows.payments.size == 13


def test_an_instalment_in_the_last_month_is_inside() -> None:
    flows = play(offer(instalments=((12, 1.0),)))
    assert flows.payments[12] == 100_000


def test_no_months_at_all_leave_the_first_day() -> None:
    flows = play(offer(months=0))
    assert flows.payments.tolist() == [100_000]
    assert flows.saving.tolist() == [0]


@settings(max_examples=30)
@given(scenarios(), st.integers(61, 200))
def test_what_comes_after_the_last_month_changes_nothing_before_it(
    scenario: Json, later: int
) -> None:
    longer = copy.deepcopy(scenario)
    longer["appraisal"]["months"] = later
    short = play(offer_of(Scenario.from_dict(scenario)))
    long = play(offer_of(Scenario.from_dict(longer)))
    assert long.net[: short.net.size].tolist() == short.net.tolist()


# Many draws in one call.


def drawn_values(count: int) -> dict[str, Any]:
    """Give draws of everything that can be drawn for the golden hello example."""
    draw = np.random.default_rng(1).uniform
    return {
        "groups.0.headcount": draw(0, 100, count),
        "groups.0.salary": draw(20_000, 60_000, count),
        "groups.0.annual_leaving_rate": draw(0, 1, count),
        "groups.0.replacement_leaving_rate": draw(0, 1, count),
        "scheme.amount.flat": draw(0, 9_000, count),
        "scheme.take_up": draw(0, 1, count),
        "scheme.oncost_rate": draw(0, 0.5, count),
        "scheme.clawback.recovery_rate": draw(0, 1, count),
        "effect.leaving_reduction": draw(0, 1, count),
        "effect.extra_hires": draw(0, 2, count),
        "effect.after_multiplier": draw(0, 3, count),
        "effect.after_months": np.floor(draw(0, 24, count)),
        "vacancy.months": np.floor(draw(0, 24, count)),
        "vacancy.net_saving_per_month": draw(-5_000, 3_000, count),
        "vacancy.hire_cost": draw(0, 9_000, count),
        "leaver_cost": draw(0, 60_000, count),
    }


def test_ten_thousand_draws_in_one_call_are_the_same_as_one_by_one() -> None:
    scenario = Scenario.from_file(DATA / "incentive-golden-hello.json")
    draws = drawn_values(10_000)
    together = npv(scenario, draws)
    assert together.shape == (10_000,)
    for i in range(0, 10_000, 500):
        one = {path: float(values[i]) for path, values in draws.items()}
        assert together[i] == pytest.approx(float(npv(scenario, one)), abs=1e-6)
        set_by_hand = scenario.but(
            {
                path: round(value) if path.endswith("months") else value
                for path, value in one.items()
            }
        )
        assert together[i] == pytest.approx(float(npv(set_by_hand)), abs=1e-6)


def test_a_drawn_response_to_pay_acts_as_one_that_is_set() -> None:
    scenario = Scenario.from_file(DATA / "incentive-retention.json").but(
        {"effect.leaving_reduction": None, "effect.pay_elasticity": 1.0}
    )
    found = npv(scenario, {"effect.pay_elasticity": np.array([0.0, 0.7, 30.0])})
    for value, drawn in zip((0.0, 0.7, 30.0), found, strict=True):
        assert drawn == pytest.approx(float(npv(scenario.but({"effect.pay_elasticity": value}))))


def test_the_share_still_there_is_the_survival_of_the_monthly_chance() -> None:
    flows = play(offer())
    alone = still_in_post(np.full(12, float(monthly_chance(1 - 0.99**12))))
    assert (flows.still_without / 100).tolist() == pytest.approx(alone.tolist())
