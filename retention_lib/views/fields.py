"""Fields of a form, drawn from the register: label, unit, bounds, source and range come from there.

A field is a plain dictionary, as the browser gets it. Numbers in it are as on screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from retention_lib.assumptions import QUALITY_WORDS, Assumption, register
from retention_lib.documents import Document
from retention_lib.origins import Origins

Field = dict[str, Any]

D = TypeVar("D", bound=Document)


@dataclass(frozen=True)
class Choice(Generic[D]):
    """A choice between ways: how to read it from a document, and how to make it.

    `options` are (value, label) pairs.
    """

    path: str
    label: str
    options: Callable[[D], Sequence[tuple[str, str]]]
    read: Callable[[D], str]
    make: Callable[[D, str], D]
    source: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of a field in hand, beyond what the register says.

    `preset` is the case, which may say where its value comes from; `now` the source of the value
    as it stands, where that is not the case's (a council's published figure); `range_used` the
    ends that the answer's own ranges take; `borrowed` that the register's entry is another field's
    and says nothing of this one.
    """

    preset: Origins | None = None
    now: str = ""
    range_used: tuple[float, float] | None = None
    borrowed: bool = False


def number_field(
    row: Assumption, path: str, start: float, known: Known, label: str | None = None
) -> Field:
    """Draw a number's field from the register.

    Args:
        row: the register's entry.
        path: the field of the scenario; it need not be the register's own.
        start: the case's value, in code units: the default that is marked.
        known: what is known of this field in hand.
        label: in place of the register's, where one entry serves several fields.
    """
    assert row.slider is not None
    unit = row.unit
    origin = known.preset.origin(path) if known.preset else None
    tag, source = _short_source(row, origin, known)
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
        "tag": tag,
        "source": source,
        "holds": bool(known.now),
        "about": _about(row, origin, start, known),
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


def _short_source(
    row: Assumption, origin: tuple[str, bool] | None, known: Known
) -> tuple[str, str]:
    """Say in a line whether the value has a source or is our guess, and where it comes from."""
    if known.now:
        return "Source", known.now
    if origin is not None:
        return ("Source" if origin[1] else "Our guess"), origin[0]
    return "", QUALITY_WORDS[row.quality]


def _about(
    row: Assumption, origin: tuple[str, bool] | None, start: float, known: Known
) -> list[tuple[str, str]]:
    """List what is known about a number."""
    said = [] if known.borrowed else [("What it is", row.help)]
    if origin is not None:
        said.append((f"In this case {row.unit.text(start)}", origin[0]))
    if known.range_used is not None:
        low, high = (row.unit.text(end) for end in known.range_used)
        said.append(("Range used for this answer", f"{low} to {high}"))
    if known.borrowed:
        return said
    if row.range_text:
        said.append(("Range in general", f"{row.range_text}, usually {row.unit.text(row.default)}"))
    said.append(("Source in general", f"{row.source} ({row.date})"))
    said.append(("Quality of evidence", QUALITY_WORDS[row.quality]))
    if row.note:
        said.append(("Note", row.note))
    return said


def choice_field(choice: Choice[D], document: D) -> Field:
    """Draw a choice's field."""
    return {
        "kind": "choice",
        "path": choice.path,
        "label": choice.label,
        "options": [{"value": v, "label": label} for v, label in choice.options(document)],
        "start": choice.read(document),
        "source": choice.source,
        "about": [],
        "reasoned": False,
    }


def row_behind(path: str) -> Assumption | None:
    """Find the register's entry that draws a field, other staff's included."""
    return register().behind(path.replace("not_offered.", "groups.", 1))
