"""Kernels that are forked from one warm process: each is alone, and nobody hangs on another."""

from __future__ import annotations

import ast
import asyncio
import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from traitlets.config import Config

from retention_lib.paths import ROOT
from retention_lib.views.serving import forked, kernels
from retention_lib.views.serving.forked import (
    OWN_LAUNCHER,
    ForkedProcess,
    ForkedProvisioner,
    Nursery,
    NurseryError,
    can_fork,
    with_library,
)
from retention_lib.views.serving.forked_nursery import main as be_nursery
from retention_lib.views.serving.kernels import OwnKernelSpecManager, WorkbookKernelManager
from retention_lib.views.serving.settings import local_transport, runtime_folder
from tests.browser.standins import save
from tests.serving import TINY, body, in_time, running

pytestmark = pytest.mark.skipif(not can_fork(), reason="kernels are forked on Linux alone")

PAGE = """
from retention_lib.views.incentives_page import IncentivesPage
page = IncentivesPage()
"""


OPEN: list[Visitor] = []


class Visitor:
    """One kernel, and what a page would ask of it."""

    def __init__(self, manager: WorkbookKernelManager, name: str) -> None:
        self.manager = manager
        self.name = name
        self.kernel: Any = manager.get_kernel(name)
        self.client: Any = self.kernel.client()
        self.client.start_channels()
        OPEN.append(self)

    @property
    def process(self) -> int:
        """Its process's id."""
        return int(self.kernel.provisioner.process.pid)

    @property
    def is_forked(self) -> bool:
        """Whether it was forked from the warm process."""
        return isinstance(self.kernel.provisioner.process, ForkedProcess)

    async def run(self, code: str, asks: str = "None") -> Any:
        """Run code, and give the value of an expression after it."""
        asked = self.client.execute(code, user_expressions={"value": asks})
        content = await self._answer(asked)
        assert content["status"] == "ok", content
        found = content["user_expressions"]["value"]
        assert found["status"] == "ok", found
        return ast.literal_eval(found["data"]["text/plain"])

    async def fails(self, code: str) -> str:
        """Run code, and give the name of the error that it ends with."""
        content = await self._answer(self.client.execute(code))
        assert content["status"] == "error"
        return str(content["ename"])

    async def _answer(self, asked: str) -> dict[str, Any]:
        while True:
            reply = await self.client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == asked:
                content: dict[str, Any] = reply["content"]
                return content

    def handles(self) -> set[str]:
        """What it has open besides its standard streams."""
        return open_in(self.process) - {
            os.readlink(f"/proc/{self.process}/fd/{number}") for number in (0, 1, 2)
        }


def open_in(process: int) -> set[str]:
    """List what a process has open, by what the system calls it: a socket's name is its own."""
    folder = Path(f"/proc/{process}/fd")
    return {os.readlink(each) for each in folder.iterdir()}


def runs(process: int) -> bool:
    """Whether a process runs; one that waits for its parent to notice its end does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return False
    return state.split()[0] not in "ZX"


async def ends(process: int) -> None:
    """Wait until a process has ended."""
    async with asyncio.timeout(20):
        while runs(process):
            await asyncio.sleep(0.02)


@asynccontextmanager
async def managed(room: int = 4, **settings: Any) -> AsyncIterator[WorkbookKernelManager]:
    """Manage kernels for as long as a test needs them; none is left behind."""
    folder = runtime_folder()
    config = {
        "WorkbookKernelManager": {"max_kernels": room, **settings},
        "KernelManager": {"transport": local_transport(folder)},
    }
    manager = WorkbookKernelManager(
        config=Config(config),
        connection_dir=str(folder),
        kernel_spec_manager=OwnKernelSpecManager(),
        root_dir=str(folder),
    )
    try:
        async with asyncio.timeout(120):
            yield manager
    finally:
        while OPEN:
            OPEN.pop().client.stop_channels()
        await manager.close()
        shutil.rmtree(folder)


async def visit(manager: WorkbookKernelManager, **environment: str) -> Visitor:
    """Start a kernel."""
    env = {**with_library(os.environ), "IPYTHONDIR": f"{manager.connection_dir}/ip", **environment}
    return Visitor(manager, await manager.start_kernel(kernel_name="python3", path="", env=env))


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give what the log says of the warm process."""
    return [each.getMessage() for each in caplog.records if each.name == forked.__name__]


