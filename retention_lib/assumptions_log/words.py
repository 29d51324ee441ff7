"""What the assumptions log says in sentences: how many matter, and the weakest links first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from retention_lib.assumptions_log.chosen import Chosen
from retention_lib.assumptions_log.entry import Entry
from retention_lib.assumptions_log.impact import cutoffs
from retention_lib.plans.plan import Plan
from retention_lib.results import Change
from retention_lib.units import money, percent

UNCHANGED = "Nothing was changed from the case."
NO_CASE = "It did not start from one of our cases, so there is nothing to set it beside."

MOST_NAMED = 4
"""Weak links that a sentence names; the log has them all."""


def day_text(day: dt.date) -> str:
    """Write a day as people do.

    Example:
        >>> day_text(dt.date(2026, 11, 2))
        '2 November 2026'
    """
    return f"{day.day} {day:%B %Y}"


def headline(answer: Chosen, entries: Sequence[Entry]) -> str:
    """Say how many assumptions matter, and how many of those rest on weak evidence or none."""
    if answer.document is None:
        weak = sum(entry.quality == "weak" for entry in entries)
        none = sum(entry.quality == "none" for entry in entries)
        return f"{len(entries)} assumptions: {weak} rest on weak evidence, and {none} on none."
    matter = [entry for entry in entries if entry.matters]
    weak = sum(entry.is_weak for entry in matter)
    if not matter:
        return f"Of {len(entries)} assumptions none moves this answer."
    verb = "matters" if len(matter) == 1 else "matter"
    said = f"Of {len(entries)} assumptions, {len(matter)} {verb} to this answer"
    if len(matter) == 1:
        return (
            f"{said}; it rests on {'weak evidence or none' if weak else 'fair evidence or better'}."
        )
    rest = "rests" if weak == 1 else "rest"
    return f"{said}; {weak or 'none'} of those {rest} on weak evidence or none."


def weakest_links(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Give the Aqua Book's corner: what moves the answer much and rests on little, widest first."""
    found = [entry for entry in entries if entry.impact == "high" and entry.is_weak]
    return tuple(sorted(found, key=lambda entry: -(entry.pounds or 0.0)))


def sentences(answer: Chosen, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Say what a reader must know, the weakest links first."""
    said = [_weakest(answer, entries), _ages(answer, entries), _without(answer, entries)]
    if answer.document is not None:
        said.append(_changed(answer))
    return tuple(said)


def _weakest(answer: Chosen, entries: Sequence[Entry]) -> str:
    if answer.document is None:
        return "Choose an answer to see how far each of them moves it."
    if not any(entry.matters for entry in entries):
        what = "no measure is in it" if isinstance(answer.document, Plan) else "nothing is paid"
        return f"There is nothing for them to move: {what}."
    links = weakest_links(entries)
    if not links:
        return _best_case(entries)
    named = "; ".join(
        f"{entry.label}, {money(entry.pounds or 0.0)} on {_evidence(entry)}"
        for entry in links[:MOST_NAMED]
    )
    more = len(links) - MOST_NAMED
    return f"Look first at what moves it much and rests on little: {named}" + (
        f"; and {more} more." if more > 0 else "."
    )


def _best_case(entries: Sequence[Entry]) -> str:
    """Say what is weak all the same, where nothing in the corner is."""
    said = "What moves it much does not rest on weak evidence."
    weak = max(
        (entry for entry in entries if entry.matters and entry.is_weak),
        key=lambda entry: entry.pounds or 0.0,
        default=None,
    )
    if weak is None:
        return said
    size = money(weak.pounds or 0.0)
    return f"{said} Of what does, this moves it most: {weak.label}, {size} on {_evidence(weak)}."


def _evidence(entry: Entry) -> str:
    return "no evidence" if entry.quality == "none" else "weak evidence"


def _ages(answer: Chosen, entries: Sequence[Entry]) -> str:
    stale = [entry for entry in entries if entry.stale]
    if not stale:
        return "None is older than its stated life."
    said = f"{len(stale)} {'is' if len(stale) == 1 else 'are'} older than the life stated for them"
    return f"{said}{_of_those(answer, stale)}."


def _without(answer: Chosen, entries: Sequence[Entry]) -> str:
    bare = [entry for entry in entries if not entry.has_source]
    if not bare:
        return "Each has a source."
    said = f"{len(bare)} {'has' if len(bare) == 1 else 'have'} no source"
    return f"{said}{_of_those(answer, bare)}: whoever uses them must own them."


def _of_those(answer: Chosen, some: Sequence[Entry]) -> str:
    """Say how many of some matter to the answer, where there is one."""
    if answer.document is None:
        return ""
    matter = sum(entry.matters for entry in some)
    return f", {matter or 'none'} of which {'matters' if matter == 1 else 'matter'} to this answer"


def _changed(answer: Chosen) -> str:
    found: tuple[Change, ...] = answer.changes
    if not found:
        return UNCHANGED if answer.origins is not None else NO_CASE
    bare = sum(not change.reason for change in found)
    one = len(found) == 1
    said = f"{len(found)} {'thing was' if one else 'things were'} changed"
    if not bare:
        return f"{said}, {'with a reason' if one else 'each with a reason'}."
    which = "with no reason here" if one else f"{bare} of them with no reason here"
    return f"{said}, {which}: a link carries none, a saved file does."


def notes(answer: Chosen, on: dt.date) -> tuple[str, ...]:
    """Say how the two ratings are made, and what the log does not tell."""
    at = cutoffs()
    moved = "" if answer.document is None else f" For this answer that is {answer.moved}."
    return (
        "The two ratings are the Aqua Book's: how good the evidence for an assumption is, and how "
        "far the answer moves with it.",
        "Impact is how far the answer moves when one assumption goes from its low to its high end "
        f"and all others stay.{moved} High is {percent(at.high)} or more of the widest, medium "
        f"{percent(at.medium)} or more, low is less. Those cut-offs are ours.",
        "Not drawn: the council's choice, the law, or a figure that the council knows. It is set, "
        "so it has no range to move through. It may matter all the same.",
        "Quality of evidence is that of the number in general, whoever chose the value in this "
        "answer. Where that value comes from is said beside it.",
        "Strong is official statistics or law; fair a published study or a council's own published "
        "figure, near to children's social work; weak another field, second-hand, old or partly "
        "judgement; no source is nobody's figure but its user's.",
        f"Ages are those of {day_text(on)}. A source dated by its year or month counts from the "
        "end of it.",
        "Who made or signed off an assumption is not kept here: no names are stored.",
        "That every case is answered and adds up is checked by the command retention check.",
    )
