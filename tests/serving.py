"""A server in this process, for the tests that ask it without a browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from retention_lib.views import server
from retention_lib.views.serving import files
from retention_lib.views.serving.app import WorkbookServer
from retention_lib.views.serving.settings import Settings

TINY = "01_tiny.ipynb"
PAGE = f"/voila/render/{TINY}"
NOBODY = "0a1b2c3d-0000-4000-8000-0123456789ab"


@dataclass
class Running:
    """A server that runs in this process."""

    app: WorkbookServer
    port: int

    async def get(self, path: str, **options: Any) -> HTTPResponse:
        """Ask for an address of it."""
        url = f"http://{server.HOST}:{self.port}{path}"
        options = {"follow_redirects": False, "raise_error": False, **options}
        return await AsyncHTTPClient().fetch(url, **options)

    async def open(self, file: str = TINY) -> HTTPResponse:
        """Ask for a workbook."""
        return await self.get(f"/voila/render/{file}")

    async def spares(self, wanted: int) -> None:
        """Wait until so many spare pages are kept."""
        while len(self.app.kernel_manager.spares) != wanted:
            await asyncio.sleep(0.05)


@asynccontextmanager
async def running(
    folder: Path, warm: int = 0, max_kernels: int = 4, **more: Any
) -> AsyncIterator[Running]:
    """Run a server for as long as a test needs it."""
    taken = server.listen(0)
    ready, stopped = asyncio.Event(), asyncio.Event()
    # To get warm takes longer than any of these tests needs a kernel for.
    app = WorkbookServer(Settings(folder, warm, max_kernels, **{"forked": False} | more))
    task = asyncio.create_task(app.run(taken, ready.set, stopped))
    try:
        await asyncio.wait_for(ready.wait(), 20)
        yield Running(app, taken.getsockname()[1])
    finally:
        stopped.set()
        await task
    assert not app.folder.exists()


def in_time(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a test that waits for things, but not for ever."""
    # In a thread of its own: the browser tests leave this one with a loop that runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(asyncio.wait_for(test(), 90))).result()


def body(answer: HTTPResponse) -> str:
    """Give what was sent."""
    return answer.body.decode()


def script(site: Running) -> str:
    """Give the address of the script that every page loads."""
    return str(site.app.site.assets[files.SCRIPT])
