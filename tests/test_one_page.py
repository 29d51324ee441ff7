"""The page that needs no server: every answer in it is the library's, and nothing in it is alive.

The page is read as a browser reads it. What its levers reach is looked up as its script does.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention_lib.answering import AnyDocument, AnyResult, answer
from retention_lib.benchmarks.answer import compare
from retention_lib.benchmarks.cases import case as comparison
from retention_lib.benchmarks.cases import cases as comparisons
from retention_lib.evaluation import evaluate
from retention_lib.outputs import one_page
from retention_lib.outputs.facts import facts_of, tone_of
from retention_lib.outputs.one_page import levers, page
from retention_lib.outputs.one_page.levers import levers_of
from retention_lib.outputs.one_page.sizes import resized
from retention_lib.outputs.one_page.steps import steps_around
from retention_lib.plans.answer import appraise
from retention_lib.plans.cases import cases as plans
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.plan import Plan
from retention_lib.plans.ranges import batch, ranges_of
from retention_lib.plans.result import PlanResult
from retention_lib.presets import preset, presets
from retention_lib.results import IncentiveResult
from retention_lib.scenario import Scenario
from retention_lib.synthetic.cases import cases as stories
from retention_lib.units import money
from tests.pages import Page, answer_at
from tests.strategies import extreme_scenarios, scenarios

ON = dt.date(2026, 11, 22)
FIRST = "middlesbrough-2019"
LARGEST = 400_000  # bytes
NASTY = "</script><img src=x onerror=alert(1)>\u2028'\"&amp;"

DOCUMENTS: Mapping[str, AnyDocument] = {
    **{f"offer {each.id}": each.scenario for each in presets()},
    **{f"plan {each.id}": each.plan for each in plans()},
    **{f"comparison {each.id}": each.comparison for each in comparisons()},
    **{f"story {each.id}": each.question for each in stories()},
}
MOVABLE = [key for key in DOCUMENTS if not key.startswith(("story", "plan blank"))]
MOVABLE.remove("comparison somerset-27-to-16")  # it is below its neighbours: there is no gap


@cache
def answered(key: str) -> AnyResult:
    return answer(DOCUMENTS[key])


@cache
def made(key: str) -> bytes:
    return page(DOCUMENTS[key], answered(key), ON)


@cache
def read(key: str) -> Page:
    return Page(made(key).decode())


def shown(result: AnyResult) -> dict[str, Any]:
    """What a page is to show of an answer, read off the answer itself."""
    return {
        "headline": result.headline,
        "tone": tone_of(result),
        "sentences": list(result.sentences),
        "facts": facts_of(result),
    }


def net_by_line(result: Any) -> list[float]:
    """The sums of the picture that moves."""
    if isinstance(result, IncentiveResult | PlanResult):
        return list(result.net_by_year)
    return [line.pounds for line in result.gap.lines]


def places_of(key: str) -> list[tuple[int, ...]]:
    """The corners of a page's grid, its own place, and every ninth between."""
    sizes = [len(stops) for stops in read(key).grid["levers"]]
    every = list(product(*map(range, sizes)))
    corners = list(product(*((0, size - 1) for size in sizes)))
    return list(dict.fromkeys([*corners, *every[4::29]]))


# The file


@pytest.mark.parametrize("key", DOCUMENTS)
def test_page_is_one_small_file_that_says_the_answer_and_what_made_it(key: str) -> None:
    found, result = read(key), answered(key)
    assert len(made(key)) < LARGEST
    assert made(key).startswith(b'<!doctype html>\n<html lang="en-GB">')
    assert found.id("headline").text == result.headline
    whole = found.all("main")[0].text
    for words in (
        *result.sentences,
        *result.notes,
        "22 November 2026",
        result.provenance.scenario_digest,
        result.provenance.register_digest,
        result.provenance.says,
        DOCUMENTS[key].to_link(),
        DOCUMENTS[key].name,
    ):
        assert words in whole


