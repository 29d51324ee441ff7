"""The importers: published tables in, our figures out, and nothing at all where one is wrong.

The tables here are small ones in the layouts as they were published, column for column.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import gzip
import hashlib
import inspect
import io
import json
import socket
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from retention_lib.cli import main
from retention_lib.importers import dfe_api, tables
from retention_lib.importers.dfe import FLAGS, INDICATORS, Figure, Imported, read_workforce
from retention_lib.importers.dfe_api import NotReachedError, fetch_workforce
from retention_lib.importers.neighbours import read_neighbours
from retention_lib.importers.ofsted import read_judgements
from retention_lib.importers.release import area_changes, figure_changes, figures_text, plan_for
from retention_lib.importers.tables import (
    ImportRefusedError,
    csv_text,
    parse_published,
    read_published,
)

Row = Mapping[str, str]

INDICATORS_COLUMNS = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
    "region_name,old_la_code,new_la_code,la_name,inpost_fte,inpost_headcount,starters_fte,"
    "starters_headcount,leavers_fte,leavers_headcount,turnover_rate_fte,turnover_rate_headcount,"
    "agency_fte,agency_headcount,agency_rate_fte,agency_rate_headcount,agency_cover_fte,"
    "agency_cover_rate_fte,vacancy_fte,vacancy_rate_fte,vacancy_agency_cover_rate_fte,"
    "case_holders_fte,cases,caseload_fte,working_days_lost_fte,absence_rate_fte"
)
INDICATORS_HEADING = INDICATORS_COLUMNS.split(",")

HEADLINE_COLUMNS = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
    "region_name,old_la_code,new_la_code,la_name,social_worker_fte,leaver_fte,"
    "turnover_rate_fte_%,working_days_lost_fte,absence_rate_fte_%,agency_fte,"
    "agency_worker_rate_fte_%,agency_cover_fte,agency_cover_rate_fte_%,vacancy_fte,"
    "vacancy_rate_fte_%,vacancy_agency_cover_rate_fte_%,case_holders_fte,cases,caseload_fte,"
    "social_worker_headcount,leaver_headcount,turnover_rate_headcount_%,agency_headcount,"
    "agency_worker_rate_headcount_%"
)
HEADLINE_HEADING = HEADLINE_COLUMNS.split(",")

# What the headline table calls the columns that the indicators have under another name.
HEADLINE_NAMES = {
    "social_worker_fte": "inpost_fte",
    "leaver_fte": "leavers_fte",
    "turnover_rate_fte_%": "turnover_rate_fte",
    "absence_rate_fte_%": "absence_rate_fte",
    "agency_worker_rate_fte_%": "agency_rate_fte",
    "agency_cover_rate_fte_%": "agency_cover_rate_fte",
    "vacancy_rate_fte_%": "vacancy_rate_fte",
    "vacancy_agency_cover_rate_fte_%": "vacancy_agency_cover_rate_fte",
    "social_worker_headcount": "inpost_headcount",
    "leaver_headcount": "leavers_headcount",
    "turnover_rate_headcount_%": "turnover_rate_headcount",
    "agency_worker_rate_headcount_%": "agency_rate_headcount",
}

MIDDLESBROUGH = {
    "time_period": "2025",
    "time_identifier": "Reporting year",
    "geographic_level": "Local authority",
    "country_code": "E92000001",
    "country_name": "England",
    "region_code": "E12000001",
    "region_name": "North East",
    "old_la_code": "806",
    "new_la_code": "E06000002",
    "la_name": "Middlesbrough",
    "inpost_fte": "170.1",
    "inpost_headcount": "181",
    "starters_fte": "41.3",
    "starters_headcount": "42",
    "leavers_fte": "14.6",
    "leavers_headcount": "16",
    "turnover_rate_fte": "8.6",
    "turnover_rate_headcount": "8.8",
    "agency_fte": "58.4",
    "agency_headcount": "59",
    "agency_rate_fte": "25.6",
    "agency_rate_headcount": "24.6",
    "agency_cover_fte": "29.5",
    "agency_cover_rate_fte": "50.5",
    "vacancy_fte": "29.5",
    "vacancy_rate_fte": "14.8",
    "vacancy_agency_cover_rate_fte": "100",
    "case_holders_fte": "128.2",
    "cases": "2000",
    "caseload_fte": "15.6",
    "working_days_lost_fte": "1500.5",
    "absence_rate_fte": "3.5",
}
NUMBERS = INDICATORS_HEADING[10:]

NO_COUNCIL = {"old_la_code": "", "new_la_code": "", "la_name": ""}
NORTH_EAST = {**MIDDLESBROUGH, **NO_COUNCIL, "geographic_level": "Regional"}
ENGLAND = {**NORTH_EAST, "geographic_level": "National", "region_code": "", "region_name": ""}
KINGSTON = {
    **MIDDLESBROUGH,
    "region_code": "E13000002",
    "region_name": "Outer London",
    "old_la_code": "314",
    "new_la_code": "E09000021",
    "la_name": "Kingston upon Thames",
}
RICHMOND = {
    **KINGSTON,
    "old_la_code": "318",
    "new_la_code": "E09000027",
    "la_name": "Richmond upon Thames",
}
BOTH = {
    **KINGSTON,
    "old_la_code": "314 / 318",
    "new_la_code": "E09000021 / E09000027",
    "la_name": "Kingston upon Thames / Richmond upon Thames",
}
EMPTY = dict.fromkeys(NUMBERS, "z")


def indicators(*rows: Row, heading: list[str] = INDICATORS_HEADING) -> bytes:
    """A table in the layout of the releases since 2023."""
    return csv_text(heading, ([row[name] for name in heading] for row in rows)).encode()


def headline(*rows: Row) -> bytes:
    """The same numbers in the layout of the 2022 release."""
    cells = ([row[HEADLINE_NAMES.get(name, name)] for name in HEADLINE_HEADING] for row in rows)
    return csv_text(HEADLINE_HEADING, cells).encode()


def read(content: bytes) -> Imported:
    return read_workforce(parse_published("dfe.csv", content))


def found_in(imported: Imported, area: str, year: int = 2025) -> dict[str, Figure]:
    """The figures of an area by measure."""
    return {
        each.measure: each for each in imported.figures if (each.area, each.year) == (area, year)
    }


def refused(what: Callable[[], object]) -> str:
    """The words with which something is refused, on one line."""
    with pytest.raises(ImportRefusedError) as problem:
        what()
    words = str(problem.value)
    assert "\n" not in words
    return words


# DfE's two layouts.


def test_both_layouts_give_the_same_figures_and_areas_for_the_same_numbers() -> None:
    new = read(indicators(ENGLAND, NORTH_EAST, MIDDLESBROUGH, BOTH))
    old = read(headline(ENGLAND, NORTH_EAST, MIDDLESBROUGH, KINGSTON, {**RICHMOND, **EMPTY}))
    assert old.figures == tuple(each for each in new.figures if each.measure != "starters")
    assert old.areas == new.areas
    assert (new.unknown, old.unknown) == ((), ())
    assert new.layout != old.layout


@pytest.mark.parametrize("layout", [indicators, headline])
def test_percent_becomes_a_share_and_a_number_stays(layout: Callable[..., bytes]) -> None:
    ours = found_in(read(layout(ENGLAND, MIDDLESBROUGH)), "806")
    assert {measure: each.value for measure, each in ours.items() if measure != "starters"} == {
        "turnover": 0.086,
        "vacancy": 0.148,
        "agency": 0.256,
        "caseload": 15.6,
        "absence": 0.035,
        "vacancies_covered": 1.0,
        "in_post": 170.1,
        "leavers": 14.6,
        "agency_staff": 58.4,
        "agency_covering": 29.5,
        "vacancies": 29.5,
        "case_holders": 128.2,
        "cases": 2000.0,
        "days_lost": 1500.5,
    }


@pytest.mark.parametrize("symbol", FLAGS)
@pytest.mark.parametrize("layout", [indicators, headline])
def test_a_symbol_becomes_an_empty_value_and_says_why(
    layout: Callable[..., bytes], symbol: str
) -> None:
    row = {**MIDDLESBROUGH, "turnover_rate_fte": symbol, "cases": symbol}
    ours = found_in(read(layout(ENGLAND, row)), "806")
    for measure in ("turnover", "cases"):
        assert ours[measure] == Figure("806", 2025, measure, None, FLAGS[symbol])
    assert ours["vacancy"].value == 0.148


def test_each_symbol_that_dfe_uses_is_known() -> None:
    assert {"x", "z", "u", "low", "c", "k", ":"} < set(FLAGS)


def test_a_joint_return_in_one_cell_is_one_area() -> None:
    found = read(indicators(ENGLAND, BOTH))
    area = next(each for each in found.areas if each.level == "council")
    assert (area.code, area.ons) == ("314 / 318", ("E09000021 / E09000027",))
    assert found_in(found, "314 / 318")["in_post"].value == 170.1


@pytest.mark.parametrize("second", [[], [{**RICHMOND, **EMPTY}]], ids=["absent", "empty"])
def test_a_joint_return_under_its_first_council_is_one_area(second: list[Row]) -> None:
    found = read(headline(ENGLAND, KINGSTON, *second))
    area = next(each for each in found.areas if each.level == "council")
    assert area.code == "314 / 318"
    assert area.name == "Kingston upon Thames / Richmond upon Thames"
    assert {each.area for each in found.figures} == {"314 / 318", "E92000001"}
    assert found_in(found, "314 / 318")["in_post"].value == 170.1


def test_the_second_half_of_a_joint_return_with_figures_of_its_own_is_refused() -> None:
    words = refused(lambda: read(headline(ENGLAND, KINGSTON, RICHMOND)))
    assert words.startswith("Richmond upon Thames has figures of its own in 2025.")


def test_halves_that_return_figures_of_their_own_in_the_newer_layout_are_two_councils() -> None:
    found = read(indicators(ENGLAND, KINGSTON, RICHMOND))
    assert [area.code for area in found.areas] == ["314", "318", "E92000001"]


def test_an_ons_code_that_changed_keeps_both_the_latest_first() -> None:
    barnsley = {**MIDDLESBROUGH, "old_la_code": "370", "la_name": "Barnsley"}
    rows = [
        {**barnsley, "time_period": "2022", "new_la_code": "E08000016"},
        {**barnsley, "time_period": "2023", "new_la_code": "E08000016"},
        {**barnsley, "time_period": "2025", "new_la_code": "E08000038"},
        *({**ENGLAND, "time_period": year} for year in ("2022", "2023", "2025")),
    ]
    areas = read(indicators(*rows)).areas
    assert areas[0].ons == ("E08000038", "E08000016")


def test_a_council_is_known_by_its_latest_name() -> None:
    old = {**MIDDLESBROUGH, "time_period": "2024", "la_name": "Teesside"}
    found = read(indicators(old, MIDDLESBROUGH, ENGLAND, {**ENGLAND, "time_period": "2024"}))
    assert [area.name for area in found.areas] == ["Middlesbrough", "England"]


def test_reorganised_councils_come_and_go() -> None:
    cumbria = {**MIDDLESBROUGH, "old_la_code": "909", "time_period": "2022"}
    cumberland = {**MIDDLESBROUGH, "old_la_code": "942", "time_period": "2023"}
    england = [{**ENGLAND, "time_period": year} for year in ("2022", "2023")]
    found = read(indicators(cumbria, cumberland, *england))
    assert {(each.area, each.year) for each in found.figures if each.measure == "turnover"} == {
        ("909", 2022),
        ("942", 2023),
        ("E92000001", 2022),
        ("E92000001", 2023),
    }


def test_a_council_without_a_row_in_a_year_has_no_figures_then() -> None:
    england = [{**ENGLAND, "time_period": year} for year in ("2023", "2024", "2025")]
    rows = [{**MIDDLESBROUGH, "time_period": year} for year in ("2023", "2025")]
    found = read(indicators(*rows, *england))
    assert {each.year for each in found.figures if each.area == "806"} == {2023, 2025}
    assert not found_in(found, "806", 2024)


def test_rates_of_100_percent_and_more_leavers_than_staff_are_read() -> None:
    row = {
        **MIDDLESBROUGH,
        "turnover_rate_fte": "150",
        "agency_rate_fte": "100",
        "vacancy_rate_fte": "100.0",
        "inpost_fte": "0",
    }
    ours = found_in(read(indicators(ENGLAND, row)), "806")
    assert [ours[measure].value for measure in ("turnover", "agency", "vacancy", "in_post")] == [
        1.5,
        1,
        1,
        0,
    ]


@pytest.mark.parametrize("column", ["agency_rate_fte", "vacancy_rate_fte", "absence_rate_fte"])
def test_a_share_above_100_percent_is_refused(column: str) -> None:
    measure = column.removesuffix("_rate_fte")
    words = refused(lambda: read(indicators(ENGLAND, {**MIDDLESBROUGH, column: "100.1"})))
    assert words == f"806, 2025: {measure} is above 100%."


@pytest.mark.parametrize(
    "change",
    [
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b"\n", b"\n,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n\n"),
        lambda content: content.removesuffix(b"\n"),
        lambda content: content.replace(b",cases,", b', "cases" ,').replace(b', "', b',"'),
        lambda content: content.replace(b"cases,", b" cases ,"),
        lambda content: content.replace(b"170.1", b" 170.1 "),
    ],
    ids=["byte-order mark", "CRLF", "empty rows", "no end", "quotes", "spaces", "spaced"],
)
def test_how_a_table_was_saved_makes_no_difference(change: Callable[[bytes], bytes]) -> None:
    content = indicators(ENGLAND, MIDDLESBROUGH)
    assert change(content) != content
    assert read(change(content)) == read(content)


def test_a_column_that_is_new_is_told_and_a_heading_of_two_lines_is_one() -> None:
    more = [*INDICATORS_HEADING, "salary,\n median"]
    row = {"salary,\n median": "41000"}
    found = read(indicators({**ENGLAND, **row}, {**MIDDLESBROUGH, **row}, heading=more))
    assert found.unknown == ("salary, median",)
    assert found.figures == read(indicators(ENGLAND, MIDDLESBROUGH)).figures


def test_a_known_heading_over_two_lines_is_known() -> None:
    content = indicators(ENGLAND, MIDDLESBROUGH)
    assert read(content.replace(b",cases,", b',"cases\n",')) == read(content)


def test_columns_in_another_order_make_no_difference() -> None:
    backwards = indicators(ENGLAND, MIDDLESBROUGH, heading=INDICATORS_HEADING[::-1])
    assert read(backwards) == read(indicators(ENGLAND, MIDDLESBROUGH))


@pytest.mark.parametrize(
    "lacking", [["cases"], ["turnover_rate_fte", "leavers_fte"], ["la_name"], ["time_period"]]
)
def test_columns_that_are_missing_are_named(lacking: list[str]) -> None:
    heading = [name for name in INDICATORS_HEADING if name not in lacking]
    words = refused(lambda: read(indicators(ENGLAND, heading=heading)))
    assert words.startswith("dfe.csv looks like the indicators, releases of 2023 to 2025, but ")
    assert words.endswith(f" has no column {', '.join(lacking)}.")


def test_a_missing_column_of_the_older_layout_is_named_as_it_is_there() -> None:
    content = headline(ENGLAND).replace(b"turnover_rate_fte_%", b"turnover")
    words = refused(lambda: read(content))
    assert words.startswith("dfe.csv looks like the headline measures, release of 2022, ")
    assert words.endswith(" has no column turnover_rate_fte_%.")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("-1", "is -1: no such figure can be below 0."),
        ("-0.1", "is -0.1: no such figure can be below 0."),
        ("nan", "is 'nan': neither a number nor a symbol that DfE uses."),
        ("inf", "is 'inf': neither a number nor a symbol that DfE uses."),
        ("-inf", "is '-inf': neither a number nor a symbol that DfE uses."),
        ("1e999", "is '1e999': neither a number nor a symbol that DfE uses."),
        ("n/a", "is 'n/a': neither a number nor a symbol that DfE uses."),
        ("1,234", "is '1,234': neither a number nor a symbol that DfE uses."),
        ("1_234", "is '1_234': neither a number nor a symbol that DfE uses."),
        ("12%", "is '12%': neither a number nor a symbol that DfE uses."),
        ("X", "is 'X': neither a number nor a symbol that DfE uses."),
        ("=1+1", "is '=1+1': neither a number nor a symbol that DfE uses."),
    ],
)
def test_a_bad_cell_is_refused_with_its_line_and_its_column(cell: str, words: str) -> None:
    row = {**MIDDLESBROUGH, "leavers_fte": cell}
    assert refused(lambda: read(indicators(ENGLAND, row))) == f"Line 3, leavers_fte {words}"


def test_the_line_told_is_that_of_the_file_though_rows_be_empty() -> None:
    empty = dict.fromkeys(INDICATORS_HEADING, "")
    row = {**MIDDLESBROUGH, "cases": "many"}
    words = refused(lambda: read(indicators(ENGLAND, empty, empty, row)))
    assert words.startswith("Line 5, cases is 'many'")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"time_period": "2024/25"}, "Line 3: time_period is '2024/25'; it must be a year: 2025."),
        ({"time_period": "202425"}, "Line 3: time_period is '202425'; it must be a year: 2025."),
        (
            {"geographic_level": "Ward"},
            "Line 3: geographic_level is 'Ward'; "
            "it must be one of National, Regional, Local authority.",
        ),
        ({"old_la_code": ""}, "Line 3: a council without its code or its name."),
        ({"la_name": " "}, "Line 3: a council without its code or its name."),
    ],
)
def test_a_row_that_is_of_no_area_or_year_is_refused(changes: Row, words: str) -> None:
    row = {**MIDDLESBROUGH, **changes}
    assert refused(lambda: read(indicators(ENGLAND, row))) == words


@pytest.mark.parametrize("layout", [indicators, headline])
@pytest.mark.parametrize("row", [MIDDLESBROUGH, ENGLAND, NORTH_EAST, KINGSTON])
def test_an_area_that_stands_twice_in_a_year_is_refused(
    layout: Callable[..., bytes], row: Row
) -> None:
    rest = [] if row is ENGLAND else [ENGLAND]
    again = {**row, "inpost_fte": "1"}
    words = refused(lambda: read(layout(*rest, row, again)))
    assert words.startswith(f"Line {len(rest) + 3}: ")
    assert words.endswith(" stands twice in 2025.")


def test_a_year_without_englands_row_is_refused() -> None:
    rows = [ENGLAND, MIDDLESBROUGH, {**MIDDLESBROUGH, "time_period": "2024"}]
    assert refused(lambda: read(indicators(*rows))) == "There is no row for England in 2024."


def test_a_heading_without_rows_is_refused() -> None:
    assert refused(lambda: read(indicators())) == "dfe.csv has a heading and no rows."


# Files that are no table.


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00\x01", bytes(range(256)), b"\xa3,1\n2,3", b'"' + 200_000 * b"x" + b'"'],
    ids=["empty", "UTF-16", "binary", "Latin-1", "a cell without end"],
)
def test_a_file_that_is_no_table_is_refused_in_words(content: bytes) -> None:
    words = refused(lambda: parse_published("odd.csv", content))
    assert words.startswith("odd.csv is not a ")


@pytest.mark.parametrize("line", ["1", "1,2,3"])
def test_a_row_of_another_length_than_the_heading_is_refused(line: str) -> None:
    content = f"a,b\n\n1,2\n{line}\n".encode()
    words = refused(lambda: parse_published("odd.csv", content))
    assert words == "Line 4 has more cells than the heading, or fewer."


def test_a_title_above_the_heading_is_refused() -> None:
    content = b"Children's social work workforce\n" + indicators(ENGLAND)
    words = refused(lambda: parse_published("dfe.csv", content))
    assert words == "Line 2 has more cells than the heading, or fewer."


def test_a_file_over_the_size_limit_is_refused_and_one_at_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "large.csv"
    file.write_bytes(b"a,b\n1,2\n")
    monkeypatch.setattr(tables, "LARGEST", 8)
    assert read_published(file).rows == ({"a": "1", "b": "2"},)
    monkeypatch.setattr(tables, "LARGEST", 7)
    assert refused(lambda: read_published(file)).startswith("large.csv is over 100 MB")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert "none.csv cannot be read: No such file" in refused(
        lambda: read_published(tmp_path / "none.csv")
    )
    assert "cannot be read" in refused(lambda: read_published(tmp_path))


def test_a_table_this_does_not_know_is_refused_with_its_columns(tmp_path: Path) -> None:
    published = parse_published("spend.csv", b"E-code,ONS Code,Class,a,b,c,d\n1,2,3,4,5,6,7\n")
    words = refused(lambda: plan_for(published, tmp_path))
    assert words.startswith("spend.csv is not a table this reads: ")
    assert words.endswith("Its columns begin: E-code, ONS Code, Class, a, b, c.")
    assert not list(tmp_path.iterdir())


# Statistical neighbours.

TEN = [str(code) for code in range(301, 311)]


def model_2025(*councils: tuple[str, list[str]]) -> bytes:
    heading = ["old_la_code", "la_name", "region_ind", "region_name"]
    heading += [f"SN_{place}{part}" for place in range(1, 11) for part in ("", "P")]
    rows = [
        [area, "Name", "3", "London", *(cell for code in ten for cell in (code, "Very close "))]
        for area, ten in councils
    ]
    return b"\xef\xbb\xbf" + csv_text(heading, rows).encode()


def model_2021(*councils: tuple[str, list[str]]) -> bytes:
    heading = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"]
    heading += [cell for place in range(1, 11) for cell in (f"SN{place}", "SNP")] + [""]
    rows = [
        [area, "Name", area, "3", "London"]
        + [cell for place, code in enumerate(ten) for cell in (code, f"Close {place}")]
        + [""]
        for area, ten in councils
    ]
    return b"\xef\xbb\xbf" + csv_text(heading, rows).encode()


MODELS = pytest.mark.parametrize("model", [model_2021, model_2025])


def neighbours(content: bytes) -> list[tuple[str, str, int, str, str]]:
    found = read_neighbours(parse_published("sn.csv", content))
    return [(n.model, n.area, n.place, n.neighbour, n.closeness) for n in found]


def test_the_2025_model_gives_ten_neighbours_in_order() -> None:
    assert neighbours(model_2025(("806", TEN))) == [
        ("2025", "806", place, code, "very close") for place, code in enumerate(TEN, start=1)
    ]


def test_each_of_the_2021_models_columns_of_one_name_belongs_to_its_own_neighbour() -> None:
    assert neighbours(model_2021(("806", TEN))) == [
        ("2021", "806", place, code, f"close {place - 1}")
        for place, code in enumerate(TEN, start=1)
    ]


def test_the_rows_between_the_councils_of_today_and_those_before_are_passed_over() -> None:
    content = model_2021(("806", TEN), ("", [""] * 10), ("909", TEN))
    content = content.replace(b"\n,Name,,3,London,", b"\n,Old SNs:,,,,")
    assert {row[1] for row in neighbours(content)} == {"806", "909"}


@MODELS
@pytest.mark.parametrize(
    ("area", "ten", "words"),
    [
        ("806", ["806", *TEN[1:]], "Line 3: 806 has itself or another one twice."),
        ("806", ["302", *TEN[1:]], "Line 3: 806 has itself or another one twice."),
        ("806", ["30", *TEN[1:]], "Line 3: '30' is not a code of three digits."),
        ("806", ["Hull", *TEN[1:]], "Line 3: 'Hull' is not a code of three digits."),
        ("806", ["", *TEN[1:]], "Line 3: '' is not a code of three digits."),
        ("E06", TEN, "Line 3: 'E06' is not a code of three digits."),
        ("", TEN, "Line 3: '' is not a code of three digits."),
        ("805", TEN, "Line 3: 805 stands twice."),
    ],
)
def test_neighbours_that_cannot_be_are_refused(
    model: Callable[..., bytes], area: str, ten: list[str], words: str
) -> None:
    assert refused(lambda: neighbours(model(("805", TEN), (area, ten)))) == words


@pytest.mark.parametrize(("model", "column"), [(model_2021, "SN10"), (model_2025, "SN_10")])
def test_a_model_without_a_column_is_refused_and_says_which(
    model: Callable[..., bytes], column: str
) -> None:
    content = model(("806", TEN)).replace(column.encode() + b",", b"other,")
    words = refused(lambda: neighbours(content))
    assert words.startswith("sn.csv looks like the 20")
    assert words.endswith(f" model, but it has no column {column}.")


@MODELS
def test_a_model_without_councils_is_refused(model: Callable[..., bytes]) -> None:
    assert refused(lambda: neighbours(model())) == "sn.csv has a heading and no rows."


def imported(content: bytes, folder: Path, name: str = "table.csv") -> tuple[str, ...]:
    """Import a table and write it; gives what was told."""
    plan = plan_for(parse_published(name, content), folder, "2026-03-19")
    plan.write(folder)
    return plan.told


def written_in(folder: Path) -> dict[str, bytes]:
    """The bytes of every file in a folder."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def rows_in(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


