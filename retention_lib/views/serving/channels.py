"""What a page may say to its kernel: what widgets need, and nothing that runs code.

A page talks to its kernel by a websocket that the kernel trusts, and whoever has a page may write
to it what they like. So each message is looked at before the kernel sees it.
"""

from __future__ import annotations

import json
import logging
import re
import struct
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.web import HTTPError

from retention_lib.views.serving.guard import Guarded
from retention_lib.views.serving.settings import MESSAGE_LIMIT

log = logging.getLogger(__name__)

V1 = "v1.kernel.websocket.jupyter.org"
CHANNEL = "shell"
CONTROL = "jupyter.widget.control"

HEADER_LIMIT = 64 * 1024  # bytes of a message's header, and of the header of what it answers
MOST_PARTS = 64

MESSAGES = 200.0
"""Messages a second that a page may send for long. A slider that is dragged sends under 60."""

MESSAGES_AT_ONCE = 1_000.0
BYTES = 4.0 * 1024 * 1024  # a second
BYTES_AT_ONCE = 4.0 * MESSAGE_LIMIT

BREACH = 1008  # the code with which a websocket is closed because of what was sent
MOST_IGNORED = 20

# Never sent to a page: what was run, and what went wrong in it.
KEPT_BACK = frozenset({"error", "execute_input", "stream"})
KNOWN = frozenset(
    {
        "complete_request",
        "create_subshell_request",
        "debug_request",
        "execute_request",
        "history_request",
        "input_reply",
        "inspect_request",
        "interrupt_request",
        "is_complete_request",
        "shutdown_request",
    }
)

_SESSION = re.compile(r"[\w-]{1,64}")


class UnreadableError(ValueError):
    """A message that no page of ours would send."""


@dataclass(frozen=True)
class Sent:
    """What of a message matters: where it goes, what it is, and to what it opens a channel."""

    channel: Any
    kind: Any
    target: Any

    @property
    def allowed(self) -> bool:
        """Tell whether widgets need it."""
        if self.channel != CHANNEL or not isinstance(self.kind, str):
            return False
        if self.kind == "comm_open":
            return bool(self.target == CONTROL)
        return self.kind in {
            "comm_close",
            "comm_info_request",
            "comm_msg",
            "kernel_info_request",
        }

    @property
    def name(self) -> str:
        """What to call it in the log; never a visitor's own words."""
        known = self.kind in KNOWN if isinstance(self.kind, str) else False
        return str(self.kind) if known else "something else"


def read(message: str | bytes, subprotocol: str | None) -> Sent:
    """Read what a message is, in the format that was agreed on.

    Args:
        message: as it came from the browser, `MESSAGE_LIMIT` bytes at most.
        subprotocol: `V1`, or None for the older format.

    Raises:
        UnreadableError: it is not a message.

    Example:
        >>> read('{"channel": "shell", "header": {"msg_type": "execute_request"}}', None).allowed
        Traceback (most recent call last):
        ...
        retention_lib.views.serving.channels.UnreadableError: a part is missing
    """
    try:
        if subprotocol == V1:
            return _read_v1(message)
        return _read_older(message)
    except (ValueError, RecursionError, struct.error, OverflowError) as error:
        raise UnreadableError(str(error)) from error


def _read_v1(message: str | bytes) -> Sent:
    """Read a message of the newer format: places, then channel, four parts and any buffers."""
    if isinstance(message, str) or len(message) < 8:
        raise ValueError("not binary")
    count = int.from_bytes(message[:8], "little")
    if not 6 <= count <= MOST_PARTS or len(message) < 8 * (count + 1):
        raise ValueError("not so many parts")
    places = struct.unpack(f"<{count}Q", message[8 : 8 * (count + 1)])
    if places[0] != 8 * (count + 1) or places[-1] != len(message) or list(places) != sorted(places):
        raise ValueError("parts out of place")
    if places[4] - places[1] > HEADER_LIMIT:
        raise ValueError("a header too large")
    channel, *parts = (message[start:end] for start, end in pairwise(places[:6]))
    return _sent(channel.decode("utf-8"), [_json(part) for part in parts])


def _read_older(message: str | bytes) -> Sent:
    """Read a message of the older format: JSON, or places, JSON and buffers."""
    if isinstance(message, bytes):
        (count,) = struct.unpack("!I", message[:4])
        if not 1 <= count <= MOST_PARTS:
            raise ValueError("not so many parts")
        places = [*struct.unpack(f"!{count}I", message[4 : 4 * (count + 1)]), len(message)]
        if places[0] != 4 * (count + 1) or places != sorted(places):
            raise ValueError("parts out of place")
        message = message[places[0] : places[1]]
    whole = _json(message)
    names = ("header", "parent_header", "metadata", "content")
    return _sent(whole.get("channel"), [whole.get(name) for name in names])


