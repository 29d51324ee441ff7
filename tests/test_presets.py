"""Real councils' offers to start from: every figure is given by a source, or ours and says so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from retention_lib import Scenario, ScenarioError, evaluate
from retention_lib.assumptions import register
from retention_lib.documents import leaves
from retention_lib.evidence import studies
from retention_lib.figures import leaving_in
from retention_lib.origins import CaseError
from retention_lib.paths import DATA
from retention_lib.presets import FIRST, preset, presets, read_preset
from retention_lib.rates import annual_chance_from_turnover

IDS = [each.id for each in presets()]
TURNOVER = re.compile(r"turnover of ([\d.]+)%")


def test_middlesbrough_comes_first_and_its_68_of_82_signed_up() -> None:
    assert presets()[0] is preset(FIRST)
    found = evaluate(preset(FIRST).scenario)
    assert found.people_paid == pytest.approx(68, abs=0.001)
    assert preset(FIRST).scenario.at("groups.0.headcount") == 82


def test_middlesbroughs_4706_to_6695_are_15_percent_of_salaries_around_ours() -> None:
    scenario = preset(FIRST).scenario
    lowest, highest = 4_706 / 0.15, 6_695 / 0.15
    assert scenario.at("groups.0.salary") == round((lowest + highest) / 2)
    each = scenario.at("groups.0.salary") * scenario.at("scheme.amount.percent_of_salary") / 100
    assert 4_706 <= each <= 6_695


@pytest.mark.parametrize("key", IDS)
def test_a_preset_has_a_finite_answer_and_comes_back_from_json_and_from_a_link(key: str) -> None:
    scenario = preset(key).scenario
    assert json.dumps(evaluate(scenario).to_dict(), allow_nan=False)
    assert Scenario.from_json(scenario.to_json()) == scenario
    assert Scenario.from_link(scenario.to_link()) == scenario
    assert scenario.case.preset == key
    assert evaluate(scenario).changes == ()


@pytest.mark.parametrize("key", IDS)
def test_every_figure_that_moves_a_presets_answer_is_given_or_ours(key: str) -> None:
    case = preset(key)
    assert case.given
    assert case.ours
    assert not case.given.keys() & case.ours.keys()
    assert all(words.strip() for words in (*case.given.values(), *case.ours.values()))
    for path, value in leaves(case.scenario.to_dict()):
        if isinstance(value, (int, float)) and path.startswith(("groups", "scheme", "effect")):
            from_register = path in {"effect.extra_hires", "effect.after_months"} and value == 0
            assert case.origin(path) or from_register, path


@pytest.mark.parametrize("key", IDS)
def test_a_figure_that_says_it_is_the_registers_is_the_registers(key: str) -> None:
    case = preset(key)
    for path, words in case.ours.items():
        row = register().behind(path)
        if row is not None and "register's central value" in words:
            assert case.scenario.at(path) == row.central, path
        if row is not None and "register's low value" in words:
            assert case.scenario.at(path) == row.low, path


@pytest.mark.parametrize("key", IDS)
def test_the_turnover_behind_a_preset_is_the_published_one_turned_into_a_chance(key: str) -> None:
    scenario = preset(key).scenario
    code, year = scenario.case.council, scenario.case.year
    if code is None or year is None:
        assert key == "hard-pressed-team"
        return
    figure = leaving_in(code, year)
    assert figure is not None
    assert scenario.groups[0].annual_leaving_rate == figure.annual_leaving_rate
    said = TURNOVER.search(preset(key).given["groups.0.annual_leaving_rate"])
    assert said is not None
    assert float(said[1]) / 100 == pytest.approx(figure.turnover)
    for other in scenario.not_offered:
        assert other.annual_leaving_rate == figure.annual_leaving_rate


def test_the_hard_pressed_team_loses_35_percent_and_the_others_what_england_does() -> None:
    scenario = preset("hard-pressed-team").scenario
    team = float(annual_chance_from_turnover(0.35))
    assert scenario.groups[0].annual_leaving_rate == pytest.approx(team, abs=1e-6)
    england = leaving_in("E92000001", 2025)
    assert england is not None
    assert scenario.not_offered[0].annual_leaving_rate == england.annual_leaving_rate


def test_torbays_two_ways_cost_the_same_sum_to_a_pound() -> None:
    costs = {evaluate(preset(key).scenario).net_cost for key in IDS if key.startswith("torbay")}
    assert sorted(costs) == pytest.approx([44_000, 44_000], abs=1)


def test_devon_is_london_but_for_the_effect() -> None:
    london, devon = preset("london-yearly-bonus").scenario, preset("devon-no-effect").scenario
    assert london.differences(devon) == ("effect.leaving_reduction",)
    assert devon.effect.leaving_reduction == 0
    found = evaluate(devon)
    assert found.net_benefit == pytest.approx(-found.net_cost)


def test_effects_that_follow_from_a_payment_are_worked_out_right() -> None:
    """At the central response to pay; London's at the largest effect of an English study."""
    central = register()["pay_elasticity"].default
    for key, tolerance in (
        ("middlesbrough-2019", 0.0005), ("torbay-same-sum-as-bonuses", 0.0001),
        ("plymouth-registration-fee", 0.0001), ("hard-pressed-team", 0.0005),
    ):  # fmt: skip
        found = evaluate(preset(key).scenario)
        assert found.relative_fall == pytest.approx(
            central * found.yearly_payment_share, abs=tolerance
        ), key
    london = evaluate(preset("london-yearly-bonus").scenario)
    sims = next(each for each in studies() if each.id == "sims_benhenda_2022")
    assert sims.effect is not None
    assert sims.payment_share_of_salary is not None
    elasticity = sims.effect / sims.payment_share_of_salary
    assert london.relative_fall == pytest.approx(elasticity * london.yearly_payment_share, abs=5e-4)


def test_a_note_on_a_whole_part_stands_for_every_figure_in_it() -> None:
    case = preset(FIRST)
    assert case.origin("scheme.instalments.0.month") == ("A one-off payment", True)
    assert case.origin("leaver_cost") == ("Not in the source. The register's central value", False)
    assert case.origin("scheme.kind") is None


def test_nothing_is_paid_where_there_is_no_scheme() -> None:
    found = evaluate(preset("no-scheme").scenario)
    assert (found.net_cost, found.saving, found.net_benefit) == (0, 0, 0)


def test_an_unknown_preset_is_named_beside_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"No preset 'york'; there are \['middlesbrough-2019'"):
        preset("york")


def test_a_preset_with_an_unexplained_figure_or_an_idle_note_is_refused(tmp_path: Path) -> None:
    text = (DATA / "presets" / "02-no-scheme.toml").read_text(encoding="utf-8")
    file = tmp_path / "case.toml"
    note = '"groups.0.headcount" = "A middling service. Put in your own"\n'
    assert note in text
    file.write_text(text.replace(note, ""), encoding="utf-8")
    with pytest.raises(CaseError, match=r"without a source or a reason: \['groups\.0\.headcount"):
        read_preset(file)
    file.write_text(text + '"vacancy.months" = "Nine"\n', encoding="utf-8")
    with pytest.raises(CaseError, match=r"figures that are not there: \['vacancy\.months'\]"):
        read_preset(file)
    file.write_text(text.replace("headcount = 80", "headcount = -80"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"groups\.0\.headcount is -80"):
        read_preset(file)
