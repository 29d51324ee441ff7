"""The Checks sheet: each identity with both its sides, their difference, and OK or Look."""

from __future__ import annotations

from dataclasses import dataclass

from retention_lib.outputs.excel.book import Book, Sheet
from retention_lib.outputs.excel.inputs import CHANGED, IMPOSSIBLE
from retention_lib.outputs.excel.looks import Kind

FAILED = "checks_to_look_at"
"""The name of the cell that counts the checks that do not hold."""

SHEET = "Checks"
HALF_A_PENNY = 0.005

OK, LOOK = "OK", "Look"
_WIDTHS = (58, 20, 20, 16, 12, 60)
_SAYS = (
    "Each check compares two ways to the same figure, worked out from the cells as they are now. "
    "If one says Look, an input is not possible, or something was changed that is not an input."
)


def as_exported(then: str = "As exported") -> str:
    """Give a formula that says whether a figure that does not follow still belongs to the inputs.

    For what the library solved or drew: break-evens, ranges, chances. Write it beside each.

    Example:
        >>> as_exported()[:23]
        '=IF(inputs_changed=0,"A'
    """
    return f'=IF({CHANGED}=0,"{then}","Of the inputs as exported. Not of those in the cells now")'


@dataclass(frozen=True, kw_only=True)
class Equal:
    """Two formulas that must give the same, within `near`; `value` is what the library says."""

    label: str
    one: str
    other: str
    kind: Kind = "pounds"
    near: float = HALF_A_PENNY
    value: float | None = None
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Holds:
    """A formula that must be TRUE, and what to do where it is not."""

    label: str
    test: str
    says: str = ""


_POSSIBLE = Equal(
    label="Every input is within what is possible",
    one=IMPOSSIBLE,
    other="0",
    kind="whole",
    value=0.0,
    says=(
        "How many are not: a share below 0% or above 100%, money below 0, a word for a number. The "
        "last column of the sheet Inputs says which."
    ),
)


def checks_sheet(book: Book) -> Sheet:
    """Add the Checks sheet, empty yet."""
    return book.sheet(SHEET, "Checks", _WIDTHS, _SAYS)


def write_checks(page: Sheet, checks: tuple[Equal | Holds, ...]) -> None:
    """Write the checks, and name the cell that counts those to look at `checks_to_look_at`.

    Pounds that run to millions add up in another order than the library's, so what is near is
    a billionth of the larger side where that is more.

    Args:
        page: an empty sheet, made by :func:`checks_sheet`.
        checks: formulas without their equals sign.
    """
    page.row += 1
    page.text(0, "Checks to look at", "words", "label")
    count_row = page.row
    page.row += 1
    page.text(0, "Inputs are as exported", "words", "label")
    page.formula(1, f'=IF({CHANGED}=0,"Yes","No")', "text", "Yes")
    page.text(2, "Where No: break-evens, ranges and chances are of the inputs as exported.")
    page.row += 2
    heads = ("Check", "One way", "The other way", "Difference", "Result", "What it means")
    page.header(heads, ("words", "number", "number", "number", "text", "words"))
    page.freeze()
    first = page.row
    for each in (*checks, _POSSIBLE):
        page.text(0, each.label, "words")
        if isinstance(each, Equal):
            _write_equal(page, each)
        else:
            page.formula(4, _verdict(each.test), "text", OK)
        page.text(5, each.says, "words")
        page.row += 1
    last = page.row
    page.row = count_row
    results = page.range(4, first, max(first, last - 1))
    page.formula(1, f'=COUNTIF({results},"{LOOK}")', "whole", 0, role="total", name=FAILED)
    page.row = last


def _write_equal(page: Sheet, each: Equal) -> None:
    page.formula(1, f"={each.one}", each.kind, each.value)
    page.formula(2, f"={each.other}", each.kind, each.value)
    one, other = page.here(1), page.here(2)
    page.formula(3, f"={one}-{other}", "number", 0.0)
    near = f"MAX({each.near},ABS({one})*0.000000001)"
    page.formula(4, _verdict(f"ABS({page.here(3)})<={near}"), "text", OK)


def _verdict(test: str) -> str:
    """Write whether a test holds; one that cannot be worked out does not."""
    return f'=IFERROR(IF({test},"{OK}","{LOOK}"),"{LOOK}")'
