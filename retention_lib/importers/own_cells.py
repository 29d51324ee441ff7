"""One cell of a council's own file: a figure, no figure, or what is wrong with it in words.

A cell is text here, whatever file it came from: a date in a workbook is "16 May 2025", a number
formatted as a percentage is "20.8%". Nothing is worked out and nothing is put right in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from retention_lib.importers.dfe import FLAGS

FIRST_YEAR = 2000
LAST_YEAR = 2040
LONGEST_VALUE = 40  # characters of a cell that a message quotes, and the longest number read
LONGEST_NAME = 60  # characters of a name that a message quotes: of a file, sheet or column


@dataclass(frozen=True)
class Range:
    """What a measure's cells may hold: up to how much, as what, and an example."""

    most: int
    unit: str
    example: str
    percent: bool = False


RANGES: Mapping[str, Range] = {
    "turnover": Range(100, "a percentage", "20.8", percent=True),
    "vacancy": Range(100, "a percentage", "18.5", percent=True),
    "agency": Range(100, "a percentage", "15", percent=True),
    "caseload": Range(1_000, "the number of cases for each worker", "16.2"),
    "absence": Range(100, "a percentage", "3.5", percent=True),
    "in_post": Range(100_000, "the full-time equivalent staff in post", "90"),
}


@dataclass(frozen=True)
class Reading:
    """What was read from a cell: a value if there is one, and what is to be said of it, if any."""

    value: float | None = None
    text: str = ""

    @property
    def refused(self) -> bool:
        """Whether the cell was refused, and not merely empty or read in a way worth saying."""
        return self.value is None and bool(self.text)


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
_FLAGS = re.ASCII | re.IGNORECASE | re.DOTALL
_NUMBER = re.compile(
    r"(?P<digits>[+-]?(?:(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|\.\d+))\s*(?P<sign>%?)", re.ASCII
)
_DATE = re.compile(
    rf"(?:\d{{1,2}}[-/ ]{_MONTH}(?:[-/ ]\d{{2,4}})?|{_MONTH}[-/ ]\d{{1,4}}"
    r"|\d{1,2}[-/]\d{1,2}(?:[-/]\d{2,4})?|\d{1,2}\.\d{1,2}\.\d{2,4}|\d{4}[-/]\d{1,2}[-/]\d{1,2})"
    rf"(?:[T ]{_CLOCK})?",
    _FLAGS,
)
_TIME = re.compile(_CLOCK, re.ASCII)
_TWO_YEARS = re.compile(r"(\d{4})\s*[-/–—]?\s*(\d{2}|\d{4})", re.ASCII)
_MORE_YEARS = re.compile(r"\d{4}\D+\d{4}.*", _FLAGS)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", _FLAGS)
_SCIENTIFIC = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)e[+-]?\d+%?", _FLAGS)
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+\s*%?", re.ASCII)
_EXCEL_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]?", re.ASCII)
_FORMULA = re.compile(r"[=+@-].+", _FLAGS)


def shown(text: str, longest: int = LONGEST_VALUE) -> str:
    r"""Make text fit to be quoted: one line, nothing invisible, cut where it is long.

    Example:
        >>> shown("=HYPERLINK(1)\n" + 40 * "x", 20)
        '=HYPERLINK(1)�xxxxx…'
    """
    cut = text[: longest + 1]
    clean = "".join(letter if letter.isprintable() else "�" for letter in cut)
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


def read_year(text: str) -> int | str:
    """Read a cell that holds a year.

    Returns:
        The year, or what is wrong in words.

    Example:
        >>> read_year("2025")
        2025
        >>> read_year("25")
        '"25" is not a year. Write four digits, from 2000 to 2040: 2025.'
    """
    cell = text.strip()
    quoted = f'"{shown(cell)}"'
    if not cell:
        return "There is no year. Write it in four digits: 2025."
    if re.fullmatch(r"\d{4}", cell, re.ASCII) and FIRST_YEAR <= int(cell) <= LAST_YEAR:
        return int(cell)
    two = _TWO_YEARS.fullmatch(cell)
    if two and (int(two[1]) + 1) % 10 ** len(two[2]) == int(two[2]):
        last = int(two[1]) + 1
        return (
            f"{quoted} is two years. Write the year in which 30 September falls: "
            f"{last} for October {last - 1} to September {last}."
        )
    return _no_year(cell, quoted)


def _no_year(cell: str, quoted: str) -> str:
    if _DATE.fullmatch(cell):
        return f"This is a date, {shown(cell)}. Write the year alone: 2025."
    if _FORMULA.fullmatch(cell):
        return f"{quoted} begins as a formula does. None is worked out: write the year, 2025."
    if _MORE_YEARS.fullmatch(cell):
        return f"{quoted} is more than one year. Write a row for each."
    return f"{quoted} is not a year. Write four digits, from {FIRST_YEAR} to {LAST_YEAR}: 2025."


