"""What goes anyway: rates on their usual way, joiners that keep them there, published figures."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention_lib.figures import (
    ENGLAND,
    all_areas,
    councils,
    figure,
    latest_year,
    neighbours_of,
    region_of,
    years_of,
)
from retention_lib.plans.numbers import NO_DRAWS, Numbers
from retention_lib.plans.plan import Plan
from retention_lib.rates import FloatArray
from retention_lib.workforce.baseline import (
    Anchor,
    Anyway,
    Makeup,
    drivers_of,
    fill_chance,
    leaving_by_band,
    start_of,
    years_of_flow,
    years_of_stock,
)
from retention_lib.workforce.engine import BANDS, play
from retention_lib.workforce.published import (
    RATES,
    Published,
    level,
    national_trend,
    published,
    sources,
    usual_distance,
)
from tests.strategies import between, chances

YEAR = latest_year()
ENDS = [0, 12, 24, 36, 48]
WITHOUT_STAFF = {
    "Bournemouth", "Cumbria", "Dorset", "Isles of Scilly", "Kensington and Chelsea",
    "Northamptonshire", "Poole", "Westminster",
}  # fmt: skip
"""Councils that no longer are, or that another publishes for, or with next to nobody."""


@cache
def started() -> dict[str, Published]:
    """Every council's service of the latest year, by code."""
    found = {area.code: published(area.code, YEAR) for area in councils()}
    return {code: each for code, each in found.items() if each is not None}


@cache
def numbers_of(code: str) -> Numbers:
    plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": code})
    return Numbers(plan, NO_DRAWS)


# A rate on its way.


def anchor(now: float, long_run: float, kept: float, **more: float) -> Anchor:
    changes = {name: np.array(value) for name, value in more.items()}
    return replace(
        Anchor(now=np.array(now), long_run=np.array(long_run), kept=np.array(kept)), **changes
    )


def after(found: Anchor, *years: float) -> list[float]:
    values: list[float] = found.after(np.array(years)).tolist()
    return values


def test_of_an_excess_of_ten_points_three_and_a_half_are_left_after_a_year() -> None:
    assert after(anchor(0.25, 0.15, 0.35), 0, 1, 2) == pytest.approx([0.25, 0.185, 0.16225])
    assert after(anchor(0.05, 0.15, 0.35), 0, 1) == pytest.approx([0.05, 0.115])


def test_a_rate_that_keeps_all_of_itself_stays_where_it_is_and_one_that_keeps_none_jumps() -> None:
    assert after(anchor(0.25, 0.15, 1.0), 0, 1, 4) == [0.25] * 3
    assert after(anchor(0.25, 0.15, 0.0), 0, 0.1, 4) == pytest.approx([0.25, 0.15, 0.15])


def test_a_trend_adds_the_same_each_year_and_no_rate_falls_below_nothing() -> None:
    falling = anchor(0.25, 0.25, 1.0, yearly=-0.1)
    assert after(falling, 0, 1, 2, 3) == pytest.approx([0.25, 0.15, 0.05, 0])


def test_what_was_luck_at_the_start_is_gone_after_a_year() -> None:
    lucky = anchor(0.25, 0.15, 0.35, start=0.2)
    assert after(lucky, 0, 1, 2) == pytest.approx([0.25, 0.1675, 0.156125])
    assert after(lucky, 0.5) == pytest.approx([0.15 + 0.05 * 0.35**0.5 + 0.025])


@given(chances(), chances(), chances(), st.floats(0, 4))
def test_a_rate_begins_where_it_stands_and_stays_between_that_and_where_it_goes(
    now: float, long_run: float, kept: float, years: float
) -> None:
    start, later = after(anchor(now, long_run, kept), 0, years)
    assert start == pytest.approx(now)
    assert min(now, long_run) - 1e-12 <= later <= max(now, long_run) + 1e-12


def test_draws_each_go_their_own_way() -> None:
    several = Anchor(
        now=np.array([0.2, 0.3]), long_run=np.array(0.1), kept=np.array([0.5, 0.25])
    ).after(np.array([0.0, 1.0, 2.0]))
    assert several.shape == (2, 3)
    assert several[1].tolist() == pytest.approx([0.3, 0.15, 0.1125])


