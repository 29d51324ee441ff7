"""The answer in plain words: what it costs or saves, what would have to be true, what is known.

Short sentences, the answer first. The term of art follows in brackets for the finance officer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retention_lib.evidence import Finding, span
from retention_lib.incentives import SchemeKind
from retention_lib.results import (
    Bidding,
    BiddingSide,
    BreakEven,
    Fairness,
    IncentiveRanges,
    StudyFinding,
)
from retention_lib.units import UNITS, chance, count, money, percent, rounded_percent

EQUAL_PAY = (
    "Adult social workers in South Gloucestershire went on strike in 2023 over payments made only "
    "to those who work with children (Community Care, 20 April 2023). Whether such a difference "
    "can be justified is a question of equal pay for your legal team."
)
MEMORANDUM = (
    "A memorandum of understanding is a written agreement between neighbouring councils, here not "
    "to outbid each other for staff. Gloucestershire's scrutiny task group of 2015 saw “no sense "
    "in entering a bidding war for social workers” and asked for such an agreement to be explored."
)
HOW_THEY_BID = (
    "A neighbour that matches is followed as long as you are, from its own first day. A golden "
    "hello is paid for moving: neighbours that match one later take people from you as you took "
    "theirs, and each costs you what a leaver does. To the region that is a move."
)

NOTHING = 0.5
"""Pounds: less than a pound is nothing on this screen."""

_EVEN = 0.5  # a chance below which it more likely does not pay
_VISIBLE_SHARE = 0.0005  # less than this rounds away


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the sentences are made from."""

    kind: SchemeKind
    payments: float
    hiring: float
    net_benefit: float
    npv: float
    break_even: BreakEven
    relative_fall: float
    binds: bool
    extra_hires: float
    deadweight_payments: float
    budget_net_benefit: float
    ends: tuple[float, float]
    left_out: float
    last_payment_month: int
    months: int
    yearly_payment_share: float
    findings: tuple[Finding, ...]
    ranges: IncentiveRanges | None = None


def headline(facts: Facts) -> str:
    """Give the answer in one line.

    Pays for itself means that NPV is zero or more, to the pound, which is also what break-even is
    solved for.
    """
    if facts.left_out > 0:
        return f"No answer yet: {_share(facts.left_out)} of the payment is not counted."
    if facts.payments + facts.hiring < NOTHING:
        return "Nothing is paid, so nothing changes."
    return _pays(facts) if facts.npv > -NOTHING else _does_not_pay(facts)


def _pays(facts: Facts) -> str:
    if facts.net_benefit <= -NOTHING and facts.npv >= NOTHING:
        return (
            f"Only just. It costs {money(-facts.net_benefit)} more than it saves, but later: in "
            f"today's money (NPV) it gains {money(facts.npv)}."
        )
    if facts.net_benefit < NOTHING:
        return "It only just pays for itself."
    saved = money(facts.net_benefit)
    if facts.ranges is not None and facts.ranges.chance_pays < _EVEN:
        return (
            f"If every assumption holds it saves {saved} more than it costs. The chance that it "
            f"pays for itself is {chance(facts.ranges.chance_pays)}."
        )
    return f"Yes, {_condition(facts)}. It saves {saved} more than it costs."


def _does_not_pay(facts: Facts) -> str:
    gain = facts.net_benefit
    if gain >= NOTHING:
        return (
            f"Not quite. It saves {money(gain)} more than it costs, but too late: in today's money "
            f"(NPV) it loses {money(-facts.npv)}."
        )
    return f"No. It costs {money(-gain)} more than it saves."


def _condition(facts: Facts) -> str:
    """Say what a yes rests on."""
    if facts.kind == "golden_hello":
        return f"if {count(100 * facts.extra_hires)} more join for each 100 who would anyway"
    return f"if leaving falls by {_share(facts.relative_fall)}"


def _beyond_evidence(facts: Facts) -> str:
    """Warn where more is assumed than any study points to."""
    found = span(facts.findings)
    if facts.kind == "golden_hello" or found is None or facts.relative_fall <= found[1]:
        return ""
    return "You assume more than any study points to for a payment this size."


