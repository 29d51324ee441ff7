"""What is done only once nothing moves any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from retention_lib.views.widgets import guarded

_AT_REST = 0.6  # seconds without a move


class AtRest:
    """Does one thing when it has not been asked for again for a moment.

    Args:
        call: what to do.
        tell: shows a message to the user where that fails.
    """

    def __init__(self, call: Callable[[], None], tell: Callable[[str], None]) -> None:
        self._call = guarded(call, tell)
        self._timer: asyncio.TimerHandle | None = None

    def soon(self) -> None:
        """Do it when nothing has moved for a moment; at once where no loop runs that could wait."""
        self.end()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._call()
        else:
            self._timer = loop.call_later(_AT_REST, self._call)

    def end(self) -> None:
        """Leave it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
