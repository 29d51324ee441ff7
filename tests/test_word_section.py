"""The Word section: real headings, tables and pictures, and the answer's own figures in them."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.table import Table as Grid
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib.answering import AnyDocument, AnyResult, answer
from retention_lib.benchmarks.cases import cases as comparisons
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.evaluation import evaluate
from retention_lib.outputs.cells import cell_text
from retention_lib.outputs.files import output
from retention_lib.outputs.stamp import stamp
from retention_lib.outputs.word import png as drawing
from retention_lib.outputs.word import section
from retention_lib.outputs.word.paper import NO_FONT
from retention_lib.outputs.word.text import JOINER, REPLACED, allowed, line
from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import cases as plans
from retention_lib.plans.plan import Plan
from retention_lib.presets import preset, presets
from retention_lib.results import Change, Table
from retention_lib.synthetic.cases import cases as stories

ON = dt.date(2026, 11, 22)
MUST_CONVERT = bool(os.environ.get("RETENTION_REQUIRE_OFFICE") or os.environ.get("CI"))
MOST_PAGES = 12

DOCUMENTS: Mapping[str, AnyDocument] = {
    **{each.id: each.scenario for each in presets()},
    **{f"plan {each.id}": each.plan for each in plans()},
    **{f"benchmark {each.id}": each.comparison for each in comparisons()},
    **{f"story {each.id}": each.question for each in stories()},
}
EVERY = pytest.mark.parametrize("key", DOCUMENTS)


@cache
def answered(key: str) -> AnyResult:
    return answer(DOCUMENTS[key])


@cache
def written(key: str) -> bytes:
    return section(DOCUMENTS[key], answered(key), ON)


def read(made: bytes) -> Docx:
    """Open a section as a person reads it: signs of no width are taken away."""
    document = docx.Document(io.BytesIO(made))
    for part in document.element.body.iter():
        if part.tag == qn("w:t") and part.text:
            part.text = part.text.replace(JOINER, "")
        for name in ("title", "descr"):
            if part.get(name):
                part.set(name, part.get(name).replace(JOINER, ""))
    return document


def headings(document: Docx) -> list[tuple[int, str]]:
    """List the headings with their levels."""
    return [
        (int(paragraph.style.name.removeprefix("Heading ")), paragraph.text)
        for paragraph in document.paragraphs
        if paragraph.style is not None
        and (paragraph.style.name or "").startswith("Heading ")
        and paragraph.style.name is not None
    ]


def words(document: Docx) -> str:
    """Give every word of the document, its tables included."""
    cells = [cell for grid in document.tables for row in cells_of(grid) for cell in row]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def cells_of(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in grid.rows]


def captioned(document: Docx) -> dict[str, Grid]:
    """Give each table by its caption, which stands right before it."""
    found: dict[str, Grid] = {}
    caption = ""
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            caption = part.text
        else:
            assert caption.startswith("Table "), f"no caption before {cells_of(part)[0]}"
            found[caption.split(". ", 1)[1]] = part
    return found


def pictures(document: Docx) -> Iterator[tuple[str, str, str]]:
    """Give of each picture its name, title and alternative text."""
    for told in document.element.body.iter(qn("wp:docPr")):
        yield told.get("name", ""), told.get("title", ""), told.get("descr", "")


def table_like(document: Docx, table: Table) -> Grid:
    """Find the table of the document that shows a table of the answer."""
    title = table.title.replace("£ thousand", "£000")
    return next(grid for name, grid in captioned(document).items() if name.startswith(title))


# Every answer


@EVERY
def test_it_opens_and_no_level_of_heading_is_skipped(key: str) -> None:
    found = headings(read(written(key)))
    levels = [level for level, _ in found]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert found[0][1] == line(DOCUMENTS[key].name)


@EVERY
def test_sections_and_paragraphs_are_numbered_in_order(key: str) -> None:
    document = read(written(key))
    sections = [text for level, text in headings(document) if level == 2]
    numbered = [text for text in sections if not text.startswith("Annex ")]
    assert [text.split(". ")[0] for text in numbered] == [
        str(place + 1) for place in range(len(numbered))
    ]
    section_now, paragraph_now = "", 0
    for paragraph in document.paragraphs:
        name = paragraph.style.name if paragraph.style is not None else ""
        if name == "Heading 2":
            section_now = paragraph.text.removeprefix("Annex ")[0]
            paragraph_now = 0
        elif name == "Normal" and "\t" in paragraph.text:
            paragraph_now += 1
            assert paragraph.text.startswith(f"{section_now}.{paragraph_now}\t")


@EVERY
def test_the_answer_comes_first_in_the_words_of_the_page(key: str) -> None:
    document, result = read(written(key)), answered(key)
    said = [paragraph.text for paragraph in document.paragraphs]
    place = next(at for at, text in enumerate(said) if text.endswith(f"\t{result.headline}"))
    assert said[place + 1 : place + 1 + len(result.sentences)] == list(result.sentences)


@EVERY
def test_every_table_has_a_caption_and_a_header_row_that_repeats(key: str) -> None:
    document = read(written(key))
    for title, grid in captioned(document).items():
        first, *rest = grid.rows
        assert first._tr.trPr is not None
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None, title
        for row in rest:
            assert row._tr.trPr is not None
            assert row._tr.trPr.find(qn("w:tblHeader")) is None, title
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None, title
        assert all(cell.text.strip() for cell in first.cells), title


@EVERY
def test_every_table_fits_between_the_margins(key: str) -> None:
    document = read(written(key))
    page = document.sections[0]
    assert page.page_width is not None
    assert page.left_margin is not None
    assert page.right_margin is not None
    room = page.page_width - page.left_margin - page.right_margin
    for grid in document.tables:
        assert sum(cell.width or 0 for cell in grid.rows[0].cells) <= room


@EVERY
def test_every_picture_has_alternative_text_a_caption_and_a_table(key: str) -> None:
    document = read(written(key))
    captions = [each.text for each in document.paragraphs if each.text.startswith("Figure ")]
    tables = {each.text.split(".")[0] for each in document.paragraphs}
    found = list(pictures(document))
    assert len(found) == len(captions) <= 4
    for (name, title, told), caption in zip(found, captions, strict=True):
        assert caption.startswith(f"{name}. {title}")
        assert len(told) > len(title) > 0
        assert told.removeprefix(title).lstrip(". ") in caption
        seen = caption.rsplit("The figures are in ", 1)[1].rstrip(".")
        assert seen in tables


@EVERY
def test_what_every_file_says_of_itself_is_there(key: str) -> None:
    document, made = read(written(key)), answered(key).provenance
    said = [paragraph.text for paragraph in document.paragraphs]
    for what, says in stamp(made, ON):
        assert f"{what}: {says}" in said
    footer = document.sections[0].footer.paragraphs[0].text
    assert made.version in footer
    assert made.scenario_digest in footer
    assert "22 November 2026" in footer


@EVERY
def test_it_says_nothing_of_people_or_of_the_computer(key: str) -> None:
    document = read(written(key))
    known = document.core_properties
    assert (known.author, known.last_modified_by, known.comments) == ("", "", "")
    assert known.title == line(DOCUMENTS[key].name)
    assert known.created == known.modified == dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    with zipfile.ZipFile(io.BytesIO(written(key))) as parts:
        assert {told.date_time for told in parts.infolist()} == {(2026, 11, 22, 0, 0, 0)}
        names = set(parts.namelist())
        everything = b"".join(parts.read(name) for name in names if name.endswith(".xml"))
    assert "docProps/app.xml" not in names
    for word in (b"python-docx", b"Macintosh", str(Path.home()).encode(), b"/tmp/"):
        assert word not in everything


@EVERY
def test_it_is_in_british_english_on_upright_a4(key: str) -> None:
    document = read(written(key))
    languages = {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    page = document.sections[0]
    assert page.page_width is not None
    assert page.page_height is not None
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)


@EVERY
def test_only_styles_that_every_template_has_are_used(key: str) -> None:
    document = read(written(key))
    used = {each.style.name for each in document.paragraphs if each.style is not None}
    assert used <= {"Heading 1", "Heading 2", "Heading 3", "Normal", "List Bullet", "Caption"}
    assert {each.style.name for each in document.tables if each.style} == {"Table Grid"}


# The figures


def in_thousands(table: Table) -> list[list[str]]:
    """Write a table as the section has it, by this test's own reckoning."""
    return [
        [
            re.sub("^-0.0$", "0.0", f"{cell / 1000:,.1f}").replace("-", "−")
            if column.kind in {"pounds", "thousands"} and isinstance(cell, float)
            else cell_text(cell, column.kind)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]


@pytest.mark.parametrize("key", [each.id for each in presets() if each.id != "no-scheme"])
def test_an_offers_money_is_the_answers_in_thousands(key: str) -> None:
    document, result = read(written(key)), answered(key)
    for name in ("budget", "years", "bridge", "viewpoints", "ranges"):
        table = result.table(name)
        assert cells_of(table_like(document, table))[1:] == in_thousands(table), name


@pytest.mark.parametrize("key", [f"plan {each.id}" for each in plans()])
def test_a_plans_money_is_the_answers_in_thousands(key: str) -> None:
    document, result = read(written(key)), answered(key)
    names = ["mtfs", "guard", "scorecard"]
    if result.table("timeline").rows:
        names += ["invest_to_save", "terms", "years", "viewpoints", "optimism"]
    for name in names:
        table = result.table(name)
        assert cells_of(table_like(document, table))[1:] == in_thousands(table), name


@pytest.mark.parametrize("key", [f"benchmark {each.id}" for each in comparisons()])
def test_what_a_gap_is_worth_is_the_answers_in_thousands(key: str) -> None:
    document, result = read(written(key)), answered(key)
    table = result.table("gap")
    assert cells_of(table_like(document, table))[1:] == in_thousands(table)


def test_middlesbroughs_net_change_to_the_budget_as_worked_out_by_hand() -> None:
    """68 people × 15% of £38,003 × 1.143 is £443,062; of that 59.7 comes back and 4.0 is saved."""
    key = "middlesbrough-2019"
    grid = table_like(read(written(key)), answered(key).table("budget"))
    paid, _, back, saved, net = (row[-1] for row in cells_of(grid)[1:])
    assert (paid, back, saved, net) == ("443.1", "−59.7", "−4.0", "379.3")


def test_savings_are_below_zero_and_thousands_are_named() -> None:
    key = "plan gloucestershire-4m"
    grid = table_like(read(written(key)), answered(key).table("invest_to_save"))
    rows = cells_of(grid)
    assert rows[0][0] == "£000; savings are negative"
    saving = next(row for row in rows if row[0] == "Cashable saving")
    assert all(cell.startswith("−") for cell in saving[1:])


def test_a_minus_is_never_parted_from_its_pound_sign() -> None:
    document = docx.Document(io.BytesIO(written("middlesbrough-2019")))
    said = words(document)
    assert "−£" not in said
    assert f"−{JOINER}£" in said
    assert line("−£3") == line(line("−£3"))


def test_a_column_of_thousands_is_not_headed_pounds() -> None:
    heads = {
        cell
        for key in ("middlesbrough-2019", "plan gloucestershire-4m")
        for grid in read(written(key)).tables
        for cell in cells_of(grid)[0]
    }
    assert "Pounds" not in heads
    assert "£000" in heads


def test_figures_stand_to_the_right_and_totals_are_bold() -> None:
    key = "middlesbrough-2019"
    grid = table_like(read(written(key)), answered(key).table("budget"))
    right = {cell.paragraphs[0].alignment for row in grid.rows for cell in row.cells[1:]}
    assert {str(each) for each in right} == {"RIGHT (2)"}
    assert grid.rows[-1].cells[-1].paragraphs[0].runs[0].bold


# What an officer looks for


def test_an_offer_has_the_headings_of_a_committee_report() -> None:
    found = [text for level, text in headings(read(written("middlesbrough-2019"))) if level == 2]
    assert found == [
        "1. Purpose and summary",
        "2. Financial implications",
        "3. Risk management",
        "4. Equalities and fairness",
        "5. Assumptions changed and why",
        "6. How it was worked out",
        "7. About this section",
        "Annex A: What the numbers rest on",
        "Annex B: What studies found",
    ]


def test_changes_are_told_with_their_reasons_and_those_without() -> None:
    start = preset("middlesbrough-2019").scenario
    changed = start.but({"scheme.take_up": 0.5, "leaver_cost": 25_000.0})
    changed = changed.with_reasons({"scheme.take_up": "Half signed up in the first month"})
    document = read(section(changed, evaluate(changed, draws=0), ON))
    rows = cells_of(captioned(document)["What was changed, and why"])[1:]
    assert sorted(rows) == [
        ["Cost of each leaver", "£20,000", "£25,000", "No reason given"],
        ["Share who sign up", "82.9%", "50%", "Half signed up in the first month"],
    ]


def test_where_nothing_was_changed_it_says_so() -> None:
    said = words(read(written("middlesbrough-2019")))
    assert "Nothing was changed from what this started from." in said


def test_both_answers_are_told_when_weak_evidence_is_marked_down() -> None:
    marked = preset("middlesbrough-2019").scenario.but({"appraisal.optimism": True})
    result = evaluate(marked, draws=0)
    document = read(section(marked, result, ON))
    grid = table_like(document, result.table("optimism"))
    assert cells_of(grid)[1:] == in_thousands(result.table("optimism"))
    assert "taken off for weak evidence" in words(document)


@pytest.mark.parametrize(
    ("key", "is_left"), [("devon-no-effect", False), ("middlesbrough-2019", True)]
)
def test_where_nothing_is_left_to_pay_it_says_so(key: str, is_left: bool) -> None:
    """Without an effect nothing pays for itself; Middlesbrough's could pay 0.85% of salary."""
    said = words(read(written(key)))
    assert ("nothing is left to pay" in said) != is_left
    assert ("0.85% of salary" in said) == is_left


def test_a_blank_offer_has_no_pictures_and_no_risks() -> None:
    document = read(written("no-scheme"))
    assert not list(pictures(document))
    assert "Nothing is paid, so there is no cost" in words(document)


def test_a_plan_without_its_ranges_is_still_a_section() -> None:
    plan = next(each.plan for each in plans() if each.id == "gloucestershire-4m")
    document = read(section(plan, appraise(plan), ON))
    assert "What would change the answer" not in captioned(document)
    assert len(list(pictures(document))) == 3


def test_the_risks_name_only_what_the_offer_itself_has_against_them() -> None:
    held = preset("middlesbrough-2019").scenario
    bare = held.but({"scheme.tie_in_months": 0, "scheme.clawback.taper": "none"})
    for scenario, says in ((held, "Must stay for: 36 months"), (bare, "Nothing")):
        result = evaluate(scenario, draws=0)
        grid = captioned(read(section(scenario, result, ON)))["What would change the answer (£000)"]
        against = {row[-1] for row in cells_of(grid)[1:]}
        assert says in against
        assert (against == {"Nothing"}) == (scenario is bare)


def test_the_numbers_it_rests_on_are_told_the_most_important_first() -> None:
    tables = captioned(read(written("middlesbrough-2019")))
    title = "Numbers that nobody knows, the one that moves the answer most first"
    first = cells_of(tables[title])[1]
    assert first[0] == "Fall in leaving while people are tied in"
    assert first[3].startswith("High: £")
    told = "\n".join("\n".join(row) for grid in tables.values() for row in cells_of(grid))
    assert "82 eligible" in told
    assert "Discount rate: 3.5%" in told


def test_a_council_beside_all_of_england_is_not_followed_by_a_list_of_all() -> None:
    asked = Comparison.from_dict(
        {
            "schema": 1,
            "kind": "benchmark",
            "council": "802",
            "measure": "agency",
            "beside": {"group": "england"},
        }
    )
    document = read(section(asked, answer(asked), ON))
    assert max(len(grid.rows) for grid in document.tables) < 60


def test_an_answer_of_another_kind_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="no Word section of Scenario with PlanResult"):
        section(preset("no-scheme").scenario, answered("plan blank"), ON)


