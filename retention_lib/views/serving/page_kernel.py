"""The kernel of a page: what it goes without, forked or not, and how one starts afresh."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

# A page has no history, and a thread with a database costs each visitor memory.
SETTINGS: Mapping[str, Any] = {"HistoryManager": {"enabled": False}}

# For the allocators, which read it as a process begins. One thread each: with more, a process
# cannot be forked. One heap for all threads, as each has a price per kernel.
SPARING: Mapping[str, str] = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    # Else the heap keeps, after a large array was freed, as much as that: 2 MB.
    "MALLOC_TRIM_THRESHOLD_": str(128 * 1024),
}


def without_debugger() -> None:
    """Keep the debugger out: nobody debugs a page.

    Loaded, it would cost 6 MB, and start threads; a process with threads cannot fork.
    """
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # as Python has it: not to be had


def share_turns() -> None:
    """Give a slider that moves while another thread works its turn in a fifth of the usual time."""
    sys.setswitchinterval(0.001)


def main() -> None:
    """Be a kernel that starts afresh, as its command line says."""
    without_debugger()
    # The server uses this module too, and none of these.
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    share_turns()
    IPKernelApp.launch_instance(config=Config(SETTINGS))


if __name__ == "__main__":
    main()
