"""The inputs of a plan's measures: when each runs, what it costs, what it changes, what it pays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from retention_lib.assumptions import QUALITY_WORDS
from retention_lib.documents import value_at
from retention_lib.labels import label_of
from retention_lib.outputs.excel.book import Rule
from retention_lib.outputs.excel.inputs import Input, Known, Section
from retention_lib.outputs.excel.looks import Kind
from retention_lib.outputs.excel.plan_names import (
    NO,
    PAYERS,
    TAPERS,
    YES,
    Of,
    measures_of,
)
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.differences import measure_label
from retention_lib.plans.plan import MONTHS, SHARES, YEARS, Effect, Measure, Plan
from retention_lib.plans.words import QUANTITY_WORDS
from retention_lib.plans.years import year_labels

_MONTHS = Rule(least=0, most=MONTHS, whole=True)
_SHARE = Rule(least=0, most=1)
_POUNDS = Rule(least=0, most=1e12)
_SIGNED = Rule(least=-1e12, most=1e12)
_TERM = Rule(least=0, most=1_200, whole=True)


def measure_sections(known: Known, plan: Plan) -> tuple[Section, ...]:
    """List the inputs of each measure under its name."""
    return tuple(
        Section(
            title=f"Measure {of.index + 1}: {of.measure.name}",
            inputs=tuple(_inputs(known, of, plan)),
        )
        for of in measures_of(plan)
    )


def _inputs(known: Known, of: Of, plan: Plan) -> Iterator[Input]:
    yield from _when(known, of)
    yield from _money(known, of, plan)
    for place, effect in enumerate(of.measure.effects):
        yield from _effect(known, of, place, effect)
    if of.measure.incentive is not None:
        yield from _payment(known, of)


def _at(
    known: Known,
    of: Of,
    field: str,
    label: str,
    unit: str,
    kind: Kind,
    rule: Rule,
    value: float | str | None = None,
) -> Input:
    """Give a field of a measure, and say where it is the catalogue's own."""
    path = f"measures.{of.index}.{field}"
    found = known.input_at(path, label=label, unit=unit, kind=kind, rule=rule, value=value)
    entry = catalogue().get(of.measure.kind)
    is_usual = entry is not None and _value_in(_usual(entry.key), field) == _value_in(
        of.measure, field
    )
    return replace(found, value_from=_USUAL) if is_usual and _is_unsaid(found) else found


_USUAL = "The catalogue's."


def _is_unsaid(found: Input) -> bool:
    """Say whether neither a case nor a user said where a value comes from."""
    return not found.value_from.startswith(("Source:", "Our guess:", "Changed"))


def _usual(kind: str) -> Measure:
    return Measure.model_validate({"kind": kind})


def _value_in(measure: Measure, field: str) -> object:
    return value_at(measure.model_dump(mode="json"), field)


def _of_money(found: Input, of: Of) -> Input:
    entry = catalogue().get(of.measure.kind)
    if entry is None or not found.value:
        return found
    quality = QUALITY_WORDS[entry.money_quality]
    return replace(found, source=entry.money_source, date=entry.date, quality=quality)


def _when(known: Known, of: Of) -> Iterator[Input]:
    measure = of.measure
    whole = Rule(least=0, most=MONTHS - 1, whole=True)
    ends = Rule(least=1, most=MONTHS, whole=True)
    yield _at(known, of, "start", "Starts after month", "months", "whole", whole)
    yield _at(known, of, "end", "Ends after month", "months; empty: goes on", "whole", ends)
    yield _at(known, of, "ramp", "Months until it works fully", "months", "whole", _MONTHS)
    for field, label in (("one_off", "One-off"), ("capital", "Capital")):
        held = YES if getattr(measure, field) else NO
        choice = Rule(choices=(YES, NO))
        yield _at(known, of, field, label, "yes or no", "words", choice, held)
    payers = Rule(choices=tuple(PAYERS.values()))
    held = PAYERS[measure.funded_by]
    yield _at(known, of, "funded_by", "Paid by", "one of a list", "words", payers, held)


def _money(known: Known, of: Of, plan: Plan) -> Iterator[Input]:
    measure = of.measure
    for year, label in zip(range(YEARS), year_labels(plan), strict=True):
        held = measure.money_in(year)
        found = _at(known, of, f"money.{year}", f"Money in {label}", "£", "pounds", _SIGNED, held)
        yield _of_money(found, of)
    yield _of_money(
        _at(
            known,
            of,
            "per_staff_year",
            "For each person in post and year",
            "£ a year",
            "pounds",
            _POUNDS,
        ),
        of,
    )
    reaches = "Share of staff it reaches"
    yield _at(known, of, "staff_share", reaches, "%", "share", _SHARE)
    if of.brings_people:
        label = "For each person it brings"
        yield _of_money(_at(known, of, "per_recruit", label, "£", "pounds", _POUNDS), of)
    if of.recruits_others:
        label = "Months of a capped caseload"
        yield _at(known, of, "protected_months", label, "months", "whole", _MONTHS)


