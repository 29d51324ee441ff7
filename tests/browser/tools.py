"""A server, and pages that note whatever they should not do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, ViewportSize

NARROW: ViewportSize = {"width": 320, "height": 800}
WIDE: ViewportSize = {"width": 1400, "height": 900}

HOST = "127.0.0.1"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
# A browser under test asks nobody but the server for anything, of its own accord either.
OPTIONS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@dataclass
class Server:
    """A running `retention serve`."""

    address: str
    output: Path

    def url(self, file: str) -> str:
        """Where a workbook's page is."""
        return f"{self.address}/voila/render/{file}"

    def log(self) -> str:
        """What it has printed."""
        return self.output.read_text(encoding="utf-8")


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return int(trial.getsockname()[1])


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 30) -> None:
    """Wait until something is so, or fail and say what was awaited."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)


def status(url: str) -> int:
    """Ask for an address; give the status, or 0 if nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server: at once, if it does not end of itself."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def serving(
    root: Path, output: Path, port: int | None = None, **environment: str
) -> Iterator[Server]:
    """Run the command that serves workbooks, until the tests with it are over."""
    port = port or free_port()
    command = [sys.executable, "-m", "retention_lib.cli", "serve", "--port", str(port)]
    with output.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [*command, "--no-browser"],
            cwd=root,
            env={**os.environ, **environment},
            stderr=subprocess.STDOUT,
            stdout=stream,
        )
    server = Server(f"http://{HOST}:{port}", output)
    try:
        wait_for(
            lambda: process.poll() is not None or status(f"{server.address}/no-page") == 404,
            "the server to answer",
            120,  # several times what it takes, for a computer that has other work
        )
        assert process.poll() is None, server.log()
        yield server
    finally:
        end(process)


@dataclass
class Watch:
    """What a page asked for and complained of."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, text: str) -> None:
        """Do not fail because of a complaint that has this in it."""
        self.expected.append(text)

    def follow(self, page: Page) -> None:
        """Note what a page does."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda opened: self.requests.append(opened.url))
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def foreign(self) -> list[str]:
        """Give the requests that left this computer."""
        schemes = ("http", "https", "ws", "wss")
        parts = [(url, urlsplit(url)) for url in self.requests]
        return [url for url, at in parts if at.scheme in schemes and at.hostname != HOST]

    def unexpected(self) -> list[str]:
        """Give the complaints that no test asked for."""
        return [one for one in self.complaints if not any(text in one for text in self.expected)]
