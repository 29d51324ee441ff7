"""The inputs of an offer: every number of it that is no shape of the sheets."""

from __future__ import annotations

from collections.abc import Iterable

from retention_lib.labels import value_text
from retention_lib.optimism import SWITCH
from retention_lib.outputs.excel.book import Rule, Sheet, Value
from retention_lib.outputs.excel.inputs import Input, Known, Section, write_inputs
from retention_lib.outputs.excel.looks import Kind
from retention_lib.outputs.excel.names import name_of
from retention_lib.scenario import FROM_PARTS, Costs, Scenario

KIND, TAPER = "scheme.kind", "scheme.clawback.taper"
GOLDEN = value_text(KIND, "golden_hello")
KINDS = (value_text(KIND, "retention"), GOLDEN)
TAPERS = ("monthly", "yearly", "full", "none")
PARTS = value_text("leaver_cost", FROM_PARTS)
YES, NO = value_text(SWITCH, True), value_text(SWITCH, False)

_SHARE, _MONTHS = Rule(least=0, most=1), Rule(least=0, most=1e6, whole=True)
_HOLDS_WORDS = (KIND, TAPER, SWITCH, "leaver_cost", "vacancy.net_saving_per_month")


def cell_value(path: str, value: object) -> Value:
    """Give what the input cell of a field holds: numbers as they are, choices in words.

    Example:
        >>> cell_value("scheme.clawback.taper", "yearly"), cell_value("appraisal.optimism", True)
        ('less each year', 'yes')
    """
    if path in _HOLDS_WORDS and isinstance(value, (str, bool)):
        return value_text(path, value)
    assert value is None or isinstance(value, (int, float, str))
    return value


def sections_of(scenario: Scenario) -> tuple[Section, ...]:
    """List every input of an offer, under the headings it is read by."""
    known = Known(scenario)
    return (
        Section(title="The offer", inputs=tuple(_scheme(scenario, known))),
        Section(title="When it is paid", inputs=tuple(_instalments(scenario, known))),
        *(
            Section(title=_group_title(scenario, i), inputs=tuple(_group(known, i)))
            for i in range(len(scenario.groups))
        ),
        Section(title="What the payment does", inputs=tuple(_effect(known))),
        Section(title="The cost of a leaver", inputs=tuple(_leaver(known))),
        Section(title="A vacancy filled sooner", inputs=tuple(_vacancy(known))),
        Section(title="Neighbours and the region", inputs=tuple(_region(known))),
        Section(title="How it is appraised", inputs=tuple(_appraisal(known))),
        *(
            Section(title=_other_title(scenario, i), inputs=tuple(_other(known, i)))
            for i in range(len(scenario.not_offered))
        ),
    )


def write_offer_inputs(page: Sheet, scenario: Scenario) -> None:
    """Write the Inputs sheet of an offer, and name the ranges of its instalments."""
    write_inputs(page, sections_of(scenario), _fixed(scenario))
    last = len(scenario.scheme.instalments) - 1
    for what in ("month", "share"):
        first = page.book.names[name_of(f"scheme.instalments.0.{what}")]
        end = page.book.names[name_of(f"scheme.instalments.{last}.{what}")]
        page.book.name(f"instalment_{what}s", f"{first}:{end.rsplit('!', 1)[1]}")


def _choice(
    known: Known, path: str, choices: tuple[str, ...], unit: str = "choose from the list"
) -> Input:
    value = cell_value(path, known.document.at(path))
    return known.input_at(path, value=value, unit=unit, kind="words", rule=Rule(choices=choices))


def _scheme(scenario: Scenario, known: Known) -> Iterable[Input]:
    yield _choice(known, KIND, KINDS)
    yield known.input_at("scheme.amount.flat", unit="£ each; leave empty for a percentage")
    yield known.input_at(
        "scheme.amount.percent_of_salary",
        label="One-off or total payment, share of salary",
        unit="% of salary (type 15 for 15%); leave empty for a flat sum",
    )
    yield known.input_at("scheme.take_up")
    yield known.input_at("scheme.tie_in_months", rule=_MONTHS)
    tapers = tuple(value_text(TAPER, each) for each in TAPERS)
    yield _choice(known, TAPER, tapers)
    yield known.input_at("scheme.clawback.recovery_rate")
    yield known.input_at("scheme.oncost_rate")


