"""The benchmarks page without a browser: what it does with what is sent, and what it draws."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from retention_lib.benchmarks.answer import compare
from retention_lib.benchmarks.cases import FIRST, case, cases
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.groups import council
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.own import own_sentence, own_table
from retention_lib.evaluation import evaluate
from retention_lib.figures import OwnFigure, all_years, councils, latest_year
from retention_lib.importers.own_file import LARGEST, template_csv
from retention_lib.outputs.tables_csv import answer_csv, table_csv
from retention_lib.pictures import benchmarks as benchmarks_pictures
from retention_lib.presets import preset
from retention_lib.scenario import Scenario
from retention_lib.views import benchmarks_form as form
from retention_lib.views import benchmarks_page, markup
from retention_lib.views.benchmarks_page import BenchmarksPage
from retention_lib.views.widgets import Upload
from tests.visitors import NASTY, PageVisitor, parts

MIDDLESBROUGH, LEEDS, SCILLY = "806", "383", "420"
GOOD = b"year,turnover,vacancy\n2019,20.8,5\n2026,15,6\n"
BLANKS = ("None", "nan", "undefined")


def asking(code: str, measure: str = "turnover", **more: Any) -> Comparison:
    """Ask of one council."""
    given = {"schema": 1, "kind": "benchmark", "council": code, "measure": measure, **more}
    return Comparison.from_dict(given)


class Visitor(PageVisitor[BenchmarksPage, Comparison]):
    """A visitor of the benchmarks page, who may have a file of their own."""

    def __init__(self, start: Comparison | None = None) -> None:
        super().__init__(BenchmarksPage(start))
        self.own = next(parts(self.page, Upload))

    def upload(self, content: bytes, name: str = "ours.csv") -> None:
        """Choose a file of one's own."""
        self.own._handle_custom_msg({"name": name}, [memoryview(content)])

    def press(self, want: str) -> None:
        """Press a button of the upload."""
        self.own._handle_custom_msg({"want": want}, [])

    def shows(self) -> str:
        """Everything on the page that is or may be HTML."""
        drawn = "".join(each.svg + each.table for each in self.pictures.values())
        return self.answer.html + self.reads() + self.own.said + drawn

    def agrees(self, own: tuple[OwnFigure, ...] = ()) -> None:
        """What is shown is what the library answers: the answer, each picture and open table."""
        asked = self.scenario
        assert asked == self.page.scenario.with_reasons({})
        result = compare(asked)
        assert self.answer.headline == result.headline
        for sentence in result.sentences:
            assert markup.escaped(sentence) in self.answer.html
        assert self.levers.changed == [change.path for change in result.changes]
        readings = benchmarks_pictures.readings(result)
        for key, picture in self.pictures.items():
            if key in benchmarks_pictures.CHARTS:
                drawn = benchmarks_pictures.CHARTS[key](result, own, picture.width)
                assert (picture.svg, picture.reading) == (drawn.svg, drawn.reading), key
                assert picture.title == drawn.title
            else:
                assert picture.reading == readings.get(key, ""), key
            if picture.table_open:
                table = own_table(asked.measure, council(asked.council), own)
                table = table if key == "own" else result.table(key)
                assert picture.table == markup.table_html(table), key
        # What stands in the fields is what counts.
        counted = form.lever_values(asked, result, self.levers.sections)
        assert self.levers.values == {
            path: value if isinstance(value, str) else pytest.approx(value)
            for path, value in counted.items()
        }
        assert self.case.values == form.case_values(asked)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def test_page_begins_with_the_first_case(visitor: Visitor) -> None:
    assert visitor.scenario == case(FIRST).comparison
    assert visitor.scenario.council in {area.code for area in councils()}
    assert visitor.levers.changed == []
    assert markup.escaped(case(FIRST).summary) in visitor.reads()
    assert [key for key, each in visitor.pictures.items() if each.table] == [
        "standing",
        "gap",
        "group",
    ]
    visitor.agrees()


@pytest.mark.parametrize("story", cases(), ids=lambda story: str(story.id))
def test_every_story_can_be_chosen(visitor: Visitor, story: Any) -> None:
    visitor.set("case.preset", cases()[1].id if story.id == FIRST else FIRST)
    visitor.set("case.preset", story.id)
    assert visitor.scenario == story.comparison
    assert visitor.levers.changed == []
    assert markup.escaped(story.source) in visitor.reads()
    visitor.agrees()


