"""The workbook of an offer, opened and worked out again by LibreOffice: the library to a penny."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, settings

from retention_lib.evaluation import evaluate
from retention_lib.model import npv
from retention_lib.outputs.excel import workbook
from retention_lib.outputs.excel.incentive_book import MOST_ROWS
from retention_lib.outputs.excel.incentive_inputs import PARTS, sections_of
from retention_lib.outputs.excel.incentive_questions import ANY, NOTHING
from retention_lib.outputs.excel.incentive_summary import CANNOT_BE, TOO_LATE
from retention_lib.presets import preset, presets
from retention_lib.problems import ScenarioError
from retention_lib.results import IncentiveResult
from retention_lib.scenario import Scenario
from tests.recalculated import Cell, Values, changed, differing, recalculated
from tests.strategies import Json, bid_scenarios

ON = dt.date(2026, 11, 22)
PENNY = 0.005
WHAT_IF_FALL = 0.21
RANDOM = 3
"""How many scenarios at random are written as they are; all of them change a preset's inputs."""


def inputs_of(scenario: Scenario) -> dict[str, Cell]:
    """Give what each input cell holds for a scenario."""
    return {each.name: each.value for part in sections_of(scenario) for each in part.inputs}


def written(scenario: Scenario) -> bytes:
    return workbook(scenario, evaluate(scenario, draws=64), ON)


def shaped(scenario: Scenario, like: Scenario) -> Scenario:
    """Give a scenario another's shape: as many groups, instalments, people left out, months."""
    given, shape = scenario.to_dict(), like.to_dict()
    count = len(shape["groups"])
    given["groups"] = [
        {**given["groups"][i % len(given["groups"])], "name": shape["groups"][i]["name"]}
        for i in range(count)
    ]
    paid = [each["month"] for each in given["scheme"]["instalments"]]
    shares = [1.0 / 2 ** (i + 1) for i in range(len(shape["scheme"]["instalments"]) - 1)]
    shares.append(1.0 - sum(shares))
    given["scheme"]["instalments"] = [
        {"month": paid[i % len(paid)] + i, "share": share} for i, share in enumerate(shares)
    ]
    given["not_offered"] = [
        {
            "name": each["name"],
            "why": each["why"],
            "headcount": 7.0 + i,
            "salary": 31_000.0 + 1_000 * i,
            "annual_leaving_rate": 0.15 + 0.05 * i,
        }
        for i, each in enumerate(shape.get("not_offered", []))
    ]
    given["appraisal"]["months"] = shape["appraisal"]["months"]
    first = shape["appraisal"].get("first_financial_year")
    if first is not None:
        given["appraisal"]["first_financial_year"] = first
    return Scenario.from_dict(given)


