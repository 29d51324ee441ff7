"""Documents side by side: what differs in what is chosen, in what is assumed, and in the answers.

Example:
    >>> from retention_lib.presets import preset
    >>> found = side_by_side([preset(key).scenario for key in ("devon-no-effect", "no-scheme")])
    >>> [each.letter for each in found.sides]
    ['A', 'B']
"""

from __future__ import annotations

from retention_lib.comparing.answer import compared, side_by_side
from retention_lib.comparing.result import Row, Side, SideBySide
from retention_lib.comparing.same_money import same_money_four_ways

__all__ = ["Row", "Side", "SideBySide", "compared", "same_money_four_ways", "side_by_side"]
