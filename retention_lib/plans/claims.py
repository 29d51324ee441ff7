"""What a plan claims of leaving, beside what studies found: which of them would be enough.

Each effect on leaving is a lever: what it is taken to be, what it would have to be for the money to
come back, and the studies that bear on it. A measure that pays staff is set beside studies of pay,
each carried to that payment; any other beside what was found without pay, as it was found. Where a
measure works through caseloads, what is taken of caseloads and leaving is a claim too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from retention_lib.assumptions import register
from retention_lib.evidence import Bearing, findings, known
from retention_lib.incentives import SchemeKind
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.effects import incentive_effect_paths
from retention_lib.plans.incentive import yearly_share
from retention_lib.plans.numbers import POINTS, value_of
from retention_lib.plans.plan import Effect, Incentive, Measure, Plan
from retention_lib.plans.recruit_claims import NO_STUDY, RecruitClaim, evidence_of
from retention_lib.results import Cell, CellKind, Column, StudyFinding, Table
from retention_lib.units import percent, rounded_percent, trimmed
from retention_lib.words import enough
from retention_lib.workforce.engine import Band

About = Literal["pay", "help", "caseload"]

_BAND_WORDS: dict[Band, str] = {
    "newly_qualified": "newly qualified",
    "social_worker": "social workers",
    "senior": "seniors",
}
_OF: dict[About, str] = {"pay": "pay", "help": "help without pay", "caseload": "caseloads"}
_THROUGH_CASELOADS = {"posts", "demand", "recruits", "newly_qualified_load"}
_TEXT: CellKind = "text"
_SHARE: CellKind = "share"


@dataclass(frozen=True, kw_only=True)
class LeavingClaim:
    """One thing that is taken to lower leaving, what it would have to be, and what studies found.

    `assumed`, `low` and `high` are falls in leaving, as shares, of those whom it reaches; `needed`
    the fall at which the money comes back, all effects of the plan made larger or smaller alike. It
    is None where nothing is enough, where nothing is assumed, and for caseloads, which are not
    solved for. `times` is how many times as large all effects then are, and `alone` says that this
    is the plan's only one. `payment` is what is paid in a year as a share of salary, None where
    nothing is.
    """

    path: str
    label: str
    about: About
    assumed: float
    low: float
    high: float
    needed: float | None
    payment: float | None
    findings: tuple[StudyFinding, ...]
    times: float | None = None
    alone: bool = False


def leaving_claims(
    plan: Plan, needed_times: float | None, alone: bool = False
) -> tuple[LeavingClaim, ...]:
    """List what a plan claims of leaving, in the order of its measures.

    Args:
        plan: what was chosen.
        needed_times: how many times as large all effects must be for the money to come back.
        alone: whether the plan has one effect and no more.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
        ...                        "measures": [{"kind": "recognition"}]})
        >>> claim = leaving_claims(plan, 2.0)[0]
        >>> claim.assumed, claim.needed, [f.fall for f in claim.findings if f.has_size]
        (0.045, 0.09, [0.0449])
    """
    found: list[LeavingClaim] = []
    for index, measure in enumerate(plan.measures):
        found += _of_effects(plan, index, measure, needed_times)
        if measure.incentive is not None:
            found += _of_incentive(plan, index, measure, measure.incentive, needed_times)
    solved = [replace(claim, times=needed_times, alone=alone) for claim in found]
    return (*solved, *_of_caseload(plan))


def _of_effects(
    plan: Plan, index: int, measure: Measure, times: float | None
) -> Iterator[LeavingClaim]:
    """Give a measure's own effects on leaving, those that claim nothing at all left out."""
    for place, effect in enumerate(measure.effects):
        if effect.on != "leaving" or not (effect.central or effect.high):
            continue
        bands = ", ".join(_BAND_WORDS[band] for band in effect.bands)
        payment = _payment(plan, measure, effect)
        yield LeavingClaim(
            path=f"measures.{index}.effects.{place}.central",
            label=f"{measure.name} ({bands})" if bands else measure.name,
            about="help" if payment is None else "pay",
            assumed=effect.central,
            low=effect.low,
            high=effect.high,
            needed=_needed(effect.central, times),
            payment=payment,
            findings=_help(plan) if payment is None else _pay(plan, "retention", payment),
        )


def _of_incentive(
    plan: Plan, index: int, measure: Measure, offered: Incentive, times: float | None
) -> Iterator[LeavingClaim]:
    """Give what a payment is taken to do to leaving, set by hand or following the payment."""
    share = yearly_share(offered)
    for path in incentive_effect_paths(index, measure):
        row = register().behind(path.split("incentive.", 1)[1])
        if path.endswith("extra_hires") or row is None:
            continue
        scale = share if path.endswith("pay_elasticity") else 1.0
        size = float(plan.at(path))
        number = row.around(path, size)
        assumed, low, high = (min(1.0, end * scale) for end in (size, number.low, number.high))
        yield LeavingClaim(
            path=path,
            label=measure.name,
            about="pay",
            assumed=assumed,
            low=low,
            high=high,
            needed=_needed(assumed, times),
            payment=share,
            findings=_pay(plan, offered.scheme.kind, share),
        )


