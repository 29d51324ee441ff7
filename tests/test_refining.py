"""Ranges give way: while a slider is answered, the work on them stands still."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import numpy as np

from retention_lib.plans.cases import FIRST, case
from retention_lib.plans.plan import Plan
from retention_lib.plans.ranges import batch
from retention_lib.views import refining
from retention_lib.views.refining import Refiner
from retention_lib.views.widgets import Refining

PLAN = case(FIRST).plan
LONG_ENOUGH = 0.2  # seconds in which a thread that does not wait would be through
NEVER = 5.0  # seconds after which something that should happen has not


def test_ranges_wait_while_a_slider_is_answered() -> None:
    began, through, told = threading.Event(), threading.Event(), threading.Event()

    def step(_plan: Plan, number: int, wait: Callable[[], None]) -> int:
        began.set()
        time.sleep(0.05)  # by now the slider is being answered
        wait()
        through.set()
        return number

    refiner: Refiner[Plan, int] = Refiner(Refining(), step, lambda *_: told.set(), draws=1, batch=1)
    seen: list[bool] = []

    def answer() -> None:
        assert began.wait(NEVER)
        seen.append(through.wait(LONG_ENOUGH))

    async def visit() -> None:
        refiner.start(PLAN)
        refiner.seen()
        await asyncio.sleep(refining._AT_REST + 0.03)
        await asyncio.to_thread(began.wait, NEVER)
        refiner.before_ranges(answer)()
        await asyncio.to_thread(through.wait, NEVER)
        await asyncio.sleep(0.05)

    asyncio.run(visit())
    assert seen == [False]
    assert told.is_set()


def test_ranges_asked_for_within_an_answer_do_not_wait_for_it() -> None:
    found: list[list[int]] = []

    def step(_plan: Plan, number: int, wait: Callable[[], None]) -> int:
        wait()
        return number

    refiner: Refiner[Plan, int] = Refiner(
        Refining(), step, lambda _, steps: found.append(steps), draws=2, batch=1
    )
    refiner.start(PLAN)
    refiner.before_ranges(refiner.at_once)()
    assert found == [[0, 1]]


def test_batch_can_wait_in_every_month_and_draws_the_same() -> None:
    calls: list[None] = []
    waited = batch(PLAN, 1, 8, before_each=lambda: calls.append(None))
    assert len(calls) >= 48
    np.testing.assert_array_equal(waited.net_by_year, batch(PLAN, 1, 8).net_by_year)
