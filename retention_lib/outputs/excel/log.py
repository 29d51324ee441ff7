"""The Assumptions log sheet: what an answer rests on, each line rated twice, with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from retention_lib.assumptions import QUALITY_WORDS, Assumption
from retention_lib.assumptions_log import EvidenceResult, Question, log_of, tables
from retention_lib.assumptions_log.data_log import sources
from retention_lib.assumptions_log.entry import NO_SOURCE_WORDS
from retention_lib.assumptions_log.question import OPENED
from retention_lib.outputs.excel.book import Book, Sheet
from retention_lib.plans.plan import Plan
from retention_lib.results import Answered, Table
from retention_lib.scenario import Scenario

SHEET = "Assumptions log"
_WIDTHS = (34, 16, 30, 20, 12, 14, 44, 12, 14, 10, 44)
_COLUMNS = (
    "label",
    "value",
    "value_from",
    "range",
    "quality",
    "impact",
    "source",
    "date",
    "life",
    "stale",
    "note",
)
_SAYS = (
    "Every number the answer rests on, what moves it most first: how good the evidence is, and how "
    "far the answer moves with it. This is the log of the inputs as exported. What the register "
    "holds beside is not in this answer, and not listed."
)


_SHORT_WIDTHS = (40, 18, 24, 20, 50, 14, 50)
_SHORT_HEADS = ("Assumption", "Value in general", "Range", "Evidence", "Source", "Date", "Note")


def short_log_sheet(book: Book) -> Sheet:
    """Add the sheet of an answer that rests on a few of the register's rows, empty yet."""
    return book.sheet(SHEET, "Assumptions log", _SHORT_WIDTHS)


def write_short_log(
    page: Sheet, rows: Iterable[Assumption], result: Answered, more: Sequence[Table] = ()
) -> None:
    """Write the register's rows that an answer rests on, what was changed, and its figures."""
    page.row += 1
    page.header(_SHORT_HEADS, ["words" for _ in _SHORT_HEADS])
    for row in rows:
        texts = (
            row.label,
            row.unit.text(row.default),
            row.range_text,
            QUALITY_WORDS[row.quality],
            NO_SOURCE_WORDS if row.quality == "none" else row.source,
            row.date,
            row.note,
        )
        for column, text in enumerate(texts):
            page.text(column, text, "words", "fixed")
        page.row += 1
    changed = tables.changes_table(result.changes)
    for each in (changed, *more, tables.data_log_table(sources(result.provenance))):
        if each.rows:
            page.table(each)


def log_sheet(book: Book) -> Sheet:
    """Add the Assumptions log sheet, empty yet."""
    return book.sheet(SHEET, "Assumptions log", _WIDTHS, _SAYS)


def write_log(page: Sheet, document: Scenario | Plan) -> EvidenceResult:
    """Write the assumptions log of an offer or a plan, and give it.

    Raises:
        BrokenIdentityError: where the answer does not add up.
    """
    found = log_of(Question(about=OPENED, answer=document), page.book.on)
    for sentence in (found.headline, *found.sentences):
        page.note(sentence)
    used = tuple(entry for entry in found.entries if entry.used)
    page.table(tables.log_table(used), columns=_COLUMNS)
    for each in (
        found.table("changes"),
        tables.stale_table(used),
        tables.no_source_table(used),
        found.table("data_log"),
    ):
        if each.rows:
            page.table(each)
    return found
