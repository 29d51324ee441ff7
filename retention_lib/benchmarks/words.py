"""A comparison in sentences: the answer first, then luck, the gap, and who has closed one."""

from __future__ import annotations

from retention_lib.assumptions import register
from retention_lib.benchmarks.gap import Gap, GapLine
from retention_lib.benchmarks.groups import MODELS, history_note, with_article
from retention_lib.benchmarks.measures import MEASURES, Measure
from retention_lib.benchmarks.reference import CouncilYear
from retention_lib.benchmarks.result import ReadClaim
from retention_lib.benchmarks.scheme import WayToClose
from retention_lib.benchmarks.standing import Standing, has_few_staff
from retention_lib.benchmarks.trend import Move, Trend
from retention_lib.figures import all_years, region_of
from retention_lib.units import count, money, percent, rounded_percent

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
        if stood.group.kind == "own" and not stood.group.areas:
            return f"{said}. Add councils to compare it with."
        return f"{said}. There is nothing published to set it beside."
    middle = f"{stood.group.name} ({measure.text(stood.neighbours)})"
    if stood.verdict == "no different":
        return f"{said}: no different from {middle}, once luck is allowed for."
    if stood.verdict == "unknown":
        return f"{said}, beside {middle}. Too little is published to tell luck from difference."
    return f"{said}: {'above' if stood.verdict == 'higher' else 'below'} {middle}."


def sentences(
    stood: Standing,
    trends: Trend,
    gap: Gap,
    claim: ReadClaim,
    way: WayToClose,
    other: Standing | None = None,
) -> tuple[str, ...]:
    """Give what the gap is worth, who has closed one, what luck could do, and the trend."""
    said = (
        worth(stood, gap),
        _needed(MEASURES[stood.measure], gap, way),
        claim_sentence(claim) if claim.is_own or gap.is_open else "",
        _luck(stood),
        _beside(stood),
        _by_other_model(other),
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
    low, high = stood.low, stood.high
    if low is not None and high is not None and low <= gap.target_value <= high:
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
        return f"{said}{_cash(gap)}"
    if gap.low >= 0 or gap.high <= 0:
        ends = sorted(abs(end) for end in (gap.low, gap.high))
        said += f", between {money(ends[0])} and {money(ends[1])} by what people cost"
    else:
        said += f": anything from a cost of {money(-gap.low)} to a gain of {money(gap.high)}"
    return f"{said}{_cash(gap)}"


def _cash(gap: Gap) -> str:
    """Say how much of a gain is money that a budget holds, where not all of it is."""
    if gap.pounds <= 0 or gap.cashable == gap.pounds:
        return ""
    if gap.cashable == 0:
        return ". It is work done, and no budget holds it"
    return f". Of that, {money(gap.cashable)} is money; the rest is work not lost"


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
    return f"the work of {_counted(people['work'], 'more full-time worker')}"


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


def _needed(measure: Measure, gap: Gap, way: WayToClose) -> str:
    """Say what goes by itself, and what a scheme would then have to do."""
    if way.extra_hires is not None:
        return _joiners(way.extra_hires)
    if measure.key != "turnover" or not gap.is_open:
        return ""
    start = "To close it"
    falls = way.usual_next is not None and _falls_by_itself(measure, gap, way.usual_next)
    if falls and way.usual_next is not None:
        start = (
            f"Much of a high turnover goes by itself: councils near there were at "
            f"{measure.text(way.usual_next)} a year later on average, whatever they did"
        )
        if way.needed_fall is None:
            return f"{start}. That alone would close the gap."
        start += ". From there"
    if way.needed_fall is None:
        return ""
    fall = rounded_percent(way.needed_fall)
    return f"{start}, a scheme would have to cut leaving by {fall} among all staff."


def _falls_by_itself(measure: Measure, gap: Gap, usual_next: float) -> bool:
    assert gap.target_value is not None
    assert gap.difference is not None
    change = usual_next - (gap.target_value + gap.difference)
    return change < 0 and not _is_nothing(measure.by(change))


def _joiners(extra: float) -> str:
    """Say how many would have to join who do not now, beside the most that we would guess."""
    most = register()["extra_hires"].high or 0.0
    more = count(100 * extra)
    said = f"Filled from outside, it takes {more} more joiners for each 100 who join now"
    if extra > most:
        return (
            f"{said}: more than the most we would guess a golden hello brings ({100 * most:.0f})."
        )
    return f"{said}."


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
        "Allowing for luck, the rate behind it could be anywhere from "
        f"{measure.number(stood.low)} to {measure.text(stood.high)}."
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
        said.append(f"England as a whole was at {measure.text(stood.england)}")
    region = region_of(stood.area)
    if stood.region is not None and region is not None:
        said.append(f"{with_article(region)} at {measure.text(stood.region)}")
    return f"{' and '.join(said)} in the same year." if said else ""


def _by_other_model(other: Standing | None) -> str:
    """Say what the other neighbour model would have said, where it says something else."""
    if other is None or other.neighbours is None:
        return ""
    middle = MEASURES[other.measure].text(other.neighbours)
    said = {"higher": "it is above them", "lower": "it is below them"}.get(
        other.verdict, "it is no different from them"
    )
    return f"Beside the neighbours of the {MODELS[other.group.kind]} model ({middle}), {said}."


def _trend(stood: Standing, trends: Trend) -> str:
    measure = MEASURES[stood.measure]
    said = [
        _moved(measure, change)
        for change in (trends.since_last, trends.since_first)
        if change is not None
    ]
    return f"It was {', and '.join(said)}." if said else ""


def _moved(measure: Measure, change: Move) -> str:
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
