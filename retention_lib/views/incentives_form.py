"""The incentives form: the case at the top, at most eight levers, and the other assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from retention_lib.assumptions import Assumption, Section, register
from retention_lib.elsewhere import offer_in
from retention_lib.fairness import LEFT_OUT, asked_about, said_only
from retention_lib.figures import areas, label_of_area, leaving_in, years_of
from retention_lib.presets import Preset, preset, presets
from retention_lib.questions import payment_path
from retention_lib.scenario import FROM_PARTS, Scenario
from retention_lib.sensitivity import uncertain
from retention_lib.views import choices
from retention_lib.views.fields import (
    Choice,
    Field,
    Known,
    choice_field,
    number_field,
    row_behind,
)

_NO_COUNCIL = "none"
_YOURS = {
    "headcount": "Yours to put in. At 0, nothing is counted for them",
    "salary": "Stands in until you put in your own",
}

_SECTIONS: tuple[tuple[Section, str], ...] = (
    ("payment", "How it is paid, and paid back"),
    ("people", "The people it is offered to"),
    ("effect", "What it does to leaving"),
    ("leaver", "The cost of a leaver"),
    ("vacancy", "The vacancy that a new person fills"),
    ("region", "The region"),
    ("appraisal", "How long, and today's money"),
)

_CHOICES: dict[Section, tuple[Choice[Scenario], ...]] = {
    "payment": (choices.KIND, choices.AMOUNT, choices.INSTALMENTS, choices.TAPER, choices.PENSION),
    "effect": (choices.EFFECT,),
    "leaver": (choices.LEAVER_COST,),
    "vacancy": (choices.VACANCY,),
    "appraisal": (choices.FIRST_YEAR, choices.OPTIMISM),
}

SIMPLE_CHOICES = {choice.path: choice for choice in choices.ALL}


def shown_numbers(scenario: Scenario) -> Iterator[tuple[Assumption, str]]:
    """List the numbers a scenario's form shows: the register's entry and the field."""
    for row in register().on_forms():
        assert row.path is not None
        if row.path.startswith("groups.*."):
            for index in range(len(scenario.groups)):
                path = row.path.replace("*", str(index))
                if scenario.at(path) is not None:
                    yield row, path
        elif _is_shown(scenario, row.path):
            yield row, row.path


def _is_shown(scenario: Scenario, path: str) -> bool:
    """Tell whether a field has a part in the answer, and a number that a slider can show."""
    golden = scenario.scheme.kind == "golden_hello"
    if path.startswith("scheme.amount."):
        return path == payment_path(scenario)
    if path.startswith("costs."):
        parts = scenario.leaver_cost == FROM_PARTS
        return parts or (golden and scenario.vacancy.net_saving_per_month == FROM_PARTS)
    if path in {"effect.extra_hires", "region.hires_from_neighbours"}:
        return golden
    if path == "leaver_cost_cashable_share":
        return scenario.leaver_cost != FROM_PARTS
    if path.startswith("vacancy.") and not golden:
        return False
    return isinstance(scenario.at(path), (int, float))


def sections(scenario: Scenario, start: Scenario, preset: Preset | None) -> list[dict[str, Any]]:
    """Draw the form: the levers first, then each group of other assumptions.

    Args:
        scenario: as it stands; it decides which fields there are.
        start: where it started, for the defaults that are marked.
        preset: the case, for where its figures come from.
    """
    used = {each.key: (each.low, each.high) for each, _ in uncertain(scenario)}
    by_section: dict[str, list[Field]] = {"main": []}
    for row, path in shown_numbers(scenario):
        section = _section_of(row, scenario)
        if _section_has_choices(section) and section not in by_section:
            by_section[section] = _choice_fields(section, scenario)
        now, begun = scenario.at(path), start.at(path)
        value = begun if isinstance(begun, (int, float)) else now
        label = _label(row, path, scenario)
        known = Known(preset, _source_now(path, now, scenario), used.get(path))
        by_section.setdefault(section, []).append(number_field(row, path, value, known, label))
    drawn: list[dict[str, Any]] = [{"title": "", "fields": by_section["main"]}]
    for section, title in _SECTIONS:
        fields = by_section.get(section, [])
        if fields and not (section == "vacancy" and scenario.scheme.kind != "golden_hello"):
            drawn.append({"title": title, "fields": fields})
    others = _other_staff(asked_about(scenario), asked_about(start), preset)
    if others:
        drawn.append({"title": "Who is not offered it", "fields": others})
    return drawn


def _source_now(path: str, value: object, scenario: Scenario) -> str:
    """Give the source of a chance of leaving that is a council's published figure."""
    if not path.endswith("leaving_rate") or scenario.case.council is None:
        return ""
    figure = leaving_in(scenario.case.council, scenario.case.year or 0)
    return figure.source if figure is not None and figure.annual_leaving_rate == value else ""


def _section_of(row: Assumption, scenario: Scenario) -> str:
    """Place a field; with several groups, their own numbers stand together lower down."""
    several = len(scenario.groups) > 1 and (row.path or "").startswith("groups.")
    if several:
        return "people"
    if row.path == "effect.pay_elasticity":
        return "main"
    return row.section or "main"


