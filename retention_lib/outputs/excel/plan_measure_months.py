"""The sheet of what each measure changes, month by month: when it works, and by how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from retention_lib.outputs.excel.names import name_of
from retention_lib.outputs.excel.plan_anyway import of_flows
from retention_lib.outputs.excel.plan_cells import Column, Group, MonthSheet
from retention_lib.outputs.excel.plan_names import BANDS_SAID, Of, measures_of
from retention_lib.plans.effects import Change, activity, running
from retention_lib.plans.plan import MONTHS, Effect
from retention_lib.plans.played import WITH, Played
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.workforce.engine import BANDS, Band

KEY = "measures"
TITLE = "Measures"

_FACTORS = {
    "demand": ("Demand left", "demand"),
    "agency_cover": ("Cover left", "agency_cover"),
    "agency_extra": ("Extra agency staff left", "agency_extra"),
    "agency_price": ("Agency premium left", "agency_price"),
}
_ADDED = {"posts": "Posts added", "capacity": "Time given back"}
_SET = {
    "staff_per_manager": ("span", "Staff for each manager", "service.staff_per_manager"),
    "newly_qualified_load": (
        "load",
        "Load of the newly qualified",
        "service.newly_qualified_load",
    ),
}


def measures_sheet(found: Played) -> MonthSheet:
    """Give the sheet: for each measure when it runs, how much of it works, what it changes."""
    plan = found.numbers.plan
    groups = tuple(
        Group(
            heading=f"{of.index + 1}. {of.measure.name}",
            columns=tuple(_columns(of, found)),
        )
        for of in measures_of(plan)
    )
    return MonthSheet(
        key=KEY,
        title=TITLE,
        says=(
            "What each measure changes by itself. A share left of 95% means that 5% fewer leave, "
            "or come. Works: 0 before it starts, then up to 1 over the months it takes. The size, "
            "the start and the end of each are on the sheet Inputs."
        ),
        groups=groups,
    )


def changes(of: Of, what: str) -> bool:
    """Say whether a measure has a column of what it changes: a band's leaving, posts, and so on."""
    kinds = {effect.on for effect in of.measure.effects}
    if what.startswith("leaving_"):
        return bool(_on_leaving(of, what.removeprefix("leaving_"))) or _by_pay(of, what)
    if what in {"span", "load"}:
        return any(_SET[each][0] == what for each in kinds & set(_SET))
    if what in {"filled", "fillers"}:
        return of.has_posts
    if what == "protected":
        return any(_is_group(effect) for effect in of.measure.effects)
    return {"class": of.brings_class, "groups": of.brings_groups}.get(what, what in kinds)


def _by_pay(of: Of, what: str) -> bool:
    offered = of.measure.incentive
    return offered is not None and what.removeprefix("leaving_") in offered.bands


def _on_leaving(of: Of, band: str) -> list[int]:
    return [
        place
        for place, effect in enumerate(of.measure.effects)
        if effect.on == "leaving" and band in (effect.bands or BANDS)
    ]


def _is_group(effect: Effect) -> bool:
    return effect.on == "recruits" and effect.route != "newly_qualified"


def _columns(of: Of, found: Played) -> Iterator[Column]:
    change = found.drive.changes[of.index]
    yield Column(
        key=of.key("runs"),
        heading="Runs",
        says="1 from the month after its start to its end",
        formula=f"IF(AND([month]>{of.given('start')},[month]<={of.own('stops')}),1,0)",
        look="whole",
        known=of_flows(running(of.measure)),
    )
    for place in range(len(of.measure.effects)):
        yield _works(of, place)
    for band in BANDS:
        if changes(of, f"leaving_{band}"):
            yield _leaving(of, band, change)
    yield from _people(of, change)
    yield from _levels(of, change)
    yield _money(of, found)


def _works(of: Of, place: int) -> Column:
    """Say how much of an effect works: its start and its end come with its lag."""
    effect, start = of.measure.effects[place], of.given("start")
    lag, ramp = of.given(f"effects.{place}.lag"), of.given("ramp")
    begun = f"[month]-{start}-{lag}"
    share = f"IF({ramp}=0,IF({begun}>0,1,0),MAX(0,MIN(1,({begun})/MAX(1,{ramp}))))"
    stops = f"IF(ISBLANK({of.given('end')}),{MONTHS},{of.given('end')}+{lag})"
    formula = f"IF([month]<={stops},{share},0)"
    return Column(
        key=of.key(f"works_{place + 1}"),
        heading=f"Effect {place + 1} works: {effect.on.replace('_', ' ')}",
        says="Share of its size at the month's end",
        formula=formula,
        first=formula,
        look="share",
        known=activity(of.measure, effect.lag),
    )


def _leaving(of: Of, band: Band, change: Change) -> Column:
    share = of.given("staff_share")
    factors = [
        f"(1-{share}*{of.size(place)}*[{of.key(f'works_{place + 1}')}])"
        for place in _on_leaving(of, band)
    ]
    if _by_pay(of, band):
        factors.append(f"[{of.sheet}!left]")
    return Column(
        key=of.key(f"leaving_{band}"),
        heading=f"Leaving left: {BANDS_SAID[band].lower()}",
        says="1 - share of staff x size x works",
        formula="*".join(factors),
        look="share",
        known=of_flows(change.leaving[band]),
    )


