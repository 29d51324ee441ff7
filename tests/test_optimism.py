"""Optimism: savings marked down and costs up by grade of evidence, off and on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib import IncentiveResult, Scenario, evaluate, optimism
from retention_lib.assumptions import Quality, register
from retention_lib.documents import Document
from retention_lib.marked_down import instead
from retention_lib.model import npv
from retention_lib.optimism import (
    GRADES,
    LINES,
    marked,
    marks_of,
    share_of,
    weakest,
    with_optimism,
)
from retention_lib.outputs.terminal import readable
from retention_lib.plans import optimism as plan_optimism
from retention_lib.plans.answer import appraise
from retention_lib.plans.break_even import needed_times
from retention_lib.plans.cases import case, cases
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.optimism import allowance_of, cash_of, economic_of, mark_of, shared_out
from retention_lib.plans.plan import Measure, Plan
from retention_lib.plans.played import WITH, played
from retention_lib.plans.ranges import spread
from retention_lib.plans.result import PlanResult
from retention_lib.presets import preset, presets
from retention_lib.problems import ScenarioError
from retention_lib.questions import payment_path
from retention_lib.views.incentives_page import IncentivesPage
from retention_lib.views.plans_page import PlansPage
from tests.strategies import Json, scenarios
from tests.visitors import PageVisitor
from tests.worlds import ONE_MONTH, ONE_MONTH_HELLO, TWO_YEARS, made, with_scheme

NO_DRAWS = 0
MIXED = {"leaving_reduction": 0.2, "after_multiplier": 1.2, "after_months": 12}
"""What saves at first, and loses some of it again once the tie-in has ended."""
PLANS = tuple(each.id for each in cases())
OWN_TABLES = {"optimism", "optimism_lines"}
FALL, EXTRA = "effect.leaving_reduction", "effect.extra_hires"


def on(document: Any) -> Any:
    return with_optimism(document, True)


def partly(world: Json) -> Json:
    """Give a world in which as many sign up, who are four in five of those it is offered to."""
    people = [{**group, "headcount": group["headcount"] / 0.8} for group in world["groups"]]
    return {**world, "groups": people, "scheme": {**world["scheme"], "take_up": 0.8}}


def answered(scenario: Scenario) -> IncentiveResult:
    return evaluate(scenario, NO_DRAWS)


def plan_of(*measures: Json, **parts: Any) -> Plan:
    given_ = {"schema": 1, "kind": "invest_to_save", "council": "802", "measures": list(measures)}
    return Plan.from_dict({**given_, **parts})


# Grades and shares.


def test_a_chain_is_as_good_as_its_weakest_link() -> None:
    assert weakest(["strong"]) == "strong"
    assert weakest(["fair", "none", "weak"]) == "none"
    assert [weakest(["strong", grade]) for grade in GRADES] == list(GRADES)


def test_the_shares_are_the_registers_and_grow_as_evidence_weakens() -> None:
    shares = [share_of(grade) for grade in GRADES]
    assert shares == sorted(shares) == [0.05, 0.10, 0.25, 0.40]
    for grade in GRADES:
        row = register()[f"optimism_{grade}"]
        assert row.quality == "weak"
        assert "second-hand" in row.source
        assert row.low is not None
        assert row.high is not None
        assert row.low <= row.default <= row.high


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=6), st.sampled_from(GRADES))
def test_a_mark_is_its_share_of_the_total_and_never_helps(
    pounds: list[float], grade: Quality
) -> None:
    found = marked(np.array(pounds), share_of(grade))
    assert np.all(found >= 0)
    near = 1e-9 * sum(map(abs, pounds)) + 1e-9
    assert float(found.sum()) == pytest.approx(share_of(grade) * abs(sum(pounds)), abs=near)


def test_a_mark_is_spread_over_months_by_their_size_and_each_draw_has_its_own() -> None:
    draws = np.array([[150.0, -50.0, 0.0], [-100.0, -100.0, 0.0], [5.0, -5.0, 0.0], [0.0] * 3])
    found = marked(draws, np.array([0.25, 0.25, 0.25, 0.25]))
    assert found.tolist() == [[18.75, 6.25, 0], [25, 25, 0], [0, 0, 0], [0, 0, 0]]
    assert marked(draws, np.array([0.25, 0.0, 0.25, 0.25]))[1].tolist() == [0, 0, 0]


def test_every_line_of_an_offer_is_graded_by_what_it_rests_on() -> None:
    hello = made(ONE_MONTH_HELLO)
    grades = {line: mark.grade for line, mark in marks_of(hello).items()}
    assert grades == {
        "leaver_saving": "weak", "extra_leaver_saving": "weak", "vacancy_saving": "weak",
        "poached_saving": "none", "payments": "fair", "on_costs": "fair", "hiring": "weak",
        "clawback": "none",
    }  # fmt: skip
    assert set(grades) == set(LINES)
    for mark in marks_of(hello).values():
        assert all(register().behind(path) is not None for path in mark.rests_on)


def test_a_cost_built_from_parts_is_as_good_as_the_weakest_part() -> None:
    """Nobody knows how long a post takes to fill: 40% where one figure has 25%."""
    built = made(ONE_MONTH, leaver_cost="from_parts")
    assert marks_of(built)["leaver_saving"].grade == "none"
    vacancy = {"months": 1, "net_saving_per_month": "from_parts"}
    assert marks_of(made(ONE_MONTH_HELLO, vacancy=vacancy))["vacancy_saving"].grade == "weak"


def test_a_number_keeps_the_registers_grade_when_it_is_changed_with_a_reason() -> None:
    start = preset("middlesbrough-2019").scenario
    changed = start.but({"leaver_cost": 25_000}).with_reasons({"leaver_cost": "Our own count"})
    assert marks_of(changed)["leaver_saving"] == marks_of(start)["leaver_saving"]


# A world on paper: 2,000 is saved on weak evidence, 5,000 paid on fair.


def test_the_answer_on_paper() -> None:
    """2,000 less a quarter, less 5,000 and a tenth: 1,500 - 5,500."""
    world = made(partly(ONE_MONTH))
    off, marked_down = answered(world), answered(on(world))
    assert off.npv == pytest.approx(-3_000)
    assert marked_down.npv == marked_down.net_benefit == pytest.approx(-4_000)
    assert marked_down.roi == pytest.approx(-0.8)
    assert marked_down.optimism.allowance == pytest.approx(1_000)
    assert (off.optimism.down, off.optimism.up) == pytest.approx((0.25, 0.10))
    assert marked_down.saving == off.saving
    assert marked_down.net_cost == off.net_cost


def test_what_must_be_true_on_paper() -> None:
    """7,500 for every leaver of the month kept must pay for 5,500; or 1,500 for what 110 cost."""
    solved = answered(on(made(partly(ONE_MONTH)))).break_even
    assert solved.leaving_reduction == pytest.approx(5_500 / 7_500)
    assert solved.payment == pytest.approx(1_500 / 110)


def test_a_golden_hello_on_paper() -> None:
    """One extra saves 6,500 less a quarter; 11 are paid 1,000 and a tenth; 500 and a quarter."""
    marked_down = answered(on(made(partly(ONE_MONTH_HELLO))))
    assert marked_down.npv == pytest.approx(4_875 - 12_100 - 625)
    assert marked_down.break_even.extra_hires == pytest.approx(11_000 / (4_875 - 1_100 - 625) / 10)


def test_a_saving_below_zero_is_made_worse() -> None:
    costs = {"months": 1, "net_saving_per_month": -1_000, "hire_cost": 0}
    hello = made(ONE_MONTH_HELLO, vacancy=costs)
    by_key = {line.key: line for line in answered(hello).optimism.lines}
    assert by_key["vacancy_saving"].pounds == pytest.approx(-1_000)
    assert by_key["vacancy_saving"].taken_off == pytest.approx(250)


def test_what_leavers_pay_back_is_marked_down_as_income_not_up_with_the_cost() -> None:
    """Of 100 paid 50, 0.8 leave and owe 50 each; 60% of it, 24, comes back; 40% of that is off."""
    clawback = {"taper": "full", "recovery_rate": 0.6}
    found = answered(with_scheme(partly(ONE_MONTH), clawback=clawback)).optimism
    by_key = {line.key: line for line in found.lines}
    assert by_key["clawback"].pounds == pytest.approx(24)
    assert by_key["clawback"].taken_off == pytest.approx(9.6)
    assert by_key["payments"].taken_off == pytest.approx(500)


def test_the_allowance_is_discounted_as_the_rest_is() -> None:
    world = made(partly(TWO_YEARS))
    off, marked_down = answered(world), answered(on(world))
    years = np.subtract(off.net_by_year, marked_down.net_by_year)
    assert years.tolist() == pytest.approx([12 * 1_000 * 0.25 + 500, 12 * 1_000 * 0.25])
    assert off.npv - marked_down.npv == pytest.approx(3_500 + 3_000 / 1.035)


# The share in the table is what is taken off, whatever the sign of each month.


def test_a_saving_that_changes_sign_is_marked_by_its_share_of_what_is_left_of_it() -> None:
    start = preset("middlesbrough-2019").scenario
    mixed = start.but(
        {"effect.pay_elasticity": None, **{f"effect.{k}": v for k, v in MIXED.items()}}
    )
    saved = answered(mixed).frame("months")["saving"]
    assert saved.min() < 0 < saved.max()
    found = answered(mixed).optimism
    line = next(line for line in found.lines if line.key == "leaver_saving")
    assert line.pounds > 0
    assert line.taken_off == pytest.approx(line.share * line.pounds)
    assert found.down == pytest.approx(line.share)
    assert np.all(answered(on(mixed)).frame("months")["allowance"] <= 0)


@settings(max_examples=60)
@given(scenarios())
def test_the_share_in_the_table_is_what_is_taken_off(scenario: Json) -> None:
    for line in answered(Scenario.from_dict(scenario)).optimism.lines:
        near = 0.001 + 1e-9 * abs(line.pounds)
        assert line.taken_off == pytest.approx(line.share * abs(line.pounds), abs=near), line.key


@pytest.mark.parametrize("key", PLANS)
def test_the_shares_in_a_plans_table_are_what_is_taken_off(key: str) -> None:
    for each in appraise(case(key).plan).optimism.measures:
        off = each.down * abs(each.saving) + each.up * abs(each.cost)
        assert each.taken_off == pytest.approx(off, abs=0.01), each.name


@pytest.mark.parametrize("kind", ["retention", "golden_hello"])
@pytest.mark.parametrize("filled", [4_000, 900, -2_000])
@pytest.mark.parametrize("elastic", [False, True])
def test_break_even_is_where_npv_is_zero_where_savings_change_sign(
    kind: str, filled: int, elastic: bool
) -> None:
    effect = {**MIXED, "extra_hires": 0.05}
    if elastic:
        effect |= {"pay_elasticity": 3.0}
        del effect["leaving_reduction"]
    start = made(
        TWO_YEARS,
        groups=[{"headcount": 50, "salary": 40_000, "annual_leaving_rate": 0.2}],
        scheme={
            "kind": kind, "amount": {"flat": 300}, "tie_in_months": 12, "take_up": 0.95,
            "clawback": {"taper": "monthly", "recovery_rate": 0.5},
        },
        effect=effect,
        leaver_cost=20_000,
        vacancy={"months": 6, "net_saving_per_month": filled, "hire_cost": 500},
    )  # fmt: skip
    found = answered(on(start))
    if not elastic:
        assert found.frame("months")["saving"].min() < 0
    solved = found.break_even
    tried = {
        FALL: solved.leaving_reduction, EXTRA: solved.extra_hires,
        payment_path(start): solved.payment,
    }  # fmt: skip
    assert any(tried.values())
    for path, value in tried.items():
        if value:
            worth = float(npv(on(start), {path: np.array([value])})[0])
            assert worth == pytest.approx(0, abs=0.01), path


# No more is put on payments than everybody's would come to.


@pytest.mark.parametrize(
    ("take_up", "share"), [(0.0, 0.1), (0.5, 0.1), (0.8, 0.1), (0.95, 0.05 / 0.95), (1.0, 0.0)]
)
def test_payments_are_not_marked_up_beyond_full_take_up(take_up: float, share: float) -> None:
    found = answered(with_scheme(ONE_MONTH, take_up=take_up, oncost_rate=0.2)).optimism
    by_key = {line.key: line for line in found.lines}
    for key, each in (("payments", 50), ("on_costs", 10)):
        assert by_key[key].share == pytest.approx(share)
        assert by_key[key].taken_off == pytest.approx(share * 100 * take_up * each)


def test_a_drawn_take_up_is_marked_by_its_own_room() -> None:
    shares = [0.0, 0.7, 0.92, 0.97, 1.0]
    start = on(preset("middlesbrough-2019").scenario)
    drawn = npv(start, {"scheme.take_up": np.array(shares)})
    alone = [float(npv(start.but({"scheme.take_up": share}))) for share in shares]
    assert drawn.tolist() == pytest.approx(alone)


# Off, nothing changes.


def without_marks(found: Mapping[str, Any]) -> dict[str, Any]:
    """Give an answer as JSON without what it says of marks and of its inputs."""
    kept = {key: value for key, value in found.items() if key not in {"optimism", "provenance"}}
    kept["tables"] = {k: v for k, v in found["tables"].items() if k not in OWN_TABLES}
    kept["sentences"] = [s for s in found["sentences"] if not s.startswith("Marked down for weak")]
    return kept


@pytest.mark.parametrize("start", presets(), ids=lambda start: str(start.id))
def test_off_is_the_answer_bit_for_bit_whatever_the_shares(
    start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert start.scenario.appraisal.optimism is False
    before = answered(start.scenario).to_dict()
    monkeypatch.setattr(optimism, "share_of", lambda _: 0.9)
    assert without_marks(answered(start.scenario).to_dict()) == without_marks(before)
    assert "Allowance for optimism" not in str(without_marks(before))


@pytest.mark.parametrize("key", PLANS)
def test_off_is_the_plans_answer_bit_for_bit_whatever_the_shares(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = case(key).plan
    assert plan.appraisal.optimism is False
    before = appraise(plan).to_dict()
    monkeypatch.setattr(plan_optimism, "share_of", lambda _: 0.9)
    assert without_marks(appraise(plan).to_dict()) == without_marks(before)
    assert "Allowance for optimism" not in str(without_marks(before))


NUMBERS = (
    "net_benefit", "npv", "excel_npv", "roi", "payback_month", "net_by_year", "budget", "region",
    "tornado", "map", "break_even_leaving_reduction", "break_even_payment",
    "break_even_extra_hires",
)  # fmt: skip


@pytest.mark.parametrize("scenario", [ONE_MONTH, ONE_MONTH_HELLO, TWO_YEARS])
def test_on_with_nothing_to_take_off_is_off(
    scenario: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answered(made(scenario)).to_dict()
    monkeypatch.setattr(optimism, "share_of", lambda _: 0.0)
    after = answered(on(made(scenario))).to_dict()
    assert {name: after[name] for name in NUMBERS} == {name: before[name] for name in NUMBERS}


# On is never better than off.


@settings(max_examples=60)
@given(scenarios())
def test_on_is_never_better_than_off(scenario: Json) -> None:
    start = Scenario.from_dict(scenario)
    off, marked_down = answered(start), answered(on(start))
    near = 1e-9 * (off.payments + off.hiring + abs(off.saving)) + 1e-6
    assert marked_down.npv <= off.npv + near
    assert marked_down.net_benefit <= off.net_benefit + near
    assert marked_down.budget.npv <= off.budget.npv + near
    assert marked_down.region.npv <= off.region.npv + near
    assert np.all(np.array(marked_down.net_by_year) <= np.array(off.net_by_year) + near)
    assert off.optimism.marked_down.npv == pytest.approx(marked_down.npv, abs=near)
    assert marked_down.optimism.as_assumed.npv == pytest.approx(off.npv, abs=near)
    if off.payback_month is None:
        assert marked_down.payback_month is None
    elif marked_down.payback_month is not None:
        assert marked_down.payback_month >= off.payback_month


@settings(max_examples=60)
@given(scenarios())
def test_more_must_be_true_with_the_allowance(scenario: Json) -> None:
    start = Scenario.from_dict(scenario)
    both = answered(start).optimism
    off, marked_down = both.as_assumed.break_even, both.marked_down.break_even

    def more(name: str, sign: float) -> None:
        was, now = getattr(off, name), getattr(marked_down, name)
        if was is not None and now is not None:
            assert sign * now >= sign * was - 1e-6 * max(1.0, abs(was)), name

    more("leaving_reduction", 1.0)
    more("extra_hires", 1.0)
    if off.leaving_reduction is None:
        assert marked_down.leaving_reduction is None
    if off.extra_hires is None:
        assert marked_down.extra_hires is None
    if "leaving_reduction" in scenario["effect"]:
        more("payment", -1.0)


@settings(max_examples=60)
@given(scenarios())
def test_break_even_with_the_allowance_is_where_npv_is_zero(scenario: Json) -> None:
    start = on(Scenario.from_dict(scenario))
    found = answered(start)
    penny = 0.01 + 1e-7 * (found.payments + found.hiring + abs(found.saving))
    solved = found.break_even

    def back(path: str, value: float | None, size: float) -> None:
        """Put a solution in; between that float and the next, NPV may cross zero steeply."""
        if value:
            around = np.array([value * (1 - size), value, value * (1 + size)])
            worth = npv(start, {path: around})
            assert abs(worth[1]) < penny * max(1.0, value) or worth[0] * worth[2] <= 0, path

    back(FALL, solved.leaving_reduction, 1e-9)
    back(EXTRA, solved.extra_hires, 1e-7)
    back(payment_path(start), solved.payment, 1e-7)


@settings(max_examples=30)
@given(scenarios())
def test_weaker_evidence_never_gives_a_better_answer(scenario: Json) -> None:
    """The same pounds as one figure (weak) and added up from parts (none)."""
    built = on(Scenario.from_dict({**scenario, "leaver_cost": "from_parts"}))
    rows = answered(built).table("leaver_cost").records()
    pounds = next(float(row["pounds"] or 0) for row in rows if row["part"] == "All parts")
    if pounds >= 0:
        one = built.but({"leaver_cost": pounds})
        assert float(npv(built)) <= float(npv(one)) + 1e-6 * (1 + abs(float(npv(one))))


@pytest.mark.parametrize("grade", GRADES)
def test_each_grade_takes_more_than_a_better_one(
    grade: Quality, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for each in GRADES[: GRADES.index(grade) + 1]:
        monkeypatch.setattr(optimism, "_grade", lambda _, each=each: each)
        found.append(float(npv(on(made(ONE_MONTH_HELLO)))))
    assert found == sorted(found, reverse=True)


# Identities hold on.


@settings(max_examples=40)
@given(scenarios())
def test_identities_and_tables_hold_on(scenario: Json) -> None:
    found = answered(on(Scenario.from_dict(scenario)))
    near = 0.001 + 1e-9 * (found.payments + found.hiring + abs(found.saving))
    assert all(check.passed for check in found.checks)
    years = found.frame("years")
    parts = ["paid", "hiring", "paid_back", "saved", "allowance"]
    assert years[parts].sum(axis=1).tolist() == pytest.approx(list(found.net_by_year), abs=near)
    assert years["allowance"].sum() == pytest.approx(-found.optimism.allowance, abs=near)
    months = found.frame("months")
    assert months["net"].sum() == pytest.approx(found.net_benefit, abs=near)
    *lines, change = found.frame("budget").drop(columns="line").to_numpy()
    assert change.tolist() == pytest.approx(sum(lines).tolist(), abs=near)
    assert change[-1] == pytest.approx(-found.budget.net_benefit, abs=near)
    so_far = 0.0
    for step in found.bridge:
        if step.total:
            assert step.pounds == pytest.approx(so_far, abs=near), step.key
        else:
            so_far += step.pounds
    steps = {step.key: step for step in found.bridge}
    assert steps["optimism"].label == "Allowance for optimism"
    lines_off = sum(line.taken_off for line in found.optimism.lines)
    assert lines_off == pytest.approx(found.optimism.allowance, abs=near)
    whole = sum(line.pounds for line in found.optimism.lines)
    assert whole == pytest.approx(found.optimism.as_assumed.net_benefit, abs=near)
    side = found.frame("viewpoints")
    assert side["npv"].tolist() == pytest.approx(
        [found.npv, found.budget.npv, found.region.npv], abs=near
    )


def test_ranges_are_drawn_around_the_answer_that_is_left() -> None:
    start = preset("middlesbrough-2019").scenario
    off, marked_down = evaluate(start, 256).ranges, evaluate(on(start), 256).ranges
    assert off is not None
    assert marked_down is not None
    assert marked_down.npv.low < off.npv.low
    assert marked_down.npv.high < off.npv.high
    assert all(a <= b for a, b in zip(marked_down.outcomes, off.outcomes, strict=True))


# As a document.


@pytest.mark.parametrize("document", [made(ONE_MONTH), plan_of({"kind": "recognition"})])
def test_the_switch_goes_through_json_and_a_link(document: Document) -> None:
    switched = on(document)
    assert switched.at("appraisal.optimism") is True
    assert type(document).from_json(switched.to_json()) == switched
    assert type(document).from_link(switched.to_link()) == switched
    assert with_optimism(switched, False) == document
    assert switched.digest != document.digest
    assert switched.differences(document) == ("appraisal.optimism",)


@pytest.mark.parametrize("value", [1, 0, "yes", "true", None, 1.0])
def test_the_switch_is_true_or_false_and_nothing_else(value: object) -> None:
    document = made(ONE_MONTH).to_dict()
    document["appraisal"]["optimism"] = value
    with pytest.raises(ScenarioError, match=r"appraisal\.optimism"):
        Scenario.from_dict(document)


def test_a_file_of_before_opens_with_the_switch_off() -> None:
    older = made(ONE_MONTH).to_dict()
    del older["appraisal"]["optimism"]
    assert Scenario.from_dict(older) == made(ONE_MONTH)


def test_switching_it_is_a_change_that_is_named() -> None:
    changes = answered(on(preset("middlesbrough-2019").scenario)).changes
    assert [(each.path, each.was, each.now) for each in changes] == [
        ("appraisal.optimism", "no", "yes")
    ]


# In words.


def test_both_answers_are_said_and_shown_off_and_on() -> None:
    world = made(partly(ONE_MONTH))
    off, marked_down = answered(world), answered(on(world))
    assert off.headline == "No. It costs £3,000 more than it saves."
    assert marked_down.headline == (
        "No. It costs £4,000 more than it saves. That is after £1,000 taken off for weak evidence."
    )
    assert (
        "Marked down for weak evidence (optimism bias), it would lose £4,000 instead of £3,000; to "
        "pay for itself, leaving would have to fall by 73%."
    ) in off.sentences
    assert (
        "As assumed, it would lose £3,000 instead of £4,000; to pay for itself, leaving would have "
        "to fall by 50%."
    ) in marked_down.sentences
    assert off.table("optimism") == marked_down.table("optimism")
    rows = {row[0]: row[1:] for row in off.table("optimism").rows}
    assert rows["Saved less cost (net benefit)"] == ("−£3,000", "−£4,000")
    assert rows["Fall in leaving at which it pays for itself"] == ("50%", "73.3%")
    assert rows["Saved"] == ("£2,000", "£1,500")
    assert "Marked down for weak evidence" in readable(off)


def test_where_nothing_is_enough_or_nothing_is_needed_it_is_said() -> None:
    dear = answered(with_scheme(ONE_MONTH, amount={"flat": 90}))
    said = "even if it stopped everyone leaving, it would not pay for itself."
    assert any(sentence.endswith(said) for sentence in dear.sentences)
    rows = {row[0]: row[1:] for row in dear.table("optimism").rows}
    assert rows["Fall in leaving at which it pays for itself"] == ("90%", "Nothing is enough")


def test_where_nothing_is_paid_nothing_is_said() -> None:
    free = answered(on(with_scheme(ONE_MONTH, amount={"flat": 0})))
    assert free.headline == "Nothing is paid, so nothing changes."
    assert not [said for said in free.sentences if "As assumed" in said]


def test_a_gain_beside_a_loss_is_said_so() -> None:
    assert instead(5_000.0, 20_000.0) == "gain £5,000 instead of £20,000"
    assert instead(5_000.0, -20_000.0) == "gain £5,000 instead of losing £20,000"


# Plans: grades.


def test_a_measure_is_as_good_as_the_weakest_of_its_effects() -> None:
    grades = {
        kind: mark_of(Measure.model_validate({"kind": kind})) for kind in (*catalogue(), "own")
    }
    assert grades["academy"].evidence == "none"
    assert grades["overseas"].evidence == "fair"
    assert (grades["recognition"].evidence, grades["recognition"].money) == ("weak", "fair")
    assert grades["registration_fee"].money == "strong"
    assert grades["retention_payment"].evidence == grades["golden_hello"].evidence == "weak"
    assert (grades["own"].evidence, grades["own"].money) == ("none", "none")


def test_an_effect_that_the_catalogue_does_not_have_is_ungraded() -> None:
    effect = {"on": "demand", "low": 0.0, "central": 0.01, "high": 0.02}
    known = Measure.model_validate({"kind": "recognition"}).model_dump(mode="json")["effects"]
    more = Measure.model_validate({"kind": "recognition", "effects": [*known, effect]})
    assert mark_of(more).evidence == "none"
    nothing = {**effect, "low": 0.0, "central": 0.0}
    claimed = Measure.model_validate({"kind": "recognition", "effects": [*known, nothing]})
    assert mark_of(claimed).evidence == "weak"


def test_the_money_of_every_measure_is_graded_in_its_file(root: Any) -> None:
    text = (root / "data" / "measures.toml").read_text(encoding="utf-8")
    assert text.count("\nmoney_quality = ") == len(catalogue())


# Plans: money.


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6),
    st.floats(-1e6, 1e6),
)
def test_shares_add_up_to_what_measures_do_together(alone: list[float], together: float) -> None:
    found = shared_out(np.array(alone), np.array(together))
    scale = sum(map(abs, alone)) + abs(together)
    assert float(found.sum()) == pytest.approx(together, abs=1e-9 * scale + 1e-9)
    if min(alone) >= 0 and together >= 0:
        assert found.min() >= -1e-9 * scale


def test_money_of_ones_own_without_effect_is_put_up_by_its_whole_mark() -> None:
    """100,000 a year without a source: 40,000 a year is put on."""
    plan = plan_of({"kind": "own", "name": "Ours", "money": [100_000] * 4})
    found = appraise(on(plan))
    assert found.optimism.allowance == pytest.approx(160_000)
    assert found.net == pytest.approx(-560_000)
    assert found.net_by_year == pytest.approx([-140_000] * 4)
    assert found.investment == pytest.approx(400_000)


def test_a_measure_alone_saves_and_costs_what_the_plan_does() -> None:
    found = played(plan_of({"kind": "academy"}))
    cash, economic = cash_of(found), economic_of(found)
    assert cash.saving[0].sum() == pytest.approx(float(found.saving_by_year[WITH].sum()))
    assert cash.cost[0].sum() == pytest.approx(float(found.investment_by_year[WITH].sum()))
    worth = economic.saving[0].sum() - economic.cost[0].sum()
    assert worth == pytest.approx(float(found.economic_net_by_year[WITH].sum()))


@pytest.mark.parametrize("key", PLANS)
def test_what_measures_save_and_cost_adds_up_to_the_plan(key: str) -> None:
    found = played(case(key).plan)
    cash, economic = cash_of(found), economic_of(found)
    saving, cost = found.saving_by_year[WITH].sum(), found.investment_by_year[WITH].sum()
    assert float(cash.saving.sum()) == pytest.approx(float(saving), abs=0.01)
    assert float(cash.cost.sum()) == pytest.approx(float(cost), abs=0.01)
    worth = float((economic.saving - economic.cost).sum())
    assert worth == pytest.approx(float(found.economic_net_by_year[WITH].sum()), abs=0.01)


@pytest.mark.parametrize("key", PLANS)
def test_a_plan_on_is_the_plan_less_its_allowance_and_adds_up(key: str) -> None:
    plan = case(key).plan
    off, marked_down = appraise(plan), appraise(on(plan))
    allowed = marked_down.optimism.allowance
    assert allowed == pytest.approx(off.optimism.allowance)
    assert allowed >= 0
    assert marked_down.net == pytest.approx(off.net - allowed, abs=0.01)
    assert marked_down.net == pytest.approx(off.optimism.marked_down.net, abs=0.01)
    assert marked_down.npv == pytest.approx(off.optimism.marked_down.npv, abs=0.01)
    assert marked_down.npv <= off.npv
    assert np.all(np.array(marked_down.net_by_year) <= np.array(off.net_by_year) + 1e-6)
    assert sum(marked_down.net_by_year) == pytest.approx(marked_down.net)
    assert all(check.passed for check in marked_down.checks)
    assert marked_down.region.net == pytest.approx(off.region.net - allowed, abs=0.01)
    _stays_the_service(off, marked_down)
    _tables_add_up(marked_down)


def _stays_the_service(off: PlanResult, marked_down: PlanResult) -> None:
    """The guard, people, the council's own cash and the first three tests are not marked."""
    assert marked_down.tests[:3] == off.tests[:3]
    for name in ("guard", "courses", "stacks", "timeline", "investment", "saving"):
        assert getattr(marked_down, name) == getattr(off, name), name
    for key in ("lines", "scorecard", "months"):
        assert marked_down.table(key) == off.table(key)


