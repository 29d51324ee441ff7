"""What is done on a page reaches its kernel in that order, each thing once, over any network.

The page's own script runs in a browser against a stand-in for the kernel (`outbox.js`), and every
history that is tried is compared with the same steps done one after the other in Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from retention_lib.views.serving.app import TEMPLATE
from retention_lib.views.serving.files import LIVE_PARTS

pytestmark = pytest.mark.browser

Step = tuple[Any, ...]

STAND_IN = Path(__file__).with_name("outbox.js").read_text(encoding="utf-8")
PRESETS = {"a": {"fall": 1, "pay": 2}, "b": {"fall": 3, "pay": 4}, "c": {"fall": 5, "pay": 6}}
MOST = 1_000

B: Step = ("case", "preset", "b")
MOVE: Step = ("lever", "fall", False)
STEPS = st.one_of(
    st.tuples(st.just("lever"), st.sampled_from(["fall", "pay"]), st.booleans()),
    st.tuples(st.just("case"), st.just("preset"), st.sampled_from(sorted(PRESETS))),
    st.tuples(st.just("case"), st.just("council"), st.sampled_from(["x", "y"])),
    st.tuples(st.just("tell")),
    st.tuples(st.just("ask")),
    st.tuples(st.just("drop")),
    st.tuples(st.just("swallow")),
    st.tuples(st.just("refuse"), st.integers(1, 3)),
    st.tuples(st.just("wait"), st.sampled_from([0, 3, 9, 30])),
)


def own_script() -> str:
    """Give the page's own script, with what it defines, and without its waits of seconds."""
    folder = TEMPLATE / "live"
    text = "\n".join((folder / f"{name}.js").read_text(encoding="utf-8") for name in LIVE_PARTS)
    for before, after in (
        ("const FIRST_WAIT = 1000;", "const FIRST_WAIT = 5;"),
        ("unpack(event.data)", "event.data"),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)
    return f"{text}\nreturn {{ Page, Connection }};"


def numbered(drawn: list[Step]) -> list[Step]:
    """Give every value and message a number of its own: a slider moves to where it was not."""
    steps: list[Step] = []
    for number, (name, *what) in enumerate(drawn, start=10):
        if name == "lever":
            part, is_wrong = what
            steps.append((name, part, number + MOST if is_wrong else number))
        elif name in {"tell", "ask"}:
            steps.append((name, number))
        else:
            steps.append((name, *what))
    return steps


@dataclass
class Done:
    """What comes of steps where nothing is ever lost."""

    told: list[Any] = field(default_factory=list)
    stands: list[Any] = field(default_factory=list)  # at the end
    asked: dict[int, list[Any]] = field(default_factory=dict)  # the levers from then on


def one_after_the_other(steps: list[Step]) -> Done:
    """Do the steps where nothing is ever lost."""
    levers, chosen, done = dict(PRESETS["a"]), {"preset": "a", "council": "x"}, Done()
    for name, *what in steps:
        if name == "lever":
            levers[what[0]] = min(what[1], MOST)
        elif name == "case" and chosen[what[0]] != what[1]:
            chosen[what[0]] = what[1]
            levers = dict(PRESETS[chosen["preset"]]) if what[0] == "preset" else levers
        elif name == "tell":
            done.told.append([what[0], dict(levers)])
        elif name == "ask":
            done.asked[what[0]] = []
        for since in done.asked.values():
            since.append(dict(levers))
    done.stands = [levers, chosen]
    return done


@pytest.fixture
def stand_in(page: Page) -> Page:
    """Open a page that has nothing but the stand-in."""
    page.goto("about:blank")
    page.add_script_tag(content=STAND_IN)
    return page


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=st.lists(STEPS, max_size=14))
@example(drawn=[("drop",), MOVE, B, MOVE])
@example(drawn=[("drop",), B, MOVE, ("case", "preset", "c")])
@example(drawn=[("drop",), ("tell",), MOVE])
@example(drawn=[("wait", 30), ("swallow",), MOVE, ("tell",), ("drop",)])
@example(drawn=[("wait", 30), MOVE, B, ("wait", 9), ("drop",)])
@example(drawn=[("wait", 30), MOVE, ("wait", 9), ("drop",), MOVE])
@example(drawn=[("drop",), B, ("case", "council", "y")])
@example(drawn=[("drop",), MOVE, B, ("case", "preset", "a")])
@example(drawn=[("wait", 30), MOVE, MOVE, MOVE, B, MOVE, MOVE])
@example(drawn=[("drop",), MOVE, ("tell",), ("wait", 9), ("drop",), ("wait", 30)])
@example(drawn=[("wait", 30), MOVE, ("ask",), MOVE, ("wait", 9), ("swallow",)])
@example(drawn=[("wait", 30), ("swallow",), MOVE, ("ask",), MOVE])
@example(drawn=[("wait", 30), ("ask",), ("wait", 9), ("drop",)])
def test_whatever_the_network_does_each_thing_counts_once_in_its_order(
    stand_in: Page, drawn: list[Step]
) -> None:
    steps = numbered(drawn)
    wanted = one_after_the_other(steps)
    found = stand_in.evaluate("([script, steps]) => play(script, steps)", [own_script(), steps])
    assert found["told"] == wanted.told
    assert found["there"] == wanted.stands
    assert found["here"] == wanted.stands
    answers = dict(found["answers"])
    assert sorted(answers) == sorted(wanted.asked)
    # An answer that was lost is asked for again, and then may know of what was done since.
    assert all(levers in wanted.asked[number] for number, levers in answers.items())
    assert found["most"] <= 1  # a slider that is dragged never has two moves under way


@pytest.mark.parametrize("wait", [13, 16, 19])  # milliseconds: done by then, and not yet answered
def test_lost_answer_is_asked_for_before_what_was_done_since(stand_in: Page, wait: int) -> None:
    steps = [("wait", 30), ("ask", 1), ("wait", wait), ("drop",), ("lever", "fall", 10)]
    found = stand_in.evaluate("([script, steps]) => play(script, steps)", [own_script(), steps])
    assert found["answers"] == [[1, PRESETS["a"]]]
