"""What a page shows of a plan beside its tables: tests, courses, people, who gets what when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retention_lib.appraisal import by_financial_year
from retention_lib.plans.catalogue import OWN, catalogue
from retention_lib.plans.plan import YEARS, Measure, Plan
from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.plans.ranges import Ranges
from retention_lib.plans.result import (
    Course,
    FourTest,
    GuardLine,
    Level,
    StaffStack,
    TestYear,
    TimelineRow,
)
from retention_lib.plans.tables import agency_at_start
from retention_lib.plans.verdicts import Guarded, Tested, material
from retention_lib.plans.years import year_labels
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.units import MINUS, money, percent, trimmed
from retention_lib.workforce.engine import BANDS

_BAND_WORDS = {
    "newly_qualified": "Newly qualified",
    "social_worker": "Social workers",
    "senior": "Seniors",
}


def test_of(plan: Plan, tested: Tested, found: Played, ranges: Ranges | None) -> FourTest:
    """Write one test down, its figures in words."""
    labels = year_labels(plan)
    years = tuple(_year_of(tested, y, labels[y]) for y in range(YEARS))
    verdict = tested.verdict()
    question, figure = _TEST_WORDS[tested.key]
    if tested.key == "budget" and plan.appraisal.optimism:
        figure += ", after the allowance for optimism"
    made = FourTest(
        key=tested.key,
        question=question,
        figure=figure,
        threshold=_threshold(tested.key, found),
        start_text=_start_text(tested.key, found),
        years=years,
        verdict=verdict,
        says=_says(years, verdict, labels[-1]),
        chance=None if ranges is None else ranges.chance_met[tested.key],
    )
    if not made.if_all_holds:
        return made
    few = "Met if every assumption holds, though in fewer than half of the draws"
    return replace(made, says=made.says.replace("Met", few, 1))


def _year_of(tested: Tested, year: int, label: str) -> TestYear:
    """Write one year of a test down."""

    def write(figure: FloatArray | None, also: FloatArray | None) -> str:
        if figure is None:
            return ""
        second = None if also is None else float(also[0, year])
        return _written(tested.key, float(figure[0, year]), second)

    return TestYear(
        label=label,
        figure=float(tested.figure[0, year]),
        without=None if tested.without is None else float(tested.without[0, year]),
        passed=bool(tested.passed[0, year]),
        text=write(tested.figure, tested.also),
        without_text=write(tested.without, tested.also_without),
    )


def _written(key: str, figure: float, also: float | None) -> str:
    """Write a test's figure, and the second beside it."""
    if key == "caseload":
        return f"{trimmed(figure, 1)} and {trimmed(also or 0.0, 1)} cases"
    if key == "trend":
        return f"cost {_growth_text(figure)}, need {_growth_text(also or 0.0)}"
    return money(figure)


def _growth_text(share: float) -> str:
    sign = "+" if share > 0 else MINUS if share < 0 else ""
    return f"{sign}{percent(abs(share), 1)}"


_TEST_WORDS = {
    "agency": ("Does it cut the cost of agency staff?", "Agency spending"),
    "caseload": (
        "Does it bring caseloads to manageable levels?",
        "Cases of one experienced and one newly qualified worker at the year's end",
    ),
    "trend": (
        "Does it cap the trend of rising cost and need?",
        "Spending in real terms and need, beside the start",
    ),
    "budget": ("Does it begin to relieve the budget?", "Saved less cost in the year"),
}


def _threshold(key: str, found: Played) -> str:
    """Say at what a test is met."""
    plan = found.numbers.plan
    if key == "caseload":
        new = trimmed(plan.targets.newly_qualified_caseload, 1)
        return f"{trimmed(plan.targets.caseload, 1)} and {new} cases or fewer"
    if key == "trend":
        return "neither above the start"
    least = money(float(material(found)[0, -1]))
    if key == "agency":
        return f"{least} or more below what it is without the plan"
    return f"{least} or more saved in the year"


def _start_text(key: str, found: Played) -> str:
    if key == "agency":
        return money(agency_at_start(found))
    if key == "caseload":
        path = found.path
        new = float(path.newly_qualified_caseload[WITH, 0, 0])
        return _written(key, float(path.experienced_caseload[WITH, 0, 0]), new)
    return ""


def _says(years: Sequence[TestYear], verdict: str, last: str) -> str:
    """Say in a sentence how a test comes out."""
    first = next((year.label for year in years if year.passed), None)
    end = years[-1]
    beside = f", {end.without_text} without the plan" if end.without_text else ""
    if verdict == "met":
        return f"Met: {end.text} in {last}{beside}."
    if verdict == "met anyway":
        return f"Met, but it would be met without the plan: {end.text} in {last}{beside}."
    if first is not None:
        return f"Met in {first} but no longer in {last}: {end.text}{beside}."
    if verdict == "not yet":
        return f"Not yet, but coming nearer: {end.text} in {last}{beside}."
    return f"Not met: {end.text} in {last}{beside}."