def test_one_visitor_gets_nothing_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_THE_SERVER", "yes")

    async def check() -> None:
        async with managed() as manager:
            one = await visit(manager, WHOSE="one's")
            draws = "import random, numpy as np", "random.random(), float(np.random.rand())"
            first = await one.run(*draws)
            # What one changes in modules that both share, another does not see.
            await one.run("import retention_lib, math; retention_lib.mine = math.pi = 3")
            await one.run("import sys; sys.modules['secret'] = math; secret = 34_000")
            await one.run("import os; os.environ['SALARY'] = '34000'; os.chdir('/')")
            del os.environ["OF_THE_SERVER"]
            other = await visit(manager, WHOSE="other's")
            assert one.is_forked
            assert other.is_forked
            second = await other.run(*draws)
            assert not set(first) & set(second)
            assert await other.run(
                "import os, sys, math, retention_lib",
                "(os.environ['WHOSE'], 'SALARY' in os.environ, 'OF_THE_SERVER' in os.environ, "
                "'secret' in sys.modules, 'secret' in globals(), hasattr(retention_lib, 'mine'), "
                "math.pi > 3, 'JPY_PARENT_PID' in os.environ)",
            ) == ("other's", False, False, False, False, False, True, False)
            assert await other.run("", "os.getcwd()") == manager.root_dir
            assert await one.run("", "os.environ['WHOSE'], secret") == ("one's", 34_000)
            # Nobody holds what is another's, nor the warm process's way to the server.
            assert manager.nursery is not None
            assert manager.nursery.process is not None
            kinds = {"anon_inode:[pidfd]", "anon_inode:[eventpoll]", "anon_inode:[eventfd]"}
            assert one.handles() & other.handles() <= kinds
            assert other.handles() & open_in(manager.nursery.process) <= kinds
            held = (
                f"/proc/{other.process}/fdinfo/{n}" for n in os.listdir(f"/proc/{other.process}/fd")
            )
            told = [Path(each).read_text(encoding="utf-8") for each in held if Path(each).exists()]
            watched = [text.split("Pid:")[1].split()[0] for text in told if "\nPid:" in text]
            assert watched == [str(os.getpid())]

    asyncio.run(check())


def test_warm_process_has_one_thread_and_its_kernels_load_nothing_more() -> None:
    async def check() -> None:
        async with managed() as manager:
            await manager.settled()
            assert manager.nursery is not None
            assert len(os.listdir(f"/proc/{manager.nursery.process}/task")) == 1
            one = await visit(manager)
            await one.run("import sys; before = set(sys.modules)")
            await one.run(PAGE)
            await one.run("page._take_away.arrived = '-'; await page._refiner._task")
            assert await one.run("", "page._has_ranges") is True
            new = await one.run("", "sorted(set(sys.modules) - before)")
            assert [each for each in new if not each.startswith("concurrent.")] == []
            # What ipywidgets does itself where it is imported in a kernel.
            targets = await one.run("", "sorted(get_ipython().kernel.comm_manager.targets)")
            assert targets == ["jupyter.widget", "jupyter.widget.control"]
            # Every widget that the kernel knows is the page's: none is left of the warming.
            knows = "len(get_ipython().kernel.comm_manager.comms)"
            import_widgets = "import ipywidgets.widgets.widget as w"
            assert await one.run(import_widgets, f"{knows} == len(w._instances)") is True
            page = "w._instances[page.model_id] is page"
            assert await one.run("", page) is True

    asyncio.run(check())


def test_ten_at_once() -> None:
    async def check() -> None:
        async with managed(10) as manager:
            everyone = await asyncio.gather(*(visit(manager) for _ in range(10)))
            found = await asyncio.gather(
                *(each.run("import os", "os.getpid()") for each in everyone)
            )
            assert len(set(found)) == 10
            assert found == [each.process for each in everyone]
            assert all(each.is_forked for each in everyone)
            # One group each, to be ended alone; one session, to share processors with the server.
            assert manager.nursery is not None
            assert [os.getpgid(each.process) for each in everyone] == found
            assert {os.getsid(each.process) for each in everyone} == {manager.nursery.process}

    asyncio.run(check())


def test_kernel_that_is_killed_harms_nobody_and_is_known_to_have_ended() -> None:
    async def check() -> None:
        async with managed() as manager:
            one, other = await visit(manager), await visit(manager)
            await one.run("kept = 1")
            await other.run("kept = 2")
            provisioner = one.kernel.provisioner
            process = provisioner.process
            assert await provisioner.poll() is None
            os.kill(one.process, signal.SIGKILL)
            assert await asyncio.wait_for(provisioner.wait(), 20) == -signal.SIGKILL
            assert not provisioner.has_process
            process.send_signal(signal.SIGKILL)  # as nothing
            assert await other.run("", "kept") == 2
            assert (await visit(manager)).is_forked
            # It ends by itself too, with the code it says, as any process.
            other.client.execute("import os; os._exit(7)")
            assert await asyncio.wait_for(other.kernel.provisioner.wait(), 20) == 7

    asyncio.run(check())


