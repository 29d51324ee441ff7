"""What an answer was made from: library, inputs, register and figures, each by name."""

from __future__ import annotations

import hashlib
from functools import cache

from retention_lib.documents import Document
from retention_lib.figures import release
from retention_lib.paths import DATA
from retention_lib.results import Provenance
from retention_lib.version import VERSION


def provenance_of(document: Document, says: str = Provenance.says) -> Provenance:
    """Name exactly what the answer to a scenario or a comparison is made from.

    Args:
        document: the inputs.
        says: what the answer is, and what it is not.
    """
    return Provenance(
        library="retention_lib",
        version=VERSION,
        scenario_digest=document.digest,
        register_digest=_register_digest(),
        figures_release=release(),
        says=says,
    )


@cache
def _register_digest() -> str:
    """Name exactly the register this answer was made with."""
    return hashlib.sha256((DATA / "assumptions.toml").read_bytes()).hexdigest()[:12]
