"""What every workbook has in common: text stays text, names resolve, nothing is hidden."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention_lib.assumptions_log import Question as LogQuestion
from retention_lib.benchmarks import Comparison, compare
from retention_lib.evaluation import evaluate
from retention_lib.outputs.excel import workbook
from retention_lib.outputs.excel.book import Book, Rule
from retention_lib.outputs.excel.checks import Equal, Holds, checks_sheet, write_checks
from retention_lib.outputs.excel.inputs import Input, Section, inputs_sheet, write_inputs
from retention_lib.outputs.excel.names import clean, name_of, quoted
from retention_lib.presets import preset
from retention_lib.provenance import provenance_of
from retention_lib.scenario import Scenario
from retention_lib.synthetic.answer import what_happened
from retention_lib.synthetic.question import Question
from tests.recalculated import Values, changed, recalculated

ON = dt.date(2026, 11, 22)
MADE = provenance_of(preset("no-scheme").scenario)

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "{=1+1}",
    "x" * 200,
    "👩‍⚖️ Bürgermeisterin ‮ reversed",
    "\x00\x07\x1b",
    "_x0041_ \ufffe",
    '<b>&amp;"</b>',
    "http://example.org/a",
    "2026-11-22",
    "0123",
)
FUNCTIONS = {
    "ABS", "AND", "AVERAGE", "COLUMNS", "COUNT", "COUNTIF", "COUNTIFS", "IF", "IFERROR", "INDEX",
    "INT", "ISBLANK", "ISNUMBER", "MAX", "MEDIAN", "MIN", "NOT", "NPV", "OR", "QUARTILE", "ROUND",
    "SQRT", "SUM", "SUMIF", "SUMPRODUCT", "SUMXMY2", "TEXT",
}  # fmt: skip
"""What formulas may use: in every Excel since 2007, and in LibreOffice."""


def hostile_offer(name: str) -> Scenario:
    """Give an offer in which every word that a user can write is hostile: all of them, and one."""
    start = preset("middlesbrough-2019").scenario.to_dict()
    others = [{**start["not_offered"][0], "name": text, "grade": text} for text in HOSTILE]
    start["groups"][0] |= {"name": name, "grade": name, "service": name, "role": name}
    start["appraisal"]["months"] = 3
    reasons = {"leaver_cost": name, "scheme.take_up": name, "scheme.instalments": name}
    return Scenario.from_dict({**start, "not_offered": others, "name": name, "reasons": reasons})


def books() -> dict[str, bytes]:
    """Give a workbook of each kind."""
    offer = preset("flat-golden-hello").scenario
    asked = Comparison.from_dict({"schema": 1, "kind": "benchmark", "council": "806"})
    after = Question.from_dict(
        {"schema": 1, "kind": "what_happened", "council": "806", "year": 2019}
    )
    return {
        "offer": workbook(offer, evaluate(offer, draws=64), ON),
        "comparison": workbook(asked, compare(asked), ON),
        "what happened": workbook(after, what_happened(after), ON),
    }


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return books()


def small(value: float = 3.0, kept: float = 99.0) -> bytes:
    """Give a small workbook whose one formula was kept with a value that is wrong."""
    book = Book("Small", MADE, ON)
    page = book.sheet("Summary", "Small", (40, 16))
    inputs, checks = inputs_sheet(book), checks_sheet(book)
    one = Input(
        path="one", label="One", value=value, unit="", kind="number", rule=Rule(least=0, most=9)
    )
    none = Input(path="none", label="None", value=None, unit="", kind="number", rule=Rule())
    write_inputs(inputs, (Section(title="All", inputs=(one, none)),))
    page.line("Twice", "=2*in_one", "number", value=kept, name="twice")
    write_checks(
        checks,
        (
            Equal(label="Twice is twice", one="twice", other="in_one+in_one"),
            Holds(label="One is below 5", test="in_one<5"),
        ),
    )
    return book.close()


def test_the_office_works_every_formula_out_when_it_opens_a_file(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Or the other tests of workbooks would compare what was kept with itself."""
    data = small()
    assert Values.of(data).named("twice") == 99.0
    more = changed(data, {"in_one": 4.5, "in_none": 0})
    worse = changed(data, {"in_one": 6})
    found, after, failed = recalculated([data, more, worse], tmp_path_factory.mktemp("office"))
    assert found.named("twice") == 6.0
    assert found.named("inputs_changed") == 0
    assert after.named("twice") == 9.0
    assert after.named("inputs_changed") == 2, "an empty cell is not 0"
    assert after.named("checks_to_look_at") == 0
    assert failed.named("checks_to_look_at") == 1


