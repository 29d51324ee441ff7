"""What hostile input must not do, watched while it comes: run, write, call out, leave a trace."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retention_lib.paths import ROOT

CANARY = "retention_canary"
"""The name in every piece of code that is sent; nothing may ever compile or import it."""

MOST_GROWTH = 200 * 1024 * 1024
"""Bytes by which a process may grow over a suite: what it loads late, and what it remembers."""

_FORBIDDEN = {
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.mkdir",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.startfile",
    "os.system",
    "pickle.find_class",
    "pty.spawn",
    "shutil.copyfile",
    "shutil.rmtree",
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "socket.sendto",
    "subprocess.Popen",
    "webbrowser.open",
}
_CODE = {"compile", "exec", "import"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
_PLACES = {str(ROOT), sys.prefix, sys.base_prefix, str(Path.home()), tempfile.gettempdir()}
_UNFIT = re.compile(
    "|".join(["Traceback", "site-packages", *(re.escape(f"{each}/") for each in sorted(_PLACES))])
)


@dataclass
class _Watch:
    """What was seen; the hook that sees it cannot be taken away again."""

    is_on: bool = False
    is_set: bool = False
    seen: list[str] = field(default_factory=list)

    def hook(self, event: str, given: tuple[Any, ...]) -> None:
        """Note an event that no input may cause."""
        if not self.is_on:
            return
        runs = event in _FORBIDDEN or (event in _CODE and CANARY in _code(given))
        if runs or (event == "open" and _is_written(given)):
            self.seen.append(f"{event}: {str(given)[:200]}")


_WATCH = _Watch()


def _code(given: tuple[Any, ...]) -> str:
    names = [getattr(each, "co_names", each) for each in given]
    return " ".join(str(each) for each in names if each is not None)


def _is_written(given: tuple[Any, ...]) -> bool:
    _path, mode, flags = given
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(flags & _WRITES)


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Fail where what is done inside runs anything, writes a file or opens a connection."""
    if not _WATCH.is_set:
        sys.addaudithook(_WATCH.hook)
        _WATCH.is_set = True
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    _WATCH.seen.clear()
    _WATCH.is_on = True
    try:
        yield
    finally:
        _WATCH.is_on = False
        sys.dont_write_bytecode = before
    assert _WATCH.seen == []


def files() -> dict[str, tuple[int, int]]:
    """Give the size and time of every file of ours that answers rest on, and of temporary ones."""
    found = {}
    for folder in (ROOT / "data", ROOT / "workbooks", Path(tempfile.gettempdir())):
        for path in folder.rglob("*"):
            status = path.stat()
            found[str(path)] = status.st_size, status.st_mtime_ns
    return found | {str(path): (0, 0) for path in (*ROOT.glob("*"), *Path.cwd().glob("*"))}


def memory() -> int:
    """Give the bytes of memory that this process holds; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


class Failures(logging.Handler):
    """Every failure that a page logs: hostile input must be answered, and not be a failure."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what was logged, with its traceback."""
        self.found.append(logging.Formatter().format(record))


@contextlib.contextmanager
def no_failures() -> Iterator[Failures]:
    """Collect what is logged as a failure."""
    handler, logger = Failures(), logging.getLogger("retention")
    logger.addHandler(handler)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)


def unfit_to_see(text: str) -> list[str]:
    """Find what no visitor may see in a text: a traceback, or a place on this machine."""
    return [text[max(0, found.start() - 80) : found.end() + 80] for found in _UNFIT.finditer(text)]
