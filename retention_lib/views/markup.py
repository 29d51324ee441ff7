"""Answers and tables as HTML; everything that goes in is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from retention_lib.importers.own_file import Message
from retention_lib.outputs.cells import cell_text
from retention_lib.results import Cell, CellKind, Change, Provenance, Table

_FIRST = 2  # sentences that stand in larger type
_LONG = 40  # characters: a cell that needs a column of some width

_FIGURES: tuple[CellKind, ...] = ("pounds", "thousands", "people", "share", "points", "number")


def table_html(table: Table) -> str:
    """Write a table; the first column heads its rows, totals are set apart."""
    head = "".join(
        f'<th scope="col"{_align(column.kind)}>{escape(column.heading)}</th>'
        for column in table.columns
    )
    body = "".join(
        f"<tr{_total(index in table.totals)}>{_row(table, row)}</tr>"
        for index, row in enumerate(table.rows)
    )
    return (
        f"<table><caption>{escape(table.title)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _align(kind: CellKind, text: str = "") -> str:
    if kind in _FIGURES:
        return ' class="rw-figure"'
    return ' class="rw-long"' if len(text) > _LONG else ""


def _total(is_total: bool) -> str:
    return ' class="rw-total"' if is_total else ""


def _row(table: Table, row: Iterable[Cell]) -> str:
    cells = []
    for index, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
        text = escape(cell_text(cell, column.kind))
        if index == 0:
            cells.append(f'<th scope="row"{_align(column.kind)}>{text}</th>')
        else:
            cells.append(f"<td{_align(column.kind, text)}>{text}</td>")
    return "".join(cells)


def answer_html(sentences: tuple[str, ...], facts: Iterable[tuple[str, str]]) -> str:
    """Write what stands under the headline: what would have to be true, and the facts."""
    first, rest = sentences[:_FIRST], sentences[_FIRST:]
    items = "".join(
        f"<li><b>{escape(figure)}</b><span>{escape(label)}</span></li>" for figure, label in facts
    )
    return (
        f"<p>{escape(' '.join(first))}</p>"
        f'<p class="rw-more">{escape(" ".join(rest))}</p><ul class="rw-facts">{items}</ul>'
    )


def changes_html(changes: tuple[Change, ...], start: str = "the case") -> str:
    """Write what differs from the case, or another start, and why."""
    if not changes:
        return f'<p class="rw-differs">Nothing differs from {escape(start)}.</p>'
    word = "thing differs" if len(changes) == 1 else "things differ"
    items = "".join(
        f"<li><strong>{escape(change.label)}</strong>: {escape(change.was)} to "
        f"{escape(change.now)}. {escape(change.reason or 'No reason given.')}</li>"
        for change in changes
    )
    return (
        f'<details class="rw-differs"><summary>{len(changes)} {word} from {escape(start)}</summary>'
        f"<ul>{items}</ul></details>"
    )


def inputs_html(rows: Iterable[tuple[str, str, str]], made: Provenance) -> str:
    """Write every input, its value and its source, and what the answer was made from."""
    body = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{escape(value)}</td>'
        f'<td class="rw-long">{escape(said)}</td></tr>'
        for label, value, said in rows
    )
    return (
        '<details class="rw-table"><summary>Every input and its source</summary>'
        '<div class="rw-scroll" tabindex="0" role="region" aria-label="Every input and its source">'
        "<table><caption>Every input and its source</caption><thead><tr>"
        '<th scope="col">Input</th><th scope="col">Value</th><th scope="col">Source</th></tr>'
        f"</thead><tbody>{body}</tbody></table></div></details>"
        f"<p>{escape(made.says)} Version {escape(made.version)}, scenario "
        f"{escape(made.scenario_digest)}, assumptions {escape(made.register_digest)}. "
        f"{escape(made.figures_release)}.</p>"
    )


def messages_html(messages: Iterable[Message]) -> str:
    """Write what there is to say of a file, each message with its place; empty for nothing."""
    rows = "".join(
        f'<tr><th scope="row">{escape(each.where)}</th><td class="rw-long">'
        f"<b>{'Not taken.' if each.refused else 'Taken.'}</b> {escape(each.text)}</td></tr>"
        for each in messages
    )
    table = (
        "<table><caption>What there is to say of it</caption><thead><tr>"
        '<th scope="col">Where</th><th scope="col">Why</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )
    return table if rows else ""


def alert_html(message: str, *, items: Iterable[str] = (), more: str = "") -> str:
    """Write something that went wrong; empty for nothing.

    Args:
        message: what to say.
        items: each of several things that it is about.
        more: what follows, already escaped.
    """
    said = list_html(items) if items else ""
    whole = f"<p>{escape(message)}</p>{said}{more}"
    return f'<div class="rw-alert" role="alert">{whole}</div>' if message else ""


def list_html(items: Iterable[str]) -> str:
    """Write a list of sentences."""
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def sentences_html(items: list[str]) -> str:
    """Write what would change the answer as sentences that open; empty for none."""
    if not items:
        return ""
    return (
        '<details class="rw-table"><summary>What would change the answer, in sentences</summary>'
        f"{list_html(items)}</details>"
    )


def escaped(text: str) -> str:
    """Make text safe to stand in HTML."""
    return escape(text)
