"""From a gap to a scheme: what an offer would have to do to close it, as a scenario to open.

A scheme is never credited with what goes by itself: councils with a high turnover come down on
average whatever they do, so the scheme starts from where turnover would be a year on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retention_lib.assumptions import register
from retention_lib.benchmarks.gap import Gap, Prices, needed_fall
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.reference import band_around, reference_class
from retention_lib.benchmarks.standing import Standing
from retention_lib.figures import figure, leaving_in
from retention_lib.presets import preset
from retention_lib.rates import annual_chance_from_turnover
from retention_lib.scenario import FROM_PARTS, Scenario

BLANK = "no-scheme"

_FEWEST = 0.5  # people: nobody is kept or hired by half of that


@dataclass(frozen=True)
class WayToClose:
    """How a gap might close: by itself in part, and what a scheme would have to do.

    `usual_next` is where the figure would be a year on, as the councils that started there went on
    average; `needed_fall` the relative fall in leaving from there to the target; `extra_hires` the
    people who would have to join for each who does now. None where there is no such number.
    """

    usual_next: float | None = None
    needed_fall: float | None = None
    extra_hires: float | None = None
    scheme: Scenario | None = None


def way_to_close(stood: Standing, found: Gap, prices: Prices) -> WayToClose:
    """Say what closes a gap: what is needed of a scheme, not what is likely of one.

    A gap in turnover needs leaving to fall; one in vacancies or agency staff needs people to join.
    Pay is the register's central offer, for the user to move; prices are those of the gap.

    Example:
        >>> from retention_lib.benchmarks.answer import compare
        >>> from retention_lib.benchmarks.comparison import Comparison
        >>> asked = {"schema": 1, "kind": "benchmark", "council": "806", "year": 2019}
        >>> way = compare(Comparison.from_dict(asked)).way
        >>> round(way.usual_next, 3), round(way.needed_fall, 2)
        (0.18, 0.11)
    """
    if not found.is_open or stood.value is None or found.target_value is None:
        return WayToClose()
    if stood.measure == "turnover":
        return _fewer_leavers(stood, stood.value, found.target_value, prices)
    if stood.measure in {"vacancy", "agency"}:
        return _more_joiners(stood, found, prices)
    return WayToClose()


def usual_next(stood: Standing) -> float | None:
    """Give where a figure would be a year on if it went as those near it did on average."""
    if stood.value is None:
        return None
    low, high = band_around(stood.measure, stood.value)
    own = (stood.area.code, stood.year)
    near = reference_class(stood.measure, at_least=low, at_most=high, apart_from=own)
    return None if near.mean_change is None else stood.value + near.mean_change


def _fewer_leavers(stood: Standing, turnover: float, aim: float, prices: Prices) -> WayToClose:
    expected = usual_next(stood)
    start = turnover if expected is None else min(turnover, expected)
    if start <= aim:
        return WayToClose(expected)
    fall, staff = needed_fall(start, aim), figure("in_post", stood.area.code, stood.year)
    if not staff:
        return WayToClose(expected, fall)
    leaving = round(float(np.asarray(annual_chance_from_turnover(start))), 6)
    scheme = _scheme(
        stood,
        prices,
        leaving,
        {
            "groups.0.headcount": float(round(staff)) or 1.0,
            "scheme.amount": {"percent_of_salary": register()["payment_percent"].default},
            "effect.leaving_reduction": round(fall, 6),
        },
    )
    return WayToClose(expected, fall, None, scheme)


def _more_joiners(stood: Standing, found: Gap, prices: Prices) -> WayToClose:
    needed = sum(line.people for line in found.lines)
    starters = figure("starters", stood.area.code, stood.year)
    leaving = leaving_in(stood.area.code, stood.year)
    if not starters or needed < _FEWEST or leaving is None:
        return WayToClose()
    joiners = float(round(starters)) or 1.0
    covered = 1.0 if stood.measure == "agency" else prices.covered_share.central
    scheme = _scheme(
        stood,
        prices,
        leaving.annual_leaving_rate,
        {
            "scheme.kind": "golden_hello",
            "scheme.amount": {"flat": register()["payment_flat"].default},
            "groups.0.headcount": joiners,
            "effect.extra_hires": round(needed / joiners, 6),
            "vacancy": {
                "months": register().default("vacancy.months"),
                "net_saving_per_month": FROM_PARTS,
                "hire_cost": register().default("vacancy.hire_cost"),
            },
            "costs.covered_share": covered,
        },
    )
    return WayToClose(None, None, needed / joiners, scheme)


def _scheme(
    stood: Standing, prices: Prices, leaving: float, changes: dict[str, object]
) -> Scenario:
    """Start from the blank case, with the council's figures and the prices of its gap."""
    return preset(BLANK).scenario.but(
        {
            "name": f"Closing {stood.area.name}'s gap: {MEASURES[stood.measure].label.lower()}",
            "case.preset": None,
            "case.council": stood.area.code,
            "case.year": stood.year,
            "groups.0.annual_leaving_rate": leaving,
            "not_offered.0.annual_leaving_rate": leaving,
            "leaver_cost": prices.leaver.central,
            "leaver_cost_cashable_share": prices.leaver_cashable_share.central,
            "costs.agency_premium_per_year": prices.agency_premium.central,
            "costs.pay_with_oncosts_per_year": prices.pay.central,
            **changes,
        }
    )
