"""The invest-to-save page without a browser: what it does with what is sent, and what it draws."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from retention_lib import answering
from retention_lib.cli import main
from retention_lib.figures import councils, latest_year, years_of
from retention_lib.outputs.facts import facts_of
from retention_lib.outputs.tables_csv import answer_csv, table_csv
from retention_lib.pictures import plans as plans_pictures
from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import FIRST, case, cases
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.claims import claim_sentence, recruit_sentence
from retention_lib.plans.plan import Measure, Plan
from retention_lib.plans.ranges import Ranges, spread
from retention_lib.presets import preset
from retention_lib.views import (
    markup,
    plans_case,
    plans_facts,
    plans_form,
    plans_page,
    refining,
)
from retention_lib.views.plans_page import PlansPage
from retention_lib.views.widgets import Refining
from tests.visitors import NASTY, PageVisitor, at_rest, parts

DRAWS = 256
BLANKS = re.compile(r"\b(None|nan|undefined)\b")
BLANK = case("blank").plan
NORTH_SOMERSET, LEEDS = "802", "383"
# Two councils that report as one, the smallest, and some without figures of the latest year.
SAMPLE = (
    *("314 / 318", "420", "201", "857", "909", "928", "835"),
    *("916", "933", "879", "806", LEEDS),
)
JOINT = ("314 / 318", "940 / 941")
MEASURES = plans_case.MEASURES
OWN_LINES = ("measures.0.money.1", "measures.0.money.2")


@cache
def _spread(text: str) -> Ranges:
    return spread(Plan.from_json(text), DRAWS)


def ranges_of(plan: Plan) -> Ranges:
    """Give a plan's ranges from a few draws."""
    return _spread(plan.with_reasons({}).to_json())


def plan_of(*measures: dict[str, Any], **parts_of: Any) -> Plan:
    basis = {"schema": 1, "kind": "invest_to_save", "council": NORTH_SOMERSET}
    return Plan.from_dict({**basis, "measures": list(measures), **parts_of})


class Visitor(PageVisitor[PlansPage, Plan]):
    def __init__(self, start: Plan | None = None) -> None:
        super().__init__(PlansPage(start))
        self.progress = next(parts(self.page, Refining))

    @property
    def plan(self) -> Plan:
        return self.page.scenario

    def value(self, path: str) -> Any:
        """What stands in a field."""
        return {**self.case.values, **self.levers.values}[path]

    def shows(self) -> str:
        """Everything on the page that is or may be HTML."""
        drawn = "".join(each.svg + each.table for each in self.pictures.values())
        return self.answer.html + self.reads() + drawn

    def fails(self) -> bool:
        return "Something went wrong" in self.reads()

    def agrees(self, ranges: Ranges | None = None) -> None:
        """What is shown is what the library answers: the answer, each picture and open table."""
        plan = self.scenario
        assert plan == self.plan.with_reasons({})
        result = appraise(plan, ranges)
        assert self.answer.headline == result.headline
        assert self.answer.html == markup.answer_html(result.sentences, facts_of(result))
        assert self.page._tests.html == plans_facts.tests_html(result)
        assert self.levers.changed == [change.path for change in result.changes]
        for key, picture in self.pictures.items():
            table = result.table(key) if key not in plans_pictures.CHARTS else None
            if table is None:
                drawn = plans_pictures.CHARTS[key](plan, result, picture.width)
                assert (picture.svg, picture.reading) == (drawn.svg, drawn.reading), key
                table = drawn.table
            if picture.table_open:
                assert picture.table == markup.table_html(table), key
        # What stands in the fields is what counts.
        counted = plans_form.screen_values(plan, self.levers.sections)
        right = {path: value for path, value in counted.items() if path not in self.levers.problems}
        stands = {path: self.levers.values[path] for path in right}
        assert stands == {
            path: value if isinstance(value, str) else pytest.approx(value, abs=1e-9)
            for path, value in right.items()
        }
        assert self.case.values == plans_case.case_values(plan)
        assert not self.fails()


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def test_page_begins_with_the_first_case(visitor: Visitor) -> None:
    assert visitor.scenario == case(FIRST).plan
    assert visitor.plan.council in {area.code for area in councils()}
    assert visitor.levers.changed == []
    assert "Nothing differs from the case" in visitor.reads()
    opened = [key for key, each in visitor.pictures.items() if each.table]
    assert opened == ["optimism", "mtfs", "invest_to_save", "terms", "scorecard", "viewpoints"]
    visitor.agrees()


@pytest.mark.parametrize("story", cases(), ids=lambda story: str(story.id))
def test_every_case_can_be_chosen(visitor: Visitor, story: Any) -> None:
    visitor.set("case.preset", "blank" if story.id == FIRST else FIRST)
    visitor.set("case.preset", story.id)
    assert visitor.scenario == story.plan
    assert visitor.levers.changed == []
    assert markup.escaped(story.summary) in visitor.reads()
    assert markup.escaped(story.source) in visitor.reads()
    first = visitor.levers.sections[0]["fields"]
    assert len(first) <= 8
    visitor.agrees()


