"""What goes into and comes out of the benchmarks page: a council's own file, tables and links."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, WebSocket, expect

from retention_lib.benchmarks.answer import compare
from retention_lib.benchmarks.cases import FIRST, case
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.groups import council
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.own import own_sentence
from retention_lib.figures import OwnFigure
from retention_lib.importers.own_file import LARGEST, template_csv
from retention_lib.outputs.tables_csv import answer_csv, table_csv
from retention_lib.presets import preset
from tests.browser.benchmarks import (
    BENCHMARKS,
    COUNCIL,
    LEEDS,
    MIDDLESBROUGH,
    STORY,
    BenchmarksApp,
    asking,
)
from tests.browser.tools import Server
from tests.browser.workbook import opened

pytestmark = pytest.mark.browser

ASKED = asking(MIDDLESBROUGH, year=2019)
GOOD = b"year,turnover\n2019,20.8\n2026,15\n"
NASTY = "<img src=x onerror=alert(1)>"
# What the tests themselves and other programs write while they run.
PASSED_OVER = {"__pycache__", ".git", ".pytest_cache", ".ruff_cache", ".mypy_cache"}


@pytest.fixture(scope="module")
def shared(browser: Browser, server: Server) -> Iterator[BenchmarksApp]:
    with opened(BenchmarksApp, browser, server, query=f"?{ASKED.to_link()}") as app:
        yield app


@pytest.fixture
def app(shared: BenchmarksApp) -> BenchmarksApp:
    """The page with one comparison and no file of one's own."""
    shared.choose(STORY, FIRST)
    shared.wait_for(lambda asked: asked == case(FIRST).comparison)
    shared.ask(ASKED)
    expect(shared.own).to_be_hidden()
    expect(shared.status).to_be_empty()
    return shared


def workbook(*rows: list[object]) -> bytes:
    """Build a workbook of one worksheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows(text: str) -> list[list[str]]:
    """Read a CSV file."""
    return list(csv.reader(io.StringIO(text)))


def sentence(year: int, value: float) -> str:
    """What the library says of one figure of one's own."""
    return own_sentence(
        MEASURES["turnover"], council(MIDDLESBROUGH), OwnFigure(year, "turnover", value)
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ours.csv", GOOD),
        ("ours.xlsx", workbook(["year", "turnover"], [2019, 20.8], [2026, 15])),
    ],
    ids=["csv", "xlsx"],
)
def test_good_file_stands_beside_dfes_figures_until_it_is_removed(
    app: BenchmarksApp, name: str, content: bytes
) -> None:
    link = app.link.input_value()
    trend = app.picture("Turnover year by year").locator("svg")
    expect(trend).not_to_contain_text("your file")
    app.give(name, content)
    expect(app.status).to_have_text(f"2 figures taken from {name}.")
    body = app.own.locator("tbody tr")
    expect(body).to_have_count(2)
    expect(body.first).to_be_visible()
    for row, (year, value) in zip(body.all(), ((2019, 0.208), (2026, 0.15)), strict=True):
        expect(row.locator("th")).to_have_text(str(year))
        expect(row).to_contain_text(sentence(year, value))
    expect(trend).to_contain_text("your file")
    assert app.upload.inner_text().count("2 figures taken") == 1
    # The same file once more is answered once more, and not left at "Reading".
    app.give(name, content)
    expect(app.status).to_have_text(f"2 figures taken from {name}.")
    assert app.link.input_value() == link
    app.is_answered()
    app.page.get_by_role("button", name="Remove my figures").click()
    expect(app.status).to_have_text("Your figures are no longer on this page.")
    expect(app.own).to_be_hidden()
    expect(app.page.get_by_role("button", name="Remove my figures")).to_be_hidden()
    expect(trend).not_to_contain_text("your file")
    expect(app.page.get_by_label("Choose a file")).to_be_focused()