def drawn(count: int) -> list[Scenario]:
    """Give scenarios at random, with everything in them that the model knows."""
    wanted: list[Any] = [
        lambda s: s["scheme"]["kind"] == "golden_hello" and s["bidding"]["match_chance"] > 0,
        lambda s: s["leaver_cost"] == "from_parts" and "pay_elasticity" in s["effect"],
        lambda s: (
            s["vacancy"]["net_saving_per_month"] == "from_parts"
            and s["scheme"]["kind"] == "golden_hello"
        ),
        lambda s: s["scheme"]["clawback"]["taper"] == "yearly" and len(s["groups"]) > 1,
        lambda s: s["effect"]["after_months"] > 0 and s["effect"]["after_multiplier"] > 1,
        lambda s: s["bidding"]["match_delay_months"] == 0 and s["bidding"]["match_chance"] == 1.0,
        lambda s: len(s["scheme"]["instalments"]) > 2,
    ]
    once = settings(
        max_examples=20_000,  # the first that is found is enough
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    found = []
    for index in range(count):
        has = wanted[index % len(wanted)]

        def lively(given: Json, has: Any = has) -> bool:
            paid = sum(group["headcount"] for group in given["groups"]) > 1
            return bool(has(given) and paid and given["scheme"]["take_up"] > 0)

        given = find(bid_scenarios(), lively, settings=once)
        given["appraisal"]["optimism"] = index % 2 == 0
        found.append(Scenario.from_dict(given))
    return found


def expected(result: IncentiveResult) -> Mapping[str, float | str | None]:
    """Give what the named cells of an answer must hold."""
    return {
        "people_paid": result.people_paid,
        "payments": result.payments,
        "on_costs": result.on_costs,
        "clawback": result.clawback,
        "hiring": result.hiring,
        "net_cost": result.net_cost,
        "saving": result.saving,
        "net_benefit": result.net_benefit,
        "npv": result.npv,
        "excel_npv": result.excel_npv,
        "leavers_avoided": result.leavers_avoided,
        "cost_for_each_leaver": _or(result.cost_per_leaver_avoided, "none"),
        "back_for_each_pound": "none" if result.roi is None else 1 + result.roi,
        "payback_month": _or(result.payback_month, "never"),
        "stayed_anyway_share": _or(result.deadweight_share, "none"),
        "stayed_anyway_pounds": result.deadweight_payments,
        "budget_saving": result.budget.saving,
        "budget_net": result.budget.net_benefit,
        "budget_npv": result.budget.npv,
        "region_saving": result.region.saving,
        "region_net": result.region.net_benefit,
        "region_npv": result.region.npv,
        "assumed_net": result.optimism.as_assumed.net_benefit,
        "assumed_npv": result.optimism.as_assumed.npv,
        "marked_net": result.optimism.marked_down.net_benefit,
        "marked_npv": result.optimism.marked_down.npv,
        "parity_cost": result.parity_cost,
    }


def _or(value: float | None, words: str) -> float | str:
    return words if value is None else value


def wrong(values: Values, scenario: Scenario) -> list[str]:
    """List where a workbook's figures are not the library's."""
    result = evaluate(scenario, draws=0)
    found = [
        f"{name}: {values.named(f'out_{name}')} and not {value}"
        for name, value in expected(result).items()
        if not same(values.named(f"out_{name}"), value)
    ]
    found += _wrong_years(values, scenario, result)
    found += _wrong_break_evens(values, scenario, result)
    found += values.errors()
    if values.named("checks_to_look_at") != 0:
        found.append(f"{values.named('checks_to_look_at')} checks do not hold")
    return found


def same(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= max(PENNY, 1e-11 * abs(other))
    return bool(one == other)


def _wrong_years(values: Values, scenario: Scenario, result: IncentiveResult) -> Iterator[str]:
    """Compare the year's net, and every figure of the strategy's table."""
    found = values.listed("year_net")
    if not all(same(*pair) for pair in zip(found, result.net_by_year, strict=True)):
        yield f"years: {found} and not {result.net_by_year}"
    for row in result.table("budget").rows:
        cells = values.row("MTFS", str(row[0]))
        if not all(same(*pair) for pair in zip(cells, row[1:], strict=False)):
            yield f"{row}: {cells}"


def _wrong_break_evens(
    values: Values, scenario: Scenario, result: IncentiveResult
) -> Iterator[str]:
    amount = scenario.scheme.amount
    paid = amount.percent_of_salary if amount.flat is None else amount.flat
    solved, found = result.break_even.payment, values.named("out_most_payment")
    if scenario.effect.leaving_reduction is not None and paid:
        if solved is None and found not in {NOTHING, ANY}:
            yield f"largest payment: {found} and not none"
        if solved is not None and not same(found, solved):
            yield f"largest payment: {found} and not {solved}"
    extra, found = result.break_even.extra_hires, values.named("out_fewest_extra")
    golden = scenario.scheme.kind == "golden_hello" and scenario.effect.extra_hires
    if golden and not same(found, NOTHING if extra is None else extra):
        yield f"extra people: {found} and not {extra}"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Scenario, Values, bytes]]:
    """Every workbook of these tests, opened in one go: its scenario, values and bytes."""
    cases: dict[str, tuple[Scenario, bytes]] = {}
    starts = {each.id: each.scenario for each in presets()}
    files = {key: written(scenario) for key, scenario in starts.items()}
    others = drawn(len(starts))
    for (key, start), other in zip(starts.items(), others, strict=True):
        cases[f"{key}, as written"] = (start, files[key])
        after = shaped(other, start)
        inputs = {**inputs_of(after), "whatif_fall": WHAT_IF_FALL}
        cases[f"{key}, changed"] = (after, changed(files[key], inputs))
    for index, scenario in enumerate(others[:RANDOM]):
        cases[f"random {index}, as written"] = (scenario, written(scenario))
    long = preset("flat-golden-hello").scenario.but({"appraisal.months": 1_200})
    cases["1,200 months, as written"] = (long, written(long))
    none = preset("flat-golden-hello").scenario.but({"appraisal.months": 0})
    cases["no months, as written"] = (none, written(none))
    made = recalculated([data for _, data in cases.values()], tmp_path_factory.mktemp("office"))
    return {
        key: (scenario, values, data)
        for (key, (scenario, data)), values in zip(cases.items(), made, strict=True)
    }


