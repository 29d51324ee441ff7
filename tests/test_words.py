"""The answer in plain words, one test for each thing it can say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from retention_lib import IncentiveResult, Scenario, evaluate
from retention_lib import words as words_of
from retention_lib.presets import presets
from retention_lib.sensitivity import net_benefit_at_ends
from retention_lib.units import MINUS, UNITS, about, chance, count, money, percent, trimmed
from retention_lib.words import between
from tests.strategies import Json, scenarios
from tests.worlds import ONE_MONTH, ONE_MONTH_HELLO, TWO_YEARS, made, with_scheme

PAYING_VACANCY = {"months": 1, "net_saving_per_month": 6_500, "hire_cost": 500}


def headline(scenario: Scenario) -> str:
    """Give the answer in one line."""
    return evaluate(scenario).headline


def said(scenario: Scenario) -> str:
    """Give everything said below the headline."""
    return " ".join(evaluate(scenario).sentences)


def paid_at(month: int, amount: float) -> Scenario:
    """Give two years in which nobody leaves, with one payment in some month."""
    return with_scheme(
        TWO_YEARS, amount={"flat": amount}, instalments=[{"month": month, "share": 1}]
    )


# The verdict.


def test_yes() -> None:
    kept = made(ONE_MONTH, effect={"leaving_reduction": 1})
    assert headline(kept) == ("Yes, if leaving falls by 100%. It saves £5,000 more than it costs.")


def test_no() -> None:
    assert headline(made(ONE_MONTH)) == "No. It costs £3,000 more than it saves."


def test_not_quite_where_the_saving_comes_too_late() -> None:
    assert headline(paid_at(0, 238)) == (
        "Not quite. It saves £200 more than it costs, but too late: "
        "in today's money (NPV) it loses £206."
    )


def test_only_just_where_the_cost_comes_late_enough() -> None:
    assert headline(paid_at(24, 242)) == (
        "Only just. It costs £200 more than it saves, but later: "
        "in today's money (NPV) it gains £213."
    )


@pytest.mark.parametrize("payment", [49.999, 50.0, 50.001])
def test_it_only_just_pays_to_the_pound(payment: float) -> None:
    scheme = {**ONE_MONTH["scheme"], "amount": {"flat": payment}}
    even = made(ONE_MONTH, effect={"leaving_reduction": 0.5}, scheme=scheme)
    assert headline(even) == "It only just pays for itself."


def test_nothing_is_paid() -> None:
    nothing = with_scheme(ONE_MONTH, amount={"flat": 0})
    assert headline(nothing.but({"effect.leaving_reduction": 0.0})) == (
        "Nothing is paid, so nothing changes."
    )
    assert said(nothing) == "Choose a payment to see what it would have to achieve."


@settings(max_examples=30)
@given(scenarios())
def test_an_offer_at_its_break_even_never_says_no(scenario: Json) -> None:
    first = Scenario.from_dict(scenario)
    solved = evaluate(first).break_even
    if solved.leaving_reduction is not None:
        found = evaluate(
            first.but(
                {
                    "effect.pay_elasticity": None,
                    "effect.leaving_reduction": solved.leaving_reduction,
                }
            )
        )
        if found.payments >= 1:
            assert found.headline.startswith(
                (
                    "Yes, if",
                    "If every assumption holds it saves",
                    "Only just.",
                    "It only just",
                    "No answer yet",
                )
            )


# What would have to be true.


def test_the_fall_that_is_needed_beside_the_one_assumed() -> None:
    assert "if leaving fell by 50%. You assume 20%." in said(made(ONE_MONTH))


def test_even_nobody_leaving_would_not_be_enough() -> None:
    assert "Even if it stopped everyone leaving, it would not pay for itself." in said(
        with_scheme(ONE_MONTH, amount={"flat": 200})
    )


def test_it_pays_even_if_leaving_does_not_fall() -> None:
    lasting = {"leaving_reduction": 0.1, "after_multiplier": 0, "after_months": 12}
    anyway = made(ONE_MONTH, effect=lasting, appraisal={"months": 13})
    assert "It would pay for itself even if leaving did not fall at all." in said(anyway)


def test_what_asks_nobody_to_stay_cannot_keep_them() -> None:
    words = said(with_scheme(ONE_MONTH, tie_in_months=0))
    assert "It asks nobody to stay" in words
    assert "No study says what such a payment does to leaving." in words


def test_the_extra_joiners_needed_beside_those_assumed() -> None:
    assert "anyway, 20 more joined because of it. You assume 10." in said(made(ONE_MONTH_HELLO))


def test_no_number_of_extra_joiners_is_enough() -> None:
    dear = made(ONE_MONTH_HELLO, vacancy={**PAYING_VACANCY, "net_saving_per_month": 1})
    assert "No number of extra joiners would make it pay for itself" in said(dear)


def test_it_pays_even_if_nobody_joined_because_of_it() -> None:
    people = [{"headcount": 10, "annual_leaving_rate": 1 - 0.5**12}]
    kept = made(ONE_MONTH_HELLO, groups=people, effect={"leaving_reduction": 1})
    assert "It would pay for itself even if nobody joined because of it." in said(kept)
    assert "Or leaving would have to fall by 20%." in said(kept)


# Where the money goes, and what is known.


@pytest.mark.parametrize(
    ("chance_of_staying", "words"),
    [
        (1, "All of"),
        (0.5, "Half of"),
        (1 / 3, "A third of"),
        (0.25, "A quarter of"),
        (0.8, "80% of"),
    ],
)
def test_the_share_that_goes_to_people_who_would_have_stayed(
    chance_of_staying: float, words: str
) -> None:
    people = [{"headcount": 100, "annual_leaving_rate": 1 - chance_of_staying**12}]
    assert f"{words} what is paid goes to people who would have stayed anyway" in said(
        made(ONE_MONTH, groups=people)
    )


def test_a_golden_hello_goes_to_people_who_would_have_joined_and_stayed() -> None:
    assert "who would have joined and stayed anyway (deadweight)" in said(made(ONE_MONTH_HELLO))


def test_a_budget_sees_the_cash_alone() -> None:
    scenario = made(ONE_MONTH, effect={"leaving_reduction": 1}, leaver_cost_cashable_share=0.2)
    assert "a budget would really save, the council would lose £3,000." in said(scenario)
    assert "would gain £5,000." in said(
        made(ONE_MONTH, effect={"leaving_reduction": 1}, leaver_cost_cashable_share=1)
    )


def test_studies_are_read_for_a_payment_of_this_size() -> None:
    """50 for one month is 1.5% of salary a year: the largest effect is a sixth of it more."""
    assert (
        "Scaled to a payment of 1.5% of salary a year, studies point to between nothing and 5.9%. "
        "None was on social workers."
    ) in said(made(ONE_MONTH))
    assert (
        "No study gives a figure for how many more people would join because of a payment."
        in said(made(ONE_MONTH_HELLO))
    )


def test_studies_that_found_no_fall_are_said_to_point_to_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words_of, "span", lambda _: (0.0, 0.0))
    assert "studies point to no fall in leaving." in said(made(ONE_MONTH_HELLO))
    assert "studies point to no fall in leaving. None was" in said(made(ONE_MONTH))
    monkeypatch.setattr(words_of, "span", lambda _: (0.0, 0.05))
    assert "studies point to between nothing and 5% fewer leaving." in said(made(ONE_MONTH_HELLO))


def test_no_draw_out_of_thousands_is_not_never_and_all_are_not_always() -> None:
    assert (chance(0.0), chance(0.0049), chance(0.5)) == ("under 1%", "under 1%", "50%")
    assert (chance(0.995), chance(1.0)) == ("over 99%", "over 99%")
    dear = with_scheme(ONE_MONTH, amount={"flat": 1_000_000})
    assert "chance that it pays for itself is under 1%" in said(dear)


def test_studies_that_would_be_enough_are_named() -> None:
    words = said(made(ONE_MONTH))
    assert "Of 7 studies of pay, none would be enough. 5 more gave no figure." in words
    dear = said(made(ONE_MONTH, leaver_cost=100_000))
    assert "if leaving fell by 5%." in dear
    one = "1 would be enough: North Carolina, USA, poorer schools (2008). 6 would not."
    assert f"Of 7 studies of pay, {one} 5 more gave no figure." in dear
    assert "would be enough" not in said(made(ONE_MONTH_HELLO))
    assert "would be enough" not in said(with_scheme(ONE_MONTH, tie_in_months=0))


def test_assuming_more_than_any_study_points_to_is_said() -> None:
    words = "You assume more than any study points to for a payment this size."
    assert words in said(made(ONE_MONTH, effect={"leaving_reduction": 0.06}))
    assert words not in said(made(ONE_MONTH, effect={"leaving_reduction": 0.05}))


def test_no_answer_is_given_while_a_payment_lies_beyond_the_figures() -> None:
    late = [{"month": 0, "share": 0.5}, {"month": 60, "share": 0.5}]
    scenario = with_scheme(ONE_MONTH, instalments=late)
    assert headline(scenario) == "No answer yet: 50% of the payment is not counted."
    assert said(scenario) == (
        "The last payment is in month 60, and these figures end with month 1. "
        "Look at 60 months or more."
    )


def test_the_range_always_holds_the_answer() -> None:
    for each in presets():
        found = evaluate(each.scenario, draws=0)
        low, high = net_benefit_at_ends(each.scenario)
        words = next((s for s in found.sentences if s.startswith("Over ")), "")
        ends = sorted((low, high, found.net_benefit))
        assert not words or between(ends[0], ends[2]) in words, each.id


def test_gains_and_losses_at_both_ends() -> None:
    assert between(-10, 20) == "comes to anything from a loss of £10 to a gain of £20"
    assert between(10, 20) == "gains between £10 and £20"
    assert between(-20, -10) == "loses between £10 and £20"


def test_no_sentence_shows_a_number_that_a_reader_cannot_read() -> None:
    def read(found: IncentiveResult) -> str:
        return " ".join([found.headline, *found.sentences, *found.notes])

    for each in presets():
        words = read(evaluate(each.scenario))
        assert "None" not in words.replace("None was", "")
        assert not [odd for odd in ("nan", "inf ", "e+", "££", "-£", "  ", "..") if odd in words]


# Numbers as they are written.


def test_money_is_rounded_to_three_figures_unless_exact() -> None:
    assert money(208_323.56) == "£208,000"
    assert money(-208_323.56, exact=True) == f"{MINUS}£208,324"
    assert money(0) == money(-0.2) == "£0"
    assert money(1_234_567_890) == "£1,230,000,000"


def test_shares_and_people_have_no_more_decimals_than_they_deserve() -> None:
    assert percent(0.508603) == "51%"
    assert percent(0.0354, 1) == "3.5%"
    assert count(68) == "68"
    assert count(8.445) == "8.4"
    assert count(9.96) == "10"
    assert trimmed(-0.04, 1) == "0"
    assert about(-43_938.1) == -43_900


@pytest.mark.parametrize("name", UNITS)
def test_a_number_typed_back_is_the_number_shown(name: str) -> None:
    unit = UNITS[name]
    for value in (0.0, 0.07, 0.208, 1.0, 20_000.0, -2_250.0):
        assert unit.from_screen(unit.to_screen(value)) == value


def test_one_is_not_many() -> None:
    assert UNITS["months"].text(1) == "1 month"
    assert UNITS["months"].text(9) == "9 months"
    assert UNITS["people"].text(1) == "1 person"
    assert UNITS["share"].text(0.208) == "20.8%"