def _of_caseload(plan: Plan) -> Iterator[LeavingClaim]:
    """Give what one case fewer is taken to do, where a measure changes cases or who holds them."""
    points = plan.baseline.caseload_turnover
    turnover = value_of(plan, "service.turnover")
    row = register().behind("baseline.caseload_turnover")
    works = any(
        effect.on in _THROUGH_CASELOADS for measure in plan.measures for effect in measure.effects
    )
    if not works or not points or turnover <= 0 or row is None:
        return
    number = row.around("baseline.caseload_turnover", points)
    ends = (points, number.low, number.high)
    assumed, low, high = (min(1.0, end * POINTS / turnover) for end in ends)
    yield LeavingClaim(
        path="baseline.caseload_turnover",
        label="One case fewer for each worker",
        about="caseload",
        assumed=assumed,
        low=low,
        high=high,
        needed=None,
        payment=None,
        findings=_bearing(plan, "caseload"),
    )


def _needed(assumed: float, times: float | None) -> float | None:
    return None if times is None or not assumed else min(1.0, assumed * times)


def _payment(plan: Plan, measure: Measure, effect: Effect) -> float | None:
    """Give what each person reached is paid in a year, as a share of salary; None for no pay."""
    if not measure.per_staff_year:
        return None
    known = catalogue().get(measure.kind)
    on_costs = plan.pay.oncost_rate if known is None or known.on_costs else 0.0
    salary = _salary(plan, effect.bands)
    return measure.per_staff_year / (1.0 + on_costs) / salary if salary >= 1 else 0.0


def _salary(plan: Plan, bands: Sequence[Band]) -> float:
    """Give the mean salary of bands, all of them where none is named."""
    new, senior = plan.service.newly_qualified_share, plan.service.senior_share
    people: dict[Band, float] = {
        "newly_qualified": new,
        "social_worker": 1.0 - new - senior,
        "senior": senior,
    }
    some = [band for band in people if not bands or band in bands]
    there = sum(people[band] for band in some)
    if there <= 0:
        return float(getattr(plan.pay, some[0]))
    return sum(people[band] * float(getattr(plan.pay, band)) for band in some) / there


def _pay(plan: Plan, kind: SchemeKind, share: float) -> tuple[StudyFinding, ...]:
    """Give the studies of pay, each carried to a payment worth a yearly share of salary."""
    return tuple(
        StudyFinding.of(each)
        for each in findings(kind, share, plan.studies)
        if each.study.is_pay and "leaving" in each.study.bears_on
    )


def _help(plan: Plan) -> tuple[StudyFinding, ...]:
    return tuple(each for each in _bearing(plan, "leaving") if not each.is_pay)


def _bearing(plan: Plan, on: Bearing) -> tuple[StudyFinding, ...]:
    """Give the studies that bear on something, as they were found."""
    return tuple(
        StudyFinding.of(each)
        for each in findings("retention", 0.0, plan.studies)
        if on in each.study.bears_on
    )


def claim_sentence(claim: LeavingClaim) -> str:
    """Say what is assumed, what would have to be true, and which studies found as much.

    A study is called enough only where the plan has no other effect.
    """
    assumed = rounded_percent(claim.assumed)
    if claim.about == "caseload":
        found = "; ".join(f"{f.found_none} ({f.label})" for f in claim.findings if f.found_none)
        none = f" A study that looked found none: {found[:1].lower()}{found[1:]}." if found else ""
        return f"{claim.label} is taken to lower leaving by {assumed}.{none}"
    start = f"{claim.label} is taken to lower leaving by {assumed}."
    if claim.payment is not None:
        size = rounded_percent(claim.payment)
        start = (
            f"{claim.label}, worth {size} of salary a year, is taken to lower leaving by {assumed}."
        )
    if not claim.assumed:
        return f"{start} Nothing is claimed, so there is nothing to find."
    if claim.needed is None:
        return f"{start} No size of effect would bring the money back. {_found(claim)}"
    if not claim.needed:
        return f"{start} The money comes back without it."
    size = rounded_percent(claim.needed)
    if claim.alone or claim.times is None:
        need = f"For the money to come back it would need {size}."
        return f"{start} {need} {enough(claim.findings, claim.needed, _OF[claim.about])}"
    return f"{start} {alike(claim.times)} {size}. {_as_much(claim, claim.needed)}"


def alike(times: float) -> str:
    """Say how large one effect is where all are made larger or smaller alike, up to its size.

    Example:
        >>> alike(0.65)[:72]
        'If every effect of the plan were scaled down alike to 65% of what is ass'
    """
    way = (
        f"down alike to {percent(times)} of"
        if times <= 1
        else f"up alike to {trimmed(times, 1)} times"
    )
    return (
        f"If every effect of the plan were scaled {way} what is assumed, the money would just come "
        "back, and this one would be"
    )


