"""What the library takes by itself: answers, draws, and the files that are taken away."""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

DRAWS = 10_000
FEW_DRAWS = 5_000


@dataclass(frozen=True)
class Figure:
    """One thing measured: its value, and what it may be at most."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether it is within its budget."""
        if self.budget is None:
            return ""
        return "within" if self.value <= self.budget else "OVER"


def milliseconds(call: Callable[[], object], times: int) -> float:
    """Call something so often, once before for its imports; gives the median."""
    call()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(1000 * (time.perf_counter() - start))
    return statistics.median(found)


def library(times: int) -> list[Figure]:
    """Measure the library alone: one answer, and many draws at once."""
    import numpy as np

    from retention_lib.evaluation import evaluate
    from retention_lib.first_look import first_look
    from retention_lib.model import npv
    from retention_lib.presets import FIRST, preset
    from retention_lib.sensitivity import ranges_of, tornado_bars, uncertain

    scenario = preset(FIRST).scenario
    random = np.random.default_rng(0)
    draws = {
        each.key: random.uniform(each.low, each.high, DRAWS) for each, _ in uncertain(scenario)
    }
    assert npv(scenario, draws).shape == (DRAWS,)
    note = f"{len(draws)} numbers drawn, {scenario.appraisal.months} months"
    few = f"sampling, switching values and all; {note}"
    calls: list[tuple[str, Callable[[], object], float | None, str]] = [
        ("first look at an offer", lambda: first_look(scenario), None, "of evaluate"),
        ("evaluate, once, without ranges", lambda: evaluate(scenario, 0), None, ""),
        ("evaluate, once, with ranges", lambda: evaluate(scenario), None, ""),
        ("tornado", lambda: tornado_bars(scenario), 200, note),
        (f"ranges of {FEW_DRAWS:,} draws", lambda: ranges_of(scenario, FEW_DRAWS), 100, few),
        (f"NPV of {DRAWS:,} draws, in one call", lambda: npv(scenario, draws), None, note),
    ]
    return [
        Figure(name, milliseconds(call, times), "ms", budget, note)
        for name, call, budget, note in calls
    ]


def councils_compared(times: int) -> list[Figure]:
    """Measure one council's standing, nothing remembered, and a whole answer."""
    from itertools import cycle

    from retention_lib.benchmarks.answer import compare
    from retention_lib.benchmarks.cases import FIRST, case
    from retention_lib.benchmarks.groups import group_of
    from retention_lib.benchmarks.standing import standing, standings
    from retention_lib.figures import councils, latest_year

    in_turn = cycle(councils())

    def one() -> object:
        standing.cache_clear()
        area = next(in_turn)
        return standings(area, latest_year(), group_of(area, "neighbours_2025"))

    asked = case(FIRST).comparison
    stood, whole = milliseconds(one, 3 * times), milliseconds(lambda: compare(asked), times)
    return [
        Figure("standing of one council, all measures", stood, "ms", 20, f"{3 * times} councils"),
        Figure("compare, once", whole, "ms"),
    ]


def plans_appraised(times: int) -> list[Figure]:
    """Measure a four-year plan: its point answer, and its ranges."""
    from retention_lib.plans.answer import appraise
    from retention_lib.plans.cases import FIRST, case
    from retention_lib.plans.played import played
    from retention_lib.plans.ranges import DRAWS as PLAN_DRAWS
    from retention_lib.plans.ranges import spread, uncertain
    from retention_lib.plans.sensitivity import tornado_bars

    plan = case(FIRST).plan
    note = f"{len(plan.measures)} measures, {len(uncertain(plan))} numbers drawn"

    def look() -> object:
        return appraise(plan, None, played(plan), whole=False)

    return [
        Figure("first look at a plan", milliseconds(look, times), "ms", note="of appraise"),
        Figure("appraise, once", milliseconds(lambda: appraise(plan), times), "ms"),
        Figure("tornado of a plan", milliseconds(lambda: tornado_bars(plan), times), "ms", 200),
        Figure(
            f"spread of {PLAN_DRAWS:,} draws",
            milliseconds(lambda: spread(plan), max(5, times // 5)),
            "ms",
            note=note,
        ),
    ]


def taken_away() -> list[Figure]:
    """Measure every file that can be taken away from the first offer, plan and comparison."""
    from retention_lib.answering import AnyDocument, answer
    from retention_lib.benchmarks.cases import FIRST as FIRST_COMPARISON
    from retention_lib.benchmarks.cases import case as comparison
    from retention_lib.outputs.files import outputs_for
    from retention_lib.plans.cases import FIRST as FIRST_PLAN
    from retention_lib.plans.cases import case as plan
    from retention_lib.presets import FIRST, preset

    asked: dict[str, AnyDocument] = {
        "an offer": preset(FIRST).scenario,
        "a plan": plan(FIRST_PLAN).plan,
        "a comparison": comparison(FIRST_COMPARISON).comparison,
    }
    found = []
    for name, document in asked.items():
        result = answer(document)
        for each in outputs_for(document):
            made = each.make(document, result, dt.date(2026, 4, 1))
            start = time.perf_counter()
            each.make(document, result, dt.date(2026, 4, 1))
            took = 1000 * (time.perf_counter() - start)
            note = f"{len(made) / 1000:.0f} kB"
            found.append(Figure(f"{each.label}, of {name}", took, "ms", note=note))
    return found
