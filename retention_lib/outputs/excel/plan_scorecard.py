"""The retention scorecard: the service against its targets, by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retention_lib.appraisal import by_financial_year
from retention_lib.outputs.excel.names import name_of
from retention_lib.outputs.excel.plan_cells import Extra, Row
from retention_lib.outputs.excel.plan_tables import YearTable
from retention_lib.plans.played import WITH, WITHOUT, Played
from retention_lib.plans.result import PlanResult
from retention_lib.plans.stability import stayed
from retention_lib.plans.tables import agency_at_start
from retention_lib.plans.years import year_labels
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray

_NEAR = "0.0005"


@dataclass(frozen=True, kw_only=True)
class _Line:
    """One measure of the scorecard; formulas with {0} for the world."""

    key: str
    label: str
    formula: str | tuple[str, ...]
    start: str
    target: str
    look: str
    known: FloatArray
    known_start: tuple[float, float]
    more_is_better: bool = False


def scorecard_table(found: Played, result: PlanResult) -> YearTable:
    """Give the table: by year, without the plan in the last, the target, whether it is met."""
    said = {str(row[0]): str(row[-1]) for row in result.table("scorecard").rows}
    last = year_labels(found.numbers.plan)[-1]
    rows: list[Row] = []
    for line in _lines(found):
        rows += _rows(line, said[line.label])
    return YearTable(
        title="Retention scorecard, with the plan and without it",
        says="Turnover: leavers of the year over staff at its end. Staff with two and five years' "
        "service: worked out from the chances of leaving; before the start the service is taken "
        "as steady. Assessments on time, audits and staff satisfaction are not modelled: set your "
        "own beside these.",
        rows=rows,
        start="At the start",
        total="",
        extras=(f"Target for {last}", "Met?"),
    )


def _rows(line: _Line, said: str) -> tuple[Row, Row]:
    def of(world: str) -> str | tuple[str, ...]:
        if isinstance(line.formula, tuple):
            return tuple(each.format(world) for each in line.formula)
        return line.formula.format(world)

    def row(world: str, words: str, index: int, extras: tuple[Extra, ...]) -> Row:
        return Row(
            key=f"score_{line.key}_{world}",
            label=f"{line.label}, {words}",
            formula=of(world),
            start=line.start.format(world),
            total="",
            look=line.look,  # type: ignore[arg-type]  # one of the looks
            known=line.known[index],
            known_start=line.known_start[index],
            extras=extras,
        )

    key = f"score_{line.key}"
    goal = line.target or f"[{key}_with:start]"
    sign = "-1" if line.more_is_better else "1"
    met = f"{sign}*([{key}_with:last]-({goal}))<={_NEAR}"
    worse = f"{sign}*([{key}_with:last]-[{key}_without:last])>{_NEAR}"
    extras = (
        Extra(formula=goal, look=line.look),  # type: ignore[arg-type]  # one of the looks
        Extra(
            formula=f'IF({met},IF({worse},"Yes, but worse than without","Yes"),"No")',
            known=said,
        ),
    )
    return (
        row("without", "without the plan", WITHOUT, ()),
        row("with", "with the plan", WITH, extras),
    )


def _lines(found: Played) -> tuple[_Line, ...]:
    path, ends = found.path, found.at_year_ends

    def level(key: str, label: str, target: str, look: str, values: FloatArray) -> _Line:
        known = ends(values)[:, 0]
        return _Line(
            key=key,
            label=label,
            formula=f"[{{0}}!{key}:end]",
            start=f"[{{0}}!{key}:start]",
            target=name_of(f"targets.{target}"),
            look=look,
            known=known[:, 1:],
            known_start=(float(known[WITHOUT, 0]), float(known[WITH, 0])),
        )

    agency = "SUM([{0}!line_agency_cover:year])+SUM([{0}!line_agency_extra:year])"
    standing = "[years!without_agency_cover:start]+[years!without_agency_extra:start]"
    return (
        level("vacancy_rate", "Vacancy rate", "vacancy_rate", "share", path.vacancy_rate),
        level("agency_rate", "Agency rate", "agency_rate", "share", path.agency_rate),
        _Line(
            key="agency",
            label="Agency spend, £ thousand a year",
            formula=f"({agency})/1000",
            start=f"({standing})/1000",
            target="",
            look="thousands",
            known=by_financial_year(found.ledger.agency)[:, 0] / 1_000,
            known_start=(agency_at_start(found) / 1_000,) * 2,
        ),
        level("caseload", "Caseload (DfE's definition)", "caseload", "points", path.caseload),
        _Line(
            key="turnover",
            label="Turnover",
            formula="[{0}!turnover:end]",
            start=name_of("service.turnover"),
            target=name_of("targets.turnover"),
            look="share",
            known=ends(path.turnover())[:, 0, 1:],
            known_start=(float(found.numbers("service.turnover")),) * 2,
        ),
        _stayed(found, 2, "two", "stayed_two_years"),
        _stayed(found, 5, "five", "stayed_five_years"),
    )


def _stayed(found: Played, years: int, words: str, target: str) -> _Line:
    """Give the share of staff with so many years' service, by year."""
    known = found.at_year_ends(stayed(found.path, years))[:, 0]
    formulas = []
    for year in range(1, known.shape[-1]):
        back = year - years
        if back > 0:
            kept = "[{0}!in_post:two_years_ago]*PRODUCT([{0}!kept:two_years])"
        else:
            before = f"*[{{0}}!kept:first]^{-back * MONTHS_IN_YEAR}" if back else ""
            kept = f"[{{0}}!in_post:start]{before}*PRODUCT([{{0}}!kept:up_to_end])"
        there = f"IF([{{0}}!in_post:end]>0,{kept}/[{{0}}!in_post:end],0)"
        formulas.append(f"MIN(1,{there})")
    return _Line(
        key=f"stayed_{years}",
        label=f"Staff with {words} years' service or more",
        formula=tuple(formulas),
        start=f"MIN(1,[{{0}}!kept:first]^{years * MONTHS_IN_YEAR})",
        target=name_of(f"targets.{target}"),
        look="share",
        known=np.asarray(known[:, 1:]),
        known_start=(float(known[WITHOUT, 0]), float(known[WITH, 0])),
        more_is_better=True,
    )