@pytest.mark.parametrize("key", DOCUMENTS)
def test_page_is_well_formed_and_names_each_thing_once(key: str) -> None:
    found = read(key)
    names = [each.attributes["id"] for each in found.elements if "id" in each.attributes]
    assert len(names) == len(set(names))
    for each in found.elements:
        for attribute in ("aria-labelledby", "aria-describedby", "for"):
            assert set(each.attributes.get(attribute, "").split()) <= set(names)
        link = each.attributes.get("href", "#")
        assert link == "#" or link.removeprefix("#") in names
    levels = [int(each.tag[1]) for each in found.elements if re.fullmatch("h[1-6]", each.tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("key", DOCUMENTS)
def test_page_asks_nobody_for_anything_and_runs_its_own_script_alone(key: str) -> None:
    found = read(key)
    outward = {"src", "srcset", "action", "formaction", "data", "poster", "background", "ping"}
    for each in found.elements:
        assert not outward & set(each.attributes)
        assert not [name for name in each.attributes if name.startswith("on") or name == "style"]
        assert "xlink:href" not in each.attributes
    assert not {each.tag for each in found.elements} & {"img", "link", "iframe", "object", "base"}
    [style] = found.all("style")
    assert "url(" not in style.text
    assert "@import" not in style.text
    [policy] = found.all("meta", **{"http-equiv": "Content-Security-Policy"})
    allowed = policy.attributes["content"]
    assert allowed.startswith("default-src 'none'; ")
    assert "unsafe" not in allowed
    assert f"style-src '{digest(style.text)}'" in allowed
    scripts = [each for each in found.all("script") if "type" not in each.attributes]
    assert len(scripts) == (1 if key in MOVABLE else 0)
    for script in scripts:
        assert f"script-src '{digest(script.text)}'" in allowed
    assert ("script-src" in allowed) == bool(scripts)


def digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def test_page_of_a_plan_with_every_measure_there_is_stays_small() -> None:
    measures = [{"kind": kind} for kind in catalogue()]
    plan = Plan.from_dict(
        {"schema": 1, "kind": "invest_to_save", "council": "802", "measures": measures}
    )
    result = appraise(plan, ranges_of([batch(plan, 0, 64)]))
    assert len(page(plan, result, ON)) < LARGEST


def test_same_answer_on_the_same_day_gives_the_same_bytes() -> None:
    key = "comparison middlesbrough-2019"
    assert page(DOCUMENTS[key], answer(DOCUMENTS[key]), ON) == made(key)


# The grid


@pytest.mark.parametrize("key", MOVABLE)
def test_every_stop_gives_the_librarys_answer_at_the_values_it_shows(key: str) -> None:
    document, result, grid = DOCUMENTS[key], answered(key), read(key).grid
    found = levers_of(document, result)
    for places in places_of(key):
        if places == tuple(grid["own"]):
            continue
        values = tuple(
            lever.values[place] for lever, place in zip(found.levers, places, strict=True)
        )
        expected = answer(found.make(values), ranges=False)
        told = answer_at(grid, places)
        assert {name: told[name] for name in shown(expected)} == shown(expected)
        assert [bar[1] for bar in told["bars"]] == [money(each) for each in net_by_line(expected)]
        assert [bar[4] == "gain" for bar in told["bars"]] == [
            each >= 0 for each in net_by_line(expected)
        ]


@pytest.mark.parametrize("key", MOVABLE)
def test_its_own_place_is_the_answer_that_was_given_ranges_and_all(key: str) -> None:
    found, result = read(key), answered(key)
    own = answer_at(found.grid, tuple(found.grid["own"]))
    assert {name: own[name] for name in shown(result)} == shown(result)
    assert found.id("lead").text == " ".join(result.sentences[:2])
    facts = found.id("facts").text.split("\n")
    assert [each for each in facts if each] == [
        f"{figure}{label}" for figure, label in own["facts"]
    ]
    for lever, value in enumerate(own["values"]):
        [slider] = found.all("input", id=f"lever-{lever}")
        assert slider.attributes["aria-valuetext"] == value == found.id(f"value-{lever}").text
        assert int(slider.attributes["value"]) == found.grid["own"][lever]
        assert found.id(slider.attributes["list"]).tag == "datalist", "each stop has its mark"
        assert int(slider.attributes["max"]) == len(found.grid["levers"][lever]) - 1
        assert found.all("label", **{"for": f"lever-{lever}"})
    marks = [each.attributes["value"] for each in found.all("option")]
    assert marks == [str(i) for stops in found.grid["levers"] for i in range(len(stops))]


def test_middlesbroughs_levers_are_its_payment_its_effect_and_its_leaving() -> None:
    """The same answers, from fields written out here and not taken from the levers."""
    key, offer = f"offer {FIRST}", preset(FIRST).scenario
    grid = read(key).grid
    for places in places_of(key):
        if places == tuple(grid["own"]):
            continue
        told = answer_at(grid, places)
        payment, fall, leaving = (float(re.sub("[^0-9.]", "", words)) for words in told["values"])
        changes: dict[str, Any] = {
            "scheme.amount.percent_of_salary": payment,
            "effect.leaving_reduction": fall / 100,
        }
        if places[2] != grid["own"][2]:
            changes["groups.0.annual_leaving_rate"] = leaving / 100
        expected = evaluate(offer.but(changes), draws=0)
        assert told["headline"] == told["said"] == expected.headline
        assert told["facts"] == facts_of(expected)


def test_bars_of_all_answers_are_on_one_scale() -> None:
    """A sum twice as large is drawn twice as long, wherever the levers stand."""
    key = f"offer {FIRST}"
    grid, offer = read(key).grid, preset(FIRST).scenario
    at_10, at_20 = (
        answer_at(grid, (place, grid["own"][1], grid["own"][2]))["bars"][0] for place in (2, 4)
    )
    nets = [
        evaluate(offer.but({"scheme.amount.percent_of_salary": each}), draws=0).net_by_year[0]
        for each in (10, 20)
    ]
    lengths = [float(bar[3].removesuffix("%")) for bar in (at_10, at_20)]
    assert lengths[1] / lengths[0] == pytest.approx(nets[1] / nets[0], abs=0.01)
    for bar in (at_10, at_20):
        left, length = (float(each.removesuffix("%")) for each in bar[2:4])
        zero = float(read(key).all("line")[0].attributes["x1"].removesuffix("%"))
        assert left + length == pytest.approx(zero, abs=0.11)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("story middlesbrough-2019", "it shows published figures"),
        ("plan blank", "There is no measure in the plan yet"),
        ("comparison somerset-27-to-16", "There is no gap to close"),
    ],
)
def test_page_with_nothing_to_move_says_so_and_has_no_script(key: str, why: str) -> None:
    assert why in read(key).all("main")[0].text
    assert not read(key).all("script")
    assert not read(key).all("input")


