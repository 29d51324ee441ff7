"""Serve the workbooks to this computer's browser."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import sys
import threading
import webbrowser
from pathlib import Path

from tornado.netutil import bind_sockets

from retention_lib.paths import WORKBOOKS
from retention_lib.views.serving.workbooks import Shelf

HOST = "127.0.0.1"
PORT = 8866
FAILED = 2

READY = "The workbooks are at http://{host}:{port}. Press Ctrl-C to stop."
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


def listen(port: int) -> list[socket.socket]:
    """Take a port of this computer; 0 takes any that is free.

    Raises:
        ServeError: it cannot be had.
    """
    words = {"port": port, "host": HOST, "other": PORT + 1 if port == PORT else PORT}
    try:
        return bind_sockets(port, HOST)
    except OverflowError as error:
        raise ServeError(PORT_NONSENSE.format(**words)) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServeError(PORT_IN_USE.format(**words)) from error
        if error.errno == errno.EACCES:
            raise ServeError(PORT_REFUSED.format(**words)) from error
        raise


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
        sockets = listen(port)
    except ServeError as error:
        print(error, file=sys.stderr)
        return FAILED
    # Half a second of imports, which a failure need not wait for.
    from retention_lib.views.serving.app import Settings, WorkbookServer

    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    taken = sockets[0].getsockname()[1]

    def ready() -> None:
        print(READY.format(host=HOST, port=taken), flush=True)
        if open_browser:
            # Some browsers keep the caller waiting until they are closed.
            address = f"http://{HOST}:{taken}/"
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    asyncio.run(WorkbookServer(Settings(chosen, warm)).run(sockets, ready))
    return 0
