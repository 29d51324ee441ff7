"""A comparison's workbook: where a council stands, what its gap is worth, who has closed one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from retention_lib.assumptions import Assumption, Register, register
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.benchmarks.sensitivity import PRICED
from retention_lib.benchmarks.standing import EVENTS_TOGETHER
from retention_lib.outputs.excel.about import (
    write_about,
    write_changes,
    write_exported,
    write_how_to,
    write_state,
)
from retention_lib.outputs.excel.benchmark_gap import write_gap
from retention_lib.outputs.excel.benchmark_inputs import Asked, write_comparison_inputs
from retention_lib.outputs.excel.benchmark_sheets import (
    write_every_council,
    write_reference,
    write_standing,
)
from retention_lib.outputs.excel.book import Book, Sheet
from retention_lib.outputs.excel.checks import Equal, Holds, as_exported, checks_sheet, write_checks
from retention_lib.outputs.excel.inputs import inputs_sheet
from retention_lib.outputs.excel.log import short_log_sheet, write_short_log

_HOW_TO = (
    "Change a yellow cell on the sheet Inputs: the prices, the figure to reach, the change to look "
    "for. The gap, its worth, its ends and the share that moved as far follow.",
    "Council, year, measure and the councils compared with cannot be changed here: they decide "
    "which published figures are in the file.",
    "There are no macros, no hidden sheets, and no links to other files.",
)


def benchmark_workbook(comparison: Comparison, result: BenchmarkResult, on: dt.date) -> bytes:
    """Give a comparison's answer as a workbook with its published figures and live prices.

    Args:
        comparison: what was asked.
        result: its answer.
        on: the day the file is made on.
    """
    asked = Asked(comparison, result)
    book = Book(comparison.name or "A comparison", result.provenance, on)
    stood = result.standing
    title = f"{stood.area.name}, {stood.year}: {asked.measure.label.lower()}"
    summary = book.sheet("Summary", title, (46, 22, 76))
    inputs = inputs_sheet(book)
    standing = book.sheet("Standing", "Where the council stands", (52, 20, 34, 22, 20))
    gap = book.sheet("Gap", "What the gap is worth", (46, 16, 18, 18, 18, 14, 60))
    ends = book.sheet("Ends", "Between which ends the worth lies", (44, 20))
    every = book.sheet("Every council", "Every council that is ranked", (46, 16, 20, 20))
    trend = book.sheet("Trend", "Year by year", (20, 18))
    reference = book.sheet(
        "Reference class", "Has anyone closed one like it?", (46, 16, 16, 16, 18)
    )
    log = short_log_sheet(book)
    checks = checks_sheet(book)
    write_comparison_inputs(inputs, asked)
    write_standing(standing, asked)
    write_every_council(every, asked)
    write_gap(gap, ends, asked)
    _write_trend(trend, result)
    write_reference(reference, asked)
    write_short_log(log, _rows(register()), result, [result.table("tornado")])
    write_checks(checks, _checks(asked))
    _write_summary(summary, asked)
    return book.close()


def _write_summary(page: Sheet, asked: Asked) -> None:
    result, kind = asked.result, asked.value_kind
    gap = result.gap
    page.row += 1
    write_exported(page, result.headline)
    write_state(page)
    write_changes(page, result.changes)
    page.heading("Where it stands, and what the gap is worth")
    page.header(("Figure", "Now", "What it means"), ("words", "number", "words"))
    value = result.standing.value
    own = "not published" if value is None else value
    page.line(f"{asked.measure.label} here", "=own_figure", kind, value=own, name="out_own")
    aim = "not published" if gap.target_value is None else gap.target_value
    page.line("The figure to reach", "=target_figure", kind, value=aim, name="out_target")
    page.line(
        "Gap",
        "=gap_difference",
        kind,
        value="none" if gap.difference is None else gap.difference,
        name="out_gap",
        says="How far above it, in points or cases. See the sheet Standing.",
    )
    for label, name, pounds, says in (
        ("Closing it is worth, in a year", "gap_worth", gap.pounds, "A cost is below 0."),
        ("At the low end", "gap_low", gap.low, "Between the ends of what people cost."),
        ("At the high end", "gap_high", gap.high, ""),
        ("Of which in a budget", "gap_cashable", gap.cashable, "The rest is work, not money."),
    ):
        page.line(label, f"={name}", "pounds", value=pounds, name=f"out_{name}", says=says)
    if result.standing.measure == "turnover":
        page.line(
            "Relative fall in leaving that would close it",
            "=IF(gap_closed>0,1-target_figure/own_figure,0)",
            "share",
            value=gap.needed_fall or 0.0,
            name="out_needed_fall",
            says="0 where there is no gap.",
        )
    page.line(
        "Of those that started there, moved as far",
        "=class_share",
        "share",
        value="none" if result.claim.share is None else result.claim.share,
        name="out_class_share",
        says="See the sheet Reference class.",
    )
    page.heading("What the answer says, as exported")
    page.text(0, "Do these words belong to the inputs as they are?", "text", "label")
    page.formula(1, as_exported(), "text", "As exported")
    page.row += 1
    for sentence in (*result.sentences, *result.notes):
        page.note(sentence)
    write_how_to(page, _HOW_TO)
    write_about(page)


def _write_trend(page: Sheet, result: BenchmarkResult) -> None:
    page.note("Published figures. Nothing here follows the inputs.")
    page.table(result.table("trend"))
    page.table(result.table("measures"))


def _rows(rows: Register) -> Iterator[Assumption]:
    """Give what the comparison rests on: its prices, and what luck is reckoned by."""
    for path in PRICED.values():
        row = rows.behind(path)
        assert row is not None
        yield row
    yield from (rows[key] for key in EVENTS_TOGETHER.values())


def _checks(asked: Asked) -> tuple[Equal | Holds, ...]:
    result = asked.result
    found: list[Equal | Holds] = [
        Holds(
            label="The worth lies between its ends",
            test="AND(gap_low<=gap_worth+0.005,gap_worth<=gap_high+0.005)",
        ),
        Equal(
            label="As many moved as far as are listed so, or fewer",
            one="class_as_far",
            other="MIN(class_as_far,class_size)",
            kind="whole",
        ),
    ]
    middle = result.standing.neighbours
    if middle is not None:
        found.append(
            Equal(
                label="The middle of those listed is the library's",
                one="group_median",
                other=repr(middle),
                kind=asked.value_kind,
                near=0.0000001,
                says="Both from the same published figures.",
            )
        )
    if asked.widest.lines:
        found.append(
            Equal(
                label="What is in a budget and what is not add up",
                one="gap_cashable",
                other='gap_worth-SUMIF(gap_in_budget,"no",gap_lines)',
            )
        )
    return tuple(found)
