"""Where a council stands, what its gap is worth, and whether anyone has closed one like it.

Pure functions on published figures. `Comparison` is what a user asks, `compare` answers it; behind
them stand `standings`, `trend`, `gap` and `reference_class`.
"""

from retention_lib.benchmarks.answer import compare
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.groups import council, group_of
from retention_lib.benchmarks.reference import reference_class
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.benchmarks.standing import standings

__all__ = [
    "BenchmarkResult",
    "Comparison",
    "compare",
    "council",
    "group_of",
    "reference_class",
    "standings",
]