def test_importing_one_model_keeps_the_others_rows_in_whatever_order(tmp_path: Path) -> None:
    old, new = model_2021(("806", TEN)), model_2025(("806", TEN[::-1]))
    imported(old, tmp_path / "a")
    imported(new, tmp_path / "a")
    imported(new, tmp_path / "b")
    imported(old, tmp_path / "b")
    assert written_in(tmp_path / "a") == written_in(tmp_path / "b")
    rows = rows_in(tmp_path / "a" / "neighbours.csv")
    assert [row["neighbour"] for row in rows if row["model"] == "2021"] == TEN
    assert [row["neighbour"] for row in rows if row["model"] == "2025"] == TEN[::-1]


@MODELS
def test_importing_a_model_again_changes_nothing(
    model: Callable[..., bytes], tmp_path: Path
) -> None:
    content = model(("806", TEN), ("805", TEN))
    imported(content, tmp_path)
    before = written_in(tmp_path)
    plan = plan_for(parse_published("table.csv", content), tmp_path, "2026-03-19")
    assert plan.replaces(tmp_path) == ()
    plan.write(tmp_path)
    assert written_in(tmp_path) == before


def test_councils_with_other_neighbours_than_before_are_told(tmp_path: Path) -> None:
    first = imported(model_2025(("805", TEN), ("806", TEN)), tmp_path)
    assert first == ("table.csv: the 2025 model, ten neighbours of 2 councils.",)
    same = imported(model_2025(("805", TEN), ("806", TEN)), tmp_path)
    assert same[1:] == ("Other neighbours than before: none",)
    other = imported(model_2025(("805", TEN), ("806", TEN[::-1])), tmp_path)
    assert other[1:] == ("Other neighbours than before: 806",)


