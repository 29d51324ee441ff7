"""Answers and tables as HTML; everything that goes in is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from retention_lib.importers.own_file import Message
from retention_lib.outputs.cells import cell_text
from retention_lib.results import CellKind, Change, Provenance, Table

_FIRST = 2  # sentences that stand in larger type
_LONG = 40  # characters: a cell that needs a column of some width

_FIGURES: tuple[CellKind, ...] = ("pounds", "thousands", "people", "share", "points", "number")
_NOTHING = ("", "–")
_ONE = r"[−+]?£?\d[\d,.]*%?"
_UNIT = r"(?: (?:cases|days|months|people|points|times|of salary|a year|a month))?"
_FIGURE = re.compile(f"{_ONE}(?: of {_ONE})?")
_WITH_WORDS = re.compile(f"{_ONE}(?: to {_ONE})?{_UNIT}")
_LOSS = re.compile(r"−£[\d,.]*\d")
_MOSTLY = 2 / 3  # of a column's cells: from so many figures up it is read as one of figures

# What a phone's width holds beside each other, and how many rows are short enough for cards.
_ABREAST = 40  # characters
_FEWEST, _MOST_ABREAST = 3, 7  # columns
_MANY = 7  # columns that no tablet holds either
_FEW_ROWS = 14

_PLAIN = {"table": "", "group": "", "row": "", "head": "", "side": "", "cell": ""}
_ROLES = {
    "table": ' role="table"',
    "group": ' role="rowgroup"',
    "row": ' role="row"',
    "head": ' role="columnheader"',
    "side": ' role="rowheader"',
    "cell": ' role="cell"',
}


def table_html(table: Table) -> str:
    """Write a table; the first column heads its rows, totals are set apart.

    Where there is little room a table of few figures has each row's name above its figures, and
    one of few rows becomes cards. Those have their roles written out, since a table that is laid
    out as blocks loses them.
    """
    texts = [
        [cell_text(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    figures = _figure_columns(table, texts)
    shape = _shape(texts, figures)
    roles = _ROLES if shape else _PLAIN
    head = "".join(
        f'<th scope="col"{roles["head"]}{_class("rw-figure" if is_figure else "")}>'
        f"{escape(column.heading)}</th>"
        for column, is_figure in zip(table.columns, figures, strict=True)
    )
    labels = [column.heading for column in table.columns] if "rw-cards" in shape else []
    body = "".join(
        f"<tr{roles['row']}{_class('rw-total' if index in table.totals else '')}>"
        f"{_row(row, figures, labels, roles)}</tr>"
        for index, row in enumerate(texts)
    )
    return (
        f"<table{roles['table']}{_class(shape)}><caption>{escape(table.title)}</caption>"
        f"<thead{roles['group']}><tr{roles['row']}>{head}</tr></thead>"
        f"<tbody{roles['group']}>{body}</tbody></table>"
    )


def _figure_columns(table: Table, texts: Sequence[Sequence[str]]) -> list[bool]:
    """Tell which columns hold figures: by their kind, or as most of their texts are figures."""
    return [
        column.kind in _FIGURES
        or (
            index > 0
            and _mostly_figures([row[index] for row in texts if row[index] not in _NOTHING])
        )
        for index, column in enumerate(table.columns)
    ]


def _mostly_figures(texts: Sequence[str]) -> bool:
    found = sum(bool(_FIGURE.fullmatch(text) or _WITH_WORDS.fullmatch(text)) for text in texts)
    return bool(texts) and found >= _MOSTLY * len(texts)


def _shape(texts: Sequence[Sequence[str]], figures: Sequence[bool]) -> str:
    """Choose how a table is laid out where there is little room; empty for as it is."""
    if not texts or len(figures) < _FEWEST:
        return ""
    widest = max(len(text) for row in texts for text in row[1:])
    abreast = len(figures) - 1
    if all(figures[1:]) and len(figures) <= _MOST_ABREAST and abreast * widest <= _ABREAST:
        return "rw-abreast"
    if len(texts) > _FEW_ROWS:
        return ""
    return "rw-cards rw-many" if len(figures) > _MANY else "rw-cards"


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


def _row(
    row: Sequence[str], figures: Sequence[bool], labels: Sequence[str], roles: Mapping[str, str]
) -> str:
    first = f'<th scope="row"{roles["side"]}{_class("rw-figure" if figures[0] else "")}>'
    cells = [f"{first}{escape(row[0])}</th>"]
    for index, text in enumerate(row[1:], 1):
        label = f' data-label="{escape(labels[index])}"' if labels else ""
        kind = _class(_look(text, figures[index]))
        cells.append(f"<td{roles['cell']}{label}{kind}>{escape(text)}</td>")
    return "".join(cells)


def _look(text: str, in_figures: bool) -> str:
    """Choose how a cell is set: a figure is never broken, words among figures stand right too."""
    if in_figures:
        is_one = text in _NOTHING or _FIGURE.fullmatch(text)
        return "rw-figure" if is_one else "rw-figure rw-breaks"
    return "rw-long" if len(text) > _LONG else ""


def answer_html(sentences: tuple[str, ...], facts: Iterable[tuple[str, str]]) -> str:
    """Write what stands under the headline: what would have to be true, the facts, the rest."""
    first = "".join(f"<p>{_whole(each)}</p>" for each in sentences[:_FIRST])
    rest = "".join(f"<li>{_whole(each)}</li>" for each in sentences[_FIRST:])
    items = "".join(
        f"<li><b>{escape(figure)}</b><span>{escape(label)}</span></li>" for figure, label in facts
    )
    more = f'<ul class="rw-more">{rest}</ul>' if rest else ""
    return f'{first}<ul class="rw-facts">{items}</ul>{more}'


def _whole(text: str) -> str:
    """Escape text; a sum and its minus sign stay on one line."""
    return _LOSS.sub(r'<span class="rw-whole">\g<0></span>', escape(text))


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
        f'<details class="rw-differs" data-key="differs"><summary>{len(changes)} {word} from '
        f"{escape(start)}</summary><ul>{items}</ul></details>"
    )


def inputs_html(rows: Iterable[tuple[str, str, str]], made: Provenance) -> str:
    """Write every input, its value and its source, and what the answer was made from."""
    body = "".join(
        f'<tr role="row"><th scope="row" role="rowheader">{escape(label)}</th>'
        f'<td role="cell" data-label="Value">{escape(value)}</td>'
        f'<td role="cell" data-label="Source" class="rw-long">{escape(said)}</td></tr>'
        for label, value, said in rows
    )
    heads = "".join(
        f'<th scope="col" role="columnheader">{each}</th>' for each in ("Input", "Value", "Source")
    )
    return (
        '<details class="rw-table"><summary>Every input and its source</summary>'
        '<div class="rw-scroll" tabindex="0" role="region" aria-label="Every input and its source">'
        '<table role="table" class="rw-cards"><caption>Every input and its source</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div></details>'
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
    return "<ul>" + "".join(f"<li>{_whole(item)}</li>" for item in items) + "</ul>"


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
