"""What is worked out of the inputs once, before the months begin: the service, pay, measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from retention_lib.assumptions import register
from retention_lib.optimism import GRADES
from retention_lib.outputs.excel.looks import Kind
from retention_lib.outputs.excel.names import name_of, quoted
from retention_lib.outputs.excel.plan_names import BANDS_SAID, PAYERS, YES, Of, measures_of
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.plan import MONTHS, Plan
from retention_lib.plans.played import Played
from retention_lib.rates import MONTHS_IN_YEAR, WEEKS_IN_YEAR
from retention_lib.workforce.engine import BANDS


@dataclass(frozen=True, kw_only=True)
class Single:
    """One figure with a name: how it is worked out, and what the library says it is."""

    name: str
    label: str
    formula: str
    kind: Kind
    says: str = ""
    known: float | str | None = None


def service_singles(found: Played) -> tuple[Single, ...]:
    """Give the figures of the service that hold for all months."""
    numbers = found.numbers
    new, senior = name_of("service.newly_qualified_share"), name_of("service.senior_share")
    shares = {"newly_qualified": new, "social_worker": f"1-{new}-{senior}", "senior": senior}
    leaving = {
        "newly_qualified": name_of("service.newly_qualified_leaving"),
        "social_worker": "1",
        "senior": name_of("service.senior_leaving"),
    }
    weight = "+".join(f"share_{band}*{leaving[band]}" for band in BANDS)
    kept = f"{name_of('baseline.vacancy_persistence')}^(1/{MONTHS_IN_YEAR})"
    return (
        *(
            Single(
                name=f"share_{band}",
                label=f"Share of staff at the start: {BANDS_SAID[band].lower()}",
                formula=shares[band],
                kind="share",
                known=float(numbers.shares[band]),
            )
            for band in BANDS
        ),
        *(
            Single(
                name=f"start_{band}",
                label=f"Staff at the start: {BANDS_SAID[band].lower()}",
                formula=f"{name_of('service.staff')}*share_{band}",
                kind="people",
                says="Full-time equivalents",
                known=float(numbers.staff_in[band]),
            )
            for band in BANDS
        ),
        Single(
            name="posts_at_start",
            label="Funded posts",
            formula=f"{name_of('service.staff')}/(1-{name_of('service.vacancy_rate')})",
            kind="people",
            says="Staff in post / (1 - vacancy rate)",
            known=float(numbers.drivers.posts[0]),
        ),
        Single(
            name="leaving_weight",
            label="Leaving of all staff beside an ordinary social worker's",
            formula=f"IF({weight}>0,{weight},1)",
            kind="factor",
            says="Each band's share x how often it leaves beside an ordinary social worker",
        ),
        Single(
            name="fill_chance",
            label="Chance that a vacancy is filled in a month, beyond those who come anyway",
            formula=f"MAX(0,MIN(1,1-{kept}/MAX(0.000000001,1-AVERAGE([anyway!leaving:months]))))",
            kind="share",
            says="So that an unusual number of vacancies keeps its share of itself each year",
            known=float(numbers.drivers.fill),
        ),
        Single(
            name="promotion_chance",
            label="Chance in a month that a social worker becomes a senior",
            formula=f"1-(1-{name_of('service.promoted_each_year')})^(1/{MONTHS_IN_YEAR})",
            kind="share",
            known=float(numbers.drivers.promotion),
        ),
        Single(
            name="leaving_per_case",
            label="Rise in the monthly chance of leaving for each case above the usual",
            formula=f"{name_of('baseline.caseload_turnover')}/100/{MONTHS_IN_YEAR}",
            kind="factor",
            says="Points of yearly turnover, a twelfth of them in a month",
        ),
        *_pay(),
    )


def _pay() -> Iterator[Single]:
    """Give what a month of one person costs, with on-costs, before pay awards."""
    for band, label in (*BANDS_SAID.items(), ("manager", "Team managers")):
        yield Single(
            name=f"month_pay_{band}",
            label=f"A month's pay with on-costs: {label.lower()}",
            formula=f"{name_of(f'pay.{band}')}/{MONTHS_IN_YEAR}*(1+{name_of('pay.oncost_rate')})",
            kind="pounds",
            says="Before pay awards",
        )
    yield Single(
        name="lost_output_each",
        label="Work lost while one starter learns",
        formula=f"month_pay_social_worker*{MONTHS_IN_YEAR}/{WEEKS_IN_YEAR}"
        f"*{name_of('costs.ramp_up_weeks')}*{name_of('costs.ramp_up_lost_share')}",
        kind="pounds",
        says="A week's pay x weeks x share lost; no cash",
    )
    choice = name_of("appraisal.optimism")
    yield Single(
        name="optimism_on",
        label="Marked down for weak evidence: 1 where it is, 0 where not",
        formula=f"IF({choice}={quoted(YES)},1,0)",
        kind="whole",
    )


def grade_singles() -> tuple[Single, ...]:
    """Give by how much each grade of evidence is marked: the register's figures."""
    return tuple(
        Single(
            name=f"optimism_{grade}",
            label=f"Allowance for optimism where evidence is: {grade}",
            formula="",
            kind="share",
            says="Off savings, on costs",
            known=register()[f"optimism_{grade}"].default,
        )
        for grade in GRADES
    )


