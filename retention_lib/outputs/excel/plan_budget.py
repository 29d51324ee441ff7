"""The sheet a finance team prints: the MTFS and invest-to-save tables, and the bridge."""

from __future__ import annotations

from collections.abc import Sequence

from retention_lib.appraisal import by_financial_year
from retention_lib.outputs.excel.plan_bridge import (
    bridge_lines,
    budget_single,
    later_singles,
    timeline_table,
)
from retention_lib.outputs.excel.plan_cells import Row
from retention_lib.outputs.excel.plan_names import Of, measures_of
from retention_lib.outputs.excel.plan_singles import Single
from retention_lib.outputs.excel.plan_summary import payback_words
from retention_lib.outputs.excel.plan_tables import Lines, YearSheet, YearTable
from retention_lib.plans import budget_tables
from retention_lib.plans.budget_tables import invest_to_save_rows, mtfs_rows
from retention_lib.plans.optimism import taken_off
from retention_lib.plans.plan import YEARS
from retention_lib.plans.played import WITH, Played
from retention_lib.plans.result import PlanResult
from retention_lib.rates import FloatArray

KEY = "budget"
NAME = "MTFS and invest to save"
_THOUSAND = 1_000.0
_PAY = ("pay_newly_qualified", "pay_managers")
_AGENCY = ("agency_cover", "agency_extra")
_OTHER = ("recruitment", "induction")


def budget_sheet(found: Played, result: PlanResult) -> YearSheet:
    """Give the sheet of tables that go into a budget."""
    return YearSheet(
        key=KEY,
        name=NAME,
        title="MTFS and invest to save",
        says="The tables for the medium-term financial strategy (MTFS) and for an invest-to-save "
        "bid, in thousands of pounds of the council's cash. Savings are negative.",
        blocks=(
            _mtfs(found),
            _invest_to_save(found),
            _terms(result),
            _before(found),
            Lines(
                title="The staffing budget, and payments that fall due later",
                lines=(*budget_single(found), *later_singles(found)),
            ),
            bridge_lines(found, result),
            *((timeline_table(found, result),) if result.timeline else ()),
        ),
    )


def _over(first: str, last: str, growth: str) -> str:
    """Give what a year's growth in prices adds to what lines cost in the year before."""
    before = f"SUM([years!without_{first}-1]:[years!without_{last}-1])"
    return f"{before}*([once!{growth}_index]/[once!{growth}_index-1]-1)"


def _thousands(rows: Sequence[tuple[str, FloatArray, bool]], label: str) -> list[float]:
    found = next(by_year for name, by_year, _ in rows if name.startswith(label))
    return [float(pounds) / _THOUSAND for pounds in found]


def _mtfs(found: Played) -> YearTable:
    rows = mtfs_rows(found, taken_off(found))
    is_marked = taken_off(found).on

    def row(key: str, label: str, formula: str, first: str = "") -> Row:
        there = is_marked or label != budget_tables.ALLOWANCE
        return Row(
            key=key,
            label=label,
            formula=formula,
            first=first,
            total="",
            look="thousands",
            strong=key == "needed",
            known=_thousands(rows, label) if there else [0.0] * YEARS,
        )

    inflation = f"({_over(*_AGENCY, 'agency')}+{_over(*_OTHER, 'cpi')})/1000"
    grown = "([years!without_cash]-[years!without_cash-1])/1000"
    allowance = _from_before("-[years!allowance]", "-[years!allowance-1]")
    investment = _from_before("[revenue_investment]", "[revenue_investment-1]")
    saving = _from_before("-[years!saving]", "-[years!saving-1]")
    return YearTable(
        title="Medium-term financial strategy: staffing of children's social work, £ thousand",
        says="Changes from the year before. Base: the year before's net; in the first year the "
        "staffing budget. Pay award and inflation: growth in prices x what the service cost in the "
        "year before. Staffing and demand: what else the service without the plan costs more.",
        rows=(
            row("base", "Base budget", "[needed-1]", "staffing_budget/1000"),
            row("award", "Pay award", f"{_over(*_PAY, 'pay')}/1000"),
            row("inflation", "Inflation: agency rates and prices", inflation),
            row(
                "demand",
                "Staffing and demand without the plan",
                f"{grown}-[award]-[inflation]",
            ),
            row(
                "pressure",
                "Pressure: costs above the budget at the start",
                "0",
                "([years!without_cash:start]-staffing_budget)/1000",
            ),
            row("mtfs_investment", "Investment in the plan", *investment),
            row("mtfs_saving", "Savings from the plan", *saving),
            row("mtfs_allowance", budget_tables.ALLOWANCE, *allowance),
            row(
                "needed",
                "Net budget needed",
                "SUM([base]:[mtfs_allowance])",
            ),
        ),
        total="",
    )


def _from_before(now: str, before: str) -> tuple[str, str]:
    """Give the change from the year before in thousands, and the first year's."""
    return f"(({now})-({before}))/1000", f"({now})/1000"


