"""From measures to what drives the service: who leaves, who joins, how many posts and cases.

Each measure is turned into what it changes, once; a world is the service with some of them. A share
of the plan's worlds is thus never worked out twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from retention_lib.plans.incentive import Paid, eligible_bands, paid
from retention_lib.plans.numbers import Numbers
from retention_lib.plans.plan import MONTHS, Effect, Measure
from retention_lib.plans.posts import filled, joiners
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.workforce.engine import BANDS, CLASS_MONTH, Band, Drivers, calendar_month

_FIRST_MONTH = 4
_LEVELS = ("posts", "demand", "agency_cover", "agency_extra", "agency_price", "capacity")

World = tuple[int, ...]
"""The measures, by their place in the plan, that a world has."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one measure changes; arrays of shape (draws, months) or (months,).

    Of months 1..H: `leaving` is the factor left of each band's chance of leaving, `newly_qualified`
    and `groups` the people it brings, `ordinary` those who join to fill the posts it adds. Of
    months 0..H: `posts` and `capacity` are added, `filled` of the posts expected to be filled;
    `demand`, `agency_cover`, `agency_extra` and `agency_price` are the factors left; `protected`
    are its recruits with a capped caseload; `span` is staff for each manager, and `load` the share
    of a full caseload that the newly qualified are held to, infinite where it changes nothing.
    `paid` is its incentive, where it has one.
    """

    leaving: dict[Band, FloatArray]
    newly_qualified: FloatArray
    groups: FloatArray
    ordinary: FloatArray
    posts: FloatArray
    filled: FloatArray
    demand: FloatArray
    agency_cover: FloatArray
    agency_extra: FloatArray
    agency_price: FloatArray
    capacity: FloatArray
    protected: FloatArray
    span: FloatArray
    load: FloatArray
    paid: Paid | None


def activity(measure: Measure, lag: int = 0) -> FloatArray:
    """Say how much of a measure works at the end of months 0..H: 0 before it starts, then up to 1.

    Example:
        >>> activity(Measure(start=2, ramp=2, end=6))[:8].tolist()
        [0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 0.0]

    What comes with a lag goes with the same lag after the measure has ended.
    """
    month = np.arange(MONTHS + 1)
    begun = month - measure.start - lag
    share = np.clip(begun / measure.ramp, 0.0, 1.0) if measure.ramp else (begun > 0) * 1.0
    stops = MONTHS if measure.end is None else measure.end + lag
    return np.asarray(np.where(month <= stops, share, 0.0), dtype=np.float64)


def running(measure: Measure) -> FloatArray:
    """Say in which of months 1..H a measure runs, so that it is paid for: 1 or 0."""
    month = np.arange(1, MONTHS + 1)
    stops = MONTHS if measure.end is None else measure.end
    return np.asarray((month > measure.start) & (month <= stops), dtype=np.float64)


def change_of(index: int, numbers: Numbers) -> Change:
    """Turn one measure of a plan into what it changes.

    Args:
        index: its place in the plan.
        numbers: the plan's numbers; effects may be drawn.
    """
    measure = numbers.plan.measures[index]
    found = _Gathered(measure)
    for place, effect in enumerate(measure.effects):
        size = numbers(f"measures.{index}.effects.{place}.central")[..., np.newaxis]
        found.take(effect, size)
    money = None
    if measure.incentive is not None:
        drawn = {
            path.rsplit(".", 1)[1]: numbers(path)
            for path in incentive_effect_paths(index, measure)
            if path in numbers.draws
        }
        money = paid(measure, measure.incentive, numbers.drivers.leaving, numbers.staff_in, drawn)
        for band in eligible_bands(measure.incentive):
            found.leaving[band] = found.leaving[band] * money.leaving
        found.groups = found.groups + money.extra
    return found.change(money, numbers)


def incentive_effect_paths(index: int, measure: Measure) -> tuple[str, ...]:
    """Name the fields that say what an incentive does, those in which it claims nothing left out.

    The fall in leaving or the response to pay, as it is set; for a golden hello, extra joiners too.
    """
    if measure.incentive is None:
        return ()
    effect = measure.incentive.effect
    names = ["leaving_reduction", "pay_elasticity"]
    if measure.incentive.scheme.kind == "golden_hello":
        names.append("extra_hires")
    base = f"measures.{index}.incentive.effect"
    return tuple(f"{base}.{name}" for name in names if getattr(effect, name))


class _Gathered:
    """The effects of one measure, gathered one by one."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.leaving: dict[Band, FloatArray] = {band: np.ones(MONTHS) for band in BANDS}
        self.newly_qualified = np.zeros(MONTHS)
        self.groups = np.zeros(MONTHS)
        self.protected = np.zeros(MONTHS + 1)
        self.span = np.full(MONTHS + 1, np.inf)
        self.load = np.full(MONTHS + 1, np.inf)
        self.levels = {
            name: np.zeros(MONTHS + 1) if name in {"posts", "capacity"} else np.ones(MONTHS + 1)
            for name in _LEVELS
        }

    def take(self, effect: Effect, size: FloatArray) -> None:
        """Take one effect of this size in."""
        works = activity(self.measure, effect.lag)
        if effect.on == "leaving":
            share = self.measure.staff_share
            for band in set(effect.bands or BANDS):
                self.leaving[band] = self.leaving[band] * (1.0 - share * size * works[1:])
        elif effect.on == "recruits":
            self._recruit(effect, size, works)
        elif effect.on == "staff_per_manager":
            self.span = np.where(works > 0, np.minimum(self.span, size), self.span)
        elif effect.on == "newly_qualified_load":
            self.load = np.where(works > 0, np.minimum(self.load, size), self.load)
        elif effect.on in {"posts", "capacity"}:
            self.levels[effect.on] = self.levels[effect.on] + size * works
        else:
            self.levels[effect.on] = self.levels[effect.on] * (1.0 - size * works)

    def _recruit(self, effect: Effect, size: FloatArray, works: FloatArray) -> None:
        """Bring people in: as one group, as a class each September, or through the year."""
        first = self.measure.start + effect.lag + 1
        month = np.arange(1, MONTHS + 1)
        if effect.once:
            came = size * (month == first) * (works[1:] > 0)
        elif effect.route == "newly_qualified":
            in_class = [calendar_month(int(each), _FIRST_MONTH) == CLASS_MONTH for each in month]
            came = size * works[1:] * np.array(in_class)
        else:
            came = size * works[1:] / MONTHS_IN_YEAR
        if effect.route == "newly_qualified":
            self.newly_qualified = self.newly_qualified + came
        else:
            self.groups = self.groups + came
            self.protected = self.protected + _lately(came, self.measure.protected_months)

    def change(self, money: Paid | None, numbers: Numbers) -> Change:
        posts = self.levels["posts"]
        taken = filled(posts, numbers) if np.any(posts) else np.zeros(MONTHS + 1)
        coming = joiners(posts, taken, numbers) if np.any(posts) else np.zeros(MONTHS)
        return Change(
            ordinary=coming,
            filled=taken,
            leaving=self.leaving,
            newly_qualified=self.newly_qualified,
            groups=self.groups,
            protected=self.protected,
            span=self.span,
            load=self.load,
            paid=money,
            **self.levels,
        )


