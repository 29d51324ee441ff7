"""What stands at the top of a plan's form: case, council, baseline, and the list of measures."""

from __future__ import annotations

from typing import Any

from retention_lib.benchmarks.groups import council
from retention_lib.figures import councils, label_of_area, years_of
from retention_lib.plans.adding import with_measures
from retention_lib.plans.cases import case, cases
from retention_lib.plans.catalogue import OWN, catalogue
from retention_lib.plans.numbers import FIELDS
from retention_lib.plans.plan import Plan
from retention_lib.views.fields import Choice, Field, choice_field

NO_CASE = "none"
MEASURES = "measures"
_OWN_MOST = 3


def _of_council(plan: Plan, code: str) -> Plan:
    """Take another council: its published figures, today's pay and prices, the same measures."""
    given = {
        "schema": 1,
        "kind": Plan.KIND,
        "name": f"{council(code).name}: a plan of its own",
        "council": code,
        "year": years_of(code)[0],
        "baseline": plan.to_dict()["baseline"],
        "measures": plan.to_dict()["measures"],
    }
    return Plan.from_dict(given)


def _of_year(plan: Plan, year: str) -> Plan:
    """Take the figures that the council published for another year, in place of the case's own."""
    return plan.but({**dict.fromkeys(FIELDS), "year": int(year)})


def _year_options(plan: Plan) -> list[tuple[str, str]]:
    return [(str(year), f"to September {year}") for year in years_of(plan.council)]


def _with_case(_: Plan, key: str) -> Plan:
    return case(key).plan


def _known_case(plan: Plan) -> str:
    known = {each.id for each in cases()}
    return plan.case.preset if plan.case.preset in known else NO_CASE


CASE: tuple[Choice[Plan], ...] = (
    Choice(
        "case.preset",
        "Start from",
        lambda plan: [
            *([(NO_CASE, "A plan of your own")] if _known_case(plan) == NO_CASE else []),
            *((each.id, each.title) for each in cases()),
        ],
        _known_case,
        _with_case,
    ),
    Choice(
        "council",
        "Council",
        lambda _: [(area.code, label_of_area(area)) for area in councils()],
        lambda plan: plan.council,
        _of_council,
    ),
    Choice(
        "year",
        "Its published figures",
        _year_options,
        lambda plan: str(plan.year),
        _of_year,
    ),
    Choice(
        "baseline.kind",
        "Without the plan",
        lambda _: [
            ("mean_reverting", "An unusual rate goes back by itself (usual)"),
            ("flat", "Everything stays as it is"),
            ("national_trend", "England's trend goes on"),
        ],
        lambda plan: plan.baseline.kind,
        lambda plan, kind: plan.but({"baseline.kind": kind}),
    ),
)


def keys_of(plan: Plan) -> list[str]:
    """Name the plan's measures for the list: by kind, numbered where there are several of one.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
        ...                        "measures": [{"kind": "own"}, {"kind": "own"}]})
        >>> keys_of(plan)
        ['own', 'own 2']
    """
    seen: dict[str, int] = {}
    found = []
    for measure in plan.measures:
        seen[measure.kind] = seen.get(measure.kind, 0) + 1
        number = seen[measure.kind]
        found.append(measure.kind if number == 1 else f"{measure.kind} {number}")
    return found


def with_keys(plan: Plan, keys: list[str]) -> Plan:
    """Give the plan with the measures of a list: those it has stay as they are.

    Raises:
        ScenarioError: where a plan cannot have so many.
    """
    places = {key: place for place, key in enumerate(keys_of(plan))}
    known = {*catalogue(), OWN}
    kinds = [(key.rsplit(" ", 1)[0] if key not in known else key, key) for key in keys]
    return with_measures(plan, [(kind, places.get(key)) for kind, key in kinds if kind in known])


def _measure_list(plan: Plan) -> Field:
    """Draw the list of measures: those in the plan, and those that may be put in."""
    here = keys_of(plan)
    own = [OWN, *(f"{OWN} {number}" for number in range(2, _OWN_MOST + 1))]
    next_own = next((key for key in own if key not in here), None)
    titles = {key: known.title for key, known in catalogue().items()}
    options = [
        *((key, titles[key]) for key in catalogue()),
        *([(next_own, "A measure of your own")] if next_own else []),
        *(
            (key, measure.name)
            for key, measure in zip(here, plan.measures, strict=True)
            if key not in titles
        ),
    ]
    return {
        "kind": "list",
        "path": MEASURES,
        "label": "Measures in the plan",
        "prompt": "Choose a measure to add",
        "options": [{"value": key, "label": label} for key, label in options],
        "start": [],
        "source": "",
        "about": [],
        "reasoned": False,
    }


def case_sections(plan: Plan) -> list[dict[str, Any]]:
    """Draw what stands at the top."""
    fields = [*(choice_field(choice, plan) for choice in CASE), _measure_list(plan)]
    return [{"title": "", "fields": fields}]


def case_values(plan: Plan) -> dict[str, Any]:
    """Give what stands in the fields at the top."""
    return {**{choice.path: choice.read(plan) for choice in CASE}, MEASURES: keys_of(plan)}
