"""What would change a plan's answer, and its claims beside what studies found, as pictures."""

from __future__ import annotations

from collections.abc import Sequence

from retention_lib.pictures.drawing import claims, tornado
from retention_lib.pictures.drawing.places import NARROW, fitted_lines, waiting
from retention_lib.pictures.drawn import Drawn
from retention_lib.plans.claims import LeavingClaim, claim_sentence, recruit_sentence
from retention_lib.plans.plan import Plan
from retention_lib.plans.recruit_claims import RecruitClaim, evidence_of
from retention_lib.plans.result import NetBar, PlanResult
from retention_lib.results import StudyFinding
from retention_lib.units import money, percent, rounded_percent, trimmed

_MOST_BARS = 9
_LABEL = 240.0
_FOLLOWS = "It follows with the ranges, a moment after the last move."
_PALE = "The pale bar at the foot of a row is the range of what is assumed."
_ALIKE = "all effects scaled alike"
_NO_MEASURES = "There is no measure in the plan yet."


def what_changes_it(plan: Plan, result: PlanResult, width: float) -> Drawn:
    """Draw what each number that nobody knows would alone do to four years' net cash."""
    title, table = "What would change the answer", result.table("tornado")
    if not plan.measures:
        return Drawn(title, _NO_MEASURES, "", table)
    if result.ranges is None:
        size = width, tornado.height_of(_MOST_BARS, width)
        return Drawn(title, _FOLLOWS, waiting("tornado", title, _FOLLOWS, size, _FOLLOWS), table)
    swings = [
        tornado.Swing(
            _label(bar.label, width), bar.low_text, bar.high_text, bar.net_at_low, bar.net_at_high
        )
        for bar in result.tornado[:_MOST_BARS]
    ]
    chart = tornado.TornadoChart(
        key="tornado",
        title=title,
        reading=_tornado_reading(result.tornado),
        swings=swings,
        now=result.net,
        axis="four years' net cash, £ thousand",
    )
    return Drawn(title, chart.reading, tornado.draw(chart, width), table)


def _label(label: str, width: float) -> str:
    """Cut a label to the two lines that it has."""
    return " ".join(fitted_lines(label, width - 4 if width < NARROW else _LABEL, 13))


def _tornado_reading(bars: Sequence[NetBar]) -> str:
    if not bars:
        return "Nothing uncertain changes the answer."
    turns = [
        bar
        for bar in bars
        if min(bar.net_at_low, bar.net_at_high) < 0 <= max(bar.net_at_low, bar.net_at_high)
    ]
    start = f"{bars[0].label} matters most."
    if not turns:
        return f"{start} No single one of these turns the answer round."
    if turns == [bars[0]]:
        return f"{start} It alone could turn the answer round."
    names = "; ".join(bar.label for bar in turns[:3])
    return f"{start} Any one of these could turn the answer round: {names}."


def tornado_sentences(result: PlanResult) -> list[str]:
    """Say each bar of the tornado as a sentence."""
    return [
        f"{bar.label}: at {bar.low_text} the plan {_gains(bar.net_at_low)}; "
        f"at {bar.high_text} it {_gains(bar.net_at_high)}."
        for bar in result.tornado
    ]


def _gains(pounds: float) -> str:
    return f"gains {money(pounds)}" if pounds >= 0 else f"loses {money(-pounds)}"


def claims_and_studies(plan: Plan, result: PlanResult, width: float) -> Drawn:
    """Draw what is taken to lower leaving or bring people, and what studies found of it."""
    title = "What it claims of leaving and of joiners, against what studies found"
    studies = _drawn(result.claims)
    chart = claims.ClaimChart(
        key="evidence",
        title=title,
        reading=_claims_reading(plan, result),
        axis="fall in leaving, of those whom the measure reaches",
        claims=[
            *[_claim(each, [study.id for study in studies]) for each in result.claims],
            *[_recruits(each) for each in result.recruits],
        ],
        names=[_name(study) for study in studies],
        notes=[*([_PALE] if result.claims else []), *_unsure(result.claims)],
    )
    svg = claims.draw(chart, width) if chart.claims else ""
    return Drawn(title, chart.reading, svg, result.table("evidence"))


