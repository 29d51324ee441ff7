"""The years of an offer: money by financial year, the strategy's table, and invest to save."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from retention_lib.appraisal import by_financial_year, payback_month
from retention_lib.optimism import SAVINGS
from retention_lib.outputs.excel.book import Sheet, Value
from retention_lib.outputs.excel.checks import HALF_A_PENNY
from retention_lib.outputs.excel.grid import Grid
from retention_lib.outputs.excel.incentive_played import (
    BUDGET,
    COUNCIL,
    OURS,
    THEIRS,
    VIEWS,
    WHAT_IF,
    Played,
)
from retention_lib.outputs.excel.looks import Role
from retention_lib.rates import FloatArray
from retention_lib.tables import year_label

SAYS = (
    "Month 0 and months 1 to 12 are the first financial year. It is not discounted; each later "
    "year counts for a little less."
)
NEVER = "never"
VIEW_NAMES: Mapping[str, str] = {
    COUNCIL: "The council",
    BUDGET: "Its budget, cash only",
    OURS: "The region, of our offer",
    THEIRS: "The region, of neighbours' offers",
    WHAT_IF: "The what-if",
}


class Years:
    """The Yearly sheet being written: one row for each financial year in each table."""

    def __init__(self, page: Sheet, grid: Grid, played: Played) -> None:
        self.page, self.grid, self.played = page, grid, played
        count = by_financial_year(played.net(COUNCIL)).size
        self.labels = [year_label(played.scenario, index) for index in range(count)]

    def write(self) -> None:
        """Write every table of the sheet, and name their columns."""
        self.page.row += 1
        self._money()
        self._views()

    def _sum(self, key: str, index: int) -> str:
        """Write the sum of a monthly column over a financial year."""
        return f"SUMIF({self.grid.all('year')},{index},{self.grid.all(key)})"

    def _by_year(self, pounds: FloatArray) -> list[float]:
        return [float(each) for each in by_financial_year(pounds)]

    def _money(self) -> None:
        """Write the money in and out, as the answer's own table has it."""
        page, flows = self.page, self.played.flows[COUNCIL]
        off = -self.played.taken_off(COUNCIL)
        page.heading("Money by financial year: the council, everything counted")
        columns: list[tuple[str, str, str, list[float]]] = [
            (
                "paid",
                "Paid, with on-costs (£)",
                "-({payments}+{on_costs})",
                self._by_year(-(flows.payments + flows.on_costs)),
            ),
            ("hiring", "Hiring (£)", "-{hiring}", self._by_year(-flows.hiring)),
            ("back", "Paid back by leavers (£)", "{clawback}", self._by_year(flows.clawback)),
            (
                "saved",
                "Saved (£)",
                "+".join(f"{{{line}}}" for line in SAVINGS),
                self._by_year(flows.saving),
            ),
            ("allowed", "Allowance for optimism (£)", "{allowance}", self._by_year(off)),
        ]
        nets = self._by_year(self.played.net(COUNCIL))
        rate = self.played.scenario.appraisal.discount_rate
        heads = ["Financial year", *(head for _, head, _, _ in columns)]
        heads += ["Net (£)", "Net so far (£)", "Counts for", "Net in today's money (£)"]
        page.header(heads)
        first = page.row
        so_far = 0.0
        for index, label in enumerate(self.labels):
            page.text(0, label, "words")
            for column, (_, _, formula, values) in enumerate(columns, start=1):
                made = self.filled(formula, COUNCIL, index)
                page.formula(column, f"={made}", "pounds", values[index])
            net, factor = nets[index], (1.0 + rate) ** -index
            so_far += net
            last = len(columns)
            page.formula(last + 1, f"=SUM({page.here(1)}:{page.here(last)})", "pounds", net)
            before = "" if index == 0 else f"{page.here(last + 2, page.row - 1)}+"
            page.formula(last + 2, f"={before}{page.here(last + 1)}", "pounds", so_far)
            page.formula(last + 3, f"=(1+in_appraisal_discount_rate)^-{index}", "factor", factor)
            made = f"={page.here(last + 1)}*{page.here(last + 3)}"
            page.formula(last + 4, made, "pounds", net * factor)
            page.row += 1
        for name, column in (
            ("year_net", len(columns) + 1),
            ("year_factor", len(columns) + 3),
            ("year_net_today", len(columns) + 4),
        ):
            page.book.name(name, page.range(column, first, page.row - 1))
        self._total(first, [sum(values) for *_, values in columns] + [sum(nets)])

    def filled(self, formula: str, view: str, index: int) -> str:
        """Fill a formula's lines in with their sums over a financial year."""
        lines = ("payments", "on_costs", "hiring", "clawback", *SAVINGS, "allowance", "net")
        return formula.format(**{each: self._sum(f"{view}.{each}", index) for each in lines})

    def _total(self, first: int, sums: list[float]) -> None:
        page = self.page
        page.text(0, "All years", "words", "total")
        for column, value in enumerate(sums, start=1):
            made = f"=SUM({page.range(column, first, page.row - 1).rsplit('!', 1)[1]})"
            page.formula(column, made, "pounds", value, role="total")
        page.row += 1

    def _views(self) -> None:
        """Write each view's net by year; theirs are counted from their own first day."""
        page = self.page
        page.heading("Net by financial year, as each side sees it")
        page.header(["Financial year", *(f"{VIEW_NAMES[view]} (£)" for view in VIEWS)])
        first = page.row
        nets = {view: self._by_year(self.played.net(view)) for view in VIEWS}
        for index, label in enumerate(self.labels):
            page.text(0, label, "words")
            for column, view in enumerate(VIEWS, start=1):
                made = f"={self._sum(f'{view}.net', index)}"
                page.formula(column, made, "pounds", nets[view][index])
            page.row += 1
        for column, view in enumerate(VIEWS, start=1):
            page.book.name(f"year_net_{view}", page.range(column, first, page.row - 1))
        self._total(first, [sum(nets[view]) for view in VIEWS])


