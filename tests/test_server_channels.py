"""What a page may say to its kernel, and who may speak to it at all."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import serialize_binary_message
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from retention_lib.views.serving import channels
from retention_lib.views.serving.channels import V1, Allowance, UnreadableError, read
from tests.browser.standins import save
from tests.serving import TINY, Running, in_time, running

CONTROL = {"comm_id": "a", "target_name": "jupyter.widget.control", "data": {}}
NEEDED: dict[str, dict[str, Any]] = {
    "comm_close": {"comm_id": "a", "data": {}},
    "comm_info_request": {"target_name": "jupyter.widget"},
    "comm_msg": {"comm_id": "a", "data": {"method": "update", "state": {"value": 1}}},
    "comm_open": CONTROL,
    "kernel_info_request": {},
}
CODE = {"code": "print(open('/etc/passwd').read())", "silent": False, "user_expressions": {}}
REFUSED: dict[str, dict[str, Any]] = {
    "comm_open": {**CONTROL, "target_name": "jupyter.widget"},
    "complete_request": {"code": "o", "cursor_pos": 1},
    "create_subshell_request": {},
    "debug_request": {"type": "request", "command": "initialize"},
    "execute_request": CODE,
    "history_request": {"hist_access_type": "tail", "n": 10},
    "input_reply": {"value": "1"},
    "inspect_request": {"code": "open", "cursor_pos": 1},
    "interrupt_request": {},
    "is_complete_request": {"code": "1"},
    "shutdown_request": {"restart": False},
    "usage_request": {},
}
FORMATS = [V1, None]


def message(kind: str, content: dict[str, Any], channel: str = "shell") -> dict[str, Any]:
    """Make a message as Voilà's script does."""
    header = {
        "date": "2025-01-01T00:00:00Z",
        "msg_id": str(uuid.uuid4()),
        "msg_type": kind,
        "session": "page",
        "username": "",
        "version": "5.2",
    }
    empty: dict[str, Any] = {"parent_header": {}, "metadata": {}, "buffers": []}
    return {"channel": channel, "header": header, "content": content, **empty}


def packed(one: dict[str, Any], subprotocol: str | None, *buffers: bytes) -> str | bytes:
    """Write a message in one of the two formats."""
    if subprotocol is None:
        whole = {**one, "buffers": list(buffers)}
        if not buffers:
            return json.dumps(one)
        return bytes(serialize_binary_message(whole))  # type: ignore[no-untyped-call]
    names = ("header", "parent_header", "metadata", "content")
    parts = [one["channel"].encode(), *(json.dumps(one[name]).encode() for name in names), *buffers]
    places = [8 * (len(parts) + 2)]
    for part in parts:
        places.append(places[-1] + len(part))
    return struct.pack(f"<{len(places) + 1}Q", len(places), *places) + b"".join(parts)


# --- The filter --------------------------------------------------------------------------------


@pytest.mark.parametrize("subprotocol", FORMATS)
@pytest.mark.parametrize("kind", NEEDED)
def test_what_widgets_need_is_let_through(kind: str, subprotocol: str | None) -> None:
    assert read(packed(message(kind, NEEDED[kind]), subprotocol), subprotocol).allowed


@pytest.mark.parametrize("subprotocol", FORMATS)
def test_file_that_a_widget_takes_is_let_through(subprotocol: str | None) -> None:
    sent = packed(message("comm_msg", NEEDED["comm_msg"]), subprotocol, b"a,b\n1,2", b"\0" * 5000)
    assert read(sent, subprotocol).allowed


@pytest.mark.parametrize("subprotocol", FORMATS)
@pytest.mark.parametrize("kind", REFUSED)
def test_what_runs_code_or_looks_into_a_kernel_is_not(kind: str, subprotocol: str | None) -> None:
    assert not read(packed(message(kind, REFUSED[kind]), subprotocol), subprotocol).allowed


