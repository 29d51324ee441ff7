"""The same offer or plan in every council in England: where would it pay?

Each council is a question of its own, so they go to as many cores as there are, or to a cluster:
whatever gives an executor of Python's own kind (`concurrent.futures`). Dask's
`Client(...).get_executor()` is one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import chain, groupby
from multiprocessing import get_context
from typing import Any, Literal

import pandas as pd

from retention_lib.elsewhere import offer_in, plan_in
from retention_lib.evaluation import evaluate
from retention_lib.figures import (
    FEW_STAFF,
    Area,
    all_years,
    councils,
    figure,
    label_of_area,
    latest_year,
    region_of,
)
from retention_lib.plans.answer import appraise
from retention_lib.plans.plan import Plan
from retention_lib.plans.ranges import spread
from retention_lib.results import Column, Table
from retention_lib.scenario import Scenario
from retention_lib.units import chance

_AT_A_TIME = 8

Needs = Literal["leaving", "joiners", "effects"]
"""What must be true for it to pay: how far leaving falls, how many join, or what it all does."""

_NEEDED: dict[Needs, Column] = {
    "leaving": Column("needed", "Fall in leaving needed", "share"),
    "joiners": Column("needed", "Extra joiners needed for each who comes anyway", "number"),
    "effects": Column("needed", "Times its effects needed", "number"),
}


@dataclass(frozen=True, kw_only=True)
class There:
    """What the same offer or plan comes to in one council; pounds, shares 0 to 1, staff FTE.

    `needed` is the fall in leaving, or the extra joiners for each who would come anyway, at which
    an offer's NPV is zero; for a plan how many times as large its effects must be for the money to
    come back. None where nothing is enough. An offer pays where its NPV is above zero, a plan where
    its cash comes back in four years; `chance` is the share of draws in which it does, None where
    none were asked for. `for_each_pound` is what comes back for each pound of net cost, None where
    it costs nothing.
    """

    code: str
    name: str
    region: str
    staff: float
    turnover: float
    net: float
    npv: float
    for_each_pound: float | None
    needed: float | None
    chance: float | None
    pays: bool


@dataclass(frozen=True, kw_only=True)
class EveryCouncil:
    """The councils, those where it pays most for each pound first; and those left out, and why.

    `needs` says of what each row's `needed` is. Councils with the same figures share a rank.
    """

    year: int
    needs: Needs
    rows: tuple[There, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def paying(self) -> int:
        """In how many councils it pays for itself."""
        return sum(row.pays for row in self.rows)

    def table(self) -> Table:
        """Give the ranking as a table."""
        columns = (
            Column("rank", "Rank", "number"),
            Column("council", "Council", "text"),
            Column("code", "Code", "text"),
            Column("region", "Region", "text"),
            Column("staff", "Social workers (FTE)", "people"),
            Column("turnover", "Turnover", "share"),
            Column("net", "Net benefit"),
            Column("npv", "In today's money (NPV)"),
            Column("for_each_pound", "Back for each £1 of cost", "number"),
            _NEEDED[self.needs],
            Column("chance", "Chance that it pays", "share"),
            Column("pays", "Pays for itself", "text"),
        )
        rows = tuple(
            (
                rank,
                each.name,
                each.code,
                each.region,
                each.staff,
                each.turnover,
                each.net,
                each.npv,
                each.for_each_pound,
                each.needed,
                each.chance,
                "Yes" if each.pays else "No",
            )
            for rank, each in _with_ranks(self.rows)
        )
        return Table(
            "every_council", f"Every council, year to September {self.year}", columns, rows
        )

    def readable(self) -> Table:
        """Give the ranking as a table to be read: none of the draws is still not never."""
        table = self.table()
        place = [column.key for column in table.columns].index("chance")
        rows = tuple(
            (*row[:place], None if each.chance is None else chance(each.chance), *row[place + 1 :])
            for row, each in zip(table.rows, self.rows, strict=True)
        )
        return replace(table, rows=rows)

    def to_dict(self) -> dict[str, Any]:
        """Give the ranking as JSON holds it, unrounded."""
        return {
            "year": self.year,
            "paying": self.paying,
            "rows": [asdict(row) for row in self.rows],
            "left_out": [{"name": name, "why": why} for name, why in self.left_out],
        }

    def frame(self) -> pd.DataFrame:
        """Give the ranking as a DataFrame."""
        return self.table().frame()


def every_council(
    asked: Scenario | Plan,
    executor: Executor | None = None,
    *,
    year: int | None = None,
    draws: int = 0,
) -> EveryCouncil:
    """Answer the same offer or plan for every council in England, and rank where it would pay.

    An offer keeps its people and pay and takes each council's published chance of leaving. A plan
    takes each council's published service, in proportion to its staff. Councils with few staff are
    left out, as one leaver moves their turnover a lot, and so are those without figures.

    Args:
        asked: the offer or plan.
        executor: runs the councils; all cores of this machine where there is none. In a script on
            Windows or a Mac, call it under `if __name__ == "__main__":`.
        year: of the figures, to 30 September; the latest unless told.
        draws: how many for the chance that it pays; none unless told, as they take longest.

    Raises:
        ValueError: where there are no figures of that year.

    Example:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> from retention_lib.presets import preset
        >>> with ThreadPoolExecutor(1) as one:
        ...     found = every_council(preset("london-yearly-bonus").scenario, one)
        >>> len(found.rows) + len(found.left_out) >= 150
        True
    """
    year = latest_year() if year is None else year
    first, last = all_years()[0], all_years()[-1]
    if not first <= year <= last:
        right = f"It must be a year with published figures: {first} to {last}."
        raise ValueError(f"year is {year}. {right}")
    why_not = {area.code: _why_not(area, year) for area in councils()}
    named = ((label_of_area(area), why_not[area.code]) for area in councils())
    left_out = tuple((name, why) for name, why in named if why)
    codes = [code for code, why in why_not.items() if not why]
    pieces = [codes[at : at + _AT_A_TIME] for at in range(0, len(codes), _AT_A_TIME)]
    if executor is not None:
        rows = _answered(executor, asked, pieces, year, draws)
    else:
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as cores:
            rows = _answered(cores, asked, pieces, year, draws)
    return EveryCouncil(
        year=year,
        needs=_needs(asked),
        rows=_ranked(rows),
        left_out=tuple(one for one in left_out if one[1]),
    )


def _needs(asked: Scenario | Plan) -> Needs:
    """Say what must be true for it to pay."""
    if isinstance(asked, Plan):
        return "effects"
    return "joiners" if asked.scheme.kind == "golden_hello" else "leaving"


def _why_not(area: Area, year: int) -> str:
    """Say why a council is not asked, empty where it is."""
    staff = figure("in_post", area.code, year)
    if staff is None or figure("turnover", area.code, year) is None:
        return f"It published no staff or no turnover for {year}."
    if staff < FEW_STAFF:
        return f"It had under {FEW_STAFF:g} full-time equivalent staff."
    return ""


def _answered(
    executor: Executor,
    asked: Scenario | Plan,
    pieces: Sequence[Sequence[str]],
    year: int,
    draws: int,
) -> list[There]:
    """Send the councils out a few at a time, and gather what comes back in their order."""
    sent = [executor.submit(answer_there, asked, piece, year, draws) for piece in pieces]
    return list(chain.from_iterable(each.result() for each in sent))


def answer_there(
    asked: Scenario | Plan, codes: Sequence[str], year: int, draws: int = 0
) -> list[There]:
    """Answer the same offer or plan for some councils, one after the other.

    Example:
        >>> from retention_lib.presets import preset
        >>> answer_there(preset("no-scheme").scenario, ["802"], 2025)[0].npv
        0.0
    """
    known = {area.code: area for area in councils()}
    return [_there(asked, known[code], year, draws) for code in codes]


def _there(asked: Scenario | Plan, area: Area, year: int, draws: int) -> There:
    region = region_of(area)
    staff, turnover = figure("in_post", area.code, year), figure("turnover", area.code, year)
    if isinstance(asked, Plan):
        plan = plan_in(asked, area.code, year)
        appraised = appraise(plan)
        net, npv, cost = appraised.net, appraised.npv, appraised.investment
        needed, pays = appraised.needed_times, net > 0
        in_draws = spread(plan, draws).chance_paid_back if draws else None
    else:
        result = evaluate(offer_in(asked, area.code, year), draws)
        net, npv, cost = result.net_benefit, result.npv, result.net_cost
        joiners = _needs(asked) == "joiners"
        needed = result.break_even_extra_hires if joiners else result.break_even_leaving_reduction
        in_draws, pays = result.ranges.chance_pays if result.ranges else None, npv > 0
    return There(
        code=area.code,
        name=label_of_area(area),
        region="" if region is None else region.name,
        staff=staff or 0.0,
        turnover=turnover or 0.0,
        net=net,
        npv=npv,
        for_each_pound=(cost + net) / cost if cost >= 1 else None,
        needed=needed,
        chance=in_draws,
        pays=pays,
    )


def _ranked(rows: Sequence[There]) -> tuple[There, ...]:
    """Put first where most comes back for each pound; where nothing is paid, by name."""
    return tuple(sorted(rows, key=lambda row: (*_order(row), row.name)))


def _order(row: There) -> tuple[float, float]:
    return -(row.for_each_pound or 0.0), -row.npv


def _with_ranks(rows: Sequence[There]) -> Iterator[tuple[int, There]]:
    """Give each its rank, those with the same figures the same one: 1, 2, 2, 4."""
    before = 0
    for _, same in groupby(rows, key=_order):
        equal = list(same)
        yield from ((before + 1, row) for row in equal)
        before += len(equal)
