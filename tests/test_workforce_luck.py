"""Whole people from chances: the library's numbers against scipy's, and the same luck for all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from retention_lib.rates import FloatArray
from retention_lib.workforce.luck import Chance, Expected, Luck, binomial, poisson
from tests.strategies import between, chances

LUCKS = st.floats(1e-9, 1 - 1e-9)
EVENLY = 20_000


def evenly(pieces: int = EVENLY) -> FloatArray:
    """Give luck without luck: the middles of so many equal pieces of 0 to 1."""
    return (np.arange(pieces) + 0.5) / pieces


def one_binomial(luck: float, people: float, chance: float) -> float:
    return float(binomial(np.array(luck), np.array(people), np.array(chance)))


def one_poisson(luck: float, expected: float) -> float:
    return float(poisson(np.array(luck), np.array(expected)))


# Worked out on paper.


def test_of_two_people_and_a_coin_a_quarter_of_luck_loses_nobody_and_the_next_half_one() -> None:
    luck = np.array([0.1, 0.24, 0.26, 0.74, 0.76, 0.99])
    assert binomial(luck, np.array(2.0), np.array(0.5)).tolist() == [0, 0, 1, 1, 2, 2]


def test_where_nine_in_ten_go_of_two_one_in_a_hundred_keeps_both() -> None:
    luck = np.array([0.009, 0.011, 0.189, 0.191])
    assert binomial(luck, np.array(2.0), np.array(0.9)).tolist() == [0, 1, 1, 2]


def test_one_expected_stays_away_in_one_of_e_months() -> None:
    luck = np.array([0.367, 0.368, 0.735, 0.736])
    assert poisson(luck, np.array(1.0)).tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize("luck", [0.0, 1e-300, 0.5, 1 - 2**-53])
def test_certainty_needs_no_luck(luck: float) -> None:
    for people in (0.0, 1.0, 82.0, 5_000.0):
        assert one_binomial(luck, people, 0.0) == 0
        assert one_binomial(luck, people, 1.0) == people
    assert one_binomial(luck, 0.0, 0.3) == 0
    assert one_poisson(luck, 0.0) == 0


# Against scipy.


def test_the_binomial_is_scipys_for_any_number_of_people_and_any_chance() -> None:
    rng = np.random.default_rng(0)
    size = 20_000
    n = np.floor(np.exp(rng.uniform(0, np.log(5_001), size)))
    p = rng.choice([0.0, 1e-6, 1e-3, 0.01, 0.5, 0.999, 1.0, np.nan], size)
    p = np.where(np.isnan(p), rng.random(size), p)
    p = np.where(rng.random(size) < 0.3, rng.random(size) * 0.05, p)
    u = np.where(rng.random(size) < 0.1, rng.choice([1e-9, 1e-4, 1 - 1e-4], size), rng.random(size))
    n[:50] = 0
    assert np.array_equal(binomial(u, n, p), stats.binom.ppf(u, n, p))


def test_the_poisson_is_scipys_for_any_number_expected() -> None:
    rng = np.random.default_rng(1)
    size = 10_000
    mean = np.exp(rng.uniform(np.log(1e-6), np.log(3_000), size))
    mean[:50] = 0.0
    u = np.where(rng.random(size) < 0.1, rng.choice([1e-9, 1e-4, 1 - 1e-4], size), rng.random(size))
    assert np.array_equal(poisson(u, mean), stats.poisson.ppf(u, mean))


@settings(max_examples=300)
@given(LUCKS, st.integers(0, 5_000), chances())
def test_one_binomial_at_a_time_is_scipys_too(luck: float, people: int, chance: float) -> None:
    count = one_binomial(luck, people, chance)
    below, reached = stats.binom.cdf([count - 1, count], people, chance)
    assert reached >= luck - 1e-11
    assert below <= luck + 1e-11
    assert 0 <= count <= people


@settings(max_examples=200)
@given(LUCKS, between(0, 3_000, 299, 300, 301, 599, 600, 601))
def test_one_poisson_at_a_time_is_scipys_too(luck: float, expected: float) -> None:
    count = one_poisson(luck, expected)
    below, reached = stats.poisson.cdf([count - 1, count], expected)
    assert reached >= luck - 1e-11
    assert below <= luck + 1e-11


def test_small_and_large_services_side_by_side_are_what_they_are_alone() -> None:
    """Those above some 600 are searched for from the middle, the others from nobody."""
    u = np.array([0.3, 0.7, 0.999])[:, np.newaxis]
    n = np.array([0.0, 3.0, 598.0, 602.0, 5_000.0])
    p = np.array([0.2, 0.6, 0.5, 0.5, 0.97])
    together = binomial(u, n, p)
    means = np.array([0.0, 0.1, 599.0, 601.0, 3_000.0])
    arrived = poisson(u, means)
    for row, luck in enumerate(u[:, 0]):
        for column in range(n.size):
            alone = one_binomial(luck, n[column], p[column])
            assert together[row, column] == alone
            assert arrived[row, column] == one_poisson(luck, means[column])


# What luck does on the whole.


@settings(max_examples=200)
@given(LUCKS, st.integers(0, 2_000), chances(), chances(), st.integers(0, 50))
def test_the_same_luck_never_loses_more_where_the_chance_is_smaller_or_the_people_fewer(
    luck: float, people: int, chance: float, other: float, more: int
) -> None:
    low, high = sorted((chance, other))
    assert one_binomial(luck, people, low) <= one_binomial(luck, people, high)
    assert one_binomial(luck, people, chance) <= one_binomial(luck, people + more, chance)


@settings(max_examples=100)
@given(LUCKS, between(0, 1_500), between(0, 1_500))
def test_the_same_luck_never_brings_fewer_where_more_are_expected(
    luck: float, expected: float, other: float
) -> None:
    low, high = sorted((expected, other))
    assert one_poisson(luck, low) <= one_poisson(luck, high)


@pytest.mark.parametrize(
    ("people", "chance"), [(1, 0.3), (75, 0.0125), (75, 0.9), (4_000, 0.02), (2_000, 0.5)]
)
def test_leavers_have_the_mean_and_the_variance_of_a_binomial(people: int, chance: float) -> None:
    left = binomial(evenly(), np.array(float(people)), np.array(chance))
    assert left.mean() == pytest.approx(people * chance, rel=1e-3)
    assert left.var() == pytest.approx(people * chance * (1 - chance), rel=5e-3)


@pytest.mark.parametrize("expected", [0.05, 1.5, 40.0, 900.0])
def test_arrivals_vary_by_as_much_as_are_expected(expected: float) -> None:
    arrived = poisson(evenly(), np.array(expected))
    assert arrived.mean() == pytest.approx(expected, rel=2e-3)
    assert arrived.var() == pytest.approx(expected, rel=5e-3)


@pytest.mark.parametrize("planned", [0.0, 0.2, 2.5, 7.75, 9.0])
def test_a_planned_number_is_whole_and_right_on_average(planned: float) -> None:
    draws = 100_000
    found = Luck(np.random.default_rng(2), draws).whole(np.array(planned))
    assert set(np.unique(found)) <= {np.floor(planned), np.ceil(planned)}
    part = planned % 1
    four_errors = 4 * np.sqrt(part * (1 - part) / draws)
    assert np.broadcast_to(found, draws).mean() == pytest.approx(planned, abs=four_errors + 1e-12)


# The same luck for every world.


def two_worlds(luck: Chance, chance_with: float) -> FloatArray:
    chance = np.array([[0.05], [chance_with]])
    return luck.some(np.full((2, luck.draws), 200.0), chance)


def test_two_worlds_with_the_same_chance_lose_the_same_people_in_every_draw() -> None:
    luck = Luck(np.random.default_rng(3), 500)
    left = two_worlds(luck, 0.05)
    assert np.array_equal(left[0], left[1])
    arrived = luck.arrivals(np.full((2, 1), 3.3))
    assert np.array_equal(arrived[0], arrived[1])
    planned = luck.whole(np.full((2, 1), 3.3))
    assert np.array_equal(planned[0], planned[1])
    assert left[0].std() > 0
    assert arrived[0].std() > 0
    assert planned[0].std() > 0


def test_a_world_with_a_smaller_chance_loses_fewer_in_some_draws_and_more_in_none() -> None:
    left = two_worlds(Luck(np.random.default_rng(4), 2_000), 0.04)
    assert np.all(left[1] <= left[0])
    saved = (left[0] - left[1]).mean()
    assert saved == pytest.approx(2, abs=0.2)


def test_each_draw_and_each_month_has_luck_of_its_own() -> None:
    luck = Luck(np.random.default_rng(5), 4_000)
    months = np.stack([luck.some(np.full(4_000, 400.0), np.array(0.1)) for _ in range(3)])
    together = np.asarray(np.corrcoef(months))
    assert abs(together[np.triu_indices(3, 1)]).max() < 0.07
    assert len(np.unique(months[0])) > 20


def test_the_same_seed_is_the_same_luck() -> None:
    one, again, other = (Luck(np.random.default_rng(seed), 50) for seed in (6, 6, 7))
    first = two_worlds(one, 0.04)
    assert np.array_equal(first, two_worlds(again, 0.04))
    assert not np.array_equal(first, two_worlds(other, 0.04))


def test_people_of_one_plan_alone_leave_the_luck_of_the_others_as_it_was() -> None:
    plain, busy = (Luck(np.random.default_rng(8), 50) for _ in range(2))
    apart = busy.some(np.full(50, 30.0), np.array(0.3), apart=True)
    assert np.array_equal(two_worlds(plain, 0.04), two_worlds(busy, 0.04))
    again = busy.some(np.full(50, 30.0), np.array(0.3), apart=True)
    assert not np.array_equal(apart, again)


def test_without_luck_everything_is_as_expected() -> None:
    none = Expected()
    assert none.some(np.array([82.5]), np.array([0.02])).tolist() == pytest.approx([1.65])
    assert none.arrivals(np.array([1.3])).tolist() == [1.3]
    assert none.whole(np.array([1.3])).tolist() == [1.3]
    assert none.draws == 1
