"""A workbook being written: sheets in order, cells with their looks, names, live formulas.

A formula is written together with its value, so that a reader who does not recalculate sees the
right figure. Where the library has no such figure the value is left empty, never a wrong 0. Text
is always written as text, whatever it begins with.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from retention_lib.outputs.excel.looks import FONT, Kind, Role, properties
from retention_lib.outputs.excel.names import clean, quoted
from retention_lib.results import Cell, CellKind, Provenance, Table

Value = float | int | str | bool | None

_A4 = 9
_FEWEST_CHARACTERS, _MOST_CHARACTERS = 100, 130
_LINE, _TITLE = 13.0, 24.0  # points
_NARROWER = 1.12  # letters to a column's width in digits, on average
_MOST_LINES = 30
_FOOTER = "&L{digest}, version {version}&C&A&RPage &P of &N"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What may be typed into an input cell: between bounds, a whole number, or one of a list.

    `or_text` is a text that may stand there in place of a number.
    """

    least: float | None = None
    most: float | None = None
    whole: bool = False
    choices: tuple[str, ...] = ()
    or_text: str = ""


class _Page(Worksheet):  # type: ignore[misc]  # it carries no types
    """A worksheet that takes formulas as they are."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # xlsxwriter looks through each formula for functions newer than ours, one by one: two
        # thirds of the time that a workbook takes.
        return formula.removeprefix("=")


class Book:
    """A workbook around xlsxwriter; `close` gives its bytes.

    Args:
        title: what the file calls itself.
        made: what the answer was made from.
        on: the day it is made on.

    Example:
        >>> from retention_lib.presets import preset
        >>> from retention_lib.provenance import provenance_of
        >>> made = provenance_of(preset("no-scheme").scenario)
        >>> book = Book("A title", made, dt.date(2026, 11, 22))
        >>> page = book.sheet("Summary", "A title", (40, 16))
        >>> page.line("People", "=2*41", "people", value=82.0, name="people")
        >>> book.close()[:2]
        b'PK'
    """

    def __init__(self, title: str, made: Provenance, on: dt.date) -> None:
        self.made, self.on = made, on
        self._bytes = io.BytesIO()
        options = {"in_memory": True, "default_format_properties": FONT}
        self._writer = xlsxwriter.Workbook(self._bytes, options)
        self._writer.set_properties(
            {
                "title": clean(title),
                "author": "",
                "comments": made.says,
                "created": dt.datetime(on.year, on.month, on.day),
            }
        )
        self._looks: dict[tuple[Kind, Role], Any] = {}
        self.sheets: list[Sheet] = []
        self.names: dict[str, str] = {}

    def sheet(self, name: str, title: str, widths: Sequence[float], says: str = "") -> Sheet:
        """Add a sheet behind the others, its title in A1 and a note or two below it.

        Args:
            name: what its tab says: plain words, at most 31.
            title: what A1 says.
            widths: of its columns, in characters; the last one holds for all that follow.
            says: how to read it.
        """
        page = self._writer.add_worksheet(name, worksheet_class=_Page)
        page.hide_gridlines(2)
        page.set_paper(_A4)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        digest, version = self.made.scenario_digest, self.made.version
        page.set_footer(_FOOTER.format(digest=digest, version=version))
        made = Sheet(self, page, name, tuple(widths))
        made.text(0, title, "text", "title")
        page.set_row(0, _TITLE)
        made.row = 1
        if says:
            made.note(says)
        self.sheets.append(made)
        return made

    def look(self, kind: Kind, role: Role) -> Any:
        """Give xlsxwriter's format of a cell."""
        key = (kind, role)
        if key not in self._looks:
            self._looks[key] = self._writer.add_format(properties(kind, role))
        return self._looks[key]

    def name(self, name: str, where: str) -> None:
        """Name a cell or a range, for formulas to be read by.

        Args:
            name: plain letters and underscores, nothing that looks like a cell.
            where: as :meth:`Sheet.at` and :meth:`Sheet.range` give it.

        Raises:
            ValueError: where the name is taken.
        """
        if name in self.names:
            raise ValueError(f"The name {name} is taken: {self.names[name]}.")
        self.names[name] = where
        self._writer.define_name(name, f"={where}")

    def close(self) -> bytes:
        """Finish the workbook and give its bytes; nothing can be written after."""
        for sheet in self.sheets:
            sheet.make_room()
        self.sheets[0].page.activate()
        self._writer.close()
        return self._bytes.getvalue()


