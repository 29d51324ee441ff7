"""The answer in plain words: what it costs or saves, what would have to be true, what is known.

Short sentences, the answer first. The term of art follows in brackets for the finance officer.
"""

from __future__ import annotations

from dataclasses import dataclass

from retention_lib.evidence import Finding, span
from retention_lib.incentives import SchemeKind
from retention_lib.results import BreakEven
from retention_lib.units import count, money, percent

_NOTHING = 0.5  # pounds: less than a pound is nothing on this screen
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


def headline(facts: Facts) -> str:
    """Give the answer in one line.

    Pays for itself means that NPV is zero or more, to the pound, which is also what break-even is
    solved for.
    """
    if facts.left_out > 0:
        return f"No answer yet: {_share(facts.left_out)} of the payment is not counted."
    if facts.payments + facts.hiring < _NOTHING:
        return "Nothing is paid, so nothing changes."
    return _pays(facts) if facts.npv > -_NOTHING else _does_not_pay(facts)


def _pays(facts: Facts) -> str:
    if facts.net_benefit <= -_NOTHING and facts.npv >= _NOTHING:
        return (
            f"Only just. It costs {money(-facts.net_benefit)} more than it saves, but later: in "
            f"today's money (NPV) it gains {money(facts.npv)}."
        )
    if facts.net_benefit < _NOTHING:
        return "It only just pays for itself."
    saved = money(facts.net_benefit)
    return f"Yes, {_condition(facts)}. It saves {saved} more than it costs."


def _does_not_pay(facts: Facts) -> str:
    gain = facts.net_benefit
    if gain >= _NOTHING:
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
    if facts.payments + facts.hiring < _NOTHING:
        return ("Choose a payment to see what it would have to achieve.",)
    needs = (
        (_extra_needed(facts), _or_fall_needed(facts))
        if facts.kind == "golden_hello"
        else (_fall_needed(facts),)
    )
    said = (
        *needs,
        _studies(facts),
        _beyond_evidence(facts),
        _anyway(facts),
        _range(facts),
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
        return f"{start} Of those who do join, studies point to {_found(*found)} fewer leaving."
    if found is None:
        return "No study says what such a payment does to leaving."
    size = f"{_share(facts.yearly_payment_share)} of salary a year"
    return f"Scaled to a payment of {size}, studies point to {_found(*found)}. {whom}"


def _found(low: float, high: float) -> str:
    few = "nothing" if low < _VISIBLE_SHARE else _share(low)
    return few if high - low < _VISIBLE_SHARE else f"between {few} and {_share(high)}"


def _anyway(facts: Facts) -> str:
    if facts.payments < _NOTHING:
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
    return percent(value, 0 if value >= 0.0995 else 1)


def _range(facts: Facts) -> str:
    """Say what the answer is at both ends of what is known of such schemes."""
    low, high = sorted((*facts.ends, facts.net_benefit))[:: len(facts.ends)]
    if not facts.binds or money(low) == money(high):
        return ""
    start = (
        "Over our range for extra joiners, it"
        if facts.kind == "golden_hello"
        else "Over all that studies point to, it"
    )
    return f"{start} {between(low, high)}."


def between(low: float, high: float) -> str:
    """Say a range of gains and losses, in pounds.

    Example:
        >>> between(-410_000.0, -250_000.0)
        'loses between £250,000 and £410,000'
        >>> between(-10_000.0, 25_000.0)
        'loses £10,000 or gains £25,000'
    """
    if high < 0:
        return f"loses between {money(-high)} and {money(-low)}"
    if low >= 0:
        return f"gains between {money(low)} and {money(high)}"
    return f"loses {money(-low)} or gains {money(high)}"
