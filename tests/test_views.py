"""The page without a browser: what it does with what a browser would send, and what it draws."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from retention_lib import sensitivity
from retention_lib.assumptions import register
from retention_lib.evaluation import evaluate, with_ranges
from retention_lib.outputs.facts import facts_of
from retention_lib.presets import preset, presets
from retention_lib.results import IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.views import incentives_page, markup, refining
from retention_lib.views.incentives_form import sections, shown_numbers
from retention_lib.views.incentives_page import IncentivesPage
from retention_lib.views.widgets import Refining, guarded
from tests.visitors import PageVisitor, at_rest, parts, shown

FIRST = "middlesbrough-2019"
OF_PLANS = {"service", "baseline", "pay", "targets"}  # sections of the four-year plan's form
PEOPLE = "groups.0.headcount"
SHARE = "scheme.take_up"
NASTY = '<img src=x onerror="alert(1)"> & </text>'


class Visitor(PageVisitor[IncentivesPage, Scenario]):
    """A visitor of the incentives page."""

    def __init__(self, start: Scenario | None = None) -> None:
        super().__init__(IncentivesPage(start))
        self.progress = next(parts(self.page, Refining))

    def agrees(self) -> None:
        """What is shown is what the library answers, with its ranges once they are there."""
        result = evaluate(self.scenario, sensitivity.DRAWS if self.page._has_ranges else 0)
        assert self.answer.headline == result.headline
        facts = facts_of(result)
        assert self.answer.html == markup.answer_html(result.sentences, facts)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def test_page_begins_with_the_first_case(visitor: Visitor) -> None:
    assert visitor.scenario == preset(FIRST).scenario
    assert visitor.levers.changed == []
    visitor.agrees()


@pytest.mark.parametrize("case", presets(), ids=lambda case: str(case.id))
def test_every_case_can_be_chosen(visitor: Visitor, case: Any) -> None:
    visitor.set("case.preset", "no-scheme" if case.id == FIRST else FIRST)
    visitor.set("case.preset", case.id)
    assert visitor.scenario == case.scenario
    assert visitor.levers.changed == []
    visitor.agrees()


@pytest.mark.parametrize("case", presets(), ids=lambda case: str(case.id))
def test_every_number_on_the_form_can_be_moved_to_either_end(case: Any) -> None:
    visitor = Visitor(case.scenario)
    for row, path in shown_numbers(case.scenario):
        assert row.slider is not None
        for end in (row.slider.min, row.slider.max):
            visitor.set(path, row.unit.to_screen(end))
            assert visitor.levers.problems == {}
            assert visitor.scenario.at(path) == pytest.approx(end)
            visitor.agrees()
        visitor.set(path, row.unit.to_screen(case.scenario.at(path)))
    assert visitor.scenario == case.scenario


@pytest.mark.parametrize("case", presets(), ids=lambda case: str(case.id))
def test_every_choice_can_be_made(case: Any) -> None:
    fields = [
        field for section in Visitor(case.scenario).levers.sections for field in section["fields"]
    ]
    choices = [field for field in fields if field["kind"] == "choice"]
    assert len(choices) >= 5
    for field in choices:
        for option in field["options"]:
            visitor = Visitor(case.scenario)
            visitor.set(field["path"], option["value"])
            assert visitor.levers.values[field["path"]] == option["value"]
            assert visitor.levers.problems == {}
            visitor.agrees()


@pytest.mark.parametrize(("way", "months"), [("end", [24]), ("halves", [0, 24]), ("start", [0])])
def test_payment_at_the_end_of_the_tie_in_moves_with_it(
    visitor: Visitor, way: str, months: list[int]
) -> None:
    visitor.set("choose.instalments", way)
    drawn = visitor.levers.sections
    for tie_in in (35, 12, 0, 24):
        visitor.set("scheme.tie_in_months", tie_in)
        assert visitor.levers.values["choose.instalments"] == way
        assert max(each.month for each in visitor.scenario.scheme.instalments) in {0, tie_in}
    assert visitor.levers.sections is drawn
    assert [each.month for each in visitor.scenario.scheme.instalments] == months
    visitor.agrees()


@pytest.mark.parametrize("tie_in", [0, 12])
def test_way_of_paying_that_was_offered_before_the_tie_in_moved_can_still_be_chosen(
    visitor: Visitor, tie_in: int
) -> None:
    offered = next(
        field["options"]
        for section in visitor.levers.sections
        for field in section["fields"]
        if field["path"] == "choose.instalments"
    )
    visitor.set("scheme.tie_in_months", tie_in)
    for option in offered:
        visitor.set("choose.instalments", option["value"])
        visitor.agrees()
    assert "Something went wrong" not in visitor.reads()


def test_number_that_a_choice_also_sets_stays_as_it_was_moved() -> None:
    visitor = Visitor(preset("flat-golden-hello").scenario)
    drawn = visitor.levers.sections
    visitor.set("scheme.oncost_rate", 20)
    assert visitor.levers.sections is drawn, "the form was drawn anew under a hand that moves it"
    visitor.set(PEOPLE, 30)
    assert visitor.scenario.scheme.oncost_rate == 0.2
    visitor.set("choose.pension", "yes")
    assert visitor.scenario.scheme.oncost_rate > 0.3
    visitor.agrees()


def test_form_has_every_number_that_the_register_puts_on_it() -> None:
    shown = {row.id for each in presets() for row, _ in shown_numbers(each.scenario)}
    parts_of_costs = preset(FIRST).scenario.but({"leaver_cost": "from_parts"})
    follows = {"effect.leaving_reduction": None, "effect.pay_elasticity": 0.7}
    flat = {"scheme.amount": {"flat": 3000}}
    for scenario in (parts_of_costs, parts_of_costs.but(follows), parts_of_costs.but(flat)):
        shown |= {row.id for row, _ in shown_numbers(scenario)}
    theirs = {row.id for row in register().on_forms() if row.section not in OF_PLANS}
    assert theirs <= shown


@pytest.mark.parametrize("case", presets(), ids=lambda case: str(case.id))
def test_first_part_of_the_form_has_at_most_eight_numbers(case: Any) -> None:
    first, *others = sections(case.scenario, case.scenario, case)
    assert 4 <= len(first["fields"]) <= 8
    assert all(section["title"] for section in others)


def test_only_the_open_tables_are_written(visitor: Visitor) -> None:
    years = visitor.pictures["years"]
    assert years.table == ""
    years.table_open = True
    before = years.table
    assert "<table" in before
    visitor.set(PEOPLE, 120)
    assert years.table != before


def test_picture_is_drawn_anew_for_its_width(visitor: Visitor) -> None:
    visitor.pictures["years"].width = 300
    assert 'viewBox="0 0 300 ' in visitor.pictures["years"].svg


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (SHARE, 140, "140% is not possible. It must be 100% or less."),
        (SHARE, -1, "-1% is not possible. It must be 0% or more."),
        ("scheme.tie_in_months", 36.5, "36.5 months is not possible."),
        ("appraisal.months", 5000, "1,200 months or less"),
    ],
)
def test_what_cannot_be_is_answered_beside_its_field(
    visitor: Visitor, path: str, value: float, words: str
) -> None:
    visitor.set(path, value)
    assert words in visitor.levers.problems[path]
    assert visitor.scenario == preset(FIRST).scenario
    # Another field still works, the wrong one is still told, and goes when it is put right.
    visitor.set(PEOPLE, 100)
    assert visitor.scenario.at(PEOPLE) == 100
    assert list(visitor.levers.problems) == [path]
    visitor.agrees()
    visitor.set(path, 12)
    assert visitor.levers.problems == {}


def test_change_is_told_with_its_reason_and_both_go_when_it_is_put_back(visitor: Visitor) -> None:
    visitor.set("leaver_cost", 25000)
    assert visitor.levers.changed == ["leaver_cost"]
    visitor.levers.reasons = {"leaver_cost": f"Ours {NASTY}"}
    assert visitor.page.scenario.reasons == {"leaver_cost": f"Ours {NASTY}"}
    assert "1 thing differs from the case" in visitor.reads()
    assert "<img" not in visitor.reads()
    assert visitor.scenario.reasons == {}
    visitor.set("leaver_cost", 20000)
    assert visitor.levers.changed == []
    assert visitor.page.scenario == preset(FIRST).scenario
    assert "Nothing differs from the case" in visitor.reads()


@pytest.mark.parametrize(
    ("path", "value", "choice", "way"),
    [
        ("effect.leaving_reduction", 6, "choose.effect", "pay"),
        ("scheme.amount.percent_of_salary", 16, "choose.amount", "flat"),
    ],
)
def test_reason_for_a_number_does_not_keep_another_way_from_being_chosen(
    visitor: Visitor, path: str, value: float, choice: str, way: str
) -> None:
    visitor.set(path, value)
    visitor.levers.reasons = {path: "Ours"}
    visitor.set(choice, way)
    assert visitor.levers.problems == {}
    assert visitor.scenario.at(path) is None
    assert visitor.page.scenario.reasons == {}
    visitor.agrees()


def test_link_that_the_page_was_opened_with_is_followed(visitor: Visitor) -> None:
    scenario = preset("flat-golden-hello").scenario.but({PEOPLE: 33.0})
    assert not visitor.take_away.follows
    visitor.take_away.arrived = scenario.to_link()
    assert visitor.scenario == scenario
    assert visitor.take_away.follows
    visitor.agrees()


@pytest.mark.parametrize("query", ["s=abc", "s=eNqFVEuP2jAQ", "s=%00", "s=0"])
def test_link_that_cannot_be_read_is_told_and_the_first_case_stays(
    visitor: Visitor, query: str
) -> None:
    visitor.take_away.arrived = query
    assert visitor.scenario == preset(FIRST).scenario
    assert "This link cannot be read" in visitor.reads()
    visitor.agrees()


def test_list_of_inputs_gives_the_reason_typed_last_and_no_refused_value(
    visitor: Visitor,
) -> None:
    visitor.set("leaver_cost", 25000)
    visitor.levers.reasons = {"leaver_cost": "Our own costing"}
    assert "Changed from £20,000. Our own costing" in visitor.page._inputs.html
    visitor.set("scheme.take_up", 140)
    visitor.set("leaver_cost", 26000)
    assert ">140%</td>" not in visitor.page._inputs.html
    assert ">82.9%</td>" in visitor.page._inputs.html


def test_case_that_does_not_exist_is_told(visitor: Visitor) -> None:
    visitor.take_away.arrived = "case=none-such"
    assert visitor.scenario == preset(FIRST).scenario
    assert "There is no case called none-such" in visitor.reads()


def test_saved_scenario_opens_again_with_its_reasons(visitor: Visitor) -> None:
    saved = preset("hard-pressed-team").scenario.but({"leaver_cost": 30000})
    saved = saved.with_reasons({"leaver_cost": "Our own costing"})
    visitor.open_file(saved.to_json())
    assert visitor.page.scenario == saved
    assert visitor.levers.reasons == {"leaver_cost": "Our own costing"}
    assert "Something went wrong" not in visitor.reads()
    visitor.open_file("{")
    assert visitor.page.scenario == saved
    assert "This file cannot be opened" in visitor.reads()


def test_first_year_takes_the_on_costs_of_its_law_along(visitor: Visitor) -> None:
    assert visitor.scenario.scheme.oncost_rate == 0.143
    visitor.set("choose.first_year", "2026")
    assert visitor.scenario.scheme.oncost_rate == pytest.approx(0.155)


def test_source_follows_the_figure_that_a_council_published(visitor: Visitor) -> None:
    visitor.set("case.council", "383")
    field = next(
        field
        for section in visitor.levers.sections
        for field in section["fields"]
        if field["path"] == "groups.0.annual_leaving_rate"
    )
    assert "Leeds" in field["source"]
    assert "Only leaving is from the figures chosen" in visitor.reads()


def test_hostile_names_are_shown_as_words() -> None:
    given: dict[str, Any] = preset(FIRST).scenario.to_dict()
    given["groups"] = [{**given["groups"][0], "name": f"{NASTY} {i}"} for i in range(2)]
    given["not_offered"][0]["name"] = NASTY
    given["name"] = NASTY
    given["case"] = {"preset": NASTY, "council": NASTY}
    visitor = Visitor(Scenario.from_dict(given))
    for picture in visitor.pictures.values():
        picture.table_open = True
        assert "<img" not in picture.svg + picture.table
    assert "&lt;img" in visitor.pictures["fairness"].table
    assert "<img" not in visitor.answer.html + visitor.reads()


def test_failure_is_told_and_logged_and_never_swallowed(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    seen: list[int] = []

    def halve(number: int) -> None:
        seen.append(8 // number)

    called = guarded(halve, told.append)
    called(4)
    assert (seen, told) == ([2], [])
    with caplog.at_level(logging.ERROR, logger="retention"):
        called(0)
    assert "our fault" in told[0]
    assert "ZeroDivisionError" in caplog.text


def test_failure_while_moving_is_told_on_the_page(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = visitor.answer.html

    def broken(*_: object) -> None:
        raise ArithmeticError("pounds do not add up")

    monkeypatch.setattr(incentives_page, "evaluate", broken)
    visitor.set(PEOPLE, 100)
    assert 'role="alert"' in visitor.reads()
    assert "Something went wrong" in visitor.reads()
    assert visitor.answer.html == before
    monkeypatch.undo()
    visitor.set(PEOPLE, 101)
    visitor.agrees()


@pytest.mark.parametrize("came_from", [None, "nobody's case"])
def test_scenario_of_no_case_stands_as_itself(came_from: str | None) -> None:
    given = preset(FIRST).scenario.but({"case.preset": came_from, "name": "Closing a gap"})
    visitor = Visitor(given)
    options = visitor.page._case.sections[0]["fields"][0]["options"]
    assert options[0] == {"value": "", "label": "Not one of our cases"}
    assert visitor.page._case.values["case.preset"] == ""
    assert "Closing a gap" in visitor.page._about.html
    assert visitor.page._differs.html == ""
    visitor.page._case.values = {**visitor.page._case.values, "case.preset": FIRST}
    assert visitor.page.scenario == preset(FIRST).scenario


# The ranges behind the answer


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin to work the ranges out at once, of few draws."""
    monkeypatch.setattr(refining, "_AT_REST", 0.0)
    monkeypatch.setattr(incentives_page, "DRAWS", 256)
    monkeypatch.setattr(sensitivity, "DRAWS", 256)


