"""What sheets of years are made of: tables by financial year, and single lines below them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from retention_lib.outputs.excel.plan_cells import Layout, Row
from retention_lib.outputs.excel.plan_singles import Single

_CHARACTERS = 130
"""Of a line of a note across a sheet of years."""


@dataclass(frozen=True, kw_only=True)
class YearTable:
    """Figures by financial year under one title; `start` heads the column before the years."""

    title: str
    rows: Sequence[Row]
    says: str = ""
    unit: str = ""
    start: str = ""
    total: str = "Total"
    extras: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Single figures, each on a line of its own, under one title.

    `ranges` names the cells from one figure to another.
    """

    title: str
    lines: Sequence[Single]
    says: str = ""
    strong: frozenset[str] = frozenset()
    ranges: Mapping[str, tuple[str, str]] = field(default_factory=dict)


Block = YearTable | Lines


@dataclass(frozen=True, kw_only=True)
class YearSheet:
    """A sheet of tables by financial year, one below the other."""

    key: str
    name: str
    title: str
    says: str
    blocks: Sequence[Block]

    def first_rows(self, first: int = 5) -> tuple[int, ...]:
        """Give the row, from 0, at which each block begins."""
        rows = [first]
        for block in self.blocks:
            rows.append(rows[-1] + _height(block))
        return tuple(rows[:-1])

    def placed(self, layout: Layout) -> None:
        """Note where each row is."""
        for block, begins in zip(self.blocks, self.first_rows(), strict=True):
            if isinstance(block, YearTable):
                for place, row in enumerate(block.rows):
                    layout.add_row(
                        self.key, self.name, row.key, first_row(block, begins) + place + 1
                    )


def first_row(block: Block, begins: int) -> int:
    """Give the row, from 0, of a block's first figure: below its title, what it says, its head."""
    return begins + 2 + _says_rows(block) + (1 if isinstance(block, YearTable) else 0)


def _says_rows(block: Block) -> int:
    return len(textwrap.wrap(block.says, _CHARACTERS)) if block.says else 0


def _height(block: Block) -> int:
    count = len(block.rows) if isinstance(block, YearTable) else len(block.lines)
    return first_row(block, 0) + count + 1
