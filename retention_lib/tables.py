"""The tables of an answer: each chart has its twin here, and the workings their own."""

from __future__ import annotations

import numpy as np

from retention_lib import incentives
from retention_lib.appraisal import by_financial_year
from retention_lib.assumptions import register
from retention_lib.costs import total
from retention_lib.evidence import Finding
from retention_lib.incentives import Flows, Offer
from retention_lib.model import cost_parts
from retention_lib.optimism import net_of, taken_off
from retention_lib.questions import (
    budget_view,
    cash_flows,
    cashable_saving,
    region_view,
)
from retention_lib.rates import FloatArray, still_in_post
from retention_lib.results import (
    AnswerMap,
    Bar,
    Cell,
    CellKind,
    Column,
    IncentiveRanges,
    Step,
    Table,
)
from retention_lib.scenario import FROM_PARTS, Scenario

_EIGHT_IN_TEN = 1.2816  # standard deviations either side that hold eight outcomes in ten
_TEXT: CellKind = "text"
_SHARE: CellKind = "share"
_PEOPLE: CellKind = "people"


OPTIMISM = "Allowance for optimism"


def _allowance(scenario: Scenario, flows: Flows) -> dict[str, FloatArray]:
    """Give the line of what is taken off for optimism, and no line where nothing is."""
    if not scenario.appraisal.optimism:
        return {}
    return {"allowance": -np.asarray(taken_off(scenario, flows))}


def year_label(scenario: Scenario, index: int) -> str:
    """Name a financial year: "2026/27", or "Year 1" where the scenario names no first year."""
    first = scenario.appraisal.first_financial_year
    if first is None:
        return f"Year {index + 1}"
    year = first + index
    return f"{year}/{(year + 1) % 100:02d}"


def years_table(scenario: Scenario, flows: Flows) -> Table:
    """Give the money by financial year, in and out."""
    lines = {
        "paid": -(flows.payments + flows.on_costs),
        "hiring": -flows.hiring,
        "paid_back": flows.clawback,
        "saved": flows.saving,
        **_allowance(scenario, flows),
        "net": net_of(scenario, flows),
    }
    by_year = {key: by_financial_year(line) for key, line in lines.items()}
    running = np.cumsum(by_year["net"])
    discount = (1.0 + scenario.appraisal.discount_rate) ** -np.arange(running.size)
    rows: list[tuple[Cell, ...]] = []
    for i in range(running.size):
        sums = [float(line[i]) for line in by_year.values()]
        discounted = float(by_year["net"][i] * discount[i])
        rows.append((year_label(scenario, i), *sums, float(running[i]), discounted))
    columns = (
        Column("year", "Financial year", _TEXT),
        Column("paid", "Paid, with on-costs"),
        Column("hiring", "Hiring"),
        Column("paid_back", "Paid back by leavers"),
        Column("saved", "Saved"),
        *(Column(key, OPTIMISM) for key in _allowance(scenario, flows)),
        Column("net", "Net"),
        Column("running", "Net so far"),
        Column("discounted", "Net in today's money"),
    )
    return Table("years", "Money by financial year", columns, tuple(rows))


def budget_table(scenario: Scenario, flows: Flows) -> Table:
    """Give the cash by financial year as councils print it: cost plus, saving minus.

    Only what a budget would see. The first line less the others is the change to the budget.
    """
    saving = cashable_saving(scenario, flows)
    lines = {
        "Payments, with on-costs": flows.payments + flows.on_costs,
        "Hiring": flows.hiring,
        "Paid back by leavers": -flows.clawback,
        "Savings that a budget could be cut by": -saving,
    }
    change = flows.net_cost - saving
    if scenario.appraisal.optimism:
        lines[OPTIMISM] = np.asarray(taken_off(scenario, cash_flows(scenario, flows)))
        change = change + lines[OPTIMISM]
    lines["Net change to the budget"] = change
    rows: list[tuple[Cell, ...]] = []
    for label, line in lines.items():
        by_year = by_financial_year(line).tolist()
        rows.append((label, *by_year, sum(by_year)))
    years = range(by_financial_year(saving).size)
    columns = (
        Column("line", "£ thousand against no scheme; savings are negative", _TEXT),
        *(Column(f"year_{i + 1}", year_label(scenario, i), "thousands") for i in years),
        Column("total", "Total", "thousands"),
    )
    title = "For the medium-term financial strategy"
    return Table("budget", title, columns, tuple(rows), totals=(len(rows) - 1,))


