"""The sheet of how the service would go anyway: the rates' usual way, and what keeps them on it."""

from __future__ import annotations

import numpy as np

from retention_lib.outputs.excel.names import name_of
from retention_lib.outputs.excel.plan_cells import Column, Group, MonthSheet
from retention_lib.outputs.excel.plan_names import BANDS_SAID
from retention_lib.plans.played import Played
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.workforce.engine import Band

KEY = "anyway"
TITLE = "How it goes anyway"

RATES = {
    "turnover": ("service.turnover", "Turnover, a year"),
    "vacancy": ("service.vacancy_rate", "Vacancy rate"),
    "agency": ("service.agency_rate", "Agency rate"),
    "caseload": ("service.caseload", "Caseload"),
}
"""The four rates: the field of the figure now, and what each is called."""


def anyway_sheet(found: Played) -> MonthSheet:
    """Give the sheet: rates, staff aimed at, joiners, agency staff, cases, prices."""
    return MonthSheet(
        key=KEY,
        title=TITLE,
        says=(
            "Each rate goes from its figure now to the level on the sheet Worked out once. The "
            "joiners are those who keep staff on the way of the vacancy rate: most come one by "
            "one, the newly qualified as a class each September."
        ),
        groups=(
            Group(heading="Rates on their way", columns=_rates(found)),
            Group(heading="Chance of leaving in the month", columns=_leaving(found)),
            Group(heading="Joiners who keep staff on their way", columns=_joiners(found)),
            Group(heading="Agency staff and cases", columns=_cases(found)),
            Group(heading="Prices", columns=_prices(found)),
        ),
    )


def of_flows(values: FloatArray) -> FloatArray:
    """Put a zero for the first day before months 1..48; one draw."""
    return np.concatenate([[0.0], np.ravel(values)])


def _way(rate: str, years: str) -> str:
    now = name_of(RATES[rate][0])
    left = f"({now}-{rate}_goes_to)*{rate}_kept^{years}"
    return f"MAX(0,{rate}_goes_to+{left}+{rate}_each_year*{years})"


def _rates(found: Played) -> tuple[Column, ...]:
    anyway = found.numbers.anyway
    known = {
        "vacancy": anyway.vacancy_rate,
        "agency": anyway.agency_rate,
        "caseload": anyway.caseload,
    }
    return (
        Column(
            key="turnover",
            heading="Turnover, a year",
            says="Level + excess x share kept ^ ((month + 5.5) / 12)",
            formula=_way("turnover", f"(([month]+5.5)/{MONTHS_IN_YEAR})"),
            look="share",
            known=of_flows(anyway.turnover),
        ),
        *(
            Column(
                key=rate,
                heading=RATES[rate][1],
                says="Level + excess x share kept ^ (month / 12)",
                formula=_way(rate, f"([month]/{MONTHS_IN_YEAR})"),
                first=f"MAX(0,{name_of(RATES[rate][0])})",
                look="points" if rate == "caseload" else "share",
                known=np.ravel(known[rate]),
            )
            for rate in ("vacancy", "agency", "caseload")
        ),
    )


def _leaving(found: Played) -> tuple[Column, ...]:
    leaving = found.numbers.drivers.leaving
    times: dict[Band, str] = {
        "newly_qualified": f"*{name_of('service.newly_qualified_leaving')}",
        "social_worker": "",
        "senior": f"*{name_of('service.senior_leaving')}",
    }
    bands = tuple(
        Column(
            key=f"leaving_{band}",
            heading=BANDS_SAID[band],
            says="Turnover / 12, split by band",
            formula=f"MIN(1,MIN(1,[turnover]/{MONTHS_IN_YEAR}){times[band]}/leaving_weight)",
            look="share",
            known=of_flows(leaving[band]),
        )
        for band in times
    )
    together = "+".join(f"share_{band}*[leaving_{band}]" for band in times)
    everyone = Column(
        key="leaving",
        heading="All staff",
        says="Bands at their shares at the start",
        formula=together,
        look="share",
    )
    return (*bands, everyone)