def sentences(facts: Facts) -> tuple[str, ...]:
    """Give what would have to be true, what studies say of it, and where the money goes."""
    if facts.left_out > 0:
        return (
            f"The last payment is in month {facts.last_payment_month}, and these figures end with "
            f"month {facts.months}. Look at {facts.last_payment_month} months or more.",
        )
    if facts.payments + facts.hiring < NOTHING:
        return ("Choose a payment to see what it would have to achieve.",)
    needs = (
        (_extra_needed(facts), _or_fall_needed(facts))
        if facts.kind == "golden_hello"
        else (_fall_needed(facts),)
    )
    said = (
        *needs,
        _studies(facts),
        _enough(facts),
        _beyond_evidence(facts),
        _anyway(facts),
        _range(facts),
        _how_sure(facts),
        _budget(facts),
    )
    return tuple(sentence for sentence in said if sentence)


def _fall_needed(facts: Facts) -> str:
    """Say how far leaving would have to fall, the main question of a retention payment."""
    needed = facts.break_even.leaving_reduction
    if not facts.binds:
        return "It asks nobody to stay, so nothing holds them: it cannot pay for itself."
    if needed is None:
        return "Even if it stopped everyone leaving, it would not pay for itself."
    if needed == 0:
        return "It would pay for itself even if leaving did not fall at all."
    need, assumed = _apart(needed, facts.relative_fall)
    return f"It would pay for itself (break even) if leaving fell by {need}. You assume {assumed}."


def _or_fall_needed(facts: Facts) -> str:
    """Say how far leaving would have to fall instead, the second question of a golden hello."""
    needed = facts.break_even.leaving_reduction
    return f"Or leaving would have to fall by {_share(needed)}." if needed else ""


def _extra_needed(facts: Facts) -> str:
    needed = facts.break_even.extra_hires
    if needed is None:
        return (
            "No number of extra joiners would make it pay for itself (break even): each costs more "
            "than filling the vacancy sooner saves."
        )
    if needed == 0:
        return "It would pay for itself even if nobody joined because of it."
    return (
        f"It would pay for itself (break even) if, for each 100 people who would have joined "
        f"anyway, {count(100 * needed)} more joined because of it. "
        f"You assume {count(100 * facts.extra_hires)}."
    )


def _studies(facts: Facts) -> str:
    """Say what studies found, on the footing of this payment."""
    counted = [finding for finding in facts.findings if finding.counts]
    found = span(facts.findings) if facts.binds else None
    whom = (
        "Some were on social workers."
        if any(finding.study.social_workers for finding in counted)
        else "None was on social workers."
    )
    if facts.kind == "golden_hello":
        start = "No study gives a figure for how many more people would join because of a payment."
        if found is None:
            return start
        few = _found(*found) if found[1] < _VISIBLE_SHARE else f"{_found(*found)} fewer leaving"
        return f"{start} Of those who do join, studies point to {few}."
    if found is None:
        return "No study says what such a payment does to leaving."
    size = f"{_share(facts.yearly_payment_share)} of salary a year"
    return f"Scaled to a payment of {size}, studies point to {_found(*found)}. {whom}"


def _enough(facts: Facts) -> str:
    """Name the studies of pay that would be enough, for a retention payment that has to do much."""
    needed = facts.break_even.leaving_reduction
    if facts.kind == "golden_hello" or not facts.binds or needed == 0:
        return ""
    found = [StudyFinding.of(each) for each in facts.findings if each.study.is_pay]
    return enough(found, needed, "pay")


def enough(found: Sequence[StudyFinding], needed: float | None, of: str) -> str:
    """Say which studies found as much as is needed, and how many did not or gave no figure.

    Args:
        found: what they found, each on the footing of what it is set beside.
        needed: the smallest fall in leaving that would do; None where none would.
        of: what they are studies of.
    """
    sized = [each for each in found if each.has_size]
    unsized = sum(each.fall is None for each in found)
    more = f" {unsized} more gave no figure." if unsized else ""
    if not sized:
        return f"No study of {of} gives a figure."
    names = [each.label for each in sized if needed is not None and (each.fall or 0.0) >= needed]
    if len(sized) == 1:
        would = "would" if names else "would not"
        start = f"The one study of {of} that gives a figure, {sized[0].label},"
        return f"{start} {would} be enough.{more}"
    start = f"Of {len(sized)} studies of {of}"
    if not names:
        return f"{start}, none would be enough.{more}"
    few = len(sized) - len(names)
    others = f" {few} would not." if few else ""
    return f"{start}, {len(names)} would be enough: {'; '.join(names)}.{others}{more}"


