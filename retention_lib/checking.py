"""Check that the figures, the register, the studies and the presets are what they should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from retention_lib.assumptions import register
from retention_lib.benchmarks.answer import compare
from retention_lib.benchmarks.cases import cases
from retention_lib.evaluation import evaluate
from retention_lib.evidence import studies
from retention_lib.figures import (
    councils,
    judgements_of,
    latest_year,
    leaving_in,
    neighbours_of,
    release,
    years_of,
)
from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import cases as plan_cases
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.plan import Measure
from retention_lib.presets import presets
from retention_lib.synthetic.answer import what_happened
from retention_lib.synthetic.cases import cases as happened_cases

_PUBLISHED = (("806", 2019, 0.208), ("806", 2023, 0.329), ("879", 2025, 0.081))
_MODELS = ("2021", "2025")

_CENTRAL = "The register's central value"


def _presets_behind_the_register() -> Iterator[str]:
    """Name the figures that say they are the register's central value and no longer are."""
    for preset in presets():
        for path, words in preset.ours.items():
            row = register().behind(path)
            value = preset.scenario.at(path)
            if _CENTRAL in words and row is not None and value != row.default:
                yield (
                    f"Note: {preset.title}: {path} is {value:g}, and the register's central value "
                    f"is {row.default:g} now."
                )


def _others_of_the_latest_year() -> Iterator[str]:
    """Check that every council with figures has neighbours in a model, and a judgement.

    Raises:
        ValueError: naming those that have not.
    """
    now = [area for area in councils() if years_of(area.code)[0] == latest_year()]
    alone = [a.name for a in now if not any(neighbours_of(m, a.code) for m in _MODELS)]
    unjudged = [area.name for area in now if not judgements_of(area.code)]
    if alone or unjudged:
        raise ValueError(f"Without neighbours: {alone}. Without a judgement: {unjudged}.")
    yield f"Neighbours and judgements of all {len(now)} councils of {latest_year()}."


def _register() -> Iterator[str]:
    yield f"The register holds {len(register())} assumptions, each with a source or a reason."


def _studies() -> Iterator[str]:
    yield f"{len(studies())} findings of studies."


def _published_figures() -> Iterator[str]:
    """Look at a few figures that are known from elsewhere.

    Raises:
        ValueError: naming one that is not what was published.
    """
    for code, year, turnover in _PUBLISHED:
        figure = leaving_in(code, year)
        if figure is None or figure.turnover != turnover:
            raise ValueError(
                f"Turnover of council {code} in {year} should be {turnover:.1%}; found {figure}."
            )
    yield f"Figures of {len(councils())} councils: {release()}."


def _measures() -> Iterator[str]:
    for kind in catalogue():
        Measure.model_validate({"kind": kind})
    yield f"{len(catalogue())} measures to build a four-year plan from."


CHECKS_OF_DATA: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
    ("Every assumption has a source or a reason", _register),
    ("Every study can be read", _studies),
    ("Published figures are as published", _published_figures),
    ("Every council has neighbours and a judgement", _others_of_the_latest_year),
    ("Cases that take the register's figure still have it", _presets_behind_the_register),
    ("Every measure fits into a plan", _measures),
)
"""What is looked at before any answer, by name; each tells what it found or raises ValueError."""


def check_everything() -> Iterator[str]:
    """Read all data and answer every preset.

    Yields:
        One line for each thing that was found sound.

    Raises:
        ValueError: at the first thing that is not, saying where and what.
    """
    for _, look in CHECKS_OF_DATA:
        yield from look()
    for preset in presets():
        result = evaluate(preset.scenario)
        yield f"{preset.title}: {result.headline}"
    for case in cases():
        yield f"{case.title}: {compare(case.comparison).headline}"
    for story in happened_cases():
        yield f"{story.title}: {what_happened(story.question).headline}"
    for plan_case in plan_cases():
        yield f"{plan_case.title}: {appraise(plan_case.plan).headline}"
