"""The inputs of a plan: every number of its answer that does not shape the sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from retention_lib.assumptions import QUALITY_WORDS, register
from retention_lib.labels import label_of
from retention_lib.outputs.excel.book import Book, Rule, Sheet, Value
from retention_lib.outputs.excel.inputs import Input, Known, Section, write_inputs
from retention_lib.outputs.excel.looks import Kind
from retention_lib.outputs.excel.plan_measure_inputs import measure_sections
from retention_lib.outputs.excel.plan_names import BASELINES, NO, TOWARDS, YES, measures_of
from retention_lib.plans.numbers import value_of
from retention_lib.plans.plan import Costs, Pay, Plan, Service, Targets
from retention_lib.plans.prices import yearly_growth
from retention_lib.plans.words import QUANTITY_WORDS
from retention_lib.plans.years import year_labels

_BELOW_1 = Rule(least=0, most=0.99)
_RULES: Mapping[str, Rule] = {
    "service.vacancy_rate": _BELOW_1,
    "service.agency_rate": _BELOW_1,
    "service.staff": Rule(least=0, most=5_000),
}
_GROWTH = Rule(least=-0.5, most=1)
_BEHIND_GROWTH = {
    "pay_award": "average_earnings_growth",
    "agency": "average_earnings_growth",
    "cpi": "cpi_growth",
}


def write_plan_inputs(book: Book, page: Sheet, plan: Plan) -> None:
    """Write the Inputs sheet of a plan, and name each measure's money of the four years."""
    write_inputs(page, sections_of(plan), _fixed(plan))
    for of in measures_of(plan):
        first, last = (book.names[of.given(f"money.{year}")] for year in (0, 3))
        book.name(of.own("money"), f"{first}:{last.rsplit('!', 1)[1]}")


def sections_of(plan: Plan) -> tuple[Section, ...]:
    """List every input of a plan, under the headings it is read by."""
    known = Known(plan)
    service = Service.model_fields
    return (
        Section(
            title="The service on the first day",
            inputs=tuple(_number(known, f"service.{name}") for name in service),
        ),
        Section(title="How it would go anyway", inputs=tuple(_baseline(known))),
        Section(
            title="What people cost",
            inputs=tuple(
                _number(known, path)
                for path in (
                    *(f"pay.{name}" for name in Pay.model_fields),
                    *(f"costs.{name}" for name in Costs.model_fields),
                )
            ),
        ),
        Section(title="Prices by financial year", inputs=tuple(_prices(known))),
        Section(title="How it is appraised", inputs=tuple(_appraisal(known))),
        Section(
            title="Targets and what counts",
            inputs=tuple(_number(known, f"targets.{name}") for name in Targets.model_fields),
        ),
        Section(
            title="Neighbours and the region",
            inputs=tuple(
                _number(known, f"region.{name}")
                for name in ("leavers_to_neighbours", "hires_from_neighbours")
            ),
        ),
        *measure_sections(known, plan),
    )


def _number(known: Known, path: str) -> Input:
    plan = known.document
    assert isinstance(plan, Plan)
    return known.input_at(path, value=value_of(plan, path), rule=_RULES.get(path))


def _baseline(known: Known) -> Iterator[Input]:
    plan = known.document
    assert isinstance(plan, Plan)
    for field, words in (("kind", BASELINES), ("towards", TOWARDS)):
        held = words[getattr(plan.baseline, field)]
        yield known.input_at(
            f"baseline.{field}",
            value=held,
            unit="one of a list",
            kind="words",
            rule=Rule(choices=tuple(words.values())),
        )
    for name in type(plan.baseline).model_fields:
        if name not in {"kind", "towards"}:
            path = f"baseline.{name}"
            rule = Rule(least=-0.5, most=1) if name == "demand_growth" else None
            yield known.input_at(path, value=value_of(plan, path), rule=rule)


def _prices(known: Known) -> Iterator[Input]:
    plan = known.document
    assert isinstance(plan, Plan)
    growth = yearly_growth(plan)
    for name, by_year in growth.items():
        row = register()[_BEHIND_GROWTH[name]]
        for year, (label, value) in enumerate(zip(year_labels(plan), by_year, strict=True)):
            path = f"prices.{name}.{year}"
            found = known.input_at(
                path,
                value=value,
                label=f"{label_of(f'prices.{name}')}: {label}",
                unit="%, from the year before",
                kind="share",
                rule=_GROWTH,
            )
            if year >= len(getattr(plan.prices, name)):
                said = "Agency rates follow pay." if name == "agency" else "The register's."
                quality = QUALITY_WORDS[row.quality]
                found = replace(
                    found, value_from=said, source=row.source, date=row.date, quality=quality
                )
            yield found


def _appraisal(known: Known) -> Iterator[Input]:
    plan = known.document
    assert isinstance(plan, Plan)
    yield _number(known, "appraisal.discount_rate")
    yield known.input_at(
        "appraisal.optimism",
        value=YES if plan.appraisal.optimism else NO,
        unit="yes or no",
        kind="words",
        rule=Rule(choices=(YES, NO)),
    )
    yield known.input_at(
        "staffing_budget",
        unit="£ a year; empty: estimated",
        kind="pounds",
        rule=Rule(least=0, most=1e12),
    )


def _fixed(plan: Plan) -> list[tuple[str, Value, Kind, str]]:
    """List what shapes the sheets and so is no input."""
    shape = "It decides which columns there are."
    published = "Published figures come with them; see Worked out once."
    rows: list[tuple[str, Value, Kind, str]] = [
        ("Council (DfE's code)", plan.council, "text", published),
        ("Year of the published figures", float(plan.year), "whole", published),
        ("First financial year", year_labels(plan)[0], "text", "It names the months and years."),
        ("Number of measures", float(len(plan.measures)), "whole", shape),
    ]
    for of in measures_of(plan):
        changed = [QUANTITY_WORDS[effect.on] for effect in of.measure.effects]
        if of.measure.incentive is not None:
            changed.append(f"a payment: {of.measure.incentive.scheme.kind.replace('_', ' ')}")
        label = f"What measure {of.index + 1} changes"
        rows.append((label, "; ".join(changed) or "nothing", "words", shape))
    return rows
