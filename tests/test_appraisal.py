"""Financial years, net present value and payback."""

from __future__ import annotations

import numpy as np
import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention_lib.appraisal import (
    by_financial_year,
    excel_npv,
    financial_year,
    net_present_value,
    payback_month,
)

pounds = st.floats(-1e7, 1e7)
rates = st.floats(0, 1)


def test_a_hundred_pounds_a_year_at_ten_percent() -> None:
    flows = np.array([100.0, 110.0, 121.0])
    assert float(net_present_value(flows, 0.10)) == pytest.approx(300)


def test_the_first_day_and_the_twelfth_month_are_year_0_and_the_thirteenth_year_1() -> None:
    assert [financial_year(month) for month in (0, 1, 12, 13, 24, 25)] == [0, 0, 0, 1, 1, 2]
    flows = np.zeros(26)
    flows[[0, 1, 12, 13, 24, 25]] = [1, 2, 4, 8, 16, 32]
    assert by_financial_year(flows).tolist() == [7, 24, 32]


@pytest.mark.parametrize(
    ("months", "years"), [(0, 1), (1, 1), (12, 1), (13, 2), (24, 2), (25, 3), (48, 4), (49, 5)]
)
def test_there_are_as_many_years_as_months_need(months: int, years: int) -> None:
    assert by_financial_year(np.ones(months + 1)).size == years


@given(st.lists(pounds, min_size=1, max_size=61))
def test_every_month_falls_in_its_financial_year_and_no_pound_is_lost(flows: list[float]) -> None:
    years = by_financial_year(np.array(flows))
    by_hand = [0.0] * years.size
    for month, flow in enumerate(flows):
        by_hand[financial_year(month)] += flow
    assert years.tolist() == pytest.approx(by_hand, abs=1e-6)


@given(st.lists(pounds, min_size=1, max_size=20), rates)
def test_npv_is_what_numpy_financial_says(flows: list[float], rate: float) -> None:
    ours = float(net_present_value(np.array(flows), rate))
    assert ours == pytest.approx(float(numpy_financial.npv(rate, flows)), abs=1e-6)


@given(st.lists(pounds, min_size=1, max_size=20))
def test_npv_at_nothing_is_the_sum(flows: list[float]) -> None:
    assert float(net_present_value(np.array(flows), 0.0)) == pytest.approx(sum(flows), abs=1e-6)


@given(st.lists(pounds, min_size=1, max_size=20), rates)
def test_excels_npv_comes_one_year_later(flows: list[float], rate: float) -> None:
    npv = float(net_present_value(np.array(flows), rate))
    later = float(numpy_financial.npv(rate, [0.0, *flows]))
    assert float(excel_npv(npv, rate)) == pytest.approx(later, abs=1e-6)


def test_npv_at_the_internal_rate_of_return_is_nothing() -> None:
    flows = [-1_000.0, 300.0, 420.0, 680.0]
    rate = float(numpy_financial.irr(flows))
    assert float(net_present_value(np.array(flows), rate)) == pytest.approx(0, abs=1e-6)


def test_many_rows_are_discounted_each_for_itself() -> None:
    rows = np.array([[100.0, 100.0], [0.0, 110.0]])
    assert net_present_value(rows, 0.1).tolist() == pytest.approx([100 + 100 / 1.1, 100])


def test_a_hundred_lent_and_sixty_back_each_month_is_back_in_the_second() -> None:
    assert payback_month(np.array([-100.0, 60.0, 60.0])) == 2


@pytest.mark.parametrize(
    ("flows", "month"),
    [
        ([0.0], 0),
        ([5.0], 0),
        ([-5.0], None),
        ([-100.0, 60.0, 30.0], None),
        ([-100.0, 100.0], 1),
        ([50.0, 50.0, -60.0], 0),
        ([50.0, -60.0, 20.0], 2),  # saved first and paid later: not back before it has paid
        ([-50.0, 60.0, -20.0, 20.0], 3),  # back, and gone again: it counts from the last time
        ([-50.0, 60.0, -20.0], None),
        ([-0.1, 0.1 + 1e-13], 1),
        ([-0.3, 0.1, 0.2], 2),  # a float's last digit is no debt
    ],
)
def test_payback_is_the_month_from_which_the_money_is_back_for_good(
    flows: list[float], month: int | None
) -> None:
    assert payback_month(np.array(flows)) == month


@given(st.lists(pounds, min_size=1, max_size=30))
def test_before_payback_something_is_owed_and_after_it_nothing(flows: list[float]) -> None:
    running = np.cumsum(flows)
    month = payback_month(np.array(flows))
    if month is None:
        assert running[-1] < 0
    else:
        assert np.all(running[month:] >= -0.005)
        assert month == 0 or running[month - 1] < 0
