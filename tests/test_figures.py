"""Published figures as the product ships them, and the importer that made them."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from retention_lib.figures import FIGURES, areas, councils, leaving_in, release, years_of
from retention_lib.importers.dfe import (
    FLAGS,
    Area,
    Figure,
    Imported,
    ImportRefusedError,
    read_indicators,
    write_figures,
)
from retention_lib.rates import annual_chance_from_turnover

HEADING = (
    "time_period,geographic_level,country_code,country_name,region_code,region_name,"
    "old_la_code,la_name,turnover_rate_fte,vacancy_agency_cover_rate_fte,inpost_fte,more"
)
ENGLAND = "2025,National,E92000001,England,,,,,11.8,73.6,36186.3,x"
REGION = "2025,Regional,E92000001,England,E12000001,North East,,,11.7,70.8,2299.3,x"
COUNCIL = "2025,Local authority,E92000001,England,E12000001,North East,806,Middlesbrough,{},100,90,"
JOINT = (
    "2024,Local authority,E92000001,England,E13000002,Outer London,314 / 318,"
    '"Kingston / Richmond, both",8,u,148,x'
)


def table(folder: Path, *rows: str, encoding: str = "utf-8") -> Path:
    """Write a small table in the layout of DfE's."""
    file = folder / "dfe.csv"
    file.write_text("\n".join([HEADING, *rows]) + "\n", encoding=encoding)
    return file


