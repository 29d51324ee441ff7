"""The lines that give an answer again are run, and give exactly that answer."""

from __future__ import annotations

import ast
import contextlib
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib import Scenario
from retention_lib.answering import CASES, AnyDocument, answer, read_text
from retention_lib.assumptions_log.question import Question as LogQuestion
from retention_lib.assumptions_log.question import case_documents
from retention_lib.documents import Document
from retention_lib.plans.numbers import NoFiguresError
from retention_lib.plans.plan import Plan
from retention_lib.presets import preset
from retention_lib.reproducing import WIDTH, lines_of
from retention_lib.results import Answered
from tests.strategies import wordy_scenarios
from tests.test_links import NAMES as NAMES_OF_STARTS
from tests.test_links import NASTY, STARTS, documents, few_changes

OFFER = preset("middlesbrough-2019").scenario
CALLS = ("evaluate(", "appraise(", "compare(", "what_happened(", "log_of(")
VARIABLES = ("scenario", "plan", "asked")


def run(lines: str) -> tuple[Document, Answered, str]:
    """Run the lines; give the document and the answer that they made, and what they printed."""
    names: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(lines, "lines", "exec"), names)
    document = next(names[name] for name in VARIABLES if name in names)
    return document, names["result"], printed.getvalue()


def made_by(lines: str) -> Document:
    """Run the lines up to the call; drawing ranges for every document would take too long."""
    tree = ast.parse(lines)
    kept: list[ast.stmt] = [
        node
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id in VARIABLES)
    ]  # fmt: skip
    names: dict[str, Any] = {}
    exec(compile(ast.Module(kept, []), "lines", "exec"), names)
    found: Document = next(names[name] for name in VARIABLES if name in names)
    return found


def is_well_written(lines: str) -> None:
    """See that the lines are as short as they may be, and end as they should."""
    assert all(len(line) <= WIDTH for line in lines.splitlines())
    assert lines.endswith("\n")
    assert any(call in lines for call in CALLS)
    assert lines.isprintable() or all(line.isprintable() for line in lines.split("\n"))


@pytest.mark.parametrize("start", STARTS, ids=NAMES_OF_STARTS)
def test_the_lines_of_every_case_give_its_answer_exactly(start: AnyDocument) -> None:
    expected = answer(start)
    lines = lines_of(start, expected)
    document, result, printed = run(lines)
    assert document == start
    assert document.digest == start.digest
    assert json.dumps(result.to_dict()) == json.dumps(expected.to_dict())  # type: ignore[attr-defined]  # all have it
    headline, figure = printed.splitlines()
    assert headline == expected.headline
    assert f"# {figure}" in lines, "the figure that it is said to have had"
    is_well_written(lines)
    assert lines == lines_of(start), "the figure does not hang on the ranges"


@pytest.mark.parametrize("start", STARTS, ids=NAMES_OF_STARTS)
def test_a_case_that_was_changed_starts_from_the_case_and_lists_the_changes(
    start: AnyDocument,
) -> None:
    changed = few_changes(start)
    lines = lines_of(changed)
    assert made_by(lines) == changed
    assert f'"{start.case.preset}"' in lines
    assert ".but(" in lines
    assert "from_dict" not in lines
    is_well_written(lines)


@settings(max_examples=60, deadline=None)
@given(documents())
def test_the_lines_of_any_document_make_exactly_that_document(document: AnyDocument) -> None:
    try:
        lines = lines_of(document)
    except NoFiguresError:
        return
    made = made_by(lines)
    assert made.to_json() == document.to_json()
    assert made.digest == document.digest
    is_well_written(lines)


@settings(max_examples=25, deadline=None)
@given(wordy_scenarios())
def test_the_lines_of_any_offer_give_its_answer_and_its_reasons(drawn: dict[str, Any]) -> None:
    offer = Scenario.from_dict(drawn)
    expected = answer(offer)
    document, result, printed = run(lines_of(offer))
    assert isinstance(document, Scenario)
    assert document.reasons == offer.reasons
    assert result == expected
    assert f"# {printed.splitlines()[1]}" in lines_of(offer)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(STARTS), st.text(max_size=150))
def test_no_text_in_a_document_is_more_than_text(start: AnyDocument, text: str) -> None:
    try:
        worded = start.but({"name": text})
    except ValueError:
        return  # half a letter
    assert made_by(lines_of(worded)).at("name") == text


@pytest.mark.parametrize(
    "text",
    [NASTY, '""" + __import__("os").getcwd() + """', "\\", "\\'\"", "'", '"', "'\"", "\n# x\r",
     "\u2028", "{result.npv}", "%s", "é" * 200, "\U0001f600" * 60, "a b " * 50, "x" * 200],
)  # fmt: skip
def test_hostile_names_and_reasons_come_back_as_they_are(text: str) -> None:
    worded = OFFER.but({"groups.0.name": text, "name": text}).with_reasons(
        {"leaver_cost": text * 5, "scheme.take_up": "Said so"}
    )
    for document in (worded, worded.but({"case.preset": text})):
        lines = lines_of(document)
        assert made_by(lines).to_json() == document.to_json()
        is_well_written(lines)


def test_the_lines_read_as_somebody_would_have_written_them() -> None:
    changed = OFFER.but({"leaver_cost": 25_000.0}).with_reasons({"leaver_cost": "Counted"})
    lines = lines_of(changed).splitlines()
    assert lines[:9] == [
        "from retention_lib import evaluate",
        "from retention_lib.presets import preset",
        "",
        'scenario = preset("middlesbrough-2019").scenario.but({"leaver_cost": 25000.0})'
        ".with_reasons({",
        '    "leaver_cost": "Counted",',
        "})",
        "result = evaluate(scenario)",
        "print(result.headline)",
        'print(f"NPV: £{result.npv:,.2f}".replace("£-", "-£"))',
    ]
    assert lines[9].startswith("# NPV: -£")
    assert changed.digest in lines[10]


def test_a_document_of_no_case_lists_only_what_is_not_filled_in_anyway() -> None:
    plan = Plan.from_dict(
        {"schema": 1, "kind": "invest_to_save", "council": "802",
         "measures": [{"kind": "academy"}, {"kind": "recognition", "ramp": 3}]}
    )  # fmt: skip
    lines = lines_of(plan)
    assert "plan = Plan.from_dict({" in lines
    assert '    "measures": [{"kind": "academy"}, {"kind": "recognition", "ramp": 3}],' in lines
    assert "turnover_persistence" not in lines


def test_a_zero_with_a_minus_sign_stays_one() -> None:
    """It is another digest."""
    offer = OFFER.but({"vacancy.net_saving_per_month": -0.0})
    assert made_by(lines_of(offer)).digest == offer.digest != OFFER.digest


@pytest.mark.parametrize("key", ["register", "gloucestershire-2m", "opened"])
def test_a_question_of_the_log_is_asked_again_too(key: str) -> None:
    asked = LogQuestion(about=key) if key != "opened" else LogQuestion.from_dict(
        case_documents()["no-scheme"].but({"seed": 5}).to_dict()
    )  # fmt: skip
    lines = lines_of(asked)
    document, result, printed = run(lines)
    assert document == asked
    assert printed.splitlines() == [result.headline, "Every check passed: True"]


def test_every_kind_that_can_be_answered_has_lines() -> None:
    assert {type(start) for start in STARTS} == {type(each()[0]) for each in CASES.values()}
    for start in STARTS[:: len(STARTS) // 4]:
        assert made_by(lines_of(read_text(start.to_json()))) == start
