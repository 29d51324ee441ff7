"""The inputs of a comparison: what people in a gap cost, the figure to reach, and the claim."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from retention_lib.assumptions import QUALITY_WORDS, register
from retention_lib.assumptions_log.entry import NO_SOURCE_WORDS
from retention_lib.assumptions_log.register_entries import changed_words
from retention_lib.benchmarks.answer import SET_BY_HAND, covered_share, prices_of
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.gap import Gap, Prices, gap
from retention_lib.benchmarks.measures import MEASURES, Measure
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.benchmarks.sensitivity import PRICED
from retention_lib.labels import label_of, value_text
from retention_lib.outputs.excel.book import Rule, Sheet, Value
from retention_lib.outputs.excel.inputs import UNIT_KINDS, Input, Section, write_inputs
from retention_lib.outputs.excel.looks import Kind

COVERED = PRICED["covered_share"]
CHANGE, TARGET = "claim.change", "target"
TARGETS = tuple(value_text(TARGET, each) for each in ("median", "best_quarter"))


@dataclass(frozen=True)
class Asked:
    """A comparison with its answer, and what its workbook needs of both."""

    comparison: Comparison
    result: BenchmarkResult

    @property
    def measure(self) -> Measure:
        """The measure asked about."""
        return MEASURES[self.result.standing.measure]

    @property
    def value_kind(self) -> Kind:
        """How a figure of the measure looks."""
        return "share" if self.measure.is_share else "points"

    @property
    def scale(self) -> int:
        """What a change is multiplied by to be in points, or in cases."""
        return 100 if self.measure.is_share else 1

    @cached_property
    def prices(self) -> Prices:
        """What people cost, with their ranges."""
        return prices_of(self.comparison)

    @cached_property
    def widest(self) -> Gap:
        """The gap to the best quarter: where it has no lines, no gap of this council has."""
        return gap(self.result.standing, "best_quarter", self.prices)


def cell_of(path: str, value: object) -> Value:
    """Give what an input cell holds for a value of a comparison.

    Example:
        >>> cell_of("target", "best_quarter"), cell_of("leaver_cost", 9_000.0)
        ('their best quarter', 9000.0)
    """
    assert isinstance(value, (str, int, float))
    return value_text(path, value) if path == TARGET else value


def write_comparison_inputs(page: Sheet, asked: Asked) -> None:
    """Write the Inputs sheet of a comparison."""
    prices = tuple(_price(asked, name, path) for name, path in PRICED.items())
    read = (_target(asked), _change(asked))
    sections = (
        Section(title="What the people in a gap cost", inputs=prices),
        Section(title="What is asked", inputs=read),
    )
    write_inputs(page, sections, _fixed(asked))


def _price(asked: Asked, name: str, path: str) -> Input:
    row = register().behind(path)
    assert row is not None
    kind, unit, rule = UNIT_KINDS[row.unit_name]
    taken = getattr(asked.prices, name)
    return Input(
        path=path,
        label=row.label,
        value=taken.central,
        unit=unit,
        kind=kind,
        rule=rule,
        low=taken.low,
        high=taken.high,
        quality=QUALITY_WORDS[row.quality],
        value_from=_value_from(asked, path),
        source=NO_SOURCE_WORDS if row.quality == "none" else row.source,
        date=row.date,
        reason=asked.comparison.reasons.get(path, ""),
    )


def _value_from(asked: Asked, path: str) -> str:
    change = next((each for each in asked.result.changes if each.path == path), None)
    if change is not None:
        return changed_words(change)
    if path == COVERED:
        whose = covered_share(asked.comparison)[1]
        return "Set here." if whose == SET_BY_HAND else f"{whose[0].upper()}{whose[1:]}."
    row = register().behind(path)
    assert row is not None
    return "The register's." if asked.comparison.at(path) == row.default else "The case's own."


def _target(asked: Asked) -> Input:
    return Input(
        path=TARGET,
        label=label_of(TARGET),
        value=cell_of(TARGET, asked.comparison.target),
        unit="choose from the list",
        kind="words",
        rule=Rule(choices=TARGETS),
        value_from=_value_from_choice(asked, TARGET),
        reason=asked.comparison.reasons.get(TARGET, ""),
    )


def _change(asked: Asked) -> Input:
    claim = asked.result.claim
    unit = "points; type -5% for a fall of 5 points" if asked.measure.is_share else "cases"
    filled = "The change that closes the gap as exported, or a plain fall where there is none."
    return Input(
        path=CHANGE,
        label="The change to look for among others; a fall is below 0",
        value=claim.change,
        unit=unit,
        kind=asked.value_kind,
        rule=Rule(least=-1e6, most=1e6),
        value_from=_value_from_choice(asked, CHANGE) if claim.is_own else filled,
        reason=asked.comparison.reasons.get(CHANGE, ""),
    )


def _value_from_choice(asked: Asked, path: str) -> str:
    change = next((each for each in asked.result.changes if each.path == path), None)
    return "As it was asked." if change is None else changed_words(change)


def _fixed(asked: Asked) -> tuple[tuple[str, Value, Kind, str], ...]:
    stood, claim = asked.result.standing, asked.result.claim.reference
    why = "It decides which published figures are in the file."
    return (
        ("Council", stood.area.name, "words", why),
        ("Year to September", stood.year, "whole", why),
        ("Measure", asked.measure.label, "words", why),
        ("Compared with", stood.group.name, "words", why),
        ("Reference class: starts from", claim.at_least, asked.value_kind, why),
        (
            "Reference class: starts up to",
            min(claim.at_most, 1e6),
            asked.value_kind,
            why,
        ),
        ("Reference class: years on", claim.years_on, "whole", why),
    )
