"""An incentive answer as pictures: which chart each table becomes, and the sentence it says."""

from __future__ import annotations

from collections.abc import Callable

from retention_lib import words
from retention_lib.assumptions import register
from retention_lib.labels import value_text
from retention_lib.pictures.drawing import bars, bridge, dots, heat, lines, outcomes, tornado
from retention_lib.pictures.drawn import Drawn
from retention_lib.results import FirstLook, IncentiveRanges, IncentiveResult, StudyFinding
from retention_lib.scenario import Scenario
from retention_lib.units import count, money, percent, rounded_percent, trimmed

_MOST_BARS = 9


Draw = Callable[[Scenario, IncentiveResult, float], Drawn]


def evidence(scenario: Scenario, result: IncentiveResult | FirstLook, width: float) -> Drawn:
    """Draw what the scheme needs against what is known of such schemes."""
    if scenario.scheme.kind == "golden_hello":
        return _joiners(scenario, result, width)
    title = "What it needs, against what studies found"
    shown = [found for found in result.evidence if found.fall is not None and _is_current(found)]
    needed = result.break_even.leaving_reduction
    reading = _evidence_reading(shown, needed, result.evidence)
    yearly = rounded_percent(result.yearly_payment_share)
    chart = dots.DotChart(
        key="evidence",
        title=title,
        reading=reading,
        axis=f"fall in leaving, for a payment worth {yearly} of salary a year",
        dots=[_dot(found) for found in (*shown, *_unsure(result.evidence))],
        needed=needed,
        assumed=result.relative_fall,
    )
    return Drawn(title, reading, dots.draw(chart, width), result.studies)


def _joiners(scenario: Scenario, result: IncentiveResult | FirstLook, width: float) -> Drawn:
    """Draw how many more must join: no study says, so the only row is our own judgement."""
    title = "What it needs, against what is known"
    needed = result.break_even.extra_hires
    row = register()["extra_hires"]
    if needed is None:
        reading = "No number of extra people would make it pay for itself."
    elif needed == 0:
        reading = "It pays for itself even if nobody joins because of it."
    else:
        reading = (
            f"For each 100 who would join anyway it needs {count(100 * needed)} more. "
            "No study measured this."
        )
    judgement = dots.Dot(
        label="Our judgement: no study",
        value=row.default,
        low=row.low,
        high=row.high,
        filled=False,
    )
    chart = dots.DotChart(
        key="evidence",
        title=title,
        reading=reading,
        axis="extra people who join, for each who would have joined anyway",
        dots=[judgement],
        needed=needed,
        assumed=scenario.effect.extra_hires,
    )
    return Drawn(title, reading, dots.draw(chart, width), result.studies)


def _is_current(found: StudyFinding) -> bool:
    return found.counts or (found.footing == "as found" and not found.is_pay)


def _unsure(found: tuple[StudyFinding, ...]) -> list[StudyFinding]:
    """List the studies of pay that found nothing sure and gave no figure."""
    return [each for each in found if each.is_pay and each.fall is None and _could_be_chance(each)]


def _could_be_chance(found: StudyFinding) -> bool:
    return found.significant is False


def _dot(found: StudyFinding) -> dots.Dot:
    remark = ""
    if found.fall is None:
        remark = "nothing sure found; no figure given"
    elif not found.is_pay:
        remark = "not pay"
    elif found.fall == 0:
        remark = "no effect found"
    elif found.significant is False:
        remark = "could be chance"
    return dots.Dot(
        label=found.label,
        value=found.fall,
        low=found.low,
        high=found.high,
        remark=remark,
        filled=found.counts,
    )


def _unsized(found: tuple[StudyFinding, ...]) -> str:
    """Say how many studies of pay gave no figure, so that they are not forgotten."""
    rest = [each for each in found if each not in _unsure(found)]
    number = sum(each.fall is None and each.is_pay for each in rest)
    words = "study of pay gave" if number == 1 else "studies of pay gave"
    return f"{number} more {words} no figure to draw: see the table." if number else ""


def _evidence_reading(
    shown: list[StudyFinding], needed: float | None, all_found: tuple[StudyFinding, ...]
) -> str:
    if needed is None:
        return "No fall in leaving would be enough for it to pay for itself."
    if needed == 0:
        return "It pays for itself without any fall in leaving."
    pay = [found for found in shown if found.counts]
    if not pay:
        return (
            f"It needs leaving to fall by {rounded_percent(needed)}. "
            "No study measured such a payment."
        )
    enough = [found for found in pay if (found.fall or 0.0) >= needed]
    if not enough:
        return (
            f"It needs leaving to fall by {rounded_percent(needed)}: more than any study points to "
            f"for a payment this size. {_unsized(all_found)}"
        ).strip()
    return (
        f"It needs leaving to fall by {rounded_percent(needed)}: as much as {len(enough)} of the "
        f"{len(pay)} findings for pay."
    )


