"""What stands around the answer to what happened after: figures at a glance, and definitions."""

from __future__ import annotations

from retention_lib.benchmarks.measures import MEASURES
from retention_lib.synthetic.result import HappenedResult


def facts(result: HappenedResult) -> list[tuple[str, str]]:
    """List the figures that matter, the widest read first."""
    found, measure = result.found, MEASURES[result.measure]
    if found is None:
        return []
    later = found.looked_at
    facts = [
        (measure.change(later.change), f"{result.area.name}, {result.year} to {later.year}"),
        (
            f"{later.like_starts.as_far} of {later.like_starts.of}",
            "that started nearest moved as far",
        ),
    ]
    if found.match == "poor":
        return facts
    facts.insert(1, (measure.change(later.mix_change), "mix of other councils"))
    return [
        *facts,
        (measure.change(later.gap), f"council less mix, {later.year}"),
        (
            f"{later.beside_mix.as_far} of {later.beside_mix.of}",
            "others as far from a mix of their own",
        ),
        (measure.by(found.own.fit), f"apart before: a {found.match} match"),
    ]


def definitions(result: HappenedResult) -> tuple[str, ...]:
    """Say what the measure counts and, where there is one, what a mix is."""
    measure = MEASURES[result.measure]
    counts = f"{measure.label}: {measure.definition}"
    if result.found is None:
        return (counts,)
    return (
        counts,
        "The mix (a synthetic control) is a weighted average of other councils. The weights make "
        "it go as the council did in the years before, spread over as many councils as that "
        "allows.",
        "Every other council is set beside a mix of its own, as if it had acted in the same year "
        "(placebo tests). That tells how far apart a council and its mix come without anything "
        "that is known of.",
    )
