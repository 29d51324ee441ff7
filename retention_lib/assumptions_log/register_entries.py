"""The register as an answer has it: one line of the log for each of its entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from retention_lib.assumptions import NO_SOURCE, Assumption
from retention_lib.assumptions_log.ages import stale_from
from retention_lib.assumptions_log.chosen import (
    GROWTH,
    NO_REASON,
    YEARS_LUCK,
    Chosen,
)
from retention_lib.assumptions_log.entry import Entry, life_text, shape_words
from retention_lib.assumptions_log.impact import Impact, Move, cutoffs, rated
from retention_lib.labels import value_text
from retention_lib.plans.numbers import FIELDS, figures_of, value_of
from retention_lib.plans.plan import Plan
from retention_lib.plans.prices import yearly_growth
from retention_lib.rates import MONTHS_IN_YEAR
from retention_lib.results import NOT_FROM_A_CASE, Change
from retention_lib.scenario import Scenario
from retention_lib.units import money

NO_ANSWER = "No answer is chosen."
NOT_IN_IT = "This answer does not use it."
MOVES_NOTHING = "It does not move this answer."
CHOSEN = "The council's choice: it is set, not uncertain."
FIXED = "Fixed by law or definition: it is set, not uncertain."
OWN = "The council's own figure, which it knows: it is set, not drawn."
IN_THE_LUCK = "Drawn with the luck of good and bad years, not by itself."
REGION_ALONE = "It does not move this answer: it moves the region's side."
LARGER_NOT_BETTER = "It makes the offer larger or smaller, not better, so it is not drawn."

_OWN_PARTS = ("pay.",)
_OWN_SHARES = ("service.newly_qualified_share", "service.senior_share")
_GROUPS: Mapping[str | None, str] = {
    "main": "The offer and the people",
    "payment": "The payment",
    "people": "The people",
    "effect": "What the payment does",
    "leaver": "The cost of a leaver",
    "vacancy": "A vacancy filled sooner",
    "region": "The region",
    "appraisal": "How it is appraised",
    "service": "The service at the start",
    "baseline": "How it would go anyway",
    "pay": "What people cost",
    "targets": "What a plan is held to",
    None: "Behind the models, on no form",
}


def register_entries(answer: Chosen, on: dt.date) -> tuple[Entry, ...]:
    """Write one line for each entry of the register, in its order.

    Args:
        answer: the answer that they are read for.
        on: the day on which they are read.

    Example:
        >>> from retention_lib.assumptions_log.chosen import chosen
        >>> lines = register_entries(chosen(None), dt.date(2026, 11, 22))
        >>> lines[0].label, lines[0].source_words[:21]
        ('People it is offered to', 'Middlesbrough Council')
    """
    return tuple(_entry(row, answer, on) for row in answer.rows.values())


def _entry(row: Assumption, answer: Chosen, on: dt.date) -> Entry:
    paths = answer.fields.get(row.id, ())
    move = answer.moved_by(row.id)
    impact, why = _impact(row, answer, move)
    life = MONTHS_IN_YEAR * row.review_after_years
    since = stale_from(row.date, life)
    pounds = None if move is None else move.pounds
    share = None if pounds is None or not answer.widest else pounds / answer.widest
    in_general = row.unit.text(row.default)
    return Entry(
        id=row.id,
        label=row.label,
        group=_GROUPS.get(row.section, str(row.section).capitalize()),
        what="assumption",
        kind=row.kind,
        help=row.help,
        value=_value(row, paths, answer) or in_general,
        in_general=in_general,
        range_text=row.range_text if move is None else f"{move.low_text} to {move.high_text}",
        unit=row.unit_name,
        shape=shape_words(row),
        value_from=_value_from(row, paths, answer),
        source="" if row.source == NO_SOURCE else row.source,
        date=row.date,
        life=life_text(life),
        note=row.note,
        quality=row.quality,
        impact=impact,
        pounds=pounds,
        share=share,
        why=why,
        changes=answer.changes_of(row.id),
        stale_from=since,
        stale=on >= since,
    )


def _impact(row: Assumption, answer: Chosen, move: Move | None) -> tuple[Impact, str]:
    """Rate what an entry does to the answer, and say so in a sentence."""
    if move is not None:
        return rated(move.pounds, answer.widest, cutoffs()), moved_words(move, answer)
    if answer.document is None:
        return "none", NO_ANSWER
    paths = answer.fields.get(row.id, ())
    if not paths and row.id not in answer.without_a_field:
        return "none", NOT_IN_IT
    if row.kind == "lever":
        return "not_drawn", CHOSEN
    if row.kind == "constant":
        return "not_drawn", FIXED
    return _of_an_uncertainty(row, paths, answer.document)


def _of_an_uncertainty(
    row: Assumption, paths: Iterable[str], document: Scenario | Plan | None
) -> tuple[Impact, str]:
    """Say why a number that nobody knows has no bar."""
    if row.id in YEARS_LUCK:
        return "not_drawn", IN_THE_LUCK
    if row.id == "take_up":
        return "not_drawn", LARGER_NOT_BETTER
    own = (*FIELDS, *_OWN_SHARES)
    if isinstance(document, Plan) and any(
        path in own or path.startswith(_OWN_PARTS) for path in paths
    ):
        return "not_drawn", OWN
    return "none", REGION_ALONE if row.section == "region" else MOVES_NOTHING


def _value(row: Assumption, paths: Iterable[str], answer: Chosen) -> str:
    """Write what the answer takes, each value once; empty where it sets none."""
    document = answer.document
    if isinstance(document, Plan) and row.id in GROWTH:
        growth = yearly_growth(document)[GROWTH[row.id]]
        return ", ".join(row.unit.text(each) for each in growth)
    found = (_value_at(row, path, document) for path in paths)
    return "; ".join(dict.fromkeys(found))


def _value_at(row: Assumption, path: str, document: Scenario | Plan | None) -> str:
    assert document is not None
    if isinstance(document, Plan) and path in FIELDS:
        return row.unit.text(value_of(document, path))
    value = document.at(path)
    return row.unit.text(value) if isinstance(value, (int, float)) else value_text(path, value)


def _value_from(row: Assumption, paths: Iterable[str], answer: Chosen) -> str:
    """Say where the value that the answer takes comes from, each thing once."""
    if answer.document is None:
        return ""
    said = [from_at(row, path, answer) for path in paths]
    if row.id in GROWTH:
        said = [f"{each.label}: {changed_words(each)}" for each in answer.changes_of(row.id)]
    if not said and row.id in answer.without_a_field:
        return "The register's."
    return " ".join(dict.fromkeys(said))


def from_at(row: Assumption, path: str, answer: Chosen) -> str:
    """Say where the value of one field comes from."""
    document = answer.document
    assert document is not None
    change = next((each for each in answer.changes if each.path == path), None)
    if change is not None:
        return changed_words(change)
    origin = answer.origins.origin(path) if answer.origins is not None else None
    if origin is not None:
        words = origin[0].rstrip(".")
        return f"Source: {words}." if origin[1] else f"Our guess: {words}."
    if isinstance(document, Plan) and path in FIELDS and document.at(path) is None:
        return f"{getattr(figures_of(document), FIELDS[path]).source}."
    if document.at(path) == row.default:
        return "The register's."
    if path.startswith("measures."):
        return "As the measure has it."
    return "Set here, without a source." if answer.origins is None else "The case's own."


def moved_words(move: Move, answer: Chosen) -> str:
    """Say by how much a number alone moves an answer, between which ends."""
    return (
        f"By itself, from {move.low_text} to {move.high_text}, it moves {answer.moved} by "
        f"{money(move.pounds)}."
    )


def changed_words(change: Change) -> str:
    """Say what was changed and why.

    Example:
        >>> changed_words(Change(path="a", label="A", was="1", now="2", reason="Counted"))
        'Changed from 1. Counted.'
    """
    why = (change.reason or NO_REASON).rstrip(".")
    start = "Set here" if change.was == NOT_FROM_A_CASE else f"Changed from {change.was}"
    return f"{start}. {why}."