def money_by_year(_: Scenario, result: IncentiveResult, width: float) -> Drawn:
    """Draw the money in and out by financial year."""
    title = "Money by year"
    table, found = result.table("years"), result.ranges
    years = [
        bars.YearBars(
            label=str(row["year"]),
            out=_number(row["paid"]) + _number(row["hiring"]),
            back=_number(row["paid_back"]),
            saved=_number(row["saved"]),
            net=result.net_by_year[index],
            low=None if found is None else found.net_by_year[index].low,
            high=None if found is None else found.net_by_year[index].high,
        )
        for index, row in enumerate(table.records())
    ]
    total = -sum(year.out for year in years)
    first = -years[0].out if years else 0.0
    if total < 1:
        reading = "Nothing is paid."
    else:
        when = (
            "All the payments are in the first year."
            if first > 0.999 * total
            else f"{money(first)} of it goes out in the first year."
        )
        saved = (
            f"Savings are worth {money(result.saving)}."
            if result.saving >= 0
            else f"Posts filled sooner cost {money(-result.saving)} more."
        )
        reading = (
            f"{money(total)} goes out; leavers pay back {money(result.clawback)}. {saved} {when}"
            f"{_not_drawn(result)}"
        )
    chart = bars.BarChart("years", title, reading, years)
    return Drawn(title, reading, bars.draw(chart, width), table)


def _not_drawn(result: IncentiveResult) -> str:
    """Say that an allowance for optimism, which is no money in or out, is not among the bars."""
    if not result.optimism.on:
        return ""
    return f" The allowance for optimism, {money(result.optimism.allowance)}, is not drawn."


def _number(cell: float | str | None) -> float:
    return cell if isinstance(cell, float) else 0.0


def people(scenario: Scenario, result: IncentiveResult, width: float) -> Drawn:
    """Draw the people paid who are still here, with and without."""
    table = result.table("people")
    rows = table.records()
    paid = count(result.people_paid)
    title = f"Of the {paid} who are paid, still here"
    without = [_number(row["without"]) for row in rows]
    with_it = [_number(row["with"]) for row in rows]
    low, high = [_number(row["low"]) for row in rows], [_number(row["high"]) for row in rows]
    more = with_it[-1] - without[-1]
    luck = (high[-1] - low[-1]) / 2
    if abs(more) < 0.05:
        reading = "No difference at the end."
    else:
        word = "more" if more > 0 else "fewer"
        reading = (
            f"{count(abs(more))} {word} at the end. Chance alone could move it by {count(luck)} "
            "either way, eight times in ten."
        )
    chart = lines.LineChart(
        key="people",
        title=title,
        reading=reading,
        without=without,
        with_scheme=with_it,
        low=low,
        high=high,
        binds_until=_binds_until(scenario),
    )
    return Drawn(title, reading, lines.draw(chart, width), table)


def _binds_until(scenario: Scenario) -> int | None:
    months = [scenario.scheme.tie_in_months]
    months += [each.month for each in scenario.scheme.instalments]
    return max(months) or None


def what_changes_it(_: Scenario, result: IncentiveResult, width: float) -> Drawn:
    """Draw what each uncertain number alone would do to the answer."""
    title = "What would change the answer"
    swings = [
        tornado.Swing(bar.label, bar.low_text, bar.high_text, bar.npv_at_low, bar.npv_at_high)
        for bar in result.tornado[:_MOST_BARS]
    ]
    chart = tornado.TornadoChart("tornado", title, _tornado_reading(result), swings, now=result.npv)
    return Drawn(title, chart.reading, tornado.draw(chart, width), result.table("tornado"))


def _tornado_reading(result: IncentiveResult) -> str:
    if not result.tornado:
        return "Nothing uncertain changes the answer."
    first = result.tornado[0]
    turns = [
        bar
        for bar in result.tornado
        if min(bar.npv_at_low, bar.npv_at_high) < 0 and max(bar.npv_at_low, bar.npv_at_high) >= 0
    ]
    start = f"{first.label} matters most."
    if not turns:
        return f"{start} No single one of these turns the answer round."
    names = ", ".join(bar.label.lower() for bar in turns[:3])
    return f"{start} Any one of these could turn the answer round: {names}."


