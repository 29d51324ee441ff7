"""What the server asks of the process that kernels are forked from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

LARGEST = 1 << 18  # bytes: an environment may be long


@dataclass(frozen=True)
class Order:
    """What a kernel is told that is to be forked.

    Attributes:
        number: by which whoever ordered it knows it.
        connection_file: where it reads which sockets are its own.
        environment: all of its environment; nothing of the warm process's own is left.
        folder: where it works.
    """

    number: int
    connection_file: str
    environment: dict[str, str]
    folder: str

    def to_bytes(self) -> bytes:
        """Write it as it is sent."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, sent: bytes) -> Order:
        """Read it as it was sent.

        Example:
            >>> order = Order(1, "/tmp/kernel.json", {"LANG": "C"}, "/tmp")
            >>> Order.from_bytes(order.to_bytes()) == order
            True
        """
        return cls(**json.loads(sent))
