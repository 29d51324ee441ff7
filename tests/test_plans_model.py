"""A plan's numbers: nothing from nothing, every pound in its line, every measure where it works."""

from __future__ import annotations

from dataclasses import fields
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retention_lib.figures import councils, latest_year
from retention_lib.plans import verdicts
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.effects import activity, worlds_of
from retention_lib.plans.money import Line
from retention_lib.plans.numbers import Numbers
from retention_lib.plans.plan import MONTHS, Measure, Plan
from retention_lib.plans.played import WITH, WITHOUT, Played, played
from retention_lib.plans.ranges import Batch, batch, drawn, uncertain
from retention_lib.plans.stability import stayed
from retention_lib.plans.verdicts import four_tests, guard
from retention_lib.rates import FloatArray
from retention_lib.workforce.engine import BANDS, Drivers, Path
from retention_lib.workforce.luck import Luck
from retention_lib.workforce.published import published
from tests import oracle
from tests.strategies import Json, between, chances, effects, months, schemes

SEEDS = ("802", "916", "933", "806", "879", "880")
STEADY_PRICES: Json = {"pay_award": [0] * 4, "agency": [0] * 4, "cpi": [0] * 4}
SERVICE_LINES = (
    "pay_newly_qualified", "pay_social_worker", "pay_senior", "pay_managers", "agency_cover",
    "agency_extra", "recruitment", "induction", "lost_output", "work_not_done",
    "time_given_back",
)  # fmt: skip


def made(*measures: Json, **parts: Any) -> Plan:
    """Make a plan of North Somerset's, some of its parts changed."""
    basis = {"schema": 1, "kind": "invest_to_save", "council": "802", "measures": list(measures)}
    return Plan.from_dict({**basis, **parts})


def own(**parts: Any) -> Json:
    return {"kind": "own", "name": "Ours", **parts}


def effect(on: str, size: float, **parts: Any) -> Json:
    return {"on": on, "low": size, "central": size, "high": size, **parts}


def by_luck(plan: Plan, draws: int, seed: int = 0) -> Played:
    """Play so many draws of everything that is drawn, in the worlds with and without the plan."""
    luck = Luck(np.random.default_rng(seed), draws)
    worlds = worlds_of(len(plan.measures), each_alone=False)
    return played(plan, drawn(plan, draws, seed), luck, worlds)


def lines_of(found: Played) -> dict[str, FloatArray]:
    return {line.key: line.pounds for line in found.ledger.lines}


def changed_lines(found: Played) -> set[str]:
    """Name the lines that the plan moves."""
    return {
        key for key, pounds in lines_of(found).items() if np.any(pounds[WITH] != pounds[WITHOUT])
    }


def arrays_of(path: Path) -> dict[str, FloatArray]:
    """Name every array of a path, by band where there is one for each."""
    found: dict[str, FloatArray] = {}
    for each in fields(Path):
        value = getattr(path, each.name)
        if isinstance(value, dict):
            found.update({f"{each.name}.{band}": one for band, one in value.items()})
        elif not each.name.startswith("_"):
            found[each.name] = value
    return found


def same_in_both_worlds(found: Played) -> None:
    """Every cell of the plan less the baseline is 0.00, to the last digit."""
    for name, values in arrays_of(found.path).items():
        assert np.array_equal(values[WITH], values[WITHOUT]), name
    for line in found.ledger.lines:
        assert np.array_equal(line.pounds[WITH], line.pounds[WITHOUT]), line.key
        assert np.all(np.isfinite(line.pounds)), line.key
    for net in (found.net_monthly, found.net_by_year, found.economic_net_by_year, found.npv):
        assert np.all(net == 0)
    assert np.all(found.investment_by_year == 0)


# Nothing from nothing.


def test_a_plan_without_measures_is_nothing_in_every_cell_for_every_council() -> None:
    counted = 0
    for area in councils():
        if published(area.code, latest_year()) is None:
            continue
        plan = made(council=area.code)
        same_in_both_worlds(played(plan))
        same_in_both_worlds(by_luck(plan, 5))
        counted += 1
    assert counted > 140


@pytest.mark.parametrize("code", SEEDS)
def test_measures_that_do_nothing_and_cost_nothing_are_nothing_in_every_draw(code: str) -> None:
    everything = [
        effect(on, 0.0) for on in
        ("leaving", "posts", "demand", "agency_cover", "agency_extra", "agency_price", "capacity")
    ] + [effect("newly_qualified_load", 1.0)]  # fmt: skip
    idle = own(effects=[*everything, effect("recruits", 0, route="experienced")], ramp=6, start=3)
    plan = made(idle, {**idle, "funded_by": "elsewhere"}, own(), council=code)
    same_in_both_worlds(played(plan))
    same_in_both_worlds(by_luck(plan, 50))


@pytest.mark.parametrize("code", SEEDS)
def test_the_service_without_the_plan_is_the_same_whatever_the_plan_has(code: str) -> None:
    bare = made(council=code)
    busy = made({"kind": "academy"}, {"kind": "overseas"}, {"kind": "extra_posts"}, council=code)
    for with_it, without in (
        (played(busy), played(bare)),
        (by_luck(busy, 20), by_luck(bare, 20)),
    ):
        known = lines_of(without)
        for key in SERVICE_LINES:
            assert np.array_equal(lines_of(with_it)[key][WITHOUT], known[key][WITHOUT]), key


def test_a_line_of_one_measure_is_nothing_in_the_worlds_that_do_not_have_it() -> None:
    granted = own(effects=[effect("posts", 5)], funded_by="elsewhere")
    found = played(
        made({"kind": "recognition"}, {"kind": "registration_fee"}, {"kind": "returners"}, granted)
    )
    assert found.drive.worlds == ((), (0, 1, 2, 3), (0,), (1,), (2,), (3,))
    for line in found.ledger.lines:
        if line.measure is not None:
            for place, world in enumerate(found.drive.worlds):
                assert np.any(line.pounds[place] != 0) == (line.measure in world), line.key


# Every pound in its line.


ALL = [{"kind": kind} for kind in catalogue()]