class Sheet:
    """A sheet with a cursor: `row` is where the next thing is written; columns count from 0."""

    def __init__(self, book: Book, page: Any, name: str, widths: tuple[float, ...]) -> None:
        self.book, self.page, self.name = book, page, name
        self.row = 0
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        if widths:
            page.set_column(len(widths), len(widths) + 60, widths[-1])
        self._widths = widths
        self._lines: dict[int, int] = {}
        self._characters = int(min(_MOST_CHARACTERS, max(_FEWEST_CHARACTERS, sum(widths))))

    def at(self, column: int, row: int | None = None) -> str:
        """Give a cell as other sheets' formulas write it: 'Inputs'!$B$5."""
        cell = xl_rowcol_to_cell(self.row if row is None else row, column, True, True)
        return f"'{self.name}'!{cell}"

    def here(self, column: int, row: int | None = None, *, fixed_row: bool = False) -> str:
        """Give a cell as this sheet's own formulas write it: B5, or B$5."""
        return str(xl_rowcol_to_cell(self.row if row is None else row, column, fixed_row, False))

    def range(self, column: int, first: int, last: int, last_column: int | None = None) -> str:
        """Give a range as formulas anywhere write it: 'Monthly'!$B$5:$B$53."""
        start = xl_rowcol_to_cell(first, column, True, True)
        end = xl_rowcol_to_cell(last, column if last_column is None else last_column, True, True)
        return f"'{self.name}'!{start}:{end}"

    def text(self, column: int, text: str, kind: Kind = "text", role: Role = "live") -> None:
        """Write text, always as text."""
        self.page.write_string(self.row, column, clean(text), self.book.look(kind, role))
        if kind == "words" or role == "head":
            wide = max(4.0, self._widths[min(column, len(self._widths) - 1)] * _NARROWER - 2)
            lines = sum(max(1, math.ceil(len(each) / wide)) for each in text.split("\n"))
            self._lines[self.row] = max(lines, self._lines.get(self.row, 1))

    def number(self, column: int, value: float, kind: Kind, role: Role = "fixed") -> None:
        """Write a number that no formula gives."""
        self.page.write_number(self.row, column, value, self.book.look(kind, role))

    def put(self, column: int, value: Value, kind: Kind, role: Role = "fixed") -> None:
        """Write whatever a value is: a number, a text, or an empty cell for None."""
        if value is None:
            self.page.write_blank(self.row, column, None, self.book.look(kind, role))
        elif isinstance(value, str):
            self.text(column, value, kind, role)
        else:
            self.number(column, value, kind, role)

    def formula(
        self,
        column: int,
        formula: str,
        kind: Kind,
        value: Value = None,
        *,
        role: Role = "live",
        name: str = "",
    ) -> None:
        """Write a formula with its value, and name its cell.

        Args:
            column: from 0.
            formula: with its equals sign, in English function names with commas.
            kind: what it gives.
            value: what the library says it gives; None where the library has no such figure.
            role: how it looks.
            name: what other formulas call it.
        """
        kept = "" if value is None else value
        self.page.write_formula(self.row, column, formula, self.book.look(kind, role), kept)
        if name:
            self.book.name(name, self.at(column))

    def changeable(self, column: int, value: Value, kind: Kind, name: str, rule: Rule) -> None:
        """Write a cell that may be changed, name it, and say what may be typed into it."""
        self.put(column, value, kind, "input")
        self.book.name(name, self.at(column))
        self.page.data_validation(
            self.row, column, self.row, column, _validation(rule, self.here(column))
        )

    def make_room(self) -> None:
        """Make rows as high as their text is long: readers differ in whether they do it."""
        for row, lines in self._lines.items():
            if lines > 1:
                self.page.set_row(row, _LINE * min(lines, _MOST_LINES) + 2)

    def heading(self, text: str) -> None:
        """Write a heading below what is there, and go to the row under it."""
        self.row += 1
        self.text(0, text, "text", "heading")
        self.row += 1

    def note(self, text: str) -> None:
        """Write a sentence or more across the sheet, as many rows as it takes."""
        for line in textwrap.wrap(clean(text), self._characters) or [""]:
            self.text(0, line, "text", "note")
            self.row += 1

    def header(self, texts: Sequence[str], kinds: Sequence[Kind] = ()) -> None:
        """Write the heading row of a table, the first column's as text, and go to the next row."""
        for column, text in enumerate(texts):
            kind = kinds[column] if column < len(kinds) else "text" if column == 0 else "pounds"
            self.text(column, text, kind, "head")
        self.row += 1

    def freeze(self, columns: int = 1) -> None:
        """Keep everything above the cursor, and the first columns, in sight and on every page."""
        self.page.freeze_panes(self.row, columns)
        self.page.repeat_rows(max(0, self.row - 1))

    def line(
        self,
        label: str,
        formula: str,
        kind: Kind,
        *,
        value: Value = None,
        name: str = "",
        says: str = "",
        role: Role = "live",
    ) -> None:
        """Write a row of a label, a formula and what it means, and go to the next row."""
        self.text(0, label, "words", "total" if role == "total" else "live")
        self.formula(1, formula, kind, value, role=role, name=name)
        self.text(2, says, "words", "total" if role == "total" else "live")
        self.row += 1

    def fixed(self, label: str, value: Value, kind: Kind, says: str = "") -> None:
        """Write a row of a label, a value as exported and what it means, and go on."""
        self.text(0, label, "words")
        self.put(1, value, kind, "fixed")
        self.text(2, says, "words")
        self.row += 1

    def table(self, table: Table, *, columns: Iterable[str] | None = None) -> None:
        """Write a table of the answer as it was exported, its title above it, and go below it.

        Args:
            table: an answer's.
            columns: the keys of those that are wanted; all where none are named.
        """
        wanted = [column.key for column in table.columns] if columns is None else list(columns)
        places = [i for i, column in enumerate(table.columns) if column.key in wanted]
        self.heading(table.title)
        heads = [_head(table.columns[i].heading, table.columns[i].kind) for i in places]
        self.header(heads, [_KINDS[table.columns[i].kind] for i in places])
        for index, row in enumerate(table.rows):
            role: Role = "total" if index in table.totals else "fixed"
            for column, i in enumerate(places):
                kind = table.columns[i].kind
                self.put(column, _scaled(row[i], kind), _KINDS[kind], role)
            self.row += 1


