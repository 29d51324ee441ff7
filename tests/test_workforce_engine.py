"""A service month by month: on paper, as identities, and against a slow second opinion."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from retention_lib.rates import FloatArray
from retention_lib.workforce.baseline import Anyway, Makeup, drivers_of, fill_chance, start_of
from retention_lib.workforce.engine import (
    BANDS,
    Band,
    Drivers,
    Path,
    Start,
    calendar_month,
    example_service,
    play,
)
from retention_lib.workforce.luck import Luck
from tests.strategies import between, chances

SEPTEMBER = 6
"""The month of the service in which September falls: it starts in April."""

MOVES = ("newly_qualified", "social_worker", "senior")


def flat(value: float, months: int = 48) -> FloatArray:
    """Give a flow that is the same in every month."""
    return np.full((1, 1, months), value)


def only_in(month: int, value: float, months: int = 48) -> FloatArray:
    """Give a flow of one month, counted from 1."""
    found = np.zeros((1, 1, months))
    found[..., month - 1] = value
    return found


def level(value: float, months: int = 48) -> FloatArray:
    """Give a level that is the same at the end of every month."""
    return np.full((1, 1, months + 1), value)


def one(value: float) -> FloatArray:
    return np.full((1, 1), value)


def staffed(new: float = 0.0, social_workers: float = 100.0, seniors: float = 0.0) -> Start:
    staff = zip(MOVES, (new, social_workers, seniors), strict=True)
    return Start(staff={band: one(people) for band, people in staff})  # type: ignore[misc]


def leaving(monthly: float) -> dict[Band, FloatArray]:
    return dict.fromkeys(BANDS, flat(monthly))


def drivers(**changes: Any) -> Drivers:
    """Give what drives the hand-checkable world, some of it changed: one in 100 leaves a month."""
    return replace(example_service()[1], **changes)


def followed(start: Start | None = None, **changes: Any) -> Path:
    """Play the hand-checkable world, some of it changed."""
    return play(start or staffed(), drivers(**changes))


def first(values: FloatArray, count: int = 4) -> list[float]:
    found: list[float] = values[0, 0, :count].tolist()
    return found


# The world that can be worked out on paper.


def test_of_a_hundred_one_leaves_then_99_hundredths_and_cases_per_worker_rise() -> None:
    path = followed()
    assert first(path.in_post) == pytest.approx([100, 99, 98.01, 97.0299])
    assert first(path.all_leavers) == pytest.approx([0, 1, 0.99, 0.9801])
    assert first(path.vacancies) == pytest.approx([0, 1, 1.99, 2.9701])
    assert first(path.caseload, 3) == pytest.approx([16, 1600 / 99, 1600 / 98.01])
    assert path.in_post[0, 0, 48] == pytest.approx(100 * 0.99**48)


def test_who_joins_in_a_month_cannot_leave_in_it() -> None:
    path = followed(leaving=leaving(0.5), ordinary=flat(10))
    assert first(path.all_leavers) == pytest.approx([0, 50, 30, 20])
    assert first(path.in_post) == pytest.approx([100, 60, 40, 30])


def test_turnover_is_the_leavers_of_twelve_months_over_staff_at_their_end() -> None:
    path = followed()
    turnover = path.turnover()[0, 0]
    assert np.all(np.isnan(turnover[:12]))
    assert turnover[12] == pytest.approx((100 - 100 * 0.99**12) / (100 * 0.99**12))
    assert turnover[24] == pytest.approx(turnover[12])


def test_nobody_joins_beyond_the_posts_unless_the_plan_says_so() -> None:
    assert first(followed(ordinary=flat(50)).in_post) == [100] * 4
    path = followed(ordinary=flat(50), above=level(5))
    assert first(path.in_post) == pytest.approx([100, 105, 105, 105])
    assert first(path.over) == pytest.approx([0, 5, 5, 5])
    assert first(path.vacancies) == [0] * 4


def test_fewer_posts_send_nobody_away_but_let_nobody_in() -> None:
    path = followed(posts=level(90), ordinary=flat(50))
    assert first(path.over) == pytest.approx([10, 9, 8.01, 7.0299])
    assert path.in_post[0, 0, 12] == pytest.approx(90)
    assert path.joined[0, 0, 10] == 0


def test_a_class_comes_before_a_group_and_a_group_before_those_who_come_one_by_one() -> None:
    path = followed(
        leaving=leaving(0.1),
        newly_qualified=only_in(1, 4),
        groups=only_in(1, 5),
        ordinary=only_in(1, 6),
    )
    joined = (path.joined_newly_qualified, path.joined_groups, path.joined_ordinary)
    assert [each[0, 0, 1] for each in joined] == pytest.approx([4, 5, 1])
    assert path.wanted_newly_qualified[0, 0, 1] == 4
    assert path.wanted_groups[0, 0, 1] == 5
    short = followed(newly_qualified=only_in(1, 4), groups=only_in(1, 5))
    assert short.joined_newly_qualified[0, 0, 1] == pytest.approx(1)
    assert short.joined_groups[0, 0, 1] == 0


def test_agency_staff_cover_their_share_of_vacancies_and_some_cover_none() -> None:
    path = followed(staffed(social_workers=90), cover=level(0.7), extra_agency=level(2))
    assert path.vacancies[0, 0, 0] == 10
    assert path.covered[0, 0, 0] == pytest.approx(7)
    assert path.uncovered[0, 0, 0] == pytest.approx(3)
    assert path.agency[0, 0, 0] == pytest.approx(9)
    assert path.vacancy_rate[0, 0, 0] == pytest.approx(10 / 100)
    assert path.agency_rate[0, 0, 0] == pytest.approx(9 / 99)
    assert path.caseload[0, 0, 0] == pytest.approx(1600 / 99)


def test_cases_are_held_by_the_share_who_hold_cases_agency_staff_among_them() -> None:
    path = followed(extra_agency=level(28), case_holding=level(0.5))
    assert path.case_holders[0, 0, 0] == pytest.approx(64)
    assert path.caseload[0, 0, 0] == pytest.approx(25)


def test_the_newly_qualified_hold_half_and_the_others_the_rest() -> None:
    path = followed(staffed(20, 60, 20), newly_qualified_load=level(0.5), leaving=leaving(0))
    assert path.caseload[0, 0, 0] == pytest.approx(16)
    assert path.experienced_caseload[0, 0, 0] == pytest.approx(1600 / 90)
    assert path.newly_qualified_caseload[0, 0, 0] == pytest.approx(800 / 90)


def test_recruits_with_a_capped_caseload_hold_what_the_newly_qualified_do() -> None:
    path = followed(protected=level(20), newly_qualified_load=level(0.5))
    assert path.caseload[0, 0, 0] == pytest.approx(16)
    assert path.experienced_caseload[0, 0, 0] == pytest.approx(1600 / 90)
    all_of_them = followed(protected=level(500), newly_qualified_load=level(0.5))
    assert all_of_them.experienced_caseload[0, 0, 0] == pytest.approx(32)


def test_time_given_back_takes_work_out_of_cases_and_no_case_away() -> None:
    path = followed(capacity=level(0.25))
    assert path.caseload[0, 0, 0] == 16
    assert path.workload[0, 0, 0] == pytest.approx(12.8)


def test_a_class_that_came_in_september_is_newly_qualified_until_the_next_september() -> None:
    path = followed(leaving=leaving(0), posts=level(200), newly_qualified=only_in(SEPTEMBER, 10))
    new = path.staff["newly_qualified"][0, 0]
    assert new[:SEPTEMBER].tolist() == [0] * SEPTEMBER
    assert new[SEPTEMBER : SEPTEMBER + 12].tolist() == [10] * 12
    assert new[SEPTEMBER + 12] == 0
    assert path.progressed[0, 0, SEPTEMBER + 12] == 10
    assert path.progressed.sum() == 10
    assert path.staff["social_worker"][0, 0, SEPTEMBER + 12] == 110


@pytest.mark.parametrize("month", [1, 5, 9, 12, 30])
def test_whoever_comes_in_another_month_is_newly_qualified_for_exactly_twelve(month: int) -> None:
    path = followed(leaving=leaving(0), posts=level(200), newly_qualified=only_in(month, 10))
    new = path.staff["newly_qualified"][0, 0]
    assert np.flatnonzero(new).tolist() == list(range(month, min(49, month + 12)))


def test_the_newly_qualified_of_the_first_day_came_last_september() -> None:
    path = followed(staffed(new=8), leaving=leaving(0), posts=level(200))
    new = path.staff["newly_qualified"][0, 0]
    assert np.flatnonzero(new).tolist() == list(range(SEPTEMBER))
    assert path.progressed[0, 0, SEPTEMBER] == 8


def test_september_is_the_sixth_month_from_april_and_the_first_from_september() -> None:
    assert [month for month in range(1, 49) if calendar_month(month, 4) == 9] == [6, 18, 30, 42]
    assert [month for month in range(1, 25) if calendar_month(month, 9) == 9] == [1, 13]
    assert [calendar_month(month, 12) for month in (1, 2, 13)] == [12, 1, 12]


def test_two_classes_in_one_year_move_on_each_at_its_own_time() -> None:
    new = only_in(SEPTEMBER, 10) + only_in(SEPTEMBER + 3, 4)
    path = followed(leaving=leaving(0), posts=level(200), newly_qualified=new)
    assert path.progressed[0, 0, SEPTEMBER + 12] == 10
    assert path.progressed[0, 0, SEPTEMBER + 15] == 4


def test_one_in_ten_social_workers_becomes_a_senior_but_not_who_moved_on_this_month() -> None:
    path = followed(staffed(new=50), leaving=leaving(0), posts=level(200), promotion=one(0.1))
    assert path.promoted[0, 0, 1] == pytest.approx(10)
    assert path.staff["senior"][0, 0, 2] == pytest.approx(19)
    assert path.promoted[0, 0, SEPTEMBER] == pytest.approx(10 * 0.9**5)
    assert path.promoted[0, 0, SEPTEMBER + 1] == pytest.approx(10 * 0.9**6 + 5)


def test_each_band_leaves_at_its_own_chance() -> None:
    path = followed(
        staffed(10, 100, 20),
        leaving={"newly_qualified": flat(0.1), "social_worker": flat(0.02), "senior": flat(0.05)},
    )
    assert [path.leavers[band][0, 0, 1] for band in BANDS] == pytest.approx([1, 2, 1])
    assert path.chance_of_leaving[0, 0, 1] == pytest.approx(4 / 130)


def test_ten_cases_more_each_move_next_months_leaving_by_two_points_a_year_and_not_this() -> None:
    cases = level(1_600)
    cases[..., 3:] = 2_600
    path = followed(
        leaving=leaving(0.01), ordinary=flat(50), cases=cases, caseload_effect=one(0.002)
    )
    assert path.caseload[0, 0, 2:5].tolist() == pytest.approx([16, 26, 26])
    chance = path.chance_of_leaving[0, 0]
    assert chance[1:5].tolist() == pytest.approx([0.01, 0.01, 0.01, 0.01 + 0.02 / 12])
    assert path.all_leavers[0, 0, 4] == pytest.approx(100 * (0.01 + 0.02 / 12))


def test_fewer_cases_keep_people_and_no_chance_falls_below_nothing_or_above_everybody() -> None:
    none = level(1_600)
    none[..., 1:] = 0
    assert followed(cases=none, caseload_effect=one(0.002)).chance_of_leaving[
        0, 0, 2
    ] == pytest.approx(0.01 - 0.032 / 12)
    assert followed(cases=none, caseload_effect=one(1.0)).all_leavers[0, 0, 2] == 0
    many = level(1_600)
    many[..., 1:] = 1e6
    assert followed(cases=many, caseload_effect=one(1.0)).in_post[0, 0, 2] == 0


def test_a_caseload_on_its_usual_way_drives_nobody_out_and_keeps_nobody() -> None:
    usual = path_of(16.0, 30.0, 0.5, np.arange(49) / 12)[np.newaxis, np.newaxis]
    path = followed(ordinary=flat(1), cases=100 * usual, usual_caseload=usual,
                    caseload_effect=one(0.002))  # fmt: skip
    assert path.caseload[0, 0] == pytest.approx(usual[0, 0])
    assert path.chance_of_leaving[0, 0, 1:] == pytest.approx(np.full(48, 0.01))


def test_leaving_answers_to_last_months_caseload_less_what_was_usual_in_that_month() -> None:
    usual = level(16.0)
    usual[..., 2] = 20.0
    path = followed(ordinary=flat(50), usual_caseload=usual, caseload_effect=one(0.002))
    found = path.chance_of_leaving[0, 0, 1:6]
    assert path.caseload[0, 0, :6] == pytest.approx(np.full(6, 16.0))
    assert found == pytest.approx([0.01, 0.01, 0.01 - 0.008 / 12, 0.01, 0.01])


def test_the_load_of_the_newly_qualified_may_change_from_month_to_month() -> None:
    load = level(0.75)
    load[..., 3:] = 0.5
    path = followed(staffed(20, 60, 20), newly_qualified_load=load, leaving=leaving(0))
    assert path.experienced_caseload[0, 0, 2:4] == pytest.approx([1600 / 95, 1600 / 90])
    assert path.newly_qualified_caseload[0, 0, 2:4] == pytest.approx([1200 / 95, 800 / 90])
    assert path.caseload[0, 0, :6] == pytest.approx(np.full(6, 16.0))


def test_a_service_with_nobody_in_it_has_rates_of_nothing() -> None:
    path = followed(staffed(social_workers=0), posts=level(0))
    for rate in (path.vacancy_rate, path.agency_rate, path.caseload, path.chance_of_leaving):
        assert np.all(rate == 0)


def test_one_world_can_be_taken_out_of_many() -> None:
    two = replace(drivers(), ordinary=np.stack([flat(0)[0], flat(1)[0]]))
    path = play(staffed(), two)
    assert path.in_post.shape == (2, 1, 49)
    second = path.world(1)
    assert second.in_post.tolist() == path.in_post[1].tolist()
    assert second.leavers["senior"].shape == (1, 49)
    assert second.newly_qualified_caseload.shape == (1, 49)


# Closed forms.


@given(between(0.001, 0.2, 0.01), between(0, 20, 1), between(0, 500, 100))
def test_with_constant_leaving_and_joining_staff_tend_to_joiners_over_the_chance_of_leaving(
    h: float, joiners: float, staff: float
) -> None:
    path = followed(
        staffed(social_workers=staff),
        leaving=leaving(h),
        ordinary=flat(joiners),
        posts=level(1e6),
    )
    steady = joiners / h
    month = np.arange(49)
    expected = steady + (staff - steady) * (1 - h) ** month
    assert path.in_post[0, 0] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(between(0.05, 1, 0.35, 0.75), between(0, 0.05, 0.0125), between(1, 60), between(1, 15))
def test_unusual_vacancies_keep_their_share_a_year(
    kept: float, h: float, usual: float, unusual: float
) -> None:
    """Two services alike but for the vacancies they start with; the one with the usual stays so.

    Where staff leave faster than vacancies are to be forgotten, their leaving sets the pace.
    """
    fill = float(fill_chance(np.array(kept), np.array(h)))
    left = h * (500 - usual)

    def vacancies(at_start: float) -> FloatArray:
        path = followed(
            staffed(social_workers=500 - at_start),
            leaving=leaving(h),
            fill=one(fill),
            ordinary=flat(left - fill * (usual + left)),
            posts=level(500),
        )
        return np.asarray(path.vacancies[0, 0])

    settled = vacancies(usual)
    assert settled == pytest.approx(np.full(49, usual))
    apart = vacancies(usual + unusual) - settled
    share = min(kept, (1 - h) ** 12)
    assert apart[::12] == pytest.approx(unusual * share ** np.arange(5), rel=1e-6, abs=1e-9)


# Any service at all.


@st.composite
def services(draw: st.DrawFn, worlds: int = 2, draws: int = 3) -> tuple[Start, Drivers]:
    """Draw a service in which every driver moves from month to month, world to world."""
    months = draw(st.sampled_from([1, 2, 13, 26]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(between(0, 300, 60))
    most_leave = draw(between(0, 1, 0.04))
    shape = worlds, draws

    def flows(high: float, often: float = 1.0) -> FloatArray:
        found = rng.uniform(0, high, (*shape, months))
        return found * (rng.random((*shape, months)) < often)

    def levels(low: float, high: float) -> FloatArray:
        return rng.uniform(low, high, (*shape, months + 1))

    start = Start(
        staff={band: rng.uniform(0, 1, (1, draws)) * size for band in BANDS},
        first_month=draw(st.integers(1, 12)),
    )
    some_effect = draw(between(0, 0.1, 0.002))
    return start, Drivers(
        leaving={band: flows(most_leave) for band in BANDS},
        newly_qualified=flows(20, draw(st.sampled_from([0.0, 0.1, 1.0]))),
        groups=flows(10, 0.2),
        ordinary=flows(6) - draw(between(0, 3)),
        posts=levels(size, 2.5 * size + 1),
        above=levels(0, draw(between(0, 10))),
        cover=levels(0, 1),
        extra_agency=levels(0, 10),
        cases=levels(0, 6_000),
        case_holding=levels(0.3, 1),
        capacity=levels(0, 0.3),
        protected=levels(0, 20),
        promotion=rng.uniform(0, 0.1, shape),
        fill=rng.uniform(0, draw(chances()), shape),
        caseload_effect=rng.uniform(0, some_effect, shape),
        newly_qualified_load=levels(0, 1),
        usual_caseload=levels(0, 40),
    )


def near(found: FloatArray, expected: FloatArray) -> None:
    assert np.allclose(found, expected, rtol=1e-9, atol=1e-9)


def nobody_appears_or_vanishes(path: Path) -> None:
    """Staff at the end = staff at the start - leavers + joiners, by band, progression included."""
    after = {band: path.staff[band][..., 1:] for band in BANDS}
    kept = {band: path.staff[band][..., :-1] - path.leavers[band][..., 1:] for band in BANDS}
    progressed, promoted = path.progressed[..., 1:], path.promoted[..., 1:]
    experienced = path.joined_groups[..., 1:] + path.joined_ordinary[..., 1:]
    new = path.joined_newly_qualified[..., 1:]
    near(after["newly_qualified"], kept["newly_qualified"] - progressed + new)
    near(after["social_worker"], kept["social_worker"] + progressed - promoted + experienced)
    near(after["senior"], kept["senior"] + promoted)
    near(
        path.in_post[..., 1:],
        path.in_post[..., :-1] - path.all_leavers[..., 1:] + path.joined[..., 1:],
    )
    for band in BANDS:
        assert np.all(path.staff[band] >= -1e-9)
        assert np.all(path.leavers[band] >= 0)
        assert np.all(kept[band] >= -1e-9)


def every_post_is_accounted_for(path: Path, driven: Drivers) -> None:
    """Posts and posts over = permanent staff + covered + uncovered, and nobody too many joins."""
    near(path.posts + path.over, path.in_post + path.covered + path.uncovered)
    near(path.posts + np.zeros_like(path.in_post), driven.posts + np.zeros_like(path.in_post))
    assert np.all(path.uncovered >= -1e-9)
    assert np.all(np.minimum(path.over, path.vacancies) == 0)
    before_joining = path.in_post[..., :-1] - path.all_leavers[..., 1:]
    most = np.maximum((driven.posts + driven.above)[..., 1:], before_joining)
    assert np.all(path.in_post[..., 1:] <= most + 1e-6)
    for joined in (path.joined_newly_qualified, path.joined_groups, path.joined_ordinary):
        assert np.all(joined >= -1e-9)
        assert np.all(joined[..., 0] == 0)
    assert np.all(path.joined_newly_qualified <= path.wanted_newly_qualified)
    assert np.all(path.joined_groups <= path.wanted_groups)


def every_case_is_held(path: Path, driven: Drivers) -> None:
    """Caseload = cases / staff who hold cases, agency included, whatever share each band holds."""
    holders = driven.case_holding * (path.in_post + path.agency)
    near(path.case_holders, holders)
    held = np.where(holders > 0, path.cases, 0.0)
    near(path.caseload * holders, held)
    load = driven.newly_qualified_load
    new = path.staff["newly_qualified"]
    experienced = path.staff["social_worker"] + path.staff["senior"]
    capped = np.minimum(experienced, driven.protected)
    fully = path.agency + experienced - capped
    by_band = path.experienced_caseload * fully + path.newly_qualified_caseload * (new + capped)
    anybody = fully + load * (new + capped) > 1e-12
    near(np.where(anybody, driven.case_holding * by_band, 0.0), np.where(anybody, held, 0.0))
    near(path.workload * (1 + driven.capacity), path.caseload)


@settings(max_examples=60)
@given(services())
def test_people_posts_and_cases_are_all_accounted_for_in_every_month_as_expected(
    service: tuple[Start, Drivers],
) -> None:
    path = play(*service)
    nobody_appears_or_vanishes(path)
    every_post_is_accounted_for(path, service[1])
    every_case_is_held(path, service[1])


@settings(max_examples=60)
@given(services(draws=20), st.integers(0, 1_000))
def test_people_posts_and_cases_are_all_accounted_for_in_whole_people_too(
    service: tuple[Start, Drivers], seed: int
) -> None:
    path = play(*service, Luck(np.random.default_rng(seed), 20))
    nobody_appears_or_vanishes(path)
    every_post_is_accounted_for(path, service[1])
    every_case_is_held(path, service[1])
    for people in (*path.staff.values(), *path.leavers.values(), path.joined, path.progressed):
        assert np.array_equal(people, np.round(people))


@settings(max_examples=40)
@given(services(worlds=1, draws=1), st.integers(0, 1_000))
def test_two_worlds_alike_are_the_same_in_every_draw(
    service: tuple[Start, Drivers], seed: int
) -> None:
    start, driven = service
    twice = replace(driven, posts=np.concatenate([driven.posts] * 2))
    path = play(start, twice, Luck(np.random.default_rng(seed), 8))
    for values in (path.in_post, path.all_leavers, path.caseload, path.agency):
        assert np.array_equal(values[0], values[1])


def test_a_world_in_which_fewer_leave_never_has_fewer_staff_in_any_draw() -> None:
    less = np.concatenate([flat(0.02), flat(0.015)])
    world = drivers(leaving=dict.fromkeys(BANDS, less), posts=level(1_000), ordinary=flat(2))
    path = play(staffed(), world, Luck(np.random.default_rng(1), 300))
    assert np.all(path.in_post[1] >= path.in_post[0])
    assert np.all(path.leavers["social_worker"][1, :, 1] <= path.leavers["social_worker"][0, :, 1])
    assert path.in_post[1, :, 48].mean() > path.in_post[0, :, 48].mean() + 5


def test_a_class_in_a_month_of_its_own_leaves_the_luck_of_all_others_as_it_was() -> None:
    """A plan may bring newly qualified people outside September; the rest meet the same months."""
    both = np.concatenate([only_in(SEPTEMBER, 10), only_in(SEPTEMBER, 10) + only_in(2, 5)])
    usual = drivers(newly_qualified=only_in(SEPTEMBER, 10), posts=level(1_000), ordinary=flat(2))
    plain = play(staffed(new=9), usual, Luck(np.random.default_rng(2), 50))
    with_more = play(
        staffed(new=9), replace(usual, newly_qualified=both), Luck(np.random.default_rng(2), 50)
    )
    assert np.array_equal(plain.in_post[0], with_more.in_post[0])
    assert np.array_equal(plain.leavers["social_worker"][0, :, :14],
                          with_more.leavers["social_worker"][1, :, :14])  # fmt: skip


# Whole people against what is expected.


def linear() -> tuple[Start, Drivers]:
    """Give a service without a cap or an answer to vacancies: its mean is what is expected."""
    months = 30
    levels, flows = np.zeros((1, 1, months + 1)), np.zeros((1, 1, months))
    classes = flows.copy()
    classes[..., [5, 17, 29]] = 7.3
    groups = flows.copy()
    groups[..., [2, 9]] = 4.6
    start = staffed(6.4, 55.3, 25.8)
    return start, replace(
        example_service(months)[1],
        leaving={
            "newly_qualified": flows + 0.02,
            "social_worker": flows + 0.0125,
            "senior": flows + 0.008,
        },
        newly_qualified=classes,
        groups=groups,
        ordinary=flows + 0.7,
        posts=levels + 10_000,
        promotion=one(0.006),
    )


def test_ten_thousand_draws_of_whole_people_have_the_mean_that_is_expected() -> None:
    draws = 10_000
    start, driven = linear()
    expected = play(start, driven)
    drawn = play(start, driven, Luck(np.random.default_rng(3), draws))
    pairs = [(drawn.staff[band], expected.staff[band]) for band in BANDS]
    pairs += [(drawn.leavers[band], expected.leavers[band]) for band in BANDS]
    pairs += [(drawn.joined, expected.joined), (drawn.promoted, expected.promoted)]
    pairs += [(drawn.progressed, expected.progressed)]
    for found, aimed in pairs:
        error = found[0].std(axis=0) / np.sqrt(draws)
        assert np.all(abs(found[0].mean(axis=0) - aimed[0, 0]) <= 4 * error + 1e-9)


def test_leavers_vary_as_a_binomial_does() -> None:
    draws, people, h = 20_000, 75, 0.0125
    path = play(
        staffed(social_workers=people),
        drivers(leaving=leaving(h)),
        Luck(np.random.default_rng(4), draws),
    )
    for month in (1, 12, 48):
        left = people - path.in_post[0, :, month]
        chance = 1 - (1 - h) ** month
        assert left.mean() == pytest.approx(people * chance, rel=0.03)
        assert left.var() == pytest.approx(people * chance * (1 - chance), rel=0.05)
        counts = np.arange(people + 1)
        shares = (left[:, np.newaxis] == counts).mean(axis=0)
        each = stats.binom.pmf(counts, people, chance)
        assert np.all(abs(shares - each) <= 4.5 * np.sqrt(each * (1 - each) / draws) + 2e-4)


def test_in_75_people_a_seventh_leaving_swings_by_four_points_by_luck_alone() -> None:
    world = drivers(leaving=leaving(0.14 / 12), posts=level(75), ordinary=flat(50))
    path = play(staffed(social_workers=75), world, Luck(np.random.default_rng(5), 4_000))
    turnover = path.turnover()[0, :, 12]
    assert turnover.mean() == pytest.approx(0.14, abs=0.002)
    assert turnover.std() == pytest.approx(0.043, abs=0.003)


# A second opinion: slow, plain, and written from the specification's words.


def second_opinion(start: Start, driven: Drivers) -> list[dict[str, float]]:
    """Follow one world one month after the other, cohort by cohort, in floats.

    Leave; progress; join, by route, never above the posts unless the plan says so; cover; caseload;
    next month's chance of leaving. Takes drivers of one world and one draw.
    """

    def number(values: FloatArray, month: int | None = None) -> float:
        return float(values[0, 0] if month is None else values[0, 0, month])

    months = driven.posts.shape[-1] - 1
    months_since_september = (start.first_month - 9) % 12 or 12
    cohorts = [[-months_since_september + 1, float(start.staff["newly_qualified"][0, 0])]]
    worker = float(start.staff["social_worker"][0, 0])
    senior = float(start.staff["senior"][0, 0])
    rows: list[dict[str, float]] = []
    flows = dict.fromkeys(
        ("left_new", "left_worker", "left_senior", "progressed", "promoted", "class", "group",
         "single"), 0.0,
    )  # fmt: skip
    for month in range(months + 1):
        if month:
            beyond = rows[-1]["caseload"] - number(driven.usual_caseload, month - 1)
            extra = number(driven.caseload_effect) * beyond
            chance = {
                band: min(1.0, max(0.0, number(driven.leaving[band], month - 1) + extra / 12))
                for band in BANDS
            }
            flows["left_new"] = 0.0
            for cohort in cohorts:
                gone = cohort[1] * chance["newly_qualified"]
                cohort[1] -= gone
                flows["left_new"] += gone
            flows["left_worker"] = worker * chance["social_worker"]
            flows["left_senior"] = senior * chance["senior"]
            worker -= flows["left_worker"]
            senior -= flows["left_senior"]

            flows["promoted"] = worker * number(driven.promotion)
            flows["progressed"] = sum(people for came, people in cohorts if month - came >= 12)
            cohorts = [cohort for cohort in cohorts if month - cohort[0] < 12]
            worker += flows["progressed"] - flows["promoted"]
            senior += flows["promoted"]

            people = sum(each for _, each in cohorts) + worker + senior
            posts = number(driven.posts, month)
            empty = max(0.0, posts - people)
            room = max(0.0, posts + number(driven.above, month) - people)
            wanted = (
                number(driven.newly_qualified, month - 1),
                number(driven.groups, month - 1),
                max(0.0, number(driven.ordinary, month - 1) + number(driven.fill) * empty),
            )
            for route, many in zip(("class", "group", "single"), wanted, strict=True):
                flows[route] = min(many, room)
                room -= flows[route]
            cohorts.append([month, flows["class"]])
            worker += flows["group"] + flows["single"]

        new = sum(each for _, each in cohorts)
        people = new + worker + senior
        empty = max(0.0, number(driven.posts, month) - people)
        covered = empty * number(driven.cover, month)
        agency = covered + number(driven.extra_agency, month)
        holding, cases = number(driven.case_holding, month), number(driven.cases, month)
        capped = min(worker + senior, number(driven.protected, month))
        load = number(driven.newly_qualified_load, month)
        full = holding * (agency + worker + senior - capped + load * (new + capped))
        holders = holding * (people + agency)
        caseload = cases / holders if holders > 0 else 0.0
        rows.append(
            {
                **flows,
                "new": new,
                "worker": worker,
                "senior": senior,
                "empty": empty,
                "covered": covered,
                "agency": agency,
                "caseload": caseload,
                "full": cases / full if full > 0 else 0.0,
                "work": caseload / (1 + number(driven.capacity, month)),
            }
        )
    return rows


def as_rows(path: Path) -> dict[str, FloatArray]:
    """Name the engine's figures as the second opinion does."""
    return {
        "new": path.staff["newly_qualified"],
        "worker": path.staff["social_worker"],
        "senior": path.staff["senior"],
        "left_new": path.leavers["newly_qualified"],
        "left_worker": path.leavers["social_worker"],
        "left_senior": path.leavers["senior"],
        "progressed": path.progressed,
        "promoted": path.promoted,
        "class": path.joined_newly_qualified,
        "group": path.joined_groups,
        "single": path.joined_ordinary,
        "empty": path.vacancies,
        "covered": path.covered,
        "agency": path.agency,
        "caseload": path.caseload,
        "full": path.experienced_caseload,
        "work": path.workload,
    }


