"""A council's own figures, uploaded: what is right is taken, what is wrong is said in words."""

from __future__ import annotations

import ast
import csv
import datetime
import io
import random
import struct
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles.numbers import FORMAT_DATE_XLSX15, FORMAT_PERCENTAGE_00
from openpyxl.worksheet.formula import ArrayFormula

from retention_lib.importers.own_cells import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_NAME,
    LONGEST_VALUE,
    RANGES,
)
from retention_lib.importers.own_file import (
    HEADING_WITHIN,
    IN_POST,
    MEASURES,
    MOST_MESSAGES,
    Message,
    OwnFigure,
    OwnFile,
    read_own_file,
    template_csv,
)
from retention_lib.importers.own_tables import (
    DAMAGED,
    DEEPEST,
    LARGEST,
    LARGEST_UNPACKED,
    LAST_ROW,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ELEMENTS,
    MOST_PARTS,
    MOST_ROWS,
)

COUNCIL = "806"
COLUMNS = ("year", *MEASURES, IN_POST)
INDICATORS = (
    "time_period,old_la_code,la_name,turnover_rate_fte,vacancy_rate_fte,agency_rate_fte,"
    "caseload_fte,absence_rate_fte,inpost_fte"
)
HEADLINES = (
    "time_period,old_la_code,turnover_rate_fte_%,vacancy_rate_fte_%,agency_worker_rate_fte_%,"
    "caseload_fte,absence_rate_fte_%,social_worker_fte"
)


# Files, built here.


def own(text: str | bytes, name: str = "ours.csv", council: str = COUNCIL) -> OwnFile:
    """Read a CSV file."""
    return read_own_file(name, text.encode() if isinstance(text, str) else text, council)


def saved(book: openpyxl.Workbook) -> bytes:
    """Save a workbook in memory."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: Sequence[object], sheet: str = "Sheet") -> bytes:
    """Build a workbook of one worksheet."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append(list(row))
    return saved(book)


def excel(*rows: Sequence[object], council: str = COUNCIL) -> OwnFile:
    """Read a workbook with those rows."""
    return read_own_file("ours.xlsx", workbook(*rows), council)


