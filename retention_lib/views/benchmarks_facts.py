"""What stands around a comparison's answer: figures at a glance, the way on, definitions."""

from __future__ import annotations

from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.figures import latest_year
from retention_lib.synthetic.question import USUAL_YEARS, Question
from retention_lib.units import money, percent
from retention_lib.views import markup
from retention_lib.views.notebooks import home_of

_NO_RANK = {
    "few staff": "too few staff",
    "luck": "luck would decide it",
    "too little published": "too little is published",
}


def facts(result: BenchmarkResult) -> list[tuple[str, str]]:
    """List the figures that matter, the widest read first."""
    stood, measure = result.standing, MEASURES[result.standing.measure]
    if stood.value is None:
        return []
    facts = [(measure.text(stood.value), f"{stood.area.name}, {stood.year}")]
    if stood.neighbours is not None:
        facts.append((measure.text(stood.neighbours), f"middle of {stood.group.name}"))
    if stood.low is not None and stood.high is not None:
        ends = f"{measure.number(stood.low)} to {measure.number(stood.high)}"
        facts.append((ends, "could be the rate behind it, allowing for luck"))
    if stood.rank:
        facts.append((f"{stood.rank} of {stood.of}", "councils, 1 the lowest"))
    else:
        facts.append(("No rank", _NO_RANK[stood.why_no_rank]))
    if result.gap.is_open:
        facts.append((money(abs(result.gap.pounds)), _worth_label(result)))
    if result.claim.share is not None and (result.gap.is_open or result.claim.is_own):
        facts.append((percent(result.claim.share), "of councils that started there went as far"))
    return facts


def _worth_label(result: BenchmarkResult) -> str:
    """Say whether a year's worth is money in a budget, or work."""
    found = result.gap
    if found.pounds < 0:
        return "a year to pay"
    if found.cashable == found.pounds:
        return "a year to gain"
    if found.cashable == 0:
        return "a year of work, in no budget"
    return f"a year, {money(found.cashable)} of it money"


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


def definitions(result: BenchmarkResult) -> tuple[str, ...]:
    """Say what the measure counts, and what the middle and the best quarter are."""
    measure = MEASURES[result.standing.measure]
    return (
        f"{measure.label}: {measure.definition}",
        "The middle is the median; the best quarter is the figure that a quarter of the group "
        "keeps to or is below (lower quartile).",
    )
