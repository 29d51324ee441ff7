"""Beside whom a council is compared: its statistical neighbours, its region, or any list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from retention_lib.figures import (
    FEW_STAFF,
    Area,
    all_areas,
    area_of,
    before_and_after,
    councils,
    councils_in,
    figure,
    label_of_area,
    neighbours_of,
    region_of,
)

GroupKind = Literal["neighbours_2025", "neighbours_2021", "region", "england", "own"]

MODELS: dict[str, str] = {"neighbours_2025": "2025", "neighbours_2021": "2021"}


class UnknownCouncilError(ValueError):
    """A code that no council has; the message says what would be right."""


@dataclass(frozen=True)
class Group:
    """Councils to compare with, the most alike first where there is an order.

    `name` stands in a sentence ("its neighbours"); `note` is what a reader must know of it.
    """

    kind: GroupKind
    name: str
    areas: tuple[Area, ...]
    note: str = ""


def council(code: str) -> Area:
    """Find a council by DfE's three-digit code; half of a joint return stands for the whole.

    Raises:
        UnknownCouncilError: where no council has this code.

    Example:
        >>> council("806").name
        'Middlesbrough'
    """
    found = area_of(code.strip())
    if found is None or found.level != "council":
        named = [each.code for each in councils() if each.name.lower() == code.strip().lower()]
        hint = f" {code} is {named[0]}." if named else ""
        raise UnknownCouncilError(
            f"{code!r} is no council's code. It must be DfE's three-digit code, such as 806 for "
            f"Middlesbrough.{hint}"
        )
    return found


def group_of(area: Area, kind: GroupKind, own: Sequence[str] = ()) -> Group:
    """Put together the councils to compare with; the council itself is never among them.

    Args:
        area: the council.
        kind: which councils. A model that does not know the council gives way to the other one.
        own: codes, where the kind is "own".

    Raises:
        UnknownCouncilError: where a code of a list of one's own is no council's.
    """
    if kind == "region":
        region = region_of(area)
        mates = councils_in(region) if region else ()
        name = f"councils in {with_article(region)}" if region else "councils in its region"
        return Group(kind, name, _without(area, mates))
    if kind == "england":
        return Group(kind, "all councils in England", _without(area, councils()))
    if kind == "own":
        chosen = dict.fromkeys(council(code) for code in own)
        return Group(kind, "the councils chosen", _without(area, tuple(chosen)))
    return _neighbours(area, kind)


def with_article(region: Area) -> str:
    """Name a region as a sentence does.

    Example:
        >>> known = all_areas()
        >>> with_article(known["E12000009"]), with_article(known["E12000007"])
        ('the South West', 'London')
    """
    plain = region.name.endswith("London") or region.name.startswith("Yorkshire")
    return region.name if plain else f"the {region.name}"


def _without(area: Area, areas: Sequence[Area]) -> tuple[Area, ...]:
    return tuple(each for each in areas if each.code != area.code)


def _neighbours(area: Area, kind: GroupKind) -> Group:
    model = MODELS[kind]
    codes = neighbours_of(model, area.code)
    note = ""
    if not codes:
        other = "2021" if model == "2025" else "2025"
        codes = neighbours_of(other, area.code)
        note = (
            f"The {model} model does not know {area.name}, so its neighbours are those of the "
            f"{other} model."
        )
    elif " / " in area.code:
        note = f"{area.name} return their figures as one, so the neighbours are those of either."
    known = all_areas()
    found = tuple(known[code] for code in codes if code in known)
    return Group(kind, "its statistical neighbours", found, note)


def comparable(measure: str, year: int) -> dict[str, float]:
    """Give a measure's values in every council large enough to be ranked.

    Councils with fewer than 30 full-time equivalent staff are left out: one leaver moves them a
    lot. (City of London, Isles of Scilly and Rutland.)
    """
    found = {}
    for each in councils():
        value, staff = figure(measure, each.code, year), figure("in_post", each.code, year)
        if value is not None and staff is not None and staff >= FEW_STAFF:
            found[each.code] = value
    return found


def history_note(area: Area) -> str:
    """Say which council this one replaced, or was replaced by; empty for most."""
    before, after = before_and_after(area.code)
    said = []
    if before:
        names = " and ".join(label_of_area(each) for each in before)
        that = "that name" if len(before) == 1 else "those names"
        said.append(f"It replaced {names}, whose figures are listed under {that}.")
    if after:
        names = " and ".join(
            f"a new {each.name}" if each.name == area.name else each.name for each in after
        )
        said.append(f"It no longer exists: {names} took its place.")
    return " ".join(said)
