"""Ofsted's judgements of children's services, one row for one council.

Ours: `area,ons,name,inspected,published,overall,leaders,help_and_protection,in_care,care_leavers`.
`area` is the code under which the council's workforce figures stand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields

from retention_lib.importers.tables import ImportRefusedError, Published

PUBLICATION = "Local authority children's services: inspection outcomes"

GRADES = ("Outstanding", "Good", "Requires improvement to be good", "Inadequate")

_CODE = "Local authority area code"
_COLUMNS: Mapping[str, str] = {
    "overall": "Overall effectiveness",
    "leaders": "The impact of leaders on social work practice with children and families",
    "help_and_protection": (
        "The experiences and progress of children who need help and protection"
    ),
    "in_care": "The experiences and progress of children in care",
    "care_leavers": "The experiences and progress of care leavers",
}


@dataclass(frozen=True)
class Judgement:
    """What Ofsted judged of one council; a part that was not judged is empty."""

    area: str
    ons: str
    name: str
    inspected: str
    published: str
    overall: str
    leaders: str
    help_and_protection: str
    in_care: str
    care_leavers: str

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Name the columns of our table."""
        return tuple(field.name for field in fields(cls))

    def cells(self) -> tuple[str, ...]:
        """Give the cells of its row."""
        return astuple(self)


def is_ofsted(published: Published) -> bool:
    """Recognise the table by its columns."""
    return {_CODE, "Overall effectiveness"} <= set(published.heading)


def read_judgements(published: Published, area_of: Mapping[str, str]) -> tuple[Judgement, ...]:
    """Read Ofsted's table.

    Args:
        published: the table.
        area_of: the code of our figures for each code of the Office for National Statistics.

    Raises:
        ImportRefusedError: where a column, a date or a grade is not one this knows, or a council
            is not in our figures or stands twice.
    """
    needed = (_CODE, "Local authority name", "Inspection date", "Publication date")
    missing = [name for name in (*needed, *_COLUMNS.values()) if name not in published.heading]
    if missing:
        raise ImportRefusedError(f"{published.name} has no column {', '.join(missing)}.")
    if not published.rows:
        raise ImportRefusedError(f"{published.name} has a heading and no rows.")
    found: dict[str, Judgement] = {}
    for line, row in published.numbered():
        ons, name = row[_CODE].strip(), row["Local authority name"].strip()
        if ons not in area_of:
            raise ImportRefusedError(f"Line {line}: {name} ({ons}) is in none of our figures.")
        if ons in found:
            raise ImportRefusedError(f"Line {line}: {name} ({ons}) stands twice.")
        grades = {key: row[column].strip() for key, column in _COLUMNS.items()}
        odd = [grade for grade in grades.values() if grade and grade not in GRADES]
        if odd:
            raise ImportRefusedError(f"Line {line}: {odd[0]!r} is not a grade that Ofsted gives.")
        found[ons] = Judgement(
            area_of[ons],
            ons,
            name,
            _day(row["Inspection date"], line),
            _day(row["Publication date"], line),
            **grades,
        )
    return tuple(sorted(found.values(), key=lambda each: (each.area, each.ons)))


def _day(text: str, line: int) -> str:
    """Give a date as 2025-03-31, whatever time stands behind it; empty where there is none."""
    if not text.strip():
        return ""
    try:
        return dt.datetime.fromisoformat(text.strip()).date().isoformat()
    except ValueError:
        raise ImportRefusedError(f"Line {line}: {text!r} is not a date: 2025-03-31.") from None