def test_the_list_of_what_can_be_taken_away_makes_it() -> None:
    key = "middlesbrough-2019"
    assert output("word").make(DOCUMENTS[key], answered(key), ON) == written(key)


@pytest.mark.parametrize("key", ["middlesbrough-2019", "plan blank"])
def test_it_is_made_the_same_again(key: str) -> None:
    assert section(DOCUMENTS[key], answered(key), ON) == written(key)


# Fonts


def test_without_any_font_pictures_are_left_out_and_their_words_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("retention_lib.outputs.word.png.font", lambda: None)
    key = "middlesbrough-2019"
    document = read(section(DOCUMENTS[key], answered(key), ON))
    assert not list(pictures(document))
    said = [each.text for each in document.paragraphs if NO_FONT in each.text]
    assert len(said) == 3
    assert said[0].endswith("The figures are in Table 4.")


def test_a_computer_without_fonts_is_known_by_the_ink() -> None:
    assert drawing.font(installed=False) is None


def test_a_picture_is_as_wide_as_print_needs() -> None:
    made = drawing.png('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"></svg>')
    if made is None:
        pytest.skip("no font on this computer")
    assert int.from_bytes(made[16:20], "big") == drawing.PIXELS
    assert int.from_bytes(made[20:24], "big") == drawing.PIXELS // 2


