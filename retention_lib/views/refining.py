"""Ranges that are worked out behind an answer, a little at a time, so that sliders never wait."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from retention_lib.plans.plan import Plan
from retention_lib.plans.ranges import BATCH, DRAWS, Batch, Ranges, batch, ranges_of
from retention_lib.views.widgets import Refining, log

_AT_REST = 0.25  # seconds without a move before the work begins


class Refiner:
    """Works out a plan's ranges in the background of the page's own loop, and tells how far it is.

    A new plan puts an end to the work on the one before; so does the Stop button.

    Args:
        widget: where progress is shown.
        tell: is given the ranges when they are there.
        draws: how many.
    """

    def __init__(
        self, widget: Refining, tell: Callable[[Plan, Ranges], None], draws: int = DRAWS
    ) -> None:
        self._widget = widget
        self._tell = tell
        self._draws = draws
        self._task: asyncio.Task[None] | None = None
        self._plan: Plan | None = None

    def start(self, plan: Plan) -> None:
        """Begin with a plan; without a running loop nothing is begun."""
        self._end()
        self._plan = plan
        if not plan.measures:
            self._show(0, running=False, said="")
            return
        with contextlib.suppress(RuntimeError):
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(self._work(plan))
            self._show(0, running=True, said="Working out the ranges.")

    def again(self) -> None:
        """Begin again where it was stopped."""
        if self._plan is not None:
            self.start(self._plan)

    def stop(self) -> None:
        """Stop at the user's wish."""
        self._end()
        self._show(self._widget.done, running=False, said="Stopped. The answer has no ranges.")

    def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _work(self, plan: Plan) -> None:
        await asyncio.sleep(_AT_REST)
        found: list[Batch] = []
        try:
            for number in range(self._draws // BATCH):
                found.append(batch(plan, number))
                self._show((number + 1) * BATCH, running=True, said="Working out the ranges.")
                await asyncio.sleep(0)  # a slider that has moved goes first
            self._tell(plan, ranges_of(found))
        except Exception:
            log.exception("The ranges failed.")
            said = "The ranges could not be worked out, and it is our fault. The answer has none."
            self._show(self._draws, running=False, said=said)
            return
        self._show(self._draws, running=False, said=f"Ranges of {self._draws:,} draws.")

    def _show(self, done: int, *, running: bool, said: str) -> None:
        with self._widget.hold_sync():
            self._widget.whole = self._draws
            self._widget.done, self._widget.running, self._widget.said = done, running, said