def guard_line(watched: Guarded, labels: Sequence[str]) -> GuardLine:
    """Write one measure of quality down: the last year, or the worst where it falls."""

    def write(value: float) -> str:
        return percent(value, 1) if watched.kind == "share" else trimmed(value, 1)

    kept = bool(watched.kept[0])
    worse = watched.figure[0, 1:] - watched.without[0, 1:]
    year = len(labels) - 1 if kept else int(np.argmax(worse))
    return GuardLine(
        key=watched.key,
        label=watched.label,
        year=labels[year],
        start_text=write(float(watched.figure[0, 0])),
        without_text=write(float(watched.without[0, year + 1])),
        with_text=write(float(watched.figure[0, year + 1])),
        kept=kept,
    )


def courses(found: Played, ranges: Ranges | None) -> tuple[Course, ...]:
    """Give what the pictures follow month by month."""
    path = found.path
    yearly_agency = found.ledger.agency * MONTHS_IN_YEAR
    at_start = agency_at_start(found) * found.ledger.index["agency"][0]
    agency = np.concatenate(
        [np.full((*yearly_agency.shape[:-1], 1), at_start), yearly_agency[..., 1:]], axis=-1
    )
    shown: tuple[tuple[str, str, Level, FloatArray, str], ...] = (
        ("agency", "Agency spending, at a year's rate", "pounds", agency, "agency_monthly"),
        (
            "caseload",
            "Caseload of an experienced worker",
            "cases",
            path.experienced_caseload,
            "caseload_monthly",
        ),
        ("in_post", "Permanent staff in post", "people", path.in_post, ""),
        ("vacancy_rate", "Vacancy rate", "share", path.vacancy_rate, ""),
        ("agency_rate", "Agency rate", "share", path.agency_rate, ""),
    )
    made = []
    for key, title, kind, values, band in shown:
        drawn = getattr(ranges, band) if ranges is not None and band else None
        low = high = None
        if drawn is not None:
            low, high = (_begun(end, values[WITH, 0]) for end in (drawn.low, drawn.high))
        made.append(
            Course(
                key=key,
                title=title,
                kind=kind,
                without=tuple(values[WITHOUT, 0].tolist()),
                with_plan=tuple(values[WITH, 0].tolist()),
                low=low,
                high=high,
            )
        )
    return tuple(made)


def _begun(end: FloatArray, line: FloatArray) -> tuple[float, ...]:
    """Let a band begin where the line does: the start is known."""
    return (float(line[0]), *end[1:].tolist())


def stacks(found: Played) -> tuple[StaffStack, ...]:
    """Give people by experience, agency staff and uncovered posts at the start and years' ends."""
    path = found.path
    kinds = [(band, _BAND_WORDS[band], path.staff[band]) for band in reversed(BANDS)]
    rows = [
        *kinds,
        ("agency", "Agency staff", path.agency),
        ("uncovered", "Posts nobody covers", path.uncovered),
    ]
    made = []
    for key, label, values in rows:
        ends = found.at_year_ends(values)[:, 0]
        made.append(
            StaffStack(
                key=key,
                label=label,
                without=tuple(ends[WITHOUT].tolist()),
                with_plan=tuple(ends[WITH].tolist()),
            )
        )
    return tuple(made)


def timeline_row(found: Played, index: int) -> TimelineRow:
    """Say when a measure runs and what it costs, the pay of posts it adds alone among it."""
    measure = found.numbers.plan.measures[index]
    own = found.ledger.investment_in(index)[2 + index, 0]
    cost = own + found.ledger.added_pay[2 + index, 0]
    return TimelineRow(
        index=index,
        name=measure.name,
        gets=gets(measure),
        first=measure.start,
        last=_last_month(measure),
        ramp=measure.ramp,
        cost_by_year=tuple(by_financial_year(cost).tolist()),
        net=float(found.net_by_year[2 + index, 0].sum()),
    )


def _last_month(measure: Measure) -> int | None:
    """Give the last month, from 0, in which a measure holds anyone; None where it goes on."""
    offered = measure.incentive
    if offered is not None and offered.scheme.kind == "retention":
        scheme = offered.scheme
        binds = max(scheme.tie_in_months, *(each.month for each in scheme.instalments))
        return measure.start + max(1, binds) - 1
    return None if measure.end is None else measure.end - 1


def gets(measure: Measure) -> str:
    """Say who gets what from a measure."""
    return catalogue()[measure.kind].gets if measure.kind != OWN else "A measure of your own."
