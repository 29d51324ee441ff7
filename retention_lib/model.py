"""From a scenario to the numbers of the incentive model, for one value or for many draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from retention_lib import bidding, costs, incentives
from retention_lib.appraisal import by_financial_year, net_present_value
from retention_lib.bidding import Rivals
from retention_lib.incentives import Offer
from retention_lib.optimism import net_of
from retention_lib.rates import FloatArray, Number
from retention_lib.scenario import VACANCY_PARTS, Bidding, Costs, Group, Scenario

Draws = Mapping[str, Number]
"""Values by field path, such as "effect.leaving_reduction", in place of the scenario's own."""

NO_DRAWS: Draws = {}

NOBODY_BIDS: Draws = {"bidding.match_chance": 0.0}
"""The case of a memorandum of understanding: no neighbour matches the offer."""


_OF_A_GROUP = ("headcount", "salary", "annual_leaving_rate", "replacement_leaving_rate")
_FALL = "effect.leaving_reduction"
_DRAWN = {
    "leaver_cost",
    "vacancy.net_saving_per_month",
    "vacancy.months",
    "vacancy.hire_cost",
    "scheme.clawback.recovery_rate",
    "scheme.take_up",
    "scheme.oncost_rate",
    "scheme.amount.flat",
    "scheme.amount.percent_of_salary",
    _FALL,
    "effect.pay_elasticity",
    "effect.after_multiplier",
    "effect.after_months",
    "effect.extra_hires",
    "region.leavers_to_neighbours",
    "region.hires_from_neighbours",
    *(f"costs.{name}" for name in Costs.model_fields),
    *(f"bidding.{name}" for name in Bidding.model_fields),
}


def _require_drawn(scenario: Scenario, draws: Draws) -> None:
    """Refuse draws that the model would not read, so that no answer is flat by mistake.

    Raises:
        KeyError: naming the field, and why it cannot be drawn.
    """
    of_groups = {f"groups.{i}.{name}" for i in range(len(scenario.groups)) for name in _OF_A_GROUP}
    for path in draws:
        if path not in _DRAWN and path not in of_groups:
            raise KeyError(f"{path} cannot be drawn; change the scenario itself.")
        if path != _FALL and path in _DRAWN and scenario.at(path) is None:
            raise KeyError(f"{path} is not set in this scenario, so it cannot be drawn.")


def cost_parts(scenario: Scenario, draws: Draws = NO_DRAWS) -> tuple[costs.CostPart, ...]:
    """Build the cost of one leaver from its parts."""
    return costs.leaver_cost_parts(**_costs(scenario, Costs.model_fields, draws))


def _costs(scenario: Scenario, names: Iterable[str], draws: Draws) -> dict[str, Number]:
    return {name: draws.get(f"costs.{name}", getattr(scenario.costs, name)) for name in names}


def leaver_cost(scenario: Scenario, draws: Draws = NO_DRAWS) -> Number:
    """Give the cost of one leaver in pounds: the figure set, or the sum of the parts.

    A sum below nothing (a council that saves more by an empty post than the leaver costs it)
    stays what it is.
    """
    if "leaver_cost" in draws:
        return draws["leaver_cost"]
    if isinstance(scenario.leaver_cost, str):
        return costs.total(cost_parts(scenario, draws))
    return scenario.leaver_cost


def cashable_leaver_cost(scenario: Scenario) -> float:
    """Give the part of the cost of one leaver in pounds that a budget could be cut by."""
    if isinstance(scenario.leaver_cost, str):
        return float(np.asarray(costs.total(cost_parts(scenario), cashable_only=True)))
    return scenario.leaver_cost * scenario.leaver_cost_cashable_share


def vacancy_saving_per_month(scenario: Scenario, draws: Draws = NO_DRAWS) -> Number:
    """Give what one month less of a vacancy saves, in pounds of either sign."""
    if "vacancy.net_saving_per_month" in draws:
        return draws["vacancy.net_saving_per_month"]
    saving = scenario.vacancy.net_saving_per_month
    if not isinstance(saving, str):
        return saving
    return costs.saving_from_filling_a_vacancy(**_costs(scenario, VACANCY_PARTS, draws))


def _group(group: Group, index: int, draws: Draws) -> incentives.Group:
    values = {
        name: draws.get(f"groups.{index}.{name}", getattr(group, name)) for name in _OF_A_GROUP
    }
    return incentives.Group(name=group.name, **values)


