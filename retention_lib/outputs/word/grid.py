"""A table of an answer as a real table of Word: a header row that repeats, figures to the right."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, Twips
from docx.table import Table as Grid
from docx.table import _Cell

from retention_lib.outputs.cells import cell_text
from retention_lib.outputs.word.blank import WIDTH
from retention_lib.outputs.word.fields import element, mark_row
from retention_lib.outputs.word.text import line
from retention_lib.results import Cell, CellKind, Column, Table
from retention_lib.units import MINUS

_FIGURE = re.compile(r"[+−-]?£?\d[\d,.]*%?")
_POUNDS, _THOUSANDS = "Pounds", "£000"
_SHADE = "E7EBEE"
_SIZES = (9.0, 8.5, 8.0, 7.5)
"""Points of the letters: the largest in which no word is broken."""
_SMALL = (8.0, 7.5)
"""The same in an annex."""
_BOLD_LETTER = 0.64  # width of a letter of bold Arial in its size, on the wide side
_LETTER = 0.57  # the same of plain Arial
_MEAN_LETTER = 0.5  # the same over a sentence
_PADDING = 11.0  # points: what Word leaves free at both sides of a cell
_LONGEST_WORD = 14  # letters that a column has room for unbroken
_SHORTEST = 5  # letters that every column has room for
_THOUSAND = 1000
_STEP = 6.0  # points in which spare width is given
_SAME = 1e-9
_KEPT_WHOLE = 12  # lines of a table that is not broken over pages


def chosen(table: Table, keys: Sequence[str]) -> Table:
    """Give a table with some of its columns, in the order given.

    Raises:
        ValueError: where it has no such column.

    Example:
        >>> table = Table("t", "T", (Column("a", "A"), Column("b", "B")), ((1.0, 2.0),))
        >>> chosen(table, ("b",)).rows
        ((2.0,),)
    """
    known = [column.key for column in table.columns]
    places = [known.index(key) for key in keys]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in places),
        rows=tuple(tuple(row[place] for place in places) for row in table.rows),
    )


def in_thousands(table: Table, but: Collection[str] = ()) -> Table:
    """Give a table with its pounds in thousands, as committee reports have them, and named so.

    Args:
        table: as the answer has it.
        but: the columns that stay in pounds, being of one person.

    Example:
        >>> table = Table("t", "Money", (Column("a", "Paid"), Column("b", "A head")), ())
        >>> [column.heading for column in in_thousands(table, {"b"}).columns]
        ['Paid, £000', 'A head, £']
    """
    columns = tuple(_in_thousands(column, but) for column in table.columns)
    title = _short(table.title)
    figures = [column for column in columns if column.kind != "text"]
    whole = all(column.kind == "thousands" for column in figures)
    if whole:
        is_said = "£000" in title or any("£000" in each.heading for each in columns)
        unit = "" if is_said or not figures else " (£000)"
        return replace(table, columns=columns, title=f"{title}{unit}")
    return replace(table, columns=tuple(_with_unit(column) for column in columns), title=title)


def _with_unit(column: Column) -> Column:
    """Say in the heading of a column of money what it is in."""
    unit = {"thousands": "£000", "pounds": "£"}.get(column.kind, "")
    if not unit or unit in column.heading:
        return column
    return replace(column, heading=f"{column.heading}, {unit}")


def _in_thousands(column: Column, but: Collection[str]) -> Column:
    kind = "thousands" if column.kind == "pounds" and column.key not in but else column.kind
    heading = _THOUSANDS if kind != column.kind and column.heading == _POUNDS else column.heading
    return replace(column, heading=_short(heading), kind=kind)


def _short(words: str) -> str:
    """Say thousands of pounds as council reports do."""
    return words.replace("£ thousand", "£000")


def draw(document: Docx, table: Table, *, small: bool = False) -> Grid:
    """Write a table at the end of a document, over the width of the text.

    Args:
        document: where to.
        table: what is written.
        small: whether in the smaller letters of an annex.
    """
    heads = [line(column.heading) for column in table.columns]
    rows = [
        [line(_text(cell, column.kind)) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    shape = _shape([heads, *rows], WIDTH.pt, _SMALL if small else _SIZES)
    widths = [Twips(int(own * 20)) for own in shape.widths]
    grid: Grid = document.add_table(rows=1 + len(rows), cols=len(heads))
    grid.style = document.styles["Table Grid"]
    grid.alignment = WD_TABLE_ALIGNMENT.LEFT
    grid.autofit = False
    _describe(grid, table)
    right = [_is_figures(table, at) for at in range(len(heads))]
    for place, cells in enumerate([heads, *rows]):
        row = grid.rows[place]
        mark_row(row, heads=place == 0)
        is_total = place - 1 in table.totals
        # A heading goes with the first row, a short table stays whole.
        together = place < len(rows) and (place == 0 or shape.lines <= _KEPT_WHOLE)
        for at, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = widths[at]
            _write(cell, text, shape.size, bold=place == 0 or is_total, right=right[at])
            cell.paragraphs[0].paragraph_format.keep_with_next = together
            if place == 0:
                cell._tc.get_or_add_tcPr().append(
                    element("w:shd", val="clear", color="auto", fill=_SHADE)
                )
    for at, column in enumerate(grid.columns):
        column.width = widths[at]
    return grid


def _text(cell: Cell, kind: CellKind) -> str:
    """Write a cell; thousands always with one decimal, so that those of a column line up.

    Example:
        >>> _text(378_000.0, "thousands"), _text(-4_020.0, "thousands"), _text(-3.0, "thousands")
        ('378.0', '−4.0', '0.0')
    """
    if kind != "thousands" or not isinstance(cell, (int, float)):
        return cell_text(cell, kind)
    shown = f"{abs(cell) / _THOUSAND:,.1f}"
    return f"{MINUS}{shown}" if cell < 0 and shown != "0.0" else shown


def _is_figures(table: Table, at: int) -> bool:
    """Tell whether a column holds figures; among its figures may be a word that stands for one."""
    if table.columns[at].kind != "text":
        return True
    figures = sum(_FIGURE.fullmatch(str(row[at] or "")) is not None for row in table.rows)
    return at > 0 and figures > len(table.rows) / 2


def _write(cell: _Cell, text: str, size: float, *, bold: bool, right: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.line_spacing = 1.0
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold or None


def _describe(grid: Grid, table: Table) -> None:
    """Mark the first row and column as headings, and name the table for a screen reader."""
    properties = grid._tbl.tblPr
    for look in properties.iter(qn("w:tblLook")):
        for name, value in (("firstRow", "1"), ("firstColumn", "1"), ("noVBand", "1")):
            look.set(qn(f"w:{name}"), value)
    properties.append(element("w:tblCaption", val=line(table.title)))


@dataclass(frozen=True)
class _Shape:
    """How a table lies on the page: points of its letters, of each column, and lines in all."""

    size: float
    widths: tuple[float, ...]
    lines: float


def _shape(rows: Sequence[Sequence[str]], room: float, sizes: Sequence[float]) -> _Shape:
    """Find the largest letters in which no word is broken, and share the width out.

    Each column has room for its longest word. What is left goes, bit by bit, where it makes the
    table shortest.
    """
    columns = tuple(zip(*rows, strict=True))
    words = [
        max(_BOLD_LETTER * _longest_word(head), *(_LETTER * _longest_word(cell) for cell in cells))
        for head, *cells in columns
    ]
    for size in sizes:
        widths = [size * word + _PADDING for word in words]
        if sum(widths) <= room:
            break
    else:
        widths = [own * room / sum(widths) for own in widths]
    inked = [[len(cell) * size * _MEAN_LETTER for cell in row] for row in rows]
    while room - sum(widths) >= _STEP:
        crowded = [_crowding(inked, widths, at) for at in range(len(widths))]
        if min(crowded) < _crowding(inked, widths) - _SAME:
            widths[crowded.index(min(crowded))] += _STEP
        else:
            widths = [own + (room - sum(widths)) / len(widths) for own in widths]
    return _Shape(size, tuple(widths), sum(max(row) for row in _lines(inked, widths)))


def _lines(inked: Sequence[Sequence[float]], widths: Sequence[float]) -> list[list[float]]:
    """Give the lines of each cell, parts of a line among them, one at the least."""
    return [
        [max(1.0, ink / max(1.0, own - _PADDING)) for ink, own in zip(row, widths, strict=True)]
        for row in inked
    ]


def _crowding(inked: Sequence[Sequence[float]], widths: Sequence[float], wider: int = -1) -> float:
    """Measure how tall a table's cells are, the tallest most, were one column a step wider."""
    tried = [own + (_STEP if at == wider else 0.0) for at, own in enumerate(widths)]
    return sum(line**4 for row in _lines(inked, tried) for line in row)


def _longest_word(cell: str) -> int:
    return min(_LONGEST_WORD, max(_SHORTEST, *(len(word) for word in cell.split()), 0))