def by_address(visitor: Visitor) -> None:
    visitor.take_away.arrived = "-"


def by_its_place(visitor: Visitor) -> None:
    visitor.progress._handle_custom_msg({"want": "seen"}, [])


def test_page_that_nobody_has_opened_works_no_ranges_out() -> None:
    async def visit() -> None:
        visitor = Visitor()
        visitor.set(PEOPLE, 100)
        await asyncio.sleep(0)
        assert visitor.page._refiner._task is None
        assert (visitor.progress.running, visitor.progress.said) == (False, "")

    asyncio.run(visit())


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("come", [by_address, by_its_place])
def test_point_answer_comes_first_and_its_ranges_follow(come: Callable[[Visitor], None]) -> None:
    async def visit() -> None:
        visitor = Visitor()
        come(visitor)
        picture = visitor.pictures["ranges"]
        size = picture.svg.split('viewBox="')[1].split('"')[0]
        assert visitor.progress.running
        assert "chance that it pays" not in visitor.answer.html
        assert "follow a moment after" in picture.reading
        visitor.agrees()  # without ranges
        await at_rest(visitor.page)
        assert "chance that it pays for itself is" in visitor.answer.html
        assert "equally likely outcomes" in picture.reading
        assert picture.svg.count("<circle") == 20
        assert f'viewBox="{size}"' in picture.svg, "the picture is as large as its place was"
        assert "net, 8 times in 10" in visitor.pictures["years"].svg
        assert not visitor.progress.running
        assert visitor.progress.said.startswith("Ranges of")
        visitor.agrees()
        # A move begins anew, from the point answer.
        visitor.set(PEOPLE, 100)
        assert (visitor.progress.running, visitor.progress.done) == (True, 0)
        assert not visitor.page._has_ranges
        await at_rest(visitor.page)
        assert picture.svg.count("<circle") == 20
        visitor.agrees()

    asyncio.run(visit())


