"""A plan's answer as pictures: which chart each table becomes, and the sentence it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from retention_lib.pictures.drawing import bridge, fan, stacks, timeline, yearly
from retention_lib.pictures.drawing.places import NARROW, empty, fitted
from retention_lib.pictures.drawn import Drawn
from retention_lib.pictures.plans_evidence import claims_and_studies, what_changes_it
from retention_lib.plans.plan import Plan
from retention_lib.plans.result import Course, PlanResult, StaffStack
from retention_lib.plans.years import month_name
from retention_lib.rates import MONTHS_IN_YEAR
from retention_lib.results import Cell, CellKind, Column, Table
from retention_lib.units import about, count, money, thousands, trimmed

Draw = Callable[[Plan, PlanResult, float], Drawn]

_NOTHING = 0.5  # pounds
_BRIDGE_LABEL = 208.0  # room for a label beside a bar, in the bridge
_NO_MEASURES = "Without measures the two are the same"
_STACK_KINDS: dict[str, stacks.Kind] = {"agency": "agency", "uncovered": "uncovered"}


def agency(plan: Plan, result: PlanResult, width: float) -> Drawn:
    """Draw what agency staff cost at a year's rate, month by month, with the plan and without."""
    course = result.course("agency")
    chart = fan.FanChart(
        key="agency",
        title=course.title,
        reading=_course_reading(plan, result, course, "agency staff would cost {} a year", money),
        months=range(len(course.without)),
        without=course.without,
        with_plan=course.with_plan,
        low=course.low,
        high=course.high,
        years=_year_ends(result),
        text=lambda pounds: thousands(about(pounds)),
        axis="£ thousand a year",
    )
    table = _course_table(result, course, f"{course.title} (£ thousand)", "thousands")
    return Drawn(chart.title, chart.reading, fan.draw(chart, width), table)


def caseload(plan: Plan, result: PlanResult, width: float) -> Drawn:
    """Draw the caseload of an experienced worker beside what is manageable."""
    course, manageable = result.course("caseload"), plan.targets.caseload
    said = "an experienced worker would hold {} cases"
    reading = _course_reading(plan, result, course, said, _cases)
    chart = fan.FanChart(
        key="caseload",
        title=course.title,
        reading=f"{reading} {_manageable(plan, result)}",
        months=range(len(course.without)),
        without=course.without,
        with_plan=course.with_plan,
        low=course.low,
        high=course.high,
        thresholds=[fan.Threshold("Manageable", manageable)],
        years=_year_ends(result),
        text=_cases,
        axis="cases for each worker",
    )
    table = _course_table(result, course, course.title, "number")
    return Drawn(chart.title, chart.reading, fan.draw(chart, width), table)


def staff(plan: Plan, result: PlanResult, width: float) -> Drawn:
    """Draw staff by experience, agency staff and uncovered posts, at the start and years' ends."""
    table = result.table("staff")
    chart = stacks.StackChart(
        key="staff",
        title=f"{table.title} (full-time equivalents)",
        reading=_staff_reading(plan, result),
        times=["Start", *result.years],
        segments=[
            stacks.Segment(
                each.label, each.without, each.with_plan, _STACK_KINDS.get(each.key, "staff")
            )
            for each in result.stacks
        ],
    )
    return Drawn(chart.title, chart.reading, stacks.draw(chart, width), table)


def money_by_year(plan: Plan, result: PlanResult, width: float) -> Drawn:
    """Draw what each year gains or costs the council, and what it comes to so far."""
    found = result.ranges
    chart = yearly.YearlyChart(
        key="years",
        title="Net money by year",
        reading=_money_reading(plan, result),
        years=[
            yearly.YearNet(
                label=label,
                net=result.net_by_year[i],
                low=None if found is None else float(found.net_by_year.low[i]),
                high=None if found is None else float(found.net_by_year.high[i]),
                cumulative=sum(result.net_by_year[: i + 1]),
            )
            for i, label in enumerate(result.years)
        ],
    )
    ends = [end for year in chart.years for end in (year.net, year.low or 0.0, year.high or 0.0)]
    if max(map(abs, ends)) < _NOTHING:
        svg = empty(chart.key, chart.title, chart.reading, width)
    else:
        svg = yearly.draw(chart, width)
    return Drawn(chart.title, chart.reading, svg, result.table("years"))