def one_cell(value: object, number_format: str = "", column: str = "turnover") -> OwnFile:
    """Read a workbook with one figure, in a cell with a format."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["year", column])
    page.append([2025, value])
    if number_format:
        page["B2"].number_format = number_format
    return read_own_file("ours.xlsx", saved(book), COUNCIL)


def repacked(
    content: bytes,
    change: Callable[[str, bytes], bytes | None] = lambda name, part: part,
    added: Mapping[str, bytes] | None = None,
) -> bytes:
    """Pack a workbook again with parts changed, left out where None, or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in (added or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def in_sheet(old: bytes, new: bytes) -> bytes:
    """Build a workbook with a small table, and change the XML of its worksheet."""

    def change(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return part
        plain, sought = (each.replace(b" />", b"/>") for each in (part, old))
        assert sought in plain  # openpyxl writes a space there, or none where lxml is installed
        return plain.replace(sought, new)

    return repacked(GOOD, change)


GOOD = workbook(["year", "turnover"], [2025, 20.8])


# What was read.


def texts(read: OwnFile) -> list[str]:
    """Give the messages, each with its place."""
    return [f"{message.where}: {message.text}" for message in read.messages]


def values(read: OwnFile) -> dict[tuple[int, str], float]:
    """Give the figures by year and measure."""
    return {(figure.year, figure.measure): figure.value for figure in read.figures}


def why(read: OwnFile) -> str:
    """Give the one message of a file that could not be used at all."""
    assert read.figures == ()
    assert [(message.where, message.refused) for message in read.messages] == [("The file", True)]
    return read.messages[0].text


def cell(text: str, column: str = "turnover") -> tuple[float | None, str, bool]:
    """Read a CSV file of one figure: its value, what is said of its cell, and whether refused."""
    out = io.StringIO()
    csv.writer(out).writerows([["year", column], [2025, text]])
    read = own(out.getvalue())
    said = [message for message in read.messages if message.where != "The file"]
    assert [message.where for message in said] in ([], [f"Row 2, {column}"])
    assert len(read.figures) <= 1
    value = read.figures[0].value if read.figures else None
    return value, said[0].text if said else "", bool(said and said[0].refused)


# What is right.


def test_the_template_has_an_example_of_every_measure_and_is_read_without_a_word() -> None:
    heading, example = template_csv().splitlines()
    assert heading == "year,turnover,vacancy,agency,caseload,absence,in_post"
    assert example == "2025,20.8,18.5,15,16.2,3.5,90"
    read = own(template_csv())
    assert read.messages == ()
    assert read.figures == (
        OwnFigure(2025, "turnover", 0.208),
        OwnFigure(2025, "vacancy", 0.185),
        OwnFigure(2025, "agency", 0.15),
        OwnFigure(2025, "caseload", 16.2),
        OwnFigure(2025, "absence", 0.035),
        OwnFigure(2025, "in_post", 90.0),
    )


def test_every_measure_has_its_range_and_an_example_within() -> None:
    assert tuple(RANGES) == (*MEASURES, IN_POST)
    for measure, allowed in RANGES.items():
        assert 0 < float(allowed.example) <= allowed.most
        assert allowed.percent == (measure not in {"caseload", "in_post"})


def test_only_the_year_and_one_measure_are_needed_in_any_case_and_order() -> None:
    read = own("\n".join([" In Post , YEAR ,_Turnover_", "90,2025,20.8", ""]))
    assert read.messages == ()
    assert values(read) == {(2025, "turnover"): 0.208, (2025, "in_post"): 90}


def test_rows_that_are_right_are_taken_and_rows_that_are_wrong_are_named() -> None:
    read = own("year,turnover,caseload\n2023,0.208,16\nnext,10,10\n2022,-3,many\n")
    assert values(read) == {(2023, "caseload"): 16}
    assert texts(read) == [
        "Row 2, turnover: 0.208 looks like a fraction. Write 20.8, or 0.208% if you mean that.",
        'Row 3, year: "next" is not a year. Write four digits, from 2000 to 2040: 2025.',
        "Row 4, turnover: -3 is below 0. It must be a percentage: 20.8.",
        'Row 4, caseload: "many" is neither a number nor a symbol that DfE uses '
        "(x, z, u, c, low, k, :). Write a number such as 16.2, or leave the cell empty.",
    ]
    assert all(message.refused for message in read.messages)


@pytest.mark.parametrize("symbol", ["x", "z", "u", "c", "low", "k", ":", "", "  ", "Z"])
def test_a_symbol_of_dfes_or_an_empty_cell_is_no_figure_and_no_error(symbol: str) -> None:
    read = own(f"year,turnover,vacancy\n2025,{symbol},10\n")
    assert values(read) == {(2025, "vacancy"): 0.1}
    assert read.messages == ()


def test_a_file_of_symbols_alone_says_that_it_has_no_figures() -> None:
    said = why(own("year,turnover\n2025,x\n2024,\n"))
    assert said == "It has no figures: every cell is empty, or a symbol of DfE's for no figure."


# DfE's columns.


def test_dfes_indicators_give_the_rows_of_the_council_and_say_how_many_others() -> None:
    read = own(
        f"{INDICATORS}\n2025,,England,11.8,14.2,13,15.2,3.5,36186.3\n"
        '2025,806,Middlesbrough,20.8,18.5,15,16.2,3.5,"1,190.5"\n2025,807,Redcar,1,2,3,4,5,6\n'
    )
    assert values(read) == {
        (2025, "turnover"): 0.208,
        (2025, "vacancy"): 0.185,
        (2025, "agency"): 0.15,
        (2025, "caseload"): 16.2,
        (2025, "absence"): 0.035,
        (2025, "in_post"): 1190.5,
    }
    assert read.messages == (
        Message("The file", "2 rows of other areas were passed over.", False),
        Message("Row 3, inpost_fte", "1,190.5 was read as 1190.5.", False),
    )


def test_dfes_columns_before_2023_are_read_too() -> None:
    read = own(f"{HEADLINES}\n2022,806,20.8,18.5,15,16.2,3.5,90\n2022,807,1,2,3,4,5,6\n")
    assert list(values(read).values()) == [0.208, 0.185, 0.15, 16.2, 0.035, 90]
    assert texts(read) == ["The file: 1 row of another area was passed over."]


def test_a_percentage_below_1_in_dfes_columns_is_taken_as_dfe_writes_it_and_said() -> None:
    """DfE's own tables hold them: absence of 0.8% in Kingston upon Thames in 2022."""
    heading = "time_period,old_la_code,absence_rate_fte,agency_rate_fte,turnover_rate_fte\n"
    read = own(heading + "2022,806,0.8,0.85,0.30\n")
    assert values(read) == {(2022, "absence"): 0.008, (2022, "turnover"): 0.003}
    assert read.messages == (
        Message("Row 2, absence_rate_fte", "0.8 was read as 0.8%, as DfE writes it.", False),
        Message(
            "Row 2, agency_rate_fte",
            "0.85 looks like a fraction. Write 85, or 0.85% if you mean that.",
            True,
        ),
        Message("Row 2, turnover_rate_fte", "0.30 was read as 0.30%, as DfE writes it.", False),
    )


def test_dfes_code_may_be_a_number_in_a_workbook() -> None:
    read = excel(["time_period", "old_la_code", "caseload_fte"], [2025, 806, 16.2])
    assert values(read) == {(2025, "caseload"): 16.2}
    assert read.messages == ()


def test_no_row_of_the_council_is_said_with_the_code() -> None:
    assert why(own(f"{INDICATORS}\n2025,807,Redcar,1,2,3,4,5,6\n")) == (
        "None of its rows has the code 806 in old_la_code. "
        "Is it the file of the council that you chose?"
    )


def test_dfes_columns_without_the_code_are_refused() -> None:
    assert why(own("time_period,turnover_rate_fte\n2025,20.8\n")) == (
        "It has DfE's columns and no old_la_code, so nothing says whose rows they are. "
        "Put the column old_la_code with DfE's three-digit code back, or use the template."
    )


JOINT = "time_period,old_la_code,caseload_fte\n2025,{},13\n2022,314,14\n2025,999,1\n"


@pytest.mark.parametrize("written", ["314 / 318", "314/318", " 318 / 314"])
def test_a_joint_return_takes_its_own_rows_and_says_so_of_a_part_of_it(written: str) -> None:
    read = own(JOINT.format(written), council="314 / 318")
    assert values(read) == {(2022, "caseload"): 14, (2025, "caseload"): 13}
    assert texts(read)[0] == "The file: 1 row of another area was passed over."
    assert texts(read)[2:] == [
        'Row 3, old_la_code: "314" is read as 314 / 318, '
        "because one is in the joint return of the other."
    ]
    assert not any(message.refused for message in read.messages)


def test_a_council_takes_the_joint_return_that_it_is_part_of_where_it_has_no_row() -> None:
    both = JOINT.format("314 / 318") + "2022,314 / 318,99\n"
    read = own(both, council="314")
    assert values(read) == {(2022, "caseload"): 14, (2025, "caseload"): 13}
    assert "Row 2, old_la_code" in {message.where for message in read.messages}
    assert texts(read)[0] == "The file: 2 rows of other areas were passed over."


def test_a_file_as_dfe_publishes_it_is_read_whole() -> None:
    """As it is published: a mark at its start, and England and its regions among the rows."""
    rows = ["\ufeff" + INDICATORS]
    for year in range(2017, 2026):
        rows.append(f"{year},,England,11.8,14.2,13,15.2,3.5,36186.3")
        rows += [f"{year},{code},A,x,z,u,c,low,{code}" for code in range(800, 960)]
    read = own("\n".join(rows))
    assert values(read) == {(year, "in_post"): 806 for year in range(2017, 2026)}
    assert texts(read)[0] == "The file: 1,440 rows of other areas were passed over."


# Columns that are wrong.


def test_wrong_columns_are_named_with_what_is_wanted() -> None:
    assert why(own("team,leavers\nNorth,3\n")) == (
        'It has not the right columns. Found: "team", "leavers". Wanted: year, and one or more of '
        "turnover, vacancy, agency, caseload, absence, in_post; or DfE's own columns, with "
        "time_period, old_la_code, and one or more such as turnover_rate_fte."
    )


def test_a_year_and_no_measure_is_wrong_columns_too() -> None:
    assert 'Found: "year", "leavers". Wanted: year, and' in why(own("year,leavers\n2025,3\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "turnover,vacancy\n20.8,18.5\n",
            "It has no column for the year. It has turnover and vacancy: "
            'put a column "year" beside them.',
        ),
        (
            "year,turnover_rate_fte\n2025,20.8\n",
            "It has no column for the year. It has turnover_rate_fte: "
            'put a column "time_period" beside them.',
        ),
    ],
)
def test_no_column_for_the_year_is_said(text: str, said: str) -> None:
    assert why(own(text)) == said


def test_the_same_column_twice_is_refused() -> None:
    said = "The column turnover is there twice. Keep one."
    assert why(own("year,turnover,Turnover\n2025,20.8,20.9\n")) == said
    assert why(excel(["Year", "year", "year", "agency"], [2025, 2024, 2023, 1])) == (
        "The column year is there 3 times. Keep one."
    )
    assert why(
        own("time_period,old_la_code,turnover_rate_fte,turnover_rate_fte_%\n2025,806,1,2\n")
    ) == ("The columns turnover_rate_fte and turnover_rate_fte_% both give turnover. Keep one.")


def test_other_columns_are_passed_over_and_named_once() -> None:
    read = own("year,turnover,turnovr,notes,\n2025,20.8,1,=EVIL(),\n")
    assert values(read) == {(2025, "turnover"): 0.208}
    assert read.messages == (
        Message(
            "The file",
            'Columns that are not in the template were passed over: "turnovr", "notes".',
            False,
        ),
    )


def test_a_comma_that_splits_a_number_is_said_of_its_row() -> None:
    read = own("year,caseload,in_post\n2025,16.2,1,234\n2024,16,90\n")
    assert values(read) == {(2024, "caseload"): 16, (2024, "in_post"): 90}
    assert texts(read) == [
        "Row 2: This row has 4 cells and the heading 3. Take out what is too much; "
        "a comma inside a number splits it: write 1234.5."
    ]


def test_the_heading_may_be_below_other_rows_but_not_far() -> None:
    merged = openpyxl.Workbook()
    page = merged.worksheets[0]
    page["A1"] = "Our workforce"
    page.merge_cells("A1:C1")
    page["A4"], page["B4"], page["A5"], page["B5"] = "Year", "Turnover", 2025, 20.8
    read = read_own_file("ours.xlsx", saved(merged), COUNCIL)
    assert values(read) == {(2025, "turnover"): 0.208}
    assert texts(read) == ["The file: The heading is row 4. What is above it was passed over."]

    table = "year,turnover\n2025,-1\n"
    assert texts(own("\n" * (HEADING_WITHIN - 1) + table))[0].startswith("Row 11, turnover: -1")
    assert "nothing in its first 10 rows" in why(own("\n" * HEADING_WITHIN + table))


# Years.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no year. Write it in four digits: 2025."),
        ("25", '"25" is not a year. Write four digits, from 2000 to 2040: 2025.'),
        ("2,025", '"2,025" is not a year. Write four digits, from 2000 to 2040: 2025.'),
        ("1999", '"1999" is not a year. Write four digits, from 2000 to 2040: 2025.'),
        ("2041", '"2041" is not a year. Write four digits, from 2000 to 2040: 2025.'),
        ("٢٠٢٥", '"٢٠٢٥" is not a year. Write four digits, from 2000 to 2040: 2025.'),
        ("30/09/2025", "This is a date, 30/09/2025. Write the year alone: 2025."),
        ("Sep-25", "This is a date, Sep-25. Write the year alone: 2025."),
        ("=A1", '"=A1" begins as a formula does. None is worked out: write the year, 2025.'),
        ("2023 and 2025", '"2023 and 2025" is more than one year. Write a row for each.'),
    ],
)
def test_a_year_that_is_wrong_is_answered(text: str, said: str) -> None:
    read = own(f'turnover,year\n20.8,"{text}"\n')
    assert read.figures == ()
    assert read.messages == (Message("Row 2, year", said, True),)


