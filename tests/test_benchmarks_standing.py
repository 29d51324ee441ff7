"""Where a council stands: by hand, and counted a second way over every council and year."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from retention_lib.benchmarks import standing as standing_module
from retention_lib.benchmarks.chance import events_interval, share_interval
from retention_lib.benchmarks.groups import (
    Group,
    GroupKind,
    UnknownCouncilError,
    comparable,
    council,
    group_of,
    history_note,
)
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.standing import Standing, events_together, standing, standings
from retention_lib.benchmarks.trend import trend
from retention_lib.figures import ENGLAND, all_years, councils, figure
from tests.test_benchmarks_reference import published

FIVE = ("802", "806", "879", "916", "933")  # in 2025: 13.3, 8.6, 8.1, 10.9 and 11.9 percent
SMALL = {"201", "420", "857"}  # City of London, Isles of Scilly, Rutland
KINDS: tuple[GroupKind, ...] = (
    "neighbours_2025", "neighbours_2021", "region", "england", "own",
)  # fmt: skip


def at(
    code: str, key: str = "turnover", year: int = 2025, kind: GroupKind = "neighbours_2025"
) -> Standing:
    """Place one council."""
    area = council(code)
    return standing(key, area, year, group_of(area, kind, FIVE))


def values_in(key: str, year: int) -> pd.Series:
    """Give every ranked council's figure, read by pandas."""
    table = published()
    table = table[(table["year"] == year) & (table["in_post"] >= 30)]
    return table.set_index("area")[key].dropna()


# By hand.


def test_the_middle_and_the_best_quarter_of_five_councils() -> None:
    found = at("870", kind="own")
    assert [each.value for each in found.group_values] == [0.133, 0.086, 0.081, 0.109, 0.119]
    assert found.neighbours == 0.109
    assert found.best_quarter == 0.086


def test_the_middle_and_the_best_quarter_of_four_lie_between_two() -> None:
    found = at("806", kind="own")
    assert found.neighbours == pytest.approx((0.109 + 0.119) / 2)
    assert found.best_quarter == pytest.approx(0.081 + 0.75 * (0.109 - 0.081))


