"""A sheet for each payment: who takes it, who stays for it, what is paid and paid back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retention_lib.outputs.excel.names import quoted
from retention_lib.outputs.excel.plan_anyway import of_flows
from retention_lib.outputs.excel.plan_cells import Column, Group, MonthSheet
from retention_lib.outputs.excel.plan_names import TAPERS, Of, measures_of
from retention_lib.plans.plan import MONTHS, Incentive
from retention_lib.plans.played import Played
from retention_lib.rates import MONTHS_IN_YEAR

LINES = {
    "payments": "Payments to staff",
    "on_costs": "On-costs of payments",
    "clawback": "Paid back by leavers",
    "hiring": "Hiring through payments",
}


def lines_of(offered: Incentive) -> dict[str, str]:
    """Name the lines of money of a payment; only a golden hello hires anyone."""
    golden = offered.scheme.kind == "golden_hello"
    return {line: words for line, words in LINES.items() if golden or line != "hiring"}


def cohorts_of(offered: Incentive) -> int:
    """Count the offers that there can be in four years: one, or one for each year's joiners."""
    return 1 if offered.scheme.kind == "retention" else MONTHS // MONTHS_IN_YEAR


def payment_sheets(found: Played) -> tuple[MonthSheet, ...]:
    """Give the sheets of a plan's payments."""
    return tuple(
        _sheet(of, of.measure.incentive, found)
        for of in measures_of(found.numbers.plan)
        if of.measure.incentive is not None
    )


def _sheet(of: Of, offered: Incentive, found: Played) -> MonthSheet:
    several = offered.scheme.kind == "golden_hello"
    groups = [Group(heading="All offers together", columns=tuple(_together(of, offered, found)))]
    for cohort in range(1, cohorts_of(offered) + 1):
        heading = f"Offer {cohort}" if several else "The offer"
        columns = tuple(_cohort(of, offered, cohort))
        groups.append(Group(heading=heading, columns=columns))
    return MonthSheet(
        key=of.sheet,
        title=f"Payment {of.index + 1}",
        heading=f"Payment {of.index + 1}: {of.measure.name}",
        says=(
            "The payment, as the incentives workbook works it out. Those who take it "
            "leave as their bands do, less the fall while it holds them. Whoever leaves is "
            "replaced at once by somebody who leaves as before."
        ),
        groups=groups,
    )


def _together(of: Of, offered: Incentive, found: Played) -> Iterator[Column]:
    """Give what the offers do and cost together."""
    cohorts = range(1, cohorts_of(offered) + 1)
    paid = found.drive.changes[of.index].paid
    assert paid is not None
    shares = "+".join(f"start_{band}*[anyway!leaving_{band}]" for band in offered.bands)
    reach = of.own("reach")
    yield Column(
        key="chance",
        heading="Chance of leaving of its bands",
        says="Bands at their size at the start",
        formula=f"IF({reach}>0,({shares})/IF({reach}>0,{reach},1),[anyway!leaving_social_worker])",
        look="share",
    )
    falls = "+".join(f"(1-[left_{cohort}])" for cohort in cohorts)
    yield Column(
        key="left",
        heading="Share of the bands' leaving that is left",
        says="1 - share of the bands who take it x fall",
        formula=f"MAX(0,1-{of.own('weight')}*({falls}))",
        look="share",
        known=of_flows(paid.leaving),
    )
    if offered.scheme.kind == "golden_hello":
        yield Column(
            key="brought",
            heading="Extra joiners",
            says="In the month after each offer",
            formula="+".join(f"IF([after_{cohort}]=1,{of.own('extra')},0)" for cohort in cohorts),
            look="number",
            known=of_flows(paid.extra),
        )
    for line, heading in lines_of(offered).items():
        formula = "+".join(f"[{line}_{cohort}]" for cohort in cohorts)
        yield Column(
            key=line,
            heading=heading,
            says="All offers",
            formula=formula,
            first=formula,
            look="pounds",
            known=np.ravel(paid.money[line]),
        )
    signs = {"clawback": "-"}
    total = "".join(f"{signs.get(line, '+')}[{line}]" for line in lines_of(offered)).lstrip("+")
    yield Column(
        key="net",
        heading="Cost of the payment",
        says="Paid + on-costs + hiring - paid back",
        formula=total,
        first=total,
        look="pounds",
    )


def _cohort(of: Of, offered: Incentive, cohort: int) -> Iterator[Column]:
    """Follow one offer from the day it is made."""
    yield from _staying(of, cohort)
    yield from _paying(of, offered, cohort)


