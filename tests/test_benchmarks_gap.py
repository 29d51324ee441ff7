"""What a gap is worth: worlds on paper, what they cost, and the scheme that closes it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention_lib import evaluate
from retention_lib.assumptions import register
from retention_lib.benchmarks import gap as gap_module
from retention_lib.benchmarks.answer import compare, prices_of
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.gap import Gap, Prices, Target, gap
from retention_lib.benchmarks.groups import council, group_of
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.standing import Standing, standing
from retention_lib.costs import saving_from_filling_a_vacancy
from retention_lib.figures import councils, figure
from retention_lib.rates import (
    annual_chance,
    annual_chance_from_turnover,
    monthly_chance,
    turnover_from_annual_chance,
)
from retention_lib.uncertainty import Range
from tests.strategies import Json, between, chances

WORLD = {
    "in_post": 100.0, "agency_staff": 25.0, "vacancies": 25.0, "case_holders": 80.0,
}  # fmt: skip


def price(central: float) -> Range:
    return Range("", central, central, central)


PRICES = Prices(
    leaver=price(20_000),
    leaver_cashable_share=price(0.18),
    agency_premium=price(24_000),
    pay=price(60_000),
    covered_share=price(0.6),
)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """A council of 100 staff, 25 agency workers, 25 vacancies and 80 who hold cases."""
    figures = dict(WORLD)
    monkeypatch.setattr(gap_module, "figure", lambda measure, code, year: figures.get(measure))
    return figures


def stood(
    key: str, value: float | None, middle: float | None, best: float | None = None
) -> Standing:
    """Make a standing with figures of one's own."""
    area = council("806")
    real = standing(key, area, 2019, group_of(area, "neighbours_2025"))
    return replace(real, value=value, neighbours=middle, best_quarter=best)


def lines(found: Gap) -> dict[str, Any]:
    """Give people, pounds and whether a budget holds them, by line."""
    return {each.key: (each.people, round(each.pounds, 6), each.cashable) for each in found.lines}


# On paper.


@pytest.mark.usefixtures("world")
def test_five_leavers_at_20_000_are_100_000_of_which_18_percent_is_cash() -> None:
    found = gap(stood("turnover", 0.20, 0.15), "median", PRICES)
    assert lines(found) == {
        "leavers_cash": (pytest.approx(5), 18_000, True),
        "leavers_work": (pytest.approx(5), 82_000, False),
    }
    assert (found.pounds, found.cashable) == pytest.approx((100_000, 18_000))
    assert (found.low, found.high) == pytest.approx((100_000, 100_000))
    assert (found.difference, found.target_value) == (0.05, 0.15)


@pytest.mark.usefixtures("world")
def test_ten_agency_workers_replaced_save_ten_premiums() -> None:
    found = gap(stood("agency", 0.20, 0.12), "median", PRICES)
    assert lines(found) == {"agency": (pytest.approx(10), 240_000, True)}
    assert found.needed_fall is None


@pytest.mark.usefixtures("world")
def test_of_ten_vacancies_six_save_the_premium_and_four_cost_their_pay() -> None:
    found = gap(stood("vacancy", 0.20, 0.12), "median", PRICES)
    assert lines(found) == {
        "covered": (pytest.approx(6), 144_000, True),
        "uncovered": (pytest.approx(4), -240_000, True),
    }
    assert found.pounds == found.cashable == pytest.approx(-96_000)


@pytest.mark.usefixtures("world")
def test_fewer_cases_each_needs_more_workers_which_is_a_cost() -> None:
    found = gap(stood("caseload", 20.0, 16.0), "median", PRICES)
    assert lines(found) == {"workers": (pytest.approx(20), -1_200_000, True)}
    assert found.cashable == found.pounds


@pytest.mark.usefixtures("world")
def test_less_sickness_is_work_that_no_budget_holds() -> None:
    found = gap(stood("absence", 0.05, 0.03), "median", PRICES)
    assert lines(found) == {"work": (pytest.approx(2), 120_000, False)}
    assert found.cashable == 0


