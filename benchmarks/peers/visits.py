"""A first visit: what it loads, and which other computers the page and the server ask."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Error

from benchmarks.peers.apps import App
from benchmarks.peers.pages import first_answer, new_page, show
from benchmarks.peers.servers import running
from benchmarks.run import HOST, visitor

_WATCHED = str(Path(__file__).resolve().parent / "watched")
_BINARY = 2
_PATIENCE = 30_000  # milliseconds


@dataclass
class Visit:
    """Bytes and requests until the first answer, and the hosts asked for."""

    works: bool = False
    files: float = 0.0
    messages: float = 0.0
    requests: int = 0
    page_asks: list[str] = field(default_factory=list)
    server_asks: list[str] = field(default_factory=list)

    @property
    def asks_others(self) -> bool:
        """Tell whether anything outside this computer was asked for."""
        return bool(self.page_asks or self.server_asks)


def visit(browser: Browser, app: App, python: str, settings: Mapping[str, str]) -> Visit:
    """Be a first visitor, with everything that is asked for noted."""
    found = Visit()
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "asked"
        watched = {**settings, "ASKED": str(asked), "PYTHONPATH": _WATCHED}
        with running(app, python, watched) as server, visitor(browser) as context:
            page = new_page(context, app)
            _listen(context.new_cdp_session(page), found)
            try:
                show(page, app, server.address, _PATIENCE)
                first_answer(page, app)
                found.works = True
            except Error:
                found.works = False
            page.wait_for_timeout(1500)
        if asked.exists():
            found.server_asks = sorted(set(asked.read_text(encoding="utf-8").split()))
    found.page_asks = sorted(set(found.page_asks))
    return found


def _listen(network: CDPSession, found: Visit) -> None:
    """Note what a page loads and whom it asks."""

    def asks(event: dict[str, Any]) -> None:
        address = urlsplit(event["request"]["url"])
        if address.scheme not in {"http", "https"}:
            return
        found.requests += 1
        if address.hostname != HOST:
            found.page_asks.append(str(address.hostname))

    def file(event: dict[str, Any]) -> None:
        found.files += event["encodedDataLength"] / 1e6

    def message(event: dict[str, Any]) -> None:
        payload = event["response"]["payloadData"]
        is_binary = event["response"]["opcode"] == _BINARY
        size = len(base64.b64decode(payload)) if is_binary else len(payload.encode())
        found.messages += size / 1e6

    network.send("Network.enable")
    network.on("Network.requestWillBeSent", asks)
    network.on("Network.loadingFinished", file)
    network.on("Network.webSocketFrameReceived", message)