def tornado_sentences(result: IncentiveResult) -> list[str]:
    """Say each bar of the tornado as a sentence."""
    return [
        f"{bar.label}: at {bar.low_text} it {_gains(bar.npv_at_low)}; "
        f"at {bar.high_text} it {_gains(bar.npv_at_high)}."
        for bar in result.tornado
    ]


def _gains(pounds: float) -> str:
    return f"gains {money(pounds)}" if pounds >= 0 else f"loses {money(-pounds)}"


def how_sure(_: Scenario, result: IncentiveResult, width: float) -> Drawn:
    """Draw twenty outcomes that are equally likely, gains beside losses."""
    title = "How sure is that?"
    found = result.ranges
    chart = outcomes.OutcomesChart(
        key="ranges",
        title=title,
        reading=_how_sure_reading(found),
        outcomes=() if found is None else found.outcomes,
        now=result.npv,
        low=None if found is None else found.npv.low,
        high=None if found is None else found.npv.high,
        waiting="The outcomes are worked out once you are at rest.",
    )
    return Drawn(title, chart.reading, outcomes.draw(chart, width), result.table("ranges"))


def _how_sure_reading(found: IncentiveRanges | None) -> str:
    """Say how many of the outcomes pay, and what comes eight times in ten."""
    if found is None:
        return "The ranges follow a moment after the last move."
    pay = sum(outcome >= 0 for outcome in found.outcomes)
    verb, them = ("pays", "itself") if pay == 1 else ("pay", "themselves")
    number = str(pay) if pay else "None"
    return (
        f"{number} of {len(found.outcomes)} equally likely outcomes {verb} for {them}. Eight times "
        f"in ten, in today's money (NPV), it {words.between(found.npv.low, found.npv.high)}."
    )


def where_it_pays(scenario: Scenario, result: IncentiveResult, width: float) -> Drawn:
    """Draw what it gains or loses over the payment and what it does."""
    title = "Where it pays"
    mapped = result.map
    golden = scenario.scheme.kind == "golden_hello"
    payment = float(scenario.at(mapped.across))
    effect = scenario.effect.extra_hires if golden else result.relative_fall
    chart = heat.HeatChart(
        key="map",
        title=title,
        reading=_map_reading(scenario, result),
        across=mapped.across_values,
        up=mapped.up_values,
        values=mapped.npv,
        across_text=_percent_of if result.payment_is_percent else money,
        up_text=lambda share: percent(share, 1),
        across_label="payment, % of salary" if result.payment_is_percent else "payment to each",
        up_label="extra joiners, % of usual joiners" if golden else "fall in leaving",
        here=(payment, effect),
    )
    return Drawn(title, chart.reading, heat.draw(chart, width), result.table("map"))


def _percent_of(payment: float) -> str:
    return f"{trimmed(payment, 1)}%"


def _map_reading(scenario: Scenario, result: IncentiveResult) -> str:
    """Say where, at this payment, loss turns to gain, and what studies point to."""
    start = "At this payment it pays for itself"
    if scenario.scheme.kind == "golden_hello":
        extra = result.break_even.extra_hires
        if extra is None:
            return "At this payment no number of extra joiners is enough."
        if not extra:
            return f"{start} even if nobody joins because of it."
        more = f"{count(100 * extra)} more join for each 100 who would anyway"
        return f"{start} once {more}. No study says how many would."
    needed = result.break_even.leaving_reduction
    falls = [each.fall for each in result.evidence if each.counts and each.fall is not None]
    known = f" Studies point to at most {rounded_percent(max(falls))}." if falls else ""
    if needed is None:
        return f"At this payment no fall in leaving is enough.{known}"
    if not needed:
        return f"{start} without any fall in leaving.{known}"
    return f"{start} once leaving falls by {rounded_percent(needed)}.{known}"


def from_paid_to_net(_: Scenario, result: IncentiveResult, width: float) -> Drawn:
    """Draw the bridge from what is paid to the net present value."""
    title = "From paid to net"
    steps = [
        bridge.BridgeStep(step.label, step.pounds, step.total)
        for step in result.bridge
        if step.total or abs(step.pounds) >= 0.5
    ]
    reading = (
        f"It costs {money(result.net_cost)} and saves {money(result.saving)}. "
        f"In today's money (net present value) it {_gains(result.npv)}."
    )
    chart = bridge.BridgeChart("bridge", title, reading, steps)
    return Drawn(title, reading, bridge.draw(chart, width), result.table("bridge"))