def test_a_year_of_flow_is_on_average_one_year_on_and_a_stock_stands_where_it_is() -> None:
    assert years_of_flow(24)[:12].mean() == pytest.approx(1)
    assert years_of_flow(24)[12:].mean() == pytest.approx(2)
    assert years_of_stock(24)[[0, 12, 24]].tolist() == [0, 1, 2]


# Leaving by band, and filling.


@given(chances(), between(0, 1, 0.07), between(0, 5, 1), between(0, 5, 1))
def test_all_bands_together_leave_as_the_turnover_says(
    turnover: float, new: float, of_new: float, of_seniors: float
) -> None:
    shares = {"newly_qualified": new, "social_worker": (1 - new) * 0.7, "senior": (1 - new) * 0.3}
    ratios = {"newly_qualified": of_new, "social_worker": 1.0, "senior": of_seniors}
    found = leaving_by_band(
        np.full(3, turnover),
        {band: np.array(shares[band]) for band in BANDS},
        {band: np.array(ratios[band]) for band in BANDS},
    )
    together = sum(shares[band] * found[band] for band in BANDS)
    if max(float(found[band].max()) for band in BANDS) < 1 and shares["social_worker"] > 1e-6:
        assert together == pytest.approx(np.full(3, turnover / 12))
        assert found["senior"] == pytest.approx(of_seniors * found["social_worker"])


@given(chances(), between(0, 0.2, 0.0125))
def test_leaving_and_filling_together_keep_the_share_of_vacancies_set(
    kept: float, h: float
) -> None:
    fill = float(fill_chance(np.array(kept), np.array(h)))
    assert 0 <= fill <= 1
    left = (1 - h) * (1 - fill)
    if kept <= (1 - h) ** 12:
        assert left**12 == pytest.approx(kept, abs=1e-12)
    else:
        assert fill == 0


# Joiners.


def made_up(**changes: float) -> Makeup:
    """Give a service of 90 in which a third of joiners are newly qualified."""
    values = {
        "staff": 90.0, "newly_qualified_joiners": 1 / 3, "newly_qualified_load": 0.75,
        "promoted_each_year": 0.07, "agency_extra_share": 0.2, "case_holding": 0.8,
        "demand_growth": 0.0, "caseload_effect": 0.0, "vacancy_kept": 0.75, **changes,
    }  # fmt: skip
    shares = {"newly_qualified": 0.1, "social_worker": 0.6, "senior": 0.3}
    return Makeup(
        shares={band: np.array(shares[band]) for band in BANDS},
        leaving=dict.fromkeys(BANDS, np.ones(())),
        **{name: np.array(value) for name, value in values.items()},  # type: ignore[arg-type]
    )


def steady(**changes: FloatArray) -> Anyway:
    """Give rates that stay: 12% leave, a tenth of posts empty, a tenth agency, 16 cases."""
    levels = np.ones(49)
    return replace(
        Anyway(
            turnover=np.full(48, 0.12),
            vacancy_rate=levels * 0.1,
            agency_rate=levels * 0.1,
            caseload=levels * 16,
        ),
        **changes,
    )


def test_a_steady_service_of_ninety_needs_nine_tenths_of_a_person_a_month() -> None:
    """One in a hundred leaves, and a third of joiners come in September.

    Two thirds of 0.9 a month leave 60 + 30 x 0.99^12 at the year's end: so many are missing, and of
    the class 0.99^6 are still there by then.
    """
    driven = drivers_of(steady(), made_up(vacancy_kept=1.0))
    assert driven.posts == pytest.approx(np.full(49, 100.0))
    assert float(driven.fill) == 0
    assert np.flatnonzero(driven.newly_qualified).tolist() == [5, 17, 29, 41]
    class_of_a_year = 30 * (1 - 0.99**12) / 0.99**6
    assert class_of_a_year == pytest.approx(12 * 0.9 / 3, rel=0.01)
    assert driven.newly_qualified[[5, 17, 29, 41]] == pytest.approx(np.full(4, class_of_a_year))
    assert driven.ordinary == pytest.approx(np.full(48, 0.6))
    staff = play(start_of(made_up()), driven).in_post[0, 0]
    assert staff[ENDS] == pytest.approx(np.full(5, 90.0))
    assert staff[5] == pytest.approx(60 + 30 * 0.99**5)


