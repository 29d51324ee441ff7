"""What a service and a plan cost, month by month and line by line.

Pounds are spending, in the cash of each month; what comes in is negative. Every line says what it
is: revenue or capital, cash or not, the council's or from elsewhere. Nothing is in two lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from retention_lib import costs
from retention_lib.plans.effects import Change, Driven, running
from retention_lib.plans.incentive import LINES as INCENTIVE_LINES
from retention_lib.plans.numbers import Numbers
from retention_lib.plans.plan import Measure
from retention_lib.plans.prices import by_month, indices_of
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.workforce.engine import BANDS, Path, ratio

_BAND_WORDS = {
    "newly_qualified": "Pay: newly qualified",
    "social_worker": "Pay: social workers",
    "senior": "Pay: seniors",
}
_INCENTIVE_WORDS = {
    "payments": "Payments to staff",
    "on_costs": "On-costs of payments",
    "clawback": "Paid back by leavers",
    "hiring": "Hiring through payments",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of spending: pounds by world, draw and month 0..H, and what kind of money it is.

    `price` names the index that the line follows; `measure` the measure it belongs to, None for
    the service's own.
    """

    key: str
    label: str
    pounds: FloatArray
    price: str
    measure: int | None = None
    capital: bool = False
    cash: bool = True
    by_council: bool = True

    def year_at_start(self, index: Mapping[str, FloatArray]) -> FloatArray:
        """Give a year of this line as the service stands on the first day, in its prices.

        Joiners have no first day, so for them it is the first year. Shape (worlds, draws).
        """
        if self.price == "cpi":
            first_year = self.pounds[..., 1 : MONTHS_IN_YEAR + 1].sum(axis=-1)
            return np.asarray(first_year / index["cpi"][0])
        return np.asarray(self.pounds[..., 0] * MONTHS_IN_YEAR / index[self.price][0])


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Every line of every world; `added_pay` is what the posts and managers that measures add cost.

    `added_pay` is no line of its own: it is in the lines of pay and of agency staff. It counts the
    posts as they are expected to be filled, and agency staff for their share of the rest. Shape
    (worlds, draws, H + 1). `standing`
    holds for the service's own cash lines, by key, a year as things stand on the first day, shape
    (worlds, draws). `index` are the price indices of months 0..H.
    """

    lines: tuple[Line, ...]
    added_pay: FloatArray
    standing: Mapping[str, FloatArray]
    index: Mapping[str, FloatArray]

    @property
    def cpi(self) -> FloatArray:
        """The index of consumer prices."""
        return self.index["cpi"]

    def at_start(self, world: int) -> FloatArray:
        """Give a year's spending as things stand on the first day, in its prices; (draws,)."""
        return reduce(np.add, [pounds[world] for pounds in self.standing.values()])

    def total(
        self, *, cash_only: bool = True, council_only: bool = True, capital: bool | None = None
    ) -> FloatArray:
        """Add lines up, shape (worlds, draws, H + 1)."""
        chosen = [
            line.pounds
            for line in self.lines
            if (line.cash or not cash_only)
            and (line.by_council or not council_only)
            and capital in {None, line.capital}
        ]
        return reduce(np.add, chosen, np.zeros_like(self.added_pay))

    def of(self, *keys: str) -> FloatArray:
        """Add the lines of these names up."""
        return reduce(np.add, [line.pounds for line in self.lines if line.key in keys])

    @property
    def agency(self) -> FloatArray:
        """What agency staff cost."""
        return self.of("agency_cover", "agency_extra")

    def investment(self, *, council_only: bool = True) -> FloatArray:
        """Give what the measures cost: their own lines, and the pay of the posts they add."""
        own = [
            line.pounds
            for line in self.lines
            if line.measure is not None and (line.by_council or not council_only)
        ]
        return reduce(np.add, own, self.added_pay)

    def investment_in(self, index: int) -> FloatArray:
        """Give what one measure costs the council, without the pay of posts it adds."""
        own = [line.pounds for line in self.lines if line.measure == index and line.by_council]
        return reduce(np.add, own, np.zeros_like(self.added_pay))


def ledger(numbers: Numbers, drive: Driven, path: Path) -> Ledger:
    """Price every line of every world.

    Args:
        numbers: the plan's numbers.
        drive: its worlds.
        path: those worlds, played.
    """
    index = {name: by_month(value) for name, value in vars(indices_of(numbers.plan)).items()}
    lines = [*_service_lines(numbers, drive, path, index)]
    standing = {line.key: line.year_at_start(index) for line in lines if line.cash}
    for place, measure in enumerate(numbers.plan.measures):
        lines += _measure_lines(place, measure, drive, path, index)
        lines += _grant_lines(place, measure, numbers, drive, index)
    return Ledger(
        lines=tuple(_without_the_first_day(line) for line in lines),
        added_pay=_added_pay(numbers, drive, path, index),
        standing=standing,
        index=index,
    )


