"""Which lines of the log a question asks to see."""

from __future__ import annotations

from collections.abc import Iterable

from retention_lib.assumptions_log.entry import Entry
from retention_lib.assumptions_log.question import ANY, Question
from retention_lib.evidence import Study


def holds(words: str, search: str) -> bool:
    """Tell whether every word searched for stands in a text in small letters, in any order.

    Example:
        >>> holds("cost of an agency worker", "Agency cost"), holds("agency", "agency rate")
        (True, False)
    """
    return all(word in words for word in search.casefold().split())


def matches(entry: Entry, asked: Question) -> bool:
    """Tell whether a line is one of those asked for."""
    if asked.quality not in (ANY, entry.quality) or asked.impact not in (ANY, entry.impact):
        return False
    alone = {
        "used": entry.used,
        "changed": bool(entry.changes),
        "stale": entry.stale,
        "no_source": not entry.has_source,
    }
    return alone.get(asked.only, True) and holds(entry.words, asked.search)


def matched(entries: Iterable[Entry], asked: Question) -> tuple[Entry, ...]:
    """Give the lines asked for, in their order."""
    return tuple(entry for entry in entries if matches(entry, asked))


def matched_studies(studies: Iterable[Study], search: str) -> tuple[Study, ...]:
    """Give the studies in whose description every word searched for stands."""
    return tuple(study for study in studies if holds(study_words(study), search))


def study_words(study: Study) -> str:
    """Everything that is written of a study, in small letters, to be searched."""
    said = (study.label, study.authors, study.who, study.treatment, study.design, study.source)
    return " ".join((*said, study.nearness, study.note, study.id)).casefold()
