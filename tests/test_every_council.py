"""The same offer or plan in every council: each its own answer, whoever works it out."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from retention_lib.cli import main
from retention_lib.elsewhere import offer_in, plan_in
from retention_lib.evaluation import evaluate
from retention_lib.every_council import EveryCouncil, Needs, answer_there, every_council
from retention_lib.figures import councils, figure, label_of_area, leaving_in
from retention_lib.plans import Plan, appraise, spread
from retention_lib.plans.numbers import NoFiguresError, value_of
from retention_lib.plans.plan import Measure
from retention_lib.plans.scaling import scaled
from retention_lib.presets import preset

BONUS = preset("london-yearly-bonus").scenario
YEAR = 2025


def plan_of(**parts: Any) -> Plan:
    measures = [{"kind": "academy"}, {"kind": "golden_hello"}, {"kind": "extra_posts"}]
    given = {"schema": 1, "kind": "invest_to_save", "council": "802", "year": YEAR}
    return Plan.from_dict({**given, "measures": measures, **parts})


@pytest.fixture(scope="module")
def everywhere() -> EveryCouncil:
    with ThreadPoolExecutor(1) as one:
        return every_council(BONUS, one, year=YEAR)


def test_every_council_is_answered_or_named_with_why_it_is_not(everywhere: EveryCouncil) -> None:
    told = [row.name for row in everywhere.rows] + [name for name, _ in everywhere.left_out]
    assert sorted(told) == sorted(label_of_area(area) for area in councils())
    why = dict(everywhere.left_out)
    assert "Dorset" not in why, "there were two of that name"
    assert why["Isles of Scilly"] == "It published no staff or no turnover for 2025."
    assert why["Rutland"] == "It had under 30 full-time equivalent staff."


def test_a_councils_row_is_its_own_answer(everywhere: EveryCouncil) -> None:
    found = leaving_in("802", YEAR)
    assert found is not None
    alone = evaluate(BONUS.but({"groups.0.annual_leaving_rate": found.annual_leaving_rate}), 0)
    row = next(row for row in everywhere.rows if row.code == "802")
    assert (row.npv, row.net) == (alone.npv, alone.net_benefit)
    assert row.needed == alone.break_even_leaving_reduction
    assert row.turnover == found.turnover
    assert row.chance is None


def test_most_back_for_each_pound_comes_first(everywhere: EveryCouncil) -> None:
    backs = [row.for_each_pound for row in everywhere.rows if row.for_each_pound is not None]
    assert len(backs) == len(everywhere.rows)
    assert backs == sorted(backs, reverse=True)
    frame = everywhere.frame()
    ahead = [sum((each.for_each_pound, each.npv) > (row.for_each_pound, row.npv)
                 for each in everywhere.rows) for row in everywhere.rows]  # fmt: skip
    assert list(frame["rank"]) == [number + 1 for number in ahead]
    assert (frame["pays"] == "Yes").sum() == everywhere.paying


def test_equal_figures_share_a_rank_and_the_next_one_counts_all_before_it() -> None:
    rows = tuple(answer_there(BONUS, ["802"], YEAR) * 2 + answer_there(BONUS, ["916"], YEAR))
    found = EveryCouncil(year=YEAR, needs="leaving", rows=rows, left_out=())
    assert list(found.frame()["rank"]) == [1, 1, 3]


def test_none_of_the_draws_is_read_as_under_one_percent_and_stays_a_number_in_a_frame() -> None:
    (row,) = answer_there(BONUS, ["802"], YEAR)
    never = replace(row, chance=0.0)
    found = EveryCouncil(year=YEAR, needs="leaving", rows=(never, row), left_out=())
    assert [each["chance"] for each in found.readable().records()] == ["under 1%", None]
    assert found.frame()["chance"][0] == 0.0


@pytest.mark.parametrize(
    ("needs", "heading", "kind"),
    [
        ("leaving", "Fall in leaving needed", "share"),
        ("joiners", "Extra joiners needed for each who comes anyway", "number"),
        ("effects", "Times its effects needed", "number"),
    ],
)
def test_what_is_needed_is_headed_by_what_it_is_of(needs: Needs, heading: str, kind: str) -> None:
    table = EveryCouncil(year=YEAR, needs=needs, rows=(), left_out=()).table()
    (column,) = [each for each in table.columns if each.key == "needed"]
    assert (column.heading, column.kind) == (heading, kind)


def test_where_more_leave_a_smaller_fall_is_enough(everywhere: EveryCouncil) -> None:
    """With one group and one offer, turnover alone puts the councils in order."""
    rows = sorted(everywhere.rows, key=lambda row: row.turnover)
    needed = [2.0 if row.needed is None else row.needed for row in rows]
    assert needed == sorted(needed, reverse=True)


def test_all_cores_and_a_cluster_give_the_same(everywhere: EveryCouncil) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as cores:
        assert every_council(BONUS, cores, year=YEAR) == everywhere
    distributed = pytest.importorskip("distributed")
    cluster = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.Client(processes=False, **cluster) as client:
        assert every_council(BONUS, client.get_executor(), year=YEAR) == everywhere


def test_the_chance_is_the_answers_own() -> None:
    row = answer_there(BONUS, ["802"], YEAR, 128)[0]
    ranges = evaluate(offer_in(BONUS, "802", YEAR), 128).ranges
    assert ranges is not None
    assert row.chance == ranges.chance_pays
    plan = plan_of(measures=[{"kind": "recognition"}])
    there = answer_there(plan, ["916"], YEAR, 128)[0]
    assert there.chance == spread(plan_in(plan, "916", YEAR), 128).chance_paid_back


def test_an_offer_elsewhere_keeps_its_people_and_its_pay() -> None:
    there = offer_in(BONUS, "802", YEAR)
    assert {path.rsplit(".", 1)[1] for path in there.differences(BONUS)} == {"annual_leaving_rate"}
    assert offer_in(BONUS, "802", 1999) == BONUS


def test_a_plan_at_home_is_itself() -> None:
    plan = plan_of()
    assert plan_in(plan, "802", YEAR) == plan


def test_a_plan_elsewhere_takes_that_councils_service() -> None:
    plan = plan_of(service={"turnover": 0.4, "staff": 100.0, "senior_share": 0.2})
    there = plan_in(plan, "916", YEAR)
    assert value_of(there, "service.turnover") == figure("turnover", "916", YEAR)
    assert there.service.senior_share == 0.2
    times = value_of(there, "service.staff") / 100.0
    assert there.measures[0].money[0] == pytest.approx(plan.measures[0].money[0] * times)


def test_a_plan_elsewhere_is_what_its_own_file_says() -> None:
    """Nothing that was remembered of the plan it came from may live on in it."""
    there = plan_in(plan_of(), "916", YEAR)
    read_again = Plan.from_dict(there.to_dict())
    assert there.digest == read_again.digest
    assert appraise(there) == appraise(read_again)
    assert answer_there(plan_of(), ["916"], YEAR)[0].net == appraise(read_again).net


def test_a_plan_pays_where_its_cash_comes_back() -> None:
    plan = plan_of(measures=[{"kind": "academy"}, {"kind": "agency_to_permanent"}])
    codes = [area.code for area in councils() if figure("in_post", area.code, YEAR)]
    rows = answer_there(plan, codes[::4], YEAR)
    assert all(row.pays == (row.net > 0) for row in rows)
    assert any(row.pays != (row.npv > 0) for row in rows), "or the test could not tell"


def test_without_figures_a_plan_is_refused_in_words() -> None:
    with pytest.raises(NoFiguresError, match="published"):
        plan_in(plan_of(), "420", YEAR)


@pytest.mark.parametrize("times", [0.5, 3.0])
def test_a_service_and_its_plan_of_another_size_come_to_as_many_times_as_much(
    times: float,
) -> None:
    """Nothing in the model hangs on size, so money does not either."""
    staff = value_of(plan_of(), "service.staff")
    plan, larger = (plan_of(service={"staff": staff * size}) for size in (1.0, times))
    larger = larger.model_copy(
        update={"measures": tuple(scaled(each, times) for each in plan.measures)}
    )
    assert appraise(larger).net == pytest.approx(appraise(plan).net * times, rel=1e-9)
    assert appraise(larger).npv == pytest.approx(appraise(plan).npv * times, rel=1e-9)


def test_a_measure_of_another_size_pays_each_person_the_same() -> None:
    bonus = Measure.model_validate({"kind": "retention_payment"})
    larger = scaled(bonus, 2.0)
    assert larger.incentive is not None
    assert bonus.incentive is not None
    assert larger.incentive.eligible == 2 * bonus.incentive.eligible
    assert larger.incentive.scheme == bonus.incentive.scheme
    assert scaled(bonus, 1.0) == bonus


def test_every_council_can_be_asked_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "offer.json"
    file.write_text(BONUS.to_json(), encoding="utf-8")
    assert main(["every-council", str(file), "--year", str(YEAR), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["year"] == YEAR
    assert len(found["rows"]) + len(found["left_out"]) == len(councils())
    assert main(["every-council", str(file), "--year", str(YEAR)]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"It pays for itself in {found['paying']} of {len(found['rows'])}")
    assert f"Left out: {found['left_out'][0]['name']}." in said


@pytest.mark.parametrize(
    ("options", "given", "said"),
    [
        (["--draws", "-1"], BONUS.to_dict(), "--draws is -1. It must be 0 or more."),
        ([], {"schema": 1, "kind": "benchmark", "council": "806"}, "It must be incentive"),
        (["--year", "1999"], BONUS.to_dict(), "1999"),
    ],
)
def test_what_cannot_be_asked_of_every_council_is_refused_in_words(
    options: list[str],
    given: dict[str, Any],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "asked.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    assert main(["every-council", str(file), *options]) == 2
    assert said in capsys.readouterr().err
