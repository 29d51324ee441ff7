"""How old a figure is: whether it has outlived the time after which it is to be looked at again.

Nothing here knows what day it is: the day is given.
"""

from __future__ import annotations

import calendar
import datetime as dt

from retention_lib.rates import MONTHS_IN_YEAR


def stale_from(date: str, life_months: int) -> dt.date:
    """Give the first day on which a figure is older than its stated life.

    A date that names a year or a month stands for the whole of it, so that nothing is called stale
    before it must be.

    Args:
        date: the year, the month or the day of its source: "2020", "2025-09", "2026-03-19".
        life_months: how long after that it counts as fresh.

    Example:
        >>> stale_from("2025-09", 12), stale_from("2020", 24)
        (datetime.date(2026, 10, 1), datetime.date(2023, 1, 1))
    """
    return _later(_day_after(date), life_months)


def is_stale(date: str, life_months: int, on: dt.date) -> bool:
    """Tell whether a figure is older than its stated life on a day.

    Example:
        >>> is_stale("2025-09", 12, dt.date(2026, 9, 30)), is_stale("2025-09", 12,
        ...                                                         dt.date(2026, 10, 1))
        (False, True)
    """
    return on >= stale_from(date, life_months)


def _day_after(date: str) -> dt.date:
    """Give the first day after a year, a month or a day."""
    parts = [int(part) for part in date.split("-")]
    if len(parts) == 1:
        return dt.date(parts[0] + 1, 1, 1)
    if len(parts) == 2:
        return _later(dt.date(parts[0], parts[1], 1), 1)
    return dt.date(parts[0], parts[1], parts[2]) + dt.timedelta(days=1)


def _later(day: dt.date, months: int) -> dt.date:
    """Give the same day so many months on, or the month's last where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // MONTHS_IN_YEAR, month % MONTHS_IN_YEAR + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
