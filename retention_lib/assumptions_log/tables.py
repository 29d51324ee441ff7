"""The assumptions log as tables: the log itself, the two ratings, what is to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from retention_lib.assumptions import Quality
from retention_lib.assumptions_log.chosen import NO_REASON
from retention_lib.assumptions_log.data_log import Checked, Source
from retention_lib.assumptions_log.entry import KIND_WORDS, Entry
from retention_lib.assumptions_log.impact import IMPACT_WORDS, IMPACTS, Impact
from retention_lib.evidence import Study
from retention_lib.results import Cell, Change, Column, Table

QUALITIES: tuple[Quality, ...] = ("strong", "fair", "weak", "none")
QUALITY_SHORT: Mapping[Quality, str] = {
    "strong": "Strong",
    "fair": "Fair",
    "weak": "Weak",
    "none": "No source",
}

_YES = {True: "yes", False: "no"}


def _text(key: str, heading: str) -> Column:
    return Column(key, heading, "text")


def log_table(entries: Iterable[Entry]) -> Table:
    """Give the whole log, a row for each line."""
    columns = (
        _text("label", "Assumption"),
        _text("id", "Name in the files"),
        _text("group", "Part"),
        _text("kind", "Kind"),
        _text("value", "Value in this answer"),
        _text("value_from", "Where that comes from"),
        _text("in_general", "Value in general"),
        _text("range", "Range"),
        _text("unit", "Unit"),
        _text("shape", "How belief lies in the range"),
        _text("quality", "Quality of evidence"),
        _text("impact", "Impact on this answer"),
        Column("pounds", "What it moves the answer by", "pounds"),
        Column("share", "Share of the widest", "share"),
        _text("why", "Impact in words"),
        _text("source", "Source"),
        _text("date", "Date of the source"),
        _text("life", "To be looked at again after"),
        _text("stale", "Older than that"),
        _text("changed", "Changed"),
        _text("note", "Note"),
    )
    return Table(
        "log", "The whole log as a table", columns, tuple(_log_row(each) for each in entries)
    )


def _log_row(entry: Entry) -> tuple[Cell, ...]:
    return (
        entry.label,
        entry.id,
        entry.group,
        KIND_WORDS[entry.kind],
        entry.value,
        entry.value_from,
        entry.in_general,
        entry.range_text,
        entry.unit,
        entry.shape,
        entry.quality,
        entry.impact,
        entry.pounds,
        entry.share,
        entry.why,
        entry.source_words,
        entry.date,
        entry.life,
        _YES[entry.stale],
        _YES[bool(entry.changes)],
        entry.note,
    )


def matrix_counts(entries: Iterable[Entry]) -> Mapping[tuple[Quality, Impact], int]:
    """Count the lines of each quality and impact."""
    found = {(quality, impact): 0 for quality in QUALITIES for impact in IMPACTS}
    for entry in entries:
        found[entry.quality, entry.impact] += 1
    return found


def matrix_table(entries: Iterable[Entry]) -> Table:
    """Give the Aqua Book's two ratings against each other: how many lines have both."""
    counts = matrix_counts(entries)
    columns = (
        _text("quality", "Quality of evidence"),
        *(Column(each, f"Impact: {IMPACT_WORDS[each].lower()}", "number") for each in IMPACTS),
        Column("all", "All", "number"),
    )
    rows: list[tuple[Cell, ...]] = []
    for quality in QUALITIES:
        row = [float(counts[quality, impact]) for impact in IMPACTS]
        rows.append((QUALITY_SHORT[quality], *row, sum(row)))
    down = [float(sum(counts[each, impact] for each in QUALITIES)) for impact in IMPACTS]
    rows.append(("All", *down, sum(down)))
    title = "Quality of evidence and impact: how many assumptions"
    return Table("matrix", title, columns, tuple(rows), totals=(len(rows) - 1,))


def changes_table(changes: Iterable[Change]) -> Table:
    """Give what was changed, from what, and why."""
    columns = (
        _text("label", "Changed"),
        _text("was", "Was"),
        _text("now", "Now"),
        _text("reason", "Why"),
    )
    rows = tuple((each.label, each.was, each.now, each.reason or NO_REASON) for each in changes)
    return Table("changes", "What was changed, and why", columns, rows)


def stale_table(entries: Iterable[Entry]) -> Table:
    """Give what is older than its stated life, what moves the answer first."""
    columns = (
        _text("label", "Assumption"),
        _text("impact", "Impact on this answer"),
        _text("date", "Date of the source"),
        _text("life", "To be looked at again after"),
        _text("since", "Stale since"),
        _text("source", "Source"),
    )
    rows = tuple(
        (
            each.label,
            each.impact_words,
            each.date,
            each.life,
            each.stale_from.isoformat(),
            each.source_words,
        )
        for each in entries
        if each.stale
    )
    return Table("stale", "Older than its stated life", columns, rows)


def no_source_table(entries: Iterable[Entry]) -> Table:
    """Give what has no source, what moves the answer first, with how it was set."""
    columns = (
        _text("label", "Assumption"),
        _text("impact", "Impact on this answer"),
        _text("value", "Value in this answer"),
        _text("range", "Range"),
        _text("note", "How it was set"),
    )
    rows = tuple(
        (each.label, each.impact_words, each.value, each.range_text, each.note)
        for each in entries
        if not each.has_source
    )
    return Table("no_source", "Without a source", columns, rows)


def studies_table(studies: Iterable[Study]) -> Table:
    """Give every study, the ones that found nothing among the others."""
    columns = (
        _text("label", "Study"),
        _text("treatment", "What was done"),
        _text("who", "To whom"),
        Column("effect", "Fall in leaving", "share"),
        Column("low", "From", "share"),
        Column("high", "To", "share"),
        Column("payment", "Payment, of salary a year", "share"),
        _text("quality", "Quality of evidence"),
        _text("nearness", "How near to children's social work"),
        _text("source", "Source"),
        _text("note", "Note"),
    )
    rows = tuple(
        (
            each.label,
            each.treatment,
            each.who,
            each.effect,
            each.effect_low,
            each.effect_high,
            each.payment_share_of_salary,
            QUALITY_SHORT[each.quality],
            each.nearness,
            each.source,
            each.note,
        )
        for each in studies
    )
    return Table("studies", "The studies as a table", columns, rows)


def data_log_table(found: Iterable[Source]) -> Table:
    """Give the data log: every table that answers are made from."""
    columns = (
        _text("what", "What"),
        _text("publisher", "Publisher"),
        _text("release", "Release"),
        _text("published", "Published"),
        _text("licence", "Licence"),
        _text("checks", "Checks passed when it was read in"),
        _text("made_from", "Made from"),
    )
    rows = tuple(
        (
            each.what,
            each.publisher,
            each.release,
            each.published or "–",
            each.licence,
            "; ".join(each.checks) or "–",
            each.made_from,
        )
        for each in found
    )
    return Table("data_log", "The data log", columns, rows)


def checks_table(found: Iterable[Checked]) -> Table:
    """Give the checks, each passed or not."""
    columns = (_text("name", "Check"), _text("passed", "Result"), _text("says", "What it found"))
    rows = tuple(
        (each.name, "Passed" if each.passed else "NOT PASSED", each.says) for each in found
    )
    return Table("checks", "Checks", columns, rows)