def read_number(text: str, measure: str, *, by_dfe: bool = False) -> Reading:
    """Read a cell that holds a measure's figure; shares are 0 to 1.

    In DfE's own columns a percentage below 1 with one decimal, as DfE publishes them, is one;
    elsewhere it may be a fraction.

    Example:
        >>> read_number("20.8", "turnover"), read_number("low", "turnover")
        (Reading(value=0.208, text=''), Reading(value=None, text=''))
        >>> read_number("0.208", "turnover").text
        '0.208 looks like a fraction. Write 20.8, or 0.208% if you mean that.'
    """
    cell = text.strip()
    if cell.casefold() in FLAGS:
        return Reading()
    found = _NUMBER.fullmatch(cell.replace("−", "-"))
    if found is None or len(cell) > LONGEST_VALUE:
        return Reading(text=_not_a_number(cell, RANGES[measure]))
    return _within(cell, found, RANGES[measure], by_dfe)


def _within(cell: str, found: re.Match[str], allowed: Range, by_dfe: bool) -> Reading:
    """Hold a number against what its measure may be."""
    number = Decimal(found["digits"].replace(",", ""))
    below_1 = allowed.percent and not found["sign"] and 0 < number < 1
    published = below_1 and by_dfe and number * 10 % 1 == 0
    if number < 0:
        return Reading(text=f"{cell} is below 0. It must be {allowed.unit}: {allowed.example}.")
    if found["sign"] and not allowed.percent:
        return Reading(
            text=f"{cell} is a percentage. It must be {allowed.unit}: {allowed.example}."
        )
    if below_1 and not published:
        return Reading(
            text=f"{cell} looks like a fraction. "
            f"Write {plainly(number * 100)}, or {cell}% if you mean that."
        )
    if number > allowed.most:
        limit = f"{allowed.most:,}"
        return Reading(
            text=f"{cell} is above {limit}. "
            f"It must be {allowed.unit}, from 0 to {limit}: {allowed.example}."
        )
    value = float(number / 100 if allowed.percent else number) + 0.0  # so that -0 is 0
    if published:
        return Reading(value, f"{cell} was read as {cell}%, as DfE writes it.")
    read_as = f"{cell} was read as {plainly(number)}{found['sign']}."
    return Reading(value, read_as if "," in cell else "")


def _not_a_number(cell: str, allowed: Range) -> str:
    """Say what is wrong with a cell that is no number."""
    quoted, example = f'"{shown(cell)}"', allowed.example
    if len(cell) > LONGEST_VALUE and not _FORMULA.fullmatch(cell):
        return f"{quoted} is too long for a number. Write it in a few digits: {example}."
    if _DECIMAL_COMMA.fullmatch(cell):
        right = cell.replace(".", "").replace(",", ".")
        return f"{quoted} has a comma where the decimal point should be. Write {shown(right)}."
    for pattern, problem in _PROBLEMS:
        if pattern.fullmatch(cell):
            return problem.format(quoted=quoted, cell=shown(cell), example=example)
    symbols = ", ".join(flag for flag in FLAGS if flag)
    return (
        f"{quoted} is neither a number nor a symbol that DfE uses ({symbols}). "
        f"Write a number such as {example}, or leave the cell empty."
    )


_PROBLEMS = (
    (_NOT_FINITE, "{quoted} is not an ordinary number. Write it in digits: {example}."),
    (_SCIENTIFIC, "{quoted} is not an ordinary number. Write it in digits: {example}."),
    (
        _DATE,
        "This is a date, {cell}: Excel may have turned a number into it. "
        "Format the cell as a number and write the figure again: {example}.",
    ),
    (
        _TIME,
        "This is a time, {cell}: Excel may have turned a number into it. "
        "Format the cell as a number and write the figure again: {example}.",
    ),
    (
        _EXCEL_ERROR,
        "{quoted} is what Excel shows where there is an error. Write a number such as {example}, "
        "or leave the cell empty.",
    ),
    (
        _FORMULA,  # the last, because a date or "-inf" may begin so too
        "{quoted} begins as a formula does. None is worked out: "
        "write the number, such as {example}.",
    ),
)


def plainly(number: Decimal) -> str:
    """Write a number in digits, with no more of them than it needs.

    Example:
        >>> plainly(Decimal("2080.0") / 100), plainly(Decimal("1E+2"))
        ('20.8', '100')
    """
    return format(number.normalize(), "f") if number.is_finite() else str(number)
