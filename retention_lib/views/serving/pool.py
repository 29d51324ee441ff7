"""Pages made ready before anyone asks, so that most visitors wait for nothing.

Voilà's own pool is not used: it keeps the last visitor's address in the next one's kernel, has no
limit, lets a visitor wait before the first byte, and never recovers from a spare that failed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from retention_lib.views.serving.kernels import TooManyKernelsError, WorkbookKernelManager
from retention_lib.views.serving.workbooks import Shelf, Workbook

# Seconds between looks at what is missing, and after a page was sent before a spare is started:
# on a small computer a new kernel would take from the page its share of the processor.
FILL_INTERVAL = 1.0
GRACE = 3.0

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass
class Page:
    """A page that is being made in a kernel of its own.

    Attributes:
        kernel_id: the kernel.
        renderer: Voilà's renderer, which runs the notebook and keeps the pieces made so far.
        rendering: what runs it; gives the pieces and the rest of the generator.
    """

    kernel_id: str
    renderer: Any
    rendering: asyncio.Task[Any]

    async def pieces(self) -> AsyncIterator[str]:
        """Give the page's pieces: at once what is there, then the others as they are made."""
        self.renderer.stop_generator = True
        ready = list(self.renderer.rendered_cache)
        yield "".join(ready)
        made, rest = await self.rendering
        yield "".join(made[len(ready) :])
        async for piece, _resources in rest:
            yield piece


@dataclass
class _Spare:
    """A page that waits for a visitor, and the version of the workbook that it shows."""

    version: int
    page: asyncio.Task[Page]

    @property
    def failed(self) -> bool:
        """Tell whether it can never be shown."""
        if not self.page.done():
            return False
        if self.page.cancelled() or self.page.exception():
            return True
        rendering = self.page.result().rendering
        return rendering.done() and (rendering.cancelled() or rendering.exception() is not None)


class Pool:
    """Keeps spare pages of every workbook, and makes one on the spot when there is none."""

    def __init__(
        self,
        shelf: Shelf,
        kernels: WorkbookKernelManager,
        make_renderer: Callable[[str], Any],
        environment: Callable[[], dict[str, str]],
        size: int,
    ) -> None:
        self.shelf = shelf
        self.kernels = kernels
        self.size = size
        self._visits = 0
        self._last_visit = -GRACE
        self._make_renderer = make_renderer
        self._environment = environment
        self._spares: dict[str, list[_Spare]] = {}
        self._given_up: set[tuple[str, int]] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    def take(self, workbook: Workbook) -> asyncio.Task[Page]:
        """Take a page for a visitor: a spare one, or a new one.

        Raises:
            TooManyKernelsError: there is none and none can be started.
        """
        self._drop_unfit(workbook)
        spares = self._spares.get(workbook.file, [])
        if spares:
            return self._task(self._hand_over(spares.pop(0).page))
        ending = None
        if self.kernels.room <= 0:
            ending = self._sacrifice()
            if ending is None:
                raise TooManyKernelsError
        return self._task(self._hand_over(self._start(workbook, ending)))

    @contextmanager
    def visit(self) -> Iterator[None]:
        """Hold back the making of spares while a page is sent, and a little longer."""
        self._visits += 1
        try:
            yield
        finally:
            self._visits -= 1
            self._last_visit = time.monotonic()

    def throw_away(self, coming: asyncio.Task[Page]) -> asyncio.Task[None]:
        """End the kernel of a page that nobody will see, now or as soon as it has started."""

        async def end() -> None:
            try:
                page = await coming
            except Exception:
                log.debug("This page had failed before it was thrown away.", exc_info=True)
                return
            page.rendering.cancel()
            executor = getattr(page.renderer, "executor", None)
            if executor and executor.kc:
                executor.kc.stop_channels()
            if page.kernel_id in self.kernels:
                await self.kernels.shutdown_kernel(page.kernel_id)

        return self._task(end())

    async def keep_filled(self) -> None:
        """Make missing spares for as long as the server runs, one at a time."""
        # Until then a spare would hold for itself what all could share.
        await self.kernels.settled()
        while True:
            for workbook in self.shelf.workbooks():
                self._drop_unfit(workbook)
                while self._wants(workbook):
                    await self._make_spare(workbook)
            await asyncio.sleep(FILL_INTERVAL)

    def _wants(self, workbook: Workbook) -> bool:
        """Tell whether a spare is missing and may be made now; visitors keep the last place."""
        return (
            self._visits == 0
            and time.monotonic() - self._last_visit >= GRACE
            and self.kernels.room > 1
            and len(self._spares.get(workbook.file, [])) < self.size
            and (workbook.file, workbook.version) not in self._given_up
        )

    async def _make_spare(self, workbook: Workbook) -> None:
        """Make a spare, and wait until it is ready or has failed."""
        spare = _Spare(workbook.version, self._start(workbook))
        self._spares.setdefault(workbook.file, []).append(spare)
        try:
            page = await asyncio.shield(spare.page)
            await asyncio.wait([page.rendering])
        except TooManyKernelsError:
            return
        except Exception:
            log.exception("The workbook %s could not be made ready.", workbook.file)
        if spare.failed:
            # A visitor who opens it is told; to try again before the file changes is idle work.
            self._given_up.add((workbook.file, workbook.version))

    def _drop_unfit(self, workbook: Workbook) -> None:
        """Throw away spares that failed or died, or that show what the file no longer says."""
        for spare in list(self._spares.get(workbook.file, [])):
            if spare.failed or self._is_dead(spare) or spare.version != workbook.version:
                self._spares[workbook.file].remove(spare)
                self.throw_away(spare.page)

    def _is_dead(self, spare: _Spare) -> bool:
        """Tell whether a spare's kernel has ended of itself, or was ended by the computer."""
        return spare.page.done() and spare.page.result().kernel_id not in self.kernels

    def _sacrifice(self) -> asyncio.Task[None] | None:
        """Throw away some spare to make room for a visitor, if there is one."""
        for spares in self._spares.values():
            if spares:
                return self.throw_away(spares.pop().page)
        return None

    def _task(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run something alongside; a task that nothing holds may vanish before it ends."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    def _forget(self, task: asyncio.Task[Any]) -> None:
        """Let go of a task that is over; who awaits it learns how it ended."""
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    def _start(
        self, workbook: Workbook, after: asyncio.Task[None] | None = None
    ) -> asyncio.Task[Page]:
        """Start to make a page, once what must end first has ended."""
        return self._task(self._prepare(workbook, after))

    async def _prepare(self, workbook: Workbook, after: asyncio.Task[None] | None) -> Page:
        """Start a kernel and let the notebook run in it; gives the page before it is done."""
        if after:
            await after
        renderer = self._make_renderer(workbook.file)
        await renderer.initialize()
        kernel_id = await self.kernels.start_kernel(
            kernel_name=renderer.notebook.metadata.kernelspec.name,
            path="",
            env=self._environment(),
        )
        self.kernels.spares.add(kernel_id)
        rendering = renderer.generate_content_hybrid(kernel_id, self.kernels.get_kernel(kernel_id))
        return Page(kernel_id, renderer, self._task(rendering))

    async def _hand_over(self, page: asyncio.Task[Page]) -> Page:
        """Wait for a page's kernel, and make it the visitor's."""
        taken = await page
        self.kernels.hand_over(taken.kernel_id)
        return taken