@pytest.mark.parametrize("key", [each.id for each in presets()])
def test_pictures_and_tables_that_have_no_ranges_do_not_change_with_them(key: str) -> None:
    scenario = preset(key).scenario
    plain, ranged = evaluate(scenario, 0), evaluate(scenario, 64)
    for name, draw in incentives_page._CHARTS.items():
        before, after = draw(scenario, plain, 600), draw(scenario, ranged, 600)
        assert before == after or name in incentives_page._WITH_RANGES
    for name in incentives_page._TABLES:
        assert plain.table(name) == ranged.table(name)


@pytest.mark.skipif(sys.platform != "linux", reason="only there can one thread give way")
@pytest.mark.usefixtures("quick")
def test_ranges_are_drawn_by_a_thread_that_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    priorities: list[int] = []

    def drawn(scenario: Scenario, plain: IncentiveResult, draws: int) -> IncentiveResult:
        priorities.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return with_ranges(scenario, plain, draws)

    async def visit() -> None:
        visitor = Visitor()
        by_address(visitor)
        await at_rest(visitor.page)

    monkeypatch.setattr(incentives_page, "with_ranges", drawn)
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    asyncio.run(visit())
    assert priorities == [max(ours, refining._NICENESS)]
    assert os.getpriority(os.PRIO_PROCESS, 0) == ours


