"""Fifty councillors at once: sessions over real websockets, each moving a slider.

Usage: python benchmarks/load.py [--sessions 50] [--arrive 60] [--minutes 10] [--json]

Everything is on this computer's loopback. The visitors are tasks of this one process: they speak
as a browser does, but draw nothing, so what is timed is the server's and its kernels' alone. They
take their own share of the processor, which is told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.run import HOST, free_port, machine, percentile  # noqa: E402

PAGE = "/voila/render/01_incentives.ipynb"
LEVER = "effect.leaving_reduction"
PROTOCOL = "v1.kernel.websocket.jupyter.org"
CONTROL = "jupyter.widget.control"

MOVES_A_DRAG = 5
BETWEEN_MOVES = 0.1  # seconds, from one answer of a drag to the next move
READING = (5.0, 15.0)  # seconds from one drag to the next
PATIENCE = 30.0  # seconds for one answer, after which it counts as missed
BUDGET_MS = 250.0

AsyncHTTPClient.configure(None, max_clients=200, max_body_size=50_000_000)


def _packed(part: Any) -> bytes:
    return json.dumps(part).encode()


@dataclass
class Found:
    """What was seen, in milliseconds and counts."""

    opened: list[float] = field(default_factory=list)
    headline: list[float] = field(default_factory=list)
    picture: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)
    missed: int = 0
    refused: int = 0
    broken: list[str] = field(default_factory=list)


@dataclass
class Move:
    """One move that waits for its answer."""

    at: float
    headline: float | None = None
    picture: float | None = None
    idle: float | None = None
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Visitor:
    """One session: a page, its kernel, its websocket, and a hand on a slider."""

    def __init__(self, address: str, found: Found, seed: int) -> None:
        self.address, self.found = address, found
        self.chance = random.Random(seed)
        self.kernel = ""
        self.session = uuid.uuid4().hex
        self.socket: WebSocketClientConnection | None = None
        self.states: dict[str, dict[str, Any]] = {}
        self.moves: dict[str, Move] = {}
        self.told = asyncio.Event()  # that the states of the widgets are here

    async def open(self) -> None:
        """Ask for the page, connect, and learn what is on it, as the page's script does."""
        begun = time.perf_counter()
        answer = await AsyncHTTPClient().fetch(
            HTTPRequest(self.address + PAGE, request_timeout=120)
        )
        found = re.search(r'data-kernel="([^"]+)"', answer.body.decode())
        if found is None:
            raise RuntimeError("The page has no kernel.")
        self.kernel = found.group(1)
        url = f"{self.address.replace('http', 'ws', 1)}/api/kernels/{self.kernel}/channels"
        self.socket = await websocket_connect(
            HTTPRequest(f"{url}?session_id={self.session}", headers={"Origin": self.address}),
            subprotocols=[PROTOCOL],
            max_message_size=50_000_000,
        )
        self.listening = asyncio.ensure_future(self._listen())
        comm = uuid.uuid4().hex
        await self._send(
            "comm_open",
            {"comm_id": comm, "target_name": CONTROL, "data": {}},
            {"version": "1.0.0"},
        )
        await self._send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
        await asyncio.wait_for(self.told.wait(), 60)
        self.found.opened.append((time.perf_counter() - begun) * 1000)
        for model, state in self.states.items():
            if "whole" in state and "running" in state:  # the ranges begin once they are looked at
                content = {"method": "custom", "content": {"want": "seen"}}
                await self._send("comm_msg", {"comm_id": model, "data": content})

    async def _send(
        self, kind: str, content: dict[str, Any], metadata: dict[str, Any] | None = None
    ) -> str:
        assert self.socket is not None
        message = {
            "header": {
                "msg_id": uuid.uuid4().hex,
                "msg_type": kind,
                "session": self.session,
                "username": "",
                "date": "",
                "version": "5.2",
            },
            "parent_header": {},
            "metadata": metadata or {},
            "content": content,
        }
        packed = serialize_msg_to_ws_v1(
            message, "shell", pack=lambda part: json.dumps(part).encode()
        )
        await self.socket.write_message(packed, binary=True)
        return str(message["header"]["msg_id"])  # type: ignore[index]  # made just above

    async def _listen(self) -> None:
        assert self.socket is not None
        while (raw := await self.socket.read_message()) is not None:
            now = time.perf_counter()
            assert isinstance(raw, bytes)
            _channel, parts = deserialize_msg_from_ws_v1(raw)
            header, parent, content = (json.loads(parts[at]) for at in (0, 1, 3))
            self._take(header["msg_type"], parent.get("msg_id", ""), content, now)
        for move in self.moves.values():
            move.done.set()

    def _take(self, kind: str, parent: str, content: dict[str, Any], now: float) -> None:
        data = content.get("data", {}) if kind == "comm_msg" else {}
        if data.get("method") == "update_states":
            self.states = {key: each["state"] for key, each in data["states"].items()}
            self.told.set()
        move = self.moves.get(parent)
        if move is None:
            return
        changed = data.get("state", {}) if data.get("method") == "update" else {}
        if "headline" in changed or "html" in changed:
            move.headline = move.headline or now
        if "svg" in changed:
            move.picture = move.picture or now
        if kind == "status" and content["execution_state"] == "idle":
            move.idle = now
            move.done.set()

    def _levers(self) -> tuple[str, dict[str, Any]]:
        for model, state in self.states.items():
            if LEVER in state.get("values", {}):
                return model, state["values"]
        raise RuntimeError("The page has no such lever.")

    async def move(self) -> None:
        """Move the slider once, and wait for the answer."""
        model, values = self._levers()
        values[LEVER] = self.chance.choice([each for each in range(1, 60) if each != values[LEVER]])
        at = time.perf_counter()
        state = {"method": "update", "state": {"values": values}, "buffer_paths": []}
        key = await self._send("comm_msg", {"comm_id": model, "data": state})
        move = self.moves[key] = Move(at)
        with suppress(TimeoutError):
            await asyncio.wait_for(move.done.wait(), PATIENCE)
        del self.moves[key]
        if move.headline is None or move.picture is None or move.idle is None:
            self.found.missed += 1
            return
        for name in ("headline", "picture", "idle"):
            getattr(self.found, name).append((getattr(move, name) - at) * 1000)

    async def stay(self, until: float) -> None:
        """Drag, read, drag again, until it is time to go."""
        while time.perf_counter() < until:
            for _ in range(MOVES_A_DRAG):
                await self.move()
                await asyncio.sleep(BETWEEN_MOVES)
            await asyncio.sleep(self.chance.uniform(*READING))

    def leave(self) -> None:
        """Close the connection."""
        if self.socket is not None:
            self.socket.close()


