"""Answer whatever a file asks: an incentive, a comparison, a four-year plan, what came after."""

from __future__ import annotations

import json
from pathlib import Path

from retention_lib.benchmarks.answer import compare
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.documents import LARGEST_FILE
from retention_lib.evaluation import evaluate
from retention_lib.plans.answer import appraise
from retention_lib.plans.plan import Plan
from retention_lib.plans.ranges import spread
from retention_lib.plans.result import PlanResult
from retention_lib.problems import Problem, ScenarioError
from retention_lib.results import IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.synthetic.answer import what_happened
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import HappenedResult


def answer_file(file: Path) -> IncentiveResult | BenchmarkResult | PlanResult | HappenedResult:
    """Read a file of any kind and answer it.

    Raises:
        ScenarioError: where the file cannot be read, or is of no kind there is.
        NoFiguresError: where a plan's council published no staff in its year.
        BrokenIdentityError: where an answer does not add up.
    """
    kind = _kind(file)
    if kind == Comparison.KIND:
        return compare(Comparison.from_file(file))
    if kind == Question.KIND:
        return what_happened(Question.from_file(file))
    if kind == Plan.KIND:
        plan = Plan.from_file(file)
        return appraise(plan, spread(plan))
    if isinstance(kind, str) and kind != Scenario.KIND:
        others = f"{Comparison.KIND}, {Plan.KIND} or {Question.KIND}"
        right = f"It must be {Scenario.KIND}, {others}."
        raise ScenarioError([Problem("kind", kind, right)])
    return evaluate(Scenario.from_file(file))


def _kind(file: Path) -> object:
    """Look which kind a file says it is; whatever is wrong with it is for its reader to say."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            return None
        given = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    return given.get("kind") if isinstance(given, dict) else None
