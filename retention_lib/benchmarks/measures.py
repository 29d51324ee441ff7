"""The five measures that councils are compared by: names, definitions, units and chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from retention_lib.assumptions import register
from retention_lib.benchmarks.chance import Interval, events_interval, share_interval
from retention_lib.figures import figure
from retention_lib.units import MINUS, trimmed

Key = Literal["turnover", "vacancy", "agency", "caseload", "absence"]

_NEAR_RATE = register()["near_rate"].default


@dataclass(frozen=True)
class Measure:
    """One measure.

    `noun` stands in a sentence ("its agency rate is …"); `near` is how far from a figure another
    still counts as starting where it does, in the measure's own unit.
    """

    key: Key
    label: str
    noun: str
    definition: str
    near: float
    is_share: bool = True

    def text(self, value: float) -> str:
        """Write a value.

        Example:
            >>> MEASURES["turnover"].text(0.208), MEASURES["caseload"].text(16.8)
            ('20.8%', '16.8 cases')
        """
        return f"{trimmed(value * 100, 1)}%" if self.is_share else f"{trimmed(value, 1)} cases"

    def number(self, value: float) -> str:
        """Write a value on an axis that names the unit.

        Example:
            >>> MEASURES["caseload"].number(16.0)
            '16'
        """
        return self.text(value) if self.is_share else trimmed(value, 1)

    def by(self, difference: float) -> str:
        """Write a difference between two values, without its sign.

        Example:
            >>> MEASURES["turnover"].by(-0.098), MEASURES["caseload"].by(1.0)
            ('9.8 points', '1 case')
        """
        digits = trimmed(abs(difference) * (100 if self.is_share else 1), 1)
        noun = "point" if self.is_share else "case"
        return f"{digits} {noun}{'' if digits == '1' else 's'}"

    def change(self, difference: float) -> str:
        """Write a change with its sign.

        Example:
            >>> MEASURES["turnover"].change(-0.098), MEASURES["turnover"].change(0.0)
            ('−9.8 points', '0 points')
        """
        words = self.by(difference)
        if words.startswith("0 "):
            return words
        return f"{MINUS if difference < 0 else '+'}{words}"


MEASURES: Mapping[str, Measure] = {
    each.key: each
    for each in (
        Measure(
            "turnover",
            "Turnover",
            "turnover",
            "Social workers who left in the year to 30 September, for each one in post on that "
            "day (full-time equivalents).",
            near=_NEAR_RATE,
        ),
        Measure(
            "vacancy",
            "Vacancy rate",
            "vacancy rate",
            "Vacant posts on 30 September as a share of all posts. A post that an agency worker "
            "covers is still vacant.",
            near=_NEAR_RATE,
        ),
        Measure(
            "agency",
            "Agency rate",
            "agency rate",
            "Agency social workers on 30 September as a share of all social workers, agency "
            "included.",
            near=_NEAR_RATE,
        ),
        Measure(
            "caseload",
            "Caseload",
            "caseload",
            "Cases on 30 September for each full-time worker who holds any, agency included. It "
            "says nothing of how hard the cases are.",
            near=register()["near_caseload"].default,
            is_share=False,
        ),
        Measure(
            "absence",
            "Sickness absence",
            "sickness absence rate",
            "Working days lost to sickness in the year to 30 September, as a share of all.",
            near=register()["near_absence"].default,
        ),
    )
}


def measure_of(key: str) -> Measure:
    """Find a measure.

    Raises:
        ValueError: naming the measures there are.
    """
    if key not in MEASURES:
        raise ValueError(f"{key!r} is no measure. It must be one of: {', '.join(MEASURES)}.")
    return MEASURES[key]


def interval_for(
    measure: Measure, value: float, code: str, year: int, together: Mapping[str, float]
) -> Interval | None:
    """Say between which values a figure would lie but for luck, nineteen times in twenty.

    A share of people is binomial in the people behind it (Wilson's score interval). Cases come in
    families and days off in spells, so those are counts of events that come several at a time.

    Args:
        measure: the measure.
        value: the council's published figure.
        code: the council.
        year: the year.
        together: how many cases, and how many days, come together: by "caseload" and "absence".

    Returns:
        None where DfE does not publish how many people stand behind the figure.
    """
    staff = figure("in_post", code, year)
    if measure.key == "caseload":
        holders = figure("case_holders", code, year)
        return events_interval(value, holders, together["caseload"]) if holders else None
    if not staff or (measure.is_share and value > 1):
        return None  # more leavers than staff: no share of people
    if measure.key == "absence":
        days = staff * register()["working_days"].default
        return events_interval(value, days, together["absence"])
    if measure.key == "turnover":
        return share_interval(value, staff)
    extra = figure("vacancies" if measure.key == "vacancy" else "agency_staff", code, year)
    return None if extra is None else share_interval(value, staff + extra)
