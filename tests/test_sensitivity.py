"""How sure an offer's answer is: honest about nothing, right about luck, the same again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from retention_lib import Scenario, evaluate
from retention_lib.assumptions import register
from retention_lib.model import npv
from retention_lib.plans import Plan, spread
from retention_lib.presets import presets
from retention_lib.sensitivity import (
    answer_map,
    ranges_of,
    tornado_bars,
    uncertain,
    uncertain_model,
)
from retention_lib.uncertainty import Range
from tests.strategies import Json
from tests.worlds import ONE_MONTH_HELLO, made

HELLO = "golden_hello"


def some_scheme(rng: np.random.Generator, **effect: float) -> Scenario:
    """Make a scheme up: retention or golden hello, any size, any place."""
    golden = rng.random() < 0.5
    amount = (
        {"flat": float(rng.choice([0, 1]) * rng.uniform(20, 6_000))}
        if rng.random() < 0.5
        else {"percent_of_salary": float(rng.uniform(0.1, 15))}
    )
    scheme: Json = {
        "kind": HELLO if golden else "retention",
        "amount": amount,
        "tie_in_months": int(rng.integers(0, 48)),
        "take_up": float(rng.uniform(0.2, 1)),
        "clawback": {
            "taper": str(rng.choice(["monthly", "yearly", "full", "none"])),
            "recovery_rate": float(rng.uniform(0, 1)),
        },
    }
    return Scenario.from_dict(
        {
            "schema": 1,
            "kind": "incentive",
            "groups": [
                {
                    "headcount": float(rng.integers(5, 300)),
                    "salary": float(rng.uniform(25_000, 60_000)),
                    "annual_leaving_rate": float(rng.uniform(0.02, 0.5)),
                    "replacement_leaving_rate": float(rng.uniform(0.02, 0.5)),
                }
            ],
            "scheme": scheme,
            "effect": {**effect, "after_months": int(rng.integers(0, 13))},
            "bidding": {"match_chance": float(rng.choice([0, 0.5]))},
            "vacancy": {
                "months": float(rng.uniform(0, 15)),
                "net_saving_per_month": float(rng.uniform(-3_000, 3_000)),
                "hire_cost": float(rng.uniform(0, 8_000)),
            },
            "leaver_cost": ("from_parts" if rng.random() < 0.2 else float(rng.uniform(0, 200_000))),
            "costs": {"covered_share": float(rng.choice([0, 1])), "months_to_fill": 12.0},
            "appraisal": {"months": int(rng.integers(12, 72))},
            "seed": int(rng.integers(0, 1_000)),
        }
    )


def test_a_scheme_that_does_nothing_never_gains_in_the_middle() -> None:
    """Over 1,000 worlds; in many of them a little effect would pay many times over."""
    rng = np.random.default_rng(5)
    would_gain = 0
    for _ in range(1_000):
        scenario = some_scheme(rng)
        if not is_paid(scenario):
            assert evaluate(scenario, 128).ranges is None
            continue
        found = ranges_of(scenario, 128)
        assert found.net_benefit.middle <= 0, scenario.to_json()
        assert found.npv.middle <= 0, scenario.to_json()
        assert found.chance_pays <= 0.5, scenario.to_json()
        would_gain += found.npv.high > 0
    assert would_gain > 50, "the worlds above must be ones in which crediting it would show"


def truth(
    scenario: Scenario,
    numbers: tuple[Range, ...],
    rng: np.random.Generator,
    known: dict[str, Any] | None = None,
) -> Any:
    """Draw what is really so, by scipy's distributions and random chances: one value of each."""
    lucks: dict[str, float] = {}
    found = dict(known or {})
    for each in numbers:
        chance = lucks.setdefault(each.luck or each.key, float(rng.random()))
        chance = 1 - chance if each.turned else chance
        found[each.key] = np.array([_really(each, chance)])
    return npv(scenario, found)[0]