# Text that anybody may write

ANY_TEXT = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from("\x00\x07\x1b\u202e\u2066\ufffe\ufeff🙂שלום<&>\"'\n\t"),
    ),
    min_size=1,
    max_size=120,
)


@settings(max_examples=25, deadline=None)
@given(name=ANY_TEXT, reason=ANY_TEXT)
def test_whatever_is_written_the_file_opens_and_has_it(name: str, reason: str) -> None:
    key = "no-scheme"
    result = answered(key)
    change = Change(path="leaver_cost", label="Cost", was="1", now="2", reason=reason)
    document = DOCUMENTS[key].model_copy(update={"name": name})
    found = read(section(document, replace(result, changes=(change,)), ON))
    assert headings(found)[0][1] == line(name or "Untitled")
    assert cells_of(captioned(found)["What was changed, and why"])[1][-1] == line(reason)


@given(text=ANY_TEXT)
def test_what_is_allowed_keeps_its_length_and_is_allowed_again(text: str) -> None:
    assert len(allowed(text)) == len(text)
    assert allowed(allowed(text)) == allowed(text)
    kept = [(one, now) for one, now in zip(text, allowed(text), strict=True) if one != now]
    assert all(now == REPLACED for _, now in kept)


def test_a_measure_of_any_name_is_drawn_and_written() -> None:
    name = "\x00Bonus\u202e <b>&amp;</b> 🙂 " + "w" * 90
    own = {"kind": "own", "name": name, "money": [1000.0, 1000.0, 1000.0, 1000.0]}
    plan = Plan.from_dict(
        {"schema": 1, "kind": "invest_to_save", "council": "802", "measures": [own]}
    )
    assert line(name) in words(read(section(plan, appraise(plan), ON)))


