"""The sheet of what the library drew or solved: it does not follow the inputs, and says so."""

from __future__ import annotations

from retention_lib.outputs.excel.book import Book
from retention_lib.outputs.excel.checks import as_exported
from retention_lib.plans.result import PlanResult

SHEET = "As exported"
_TABLES = ("ranges", "tornado", "evidence", "tests", "guard", "scorecard", "timeline", "staff")
_WIDTHS = (52, 22, 22, 22, 22, 22, 22, 22, 22, 22)
_SAYS = (
    "What thousands of draws give, what was solved, and the answer's tables in words, as they were "
    "when the file was made. They do not follow when an input is changed."
)


def write_exported(book: Book, result: PlanResult) -> None:
    """Add the sheet."""
    page = book.sheet(SHEET, "As exported: ranges, chances and what was solved", _WIDTHS, _SAYS)
    page.row += 1
    page.text(0, "These belong to the inputs", "words", "label")
    page.formula(1, as_exported(), "text", "As exported", role="total")
    page.row += 1
    if result.ranges is None:
        page.note("Ranges were not drawn for this file: export it again when the page shows them.")
    for key in _TABLES:
        if result.table(key).rows:
            page.table(result.table(key))
