"""The house: who may use whom. Arrows point down, never up and never round."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

LIBRARY = Path(__file__).resolve().parents[1] / "retention_lib"
TOP = "retention_lib"
VIEWS = f"{TOP}.views"

PURE = (
    "rates",
    "costs",
    "incentives",
    "bidding",
    "appraisal",
    "uncertainty.solving",
    "uncertainty.ranges",
    "uncertainty.sampling",
    "uncertainty.sensitivity",
    "uncertainty",
    "benchmarks.chance",
    "workforce.luck",
    "workforce.engine",
    "workforce.baseline",
)
"""Numbers in, numbers out: each may use those before it, and nothing else of the project."""

GROUND = {"paths", "units", "version"}
SOURCES = {"assumptions", "evidence", "figures", "importers"}
"""What is known: it may use the ground, itself, and of the pure functions only these."""
CONVERSIONS = {"rates", "incentives", "uncertainty"}
"""A turnover into a chance; the names of the two offers; how belief is spread over a range."""

ONLY_IN_VIEWS = {
    "anywidget", "ipywidgets", "IPython", "jupyter_client", "jupyter_server", "jupyterhub",
    "matplotlib", "nbclient", "nbformat", "svg", "tornado", "traitlets", "voila",
}  # fmt: skip
NEVER_IN_A_MODEL = {
    "random",
    "secrets",
    "socket",
    "subprocess",
    "threading",
    "time",
    "urllib.request",
}
ONLINE = f"{TOP}.importers.dfe_api"
"""The one module that asks another computer for anything, and so may wait for it; only
`retention import` uses it."""
CLOCKS = {"now", "today", "utcnow", "monotonic", "perf_counter"}


def modules() -> dict[str, Path]:
    """List every module of the library by name."""
    found = {}
    for file in sorted(LIBRARY.rglob("*.py")):
        parts = file.relative_to(LIBRARY.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = file
    return found


NAMES = tuple(modules())
MODELS = tuple(name for name in NAMES if not name.startswith(VIEWS))


@cache
def tree(name: str) -> ast.Module:
    """Parse a module."""
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def imported(name: str, *, also_inside: bool = True) -> set[str]:
    """Give what a module imports, in full; a name that is itself a module counts as that module."""
    found: set[str] = set()
    nodes = ast.walk(tree(name)) if also_inside else iter(tree(name).body)
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                found.add(inner if inner in NAMES else module)
    return found


def ours(name: str) -> set[str]:
    """Give the modules of the library that a module uses, without the name of the library."""
    return {one.removeprefix(f"{TOP}.") for one in imported(name) if one.split(".")[0] == TOP}


def called(name: str) -> set[str]:
    """Give the names that a module calls: print(), now(), open() …"""
    return {
        node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute))
    }


def test_the_walls_are_seen() -> None:
    """The tests below would pass on an empty folder."""
    assert f"{TOP}.incentives" in MODELS
    assert ours(f"{TOP}.incentives") == {"rates"}
    assert "numpy" in imported(f"{TOP}.incentives")
    assert "print" in called(f"{TOP}.cli")
    assert len(NAMES) > 20


@pytest.mark.parametrize("name", PURE)
def test_pure_functions_use_only_those_before_them(name: str) -> None:
    assert ours(f"{TOP}.{name}") <= set(PURE[: PURE.index(name)])


@pytest.mark.parametrize("name", sorted(GROUND))
def test_the_ground_rests_on_nothing(name: str) -> None:
    assert ours(f"{TOP}.{name}") == set()


@pytest.mark.parametrize("name", [n for n in MODELS if SOURCES & set(n.split("."))])
def test_sources_know_nothing_of_scenarios_or_of_answers(name: str) -> None:
    used = {one.split(".")[0] for one in ours(name)}
    assert used <= GROUND | SOURCES | CONVERSIONS


ANSWERS = ["model", "questions", "evaluation", "scenario", "documents", "results", "words"]
ANSWERS += [name.removeprefix(f"{TOP}.") for name in NAMES if name.startswith(f"{TOP}.benchmarks.")]
ANSWERS += [name.removeprefix(f"{TOP}.") for name in NAMES if name.startswith(f"{TOP}.synthetic.")]
LOG = [name for name in NAMES if name.startswith(f"{TOP}.assumptions_log.")]


@pytest.mark.parametrize("name", ANSWERS)
def test_what_answers_knows_nothing_of_what_shows(name: str) -> None:
    used = {one.split(".")[0] for one in ours(f"{TOP}.{name}")}
    assert not used & {"views", "outputs", "pictures", "cli", "checking", "importers"}


@pytest.mark.parametrize("name", LOG)
def test_the_assumptions_log_knows_nothing_of_what_shows(name: str) -> None:
    used = {one.split(".")[0] for one in ours(name)}
    assert not used & {"views", "outputs", "pictures", "cli", "importers"}


def test_a_scenario_knows_nothing_of_its_answer() -> None:
    above = {"model", "questions", "evaluation", "results", "tables", "words", "presets"}
    for name in ("scenario", "problems"):
        assert not ours(f"{TOP}.{name}") & above


def test_only_what_shows_uses_pictures() -> None:
    users = {
        name.split(".")[1]
        for name in NAMES[1:]
        if "pictures" in {one.split(".")[0] for one in ours(name)}
    }
    assert users <= {"pictures", "outputs", "views"}


def test_only_views_and_the_command_line_use_views() -> None:
    users = {name for name in MODELS if any(one.startswith("views") for one in ours(name))}
    assert users <= {f"{TOP}.cli"}
    at_once = imported(f"{TOP}.cli", also_inside=False)
    assert not [one for one in at_once if one.startswith(VIEWS)], "an answer loads no server"


def test_nothing_uses_what_uses_it() -> None:
    """Follow every arrow; none may lead back."""
    done: set[str] = set()

    def follow(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " > ".join([*path[path.index(name) :], name])
        if name in done:
            return
        for used in sorted(imported(name) & set(NAMES) - {TOP}):
            if used != name:
                follow(used, (*path, name))
        done.add(name)

    for name in NAMES:
        follow(name, ())


@pytest.mark.parametrize("name", MODELS)
def test_no_model_has_widgets_or_charts_a_clock_chance_or_the_network(name: str) -> None:
    used = imported(name)
    roots = {one.split(".")[0] for one in used}
    assert not roots & ONLY_IN_VIEWS
    online, waiting = (
        ({"urllib.request", "time"}, {"monotonic"}) if name == ONLINE else (set(), set())
    )
    assert not (roots | used) & (NEVER_IN_A_MODEL - online)
    told_the_day = {"today"} if name == f"{TOP}.cli" else set()  # it passes the day on
    assert not called(name) & (CLOCKS - waiting - told_the_day)


@pytest.mark.parametrize("name", [name for name in MODELS if name != f"{TOP}.cli"])
def test_only_the_command_line_prints(name: str) -> None:
    assert not called(name) & {"print", "input", "display"}


def test_only_the_command_line_asks_another_computer_and_only_when_told() -> None:
    assert {name for name in NAMES if ONLINE in imported(name)} == {f"{TOP}.cli"}
    assert ONLINE not in imported(f"{TOP}.cli", also_inside=False)


@pytest.mark.parametrize("name", PURE)
def test_pure_functions_open_no_file(name: str) -> None:
    assert not called(f"{TOP}.{name}") & {"open", "read_text", "read_bytes", "write_text", "getenv"}
    roots = {one.split(".")[0] for one in imported(f"{TOP}.{name}")}
    assert not roots & {"os", "pathlib", "json", "csv", "tomllib", "pydantic", "pandas"}
