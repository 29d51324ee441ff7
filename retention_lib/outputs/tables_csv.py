"""Tables as CSV: one alone, or a whole answer with its inputs and where it came from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from retention_lib.documents import Document, leaves
from retention_lib.labels import label_of, value_text
from retention_lib.results import Answered, Cell, CellKind, Table

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_csv(table: Table) -> str:
    """Write one table: headings with their unit, money to the penny, shares as percentages.

    Example:
        >>> from retention_lib.results import Column
        >>> table = Table("t", "T", (Column("a", "Fall", "share"),), ((0.0352,), (None,)))
        >>> table_csv(table).splitlines()
        ['Fall (%)', '3.52', '""']
    """
    return _written([_headings(table), *([*_cells(table, row)] for row in table.rows)])


def answer_csv(document: Document, result: Answered) -> str:
    """Write a whole answer: what it says, every input, what was changed and why, every table."""
    made = result.provenance
    rows: list[list[str]] = [
        [document.name],
        [result.headline],
        *([sentence] for sentence in result.sentences),
        [],
        ["Changed from the case", "Was", "Now", "Why"],
        *([c.label, c.was, c.now, c.reason or "No reason given"] for c in result.changes),
        [],
        ["Input", "Field", "Value"],
        *(
            [label_of(path), path, value_text(path, value)]
            for path, value in leaves(document.to_dict())
            if not path.startswith("reasons.")
        ),
    ]
    for table in result.tables:
        rows += [[], [table.title], _headings(table)]
        rows += [_cells(table, row) for row in table.rows]
    rows += [
        [],
        *([note] for note in result.notes),
        [made.says],
        ["Version", made.version],
        ["Scenario", made.scenario_digest],
        ["Assumptions", made.register_digest],
        ["Figures", made.figures_release],
        ["Contains public sector information licensed under the Open Government Licence v3.0."],
    ]
    return _written(rows)


def _headings(table: Table) -> list[str]:
    units = {"pounds": " (£)", "share": " (%)", "thousands": " (£ thousand)"}
    return [column.heading + units.get(column.kind, "") for column in table.columns]


def _cells(table: Table, row: Iterable[Cell]) -> list[str]:
    return [_cell(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)]


def _cell(cell: Cell, kind: CellKind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if kind in {"share", "points"}:
        return f"{cell * 100:.4g}"
    if kind == "number":
        return f"{cell:g}"
    if kind == "thousands":
        return f"{cell / 1000:.5f}"
    return f"{cell:.2f}" if kind == "pounds" else f"{cell:.4f}"


def _written(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return out.getvalue()


def _inert(cell: str) -> str:
    """Keep a spreadsheet from taking a text for a formula; a number stays a number."""
    if not cell.startswith(_STARTS_A_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
