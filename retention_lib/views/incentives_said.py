"""What the incentives page says of its case, its fields and its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retention_lib.pictures import incentives as pictures
from retention_lib.presets import Preset
from retention_lib.results import IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.views import markup
from retention_lib.views.optimism_choice import MARKED_READINGS, given_of

_AT_MOST = "What is paid is never marked up beyond what it would come to if everybody signed up."


def reading(key: str, result: IncentiveResult) -> str:
    """Give the one-sentence reading of a table that has no picture."""
    if key == "viewpoints":
        return pictures.viewpoints_reading(result)
    if key == "fairness":
        return pictures.fairness_reading(result)
    if key == "budget":
        return pictures.budget_reading(result)
    if key == "optimism":
        return given_of(result.optimism.on)
    if key == "optimism_lines":
        return f"{MARKED_READINGS[key]} {_AT_MOST}"
    return ""


def said_of(field: Mapping[str, Any], result: IncentiveResult) -> str:
    """Say where a field's value comes from: the reason for a change, or its source."""
    change = next((each for each in result.changes if each.path == field["path"]), None)
    if change is not None and not field.get("holds"):
        return f"Changed from {change.was}. {change.reason or 'No reason given.'}"
    return ": ".join(part for part in (field.get("tag"), field["source"]) if part)


def about_case(start: Preset | None, scenario: Scenario) -> str:
    """Say what the case is, and what of it another council's figures leave as it was."""
    if start is None:
        name = markup.escaped(scenario.name)
        return (
            f'<p class="rw-about-case"><strong>{name}</strong><br>This scenario did not start from '
            "one of our cases.</p>"
        )
    said = markup.escaped(start.summary), markup.escaped(start.source)
    other = ""
    if scenario.case.council != start.scenario.case.council:
        other = "<br>Only leaving is from the figures chosen. People and pay are still the case's."
    return f'<p class="rw-about-case"><strong>{said[0]}</strong><br>Source: {said[1]}.{other}</p>'
