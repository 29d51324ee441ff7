"""What would change what a gap is worth: each price alone, at its two ends."""

from __future__ import annotations

from dataclasses import fields

from retention_lib.assumptions import Assumption, register
from retention_lib.benchmarks.gap import Gap, Prices, worth_of
from retention_lib.benchmarks.result import WorthBar
from retention_lib.benchmarks.standing import Standing
from retention_lib.uncertainty import UncertainModel

PRICED = {
    "leaver": "leaver_cost",
    "leaver_cashable_share": "leaver_cost_cashable_share",
    "agency_premium": "costs.agency_premium_per_year",
    "pay": "costs.pay_with_oncosts_per_year",
    "covered_share": "costs.covered_share",
}
"""The prices of a gap, and the fields behind which the register knows them."""

_NO_DIFFERENCE = 0.5  # pounds


def uncertain_model(stood: Standing, found: Gap, prices: Prices) -> UncertainModel:
    """Give what closing a gap is worth in a year as a function of the prices nobody knows.

    Example:
        >>> from retention_lib.benchmarks import Comparison, compare
        >>> from retention_lib.benchmarks.answer import prices_of
        >>> asked = Comparison.from_dict(
        ...     {"schema": 1, "kind": "benchmark", "council": "802", "measure": "agency"})
        >>> answer = compare(asked)
        >>> model = uncertain_model(answer.standing, answer.gap, prices_of(asked))
        >>> [bar.key for bar in model.tornado() if bar.width > 0]
        ['agency_premium']
    """
    assert found.target_value is not None
    ranges = [getattr(prices, field.name) for field in fields(prices)]
    uncertain = tuple(each for each in ranges if each.low < each.high)
    return UncertainModel(worth_of(stood, found.target_value, prices), uncertain)


def row_of(name: str) -> Assumption:
    """Find what the register says of one of the prices."""
    row = register().behind(PRICED[name])
    assert row is not None
    return row


def gap_bars(stood: Standing, found: Gap, prices: Prices) -> tuple[WorthBar, ...]:
    """Say what each price alone does to what closing the gap is worth, the widest first."""
    if not found.is_open:
        return ()
    rows = {name: row_of(name) for name in PRICED}
    return tuple(
        WorthBar(
            path=bar.key,
            label=rows[bar.key].label,
            low_text=rows[bar.key].unit.text(bar.low),
            high_text=rows[bar.key].unit.text(bar.high),
            worth_at_low=bar.value_at_low,
            worth_at_high=bar.value_at_high,
        )
        for bar in uncertain_model(stood, found, prices).tornado()
        if bar.width >= _NO_DIFFERENCE
    )