def test_no_path_label_or_section_stands_twice_on_a_form() -> None:
    for story in cases():
        visitor = Visitor(story.plan)
        drawn = [*visitor.case.sections, *visitor.levers.sections]
        paths = [field["path"] for section in drawn for field in section["fields"]]
        assert len(paths) == len(set(paths)), story.id
        for section in drawn:
            labels = [field["label"] for field in section["fields"]]
            assert len(labels) == len(set(labels)), (story.id, section["title"])
        keys = [section.get("key", section["title"]) for section in drawn[1:]]
        assert len(keys) == len(set(keys)), story.id


def test_sample_has_what_it_is_for() -> None:
    assert {area.code for area in councils()} >= {*SAMPLE, *JOINT}
    assert [code for code in SAMPLE if years_of(code)[0] != latest_year()]


@pytest.mark.parametrize("code", dict.fromkeys((*SAMPLE, *JOINT)))
def test_council_is_answered_with_its_own_figures_and_the_same_measures(code: str) -> None:
    visitor = Visitor()
    measures = visitor.plan.measures
    visitor.set("council", code)
    assert visitor.plan.council == code
    assert visitor.plan.year == years_of(code)[0]
    assert visitor.plan.measures == measures
    assert visitor.value("case.preset") == plans_case.NO_CASE
    assert "rw-alert" not in visitor.reads()
    visitor.open_tables()
    visitor.agrees()
    for picture in visitor.pictures.values():
        assert picture.svg or picture.table, picture.key
        words = picture.title + picture.reading + picture.table
        assert not BLANKS.search(words.replace("None of", "")), picture.key
    visitor.set("case.preset", "blank")
    assert visitor.scenario == BLANK


def test_every_council_is_answered() -> None:
    """Each with one measure, without its pictures."""
    for area in councils():
        plan = plan_of({"kind": "recognition"}, council=area.code, year=years_of(area.code)[0])
        result = appraise(plan)
        assert result.headline
        assert result.investment > 0
        assert plans_form.sections(plan)


def test_every_year_of_a_council_can_be_chosen(visitor: Visitor) -> None:
    visitor.set("council", LEEDS)
    options = [option["value"] for option in visitor.fields()["year"]["options"]]
    assert options == [str(year) for year in years_of(LEEDS)]
    answers = set()
    for year in options:
        visitor.set("year", year)
        assert visitor.plan.year == int(year)
        visitor.agrees()
        answers.add(visitor.answer.html)
    assert len(answers) == len(options)


@pytest.mark.parametrize(
    ("kind", "warning"), [("flat", "held flat"), ("national_trend", "England's trend")]
)
@pytest.mark.parametrize("start", [FIRST, "blank"])
def test_other_baselines_carry_their_warning(start: str, kind: str, warning: str) -> None:
    visitor = Visitor(case(start).plan)
    assert "Warning" not in visitor.answer.html
    visitor.set("baseline.kind", kind)
    sentences = appraise(visitor.scenario).sentences
    said = next(sentence for sentence in sentences if "Warning: " in sentence)
    assert warning in said
    assert markup.escaped(said) in visitor.answer.html
    visitor.agrees()
    visitor.set("baseline.kind", "mean_reverting")
    assert "Warning" not in visitor.answer.html
    assert visitor.scenario == case(start).plan


def test_every_measure_can_be_added_changed_and_taken_out_again() -> None:
    visitor = Visitor(BLANK)
    visitor.set(MEASURES, ["recognition"])
    visitor.set("measures.0.money.0", 51_000)
    visitor.levers.reasons = {"measures.0.money.0": "Ours"}
    kept = visitor.plan.measures[0]
    for kind in catalogue():
        if kind == "recognition":
            continue
        # In front of the one that is kept, so that that one moves.
        visitor.set(MEASURES, [kind, "recognition"])
        assert [measure.kind for measure in visitor.plan.measures] == [kind, "recognition"]
        assert visitor.plan.measures[1] == kept
        assert visitor.plan.reasons == {"measures.1.money.0": "Ours"}
        assert visitor.levers.reasons == visitor.plan.reasons
        assert visitor.value("measures.1.money.0") == 51_000
        name = visitor.plan.measures[0].name
        assert f"Measure: {name}" in [section["title"] for section in visitor.levers.sections]
        added = [change.path for change in appraise(visitor.plan).changes]
        assert "measures.0" in added
        assert not [path for path in added if path.startswith("measures.0.")], kind
        visitor.agrees()
        visitor.set(MEASURES, ["recognition"])
        assert visitor.plan.measures == (kept,)
        assert visitor.plan.reasons == {"measures.0.money.0": "Ours"}
    visitor.set(MEASURES, [])
    assert visitor.plan == BLANK
    visitor.agrees()


