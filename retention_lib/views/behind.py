"""What is shown behind what is seen first, step by step, so that a slider never waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from retention_lib.views.widgets import guarded

_AT_REST = 0.15  # seconds without a move: while a slider is dragged, nothing else is worked out
_BREATH = 0.001  # seconds in which a step leaves, and a slider that has moved is heard


class Behind:
    """Shows the rest of an answer once its first part is on its way to the browser.

    A new answer puts an end to what was still to be shown of the one before. Until somebody looks
    at the page, and where no loop runs that could wait, all of it is shown at once. Where a step
    fails, its part is still of the answer before: the page stays marked until the next answer.

    Args:
        mark: tells the page whether anything on it is still of the answer before.
        tell: shows a message to the user where a step fails.
    """

    def __init__(self, mark: Callable[[bool], None], tell: Callable[[str], None]) -> None:
        self._mark = mark
        self._tell = tell
        self._is_seen = False
        self._has_failed = False  # a step of the answer that is shown now
        self._task: asyncio.Task[None] | None = None

    def seen(self) -> None:
        """Let steps follow from now on: somebody looks at the page."""
        self._is_seen = True

    def show(self, steps: Sequence[Callable[[], None]]) -> None:
        """Take these steps, in this order, in place of any that are still to be taken."""
        self.end()
        self._has_failed = False
        called = [guarded(step, self._failed) for step in steps]
        try:
            loop = asyncio.get_running_loop() if self._is_seen else None
        except RuntimeError:
            loop = None
        if loop is None:
            for step in called:
                step()
            self._mark(self._has_failed)
            return
        self._task = loop.create_task(self._follow(called))

    @property
    def is_done(self) -> bool:
        """Whether nothing is still to be shown."""
        return self._task is None or self._task.done()

    def end(self) -> None:
        """Leave what is still to be shown."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _failed(self, message: str) -> None:
        self._has_failed = True
        self._tell(message)

    async def _follow(self, steps: Sequence[Callable[[], None]]) -> None:
        await asyncio.sleep(_AT_REST)
        for step in steps:
            step()
            await asyncio.sleep(_BREATH)
        self._mark(self._has_failed)
