"""The answer to a comparison: numbers, tables, words and where they come from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from retention_lib.benchmarks.gap import Gap
from retention_lib.benchmarks.reference import CouncilYear, ReferenceClass
from retention_lib.benchmarks.scheme import WayToClose
from retention_lib.benchmarks.standing import Standing
from retention_lib.benchmarks.trend import Trend
from retention_lib.results import Answered, Check, plain
from retention_lib.scenario import Scenario


@dataclass(frozen=True)
class ReadClaim:
    """A claimed change, read against the councils that started alike.

    `change` is in shares or cases, a fall below 0; `is_own` tells whether the user set it,
    `in_group` whether only the council and those compared with are looked at.
    """

    change: float
    is_own: bool
    reference: ReferenceClass
    in_group: bool = False

    @property
    def did(self) -> tuple[CouncilYear, ...]:
        """Those that moved at least so far."""
        return self.reference.changed_by(self.change)

    @property
    def share(self) -> float | None:
        """The share that moved at least so far, None where nobody started there."""
        return self.reference.share_changed_by(self.change)


@dataclass(frozen=True, kw_only=True)
class WorthBar:
    """What one price alone does to what closing the gap is worth in a year, in pounds."""

    path: str
    label: str
    low_text: str
    high_text: str
    worth_at_low: float
    worth_at_high: float


@dataclass(frozen=True, kw_only=True)
class BenchmarkResult(Answered):
    """Where a council stands, where it is going, what its gap is worth, and who has closed one.

    `way` says what would close the gap; `other_measure` is the scatter's second.
    """

    standing: Standing
    standings: tuple[Standing, ...]
    trends: tuple[Trend, ...]
    gap: Gap
    claim: ReadClaim
    way: WayToClose
    tornado: tuple[WorthBar, ...]
    other_measure: str
    checks: tuple[Check, ...]

    @property
    def trend(self) -> Trend:
        """The trend of the measure that was asked for."""
        return next(each for each in self.trends if each.measure == self.standing.measure)

    @property
    def scheme(self) -> Scenario | None:
        """An incentive that would have to do what closes the gap; None where pay has no part."""
        return self.way.scheme

    def to_dict(self) -> dict[str, Any]:
        """Give the whole answer as JSON holds it, unrounded."""
        found = self.claim.reference
        return {
            "headline": self.headline,
            "sentences": list(self.sentences),
            "council": self.standing.area.code,
            "year": self.standing.year,
            "measure": self.standing.measure,
            "standing": standing_dict(self.standings),
            "gap": plain(self.gap),
            "claim": {
                "change": self.claim.change,
                "at_least": found.at_least,
                "at_most": None if math.isinf(found.at_most) else found.at_most,
                **reference_dict(found),
                "share_that_did": self.claim.share,
            },
            "usual_next": self.way.usual_next,
            "needed_fall": self.way.needed_fall,
            "extra_hires": self.way.extra_hires,
            "scheme": self.scheme.to_dict() if self.scheme else None,
            "tables": {each.key: each.records() for each in self.tables},
            "notes": list(self.notes),
            "changes": plain(self.changes),
            "checks": plain(self.checks),
            "provenance": plain(self.provenance),
        }


def standing_dict(standings: tuple[Standing, ...]) -> dict[str, Any]:
    """Give all measures of one council and year as JSON holds them; shares 0 to 1."""
    return {
        each.measure: {
            "council": each.area.code,
            "year": each.year,
            "beside": each.group.kind,
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "neighbours": each.neighbours,
            "best_quarter": each.best_quarter,
            "region": each.region,
            "england": each.england,
            "rank": each.rank,
            "of": each.of,
            "quarter": each.quarter,
            "verdict": each.verdict,
            "why_none": each.why_none or None,
        }
        for each in standings
    }


def reference_dict(found: ReferenceClass) -> dict[str, Any]:
    """Give a reference class as JSON holds it: falls of 5 and 10 are in points, or in cases."""
    five, ten = (5.0, 10.0) if found.measure == "caseload" else (0.05, 0.10)
    return {
        "measure": found.measure,
        "years_on": found.years_on,
        "council_years": found.council_years,
        "mean_start": found.mean_start,
        "mean_end": found.mean_end,
        "mean_change": found.mean_change,
        "share_fell_5": found.share_changed_by(-five),
        "share_fell_10": found.share_changed_by(-ten),
        "share_rose_5": found.share_changed_by(five),
        "share_rose_10": found.share_changed_by(ten),
        "found": [
            {
                "council": each.area.code,
                "name": each.area.name,
                "year": each.year,
                "start": each.start,
                "end": each.end,
            }
            for each in found.found
        ],
    }
