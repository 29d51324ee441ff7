"""The Word section: an answer in the shape that a committee report has.

Every sentence, figure and table is the answer's own: nothing is worked out here.
"""

from __future__ import annotations

import datetime as dt

from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.documents import Document
from retention_lib.outputs.word import benchmark, happened, incentive, plan
from retention_lib.outputs.word.paper import Paper
from retention_lib.plans.plan import Plan
from retention_lib.plans.result import PlanResult
from retention_lib.results import Answered, IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import HappenedResult


def section(document: Document, result: Answered, on: dt.date) -> bytes:
    """Write the section of a committee report about an answer, as a Word file.

    Pure: the same document, answer and day give the same bytes.

    Args:
        document: what was asked.
        result: its answer.
        on: the day it is made on, which it bears and on which ages of sources are told.

    Raises:
        TypeError: where no section is made of such an answer.

    Example:
        >>> from retention_lib.evaluation import evaluate
        >>> from retention_lib.presets import preset
        >>> asked = preset("no-scheme").scenario
        >>> section(asked, evaluate(asked), dt.date(2026, 11, 22))[:2]
        b'PK'
    """
    paper = Paper(document.name or "Untitled", _SUBJECT, result.provenance, on)
    match document, result:
        case Scenario(), IncentiveResult():
            incentive.write(paper, document, result, on)
        case Plan(), PlanResult():
            plan.write(paper, document, result, on)
        case Comparison(), BenchmarkResult():
            benchmark.write(paper, document, result)
        case Question(), HappenedResult():
            happened.write(paper, document, result)
        case _:
            given = f"{type(document).__name__} with {type(result).__name__}"
            raise TypeError(f"There is no Word section of {given}.")
    return paper.save()


_SUBJECT = "Financial implications and risk management: a section for a committee report"