def what_each_does(plan: Plan, result: PlanResult, width: float) -> Drawn:
    """Draw what each measure costs or saves and what they do together, from nothing to the net.

    The totals of the whole service are many times as large, so they are told and not drawn.
    """
    room = _BRIDGE_LABEL if width >= NARROW else width - 20
    steps = [
        bridge.BridgeStep(fitted(_step_label(step.key, step.label), room, 14), -step.pounds, False)
        for step in result.bridge
        if not step.total and (step.key != "interaction" or abs(step.pounds) >= _NOTHING)
    ]
    net = sum(step.pounds for step in steps)
    chart = bridge.BridgeChart(
        key="bridge",
        title="What each measure saves, or costs (minus), over four years",
        reading=_bridge_reading(plan, result),
        steps=[*steps, bridge.BridgeStep(_outcome(net), net, True)],
    )
    return Drawn(chart.title, chart.reading, bridge.draw(chart, width), result.table("bridge"))


def who_gets_what_when(plan: Plan, result: PlanResult, width: float) -> Drawn:
    """Draw when each measure runs and what it costs by year."""
    chart = timeline.TimelineChart(
        key="timeline",
        title="Who gets what, and when",
        reading=_timeline_reading(plan, result),
        years=_year_ends(result),
        measures=[
            timeline.Measure(
                label=row.name,
                first=row.first,
                last=row.last,
                ramp=row.ramp,
                money=[money(cost) if abs(cost) >= _NOTHING else "" for cost in row.cost_by_year],
            )
            for row in result.timeline
        ],
    )
    return Drawn(chart.title, chart.reading, timeline.draw(chart, width), result.table("timeline"))


def _year_ends(result: PlanResult) -> list[tuple[int, str]]:
    """Name the months at which the years end, after the start."""
    ends = [(MONTHS_IN_YEAR * (i + 1), label) for i, label in enumerate(result.years)]
    return [(0, "Start"), *ends]


def _cases(cases: float) -> str:
    return trimmed(cases, 1)


def _course_reading(
    plan: Plan, result: PlanResult, course: Course, said: str, text: Callable[[float], str]
) -> str:
    """Say where a course ends with the plan and without, and how far it may lie from that."""
    with_plan, without = text(course.with_plan[-1]), text(course.without[-1])
    begin = f"y the end of {result.years[-1]} {said.format(with_plan)}"
    band = ""
    if course.low is not None and course.high is not None:
        ends = f"between {text(course.low[-1])} and {text(course.high[-1])}"
        band = f"; with the plan, eight times in ten {ends}"
        if not plan.measures:
            band = f"; eight times in ten {ends}"
    if not plan.measures:
        return f"{_NO_MEASURES}: b{begin}{band}."
    if with_plan == without:
        return f"B{begin}, with the plan and without it{band}."
    return f"B{begin} with the plan and {without} without it{band}."


def _manageable(plan: Plan, result: PlanResult) -> str:
    """Say what is manageable, and whether the newly qualified are the ones who hold too much."""
    targets = plan.targets
    said = f"Up to {_cases(targets.caseload)} is manageable"
    if _new_hold_too_much(plan, result):
        most = _cases(targets.newly_qualified_caseload)
        return (
            f"{said}, but the newly qualified would still hold more than the {most} set for them."
        )
    return f"{said}."


def _new_hold_too_much(plan: Plan, result: PlanResult) -> bool:
    """Tell whether the caseload test fails by the newly qualified alone, in the last year."""
    for test in result.tests:
        if test.key == "caseload":
            end = test.years[-1]
            return not end.passed and end.figure <= plan.targets.caseload
    return False


def _course_table(result: PlanResult, course: Course, title: str, kind: CellKind) -> Table:
    """Give a course at the start and at each year's end."""
    lines: list[tuple[str, str, Sequence[float]]] = [
        ("without", "Without the plan", course.without),
        ("with_plan", "With the plan", course.with_plan),
    ]
    if course.low is not None and course.high is not None:
        lines.append(("low", "With the plan: 1 in 10 is lower", course.low))
        lines.append(("high", "With the plan: 1 in 10 is higher", course.high))
    columns = (
        Column("when", "When", "text"),
        *(Column(key, label, kind) for key, label, _ in lines),
    )
    rows: list[tuple[Cell, ...]] = []
    for month, label in _year_ends(result):
        when = f"End of {label}" if month else "At the start"
        rows.append((when, *(values[month] for _, _, values in lines)))
    return Table(course.key, title, columns, tuple(rows))


def _people(rows: Sequence[StaffStack], is_with: bool) -> float:
    return sum((row.with_plan if is_with else row.without)[-1] for row in rows)


def _staff_reading(plan: Plan, result: PlanResult) -> str:
    """Say how many permanent and agency staff there are at the end, with the plan and without."""
    own = [row for row in result.stacks if row.key not in _STACK_KINDS]
    hired = [row for row in result.stacks if row.key == "agency"]
    people, before = (count(_people(own, is_with)) for is_with in (True, False))
    agency_staff, agency_before = (count(_people(hired, is_with)) for is_with in (True, False))
    start = f"y the end of {result.years[-1]} there would be {people} permanent staff"
    if not plan.measures:
        return f"{_NO_MEASURES}: b{start} and {agency_staff} agency staff."
    if (people, agency_staff) == (before, agency_before):
        return f"B{start} and {agency_staff} agency staff, with the plan and without it."
    return (
        f"B{start} with the plan and {before} without it, and {agency_staff} agency staff with it "
        f"and {agency_before} without."
    )


