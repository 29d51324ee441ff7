"""The warm process, run as a module: it loads what kernels need, then forks one whenever asked.

It has one thread, no event loop, no socket but the one to the server, and is told of the server by
handles it inherits. So nobody else can ask it for anything.
"""

from __future__ import annotations

import ctypes
import gc
import json
import logging
import os
import selectors
import socket
import sys
from collections.abc import Iterator

from retention_lib.views.memory import give_back
from retention_lib.views.serving.forked_kernel import be_kernel
from retention_lib.views.serving.forked_order import LARGEST, Order
from retention_lib.views.serving.forked_warm import Step, steps
from retention_lib.views.serving.page_kernel import without_debugger

# Bytes: of the objects that Python puts together by size, of most of a pool of them, and enough.
_SIZES = range(16, 513, 16)
_RUN = 8 * 1024
_MOST = 512 * 1024

log = logging.getLogger(__name__)


class Nursery:
    """Takes orders from the server, forks, and tells how each kernel ended."""

    def __init__(self, channel: socket.socket) -> None:
        """Take orders from a socket that keeps messages apart."""
        self._channel = channel
        self._events = selectors.DefaultSelector()
        self._events.register(channel, selectors.EVENT_READ)
        self._kernels: dict[int, int] = {}  # handles (pidfds) of kernels, and their process ids
        self.starting: int | None = None  # in a forked process: to be closed when it can be reached

    def serve(self, to_do: Iterator[Step]) -> Order | None:
        """Get warm, taking orders between two steps, then take orders until the server ends.

        Returns:
            in the warm process None, once the server has gone or let go of it; in each forked
            process its order.
        """
        try:
            for step in to_do:
                order = self._take_orders(0)
                if order:
                    return order
                _done(step)
            _tidy()
            self._tell({"warm": True})
            while True:
                order = self._take_orders(None)
                if order:
                    return order
        except EOFError:
            return None

    def _take_orders(self, patience: float | None) -> Order | None:
        """Do all that is asked and note who has ended; gives an order in a process just forked.

        Raises:
            EOFError: the server has gone.
        """
        events = self._events.select(patience)
        while events:
            key, _ = events.pop()
            if key.fd in self._kernels:
                self._bury(key.fd)
            else:
                message = self._channel.recv(LARGEST)
                if not message:
                    raise EOFError
                order = Order.from_bytes(message)
                if self._is_forked(order):
                    return order
            events = events or self._events.select(0)
        return None

    def _is_forked(self, order: Order) -> bool:
        """Fork; tells the forked process from this one."""
        # The collector of a forked process then leaves alone what it shares with the others.
        gc.freeze()
        # Python remembers 4,096 attributes that were looked up. To make room there a kernel would
        # write to the name of each: 2 MB.
        sys._clear_type_cache()
        # The kernel closes its end when it can be reached, or the system does when it ends.
        started, starting = os.pipe()
        try:
            _must_be_alone()
            process = os.fork()
        except OSError as refused:
            self._tell({"number": order.number, "refused": str(refused)})
            os.close(started)
            os.close(starting)
            return False
        if process == 0:
            os.close(started)
            self.starting = starting
            self._let_go()
            return True
        handle = os.pidfd_open(process)
        self._kernels[handle] = process
        self._events.register(handle, selectors.EVENT_READ)
        self._tell({"number": order.number, "process": process}, handle, started)
        os.close(started)
        os.close(starting)
        return False

    def _let_go(self) -> None:
        """Close, in a forked process, what is the warm process's own."""
        self._events.close()
        self._channel.close()
        for handle in self._kernels:
            os.close(handle)

    def _bury(self, handle: int) -> None:
        """Note how a kernel ended, and tell."""
        process = self._kernels.pop(handle)
        self._events.unregister(handle)
        os.close(handle)
        _, status = os.waitpid(process, 0)
        self._tell({"ended": process, "status": os.waitstatus_to_exitcode(status)})

    def _tell(self, message: dict[str, int | str], *handles: int) -> None:
        """Send the server a message.

        Raises:
            EOFError: the server has gone.
        """
        try:
            socket.send_fds(self._channel, [json.dumps(message).encode()], handles)
        except OSError as gone:
            raise EOFError from gone


def _tidy() -> None:
    """Give back memory that was needed to get warm only."""
    gc.collect()
    give_back()
    _fill_gaps()


def _fill_gaps() -> None:
    """Use up what is free between Python's objects, for good.

    What a kernel put there would cost it the page around it: 1.4 MB, for as much here once.
    """
    allocate = ctypes.pythonapi.PyObject_Malloc
    allocate.restype = ctypes.c_size_t
    for size in _SIZES:
        taken = run = last = 0
        # One next to the other, there are no gaps. Some never are: this very loop needs a few.
        while run < _RUN // size and taken < _MOST:
            here = allocate(ctypes.c_size_t(size))
            run = run + 1 if 0 < here - last <= 4 * size else 0
            last = here
            taken += size


def _must_be_alone() -> None:
    """Make sure that there is no other thread: a forked process would have only half of it.

    Raises:
        OSError: there is one.
    """
    threads = len(os.listdir("/proc/self/task"))
    if threads > 1:
        raise OSError(f"the warm process has {threads} threads")


def _done(step: Step) -> None:
    """Do a step; where it fails, each kernel finds out for itself and its page says so."""
    try:
        step()
    except Exception:
        log.exception("Part of getting ready to fork kernels failed.")


def main(channel: int, server: int) -> None:
    """Run the warm process, and every kernel that is forked from it.

    Args:
        channel: an inherited socket to the server.
        server: an inherited handle (a pidfd) of it.
    """
    # What is not collected before a fork is not moved after it.
    gc.disable()
    without_debugger()
    nursery = Nursery(socket.socket(fileno=channel))
    order = nursery.serve(steps())
    if order and nursery.starting is not None:
        be_kernel(order, server, nursery.starting)


if __name__ == "__main__":
    main(*(int(handle) for handle in sys.argv[1:]))
