"""The sheet of the same plan seen otherwise: by the region, and marked down for weak evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retention_lib.outputs.excel.names import name_of
from retention_lib.outputs.excel.plan_names import Of, measures_of
from retention_lib.outputs.excel.plan_singles import Single
from retention_lib.outputs.excel.plan_tables import Lines, YearSheet
from retention_lib.outputs.excel.plan_worlds import alone
from retention_lib.plans.played import Played
from retention_lib.plans.result import PlanResult
from retention_lib.workforce.engine import BANDS

KEY = "views"
NAME = "Region and weak evidence"


def views_sheet(found: Played, result: PlanResult) -> YearSheet:
    """Give the sheet."""
    every = measures_of(found.numbers.plan)
    return YearSheet(
        key=KEY,
        name=NAME,
        title="The same plan from other sides",
        says="Four years' cash in pounds, unless it says otherwise.",
        blocks=(
            _both_answers(every, result),
            Lines(
                title="For the region's councils together",
                says="A person kept from a neighbour is no gain to the region. Of the leavers a "
                "measure avoids a share would have gone to another council, and of the experienced "
                "people it brings a share come from one: that share of what it saves is no gain.",
                lines=tuple(_region(every, result)),
                strong=frozenset({"region_net"}),
            ),
        ),
    )


def _both_answers(every: Sequence[Of], result: PlanResult) -> Lines:
    """Give both answers, whichever the switch chooses."""
    cash = "SUM([optimism!off_cash:all])" if every else "0"
    sides = result.optimism
    worth = "SUMPRODUCT([years!real_without:all]-[years!real_with:all],[once!discount:all])"
    off = "SUMPRODUCT([years!real_off:all],[once!discount:all])"
    lines = (
        (
            "assumed_net",
            "Saved less cost, as assumed",
            "[years!saving:total]-[years!investment:total]",
            sides.as_assumed.net,
        ),
        ("assumed_npv", "Worth to everyone (NPV), as assumed", worth, sides.as_assumed.npv),
        ("marked_allowance", "Allowance for optimism, cash", cash, sides.allowance),
        (
            "marked_net",
            "Saved less cost, marked down",
            "assumed_net-marked_allowance",
            sides.marked_down.net,
        ),
        (
            "marked_npv",
            "Worth to everyone (NPV), marked down",
            f"assumed_npv-({off})",
            sides.marked_down.npv,
        ),
    )
    return Lines(
        title="As assumed, and marked down for weak evidence (optimism bias)",
        says="Savings are marked down and costs up, the more the weaker the evidence for them. "
        "Which of the two is the answer is for the switch on the sheet Inputs.",
        strong=frozenset({"assumed_net", "marked_net"}),
        lines=tuple(
            Single(name=name, label=label, formula=formula, kind="pounds", known=known)
            for name, label, formula, known in lines
        ),
    )


def _region(every: Sequence[Of], result: PlanResult) -> Iterator[Single]:
    for of in every:
        yield from _people(of, alone(of, len(every)))
    gained = "+".join(of.own("gained") for of in every) or "0"
    lost = "+".join(of.own("displaced") for of in every) or "0"
    yield Single(
        name="people_gained",
        label="People gained by all measures",
        formula=gained,
        kind="people",
        known=result.region.people_gained,
    )
    yield Single(
        name="displaced_share",
        label="Of them, share that other councils go without",
        formula=f"IF(people_gained>0,({lost})/people_gained,0)",
        kind="share",
        known=result.region.displaced_share,
    )
    kept = "+".join(of.own("region_saving") for of in every) or "0"
    sum_alone = "+".join(of.own("saving_alone") for of in every) or "0"
    yield Single(
        name="region_saving",
        label="Saved by the region's councils",
        formula=f"{kept}+([years!saving:total]-({sum_alone}))*(1-displaced_share)",
        kind="pounds",
        says="Each measure's alone, and what they save together beyond that",
        known=result.region.saving,
    )
    yield Single(
        name="region_net",
        label="Saved less cost, the region's councils",
        formula="region_saving-[years!investment:total]+[years!allowance:total]",
        kind="pounds",
        known=result.region.net,
    )


def _people(of: Of, sheet: str) -> Iterator[Single]:
    """Count the people one measure keeps and brings, and those other councils go without."""
    fewer = "+".join(
        f"SUMPRODUCT([{sheet}!{band}:before],"
        f"[without!usual_{band}:months]-[{sheet}!usual_{band}:months])"
        for band in BANDS
    )
    name = of.measure.name
    yield Single(
        name=of.own("avoided"),
        label=f"{name}: leavers avoided in four years",
        formula=f"MAX(0,{fewer})",
        kind="people",
        says="Staff x fall in the chance of leaving, by month",
    )
    new = f"SUM([measures!{of.key('class')}:months])" if of.brings_class else "0"
    groups = f"SUM([measures!{of.key('groups')}:months])" if of.brings_groups else "0"
    routes = {each.route for each in of.measure.effects if each.on == "recruits"}
    offered = of.measure.incentive
    golden = offered is not None and offered.scheme.kind == "golden_hello"
    by_pay = f"SUM([{of.sheet}!brought:months])" if golden else "0"
    yield Single(
        name=of.own("experienced"),
        label=f"{name}: experienced people it brings",
        formula=groups if "experienced" in routes else by_pay,
        kind="people",
    )
    yield Single(
        name=of.own("gained"),
        label=f"{name}: all people it keeps and brings",
        formula=f"{of.own('avoided')}+{new}+{groups}",
        kind="people",
    )
    leave, come = (
        name_of(f"region.{each}") for each in ("leavers_to_neighbours", "hires_from_neighbours")
    )
    yield Single(
        name=of.own("displaced"),
        label=f"{name}: of them, other councils go without",
        formula=f"{of.own('avoided')}*{leave}+{of.own('experienced')}*{come}",
        kind="people",
    )
    saved = f"SUM([without!total:all])-SUM([{sheet}!total:all])+SUM([{sheet}!investment:all])"
    yield Single(
        name=of.own("saving_alone"), label=f"{name}: saved alone", formula=saved, kind="pounds"
    )
    share = f"IF({of.own('gained')}>0,{of.own('displaced')}/{of.own('gained')},0)"
    own = of.own("saving_alone")
    yield Single(
        name=of.own("region_saving"),
        label=f"{name}: of it a gain to the region",
        formula=f"IF({own}>0,{own}*(1-{share}),{own})",
        kind="pounds",
    )
