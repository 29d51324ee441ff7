"""The names of a plan's financial years and months."""

from __future__ import annotations

from retention_lib.plans.plan import YEARS, Plan
from retention_lib.rates import MONTHS_IN_YEAR
from retention_lib.results import CellKind, Column


def year_labels(plan: Plan) -> tuple[str, ...]:
    """Name the plan's financial years.

    Example:
        >>> year_labels(Plan.from_dict(
        ...     {"schema": 1, "kind": "invest_to_save", "council": "802"}))[0]
        '2026/27'
    """
    first = plan.appraisal.first_financial_year
    return tuple(f"{first + y}/{(first + y + 1) % 100:02d}" for y in range(YEARS))


def year_columns(plan: Plan, kind: CellKind, *, total: bool = False) -> tuple[Column, ...]:
    """Make a table's column for each year, and one for their total."""
    columns = tuple(
        Column(f"year_{i + 1}", label, kind) for i, label in enumerate(year_labels(plan))
    )
    return (*columns, Column("total", "Total", kind)) if total else columns


_MONTH_NAMES = (
    "April", "May", "June", "July", "August", "September",
    "October", "November", "December", "January", "February", "March",
)  # fmt: skip


def month_name(plan: Plan, month: int) -> str:
    """Name the month that begins so many months after the plan's first day.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802"})
        >>> month_name(plan, 0), month_name(plan, 21)
        ('April 2026', 'January 2028')
    """
    year, place = divmod(month, MONTHS_IN_YEAR)
    calendar = plan.appraisal.first_financial_year + year + (1 if place >= 9 else 0)
    return f"{_MONTH_NAMES[place]} {calendar}"
