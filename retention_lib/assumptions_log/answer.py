"""The assumptions log of an answer: every number it rests on, rated twice, with data and checks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from retention_lib.assumptions_log import tables, words
from retention_lib.assumptions_log.chosen import chosen
from retention_lib.assumptions_log.data_log import Checked, checked, sources
from retention_lib.assumptions_log.entry import Entry
from retention_lib.assumptions_log.impact import IMPACTS
from retention_lib.assumptions_log.measure_entries import measure_entries
from retention_lib.assumptions_log.question import Question
from retention_lib.assumptions_log.register_entries import register_entries
from retention_lib.evidence import known
from retention_lib.provenance import provenance_of
from retention_lib.results import Answered, plain

SAYS = "What the answer rests on, and how good that is. Not an audit opinion."


@dataclass(frozen=True, kw_only=True)
class EvidenceResult(Answered):
    """The assumptions log of one answer, or of the register by itself.

    `entries` are in the order in which they are read: what moves the answer most first, then what
    is set, then what does not move it. `about` is the answer's name and `said` its headline.
    """

    about: str
    said: str
    on: dt.date
    entries: tuple[Entry, ...]
    weakest: tuple[Entry, ...]
    checks: tuple[Checked, ...]

    @property
    def passed(self) -> bool:
        """Whether every check is passed."""
        return all(check.passed for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        """Give the whole log as JSON holds it."""
        return {
            "headline": self.headline,
            "sentences": list(self.sentences),
            "about": self.about,
            "said": self.said,
            "on": self.on.isoformat(),
            "weakest": [entry.id for entry in self.weakest],
            "passed": self.passed,
            "notes": list(self.notes),
            "changes": plain(self.changes),
            "provenance": plain(self.provenance),
            "tables": {each.key: each.records() for each in self.tables},
        }


def log_of(asked: Question, on: dt.date) -> EvidenceResult:
    """Give the assumptions log of the answer that a question is about.

    Pure: the same question on the same day gives the same log. What is searched for does not
    change it.

    Args:
        asked: which answer.
        on: the day on which the ages of figures are told.

    Raises:
        BrokenIdentityError: where the answer does not add up.
        NoFiguresError: where a plan's council published no staff in its year.

    Example:
        >>> found = log_of(Question(about="middlesbrough-2019"), dt.date(2026, 11, 22))
        >>> found.weakest[0].id, found.table("matrix").rows[-1][0]
        ('leaving_reduction', 'All')
    """
    answer = chosen(asked.document)
    entries = in_order((*register_entries(answer, on), *measure_entries(answer, on)))
    made = provenance_of(asked if answer.document is None else answer.document, SAYS)
    checks = checked(answer)
    return EvidenceResult(
        headline=words.headline(answer, entries),
        sentences=words.sentences(answer, entries),
        about=answer.title,
        said=answer.headline,
        on=on,
        entries=entries,
        weakest=words.weakest_links(entries),
        checks=checks,
        tables=(
            tables.log_table(entries),
            tables.matrix_table(entries),
            tables.changes_table(answer.changes),
            tables.stale_table(entries),
            tables.no_source_table(entries),
            tables.studies_table(known(None if asked.document is None else asked.document.studies)),
            tables.data_log_table(sources(made)),
            tables.checks_table(checks),
        ),
        notes=words.notes(answer, on),
        changes=answer.changes,
        provenance=made,
    )


def in_order(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Put what moves the answer most first, then what is set, then the rest, each as it came."""
    return tuple(
        sorted(entries, key=lambda entry: (IMPACTS.index(entry.impact), -(entry.pounds or 0.0)))
    )
