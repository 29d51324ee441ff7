"""One shape for every answer: strict JSON, tables, a bridge that adds up, checks that must pass."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from retention_lib import IncentiveResult, Scenario, evaluate, first_look, incentives
from retention_lib.appraisal import by_financial_year
from retention_lib.presets import preset
from retention_lib.results import BrokenIdentityError, Check, Column, Table, require
from tests.strategies import Json, scenarios
from tests.worlds import ONE_MONTH, ONE_MONTH_HELLO, TWO_YEARS, made, with_scheme

DATA = Path(__file__).parent / "data"
TABLES = {
    "evidence", "years", "budget", "people", "tornado", "bridge", "months", "leaver_cost",
    "viewpoints", "fairness", "parity", "bidding",
}  # fmt: skip


def hello() -> IncentiveResult:
    """Answer the golden hello of the specification."""
    return evaluate(Scenario.from_file(DATA / "incentive-golden-hello.json"))


def numbers(given_json: object) -> list[float]:
    """List every number in parsed JSON."""
    if isinstance(given_json, Mapping):
        return [number for value in given_json.values() for number in numbers(value)]
    if isinstance(given_json, list):
        return [number for value in given_json for number in numbers(value)]
    return [given_json] if isinstance(given_json, float) else []


# A world on paper: a leaver in five is kept, for 5,000; each costs 10,000.


def test_the_answer_on_paper() -> None:
    found = evaluate(made(ONE_MONTH))
    assert found.people_paid == 100
    assert found.payments == found.net_cost == 5_000
    assert found.leavers_without == pytest.approx(1)
    assert found.leavers_avoided == pytest.approx(0.2)
    assert found.saving == pytest.approx(2_000)
    assert found.net_benefit == found.npv == pytest.approx(-3_000)
    assert found.roi == pytest.approx(-0.6)
    assert found.cost_per_leaver_avoided == pytest.approx(25_000)
    assert found.deadweight_share == pytest.approx(0.99)
    assert found.deadweight_payments == pytest.approx(4_950)
    assert found.payback_month is None
    assert found.excel_npv == pytest.approx(-3_000 / 1.035)


def test_extra_people_are_paid_and_stand_in_the_denominator_only() -> None:
    found = evaluate(made(ONE_MONTH_HELLO))
    assert found.people_paid == pytest.approx(11)
    assert found.extra_people == pytest.approx(1)
    assert found.deadweight_share == pytest.approx(10 / 11)
    assert found.deadweight_payments == pytest.approx(10_000)
    assert found.net_benefit == pytest.approx(6_500 - 11_000 - 500)


def test_an_instalment_outside_the_figures_is_noted_and_paid_to_nobody() -> None:
    late = [{"month": 0, "share": 0.5}, {"month": 2, "share": 0.5}]
    found = evaluate(with_scheme(ONE_MONTH, instalments=late))
    assert found.payments == 2_500
    assert found.deadweight_payments == pytest.approx(2_500 * 0.99)
    assert found.headline == "No answer yet: 50% of the payment is not counted."


def test_what_a_reader_must_know_is_noted() -> None:
    longer = evaluate(with_scheme(ONE_MONTH, tie_in_months=9))
    assert any("tie-in ends after the last month" in note for note in longer.notes)
    idle = evaluate(made(ONE_MONTH, effect={"extra_hires": 1}))
    assert any("brings nobody in" in note for note in idle.notes)


def test_nothing_is_divided_by_nothing() -> None:
    free = evaluate(with_scheme(ONE_MONTH, amount={"flat": 0}))
    assert free.roi is None
    assert evaluate(with_scheme(ONE_MONTH, amount={"flat": 1e-300})).roi is None
    nobody = evaluate(with_scheme(ONE_MONTH, take_up=0))
    assert nobody.deadweight_share is None
    assert nobody.cost_per_leaver_avoided is None
    more_leave = {"leaving_reduction": 0, "after_multiplier": 2, "after_months": 1}
    scheme = {"kind": "retention", "amount": {"flat": 1}}
    harm = evaluate(made(ONE_MONTH, effect=more_leave, scheme=scheme))
    assert harm.leavers_avoided == pytest.approx(-1)
    assert harm.cost_per_leaver_avoided is None


def test_no_months_give_the_first_day_alone() -> None:
    found = evaluate(made(ONE_MONTH, appraisal={"months": 0}))
    assert found.net_by_year == (-5_000,)
    assert found.table("months").records()[0]["payments"] == 5_000
    assert len(found.table("years").rows) == 1


# As JSON.


@settings(max_examples=30)
@given(scenarios())
def test_an_answer_is_strict_json_and_finite(scenario: Json) -> None:
    found = evaluate(Scenario.from_dict(scenario)).to_dict()
    back = json.loads(json.dumps(found, allow_nan=False))
    assert back == found
    assert all(math.isfinite(number) for number in numbers(back))


@pytest.mark.parametrize("name", ["incentive-retention", "incentive-golden-hello"])
def test_every_name_of_the_examples_is_there_and_every_part_of_the_result(name: str) -> None:
    found = evaluate(Scenario.from_file(DATA / f"{name}.json"))
    whole = found.to_dict()
    assert whole.keys() >= json.loads((DATA / f"{name}.result.json").read_text("utf-8")).keys()
    assert whole["break_even_leaving_reduction"] == found.break_even_leaving_reduction
    assert whole["break_even_payment"] == found.break_even_payment
    assert whole["break_even_extra_hires"] == found.break_even_extra_hires
    assert whole["region"]["npv"] == found.region.npv
    assert whole["tables"].keys() >= TABLES
    assert whole["checks"][0]["passed"] is True
    assert whole["provenance"]["library"] == "retention_lib"


def test_the_same_scenario_gives_the_same_answer() -> None:
    assert json.dumps(hello().to_dict()) == json.dumps(hello().to_dict())


def test_an_answer_says_what_it_was_made_from() -> None:
    scenario = Scenario.from_file(DATA / "incentive-golden-hello.json")
    made_of = evaluate(scenario).provenance
    assert made_of.scenario_digest == scenario.digest
    assert len(made_of.register_digest) == 12
    assert "year to 30 September 2025" in made_of.figures_release


# The bridge.


@settings(max_examples=30)
@given(scenarios())
def test_the_bridge_adds_up_from_each_total_to_the_next(scenario: Json) -> None:
    found = evaluate(Scenario.from_dict(scenario))
    near = 0.001 + 1e-9 * (found.payments + abs(found.saving))
    so_far = 0.0
    for step in found.bridge:
        if step.total:
            assert step.pounds == pytest.approx(so_far, abs=near), step.key
        else:
            so_far += step.pounds
    by_key = {step.key: step.pounds for step in found.bridge}
    assert by_key["net_cost"] == pytest.approx(-found.net_cost, abs=near)
    assert by_key["net_benefit"] == pytest.approx(found.net_benefit, abs=near)
    assert by_key["npv"] == found.npv
    saved = by_key["leavers"] + by_key["vacancies"] + by_key["extra_leavers"]
    assert saved == pytest.approx(found.saving, abs=near)


# Tables.


def test_every_table_has_as_many_cells_as_columns_and_no_number_in_words() -> None:
    found = hello()
    assert len({table.key for table in found.tables}) == len(found.tables)
    for table in found.tables:
        assert table.title
        assert table.rows
        for row in table.rows:
            assert len(row) == len(table.columns)
            for cell, column in zip(row, table.columns, strict=True):
                assert isinstance(cell, str) == (column.kind == "text") or cell is None


def test_tables_say_what_the_answer_says() -> None:
    found = hello()
    years = found.frame("years")
    assert years["net"].tolist() == list(found.net_by_year)
    assert years["discounted"].sum() == pytest.approx(found.npv)
    assert years["running"].tolist()[-1] == pytest.approx(found.net_benefit)
    assert (years["paid"] + years["hiring"] + years["paid_back"] + years["saved"]).tolist() == (
        pytest.approx(list(found.net_by_year))
    )
    months = found.frame("months")
    assert months.shape == (49, 12)
    assert months["net"].sum() == pytest.approx(found.net_benefit)
    assert months["payments"].sum() == pytest.approx(found.payments)
    bridge = found.frame("bridge")
    assert bridge["pounds"].tolist() == [step.pounds for step in found.bridge]
    views = found.frame("viewpoints")
    assert views["npv"].tolist() == pytest.approx([found.npv, found.budget.npv, found.region.npv])
    tornado = found.frame("tornado")
    assert tornado["npv_at_low"].tolist() == [bar.npv_at_low for bar in found.tornado]


@settings(max_examples=20)
@given(scenarios())
def test_what_the_budget_is_changed_by_is_the_budgets_side_with_its_sign_turned(
    scenario: Json,
) -> None:
    found = evaluate(Scenario.from_dict(scenario))
    table = found.frame("budget").drop(columns="line")
    *lines, change = table.to_numpy()
    near = 0.001 + 1e-9 * (found.payments + abs(found.saving))
    assert change.tolist() == pytest.approx(sum(lines).tolist(), abs=near)
    assert [-year for year in change[:-1]] == pytest.approx(
        list(found.budget.net_by_year), abs=near
    )
    assert change[-1] == pytest.approx(-found.budget.net_benefit, abs=near)


def test_rows_that_are_read_off_and_not_added_are_marked() -> None:
    found = hello()
    bridge = found.table("bridge")
    assert [bridge.rows[i][0] for i in bridge.totals] == [s.label for s in found.bridge if s.total]
    for key in ("budget", "leaver_cost"):
        table = found.table(key)
        assert table.totals[-1] == len(table.rows) - 1


def test_years_have_their_names_where_the_first_is_known() -> None:
    named = evaluate(made(TWO_YEARS, appraisal={"months": 24, "first_financial_year": 2099}))
    assert [row[0] for row in named.table("years").rows] == ["2099/00", "2100/01"]
    assert [row[0] for row in evaluate(made(TWO_YEARS)).table("years").rows] == ["Year 1", "Year 2"]


def test_luck_stays_between_nobody_and_everybody_and_each_group_has_its_own() -> None:
    """A group in which nobody leaves adds no luck, even where both have the same name."""
    leaving = {"headcount": 4, "annual_leaving_rate": 1 - 0.5**12, "name": "Team"}
    staying = {"headcount": 4, "annual_leaving_rate": 0.0, "name": "Team"}
    people = evaluate(
        made(ONE_MONTH, groups=[leaving, staying], effect={"leaving_reduction": 0})
    ).frame("people")
    assert people["with"].tolist() == pytest.approx([8, 6])
    assert people["low"].tolist() == pytest.approx([8, 6 - 1.2816])
    assert people["high"].tolist() == pytest.approx([8, 6 + 1.2816])
    few = evaluate(
        made(ONE_MONTH, groups=[{**leaving, "headcount": 1}], effect={"leaving_reduction": 0})
    ).frame("people")
    assert few["low"].tolist() == [1, 0]
    assert few["high"].tolist() == [1, 1]


def test_who_gets_it_and_who_does_not() -> None:
    others = [{"name": "Adults", "headcount": 7, "salary": 1, "annual_leaving_rate": 0}]
    rows = evaluate(made(ONE_MONTH, not_offered=others)).table("fairness").records()
    assert [(row["who"], row["people"], row["each"], row["parity_net"]) for row in rows] == [
        ("Social workers", 100, 50, None),
        ("Adults", 7, 0, 350),
    ]


def test_the_parts_of_a_leavers_cost_add_up_whether_used_or_not() -> None:
    for cost, used in ((20_000, "not used"), ("from_parts", "the figure the answer uses")):
        rows = evaluate(made(ONE_MONTH, leaver_cost=cost)).table("leaver_cost").records()
        *parts, whole, cash = rows
        assert whole["pounds"] == pytest.approx(sum(float(part["pounds"] or 0) for part in parts))
        assert whole["cashable"] == used
        cashable = [float(part["pounds"] or 0) for part in parts if part["cashable"] == "Yes"]
        assert cash["pounds"] == pytest.approx(sum(cashable))


def test_a_frame_is_its_table_and_an_unknown_table_is_named() -> None:
    table = Table("t", "T", (Column("a", "A"), Column("b", "B", "text")), ((1.0, "x"), (None, "y")))
    assert table.records() == [{"a": 1.0, "b": "x"}, {"a": None, "b": "y"}]
    assert table.frame().columns.tolist() == ["a", "b"]
    with pytest.raises(KeyError, match=r"No table 'ledger'; there are \['evidence'"):
        hello().table("ledger")


# What was changed, and why.


def test_what_was_changed_is_listed_with_its_reason() -> None:
    start = preset("middlesbrough-2019").scenario
    changed = start.but({"scheme.take_up": 0.5, "leaver_cost": 25_000}).with_reasons(
        {"leaver_cost": "Our own count"}
    )
    found = {change.path: change for change in evaluate(changed).changes}
    assert found.keys() == {"scheme.take_up", "leaver_cost"}
    cost = found["leaver_cost"]
    assert (cost.was, cost.now, cost.reason) == ("£20,000", "£25,000", "Our own count")
    assert found["scheme.take_up"].reason == ""
    assert (found["scheme.take_up"].was, found["scheme.take_up"].now) == ("82.9%", "50%")


def test_a_scenario_from_nowhere_has_changed_nothing() -> None:
    assert evaluate(made(ONE_MONTH)).changes == ()


# Identities.


def test_an_answer_that_does_not_add_up_is_refused_and_says_where() -> None:
    checks = (Check("Years add up", 0.00001), Check("Pounds", 0.01), Check("People", -2.0))
    assert [check.passed for check in checks] == [True, False, False]
    with pytest.raises(BrokenIdentityError) as refused:
        require(checks)
    assert str(refused.value) == (
        "This answer does not add up, so it is not shown: Pounds (out by 0.01); People (out by -2)."
    )
    require(checks[:1])


def test_evaluate_refuses_flows_that_lose_a_pound(monkeypatch: pytest.MonkeyPatch) -> None:
    def lossy(flows: Any) -> Any:
        return right(flows) * 0.99

    right = by_financial_year
    monkeypatch.setattr(first_look, "by_financial_year", lossy)
    with pytest.raises(BrokenIdentityError, match="Years add up to the months"):
        evaluate(made(ONE_MONTH))


@pytest.mark.parametrize("optimism", [False, True])
@pytest.mark.parametrize(
    "huge",
    [
        {"vacancy.hire_cost": 1e12},
        {"vacancy.net_saving_per_month": -1e12, "vacancy.months": 6},
        {"scheme.amount": {"flat": 1e12}, "scheme.oncost_rate": 1.0},
        {"leaver_cost": 1e12},
    ],
)
def test_pounds_as_large_as_a_file_may_hold_add_up(huge: Json, optimism: bool) -> None:
    hello = {"scheme.kind": "golden_hello", "effect.extra_hires": 0.33}
    start = preset("middlesbrough-2019").scenario.but({**hello, **huge})
    found = evaluate(start.but({"appraisal.optimism": optimism}), draws=0)
    assert all(check.passed for check in found.checks)


def test_evaluate_refuses_people_who_come_from_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def doubled(offer: Any) -> Any:
        return 2 * right(offer)

    right = incentives.people_paid
    monkeypatch.setattr(incentives, "people_paid", doubled)
    with pytest.raises(BrokenIdentityError, match="Everyone who takes it up starts in post"):
        evaluate(made(ONE_MONTH))


@pytest.mark.parametrize("scenario", [ONE_MONTH, ONE_MONTH_HELLO, TWO_YEARS])
def test_every_answer_carries_its_checks_and_all_hold(scenario: Json) -> None:
    checks = evaluate(made(scenario)).checks
    assert len(checks) >= 6
    assert all(check.passed for check in checks)
