"""The Inputs sheet: each number an answer takes, with unit, range, evidence, source and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from retention_lib.assumptions import QUALITY_WORDS, Assumption, Quality, register
from retention_lib.assumptions_log.chosen import Chosen, as_register, chosen
from retention_lib.assumptions_log.entry import NO_SOURCE_WORDS
from retention_lib.assumptions_log.register_entries import from_at
from retention_lib.labels import label_of
from retention_lib.outputs.excel.book import Book, Rule, Sheet, Value, possible
from retention_lib.outputs.excel.looks import Kind
from retention_lib.outputs.excel.names import name_of
from retention_lib.plans.plan import Plan
from retention_lib.scenario import Scenario

IMPOSSIBLE = "inputs_not_possible"
"""The name of the cell that counts the inputs that hold what none of them may."""
CHANGED = "inputs_changed"
"""The name of the cell that counts the inputs that differ from what was exported."""

SHEET = "Inputs"


@dataclass(frozen=True, kw_only=True)
class Input:
    """One input cell: what it is called, what it holds, what is known of it, what may be typed.

    `path` is the document's field and gives the cell's name (`name_of`); `low` and `high` are the
    range of belief, in code units as `value` is.
    """

    path: str
    label: str
    value: Value
    unit: str
    kind: Kind
    rule: Rule
    low: float | None = None
    high: float | None = None
    quality: str = ""
    value_from: str = ""
    source: str = ""
    date: str = ""
    reason: str = ""

    @property
    def name(self) -> str:
        """The name of its cell."""
        return name_of(self.path)


@dataclass(frozen=True, kw_only=True)
class Section:
    """Inputs under one heading."""

    title: str
    inputs: tuple[Input, ...]


UNIT_KINDS: Mapping[str, tuple[Kind, str, Rule]] = {
    "people": ("people", "people", Rule(least=0, most=1e9)),
    "pounds": ("pounds", "£", Rule(least=0, most=1e12)),
    "pounds a week": ("pounds", "£ a week", Rule(least=0, most=1e12)),
    "pounds a month": ("pounds", "£ a month", Rule(least=-1e12, most=1e12)),
    "pounds a year": ("pounds", "£ a year", Rule(least=0, most=1e12)),
    "share": ("share", "%", Rule(least=0, most=1)),
    "percent of salary": ("points", "% of salary (type 15 for 15%)", Rule(least=0, most=1e6)),
    "months": ("points", "months", Rule(least=0, most=1e6)),
    "weeks": ("points", "weeks", Rule(least=0, most=1e6)),
    "points": ("share", "%", Rule(least=-1, most=1)),
    "cases": ("points", "cases", Rule(least=0, most=200)),
    "days": ("points", "days", Rule(least=0, most=366)),
    "ratio": ("number", "times", Rule(least=0, most=1e6)),
    "percent per percent": ("number", "% for each 1% of pay", Rule(least=0, most=1e6)),
    "points per case": ("factor", "points of turnover a case", Rule(least=0, most=10)),
    "points per point": ("number", "points a point", Rule(least=-100, most=100)),
}
"""By the register's unit: how a cell looks, what its unit is called, and what may be typed."""


class Known:
    """What is known of the inputs of an offer or a plan, as its assumptions log has it.

    Example:
        >>> from retention_lib.presets import preset
        >>> known = Known(preset("middlesbrough-2019").scenario)
        >>> found = known.input_at("scheme.take_up")
        >>> found.name, found.unit, found.value_from
        ('in_scheme_take_up', '%', 'Source: 68 of 82 had signed up by January 2020.')
    """

    def __init__(self, document: Scenario | Plan) -> None:
        self.document = document

    @cached_property
    def answer(self) -> Chosen:
        """The answer as the assumptions log reads it."""
        return chosen(self.document)

    def input_at(
        self,
        path: str,
        *,
        value: Value = None,
        label: str = "",
        unit: str = "",
        kind: Kind | None = None,
        rule: Rule | None = None,
    ) -> Input:
        """Give a field as an input; what is not said is the document's, the register's, the unit's.

        Args:
            path: the field.
            value: what the cell holds; the document's own where nothing is said.
            label: what it is called.
            unit: in words.
            kind: how it looks.
            rule: what may be typed.
        """
        row = register().behind(as_register(path))
        usual = UNIT_KINDS["ratio" if row is None else row.unit_name]
        held = self.document.at(path) if value is None else value
        return Input(
            path=path,
            label=label or label_of(path),
            value=held,
            unit=unit or ("" if row is None else usual[1]),
            kind=kind or usual[0],
            rule=rule or usual[2],
            low=None if row is None else row.low,
            high=None if row is None else row.high,
            quality="" if row is None else QUALITY_WORDS[row.quality],
            value_from=self._value_from(row, path, held),
            source="" if row is None else _source_of(row),
            date="" if row is None else row.date,
            reason=self._reason(path),
        )

    def _value_from(self, row: Assumption | None, path: str, held: Value) -> str:
        if held is None:
            return ""
        if row is not None:
            return from_at(row, path, self.answer)
        found = None if self.answer.origins is None else self.answer.origins.origin(path)
        if found is None:
            return "Set here."
        words = found[0].rstrip(".")
        return f"Source: {words}." if found[1] else f"Our guess: {words}."

    def _reason(self, path: str) -> str:
        """Give the reason for a field, or for the whole part it belongs to."""
        reasons = self.document.reasons
        parts = path.split(".")
        tried = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
        return next((reasons[each] for each in tried if each in reasons), "")


