"""Shapes of belief, draws, and what they come to: each beside a closed form or scipy."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import brentq

from retention_lib.uncertainty import (
    Range,
    UncertainModel,
    counted_share,
    drawn,
    heat_map,
    share_of_gains,
    spread_of,
    switching_value,
    uniforms,
)

CHANCES = np.linspace(0, 1, 2_001)
WITHIN = (CHANCES > 0) & (CHANCES < 1)


def ordered() -> st.SearchStrategy[tuple[float, float, float]]:
    """Give three numbers in order, apart enough to tell."""
    some = st.integers(-1_000_000, 1_000_000).map(float)
    return st.tuples(some, some, some).map(lambda three: tuple(sorted(three)))  # type: ignore[arg-type, return-value]


# PERT on each side


@given(ordered(), st.floats(0, 1), st.floats(0, 1))
def test_a_pert_stays_between_its_ends_and_never_falls(
    three: tuple[float, float, float], one: float, other: float
) -> None:
    low, central, high = three
    found = Range("x", *three).at(np.array(sorted((one, other))))
    assert low <= found[0] <= found[1] <= high
    assert Range("x", *three).at(np.array(0.5)) == central


def test_each_side_of_a_pert_is_scipys_beta_with_its_mode_at_the_middle() -> None:
    number = Range("x", -2, 1, 11)
    above = stats.beta(1, 5, loc=1, scale=10)
    below = stats.beta(1, 5, loc=0, scale=3)
    upper = CHANCES > 0.5
    assert number.at(CHANCES[upper]) == pytest.approx(above.ppf(2 * CHANCES[upper] - 1))
    lower = CHANCES < 0.5
    assert number.at(CHANCES[lower]) == pytest.approx(1 - below.ppf(1 - 2 * CHANCES[lower]))


@given(ordered())
def test_a_perts_mean_is_its_middle_and_a_twelfth_of_the_difference_of_its_sides(
    three: tuple[float, float, float],
) -> None:
    """Each half is Beta(1, 5), of mean 1/6 of the way to its end."""
    low, central, high = three
    found = drawn([Range("x", *three)], 4_096)["x"]
    expected = central + ((high - central) - (central - low)) / 12
    assert found.mean() == pytest.approx(expected, abs=1e-3 * max(1.0, high - low))


def test_half_of_the_draws_of_a_claim_of_nothing_are_nothing() -> None:
    """The plain PERT's middle would be above nothing, and credit a scheme that claims nothing."""
    found = drawn([Range("fall", 0, 0, 0.23)], 1_024)["fall"]
    assert (found == 0).sum() == 512
    assert float(spread_of(found).middle) == 0
    plain = stats.beta(1, 5, scale=0.23)
    assert plain.median() > 0.02


# Lognormal on each side


@given(
    st.floats(1, 1e6), st.floats(1.01, 50), st.floats(1.01, 50), st.sampled_from([0.5, 0.8, 0.9])
)
def test_a_lognormal_has_its_belief_between_its_ends(
    central: float, down: float, up: float, credibility: float
) -> None:
    number = Range("x", central / down, central, central * up, "lognormal", credibility)
    ends = np.array([(1 - credibility) / 2, 0.5, (1 + credibility) / 2])
    assert number.at(ends) == pytest.approx([central / down, central, central * up])
    assert (number.at(CHANCES[WITHIN]) > 0).all()


def test_a_lognormal_with_even_sides_is_scipys() -> None:
    number = Range("x", 50, 100, 200, "lognormal", 0.8)
    sigma = np.log(2) / stats.norm.ppf(0.9)
    expected = stats.lognorm(sigma, scale=100).ppf(CHANCES[WITHIN])
    assert number.at(CHANCES[WITHIN]) == pytest.approx(expected)


# A share that was counted


