"""The mixes that come with the project: made once by pysyncon, kept as a table, proven when read.

A page cannot wait for pysyncon: it takes three seconds to import (it loads matplotlib), and one
answer needs 140 mixes. So `retention fit-controls` makes the mix of every council in every year
and measure, and `data/controls/weights.csv` keeps the weights; serving needs no pysyncon. The
table names what it was made from. Where that is not what there is now, it is not used.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

import numpy as np

from retention_lib.assumptions import register
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.figures import all_years
from retention_lib.paths import DATA
from retention_lib.synthetic.control import DIGITS, fit
from retention_lib.synthetic.panel import Floats, Panel, fewest_years, figures_along, followed
from retention_lib.synthetic.panel import panel as panel_of

CONTROLS = DATA / "controls"

_HEAD = ("measure", "year", "council", "mix")

Weights = Mapping[str, float]
Key = tuple[str, int, str]


class StaleMixesError(ValueError):
    """The kept mixes were made from other figures than there are now."""

    def __init__(self) -> None:
        super().__init__(
            "The kept mixes of other councils were made from other figures, or other known "
            "actions. Run: retention fit-controls"
        )


def spread() -> float:
    """Give how much being spread over many councils counts: the register's central value."""
    return register()["control_spread"].default


def years_asked() -> tuple[int, ...]:
    """List the years that have enough figures until then, and one after."""
    return all_years()[fewest_years() - 1 : -1]


def scaled(measure: str, values: Floats) -> Floats:
    """Give figures in parts of what counts as near, so that all measures are alike."""
    return values / MEASURES[measure].near


def own_until(measure: str, code: str, year: int) -> Floats:
    """Give a council's figures up to and with a year; it must have them all."""
    until = all_years().index(year) + 1
    return np.array([value or 0.0 for value in figures_along(measure, code)[:until]])


def mix_of(measure: str, year: int, code: str, left_out: frozenset[str] = frozenset()) -> Weights:
    """Find the mix of other councils that went as one did until a year, with pysyncon.

    Args:
        measure: the measure.
        year: the last year that is matched.
        code: the council; it is in no mix of its own.
        left_out: councils that are not to be in it.

    Raises:
        NoMixError: where none is found.
        ImportError: where pysyncon is not installed.
    """
    pool = panel_of(measure)
    places = [i for i, each in enumerate(pool.codes) if each != code and each not in left_out]
    until = pool.column(year) + 1
    others = scaled(measure, pool.values[places, :until])
    weights = fit(scaled(measure, own_until(measure, code, year)), others, spread())
    found = zip((pool.codes[i] for i in places), weights, strict=True)
    return {each: float(weight) for each, weight in found if weight > 0}


def mixes_to_make() -> Iterator[Key]:
    """List every measure, year and council that a mix is kept for."""
    for measure in MEASURES:
        for year in years_asked():
            for code in followed(measure, year):
                yield measure, year, code


def written(mixes: Mapping[Key, Weights]) -> str:
    """Write mixes as the table that is kept: weights in millionths, largest first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEAD)
    for key, mix in mixes.items():
        ordered = sorted(mix.items(), key=lambda each: (-each[1], each[0]))
        units = ";".join(f"{code}:{round(weight * 10**DIGITS)}" for code, weight in ordered)
        writer.writerow([*key, units])
    return out.getvalue()


@cache
def kept() -> Mapping[Key, Weights]:
    """Read the kept mixes.

    Raises:
        StaleMixesError: where they were made from other figures.
    """
    if made().get("made_from") != made_from():
        raise StaleMixesError
    with (CONTROLS / "weights.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType(
            {
                (row["measure"], int(row["year"]), row["council"]): _read(row["mix"])
                for row in csv.DictReader(file)
            }
        )


def _read(mix: str) -> Weights:
    pairs = (each.split(":") for each in mix.split(";"))
    return {code: int(units) / 10**DIGITS for code, units in pairs}


@cache
def made() -> Mapping[str, object]:
    """Give what is noted of the kept mixes: by which version of pysyncon, from which figures."""
    file = CONTROLS / "made.toml"
    found = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return MappingProxyType(found)


@cache
def made_from() -> str:
    """Name exactly the figures, the councils and the numbers of the register that mixes follow."""
    said = [f"spread {spread():g}, at least {fewest_years()} years"]
    for measure in MEASURES:
        pool = panel_of(measure)
        said.append(f"{measure}: {pool.codes} {_figures(pool)}")
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]


def _figures(pool: Panel) -> str:
    return " ".join(f"{value:.6g}" for value in pool.values.ravel())