def _found(low: float, high: float) -> str:
    if low <= -_VISIBLE_SHARE:
        return f"between {_moved(low)} and {_moved(high)}"
    if high < _VISIBLE_SHARE:
        return "no fall in leaving"
    few = "nothing" if low < _VISIBLE_SHARE else _share(low)
    return few if high - low < _VISIBLE_SHARE else f"between {few} and {_share(high)}"


def _moved(fall: float) -> str:
    """Say a fall in leaving where it may also be a rise."""
    if abs(fall) < _VISIBLE_SHARE:
        return "no change"
    return f"a fall of {_share(fall)}" if fall > 0 else f"a rise of {_share(-fall)}"


def _anyway(facts: Facts) -> str:
    if facts.payments < NOTHING:
        return ""
    share = facts.deadweight_payments / facts.payments
    return (
        f"{_portion(share)} of what is paid goes to people who would have "
        f"{'joined and stayed' if facts.kind == 'golden_hello' else 'stayed'} anyway (deadweight)."
    )


def _budget(facts: Facts) -> str:
    gain = facts.budget_net_benefit
    verb = f"gain {money(gain)}" if gain >= 0 else f"lose {money(-gain)}"
    return f"Counting only money that a budget would really save, the council would {verb}."


def _portion(share: float) -> str:
    """Say a share as people do, where a simple word is as true."""
    for word, middle in (("Half", 0.5), ("A third", 1 / 3), ("A quarter", 0.25)):
        if abs(share - middle) < 0.01:
            return word
    if share > 0.995:
        return "All"
    return percent(share)


def _apart(one: float, other: float) -> tuple[str, str]:
    """Say two shares so that they can be told apart where they differ.

    Example:
        >>> _apart(0.519, 0.515), _apart(0.5086, 0.23)
        (('51.9%', '51.5%'), ('51%', '23%'))
    """
    if _share(one) != _share(other) or one == other:
        return _share(one), _share(other)
    decimals = 2 if percent(one, 1) == percent(other, 1) else 1
    return percent(one, decimals), percent(other, decimals)


def _share(value: float) -> str:
    """Say a share: whole percent, or one decimal where it is below 10%."""
    if 0.995 <= value < 1:
        return "more than 99%"
    return rounded_percent(value)


def _range(facts: Facts) -> str:
    """Say what the answer is at both ends of what is known of such schemes, until it is drawn."""
    low, high = sorted((*facts.ends, facts.net_benefit))[:: len(facts.ends)]
    if facts.ranges is not None or not facts.binds or money(low) == money(high):
        return ""
    start = (
        "Over our range for extra joiners, it"
        if facts.kind == "golden_hello"
        else "Over all that studies point to, it"
    )
    return f"{start} {between(low, high)}."


def _how_sure(facts: Facts) -> str:
    """Say the chance that it pays, and its range, over everything nobody knows."""
    if facts.ranges is None:
        return ""
    found = facts.ranges.npv
    known = span(facts.findings)
    own = known is not None and facts.relative_fall > known[1]
    if_so = "If what you assume is the middle of what may be, the" if own else "The"
    return (
        f"{if_so} chance that it pays for itself is {chance(facts.ranges.chance_pays)}, over "
        "everything nobody knows. Eight times in ten, in today's money, it "
        f"{between(found.low, found.high)}. The luck of who happens to leave comes on top."
    )


