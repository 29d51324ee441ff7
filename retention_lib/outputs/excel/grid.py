"""Columns of months, on one sheet or several, with formulas that name each other's columns.

All sheets of a grid hold month t in the same row, so that a formula reads along one line. In a
column's formula `[key]` is another column's cell of the same month, `[key-]` that of the month
before and `[key:all]` the whole column; `[t]` is the month itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from retention_lib.outputs.excel.book import Sheet
from retention_lib.outputs.excel.looks import Kind
from retention_lib.rates import FloatArray

HEAD = 4
"""The row, from 0, of what stands above the months; notes stand over it."""
_COLUMNS_OF_A_PAGE = 15


_REFERENCE = re.compile(r"\[([a-z0-9_.]+)(-|:all)?\]")


@dataclass(frozen=True)
class Column:
    """Where a column of the grid is."""

    sheet: Sheet
    index: int


class Grid:
    """Months 0..H in rows, below their headings and `above` rows of totals.

    Args:
        months: H.
        above: the labels of the rows over the headings.
    """

    def __init__(self, months: int, above: Sequence[str]) -> None:
        self.months, self.above = months, tuple(above)
        self.head = HEAD + len(self.above)
        self.first = self.head + 1
        self._columns: dict[str, Column] = {}
        self._next: dict[str, int] = {}

    def start(self, sheet: Sheet, *, labelled: bool = False) -> None:
        """Begin a sheet: the months, and above them the labels of what stands there.

        Args:
            sheet: an empty one.
            labelled: whether anything stands above its months.
        """
        for offset, label in enumerate(self.above if labelled else ()):
            sheet.row = HEAD + offset
            sheet.text(0, label, "words", "total")
        sheet.row = self.head
        sheet.text(0, "Month", "words", "head")
        sheet.page.repeat_columns(0)
        for month in range(self.months + 1):
            sheet.row = self.first + month
            sheet.number(0, month, "whole", "live")
        sheet.row = self.first
        sheet.freeze()
        self._next[sheet.name] = 1
        self._columns.setdefault("t", Column(sheet, 0))

    def column(
        self,
        sheet: Sheet,
        key: str,
        heading: str,
        kind: Kind,
        formula: str,
        *,
        at_0: str | None = None,
        values: FloatArray | Sequence[float] | None = None,
    ) -> None:
        """Write a column to the right of the last.

        Args:
            sheet: one that was started.
            key: what other columns' formulas call it.
            heading: what people read.
            kind: what it holds.
            formula: of months 1..H, without its equals sign; of month 0 too where `at_0` is None.
            at_0: of month 0.
            values: the library's, months 0..H; None where it has none.
        """
        index = self._next[sheet.name]
        self._next[sheet.name] = index + 1
        self._columns[key] = Column(sheet, index)
        sheet.row = self.head
        sheet.text(index, heading, kind, "head")
        sheet.page.fit_to_pages(math.ceil((index + 1) / _COLUMNS_OF_A_PAGE), 0)
        later = self._compiled(formula, sheet)
        first = later if at_0 is None else self._compiled(at_0, sheet)
        kept = None if values is None else np.asarray(values, dtype=np.float64).tolist()
        for month in range(self.months + 1):
            sheet.row = self.first + month
            made = (later if month else first)(sheet.row + 1)
            sheet.formula(index, f"={made}", kind, None if kept is None else kept[month])

    def above_months(
        self,
        key: str,
        which: int,
        formula: str,
        kind: Kind,
        value: float | None = None,
        *,
        name: str = "",
    ) -> None:
        """Write a cell of a row above the months, such as a column's total.

        Args:
            key: the column.
            which: the row, from 0, as in `above`.
            formula: without its equals sign; `[key:all]` and the like are this column's.
            kind: what it holds.
            value: the library's.
            name: what other formulas call it.
        """
        column = self._columns[key]
        column.sheet.row = HEAD + which
        made = self._compiled(formula, column.sheet)(column.sheet.row + 1)
        column.sheet.formula(column.index, f"={made}", kind, value, role="total", name=name)

    def all(self, key: str, sheet: Sheet | None = None) -> str:
        """Give a whole column, months 0..H, as formulas of other sheets write it."""
        return self._range(key, 0, self.months, sheet)

    def up_to_last(self, key: str) -> str:
        """Give a column's months 0..H-1."""
        return self._range(key, 0, self.months - 1)

    def from_1(self, key: str) -> str:
        """Give a column's months 1..H."""
        return self._range(key, 1, self.months)

    def filled(self, text: str, sheet: Sheet) -> str:
        """Fill in a formula that stands outside the grid and names no single month."""
        return self._compiled(text, sheet)(0)

    def _range(self, key: str, start: int, end: int, sheet: Sheet | None = None) -> str:
        column = self._columns[key]
        letter = xl_col_to_name(column.index)
        first, last = self.first + start + 1, self.first + end + 1
        return f"{_before(column, sheet)}${letter}${first}:${letter}${last}"

    def _compiled(self, text: str, sheet: Sheet) -> Callable[[int], str]:
        """Turn a formula into a function of the row in which it stands, counted from 1."""
        parts = _REFERENCE.split(text)
        found: list[str | tuple[str, int]] = []
        for place in range(0, len(parts), 3):
            found.append(parts[place])
            if place + 1 < len(parts):
                found.append(self._reference(parts[place + 1], parts[place + 2] or "", sheet))

        def at(row: int) -> str:
            return "".join(p if isinstance(p, str) else f"{p[0]}{row + p[1]}" for p in found)

        return at

    def _reference(self, key: str, which: str, sheet: Sheet) -> str | tuple[str, int]:
        if key == "t":
            return "$A", 0
        column = self._columns[key]
        before, letter = _before(column, sheet), xl_col_to_name(column.index)
        if which == ":all":
            return self.all(key, sheet)
        return f"{before}${letter}", -1 if which == "-" else 0


def _before(column: Column, sheet: Sheet | None) -> str:
    return "" if sheet is column.sheet else f"'{column.sheet.name}'!"


def sum_of(keys: Iterable[str]) -> str:
    """Write the sum of the same month of several columns.

    Example:
        >>> sum_of(["a", "b"])
        '[a]+[b]'
    """
    return "+".join(f"[{key}]" for key in keys)
