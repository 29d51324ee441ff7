"""The page of what happened after, without a browser: what it does with what is sent, and draws."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from retention_lib.benchmarks.measures import MEASURES
from retention_lib.outputs.tables_csv import answer_csv
from retention_lib.pictures import happened as happened_pictures
from retention_lib.pictures.drawing import after
from retention_lib.synthetic.answer import what_happened
from retention_lib.synthetic.cases import FIRST, case, cases
from retention_lib.synthetic.question import Question
from retention_lib.views import happened_form as form
from retention_lib.views import markup, start_page
from retention_lib.views.benchmarks_page import BenchmarksPage
from retention_lib.views.happened_page import HappenedPage
from tests.drawn import check_apart, check_inside, words_of
from tests.visitors import NASTY, PageVisitor

MIDDLESBROUGH, LEEDS, BCP, KENSINGTON = "806", "383", "839", "207"
WIDTHS = (288, 640, 900)


def asking(code: str, year: int, measure: str = "turnover", **more: Any) -> Question:
    """Ask of one council."""
    given = {"council": code, "year": year, "measure": measure, **more}
    return Question.from_dict({"schema": 1, "kind": "what_happened", **given})


class Visitor(PageVisitor[HappenedPage, Question]):
    """A visitor of the page."""

    def __init__(self, start: Question | None = None) -> None:
        super().__init__(HappenedPage(start))

    def agrees(self) -> None:
        """What is shown is what the library answers: the answer, each picture and open table."""
        asked = self.scenario
        assert asked == self.page.scenario.with_reasons({})
        result = what_happened(asked)
        assert self.answer.headline == result.headline
        for sentence in result.sentences:
            assert markup.escaped(sentence) in self.answer.html
        for key, picture in self.pictures.items():
            if key in happened_pictures.CHARTS:
                drawn = happened_pictures.CHARTS[key](result, picture.width)
                assert (picture.svg, picture.reading) == (drawn.svg, drawn.reading), key
            else:
                assert picture.reading == happened_pictures.readings(result)[key]
            if picture.table_open:
                assert picture.table == markup.table_html(result.table(key)), key
        assert self.case.values == form.case_values(asked)
        assert self.levers.values == form.lever_values(asked)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def test_page_begins_with_the_first_case(visitor: Visitor) -> None:
    assert visitor.scenario == case(FIRST).question
    assert markup.escaped(case(FIRST).summary) in visitor.reads()
    assert "Nothing differs from the case." in visitor.reads()
    assert [key for key, each in visitor.pictures.items() if each.table] == ["later"]
    visitor.agrees()


@pytest.mark.parametrize("story", cases(), ids=lambda story: str(story.id))
def test_every_story_can_be_chosen(visitor: Visitor, story: Any) -> None:
    visitor.set("case.preset", cases()[1].id)
    visitor.set("case.preset", story.id)
    visitor.open_tables()
    assert visitor.scenario == story.question
    assert markup.escaped(story.source) in visitor.reads()
    visitor.agrees()


def test_council_measure_year_and_year_to_look_at_are_chosen_in_turn(visitor: Visitor) -> None:
    visitor.open_tables()
    for path, value in (
        ("council", LEEDS),
        ("measure", "caseload"),
        ("year", "2021"),
        ("until", "2022"),
        ("until", "2025"),
        ("council", BCP),
        ("year", "2017"),
    ):
        visitor.set(path, value)
        assert str(visitor.scenario.at(path)) == value
        visitor.agrees()
    assert visitor.case.values["case.preset"] == form.NO_CASE
    assert "rw-about-case" not in visitor.reads()


def test_another_council_or_year_lets_the_year_to_look_at_follow(visitor: Visitor) -> None:
    visitor.set("until", "2024")
    assert "1 thing differs from the case" in visitor.reads()
    visitor.set("year", "2020")
    assert visitor.scenario.until is None
    assert visitor.levers.values == {"until": "2023"}


def test_year_before_the_figures_stays_in_the_list() -> None:
    visitor = Visitor(case("somerset-2015").question)
    options = [each["value"] for each in visitor.fields()["year"]["options"]]
    assert options[-1] == "2015"
    assert "2015" not in [each["value"] for each in Visitor().fields()["year"]["options"]]
    assert "begin in 2017" in visitor.answer.headline
    assert visitor.pictures["path"].svg
    page = visitor.page
    for part in (page._rare, page._few, page._with):
        assert part.layout.display == "none"
    assert page._pictures["later"].layout.display is None
    assert "mix" not in page._words.html
    assert form.LEVERS[0].label not in page._inputs.html
    visitor.set("case.preset", FIRST)
    for part in (page._rare, page._few, page._with):
        assert part.layout.display is None
    assert form.LEVERS[0].label in page._inputs.html
    visitor.agrees()


def test_year_to_look_at_stays_where_another_could_be_answered() -> None:
    page = Visitor(asking(KENSINGTON, 2019, until=2025)).page
    assert page._complete().found is None
    assert page._few.layout.display is None
    page = Visitor(asking(MIDDLESBROUGH, 2025)).page
    assert page._few.layout.display == "none"
    assert page._pictures["later"].layout.display == "none"


def test_poor_match_draws_no_mix_and_no_place_and_says_so() -> None:
    result = what_happened(case("north-somerset-2022").question)
    for width in WIDTHS:
        path, others = (draw(result, width) for draw in happened_pictures.CHARTS.values())
        assert "Mix of" not in " ".join(words_of(ET.fromstring(path.svg)))
        assert "North Somerset" not in " ".join(words_of(ET.fromstring(others.svg)))
    assert "the mix is not drawn" in path.reading
    assert "no place among the others" in others.reading


def test_readings_name_the_year_that_stood_out_most() -> None:
    path, others = (
        draw(what_happened(case(FIRST).question), 640) for draw in happened_pictures.CHARTS.values()
    )
    assert "in 2022 4.2 points above the mix; in 2023 17 points above the mix" in path.reading
    assert "in 2022 27 stood as far above theirs, and in 2023 1 stood as far" in others.reading


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_drawn_within_its_picture(measure: str) -> None:
    for code, year in ((MIDDLESBROUGH, 2019), (LEEDS, 2018), (BCP, 2020), (LEEDS, 2025)):
        result = what_happened(asking(code, year, measure))
        for draw in happened_pictures.CHARTS.values():
            for width in WIDTHS:
                check_apart(check_inside(draw(result, width).svg))


def test_picture_names_both_lines_and_marks_the_year(visitor: Visitor) -> None:
    for width in WIDTHS:
        visitor.pictures["path"].width = width
        words = " ".join(words_of(ET.fromstring(visitor.pictures["path"].svg)))
        assert "Middlesbrough" in words
        assert "Mix of other" in words
        assert "after September 2019" in words
    assert visitor.pictures["others"].svg.count("<polyline") > 100


def test_nothing_to_draw_is_said() -> None:
    chart = after.AfterChart(
        "a", "A", "R", [2019, 2020], [None, None], "Here", [], "", [], "", None, "", str
    )
    assert "No figures to draw." in after.draw(chart, 320)


def test_link_and_file_come_back_as_they_were(visitor: Visitor) -> None:
    asked = asking(LEEDS, 2020, "vacancy", until=2021)
    visitor.take_away.arrived = asked.to_link()
    assert visitor.scenario == asked
    again = Visitor()
    again.open_file(visitor.take("scenario").text)
    assert again.scenario == asked
    again.agrees()


def test_damaged_link_wrong_case_and_wrong_file_are_told(visitor: Visitor) -> None:
    begun = visitor.scenario
    for arrived, words in (("s=abc", "cannot be read"), (f"case={NASTY}", "There is no case")):
        visitor.take_away.arrived = arrived
        assert words in visitor.reads()
        assert "<img" not in visitor.reads()
    visitor.open_file('{"schema": 1, "kind": "benchmark"}')
    assert "cannot be opened" in visitor.reads()
    assert visitor.scenario == begun
    visitor.agrees()


def test_everything_can_be_taken_away(visitor: Visitor) -> None:
    text = visitor.take("csv").text
    result = what_happened(visitor.scenario)
    assert text == answer_csv(visitor.page.scenario, result, dt.date.today())
    rows = list(csv.reader(io.StringIO(text)))
    assert ["Who the mix is made of"] in rows


def test_start_page_and_benchmarks_lead_here() -> None:
    assert "05_did_it_work.ipynb" in start_page.start_page().data
    page = BenchmarksPage()
    assert "What happened after 2022, in this council" in page._after.html
    link = page._after.html.split('href="')[1].split('"')[0]
    asked = Question.from_link(link)
    assert (asked.council, asked.measure) == (page.scenario.council, page.scenario.measure)