async def visit(visitor: Visitor, after: float, until: float) -> None:
    """Arrive, stay and say what went wrong."""
    await asyncio.sleep(after)
    try:
        await visitor.open()
        await visitor.stay(until)
    except HTTPClientError as refused:
        visitor.found.refused += refused.code == 503
        if refused.code != 503:
            visitor.found.broken.append(str(refused))
    except Exception as problem:
        visitor.found.broken.append(f"{type(problem).__name__}: {problem}")


@contextmanager
def serving(sessions: int) -> Iterator[tuple[str, psutil.Process]]:
    """Run the server as shipped, with room for so many sessions."""
    port = free_port()
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    options = ["--port", str(port), "--no-browser", "--max-open", str(sessions)]
    process = subprocess.Popen(
        [sys.executable, "-m", "retention_lib.cli", "serve", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise RuntimeError("The server did not start.")
        yield f"http://{HOST}:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=60)


@dataclass(frozen=True)
class Memory:
    """Megabytes: everything the server holds, and what each of its kernels holds alone."""

    processes: int
    proportional: float
    own_median: float
    own_most: float


def memory(server: psutil.Process, kernels: int) -> Memory:
    """Read the memory of the server and of everything it started; the kernels are the newest."""
    sizes = []
    for process in [server, *server.children(recursive=True)]:
        full = process.memory_full_info()
        sizes.append((process.create_time(), full.uss / 1e6, full.pss / 1e6))
    newest = sorted(own for _, own, _ in sorted(sizes)[-kernels:])
    return Memory(len(sizes), sum(each[2] for each in sizes), statistics.median(newest), newest[-1])


@asynccontextmanager
async def sessions(
    address: str, found: Found, number: int, arrive: float, seconds: float
) -> AsyncIterator[list[Visitor]]:
    """Let so many sessions arrive evenly and stay; ends their visits at the end."""
    until = time.perf_counter() + arrive + seconds
    visitors = [Visitor(address, found, seed) for seed in range(number)]
    tasks = [
        asyncio.ensure_future(visit(each, arrive * at / number, until))
        for at, each in enumerate(visitors)
    ]
    yield visitors
    await asyncio.gather(*tasks)
    for each in visitors:
        each.leave()


async def one_more(address: str) -> str:
    """Come as one too many; tells what is answered."""
    begun = time.perf_counter()
    answer = await AsyncHTTPClient().fetch(address + PAGE, raise_error=False, request_timeout=60)
    took = (time.perf_counter() - begun) * 1000
    heading = re.search(r"<h1>(.*?)</h1>", answer.body.decode(), re.DOTALL)
    return f"status {answer.code}, “{heading.group(1) if heading else ''}”, in {took:.0f} ms"


async def kill_one(server: psutil.Process, visitors: list[Visitor], found: Found) -> str:
    """Kill one kernel while all others go on; tells what they noticed."""
    newest = max(server.children(recursive=True), key=lambda each: each.create_time())
    before = (len(found.picture), found.missed)
    newest.kill()
    await asyncio.sleep(20)
    after = found.picture[before[0] :]
    gone = sum(each.listening.done() for each in visitors if each.kernel)
    missed = found.missed - before[1]
    slow = f"{percentile(after, 95):.0f} ms" if len(after) > 1 else "no answers"
    return (
        f"{len(after)} answers of the others in the next 20 s, 95th percentile {slow}; "
        f"{gone} connection(s) ended, {missed} answer(s) missed"
    )


async def load(number: int, arrive: float, minutes: float) -> dict[str, Any]:
    """Run the whole test."""
    found = Found()
    with serving(number) as (address, server):
        await asyncio.sleep(10)  # a server that has been up for a moment
        cpu = {one: one.cpu_times() for one in [psutil.Process(), server]}
        begun = time.perf_counter()
        async with sessions(address, found, number, arrive, minutes * 60) as visitors:
            await asyncio.sleep(arrive + minutes * 60 - 30)
            at_full = memory(server, number)
            extra = await one_more(address)
            counted = asdict(found)
            killed = await kill_one(server, visitors, found)
        took = time.perf_counter() - begun
        client = psutil.Process().cpu_times()
        spent = client.user + client.system - sum(cpu[psutil.Process()][:2])
    return {
        "machine": machine(),
        "sessions": number,
        "arrived over, s": arrive,
        "lasted, minutes": minutes,
        "moves answered": len(counted["picture"]),
        "moves missed": counted["missed"],
        "sessions refused": counted["refused"],
        "what broke": counted["broken"],
        "page open, ms": summary(counted["opened"]),
        "slider to headline, ms": summary(counted["headline"]),
        "slider to picture, ms": summary(counted["picture"]),
        "slider to everything, ms": summary(counted["idle"]),
        "answers within 250 ms": within(counted["picture"]),
        "memory at full, MB": asdict(at_full),
        "memory a session, MB": at_full.proportional / number,
        "processor of the visitors themselves": spent / took,
        f"one more, number {number + 1}": extra,
        "one kernel killed": killed,
    }


def summary(values: list[float]) -> dict[str, float]:
    """Give median, 95th and 99th percentile and the most."""
    if len(values) < 2:
        return {}
    return {
        "median": statistics.median(values),
        "p95": percentile(values, 95),
        "p99": percentile(values, 99),
        "most": max(values),
    }


def within(values: list[float]) -> float:
    """Give the share of answers within the budget."""
    return sum(each <= BUDGET_MS for each in values) / max(1, len(values))


def text(value: Any) -> str:
    """Write a figure for people."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {text(each)}" for key, each in value.items())
    return (
        f"{value:,.2f}"
        if isinstance(value, float) and value < 10
        else (f"{value:,.0f}" if isinstance(value, float) else str(value))
    )


def main() -> int:
    """Measure and print; 1 where fewer than 95% of answers came within the budget."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--arrive", type=float, default=60, help="seconds; 60 unless told")
    parser.add_argument("--minutes", type=float, default=10, help="after that; 10 unless told")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    found = asyncio.run(load(options.sessions, options.arrive, options.minutes))
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        print("\n".join(f"{key:<40}{text(value)}" for key, value in found.items()))
    return int(found["answers within 250 ms"] < 0.95)


if __name__ == "__main__":
    sys.exit(main())