@pytest.mark.parametrize("text", ["2024/25", "2024-25", "2024–25", "2024/2025", "202425"])
def test_two_years_in_one_cell_are_told_the_year_to_write(text: str) -> None:
    assert texts(own(f"year,turnover\n{text},20.8\n")) == [
        f'Row 2, year: "{text}" is two years. Write the year in which 30 September falls: '
        "2025 for October 2024 to September 2025."
    ]


def test_the_turn_of_a_century_is_two_years_and_years_apart_are_not() -> None:
    assert "2040 for October 2039" in texts(own("year,turnover\n2039/40,1\n"))[0]
    assert "is not a year" in texts(own("year,turnover\n2024/26,1\n"))[0]


def test_the_first_and_the_last_year_are_years() -> None:
    read = own(f"year,turnover\n{FIRST_YEAR},1\n{LAST_YEAR},1\n")
    assert [figure.year for figure in read.figures] == [FIRST_YEAR, LAST_YEAR]


def test_a_year_that_is_a_date_in_excel_is_answered() -> None:
    read = excel(["year", "turnover"], [datetime.date(2025, 9, 30), 20.8])
    assert texts(read) == [
        "Row 2, year: This is a date, 30 September 2025. Write the year alone: 2025."
    ]


def test_the_same_year_twice_is_said_and_neither_is_taken() -> None:
    read = own("year,turnover\n2025,1\n2024,20.8\n2024,20.9\n")
    assert values(read) == {(2025, "turnover"): 0.01}
    assert texts(read) == [
        "Row 4: 2024 is there twice, in rows 3 and 4. Neither was taken: keep one."
    ]
    assert read.messages[0].refused
    assert texts(own("year,turnover\n" + 3 * "2024,1\n")) == [
        "Row 3: 2024 is there 3 times, in rows 2, 3 and 4. None was taken: keep one."
    ]
    assert "6 times, first in row 2. None" in texts(own("year,turnover\n" + 6 * "2024,1\n"))[0]


def test_several_years_are_taken_and_said_of() -> None:
    read = own("year,agency,turnover\n2025,1,20.8\n2024,,19\n2023,x,:\n")
    assert read.figures == (
        OwnFigure(2024, "turnover", 0.19),
        OwnFigure(2025, "turnover", 0.208),
        OwnFigure(2025, "agency", 0.01),
    )
    assert read.messages == (
        Message(
            "The file",
            "The file has figures for 2024 and 2025. A comparison is of one year; "
            "each is set beside DfE's of its own year.",
            False,
        ),
    )


# Numbers, in CSV.


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20.8", 0.208),
        (" 20.8 ", 0.208),
        ("+20.8", 0.208),
        ("20.", 0.2),
        ("20.8%", 0.208),
        ("20.8 %", 0.208),
        ("0.208%", 0.00208),
        ("0", 0.0),
        ("-0", 0.0),
        ("0.0", 0.0),
        ("1", 0.01),
        ("100", 1.0),
        ("100%", 1.0),
    ],
)
def test_a_percentage_is_taken_as_it_is_written(text: str, value: float) -> None:
    taken, said, refused = cell(text)
    assert (str(taken), said, refused) == (str(value), "", False)