def test_council_measure_year_and_group_are_chosen_one_after_the_other(visitor: Visitor) -> None:
    visitor.open_tables()
    for path, value in (
        ("council", LEEDS),
        ("measure", "turnover"),
        ("year", "2021"),
        ("beside.group", "neighbours_2021"),
        ("beside.group", "region"),
        ("beside.group", "england"),
        ("council", "314 / 318"),
    ):
        visitor.set(path, value)
        assert str(visitor.scenario.at(path)) == value
        assert visitor.scenario.case.preset is None
        assert visitor.case.values["case.preset"] == form.NO_CASE
        visitor.agrees()
    assert "rw-about-case" not in visitor.reads()
    assert visitor.fields()["case.preset"]["options"][0]["label"] == "A council of your choice"


def test_scatter_does_not_set_a_measure_against_itself(visitor: Visitor) -> None:
    assert (visitor.scenario.measure, visitor.scenario.second_measure) == ("agency", "vacancy")
    visitor.set("measure", "vacancy")
    assert visitor.scenario.second_measure == "agency"
    assert visitor.pictures["scatter"].title == "Vacancy rate and agency rate, 2025"
    visitor.set("measure", "caseload")
    assert visitor.scenario.second_measure == "agency"


def test_list_of_ones_own_grows_and_shrinks(visitor: Visitor) -> None:
    assert "beside.codes" not in visitor.fields()
    visitor.set("beside.group", "own")
    assert visitor.fields()["beside.codes"]["kind"] == "list"
    assert "Add councils to compare it with" in visitor.answer.headline
    visitor.agrees()
    drawn: list[object] = []
    visitor.case.observe(drawn.append, names="sections")
    for codes in ([LEEDS], [LEEDS, MIDDLESBROUGH], [MIDDLESBROUGH], []):
        visitor.set("beside.codes", codes)
        assert visitor.scenario.beside.codes == tuple(codes)
        assert [each.code for each in compare(visitor.scenario).standing.group.areas] == codes
        visitor.agrees()
    assert drawn == [], "the list was drawn anew under the hand that uses it"
    visitor.set("beside.codes", ["318"])
    assert visitor.scenario.beside.codes == ("314 / 318",)
    visitor.agrees()


STARTS = [*((MIDDLESBROUGH, key) for key in MEASURES), (SCILLY, "turnover"), ("933", "agency")]


@pytest.mark.parametrize(("code", "measure"), STARTS)
def test_every_number_can_be_moved_and_put_back(code: str, measure: str) -> None:
    visitor = Visitor(asking(code, measure, year=2019))
    begun = visitor.scenario
    numbers = [each for each in visitor.fields().values() if each["kind"] == "number"]
    assert len(numbers) >= 4
    for field in numbers:
        path, start = field["path"], field["start"]
        lower = max(field["min"], start - 3 * field["step"])
        higher = min(field["max"], start + 3 * field["step"])
        for value in (lower, higher):
            visitor.set(path, value)
            assert visitor.levers.problems == {}, (path, value)
            if value != start:
                assert path in visitor.levers.changed
                visitor.agrees()
        visitor.set(path, start)
        assert visitor.levers.changed == [], path
        assert visitor.scenario == begun, path
        visitor.agrees()


def test_every_choice_can_be_made_and_put_back() -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    begun, choices = visitor.scenario, [each.path for each in form.LEVERS]
    for path in choices:
        field = visitor.fields()[path]
        for option in field["options"]:
            visitor.set(path, option["value"])
            assert visitor.levers.values[path] == option["value"]
            visitor.agrees()
        visitor.set(path, field["start"])
        assert visitor.scenario == begun


def test_one_end_of_the_start_leaves_the_other_where_it_stands() -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    visitor.set("claim.at_least", 19)
    found = compare(visitor.scenario).claim.reference
    assert (found.at_least, found.at_most) == pytest.approx((0.19, 0.233))
    assert "started between 19% and 23.3%" in visitor.answer.html
    visitor.set("claim.at_most", 22)
    assert "started between 19% and 22%" in visitor.answer.html
    visitor.set("claim.at_least", visitor.fields()["claim.at_least"]["start"])
    visitor.set("claim.at_most", visitor.fields()["claim.at_most"]["start"])
    assert visitor.levers.changed == []