def test_all_measures_at_once_are_answered_and_one_too_many_is_refused() -> None:
    visitor = Visitor(BLANK)
    everything = [*catalogue(), "own", "own 2", "own 3"]
    visitor.set(MEASURES, everything)
    assert visitor.value(MEASURES) == everything
    visitor.agrees()
    assert len(visitor.levers.sections[0]["fields"]) == 8
    full = plan_of(*([{"kind": "own"}] * 20))
    visitor = Visitor(full)
    visitor.set(MEASURES, [*visitor.value(MEASURES), "academy"])
    assert "rw-alert" in visitor.reads()
    assert not visitor.fails()
    assert visitor.plan == full
    assert visitor.value(MEASURES) == plans_case.keys_of(full)


def own_plan(name: str = "Zebra crossing") -> Visitor:
    """Put a measure of one's own in as a visitor does."""
    visitor = Visitor(BLANK)
    visitor.set(MEASURES, ["own"])
    visitor.set("measures.0.name", name)
    visitor.set("measures.0.money.0", 40_000)
    visitor.set("measures.0.money.2", 60_000)
    visitor.set("measures.0.effects.0.central", 10)
    return visitor


def test_own_measure_is_in_every_picture_and_table_of_measures() -> None:
    visitor = own_plan()
    visitor.open_tables()
    plan = visitor.scenario
    assert plan.measures[0].money == (40_000.0, 0.0, 60_000.0, 0.0)
    result = appraise(plan)
    name = "Zebra crossing"
    for key in ("timeline", "bridge", "lines"):
        assert name in visitor.pictures[key].table, key
        assert [row for row in result.table(key).rows if row[0] == name], key
    for key in ("timeline", "bridge"):
        assert name in visitor.pictures[key].svg, key
    (money,) = [row for row in result.table("lines").rows if row[0] == name]
    assert money[3:7] == pytest.approx((40_000, 0, 60_000, 0))
    mtfs = {row[0]: row[1:] for row in result.table("mtfs").rows}
    asked = {row[0]: row[1:] for row in result.table("invest_to_save").rows}
    assert mtfs["Investment in the plan"] == pytest.approx((40_000, -40_000, 60_000, -60_000))
    assert asked["Continuing cost, revenue"] == pytest.approx((40_000, 0, 60_000, 0, 100_000))
    assert Plan.from_link(plan.to_link()).measures[0].name == name
    assert Plan.from_json(visitor.take("scenario").text).measures[0].name == name
    visitor.page._refiner._draws = DRAWS
    assert name in visitor.take("csv").text
    assert name in visitor.page._inputs.html
    visitor.agrees(visitor.page._ranges)


def test_kind_of_money_of_an_own_measure_moves_it_to_its_row() -> None:
    visitor = own_plan()
    for kind, row in (
        ("one_off", "One-off cost, revenue"),
        ("capital", "One-off cost, capital"),
        ("continuing", "Continuing cost, revenue"),
    ):
        visitor.set("choose.measures.0.money", kind)
        rows = {row[0]: row[-1] for row in appraise(visitor.scenario).table("invest_to_save").rows}
        assert rows[row] == pytest.approx(100_000), kind
        visitor.agrees()
    visitor.set("measures.0.funded_by", "elsewhere")
    rows = {row[0]: row[-1] for row in appraise(visitor.scenario).table("invest_to_save").rows}
    assert rows["Paid from elsewhere, not counted above"] == pytest.approx(100_000)
    assert rows["Total cost to the council"] == 0
    visitor.agrees()


def test_own_measure_changes_what_is_chosen_and_its_ends_keep_their_order() -> None:
    visitor = own_plan()
    choice = visitor.fields()["choose.measures.0.effects"]
    for option in choice["options"]:
        visitor.set("choose.measures.0.effects", option["value"])
        assert visitor.value("choose.measures.0.effects") == option["value"]
        effects = visitor.plan.measures[0].effects
        if option["value"] == "nothing":
            assert effects == ()
            assert visitor.levers.sections[0]["fields"] == []
            visitor.agrees()
            continue
        assert (effects[0].low, effects[0].central, effects[0].high) == (0, 0, 0)
        base = "measures.0.effects.0"
        for end, value in (("central", 4), ("high", 2), ("low", 6), ("central", 1), ("central", 0)):
            visitor.set(f"{base}.{end}", value)
            assert visitor.levers.problems == {}
            assert visitor.value(f"{base}.{end}") == value
            shown = [visitor.value(f"{base}.{each}") for each in ("low", "central", "high")]
            assert shown == sorted(shown), (option, end, value)
        visitor.agrees()


def test_ends_that_gave_way_come_back_with_the_one_that_pushed_them() -> None:
    visitor = Visitor()
    base = "measures.0.effects.0"
    began = {end: visitor.value(f"{base}.{end}") for end in ("low", "central", "high")}
    assert began["low"] < began["central"] < began["high"]
    for end, there in (("low", 50), ("central", 50), ("central", 0), ("high", 0)):
        visitor.set(f"{base}.{end}", there)
        shown = [visitor.value(f"{base}.{each}") for each in began]
        assert shown == sorted(shown)
        visitor.set(f"{base}.{end}", began[end])
        assert {each: visitor.value(f"{base}.{each}") for each in began} == began
    assert visitor.plan == case(FIRST).plan


