"""Is it fair: who is offered a payment, who is not and why, pounds a head, the price of parity."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib import IncentiveResult, Scenario, evaluate, words
from retention_lib.assumptions import register
from retention_lib.evaluation import changes
from retention_lib.fairness import STANDARD, WHY, asked_about, parity_costs, said_only
from retention_lib.labels import label_of, value_text
from retention_lib.presets import preset, presets
from retention_lib.views.incentives_form import sections
from retention_lib.views.incentives_page import IncentivesPage
from tests import oracle
from tests.strategies import Json, scenarios, wordy_scenarios
from tests.visitors import PageVisitor
from tests.worlds import ONE_MONTH, made, with_scheme

DATA = Path(__file__).parent / "data"
FIRST = "middlesbrough-2019"


def others(**people: float) -> list[Json]:
    """Give people who are left out, by why; nobody of them leaves."""
    return [
        {"name": why, "why": why, "headcount": n, "salary": 40_000, "annual_leaving_rate": 0}
        for why, n in people.items()
    ]


def answer(scenario: Scenario) -> IncentiveResult:
    """Answer a scenario, without ranges."""
    return evaluate(scenario, 0)


# What is offered, a head.


def test_a_head_is_paid_what_those_who_sign_up_and_stay_are() -> None:
    """1,000 in two halves, a month apart; 1 in 100 leaves between; four in five sign up."""
    halves = [{"month": 0, "share": 0.5}, {"month": 1, "share": 0.5}]
    scheme = {**ONE_MONTH["scheme"], "amount": {"flat": 1_000}, "instalments": halves}
    scenario = made(
        ONE_MONTH,
        scheme={**scheme, "take_up": 0.8, "oncost_rate": 0.5},
        effect={"leaving_reduction": 0},
    )
    found = answer(scenario)
    row, *_ = found.table("fairness").records()
    assert row["each"] == 1_000
    assert row["per_taker"] == pytest.approx(500 + 500 * 0.99)
    assert row["per_head"] == pytest.approx(0.8 * (500 + 500 * 0.99))
    assert found.fairness.per_head == row["per_head"]
    assert found.payments == pytest.approx(100 * (500 + 500 * 0.99) * 0.8)


@settings(max_examples=30)
@given(scenarios())
def test_what_a_head_is_paid_comes_to_what_is_paid(scenario: Json) -> None:
    scenario["scheme"]["kind"] = "retention"
    found = answer(Scenario.from_dict(scenario))
    rows = found.table("fairness").records()
    paid = sum(float(row["people"] or 0) * float(row["per_head"] or 0) for row in rows)
    assert paid == pytest.approx(found.payments, abs=0.005 + 1e-9 * found.payments)
    heads = sum(group["headcount"] for group in scenario["groups"])
    if heads:
        assert (found.fairness.per_head or 0) * heads == pytest.approx(found.payments, abs=0.01)
    else:
        assert found.fairness.per_head is None


def test_extra_hires_are_paid_what_others_are_and_leave_a_heads_pay_as_it_is() -> None:
    hello = Scenario.from_file(DATA / "incentive-golden-hello.json")
    more = hello.but({"effect.extra_hires": 1.5})
    assert answer(hello).fairness.per_head == pytest.approx(answer(more).fairness.per_head)


# What parity would cost.


def test_parity_is_added_up_by_why_and_in_all() -> None:
    left_out = others(long_serving=10, other_grade=4, adult_social_workers=6, other=1)
    found = answer(made(ONE_MONTH, not_offered=[*left_out, *others(other_grade=2)]))
    said = [(line.why, line.people, line.paid) for line in found.fairness.parity]
    assert said == [
        ("long_serving", 10, 500),
        ("other_grade", 6, 300),
        ("adult_social_workers", 6, 300),
        ("other", 1, 50),
        ("all", 23, 1_150),
    ]
    assert found.parity_cost == 1_150
    table = found.table("parity")
    assert [row["parity_net"] for row in table.records()] == [500, 300, 300, 50, 1_150]
    assert table.totals == (4,)
    assert found.to_dict()["fairness"]["parity"][-1]["net"] == 1_150


def test_what_leavers_would_pay_back_is_taken_off() -> None:
    leaving = 1 - 0.5**12
    half = [{"name": "A", "why": "other_grade", "headcount": 10, "annual_leaving_rate": leaving}]
    clawback = {"taper": "full", "recovery_rate": 0.4}
    scheme = {**ONE_MONTH["scheme"], "clawback": clawback, "oncost_rate": 0.1}
    found = answer(made(ONE_MONTH, scheme=scheme, not_offered=half))
    line = found.fairness.parity[1]
    assert (line.paid, line.paid_back, line.net) == pytest.approx((550, 100, 450))


def test_nobody_counted_is_none_and_never_nothing() -> None:
    asked = [{**each, "name": WHY[each["why"]]} for each in others(long_serving=0, other_grade=0)]
    for left_out in ([], asked[:1], asked):
        found = answer(made(ONE_MONTH, not_offered=left_out))
        assert [line.why for line in found.fairness.parity] == [*STANDARD, "all"]
        assert {line.paid for line in found.fairness.parity} == {None}
        rows = found.table("parity").records()
        assert {row["counted"] for row in rows} == {"Not counted: no number given"}
        said = " ".join(words.fairness(found.fairness))
        assert (
            "Nothing is counted for long-serving staff not offered it, social workers of other "
            "grades and adult social workers until you put in how many there are." in said
        )


def test_0_people_of_a_group_that_a_file_names_itself_are_a_number_that_is_given() -> None:
    found = answer(made(ONE_MONTH, not_offered=others(adult_social_workers=0)))
    lines = {line.why: line for line in found.fairness.parity}
    assert (lines["adult_social_workers"].people, lines["adult_social_workers"].paid) == (0, 0)
    assert lines["long_serving"].people is None
    said = " ".join(words.fairness(found.fairness))
    assert "Nothing is counted for long-serving staff not offered it and social workers" in said
    assert "adult social workers until" not in said
    assert "would cost" not in said
    some = answer(made(ONE_MONTH, not_offered=others(adult_social_workers=0, other_grade=4)))
    assert "would cost £200 with on-costs, before" in " ".join(words.fairness(some.fairness))


def test_adult_social_workers_without_a_salary_have_the_registers_for_them() -> None:
    theirs = register()["adult_social_worker_salary"].default
    whys = ("adult_social_workers", "long_serving")
    left_out = [{"name": "A", "why": why, "headcount": 100} for why in whys]
    percent = {**ONE_MONTH["scheme"], "amount": {"percent_of_salary": 10}}
    scenario = made(ONE_MONTH, not_offered=left_out, scheme=percent)
    adult, long_serving = scenario.not_offered
    assert (adult.salary, long_serving.salary) == (theirs, register().default("groups.*.salary"))
    assert theirs != long_serving.salary
    assert parity_costs(scenario)[0].paid == pytest.approx(10 * theirs)
    assert Scenario.from_json(scenario.to_json()) == scenario
    own = made(ONE_MONTH, not_offered=[{**left_out[0], "salary": 50_000}])
    assert own.not_offered[0].salary == 50_000
    asked = {group.why: group for group in asked_about(made(ONE_MONTH)).not_offered}
    assert asked["adult_social_workers"].salary == theirs


@settings(max_examples=30)
@given(wordy_scenarios())
def test_the_lines_come_to_the_parity_of_everyone(drawn: Json) -> None:
    scenario = Scenario.from_dict(drawn)
    found = answer(scenario)
    *lines, whole = found.fairness.parity
    assert sum(line.people or 0 for line in lines) == pytest.approx(whole.people or 0)
    near = 0.005 + 1e-9 * found.parity_cost
    assert sum(line.paid or 0 for line in lines) == pytest.approx(found.parity_cost, abs=near)
    assert (whole.paid or 0) == pytest.approx(found.parity_cost, abs=near)
    for group, cost in zip(drawn["not_offered"], parity_costs(scenario), strict=True):
        plain: Json = {
            **drawn,
            "groups": [{**group, "headcount": group["headcount"]}],
            "scheme": {**drawn["scheme"], "kind": "retention"},
            "effect": {"leaving_reduction": 0, "after_multiplier": 1.0, "after_months": 0},
        }
        slow = oracle.answer(plain)
        near = 0.005 + 1e-9 * slow["payments"]
        assert cost.paid == pytest.approx(slow["payments"] + slow["on_costs"], abs=near)
        assert cost.paid_back == pytest.approx(slow["clawback"], abs=near)


# Words about who they are.


WORDS: list[Json] = [
    {"grade": "K"}, {"service": "Assessment"}, {"role": "Social worker"},
    {"grade": "L", "service": "Care", "role": "Manager"},
]  # fmt: skip


@pytest.mark.parametrize("said", WORDS)
def test_grade_service_and_role_change_no_answer_and_come_back(said: Json) -> None:
    plain = made(ONE_MONTH, not_offered=others(long_serving=3))
    given = plain.to_dict()
    given["groups"][0] |= said
    given["not_offered"][0] |= said
    worded = Scenario.from_dict(given)
    assert Scenario.from_link(worded.to_link()) == worded
    assert Scenario.from_json(worded.to_json()) == worded
    skipped = ("tables", "provenance")
    one, other = (answer(each).to_dict() for each in (plain, worded))
    assert {k: v for k, v in one.items() if k not in skipped} == {
        k: v for k, v in other.items() if k not in skipped
    }
    rows = answer(worded).table("fairness").records()
    for row in rows:
        assert {key: row[key] for key in said} == said
    assert rows[1]["why"] == WHY["long_serving"]


@settings(max_examples=15)
@given(st.sampled_from([*STANDARD, "other"]), scenarios())
def test_why_changes_no_pound(why: str, scenario: Json) -> None:
    group = {"name": "A", "headcount": 5}
    npvs = set()
    costs = set()
    for reason in (why, "other"):
        found = answer(Scenario.from_dict({**scenario, "not_offered": [{**group, "why": reason}]}))
        npvs.add(found.npv)
        costs.add(found.parity_cost)
    assert len(npvs) == len(costs) == 1


def test_who_people_are_has_names_for_people() -> None:
    assert label_of("groups.0.grade") == "Grade: people it is offered to, group 1"
    assert label_of("not_offered.1.why") == "Why not: staff not offered it, group 2"
    assert label_of("not_offered.1.headcount").endswith(": staff not offered it, group 2")
    assert value_text("not_offered.1.why", "long_serving") == "long-serving staff"


def test_a_reason_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match=r"not_offered\.0\.why"):
        made(ONE_MONTH, not_offered=[{"name": "A", "headcount": 1, "why": "we forgot"}])


# The three that are always asked about.


@pytest.mark.parametrize("case", presets(), ids=lambda case: str(case.id))
def test_all_three_are_asked_about_and_being_asked_changes_nothing(case: Any) -> None:
    asked = asked_about(case.scenario)
    assert {group.why for group in asked.not_offered} >= set(STANDARD)
    assert asked.not_offered[: len(case.scenario.not_offered)] == case.scenario.not_offered
    assert asked_about(asked) == asked
    assert answer(asked).parity_cost == answer(case.scenario).parity_cost
    assert changes(asked) == ()
    assert said_only(asked, len(case.scenario.not_offered)) == case.scenario
    assert said_only(case.scenario, 99) == case.scenario


def test_who_is_added_has_the_pay_and_the_leaving_of_the_people_it_is_offered_to() -> None:
    first = preset("flat-golden-hello").scenario
    _, grade, adult = asked_about(first).not_offered
    assert (grade.salary, grade.annual_leaving_rate) == (42_000, 0.111823)
    assert adult.salary == register()["adult_social_worker_salary"].default
    assert adult.annual_leaving_rate == 0.111823


@pytest.mark.parametrize("case", presets(), ids=lambda case: str(case.id))
def test_every_case_says_why_its_people_are_left_out(case: Any) -> None:
    for group in case.scenario.not_offered:
        assert group.why != "other" or case.id == "hard-pressed-team"
        assert group.service


def test_middlesbroughs_grades_are_its_sources() -> None:
    case = preset(FIRST)
    assert "K and L" in (case.scenario.groups[0].grade or "")
    assert case.given["groups.0.grade"].startswith("Grades K and L, assistant team managers")
    assert [group.why for group in case.scenario.not_offered] == [
        "other_grade", "adult_social_workers",
    ]  # fmt: skip


# On the page.


class Visitor(PageVisitor[IncentivesPage, Scenario]):
    """A visitor of the incentives page."""

    def __init__(self, start: Scenario | None = None) -> None:
        super().__init__(IncentivesPage(start))


def left_out_fields(scenario: Scenario) -> dict[str, Any]:
    """Give the fields of people left out, by path."""
    *_, last = sections(scenario, scenario, None)
    assert last["title"] == "Who is not offered it"
    return {field["path"]: field for field in last["fields"]}


@pytest.mark.parametrize("scenario", [*[p.scenario for p in presets()], made(ONE_MONTH)])
def test_the_form_asks_how_many_of_each_there_are(scenario: Scenario) -> None:
    fields = left_out_fields(scenario)
    asked = asked_about(scenario)
    for index, group in enumerate(asked.not_offered):
        field = fields[f"not_offered.{index}.headcount"]
        assert group.name in field["label"]
        assert ("nothing is counted" in field["source"]) == (group.headcount == 0)
    assert len(fields) == 2 * len(asked.not_offered)


def test_a_number_put_in_is_counted_told_and_can_be_taken_out_again() -> None:
    visitor = Visitor()
    before = visitor.scenario
    path = "not_offered.2.headcount"
    visitor.set(path, 20)
    group = visitor.scenario.not_offered[2]
    assert (group.why, group.headcount, group.salary) == ("long_serving", 20, 38_003)
    assert visitor.levers.problems == {}
    assert visitor.levers.changed == [path]
    visitor.levers.reasons = {path: "Our payroll"}
    assert visitor.page.scenario.reasons == {path: "Our payroll"}
    assert "until you put in how many" not in visitor.page._fairness.html
    visitor.set(path, 0)
    assert visitor.page.scenario == before
    assert "until you put in how many" in visitor.page._fairness.html


def test_the_last_of_three_may_be_put_in_alone() -> None:
    visitor = Visitor(made(ONE_MONTH))
    visitor.set("not_offered.2.headcount", 7)
    assert [g.headcount for g in visitor.scenario.not_offered] == [0, 0, 7]
    visitor.set("not_offered.2.salary", 39_000)
    assert visitor.scenario.not_offered[2].salary == 39_000
    visitor.set("not_offered.0.headcount", 5)
    assert answer(visitor.scenario).parity_cost == pytest.approx(12 * 50)
    assert visitor.page.scenario.not_offered[2].why == "adult_social_workers"


def test_people_left_out_have_the_councils_figures_and_a_move_elsewhere_asks_nothing() -> None:
    visitor = Visitor()
    visitor.set("groups.0.salary", 41_000)
    assert visitor.levers.changed == ["groups.0.salary"]
    assert len(visitor.scenario.not_offered) == 2


def test_a_page_says_what_it_pays_a_head_and_warns_of_equal_pay() -> None:
    visitor = Visitor()
    html = visitor.page._fairness.html
    assert "are paid £4,730 a head, before on-costs" in html
    assert "South Gloucestershire went on strike in 2023" in html
    assert "Community Care, 20 April 2023" in html
    assert "memorandum of understanding" in visitor.page._bidding.html
    assert "In your scenario nobody bids" in visitor.page._bidding.html
    visitor.set("bidding.match_chance", 50)
    assert "In your scenario nobody bids" not in visitor.page._bidding.html
    assert "the region pays" in visitor.answer.html


def test_nothing_is_said_of_a_head_where_nothing_is_paid() -> None:
    free = answer(with_scheme(ONE_MONTH, amount={"flat": 0}))
    assert not [s for s in words.fairness(free.fairness) if "a head" in s]
    nobody = answer(made(ONE_MONTH, groups=[{"headcount": 0, "annual_leaving_rate": 0.1}]))
    assert nobody.fairness.per_head is None