DATE = (
    "This is a date, {}: Excel may have turned a number into it. "
    "Format the cell as a number and write the figure again: 20.8."
)
FORMULA = '"{}" begins as a formula does. None is worked out: write the number, such as 20.8.'
NOT_ORDINARY = '"{}" is not an ordinary number. Write it in digits: 20.8.'
RIGHT = "It must be a percentage, from 0 to 100: 20.8."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0.208", "0.208 looks like a fraction. Write 20.8, or 0.208% if you mean that."),
        (".5", ".5 looks like a fraction. Write 50, or .5% if you mean that."),
        ("0.999", "0.999 looks like a fraction. Write 99.9, or 0.999% if you mean that."),
        ("100.1", f"100.1 is above 100. {RIGHT}"),
        ("208", f"208 is above 100. {RIGHT}"),
        ("208%", f"208% is above 100. {RIGHT}"),
        ("1,234.5", f"1,234.5 is above 100. {RIGHT}"),
        ("-3", "-3 is below 0. It must be a percentage: 20.8."),
        ("−3.5%", "−3.5% is below 0. It must be a percentage: 20.8."),
        ("-0.5", "-0.5 is below 0. It must be a percentage: 20.8."),
        *((text, NOT_ORDINARY.format(text)) for text in ("NaN", "nan", "inf", "-Infinity")),
        *((text, NOT_ORDINARY.format(text)) for text in ("1e999", "-1E+5", "2.08e1", "1e-999")),
        ("20,8", '"20,8" has a comma where the decimal point should be. Write 20.8.'),
        ("1.234,5", '"1.234,5" has a comma where the decimal point should be. Write 1234.5.'),
        *((text, DATE.format(text)) for text in ("16-May", "16 May 2025", "May-16", "16-May-25")),
        *((text, DATE.format(text)) for text in ("16/05/2025", "16/05", "2025-05-16", "1.5.2025")),
        ("2025-05-16 00:00:00", DATE.format("2025-05-16 00:00:00")),
        ("16:05", DATE.format("16:05").replace("a date", "a time")),
        ("=B2/C2", FORMULA.format("=B2/C2")),
        ("+cmd|' /C calc'!A0", FORMULA.format("+cmd|' /C calc'!A0")),
        ("-A1", FORMULA.format("-A1")),
        ("@SUM(A1:A2)", FORMULA.format("@SUM(A1:A2)")),
        ("=" + 99 * "9", FORMULA.format("=" + (LONGEST_VALUE - 2) * "9" + "…")),
        (
            "#DIV/0!",
            '"#DIV/0!" is what Excel shows where there is an error. '
            "Write a number such as 20.8, or leave the cell empty.",
        ),
        (
            41 * "9",
            f'"{39 * "9"}…" is too long for a number. Write it in a few digits: 20.8.',
        ),
    ],
)
def test_a_cell_that_is_no_percentage_is_refused_in_words(text: str, said: str) -> None:
    assert cell(text) == (None, said, True)


@pytest.mark.parametrize(
    "text", ["n/a", "TRUE", "£20", "1 234", "1_000", "0x10", "٢٠", "20.8.1", "-", "1,2,3", "½"]
)
def test_other_text_is_neither_a_number_nor_a_symbol(text: str) -> None:
    value, said, refused = cell(text)
    assert value is None
    assert refused
    assert said.startswith(f'"{text}" is ')
    assert said.endswith(". Write a number such as 20.8, or leave the cell empty.")


def test_thousands_are_read_and_said() -> None:
    assert cell("1,234.5", IN_POST) == (1234.5, "1,234.5 was read as 1234.5.", False)
    assert cell("1,234,567", IN_POST)[2]


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("caseload", "16%", "16% is a percentage. It must be the number of cases for each "),
        ("caseload", "1,001", "1,001 is above 1,000. It must be the number of cases for each "),
        ("in_post", "100001", "100001 is above 100,000. It must be the full-time equivalent "),
        ("in_post", "-1", "-1 is below 0. It must be the full-time equivalent staff in post: 90."),
    ],
)
def test_what_is_no_percentage_has_bounds_too(column: str, text: str, said: str) -> None:
    value, found, refused = cell(text, column)
    assert (value, refused) == (None, True)
    assert found.startswith(said)


def test_a_fraction_of_a_case_or_of_a_person_is_a_number() -> None:
    assert cell("0.5", "caseload") == (0.5, "", False)
    assert cell("0.5", IN_POST) == (0.5, "", False)


# Numbers, in a workbook.


@pytest.mark.parametrize(
    ("value", "number_format", "share"),
    [
        (20.8, "", 0.208),
        (20.8, "0.0", 0.208),
        (21, "", 0.21),
        ("20.8", "", 0.208),
        ("20.8%", "", 0.208),
        (0.208, FORMAT_PERCENTAGE_00, 0.208),
        (0.005, "0.0%;-0.0%", 0.005),
        (20.8, '0.0"%"', 0.208),
        (20.8, r"0.0\%", 0.208),
        (1, "0%", 1.0),
    ],
)
def test_a_number_in_a_workbook_is_taken_as_it_is_shown(
    value: object, number_format: str, share: float
) -> None:
    read = one_cell(value, number_format)
    assert values(read) == {(2025, "turnover"): share}
    assert read.messages == ()


@pytest.mark.parametrize(
    ("value", "number_format", "said"),
    [
        (0.208, "", "0.208 looks like a fraction. Write 20.8, or 0.208% if you mean that."),
        (0.208, '0.0"%"', "0.208 looks like a fraction. Write 20.8, or 0.208% if you mean that."),
        (20.8, "0%", f"2080% is above 100. {RIGHT}"),
        (-0.1, "0%", "-10% is below 0. It must be a percentage: 20.8."),
        (datetime.date(2025, 5, 16), "", DATE.format("16 May 2025")),
        (datetime.datetime(2025, 5, 16, 12, 30), "", DATE.format("16 May 2025")),
        (45793, FORMAT_DATE_XLSX15, DATE.format("16 May 2025")),
        (datetime.time(16, 5), "", DATE.format("16:05:00").replace("a date", "a time")),
        ("=B1/B2", "", FORMULA.format("=B1/B2")),
        (ArrayFormula("B2", "=SUM(A1:A2)"), "", FORMULA.format("=SUM(A1:A2)")),
        ("-A1", "", FORMULA.format("-A1")),
        (1e40, "", f'"1{38 * "0"}…" is too long for a number. Write it in a few digits: 20.8.'),
    ],
)
def test_a_cell_of_a_workbook_that_is_no_percentage_is_refused_in_words(
    value: object, number_format: str, said: str
) -> None:
    read = one_cell(value, number_format)
    assert read.figures == ()
    assert read.messages == (Message("Row 2, turnover", said, True),)


def test_a_formula_is_refused_though_the_workbook_keeps_what_it_gave() -> None:
    content = in_sheet(b"<v>20.8</v>", b"<f>10.4*2</f><v>20.8</v>")
    said = texts(read_own_file("ours.xlsx", content, COUNCIL))
    assert said == [f"Row 2, turnover: {FORMULA.format('=10.4*2')}"]


@pytest.mark.parametrize(("value", "shown"), [(True, "TRUE"), ("#N/A", "#N/A")])
def test_truth_and_errors_of_excel_are_no_numbers(value: object, shown: str) -> None:
    read = one_cell(value)
    assert read.figures == ()
    assert texts(read)[0].startswith(f'Row 2, turnover: "{shown}" is ')