def _sum(every: Sequence[Of], what: str, sheet: str = "with") -> str:
    return "+".join(f"SUM([{sheet}!{of.key(what)}:year])" for of in every) or "0"


def _invest_to_save(found: Played) -> YearTable:
    every = measures_of(found.numbers.plan)
    known = invest_to_save_rows(found, taken_off(found))

    def row(key: str, label: str, formula: str, first: str = "", total: str = "sum") -> Row:
        there = label in {name for name, _, _ in known}
        values = _thousands(known, label) if there else None
        return Row(
            key=key,
            label=label,
            formula=formula,
            first=first,
            total=total,
            look="thousands",
            strong=key in {"its_cost", "its_net"},
            known=values,
            known_total=values[-1] if values is not None and key == "its_so_far" else None,
        )

    one_off = "+".join(
        f"{of.own('is_one_off')}*({_sum([of], 'council')}-{_capital(of)})" for of in every
    )
    return YearTable(
        title="Invest to save, £ thousand",
        rows=(
            row("its_capital", "One-off cost, capital", "[capital]/1000"),
            row("its_one_off", "One-off cost, revenue", f"({one_off or '0'})/1000"),
            row(
                "its_continuing",
                "Continuing cost, revenue",
                "[years!investment]/1000-[its_capital]-[its_one_off]",
            ),
            row(
                "its_cost",
                budget_tables.TOTAL_COST,
                "[its_capital]+[its_one_off]+[its_continuing]",
            ),
            row("its_saving", budget_tables.SAVING, "-MAX(0,[years!saving])/1000"),
            row("its_more", budget_tables.MORE_COST, "MAX(0,-[years!saving])/1000"),
            row("its_allowance", budget_tables.ALLOWANCE, "-[years!allowance]/1000"),
            row(
                "its_net",
                budget_tables.NET_COST,
                "[its_cost]+[its_saving]+[its_more]+[its_allowance]",
            ),
            row(
                "its_so_far",
                budget_tables.SO_FAR,
                "SUM([its_net:so_far])",
                total="[its_so_far:last]",
            ),
            row(
                "its_reserves",
                "Drawn from reserves (paid back, negative)",
                "([drawn]-[drawn-1])/1000",
                "[drawn]/1000",
            ),
            row(
                "its_elsewhere",
                "Paid from elsewhere, not counted above",
                f"({_sum(every, 'elsewhere')})/1000",
            ),
        ),
    )


def _capital(of: Of) -> str:
    return f"{of.own('by_council')}*{of.own('is_capital')}*{_sum([of], 'own')}"


def _terms(result: PlanResult) -> Lines:
    month = "answer_payback_month"
    name = f"INDEX([months!calendar:all],{month}+1)"
    never = '"not in four years"'
    return Lines(
        title="Terms",
        lines=(
            Single(
                name="payback_in_words",
                label="The money is back by the end of",
                formula=f'IF({month}>48,{never},IF({month}=0,"the start",{name}))',
                kind="text",
                known=payback_words(result),
            ),
            Single(
                name="terms_npv",
                label="Worth in today's money (NPV), everything counted",
                formula="answer_npv",
                kind="pounds",
                says="The first year is not discounted",
                known=result.npv,
            ),
            Single(
                name="terms_excel_npv",
                label="The same as Excel's NPV shows it, a year later",
                formula="answer_excel_npv",
                kind="pounds",
                says="The first year is discounted too",
                known=result.excel_npv,
            ),
            Single(
                name="answer_elsewhere",
                label="Paid from elsewhere",
                formula="[its_elsewhere:total]*1000",
                kind="pounds",
                says="In none of the council's figures",
                known=result.elsewhere,
            ),
            Single(
                name="due_later",
                label="Payments that fall due after the four years",
                formula="payments_due_later",
                kind="pounds",
                says="In none of the tables",
                known=result.due_later,
            ),
        ),
    )


def _before(found: Played) -> YearTable:
    """Give what the tables above are worked out from, in pounds."""
    every = measures_of(found.numbers.plan)
    capital = "SUM([with!capital:year])"
    so_far = "-(SUM([years!net:so_far])+SUM([capital:so_far]))"
    return YearTable(
        title="Behind the tables, £",
        rows=(
            Row(key="capital", label="Capital spent by the council", formula=capital),
            Row(
                key="revenue_investment",
                label="Cost of the measures without capital",
                formula="[years!investment]-[capital]",
            ),
            Row(
                key="drawn",
                label="Drawn from reserves so far",
                formula=f"MAX(0,{so_far})",
                total="",
            ),
            Row(
                key="added",
                label="Pay of posts and managers that measures add",
                formula="SUM([with!added:year])" if every else "0",
                known=_added(found),
            ),
        ),
    )


def _added(found: Played) -> list[float]:
    return [float(each) for each in by_financial_year(found.ledger.added_pay[WITH, 0])]
