"""The answer to what happened after: numbers, tables, words and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from retention_lib.assumptions import register
from retention_lib.figures import Area
from retention_lib.results import Answered, Check, plain
from retention_lib.synthetic.actions import Action
from retention_lib.synthetic.placebo import Followed

Match = Literal["close", "rough", "poor"]
Rarity = Literal["rare", "few others", "not rare"]


@dataclass(frozen=True)
class Counted:
    """How many of some councils moved at least as far in the same direction."""

    as_far: int
    of: int

    @property
    def share(self) -> float:
        """The share that moved as far, the council asked about included."""
        return (self.as_far + 1) / (self.of + 1)

    @property
    def rarity(self) -> Rarity:
        """How rare that is, in the words of the register's two thresholds.

        Example:
            >>> Counted(1, 109).rarity, Counted(6, 112).rarity, Counted(27, 109).rarity
            ('rare', 'few others', 'not rare')
        """
        if self.share <= register()["control_rare"].default:
            return "rare"
        return "few others" if self.share <= register()["control_unusual"].default else "not rare"


@dataclass(frozen=True)
class Later:
    """One year after: figures, changes since the year asked about, and how many did as much.

    Shares are 0 to 1, caseload in cases; a fall is below 0. `all_others` and `like_starts` count
    changes in the figure alone, `beside_mix` the distance from each council's own mix.
    """

    years_on: int
    year: int
    value: float
    change: float
    mix: float
    mix_change: float
    gap: float
    all_others: Counted
    like_starts: Counted
    beside_mix: Counted


@dataclass(frozen=True, eq=False)
class Comparison:
    """A council beside its mix, and every other council beside its own.

    `counted` are the others whose mix matched well enough; `like` those that started nearest, from
    `like_low` to `like_high`. `after_to_before` is how much further apart council and mix lay
    after than before, `as_uneven` how many others had as high a ratio.
    """

    own: Followed
    match: Match
    outside: tuple[tuple[int, str], ...]
    others: tuple[Followed, ...]
    counted: tuple[Followed, ...]
    like: tuple[Followed, ...]
    like_low: float
    like_high: float
    later: tuple[Later, ...]
    looked_at: Later
    after_to_before: float
    as_uneven: Counted

    @property
    def rarest(self) -> Later:
        """The later year whose distance fewest others share; the largest, where two are alike."""
        return min(self.later, key=lambda each: (each.beside_mix.share, -abs(each.gap)))


@dataclass(frozen=True, kw_only=True)
class HappenedResult(Answered):
    """What happened in a council after a year. `found` is None where nothing can be compared.

    `why_not` then says why; `known` is what the council is known to have done.
    """

    area: Area
    measure: str
    year: int
    until: int
    why_not: str
    found: Comparison | None
    known: tuple[Action, ...]
    checks: tuple[Check, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the whole answer as JSON holds it, unrounded."""
        return {
            "headline": self.headline,
            "sentences": list(self.sentences),
            "council": self.area.code,
            "measure": self.measure,
            "year": self.year,
            "until": self.until,
            "why_not": self.why_not or None,
            **(_numbers(self.found) if self.found else {"later": []}),
            "tables": {each.key: each.records() for each in self.tables},
            "notes": list(self.notes),
            "changes": plain(self.changes),
            "checks": plain(self.checks),
            "provenance": plain(self.provenance),
        }


def _numbers(found: Comparison) -> dict[str, Any]:
    return {
        "match": found.match,
        "fit": found.own.fit,
        "weights": dict(found.own.weights),
        "rarity": found.looked_at.beside_mix.rarity,
        "rarest": found.rarest.year,
        "after_to_before": found.after_to_before,
        "as_uneven": plain(found.as_uneven),
        "others": len(found.others),
        "counted": len(found.counted),
        "later": [{**plain(each), "share": each.beside_mix.share} for each in found.later],
    }
