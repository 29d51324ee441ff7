"""The sheet of the four tests, the guard on quality and the retention scorecard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retention_lib.outputs.excel.names import name_of
from retention_lib.outputs.excel.plan_cells import Extra, Row
from retention_lib.outputs.excel.plan_tables import YearSheet, YearTable
from retention_lib.plans.optimism import taken_off
from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.plans.result import PlanResult
from retention_lib.plans.tables import agency_at_start
from retention_lib.plans.verdicts import Guarded, four_tests, guard, material
from retention_lib.rates import FloatArray

KEY = "tests"
NAME = "Tests and scorecard"
_SAME = "0.0005"


def verdicts_sheet(found: Played, result: PlanResult, scorecard: YearTable) -> YearSheet:
    """Give the sheet."""
    return YearSheet(
        key=KEY,
        name=NAME,
        title="The four tests, the guard and the scorecard",
        says="A test is met where it falls short by nothing in the last year. Met anyway: it would "
        "be without the plan. Not yet: nearer than in the first year and the year before, and "
        "nearer than without the plan.",
        blocks=(
            _agency(found, result),
            _caseload(found, result),
            _trend(found, result),
            _budget(found, result),
            _guard(found, result),
            scorecard,
        ),
    )


def verdict(short: str, without: str = "") -> str:
    """Give the formula of a verdict from how far a test falls short, by year."""
    met = f'IF([{without}:last]<=0,"met anyway","met")' if without else '"met"'
    nearer = f"[{short}:last]<MIN([{short}:first],[{short}:before_last])-{_SAME}"
    if without:
        nearer = f"AND({nearer},[{short}:last]<[{without}:last]-{_SAME})"
    return f'IF([{short}:last]<=0,{met},IF({nearer},"not yet","not met"))'


def _short(key: str, formula: str, known: FloatArray, said: str, without: str = "") -> Row:
    """Give the row of how far a test falls short, with its verdict behind it."""
    return Row(
        key=f"{key}_short",
        label="Falls short by (0 or less: passes)",
        formula=formula,
        total="",
        look="pounds" if key in {"agency", "budget"} else "factor",
        known=known[0],
        extras=(Extra(formula=verdict(f"{key}_short", without), known=said),),
    )


def _row(key: str, label: str, formula: str, known: FloatArray | None, look: str = "pounds") -> Row:
    return Row(
        key=key,
        label=label,
        formula=formula,
        total="",
        look=look,  # type: ignore[arg-type]  # one of the looks
        known=None if known is None else np.ravel(known),
    )


def _said(result: PlanResult, key: str) -> str:
    return next(test.verdict for test in result.tests if test.key == key)


def _table(title: str, says: str, rows: Sequence[Row], start: str = "") -> YearTable:
    return YearTable(title=title, says=says, rows=rows, start=start, total="", extras=("Verdict",))


def _agency(found: Played, result: PlanResult) -> YearTable:
    test = four_tests(found, taken_off(found))[0]
    least = name_of("targets.material_share")
    total = "+SUM([{0}!line_agency_extra:year])"
    rows = (
        _row(
            "agency_with",
            "Agency spending with the plan",
            "SUM([with!line_agency_cover:year])" + total.format("with"),
            test.figure,
        ),
        _row(
            "agency_without",
            "Agency spending without it",
            "SUM([without!line_agency_cover:year])" + total.format("without"),
            test.without,
        ),
        _row(
            "material",
            "What counts as a saving",
            f"MAX(0.5,{least}*[years!spent_without])",
            material(found),
        ),
        _short(
            "agency",
            "[material]-([agency_without]-[agency_with])",
            test.short,
            _said(result, "agency"),
        ),
    )
    at_start = "[years!without_agency_cover:start]+[years!without_agency_extra:start]"
    first = Row(**{**vars(rows[0]), "start": at_start, "known_start": agency_at_start(found)})
    return _table(
        "1. Does it cut the cost of agency staff?",
        "Spending is lower than without the plan, by what counts as a saving.",
        (first, *rows[1:]),
        "At the start",
    )


def _caseload(found: Played, result: PlanResult) -> YearTable:
    path = found.path
    ends = found.at_year_ends
    test = four_tests(found, taken_off(found))[1]
    aims = name_of("targets.caseload"), name_of("targets.newly_qualified_caseload")
    rows: list[Row] = []
    for world, words, index in (
        ("with", "with the plan", WITH),
        ("without", "without it", WITHOUT),
    ):
        for key, label, values in (
            ("experienced_caseload", "Cases of an experienced worker", path.experienced_caseload),
            ("new_caseload", "Cases of a newly qualified worker", path.newly_qualified_caseload),
        ):
            known = ends(values)[index, 0]
            rows.append(
                Row(
                    key=f"{key}_{world}",
                    label=f"{label}, {words}, at the year's end",
                    formula=f"[{world}!{key}:end]",
                    start=f"[{world}!{key}:start]",
                    total="",
                    look="points",
                    known=known[1:],
                    known_start=float(known[0]),
                )
            )
    over = "MAX([experienced_caseload_{0}]-{1},[new_caseload_{0}]-{2})"
    for world in ("without", "with"):
        gap = over.format(world, *aims)
        formula = f"IF({gap}<={_SAME},MIN({gap},0),{gap})"
        if world == "without":
            known_without = test.short_without
            rows.append(
                _row(
                    "caseload_short_without",
                    "Falls short without the plan by",
                    formula,
                    known_without,
                    "factor",
                )
            )
        else:
            said = _said(result, "caseload")
            rows.append(_short("caseload", formula, test.short, said, "caseload_short_without"))
    return _table(
        "2. Does it bring caseloads to manageable levels?",
        "Both at or below their aims on the sheet Inputs at the year's end.",
        rows,
        "At the start",
    )


def _trend(found: Played, result: PlanResult) -> YearTable:
    test = four_tests(found, taken_off(found))[2]
    growth = name_of("baseline.demand_growth")
    real = "([once!cpi_index]/[once!cpi_index:first])"
    start = "([years!without_cash:start]*[once!cpi_index:first])"
    rows: list[Row] = []
    known = {
        "with": (test.figure, test.also),
        "without": (test.without, test.also_without),
    }
    for world in ("with", "without"):
        words = "with the plan" if world == "with" else "without it"
        cost = f"IF({start}>0,[years!spent_{world}]/{real}/{start},0)-1"
        ratio = f"IF([without!cases:end]>0,[{world}!cases:end]/[without!cases:end],0)"
        rows += [
            _row(
                f"cost_{world}", f"Spending in real terms, {words}", cost, known[world][0], "share"
            ),
            _row(
                f"need_{world}",
                f"Need, {words}",
                f"(1+{growth})^{{n}}*{ratio}-1",
                known[world][1],
                "share",
            ),
        ]
    rows.append(
        _row(
            "trend_short_without",
            "Falls short without the plan by",
            f"MAX([cost_without],[need_without])-{_SAME}",
            test.short_without,
            "factor",
        )
    )
    rows.append(
        _short(
            "trend",
            f"MAX([cost_with],[need_with])-{_SAME}",
            test.short,
            _said(result, "trend"),
            "trend_short_without",
        )
    )
    return _table(
        "3. Does it cap the trend of rising cost and need?",
        "Neither spending in real terms nor need is above the start. Need: growth in demand, less "
        "what early help takes off.",
        rows,
    )


def _budget(found: Played, result: PlanResult) -> YearTable:
    test = four_tests(found, taken_off(found))[3]
    return _table(
        "4. Does it begin to relieve the budget?",
        "The year costs less than without the plan, by what counts as a saving; an allowance for "
        "optimism is taken off where it is switched on.",
        (
            _row("relief", "Saved less cost in the year", "[years!net]", test.figure),
            _short("budget", "[material]-[relief]", test.short, _said(result, "budget")),
        ),
    )


_GUARDED = {
    "caseload": "[{0}!experienced_caseload{1}]",
    "newly_qualified": "IF([{0}!in_post{1}]>0,[{0}!newly_qualified{1}]/[{0}!in_post{1}],0)",
    "uncovered": "IF([{0}!posts{1}]>0,[{0}!uncovered{1}]/[{0}!posts{1}],0)",
    "agency": "[{0}!agency_rate{1}]",
    "span": "[{0}!span{1}]",
}


def _guard(found: Played, result: PlanResult) -> YearTable:
    rows: list[Row] = []
    for watched, line in zip(guard(found), result.guard, strict=True):
        rows += _guarded(watched, line.kept)
    return YearTable(
        title="The guard: quality of service must not fall",
        says="Kept where at no year's end it is worse than without the plan by more than the "
        "margin on the sheet Inputs. Higher is worse.",
        rows=rows,
        start="At the start",
        total="",
        extras=("Kept in every year?",),
    )


def _guarded(watched: Guarded, kept: bool) -> tuple[Row, Row]:
    is_share = watched.kind == "share"
    margin = name_of(f"targets.margin_{'share' if is_share else 'cases'}")
    key, template = f"guard_{watched.key}", _GUARDED[watched.key]

    def row(world: str, words: str, values: FloatArray, extras: Sequence[Extra]) -> Row:
        known = values[0]
        return Row(
            key=f"{key}_{world}",
            label=f"{watched.label}, {words}",
            formula=template.format(world, ":end"),
            start=template.format(world, ":start"),
            total="",
            look="share" if is_share else "points",
            known=known[1:],
            known_start=float(known[0]),
            extras=extras,
        )

    worse = f"[{key}_with:all]-[{key}_without:all]>{margin}+{_SAME}"
    said = Extra(
        formula=f'IF(SUMPRODUCT(--({worse}))>0,"No: worse","Yes")',
        known="Yes" if kept else "No: worse",
    )
    return (
        row("without", "without the plan", watched.without, ()),
        row("with", "with the plan", watched.figure, (said,)),
    )