def _gains(pounds: float) -> str:
    return f"{money(pounds)} gained" if pounds >= 0 else f"{money(-pounds)} lost"


def _money_reading(plan: Plan, result: PlanResult) -> str:
    """Say what the years come to, from when on a year gains, and the range of the total."""
    if not plan.measures:
        return f"{_NO_MEASURES}: no year gains or costs anything."
    net, found = result.net, result.ranges
    if abs(net) < _NOTHING:
        said = "Over all years the plan saves as much as it costs"
    else:
        way = "saves {} more than it costs" if net > 0 else "costs {} more than it saves"
        said = f"Over all years the plan {way.format(money(abs(net)))}"
    if found is not None:
        low, high = _gains(float(found.net.low)), _gains(float(found.net.high))
        said += f"; eight times in ten between {low} and {high}"
    return f"{said}. {_when_it_gains(result)}"


def _when_it_gains(result: PlanResult) -> str:
    """Say in which years more is saved than spent."""
    gaining = [pounds >= _NOTHING for pounds in result.net_by_year]
    if all(gaining):
        return "Every year saves more than it costs."
    if not any(gaining):
        return "No year saves more than it costs."
    first = gaining.index(True)
    if all(gaining[first:]):
        return f"From {result.years[first]} on each year saves more than it costs."
    named = ", ".join(label for label, gains in zip(result.years, gaining, strict=True) if gains)
    return f"More is saved than spent in {named} only."


def _step_label(key: str, label: str) -> str:
    return "Together (interaction)" if key == "interaction" else label


def _outcome(net: float) -> str:
    if abs(net) < _NOTHING:
        return "In all: no difference"
    return "In all the council saves" if net > 0 else "In all the council pays"


def _bridge_reading(plan: Plan, result: PlanResult) -> str:
    """Say what the whole service costs with the plan and without, and which measure costs most."""
    totals = {step.key: step.pounds for step in result.bridge if step.total}
    without, with_plan = totals["without"], totals["with"]
    if not plan.measures:
        return f"{_NO_MEASURES}: over four years the service costs {money(without)}."
    more = with_plan - without
    service = (
        f"over four years the service costs {money(with_plan)} with the plan and "
        f"{money(without)} without it"
    )
    if abs(more) < _NOTHING:
        return f"The plan makes no difference: {service}."
    verb = f"costs {money(more)} more" if more > 0 else f"saves {money(-more)}"
    alone = [step for step in result.bridge if step.key.startswith("measure_")]
    dearest = max(alone, key=lambda step: step.pounds)
    said = f"The plan {verb}: {service}."
    if result.optimism.on:
        allowed = money(result.optimism.allowance)
        said += f" An allowance for optimism of {allowed} is in that."
    if dearest.pounds >= _NOTHING and len(alone) > 1:
        said += f" Taken alone, {dearest.label} costs most ({money(dearest.pounds)})."
    return f"{said} Bars to the left cost the council money; bars to the right save it."


def _timeline_reading(plan: Plan, result: PlanResult) -> str:
    """Say when the measures begin and which costs most."""
    rows = result.timeline
    if not rows:
        return "There is no measure in the plan yet."
    first, last = min(row.first for row in rows), max(row.first for row in rows)
    if len(rows) == 1:
        said = f"{rows[0].name} begins in {month_name(plan, first)}."
    elif first == last:
        said = f"All {len(rows)} measures begin in {month_name(plan, first)}."
    else:
        said = (
            f"The first of {len(rows)} measures begins in {month_name(plan, first)} and the last "
            f"in {month_name(plan, last)}."
        )
    dearest = max(rows, key=lambda row: sum(row.cost_by_year))
    cost = sum(dearest.cost_by_year)
    if cost >= _NOTHING:
        start = "It costs" if len(rows) == 1 else f"{dearest.name} costs most:"
        said += f" {start} {money(cost)} over four years."
    if any(pounds <= -_NOTHING for row in rows for pounds in row.cost_by_year):
        said += " A minus is money that comes back."
    return said


CHARTS: dict[str, Draw] = {
    "agency": agency,
    "caseload": caseload,
    "staff": staff,
    "years": money_by_year,
    "bridge": what_each_does,
    "timeline": who_gets_what_when,
    "evidence": claims_and_studies,
    "tornado": what_changes_it,
}