def months_table(scenario: Scenario, flows: Flows) -> Table:
    """Give every month's people and money."""
    off = _allowance(scenario, flows)
    lost = (Column("poached", "Lost to neighbours who pay the same", _PEOPLE),)
    columns = (
        Column("month", "Month", "number"),
        Column("still_without", "First people still in post, without it", _PEOPLE),
        Column("still_with", "First people still in post, with it", _PEOPLE),
        Column("still_extra", "Extra people in post", _PEOPLE),
        Column("leavers_without", "Leavers without it, replacements included", _PEOPLE),
        Column("leavers_with", "Leavers with it, replacements included", _PEOPLE),
        *(lost if flows.poached.any() else ()),
        Column("payments", "Paid to people"),
        Column("on_costs", "On-costs"),
        Column("hiring", "Hiring"),
        Column("clawback", "Paid back by leavers"),
        Column("saving", "Saved"),
        *(Column(key, OPTIMISM) for key in off),
        Column("net", "Net"),
    )
    other = {**off, "net": net_of(scenario, flows)}
    keys = [column.key for column in columns[1:]]
    lines = [other[key] if key in other else getattr(flows, key) for key in keys]
    rows = tuple(
        (float(month), *(float(line[month]) for line in lines))
        for month in range(flows.payments.size)
    )
    return Table("months", "Every month", columns, rows)


def people_table(offer: Offer, flows: Flows) -> Table:
    """Give the people paid who are still in post, with and without, and what luck alone does."""
    luck = _EIGHT_IN_TEN * incentives.luck_in_headcount(
        offer, lambda group: still_in_post(incentives.leaving_with_scheme(offer, group))
    )
    with_all = flows.still_with + flows.still_extra
    rows = tuple(
        (
            float(month),
            float(flows.still_without[month]),
            float(with_all[month]),
            float(max(0.0, with_all[month] - luck[month])),
            float(min(with_all[0], with_all[month] + luck[month])),
        )
        for month in range(with_all.size)
    )
    columns = (
        Column("month", "Month", "number"),
        Column("without", "Without it", _PEOPLE),
        Column("with", "With it", _PEOPLE),
        Column("low", "With it, low (by luck)", _PEOPLE),
        Column("high", "With it, high (by luck)", _PEOPLE),
    )
    return Table("people", "People paid who are still here", columns, rows)


def evidence_table(found: tuple[Finding, ...]) -> Table:
    """Give every study, with what it found and what that says of this payment."""
    columns = (
        Column("study", "Study", _TEXT),
        Column("fall", "Fall in leaving, for this payment", _SHARE),
        Column("low", "Low", _SHARE),
        Column("high", "High", _SHARE),
        Column("found", "What it found", _TEXT),
        Column("design", "How", _TEXT),
        Column("nearness", "How near to social work", _TEXT),
        Column("quality", "Quality", _TEXT),
        Column("source", "Source", _TEXT),
    )
    rows = tuple(
        (
            each.study.label,
            each.fall,
            each.low,
            each.high,
            _what_it_found(each),
            each.study.design,
            each.study.nearness,
            each.study.quality,
            each.study.source,
        )
        for each in found
    )
    return Table("evidence", "What studies found", columns, rows)


def _what_it_found(found: Finding) -> str:
    study = found.study
    if study.superseded_by:
        return "Replaced by a later paper of the same authors"
    if study.effect is None and study.elasticity is None:
        return study.note or "No figure for leaving"
    if study.effect is None:
        return f"Leaving fell by {study.elasticity:.1f}% for each 1% of pay"
    size = (
        f" for {study.payment_share_of_salary:.0%} of salary a year"
        if study.payment_share_of_salary
        else ""
    )
    doubt = ", could be chance" if study.significant is False else ""
    if study.effect == 0:
        return f"No fall in leaving{size}"
    return f"Leaving fell by {study.effect:.1%}{size}{doubt}"


def tornado_table(bars: tuple[Bar, ...], ranges: IncentiveRanges | None) -> Table:
    """Give what each uncertain number alone does to the answer, and where the answer turns."""
    columns = (
        Column("assumption", "If this alone were different", _TEXT),
        Column("low", "Low", _TEXT),
        Column("high", "High", _TEXT),
        Column("npv_at_low", "Gain or loss at low"),
        Column("npv_at_high", "Gain or loss at high"),
        Column("turns", "Loss and gain change places at", _TEXT),
    )
    rows = tuple(
        (
            bar.label,
            bar.low_text,
            bar.high_text,
            bar.npv_at_low,
            bar.npv_at_high,
            _turns(bar, ranges),
        )
        for bar in bars
    )
    return Table("tornado", "What would change the answer", columns, rows)