@pytest.mark.parametrize("code", SEEDS)
def test_the_plan_less_the_baseline_is_the_sum_of_the_lines_month_by_month(code: str) -> None:
    granted = own(effects=[effect("posts", 6)], ramp=9, end=30, funded_by="elsewhere")
    plan = made(*ALL, own(money=[1e5], funded_by="elsewhere"), granted, council=code)
    for found in (played(plan), by_luck(plan, 10)):
        council, everybody = 0.0, 0.0
        for line in found.ledger.lines:
            apart = line.pounds[WITHOUT] - line.pounds[WITH]
            everybody = everybody + apart / (found.ledger.cpi / found.ledger.cpi[0])
            if line.cash and line.by_council:
                council = council + apart
        assert found.net_monthly[WITH] == pytest.approx(np.asarray(council), abs=1e-6)
        months_of_year = [slice(0, 13), slice(13, 25), slice(25, 37), slice(37, 49)]
        for year, inside in enumerate(months_of_year):
            assert found.net_by_year[WITH, :, year] == pytest.approx(
                np.asarray(council)[:, inside].sum(axis=-1), abs=1e-6
            )
            assert found.economic_net_by_year[WITH, :, year] == pytest.approx(
                np.asarray(everybody)[:, inside].sum(axis=-1), abs=1e-6
            )
        discounted = sum(
            found.economic_net_by_year[WITH, :, year] / 1.035**year for year in range(4)
        )
        assert found.npv[WITH] == pytest.approx(discounted, abs=1e-6)


def test_no_line_is_there_twice_and_each_has_a_name() -> None:
    lines = played(made(*ALL)).ledger.lines
    keys = [line.key for line in lines]
    assert len(keys) == len(set(keys))
    assert all(line.label for line in lines)
    assert set(SERVICE_LINES) == {line.key for line in lines if line.measure is None}
    assert {line.key for line in lines if not line.cash} == {
        "lost_output",
        "work_not_done",
        "time_given_back",
    }