def _tables_add_up(found: PlanResult) -> None:
    allowed = found.optimism.allowance
    *parts, last = found.bridge
    assert parts[-1].key == "optimism"
    assert parts[-1].pounds == pytest.approx(allowed)
    assert sum(step.pounds for step in parts) == pytest.approx(last.pounds)
    rows = {row[0]: row[1:] for row in found.table("invest_to_save").rows}
    assert rows["Allowance for optimism"][-1] == pytest.approx(allowed)
    assert rows["Net cost"][-1] == pytest.approx(-found.net, abs=0.01)
    years = found.frame("years")
    worked_out = years["saving"] - years["investment"] + years["allowance"]
    assert worked_out.tolist() == pytest.approx(years["net"].tolist(), abs=0.01)
    assert years["discounted"].sum() == pytest.approx(found.npv)
    sides = found.table("viewpoints").records()
    assert sides[0]["net"] == pytest.approx(found.net)
    assert sum(each.taken_off for each in found.optimism.measures) == pytest.approx(allowed)


@pytest.mark.parametrize("key", ["north-somerset-40-agency", "north-somerset-2025"])
def test_a_plans_break_even_with_the_allowance_is_where_its_net_turns(key: str) -> None:
    plan = case(key).plan
    off, times = needed_times(plan), needed_times(on(plan))
    assert off is not None
    if times is None:
        return
    assert times > off
    assert net_with(on(plan), times + 0.02) > 0 > net_with(on(plan), times - 0.02)


