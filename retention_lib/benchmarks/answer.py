"""Answer a comparison: one pure function from what a user asked to the whole answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from retention_lib.assumptions import register
from retention_lib.benchmarks import tables, words
from retention_lib.benchmarks.cases import cases
from retention_lib.benchmarks.comparison import Comparison
from retention_lib.benchmarks.gap import Gap, Prices, gap
from retention_lib.benchmarks.groups import MODELS, GroupKind, council, group_of
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.reference import band_around, reference_class
from retention_lib.benchmarks.result import BenchmarkResult, ReadClaim
from retention_lib.benchmarks.scheme import way_to_close
from retention_lib.benchmarks.sensitivity import PRICED, gap_bars, row_of
from retention_lib.benchmarks.standing import EVENTS_TOGETHER, Standing, standing, standings
from retention_lib.benchmarks.trend import trend
from retention_lib.figures import ENGLAND, Area, all_areas, figure, provenance, region_of
from retention_lib.labels import label_of, value_text
from retention_lib.origins import of_id
from retention_lib.provenance import provenance_of
from retention_lib.results import Change, Check, require
from retention_lib.uncertainty import Range
from retention_lib.units import percent

SAYS = (
    "Published figures, and what would follow if a gap were closed and nothing else changed. Not a "
    "forecast, and not advice."
)

SET_BY_HAND = "set by hand"
_COVERED = "covered_share"


def compare(asked: Comparison) -> BenchmarkResult:
    """Answer a comparison: the standing, the trend, the gap's worth, and who has closed one.

    Pure: the same comparison gives the same answer.

    Raises:
        BrokenIdentityError: where people or pounds do not add up.

    Example:
        >>> asked = Comparison.from_dict(
        ...     {"schema": 1, "kind": "benchmark", "council": "806", "year": 2019})
        >>> compare(asked).standing.value
        0.208
    """
    area = council(asked.council)
    group = group_of(area, asked.beside.group, asked.beside.codes)
    stood = standings(area, asked.year, group)
    mine = next(each for each in stood if each.measure == asked.measure)
    priced = prices_of(asked)
    found = gap(mine, asked.target, priced)
    claim = read_claim(asked, mine, found)
    trends = tuple(trend(key, area, asked.year, group) for key in MEASURES)
    other = _by_the_other_model(asked, mine)
    mine_over_years = next(each for each in trends if each.measure == asked.measure)
    way = way_to_close(mine, found, priced)
    bars = gap_bars(mine, found, priced)
    checks = _checks(mine, found, claim)
    require(checks)
    return BenchmarkResult(
        headline=words.headline(mine),
        sentences=words.sentences(mine, mine_over_years, found, claim, way, other),
        standing=mine,
        standings=stood,
        trends=trends,
        gap=found,
        claim=claim,
        way=way,
        tornado=bars,
        other_measure=asked.other_measure,
        tables=(
            tables.standing_table(stood),
            tables.strip_table(mine),
            tables.group_table(mine),
            tables.trend_table(mine_over_years),
            tables.measures_table(trends),
            tables.gap_table(found),
            tables.tornado_table(bars),
            tables.spread_table(claim),
            tables.reference_table(claim),
            tables.scatter_table(mine, asked.other_measure),
        ),
        notes=_notes(asked, mine),
        changes=changes(asked),
        checks=checks,
        provenance=provenance_of(asked, SAYS),
    )


def _by_the_other_model(asked: Comparison, mine: Standing) -> Standing | None:
    """Place the council by the other neighbour model, where that gives another verdict."""
    if asked.beside.group not in MODELS:
        return None
    kind: GroupKind = (
        "neighbours_2021" if asked.beside.group == "neighbours_2025" else "neighbours_2025"
    )
    other = standing(asked.measure, mine.area, mine.year, group_of(mine.area, kind))
    known = "unknown" not in {mine.verdict, other.verdict}
    return other if known and other.verdict != mine.verdict else None


def prices_of(asked: Comparison) -> Prices:
    """Take the prices that were asked with, each with the register's ends, stretched to hold it."""
    taken = {
        name: row_of(name).around(name, asked.at(path))
        for name, path in PRICED.items()
        if name != _COVERED
    }
    share, whose = covered_share(asked)
    row = row_of(_COVERED)
    guessed = whose not in {SET_BY_HAND, _published_by(council(asked.council), asked.year)}
    low, high = (row.low, row.high) if guessed else (share, share)
    ends = sorted([share, low or 0.0, 1.0 if high is None else high])
    return Prices(**taken, covered_share=Range(_COVERED, ends[0], share, ends[-1]))