_KINDS: dict[CellKind, Kind] = {
    "text": "words",
    "pounds": "pounds",
    "thousands": "thousands",
    "people": "people",
    "share": "share",
    "points": "points",
    "number": "number",
}


def _scaled(cell: Cell, kind: CellKind) -> Cell:
    """Give a cell as it is written: thousands in thousands, points in points."""
    if cell is None or isinstance(cell, str):
        return cell
    if kind == "thousands":
        return cell / 1_000
    return cell * 100 if kind == "points" else cell


def _head(heading: str, kind: CellKind) -> str:
    return f"{heading} (£)" if kind == "pounds" else heading


def possible(rule: Rule, cell: str) -> str:
    """Write the test that a filled input cell holds what may be typed into it.

    Example:
        >>> possible(Rule(least=0, most=1), "B5")
        'IF(ISNUMBER(B5),AND(B5>=0,B5<=1),FALSE)'
    """
    if rule.choices:
        return f"OR({','.join(f'{cell}={quoted(each)}' for each in rule.choices)})"
    tests = [f"{cell}>={rule.least!r}"] if rule.least is not None else []
    tests += [f"{cell}<={rule.most!r}"] if rule.most is not None else []
    tests += [f"{cell}=INT({cell})"] if rule.whole else []
    words = f"{cell}={quoted(rule.or_text)}" if rule.or_text else "FALSE"
    # AND alone would give an error for text.
    within = f"AND({','.join(tests)})" if tests else "TRUE"
    return f"IF(ISNUMBER({cell}),{within},{words})"


def _validation(rule: Rule, cell: str) -> dict[str, Any]:
    """Give what Excel checks when somebody types, and what it then says."""
    if rule.choices:
        listed = ", ".join(rule.choices)
        return {
            "validate": "list",
            "source": list(rule.choices),
            "error_title": "One of a list",
            "error_message": f"It must be one of: {listed}."[:255],
        }
    least, most = rule.least, rule.most
    bounds = [f"{least:,g} or more"] if least is not None else []
    bounds += [f"{most:,g} or less"] if most is not None else []
    what = "a whole number" if rule.whole else "a number"
    said = f"It must be {what}{', ' if bounds else ''}{' and '.join(bounds)}"
    if rule.or_text:
        said += f', or the words "{rule.or_text}"'
    return {
        "validate": "custom",
        "value": f"={possible(rule, cell)}",
        "ignore_blank": True,
        "error_title": "Not possible",
        "error_message": f"{said}."[:255],
    }