def test_a_counted_share_is_jeffreys_beta() -> None:
    number = counted_share("x", 0.2, 75, 0.8)
    assert number.at(CHANCES) == pytest.approx(stats.beta(15.5, 60.5).ppf(CHANCES))
    assert (number.low, number.high) == pytest.approx(stats.beta(15.5, 60.5).ppf([0.1, 0.9]))
    assert number.central == 0.2


@given(st.floats(0, 1), st.floats(1, 10_000))
def test_a_counted_share_stays_a_share_and_holds_what_was_counted(
    share: float, people: float
) -> None:
    number = counted_share("x", share, people, 0.8)
    assert 0 <= number.low <= share <= number.high <= 1


def test_eight_in_ten_counted_ranges_hold_the_true_chance() -> None:
    """Over councils of all sizes and true chances of leaving; each counts one year's leavers."""
    rng = np.random.default_rng(11)
    people = rng.integers(60, 500, 4_000)
    truth = rng.uniform(0.06, 0.3, people.size)
    seen = rng.binomial(people, truth) / people
    held = 0
    for share, size, true in zip(seen, people, truth, strict=True):
        number = counted_share("x", float(share), float(size), 0.8)
        held += number.low <= true <= number.high
    assert 0.77 <= held / people.size <= 0.83


# Draws


def test_every_column_has_one_draw_in_each_of_its_equal_parts() -> None:
    """What makes the sequence low in discrepancy; random draws leave parts empty."""
    found = uniforms(40, 1_024)
    for column in found.T:
        assert len({int(part) for part in np.floor(column * 1_024)}) == 1_024
    assert ((found > 0) & (found < 1) & (found != 0.5)).all()


def test_an_integral_is_nearer_than_random_draws_come() -> None:
    """The mean of Sobol's g-function in six numbers is 1."""
    weights = np.arange(6.0)

    def g(u: Any) -> Any:
        return np.prod((np.abs(4 * u - 2) + weights) / (1 + weights), axis=1)

    ours = abs(g(uniforms(6, 4_096)).mean() - 1)
    random = [
        abs(g(np.random.default_rng(seed).random((4_096, 6))).mean() - 1) for seed in range(9)
    ]
    assert ours < 0.002
    assert ours < float(np.median(random)) / 3


def test_numbers_are_drawn_apart() -> None:
    found = np.corrcoef(uniforms(30, 2_048).T)
    assert np.abs(found - np.eye(30)).max() < 0.05


def test_numbers_that_share_their_luck_move_together_and_a_turned_one_against() -> None:
    found = drawn(
        [
            Range("a", 0, 1, 2, luck="effect"),
            Range("b", 0, 10, 20, luck="effect"),
            Range("c", 0, 1, 2, luck="effect", turned=True),
            Range("d", 0, 1, 2),
        ],
        512,
    )
    assert found["b"] == pytest.approx(10 * found["a"])
    assert found["c"] == pytest.approx(2 - found["a"])
    assert abs(np.corrcoef(found["a"], found["d"])[0, 1]) < 0.05


TWO = [Range("x", 0, 2, 12), Range("y", 5_000, 10_000, 40_000, "lognormal", 0.8)]


def test_the_same_seed_gives_the_same_draws_and_another_seed_others() -> None:
    again, other = drawn(TWO, 256, seed=3), drawn(TWO, 256, seed=4)
    assert (drawn(TWO, 256, seed=3)["x"] == again["x"]).all()
    assert (other["x"] != again["x"]).any()


def test_a_longer_run_begins_with_the_shorter_and_batches_are_its_pieces() -> None:
    whole = drawn(TWO, 1_000, seed=7)["y"]
    assert (drawn(TWO, 100, seed=7)["y"] == whole[:100]).all()
    pieces = [drawn(TWO, 250, seed=7, start=start)["y"] for start in range(0, 1_000, 250)]
    assert (np.concatenate(pieces) == whole).all()


def test_a_number_added_at_the_end_leaves_the_others_as_they_were() -> None:
    more = [*TWO, Range("z", 0, 1, 2)]
    assert (drawn(more, 128)["x"] == drawn(TWO, 128)["x"]).all()
    assert (drawn(more, 128)["y"] == drawn(TWO, 128)["y"]).all()


