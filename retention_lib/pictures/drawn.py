"""One picture of an answer, with the words and the table that say the same."""

from __future__ import annotations

from dataclasses import dataclass

from retention_lib.results import Table


@dataclass(frozen=True)
class Drawn:
    """One picture of an answer: its sentence, and the picture for a width; a table has no `svg`."""

    title: str
    reading: str
    svg: str
    table: Table
