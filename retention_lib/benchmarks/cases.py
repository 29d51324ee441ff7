"""Councils' own stories to start a comparison from: what a report said, and where it stands.

Each case is a file in `data/comparisons/`, read and edited in a text editor.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from retention_lib.benchmarks.comparison import Comparison
from retention_lib.origins import must_have
from retention_lib.paths import DATA

FIRST = "north-somerset-agency"


@dataclass(frozen=True)
class ComparisonCase:
    """A comparison to start from: what it is about, and where the story was read."""

    id: str
    title: str
    summary: str
    source: str
    comparison: Comparison


@cache
def cases() -> tuple[ComparisonCase, ...]:
    """Give all cases, in the order of their files.

    Raises:
        ScenarioError: where a case's comparison cannot be right.
    """
    found = []
    for file in sorted((DATA / "comparisons").glob("*.toml")):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        given = {"schema": 1, "kind": "benchmark", "name": table["title"], **table["comparison"]}
        asked = Comparison.from_dict({**given, "case": {"preset": table["id"]}})
        found.append(
            ComparisonCase(table["id"], table["title"], table["summary"], table["source"], asked)
        )
    return tuple(found)


def case(key: str) -> ComparisonCase:
    """Give one case by its id.

    Raises:
        KeyError: naming the cases there are.
    """
    return must_have(cases(), key)