def _turns(bar: Bar, ranges: IncentiveRanges | None) -> str:
    """Write the switching value of a number: where, alone, it turns loss into gain."""
    if ranges is None:
        return ""
    at, row = ranges.switching[bar.path], register().behind(bar.path)
    return "nowhere in its range" if at is None or row is None else row.unit.text(at)


def ranges_table(scenario: Scenario, ranges: IncentiveRanges | None) -> Table:
    """Give the range of each year's net benefit, of the whole, and of NPV, where drawn."""
    columns = (
        Column("figure", "Gain or loss", _TEXT),
        Column("low", "One time in ten it is below"),
        Column("middle", "As often below as above"),
        Column("high", "One time in ten it is above"),
    )
    bands = []
    if ranges is not None:
        years = enumerate(ranges.net_by_year)
        bands = [(year_label(scenario, index), band) for index, band in years]
        bands += [("All years", ranges.net_benefit), ("In today's money (NPV)", ranges.npv)]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (label, band.low, band.middle, band.high) for label, band in bands
    )
    return Table("ranges", "How sure the answer is", columns, rows)


def map_table(mapped: AnswerMap) -> Table:
    """Give NPV for every pair of a payment and an effect."""
    names = [register().behind(path) for path in (mapped.across, mapped.up)]
    across, up = (row for row in names if row is not None)
    columns = (
        Column("effect", up.label, _TEXT),
        *(
            Column(f"payment_{index}", across.unit.text(value))
            for index, value in enumerate(mapped.across_values)
        ),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (up.unit.text(value), *row)
        for value, row in reversed(list(zip(mapped.up_values, mapped.npv, strict=True)))
    )
    return Table("map", "Where it pays: the payment and what it does", columns, rows)


def bridge_table(steps: tuple[Step, ...]) -> Table:
    """Give the steps from what is paid to the net present value."""
    columns = (Column("step", "Step", _TEXT), Column("pounds", "Pounds"))
    rows = tuple((step.label, step.pounds) for step in steps)
    totals = tuple(index for index, step in enumerate(steps) if step.total)
    return Table("bridge", "From paid to net", columns, rows, totals)


def leaver_cost_table(scenario: Scenario) -> Table:
    """Give the parts of the cost of a leaver, whether or not the answer is built from them."""
    parts = cost_parts(scenario)
    used = "the figure the answer uses" if scenario.leaver_cost == FROM_PARTS else "not used"
    rows = (
        *((part.label, float(part.pounds), _yes(part.cashable)) for part in parts),
        ("All parts", float(total(parts)), used),
        ("Of which a budget could be cut by", float(total(parts, cashable_only=True)), ""),
    )
    columns = (
        Column("part", "Part", _TEXT),
        Column("pounds", "Pounds for each leaver"),
        Column("cashable", "Could come out of a budget", _TEXT),
    )
    title = "The cost of a leaver, part by part"
    return Table("leaver_cost", title, columns, rows, totals=(len(parts), len(parts) + 1))


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def viewpoints_table(scenario: Scenario, flows: Flows, npv: float) -> Table:
    """Give the same scheme as the council, its budget and the region see it."""
    budget, region = budget_view(scenario, flows), region_view(scenario, flows)
    net = float(net_of(scenario, flows).sum())
    rows = (
        ("The council, everything counted", float(flows.saving.sum()), net, npv),
        ("The council's budget, cash only", budget.saving, budget.net_benefit, budget.npv),
        ("The region, neighbours included", region.saving, region.net_benefit, region.npv),
    )
    columns = (
        Column("viewpoint", "Who is looking", _TEXT),
        Column("saving", "Saved"),
        Column("net_benefit", "Saved less cost"),
        Column("npv", "In today's money (NPV)"),
    )
    return Table("viewpoints", "For whom it pays", columns, rows)


def all_tables(
    scenario: Scenario,
    offer: Offer,
    flows: Flows,
    found: tuple[Finding, ...],
    sensitivity: tuple[tuple[Bar, ...], IncentiveRanges | None],
    bridge: tuple[Step, ...],
) -> tuple[Table, ...]:
    """Give every table of an answer."""
    return (
        evidence_table(found),
        years_table(scenario, flows),
        budget_table(scenario, flows),
        people_table(offer, flows),
        tornado_table(*sensitivity),
        bridge_table(bridge),
        months_table(scenario, flows),
        leaver_cost_table(scenario),
        viewpoints_table(scenario, flows, bridge[-1].pounds),
    )
