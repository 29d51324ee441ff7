"""Two to four answers side by side: names, rows of what differs, and whether they can be ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retention_lib.answering import AnyDocument, AnyResult
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.plans.plan import Plan
from retention_lib.results import Answered, Cell, plain
from retention_lib.scenario import Scenario
from retention_lib.synthetic.question import Question

LETTERS = "ABCD"
"""What the documents are called, in order: so many can stand side by side."""

NONE = "–"

NOT_OF: Mapping[str, str] = {
    Scenario.KIND: f"{NONE} (not asked of an offer)",
    Plan.KIND: f"{NONE} (not asked of a plan)",
    Comparison.KIND: f"{NONE} (it shows where a council stands)",
    Question.KIND: f"{NONE} (it looks back)",
}
"""What stands in place of a value that a kind of document does not have."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the documents, its answer, and the name that tells it from the others."""

    letter: str
    name: str
    document: AnyDocument
    result: AnyResult


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a comparison: a value for each side, and the same as people read it.

    A value is in code units: pounds, shares 0 to 1, months, people. It is None where that side has
    none, and its text then says why. `why` says for each side where its value comes from, empty
    where there is nothing to say.
    """

    key: str
    label: str
    values: tuple[Cell, ...]
    texts: tuple[str, ...]
    why: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether it is not the same for all sides of whose kind it is asked."""
        return len(set(self.texts) - set(NOT_OF.values())) > 1


@dataclass(frozen=True, kw_only=True)
class SideBySide(Answered):
    """Two to four answers side by side.

    `not_alike` says why the answers cannot be ranked; where it is empty they can.
    """

    sides: tuple[Side, ...]
    answers: tuple[Row, ...]
    levers: tuple[Row, ...]
    assumptions: tuple[Row, ...]
    not_alike: tuple[str, ...]

    @property
    def can_be_ranked(self) -> bool:
        """Whether the answers are of one kind, council, period and view of the evidence."""
        return not self.not_alike

    def to_dict(self) -> dict[str, Any]:
        """Give the whole comparison as JSON holds it, values unrounded."""
        sides = [
            {
                "letter": side.letter,
                "name": side.name,
                "kind": side.document.kind,
                "digest": side.document.digest,
                "headline": side.result.headline,
            }
            for side in self.sides
        ]
        return {
            "headline": self.headline,
            "sentences": list(self.sentences),
            "sides": sides,
            "not_alike": list(self.not_alike),
            "answers": plain(self.answers),
            "levers": plain(self.levers),
            "assumptions": plain(self.assumptions),
            "tables": {each.key: each.records() for each in self.tables},
            "notes": list(self.notes),
            "provenance": plain(self.provenance),
        }