@pytest.mark.usefixtures("quick")
def test_work_on_an_older_scenario_is_ended_by_a_move_and_by_the_stop_button() -> None:
    async def visit() -> None:
        visitor = Visitor()
        by_address(visitor)
        before = visitor.page._refiner._task
        for people in (100, 101, 102):
            visitor.set(PEOPLE, people)
        await at_rest(visitor.page)
        assert before is not None
        assert before.cancelled()
        assert visitor.scenario.at(PEOPLE) == 102
        assert visitor.page._has_ranges
        visitor.set(PEOPLE, 103)
        visitor.progress._handle_custom_msg({"want": "stop"}, [])
        assert visitor.progress.said == "Stopped. The answer has no ranges."
        await asyncio.sleep(0.05)
        assert not visitor.page._has_ranges
        visitor.progress._handle_custom_msg({"want": "go"}, [])
        await at_rest(visitor.page)
        assert visitor.page._has_ranges
        visitor.agrees()
        # A press that comes too late takes nothing away.
        visitor.progress._handle_custom_msg({"want": "stop"}, [])
        assert visitor.progress.said.startswith("Ranges of")
        visitor.agrees()

    asyncio.run(visit())


@pytest.mark.usefixtures("quick")
def test_reason_keeps_the_ranges_and_older_ranges_are_not_put_in() -> None:
    async def visit() -> None:
        visitor = Visitor()
        by_address(visitor)
        visitor.set("leaver_cost", 25000)
        await at_rest(visitor.page)
        visitor.levers.reasons = {"leaver_cost": "Ours"}
        assert visitor.page._has_ranges
        await shown(visitor.page)
        visitor.agrees()
        older = visitor.page.scenario
        visitor.set("leaver_cost", 26000)
        visitor.page._refined(older, [evaluate(older, 256)])
        assert not visitor.page._has_ranges
        await shown(visitor.page)
        visitor.agrees()

    asyncio.run(visit())


