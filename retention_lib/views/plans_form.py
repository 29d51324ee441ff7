"""The form of a plan below its top: the levers, each measure's fields, other assumptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from retention_lib.assumptions import Assumption, Section, register
from retention_lib.labels import label_of
from retention_lib.plans.budget_tables import staffing_budget
from retention_lib.plans.catalogue import OWN
from retention_lib.plans.differences import case_of, started_from
from retention_lib.plans.numbers import FIELDS, figures_of, value_of
from retention_lib.plans.plan import YEARS, Plan
from retention_lib.plans.played import played
from retention_lib.plans.prices import yearly_growth
from retention_lib.plans.years import year_labels
from retention_lib.units import UNITS, Unit
from retention_lib.views.fields import Choice, Field, Known, choice_field, number_field
from retention_lib.views.plans_measures import (
    Shown,
    begun_measure,
    drawn_field,
    incentive_row,
    levers,
    measure_choices,
    measure_fields,
    number_in,
    own_change,
    shown_of,
)

_BUDGET = "staffing_budget"
_LATEST_START = 2035
_SECTIONS: tuple[tuple[Section, str], ...] = (
    ("service", "The service at the start"),
    ("baseline", "How it would go anyway"),
    ("pay", "What people cost"),
    ("targets", "What it is held to"),
    ("region", "The region"),
    ("appraisal", "The first year, and today's money"),
)
_OWN_SECTION: Mapping[str, Section] = {"costs": "pay"}


def sections(plan: Plan) -> list[dict[str, Any]]:
    """Draw the levers: one for each measure first, then each measure's fields, then the rest."""
    begun = started_from(plan)
    drawn: list[dict[str, Any]] = [{"title": "", "fields": levers(plan, begun)}]
    for index, measure in enumerate(plan.measures):
        title = f"Measure: {measure.name}"
        drawn.append({"title": title, "fields": measure_fields(plan, begun, index)})
    by_section: dict[str, list[Field]] = {}
    for row, path in _register_rows(plan):
        section = _OWN_SECTION.get(path.split(".")[0], row.section or "main")
        by_section.setdefault(section, []).append(_register_field(plan, begun, row, path))
    by_section["baseline"].insert(0, choice_field(_TOWARDS, plan))
    by_section["appraisal"].insert(0, choice_field(_FIRST_YEAR, plan))
    by_section["targets"].append(_budget_field(plan, begun))
    for key, title in _SECTIONS:
        drawn.append({"title": title, "fields": by_section.get(key, [])})
    drawn.append({"title": "Pay awards and prices by year", "fields": _price_fields(plan, begun)})
    return drawn


_TOWARDS: Choice[Plan] = Choice(
    "baseline.towards",
    label_of("baseline.towards"),
    lambda _: [
        ("england", "England's"),
        ("region", "Its region's"),
        ("neighbours_2025", "Its statistical neighbours' (2025)"),
        ("neighbours_2021", "Its statistical neighbours' (2021)"),
    ],
    lambda plan: plan.baseline.towards,
    lambda plan, towards: plan.but({"baseline.towards": towards}),
)
_FIRST_YEAR: Choice[Plan] = Choice(
    "appraisal.first_financial_year",
    "First financial year",
    lambda plan: [
        (str(year), f"{year}/{(year + 1) % 100:02d}")
        for year in sorted({plan.appraisal.first_financial_year, *range(2025, _LATEST_START)})
    ],
    lambda plan: str(plan.appraisal.first_financial_year),
    lambda plan, year: plan.but({"appraisal.first_financial_year": int(year)}),
)
_LEVER_CHOICES = {choice.path: choice for choice in (_TOWARDS, _FIRST_YEAR)}


def _register_rows(plan: Plan) -> Iterator[tuple[Assumption, str]]:
    """List the register's numbers that a plan has."""
    for row in register().on_forms():
        path = row.path or ""
        if "*" not in path and (path in FIELDS or isinstance(plan.at(path), (int, float))):
            yield row, path


def _register_field(plan: Plan, begun: Plan, row: Assumption, path: str) -> Field:
    start = value_of(begun, path)
    now = ""
    if path in FIELDS and plan.at(path) is None:
        now = getattr(figures_of(plan), FIELDS[path]).source
    case = case_of(plan)
    return number_field(row, path, start, Known(case, now=now))


def _budget_field(plan: Plan, begun: Plan) -> Field:
    shown = Shown(
        label_of(_BUDGET),
        UNITS["pounds"],
        (0.0, 50_000_000.0, 1_000.0),
        "The budget for social workers, their managers and their hiring in the year before the "
        "plan. The MTFS table starts from it.",
        "Unless you set it: funded posts at the pay of staff with on-costs",
    )
    return drawn_field(_BUDGET, shown, staffing_budget(played(begun)))


def _price_fields(plan: Plan, begun: Plan) -> list[Field]:
    """Draw the growth of pay, agency rates and prices, year by year."""
    labels = {"pay_award": "Pay award", "agency": "Agency rates", "cpi": "Prices"}
    started = yearly_growth(begun)
    shown = [(name, year, label) for name in labels for year, label in enumerate(year_labels(plan))]
    return [
        drawn_field(
            f"prices.{name}.{year}",
            Shown(
                f"{labels[name]}: growth in {label}",
                UNITS["share"],
                (-0.05, 0.2, 0.001),
                "Growth from the year before. The register's forecast where you set nothing.",
                "The register: OBR forecasts of earnings and of consumer prices",
            ),
            started[name][year],
        )
        for name, year, label in shown
    ]


