"""The whole answer as JSON: every figure unrounded, with the scenario that it answers."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Protocol, cast

from retention_lib.documents import Document
from retention_lib.outputs.stamp import stamp
from retention_lib.results import Answered


class _Told(Protocol):
    def to_dict(self) -> dict[str, Any]: ...


def result_file(document: Document, result: Answered, on: dt.date) -> bytes:
    """Write an answer as JSON: the result as it is, the day, the stamp, and the whole scenario.

    The file alone says what it answers: `scenario` can be opened again, and gives the same answer.

    Args:
        document: what was chosen; of the assumptions log, what was asked of it.
        result: its answer.
        on: the day it is made on.

    Raises:
        ValueError: where a figure is no number that JSON can hold.

    Example:
        >>> from retention_lib.evaluation import evaluate
        >>> from retention_lib.presets import preset
        >>> offer = preset("no-scheme").scenario
        >>> found = json.loads(result_file(offer, evaluate(offer), dt.date(2026, 11, 22)))
        >>> found["made_on"], found["scenario"]["kind"], found["headline"]
        ('2026-11-22', 'incentive', 'Nothing is paid, so nothing changes.')
    """
    whole = {
        "made_on": on.isoformat(),
        "stamp": dict(stamp(result.provenance, on)),
        "scenario": document.to_dict(),
        **cast(_Told, result).to_dict(),
    }
    text = json.dumps(whole, allow_nan=False, ensure_ascii=False, indent=1)
    return (text + "\n").encode()
