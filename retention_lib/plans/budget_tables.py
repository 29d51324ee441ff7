"""The two tables a council's finance team prints: the MTFS and the invest-to-save case."""

from __future__ import annotations

import numpy as np

from retention_lib.appraisal import by_financial_year
from retention_lib.plans.plan import YEARS
from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.plans.years import year_columns
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.results import Cell, CellKind, Column, Table
from retention_lib.workforce.engine import BANDS

_TEXT: CellKind = "text"


def mtfs_rows(found: Played) -> list[tuple[str, FloatArray, bool]]:
    """Work out the medium-term financial strategy, row by row: label, pounds by year, subtotal.

    Base is the year before's net; in the first year the staffing budget. Changes are from the year
    before: the pay award and inflation on what the service cost in the year before; demand, what
    the service without the plan then costs more or less; the pressure of a service that costs more
    than its budget on the first day; investment in measures; and what they save, negative.
    """
    spent = found.ledger.total(capital=False)[:, 0]
    without, with_it = by_financial_year(spent[WITHOUT]), by_financial_year(spent[WITH])
    capital = by_financial_year(found.ledger.total(capital=True)[WITH, 0])
    investment = found.investment_by_year[WITH, 0] - capital
    saving = investment - (with_it - without)
    standing = float(found.ledger.at_start(WITHOUT)[0])
    award, inflation = _price_effects(found)
    before = np.concatenate([[standing], without[:-1]])
    budget = staffing_budget(found)
    pressure = np.zeros(YEARS)
    pressure[0] = standing - budget
    return [
        ("Base budget", np.concatenate([[budget], with_it[:-1]]), False),
        ("Pay award", award, False),
        ("Inflation: agency rates and prices", inflation, False),
        ("Staffing and demand without the plan", without - before - award - inflation, False),
        ("Pressure: costs above the budget at the start", pressure, False),
        ("Investment in the plan", _from_year_before(investment), False),
        ("Savings from the plan", -_from_year_before(saving), False),
        ("Net budget needed", with_it, True),
    ]


def _from_year_before(by_year: FloatArray) -> FloatArray:
    return np.diff(by_year, prepend=0.0)


def _price_effects(found: Played) -> tuple[FloatArray, FloatArray]:
    """Give what the year's growth in prices adds to what the service cost in the year before."""
    effects = {"pay": np.zeros(YEARS), "agency": np.zeros(YEARS), "cpi": np.zeros(YEARS)}
    for line in found.ledger.lines:
        if line.measure is not None or not line.cash:
            continue
        by_year = by_financial_year(line.pounds[WITHOUT, 0])
        standing = float(found.ledger.standing[line.key][WITHOUT, 0])
        before = np.concatenate([[standing], by_year[:-1]])
        index = found.ledger.index[line.price][1::MONTHS_IN_YEAR]
        growth = index / np.concatenate([[1.0], index[:-1]]) - 1.0
        effects[line.price] = effects[line.price] + before * growth
    return effects["pay"], effects["agency"] + effects["cpi"]


def staffing_budget(found: Played) -> float:
    """Give the budget for staff in the year before the plan: as set, or as the posts are funded.

    Funded posts at the average pay of staff with on-costs, their managers, and a year's joiners.
    """
    given = found.numbers.plan.staffing_budget
    if given is not None:
        return given
    standing = {key: float(value[WITHOUT, 0]) for key, value in found.ledger.standing.items()}
    pay = sum(standing[f"pay_{band}"] for band in BANDS)
    staff = float(found.path.in_post[WITHOUT, 0, 0])
    posts = float(found.path.posts[WITHOUT, 0, 0])
    others = sum(standing[key] for key in ("pay_managers", "recruitment", "induction"))
    return (pay / staff * posts if staff > 0 else 0.0) + others


def mtfs_table(found: Played) -> Table:
    """Give the medium-term financial strategy, in thousands; savings are negative."""
    plan = found.numbers.plan
    rows = mtfs_rows(found)
    columns = (
        Column("line", "£ thousand, changes from the year before; savings are negative", _TEXT),
        *year_columns(plan, "thousands"),
    )
    return Table(
        "mtfs",
        "Medium-term financial strategy (MTFS): staffing of children's social work",
        columns,
        tuple((label, *by_year.tolist()) for label, by_year, _ in rows),
        totals=tuple(i for i, (_, _, total) in enumerate(rows) if total),
    )


def invest_to_save_rows(found: Played) -> list[tuple[str, FloatArray, bool]]:
    """Work out the invest-to-save case, row by row: label, pounds by year, subtotal."""
    plan = found.numbers.plan
    one_off_capital, one_off, continuing, elsewhere = (np.zeros(YEARS) for _ in range(4))
    for line in found.ledger.lines:
        if line.measure is None:
            continue
        measure = plan.measures[line.measure]
        by_year = by_financial_year(line.pounds[WITH, 0])
        if not line.by_council:
            elsewhere = elsewhere + by_year
        elif line.capital:
            one_off_capital = one_off_capital + by_year
        elif measure.one_off:
            one_off = one_off + by_year
        else:
            continuing = continuing + by_year
    continuing = continuing + by_financial_year(found.ledger.added_pay[WITH, 0])
    saving, net = found.saving_by_year[WITH, 0], found.net_by_year[WITH, 0]
    running = np.cumsum(net)
    drawn = np.maximum(0.0, -np.minimum(running, 0.0))
    return [
        ("One-off cost, capital", one_off_capital, False),
        ("One-off cost, revenue", one_off, False),
        ("Continuing cost, revenue", continuing, False),
        ("Total cost to the council", one_off_capital + one_off + continuing, True),
        ("Cashable saving", -saving, False),
        ("Net cost", -net, True),
        ("Net cost so far", -running, False),
        ("Drawn from reserves (paid back, negative)", np.diff(drawn, prepend=0.0), False),
        ("Paid from elsewhere, not counted above", elsewhere, False),
    ]


def invest_to_save_table(found: Played) -> Table:
    """Give the invest-to-save case, in thousands; savings are negative."""
    rows = invest_to_save_rows(found)
    columns = (
        Column("line", "£ thousand; savings are negative", _TEXT),
        *year_columns(found.numbers.plan, "thousands", total=True),
    )
    cells: list[tuple[Cell, ...]] = []
    for label, by_year, _ in rows:
        running = label == "Net cost so far"
        cells.append((label, *by_year.tolist(), float(by_year[-1] if running else by_year.sum())))
    totals = tuple(i for i, (_, _, total) in enumerate(rows) if total)
    return Table("invest_to_save", "Invest to save", columns, tuple(cells), totals=totals)
