"""Councils to start from: what was done, or said, and when.

Each case is a file in `data/happened/`, read and edited in a text editor.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from retention_lib.origins import must_have
from retention_lib.paths import DATA
from retention_lib.synthetic.question import Question

FIRST = "middlesbrough-2019"


@dataclass(frozen=True)
class HappenedCase:
    """A question to start from: what it is about, and where the story was read."""

    id: str
    title: str
    summary: str
    source: str
    question: Question


@cache
def cases() -> tuple[HappenedCase, ...]:
    """Give all cases, in the order of their files.

    Raises:
        ScenarioError: where a case's question cannot be right.

    Example:
        >>> cases()[0].id == FIRST
        True
    """
    found = []
    for file in sorted((DATA / "happened").glob("*.toml")):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        given = {"schema": 1, "kind": Question.KIND, "name": table["title"], **table["question"]}
        asked = Question.from_dict({**given, "case": {"preset": table["id"]}})
        found.append(
            HappenedCase(table["id"], table["title"], table["summary"], table["source"], asked)
        )
    return tuple(found)


def case(key: str) -> HappenedCase:
    """Give one case by its id.

    Raises:
        KeyError: naming the cases there are.
    """
    return must_have(cases(), key)
