"""Break-even and tornado, for any model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import brentq

from retention_lib.rates import FloatArray
from retention_lib.uncertainty import (
    Range,
    TornadoBar,
    crossing_of_line,
    first_pays,
    last_pays,
    tornado,
)

numbers = st.floats(-1e6, 1e6)


def test_a_loss_of_30_that_falls_by_100_is_gone_at_three_tenths() -> None:
    assert first_pays(lambda x: 100 * x - 30, 0, 1) == pytest.approx(0.3, abs=1e-15)


def test_a_gain_of_30_that_falls_by_100_lasts_to_three_tenths() -> None:
    assert last_pays(lambda x: 30 - 100 * x, 0, 1) == pytest.approx(0.3, abs=1e-15)


def test_the_first_of_several_roots_is_found_and_the_last() -> None:
    def hill(x: FloatArray) -> FloatArray:
        return -(x - 0.2) * (x - 0.5)  # above zero from 0.2 to 0.5

    assert first_pays(hill, 0, 1) == pytest.approx(0.2)
    assert last_pays(hill, 0, 1) == pytest.approx(0.5)


def test_what_pays_at_the_low_end_needs_nothing() -> None:
    assert first_pays(lambda x: x, 0, 1) == 0
    assert first_pays(lambda x: 1 - 5 * x, 0, 1) == 0


def test_what_pays_only_at_the_high_end_needs_all_of_it() -> None:
    assert first_pays(lambda x: x - 1, 0, 1) == 1


def test_what_pays_nowhere_has_no_answer() -> None:
    assert first_pays(lambda x: x - 1.000001, 0, 1) is None
    assert last_pays(lambda x: x - 1.000001, 0, 1) is None


@given(st.floats(0.001, 0.999), st.floats(1e-11, 1e-8))
def test_the_last_digits_of_a_sum_do_not_turn_an_answer_into_none(root: float, low: float) -> None:
    """A model whose last value of a row is a little low, as the sums of an array can be."""

    def shaky(x: FloatArray) -> FloatArray:
        values = np.asarray(1e6 * (x**2 - root**2))
        values[-1] -= low
        return values

    assert first_pays(shaky, 0, 1) == pytest.approx(root, abs=1e-9)


@given(st.floats(0.001, 0.999), st.floats(0.1, 5), st.floats(1, 1e9))
def test_the_root_is_brents(root: float, power: float, scale: float) -> None:
    def value(x: FloatArray) -> FloatArray:
        return np.asarray(scale * (x**power - root**power))

    found = first_pays(value, 0, 1)
    assert found == pytest.approx(brentq(lambda x: float(value(np.array(x))), 0, 1), abs=1e-9)


@given(st.floats(0.001, 0.999))
def test_the_answer_pays_and_a_hair_less_does_not(root: float) -> None:
    def value(x: FloatArray) -> FloatArray:
        return x - root

    found = first_pays(value, 0, 1)
    assert found is not None
    assert value(np.array(found)) >= 0
    assert value(np.array(found - 1e-12)) < 0


def test_few_calls_are_made() -> None:
    calls: list[int] = []

    def value(x: FloatArray) -> FloatArray:
        calls.append(x.size)
        return x - 0.123

    first_pays(value, 0, 1)
    assert len(calls) <= 12


def test_a_line_from_minus_50_that_gains_25_crosses_at_2() -> None:
    assert crossing_of_line(-50, -25) == 2


@given(numbers, numbers)
def test_a_line_is_zero_where_it_crosses(at_0: float, at_1: float) -> None:
    assume(abs(at_0 - at_1) > 1e-3)
    x = crossing_of_line(at_0, at_1)
    if x is None:
        assert abs(at_1) > abs(at_0)
        assert at_0 * at_1 > 0
    else:
        assert x >= 0
        assert at_0 + x * (at_1 - at_0) == pytest.approx(0, abs=1e-3)


def test_a_level_line_crosses_nowhere() -> None:
    assert crossing_of_line(5, 5) is None
    assert crossing_of_line(0, 0) is None


def test_each_number_is_moved_alone_and_the_widest_comes_first() -> None:
    bars = tornado(
        lambda x: 2 * x["a"] - 3 * x["b"] + x["c"],
        [Range("a", 0, 1, 2), Range("b", 0, 1, 2), Range("c", 1, 1, 1)],
    )
    assert bars == (
        TornadoBar("b", 0, 2, value_at_low=3, value_at_high=-3),
        TornadoBar("a", 0, 2, value_at_low=-2, value_at_high=2),
        TornadoBar("c", 1, 1, value_at_low=0, value_at_high=0),
    )
    assert [bar.width for bar in bars] == [6, 4, 0]


@given(st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=1, max_size=6))
def test_a_bar_of_a_line_is_its_slope_times_its_range(
    rows: list[tuple[float, float, float, float]],
) -> None:
    slopes = {str(i): row[3] for i, row in enumerate(rows)}
    ends = [sorted(row[:3]) for row in rows]
    ranges = [Range(str(i), low, mid, high) for i, (low, mid, high) in enumerate(ends)]
    bars = tornado(lambda x: sum((slopes[key] * x[key] for key in slopes), np.array(0.0)), ranges)
    assert [bar.width for bar in bars] == sorted((bar.width for bar in bars), reverse=True)
    for bar in bars:
        assert bar.value_at_high - bar.value_at_low == pytest.approx(
            slopes[bar.key] * (bar.high - bar.low), abs=1e-2
        )


def test_nothing_uncertain_makes_no_bars() -> None:
    assert tornado(lambda _: np.array([]), []) == ()
