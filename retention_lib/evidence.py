"""What studies found, read on the same footing as the scheme in hand.

A study measures a yearly pay supplement of some size. Its effect is carried to another size by its
elasticity: relative fall in leaving / payment as a share of salary. A study of something other
than pay is shown as it was found. The studies are `data/studies.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from retention_lib.assumptions import RegisterError, findings_of, register
from retention_lib.incentives import SchemeKind
from retention_lib.paths import DATA

Finite = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Fall = Annotated[Finite, Field(ge=-1, le=1)]
Said = Annotated[str, Field(max_length=2_000)]
Words = Annotated[Said, Field(min_length=1)]
YesOrNo = Annotated[bool, Strict()]
Bearing = Literal["leaving", "recruits", "caseload"]


class Study(BaseModel):
    """One finding of one study.

    `effect` is the relative fall in leaving at the payment studied; `payment_share_of_salary` that
    payment as a yearly share of salary. `effect_low` and `effect_high` are what the study or its
    several versions published, never ours. `bears_on` says to which effects it speaks: on leaving,
    on recruits, or on what lower caseloads do to leaving. `found_none` says in words what it looked
    at and found to make no difference, where that is not leaving itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Words
    label: Words
    authors: Words
    year: Annotated[int, Strict(), Field(ge=1900, le=2100)]
    who: Words
    treatment: Words
    payment_share_of_salary: Annotated[Finite, Field(gt=0, le=1)] | None = None
    payment_basis: Said = ""
    effect: Fall | None = None
    effect_low: Fall | None = None
    effect_high: Fall | None = None
    interval_basis: Said = ""
    significant: YesOrNo | None = None
    elasticity: Finite | None = None
    elasticity_low: Finite | None = None
    elasticity_high: Finite | None = None
    is_pay: YesOrNo
    applies_to: Annotated[tuple[SchemeKind, ...], Field(min_length=1)]
    bears_on: Annotated[tuple[Bearing, ...], Field(min_length=1)] = ("leaving",)
    found_none: Said = ""
    design: Words
    superseded_by: Said | None = None
    social_workers: YesOrNo = False
    nearness: Words
    source: Words
    quality: Literal["strong", "fair", "weak"]
    note: Said = ""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.effect_low is None) != (self.effect_high is None):
            raise ValueError("effect_low and effect_high go together")
        if self.effect_low is not None and not self.interval_basis:
            raise ValueError("an interval needs interval_basis")
        ends = (self.effect_low, self.effect, self.effect_high)
        told = [end for end in ends if end is not None]
        if told != sorted(told):
            raise ValueError("effect_low, effect and effect_high must be in that order of size")
        if self.payment_share_of_salary is not None and not self.payment_basis:
            raise ValueError("a payment size needs payment_basis")
        return self


@dataclass(frozen=True)
class Finding:
    """What a study says of a scheme: the relative fall in leaving to expect of it.

    `footing` is "scaled" to this payment, or "as found" where the study is not of pay or does not
    say how large the payment was, or "none" where it gives no number.
    """

    study: Study
    fall: float | None
    low: float | None
    high: float | None
    footing: Literal["scaled", "as found", "none"]

    @property
    def counts(self) -> bool:
        """Whether it stands for what a payment of this size does."""
        current = self.study.superseded_by is None
        return self.footing == "scaled" and self.fall is not None and current


@cache
def studies() -> tuple[Study, ...]:
    """Give the product's own studies, read once."""
    return read_studies(DATA / "studies.toml")


def read_studies(file: Path) -> tuple[Study, ...]:
    """Read and check a file of studies.

    Raises:
        RegisterError: naming the study, the field, and what would be right.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise RegisterError(f"{file.name} cannot be read: {problem}") from problem
    found = tuple(_read_study(file, table) for table in tables.get("study", []))
    ids = [study.id for study in found]
    for study in found:
        if ids.count(study.id) > 1:
            raise RegisterError(f"{file.name}: the id {study.id} is used twice.")
        if study.superseded_by not in {None, *ids}:
            raise RegisterError(
                f"{file.name}, {study.id}: superseded_by names {study.superseded_by}, "
                "and there is no such study."
            )
    return found


def _read_study(file: Path, table: Mapping[str, Any]) -> Study:
    """Read one study.

    Raises:
        RegisterError: naming the study, the field, and what would be right.
    """
    applies = table.get("applies_to")
    given = {**table, "applies_to": [applies] if isinstance(applies, str) else applies}
    try:
        return Study.model_validate(given)
    except ValidationError as problem:
        name = table.get("id", "a study without an id")
        raise RegisterError(f"{file.name}, {name}: {findings_of(problem)}") from problem


def _apart(added: tuple[Study, ...] | None) -> tuple[Study, ...] | None:
    """Refuse an added study that goes by the name of another, or is replaced by none there is.

    Raises:
        PydanticCustomError: naming the study.
    """
    ids = [study.id for study in known(added)]
    for study in added or ():
        if study.superseded_by not in {None, *ids}:
            words = "superseded_by of {id} is {by}, and there is no such study."
            raise PydanticCustomError("study", words, {"id": study.id, "by": study.superseded_by})
        if ids.count(study.id) > 1:
            raise PydanticCustomError(
                "study",
                "There is another study with the id {id}. Give it its own.",
                {"id": study.id},
            )
    return added


AddedStudies = Annotated[tuple[Study, ...] | None, Field(max_length=20), AfterValidator(_apart)]
"""Studies that a scenario or a plan brings along, beside the product's own; None for none."""