def _effect(known: Known, of: Of, place: int, effect: Effect) -> Iterator[Input]:
    """Give the size of an effect with its range, and how long until it begins."""
    is_share = effect.on in SHARES
    most = Rule(least=-1, most=1) if is_share else Rule(least=-5_000, most=5_000)
    if effect.on in {"staff_per_manager", "newly_qualified_load", "recruits"}:
        least = 1 if effect.on == "staff_per_manager" else 0
        most = replace(most, least=least)
    whose = " (" + ", ".join(each.replace("_", " ") for each in _whose(effect)) + ")"
    said = measure_label(of.measure, f"effects.{place}.central")
    label = f"{said[:1].upper()}{said[1:]}{whose if _whose(effect) else ''}"
    field = f"effects.{place}.central"
    units = {"recruits": "people, once" if effect.once else "people a year", "posts": "posts"}
    unit = "%" if is_share else units.get(effect.on, "staff for each manager")
    found = _at(known, of, field, label, unit, "share" if is_share else "number", most)
    entry = catalogue().get(of.measure.kind)
    if entry is not None and place < len(entry.sources):
        quality = QUALITY_WORDS[entry.quality[place]]
        found = replace(found, source=entry.sources[place], date=entry.date, quality=quality)
    ends = {} if effect.low == effect.high else {"low": effect.low, "high": effect.high}
    yield replace(found, **ends)  # type: ignore[arg-type]  # both are numbers
    words = QUANTITY_WORDS[effect.on]
    lag = f"Months until it begins: {words}"
    yield _at(known, of, f"effects.{place}.lag", lag, "months", "whole", _MONTHS)


def _whose(effect: Effect) -> tuple[str, ...]:
    return (*effect.bands, *((effect.route,) if effect.route else ()))


def _payment(known: Known, of: Of) -> Iterator[Input]:
    """Give the terms of a payment and what it does."""
    offered = of.measure.incentive
    assert offered is not None
    scheme, golden = offered.scheme, offered.scheme.kind == "golden_hello"
    people = "A year's joiners it is offered to" if golden else "People it is offered to"
    eligible = Rule(least=0, most=5_000)
    yield _at(known, of, "incentive.eligible", people, "people", "people", eligible)
    yield _at(known, of, "incentive.salary", "Their salary", "£ a year", "pounds", _POUNDS)
    if golden:
        label = "Cost of hiring one extra joiner"
        yield _at(known, of, "incentive.hire_cost", label, "£", "pounds", _POUNDS)
    flat = scheme.amount.flat is not None
    paths = [f"amount.{'flat' if flat else 'percent_of_salary'}", "take_up", "oncost_rate"]
    for path in paths:
        yield _known_at(known, of, f"scheme.{path}")
    yield from _instalments(known, of, len(scheme.instalments))
    label = "Months of the tie-in"
    yield _at(known, of, "incentive.scheme.tie_in_months", label, "months", "whole", _TERM)
    taper = "incentive.scheme.clawback.taper"
    yield _at(
        known,
        of,
        taper,
        label_of("scheme.clawback.taper"),
        "one of a list",
        "words",
        Rule(choices=tuple(TAPERS.values())),
        TAPERS[scheme.clawback.taper],
    )
    yield _known_at(known, of, "scheme.clawback.recovery_rate")
    by_hand = offered.effect.leaving_reduction is not None
    yield _known_at(known, of, f"effect.{'leaving_reduction' if by_hand else 'pay_elasticity'}")
    if golden:
        yield _known_at(known, of, "effect.extra_hires")
    yield _known_at(known, of, "effect.after_multiplier")
    after = "incentive.effect.after_months"
    yield _at(known, of, after, label_of("effect.after_months"), "months", "whole", _TERM)


def _instalments(known: Known, of: Of, count: int) -> Iterator[Input]:
    for place in range(count):
        base = f"incentive.scheme.instalments.{place}"
        said = f"Instalment {place + 1}"
        label = f"{said}: months after the offer"
        yield _at(known, of, f"{base}.month", label, "months", "whole", _TERM)
        label = f"{said}: share of the payment. All add up to 100%"
        yield _at(known, of, f"{base}.share", label, "%", "share", _SHARE)


def _known_at(known: Known, of: Of, field: str) -> Input:
    """Give a field of a payment as the register knows it."""
    path = f"measures.{of.index}.incentive.{field}"
    found = known.input_at(path, label=label_of(field))
    return found
