"""What a page says of its question: where it started, what differs, every input and its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from retention_lib.assumptions import QUALITY_WORDS, register
from retention_lib.assumptions_log import Question as LogQuestion
from retention_lib.assumptions_log import log_of
from retention_lib.benchmarks import cases as comparison_cases
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.groups import council
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.words import possessive
from retention_lib.documents import Document, leaves
from retention_lib.figures import all_areas
from retention_lib.labels import label_of, value_text
from retention_lib.origins import of_id
from retention_lib.outputs.one_page.content import TableShown, words_table
from retention_lib.plans import cases as plan_cases
from retention_lib.plans.plan import Plan
from retention_lib.presets import presets
from retention_lib.results import Answered
from retention_lib.scenario import Scenario
from retention_lib.synthetic import cases as happened_cases
from retention_lib.synthetic.question import Question

_NOT_INPUTS = ("schema", "kind", "name", "reasons", "case")
_CODES = ("council", "beside.codes.", "left_out.")
_MEASURES = ("measure", "second_measure")
_CHOSEN = "Chosen."


@dataclass(frozen=True)
class Story:
    """The case that an answer started from."""

    summary: str
    source: str


def question_of(document: Document) -> str:
    """Ask the question that a document is about, as a heading does.

    Example:
        >>> from retention_lib.presets import preset
        >>> question_of(preset("flat-golden-hello").scenario)
        'Would this golden hello pay for itself?'
    """
    match document:
        case Scenario():
            golden = document.scheme.kind == "golden_hello"
            what = "golden hello" if golden else "retention payment"
            return f"Would this {what} pay for itself?"
        case Plan():
            name = council(document.council).name
            return f"What would four years of investing to save do in {name}?"
        case Comparison():
            whose, noun = (
                possessive(council(document.council).name),
                MEASURES[document.measure].noun,
            )
            return f"Where does {whose} {noun} stand, and what is the gap worth?"
        case Question():
            name, noun = council(document.council).name, MEASURES[document.measure].noun
            return f"What happened to {noun} in {name} after {document.year}?"
    return document.name


def workbook_of(document: Document) -> str:
    """Name the workbook that opens a document."""
    return {
        Scenario.KIND: "Incentives",
        Plan.KIND: "Invest to save",
        Comparison.KIND: "Benchmarks",
        Question.KIND: "Did it work there?",
    }.get(document.kind, document.kind)


def story_of(document: Document) -> Story | None:
    """Find the case that a document started from."""
    told = of_id(_told(document), document.at("case.preset"))
    return None if told is None else Story(told.summary, told.source)


class _Told(Protocol):
    """A case, whatever it is a case of."""

    @property
    def id(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def source(self) -> str: ...


def _told(document: Document) -> Sequence[_Told]:
    match document:
        case Scenario():
            return presets()
        case Plan():
            return plan_cases.cases()
        case Comparison():
            return comparison_cases.cases()
    return happened_cases.cases()


def whose_figures(document: Document) -> str:
    """Say which council's published figures a document takes, and of which year."""
    code = document.at("council") or document.at("case.council")
    area = all_areas().get(str(code))
    year = document.at("year") or document.at("case.year")
    if area is None or not year:
        return ""
    what = "Figures of leaving" if isinstance(document, Scenario) else "Published figures"
    return f"{what}: {area.name}, year to September {year}."


def changes_table(result: Answered) -> TableShown | None:
    """Show what was changed and why; None where nothing was."""
    rows = [
        (each.label, each.was, each.now, each.reason or "No reason given.")
        for each in result.changes
    ]
    title = "What was changed, and why"
    return words_table(title, ("Changed", "Was", "Now", "Why"), rows) if rows else None


@dataclass(frozen=True, kw_only=True)
class Input:
    """One number that an answer rests on, in words; empty where there is nothing to say."""

    label: str
    value: str
    range: str = ""
    evidence: str = ""
    value_from: str = ""
    source: str = ""


def inputs_of(document: Document, on: dt.date) -> tuple[Input, ...]:
    """List every input with its range, how good its evidence is, and its source.

    Of an offer or a plan it is the assumptions log, what moves the answer most first.

    Args:
        document: what was chosen.
        on: the day on which the ages of figures are told.
    """
    if isinstance(document, (Scenario, Plan)):
        return tuple(_logged(document, on))
    return tuple(_listed(document))


def _logged(document: Scenario | Plan, on: dt.date) -> Iterator[Input]:
    asked = LogQuestion.from_dict(document.to_dict())
    for entry in log_of(asked, on).entries:
        if entry.used:
            yield Input(
                label=entry.label,
                value=entry.value,
                range=entry.range_text,
                evidence=f"{entry.quality_words}. Impact: {entry.impact_words}.",
                value_from=entry.value_from,
                source=f"{entry.source_words.rstrip('.')}. Date: {entry.date}.",
            )


def _listed(document: Document) -> Iterator[Input]:
    for path, value in leaves(document.to_dict()):
        if path.split(".")[0] in _NOT_INPUTS:
            continue
        row = register().behind(path)
        if row is None:
            yield Input(label=label_of(path), value=_value(path, value), value_from=_CHOSEN)
        else:
            yield Input(
                label=row.label,
                value=_value(path, value),
                range=row.range_text,
                evidence=f"{QUALITY_WORDS[row.quality]}.",
                source=f"{row.source.rstrip('.')}. Date: {row.date}.",
            )


def _value(path: str, value: object) -> str:
    """Write an input's value: a council by its name, a measure by its own."""
    if path.startswith(_CODES):
        return council(str(value)).name
    return MEASURES[str(value)].label if path in _MEASURES else value_text(path, value)