def measure_singles(plan: Plan) -> tuple[tuple[Of, tuple[Single, ...]], ...]:
    """Give for each measure the figures that hold for all months."""
    return tuple((of, (*_run(of), *_marks(of), *_terms(of))) for of in measures_of(plan))


def _run(of: Of) -> Iterator[Single]:
    yield Single(
        name=of.own("stops"),
        label="The month after which it stops",
        formula=f"IF(ISBLANK({of.given('end')}),{MONTHS},{of.given('end')})",
        kind="whole",
        says="The last month where no end is set",
    )
    yield Single(
        name=of.own("by_council"),
        label="Paid by the council: 1, or from elsewhere: 0",
        formula=f"IF({of.given('funded_by')}={quoted(PAYERS['council'])},1,0)",
        kind="whole",
    )
    yield Single(
        name=of.own("is_capital"),
        label="Capital: 1, or revenue: 0",
        formula=f"IF({of.given('capital')}={quoted(YES)},1,0)",
        kind="whole",
    )
    yield Single(
        name=of.own("is_one_off"),
        label="One-off: 1, or continuing: 0",
        formula=f"IF({of.given('one_off')}={quoted(YES)},1,0)",
        kind="whole",
    )


def _marks(of: Of) -> Iterator[Single]:
    """Give by how much its saving is marked down and its cost up, by the weakest evidence."""
    measure, known = of.measure, catalogue().get(of.measure.kind)
    usual = () if known is None else known.defaults.get("effects", ())
    ranks: list[str] = []
    for place, effect in enumerate(measure.effects):
        is_usual = place < len(usual) and usual[place]["on"] == effect.on
        grade = known.quality[place] if known is not None and is_usual else GRADES[-1]
        ranks.append(f"IF({of.size(place)}<>0,{_rank(grade)},0)")
    offered = measure.incentive
    if offered is not None:
        by_hand = offered.effect.leaving_reduction is not None
        entry = register()["leaving_reduction" if by_hand else "pay_elasticity"]
        ranks.append(str(_rank(entry.quality)))
        if offered.scheme.kind == "golden_hello":
            rank = _rank(register()["extra_hires"].quality)
            ranks.append(f"IF({of.offered('effect.extra_hires')}<>0,{rank},0)")
    yield Single(
        name=of.own("claimed"),
        label="The weakest evidence of what it claims: 1 strong, 2 fair, 3 weak, 4 none",
        formula=f"MAX({','.join(ranks)})" if ranks else "0",
        kind="whole",
        says="Of the effects that are not 0; 0 where there are none",
    )
    yield Single(
        name=of.own("weakest"),
        label="Its evidence: where it claims nothing, there is none",
        formula=f"IF({of.own('claimed')}=0,{len(GRADES)},{of.own('claimed')})",
        kind="whole",
    )
    yield Single(
        name=of.own("down"),
        label="Its saving is marked down by",
        formula=f"INDEX(optimism_grades,{of.own('weakest')})",
        kind="share",
    )
    money = GRADES[-1] if known is None else known.money_quality
    yield Single(
        name=of.own("up"),
        label="Its cost is marked up by",
        formula=f"optimism_{money}",
        kind="share",
        says=f"The evidence for what it costs: {money}",
    )


def _rank(grade: str) -> int:
    return [*GRADES].index(grade) + 1  # type: ignore[arg-type]  # a grade is one of them


