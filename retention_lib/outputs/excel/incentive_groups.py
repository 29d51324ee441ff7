"""The months of one group: our offer, what the region gains, a neighbour's offer, a what-if."""

from __future__ import annotations

import numpy as np

from retention_lib import incentives
from retention_lib.outputs.excel.book import Book, Sheet
from retention_lib.outputs.excel.grid import Grid
from retention_lib.outputs.excel.incentive_months import LINE_HEADS, WIDTHS
from retention_lib.outputs.excel.incentive_played import Played
from retention_lib.outputs.excel.looks import Kind
from retention_lib.rates import still_in_post

_FALL_LEFT = "(1-in_region_leavers_to_neighbours*[matched])"
_THEIR_FALL_LEFT = "(1-in_region_leavers_to_neighbours*in_bidding_match_chance)"


def group_sheet(book: Book, index: int, name: str) -> Sheet:
    """Add the sheet of a group's months."""
    title = f"Group {index + 1}, every month: {name}"
    says = "Left: our offer. Then what the region sees of it, a neighbour's offer, and the what-if."
    return book.sheet(f"Group {index + 1}", title, WIDTHS, says)


def write_group(page: Sheet, grid: Grid, played: Played, index: int) -> None:
    """Write a group's months: our offer, what the region gains, a neighbour's offer, a what-if."""
    grid.start(page)
    mine = f"group_{index + 1}"
    _our_people(page, grid, played, index)
    _our_money(page, grid, played, index)
    _regions_gain(page, grid, mine)
    _their_offer(page, grid, mine)
    _what_if(page, grid, mine)


def _h1(mine: str, fall: str, fall_left: str) -> str:
    """Write the chance of leaving in a month with the offer, its cliff included."""
    return (
        f"IF([t]<=binding_months,{mine}_h*(1-{fall}*{fall_left}),"
        f"IF([t]<=binding_months+in_effect_after_months,MIN(1,{mine}_h*in_effect_after_multiplier),"
        f"{mine}_h))"
    )


def _our_people(page: Sheet, grid: Grid, played: Played, index: int) -> None:
    mine, flows = f"group_{index + 1}", played.by_group[index]
    offer, group = played.offer, played.offer.groups[index]
    h1 = np.broadcast_to(incentives.leaving_with_scheme(offer, group), (offer.months,))
    h = np.broadcast_to(incentives.leaving_without_scheme(offer, group), (offer.months,))
    none = np.zeros(1)
    columns = (
        (
            "h",
            "Chance of leaving without it (h)",
            f"{mine}_h",
            "0",
            np.concatenate([none, h]),
        ),
        (
            "h1",
            "Chance of leaving with it (h1)",
            _h1(mine, f"{mine}_fall", _FALL_LEFT),
            "0",
            np.concatenate([none, h1]),
        ),
        ("s0", "Still in post without it (S0)", "[{g}.s0-]*(1-[{g}.h])", "1", still_in_post(h)),
        ("s1", "Still in post with it (S1)", "[{g}.s1-]*(1-[{g}.h1])", "1", still_in_post(h1)),
    )
    for key, heading, formula, at_0, values in columns:
        made = formula.replace("{g}", mine)
        grid.column(page, f"{mine}.{key}", heading, "factor", made, at_0=at_0, values=values)
    people = (
        (
            "leavers_without",
            "Leavers without it, replacements included",
            "{g}_takers*([{g}.s0-]*[{g}.h]+(1-[{g}.s0-])*{g}_q)",
            "0",
        ),
        (
            "leavers_with",
            "Leavers with it, replacements included",
            "{g}_takers*([{g}.s1-]*[{g}.h1]+(1-[{g}.s1-])*{g}_q)",
            "0",
        ),
        ("still_extra", "Extra people in post", "{g}_extra*[{g}.s1]", None),
        (
            "extra_leavers_avoided",
            "Leavers avoided once extra people's posts would have been filled",
            "IF([t]<=in_vacancy_months,0,[{g}.still_extra-]*({g}_q-[{g}.h1]))",
            "0",
        ),
        ("poached", "People lost to neighbours", "{g}_extra*[poached]", None),
    )
    for key, heading, formula, start in people:
        made = formula.replace("{g}", mine)
        values = getattr(flows, key)
        grid.column(page, f"{mine}.{key}", heading, "people", made, at_0=start, values=values)


