"""Kernels that are forked from one warm process, as the server sees them.

A kernel that starts afresh takes seconds and a hundred megabytes, nearly all of it for what every
kernel loads. A forked one has all of that at once, shares it until it is written to, and is a
process of its own all the same. Where forking is not to be had, kernels start as they always did.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Instance, default

from retention_lib.paths import ROOT
from retention_lib.views.serving import page_kernel
from retention_lib.views.serving.forked_order import Order

MODULE = "retention_lib.views.serving.forked_nursery"

# What follows Python in the command line of a page's kernel, before the file of its sockets.
OWN_LAUNCHER = ["-P", "-m", page_kernel.__name__, "-f"]

PATIENCE = 30.0  # seconds that a fork may take; the warm process may be loading something meanwhile
TRIES = 3  # how often in a row a warm process may end before it has got warm

_LARGEST_MESSAGE = 1 << 16  # bytes

log = logging.getLogger(__name__)


class NurseryError(Exception):
    """No kernel could be forked; the message says why."""


def can_fork() -> bool:
    """Tell whether kernels can be forked here: on Linux alone, from version 5.3 on.

    macOS can fork too, but not safely once system libraries have been used.
    """
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


def with_library(environment: Mapping[str, str]) -> dict[str, str]:
    """Give an environment in which Python finds this library before any other of its name."""
    path = os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH")]))
    return {**environment, "PYTHONPATH": path}


class ForkedProcess:
    """A forked kernel, with what the server uses of :class:`subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, process: int, handle: int) -> None:
        """Hold a process by its id and by a handle (a pidfd), which no later process can get."""
        self.pid = process
        self.returncode: int | None = None
        self.is_orphan = False  # nobody will tell how it ended
        self._handle = handle

    def poll(self) -> int | None:
        """Give the exit code, negative for a signal; None while it runs, 0 where nobody knows."""
        if self.is_orphan and self.returncode is None and self._is_over():
            self.ended(self._buried())
        return self.returncode

    def wait(self) -> int | None:
        """Give the exit code of a process that has ended."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send a signal to the process and to those it has started."""
        if self.returncode is not None or self._is_over():
            return
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:  # it was forked just now, and has no group of its own yet
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Tell it to end."""
        self.send_signal(signal.SIGTERM)

    def ended(self, status: int) -> None:
        """Note how it ended."""
        self.returncode = status
        os.close(self._handle)

    def _is_over(self) -> bool:
        waiting = select.poll()
        waiting.register(self._handle, select.POLLIN)
        return bool(waiting.poll(0))

    def _buried(self) -> int:
        """Let go of an orphan; the server is its parent by now where it is the first process."""
        with suppress(ChildProcessError):
            return os.waitstatus_to_exitcode(os.waitpid(self.pid, os.WNOHANG)[1])
        return 0


class Nursery:
    """The warm process, from which kernels are forked.

    It is started when it is first needed. Should it end, kernels that run go on, and another takes
    its place; after three in a row that did not get warm there is none any more.
    """

    _shared: ClassVar[Nursery | None] = None

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._orders: dict[int, asyncio.Future[ForkedProcess]] = {}
        self._kernels: dict[int, ForkedProcess] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._tries = 0
        self._sending = asyncio.Lock()
        self._settled = asyncio.Event()

    @classmethod
    def shared(cls) -> Nursery:
        """Give the one for kernel managers that were given none of their own."""
        if cls._shared is None:
            cls._shared = cls()
        return cls._shared

    @property
    def process(self) -> int | None:
        """The warm process's id, while there is one."""
        return self._process.pid if self._process else None

    def open(self) -> None:
        """Start the warm process, unless it runs or has failed too often."""
        if self._channel is None and self._tries < TRIES:
            self._tries += 1
            self._start()

    def close(self) -> None:
        """End the warm process, for good; kernels that were forked from it go on."""
        self._tries = TRIES
        self._end("it was closed")

    async def settled(self) -> None:
        """Wait until the warm process has loaded everything, or until there will be none."""
        self.open()
        await self._settled.wait()

    async def fork(
        self, connection_file: str, environment: Mapping[str, str], folder: Path
    ) -> ForkedProcess:
        """Fork a kernel, and wait until it can be reached.

        Args:
            connection_file: where the kernel reads which sockets are its own.
            environment: all of its environment.
            folder: where it is to work.

        Raises:
            NurseryError: it cannot be done.
        """
        self.open()
        if self._channel is None:
            raise NurseryError("there is no warm process")
        number = next(self._numbers)
        order = Order(number, connection_file, dict(environment), str(folder))
        answer: asyncio.Future[ForkedProcess] = asyncio.get_running_loop().create_future()
        self._orders[number] = answer
        try:
            async with asyncio.timeout(PATIENCE):
                await self._send(order.to_bytes())
                return await answer
        except TimeoutError:
            # It hangs, and would keep everybody waiting.
            if self._process:
                self._process.kill()
            raise NurseryError(f"the warm process did not answer in {PATIENCE:.0f} s") from None
        except OSError as broken:
            raise NurseryError(str(broken)) from broken
        finally:
            self._orders.pop(number, None)

    async def _send(self, message: bytes) -> None:
        async with self._sending:
            if self._channel is None:
                raise NurseryError("the warm process has just ended")
            await asyncio.get_running_loop().sock_sendall(self._channel, message)

    def _start(self) -> None:
        """Start the warm process, with nothing of ours but a socket and a handle of this one."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        handle = os.pidfd_open(os.getpid())
        given = (theirs.fileno(), handle)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", MODULE, *map(str, given)],
                env={**with_library(os.environ), **page_kernel.SPARING},
                pass_fds=given,
                # Ctrl-C is for the server.
                start_new_session=True,
                stdin=subprocess.DEVNULL,
            )
        finally:
            theirs.close()
            os.close(handle)
        ours.setblocking(False)
        self._channel = ours
        asyncio.get_running_loop().add_reader(ours, self._read, ours)

    def _read(self, channel: socket.socket) -> None:
        """Take one message of the warm process."""
        try:
            message, handles, _, _ = socket.recv_fds(channel, _LARGEST_MESSAGE, 2)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        if message:
            self._told(json.loads(message), handles)
        else:
            self._lost()

    def _told(self, said: dict[str, Any], handles: list[int]) -> None:
        """Do what a message of the warm process asks for."""
        if "process" in said:
            kernel = self._kernels[said["process"]] = ForkedProcess(said["process"], handles[0])
            # It says so by closing its end.
            reach = asyncio.get_running_loop().add_reader
            reach(handles[1], self._started, said["number"], kernel, handles[1])
        elif "refused" in said:
            answer = self._orders.get(said["number"])
            if answer and not answer.done():
                answer.set_exception(NurseryError(said["refused"]))
        elif "ended" in said:
            self._kernels.pop(said["ended"]).ended(said["status"])
        else:
            self._tries = 0
            self._settled.set()

    def _started(self, number: int, kernel: ForkedProcess, started: int) -> None:
        """Hand over a kernel that can be reached; one nobody waits for any more is ended."""
        asyncio.get_running_loop().remove_reader(started)
        os.close(started)
        answer = self._orders.get(number)
        if answer and not answer.done():
            answer.set_result(kernel)
        else:
            kernel.kill()

    def _lost(self) -> None:
        """Go on after the warm process has ended: with another, or without."""
        self._end("the warm process has just ended")
        self.open()
        then = "Another is being started." if self._channel else "Pages start without it from now."
        log.warning("The process that makes pages start fast has ended. %s", then)

    def _end(self, why: str) -> None:
        """End the warm process and leave its kernels to themselves."""
        if self._channel is not None:
            asyncio.get_running_loop().remove_reader(self._channel)
            self._channel.close()
            self._channel = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        for kernel in self._kernels.values():
            kernel.is_orphan = True
        self._kernels.clear()
        for answer in self._orders.values():
            if not answer.done():
                answer.set_exception(NurseryError(why))
        if self._tries >= TRIES:
            self._settled.set()


class ForkedProvisioner(LocalProvisioner):
    """Starts kernels by forking them; ends and signals them as if it had started them itself.

    A kernel that is not this Python's own, or that cannot be forked, is started the ordinary way.
    """

    nursery = Instance(Nursery)
    process: Any = None

    @default("nursery")
    def _shared_nursery(self) -> Nursery:
        return Nursery.shared()

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start it where that cannot be done."""
        # What is not a page's own kernel is started as it asks.
        if not can_fork() or cmd[0] != sys.executable or cmd[1:-1] != OWN_LAUNCHER:
            return await super().launch_kernel(cmd, **kwargs)
        folder = Path(kwargs.get("cwd") or Path.cwd())
        try:
            self.process = await self.nursery.fork(cmd[-1], kwargs["env"], folder)
        except NurseryError as why:
            log.warning("A page starts slowly: it could not be forked, as %s.", why)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid, self.cwd = self.process.pid, folder
        return self.connection_info