def _really(number: Range, chance: float) -> float:
    if number.shape == "beta":
        share, people = number.central, number.counted
        return float(stats.beta(share * people + 0.5, (1 - share) * people + 0.5).ppf(chance))
    end = number.high if chance > 0.5 else number.low
    side = abs(2 * chance - 1)
    if number.shape == "lognormal":
        sigma = abs(np.log(end / number.central)) / stats.norm.ppf((1 + number.credibility) / 2)
        if sigma == 0:
            return number.central
        away = float(stats.lognorm(sigma).ppf((1 + side) / 2))
        return number.central * away if end > number.central else number.central / away
    return number.central + (end - number.central) * float(stats.beta(1, 5).ppf(side))


def test_eight_in_ten_ranges_hold_what_is_really_so() -> None:
    """Each world has its own scheme and its own truth.

    What leaving really is, nobody is told: the council counts one year's leavers, and the range is
    made from its count. The other numbers are really so as the register believes.
    """
    rng = np.random.default_rng(8)
    held, worlds = 0, 800
    for _ in range(worlds):
        effect = {"leaving_reduction": float(rng.uniform(0, 0.4))}
        made_up = some_scheme(rng, **effect, extra_hires=float(rng.uniform(0, 1)))
        really = float(rng.uniform(0.06, 0.35))
        people = round(made_up.groups[0].headcount)
        counted = rng.binomial(people, really) / people
        scenario = made_up.but({"groups.0.annual_leaving_rate": float(counted)})
        if not is_paid(scenario):
            worlds -= 1
            continue
        take_up = register()["take_up"].around("scheme.take_up", scenario.scheme.take_up)
        others = (*(each for each, _ in uncertain(scenario) if each.shape != "beta"), take_up)
        so = truth(scenario, others, rng, {"groups.0.annual_leaving_rate": np.array([really])})
        found = ranges_of(scenario, 256).npv
        held += found.low <= so <= found.high
    assert 0.77 <= held / worlds <= 0.83


def is_paid(scenario: Scenario) -> bool:
    return (scenario.scheme.amount.flat or scenario.scheme.amount.percent_of_salary or 0) > 0


def test_the_ranges_are_those_of_plain_random_draws() -> None:
    """A second oracle: scipy's distributions, independent chances, one draw at a time."""
    scenario = presets()[0].scenario
    model = uncertain_model(scenario)
    rng = np.random.default_rng(1)
    plain = np.array([truth(scenario, model.ranges, rng) for _ in range(2_500)])
    found = model.spread(4_096)
    spread = plain.std()
    for ours, percentile in ((found.low, 10), (found.middle, 50), (found.high, 90)):
        assert float(ours) == pytest.approx(np.percentile(plain, percentile), abs=spread / 8)


def test_the_same_scenario_gives_the_same_ranges_and_another_seed_others() -> None:
    scenario = presets()[2].scenario
    again = Scenario.from_dict(scenario.to_dict())
    assert ranges_of(scenario) == ranges_of(again)
    other = ranges_of(scenario.but({"seed": 1}))
    assert other.npv != ranges_of(scenario).npv
    assert other.npv.low == pytest.approx(ranges_of(scenario).npv.low, rel=0.02)


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.id)
def test_the_parts_of_an_answer_agree(preset: Any) -> None:
    scenario = preset.scenario
    result = evaluate(scenario, 512)
    if result.ranges is None:
        assert "Nothing is paid" in result.headline
        return
    found = result.ranges
    assert list(found.outcomes) == sorted(found.outcomes)
    paying = sum(outcome >= 0 for outcome in found.outcomes)
    assert paying / 20 == pytest.approx(found.chance_pays, abs=0.05)
    assert len(found.net_by_year) == len(result.net_by_year)
    assert set(found.switching) == {each.key for each, _ in uncertain(scenario)}
    for path, at in found.switching.items():
        if at is not None:
            around = npv(scenario, {path: np.array([at * (1 - 1e-9), at, at * (1 + 1e-9)])})
            turned = around.min() < 0 <= around.max()  # months come whole: there it jumps
            assert turned or around[1] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.id)
