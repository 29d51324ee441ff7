"""No number that moves an answer hides in the code: it is a row of the register, or listed here.

Every literal of the models is looked at but 0, 1 and 2, places in a sequence, digits to round to,
and the bounds of what may be typed. What is left is one of the exceptions below, each for a reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import pytest

from tests.test_layers import MODELS, TOP, modules, tree

SHOW_AND_READ = {"outputs", "pictures", "importers", "cli", "checking", "problems"}
SAY = {"words", "tables", "budget_tables", "shown", "marked_down"}
"""They write what was worked out; `marked_down` also in plans."""
PLAIN = {0, 1, 2}
BOUNDS = {"Field", "StringConstraints"}
ROUNDED = {"round", "trimmed"}

EXCEPTIONS: Mapping[str, Mapping[str, set[float]]] = {
    "a definition: months and weeks of a year, percent, pence, years named by the calendar": {
        "rates": {12, 52},
        "appraisal": {0.005},
        "incentives": {100},
        "benchmarks.measures": {100},
        "units": {3, 0.005, 1000, 0.995, 0.0995, 100.0},
        "comparing.answer_rows": {100},
        "comparing.same_money": {0.005},
        "plans.answer": {2026, 100},
        "plans.effects": {4},
        "plans.numbers": {0.01},
        "plans.plan": {4, 12, 2026},
        "plans.prices": {6},
        "plans.years": {9, 100},
        "hindcast.playing": {10},
        "workforce.baseline": {5.5},
        "workforce.engine": {9},
        "benchmarks.standing": {4},
        "bidding_cases": {0.005},
        "evaluation": {0.005},
        "plans.break_even": {0.005},
        "plans.ranges": {0.005},
    },
    "a formula from a book: the normal curve, Wilson, PERT, Jeffreys, percentiles that are named": {
        "benchmarks.chance": {1.959963984540054, 4},
        "uncertainty.ranges": {5.0, 0.5},
        "uncertainty.sensitivity": {10, 50, 90},
        "hindcast.scores": {0.05, 0.95, 100.0},
    },
    "how near is the same: sums of floats, less than a pound, less than a case": {
        "benchmarks.reference": {1e-09},
        "benchmarks.scheme": {0.5},
        "benchmarks.sensitivity": {0.5},
        "evaluation": {1e-06},
        "first_look": {1e-09},
        "hindcast.startup": {1e-09},
        "plans.checks": {1e-09},
        "plans.sensitivity": {0.5},
        "plans.verdicts": {0.5, 0.0005},
        "results": {0.0001},
        "scenario": {1e-06},
        "sensitivity": {0.5},
        "synthetic.placebo": {1e-09},
        "workforce.baseline": {1e-09},
        "workforce.engine": {1e-09},
    },
    "how a link is written and code is laid out: checksums, lengths of lines and of lists": {
        "links": {3, 4, 9, 15, 120, 1e15},
        "comparing.names": {60},
        "opening": {8, 30, 80},
        "reproducing": {88},
    },
    "how a search, a sum or a sequence is run; another figure gives the same answer": {
        "comparing.same_money": {50},
        "every_council": {8},
        "plans.break_even": {0.01, 20.0, 5000.0},
        "plans.ranges": {2048, 128},
        "questions": {60, 16},
        "sensitivity": {4096, 20, 11, 1.1},
        "uncertainty.sampling": {64, 30, 0.5, 4},
        "uncertainty.solving": {64, 60, 4.0, 27},
        "workforce.luck": {9.0, 600.0, 0.5, 40.0, 0.001},
        "hindcast.playing": {20, 0.8},
        "hindcast.scores": {2021, 200, 1000, 3},
        "benchmarks.standing": {8192},
        "synthetic.control": {0.0001, 6, 10.0, 12, 15, 1e-09, 1000},
        "synthetic.kept": {10},
        "synthetic.making": {16},
    },
    "the end of what is possible: a rate that divides by what is left of it": {
        "workforce.baseline": {0.99},
        "workforce.unexplained": {0.9},
        "hindcast.startup": {0.01, 0.9},
    },
    "the bounds of a file": {
        "documents": {1_000_000},
        "links": {1_000_000, 100_000, 20_000},
        "opening": {10_000},
        "scenario": {1200},
        "plans.plan": {5000, 20, 12},
        "benchmarks.comparison": {200, 1e6},
        "synthetic.question": {2000, 3, 200},
        "assumptions_log.data_log": {12},
    },
    "a figure's shape on the page, or the name of a key of the result": {
        "benchmarks.answer": {3},
        "benchmarks.own": {9},
        "benchmarks.result": {5.0, 10.0, 0.05, 0.1},
        "workforce.baseline": {4},
        "workforce.engine": {4, 3},
    },
    "a world worked out on paper, for the examples of the docstrings": {
        "bidding": {0.25, 0.5, 4.0},
        "incentives": {40_000.0, 0.99, 12, 10_000.0, 1_000.0, 100},
        "workforce.engine": {48, 0.01, 100.0, 1_600.0, 16.0},
    },
}


def looked_at() -> tuple[str, ...]:
    """List the modules that work answers out."""
    names = (name.removeprefix(f"{TOP}.") for name in MODELS if name != TOP)
    return tuple(
        name
        for name in names
        if name.split(".")[0] not in SHOW_AND_READ and name.split(".")[-1] not in SAY
    )


def literals(name: str) -> Iterator[float]:
    """Give the numbers written in a module that are not places, digits or bounds."""
    parents = {child: node for node in ast.walk(tree(name)) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree(name)):
        if (
            isinstance(node, ast.Constant)
            and type(node.value) in (int, float)
            and node.value not in PLAIN
            and not _is_a_place(node, parents)
        ):
            yield float(node.value)  # type: ignore[arg-type]  # it is a number


def _is_a_place(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Tell whether a number only says where, how many digits, or what may be typed."""
    parent = parents.get(node)
    while parent is not None and not isinstance(parent, ast.stmt):
        if isinstance(parent, ast.Subscript) and node is parent.slice:
            return True
        if isinstance(parent, ast.Call):
            called = parent.func
            named = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if named in BOUNDS or (named in ROUNDED and node in parent.args[1:]):
                return True
        node, parent = parent, parents.get(parent)
    return False


