"""Units: how a number in the code is shown on a screen and typed back.

Shares are 0 to 1 in code and percent on screen; everything else is shown as it is. This is the
only module that scales a number for people to read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """How one unit is shown: `scale` from code to screen, signs before and after, decimals."""

    name: str
    scale: float = 1.0
    before: str = ""
    after: str = ""
    decimals: int = 0

    def to_screen(self, value: float) -> float:
        """Turn a number in code into the number on screen, without binary noise.

        Example:
            >>> UNITS["share"].to_screen(0.07)
            7.0
        """
        return round(value * self.scale, 10)

    def from_screen(self, shown: float) -> float:
        """Turn the number on screen into the number in code, without binary noise.

        Example:
            >>> UNITS["share"].from_screen(20.8)
            0.208
        """
        return round(shown / self.scale, 12)

    def text(self, value: float) -> str:
        """Write a number with its unit, as a sentence would.

        Example:
            >>> UNITS["share"].text(0.208), UNITS["pounds"].text(-1234.5), UNITS["months"].text(1)
            ('20.8%', '−£1,234', '1 month')
        """
        shown = self.to_screen(abs(value))
        digits = trimmed(shown, self.decimals)
        after = self.after
        if digits == "1" and after in {" months", " weeks", " people"}:
            after = {" months": " month", " weeks": " week", " people": " person"}[after]
        minus = MINUS if value < 0 and digits != "0" else ""
        return f"{minus}{self.before}{digits}{after}"


MINUS = "−"

UNITS = {
    unit.name: unit
    for unit in (
        Unit("people", after=" people", decimals=1),
        Unit("pounds", before="£"),
        Unit("pounds a week", before="£", after=" a week"),
        Unit("pounds a month", before="£", after=" a month"),
        Unit("pounds a year", before="£", after=" a year"),
        Unit("share", scale=100.0, after="%", decimals=1),
        Unit("percent of salary", after="% of salary", decimals=1),
        Unit("months", after=" months", decimals=1),
        Unit("weeks", after=" weeks", decimals=1),
        Unit("points", scale=100.0, after=" points", decimals=1),
        Unit("cases", after=" cases", decimals=1),
        Unit("days", after=" days", decimals=0),
        Unit("ratio", after=" times", decimals=2),
        Unit("percent per percent", after="% for each 1% of pay", decimals=2),
        Unit("points per case", after=" points a case", decimals=2),
        Unit("points per point", after=" points a point", decimals=2),
    )
}


def trimmed(value: float, decimals: int) -> str:
    """Write a number with commas and at most so many decimals, no trailing zeros.

    Example:
        >>> trimmed(1234.50, 1), trimmed(15.0, 1), trimmed(-0.04, 1)
        ('1,234.5', '15', '0')
    """
    text = f"{value:,.{decimals}f}"
    if decimals:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def about(value: float, figures: int = 3) -> float:
    """Round to so many significant figures, for a number that is read, not reckoned with.

    Example:
        >>> about(371_061.2), about(-43_938.1), about(0.0)
        (371000.0, -43900.0, 0.0)
    """
    if value == 0 or not math.isfinite(value):
        return value
    return float(round(value, figures - 1 - math.floor(math.log10(abs(value)))))


def money(value: float, *, exact: bool = False) -> str:
    """Write pounds with commas and no pence; rounded to three figures unless exact.

    Example:
        >>> money(371_061.2), money(-43_938.1), money(371_061.2, exact=True)
        ('£371,000', '−£43,900', '£371,061')
    """
    shown = round(value) if exact else about(value)
    minus = MINUS if round(shown) < 0 else ""
    return f"{minus}£{abs(shown):,.0f}"


def thousands(value: float) -> str:
    """Write pounds in thousands, for an axis or a table that says so.

    Example:
        >>> thousands(-43_938.0), thousands(0.0)
        ('−43.9', '0')
    """
    text = trimmed(abs(value) / 1000, 1)
    return f"{MINUS}{text}" if value < 0 and text != "0" else text


def payment_text(payment: float, is_percent: bool) -> str:
    """Write a payment as its offer has it.

    Example:
        >>> payment_text(15.0, True), payment_text(5000.0, False)
        ('15% of salary', '£5,000')
    """
    return f"{trimmed(payment, 2)}% of salary" if is_percent else money(payment)


def percent(share: float, decimals: int = 0) -> str:
    """Write a share as a percentage, in whole percent unless told.

    Example:
        >>> percent(0.5086), percent(0.0354, 1)
        ('51%', '3.5%')
    """
    return f"{trimmed(share * 100, decimals)}%"


def rounded_percent(share: float) -> str:
    """Write a share as sentences do: in whole percent, with one decimal where it is below 10%.

    Example:
        >>> rounded_percent(0.5086), rounded_percent(0.0354), rounded_percent(0.0996)
        ('51%', '3.5%', '10%')
    """
    return percent(share, 1 if share < 0.0995 else 0)


def chance(share: float) -> str:
    """Write a chance that is a share of draws: none or all of them is still not never or always.

    Example:
        >>> chance(0.364), chance(0.001), chance(0.0), chance(1.0)
        ('36%', 'under 1%', 'under 1%', 'over 99%')
    """
    if share < 0.005:
        return "under 1%"
    return "over 99%" if share >= 0.995 else percent(share)


def count(value: float) -> str:
    """Write a number of people: whole from 10 up, one decimal below.

    Example:
        >>> count(68.0), count(8.445), count(0.075)
        ('68', '8.4', '0.1')
    """
    minus = MINUS if value < 0 and trimmed(value, 1) != "0" else ""
    return minus + trimmed(abs(value), 0 if abs(value) >= 9.95 else 1)
