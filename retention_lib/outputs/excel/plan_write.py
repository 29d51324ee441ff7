"""How sheets of months and of years are written: headings, formulas with their values, names."""

from __future__ import annotations

from collections.abc import Sequence

from retention_lib.outputs.excel.book import Book, Sheet
from retention_lib.outputs.excel.looks import Role
from retention_lib.outputs.excel.plan_cells import (
    FIRST_ROW,
    FIRST_YEAR_COLUMN,
    LEADING,
    TOTAL_COLUMN,
    Layout,
    MonthSheet,
    Place,
    Row,
)
from retention_lib.outputs.excel.plan_singles import Single
from retention_lib.outputs.excel.plan_tables import Block, Lines, YearSheet, YearTable, first_row
from retention_lib.plans.plan import MONTHS, Plan
from retention_lib.plans.years import month_name, year_labels
from retention_lib.rates import MONTHS_IN_YEAR

_LEADING_WIDTHS = (7.0, 15.0, 9.0)
_WIDTH = 14.0
_HEADING_HEIGHT, _SAYS_HEIGHT = 54, 66  # points: four and five lines
_YEAR_WIDTHS = (60.0, 16.0, 14.0, 14.0, 14.0, 14.0, 16.0, 18.0, 18.0)


def write_months(book: Book, sheet: MonthSheet, layout: Layout, plan: Plan) -> Sheet:
    """Write a sheet of months: group and column headings, what each is, then month by month."""
    widths = (*_LEADING_WIDTHS, *(_WIDTH for _ in sheet.columns))
    page = book.sheet(sheet.title, sheet.heading or sheet.title, widths, sheet.says)
    _heads(page, sheet)
    page.row = FIRST_ROW - 1
    page.freeze(len(LEADING))
    page.page.repeat_columns(0, len(LEADING) - 1)
    page.page.fit_to_pages(0, 1)
    labels = year_labels(plan)
    for month in range(MONTHS + 1):
        page.row = FIRST_ROW - 1 + month
        year = max(0, month - 1) // MONTHS_IN_YEAR
        page.number(0, month, "whole", "label")
        page.text(1, month_name(plan, month - 1) if month else "First day", "text", "label")
        page.text(2, labels[year], "text", "label")
        for place, column in enumerate(sheet.columns, start=len(LEADING)):
            formula = column.formula_in(month)
            if formula:
                at = Place(sheet=sheet.key, month=month)
                live = layout.resolved(formula, at)
                page.formula(place, live, column.look, column.known_in(month))
    return page


def _heads(page: Sheet, sheet: MonthSheet) -> None:
    """Write three rows: the groups, the columns, and what each column is."""
    page.page.set_row(FIRST_ROW - 3, _HEADING_HEIGHT)
    page.page.set_row(FIRST_ROW - 2, _SAYS_HEIGHT)
    page.row = FIRST_ROW - 4
    place = len(LEADING)
    for group in sheet.groups:
        page.text(place, group.heading, "text", "heading")
        place += len(group.columns)
    page.row += 1
    for column, text in enumerate(("Month", "Calendar", "Year")):
        page.text(column, text, "whole" if column == 0 else "words", "head")
    for place, each in enumerate(sheet.columns, start=len(LEADING)):
        page.text(place, each.heading, each.look, "head")
    page.row += 1
    for place, each in enumerate(sheet.columns, start=len(LEADING)):
        page.text(place, each.says, "words", "note")


def write_years(book: Book, sheet: YearSheet, layout: Layout, plan: Plan) -> Sheet:
    """Write a sheet of tables by financial year and of single lines."""
    page = book.sheet(sheet.name, sheet.title, _YEAR_WIDTHS, sheet.says)
    for block, begins in zip(sheet.blocks, sheet.first_rows(), strict=True):
        page.row = begins
        page.heading(block.title)
        if block.says:
            page.note(block.says)
        _write_block(page, sheet.key, block, first_row(block, begins), layout, year_labels(plan))
    return page


def _write_block(
    page: Sheet, key: str, block: Block, row: int, layout: Layout, labels: Sequence[str]
) -> None:
    if isinstance(block, Lines):
        page.row = row
        write_lines(page, key, block, layout)
        return
    page.row = row - 1
    _table_head(page, block, labels)
    for each in block.rows:
        _write_row(page, key, each, block, layout)
        page.row += 1


def _table_head(page: Sheet, table: YearTable, labels: Sequence[str]) -> None:
    page.text(0, "", "words", "head")
    page.text(1, table.start, "number", "head")
    for place, label in enumerate(labels, start=FIRST_YEAR_COLUMN):
        page.text(place, label, "number", "head")
    page.text(TOTAL_COLUMN, table.total, "number", "head")
    for place, head in enumerate(table.extras, start=TOTAL_COLUMN + 1):
        page.text(place, head, "words", "head")
    page.row += 1


def _write_row(page: Sheet, key: str, row: Row, table: YearTable, layout: Layout) -> None:
    role: Role = "total" if row.strong else "live"
    page.text(0, row.label, "words", role)
    if row.start:
        live = layout.resolved(row.start, Place(sheet=key, year=0))
        page.formula(1, live, row.look, row.known_start, role=role)
    elif row.strong:
        page.text(1, "", "text", role)
    for year in range(TOTAL_COLUMN - FIRST_YEAR_COLUMN):
        live = layout.resolved(row.formula_in(year), Place(sheet=key, year=year))
        known = None if row.known is None else float(row.known[year])
        page.formula(FIRST_YEAR_COLUMN + year, live, row.look, known, role=role)
    if row.total and table.total:
        live = layout.resolved(row.total_formula, Place(sheet=key, year=0))
        page.formula(TOTAL_COLUMN, live, row.look, row.total_known, role=role)
    for place, extra in enumerate(row.extras, start=TOTAL_COLUMN + 1):
        live = layout.resolved(extra.formula, Place(sheet=key, year=0))
        page.formula(place, live, extra.look, extra.known, role=role)


def write_lines(page: Sheet, key: str, block: Lines, layout: Layout) -> None:
    """Write single lines: what each is, its value, and how it is to be read."""
    places: dict[str, str] = {}
    for line in block.lines:
        role: Role = "total" if line.name in block.strong else "live"
        page.text(0, line.label, "words", role)
        _write_single(page, key, line, layout, role)
        page.text(2, line.says, "text", "note")
        places[line.name] = page.at(1)
        page.row += 1
    for name, (first, last) in block.ranges.items():
        page.book.name(name, f"{places[first]}:{places[last].rsplit('!', 1)[1]}")


def _write_single(page: Sheet, key: str, line: Single, layout: Layout, role: Role) -> None:
    if line.formula:
        live = layout.resolved(line.formula, Place(sheet=key))
        page.formula(1, live, line.kind, line.known, role=role, name=line.name)
    else:
        page.put(1, line.known, line.kind, "fixed")
        page.book.name(line.name, page.at(1))
