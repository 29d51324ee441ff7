"""The workbooks are thin: a few cells, no arithmetic, no functions, no outputs."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

WORKBOOKS = Path(__file__).resolve().parent.parent / "workbooks"
APPS = sorted(WORKBOOKS.glob("*.ipynb"))
ANALYSIS = sorted((WORKBOOKS / "analysis").glob("*.ipynb"))

MOST_CELLS = 5
NOT_IN_AN_APP = (ast.BinOp, ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.For, ast.While)


def _read(file: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return notebook


def _code(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_there_are_apps_and_analysts_notebooks() -> None:
    assert [file.name for file in APPS] == [
        "00_start_here.ipynb",
        "01_incentives.ipynb",
        "02_invest_to_save.ipynb",
        "03_benchmarks.ipynb",
        "04_evidence.ipynb",
        "05_did_it_work.ipynb",
    ]
    assert [file.name for file in ANALYSIS] == [
        "benchmarks.ipynb",
        "course_1_start_from_a_council.ipynb",
        "course_2_change_an_assumption.ipynb",
        "course_3_add_a_measure.ipynb",
        "course_4_add_a_study.ipynb",
        "course_5_every_council.ipynb",
        "incentives.ipynb",
        "invest_to_save.ipynb",
    ]


@pytest.mark.parametrize("file", APPS, ids=lambda file: file.name)
def test_an_app_is_thin(file: Path) -> None:
    notebook = _read(file)
    assert len(notebook["cells"]) <= MOST_CELLS
    for cell in _code(notebook):
        found = [type(node) for node in ast.walk(ast.parse("".join(cell["source"])))]
        assert not [kind for kind in found if issubclass(kind, NOT_IN_AN_APP)]


@pytest.mark.parametrize("file", APPS, ids=lambda file: file.name)
def test_an_app_keeps_no_outputs(file: Path) -> None:
    for cell in _code(_read(file)):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@pytest.mark.parametrize("file", APPS, ids=lambda file: file.name)
def test_an_app_names_its_question_where_the_page_and_the_notebook_read_it(file: Path) -> None:
    notebook = _read(file)
    assert notebook["metadata"]["title"]
    assert notebook["metadata"]["nav"]
    assert "".join(notebook["cells"][0]["source"]) == f"# {notebook['metadata']['title']}"


@pytest.mark.parametrize("file", ANALYSIS, ids=lambda file: file.name)
def test_an_analysts_notebook_shows_what_it_printed_and_uses_no_widgets(file: Path) -> None:
    notebook = _read(file)
    assert all(cell["outputs"] for cell in _code(notebook))
    source = "".join("".join(cell["source"]) for cell in _code(notebook))
    assert "widgets" not in source
    assert "/" + "work" not in json.dumps(notebook)