def test_without_draws_everything_else_is_the_same(preset: Any) -> None:
    with_draws, without = evaluate(preset.scenario, 64).to_dict(), evaluate(preset.scenario, 0)
    assert without.ranges is None
    plain = without.to_dict()
    for key in set(plain) - {"ranges", "sentences", "tables"}:
        assert plain[key] == with_draws[key]
    only = [line for line in plain["sentences"] if line not in with_draws["sentences"]]
    assert len(only) <= 1, "the ends of the effect alone give way to the whole range"
    assert plain["tables"]["ranges"] == []


def test_the_chance_and_the_range_are_said() -> None:
    sentences = evaluate(presets()[4].scenario).sentences
    said = [line for line in sentences if "chance that it pays" in line]
    assert len(said) == 1
    assert "over everything nobody knows" in said[0]


def test_the_map_has_the_answer_at_its_own_place_and_every_corner() -> None:
    scenario = presets()[0].scenario
    found = answer_map(scenario)
    payment = scenario.scheme.amount.percent_of_salary
    assert found.across_values[5] == payment
    assert (found.across_values[0], found.up_values[0]) == (0, 0)
    for row in (0, 4, 10):
        for column in (0, 7, 10):
            draws = {
                found.across: np.array([found.across_values[column]]),
                found.up: np.array([found.up_values[row]]),
            }
            assert found.npv[row][column] == pytest.approx(npv(scenario, draws)[0])


def test_the_map_of_a_golden_hello_has_extra_people_up_its_side() -> None:
    found = answer_map(made(ONE_MONTH_HELLO))
    assert found.up == "effect.extra_hires"
    assert found.npv[0][0] == pytest.approx(0)
    assert found.npv[-1][0] > 0


def test_what_a_scheme_does_goes_better_or_worse_together() -> None:
    scenario = some_scheme(np.random.default_rng(3), leaving_reduction=0.1, extra_hires=0.3)
    golden = scenario.but({"scheme.kind": HELLO, "effect.after_months": 6})
    lucks = {each.key: (each.luck, each.turned) for each, _ in uncertain(golden)}
    assert lucks["effect.leaving_reduction"] == lucks["effect.extra_hires"] == ("effect.", False)
    assert lucks["effect.after_multiplier"] == ("effect.", True)
    assert lucks["leaver_cost"] == ("", False)


def test_take_up_widens_the_range_and_is_no_bar() -> None:
    scenario = presets()[0].scenario
    assert "scheme.take_up" not in {bar.path for bar in tornado_bars(scenario)}
    without = uncertain_model(scenario).spread(1_024)
    found = ranges_of(scenario, 1_024).npv
    assert found.high - found.low > float(without.high - without.low)


def test_a_plan_of_one_measure_that_claims_nothing_gains_in_no_more_than_half_the_draws() -> None:
    effect = {"on": "leaving", "low": 0.0, "central": 0.0, "high": 0.3}
    given = {
        "schema": 1,
        "kind": "invest_to_save",
        "council": "802",
        "measures": [{"kind": "own", "money": [1_000, 0, 0, 0], "effects": [effect]}],
    }
    found = spread(Plan.from_dict(given), 512)
    assert float(found.net.middle) <= 0
    assert 0 < found.chance_paid_back <= 0.5
    assert float(found.net.high) > 0


@pytest.mark.parametrize("path", ["scheme.tie_in_months", "appraisal.months", "leaver_cst"])
def test_a_field_that_the_model_would_not_read_is_refused(path: str) -> None:
    model = uncertain_model(presets()[0].scenario)
    with pytest.raises(KeyError, match=f"{path} cannot be drawn"):
        model.heat_map((path, np.array([12.0, 24.0])), ("leaver_cost", np.array([1.0, 2.0])))


def test_a_field_that_the_scenario_does_not_set_is_refused() -> None:
    with pytest.raises(KeyError, match=r"amount\.flat is not set"):
        npv(presets()[0].scenario, {"scheme.amount.flat": np.array([1.0])})
