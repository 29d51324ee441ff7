"""Text that anybody wrote, made safe to stand in a Word file."""

from __future__ import annotations

import re

from retention_lib.units import MINUS

JOINER = "\u2060"
"""A sign of no width: no line ends where it stands."""
_NEGATIVE = f"{MINUS}£"
REPLACED = "\ufffd"
"""What stands where a character cannot: the sign that one is missing."""

_REFUSED = re.compile(
    "[^\t\n\r\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # XML, and control signs
    "|[\u202a-\u202e\u2066-\u2069]"  # they turn the words around them the other way
)


def allowed(text: str) -> str:
    r"""Replace, visibly, every character that XML refuses or that would turn words round.

    Example:
        >>> allowed("a\x00b"), allowed("Pay \u202eback")
        ('a\ufffdb', 'Pay \ufffdback')
    """
    return _REFUSED.sub(REPLACED, text)


def line(text: str) -> str:
    r"""Make one line of a text: safe, without breaks, no minus parted from its pound sign.

    Example:
        >>> line("Agreed\r\n by cabinet\x07")
        'Agreed by cabinet\ufffd'
    """
    return " ".join(allowed(text).split()).replace(_NEGATIVE, f"{MINUS}{JOINER}£")


def lead(label: str, says: str) -> str:
    """Put a label before a sentence, with a full stop where it ends without a mark.

    Example:
        >>> lead("How sure is that?", "Eight in ten."), lead("Money by year", "All of it.")
        ('How sure is that? Eight in ten.', 'Money by year. All of it.')
    """
    mark = "" if label.endswith((".", "?", "!")) else "."
    return f"{label}{mark} {says}".strip()
