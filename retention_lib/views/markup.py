"""Answers and tables as HTML; everything that goes in is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from retention_lib.importers.own_file import Message
from retention_lib.outputs.cells import cell_text
from retention_lib.results import Cell, CellKind, Change, IncentiveResult, Provenance, Table
from retention_lib.units import count, money, payment_text

_FIRST = 2  # sentences that stand in larger type
_NOTHING = 0.5  # pounds
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


def incentive_facts(result: IncentiveResult) -> list[tuple[str, str]]:
    """List the figures that matter, the widest read first."""
    if result.payments < _NOTHING:
        return []
    months = int(result.table("months").rows[-1][0] or 0)
    span = _span(months)
    facts = [
        (
            money(result.payments + result.on_costs + result.hiring),
            "paid, with on-costs and hiring" if result.hiring else "paid, with on-costs",
        ),
        (money(result.clawback), "paid back by leavers"),
        (money(result.saving), "saved")
        if result.saving >= 0
        else (money(-result.saving), "more cost of posts filled sooner"),
        _kept(result.leavers_avoided, span),
    ]
    if result.extra_people > 0:
        facts[3] = (count(result.extra_people), "people who would not have joined")
    if result.cost_per_leaver_avoided is not None and result.extra_people == 0:
        facts.append((money(result.cost_per_leaver_avoided), "for each person kept"))
    if result.payback_month is None:
        facts.append(("No break-even", f"within {span}"))
    else:
        facts.append((f"Month {result.payback_month}", "is when it breaks even"))
    if result.optimism.on:
        facts.append((money(result.optimism.allowance), "taken off for weak evidence"))
    if result.break_even_payment is not None:
        most = payment_text(result.break_even_payment, result.payment_is_percent)
        facts.append((most, "is the most it could pay and break even"))
    return facts


def _kept(avoided: float, span: str) -> tuple[str, str]:
    if avoided < 0:
        return count(-avoided), f"more people leave in {span}"
    return count(avoided), f"leavers avoided in {span}"


def _span(months: int) -> str:
    """Say a number of months as people do.

    Example:
        >>> _span(48), _span(12), _span(30)
        ('four years', 'one year', '30 months')
    """
    years = {12: "one year", 24: "two years", 36: "three years", 48: "four years"}
    return years.get(months, f"{months} months")


def tone(result: IncentiveResult) -> str:
    """Tell whether the answer is that it pays, that it costs, or neither."""
    if result.payments < _NOTHING:
        return "neither"
    return "pays" if result.npv >= 0 else "costs"


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
