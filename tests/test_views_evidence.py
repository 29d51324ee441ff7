"""The evidence page without a browser: what it does with what is sent, and what it shows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from retention_lib.assumptions_log import EvidenceResult, Question, log_of
from retention_lib.assumptions_log.question import OPENED, REGISTER, case_documents
from retention_lib.assumptions_log.searching import matched, matched_studies
from retention_lib.evidence import studies
from retention_lib.plans.plan import Plan
from retention_lib.presets import preset
from retention_lib.views import evidence_form as form
from retention_lib.views import evidence_page as shown
from retention_lib.views import markup
from retention_lib.views.evidence_link import evidence_html
from retention_lib.views.evidence_log import log_html, matrix_html
from retention_lib.views.evidence_page import EvidencePage
from retention_lib.views.incentives_page import IncentivesPage
from retention_lib.views.plans_page import PlansPage
from retention_lib.views.widgets import Prose, Status
from tests.visitors import NASTY, PageVisitor, parts

DAY = dt.date(2026, 11, 22)
OFFER = preset("middlesbrough-2019").scenario
LINK = re.compile(r'href="04_evidence\.ipynb\?(s=[^"]+)"')


class Log(HTMLParser):
    """Reads the log as it is drawn: the lines in sight, by label, and the bands that are open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.depth: list[str] = []
        self.seen: list[str] = []
        self.hidden: list[str] = []
        self.open_bands = 0
        self._entry: str | None = None
        self._in_name = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kinds = (given.get("class") or "").split()
        self.depth.append(tag)
        if "rw-entry" in kinds:
            self._entry = "hidden" if "rw-out" in kinds else "seen"
        if "rw-band" in kinds and "open" in given and "rw-out" not in kinds:
            self.open_bands += 1
        self._in_name = self._in_name or tag == "h4"
        if tag == "h4":
            getattr(self, str(self._entry)).append("")
        if "rw-tag" in kinds:
            self._in_name = False

    def handle_endtag(self, tag: str) -> None:
        assert self.depth.pop() == tag, "well formed"
        if tag == "h4":
            self._in_name = False

    def handle_data(self, data: str) -> None:
        if self._in_name:
            getattr(self, str(self._entry))[-1] += data