def test_those_who_answer_to_vacancies_are_among_those_who_would_come_anyway() -> None:
    driven = drivers_of(steady(), made_up())
    fill = 1 - 0.75 ** (1 / 12) / 0.99
    assert float(driven.fill) == pytest.approx(fill)
    assert driven.ordinary[:2] == pytest.approx([0.6 - fill * 10.9, 0.6 - fill * 11.197])
    path = play(start_of(made_up()), driven)
    assert path.joined_ordinary[0, 0, 1:] == pytest.approx(np.full(48, 0.6))
    waiting = 100 - path.in_post[0, 0, :-1] + path.all_leavers[0, 0, 1:]
    assert driven.ordinary == pytest.approx(0.6 - fill * waiting)


def test_agency_staff_and_cases_are_those_that_the_rates_tell() -> None:
    driven = drivers_of(steady(), made_up())
    assert driven.extra_agency == pytest.approx(np.full(49, 2.0))
    assert driven.cover == pytest.approx(np.full(49, 0.8))
    assert driven.cases == pytest.approx(np.full(49, 16 * 0.8 * 100))


def test_agency_staff_who_would_cover_more_posts_than_are_empty_are_extra() -> None:
    driven = drivers_of(steady(vacancy_rate=np.full(49, 0.05)), made_up())
    posts = 90 / 0.95
    assert driven.cover == pytest.approx(np.ones(49))
    assert driven.extra_agency == pytest.approx(np.full(49, 10 - posts * 0.05))
    none = drivers_of(steady(vacancy_rate=np.zeros(49)), made_up())
    assert none.cover == pytest.approx(np.zeros(49))
    assert none.extra_agency == pytest.approx(np.full(49, 10.0))


def test_demand_grows_from_year_to_year_on_top_of_the_caseloads_own_way() -> None:
    driven = drivers_of(steady(), made_up(demand_growth=0.1))
    assert driven.cases[ENDS] == pytest.approx(16 * 0.8 * 100 * 1.1 ** np.arange(5))


def test_the_caseloads_own_way_drives_nobody_out_for_the_turnover_already_has_it() -> None:
    """Ten cases more at once: as many leave, and as many are needed, as if there were none."""
    more = np.full(49, 26.0)
    more[0] = 16
    of = made_up(caseload_effect=0.002)
    driven, usual = drivers_of(steady(caseload=more), of), drivers_of(steady(), of)
    assert driven.usual_caseload == pytest.approx(more)
    assert driven.ordinary == pytest.approx(usual.ordinary)
    assert driven.newly_qualified == pytest.approx(usual.newly_qualified)
    path = play(start_of(of), driven)
    assert path.caseload[0, 0, ENDS] == pytest.approx(more[ENDS], abs=0.001)
    assert path.turnover()[0, 0, ENDS[1:]] == pytest.approx(np.full(4, 0.12), abs=0.002)


def test_growth_in_demand_drives_people_out_by_the_cases_it_adds() -> None:
    """Twice the cases at the end of the first year are 16 more for each: 3.2 points of turnover.

    Who leaves more is not made up for; with fewer staff there are more cases still.
    """
    of = made_up(caseload_effect=0.002, demand_growth=1.0, vacancy_kept=1.0)
    path = play(start_of(of), drivers_of(steady(), of))
    chance, caseload = path.chance_of_leaving[0, 0], path.caseload[0, 0]
    assert chance[1] == pytest.approx(0.01)
    assert chance[1:] == pytest.approx(0.01 + 0.002 * (caseload[:-1] - 16) / 12)
    assert caseload[12] > 32
    without = replace(of, demand_growth=np.zeros(()))
    level_demand = play(start_of(without), drivers_of(steady(), without))
    assert np.all(path.in_post[0, 0, 2:] < level_demand.in_post[0, 0, 2:])
    assert np.all(path.turnover()[0, 0, 12:] > level_demand.turnover()[0, 0, 12:])


def test_no_class_is_smaller_than_nobody_when_the_service_shrinks() -> None:
    shrinking = drivers_of(steady(vacancy_rate=np.linspace(0.1, 0.8, 49)), made_up())
    assert np.all(shrinking.newly_qualified == 0)
    assert np.all(shrinking.ordinary < 0)


def test_a_class_of_a_service_that_starts_in_september_comes_in_its_first_month() -> None:
    driven = drivers_of(steady(), replace(made_up(), first_month=9))
    assert np.flatnonzero(driven.newly_qualified).tolist() == [0, 12, 24, 36]
    assert start_of(replace(made_up(), first_month=9)).first_month == 9