def _joiners(found: Played) -> tuple[Column, ...]:
    drivers = found.numbers.drivers
    in_class = name_of("service.newly_qualified_joiners")
    end = "([aimed:end]-[no_class:end])/MAX(0.000000001,PRODUCT([stay:after]))"
    return (
        Column(
            key="stay",
            heading="Chance to stay",
            says="1 - chance of leaving",
            formula="1-[leaving]",
            look="share",
        ),
        Column(
            key="posts",
            heading="Funded posts",
            says="The same throughout",
            formula="posts_at_start",
            first="posts_at_start",
            known=np.ravel(drivers.posts),
        ),
        Column(
            key="aimed",
            heading="Staff aimed at",
            says="Posts x (1 - vacancy rate)",
            formula="[posts]*(1-[vacancy])",
            first="[posts]*(1-[vacancy])",
            known=np.ravel(drivers.posts * (1.0 - found.numbers.anyway.vacancy_rate)),
        ),
        Column(
            key="coming",
            heading="Who come one by one",
            says="What the month needs, but for the newly qualified",
            formula=f"(1-{in_class})*([aimed]-[aimed-1]*[stay])",
        ),
        Column(
            key="no_class",
            heading="Staff without this year's class",
            says="Begins each April with the staff there are",
            formula="IF(MOD([month],12)=1,[on_way-1],[no_class-1])*[stay]+[coming]",
            first="[aimed]",
        ),
        Column(
            key="class",
            heading="The September class",
            says="As many as bring staff to the aim by 31 March",
            formula=f"IF(MOD([month],12)=6,MAX(0,{end}),0)",
            known=of_flows(drivers.newly_qualified),
        ),
        Column(
            key="left",
            heading="Staff who stayed",
            says="Last month's x chance to stay",
            formula="[on_way-1]*[stay]",
        ),
        Column(
            key="on_way",
            heading="Staff on their way",
            says="Who stayed + who come + the class",
            formula="[left]+[coming]+[class]",
            first="[aimed]",
        ),
        Column(
            key="ordinary",
            heading="Ordinary joiners",
            says="Who come, less those who answer to vacancies anyway",
            formula="[coming]-fill_chance*MAX(0,[posts]-[left])",
            look="number",
            known=of_flows(drivers.ordinary),
        ),
    )


def _cases(found: Played) -> tuple[Column, ...]:
    drivers = found.numbers.drivers
    held = name_of("service.case_holding_share")

    def level(key: str, heading: str, says: str, formula: str, known: FloatArray | None) -> Column:
        return Column(
            key=key, heading=heading, says=says, formula=formula, first=formula, known=known
        )

    covered = f"MIN([vacancies],[agency_staff]*(1-{name_of('service.agency_extra_share')}))"
    growth = f"(1+{name_of('baseline.demand_growth')})^([month]/{MONTHS_IN_YEAR})"
    cases = f"[caseload]*{held}*([aimed]+[agency_staff])*{growth}"
    odds = "[aimed]*MIN(0.99,[agency])/(1-MIN(0.99,[agency]))"
    return (
        level("vacancies", "Vacancies", "Posts x vacancy rate", "[posts]*[vacancy]", None),
        level("agency_staff", "Agency staff", "Staff x rate / (1 - rate)", odds, None),
        level("covered", "Of them cover vacancies", "All but the extra ones", covered, None),
        Column(
            key="cover",
            heading="Share of vacancies covered",
            says="Covering / vacancies",
            formula="IF([vacancies]>0,[covered]/[vacancies],0)",
            first="IF([vacancies]>0,[covered]/[vacancies],0)",
            look="share",
            known=np.ravel(drivers.cover),
        ),
        level(
            "extra",
            "Agency staff beyond vacancies",
            "Agency staff - covering",
            "[agency_staff]-[covered]",
            np.ravel(drivers.extra_agency),
        ),
        level(
            "cases",
            "Open cases",
            "Caseload x case holders x growth in demand",
            cases,
            np.ravel(drivers.cases),
        ),
    )


def _prices(found: Played) -> tuple[Column, ...]:
    index = found.ledger.index
    names = {"pay": "Pay index", "agency": "Agency rates index", "cpi": "Prices index"}
    return tuple(
        Column(
            key=f"{name}_index",
            heading=heading,
            says="Of the financial year",
            formula=f"[once!{name}_index]",
            first=f"[once!{name}_index]",
            look="factor",
            known=index[name],
        )
        for name, heading in names.items()
    )
