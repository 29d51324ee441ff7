"""What stays the same however the code changes: files, links, names, commands, one answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import retention_lib
from retention_lib import Scenario, evaluate
from retention_lib.cli import main

DATA = Path(__file__).parent / "data"
EXAMPLES = ("incentive-retention", "incentive-golden-hello")


def scenario_file(name: str) -> Path:
    """Give the file of an example."""
    return DATA / f"{name}.json"


def expected(name: str) -> dict[str, Any]:
    """Read the answer that an example must have."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.result.json").read_text(encoding="utf-8"))
    return found


def holds(found: dict[str, Any], name: str) -> None:
    """See that a result has every name of the example, and its numbers."""
    for key, value in expected(name).items():
        assert found[key] == pytest.approx(value, rel=1e-6, abs=1e-6), key


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_file_has_its_answer(name: str) -> None:
    holds(evaluate(Scenario.from_file(scenario_file(name))).to_dict(), name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_parsed_json_has_its_answer(name: str) -> None:
    given = json.loads(scenario_file(name).read_text(encoding="utf-8"))
    holds(evaluate(Scenario.from_dict(given)).to_dict(), name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_link_has_its_answer(name: str) -> None:
    link = Scenario.from_file(scenario_file(name)).to_link()
    holds(evaluate(Scenario.from_link(link)).to_dict(), name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_command_line_has_its_answer(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(scenario_file(name)), "--json"]) == 0
    holds(json.loads(capsys.readouterr().out), name)


def test_all_ways_give_the_same_answer_to_the_last_digit(root: Path) -> None:
    name = EXAMPLES[0]
    scenario = Scenario.from_file(scenario_file(name))
    ways = [
        evaluate(scenario).to_dict(),
        evaluate(Scenario.from_link(scenario.to_link())).to_dict(),
        evaluate(Scenario.from_json(scenario.to_json())).to_dict(),
    ]
    command = [sys.executable, "-m", "retention_lib.cli", "run", str(scenario_file(name)), "--json"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    ways.append(json.loads(run.stdout))
    assert ways == [ways[0]] * 4


def test_what_analysts_import_is_there() -> None:
    assert {"Scenario", "evaluate"} <= set(retention_lib.__all__)
    assert retention_lib.__version__


@pytest.mark.parametrize("name", EXAMPLES)
def test_everything_an_example_says_is_kept(name: str) -> None:
    given = json.loads(scenario_file(name).read_text(encoding="utf-8"))

    def kept(part: Any, whole: Any) -> bool:
        if isinstance(part, dict):
            return all(kept(value, whole[key]) for key, value in part.items())
        if isinstance(part, list):
            return len(part) == len(whole) and all(map(kept, part, whole))
        return bool(part == whole)

    assert kept(given, Scenario.from_dict(given).to_dict())