def test_what_openpyxl_warns_of_is_said_in_our_words_alone() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read = one_cell(10**9, FORMAT_DATE_XLSX15)
    assert texts(read)[0].startswith('Row 2, turnover: "#VALUE!" is what Excel shows')


def test_an_infinite_number_of_a_workbook_is_refused() -> None:
    content = in_sheet(b"<v>20.8</v>", b"<v>1e999</v>")
    said = texts(read_own_file("ours.xlsx", content, COUNCIL))
    assert said == [f"Row 2, turnover: {NOT_ORDINARY.format('Infinity')}"]


def test_a_percentage_is_no_caseload_in_a_workbook_either() -> None:
    assert texts(one_cell(0.16, "0%", "caseload"))[0].startswith(
        "Row 2, caseload: 16% is a percentage."
    )


def test_cells_beside_the_table_in_a_workbook_are_no_part_of_it() -> None:
    read = excel(["year", "turnover"], [2025, 20.8, None, "checked by Sam"])
    assert values(read) == {(2025, "turnover"): 0.208}


# Sheets.


def book_of(**sheets: list[list[object]]) -> openpyxl.Workbook:
    """Build a workbook of several worksheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    return book


TABLE: list[list[object]] = [["year", "turnover"], [2025, 20.8]]


def test_the_first_sheet_with_the_right_columns_is_read_and_named() -> None:
    book = book_of(Notes=[["Read me"]], Figures=TABLE, Older=[["year", "turnover"], [2024, 9]])
    read = read_own_file("ours.xlsx", saved(book), COUNCIL)
    assert values(read) == {(2025, "turnover"): 0.208}
    assert texts(read) == [
        'The file: The sheet "Figures" was read, the first with the right columns, and no other.'
    ]


def test_hidden_sheets_are_passed_over() -> None:
    book = book_of(Secret=[["year", "turnover"], [2024, 9]], More=TABLE, Figures=TABLE)
    book["Secret"].sheet_state = "hidden"
    book["More"].sheet_state = "veryHidden"
    read = read_own_file("ours.xlsx", saved(book), COUNCIL)
    assert values(read) == {(2025, "turnover"): 0.208}
    assert texts(read) == ["The file: Hidden sheets were passed over."]


def test_a_workbook_with_nothing_to_read_is_answered() -> None:
    assert why(excel()).startswith("It has nothing in its first 10 rows. Wanted: year")
    chart = repacked(
        GOOD,
        lambda name, part: part.replace(b'state="visible"', b'state="hidden"'),
    )
    said = "It has no worksheet that can be read, or only hidden ones."
    assert why(read_own_file("ours.xlsx", chart, COUNCIL)) == said


def test_a_sheet_that_cannot_be_read_is_said_only_where_no_other_can() -> None:
    wide: list[list[object]] = [["a"] * (MOST_COLUMNS + 1)]
    read = read_own_file("a.xlsx", saved(book_of(Wide=wide, Figures=TABLE)), COUNCIL)
    assert values(read) == {(2025, "turnover"): 0.208}
    assert "Row 1 has more than 200 columns" in why(
        read_own_file("a.xlsx", saved(book_of(Wide=wide, Notes=[["Read me"]])), COUNCIL)
    )


# How a CSV file is written.


@pytest.mark.parametrize(
    ("separator", "said"),
    [
        (",", []),
        (";", ["The file: It is separated by semicolons, and was read so."]),
        ("\t", ["The file: It is separated by tabs, and was read so."]),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator: str, said: list[str], end: str) -> None:
    read = own(
        end.join([separator.join(COLUMNS), separator.join(map(str, [2025, 1, 2, 3, 4, 5, 6])), ""])
    )
    assert len(read.figures) == 6
    assert texts(read) == said


def test_a_semicolon_file_with_quotes_and_decimal_commas_is_answered() -> None:
    read = own('"year";"turnover"\n"2025";"20,8"\n')
    assert texts(read)[1] == (
        'Row 2, turnover: "20,8" has a comma where the decimal point should be. Write 20.8.'
    )


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert own(template_csv().encode("utf-8-sig")) == own(template_csv())


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_in_words(codec: str) -> None:
    said = 'It is in UTF-16, which is not read. In Excel, save it as "CSV UTF-8".'
    assert why(own(template_csv().encode(codec))) == said


def test_windows_1252_is_read_and_said() -> None:
    read = own("year,turnover,agency £\n2025,20.8,£1\n".encode("cp1252"))
    assert values(read) == {(2025, "turnover"): 0.208}
    assert texts(read) == [
        "The file: It is not in UTF-8, and was read as Windows-1252. Numbers are the same in both.",
        'The file: Columns that are not in the template were passed over: "agency £".',
    ]


def test_what_is_in_no_known_encoding_is_refused() -> None:
    assert why(own(b"year,turnover\n2025,\x81\xff\n")) == (
        'Its letters are neither UTF-8 nor Windows-1252. In Excel, save it as "CSV UTF-8".'
    )


@pytest.mark.parametrize("content", [b"year,turnover\n2025,2\x000\n", 100 * b"\0"])
def test_nul_bytes_are_refused(content: bytes) -> None:
    assert why(own(content)) == (
        'It has NUL bytes, which no CSV file has: it is damaged. In Excel, save it as "CSV UTF-8".'
    )


@pytest.mark.parametrize("text", ['2025,"20.8\n2024,1\n', '2025,"20"8\n'])
def test_unbalanced_quotes_are_refused(text: str) -> None:
    assert why(own(f"year,turnover\n2023,1\n{text}")) == (
        "It cannot be read as CSV from row 3 on: a quotation mark is opened and not closed, "
        "or stands inside a cell."
    )


def test_a_cell_over_the_limit_of_csv_is_refused() -> None:
    assert why(own(f"year,turnover\n2025,{'9' * 140_000}\n")) == (
        "It cannot be read as CSV from row 2 on: a cell has more than 131,072 characters."
    )


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    read = own('year,turnover,x\n\n2024,1,"a\nb"\n2025,-1,\n')
    assert texts(read)[-1].startswith("Row 4, turnover: -1 ")


# Files that cannot be used.


@pytest.mark.parametrize("name", ["ours.csv", "ours.xlsx", "ours", ""])
@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file(name: str, content: bytes) -> None:
    assert why(read_own_file(name, content, COUNCIL)) == "It is empty."


def test_only_a_heading() -> None:
    said = "It has a heading and nothing below it. Write a row for each year below the heading."
    assert why(own("year,turnover\n")) == said
    assert why(own("year;turnover\n\n;\n")) == said
    assert why(excel(["year", "turnover"])) == said


def test_too_many_bytes_are_said_before_anything_is_read() -> None:
    class Unread(bytes):
        def __getattribute__(self, name: str) -> Any:
            raise AssertionError(f"{name} was used")

    read = read_own_file("ours.csv", Unread(LARGEST + 1), COUNCIL)
    assert why(read) == (
        "It has 5,000,001 bytes; the limit is 5,000,000. "
        "Keep the sheet and the rows that are needed, and save it again."
    )
    full = template_csv().encode()
    padded = full.rstrip() + b" " * (LARGEST - len(full)) + b"\n"
    assert len(padded) == LARGEST
    assert "a cell has more than" in why(own(padded))


def test_too_many_rows() -> None:
    said = (
        "It has more than 5,000 rows. Keep those of your council, and delete any empty ones below."
    )
    rows = "year,turnover\n" + "x,1\n" * (MOST_ROWS - 1)
    assert len(own(rows).messages) == MOST_MESSAGES + 1
    assert why(own(rows + "x,1\n")) == said
    some = "year,turnover\n2025,1\n"
    assert own(some + "\n" * (LAST_ROW - 2)).messages == ()
    assert why(own(some + "\n" * (LAST_ROW - 1))) == said

    far = in_sheet(b"</sheetData>", b'<row r="%d"><c r="A%d"><v>1</v></c></row></sheetData>')
    for row, fits in ((MOST_ROWS, True), (MOST_ROWS + 1, False), (1_048_576, False)):
        number = str(row).encode()
        content = repacked(far, lambda _, part, number=number: part.replace(b"%d", number))  # type: ignore[misc]
        read = read_own_file("a.xlsx", content, COUNCIL)
        assert (len(read.figures) == 1) == fits
        assert fits or why(read) == said


def test_too_many_columns() -> None:
    def table(width: int) -> list[list[object]]:
        return [["year", "turnover", *["x"] * (width - 2)], [2025, 20.8]]

    said = "Row 1 has more than 200 columns. Keep those of the template."
    assert excel(*table(MOST_COLUMNS)).figures
    assert why(excel(*table(MOST_COLUMNS + 1))) == said
    assert why(own(",".join(map(str, table(MOST_COLUMNS + 1)[0])))) == said


def test_the_size_that_a_worksheet_claims_is_not_trusted() -> None:
    small = in_sheet(b'<dimension ref="A1:B2" />', b'<dimension ref="A1"/>')
    assert values(read_own_file("a.xlsx", small, COUNCIL)) == {(2025, "turnover"): 0.208}
    large = in_sheet(b'<dimension ref="A1:B2" />', b'<dimension ref="A1:XFD1048576"/>')
    assert values(read_own_file("a.xlsx", large, COUNCIL)) == {(2025, "turnover"): 0.208}


OLD = (
    "It is an old Excel workbook (.xls), or one with a password. "
    "Open it in Excel, take off any password, and save it as .xlsx or CSV."
)
SAVE = "Open it in Excel, and save it as .xlsx or CSV."
MACROS = "It is a workbook with macros, which are not taken. Save it as .xlsx or CSV."


def zip_of(**parts: bytes) -> bytes:
    """Pack parts; two underscores stand for a slash and one for a full stop."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), part)
    return out.getvalue()