# Ofsted.

OFSTED_HEADING = [
    "Local authority area code",
    "Local authority name",
    "Ofsted region",
    "Inspection date",
    "Publication date",
    "Overall effectiveness",
    "The impact of leaders on social work practice with children and families",
    "The experiences and progress of children who need help and protection",
    "The experiences and progress of children in care",
    "The experiences and progress of care leavers",
]
INADEQUATE = [
    "E06000002", "Middlesbrough", "North East", "2023-03-06 00:00:00", "2023-05-10 00:00:00",
    "Inadequate", "Inadequate", "Inadequate", "Requires improvement to be good", "",
]  # fmt: skip


def ofsted(*rows: list[str]) -> bytes:
    return csv_text(OFSTED_HEADING, rows).encode()


def judged(code: str, name: str, overall: str = "Good") -> list[str]:
    return [code, name, *INADEQUATE[2:5], overall, *INADEQUATE[6:]]


def with_areas(folder: Path) -> Path:
    """A folder with Middlesbrough, Barnsley under two codes, and a joint return."""
    barnsley = {**MIDDLESBROUGH, "old_la_code": "370", "la_name": "Barnsley"}
    rows = [
        {**barnsley, "time_period": "2024", "new_la_code": "E08000016"},
        {**barnsley, "new_la_code": "E08000038"},
        {**ENGLAND, "time_period": "2024"},
    ]
    imported(indicators(ENGLAND, MIDDLESBROUGH, BOTH, *rows), folder)
    return folder


