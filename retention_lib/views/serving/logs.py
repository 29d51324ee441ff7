"""What is written about the work: one line for each event, and nothing of who did what.

No line holds an address's query, where a scenario is; nor whose computer asked, nor a kernel's
name, which is the key to its page.
"""

from __future__ import annotations

import logging
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ACCESS = "retention_lib.access"

# Each is a line for every request, or for what a page is told anyway.
QUIET = {
    "tornado.access": logging.CRITICAL,
    "tornado.application": logging.ERROR,
    "tornado.general": logging.ERROR,
}

_KERNEL = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_UNPRINTABLE = re.compile(r"[^\x21-\x7e]")
_LONGEST = 200  # characters of a path
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ERROR = re.compile(r"([A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning))(?::|$)")
_LEFT_OUT = " (what it says is left out: it may be a visitor's)"


class LineFormatter(logging.Formatter):
    """Says when, how bad and what; a kernel's name is left out wherever it comes from."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """Give the time of an event, to the second, with its zone."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")

    def format(self, record: logging.LogRecord) -> str:
        """Give an event's line."""
        return _KERNEL.sub("…", super().format(record))


def start_logging(target: str | None) -> None:
    """Write warnings and errors to the standard error, and each request to where it is wanted.

    Args:
        target: a file that is written on, `-` for the standard output, or None for no requests.

    Raises:
        OSError: the file cannot be written.
    """
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    _write_to(logging.StreamHandler(), logging.getLogger("retention_lib"), logging.WARNING)
    if target:
        stream = logging.StreamHandler(sys.stdout) if target == "-" else _opened(target)
        _write_to(stream, logging.getLogger(ACCESS), logging.INFO)


def without_values(complaint: str) -> str:
    r"""Leave out of a traceback what the errors say, which may hold what a visitor typed.

    Example:
        >>> print(without_values("Traceback (most recent call last):\n  x = 1\nValueError: Ann"))
        Traceback (most recent call last):
          x = 1
        ValueError (what it says is left out: it may be a visitor's)
        >>> without_values("a complaint")
        'a complaint'
    """
    lines = _COLOUR.sub("", complaint).splitlines()
    if not any("Traceback (most recent call last)" in line for line in lines):
        return complaint
    found = []
    inside = False
    for line in lines:
        inside = inside or "Traceback (most recent call last)" in line
        said = _ERROR.match(line) if inside and "Traceback" not in line else None
        if inside:
            found.append(said[1] + _LEFT_OUT if said else line)
        inside = inside and not said
    return "\n".join(found)


def _opened(target: str) -> logging.Handler:
    """Open a file to write on."""
    return logging.FileHandler(Path(target), encoding="utf-8")


def _write_to(handler: logging.Handler, logger: logging.Logger, level: int) -> None:
    """Write what a logger says from a level on to one place alone."""
    handler.setFormatter(LineFormatter())
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False


def log_request(handler: Any) -> None:
    """Log that a request was answered: its method, path, status, milliseconds and bytes."""
    logger = logging.getLogger(ACCESS)
    if not logger.isEnabledFor(logging.INFO):
        return
    request = handler.request
    logger.info(
        "%s %s %d %dms %dB",
        request.method if request.method in handler.SUPPORTED_METHODS else "OTHER",
        _UNPRINTABLE.sub("?", request.path)[:_LONGEST],
        handler.get_status(),
        round(1000 * request.request_time()),
        getattr(handler, "bytes_sent", 0),
    )
