"""The sheet of money by financial year: every line, the budget view, the economic view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from retention_lib.appraisal import by_financial_year, excel_npv, payback_month
from retention_lib.outputs.excel.names import name_of
from retention_lib.outputs.excel.plan_cells import Row
from retention_lib.outputs.excel.plan_names import Of, measures_of
from retention_lib.outputs.excel.plan_payments import lines_of
from retention_lib.outputs.excel.plan_singles import Single
from retention_lib.outputs.excel.plan_tables import Lines, YearSheet, YearTable
from retention_lib.outputs.excel.plan_world_money import CASH_LINES, SERVICE_LINES
from retention_lib.plans.optimism import Allowance, taken_off
from retention_lib.plans.plan import MONTHS
from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray

KEY = "years"
NAME = "Money by year"


def years_sheet(found: Played) -> YearSheet:
    """Give the sheet: the two views, then every line without the plan, with it, and between."""
    off = taken_off(found)
    return YearSheet(
        key=KEY,
        name=NAME,
        title="Money by financial year",
        says="The budget view is the council's cash, with inflation. The economic view is at "
        "constant prices, discounted, with work done counted and whoever pays. They are not added.",
        blocks=(
            _budget(found, off),
            _economic(found, off),
            _worth(found, off),
            _service(found),
            _with_plan(found),
            _between(found),
        ),
    )


def _budget(found: Played, off: Allowance) -> YearTable:
    has = bool(found.numbers.plan.measures)
    spent = found.spent_by_year
    net = found.net_by_year[WITH, 0] - off.by_year[0]
    allowance = "-optimism_on*SUM([optimism!off_cash:year])" if has else "0"
    return YearTable(
        title="Budget view: the council's cash, with inflation",
        says="A saving is positive. Saved: what the service costs less because of the measures, "
        "before they are paid for.",
        rows=(
            Row(
                key="spent_without",
                label="Spending without the plan",
                formula="SUM([without!total:year])",
                known=spent[WITHOUT, 0],
            ),
            Row(
                key="spent_with",
                label="Spending with the plan",
                formula="SUM([with!total:year])",
                known=spent[WITH, 0],
            ),
            Row(
                key="saving",
                label="Saved",
                formula="[spent_without]-[spent_with]+[investment]",
                known=found.saving_by_year[WITH, 0],
            ),
            Row(
                key="investment",
                label="Cost of the measures",
                formula="SUM([with!investment:year])" if has else "0",
                known=found.investment_by_year[WITH, 0],
            ),
            Row(
                key="allowance",
                label="Allowance for optimism",
                formula=allowance,
                known=-off.by_year[0] + 0.0 * net,
            ),
            Row(
                key="net",
                label="Saved less cost",
                formula="[saving]-[investment]+[allowance]",
                strong=True,
                known=net,
            ),
            Row(
                key="running",
                label="The same so far",
                formula="SUM([net:so_far])",
                total="",
                known=np.cumsum(net),
            ),
        ),
    )


def _economic(found: Played, off: Allowance) -> YearTable:
    has = bool(found.numbers.plan.measures)
    real = "([once!cpi_index]/[once!cpi_index:first])"
    economic = found.economic_net_by_year[WITH, 0] - off.economic_by_year[0]
    discount = (1.0 + found.numbers.plan.appraisal.discount_rate) ** -np.arange(len(economic))
    return YearTable(
        title="Economic view: everyone's, at the first year's prices",
        says="Every line of money whoever pays, and work that is lost, not done or given back, "
        "divided by the index of prices.",
        rows=(
            Row(
                key="real_without",
                label="Without the plan",
                formula=f"SUM([without!everyone:year])/{real}",
            ),
            Row(
                key="real_with",
                label="With the plan",
                formula=f"SUM([with!everyone:year])/{real}",
            ),
            Row(
                key="real_off",
                label="What an allowance for optimism would take off",
                formula="SUM([optimism!off_real:year])" if has else "0",
            ),
            Row(
                key="real_allowance",
                label="Allowance for optimism, where it is switched on",
                formula="-optimism_on*[real_off]",
                known=-off.economic_by_year[0] + 0.0 * economic,
            ),
            Row(
                key="economic",
                label="Worth to everyone",
                formula="[real_without]-[real_with]+[real_allowance]",
                known=economic,
            ),
            Row(
                key="discount",
                label="Discount factor",
                formula="[once!discount]",
                total="",
                look="factor",
                known=discount.tolist(),
            ),
            Row(
                key="discounted",
                label="The same in today's money",
                formula="[economic]*[discount]",
                strong=True,
                known=economic * discount,
            ),
        ),
    )


def _worth(found: Played, off: Allowance) -> Lines:
    rate = found.numbers.plan.appraisal.discount_rate
    npv = float(found.npv[WITH, 0] - off.npv[0])
    month = payback_month(found.net_monthly[WITH, 0] - off.cash[0])
    return Lines(
        title="What it comes to",
        strong=frozenset({"answer_net", "answer_npv"}),
        lines=(
            Single(
                name="answer_investment",
                label="Cost of the measures over four years",
                formula="[investment:total]",
                kind="pounds",
                known=float(found.investment_by_year[WITH, 0].sum()),
            ),
            Single(
                name="answer_saving",
                label="Saved over four years",
                formula="[saving:total]",
                kind="pounds",
                known=float(found.saving_by_year[WITH, 0].sum()),
            ),
            Single(
                name="answer_net",
                label="Saved less cost, the council's cash over four years",
                formula="[net:total]",
                kind="pounds",
                known=float(found.net_by_year[WITH, 0].sum() - off.cash.sum()),
            ),
            Single(
                name="answer_npv",
                label="Net present value (NPV): worth to everyone in today's money",
                formula="SUM([discounted:all])",
                kind="pounds",
                says="The first year's money is not discounted, the second's by one year, and so "
                "on: the plan is worth this on its first day.",
                known=npv,
            ),
            Single(
                name="answer_excel_npv",
                label="The same as Excel's NPV function shows it",
                formula=f"NPV({name_of('appraisal.discount_rate')},[economic:all])",
                kind="pounds",
                says="Excel's NPV takes each year's money to come at the year's end, so it "
                "discounts the first year too. It is the NPV above / (1 + discount rate).",
                known=float(excel_npv(npv, rate)),
            ),
            Single(
                name="answer_payback_month",
                label="The month at whose end the money is back for good",
                formula="MAX([months!short:all])",
                kind="whole",
                says=f"0: from the start. {MONTHS + 1}: not in four years",
                known=float(MONTHS + 1 if month is None else month),
            ),
        ),
    )


def standing_formula(line: str) -> str:
    """Give a year of a line as the service stands on the first day, in its prices."""
    if line in {"agency_cover", "agency_extra"}:
        people = "covered" if line == "agency_cover" else "extra"
        price = f"[without!agency_price:start]/[once!agency_index:first]*{MONTHS_IN_YEAR}"
        return f"[without!{people}:start]*{price}"
    if line in {"recruitment", "induction"}:
        return f"SUM([without!line_{line}:first_year])/[once!cpi_index:first]"
    band = line.removeprefix("pay_")
    people, pay = ("managers", "manager") if band == "managers" else (band, band)
    return f"[without!{people}:start]*month_pay_{pay}*{MONTHS_IN_YEAR}"


def _service(found: Played) -> YearTable:
    lines = {line.key: by_financial_year(line.pounds[WITHOUT, 0]) for line in found.ledger.lines}
    rows = [
        Row(
            key=f"without_{key}",
            label=label if key in CASH_LINES else f"{label} (no cash)",
            formula=f"SUM([without!line_{key}:year])",
            start=standing_formula(key) if key in CASH_LINES else "",
            known=lines[key],
            known_start=float(found.ledger.standing[key][WITHOUT, 0])
            if key in CASH_LINES
            else None,
        )
        for key, label in SERVICE_LINES.items()
    ]
    first, *_, last = CASH_LINES
    together = f"SUM([without_{first}]:[without_{last}])"
    rows.insert(
        len(CASH_LINES),
        Row(
            key="without_cash",
            label="The council's spending",
            formula=together,
            start=f"SUM([without_{first}:start]:[without_{last}:start])",
            strong=True,
            known=found.spent_by_year[WITHOUT, 0],
            known_start=float(found.ledger.at_start(WITHOUT)[0]),
        ),
    )
    return YearTable(
        title="Every line without the plan",
        says="A year as things stand: staff, managers and agency staff of the first day, and the "
        "first year's joiners, at the prices of the year before.",
        rows=rows,
        start="A year as things stand",
    )


def _with_plan(found: Played) -> YearTable:
    lines = {line.key: by_financial_year(line.pounds[WITH, 0]) for line in found.ledger.lines}
    rows = [
        Row(
            key=f"with_{key}",
            label=label if key in CASH_LINES else f"{label} (no cash)",
            formula=f"SUM([with!line_{key}:year])",
            known=lines[key],
        )
        for key, label in SERVICE_LINES.items()
    ]
    for of in measures_of(found.numbers.plan):
        rows += _measure_rows(of, lines)
    return YearTable(title="Every line with the plan", rows=rows)


def _measure_rows(of: Of, lines: dict[str, FloatArray]) -> Iterator[Row]:
    """Give what each line of a measure costs by year, and how it splits."""
    name, none = of.measure.name, np.zeros(MONTHS // MONTHS_IN_YEAR)

    def row(key: str, label: str, formula: str, line: str) -> Row:
        known = lines.get(f"measure_{of.index}_{line}", none)
        return Row(key=of.key(key), label=f"{name}: {label}", formula=formula, known=known)

    def of_column(column: str) -> str:
        return f"SUM([with!{of.key(column)}:year])"

    yield row("with_money", "its money", of_column("cost_money"), "money")
    yield row("with_staff", "for each person in post", of_column("cost_staff"), "staff")
    if of.brings_people:
        yield row("with_recruits", "for each recruit", of_column("cost_recruits"), "recruits")
    if of.measure.incentive is not None:
        for line, label in lines_of(of.measure.incentive).items():
            sign = "-" if line == "clawback" else ""
            formula = f"{sign}SUM([{of.sheet}!{line}:year])"
            yield row(f"with_{line}", label.lower(), formula, line)
    if of.has_posts:
        yield row("with_grant", "grant for its posts", f"-{of_column('grant')}", "grant")
        yield row("with_posts", "pay of its posts, by others", of_column("grant"), "posts")


def _between(found: Played) -> YearTable:
    """Give the difference that the plan makes to each line of the service, and each measure's."""
    rows: list[Row] = [
        Row(
            key=f"more_{key}",
            label=label,
            formula=f"[with_{key}]-[without_{key}]",
        )
        for key, label in SERVICE_LINES.items()
    ]
    every: Sequence[Of] = measures_of(found.numbers.plan)
    for of in every:
        for what, words in (
            ("council", "cost to the council"),
            ("elsewhere", "paid from elsewhere"),
        ):
            rows.append(
                Row(
                    key=of.key(f"more_{what}"),
                    label=f"{of.measure.name}: {words}",
                    formula=f"SUM([with!{of.key(what)}:year])",
                )
            )
    rows.append(
        Row(
            key="more_all",
            label="All lines",
            formula=f"SUM([{rows[0].key}]:[{rows[-1].key}])",
            strong=True,
            known=by_financial_year(_everything(found)),
        )
    )
    return YearTable(
        title="What the plan changes, line by line; more spending is positive", rows=rows
    )


def _everything(found: Played) -> FloatArray:
    total = found.ledger.total(cash_only=False, council_only=False)
    return np.asarray(total[WITH, 0] - total[WITHOUT, 0])
