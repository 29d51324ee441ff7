"""Optimism in a plan: what each measure saves marked down, what it costs marked up, by evidence.

A measure's effects are as good as the weakest of them, and so is what it saves; its money has a
grade of its own. The grades are the catalogue's, whoever chose the numbers since; a measure or an
effect that the catalogue does not have is ungraded. What measures save or cost together beyond what
each does alone is shared out among them in proportion to size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from retention_lib.appraisal import by_financial_year, net_present_value
from retention_lib.assumptions import Quality, register
from retention_lib.optimism import marked, share_of, weakest
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.plan import MONTHS, Incentive, Measure, Plan
from retention_lib.plans.played import WITH, WITHOUT, Played, played
from retention_lib.rates import FloatArray

_UNGRADED: Quality = "none"
_FIRST_ALONE = 2  # the worlds in which each measure is alone come after those without and with all


@dataclass(frozen=True)
class MeasureMark:
    """How good the evidence for a measure is: for what it does, and for what it costs."""

    evidence: Quality
    money: Quality

    @property
    def down(self) -> float:
        """The share of what it saves that is taken off."""
        return share_of(self.evidence)

    @property
    def up(self) -> float:
        """The share of what it costs that is put on."""
        return share_of(self.money)


def mark_of(measure: Measure) -> MeasureMark:
    """Grade a measure by the weakest of its effects, and its money.

    Example:
        >>> mark_of(Measure.model_validate({"kind": "recognition"}))
        MeasureMark(evidence='weak', money='fair')
        >>> mark_of(Measure(name="Our own"))
        MeasureMark(evidence='none', money='none')
    """
    known = catalogue().get(measure.kind)
    grades = [*_grades_of_effects(measure), *_grades_of_pay(measure.incentive)]
    return MeasureMark(
        evidence=weakest(grades or [_UNGRADED]),
        money=_UNGRADED if known is None else known.money_quality,
    )


def _grades_of_effects(measure: Measure) -> Iterator[Quality]:
    """Grade the effects that claim something, each as the catalogue grades it in its place."""
    known = catalogue().get(measure.kind)
    usual = () if known is None else known.defaults.get("effects", ())
    for place, effect in enumerate(measure.effects):
        is_usual = place < len(usual) and usual[place]["on"] == effect.on
        if effect.central:
            yield known.quality[place] if known is not None and is_usual else _UNGRADED


def _grades_of_pay(offered: Incentive | None) -> Iterator[Quality]:
    """Grade what a payment does by the register's entries behind it."""
    if offered is None:
        return
    by_hand = offered.effect.leaving_reduction is not None
    yield register()["leaving_reduction" if by_hand else "pay_elasticity"].quality
    if offered.scheme.kind == "golden_hello" and offered.effect.extra_hires:
        yield register()["extra_hires"].quality


@dataclass(frozen=True, kw_only=True)
class Money:
    """What measures save and cost in the plan, each with its share of what they do together.

    Pounds by measure, draw and month 0..H, shape (measures, draws, H + 1); `marks` are theirs.
    """

    saving: FloatArray
    cost: FloatArray
    marks: tuple[MeasureMark, ...]

    @cached_property
    def off_savings(self) -> FloatArray:
        """What is taken off savings: share x |total|, by measure, draw and month."""
        return marked(self.saving, _column([mark.down for mark in self.marks]))

    @cached_property
    def put_on_costs(self) -> FloatArray:
        """What is put on costs: share x |total|, by measure, draw and month."""
        return marked(self.cost, _column([mark.up for mark in self.marks]))

    @property
    def allowance(self) -> FloatArray:
        """Both together over all measures, shape (draws, H + 1); never below 0."""
        return np.asarray((self.off_savings + self.put_on_costs).sum(axis=0))


def _column(shares: list[float]) -> FloatArray:
    return np.array(shares)[:, np.newaxis]


def shared_out(alone: FloatArray, together: FloatArray) -> FloatArray:
    """Share what measures do together out among them.

    Each has what it does alone, and of the rest a part in proportion to the size of that: alone +
    |alone| / sum of |alone| x (together - sum of alone). They add up to what they do together.

    Args:
        alone: by measure on the first axis.
        together: one axis less.

    Example:
        >>> shared_out(np.array([60.0, 30.0, -10.0]), np.array(70.0)).tolist()
        [54.0, 27.0, -11.0]
    """
    size = np.abs(alone)
    whole = size.sum(axis=0)
    part = np.where(whole > 0, size / np.where(whole > 0, whole, 1.0), 1.0 / max(1, len(alone)))
    return np.asarray(alone + part * (together - alone.sum(axis=0)))


