"""A comparison in sentences: the answer first, then luck, the gap, and who has closed one."""

from __future__ import annotations

from retention_lib.benchmarks.gap import Gap, GapLine
from retention_lib.benchmarks.groups import history_note
from retention_lib.benchmarks.measures import MEASURES, Measure
from retention_lib.benchmarks.result import ReadClaim
from retention_lib.benchmarks.standing import Standing
from retention_lib.benchmarks.trend import Change, Trend
from retention_lib.figures import region_of
from retention_lib.units import count, money, percent

QUARTER_NAMES = {1: "best", 2: "second", 3: "third", 4: "worst"}

_NOTHING = 0.5  # pounds
_YEARS = {1: "one year", 2: "two years", 3: "three years", 4: "four years"}


def possessive(name: str) -> str:
    """Give a council's name as an owner.

    Example:
        >>> possessive("Plymouth"), possessive("North Tyneside / Leeds"), possessive("St. Helens")
        ("Plymouth's", "North Tyneside / Leeds'", "St. Helens'")
    """
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def headline(stood: Standing) -> str:
    """Give the standing in one line."""
    measure = MEASURES[stood.measure]
    subject = f"{possessive(stood.area.name)} {measure.noun}"
    if stood.value is None:
        return f"{subject} for {stood.year} is not published: {stood.why_none}."
    said = f"{subject} was {measure.text(stood.value)} in {stood.year}"
    if stood.neighbours is None:
        return f"{said}. There is nothing published to set it beside."
    middle = f"{stood.group.name} ({measure.text(stood.neighbours)})"
    if stood.verdict == "no different":
        return f"{said}: no different from {middle}, once luck is allowed for."
    if stood.verdict == "unknown":
        return f"{said}, beside {middle}. Too little is published to tell luck from difference."
    return f"{said}: {'above' if stood.verdict == 'higher' else 'below'} {middle}."


def sentences(
    stood: Standing, trends: Trend, gap: Gap, claim: ReadClaim, scheme_is_there: bool
) -> tuple[str, ...]:
    """Give what the gap is worth, who has closed one, what luck could do, and the trend."""
    said = (
        worth(stood, gap),
        _needed(gap, scheme_is_there),
        claim_sentence(stood, claim),
        _luck(stood),
        _beside(stood),
        _trend(stood, trends),
        history_note(stood.area),
        stood.group.note,
    )
    return tuple(sentence for sentence in said if sentence)


def worth(stood: Standing, gap: Gap) -> str:
    """Say what closing the gap is worth in a year, or what it costs."""
    if gap.difference is None or gap.target_value is None:
        return ""
    measure = MEASURES[gap.measure]
    aim = "the middle of" if gap.target == "median" else "the best quarter of"
    aim = f"{aim} {stood.group.name} ({measure.text(gap.target_value)})"
    if not gap.is_open:
        if gap.difference > 0:
            return "What the gap is worth cannot be said: the staff behind it are not published."
        below = "at" if gap.difference == 0 else f"{measure.by(gap.difference)} below"
        return f"It is {below} {aim}, so there is no gap to close."
    start = f"Closing the gap to {aim} means {_people(gap)}"
    if stood.verdict == "no different":
        start = f"The gap may be luck. {start}"
    return f"{start}. {_worth_words(gap)}."


def _worth_words(gap: Gap) -> str:
    """Say a sum and its ends as what they are: worth something, or a cost."""
    if abs(gap.pounds) < _NOTHING:
        said = "It would neither save nor cost anything"
    elif gap.pounds > 0:
        said = f"It would be worth {money(gap.pounds)} a year"
    else:
        said = f"It would cost {money(-gap.pounds)} a year"
    if gap.low == gap.high:
        return said
    if gap.low >= 0 or gap.high <= 0:
        ends = sorted(abs(end) for end in (gap.low, gap.high))
        return f"{said}, between {money(ends[0])} and {money(ends[1])}"
    return f"{said}: anything from a cost of {money(-gap.low)} to a gain of {money(gap.high)}"