def _lately(came: FloatArray, months: int) -> FloatArray:
    """Count those who came in so many months up to the end of each of months 0..H."""
    so_far = np.concatenate([np.zeros((*came.shape[:-1], 1)), np.cumsum(came, axis=-1)], axis=-1)
    before = np.zeros_like(so_far)
    if months <= MONTHS:
        before[..., months:] = so_far[..., : so_far.shape[-1] - months]
    return np.asarray(so_far - before)


def worlds_of(measures: int, *, each_alone: bool) -> tuple[World, ...]:
    """List the worlds of a plan: without it, with it, and with each measure alone.

    Example:
        >>> worlds_of(2, each_alone=True)
        ((), (0, 1), (0,), (1,))
    """
    everything = tuple(range(measures))
    alone = tuple((index,) for index in everything) if each_alone else ()
    return ((), everything, *alone)


@dataclass(frozen=True, kw_only=True)
class Driven:
    """All worlds of a plan, ready to be played; arrays of shape (worlds, draws, months).

    `agency_price` is the factor left of the agency premium, `span` staff for each manager, each of
    months 0..H; `changes` what each measure changes, in the plan's order.
    """

    drivers: Drivers
    agency_price: FloatArray
    span: FloatArray
    changes: tuple[Change, ...]
    worlds: tuple[World, ...]


def driven(numbers: Numbers, worlds: Sequence[World]) -> Driven:
    """Put the measures of each world on top of how the service would go anyway."""
    base = numbers.drivers
    changes = tuple(change_of(index, numbers) for index in range(len(numbers.plan.measures)))

    def with_changes(
        before: FloatArray, of_each: Sequence[FloatArray], how: np.ufunc, nothing: float
    ) -> FloatArray:
        moves = [bool(np.any(each != nothing)) for each in of_each]
        rows = [reduce(how, [of_each[i] for i in w if moves[i]], before) for w in worlds]
        return _stacked(rows)

    def times(before: FloatArray, name: str) -> FloatArray:
        return with_changes(before, [getattr(each, name) for each in changes], np.multiply, 1.0)

    def plus(before: FloatArray, name: str) -> FloatArray:
        return with_changes(before, [getattr(each, name) for each in changes], np.add, 0.0)

    def least(before: FloatArray, name: str) -> FloatArray:
        start = before + np.zeros(MONTHS + 1)
        return with_changes(start, [getattr(each, name) for each in changes], np.minimum, np.inf)

    leaving = {
        band: with_changes(
            base.leaving[band], [each.leaving[band] for each in changes], np.multiply, 1.0
        )
        for band in BANDS
    }
    return Driven(
        drivers=replace(
            base,
            leaving={band: np.minimum(1.0, chance) for band, chance in leaving.items()},
            newly_qualified=plus(base.newly_qualified, "newly_qualified"),
            groups=plus(base.groups, "groups"),
            ordinary=plus(base.ordinary, "ordinary"),
            posts=np.maximum(0.0, plus(base.posts, "posts")),
            above=_stacked([base.above]),
            cover=np.clip(times(base.cover, "agency_cover"), 0.0, 1.0),
            extra_agency=times(base.extra_agency, "agency_extra"),
            cases=times(base.cases, "demand"),
            case_holding=_stacked([base.case_holding]),
            capacity=plus(base.capacity, "capacity"),
            protected=plus(base.protected, "protected"),
            newly_qualified_load=least(base.newly_qualified_load, "load"),
            usual_caseload=_stacked([base.usual_caseload]),
        ),
        agency_price=times(np.ones(MONTHS + 1), "agency_price"),
        span=least(numbers("service.staff_per_manager")[..., np.newaxis], "span"),
        changes=changes,
        worlds=tuple(worlds),
    )


def _stacked(rows: list[FloatArray]) -> FloatArray:
    """Stack worlds, each of shape (draws, months) or (months,), into (worlds, draws, months).

    What is the same in all of them is kept once, to be read and not written to.
    """
    wide = [np.atleast_2d(row) for row in rows]
    if all(row is rows[0] for row in rows):
        return np.broadcast_to(wide[0], (len(rows), *wide[0].shape))
    return np.stack(np.broadcast_arrays(*wide))
