"""Names that formulas are written in, and text that is safe within them."""

from __future__ import annotations

import re

_LONGEST = 200


def name_of(path: str, before: str = "in") -> str:
    """Give the name of the cell that holds a field: nothing that could be taken for a cell.

    Args:
        path: a field of a document, such as "groups.0.headcount"; groups count from 1 in names.
        before: what the name begins with.

    Example:
        >>> name_of("scheme.take_up"), name_of("groups.0.headcount")
        ('in_scheme_take_up', 'in_groups_1_headcount')
    """
    whole = re.compile("[0-9]+")
    parts = [str(int(p) + 1) if whole.fullmatch(p) else p for p in path.split(".")]
    return f"{before}_{re.sub(r'[^A-Za-z0-9_]', '_', '_'.join(parts))}"[:_LONGEST]


def quoted(text: str) -> str:
    """Write a text as it stands within a formula.

    Example:
        >>> quoted('less "each" month')
        '"less ""each"" month"'
    """
    return '"' + text.replace('"', '""') + '"'


def clean(text: str) -> str:
    r"""Give a text that a workbook can hold: no character that XML forbids, no more than fits.

    Example:
        >>> clean("a\ud800b\uffff"), len(clean("x" * 40_000))
        ('a?b?', 32000)
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    whole = re.sub("[\ufffe\uffff]", "?", whole)
    most = 32_000
    return whole if len(whole) <= most else f"{whole[: most - 1]}…"