def test_kernel_is_interrupted_terminated_and_restarted_like_any_other() -> None:
    async def check() -> None:
        async with managed() as manager:
            one = await visit(manager)
            begun = Path(manager.root_dir) / "begun"
            sleeping = asyncio.create_task(
                one.fails("import pathlib, time; pathlib.Path('begun').touch(); time.sleep(60)")
            )
            while not begun.exists():
                await asyncio.sleep(0.02)
            await one.kernel.interrupt_kernel()
            assert await sleeping == "KeyboardInterrupt"
            before = one.process
            await one.run("kept = 1")
            restart: Any = manager.restart_kernel
            await restart(one.name)
            assert one.is_forked
            assert one.process != before
            assert await one.run("", "'kept' in globals()") is False
            # SIGTERM takes those too that it has started.
            await one.run("import subprocess; child = subprocess.Popen(['sleep', '60'])")
            child = await one.run("", "child.pid")
            await one.kernel.provisioner.terminate()
            assert await asyncio.wait_for(one.kernel.provisioner.wait(), 20) == -signal.SIGTERM
            await ends(child)

    asyncio.run(check())


def test_warm_process_that_is_killed_harms_no_visitor(caplog: pytest.LogCaptureFixture) -> None:
    async def check() -> None:
        async with managed() as manager:
            nursery = manager.nursery
            assert nursery is not None
            one, other = await visit(manager), await visit(manager)
            await one.run("kept = 1")
            await other.run("kept = 2")
            first = nursery.process
            assert first is not None
            os.kill(first, signal.SIGKILL)
            while nursery.process in (first, None):
                await asyncio.sleep(0.02)
            assert await one.run("", "kept") == 1
            assert (await visit(manager)).is_forked
            # They are still known, interrupted and ended, though nobody tells how they ended.
            assert await one.kernel.is_alive()
            os.kill(one.process, signal.SIGKILL)
            assert await asyncio.wait_for(one.kernel.provisioner.wait(), 20) == 0
            process = other.process
            await manager.shutdown_kernel(other.name)
            await ends(process)

    with caplog.at_level(logging.WARNING, logger=forked.__name__):
        asyncio.run(check())
    one_line = "The process that makes pages start fast has ended. Another is being started."
    assert said(caplog) == [one_line]


def test_order_that_was_under_way_when_the_warm_process_ended_starts_the_ordinary_way(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def check() -> None:
        async with managed() as manager:
            assert manager.nursery is not None
            manager.nursery.open()
            assert manager.nursery.process is not None
            os.kill(manager.nursery.process, signal.SIGSTOP)
            coming = asyncio.create_task(visit(manager))
            await asyncio.sleep(0.3)
            os.kill(manager.nursery.process, signal.SIGKILL)
            one = await coming
            assert not one.is_forked
            assert await one.run("", "1 + 1") == 2

    with caplog.at_level(logging.WARNING, logger=forked.__name__):
        asyncio.run(check())
    assert [each.split(".")[0] for each in said(caplog)] == [
        "The process that makes pages start fast has ended",
        "A page starts slowly: it could not be forked, as the warm process has just ended",
    ]


def test_warm_process_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forked, "PATIENCE", 0.5)

    async def check() -> None:
        nursery = Nursery()
        try:
            nursery.open()
            first = nursery.process
            assert first is not None
            os.kill(first, signal.SIGSTOP)
            with pytest.raises(NurseryError, match="did not answer"):
                await nursery.fork("none.json", {}, Path("/"))
            while nursery.process in (first, None):
                await asyncio.sleep(0.02)
        finally:
            nursery.close()

    asyncio.run(check())


