"""Answer whatever a file asks: an incentive, a comparison, a four-year plan, what came after."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from retention_lib.benchmarks.answer import compare
from retention_lib.benchmarks.cases import cases as comparison_cases
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.documents import text_of
from retention_lib.evaluation import evaluate
from retention_lib.links import token_in, unpacked
from retention_lib.opening import WITH_LATER_WORDS, Opened
from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import cases as plan_cases
from retention_lib.plans.plan import Plan
from retention_lib.plans.ranges import spread
from retention_lib.plans.result import PlanResult
from retention_lib.presets import presets
from retention_lib.problems import Problem, ScenarioError
from retention_lib.results import IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.sensitivity import DRAWS
from retention_lib.synthetic.answer import what_happened
from retention_lib.synthetic.cases import cases as happened_cases
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

CASES: Mapping[str, Callable[[], Sequence[AnyDocument]]] = {
    Scenario.KIND: lambda: [each.scenario for each in presets()],
    Comparison.KIND: lambda: [each.comparison for each in comparison_cases()],
    Plan.KIND: lambda: [each.plan for each in plan_cases()],
    Question.KIND: lambda: [each.question for each in happened_cases()],
}
"""The cases there are to start from, by kind."""


def read_file(file: Path) -> AnyDocument:
    """Read a file of any kind; one that does not say which is read as an incentive.

    Raises:
        ScenarioError: where the file cannot be read, or is of no kind there is.
    """
    return read_text(text_of(file))


def read_text(text: str) -> AnyDocument:
    """Read the text of a file of any kind; one that does not say which is read as an incentive.

    Raises:
        ScenarioError: where it is not JSON, or is of no kind there is.

    Example:
        >>> read_text('{"schema": 1, "kind": "benchmark", "council": "806"}').council
        '806'
    """
    return _model(_kind(text)).from_json(text)


def read_link(link: str) -> Opened[AnyDocument]:
    """Open whatever can be read of a link of any kind, and say what cannot.

    What cannot be done without and cannot be read is taken from the case that the document started
    from, or the first of its kind.

    Raises:
        ScenarioError: where nothing usable is left, or it is of no kind there is.

    Example:
        >>> from retention_lib.presets import preset
        >>> link = preset("no-scheme").scenario.to_link()
        >>> read_link(link).document == preset("no-scheme").scenario, read_link(link).is_whole
        (True, True)
        >>> [str(problem) for problem in read_link(link[:-9]).unread][1]
        'case: It could not be read in the link.'
    """
    found = unpacked(token_in(link))
    if found.is_newer:
        raise ScenarioError([Problem("", None, WITH_LATER_WORDS)])
    fields = found.fields
    model = _model(fields.get("kind", _kind_with(fields)))
    case = fields.get("case")
    starts = CASES[model.KIND]()
    key = case.get("preset") if isinstance(case, dict) else None
    start = next((each for each in starts if each.case.preset == key), starts[0])
    opened: Opened[AnyDocument] = model.opened_link(link, start)  # type: ignore[arg-type]  # of it
    return opened


def answer(document: AnyDocument, *, ranges: bool = True) -> AnyResult:
    """Answer a document of any kind.

    Args:
        document: what is asked.
        ranges: whether the ranges of an offer or a plan are drawn too.

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
            return appraise(document, spread(document) if ranges else None)
        case Scenario():
            return evaluate(document, DRAWS if ranges else 0)


def answer_file(file: Path) -> AnyResult:
    """Read a file of any kind and answer it.

    Raises:
        ScenarioError: where the file cannot be read, or is of no kind there is.
        NoFiguresError: where a plan's council published no staff in its year.
        BrokenIdentityError: where an answer does not add up.
    """
    return answer(read_file(file))


def _model(kind: object) -> type[AnyDocument]:
    """Give the model of a kind; what does not say which is read as an incentive.

    Raises:
        ScenarioError: where there is no such kind.
    """
    if isinstance(kind, str) and kind not in KINDS:
        *most, last = KINDS
        raise ScenarioError([Problem("kind", kind, f"It must be {', '.join(most)} or {last}.")])
    return KINDS[kind if isinstance(kind, str) else Scenario.KIND]


def _kind(text: str) -> object:
    """Look which kind a text says it is; whatever is wrong with it is for its reader to say."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return given.get("kind") if isinstance(given, dict) else None


def _kind_with(fields: Mapping[str, object]) -> str | None:
    """Find the one kind that has all these fields; None where there is not exactly one."""
    found = [key for key, model in KINDS.items() if set(fields) <= set(model.field_names())]
    return found[0] if len(found) == 1 else None
