"""What a leaver and a vacancy cost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from retention_lib import costs
from tests import oracle
from tests.strategies import Json
from tests.strategies import costs as drawn_costs

HAND: dict[str, float] = {
    "advertising_and_selection": 1_000,
    "agency_premium_per_year": 24_000,  # 2,000 a month
    "months_to_fill": 6,
    "covered_share": 0.75,
    "pay_with_oncosts_per_year": 52_000,  # 1,000 a week
    "induction_and_training": 500,
    "ramp_up_weeks": 20,
    "ramp_up_lost_share": 0.5,
}


def parts(**changes: float) -> dict[str, Any]:
    """Give the parts of the hand-checkable leaver by name, some figures changed."""
    return {part.key: part for part in costs.leaver_cost_parts(**{**HAND, **changes})}


def test_each_part_of_a_leaver_is_what_a_person_works_out() -> None:
    found = {key: part.pounds for key, part in parts().items()}
    assert found == pytest.approx(
        {
            "advertising": 1_000,
            "agency_premium": 9_000,  # 6 months x 2,000 x 0.75
            "pay_not_spent": -6_500,  # 6 months x 4,333.33 x 0.25
            "induction": 500,
            "lost_output": 10_000,  # 20 weeks x 1,000 x 0.5
        }
    )


def test_the_whole_is_the_sum_and_lost_output_is_no_cash() -> None:
    found = tuple(parts().values())
    assert costs.total(found) == pytest.approx(14_000)
    assert costs.total(found, cashable_only=True) == pytest.approx(4_000)
    assert [part.key for part in found if not part.cashable] == ["lost_output"]


def test_nothing_is_saved_or_paid_for_a_gap_that_is_filled_at_once() -> None:
    found = parts(months_to_fill=0)
    assert found["agency_premium"].pounds == 0
    assert found["pay_not_spent"].pounds == 0


def test_a_covered_gap_saves_no_pay_and_an_uncovered_one_costs_no_premium() -> None:
    assert parts(covered_share=1)["pay_not_spent"].pounds == 0
    assert parts(covered_share=0)["agency_premium"].pounds == 0
    assert parts(covered_share=0)["pay_not_spent"].pounds == pytest.approx(-26_000)


def test_filling_a_covered_vacancy_saves_the_premium_and_an_uncovered_one_costs_its_pay() -> None:
    def saving(covered: float) -> object:
        return costs.saving_from_filling_a_vacancy(
            agency_premium_per_year=24_000, pay_with_oncosts_per_year=48_000, covered_share=covered
        )

    assert saving(1.0) == 2_000
    assert saving(0.0) == -4_000
    assert saving(2 / 3) == pytest.approx(0)


@given(drawn_costs())
def test_the_sum_agrees_with_an_independent_one(drawn: Json) -> None:
    whole = costs.total(costs.leaver_cost_parts(**drawn))
    scenario = {"leaver_cost": "from_parts", "costs": drawn}
    assert whole == pytest.approx(oracle.leaver_cost(scenario), abs=1e-6)


@given(drawn_costs())
def test_a_vacancy_agrees_with_an_independent_sum(drawn: Json) -> None:
    names = ("agency_premium_per_year", "pay_with_oncosts_per_year", "covered_share")
    month = costs.saving_from_filling_a_vacancy(**{name: drawn[name] for name in names})
    scenario = {"vacancy": {"net_saving_per_month": "from_parts"}, "costs": drawn}
    assert month == pytest.approx(oracle.vacancy_saving(scenario), abs=1e-6)


@given(drawn_costs())
def test_the_gap_costs_a_leaver_what_filling_it_sooner_would_save(drawn: Json) -> None:
    """The same vacancy priced from both sides: the premium and the pay are counted once each."""
    found = {part.key: part.pounds for part in costs.leaver_cost_parts(**drawn)}
    names = ("agency_premium_per_year", "pay_with_oncosts_per_year", "covered_share")
    month = costs.saving_from_filling_a_vacancy(**{name: drawn[name] for name in names})
    gap = found["agency_premium"] + found["pay_not_spent"]
    assert gap == pytest.approx(month * drawn["months_to_fill"], abs=1e-6)