def _staying(of: Of, n: int) -> Iterator[Column]:
    made, after, binds = of.own(f"offer_{n}"), f"[after_{n}]", of.own("binds")
    multiplier = of.offered("effect.after_multiplier")
    cliff = f"{binds}+{of.offered('effect.after_months')}"
    later = f"IF({after}<={cliff},MIN(1,[chance]*{multiplier}),[chance])"
    held = f"IF({after}<={binds},[chance]*(1-{of.own('fall')}),{later})"
    month = f"IF({made}<0,-1,[month]-{made})"
    yield Column(
        key=f"after_{n}",
        heading="Months after the offer",
        says="0: the day it is made. Below 0: not made yet, or not at all",
        formula=month,
        first=month,
        look="whole",
    )
    yield Column(
        key=f"chance_{n}",
        heading="Their chance of leaving",
        says="Less while it holds them; then as others', or more for a time",
        formula=f"IF({after}<1,[chance],{held})",
        look="share",
    )
    yield Column(
        key=f"still_{n}",
        heading="Still in post",
        says="Share of those who took it",
        formula=f"IF({after}<1,1,[still_{n}-1]*(1-[chance_{n}]))",
        first="1",
        look="share",
    )
    leave = f"[still_{n}-1]*[chance_{n}]+(1-[still_{n}-1])*[chance]"
    yield Column(
        key=f"left_{n}",
        heading="Share of their seats' leaving that is left",
        says="They and whoever replaced them, beside no offer",
        formula=f"IF(AND({after}>0,[chance]>0),({leave})/[chance],1)",
        look="share",
    )


def _paying(of: Of, offered: Incentive, n: int) -> Iterator[Column]:
    """Give what falls due, what is booked, and what leavers pay back."""
    after, people = f"[after_{n}]", f"({of.own('takers')}+{of.own('extra')})"
    part = f"SUMIF({of.own('part_months')},{after},{of.own('part_shares')})"
    due = f"IF({after}<0,0,{people}*{of.own('each')}*{part}*[still_{n}])"
    yield Column(
        key=f"due_{n}",
        heading="Falls due",
        says="People x payment x instalment x still in post",
        formula=due,
        first=due,
        look="pounds",
    )
    on_the_day = f"IF({of.own(f'offer_{n}')}=0,[due_{n}],0)"
    first_month = f"[due_{n}]+IF({of.own(f'offer_{n}')}>0,[due_{n}-1],0)"
    yield Column(
        key=f"payments_{n}",
        heading="Paid",
        says="What is due on the day of a later offer is booked in the month that begins",
        formula=f"IF({after}=0,{on_the_day},IF({after}=1,{first_month},[due_{n}]))",
        first=on_the_day,
        look="pounds",
    )
    on_costs = f"[payments_{n}]*{of.offered('scheme.oncost_rate')}"
    yield Column(
        key=f"on_costs_{n}",
        heading="On-costs",
        says="Paid x rate",
        formula=on_costs,
        first=on_costs,
        look="pounds",
    )
    yield Column(
        key=f"owed_{n}",
        heading="Share that a leaver owes",
        says="Of what was received before",
        formula=_owed(of, after),
        look="share",
    )
    before = f'SUMIF({of.own("part_months")},"<"&{after},{of.own("part_shares")})'
    leavers = f"[still_{n}-1]*[chance_{n}]"
    recovered = of.offered("scheme.clawback.recovery_rate")
    back = f"{people}*{of.own('each')}*{before}*[owed_{n}]*{leavers}*{recovered}"
    yield Column(
        key=f"clawback_{n}",
        heading="Paid back",
        says="Leavers x received x owed x share recovered",
        formula=f"IF({after}<1,0,{back})",
        first="0",
        look="pounds",
    )
    if "hiring" in lines_of(offered):
        yield _hiring(of, n)


def _hiring(of: Of, n: int) -> Column:
    hiring = f"{of.own('extra')}*{of.given('incentive.hire_cost')}"
    return Column(
        key=f"hiring_{n}",
        heading="Hiring",
        says="Extra joiners x cost of a hire",
        formula=f"IF([after_{n}]=IF({of.own(f'offer_{n}')}=0,0,1),{hiring},0)",
        first=f"IF({of.own(f'offer_{n}')}=0,{hiring},0)",
        look="pounds",
    )


def _owed(of: Of, after: str) -> str:
    """Give the share of what was received that a leaver owes back, by how it tapers."""
    taper, tie = of.offered("scheme.clawback.taper"), of.own("tie")
    done = f"INT(({after}-1)/{MONTHS_IN_YEAR})"
    yearly = f"MAX(0,1-{done}/({tie}/{MONTHS_IN_YEAR}))"
    monthly = f"({tie}-({after}-1))/{tie}"
    by = {kind: f"{taper}={quoted(words)}" for kind, words in TAPERS.items()}
    last = f"IF({by['monthly']},{monthly},{yearly})"
    return f"IF(OR({after}<1,{after}>{tie},{by['none']}),0,IF({by['full']},1,{last}))"
