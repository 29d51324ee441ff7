"""An answer for a terminal: the answer first, then the figures behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retention_lib.assumptions_log.answer import EvidenceResult
from retention_lib.assumptions_log.entry import Entry
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.comparing.inputs import letters
from retention_lib.comparing.result import SideBySide
from retention_lib.outputs.cells import cell_text
from retention_lib.plans.result import PlanResult
from retention_lib.results import Answered, IncentiveResult, Table
from retention_lib.synthetic.result import HappenedResult
from retention_lib.units import count, money, payment_text, percent

_LOG_TABLES = ("matrix", "changes", "checks")
_BENCHMARK_TABLES = ("standing", "trend", "gap")
_HAPPENED_TABLES = ("path", "later", "weights")
_PLAN_TABLES = (
    "optimism",
    "guard",
    "mtfs",
    "invest_to_save",
    "terms",
    "scorecard",
    "bridge",
    "viewpoints",
)


def readable(result: IncentiveResult | BenchmarkResult | PlanResult | HappenedResult) -> str:
    """Write an answer: headline, sentences, figures, what was changed, where it comes from."""
    if isinstance(result, IncentiveResult):
        behind = _incentive(result)
    elif isinstance(result, BenchmarkResult):
        behind = _in_tables(result, _BENCHMARK_TABLES)
    elif isinstance(result, HappenedResult):
        keys = _HAPPENED_TABLES if result.found else ("later",)
        behind = _in_tables(result, [key for key in keys if result.table(key).rows])
    else:
        behind = [*_four_tests(result), "", *_in_tables(result, _PLAN_TABLES)]
    found = [result.headline, *result.sentences, *(["", *behind] if behind else ())]
    if result.changes:
        found += ["", "Changed from the case it started from"]
        found += [
            f"{change.label}: {change.was} to {change.now}. {change.reason or 'No reason given.'}"
            for change in result.changes
        ]
    return "\n".join([*found, "", *result.notes, *_made_from(result)])


def readable_sides(found: SideBySide) -> str:
    """Write answers side by side: what comes of it, what differs, and why each is what it is."""
    lines = [found.headline, ""]
    for side in found.sides:
        name = side.name.removeprefix(f"{side.letter}: ")
        lines.append(f"{side.letter}. {name}: {side.result.headline}")
    for table in found.tables:
        if table.rows:
            lines += ["", table.title, plain_table(_by_letter(table, len(found.sides)))]
    said = [f"{row.label}: {letters(row)}" for row in found.assumptions if any(row.why)]
    lines += ["", "Where the assumptions come from", *said] if said else []
    return "\n".join([*lines, "", *found.notes, *_made_from(found)])


def _by_letter(table: Table, sides: int) -> Table:
    """Give a table of a comparison with letters for names, which may be long, and no reasons."""
    columns = (
        replace(table.columns[0], heading=""),
        *(replace(column, heading=column.key.upper()) for column in table.columns[1 : sides + 1]),
    )
    return replace(
        table, columns=columns, rows=tuple(row[: sides + 1] for row in table.rows), totals=()
    )


def _made_from(result: Answered) -> tuple[str, str]:
    """Say what an answer is, and what it was made from."""
    made = result.provenance
    return (
        made.says,
        f"Version {made.version}, scenario {made.scenario_digest}, "
        f"assumptions {made.register_digest}. {made.figures_release}.",
    )


def readable_log(result: EvidenceResult) -> str:
    """Write an assumptions log: what matters first, each line with its source and its reason."""
    found = [result.headline, *result.sentences, ""]
    if result.about:
        found += [f"{result.about}: {result.said}", ""]
    for entry in result.entries:
        found += _log_lines(entry, has_answer=bool(result.about))
    for key in _LOG_TABLES:
        table = result.table(key)
        if table.rows:
            found += ["", table.title, plain_table(table)]
    says, made_from = _made_from(result)
    as_of = f"As of {result.on.isoformat()}. {made_from}"
    return "\n".join([*found, "", *result.notes, says, as_of])


def _log_lines(entry: Entry, *, has_answer: bool) -> list[str]:
    """Write one line of the log, and below it where it comes from."""
    ends = f" ({entry.range_text})" if entry.range_text else ""
    stale = ", stale" if entry.stale else ""
    impact = f" Impact: {entry.impact_words}." if has_answer else ""
    said = [
        f"{entry.label}: {entry.value}{ends}",
        f"    Evidence: {entry.quality}.{impact} Date: {entry.date}{stale}.",
        f"    {entry.source_words}",
    ]
    return [*said, f"    {entry.value_from}"] if entry.value_from else said


def _four_tests(result: PlanResult) -> list[str]:
    """Write the four tests down, one to a line or two."""
    return [f"{test.question} {test.says}" for test in result.tests]


def _in_tables(result: Answered, keys: Sequence[str]) -> list[str]:
    """Write the tables behind an answer."""
    found = []
    for key in keys:
        table = result.table(key)
        found += [table.title, plain_table(table), ""]
    return found[:-1]


def plain_table(table: Table) -> str:
    """Write a table in columns."""
    rows = [[column.heading for column in table.columns]]
    rows += [
        [cell_text(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.columns))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _incentive(result: IncentiveResult) -> list[str]:
    """Write the figures behind an incentive's answer."""
    facts = [
        ("People paid", count(result.people_paid)),
        ("Paid to people", money(result.payments, exact=True)),
        ("On-costs", money(result.on_costs, exact=True)),
        ("Hiring", money(result.hiring, exact=True)),
        ("Paid back by leavers", money(result.clawback, exact=True)),
        ("Net cost", money(result.net_cost, exact=True)),
        ("Saved", money(result.saving, exact=True)),
        ("Net benefit", money(result.net_benefit, exact=True)),
        ("In today's money (NPV)", money(result.npv, exact=True)),
        ("Leavers avoided", count(result.leavers_avoided)),
        ("For each leaver avoided", _or_none(result.cost_per_leaver_avoided)),
        ("Would have stayed anyway", _share_or_none(result.deadweight_share)),
        ("Back for each £1 of cost", _return(result)),
        ("Breaks even in month", _month_or_never(result.payback_month)),
        ("Most it could pay", _payment_or_none(result)),
        ("The region's net benefit", money(result.region.net_benefit, exact=True)),
        ("The budget's net benefit", money(result.budget.net_benefit, exact=True)),
    ]
    found = [f"{label:<26}{value:>14}" for label, value in facts]
    both = result.table("optimism")
    found += ["", both.title, plain_table(both)]
    found += ["", "Change to the budget by financial year, cash only (savings are negative)"]
    budget = result.table("budget")
    for line in budget.rows:
        cells = "".join(f"{money(float(cell or 0), exact=True):>13}" for cell in line[1:])
        found.append(f"{line[0]!s:<40}{cells}")
    found += ["", "Net by financial year, everything counted (gains are positive)"]
    years = result.table("years").records()
    found += [
        f"{year['year']:<26}{money(float(year['net'] or 0), exact=True):>14}" for year in years
    ]
    return found


def _or_none(value: float | None) -> str:
    return "none" if value is None else money(value, exact=True)


def _return(result: IncentiveResult) -> str:
    return "none" if result.roi is None else f"£{1 + result.roi:.2f}"


def _payment_or_none(result: IncentiveResult) -> str:
    most = result.break_even_payment
    return "none" if most is None else payment_text(most, result.payment_is_percent)


def _month_or_never(month: int | None) -> str:
    return "never" if month is None else str(month)


def _share_or_none(value: float | None) -> str:
    return "none" if value is None else percent(value)
