"""A plan played out: every world's path and money, and what they come to by financial year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retention_lib.appraisal import by_financial_year, net_present_value
from retention_lib.plans.effects import Driven, World, driven, worlds_of
from retention_lib.plans.money import Ledger, ledger
from retention_lib.plans.numbers import NO_DRAWS, Draws, Numbers
from retention_lib.plans.plan import YEARS, Plan
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.workforce.engine import Path, play
from retention_lib.workforce.luck import Chance

WITHOUT, WITH = 0, 1
"""The first two worlds of every plan that is played."""

YEAR_ENDS = tuple(MONTHS_IN_YEAR * (year + 1) for year in range(YEARS))


@dataclass(frozen=True, kw_only=True)
class Played:
    """All worlds of a plan, played; arrays of shape (worlds, draws, months or years).

    Money is pounds: what a council spends, or, where the name says `net`, what it gains by the
    plan, so that a saving is positive.
    """

    numbers: Numbers
    drive: Driven
    path: Path
    ledger: Ledger

    @cached_property
    def net_monthly(self) -> FloatArray:
        """What each world spends less than the one without a plan: the council's cash."""
        spent = self.ledger.total()
        return np.asarray(spent[WITHOUT] - spent)

    @cached_property
    def net_by_year(self) -> FloatArray:
        """The same by financial year."""
        return by_financial_year(self.net_monthly)

    @cached_property
    def economic_net_by_year(self) -> FloatArray:
        """What each world is worth to everyone: work done counted, at the first year's prices.

        All money, the council's or not, and work that is lost or not done, in real terms.
        """
        spent = self.ledger.total(cash_only=False, council_only=False)
        real = spent / (self.ledger.cpi / self.ledger.cpi[0])
        return by_financial_year(real[WITHOUT] - real)

    @cached_property
    def npv(self) -> FloatArray:
        """The economic net worth in today's money, shape (worlds, draws)."""
        rate = self.numbers.plan.appraisal.discount_rate
        return net_present_value(self.economic_net_by_year, rate)

    @cached_property
    def agency_by_year(self) -> FloatArray:
        """What agency staff cost in each year."""
        return by_financial_year(self.ledger.agency)

    @cached_property
    def spent_by_year(self) -> FloatArray:
        """The council's cash spending in each year."""
        return by_financial_year(self.ledger.total())

    @cached_property
    def real_spent_by_year(self) -> FloatArray:
        """The council's cash spending in each year, at the first year's prices."""
        real = self.ledger.total() / (self.ledger.cpi / self.ledger.cpi[0])
        return by_financial_year(real)

    @cached_property
    def investment_by_year(self) -> FloatArray:
        """What the measures cost the council in each year."""
        return by_financial_year(self.ledger.investment())

    @cached_property
    def saving_by_year(self) -> FloatArray:
        """What the service costs less because of the measures, before they are paid for."""
        return self.net_by_year + self.investment_by_year

    def at_year_ends(self, monthly: FloatArray) -> FloatArray:
        """Pick the start and the end of each year, shape (..., years + 1)."""
        return monthly[..., [0, *YEAR_ENDS]]


def played(
    plan: Plan,
    draws: Draws = NO_DRAWS,
    chance: Chance | None = None,
    worlds: tuple[World, ...] | None = None,
) -> Played:
    """Play a plan out in all its worlds.

    Args:
        plan: what was chosen.
        draws: arrays by field in place of the plan's own numbers.
        chance: how chances become people; as expected where nothing is said.
        worlds: which worlds; without the plan, with it, and each measure alone where not said. The
            first two must be those.

    Example:
        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802"})
        >>> float(np.abs(played(plan).net_monthly).sum())
        0.0
    """
    numbers = Numbers(plan, draws)
    chosen = worlds_of(len(plan.measures), each_alone=True) if worlds is None else worlds
    drive = driven(numbers, chosen)
    path = play(numbers.start, drive.drivers, chance)
    return Played(numbers=numbers, drive=drive, path=path, ledger=ledger(numbers, drive, path))
