"""Answer what happened after: one pure function from a question to the whole answer."""

from __future__ import annotations

from collections.abc import Sequence

from retention_lib.assumptions import register
from retention_lib.benchmarks.groups import council
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.figures import all_years, latest_year
from retention_lib.labels import label_of, value_text
from retention_lib.origins import of_id
from retention_lib.provenance import provenance_of
from retention_lib.results import Change, Check, require
from retention_lib.synthetic import tables, words
from retention_lib.synthetic.actions import actions_of
from retention_lib.synthetic.cases import cases
from retention_lib.synthetic.kept import StaleMixesError
from retention_lib.synthetic.panel import (
    fewest_years,
    figures_along,
    panel,
    why_not_followed,
)
from retention_lib.synthetic.placebo import (
    Followed,
    as_far,
    close_fit,
    follow,
    placebos,
    poor_fit,
    well_matched,
)
from retention_lib.synthetic.question import Question
from retention_lib.synthetic.result import Comparison, Counted, HappenedResult, Later, Match

SAYS = (
    "What happened after a year, beside other councils. It does not say why, it is not a forecast, "
    "and it is not advice."
)


def what_happened(asked: Question) -> HappenedResult:
    """Answer a question: what came after, beside a mix of others, and how rare that was.

    Pure: the same question gives the same answer.

    Raises:
        BrokenIdentityError: where weights or counts do not add up.

    Example:
        >>> asked = Question.from_dict(
        ...     {"schema": 1, "kind": "what_happened", "council": "806", "year": 2019})
        >>> found = what_happened(asked).found
        >>> found.looked_at.value, round(found.looked_at.change, 3)
        (0.232, 0.024)
    """
    area = council(asked.council)
    why = why_not(asked)
    found = None
    if not why:
        try:
            found = compared(asked)
        except (StaleMixesError, ImportError) as problem:
            why = words.not_to_be_made(problem)
    checks = _checks(found) if found else ()
    require(checks)
    known = actions_of(area.code)
    return HappenedResult(
        headline=words.headline(asked, area, found, why),
        sentences=words.sentences(asked, area, found, known),
        area=area,
        measure=asked.measure,
        year=asked.year,
        until=asked.looked_at,
        why_not=why,
        found=found,
        known=known,
        tables=(
            tables.path_table(asked, area, found),
            tables.later_table(asked, area, found),
            tables.others_table(asked, found),
            tables.weights_table(asked, found),
            tables.actions_table(asked),
        ),
        notes=words.notes(asked, found),
        changes=changes(asked),
        checks=checks,
        provenance=provenance_of(asked, SAYS),
    )


def why_no_year(asked: Question) -> str:
    """Say why nothing can be compared, whatever year after is looked at; empty where it can."""
    years = all_years()
    if asked.year < years[0]:
        return words.before_the_figures(asked)
    if asked.year >= latest_year():
        return words.nothing_after(asked)
    until = tuple(each for each in years if each <= asked.year)
    missing = why_not_followed(asked.measure, asked.council, until)
    if missing:
        return words.cannot_be_followed(council(asked.council), missing)
    if len(until) < fewest_years():
        return words.too_few_years(asked, len(until))
    return ""


def why_not(asked: Question) -> str:
    """Say why there is nothing to compare; empty where there is."""
    never = why_no_year(asked)
    if never:
        return never
    place = all_years().index(asked.looked_at)
    if figures_along(asked.measure, asked.council)[place] is None:
        why = why_not_followed(asked.measure, asked.council, (asked.looked_at,))
        return words.cannot_be_followed(council(asked.council), why)
    return ""


def compared(asked: Question) -> Comparison:
    """Set the council beside its mix, and every other beside its own.

    Raises:
        StaleMixesError: where the kept mixes do not belong to the figures.
        ImportError: where a mix must be made anew and pysyncon is not installed.
    """
    measure, year = asked.measure, asked.year
    left_out = frozenset(asked.left_out) - {asked.council}
    own = follow(measure, year, asked.council, figures_along(measure, asked.council), left_out)
    others = placebos(measure, year, asked.council, left_out)
    counted = well_matched(measure, own.fit, others)
    start = panel(measure).column(year)
    like = _nearest(own, others, start)
    starts = [each.own[start] or 0.0 for each in like]
    later = tuple(
        each
        for place in range(start + 1, len(all_years()))
        for each in (_later(own, others, counted, like, start, place),)
        if each is not None
    )
    looked_at = next(each for each in later if each.year == asked.looked_at)
    ratios = [each.after_to_before(start, close_fit(measure)) for each in counted]
    ratio = own.after_to_before(start, close_fit(measure)) or 0.0
    return Comparison(
        own=own,
        match=match_of(measure, own.fit),
        outside=_outside(asked, own),
        others=others,
        counted=counted,
        like=like,
        like_low=min(starts),
        like_high=max(starts),
        later=later,
        looked_at=looked_at,
        after_to_before=ratio,
        as_uneven=Counted(sum((each or 0.0) >= ratio for each in ratios), len(ratios)),
    )


