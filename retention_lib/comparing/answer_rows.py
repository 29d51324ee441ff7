"""The figures of answers that can stand in one row, by kind of answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from retention_lib.answering import AnyDocument, AnyResult
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.comparing.result import NONE, NOT_OF, Row, Side
from retention_lib.figures import all_areas
from retention_lib.plans.plan import MONTHS, Plan
from retention_lib.plans.result import PlanResult
from retention_lib.results import Cell, IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import HappenedResult
from retention_lib.units import chance, count, money, percent, rounded_percent, trimmed

Figure = tuple[Cell, str]
"""A value, and the same as people read it; None where there is none, with a word why."""

_NOT_DRAWN = (None, f"{NONE} (not drawn)")
_NOT_IN_TIME = (None, "not in the time looked at")


def _pounds(value: float) -> Figure:
    return value, money(value, exact=True)


def _month(month: int | None) -> Figure:
    return _NOT_IN_TIME if month is None else (float(month), f"month {month}")


def _offer(result: IncentiveResult) -> dict[str, Figure]:
    """Give the figures of an offer."""
    drawn = result.ranges
    return {
        "cost": _pounds(result.net_cost),
        "saving": _pounds(result.saving),
        "cash_saving": _pounds(result.budget.saving),
        "net_benefit": _pounds(result.net_benefit),
        "cash": _pounds(result.budget.net_benefit),
        "npv": _pounds(result.npv),
        "chance": _NOT_DRAWN if drawn is None else (drawn.chance_pays, chance(drawn.chance_pays)),
        "range": _NOT_DRAWN if drawn is None else _ends(drawn.npv.low, drawn.npv.high),
        "payback": _month(result.payback_month),
        "needs": _needed_of_offer(result),
        "anyway": _share(result.deadweight_share),
        "avoided": (result.leavers_avoided, count(result.leavers_avoided)),
        "joined": (result.extra_people, count(result.extra_people)),
        "region": _pounds(result.region.net_benefit),
    }


def _plan(result: PlanResult) -> dict[str, Figure]:
    """Give the figures of a plan."""
    drawn = result.ranges
    more = sum(stack.with_plan[-1] - stack.without[-1] for stack in result.stacks)
    paid_back = None if drawn is None else drawn.chance_paid_back
    return {
        "cost": _pounds(result.investment),
        "cash_saving": _pounds(result.saving),
        "net_benefit": _pounds(sum(result.economic_net_by_year)),
        "cash": _pounds(result.net),
        "npv": _pounds(result.npv),
        "chance_cash": _NOT_DRAWN if paid_back is None else (paid_back, chance(paid_back)),
        "range": (
            _NOT_DRAWN if drawn is None else _ends(drawn.npv.low.item(), drawn.npv.high.item())
        ),
        "payback": _month(result.payback_month),
        "needs_cash": _needed_of_plan(result),
        "gained": (result.region.people_gained, count(result.region.people_gained)),
        "staff": (more, count(more)),
        "tests": (float(result.met), f"{result.met} of {len(result.tests)}"),
        "quality": (float(result.quality_kept), "yes" if result.quality_kept else "no"),
        "due_later": _pounds(result.due_later),
        "region": _pounds(result.region.net),
    }


def _standing(result: BenchmarkResult) -> dict[str, Figure]:
    """Give the figures of where a council stands."""
    stood, measure = result.standing, MEASURES[result.standing.measure]
    gap = result.gap
    found: dict[str, Figure] = {
        "figure": (stood.value, NONE if stood.value is None else measure.text(stood.value)),
        "target": (
            gap.target_value,
            NONE if gap.target_value is None else measure.text(gap.target_value),
        ),
    }
    worth = _pounds(gap.pounds) if gap.is_open else (None, f"{NONE} (no gap to close)")
    return {**found, "worth": worth}


def _happened(result: HappenedResult) -> dict[str, Figure]:
    """Give the figures of what happened after."""
    if result.found is None:
        return {}
    measure, later = MEASURES[result.measure], result.found.looked_at
    return {
        "change": (later.change, measure.change(later.change)),
        "beside_mix": (later.gap, measure.change(later.gap)),
        "rare": (later.beside_mix.share, later.beside_mix.rarity),
    }


def _share(value: float | None) -> Figure:
    return (None, f"{NONE} (nobody is paid)") if value is None else (value, percent(value))


def _ends(low: float, high: float) -> Figure:
    words = f"{money(low)} to {money(high)}"
    return words, words


def _needed_of_offer(result: IncentiveResult) -> Figure:
    """Say what would have to be true for an offer to pay for itself, each alone."""
    solved = result.break_even
    said = []
    if solved.leaving_reduction is not None:
        said.append(f"leaving falls by {rounded_percent(solved.leaving_reduction)}")
    if solved.extra_hires is not None:
        said.append(f"{count(100 * solved.extra_hires)} more join for each 100")
    return (", or ".join(said),) * 2 if said else (None, "nothing is enough")


def _needed_of_plan(result: PlanResult) -> Figure:
    """Say how many times as large the effects of a plan would have to be."""
    times = result.needed_times
    if times is None:
        return None, "nothing is enough"
    return times, f"{trimmed(times, 2)} times its effects"


FIGURES: Mapping[type[AnyResult], Callable[[Any], dict[str, Figure]]] = {
    IncentiveResult: _offer,
    PlanResult: _plan,
    BenchmarkResult: _standing,
    HappenedResult: _happened,
}

_LABELS: Mapping[str, str] = {
    "asked": "What is asked",
    "council": "Council",
    "years": "Years",
    "cost": "What it costs",
    "cash_saving": "What it saves the budget",
    "saving": "What it saves, work counted too",
    "cash": "Net for the budget (cash)",
    "net_benefit": "Net, work counted too (net benefit)",
    "npv": "In today's money (NPV)",
    "range": "NPV in 8 of 10 draws",
    "chance": "Chance that it pays for itself (NPV)",
    "chance_cash": "Chance that the cash comes back in four years",
    "payback": "Pays back by",
    "needs": "To pay for itself (NPV)",
    "needs_cash": "For the cash to come back",
    "anyway": "Paid to people who would have stayed anyway",
    "avoided": "Leavers avoided",
    "joined": "Extra people who join",
    "gained": "People kept or brought in",
    "staff": "More staff at the end",
    "tests": "Tests met of the four",
    "quality": "Quality is kept",
    "due_later": "Falls due after the four years",
    "region": "Net for the region",
    "figure": "Its figure",
    "target": "The figure to reach",
    "worth": "Worth of closing the gap, a year",
    "change": "Change since",
    "beside_mix": "Apart from its mix of councils",
    "rare": "How rare that is",
}
_APART = frozenset({"chance", "chance_cash", "needs", "needs_cash"})
"""Of NPV for an offer, of cash for a plan: where both are there, each has a row of its own."""
_SAYS_WHAT: Mapping[str, str] = {
    Scenario.KIND: "an offer",
    Plan.KIND: "a four-year plan",
    Comparison.KIND: "where a council stands",
    Question.KIND: "what happened after",
}


def answer_rows(sides: Sequence[Side]) -> tuple[Row, ...]:
    """List the figures that at least two sides have, in the order of a reader's questions.

    Where offers stand beside plans, so do the figures that are like and yet not the same.
    """
    found = [_figures(side) for side in sides]
    rows = []
    for key, label in _LABELS.items():
        figures = [
            each.get(key, (None, NOT_OF[side.document.kind]))
            for each, side in zip(found, sides, strict=True)
        ]
        if sum(key in each for each in found) > 1 or _stands_apart(key, sides):
            rows.append(
                Row(
                    key=key,
                    label=label,
                    values=tuple(value for value, _ in figures),
                    texts=tuple(text for _, text in figures),
                    why=("",) * len(sides),
                )
            )
    return tuple(rows)


def _stands_apart(key: str, sides: Sequence[Side]) -> bool:
    """Tell whether a figure is told though one kind alone has it, as another has one like it."""
    return key in _APART and {Scenario.KIND, Plan.KIND} <= {side.document.kind for side in sides}


def is_told(row: Row, sides: Sequence[Side]) -> bool:
    """Tell whether a row says in what answers differ."""
    return row.differs or _stands_apart(row.key, sides)


def _figures(side: Side) -> dict[str, Figure]:
    """Give the figures of one side, after what it is asked of."""
    about = about_of(side.document)
    head = {key: (text, text) for key, text in about.items() if text}
    return {**head, **FIGURES[type(side.result)](side.result)}


def about_of(document: AnyDocument) -> dict[str, str]:
    """Say what is asked, of which council and of which years; empty where it is not known.

    Example:
        >>> from retention_lib.presets import preset
        >>> about_of(preset("middlesbrough-2019").scenario)["years"]
        '48 months from April 2019'
    """
    if isinstance(document, Scenario):
        code, first = document.case.council, document.appraisal.first_financial_year
        begins = "" if first is None else f" from April {first}"
        years = f"{document.appraisal.months} months{begins}"
    elif isinstance(document, Plan):
        code, years = (
            document.council,
            f"{MONTHS} months from April {document.appraisal.first_financial_year}",
        )
    elif isinstance(document, Comparison):
        code, years = document.council, f"to September {document.year}"
    else:
        code, years = document.council, f"{document.year} to {document.looked_at}"
    known = all_areas().get(code or "")
    return {
        "asked": _SAYS_WHAT[document.kind],
        "council": "" if known is None else known.name,
        "years": years,
    }