def test_text_that_begins_like_a_formula_is_text_and_the_file_opens(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    names = (HOSTILE[0], HOSTILE[9])
    offers = [hostile_offer(name) for name in names]
    files = [workbook(offer, evaluate(offer, draws=0), ON) for offer in offers]
    reasons = {"leaver_cost": HOSTILE[0]}
    given = {"schema": 1, "kind": "benchmark", "council": "806", "name": HOSTILE[0]}
    asked = Comparison.from_dict({**given, "reasons": reasons})
    files.append(workbook(asked, compare(asked), ON))
    for data in files[: len(offers)]:
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert book["Summary"]["A1"].data_type == "s"
        held = [str(cell.value) for cell in book["Not offered it"]["A"] if cell.data_type == "s"]
        for text in HOSTILE:
            assert any(written(text) in each for each in held), text
        assert texts(book).isdisjoint({f"f:{text}" for text in HOSTILE})
    for values in recalculated(files, tmp_path_factory.mktemp("office")):
        assert values.errors() == []
        assert values.named("checks_to_look_at") == 0


def texts(book: Any) -> set[str]:
    """Give every cell's text, a formula marked as one."""
    return {
        f"{cell.data_type}:{cell.value}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }


def written(text: str) -> str:
    """Give a text as a reader of XML gives it back: line ends are one character, some are codes."""
    return re.sub("[\x00-\x08\x0b-\x1f]", "", clean(text).replace("\r", ""))[:30].lstrip("\t")


def test_nothing_is_hidden_and_nothing_leads_elsewhere(made: dict[str, bytes]) -> None:
    for key, data in made.items():
        parts = zipfile.ZipFile(io.BytesIO(data)).namelist()
        assert not [part for part in parts if "vba" in part.lower() or "external" in part.lower()]
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}, key
        for sheet in book.worksheets:
            assert not any(each.hidden for each in sheet.column_dimensions.values())
            assert not any(each.hidden for each in sheet.row_dimensions.values())
            assert not sheet.protection.sheet
        whole = b"".join(zipfile.ZipFile(io.BytesIO(data)).read(part) for part in parts)
        assert b'TargetMode="External"' not in whole


def test_every_sheet_has_a_title_fits_a_page_and_merges_no_cells(made: dict[str, bytes]) -> None:
    for key, data in made.items():
        book = openpyxl.load_workbook(io.BytesIO(data))
        for sheet in book.worksheets:
            assert sheet["A1"].value, (key, sheet.title)
            assert not sheet.merged_cells.ranges
            assert re.fullmatch(r"[A-Za-z0-9 \-]{1,31}", sheet.title), sheet.title
            assert sheet.page_setup.orientation == "landscape"
            assert int(sheet.page_setup.paperSize) == 9
            assert sheet.page_setup.fitToHeight in {0, "0"}
        assert book.active.title == "Summary"


def test_every_name_is_a_cell_or_a_range_of_the_file(made: dict[str, bytes]) -> None:
    for key, data in made.items():
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert len(book.defined_names) > 10, key
        for name, each in book.defined_names.items():
            assert re.fullmatch(r"[a-z]+(_[A-Za-z0-9]+)*", name), name
            assert not re.fullmatch(r"[a-z]{1,3}[0-9]+|r[0-9]*|c[0-9]*", name), name
            sheet, cells = each.attr_text.rsplit("!", 1)
            assert book[sheet.strip("'")][cells.replace("$", "")] is not None, name


def test_formulas_use_nothing_newer_than_excel_2007(made: dict[str, bytes]) -> None:
    used: set[str] = set()
    names: set[str] = set()
    for data in made.values():
        book = openpyxl.load_workbook(io.BytesIO(data))
        names |= set(book.defined_names)
        for text in texts(book):
            if text.startswith("f:"):
                plain = re.sub(r'"[^"]*"', "", text[2:])
                used |= set(re.findall(r"([A-Za-z_.][A-Za-z0-9_.]*)\(", plain))
    assert used <= FUNCTIONS


def test_what_is_typed_into_an_input_is_checked(made: dict[str, bytes]) -> None:
    for key, data in made.items():
        book = openpyxl.load_workbook(io.BytesIO(data))
        page = book["Inputs"]
        checked = {str(each.sqref) for each in page.data_validations.dataValidation}
        inputs = {
            each.attr_text.rsplit("!", 1)[1].replace("$", "")
            for name, each in book.defined_names.items()
            if name.startswith("in_")
        }
        assert inputs <= checked, key


def test_every_file_says_what_made_it_and_what_it_is_not(made: dict[str, bytes]) -> None:
    for key, data in made.items():
        values = Values.of(data)
        for label in ("Made on", "Made with", "Scenario", "Assumptions", "Figures"):
            assert values.found("Summary", label), (key, label)
        assert "not" in values.found("Summary", "What this is not").lower()
        assert not values.book.properties.creator, "no name of a person or a computer"


def test_the_same_answer_gives_the_same_bytes() -> None:
    assert books() == books()


def test_a_document_without_a_workbook_is_refused_in_words() -> None:
    scenario = preset("no-scheme").scenario
    with pytest.raises(TypeError, match="no Excel workbook of a document of kind evidence"):
        workbook(LogQuestion(), evaluate(scenario, draws=0), ON)


def test_a_name_stands_once() -> None:
    book = Book("Small", MADE, ON)
    page = book.sheet("Summary", "Small", (40, 16))
    page.line("One", "=1", "number", name="one")
    with pytest.raises(ValueError, match="The name one is taken"):
        page.line("Again", "=2", "number", name="one")


@given(st.text(max_size=60))
def test_any_path_gives_a_name_that_excel_takes(path: str) -> None:
    assert re.fullmatch(r"in_[A-Za-z0-9_]*", name_of(path))
    assert len(name_of(path)) <= 255


@given(st.text(max_size=40))
def test_any_text_can_be_quoted_within_a_formula(text: str) -> None:
    inner = quoted(text)[1:-1]
    assert inner.count('"') == 2 * text.count('"')


@given(st.text(st.characters(), max_size=40))
def test_any_text_can_be_written(text: str) -> None:
    held = clean(text)
    assert held.encode("utf-8").decode("utf-8") == held
    assert not set(held) & {"\ufffe", "\uffff"}
