"""One line of the assumptions log: a number, what is known of it, and what it does to an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from retention_lib.assumptions import QUALITY_WORDS, Assumption, Kind, Quality
from retention_lib.assumptions_log.impact import IMPACT_WORDS, MATTERS, Impact
from retention_lib.rates import MONTHS_IN_YEAR
from retention_lib.results import Change
from retention_lib.uncertainty.ranges import Shape
from retention_lib.units import money, percent

KIND_WORDS: Mapping[Kind, str] = {
    "lever": "The council chooses it",
    "uncertainty": "Nobody knows it",
    "constant": "Fixed by law or definition",
}
NO_SOURCE_WORDS = "There is no source. Whoever uses this figure must own it."

_SHAPE_WORDS: Mapping[Shape, str] = {
    "pert": "Nothing lies beyond the ends, and most of it near the middle",
    "lognormal": "It may be much larger than the high figure, and never below nothing",
    "beta": "A share that was counted among people",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One number of the register, or one effect of a measure, as an answer has it.

    `value` is what the answer takes, `in_general` what the register or the catalogue gives.
    `value_from` says where the first comes from, `source` where the second does; it is empty where
    there is none. `pounds` is the width of its bar and `share` that as a share of the widest;
    `why` says in words what it does to the answer. `stale_from` is the first day on which it is
    older than its stated life.
    """

    id: str
    label: str
    group: str
    what: Literal["assumption", "effect"]
    kind: Kind
    help: str
    value: str
    in_general: str
    range_text: str
    unit: str
    shape: str
    value_from: str
    source: str
    date: str
    life: str
    note: str
    quality: Quality
    impact: Impact
    pounds: float | None
    share: float | None
    why: str
    changes: tuple[Change, ...]
    stale_from: dt.date
    stale: bool

    @property
    def matters(self) -> bool:
        """Whether it moves the answer."""
        return self.impact in MATTERS

    @property
    def used(self) -> bool:
        """Whether the answer moves with it or takes it as set."""
        return self.impact != "none"

    @property
    def has_source(self) -> bool:
        """Whether a source gives it."""
        return bool(self.source)

    @property
    def is_weak(self) -> bool:
        """Whether it rests on weak evidence, or on none."""
        return self.quality in {"weak", "none"}

    @property
    def differs(self) -> bool:
        """Whether the answer takes another value than the register gives."""
        return self.value != self.in_general

    @property
    def source_words(self) -> str:
        """Its source, or plainly that there is none."""
        return self.source or NO_SOURCE_WORDS

    @property
    def quality_words(self) -> str:
        """How good the evidence is, in words."""
        return QUALITY_WORDS[self.quality]

    @property
    def impact_words(self) -> str:
        """What it does to the answer, in a word and, where it moves it, in pounds."""
        word = IMPACT_WORDS[self.impact]
        return word if self.pounds is None else f"{word}: {money(self.pounds)}"

    @property
    def words(self) -> str:
        """Everything that is written of it, in small letters, to be searched."""
        said = (self.label, self.id, self.group, self.help, self.value, self.value_from)
        return " ".join((*said, self.source, self.note, self.date)).casefold()


def shape_words(row: Assumption) -> str:
    """Say how belief lies between the ends of a number and beyond.

    Example:
        >>> from retention_lib.assumptions import register
        >>> shape_words(register()["take_up"])
        'Nothing lies beyond the ends, and most of it near the middle.'
    """
    if row.shape is None or row.credibility is None:
        return ""
    within = ""
    if row.credibility < 1:
        within = f". {percent(row.credibility)} of belief lies between the ends"
    return f"{_SHAPE_WORDS[row.shape]}{within}."


def life_text(months: int) -> str:
    """Write how long a figure counts as fresh.

    Example:
        >>> life_text(12), life_text(36), life_text(18)
        ('1 year', '3 years', '18 months')
    """
    years, rest = divmod(months, MONTHS_IN_YEAR)
    if rest:
        return f"{months} months"
    return f"{years} year{'' if years == 1 else 's'}"