def test_story_that_began_at_a_height_or_above_stays_open_above() -> None:
    visitor = Visitor(case("somerset-27-to-16").comparison)
    visitor.set("claim.at_least", 26)
    assert visitor.scenario.claim.at_most is None
    assert "started at 26% or more" in visitor.answer.html
    visitor.set("claim.at_least", 25)
    assert visitor.scenario == case("somerset-27-to-16").comparison


def test_claim_follows_the_gap_until_it_is_set() -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    before = visitor.levers.values["claim.change"]
    visitor.set("target", "best_quarter")
    assert visitor.levers.values["claim.change"] < before < 0
    visitor.set("claim.change", -5.0)
    visitor.set("target", "median")
    assert visitor.scenario.claim.change == pytest.approx(-0.05)
    assert visitor.levers.values["claim.change"] == -5.0
    assert "fallen by 5 points or more" in visitor.answer.html
    assert visitor.pictures["spread"].reading in visitor.answer.html
    visitor.agrees()


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("leaver_cost", -1, "-£1 is not possible. It must be £0 or more."),
        ("leaver_cost_cashable_share", 140, "140% is not possible. It must be 100% or less."),
        ("claim.at_least", -1, "0 or more"),
        ("claim.at_least", 90, "90% is not possible. It must be 23.3% or less."),
        ("claim.at_most", 5, "5% is not possible. It must be 18.3% or more."),
    ],
)
def test_what_cannot_be_is_answered_beside_its_field(path: str, value: float, words: str) -> None:
    begun = asking(MIDDLESBROUGH, year=2019)
    visitor = Visitor(begun)
    visitor.set(path, value)
    said = visitor.levers.problems[path]
    assert words in said
    assert "at_least" not in said
    assert visitor.scenario == begun
    # Another field still works, the wrong one is still told, and goes when it is put right.
    visitor.set("claim.change", -2.0)
    assert visitor.scenario.claim.change == pytest.approx(-0.02)
    assert list(visitor.levers.problems) == [path]
    visitor.set(path, visitor.fields()[path]["start"])
    assert visitor.levers.problems == {}
    visitor.agrees()


def test_reason_is_kept_printed_and_gone_when_the_number_is_put_back() -> None:
    begun = asking(MIDDLESBROUGH, year=2019)
    visitor = Visitor(begun)
    visitor.set("leaver_cost", 25000)
    visitor.levers.reasons = {"leaver_cost": f"Ours {NASTY}"}
    assert visitor.page.scenario.reasons == {"leaver_cost": f"Ours {NASTY}"}
    assert visitor.scenario.reasons == {}
    assert "1 thing differs from our own figures" in visitor.reads()
    assert f"£20,000 to £25,000. {markup.escaped(f'Ours {NASTY}')}" in visitor.reads()
    visitor.set("claim.change", -2.0)
    assert visitor.page.scenario.reasons == {"leaver_cost": f"Ours {NASTY}"}
    assert "<img" not in visitor.shows()
    assert visitor.fields()["leaver_cost"]["label"] in visitor.page._inputs.html
    visitor.set("leaver_cost", 20000)
    visitor.levers.reasons = {}
    visitor.set("claim.change", visitor.fields()["claim.change"]["start"])
    assert visitor.page.scenario == begun
    assert "differs from our own figures" not in visitor.reads()


def test_another_council_takes_the_claim_and_the_own_file_away() -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    visitor.set("claim.change", -2.0)
    visitor.upload(GOOD)
    assert visitor.own.loaded
    visitor.set("council", LEEDS)
    assert visitor.scenario.claim == Comparison.from_link(asking(LEEDS).to_link()).claim
    assert (visitor.own.loaded, visitor.own.said, visitor.own.spoken) == (False, "", "")
    assert visitor.pictures["own"].layout.display == "none"
    assert "your file" not in visitor.pictures["trend"].svg
    visitor.agrees()


def test_own_file_stays_for_another_year_measure_and_group_of_the_same_council() -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    visitor.upload(GOOD)
    figures = visitor.page._own_figures()
    for path, value in (("year", "2025"), ("measure", "vacancy"), ("beside.group", "region")):
        visitor.set(path, value)
        assert visitor.own.loaded
        visitor.agrees(figures)
    assert "Vacancy rate: your file" in visitor.pictures["own"].title


