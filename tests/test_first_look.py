"""What is seen first: it says what the whole answer says, and nothing slow comes before it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import comm
import ipywidgets
import pytest
from hypothesis import given, settings

from retention_lib.evaluation import evaluate
from retention_lib.first_look import first_look
from retention_lib.outputs.facts import tone_of
from retention_lib.pictures.incentives import evidence
from retention_lib.plans import answer as plan_answer
from retention_lib.plans.answer import appraise
from retention_lib.plans.break_even import needed_times
from retention_lib.plans.cases import cases
from retention_lib.plans.played import played
from retention_lib.presets import presets
from retention_lib.results import FirstLook
from retention_lib.scenario import Scenario
from retention_lib.views import incentives_page, refining
from retention_lib.views.incentives_page import IncentivesPage
from retention_lib.views.plans_page import PlansPage
from tests.strategies import scenarios
from tests.visitors import PageVisitor, shown

FALL = "effect.leaving_reduction"
TURNOVER = "service.turnover"


def says_the_same(scenario: Scenario) -> None:
    look, whole = first_look(scenario), evaluate(scenario, draws=0)
    for each in fields(FirstLook):
        assert getattr(look, each.name) == getattr(whole, each.name), each.name
    assert tone_of(look) == tone_of(whole)
    assert evidence(scenario, look, 640) == evidence(scenario, whole, 640)


@pytest.mark.parametrize("optimism", [False, True])
@pytest.mark.parametrize("case", presets(), ids=lambda case: str(case.id))
def test_first_look_says_what_the_whole_answer_says(case: Any, optimism: bool) -> None:
    says_the_same(case.scenario.but({"appraisal.optimism": optimism}))


@settings(max_examples=25)
@given(scenarios())
def test_first_look_at_any_scenario_says_what_its_whole_answer_says(given_json: Any) -> None:
    says_the_same(Scenario.from_dict(given_json))


@pytest.mark.parametrize("case", cases()[:3], ids=lambda case: str(case.id))
def test_plan_without_what_must_be_solved_for_is_else_the_same_answer(case: Any) -> None:
    look = appraise(case.plan, None, played(case.plan), whole=False)
    whole = appraise(case.plan)
    assert (look.needed_times, look.sentences, look.claims, look.recruits) == (None, (), (), ())
    assert (look.changes, look.tables) == ((), ())
    for name in ("headline", "tests", "guard", "net", "npv", "courses", "stacks", "filled"):
        assert getattr(look, name) == getattr(whole, name), name


@pytest.fixture(autouse=True)
def ranges_come_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no ranges come into the answer while it is watched."""
    monkeypatch.setattr(refining, "_AT_REST", 60.0)