@pytest.mark.parametrize("name", ["ours.csv", "ours.xlsx", "ours.xls", "ours"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), OLD),
        (b"%PDF-1.7\n", f"It looks like a PDF, not a table. {SAVE}"),
        (b"\x89PNG\r\n\x1a\n", f"It looks like a picture, not a table. {SAVE}"),
        (b"\xff\xd8\xff\xe0", f"It looks like a picture, not a table. {SAVE}"),
        (b"\x1f\x8b\x08", f"It looks like a compressed file, not a table. {SAVE}"),
        (b"{\\rtf1", f"It looks like a Word document, not a table. {SAVE}"),
        (b"\n<html><table>", f"It looks like a web page or XML, not a table. {SAVE}"),
        (
            b'\xef\xbb\xbf<?xml version="1.0"?>',
            f"It looks like a web page or XML, not a table. {SAVE}",
        ),
        (
            zip_of(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b"<a/>"),
            f"It looks like an OpenDocument file (.ods). {SAVE}",
        ),
        (zip_of(word__document_xml=b"<a/>"), f"It looks like a Word document. {SAVE}"),
        (zip_of(ppt__slides_xml=b"<a/>"), f"It looks like a PowerPoint presentation. {SAVE}"),
        (zip_of(xl__workbook_bin=b""), f"It looks like a binary workbook (.xlsb). {SAVE}"),
        (zip_of(ours_csv=b"year,turnover"), f"It looks like a zip file of other things. {SAVE}"),
        (zip_of(), f"It looks like a zip file of other things. {SAVE}"),
        (zip_of(xl__workbook_xml=b"<a/>", xl__vbaProject_bin=b"x"), MACROS),
        (b"PK\x03\x04" + bytes(99), DAMAGED),
    ],
)
def test_other_things_are_refused_whatever_their_name(name: str, content: bytes, said: str) -> None:
    assert why(read_own_file(name, content, COUNCIL)) == said


