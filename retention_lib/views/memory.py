"""What a page holds of the computer's memory while nobody moves anything."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def give_back() -> None:
    """Give the system what was freed and is still held, where the C library can: in a millisecond.

    Draws need megabytes for a moment, and each visitor's process would keep them.
    """
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # musl has no such thing
            ctypes.CDLL(None).malloc_trim(0)