def budget_reading(result: IncentiveResult) -> str:
    """Say what the budget would see, and why it differs from the answer."""
    net = -result.budget.net_benefit
    verb = f"adds {money(net)} to" if net >= 0 else f"takes {money(-net)} off"
    return (
        f"Over all years it {verb} the budget. Only cash counts here: work that new starters do "
        "not yet do is a real cost, but no budget holds it. Each year is compared with having no "
        "scheme, not with the year before."
    )


def viewpoints_reading(result: IncentiveResult) -> str:
    """Say how the scheme looks to the budget and to the region."""
    return (
        f"Everything counted, the council {_gains(result.net_benefit)}. Its budget alone "
        f"{_gains(result.budget.net_benefit)}; the region, neighbours included, "
        f"{_gains(result.region.net_benefit)}."
    )


def if_neighbours_bid(_: Scenario, result: IncentiveResult, width: float) -> Drawn:
    """Draw what is left to the council and to the region, where nobody bids and where others do."""
    title = "If neighbours bid too"
    found = result.bidding
    cases = (
        ("nobody bids", found.nobody_bids),
        ("neighbours bid", found.neighbours_bid),
    )
    steps = [
        bridge.BridgeStep(f"{who}, {what}", side.net_benefit, True)
        for what, case in cases
        for who, side in (("Council", case.council), ("Region", case.region))
    ]
    reading = " ".join(words.bidding(found)) or "Nothing is paid."
    chart = bridge.BridgeChart("bidding", title, f"Saved less cost. {reading}", steps)
    return Drawn(title, chart.reading, bridge.draw(chart, width), result.table("bidding"))


def bidding_sentences(result: IncentiveResult) -> list[str]:
    """Say what an agreement between neighbours is, and what of the picture is the scenario's."""
    chance = register()["match_chance"].label
    said = [words.MEMORANDUM, words.HOW_THEY_BID]
    if not result.bidding.is_chosen:
        said.append(
            "In your scenario nobody bids. The second case shows what it would be; to make it "
            f"your scenario, move “{chance}” under “The region”."
        )
    return said


def fairness_reading(result: IncentiveResult) -> str:
    """Say what a head of those it is offered to is paid."""
    head = result.fairness.per_head
    if head is None:
        return ""
    return (
        f"Those it is offered to are paid {money(head)} a head, before on-costs; others nothing. "
        "Expected: who leaves before an instalment does not get it. A head: those who do not sign "
        "up are counted too."
    )


def fairness_sentences(result: IncentiveResult) -> list[str]:
    """Say what it pays a head, what parity would cost, what is not counted, and a warning."""
    return list(words.fairness(result.fairness))


def _after_words(scenario: Scenario) -> str:
    """Say what happens once nobody is tied in any more."""
    effect = scenario.effect
    if effect.after_months == 0 or effect.after_multiplier == 1:
        return "After that it goes back to what it was."
    times = value_text("effect.after_multiplier", effect.after_multiplier)
    return f"For {effect.after_months} months after that it is {times} what it was."


def formula_words(scenario: Scenario, npv: float, in_excel: float) -> tuple[str, ...]:
    """Say the sums in words, for this scenario and its net present value."""
    binding = _binds_until(scenario) or 0
    golden = scenario.scheme.kind == "golden_hello"
    after = _after_words(scenario)
    said = [
        "The chance of leaving in a year is turned into a chance for each month. "
        "Month by month, the same people are followed twice: without the scheme and with it.",
        f"With it, the chance is lower for {binding} months, for the people who sign up. {after}",
        "We assume that an empty seat is filled at once by someone new, who may leave too.",
        "What it saves is the leavers avoided, times the cost of a leaver.",
        "What it costs is what is paid to people still in post, plus on-costs, "
        "less what leavers pay back.",
        "Later years count for less: each year's money is divided by "
        f"{1 + scenario.appraisal.discount_rate:.3f} once for each year it is away "
        f"(net present value, {money(npv, exact=True)}). Excel's NPV function starts one year "
        f"later and gives {money(in_excel, exact=True)}.",
    ]
    if scenario.appraisal.optimism:
        said.insert(
            -1,
            "Of each line of money a share is taken off, by the weakest evidence it rests on: "
            "savings count for less, costs for more (allowance for optimism).",
        )
    if golden:
        said.insert(
            3,
            "Each extra person fills a post that would have stood vacant for "
            f"{value_text('vacancy.months', scenario.vacancy.months)}. Until then each month "
            "saves the agency cover less the pay of the post. After that the post would have "
            "been filled anyway.",
        )
    return tuple(said)
