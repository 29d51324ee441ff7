"""The people of a service month by month: who leaves, who moves on, who joins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retention_lib.outputs.excel.plan_anyway import of_flows
from retention_lib.outputs.excel.plan_cells import Column
from retention_lib.outputs.excel.plan_measure_months import changes
from retention_lib.outputs.excel.plan_names import BANDS_SAID, Of
from retention_lib.plans.played import Played
from retention_lib.rates import FloatArray
from retention_lib.workforce.engine import BANDS, Band, Path


@dataclass(frozen=True, kw_only=True)
class World:
    """One service that is played: its sheet, its place among the library's, its measures."""

    key: str
    title: str
    says: str
    index: int
    heading: str = ""
    measures: tuple[Of, ...]


def changed_by(world: World, what: str) -> list[str]:
    """Name the columns of the world's measures that change something."""
    return [f"[measures!{of.key(what)}]" for of in world.measures if changes(of, what)]


def _leaving(world: World, band: Band) -> list[str]:
    return [f"[anyway!leaving_{band}]", *changed_by(world, f"leaving_{band}")]


def driven_by(found: Played, name: str, world: World) -> FloatArray:
    """Give what drives a world, by month."""
    given: FloatArray = getattr(found.drive.drivers, name)
    wide = np.broadcast_to(given, (*found.path.in_post.shape[:-1], given.shape[-1]))
    return np.asarray(wide[world.index, 0])


def chances_columns(world: World, found: Played) -> tuple[Column, ...]:
    """Give each band's chance of leaving: what measures leave of it, moved by caseload."""
    rise = "leaving_per_case*([caseload-1]-[anyway!caseload-1])"
    driven = found.drive.drivers.leaving
    before = tuple(
        Column(
            key=f"usual_{band}",
            heading=f"{BANDS_SAID[band]}, before caseload",
            says="As it goes anyway x what measures leave of it",
            formula=f"MIN(1,{'*'.join(_leaving(world, band))})",
            look="share",
            known=of_flows(
                np.broadcast_to(driven[band], (len(found.drive.worlds), 1, 48))[world.index, 0]
            ),
        )
        for band in BANDS
    )
    moved = Column(
        key="rise",
        heading="Moved by caseload",
        says="(Last month's caseload - the usual one) x rise for each case",
        formula=rise,
        look="factor",
    )
    after = tuple(
        Column(
            key=f"chance_{band}",
            heading=f"{BANDS_SAID[band]}, in all",
            says="Both together, from 0 to 1",
            formula=f"MAX(0,MIN(1,[usual_{band}]+[rise]))",
            look="share",
        )
        for band in BANDS
    )
    return (*before, moved, *after)


def leavers_columns(path: Path) -> tuple[Column, ...]:
    """Give who leaves."""
    bands = tuple(
        Column(
            key=f"leavers_{band}",
            heading=BANDS_SAID[band],
            says="Last month's staff x chance",
            formula=f"[{band}-1]*[chance_{band}]",
            look="number",
            known=path.leavers[band][0],
        )
        for band in BANDS
    )
    return (
        *bands,
        Column(
            key="leavers",
            heading="Leavers",
            says="All bands",
            formula="+".join(f"[leavers_{band}]" for band in BANDS),
            look="number",
            known=path.all_leavers[0],
        ),
        Column(
            key="chance",
            heading="Chance of leaving, all",
            says="Leavers / last month's staff",
            formula="IF([in_post-1]>0,[leavers]/[in_post-1],0)",
            look="share",
            known=path.chance_of_leaving[0],
        ),
        Column(
            key="kept",
            heading="Chance to stay, all",
            says="1 - chance of leaving",
            formula="1-[chance]",
            look="share",
            known=1.0 - path.chance_of_leaving[0],
        ),
    )


def moves_columns(path: Path) -> tuple[Column, ...]:
    """Give who moves on to the next band."""
    first_class = "IF([month]=6,[newly_qualified:start]*PRODUCT([stays:since_start]),0)"
    return (
        Column(
            key="stays",
            heading="Newly qualified who stay",
            says="1 - their chance of leaving",
            formula="1-[chance_newly_qualified]",
            look="share",
        ),
        Column(
            key="progressed",
            heading="No longer newly qualified",
            says="Joined a year ago and stayed; first, those at the start",
            formula=first_class,
            after_a_year="[joined_class:twelve_ago]*PRODUCT([stays:last_12])",
            look="number",
            known=path.progressed[0],
        ),
        Column(
            key="promoted",
            heading="Become seniors",
            says="Social workers who stayed x chance",
            formula="([social_worker-1]-[leavers_social_worker])*promotion_chance",
            look="number",
            known=path.promoted[0],
        ),
    )