def test_every_preset_is_the_library_to_a_penny_as_written_and_after_changes(
    opened: dict[str, tuple[Scenario, Values, bytes]],
) -> None:
    found = {key: wrong(values, scenario) for key, (scenario, values, _) in opened.items()}
    assert {key: each for key, each in found.items() if each} == {}
    assert sum("changed" in key for key in opened) == len(presets())


def test_a_value_that_is_kept_is_the_value_that_is_worked_out(
    opened: dict[str, tuple[Scenario, Values, bytes]],
) -> None:
    """A reader that works nothing out sees what one sees that does."""
    for key, (_, values, data) in opened.items():
        if "as written" in key:
            assert differing(Values.of(data), values)[:5] == [], key
            assert Values.of(data).named("out_npv") is not None


def test_every_input_is_changed_somewhere(
    opened: dict[str, tuple[Scenario, Values, bytes]],
) -> None:
    """A cell that nothing follows would be found by no other test."""
    starts = {each.id: each.scenario for each in presets()}
    names: set[str] = set()
    moved: set[str] = set()
    for key, start in starts.items():
        before, after = inputs_of(start), inputs_of(opened[f"{key}, changed"][0])
        assert before.keys() == after.keys()
        names |= before.keys()
        moved |= {name for name in before if before[name] != after[name]}
    assert names - moved == set()


def test_a_what_if_is_the_librarys_answer_at_that_fall(
    opened: dict[str, tuple[Scenario, Values, bytes]],
) -> None:
    for key, (scenario, values, _) in opened.items():
        solved = evaluate(scenario, draws=0).break_even.leaving_reduction
        fall = WHAT_IF_FALL if "changed" in key else solved
        draws = {} if fall is None else {"effect.leaving_reduction": fall}
        assert same(values.named("out_whatif_npv"), float(npv(scenario, draws))), key


def test_the_fall_that_was_solved_is_proved_to_leave_nothing(
    opened: dict[str, tuple[Scenario, Values, bytes]],
) -> None:
    proved = 0
    for key, (scenario, values, _) in opened.items():
        solved = evaluate(scenario, draws=0).break_even.leaving_reduction
        if "as written" in key and solved:
            assert values.named("whatif_fall") == pytest.approx(solved, rel=1e-12), key
            assert abs(values.named("out_whatif_npv")) < PENNY, key
            proved += 1
    assert proved >= 3


def test_a_file_says_when_what_was_solved_is_of_other_inputs(
    opened: dict[str, tuple[Scenario, Values, bytes]],
) -> None:
    as_written, after = (
        opened[f"middlesbrough-2019, {what}"][1] for what in ("as written", "changed")
    )
    label = "Do these belong to the inputs as they are?"
    assert as_written.found("How sure", label) == "As exported"
    assert after.found("How sure", label).startswith("Of the inputs as exported")
    assert as_written.named("inputs_changed") == 0
    start = preset("middlesbrough-2019").scenario
    before, now = inputs_of(start), inputs_of(opened["middlesbrough-2019, changed"][0])
    expected_count = sum(before[name] != now[name] for name in before)
    assert after.named("inputs_changed") == expected_count


def test_the_difference_to_excels_npv_is_one_years_discount(
    opened: dict[str, tuple[Scenario, Values, bytes]],
) -> None:
    for _, values, _ in opened.values():
        assert abs(values.named("out_npv_difference")) < PENNY