def net_with(plan: Plan, times: float) -> float:
    """Answer a plan whose effects are so many times as large."""
    most = {"leaving": 1.0, "demand": 1.0, "agency_price": 1.0, "capacity": 1.0}
    given_ = plan.to_dict()
    for measure in given_["measures"]:
        for effect in measure.get("effects", ()):
            if effect["on"] in {"posts", "staff_per_manager", "newly_qualified_load", "capacity"}:
                continue
            size = min(effect["central"] * times, most.get(effect["on"], math.inf))
            effect.update(low=size, central=size, high=size)
        if "incentive" in measure:
            does = measure["incentive"]["effect"]
            for name in ("leaving_reduction", "extra_hires"):
                if does.get(name):
                    does[name] = does[name] * times
    return appraise(Plan.from_dict(given_)).net


def test_ranges_of_a_plan_shift_by_its_allowance_and_of_the_tests_the_budgets() -> None:
    plan = plan_of({"kind": "agency_to_permanent"}, {"kind": "recognition"})
    off, marked_down = spread(plan, 64), spread(on(plan), 64)
    allowed = allowance_of(played(plan))
    for end in ("low", "middle", "high"):
        less = getattr(off.net, end) - getattr(marked_down.net, end)
        assert float(less) == pytest.approx(float(allowed.cash.sum()))
        worth = getattr(off.npv, end) - getattr(marked_down.npv, end)
        assert float(worth) == pytest.approx(float(allowed.npv.sum()))
    assert marked_down.chance_met["budget"] <= off.chance_met["budget"]
    for key in ("agency", "caseload", "trend"):
        assert marked_down.chance_met[key] == off.chance_met[key]
    assert marked_down.chance_paid_back <= off.chance_paid_back


