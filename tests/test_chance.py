"""How far luck moves a figure: the intervals against their equations, and counted out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from retention_lib.benchmarks.chance import (
    Z95,
    difference_interval,
    events_interval,
    share_interval,
)
from tests.strategies import between, chances

PEOPLE = between(0.5, 2_000, 1, 7.6, 82)


def test_the_deviations_are_those_of_nineteen_in_twenty() -> None:
    assert pytest.approx(stats.norm.ppf(0.975), abs=1e-12) == Z95


# A share of people.


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_whole_people_get_the_interval_that_scipy_gives(seen: tuple[int, int]) -> None:
    left, people = seen
    expected = stats.binomtest(left, people).proportion_ci(method="wilson")
    found = share_interval(left / people, people)
    assert found == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(chances(), PEOPLE)
def test_the_ends_of_a_share_solve_their_equation(share: float, people: float) -> None:
    low, high = share_interval(share, people)
    assert 0 <= low <= share <= high <= 1
    for end in (low, high):
        assert (share - end) ** 2 == pytest.approx(Z95**2 * end * (1 - end) / people, abs=1e-9)


@pytest.mark.parametrize("people", [1.0, 7.6, 75.0, 430.1])
def test_nobody_and_everybody_have_an_interval_to_one_side(people: float) -> None:
    width = Z95**2 / (people + Z95**2)
    assert share_interval(0.0, people) == pytest.approx((0.0, width))
    assert share_interval(1.0, people) == pytest.approx((1 - width, 1.0))


def test_part_of_a_person_counts_in_part() -> None:
    widths = [high - low for low, high in (share_interval(0.2, n) for n in (74.0, 74.5, 75.0))]
    assert widths[0] > widths[1] > widths[2]


@pytest.mark.parametrize(
    ("share", "people"), [(-0.1, 10), (1.1, 10), (0.5, 0), (0.5, -1), (math.nan, 10)]
)
def test_a_share_that_is_none_is_refused(share: float, people: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        share_interval(share, people)


def coverage(chance: float, people: int) -> float:
    """Add up the binomial chance of every count whose interval holds the true chance."""
    counts = range(people + 1)
    holds = [
        low <= chance <= high for low, high in (share_interval(k / people, people) for k in counts)
    ]
    return float(np.dot(holds, stats.binom.pmf(counts, people, chance)))


@pytest.mark.parametrize("people", [50, 200])
def test_the_interval_holds_the_truth_about_nineteen_times_in_twenty(people: int) -> None:
    found = [coverage(chance, people) for chance in np.arange(0.05, 0.5, 0.005)]
    assert 0.945 < np.mean(found) < 0.955
    assert np.mean([0.93 < each < 0.97 for each in found]) > 0.95
    assert min(found) > 0.92


# A rate of events.


@given(between(0, 40, 16), between(0.5, 60_000, 90), between(1, 10, 2))
def test_the_ends_of_a_rate_solve_their_equation(
    rate: float, exposure: float, together: float
) -> None:
    low, high = events_interval(rate, exposure, together)
    assert 0 <= low <= rate * (1 + 1e-9)
    assert rate <= high
    seen = rate * exposure / together
    for end in (low, high):
        mean = end * exposure / together
        assert (seen - mean) ** 2 == pytest.approx(Z95**2 * mean, rel=1e-6, abs=1e-6)


def test_many_events_lie_as_a_normal_curve_has_them() -> None:
    low, high = events_interval(16.0, 1e6, 1)
    assert high - low == pytest.approx(2 * Z95 * math.sqrt(16 / 1e6), rel=1e-4)
    assert (low + high) / 2 == pytest.approx(16, rel=1e-6)


def test_events_that_come_four_at_a_time_are_twice_as_uncertain() -> None:
    low, high = events_interval(16.0, 1e6, 1)
    low_4, high_4 = events_interval(16.0, 1e6, 4)
    assert high_4 - low_4 == pytest.approx(2 * (high - low), rel=1e-4)


def test_no_event_at_all_leaves_room_above() -> None:
    assert events_interval(0.0, 100, 2) == pytest.approx((0.0, Z95**2 * 2 / 100))


@pytest.mark.parametrize("mean", [20.0, 80.0])
def test_the_interval_of_a_count_holds_the_truth_about_nineteen_times_in_twenty(
    mean: float,
) -> None:
    counts = np.arange(0, int(mean * 4))
    ends = [events_interval(float(count), 1.0, 1.0) for count in counts]
    holds = [low <= mean <= high for low, high in ends]
    assert 0.93 < float(np.dot(holds, stats.poisson.pmf(counts, mean))) < 0.97


@pytest.mark.parametrize(
    "wrong", [(-1.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0), (math.nan, 1.0, 1.0)]
)
def test_a_rate_that_is_none_is_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="No rate of events"):
        events_interval(*wrong)


# A difference.


def test_the_difference_is_newcombes_own_example() -> None:
    first, second = 48 / 80, 56 / 70
    found = difference_interval(
        first, share_interval(first, 80), second, share_interval(second, 70)
    )
    assert found == pytest.approx((0.0524, 0.3339), abs=0.00005)


@given(chances(), PEOPLE, chances(), PEOPLE)
def test_a_difference_lies_in_its_interval_and_turns_round_with_it(
    first: float, of_first: float, second: float, of_second: float
) -> None:
    one, two = share_interval(first, of_first), share_interval(second, of_second)
    low, high = difference_interval(first, one, second, two)
    assert low <= second - first <= high
    assert difference_interval(second, two, first, one) == pytest.approx((-high, -low))