def test_joiners_keep_every_council_on_the_way_of_its_vacancy_rate_at_each_years_end() -> None:
    """Within two hundredths of a point: staff of all bands leave at their own chances."""
    for code, was in started().items():
        numbers = numbers_of(code)
        path = play(numbers.start, numbers.drivers)
        usual = numbers.anyway.vacancy_rate[..., ENDS]
        assert path.vacancy_rate[0, 0, ENDS] == pytest.approx(usual, abs=0.0002), was.name


@pytest.mark.parametrize(("first_month", "points"), [(10, 0.11), (1, 0.05), (5, 0.04)])
def test_the_class_ends_each_year_on_the_way_wherever_in_it_september_lies(
    first_month: int, points: float
) -> None:
    """A year from October has its class in the last month, one from May in the fifth."""
    for code, was in started().items():
        numbers = numbers_of(code)
        of = replace(numbers.made_up, first_month=first_month)
        path = play(start_of(of), drivers_of(numbers.anyway, of))
        apart = path.vacancy_rate[0, 0, ENDS] - numbers.anyway.vacancy_rate[..., ENDS]
        assert 100 * abs(apart).max() < points, was.name
        assert not np.any(path.wanted_newly_qualified > path.joined_newly_qualified), was.name


def test_a_class_larger_than_the_posts_that_are_empty_does_not_all_join() -> None:
    """A year from September has its class at once, and few councils empty posts for all of it."""
    missed = []
    for code in started():
        of = replace(numbers_of(code).made_up, first_month=9)
        path = play(start_of(of), drivers_of(numbers_of(code).anyway, of))
        apart = path.vacancy_rate[0, 0, ENDS] - numbers_of(code).anyway.vacancy_rate[..., ENDS]
        turned_away = np.any(path.wanted_newly_qualified > path.joined_newly_qualified + 1e-9)
        assert turned_away or 100 * abs(apart).max() < 0.3, code
        missed.append(bool(turned_away))
    assert 0 < sum(missed) < 10


def turnover_apart() -> FloatArray:
    """Say how far each council's turnover is from its own way at each year's end, in points."""
    found = []
    for code in started():
        numbers = numbers_of(code)
        base = numbers.plan.baseline
        usual = base.own_weight * usual_distance("turnover", code, YEAR)
        goes_to = max(0.0, level("turnover", base.towards, code, YEAR).value + usual)
        excess = float(numbers("service.turnover")) - goes_to
        path = goes_to + excess * base.turnover_persistence ** np.arange(1, 5)
        found.append(play(numbers.start, numbers.drivers).turnover()[0, 0, ENDS[1:]] - path)
    return np.asarray(100 * abs(np.array(found)), dtype=np.float64)


def test_turnover_ends_within_three_tenths_of_a_point_of_its_own_way_in_every_council() -> None:
    """Turnover is over staff at the year's end: staff who grow fast make it lower, and all early.

    The farthest are Havering and Harrow: four in ten of their posts are empty at the start, and
    filling them their staff grow by a tenth in the first year.
    """
    apart = turnover_apart()
    assert apart[:, -1].max() < 0.3
    assert np.all(apart.max(axis=0) < [0.75, 0.45, 0.3, 0.25])
    assert np.all(np.median(apart, axis=0) < [0.15, 0.12, 0.1, 0.08])


def test_in_every_month_of_every_council_people_leave_at_the_chance_its_turnover_says() -> None:
    """Within a tenth of a point a year: how staff are made up changes a little over the years."""
    for code, was in started().items():
        numbers = numbers_of(code)
        path = play(numbers.start, numbers.drivers)
        yearly = 1_200 * path.chance_of_leaving[0, 0, 1:]
        assert yearly == pytest.approx(100 * numbers.anyway.turnover, abs=0.1), was.name


def test_every_council_starts_as_it_was_published() -> None:
    for code, was in started().items():
        path = play(numbers_of(code).start, numbers_of(code).drivers)
        assert path.in_post[0, 0, 0] == pytest.approx(was.staff.value), was.name
        assert path.vacancy_rate[0, 0, 0] == pytest.approx(was.vacancy.value), was.name
        assert path.agency_rate[0, 0, 0] == pytest.approx(was.agency.value), was.name
        assert path.caseload[0, 0, 0] == pytest.approx(was.caseload.value), was.name


