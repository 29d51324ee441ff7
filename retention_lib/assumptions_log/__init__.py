"""The assumptions log: every number that an answer rests on, its source, and what it does to it.

The Aqua Book's two ratings, of evidence and of impact; what was changed and why; what is old and
what has no source; the data log and the checks. `question` is what is asked, `answer` puts the log
together. Nothing here reads a clock: the day is given.

Example:
    >>> import datetime as dt
    >>> found = log_of(Question(about="no-scheme"), dt.date(2026, 11, 22))
    >>> found.passed, len(found.entries) == len(found.table("log").rows)
    (True, True)
"""

from retention_lib.assumptions_log.answer import EvidenceResult, log_of
from retention_lib.assumptions_log.question import Question

__all__ = ["EvidenceResult", "Question", "log_of"]
