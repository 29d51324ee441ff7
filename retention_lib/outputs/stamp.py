"""What every file says of itself: what made it, from what, when, and what it is not."""

from __future__ import annotations

import datetime as dt

from retention_lib.results import Provenance

LICENCE = "Contains public sector information licensed under the Open Government Licence v3.0."


def stamp(made: Provenance, on: dt.date) -> tuple[tuple[str, str], ...]:
    """Give the lines that every file carries: what each is, and what it says.

    Example:
        >>> from retention_lib.presets import preset
        >>> from retention_lib.provenance import provenance_of
        >>> made = provenance_of(preset("no-scheme").scenario)
        >>> stamp(made, dt.date(2026, 11, 22))[0]
        ('Made on', '22 November 2026')
    """
    return (
        ("Made on", f"{on.day} {on:%B %Y}"),
        ("Made with", f"{made.library} {made.version}"),
        ("Scenario", made.scenario_digest),
        ("Assumptions", made.register_digest),
        ("Figures", made.figures_release),
        ("What this is not", made.says),
        ("Licence", LICENCE),
    )
