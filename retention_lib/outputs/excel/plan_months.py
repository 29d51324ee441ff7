"""The sheet that sets the months without the plan and with it side by side, down to the net."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retention_lib.outputs.excel.plan_cells import Column, Group, MonthSheet
from retention_lib.plans.optimism import taken_off
from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.rates import FloatArray

KEY = "months"
TITLE = "Month by month"


def months_sheet(found: Played) -> MonthSheet:
    """Give the sheet: people and spending in both services, then the council's net by month."""
    path = found.path
    pairs = (
        ("in_post", "Staff in post", path.in_post),
        ("leavers", "Leavers", path.all_leavers),
        ("joined", "Joiners", path.joined),
        ("vacancies", "Vacancies", path.vacancies),
        ("agency", "Agency staff", path.agency),
        ("cases", "Open cases", path.cases),
        ("experienced_caseload", "Cases of an experienced worker", path.experienced_caseload),
    )
    return MonthSheet(
        key=KEY,
        title=TITLE,
        says=(
            "The service without the plan and with it, side by side, and what the council saves "
            "less what it spends. How each is worked out is on the sheets behind this one."
        ),
        groups=(
            *(
                Group(heading=heading, columns=_pair(*pair))
                for pair in pairs
                for heading in pair[1:2]
            ),
            Group(heading="The council's cash", columns=tuple(_cash(found))),
        ),
    )


def _pair(key: str, heading: str, known: FloatArray) -> tuple[Column, ...]:
    flow = key in {"leavers", "joined"}
    return tuple(
        Column(
            key=f"{key}_{world}",
            heading=f"{heading}, {world}",
            says=f"Sheet {'Without' if world == 'without' else 'With'} the plan",
            formula=f"[{world}!{key}]",
            first="" if flow else f"[{world}!{key}]",
            look="number" if flow else "people",
            known=known[index, 0],
        )
        for world, index in (("without", WITHOUT), ("with", WITH))
    )


def _cash(found: Played) -> Iterator[Column]:
    spent, off = found.ledger.total(), taken_off(found)
    net = found.net_monthly[WITH, 0] - off.cash[0]
    allowance = "optimism_on*[optimism!off_cash]" if found.numbers.plan.measures else "0"
    rows = (
        (
            "spent_without",
            "Spending, without",
            "Sheet Without the plan",
            "[without!total]",
            spent[0, 0],
        ),
        ("spent_with", "Spending, with", "Sheet With the plan", "[with!total]", spent[WITH, 0]),
        (
            "allowance",
            "Allowance for optimism",
            "Where it is switched on",
            allowance,
            off.cash[0] + 0.0 * net,
        ),
        (
            "net",
            "Saved less spent",
            "Without - with - allowance",
            "[spent_without]-[spent_with]-[allowance]",
            net,
        ),
        (
            "so_far",
            "The same so far",
            "Added up from the start",
            "SUM([net:so_far])",
            np.cumsum(net),
        ),
    )
    for key, heading, says, formula, known in rows:
        yield Column(
            key=key,
            heading=heading,
            says=says,
            formula=formula,
            first=formula,
            look="pounds",
            known=known,
        )
    short = "IF([so_far]<-0.005,[month]+1,0)"
    yield Column(
        key="short",
        heading="Not back before month",
        says="The month after, while the sum so far is below zero",
        formula=short,
        first=short,
        look="whole",
        known=np.where(np.cumsum(net) < -0.005, np.arange(len(net)) + 1.0, 0.0),
    )