@pytest.mark.usefixtures("world")
def test_the_best_quarter_is_further_than_the_middle() -> None:
    here = stood("turnover", 0.20, 0.15, 0.10)
    assert gap(here, "best_quarter", PRICES).pounds == pytest.approx(200_000)
    assert gap(here, "best_quarter", PRICES).target_value == 0.10


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("covered", [0.0, 0.276, 0.736, 1.0])
def test_vacancies_are_priced_as_the_other_models_price_them(covered: float) -> None:
    found = gap(
        stood("vacancy", 0.20, 0.12), "median", replace(PRICES, covered_share=price(covered))
    )
    monthly = saving_from_filling_a_vacancy(
        agency_premium_per_year=24_000, pay_with_oncosts_per_year=60_000, covered_share=covered
    )
    assert found.pounds == pytest.approx(10 * 12 * monthly)
    assert found.lines[0].pounds >= 0 >= found.lines[1].pounds


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("key", MEASURES)
@pytest.mark.parametrize(
    ("value", "aim"), [(0.1, 0.1), (0.1, 0.2), (None, 0.1), (0.1, None), (None, None)]
)
def test_there_is_no_gap_at_the_target_or_below_it_or_without_figures(
    key: str, value: float | None, aim: float | None
) -> None:
    found = gap(stood(key, value, aim), "median", PRICES)
    assert not found.is_open
    assert (found.lines, found.needed_fall) == ((), None)
    assert found.pounds == found.low == found.high == found.cashable == 0


@pytest.mark.parametrize("key", MEASURES)
def test_a_gap_without_the_staff_behind_it_has_no_price(key: str, world: dict[str, float]) -> None:
    world.clear()
    found = gap(stood(key, 0.2, 0.1), "median", PRICES)
    assert not found.is_open
    assert found.difference == 0.1


# The range.


def priced(central: float, down: float, up: float) -> Range:
    return Range("", central * (1 - down), central, central * (1 + up))


@st.composite
def ranges(draw: st.DrawFn) -> Prices:
    """Draw prices with their ends; shares stay from 0 to 1."""
    ends = [
        priced(draw(between(0, highest)), draw(chances()), draw(chances()))
        for highest in (1e12, 0.5, 60_000, 100_000, 0.5)
    ]
    return Prices(*ends)


MOVES = {
    "turnover": (0.2, 0.15), "vacancy": (0.2, 0.12), "agency": (0.2, 0.12),
    "caseload": (20.0, 16.0), "absence": (0.05, 0.03),
}  # fmt: skip


def in_the_world(key: str, prices: Prices) -> Gap:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gap_module, "figure", lambda measure, code, year: WORLD.get(measure))
        return gap(stood(key, *MOVES[key]), "median", prices)


@given(st.sampled_from(list(MEASURES)), ranges())
def test_the_range_is_the_least_and_the_most_over_all_corners(key: str, prices: Prices) -> None:
    found = in_the_world(key, prices)
    names = list(Prices.__dataclass_fields__)
    corners = [
        in_the_world(key, Prices(*(price(value) for value in values))).pounds
        for values in product(*((getattr(prices, n).low, getattr(prices, n).high) for n in names))
    ]
    assert found.low <= found.pounds <= found.high
    assert found.low == pytest.approx(min(corners), rel=1e-12, abs=1e-6)
    assert found.high == pytest.approx(max(corners), rel=1e-12, abs=1e-6)
    for line in found.lines:
        assert line.low <= line.pounds <= line.high


@given(st.sampled_from(list(MEASURES)), ranges(), chances(), chances())
def test_a_wider_price_never_narrows_the_range(
    key: str, prices: Prices, down: float, up: float
) -> None:
    pay = prices.pay
    wider = Range("pay", pay.low * (1 - down), pay.central, pay.high * (1 + up))
    first, second = in_the_world(key, prices), in_the_world(key, replace(prices, pay=wider))
    nearly = 1e-6 + 1e-12 * max(abs(first.low), abs(first.high))
    assert second.low <= first.low + nearly
    assert second.high >= first.high - nearly


