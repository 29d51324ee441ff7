"""The form of a plan below its top: the levers, each measure's fields, other assumptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from retention_lib.assumptions import Assumption, Section, register
from retention_lib.labels import label_of
from retention_lib.plans.budget_tables import staffing_budget
from retention_lib.plans.catalogue import OWN
from retention_lib.plans.differences import case_of, started_from
from retention_lib.plans.numbers import FIELDS, figures_of, value_of
from retention_lib.plans.plan import CHOSEN, SHARES, YEARS, Effect, Plan
from retention_lib.plans.played import Played, played
from retention_lib.plans.prices import yearly_growth
from retention_lib.plans.years import year_labels
from retention_lib.units import UNITS, Unit
from retention_lib.views.fields import Choice, Field, Known, choice_field, number_field
from retention_lib.views.optimism_choice import optimism_choice
from retention_lib.views.plans_case import keys_of
from retention_lib.views.plans_measures import (
    Shown,
    begun_measure,
    begun_number,
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
_ENDS = ("low", "central", "high")
_MOST = 5_000.0  # posts or people: what a plan may hold
_LEAST = {"staff_per_manager": 1.0, "recruits": 0.0}
_WHOLE = 1.0  # a share
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
    begun, keys = started_from(plan), keys_of(plan)
    drawn: list[dict[str, Any]] = [{"title": "", "fields": levers(plan, begun)}]
    for index, measure in enumerate(plan.measures):
        title = f"Measure: {measure.name}"
        fields = measure_fields(plan, begun, index)
        drawn.append({"title": title, "key": keys[index], "fields": fields})
    by_section: dict[str, list[Field]] = {}
    for row, path in _register_rows(plan):
        section = _OWN_SECTION.get(path.split(".")[0], row.section or "main")
        by_section.setdefault(section, []).append(_register_field(plan, begun, row, path))
    by_section["baseline"].insert(0, choice_field(_TOWARDS, plan))
    by_section["appraisal"].insert(0, choice_field(_FIRST_YEAR, plan))
    by_section["appraisal"].insert(1, choice_field(_OPTIMISM, plan))
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
_OPTIMISM: Choice[Plan] = optimism_choice(Plan)
_LEVER_CHOICES = {choice.path: choice for choice in (_TOWARDS, _FIRST_YEAR, _OPTIMISM)}


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
    started = {name: _growth_unset(plan, begun, name) for name in labels}
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


def number_of(plan: Plan, path: str, found: Played | None = None) -> float:
    """Give a number of the form as it counts.

    Args:
        plan: what was chosen.
        path: the field.
        found: the same plan played, where that has been done.
    """
    if path == _BUDGET and plan.staffing_budget is None:
        return staffing_budget(found or played(plan))
    if path.startswith("prices."):
        _, name, year = path.split(".")
        return yearly_growth(plan)[name][int(year)]
    if path.startswith("measures."):
        index, inner = path.split(".", 2)[1:]
        return number_in(plan.measures[int(index)], inner) or 0.0
    return value_of(plan, path)


def following(found: Played, moved: Iterable[str]) -> dict[str, float]:
    """Give the numbers of a played plan's form that follow those just moved, as on screen.

    The other ends of an effect give way; agency rates follow pay awards, and the budget staff and
    pay, where nothing else is set.
    """
    plan = found.numbers.plan
    paths = [f"prices.agency.{year}" for year in range(YEARS)]
    if plan.staffing_budget is None:
        paths.append(_BUDGET)
    for path in filter(_is_effect, moved):
        base = path.rpartition(".")[0]
        paths += [f"{base}.{end}" for end in _ENDS]
    return {path: unit_of(plan, path).to_screen(number_of(plan, path, found)) for path in paths}


def ends_of(plan: Plan, path: str) -> tuple[float | None, float | None]:
    """Say between which ends an effect must lie, None where another check says it."""
    if not _is_effect(path):
        return None, None
    on = _effect_at(plan, path).on
    most = _WHOLE if on in SHARES else _MOST
    return _LEAST.get(on, -most), most


def _effect_at(plan: Plan, path: str) -> Effect:
    _, index, _, place, _ = path.split(".")
    return plan.measures[int(index)].effects[int(place)]


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
            begun = _as_begun(plan, path, value, number) if path.startswith("measures.") else number
            return take(plan, path, number if begun is None else begun)
    return plan.but({path: _as_begun(plan, path, value, number)})


def _as_begun(plan: Plan, path: str, value: Any, number: float) -> float | None:
    """Give a number as it was when the plan began, where on screen it is the same.

    None where the plan leaves it to the council's published figure or to the model.
    """
    begun = started_from(plan)
    unit = unit_of(plan, path)
    stood = begun_number(plan, begun, path) if path.startswith("measures.") else begun.at(path)
    if stood is None and path in FIELDS:
        return None if unit.to_screen(value_of(begun, path)) == value else number
    if stood is None and path == _BUDGET:
        unset = (begun, plan.but({_BUDGET: None}))
        left_out = {unit.to_screen(staffing_budget(played(each))) for each in unset}
        return None if value in left_out else number
    same = isinstance(stood, (int, float)) and unit.to_screen(stood) == value
    return float(stood) if same and stood is not None else number


def _growth_unset(plan: Plan, begun: Plan, name: str) -> tuple[float, ...]:
    """Give the growth of each year where nothing is set but what the plan began with."""
    given = list(begun.at(f"prices.{name}") or ())
    return yearly_growth(plan.but({f"prices.{name}": given}))[name]


def _with_growth(plan: Plan, path: str, number: float) -> Plan:
    """Set the growth of one year; what is as it would be unset is left to the register."""
    _, name, place = path.split(".")
    begun, year = started_from(plan), int(place)
    unset = _growth_unset(plan, begun, name)
    growth = list(yearly_growth(plan)[name])
    same = UNITS["share"].to_screen(unset[year]) == UNITS["share"].to_screen(number)
    growth[year] = unset[year] if same else number
    least = len(begun.at(f"prices.{name}") or ())
    while len(growth) > least and growth[-1] == unset[len(growth) - 1]:
        growth.pop()
    return plan.but({f"prices.{name}": growth})


def _with_money(plan: Plan, path: str, number: float) -> Plan:
    """Set the money of one year; years without any after the last are left out again."""
    base, _, year = path.rpartition(".")
    index = int(path.split(".")[1])
    began = begun_measure(plan, started_from(plan), index).money
    money = [plan.measures[index].money_in(y) for y in range(YEARS)]
    money[int(year)] = number
    while len(money) > len(began) and money[-1] == 0:
        money.pop()
    return plan.but({base: money})


def _with_effect(plan: Plan, path: str, number: float) -> Plan:
    """Set one end of an effect; the other ends give way, so that they stay in order.

    An end that was pushed along goes back with it as far as where it began.
    """
    base, _, end = path.rpartition(".")
    begun, effect = started_from(plan), _effect_at(plan, path)
    ends = {key: float(getattr(effect, key)) for key in _ENDS}
    began = {key: begun_number(plan, begun, f"{base}.{key}") or 0.0 for key in _ENDS}
    chosen = effect.on in CHOSEN
    together = chosen and len({*ends.values()}) == len({*began.values()}) == 1
    stood, place = ends[end], _ENDS.index(end)
    for other, key in enumerate(_ENDS):
        pushed = ends[key] == stood and (began[key] - stood) * (number - stood) > 0
        free = began[key] if pushed else ends[key]
        ends[key] = max(free, number) if other > place else min(free, number)
    ends[end] = number
    ends["low"] = min(ends["low"], ends["central"])
    ends["high"] = max(ends["high"], ends["central"])
    if together and end == "central":
        ends = dict.fromkeys(_ENDS, number)
    given = plan.to_dict()
    *_, index, _, at = base.split(".")
    given["measures"][int(index)]["effects"][int(at)].update(ends)
    return Plan.from_dict(given)


def _is_effect(path: str) -> bool:
    return ".effects." in path and path.rpartition(".")[2] in _ENDS


_TAKERS: tuple[tuple[Callable[[str], bool], Callable[[Plan, str, float], Plan]], ...] = (
    (lambda path: path.startswith("prices."), _with_growth),
    (lambda path: ".money." in path, _with_money),
    (_is_effect, _with_effect),
)
"""Numbers that are not set one by one: their neighbours are set with them."""