def test_browser_that_has_not_heard_of_a_pushed_end_does_not_undo_the_move() -> None:
    visitor = Visitor()
    low, central = (f"measures.0.effects.0.{end}" for end in ("low", "central"))
    stale = visitor.levers.values
    visitor.levers.values = {**stale, low: 30.0}
    assert visitor.value(central) == 30
    visitor.levers.values = {**stale, low: 40.0}
    assert (visitor.value(low), visitor.value(central)) == (40, 40)
    assert visitor.scenario.at(low) == pytest.approx(0.4)
    # Once it has heard, the old number is a move like any other.
    visitor.levers.values = {**visitor.levers.values, low: 41.0}
    visitor.set(central, stale[central])
    assert visitor.scenario.at(central) == pytest.approx(stale[central] / 100)
    assert visitor.value(low) <= stale[central]
    visitor.agrees()


def test_two_own_measures_are_kept_apart() -> None:
    visitor = own_plan("The first")
    visitor.set(MEASURES, ["own", "own 2"])
    visitor.set("measures.1.name", "The second")
    visitor.set("measures.1.money.0", 7_000)
    options = {o["value"]: o["label"] for o in visitor.fields()[MEASURES]["options"]}
    assert (options["own"], options["own 2"]) == ("The first", "The second")
    assert "own 3" in options
    visitor.agrees()
    visitor.set(MEASURES, ["own 2"])
    assert [measure.name for measure in visitor.plan.measures] == ["The second"]
    assert visitor.value(MEASURES) == ["own"]
    visitor.agrees()


def test_name_of_nothing_but_spaces_and_one_too_long() -> None:
    visitor = own_plan()
    for _ in range(2):
        visitor.set("measures.0.name", "   ")
        assert visitor.value("measures.0.name") == visitor.plan.measures[0].name
        assert visitor.plan.measures[0].name == "A measure of our own"
    visitor.set("measures.0.name", "x" * 201)
    assert visitor.levers.problems["measures.0.name"] == "It must have 200 characters or fewer."
    assert visitor.plan.measures[0].name == "A measure of our own"
    visitor.agrees()


def test_hostile_names_are_shown_as_words() -> None:
    visitor = own_plan(NASTY)
    visitor.open_tables()
    visitor.levers.reasons = {"measures.0.money.0": f"{NASTY} why"}
    assert "<img" not in visitor.shows()
    for key in ("timeline", "bridge", "lines"):
        assert "&lt;img" in visitor.pictures[key].table, key
    assert "&lt;img" in visitor.page._inputs.html
    assert "why" in visitor.reads()
    hostile = {**visitor.plan.to_dict(), "name": NASTY, "case": {"preset": NASTY}}
    again = Visitor(Plan.from_dict(hostile))
    again.open_tables()
    assert "<img" not in again.shows()
    assert again.value("case.preset") == plans_case.NO_CASE
    again.page._refined(again.plan, ranges_of(again.scenario))
    assert "<img" not in again.shows()
    linked = Visitor()
    linked.take_away.arrived = Plan.from_dict(hostile).to_link()
    assert linked.plan.measures[0].name == NASTY
    assert "<img" not in linked.shows()


@pytest.mark.parametrize("key", ["somerset-2016", "north-somerset-40-agency"])
def test_every_number_can_be_moved_to_either_end_and_back(key: str) -> None:
    begun = case(key).plan
    visitor = Visitor(begun)
    numbers = [each for each in visitor.fields().values() if each["kind"] == "number"]
    assert len(numbers) > 80
    for place, field in enumerate(numbers):
        path = field["path"]
        assert field["min"] <= field["start"] <= field["max"]
        assert (field["reasoned"], bool(field["label"]), bool(field["about"])) == (True, True, True)
        for value in (field["min"], field["max"]):
            visitor.set(path, value)
            assert visitor.levers.problems == {}, (path, value)
            if value == field["start"]:
                continue
            counts = plans_form.number_of(visitor.scenario, path)
            shown = plans_form.unit_of(visitor.scenario, path).to_screen(counts)
            assert shown == pytest.approx(value), path
            assert path in visitor.levers.changed
        if place % 8 == 0:
            visitor.agrees()
        visitor.set(path, field["start"])
        assert visitor.levers.changed == [], path
        assert visitor.plan == begun, path
        assert visitor.value(path) == field["start"]
    assert "Nothing differs from the case" in visitor.reads()
    visitor.agrees()