class Strategy:
    """The tables for the medium-term financial strategy: cash, cost plus and saving minus."""

    def __init__(self, page: Sheet, years: Years) -> None:
        self.page, self.years = page, years
        self._first = 0

    def write(self) -> None:
        """Write the table in pounds, the same in thousands, and invest to save."""
        self.page.row += 1
        lines = self._lines()
        self._in_pounds(lines)
        self._in_thousands(lines)
        self._invest_to_save()

    def _lines(self) -> list[tuple[str, str, FloatArray]]:
        played = self.years.played
        flows = played.flows[BUDGET]
        saved = "+".join(f"{{{line}}}" for line in SAVINGS)
        return [
            (
                "Payments, with on-costs",
                "{payments}+{on_costs}",
                flows.payments + flows.on_costs,
            ),
            ("Hiring", "{hiring}", flows.hiring),
            ("Paid back by leavers", "-{clawback}", -flows.clawback),
            ("Savings that a budget could be cut by", f"-({saved})", -flows.saving),
            ("Allowance for optimism", "-{allowance}", played.taken_off(BUDGET)),
        ]

    def _heads(self, first: str) -> list[str]:
        return [first, *self.years.labels, "Total"]

    def _in_pounds(self, lines: list[tuple[str, str, FloatArray]]) -> None:
        page, years = self.page, self.years
        page.heading("For the medium-term financial strategy (£)")
        page.note("The change to the budget against no scheme, cash only. Savings are negative.")
        page.header(self._heads("£ against no scheme; savings are negative"))
        self._first = page.row
        count = len(years.labels)
        totals = np.zeros(count)
        for label, formula, pounds in lines:
            by_year = by_financial_year(pounds)
            totals = totals + by_year
            page.text(0, label, "words")
            for index in range(count):
                made = years.filled(formula, BUDGET, index)
                page.formula(1 + index, f"={made}", "pounds", float(by_year[index]))
            self._sum_across(count, float(by_year.sum()), "live")
            page.row += 1
        page.text(0, "Net change to the budget", "words", "total")
        for index in range(count):
            above = page.range(1 + index, self._first, page.row - 1).rsplit("!", 1)[1]
            page.formula(1 + index, f"=SUM({above})", "pounds", float(totals[index]), role="total")
        self._sum_across(count, float(totals.sum()), "total")
        page.book.name("mtfs_net", page.range(1, page.row, page.row, count))
        page.row += 1

    def _sum_across(self, count: int, value: float, role: Role) -> None:
        page = self.page
        made = f"=SUM({page.here(1)}:{page.here(count)})"
        page.formula(1 + count, made, "pounds", value, role=role)

    def _in_thousands(self, lines: list[tuple[str, str, FloatArray]]) -> None:
        page = self.page
        page.heading("The same in £ thousand")
        page.header(self._heads("£ thousand against no scheme; savings are negative"))
        sums = [by_financial_year(pounds) for _, _, pounds in lines]
        rows = [*((label, each) for (label, _, _), each in zip(lines, sums, strict=True))]
        rows.append(("Net change to the budget", np.sum(sums, axis=0)))
        for offset, (label, by_year) in enumerate(rows):
            role: Role = "total" if offset == len(rows) - 1 else "live"
            page.text(0, label, "words", role)
            values = [*by_year.tolist(), float(by_year.sum())]
            for column, value in enumerate(values, start=1):
                above = page.here(column, self._first + offset)
                page.formula(column, f"={above}/1000", "thousands", value / 1_000, role=role)
            page.row += 1

    def _invest_to_save(self) -> None:
        """Write what is put in, what comes back, and when the money is back, cash only."""
        page, years = self.page, self.years
        played = years.played
        flows, count = played.flows[BUDGET], len(years.labels)
        page.heading("Invest to save: cash put in, cash back, and the running total (£)")
        page.note("Put in: paid, on-costs and hiring. Back: paid back by leavers, and cash saved.")
        page.header(("Financial year", "Put in", "Back", "Net", "Running total", "Paid back"))
        cost = "{payments}+{on_costs}+{hiring}"
        saved = "{clawback}+" + "+".join(f"{{{line}}}" for line in SAVINGS) + "+{allowance}"
        put = by_financial_year(flows.payments + flows.on_costs + flows.hiring)
        back = by_financial_year(flows.clawback + flows.saving - played.taken_off(BUDGET))
        running = 0.0
        for index in range(count):
            page.text(0, years.labels[index], "words")
            put_in, came = float(put[index]), float(back[index])
            page.formula(1, f"={years.filled(cost, BUDGET, index)}", "pounds", put_in)
            page.formula(2, f"={years.filled(saved, BUDGET, index)}", "pounds", came)
            page.formula(3, f"={page.here(2)}-{page.here(1)}", "pounds", came - put_in)
            running += came - put_in
            before = "" if index == 0 else f"{page.here(4, page.row - 1)}+"
            page.formula(4, f"={before}{page.here(3)}", "pounds", running)
            is_back = "yes" if running >= -HALF_A_PENNY else "no"
            page.formula(5, f'=IF({page.here(4)}>=-{HALF_A_PENNY},"yes","no")', "whole", is_back)
            page.row += 1
        month = payback_month(played.net(BUDGET))
        page.text(0, "Month from which the money is back for good", "words", "total")
        back_from: Value = NEVER if month is None else month
        page.formula(1, _payback(years.grid, BUDGET), "whole", back_from, role="total")
        page.text(2, "Cash only. Never: the running total is below 0 at the end.", "text", "note")
        page.row += 1


def _payback(grid: Grid, view: str) -> str:
    """Write the month after the last one in which the running total is below 0."""
    running, months = grid.all(f"{view}.running"), grid.all("t")
    last = f"SUMPRODUCT(MAX(({running}<-0.005)*({months}+1)))"
    return f'=IF({last}>{grid.months},"{NEVER}",{last})'


def payback_formula(grid: Grid) -> str:
    """Write the month from which the council's money is back for good, or "never"."""
    return _payback(grid, COUNCIL)
