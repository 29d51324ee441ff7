"""The switch that marks an answer down for weak evidence, the same on every form that has one."""

from __future__ import annotations

from typing import TypeVar

from retention_lib.documents import Document
from retention_lib.labels import label_of
from retention_lib.optimism import GRADES, SWITCH, share_of, with_optimism
from retention_lib.units import UNITS
from retention_lib.views.fields import Choice

D = TypeVar("D", bound=Document)

_NO, _YES = "no", "yes"


def optimism_choice(_kind: type[D]) -> Choice[D]:
    """Make the switch for one kind of document.

    Args:
        _kind: the kind of document; it says what the choice reads and makes.
    """
    return Choice(
        SWITCH,
        label_of(SWITCH),
        lambda _: [(_NO, "No: as assumed"), (_YES, "Yes: less saved and more spent")],
        lambda document: _YES if document.at(SWITCH) else _NO,
        lambda document, chosen: with_optimism(document, chosen == _YES),
        _explained(),
    )


def _explained() -> str:
    """Say what the switch does, with the register's shares."""
    *some, last = (UNITS["share"].text(share_of(grade)) for grade in GRADES)
    return (
        f"It takes {', '.join(some)} or {last} off what is saved and adds as much to what is "
        "spent, from strong evidence down to none, as supplementary guidance to the Green Book "
        "does. Both answers are shown either way."
    )


def given_of(on: bool) -> str:
    """Say which of both answers is the one at the top, and how to have the other."""
    if on:
        return "The answer above is the one marked down. The switch is among the assumptions."
    return (
        "The answer above is the one as assumed. A switch among the assumptions puts the other in "
        "its place."
    )


MARKED_READINGS = {
    "optimism_lines": "The weaker the evidence at its weakest point, the larger the share that is "
    "taken off. A number keeps its grade when you change it.",
}
"""What the table of marks says in a sentence, on every page that has it."""
