"""A measure made larger or smaller, all of it alike."""

from __future__ import annotations

from retention_lib.plans.plan import Effect, Measure

_IN_PEOPLE = frozenset({"recruits", "posts"})


def scaled(measure: Measure, times: float) -> Measure:
    """Give a measure so many times as large: its money, posts, recruits and the people offered it.

    What it pays for each person, and the shares by which it lowers leaving or work, stay.

    Args:
        measure: as it was.
        times: 1 for the same, 0 or more.

    Example:
        >>> scaled(Measure(money=(40_000.0, 20_000.0)), 0.5).money
        (20000.0, 10000.0)
    """
    offered = measure.incentive
    return measure.model_copy(
        update={
            "money": tuple(pounds * times for pounds in measure.money),
            "effects": tuple(_scaled(effect, times) for effect in measure.effects),
            "incentive": offered
            and offered.model_copy(update={"eligible": offered.eligible * times}),
        }
    )


def _scaled(effect: Effect, times: float) -> Effect:
    if effect.on not in _IN_PEOPLE:
        return effect
    ends = {end: getattr(effect, end) * times for end in ("low", "central", "high")}
    return effect.model_copy(update=ends)
