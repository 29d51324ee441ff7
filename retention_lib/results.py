"""One shape for every answer: numbers, tables, bridge, checks and provenance.

Everything that shows an answer (page, file, command line, notebook) reads this and computes
nothing of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from retention_lib.assumptions import Quality

if TYPE_CHECKING:
    import pandas as pd

    from retention_lib.evidence import Finding, Study

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
class MarkedLine:
    """One line of money and its mark for optimism: the share of it that counts against it.

    `pounds` is what the line adds to the net as assumed, a cost below 0; `taken_off` what the mark
    takes off that. `weakest` names the numbers that give the line its grade of evidence.
    """

    key: str
    label: str
    grade: Quality
    weakest: tuple[str, ...]
    share: float
    pounds: float
    taken_off: float


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two answers: as assumed, or marked down for optimism."""

    net_benefit: float
    npv: float
    break_even: BreakEven


@dataclass(frozen=True, kw_only=True)
class Optimism:
    """Both answers, as assumed and marked down for weak evidence; `on` says which one is given.

    `down` and `up` are the shares taken off all savings and put on all costs together, `allowance`
    what both come to in pounds, not discounted.
    """

    on: bool
    down: float
    up: float
    allowance: float
    lines: tuple[MarkedLine, ...]
    as_assumed: Side
    marked_down: Side

    @property
    def given(self) -> Side:
        """The answer that is given."""
        return self.marked_down if self.on else self.as_assumed

    @property
    def other(self) -> Side:
        """The answer that is told beside it."""
        return self.as_assumed if self.on else self.marked_down


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
class Band:
    """The 10th, 50th and 90th percentile of a figure."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, kw_only=True)
class IncentiveRanges:
    """What all draws together say of an offer, in pounds; the chance is a share of draws.

    `outcomes` are NPVs that are equally likely, the smallest first. `switching` is for each
    uncertain number, alone, the value in its range at which loss turns to gain, or None.
    """

    draws: int
    seed: int
    net_benefit: Band
    npv: Band
    net_by_year: tuple[Band, ...]
    chance_pays: float
    outcomes: tuple[float, ...]
    switching: Mapping[str, float | None]


@dataclass(frozen=True, kw_only=True)
class AnswerMap:
    """NPV in pounds over a payment and an effect: a row for each effect, a column a payment."""

    across: str
    up: str
    across_values: tuple[float, ...]
    up_values: tuple[float, ...]
    npv: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class BiddingSide:
    """What the council, or the region, pays and saves over the appraisal, in pounds."""

    net_cost: float
    saving: float
    net_benefit: float
    npv: float

    @property
    def allowance(self) -> float:
        """What is taken off for optimism, where that is switched on."""
        return self.saving - self.net_cost - self.net_benefit


@dataclass(frozen=True, kw_only=True)
class BiddingCase:
    """The same offer from both sides."""

    council: BiddingSide
    region: BiddingSide


@dataclass(frozen=True, kw_only=True)
class Bidding:
    """The offer where nobody bids, as under a memorandum of understanding, and where neighbours do.

    `match_chance` is the share of neighbours that match it after `match_delay_months`. Where the
    scenario says that nobody bids, `is_chosen` is False and the share is the register's.
    """

    is_chosen: bool
    match_chance: float
    match_delay_months: int
    neighbours_people: float
    nobody_bids: BiddingCase
    neighbours_bid: BiddingCase


@dataclass(frozen=True, kw_only=True)
class ParityLine:
    """What the same offer to people left out for one reason would cost; None where nobody counts.

    `why` is the scenario's word for it, or "all".
    """

    why: str
    label: str
    people: float | None
    paid: float | None
    paid_back: float | None
    net: float | None


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """Who is offered it and what a head of them is paid, before on-costs; parity by reason."""

    offered_to: float
    per_head: float | None
    parity: tuple[ParityLine, ...]


@dataclass(frozen=True, kw_only=True)
class StudyFinding:
    """What one study says of this scheme.

    `found_none` says what it found to make no difference, where that is not leaving itself.
    """

    id: str
    label: str
    fall: float | None
    low: float | None
    high: float | None
    footing: str
    counts: bool
    is_pay: bool
    significant: bool | None
    found_none: str = ""

    @property
    def has_size(self) -> bool:
        """Whether it gives a figure that stands: none that was replaced, or of no known payment."""
        return self.fall is not None and (self.counts or not self.is_pay)

    @classmethod
    def of(cls, found: Finding) -> StudyFinding:
        """Give what an answer tells of a finding."""
        return cls(
            id=found.study.id,
            label=found.study.label,
            fall=found.fall,
            low=found.low,
            high=found.high,
            footing=found.footing,
            counts=found.counts,
            is_pay=found.study.is_pay,
            significant=found.study.significant,
            found_none=found.study.found_none,
        )


@dataclass(frozen=True, kw_only=True)
class FirstLook:
    """What is seen first of the answer about an offer; each as in :class:`IncentiveResult`."""

    headline: str
    payments: float
    hiring: float
    npv: float
    relative_fall: float
    yearly_payment_share: float
    break_even: BreakEven
    evidence: tuple[StudyFinding, ...]
    studies: Table


@dataclass(frozen=True, kw_only=True)
class Change:
    """A number that differs from where the scenario started, and why."""

    path: str
    label: str
    was: str
    now: str
    reason: str


NOT_FROM_A_CASE = "no case to set it beside"
"""What stood in a field before, where the scenario started from no case of ours."""

STUDIES = "studies"


def studies_changed(
    was: Sequence[Study] | None, now: Sequence[Study] | None, reason: str = ""
) -> tuple[Change, ...]:
    """Tell of the studies that were added, by name; nothing where they are the same.

    Example:
        >>> studies_changed(None, None)
        ()
    """
    if (was or ()) == (now or ()):
        return ()
    before, after = (", ".join(each.label for each in some or ()) or "none" for some in (was, now))
    return (Change(path=STUDIES, label="Studies added", was=before, now=after, reason=reason),)


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
    ranges: IncentiveRanges | None
    map: AnswerMap
    optimism: Optimism
    bidding: Bidding
    fairness: Fairness
    checks: tuple[Check, ...]

    @property
    def studies(self) -> Table:
        """Every study, with what it says of this payment."""
        return self.table("evidence")

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
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
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