# In an office


def test_all_of_them_convert_to_pdf(tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        if MUST_CONVERT:
            pytest.fail("LibreOffice is not installed, and RETENTION_REQUIRE_OFFICE or CI is set.")
        pytest.skip("LibreOffice is not installed")
    files = []
    for key in DOCUMENTS:
        file = tmp_path / f"{key.replace(' ', '-')}.docx"
        file.write_bytes(written(key))
        files.append(file)
    command = [soffice, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    for file in files:
        made = file.with_suffix(".pdf").read_bytes()
        assert made.startswith(b"%PDF"), file.name
        assert 1 < made.count(b"/Type/Page") - made.count(b"/Type/Pages") <= MOST_PAGES, file.name


def test_an_offer_of_no_months_and_one_paid_too_late_say_so() -> None:
    offer = preset("middlesbrough-2019").scenario
    none = offer.but({"appraisal.months": 0})
    docx.Document(io.BytesIO(section(none, evaluate(none), ON)))
    late = offer.but({"scheme.instalments": [{"month": 99, "share": 1.0}]})
    answer_to = evaluate(late)
    opened = docx.Document(io.BytesIO(section(late, answer_to, ON)))
    told = "\n".join(each.text for each in opened.paragraphs)
    assert "Nothing is paid" not in told
    assert answer_to.headline in told
    assert "Look at 99 months or more." in told


def test_without_a_case_it_is_said_and_the_reasons_still_stand() -> None:
    offer = preset("middlesbrough-2019").scenario.but({"case.preset": None})
    offer = offer.with_reasons({"leaver_cost": "Finance's costing"})
    opened = docx.Document(io.BytesIO(section(offer, evaluate(offer, 64), ON)))
    told = "\n".join(each.text for each in opened.paragraphs)
    assert "did not start from one of our cases" in told
    assert "Nothing was changed" not in told
    cells = {cell.text for table in opened.tables for row in table.rows for cell in row.cells}
    assert "Finance's costing" in cells
