"""Note every name of another computer that this process asks for, a line each.

Python runs this as it starts where this folder is on its path; `ASKED` names the file.
"""

import os
import sys
from collections.abc import Sequence

_HERE = {"", "0.0.0.0", "127.0.0.1", "::", "::1", "localhost", "None"}


def _note(event: str, details: Sequence[object]) -> None:
    if event != "socket.getaddrinfo":
        return
    host = details[0].decode() if isinstance(details[0], bytes) else str(details[0])
    if host not in _HERE:
        with open(os.environ["ASKED"], "a", encoding="utf-8") as asked:
            asked.write(host + "\n")


if "ASKED" in os.environ:
    sys.addaudithook(_note)
