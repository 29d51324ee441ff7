"""Real councils' plans to start from, each figure marked as given by its source or as ours.

Each case is a file in `data/plans/`, read and edited in a text editor. What neither a source nor a
file gives is the council's published figure, or the register's, and the page says which.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retention_lib.origins import Origins, must_have, origins_in
from retention_lib.paths import DATA
from retention_lib.plans.plan import Plan

FIRST = "north-somerset-2025"

_NOT_FIGURES = ("schema", "kind", "name", "case", "seed", "council", "year")


@dataclass(frozen=True, kw_only=True)
class PlanCase(Origins):
    """A plan to start from, with where its figures come from."""

    id: str
    title: str
    summary: str
    source: str
    plan: Plan


def read_case(file: Path) -> PlanCase:
    """Read and check one case.

    Raises:
        CaseError: where a figure has neither a source nor a reason, or a note names no figure.
        ScenarioError: where its plan cannot be right.
    """
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    table["plan"] = {
        "schema": 1,
        "kind": Plan.KIND,
        "name": table["title"],
        **table["plan"],
        "case": {"preset": table["id"]},
    }
    origins = origins_in(table, "plan", _NOT_FIGURES)
    return PlanCase(
        id=table["id"],
        title=table["title"],
        summary=table["summary"],
        source=table["source"],
        plan=Plan.from_dict(table["plan"]),
        given=origins.given,
        ours=origins.ours,
    )


@cache
def cases() -> tuple[PlanCase, ...]:
    """Give all cases, in the order of their files."""
    return tuple(read_case(file) for file in sorted((DATA / "plans").glob("*.toml")))


def case(key: str) -> PlanCase:
    """Give one case by its id.

    Raises:
        KeyError: naming the cases there are.
    """
    return must_have(cases(), key)