def test_a_judgement_is_read_in_full(tmp_path: Path) -> None:
    content = ofsted(INADEQUATE, judged("E08000038", "Barnsley"))
    told = imported(content, with_areas(tmp_path), "ofsted.csv")
    assert told == ("ofsted.csv: judgements of 2 councils, up to 2023-05-10.",)
    assert rows_in(tmp_path / "judgements.csv")[1:] == [
        {
            "area": "806",
            "ons": "E06000002",
            "name": "Middlesbrough",
            "inspected": "2023-03-06",
            "published": "2023-05-10",
            "overall": "Inadequate",
            "leaders": "Inadequate",
            "help_and_protection": "Inadequate",
            "in_care": "Requires improvement to be good",
            "care_leavers": "",
        }
    ]


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("E08000038", "370"),
        ("E08000016", "370"),  # its former code, which Ofsted still uses
        ("E09000021", "314 / 318"),
        ("E09000027", "314 / 318"),
    ],
)
def test_a_judgement_finds_its_council_by_any_of_its_codes(
    code: str, area: str, tmp_path: Path
) -> None:
    imported(ofsted(judged(code, "Name")), with_areas(tmp_path))
    assert [row["area"] for row in rows_in(tmp_path / "judgements.csv")] == [area]


def test_both_halves_of_a_joint_return_keep_their_own_judgement(tmp_path: Path) -> None:
    both = [judged("E09000027", "Richmond"), judged("E09000021", "Kingston", "Outstanding")]
    imported(ofsted(*both), with_areas(tmp_path))
    rows = rows_in(tmp_path / "judgements.csv")
    assert [(row["area"], row["name"], row["overall"]) for row in rows] == [
        ("314 / 318", "Kingston", "Outstanding"),
        ("314 / 318", "Richmond", "Good"),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (judged("E06000999", "Nowhere"), "Nowhere (E06000999) is in none of our figures."),
        (judged("E09000021", "Kingston", "Fair"), "'Fair' is not a grade that Ofsted gives."),
        (
            [*INADEQUATE[:3], "06/03/2023", *INADEQUATE[4:]],
            "'06/03/2023' is not a date: 2025-03-31.",
        ),
        (
            [*INADEQUATE[:3], "2023-02-30", *INADEQUATE[4:]],
            "'2023-02-30' is not a date: 2025-03-31.",
        ),
        (judged("E08000038", "Barnsley"), "Barnsley (E08000038) stands twice."),
    ],
)
def test_an_odd_judgement_is_refused(row: list[str], words: str, tmp_path: Path) -> None:
    content = ofsted(judged("E08000038", "Barnsley"), row)
    folder = with_areas(tmp_path)
    before = written_in(folder)
    assert refused(lambda: imported(content, folder)) == f"Line 3: {words}"
    assert written_in(folder) == before