def rows_of(file: Path) -> list[dict[str, str]]:
    """Read one of our tables."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


# The figures shipped.


def test_england_lost_11_point_8_percent_in_2025_and_middlesbrough_20_point_8_in_2019() -> None:
    england, middlesbrough = leaving_in("E92000001", 2025), leaving_in("806", 2019)
    assert england is not None
    assert england.turnover == 0.118
    assert england.area.name == "England"
    assert middlesbrough is not None
    assert middlesbrough.turnover == 0.208
    assert middlesbrough.annual_leaving_rate == pytest.approx(1 - (1 - 0.208 / 12) ** 12, abs=1e-6)
    assert middlesbrough.source == (
        "DfE, year to September 2019: turnover of 20.8% in Middlesbrough, "
        "turned into a chance of leaving"
    )


def test_every_published_turnover_is_a_share_and_turned_into_a_chance_in_one_way() -> None:
    for area in areas():
        for year in years_of(area.code):
            figure = leaving_in(area.code, year)
            assert figure is not None
            assert 0 <= figure.turnover <= 1
            chance = float(annual_chance_from_turnover(figure.turnover))
            assert figure.annual_leaving_rate == pytest.approx(chance, abs=1e-6)
            assert figure.in_post is None or figure.in_post >= 0


def test_councils_are_there_joint_returns_as_one_and_in_order_of_their_names() -> None:
    names = {council.code: council.name for council in councils()}
    assert names["314 / 318"] == "Kingston upon Thames / Richmond upon Thames"
    assert names["940 / 941"] == "North Northamptonshire / West Northamptonshire"
    assert len(names) > 150
    assert list(names.values()) == sorted(names.values())
    assert "E92000001" not in names
    assert years_of("806") == tuple(range(2025, 2016, -1))


def test_england_comes_before_its_regions_and_they_before_councils() -> None:
    levels = [area.level for area in areas()]
    assert levels[0] == "country"
    assert levels == sorted(levels, key=["country", "region", "council"].index)


def test_what_was_not_published_is_none() -> None:
    assert leaving_in("806", 1999) is None
    assert leaving_in("no such", 2025) is None
    assert years_of("no such") == ()


def test_every_row_shipped_has_a_value_or_says_why_not_and_belongs_to_an_area() -> None:
    known = {row["area"] for row in rows_of(FIGURES / "areas.csv")}
    rows = rows_of(FIGURES / "workforce.csv")
    assert len({(row["area"], row["year"], row["measure"]) for row in rows}) == len(rows)
    for row in rows:
        assert row["area"] in known
        assert bool(row["value"]) != bool(row["flag"])
        assert row["flag"] in {"", *FLAGS.values()}
        if row["value"] and row["measure"] != "in_post":
            assert 0 <= float(row["value"]) <= 1


def test_the_release_is_named() -> None:
    assert release() == "Children's social work workforce, year to 30 September 2025"


# The importer.


def test_a_small_table_becomes_ours(tmp_path: Path) -> None:
    file = table(tmp_path, ENGLAND, REGION, COUNCIL.format("20.8"), JOINT)
    found = read_indicators(file)
    assert found.areas == (
        Area("314 / 318", "Kingston / Richmond, both", "council", "E13000002"),
        Area("806", "Middlesbrough", "council", "E12000001"),
        Area("E12000001", "North East", "region", "E12000001"),
        Area("E92000001", "England", "country", ""),
    )
    figures = {(each.area, each.measure): each for each in found.figures}
    assert figures["806", "turnover"] == Figure("806", 2025, "turnover", 0.208, "")
    assert figures["E92000001", "in_post"].value == 36186.3
    assert figures["314 / 318", "vacancies_covered"].flag == "unreliable"
    assert found.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("symbol", FLAGS)
def test_a_symbol_becomes_an_empty_value_and_says_why(symbol: str, tmp_path: Path) -> None:
    found = read_indicators(table(tmp_path, COUNCIL.format(symbol)))
    turnover = next(each for each in found.figures if each.measure == "turnover")
    assert turnover == Figure("806", 2025, "turnover", None, FLAGS[symbol])


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    plain = read_indicators(table(tmp_path, ENGLAND)).figures
    assert read_indicators(table(tmp_path, ENGLAND, encoding="utf-8-sig")).figures == plain


def test_the_same_table_gives_the_same_bytes_in_whatever_order(tmp_path: Path) -> None:
    rows = [ENGLAND, REGION, COUNCIL.format("20.8"), JOINT]
    first = write_figures(read_indicators(table(tmp_path, *rows)), tmp_path / "first")
    second = write_figures(read_indicators(table(tmp_path, *reversed(rows))), tmp_path / "second")
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
        assert b"\r" not in one.read_bytes()


def test_what_is_written_is_to_the_precision_published(tmp_path: Path) -> None:
    figures = (
        Figure("a", 2025, "in_post", 1_234_567.8, ""),
        Figure("a", 2025, "turnover", 0.1234, ""),
        Figure("a", 2025, "vacancies_covered", None, "unreliable"),
        Figure("b", 2025, "in_post", 9.0, ""),
    )
    written, _ = write_figures(Imported((), figures, ""), tmp_path)
    assert written.read_text(encoding="utf-8").splitlines()[1:] == [
        "a,2025,in_post,1234567.8,",
        "a,2025,turnover,0.1234,",
        "a,2025,vacancies_covered,,unreliable",
        "b,2025,in_post,9,",
    ]


def test_the_figures_shipped_are_written_as_the_importer_writes_them(tmp_path: Path) -> None:
    figures = tuple(
        Figure(
            row["area"], int(row["year"]), row["measure"],
            float(row["value"]) if row["value"] else None, row["flag"],
        )
        for row in rows_of(FIGURES / "workforce.csv")
    )  # fmt: skip
    shipped = tuple(Area(*row.values()) for row in rows_of(FIGURES / "areas.csv"))
    for file in write_figures(Imported(shipped, figures, ""), tmp_path):
        assert file.read_bytes() == (FIGURES / file.name).read_bytes()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (COUNCIL.format("n/a"), "Line 3, turnover_rate_fte is 'n/a': neither a number nor a symb"),
        (COUNCIL.format("nan"), "Line 3, turnover_rate_fte is 'nan': neither a number nor a symb"),
        (COUNCIL.format("inf"), "Line 3, turnover_rate_fte is 'inf': neither a number nor a symb"),
        (COUNCIL.format("1")[:-8], "Line 3 has more cells than the heading, or fewer."),
        (COUNCIL.format("1,1"), "Line 3 has more cells than the heading, or fewer."),
        (
            COUNCIL.format("1").replace("2025,", "2024/25,"),
            "Line 3: time_period is '2024/25'; it must be a year: 2025.",
        ),
        (
            COUNCIL.format("1").replace("Local authority", "Ward"),
            "Line 3: geographic_level is 'Ward'; "
            "it must be one of National, Regional, Local authority.",
        ),
    ],
)
def test_a_bad_cell_is_refused_with_its_line(row: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        read_indicators(table(tmp_path, ENGLAND, row))
    assert str(refused.value).startswith(words)


def test_a_table_without_a_column_is_refused_and_says_which(tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text(HEADING.replace("turnover_rate_fte,", "") + "\n" + "1,2\n", encoding="utf-8")
    with pytest.raises(ImportRefusedError) as refused:
        read_indicators(file)
    assert str(refused.value) == (
        "other.csv is not a table of workforce indicators this reads: "
        "it has no column turnover_rate_fte."
    )


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", bytes(range(256)), b"\xa3,1\n2,3"])
def test_a_file_that_is_no_table_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    with pytest.raises(ImportRefusedError, match=r"^odd\.csv is not a "):
        read_indicators(file)
