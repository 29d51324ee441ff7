"""Ranges that are worked out behind an answer, a little at a time, so that sliders never wait."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial, wraps
from typing import Any, Generic, ParamSpec, TypeVar

from retention_lib.documents import Document
from retention_lib.uncertainty import uniforms
from retention_lib.views.widgets import Refining, log

_AT_REST = 0.25  # seconds without a move before the work begins
_AT_WORK = "Working out the ranges."
_NICENESS = 10  # as of `nice`: of 19, at which all others go first

D = TypeVar("D", bound=Document)
P = ParamSpec("P")
S = TypeVar("S")


class Refiner(Generic[D, S]):
    """Works out a document's ranges behind the page, in a thread, step by step.

    It tells how far it is. A new document puts an end to the work on the one before; so does the
    Stop button. Until somebody looks at the page nothing is worked out.

    Args:
        widget: where progress is shown.
        step: works out one step of a document; steps are numbered from 0. Its third argument is to
            be called many times on the way: it waits where a slider is being answered. Never from
            within a `cached_property`, which the answer may need too.
        tell: is given the document and all its steps when they are there.
        draws: how many draws all steps have together.
        batch: how many one step has.
    """

    def __init__(
        self,
        widget: Refining,
        step: Callable[[D, int, Callable[[], None]], S],
        tell: Callable[[D, list[S]], None],
        draws: int,
        batch: int,
    ) -> None:
        self._widget = widget
        self._step = step
        self._tell = tell
        self._draws = draws
        self._batch = batch
        self._task: asyncio.Task[None] | None = None
        self._document: D | None = None
        self._is_seen = False
        self._thread = ThreadPoolExecutor(1, "ranges", _give_way)
        self._answering = threading.RLock()  # held while a slider is answered

    def start(self, document: D) -> None:
        """Begin with a document; without a running loop, or a visitor, nothing is begun."""
        self._end()
        self._document = document
        if not self._is_seen:
            return
        with contextlib.suppress(RuntimeError):
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(self._work(document))
            self._show(0, running=True, said=_AT_WORK)

    def before_ranges(self, callback: Callable[P, None]) -> Callable[P, None]:
        """Wrap a callback that answers a slider: what works on ranges meanwhile waits for it."""

        @wraps(callback)
        def called(*args: P.args, **kwargs: P.kwargs) -> None:
            with self._answering:
                callback(*args, **kwargs)

        return called

    def clear(self) -> None:
        """Have nothing to work out."""
        self._end()
        self._document = None
        self._show(0, running=False, said="")

    def seen(self) -> None:
        """Begin, now that somebody looks at the page."""
        if not self._is_seen:
            self._is_seen = True
            self._again()

    def at_once(self) -> None:
        """Work everything out now: it is asked for."""
        self._end()
        document = self._document
        if document is not None:
            self._tell(
                document, [self._step(document, number, self._wait) for number in self._steps()]
            )
            self._done()

    def asked(self, _widget: object, content: Mapping[str, Any], _buffers: object) -> None:
        """Do what the browser asks: stop, go on, or begin since there is somebody."""
        if content.get("want") == "stop" and self._widget.running:
            self._end()
            done = self._widget.done
            self._show(done, running=False, said="Stopped. The answer has no ranges.")
        elif content.get("want") == "go":
            self._again()
        elif content.get("want") == "seen":
            self.seen()

    def _again(self) -> None:
        if self._document is not None:
            self.start(self._document)

    def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _steps(self) -> range:
        return range(-(-self._draws // self._batch))

    async def _work(self, document: D) -> None:
        await asyncio.sleep(_AT_REST)
        run = partial(asyncio.get_running_loop().run_in_executor, self._thread)
        found: list[S] = []
        try:
            # What makes draws takes a second or two to load, the first time.
            await run(uniforms, 1, 1)
            for number in self._steps():
                # Beside the loop: a slider that is moved meanwhile is answered at once.
                found.append(await run(self._step, document, number, self._wait))
                done = min((number + 1) * self._batch, self._draws)
                self._show(done, running=True, said=_AT_WORK)
            self._tell(document, found)
        except Exception:
            log.exception("The ranges failed.")
            said = "The ranges could not be worked out, and it is our fault. The answer has none."
            self._show(self._draws, running=False, said=said)
            return
        self._done()

    def _wait(self) -> None:
        with self._answering:
            pass

    def _done(self) -> None:
        self._show(self._draws, running=False, said=f"Ranges of {self._draws:,} draws.")

    def _show(self, done: int, *, running: bool, said: str) -> None:
        with self._widget.hold_sync():
            self._widget.whole = self._draws
            self._widget.done, self._widget.running, self._widget.said = done, running, said


def _give_way() -> None:
    """Let other visitors' sliders go first, where a thread can be told to: on Linux."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        now = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, max(now, _NICENESS))