def test_the_draws_are_those_of_this_version() -> None:
    """Other draws move every range a little: say so in the changelog ("Changes results:")."""
    found = uniforms(8, 256, seed=1)
    digest = hashlib.sha256(np.round(found, 9).tobytes()).hexdigest()[:12]
    assert digest == "822158a326ce"


# What the draws come to


def test_a_sum_of_apart_numbers_has_the_sum_of_their_variances() -> None:
    ranges = tuple(Range(str(i), -1.0, 0.0, 1.0 + i) for i in range(5))
    model = UncertainModel(lambda x: sum((x[r.key] for r in ranges), np.array(0.0)), ranges)

    def variance(number: Range) -> float:
        """Each side is Beta(1, 5): mean 1/6, second moment 1/21 of the side's square."""
        down, up = number.central - number.low, number.high - number.central
        return (down**2 + up**2) / 42 - ((up - down) / 12) ** 2

    assert model.values(8_192).var() == pytest.approx(sum(map(variance, ranges)), rel=0.01)


def test_a_spread_is_of_draws_that_were_drawn() -> None:
    found = spread_of(np.array([5.0, 1.0, 4.0, 2.0, 3.0, 6.0, 7.0, 8.0, 9.0, 10.0]))
    assert [float(found.low), float(found.middle), float(found.high)] == [1.0, 5.0, 9.0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_a_middle_of_losses_is_a_loss_however_large_the_gains(values: list[float]) -> None:
    losses = [-abs(value) - 1 for value in values]
    found = spread_of(np.array([*losses, *(abs(value) * 1e3 for value in values)]))
    assert found.middle < 0


def test_the_chance_of_a_gain_is_the_part_of_the_line_above_zero() -> None:
    """x is even over 0 to 1 (a beta of one half counted is not; this is the luck itself)."""
    found = uniforms(1, 4_096)[:, 0]
    assert share_of_gains(found - 0.3) == pytest.approx(0.7, abs=1e-3)
    assert share_of_gains(np.zeros(3)) == 1


def test_a_model_with_nothing_uncertain_is_itself_in_every_draw() -> None:
    model = UncertainModel(lambda _: np.array(4.0), ())
    assert model.values(8).tolist() == [4.0] * 8
    assert model.chance_of_gain(8) == 1
    assert model.tornado() == ()


def test_an_uncertain_number_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="there are \\['x', 'y'\\]"):
        UncertainModel(lambda x: x["x"], tuple(TWO)).range_of("z")


# Where the answer turns, and heat maps


@given(st.floats(-3, 3), st.floats(0.1, 10))
def test_a_switching_value_is_brents_root(root: float, scale: float) -> None:
    def value(x: Any) -> Any:
        return scale * ((x - root) ** 3 + (x - root))

    found = switching_value(value, -4, 0, 4)
    assert found == pytest.approx(brentq(lambda x: float(value(np.array(x))), -4, 4), abs=1e-9)


def test_of_two_turns_the_nearer_is_given_whether_gain_comes_or_goes() -> None:
    def hill(x: Any) -> Any:
        return -(x - 1) * (x - 3)

    assert switching_value(hill, 0, 0.5, 4) == pytest.approx(1)
    assert switching_value(hill, 0, 3.5, 4) == pytest.approx(3)
    assert switching_value(hill, 4, 5, 9) is None
    assert switching_value(hill, 1, 1, 1) is None


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=5), st.lists(st.floats(-9, 9), min_size=1))
def test_a_heat_map_has_the_answer_of_every_pair(across: list[float], up: list[float]) -> None:
    found = heat_map(lambda x: x["a"] - 10 * x["b"], ("a", np.array(across)), ("b", np.array(up)))
    assert found.values.shape == (len(up), len(across))
    for row, b in enumerate(up):
        for column, a in enumerate(across):
            assert found.values[row, column] == pytest.approx(a - 10 * b)
