"""Hostile messages sent to a running server by a websocket, as a browser has one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import tempfile
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError

from retention_lib.evaluation import evaluate
from retention_lib.paths import ROOT
from retention_lib.presets import preset
from retention_lib.views.notebooks import INCENTIVES
from retention_lib.views.serving.channels import V1
from retention_lib.views.serving.settings import MESSAGE_LIMIT
from tests.hostile import sent
from tests.hostile.planned import PLANNED
from tests.hostile.watching import CANARY, files, unfit_to_see
from tests.serving import Running, in_time, running
from tests.test_server_channels import CODE, REFUSED, connected, message, packed

OFFER = preset("middlesbrough-2019").scenario
FORGED, GUESSED, HALF_OPEN, MESSAGES = 20, 50, 20, 200
BATCH = 50
PATIENCE = 30  # seconds


@dataclass
class Visit:
    """A page that is open in a browser, as its connection to the server."""

    site: Running
    kernel: str
    connection: WebSocketClientConnection
    widgets: dict[str, dict[str, Any]]
    seen: list[str]
    turn: int = 0

    def widget(self, **state: Any) -> str:
        """Find a widget by what its state holds."""
        return next(
            name
            for name, held in self.widgets.items()
            if all(held.get(key) == value for key, value in state.items())
        )

    async def send(self, comm: str, data: object, *buffers: bytes) -> None:
        """Send a widget's message."""
        one = message("comm_msg", {"comm_id": comm, "data": data})
        await self.connection.write_message(packed(one, V1, *buffers), binary=True)

    async def heard(self) -> AsyncIterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Give the head and the content of each message that comes."""
        while True:
            got = await asyncio.wait_for(self.connection.read_message(), PATIENCE)
            assert isinstance(got, bytes), self.connection.close_code
            _, parts = deserialize_msg_from_ws_v1(got)  # type: ignore[no-untyped-call]
            self.seen.append(b"".join(parts[:4]).decode())
            yield json.loads(parts[0]), json.loads(parts[3])

    async def again(self) -> None:
        """Connect again, as a page does that has lost its connection."""
        self.connection.close()
        self.connection = await connected(self.site, self.kernel)

    async def still_answers(self) -> None:
        """Open another document by its link: the page must show the library's answer to it."""
        self.turn += 1
        asked = OFFER.but({"leaver_cost": 20_000 + 1_000 * self.turn})
        expected = evaluate(asked, 0).headline
        page = self.widget(page=INCENTIVES)
        await self.send(page, {"method": "update", "state": {"arrived": asked.to_link()}})
        answer = self.widget(_anywidget_id="retention_lib.views.widgets.Answer")
        async for _head, content in self.heard():
            state = content.get("data", {}).get("state", {})
            if content.get("comm_id") == answer and state.get("headline") == expected:
                return


async def opened(site: Running) -> Visit:
    """Open the incentives page, and learn its widgets as a browser does."""
    await site.get(f"/voila/render/{INCENTIVES}", request_timeout=2.0 * PATIENCE)
    (kernel,) = site.app.kernel_manager.list_kernel_ids()
    visit = Visit(site, str(kernel), await connected(site, str(kernel)), {}, [])
    control = uuid.uuid4().hex
    target = {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}
    asking = message("comm_open", target) | {"metadata": {"version": "1.0.0"}}
    await visit.connection.write_message(packed(asking, V1), binary=True)
    await visit.send(control, {"method": "request_states"})
    async for _head, content in visit.heard():
        if content.get("data", {}).get("method") == "update_states":
            states = content["data"]["states"]
            visit.widgets = {name: held["state"] for name, held in states.items()}
            visit.seen.clear()  # our own scripts
            return visit
    raise AssertionError


def hostile(dice: random.Random, visit: Visit) -> tuple[str, object, list[bytes]]:
    """Draw a message to one of the page's widgets, or to one that there is not."""
    comm = dice.choice([*visit.widgets, uuid.uuid4().hex, "", sent.NAMES[0]])
    form = visit.widget(name="levers")
    values = visit.widgets[form]["values"]
    turn = dice.random()
    if turn < 0.3:
        changed = {**values, dice.choice([*values, *sent.NAMES]): sent.value(dice)}
        return form, {"method": "update", "state": {"values": changed}}, []
    if turn < 0.6:
        state = sent.object_of(dice, {"_esm": 1, "_css": 1, "_view_module": 1, "layout": 1})
        return comm, {"method": "update", "state": state, "buffer_paths": [["a", -1]]}, [b"x"]
    if turn < 0.8:
        asks = {"want": dice.choice(["open", "add", "stored", sent.value(dice)])}
        asks |= {"name": sent.value(dice), "text": sent.value(dice)}
        return comm, {"method": "custom", "content": asks}, [sent.content(dice)]
    if turn < 0.9:
        return comm, {"method": "request_state"}, []
    return comm, sent.value(dice), []


def as_json(value: object) -> Any:
    """Make of any value what JSON can hold."""
    try:
        return json.loads(json.dumps(value, default=str))
    except RecursionError:
        return json.loads("[" * 500 + "]" * 500)


async def forged(site: Running, kernel: str) -> None:
    """Connect from pages of other sites, and to kernels that are guessed."""
    for number in range(FORGED):
        with pytest.raises(HTTPClientError) as refused:
            await connected(site, kernel, Origin=f"http://evil{number}.example")
        assert refused.value.code == 403
    for _ in range(GUESSED):
        with pytest.raises(HTTPClientError) as refused:
            await connected(site, str(uuid.uuid4()))
        assert refused.value.code == 404


def test_a_server_answers_whatever_it_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    dice = random.Random("over the wire")
    code = {**CODE, "code": f"open({str(temporary / CANARY)!r}, 'w')"}
    kinds = {**REFUSED, "execute_request": code}
    assert FORGED + GUESSED + HALF_OPEN + MESSAGES + len(kinds) >= PLANNED["over the wire"]

    async def check() -> None:
        async with running(ROOT / "workbooks") as site:
            visit = await opened(site)
            await visit.still_answers()
            half_open = [
                socket.create_connection(("127.0.0.1", site.port)) for _ in range(HALF_OPEN)
            ]
            for each in half_open:
                each.sendall(b"GET /api/kernels/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: webso")
            await forged(site, visit.kernel)
            for number in range(MESSAGES):
                comm, data, buffers = hostile(dice, visit)
                await visit.send(comm, as_json(data), *buffers)
                if number % BATCH == BATCH - 1:
                    await visit.still_answers()
            for number, kind in enumerate(kinds):
                channel = ("shell", "control", "stdin")[number % 3]
                one = message(kind, kinds[kind], channel)
                await visit.connection.write_message(packed(one, V1), binary=True)
            await visit.still_answers()
            with contextlib.suppress(WebSocketClosedError):  # it is cut off before its end
                await visit.send(comm, {"method": "update"}, b"\0" * (MESSAGE_LIMIT + 1))
            while await asyncio.wait_for(visit.connection.read_message(), PATIENCE) is not None:
                pass
            await visit.again()
            await visit.still_answers()
            assert not (temporary / CANARY).exists()
            assert [found for text in visit.seen for found in unfit_to_see(text)] == []
            for each in half_open:
                each.close()
            visit.connection.close()

    before = files()
    in_time(check)
    assert files() == before