def test_without_a_script_the_levers_are_hidden_and_a_sentence_says_why() -> None:
    found = read(f"offer {FIRST}")
    assert "hidden" in found.id("levers").attributes
    assert "Open this file in a web browser that runs scripts" in found.id("no-script").text
    for each in found.elements:
        if "data-when-moved" in each.attributes:
            assert "hidden" in each.attributes


def test_script_looks_answers_up_and_works_nothing_out() -> None:
    script = (Path(one_page.__file__).parent / "page.js").read_text(encoding="utf-8")
    code = re.sub(r"//[^\n]*", "", script)
    code = re.sub(r'"[^"\n]*"|`[^`\n]*`', '""', code)
    assert not re.search(r"[*/%+]|\s-|-\s|--", code), "no sums"
    for word in (
        "Math",
        "parse(Int|Float)",
        r"\bNumber",
        "toFixed",
        "Intl",
        "eval",
        "Function",
        "fetch",
    ):
        assert not re.search(word, code), word
    assert not re.search("innerHTML|outerHTML|insertAdjacent|document.write", code)


# Which levers, and where they stop


@given(
    own=st.floats(-1e6, 1e6),
    around=st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)),
    most=st.integers(3, 9),
)
def test_stops_are_few_in_order_between_the_ends_and_hold_its_own(
    own: float, around: tuple[float, float], most: int
) -> None:
    low, high = own - around[0], own + around[1]
    found = steps_around(own, low, high, most)
    assert own in found
    assert list(found) == sorted(set(found))
    assert 1 <= len(found) <= most
    slack = 1e-6 * max(1.0, abs(low), abs(high))
    assert low - slack <= found[0] <= found[-1] <= high + slack


