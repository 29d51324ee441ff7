"""Tables and results as files: what is written reads back as the answer, and nothing else happens.

The files are read by another reader, pandas or Python's own, and set beside the answer.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import re
import zipfile
from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

from retention_lib.answering import KINDS, AnyDocument, answer
from retention_lib.assumptions_log import EvidenceResult, log_of
from retention_lib.assumptions_log import Question as LogQuestion
from retention_lib.benchmarks.cases import cases as comparisons
from retention_lib.documents import Document
from retention_lib.evaluation import evaluate
from retention_lib.labels import label_of
from retention_lib.outputs.result_json import result_file
from retention_lib.outputs.stamp import stamp
from retention_lib.outputs.tables_csv import answer_csv, answer_file, table_csv, tables_zip
from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import case as plan
from retention_lib.plans.ranges import batch, ranges_of
from retention_lib.presets import preset, presets
from retention_lib.results import Answered, Column, Table
from retention_lib.scenario import Scenario
from retention_lib.synthetic.cases import cases as stories
from tests.strategies import scenarios, wordy_scenarios

ON = dt.date(2026, 11, 22)
FIRST = "middlesbrough-2019"
DRAWS = 64
SCALES = {"share": 100.0, "points": 100.0, "thousands": 0.001}
FORMULAS = [
    "-infinity",
    "+1_0",
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "=cmd|' /C calc'!A0",
]


def log_question() -> LogQuestion:
    """The log of an offer of one's own, with a reason that a spreadsheet could take for more."""
    offer = preset(FIRST).scenario.but({"leaver_cost": 31_000})
    return LogQuestion.from_dict(offer.with_reasons({"leaver_cost": "=1+1"}).to_dict())


DOCUMENTS: Mapping[str, AnyDocument | LogQuestion] = {
    **{f"offer {each.id}": each.scenario for each in presets()},
    **{f"plan {key}": plan(key).plan for key in ("north-somerset-2025", "gloucestershire-4m")},
    "plan blank": plan("blank").plan,
    **{f"comparison {each.id}": each.comparison for each in comparisons()},
    **{f"story {each.id}": each.question for each in stories()},
    "log of the register": LogQuestion(about="register"),
    "log of a case": LogQuestion(about=FIRST),
    "log of a plan": LogQuestion(about="gloucestershire-4m"),
    "log of one's own": log_question(),
}


@cache
def answered(key: str) -> Any:
    document = DOCUMENTS[key]
    match document:
        case LogQuestion():
            return log_of(document, ON)
        case Scenario():
            return evaluate(document, DRAWS)
    if key.startswith("plan") and key != "plan blank":
        drawn: Any = document
        return appraise(drawn, ranges_of([batch(drawn, 0, DRAWS)]))
    return answer(document)


@cache
def zipped(key: str) -> Mapping[str, str]:
    """The files of a ZIP file by name."""
    content = tables_zip(DOCUMENTS[key], answered(key), ON)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name).decode() for name in packed.namelist()}


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def written(cell: float, column: Column) -> float:
    """The figure that is written of a number: pounds in pence, shares in percent."""
    return cell * SCALES.get(column.kind, 1.0)


def close(read: float, cell: float, column: Column) -> bool:
    """Whether a figure is as near as it is written: to four figures, or four decimals, or pence."""
    tolerance = {"pounds": 0.0051, "people": 0.000051, "thousands": 0.0000051}.get(column.kind)
    if tolerance is not None:
        return math.isclose(read, written(cell, column), rel_tol=1e-12, abs_tol=tolerance)
    digits = 5.1e-4 if column.kind in {"share", "points"} else 5.1e-6
    return math.isclose(read, written(cell, column), rel_tol=digits, abs_tol=1e-12)


@pytest.mark.parametrize("key", DOCUMENTS)
def test_every_table_reads_back_as_it_is(key: str) -> None:
    """Read by pandas, cell by cell: words as they are, figures to the precision written."""
    files, result = zipped(key), answered(key)
    assert len(result.tables) > 4
    for table in result.tables:
        text = files[f"tables/{table.key}.csv"]
        frame = pd.read_csv(
            io.StringIO(text.removeprefix("\ufeff")), dtype=str, keep_default_na=False
        )
        assert frame.shape == (len(table.rows), len(table.columns))
        for at, column in enumerate(table.columns):
            for found, row in zip(frame.iloc[:, at], table.rows, strict=True):
                cell = row[at]
                if cell is None:
                    assert found == ""
                elif isinstance(cell, str):
                    assert found.removeprefix("'") == cell.removeprefix("'").replace("\r\n", "\n")
                else:
                    assert close(float(found), cell, column), (table.key, column.key, found, cell)


@pytest.mark.parametrize("key", DOCUMENTS)
def test_files_beside_the_tables_say_what_when_from_what_and_why(key: str) -> None:
    files, result, document = zipped(key), answered(key), DOCUMENTS[key]
    about = rows(files["about.csv"])
    for line in stamp(result.provenance, ON):
        assert list(line) in about
    assert ["Answer", result.headline] in about
    columns = rows(files["columns.csv"])
    assert len(columns) == 1 + sum(len(table.columns) for table in result.tables)
    for table in result.tables:
        heads = rows(files[f"tables/{table.key}.csv"])[0]
        assert [line[3] for line in columns if line[0] == table.key] == heads
        assert [line[2] for line in columns if line[0] == table.key] == [
            column.key for column in table.columns
        ]
    changes = rows(files["changes.csv"])[1:]
    assert len(changes) == len(result.changes)
    inputs = {line[1]: line[2] for line in rows(files["inputs.csv"])[1:]}
    about_this = getattr(document, "document", None) or document
    assert not [path for path in inputs if path.startswith(("reasons", "answer."))]
    if isinstance(about_this, Scenario):
        assert inputs["groups.0.headcount"].endswith(("people", "person"))
        assert len(inputs) > 40
    for text in files.values():
        assert text.startswith("\ufeff")


