"""Which pictures and tables of an answer stand on a page, and in which order, by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.documents import Document
from retention_lib.outputs.facts import definitions_of
from retention_lib.outputs.one_page.content import Part, Section, picture, said, tables
from retention_lib.pictures import benchmarks, happened, incentives, plans
from retention_lib.pictures.drawn import Drawn
from retention_lib.pictures.plans_evidence import claim_sentences
from retention_lib.plans.plan import Plan
from retention_lib.plans.result import PlanResult
from retention_lib.results import Answered, IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.synthetic.result import HappenedResult

_NOTHING = 0.5  # pounds

D = TypeVar("D", bound=Document)
R = TypeVar("R", bound=Answered)


def sections_of(document: Document, result: Answered) -> tuple[Section, ...]:
    """Give the sections of a page that stand below its answer; one with nothing in it is left out.

    Args:
        document: what was chosen.
        result: its answer.
    """
    found: tuple[Section, ...] = ()
    match document, result:
        case Scenario(), IncentiveResult():
            found = _offer(document, result)
        case Plan(), PlanResult():
            found = _plan(document, result)
        case _, BenchmarkResult():
            found = _comparison(result)
        case _, HappenedResult():
            found = _happened(result)
    return tuple(each for each in found if each.parts)


def _drawn(
    charts: Mapping[str, Callable[[D, R, float], Drawn]], document: D, result: R, *keys: str
) -> list[Part]:
    return [picture(partial(charts[key], document, result)) for key in keys]


def _shown(
    result: Answered, *keys: str, is_open: bool = False, readings: Mapping[str, str] | None = None
) -> list[Part]:
    return tables((result.table(key) for key in keys), readings or {}, is_open)


_OFFER_CHARTS: Mapping[str, incentives.Draw] = {
    "evidence": incentives.evidence,
    "ranges": incentives.how_sure,
    "years": incentives.money_by_year,
    "people": incentives.people,
    "tornado": incentives.what_changes_it,
    "map": incentives.where_it_pays,
    "bridge": incentives.from_paid_to_net,
    "bidding": incentives.if_neighbours_bid,
}


def _offer(offer: Scenario, result: IncentiveResult) -> tuple[Section, ...]:
    if result.payments + result.hiring < _NOTHING:
        nothing = "Nothing is paid yet, so there is nothing to draw."
        return (Section("What has to be true", (said([nothing]),)),)
    readings = {
        "budget": incentives.budget_reading(result),
        "viewpoints": incentives.viewpoints_reading(result),
        "fairness": incentives.fairness_reading(result),
    }
    draw = partial(_drawn, _OFFER_CHARTS, offer, result)
    show = partial(_shown, result, readings=readings)
    return (
        Section("What has to be true", (*draw("evidence", "map"),)),
        Section("How sure is the answer?", (*draw("ranges", "tornado"),)),
        Section("What it does", (*draw("years", "people"),)),
        Section("For the budget", (*show("budget", is_open=True),)),
        Section(
            "If the evidence is weak", (*show("optimism", is_open=True), *show("optimism_lines"))
        ),
        Section(
            "For whom, and is it fair?",
            (
                *show("viewpoints", is_open=True),
                *draw("bidding"),
                *show("fairness", "parity"),
                said(incentives.fairness_sentences(result)),
            ),
        ),
        Section(
            "How it is worked out",
            (
                *draw("bridge"),
                said(incentives.formula_words(offer, result.npv, result.excel_npv), "In words"),
                *show("leaver_cost", "months"),
            ),
        ),
    )


_PLAN_READINGS = {
    "mtfs": "Each year starts from the net of the year before; savings are negative.",
    "invest_to_save": "What is put in, what comes out, and what has to come from reserves.",
    "scorecard": "The plan's last year against its targets.",
    "ranges": "Eight times in ten a figure lies between the first and the last.",
    "viewpoints": "Keeping someone who would have gone to a neighbour helps you, not the region.",
}


def _plan(plan: Plan, result: PlanResult) -> tuple[Section, ...]:
    draw = partial(_drawn, plans.CHARTS, plan, result)
    show = partial(_shown, result, readings=_PLAN_READINGS)
    claims = claim_sentences(result)
    believable = (*draw("evidence"), *([said(claims)] if claims else []), *draw("tornado"))
    verdicts = [f"{test.question} {test.says}" for test in result.tests]
    done = bool(plan.measures)
    return (
        Section(
            "The four tests, and the guard on quality",
            (said(verdicts), *show("tests"), *show("guard", is_open=True)),
        ),
        Section("What it would do", (*draw("agency", "caseload", "staff", "years"),)),
        Section("Is that believable?", believable if done else ()),
        Section("The measures", (*draw("timeline"),) if done else ()),
        Section("For the budget", (*show("mtfs", "invest_to_save", "terms", is_open=True),)),
        Section(
            "If the evidence is weak", (*show("optimism", is_open=True), *show("optimism_lines"))
        ),
        Section("Progress", (*show("scorecard", is_open=True),)),
        Section("The council and the region", (*show("viewpoints", is_open=True), *show("ranges"))),
        Section("How it is worked out", (*(draw("bridge") if done else ()), *show("lines"))),
    )


def _comparison(result: BenchmarkResult) -> tuple[Section, ...]:
    def draw(*keys: str) -> list[Part]:
        return [picture(partial(benchmarks.CHARTS[key], result, ())) for key in keys]

    show = partial(_shown, result, readings=benchmarks.readings(result))
    return (
        Section("Where do we stand?", (*draw("strip"), *show("standing", is_open=True))),
        Section("What is the gap worth?", (*show("gap", is_open=True), *show("tornado"))),
        Section("Has anyone closed one like it?", (*draw("spread"), *show("reference"))),
        Section("Where are we going?", (*draw("trend", "measures"),)),
        Section("Who are we compared with?", (*draw("scatter"), *show("group"))),
        Section("What the figures count", (said(definitions_of(result)),)),
    )


def _happened(result: HappenedResult) -> tuple[Section, ...]:
    def draw(key: str) -> Part:
        return picture(partial(happened.CHARTS[key], result))

    show = partial(_shown, result, readings=happened.readings(result))
    found = result.found is not None
    return (
        Section("What happened, year by year?", (draw("path"), *show("later", is_open=True))),
        Section("How rare is that?", (draw("others"),) if found else ()),
        Section("Who is it compared with?", (*show("weights", "actions"),) if found else ()),
        Section("What the figures count", (said(definitions_of(result)),)),
    )
