"""A council's own figures beside DfE's: each is said to agree, to differ, or how usual it is."""

from __future__ import annotations

import re

import pytest

from retention_lib.benchmarks.chance import share_interval
from retention_lib.benchmarks.groups import council
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.own import own_sentence, own_table
from retention_lib.figures import OwnFigure, figure, latest_year, values_of, why_none
from retention_lib.units import percent

MIDDLESBROUGH, SUNDERLAND, KENSINGTON = "806", "394", "207"


def said(code: str, year: int, measure: str, value: float) -> str:
    """Give the sentence about one figure of a council's own."""
    return own_sentence(MEASURES[measure], council(code), OwnFigure(year, measure, value))


@pytest.mark.parametrize("value", [0.208, 0.2084, 0.2076])
def test_figure_that_rounds_to_dfes_is_the_same(value: float) -> None:
    assert said(MIDDLESBROUGH, 2019, "turnover", value) == "The same as DfE published."


@pytest.mark.parametrize(
    ("measure", "value", "words"),
    [
        ("turnover", 0.30, "9.2 points above what DfE published."),
        ("turnover", 0.198, "1 point below what DfE published."),
        ("turnover", 0.2070, "0.1 points below what DfE published."),
        ("caseload", 17.8, "1 case above what DfE published."),
        ("caseload", 14.3, "2.5 cases below what DfE published."),
    ],
)
def test_figure_that_differs_says_by_how_much_and_which_way(
    measure: str, value: float, words: str
) -> None:
    assert figure("turnover", MIDDLESBROUGH, 2019) == 0.208
    assert figure("caseload", MIDDLESBROUGH, 2019) == 16.8
    assert said(MIDDLESBROUGH, 2019, measure, value) == words


def test_past_year_without_a_published_figure_is_said_to_have_none() -> None:
    assert figure("turnover", SUNDERLAND, 2024) is None
    assert why_none("turnover", SUNDERLAND, 2024) == "unreliable"
    assert figure("turnover", SUNDERLAND, 2023) is not None
    words = "DfE published no figure for this year."
    assert said(SUNDERLAND, 2024, "turnover", 0.1) == words
    assert said(KENSINGTON, latest_year(), "turnover", 0.1) == words
    assert said(MIDDLESBROUGH, 2016, "turnover", 0.1) == words


def starts(measure: str, low: float, high: float, years: int) -> list[float]:
    """List how far every council moved that started between two figures, from the table itself."""
    values = {
        key: value
        for key, value in values_of(measure).items()
        if not key[0].startswith("E") and (figure("in_post", *key) or 0) >= 30
    }
    return [
        values[code, year + years] - value
        for (code, year), value in values.items()
        if low - 1e-9 <= value <= high + 1e-9 and (code, year + years) in values
    ]


@pytest.mark.parametrize(("years", "value"), [(1, 0.06), (1, 0.12), (2, 0.12), (3, 0.10)])
def test_later_year_says_how_usual_such_a_move_is(years: int, value: float) -> None:
    last = latest_year()
    published = figure("turnover", MIDDLESBROUGH, last)
    assert published is not None
    change = value - published
    sentence = said(MIDDLESBROUGH, last + years, "turnover", value)
    sign = "+" if change > 0 else "−"
    moved = f"{sign}{MEASURES['turnover'].by(change)} from DfE's"
    assert sentence.startswith(f"{moved} {MEASURES['turnover'].text(published)} of {last}. ")
    near = MEASURES["turnover"].near
    found = starts("turnover", published - near, published + near, years)
    did = [each for each in found if (each - change) * (1 if change > 0 else -1) >= -1e-9]
    way = "risen" if change > 0 else "fallen"
    numbers = re.search(r"(\d+) times .* (\d+) of them \((.+)\) had (\w+) as far\.$", sentence)
    assert numbers is not None, sentence
    share = percent(len(did) / len(found))
    assert numbers.groups() == (str(len(found)), str(len(did)), share, way)


def test_council_without_the_latest_figure_is_measured_from_its_last() -> None:
    last = latest_year()
    assert figure("turnover", KENSINGTON, last) is None
    before = figure("turnover", KENSINGTON, last - 1)
    assert before is not None
    sentence = said(KENSINGTON, last + 1, "turnover", 0.1)
    assert f"from DfE's {MEASURES['turnover'].text(before)} of {last - 1}." in sentence
    found = starts("turnover", before - 0.025, before + 0.025, 2)
    assert f" {len(found)} times a council has started near there." in sentence


def test_last_figure_is_looked_for_in_the_eight_years_before() -> None:
    # Cumbria is no more after 2022.
    assert "from DfE's 7.5% of 2022." in said("909", 2030, "turnover", 0.1)
    assert said("909", 2031, "turnover", 0.1) == "DfE published no figure for this year."


def test_table_has_a_row_for_each_year_of_its_measure_in_order() -> None:
    area, last = council(MIDDLESBROUGH), latest_year()
    own = [
        OwnFigure(last + 1, "turnover", 0.11),
        OwnFigure(2019, "vacancy", 0.5),
        OwnFigure(2016, "turnover", 0.15),
        OwnFigure(2019, "turnover", 0.3),
        OwnFigure(2019, "in_post", 100.0),
    ]
    table = own_table("turnover", area, own)
    assert table.key == "own"
    assert table.title == "Turnover: your file beside DfE's figures"
    rows = table.records()
    assert [row["year"] for row in rows] == ["2016", "2019", str(last + 1)]
    assert [row["own"] for row in rows] == [0.15, 0.3, 0.11]
    assert [row["published"] for row in rows] == [None, 0.208, None]
    assert rows[0]["difference"] is rows[2]["difference"] is None
    assert rows[1]["difference"] == pytest.approx(0.092)
    ours = {each.year: each for each in own if each.measure == "turnover"}
    for row in rows:
        expected = own_sentence(MEASURES["turnover"], area, ours[int(str(row["year"]))])
        assert str(row["reading"]).startswith(expected)
    # The file says how many staff there were in 2019, so luck can be allowed for.
    low, high = share_interval(0.3, 100)
    assert str(rows[1]["reading"]).endswith(f"could be {low:.1%} to {high:.1%}.")
    assert "luck" not in str(rows[0]["reading"])
    kinds = [column.kind for column in table.columns]
    assert kinds == ["text", "share", "share", "points", "text"]


def test_luck_in_a_share_of_posts_is_that_of_all_the_posts() -> None:
    own = [OwnFigure(2019, "vacancy", 0.2), OwnFigure(2019, "in_post", 80.0)]
    reading = str(own_table("vacancy", council(MIDDLESBROUGH), own).records()[0]["reading"])
    low, high = share_interval(0.2, 100)
    assert reading.endswith(f"could be {low:.1%} to {high:.1%}.")


def test_caseload_is_in_cases_and_a_measure_not_in_the_file_has_no_rows() -> None:
    area = council(MIDDLESBROUGH)
    own = [OwnFigure(2019, "caseload", 17.8)]
    table = own_table("caseload", area, own)
    assert {column.kind for column in table.columns[1:4]} == {"number"}
    assert table.records()[0]["reading"] == "1 case above what DfE published."
    assert own_table("absence", area, own).rows == ()