def joiners_columns(world: World, path: Path, found: Played) -> tuple[Column, ...]:
    """Give who would join, and who does: as many as there is room for."""
    groups = changed_by(world, "groups")
    return (
        Column(
            key="posts",
            heading="Funded posts",
            says="As it goes anyway + posts that measures add",
            formula=f"MAX(0,{'+'.join(['[anyway!posts]', *changed_by(world, 'posts')])})",
            first=f"MAX(0,{'+'.join(['[anyway!posts]', *changed_by(world, 'posts')])})",
            known=path.posts[0],
        ),
        Column(
            key="room",
            heading="Empty before anyone joins",
            says="Posts - staff who stayed, never below 0",
            formula="MAX(0,[posts]-([in_post-1]-[leavers]))",
            look="number",
        ),
        *_wanted(world, path, groups),
        Column(
            key="joined_class",
            heading="Newly qualified who join",
            says="As many as there is room for",
            formula="MIN([want_class],[room])",
            look="number",
            known=path.joined_newly_qualified[0],
        ),
        Column(
            key="joined_groups",
            heading="Recruits of measures who join",
            says="As many as there is room for",
            formula="MIN([want_groups],[room]-[joined_class])",
            look="number",
            known=path.joined_groups[0],
        ),
        Column(
            key="joined_ordinary",
            heading="Others who join",
            says="As many as there is room for",
            formula="MIN([want_ordinary],[room]-[joined_class]-[joined_groups])",
            look="number",
            known=path.joined_ordinary[0],
        ),
        Column(
            key="joined",
            heading="Joiners",
            says="All together",
            formula="[joined_class]+[joined_groups]+[joined_ordinary]",
            look="number",
            known=path.joined[0],
        ),
    )


def _wanted(world: World, path: Path, groups: Sequence[str]) -> Iterator[Column]:
    ordinary = "+".join(["[anyway!ordinary]", *changed_by(world, "fillers")])
    yield Column(
        key="want_class",
        heading="Newly qualified who would join",
        says="The September class + those of measures",
        formula="+".join(["[anyway!class]", *changed_by(world, "class")]),
        look="number",
        known=path.wanted_newly_qualified[0],
    )
    yield Column(
        key="want_groups",
        heading="Recruits of measures who would join",
        says="All measures together",
        formula="+".join(groups) or "0",
        look="number",
        known=path.wanted_groups[0],
    )
    yield Column(
        key="want_ordinary",
        heading="Others who would join",
        says="Ordinary joiners + chance to fill x empty posts",
        formula=f"MAX(0,{ordinary}+fill_chance*[room])",
        look="number",
    )


def staff_columns(path: Path) -> tuple[Column, ...]:
    """Give staff at the month's end, and the turnover of the year behind it."""
    formulas = {
        "newly_qualified": "[{0}-1]-[leavers_{0}]-[progressed]+[joined_class]",
        "social_worker": "[{0}-1]-[leavers_{0}]+[progressed]-[promoted]"
        "+[joined_groups]+[joined_ordinary]",
        "senior": "[{0}-1]-[leavers_{0}]+[promoted]",
    }
    bands = tuple(
        Column(
            key=band,
            heading=BANDS_SAID[band],
            says="Last month's - leavers +/- who move on + joiners",
            formula=formulas[band].format(band),
            first=f"start_{band}",
            known=path.staff[band][0],
        )
        for band in BANDS
    )
    together = "+".join(f"[{band}]" for band in BANDS)
    year = "IF([month]<12,0,IF([in_post]>0,SUM([leavers:last_12])/[in_post],0))"
    return (
        *bands,
        Column(
            key="in_post",
            heading="Staff in post",
            says="All bands",
            formula=together,
            first=together,
            known=path.in_post[0],
        ),
        Column(
            key="turnover",
            heading="Turnover",
            says="Leavers of twelve months / staff; from month 12",
            formula=year,
            look="share",
            known=np.nan_to_num(path.turnover()[0]),
        ),
    )