@pytest.mark.parametrize("way", ["link", "file", "story"])
def test_own_file_never_stands_beside_another_council_however_that_is_opened(way: str) -> None:
    visitor = Visitor(asking(LEEDS, year=2019))
    visitor.upload(GOOD)
    other = asking(MIDDLESBROUGH, year=2019)
    if way == "link":
        visitor.take_away.arrived = other.to_link()
    elif way == "file":
        visitor.open_file(other.to_json())
    else:
        visitor.set("case.preset", "middlesbrough-2019")
    assert visitor.scenario.council == MIDDLESBROUGH
    assert not visitor.own.loaded
    visitor.agrees()


def test_link_and_file_come_back_as_they_were() -> None:
    asked = asking(
        LEEDS,
        "vacancy",
        year=2021,
        beside={"group": "own", "codes": [MIDDLESBROUGH]},
        target="best_quarter",
        claim={"change": -0.03, "years_on": 3, "among": "group"},
        leaver_cost=31000,
        costs={"covered_share": 0.4},
    )
    by_link = Visitor()
    assert not by_link.take_away.follows
    by_link.take_away.arrived = asked.to_link()
    assert by_link.take_away.follows
    assert by_link.scenario == asked
    by_link.agrees()
    by_file = Visitor()
    told = asked.with_reasons({"leaver_cost": "Our own costing"})
    by_file.open_file(told.to_json())
    assert by_file.page.scenario == told
    assert by_file.levers.reasons == {"leaver_cost": "Our own costing"}
    by_file.agrees()
    assert Comparison.from_json(by_file.take("scenario").text) == told
    assert by_file.take("csv").text == answer_csv(told, compare(told), dt.date.today())


@pytest.mark.parametrize("query", ["s=abc", "s=eNqFVEuP2jAQ", "s=%00", "s=0"])
def test_damaged_link_is_told_and_the_first_case_stays(visitor: Visitor, query: str) -> None:
    visitor.take_away.arrived = query
    assert visitor.scenario == case(FIRST).comparison
    assert "This link cannot be read" in visitor.reads()
    visitor.agrees()
    visitor.set("council", LEEDS)
    assert "This link cannot be read" not in visitor.reads()


def test_link_and_file_of_the_other_kind_are_refused_and_the_last_answer_stays() -> None:
    incentive = preset("flat-golden-hello").scenario
    visitor = Visitor()
    visitor.take_away.arrived = incentive.to_link()
    assert "This link holds an offer, which this page does not answer." in visitor.reads()
    assert "01_incentives.ipynb?s=" in visitor.reads()
    visitor.set("council", LEEDS)
    before = visitor.answer.html
    for text in (incentive.to_json(), "{", "", "[]", '{"kind": "benchmark"}'):
        visitor.open_file(text)
        is_offer = text == incentive.to_json()
        said = "ours.json holds an offer" if is_offer else "This file cannot be opened"
        assert said in visitor.reads()
        assert visitor.take_away.offer == is_offer
        assert "Something went wrong" not in visitor.reads()
        assert visitor.answer.html == before
        assert visitor.scenario.council == LEEDS
    visitor.open_file(asking(MIDDLESBROUGH).to_json())
    assert "cannot be opened" not in visitor.reads()


def test_case_of_the_address_is_opened_or_told(visitor: Visitor) -> None:
    visitor.take_away.arrived = f"case={NASTY}"
    assert "There is no case called" in visitor.reads()
    assert "<img" not in visitor.reads()
    again = Visitor()
    again.take_away.arrived = "case=plymouth-caseload"
    assert again.scenario == case("plymouth-caseload").comparison


def test_good_file_is_set_beside_dfes_figures() -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    own = visitor.pictures["own"]
    assert own.layout.display == "none"
    visitor.upload(GOOD)
    figures = (
        OwnFigure(2019, "turnover", 0.208),
        OwnFigure(2019, "vacancy", 0.05),
        OwnFigure(2026, "turnover", 0.15),
        OwnFigure(2026, "vacancy", 0.06),
    )
    assert visitor.page._own_figures() == figures
    assert visitor.own.spoken == "4 figures taken from ours.csv."
    assert visitor.own.loaded
    assert own.layout.display is None
    assert own.table_open
    visitor.agrees(figures)
    area = council(MIDDLESBROUGH)
    for figure in figures[::2]:
        sentence = own_sentence(MEASURES["turnover"], area, figure)
        assert markup.escaped(sentence) in own.table
    assert "your file" in visitor.pictures["trend"].svg
    # It is in no link, no file and no list of inputs.
    assert visitor.scenario == asking(MIDDLESBROUGH, year=2019)
    assert "ours.csv" not in visitor.page.scenario.to_json() + visitor.page._inputs.html
    visitor.press("forget")
    assert own.layout.display == "none"
    assert visitor.own.spoken == "Your figures are no longer on this page."
    assert (visitor.own.loaded, visitor.own.said) == (False, "")
    visitor.agrees()


