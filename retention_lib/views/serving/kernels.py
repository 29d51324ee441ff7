"""The processes behind the pages: how many there may be, and when an unused one ends.

Voilà limits neither, and a kernel that nobody uses holds about 120 MB.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.session import Session
from jupyter_server.services.kernels.kernelmanager import (
    AsyncMappingKernelManager,
    ServerKernelManager,
)
from tornado.web import HTTPError
from traitlets import Bool, Integer, default

from retention_lib.views.serving.forked import OWN_LAUNCHER, ForkedProvisioner, Nursery, can_fork
from retention_lib.views.serving.logs import without_values
from retention_lib.views.serving.page_kernel import SPARING


class TooManyKernelsError(HTTPError):
    """No further page can be opened for now."""

    def __init__(self) -> None:
        super().__init__(503, reason="Too many workbooks are open")


class OwnKernelSpecManager(KernelSpecManager):
    """Knows one kernel: the Python that runs the server.

    A kernel that was installed for somebody's notebooks may be another Python, without our library.
    Ours goes without what no page needs.
    """

    @default("kernel_dirs")
    def _no_others(self) -> list[str]:
        return []

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Give the specification of our kernel."""
        spec: KernelSpec = super().get_kernel_spec(kernel_name)
        spec.argv = [sys.executable, *OWN_LAUNCHER, "{connection_file}"]
        spec.env = dict(SPARING)
        return spec


class WorkbookKernel(ServerKernelManager):
    """One kernel, forked where that can be done.

    It brings its own provisioner, so nothing is registered that other users of Jupyter would see.
    """

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict[str, Any]]:
        nursery = self.parent.nursery if isinstance(self.parent, WorkbookKernelManager) else None
        if self.provisioner is None and nursery is not None:
            self.provisioner = ForkedProvisioner(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self, nursery=nursery
            )
        found: tuple[list[str], dict[str, Any]] = await super()._async_pre_start_kernel(**kwargs)
        return found


class WorkbookKernelManager(AsyncMappingKernelManager):
    """Starts kernels up to a limit, ends idle ones, and passes on what they complain of."""

    max_kernels = Integer(16, config=True, help="How many kernels there may be at once.")
    unconnected_timeout = Integer(
        120, config=True, help="Seconds without a page after which an idle kernel ends."
    )

    forked = Bool(
        True, config=True, help="Whether kernels are forked from a warm process where possible."
    )

    @default("kernel_manager_class")
    def _own_kernels(self) -> str:
        return f"{__name__}.{WorkbookKernel.__name__}"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.nursery = Nursery() if self.forked and can_fork() else None
        self.spares: set[str] = set()  # warm kernels that wait for a visitor
        self._starting = 0
        self._complaints: dict[str, Any] = {}
        self._alone_since: dict[str, datetime] = {}  # when a visitor's kernel was last connected

    @property
    def room(self) -> int:
        """How many more kernels may be started now."""
        return self.max_kernels - len(self) - self._starting

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start a kernel, unless there are too many.

        Raises:
            TooManyKernelsError: there are as many as there may be.
        """
        if self.room <= 0:
            raise TooManyKernelsError
        self._starting += 1
        try:
            return await super().start_kernel(**kwargs)
        finally:
            self._starting -= 1

    async def shutdown_kernel(  # type: ignore[override]
        self, kernel_id: str, now: bool | None = True, restart: bool | None = False
    ) -> None:
        """End a kernel at once: it holds nothing that must be saved, and may be busy."""
        await super().shutdown_kernel(kernel_id, now=True, restart=restart)

    async def close(self) -> None:
        """End every kernel, those too that are being started, and start no more."""
        self.max_kernels = 0
        # One that is ended before it has started, or started again, stays behind.
        while self._starting or not all(each.ready.done() for each in self._kernels.values()):
            await asyncio.sleep(0.05)
        await self.shutdown_all(now=True)
        if self.nursery:
            self.nursery.close()

    async def settled(self) -> None:
        """Wait until kernels start as fast as they ever will."""
        if self.nursery:
            await self.nursery.settled()

    def hand_over(self, kernel_id: str) -> None:
        """Make a spare kernel a visitor's: from now on it ends when it is idle for long."""
        self.spares.discard(kernel_id)
        self._let_go(kernel_id)

    def notify_disconnect(self, kernel_id: str) -> None:
        """Note that a page let go: it has the usual time to come back."""
        super().notify_disconnect(kernel_id)
        self._let_go(kernel_id)

    def asked_for(self, kernel_id: str) -> None:
        """Note that a page asks for its kernel: where it cannot connect, what it holds is kept.

        Not for ever: a page that nobody looks at may go on asking.
        """
        since = self._alone_since.get(kernel_id)
        if since is None or self.kernel_model(kernel_id)["connections"]:
            return
        if datetime.now(UTC) - since < timedelta(seconds=self.cull_idle_timeout):
            self._touch(kernel_id)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that is idle: soon if no page is connected to it, else after hours."""
        model = self.kernel_model(kernel_id)
        if kernel_id in self.spares or model["execution_state"] == "busy":
            return
        idle = datetime.now(UTC) - datetime.fromisoformat(model["last_activity"])
        limit = self.cull_idle_timeout if model["connections"] else self.unconnected_timeout
        if idle.total_seconds() > limit:
            await self.shutdown_kernel(kernel_id)

    def start_watching_activity(self, kernel_id: str) -> None:
        """Watch a kernel, and log what it writes to stderr.

        Voilà drops what a callback writes there, so its errors would leave no trace.
        """
        super().start_watching_activity(kernel_id)
        kernel: Any = self.get_kernel(kernel_id)
        # A kernel is busy or idle; pictures need not be read to know it.
        _hear_only(kernel._activity_stream, b"kernel.")
        session = Session(config=kernel.session.config, key=kernel.session.key)
        stream = self._complaints[kernel_id] = kernel.connect_iopub()
        _hear_only(stream, b"stream.stderr")

        def log_complaint(parts: list[bytes]) -> None:
            message = session.deserialize(session.feed_identities(parts)[1])
            if message["msg_type"] != "stream":  # a kernel welcomes who listens
                return
            text = message["content"]["text"].rstrip()
            # Said at every start: Voilà's script asks for widgets that may not be there.
            if not text.startswith("No such comm"):
                self.log.error("A workbook reports:\n%s", without_values(text))

        stream.on_recv(log_complaint)

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended."""
        self.spares.discard(kernel_id)
        self._alone_since.pop(kernel_id, None)
        stream = self._complaints.pop(kernel_id, None)
        if stream is not None:
            stream.close()
        return super().remove_kernel(kernel_id)

    def _let_go(self, kernel_id: str) -> None:
        if kernel_id in self:
            self._alone_since[kernel_id] = datetime.now(UTC)
            self._touch(kernel_id)

    def _touch(self, kernel_id: str) -> None:
        """Count a kernel's idle time from now."""
        if kernel_id in self:
            self.get_kernel(kernel_id).last_activity = datetime.now(UTC)  # type: ignore[attr-defined]


def _hear_only(stream: Any, topic: bytes) -> None:
    """Have a kernel send no more than a topic; each message costs the server a millisecond."""
    stream.socket.unsubscribe(b"")
    stream.socket.subscribe(topic)