def _section_has_choices(section: str) -> bool:
    return section in _CHOICES


def _choice_fields(section: str, scenario: Scenario) -> list[Field]:
    made = next((made for name, made in _CHOICES.items() if name == section), ())
    golden = scenario.scheme.kind == "golden_hello"
    return [
        choice_field(choice, scenario) for choice in made if golden or choice != choices.PENSION
    ]


def _label(row: Assumption, path: str, scenario: Scenario) -> str:
    """Name a field, with its group where there are several."""
    if path.startswith("groups.") and len(scenario.groups) > 1:
        return f"{row.label}: {scenario.groups[int(path.split('.')[1])].name}"
    return row.label


def _other_staff(scenario: Scenario, start: Scenario, preset: Preset | None) -> list[Field]:
    """Draw the people who are not offered it: how many, and what they are paid.

    The three standard groups are always asked about.
    """
    fields = []
    rows = {row.path: row for row in register().on_forms()}
    for index, group in enumerate(scenario.not_offered):
        for name, what in (("headcount", "how many"), ("salary", "salary")):
            path = f"not_offered.{index}.{name}"
            begun = start.at(path)
            value = begun if begun is not None else scenario.at(path)
            row = rows[f"groups.*.{name}"]
            known = Known(preset, borrowed=True)
            field = number_field(row, path, value, known, f"{group.name}: {what}")
            if start.at(f"not_offered.{index}.headcount") == 0:
                field |= {"tag": "", "source": _YOURS[name]}
            fields.append(field)
    return fields


def screen_values(scenario: Scenario, drawn: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the value of every field drawn, as on screen."""
    made = {choice.path: choice for choice in choices.ALL}
    asked = asked_about(scenario)
    values: dict[str, Any] = {}
    for section in drawn:
        for field in section["fields"]:
            path = field["path"]
            row = row_behind(path)
            if path in made:
                values[path] = made[path].read(scenario)
            elif row is not None:
                values[path] = row.unit.to_screen(asked.at(path))
    return values


def _year_options(scenario: Scenario) -> list[tuple[str, str]]:
    years = years_of(scenario.case.council or "")
    return [(str(year), f"to September {year}") for year in years] or [("", "no figures chosen")]


def _preset_options(scenario: Scenario) -> list[tuple[str, str]]:
    """List the cases; a scenario that came from none of them stands as itself."""
    named = [(each.id, each.title) for each in presets()]
    return named if _known_preset(scenario) else [("", "Not one of our cases"), *named]


def _known_preset(scenario: Scenario) -> str:
    """Give the case that a scenario came from, empty where it came from none of ours."""
    known = {each.id for each in presets()}
    return scenario.case.preset if scenario.case.preset in known else ""


def _with_preset(_: Scenario, key: str) -> Scenario:
    return preset(key).scenario


def _with_council(scenario: Scenario, code: str) -> Scenario:
    """Take a council's published turnover, in the year chosen or its latest."""
    if code == _NO_COUNCIL:
        return scenario.but({"case.council": None, "case.year": None})
    return offer_in(scenario, code, years_of(code)[0])


def _with_year(scenario: Scenario, year: str) -> Scenario:
    if scenario.case.council is None or not year:
        return scenario
    return offer_in(scenario, scenario.case.council, int(year))


CASE = (
    Choice(
        "case.preset",
        "Start from",
        _preset_options,
        _known_preset,
        _with_preset,
    ),
    Choice(
        "case.council",
        "Leaving figures from",
        lambda _: [
            (_NO_COUNCIL, "My own figure"),
            *((area.code, label_of_area(area)) for area in areas()),
        ],
        lambda scenario: scenario.case.council or _NO_COUNCIL,
        _with_council,
    ),
    Choice(
        "case.year",
        "Year",
        _year_options,
        lambda scenario: str(scenario.case.year or ""),
        _with_year,
    ),
)


def case_sections(scenario: Scenario) -> list[dict[str, Any]]:
    """Draw the case: the preset, the council and the year."""
    return [{"title": "", "fields": [choice_field(choice, scenario) for choice in CASE]}]


def choices_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the choices as they stood on screen: a number that moves may look like another choice.

    Only a choice that was made anew is taken; one that is merely still shown is not.
    """
    return {path: value for path, value in values.items() if path in SIMPLE_CHOICES}


def taken(scenario: Scenario, path: str, value: Any, begun: Scenario) -> Scenario:
    """Take one field, as on screen, into a scenario; put back, it is the case's to the last digit.

    Raises:
        ScenarioError: where it cannot be.
    """
    if path in SIMPLE_CHOICES:
        return SIMPLE_CHOICES[path].make(scenario, value)
    if path.startswith(LEFT_OUT):
        found = _number(asked_about(scenario), path, value, asked_about(begun))
        return said_only(found, len(begun.not_offered))
    return _number(scenario, path, value, begun)


def _number(scenario: Scenario, path: str, value: Any, begun: Scenario) -> Scenario:
    """Take one number; see :func:`taken`."""
    row = row_behind(path)
    if row is None:
        return scenario
    start = begun.at(path)
    if isinstance(start, (int, float)) and row.unit.to_screen(start) == value:
        return scenario.but({path: start})
    return scenario.but({path: row.unit.from_screen(float(value))})
