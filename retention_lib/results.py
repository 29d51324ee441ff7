"""One shape for every answer: numbers, tables, bridge, checks and provenance.

Everything that shows an answer (page, file, command line, notebook) reads this and computes
nothing of its own.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Cell = float | str | None
CellKind = Literal["text", "pounds", "thousands", "people", "share", "points", "number"]


@dataclass(frozen=True)
class Column:
    """One column of a table: the name for scripts, the heading for people, what it holds."""

    key: str
    heading: str
    kind: CellKind = "pounds"


@dataclass(frozen=True)
class Table:
    """A table of an answer; numbers are unrounded, shares 0 to 1, thousands still in pounds.

    `totals` are the rows, from 0, that are read off rather than added.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[int, ...] = ()

    def frame(self) -> pd.DataFrame:
        """Give the table as a DataFrame, its columns named by key.

        Example:
            >>> Table("t", "T", (Column("year", "Year", "text"),), (("2026/27",),)).frame().shape
            (1, 1)
        """
        import pandas as pd

        return pd.DataFrame(self.rows, columns=[column.key for column in self.columns])

    def records(self) -> list[dict[str, Cell]]:
        """Give the table as a list of rows, each by key."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Step:
    """A step of a bridge: how much it adds, and whether it is a subtotal to be read off."""

    key: str
    label: str
    pounds: float
    total: bool = False


@dataclass(frozen=True)
class Check:
    """An identity that must hold, and by how much it is missed."""

    name: str
    difference: float

    @property
    def passed(self) -> bool:
        """Whether it holds to a hundredth of a penny, or of a person."""
        return abs(self.difference) < 1e-4


@dataclass(frozen=True)
class Provenance:
    """What the answer was made from."""

    library: str
    version: str
    scenario_digest: str
    register_digest: str
    figures_release: str
    says: str = (
        "What would follow if the assumptions held. Not a forecast of any one year, and not advice."
    )


class BrokenIdentityError(ArithmeticError):
    """An answer in which people, or pounds, do not add up. It is never shown."""


@dataclass(frozen=True, kw_only=True)
class View:
    """The same scheme from one point of view: its saving and its net benefit."""

    saving: float
    net_benefit: float
    npv: float
    net_by_year: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class BreakEven:
    """What would have to be true for NPV to be zero, each alone; None where nothing is enough.

    `payment` is in pounds or percent of salary, as the scheme's own amount is.
    """

    leaving_reduction: float | None
    payment: float | None
    extra_hires: float | None


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar of the tornado: what an uncertain number does to NPV, in pounds."""

    path: str
    label: str
    low_text: str
    high_text: str
    npv_at_low: float
    npv_at_high: float


@dataclass(frozen=True, kw_only=True)
class StudyFinding:
    """What one study says of this scheme."""

    id: str
    label: str
    fall: float | None
    low: float | None
    high: float | None
    footing: str
    counts: bool
    is_pay: bool
    significant: bool | None


@dataclass(frozen=True, kw_only=True)
class Change:
    """A number that differs from where the scenario started, and why."""

    path: str
    label: str
    was: str
    now: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What every answer has: words, tables, and what it was made from."""

    headline: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    changes: tuple[Change, ...]
    provenance: Provenance

    def table(self, key: str) -> Table:
        """Give one of the tables.

        Raises:
            KeyError: naming the tables there are.
        """
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(f"No table {key!r}; there are {[table.key for table in self.tables]}")

    def frame(self, key: str) -> pd.DataFrame:
        """Give one of the tables as a DataFrame."""
        return self.table(key).frame()


@dataclass(frozen=True, kw_only=True)
class IncentiveResult(Answered):
    """The answer about a golden hello or a retention payment.

    Pounds are positive where the name says what they are; `net_*` and `npv` are positive where the
    council gains. People are numbers of people, shares 0 to 1. None means that there is no number.
    """

    people_paid: float
    extra_people: float
    payment_is_percent: bool
    payments: float
    on_costs: float
    clawback: float
    hiring: float
    net_cost: float
    saving: float
    net_benefit: float
    npv: float
    excel_npv: float
    leavers_without: float
    leavers_with: float
    leavers_avoided: float
    cost_per_leaver_avoided: float | None
    roi: float | None
    deadweight_share: float | None
    deadweight_payments: float
    payback_month: int | None
    net_by_year: tuple[float, ...]
    relative_fall: float
    yearly_payment_share: float
    break_even: BreakEven
    budget: View
    region: View
    parity_cost: float
    bridge: tuple[Step, ...]
    tornado: tuple[Bar, ...]
    evidence: tuple[StudyFinding, ...]
    checks: tuple[Check, ...]

    @property
    def break_even_leaving_reduction(self) -> float | None:
        """The smallest relative fall in leaving at which NPV is zero."""
        return self.break_even.leaving_reduction

    @property
    def break_even_payment(self) -> float | None:
        """The largest payment at which NPV is zero, in pounds or percent as the offer is."""
        return self.break_even.payment

    @property
    def break_even_extra_hires(self) -> float | None:
        """The smallest number of extra joiners for each who would have come anyway."""
        return self.break_even.extra_hires

    def to_dict(self) -> dict[str, Any]:
        """Give the whole answer as JSON holds it, unrounded."""
        own = {
            field.name: plain(getattr(self, field.name))
            for field in fields(self)
            if field.name not in {"break_even", "tables"}
        }
        solved = {f"break_even_{key}": value for key, value in asdict(self.break_even).items()}
        return {**own, **solved, "tables": {each.key: each.records() for each in self.tables}}


def plain(value: Any) -> Any:
    """Turn dataclasses and tuples into what JSON holds."""
    if isinstance(value, Check):
        return {"name": value.name, "difference": value.difference, "passed": value.passed}
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def require(checks: tuple[Check, ...]) -> None:
    """Refuse to go on where an identity is broken.

    Raises:
        BrokenIdentityError: naming the identities that do not hold.
    """
    broken = [check for check in checks if not check.passed]
    if broken:
        said = "; ".join(f"{check.name} (out by {check.difference:g})" for check in broken)
        raise BrokenIdentityError(f"This answer does not add up, so it is not shown: {said}.")
