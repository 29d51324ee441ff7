"""What stands around a comparison's answer: figures at a glance, the way on, definitions."""

from __future__ import annotations

from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.figures import latest_year
from retention_lib.synthetic.question import USUAL_YEARS, Question
from retention_lib.views import markup
from retention_lib.views.notebooks import home_of


def next_html(result: BenchmarkResult) -> str:
    """Lead from the gap to the scheme that would close it."""
    if result.scheme is None:
        return ""
    link = markup.escaped(home_of(result.scheme).opens(result.scheme))
    return (
        f'<p class="rw-next"><a target="_self" href="{link}">What would a scheme have to cost and '
        f"achieve to close this gap?</a> {_what_opens(result)}</p>"
    )


def _what_opens(result: BenchmarkResult) -> str:
    start = "It opens the incentives workbook with these figures and prices"
    if result.way.extra_hires is not None:
        return (
            f"{start}. How many join because of it is what the gap needs, not what was ever seen."
        )
    return (
        f"{start}, from where turnover would be by itself. It pays those in post and not whoever "
        "replaces them, so it closes most of the gap and not all of it."
    )


def after_html(result: BenchmarkResult) -> str:
    """Lead from what others did to what happened in this one council, beside a mix of others."""
    stood = result.standing
    year = min(stood.year, latest_year() - USUAL_YEARS)
    asked = Question.from_dict(
        {
            "schema": 1,
            "kind": Question.KIND,
            "council": stood.area.code,
            "year": year,
            "measure": stood.measure,
        }
    )
    link = markup.escaped(home_of(asked).opens(asked))
    return (
        f'<p class="rw-next"><a target="_self" href="{link}">What happened after {year}, in this '
        "council</a> It opens beside a mix of other councils that are not known to have acted.</p>"
    )
