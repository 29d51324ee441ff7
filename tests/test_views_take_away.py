"""What leaves a page, comes to it and stands beside it, without a browser."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import io
import json
from html import escape
from pathlib import Path
from typing import Any

import pytest

from retention_lib import comparing as library
from retention_lib.answering import KINDS
from retention_lib.assumptions_log.question import Question as LogQuestion
from retention_lib.benchmarks.cases import FIRST as FIRST_COMPARISON
from retention_lib.benchmarks.cases import case as comparison_case
from retention_lib.comparing import side_by_side
from retention_lib.documents import LARGEST_FILE, Document
from retention_lib.outputs.files import Output, outputs_for
from retention_lib.plans.cases import case as plan_case
from retention_lib.plans.plan import Plan
from retention_lib.presets import preset
from retention_lib.reproducing import lines_of
from retention_lib.scenario import Scenario
from retention_lib.synthetic.cases import FIRST as FIRST_STORY
from retention_lib.synthetic.cases import case as story
from retention_lib.views import answers, taking_away
from retention_lib.views.benchmarks_page import BenchmarksPage
from retention_lib.views.evidence_page import EvidencePage
from retention_lib.views.happened_page import HappenedPage
from retention_lib.views.incentives_page import IncentivesPage
from retention_lib.views.notebooks import HOMES
from retention_lib.views.page import Page
from retention_lib.views.plans_page import PlansPage
from retention_lib.views.widgets import Compare
from tests.visitors import NASTY, PageVisitor, parts

PAGES = (IncentivesPage, PlansPage, BenchmarksPage, EvidencePage, HappenedPage)
WORKBOOKS = Path(__file__).resolve().parent.parent / "workbooks"
OFFER = preset("middlesbrough-2019").scenario
ALL_SIGN = OFFER.but({"scheme.take_up": 1.0}).with_reasons({"scheme.take_up": "As hoped"})
PLAN = plan_case("gloucestershire-2m").plan
COMPARISON = comparison_case(FIRST_COMPARISON).comparison
STORY = story(FIRST_STORY).question
TODAY = dt.date.today()


class Visitor(PageVisitor[Page[Any], Any]):
    """A visitor of any page, who also compares."""

    def __init__(self, page: Page[Any]) -> None:
        super().__init__(page)
        self.block = next(parts(page, Compare))
        self.told: list[dict[str, Any]] = []
        self.files: list[bytes] = []
        self.block.send = self._sent

    def _sent(self, said: dict[str, Any], buffers: tuple[bytes, ...] = ()) -> None:
        self.told.append(said)
        self.files += buffers

    def do(self, want: str, *content: bytes, **more: object) -> str:
        """Do something in the comparison; gives what is said of it."""
        self.told.clear()
        self.block._handle_custom_msg({"want": want, **more}, [memoryview(c) for c in content])
        return str(self.told[-1]["said"]) if self.told else ""

    def look(self) -> None:
        """Scroll the comparison into sight."""
        self.block.set_state({"seen": True})

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What is listed: letters and names."""
        return [(one["letter"], one["name"]) for one in self.block.kept]


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(IncentivesPage(OFFER))


def output_that(make: Any) -> Output:
    """An output of our own."""
    return Output(key="word", label="L", says="S", suffix=".docx", mime="a/b", make=make)


# Which workbook is whose


def test_every_kind_has_its_workbook_as_the_workbooks_say() -> None:
    assert set(HOMES) == {*KINDS, LogQuestion.KIND}
    for home in HOMES.values():
        notebook = json.loads((WORKBOOKS / home.notebook).read_text(encoding="utf-8"))
        assert notebook["metadata"]["nav"] == home.name
    for page in PAGES:
        assert HOMES[page.READS.KIND].notebook == page.NOTEBOOK


# Files


