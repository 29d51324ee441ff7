"""What a comparison says: which comes out best, or why that cannot be said."""

from __future__ import annotations

from collections.abc import Sequence

from retention_lib.answering import AnyDocument
from retention_lib.comparing.answer_rows import about_of
from retention_lib.comparing.result import Row, Side
from retention_lib.plans.plan import MONTHS, Plan
from retention_lib.plans.result import PlanResult
from retention_lib.results import IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.units import money

_NOTHING = 0.5  # pounds

_NPV = "In today's money (NPV)"
_CASH = "In the council's cash"
_WORK = "With work counted too, in today's money (NPV),"

_KINDS = "They are of different kinds."
_TOO_LATE = (
    "In one of them part of the payment falls after the months looked at, so it has no answer yet."
)
_WHY_KINDS_DIFFER = (
    "An offer holds leaving without it at one level; a plan plays the whole service month by "
    "month, and an unusual rate goes back by itself. The same payment comes out differently in "
    "each. What an offer costs and saves the budget is in the prices of its sources, a plan's in "
    "the cash of each year. NPV is the council's for an offer, everyone's for a plan."
)
_SHOWS = "A comparison with other councils, or a look at what happened, proposes nothing to rank."


_YEARS = (
    "They are of different years, or of different lengths. Prices and pay differ with the years."
)


def not_alike(sides: Sequence[Side]) -> tuple[str, ...]:
    """Say why answers cannot be ranked; nothing where they can."""
    documents = [side.document for side in sides]
    kinds = {document.kind for document in documents}
    found = []
    if not kinds <= {Scenario.KIND, Plan.KIND}:
        found.append(_SHOWS)
    elif len(kinds) > 1:
        found.append(_KINDS)
    about = [about_of(document) for document in documents]
    if len({each["council"] for each in about} - {""}) > 1:
        found.append("They are of different councils.")
    starts, lengths = zip(*(_years(document) for document in documents), strict=True)
    if len(set(starts) - {None}) > 1 or len(set(lengths)) > 1:
        found.append(_YEARS)
    appraised = [each for each in documents if isinstance(each, Scenario | Plan)]
    if len({each.appraisal.optimism for each in appraised}) > 1:
        found.append("Only some are marked down for weak evidence (optimism bias).")
    if len({each.appraisal.discount_rate for each in appraised}) > 1:
        found.append("Later money counts for less in some than in others (the discount rate).")
    if any(isinstance(each, Scenario) and each.paid_too_late > 0 for each in documents):
        found.append(_TOO_LATE)
    if len({each.year for each in documents if isinstance(each, Plan)}) > 1:
        found.append("They start from figures of different years.")
    return tuple(found)


def _years(document: AnyDocument) -> tuple[int | None, int]:
    """Give the year in which what is looked at begins, None where it is not said, and how long."""
    if isinstance(document, Scenario):
        return document.appraisal.first_financial_year, document.appraisal.months
    if isinstance(document, Plan):
        return document.appraisal.first_financial_year, MONTHS
    return document.year, 0


def headline(sides: Sequence[Side], reasons: Sequence[str], assumptions: Sequence[Row]) -> str:
    """Give the comparison in a few sentences: what costs least, and what comes out best."""
    if reasons:
        return f"These cannot be ranked. {reasons[0]}"
    said = [_least(sides), *_best_of(sides)]
    if assumptions:
        said.append("They rest on different assumptions too.")
    return " ".join(said)


def _least(sides: Sequence[Side]) -> str:
    """Say which costs least."""
    costs = [_cost(side) for side in sides]
    low, high = min(costs), max(costs)
    if high - low < _NOTHING:
        return f"They cost the same, {money(low)}."
    names = _names(sides, costs, low)
    return f"{names} {_verb(names, 'costs', 'cost')} least, {money(low)}."


def _cost(side: Side) -> float:
    result = side.result
    return result.net_cost if isinstance(result, IncentiveResult) else _plan(side).investment


def _plan(side: Side) -> PlanResult:
    assert isinstance(side.result, PlanResult), "only offers and plans are ranked"
    return side.result


def _best_of(sides: Sequence[Side]) -> list[str]:
    """Say which comes out best: an offer in NPV; a plan in cash, and in NPV where that differs."""
    if isinstance(sides[0].result, IncentiveResult):
        found = [side.result.npv for side in sides if isinstance(side.result, IncentiveResult)]
        return [_best(sides, found, _NPV)]
    cash, npv = [_plan(side).net for side in sides], [_plan(side).npv for side in sides]
    both = [_best(sides, cash, _CASH)]
    if _names(sides, cash, max(cash)) != _names(sides, npv, max(npv)):
        both.append(_best(sides, npv, _WORK))
    return both


def _best(sides: Sequence[Side], nets: Sequence[float], where: str) -> str:
    """Say which comes out best once what is saved is counted."""
    low, high = min(nets), max(nets)
    if high - low < _NOTHING:
        return f"{where} they come out the same, at {money(high)}."
    names = _names(sides, nets, high)
    if high > -_NOTHING:
        return f"{where} {names} {_verb(names, 'comes', 'come')} out best, at {money(high)}."
    verb = _verb(names, "loses", "lose")
    return f"{where} none pays for itself; {names} {verb} least, {money(-high)}."


def _names(sides: Sequence[Side], values: Sequence[float], wanted: float) -> str:
    there = [
        side.name
        for side, value in zip(sides, values, strict=True)
        if abs(value - wanted) < _NOTHING
    ]
    return " and ".join(f"“{name}”" for name in there)


def _verb(names: str, one: str, several: str) -> str:
    return several if "” and “" in names else one


def notes(sides: Sequence[Side], reasons: Sequence[str], assumptions: Sequence[Row]) -> list[str]:
    """Say what a reader must know before setting one figure against another."""
    found = list(reasons)
    if assumptions:
        number = len(assumptions)
        what, those = ("1 thing", "that") if number == 1 else (f"{number} things", "those")
        found.append(
            f"They also assume {what} differently. Part of the difference between the answers may "
            f"come from {those}."
        )
    if {Scenario.KIND, Plan.KIND} <= {side.document.kind for side in sides}:
        found.append(_WHY_KINDS_DIFFER)
    return found
