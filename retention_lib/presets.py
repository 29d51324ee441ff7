"""Real councils' offers to start from, each figure marked as given by its source or as ours.

Each preset is a file in `data/presets/`, read and edited in a text editor.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retention_lib.origins import Origins, must_have, origins_in
from retention_lib.paths import DATA
from retention_lib.scenario import Scenario

FIRST = "middlesbrough-2019"

_NOT_FIGURES = ("schema", "kind", "name", "case", "seed", "scheme.kind")


@dataclass(frozen=True, kw_only=True)
class Preset(Origins):
    """A case to start from, with where its figures come from."""

    id: str
    title: str
    summary: str
    source: str
    scenario: Scenario


def read_preset(file: Path) -> Preset:
    """Read and check one preset.

    Raises:
        CaseError: where a figure has neither a source nor a reason, or a note names no figure.
        ScenarioError: where its scenario cannot be right.
    """
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    scenario = Scenario.from_dict(table["scenario"])
    origins = origins_in(table, "scenario", _NOT_FIGURES)
    return Preset(
        id=table["id"],
        title=table["title"],
        summary=table["summary"],
        source=table["source"],
        scenario=scenario,
        given=origins.given,
        ours=origins.ours,
    )


@cache
def presets() -> tuple[Preset, ...]:
    """Give all presets, in the order of their files."""
    return tuple(read_preset(file) for file in sorted((DATA / "presets").glob("*.toml")))


def preset(key: str) -> Preset:
    """Give one preset by its id.

    Raises:
        KeyError: naming the presets there are.
    """
    return must_have(presets(), key, "preset")