@pytest.mark.parametrize("subprotocol", FORMATS)
@pytest.mark.parametrize("channel", ["control", "stdin", "iopub", "hb", "", "Shell"])
@pytest.mark.parametrize("kind", NEEDED)
def test_nothing_is_let_through_on_another_channel(
    kind: str, channel: str, subprotocol: str | None
) -> None:
    sent = packed(message(kind, NEEDED[kind], channel), subprotocol)
    assert not read(sent, subprotocol).allowed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        '{"channel": "shell"}',
        '{"channel": "shell", "header": []}',
        '{"channel": "shell", "header": {}, "parent_header": {}, "metadata": {}, "content": 1}',
        '{"channel": "shell", "header": {"msg_type": "comm_msg", "version": "5.2"}, '
        '"parent_header": {}, "metadata": {}, "content": {}}',
        '{"channel": "shell", "header": {"msg_type": "comm_msg", "msg_id": "1", "version": null}, '
        '"parent_header": {}, "metadata": {}, "content": {}}',
        # Which of the two a kernel takes must not matter.
        '{"channel": "shell", "header": {"msg_type": "execute_request", "msg_type": "comm_msg"}, '
        '"parent_header": {}, "metadata": {}, "content": {}}',
    ],
)
def test_what_is_no_message_is_unreadable(text: str) -> None:
    for sent in (text, text.encode()):
        for subprotocol in FORMATS:
            with pytest.raises(UnreadableError):
                read(sent, subprotocol)


def test_parts_out_of_place_are_unreadable() -> None:
    whole = bytes(packed(message("comm_msg", {}), V1))  # type: ignore[arg-type]
    count = int.from_bytes(whole[:8], "little")
    for at in range(count + 1):
        for wrong in (0, 1, 2**63, len(whole) + 1):
            places = whole[: 8 * at] + wrong.to_bytes(8, "little") + whole[8 * (at + 1) :]
            with pytest.raises(UnreadableError):
                read(places, V1)


@given(st.binary(max_size=400), st.sampled_from(FORMATS))
def test_no_bytes_are_taken_for_what_widgets_need(sent: bytes, subprotocol: str | None) -> None:
    with pytest.raises(UnreadableError):
        read(sent, subprotocol)


@given(
    st.text(max_size=30), st.sampled_from(FORMATS), st.sampled_from(["shell", "control", "stdin"])
)
def test_only_the_kinds_that_are_named_are_let_through(
    kind: str, subprotocol: str | None, channel: str
) -> None:
    sent = read(packed(message(kind, {}, channel), subprotocol), subprotocol)
    assert sent.allowed == (channel == "shell" and kind in set(NEEDED) - {"comm_open"})


def test_log_never_holds_a_visitors_words() -> None:
    sent = read(packed(message("my salary is 34,000", {}), V1), V1)
    assert sent.name == "something else"


def test_allowance_grows_back_with_time_and_no_further() -> None:
    now = [0.0]
    allowance = Allowance(rate=2, most=4, clock=lambda: now[0])
    assert [allowance.take(1) for _ in range(5)] == [True, True, True, True, False]
    now[0] = 1.0
    assert allowance.take(1)
    now[0] = 1000.0
    assert [allowance.take(2) for _ in range(3)] == [True, True, False]


# --- The connection ----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a workbook that has a number to move."""
    code = "import ipywidgets\nnumber = ipywidgets.IntSlider(3)\nnumber"
    save(tmp_path / TINY, [code], "A number?")
    return tmp_path


async def opened(site: Running) -> str:
    """Open the page; gives its kernel."""
    await site.open()
    (kernel,) = site.app.kernel_manager.list_kernel_ids()
    return str(kernel)


async def connected(
    site: Running, kernel: str, subprotocol: str | None = V1, **headers: str
) -> WebSocketClientConnection:
    """Connect as the page does."""
    at = f"127.0.0.1:{site.port}"
    headers = {"Origin": f"http://{at}", **headers}
    url = f"ws://{at}/api/kernels/{kernel}/channels?session_id=page"
    request = HTTPRequest(url, headers={name: text for name, text in headers.items() if text})
    return await websocket_connect(request, subprotocols=[subprotocol] if subprotocol else None)


def kind_of(answer: str | bytes) -> str:
    """Tell what a message from the server is."""
    if isinstance(answer, str):
        return str(json.loads(answer)["header"]["msg_type"])
    places = struct.unpack("<2Q", answer[16:32])
    return str(json.loads(answer[places[0] : places[1]])["msg_type"])


async def answers(connection: WebSocketClientConnection, last: str) -> list[str]:
    """Give the kinds of what comes, up to one kind; fails if it does not come."""
    found: list[str] = []
    while last not in found:
        got = await asyncio.wait_for(connection.read_message(), 10)
        assert got is not None, connection.close_code
        found.append(kind_of(got))
    return found