def bidding(found: Bidding) -> tuple[str, ...]:
    """Say what a bidding war does to the council and to the region, and what an agreement saves."""
    alone, war = found.nobody_bids, found.neighbours_bid
    if alone.council.net_cost < NOTHING and abs(alone.council.saving) < NOTHING:
        return ()
    some = _portion(found.match_chance).lower()
    months = found.match_delay_months
    when = "at once" if months == 0 else f"after {UNITS['months'].text(months)}"
    would = "" if found.is_chosen else "would "
    return (
        f"If {some} of the neighbours match it {when}, the council {would}"
        f"{_saves(war.council, alone.council, would)}, and the region {would}"
        f"{_pays_for(war.region, would)}.",
        "If nobody bids, as under a memorandum of understanding, the region "
        f"{_pays_for(alone.region)}.",
    )


def _saves(side: BiddingSide, before: BiddingSide, would: str) -> str:
    """Say what the council saves, and what it would have saved if nobody had bid."""
    now, then = _saving(side.saving), _saving(before.saving)
    s = "" if would else "s"
    if now == then:
        if now == ("save", "nothing"):
            return f"save{s} nothing either way"
        return f"{'still ' if now[0] == 'save' else ''}{now[0]}{s} {now[1]}{_before(now)}"
    if now[0] == then[0]:
        return f"{now[0]}{s} {now[1]} and not {then[1]}{_before(now)}"
    return f"{now[0]}{s} {now[1]}{_before(now)}, where it would {' '.join(then)} if nobody bid"


def _saving(pounds: float) -> tuple[str, str]:
    """Say a saving, or what costs more than it saves."""
    if abs(pounds) < NOTHING:
        return "save", "nothing"
    return ("save", money(pounds)) if pounds > 0 else ("lose", money(-pounds))


def _before(said: tuple[str, str]) -> str:
    """Tell a loss of savings from one after the payments."""
    return " before it pays anything" if said[0] == "lose" else ""


def _pays_for(side: BiddingSide, would: str = "") -> str:
    """Say what the region pays, and for what."""
    pays = f"{'pay' if would else 'pays'} {money(side.net_cost)}"
    if side.saving < -NOTHING:
        return f"{pays}, and {money(-side.saving)} more for posts filled sooner"
    return f"{pays} to save {_saving(side.saving)[1]}"


def if_bid(found: Bidding) -> tuple[str, ...]:
    """Give the sentence on a bidding war for the answer, where the scenario has one."""
    return bidding(found)[:1] if found.is_chosen else ()


def fairness(found: Fairness) -> tuple[str, ...]:
    """Say what a head is paid, what the same offer to everyone else would cost, what lacks."""
    *lines, whole = found.parity
    counted = [line for line in lines if line.people is not None]
    lacking = [line for line in lines if line.people is None]
    said = []
    if found.per_head is not None and found.per_head >= NOTHING:
        rest = whole.people
        others = f" The {count(rest)} others named here get nothing." if rest else ""
        said.append(
            f"The {count(found.offered_to)} people it is offered to are paid "
            f"{money(found.per_head)} a head, before on-costs.{others}"
        )
    if whole.paid is not None and whole.people:
        some = [line for line in counted if line.people]
        parts = "; ".join(f"{_lower(line.label)} {money(line.paid or 0.0)}" for line in some)
        of_which = f" ({parts})" if len(some) > 1 else ""
        said.append(
            f"The same offer to everyone else named here would cost {money(whole.paid)} with "
            f"on-costs{of_which}, before anything is paid back."
        )
    if lacking:
        names = _listed([_lower(line.label) for line in lacking])
        said.append(f"Nothing is counted for {names} until you put in how many there are.")
    return (*said, EQUAL_PAY)


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]


def _listed(names: list[str]) -> str:
    """Write a list as people do.

    Example:
        >>> _listed(["one", "two", "three"])
        'one, two and three'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def between(low: float, high: float) -> str:
    """Say a range of gains and losses, in pounds, behind what gains or loses it.

    Example:
        >>> between(-410_000.0, -250_000.0)
        'loses between £250,000 and £410,000'
        >>> between(-10_000.0, 25_000.0)
        'comes to anything from a loss of £10,000 to a gain of £25,000'
    """
    if high < 0:
        return f"loses between {money(-high)} and {money(-low)}"
    if low >= 0:
        return f"gains between {money(low)} and {money(high)}"
    return f"comes to anything from a loss of {money(-low)} to a gain of {money(high)}"