def _sent(channel: Any, parts: list[Any]) -> Sent:
    """Take what matters from a message's parts."""
    if not all(isinstance(part, dict) for part in parts):
        raise ValueError("a part is missing")
    name, version = (parts[0].get(key) for key in ("msg_id", "version"))
    if not (isinstance(name, str) and isinstance(version, str) and version.startswith("5.")):
        raise ValueError("a header that a kernel would complain of")
    return Sent(channel, parts[0].get("msg_type"), parts[3].get("target_name"))


def _json(text: str | bytes) -> dict[str, Any]:
    """Read an object; of two entries with one name, readers may take either, so there is none."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a name twice")
        return found

    found = json.loads(text, object_pairs_hook=once)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _kind(message: str | bytes, subprotocol: str | None) -> Any:
    """Tell what a message of the kernel's is."""
    if subprotocol == V1 and isinstance(message, bytes):
        header = json.loads(deserialize_msg_from_ws_v1(message)[1][0])
    elif isinstance(message, bytes):
        start, end = struct.unpack("!2I", message[4:12])
        header = json.loads(message[start:end])["header"]
    else:
        header = json.loads(message)["header"]
    return header["msg_type"]


@dataclass
class Allowance:
    """What may be sent: much at once, and so much a second for long."""

    rate: float
    most: float
    clock: Callable[[], float] = time.monotonic
    _left: float = field(init=False)
    _seen: float = field(init=False)

    def __post_init__(self) -> None:
        self._left, self._seen = self.most, self.clock()

    def take(self, amount: float) -> bool:
        """Take some of it; tell whether there was enough.

        Example:
            >>> small = Allowance(rate=1, most=2, clock=lambda: 0)
            >>> [small.take(1) for _ in range(3)]
            [True, True, False]
        """
        now = self.clock()
        self._left = min(self.most, self._left + (now - self._seen) * self.rate) - amount
        self._seen = now
        return self._left >= 0


class ChannelsHandler(Guarded, KernelWebsocketHandler):
    """The websocket between a page and its kernel."""

    def check_origin(self, origin_to_satisfy_tornado: str = "") -> bool:
        """Let in pages of this very origin; a browser always says which it is."""
        ours = self.request.headers.get("Origin", "").lower() == self.own_origin
        if not ours:
            log.warning("Refused a connection that came from no page of this server.")
        return ours

    async def get(self, kernel_id: str) -> Any:
        """Connect a page to its kernel."""
        # Tornado lets in whoever names no origin.
        if not self.check_origin():
            raise HTTPError(403)
        if not _SESSION.fullmatch(self.get_argument("session_id", "")):
            raise HTTPError(400)
        if kernel_id not in self.kernel_manager:
            raise HTTPError(404)
        self._messages = Allowance(MESSAGES, MESSAGES_AT_ONCE)
        self._bytes = Allowance(BYTES, BYTES_AT_ONCE)
        self._refused: Counter[str] = Counter()
        return await super().get(kernel_id=kernel_id)

    async def open(self, kernel_id: str) -> None:
        """Send each message at once: small ones would wait for the one before to be confirmed."""
        self.set_nodelay(True)
        await super().open(kernel_id)

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass on what widgets need; ignore other messages, and end where it is no mistake."""
        if self._has_gone:
            return
        if not (self._messages.take(1) and self._bytes.take(len(ws_message))):
            self._end("too many messages")
            return
        try:
            sent = read(ws_message, self.selected_subprotocol)
        except UnreadableError:
            self._end("something unreadable")
            return
        if sent.allowed:
            try:
                super().on_message(ws_message)
            except (AttributeError, TypeError, ValueError):  # it cannot be written as Jupyter does
                self._end("something unreadable")
            return
        self._refused[sent.name] += 1
        if self._refused.total() > MOST_IGNORED:
            self._end("too much that is not for pages")

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Send a page what is for it, while it is there."""
        if self._has_gone:
            return None
        if _kind(message, self.selected_subprotocol) in KEPT_BACK:
            return None
        return super().write_message(message, binary)

    def on_close(self) -> None:
        """Let go of the kernel, and log how much was refused."""
        if getattr(self, "connection", None):
            super().on_close()
        refused = getattr(self, "_refused", None)
        if refused:
            what = ", ".join(f"{name} {count}" for name, count in sorted(refused.items()))
            log.warning("Refused from a page: %s.", what)

    @property
    def _has_gone(self) -> bool:
        """Whether the page has left, or was told to, while messages were still on their way."""
        return self.ws_connection is None or self.ws_connection.is_closing()

    def _end(self, why: str) -> None:
        """Close the connection because of what was sent."""
        self._refused[why] += 1
        self.close(BREACH, "Refused")
