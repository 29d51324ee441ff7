"""What every kernel needs and all can share: loaded and worked out once, before any is forked.

Nothing of it is a visitor's. It is done for cases of ours, and what it makes is thrown away again:
what stays is what it loaded on the way, modules and published figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pkgutil import walk_packages

import ipywidgets

Step = Callable[[], object]

# The first is the one that most visitors open.
PAGES = (
    ("incentives_page", "IncentivesPage"),
    ("plans_page", "PlansPage"),
    ("benchmarks_page", "BenchmarksPage"),
    ("start_page", "start_page"),
    ("evidence_page", "EvidencePage"),
    ("happened_page", "HappenedPage"),
)

# What a kernel loads when it starts, runs a cell, shows a table or an error, and nothing sooner.
_LATER = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "pdb",
    "tornado.platform.asyncio",
)

_SOME_DAY = dt.date(2026, 4, 1)
"""On which the files are made that nobody gets."""


def steps() -> Iterator[Step]:
    """Give what is to be done, in the order in which visitors are likely to need it.

    Between two steps a kernel can be forked: it does what is still missing for itself.
    """
    yield _kernel
    for module, name in PAGES:
        yield partial(_page, module, name)
    from retention_lib.answering import CASES

    yield from (partial(_answer, kind) for kind in CASES)
    yield _files


def _kernel() -> None:
    """Load what a kernel needs of itself."""
    for name in _LATER:
        import_module(name)


def _page(module: str, name: str) -> None:
    """Make a page as its notebook does, and throw it away."""
    getattr(import_module(f"retention_lib.views.{module}"), name)()
    ipywidgets.Widget.close_all()


def _answer(kind: str) -> None:
    """Answer the first case of a kind with its ranges, and give its lines of Python."""
    from retention_lib.answering import CASES, answer
    from retention_lib.reproducing import lines_of

    answer(CASES[kind]()[0])
    lines_of(CASES[kind]()[0])


def _files() -> None:
    """Load what makes files, and make every file of the answer that takes least to be made."""
    from retention_lib import outputs
    from retention_lib.answering import CASES, answer
    from retention_lib.outputs.files import outputs_for
    from retention_lib.synthetic.question import Question

    for found in walk_packages(outputs.__path__, f"{outputs.__name__}."):
        import_module(found.name)
    document = CASES[Question.KIND]()[0]
    for each in outputs_for(document):
        each.make(document, answer(document), _SOME_DAY)