def _people(gap: Gap) -> str:
    """Say how many people the gap stands for."""
    people = {line.key: line for line in gap.lines}
    if "leavers_cash" in people:
        return f"{_counted(people['leavers_cash'], 'leaver')} fewer a year"
    if "agency" in people:
        return f"{_counted(people['agency'], 'agency worker')} fewer, each replaced by an employee"
    if "covered" in people:
        filled = people["covered"].people + people["uncovered"].people
        return (
            f"{count(filled)} vacancies filled, of which agency staff cover "
            f"{count(people['covered'].people)}: those save, the others cost their pay"
        )
    if "workers" in people:
        return f"{_counted(people['workers'], 'more worker')} for the same cases"
    return f"the work of {_counted(people['work'], 'more full-time worker')}; no budget holds it"


def _counted(line: GapLine, noun: str) -> str:
    number = count(line.people)
    return f"{number} {noun}{'' if number == '1' else 's'}"


def _needed(gap: Gap, scheme_is_there: bool) -> str:
    if gap.needed_fall is None or not scheme_is_there:
        return ""
    return (
        f"To close it, a scheme would have to cut leaving by {percent(gap.needed_fall)} among "
        "everyone."
    )


def claim_sentence(stood: Standing, claim: ReadClaim) -> str:
    """Read the claim against what became of the councils that started alike."""
    measure, found = MEASURES[stood.measure], claim.reference
    where = _started(measure, claim)
    if not found.found:
        return f"No council {where}, so nobody can say whether a claim is likely."
    did, moved = len(claim.did), "rise" if claim.change > 0 else "fall"
    later = _YEARS.get(found.years_on, f"{found.years_on} years")
    often = f"in {did} ({percent(claim.share or 0.0)})" if did else "in none"
    mean = found.mean_change or 0.0
    drift = f"On average they {'rose' if mean > 0 else 'fell'} by {measure.by(mean)}"
    times = len(found.found)
    start = f"Of {times} times a council {where}" if times > 1 else f"One council {where}"
    return (
        f"{start}, {often} did it {moved} by {measure.by(claim.change)} or more within {later}. "
        f"{drift}, whatever they did."
    )


def _started(measure: Measure, claim: ReadClaim) -> str:
    low, high = claim.reference.at_least, claim.reference.at_most
    if high == float("inf"):
        return f"started at {measure.text(low)} or more"
    return f"started between {measure.number(low)} and {measure.text(high)}"


def _luck(stood: Standing) -> str:
    if stood.low is None or stood.high is None:
        return ""
    measure = MEASURES[stood.measure]
    said = (
        f"Luck alone could put it anywhere from {measure.number(stood.low)} to "
        f"{measure.text(stood.high)}."
    )
    if stood.rank is None or stood.quarter is None:
        return f"{said} So a rank would mean nothing."
    return (
        f"{said} It ranks {stood.rank} of {stood.of} councils, 1 being the lowest: in the "
        f"{QUARTER_NAMES[stood.quarter]} quarter."
    )


def _beside(stood: Standing) -> str:
    measure, said = MEASURES[stood.measure], []
    if stood.england is not None:
        said.append(f"England was at {measure.text(stood.england)}")
    region = region_of(stood.area)
    if stood.region is not None and region is not None:
        said.append(f"{region.name} at {measure.text(stood.region)}")
    return f"{' and '.join(said)} in the same year." if said else ""


def _trend(stood: Standing, trends: Trend) -> str:
    measure = MEASURES[stood.measure]
    said = [
        _moved(measure, change)
        for change in (trends.since_last, trends.since_first)
        if change is not None
    ]
    return f"It {', and '.join(said)}." if said else ""


def _moved(measure: Measure, change: Change) -> str:
    if measure.by(change.difference).startswith("0 "):
        return f"is where it was in {change.since}"
    moved = "rose" if change.difference > 0 else "fell"
    luck = {
        True: ", which could be luck",
        False: ", more than luck alone would do",
        None: "",
    }[change.by_luck]
    return f"{moved} by {measure.by(change.difference)} since {change.since}{luck}"
