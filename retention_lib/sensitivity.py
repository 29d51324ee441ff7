"""How sure an offer's answer is: what nobody knows in it, its ranges, and what would change it.

Each is a function of a scenario. Everything goes through one :class:`UncertainModel`, whose value
is net present value in pounds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from retention_lib.appraisal import net_present_value
from retention_lib.assumptions import Assumption, register
from retention_lib.documents import leaves
from retention_lib.evidence import fall_known
from retention_lib.model import net_benefit, net_by_year, npv
from retention_lib.questions import payment_path, relative_fall, yearly_share
from retention_lib.rates import FloatArray
from retention_lib.results import AnswerMap, Band, Bar, IncentiveRanges
from retention_lib.scenario import FROM_PARTS, VACANCY_PARTS, Scenario
from retention_lib.uncertainty import (
    Range,
    UncertainModel,
    heat_map,
    share_of_gains,
    spread_of,
    tornado,
)

DRAWS = 4_096
"""A power of two, which fills the space most evenly."""

FALL = "effect.leaving_reduction"
EXTRA = "effect.extra_hires"

_EFFECT = "effect."
_AFTER = "effect.after_multiplier"
_TAKE_UP = "scheme.take_up"
# The first makes the scheme larger or smaller, not better; the second is the budget's affair.
_NO_TURN = {_TAKE_UP, "leaver_cost_cashable_share"}
_OF_NEIGHBOURS = ("region.", "bidding.")
_NO_DIFFERENCE = 0.5  # pounds
_DOTS = 20  # outcomes that are equally likely, few enough to count
_CELLS = 11
_WIDEST = 2.0  # times the payment in hand, or the most that is known of the effect
_PAST = 1.1  # times what is needed
_FALL_ROW = "leaving_reduction"
_PAYMENTS = {
    "scheme.amount.flat": "payment_flat",
    "scheme.amount.percent_of_salary": "payment_percent",
}


def uncertain(scenario: Scenario) -> tuple[tuple[Range, Assumption], ...]:
    """List the uncertain numbers that this scenario's NPV depends on, with their ranges.

    The range is the register's, stretched to hold the scenario's own value; for the fall in
    leaving it is what studies found for such a payment; for a leaving rate it is the luck of one
    year in a group of that size. What a scheme does goes better or worse together.
    """
    found = []
    for path, value in leaves(scenario.to_dict()):
        row = register().behind(path)
        if row is None or row.kind != "uncertainty" or not _matters(scenario, path):
            continue
        number = _range(scenario, path, row, float(value))
        if number.low < number.high:
            found.append((number, row))
    return tuple(found)


def _matters(scenario: Scenario, path: str) -> bool:
    """Tell whether NPV depends on a field at all."""
    if not isinstance(scenario.at(path), (int, float)):
        return False
    golden = scenario.scheme.kind == "golden_hello"
    if path.startswith("costs."):
        parts = scenario.leaver_cost == FROM_PARTS
        vacancy = golden and scenario.vacancy.net_saving_per_month == FROM_PARTS
        return parts or (vacancy and path.removeprefix("costs.") in VACANCY_PARTS)
    if path == EXTRA or path.startswith("vacancy."):
        return golden
    if path == "effect.after_months":
        return scenario.effect.after_multiplier != 1.0
    if path == _AFTER:  # where nobody is held there is no end of being held
        return scenario.effect.after_months > 0 and relative_fall(scenario) > 0
    theirs = path.startswith(_OF_NEIGHBOURS)
    return _neighbours_matter(scenario, path) if theirs else path not in _NO_TURN


def _neighbours_matter(scenario: Scenario, path: str) -> bool:
    """Tell whether NPV depends on a field of the neighbours: not where nobody bids."""
    war = scenario.bidding
    if path == "region.hires_from_neighbours":
        return war.match_chance > 0 and scenario.scheme.kind == "golden_hello"
    return war.match_chance > 0


def _range(scenario: Scenario, path: str, row: Assumption, value: float) -> Range:
    """Give where an uncertain number may lie."""
    counted = 0.0
    if path.endswith(".annual_leaving_rate"):
        counted = scenario.groups[int(path.split(".")[1])].headcount
    number = row.around(path, value, counted)
    if path == FALL:
        low, high = fall_range(scenario)
        number = Range(path, min(low, value), value, max(high, value))
    if path.startswith(_EFFECT):
        return replace(number, luck=_EFFECT, turned=path == _AFTER)
    return number


def fall_range(scenario: Scenario) -> tuple[float, float]:
    """Give the fall in leaving to expect of this payment: the least and the most studies found."""
    return fall_known(scenario.scheme.kind, yearly_share(scenario), scenario.studies)


def net_benefit_at_ends(scenario: Scenario) -> tuple[float, float]:
    """Give net benefit at both ends of what is known of the scheme's effect, in pounds.

    For a retention payment the fall in leaving that studies allow; for a golden hello the
    register's range of extra joiners.
    """
    if scenario.scheme.kind == "golden_hello":
        row = register()["extra_hires"]
        path, ends = EXTRA, (row.low or 0.0, row.high or 0.0)
    else:
        path, ends = FALL, fall_range(scenario)
    low, high = net_benefit(scenario, {path: np.array(ends)})
    return float(low), float(high)


def uncertain_model(scenario: Scenario) -> UncertainModel:
    """Give the offer as a function of what nobody knows: NPV in pounds.

    Example:
        >>> from retention_lib.presets import preset
        >>> model = uncertain_model(preset("middlesbrough-2019").scenario)
        >>> model.tornado()[0].key
        'effect.leaving_reduction'
    """
    numbers = tuple(number for number, _ in uncertain(scenario))
    return UncertainModel(lambda draws: npv(scenario, draws), numbers, scenario.seed)


def tornado_bars(scenario: Scenario) -> tuple[Bar, ...]:
    """Say what each uncertain number alone does to NPV, the widest first."""
    found = uncertain(scenario)
    rows = {number.key: row for number, row in found}
    bars = tornado(lambda draws: npv(scenario, draws), [number for number, _ in found])
    return tuple(
        Bar(
            path=bar.key,
            label=rows[bar.key].label + _whose(scenario, bar.key),
            low_text=rows[bar.key].unit.text(bar.low),
            high_text=rows[bar.key].unit.text(bar.high),
            npv_at_low=bar.value_at_low,
            npv_at_high=bar.value_at_high,
        )
        for bar in bars
        if bar.width >= _NO_DIFFERENCE
    )


def _whose(scenario: Scenario, path: str) -> str:
    """Name the group that a field belongs to, where there is more than one."""
    if not path.startswith("groups.") or len(scenario.groups) == 1:
        return ""
    return f" ({scenario.groups[int(path.split('.')[1])].name})"


def ranges_of(scenario: Scenario, draws: int = DRAWS) -> IncentiveRanges:
    """Draw everything nobody knows at once, and give ranges and the chance that it pays.

    Take-up, which makes a scheme larger and not better, is drawn too. A range is the 10th, 50th
    and 90th percentile.

    Args:
        scenario: what the user chose; its seed gives the same draws again.
        draws: how many.

    Example:
        >>> from retention_lib.presets import preset
        >>> found = ranges_of(preset("middlesbrough-2019").scenario, 256)
        >>> found.npv.low <= found.npv.middle <= found.npv.high, len(found.outcomes)
        (True, 20)
    """
    model = uncertain_model(scenario)
    drawn = replace(model, ranges=(*model.ranges, *_take_up(scenario))).draws(draws)
    found = net_by_year(scenario, drawn)
    by_year = np.broadcast_to(found, (draws, found.shape[-1]))
    worth = net_present_value(by_year, scenario.appraisal.discount_rate)
    places = (np.arange(_DOTS) + 0.5) / _DOTS
    return IncentiveRanges(
        draws=draws,
        seed=scenario.seed,
        net_benefit=_band(by_year.sum(axis=-1)),
        npv=_band(worth),
        net_by_year=tuple(_band(year) for year in by_year.T),
        chance_pays=share_of_gains(worth),
        outcomes=tuple(np.quantile(worth, places, method="inverted_cdf").tolist()),
        switching=model.switching_values(),
    )


def _take_up(scenario: Scenario) -> tuple[Range, ...]:
    return (register()["take_up"].around(_TAKE_UP, scenario.scheme.take_up),)


def _band(values: FloatArray) -> Band:
    found = spread_of(values)
    return Band(low=float(found.low), middle=float(found.middle), high=float(found.high))


def answer_map(scenario: Scenario, needed: float | None = None) -> AnswerMap:
    """Give NPV for every pair of a payment and an effect: where the scheme pays, and where not.

    The payment goes from nothing to twice what is offered; the effect (the fall in leaving, or for
    a golden hello the extra joiners) from nothing to twice the most of what is assumed and what is
    known, and past what is needed.

    Args:
        scenario: what the user chose.
        needed: the effect at which it breaks even, so that it is in sight; None where none is.
    """
    paths = payment_path(scenario), EXTRA if scenario.scheme.kind == "golden_hello" else FALL
    payment = float(scenario.at(paths[0])) or register()[_PAYMENTS[paths[0]]].default
    most = _most_effect(scenario, needed or 0.0)
    found = heat_map(
        lambda draws: npv(scenario, draws),
        (paths[0], np.linspace(0.0, _WIDEST * payment, _CELLS)),
        (paths[1], np.linspace(0.0, most, _CELLS)),
    )
    return AnswerMap(
        across=paths[0],
        up=paths[1],
        across_values=tuple(found.across.tolist()),
        up_values=tuple(found.up.tolist()),
        npv=tuple(tuple(row) for row in found.values.tolist()),
    )


def _most_effect(scenario: Scenario, needed: float) -> float:
    """Give the end of the effect's axis."""
    if scenario.scheme.kind == "golden_hello":
        known = max(scenario.effect.extra_hires, register()["extra_hires"].default)
        return max(_WIDEST * known, _PAST * needed)
    known = max(relative_fall(scenario), fall_range(scenario)[1], register()[_FALL_ROW].default)
    return min(1.0, max(_WIDEST * known, _PAST * needed))