def allowed(name: str) -> set[float]:
    return set().union(*(each.get(name, set()) for each in EXCEPTIONS.values()))


@pytest.mark.parametrize("name", looked_at())
def test_no_number_that_moves_an_answer_is_written_in_the_code(name: str) -> None:
    hidden = set(literals(f"{TOP}.{name}")) - allowed(name)
    assert not hidden, (
        f"{sorted(hidden)} in {name}: a row of data/assumptions.toml with its source, or an "
        "exception in this test with its reason"
    )


def test_every_exception_is_still_there() -> None:
    listed = {name for each in EXCEPTIONS.values() for name in each}
    assert listed <= set(looked_at())
    for name in listed:
        assert allowed(name) <= set(literals(f"{TOP}.{name}")), name


def test_the_search_sees_what_it_should() -> None:
    """A literal in arithmetic is seen; a place, digits and a bound are not."""
    assert "incentives" in looked_at()
    assert f"{TOP}.incentives" in modules() or "incentives" in {
        name.removeprefix(f"{TOP}.") for name in modules()
    }
    text = "rate = 0.07 * pay[5] + round(x, 3)\nold: int = Field(ge=7)\n"
    made = ast.parse(text)
    parents = {child: node for node in ast.walk(made) for child in ast.iter_child_nodes(node)}
    seen = [
        node.value
        for node in ast.walk(made)
        if isinstance(node, ast.Constant) and not _is_a_place(node, parents)
    ]
    assert seen == [0.07]
