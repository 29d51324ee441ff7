"""Files: strict; what cannot be read is said in words, and no bytes raise anything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retention_lib import Scenario, ScenarioError
from retention_lib.answering import CASES, KINDS, AnyDocument, read_file, read_text
from retention_lib.assumptions_log.question import Question as LogQuestion
from retention_lib.documents import Document
from retention_lib.plans.plan import Plan
from tests.strategies import jsons

STARTS: list[AnyDocument] = [starts()[0] for starts in CASES.values()]
NAMES = [start.kind for start in STARTS]
MODELS: tuple[type[Document], ...] = (*KINDS.values(), LogQuestion)


def refused_or_read(model: type[Document], text: str) -> None:
    """Read a text; where that is refused, it is in words."""
    words = "read"
    try:
        model.from_json(text)
    except ScenarioError as refused:
        words = str(refused)
    assert words


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as refused:
        read_text(text)
    return str(refused.value)


@pytest.mark.parametrize("start", STARTS, ids=NAMES)
def test_a_file_of_any_kind_is_read_as_what_it_says_it_is(
    start: AnyDocument, tmp_path: Path
) -> None:
    file = tmp_path / "kept.json"
    file.write_text(start.to_json(), encoding="utf-8-sig")
    assert read_file(file) == start
    assert read_text(start.to_json()) == start
    assert type(read_text(start.to_json())) is type(start)


SCHEMAS: dict[str, tuple[object, str]] = {
    "of a newer version": (2, "schema is 2. It is from a newer version, and this one reads"),
    "that never was": (0, "schema is 0. There has never been such a schema."),
    "as text": ("1", 'schema is "1". There has never been such a schema.'),
    "as yes": (True, "schema is true. There has never been such a schema."),
    "as a list": ([1], "schema is [1]. There has never been such a schema."),
    "that is not there": (None, 'schema: It is missing. Write "schema": 1.'),
}


@pytest.mark.parametrize("start", STARTS, ids=NAMES)
@pytest.mark.parametrize("what", SCHEMAS)
def test_a_file_of_a_schema(what: str, start: AnyDocument) -> None:
    schema, words = SCHEMAS[what]
    assert refusal(json.dumps({**start.to_dict(), "schema": schema})).startswith(words)


def test_schema_1_point_0_is_schema_1() -> None:
    text = json.dumps({**STARTS[0].to_dict(), "schema": 1.0})
    assert read_text(text) == STARTS[0]


def test_a_file_of_no_kind_or_of_one_there_is_not_is_refused_by_the_kinds_there_are() -> None:
    plan = next(start for start in STARTS if isinstance(start, Plan))
    without = {key: value for key, value in plan.to_dict().items() if key != "kind"}
    assert refusal(json.dumps(without)).startswith("kind: It is missing.")
    for kind in ("poem", "", "INCENTIVE"):
        words = refusal(json.dumps({**without, "kind": kind}))
        assert "It must be incentive, benchmark, invest_to_save or what_happened." in words
    for other in (3, ["incentive"], {"a": 1}, True):
        assert refusal(json.dumps({**without, "kind": other})).startswith("kind")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)))
def test_no_bytes_are_answered_with_anything_but_words(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "any.json"
    file.write_bytes(content)
    for read in (read_file, Scenario.from_file):
        with pytest.raises(ScenarioError) as refused:
            read(file)
        assert str(refused.value)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Draw the text of a document that came through bad hands."""
    text = draw(st.sampled_from(STARTS)).to_json()
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 30))
        other = draw(st.one_of(
            st.text(max_size=6),
            st.sampled_from(["NaN", "-Infinity", "1e999", "9" * 5_000, "[", "{", '"', "\\ud800",
                             "null", "-0", ',"schema":1', "1.5", "true"]),
        ))  # fmt: skip
        text = text[:place] + other + text[place + length :]
    return text


@settings(max_examples=250, deadline=None)
@given(mutated())
def test_no_spoiled_text_is_answered_with_anything_but_words(text: str) -> None:
    for model in MODELS:
        refused_or_read(model, text)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(STARTS), st.dictionaries(st.text(max_size=8), jsons(), max_size=3), st.data()
)
def test_no_json_in_place_of_a_field_is_answered_with_anything_but_words(
    start: AnyDocument, more: dict[str, Any], data: st.DataObject
) -> None:
    given_here = {**start.to_dict(), **more}
    for key in data.draw(st.lists(st.sampled_from(sorted(given_here)), max_size=3)):
        given_here[key] = data.draw(jsons())
    for model in MODELS:
        words = "read"
        try:
            model.from_dict(given_here)
        except ScenarioError as refused:
            words = str(refused)
        assert words


DEEP = {
    "objects": '{"a":' * 5_000 + "1" + "}" * 5_000,
    "lists": "[" * 5_000 + "]" * 5_000,
    "objects that JSON can read": '{"a":' * 400 + "1" + "}" * 400,
    "lists that JSON can read": "[" * 400 + "]" * 400,
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("what", DEEP)
def test_deep_nesting_is_refused_in_words(what: str, model: type[Document]) -> None:
    for field in ("measures", "groups", "answer", "beside", "case", "kind", "schema", "x"):
        text = f'{{"schema": 1, "kind": "{model.KIND}", "council": "802", "{field}": {DEEP[what]}}}'
        with pytest.raises(ScenarioError) as refused:
            model.from_json(text)
        assert len(str(refused.value)) < 5_000


@pytest.mark.parametrize("name", ["a\0b.json", "x" * 5_000, "", "none/at/all.json"])
def test_a_file_with_an_impossible_name_is_refused_in_words(name: str) -> None:
    for read in (Scenario.from_file, lambda file: read_file(Path(file))):
        with pytest.raises(ScenarioError, match="cannot be read"):
            read(name)
