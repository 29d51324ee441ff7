"""What stands beside a plan's answer: the four tests and the guard at a glance, and key figures."""

from __future__ import annotations

from retention_lib.plans.result import FourTest, GuardLine, PlanResult, TestYear
from retention_lib.plans.tables import IF_ALL_HOLDS
from retention_lib.units import trimmed
from retention_lib.views.markup import escaped

_SIGNS = {"met": "✓", "met anyway": "✓", "not yet": "–", "not met": "✗"}
_WORDS = {"met": "Met", "met anyway": "Met anyway", "not yet": "Not yet", "not met": "Not met"}


def _draws(chance: float) -> str:
    """Write a chance as draws of a hundred.

    Example:
        >>> _draws(0.364), _draws(0.001), _draws(1.0)
        ('36 of 100 draws', 'fewer than 1 of 100 draws', 'every draw')
    """
    if chance in (0.0, 1.0):
        return "every draw" if chance else "none of the draws"
    if chance < 0.005:
        return "fewer than 1 of 100 draws"
    return (
        "more than 99 of 100 draws"
        if chance >= 0.995
        else f"{trimmed(100 * chance, 0)} of 100 draws"
    )


def tests_html(result: PlanResult) -> str:
    """Write the four tests as a table that becomes cards where there is little room; the guard.

    The table's roles are written out, since a table that is laid out as blocks loses them.
    """
    heads = ("Test", "Verdict", *result.years)
    head = "".join(f'<th scope="col" role="columnheader">{escaped(each)}</th>' for each in heads)
    body = "".join(_test_row(test) for test in result.tests)
    return (
        '<div class="rw-tests"><table role="table"><caption>The four tests, with the plan and '
        'without it</caption><thead role="rowgroup">'
        f'<tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
        f"{_guard_html(result)}"
    )


def _test_row(test: FourTest) -> str:
    start = f"<span>At the start: {escaped(test.start_text)}</span>" if test.start_text else ""
    chance = "" if test.chance is None else f"<span>Met in {_draws(test.chance)}</span>"
    verdict = f"{_marked(test.verdict)}{chance}"
    if test.if_all_holds:
        verdict = _if_all_holds(_WORDS[test.verdict], f"; in {_draws(test.chance or 0.0)}")
    *before, last = test.years
    years = "".join([_year_cell(year) for year in before])
    years += _year_cell(last, test.if_all_holds)
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{escaped(test.question)}'
        f"<span>{escaped(test.figure)}</span><span>Is met at: {escaped(test.threshold)}</span>"
        f'{start}</th><td role="cell" class="rw-verdict">{verdict}</td>'
        f"{years}</tr>"
    )


def _marked(verdict: str) -> str:
    """Write a verdict in words after its sign."""
    return (
        f'<strong data-mark="{verdict.replace(" ", "-")}"><i aria-hidden="true">{_SIGNS[verdict]}'
        f"</i> {_WORDS[verdict]}</strong>"
    )


def _if_all_holds(met: str, then: str = "") -> str:
    """Write that a test is met, where the draws say otherwise: without the sign of one met."""
    said = f"{met}{IF_ALL_HOLDS}{then}"
    return f'<strong data-mark="if-all-holds"><i aria-hidden="true">?</i> {said}</strong>'


def _year_cell(year: TestYear, unlikely: bool = False) -> str:
    without = f"<span>Without: {escaped(year.without_text)}</span>" if year.without_text else ""
    mark = _marked("met" if year.passed else "not met")
    if unlikely:
        mark = _if_all_holds("Met")
    return (
        f'<td role="cell" data-label="{escaped(year.label)}"><b>{escaped(year.text)}</b>{mark}'
        f"{without}</td>"
    )


def _guard_html(result: PlanResult) -> str:
    """Write the guard on quality: each measure in a line, kept or not."""
    kept = sum(line.kept for line in result.guard)
    number = "all" if kept == len(result.guard) else f"{kept} of"
    items = "".join(_guard_line(line) for line in result.guard)
    return (
        '<div class="rw-guard"><p><strong>Quality must not fall:</strong> '
        f"{number} {len(result.guard)} measures are kept.</p><ul>{items}</ul>"
        "<p>The higher of two figures is the worse one. A measure is worse where it is noticeably "
        "higher than without the plan at the end of some year; that year is shown.</p></div>"
    )


def _guard_line(line: GuardLine) -> str:
    sign, word, mark = ("✓", "Kept", "met") if line.kept else ("✗", "Worse", "not-met")
    figures = (
        f"{line.start_text} at the start; in {line.year} {line.with_text} with the plan, "
        f"{line.without_text} without it"
    )
    return (
        f'<li><strong data-mark="{mark}"><i aria-hidden="true">{sign}</i> {word}</strong>'
        f"<span><b>{escaped(line.label)}:</b> {escaped(figures)}</span></li>"
    )