def test_own_file_does_not_stay_for_another_council(app: BenchmarksApp) -> None:
    app.give("ours.csv", GOOD)
    expect(app.own).to_be_visible()
    app.choose(COUNCIL, LEEDS)
    app.wait_for(lambda asked: asked.council == LEEDS)
    expect(app.own).to_be_hidden()
    expect(app.status).to_be_empty()
    app.is_answered()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("ours.csv", b"place,people\nhere,3\n", "It has not the right columns."),
        ("ours.csv", b"year,turnover\n2026,=1+1\n", "begins as a formula does"),
        (
            "ours.xlsx",
            workbook(["year", "turnover"], [2026, "=1+1"]),
            "formula",
        ),
        ("ours.xlsm", workbook(["year", "turnover"], [2026, 15]), "macros"),
        ("ours.csv", b"", "It is empty."),
        ("ours.csv", workbook(["year", "turnover"], [2026, 15]), "workbook"),
        ("ours.xlsx", GOOD, "CSV"),
        ("ours.pdf", b"%PDF-1.7", "PDF"),
        ("ours.csv", b"year,turnover\n" + b"x" * (LARGEST - 20), "131,072 characters"),
    ],
    ids=[
        "columns",
        "formula",
        "formula-in-excel",
        "macros",
        "empty",
        "workbook-as-csv",
        "csv-as-workbook",
        "pdf",
        "nearly-5-mb",
    ],
)
def test_bad_file_is_answered_in_words_and_the_answer_stays(
    app: BenchmarksApp, name: str, content: bytes, words: str
) -> None:
    app.give(name, content)
    expect(app.status).to_have_text(f"0 figures taken from {name}.", timeout=10_000)
    message = app.upload.locator("tbody tr").first
    expect(message).to_contain_text("Not taken")
    expect(message).to_contain_text(words)
    expect(app.own).to_be_hidden()
    expect(app.page.locator(".rw-alert")).to_have_count(0)
    assert app.asked() == ASKED
    app.is_answered()


def test_names_in_a_file_are_shown_as_words(app: BenchmarksApp) -> None:
    app.give("<b>ours.csv", f"year,turnover,{NASTY}\n2026,15,1\n".encode())
    expect(app.status).to_have_text("1 figure taken from <b>ours.csv.")
    expect(app.upload.locator("tbody")).to_contain_text(NASTY)
    expect(app.page.locator("#workbook :is(img, script[src], iframe)")).to_have_count(0)