def rivals_of(scenario: Scenario, draws: Draws = NO_DRAWS) -> Rivals:
    """Give what neighbours do when the offer is made, some of its numbers replaced by draws."""
    region, war = scenario.region, scenario.bidding

    def drawn(path: str, value: Number) -> Number:
        return draws.get(path, value)

    return Rivals(
        leavers_to_neighbours=drawn("region.leavers_to_neighbours", region.leavers_to_neighbours),
        hires_from_neighbours=drawn("region.hires_from_neighbours", region.hires_from_neighbours),
        match_chance=drawn("bidding.match_chance", war.match_chance),
        match_delay_months=drawn("bidding.match_delay_months", war.match_delay_months),
        people=drawn("bidding.neighbours_people", war.neighbours_people),
    )


def offer_of(scenario: Scenario, draws: Draws = NO_DRAWS) -> Offer:
    """Turn a scenario into the model's numbers, some of them replaced by draws.

    What neighbours bid it down to, where they do.

    Args:
        scenario: what the user chose.
        draws: arrays by field path; a drawn `effect.leaving_reduction` takes the place of an
            elasticity too.

    Example:
        >>> from retention_lib.presets import preset
        >>> offer_of(preset("middlesbrough-2019").scenario).binding_months
        36
    """
    scheme, effect = scenario.scheme, scenario.effect

    def drawn(path: str, value: Number) -> Number:
        return draws.get(path, value)

    def drawn_if_set(path: str, value: float | None) -> Number | None:
        return None if value is None else draws.get(path, value)

    fall = draws.get("effect.leaving_reduction", effect.leaving_reduction)
    elasticity = drawn_if_set("effect.pay_elasticity", effect.pay_elasticity)
    offer = Offer(
        kind=scheme.kind,
        groups=tuple(_group(group, i, draws) for i, group in enumerate(scenario.groups)),
        months=scenario.appraisal.months,
        instalments=tuple((each.month, each.share) for each in scheme.instalments),
        tie_in_months=scheme.tie_in_months,
        taper=scheme.clawback.taper,
        recovery_rate=drawn("scheme.clawback.recovery_rate", scheme.clawback.recovery_rate),
        take_up=drawn("scheme.take_up", scheme.take_up),
        oncost_rate=drawn("scheme.oncost_rate", scheme.oncost_rate),
        leaver_cost=leaver_cost(scenario, draws),
        payment_flat=drawn_if_set("scheme.amount.flat", scheme.amount.flat),
        payment_percent=drawn_if_set(
            "scheme.amount.percent_of_salary", scheme.amount.percent_of_salary
        ),
        leaving_reduction=fall,
        pay_elasticity=elasticity if fall is None else None,
        after_multiplier=drawn("effect.after_multiplier", effect.after_multiplier),
        after_months=drawn("effect.after_months", effect.after_months),
        extra_hires=drawn("effect.extra_hires", effect.extra_hires),
        vacancy_months=drawn("vacancy.months", scenario.vacancy.months),
        net_saving_per_month=vacancy_saving_per_month(scenario, draws),
        hire_cost=drawn("vacancy.hire_cost", scenario.vacancy.hire_cost),
    )
    return bidding.bid_down(offer, rivals_of(scenario, draws))


def net_by_year(scenario: Scenario, draws: Draws = NO_DRAWS) -> FloatArray:
    """Give the net benefit of each financial year in pounds, shape (years,) or (n, years).

    Less the allowance for optimism, where that is switched on.
    """
    _require_drawn(scenario, draws)
    flows = incentives.play(offer_of(scenario, draws))
    return by_financial_year(net_of(scenario, flows, draws.get("scheme.take_up")))


def npv(scenario: Scenario, draws: Draws = NO_DRAWS) -> FloatArray:
    """Give the net present value in pounds, for the scenario or for each of many draws.

    Args:
        scenario: what the user chose.
        draws: arrays of shape (n,) by field path.

    Returns:
        Pounds of the first year, shape (n,), or () without draws.

    Raises:
        KeyError: where a field is drawn that the model would not read.

    Example:
        >>> from retention_lib.presets import preset
        >>> falls = np.linspace(0, 1, 10_000)
        >>> npv(preset("middlesbrough-2019").scenario, {"effect.leaving_reduction": falls}).shape
        (10000,)
    """
    return net_present_value(net_by_year(scenario, draws), scenario.appraisal.discount_rate)


def net_benefit(scenario: Scenario, draws: Draws = NO_DRAWS) -> FloatArray:
    """Give saving less net cost in pounds, not discounted; shapes as for :func:`npv`."""
    return np.asarray(net_by_year(scenario, draws).sum(axis=-1))