def test_an_offer_too_large_for_a_workbook_is_refused_in_words() -> None:
    scenario = preset("no-scheme").scenario.but({"appraisal.months": 1_200})
    given = scenario.to_dict()
    given["groups"] = given["groups"] * (MOST_ROWS // 1_201 + 1)
    many = Scenario.from_dict(given)
    with pytest.raises(ScenarioError, match="An Excel workbook holds"):
        workbook(many, evaluate(scenario, draws=0), ON)


def test_the_summary_begins_with_the_answer() -> None:
    scenario = preset("middlesbrough-2019").scenario
    result = evaluate(scenario, draws=64)
    values = Values.of(workbook(scenario, result, ON))
    assert values.found("Summary", "The answer as exported") == result.headline
    assert values.found("Summary", "Made on") == "22 November 2026"
    assert values.found("Summary", "Scenario") == scenario.digest
    assert values.found("Summary", "What this is not") == result.provenance.says


def test_the_chance_and_the_range_are_those_of_the_answer() -> None:
    scenario = preset("middlesbrough-2019").scenario
    result = evaluate(scenario, draws=64)
    assert result.ranges is not None
    values = Values.of(workbook(scenario, result, ON))
    assert values.found("Summary", "NPV: as often below as above") == result.ranges.npv.middle


def test_a_reader_that_works_nothing_out_finds_every_figure_of_the_tables() -> None:
    scenario = preset("middlesbrough-2019").scenario
    result = evaluate(scenario, draws=0)
    values = Values.of(workbook(scenario, result, ON))
    region = values.found("Summary", "The region, neighbours included: net benefit")
    assert region == pytest.approx(result.region.net_benefit)
    budget = values.found("Summary", "The council's budget, cash only: net benefit")
    assert budget == pytest.approx(result.budget.net_benefit)
    group, percent = scenario.not_offered[0], scenario.scheme.amount.percent_of_salary
    assert percent is not None
    each = values.row("Not offered it", group.name)[1]
    assert each == pytest.approx(percent / 100 * group.salary)
    checked = values.row("Checks", "NPV by years is NPV by lines")
    assert checked[:3] == pytest.approx([result.npv, result.npv, 0])
    assert [row[4] for row in _invested(values)] == ["no"] * 4


def test_what_is_put_in_is_never_negative_and_the_running_total_is_the_budgets_net(
    opened: dict[str, tuple[Scenario, Values, bytes]],
) -> None:
    for key, (scenario, values, _) in opened.items():
        rows = _invested(values)
        assert all(row[0] >= 0 for row in rows), key
        assert same(rows[-1][3], evaluate(scenario, draws=0).budget.net_benefit), key


def _invested(values: Values) -> list[list[Any]]:
    """Give the rows of invest to save: put in, back, net, running total, whether it is back."""
    cells = [list(row) for row in values.book["MTFS"].iter_rows(max_col=6, values_only=True)]
    first = next(i for i, row in enumerate(cells) if row[1] == "Put in") + 1
    last = next(i for i, row in enumerate(cells) if str(row[0]).startswith("Month from which"))
    return [row[1:] for row in cells[first:last]]


def test_an_input_that_is_not_possible_is_flagged_on_the_checks_and_the_summary(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = written(preset("middlesbrough-2019").scenario)
    files = [
        data,
        changed(data, {"in_scheme_take_up": 82.9}),
        changed(data, {"in_groups_1_salary": "a lot"}),
        changed(data, {"in_leaver_cost": PARTS}),
    ]
    before, share, word, parts = recalculated(files, tmp_path_factory.mktemp("office"))
    label = "Every input is within what is possible"
    found = [each.row("Checks", label)[3] for each in (before, share, word, parts)]
    assert found == ["OK", "Look", "Look", "OK"]
    assert share.row("Checks", "No more people are paid than are offered it")[3] == "Look"
    assert share.found("Summary", "Checks") == "2 to look at"
    assert before.found("Summary", "Checks") == "All hold"


def test_the_summary_lists_what_was_changed_from_the_case_and_why() -> None:
    start = preset("middlesbrough-2019").scenario
    scenario = start.but({"scheme.take_up": 0.9, "leaver_cost": 9_000.0})
    changes = evaluate(scenario, draws=0).changes
    values, as_is = Values.of(written(scenario)), Values.of(written(start))
    label = "Changed from the case before export"
    assert values.found("Summary", label) == len(changes) == 2
    for each in changes:
        told = [each.was, f"{each.now}. No reason given."]
        assert values.row("Summary", each.label)[:2] == told
    with pytest.raises(KeyError):
        as_is.found("Summary", label)


def test_the_answer_as_exported_says_when_the_inputs_are_others(
    opened: dict[str, tuple[Scenario, Values, bytes]],
) -> None:
    for what, says in (("as written", "As exported"), ("changed", "Of the inputs as exported. ")):
        values = opened[f"middlesbrough-2019, {what}"][1]
        rows = list(values.book["Summary"].iter_rows(max_row=6, values_only=True))
        place = next(i for i, row in enumerate(rows) if row[0] == "The answer as exported")
        assert rows[place + 1][0] == "Does that belong to the inputs as they are?"
        assert str(rows[place + 1][1]).startswith(says)


def test_what_cannot_be_right_or_comes_too_late_takes_the_answers_place(tmp_path: Path) -> None:
    """A value that is pasted goes round the guard of a cell; the Summary must not."""
    offer = preset("middlesbrough-2019").scenario
    file = written(offer)
    files = [
        written(offer.but({"scheme.instalments": [{"month": 99, "share": 1.0}]})),
        changed(file, {"in_scheme_instalments_1_month": 60}),
        changed(file, {"in_groups_1_headcount": -82}),
        changed(file, {"in_groups_1_headcount": "eighty"}),
    ]
    told = [each.named("out_sentence") for each in recalculated(files, tmp_path)]
    assert told == [TOO_LATE, TOO_LATE, CANNOT_BE, CANNOT_BE]