@pytest.mark.usefixtures("quick")
def test_answer_that_is_worked_out_too_late_is_not_shown() -> None:
    async def visit() -> None:
        visitor = Visitor()
        by_address(visitor)
        older = visitor.page.scenario
        visitor.set("leaver_cost", 26000)
        await at_rest(visitor.page)
        visitor.page._prepare(older, evaluate(older, 0).break_even)
        visitor.open_tables()
        await shown(visitor.page)
        visitor.agrees()

    asyncio.run(visit())


@pytest.mark.usefixtures("quick")
def test_nothing_paid_has_no_ranges_to_work_out() -> None:
    async def visit() -> None:
        visitor = Visitor(preset("no-scheme").scenario)
        by_address(visitor)
        assert visitor.page._refiner._task is None
        assert (visitor.progress.running, visitor.progress.said) == (False, "")
        assert visitor.pictures["ranges"].svg == ""

    asyncio.run(visit())


@pytest.mark.usefixtures("quick")
def test_failure_in_the_ranges_is_told_and_the_answer_stays(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def visit() -> None:
        visitor = Visitor()
        by_address(visitor)
        before = visitor.answer.html

        def broken(*_: object) -> None:
            raise ArithmeticError("draws do not add up")

        monkeypatch.setattr(incentives_page, "with_ranges", broken)
        await at_rest(visitor.page)
        assert "our fault" in visitor.progress.said
        assert visitor.answer.html == before

    asyncio.run(visit())
    assert "draws do not add up" in caplog.text


def test_what_is_taken_away_has_its_ranges(visitor: Visitor) -> None:
    whole = evaluate(visitor.scenario)
    assert whole.ranges is not None
    assert not visitor.page._has_ranges
    assert whole.table("ranges").title in visitor.take("csv").text
    assert f"{whole.ranges.npv.low:.2f}" in visitor.take("csv").text
