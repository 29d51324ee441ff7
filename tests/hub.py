"""A JupyterHub that runs as deploy/local.py says, and people who sign in to it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from retention_lib.paths import ROOT

HOST = "127.0.0.1"
PROTOCOL = Subprotocol("v1.kernel.websocket.jupyter.org")
STARTS_WITHIN = 90.0  # seconds
PASSWORDS = {"councillors": "a password of councillors", "analysts": "a password of analysts"}


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.create_server((HOST, 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass(frozen=True)
class Hub:
    """A hub that runs.

    Attributes:
        url: where it is.
        log: what it writes.
    """

    url: str
    log: Path

    def visitor(self) -> httpx.Client:
        """Give a browser of somebody who has not signed in."""
        return httpx.Client(base_url=self.url, timeout=30)

    def sign_in(self, name: str, group: str) -> Person:
        """Sign in, and wait for the server of one's own."""
        person = Person(self.visitor(), name)
        person.sign_in(PASSWORDS[group])
        person.client.get("/hub/spawn", follow_redirects=True)
        person.wait()
        return person


@dataclass(frozen=True)
class Person:
    """Somebody with a browser.

    Attributes:
        client: the browser.
        name: what they sign in as.
    """

    client: httpx.Client
    name: str

    @property
    def home(self) -> str:
        """What the addresses of their server start with."""
        return f"/user/{self.name}/"

    def sign_in(self, password: str) -> httpx.Response:
        """Fill in the form and send it."""
        self.client.get("/hub/login")
        token = self.token("/hub/")
        form = {"username": self.name, "password": password, "_xsrf": token}
        return self.client.post("/hub/login", data=form)

    def wait(self) -> None:
        """Wait for one's server, and sign in to it."""
        until = time.monotonic() + STARTS_WITHIN
        while not (told := self.ask("/hub/api/user").json()).get("server"):
            if time.monotonic() > until:
                raise TimeoutError(f"{self.name} got no server: {told}")
            time.sleep(0.5)
        # A page of the apps that starts no kernel, and one of JupyterLab.
        for page in ("accessibility", "lab"):
            self.client.get(self.home + page, follow_redirects=True)

    def front_page(self) -> httpx.Response:
        """Open one's server without saying more."""
        return self.client.get(self.home, follow_redirects=True)

    def token(self, path: str) -> str:
        """Give what shows that a request comes from a page of theirs."""
        found = [
            one.value for one in self.client.cookies.jar if (one.name, one.path) == ("_xsrf", path)
        ]
        return str(found[-1])

    def ask(self, path: str, method: str = "GET", **options: Any) -> httpx.Response:
        """Ask as a page of theirs does: for an address of their own server, or of the hub."""
        page = self.home if not path.startswith("/hub/") else "/hub/"
        headers = {"X-XSRFToken": self.token(page), "Referer": f"{self.client.base_url}{page}"}
        url = path if path.startswith("/") else self.home + path
        return self.client.request(method, url, headers=headers, **options)

    @contextmanager
    def socket(self, path: str, came_by: str = "http") -> Iterator[ClientConnection]:
        """Open a websocket at an address, as a page of theirs does.

        Args:
            path: the address.
            came_by: how the browser came; if not by http, a proxy before the hub's says so.
        """
        url = httpx.URL(self.client.base_url).join(path)
        cookies = self.client.build_request("GET", url).headers.get("cookie", "")
        with connect(
            str(url.copy_with(scheme="ws")),
            additional_headers={"Cookie": cookies, "X-Forwarded-Proto": came_by},
            origin=Origin(f"{came_by}://{url.netloc.decode()}"),
            subprotocols=[PROTOCOL],
            max_size=None,
            open_timeout=30,
        ) as connection:
            yield connection

    def channels(self, kernel: str) -> str:
        """Where a kernel is talked to."""
        return f"{self.home}api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"


def message(kind: str, **content: Any) -> bytes:
    """Make a message to a kernel."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "session": uuid.uuid4().hex,
        "username": "",
        "version": "5.3",
    }
    parts: dict[str, Any] = {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
    }
    made: bytes = serialize_msg_to_ws_v1(  # type: ignore[no-untyped-call]
        parts, "shell", lambda part: json.dumps(part).encode()
    )
    return made


def run(code: str) -> bytes:
    """Make the message that runs code."""
    return message("execute_request", code=code, silent=False, store_history=False)


def answers(connection: ClientConnection, until: str, seconds: float = 60) -> dict[str, Any]:
    """Read what a kernel says until an answer of one kind, or until it says no more.

    Returns:
        the last message of each kind.
    """
    found: dict[str, Any] = {}
    try:
        while until not in found:
            read = connection.recv(timeout=seconds)
            _channel, parts = deserialize_msg_from_ws_v1(read)  # type: ignore[no-untyped-call]
            kind = json.loads(parts[0])["msg_type"]
            found[kind] = json.loads(parts[3])
    except (ConnectionClosed, TimeoutError):
        pass
    return found


@contextmanager
def running(folder: Path) -> Iterator[Hub]:
    """Run a hub for as long as it is needed."""
    ports = [free_port() for _ in range(3)]
    url = f"http://{HOST}:{ports[0]}"
    log = folder / "hub.log"
    command = [
        sys.executable,
        "-m",
        "jupyterhub",
        f"--config={ROOT / 'deploy' / 'local.py'}",
        f"--port={ports[0]}",
        f"--JupyterHub.hub_port={ports[1]}",
        f"--ConfigurableHTTPProxy.api_url=http://{HOST}:{ports[2]}",
    ]
    secret = {f"RETENTION_{group.upper()}": password for group, password in PASSWORDS.items()}
    with log.open("wb") as written:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **secret}, stdout=written, stderr=written
        )
    try:
        until = time.monotonic() + STARTS_WITHIN
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-3000:])
            time.sleep(0.3)
        yield Hub(url, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def missing() -> str:
    """Say what a hub needs and this computer does not have; empty if nothing."""
    if shutil.which("configurable-http-proxy") is None:
        return "configurable-http-proxy is not on the path"
    probe = [sys.executable, "-c", "import jupyterhub, jupyterhub_idle_culler, oauthenticator"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        return "the extra `hub` is not installed"
    return ""


def _answers(url: str) -> bool:
    """Tell whether the hub answers through its proxy."""
    try:
        return httpx.get(f"{url}/hub/health").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
