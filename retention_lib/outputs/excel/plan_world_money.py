"""What a service costs month by month: its own lines, each measure's, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from retention_lib.outputs.excel.names import name_of
from retention_lib.outputs.excel.plan_cells import Column, Group
from retention_lib.outputs.excel.plan_measure_months import changes
from retention_lib.outputs.excel.plan_names import Of
from retention_lib.plans.plan import MONTHS
from retention_lib.plans.played import Played
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.workforce.engine import BANDS

CASH_LINES = {
    "pay_newly_qualified": "Pay: newly qualified",
    "pay_social_worker": "Pay: social workers",
    "pay_senior": "Pay: seniors",
    "pay_managers": "Pay: team managers",
    "agency_cover": "Agency staff who cover vacancies",
    "agency_extra": "Agency staff beyond vacancies",
    "recruitment": "Advertising and selection",
    "induction": "Induction and training",
}
OTHER_LINES = {
    "lost_output": "Work lost while starters learn",
    "work_not_done": "Work not done in posts that nobody covers",
    "time_given_back": "Work done in time that support gives back",
}
SERVICE_LINES = {**CASH_LINES, **OTHER_LINES}
"""The service's own lines of money, cash first, by key."""

_PAY = "[anyway!pay_index]"
_CPI = "[anyway!cpi_index]"
_SOCIAL_WORKER = f"month_pay_social_worker*{_PAY}"

_FORMULAS = {
    **{f"pay_{band}": (f"[{band}]*month_pay_{band}*{_PAY}", "Staff x pay") for band in BANDS},
    "pay_managers": (f"[managers]*month_pay_manager*{_PAY}", "Managers x pay"),
    "agency_cover": ("[covered]*[agency_price]", "Covering x cost of one"),
    "agency_extra": ("[extra]*[agency_price]", "Extra x cost of one"),
    "recruitment": (
        f"[joined]*{name_of('costs.advertising_and_selection')}*{_CPI}",
        "Joiners x cost",
    ),
    "induction": (
        f"[joined]*{name_of('costs.induction_and_training')}*{_CPI}",
        "Joiners x cost",
    ),
    "lost_output": (f"[joined]*lost_output_each*{_PAY}", "Joiners x work lost; no cash"),
    "work_not_done": (f"[uncovered]*{_SOCIAL_WORKER}", "Uncovered x pay; no cash"),
    "time_given_back": (
        f"-[capacity]*[holders]*{_SOCIAL_WORKER}",
        "Time given back x pay; no cash",
    ),
}


def money_groups(key: str, index: int, measures: Sequence[Of], found: Played) -> tuple[Group, ...]:
    """Give the columns of money of one world.

    Args:
        key: of its sheet.
        index: its place among the library's worlds.
        measures: those that it has.
        found: the plan, played.
    """
    lines = {line.key: line.pounds[index, 0] for line in found.ledger.lines}
    own = tuple(
        Group(
            heading=f"Money of measure {of.index + 1}: {of.measure.name}",
            columns=tuple(_of_measure(of, key, lines)),
        )
        for of in measures
    )
    return (
        Group(
            heading="What the service costs",
            columns=(*_driving(measures), *_service(lines)),
        ),
        *own,
        Group(heading="Together", columns=tuple(_together(key, index, measures, found))),
    )


def _service(lines: dict[str, FloatArray]) -> Iterator[Column]:
    """Give the service's own lines, and the prices they need."""
    yield Column(
        key="managers",
        heading="Team managers",
        says="Posts / staff for each manager",
        formula="IF([span]>0,[posts]/[span],0)",
        first="IF([span]>0,[posts]/[span],0)",
    )
    premium = f"{name_of('costs.agency_premium_per_year')}/{MONTHS_IN_YEAR}*[premium_left]"
    price = f"(month_pay_social_worker+{premium})*[anyway!agency_index]"
    yield Column(
        key="agency_price",
        heading="Cost of one agency worker",
        says="Pay + premium, x agency rates index",
        formula=price,
        first=price,
        look="pounds",
    )
    for key, heading in SERVICE_LINES.items():
        formula, says = _FORMULAS[key]
        yield Column(
            key=f"line_{key}",
            heading=heading,
            says=says,
            formula=formula,
            look="pounds",
            known=lines[key],
        )


def _driving(world_measures: Sequence[Of]) -> tuple[Column, ...]:
    """Give what measures do to the span of managers and to the price of agency staff."""

    def by(what: str) -> list[str]:
        return [f"[measures!{of.key(what)}]" for of in world_measures if changes(of, what)]

    spans = [name_of("service.staff_per_manager"), *by("span")]
    span = f"MIN({','.join(spans)})" if len(spans) > 1 else spans[0]
    left = "*".join(by("agency_price")) or "1"
    return (
        Column(
            key="span",
            heading="Staff for each manager",
            says="The least that a measure sets",
            formula=span,
            first=span,
        ),
        Column(
            key="premium_left",
            heading="Agency premium left",
            says="What measures leave of it",
            formula=left,
            first=left,
            look="share",
        ),
    )


