"""What a visitor's process costs: how fast it is there, and how much memory it holds for itself.

    .venv/bin/python benchmarks/kernels.py

Kernels are started through the server's own manager, forked and, to compare, afresh. In each the
cell of the incentives workbook runs, its first slider is moved, and the ranges are drawn. Linux
alone; let nothing else run meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from traitlets.config import Config

from retention_lib.paths import WORKBOOKS
from retention_lib.views.serving.forked import with_library
from retention_lib.views.serving.kernels import OwnKernelSpecManager, WorkbookKernelManager
from retention_lib.views.serving.settings import local_transport, runtime_folder

# The workbook's own cell, then what a browser does: it is there, moves a slider, and waits.
OPEN = """
from retention_lib.views.incentives_page import IncentivesPage

page = IncentivesPage()
page
"""
MOVE = """
path = next(
    field["path"]
    for section in page._levers.sections
    for field in section["fields"]
    if field["kind"] == "number"
)
page._take_away.arrived = "-"
value = page._levers.values[path]
page._levers.values = {**page._levers.values, path: value + 1}
await page._refiner._task
assert page._has_ranges
"""
MEGA = 1024.0  # kB
MODES = {"forked": True, "afresh": False}


@dataclass
class Found:
    """What was measured of so many kernels.

    Attributes:
        mode: how they were started.
        started: milliseconds until each answered.
        opened: milliseconds until each had run the workbook's cell.
        moved: milliseconds until each had its ranges after a move.
        pss, uss: megabytes of each at the end; pages that several share count in parts, or not.
        shared: megabytes of the warm process itself, in the same way.
    """

    mode: str
    started: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    moved: list[float] = field(default_factory=list)
    pss: list[float] = field(default_factory=list)
    uss: list[float] = field(default_factory=list)
    shared: float = 0.0

    def row(self) -> list[str]:
        """Give a row of the table."""
        late = sorted(self.started)[int(0.95 * (len(self.started) - 1))]
        return [
            f"{len(self.started)} {self.mode}",
            *(f"{value:.0f}" for value in (statistics.median(self.started), late)),
            *(f"{statistics.median(times):.0f}" for times in (self.opened, self.moved)),
            *(f"{statistics.median(sizes):.1f}" for sizes in (self.pss, self.uss)),
            f"{sum(self.pss) + self.shared:.0f}",
        ]


HEAD = (
    "kernels",
    "start ms",
    "p95 ms",
    "page ms",
    "move+ranges ms",
    "PSS MB",
    "USS MB",
    "all, with the warm process, MB",
)


def memory(process: int) -> tuple[float, float]:
    """Give a process's proportional and private memory, in megabytes."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
    sizes = {line.split()[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
    private = sizes["Private_Clean:"] + sizes["Private_Dirty:"]
    return sizes["Pss:"] / MEGA, private / MEGA


async def timed(client: AsyncKernelClient, code: str) -> float:
    """Run code in a kernel; gives the milliseconds it took."""
    begun = time.perf_counter()
    asked = client.execute(code)
    while True:
        reply = await client.get_shell_msg(timeout=120)
        if reply["parent_header"].get("msg_id") == asked:
            break
    if reply["content"]["status"] != "ok":
        raise RuntimeError("\n".join(reply["content"]["traceback"]))
    return (time.perf_counter() - begun) * 1000


async def answering(manager: WorkbookKernelManager, found: Found) -> AsyncKernelClient:
    """Start a kernel and wait until it says what it is."""
    begun = time.perf_counter()
    name = await manager.start_kernel(kernel_name="python3", env=with_library(os.environ))
    kernel: Any = manager.get_kernel(name)
    client: AsyncKernelClient = kernel.client()
    client.start_channels()
    client.kernel_info()
    await client.get_shell_msg(timeout=60)
    found.started.append((time.perf_counter() - begun) * 1000)
    return client


async def measured(mode: str, count: int) -> Found:
    """Start so many kernels one after the other, use each, and look at all of them at the end."""
    folder = runtime_folder()
    settings: dict[str, Any] = {
        "WorkbookKernelManager": {"forked": MODES[mode], "max_kernels": count},
        "KernelManager": {"transport": local_transport(folder)},
    }
    manager = WorkbookKernelManager(
        config=Config(settings),
        connection_dir=str(folder),
        kernel_spec_manager=OwnKernelSpecManager(),
        root_dir=str(WORKBOOKS),
    )
    found = Found(mode)
    try:
        await manager.settled()
        for _ in range(count):
            client = await answering(manager, found)
            found.opened.append(await timed(client, OPEN))
            found.moved.append(await timed(client, MOVE))
            client.stop_channels()
        for name in manager.list_kernel_ids():
            kernel: Any = manager.get_kernel(name)
            pss, uss = memory(kernel.provisioner.pid)
            found.pss.append(pss)
            found.uss.append(uss)
        warm = manager.nursery.process if manager.nursery else None
        found.shared = memory(warm)[0] if warm else 0.0
    finally:
        await manager.close()
        shutil.rmtree(folder, ignore_errors=True)
    return found


def main() -> None:
    """Measure, and print a table."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--forked", type=int, nargs="*", default=[1, 10, 50])
    asked.add_argument("--afresh", type=int, nargs="*", default=[1, 10])
    chosen = asked.parse_args()
    print(f"Load before: {os.getloadavg()[0]:.2f}, {os.cpu_count()} processors", flush=True)
    plan = [("afresh", count) for count in chosen.afresh]
    plan += [("forked", count) for count in chosen.forked]
    rows = []
    for mode, count in plan:
        print(f"Measuring {count} {mode} …", flush=True)
        rows.append(asyncio.run(measured(mode, count)).row())
    for row in (HEAD, *rows):
        print(" | ".join(row))


if __name__ == "__main__":
    main()
