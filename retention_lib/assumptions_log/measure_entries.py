"""The effects of measures as an answer has them: a plan's own, then the rest of the catalogue's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from retention_lib.assumptions import Quality, register
from retention_lib.assumptions_log.ages import stale_from
from retention_lib.assumptions_log.chosen import Chosen
from retention_lib.assumptions_log.entry import Entry, life_text
from retention_lib.assumptions_log.impact import Impact, cutoffs, rated, widest_of
from retention_lib.assumptions_log.register_entries import (
    CHOSEN,
    MOVES_NOTHING,
    NO_ANSWER,
    NOT_IN_IT,
    changed_words,
    moved_words,
)
from retention_lib.plans import plan as plans
from retention_lib.plans.catalogue import Known, catalogue
from retention_lib.plans.differences import measure_label, measure_text
from retention_lib.results import Change

GROUP = "Measures of a four-year plan"
SET_BY_HAND = "Set on the page for a measure of one's own, without a source."

_NONE_GIVEN: Quality = "none"


@dataclass(frozen=True)
class _Place:
    """One effect of one measure: where it stands, and what the catalogue knows of it."""

    measure: plans.Measure
    place: int
    index: int | None
    known: Known | None

    @property
    def effect(self) -> plans.Effect:
        return self.measure.effects[self.place]

    @property
    def field(self) -> str:
        return f"effects.{self.place}.central"

    @property
    def path(self) -> str:
        return f"measures.{self.index}.{self.field}" if self.index is not None else ""

    @property
    def id(self) -> str:
        if self.index is None:
            return f"catalogue.{self.measure.kind}.effects.{self.place}"
        return f"measures.{self.index}.effects.{self.place}"

    @property
    def usual(self) -> plans.Measure | None:
        """The measure as the catalogue has it, where it has this effect."""
        if self.known is None or self.place >= len(self.known.sources):
            return None
        return plans.Measure.model_validate({"kind": self.known.key})


def measure_entries(answer: Chosen, on: dt.date) -> tuple[Entry, ...]:
    """Write one line for each effect of each measure: the plan's, then those not in it.

    Example:
        >>> from retention_lib.assumptions_log.chosen import chosen
        >>> lines = measure_entries(chosen(None), dt.date(2026, 11, 22))
        >>> lines[0].label, lines[0].impact
        ('Market supplement: fall in leaving', 'none')
    """
    return tuple(_entry(place, answer, on) for place in _places(answer))


def _places(answer: Chosen) -> Iterator[_Place]:
    document = answer.document
    here = document.measures if isinstance(document, plans.Plan) else ()
    for index, measure in enumerate(here):
        for place in range(len(measure.effects)):
            yield _Place(measure, place, index, catalogue().get(measure.kind))
    for kind in catalogue():
        if kind not in {measure.kind for measure in here}:
            measure = plans.Measure.model_validate({"kind": kind})
            for place in range(len(measure.effects)):
                yield _Place(measure, place, None, catalogue()[kind])


def _entry(at: _Place, answer: Chosen, on: dt.date) -> Entry:
    effect, known, usual = at.effect, at.known, at.usual
    life = round(register()["measure_life_months"].default)
    date = known.date if known is not None else ""
    since = stale_from(date, life) if date else dt.date.max
    changes = _changes(at, answer)
    move = widest_of(move for move in answer.moves if move.path == at.path)
    value = measure_text(at.measure, at.field, effect.central)
    impact, why = _impact(at, answer)
    low, high = (measure_text(at.measure, at.field, end) for end in (effect.low, effect.high))
    quality = _quality(at)
    return Entry(
        id=at.id,
        label=f"{at.measure.name}: {measure_label(at.measure, at.field)}{_whose(effect)}",
        group=GROUP,
        what="effect",
        kind="lever" if effect.low == effect.high else "uncertainty",
        help="" if known is None else known.summary,
        value=value,
        in_general=value
        if usual is None
        else measure_text(usual, at.field, usual.effects[at.place].central),
        range_text="" if effect.low == effect.high else f"{low} to {high}",
        unit="share" if effect.on in plans.SHARES else "number",
        shape="Nothing lies beyond the ends, and most of it near the middle.",
        value_from=_value_from(at, answer, changes),
        source=_source(at, quality),
        date=date,
        life=life_text(life) if date else "",
        note=_note(at, quality),
        quality=quality,
        impact=impact,
        pounds=None if move is None else move.pounds,
        share=move.pounds / answer.widest if move is not None else None,
        why=why,
        changes=changes,
        stale_from=since,
        stale=on >= since,
    )


def _whose(effect: plans.Effect) -> str:
    """Say whom an effect is confined to, or when it begins, to tell it from its like."""
    said = [band.replace("_", " ") for band in effect.bands]
    if effect.route is not None:
        said.append(effect.route.replace("_", " "))
    if effect.lag:
        said.append(f"from month {effect.lag}")
    return f" ({', '.join(said)})" if said else ""


def _changes(at: _Place, answer: Chosen) -> tuple[Change, ...]:
    """Find what was changed in this effect; a measure that was put in is a change of its own."""
    if at.index is None:
        return ()
    whole, own = f"measures.{at.index}", f"measures.{at.index}.effects.{at.place}."
    return tuple(each for each in answer.changes if each.path == whole or each.path.startswith(own))


def _impact(at: _Place, answer: Chosen) -> tuple[Impact, str]:
    if at.index is None:
        return "none", NO_ANSWER if answer.document is None else NOT_IN_IT
    move = widest_of(move for move in answer.moves if move.path == at.path)
    if move is not None:
        return rated(move.pounds, answer.widest, cutoffs()), moved_words(move, answer)
    fixed = at.effect.low == at.effect.high
    return ("not_drawn", CHOSEN) if fixed else ("none", MOVES_NOTHING)


def _quality(at: _Place) -> Quality:
    if at.known is None or at.place >= len(at.known.quality):
        return _NONE_GIVEN
    return at.known.quality[at.place]


def _said(at: _Place) -> str:
    """Give what the catalogue says of where the effect's size comes from."""
    if at.known is None or at.place >= len(at.known.sources):
        return SET_BY_HAND
    return f"{at.known.sources[at.place].rstrip('.')}."


def _source(at: _Place, quality: Quality) -> str:
    return "" if quality == _NONE_GIVEN else _said(at)


def _note(at: _Place, quality: Quality) -> str:
    """Say, where there is no source, how it was set; and where the measure's money comes from."""
    how = _said(at) if quality == _NONE_GIVEN else ""
    money = "" if at.known is None else f"Its money: {at.known.money_source.rstrip('.')}."
    return " ".join(part for part in (how, money) if part)


def _value_from(at: _Place, answer: Chosen, changes: tuple[Change, ...]) -> str:
    if at.index is None:
        return ""
    if changes:
        return " ".join(f"{each.label}: {changed_words(each)}" for each in changes)
    origin = answer.origins.origin(at.path) if answer.origins is not None else None
    if origin is not None:
        return f"{'Source' if origin[1] else 'Our guess'}: {origin[0].rstrip('.')}."
    return "The catalogue's." if at.known is not None else SET_BY_HAND
