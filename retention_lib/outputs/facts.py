"""The figures that matter of an answer, the widest read first, and which way the answer goes."""

from __future__ import annotations

from typing import Literal

from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.result import BenchmarkResult
from retention_lib.plans.result import PlanResult
from retention_lib.results import Answered, FirstLook, IncentiveResult
from retention_lib.synthetic.result import HappenedResult
from retention_lib.units import chance as chance_text
from retention_lib.units import count, money, payment_text, percent

Tone = Literal["pays", "costs", "neither"]
Fact = tuple[str, str]
"""A figure, and what it is of."""

_NOTHING = 0.5  # pounds
_EVEN = 0.5  # of the draws
_TONES: dict[str, Tone] = {"higher": "costs", "lower": "pays"}
_NO_RANK = {
    "few staff": "too few staff",
    "luck": "luck would decide it",
    "too little published": "too little is published",
}


def facts_of(result: Answered) -> list[Fact]:
    """List the figures that matter of an answer of any kind; none where there is none.

    Example:
        >>> from retention_lib.evaluation import evaluate
        >>> from retention_lib.presets import preset
        >>> facts_of(evaluate(preset("middlesbrough-2019").scenario, draws=0))[2]
        ('£22,500', 'saved')
    """
    match result:
        case IncentiveResult():
            return incentive_facts(result)
        case PlanResult():
            return plan_facts(result)
        case BenchmarkResult():
            return benchmark_facts(result)
        case HappenedResult():
            return happened_facts(result)
    return []


def tone_of(result: Answered | FirstLook) -> Tone:
    """Tell whether the answer is that it pays, that it costs, or neither.

    A plan that pays if every assumption holds, but more often than not does not, does neither.
    """
    match result:
        case IncentiveResult() | FirstLook():
            if result.payments < _NOTHING:
                return "neither"
            return "pays" if result.npv >= 0 else "costs"
        case PlanResult():
            return _plan_tone(result)
        case BenchmarkResult():
            return _TONES.get(result.standing.verdict, "neither")
    return "neither"


def _plan_tone(result: PlanResult) -> Tone:
    if not result.timeline:
        return "neither"
    if result.net < 0:
        return "costs"
    likely = result.ranges is None or result.ranges.chance_paid_back >= _EVEN
    return "pays" if likely else "neither"


def incentive_facts(result: IncentiveResult) -> list[Fact]:
    """List the figures of an offer; none where nothing is paid."""
    if result.payments < _NOTHING:
        return []
    months = int(result.table("months").rows[-1][0] or 0)
    span = _span(months)
    facts = [
        (
            money(result.payments + result.on_costs + result.hiring),
            "paid, with on-costs and hiring" if result.hiring else "paid, with on-costs",
        ),
        (money(result.clawback), "paid back by leavers"),
        (money(result.saving), "saved")
        if result.saving >= 0
        else (money(-result.saving), "more cost of posts filled sooner"),
        _kept(result.leavers_avoided, span),
    ]
    if result.extra_people > 0:
        facts[3] = (count(result.extra_people), "people who would not have joined")
    if result.cost_per_leaver_avoided is not None and result.extra_people == 0:
        facts.append((money(result.cost_per_leaver_avoided), "for each person kept"))
    if result.payback_month is None:
        facts.append(("No break-even", f"within {span}"))
    else:
        facts.append((f"Month {result.payback_month}", "is when it breaks even"))
    if result.optimism.on:
        facts.append((money(result.optimism.allowance), "taken off for weak evidence"))
    if result.break_even_payment is not None:
        most = payment_text(result.break_even_payment, result.payment_is_percent)
        facts.append((most, "is the most it could pay and break even"))
    return facts


def _kept(avoided: float, span: str) -> Fact:
    if avoided < 0:
        return count(-avoided), f"more people leave in {span}"
    return count(avoided), f"leavers avoided in {span}"


def _span(months: int) -> str:
    """Say a number of months as people do.

    Example:
        >>> _span(48), _span(12), _span(30)
        ('four years', 'one year', '30 months')
    """
    years = {12: "one year", 24: "two years", 36: "three years", 48: "four years"}
    return years.get(months, f"{months} months")