def test_a_workbook_with_macros_is_refused_by_its_name_its_parts_and_what_it_says_it_is() -> None:
    assert why(read_own_file("ours.XLSM", GOOD, COUNCIL)) == MACROS
    hidden = repacked(GOOD, added={"xl/vbaproject.bin": b"x"})
    assert why(read_own_file("ours.xlsx", hidden, COUNCIL)) == MACROS
    plain, macros = (
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    says = repacked(GOOD, lambda _, part: part.replace(plain, macros))
    assert why(read_own_file("ours.xlsx", says, COUNCIL)) == MACROS


def test_a_file_that_is_not_what_its_name_says_is_refused() -> None:
    table = template_csv().encode()
    assert why(read_own_file("ours.xlsx", table, COUNCIL)) == (
        f"Its name ends in .xlsx, but it looks like a CSV file. {SAVE}"
    )
    assert why(read_own_file("ours.csv", GOOD, COUNCIL)) == (
        f"Its name ends in .csv, but it looks like an Excel workbook (.xlsx). {SAVE}"
    )
    assert why(read_own_file("ours.xlsx", b"\x01\x02\x03", COUNCIL)) == (
        f"Its name ends in .xlsx, but it looks like neither a workbook nor a CSV file. {SAVE}"
    )
    said = "Its name must end in .csv or .xlsx. It looks like {}."
    assert why(read_own_file("ours.txt", table, COUNCIL)) == said.format("a CSV file")
    assert why(read_own_file("ours", GOOD, COUNCIL)) == said.format("an Excel workbook (.xlsx)")
    assert read_own_file("OURS.CSV", table, COUNCIL).figures
    assert read_own_file("Ours.XLSX", GOOD, COUNCIL).figures


# Workbooks made to do harm.


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    bomb = repacked(GOOD, added={"xl/media/a.png": bytes(LARGEST_UNPACKED)})
    assert len(bomb) < LARGEST
    assert why(read_own_file("a.xlsx", bomb, COUNCIL)) == (
        "It unpacks to more than 50 MB, which is the limit."
    )


def test_a_workbook_of_too_many_parts_is_refused() -> None:
    more = {f"a{number}": b"" for number in range(MOST_PARTS)}
    assert why(read_own_file("a.xlsx", repacked(GOOD, added=more), COUNCIL)).startswith(
        "It has 1,00"
    )


@pytest.mark.parametrize("claimed", [10, 70_000])
def test_a_part_that_lies_about_its_length_is_refused(claimed: int) -> None:
    """Its true length is 60,000; both the directory and the part's own heading say otherwise."""
    content = repacked(GOOD, added={"xl/media/a.png": bytes(60_000)})
    true, false = struct.pack("<I", 60_000), struct.pack("<I", claimed)
    assert content.count(true) == 2
    said = why(read_own_file("a.xlsx", content.replace(true, false), COUNCIL))
    assert said == (
        '"xl/media/a.png", packed in it, is not as long as the file says. '
        "It is damaged, or made to do harm."
    )


def test_a_part_packed_with_a_password_is_refused() -> None:
    content = bytearray(GOOD)
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1
    assert why(read_own_file("a.xlsx", bytes(content), COUNCIL)) == (
        "It has a password. Take it off in Excel, and save it as .xlsx or CSV."
    )


def test_parts_of_one_name_or_packed_in_another_way_are_damage() -> None:
    out = io.BytesIO(GOOD)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("xl/workbook.xml", b"<a/>")
    assert why(read_own_file("a.xlsx", out.getvalue(), COUNCIL)) == DAMAGED
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/more.xml", b"<a/>")
    assert why(read_own_file("a.xlsx", out.getvalue(), COUNCIL)) == DAMAGED


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {new} "{10 * f"&{old};"}">'
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
ENTITIES = (
    "Its XML defines entities or a document type, which no workbook saved by Excel does. "
    "It is not read, because such a file may be made to do harm."
)


@pytest.mark.parametrize(
    "before",
    [
        LAUGHS,
        '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///dev/zero">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
        "<!DOCTYPE worksheet>",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part_name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_entities_and_document_types_are_refused(before: str, codec: str, part_name: str) -> None:
    def change(name: str, part: bytes) -> bytes:
        if name != part_name:
            return part
        text = part.decode()
        return (before + text[text.index("<", 1 if "<?xml" in text else 0) :]).encode(codec)

    assert why(read_own_file("a.xlsx", repacked(GOOD, change), COUNCIL)) == ENTITIES


def test_openpyxl_reads_with_defusedxml_too() -> None:
    assert openpyxl.DEFUSEDXML is True


TOO_MUCH = (
    "It holds far more than a table of figures. Copy the figures, without their formats, "
    "into a new workbook or the template."
)


@pytest.mark.parametrize(
    ("more", "count"),
    [(b"<c/>", MOST_CELLS + 1), (b"<x/>", MOST_ELEMENTS + 1)],
)
def test_more_xml_than_a_table_has_is_refused(more: bytes, count: int) -> None:
    content = in_sheet(b"</sheetData>", b"<row>" + more * count + b"</row></sheetData>")
    assert why(read_own_file("a.xlsx", content, COUNCIL)) == TOO_MUCH


def test_xml_too_deep_is_refused() -> None:
    deep = b"<x>" * DEEPEST + b"</x>" * DEEPEST
    content = in_sheet(b"</sheetData>", deep + b"</sheetData>")
    assert why(read_own_file("a.xlsx", content, COUNCIL)) == TOO_MUCH


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</sheetData>", b"</sheetDat>"),
        (b"<v>20.8</v>", b"<v>NaN</v>"),
        (b"<v>20.8</v>", b"<v>" + 5_000 * b"9" + b"</v>"),
        (b'r="B2"', b'r="ZZZZZ2"'),
        (b'<c r="B2"', b'<c s="99" r="B2"'),
        (b'<row r="2"', b'<row r="two"'),
        (b't="n"', b't="s"'),
    ],
)
def test_a_damaged_worksheet_is_refused_in_words(old: bytes, new: bytes) -> None:
    assert why(read_own_file("a.xlsx", in_sheet(old, new), COUNCIL)) == DAMAGED


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml"])
def test_a_workbook_without_one_of_its_parts_is_answered(part: str) -> None:
    content = repacked(GOOD, lambda name, old: None if name == part else old)
    read = read_own_file("a.xlsx", content, COUNCIL)
    if part == "xl/styles.xml":
        assert values(read) == {(2025, "turnover"): 0.208}
    else:
        assert why(read)


def test_links_to_other_files_and_pictures_are_left_unread() -> None:
    book = book_of(Figures=TABLE)
    book["Figures"]["D1"].hyperlink = "file:///etc/passwd"
    assert values(read_own_file("a.xlsx", saved(book), COUNCIL)) == {(2025, "turnover"): 0.208}


# Hostile names, and many messages.


def test_hostile_names_are_plain_text_on_one_line_and_cut() -> None:
    name = "<script>alert(1)</script>\n\u202e" + 99 * "a" + ".csv"
    read = own("year,turnover,<script>,a\u202eb" + 99 * "c" + "\n2025,1,,\n", name=name)
    assert read.figures
    assert read.name.startswith("<script>alert(1)</script>��aaa")
    assert len(read.name) == LONGEST_NAME
    (said,) = (message.text for message in read.messages)
    long = "a�b" + (LONGEST_NAME - 4) * "c" + "…"
    assert said == (f'Columns that are not in the template were passed over: "<script>", "{long}".')


def test_a_heading_of_many_columns_is_named_in_part() -> None:
    said = why(own(",".join(f"c{number}" for number in range(50)) + "\n"))
    assert '"c9" and 40 more. Wanted:' in said


def test_the_title_of_a_sheet_is_cut_and_a_value_too() -> None:
    book = book_of(Notes=[], Figures=TABLE)
    long = repacked(
        saved(book), lambda _, part: part.replace(b'name="Figures"', b'name="%s"' % (99 * b"F"))
    )
    read = read_own_file("a.xlsx", long, COUNCIL)
    assert f'"{(LONGEST_NAME - 1) * "F"}…"' in texts(read)[0]
    assert f'"{(LONGEST_VALUE - 1) * "x"}…" is' in cell(99 * "x")[1]


def test_a_council_that_is_not_a_code_is_answered() -> None:
    for council in ("", "/", "<b>" * 99):
        assert "None of its rows has the code" in why(
            own(f"{INDICATORS}\n2025,807,A,1,2,3,4,5,6\n", council=council)
        )


def test_messages_stop_at_fifty_and_what_was_refused_comes_first() -> None:
    noted = "".join(f'{year},"1,000"\n' for year in range(2001, 2041))
    wrong = "".join(f"a{number},1\n" for number in range(MOST_MESSAGES - 5))
    read = own("year,in_post\n" + noted + wrong)
    assert len(read.figures) == 40
    assert len(read.messages) == MOST_MESSAGES + 1
    assert [message.refused for message in read.messages] == [True] * 45 + [False] * 6
    assert texts(read)[0].startswith('Row 42, year: "a0"')
    assert texts(read)[-1] == "The file: And 36 more."

    full = own("year,in_post\n" + "".join(f"a{number},1\n" for number in range(MOST_MESSAGES)))
    assert len(full.messages) == MOST_MESSAGES
    over = own("year,in_post\n" + "".join(f"a{number},1\n" for number in range(MOST_MESSAGES + 9)))
    assert over.messages[-1] == Message("The file", "And 9 more.", True)


# How it works.


def test_openpyxl_is_not_loaded_until_a_workbook_is_read() -> None:
    code = (
        "import sys; from retention_lib.importers.own_file import read_own_file as read\n"
        "assert read('a.csv', b'year,agency\\n2025,1', '806').figures\n"
        "print('openpyxl' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_nothing_is_opened_from_disk_or_evaluated(root: Path) -> None:
    for file in (root / "retention_lib" / "importers").glob("own_*.py"):
        nodes = ast.walk(ast.parse(file.read_bytes()))
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        assert not names & {"open", "eval", "exec", "compile", "Path", "tempfile", "os", "print"}


# Anything at all.

NAMES = st.sampled_from(["a.csv", "a.xlsx", "a.xlsm", "a.ods", "a", "", ".csv", "a.csv\0.xlsx"])
STARTS = st.sampled_from(
    [
        b"",
        b"PK\x03\x04",
        b"year,turnover\n2025,",
        b'year;"turnover"\n2025;',
        INDICATORS.encode() + b"\n2025,806,A,",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xd0\xcf\x11\xe0",
    ]
)


def answered(read: OwnFile) -> None:
    """Hold what was read to what is always so."""
    assert read.figures or read.messages
    assert len(read.messages) <= MOST_MESSAGES + 1
    for message in read.messages:
        assert message.where.strip()
        assert message.text.strip()
        assert len(message.where) < 100
        assert message.text.isprintable()
    for figure in read.figures:
        assert FIRST_YEAR <= figure.year <= LAST_YEAR
        allowed = RANGES[figure.measure]
        assert 0 <= figure.value <= (1 if allowed.percent else allowed.most)
    places = [(figure.year, figure.measure) for figure in read.figures]
    assert len(set(places)) == len(places)


@given(NAMES, STARTS, st.binary(max_size=300), st.text(max_size=10))
def test_any_bytes_under_any_name_are_answered(
    name: str, start: bytes, content: bytes, council: str
) -> None:
    answered(read_own_file(name, start + content, council))


@given(st.lists(st.lists(st.text(max_size=12), max_size=4), max_size=6))
def test_any_text_in_a_table_is_answered(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["year", "turnover", "caseload"], ["2025", "1", "1"], *rows])
    answered(own(out.getvalue().encode("utf-8", "replace")))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.none()
            | st.booleans()
            | st.integers(-(10**18), 10**18)
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.dates(min_value=datetime.date(1901, 1, 1))
            | st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=9),
            max_size=4,
        ),
        max_size=5,
    )
)
def test_any_cells_in_a_workbook_are_answered(rows: list[list[object]]) -> None:
    answered(excel(["year", "turnover", "caseload"], [2025, 1, 1], *rows))