def _of_measure(of: Of, world: str, lines: dict[str, FloatArray]) -> Iterator[Column]:
    """Give what one measure costs, and who pays it."""
    none = np.zeros(MONTHS + 1)

    def line(key: str, heading: str, says: str, formula: str, first: str = "") -> Column:
        known = lines.get(f"measure_{of.index}_{key}", none)
        return Column(
            key=of.key(f"cost_{key}"),
            heading=heading,
            says=says,
            formula=formula,
            first=first,
            look="pounds",
            known=known,
        )

    yield line("money", "Its money", "See Measures", f"[measures!{of.key('money')}]")
    reached = f"[in_post]*{of.given('staff_share')}*[measures!{of.key('runs')}]"
    each = f"{of.given('per_staff_year')}/{MONTHS_IN_YEAR}*{_PAY}"
    yield line("staff", "For each person in post", "Staff reached x sum", f"{reached}*{each}")
    parts = ["money", "staff"]
    if of.brings_people:
        came = "+".join(_came(of))
        paid = f"({came})*{of.given('per_recruit')}*{_CPI}"
        yield line("recruits", "For each recruit", "Those of its recruits who joined x sum", paid)
        parts.append("recruits")
    if of.measure.incentive is not None:
        paid = f"[{of.sheet}!net]"
        made = line("payment", "Its payment", "Paid + on-costs + hiring - paid back", paid, paid)
        yield Column(**{**vars(made), "known": _payment(of, lines)})
        parts.append("payment")
    yield from _payers(of, parts, lines)


def _payment(of: Of, lines: dict[str, FloatArray]) -> FloatArray:
    names = ("payments", "on_costs", "hiring", "clawback")
    found = [lines.get(f"measure_{of.index}_{name}") for name in names]
    return np.asarray(sum((each for each in found if each is not None), np.zeros(MONTHS + 1)))


def _came(of: Of) -> Iterator[str]:
    """Give the recruits of a measure who joined: its share of those of their route."""
    routes = (("class", of.brings_class), ("groups", of.brings_groups))
    for route, brings in routes:
        if brings:
            share = f"[measures!{of.key(route)}]/[want_{route}]"
            yield f"IF([want_{route}]>0,[joined_{route}]*{share},0)"


def _payers(of: Of, parts: Sequence[str], lines: dict[str, FloatArray]) -> Iterator[Column]:
    """Split what a measure costs between the council and others, and price the posts it adds."""

    def column(key: str, heading: str, says: str, formula: str) -> Column:
        return Column(
            key=of.key(key),
            heading=heading,
            says=says,
            formula=formula,
            first=formula,
            look="pounds",
        )

    own, council = of.key("own"), of.own("by_council")
    cost = "+".join(f"[{of.key(f'cost_{part}')}]" for part in parts)
    yield column("own", "Its cost, whoever pays", "All of the above", cost)
    grant = ""
    if of.has_posts:
        filled, posts = (f"[measures!{of.key(each)}]" for each in ("filled", "posts"))
        cover = f"MAX(0,{posts}-{filled})*[cover]*[agency_price]"
        known = lines.get(f"measure_{of.index}_posts", np.zeros(MONTHS + 1))
        yield Column(
            key=of.key("grant"),
            heading="Its posts, where others pay",
            says="Pay of posts filled + cover of the rest; comes in as a grant",
            formula=f"IF({council}=1,0,{filled}*{_SOCIAL_WORKER}+{cover})",
            look="pounds",
            known=known,
        )
        grant = f"[{of.key('grant')}]"
    less, more = (f"-{grant}", f"+{grant}") if grant else ("", "")
    yield column(
        "council", "Its cost to the council", "Cost less grant", f"[{own}]*{council}{less}"
    )
    yield column("elsewhere", "Paid from elsewhere", "The rest", f"[{own}]*(1-{council}){more}")


def _together(key: str, index: int, measures: Sequence[Of], found: Played) -> Iterator[Column]:
    ledger = found.ledger

    def add(what: str) -> str:
        return "".join(f"+[{of.key(what)}]" for of in measures)

    def column(name: str, heading: str, says: str, formula: str, known: FloatArray) -> Column:
        return Column(
            key=name,
            heading=heading,
            says=says,
            formula=formula,
            first=formula,
            look="pounds",
            known=known,
        )

    cash = f"[line_{next(iter(CASH_LINES))}]:[line_{[*CASH_LINES][-1]}]"
    everything = f"[line_{next(iter(CASH_LINES))}]:[line_{[*OTHER_LINES][-1]}]"
    yield column(
        "total",
        "The council's spending, cash",
        "Cash lines + measures",
        f"SUM({cash}){add('council')}",
        ledger.total()[index, 0],
    )
    capital = "+".join(
        f"[{of.key('own')}]*{of.own('by_council')}*{of.own('is_capital')}" for of in measures
    )
    yield column(
        "capital",
        "Of it capital",
        "Measures marked as capital",
        capital or "0",
        ledger.total(capital=True)[index, 0],
    )
    yield column(
        "everyone",
        "Everyone's, work counted",
        "All lines, whoever pays",
        f"SUM({everything}){add('own')}",
        ledger.total(cash_only=False, council_only=False)[index, 0],
    )
    if measures:
        yield from _added(measures)
        yield column(
            "investment",
            "Cost of the measures to the council",
            "Their cost + pay of posts they add",
            f"[added]{add('council')}",
            ledger.investment()[index, 0],
        )


def _added(measures: Sequence[Of]) -> Iterator[Column]:
    """Price the posts and managers that measures add."""
    filled = "+".join(f"[measures!{of.key('filled')}]" for of in measures if of.has_posts) or "0"
    yield Column(
        key="filled",
        heading="Posts added and filled",
        says="As expected, see Measures",
        formula=filled,
        look="number",
    )
    cover = "MAX(0,[posts]-[without!posts]-[filled])*[cover]*[agency_price]"
    managers = f"([managers]-[without!managers])*month_pay_manager*{_PAY}"
    yield Column(
        key="added",
        heading="Pay of posts and managers added",
        says="Filled x pay + cover of the rest + managers",
        formula=f"[filled]*{_SOCIAL_WORKER}+{cover}+{managers}",
        look="pounds",
    )