def _monthly(numbers: Numbers, path: str) -> FloatArray:
    return numbers(path)[..., np.newaxis] / MONTHS_IN_YEAR


def _with_on_costs(numbers: Numbers, band: str) -> FloatArray:
    """Give a month's pay of one person with on-costs, shape (draws or 1, 1)."""
    return _monthly(numbers, f"pay.{band}") * (1.0 + numbers("pay.oncost_rate")[..., np.newaxis])


def _agency_price(numbers: Numbers, drive: Driven) -> FloatArray:
    """Give what an agency worker costs in a month, before growth in agency rates."""
    premium = _monthly(numbers, "costs.agency_premium_per_year") * drive.agency_price
    return np.asarray(_with_on_costs(numbers, "social_worker") + premium)


def _service_lines(
    numbers: Numbers, drive: Driven, path: Path, index: Mapping[str, FloatArray]
) -> list[Line]:
    """Price the service itself: pay, managers, agency staff, finding and training joiners."""
    pay = index["pay"]
    lines = [
        Line(
            key=f"pay_{band}",
            label=_BAND_WORDS[band],
            pounds=path.staff[band] * _with_on_costs(numbers, band) * pay,
            price="pay",
        )
        for band in BANDS
    ]
    managers = ratio(path.posts, drive.span) * _with_on_costs(numbers, "manager") * pay
    agency = _agency_price(numbers, drive) * index["agency"]
    joined = path.joined * index["cpi"]

    def each(key: str) -> FloatArray:
        return numbers(f"costs.{key}")[..., np.newaxis]

    year_of_pay = _with_on_costs(numbers, "social_worker") * MONTHS_IN_YEAR
    lost = costs.lost_output_part(year_of_pay, each("ramp_up_weeks"), each("ramp_up_lost_share"))
    of_work = year_of_pay / MONTHS_IN_YEAR
    return [
        *lines,
        Line(key="pay_managers", label="Pay: team managers", pounds=managers, price="pay"),
        Line(
            key="agency_cover",
            label="Agency staff who cover vacancies",
            pounds=path.covered * agency,
            price="agency",
        ),
        Line(
            key="agency_extra",
            label="Agency staff beyond vacancies",
            pounds=path.extra_agency * agency,
            price="agency",
        ),
        Line(
            key="recruitment",
            label="Advertising and selection",
            pounds=joined * each("advertising_and_selection"),
            price="cpi",
        ),
        Line(
            key="induction",
            label="Induction and training",
            pounds=joined * each("induction_and_training"),
            price="cpi",
        ),
        Line(
            key="lost_output",
            label="Work lost while starters learn",
            pounds=path.joined * lost * pay,
            price="pay",
            cash=False,
        ),
        Line(
            key="work_not_done",
            label="Work not done in posts that nobody covers",
            pounds=path.uncovered * of_work * pay,
            price="pay",
            cash=False,
        ),
        Line(
            key="time_given_back",
            label="Work done in time that support gives back",
            pounds=-drive.drivers.capacity * path.case_holders * of_work * pay,
            price="pay",
            cash=False,
        ),
    ]


def _in_worlds(drive: Driven, place: int, pounds: FloatArray) -> FloatArray:
    """Give a measure's pounds to the worlds that have it, nothing to the others."""
    has = np.array([place in world for world in drive.worlds])[:, np.newaxis, np.newaxis]
    return has * pounds


def _measure_lines(
    place: int, measure: Measure, drive: Driven, path: Path, index: Mapping[str, FloatArray]
) -> list[Line]:
    """Price one measure: its money by year, what it pays for each person, its incentive."""
    change = drive.changes[place]

    def line(key: str, label: str, pounds: FloatArray, price: str) -> Line:
        return Line(
            key=f"measure_{place}_{key}",
            label=f"{measure.name}: {label.lower()}" if key != "money" else measure.name,
            pounds=_in_worlds(drive, place, pounds),
            price=price,
            measure=place,
            capital=measure.capital,
            by_council=measure.funded_by == "council",
        )

    lines = []
    if any(measure.money):
        lines.append(line("money", measure.name, _money_by_month(measure), "cash"))
    if measure.per_staff_year:
        runs = np.concatenate([[0.0], running(measure)])
        reached = path.in_post * measure.staff_share * runs
        each = measure.per_staff_year / MONTHS_IN_YEAR * index["pay"]
        lines.append(line("staff", "For each person in post", reached * each, "pay"))
    if measure.per_recruit:
        joined = _recruits(change, drive, path)
        each = measure.per_recruit * index["cpi"]
        lines.append(line("recruits", "For each recruit", joined * each, "cpi"))
    if change.paid is not None:
        for name in INCENTIVE_LINES:
            pounds = change.paid.money[name]
            if np.any(pounds):
                sign = -1.0 if name == "clawback" else 1.0
                lines.append(line(name, _INCENTIVE_WORDS[name], sign * pounds, "cash"))
    return lines