def test_a_judgement_without_a_date_or_a_part_is_read() -> None:
    row = [*INADEQUATE[:3], "", *INADEQUATE[4:]]
    (found,) = read_judgements(parse_published("o.csv", ofsted(row)), {"E06000002": "806"})
    assert (found.inspected, found.care_leavers) == ("", "")


@pytest.mark.parametrize("column", [OFSTED_HEADING[1], OFSTED_HEADING[3], OFSTED_HEADING[9]])
def test_a_column_that_ofsteds_table_lacks_is_named(column: str) -> None:
    content = ofsted(INADEQUATE).replace(column.encode(), b"other")
    words = refused(lambda: read_judgements(parse_published("o.csv", content), {}))
    assert words == f"o.csv has no column {column}."


def test_ofsteds_table_without_rows_is_refused(tmp_path: Path) -> None:
    folder = with_areas(tmp_path)
    assert refused(lambda: imported(ofsted(), folder)) == "table.csv has a heading and no rows."


def test_ofsteds_table_needs_dfes_first(tmp_path: Path) -> None:
    words = refused(lambda: imported(ofsted(INADEQUATE), tmp_path))
    assert words.startswith("There is no areas.csv in ")
    assert "Import DfE's workforce table first" in words
    assert written_in(tmp_path) == {}


def test_another_judgement_than_before_is_told(tmp_path: Path) -> None:
    imported(ofsted(INADEQUATE), with_areas(tmp_path))
    told = imported(ofsted(judged("E06000002", "Middlesbrough")), tmp_path)
    assert told[1:] == ("Another judgement: Middlesbrough, Inadequate to Good",)


# What an import tells and writes.


def test_the_same_table_gives_the_same_bytes_in_whatever_order_of_rows(tmp_path: Path) -> None:
    years = ("2023", "2024", "2025")
    rows = [
        {**row, "time_period": year}
        for year in years
        for row in (ENGLAND, NORTH_EAST, MIDDLESBROUGH, BOTH)
    ]
    imported(indicators(*rows), tmp_path / "a")
    imported(indicators(*rows), tmp_path / "b")
    imported(indicators(*rows[::-1]), tmp_path / "c")
    assert written_in(tmp_path / "a") == written_in(tmp_path / "b")
    first, turned = written_in(tmp_path / "a"), written_in(tmp_path / "c")
    for name in ("workforce.csv", "areas.csv"):
        assert first[name] == turned[name]
        assert b"\r" not in first[name]
        assert first[name].endswith(b"\n")