def test_every_choice_can_be_made_and_put_back() -> None:
    visitor = Visitor(plan_of({"kind": "own", "effects": []}, {"kind": "retention_payment"}))
    begun = visitor.plan
    choices = [
        field["path"]
        for section in visitor.levers.sections
        for field in section["fields"]
        if field["kind"] == "choice"
    ]
    assert len(choices) == 14
    for path in choices:
        field = visitor.fields()[path]
        ends = {each["value"]: each for each in (*field["options"][:3], field["options"][-1])}
        for value in ends:
            visitor.set(path, value)
            assert visitor.value(path) == value
            assert visitor.levers.problems == {}
            visitor.agrees()
        visitor.set(path, field["start"])
        assert visitor.plan == begun, path


def test_browser_that_hears_late_moves_only_what_its_user_moves(visitor: Visitor) -> None:
    central, high = "measures.0.effects.0.central", "measures.0.effects.0.high"
    begun = visitor.plan
    start = visitor.value(central)
    visitor.set(central, 46)
    heard = [dict(visitor.levers.values)]
    # Each message is made of what had been heard two answers before.
    for step in range(1, 8):
        made_of = heard[max(0, step - 2)]
        visitor.levers.values = {**made_of, central: 46 - step / 2}
        heard.append(dict(visitor.levers.values))
        assert visitor.value(high) == 46 - step / 2
    visitor.set(central, start)
    assert visitor.plan == begun


def test_agency_rates_follow_pay_and_the_budget_follows_staff_until_they_are_set() -> None:
    visitor = Visitor(BLANK)
    visitor.set("prices.pay_award.2", 7)
    assert visitor.value("prices.agency.2") == 7
    before = visitor.value("staffing_budget")
    visitor.set("service.staff", 120)
    assert visitor.value("staffing_budget") > before
    visitor.agrees()
    visitor.set("prices.agency.2", 1)
    visitor.set("staffing_budget", 9_000_000)
    visitor.set("prices.pay_award.2", 6)
    visitor.set("service.staff", 60)
    assert visitor.value("prices.agency.2") == 1
    assert visitor.value("staffing_budget") == 9_000_000
    visitor.agrees()
    for path in ("prices.pay_award.2", "service.staff", "staffing_budget"):
        visitor.set(path, visitor.fields()[path]["start"])
    visitor.set("prices.agency.2", visitor.fields()["prices.agency.2"]["start"])
    assert visitor.plan == BLANK
    visitor.agrees()


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("service.turnover", 140, "140% is not possible. It must be 100% or less."),
        ("service.staff", -1, "-1 people is not possible. It must be 0 people or more."),
        ("service.vacancy_rate", 100, "100% is not possible. It must be below 100%."),
        ("service.agency_rate", 100, "It must be below 100%."),
        ("service.case_holding_share", 0, "0% is not possible. It must be above 0%."),
        ("service.newly_qualified_share", 99, "together must be 100% or less."),
        ("staffing_budget", -1, "-£1 is not possible. It must be £0 or more."),
        ("prices.cpi.1", 900, "900% is not possible. It must be 100% or less."),
        ("prices.pay_award.0", -60, "It must be −50% or more."),
        ("measures.0.effects.0.central", 150, "150% is not possible. It must be 100% or less."),
        ("measures.0.effects.0.low", -150, "-150% is not possible. It must be −100% or more."),
        ("measures.0.money.0", 1e13, "It must be £1,000,000,000,000 or less."),
        ("measures.1.effects.0.central", 9_000, "It must be 5,000 posts or less."),
        ("measures.2.incentive.scheme.take_up", 140, "140% is not possible."),
        ("measures.3.effects.0.central", -2, "It must be 0 people a year or more."),
        ("measures.4.effects.0.central", 0, "It must be 1 posts or more."),
    ],
)
def test_what_cannot_be_is_answered_beside_its_field(path: str, value: float, words: str) -> None:
    kinds = ("academy", "extra_posts", "retention_payment", "returners", "span_of_six")
    begun = plan_of(*({"kind": kind} for kind in kinds))
    visitor = Visitor(begun)
    before = visitor.answer.html
    visitor.set(path, value)
    said = visitor.levers.problems[path]
    assert words in said
    assert not [code for code in ("_", "central", "Input") if code in said]
    assert visitor.scenario == begun
    assert visitor.answer.html == before
    assert visitor.value(path) == value
    # Another field still works, the wrong one is still told, and goes when it is put right.
    visitor.set("targets.turnover", 11)
    assert visitor.scenario.targets.turnover == pytest.approx(0.11)
    assert list(visitor.levers.problems) == [path]
    assert visitor.value(path) == value
    visitor.agrees()
    visitor.set(path, visitor.fields()[path]["start"])
    assert visitor.levers.problems == {}
    visitor.agrees()