def choices_of(plan: Plan) -> dict[str, Choice[Plan]]:
    """Give every choice below the top, by its path."""
    made = dict(_LEVER_CHOICES)
    for index, measure in enumerate(plan.measures):
        for choice in measure_choices(plan, index):
            made[choice.path] = choice
        if measure.kind == OWN:
            made[own_change(index).path] = own_change(index)
    return made


def screen_values(plan: Plan, drawn: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the value of every field drawn, as on screen."""
    made = choices_of(plan)
    values: dict[str, Any] = {}
    for field in (field for section in drawn for field in section["fields"]):
        path = field["path"]
        if path in made:
            values[path] = made[path].read(plan)
        elif field["kind"] == "text":
            values[path] = plan.at(path) or ""
        else:
            values[path] = unit_of(plan, path).to_screen(number_of(plan, path))
    return values


def number_of(plan: Plan, path: str) -> float:
    """Give a number of the form as it counts."""
    if path == _BUDGET and plan.staffing_budget is None:
        return staffing_budget(played(plan))
    if path.startswith("prices."):
        _, name, year = path.split(".")
        return yearly_growth(plan)[name][int(year)]
    if path.startswith("measures."):
        index, inner = path.split(".", 2)[1:]
        return number_in(plan.measures[int(index)], inner) or 0.0
    return value_of(plan, path)


def unit_of(plan: Plan, path: str) -> Unit:
    """Say in which unit a number of the form is shown."""
    if path.startswith("prices."):
        return UNITS["share"]
    if path.startswith("measures."):
        index = int(path.split(".")[1])
        entry = incentive_row(plan, index, path)
        return entry.unit if entry is not None else shown_of(plan, path).unit
    row = register().behind(path)
    return row.unit if row is not None else UNITS["pounds"]


def taken(plan: Plan, path: str, value: Any) -> Plan:
    """Take one field, as on screen, into a plan; put back, it is what it was to the last digit.

    Raises:
        ScenarioError: where it cannot be.
    """
    made = choices_of(plan)
    if path in made:
        return made[path].make(plan, str(value))
    if path.endswith(".name"):
        return plan.but({path: str(value).strip() or "A measure of our own"})
    number = unit_of(plan, path).from_screen(float(value))
    for belongs, take in _TAKERS:
        if belongs(path):
            return take(plan, path, number)
    return plan.but({path: _as_begun(plan, path, value, number)})


def _as_begun(plan: Plan, path: str, value: Any, number: float) -> float | None:
    """Give a number as it was when the plan began, where on screen it is the same.

    None where the plan leaves it to the council's published figure.
    """
    begun = started_from(plan)
    if path.startswith("measures."):
        return number
    stood, unit = begun.at(path), unit_of(plan, path)
    if stood is None and path in FIELDS:
        return None if unit.to_screen(value_of(begun, path)) == value else number
    same = isinstance(stood, (int, float)) and unit.to_screen(stood) == value
    return float(stood) if same else number


def _with_growth(plan: Plan, path: str, number: float) -> Plan:
    _, name, year = path.split(".")
    growth = list(yearly_growth(plan)[name])
    growth[int(year)] = number
    return plan.but({f"prices.{name}": growth})


def _with_money(plan: Plan, path: str, number: float) -> Plan:
    base, _, year = path.rpartition(".")
    money = [plan.measures[int(path.split(".")[1])].money_in(y) for y in range(YEARS)]
    money[int(year)] = number
    return plan.but({base: money})


def _with_effect(plan: Plan, path: str, number: float) -> Plan:
    """Set one end of an effect; the other ends give way, so that they stay in order."""
    base, _, end = path.rpartition(".")
    ends = {key: float(plan.at(f"{base}.{key}")) for key in ("low", "central", "high")}
    if end == "central":
        low, high = _ends_around(plan, base, ends)
        chosen = low == high and plan.at(f"{base}.on") in {"posts", "staff_per_manager"}
        ends["low"] = number if chosen else min(low, number)
        ends["high"] = number if chosen else max(high, number)
    elif end == "low":
        ends["central"] = max(ends["central"], number)
        ends["high"] = max(ends["high"], ends["central"])
    else:
        ends["central"] = min(ends["central"], number)
        ends["low"] = min(ends["low"], ends["central"])
    given = plan.to_dict()
    *_, index, _, place = base.split(".")
    given["measures"][int(index)]["effects"][int(place)].update({**ends, end: number})
    return Plan.from_dict(given)


def _ends_around(plan: Plan, base: str, ends: Mapping[str, float]) -> tuple[float, float]:
    """Give an effect's ends, those that only gave way to its size as they were before."""
    *_, index, _, place = base.split(".")
    started = begun_measure(plan, started_from(plan), int(index)).effects
    low, high = ends["low"], ends["high"]
    if int(place) < len(started) and started[int(place)].on == plan.at(f"{base}.on"):
        begun = started[int(place)]
        low = begun.low if low == ends["central"] and begun.low > low else low
        high = begun.high if high == ends["central"] and begun.high < high else high
    return low, high


def _is_effect(path: str) -> bool:
    return ".effects." in path and path.endswith((".central", ".low", ".high"))


_TAKERS: tuple[tuple[Callable[[str], bool], Callable[[Plan, str, float], Plan]], ...] = (
    (lambda path: path.startswith("prices."), _with_growth),
    (lambda path: ".money." in path, _with_money),
    (_is_effect, _with_effect),
)
"""Numbers that are not set one by one: their neighbours are set with them."""