def test_values_are_written_to_the_precision_published() -> None:
    figures = (
        Figure("a", 2025, "in_post", 1_234_567.8, ""),
        Figure("a", 2025, "turnover", 0.1234, ""),
        Figure("a", 2025, "vacancies_covered", None, "unreliable"),
        Figure("b", 2025, "in_post", 9.0, ""),
    )
    assert figures_text(figures).splitlines()[1:] == [
        "a,2025,in_post,1234567.8,",
        "a,2025,turnover,0.1234,",
        "a,2025,vacancies_covered,,unreliable",
        "b,2025,in_post,9,",
    ]


def test_the_provenance_written_says_what_was_read_and_what_was_checked(tmp_path: Path) -> None:
    content = indicators(ENGLAND, MIDDLESBROUGH)
    imported(content, tmp_path, 'a "release" of 2025.csv')
    file = tmp_path / "provenance" / "workforce.toml"
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    assert found["publication"] == "Children's social work workforce"
    assert found["publisher"] == "Department for Education"
    assert found["release"] == "year to 30 September 2025"
    assert found["published"] == "2026-03-19"
    assert found["licence"] == "Open Government Licence v3.0"
    assert found["years"] == [2025, 2025]
    assert found["layout"] == INDICATORS.name
    assert found["source_file"] == 'a "release" of 2025.csv'
    assert found["source_sha256"] == hashlib.sha256(content).hexdigest()
    assert found["checks"] == [
        "every cell is a number of 0 or more, or a symbol that DfE uses",
        "no area stands twice in a year",
        "no vacancy, agency or absence rate is above 100%",
        "every year has England's own row",
    ]


def test_a_plan_writes_nothing_until_it_is_told_to(tmp_path: Path) -> None:
    plan = plan_for(parse_published("dfe.csv", indicators(ENGLAND)), tmp_path / "new")
    assert plan.replaces(tmp_path / "new") == ()
    assert not (tmp_path / "new").exists()
    written = plan.write(tmp_path / "new")
    assert {str(file.relative_to(tmp_path / "new")) for file in written} == set(plan.files)


def test_a_plan_names_the_files_that_would_become_different(tmp_path: Path) -> None:
    imported(indicators(ENGLAND, MIDDLESBROUGH), tmp_path)
    revised = indicators(ENGLAND, {**MIDDLESBROUGH, "cases": "1999"})
    plan = plan_for(parse_published("table.csv", revised), tmp_path, "2026-03-19")
    assert plan.replaces(tmp_path) == ("workforce.csv", "provenance/workforce.toml")


def test_a_first_import_tells_that_there_was_nothing_before(tmp_path: Path) -> None:
    assert imported(indicators(ENGLAND, MIDDLESBROUGH), tmp_path, "dfe.csv") == (
        "dfe.csv: indicators, releases of 2023 to 2025, 2025 to 2025, 2 areas, 30 figures.",
        "There were no figures before.",
    )


def test_the_next_release_tells_every_kind_of_change(tmp_path: Path) -> None:
    before = [
        {**row, "time_period": year}
        for year in ("2023", "2024")
        for row in (ENGLAND, MIDDLESBROUGH)
    ]
    gone = {**MIDDLESBROUGH, "time_period": "2024", "old_la_code": "909", "la_name": "Cumbria"}
    imported(indicators(*before, gone), tmp_path)
    after = [
        {**ENGLAND, "time_period": "2024", "turnover_rate_fte": "17.2", "more": "1"},
        {**ENGLAND, "more": "1"},
        {**MIDDLESBROUGH, "time_period": "2024", "cases": "x", "more": "1"},
        {**MIDDLESBROUGH, "la_name": "Middlesbrough Council", "more": "1"},
        {**MIDDLESBROUGH, "old_la_code": "942", "la_name": "Cumberland", "more": "1"},
    ]
    told = imported(indicators(*after, heading=[*INDICATORS_HEADING, "more"]), tmp_path)
    assert told[1:] == (
        "New columns, not imported, for this version does not know them: more",
        "New year: 2025",
        "Gone year: 2023",
        "Revised: 2 figures",
        "  806, 2024, cases: 2000 to not available",
        "  E92000001, 2024, turnover: 0.086 to 0.172",
        "New area: Cumberland (942)",
        "Gone area: Cumbria (909)",
        "Another name: Middlesbrough is now Middlesbrough Council (806)",
    )


def test_an_older_layout_tells_the_measure_that_it_lacks(tmp_path: Path) -> None:
    imported(indicators(ENGLAND), tmp_path)
    assert imported(headline(ENGLAND), tmp_path)[1:] == (
        "Gone measure: starters",
        "No figure was revised.",
    )
    assert imported(indicators(ENGLAND), tmp_path)[1] == "New measure: starters"


def test_a_council_whose_rows_of_a_year_are_no_longer_there_is_told(tmp_path: Path) -> None:
    england = [{**ENGLAND, "time_period": "2024"}, ENGLAND]
    imported(
        indicators(*england, MIDDLESBROUGH, {**MIDDLESBROUGH, "time_period": "2024"}), tmp_path
    )
    assert imported(indicators(*england, MIDDLESBROUGH), tmp_path)[1:] == (
        "No longer there: 806 in 2024",
        "No figure was revised.",
    )


def our_row(area: int, value: str) -> dict[str, str]:
    return {"area": str(area), "year": "2025", "measure": "cases", "value": value, "flag": ""}


@pytest.mark.parametrize(
    ("revised", "last"), [(20, None), (21, "  and 1 more"), (99, "  and 79 more")]
)
def test_the_first_twenty_revisions_are_told_and_the_others_counted(
    revised: int, last: str | None
) -> None:
    areas = range(101, 101 + revised)
    told = figure_changes((our_row(a, "1") for a in areas), (our_row(a, "2") for a in areas))
    assert told[0] == f"Revised: {revised} figures"
    assert told[1:21] == [f"  {area}, 2025, cases: 1 to 2" for area in areas[:20]]
    assert told[21:] == ([last] if last else [])


def test_one_revision_is_one_figure() -> None:
    told = figure_changes([our_row(1, "1")], [our_row(1, "2")])
    assert told == ["Revised: 1 figure", "  1, 2025, cases: 1 to 2"]


def test_no_area_is_told_as_new_where_there_were_none() -> None:
    assert area_changes([], [{"area": "806", "name": "Middlesbrough"}]) == []