@pytest.mark.parametrize("council", ["837", "909"])
@pytest.mark.parametrize("way", ["link", "file", "year"])
def test_year_without_staff_is_told_and_everything_stays(council: str, way: str) -> None:
    """A council that did not yet exist, or does no longer."""
    missing = next(year for year in (2019, 2025) if year not in years_of(council))
    asked = plan_of(council=council, year=missing)
    visitor = Visitor()
    before = visitor.answer.html
    if way == "link":
        visitor.take_away.arrived = asked.to_link()
        assert visitor.take_away.follows
    elif way == "file":
        visitor.open_file(asked.to_json())
    else:
        visitor.set("council", council)
        before = visitor.answer.html
        visitor.set("year", str(missing))
    assert "has no published staff" in visitor.reads()
    assert visitor.answer.html == before
    visitor.agrees()
    visitor.set("case.preset", "blank")
    assert "has no published staff" not in visitor.reads()
    visitor.agrees()


def test_reason_is_kept_printed_and_gone_when_the_number_is_put_back(visitor: Visitor) -> None:
    path = "measures.0.money.0"
    field = visitor.fields()[path]
    start = field["start"]
    visitor.set(path, start + 1_000)
    visitor.levers.reasons = {path: f"Ours {NASTY}"}
    assert visitor.plan.reasons == {path: f"Ours {NASTY}"}
    assert visitor.scenario.reasons == {}
    assert "1 thing differs from the case" in visitor.reads()
    said = markup.escaped(f"Ours {NASTY}")
    assert said in visitor.page._differs.html
    assert f"Changed from {field['start_text']}. {said}" in visitor.page._inputs.html
    visitor.set("service.turnover", 20)
    visitor.set("baseline.kind", "flat")
    assert visitor.plan.reasons == {path: f"Ours {NASTY}"}
    assert visitor.levers.reasons == visitor.plan.reasons
    visitor.set(path, start)
    assert visitor.plan.reasons == {}


def test_link_and_file_come_back_as_they_were() -> None:
    own = own_plan().plan.but({"baseline.kind": "flat", "service.turnover": 0.21, "seed": 3})
    told = own.with_reasons({"measures.0.money.0": "Our own costing"})
    by_link = Visitor()
    assert not by_link.take_away.follows
    by_link.take_away.arrived = told.with_reasons({}).to_link()
    assert by_link.take_away.follows
    assert by_link.plan == own
    by_link.agrees()
    by_file = Visitor()
    by_file.open_file(told.to_json())
    assert by_file.plan == told
    assert by_file.levers.reasons == told.reasons
    by_file.agrees()
    file = by_file.take("scenario")
    assert Plan.from_json(file.text) == told
    assert file.name == f"blank-{told.digest}.json"
    by_file.page._refiner._draws = DRAWS
    everything = by_file.take("csv")
    whole = answer_csv(told, appraise(told, ranges_of(told)), dt.date.today())
    assert everything.text == whole
    for story in cases():
        again = Visitor()
        again.open_file(story.plan.to_json())
        assert again.plan == story.plan
        assert again.levers.changed == []


@pytest.mark.parametrize("query", ["s=abc", "s=eNqFVEuP2jAQ", "s=%00", "s=0"])
def test_damaged_link_is_told_and_the_first_case_stays(visitor: Visitor, query: str) -> None:
    visitor.take_away.arrived = query
    assert visitor.scenario == case(FIRST).plan
    assert "This link cannot be read" in visitor.reads()
    visitor.agrees()
    visitor.set("case.preset", "blank")
    assert "This link cannot be read" not in visitor.reads()


def test_link_and_file_of_another_kind_are_refused_and_the_last_answer_stays() -> None:
    incentive = preset("flat-golden-hello").scenario
    visitor = Visitor()
    visitor.take_away.arrived = incentive.to_link()
    assert "This link holds an offer, which this page does not answer." in visitor.reads()
    assert "01_incentives.ipynb?s=" in visitor.reads()
    before = visitor.answer.html
    damaged = [own_plan().plan.to_json().replace('"own"', '"nobody"')]
    for text in (incentive.to_json(), "{", "", "[]", '{"kind": "invest_to_save"}', *damaged):
        visitor.open_file(text)
        is_offer = text == incentive.to_json()
        said = "ours.json holds an offer" if is_offer else "This file cannot be opened"
        assert said in visitor.reads()
        assert visitor.take_away.offer == is_offer
        assert visitor.answer.html == before
        visitor.agrees()
    visitor.open_file(BLANK.to_json())
    assert "cannot be opened" not in visitor.reads()


def test_case_of_the_address_is_opened_or_told(visitor: Visitor) -> None:
    visitor.take_away.arrived = f"case={NASTY}"
    assert "There is no case called" in visitor.reads()
    assert "<img" not in visitor.reads()
    again = Visitor()
    again.take_away.arrived = "case=plymouth-2023"
    assert again.scenario == case("plymouth-2023").plan


