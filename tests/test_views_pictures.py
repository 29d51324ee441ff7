"""Pictures, tables and files as text: well formed, and harmless whatever words go in."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from retention_lib.evaluation import evaluate
from retention_lib.outputs.tables_csv import answer_csv, table_csv
from retention_lib.pictures.drawing import bars, bridge, dots, lines, tornado
from retention_lib.presets import FIRST, preset, presets
from retention_lib.results import Change, Column, Table
from retention_lib.scenario import Scenario
from retention_lib.views import incentives_page, markup
from retention_lib.words import between

NASTY = '<img src=x onerror="alert(1)"> & </text>'
SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = range(280, 801, 40)


@pytest.mark.parametrize("case", presets(), ids=lambda case: str(case.id))
def test_every_case_is_drawn_at_every_width(case: Any) -> None:
    result = evaluate(case.scenario, 256)
    for key, draw in incentives_page._CHARTS.items():
        for width in WIDTHS:
            drawn = draw(case.scenario, result, width)
            svg = ET.fromstring(drawn.svg)
            assert svg.get("role") == "img"
            assert svg.findtext(f"{SVG}title") == drawn.title
            assert svg.findtext(f"{SVG}desc") == drawn.reading
            assert drawn.table.rows or result.ranges is None, key  # nothing is paid
            assert "nan" not in drawn.svg
            assert "inf" not in drawn.svg.replace("information", "")


def test_pictures_escape_what_they_are_given() -> None:
    swing = tornado.Swing(NASTY, NASTY, NASTY, -1.0, 1.0)
    pictures = [
        dots.draw(dots.DotChart("a", NASTY, NASTY, NASTY, [dots.Dot(NASTY, 0.1)], 0.2, 0.1), 640),
        bars.draw(bars.BarChart("b", NASTY, NASTY, [bars.YearBars(NASTY, -1, 1, 1)]), 640),
        lines.draw(lines.LineChart("c", NASTY, NASTY, [1, 1], [1, 1], [1, 1], [1, 1], None), 640),
        tornado.draw(tornado.TornadoChart("d", NASTY, NASTY, [swing], 0.0), 640),
        bridge.draw(
            bridge.BridgeChart("e", NASTY, NASTY, [bridge.BridgeStep(NASTY, 1.0, True)]), 640
        ),
    ]
    for picture in pictures:
        svg = ET.fromstring(picture)
        assert svg.findtext(f"{SVG}title") == NASTY
        assert not [part.tag for part in svg.iter() if part.tag.endswith("img")]


def test_tables_and_messages_escape_what_they_are_given() -> None:
    table = Table("t", NASTY, (Column("a", NASTY, "text"), Column("b", "B")), ((NASTY, 1.0),))
    change = Change(path="p", label=NASTY, was=NASTY, now=NASTY, reason=NASTY)
    for html in (
        markup.table_html(table),
        markup.changes_html((change,)),
        markup.alert_html(NASTY),
        markup.list_html([NASTY]),
    ):
        assert "<img" not in html
        assert "&lt;img" in html


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", '="x"'])
def test_spreadsheet_takes_no_text_for_a_formula(text: str) -> None:
    table = Table("t", "T", (Column("a", text, "text"), Column("b", "B")), ((text, -1.5),))
    heading, row = csv.reader(io.StringIO(table_csv(table), newline=""))
    assert heading[0] == row[0] == f"'{text}"
    assert row[1] == "-1.50"
    scenario = preset(FIRST).scenario
    renamed = Scenario.from_dict({**scenario.to_dict(), "name": text})
    file = answer_csv(renamed, evaluate(renamed))
    assert next(csv.reader(io.StringIO(file, newline="")))[0] == f"'{text}"


def shown(
    key: str, case: str = FIRST, draws: int = 256, changes: dict[str, Any] | None = None
) -> tuple[Any, list[str]]:
    """Draw a picture of a case with some fields changed; give it and its words."""
    scenario = preset(case).scenario.but(changes or {})
    drawn = incentives_page._CHARTS[key](scenario, evaluate(scenario, draws), 640)
    return drawn, [part.text or "" for part in ET.fromstring(drawn.svg).iter(f"{SVG}text")]


def test_equally_likely_outcomes_are_counted_as_they_are_drawn() -> None:
    scenario = preset("flat-golden-hello").scenario
    result = evaluate(scenario, 256)
    assert result.ranges is not None
    pay = sum(outcome >= 0 for outcome in result.ranges.outcomes)
    assert 1 < pay < 20
    drawn, said = shown("ranges", "flat-golden-hello")
    assert drawn.reading.startswith(f"{pay} of 20 equally likely outcomes pay for themselves.")
    assert between(result.ranges.npv.low, result.ranges.npv.high) in drawn.reading
    assert f"pays for itself: {pay} of 20 ▶" in said
    assert f"◀ loses money: {20 - pay} of 20" in said
    assert drawn.table is not None
    assert shown("ranges")[0].reading.startswith("None of 20 equally likely outcomes pay")
    kept = {"effect.leaving_reduction": 0.58, "scheme.amount.percent_of_salary": 5}
    assert re.match(r"\d\d of 20 equally likely", shown("ranges", changes=kept)[0].reading)
    before, words = shown("ranges", draws=0)
    assert "follow a moment after" in before.reading
    assert words == ["The outcomes are worked out once you are at rest."]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "At this payment it pays for itself once leaving falls by "),
        ({"scheme.amount.percent_of_salary": 90}, "At this payment no fall in leaving is enough."),
        ({"scheme.amount.percent_of_salary": 0}, "pays for itself without any fall in leaving."),
    ],
)
def test_map_says_where_loss_turns_to_gain_and_what_studies_point_to(
    changes: dict[str, float], said: str
) -> None:
    drawn, words = shown("map", changes=changes)
    assert said in drawn.reading
    assert "Studies point to at most" in drawn.reading or not changes.get(
        "scheme.amount.percent_of_salary", 1
    )
    assert "this offer" in words


def test_map_of_a_golden_hello_is_over_those_who_join() -> None:
    drawn, words = shown("map", "flat-golden-hello")
    assert "more join for each 100 who would anyway" in drawn.reading
    assert "No study says how many would." in drawn.reading
    assert "▲ extra joiners, % of usual joiners" in words
    assert any(each.startswith("£") and each.endswith("0") for each in words)


def test_studies_that_found_nothing_stand_beside_the_others() -> None:
    drawn, words = shown("evidence")
    assert "no effect found" in words
    assert words.count("nothing sure found; no figure given") == 3
    assert any(each.startswith("Tennessee, USA") for each in words)
    assert any(each.startswith("pays for itself: ") for each in words)
    assert "2 more studies of pay gave no figure to draw" in drawn.reading


def test_money_by_year_has_a_whisker_for_each_year_once_there_are_ranges() -> None:
    _, before = shown("years", draws=0)
    _, after = shown("years")
    assert "net" in before
    assert "net, 8 times in 10" in after