@pytest.mark.parametrize(
    ("others", "rank", "quarter"),
    [
        ([0.30, 0.40, 0.50, 0.60], 1, 1),
        ([0.01, 0.30, 0.40, 0.50], 2, 1),
        ([0.01, 0.02, 0.30, 0.40], 3, 2),
        ([0.01, 0.02, 0.03, 0.30], 4, 3),
        ([0.01, 0.02, 0.03, 0.04], 5, 4),
    ],
)
def test_the_lowest_of_five_is_the_first_and_the_best(
    others: list[float], rank: int, quarter: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = dict(zip([code for code in FIVE if code != "916"], others, strict=True))
    monkeypatch.setattr(standing_module, "comparable", lambda *_: {**world, "916": 0.109})
    area = council("916")
    found = standing.__wrapped__("turnover", area, 2025, group_of(area, "own", FIVE))
    assert (found.rank, found.of, found.quarter) == (rank, 5, quarter)


def test_councils_with_the_same_figure_share_the_better_rank(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = {"802": 0.01, "806": 0.109, "879": 0.4, "933": 0.5, "916": 0.109}
    monkeypatch.setattr(standing_module, "comparable", lambda *_: world)
    area = council("916")
    assert standing.__wrapped__("turnover", area, 2025, group_of(area, "own")).rank == 2


def test_middlesbrough_in_2019_is_as_its_own_report_gives_it() -> None:
    values = {each.measure: each.value for each in _middlesbrough()}
    assert values == {
        "turnover": 0.208, "vacancy": 0.04, "agency": 0.032, "caseload": 16.8, "absence": 0.032,
    }  # fmt: skip
    england = {each.measure: each.england for each in _middlesbrough()}
    assert (england["vacancy"], england["agency"]) == (0.164, 0.158)  # not 2018's 16.5 and 15.4


def _middlesbrough() -> tuple[Standing, ...]:
    area = council("806")
    return standings(area, 2019, group_of(area, "neighbours_2021"))


def test_each_interval_stands_on_the_people_behind_its_figure() -> None:
    staff, vacant, extra, holders = (
        figure(each, "806", 2019) or 0.0
        for each in ("in_post", "vacancies", "agency_staff", "case_holders")
    )
    together = events_together()
    expected = {
        "turnover": share_interval(0.208, staff),
        "vacancy": share_interval(0.04, staff + vacant),
        "agency": share_interval(0.032, staff + extra),
        "caseload": events_interval(16.8, holders, together["caseload"]),
        "absence": events_interval(0.032, staff * 253, together["absence"]),
    }
    assert {each.measure: (each.low, each.high) for each in _middlesbrough()} == expected


# Counted a second way, over every council, measure and year.


@pytest.mark.parametrize("key", MEASURES)
@pytest.mark.parametrize("year", all_years())
def test_every_rank_quarter_and_verdict_is_what_a_slow_count_gives(key: str, year: int) -> None:
    ranked = values_in(key, year)
    everybody = published().query("year == @year").set_index("area")
    seen = set()
    for area in councils():
        found = standing(key, area, year, group_of(area, "neighbours_2025"))
        value = everybody[key].get(area.code)
        if value is None or np.isnan(value):
            assert found.value is found.rank is found.quarter is found.low is None
            assert found.verdict == "unknown"
            assert found.why_none
            continue
        assert found.value == value
        group = everybody[key].reindex([each.code for each in found.group.areas]).dropna()
        assert found.neighbours == pytest.approx(group.median())
        assert found.best_quarter == pytest.approx(np.quantile(group, 0.25, method="linear"))
        others = ranked.drop(area.code, errors="ignore")
        if found.low is None or found.high is None:
            assert found.verdict == "unknown"
            assert found.rank is None
            continue
        assert found.neighbours is not None
        outside = not found.low <= found.neighbours <= found.high
        assert (found.verdict in {"higher", "lower"}) == outside
        if outside:
            assert (found.verdict == "higher") == (value > found.neighbours)
        means_something = (
            area.code in ranked.index and others.between(found.low, found.high).mean() <= 0.5
        )
        seen.add(means_something)
        if not means_something:
            assert found.rank is found.quarter is None
            continue
        assert found.rank == ranked.rank(method="min")[area.code]
        assert found.of == len(ranked)
        lower = (ranked < value).mean()
        assert found.quarter == 1 + sum(lower >= edge for edge in (0.25, 0.5, 0.75))
    assert seen == {True, False}


def test_no_small_council_is_ever_ranked_and_no_other_is_small() -> None:
    for year in all_years():
        known = set(published().query("year == @year")["area"])
        assert set(values_in("in_post", year).index) == known - SMALL - _away(year)
        assert not SMALL & set(comparable("caseload", year))
        for code in SMALL:
            assert {at(code, key, year).rank for key in MEASURES} == {None}


def _away(year: int) -> set[str]:
    """List the councils whose staff are not published in a year."""
    table = published().query("year == @year").set_index("area")["in_post"]
    return set(table[table.isna()].index)


def test_a_rank_is_given_where_luck_moves_a_council_past_few_others() -> None:
    assert at("806", "agency").rank == 126
    assert at("806", "turnover").rank is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("year", [2017, 2022, 2025])
def test_years_are_never_mixed(kind: GroupKind, year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = set()

    def watched(measure: str, code: str, when: int) -> float | None:
        asked.add(when)
        return figure(measure, code, when)

    for module in ("standing", "measures", "groups"):
        monkeypatch.setattr(f"retention_lib.benchmarks.{module}.figure", watched)
    area = council("202")
    for key in MEASURES:
        found = standing.__wrapped__(key, area, year, group_of(area, kind, FIVE))
        assert found.year == year
        assert found.england == figure(key, ENGLAND, year)
        assert found.region == figure(key, "E12000007", year)
    assert asked == {year}


# Groups.


def test_half_of_a_joint_return_stands_for_the_whole() -> None:
    whole = council("314")
    assert whole == council("318") == council("314 / 318")
    group = group_of(whole, "neighbours_2025")
    assert whole not in group.areas
    assert len(group.areas) == len(set(group.areas)) == 11
    assert "return their figures as one" in group.note
    assert at("941", year=2025).value == figure("turnover", "940 / 941", 2025)


def test_a_council_that_is_no_more_has_the_older_models_neighbours_and_a_note() -> None:
    cumbria = council("909")
    group = group_of(cumbria, "neighbours_2025")
    assert group.areas == group_of(cumbria, "neighbours_2021").areas
    assert len(group.areas) == 10
    assert group.note == (
        "The 2025 model does not know Cumbria, so its neighbours are those of the 2021 model."
    )
    assert group_of(cumbria, "neighbours_2021").note == ""
    assert history_note(cumbria) == (
        "It no longer exists: Cumberland and Westmorland and Furness took its place."
    )
    assert at("909", year=2022).value is not None
    assert at("909", year=2023).why_none == "not published"


def test_a_new_council_has_the_newer_models_neighbours_and_its_own_years_only() -> None:
    cumberland = council("942")
    assert "those of the 2025 model" in group_of(cumberland, "neighbours_2021").note
    assert history_note(cumberland) == (
        "It replaced Cumbria (to 2022), whose figures are listed under that name."
    )
    found = trend("turnover", cumberland, 2025, group_of(cumberland, "neighbours_2025"))
    assert [each is None for each in found.own] == [True] * 6 + [False] * 3
    assert found.since_first is not None
    assert found.since_first.since == 2023


def test_two_councils_of_one_name_are_told_apart() -> None:
    assert history_note(council("835")) == "It no longer exists: a new Dorset took its place."
    assert "It replaced Dorset (to 2018)" in history_note(council("838"))
    assert "Poole (to 2018) and Bournemouth (to 2018)" in history_note(council("839"))


def test_a_london_borough_stands_beside_all_of_london() -> None:
    group = group_of(council("202"), "region")
    assert group.name == "councils in London"
    assert {"201", "203", "314 / 318"} <= {each.code for each in group.areas}
    assert len(group.areas) == 31


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("806", "councils in the North East"),
        ("933", "councils in the South West"),
        ("815", "councils in Yorkshire and The Humber"),
    ],
)
def test_a_region_is_named_as_a_sentence_does(code: str, name: str) -> None:
    assert group_of(council(code), "region").name == name


def test_england_as_a_group_is_every_other_council() -> None:
    group = group_of(council("806"), "england")
    assert {each.code for each in group.areas} == {each.code for each in councils()} - {"806"}


def test_a_list_of_ones_own_holds_each_once_and_never_the_council_itself() -> None:
    group = group_of(council("806"), "own", ["933", "806", "318", "314", "933"])
    assert [each.code for each in group.areas] == ["933", "314 / 318"]


def test_nobody_to_stand_beside_leaves_the_councils_own_figure() -> None:
    area = council("806")
    found = standing("turnover", area, 2019, group_of(area, "own", ["806"]))
    assert (found.value, found.rank) == (0.208, 118)
    assert found.neighbours is found.best_quarter is None
    assert found.verdict == "unknown"


@pytest.mark.parametrize("kind", KINDS)
def test_no_council_is_among_those_it_stands_beside(kind: GroupKind) -> None:
    for area in councils():
        group: Group = group_of(area, kind, FIVE)
        assert area not in group.areas
        assert len(set(group.areas)) == len(group.areas) >= 4


@pytest.mark.parametrize("code", ["", "000", "E92000001", "E12000007", "Englnd", "8060"])
def test_a_code_that_no_council_has_is_refused_in_words(code: str) -> None:
    with pytest.raises(UnknownCouncilError) as refused:
        council(code)
    assert str(refused.value) == (
        f"{code!r} is no council's code. It must be DfE's three-digit code, such as 806 for "
        "Middlesbrough."
    )


@pytest.mark.parametrize("name", ["Plymouth", "plymouth", " PLYMOUTH "])
def test_a_name_in_place_of_a_code_gets_the_code(name: str) -> None:
    with pytest.raises(UnknownCouncilError, match=r"lymouth is 879\.$|PLYMOUTH  is 879\.$"):
        council(name)


def test_a_measure_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="'pay' is no measure"):
        at("806", "pay")