def test_workbook_is_read_too() -> None:
    book = openpyxl.Workbook()
    for row in (["year", "turnover"], [2019, 20.8]):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    visitor.upload(out.getvalue(), "ours.xlsx")
    assert visitor.own.spoken == "1 figure taken from ours.xlsx."
    assert "The same as DfE published." in visitor.pictures["own"].table


def test_mixed_file_gives_what_is_right_and_names_what_is_wrong() -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    visitor.upload(b"year,turnover\n2019,0.2\n2025,=1+1\n2026,15\nlast,3\n")
    assert visitor.own.spoken == "1 figure taken from ours.csv."
    rows = ET.fromstring(visitor.own.said).findall(".//tbody/tr")
    read = [["".join(cell.itertext()) for cell in row] for row in rows]
    assert [row[0] for row in read] == ["Row 2, turnover", "Row 3, turnover", "Row 5, year"]
    assert all(row[1].startswith("Not taken.") for row in read)
    assert "0.2 looks like a fraction" in read[0][1]
    assert "begins as a formula does" in read[1][1]
    visitor.agrees((OwnFigure(2026, "turnover", 0.15),))


def test_bad_file_leaves_the_figures_of_a_good_one() -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    visitor.upload(GOOD)
    before = visitor.page._own_figures()
    visitor.upload(b"", "empty.csv")
    assert visitor.page._own_figures() == before
    assert visitor.own.spoken == (
        "0 figures taken from empty.csv. Those of ours.csv are still here."
    )
    visitor.agrees(before)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("ours.csv", b"", "It is empty."),
        ("ours.csv", b"place,people\nhere,3\n", "It has not the right columns."),
        ("ours.xlsx", b"year,turnover\n2019,20\n", ""),
        ("ours.csv", b"%PDF-1.7", "a PDF"),
        ("ours.csv", b"x" * (LARGEST + 1), "the limit is 5,000,000"),
        ("ours.xlsm", b"PK\x03\x04 and so on", ""),
    ],
    ids=["empty", "columns", "not-a-workbook", "pdf", "large", "macros"],
)
def test_bad_file_is_refused_in_words(name: str, content: bytes, words: str) -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    before = visitor.answer.html
    visitor.upload(content, name)
    assert visitor.own.spoken == f"0 figures taken from {name}."
    assert "Not taken" in visitor.own.said
    assert words in visitor.own.said
    assert visitor.own.loaded  # what was said of it can be taken away again
    assert visitor.pictures["own"].layout.display == "none"
    assert visitor.answer.html == before
    assert "Something went wrong" not in visitor.reads()
    visitor.agrees()


def test_same_words_of_two_files_are_said_twice() -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    said: list[str] = []
    visitor.own.observe(lambda change: said.append(change["new"]), names="spoken")
    visitor.upload(GOOD)
    visitor.upload(GOOD)
    words = "4 figures taken from ours.csv."
    assert said == [words, "", words]


