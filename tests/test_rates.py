"""Rates, chances and survival."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention_lib.rates import (
    annual_chance,
    annual_chance_from_turnover,
    monthly_chance,
    still_in_post,
    turnover_from_annual_chance,
)

chances = st.floats(0, 1, allow_subnormal=False)
ordinary = st.floats(0, 0.999)


def test_of_100_people_90_are_left_after_a_month_and_81_after_two() -> None:
    left = 100 * still_in_post(np.array([0.1, 0.1]))
    assert left.tolist() == pytest.approx([100, 90, 81])


def test_a_quarter_stays_a_year_where_each_half_year_halves_them() -> None:
    half_each_six_months = 1 - 0.5 ** (1 / 6)
    assert float(annual_chance(half_each_six_months)) == pytest.approx(0.75)
    assert float(monthly_chance(0.75)) == pytest.approx(half_each_six_months)


def test_twelve_percent_turnover_is_one_percent_a_month() -> None:
    assert float(annual_chance_from_turnover(0.12)) == pytest.approx(1 - 0.99**12)
    assert float(monthly_chance(annual_chance_from_turnover(0.12))) == pytest.approx(0.01)


def test_nobody_and_everybody_are_the_same_in_every_unit() -> None:
    assert monthly_chance([0.0, 1.0]).tolist() == [0.0, 1.0]
    assert annual_chance([0.0, 1.0]).tolist() == [0.0, 1.0]
    assert annual_chance_from_turnover([0.0, 12.0]).tolist() == [0.0, 1.0]
    assert turnover_from_annual_chance([0.0, 1.0]).tolist() == [0.0, 12.0]


@given(ordinary)
def test_twelve_months_at_the_monthly_chance_leave_what_a_year_leaves(annual: float) -> None:
    left = still_in_post(np.full(12, float(monthly_chance(annual))))
    assert left[12] == pytest.approx(1 - annual, rel=1e-9)


@given(ordinary)
def test_each_conversion_undoes_the_other(annual: float) -> None:
    assert float(annual_chance(monthly_chance(annual))) == pytest.approx(annual, abs=1e-12)
    turnover = turnover_from_annual_chance(annual)
    assert float(annual_chance_from_turnover(turnover)) == pytest.approx(annual, abs=1e-12)


@given(ordinary.filter(lambda chance: chance > 1e-6))
def test_turnover_counts_more_leavers_than_one_person_can_be(annual: float) -> None:
    assert float(turnover_from_annual_chance(annual)) > annual


@given(ordinary)
def test_a_full_service_publishes_the_turnover_its_chance_stands_for(annual: float) -> None:
    """Empty seats are refilled at once by people with the same chance: count who leaves."""
    monthly = float(monthly_chance(annual))
    first_people, leavers = 1.0, 0.0
    for _ in range(12):
        leavers += first_people * monthly + (1 - first_people) * monthly
        first_people *= 1 - monthly
    assert leavers == pytest.approx(float(turnover_from_annual_chance(annual)), abs=1e-12)


@given(st.lists(chances, max_size=30))
def test_the_share_still_in_post_starts_at_1_and_never_rises(monthly: list[float]) -> None:
    left = still_in_post(np.array(monthly, dtype=float))
    assert left[0] == 1
    assert left.size == len(monthly) + 1
    assert np.all(np.diff(left) <= 0)
    assert np.all(left >= 0)


def test_many_draws_follow_their_own_rows() -> None:
    draws = np.array([[0.1, 0.2], [0.0, 1.0]])
    assert still_in_post(draws).tolist() == [
        still_in_post(draws[0]).tolist(),
        still_in_post(draws[1]).tolist(),
    ]


@pytest.mark.parametrize("wrong", [-0.01, 1.01, 1.4, float("nan"), float("inf")])
def test_what_is_no_chance_is_refused_with_its_value(wrong: float) -> None:
    with pytest.raises(ValueError, match=rf"An annual chance must lie between 0 and 1.*{wrong}"):
        monthly_chance(wrong)
    with pytest.raises(ValueError, match="A monthly chance must lie between 0 and 1"):
        annual_chance([0.1, wrong])


@pytest.mark.parametrize("wrong", [-0.01, 12.5, float("nan")])
def test_what_is_no_turnover_rate_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="A turnover rate must lie between 0 and 12"):
        annual_chance_from_turnover(wrong)