def decimals(most: int, places: int, *, fractions: bool) -> st.SearchStrategy[str]:
    """Make numbers as people write them; without fractions, none above 0 and below 1."""
    unit = 10**places
    smallest = (
        st.integers(0, most * unit) if fractions else st.just(0) | st.integers(unit, most * unit)
    )
    return smallest.map(lambda number: f"{number / unit:.{places}f}".rstrip("0").rstrip("."))


def tables() -> st.SearchStrategy[dict[int, list[str]]]:
    """Make tables for the template: by year, a number for every measure."""
    numbers = [
        decimals(allowed.most, 4, fractions=not allowed.percent) for allowed in RANGES.values()
    ]
    years = st.integers(FIRST_YEAR, LAST_YEAR)
    return st.dictionaries(years, st.tuples(*numbers).map(list), min_size=1, max_size=4)


def expected(table: dict[int, list[str]]) -> dict[tuple[int, str], str]:
    """Write what a table says as digits: percentages with the point two places to the left."""
    found = {}
    for year, row in table.items():
        for (measure, allowed), text in zip(RANGES.items(), row, strict=True):
            if allowed.percent:
                whole, _, part = text.partition(".")
                whole = whole.zfill(3)
                text = f"{whole[:-2]}.{whole[-2:]}{part}"
            found[year, measure] = repr(float(text))
    return found


def lines(table: dict[int, list[str]]) -> Iterable[list[str]]:
    yield list(COLUMNS)
    yield from ([str(year), *row] for year, row in table.items())


@given(tables())
def test_a_table_of_the_template_comes_back_to_the_digit(table: dict[int, list[str]]) -> None:
    read = own("\n".join(",".join(line) for line in lines(table)))
    assert {place: repr(value) for place, value in values(read).items()} == expected(table)
    assert not any(message.refused for message in read.messages)


@settings(max_examples=30, deadline=None)
@given(tables(), st.booleans())
def test_csv_and_a_workbook_of_the_same_numbers_give_the_same(
    table: dict[int, list[str]], as_text: bool
) -> None:
    heading, *rows = lines(table)
    cells = [[text if as_text else float(text) for text in row] for row in rows]
    text = "\n".join(",".join(line) for line in (heading, *rows))
    from_csv, from_workbook = own(text), excel(heading, *cells)
    assert from_workbook.figures == from_csv.figures
    assert len(from_csv.figures) == len(RANGES) * len(table)
    assert from_workbook.messages == from_csv.messages


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 20), st.booleans())
def test_a_workbook_with_bytes_changed_is_answered(seed: int, changes: int, inside: bool) -> None:
    """Inside: in the XML before it is packed, where what is wrong comes further."""
    chance = random.Random(seed)

    def mutated(part: bytes) -> bytes:
        data = bytearray(part)
        for _ in range(changes):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(data)

    def in_text(name: str, part: bytes) -> bytes:
        if chance.random() < 0.7:
            return part
        digits = [at for at, byte in enumerate(part) if byte in b"0123456789"]
        data = bytearray(part)
        for _ in range(changes if digits else 0):
            data[chance.choice(digits)] = chance.choice(b"0123456789aAeE.-")
        return bytes(data)

    content = repacked(GOOD, in_text) if inside else mutated(GOOD)
    answered(read_own_file("a.xlsx", content, COUNCIL))
