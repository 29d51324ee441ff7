"""Schemes at random, as parsed JSON: anything a file may hold, the edges more often than not."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

MONEY_LIMIT, PEOPLE_LIMIT, FACTOR_LIMIT, MONTH_LIMIT = 1e12, 1e9, 1e6, 1_000_000


def between(low: float, high: float, *edges: float) -> st.SearchStrategy[float]:
    """Draw a number from low to high, its ends and the edges named more often."""
    numbers = st.floats(low, high, allow_subnormal=False)
    return st.one_of(st.sampled_from([float(low), float(high), *edges]), numbers)


def chances() -> st.SearchStrategy[float]:
    """Draw a chance or a share: 0, 1, or between."""
    return between(0, 1, 0.118, 0.5)


def months(highest: int = 60) -> st.SearchStrategy[int]:
    """Draw a number of months, the year ends and their neighbours more often."""
    edges = [edge for edge in (0, 1, 11, 12, 13, 24, 25, 36, 48) if edge <= highest]
    return st.one_of(st.sampled_from(edges), st.integers(0, highest))


@st.composite
def groups(draw: st.DrawFn) -> Json:
    """Draw a group: nobody, whole people or parts of one."""
    return {
        "name": draw(st.sampled_from(["Experienced", "Newly qualified", "Social workers"])),
        "headcount": draw(between(0, 300, 1, 12.4, 82)),
        "salary": draw(between(20_000, 80_000)),
        "annual_leaving_rate": draw(chances()),
        **draw(st.sampled_from([{}, {"replacement_leaving_rate": draw(chances())}])),
    }


@st.composite
def instalments(draw: st.DrawFn, highest: int = 60) -> list[Json]:
    """Draw one to four instalments, in any order, whose shares add up to 1."""
    weights = draw(st.lists(st.integers(0, 5), min_size=1, max_size=4).filter(any))
    return [{"month": draw(months(highest)), "share": weight / sum(weights)} for weight in weights]


@st.composite
def schemes(draw: st.DrawFn) -> Json:
    """Draw an offer of either kind, tied in for shorter or longer than it is looked at."""
    flat = {"flat": draw(between(0, 20_000, 5_000))}
    percent = {"percent_of_salary": draw(between(0, 50, 15))}
    return {
        "kind": draw(st.sampled_from(["retention", "golden_hello"])),
        "amount": draw(st.sampled_from([flat, percent])),
        "instalments": draw(instalments()),
        "tie_in_months": draw(months(72)),
        "clawback": {
            "taper": draw(st.sampled_from(["monthly", "yearly", "full", "none"])),
            "recovery_rate": draw(chances()),
        },
        "take_up": draw(chances()),
        "oncost_rate": draw(between(0, 1, 0.155)),
    }


@st.composite
def effects(draw: st.DrawFn) -> Json:
    """Draw an effect, set or following from the payment, with or without a cliff behind it."""
    direct = {"leaving_reduction": draw(chances())}
    elastic = {"pay_elasticity": draw(between(0, 5, 0.7, 3))}
    return {
        **draw(st.sampled_from([direct, elastic])),
        "extra_hires": draw(between(0, 2, 0.33)),
        "after_multiplier": draw(between(0, 3, 1, 1.2)),
        "after_months": draw(months(24)),
    }


@st.composite
def costs(draw: st.DrawFn) -> Json:
    """Draw the parts of the cost of a leaver."""
    return {
        "advertising_and_selection": draw(between(0, 10_000)),
        "agency_premium_per_year": draw(between(0, 60_000)),
        "months_to_fill": draw(between(0, 18)),
        "covered_share": draw(chances()),
        "pay_with_oncosts_per_year": draw(between(0, 100_000)),
        "induction_and_training": draw(between(0, 20_000)),
        "ramp_up_weeks": draw(between(0, 104)),
        "ramp_up_lost_share": draw(chances()),
    }


@st.composite
def scenarios(draw: st.DrawFn) -> Json:
    """Draw a whole scenario of the size a council has, with every figure that matters in it."""
    return {
        "schema": 1,
        "kind": "incentive",
        "name": "Drawn at random",
        "groups": draw(st.lists(groups(), min_size=1, max_size=4)),
        "scheme": draw(schemes()),
        "effect": draw(effects()),
        "vacancy": {
            "months": draw(st.one_of(months(24), between(0, 24, 4.6))),
            "net_saving_per_month": draw(st.one_of(between(-6_000, 5_000), st.just("from_parts"))),
            "hire_cost": draw(between(0, 15_000)),
        },
        "leaver_cost": draw(st.one_of(between(0, 60_000, 20_000), st.just("from_parts"))),
        "leaver_cost_cashable_share": draw(chances()),
        "costs": draw(costs()),
        "region": {
            "leavers_to_neighbours": draw(chances()),
            "hires_from_neighbours": draw(chances()),
        },
        "appraisal": {
            "months": draw(months(60)),
            "discount_rate": draw(between(0, 0.2, 0.035)),
        },
    }


@st.composite
def biddings(draw: st.DrawFn, most: float = 40) -> Json:
    """Draw what neighbours do: nobody bids, everybody does at once, or between."""
    return {
        "match_chance": draw(chances()),
        "match_delay_months": draw(months(60)),
        "neighbours_people": draw(between(0, most, 1, 16)),
    }


@st.composite
def bid_scenarios(draw: st.DrawFn) -> Json:
    """Draw a scenario that neighbours answer, more often than not."""
    return {**draw(scenarios()), "bidding": draw(biddings())}


@st.composite
def wordy_scenarios(draw: st.DrawFn) -> Json:
    """Draw a scenario with everything that does not move the answer in it too: names, reasons."""
    text = st.text(max_size=20)
    groups_off = st.fixed_dictionaries(
        {
            "name": text,
            "headcount": between(0, 300),
            "salary": between(20_000, 80_000),
            "annual_leaving_rate": chances(),
        },
        optional={
            "why": st.sampled_from(["long_serving", "other_grade", "adult_social_workers"]),
            "grade": text,
            "service": text,
            "role": text,
        },
    )
    scenario = draw(scenarios())
    scenario["name"] = draw(text)
    for word in ("name", "grade", "service", "role"):
        scenario["groups"][0][word] = draw(text)
    scenario["bidding"] = draw(biddings())
    scenario["not_offered"] = draw(st.lists(groups_off, max_size=2))
    scenario["appraisal"]["first_financial_year"] = draw(st.integers(1990, 2100))
    scenario["case"] = {"preset": draw(text), "council": draw(text), "year": draw(months())}
    scenario["seed"] = draw(st.integers(0, MONTH_LIMIT))
    paths = ["groups.0.headcount", "leaver_cost", "scheme.amount", "appraisal.discount_rate"]
    reasons = st.dictionaries(st.sampled_from(paths), st.text(min_size=1, max_size=30))
    scenario["reasons"] = draw(reasons)
    return scenario


@st.composite
def extreme_scenarios(draw: st.DrawFn) -> Json:
    """Draw a scenario at the bounds of what a file may hold: nothing, next to nothing, the most."""

    def most(limit: float) -> float:
        return draw(st.sampled_from([0.0, 5e-324, 1e-300, 1e-9, 1.0, limit / 7, limit]))

    scenario = draw(scenarios())
    for group in scenario["groups"]:
        group["headcount"], group["salary"] = most(PEOPLE_LIMIT), most(MONEY_LIMIT)
        group["annual_leaving_rate"] = most(1.0)
    scheme, effect = scenario["scheme"], scenario["effect"]
    flat = {"flat": most(MONEY_LIMIT)}
    scheme["amount"] = draw(st.sampled_from([flat, {"percent_of_salary": most(FACTOR_LIMIT)}]))
    scheme["tie_in_months"] = draw(st.sampled_from([0, 1, MONTH_LIMIT]))
    if "pay_elasticity" in effect:
        effect["pay_elasticity"] = most(FACTOR_LIMIT)
    effect["extra_hires"] = most(FACTOR_LIMIT)
    effect["after_multiplier"] = most(FACTOR_LIMIT)
    effect["after_months"] = draw(st.sampled_from([0, 1, MONTH_LIMIT]))
    sign = draw(st.sampled_from([-1, 1]))
    scenario["vacancy"] = {
        "months": most(MONTH_LIMIT),
        "net_saving_per_month": sign * most(MONEY_LIMIT),
        "hire_cost": most(MONEY_LIMIT),
    }
    scenario["leaver_cost"] = draw(st.sampled_from([0.0, 1e-300, MONEY_LIMIT, "from_parts"]))
    for part, limit in (("months_to_fill", MONTH_LIMIT), ("pay_with_oncosts_per_year", 1e12)):
        scenario["costs"][part] = most(limit)
    scenario["appraisal"]["months"] = draw(st.sampled_from([0, 1, 13, 120, 1_200]))
    scenario["appraisal"]["discount_rate"] = most(1.0)
    scenario["not_offered"] = [{"name": "Others", "headcount": most(1e9), "salary": most(1e12)}]
    scenario["bidding"] = {
        "match_chance": most(1.0),
        "match_delay_months": draw(st.sampled_from([0, 1, MONTH_LIMIT])),
        "neighbours_people": most(FACTOR_LIMIT),
    }
    return scenario


def jsons() -> st.SearchStrategy[object]:
    """Draw any JSON at all, also what JSON writers should not write."""
    single = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from([10**400, -(10**400), "from_parts", "NaN"]),
    )
    return st.recursive(
        single,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
        ),
        max_leaves=8,
    )


@st.composite
def spoiled_scenarios(draw: st.DrawFn) -> Json:
    """Draw a scenario in which any JSON at all stands in one or two places."""
    scenario = draw(wordy_scenarios())
    for _ in range(draw(st.integers(1, 2))):
        place: Any = scenario
        for _ in range(draw(st.integers(0, 4))):
            inner = list(place.values() if isinstance(place, dict) else place)
            deeper = [one for one in inner if isinstance(one, (dict, list)) and one]
            if not deeper:
                break
            place = draw(st.sampled_from(deeper))
        if isinstance(place, dict):
            key = draw(st.one_of(st.sampled_from(sorted(place)), st.text(max_size=8)))
            place[key] = draw(jsons())
        else:
            place[draw(st.integers(0, len(place) - 1))] = draw(jsons())
    return scenario