def test_each_line_is_people_times_price() -> None:
    """A second opinion on every line of the service, one month after the other."""
    prices = {"pay_award": [0.03, 0.02, 0, 0.01], "agency": [0.05, 0, 0, 0.1], "cpi": [0.02] * 4}
    plan = made({"kind": "extra_posts"}, {"kind": "regional_price_cap"}, prices=prices)
    found = played(plan)
    path, lines = found.path, lines_of(found)
    pay, cost, more = plan.pay, plan.costs, 1 + plan.pay.oncost_rate
    index = {"pay_award": 1.0, "agency": 1.0, "cpi": 1.0}
    for month in range(1, 49):
        if month % 12 == 1:
            for name in index:
                index[name] *= 1 + prices[name][month // 12]
        for world, has in enumerate(found.drive.worlds):
            here = world, 0, month
            yearly = index["pay_award"] * more
            cap = 0.05 * min(1.0, month / 6) if 1 in has else 0.0
            one_agency = (
                pay.social_worker * more + cost.agency_premium_per_year * (1 - cap)
            ) * index["agency"]
            joined = path.joined[here]
            lost = pay.social_worker * yearly / 52 * cost.ramp_up_weeks * cost.ramp_up_lost_share
            expected = {
                "pay_newly_qualified": path.staff["newly_qualified"][here] * pay.newly_qualified
                * yearly / 12,
                "pay_social_worker": path.staff["social_worker"][here] * pay.social_worker
                * yearly / 12,
                "pay_senior": path.staff["senior"][here] * pay.senior * yearly / 12,
                "pay_managers": path.posts[here] / 7.5 * pay.manager * yearly / 12,
                "agency_cover": path.covered[here] * one_agency / 12,
                "agency_extra": path.extra_agency[here] * one_agency / 12,
                "recruitment": joined * cost.advertising_and_selection * index["cpi"],
                "induction": joined * cost.induction_and_training * index["cpi"],
                "lost_output": joined * lost,
                "work_not_done": path.uncovered[here] * pay.social_worker * yearly / 12,
            }  # fmt: skip
            for key, pounds in expected.items():
                assert lines[key][here] == pytest.approx(pounds, rel=1e-9, abs=1e-9), key
    for key in SERVICE_LINES:
        assert np.all(lines[key][..., 0] == 0)


@settings(max_examples=60)
@given(
    st.lists(between(-1e6, 1e6, 44_000), max_size=4),
    st.integers(0, MONTHS - 1),
    st.one_of(st.none(), st.integers(1, MONTHS)),
)
def test_no_pound_of_a_measure_is_lost_in_any_year_whenever_it_runs(
    money: list[float], start: int, end: int | None
) -> None:
    assume(end is None or end > start)
    found = played(made(own(money=money, start=start, end=end)))
    spent = lines_of(found).get("measure_0_money", np.zeros((2, 1, MONTHS + 1)))[WITH, 0]
    yearly = spent[1:].reshape(4, 12).sum(axis=1)
    assert yearly == pytest.approx(np.array([*money, 0, 0, 0, 0][:4]), abs=1e-6)
    assert spent[0] == 0
    assert found.net_monthly[WITH].sum() == pytest.approx(-sum(money), abs=1e-4)


def test_a_years_money_falls_in_the_months_in_which_the_measure_runs() -> None:
    found = played(made(own(money=[12_000, 12_000], start=9, end=18)))
    spent = lines_of(found)["measure_0_money"][WITH, 0]
    assert np.flatnonzero(spent).tolist() == list(range(10, 19))
    assert spent[10] == pytest.approx(4_000)
    assert spent[13] == pytest.approx(2_000)


def test_what_others_fund_does_not_touch_the_councils_budget_but_counts_for_everybody() -> None:
    ours, theirs = (
        played(made(own(money=[1e5], funded_by=who), prices=STEADY_PRICES))
        for who in ("council", "elsewhere")
    )
    assert ours.net_by_year[WITH, 0].tolist() == pytest.approx([-1e5, 0, 0, 0])
    assert np.all(theirs.net_monthly == 0)
    assert np.all(theirs.investment_by_year == 0)
    for found in (ours, theirs):
        assert found.npv[WITH, 0] == pytest.approx(-1e5)
        assert found.ledger.investment(council_only=False)[WITH].sum() == pytest.approx(1e5)


def test_capital_stands_apart_from_revenue() -> None:
    found = played(made(own(money=[70_000], capital=True), own(money=[30_000])))
    capital, revenue = (found.ledger.total(capital=which)[WITH].sum() for which in (True, False))
    without = found.ledger.total()[WITHOUT].sum()
    assert capital == pytest.approx(70_000)
    assert revenue - without == pytest.approx(30_000)
    assert found.net_by_year[WITH].sum() == pytest.approx(-100_000)
    assert found.ledger.total(capital=True)[WITHOUT].sum() == 0


def test_added_posts_cost_who_fills_them_who_covers_the_rest_and_their_share_of_a_manager() -> None:
    plan = made(own(effects=[effect("posts", 15)]), prices=STEADY_PRICES)
    found = played(plan)
    pay, more = plan.pay, 1 + plan.pay.oncost_rate
    filled = found.drive.changes[0].filled[1:]
    cover = found.drive.drivers.cover[WITH, 0, 1:]
    agency = pay.social_worker * more + plan.costs.agency_premium_per_year
    monthly = filled * pay.social_worker * more + (15 - filled) * cover * agency
    monthly = (monthly + 2 * pay.manager * more) / 12
    added = found.ledger.added_pay
    assert added[WITH, 0, 1:] == pytest.approx(monthly)
    assert np.all(added[WITHOUT] == 0)
    assert added[WITH, 0, 0] == 0
    assert found.investment_by_year[WITH, 0] == pytest.approx(monthly.reshape(4, 12).sum(axis=1))
    assert found.saving_by_year[WITH] == pytest.approx(
        found.net_by_year[WITH] + found.investment_by_year[WITH]
    )


def test_added_posts_fill_as_vacancies_do() -> None:
    """Of the gap to what is filled of other posts, three quarters are left after each year."""
    steady = {"kind": "flat", "caseload_turnover": 0}
    found = played(made(own(effects=[effect("posts", 20)]), baseline=steady))
    rate = found.path.vacancy_rate[WITHOUT, 0, 0]
    for year in (1, 2, 3, 4):
        filled = found.drive.changes[0].filled[12 * year]
        assert filled == pytest.approx(20 * (1 - rate) * (1 - 0.75**year))
    gained = (found.path.in_post[WITH] - found.path.in_post[WITHOUT])[0, ::12]
    assert gained == pytest.approx(found.drive.changes[0].filled[::12], abs=0.5)


@pytest.mark.parametrize("turnover", [0.05, 0.2, 0.3, 0.4])
def test_added_posts_fill_whatever_turnover_is(turnover: float) -> None:
    service = {"turnover": turnover, "vacancy_rate": 0.15, "staff": 200}
    found = played(made(own(effects=[effect("posts", 20)]), service=service))
    gained = (found.path.in_post[WITH] - found.path.in_post[WITHOUT])[0, 48]
    assert gained == pytest.approx(found.drive.changes[0].filled[48], abs=1.5)
    assert gained > 9


FILLED_AT_ONCE: Json = {
    "service": {
        "vacancy_rate": 0, "agency_rate": 0, "newly_qualified_share": 0, "senior_share": 0,
        "newly_qualified_joiners": 0, "promoted_each_year": 0,
    },
    "baseline": {"kind": "flat", "vacancy_persistence": 0, "caseload_turnover": 0,
                 "demand_growth": 0},
}  # fmt: skip
"""A service of social workers alone, in which every post that is empty is filled that month."""


def granted(who: str, **parts: Any) -> Json:
    return own(effects=[effect("posts", 15)], funded_by=who, start=3, **parts)


def test_posts_that_others_fund_cost_the_council_no_pay_and_them_all_of_it() -> None:
    plan = made(granted("elsewhere"), prices=STEADY_PRICES, **FILLED_AT_ONCE)
    found = played(plan)
    lines, path = lines_of(found), found.path
    assert path.in_post[WITH, 0, 4:] - path.in_post[WITHOUT, 0, 4:] == pytest.approx(
        np.full(45, 15)
    )
    pay = 15 * plan.pay.social_worker * (1 + plan.pay.oncost_rate) / 12
    expected = np.where(np.arange(49) > 3, pay, 0.0)
    more = lines["pay_social_worker"][WITH, 0] - lines["pay_social_worker"][WITHOUT, 0]
    assert more == pytest.approx(expected)
    assert lines["measure_0_grant"][WITH, 0] == pytest.approx(-expected)
    assert lines["measure_0_posts"][WITH, 0] == pytest.approx(expected)
    by_key = {line.key: line for line in found.ledger.lines}
    assert by_key["measure_0_grant"].by_council
    assert not by_key["measure_0_posts"].by_council
    assert {line.key for line in found.ledger.lines if not line.by_council} == {"measure_0_posts"}

    others = ("pay_managers", "recruitment", "induction")
    assert changed_lines(found) - {"lost_output"} == {
        "pay_social_worker", "measure_0_grant", "measure_0_posts", *others
    }  # fmt: skip
    left = sum(lines[key][WITHOUT] - lines[key][WITH] for key in others)
    assert found.net_monthly[WITH] == pytest.approx(np.asarray(left), abs=1e-6)


def test_what_is_invested_in_posts_that_others_fund_is_theirs_but_for_the_managers() -> None:
    plan = made(granted("elsewhere"), prices=STEADY_PRICES)
    found = played(plan)
    council, everybody = (found.ledger.investment(council_only=only) for only in (True, False))
    managers = 2 * plan.pay.manager * (1 + plan.pay.oncost_rate) / 12
    assert council[WITH, 0, 4:] == pytest.approx(np.full(45, managers))
    theirs = lines_of(found)["measure_0_posts"][WITH]
    assert everybody[WITH] - council[WITH] == pytest.approx(theirs)
    assert np.all(theirs[0, 4:] > 0)
    assert np.all(everybody[WITHOUT] == 0)


@pytest.mark.parametrize("code", SEEDS)
def test_who_funds_posts_moves_the_councils_budget_by_the_grant_and_nothing_else(code: str) -> None:
    """In every draw: nobody comes or goes for it, and to everybody together it is all the same."""
    own_plan, grant_plan = (made(granted(who), council=code) for who in ("council", "elsewhere"))
    for ours, theirs in (
        (played(own_plan), played(grant_plan)),
        (by_luck(own_plan, 20), by_luck(grant_plan, 20)),
    ):
        for name, values in arrays_of(ours.path).items():
            assert np.array_equal(values, arrays_of(theirs.path)[name]), name
        known, lines = lines_of(ours), lines_of(theirs)
        assert set(lines) - set(known) == {"measure_0_grant", "measure_0_posts"}
        for key, pounds in known.items():
            assert np.array_equal(pounds, lines[key]), key
        grant = lines["measure_0_grant"]
        assert np.all(grant[WITH, :, 4:] < 0)
        assert np.all(grant[WITHOUT] == 0)
        assert grant == pytest.approx(-lines["measure_0_posts"])
        assert theirs.net_monthly[WITH] == pytest.approx(
            ours.net_monthly[WITH] - grant[WITH], abs=1e-6
        )
        assert theirs.economic_net_by_year == pytest.approx(ours.economic_net_by_year, abs=1e-6)
        assert theirs.npv == pytest.approx(ours.npv, abs=1e-6)


def test_money_that_others_give_without_posts_brings_no_grant() -> None:
    found = played(made(own(money=[1e5], funded_by="elsewhere"), granted("council")))
    assert not [line.key for line in found.ledger.lines if line.key.endswith(("grant", "_posts"))]


def test_a_smaller_span_costs_the_managers_it_needs_and_nothing_else() -> None:
    plan = made(own(effects=[effect("staff_per_manager", 6)]), prices=STEADY_PRICES)
    found = played(plan)
    posts = found.path.posts[WITH, 0, 1:]
    yearly = (posts / 6 - posts / 7.5) * plan.pay.manager * (1 + plan.pay.oncost_rate) / 12
    assert found.ledger.added_pay[WITH, 0, 1:] == pytest.approx(yearly)
    assert -found.net_monthly[WITH, 0, 1:] == pytest.approx(yearly)
    assert changed_lines(found) == {"pay_managers"}


def test_a_span_that_is_wider_than_it_was_saves_no_manager() -> None:
    assert changed_lines(played(made(own(effects=[effect("staff_per_manager", 20)])))) == set()


def test_a_supplement_is_paid_for_each_person_in_post_whom_it_reaches() -> None:
    plan = made(own(per_staff_year=1_200, staff_share=0.25, start=6, end=18), prices=STEADY_PRICES)
    found = played(plan)
    paid = lines_of(found)["measure_0_staff"][WITH, 0]
    assert paid[7:19] == pytest.approx(found.path.in_post[WITH, 0, 7:19] * 25)
    assert np.all(paid[:7] == 0)
    assert np.all(paid[19:] == 0)


# Each measure of the catalogue alone.

LEAVING = {f"leaving.{band}" for band in BANDS}
DOES: dict[str, tuple[set[str], set[str]]] = {
    "retention_payment": (
        {"leaving.social_worker", "leaving.senior"}, {"payments", "on_costs", "clawback"}
    ),
    "annual_bonus": ({"leaving.social_worker", "leaving.senior"}, {"payments", "on_costs"}),
    "golden_hello": ({"groups"}, {"payments", "on_costs", "clawback"}),
    "market_supplement": (LEAVING, {"staff"}),
    "extra_posts": ({"posts", "ordinary"}, set()),
    "academy": ({"leaving.newly_qualified", "newly_qualified", "newly_qualified_load"}, {"money"}),
    "recognition": (LEAVING, {"money"}),
    "registration_fee": (LEAVING, {"staff"}),
    "refer_a_friend": ({"groups"}, {"recruits"}),
    "returners": ({"groups", "protected"}, {"recruits"}),
    "overseas": ({"groups", "protected"}, {"recruits"}),
    "apprenticeships": ({"newly_qualified"}, {"money"}),
    "early_help": ({"cases"}, {"money"}),
    "span_of_six": (LEAVING | {"span"}, set()),
    "admin_support": ({"capacity"}, {"money"}),
    "agency_to_permanent": ({"groups"}, {"recruits"}),
    "regional_price_cap": ({"agency_price"}, set()),
}  # fmt: skip
"""What each measure moves, and the lines it has of its own."""


def moved(found: Played) -> set[str]:
    """Name the drivers that differ with the plan."""
    named: dict[str, FloatArray] = {"agency_price": found.drive.agency_price,
                                    "span": found.drive.span}  # fmt: skip
    for each in fields(Drivers):
        value = getattr(found.drive.drivers, each.name)
        if isinstance(value, dict):
            named.update({f"{each.name}.{band}": one for band, one in value.items()})
        else:
            named[each.name] = value
    worlds = len(found.drive.worlds)
    wide = {
        name: np.broadcast_to(value, (worlds, *value.shape[1:])) if value.ndim > 2 else value
        for name, value in named.items()
    }
    return {
        name
        for name, value in wide.items()
        if value.ndim > 2 and np.any(value[WITH] != value[WITHOUT])
    }


def test_every_measure_of_the_catalogue_is_looked_at() -> None:
    assert set(DOES) == set(catalogue())


@pytest.mark.parametrize("kind", sorted(catalogue()))
def test_a_measure_moves_what_it_is_for_and_nothing_else(kind: str) -> None:
    found = played(made({"kind": kind}))
    drivers, lines = DOES[kind]
    assert moved(found) == drivers
    own_lines = {line.key for line in found.ledger.lines if line.measure == 0}
    assert own_lines == {f"measure_0_{name}" for name in lines}


@pytest.mark.parametrize("kind", sorted(catalogue()))
def test_no_measure_touches_the_first_day(kind: str) -> None:
    found = played(made({"kind": kind}))
    for name, values in arrays_of(found.path).items():
        assert np.array_equal(values[WITH, :, 0], values[WITHOUT, :, 0]), name


def test_a_price_cap_moves_agency_money_and_nobody() -> None:
    found = played(made({"kind": "regional_price_cap"}))
    assert changed_lines(found) == {"agency_cover", "agency_extra"}
    for name, values in arrays_of(found.path).items():
        assert np.array_equal(values[WITH], values[WITHOUT]), name
    saved = found.net_monthly[WITH, 0, 12] / found.path.agency[WITH, 0, 12]
    assert saved == pytest.approx(0.05 * 27_000 / 12 * found.ledger.index["agency"][12])


def test_recognition_keeps_people_and_leaves_posts_and_cases_as_they_are() -> None:
    found = played(made({"kind": "recognition"}))
    path = found.path
    for same in (path.posts, path.cases, path.extra_agency, path.wanted_groups):
        assert np.array_equal(same[WITH], same[WITHOUT])
    assert np.all(path.in_post[WITH, 0, 1:] > path.in_post[WITHOUT, 0, 1:])
    assert np.all(path.vacancies[WITH, 0, 1:] < path.vacancies[WITHOUT, 0, 1:])
    assert np.all(path.all_leavers[WITH, 0, 1:13] < path.all_leavers[WITHOUT, 0, 1:13])


def test_admin_support_gives_time_back_and_moves_no_case() -> None:
    found = played(made({"kind": "admin_support"}))
    assert changed_lines(found) == {"measure_0_money", "time_given_back"}
    for name, values in arrays_of(found.path).items():
        assert np.array_equal(values[WITH], values[WITHOUT]) == (name != "workload"), name
    given_back = lines_of(found)["time_given_back"][WITH, 0, 12]
    post = played(made()).numbers.plan.pay
    month = post.social_worker * (1 + post.oncost_rate) / 12 * found.ledger.index["pay"][12]
    assert given_back == pytest.approx(-0.03 * found.path.case_holders[WITH, 0, 12] * month)
    assert found.path.workload[WITH, 0, 12] == pytest.approx(
        found.path.caseload[WITH, 0, 12] / 1.03
    )


def test_early_help_takes_cases_away_and_keeps_those_who_would_have_left_under_them() -> None:
    path = played(made({"kind": "early_help"})).path
    assert path.cases[WITH, 0, 12] == path.cases[WITHOUT, 0, 12]
    assert path.cases[WITH, 0, 48] == pytest.approx(0.97 * path.cases[WITHOUT, 0, 48])
    assert path.all_leavers[WITH, 0, 24:].sum() < path.all_leavers[WITHOUT, 0, 24:].sum()


def monthly_leaving(path: Path, world: int) -> FloatArray:
    """Give the chance at which seniors left in months 1 to 48."""
    left, there = path.leavers["senior"][world, 0, 1:], path.staff["senior"][world, 0, :-1]
    return np.asarray(left / there)


@pytest.mark.parametrize("code", SEEDS)
@pytest.mark.parametrize("relief", [effect("demand", 0.2), effect("posts", 40)])
def test_each_case_fewer_than_without_the_plan_keeps_a_fifth_of_a_point_of_turnover(
    code: str, relief: Json
) -> None:
    path = played(made(own(ramp=6, effects=[relief]), council=code)).path
    fewer = path.caseload[WITH, 0, :-1] - path.caseload[WITHOUT, 0, :-1]
    less = monthly_leaving(path, WITH) - monthly_leaving(path, WITHOUT)
    assert fewer.min() < -0.5
    assert less == pytest.approx(0.002 * fewer / 12, abs=1e-12)
    assert np.all(less[1:] < 0)


@pytest.mark.parametrize("code", SEEDS)
def test_growth_in_demand_drives_people_out_and_its_absence_leaves_turnover_on_its_way(
    code: str,
) -> None:
    steady, growing = (
        played(made(council=code, baseline={"demand_growth": growth})) for growth in (0, 0.05)
    )
    chance = steady.numbers.drivers.leaving["senior"]
    as_usual = monthly_leaving(steady.path, WITHOUT)
    assert 1_200 * as_usual == pytest.approx(1_200 * chance, abs=0.05)  # points a year
    more = monthly_leaving(growing.path, WITHOUT) - chance
    usual = steady.numbers.anyway.caseload
    beyond = growing.path.caseload[WITHOUT, 0] - usual
    assert beyond[12] > 0.05 * usual[12] - 1e-3
    assert more == pytest.approx(0.002 * beyond[:-1] / 12, abs=1e-12)
    assert np.all(more[1:] > 0)


# The share of a full caseload that the newly qualified hold.


def held_to(share: float, **parts: Any) -> Json:
    return own(effects=[effect("newly_qualified_load", share)], **parts)


def cases_held(path: Path, world: int, load: FloatArray, numbers: Numbers) -> FloatArray:
    """Add up the cases of everyone who holds any: a full load each, the newly qualified a part."""
    new = path.staff["newly_qualified"][world, 0]
    others = path.staff["social_worker"][world, 0] + path.staff["senior"][world, 0]
    full = others + path.agency[world, 0]
    each = path.experienced_caseload[world, 0]
    return np.asarray(numbers("service.case_holding_share") * each * (full + load * new))


@pytest.mark.parametrize("code", SEEDS)
def test_a_smaller_load_of_the_newly_qualified_moves_cases_to_the_others_and_loses_none(
    code: str,
) -> None:
    found = played(made(held_to(0.5, start=2, end=40), council=code))
    path, numbers = found.path, found.numbers
    usual = float(numbers("service.newly_qualified_load"))
    while_it_runs = (np.arange(49) > 2) & (np.arange(49) <= 40)
    load = np.where(while_it_runs, 0.5, usual)
    for world, share in ((WITH, load), (WITHOUT, np.full(49, usual))):
        assert cases_held(path, world, share, numbers) == pytest.approx(path.cases[world, 0])
        assert path.newly_qualified_caseload[world, 0] == pytest.approx(
            share * path.experienced_caseload[world, 0]
        )
    of_others, theirs = path.experienced_caseload[:, 0], path.newly_qualified_caseload[:, 0]
    assert np.all(of_others[WITH, while_it_runs] > of_others[WITHOUT, while_it_runs])
    assert np.all(theirs[WITH, while_it_runs] < theirs[WITHOUT, while_it_runs])
    for values in (of_others, theirs):
        assert np.array_equal(values[WITH, ~while_it_runs], values[WITHOUT, ~while_it_runs])


@pytest.mark.parametrize("code", SEEDS)
def test_a_smaller_load_of_the_newly_qualified_moves_nobody_and_no_money(code: str) -> None:
    plan = made(held_to(0.5), council=code)
    for found in (played(plan), by_luck(plan, 20)):
        assert moved(found) == {"newly_qualified_load"}
        assert changed_lines(found) == set()
        for name, values in arrays_of(found.path).items():
            same = np.array_equal(values[WITH], values[WITHOUT])
            assert same == (name != "experienced_caseload"), name


def test_of_several_loads_the_least_counts_and_none_above_the_services_own() -> None:
    found = played(made(held_to(0.6), held_to(0.5, start=24), held_to(0.9)))
    usual = float(found.numbers("service.newly_qualified_load"))
    loads = found.drive.drivers.newly_qualified_load[:, 0]
    assert found.drive.worlds[4] == (2,)
    assert loads[WITH].tolist() == [usual] + [0.6] * 24 + [0.5] * 24
    assert loads[4].tolist() == loads[WITHOUT].tolist() == [usual] * 49


def test_recruits_with_a_capped_caseload_hold_the_smaller_load_too() -> None:
    arrive = own(protected_months=12, effects=[effect("recruits", 6, route="overseas", once=True)])
    found = played(made(arrive, held_to(0.5)))
    path = found.path
    new = path.staff["newly_qualified"][WITH, 0, 6]
    others = path.staff["social_worker"][WITH, 0, 6] + path.staff["senior"][WITH, 0, 6]
    holders = found.numbers("service.case_holding_share") * (
        path.agency[WITH, 0, 6] + others - 6 + 0.5 * (new + 6)
    )
    assert path.experienced_caseload[WITH, 0, 6] == pytest.approx(path.cases[WITH, 0, 6] / holders)


def test_more_posts_are_vacancies_until_they_are_filled() -> None:
    path = played(made(own(effects=[effect("posts", 10)]))).path
    assert path.posts[WITH, 0, 1:] - path.posts[WITHOUT, 0, 1:] == pytest.approx(np.full(48, 10))
    more = path.vacancies[WITH, 0] - path.vacancies[WITHOUT, 0]
    assert 9 < more[1] <= 10
    assert np.all(np.diff(more[2:]) < 0)
    assert more[48] > 2


# Beginning, growing, waiting and ending.


def left_of_leaving(measure: Json) -> FloatArray:
    """Give what is left of seniors' leaving in months 1 to 48."""
    drive = played(made(measure)).drive.drivers.leaving["senior"][:, 0]
    return np.asarray(drive[WITH] / drive[WITHOUT])


def test_a_measure_grows_over_its_ramp_and_then_works_fully() -> None:
    found = left_of_leaving(own(ramp=4, effects=[effect("leaving", 0.2)]))
    assert found[:6].tolist() == pytest.approx([0.95, 0.9, 0.85, 0.8, 0.8, 0.8])


def test_a_measure_works_after_its_start_and_lag_until_its_end() -> None:
    found = left_of_leaving(own(start=3, end=10, effects=[effect("leaving", 0.2, lag=2)]))
    assert np.flatnonzero(found < 0.99).tolist() == [5, 6, 7, 8, 9, 10, 11], "its lag goes with it"
    assert found[7] == pytest.approx(0.8)


@given(st.integers(0, 47), st.integers(0, 48), st.integers(0, 48), st.integers(1, 48))
def test_how_much_works_is_a_share_that_grows_until_the_end(
    start: int, ramp: int, lag: int, length: int
) -> None:
    stops = min(MONTHS, start + length)
    works = activity(Measure(start=start, ramp=ramp, end=stops), lag)
    end = stops + lag
    assert np.all(works[: min(MONTHS, start + lag) + 1] == 0)
    assert np.all(works[end + 1 :] == 0)
    inside = works[: end + 1]
    assert np.all(np.diff(inside) >= 0)
    assert np.all((works >= 0) & (works <= 1))
    if start + lag + max(1, ramp) <= min(end, MONTHS):
        assert works[start + lag + max(1, ramp)] == 1


def test_a_fall_reaches_only_the_share_of_staff_who_get_it_and_the_bands_named() -> None:
    part = own(staff_share=0.2, effects=[effect("leaving", 0.5, bands=["senior", "senior"])])
    drive = played(made(part)).drive.drivers.leaving
    left = {band: drive[band][WITH, 0, 9] / drive[band][WITHOUT, 0, 9] for band in BANDS}
    assert left == pytest.approx({"newly_qualified": 1, "social_worker": 1, "senior": 0.9})


def test_two_falls_leave_what_one_leaves_of_the_other() -> None:
    half = own(effects=[effect("leaving", 0.5)])
    drive = played(made(half, half)).drive.drivers.leaving["senior"]
    assert drive[WITH, 0, 0] == pytest.approx(drive[WITHOUT, 0, 0] / 4)


def test_a_group_comes_at_once_and_twelve_a_year_come_one_a_month() -> None:
    at_once = own(start=3, effects=[effect("recruits", 9, route="overseas", once=True, lag=2)])
    groups = played(made(at_once)).drive.drivers.groups[WITH, 0]
    assert np.flatnonzero(groups).tolist() == [5]
    assert groups[5] == 9
    yearly = own(start=3, end=8, effects=[effect("recruits", 12, route="returners")])
    groups = played(made(yearly)).drive.drivers.groups[WITH, 0]
    assert groups[:10].tolist() == pytest.approx([0, 0, 0, 1, 1, 1, 1, 1, 0, 0])


def test_a_group_that_was_found_comes_though_the_search_has_ended() -> None:
    late = effect("recruits", 9, route="overseas", once=True, lag=6)
    groups = played(made(own(end=5, effects=[late]))).drive.drivers.groups
    assert np.flatnonzero(groups[WITH, 0]).tolist() == [6]
    assert groups[WITH].sum() == 9


def test_the_newly_qualified_whom_a_measure_brings_come_in_september() -> None:
    found = played(made(own(effects=[effect("recruits", 5, route="newly_qualified")])))
    new = found.drive.drivers.newly_qualified
    assert np.flatnonzero(new[WITH, 0] - new[WITHOUT, 0]).tolist() == [5, 17, 29, 41]


def test_a_capped_caseload_lasts_for_its_months() -> None:
    measure = own(
        protected_months=6, effects=[effect("recruits", 8, route="overseas", once=True)], start=2
    )
    protected = played(made(measure)).drive.drivers.protected[WITH, 0]
    assert np.flatnonzero(protected).tolist() == list(range(3, 9))


def test_each_recruit_who_joined_is_paid_for_in_every_draw() -> None:
    """Nobody else of North Somerset comes in a group, so all who do are the measure's."""
    plan = made({"kind": "overseas"}, {"kind": "returners", "per_recruit": 0}, prices=STEADY_PRICES)
    alone = plan.model_copy(update={"measures": plan.measures[:1]})
    for found in (played(alone), by_luck(alone, 50)):
        paid = lines_of(found)["measure_0_recruits"][WITH]
        assert paid == pytest.approx(10_400 * found.path.joined_groups[WITH], abs=1e-6)
    expected = lines_of(played(plan))["measure_0_recruits"][WITH].sum()
    both = lines_of(by_luck(plan, 4_000))["measure_0_recruits"][WITH].sum(axis=-1)
    assert expected == pytest.approx(16 * 10_400)
    effects = plan.measures[0].effects  # a sixth of the way to its end lies each side's mean
    brought = sum(each.central + (each.low + each.high - 2 * each.central) / 12 for each in effects)
    assert both.mean() == pytest.approx(brought * 10_400, rel=0.02)


def test_a_recruit_a_few_in_a_hundred_months_costs_as_much_by_luck_as_expected() -> None:
    rare = own(per_recruit=5_000, effects=[effect("recruits", 2, route="experienced")])
    plan = made(rare, prices=STEADY_PRICES)
    expected = lines_of(played(plan))["measure_0_recruits"][WITH].sum()
    assert expected == pytest.approx(8 * 5_000)
    found = lines_of(by_luck(plan, 2_000))["measure_0_recruits"][WITH].sum(axis=-1)
    assert found.mean() == pytest.approx(expected, rel=0.03)


def test_recruits_for_whom_there_is_no_post_are_not_paid_for() -> None:
    service = {"vacancy_rate": 0.0, "turnover": 0.0, "newly_qualified_joiners": 0.0}
    baseline = {"kind": "flat", "caseload_turnover": 0}
    found = played(made({"kind": "overseas"}, service=service, baseline=baseline))
    assert found.path.joined_groups == pytest.approx(np.zeros((3, 1, 49)), abs=1e-9)
    assert np.abs(lines_of(found)["measure_0_recruits"]).max() < 1e-6


# The incentive model within a service that replaces every leaver at once.


@st.composite
def offers(draw: st.DrawFn) -> tuple[Plan, Json, range]:
    """Draw a plan of one payment, the same as a scenario, and the months it is offered in."""
    staff = draw(between(10, 1_000, 100))
    start = draw(months(MONTHS - 1))
    scheme, does = draw(schemes()), draw(effects())
    hello = scheme["kind"] == "golden_hello"
    eligible = draw(between(0, staff / 5 if hello else staff))
    turnover, salary = draw(chances()), draw(between(20_000, 80_000))
    hire_cost = draw(between(0, 15_000))
    incentive = {
        "scheme": scheme, "effect": does, "eligible": eligible, "salary": salary,
        "hire_cost": hire_cost, "bands": ["social_worker", "senior"],
    }  # fmt: skip
    plan = made(
        own(start=start, incentive=incentive),
        service={
            "staff": staff, "turnover": turnover, "vacancy_rate": 0, "agency_rate": 0,
            "newly_qualified_share": 0, "senior_share": 0, "newly_qualified_joiners": 0,
            "promoted_each_year": 0,
        },
        baseline={"kind": "flat", "vacancy_persistence": 0, "caseload_turnover": 0,
                  "demand_growth": 0},
        prices=STEADY_PRICES,
    )  # fmt: skip
    cost = plan.costs.advertising_and_selection + plan.costs.induction_and_training
    scenario = {
        "groups": [
            {
                "name": "All", "headcount": eligible, "salary": salary,
                "annual_leaving_rate": 1 - (1 - turnover / 12) ** 12,
            }
        ],
        "scheme": scheme,
        "effect": does,
        "vacancy": {"hire_cost": hire_cost},
        "leaver_cost": cost,
    }  # fmt: skip
    return plan, scenario, range(start, MONTHS if hello else start + 1, 12)


def own_answer(scenario: Json, offered: range) -> dict[str, FloatArray]:
    """Add up the second opinion on the incentive, of each month in which it is offered."""
    found: dict[str, FloatArray] = {}
    for start in offered:
        rows = oracle.months_of({**scenario, "appraisal": {"months": MONTHS - start}})
        for key in rows[0]:
            values = np.array([row[key] for row in rows])
            if start and values.size > 1 and key in ON_THE_FIRST_DAY:
                values[1], values[0] = values[0] + values[1], 0.0  # paid in the month it begins
            found.setdefault(key, np.zeros(MONTHS + 1))[start:] += values
    return found


ON_THE_FIRST_DAY = {"payments", "on_costs", "clawback", "hiring", "net_cost"}


@settings(max_examples=150)
@given(offers())
def test_a_payment_with_instant_replacement_gives_the_incentive_models_own_answer(
    offered: tuple[Plan, Json, range],
) -> None:
    """To a penny, month by month: its money, and the cost of each joiner not needed."""
    plan, scenario, starts = offered
    found, alone = played(plan), own_answer(scenario, starts)
    lines = lines_of(found)
    penny = 0.005 + 1e-10 * float(alone["payments"].sum())
    for key, sign in (("payments", 1), ("on_costs", 1), ("clawback", -1), ("hiring", 1)):
        paid = lines.get(f"measure_0_{key}", np.zeros((2, 1, MONTHS + 1)))[WITH, 0]
        assert paid == pytest.approx(sign * alone[key], abs=penny), key

    avoided = found.path.all_leavers[WITHOUT, 0] - found.path.all_leavers[WITH, 0]
    assert avoided == pytest.approx(alone["without"] - alone["with"], abs=1e-8)
    assert found.path.in_post[WITH, 0] == pytest.approx(found.path.in_post[WITHOUT, 0])
    net = alone["leaver_saving"] - alone["net_cost"]
    assert found.net_monthly[WITH, 0] == pytest.approx(net, abs=penny)

    pay = plan.pay.social_worker * (1 + plan.pay.oncost_rate)
    lost = pay / 52 * plan.costs.ramp_up_weeks * plan.costs.ramp_up_lost_share
    economic = net + lost * (alone["without"] - alone["with"])
    assert found.economic_net_by_year[WITH, 0] == pytest.approx(
        np.array(oracle.by_year(list(economic))), abs=4 * penny
    )
    assert found.npv[WITH, 0] == pytest.approx(
        oracle.discounted(oracle.by_year(list(economic)), 0.035), abs=4 * penny
    )


def test_a_band_named_twice_is_not_kept_twice() -> None:
    once, twice = (
        played(made({"kind": "retention_payment", "incentive": {
            **catalogue()["retention_payment"].defaults["incentive"], "bands": bands}}))
        for bands in (["social_worker", "senior"], ["social_worker", "senior", "senior"])
    )  # fmt: skip
    assert np.array_equal(once.net_monthly, twice.net_monthly)


def test_a_payment_to_half_of_a_band_halves_what_it_does_for_the_band() -> None:
    def left(eligible: float) -> FloatArray:
        offered = {
            "scheme": {"kind": "retention", "amount": {"flat": 1_000}, "tie_in_months": 24,
                       "take_up": 1},
            "effect": {"leaving_reduction": 0.4}, "eligible": eligible, "bands": ["senior"],
        }  # fmt: skip
        service = {"staff": 100, "senior_share": 0.3}
        drive = played(made(own(incentive=offered), service=service)).drive.drivers.leaving
        assert np.array_equal(drive["social_worker"][WITH], drive["social_worker"][WITHOUT])
        return np.asarray(drive["senior"][WITH, 0] / drive["senior"][WITHOUT, 0])

    half, everybody = left(15), left(30)
    assert (half[0], everybody[0]) == pytest.approx((0.8, 0.6))
    assert 2 * (1 - half) == pytest.approx(1 - everybody)
    assert np.all(np.diff(everybody[:24]) > 0)  # who takes a leaver's seat has no payment
    assert everybody[24:] == pytest.approx(np.ones(24))
    assert left(60) == pytest.approx(everybody)


# Order, and luck.


def test_the_order_of_measures_does_not_matter() -> None:
    kinds = ("recognition", "academy", "overseas", "span_of_six")
    answers = [played(made(*({"kind": kind} for kind in order))) for order in permutations(kinds)]
    assert len(answers) == 24
    for found in answers[1:]:
        assert found.net_monthly[WITH] == pytest.approx(answers[0].net_monthly[WITH], abs=1e-6)
        for name, values in arrays_of(found.path).items():
            assert values[WITH] == pytest.approx(arrays_of(answers[0].path)[name][WITH]), name


def equal(one: Batch, other: Batch) -> bool:
    return all(
        np.array_equal(getattr(one, each.name), getattr(other, each.name), equal_nan=True)
        for each in fields(Batch)
    )


def test_the_same_batch_is_the_same_twice_and_another_is_another() -> None:
    plan = made({"kind": "recognition"}, {"kind": "academy"})
    first = batch(plan, 0, 40)
    assert equal(first, batch(plan, 0, 40))
    assert not equal(first, batch(plan, 1, 40))
    assert not equal(first, batch(plan.model_copy(update={"seed": 1}), 0, 40))


def test_another_measure_leaves_the_draws_of_the_others_as_they_were() -> None:
    one = made({"kind": "recognition"})
    more = made({"kind": "recognition"}, {"kind": "academy"}, {"kind": "retention_payment"})
    before, after = drawn(one, 30, 2), drawn(more, 30, 2)
    assert set(before) < set(after)
    for key, values in before.items():
        assert np.array_equal(values, after[key]), key


def test_each_number_is_drawn_by_itself_and_the_effects_of_one_measure_together() -> None:
    plan = made({"kind": "recognition"}, {"kind": "academy"})
    lucks = {each.key: each.luck or each.key for each in uncertain(plan)}
    found = drawn(plan, 1_000, 0)
    values = np.array([found[key] for key in lucks])
    assert len(set(lucks.values())) > 10
    assert len(set(lucks.values())) < len(lucks)
    together = np.corrcoef(values)
    for one, (_, luck) in enumerate(lucks.items()):
        for other, (_, its) in enumerate(lucks.items()):
            if luck != its:
                assert abs(together[one, other]) < 0.1
            else:
                assert together[one, other] > 0.8


@pytest.mark.parametrize("kind", sorted(catalogue()))
def test_whatever_a_measure_does_the_service_without_it_has_the_same_luck(kind: str) -> None:
    bare, with_it = batch(made(), 0, 15), batch(made({"kind": kind}), 0, 15)
    assert np.array_equal(bare.agency_without_by_year, with_it.agency_without_by_year)


def test_newly_qualified_people_in_a_group_leave_the_luck_of_the_rest_as_it_was() -> None:
    """They join in a month in which nobody else does, and leave by luck of their own."""
    group = own(effects=[effect("recruits", 6, route="newly_qualified", once=True, lag=1)])
    bare, with_it = batch(made(), 0, 30), batch(made(group), 0, 30)
    assert np.array_equal(bare.agency_without_by_year, with_it.agency_without_by_year)
    assert with_it.staff_at_ends[:, 1].mean() > bare.staff_at_ends[:, 1].mean() + 2


def test_a_plan_that_keeps_people_keeps_no_fewer_in_almost_any_draw() -> None:
    plan = made(own(effects=[effect("leaving", 0.3)]))
    found = by_luck(plan, 400)
    more = found.path.in_post[WITH, :, 48] - found.path.in_post[WITHOUT, :, 48]
    assert more.mean() > 2
    assert (more >= 0).mean() > 0.95
    assert more.std() < found.path.in_post[WITHOUT, :, 48].std()


# Stability, the four tests, and the guard.


def test_in_a_steady_service_the_share_who_stayed_is_the_chance_to_stay_so_long() -> None:
    plan = made(
        service={"turnover": 0.12, "vacancy_rate": 0.0, "newly_qualified_joiners": 0.0},
        baseline={"kind": "flat", "caseload_turnover": 0, "vacancy_persistence": 0},
    )
    for years in (2, 5):
        found = stayed(played(plan).path, years)
        assert found[WITHOUT, 0] == pytest.approx(np.full(49, 0.99 ** (12 * years)))


@given(st.sampled_from(SEEDS), chances(), st.integers(1, 6))
@settings(max_examples=25)
def test_who_stayed_is_a_share_of_staff_and_fewer_stay_longer(
    code: str, fall: float, years: int
) -> None:
    path = played(made(own(effects=[effect("leaving", fall)]), council=code)).path
    shorter, longer = stayed(path, years), stayed(path, years + 1)
    assert np.all((longer >= 0) & (longer <= shorter + 1e-12) & (shorter <= 1))
    assert np.all(shorter[WITH] >= shorter[WITHOUT] - 1e-12)


@pytest.mark.parametrize(
    ("short", "verdict"),
    [
        ([9, 5, 2, 0], "met"),
        ([-1, -1, -1, 1], "not met"),
        ([9, 5, 2, 1], "not yet"),
        ([9, 5, 1, 1], "not met"),
        ([1, 2, 3, -0.1], "met"),
    ],
)
def test_a_test_is_met_not_yet_or_not_met_by_its_last_years(
    short: list[float], verdict: str
) -> None:
    values = np.array([short], dtype=np.float64)
    assert verdicts.Tested(key="agency", figure=values, short=values).verdict() == verdict


def test_a_plan_that_does_nothing_cuts_no_agency_cost_and_relieves_no_budget() -> None:
    by_key = {each.key: each for each in four_tests(played(made()))}
    assert list(by_key) == ["agency", "caseload", "trend", "budget"]
    assert by_key["agency"].verdict() == "not met"
    assert by_key["budget"].verdict() == "not met"
    assert all(each.kept.all() for each in guard(played(made())))


def test_a_plan_that_keeps_people_for_nothing_cuts_agency_cost() -> None:
    found = played(made(own(effects=[effect("leaving", 0.3)])))
    by_key = {each.key: each for each in four_tests(found)}
    assert by_key["agency"].verdict() == "met"
    assert np.all(by_key["agency"].passed)
    dear = played(made(own(money=[1e6] * 4)))
    assert {each.key: each.verdict() for each in four_tests(dear)}["budget"] == "not met"


def test_quality_falls_where_cases_grow_beyond_start_and_baseline() -> None:
    plan = made(own(effects=[effect("demand", -0.5)]))
    kept = {each.key: bool(each.kept[0]) for each in guard(played(plan))}
    assert not kept["caseload"]
    assert kept["span"]
    wide = made(own(effects=[effect("staff_per_manager", 6)]))
    assert all(each.kept[0] for each in guard(played(wide)) if each.key == "span")


def test_a_line_as_things_stand_is_a_year_of_the_first_day_at_its_own_price() -> None:
    pounds = np.arange(49.0).reshape(1, 1, 49) + 100
    index = {"pay": np.full(49, 1.25), "cpi": np.full(49, 2.0)}
    pay = Line(key="a", label="A", pounds=pounds, price="pay")
    once = Line(key="b", label="B", pounds=pounds, price="cpi")
    assert pay.year_at_start(index).item() == pytest.approx(100 * 12 / 1.25)
    assert once.year_at_start(index).item() == pytest.approx((12 * 100 + 78) / 2)
