"""Fields of a form, drawn from the register: label, unit, bounds, source and range come from there.

A field is a plain dictionary, as the browser gets it. Numbers in it are as on screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from retention_lib.assumptions import QUALITY_WORDS, Assumption
from retention_lib.presets import Preset
from retention_lib.scenario import Scenario

Field = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """A choice between ways: how to read it from a scenario, and how to make it.

    `options` are (value, label) pairs.
    """

    path: str
    label: str
    options: Callable[[Scenario], Sequence[tuple[str, str]]]
    read: Callable[[Scenario], str]
    make: Callable[[Scenario, str], Scenario]
    source: str = ""


def number_field(
    row: Assumption, path: str, start: float, preset: Preset | None, label: str | None = None
) -> Field:
    """Draw a number's field from the register.

    Args:
        row: the register's entry.
        path: the field of the scenario; it need not be the register's own.
        start: the case's value, in code units: the default that is marked.
        preset: the case, which may say where its value comes from.
        label: in place of the register's, where one entry serves several fields.
    """
    assert row.slider is not None
    unit = row.unit
    origin = preset.origin(path) if preset else None
    return {
        "kind": "number",
        "path": path,
        "label": label or row.label,
        "before": unit.before,
        "after": unit.after,
        "min": unit.to_screen(row.slider.min),
        "max": unit.to_screen(row.slider.max),
        "step": unit.to_screen(row.slider.step),
        "decimals": max(unit.decimals, _decimals(unit.to_screen(row.slider.step))),
        "start": unit.to_screen(start),
        "start_text": unit.text(start),
        "source": _short_source(row, origin),
        "about": _about(row, origin, start),
        "reasoned": True,
    }


def _decimals(step: float) -> int:
    """Count the decimals that a step needs.

    Example:
        >>> _decimals(0.25), _decimals(500.0)
        (2, 0)
    """
    text = f"{step:.6f}".rstrip("0")
    return len(text.split(".")[1])


def _short_source(row: Assumption, origin: tuple[str, bool] | None) -> str:
    """Say in one line where the case's value comes from."""
    if origin is None:
        return QUALITY_WORDS[row.quality]
    words, given = origin
    return words if given else f"Ours, yours to change. {words}"


def _about(row: Assumption, origin: tuple[str, bool] | None, start: float) -> list[tuple[str, str]]:
    """List what is known about a number."""
    known = [("What it is", row.help)]
    if origin is not None:
        known.append((f"In this case {row.unit.text(start)}", origin[0]))
    if row.range_text:
        known.append(("Range", f"{row.range_text}, usually {row.unit.text(row.default)}"))
    known.append(("Source", f"{row.source} ({row.date})"))
    known.append(("Quality of evidence", QUALITY_WORDS[row.quality]))
    if row.note:
        known.append(("Note", row.note))
    return known


def choice_field(choice: Choice, scenario: Scenario) -> Field:
    """Draw a choice's field."""
    return {
        "kind": "choice",
        "path": choice.path,
        "label": choice.label,
        "options": [{"value": v, "label": label} for v, label in choice.options(scenario)],
        "start": choice.read(scenario),
        "source": choice.source,
        "about": [],
        "reasoned": False,
    }
