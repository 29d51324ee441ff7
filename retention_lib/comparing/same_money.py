"""The same sum spent four ways: as a bonus, as extra posts, as an academy, as admin support.

The sum is what the plan costs the council in cash over its four years: payments with on-costs, a
measure's money, and the pay of posts that are added as they are filled. All else is equal.
"""

from __future__ import annotations

import math
from typing import Any

from retention_lib.plans.adding import fresh
from retention_lib.plans.catalogue import catalogue
from retention_lib.plans.effects import worlds_of
from retention_lib.plans.plan import CHOSEN, SHARES, YEARS, Plan
from retention_lib.plans.played import WITH, played
from retention_lib.problems import Problem, ScenarioError
from retention_lib.units import money

WAYS = ("annual_bonus", "extra_posts", "academy", "admin_support")
"""The kinds of measure, of the catalogue."""

_HALF_A_PENNY = 0.005
_ROUNDS = 50  # a measure's cost is nearly in proportion to its size: two or three are enough
_POSTS = "As many as {pounds} pays for over four years, with managers and agency cover."
_PAYMENT = "As much for each as {pounds} pays for over four years."
_EFFECT = (
    "In proportion to the money: {times} times the catalogue's. That half the money does half as "
    "much is our assumption."
)
_MONEY = "{pounds} in all, the same in each year."


def same_money_four_ways(start: Plan | str, pounds: float) -> tuple[Plan, ...]:
    """Give four plans that each cost the council the same sum over four years.

    A yearly bonus for everyone in post, extra posts, an academy, and admin support, as the
    catalogue has them, each made larger or smaller until it costs the sum to the penny. What a
    measure does goes in proportion to its money, which is our assumption and marked as such; what
    the council sets outright (a cap on the newly qualified's cases) stays. Posts do what as many
    posts do.

    Args:
        start: the plan whose service, prices and years are taken, without its measures; or the
            code of a council, for its latest figures.
        pounds: the sum over four years, in cash.

    Raises:
        ScenarioError: where the sum is nothing or less, or more than can be spent so.
        NoFiguresError: where the council published no staff in the plan's year.

    Example:
        >>> bonus, posts, academy, admin = same_money_four_ways("802", 400_000)
        >>> admin.measures[0].money
        (100000.0, 100000.0, 100000.0, 100000.0)
    """
    if not 0 < pounds < math.inf:
        raise ScenarioError([Problem("pounds", pounds, "It must be a sum above 0.")])
    if isinstance(start, str):
        start = Plan.from_dict({"schema": 1, "kind": Plan.KIND, "council": start})
    kept = {path: why for path, why in start.reasons.items() if not path.startswith("measures")}
    bare = start.but({"measures": [], "reasons": kept})
    return tuple(_spent_on(bare, kind, pounds) for kind in WAYS)


def cost_of(plan: Plan) -> float:
    """Give what a plan's measures cost the council over four years, in cash; posts' pay included.

    Example:
        >>> cost_of(Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802"}))
        0.0
    """
    worlds = worlds_of(len(plan.measures), each_alone=False)
    return float(played(plan, worlds=worlds).investment_by_year[WITH, 0].sum())


def _spent_on(bare: Plan, kind: str, pounds: float) -> Plan:
    """Make one measure as large as the sum pays for."""
    times = 1.0
    for _ in range(_ROUNDS):
        plan = _with(bare, kind, times, pounds)
        cost = cost_of(plan)
        if abs(cost - pounds) < _HALF_A_PENNY:
            return plan
        if not cost > 0:
            break
        times *= pounds / cost
    right = f"So much cannot be spent on {catalogue()[kind].title.lower()} here."
    raise ScenarioError([Problem("pounds", pounds, right)])


def _with(bare: Plan, kind: str, times: float, pounds: float) -> Plan:
    """Put one measure into a plan, so many times its size in the catalogue."""
    given = fresh(bare, kind).model_dump(mode="json", exclude_none=True)
    effect = _EFFECT.format(times=f"{times:.3g}")
    reasons = {}
    if any(given["money"]):
        given["money"] = [sum(given["money"]) * times / YEARS] * YEARS
        reasons["measures.0.money"] = _MONEY.format(pounds=money(pounds))
    if "incentive" in given:
        offered = given["incentive"]
        offered["scheme"]["amount"]["flat"] *= times
        fall = offered["effect"]["leaving_reduction"]
        offered["effect"]["leaving_reduction"] = min(1.0, fall * times)
        reasons["measures.0.incentive.scheme.amount"] = _PAYMENT.format(pounds=money(pounds))
        reasons["measures.0.incentive.effect.leaving_reduction"] = effect
    for place, each in enumerate(given["effects"]):
        if each["on"] == "posts":
            reasons[f"measures.0.effects.{place}"] = _POSTS.format(pounds=money(pounds))
        elif each["on"] in CHOSEN:
            continue
        else:
            reasons[f"measures.0.effects.{place}"] = effect
        given["effects"][place] = _larger(each, times)
    title = catalogue()[kind].title
    name = f"{money(pounds)} on {title[0].lower()}{title[1:]}"
    plan = bare.but({"measures": [given], "name": name})
    return plan.with_reasons({**plan.reasons, **reasons})


def _larger(effect: dict[str, Any], times: float) -> dict[str, Any]:
    """Multiply an effect and its ends; a share stays one."""
    most = 1.0 if effect["on"] in SHARES else math.inf
    return {**effect, **{end: min(most, effect[end] * times) for end in ("low", "central", "high")}}