def plan_facts(result: PlanResult) -> list[Fact]:
    """List the figures of a plan; none without measures."""
    if not result.timeline:
        return []
    low, high = result.asked
    found = [
        (money(result.investment), "cost of the measures over four years"),
        _place(result.investment, low, high),
        _saved(result.saving),
        *_taken_off(result),
        _net(result.net),
    ]
    if result.ranges is not None:
        chance = chance_text(result.ranges.chance_paid_back).capitalize()
        found.append((chance, "chance that the money is back in four years"))
    if result.elsewhere >= _NOTHING:
        found.append((money(result.elsewhere), "of measures that others pay for"))
    return found


def _place(investment: float, low: float, high: float) -> Fact:
    """Say where the cost lies beside what was asked for."""
    place = "Within" if low <= investment <= high else "Below" if investment < low else "Above"
    return place, f"the {money(low)} to {money(high)} that was asked for"


def _saved(saving: float) -> Fact:
    if saving <= -_NOTHING:
        return money(-saving), "more that the service then costs"
    return money(saving), "less that the service then costs"


def _taken_off(result: PlanResult) -> list[Fact]:
    if not result.optimism.on:
        return []
    return [(money(result.optimism.allowance), "taken off for weak evidence")]


def _net(net: float) -> Fact:
    if net <= -_NOTHING:
        return money(-net), "more paid than saved"
    return money(net), "more saved than paid"


def benchmark_facts(result: BenchmarkResult) -> list[Fact]:
    """List the figures of a comparison; none where the council's own is not published."""
    stood, measure = result.standing, MEASURES[result.standing.measure]
    if stood.value is None:
        return []
    facts = [(measure.text(stood.value), f"{stood.area.name}, {stood.year}")]
    if stood.neighbours is not None:
        facts.append((measure.text(stood.neighbours), f"middle of {stood.group.name}"))
    if stood.low is not None and stood.high is not None:
        ends = f"{measure.number(stood.low)} to {measure.number(stood.high)}"
        facts.append((ends, "could be the rate behind it, allowing for luck"))
    if stood.rank:
        facts.append((f"{stood.rank} of {stood.of}", "councils, 1 the lowest"))
    else:
        facts.append(("No rank", _NO_RANK[stood.why_no_rank]))
    if result.gap.is_open:
        facts.append((money(abs(result.gap.pounds)), _worth_label(result)))
    if result.claim.share is not None and (result.gap.is_open or result.claim.is_own):
        facts.append((percent(result.claim.share), "of councils that started there went as far"))
    return facts


def _worth_label(result: BenchmarkResult) -> str:
    """Say whether a year's worth is money in a budget, or work."""
    found = result.gap
    if found.pounds < 0:
        return "a year to pay"
    if found.cashable == found.pounds:
        return "a year to gain"
    if found.cashable == 0:
        return "a year of work, in no budget"
    return f"a year, {money(found.cashable)} of it money"


def happened_facts(result: HappenedResult) -> list[Fact]:
    """List the figures of what happened after; none where nothing can be compared."""
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


def definitions_of(result: Answered) -> tuple[str, ...]:
    """Say what the measure of a comparison counts, and what it is set beside."""
    match result:
        case BenchmarkResult():
            measure = MEASURES[result.standing.measure]
            return (
                f"{measure.label}: {measure.definition}",
                "The middle is the median; the best quarter is the figure that a quarter of the "
                "group keeps to or is below (lower quartile).",
            )
        case HappenedResult():
            measure = MEASURES[result.measure]
            counts = f"{measure.label}: {measure.definition}"
            return (counts, *_MIX) if result.found else (counts,)
    return ()


_MIX = (
    "The mix (a synthetic control) is a weighted average of other councils. The weights make "
    "it go as the council did in the years before, spread over as many councils as that "
    "allows.",
    "Every other council is set beside a mix of its own, as if it had acted in the same year "
    "(placebo tests). That tells how far apart a council and its mix come without anything "
    "that is known of.",
)
