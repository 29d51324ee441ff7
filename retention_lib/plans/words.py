"""A plan's answer in plain words: what it costs and saves, what must be true, the four tests."""

from __future__ import annotations

from dataclasses import dataclass

from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.plan import Asked, Effect, Measure, Plan, Quantity
from retention_lib.plans.ranges import Ranges
from retention_lib.plans.result import FourTest, GuardLine, RegionSide
from retention_lib.plans.years import month_name, year_labels
from retention_lib.units import chance, money, percent, trimmed

_NOTHING = 0.5  # pounds
_FEW = 0.005
_ASKED_BY = "916"  # Gloucestershire

QUANTITY_WORDS: dict[Quantity, str] = {
    "leaving": "fall in leaving",
    "recruits": "people it brings a year",
    "posts": "posts added",
    "demand": "fall in open cases",
    "agency_cover": "fall in the share of vacancies that agency staff cover",
    "agency_extra": "fall in agency staff beyond vacancies",
    "agency_price": "fall in the agency premium",
    "capacity": "time given back",
    "staff_per_manager": "posts for each manager",
    "newly_qualified_load": "cases of the newly qualified, as a share of a full caseload",
}
_TEST_WORDS = {
    "agency": "a lower cost of agency staff",
    "caseload": "manageable caseloads",
    "trend": "a cap on the trend of cost and need",
    "budget": "relief for the budget",
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the sentences are made from; pounds over the four years."""

    plan: Plan
    investment: float
    saving: float
    net: float
    npv: float
    due_later: float
    payback_month: int | None
    needed_times: float | None
    has_effects: bool
    tests: tuple[FourTest, ...]
    guard: tuple[GuardLine, ...]
    region: RegionSide
    turnover: tuple[float, float]
    ranges: Ranges | None


def headline(facts: Facts) -> str:
    """Give the answer in one line: what is expected, and once it is drawn, how likely that is."""
    if not facts.plan.measures:
        return "There is no measure in the plan yet, so nothing changes."
    if abs(facts.net) < _NOTHING and facts.investment < _NOTHING:
        return "The plan costs nothing and saves nothing."
    if facts.net < -_NOTHING:
        return f"Over four years it costs {money(-facts.net)} more than it saves."
    if facts.due_later > facts.net:
        return "It only seems to pay: more falls due after the four years than it saves in them."
    saves = (
        f"If every assumption holds it saves {money(facts.net)} more than it costs in four years."
    )
    if facts.ranges is None:
        return saves
    return f"{saves} The chance that the money comes back is {_chance(facts.ranges)}."


def _chance(ranges: Ranges) -> str:
    """Write the chance that the money comes back."""
    return chance(ranges.chance_paid_back)


def _back(facts: Facts) -> str:
    """Say when the money is back."""
    if facts.payback_month is None or facts.net < -_NOTHING:
        return ""
    if facts.payback_month == 0:
        return "It never costs more than it has saved."
    when = month_name(facts.plan, facts.payback_month - 1)
    return f"If every assumption holds the money is back by the end of {when}."


def sentences(facts: Facts) -> tuple[str, ...]:
    """Give what a reader needs next, the most important first."""
    if not facts.plan.measures:
        return (_by_itself(facts), _warning(facts)) if _warning(facts) else (_by_itself(facts),)
    said = [
        _money(facts),
        " ".join(said for said in (needed(facts), _warning(facts)) if said),
        _later(facts),
        _range(facts),
        _untied(facts),
        _back(facts),
        _tests(facts),
        _quality(facts),
        _by_itself(facts),
        _region(facts),
        _worth(facts),
    ]
    return tuple(sentence for sentence in said if sentence)


def _money(facts: Facts) -> str:
    """Say what is put in and what comes out, beside what was asked for."""
    saved = (
        f"the service then costs {money(facts.saving)} less"
        if facts.saving >= 0
        else f"the service then costs {money(-facts.saving)} more besides"
    )
    return f"The measures cost {money(facts.investment)} in cash, and {saved}. {_asked(facts)}"


def _later(facts: Facts) -> str:
    """Say what falls due after the four years; it comes first, for it may turn the answer."""
    if facts.due_later < _NOTHING:
        return ""
    return f"{money(facts.due_later)} more falls due after the four years, and is not in this."


def _asked(facts: Facts) -> str:
    """Set the cost beside what was asked for, and say who asked."""
    asked, plan = facts.plan.asked, facts.plan
    low, high = asked.low, asked.high
    within = low <= facts.investment <= high
    place = "within" if within else "below" if facts.investment < low else "above"
    untouched = asked == Asked()
    who = (
        "that Gloucestershire's members asked about in 2015"
        if untouched and plan.council != _ASKED_BY
        else "that was asked about"
    )
    return f"That is {place} the {money(low)} to {money(high)} {who}."


def needed(facts: Facts) -> str:
    """Say how much larger or smaller the effects would have to be for the money to come back."""
    times = facts.needed_times
    if not facts.has_effects:
        return (
            "It has no effect to be larger or smaller: what it adds costs its pay, and cannot pay "
            "for itself in cash."
        )
    if times is None:
        said = (
            "To pay for itself in four years is out of reach: even with effects twenty times as "
            "large the money would not come back."
        )
        why = " Filling posts that nobody covers costs their pay."
        return said + why if facts.saving < 0 else said
    if times <= _FEW:
        return "It would be paid back even if its measures did nothing that is claimed for them."
    if times <= 1:
        return (
            "To pay for itself in four years (break even), its measures must do "
            f"{percent(times)} of what is assumed."
        )
    return (
        "To pay for itself in four years (break even), its measures must do "
        f"{trimmed(times, 1)} times what is assumed."
    )


def _tests(facts: Facts) -> str:
    last = year_labels(facts.plan)[-1]
    met = [test for test in facts.tests if test.verdict == "met"]
    anyway = [test for test in facts.tests if test.verdict == "met anyway"]
    missing = [_TEST_WORDS[t.key] for t in facts.tests if t not in met and t not in anyway]
    number = {0: "none", len(facts.tests): "all"}.get(len(met), str(len(met)))
    said = [f"It meets {number} of the four tests by {last}."]
    if anyway:
        brought = _listed([_TEST_WORDS[test.key] for test in anyway])
        said.append(f"Without the plan too there would be {brought}, so that is not counted.")
    if missing:
        said.append(f"It does not bring {_listed(missing, 'or')}.")
    unlikely = [_TEST_WORDS[test.key] for test in facts.tests if test.if_all_holds]
    if unlikely:
        said.append(
            f"That is if every assumption holds: in fewer than half of the draws is there "
            f"{_listed(unlikely, 'or')}."
        )
    return " ".join(said)


def _quality(facts: Facts) -> str:
    fallen = [line.label[0].lower() + line.label[1:] for line in facts.guard if not line.kept]
    if not fallen:
        return "Quality is not worse than without it on any measure watched."
    number = f"{len(fallen)} of {len(facts.guard)}"
    return f"Quality is worse than without it on {number} measures watched: {_listed(fallen)}."


def _range(facts: Facts) -> str:
    """Say how far it may lie from what is expected, and where the middle of the draws is."""
    found = facts.ranges
    if found is None:
        return ""
    low, middle, high = (float(end) for end in (found.net.low, found.net.middle, found.net.high))
    said = (
        "Allowing for what nobody knows and for luck, eight times in ten it lies between "
        f"{_gain(low)} and {_gain(high)}, with {_gain(middle)} in the middle."
    )
    if facts.net < -_NOTHING:
        said += f" The chance that the money comes back in four years is {_chance(found)}."
    if facts.net > 0 > middle:
        said += (
            " The middle is worse than what is expected: in years with few vacancies there is "
            "nobody to replace, and in years when nobody covers them filling one costs its pay."
        )
    return said


def _gain(pounds: float) -> str:
    return f"{money(pounds)} gained" if pounds >= 0 else f"{money(-pounds)} lost"


def _by_itself(facts: Facts) -> str:
    """Say how the service would go anyway, which no measure is credited with."""
    now, later = facts.turnover
    way = "fall" if later < now - 5e-4 else "rise" if later > now + 5e-4 else "stay"
    last = year_labels(facts.plan)[-1]
    if way == "stay":
        return f"Without the plan turnover would stay at {percent(now, 1)}."
    said = (
        f"Without the plan turnover would {way} from {percent(now, 1)} to {percent(later, 1)} by "
        f"{last}."
    )
    usual = facts.plan.baseline.kind == "mean_reverting"
    return f"{said} None of that is credited to it." if usual else said


def _warning(facts: Facts) -> str:
    """Warn where the baseline is not the usual one."""
    kind, plan = facts.plan.baseline.kind, facts.plan
    if plan.year > plan.appraisal.first_financial_year + 1:
        return (
            f"Warning: the plan begins in {year_labels(plan)[0]}, before the figures of September "
            f"{plan.year} that it starts from. Set the first year, pay and prices."
        )
    if kind == "flat":
        return (
            "Warning: the baseline is held flat. A rate that is high usually comes down by itself, "
            "and one that is low goes up; here the plan may be credited with what comes anyway."
        )
    if kind == "national_trend":
        return (
            "Warning: the baseline follows England's trend of the last three years. Trends turn: "
            "England's turnover rose to 17.2% in 2022 and fell to 11.8% in 2025."
        )
    return ""


def _region(facts: Facts) -> str:
    if facts.region.displaced_share < _FEW or facts.saving <= _NOTHING:
        return ""
    return (
        f"Of the people it keeps or brings, {percent(facts.region.displaced_share)} would have "
        f"worked for another council. For the region it comes to {_gain(facts.region.net)}."
    )


def _worth(facts: Facts) -> str:
    way = "worth" if facts.npv >= 0 else "a loss of"
    return (
        "Counting work done as well as money, at constant prices and in today's money (NPV), it "
        f"is {way} {money(abs(facts.npv))} to everyone together."
    )


def _listed(words: list[str], last: str = "and") -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def fresh_effects(kind: str) -> tuple[Effect, ...]:
    """Give the effects that a measure of the catalogue has of itself."""
    return Measure.model_validate({"kind": kind}).effects


def _untied(facts: Facts) -> str:
    """Name the measures whose money was cut and whose effect was not."""
    cut = []
    for measure in facts.plan.measures:
        known = catalogue().get(measure.kind)
        usual = sum(known.defaults.get("money", ())) if known else 0.0
        effects = known is not None and measure.effects == fresh_effects(measure.kind)
        if effects and sum(measure.money) < usual - _NOTHING:
            cut.append(measure.name)
    if not cut:
        return ""
    return f"Less money than usual is set for {_listed(cut)}, and the whole effect still counted."