def _source_of(row: Assumption) -> str:
    quality: Quality = row.quality
    return NO_SOURCE_WORDS if quality == "none" else row.source


_HEADS: Sequence[tuple[str, Kind]] = (
    ("Input", "words"),
    ("Value", "number"),
    ("Unit", "words"),
    ("As exported", "number"),
    ("Changed here", "words"),
    ("Low", "number"),
    ("High", "number"),
    ("Evidence for the range", "words"),
    ("Where the exported value comes from", "words"),
    ("Source of the range", "words"),
    ("Date", "words"),
    ("Reason for change", "words"),
    ("Field", "words"),
    ("Within what is possible", "words"),
)
_WITHIN = len(_HEADS) - 1
WIDTHS = (34, 15, 20, 15, 10, 11, 11, 12, 30, 34, 10, 24, 34, 14)
_SAYS = (
    "Change a yellow cell and every sheet follows. The grey column keeps what was exported, so "
    "that you can go back. An empty yellow cell means: not set. Write your reason beside what you "
    "change."
)


def write_inputs(
    page: Sheet, sections: Sequence[Section], fixed: Sequence[tuple[str, Value, Kind, str]] = ()
) -> None:
    """Write the Inputs sheet: a named cell for each input, and what cannot be changed here.

    Names the cell that counts what was changed `inputs_changed`, and the one that counts what is
    not possible `inputs_not_possible`; see `as_exported` and `write_checks` in `checks`.

    Args:
        page: an empty sheet, made by :func:`inputs_sheet`.
        sections: the inputs, in the order in which they are read.
        fixed: what shapes the sheets and so is no input: label, value, kind, why it is fixed.
    """
    page.row += 1
    page.text(0, "Inputs changed since the file was made", "words", "label")
    count_row = page.row
    page.row += 1
    page.text(0, "Inputs that are not possible", "words", "label")
    page.row += 2
    page.header([head for head, _ in _HEADS], [kind for _, kind in _HEADS])
    page.freeze()
    first = page.row
    for section in sections:
        page.text(0, section.title, "text", "heading")
        page.row += 1
        for each in section.inputs:
            _write_input(page, each)
    last = page.row
    page.row = count_row
    changed = page.range(4, first, max(first, last - 1))
    page.formula(1, f'=COUNTIF({changed},"changed")', "whole", 0, role="total", name=CHANGED)
    page.row += 1
    within = page.range(_WITHIN, first, max(first, last - 1))
    page.formula(1, f'=COUNTIF({within},"no")', "whole", 0, role="total", name=IMPOSSIBLE)
    page.row = last
    if fixed:
        _write_fixed(page, fixed)
    page.page.print_area(0, 0, page.row, _WITHIN - 2)


def inputs_sheet(book: Book) -> Sheet:
    """Add the Inputs sheet, empty yet."""
    return book.sheet(SHEET, "Inputs", WIDTHS, _SAYS)


def _write_input(page: Sheet, each: Input) -> None:
    page.text(0, each.label, "words")
    page.changeable(1, each.value, each.kind, each.name, each.rule)
    page.text(2, each.unit, "words")
    page.put(3, each.value, each.kind, "fixed")
    now, then = page.here(1), page.here(3)
    # An empty cell equals 0, so emptiness is compared by itself.
    same = f"AND(ISBLANK({now})=ISBLANK({then}),{now}={then})"
    page.formula(4, f'=IF({same},"","changed")', "text", "")
    page.put(5, each.low, each.kind)
    page.put(6, each.high, each.kind)
    for column, text in enumerate((each.quality, each.value_from, each.source, each.date), start=7):
        page.text(column, text, "words", "fixed")
    page.put(11, each.reason or None, "words", "input")
    page.text(12, each.path, "words", "fixed")
    test = f'=IF(ISBLANK({now}),"yes",IF({possible(each.rule, now)},"yes","no"))'
    page.formula(_WITHIN, test, "text", "yes")
    page.row += 1


def _write_fixed(page: Sheet, fixed: Sequence[tuple[str, Value, Kind, str]]) -> None:
    page.heading("What cannot be changed in this file")
    page.note("These shape the sheets. To change them, change the case in the workbook and export.")
    page.header(("What", "As exported", "Why"), ("words", "number", "words"))
    for label, value, kind, why in fixed:
        page.text(0, label, "words")
        page.put(1, value, kind, "fixed")
        page.text(2, why, "text", "note")
        page.row += 1