def _our_money(page: Sheet, grid: Grid, played: Played, index: int) -> None:
    mine, flows = f"group_{index + 1}", played.by_group[index]
    for key, (formula, at_0) in _money(mine, "", "").items():
        heading = _OWED if key == "owed_pounds" else LINE_HEADS[key]
        values = None if key == "owed_pounds" else getattr(flows, key)
        grid.column(page, f"{mine}.{key}", heading, "pounds", formula, at_0=at_0, values=values)


_OWED = "Owed by leavers"


def _money(mine: str, suffix: str, block: str) -> dict[str, tuple[str, str | None]]:
    """Write the formulas of a block's money, by line: of months 1..H, and of month 0.

    Args:
        mine: the group's name.
        suffix: of its names in this block, such as "_whatif".
        block: of its columns in this block, such as "w_".
    """
    heads = f"({mine}_takers+{mine}_extra{suffix})"
    payment = f"{mine}_payment{'_whatif' if suffix == '_whatif' else ''}"
    s1, h1, extra = f"{mine}.{block}s1", f"{mine}.{block}h1", f"{mine}.{block}still_extra"
    with_it = f"[{mine}.{block}leavers_with]"
    avoided = f"[{mine}.{block}extra_leavers_avoided]"
    return {
        "payments": (f"{heads}*{payment}*[instalment]*[{s1}]", None),
        "on_costs": (f"[{mine}.{block}payments]*in_scheme_oncost_rate", None),
        "hiring": ("0", f"{mine}_extra{suffix}*in_vacancy_hire_cost"),
        "owed_pounds": (f"{heads}*{payment}*[owed]*[{s1}-]*[{h1}]", "0"),
        "clawback": (f"[{mine}.{block}owed_pounds]*in_scheme_clawback_recovery_rate", "0"),
        "leaver_saving": (f"([{mine}.leavers_without]-{with_it})*cost_of_leaver", "0"),
        "extra_leaver_saving": (f"{avoided}*cost_of_leaver", "0"),
        "vacancy_saving": (
            f"IF([t]<=in_vacancy_months,[{extra}-]*saved_per_month_filled,0)",
            "0",
        ),
        "poached_saving": (f"-{mine}_extra{suffix}*[poached]*cost_of_leaver", None),
    }


def _regions_gain(page: Sheet, grid: Grid, mine: str) -> None:
    """Write whom neighbours' matching took from us: leavers from us, but not from the region."""
    moved = (
        f"IF([t]<=binding_months,{mine}_h*{mine}_fall*in_region_leavers_to_neighbours*[matched],0)"
    )
    stays = "(1-in_region_leavers_to_neighbours)*cost_of_leaver"
    columns: tuple[tuple[str, str, Kind, str], ...] = (
        ("r_moved", "Chance to be drawn back by a neighbour's match", "factor", moved),
        (
            "r_leaver_saving",
            "Region: fewer people leave",
            "pounds",
            f"([{mine}.leavers_without]-[{mine}.leavers_with]"
            f"+{mine}_takers*[{mine}.s1-]*[{mine}.r_moved])*{stays}",
        ),
        (
            "r_extra_leaver_saving",
            "Region: extra people stay",
            "pounds",
            f"([{mine}.extra_leavers_avoided]+IF([t]>in_vacancy_months,"
            f"[{mine}.still_extra-]*[{mine}.r_moved],0))*{stays}*new_to_region_ours",
        ),
        (
            "r_vacancy_saving",
            "Region: vacancies filled sooner",
            "pounds",
            f"[{mine}.vacancy_saving]*new_to_region_ours",
        ),
    )
    for key, heading, kind, formula in columns:
        grid.column(page, f"{mine}.{key}", heading, kind, formula, at_0="0")


