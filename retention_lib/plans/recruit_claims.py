"""What a plan claims of joiners: no study gives a figure, so it stands beside its source alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retention_lib.assumptions import QUALITY_WORDS, Quality, register
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.effects import incentive_effect_paths
from retention_lib.plans.plan import Measure, Plan
from retention_lib.units import percent, trimmed

NO_STUDY = "No study gives a figure"
_YOURS = "Yours"


@dataclass(frozen=True, kw_only=True)
class RecruitClaim:
    """One thing that is taken to bring people, and what it would be where the money comes back.

    Sizes are people a year; people who come as one group where it is `once`; and for a golden hello
    (`is_share`) a share of those who would join anyway. `needed` is None where nothing is enough.
    `alone` says that it is the plan's only effect. The source and its grade are the catalogue's or
    the register's, whoever chose the number since.
    """

    path: str
    label: str
    assumed: float
    low: float
    high: float
    needed: float | None
    times: float | None
    alone: bool
    once: bool
    is_share: bool
    quality: Quality
    source: str

    def text(self, size: float) -> str:
        """Write a size of this claim with its unit."""
        if self.is_share:
            return f"{percent(size, 1)} more joiners"
        number = trimmed(size, 1)
        people = "person" if number == "1" else "people"
        return f"{number} {people} in one group" if self.once else f"{number} {people} a year"


def recruit_claims(
    plan: Plan, needed_times: float | None, alone: bool = False
) -> tuple[RecruitClaim, ...]:
    """List what a plan claims of joiners, in the order of its measures.

    Args:
        plan: what was chosen.
        needed_times: how many times as large all effects must be for the money to come back.
        alone: whether the plan has one effect and no more.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
        ...                        "measures": [{"kind": "academy"}]})
        >>> claim = recruit_claims(plan, 0.65)[0]
        >>> claim.text(claim.assumed), claim.text(claim.needed), claim.quality
        ('2 people a year', '1.3 people a year', 'none')
    """
    return tuple(
        claim
        for index, measure in enumerate(plan.measures)
        for claim in _of_measure(plan, index, measure, needed_times, alone)
    )


def _of_measure(
    plan: Plan, index: int, measure: Measure, times: float | None, alone: bool
) -> Iterator[RecruitClaim]:
    known = catalogue().get(measure.kind)
    usual = () if known is None else known.defaults.get("effects", ())
    for place, effect in enumerate(measure.effects):
        if effect.on != "recruits" or not (effect.central or effect.high):
            continue
        is_usual = known is not None and place < len(usual) and usual[place]["on"] == effect.on
        yield RecruitClaim(
            path=f"measures.{index}.effects.{place}.central",
            label=_label(measure, (effect.route or "").replace("_", " ")),
            assumed=effect.central,
            low=effect.low,
            high=effect.high,
            needed=_needed(effect.central, times),
            times=times,
            alone=alone,
            once=effect.once,
            is_share=False,
            quality=known.quality[place] if known is not None and is_usual else "none",
            source=known.sources[place] if known is not None and is_usual else _YOURS,
        )
    for path in incentive_effect_paths(index, measure):
        row = register().behind(path.split("incentive.", 1)[1])
        if not path.endswith("extra_hires") or row is None:
            continue
        size = float(plan.at(path))
        number = row.around(path, size)
        yield RecruitClaim(
            path=path,
            label=measure.name,
            assumed=size,
            low=number.low,
            high=number.high,
            needed=_needed(size, times),
            times=times,
            alone=alone,
            once=False,
            is_share=True,
            quality=row.quality,
            source=row.source,
        )


def _label(measure: Measure, route: str) -> str:
    return measure.name if route in measure.name.lower() else f"{measure.name} ({route})"


def _needed(assumed: float, times: float | None) -> float | None:
    return None if times is None or not assumed else assumed * times


def evidence_of(claim: RecruitClaim) -> str:
    """Say that no study gives a figure, and how good the source is that there is."""
    grade = QUALITY_WORDS[claim.quality]
    return f"{NO_STUDY.lower()} ({grade[:1].lower()}{grade[1:]})"
