"""Servers that are measured: started, found again with all they start, weighed, and ended."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.apps import App
from benchmarks.run import HOST, ROOT, free_port

_MARK = "PEERS_RUN"
_FOLDER = Path(__file__).resolve().parent
_LOOKS = 8
_STEADY = 0.01  # of the memory, between two looks
_UP = 120.0  # seconds in which a server must answer


@dataclass(frozen=True)
class Running:
    """A server: its address, when it was started, and the mark of all its processes."""

    address: str
    started: float
    mark: str


@dataclass(frozen=True)
class Memory:
    """Megabytes of a server and all it started: with what is shared split, and its own alone."""

    proportional: float
    own: float


def processes(mark: str) -> list[int]:
    """List the processes of a run: whatever it started has its mark in its environment."""
    wanted = f"{_MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
    return found


def memory(mark: str) -> Memory:
    """Weigh a run's processes, as Linux counts them."""
    sums = {"Pss": 0, "Private_Clean": 0, "Private_Dirty": 0}
    for process in processes(mark):
        with suppress(OSError):
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                name, _, rest = line.partition(":")
                if name in sums:
                    sums[name] += int(rest.split()[0])
    return Memory(sums["Pss"] / 1024, (sums["Private_Clean"] + sums["Private_Dirty"]) / 1024)


def memory_at_rest(mark: str, rest: float) -> Memory:
    """Weigh a run's processes once they no longer grow, looking again after so many seconds."""
    before = memory(mark)
    for _ in range(_LOOKS):
        time.sleep(rest)
        now = memory(mark)
        if abs(now.proportional - before.proportional) < _STEADY * now.proportional:
            return now
        before = now
    return before


def processor_time(mark: str) -> float:
    """Give the seconds of processor time that a run's living processes have used, as Linux counts.

    Unlike a wait, it hardly depends on what else the computer does.
    """
    ticks = 0
    for process in processes(mark):
        with suppress(OSError):
            used = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(used[11]) + int(used[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(app: App, python: str, settings: Mapping[str, str]) -> Iterator[Running]:
    """Run an app's server until it is no longer needed, and end all that it started."""
    port, mark = free_port(), uuid.uuid4().hex
    paths = [settings.get("PYTHONPATH", ""), str(ROOT), "" if app.is_ours else str(_FOLDER)]
    environment = {
        **os.environ,
        **settings,
        _MARK: mark,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }
    address = f"http://{HOST}:{port}"
    with tempfile.TemporaryFile() as said:
        started = time.monotonic()
        process = subprocess.Popen(
            app.start(python, port),
            cwd=ROOT if app.is_ours else _FOLDER,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            if not _answers(address, process):
                said.seek(0)
                last = said.read().decode(errors="replace").strip().rpartition("\n")[2]
                raise RuntimeError(f"The server of {app.name} did not start. {last}")
            yield Running(address, started, mark)
        finally:
            _end(process, mark)


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a server answers anything; what is asked for starts no visit."""
    end = time.monotonic() + _UP
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/favicon.ico", timeout=_UP).close()
            return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.02)
    return False


def _end(process: subprocess.Popen[bytes], mark: str) -> None:
    """End a server, and whatever it leaves behind."""
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)
    for left in processes(mark):
        with suppress(ProcessLookupError):
            os.kill(left, 9)
