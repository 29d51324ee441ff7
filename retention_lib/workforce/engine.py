"""A children's social work service, month by month.

One set of rules for what is expected and for whole people: see :mod:`retention_lib.workforce.luck`.
Arrays have the shape (worlds, draws): worlds are the service without a plan, with it, with one
measure alone; draws are many possible futures, the same for each world. Months are a further axis,
the last. Month 0 is the start, month t = 1..H the t-th month; what a path holds is at its end.

In each month, in this order: some leave; some move on to the next band; some join, never more than
there are posts for unless the plan says so; agency staff cover vacancies; cases are shared out; and
the caseload moves next month's chance of leaving.

Staff are full-time equivalents, each counted as one person. Chances and shares are 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

import numpy as np

from retention_lib.rates import (
    MONTHS_IN_YEAR,
    FloatArray,
    monthly_chance_from_turnover,
)
from retention_lib.workforce.luck import Chance, Expected

Band = Literal["newly_qualified", "social_worker", "senior"]
BANDS: tuple[Band, ...] = get_args(Band)

CLASS_MONTH = 9
"""September: the month in which newly qualified social workers finish their courses and join."""


@dataclass(frozen=True, kw_only=True)
class Drivers:
    """What drives a service, by month; arrays broadcast to (worlds, draws, months).

    Of months 1..H, the month an axis of length H: `leaving` is each band's chance of leaving in
    the month, before caseload moves it; `newly_qualified` and `groups` are the people who come
    together in the month (a class, a group from abroad), `ordinary` those expected one by one; an
    ordinary number below nothing takes from those who fill vacancies. Of months 0..H, an axis of
    length H + 1: `posts`, funded full-time equivalents; `above`, posts that may be filled beyond
    them; `cover`, the share of vacancies that agency staff cover; `extra_agency`, agency staff who
    cover none; `cases`; `case_holding`, the share of social workers who hold cases; `capacity`, the
    share of their time that support gives back; `protected`, experienced staff who hold for a time
    only what the newly qualified do; `newly_qualified_load`, the share of a full caseload that a
    newly qualified worker holds; `usual_caseload`, the caseload that `leaving` already answers to.

    Without months, arrays that broadcast to (worlds, draws): `promotion`, a social worker's chance
    of becoming a senior in a month; `fill`, a vacancy's chance of being filled in a month, beyond
    those who come anyway; `caseload_effect`, points of yearly turnover (0.002 is 0.2 points) for
    each case above the usual caseload.
    """

    leaving: dict[Band, FloatArray]
    newly_qualified: FloatArray
    groups: FloatArray
    ordinary: FloatArray
    posts: FloatArray
    above: FloatArray
    cover: FloatArray
    extra_agency: FloatArray
    cases: FloatArray
    case_holding: FloatArray
    capacity: FloatArray
    protected: FloatArray
    newly_qualified_load: FloatArray
    usual_caseload: FloatArray
    promotion: FloatArray
    fill: FloatArray
    caseload_effect: FloatArray


@dataclass(frozen=True, kw_only=True)
class Start:
    """The service on the first day: staff by band, and the calendar month the first month is.

    The newly qualified are taken to have joined together, in September. `staff` broadcasts to
    (worlds, draws).
    """

    staff: dict[Band, FloatArray]
    first_month: int = 4


@dataclass(frozen=True, kw_only=True)
class Path:
    """A service played forward; arrays of shape (worlds, draws, H + 1), flows 0 in month 0.

    `wanted` is who would have joined of each route, `joined` who did. `workload` is the caseload
    after the time that support gives back. `over` are staff beyond the funded posts.
    """

    staff: dict[Band, FloatArray]
    leavers: dict[Band, FloatArray]
    progressed: FloatArray
    promoted: FloatArray
    joined_newly_qualified: FloatArray
    joined_groups: FloatArray
    joined_ordinary: FloatArray
    wanted_newly_qualified: FloatArray
    wanted_groups: FloatArray
    posts: FloatArray
    vacancies: FloatArray
    covered: FloatArray
    extra_agency: FloatArray
    cases: FloatArray
    case_holders: FloatArray
    caseload: FloatArray
    experienced_caseload: FloatArray
    workload: FloatArray
    chance_of_leaving: FloatArray

    @property
    def in_post(self) -> FloatArray:
        """Permanent staff of all bands."""
        return sum_of(self.staff.values())

    @property
    def all_leavers(self) -> FloatArray:
        """Leavers of all bands."""
        return sum_of(self.leavers.values())

    @property
    def joined(self) -> FloatArray:
        """Joiners by all routes."""
        return self.joined_newly_qualified + self.joined_groups + self.joined_ordinary

    @property
    def agency(self) -> FloatArray:
        """Agency staff, covering vacancies and extra."""
        return self.covered + self.extra_agency

    @property
    def uncovered(self) -> FloatArray:
        """Vacancies that nobody covers."""
        return self.vacancies - self.covered

    @property
    def over(self) -> FloatArray:
        """Staff beyond the funded posts."""
        return np.maximum(0.0, self.in_post - self.posts)

    @property
    def vacancy_rate(self) -> FloatArray:
        """Vacancies / (vacancies + in post), as DfE publishes it."""
        return ratio(self.vacancies, self.vacancies + self.in_post)

    @property
    def agency_rate(self) -> FloatArray:
        """Agency / (agency + in post), as DfE publishes it."""
        return ratio(self.agency, self.agency + self.in_post)

    @property
    def newly_qualified_caseload(self) -> FloatArray:
        """Cases of one newly qualified worker who holds cases."""
        return self.experienced_caseload * self._load

    _load: FloatArray = field(default_factory=lambda: np.ones(()))

    def turnover(self) -> FloatArray:
        """Leavers of the last twelve months over staff now; of month 12 on, NaN before."""
        summed = np.cumsum(self.all_leavers, axis=-1)
        year = summed[..., MONTHS_IN_YEAR:] - summed[..., :-MONTHS_IN_YEAR]
        found = ratio(year, self.in_post[..., MONTHS_IN_YEAR:])
        unknown = np.full((*found.shape[:-1], MONTHS_IN_YEAR), np.nan)
        return np.concatenate([unknown, found], axis=-1)

    def world(self, index: int) -> Path:
        """Give one world's path, its arrays of shape (draws, H + 1)."""
        taken: dict[str, Any] = {}
        for each in fields(Path):
            value = getattr(self, each.name)
            if isinstance(value, dict):
                taken[each.name] = {band: one[index] for band, one in value.items()}
            else:
                taken[each.name] = value[index] if value.ndim else value
        return Path(**taken)


