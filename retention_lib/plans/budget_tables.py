"""The two tables a council's finance team prints: the MTFS and the invest-to-save case."""

from __future__ import annotations

import numpy as np

from retention_lib.appraisal import by_financial_year, excel_npv, payback_month
from retention_lib.plans.optimism import NOTHING, Allowance
from retention_lib.plans.plan import YEARS, Plan
from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.plans.ranges import Ranges
from retention_lib.plans.years import month_name, year_columns
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.results import Cell, CellKind, Column, Table
from retention_lib.units import chance, money
from retention_lib.workforce.engine import BANDS

_TEXT: CellKind = "text"


def mtfs_rows(found: Played, off: Allowance = NOTHING) -> list[tuple[str, FloatArray, bool]]:
    """Work out the medium-term financial strategy, row by row: label, pounds by year, subtotal.

    Base is the year before's net; in the first year the staffing budget. Changes are from the year
    before: the pay award and inflation on what the service cost in the year before; demand, what
    the service without the plan then costs more or less; the pressure of a service that costs more
    than its budget on the first day; investment in measures; what they save, negative; and an
    allowance for optimism, which the budget needed has in it.
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
    needed = with_it + off.by_year[0]
    return [
        (_base_label(found), np.concatenate([[budget], needed[:-1]]), False),
        ("Pay award", award, False),
        ("Inflation: agency rates and prices", inflation, False),
        ("Staffing and demand without the plan", without - before - award - inflation, False),
        ("Pressure: costs above the budget at the start", pressure, False),
        ("Investment in the plan", _from_year_before(investment), False),
        ("Savings from the plan", -_from_year_before(saving), False),
        *([(ALLOWANCE, _from_year_before(off.by_year[0]), False)] if off.on else []),
        ("Net budget needed", needed, True),
    ]


def _base_label(found: Played) -> str:
    """Name the first row; a budget that nobody set is an estimate."""
    is_set = found.numbers.plan.staffing_budget is not None
    return "Base budget" if is_set else "Base budget (the first year's is estimated)"


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


def mtfs_table(found: Played, off: Allowance = NOTHING) -> Table:
    """Give the medium-term financial strategy, in thousands; savings are negative."""
    plan = found.numbers.plan
    rows = mtfs_rows(found, off)
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


def invest_to_save_rows(
    found: Played, off: Allowance = NOTHING
) -> list[tuple[str, FloatArray, bool]]:
    """Work out the invest-to-save case, row by row: label, pounds by year, subtotal.

    What the service costs less is a saving; where it costs more, because posts are filled that
    nobody covered, that is a row of its own; so is an allowance for optimism. Capital is not taken
    from reserves here.
    """
    plan = found.numbers.plan
    capital, one_off, continuing, elsewhere = (np.zeros(YEARS) for _ in range(4))
    for line in found.ledger.lines:
        if line.measure is None:
            continue
        by_year = by_financial_year(line.pounds[WITH, 0])
        if not line.by_council:
            elsewhere = elsewhere + by_year
        elif line.capital:
            capital = capital + by_year
        elif plan.measures[line.measure].one_off:
            one_off = one_off + by_year
        else:
            continuing = continuing + by_year
    continuing = continuing + by_financial_year(found.ledger.added_pay[WITH, 0])
    saving, net = found.saving_by_year[WITH, 0], found.net_by_year[WITH, 0] - off.by_year[0]
    running = np.cumsum(net)
    drawn = np.maximum(0.0, -np.cumsum(net + capital))
    return [
        ("One-off cost, capital", capital, False),
        ("One-off cost, revenue", one_off, False),
        ("Continuing cost, revenue", continuing, False),
        (TOTAL_COST, capital + one_off + continuing, True),
        (SAVING, -np.maximum(0.0, saving), False),
        (MORE_COST, np.maximum(0.0, -saving), False),
        *([(ALLOWANCE, off.by_year[0], False)] if off.on else []),
        (NET_COST, -net, True),
        (SO_FAR, -running, False),
        ("Drawn from reserves (paid back, negative)", np.diff(drawn, prepend=0.0), False),
        ("Paid from elsewhere, not counted above", elsewhere, False),
    ]


TOTAL_COST = "Total cost to the council"
SAVING = "Cashable saving"
MORE_COST = "More cost of posts filled that nobody covered"
ALLOWANCE = "Allowance for optimism"
NET_COST = "Net cost"
SO_FAR = "Net cost so far"


def invest_to_save_table(found: Played, off: Allowance = NOTHING) -> Table:
    """Give the invest-to-save case, in thousands; savings are negative."""
    rows = invest_to_save_rows(found, off)
    columns = (
        Column("line", "£ thousand; savings are negative", _TEXT),
        *year_columns(found.numbers.plan, "thousands", total=True),
    )
    cells: list[tuple[Cell, ...]] = []
    for label, by_year, _ in rows:
        whole = float(by_year[-1] if label == SO_FAR else by_year.sum())
        cells.append((label, *by_year.tolist(), whole))
    totals = tuple(i for i, (_, _, total) in enumerate(rows) if total)
    return Table("invest_to_save", "Invest to save", columns, tuple(cells), totals=totals)


def terms_table(found: Played, ranges: Ranges | None, off: Allowance = NOTHING) -> Table:
    """Give what stands under an invest-to-save case: payback, worth, and who pays."""
    plan = found.numbers.plan
    npv = float(found.npv[WITH, 0] - off.npv[0])
    month = payback_month(found.net_monthly[WITH, 0] - off.cash[0])
    rate = plan.appraisal.discount_rate
    rows: tuple[tuple[Cell, ...], ...] = (
        (
            "The money is back by the end of",
            _payback(plan, month),
        ),
        ("Worth in today's money (NPV), everything counted", money(npv)),
        ("The same as Excel's NPV shows it, a year later", money(float(excel_npv(npv, rate)))),
        ("Paid for by", _payers(found)),
    )
    if ranges is not None:
        low, middle, high = (money(-float(end)) for end in vars(ranges.net).values())
        rows += (
            ("Net cost in the middle of the draws (half lie above)", middle),
            ("Net cost, 8 draws in 10 between", f"{high} and {low}"),
        )
    if ranges is not None and plan.measures:
        paid_back = chance(ranges.chance_paid_back)
        rows += (("Chance that the money is back in four years", paid_back),)
    columns = (Column("term", "Term", _TEXT), Column("value", "Value", _TEXT))
    return Table("terms", "Invest to save: payback, worth and who pays", columns, rows)


def _payback(plan: Plan, month: int | None) -> str:
    if month is None:
        return "not in four years"
    return "the start" if month == 0 else month_name(plan, month - 1)


def _payers(found: Played) -> str:
    """Say who pays for the measures."""
    lines = [line for line in found.ledger.lines if line.measure is not None]
    council = any(line.by_council for line in lines) or bool(np.any(found.ledger.added_pay))
    others = any(not line.by_council for line in lines)
    return {
        (True, True): "the council and others",
        (True, False): "the council",
        (False, True): "others",
        (False, False): "nobody",
    }[council, others]