def covered_share(asked: Comparison) -> tuple[float, str]:
    """Give the share of vacancies that agency staff cover, and whose figure it is.

    The council's own of that year; where that is not published its region's, then England's.
    """
    if asked.costs.covered_share is not None:
        return asked.costs.covered_share, SET_BY_HAND
    area = council(asked.council)
    region = region_of(area)
    for each in (area, region, all_areas()[ENGLAND]):
        share = figure("vacancies_covered", each.code, asked.year) if each else None
        if each and share is not None:
            return min(1.0, share), _published_by(each, asked.year)
    return register().default("costs.covered_share"), "the register's central value"


def _published_by(area: Area, year: int) -> str:
    return f"DfE, {area.name}, September {year}"


def claim_of(asked: Comparison) -> ReadClaim:
    """Read a comparison's claim alone: a small part of the whole answer.

    Example:
        >>> asked = Comparison.from_dict(
        ...     {"schema": 1, "kind": "benchmark", "council": "806", "year": 2019})
        >>> claim_of(asked) == compare(asked).claim
        True
    """
    area = council(asked.council)
    group = group_of(area, asked.beside.group, asked.beside.codes)
    mine = standing(asked.measure, area, asked.year, group)
    return read_claim(asked, mine, gap(mine, asked.target, prices_of(asked)))


def read_claim(asked: Comparison, stood: Standing, found: Gap) -> ReadClaim:
    """Read a claim against the councils that started alike; what was left out is filled.

    The change is the one that closes the gap, or a plain fall where there is none; the start is
    the council's own figure, or its group's middle where it has none. One end alone leaves the
    other open. The council-year that is asked about is no evidence of itself, and left out.
    """
    measure, claim = MEASURES[stood.measure], asked.claim
    start = next(
        (each for each in (stood.value, stood.neighbours, stood.england) if each is not None), 0.0
    )
    digits = 3 if measure.is_share else 1
    plain_fall = -round(min(2 * measure.near, start / 2), digits)
    closing = -round(found.difference, digits) if found.is_open and found.difference else None
    change = claim.change if claim.change is not None else (closing or plain_fall)
    low, high = band_around(measure.key, start, claim.years_on)
    if claim.at_least is not None or claim.at_most is not None:
        low = claim.at_least if claim.at_least is not None else 0.0
        high = claim.at_most if claim.at_most is not None else float("inf")
    among = None
    if claim.among == "group":
        among = {stood.area.code, *(each.code for each in stood.group.areas)}
    reference = reference_class(
        measure.key,
        at_least=low,
        at_most=high,
        years_on=claim.years_on,
        among=among,
        apart_from=(stood.area.code, stood.year),
    )
    return ReadClaim(change, claim.change is not None, reference, among is not None)


def started_from(asked: Comparison) -> Comparison:
    """Give the comparison before anything was changed: the case's, or the same question plain."""
    start = of_id(cases(), asked.case.preset)
    if start is not None:
        return start.comparison
    answered = ("claim", "leaver_cost", "leaver_cost_cashable_share", "costs", "reasons")
    given = {key: value for key, value in asked.to_dict().items() if key not in answered}
    return Comparison.from_dict(given)