def match_of(measure: str, fit: float) -> Match:
    """Say how well a mix matched in the years before.

    Example:
        >>> match_of("turnover", 0.002), match_of("turnover", 0.02), match_of("turnover", 0.04)
        ('close', 'rough', 'poor')
    """
    if fit <= close_fit(measure):
        return "close"
    return "rough" if fit <= poor_fit(measure) else "poor"


def _nearest(own: Followed, others: Sequence[Followed], start: int) -> tuple[Followed, ...]:
    """Find the others that started nearest."""
    many = round(register()["control_like_starts"].default)
    first = own.own[start] or 0.0
    ordered = sorted(
        others, key=lambda each: (round(abs((each.own[start] or 0.0) - first), 9), each.area.name)
    )
    return tuple(ordered[:many])


def _later(
    own: Followed,
    others: Sequence[Followed],
    counted: Sequence[Followed],
    like: Sequence[Followed],
    start: int,
    place: int,
) -> Later | None:
    """Look at one year after; None where the council's figure is not published."""
    change, gap, value = own.change(start, place), own.gap(place), own.own[place]
    if change is None or gap is None or value is None:
        return None

    def moved(among: Sequence[Followed]) -> Counted:
        found = [each.change(start, place) or 0.0 for each in among]
        return Counted(as_far(change, found), len(found))

    gaps = [each.gap(place) or 0.0 for each in counted]
    return Later(
        years_on=place - start,
        year=all_years()[place],
        value=value,
        change=change,
        mix=float(own.mix[place]),
        mix_change=own.mix_change(start, place),
        gap=gap,
        all_others=moved(others),
        like_starts=moved(like),
        beside_mix=Counted(as_far(gap, gaps), len(gaps)),
    )


def _outside(asked: Question, own: Followed) -> tuple[tuple[int, str], ...]:
    """List the years before in which the council's figure was beyond every other's."""
    pool = panel(asked.measure)
    rows = [
        row
        for row, code in enumerate(pool.codes)
        if code != asked.council and code not in asked.left_out
    ]
    found = []
    for place in range(pool.column(asked.year) + 1):
        value, others = own.own[place] or 0.0, pool.values[rows, place]
        if value > others.max():
            found.append((pool.years[place], "higher"))
        elif value < others.min():
            found.append((pool.years[place], "lower"))
    return tuple(found)


def _checks(found: Comparison) -> tuple[Check, ...]:
    weights = [sum(each.weights.values()) for each in (found.own, *found.others)]
    looked = found.looked_at
    return (
        Check("every mix is a whole", max(abs(each - 1) for each in weights)),
        Check("no council is in its own mix", float(found.own.area.code in found.own.weights)),
        Check("the gap is council less mix", looked.gap - (looked.value - looked.mix)),
        Check("nobody counted is not among the others", len({*found.counted} - {*found.others})),
    )


def started_from(asked: Question) -> Question:
    """Give the question before anything was changed: the case's, or the same."""
    start = of_id(cases(), asked.case.preset)
    return asked.with_reasons({}) if start is None else start.question


def changes(asked: Question) -> tuple[Change, ...]:
    """List what differs from where the question started, with the reasons given."""
    before = started_from(asked)
    return tuple(
        Change(
            path=path,
            label=label_of(path),
            was=_said(before, path),
            now=_said(asked, path),
            reason=asked.reasons.get(path, ""),
        )
        for path in asked.differences(before)
    )


def _said(asked: Question, path: str) -> str:
    value = asked.at(path)
    if value is None:
        return "as usual" if path == "until" else value_text(path, None)
    if path == "council" or path.startswith("left_out"):
        return council(value).name
    return MEASURES[value].label if path == "measure" else str(value)
