"""A kernel in a process that was forked from a warm one: what differs from one started afresh."""

from __future__ import annotations

import gc
import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from types import ModuleType
from typing import Any, ClassVar

import ipywidgets
import numpy as np
from ipykernel import ipkernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core import shellapp
from traitlets.config import Config

from retention_lib.views.serving import page_kernel
from retention_lib.views.serving.forked_order import Order


class ServerWatch(Thread):
    """Ends this process as soon as the server has ended, however that came about.

    The warm process may end without harm: kernels that run need it no more.
    """

    def __init__(self, server: int) -> None:
        """Watch the process behind a handle (a pidfd)."""
        super().__init__(name="ServerWatch", daemon=True)
        self._server = server

    def run(self) -> None:
        """Wait, without any work, until the server has ended."""
        waiting = select.poll()
        waiting.register(self._server, select.POLLIN)
        waiting.poll()
        os._exit(1)


class _FewModules:
    """Python's `sys`, without the list of modules."""

    modules: ClassVar[dict[str, ModuleType]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


@contextmanager
def _few_modules(module: Any) -> Iterator[None]:
    """Let code of a module see no modules, as it would write to every one."""
    module.sys = _FewModules()
    try:
        yield
    finally:
        module.sys = sys


class ForkedKernelApp(IPKernelApp):
    """A kernel that ends with a server which is not its parent, and writes to little it shares.

    To look at a thing is to write to it: Python counts who holds it. The page that it lies on is
    then no longer shared.
    """

    def __init__(self, server: int, starting: int, **kwargs: Any) -> None:
        """Make a kernel that ends with the server behind a handle (a pidfd).

        It closes another handle when it can be reached.
        """
        super().__init__(parent_handle=server, **kwargs)
        self._starting = starting

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Leave it: all is known, and to learn what could be asked for costs 2 MB."""

    def init_poller(self) -> None:
        """Watch the server; the parent is the warm process, which may come and go."""
        self.poller = ServerWatch(self.parent_handle)

    def init_heartbeat(self) -> None:
        """Make the last socket, and tell that they are there.

        Who connects to one that is not there tries again after 0.1 s.
        """
        super().init_heartbeat()
        os.close(self._starting)

    def init_kernel(self) -> None:
        """Make the kernel, which else would note every module for a debugger that is not there.

        That costs each visitor 6 MB.
        """
        with _few_modules(ipkernel):
            super().init_kernel()

    def init_code(self) -> None:
        """Run what is set to be run first: nothing.

        IPython then notes every module's name, to forget the others at `%reset -f aggressive`. That
        costs each visitor 2 MB; a view of the names costs nothing, and no module is forgotten.
        """
        with _few_modules(shellapp):
            super().init_code()
        shell: Any = self.shell
        shell._sys_modules_keys = sys.modules.keys()


def be_kernel(order: Order, server: int, starting: int) -> None:
    """Be a kernel from now on; comes back when it is told to end.

    Args:
        order: what the kernel is to be.
        server: a handle (a pidfd) of the server.
        starting: a handle to be closed when the kernel can be reached.
    """
    _begin_anew(order)
    settings: dict[str, Any] = {
        **page_kernel.SETTINGS,
        "IPKernelApp": {"connection_file": order.connection_file},
    }
    app = ForkedKernelApp.instance(server=server, starting=starting, config=Config(settings))
    app.initialize([])
    # Done by ipywidgets itself where it is imported in a kernel that already runs.
    ipywidgets.register_comm_target()
    app.start()


def _begin_anew(order: Order) -> None:
    """Leave behind what this process has of the one it was forked from."""
    # A group of its own, to be ended with what it starts; the session is the warm process's. Linux
    # may share processors out by sessions: fifty would leave the server a fiftieth.
    os.setpgid(0, 0)
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    os.chdir(order.folder)
    sys.argv = ["ipykernel_launcher", "-f", order.connection_file]
    # Python seeds its own random numbers anew in every forked process; numpy does not.
    np.random.seed()
    page_kernel.share_turns()
    gc.enable()