def test_file_that_is_too_large_is_never_read(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    sent: list[int] = []

    def follow(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(len(frame)))

    with opened(BenchmarksApp, browser, server) as app:
        app.page.on("websocket", follow)
        app.open(server.url(BENCHMARKS))
        app.page.wait_for_timeout(1500)
        assert sent, "nothing was heard of what the page sends"
        choose = app.page.get_by_label("Choose a file")
        for size, said in ((6_000_000, "6 MB"), (200_000_000, "200 MB"), (LARGEST + 1, "5 MB")):
            file = tmp_path / f"of-{size}.csv"
            with file.open("wb") as stream:
                stream.truncate(size)
            before = len(sent)
            started = time.monotonic()
            choose.set_input_files(file)
            expect(app.status).to_contain_text(f"{file.name} is {said}. It was not read")
            assert time.monotonic() - started < 5
            app.page.wait_for_timeout(300)
            assert len(sent) == before, "something was sent of a file that is too large"
        small = tmp_path / "ours.csv"
        small.write_bytes(GOOD)
        before = len(sent)
        choose.set_input_files(small)
        expect(app.status).to_have_text("2 figures taken from ours.csv.")
        assert len(sent) > before


def listed(folder: Path) -> dict[str, tuple[int, int]]:
    """List every file below a folder with its size and time."""
    return {
        str(file.relative_to(folder)): (file.stat().st_size, file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file() and not PASSED_OVER & set(file.relative_to(folder).parts)
    }


def test_nothing_of_a_file_is_written_anywhere(
    app: BenchmarksApp, server: Server, root: Path
) -> None:
    secret = b"year,turnover,column-of-nobody\n2026,17.35,1\n"
    before = listed(root)
    app.give("nobody-has-this-name.csv", secret)
    expect(app.own.locator("tbody tr")).to_have_count(1)
    app.page.get_by_role("button", name="Remove my figures").click()
    expect(app.own).to_be_hidden()
    new = set(listed(root)) - set(before)
    assert [name for name in new if "nobody" in name] == []
    # The server runs in that folder; whatever others write there meanwhile has not this in it.
    changed = [root / name for name, was in listed(root).items() if before.get(name) != was]
    holding = [file for file in changed if b"nobody-has-this-name" in file.read_bytes()]
    assert [file for file in holding if file != Path(__file__)] == []
    assert "nobody" not in server.log()
    assert "nobody" not in app.page.evaluate("JSON.stringify([{...localStorage}, location.href])")


def test_every_tables_file_is_the_table(app: BenchmarksApp) -> None:
    app.give("ours.csv", GOOD)
    expect(app.own).to_be_visible()
    result = compare(app.asked())
    found = set()
    for figure in app.page.locator("figure").filter(visible=True).all():
        app.open_table(figure)
        name, text = app.download(figure.get_by_role("button", name="Download this table (CSV)"))
        key = name.split("-")[0]
        assert name == f"{key}-{app.asked().digest}.csv"
        expect(figure.locator("tbody tr")).to_have_count(len(rows(text)) - 1)
        if key == "own":
            # A spreadsheet would take a sign at the beginning for a formula.
            said = [row[-1].removeprefix("'") for row in rows(text)[1:]]
            assert said == [sentence(2019, 0.208), sentence(2026, 0.15)]
        else:
            assert rows(text) == rows(table_csv(result.table(key)))
        found.add(key)
    assert found == {table.key for table in result.tables} | {"own"}


def test_all_tables_scenario_and_template_are_handed_over(app: BenchmarksApp) -> None:
    app.ask(asking("314 / 318", year=2024))
    asked = app.asked()
    name, text = app.download(app.page.get_by_role("button", name="All tables, one CSV file"))
    assert name == f"benchmark-{asked.digest}.csv"
    assert text == answer_csv(asked, compare(asked), dt.date.today())
    name, text = app.download(app.page.get_by_role("button", name="Save this scenario"))
    assert name == f"benchmark-{asked.digest}.json"
    assert Comparison.from_json(text) == asked
    name, text = app.download(app.page.get_by_role("button", name="Download a template (CSV)"))
    assert (name, text) == ("my-figures.csv", template_csv())
    expect(app.status).to_have_text("my-figures.csv is in your downloads.")
    app.give(name, text.encode())
    expect(app.status).to_have_text("6 figures taken from my-figures.csv.")


def test_saved_file_of_the_other_workbook_is_refused_in_words(
    app: BenchmarksApp, tmp_path: Path
) -> None:
    file = tmp_path / "incentive.json"
    file.write_text(preset("flat-golden-hello").scenario.to_json(), encoding="utf-8")
    app.page.get_by_label("Open a saved scenario").set_input_files(file)
    alert = app.page.locator(".rw-takeaway .rw-alert")
    expect(alert).to_contain_text("holds an offer, which this page does not answer.")
    there = alert.get_by_role("link", name="Open it in Incentives")
    expect(there).to_have_attribute("href", re.compile(r"^01_incentives\.ipynb\?s="))
    assert app.asked() == ASKED
    app.is_answered()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?s=eNqFVEuP2jAQ", "This link cannot be read"),
        (f"?{preset('flat-golden-hello').scenario.to_link()}", "This link holds an offer"),
        ("?case=no-such-case", "There is no case called no-such-case"),
    ],
    ids=["damaged", "other-kind", "unknown"],
)
def test_link_that_cannot_be_opened_is_told_and_the_first_case_is_shown(
    server: Server, app: BenchmarksApp, query: str, words: str
) -> None:
    app.open(f"{server.url(BENCHMARKS)}{query}")
    expect(app.page.get_by_role("alert")).to_contain_text(words)
    expect(app.headline).to_have_text(compare(case(FIRST).comparison).headline)
    app.choose(COUNCIL, LEEDS)
    app.wait_for(lambda asked: asked.council == LEEDS)
    expect(app.page.locator(".rw-alert")).to_have_count(0)