@pytest.fixture(autouse=True)
def widgets_send(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let widgets send without a kernel, though a test before has loaded what makes one."""
    monkeypatch.setattr(comm, "create_comm", comm.DummyComm)


class Watched:
    """What a page sends to the browser, and what is worked out meanwhile, in order."""

    def __init__(self, page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.page = page
        self.seen: list[str] = []
        names = {page._answer: "answer", page._levers: "levers", page._progress: "progress"}
        names |= {page._take_away: "link", page._compare_block: "comparing"}
        names |= {picture: key for key, picture in page._pictures.items()}
        send = ipywidgets.Widget.send_state

        def noted(widget: ipywidgets.Widget, key: Any = None) -> None:
            keys = {key} if isinstance(key, str) else set(key or ())
            known = names.get(widget, "words")
            self.seen += [f"{known}.{each}" for each in sorted(keys)]
            send(widget, key)

        monkeypatch.setattr(ipywidgets.Widget, "send_state", noted)

    def notes(self, word: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Note each time that something is worked out."""

        def noted(*args: Any, **kwargs: Any) -> Any:
            self.seen.append(word)
            return call(*args, **kwargs)

        return noted

    def at(self, word: str) -> int:
        return self.seen.index(word)


def test_headline_and_first_picture_of_an_offer_go_before_all_else_is_worked_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def visit() -> None:
        visitor = PageVisitor[IncentivesPage, Scenario](IncentivesPage())
        visitor.take_away.arrived = "-"
        await shown(visitor.page)
        watched = Watched(visitor.page, monkeypatch)
        whole = watched.notes("whole answer", evaluate)
        monkeypatch.setattr(incentives_page, "evaluate", whole)
        visitor.set(FALL, 10)
        # What has been sent when the slider's own message has been answered.
        assert {"answer.headline", "answer.behind", "evidence.svg"} <= set(watched.seen)
        assert "whole answer" not in watched.seen
        assert not any(word.startswith(("years.", "map.", "words.")) for word in watched.seen)
        assert visitor.answer.behind
        await shown(visitor.page)
        assert watched.seen.count("whole answer") == 1
        assert watched.at("evidence.svg") < watched.at("whole answer") < watched.at("answer.html")
        assert watched.at("answer.html") < watched.at("years.svg") < watched.at("map.svg")
        assert watched.seen[-1] == "answer.behind"
        assert not visitor.answer.behind

    asyncio.run(visit())


def test_headline_and_first_pictures_of_a_plan_go_before_what_must_be_solved_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def visit() -> None:
        visitor: PageVisitor[Any, Any] = PageVisitor(PlansPage())
        visitor.take_away.arrived = "-"
        await shown(visitor.page)
        watched = Watched(visitor.page, monkeypatch)
        solved = watched.notes("solved", needed_times)
        monkeypatch.setattr(plan_answer, "needed_times", solved)
        visitor.set(TURNOVER, 20)
        assert {"answer.headline", "agency.svg", "caseload.svg"} <= set(watched.seen)
        assert "solved" not in watched.seen
        assert visitor.answer.behind
        await shown(visitor.page)
        assert watched.seen.count("solved") == 1
        assert watched.at("caseload.svg") < watched.at("solved") < watched.at("answer.html")
        assert watched.seen[-1] == "answer.behind"
        assert not visitor.answer.behind

    asyncio.run(visit())


@pytest.mark.parametrize("page", [IncentivesPage, PlansPage])
def test_headline_goes_first_in_jupyterlab_too_where_no_address_arrives(page: Any) -> None:
    async def visit() -> None:
        visitor: PageVisitor[Any, Any] = PageVisitor(page())
        visitor.page._progress._handle_custom_msg({"want": "seen"}, [])
        visitor.set(FALL if page is IncentivesPage else TURNOVER, 20)
        assert visitor.answer.behind
        await shown(visitor.page)
        assert not visitor.answer.behind

    asyncio.run(visit())


def test_link_is_at_once_of_what_is_asked() -> None:
    async def visit() -> None:
        visitor = PageVisitor[IncentivesPage, Scenario](IncentivesPage())
        visitor.take_away.arrived = "-"
        await shown(visitor.page)
        sent: list[bool] = []
        visitor.take_away.observe(lambda _: sent.append(visitor.answer.behind), names=["link"])
        before = visitor.answer.html
        visitor.answer.observe(lambda _: sent.append(False), names=["html"])
        visitor.set(FALL, 20)
        assert visitor.take_away.link == visitor.page.scenario.to_link()
        await shown(visitor.page)
        assert visitor.answer.html != before
        assert sent == [True, False], "the link before the sentences"

    asyncio.run(visit())


def test_move_puts_an_end_to_what_was_still_to_be_shown_of_the_answer_before() -> None:
    async def visit() -> None:
        visitor = PageVisitor[IncentivesPage, Scenario](IncentivesPage())
        visitor.take_away.arrived = "-"
        for fall in (10, 20, 30):
            visitor.set(FALL, fall)
            before = visitor.page._behind._task
            await asyncio.sleep(0)
        assert before is visitor.page._behind._task
        await shown(visitor.page)
        whole = evaluate(visitor.page.scenario, draws=0)
        assert visitor.scenario == visitor.page.scenario
        assert visitor.page._answered().to_dict() == whole.to_dict()
        other = IncentivesPage(visitor.page.scenario)
        for key, picture in other._pictures.items():
            assert visitor.pictures[key].svg == picture.svg, key
            assert visitor.pictures[key].table == picture.table, key
        assert visitor.answer.html == other._answer.html

    asyncio.run(visit())


def test_step_that_fails_is_told_and_the_rest_is_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def visit() -> None:
        visitor = PageVisitor[IncentivesPage, Scenario](IncentivesPage())
        visitor.take_away.arrived = "-"

        def broken(*_: object) -> None:
            raise ArithmeticError("years do not add up")

        monkeypatch.setitem(incentives_page._CHARTS, "years", broken)
        before = visitor.pictures["people"].svg
        visitor.set(FALL, 30)
        await shown(visitor.page)
        assert "our fault" in visitor.page._alert.html
        assert visitor.pictures["people"].svg != before
        assert visitor.answer.behind, "one picture is still of the answer before"
        monkeypatch.undo()
        visitor.set(FALL, 20)
        await shown(visitor.page)
        assert not visitor.answer.behind

    asyncio.run(visit())
    assert "years do not add up" in caplog.text