def _block(
    page: Sheet, grid: Grid, mine: str, block: str, suffix: str, fall: str, left: str
) -> None:
    """Write the people of another play of the same group: a neighbour's, or a what-if's."""
    called = {"n_": "Neighbour", "w_": "What-if"}[block]
    s1, h1 = f"{mine}.{block}s1", f"{mine}.{block}h1"
    grid.column(
        page, h1, f"{called}: chance of leaving (h1)", "factor", _h1(mine, fall, left), at_0="0"
    )
    grid.column(
        page, s1, f"{called}: still in post (S1)", "factor", f"[{s1}-]*(1-[{h1}])", at_0="1"
    )
    grid.column(
        page,
        f"{mine}.{block}leavers_with",
        f"{called}: leavers",
        "people",
        f"{mine}_takers*([{s1}-]*[{h1}]+(1-[{s1}-])*{mine}_q)",
        at_0="0",
    )
    extra = f"{mine}.{block}still_extra"
    grid.column(
        page, extra, f"{called}: extra people in post", "people", f"{mine}_extra{suffix}*[{s1}]"
    )
    grid.column(
        page,
        f"{mine}.{block}extra_leavers_avoided",
        f"{called}: leavers avoided in extra people's posts",
        "people",
        f"IF([t]<=in_vacancy_months,0,[{extra}-]*({mine}_q-[{h1}]))",
        at_0="0",
    )


def _their_offer(page: Sheet, grid: Grid, mine: str) -> None:
    """Write one neighbour's offer, from its own first day, and what of it the region gains."""
    _block(page, grid, mine, "n_", "_theirs", f"{mine}_fall", _THEIR_FALL_LEFT)
    money = _money(mine, "_theirs", "n_")
    stays = "(1-in_region_leavers_to_neighbours)*cost_of_leaver"
    moved = (
        f"IF([t]<=binding_months,{mine}_h*{mine}_fall*in_region_leavers_to_neighbours"
        "*in_bidding_match_chance,0)"
    )
    for key in ("payments", "on_costs", "hiring", "owed_pounds", "clawback"):
        formula, at_0 = money[key]
        heading = f"Neighbour: {_OWED if key == 'owed_pounds' else LINE_HEADS[key]}"
        grid.column(page, f"{mine}.n_{key}", heading, "pounds", formula, at_0=at_0)
    savings = {
        "leaver_saving": (
            f"([{mine}.leavers_without]-[{mine}.n_leavers_with]"
            f"+{mine}_takers*[{mine}.n_s1-]*{moved})*{stays}"
        ),
        "extra_leaver_saving": (
            f"([{mine}.n_extra_leavers_avoided]+IF([t]>in_vacancy_months,"
            f"[{mine}.n_still_extra-]*{moved},0))*{stays}*new_to_region_theirs"
        ),
        "vacancy_saving": f"{money['vacancy_saving'][0]}*new_to_region_theirs",
    }
    for key, formula in savings.items():
        heading = f"Neighbour, region: {LINE_HEADS[key]}"
        grid.column(page, f"{mine}.n_{key}", heading, "pounds", formula, at_0="0")


def _what_if(page: Sheet, grid: Grid, mine: str) -> None:
    _block(page, grid, mine, "w_", "_whatif", f"{mine}_fall_whatif", _FALL_LEFT)
    for key, (formula, at_0) in _money(mine, "_whatif", "w_").items():
        heading = f"What-if: {_OWED if key == 'owed_pounds' else LINE_HEADS[key]}"
        grid.column(page, f"{mine}.w_{key}", heading, "pounds", formula, at_0=at_0)
