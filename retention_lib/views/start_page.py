"""The front page: what this is, which workbook answers what, and cases to start from."""

from __future__ import annotations

from functools import cache
from html import escape

from IPython.display import HTML

from retention_lib.benchmarks.answer import compare
from retention_lib.benchmarks.cases import ComparisonCase
from retention_lib.benchmarks.cases import cases as comparisons
from retention_lib.evaluation import evaluate
from retention_lib.figures import councils, latest_year, release, years_of
from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import PlanCase
from retention_lib.plans.cases import cases as plans
from retention_lib.presets import Preset, presets
from retention_lib.views.notebooks import BENCHMARKS, EVIDENCE, HAPPENED, INCENTIVES, PLANS

_HERE = "target='_self'"  # left alone, JupyterLab's renderer would open a new tab


def start_page() -> HTML:
    """Give the front page, ready to show; it needs no widgets, so it comes at once."""
    return HTML(_html())  # type: ignore[no-untyped-call]  # IPython's own


@cache
def _html() -> str:
    """Write the page: the same for everybody, so that a warm process has it written for all."""
    return (
        '<div class="rw-start">'
        f"{_what_it_is()}{_offers()}{_plans()}{_comparisons()}{_how_to_read()}{_for_officers()}"
        f"{_where_from()}</div>"
    )


_QUESTIONS = (
    (
        "Would a golden hello or a retention bonus pay for itself?",
        "See what it would have to achieve, and what studies say of that.",
        INCENTIVES,
        "Try your council's offer",
    ),
    (
        "What would investing over four years do?",
        "Agency staff, caseloads and the budget month by month, with the measures you choose "
        "and as they would go anyway.",
        PLANS,
        "Build a four-year plan",
    ),
    (
        "Where do we stand, and what is the gap worth?",
        "Turnover, vacancies, agency staff, caseloads and sickness of every council in England "
        "beside councils like it. What closing a gap would be worth, and whether anyone has "
        "closed one like it.",
        BENCHMARKS,
        "Compare your council",
    ),
    (
        "Did it work there?",
        "What happened in a council after it acted, beside a mix of councils that are not known "
        "to have acted. It shows what came after, and not why.",
        HAPPENED,
        "See what happened after",
    ),
    (
        "What is every number based on?",
        "Each assumption with its source, how good the evidence is, and how far an answer moves "
        "with it.",
        EVIDENCE,
        "Look at the evidence",
    ),
)


def _what_it_is() -> str:
    asked = "".join(
        f"<div><h2>{question}</h2><p>{answer}</p>"
        f"<p><a class='button' {_HERE} href='{page}'>{action}</a></p></div>"
        for question, answer, page, action in _QUESTIONS
    )
    return (
        "<p class='lead'>Councils lose children's social workers faster than they can recruit "
        f"them, and fill the gaps with agency workers at a premium.</p><div class='asked'>{asked}"
        "</div>"
    )


def _offers() -> str:
    return (
        "<h2>Start from a case</h2>"
        "<p>Some are councils' real offers, some are built from what councils said, and one is "
        "blank. Every figure says whether a source gives it or whether it is our guess, for you to "
        "change. At these figures none pays for itself: each says what would have to be true.</p>"
        f"<ul class='cases'>{''.join(map(_offer, presets()))}</ul>"
    )


def _offer(preset: Preset) -> str:
    result = evaluate(preset.scenario, draws=0)
    return _case(INCENTIVES, preset, result.headline, result.sentences[0])


def _plans() -> str:
    found = (_plan(each) for each in plans())
    return (
        "<h2>Or from a four-year plan</h2>"
        "<p>What councils asked about, planned or did. Here is what is expected of each; its page "
        "adds how likely that is.</p>"
        f"<ul class='cases'>{''.join(found)}</ul>"
    )


def _plan(case: PlanCase) -> str:
    """Show a plan with what is expected of it and, where it has measures, what it must achieve."""
    result = appraise(case.plan)
    must = result.sentences[1] if case.plan.measures else ""
    return _case(PLANS, case, result.headline, must)


def _comparisons() -> str:
    found = (_case(BENCHMARKS, each, compare(each.comparison).headline) for each in comparisons())
    return (
        "<h2>Or from what a council said of itself</h2>"
        "<p>Each claim beside the published figures of its year.</p>"
        f"<ul class='cases'>{''.join(found)}</ul>"
    )


def _case(
    notebook: str, case: Preset | PlanCase | ComparisonCase, headline: str, more: str = ""
) -> str:
    """Write one case: a link that opens it, what it is, and what is said of it."""
    return (
        f"<li><h3><a {_HERE} href='{notebook}?case={escape(case.id)}'>{escape(case.title)}</a></h3>"
        f"<p>{escape(case.summary)}</p>"
        f"<p><strong>{escape(headline)}</strong> {escape(more)}</p></li>"
    )


def _how_to_read() -> str:
    return (
        "<h2>How to use it</h2><ol>"
        "<li>Choose a council, and a case or a measure.</li>"
        "<li>Move the sliders, or type in the boxes. The answer changes as you move.</li>"
        "<li>Look at what is needed beside what studies found, or what other councils did.</li>"
        "<li>If you change a figure, say why. Your reason is printed with the answer.</li>"
        "<li>Save the scenario, copy its link, or download its tables.</li></ol>"
    )


def _for_officers() -> str:
    return (
        "<h2>What it does and does not do</h2><ul>"
        "<li>It counts only what the scheme changes. It never credits a scheme with people who "
        "would have stayed anyway.</li>"
        "<li>It shows the council, its budget and the region apart. Keeping someone who "
        "would have gone next door helps you, and not the region.</li>"
        "<li>It is not a forecast of any one year, and it is not advice.</li>"
        "<li>Nothing you type is kept or sent on by the computer that runs these workbooks.</li>"
        "</ul>"
    )


def _councils_now() -> int:
    return sum(years_of(council.code)[0] == latest_year() for council in councils())


def _where_from() -> str:
    return (
        "<h2>Where the figures come from</h2>"
        f"<p>{escape(release())}: {_councils_now()} councils. Assumptions and studies, each with "
        "its source, are in the workbook beside the figure they stand behind.</p>"
    )
