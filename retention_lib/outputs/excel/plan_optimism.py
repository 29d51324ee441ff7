"""The sheet of the allowance for optimism: what measures save and cost, and what comes off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from retention_lib.outputs.excel.plan_cells import Column, Group, MonthSheet
from retention_lib.outputs.excel.plan_names import Of, measures_of
from retention_lib.outputs.excel.plan_singles import Single
from retention_lib.outputs.excel.plan_worlds import alone
from retention_lib.plans.optimism import Money, cash_of, economic_of
from retention_lib.plans.played import Played
from retention_lib.rates import FloatArray

KEY = "optimism"
TITLE = "Optimism"
_REAL = "([anyway!cpi_index]/[anyway!cpi_index:start])"
_VIEWS = {"cash": "cash", "real": "everyone's, first year's prices"}


def optimism_sheet(found: Played) -> MonthSheet:
    """Give the sheet: together, then each measure alone, its share of the whole, what comes off."""
    every = measures_of(found.numbers.plan)
    known = {"cash": cash_of(found), "real": economic_of(found)}
    return MonthSheet(
        key=KEY,
        title=TITLE,
        says=(
            "What weak evidence takes off. Each measure has what it saves and costs alone, and of "
            "what measures do together beyond that a part in proportion to size. Its saving is "
            "marked down and its cost up by the grade of its evidence. It is in the answer only "
            "where the switch on the sheet Inputs says yes."
        ),
        groups=(
            Group(heading="All measures together", columns=tuple(_together(every, known))),
            *(
                Group(
                    heading=f"{of.index + 1}. {of.measure.name}",
                    columns=tuple(_of_measure(of, len(every), known)),
                )
                for of in every
            ),
        ),
    )


def counting_singles(of: Of) -> Iterator[Single]:
    """Give for each line of a measure the part of its size that counts: its total beside that."""
    for what, words in (("saving", "saving"), ("cost", "cost")):
        for view, view_words in _VIEWS.items():
            months = f"[optimism!{of.key(f'{what}_{view}')}:all]"
            size = f"SUMPRODUCT(ABS({months}))"
            yield Single(
                name=of.own(f"{what}_{view}_counts"),
                label=f"Its {words}, {view_words}: total beside the size of all months",
                formula=f"IF({size}>0,ABS(SUM({months}))/{size},0)",
                kind="share",
                says="What counts against it is spread over months by size",
            )


def _pounds(
    key: str, heading: str, says: str, formula: str, known: FloatArray | None = None
) -> Column:
    return Column(
        key=key,
        heading=heading,
        says=says,
        formula=formula,
        first=formula,
        look="pounds",
        known=known,
    )


def _together(every: Sequence[Of], known: dict[str, Money]) -> Iterator[Column]:
    owned = "+".join(f"[with!{of.key('own')}]" for of in every)
    formulas = {
        "cost_cash": "[with!investment]",
        "saving_cash": "[without!total]-[with!total]+[cost_cash]",
        "cost_real": f"({owned}+[with!added])/{_REAL}",
        "saving_real": f"([without!everyone]-[with!everyone])/{_REAL}+[cost_real]",
    }
    for key, formula in formulas.items():
        what, view = key.split("_")
        values: FloatArray = getattr(known[view], what)
        yield _pounds(
            key,
            f"{what.capitalize()}, {_VIEWS[view]}",
            "With the plan beside without",
            formula,
            values.sum(axis=0)[0],
        )
        alone_of = [f"[{of.key(f'{key}_alone')}]" for of in every]
        yield _pounds(
            f"{key}_rest",
            "Beyond each alone",
            "Together - the sum of each alone",
            f"[{key}]-({'+'.join(alone_of)})",
        )
        yield _pounds(
            f"{key}_size",
            "Size of each alone, added up",
            "Whatever the sign",
            "+".join(f"ABS({each})" for each in alone_of),
        )
    for view, words in _VIEWS.items():
        allowance = "+".join(f"[{of.key(f'off_{view}')}]" for of in every)
        yield _pounds(
            f"off_{view}",
            f"Allowance, {words}",
            "All measures",
            allowance,
            known[view].allowance[0],
        )


def _of_measure(of: Of, count: int, known: dict[str, Money]) -> Iterator[Column]:
    sheet = alone(of, count)
    added = f"[{sheet}!added]"
    formulas = {
        "cost_cash": f"[{sheet}!{of.key('council')}]+{added}",
        "saving_cash": f"[without!total]-[{sheet}!total]+[{of.key('cost_cash_alone')}]",
        "cost_real": f"([{sheet}!{of.key('own')}]+{added})/{_REAL}",
        "saving_real": f"([without!everyone]-[{sheet}!everyone])/{_REAL}"
        f"+[{of.key('cost_real_alone')}]",
    }
    for key, formula in formulas.items():
        what, view = key.split("_")
        here = of.key(f"{key}_alone")
        yield _pounds(
            here, f"{what.capitalize()} alone, {_VIEWS[view]}", "This measure alone", formula
        )
        part = f"IF([{key}_size]>0,ABS([{here}])/[{key}_size],1/{count})"
        values: FloatArray = getattr(known[view], what)
        yield _pounds(
            of.key(key),
            f"{what.capitalize()} in the plan, {_VIEWS[view]}",
            "Alone + its part of what is beyond",
            f"[{here}]+{part}*[{key}_rest]",
            np.ravel(values[of.index]),
        )
    for view, words in _VIEWS.items():
        down, up = (
            f"{of.own(share)}*{of.own(f'{what}_{view}_counts')}*ABS([{of.key(f'{what}_{view}')}])"
            for share, what in (("down", "saving"), ("up", "cost"))
        )
        marked = known[view].off_savings + known[view].put_on_costs
        yield _pounds(
            of.key(f"off_{view}"),
            f"Taken off, {words}",
            "Saving marked down + cost marked up",
            f"{down}+{up}",
            np.ravel(marked[of.index]),
        )
