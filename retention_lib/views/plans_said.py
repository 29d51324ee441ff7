"""What the invest-to-save page says of its case, its fields and its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retention_lib.plans.cases import PlanCase
from retention_lib.plans.result import PlanResult
from retention_lib.views import markup
from retention_lib.views.optimism_choice import MARKED_READINGS, given_of

_READINGS = {
    "mtfs": "Each year starts from the net of the year before; savings are negative.",
    "invest_to_save": "What is put in, what comes out, and what has to come from reserves.",
    "scorecard": "The plan's last year against its targets. Three of the six measures that "
    "Plymouth follows cannot be worked out from staffing, and are left to you.",
    "ranges": "Eight times in ten a figure lies between the first and the last.",
    "viewpoints": "Keeping someone who would have gone to a neighbour helps you, not the region.",
}


def reading(key: str, result: PlanResult) -> str:
    """Give the one-sentence reading of a table that has no picture."""
    if key == "optimism":
        return given_of(result.optimism.on)
    return {**_READINGS, **MARKED_READINGS}.get(key, "")


def input_label(section: Mapping[str, Any], field: Mapping[str, Any]) -> str:
    """Name an input, with its measure where it is one's."""
    name = str(section["title"]).removeprefix("Measure: ")
    return f"{name}: {field['label']}" if name != section["title"] else field["label"]


def said_of(field: Mapping[str, Any], result: PlanResult) -> str:
    """Say where a field's value comes from: the reason for a change, or its source."""
    change = next((each for each in result.changes if each.path == field["path"]), None)
    if change is not None:
        return f"Changed from {change.was}. {change.reason or 'No reason given.'}"
    return ": ".join(part for part in (field.get("tag"), field.get("source")) if part) or "chosen"


def about_case(start: PlanCase | None) -> str:
    """Say what the case is, as HTML."""
    if start is None:
        return (
            '<p class="rw-about-case">A plan of your own. What you do not set is what the council '
            "published, or the register's.</p>"
        )
    said, source = markup.escaped(start.summary), markup.escaped(start.source)
    return f'<p class="rw-about-case"><strong>{said}</strong><br>Source: {source}.</p>'