def test_without_a_warm_process_kernels_start_the_ordinary_way(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(forked, "MODULE", "retention_lib.no_such_module")

    async def check() -> None:
        async with managed() as manager:
            await asyncio.wait_for(manager.settled(), 60)
            assert manager.nursery is not None
            assert manager.nursery.process is None
            one = await visit(manager)
            assert not one.is_forked
            assert await one.run("", "1 + 1") == 2

    with caplog.at_level(logging.WARNING, logger=forked.__name__):
        asyncio.run(check())
    last = [each for each in said(caplog) if "Pages start without it from now." in each]
    assert len(last) == 1


@pytest.mark.parametrize("why", ["system", "setting", "argument"])
def test_where_forking_is_not_to_be_had_kernels_start_the_ordinary_way(
    why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if why == "system":
        monkeypatch.setattr(kernels, "can_fork", lambda: False)
    if why == "argument":
        spec = KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            language="python",
        )
        monkeypatch.setattr(OwnKernelSpecManager, "get_kernel_spec", lambda _self, _name: spec)

    async def check() -> None:
        async with managed(forked=why != "setting") as manager:
            one = await visit(manager)
            assert (manager.nursery is None) == (why != "argument")
            assert not one.is_forked
            assert await one.run("", "1 + 1") == 2

    asyncio.run(check())


@pytest.mark.parametrize("is_forked", [True, False])
def test_page_goes_without_debugger_and_history_however_it_started(is_forked: bool) -> None:
    """Each would cost every visitor megabytes; a slider waits at most a millisecond for threads."""

    async def check() -> None:
        async with managed(forked=is_forked) as manager:
            one = await visit(manager)
            assert one.is_forked == is_forked
            assert await one.run("import sys", "sys.modules['debugpy']") is None
            assert not await one.run("", "get_ipython().history_manager.enabled")
            assert await one.run("", "sys.getswitchinterval()") == 0.001
            assert await one.run("import os", "os.environ['MALLOC_ARENA_MAX']") == "1"

    asyncio.run(check())


def test_only_linux_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    for system in ("darwin", "win32"):
        monkeypatch.setattr(sys, "platform", system)
        assert not can_fork()


def test_warm_process_with_a_second_thread_refuses() -> None:
    """In a process of its own: it must have no thread of pytest's, and one that is ours."""
    code = """
import json, os, socket, threading
from retention_lib.views.serving.forked_nursery import Nursery
from retention_lib.views.serving.forked_order import Order
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
ours.send(Order(7, "", {}, "/").to_bytes())
stop = threading.Event()
threading.Thread(target=stop.wait).start()
assert Nursery(theirs)._take_orders(5) is None
stop.set()
print(ours.recv(1000).decode())
"""
    env = {**with_library(os.environ), "OPENBLAS_NUM_THREADS": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == '{"number": 7, "refused": "the warm process has 2 threads"}'


def test_server_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    code = """
import asyncio
from tests.test_forked import managed, visit
async def serve():
    async with managed() as manager:
        one = await visit(manager)
        busy = await visit(manager)
        assert await one.run("", "1 + 1") == 2
        await busy.run("import threading")
        busy.client.execute("while True: pass")
        assert one.is_forked and busy.is_forked
        processes = manager.nursery.process, one.process, busy.process
        print(manager.connection_dir, *processes, flush=True)
        await asyncio.sleep(60)
asyncio.run(serve())
"""
    server = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=with_library(os.environ), stdout=subprocess.PIPE
    )
    assert server.stdout is not None
    folder, *found = server.stdout.readline().decode().split()
    try:
        assert len(found) == 3
        assert all(runs(int(process)) for process in found)
        server.kill()
        server.wait()

        async def check() -> None:
            await asyncio.gather(*(ends(int(process)) for process in found))

        asyncio.run(check())
    finally:
        server.kill()
        server.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


def test_server_gives_pages_of_forked_kernels_and_keeps_spare_ones(tmp_path: Path) -> None:
    save(tmp_path / TINY, ["import os; print('Net:', -214_000)"], "Does it pay?")

    async def check() -> None:
        async with running(tmp_path, warm=1, forked=True) as site:
            await site.spares(1)
            manager = site.app.kernel_manager
            assert "Net: -214000" in body(await site.open())
            for name in manager.list_kernel_ids():
                process = manager.get_kernel(name).provisioner.process
                assert isinstance(process, ForkedProcess)

    in_time(check)


def test_provisioner_of_a_kernel_spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As JupyterLab would use it, were it named in a kernel's specification and registered."""
    name = "retention-forked"
    where = f"{ForkedProvisioner.__module__}:{ForkedProvisioner.__name__}"
    entry = EntryPoint(name, where, KernelProvisionerFactory.GROUP_NAME)
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setitem(factory.provisioners, name, entry)
    monkeypatch.setattr(Nursery, "_shared", None)
    spec = KernelSpec(
        argv=[sys.executable, *OWN_LAUNCHER, "{connection_file}"],
        language="python",
        metadata={"kernel_provisioner": {"provisioner_name": name}},
    )

    async def check() -> None:
        manager = AsyncKernelManager(connection_file=str(tmp_path / "kernel.json"))
        manager._kernel_spec = spec
        try:
            await manager.start_kernel(env=with_library(os.environ), cwd=str(tmp_path))
            assert isinstance(manager.provisioner, ForkedProvisioner)
            assert isinstance(manager.provisioner.process, ForkedProcess)
            client = manager.client()
            client.start_channels()
            client.kernel_info()
            assert (await client.get_shell_msg(timeout=60))["msg_type"] == "kernel_info_reply"
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
        finally:
            Nursery.shared().close()

    asyncio.run(check())


def test_warming_is_what_the_module_does() -> None:
    """The command line that the server uses, and the function behind it, are the same."""
    assert be_nursery.__module__ == forked.MODULE