@pytest.mark.parametrize("cost", [0.0, 1.0, 20_000.0, 1e12])
def test_prices_hold_the_registers_ends_and_whatever_was_asked(cost: float) -> None:
    asked = Comparison.from_dict({**MIDDLESBROUGH, "leaver_cost": cost})
    row = register()["replacement_cost_per_leaver"]
    assert row.low is not None
    assert row.high is not None
    taken = prices_of(asked).leaver
    assert (taken.low, taken.central, taken.high) == (
        min(row.low, cost),
        cost,
        max(row.high, cost),
    )


# The scheme that would close it.

MIDDLESBROUGH: Json = {"schema": 1, "kind": "benchmark", "council": "806", "year": 2019}


def made(**fields: object) -> Comparison:
    return Comparison.from_dict({**MIDDLESBROUGH, **fields})


@pytest.mark.parametrize("target", ["median", "best_quarter"])
@pytest.mark.parametrize("year", [2017, 2019, 2022, 2025])
def test_the_fall_that_is_needed_brings_turnover_to_the_target(target: Target, year: int) -> None:
    seen = 0
    for area in councils():
        here = standing("turnover", area, year, group_of(area, "neighbours_2025"))
        found = gap(here, target, PRICES)
        if found.needed_fall is None:
            continue
        seen += 1
        assert here.value is not None
        # A scheme takes its share off each month's chance of leaving.
        monthly = float(monthly_chance(annual_chance_from_turnover(here.value)))
        chance = float(annual_chance(monthly * (1 - found.needed_fall)))
        reached = float(turnover_from_annual_chance(chance))
        assert reached == pytest.approx(found.target_value, abs=1e-12)
        assert 0 < found.needed_fall <= 1
    assert seen > 30


def test_the_scheme_for_leavers_has_that_fall_as_its_effect_and_can_be_evaluated() -> None:
    found = compare(made())
    scheme = found.scheme
    assert scheme is not None
    assert found.way.needed_fall is not None
    assert found.way.usual_next is not None
    assert scheme.effect.leaving_reduction == pytest.approx(found.way.needed_fall, abs=1e-6)
    # It starts from where turnover comes down to by itself, and is credited with the rest alone.
    assert found.gap.target_value is not None
    assert found.gap.target_value < found.way.usual_next < 0.208
    assert found.way.needed_fall < (found.gap.needed_fall or 0)
    expected = float(annual_chance_from_turnover(found.way.usual_next))
    assert scheme.groups[0].annual_leaving_rate == pytest.approx(expected, abs=1e-6)
    assert scheme.groups[0].headcount == round(figure("in_post", "806", 2019) or 0)
    assert (scheme.case.council, scheme.case.year) == ("806", 2019)
    assert evaluate(scheme).leavers_avoided > 0


@pytest.mark.parametrize("key", ["vacancy", "agency"])
def test_the_scheme_for_vacancies_brings_in_as_many_as_the_gap_holds(key: str) -> None:
    found = compare(made(council="802", year=2025, measure=key))
    scheme = found.scheme
    assert scheme is not None
    needed = sum(line.people for line in found.gap.lines)
    hired = scheme.groups[0].headcount * scheme.effect.extra_hires
    assert hired == pytest.approx(needed, abs=1e-3)
    assert scheme.scheme.kind == "golden_hello"
    covered = {"agency": 1.0, "vacancy": figure("vacancies_covered", "802", 2025)}[key]
    assert scheme.costs.covered_share == covered
    assert evaluate(scheme).extra_people == pytest.approx(needed, abs=1e-3)


