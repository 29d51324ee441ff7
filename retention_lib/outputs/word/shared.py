"""The parts that every section has: the summary, what was changed, and what the numbers rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from retention_lib.assumptions import QUALITY_WORDS, Assumption
from retention_lib.assumptions_log import Question, log_of
from retention_lib.assumptions_log.data_log import published_tables, sources
from retention_lib.assumptions_log.entry import Entry
from retention_lib.assumptions_log.tables import changes_table, data_log_table
from retention_lib.documents import Document
from retention_lib.outputs.facts import facts_of
from retention_lib.outputs.word.grid import chosen
from retention_lib.outputs.word.paper import Paper, See
from retention_lib.outputs.word.text import lead
from retention_lib.results import Answered, Cell, Column, Table

PURPOSE = "It makes no recommendation."

ONE_AT_A_TIME = (
    See("tornado"),
    "takes one number at a time to the low and the high end of what is known of it. How likely "
    "each end is by itself was not worked out.",
)

_MUCH = ("high", "medium")
_PLAIN = {"The register's.", "The catalogue's.", ""}
"""Where a value comes from when it is the general one, whose source stands beside it."""
_SOURCED = ("Source: ", "DfE, ")
"""How a value begins that has a source of its own; what is known in general adds a range alone."""


def text_table(
    key: str, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Table:
    """Make a table of words.

    Example:
        >>> text_table("a", "A", ("One", "Two"), [("1", "2")]).columns[1].key
        'column_1'
    """
    columns = tuple(Column(f"column_{at}", head, "text") for at, head in enumerate(headings))
    return Table(key, title, columns, tuple(tuple(row) for row in rows))


def summary(
    paper: Paper, document: Document, result: Answered, about: str, case: tuple[str, str] | None
) -> None:
    """Write what was looked at, the answer first, and what a reader needs next.

    Args:
        paper: where to.
        document: what was asked.
        result: the answer.
        about: what this section says of it.
        case: what the case it started from is, and its source; None where it did not.
    """
    paper.section("Purpose and summary")
    paper.say(f"This section is about “{document.name}”. {about} {PURPOSE}")
    if case is not None:
        paper.say(lead(case[0], f"Source: {case[1].rstrip('.')}."))
    paper.say(result.headline, bold=True)
    paper.list(result.sentences)


def key_figures(paper: Paper, result: Answered) -> None:
    """Write the figures that matter, as the page has them beside its answer."""
    paper.table(text_table("facts", "Key figures", ("Figure", "What it is"), facts_of(result)))


def changed(paper: Paper, result: Answered, *, has_case: bool = True) -> None:
    """Write what was changed from the case it started from, and the reasons that were given.

    Args:
        paper: what is written on.
        result: the answer.
        has_case: whether it started from one of our cases, which say what stood there before.
    """
    paper.section("Assumptions changed and why")
    if not has_case:
        paper.say("This did not start from one of our cases, so what was changed cannot be told.")
    if not result.changes:
        if has_case:
            paper.say("Nothing was changed from what this started from.")
        return
    number = len(result.changes)
    were = "assumption was" if number == 1 else "assumptions were"
    if has_case:
        paper.say(f"{number} {were} changed. The reasons are those that were given.")
    table = changes_table(result.changes)
    bare = tuple(
        (*row[:-1], change.reason or "No reason given")
        for row, change in zip(table.rows, result.changes, strict=True)
    )
    paper.table(Table(table.key, table.title, table.columns, bare))


def worked_out(paper: Paper, said: Iterable[str]) -> None:
    """Write how it was worked out, and what a reader must know that the figures do not tell."""
    paper.section("How it was worked out")
    paper.list(said)


def log_annex(paper: Paper, document: Document, on: dt.date) -> None:
    """Write every number that the answer to an offer or a plan rests on, what moves it most first.

    Numbers that move it little, and numbers that are set, follow, those of one source together.
    """
    log = log_of(Question.from_dict(document.to_dict()), on)
    paper.annex("What the numbers rest on")
    paper.say(log.headline, *log.sentences[:-1])
    much = [entry for entry in log.entries if entry.impact in _MUCH]
    little = [entry for entry in log.entries if entry.matters and entry not in much]
    fixed = [entry for entry in log.entries if entry.used and not entry.matters]
    paper.table(
        text_table(
            "much",
            "Numbers that nobody knows, the one that moves the answer most first",
            ("Number", "In this answer", "Range", "Impact", "Evidence", "Where it comes from"),
            [
                (e.label, e.value, e.range_text, e.impact_words, e.quality_words, _where(e))
                for e in much
            ],
        )
    )
    for key, title, entries in (
        ("little", "Numbers that nobody knows and that move the answer little", little),
        ("set", "Numbers that are set: the council's choice, the law, or a known figure", fixed),
    ):
        heads = ("Numbers", "Evidence", "Where they come from")
        paper.table(text_table(key, title, heads, _by_source(entries)))
    paper.say(
        "Quality of evidence is that of a number in general, whoever chose the value here.",
        *[note for note in log.notes if note.startswith("Ages are")],
    )


def _where(*entries: Entry) -> str:
    """Say where values come from, then what is known of such numbers in general, with its date.

    Args:
        entries: numbers of which the same is said, each thing to be told once.
    """
    known = dict.fromkeys(
        f"{each.source_words.rstrip('.')} ({each.date})." for each in entries if each.has_source
    )
    said, general = entries[0].value_from, " ".join(known)
    if not entries[0].matters and said.startswith(_SOURCED):
        return said
    if said in _PLAIN:
        return general or entries[0].source_words
    return f"{said} In general: {general}" if general else said


def _by_source(entries: Sequence[Entry]) -> list[tuple[str, str, str]]:
    """List numbers, those that are as good and come from the same place in one row."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        place = _where(entry) if entry.value_from in _PLAIN else entry.value_from
        found.setdefault((entry.quality_words, place), []).append(entry)
    return [
        ("; ".join(_number(each) for each in some), quality, _where(*some))
        for (quality, _), some in found.items()
    ]


def _number(entry: Entry) -> str:
    """Write a number and, where it was drawn, its range."""
    ends = f" ({entry.range_text})" if entry.matters and entry.range_text else ""
    return f"{entry.label}: {entry.value}{ends}"


def register_table(rows: Iterable[tuple[Assumption, str]]) -> Table:
    """Give entries of the register with the value that an answer takes, and their source."""
    return text_table(
        "prices",
        "What the people in the gap cost",
        ("Number", "In this answer", "Range", "Evidence", "Where it comes from in general"),
        [
            (
                row.label,
                value,
                row.range_text,
                QUALITY_WORDS[row.quality],
                f"{row.source}, {row.date}",
            )
            for row, value in rows
        ],
    )


def data_annex(paper: Paper, result: Answered, *more: Table) -> None:
    """Write which published tables an answer is made from, and what else it rests on."""
    paper.annex("Sources")
    for table in more:
        paper.table(table)
    log = data_log_table(sources(result.provenance)[: len(published_tables())])
    named = replace(log, title="The published tables it is made from")
    paper.table(chosen(named, ("what", "publisher", "release", "published", "licence")))
