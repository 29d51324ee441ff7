"""The form of what happened after: council, measure and year at the top, the year to look at."""

from __future__ import annotations

from typing import Any

from retention_lib.benchmarks.measures import MEASURES
from retention_lib.figures import all_years, councils, label_of_area, latest_year
from retention_lib.labels import label_of
from retention_lib.synthetic.cases import case, cases
from retention_lib.synthetic.question import Question
from retention_lib.views.fields import Choice, choice_field

NO_CASE = "none"


def _with_case(_: Question, key: str) -> Question:
    return case(key).question


def _afresh(asked: Question, **changes: object) -> Question:
    """Ask something else; the year to look at follows again."""
    kept = asked.with_reasons({})
    return kept.but({"until": None, "case.preset": None, "name": None, **changes})


def _year_options(asked: Question) -> list[tuple[str, str]]:
    """List the years with one after; the year asked about, whatever it is."""
    years = {*all_years()[:-1], asked.year}
    return [(str(year), f"to September {year}") for year in sorted(years, reverse=True)]


def _until_options(asked: Question) -> list[tuple[str, str]]:
    first = max(asked.year + 1, all_years()[0])
    years = [(str(year), str(year)) for year in range(first, latest_year() + 1)]
    return years or [(str(asked.looked_at), "no year yet")]


CASE: tuple[Choice[Question], ...] = (
    Choice(
        "council",
        "Council",
        lambda _: [(area.code, label_of_area(area)) for area in councils()],
        lambda asked: asked.council,
        lambda asked, code: _afresh(asked, council=code),
    ),
    Choice(
        "measure",
        "Measure",
        lambda _: [(key, measure.label) for key, measure in MEASURES.items()],
        lambda asked: asked.measure,
        lambda asked, key: _afresh(asked, measure=key),
    ),
    Choice(
        "year",
        "Last year before",
        _year_options,
        lambda asked: str(asked.year),
        lambda asked, year: _afresh(asked, year=int(year)),
    ),
    Choice(
        "case.preset",
        "Or start from what a council did or said",
        lambda _: [
            (NO_CASE, "A council of your choice"),
            *((each.id, each.title) for each in cases()),
        ],
        lambda asked: asked.case.preset or NO_CASE,
        _with_case,
    ),
)


LEVERS: tuple[Choice[Question], ...] = (
    Choice(
        "until",
        label_of("until"),
        _until_options,
        lambda asked: str(asked.looked_at),
        lambda asked, year: asked.but({"until": int(year)}),
    ),
)


def case_sections(asked: Question) -> list[dict[str, Any]]:
    """Draw what is asked: council, measure, year and case."""
    return [{"title": "", "fields": [choice_field(choice, asked) for choice in CASE]}]


def case_values(asked: Question) -> dict[str, Any]:
    """Give what stands in the fields of the case."""
    return {choice.path: choice.read(asked) for choice in CASE}


def lever_sections(asked: Question) -> list[dict[str, Any]]:
    """Draw the year to look at."""
    return [{"title": "", "fields": [choice_field(choice, asked) for choice in LEVERS]}]


def lever_values(asked: Question) -> dict[str, Any]:
    """Give what stands in the fields below the answer."""
    return {choice.path: choice.read(asked) for choice in LEVERS}
