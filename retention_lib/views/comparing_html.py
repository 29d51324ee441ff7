"""A comparison as HTML and as a CSV file: the answers first, then what was chosen and assumed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from retention_lib.outputs.stamp import stamp
from retention_lib.outputs.tables_csv import BOM, table_csv
from retention_lib.results import Column, Table
from retention_lib.views import markup

if TYPE_CHECKING:
    from retention_lib.comparing import Row, SideBySide

_NOTHING_CHOSEN = "What can be chosen in all of them is the same."
_NOTHING_ASSUMED = "What is asked of all of them is assumed the same."
_OWN = " Each kind of answer has assumptions of its own: they stand on its page."
_DRAWING = "Chances and ranges are being worked out."


def side_html(found: SideBySide, *, drawing: bool) -> str:
    """Write what differs; everything that goes in is escaped.

    Args:
        found: the comparison.
        drawing: whether ranges are still being worked out.
    """
    letters = [side.letter for side in found.sides]
    names = [side.name for side in found.sides]
    waiting = f"<p>{_DRAWING}</p>" if drawing else ""
    own = _OWN if len({side.document.kind for side in found.sides}) > 1 else ""
    blocks = (
        _table("The answers", names, letters, found.answers, ""),
        _table("What is chosen", names, letters, found.levers, _NOTHING_CHOSEN),
        _table("What is assumed", names, letters, found.assumptions, _NOTHING_ASSUMED + own),
    )
    more = [note for note in found.notes if note not in found.headline]
    notes = markup.list_html(more) if more else ""
    return f"<h3>{escape(found.headline)}</h3>{notes}{waiting}{''.join(blocks)}"


def _table(
    title: str, names: list[str], letters: list[str], rows: tuple[Row, ...], none: str
) -> str:
    """Write one table, or say that there is nothing to put in it.

    Its roles are written out, since a table that is laid out as cards loses them.
    """
    if not rows:
        return f"<p>{escape(none)}</p>" if none else ""
    head = "".join(f'<th scope="col" role="columnheader">{escape(name)}</th>' for name in names)
    body = "".join(_row(letters, row) for row in rows)
    return (
        f'<table role="table"><caption>{escape(title)}</caption><thead role="rowgroup">'
        f'<tr role="row"><th scope="col" role="columnheader">What differs</th>{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def _row(letters: list[str], row: Row) -> str:
    cells = (
        f'<td role="cell" data-label="{escape(letter)}"><b>{escape(text)}</b>'
        f"{f'<span>{escape(why)}</span>' if why else ''}</td>"
        for letter, text, why in zip(letters, row.texts, row.why, strict=True)
    )
    name = f'<th scope="row" role="rowheader">{escape(row.label)}</th>'
    return f'<tr role="row">{name}{"".join(cells)}</tr>'


def side_csv(found: SideBySide, on: dt.date) -> bytes:
    """Write a comparison as a CSV file: what it says, what differs, and what made it when."""
    said = (
        ("In short", found.headline),
        *(("In full", sentence) for sentence in found.sentences),
        *(("Note", note) for note in found.notes),
        *stamp(found.provenance, on),
    )
    columns = (Column("what", "Comparison", "text"), Column("says", "What it says", "text"))
    about = Table("about", "About", columns, said)
    tables = (about, *(_titled(table) for table in found.tables if table.rows))
    return (BOM + "\r\n".join(map(table_csv, tables))).encode()


def _titled(table: Table) -> Table:
    """Put a table's title over its first column, as several stand one under the other."""
    first, *others = table.columns
    return replace(table, columns=(replace(first, heading=table.title), *others))