@pytest.mark.parametrize(
    "content",
    [
        indicators(ENGLAND, {**MIDDLESBROUGH, "cases": "many"}),
        indicators(MIDDLESBROUGH),
        indicators(),
        model_2025(("806", ["806", *TEN[1:]])),
        b"",
    ],
)
def test_nothing_is_written_where_a_table_is_refused(content: bytes, tmp_path: Path) -> None:
    imported(indicators(ENGLAND), tmp_path)
    before = written_in(tmp_path)
    refused(lambda: imported(content, tmp_path))
    assert written_in(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("workforce.csv", indicators(ENGLAND)),
        ("areas.csv", indicators(ENGLAND)),
        ("neighbours.csv", model_2025(("806", TEN))),
        ("areas.csv", ofsted(INADEQUATE)),
    ],
)
def test_a_file_in_the_folder_that_is_not_ours_is_named(
    name: str, content: bytes, tmp_path: Path
) -> None:
    (tmp_path / name).write_text("mine,too\n1,2\n", encoding="utf-8")
    words = refused(lambda: imported(content, tmp_path))
    assert f"{name} is not a table of ours: its columns should be " in words


# DfE's service, in a small server of the test's own.

PUBLICATION_ID = "pub 1/é"
DATA_SET = "bd4d8c04"
TABLE = indicators(ENGLAND, MIDDLESBROUGH)
PUBLICATIONS = {
    "results": [
        {"id": "other", "title": "Children's social work workforce: attrition"},
        {"id": PUBLICATION_ID, "title": "Children’s social work workforce"},
    ]
}
DATA_SETS = {
    "results": [
        {"id": "0000", "title": "Time in service"},
        {"id": DATA_SET, "title": "CSWW Indicators 2017 to 2025"},
    ]
}


@dataclass(frozen=True)
class Answer:
    """What the server says to one request."""

    content: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    length: int | None = None
    letter_by_letter: float = 0


def in_json(found: object) -> Answer:
    return Answer(json.dumps(found).encode(), headers={"Content-Type": "application/json"})


class Service:
    """A server on this machine that answers by path; what it was asked for is kept."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, Answer] = {
            "/publications": in_json(PUBLICATIONS),
            "/publications/pub%201%2F%C3%A9/data-sets": in_json(DATA_SETS),
            f"/data-sets/{DATA_SET}/csv": Answer(TABLE),
        }
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append(self.path)
                answer = service.answers.get(urlsplit(self.path).path, Answer(status=404))
                service.closing.wait(answer.wait)
                with contextlib.suppress(OSError):  # whoever asked may have gone
                    self._say(answer)

            def _say(self, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                size = len(answer.content) if answer.length is None else answer.length
                self.send_header("Content-Length", str(size))
                self.end_headers()
                step = 1 if answer.letter_by_letter else len(answer.content) or 1
                for start in range(0, len(answer.content), step):
                    self.wfile.write(answer.content[start : start + step])
                    if service.closing.wait(answer.letter_by_letter):
                        return

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture(autouse=True)
def no_other_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing here ask any host but this machine."""
    look_up = socket.getaddrinfo

    def only_here(host: Any, *rest: Any, **more: Any) -> Any:
        assert host == "127.0.0.1", f"a test asked {host}"
        return look_up(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", only_here)
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def service() -> Iterator[Service]:
    serving = Service()
    yield serving
    serving.close()


def not_reached(service: Service, data_set: str = "", seconds: float = 5.0) -> str:
    """The words with which an answer is refused."""
    with pytest.raises(NotReachedError) as problem:
        fetch_workforce(data_set, seconds=seconds, address=service.address)
    words = str(problem.value)
    assert "\n" not in words
    assert words.startswith("127.0.0.1 ")
    assert "Download the table by hand" in words
    return words


def test_the_table_is_found_by_its_publication_and_title(service: Service) -> None:
    published = fetch_workforce(address=service.address)
    assert published.sha256 == hashlib.sha256(TABLE).hexdigest()
    assert published.name == f"dfe-{DATA_SET}.csv"
    assert read_workforce(published) == read(TABLE)
    search, listed, table = map(urlsplit, service.asked)
    assert search.path == "/publications"
    assert parse_qs(search.query)["search"] == ["Children's social work workforce"]
    assert listed.path == "/publications/pub%201%2F%C3%A9/data-sets"
    assert table.path == f"/data-sets/{DATA_SET}/csv"


def test_a_data_set_that_is_named_is_asked_for_at_once(service: Service) -> None:
    assert fetch_workforce(DATA_SET, address=service.address).rows
    assert service.asked == [f"/data-sets/{DATA_SET}/csv"]


def test_a_packed_answer_is_unpacked(service: Service) -> None:
    packed = Answer(gzip.compress(TABLE), headers={"Content-Encoding": "gzip"})
    service.answers[f"/data-sets/{DATA_SET}/csv"] = packed
    assert fetch_workforce(DATA_SET, address=service.address).rows == (
        parse_published("dfe.csv", TABLE).rows
    )


def test_a_redirect_is_followed(service: Service) -> None:
    service.answers["/data-sets/old/csv"] = Answer(
        status=302, headers={"Location": f"/data-sets/{DATA_SET}/csv"}
    )
    assert fetch_workforce("old", address=service.address).sha256 == (
        hashlib.sha256(TABLE).hexdigest()
    )


@pytest.mark.parametrize("target", ["/data-sets/round/csv", "file:///etc/hosts"])
def test_a_redirect_without_end_or_to_a_file_is_refused(target: str, service: Service) -> None:
    service.answers["/data-sets/round/csv"] = Answer(status=302, headers={"Location": target})
    assert "refused (302 " in not_reached(service, "round")


def test_of_several_data_sets_all_are_listed_with_their_ids(service: Service) -> None:
    several = {
        "results": [
            {"id": "aaa", "title": "Indicators by council"},
            {"id": "bbb", "title": "Indicators by region"},
        ]
    }
    service.answers["/publications/pub%201%2F%C3%A9/data-sets"] = in_json(several)
    with pytest.raises(ImportRefusedError) as problem:
        fetch_workforce(address=service.address)
    assert str(problem.value).splitlines() == [
        "Which data set? Name one with --data-set ID.",
        "  aaa  Indicators by council",
        "  bbb  Indicators by region",
    ]


def test_a_publication_that_is_not_there_is_told(service: Service) -> None:
    service.answers["/publications"] = in_json({"results": PUBLICATIONS["results"][:1]})
    words = refused(lambda: fetch_workforce(address=service.address))
    assert "has no publication called “Children's social work workforce” today." in words
    assert "Download the table by hand" in words


def test_a_publication_without_data_sets_is_told(service: Service) -> None:
    service.answers["/publications/pub%201%2F%C3%A9/data-sets"] = in_json({"results": []})
    words = refused(lambda: fetch_workforce(address=service.address))
    assert words.startswith("DfE's service offers no data set of this publication yet. Download")


@pytest.mark.parametrize("data_set", ["", DATA_SET], ids=["searched", "named"])
@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "refused (404 Not Found)"), (500, "refused (500 Internal Server Error)")],
)
def test_a_refusal_is_told_with_its_number(
    status: int, words: str, data_set: str, service: Service
) -> None:
    for path in list(service.answers):
        service.answers[path] = Answer(status=status)
    assert f"{words}. Nothing was changed." in not_reached(service, data_set)


