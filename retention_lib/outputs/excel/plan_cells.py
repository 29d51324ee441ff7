"""Formulas written by the names of columns and rows, and the cells they then point to.

A sheet of months has a row for each month 0..48, the same row on every sheet, and a column for each
quantity. A sheet of years has a column for each financial year and a row for each figure. Formulas
name others in square brackets:

- `[staff]`: the same month's, or year's, on the same sheet; `[without!staff]` on another;
- `[staff-1]`: the month's, or year's, before;
- `[staff:year]` and its like: some of its months, see :data:`_SPANS`; `[net:all]`: all years.

Names of inputs and of single figures stand as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from retention_lib.outputs.excel.looks import Kind
from retention_lib.plans.plan import MONTHS, YEARS
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray

FIRST_ROW = 9
"""The row, from 1, of month 0 on every sheet of months."""

FIRST_YEAR_COLUMN = 2
"""The column, from 0, of the first financial year on a sheet of years."""

_REFERENCE = re.compile(r"\[(?:(\w+)!)?(\w+)(-1|:\w+)?\]")

_SAID_TWICE = re.compile(r"('[^']+'!)(\$?[A-Z]+\$?\d+):\1")
"""A range whose sheet is named at both its ends."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One quantity by month: its heading, how it is worked out, and what the library says it is.

    `formula` is that of months 1..48, `first` that of month 0, empty where there is nothing on the
    first day; `after_a_year` that of months 13..48 where it differs. `known` are the library's
    figures of months 0..48.
    """

    key: str
    heading: str
    says: str
    formula: str
    first: str = ""
    after_a_year: str = ""
    look: Kind = "people"
    known: FloatArray | None = None

    def formula_in(self, month: int) -> str:
        """Give the formula of a month, empty where there is none."""
        if month == 0:
            return self.first
        return self.after_a_year if self.after_a_year and month > MONTHS_IN_YEAR else self.formula

    def known_in(self, month: int) -> float | None:
        """Give the library's figure of a month, None where it has none."""
        return None if self.known is None else float(self.known[month])


@dataclass(frozen=True, kw_only=True)
class Group:
    """Columns under one heading."""

    heading: str
    columns: Sequence[Column]


@dataclass(frozen=True, kw_only=True)
class MonthSheet:
    """A sheet with a row for each month; `title` is its tab, `heading` its first line."""

    key: str
    title: str
    says: str
    groups: Sequence[Group]
    heading: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, from left to right."""
        return tuple(column for group in self.groups for column in group.columns)


@dataclass(frozen=True, kw_only=True)
class Extra:
    """A cell behind a row's years: its formula, how it looks, what the library says it is."""

    formula: str
    look: Kind = "words"
    known: float | str | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure by financial year: how it is worked out, and what the library says it is.

    `first` is the first year's formula where it differs; `start` that of the start, where the table
    has one; `total` that of the four years: "sum", a formula, or nothing. `{n}` in a formula is the
    year's number, from 1. A formula for each year may be given where they differ.
    """

    key: str
    label: str
    formula: str | Sequence[str]
    first: str = ""
    start: str = ""
    total: str = "sum"
    look: Kind = "pounds"
    strong: bool = False
    known: Sequence[float] | FloatArray | None = None
    known_start: float | None = None
    known_total: float | None = None
    extras: Sequence[Extra] = ()

    def formula_in(self, year: int) -> str:
        """Give the formula of a year, from 0."""
        usual = self.formula if isinstance(self.formula, str) else self.formula[year]
        chosen = self.first if year == 0 and self.first else usual
        return chosen.replace("{n}", str(year + 1))

    @property
    def total_formula(self) -> str:
        """The formula of the four years together."""
        return f"SUM([{self.key}:all])" if self.total == "sum" else self.total

    @property
    def total_known(self) -> float | None:
        """The library's figure of the four years together."""
        if self.known_total is None and self.known is not None and self.total == "sum":
            return float(sum(self.known))
        return self.known_total


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where on a sheet a formula stands: the month, or the year, from 0; neither for a total."""

    sheet: str
    month: int | None = None
    year: int | None = None


@dataclass
class Layout:
    """Where everything is: sheets of months and their columns, sheets of years and their rows."""

    titles: dict[str, str] = field(default_factory=dict)
    columns: dict[tuple[str, str], int] = field(default_factory=dict)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)

    def add_months(self, sheet: MonthSheet) -> None:
        """Note where the columns of a sheet of months are; the month itself is the first three."""
        self.titles[sheet.key] = sheet.title
        for place, name in enumerate(LEADING):
            self.columns[sheet.key, name] = place
        for place, column in enumerate(sheet.columns, start=len(LEADING)):
            self.columns[sheet.key, column.key] = place

    def add_row(self, sheet: str, title: str, key: str, row: int) -> None:
        """Note where a row of a sheet of years is; `row` counts from 1."""
        self.titles[sheet] = title
        self.rows[sheet, key] = row

    def resolved(self, formula: str, at: Place) -> str:
        """Write a formula with the cells that its names stand for.

        Example:
            >>> staff = Column(key="staff", heading="Staff", says="", formula="[staff-1]*0.99")
            >>> people = [Group(heading="", columns=[staff])]
            >>> sheet = MonthSheet(key="with", title="With the plan", says="", groups=people)
            >>> layout = Layout()
            >>> layout.add_months(sheet)
            >>> layout.resolved(staff.formula, Place(sheet="with", month=2))
            '=D10*0.99'
            >>> layout.resolved("SUM([with!staff:year])", Place(sheet="years", year=1))
            "=SUM('With the plan'!D22:D33)"
        """
        live = _REFERENCE.sub(lambda found: self._cell(found, at), formula)
        return "=" + _SAID_TWICE.sub(r"\1\2:", live)

    def beside(self, sheet: str, key: str) -> str:
        """Give the first cell behind a row's years: a verdict, a target."""
        cell = f"{xl_col_to_name(TOTAL_COLUMN + 1)}{self.rows[sheet, key]}"
        return f"{quote_sheetname(self.titles[sheet])}!{cell}"

    def _cell(self, found: re.Match[str], at: Place) -> str:
        sheet, key, how = found.group(1) or at.sheet, found.group(2), found.group(3) or ""
        before = "" if sheet == at.sheet else f"{quote_sheetname(self.titles[sheet])}!"
        if (sheet, key) in self.columns:
            return before + self._of_months(self.columns[sheet, key], how, at)
        if (sheet, key) in self.rows:
            return before + _of_years(self.rows[sheet, key], how, at)
        raise KeyError(f"No column or row {key!r} on sheet {sheet!r}")

    def _of_months(self, column: int, how: str, at: Place) -> str:
        letter = xl_col_to_name(column)
        end = MONTHS_IN_YEAR * (year_of(at) + 1)
        first, last = _SPANS[how](at.month or 0, end)
        fixed = "$" if how in _FIXED else ""
        begins = "$" if how in _GROWING else fixed
        one = f"{letter}{begins}{FIRST_ROW + first}"
        return one if first == last else f"{one}:{letter}{fixed}{FIRST_ROW + last}"