def _instalments(scenario: Scenario, known: Known) -> Iterable[Input]:
    count = range(len(scenario.scheme.instalments))
    for i in count:
        yield known.input_at(
            f"scheme.instalments.{i}.month",
            label=f"Instalment {i + 1}: month",
            unit="months from the first day",
            kind="whole",
            rule=_MONTHS,
        )
    for i in count:
        yield known.input_at(
            f"scheme.instalments.{i}.share",
            label=f"Instalment {i + 1}: share of the payment",
            unit="%; all shares add up to 100%",
            kind="share",
            rule=_SHARE,
        )


def _group_title(scenario: Scenario, index: int) -> str:
    return f"Group {index + 1}: {scenario.groups[index].name}"


def _group(known: Known, index: int) -> Iterable[Input]:
    for name in ("headcount", "salary", "annual_leaving_rate"):
        yield known.input_at(f"groups.{index}.{name}")
    yield known.input_at(
        f"groups.{index}.replacement_leaving_rate", unit="%; empty: the same as theirs"
    )


def _effect(known: Known) -> Iterable[Input]:
    yield known.input_at("effect.leaving_reduction", unit="%; leave empty to use the next line")
    yield known.input_at(
        "effect.pay_elasticity", unit="% fall for each 1% of pay; used where the fall is empty"
    )
    yield known.input_at("effect.extra_hires", kind="share", rule=Rule(least=0, most=1e6))
    yield known.input_at("effect.after_multiplier")
    yield known.input_at("effect.after_months", rule=_MONTHS)


def _or_parts(known: Known, path: str, unit: str, least: float) -> Input:
    rule = Rule(least=least, most=1e12, or_text=PARTS)
    value = cell_value(path, known.document.at(path))
    return known.input_at(path, value=value, unit=f'{unit}, or "{PARTS}"', rule=rule)


def _leaver(known: Known) -> Iterable[Input]:
    yield _or_parts(known, "leaver_cost", "£ each", 0)
    yield known.input_at("leaver_cost_cashable_share")
    for name in Costs.model_fields:
        yield known.input_at(f"costs.{name}")


def _vacancy(known: Known) -> Iterable[Input]:
    yield known.input_at("vacancy.months")
    yield _or_parts(known, "vacancy.net_saving_per_month", "£ a month", -1e12)
    yield known.input_at("vacancy.hire_cost")


def _region(known: Known) -> Iterable[Input]:
    yield known.input_at("region.leavers_to_neighbours")
    yield known.input_at("region.hires_from_neighbours")
    yield known.input_at("bidding.match_chance")
    yield known.input_at("bidding.match_delay_months", rule=_MONTHS)
    yield known.input_at("bidding.neighbours_people")


def _appraisal(known: Known) -> Iterable[Input]:
    yield known.input_at("appraisal.discount_rate")
    yield _choice(known, SWITCH, (YES, NO))


def _other_title(scenario: Scenario, index: int) -> str:
    return f"Not offered it, group {index + 1}: {scenario.not_offered[index].name}"


def _other(known: Known, index: int) -> Iterable[Input]:
    usual: tuple[tuple[str, str, Kind, Rule], ...] = (
        ("headcount", "people", "people", Rule(least=0, most=1e9)),
        ("salary", "£ a year", "pounds", Rule(least=0, most=1e12)),
        ("annual_leaving_rate", "%", "share", _SHARE),
    )
    for name, unit, kind, rule in usual:
        yield known.input_at(f"not_offered.{index}.{name}", unit=unit, kind=kind, rule=rule)


def _fixed(scenario: Scenario) -> tuple[tuple[str, Value, Kind, str], ...]:
    first = scenario.appraisal.first_financial_year
    why = "It decides how many rows, columns or sheets there are."
    return (
        ("Months looked at", scenario.appraisal.months, "whole", why),
        ("Groups it is offered to", len(scenario.groups), "whole", why),
        ("Instalments", len(scenario.scheme.instalments), "whole", why),
        ("Groups not offered it", len(scenario.not_offered), "whole", why),
        ("First financial year", "Year 1" if first is None else first, "whole", "Only its name."),
    )