def _came(of: Of, place: int) -> str:
    """Give the people whom one effect brings in a month."""
    effect, works = of.measure.effects[place], f"[{of.key(f'works_{place + 1}')}]"
    first = f"{of.given('start')}+{of.given(f'effects.{place}.lag')}+1"
    if effect.once:
        return f"IF(AND([month]={first},{works}>0),{of.size(place)},0)"
    if effect.route == "newly_qualified":
        return f"IF(MOD([month],12)=6,{of.size(place)}*{works},0)"
    return f"{of.size(place)}*{works}/{MONTHS_IN_YEAR}"


def _people(of: Of, change: Change) -> Iterator[Column]:
    """Give whom a measure brings: a class, people through the year or as a group."""
    recruits = [(p, e) for p, e in enumerate(of.measure.effects) if e.on == "recruits"]
    new = [_came(of, place) for place, effect in recruits if not _is_group(effect)]
    others = [_came(of, place) for place, effect in recruits if _is_group(effect)]
    if new:
        yield Column(
            key=of.key("class"),
            heading="Newly qualified it brings",
            says="A year's number in September, or once",
            formula="+".join(new),
            look="number",
            known=of_flows(change.newly_qualified),
        )
    if others:
        yield Column(
            key=of.key("recruited"),
            heading="Others it recruits",
            says="A twelfth of a year's number, or once",
            formula="+".join(others),
            look="number",
        )
        yield Column(
            key=of.key("protected"),
            heading="Of them with a capped caseload",
            says="Who came in the last months",
            formula=f'SUMIF([month:since_start],">"&([month]-{of.given("protected_months")}),'
            f"[{of.key('recruited')}:since_start])",
            look="number",
            known=np.ravel(change.protected),
        )
    if of.brings_groups:
        parts = [f"[{of.key('recruited')}]"] if others else []
        if of.measure.incentive is not None and of.measure.incentive.scheme.kind == "golden_hello":
            parts.append(f"[{of.sheet}!brought]")
        yield Column(
            key=of.key("groups"),
            heading="All it brings but the newly qualified",
            says="Recruits, and who come for a payment",
            formula="+".join(parts),
            look="number",
            known=of_flows(change.groups),
        )


def _levels(of: Of, change: Change) -> Iterator[Column]:
    """Give what a measure does to posts, demand, agency staff, support and loads."""
    effects = of.measure.effects
    for on, (heading, field) in _FACTORS.items():
        parts = [
            f"(1-{of.size(place)}*[{of.key(f'works_{place + 1}')}])"
            for place, effect in enumerate(effects)
            if effect.on == on
        ]
        if parts:
            yield _level(of, on, heading, "1 - size x works", parts, "*", getattr(change, field))
    for on, heading in _ADDED.items():
        parts = [
            f"{of.size(place)}*[{of.key(f'works_{place + 1}')}]"
            for place, effect in enumerate(effects)
            if effect.on == on
        ]
        if parts:
            look = "share" if on == "capacity" else "people"
            made = _level(of, on, heading, "Size x works", parts, "+", getattr(change, on))
            yield replace(made, look=look)  # type: ignore[arg-type]  # one of the looks
    if of.has_posts:
        yield from _filling(of, change)
    for on, (key, heading, usual) in _SET.items():
        parts = [
            f"IF([{of.key(f'works_{place + 1}')}]>0,{of.size(place)},{name_of(usual)})"
            for place, effect in enumerate(effects)
            if effect.on == on
        ]
        if parts:
            says = "What it sets while it works, else the usual"
            made = _level(of, key, heading, says, [f"MIN({','.join(parts)})"], "", None)
            yield replace(made, look="number")


def _level(
    of: Of,
    key: str,
    heading: str,
    says: str,
    parts: list[str],
    joined_by: str,
    known: FloatArray | None,
) -> Column:
    formula = joined_by.join(parts)
    return Column(
        key=of.key(key),
        heading=heading,
        says=says,
        formula=formula,
        first=formula,
        look="share",
        known=None if known is None else np.ravel(known),
    )


def _filling(of: Of, change: Change) -> Iterator[Column]:
    """Give how the posts it adds are filled, and who come to fill them."""
    posts, filled = of.key("posts"), of.key("filled")
    closing = f"(1-{name_of('baseline.vacancy_persistence')}^(1/{MONTHS_IN_YEAR}))"
    yield Column(
        key=filled,
        heading="Of the posts, filled",
        says="Closes in on posts x (1 - vacancy rate), as slowly as vacancies go",
        formula=f"[{filled}-1]+{closing}*([{posts}]*(1-[anyway!vacancy])-[{filled}-1])",
        first="0",
        known=np.ravel(change.filled),
    )
    left = f"[{filled}-1]*(1-[anyway!leaving])"
    yield Column(
        key=of.key("fillers"),
        heading="Joiners who fill them",
        says="What filling needs, less those who answer to vacancies anyway",
        formula=f"[{filled}]-{left}-fill_chance*([{posts}]-{left})",
        look="number",
        known=of_flows(change.ordinary),
    )


def _money(of: Of, found: Played) -> Column:
    runs = f"[{of.key('runs')}:of_year]"
    year = f"INDEX({of.own('money')},ROUNDUP([month]/{MONTHS_IN_YEAR},0))"
    key = f"measure_{of.index}_money"
    known = [line.pounds[WITH, 0] for line in found.ledger.lines if line.key == key]
    return Column(
        key=of.key("money"),
        heading="Its money by year",
        says="Spread over the months of the year in which it runs",
        formula=f"{year}*IF(SUM({runs})=0,1/{MONTHS_IN_YEAR},[{of.key('runs')}]/SUM({runs}))",
        look="pounds",
        known=known[0] if known else np.zeros(MONTHS + 1),
    )
