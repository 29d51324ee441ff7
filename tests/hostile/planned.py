"""How many cases of hostile input are tried: each suite says how many, and holds to it."""

from __future__ import annotations

from collections.abc import Mapping

PLANNED: Mapping[str, int] = {
    "pages": 5 * 1_600,
    "files opened on a page": 600,
    "own files": 500,
    "links": 500,
    "files for the command line": 300,
    "over the wire": 300,
}
LEAST = 10_000
