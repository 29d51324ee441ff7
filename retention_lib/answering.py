"""Answer whatever a file asks: an incentive, a comparison, a four-year plan, what came after."""

from __future__ import annotations

import json
from collections.abc import Mapping
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

AnyDocument = Scenario | Comparison | Plan | Question
AnyResult = IncentiveResult | BenchmarkResult | PlanResult | HappenedResult

KINDS: Mapping[str, type[AnyDocument]] = {
    Scenario.KIND: Scenario,
    Comparison.KIND: Comparison,
    Plan.KIND: Plan,
    Question.KIND: Question,
}
"""What can be answered, by the kind that a file says it is."""


def read_file(file: Path) -> AnyDocument:
    """Read a file of any kind; one that does not say which is read as an incentive.

    Raises:
        ScenarioError: where the file cannot be read, or is of no kind there is.
    """
    kind = _kind(file)
    if isinstance(kind, str) and kind not in KINDS:
        *most, last = KINDS
        raise ScenarioError([Problem("kind", kind, f"It must be {', '.join(most)} or {last}.")])
    return KINDS[kind if isinstance(kind, str) else Scenario.KIND].from_file(file)


def answer(document: AnyDocument) -> AnyResult:
    """Answer a document of any kind, with its ranges.

    Raises:
        NoFiguresError: where a plan's council published no staff in its year.
        BrokenIdentityError: where an answer does not add up.

    Example:
        >>> from retention_lib.presets import preset
        >>> answer(preset("no-scheme").scenario).headline
        'Nothing is paid, so nothing changes.'
    """
    match document:
        case Comparison():
            return compare(document)
        case Question():
            return what_happened(document)
        case Plan():
            return appraise(document, spread(document))
        case Scenario():
            return evaluate(document)


def answer_file(file: Path) -> AnyResult:
    """Read a file of any kind and answer it.

    Raises:
        ScenarioError: where the file cannot be read, or is of no kind there is.
        NoFiguresError: where a plan's council published no staff in its year.
        BrokenIdentityError: where an answer does not add up.
    """
    return answer(read_file(file))


def _kind(file: Path) -> object:
    """Look which kind a file says it is; whatever is wrong with it is for its reader to say."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            return None
        given = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    return given.get("kind") if isinstance(given, dict) else None