def sum_of(arrays: object) -> FloatArray:
    """Add arrays up."""
    return np.asarray(sum(arrays))  # type: ignore[call-overload]  # any iterable of arrays


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Divide, 0 where there is nothing to divide by.

    Example:
        >>> ratio(np.array([1.0, 0.0]), np.array([4.0, 0.0])).tolist()
        [0.25, 0.0]
    """
    is_there = whole > 0
    return np.where(is_there, part / np.where(is_there, whole, 1.0), 0.0)


def calendar_month(month: int, first_month: int) -> int:
    """Give the calendar month, 1 to 12, of the service's month t.

    Example:
        >>> [calendar_month(month, 4) for month in (1, 6, 12)]
        [4, 9, 3]
    """
    return (first_month + month - 2) % MONTHS_IN_YEAR + 1


class _Months:
    """The drivers with the month as the first axis: each month a contiguous piece.

    What is the same in all worlds or draws is kept once.
    """

    def __init__(self, drivers: Drivers, shape: tuple[int, int]) -> None:
        self.leaving = {band: self._by_month(drivers.leaving[band]) for band in BANDS}
        for each in fields(Drivers):
            value = getattr(drivers, each.name)
            if each.name not in {"leaving", *_WITHOUT_MONTHS}:
                setattr(self, each.name, self._by_month(value))
        for name in _WITHOUT_MONTHS:
            setattr(self, name, np.broadcast_to(getattr(drivers, name), shape))

    def _by_month(self, values: FloatArray) -> FloatArray:
        wide = np.reshape(values, (*(1,) * (3 - values.ndim), *values.shape))
        worlds, draws, _ = (slice(1 if stride == 0 else None) for stride in wide.strides)
        return np.ascontiguousarray(np.moveaxis(wide[worlds, draws], -1, 0))

    def __getattr__(self, name: str) -> FloatArray:  # for the type checker: all are arrays
        raise AttributeError(name)


_WITHOUT_MONTHS = ("promotion", "fill", "caseload_effect")


def shape_of(start: Start, drivers: Drivers) -> tuple[int, int]:
    """Give (worlds, draws): what all arrays together broadcast to."""
    shapes = [np.shape(each) for each in start.staff.values()]
    shapes += [value.shape[:-1] for value in drivers.leaving.values()]
    for each in fields(Drivers):
        value = getattr(drivers, each.name)
        if each.name in _WITHOUT_MONTHS:
            shapes.append(np.shape(value))
        elif each.name != "leaving":
            shapes.append(value.shape[:-1])
    worlds, draws = np.broadcast_shapes((1, 1), *shapes)
    return worlds, draws


def play(start: Start, drivers: Drivers, chance: Chance | None = None) -> Path:
    """Play a service forward, month by month.

    Args:
        start: the service on the first day.
        drivers: what drives it.
        chance: how chances become people; as expected where nothing is said.

    Returns:
        The path of months 0..H.

    Example:
        Of 100 people one in a hundred leaves each month and nobody joins.

        >>> start, drivers = example_service()
        >>> play(start, drivers).in_post[0, 0, :3].round(2).tolist()
        [100.0, 99.0, 98.01]
    """
    return _Play(start, drivers, chance or Expected()).path()


class _Play:
    """One run: the state of the month, and the path behind it."""

    def __init__(self, start: Start, drivers: Drivers, chance: Chance) -> None:
        self.chance = chance
        worlds, draws = shape_of(start, drivers)
        self.shape = worlds, max(draws, chance.draws)
        self.months = drivers.leaving["senior"].shape[-1]
        self.by_month = _Months(drivers, self.shape)
        self.first_month = start.first_month
        self.classes = self._classes(start)
        self.working = self._starting(start, "social_worker")
        self.senior = self._starting(start, "senior")
        self.kept: dict[str, FloatArray] = {
            name: np.zeros((self.months + 1, *self.shape)) for name in _KEPT
        }
        for name in _GIVEN:
            given: FloatArray = getattr(self.by_month, name)
            self.kept[name] = np.broadcast_to(given, (self.months + 1, *self.shape))
        self.drivers = drivers

    def _starting(self, start: Start, band: Band) -> FloatArray:
        """Give the staff of a band on the first day; whole people where luck is drawn."""
        staff = np.asarray(start.staff[band], dtype=np.float64)
        return np.array(np.broadcast_to(self.chance.whole(staff), self.shape))

    def _classes(self, start: Start) -> dict[int, FloatArray]:
        """Give the newly qualified by the calendar month in which they joined."""
        found = {CLASS_MONTH: self._starting(start, "newly_qualified")}
        for month in range(1, self.months + 1):
            if np.any(self.by_month.newly_qualified[month - 1] > 0):
                calendar = calendar_month(month, self.first_month)
                found.setdefault(calendar, np.zeros(self.shape))
        return found

    def path(self) -> Path:
        self._note(0)
        for month in range(1, self.months + 1):
            self._leave(month)
            self._move_on(month)
            self._join(month)
            self._note(month)
        kept: dict[str, Any] = {
            name: np.moveaxis(value, 0, -1) for name, value in self.kept.items()
        }
        of_bands: dict[str, Any] = {
            what: {band: kept.pop(f"{what}_{band}") for band in BANDS}
            for what in ("staff", "leavers")
        }
        load = np.broadcast_to(self.drivers.newly_qualified_load, (*self.shape, self.months + 1))
        return Path(**of_bands, **kept, _load=load)

    def _leave(self, month: int) -> None:
        """Let some of each band go; caseload at the end of last month moves the chance a little."""
        usual = self.by_month.usual_caseload[month - 1]
        rise = self.kept["caseload"][month - 1] - usual
        moved = monthly_chance_from_turnover(self.by_month.caseload_effect * rise)
        chances = {
            band: np.clip(self.by_month.leaving[band][month - 1] + moved, 0.0, 1.0)
            for band in BANDS
        }
        at_risk = np.zeros(self.shape)
        left = np.zeros(self.shape)
        for calendar, people in self.classes.items():
            apart = calendar != CLASS_MONTH
            gone = self.chance.some(people, chances["newly_qualified"], apart=apart)
            self.classes[calendar] = people - gone
            left = left + gone
            at_risk = at_risk + people * chances["newly_qualified"]
        self.kept["leavers_newly_qualified"][month] = left
        staff: tuple[tuple[Band, FloatArray], ...] = (
            ("social_worker", self.working),
            ("senior", self.senior),
        )
        for band, people in staff:
            at_risk = at_risk + people * chances[band]
            self.kept[f"leavers_{band}"][month] = self.chance.some(people, chances[band])
        before = self.kept["staff_newly_qualified"][month - 1] + self.working + self.senior
        self.kept["chance_of_leaving"][month] = ratio(at_risk, before)
        self.working = self.working - self.kept["leavers_social_worker"][month]
        self.senior = self.senior - self.kept["leavers_senior"][month]

    def _move_on(self, month: int) -> None:
        """A class that joined twelve months ago is newly qualified no more; some become seniors."""
        promoted = self.chance.some(self.working, self.by_month.promotion)
        done = self.classes.get(calendar_month(month, self.first_month))
        moved = done if done is not None else np.zeros(self.shape)
        if done is not None:
            self.classes[calendar_month(month, self.first_month)] = np.zeros(self.shape)
        self.working = self.working + moved - promoted
        self.senior = self.senior + promoted
        self.kept["progressed"][month] = moved
        self.kept["promoted"][month] = promoted

    def _join(self, month: int) -> None:
        """Take people on: the class, then groups, then those who come one by one."""
        staff = self._newly_qualified() + self.working + self.senior
        room = self.by_month.posts[month] + self.by_month.above[month] - staff
        room = np.maximum(0.0, room)
        vacancies = np.maximum(0.0, self.by_month.posts[month] - staff)
        new = self.chance.whole(self.by_month.newly_qualified[month - 1])
        groups = self.chance.whole(self.by_month.groups[month - 1])
        expected = self.by_month.ordinary[month - 1] + self.by_month.fill * vacancies
        ordinary = self.chance.arrivals(np.maximum(0.0, expected))
        whole_room = room if isinstance(self.chance, Expected) else np.floor(room + _ALMOST)
        took_new = np.minimum(new, whole_room)
        took_groups = np.minimum(groups, whole_room - took_new)
        took = np.minimum(ordinary, whole_room - took_new - took_groups)
        calendar = calendar_month(month, self.first_month)
        if calendar in self.classes:
            self.classes[calendar] = self.classes[calendar] + took_new
        self.working = self.working + took_groups + took
        for name, value in (
            ("joined_newly_qualified", took_new),
            ("joined_groups", took_groups),
            ("joined_ordinary", took),
            ("wanted_newly_qualified", new),
            ("wanted_groups", groups),
        ):
            self.kept[name][month] = value

    def _newly_qualified(self) -> FloatArray:
        return sum_of(self.classes.values())

    def _note(self, month: int) -> None:
        """Cover vacancies, share the cases out, and write the month's end down."""
        new = self._newly_qualified()
        experienced = self.working + self.senior
        posts = self.by_month.posts[month]
        vacancies = np.maximum(0.0, posts - new - experienced)
        covered = vacancies * self.by_month.cover[month]
        agency = covered + self.by_month.extra_agency[month]
        holding, cases = self.by_month.case_holding[month], self.by_month.cases[month]
        holders = holding * (new + experienced + agency)
        load = self.by_month.newly_qualified_load[month]
        spared = (1.0 - load) * (new + np.minimum(experienced, self.by_month.protected[month]))
        full_loads = holding * (new + experienced + agency - spared)
        caseload = ratio(cases, holders)
        for name, value in (
            ("staff_newly_qualified", new),
            ("staff_social_worker", self.working),
            ("staff_senior", self.senior),
            ("vacancies", vacancies),
            ("covered", covered),
            ("case_holders", holders),
            ("caseload", caseload),
            ("experienced_caseload", ratio(cases, full_loads)),
            ("workload", caseload / (1.0 + self.by_month.capacity[month])),
        ):
            self.kept[name][month] = value