class Visitor(PageVisitor[EvidencePage, Question]):
    """A visitor of the evidence page."""

    def __init__(self, start: Question | None = None) -> None:
        super().__init__(EvidencePage(start))
        self.status = next(parts(self.page, Status))

    @property
    def log(self) -> Log:
        """The log as it is drawn."""
        drawn = [each.html for each in parts(self.page, Prose) if "rw-log" in each.html]
        return Log(drawn[0])

    def agrees(self) -> EvidenceResult:
        """What is shown is the library's log of the answer, and of it what is asked for."""
        asked = self.page.scenario
        result = log_of(asked, DAY)
        assert self.answer.headline == result.headline
        for sentence in result.sentences:
            assert markup.escaped(sentence) in self.answer.html
        wanted = matched(result.entries, asked)
        log = self.log
        assert sorted(name.strip() for name in log.seen) == sorted(each.label for each in wanted)
        assert len(log.seen) + len(log.hidden) == len(result.entries)
        assert self.levers.values == form.values(asked)
        assert self.case.values == form.about_values(asked)
        for key, picture in self.pictures.items():
            if picture.table_open and key not in {"matrix", "studies"}:
                assert picture.table == markup.table_html(result.table(key)), key
        assert self.pictures["matrix"].table == matrix_html(result.table("matrix"))
        return result


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is opened on the same day."""
    monkeypatch.setattr(EvidencePage, "today", staticmethod(lambda: DAY))


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def test_page_begins_with_the_first_case_and_all_of_the_log(visitor: Visitor) -> None:
    assert visitor.scenario == Question()
    result = visitor.agrees()
    assert visitor.log.hidden == []
    assert visitor.status.text.startswith(f"All {len(result.entries)} assumptions are shown")
    assert "22 November 2026" in visitor.reads()
    assert result.provenance.register_digest in visitor.reads()
    assert result.provenance.version in visitor.reads()


@pytest.mark.parametrize("key", [REGISTER, *case_documents()])
def test_every_answer_can_be_chosen_and_what_is_searched_for_stays(
    visitor: Visitor, key: str
) -> None:
    visitor.set("search", "agency")
    visitor.set("about", key)
    assert visitor.scenario == Question(about=key, search="agency")
    visitor.agrees()


def test_a_search_shows_what_it_finds_and_says_how_much(visitor: Visitor) -> None:
    closed = visitor.log.open_bands
    visitor.set("search", "agency premium")
    result = visitor.agrees()
    found = matched(result.entries, visitor.scenario)
    assert 0 < len(found) < len(result.entries)
    assert visitor.status.text.startswith(f"{len(found)} of {len(result.entries)} assumptions")
    visitor.set("search", "zzz")
    visitor.agrees()
    assert visitor.status.text == "No assumptions and 0 studies match."
    visitor.set("search", "")
    visitor.agrees()
    assert visitor.log.open_bands == closed


def test_what_a_search_finds_stands_open(visitor: Visitor) -> None:
    visitor.set("search", "Social Work England")
    log = visitor.log
    assert log.seen
    assert log.open_bands > 0


@pytest.mark.parametrize(
    ("path", "value"),
    [("only", "no_source"), ("only", "used"), ("quality", "weak"), ("impact", "medium")],
)
def test_each_filter_shows_what_is_asked_for(visitor: Visitor, path: str, value: str) -> None:
    before = visitor.answer.headline
    visitor.set(path, value)
    visitor.agrees()
    assert visitor.log.hidden
    assert visitor.answer.headline == before
    assert Question.from_link(visitor.take_away.link).at(path) == value


def test_a_search_does_not_answer_anew(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the log was made again")

    monkeypatch.setattr(shown, "log_of", never)
    visitor.set("search", "pay")
    visitor.set("quality", "weak")
    assert visitor.scenario == Question(search="pay", quality="weak")


def test_another_pages_link_opens_the_log_of_exactly_that_answer() -> None:
    changed = OFFER.but({"leaver_cost": 31_000, "name": NASTY})
    visitor = Visitor()
    visitor.take_away.arrived = changed.to_link()
    assert visitor.scenario.document == changed
    assert visitor.case.values == {"about": OPENED}
    result = visitor.agrees()
    assert [change.now for change in result.changes] == ["£31,000"]
    assert "Reasons for changes are not in a link." in visitor.reads()
    assert NASTY not in visitor.reads()
    assert markup.escaped(NASTY) in visitor.reads()
    # And the page's own link opens the same again.
    again = Visitor()
    again.take_away.arrived = visitor.take_away.link
    assert again.scenario == visitor.scenario
    # Another answer can be chosen, and this one is then gone from the list.
    visitor.set("about", "no-scheme")
    assert OPENED not in [
        option["value"] for option in visitor.case.sections[0]["fields"][0]["options"]
    ]
    visitor.agrees()


@pytest.mark.parametrize("as_saved", ["by its own page", "by this page"])
def test_a_saved_answer_brings_its_reasons(visitor: Visitor, as_saved: str) -> None:
    changed = OFFER.but({"leaver_cost": 31_000}).with_reasons({"leaver_cost": f"Seen {NASTY}"})
    text = changed.to_json()
    visitor.open_file(text)
    if as_saved == "by this page":
        text = visitor.take("scenario").text
        visitor = Visitor()
        visitor.open_file(text)
    result = visitor.agrees()
    assert result.changes[0].reason == f"Seen {NASTY}"
    assert markup.escaped(f"Seen {NASTY}") in visitor.pictures["changes"].table
    assert NASTY not in visitor.reads()
    assert "Reasons for changes are not in a link." not in visitor.reads()
    assert "Seen" not in Question.from_link(visitor.take_away.link).to_json()


def test_a_saved_plan_opens(visitor: Visitor) -> None:
    plan = case_documents()["gloucestershire-4m"].but({"appraisal.discount_rate": 0.04})
    visitor.open_file(plan.to_json())
    assert visitor.page.scenario.document == plan
    visitor.agrees()


@pytest.mark.parametrize("text", ["", "[]", '{"kind": "evidence"}', '{"kind": "benchmark"}'])
def test_a_file_that_cannot_be_opened_is_told_and_the_rest_stays(
    visitor: Visitor, text: str
) -> None:
    visitor.open_file(text)
    assert "This file cannot be opened." in visitor.reads()
    assert visitor.scenario == Question()
    visitor.agrees()


def test_a_plan_without_figures_is_told_and_the_rest_stays(visitor: Visitor) -> None:
    nowhere = Plan.from_dict(
        {"schema": 1, "kind": "invest_to_save", "council": "909", "year": 2025}
    )
    visitor.open_file(nowhere.to_json())
    assert "no published staff for 2025" in visitor.reads()
    assert visitor.scenario == Question()
    visitor.agrees()


def test_addresses_open_a_case_or_say_that_there_is_none(visitor: Visitor) -> None:
    visitor.take_away.arrived = "case=gloucestershire-2m"
    assert visitor.scenario.about == "gloucestershire-2m"
    lost = Visitor()
    lost.take_away.arrived = "case=nowhere"
    assert "There is no case called nowhere." in lost.reads()
    broken = Visitor()
    broken.take_away.arrived = "s=eNq"
    assert "This link cannot be read" in broken.reads()
    broken.agrees()


def test_all_tables_can_be_taken_away(visitor: Visitor) -> None:
    sent = visitor.take("csv")
    assert sent.name == f"evidence-{Question().digest}.csv"
    rows = list(csv.reader(io.StringIO(sent.text)))
    flat = [cell for line in rows for cell in line]
    result = log_of(Question(), DAY)
    assert result.headline in flat
    for entry in result.entries:
        assert entry.label in flat
    for table in result.tables:
        assert table.title in flat
    picture = visitor.pictures["log"]
    sent_tables: list[dict[str, Any]] = []
    picture.send = sent_tables.append
    picture._handle_custom_msg({"want": "csv"}, [])
    assert len(list(csv.reader(io.StringIO(sent_tables[0]["text"])))) == len(result.entries) + 1


def test_a_search_too_long_is_told_beside_its_field(visitor: Visitor) -> None:
    visitor.set("search", "a" * 101)
    assert "search" in visitor.levers.problems
    assert visitor.scenario == Question()


def test_studies_follow_the_search(visitor: Visitor) -> None:
    visitor.pictures["studies"].table_open = True
    visitor.set("search", "benhenda")
    found = matched_studies(studies(), "benhenda")
    assert 0 < len(found) < len(studies())
    assert visitor.pictures["studies"].reading == f"{len(found)} of {len(studies())} findings."
    assert visitor.pictures["studies"].table.count("<tr") == 1 + len(found)
    drawn = [each.html for each in parts(visitor.page, Prose) if "rw-log" in each.html]
    assert [name.strip() for name in Log(drawn[1]).seen] == [each.label for each in found]
    assert len(Log(drawn[1]).hidden) == len(studies()) - len(found)


@pytest.mark.parametrize("key", ["gloucestershire-2m", "flat-golden-hello"])
def test_everything_written_is_escaped(key: str) -> None:
    result = log_of(Question(about=key), DAY)
    html = log_html(result.entries, result.entries, of_an_answer=True)
    assert Log(html).depth == []
    for entry in result.entries:
        assert markup.escaped(entry.note) in html


@pytest.mark.parametrize("kind", [IncentivesPage, PlansPage])
def test_an_answers_page_leads_here_with_what_stands_on_it(
    kind: type[IncentivesPage] | type[PlansPage],
) -> None:
    page = kind()
    words = "".join(each.html for each in parts(page, Prose))
    link = LINK.search(words)
    assert link is not None
    assert "See what every number is based on" in words
    assert Question.from_link(link[1]).document == page.scenario


def test_the_way_here_holds_what_was_changed() -> None:
    changed = OFFER.but({"leaver_cost": 31_000})
    link = LINK.search(evidence_html(changed))
    assert link is not None
    assert Question.from_link(link[1]).document == changed


def test_counts_are_words() -> None:
    assert shown.count_text(139, 139, 21) == "All 139 assumptions are shown, and 21 studies."
    assert shown.count_text(1, 139, 1) == "1 of 139 assumptions and 1 study match."