@pytest.mark.parametrize("key", ["caseload", "absence"])
def test_pay_does_not_close_a_gap_in_caseload_or_absence(key: str) -> None:
    found = compare(made(council="879", year=2022, measure=key))
    assert found.gap.is_open
    assert found.scheme is None


def test_there_is_no_scheme_where_there_is_no_gap() -> None:
    found = compare(made(council="879", year=2025))
    assert not found.gap.is_open
    assert found.scheme is None


@pytest.mark.parametrize("key", ["turnover", "vacancy", "agency"])
def test_every_scheme_evaluates(key: str) -> None:
    seen = 0
    for area in councils()[::6]:
        scheme = compare(made(council=area.code, year=2024, measure=key)).scheme
        if scheme is not None:
            seen += 1
            assert evaluate(scheme).headline
    assert seen > 3


def test_what_goes_by_itself_is_left_to_itself() -> None:
    """Where councils that high come down past the target on average, no scheme is asked for."""
    found = [
        compare(made(council=area.code, year=2022))
        for area in councils()
        if figure("turnover", area.code, 2022) is not None
    ]
    alone = [each for each in found if each.gap.is_open and each.scheme is None]
    assert alone
    for each in alone:
        assert each.way.usual_next is not None
        assert each.gap.target_value is not None
        assert each.way.usual_next <= each.gap.target_value
        assert "That alone would close the gap." in " ".join(each.sentences)


@pytest.mark.parametrize("measure", ["turnover", "agency", "vacancy"])
def test_the_scheme_has_the_prices_of_its_gap(measure: str) -> None:
    prices = {
        "leaver_cost": 25_000.0,
        "leaver_cost_cashable_share": 0.3,
        "costs": {"agency_premium_per_year": 21_000.0, "pay_with_oncosts_per_year": 58_000.0},
    }
    scheme = compare(made(council="802", year=2022, measure=measure, **prices)).scheme
    assert scheme is not None
    assert (scheme.leaver_cost, scheme.leaver_cost_cashable_share) == (25_000.0, 0.3)
    assert scheme.costs.agency_premium_per_year == 21_000.0
    assert scheme.costs.pay_with_oncosts_per_year == 58_000.0
    assert scheme.case.preset is None


def test_worth_says_how_much_of_it_is_money() -> None:
    turnover = compare(made(council="806", year=2019))
    assert turnover.gap.cashable == pytest.approx(0.18 * turnover.gap.pounds)
    assert "is money; the rest is work not lost." in turnover.sentences[0]
    assert turnover.table("gap").rows[-1][-1] == "£29,400 of it"
    absence = compare(made(council="806", year=2025, measure="absence"))
    assert absence.gap.cashable == 0
    assert "no budget holds it" in absence.sentences[0]


def test_each_price_alone_moves_the_worth_between_its_ends_and_no_further() -> None:
    asked = Comparison.from_dict(
        {"schema": 1, "kind": "benchmark", "council": "802", "measure": "vacancy"}
    )
    answer = compare(asked)
    bars = {bar.path: bar for bar in answer.tornado}
    assert set(bars) == {"agency_premium", "pay"}  # the share covered is the council's own figure
    for bar in bars.values():
        ends = (bar.worth_at_low, bar.worth_at_high)
        assert answer.gap.low - 0.01 <= min(ends) < max(ends) <= answer.gap.high + 0.01
    by_hand = prices_of(asked)
    filled = sum(line.people for line in answer.gap.lines)
    premium = bars["agency_premium"]
    assert premium.worth_at_high - premium.worth_at_low == pytest.approx(
        filled
        * by_hand.covered_share.central
        * (by_hand.agency_premium.high - by_hand.agency_premium.low)
    )
    assert len(answer.table("tornado").rows) == len(bars)


def test_a_gap_that_is_not_open_has_nothing_to_move() -> None:
    asked = Comparison.from_dict(
        {"schema": 1, "kind": "benchmark", "council": "916", "measure": "turnover"}
    )
    answer = compare(asked)
    assert not answer.gap.is_open
    assert answer.tornado == ()