def _drawn(found: Sequence[LeavingClaim]) -> list[StudyFinding]:
    """List the studies that have a mark, each once, in the order in which they come."""
    marked = {
        each.id: each
        for claim in found
        for each in claim.findings
        if each.has_size or each.found_none
    }
    return list(marked.values())


def _name(found: StudyFinding) -> str:
    """Name a study with what has to be known of its mark."""
    if found.found_none:
        return f"{found.label}: found none"
    if found.fall == 0:
        return f"{found.label}: no effect found"
    return f"{found.label}: could be chance" if found.significant is False else found.label


def _unsure(found: Sequence[LeavingClaim]) -> list[str]:
    """Say which studies found nothing sure and gave no figure, so that they are not forgotten."""
    names = {
        each.label: None
        for claim in found
        for each in claim.findings
        if each.fall is None and each.significant is False
    }
    return [f"Nothing sure found, and no figure given: {'; '.join(names)}."] if names else []


def _claim(claim: LeavingClaim, numbers: Sequence[str]) -> claims.Claim:
    marks = [
        claims.Mark(
            number=1 + numbers.index(each.id),
            value=each.fall or 0.0,
            low=each.low,
            high=each.high,
            filled=not each.found_none,
        )
        for each in claim.findings
        if each.id in numbers
    ]
    return claims.Claim(
        label=claim.label,
        assumed=claim.assumed,
        low=claim.low,
        high=claim.high,
        needed=claim.needed,
        needed_text=_needed_text(claim),
        marks=marks,
        is_enough=claim.alone,
    )


def _recruits(claim: RecruitClaim) -> claims.Claim:
    """Give a row of words: people who join are on no axis of leaving, and no study counted them."""
    needed = ""
    if claim.needed:
        size = claim.text(claim.needed)
        needed = f"needs {size}" if claim.alone else f"{size}, {_ALIKE}"
    return claims.Claim(
        label=claim.label,
        assumed=None,
        low=None,
        high=None,
        needed=None,
        needed_text=needed,
        marks=(),
        nothing=evidence_of(claim),
        assumed_text=f"assumes {claim.text(claim.assumed)}",
    )


def _needed_text(claim: LeavingClaim) -> str:
    if claim.needed is not None:
        size = rounded_percent(claim.needed)
        return f"needs {size}" if claim.alone else f"{size}, {_ALIKE}"
    if claim.about == "caseload":
        return ""
    return "no size is enough" if claim.assumed else "nothing is claimed"


def _claims_reading(plan: Plan, result: PlanResult) -> str:
    """Say how large the effects must be, and for how many of them studies found as much."""
    if not plan.measures:
        return _NO_MEASURES
    said = _leaving_reading(result)
    if not result.recruits:
        return said
    what = "what brings people" if len(result.recruits) == 1 else "any of what brings people"
    return f"{said} No study gives a figure for {what}."


def _leaving_reading(result: PlanResult) -> str:
    """Say it of what is taken to lower leaving."""
    solved = [claim for claim in result.claims if claim.needed is not None]
    if not result.claims:
        return "No measure of the plan is taken to lower leaving."
    times = result.needed_times
    if times is None and any(claim.about != "caseload" for claim in result.claims):
        return "No size of these effects would bring the money back within four years."
    if times is None or not solved:
        return "What the plan takes of leaving does not decide whether the money comes back."
    size = f"{percent(times)} of" if times <= 1 else f"{trimmed(times, 1)} times"
    found = sum(_is_found(claim) for claim in solved)
    of = f"{found} of these {len(solved)} effects on leaving"
    if found in (0, len(solved)):
        of = "each of these" if found else "any of these"
    if len(solved) == 1:
        of = "this effect on leaving"
    who = "At least one" if found else "No"
    every = "the effect" if solved[0].alone else "every effect of the plan, all scaled alike,"
    return (
        f"For the money to come back, {every} must be {size} what is assumed. {who} study found as "
        f"much for {of}."
    )


def _is_found(claim: LeavingClaim) -> bool:
    needed = claim.needed or 0.0
    return any(each.has_size and (each.fall or 0.0) >= needed for each in claim.findings)


def claim_sentences(result: PlanResult) -> list[str]:
    """Say of each claim what would have to be true and which studies found as much."""
    return [
        *[claim_sentence(claim) for claim in result.claims],
        *[recruit_sentence(claim) for claim in result.recruits],
    ]
