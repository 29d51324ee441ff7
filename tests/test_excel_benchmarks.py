"""Workbooks of a comparison and of what happened, opened by LibreOffice: the library to a penny."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from retention_lib.assumptions import register
from retention_lib.benchmarks import compare
from retention_lib.benchmarks.cases import cases
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.benchmarks.sensitivity import PRICED
from retention_lib.figures import all_years
from retention_lib.outputs.excel import workbook
from retention_lib.outputs.excel.benchmark_inputs import CHANGE, TARGET, cell_of
from retention_lib.outputs.excel.happened_sheets import After
from retention_lib.outputs.excel.names import name_of
from retention_lib.synthetic import cases as happened_cases
from retention_lib.synthetic.answer import what_happened
from retention_lib.synthetic.panel import panel
from retention_lib.synthetic.placebo import as_far, close_fit
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import Counted
from tests.recalculated import Cell, Values, changed, differing, recalculated

ON = dt.date(2026, 11, 22)
PENNY = 0.005
Change = Mapping[str, float | str]

CHANGES: tuple[Change, ...] = (
    {
        "leaver_cost": 31_250.55,
        "leaver_cost_cashable_share": 0.41,
        "costs.agency_premium_per_year": 12_345.67,
        "costs.pay_with_oncosts_per_year": 71_234.5,
        "costs.covered_share": 0.37,
        "target": "best_quarter",
        "claim.change": -0.04,
    },
    {"leaver_cost": 0.0, "costs.pay_with_oncosts_per_year": 0.0, "claim.change": 0.02},
)
OTHERS: tuple[dict[str, Any], ...] = (
    {"council": "806", "year": 2019, "measure": "vacancy"},
    {"council": "935", "measure": "absence"},
    {"council": "802", "measure": "vacancy", "beside": {"group": "region"}},
    {"council": "857", "measure": "turnover", "beside": {"group": "england"}},
    {"council": "420", "measure": "agency"},
    {"council": "806", "measure": "turnover", "beside": {"group": "own", "codes": []}},
    {"council": "879", "year": 2022, "measure": "caseload", "target": "best_quarter"},
)
"""Every measure, a small council, one without figures, and nobody to compare with."""


CASES = {each.id for each in cases()}


def comparisons() -> dict[str, Comparison]:
    found = {each.id: each.comparison for each in cases()}
    for given in OTHERS:
        asked = Comparison.from_dict({"schema": 1, "kind": "benchmark", **given})
        found[f"{given['council']} {given['measure']} {given.get('beside', '')}"] = asked
    return found


def expected(result: BenchmarkResult) -> Mapping[str, float | str]:
    """Give what the named cells of a comparison must hold."""
    stood, gap, claim = result.standing, result.gap, result.claim
    found = {
        "own_figure": "not published" if stood.value is None else stood.value,
        "group_median": "not published" if stood.neighbours is None else stood.neighbours,
        "group_best_quarter": (
            "not published" if stood.best_quarter is None else stood.best_quarter
        ),
        "out_target": "not published" if gap.target_value is None else gap.target_value,
        "out_gap": "none" if gap.difference is None else gap.difference,
        "out_gap_worth": gap.pounds,
        "out_gap_low": gap.low,
        "out_gap_high": gap.high,
        "out_gap_cashable": gap.cashable,
        "out_class_share": "none" if claim.share is None else claim.share,
        "class_size": claim.reference.council_years,
        "class_as_far": len(claim.did),
    }
    if stood.rank is not None:
        found["own_rank"] = stood.rank
    if stood.measure == "turnover":
        found["out_needed_fall"] = gap.needed_fall or 0.0
    return found


def same(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        near = PENNY if abs(other) > 50 else 1e-9
        return abs(one - other) <= near
    return bool(one == other)


def wrong(values: Values, asked: Comparison) -> list[str]:
    """List where a workbook's figures are not the library's."""
    result = compare(asked)
    found = [
        f"{name}: {values.named(name)!r} and not {value!r}"
        for name, value in expected(result).items()
        if not same(values.named(name), value)
    ]
    for line in result.gap.lines:
        cells = values.row("Gap", line.label)[:4]
        if not all(map(same, cells, (line.people, line.pounds, line.low, line.high))):
            found.append(f"{line}: {cells}")
    if values.named("checks_to_look_at") != 0:
        found.append("checks do not hold")
    return [*found, *values.errors()]


Opened = dict[str, tuple[Comparison, Values, bytes]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Every comparison's workbook, as written and after changes, opened in one go."""
    made: dict[str, tuple[Comparison, bytes]] = {}
    for key, asked in comparisons().items():
        data = workbook(asked, compare(asked), ON)
        made[f"{key}, as written"] = (asked, data)
        for number, change in enumerate(CHANGES if key in CASES else CHANGES[:1]):
            inputs: dict[str, Cell] = {
                name_of(path): cell_of(path, value) for path, value in change.items()
            }
            made[f"{key}, changed {number}"] = (asked.but(change), changed(data, inputs))
    values = recalculated([data for _, data in made.values()], tmp_path_factory.mktemp("office"))
    return {
        key: (asked, value, data)
        for (key, (asked, data)), value in zip(made.items(), values, strict=True)
    }