def cash_of(found: Played) -> Money:
    """Give what each measure saves and costs the council in cash.

    Args:
        found: a plan played in all its worlds, each measure alone among them.
    """
    own = [found.ledger.investment_in(index) for index in _places(found)]
    return _money(found, found.net_monthly, own, found.ledger.investment()[WITH])


def economic_of(found: Played) -> Money:
    """Give what each measure is worth and costs whoever pays, in the first year's prices."""
    ledger = found.ledger
    real = ledger.cpi / ledger.cpi[0]
    spent = ledger.total(cash_only=False, council_only=False) / real
    own = [
        sum((line.pounds for line in ledger.lines if line.measure == index), np.zeros(1)) / real
        for index in _places(found)
    ]
    together = ledger.investment(council_only=False)[WITH] / real
    return _money(found, spent[WITHOUT] - spent, own, together, real)


def _places(found: Played) -> range:
    return range(len(found.numbers.plan.measures))


def _money(
    found: Played,
    net: FloatArray,
    own: list[FloatArray],
    together: FloatArray,
    real: FloatArray | float = 1.0,
) -> Money:
    """Split what a plan does into what each measure saves and what it costs.

    Args:
        found: the plan, played.
        net: what each world spends less than the one without a plan.
        own: what each measure costs of itself, in every world.
        together: what the measures cost together, with the pay of the posts they add.
        real: what prices are divided by.
    """
    marks = tuple(mark_of(measure) for measure in found.numbers.plan.measures)
    added = found.ledger.added_pay / real
    if not marks:
        nothing = np.zeros((0, *net.shape[1:]))
        return Money(saving=nothing, cost=nothing, marks=marks)
    worlds = [_FIRST_ALONE + place for place in range(len(marks))]
    cost = np.stack([(own[i] + added)[world] for i, world in enumerate(worlds)])
    saving = np.stack([net[world] for world in worlds]) + cost
    return Money(
        saving=shared_out(saving, net[WITH] + together),
        cost=shared_out(cost, together),
        marks=marks,
    )


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What an allowance for optimism takes off a plan's net in each month, shape (draws, H + 1).

    `cash` is the council's, with inflation; `economic` everyone's, at the first year's prices.
    """

    cash: FloatArray
    economic: FloatArray
    discount_rate: float
    on: bool

    @property
    def by_year(self) -> FloatArray:
        """The council's cash by financial year."""
        return by_financial_year(self.cash)

    @property
    def economic_by_year(self) -> FloatArray:
        """Everyone's by financial year."""
        return by_financial_year(self.economic)

    @property
    def npv(self) -> FloatArray:
        """Everyone's in today's money, shape (draws,)."""
        return net_present_value(self.economic_by_year, self.discount_rate)


_NO_MONTHS = np.zeros((1, MONTHS + 1))
NOTHING = Allowance(cash=_NO_MONTHS, economic=_NO_MONTHS, discount_rate=0.0, on=False)
"""The allowance where it is switched off."""


def allowance_of(found: Played) -> Allowance:
    """Give the allowance of a plan, whether or not it is switched on.

    Example:
        Recognition is marked down by 25% (weak) and its money up by 10% (fair).

        >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
        ...                        "measures": [{"kind": "recognition"}]})
        >>> found = played(plan)
        >>> saving, cost = (float(x[WITH].sum()) for x in (found.saving_by_year,
        ...                                                found.investment_by_year))
        >>> round(float(allowance_of(found).cash.sum()) / (0.25 * saving + 0.1 * cost), 6)
        1.0
    """
    return Allowance(
        cash=cash_of(found).allowance,
        economic=economic_of(found).allowance,
        discount_rate=found.numbers.plan.appraisal.discount_rate,
        on=found.numbers.plan.appraisal.optimism,
    )


def taken_off(found: Played) -> Allowance:
    """Give the allowance of a plan where it is switched on, nothing where it is not."""
    return allowance_of(found) if found.numbers.plan.appraisal.optimism else NOTHING


def expected(plan: Plan) -> Allowance:
    """Give the allowance of what is expected of a plan, by which all its draws are shifted.

    Not each draw's own: in a draw luck makes savings of either sign, and marking those down would
    mark luck down.
    """
    return taken_off(played(plan)) if plan.appraisal.optimism else NOTHING
