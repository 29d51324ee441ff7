"""Serve the workbooks to this computer's browser."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from retention_lib.paths import WORKBOOKS
from retention_lib.views.serving.workbooks import Shelf

HOST = "127.0.0.1"
PORT = 8866
MAX_PORT = 65535
FAILED = 2

READY = "The workbooks are at {address}. Press Ctrl-C to stop."
NO_WORKBOOKS = "There are no workbooks in {folder}."
PORT_IN_USE = (
    "Port {port} is in use. If the workbooks are running already, they are at "
    "http://{host}:{port}. If not, choose another port: retention serve --port {other}"
)
PORT_REFUSED = "Port {port} may not be used. Choose another: retention serve --port {other}"
PORT_NONSENSE = "{port} is not a port. Choose a number from 1024 to 65535."

# Each is a line for every request, or for what a page is told anyway. What a workbook complains
# of is logged elsewhere, and stays.
QUIET = {
    "tornado.access": logging.CRITICAL,
    "tornado.application": logging.ERROR,
    "tornado.general": logging.ERROR,
}

# Of Windows and of the others.
STOP_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class ServeError(Exception):
    """The workbooks cannot be served; the message says why and what to do."""


def find_folder(folder: Path | None) -> Path:
    """Choose the workbooks' folder: the one asked for, the environment's, or the project's.

    Raises:
        ServeError: there is no workbook in it.
    """
    chosen = (folder or Path(os.environ.get("RETENTION_WORKBOOKS") or WORKBOOKS)).resolve()
    if not Shelf(chosen).workbooks():
        raise ServeError(NO_WORKBOOKS.format(folder=chosen))
    return chosen


def listen(port: int) -> socket.socket:
    """Take a port of this computer; 0 takes any that is free.

    Raises:
        ServeError: it cannot be had.
    """
    words = {"port": port, "host": HOST, "other": PORT + 1 if port == PORT else PORT}
    if not 0 <= port <= MAX_PORT:
        raise ServeError(PORT_NONSENSE.format(**words))
    try:
        taken = socket.create_server((HOST, port), backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServeError(PORT_IN_USE.format(**words)) from error
        if error.errno == errno.EACCES:
            raise ServeError(PORT_REFUSED.format(**words)) from error
        raise
    taken.setblocking(False)
    return taken


@contextmanager
def stop_signal() -> Iterator[asyncio.Event]:
    """Give an event that comes when this process is told to stop; told again, it stops at once."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    numbers = [getattr(signal, name) for name in STOP_SIGNALS if hasattr(signal, name)]

    def restore() -> None:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)

    def stop(_number: int, _frame: Any) -> None:
        restore()
        loop.call_soon_threadsafe(stopped.set)

    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield stopped
    finally:
        restore()


def serve(
    port: int = PORT, open_browser: bool = True, *, folder: Path | None = None, warm: int = 1
) -> int:
    """Serve the workbooks until Ctrl-C.

    Args:
        port: where, on this computer alone.
        open_browser: also show the first workbook.
        folder: the workbooks' folder, if not RETENTION_WORKBOOKS or the project's own.
        warm: how many pages of each workbook to keep ready; 0 makes each as it is asked for.

    Returns:
        the exit code: 0, or 2 with one readable message on standard error.
    """
    try:
        chosen = find_folder(folder)
        taken = listen(port)
    except ServeError as error:
        print(error, file=sys.stderr)
        return FAILED
    # Half a second of imports, which a failure need not wait for.
    from retention_lib.views.serving.app import WorkbookServer
    from retention_lib.views.serving.settings import Settings

    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    address = f"http://{HOST}:{taken.getsockname()[1]}"

    def ready() -> None:
        print(READY.format(address=address), flush=True)
        if open_browser:
            # Some browsers keep the caller waiting until they are closed.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    async def run() -> None:
        with stop_signal() as stopped:
            await WorkbookServer(Settings(chosen, warm)).run(taken, ready, stopped)

    asyncio.run(run())
    return 0