def _grant_lines(
    place: int,
    measure: Measure,
    numbers: Numbers,
    drive: Driven,
    index: Mapping[str, FloatArray],
) -> list[Line]:
    """Let somebody else pay for the posts of a measure that is not the council's to fund.

    The council pays whoever fills or covers them; a grant of as much comes in.
    """
    change = drive.changes[place]
    if measure.funded_by == "council" or not np.any(change.posts):
        return []
    agency = _agency_price(numbers, drive) * index["agency"]
    pay = change.filled * _with_on_costs(numbers, "social_worker") * index["pay"]
    cover = np.maximum(0.0, change.posts - change.filled) * drive.drivers.cover * agency
    there = _in_worlds(drive, place, pay + cover)

    def line(key: str, label: str, pounds: FloatArray, by_council: bool) -> Line:
        return Line(
            key=f"measure_{place}_{key}",
            label=f"{measure.name}: {label}",
            pounds=pounds,
            price="pay",
            measure=place,
            by_council=by_council,
        )

    return [
        line("grant", "grant for its posts", -there, by_council=True),
        line("posts", "pay of its posts", there, by_council=False),
    ]


def _money_by_month(measure: Measure) -> FloatArray:
    """Spread a measure's money over the months of each year in which it runs.

    In a year in which it does not run at all it is spread over the whole year: it is spent.
    """
    runs = running(measure).reshape(-1, MONTHS_IN_YEAR)
    months = np.where(runs.sum(axis=1, keepdims=True) > 0, runs, 1.0)
    yearly = np.array([measure.money_in(year) for year in range(runs.shape[0])])
    spread = yearly[:, np.newaxis] * months / months.sum(axis=1, keepdims=True)
    return np.concatenate([[0.0], spread.ravel()])


def _recruits(change: Change, drive: Driven, path: Path) -> FloatArray:
    """Count the recruits a measure brought: its share of those of its routes who joined.

    The share is of those expected, for in whole people a month has none or all of one.
    """
    new = path.joined_newly_qualified[..., 1:] * ratio(
        change.newly_qualified, drive.drivers.newly_qualified
    )
    joined = new + path.joined_groups[..., 1:] * ratio(change.groups, drive.drivers.groups)
    return np.concatenate([np.zeros_like(joined[..., :1]), joined], axis=-1)


def _added_pay(
    numbers: Numbers, drive: Driven, path: Path, index: Mapping[str, FloatArray]
) -> FloatArray:
    """Price the posts and managers that measures add.

    As many posts as are expected to be filled at a social worker's pay, the agency staff who cover
    their share of the others, and a manager's pay for so many posts.
    """
    base = next(i for i, world in enumerate(drive.worlds) if not world)
    posts = path.posts - path.posts[base]
    filled = _filled(drive)
    agency = _agency_price(numbers, drive) * index["agency"] / index["pay"]
    cover = np.maximum(0.0, posts - filled) * drive.drivers.cover * agency
    managers = ratio(path.posts, drive.span) - ratio(path.posts, drive.span)[base]
    pay = filled * _with_on_costs(numbers, "social_worker") + cover
    added = (pay + managers * _with_on_costs(numbers, "manager")) * index["pay"]
    added[..., 0] = 0.0
    return np.asarray(added)


def _filled(drive: Driven) -> FloatArray:
    """Give the added posts that are expected to be filled, in each world."""
    none = np.zeros((1, drive.drivers.posts.shape[-1]))
    rows = [
        reduce(np.add, [np.atleast_2d(drive.changes[i].filled) for i in world], none)
        for world in drive.worlds
    ]
    return np.stack(np.broadcast_arrays(*rows))


def _without_the_first_day(line: Line) -> Line:
    """Give month 0, the first day, nothing but what is paid on it."""
    pounds = np.array(line.pounds)
    if line.measure is None or not line.key.endswith(INCENTIVE_LINES):
        pounds[..., 0] = 0.0
    return replace(line, pounds=pounds)
