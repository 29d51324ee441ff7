"""Tables as CSV: one alone, or a whole answer with its inputs and where it came from."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable

from retention_lib.documents import Document, leaves
from retention_lib.labels import label_of, value_text
from retention_lib.outputs.stamp import stamp
from retention_lib.results import Answered, Cell, CellKind, Table

BOM = "\ufeff"
"""Excel takes a CSV file for UTF-8 only where it begins with this."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?")
_CHANGES = ["Changed from the case", "Was", "Now", "Why"]
_INPUTS = ["Input", "Field", "Value"]
_REASONS = "reasons"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file can tell: the day is in about.csv


def table_csv(table: Table) -> str:
    """Write one table: headings with their unit, money to the penny, shares as percentages.

    Example:
        >>> from retention_lib.results import Column
        >>> table = Table("t", "T", (Column("a", "Fall", "share"),), ((0.0352,), (None,)))
        >>> table_csv(table).splitlines()
        ['Fall (%)', '3.52', '""']
    """
    return _written([_headings(table), *([*_cells(table, row)] for row in table.rows)])


def answer_csv(document: Document, result: Answered, on: dt.date | None = None) -> str:
    """Write a whole answer: what it says, every input, what was changed and why, every table.

    Args:
        document: what was chosen; of the assumptions log, what was asked of it.
        result: its answer.
        on: the day it is made on; without one the file does not tell it.
    """
    made = result.provenance
    rows: list[list[str]] = [
        [document.name],
        [result.headline],
        *([sentence] for sentence in result.sentences),
        [],
        *_changes(result),
        [],
        *_inputs(document),
    ]
    for table in result.tables:
        rows += [[], [table.title], _headings(table)]
        rows += [_cells(table, row) for row in table.rows]
    rows += [[], *([note] for note in result.notes)]
    if on is not None:
        return _written([*rows, [], *(list(line) for line in stamp(made, on))])
    rows += [
        [made.says],
        ["Version", made.version],
        ["Scenario", made.scenario_digest],
        ["Assumptions", made.register_digest],
        ["Figures", made.figures_release],
        ["Contains public sector information licensed under the Open Government Licence v3.0."],
    ]
    return _written(rows)


def answer_file(document: Document, result: Answered, on: dt.date) -> bytes:
    """Write a whole answer as a CSV file, stamped with what made it and when.

    Example:
        >>> from retention_lib.evaluation import evaluate
        >>> from retention_lib.presets import preset
        >>> offer = preset("no-scheme").scenario
        >>> file = answer_file(offer, evaluate(offer), dt.date(2026, 11, 22)).decode("utf-8-sig")
        >>> "Made on,22 November 2026" in file
        True
    """
    return (BOM + answer_csv(document, result, on)).encode()


def tables_zip(document: Document, result: Answered, on: dt.date) -> bytes:
    """Write every table as a CSV file of its own, with the inputs, into one ZIP file.

    `about.csv` says what the answer is, what made it and when; `inputs.csv` holds every input,
    `changes.csv` what was changed and why, `columns.csv` what each column is called and holds, and
    `tables/` the tables. The same answer on the same day gives the same bytes.

    Args:
        document: what was chosen; of the assumptions log, what was asked of it.
        result: its answer.
        on: the day it is made on.
    """
    files = {
        "about.csv": _written(_about(document, result, on)),
        "inputs.csv": _written(_inputs(document)),
        "changes.csv": _written(_changes(result)),
        "columns.csv": _written(_columns(result)),
        **{f"tables/{table.key}.csv": table_csv(table) for table in result.tables},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, (BOM + text).encode())
    return out.getvalue()


def _about(document: Document, result: Answered, on: dt.date) -> list[list[str]]:
    return [
        ["What", "Says"],
        ["Name", document.name],
        ["Answer", result.headline],
        *(["In full", sentence] for sentence in result.sentences),
        *(["Note", note] for note in result.notes),
        *(list(line) for line in stamp(result.provenance, on)),
    ]


def _changes(result: Answered) -> list[list[str]]:
    given = ([c.label, c.was, c.now, c.reason or "No reason given"] for c in result.changes)
    return [_CHANGES, *given]


def _inputs(document: Document) -> list[list[str]]:
    """List every input; of the assumptions log, those of the answer that it is about."""
    about = getattr(document, "document", None) or document
    return [
        _INPUTS,
        *(
            [label_of(path), path, value_text(path, value)]
            for path, value in leaves(about.to_dict())
            if path.split(".")[0] != _REASONS
        ),
    ]


def _columns(result: Answered) -> list[list[str]]:
    """Name the columns of every table for scripts, and say what they hold."""
    return [
        ["Table", "Title", "Column", "Heading", "Holds"],
        *(
            [table.key, table.title, column.key, heading, column.kind]
            for table in result.tables
            for column, heading in zip(table.columns, _headings(table), strict=True)
        ),
    ]


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
        return f"{cell / 1000:z.5f}"
    return f"{cell:z.2f}" if kind == "pounds" else f"{cell:z.4f}"


def _written(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return out.getvalue()


def _inert(cell: str) -> str:
    """Keep a spreadsheet from taking a text for a formula; a number stays a number."""
    if not cell.startswith(_STARTS_A_FORMULA) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"