def read_on_footing(study: Study, yearly_payment_share: float) -> Finding:
    """Carry a study's effect to a payment worth a yearly share of salary.

    fall = min(1, elasticity x yearly share), elasticity = effect / payment studied. No effect
    stays no effect at any size.

    Args:
        study: the study.
        yearly_payment_share: the scheme's payment, spread over the time it binds, as a share of
            salary (15% of salary for three years is 0.05).

    Example:
        8% a year cut leaving by 23%, so 5% a year would cut it by 14%.

        >>> sims = next(s for s in studies() if s.id.startswith("sims"))
        >>> round(read_on_footing(sims, 0.05).fall, 3)
        0.144
    """
    if not study.is_pay:
        footing: Literal["as found", "none"] = "none" if study.effect is None else "as found"
        return Finding(study, study.effect, study.effect_low, study.effect_high, footing)
    if study.effect is not None and study.payment_share_of_salary is not None:
        scale = yearly_payment_share / study.payment_share_of_salary
        low, high = _scaled(study.effect_low, scale), _scaled(study.effect_high, scale)
        return Finding(study, _scaled(study.effect, scale), low, high, "scaled")
    if study.elasticity_low is not None or study.elasticity is not None:
        return _from_elasticity(study, yearly_payment_share)
    if study.effect == 0:
        return Finding(study, 0.0, None, None, "scaled")
    if study.effect is not None:
        return Finding(study, study.effect, study.effect_low, study.effect_high, "as found")
    return Finding(study, None, None, None, "none")


def _scaled(effect: float | None, scale: float) -> float | None:
    return None if effect is None else min(1.0, effect * scale)


def _from_elasticity(study: Study, share: float) -> Finding:
    """Read a study that gives an elasticity, or a range of them, itself."""
    low, high = study.elasticity_low, study.elasticity_high
    middle = study.elasticity
    if middle is None and low is not None and high is not None:
        middle = (low + high) / 2
    ends = _scaled(low, share), _scaled(high, share)
    return Finding(study, _scaled(middle, share), *ends, "scaled")


def known(added: tuple[Study, ...] | None) -> tuple[Study, ...]:
    """Give the product's own studies, and after them those that somebody added."""
    return (*studies(), *(added or ()))


def findings(
    kind: SchemeKind, yearly_payment_share: float, added: tuple[Study, ...] | None = None
) -> tuple[Finding, ...]:
    """Read every study of this kind of scheme on its footing, in the order of the file.

    Args:
        kind: a retention payment or a golden hello.
        yearly_payment_share: the payment as a yearly share of salary.
        added: studies that the scenario or plan brings along.
    """
    return tuple(
        read_on_footing(study, yearly_payment_share)
        for study in known(added)
        if kind in study.applies_to
    )


def fall_known(
    kind: SchemeKind, yearly_payment_share: float, added: tuple[Study, ...] | None = None
) -> tuple[float, float]:
    """Give the fall in leaving to expect of a payment: the least and the most that studies found.

    Each study of pay is read on the footing of this payment. Where none gives a number, the
    register's response to pay (percent for each percent) x the payment as a yearly share of salary.

    Args:
        kind: a retention payment or a golden hello.
        yearly_payment_share: the payment, spread over the time it binds, as a share of salary.
        added: studies that the scenario or plan brings along.

    Example:
        >>> [round(end, 2) for end in fall_known("retention", 0.05)]
        [0.0, 0.2]
    """
    found = span(findings(kind, yearly_payment_share, added))
    if found is not None:
        return found
    row = register()["pay_elasticity"]
    ends = (row.low or 0.0), (row.high or 0.0)
    return min(1.0, ends[0] * yearly_payment_share), min(1.0, ends[1] * yearly_payment_share)


def span(found: tuple[Finding, ...]) -> tuple[float, float] | None:
    """Give the smallest and the largest fall that studies of pay found, None without any."""
    falls = [finding.fall for finding in found if finding.counts and finding.fall is not None]
    return (min(falls), max(falls)) if falls else None