def changes(asked: Comparison) -> tuple[Change, ...]:
    """List what differs from where the comparison started, with the reasons given."""
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


def _said(asked: Comparison, path: str) -> str:
    """Write what stands in a field, in the measure's unit where it has one."""
    value, measure = asked.at(path), MEASURES[asked.measure]
    is_code = path == "council" or path.startswith("beside.codes")
    if value is None:
        return value_text(path, value) if is_code else "as the figures give it"
    if is_code:
        return council(value).name
    writers: Mapping[str, Callable[[Any], str]] = {
        "measure": lambda key: MEASURES[key].label,
        "second_measure": lambda key: MEASURES[key].label,
        "claim.change": measure.change,
        "claim.at_least": measure.text,
        "claim.at_most": measure.text,
    }
    return writers[path](value) if path in writers else value_text(path, value)


def _checks(stood: Standing, found: Gap, claim: ReadClaim) -> tuple[Check, ...]:
    spread = sum(float(row[2] or 0) for row in tables.spread_table(claim).rows)
    inside = [stood.value] if stood.value is not None and stood.low is not None else []
    outside = [
        max(0.0, (stood.low or 0.0) - value, value - (stood.high or 0.0)) for value in inside
    ]
    return (
        Check(
            "the gap's worth lies within its range",
            max(0.0, found.low - found.pounds, found.pounds - found.high),
        ),
        Check("every council-year is drawn once", spread - claim.reference.council_years),
        Check("the figure lies within the interval of luck", sum(outside)),
    )


def _luck_note() -> str:
    """Say how luck is reckoned, and which of its numbers no source gives."""
    cases_at_once, days_at_once = (register()[key] for key in EVENTS_TOGETHER.values())
    return (
        "Luck: a share of staff is taken as so many people each with the same chance (Wilson's "
        f"interval, 95%). Cases are taken to come {cases_at_once.default:g} at a time "
        f"({cases_at_once.low:g} to {cases_at_once.high:g}), for families have several children, "
        f"and days of sickness {days_at_once.default:g} at a time ({days_at_once.low:g} to "
        f"{days_at_once.high:g}). No source gives either: they are our judgement."
    )


def _notes(asked: Comparison, stood: Standing) -> tuple[str, ...]:
    """Say what a reader must know that the figures alone do not tell."""
    share, whose = covered_share(asked)
    notes = [
        f"Every figure is of one year, {asked.year}; the trend and the council-years say theirs.",
        _luck_note(),
        "What a gap is worth lies between the ends of what people cost. Luck in the figure itself "
        "comes on top.",
        "A change between two years is set against luck as if everyone were new. Many are the same "
        "people, so a change called luck may be real.",
        "No rank is given to a council with under 30 full-time equivalent staff, or where luck "
        "could move it past more than half of the others.",
        "The councils that started there did something or nothing, as councils do. What became of "
        "them is not what would happen without action.",
    ]
    if asked.measure == "vacancy":
        notes.append(
            f"Agency staff cover {percent(share, 1)} of vacancies ({whose}). Filling one that "
            "nobody covers costs its pay: it brings work, and no saving."
        )
    if asked.measure in {"vacancy", "agency"}:
        notes.append(
            "Agency staff cover vacancies, so the worth of the gap in one is not to be added to "
            "that of the other."
        )
    ofsted, model = provenance("judgements"), MODELS.get(asked.beside.group)
    if model is not None:
        notes.append(f"{provenance(f'neighbours_{model}')['publication']}.")
    notes.append(f"Ofsted: {ofsted['publication']}, {ofsted['release']}.")
    missing = len(stood.group.areas) - len(stood.group_values)
    if missing:
        notes.append(
            f"{missing} of the {len(stood.group.areas)} councils compared with "
            f"{'has' if missing == 1 else 'have'} no figure for {asked.year}."
        )
    return tuple(notes)
