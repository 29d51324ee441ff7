"""Serve the workbooks: to this computer's browser, or to a network."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retention_lib.paths import WORKBOOKS
from retention_lib.views.serving.logs import start_logging
from retention_lib.views.serving.workbooks import Shelf

if TYPE_CHECKING:
    from retention_lib.views.serving.app import WorkbookServer

HOST = "127.0.0.1"
PORT = 8866
MAX_PORT = 65535
MAX_OPEN = 60
MAX_OPEN_UNFORKED = 16
MOST_OPEN = 1_000
MOST_WARM = 20
FAILED = 2

READY = "The workbooks are at {addresses}. Press Ctrl-C to stop."
OPEN_TO_ALL = "Whoever can reach this computer by its network can open them."
NO_WORKBOOKS = "There are no workbooks in {folder}."
PORT_IN_USE = (
    "Port {port} is in use. If the workbooks are running already, they are at "
    "http://{host}:{port}. If not, choose another port: retention serve --port {other}"
)
PORT_REFUSED = "Port {port} may not be used. Choose another: retention serve --port {other}"
PORT_NONSENSE = "{port} is not a port. Choose a number from 1024 to 65535."
NO_SUCH_HOST = (
    "{host} is not an address of this computer. Give one that it has, such as 127.0.0.1 for this "
    "computer alone or 0.0.0.0 for every network it is on."
)
NOT_A_NAME = (
    "{name} is not a name that pages can be asked under. Give it as in an address, without "
    "http:// and without a port: --allow-host workbooks.council.gov.uk"
)
NOT_A_BASE = "{base_url} cannot start every address. Give a path such as /workbooks/"
NOT_A_NUMBER = "{option} {value} cannot be. Choose a number from {least} to {most}."
NO_ROOM = (
    "The workbooks need a folder for what they work with, and none can be made: {reason}. "
    "Make room on this computer's disk."
)
NO_LOG = "The log cannot be written to {log}: {reason}. Choose another file, or - for the screen."

# Of Windows and of the others.
STOP_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")

_NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
)
_BASE = re.compile(r"/([A-Za-z0-9._~-]+/)*")
_ANY = ("0.0.0.0", "::")
# Python gives what a name's look-up ended with as the number of an ordinary error.
_NO_SUCH_ADDRESS = (
    errno.EADDRNOTAVAIL,
    errno.EAFNOSUPPORT,
    errno.EINVAL,
    socket.EAI_AGAIN,
    socket.EAI_NONAME,
)


class ServeError(Exception):
    """The workbooks cannot be served; the message says why and what to do."""


@dataclass(frozen=True)
class Options:
    """How the workbooks are served; what is not said is safe on a computer of one's own.

    Attributes:
        port: where to listen; 0 takes any port that is free.
        host: the address to listen at: this computer alone, or one of its networks.
        names: the names that pages may be asked under, besides that address and this computer's.
        max_open: how many pages there may be at once; the next visitor is asked to wait. Unless
            told 60, which take about 3 GB, or 16 where pages start without forking.
        warm: how many pages of each workbook to keep ready; 0 makes each as it is asked for.
        base_url: what every address starts with.
        behind_proxy: whether a proxy stands before it, whose word on how pages were asked for
            is taken. Nobody else may then reach the port.
        log: a file for a line on every request, or `-` for the screen.
        fork: whether pages start from one warm process, where that can be done.
        open_browser: also show the first workbook.
        folder: the workbooks' folder, if not RETENTION_WORKBOOKS or the project's own.
    """

    port: int = PORT
    host: str = HOST
    names: tuple[str, ...] = ()
    max_open: int | None = None
    warm: int = 1
    base_url: str = "/"
    behind_proxy: bool = False
    log: str | None = None
    fork: bool = True
    open_browser: bool = True
    folder: Path | None = None

    @property
    def base(self) -> str:
        """What every address starts with, with the slash that may be left out at its end."""
        return self.base_url if self.base_url.endswith("/") else f"{self.base_url}/"

    @property
    def known_names(self) -> tuple[str, ...]:
        """The names that pages may be asked under, in small letters."""
        return tuple(name.lower() for name in (*self.names, self.host) if name not in _ANY)

    def check(self) -> None:
        """Refuse what cannot be.

        Raises:
            ServeError: something cannot; it says what, and what could.
        """
        numbers = (
            ("--max-open", 1 if self.max_open is None else self.max_open, 1, MOST_OPEN),
            ("--warm", self.warm, 0, MOST_WARM),
        )
        for option, value, least, most in numbers:
            if not least <= value <= most:
                words = {"option": option, "value": value, "least": least, "most": most}
                raise ServeError(NOT_A_NUMBER.format(**words))
        for name in self.names:
            if not _is_host(name):
                raise ServeError(NOT_A_NAME.format(name=name))
        if not _BASE.fullmatch(self.base):
            raise ServeError(NOT_A_BASE.format(base_url=self.base_url))

    def addresses(self, port: int) -> list[str]:
        """Give the addresses at which the workbooks are, once the port is known."""
        own = HOST if self.host in _ANY else self.host
        found = [own, *(name for name in self.names if name != own)]
        return [f"http://{f'[{one}]' if ':' in one else one}:{port}{self.base}" for one in found]


def _is_host(name: str) -> bool:
    """Tell whether something names a computer: a name or a number, and nothing round it."""
    try:
        ip_address(name)
    except ValueError:
        return _NAME.fullmatch(name.lower()) is not None
    return True


def find_folder(folder: Path | None) -> Path:
    """Choose the workbooks' folder: the one asked for, the environment's, or the project's.

    Raises:
        ServeError: there is no workbook in it.
    """
    chosen = (folder or Path(os.environ.get("RETENTION_WORKBOOKS") or WORKBOOKS)).resolve()
    if not Shelf(chosen).workbooks():
        raise ServeError(NO_WORKBOOKS.format(folder=chosen))
    return chosen


def listen(port: int, host: str = HOST) -> socket.socket:
    """Take a port of this computer; 0 takes any that is free.

    Raises:
        ServeError: it cannot be had.
    """
    words = {"port": port, "host": host, "other": PORT + 1 if port == PORT else PORT}
    if not 0 <= port <= MAX_PORT:
        raise ServeError(PORT_NONSENSE.format(**words))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        taken = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno in _NO_SUCH_ADDRESS:
            raise ServeError(NO_SUCH_HOST.format(**words)) from error
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


def serve(options: Options | None = None) -> int:
    """Serve the workbooks until Ctrl-C.

    Args:
        options: how; left out, to this computer alone.

    Returns:
        the exit code: 0, or 2 with one readable message on standard error.
    """
    options = options or Options()
    try:
        options.check()
        chosen = find_folder(options.folder)
        _start_logging(options.log)
        taken = listen(options.port, options.host)
    except ServeError as error:
        print(error, file=sys.stderr)
        return FAILED

    def ready() -> None:
        _say_ready(options, taken.getsockname()[1])

    async def run() -> None:
        with stop_signal() as stopped:
            await _make(options, chosen).run(taken, ready, stopped)

    try:
        asyncio.run(run())
    except ServeError as error:
        taken.close()
        print(error, file=sys.stderr)
        return FAILED
    return 0


def _make(options: Options, folder: Path) -> WorkbookServer:
    """Make the server, in a running loop.

    Raises:
        ServeError: it has no room on the disk.
    """
    from retention_lib.views.serving.forked import Nursery, can_fork

    forked = options.fork and can_fork()
    nursery = Nursery() if forked else None
    if nursery:
        nursery.open()  # it gets warm while this process loads what a server needs
    # Seconds of imports, which a failure before need not wait for.
    from retention_lib.views.serving.app import WorkbookServer
    from retention_lib.views.serving.settings import Settings

    settings = Settings(
        folder=folder,
        warm=options.warm,
        max_kernels=options.max_open or (MAX_OPEN if forked else MAX_OPEN_UNFORKED),
        forked=forked,
        base_url=options.base,
        names=options.known_names,
        behind_proxy=options.behind_proxy,
    )
    try:
        return WorkbookServer(settings, nursery)
    except OSError as error:
        if nursery:
            nursery.close()
        raise ServeError(NO_ROOM.format(reason=_reason(error))) from error


def _start_logging(log: str | None) -> None:
    """Start to log.

    Raises:
        ServeError: the file cannot be written.
    """
    try:
        start_logging(log)
    except OSError as error:
        raise ServeError(NO_LOG.format(log=log, reason=_reason(error))) from error


def _reason(error: OSError) -> str:
    """Give what this computer says of what it refuses, as a part of a sentence."""
    return (error.strerror or "it is refused").lower()


def _say_ready(options: Options, port: int) -> None:
    """Say where the workbooks are and who can open them, and open them if that is wanted."""
    addresses = options.addresses(port)
    shown = [address.removesuffix("/") for address in addresses]
    print(READY.format(addresses=" and ".join(shown)), flush=True)
    if options.host not in (HOST, "localhost", "::1") and not options.behind_proxy:
        print(OPEN_TO_ALL, flush=True)
    if options.open_browser:
        # Some browsers keep the caller waiting until they are closed.
        threading.Thread(target=webbrowser.open, args=(addresses[0],), daemon=True).start()
