"""What a user asks of the benchmarks: which council, year and measure, beside whom, which claim.

A comparison is kept, sent and opened as any scenario is: JSON with `schema` and `kind`, or a link.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from retention_lib.benchmarks.gap import Target
from retention_lib.benchmarks.groups import GroupKind, UnknownCouncilError, council
from retention_lib.benchmarks.measures import Key
from retention_lib.documents import Document, Money, Months, Name, Number, Part, Share, central
from retention_lib.figures import all_years, latest_year

_MOST_CODES = 200
_LARGEST = 1e6  # in shares or cases: no figure comes near it


def _known(code: str) -> str:
    """Take a council's code, the whole for half of a joint return."""
    try:
        return council(code).code
    except UnknownCouncilError as unknown:
        raise PydanticCustomError("council", "{why}", {"why": str(unknown)}) from None


class Beside(Part):
    """The councils to compare with; `codes` where the list is the user's own."""

    group: GroupKind = "neighbours_2025"
    codes: Annotated[
        tuple[Annotated[Name, AfterValidator(_known)], ...], Field(max_length=_MOST_CODES)
    ] = ()

    @field_validator("codes")
    @classmethod
    def _once_each(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(codes))


class Claim(Part):
    """A promise, or a success story, to read against what others did.

    `change` is how far the figure is to move in `years_on` years, a fall below 0, in shares or
    cases; it is read against council-years that started from `at_least` to `at_most`. What is
    left out follows the council's own figure and its gap.
    """

    change: Annotated[Number, Field(ge=-_LARGEST, le=_LARGEST)] | None = None
    at_least: Annotated[Number, Field(ge=0, le=_LARGEST)] | None = None
    at_most: Annotated[Number, Field(ge=0, le=_LARGEST)] | None = None
    years_on: Annotated[Months, Field(ge=1, le=8)] = 1
    among: Literal["england", "group"] = "england"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_least is None or self.at_most is None or self.at_least <= self.at_most:
            return self
        raise PydanticCustomError(
            "ends",
            "at_least is {at_least} and at_most is {at_most}. at_least must not be above at_most.",
            {"at_least": f"{self.at_least:g}", "at_most": f"{self.at_most:g}"},
        )


class GapPrices(Part):
    """What the people in a gap cost; the share covered is the council's own unless it is set."""

    agency_premium_per_year: Money = central("costs.agency_premium_per_year")
    pay_with_oncosts_per_year: Money = central("costs.pay_with_oncosts_per_year")
    covered_share: Share | None = None


class Start(Part):
    """The case that the comparison started from."""

    preset: Name | None = None


class Comparison(Document):
    """One council's figure beside others', with everything its answer depends on.

    Example:
        >>> asked = Comparison.from_dict(
        ...     {"schema": 1, "kind": "benchmark", "council": "806", "year": 2019})
        >>> asked.measure, Comparison.from_link(asked.to_link()) == asked
        ('turnover', True)
    """

    KIND: ClassVar[str] = "benchmark"

    kind: Literal["benchmark"] = "benchmark"
    name: Name = "A comparison"
    council: Name
    year: Months = Field(default_factory=latest_year)
    measure: Key = "turnover"
    beside: Beside = Field(default_factory=Beside)
    target: Target = "median"
    second_measure: Key | None = None
    claim: Claim = Field(default_factory=Claim)
    leaver_cost: Money = central("leaver_cost")
    leaver_cost_cashable_share: Share = central("leaver_cost_cashable_share")
    costs: GapPrices = Field(default_factory=GapPrices)
    case: Start = Field(default_factory=Start)

    @field_validator("council")
    @classmethod
    def _is_council(cls, code: str) -> str:
        return _known(code)

    @field_validator("year")
    @classmethod
    def _has_figures(cls, year: Any) -> Any:
        first, last = all_years()[0], all_years()[-1]
        if not first <= year <= last:
            raise PydanticCustomError(
                "year",
                "It must be a year with published figures: {first} to {last}.",
                {"first": first, "last": last},
            )
        return year

    @property
    def other_measure(self) -> Key:
        """The measure to set beside the first: the one asked for, or one that is not the first."""
        if self.second_measure is not None and self.second_measure != self.measure:
            return self.second_measure
        return "turnover" if self.measure == "vacancy" else "vacancy"