@pytest.mark.parametrize("subprotocol", FORMATS)
def test_page_is_answered_and_code_is_not_run(
    folder: Path, tmp_path: Path, subprotocol: str | None
) -> None:
    mark = tmp_path / "has-run"

    async def check() -> None:
        async with running(folder) as site:
            connection = await connected(site, await opened(site), subprotocol)
            code = {**CODE, "code": f"open({str(mark)!r}, 'w')"}
            for channel in ("shell", "control"):
                one = message("execute_request", code, channel)
                await connection.write_message(packed(one, subprotocol), binary=bool(subprotocol))
            # Asked after the code, so answered after it would have run.
            one = message("kernel_info_request", {})
            await connection.write_message(packed(one, subprotocol), binary=bool(subprotocol))
            found = await answers(connection, "kernel_info_reply")
            assert "execute_reply" not in found
            assert "execute_input" not in found
            assert not mark.exists()

    in_time(check)


def test_connection_is_for_pages_of_this_very_origin(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            kernel = await opened(site)
            own = f"http://127.0.0.1:{site.port}"
            for origin in ("http://evil.example", f"https://127.0.0.1:{site.port}", "null", ""):
                with pytest.raises(HTTPClientError) as refused:
                    await connected(site, kernel, Origin=origin)
                assert refused.value.code == 403, origin
            for origin in (f"{own}1", f"{own}.evil.example", "http://127.0.0.1"):
                with pytest.raises(HTTPClientError):
                    await connected(site, kernel, Origin=origin)
            (await connected(site, kernel)).close()

    in_time(check)


def test_unknown_kernel_and_strange_session_are_refused(folder: Path) -> None:
    async def check() -> None:
        async with running(folder) as site:
            kernel = await opened(site)
            for end, code in (
                (f"{uuid.uuid4()}/channels?session_id=page", 404),
                (f"{kernel}/channels", 400),
                (f"{kernel}/channels?session_id={'a' * 300}", 400),
            ):
                url = f"ws://127.0.0.1:{site.port}/api/kernels/{end}"
                headers = {"Origin": f"http://127.0.0.1:{site.port}"}
                with pytest.raises(HTTPClientError) as refused:
                    await websocket_connect(HTTPRequest(url, headers=headers))
                assert refused.value.code == code

    in_time(check)


def test_small_messages_do_not_wait_for_one_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_here: list[channels.ChannelsHandler] = []
    connect = channels.ChannelsHandler.open

    async def noted(self: channels.ChannelsHandler, kernel_id: str) -> None:
        opened_here.append(self)
        await connect(self, kernel_id)

    monkeypatch.setattr(channels.ChannelsHandler, "open", noted)

    async def check() -> None:
        async with running(folder) as site:
            connection = await connected(site, await opened(site))
            await answers(connection, "status")
            (handler,) = opened_here
            stream: Any = handler.ws_connection
            assert stream.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    in_time(check)


async def until_closed(connection: WebSocketClientConnection) -> int | None:
    """Wait until the server closes the connection; gives its code."""
    while await asyncio.wait_for(connection.read_message(), 10) is not None:
        pass
    return connection.close_code


def test_what_no_page_would_send_ends_the_connection(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    harmless = packed(message("comm_info_request", {}), V1)
    asking = packed(message("execute_request", CODE), V1)
    monkeypatch.setattr(channels, "MESSAGES_AT_ONCE", 50.0)
    monkeypatch.setattr(channels, "MESSAGES", 1.0)

    async def check() -> None:
        async with running(folder) as site:
            kernel = await opened(site)
            for sent in ([b"\0" * 9], [asking] * 21, [harmless] * 51):
                connection = await connected(site, kernel)
                for one in sent:
                    await connection.write_message(one, binary=True)
                assert await until_closed(connection) == 1008
            assert kernel in site.app.kernel_manager

    in_time(check)


def test_message_past_the_limit_ends_the_connection(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check() -> None:
        async with running(folder) as site:
            site.app.app.settings["websocket_max_message_size"] = 10_000
            connection = await connected(site, await opened(site))
            large = packed(message("comm_msg", NEEDED["comm_msg"]), V1, b"\0" * 10_000)
            await connection.write_message(large, binary=True)
            assert await until_closed(connection) is not None

    in_time(check)
