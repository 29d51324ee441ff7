"""A sheet for each service that is played: without the plan, with it, with one measure alone.

All have the same columns, and follow the order of events in a month: some leave, some move on, some
join, agency staff cover, cases are shared out, and the money follows.
"""

from __future__ import annotations

from retention_lib.outputs.excel.plan_cells import Group, MonthSheet
from retention_lib.outputs.excel.plan_names import Of, measures_of
from retention_lib.outputs.excel.plan_world_cover import cases_columns, cover_columns
from retention_lib.outputs.excel.plan_world_money import money_groups
from retention_lib.outputs.excel.plan_world_people import (
    World,
    chances_columns,
    joiners_columns,
    leavers_columns,
    moves_columns,
    staff_columns,
)
from retention_lib.plans.played import WITH, WITHOUT, Played


def worlds_of(found: Played) -> tuple[World, ...]:
    """List the services: without the plan, with it, and each measure alone where there are two."""
    every = measures_of(found.numbers.plan)
    alone = every if len(every) > 1 else ()
    return (
        World(
            key="without",
            title="Without the plan",
            says="The service month by month as it would go anyway.",
            index=WITHOUT,
            measures=(),
        ),
        World(
            key="with",
            title="With the plan",
            says="The service month by month with all measures.",
            index=WITH,
            measures=every,
        ),
        *(
            World(
                key=f"alone_{of.index + 1}",
                title=f"Measure {of.index + 1} alone",
                heading=f"Measure {of.index + 1} alone: {of.measure.name}",
                says="The service month by month with one measure alone.",
                index=WITH + 1 + of.index,
                measures=(of,),
            )
            for of in alone
        ),
    )


def alone(of: Of, plan_measures: int) -> str:
    """Give the key of the sheet that has one measure alone."""
    return f"alone_{of.index + 1}" if plan_measures > 1 else "with"


def world_sheet(world: World, found: Played) -> MonthSheet:
    """Give the sheet of one service."""
    path = found.path.world(world.index)
    return MonthSheet(
        key=world.key,
        title=world.title,
        heading=world.heading,
        says=world.says
        + " Read a row from left to right: some leave, some move on, some join, agency staff cover "
        "vacancies, cases are shared out, and the money follows. A caseload above the usual one "
        "moves next month's leaving.",
        groups=(
            Group(heading="Chance of leaving in the month", columns=chances_columns(world, found)),
            Group(heading="Leave", columns=leavers_columns(path)),
            Group(heading="Move on", columns=moves_columns(path)),
            Group(heading="Join", columns=joiners_columns(world, path, found)),
            Group(heading="Staff at the month's end", columns=staff_columns(path)),
            Group(heading="Vacancies and agency staff", columns=cover_columns(world, path, found)),
            Group(heading="Cases", columns=cases_columns(world, path, found)),
            *money_groups(world.key, world.index, world.measures, found),
        ),
    )