@settings(max_examples=80)
@given(services(worlds=1, draws=1))
def test_the_engine_agrees_with_the_second_opinion_to_a_billionth(
    service: tuple[Start, Drivers],
) -> None:
    rows = second_opinion(*service)
    for name, values in as_rows(play(*service)).items():
        expected = np.array([row[name] for row in rows])
        assert values[0, 0] == pytest.approx(expected, rel=1e-9, abs=1e-9), name


# Smaller steps.


def path_of(start: float, long_run: float, kept: float, years: FloatArray) -> FloatArray:
    return long_run + (start - long_run) * kept**years


def classes_of(
    aimed: FloatArray, h: FloatArray, singles: FloatArray, class_step: int
) -> tuple[FloatArray, FloatArray]:
    """Find by trial the class of each year that ends it on the way aimed at, and who is there.

    Returns:
        The class of each year, and staff in each step when some have left and nobody has come.
    """
    steps = len(h) // 4
    classes, stayed, staff = np.zeros(4), np.zeros(len(h)), float(aimed[0])
    for year in range(4):
        inside = range(year * steps, (year + 1) * steps)

        def followed_with(people: float, inside: range = inside, staff: float = staff) -> float:
            for step in inside:
                stayed[step] = staff * (1 - h[step])
                staff = stayed[step] + singles[step]
                staff += people if step % steps == class_step else 0.0
            return staff

        nobody, somebody = followed_with(0.0), followed_with(1.0)
        classes[year] = max(0.0, (aimed[inside.stop] - nobody) / (somebody - nobody))
        staff = followed_with(float(classes[year]))
    return classes, stayed


