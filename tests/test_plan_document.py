"""A plan as a document: what it takes, what it refuses and how it says so, what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib.answering import answer_file
from retention_lib.cli import main
from retention_lib.plans import Plan, appraise
from retention_lib.plans.adding import fresh, with_measures
from retention_lib.plans.cases import cases
from retention_lib.plans.catalogue import OWN, catalogue
from retention_lib.plans.differences import changes
from retention_lib.plans.result import PlanResult
from retention_lib.problems import ScenarioError

PLAIN: dict[str, Any] = {"schema": 1, "kind": "invest_to_save", "council": "802"}
LEAVING = {"on": "leaving"}
KINDS = (*catalogue(), OWN)

shares = st.floats(0, 1)
money = st.floats(0, 1e9)


def plan_with(**given: Any) -> Plan:
    """Make a plan of North Somerset's."""
    return Plan.from_dict({**PLAIN, **given})


@st.composite
def effects(draw: st.DrawFn) -> dict[str, Any]:
    """Make an effect that is possible, its ends in order."""
    on = draw(st.sampled_from(["leaving", "demand", "posts", "recruits", "capacity"]))
    most = 1.0 if on in {"leaving", "demand", "capacity"} else 100.0
    ends = sorted(draw(st.lists(st.floats(0, most), min_size=3, max_size=3)))
    made = {"on": on, "low": ends[0], "central": ends[1], "high": ends[2]}
    if on == "recruits":
        made["route"] = draw(st.sampled_from(["newly_qualified", "experienced", "overseas"]))
        made["once"] = draw(st.booleans())
    if on == "leaving":
        made["bands"] = draw(st.sampled_from([[], ["senior"], ["social_worker", "senior"]]))
    return {**made, "lag": draw(st.integers(0, 48))}


@st.composite
def measures(draw: st.DrawFn) -> dict[str, Any]:
    """Make a measure: of the catalogue as it is, or with everything set."""
    kind = draw(st.sampled_from(KINDS))
    if draw(st.booleans()):
        return {"kind": kind}
    start = draw(st.integers(0, 47))
    return {
        "kind": kind,
        "name": draw(st.text(max_size=30)),
        "start": start,
        **draw(st.sampled_from([{}, {"end": 48}])),
        "ramp": draw(st.integers(0, 48)),
        "money": draw(st.lists(st.floats(-1e6, 1e6), max_size=4)),
        "one_off": draw(st.booleans()),
        "capital": draw(st.booleans()),
        "funded_by": draw(st.sampled_from(["council", "elsewhere"])),
        "per_staff_year": draw(money),
        "staff_share": draw(shares),
        "per_recruit": draw(money),
        "protected_months": draw(st.integers(0, 48)),
        "effects": draw(st.lists(effects(), max_size=3)),
    }


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """Make a plan with any of its fields set."""
    optional: dict[str, st.SearchStrategy[Any]] = {
        "name": st.text(max_size=40),
        "year": st.sampled_from([2019, 2023, 2025]),
        "service": st.fixed_dictionaries(
            {},
            optional={
                "staff": st.floats(1, 5000),
                "turnover": shares,
                "caseload": st.floats(1, 50),
            },
        ),
        "baseline": st.fixed_dictionaries(
            {},
            optional={
                "kind": st.sampled_from(["mean_reverting", "flat", "national_trend"]),
                "towards": st.sampled_from(["england", "region", "neighbours_2025"]),
                "turnover_persistence": shares,
            },
        ),
        "prices": st.fixed_dictionaries(
            {}, optional={"cpi": st.lists(st.floats(-0.5, 1), max_size=4)}
        ),
        "staffing_budget": money,
        "measures": st.lists(measures(), max_size=4),
        "seed": st.integers(0, 1000),
    }
    return {**PLAIN, **draw(st.fixed_dictionaries({}, optional=optional))}


@given(plans())
@settings(max_examples=150)
def test_every_field_comes_back_from_a_file_and_from_a_link(given: dict[str, Any]) -> None:
    plan = Plan.from_dict(given)
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_link(plan.to_link()) == plan
    assert Plan.from_dict(plan.to_dict()).digest == plan.digest


@given(plans())
@settings(max_examples=40, deadline=None)
def test_whatever_is_possible_is_answered_and_adds_up(given: dict[str, Any]) -> None:
    result = appraise(Plan.from_dict(given))
    assert all(check.passed for check in result.checks)
    assert result.net == pytest.approx(result.saving - result.investment, abs=1e-3, rel=1e-9)
    json.dumps(result.to_dict(), allow_nan=False)


