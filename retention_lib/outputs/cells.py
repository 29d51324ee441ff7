"""A cell of a table as people read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retention_lib.results import Cell, CellKind
from retention_lib.units import MINUS, money, percent, thousands, trimmed


def cell_text(cell: Cell, kind: CellKind) -> str:
    """Write a cell for people.

    Example:
        >>> cell_text(-1234.5, "pounds"), cell_text(0.0352, "share"), cell_text(None, "share")
        ('−£1,234', '3.5%', '–')
    """
    if cell is None:
        return "–"
    return cell if isinstance(cell, str) else _WRITTEN[kind](cell)


def _with_minus(text: str) -> str:
    return text.replace("-", MINUS)


_WRITTEN: Mapping[CellKind, Callable[[float], str]] = {
    "text": str,
    "share": lambda value: _with_minus(percent(value, 1)),
    "points": lambda value: _with_minus(trimmed(value * 100, 1)),
    "people": lambda value: _with_minus(trimmed(value, 1)),
    "number": lambda value: _with_minus(trimmed(value, 2)),
    "thousands": thousands,
    "pounds": lambda value: money(value, exact=True),
}