@given(own=st.integers(0, 60), high=st.integers(1, 120), most=st.integers(3, 9))
def test_stops_of_a_whole_number_are_whole(own: int, high: int, most: int) -> None:
    assert all(each == int(each) for each in steps_around(own, 0, max(own, high), most, whole=True))


@given(scenario=st.one_of(scenarios(), extreme_scenarios()))
@settings(max_examples=15)
def test_every_corner_of_any_offers_levers_can_be_answered(scenario: dict[str, Any]) -> None:
    offer = Scenario.from_dict(scenario)
    found = levers_of(offer, evaluate(offer, draws=0))
    assert 2 <= len(found.levers) <= 3
    for ends in product(*((lever.values[0], lever.values[-1]) for lever in found.levers)):
        assert answer(found.make(ends), ranges=False).headline
    own = tuple(lever.values[lever.own] for lever in found.levers)
    assert found.make(own) is offer


def test_where_the_effect_follows_the_payment_the_lever_is_how_strongly() -> None:
    given_ = preset(FIRST).scenario.but(
        {"effect.leaving_reduction": None, "effect.pay_elasticity": 0.7}
    )
    found = levers_of(given_, evaluate(given_, draws=0))
    assert found.levers[1].label == "Response of leaving to pay"
    moved = found.make((20.0, found.levers[1].values[-1], found.levers[2].values[0]))
    assert moved.at("effect.pay_elasticity") == found.levers[1].values[-1]
    assert moved.at("effect.leaving_reduction") is None


def money_only(*pounds: float) -> Plan:
    """A plan whose one measure only costs money."""
    measure = {"kind": "own", "name": "Paper", "money": list(pounds)}
    return Plan.from_dict(
        {"schema": 1, "kind": "invest_to_save", "council": "802", "measures": [measure]}
    )


@pytest.mark.parametrize("size", [0.5, 1.0, 1.5])
def test_a_plan_done_in_part_costs_its_part(size: float) -> None:
    """A measure that only costs: its cost is its money, which goes with the size of the plan."""
    plan = money_only(10_000, 20_000, 30_000, 40_000)
    whole = appraise(plan)
    assert appraise(resized(plan, size, 1.0)).investment == pytest.approx(size * whole.investment)
    assert appraise(resized(plan, size, 0.0)).net == pytest.approx(size * whole.net)


def test_a_plan_of_which_nothing_comes_true_still_costs_its_money() -> None:
    plan = next(each.plan for each in plans() if each.id == "north-somerset-2025")
    nothing = resized(plan, 1.0, 0.0)
    for before, after in zip(plan.measures, nothing.measures, strict=True):
        assert after.money == before.money
        assert all(
            effect.central == 0
            or effect.on in {"posts", "staff_per_manager"}
            or effect.on == "newly_qualified_load"
            for effect in after.effects
        )
    assert resized(plan, 1.0, 1.0) is plan
    assert appraise(nothing).net < appraise(plan).net
    doubled = resized(plan, 2.0, 1.0)
    assert [each.money for each in doubled.measures] == [
        tuple(2 * pounds for pounds in each.money) for each in plan.measures
    ]


def test_a_comparisons_levers_are_the_target_and_its_prices() -> None:
    asked = comparison("middlesbrough-2019").comparison
    found = levers_of(asked, compare(asked))
    assert [lever.label for lever in found.levers] == ["The figure to reach", "Cost of each leaver"]
    moved = found.make((1.0, 10_000.0))
    assert (moved.at("target"), moved.at("leaver_cost")) == ("best_quarter", 10_000)


# What somebody wrote


