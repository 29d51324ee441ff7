"""A bidding war: neighbours match an offer, its effect decays, and the region pays for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from retention_lib import IncentiveResult, Scenario, bidding, evaluate, incentives, words
from retention_lib.assumptions import register
from retention_lib.bidding import Rivals, bid_down, matched
from retention_lib.incentives import Flows
from retention_lib.model import NOBODY_BIDS, npv, offer_of, rivals_of
from retention_lib.presets import presets
from retention_lib.questions import region_view
from retention_lib.sensitivity import uncertain
from tests import oracle
from tests.strategies import Json, bid_scenarios, scenarios
from tests.worlds import ONE_MONTH, ONE_MONTH_HELLO, made

QUARTER = {"leavers_to_neighbours": 0.25, "hires_from_neighbours": 0.5}
LINES = ("payments", "on_costs", "clawback", "hiring", "net_cost", "saving", "net")


def bid(scenario: Json, chance: float, delay: int = 0, people: float = 4, **changes: Any) -> Json:
    """Let neighbours answer an offer; a quarter of leavers go there, half of hires come from it."""
    war = {"match_chance": chance, "match_delay_months": delay, "neighbours_people": people}
    return {**scenario, "region": QUARTER, "bidding": war, **changes}


def answer(scenario: Json) -> IncentiveResult:
    """Answer a scenario, without ranges."""
    return evaluate(Scenario.from_dict(scenario), 0)


def sides(scenario: Json) -> tuple[Flows, Flows]:
    """Play the council's side and the region's."""
    made_of = Scenario.from_dict(scenario)
    offer, rivals = offer_of(made_of, NOBODY_BIDS), rivals_of(made_of)
    return bidding.council(offer, rivals), bidding.region(offer, rivals).together


def sums(flows: Flows) -> tuple[float, float]:
    """Give cost and saving."""
    return float(flows.net_cost.sum()), float(flows.saving.sum())


# On paper: one of 100 leaves in the month, at 10,000; 50 each; a fifth of them would be kept.


def test_where_all_neighbours_match_what_kept_people_from_going_there_is_gone() -> None:
    """Of 0.2 leavers kept, a quarter would have gone next door: 0.15 x 10,000, for 5,000."""
    council, region = sides(bid(ONE_MONTH, 1.0))
    assert sums(council) == pytest.approx((5_000, 1_500))
    assert sums(region) == pytest.approx((5 * 5_000, 5 * 1_500))


def test_where_half_of_them_match_half_of_that_is_gone() -> None:
    council, region = sides(bid(ONE_MONTH, 0.5))
    assert sums(council) == pytest.approx((5_000, 1_750))
    assert sums(region) == pytest.approx((3 * 5_000, 3 * 1_500))


def test_under_a_memorandum_of_understanding_one_council_pays() -> None:
    council, region = sides(bid(ONE_MONTH, 0.0))
    assert sums(council) == pytest.approx((5_000, 2_000))
    assert sums(region) == pytest.approx((5_000, 1_500))


def test_a_neighbour_that_matches_when_the_month_is_over_pays_and_gains_in_its_own() -> None:
    for delay in (1, 2, 24):
        council, region = sides(bid(ONE_MONTH, 1.0, delay=delay))
        assert sums(council) == pytest.approx((5_000, 2_000))
        assert sums(region) == pytest.approx((5 * 5_000, 5 * 1_500))


def test_what_neighbours_do_later_counts_for_less() -> None:
    """Each gains 1,500 for 5,000; four of them two years later, at 10% a year."""
    late = bid(ONE_MONTH, 1.0, delay=24, appraisal={"months": 1, "discount_rate": 0.1})
    region = answer(late).region
    assert region.net_benefit == pytest.approx(5 * -3_500)
    assert region.npv == pytest.approx(-3_500 * (1 + 4 / 1.21))


def test_whom_neighbours_take_by_their_golden_hellos_costs_us_what_a_leaver_does() -> None:
    """One extra hire, half of whom come from councils: half a person at 10,000, if all match."""
    two_months = {"appraisal": {"months": 2}, "vacancy": {"months": 1, "net_saving_per_month": 0}}
    for chance, lost in ((1.0, 0.5), (0.4, 0.2)):
        council, region = sides(bid(ONE_MONTH_HELLO, chance, delay=2, people=2, **two_months))
        assert council.poached.tolist() == pytest.approx([0, 0, lost])
        assert council.saving.tolist() == pytest.approx([0, 0, lost * -10_000])
        assert not region.poached.any()
        assert not region.poached_saving.any()
    for delay in (0, 3):
        council, _ = sides(bid(ONE_MONTH_HELLO, 1.0, delay=delay, people=2, **two_months))
        assert not council.poached.any(), "they have not come, or it is after the last month"
    assert not sides(bid(ONE_MONTH, 1.0, delay=1))[0].poached.any(), "paid for staying"


def test_the_answer_tells_whom_neighbours_take_and_the_budget_takes_its_part() -> None:
    """6,500 saved and half a leaver lost at 10,000, of which 6,000 in cash; 11,500 paid."""
    war = bid(ONE_MONTH_HELLO, 1.0, delay=1, leaver_cost_cashable_share=0.6)
    found = answer(war)
    assert found.saving == pytest.approx(6_500 - 5_000)
    assert found.net_benefit == found.npv == pytest.approx(1_500 - 11_500)
    assert found.budget.net_benefit == pytest.approx(6_500 - 3_000 - 11_500)
    assert {step.key: step.pounds for step in found.bridge}["poached"] == pytest.approx(-5_000)
    assert [row["poached"] for row in found.table("months").records()] == pytest.approx([0, 0.5])
    alone = answer({**war, "bidding": {"match_chance": 0.0}})
    assert "poached" not in {step.key for step in alone.bridge}
    assert "poached" not in alone.table("months").records()[0]


def test_the_allowance_for_optimism_counts_losses_to_neighbours_against_it_too() -> None:
    appraisal = {"months": 1, "optimism": True}
    found = answer(bid(ONE_MONTH_HELLO, 1.0, delay=1, appraisal=appraisal)).optimism
    line = next(line for line in found.lines if line.key == "poached_saving")
    assert line.grade == "none"
    assert (line.pounds, line.taken_off) == pytest.approx((-5_000, 2_000))


def test_hires_who_would_come_from_neighbours_do_not_where_those_match_at_once() -> None:
    """Half an extra hire in place of one: 10,000 + 0.5 x 1,500, and 0.5 x 6,500."""
    council, region = sides(bid(ONE_MONTH_HELLO, 1.0, people=2))
    assert sums(council) == pytest.approx((10_750, 3_250))
    assert sums(region) == pytest.approx((3 * 10_750, 3 * 3_250))


def test_hires_who_are_in_when_neighbours_match_stay_hired() -> None:
    """But neighbours take half a person, at 10,000."""
    council, region = sides(bid(ONE_MONTH_HELLO, 1.0, delay=1, people=2))
    assert council.still_extra.tolist() == pytest.approx([1, 1])
    assert sums(council) == pytest.approx((11_500, 6_500 - 5_000))
    assert sums(region) == pytest.approx((11_500 + 2 * 10_750, 3 * 3_250))


def test_where_every_hire_comes_from_neighbours_that_match_nobody_comes() -> None:
    everyone = {"leavers_to_neighbours": 0.0, "hires_from_neighbours": 1.0}
    council, region = sides({**bid(ONE_MONTH_HELLO, 1.0), "region": everyone})
    assert sums(council) == pytest.approx((10_000, 0))
    assert sums(region) == pytest.approx((5 * 10_000, 0))


def test_the_effect_decays_when_neighbours_match_and_not_before() -> None:
    rivals = replace(bidding.example_rivals(), match_chance=1.0)
    offer = incentives.example_offer()
    h1 = incentives.leaving_with_scheme(bid_down(offer, rivals), offer.groups[0])
    assert h1[:3].tolist() == pytest.approx([0, 0, 0.0025]), "1 - e (1 - 0.25) of 1%"
    assert matched(rivals, 0).size == 0


def test_leaving_that_changes_month_by_month_is_the_neighbours_from_their_first_month() -> None:
    monthly = np.array([0.5, 0.0, 0.0])
    group = replace(incentives.example_offer().groups[0], monthly_leaving=monthly)
    offer = replace(incentives.example_offer(), groups=(group,), months=3, leaving_reduction=0.0)
    for delay in (1, 9):
        rivals = replace(bidding.example_rivals(), match_delay_months=delay)
        region = bidding.region(offer, rivals)
        assert region.ours.clawback.tolist() == pytest.approx([0, 50_000, 0, 0])
        assert region.theirs.clawback.tolist() == pytest.approx([0] * 4), "nobody leaves later"
    at_once = bidding.region(offer, replace(bidding.example_rivals(), match_delay_months=0))
    assert at_once.theirs.clawback.tolist() == pytest.approx([0, 100_000, 0, 0])


# Identities.


@settings(max_examples=40)
@given(bid_scenarios())
def test_where_nobody_bids_it_is_the_plain_scheme_and_the_plain_region_to_a_penny(
    scenario: Json,
) -> None:
    scenario["bidding"]["match_chance"] = 0.0
    made_of = Scenario.from_dict(scenario)
    plain = incentives.play(offer_of(made_of))
    council, region = sides(scenario)
    near = 0.005 + 1e-12 * float(np.abs(plain.net_cost).sum() + np.abs(plain.saving).sum())
    for line in LINES:
        assert getattr(council, line).tolist() == getattr(plain, line).tolist()
    seen = region_view(made_of, plain)
    assert float(region.saving.sum()) == pytest.approx(seen.saving, abs=near)
    assert float(region.net.sum()) == pytest.approx(seen.net_benefit, abs=near)
    found = answer(scenario)
    assert found.bidding.nobody_bids.council.npv == pytest.approx(found.npv, abs=near)
    assert found.bidding.nobody_bids.region.npv == pytest.approx(found.region.npv, abs=near)


@settings(max_examples=40)
@given(scenarios())
def test_a_scenario_without_neighbours_is_what_it_always_was(scenario: Json) -> None:
    found = oracle.answer(scenario)
    plain = answer(scenario)
    near = 0.005 + 1e-11 * (found["payments"] + abs(found["saving"]))
    assert plain.npv == pytest.approx(found["npv"], abs=near)
    assert plain.region.npv == pytest.approx(oracle.region(scenario)["npv"], abs=near)
    assert not [s for s in plain.sentences if "neighbours match" in s]


@settings(max_examples=40)
@given(bid_scenarios())
def test_where_all_bid_at_once_the_region_pays_for_all(scenario: Json) -> None:
    scenario["bidding"]["match_delay_months"] = 0
    war = scenario["bidding"]
    council, region = sides(scenario)
    times = 1 + war["match_chance"] * war["neighbours_people"]
    for line in ("payments", "on_costs", "clawback", "hiring", "net_cost"):
        expected = getattr(council, line) * times
        near = 0.005 + 1e-12 * float(np.abs(expected).sum())
        assert getattr(region, line).tolist() == pytest.approx(expected.tolist(), abs=near)


@settings(max_examples=40)
@given(bid_scenarios())
def test_neighbours_who_match_at_once_or_never_take_nobody(scenario: Json) -> None:
    for delay in (0, scenario["appraisal"]["months"] + 1):
        scenario["bidding"]["match_delay_months"] = delay
        assert not sides(scenario)[0].poached.any()


@settings(max_examples=40)
@given(bid_scenarios())
def test_whom_neighbours_take_is_as_many_as_we_would_not_have_had_had_they_matched_at_once(
    scenario: Json,
) -> None:
    scenario["bidding"]["match_delay_months"] = max(1, scenario["appraisal"]["months"])
    late = sides(scenario)[0]
    scenario["bidding"]["match_delay_months"] = 0
    at_once = sides(scenario)[0]
    if scenario["appraisal"]["months"]:
        missing = late.still_extra[0] - at_once.still_extra[0]
        assert late.poached.sum() == pytest.approx(missing, rel=1e-9, abs=1e-9)


@settings(max_examples=40)
@given(bid_scenarios())
def test_what_neighbours_cost_and_save_does_not_hang_on_when_they_begin(scenario: Json) -> None:
    """Not discounted; so it does not jump where they begin as our months end."""
    months = scenario["appraisal"]["months"]
    rate = scenario["appraisal"]["discount_rate"]
    played = []
    for delay in (0, months, months + 1):
        scenario["bidding"]["match_delay_months"] = delay
        made_of = Scenario.from_dict(scenario)
        region = bidding.region(offer_of(made_of, NOBODY_BIDS), rivals_of(made_of))
        played.append(region)
        assert region.later(rate) == pytest.approx((1 + rate) ** (-delay / 12))
    for line in LINES:
        first, *others = (getattr(each.theirs, line).tolist() for each in played)
        assert all(each == first for each in others)


@settings(max_examples=40)
@given(bid_scenarios())
def test_where_all_bid_at_once_what_is_left_to_a_council_is_what_the_region_gains_of_it(
    scenario: Json,
) -> None:
    """Nothing of it is a move any more; where successors leave as others do, and nothing follows.

    However lam is split between going next door and not: the region is all its councils.
    """
    scenario["bidding"] |= {"match_delay_months": 0, "match_chance": 1.0}
    scenario["effect"]["after_multiplier"] = 1.0
    for group in scenario["groups"]:
        group.pop("replacement_leaving_rate", None)
    council, region = sides(scenario)
    times = 1 + scenario["bidding"]["neighbours_people"]
    near = 0.005 + 1e-11 * times * float(np.abs(council.saving).sum() + council.payments.sum())
    assert float(region.saving.sum()) == pytest.approx(times * council.saving.sum(), abs=near)
    assert float(region.net.sum()) == pytest.approx(times * council.net.sum(), abs=near)


@settings(max_examples=40)
@given(bid_scenarios())
def test_the_more_match_and_the_sooner_the_less_is_left_to_the_council(scenario: Json) -> None:
    """Where leaving is what it would be once it no longer binds, and hires save what they cost."""
    scenario["scheme"]["kind"] = "retention"
    scenario["effect"]["after_multiplier"] = 1.0
    for group in scenario["groups"]:
        group.pop("replacement_leaving_rate", None)
    made_of = Scenario.from_dict({**scenario, "leaver_cost": 20_000})
    more = made_of.but({"bidding.match_chance": (1 + made_of.bidding.match_chance) / 2})
    sooner = made_of.but({"bidding.match_delay_months": made_of.bidding.match_delay_months // 2})
    saving = float(incentives.play(offer_of(made_of)).saving.sum())
    for other in (more, sooner):
        assert float(incentives.play(offer_of(other)).saving.sum()) <= saving + 1e-6


def test_the_region_never_does_better_by_a_war_over_a_scheme_that_loses_there() -> None:
    """It loses once where one council pays, and with a war as often as councils pay.

    A golden hello loses a little less each time: hires who only move are then paid by nobody.
    """
    for case in presets():
        scenario = case.scenario.but({"bidding.match_delay_months": 0})
        for chance in (0.25, 1.0):
            found = evaluate(scenario.but({"bidding.match_chance": chance}), 0).bidding
            payers = 1 + chance * found.neighbours_people
            alone, war = found.nobody_bids.region, found.neighbours_bid.region
            if alone.npv < 0:
                assert war.npv <= alone.npv + 1, case.id
                if case.scenario.scheme.kind == "retention":
                    assert war.npv / payers <= alone.npv + 0.02 * alone.net_cost, case.id


# A second opinion: month after month, everybody followed to where they go.


def followed(scenario: Json, share_at: Callable[[int], float]) -> Json:
    """Follow one council's people: cost, saving, and what of it the region gains, by month.

    `share_at` gives the share of neighbours that pay the same in a month, 0 for the first day.
    """
    last = scenario["appraisal"]["months"]
    scheme, effect, vacancy = scenario["scheme"], scenario["effect"], scenario["vacancy"]
    near = scenario["region"]
    lam, mu = near["leavers_to_neighbours"], near["hires_from_neighbours"]
    price, empty = oracle.leaver_cost(scenario), oracle.vacancy_saving(scenario)
    months: Json = {key: [0.0] * (last + 1) for key in ("cost", "saving", "gain")}
    for group in scenario["groups"]:
        takers = group["headcount"] * scheme["take_up"]
        here = elsewhere = 0.0
        if scheme["kind"] == "golden_hello":
            whole = takers * effect["extra_hires"]
            elsewhere = whole * (1 - mu)  # from no council: they come whatever neighbours pay
            here = whole * mu * (1 - share_at(0))  # from a neighbour that does not match
        extra, paid = here + elsewhere, takers + here + elsewhere
        new = elsewhere / extra if extra else 0.0
        amount = oracle.amount_for(scheme, group["salary"])
        h = oracle.monthly(group["annual_leaving_rate"])
        q = oracle.monthly(group.get("replacement_leaving_rate", group["annual_leaving_rate"]))
        e, bound = oracle.fall(scenario, group["salary"]), oracle.binding(scheme)
        s0 = s1 = 1.0
        received = 0.0
        for month in range(last + 1):
            if month == 0:
                months["cost"][0] += extra * vacancy["hire_cost"]
            else:
                to_payers = to_others = out = 0.0
                if month <= bound:
                    to_payers = h * lam * share_at(month)  # no better here than there
                    to_others = h * lam * (1 - share_at(month)) * (1 - e)
                    out = h * (1 - lam) * (1 - e)
                else:
                    then = h
                    if month <= bound + int(effect["after_months"]):
                        then = min(1.0, h * effect["after_multiplier"])
                    to_others, out = then * lam, then * (1 - lam)
                go = to_payers + to_others + out
                kept = takers * ((s0 * h + (1 - s0) * q) - (s1 * go + (1 - s1) * q))
                lost_to_region = (s0 * h + (1 - s0) * q) * (1 - lam) - (
                    s1 * out + (1 - s1) * q * (1 - lam)
                )
                months["saving"][month] += kept * price
                months["gain"][month] += takers * lost_to_region * price
                if month <= vacancy["months"]:
                    months["saving"][month] += extra * s1 * empty
                    months["gain"][month] += extra * s1 * empty * new
                else:
                    months["saving"][month] += extra * s1 * (q - go) * price
                    months["gain"][month] += extra * s1 * (q * (1 - lam) - out) * price * new
                owed = oracle.owed(scheme["clawback"]["taper"], scheme["tie_in_months"], month)
                back = paid * s1 * go * received * owed * scheme["clawback"]["recovery_rate"]
                months["cost"][month] -= back
                s0, s1 = s0 * (1 - h), s1 * (1 - go)
            for one in scheme["instalments"]:
                if one["month"] == month:
                    months["cost"][month] += (
                        paid * s1 * one["share"] * amount * (1 + scheme["oncost_rate"])
                    )
                    received += one["share"] * amount
    return months


def lost_to_neighbours(scenario: Json, councils: int = 7) -> float:
    """Count the people whom neighbours take by golden hellos, as many of us as of each other."""
    if scenario["scheme"]["kind"] != "golden_hello":
        return 0.0
    heads = sum(group["headcount"] for group in scenario["groups"])
    hired = heads * scenario["scheme"]["take_up"] * scenario["effect"]["extra_hires"]
    matching = scenario["bidding"]["match_chance"] * (councils - 1)
    from_councils = matching * hired * scenario["region"]["hires_from_neighbours"]
    return float(from_councils / (councils - 1))  # each takes from all but itself


def oracle_sides(scenario: Json) -> Json:
    """Give cost, saving and NPV of the council and of the region."""
    war, rate = scenario["bidding"], scenario["appraisal"]["discount_rate"]
    p, delay = war["match_chance"], war["match_delay_months"]
    ours = followed(scenario, lambda m: p if m > delay or m == delay == 0 else 0.0)
    theirs = followed(scenario, lambda _: p)
    if 0 < delay <= scenario["appraisal"]["months"]:
        ours["saving"][delay] -= lost_to_neighbours(scenario) * oracle.leaver_cost(scenario)

    def side(cost: list[float], saving: list[float]) -> Json:
        net = [saved - paid for saved, paid in zip(saving, cost, strict=True)]
        return {
            "net_cost": sum(cost),
            "saving": sum(saving),
            "net_benefit": sum(net),
            "npv": oracle.discounted(oracle.by_year(net), rate),
            "size": sum(map(abs, cost)) + sum(map(abs, saving)),
        }

    first, each = side(ours["cost"], ours["gain"]), side(theirs["cost"], theirs["gain"])
    weight = p * war["neighbours_people"]
    region = {key: first[key] + weight * each[key] for key in first}
    region["npv"] = first["npv"] + weight * each["npv"] / (1 + rate) ** (delay / 12)
    return {"council": side(ours["cost"], ours["saving"]), "region": region}


@settings(max_examples=80)
@given(bid_scenarios())
def test_both_sides_are_what_a_slow_count_by_where_people_go_finds(scenario: Json) -> None:
    found = answer(scenario)
    slow = oracle_sides(scenario)
    if found.bidding.is_chosen:
        for name in ("council", "region"):
            side = getattr(found.bidding.neighbours_bid, name)
            near = 0.005 + 1e-10 * slow[name]["size"]
            for figure in ("net_cost", "saving", "net_benefit", "npv"):
                assert getattr(side, figure) == pytest.approx(slow[name][figure], abs=near), figure
        assert found.npv == pytest.approx(slow["council"]["npv"], abs=near)
        assert found.region.npv == pytest.approx(slow["region"]["npv"], abs=near)


# Many draws at once.


def test_neighbours_may_be_drawn() -> None:
    scenario = Scenario.from_dict(bid(ONE_MONTH_HELLO, 0.5, appraisal={"months": 24}))
    draws = {
        "bidding.match_chance": np.array([0.0, 0.3, 1.0]),
        "bidding.match_delay_months": np.array([0.0, 0.0, 6.0]),
        "region.leavers_to_neighbours": np.array([0.2, 0.3, 0.4]),
        "region.hires_from_neighbours": np.array([0.9, 0.5, 0.1]),
    }
    found = npv(scenario, draws)
    for index in range(3):
        one = {path: float(values[index]) for path, values in draws.items()}
        assert found[index] == pytest.approx(float(npv(scenario.but(one))), abs=1e-6)


# What is seen.


def test_the_headline_is_the_bid_down_one_where_the_scenario_has_neighbours_bid() -> None:
    found = answer(bid(ONE_MONTH, 1.0))
    assert found.saving == pytest.approx(1_500)
    assert found.net_benefit == pytest.approx(-3_500)
    assert found.region.net_benefit == pytest.approx(5 * -3_500)
    assert found.bidding.is_chosen
    assert found.sentences[-1] == (
        "If all of the neighbours match it at once, the council saves £1,500 and not £2,000, and "
        "the region pays £25,000 to save £7,500."
    )


def test_where_nobody_bids_the_threat_is_shown_and_said_not_to_be_the_scenario() -> None:
    found = answer({**ONE_MONTH, "region": QUARTER})
    usual = register()["match_chance"].default
    assert (found.bidding.is_chosen, found.bidding.match_chance) == (False, usual)
    assert found.saving == pytest.approx(2_000)
    labels = [row["case"] for row in found.table("bidding").records()]
    threat = "50% of neighbours match it after 12 months (not in your scenario)"
    assert labels == [*["Nobody bids (memorandum of understanding)"] * 2, threat, threat]
    first, second = words.bidding(found.bidding)
    assert first.startswith("If half of the neighbours match it after 12 months, the council would")
    assert "as under a memorandum of understanding, the region pays £5,000 to save £1,500" in second


def test_the_table_says_what_the_answer_says() -> None:
    found = answer(bid(ONE_MONTH, 0.5, delay=1))
    rows = found.table("bidding").records()
    war = found.bidding
    every = [
        war.nobody_bids.council, war.nobody_bids.region,
        war.neighbours_bid.council, war.neighbours_bid.region,
    ]  # fmt: skip
    for row, side in zip(rows, every, strict=True):
        numbers = [row[key] for key in ("net_cost", "saving", "net_benefit", "npv")]
        assert numbers == [side.net_cost, side.saving, side.net_benefit, side.npv]
    assert "(not in your scenario)" not in str(rows)
    assert found.to_dict()["bidding"]["neighbours_bid"]["region"]["npv"] == every[-1].npv


def test_nothing_is_said_of_a_war_over_nothing() -> None:
    nothing = {**ONE_MONTH["scheme"], "amount": {"flat": 0}}
    none = answer(bid(ONE_MONTH, 1.0, scheme=nothing, effect={"leaving_reduction": 0}))
    assert words.bidding(none.bidding) == ()
    assert words.if_bid(none.bidding) == ()


def test_neighbours_are_uncertain_only_where_they_bid() -> None:
    def paths(chance: float, kind: Json, delay: int = 0) -> set[str]:
        scenario = made(bid(kind, chance, delay, appraisal={"months": 12}))
        return {number.key for number, _ in uncertain(scenario)}

    theirs = {"bidding.match_chance", "bidding.match_delay_months", "region.leavers_to_neighbours"}
    hires = {"region.hires_from_neighbours"}
    assert not paths(0.0, ONE_MONTH) & (theirs | hires)
    assert paths(0.5, ONE_MONTH) & (theirs | hires) == theirs
    assert paths(0.5, ONE_MONTH_HELLO) >= theirs | hires
    assert paths(0.5, ONE_MONTH_HELLO, delay=3) >= hires, "neighbours take as many by then"


def test_rivals_come_from_the_scenario() -> None:
    scenario = Scenario.from_dict(bid(ONE_MONTH, 0.5, delay=3, people=2))
    assert rivals_of(scenario) == Rivals(
        leavers_to_neighbours=0.25,
        hires_from_neighbours=0.5,
        match_chance=0.5,
        match_delay_months=3,
        people=2.0,
    )


def test_what_does_not_change_is_said_to_stay_and_a_saving_below_nothing_is_a_cost() -> None:
    loses = {"months": 1, "net_saving_per_month": -100, "hire_cost": 0}
    found = answer(bid(ONE_MONTH_HELLO, 1.0, delay=2, people=0, vacancy=loses))
    assert words.bidding(found.bidding)[0] == (
        "If all of the neighbours match it after 2 months, the council loses £100 before it pays "
        "anything, and the region pays £11,000, and £50 more for posts filled sooner."
    )
    late = answer(bid(ONE_MONTH, 1.0, delay=1))
    assert "the council still saves £2,000, and" in words.bidding(late.bidding)[0]


def test_where_neighbours_take_more_than_is_saved_the_council_is_said_to_lose() -> None:
    lost = {"leavers_to_neighbours": 0.0, "hires_from_neighbours": 1.0}
    war = {**bid(ONE_MONTH_HELLO, 1.0, delay=1, people=1), "region": lost}
    assert words.bidding(answer(war).bidding)[0] == (
        "If all of the neighbours match it after 1 month, the council loses £3,500 before it pays "
        "anything, where it would save £6,500 if nobody bid, and the region pays £21,500 to save "
        "nothing."
    )


def test_what_saves_nothing_either_way_is_said_so() -> None:
    never = answer({**ONE_MONTH, "effect": {"leaving_reduction": 0}, "region": QUARTER})
    first, second = words.bidding(never.bidding)
    assert "the council would save nothing either way, and" in first
    assert "to save nothing." in first
    assert second.endswith("the region pays £5,000 to save nothing.")


@pytest.mark.parametrize("on", [False, True])
def test_every_row_of_the_two_cases_adds_up_with_the_allowance_and_without(on: bool) -> None:
    scenario = presets()[0].scenario.but({"appraisal.optimism": on})
    table = evaluate(scenario).table("bidding")
    assert ("allowance" in [column.key for column in table.columns]) is on
    for row in table.records():
        parts = [float(row.get(key) or 0.0) for key in ("saving", "net_cost", "allowance")]
        assert parts[0] - parts[1] + parts[2] == pytest.approx(row["net_benefit"])
