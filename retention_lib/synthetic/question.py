"""What a user asks: what happened in one council after one year, in one measure.

A question is kept, sent and opened as any scenario is: JSON with `schema` and `kind`, or a link.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from retention_lib.benchmarks.comparison import Start
from retention_lib.benchmarks.groups import UnknownCouncilError, council
from retention_lib.benchmarks.measures import Key
from retention_lib.documents import Document, Months, Name
from retention_lib.figures import all_years, latest_year

EARLIEST = 2000
"""A year before the figures begin is answered by saying so; one before this is a slip."""

USUAL_YEARS = 3
"""How many years later it is looked at, unless told; fewer where the figures end."""

_MOST_CODES = 200


def _known(code: str) -> str:
    """Take a council's code, the whole for half of a joint return."""
    try:
        return council(code).code
    except UnknownCouncilError as unknown:
        raise PydanticCustomError("council", "{why}", {"why": str(unknown)}) from None


class Question(Document):
    """What happened in a council after a year, with everything its answer depends on.

    `year` is the last year of figures before what was done (year to 30 September): for an offer of
    October 2019 it is 2019. `until` is the year to look at; three years later unless told, or the
    latest. Councils that are `left_out` are in no mix and are not counted.

    Example:
        >>> asked = Question.from_dict(
        ...     {"schema": 1, "kind": "what_happened", "council": "806", "year": 2019})
        >>> asked.measure, asked.looked_at, Question.from_link(asked.to_link()) == asked
        ('turnover', 2022, True)
    """

    KIND: ClassVar[str] = "what_happened"

    kind: Literal["what_happened"] = "what_happened"
    name: Name = "What happened after"
    council: Name
    year: Months
    measure: Key = "turnover"
    until: Months | None = None
    left_out: Annotated[
        tuple[Annotated[Name, AfterValidator(_known)], ...], Field(max_length=_MOST_CODES)
    ] = ()
    case: Start = Field(default_factory=Start)

    @field_validator("council")
    @classmethod
    def _is_council(cls, code: str) -> str:
        return _known(code)

    @field_validator("year")
    @classmethod
    def _is_possible(cls, year: Any) -> Any:
        if not EARLIEST <= year <= latest_year():
            raise PydanticCustomError(
                "year",
                "It must be a year up to the latest with figures, {last}.",
                {"last": latest_year()},
            )
        return year

    @model_validator(mode="after")
    def _until_is_later(self) -> Self:
        if self.until is None or self.year < self.until <= latest_year():
            return self
        raise PydanticCustomError(
            "until",
            "until is {until}. It must be after {year}, and {last} or before.",
            {"until": self.until, "year": self.year, "last": latest_year()},
        )

    @property
    def looked_at(self) -> int:
        """The year that the answer looks at first."""
        return self.until or min(max(self.year + USUAL_YEARS, all_years()[0]), latest_year())