@pytest.mark.parametrize("page", PAGES)
def test_every_output_can_be_asked_for_and_the_document_comes_first(page: Any) -> None:
    visitor = Visitor(page())
    keys = [each["key"] for each in visitor.take_away.files]
    assert keys == ["scenario", *(each.key for each in outputs_for(visitor.page.scenario))]
    assert all(each["label"] and each["says"] for each in visitor.take_away.files)
    saved = visitor.take("scenario")
    assert saved.text == visitor.page.scenario.to_json()
    assert saved.name.endswith(f"-{visitor.page.scenario.digest}.json")
    file = visitor.take("json")
    assert json.loads(file.text)["made_on"] == TODAY.isoformat()
    assert file.name.endswith(f"-{visitor.page.scenario.digest}-result.json")
    assert file.said["type"] == "application/json"


def test_a_file_is_sent_as_it_is_made(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytes(range(256))
    made: list[tuple[Document, dt.date]] = []

    def make(document: Document, result: Any, on: dt.date) -> bytes:
        assert result.ranges is not None, "files have the ranges"
        made.append((document, on))
        return content

    monkeypatch.setattr(taking_away, "output", lambda _key: output_that(make))
    file = visitor.take("word")
    assert (file.content, file.said["type"], file.said["key"]) == (content, "a/b", "word")
    assert file.name == f"middlesbrough-2019-{OFFER.digest}.docx"
    assert made == [(OFFER, TODAY)]


def test_a_file_that_cannot_be_made_is_told_in_its_place_and_the_answer_stays(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def make(*_: object) -> bytes:
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr(taking_away, "output", lambda _key: output_that(make))
    before = visitor.answer.html
    file = visitor.take("word")
    assert "could not be made" in file.said["failed"]
    assert file.said["key"] == "word"
    assert "name" not in file.said
    assert visitor.answer.html == before
    assert "by hand" in caplog.text
    assert "no such file" in visitor.take("no-such-file").said["failed"]


@pytest.mark.parametrize("fails", [False, True])
def test_a_slider_is_answered_while_a_file_is_made(
    fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def visit() -> None:
        visitor = Visitor(IncentivesPage(OFFER))
        moved = asyncio.Event()
        loop = asyncio.get_running_loop()

        def make(document: Document, *_: object) -> bytes:
            asyncio.run_coroutine_threadsafe(moved.wait(), loop).result(10)
            if fails:
                raise ZeroDivisionError
            return document.digest.encode()

        monkeypatch.setattr(taking_away, "output", lambda _key: output_that(make))
        sent: list[tuple[dict[str, Any], list[bytes]]] = []
        visitor.take_away.send = lambda said, buffers=(): sent.append((said, buffers))
        visitor.take_away._handle_custom_msg({"want": "file", "key": "word"}, [])
        assert sent == []
        visitor.set("scheme.take_up", 50)
        assert visitor.scenario.scheme.take_up == 0.5
        moved.set()
        while not sent:
            await asyncio.sleep(0.01)
        said, buffers = sent[0]
        assert ("failed" in said) == fails
        # The file is of what stood on the page when it was asked for.
        assert fails or buffers == [OFFER.digest.encode()]

    asyncio.run(visit())


# Opening


def test_a_saved_file_opens_and_says_where_its_answer_is(visitor: Visitor) -> None:
    said: list[dict[str, str]] = []
    visitor.take_away.send = said.append
    visitor.give(b"\xef\xbb\xbf" + ALL_SIGN.to_json().encode(), "theirs.json")
    assert visitor.page.scenario == ALL_SIGN
    assert said == [{"said": "theirs.json is open. Its answer is at the top of the page."}]
    assert visitor.take_away.told == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe{", "It is not text in UTF-8."),
        (b" " * (LARGEST_FILE + 1), "It is over 1 MB."),
        (b"", "The file is empty."),
        (b"[]", "This file cannot be opened."),
        (b'{"schema": 1, "kind": "nonsense"}', "kind is &quot;nonsense&quot;."),
        (OFFER.to_json().replace("20000.0", "-1").encode(), "leaver_cost is -1."),
    ],
    ids=["no text", "too large", "empty", "list", "no kind", "impossible"],
)
def test_a_file_that_cannot_be_opened_is_told_in_its_place_and_all_stays(
    visitor: Visitor, content: bytes, words: str
) -> None:
    visitor.give(content)
    assert "This file cannot be opened." in visitor.take_away.told
    assert words in visitor.take_away.told
    assert not visitor.take_away.offer
    assert visitor.page.scenario == OFFER
    visitor.give(ALL_SIGN.to_json().encode())
    assert visitor.take_away.told == ""


def test_a_file_of_another_kind_is_shown_the_way_and_can_be_compared(visitor: Visitor) -> None:
    plan = Plan.from_dict({**PLAN.to_dict(), "name": NASTY})
    visitor.give(plan.to_json().encode(), f"{NASTY}.json")
    told = visitor.take_away.told
    assert "holds a four-year plan, which this page does not answer." in told
    assert "Open it in Invest to save" in told
    assert "<img" not in told
    link = told.split('href="')[1].split('"')[0]
    assert link.startswith("02_invest_to_save.ipynb?s=")
    assert Plan.from_link(link) == plan.with_reasons({})
    assert visitor.take_away.offer
    assert visitor.page.scenario == OFFER
    visitor.take_away._handle_custom_msg({"want": "add"}, [])
    assert [letter for letter, _ in visitor.kept] == ["A", "B"]
    assert json.loads(visitor.block.store) == [plan.to_dict()]
    assert not visitor.take_away.offer
    assert visitor.take_away.told == ""


# Links


def damaged(document: Document, part: int) -> str:
    """A link one part of which was lost on the way."""
    parts_of = document.to_link().split(".")
    return ".".join([*parts_of[:part], *parts_of[part + 1 :]])


def test_a_damaged_link_opens_what_is_left_and_says_what_is_not() -> None:
    told = set()
    for part in range(2, len(OFFER.to_link().split("."))):
        visitor = Visitor(IncentivesPage())
        visitor.take_away.arrived = damaged(ALL_SIGN, part)
        assert visitor.take_away.follows
        assert "Something went wrong" not in visitor.reads()
        assert 'role="alert"' in visitor.page._alert.html
        assert visitor.page._alert.html.count("<li>") >= 2
        told.add(visitor.page._alert.html)
    assert len(told) > 3
    visitor.set("case.preset", "no-scheme")
    assert visitor.page._alert.html == ""


@pytest.mark.parametrize("document", [PLAN, COMPARISON, STORY], ids=lambda one: str(one.kind))
def test_a_link_of_another_kind_is_shown_the_way(visitor: Visitor, document: Document) -> None:
    visitor.take_away.arrived = document.to_link()
    said = visitor.page._alert.html
    assert HOMES[document.kind].holds in said
    assert f'href="{HOMES[document.kind].notebook}?s=' in said
    assert visitor.page.scenario == OFFER


# The lines of Python


def test_lines_of_python_are_written_when_somebody_looks_and_follow(visitor: Visitor) -> None:
    assert visitor.take_away.code == ""
    visitor.set("scheme.take_up", 50)
    assert visitor.take_away.code == ""
    visitor.take_away.code_open = True
    assert visitor.take_away.code == lines_of(visitor.page.scenario)
    visitor.set("scheme.take_up", 60)
    assert visitor.take_away.code == lines_of(visitor.page.scenario)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_lines_of_python(page: Any) -> None:
    visitor = Visitor(page())
    visitor.take_away.code_open = True
    assert "import" in visitor.take_away.code


def test_lines_of_python_wait_while_a_slider_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Document] = []

    def lines(document: Document) -> str:
        written.append(document)
        return "lines"

    monkeypatch.setattr("retention_lib.reproducing.lines_of", lines)

    async def visit() -> None:
        visitor = Visitor(IncentivesPage(OFFER))
        visitor.take_away.code_open = True
        for share in range(50, 60):
            visitor.set("scheme.take_up", share)
            assert visitor.take_away.code != "lines", "the lines are not of this answer"
        while visitor.take_away.code != "lines":
            await asyncio.sleep(0.05)
        assert written == [OFFER, visitor.page.scenario]

    asyncio.run(visit())


# Comparing


def test_what_is_kept_stands_beside_the_page_with_what_differs_alone(visitor: Visitor) -> None:
    assert visitor.block.kept == []
    assert visitor.do("keep") == "A is kept."
    assert visitor.kept == [("A", OFFER.name)]
    assert "keep another answer" in visitor.block.html
    assert "<table" not in visitor.block.html
    visitor.look()
    visitor.set("scheme.take_up", 100)
    visitor.levers.reasons = {"scheme.take_up": "As hoped"}
    assert visitor.kept == [("A", OFFER.name), ("B", f"{OFFER.name}, with Share who sign up: 100%")]
    assert visitor.block.kept[1]["now"]
    shown = visitor.block.html
    found = side_by_side([OFFER, ALL_SIGN], ["A: x", "B: this page now"])
    for row in (*found.answers, *found.levers, *found.assumptions):
        if row.key not in {"chance", "range"}:
            assert escape(row.label) in shown
            assert all(escape(text) in shown for text in row.texts)
    assert "As hoped" in shown
    assert "What can be chosen in all of them is the same." in shown
    assert shown.index("The answers") < shown.index("What is assumed")
    assert visitor.do("keep") == "B is kept."
    assert not visitor.block.kept[1]["now"]
    assert visitor.told[-1]["heard"].startswith("“A:")


def test_at_most_four_are_kept_and_none_twice(visitor: Visitor) -> None:
    for number, share in enumerate((10, 20, 30, 40)):
        visitor.set("scheme.take_up", share)
        assert visitor.do("keep") == f"{'ABCD'[number]} is kept."
        assert visitor.do("keep") in {
            f"This is kept already, as {'ABCD'[number]}.",
        }
    visitor.set("scheme.take_up", 50)
    assert "Remove one first." in visitor.do("keep")
    visitor.look()
    assert len(visitor.kept) == 4, "there is no room for the page"
    assert visitor.do("remove", at=1) == "B is removed. C is now B. D is now C."
    assert [one["now"] for one in visitor.block.kept] == [False, False, False, True]
    for wrong in (-1, 3, 99, None, "0"):
        visitor.do("remove", at=wrong)
        assert len(visitor.kept) == 4
    assert visitor.do("clear") == "Nothing is kept any more."
    assert (visitor.block.kept, visitor.block.html, visitor.block.store) == ([], "", "")


def test_one_is_put_back_with_its_reasons_where_the_page_reads_its_kind(visitor: Visitor) -> None:
    for each in (ALL_SIGN, PLAN):
        visitor.do("add", each.to_json().encode(), name="one.json")
    here = [one["here"] for one in visitor.block.kept]
    assert here == [True, False, True]
    assert Plan.from_link(visitor.block.kept[1]["address"]) == PLAN.with_reasons({})
    assert visitor.block.kept[1]["where"] == "Invest to save"
    visitor.do("open", at=1)
    assert visitor.page.scenario == OFFER
    assert "A stands on the page." in visitor.do("open", at=0)
    assert visitor.page.scenario == ALL_SIGN
    assert visitor.levers.reasons == {"scheme.take_up": "As hoped"}
    assert len(visitor.kept) == 2, "the page is one of those that are kept"


def test_what_is_kept_on_one_page_stands_on_another_in_the_same_tab(visitor: Visitor) -> None:
    visitor.do("add", ALL_SIGN.to_json().encode(), name="one.json")
    held = visitor.block.store
    other = Visitor(PlansPage(PLAN))
    other.do("stored", text=held)
    assert other.block.kept == [], "nobody has looked yet"
    other.look()
    assert other.kept[0][1].startswith(OFFER.name)
    assert [one["here"] for one in other.block.kept] == [False, True]
    assert "These cannot be ranked. They are of different kinds." in other.block.html
    assert other.do("keep") == "B is kept."
    assert json.loads(other.block.store) == [ALL_SIGN.to_dict(), PLAN.to_dict()]


def test_what_the_tab_holds_is_read_before_anything_is_kept(visitor: Visitor) -> None:
    visitor.do("stored", text=json.dumps([ALL_SIGN.to_dict()]))
    assert visitor.do("keep") == "B is kept."
    assert json.loads(visitor.block.store) == [ALL_SIGN.to_dict(), OFFER.to_dict()]


@pytest.mark.parametrize(
    ("held", "lost", "kept"),
    [
        ("{", "One answer that was kept could not be read.", 0),
        ("[" * 100_000, "One answer that was kept could not be read.", 0),
        (" " * 4_000_001, "One answer that was kept could not be read.", 0),
        ('"x"', "One answer that was kept could not be read.", 0),
        (json.dumps([{"kind": "x"}, OFFER.to_dict(), None]), "2 answers that were kept", 1),
        (json.dumps([OFFER.to_dict()] * 6), "2 answers that were kept", 4),
        (json.dumps([{**PLAN.to_dict(), "council": "909", "year": 2025}]), "One answer", 0),
        ("", "", 0),
        ("[]", "", 0),
    ],
    ids=["broken", "deep", "long", "word", "some", "many", "no figures", "nothing", "none"],
)
def test_what_the_tab_holds_is_read_as_carefully_as_a_file(
    visitor: Visitor, held: str, lost: str, kept: int
) -> None:
    visitor.do("stored", text=held)
    visitor.told.clear()
    visitor.look()
    said = " ".join(one["said"] for one in visitor.told)
    assert said.startswith(lost)
    assert bool(said) == bool(lost)
    assert len([one for one in visitor.block.kept if not one["now"]]) == kept


def test_hostile_words_are_words_in_a_comparison(visitor: Visitor) -> None:
    given = {**ALL_SIGN.to_dict(), "name": NASTY, "reasons": {"scheme.take_up": NASTY}}
    visitor.do("add", json.dumps(given).encode(), name="one.json")
    assert "<table" in visitor.block.html
    assert "<img" not in visitor.block.html
    assert "&lt;img" in visitor.block.html
    said = visitor.do("add", b"{", name=f"{NASTY}.json")
    assert "cannot be added" in said, "said as text, and shown as text"


def test_the_same_money_is_set_four_ways_and_asks_before_it_replaces() -> None:
    visitor = Visitor(PlansPage(PLAN))
    assert visitor.block.four
    assert "kept, spent four ways" in visitor.do("four", pounds=visitor.block.pounds)
    assert len(visitor.kept) == 4
    names = [name for _, name in visitor.kept]
    assert all("£400,000" in name for name in names)
    for typed in ("", "much", "nan", "-5", "0", "£"):
        assert visitor.do("four", pounds=typed) == ""
        why = visitor.block.refused
        assert "such as 400,000" in why or "cannot be spent" in why
        assert visitor.block.asks == ""
    visitor.do("four", pounds="£ 300,000")
    assert visitor.block.refused == ""
    question = "Replace the 4 answers you have kept with these four plans?"
    assert visitor.block.asks == visitor.told[-1]["heard"] == question
    assert visitor.do("leave") == "What was kept still is."
    assert [name for _, name in visitor.kept] == names
    visitor.do("four", pounds="300000")
    visitor.do("replace")
    assert visitor.block.asks == ""
    assert all("£300,000" in name for _, name in visitor.kept)
    visitor.do("replace")
    assert all("£300,000" in name for _, name in visitor.kept)
    assert not Visitor(IncentivesPage()).block.four
    other = Visitor(PlansPage(PLAN))
    other.do("keep")
    other.do("four", pounds="300000")
    assert other.block.asks == "Replace the answer you have kept with these four plans?"


def test_a_comparison_can_be_taken_away(visitor: Visitor) -> None:
    visitor.do("csv")
    assert visitor.files == []
    visitor.do("add", ALL_SIGN.to_json().encode(), name="one.json")
    assert "is in your downloads." in visitor.do("csv")
    found = side_by_side([ALL_SIGN, OFFER], [f"A: {OFFER.name}", "B: this page now"])
    rows = list(csv.reader(io.StringIO(visitor.files[0].decode("utf-8-sig"))))
    assert ["In short", found.headline] in rows
    for row in (*found.answers, *found.levers, *found.assumptions):
        assert any(line[:1] == [row.label] for line in rows)
    assert any(line[:1] == ["Made on"] for line in rows)
    assert any("As hoped" in cell for line in rows for cell in line)


def test_evidence_keeps_the_answer_that_the_log_is_of() -> None:
    visitor = Visitor(EvidencePage())
    visitor.do("keep")
    assert json.loads(visitor.block.store) == [OFFER.to_dict()]
    assert not visitor.block.kept[0]["here"]
    alone = Visitor(EvidencePage(LogQuestion(about="register")))
    assert "no answer on this page to keep" in alone.do("keep")


def test_nothing_is_compared_while_nobody_looks_or_anything_moves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted: list[int] = []
    real = library.compared

    def counting(documents: Any, *rest: Any) -> Any:
        counted.append(len(documents))
        return real(documents, *rest)

    monkeypatch.setattr(library, "compared", counting)

    async def visit() -> None:
        visitor = Visitor(IncentivesPage(OFFER))
        visitor.do("add", ALL_SIGN.to_json().encode(), name="one.json")
        await _until(lambda: visitor.page._comparing._shown._task is None)
        begun = len(counted)
        for share in range(50, 60):
            visitor.set("scheme.take_up", share)
            assert visitor.block.stale
        await asyncio.sleep(0.8)
        assert len(counted) == begun, "nobody looks"
        visitor.look()
        assert not visitor.block.stale
        for share in range(60, 70):
            visitor.set("scheme.take_up", share)
            await asyncio.sleep(0)
        assert visitor.block.stale
        now = len(counted)
        await _until(lambda: not visitor.block.stale)
        assert len(counted) > now
        assert "69%" in visitor.block.html

    asyncio.run(visit())


async def _until(so: Any) -> None:
    end = asyncio.get_running_loop().time() + 30
    while not so():
        assert asyncio.get_running_loop().time() < end
        await asyncio.sleep(0.02)


def test_ranges_come_in_behind_for_all_or_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "DRAWS", 256)

    async def visit() -> None:
        visitor = Visitor(PlansPage(PLAN))
        visitor.do("keep")
        visitor.do("add", plan_case("gloucestershire-4m").plan.to_json().encode(), name="4m.json")
        assert "being worked out" in visitor.block.html
        assert "not drawn" not in visitor.block.html
        await _until(lambda: "being worked out" not in visitor.block.html)
        assert "8 of 10 draws" in visitor.block.html
        assert "not drawn" not in visitor.block.html
        visitor.do("clear")
        assert visitor.block.html == ""

    asyncio.run(visit())


def test_a_comparison_that_fails_is_told_and_the_page_stays(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(library, "compared", failing)
    visitor.do("add", ALL_SIGN.to_json().encode(), name="one.json")
    assert "Something went wrong" in str(visitor.told)
    assert visitor.page.scenario == OFFER
    assert isinstance(visitor.scenario, Scenario)
