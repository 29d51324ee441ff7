"""A plan's pictures and its tests at a glance: they say what the result holds, and no more."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from retention_lib.outputs.facts import plan_facts as facts
from retention_lib.pictures import plans as pictures
from retention_lib.pictures.drawing.canvas import PAYS
from retention_lib.pictures.drawn import Drawn
from retention_lib.plans.answer import appraise
from retention_lib.plans.claims import leaving_claims
from retention_lib.plans.plan import Plan
from retention_lib.plans.ranges import spread
from retention_lib.plans.recruit_claims import recruit_claims
from retention_lib.plans.result import NetBar, PlanResult
from retention_lib.plans.verdicts import Verdict
from retention_lib.results import Table
from retention_lib.units import about, money, percent, thousands, trimmed
from retention_lib.views import markup, plans_facts

NASTY = '<img src=x onerror="alert(1)"> & </text>'
SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (320, 640, 1400)
KINDS = ("retention_payment", "recognition", "extra_posts", "academy", "returners", "early_help")
NAMES = ("full", "drawn", "none", "none drawn", "nasty")
DRAWS = 60


def plan_of(*measures: dict[str, Any], **parts: Any) -> Plan:
    basis = {"schema": 1, "kind": "invest_to_save", "council": "802"}
    return Plan.from_dict({**basis, "measures": list(measures), **parts})


@cache
def answered(name: str) -> tuple[Plan, PlanResult]:
    """Answer one of a few plans: "drawn" ones have their ranges."""
    if name == "nasty":
        plan = plan_of(
            {"kind": "returners", "name": NASTY, "start": 5, "end": 30},
            {"kind": "own", "name": NASTY, "money": [2e8, 1e8, -5e7]},
        )
    else:
        plan = plan_of(*({"kind": kind} for kind in KINDS))
    if name.startswith("none"):
        plan = plan.without_measures()
    return plan, appraise(plan, spread(plan, DRAWS) if "drawn" in name else None)


def drawn(name: str, key: str, width: float = 640) -> Drawn:
    plan, result = answered(name)
    return pictures.CHARTS[key](plan, result, width)


def words(svg: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("key", pictures.CHARTS)
def test_every_picture_is_drawn_at_every_width(name: str, key: str, width: int) -> None:
    shown = drawn(name, key, width)
    if name.startswith("none") and key in {"evidence", "tornado"}:
        assert (shown.svg, shown.reading) == ("", "There is no measure in the plan yet.")
        return
    svg = ET.fromstring(shown.svg)
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}title") == shown.title
    assert svg.findtext(f"{SVG}desc") == shown.reading
    assert not [part.tag for part in svg.iter() if part.tag.endswith("img")]
    assert not {"nan", "inf", "None"} & set(re.findall(r"\w+", shown.svg))
    assert shown.reading.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_tables_are_the_results_own(name: str) -> None:
    _, result = answered(name)
    for key in ("staff", "years", "bridge", "timeline", "evidence", "tornado"):
        assert drawn(name, key).table is result.table(key)


@pytest.mark.parametrize("key", ["agency", "caseload"])
@pytest.mark.parametrize("name", NAMES)
def test_tables_of_courses_are_their_years_ends(name: str, key: str) -> None:
    _, result = answered(name)
    table, course = drawn(name, key).table, result.course(key)
    assert table.key == key
    assert [row[0] for row in table.rows] == [
        "At the start",
        *(f"End of {year}" for year in result.years),
    ]
    expected = [course.without, course.with_plan]
    if course.low is not None and course.high is not None:
        expected += [course.low, course.high]
    for place, values in enumerate(expected, 1):
        assert [row[place] for row in table.rows] == [values[12 * year] for year in range(5)]
    assert len(table.columns) == 1 + len(expected)


@pytest.mark.parametrize("width", WIDTHS)
def test_agency_says_where_both_lines_end(width: int) -> None:
    _, result = answered("drawn")
    course, shown = result.course("agency"), drawn("drawn", "agency", width)
    assert course.low is not None
    assert course.high is not None
    for value in (course.with_plan[-1], course.without[-1], course.low[-1], course.high[-1]):
        assert money(value) in shown.reading
    said = " ".join(words(shown.svg))
    for value in (course.with_plan[-1], course.without[-1]):
        assert thousands(about(value)) in said
    assert "In this band" in said
    assert "£ thousand a year" in said


@pytest.mark.parametrize("key", ["agency", "caseload", "years"])
def test_without_ranges_no_range_is_told(key: str) -> None:
    told = "eight times in ten"
    assert told in drawn("drawn", key).reading
    shown = drawn("full", key)
    assert told not in shown.reading
    assert "8 times in 10" not in " ".join(words(shown.svg))


def test_caseload_has_its_threshold() -> None:
    plan, result = answered("full")
    shown, course = drawn("full", "caseload"), result.course("caseload")
    level = trimmed(plan.targets.caseload, 1)
    assert f"Manageable, {level}" in words(shown.svg)
    assert f"would hold {trimmed(course.with_plan[-1], 1)} cases with the plan" in shown.reading
    assert f"Up to {level} is manageable" in shown.reading
    # The picture follows the experienced; where the newly qualified fail the test, it says so.
    test = next(test for test in result.tests if test.key == "caseload")
    alone = not test.years[-1].passed and course.with_plan[-1] <= plan.targets.caseload
    assert ("newly qualified" in shown.reading) == alone


def test_staff_counts_people() -> None:
    _, result = answered("full")
    shown = drawn("full", "staff")
    own = [
        row for row in result.stacks if row.key in {"senior", "social_worker", "newly_qualified"}
    ]
    assert f"{sum(row.with_plan[-1] for row in own):.0f} permanent staff with" in shown.reading
    assert f"and {sum(row.without[-1] for row in own):.0f} without it" in shown.reading
    for row in result.stacks:
        assert any(text.startswith(row.label) for text in words(shown.svg))


def test_money_adds_up_to_the_net() -> None:
    _, result = answered("drawn")
    shown = drawn("drawn", "years")
    assert f"costs {money(-result.net)} more than it saves" in shown.reading
    assert "No year saves more than it costs." in shown.reading
    assert thousands(round(result.net, -3)) in words(shown.svg)
    _, mixed = answered("nasty")
    assert [pounds > 0 for pounds in mixed.net_by_year] == [False, False, True, True]
    assert f"From {mixed.years[2]} on each year saves" in drawn("nasty", "years").reading


def test_bridge_goes_from_nothing_to_the_net() -> None:
    _, result = answered("full")
    shown = drawn("full", "bridge")
    said = words(shown.svg)
    for step in result.bridge:
        assert (money(-step.pounds) in said) == (not step.total)
        assert not step.total or money(step.pounds) in shown.reading
    assert said[-2:] == ["In all the council pays", money(result.net)]
    assert "minus" in shown.title


@pytest.mark.parametrize("width", WIDTHS)
def test_timeline_says_when_and_how_much(width: int) -> None:
    _, result = answered("full")
    said = " ".join(words(drawn("full", "timeline", width).svg))
    for row in result.timeline:
        assert row.name in said
        for cost in row.cost_by_year:
            assert abs(cost) < 0.5 or money(cost) in said
    later = drawn("nasty", "timeline").reading
    assert "begins in April 2026 and the last in September 2026" in later


@pytest.mark.parametrize("key", ["agency", "caseload", "staff", "years", "bridge"])
@pytest.mark.parametrize("name", ["none", "none drawn"])
def test_without_measures_the_two_are_the_same(name: str, key: str) -> None:
    assert drawn(name, key).reading.startswith("Without measures the two are the same: ")
    assert drawn(name, "timeline").reading == "There is no measure in the plan yet."


@pytest.mark.parametrize("width", WIDTHS)
def test_claims_have_what_is_needed_and_the_studies(width: int) -> None:
    _, result = answered("full")
    said = words(drawn("full", "evidence", width).svg)
    assert len(result.claims) == 4  # the payment, recognition, the academy, and caseloads
    for claim in result.claims:
        assert f"assumes {percent(claim.assumed, 1)}" in said
    whole = " ".join(said)
    for study in ("England, maths and physics teachers (2022)", "NHS nurses, no extra pay (2023)"):
        assert study in whole
    # What found nothing stands beside what found something.
    assert "Georgia, USA, re-analysis (2024): no effect found" in whole
    assert "USA, child welfare, 22 studies (2014): found none" in whole
    assert "Nothing sure found, and no figure given:" in whole
    assert "no size is enough" in said
    assert "No size of these effects" in drawn("full", "evidence", width).reading


def test_reading_of_the_claims_says_how_many_were_found() -> None:
    plan, result = answered("full")
    for times, said in (
        (0.5, "be 50% of what is assumed. At least one study found as much for each of these"),
        (2.0, "be 2 times what is assumed. At least one study found as much for 1 of these 3"),
        (19.0, "must be 19 times what is assumed. No study found as much for any of these."),
    ):
        changed = replace(result, needed_times=times, claims=leaving_claims(plan, times))
        reading = pictures.CHARTS["evidence"](plan, changed, 640).reading
        assert said in reading
        assert "every effect of the plan, all scaled alike," in reading
    one = plan_of({"kind": "recognition"})
    alone = appraise(one)
    few = replace(alone, needed_times=2.0, claims=leaving_claims(one, 2.0, True))
    reading = pictures.CHARTS["evidence"](one, few, 640).reading
    assert reading.endswith("No study found as much for this effect on leaving.")
    none = plan_of({"kind": "regional_price_cap"})
    said = pictures.CHARTS["evidence"](none, appraise(none), 640).reading
    assert said == "No measure of the plan is taken to lower leaving."


@pytest.mark.parametrize("width", WIDTHS)
def test_tornado_comes_with_the_ranges_into_the_place_that_was_kept(width: int) -> None:
    _, result = answered("drawn")
    before, after = drawn("full", "tornado", width), drawn("drawn", "tornado", width)
    assert "follows with the ranges" in before.reading
    assert result.tornado
    if len(result.tornado) >= 9:
        assert ET.fromstring(before.svg).get("height") == ET.fromstring(after.svg).get("height")
    first = result.tornado[0]
    assert after.reading.startswith(f"{first.label} matters most.")
    said = words(after.svg)
    assert f"as it stands, {money(result.net)}" in said
    assert {first.low_text, first.high_text, "four years' net cash, £ thousand"} <= set(said)


def test_tornado_says_what_could_turn_the_answer() -> None:
    plan, result = answered("drawn")
    ends = [(-5e5, 5e5), (-4e5, 1e5), (-3e5, -1e5)]
    bars = tuple(
        NetBar(
            path="x", label=f"N{i}", low_text="l", high_text="h", net_at_low=low, net_at_high=high
        )
        for i, (low, high) in enumerate(ends)
    )

    def reading(*some: NetBar) -> str:
        return pictures.CHARTS["tornado"](plan, replace(result, tornado=some), 640).reading

    assert reading(*bars) == (
        "N0 matters most. Any one of these could turn the answer round: N0; N1."
    )
    assert reading(bars[0], bars[2]) == "N0 matters most. It alone could turn the answer round."
    assert reading(bars[2]).endswith("No single one of these turns the answer round.")
    assert reading() == "Nothing uncertain changes the answer."


@pytest.mark.parametrize("name", NAMES)
def test_four_tests_say_what_the_result_says(name: str) -> None:
    _, result = answered(name)
    table = ET.fromstring(f"<div>{plans_facts.tests_html(result)}</div>").find(".//table")
    assert table is not None
    assert [head.text for head in table.findall("thead/tr/th")] == [
        "Test",
        "Verdict",
        *result.years,
    ]
    assert {head.get("scope") for head in table.findall("thead/tr/th")} == {"col"}
    rows = table.findall("tbody/tr")
    assert len(rows) == len(result.tests) == 4
    for row, test in zip(rows, result.tests, strict=True):
        head, verdict, *years = ("".join(cell.itertext()) for cell in row)
        assert row[0].get("scope") == "row"
        assert head.startswith(test.question)
        assert f"Is met at: {test.threshold}" in head
        signs = {"met": "✓ Met", "not yet": "– Not yet", "not met": "✗ Not met"}
        if test.if_all_holds:
            met = test.verdict.capitalize()
            assert verdict.startswith(f"? {met} if every assumption holds; in ")
        else:
            assert verdict.startswith({**signs, "met anyway": "✓ Met anyway"}[test.verdict])
        assert ("draw" in verdict) == (test.chance is not None)
        for cell, text, year in zip(row[2:], years, test.years, strict=True):
            assert cell.get("data-label") == year.label
            unlikely = test.if_all_holds and year is test.years[-1]
            passed = "? Met if every assumption holds" if unlikely else "✓ Met"
            assert text.startswith(year.text + (passed if year.passed else "✗ Not met"))
            assert text.endswith(f"Without: {year.without_text}") == bool(year.without_text)


@pytest.mark.parametrize("name", NAMES)
def test_guard_says_what_is_kept(name: str) -> None:
    _, result = answered(name)
    guard = ET.fromstring(f"<div>{plans_facts.tests_html(result)}</div>")[-1]
    lines = ["".join(item.itertext()) for item in guard.findall("ul/li")]
    assert len(lines) == len(result.guard) == 5
    for text, line in zip(lines, result.guard, strict=True):
        assert text.startswith("✓ Kept" if line.kept else "✗ Worse")
        assert line.label in text
        assert f"{line.with_text} with the plan, {line.without_text} without it" in text


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.0, "none of the draws"),
        (0.001, "fewer than 1 of 100 draws"),
        (0.364, "36 of 100 draws"),
        (0.9996, "more than 99 of 100 draws"),
        (1.0, "every draw"),
    ],
)
def test_chance_is_told_in_draws(chance: float, said: str) -> None:
    _, result = answered("full")
    for verdict in ("met", "met anyway", "not yet", "not met"):
        html = with_one_test(result, verdict, chance)
        if verdict.startswith("met") and chance < 0.5:
            met = verdict.capitalize()
            assert f"</i> {met} if every assumption holds; in {said}</strong></td>" in html
            assert html.count("Met in ") == 0
        else:
            assert f"Met in {said}<" in html
            assert html.count("Met in ") == 1


def with_one_test(result: PlanResult, verdict: Verdict, chance: float | None) -> str:
    """Write one test with a verdict, met in its last year where that is what it says."""
    test = result.tests[0]
    *before, last = test.years
    years = (*before, replace(last, passed=verdict.startswith("met")))
    changed = replace(test, verdict=verdict, chance=chance, years=years)
    return plans_facts.tests_html(replace(result, tests=(changed,), guard=()))


@pytest.mark.parametrize("verdict", ["met", "met anyway"])
def test_no_tick_beside_a_chance_that_says_the_opposite(verdict: Verdict) -> None:
    _, result = answered("full")

    def marks(chance: float | None) -> tuple[str, str]:
        table = ET.fromstring(f"<div>{with_one_test(result, verdict, chance)}</div>").find(
            ".//tbody"
        )
        assert table is not None
        row = table[0]
        return "".join(row[1].itertext()), "".join(row[-1].itertext())

    for text in marks(0.35):
        assert "✓" not in text
        assert "if every assumption holds" in text
    assert marks(0.35)[0].endswith("if every assumption holds; in 35 of 100 draws")
    for chance in (None, 0.5, 0.9):
        for text in marks(chance):
            assert "✓" in text
            assert "every assumption" not in text


@pytest.mark.parametrize("width", WIDTHS)
def test_what_brings_people_is_in_the_picture_as_rows_of_words(width: int) -> None:
    plan = plan_of({"kind": "academy"}, {"kind": "refer_a_friend"}, {"kind": "recognition"})
    result = replace(appraise(plan), recruits=recruit_claims(plan, 0.5))
    picture = pictures.CHARTS["evidence"](plan, result, width)
    said = words(picture.svg)
    assert said.count("assumes 2 people a year") == 2
    assert "1 person a year, all effects scaled alike" in said
    assert sum(word.startswith("no study gives a figure (no") for word in said) == 2
    assert picture.reading.endswith("No study gives a figure for any of what brings people.")
    only = plan_of({"kind": "refer_a_friend"}, baseline={"caseload_turnover": 0})
    alone = pictures.CHARTS["evidence"](only, appraise(only), width)
    assert "assumes 2 people a year" in words(alone.svg)
    assert "needs 0" not in alone.svg
    assert not {"0%", "5%"} & set(words(alone.svg)), "no axis of leaving"


def test_only_where_one_effect_is_all_there_is_what_is_enough_shaded() -> None:
    plan = plan_of({"kind": "recognition"})
    result = appraise(plan)

    def shaded(alone: bool) -> bool:
        changed = replace(result, claims=leaving_claims(plan, 0.5, alone))
        return PAYS in pictures.CHARTS["evidence"](plan, changed, 640).svg

    assert shaded(True)
    assert not shaded(False)


def test_words_are_escaped() -> None:
    _, result = answered("full")
    test = result.tests[0]
    years = tuple(replace(y, label=NASTY, text=NASTY, without_text=NASTY) for y in test.years)
    test = replace(
        test, question=NASTY, figure=NASTY, threshold=NASTY, start_text=NASTY, years=years
    )
    line = replace(
        result.guard[0], label=NASTY, start_text=NASTY, with_text=NASTY, without_text=NASTY
    )
    html = plans_facts.tests_html(replace(result, tests=(test,), guard=(line,), years=(NASTY,) * 4))
    assert "<img" not in html
    assert "&lt;img" in html
    _, hostile = answered("nasty")
    for key in ("bridge", "timeline"):
        table: Table = drawn("nasty", key).table
        assert "&lt;img" in markup.table_html(table)
        assert "<img" not in drawn("nasty", key).svg
    assert "<img" not in markup.answer_html(hostile.sentences, facts(hostile))


def test_facts_stand_beside_the_answer() -> None:
    _, result = answered("drawn")
    found = dict(facts(result))
    assert found[money(result.investment)].startswith("cost of the measures")
    assert found[money(-result.net)] == "more paid than saved"
    low, high = result.asked
    place = "Within" if low <= result.investment <= high else "Above"
    assert found[place] == f"the {money(low)} to {money(high)} that was asked for"
    chance = "chance that the money is back in four years"
    assert chance in found.values()
    assert chance not in dict(facts(answered("full")[1])).values()
    assert facts(answered("none drawn")[1]) == []


def test_facts_tell_a_gain_from_a_loss() -> None:
    _, result = answered("full")
    gained = replace(result, saving=300.0, net=200.0, investment=100.0, elsewhere=50.0)
    assert facts(gained) == [
        ("£100", "cost of the measures over four years"),
        ("Below", "the £2,000,000 to £6,000,000 that was asked for"),
        ("£300", "less that the service then costs"),
        ("£200", "more saved than paid"),
        ("£50", "of measures that others pay for"),
    ]
