"""The register of assumptions: every number that affects an answer, with its range and source.

The register is `data/assumptions.toml`, written and read in a text editor. Three kinds of number
are never mixed: *levers* (what the council chooses), *uncertainties* (what nobody knows) and
*constants* (law and definitions, some of them dated).
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from retention_lib.paths import DATA
from retention_lib.uncertainty.ranges import Range, Shape, counted_share
from retention_lib.units import UNITS, Unit

NO_SOURCE = "No source found"

Kind = Literal["lever", "uncertainty", "constant"]
Quality = Literal["strong", "fair", "weak", "none"]
Section = Literal[
    "main",
    "payment",
    "people",
    "effect",
    "leaver",
    "vacancy",
    "region",
    "appraisal",
    "service",
    "baseline",
    "pay",
    "targets",
]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Words = Annotated[str, Field(min_length=1)]

QUALITY_WORDS: Mapping[Quality, str] = {
    "strong": "Strong evidence",
    "fair": "Fair evidence",
    "weak": "Weak evidence",
    "none": "No source: yours to set",
}


class RegisterError(ValueError):
    """The register of assumptions says something that cannot be right."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Slider(_Row):
    """The narrower bounds between which a slider moves; a file may go beyond them."""

    min: Finite
    max: Finite
    step: Annotated[float, Field(gt=0)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min >= self.max:
            raise ValueError("a slider's min must be below its max")
        return self


class DatedValue(_Row):
    """A value in force from a date on."""

    from_date: Annotated[dt.date, Field(alias="from")]
    value: Finite
    source: Words


class Assumption(_Row):
    """One number of the register, with all that is known about it.

    `path` names the field of a scenario behind which it stands (`*` for each group); `section`
    the part of the form it is drawn in.
    """

    id: str
    label: Words
    help: Words
    kind: Kind
    unit_name: Annotated[str, Field(alias="unit")]
    low: Finite | None = None
    central: Finite | None = None
    high: Finite | None = None
    shape: Shape | None = None
    credibility: Annotated[Finite, Field(gt=0, le=1)] | None = None
    values: tuple[DatedValue, ...] = ()
    source: Words
    date: Words
    quality: Quality
    note: str = ""
    review_after_years: Annotated[int, Field(gt=0)]
    slider: Slider | None = None
    path: str | None = None
    section: Section | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.unit_name not in UNITS:
            raise ValueError(f"unit {self.unit_name!r} is not one of: {', '.join(UNITS)}")
        if bool(self.values) == (self.central is not None):
            raise ValueError("give either a central value, or dated values, and not both")
        if self.kind == "uncertainty" and (self.low is None or self.high is None):
            raise ValueError("an uncertainty needs a low and a high value")
        if (self.kind == "uncertainty") != (self.shape is not None and bool(self.credibility)):
            raise ValueError("an uncertainty, and nothing else, needs a shape and a credibility")
        ends = [end for end in (self.low, self.central, self.high) if end is not None]
        if ends != sorted(ends):
            raise ValueError("low, central and high must be in that order")
        if (self.path is None) != (self.section is None):
            raise ValueError("path and section go together")
        if self.path is not None and self.slider is None:
            raise ValueError("a number on a form needs a slider's bounds")
        if (self.quality == "none") != (self.source == NO_SOURCE):
            raise ValueError(f"quality 'none' and source {NO_SOURCE!r} go together")
        if self.source == NO_SOURCE and not self.note:
            raise ValueError("a number without a source needs a note that says how it was set")
        return self

    @model_validator(mode="after")
    def _believable(self) -> Self:
        if (self.shape == "pert") != (self.credibility == 1) and self.shape is not None:
            raise ValueError("credibility is 1 for a pert, and below 1 for the other shapes")
        if self.shape == "lognormal" and not (self.low or 0.0) > 0:
            raise ValueError("a lognormal needs a low value above 0")
        if self.shape == "beta" and self.unit_name != "share":
            raise ValueError("a beta is a share")
        return self

    @model_validator(mode="after")
    def _possible(self) -> Self:
        days = [dated.from_date for dated in self.values]
        if days != sorted(set(days)):
            raise ValueError("dated values go earliest first, each date once")
        numbers = [*(dated.value for dated in self.values), self.low, self.central, self.high]
        if self.unit_name == "share" and any(abs(n) > 1 for n in numbers if n is not None):
            raise ValueError("a share runs from 0 to 1: 5% is written 0.05")
        if self.slider and not self.slider.min <= self.default <= self.slider.max:
            raise ValueError(f"the slider must reach the figure it starts from, {self.default:g}")
        return self

    @property
    def unit(self) -> Unit:
        """How the number is shown."""
        return UNITS[self.unit_name]

    @property
    def default(self) -> float:
        """The value taken where nobody chose one: the central, or the latest dated one."""
        return self.values[-1].value if self.central is None else self.central

    def around(self, key: str, value: float, counted: float = 0.0) -> Range:
        """Give the range of this number where a value was chosen; it reaches to hold that value.

        A value outside the register's ends makes of them the ends of a `pert`: nothing is known of
        what lies beyond them.

        Args:
            key: the name of the number for the model.
            value: the value chosen.
            counted: the people that a share was counted among, where its shape is `beta`.

        Example:
            >>> found = register()["take_up"].around("scheme.take_up", 0.5)
            >>> found.low, found.central, found.high
            (0.5, 0.5, 1.0)
        """
        if self.low is None or self.high is None or self.shape is None or self.credibility is None:
            return Range(key, value, value, value)
        if self.shape == "beta" and counted > 0:
            return counted_share(key, value, counted, self.credibility)
        if self.shape == "lognormal" and self.low <= value <= self.high:
            return Range(key, self.low, value, self.high, self.shape, self.credibility)
        return Range(key, min(self.low, value), value, max(self.high, value))

    def on(self, day: dt.date) -> float:
        """Give the value in force on a day.

        Raises:
            RegisterError: where the register has no value for so early a day.
        """
        if not self.values:
            return self.default
        in_force = [dated.value for dated in self.values if dated.from_date <= day]
        if not in_force:
            first = self.values[0].from_date
            raise RegisterError(f"{self.id} has no value before {first}; asked for {day}.")
        return in_force[-1]

    @property
    def range_text(self) -> str:
        """The range in words, empty where there is none.

        Example:
            >>> register()["replacement_cost_per_leaver"].range_text
            '£6,000 to £30,600'
        """
        if self.low is None or self.high is None or self.low == self.high:
            return ""
        return f"{self.unit.text(self.low)} to {self.unit.text(self.high)}"


class Register(Mapping[str, Assumption]):
    """All assumptions, by id and by the field of a scenario behind which they stand."""

    def __init__(self, rows: Mapping[str, Assumption]) -> None:
        self._rows = dict(rows)
        self._by_path: dict[str, Assumption] = {}
        for row in self._rows.values():
            if row.path is not None:
                if row.path in self._by_path:
                    other = self._by_path[row.path].id
                    raise RegisterError(f"{row.id} and {other} both stand behind {row.path}.")
                self._by_path[row.path] = row

    def __getitem__(self, key: str) -> Assumption:
        return self._rows[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def behind(self, path: str) -> Assumption | None:
        """Find the assumption behind a field; any group's number stands for `*`.

        Example:
            >>> register().behind("groups.0.headcount").id
            'headcount'
        """
        star = ".".join("*" if part.isdigit() else part for part in path.split("."))
        return self._by_path.get(star)

    def default(self, path: str) -> float:
        """Give the default of a field of a scenario."""
        row = self._by_path[path]
        return row.default

    def on_forms(self) -> tuple[Assumption, ...]:
        """List the assumptions that stand behind a field, in the register's order."""
        return tuple(self._by_path.values())


def read_register(file: Path) -> Register:
    """Read and check a register.

    Raises:
        RegisterError: naming the entry, the field, and what would be right.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise RegisterError(f"{file.name} cannot be read: {problem}") from problem
    rows = {}
    for key, table in tables.items():
        if not isinstance(table, dict):
            raise RegisterError(f"{file.name}: {key} stands alone; it belongs below an [entry].")
        try:
            rows[key] = Assumption.model_validate({"id": key, **table})
        except ValidationError as problem:
            raise RegisterError(f"{file.name}, [{key}]: {findings_of(problem)}") from problem
    return Register(rows)


def findings_of(problem: ValidationError) -> str:
    """Put what is wrong with an entry into one line, field by field."""
    parts = []
    for error in problem.errors():
        where = ".".join(str(part) for part in error["loc"])
        what = error["msg"].removeprefix("Value error, ")
        if error["type"] == "extra_forbidden":
            what = "there is no such field"
        if error["type"] == "missing":
            what = "this field is missing"
        parts.append(f"{where}: {what}" if where else what)
    return "; ".join(parts)


@cache
def register() -> Register:
    """Give the product's own register, read once."""
    return read_register(DATA / "assumptions.toml")
