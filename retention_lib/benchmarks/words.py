"""A comparison in sentences: the answer first, then luck, the gap, and who has closed one."""

from __future__ import annotations

from retention_lib.benchmarks.gap import Gap, GapLine
from retention_lib.benchmarks.groups import history_note, with_article
from retention_lib.benchmarks.measures import MEASURES, Measure
from retention_lib.benchmarks.reference import CouncilYear
from retention_lib.benchmarks.result import ReadClaim
from retention_lib.benchmarks.standing import Standing, has_few_staff
from retention_lib.benchmarks.trend import Change, Trend
from retention_lib.figures import all_years, region_of
from retention_lib.units import count, money, percent

QUARTER_NAMES = {1: "best", 2: "second", 3: "third", 4: "worst"}

_NOTHING = 0.5  # pounds
_YEARS = {1: "one year", 2: "two years", 3: "three years", 4: "four years"}


def possessive(name: str) -> str:
    """Give a council's name as an owner.

    Example:
        >>> possessive("Plymouth"), possessive("North Tyneside / Leeds"), possessive("St. Helens")
        ("Plymouth's", "North Tyneside / Leeds'", "St. Helens'")
        >>> possessive("Bristol, City of")
        "Bristol's"
    """
    plain = name.removesuffix(", City of").removesuffix(", County of")
    return f"{plain}'" if plain.endswith("s") else f"{plain}'s"


def headline(stood: Standing) -> str:
    """Give the standing in one line."""
    measure = MEASURES[stood.measure]
    subject = f"{possessive(stood.area.name)} {measure.noun}"
    if stood.value is None:
        why = "" if stood.why_none == "not published" else f": {stood.why_none}"
        return f"{subject} for {stood.year} is not published{why}."
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
        claim_sentence(claim),
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
        far = measure.by(gap.difference)
        below = "at" if _is_nothing(far) else f"{far} below"
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
        return f"{_counted(people['leavers_cash'], 'fewer leaver')} a year"
    if "agency" in people:
        return f"{_counted(people['agency'], 'fewer agency worker')}, each replaced by an employee"
    if "covered" in people:
        return _filled(people["covered"].people, people["uncovered"].people)
    if "workers" in people:
        return f"{_counted(people['workers'], 'more worker')} for the same cases"
    return f"the work of {_counted(people['work'], 'more full-time worker')}; no budget holds it"


def _filled(covered: float, uncovered: float) -> str:
    """Say how many vacancies are filled: those that agency staff cover, and those nobody does."""
    number = _number(covered + uncovered)
    start = f"{number} {'vacancy' if number == '1' else 'vacancies'} filled"
    if count(uncovered) == "0":
        return f"{start}, covered by agency staff until then: that saves their premium"
    if count(covered) == "0":
        return f"{start}, covered by nobody until then: that costs their pay"
    return (
        f"{start}, of which agency staff cover {count(covered)}: those save, the others cost "
        "their pay"
    )


def _number(people: float) -> str:
    number = count(people)
    return "under 0.1" if number == "0" else number


def _is_nothing(words: str) -> bool:
    """Tell whether a difference, written, is none: "0 points"."""
    return words.startswith("0 ")


def _counted(line: GapLine, noun: str) -> str:
    number = _number(line.people)
    return f"{number} {noun}{'' if number == '1' else 's'}"


def _needed(gap: Gap, scheme_is_there: bool) -> str:
    if gap.needed_fall is None or not scheme_is_there:
        return ""
    fall = percent(gap.needed_fall, 0 if gap.needed_fall >= 0.0995 else 1)
    return f"To close it, a scheme would have to cut leaving by {fall} among all staff."


def claim_sentence(claim: ReadClaim) -> str:
    """Read the claim against what became of the councils that started alike."""
    measure, found = MEASURES[claim.reference.measure], claim.reference
    where = _started(measure, claim)
    if not found.found:
        if claim.in_group:
            return f"None of the councils compared here {where}, so they cannot show what follows."
        return f"No council {where}, so nobody can say whether a claim is likely."
    later = f"{_YEARS.get(found.years_on, f'{found.years_on} years')} later"
    if len(found.found) == 1:
        only = found.found[0]
        which = f"{only.area.name} in {only.year}"
        who = "of the councils compared here" if claim.in_group else "council"
        return f"Only one {who} {where}: {which}. {later.capitalize()} it {_ended(measure, only)}."
    did, times = len(claim.did), len(found.found)
    often = f"{did} of them ({percent(claim.share or 0.0)})" if did else "none of them"
    who = "one of the councils compared here" if claim.in_group else "a council"
    return (
        f"{times} times since {all_years()[0]} {who} has {where}. {later.capitalize()}, {often} "
        f"{_claimed(measure, claim)}. {_drift(measure, found.mean_change or 0.0)}, whatever they "
        "did."
    )


def _claimed(measure: Measure, claim: ReadClaim) -> str:
    """Say the claimed change as what a council had done by then."""
    far = measure.by(claim.change)
    if _is_nothing(far):
        return "had risen at all" if claim.change > 0 else "had not risen"
    return f"had {'risen' if claim.change > 0 else 'fallen'} by {far} or more"


def _drift(measure: Measure, mean: float) -> str:
    far = measure.by(mean)
    if _is_nothing(far):
        return "On average they ended where they started"
    return f"On average they {'rose' if mean > 0 else 'fell'} by {far}"


def _ended(measure: Measure, only: CouncilYear) -> str:
    far = measure.by(only.change)
    if _is_nothing(far):
        return "was where it had been"
    return f"had {'risen' if only.change > 0 else 'fallen'} by {far}"


def _started(measure: Measure, claim: ReadClaim) -> str:
    low, high = claim.reference.at_least, claim.reference.at_most
    if high == float("inf"):
        return f"started at {measure.text(low)} or more"
    if measure.text(low) == measure.text(high):
        return f"started at {measure.text(low)}"
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
        few = has_few_staff(stood.area, stood.year)
        why = "With so few staff it is given no rank" if few else "So a rank would mean nothing"
        return f"{said} {why}."
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
        said.append(f"{with_article(region)} at {measure.text(stood.region)}")
    return f"{' and '.join(said)} in the same year." if said else ""


def _trend(stood: Standing, trends: Trend) -> str:
    measure = MEASURES[stood.measure]
    said = [
        _moved(measure, change)
        for change in (trends.since_last, trends.since_first)
        if change is not None
    ]
    return f"It was {', and '.join(said)}." if said else ""


def _moved(measure: Measure, change: Change) -> str:
    far = measure.by(change.difference)
    if _is_nothing(far):
        return f"the same as in {change.since}"
    moved = "up" if change.difference > 0 else "down"
    luck = {
        True: ", which could be luck",
        False: ", more than luck alone would do",
        None: "",
    }[change.by_luck]
    return f"{far} {moved} on {change.since}{luck}"
