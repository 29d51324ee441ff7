"""What the library says of every cell of an offer's workbook that it has a figure for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retention_lib import bidding, incentives
from retention_lib.incentives import Flows, Offer
from retention_lib.model import NOBODY_BIDS, offer_of, rivals_of
from retention_lib.optimism import Mark, allowance, marked, marks_of
from retention_lib.questions import cash_flows
from retention_lib.rates import MONTHS_IN_YEAR, FloatArray
from retention_lib.results import IncentiveResult
from retention_lib.scenario import Scenario

COUNCIL, BUDGET, OURS, THEIRS, WHAT_IF = "council", "budget", "ours", "theirs", "whatif"
VIEWS = (COUNCIL, BUDGET, OURS, THEIRS, WHAT_IF)
"""Whose months of money are worked out: the council's, its budget's cash, the region's of our offer
and of the neighbours' offers, and the council's in a what-if."""


@dataclass(frozen=True)
class Played:
    """An offer, its answer, and its months as each view has them."""

    scenario: Scenario
    result: IncentiveResult

    @cached_property
    def offer(self) -> Offer:
        """The offer's numbers, bid down where neighbours bid."""
        return offer_of(self.scenario)

    @cached_property
    def by_group(self) -> tuple[Flows, ...]:
        """The council's months, group by group."""
        return tuple(incentives.play_group(self.offer, group) for group in self.offer.groups)

    @property
    def what_if_fall(self) -> float | None:
        """The fall in leaving that the what-if starts from: the smallest at which it pays."""
        return self.result.break_even.leaving_reduction

    @cached_property
    def flows(self) -> Mapping[str, Flows]:
        """The months of each view."""
        region = bidding.region(offer_of(self.scenario, NOBODY_BIDS), rivals_of(self.scenario))
        council = incentives.play(self.offer)
        fall = self.what_if_fall
        draws = {} if fall is None else {"effect.leaving_reduction": fall}
        return {
            COUNCIL: council,
            BUDGET: cash_flows(self.scenario, council),
            OURS: region.ours,
            THEIRS: region.theirs,
            WHAT_IF: incentives.play(offer_of(self.scenario, draws)),
        }

    @cached_property
    def marks(self) -> Mapping[str, Mark]:
        """By how much each line is marked for optimism."""
        return marks_of(self.scenario)

    @property
    def on(self) -> bool:
        """Whether the allowance for optimism is in the answer."""
        return self.scenario.appraisal.optimism

    def taken_off(self, view: str) -> FloatArray:
        """Give what the allowance takes off in each month, nothing where it is off."""
        flows = self.flows[view]
        return allowance(self.scenario, flows) if self.on else np.zeros_like(flows.payments)

    def net(self, view: str) -> FloatArray:
        """Give the net benefit in each month, less the allowance where it is on."""
        return self.flows[view].net - self.taken_off(view)

    def line_taken_off(self, view: str, line: str) -> float:
        """Give what the allowance comes to on one line in all months, whether or not it is on."""
        pounds = getattr(self.flows[view], line)
        return float(marked(pounds, self.marks[line].share).sum())

    @cached_property
    def discount(self) -> FloatArray:
        """Give what a pound of each month is worth in the first year."""
        months = np.arange(self.scenario.appraisal.months + 1)
        years = np.maximum(0, (months - 1) // MONTHS_IN_YEAR)
        return np.asarray((1.0 + self.scenario.appraisal.discount_rate) ** -years)
