"""The words that both ends of a link know: how a file of them is made from typical documents.

`python -m tests.link_words > data/links/2.txt` writes a new version; one that links were sent with
is never written again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from retention_lib.assumptions_log.question import Question as LogQuestion
from retention_lib.benchmarks.cases import cases as comparisons
from retention_lib.documents import Document
from retention_lib.links import texts
from retention_lib.plans.adding import fresh
from retention_lib.plans.cases import cases as plans
from retention_lib.plans.catalogue import OWN, catalogue
from retention_lib.plans.plan import Plan
from retention_lib.presets import presets
from retention_lib.synthetic.cases import cases as happened

MOST = 32_000
"""Characters: deflate looks back no further than 32,768 bytes."""


def documents() -> Iterator[Document]:
    """Give documents of every kind: rare ones first, as words near the end cost least."""
    yield LogQuestion()
    yield from (each.question for each in happened())
    yield from (each.comparison for each in comparisons())
    plan = Plan.from_dict({"schema": 1, "kind": Plan.KIND, "council": "802"})
    for kind in (*catalogue(), OWN):
        yield plan.model_copy(update={"measures": (fresh(plan, kind),)})
    yield from (each.plan for each in plans())
    yield from (each.scenario for each in presets())


def words() -> str:
    """Write the texts of all documents' parts, each once, those that most documents have last."""
    found: Counter[str] = Counter()
    for document in documents():
        found.update(texts(document.linked()))
    order = sorted(enumerate(found.items()), key=lambda each: (each[1][1], each[0]))
    return "".join(text for _, (text, _) in order)[-MOST:]


if __name__ == "__main__":
    print(words(), end="")