def hostile() -> Scenario:
    """An offer in which every free text would do harm if a page took it for code."""
    given_: dict[str, Any] = preset(FIRST).scenario.to_dict()
    given_["name"] = NASTY
    given_["groups"] = [{**given_["groups"][0], "name": f"{NASTY} {i}"} for i in range(2)]
    given_["not_offered"][0] |= {"name": NASTY, "service": NASTY, "role": NASTY}
    given_["leaver_cost"] = 31_000
    given_["reasons"] = {"leaver_cost": NASTY}
    return Scenario.from_dict(given_)


def tags(found: Page) -> dict[str, int]:
    """Count the elements that could do anything."""
    return {tag: len(found.all(tag)) for tag in ("script", "img", "style", "svg", "input", "a")}


def test_hostile_words_stand_on_the_page_as_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levers, "_OFFER_STOPS", (3, 3, 3))  # fewer answers, of the same kind
    offer = hostile()
    plain: dict[str, Any] = {**offer.to_dict(), "name": "Plain"}
    plain["groups"] = [{**each, "name": f"G {i}"} for i, each in enumerate(plain["groups"])]
    plain["not_offered"][0] |= {"name": "Plain", "service": "Plain", "role": "Plain"}
    plain["reasons"] = {"leaver_cost": "Plain"}
    harmless = Scenario.from_dict(plain)
    found, other = (
        Page(page(each, evaluate(each, 256), ON).decode()) for each in (offer, harmless)
    )
    assert tags(found) == tags(other)
    assert NASTY in found.all("main")[0].text
    assert found.all("h1")[0].text == other.all("h1")[0].text
    assert any(NASTY in each.text for each in found.all("td")), "the reason"
    raw = found.html[found.html.index('id="grid"') :]
    assert raw.count("</script>") == 2
    assert "\u2028" not in raw


@given(name=st.text(max_size=60), reason=st.text(min_size=1, max_size=60))
@settings(max_examples=12)
def test_no_name_and_no_reason_changes_the_page_but_its_own_words(name: str, reason: str) -> None:
    start = comparison("plymouth-caseload").comparison
    path = "costs.pay_with_oncosts_per_year"
    asked = type(start).from_dict(
        {**start.but({path: 61_000}).to_dict(), "name": name, "reasons": {path: reason}}
    )
    found = Page(page(asked, compare(asked), ON).decode())
    plain = asked.model_copy(update={"name": "Plain", "reasons": {path: "Plain"}})
    other = Page(page(plain, compare(plain), ON).decode())
    assert tags(found) == tags(other)
    assert [each.tag for each in found.elements] == [each.tag for each in other.elements]


# Inputs, sources and reasons


@pytest.mark.parametrize("key", [f"offer {FIRST}", "plan gloucestershire-4m"])
def test_every_input_stands_there_with_its_source(key: str) -> None:
    rows = [each.text for each in read(key).all("li") if "ul" in each.inside and each.text]
    assert any("Discount rate" in row and "3.5%" in row and "Green Book" in row for row in rows)
    assert any("Range: " in row for row in rows)


def test_what_was_changed_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levers, "_OFFER_STOPS", (3, 3, 3))
    offer = preset(FIRST).scenario.but({"leaver_cost": 25_000})
    offer = offer.with_reasons({"leaver_cost": "Our own count of 2025"})
    found = Page(page(offer, evaluate(offer, 256), ON).decode())
    [link] = found.all("a")
    assert (link.text, link.attributes["href"]) == (
        "1 number differs from where it started.",
        "#changed",
    )
    cells = [each.text for each in found.all("td")]
    assert cells[cells.index("£20,000") : cells.index("£20,000") + 3] == [
        "£20,000",
        "£25,000",
        "Our own count of 2025",
    ]
    titles = {each.attributes["id"]: each.text for each in found.all("h2")}
    sections = [titles[each.attributes["aria-labelledby"]] for each in found.all("section")]
    regions = {each.attributes["aria-label"] for each in found.all("div", role="region")}
    assert "What was changed, and why" in sections
    assert not regions & set(sections), "landmarks of one kind are told apart by their names"
