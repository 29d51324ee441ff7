"""Real councils' offers to start from, each figure marked as given by its source or as ours.

Each preset is a file in `data/presets/`, read and edited in a text editor.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from retention_lib.documents import leaves, value_at
from retention_lib.paths import DATA
from retention_lib.scenario import Scenario

FIRST = "middlesbrough-2019"

_NOT_FIGURES = ("schema", "kind", "name", "case", "seed", "scheme.kind")


class PresetError(ValueError):
    """A preset file says something that cannot be right."""


@dataclass(frozen=True)
class Preset:
    """A case to start from.

    `given` says, by field, what the source gives; `ours` why a figure the source does not give is
    what it is, so that its reader may change it.
    """

    id: str
    title: str
    summary: str
    source: str
    scenario: Scenario
    given: Mapping[str, str]
    ours: Mapping[str, str]

    def origin(self, path: str) -> tuple[str, bool] | None:
        """Tell where a field's figure comes from, and whether a source gives it.

        A note on a whole part ("scheme.instalments") stands for every field in it.
        """
        for known, is_given in ((self.given, True), (self.ours, False)):
            for note, words in known.items():
                if path == note or path.startswith(f"{note}."):
                    return words, is_given
        return None


def read_preset(file: Path) -> Preset:
    """Read and check one preset.

    Raises:
        PresetError: where a figure has neither a source nor a reason, or a note names no figure.
        ScenarioError: where its scenario cannot be right.
    """
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    chosen = {
        path: value
        for path, value in leaves(table["scenario"])
        if not any(path == name or path.startswith(f"{name}.") for name in _NOT_FIGURES)
        and not path.endswith(".name")
    }
    preset = Preset(
        id=table["id"],
        title=table["title"],
        summary=table["summary"],
        source=table["source"],
        scenario=Scenario.from_dict(table["scenario"]),
        given=table.get("given", {}),
        ours=table.get("ours", {}),
    )
    unexplained = [path for path in chosen if preset.origin(path) is None]
    notes = [*preset.given, *preset.ours]
    dangling = [note for note in notes if value_at(table["scenario"], note) is None]
    if unexplained or dangling:
        raise PresetError(
            f"{file.name}: figures without a source or a reason: {unexplained}; "
            f"notes on figures that are not there: {dangling}"
        )
    return preset


@cache
def presets() -> tuple[Preset, ...]:
    """Give all presets, in the order of their files."""
    return tuple(read_preset(file) for file in sorted((DATA / "presets").glob("*.toml")))


def preset(key: str) -> Preset:
    """Give one preset by its id.

    Raises:
        KeyError: naming the presets there are.
    """
    for each in presets():
        if each.id == key:
            return each
    raise KeyError(f"No preset {key!r}; there are {[each.id for each in presets()]}")