def test_every_comparison_is_the_library_to_a_penny_as_written_and_after_changes(
    opened: Opened,
) -> None:
    found = {key: wrong(values, asked) for key, (asked, values, _) in opened.items()}
    assert {key: each for key, each in found.items() if each} == {}
    measures = {compare(asked).standing.measure for asked, _, _ in opened.values()}
    assert measures == set(MEASURES)


def test_every_input_of_a_comparison_is_changed(opened: Opened) -> None:
    changed_paths = {path for change in CHANGES for path in change}
    assert changed_paths == {*PRICED.values(), TARGET, CHANGE}
    values = opened["middlesbrough-2019, as written"][1]
    inputs = {name for name in values.names if name.startswith("in_")}
    assert inputs == {name_of(path) for path in changed_paths}


def test_a_value_that_is_kept_is_the_value_that_is_worked_out(opened: Opened) -> None:
    for key, (_, values, data) in opened.items():
        if "as written" in key:
            assert differing(Values.of(data), values, near=1e-6) == [], key


def test_words_that_do_not_follow_say_so(opened: Opened) -> None:
    label = "Do these words belong to the inputs as they are?"
    before = opened["middlesbrough-2019, as written"][1]
    after = opened["middlesbrough-2019, changed 0"][1]
    assert before.found("Summary", label) == "As exported"
    assert after.found("Summary", label).startswith("Of the inputs as exported")


def test_the_summary_of_a_comparison_says_where_it_comes_from() -> None:
    asked = comparisons()["middlesbrough-2019"]
    result = compare(asked)
    values = Values.of(workbook(asked, result, ON))
    assert values.found("Summary", "The answer as exported") == result.headline
    assert values.found("Summary", "Scenario") == asked.digest
    assert values.found("Summary", "Made on") == "22 November 2026"
    assert values.found("Summary", "What this is not") == result.provenance.says


def questions() -> dict[str, Question]:
    return {each.id: each.question for each in happened_cases.cases()}


def test_what_happened_follows_from_its_weights(tmp_path_factory: pytest.TempPathFactory) -> None:
    """As written, and with every weight but the first halved and the first made up from them."""
    files: dict[str, bytes] = {}
    answers = {key: what_happened(asked) for key, asked in questions().items()}
    for key, asked in questions().items():
        data = workbook(asked, answers[key], ON)
        files[f"{key}, as written"] = data
        after = After.of(asked, answers[key])
        if after is not None:
            inputs: dict[str, Cell] = {
                name_of(after.path_of(code)): weight for code, weight in halved(after).items()
            }
            files[f"{key}, changed"] = changed(data, inputs)
    values = recalculated(list(files.values()), tmp_path_factory.mktemp("office"))
    looked = dict(zip(files, values, strict=True))
    assert sum("changed" in key for key in looked) >= 2
    for key, found in looked.items():
        case = key.split(",")[0]
        assert found.errors() == [], key
        assert found.named("checks_to_look_at") == 0, key
        if "as written" in key:
            assert differing(Values.of(files[key]), found, near=1e-6) == [], key
        after = After.of(questions()[case], answers[case])
        if after is not None:
            weights = halved(after) if "changed" in key else dict(after.found.own.weights)
            assert_follows(found, after, weights)


def halved(after: After) -> dict[str, float]:
    """Give other weights that add up to 1."""
    first, *rest = (code for code, _, _ in after.weights)
    others = {code: after.found.own.weights[code] / 2 for code in rest}
    return {first: 1 - sum(others.values()), **others}


def assert_follows(values: Values, after: After, weights: Mapping[str, float]) -> None:
    """Work the mix, the distance and the count out again, from published figures alone."""
    asked, found = after.question, after.found
    pool, years = panel(asked.measure), all_years()
    mix = sum(weight * pool.values[pool.row(code)] for code, weight in weights.items())
    assert isinstance(mix, np.ndarray)
    until, place = years.index(asked.year) + 1, years.index(found.looked_at.year)
    own = np.array([value or 0.0 for value in found.own.own])
    fit = float(np.sqrt(np.mean((own[:until] - mix[:until]) ** 2)))
    cut = float(np.sqrt(register()["control_placebo_cut"].default))
    most = max(cut * fit, close_fit(asked.measure))
    counted = [each.gap(place) or 0.0 for each in found.others if each.fit <= most]
    gap = own[place] - mix[place]
    expected_count = Counted(as_far(float(gap), counted), len(counted))
    assert values.named("out_gap") == pytest.approx(gap * after.scale, abs=1e-9)
    assert values.named("out_fit") == pytest.approx(fit * after.scale, abs=1e-9)
    assert values.named("out_counted") == expected_count.of
    assert values.named("out_as_far") == expected_count.as_far
    assert values.named("out_rarity") == expected_count.rarity
    assert values.named("out_weights") == pytest.approx(1.0)


def test_where_nothing_can_be_compared_the_workbook_says_why() -> None:
    for asked in questions().values():
        result = what_happened(asked)
        values = Values.of(workbook(asked, result, ON))
        assert values.found("Summary", "The answer as exported") == result.headline
        has_mix = "Mix" in values.book.sheetnames
        assert has_mix == (result.found is not None and result.found.match != "poor")
