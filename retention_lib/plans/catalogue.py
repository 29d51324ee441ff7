"""The measures there are to choose from, each with its money, its effects and their sources.

The catalogue is `data/measures.toml`, written and read in a text editor.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from retention_lib.assumptions import Quality, Words, findings_of
from retention_lib.paths import DATA

OWN = "own"
"""The kind of a measure of the user's own, which the catalogue does not have."""


class CatalogueError(ValueError):
    """The catalogue of measures says something that cannot be right."""


class Known(BaseModel):
    """A measure of the catalogue: what it is, who gets it, and where its figures come from.

    `defaults` are fields of a plan's measure. `sources` says for each of its effects, in order,
    where the size comes from and `quality` how good that is; `money_source` and `money_quality` the
    same for its money. `gets` says who gets what. `on_costs` says whether what is paid for each
    person in post has on-costs in it, as pay has.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: Words
    summary: Words
    gets: Words
    money_source: Words
    money_quality: Quality = "none"
    sources: tuple[Words, ...]
    quality: tuple[Quality, ...]
    date: Words
    on_costs: bool = True
    defaults: Annotated[dict[str, Any], Field(min_length=1)]


@cache
def catalogue() -> Mapping[str, Known]:
    """Give the catalogue, by kind of measure, in its file's order.

    Raises:
        CatalogueError: naming the entry and what would be right.
    """
    found: dict[str, Known] = {}
    tables = tomllib.loads((DATA / "measures.toml").read_text(encoding="utf-8"))
    for key, table in tables.items():
        try:
            known = Known.model_validate({"key": key, **table})
        except ValidationError as problem:
            raise CatalogueError(f"measures.toml, [{key}]: {findings_of(problem)}") from problem
        effects = len(known.defaults.get("effects", ()))
        if not effects == len(known.sources) == len(known.quality):
            raise CatalogueError(
                f"measures.toml, [{key}]: {effects} effects, {len(known.sources)} sources and "
                f"{len(known.quality)} grades of evidence. Give each effect one of each."
            )
        found[key] = known
    return MappingProxyType(found)
