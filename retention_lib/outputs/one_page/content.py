"""What a page says, part by part, before any of it is HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from retention_lib.outputs.cells import cell_text
from retention_lib.pictures.drawn import Drawn
from retention_lib.results import CellKind, Table

WIDE, NARROW = 680.0, 288.0
"""How wide a picture is drawn, in pixels: for a sheet of A4 or a screen, and for a phone."""

_NAMED = re.compile(r'<svg [^>]*aria-labelledby="(\S+)-title ')
_LONG = 40  # characters: a cell that needs a column of some width
_SHORT = 14  # characters: a cell that stays on one line
_FIGURES: tuple[CellKind, ...] = ("pounds", "thousands", "people", "share", "points", "number")


@dataclass(frozen=True)
class Shown:
    """One cell as it is shown: its words, and how it is set."""

    text: str
    look: str = ""


@dataclass(frozen=True, kw_only=True)
class TableShown:
    """A table as it is shown: headings, and rows of cells of which the first names the row."""

    title: str
    head: tuple[Shown, ...]
    rows: tuple[tuple[Shown, ...], ...]
    totals: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing in a section: a picture with its table, a table alone, or some sentences.

    `wide` and `narrow` are the picture at two widths; `is_open` is whether the table stands open.
    """

    title: str = ""
    reading: str = ""
    wide: str = ""
    narrow: str = ""
    table: TableShown | None = None
    is_open: bool = False
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of the page with a heading of its own."""

    title: str
    parts: tuple[Part, ...]


Draw = Callable[[float], Drawn]


def picture(draw: Draw) -> Part:
    """Draw a picture at both widths, with its sentence and its table.

    Args:
        draw: draws the picture for a width in pixels.
    """
    wide, narrow = draw(WIDE), draw(NARROW)
    return Part(
        title=wide.title,
        reading=wide.reading,
        wide=wide.svg,
        narrow=_renamed(narrow.svg),
        table=table_shown(wide.table) if wide.table.rows else None,
    )


def _renamed(svg: str) -> str:
    """Give the names inside a second drawing of a picture another ending, so that each is once."""
    named = _NAMED.match(svg)
    if named is None:
        return svg
    key = named[1]
    for before in (
        f'aria-labelledby="{key}-title {key}-reading"',
        f'<title id="{key}-title"',
        f'<desc id="{key}-reading"',
    ):
        svg = svg.replace(before, before.replace(f"{key}-", f"{key}-narrow-"), 1)
    return svg


def tables(found: Iterable[Table], readings: Mapping[str, str], is_open: bool) -> list[Part]:
    """Show tables that have something in them, each with the sentence that reads it."""
    return [
        Part(
            title=table.title,
            reading=readings.get(table.key, ""),
            table=table_shown(table),
            is_open=is_open,
        )
        for table in found
        if table.rows
    ]


def said(sentences: Iterable[str], title: str = "") -> Part:
    """Show sentences as a list."""
    return Part(title=title, sentences=tuple(sentences))


def table_shown(table: Table) -> TableShown:
    """Write a table's cells for people.

    Example:
        >>> from retention_lib.results import Column
        >>> columns = Column("a", "A", "text"), Column("b", "B")
        >>> made = table_shown(Table("t", "T", columns, (("x", 2),)))
        >>> [cell.text for cell in made.rows[0]], made.head[1].look
        (['x', '£2'], 'figure')
    """
    return TableShown(
        title=table.title,
        head=tuple(Shown(column.heading, _look(column.kind)) for column in table.columns),
        rows=tuple(
            tuple(
                Shown(text := cell_text(cell, column.kind), _look(column.kind, text))
                for cell, column in zip(row, table.columns, strict=True)
            )
            for row in table.rows
        ),
        totals=table.totals,
    )


def words_table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> TableShown:
    """Make a table of words."""
    return TableShown(
        title=title,
        head=tuple(Shown(each) for each in head),
        rows=tuple(tuple(Shown(cell, _look("text", cell)) for cell in row) for row in rows),
    )


def _look(kind: CellKind, text: str = "") -> str:
    if kind in _FIGURES:
        return "figure"
    if len(text) > _LONG:
        return "long"
    return "short" if 0 < len(text) <= _SHORT else ""