_ALMOST = 1e-9

_GIVEN = ("posts", "extra_agency", "cases")
"""What a path has as its drivers gave it."""

_KEPT = (
    *(f"{what}_{band}" for what in ("staff", "leavers") for band in BANDS),
    *(
        each.name
        for each in fields(Path)
        if each.name not in {"staff", "leavers", "_load", *_GIVEN}
    ),
)


def example_service(months: int = 48) -> tuple[Start, Drivers]:
    """Give the hand-checkable world: 100 social workers, one in a hundred leaving each month.

    Nobody joins, there are 100 posts, agency staff cover no vacancy, and 1,600 cases are held by
    all. Used by the examples in these docstrings.
    """
    flows, levels = np.zeros((1, 1, months)), np.zeros((1, 1, months + 1))
    leaving = dict.fromkeys(BANDS, flows + 0.01)
    none = np.zeros((1, 1))
    start = Start(
        staff={
            "newly_qualified": none,
            "social_worker": np.full((1, 1), 100.0),
            "senior": none,
        }
    )
    return start, Drivers(
        leaving=leaving,
        newly_qualified=flows,
        groups=flows,
        ordinary=flows,
        posts=levels + 100.0,
        above=levels,
        cover=levels,
        extra_agency=levels,
        cases=levels + 1_600.0,
        case_holding=levels + 1.0,
        capacity=levels,
        protected=levels,
        newly_qualified_load=levels + 1.0,
        usual_caseload=levels + 16.0,
        promotion=none,
        fill=none,
        caseload_effect=none,
    )
