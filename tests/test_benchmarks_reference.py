"""Has anyone done that? The council-years that started alike, counted a second way."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention_lib.benchmarks.groups import council, group_of
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.reference import (
    CouncilYear,
    ReferenceClass,
    band_around,
    bins,
    reference_class,
)
from retention_lib.figures import FIGURES
from tests.strategies import between

OPEN = 1e-6  # figures are published to a tenth: so much less than an end leaves the end out


@cache
def published() -> pd.DataFrame:
    """Read the table of figures: one row for each council and year."""
    text = {"area": str}
    table = pd.read_csv(FIGURES / "workforce.csv", dtype=text)
    areas = pd.read_csv(FIGURES / "areas.csv", dtype=text)
    councils = areas.loc[areas["level"] == "council", "area"]
    wide = table.pivot(index=["area", "year"], columns="measure", values="value").reset_index()
    return wide[wide["area"].isin(councils)]


def pairs(key: str, years_on: int) -> pd.DataFrame:
    """Set each council of 30 staff or more beside itself some years on, in tenths."""
    first = published()[["area", "year", key, "in_post"]].rename(columns={key: "start"})
    later = published()[["area", "year", key]].rename(columns={key: "end"})
    later = later.assign(year=later["year"] - years_on)
    both = first[first["in_post"] >= 30].merge(later, on=["area", "year"]).dropna()
    scale = 10 if key == "caseload" else 1000
    return both.assign(
        start=(both["start"] * scale).round().astype(int),
        end=(both["end"] * scale).round().astype(int),
    )


# What was published of it.


def test_98_council_years_had_a_turnover_of_25_percent_or_more() -> None:
    found = reference_class("turnover", at_least=0.25)
    assert found.council_years == 98
    assert found.mean_start == pytest.approx(0.298, abs=0.0005)
    assert found.mean_end == pytest.approx(0.200, abs=0.0005)
    assert found.mean_change == pytest.approx(-0.098, abs=0.0005)
    assert found.share_changed_by(-0.05) == pytest.approx(73 / 98)
    assert found.share_changed_by(-0.10) == pytest.approx(47 / 98)


@pytest.mark.parametrize(
    ("at_least", "below", "number", "later", "change", "fell_5", "fell_10"),
    [
        (0.00, 0.10, 174, 12.8, 5.2, 1, 0),
        (0.10, 0.15, 393, 14.5, 1.9, 5, 1),  # 394 with old Dorset followed into new Dorset
        (0.15, 0.20, 340, 16.4, -0.9, 24, 4),
        (0.20, 0.25, 162, 18.0, -4.1, 46, 17),
        (0.25, 9.99, 98, 20.0, -9.8, 74, 48),
    ],
)
def test_the_higher_a_turnover_the_further_it_falls(
    at_least: float,
    below: float,
    number: int,
    later: float,
    change: float,
    fell_5: int,
    fell_10: int,
) -> None:
    found = reference_class("turnover", at_least=at_least, at_most=below - OPEN)
    assert found.council_years == number
    assert found.mean_end is not None
    assert found.mean_change is not None
    assert found.mean_end * 100 == pytest.approx(later, abs=0.06)
    assert found.mean_change * 100 == pytest.approx(change, abs=0.06)
    assert (found.share_changed_by(-0.05) or 0) * 100 == pytest.approx(fell_5, abs=0.5)
    assert (found.share_changed_by(-0.10) or 0) * 100 == pytest.approx(fell_10, abs=0.5)


def test_a_reorganised_council_is_not_followed_into_its_successor() -> None:
    found = reference_class("turnover").found
    dorset = {(each.area.code, each.year) for each in found if each.area.name == "Dorset"}
    assert ("835", 2017) in dorset
    assert ("835", 2018) not in dorset
    assert ("838", 2019) in dorset
    assert ("909", 2022) not in {(each.area.code, each.year) for each in found}


# Counted a second way.


@pytest.mark.parametrize("years_on", [1, 3])
@pytest.mark.parametrize("key", MEASURES)
def test_every_class_is_what_pandas_counts(key: str, years_on: int) -> None:
    counted = pairs(key, years_on)
    scale = 10 if key == "caseload" else 1000
    change = counted["end"] - counted["start"]
    middle = int(counted["start"].median())
    for low, high in ((0, middle - 1), (middle, 10_000), (middle - 20, middle + 20)):
        inside = counted["start"].between(low, high)
        found = reference_class(
            key, at_least=max(low, 0) / scale, at_most=high / scale, years_on=years_on
        )
        assert found.council_years == inside.sum() > 0
        assert found.mean_start == pytest.approx(counted.loc[inside, "start"].mean() / scale)
        assert found.mean_end == pytest.approx(counted.loc[inside, "end"].mean() / scale)
        assert found.mean_change == pytest.approx(change[inside].mean() / scale)
        for step in (1, 50, 100):
            fell, rose = (change[inside] <= -step).mean(), (change[inside] >= step).mean()
            assert found.share_changed_by(-step / scale) == pytest.approx(fell)
            assert found.share_changed_by(step / scale) == pytest.approx(rose)


@pytest.mark.parametrize("years_on", [1, 3])
@pytest.mark.parametrize("key", MEASURES)
def test_among_neighbours_only_they_are_counted(key: str, years_on: int) -> None:
    area = council("806")
    among = {area.code, *(each.code for each in group_of(area, "neighbours_2025").areas)}
    counted = pairs(key, years_on)
    counted = counted[counted["area"].isin(among)]
    found = reference_class(key, years_on=years_on, among=among)
    assert found.council_years == len(counted) > 0
    assert {(each.area.code, each.year) for each in found.found} == set(
        zip(counted["area"], counted["year"], strict=True)
    )


def test_a_class_names_its_councils_the_largest_move_first() -> None:
    found = reference_class("turnover", at_least=0.25)
    first, second, *_ = found.changed_by(-0.10)
    assert (first.area.name, first.year, first.start, first.end) == (
        "Bromley", 2017, 0.372, 0.019,
    )  # fmt: skip
    assert first.change < second.change <= -0.10
    risen = found.changed_by(0.05)
    assert [each.change for each in risen] == sorted((each.change for each in risen), reverse=True)


def test_a_council_year_can_be_left_out_of_its_own_class() -> None:
    found = reference_class("turnover", at_least=0.25, apart_from=("806", 2023))
    assert found.council_years == 97
    assert ("806", 2023) not in {(each.area.code, each.year) for each in found.found}


def test_no_small_council_is_in_a_class() -> None:
    assert not {"201", "420", "857"} & {
        each.area.code for each in reference_class("turnover").found
    }


# Ends and tenths.


@pytest.mark.parametrize(
    ("start", "end", "change"),
    [
        (0.15, 0.1, -0.05),
        (0.3, 0.2, -0.1),
        (0.208, 0.158, -0.05),
        (0.1, 0.15, 0.05),
        (16.4, 6.4, -10),
    ],
)
def test_a_fall_of_exactly_so_many_tenths_counts(start: float, end: float, change: float) -> None:
    one = CouncilYear(council("806"), 2019, start, end)
    found = ReferenceClass("turnover", 0, 1, 1, (one,))
    assert found.changed_by(change) == (one,)
    assert found.changed_by(change * 1.03) == ()
    assert found.changed_by(-change) == ()


def test_a_change_of_nothing_is_whatever_did_not_rise() -> None:
    area = council("806")
    fell, stayed, rose = (CouncilYear(area, 2019, 0.2, end) for end in (0.1, 0.2, 0.3))
    assert ReferenceClass("turnover", 0, 1, 1, (fell, stayed, rose)).changed_by(0) == (fell, stayed)


@pytest.mark.parametrize("start", [0.183, 0.208, 0.233])
def test_both_ends_of_a_class_are_in_it(start: float) -> None:
    assert reference_class("turnover", at_least=start, at_most=start).council_years > 0


def test_nobody_in_a_class_gives_none() -> None:
    found = reference_class("turnover", at_least=0.9)
    assert (found.council_years, found.found, found.changed_by(-0.1)) == (0, (), ())
    assert found.mean_start is found.mean_end is found.mean_change is None
    assert found.share_changed_by(-0.1) is found.share_changed_by(0.1) is None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"years_on": 0}, "years_on is 0. It must be a whole number, 1 or more."),
        ({"at_least": 0.3, "at_most": 0.2}, "must not be above the largest"),
        ({"at_least": math.nan}, "must not be above the largest"),
    ],
)
def test_a_class_that_cannot_be_is_refused_in_words(wrong: dict[str, float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        reference_class("turnover", **wrong)  # type: ignore[arg-type]  # one field at a time


def test_a_measure_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="one of: turnover, vacancy, agency, caseload, absence"):
        reference_class("pay")


# How near is near, and counting in steps.


@pytest.mark.parametrize("years_on", [1, 3, 8])
@pytest.mark.parametrize("key", MEASURES)
@pytest.mark.parametrize("place", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_a_band_is_as_narrow_as_holds_thirty(key: str, place: float, years_on: int) -> None:
    near = MEASURES[key].near
    value = round(float(published()[key].quantile(place)), 4)
    low, high = band_around(key, value, years_on)
    assert 0 <= low <= value <= high
    found = reference_class(key, at_least=low, at_most=high, years_on=years_on)
    assert found.council_years >= 30
    steps = max(value - low, high - value) / near
    assert steps == pytest.approx(round(steps), abs=1e-4) or low == 0 or high == 1
    if steps > 1.01:
        tighter = round(math.ceil(steps - 1e-4) - 1) * near
        inside = reference_class(
            key, at_least=max(0, value - tighter), at_most=value + tighter, years_on=years_on
        )
        assert inside.council_years < 30


def test_no_share_of_a_band_goes_above_all() -> None:
    assert band_around("agency", 1.0) == (0.4, 1.0)
    assert band_around("caseload", 60.0)[1] > 60


@given(st.lists(between(-1, 1, -0.05, 0.05, 0.1), max_size=40), st.sampled_from([0.05, 0.01, 1]))
def test_steps_hold_every_change_once_and_meet_at_nothing(
    changes: list[float], width: float
) -> None:
    found = bins(changes, width)
    assert sum(number for *_, number in found) == len(changes)
    for low, high, number in found:
        inside = [each for each in changes if low - 1e-9 <= each < high - 1e-9]
        assert len(inside) == pytest.approx(number, abs=0)
        assert round(low / width) == pytest.approx(low / width, abs=1e-6)
    assert all(one[1] == two[0] for one, two in pairwise(found))
