"""Answers as Excel workbooks: live formulas beside the library's own values.

The core: `book` (sheets, cells, names), `looks`, `names`, `inputs`, `checks`, `log`, `about`.
`incentive_*`, `benchmark_*`, `happened_*` and `plan_*` write one kind of answer each.
"""

from __future__ import annotations

import datetime as dt

from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.documents import Document
from retention_lib.plans.plan import Plan
from retention_lib.plans.result import PlanResult
from retention_lib.results import Answered, IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import HappenedResult


def workbook(document: Document, result: Answered, on: dt.date) -> bytes:
    """Give the answer to a document as an Excel workbook.

    Args:
        document: an offer, a comparison, a plan, or a question about what happened.
        result: its answer.
        on: the day the file is made on.

    Raises:
        TypeError: where the document is of no kind that has a workbook.
    """
    match document, result:
        case Scenario(), IncentiveResult():
            from retention_lib.outputs.excel.incentive_book import incentive_workbook

            return incentive_workbook(document, result, on)
        case Plan(), PlanResult():
            from retention_lib.outputs.excel.plan_book import plan_workbook

            return plan_workbook(document, result, on)
        case Comparison(), BenchmarkResult():
            from retention_lib.outputs.excel.benchmark_book import benchmark_workbook

            return benchmark_workbook(document, result, on)
        case Question(), HappenedResult():
            from retention_lib.outputs.excel.happened_book import happened_workbook

            return happened_workbook(document, result, on)
    raise TypeError(f"There is no Excel workbook of a document of kind {document.kind}.")