def cut_smaller(service: dict[str, float], cuts: int) -> dict[str, FloatArray]:
    """Follow a service in steps of a part of a month; gives its figures by year.

    Chances are converted so that the steps of a month make the month's; of those who join one by
    one in each step some are what the way of the vacancy rate needs, and some fill vacancies beyond
    the usual ones; each year's class comes in September. Leaving answers to the caseload of the
    last step, less what it usually is then.
    """
    steps = 48 * cuts
    years = np.arange(steps + 1) / (12 * cuts)
    staff, kept = service["staff"], service["vacancy_kept"]
    vacancy = path_of(service["vacancy"], 0.17, kept, years)
    posts = staff / (1 - vacancy[0])
    aimed = posts * (1 - vacancy)
    month = np.arange(steps) // cuts
    turnover = path_of(service["turnover"], 0.15, 0.35, (month + 6.5) / 12)
    h = 1 - (1 - turnover / 12) ** (1 / cuts)
    needed = aimed[1:] - aimed[:-1] * (1 - h)
    singles = (1 - service["new_share"]) * needed
    class_step = SEPTEMBER * cuts - 1
    classes, stayed = classes_of(aimed, h, singles, class_step)
    waiting = np.maximum(0.0, posts - stayed)
    fill = max(0.0, 1 - kept ** (1 / (12 * cuts)) / (1 - h.mean()))
    cases, agency = 16.0 * staff, service["cover"] * posts * vacancy
    promoted = 1 - (1 - 0.07) ** (1 / (12 * cuts))
    new, worker, senior = 0.07 * staff, 0.63 * staff, 0.3 * staff
    added = service["posts"] * np.minimum(1.0, years)
    usual = path_of(16.0, 14.0, 0.5, years)
    found: dict[str, list[float]] = {name: [] for name in ("left", "joined", "staff", "load")}
    caseload = cases / (staff + agency[0])
    for step in range(steps):
        chance = h[step] * service["left_of_leaving"]
        chance += 1 - (1 - 0.002 * (caseload - usual[step]) / 12) ** (1 / cuts)
        left = (new + worker + senior) * chance
        new, worker, senior = (each * (1 - chance) for each in (new, worker, senior))
        is_class = step % (12 * cuts) == class_step
        up = worker * promoted
        if is_class:
            worker, new = worker + new, 0.0
        worker, senior = worker - up, senior + up
        there = posts + added[step + 1]
        empty = max(0.0, there - new - worker - senior)
        joined = max(0.0, singles[step] + fill * (empty - waiting[step]))
        came = classes[step // (12 * cuts)] if is_class else 0.0
        new, worker = new + came, worker + joined
        people = new + worker + senior
        caseload = cases / (people + service["cover"] * max(0.0, there - people))
        for name, value in zip(found, (left, came + joined, people, caseload), strict=True):
            found[name].append(value)
    by_year = {name: np.array(values).reshape(4, -1) for name, values in found.items()}
    return {
        "left": by_year["left"].sum(axis=1),
        "joined": by_year["joined"].sum(axis=1),
        "staff": by_year["staff"][:, cuts - 1 :: cuts].mean(axis=1),
        "load": by_year["load"][:, cuts - 1 :: cuts].mean(axis=1),
    }


def by_the_engine(service: dict[str, float]) -> dict[str, FloatArray]:
    """Follow the same service with the library; gives its figures by year."""
    years = np.arange(49) / 12
    vacancy = path_of(service["vacancy"], 0.17, service["vacancy_kept"], years)
    turnover = path_of(service["turnover"], 0.15, 0.35, (np.arange(48) + 6.5) / 12)
    ones = np.ones(())
    made_up = Makeup(
        staff=ones * service["staff"],
        shares={"newly_qualified": ones * 0.07, "social_worker": ones * 0.63, "senior": ones * 0.3},
        leaving=dict.fromkeys(BANDS, ones),
        newly_qualified_joiners=ones * service["new_share"],
        newly_qualified_load=ones,
        promoted_each_year=ones * 0.07,
        agency_extra_share=ones * 0,
        case_holding=ones,
        demand_growth=ones * 0,
        caseload_effect=ones * 0,
        vacancy_kept=ones * service["vacancy_kept"],
    )
    anyway = Anyway(
        turnover=turnover,
        vacancy_rate=vacancy,
        agency_rate=np.zeros(49),
        caseload=path_of(16.0, 14.0, 0.5, years),
    )
    driven = drivers_of(anyway, made_up)
    changed = replace(
        driven,
        leaving={b: driven.leaving[b] * service["left_of_leaving"] for b in BANDS},
        posts=driven.posts + service["posts"] * np.minimum(1.0, years),
        cover=np.full(49, service["cover"]),
        cases=np.full(49, 16.0 * service["staff"]),
        caseload_effect=ones * 0.002,
    )
    path = play(start_of(made_up), changed).world(0)

    def yearly(values: FloatArray) -> FloatArray:
        return values[0, 1:].reshape(4, 12)

    return {
        "left": yearly(path.all_leavers).sum(axis=1),
        "joined": yearly(path.joined).sum(axis=1),
        "staff": yearly(path.in_post).mean(axis=1),
        "load": yearly(path.caseload).mean(axis=1),
    }


SERVICES = {
    "usual": {"turnover": 0.15, "vacancy": 0.17},
    "restless": {"turnover": 0.25, "vacancy": 0.25},
    "settled": {"turnover": 0.08, "vacancy": 0.08},
}
USUAL = {
    "staff": 90.0, "vacancy_kept": 0.75, "new_share": 0.37, "cover": 0.7, "posts": 0.0,
    "left_of_leaving": 1.0,
}  # fmt: skip


@pytest.mark.parametrize("plan", [{}, {"left_of_leaving": 0.85}, {"posts": 10.0}])
@pytest.mark.parametrize("name", SERVICES)
def test_cutting_the_month_in_four_moves_no_yearly_figure_by_a_hundredth(
    name: str, plan: dict[str, float]
) -> None:
    service = {**USUAL, **SERVICES[name], **plan}
    monthly, same, finer = by_the_engine(service), cut_smaller(service, 1), cut_smaller(service, 4)
    for key, values in monthly.items():
        assert values == pytest.approx(same[key], rel=1e-9), f"{key}, in whole months"
        assert values == pytest.approx(finer[key], rel=0.01), f"{key}, in quarters"
