"""A scenario: everything a user chose, to and from JSON and a link.

A file may hold anything that is possible; the sliders' narrower bounds bind only the sliders. What
a file leaves out is filled: what the council chooses with the neutral value that claims nothing,
what nobody knows with the register's central value. What cannot be right is refused with the
field's path, the value, and what would be right.
"""

from __future__ import annotations

import base64
import binascii
import copy
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import (
    AllowInfNan,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from retention_lib.assumptions import register
from retention_lib.incentives import SchemeKind, Taper
from retention_lib.problems import Problem, ScenarioError, problems_from

SCHEMA = 1
FROM_PARTS = "from_parts"

_LARGEST_FILE = 1_000_000
_LONGEST_APPRAISAL_MONTHS = 1_200
_SHARES_TOLERANCE = 1e-6


def _whole(value: object) -> object:
    """Let 36.0 stand for 36, as JSON writers differ; leave everything else to be judged."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_Number = Annotated[float, Strict(), AllowInfNan(False)]
Share = Annotated[_Number, Field(ge=0, le=1)]
Money = Annotated[_Number, Field(ge=0, le=1e12)]
SignedMoney = Annotated[_Number, Field(ge=-1e12, le=1e12)]
People = Annotated[_Number, Field(ge=0, le=1e9)]
Factor = Annotated[_Number, Field(ge=0, le=1e6)]
Months = Annotated[int, BeforeValidator(_whole), Strict(), Field(ge=0, le=1_000_000)]
Duration = Annotated[_Number, Field(ge=0, le=1_000_000)]
Name = Annotated[str, StringConstraints(strict=True, max_length=200)]
Reason = Annotated[str, StringConstraints(strict=True, max_length=1_000, min_length=1)]


def _central(path: str) -> Any:
    """Make a field filled with the register's value."""
    return Field(default_factory=lambda: register().default(path))


class _Part(BaseModel):
    """A part of a scenario: cannot be changed in place, and knows no other fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Group(_Part):
    """People with the same salary and the same chance of leaving."""

    name: Name = "Social workers"
    headcount: People
    salary: Money = _central("groups.*.salary")
    annual_leaving_rate: Share = _central("groups.*.annual_leaving_rate")
    replacement_leaving_rate: Share | None = None


class OtherStaff(_Part):
    """People who are not offered the payment, for the question of fairness."""

    name: Name
    headcount: People
    salary: Money = _central("groups.*.salary")
    annual_leaving_rate: Share = _central("groups.*.annual_leaving_rate")


class Amount(_Part):
    """The whole payment to one person: a flat sum in pounds, or a percentage of salary."""

    flat: Money | None = None
    percent_of_salary: Annotated[_Number, Field(ge=0, le=1e6)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.flat is None) == (self.percent_of_salary is None):
            raise PydanticCustomError("amount", "Give flat or percent_of_salary, and not both.")
        return self


class Instalment(_Part):
    """A share of the payment, paid at the end of a month to those still in post."""

    month: Months
    share: Share


class Clawback(_Part):
    """What somebody who leaves early owes, and how much of it the council gets back."""

    taper: Taper = "none"
    recovery_rate: Share = _central("scheme.clawback.recovery_rate")


class Scheme(_Part):
    """The offer."""

    kind: SchemeKind
    amount: Amount
    instalments: tuple[Instalment, ...] = (Instalment(month=0, share=1.0),)
    tie_in_months: Months = 0
    clawback: Clawback = Field(default_factory=Clawback)
    take_up: Share = 1.0
    oncost_rate: Share = _central("scheme.oncost_rate")

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        together = sum(instalment.share for instalment in self.instalments)
        if abs(together - 1.0) > _SHARES_TOLERANCE:
            raise PydanticCustomError(
                "shares",
                "The shares of the instalments add up to {together}. They must add up to 1.",
                {"together": f"{together:.6g}"},
            )
        return self


class Effect(_Part):
    """What the scheme does; nothing unless it is said."""

    leaving_reduction: Share | None = None
    pay_elasticity: Factor | None = None
    extra_hires: Factor = 0.0
    after_multiplier: Factor = 1.0
    after_months: Months = 0

    @model_validator(mode="before")
    @classmethod
    def _nothing_unless_said(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        said = [
            key for key in ("leaving_reduction", "pay_elasticity") if given.get(key) is not None
        ]
        if len(said) == 2:
            raise PydanticCustomError(
                "effect", "Give either leaving_reduction or pay_elasticity, not both."
            )
        return given if said else {**given, "leaving_reduction": 0.0}


class Vacancy(_Part):
    """The vacancy that an extra hire fills."""

    months: Duration = 0.0
    net_saving_per_month: SignedMoney | Literal["from_parts"] = 0.0
    hire_cost: Money = 0.0


class Costs(_Part):
    """The parts from which the cost of a leaver, and of a vacancy, can be built."""

    advertising_and_selection: Money = _central("costs.advertising_and_selection")
    agency_premium_per_year: Money = _central("costs.agency_premium_per_year")
    months_to_fill: Duration = _central("costs.months_to_fill")
    covered_share: Share = _central("costs.covered_share")
    pay_with_oncosts_per_year: Money = _central("costs.pay_with_oncosts_per_year")
    induction_and_training: Money = _central("costs.induction_and_training")
    ramp_up_weeks: Duration = _central("costs.ramp_up_weeks")
    ramp_up_lost_share: Share = _central("costs.ramp_up_lost_share")


class Region(_Part):
    """How much of what one council gains its neighbours lose."""

    leavers_to_neighbours: Share = _central("region.leavers_to_neighbours")
    hires_from_neighbours: Share = _central("region.hires_from_neighbours")


class Appraisal(_Part):
    """How long the scheme is followed, the yearly discount rate, and the first April's year."""

    months: Annotated[Months, Field(le=_LONGEST_APPRAISAL_MONTHS)] = Field(
        default_factory=lambda: int(register().default("appraisal.months"))
    )
    discount_rate: Share = _central("appraisal.discount_rate")
    first_financial_year: Annotated[Months, Field(ge=1990, le=2100)] | None = None


class Case(_Part):
    """Where the scenario started: a preset, and a council's published figures."""

    preset: Name | None = None
    council: Name | None = None
    year: Months | None = None


class Scenario(_Part):
    """One golden hello or retention payment, with everything its answer depends on.

    Example:
        >>> scenario = Scenario.from_dict({
        ...     "schema": 1, "kind": "incentive",
        ...     "groups": [{"headcount": 10, "annual_leaving_rate": 0.2}],
        ...     "scheme": {"kind": "retention", "amount": {"flat": 3000}}})
        >>> scenario.scheme.take_up, Scenario.from_link(scenario.to_link()) == scenario
        (1.0, True)
    """

    schema_version: Annotated[Literal[1], Field(alias="schema")] = 1
    kind: Literal["incentive"] = "incentive"
    name: Name = "A scheme"
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    scheme: Scheme
    effect: Effect = Field(default_factory=lambda: Effect.model_validate({}))
    vacancy: Vacancy = Field(default_factory=Vacancy)
    leaver_cost: Money | Literal["from_parts"] = _central("leaver_cost")
    leaver_cost_cashable_share: Share = _central("leaver_cost_cashable_share")
    costs: Costs = Field(default_factory=Costs)
    region: Region = Field(default_factory=Region)
    not_offered: tuple[OtherStaff, ...] = ()
    appraisal: Appraisal = Field(default_factory=Appraisal)
    case: Case = Field(default_factory=Case)
    seed: Months = 0
    reasons: dict[Name, Reason] = Field(default_factory=dict)

    @classmethod
    def from_dict(cls, given: object) -> Scenario:
        """Check parsed JSON and make a scenario of it.

        Raises:
            ScenarioError: with every problem found: the field, its value, what would be right.
        """
        if not isinstance(given, Mapping):
            raise ScenarioError([Problem("", given, "A scenario is a JSON object: { … }.")])
        _refuse_other_schemas(given)
        try:
            scenario = cls.model_validate(given)
        except ValidationError as refused:
            raise ScenarioError(problems_from(refused, given, cls)) from None
        _refuse_reasons_for_nothing(scenario)
        return scenario

    @classmethod
    def from_json(cls, text: str) -> Scenario:
        """Make a scenario from JSON text.

        Raises:
            ScenarioError: where the text is not JSON, or not a scenario.
        """
        if not text.strip():
            raise ScenarioError([Problem("", None, "The file is empty.")])
        try:
            given = json.loads(text, object_pairs_hook=_once_each)
        except (ValueError, RecursionError) as problem:
            if isinstance(problem, ScenarioError):
                raise
            raise ScenarioError([Problem("", None, f"This is not JSON: {problem}.")]) from None
        return cls.from_dict(given)

    @classmethod
    def from_file(cls, file: str | Path) -> Scenario:
        """Read a scenario file.

        Raises:
            ScenarioError: where the file cannot be read or is not a scenario.
        """
        path = Path(file)
        try:
            if path.stat().st_size > _LARGEST_FILE:
                raise ScenarioError([Problem("", None, "The file is over 1 MB; none is so large.")])
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as problem:
            why = getattr(problem, "strerror", None) or "it is not text in UTF-8"
            raise ScenarioError([Problem("", None, f"{path} cannot be read: {why}.")]) from None
        return cls.from_json(text)

    @classmethod
    def from_link(cls, link: str) -> Scenario:
        """Make a scenario from a link, or from the part of it behind `s=`.

        Raises:
            ScenarioError: where the link is damaged or is not a scenario.
        """
        try:
            query = urlsplit(link).query
        except ValueError:
            raise ScenarioError([Problem("", None, "This is not a link.")]) from None
        token = parse_qs(query).get("s", [""])[0] if query else link.removeprefix("s=")
        return cls.from_json(_unpacked(token))

    def to_dict(self) -> dict[str, Any]:
        """Give the scenario as parsed JSON, every field included."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def to_json(self) -> str:
        """Give the scenario as the text of a file."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n"

    def to_link(self) -> str:
        """Give the scenario as a query string for a link; reasons, being free text, stay behind."""
        given = {key: value for key, value in self.to_dict().items() if key != "reasons"}
        return "s=" + _packed(json.dumps(given, separators=(",", ":"), ensure_ascii=False))

    @cached_property
    def digest(self) -> str:
        """Twelve characters that name exactly these inputs, whatever their name and reasons."""
        given = self.to_dict()
        for words in ("name", "reasons", "case"):
            given.pop(words, None)
        canonical = json.dumps(given, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    def at(self, path: str) -> Any:
        """Give the value of a field, None where it is not set.

        Example:
            >>> from retention_lib.presets import preset
            >>> preset("middlesbrough-2019").scenario.at("groups.0.headcount")
            82.0
        """
        return value_at(self.to_dict(), path)

    def but(self, changes: Mapping[str, Any]) -> Scenario:
        """Give the same scenario with some fields changed; None takes a field out.

        Raises:
            ScenarioError: where it would not be possible.
        """
        given = copy.deepcopy(self.to_dict())
        for path, value in changes.items():
            try:
                _set(given, path, value)
            except (IndexError, TypeError, ValueError, AttributeError):
                raise ScenarioError([Problem(path, value, "There is no such field.")]) from None
        return Scenario.from_dict(given)

    def with_reasons(self, reasons: Mapping[str, str]) -> Scenario:
        """Give the same scenario with these reasons for what was changed, by field.

        Raises:
            ScenarioError: where a reason names no field, or is too long.
        """
        return Scenario.from_dict({**self.to_dict(), "reasons": dict(reasons)})

    def differences(self, other: Scenario) -> tuple[str, ...]:
        """List the fields in which two scenarios differ, names, case and reasons apart."""
        mine, theirs = dict(leaves(self.to_dict())), dict(leaves(other.to_dict()))
        paths = dict.fromkeys([*mine, *theirs])
        words = ("name", "case", "reasons")
        return tuple(
            path
            for path in paths
            if mine.get(path) != theirs.get(path) and path.split(".")[0] not in words
        )


def leaves(given: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """Walk parsed JSON and give each single value with its path.

    Example:
        >>> list(leaves({"a": [{"b": 1}], "c": "x"}))
        [('a.0.b', 1), ('c', 'x')]
    """
    if isinstance(given, Mapping):
        for key, value in given.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(given, list):
        for index, value in enumerate(given):
            yield from leaves(value, f"{path}.{index}" if path else str(index))
    else:
        yield path, given


def value_at(given: object, path: str) -> Any:
    """Give what stands at a path in parsed JSON, None where nothing does.

    Example:
        >>> value_at({"a": [{"b": 1}]}, "a.0.b"), value_at({}, "a.b")
        (1, None)
    """
    for part in path.split("."):
        if isinstance(given, Mapping) and part in given:
            given = given[part]
        elif isinstance(given, list) and part.isdigit() and int(part) < len(given):
            given = given[int(part)]
        else:
            return None
    return given


def _set(given: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path in parsed JSON, in place; None takes the field out."""
    *parents, last = path.split(".")
    place: Any = given
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
    if isinstance(place, list):
        place[int(last)] = value
    elif value is None:
        place.pop(last, None)
    else:
        place[last] = value


def _refuse_other_schemas(given: Mapping[str, Any]) -> None:
    schema, kind = given.get("schema"), given.get("kind")
    right = f"This version reads schema {SCHEMA}, kind incentive."
    if schema != SCHEMA or isinstance(schema, bool):
        raise ScenarioError([Problem("schema", schema, right)])
    if kind is None:
        right = 'It is missing. Write "kind": "incentive".'
    if kind != "incentive":
        raise ScenarioError([Problem("kind", kind, right)])


def _refuse_reasons_for_nothing(scenario: Scenario) -> None:
    given = scenario.to_dict()
    lost = [path for path in scenario.reasons if value_at(given, path) is None]
    if lost:
        raise ScenarioError(
            [
                Problem("reasons", path, "A reason must name a field that is set in the scenario.")
                for path in lost
            ]
        )


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a field that is written twice, where JSON would silently keep the last."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ScenarioError([Problem(key, value, "This field is written twice. Keep one.")])
        found[key] = value
    return found


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def _unpacked(token: str) -> str:
    """Unpack a link's token; never more than a file may hold."""
    damaged = ScenarioError([Problem("", None, "This link is damaged: part of it is missing.")])
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, _LARGEST_FILE).decode()
    except (binascii.Error, zlib.error, ValueError):
        raise damaged from None
    if not unpacker.eof:
        raise damaged
    return text