# A council's own figures.


def test_every_council_has_its_own_figures_or_says_that_they_are_englands() -> None:
    for code, found in started().items():
        assert found.staff.value == figure("in_post", code, YEAR)
        assert found.staff.is_own
        for measure in RATES:
            own, used = figure(measure, code, YEAR), found.rate(measure)
            assert used.is_own == (own is not None), found.name
            assert used.value == (figure(measure, ENGLAND, YEAR) if own is None else own)
            whose = "England" if own is None else all_areas()[code].name
            assert used.source == f"DfE, September {YEAR}: {whose}"
            assert (measure in found.filled) == (own is None)
        assert 0 <= found.agency_extra_share.value <= 1
        assert 0 < found.case_holding_share.value <= 1
        assert set(sources(found)) == {"staff", *RATES, "agency_extra_share", "case_holding_share"}


def test_councils_without_staff_have_no_service() -> None:
    none = {area.name for area in councils() if area.code not in started()}
    assert none == WITHOUT_STAFF
    assert published("802", 2025) is not None


def test_some_councils_are_filled_with_englands_figures() -> None:
    """Or the test of those that are would prove nothing."""
    filled = [name for found in started().values() for name in found.filled]
    assert filled
    assert any(not found.filled for found in started().values())


def test_torbay_and_north_somerset_have_the_shares_that_their_figures_make() -> None:
    for code in ("880", "802"):
        found = started()[code]
        agency = figure("agency_staff", code, YEAR)
        covering = figure("agency_covering", code, YEAR)
        holders = figure("case_holders", code, YEAR)
        assert agency is not None
        assert covering is not None
        assert holders is not None
        extra = 1 - covering / agency
        assert found.agency_extra_share.value == pytest.approx(min(1.0, max(0.0, extra)))
        assert found.case_holding_share.value == pytest.approx(
            holders / (found.staff.value + agency)
        )


def test_england_itself_is_not_a_councils_own_figure() -> None:
    england = published(ENGLAND, YEAR)
    assert england is not None
    assert not england.turnover.is_own


# Where a rate goes.


def test_a_rate_goes_to_england_its_region_or_the_middle_of_its_neighbours() -> None:
    assert level("turnover", "england", "802", YEAR).value == figure("turnover", ENGLAND, YEAR)
    region = region_of(all_areas()["802"])
    assert region is not None
    assert level("turnover", "region", "802", YEAR).value == figure("turnover", region.code, YEAR)
    known = [figure("turnover", each, YEAR) for each in neighbours_of("2025", "802")]
    middle = median(value for value in known if value is not None)
    assert level("turnover", "neighbours_2025", "802", YEAR).value == middle
    names = [
        level("turnover", towards, "802", YEAR).source
        for towards in ("england", "region", "neighbours_2025")
    ]
    assert names[0].endswith("England")
    assert names[1].endswith(region.name)
    assert names[2].endswith("the middle of its neighbours")


def test_the_usual_distance_is_the_mean_over_the_years_so_far_and_no_later_one() -> None:
    for code, year in (("879", 2022), ("802", 2025), ("806", 2019)):
        apart = []
        for each in years_of(code):
            own, england = figure("caseload", code, each), figure("caseload", ENGLAND, each)
            if each <= year and own is not None and england is not None:
                apart.append(own - england)
        assert apart
        assert usual_distance("caseload", code, year) == pytest.approx(sum(apart) / len(apart))
    assert usual_distance("caseload", "802", 1990) == 0


def test_the_national_trend_is_englands_change_over_three_years() -> None:
    now, then = (figure("turnover", ENGLAND, year) for year in (2025, 2022))
    assert now is not None
    assert then is not None
    assert national_trend("turnover", 2025) == pytest.approx((now - then) / 3)


def test_the_first_year_has_no_trend_and_the_second_that_of_one_year() -> None:
    first = min(year for year in range(2010, 2026) if figure("turnover", ENGLAND, year) is not None)
    assert national_trend("turnover", first) == 0
    one, two = figure("turnover", ENGLAND, first), figure("turnover", ENGLAND, first + 1)
    assert one is not None
    assert two is not None
    assert national_trend("turnover", first + 1) == pytest.approx(two - one)