def test_names_in_a_file_are_shown_as_words() -> None:
    heading = f"year,turnover,{NASTY}\n2019,20.8,1\n2020,{NASTY},1\n".replace('"', "'")
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    visitor.upload(heading.encode(), f"{NASTY}.csv")
    visitor.open_tables()
    assert "&lt;img" in visitor.own.said
    assert "<img" not in visitor.shows()
    assert visitor.own.spoken.startswith("1 figure taken from <img")  # spoken and shown as text
    book = openpyxl.Workbook()
    empty, sheet = book.worksheets[0], book.create_sheet("<img src=x onerror=y>")
    empty.append(["nothing"])
    for row in (["year", "turnover"], [2019, 20.8]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    visitor.upload(out.getvalue(), "ours.xlsx")
    assert "&lt;img" in visitor.own.said
    assert "<img" not in visitor.shows()


def test_hostile_name_of_a_comparison_and_of_its_case_are_shown_as_words() -> None:
    given = {**asking(MIDDLESBROUGH).to_dict(), "name": NASTY, "case": {"preset": NASTY}}
    visitor = Visitor(Comparison.from_dict(given))
    visitor.open_tables()
    assert "<img" not in visitor.shows()
    visitor.agrees()


def test_failure_is_told_on_the_page_and_the_last_answer_stays(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = visitor.answer.html

    def broken(_: Comparison) -> None:
        raise ArithmeticError("people do not add up")

    monkeypatch.setattr(benchmarks_page, "compare", broken)
    visitor.set("council", LEEDS)
    assert 'role="alert"' in visitor.reads()
    assert "Something went wrong" in visitor.reads()
    assert visitor.answer.html == before
    monkeypatch.undo()
    visitor.set("council", MIDDLESBROUGH)
    assert "Something went wrong" not in visitor.reads()
    visitor.agrees()


def test_tables_and_template_are_handed_over() -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    visitor.upload(GOOD)
    result = compare(visitor.scenario)
    for key, picture in visitor.pictures.items():
        sent: list[dict[str, str]] = []
        picture.send = sent.append
        picture._handle_custom_msg({"want": "csv"}, [])
        figures = visitor.page._own_figures()
        own = own_table("turnover", council(MIDDLESBROUGH), figures)
        table = own if key == "own" else result.table(key)
        assert sent == [
            {"name": f"{key}-{visitor.scenario.digest}.csv", "text": f"\ufeff{table_csv(table)}"}
        ]
        assert len(list(csv.reader(io.StringIO(sent[0]["text"])))) == len(table.rows) + 1
    handed: list[dict[str, str]] = []
    visitor.own.send = handed.append
    visitor.press("template")
    assert handed == [{"name": "my-figures.csv", "text": f"\ufeff{template_csv()}"}]


def test_gap_leads_to_a_scheme_that_opens_with_its_figures() -> None:
    visitor = Visitor(asking(MIDDLESBROUGH, year=2019))
    result = compare(visitor.scenario)
    assert result.scheme is not None
    link = markup.escaped(f"01_incentives.ipynb?{result.scheme.to_link()}")
    assert f'href="{link}"' in visitor.page._next.html
    assert evaluate(Scenario.from_link(result.scheme.to_link())).headline
    visitor.set("measure", "caseload")
    assert visitor.page._next.html == ""


def test_figure_without_an_interval_is_not_said_to_have_one() -> None:
    visitor = Visitor(asking(SCILLY, "vacancy"))
    assert compare(visitor.scenario).standing.low is None
    assert "allowing for luck" not in visitor.pictures["strip"].reading
    assert "luck would decide it" not in visitor.answer.html
    visitor.set("council", MIDDLESBROUGH)
    assert "allowing for luck" in visitor.pictures["strip"].reading


LATEST = [(area.code, key, latest_year()) for area in councils() for key in MEASURES]
EVERY = [
    (area.code, key, year) for area in councils() for key in MEASURES for year in all_years()[:-1]
]


def shows_something(visitor: Visitor) -> None:
    """The page has its answer, and each picture is drawn or says in words why not."""
    assert visitor.answer.headline
    for key, picture in visitor.pictures.items():
        if key in benchmarks_pictures.CHARTS:
            assert picture.svg or picture.reading, key
            if picture.svg:
                words = [each for each in ET.fromstring(picture.svg).itertext() if each.strip()]
                assert len(words) > 2, key
                assert not any(blank in picture.svg for blank in BLANKS), key
        for words_of in (picture.title, picture.reading, picture.table):
            assert not any(blank in words_of for blank in BLANKS), key
    for html in (visitor.answer.html, visitor.reads()):
        assert not any(blank in html for blank in ("None", ">nan", "undefined"))


@pytest.mark.parametrize("part", range(4))
def test_any_council_and_measure_is_answered_and_drawn(part: int) -> None:
    some = random.Random(20250930).sample(EVERY, 150)
    visitor = Visitor()
    for code, measure, year in [*LATEST, *some][part::4]:
        visitor.page._begin(asking(code, measure, year=year))
        assert visitor.answer.headline == compare(visitor.page.scenario).headline
        shows_something(visitor)