def test_reasons_of_the_log_stand_there_and_are_no_formula() -> None:
    files = zipped("log of one's own")
    assert rows(files["changes.csv"])[1][-1] == "'=1+1"
    assert rows(files["tables/changes.csv"])[1][-1] == "'=1+1"
    assert "'=1+1" in answer_file(log_question(), answered("log of one's own"), ON).decode()


@pytest.mark.parametrize("key", DOCUMENTS)
def test_all_in_one_file_has_the_answer_every_table_and_the_stamp(key: str) -> None:
    document, result = DOCUMENTS[key], answered(key)
    content = answer_file(document, result, ON)
    assert content.startswith(b"\xef\xbb\xbf")
    found = rows(content.decode())
    assert found[1] == [result.headline]
    for table in result.tables:
        start = found.index([table.title]) + 1
        whole = rows(table_csv(table))
        assert found[start : start + len(whole)] == whole
    for line in stamp(result.provenance, ON):
        assert list(line) in found
    assert rows(answer_csv(document, result))[: len(found) - 8] == found[: len(found) - 8]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_in_any_file_is_a_formula(text: str) -> None:
    offer = preset(FIRST).scenario.to_dict()
    offer["name"] = text
    offer["groups"] = [{**offer["groups"][0], "name": text}, offer["groups"][0]]
    offer["not_offered"][0] |= {"name": text, "service": text}
    offer["leaver_cost"] = 31_000
    offer["reasons"] = {"leaver_cost": text}
    scenario = Scenario.from_dict(offer)
    result = evaluate(scenario, DRAWS)
    table = Table("t", text, (Column("a", text, "text"), Column("b", "B")), ((text, -1.5),))
    with zipfile.ZipFile(io.BytesIO(tables_zip(scenario, result, ON))) as packed:
        files = [packed.read(name).decode() for name in packed.namelist()]
    files += [answer_file(scenario, result, ON).decode(), table_csv(table)]
    quoted = 0
    for file in files:
        for row in rows(file):
            for cell in row:
                quoted += cell == f"'{text}"
                if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
                    assert re.fullmatch(r"-[0-9]+(\.[0-9]+)?(e[+-][0-9]+)?", cell), cell
    assert quoted > 6


@given(scenario=wordy_scenarios())
@settings(max_examples=15)
def test_any_words_come_back_from_the_files_as_they_are(scenario: dict[str, Any]) -> None:
    offer = Scenario.from_dict(scenario)
    result = evaluate(offer, draws=0)
    found = rows(answer_file(offer, result, ON).decode())
    first = found[0][0] if found[0] else ""
    assert first.removeprefix("'") == offer.name.removeprefix("'")
    told = json.loads(result_file(offer, result, ON))
    assert told["scenario"]["name"] == offer.name


@pytest.mark.parametrize("key", DOCUMENTS)
def test_same_answer_on_the_same_day_gives_the_same_bytes(key: str) -> None:
    document, result = DOCUMENTS[key], answered(key)
    for make in (answer_file, tables_zip, result_file):
        assert make(document, result, ON) == make(document, result, ON)
    with zipfile.ZipFile(io.BytesIO(tables_zip(document, result, ON))) as packed:
        assert {each.date_time for each in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in packed.namelist() if ".." in name or name.startswith("/")]
    assert tables_zip(document, result, ON) != tables_zip(document, result, dt.date(2026, 11, 23))


# JSON


@pytest.mark.parametrize("key", DOCUMENTS)
def test_json_file_alone_gives_the_same_answer_again(key: str) -> None:
    """The scenario in the file is the one that was asked, and its answer is the one in the file."""
    document, result = DOCUMENTS[key], answered(key)
    told = json.loads(result_file(document, result, ON), parse_constant=pytest.fail)
    assert told["made_on"] == "2026-11-22"
    assert told["stamp"] == dict(stamp(result.provenance, ON))
    own = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert {name: value for name, value in told.items() if name in own} == own
    assert set(told) == {*own, "made_on", "stamp", "scenario"}
    again = reopened(told["scenario"])
    assert again == document
    assert again.digest == document.digest
    assert again_answered(again, result).headline == result.headline
    if not key.startswith("log"):
        assert told["provenance"]["scenario_digest"] == again.digest


def reopened(given_: dict[str, Any]) -> Document:
    kinds: Mapping[str, type[Document]] = {**KINDS, LogQuestion.KIND: LogQuestion}
    return kinds[given_["kind"]].from_dict(given_)


def again_answered(document: Any, result: Answered) -> Answered:
    if isinstance(result, EvidenceResult):
        return log_of(document, ON)
    if isinstance(document, Scenario):
        return evaluate(document, DRAWS)
    return result if document.kind == "invest_to_save" else answer(document)


@given(scenario=scenarios())
@settings(max_examples=25)
def test_json_of_any_offer_round_trips(scenario: dict[str, Any]) -> None:
    offer = Scenario.from_dict(scenario)
    result = evaluate(offer, draws=0)
    told = json.loads(result_file(offer, result, ON))
    again = Scenario.from_dict(told["scenario"])
    assert again == offer
    assert evaluate(again, draws=0).npv == result.npv == told["npv"]


def test_inputs_are_named_as_people_name_them() -> None:
    inputs = rows(zipped(f"offer {FIRST}")["inputs.csv"])
    assert inputs[0] == ["Input", "Field", "Value"]
    assert [label_of("leaver_cost"), "leaver_cost", "£20,000"] in inputs