def recruit_sentence(claim: RecruitClaim) -> str:
    """Say how many people are taken to come, that no study says so, and where the figure is from.

    Example:
        >>> from retention_lib.plans.recruit_claims import recruit_claims
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
        ...                        "measures": [{"kind": "refer_a_friend"}]})
        >>> recruit_sentence(recruit_claims(plan, 2.0, True)[0])[:71]
        'Refer a friend (experienced) is taken to bring 2 people a year. For the'
    """
    start = f"{claim.label} is taken to bring {claim.text(claim.assumed)}."
    if claim.needed and claim.times is not None:
        size = claim.text(claim.needed)
        if claim.alone:
            start += f" For the money to come back it would need {size}."
        else:
            start += f" Scaled alike with the plan's other effects, it would be {size}."
    evidence = evidence_of(claim)
    source = claim.source.rstrip(".")
    return f"{start} {evidence[:1].upper()}{evidence[1:]}. Where the number comes from: {source}."


def _as_much(claim: LeavingClaim, needed: float) -> str:
    """Say which studies point to as much, without calling that enough."""
    sized = [each for each in claim.findings if each.has_size]
    names = [each.label for each in sized if (each.fall or 0.0) >= needed]
    unsized = sum(each.fall is None for each in claim.findings)
    more = f" {unsized} more gave no figure." if unsized else ""
    of = _OF[claim.about]
    if not sized:
        return f"No study of {of} gives a figure."
    if len(sized) == 1:
        points = "points" if names else "does not point"
        start = f"The one study of {of} that gives a figure, {sized[0].label},"
        return f"{start} {points} to as much as that.{more}"
    start = f"Of {len(sized)} studies of {of}"
    if not names:
        return f"{start}, none points to as much as that.{more}"
    s = "s" if len(names) == 1 else ""
    return f"{start}, {len(names)} point{s} to as much as that: {'; '.join(names)}.{more}"


def _found(claim: LeavingClaim) -> str:
    """Say the least and the most that studies found."""
    falls = [each.fall or 0.0 for each in claim.findings if each.has_size]
    of = _OF[claim.about]
    if not falls:
        return f"No study of {of} gives a figure."
    if len(falls) == 1:
        return f"The one study of {of} that gives a figure points to {rounded_percent(falls[0])}."
    least = rounded_percent(min(falls)) if min(falls) else "nothing"
    return f"Studies of {of} point to between {least} and {rounded_percent(max(falls))}."


def claims_table(
    plan: Plan, claims: Sequence[LeavingClaim], recruits: Sequence[RecruitClaim] = ()
) -> Table:
    """Give every study beside every claim on which it bears, and claims of joiners, without any."""
    columns = (
        Column("claim", "What is taken to lower leaving, or to bring people", _TEXT),
        Column("assumed", "By", _SHARE),
        Column("needed", "Where the money comes back, all effects scaled alike", _SHARE),
        Column("study", "Study", _TEXT),
        Column("fall", "Fall in leaving, for this payment", _SHARE),
        Column("low", "Low", _SHARE),
        Column("high", "High", _SHARE),
        Column("enough", "Found as much?", _TEXT),
        Column("nearness", "How near to social work", _TEXT),
        Column("quality", "Quality", _TEXT),
        Column("source", "Source", _TEXT),
    )
    by_id = {study.id: study for study in known(plan.studies)}
    rows: list[tuple[Cell, ...]] = []
    for claim in claims:
        for each in claim.findings:
            study = by_id[each.id]
            of_study = (study.nearness, study.quality, study.source)
            found = (each.fall, each.low, each.high, verdict(claim, each))
            rows.append((claim.label, claim.assumed, claim.needed, each.label, *found, *of_study))
    for joiners in recruits:
        label = f"{joiners.label}: {joiners.text(joiners.assumed)}"
        found = (None, None, None, "No figure")
        grade = (joiners.quality, joiners.source)
        rows.append((label, None, None, NO_STUDY, *found, "", *grade))
    title = "What is taken to lower leaving, or to bring people, beside what studies found"
    return Table("evidence", title, columns, tuple(rows))


def verdict(claim: LeavingClaim, found: StudyFinding) -> str:
    """Say whether a study found as much as a claim needs, all effects scaled alike.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
        ...                        "measures": [{"kind": "recognition"}]})
        >>> claim = leaving_claims(plan, 0.5)[0]
        >>> [verdict(claim, each) for each in claim.findings]
        ['Yes', 'No figure', 'No figure']
    """
    if found.found_none:
        return found.found_none
    if found.fall is None:
        return "No figure; could be chance" if found.significant is False else "No figure"
    if not found.has_size:
        return "Replaced or of no known size"
    if claim.needed is None:
        return "No size is enough" if claim.assumed and claim.about != "caseload" else ""
    return "Yes" if found.fall >= claim.needed else "No"