def test_what_a_file_leaves_out_is_filled() -> None:
    plan = plan_with(measures=[{"kind": "recognition"}])
    assert plan.year == 2025
    assert plan.baseline.kind == "mean_reverting"
    assert plan.baseline.turnover_persistence == 0.35
    assert plan.measures[0].money == (44_000,) * 4
    assert plan.measures[0].name == "Recognition programme"
    assert plan.service.staff is None, "the council's published figure, looked up when it is asked"


@pytest.mark.parametrize(
    ("given", "path", "right"),
    [
        ({"council": "000"}, "council", "000"),
        ({"year": 1999}, "year", "2017 to 2025"),
        ({"service": {"turnover": 1.2}}, "service.turnover", "from 0 to 1"),
        ({"service": {"staff": float("nan")}}, "service.staff", ""),
        ({"service": {"staff": 6000}}, "service.staff", "5,000 or less"),
        ({"service": {"staf": 60}}, "service.staf", "no such field"),
        ({"service": {"newly_qualified_share": 0.7, "senior_share": 0.5}}, "service", "above 1"),
        ({"measures": [{"kind": "golden_helo"}]}, "measures.0", "golden_hello"),
        ({"measures": [{"money": [1, 2, 3, 4, 5]}]}, "measures.0.money", ""),
        ({"measures": [{"start": 12, "end": 6}]}, "measures.0", "end after it starts"),
        (
            {
                "measures": [
                    {"effects": [{"on": "leaving", "low": 0.3, "central": 0.1, "high": 0.5}]}
                ]
            },
            "measures.0.effects.0",
            "in that order",
        ),
        (
            {"measures": [{"effects": [{"on": "leaving", "low": 0, "central": 5, "high": 5}]}]},
            "measures.0.effects.0",
            "share",
        ),
        (
            {"measures": [{"effects": [{"on": "recruits", "low": 0, "central": 1, "high": 2}]}]},
            "measures.0.effects.0",
            "route",
        ),
        (
            {"measures": [{"effects": [{"on": "capacity", "low": -1, "central": 0, "high": 0}]}]},
            "measures.0.effects.0",
            "nobody would have any time",
        ),
        ({"prices": {"cpi": [0.02, "2%"]}}, "prices.cpi.1", "number"),
        ({"schema": 2}, "schema", "schema 1"),
        ({"reasons": {"service.staff": "Ours."}}, "reasons", "set"),
    ],
)
def test_what_cannot_be_is_refused_by_field_value_and_what_would_be_right(
    given: dict[str, Any], path: str, right: str
) -> None:
    with pytest.raises(ScenarioError) as refused:
        plan_with(**given)
    assert any(problem.path.startswith(path) for problem in refused.value.problems)
    assert right in str(refused.value)


def test_a_link_carries_no_reasons() -> None:
    plan = plan_with(service={"turnover": 0.2}, reasons={"service.turnover": "Our own count"})
    assert plan.reasons
    assert not Plan.from_link(plan.to_link()).reasons


@pytest.mark.parametrize("kind", KINDS)
def test_a_measure_put_in_and_taken_out_leaves_the_plan_as_it_was(kind: str) -> None:
    plan = cases()[0].plan
    here = [(measure.kind, place) for place, measure in enumerate(plan.measures)]
    more = with_measures(plan, [*here, (kind, None)])
    assert more.measures[-1] == fresh(plan, kind)
    assert any(change.now == "added" for change in changes(more))
    places = [(measure.kind, place) for place, measure in enumerate(more.measures)]
    assert with_measures(more, places[:-1]) == plan


def test_reasons_move_along_with_their_measures() -> None:
    plan = plan_with(measures=[{"kind": "recognition"}, {"kind": "academy"}])
    plan = plan.but({"measures.1.money": [1.0] * 4}).with_reasons({"measures.1.money.0": "Quote"})
    moved = with_measures(plan, [("academy", 1)])
    assert moved.reasons == {"measures.0.money.0": "Quote"}
    gone = with_measures(plan, [("recognition", 0)])
    assert gone.reasons == {}


def test_command_line_file_and_python_give_the_same_pound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = cases()[0].plan
    file = tmp_path / "plan.json"
    file.write_text(plan.to_json(), encoding="utf-8")
    assert main(["run", str(file), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    answered = answer_file(file)
    assert isinstance(answered, PlanResult)
    assert printed == json.loads(json.dumps(answered.to_dict()))
    assert printed["net"] == appraise(plan).net
    assert printed["ranges"]["draws"] == 2_048


def test_a_file_that_is_wrong_is_answered_in_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({**PLAIN, "year": 2017, "council": "942"}), encoding="utf-8")
    assert main(["run", str(file)]) == 2
    assert "has no published staff for 2017" in capsys.readouterr().err
    file.write_text(json.dumps({**PLAIN, "measures": [{"kind": 3}]}), encoding="utf-8")
    assert main(["run", str(file)]) == 2
    assert "measures.0.kind" in capsys.readouterr().err