def test_every_table_is_handed_over_with_its_ranges(visitor: Visitor) -> None:
    visitor.page._refiner._draws = DRAWS
    result = appraise(visitor.scenario, ranges_of(visitor.scenario))
    for key, picture in visitor.pictures.items():
        sent: list[dict[str, str]] = []
        picture.send = sent.append
        picture._handle_custom_msg({"want": "csv"}, [])
        if key in plans_pictures.CHARTS:
            table = plans_pictures.CHARTS[key](visitor.scenario, result, 640).table
        else:
            table = result.table(key)
        name = f"{key}-{visitor.scenario.digest}.csv"
        assert sent == [{"name": name, "text": f"\ufeff{table_csv(table)}"}]


def test_failure_is_told_on_the_page_and_the_last_answer_stays(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = visitor.answer.html

    def broken(*_: object) -> None:
        raise ArithmeticError("pounds do not add up")

    monkeypatch.setattr(plans_page, "appraise", broken)
    visitor.set("service.turnover", 20)
    assert visitor.fails()
    assert visitor.answer.html == before
    monkeypatch.undo()
    visitor.set("case.preset", "blank")
    assert not visitor.fails()
    visitor.agrees()


# The ranges behind the answer


def seen(visitor: Visitor, draws: int = DRAWS) -> list[int]:
    """Have a browser open the page; notes how far its progress is told to be."""
    visitor.page._refiner._draws = draws
    told: list[int] = []
    visitor.progress.observe(lambda change: told.append(change["new"]), names="done")
    visitor.take_away.arrived = "-"
    return told


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin to work the ranges out at once."""
    monkeypatch.setattr(refining, "_AT_REST", 0.0)


def test_page_that_nobody_has_opened_works_no_ranges_out() -> None:
    async def visit() -> None:
        visitor = Visitor()
        visitor.set("service.turnover", 20)
        await asyncio.sleep(0)
        assert visitor.page._refiner._task is None
        assert (visitor.progress.running, visitor.progress.said) == (False, "")

    asyncio.run(visit())


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("way", ["its address", "its place in JupyterLab"])
def test_point_answer_comes_first_and_its_ranges_are_put_in(way: str) -> None:
    async def visit() -> None:
        visitor = Visitor()
        told: list[int] = []
        if way == "its address":
            told = seen(visitor)
        else:
            visitor.page._refiner._draws = DRAWS
            visitor.progress.observe(lambda change: told.append(change["new"]), names="done")
            visitor.progress._handle_custom_msg({"want": "seen"}, [])
        assert visitor.progress.running
        assert visitor.progress.said == "Working out the ranges."
        visitor.agrees()  # without ranges
        assert "Met in" not in visitor.page._tests.html
        await at_rest(visitor.page)
        ranges = visitor.page._ranges
        assert ranges is not None
        assert ranges.draws == DRAWS
        visitor.agrees(ranges)
        assert "eight times in ten" in visitor.answer.html
        assert "Met in" in visitor.page._tests.html
        assert told == sorted(told)
        assert told[-1] == visitor.progress.whole == DRAWS
        assert (visitor.progress.running, visitor.progress.said) == (False, "Ranges of 256 draws.")
        # A move begins anew, from the point answer.
        visitor.set("service.turnover", 20)
        assert visitor.page._ranges is None
        assert (visitor.progress.running, visitor.progress.done) == (True, 0)
        await at_rest(visitor.page)
        visitor.agrees(visitor.page._ranges)
        assert visitor.page._ranges is not None

    asyncio.run(visit())


@pytest.mark.usefixtures("quick")
def test_the_same_draws_give_the_same_ranges_in_the_page_and_the_library() -> None:
    async def visit() -> None:
        visitor = Visitor()
        seen(visitor)
        await at_rest(visitor.page)
        visitor.agrees(ranges_of(visitor.scenario))

    asyncio.run(visit())


@pytest.mark.usefixtures("quick")
def test_work_can_be_stopped_and_begun_again() -> None:
    async def visit() -> None:
        visitor = Visitor()
        told = seen(visitor, 10 * DRAWS)
        while not told:
            await asyncio.sleep(0)
        task = visitor.page._refiner._task
        visitor.progress._handle_custom_msg({"want": "stop"}, [])
        assert not visitor.progress.running
        assert 0 < visitor.progress.done < visitor.progress.whole
        assert visitor.progress.said == "Stopped. The answer has no ranges."
        await asyncio.sleep(0.05)
        assert task is not None
        assert task.cancelled()
        visitor.agrees()
        visitor.page._refiner._draws = DRAWS
        visitor.progress._handle_custom_msg({"want": "go"}, [])
        assert visitor.progress.running
        await at_rest(visitor.page)
        assert visitor.page._ranges is not None
        visitor.agrees(visitor.page._ranges)

    asyncio.run(visit())


@pytest.mark.usefixtures("quick")
def test_move_puts_an_end_to_the_work_on_the_plan_before() -> None:
    async def visit() -> None:
        visitor = Visitor()
        told = seen(visitor)
        while not told:
            await asyncio.sleep(0)
        before = visitor.page._refiner._task
        for value in (20, 21, 22):
            visitor.set("service.turnover", value)
        assert before is not None
        await at_rest(visitor.page)
        assert before.cancelled()
        assert visitor.scenario.service.turnover == pytest.approx(0.22)
        visitor.agrees(visitor.page._ranges)

    asyncio.run(visit())


def test_ranges_of_an_older_plan_are_not_put_in(visitor: Visitor) -> None:
    older = visitor.scenario
    ranges = ranges_of(older)
    visitor.set("service.turnover", 20)
    visitor.page._refined(older, ranges)
    visitor.agrees()
    visitor.set("service.turnover", visitor.fields()["service.turnover"]["start"])
    visitor.page._refined(older, ranges)
    visitor.agrees(ranges)


def test_reason_given_while_the_ranges_are_worked_out_does_not_lose_them(visitor: Visitor) -> None:
    visitor.set("service.turnover", 20)
    plan = visitor.plan
    ranges = ranges_of(plan)
    visitor.levers.reasons = {"service.turnover": "Ours"}
    visitor.page._refined(plan, ranges)
    visitor.agrees(ranges)
    # One given afterwards leaves them where they are.
    visitor.levers.reasons = {"service.turnover": "Ours, of 2026"}
    visitor.agrees(ranges)
    visitor.set("service.turnover", 21)
    visitor.agrees()


def test_what_is_taken_away_has_its_ranges_even_before_they_are_shown(visitor: Visitor) -> None:
    visitor.page._refiner._draws = DRAWS
    text = visitor.take("csv").text
    plan = visitor.scenario
    assert text == answer_csv(plan, appraise(plan, ranges_of(plan)), dt.date.today())
    assert visitor.progress.said == "Ranges of 256 draws."
    visitor.agrees(ranges_of(plan))


def test_what_would_change_the_answer_follows_with_the_ranges(visitor: Visitor) -> None:
    tornado = visitor.pictures["tornado"]
    assert "follows with the ranges" in tornado.reading
    assert visitor.page._sentences.html == ""
    visitor.page._refined(visitor.plan, ranges_of(visitor.scenario))
    assert "matters most" in tornado.reading
    sentences = visitor.page._sentences.html
    result = appraise(visitor.scenario, ranges_of(visitor.scenario))
    assert sentences.count("<li>") == len(result.tornado) > 5
    visitor.set("case.preset", "blank")
    assert (tornado.svg, visitor.page._sentences.html) == ("", "")


def test_every_claim_of_leaving_is_a_sentence_beside_its_studies(visitor: Visitor) -> None:
    result = appraise(visitor.scenario)
    assert result.claims
    for claim in result.claims:
        assert markup.escaped(claim_sentence(claim)) in visitor.page._claims.html
    assert result.recruits
    for joiners in result.recruits:
        assert markup.escaped(recruit_sentence(joiners)) in visitor.page._claims.html
    visitor.set("case.preset", "blank")
    assert visitor.page._claims.html == ""
    assert visitor.pictures["evidence"].svg == ""


def test_plan_without_measures_has_no_ranges_to_work_out() -> None:
    async def visit() -> None:
        visitor = Visitor(BLANK)
        seen(visitor)
        assert visitor.page._refiner._task is None
        assert (visitor.progress.running, visitor.progress.said) == (False, "")

    asyncio.run(visit())


@pytest.mark.usefixtures("quick")
def test_failure_in_the_ranges_is_told_and_the_answer_stays(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ArithmeticError("draws do not add up")

    monkeypatch.setattr(plans_page, "batch", broken)

    async def visit() -> None:
        visitor = Visitor()
        seen(visitor)
        await at_rest(visitor.page)
        assert not visitor.progress.running
        assert "our fault" in visitor.progress.said
        visitor.agrees()

    asyncio.run(visit())
    assert "draws do not add up" in caplog.text


# One answer


@pytest.mark.parametrize("story", cases(), ids=lambda story: str(story.id))
def test_page_command_line_and_library_give_the_same_pounds(
    story: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answering, "spread", ranges_of)
    visitor = Visitor(story.plan)
    file = tmp_path / "plan.json"
    file.write_text(visitor.take("scenario").text, encoding="utf-8")
    assert main(["run", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    visitor.page._refined(visitor.plan, ranges_of(story.plan))
    result = appraise(story.plan, ranges_of(story.plan))
    assert told == json.loads(json.dumps(result.to_dict()))
    assert visitor.page._answered().to_dict() == result.to_dict()
    assert visitor.answer.headline == result.headline == told["headline"]
    for name in ("net", "investment", "saving", "npv"):
        assert told[name] == getattr(result, name)
    visitor.agrees(ranges_of(story.plan))


def test_measure_put_in_by_the_page_is_the_one_a_file_names() -> None:
    visitor = Visitor(BLANK)
    visitor.set(MEASURES, ["academy"])
    assert visitor.plan.measures == (Measure.model_validate({"kind": "academy"}),)
    assert appraise(visitor.plan).net == appraise(plan_of({"kind": "academy"})).net
