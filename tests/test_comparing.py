"""Answers side by side: every figure is the answer's own, every difference is told, no more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib import Scenario, ScenarioError, evaluate
from retention_lib.answering import CASES, AnyDocument, answer
from retention_lib.comparing import Row, SideBySide, same_money_four_ways, side_by_side
from retention_lib.comparing.result import NONE, NOT_OF
from retention_lib.comparing.same_money import WAYS, cost_of
from retention_lib.outputs.tables_csv import table_csv
from retention_lib.plans import Plan, appraise
from retention_lib.plans.cases import case, cases
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.numbers import NoFiguresError
from retention_lib.presets import preset, presets
from retention_lib.results import IncentiveResult
from tests.strategies import Json, scenarios
from tests.test_plan_document import plans
from tests.worlds import ONE_MONTH, made

OFFER = preset("middlesbrough-2019").scenario
PLAN = case("north-somerset-2025").plan
SHOWN: list[AnyDocument] = [CASES["benchmark"]()[0], CASES["what_happened"]()[0]]
HEAD = ("asked", "council", "years")


def row(found: Sequence[Row], key: str) -> Row:
    """Give the one row of a key."""
    (one,) = [each for each in found if each.key == key]
    return one


# By hand.


def test_two_offers_that_differ_in_one_payment_and_one_assumption() -> None:
    """100 people, 50 each and 3,000 lost; with 30 each to them, a gain of 1,000 less is lost."""
    less = made(ONE_MONTH).but({"scheme.amount.flat": 30.0, "leaver_cost": 20_000.0})
    less = less.with_reasons({"leaver_cost": "Counted by payroll"})
    found = side_by_side([made(ONE_MONTH), less], ["As it is", "Less"])
    assert row(found.answers, "cost").values == pytest.approx((5_000, 3_000))
    assert row(found.answers, "saving").values == pytest.approx((2_000, 4_000))
    assert row(found.answers, "net_benefit").values == pytest.approx((-3_000, 1_000))
    assert row(found.answers, "net_benefit").texts == ("−£3,000", "£1,000")
    assert [each.key for each in found.levers] == ["done", "scheme.amount.flat"]
    assert row(found.levers, "scheme.amount.flat").texts == ("£50", "£30")
    (cost,) = found.assumptions
    assert cost.texts == ("£10,000", "£20,000")
    assert cost.why[1] == "Counted by payroll"
    assert found.headline == (
        "“Less” costs least, £3,000. In today's money (NPV) “Less” comes out best, at £1,000. "
        "They rest on different assumptions too."
    )
    assert found.can_be_ranked
    assert found.notes == (
        "They also assume 1 thing differently. Part of the difference between the answers may "
        "come from that.",
    )


def test_what_is_the_same_is_left_out_unless_it_is_asked_for() -> None:
    two = [made(ONE_MONTH), made(ONE_MONTH).but({"region.leavers_to_neighbours": 0.9})]
    assert [each.key for each in side_by_side(two).answers] == ["region"]
    everything = side_by_side(two, differences_only=False).answers
    assert {"cost", "saving", "npv", "payback", "region"} <= {each.key for each in everything}
    same = side_by_side([two[0], two[0]])
    assert (same.answers, same.levers, same.assumptions) == ((), (), ())
    assert same.headline.startswith("They cost the same, £5,000. In today's money (NPV) they come")


def test_a_loss_of_all_is_said_to_be_one() -> None:
    found = side_by_side([OFFER, OFFER.but({"scheme.amount.percent_of_salary": 10.0})], ["A", "B"])
    assert "none pays for itself; “B” loses least" in found.headline


def test_a_tie_at_the_top_names_both() -> None:
    three = [OFFER, OFFER.but({"region.hires_from_neighbours": 0.9}), OFFER.but({"seed": 1})]
    more = [three[0].but({"leaver_cost": 1_000.0}), *three[1:]]
    found = side_by_side(more, ["One", "Two", "Three"])
    assert "“Two” and “Three” lose least" in found.headline


# Every figure is the answer's own.

FIGURES: dict[str, str] = {
    "cost": "net_cost",
    "saving": "saving",
    "net_benefit": "net_benefit",
    "npv": "npv",
    "anyway": "deadweight_share",
    "avoided": "leavers_avoided",
    "payback": "payback_month",
}
PLAN_FIGURES: dict[str, str] = {
    "cost": "investment",
    "cash_saving": "saving",
    "cash": "net",
    "npv": "npv",
    "payback": "payback_month",
    "needs_cash": "needed_times",
    "tests": "met",
    "due_later": "due_later",
}


def test_every_figure_of_an_offer_is_its_answers() -> None:
    four = [each.scenario for each in presets()[:4]]
    found = side_by_side(four, ranges=True, differences_only=False)
    for key, name in FIGURES.items():
        expected = tuple(getattr(evaluate(each), name) for each in four)
        assert row(found.answers, key).values == expected, key
    ranges = [evaluate(each).ranges for each in four]
    chances = tuple(each.chance_pays if each else None for each in ranges)
    assert row(found.answers, "chance").values == chances


def test_every_figure_of_a_plan_is_its_answers() -> None:
    four = [each.plan for each in cases()[:4]]
    found = side_by_side(four, differences_only=False)
    results = [appraise(each) for each in four]
    for key, name in PLAN_FIGURES.items():
        expected = tuple(getattr(each, name) for each in results)
        assert row(found.answers, key).values == expected, key
    assert row(found.answers, "chance_cash").texts == (f"{NONE} (not drawn)",) * 4
    assert "chance" not in {each.key for each in found.answers}


def test_ranges_are_drawn_only_where_they_are_asked_for() -> None:
    two = [OFFER, OFFER.but({"scheme.take_up": 1.0})]
    assert "range" not in {each.key for each in side_by_side(two).answers}
    drawn = side_by_side(two, ranges=True)
    assert "£" in row(drawn.answers, "range").texts[0]
    assert all(isinstance(side.result, IncentiveResult) for side in drawn.sides)


# Every difference is told, and nothing else.


def told(found: SideBySide) -> set[str]:
    """Give the fields in which documents are said to differ."""
    return {each.key for each in (*found.levers, *found.assumptions)} - {"done"}


@settings(max_examples=40, deadline=None)
@given(scenarios(), scenarios())
def test_every_field_in_which_two_offers_differ_is_told_once(one: Json, other: Json) -> None:
    first, second = Scenario.from_dict(one), Scenario.from_dict(other)
    found = side_by_side([first, second])
    differing = {
        "scheme.instalments" if path.startswith("scheme.instalments") else path
        for path in first.differences(second)
        if not path.endswith(".name") and path != "seed"
    }
    rounded = {each.key for each in _rows_of(first, second) if not each.differs}
    assert told(found) == differing - rounded
    keys = [each.key for each in (*found.levers, *found.assumptions)]
    assert len(keys) == len(set(keys))


def _rows_of(first: Scenario, second: Scenario) -> list[Row]:
    """Give the fields whose values differ by less than is shown."""
    from retention_lib.comparing.inputs import inputs_of

    one, other = inputs_of(first), inputs_of(second)
    return [
        Row(key=key, label="", values=(), texts=(one[key].text, other[key].text), why=())
        for key in one
        if key in other and one[key].value != other[key].value
    ]


@settings(max_examples=25, deadline=None)
@given(plans(), plans())
def test_plans_that_are_possible_stand_side_by_side_or_have_no_figures(
    one: Json, other: Json
) -> None:
    try:
        found = side_by_side([Plan.from_dict(one), Plan.from_dict(other)])
    except NoFiguresError:
        return
    json.dumps(found.to_dict(), allow_nan=False)
    assert all(len(each.texts) == 2 and each.differs for each in found.answers)
    assert all(each.differs for each in (*found.levers, *found.assumptions))


def test_measures_are_matched_by_kind_and_a_lone_one_tells_what_it_costs_and_does() -> None:
    both = [{"kind": "recognition"}, {"kind": "academy"}]
    first = Plan.from_dict(
        {"schema": 1, "kind": "invest_to_save", "council": "802", "measures": both}
    )
    second = first.but({"measures": [{"kind": "academy", "ramp": 6}]})
    found = side_by_side([first, second], ["Both", "One"])
    there = row(found.levers, "measures.recognition.1")
    assert there.texts == ("in it", "not in it")
    assert row(found.levers, "measures.academy.1.ramp").texts == ("12", "6")
    money = row(found.levers, "measures.recognition.1.money")
    assert money.texts == ("£44,000", NONE)
    assert money.label == "Recognition programme: money a year"
    assert not [each.key for each in found.levers if ".money." in each.key]
    (does,) = found.assumptions
    assert does.label == "Recognition programme: fall in leaving"
    assert does.texts == ("4.5%", NONE)


def test_money_that_is_not_the_same_in_each_year_is_told_by_year() -> None:
    first = Plan.from_dict(
        {"schema": 1, "kind": "invest_to_save", "council": "802",
         "measures": [{"kind": "recognition", "money": [100.0, 100.0, 100.0, 100.0]}]}
    )  # fmt: skip
    second = first.but({"measures.0.money": [100.0, 200.0, 300.0, 400.0]})
    rows = side_by_side([first, second], ["Even", "Rising"]).levers
    told_of = {each.key: each.texts for each in rows if ".money" in each.key}
    path = "measures.recognition.1.money"
    assert told_of == {f"{path}.{year}": ("£100", f"£{year + 1}00") for year in (1, 2, 3)}


def test_chances_of_cash_and_of_npv_never_share_a_row() -> None:
    found = side_by_side([OFFER, PLAN], ranges=True)
    for of_npv, of_cash in (("chance", "chance_cash"), ("needs", "needs_cash")):
        npv, cash = row(found.answers, of_npv), row(found.answers, of_cash)
        assert npv.texts[1] == NOT_OF["invest_to_save"]
        assert cash.texts[0] == NOT_OF["incentive"]
        assert "(NPV)" in npv.label
        assert "cash" in cash.label


def test_a_figure_the_council_published_is_told_as_such_beside_one_that_was_set() -> None:
    set_by_hand = PLAN.but({"service.turnover": 0.3}).with_reasons({"service.turnover": "HR"})
    found = side_by_side([PLAN, set_by_hand], ["Published", "Ours"])
    turnover = row(found.assumptions, "service.turnover")
    assert turnover.texts[0].endswith("(as published)")
    assert turnover.texts[1] == "30%"
    assert turnover.why[1] == "HR"


def test_where_a_number_comes_from_is_told_reason_first_then_the_case_then_the_register() -> None:
    other = OFFER.but({"scheme.take_up": 0.5, "leaver_cost_cashable_share": 0.3})
    other = other.with_reasons({"scheme.take_up": "Half said so"})
    found = side_by_side([OFFER, other])
    assert row(found.assumptions, "scheme.take_up").why == (
        "68 of 82 had signed up by January 2020", "Half said so",
    )  # fmt: skip
    assert row(found.assumptions, "leaver_cost_cashable_share").why == (
        "the register's value", "No reason given.",
    )  # fmt: skip
    why = [each["why"] for each in found.table("assumptions").records()]
    assert "A: 68 of 82 had signed up by January 2020 B: Half said so" in why


# What cannot be ranked is not ranked.


NOT_ALIKE: dict[str, tuple[list[AnyDocument], str]] = {
    "kinds": ([OFFER, PLAN], "They are of different kinds."),
    "councils": (
        [PLAN, case("plymouth-2023").plan],
        "They are of different councils.",
    ),
    "years": (
        [OFFER, OFFER.but({"appraisal.first_financial_year": 2027})],
        "They are of different years, or of different lengths.",
    ),
    "lengths": (
        [OFFER, OFFER.but({"appraisal.months": 60})],
        "They are of different years, or of different lengths.",
    ),
    "optimism": (
        [OFFER, OFFER.but({"appraisal.optimism": True})],
        "Only some are marked down for weak evidence (optimism bias).",
    ),
    "what only shows": ([OFFER, *SHOWN], "A comparison with other councils"),
}


@pytest.mark.parametrize("what", NOT_ALIKE)
def test_what_is_not_alike_is_not_ranked_and_says_why(what: str) -> None:
    documents, why = NOT_ALIKE[what]
    found = side_by_side(documents)
    assert found.headline.startswith(f"These cannot be ranked. {why}")
    assert not found.can_be_ranked
    assert found.not_alike[0] in found.notes
    for word in ("best", "least", "costs"):
        assert word not in found.headline


def test_an_offer_that_does_not_say_when_it_begins_may_be_ranked_beside_one_that_does() -> None:
    dated = made(ONE_MONTH).but({"appraisal.first_financial_year": 2027})
    assert side_by_side([made(ONE_MONTH), dated]).can_be_ranked


def test_across_kinds_only_what_two_have_is_told_and_the_others_say_why_they_have_none() -> None:
    found = side_by_side([OFFER, PLAN, *SHOWN])
    apart = {"chance", "chance_cash", "needs", "needs_cash"}
    shared = [each for each in found.answers if each.key not in apart]
    for each in (*shared, *found.levers[1:], *found.assumptions):
        assert sum(text not in NOT_OF.values() for text in each.texts) > 1, each.label
    cost = row(found.answers, "cost")
    assert cost.values[2:] == (None, None)
    assert cost.texts[2:] == (NOT_OF["benchmark"], NOT_OF["what_happened"])
    assert "a retention payment of 15% of salary to 82 people" in found.levers[0].texts


def test_of_a_plan_the_best_in_cash_and_the_best_with_work_counted_are_told_apart() -> None:
    found = side_by_side(
        same_money_four_ways("802", 400_000), ["Bonus", "Posts", "Academy", "Admin"]
    )
    assert found.headline.startswith("They cost the same, £400,000.")
    assert "“Academy” loses least" in found.headline
    assert "With work counted too, in today's money (NPV), none pays for itself; “Admin” loses" in (
        found.headline
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 20_000), min_size=2, max_size=4))
def test_the_best_is_the_one_with_the_largest_npv(payments: list[float]) -> None:
    offers = [made(ONE_MONTH).but({"scheme.amount.flat": each}) for each in payments]
    names = [f"Offer {index}" for index in range(len(offers))]
    found = side_by_side(offers, names)
    npvs = [evaluate(each, 0).npv for each in offers]
    best = names[npvs.index(max(npvs))]
    assert f"“{best}”" in found.headline or "come out the same" in found.headline


# Names, order, and how many.


def test_equal_names_are_told_apart_by_what_differs() -> None:
    found = side_by_side([OFFER, OFFER.but({"scheme.take_up": 1.0}), PLAN])
    names = [
        f"{OFFER.name} (Share who sign up: 82.9%)", f"{OFFER.name} (Share who sign up: 100%)",
        PLAN.name,
    ]  # fmt: skip
    assert [side.name for side in found.sides] == names
    assert [column.heading for column in found.tables[0].columns[1:]] == names
    assert found.sentences[1].startswith(f"{names[1]}: ")
    given = side_by_side([OFFER, OFFER.but({"scheme.take_up": 1.0})], ["x", "x"])
    assert [side.name for side in given.sides] == ["A: x", "B: x"]


def test_equal_names_of_what_is_the_same_are_told_apart_by_letters_and_others_are_left_alone() -> (
    None
):
    two = [OFFER, OFFER.but({"seed": 1})]
    assert [side.name for side in side_by_side(two).sides] == [
        f"A: {OFFER.name}", f"B: {OFFER.name}"
    ]  # fmt: skip
    assert [side.name for side in side_by_side(two, ["x", "y"]).sides] == ["x", "y"]
    assert [side.letter for side in side_by_side([*two, PLAN]).sides] == ["A", "B", "C"]


@pytest.mark.parametrize("number", [0, 1, 5])
def test_two_to_four_stand_side_by_side(number: int) -> None:
    with pytest.raises(ScenarioError, match=f"There must be 2 to 4 .*, not {number}"):
        side_by_side([OFFER] * number)


def test_the_order_only_orders_the_columns() -> None:
    one, other = OFFER, OFFER.but({"leaver_cost": 1.0, "scheme.tie_in_months": 12})
    forth, back = side_by_side([one, other], ["1", "2"]), side_by_side([other, one], ["2", "1"])
    for mine, theirs in (
        (forth.answers, back.answers),
        (forth.levers, back.levers),
        (forth.assumptions, back.assumptions),
    ):
        assert [(each.key, each.texts, each.why) for each in mine] == [
            (each.key, each.texts[::-1], each.why[::-1]) for each in theirs
        ]
    assert forth.headline == back.headline
    assert forth == side_by_side([one, other], ["1", "2"])


def test_a_comparison_goes_into_tables_json_and_csv_and_text_stays_text() -> None:
    nasty = "=1+1<img>"
    found = side_by_side([OFFER, PLAN, *SHOWN], [nasty, "b", "c", "d"])
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["sides"][0]["name"] == nasty
    for table in found.tables:
        written = table_csv(table)
        assert len(table.frame()) == len(table.rows)
        assert ",=1+1" not in written
        assert nasty in written
    assert found.provenance.scenario_digest not in {side.document.digest for side in found.sides}


# The same money, four ways.


@pytest.mark.parametrize("pounds", [1_000.0, 123_456.0, 400_000.0, 6_000_000.0])
@pytest.mark.parametrize("start", ["802", "plan"])
def test_each_way_costs_the_sum_to_the_pound(start: str, pounds: float) -> None:
    four = same_money_four_ways(PLAN if start == "plan" else start, pounds)
    assert [each.measures[0].kind for each in four] == list(WAYS)
    for each in four:
        result = appraise(each)
        assert result.investment == pytest.approx(pounds, abs=0.5)
        assert result.due_later == 0, "nothing is put off"
        assert len(each.measures) == 1


def test_half_the_money_does_half_as_much_and_says_whose_assumption_that_is() -> None:
    half, whole = same_money_four_ways("802", 300_000.0), same_money_four_ways("802", 600_000.0)
    academy, admin = catalogue()["academy"].defaults, catalogue()["admin_support"].defaults
    for index, known in ((2, academy), (3, admin)):
        assert whole[index].measures[0].money == pytest.approx(known["money"]), "as in it: 600,000"
        assert half[index].measures[0].money == pytest.approx([75_000.0] * 4)
        for place, effect in enumerate(known["effects"]):
            share = 1.0 if effect["on"] == "newly_qualified_load" else 0.5
            path = f"measures.0.effects.{place}.central"
            assert whole[index].at(path) == pytest.approx(effect["central"])
            assert half[index].at(path) == pytest.approx(effect["central"] * share)
            reason = half[index].reasons.get(f"measures.0.effects.{place}", "")
            assert ("our assumption" in reason) == (share != 1.0)
    posts = [each[1].at("measures.0.effects.0.central") for each in (half, whole)]
    assert posts[0] * 2 == pytest.approx(posts[1])
    fall, amount = "incentive.effect.leaving_reduction", "incentive.scheme.amount.flat"
    known_bonus = catalogue()["annual_bonus"].defaults["incentive"]
    for each in (half[0], whole[0]):
        ratio = each.at(f"measures.0.{fall}") / each.at(f"measures.0.{amount}")
        assert ratio == pytest.approx(
            known_bonus["effect"]["leaving_reduction"] / known_bonus["scheme"]["amount"]["flat"]
        )


def test_everything_else_is_the_plans() -> None:
    start = PLAN.with_reasons({"pay.senior": "Ours", "measures.0.money": "Quote"})
    for each in same_money_four_ways(start, 400_000.0):
        others = {path for path in each.differences(PLAN) if not path.startswith("measures")}
        assert others == set()
        assert each.reasons["pay.senior"] == "Ours"
        assert "Quote" not in each.reasons.values()


def test_posts_of_a_sum_are_the_sum_over_what_a_post_costs() -> None:
    """A second way to the number of posts: what one post costs, into the sum."""
    posts = same_money_four_ways("802", 400_000.0)[1]
    path = "measures.0.effects.0"
    one = posts.but({f"{path}.{end}": 1.0 for end in ("low", "central", "high")})
    assert posts.at(f"{path}.central") == pytest.approx(400_000 / cost_of(one), rel=1e-9)


WRONG: dict[str, tuple[Any, float, str]] = {
    "nothing": ("802", 0.0, "pounds is 0.0. It must be a sum above 0."),
    "less than nothing": ("802", -5.0, "pounds is -5.0. It must be a sum above 0."),
    "no number": ("802", float("nan"), "pounds is NaN. It must be a sum above 0."),
    "more than there is": ("802", 1e15, ""),
    "endless": ("802", float("inf"), ""),
    "no council": ("000", 4e5, "council"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_sum_that_cannot_be_spent_is_refused_in_words(what: str) -> None:
    start, pounds, words = WRONG[what]
    with pytest.raises(ScenarioError) as refused:
        same_money_four_ways(start, pounds)
    assert str(refused.value)
    assert words in str(refused.value)


def test_any_answer_can_be_asked_for_without_its_ranges() -> None:
    for document in (OFFER, PLAN):
        assert answer(document, ranges=False).ranges is None  # type: ignore[union-attr]  # they have
    assert answer(SHOWN[0], ranges=False) == answer(SHOWN[0])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"appraisal.discount_rate": 0.1}, "the discount rate"),
        ({"scheme.instalments": [{"month": 99, "share": 1.0}]}, "no answer yet"),
    ],
)
def test_what_counts_money_otherwise_or_not_at_all_is_not_ranked(
    changes: dict[str, Any], said: str
) -> None:
    offer = preset("middlesbrough-2019").scenario
    found = side_by_side([offer, offer.but(changes)])
    assert found.headline.startswith("These cannot be ranked.")
    assert said in found.headline