@pytest.mark.parametrize(
    "content",
    [
        b"<html>Sorry</html>",
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"results": ' + 9_000 * b"9" + b"}",
    ],
    ids=["HTML", "empty", "no text", "brackets without end", "a number without end"],
)
def test_an_answer_that_is_not_json_is_told(content: bytes, service: Service) -> None:
    service.answers["/publications"] = Answer(content)
    assert "did not answer in JSON" in not_reached(service)


@pytest.mark.parametrize(
    "found",
    [[], "text", None, {}, {"results": "none"}, {"results": [1]}, {"results": [{"title": "a"}]},
     {"results": [{"id": 1, "title": "a"}]}],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("path", ["/publications", "/publications/pub%201%2F%C3%A9/data-sets"])
def test_json_of_another_shape_is_told(path: str, found: object, service: Service) -> None:
    service.answers[path] = in_json(found)
    assert "did not answer as it is documented to" in not_reached(service)


@pytest.mark.parametrize("data_set", ["", DATA_SET], ids=["searched", "named"])
@pytest.mark.parametrize(
    "slow",
    [Answer(TABLE, wait=30), Answer(TABLE, letter_by_letter=0.05)],
    ids=["silent", "a letter at a time"],
)
def test_a_slow_answer_is_given_up_in_time(slow: Answer, data_set: str, service: Service) -> None:
    for path in list(service.answers):
        service.answers[path] = slow
    start = time.monotonic()
    words = not_reached(service, data_set, seconds=0.3)
    assert time.monotonic() - start < 2
    assert "did not answer within 0.3 seconds" in words


def test_a_service_that_is_not_there_is_told(service: Service) -> None:
    service.close()
    assert "cannot be reached (" in not_reached(service)


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_breaks_off_half_way_is_not_taken_for_the_whole(
    packed: bool, service: Service
) -> None:
    whole = gzip.compress(TABLE) if packed else TABLE
    # What comes of the plain one is a table without a fault, but without Middlesbrough.
    half = whole[: len(whole) // 2] if packed else indicators(ENGLAND)
    assert whole.startswith(half)
    service.answers[f"/data-sets/{DATA_SET}/csv"] = Answer(
        half, headers={"Content-Encoding": "gzip"} if packed else {}, length=len(whole)
    )
    assert "broke off (" in not_reached(service, DATA_SET)


def test_a_packed_answer_that_ends_early_or_is_not_packed_is_told(service: Service) -> None:
    for content in (gzip.compress(TABLE)[:-20], TABLE):
        service.answers[f"/data-sets/{DATA_SET}/csv"] = Answer(
            content, headers={"Content-Encoding": "gzip"}
        )
        assert "broke off (" in not_reached(service, DATA_SET)


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_larger_than_any_release_is_refused(
    packed: bool, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = TABLE + 100_000 * b"\n"
    service.answers[f"/data-sets/{DATA_SET}/csv"] = (
        Answer(gzip.compress(content), headers={"Content-Encoding": "gzip"})
        if packed
        else Answer(content)
    )
    assert fetch_workforce(DATA_SET, address=service.address).rows
    monkeypatch.setattr(dfe_api, "LARGEST", 10_000)
    words = refused(lambda: fetch_workforce(DATA_SET, address=service.address))
    assert words == "DfE's service sent over 100 MB; no release is so large."


@pytest.mark.parametrize(
    ("data_set", "path"),
    [
        ("../../admin?x=1#y", "/data-sets/..%2F..%2Fadmin%3Fx%3D1%23y/csv"),
        ("a b\r\nHost: other", "/data-sets/a%20b%0D%0AHost%3A%20other/csv"),
        ("@other/", "/data-sets/%40other%2F/csv"),
    ],
)
def test_an_id_with_other_signs_stays_within_its_place(
    data_set: str, path: str, service: Service
) -> None:
    not_reached(service, data_set)
    assert service.asked == [path]


def test_an_id_that_the_service_gives_is_quoted_too(service: Service) -> None:
    found = {"results": [{"id": "../x", "title": "Indicators"}]}
    service.answers["/publications/pub%201%2F%C3%A9/data-sets"] = in_json(found)
    not_reached(service)
    assert service.asked[-1] == "/data-sets/..%2Fx/csv"


# The same through the command line.


@pytest.fixture
def at_the_service(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The service, in place of DfE's own."""
    asked = functools.partial(fetch_workforce, address=service.address)
    monkeypatch.setattr(dfe_api, "fetch_workforce", asked)
    return service


Captured = pytest.CaptureFixture[str]


def test_the_command_imports_from_dfe(
    at_the_service: Service, tmp_path: Path, capsys: Captured
) -> None:
    folder = tmp_path / "ours"
    assert main(["import", "--from-dfe", "--to", str(folder)]) == 0
    assert capsys.readouterr().out.startswith(f"dfe-{DATA_SET}.csv: indicators, ")
    assert rows_in(folder / "workforce.csv")
    assert len(at_the_service.asked) == 3


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(status=404), "refused (404 Not Found)"),
        (Answer(b"<html>"), "did not answer in JSON"),
        (Answer(wait=30), "did not answer within 0.3 seconds"),
        (in_json({"results": []}), "has no publication called"),
    ],
)
def test_the_command_tells_what_went_wrong_and_writes_nothing(
    answer: Answer, words: str, at_the_service: Service, tmp_path: Path, capsys: Captured
) -> None:
    at_the_service.answers["/publications"] = answer
    folder = tmp_path / "ours"
    command = ["import", "--from-dfe", "--to", str(folder), "--seconds", "0.3"]
    assert main(command) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert words in printed.err
    assert not folder.exists()


def test_the_command_refuses_a_table_that_is_another_one(
    at_the_service: Service, tmp_path: Path, capsys: Captured
) -> None:
    at_the_service.answers["/data-sets/other/csv"] = Answer(b"a,b\n1,2\n")
    folder = tmp_path / "ours"
    command = ["import", "--from-dfe", "--data-set", "other", "--to", str(folder)]
    assert main(command) == 2
    assert capsys.readouterr().err.startswith("dfe-other.csv is not a table this reads")
    assert not folder.exists()


def test_the_command_asks_no_other_service_than_dfes() -> None:
    assert inspect.signature(fetch_workforce).parameters["address"].default == dfe_api.ADDRESS
    assert dfe_api.ADDRESS == "https://api.education.gov.uk/statistics/v1"