def test_both_answers_of_a_plan_are_said_and_shown_off_and_on() -> None:
    plan = plan_of({"kind": "own", "name": "Ours", "money": [100_000] * 4})
    off, marked_down = appraise(plan), appraise(on(plan))
    assert off.headline == "Over four years it costs £400,000 more than it saves."
    assert marked_down.headline == (
        "Over four years it costs £560,000 more than it saves. That is after £160,000 taken off "
        "for weak evidence."
    )
    assert off.sentences[-1] == (
        "Marked down for weak evidence (optimism bias), the council would lose £560,000 instead of "
        "£400,000 over four years."
    )
    assert marked_down.sentences[-1].startswith("As assumed, the council would lose £400,000")
    assert off.table("optimism") == marked_down.table("optimism")
    assert "Marked down for weak evidence" in readable(off)


def test_a_plan_with_nothing_in_it_has_nothing_to_mark() -> None:
    found = appraise(on(plan_of()))
    assert found.headline == "There is no measure in the plan yet, so nothing changes."
    assert found.optimism.allowance == found.net == 0
    assert found.table("optimism_lines").rows == ()


# On the pages.


def test_the_switch_on_the_incentives_page_puts_the_other_answer_at_the_top() -> None:
    visitor = PageVisitor[IncentivesPage, Scenario](IncentivesPage())
    field = visitor.fields()["appraisal.optimism"]
    assert field["kind"] == "choice"
    assert "5%, 10%, 25% or 40%" in field["source"]
    visitor.open_tables()
    before = visitor.pictures["optimism"].table
    assert "Marked down for weak evidence" in before
    visitor.set("appraisal.optimism", "yes")
    assert visitor.scenario.appraisal.optimism is True
    assert visitor.answer.headline == evaluate(visitor.scenario).headline
    assert "taken off for weak evidence" in visitor.answer.headline
    assert visitor.levers.changed == ["appraisal.optimism"]
    assert visitor.pictures["optimism"].table == before
    assert "Allowance for optimism" in visitor.pictures["bridge"].table
    visitor.set("appraisal.optimism", "no")
    assert visitor.scenario.appraisal.optimism is False


def test_the_switch_on_the_plans_page_puts_the_other_answer_at_the_top() -> None:
    visitor = PageVisitor[PlansPage, Plan](PlansPage())
    assert "5%, 10%, 25% or 40%" in visitor.fields()["appraisal.optimism"]["source"]
    visitor.open_tables()
    visitor.set("appraisal.optimism", "yes")
    assert visitor.scenario.appraisal.optimism is True
    assert "taken off for weak evidence" in visitor.answer.headline
    assert visitor.levers.changed == ["appraisal.optimism"]
    assert "Allowance for optimism" in visitor.pictures["invest_to_save"].table
    assert "Marked down for weak evidence" in visitor.pictures["optimism"].table
