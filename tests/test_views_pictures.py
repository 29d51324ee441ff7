"""Pictures, tables and files as text: well formed, and harmless whatever words go in."""

from __future__ import annotations

import csv
import io
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from retention_lib.evaluation import evaluate
from retention_lib.outputs.tables_csv import answer_csv, table_csv
from retention_lib.presets import FIRST, preset, presets
from retention_lib.results import Change, Column, Table
from retention_lib.scenario import Scenario
from retention_lib.views import incentives_page, markup
from retention_lib.views.drawing import bars, bridge, dots, lines, tornado

NASTY = '<img src=x onerror="alert(1)"> & </text>'
SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = range(280, 801, 40)


@pytest.mark.parametrize("case", presets(), ids=lambda case: str(case.id))
def test_every_case_is_drawn_at_every_width(case: Any) -> None:
    result = evaluate(case.scenario)
    for key, draw in incentives_page._CHARTS.items():
        for width in WIDTHS:
            drawn = draw(case.scenario, result, width)
            svg = ET.fromstring(drawn.svg)
            assert svg.get("role") == "img"
            assert svg.findtext(f"{SVG}title") == drawn.title
            assert svg.findtext(f"{SVG}desc") == drawn.reading
            assert drawn.table.rows, key
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
