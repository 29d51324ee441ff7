"""What is shown behind what is seen first, step by step, so that a slider never waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from retention_lib.views.memory import give_back
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
        self.is_whole = True  # the answer is shown to its last part
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(
            1, "answer"
        )  # what nobody waits for any more is not begun

    def seen(self) -> None:
        """Let steps follow from now on: somebody looks at the page."""
        self._is_seen = True

    def show(
        self, steps: Sequence[Callable[[], None]], prepare: Callable[[], None] | None = None
    ) -> None:
        """Take these steps, in this order, in place of any that are still to be taken.

        Args:
            steps: each shows a part.
            prepare: works out, beside the page, what the steps need. A step that does not find it
                works it out itself.
        """
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
            self._finish()
            return
        self._task = loop.create_task(self._follow(called, prepare))

    def end(self) -> None:
        """Leave what is still to be shown."""
        self.is_whole = False
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _failed(self, message: str) -> None:
        self._has_failed = True
        self._tell(message)

    async def _follow(
        self, steps: Sequence[Callable[[], None]], prepare: Callable[[], None] | None
    ) -> None:
        await asyncio.sleep(_AT_REST)
        if prepare is not None:
            with suppress(Exception):  # the step that needs it then fails too, and tells
                await asyncio.get_running_loop().run_in_executor(self._thread, prepare)
        for step in steps:
            step()
            await asyncio.sleep(_BREATH)
        self._finish()

    def _finish(self) -> None:
        self.is_whole = not self._has_failed
        self._mark(self._has_failed)
        give_back()