LEADING = ("month", "calendar", "year")
"""The first columns of every sheet of months."""

TOTAL_COLUMN = FIRST_YEAR_COLUMN + YEARS


def year_of(at: Place) -> int:
    """Give the financial year, from 0, in which a formula stands; the first day is in the first."""
    if at.year is not None:
        return at.year
    return max(0, (at.month or 0) - 1) // MONTHS_IN_YEAR


_SPANS: Mapping[str, Callable[[int, int], tuple[int, int]]] = {
    "": lambda month, _: (month, month),
    "-1": lambda month, _: (month - 1, month - 1),
    ":year": lambda _, end: (0 if end == MONTHS_IN_YEAR else end - MONTHS_IN_YEAR + 1, end),
    ":of_year": lambda _, end: (end - MONTHS_IN_YEAR + 1, end),
    ":end": lambda _, end: (end, end),
    ":after": lambda month, end: (month + 1, end),
    ":start": lambda _, __: (0, 0),
    ":first": lambda _, __: (1, 1),
    ":last": lambda _, __: (MONTHS, MONTHS),
    ":all": lambda _, __: (0, MONTHS),
    ":months": lambda _, __: (1, MONTHS),
    ":before": lambda _, __: (0, MONTHS - 1),
    ":first_year": lambda _, __: (1, MONTHS_IN_YEAR),
    ":so_far": lambda month, _: (0, month),
    ":since_start": lambda month, _: (1, month),
    ":last_12": lambda month, _: (month - MONTHS_IN_YEAR + 1, month),
    ":twelve_ago": lambda month, _: (month - MONTHS_IN_YEAR, month - MONTHS_IN_YEAR),
    ":up_to_end": lambda _, end: (1, end),
    ":two_years": lambda _, end: (max(1, end - 2 * MONTHS_IN_YEAR + 1), end),
    ":two_years_ago": lambda _, end: (max(0, end - 2 * MONTHS_IN_YEAR),) * 2,
}
"""Which months a reference stands for, by this month and the last of its year: first and last."""

_FIXED = {
    ":all",
    ":months",
    ":start",
    ":last",
    ":before",
    ":first_year",
    ":first",
    ":of_year",
    ":year_start",
}

_GROWING = {":so_far", ":since_start"}


def _of_years(row: int, how: str, at: Place) -> str:
    year = year_of(at)
    if how == ":all":
        first, last = FIRST_YEAR_COLUMN, TOTAL_COLUMN - 1
        return f"{xl_col_to_name(first)}{row}:{xl_col_to_name(last)}{row}"
    if how == ":so_far":
        first, last = FIRST_YEAR_COLUMN, FIRST_YEAR_COLUMN + year
        return f"${xl_col_to_name(first)}{row}:{xl_col_to_name(last)}{row}"
    column = {
        "": FIRST_YEAR_COLUMN + year,
        "-1": FIRST_YEAR_COLUMN + year - 1,
        ":start": FIRST_YEAR_COLUMN - 1,
        ":first": FIRST_YEAR_COLUMN,
        ":last": TOTAL_COLUMN - 1,
        ":before_last": TOTAL_COLUMN - 2,
        ":total": TOTAL_COLUMN,
    }[how]
    return f"{'$' if how.startswith(':') else ''}{xl_col_to_name(column)}{row}"