def _terms(of: Of) -> Iterator[Single]:
    """Give the terms of its payment, where it is one."""
    offered = of.measure.incentive
    if offered is None:
        return
    start, end, stops = of.given("start"), of.given("end"), of.own("stops")
    retention = offered.scheme.kind == "retention"
    ends = f"IF(ISBLANK({end}),999999,{end}-{start})" if retention else "999999"
    yield Single(
        name=of.own("ends"),
        label="Months after the offer at which the measure is ended",
        formula=ends,
        kind="whole",
        says="999999: it is not ended early. A retention payment that is ended pays nothing after",
    )
    yield from _instalments(of, len(offered.scheme.instalments))
    months = [of.own(f"part_{i + 1}_month") for i in range(len(offered.scheme.instalments))]
    tie = f"MIN({of.offered('scheme.tie_in_months')},{of.own('ends')})"
    yield Single(name=of.own("tie"), label="Months of the tie-in", formula=tie, kind="whole")
    yield Single(
        name=of.own("binds"),
        label="Months in which the payment holds people",
        formula=f"MAX({','.join([of.own('tie'), *months])})",
        kind="whole",
        says="To the last of the tie-in and the instalments",
    )
    yield from _payment(of)
    for cohort in range(1 if retention else MONTHS // MONTHS_IN_YEAR):
        later = f"{start}+{MONTHS_IN_YEAR * cohort}"
        said = start if cohort == 0 else f"IF({later}<{stops},{later},-1)"
        yield Single(
            name=of.own(f"offer_{cohort + 1}"),
            label=f"Offer {cohort + 1}: the month at whose end it is made",
            formula=said,
            kind="whole",
            says="" if cohort == 0 else "To the joiners of the next year; -1: not made",
        )


def _instalments(of: Of, count: int) -> Iterator[Single]:
    """Give the months, then the shares, of the instalments that are paid."""
    for place in range(count):
        month = of.offered(f"scheme.instalments.{place}.month")
        yield Single(
            name=of.own(f"part_{place + 1}_month"),
            label=f"Instalment {place + 1}: months after the offer",
            formula=f"IF({month}<={of.own('ends')},{month},0)",
            kind="whole",
        )
    for place in range(count):
        month = of.offered(f"scheme.instalments.{place}.month")
        share = of.offered(f"scheme.instalments.{place}.share")
        yield Single(
            name=of.own(f"part_{place + 1}_share"),
            label=f"Instalment {place + 1}: share of the payment that is paid",
            formula=f"IF({month}<={of.own('ends')},{share},0)",
            kind="share",
        )


def _payment(of: Of) -> Iterator[Single]:
    """Give what each person is paid, who takes it, and what it does."""
    offered = of.measure.incentive
    assert offered is not None
    flat = offered.scheme.amount.flat is not None
    percent = of.offered("scheme.amount.percent_of_salary")
    salary = of.offered("salary")
    by_percent = f"{percent}/100*{salary}"
    yield Single(
        name=of.own("each"),
        label="The whole payment to one person",
        formula=of.offered("scheme.amount.flat") if flat else by_percent,
        kind="pounds",
    )
    yield Single(
        name=of.own("takers"),
        label="People who take it and would be here anyway",
        formula=f"{of.offered('eligible')}*{of.offered('scheme.take_up')}",
        kind="people",
    )
    golden = offered.scheme.kind == "golden_hello"
    extra = f"{of.own('takers')}*{of.offered('effect.extra_hires')}" if golden else "0"
    yield Single(name=of.own("extra"), label="Extra joiners", formula=extra, kind="people")
    by_hand = offered.effect.leaving_reduction is not None
    years_of_pay = f"{of.own('binds')}*{salary}"
    yearly = f"IF({years_of_pay}>=1,{of.own('each')}*{MONTHS_IN_YEAR}/({years_of_pay}),0)"
    by_pay = f"MIN(1,{of.offered('effect.pay_elasticity')}*{yearly})"
    yield Single(
        name=of.own("fall"),
        label="Fall in leaving of those who take it, while it holds them",
        formula=of.offered("effect.leaving_reduction") if by_hand else by_pay,
        kind="share",
    )
    bands = "+".join(f"start_{band}" for band in offered.bands)
    yield Single(
        name=of.own("reach"), label="Staff of its bands at the start", formula=bands, kind="people"
    )
    yield Single(
        name=of.own("weight"),
        label="Those who take it, as a share of their bands",
        formula=f"MIN(1,{of.own('takers')}/IF({of.own('reach')}>0,{of.own('reach')},1))",
        kind="share",
    )
