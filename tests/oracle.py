"""A second opinion on every answer: slow, plain, and written from the specification alone.

One month after the other, one group after the other, in floats; nothing here comes from
retention_lib. It takes a scenario as parsed JSON with every figure in it that matters.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from scipy.optimize import brentq

Json = dict[str, Any]


def monthly(annual: float) -> float:
    """Give h = 1 - (1 - L)^(1/12)."""
    return float(1 - (1 - annual) ** (1 / 12))


def leaver_cost(scenario: Json) -> float:
    """Give the cost of a leaver: the figure set, or the sum of the named parts."""
    if scenario["leaver_cost"] != "from_parts":
        return float(scenario["leaver_cost"])
    cost = scenario["costs"]
    pay, empty_years = cost["pay_with_oncosts_per_year"], cost["months_to_fill"] / 12
    return float(
        cost["advertising_and_selection"]
        + cost["agency_premium_per_year"] * empty_years * cost["covered_share"]
        - pay * empty_years * (1 - cost["covered_share"])
        + cost["induction_and_training"]
        + pay * cost["ramp_up_weeks"] / 52 * cost["ramp_up_lost_share"]
    )


def vacancy_saving(scenario: Json) -> float:
    """Give what a month less of a vacancy saves: agency cover no longer needed, minus pay."""
    vacancy = scenario.get("vacancy", {})
    saving = vacancy.get("net_saving_per_month", 0.0)
    if saving != "from_parts":
        return float(saving)
    cost = scenario["costs"]
    pay = cost["pay_with_oncosts_per_year"]
    agency = (pay + cost["agency_premium_per_year"]) * cost["covered_share"]
    return float((agency - pay) / 12)


def amount_for(scheme: Json, salary: float) -> float:
    """Give the whole payment to one person in pounds."""
    if scheme["amount"].get("flat") is not None:
        return float(scheme["amount"]["flat"])
    return float(salary * scheme["amount"]["percent_of_salary"] / 100)


def binding(scheme: Json) -> int:
    """Give B, the later of the tie-in and the last instalment."""
    return int(max([scheme["tie_in_months"], *(one["month"] for one in scheme["instalments"])]))


def fall(scenario: Json, salary: float) -> float:
    """Give e: as set, or from the elasticity and the yearly payment."""
    effect, scheme = scenario["effect"], scenario["scheme"]
    elasticity = effect.get("pay_elasticity")
    if elasticity is None:
        return float(effect.get("leaving_reduction") or 0.0)
    months = binding(scheme)
    yearly = amount_for(scheme, salary) * 12 / months if months else 0.0
    if elasticity == 0 or yearly == 0:
        return 0.0
    return min(1.0, elasticity * yearly / salary) if salary else 1.0


def owed(taper: str, tie_in: int, month: int) -> float:
    """Give the share owed by somebody who leaves in a month."""
    served = month - 1
    if month > tie_in:
        return 0.0
    if taper == "monthly":
        return (tie_in - served) / tie_in
    if taper == "yearly":
        return max(0.0, 1 - math.floor(served / 12) / (tie_in / 12))
    return {"full": 1.0, "none": 0.0}[taper]


def group_months(scenario: Json, group: Json) -> list[Json]:
    """Follow one group and give a row for each month, 0 to H."""
    scheme, effect = scenario["scheme"], scenario["effect"]
    golden = scheme["kind"] == "golden_hello"
    vacancy = scenario.get("vacancy", {})
    takers = group["headcount"] * scheme["take_up"]
    extra = takers * effect.get("extra_hires", 0.0) if golden else 0.0
    paid = takers + extra
    amount = amount_for(scheme, group["salary"])
    cost, empty_month_saving = leaver_cost(scenario), vacancy_saving(scenario)
    clawback, last = scheme["clawback"], binding(scheme)

    h = monthly(group["annual_leaving_rate"])
    q = h
    if group.get("replacement_leaving_rate") is not None:
        q = monthly(group["replacement_leaving_rate"])

    def with_scheme(month: int) -> float:
        if month <= last:
            return h * (1 - fall(scenario, group["salary"]))
        if month <= last + int(effect["after_months"]):
            return min(1.0, h * float(effect["after_multiplier"]))
        return h

    rows, s0, s1, received = [], 1.0, 1.0, 0.0
    for month in range(scenario["appraisal"]["months"] + 1):
        row = dict.fromkeys(
            ("payments", "clawback", "hiring", "without", "with", "vacancy", "later"), 0.0
        )
        if month == 0:
            row["hiring"] = extra * vacancy.get("hire_cost", 0.0)
        else:
            h1 = with_scheme(month)
            row["without"] = takers * (s0 * h + (1 - s0) * q)
            row["with"] = takers * (s1 * h1 + (1 - s1) * q)
            if month <= vacancy.get("months", 0):
                row["vacancy"] = extra * s1 * empty_month_saving
            else:
                row["later"] = extra * s1 * (q - h1) * cost
            share_owed = owed(clawback["taper"], scheme["tie_in_months"], month)
            row["clawback"] = paid * s1 * h1 * received * share_owed * clawback["recovery_rate"]
            s0, s1 = s0 * (1 - h), s1 * (1 - h1)
        for one in scheme["instalments"]:
            if one["month"] == month:
                row["payments"] += paid * s1 * one["share"] * amount
                received += one["share"] * amount
        rows.append({**row, "s0": s0 * takers, "s1": s1 * takers})
    return rows


def months_of(scenario: Json) -> list[Json]:
    """Add the groups up, month by month, and make the money of each month."""
    groups = [group_months(scenario, group) for group in scenario["groups"]]
    cost = leaver_cost(scenario)
    rows = []
    for month in range(scenario["appraisal"]["months"] + 1):
        row = {key: sum(rows_of[month][key] for rows_of in groups) for key in groups[0][0]}
        row["on_costs"] = row["payments"] * scenario["scheme"]["oncost_rate"]
        row["leaver_saving"] = (row["without"] - row["with"]) * cost
        row["saving"] = row["leaver_saving"] + row["vacancy"] + row["later"]
        row["net_cost"] = row["payments"] + row["on_costs"] + row["hiring"] - row["clawback"]
        rows.append(row)
    return rows


def by_year(flows: list[float]) -> list[float]:
    """Sum the flows of months 0 to H by financial year."""
    years = [0.0] * (1 + (max(1, len(flows) - 1) - 1) // 12)
    for month, flow in enumerate(flows):
        years[0 if month == 0 else (month - 1) // 12] += flow
    return years


def discounted(years: list[float], rate: float) -> float:
    """Discount years to the first, which is not discounted."""
    return sum(flow / (1 + rate) ** year for year, flow in enumerate(years))


def npv(scenario: Json) -> float:
    """Give the net present value."""
    net = [row["saving"] - row["net_cost"] for row in months_of(scenario)]
    return discounted(by_year(net), scenario["appraisal"]["discount_rate"])


def region(scenario: Json) -> Json:
    """Give the region's side: what only moves between neighbours is worth nothing."""
    new = 1 - scenario["region"]["hires_from_neighbours"]
    kept = 1 - scenario["region"]["leavers_to_neighbours"]
    rows = months_of(scenario)
    saving = [
        row["leaver_saving"] * kept + row["vacancy"] * new + row["later"] * kept * new
        for row in rows
    ]
    net = [saved - row["net_cost"] for saved, row in zip(saving, rows, strict=True)]
    years = by_year(net)
    return {
        "saving": sum(saving),
        "net_benefit": sum(net),
        "npv": discounted(years, scenario["appraisal"]["discount_rate"]),
        "net_by_year": years,
    }


def answer(scenario: Json) -> Json:
    """Give every figure of examples/*.result.json, the break-even apart."""
    rows, scheme = months_of(scenario), scenario["scheme"]
    total = {key: sum(row[key] for row in rows) for key in rows[0]}
    golden = scheme["kind"] == "golden_hello"
    takers = sum(group["headcount"] for group in scenario["groups"]) * scheme["take_up"]
    people = takers * (1 + (scenario["effect"].get("extra_hires", 0.0) if golden else 0.0))
    net = [row["saving"] - row["net_cost"] for row in rows]
    years = by_year(net)
    avoided = total["without"] - total["with"]
    stayed = rows[min(binding(scheme), len(rows) - 1)]["s0"]
    return {
        "people_paid": people,
        "payments": total["payments"],
        "on_costs": total["on_costs"],
        "clawback": total["clawback"],
        "hiring": total["hiring"],
        "net_cost": total["net_cost"],
        "saving": total["saving"],
        "net_benefit": sum(net),
        "npv": discounted(years, scenario["appraisal"]["discount_rate"]),
        "leavers_without": total["without"],
        "leavers_with": total["with"],
        "leavers_avoided": avoided,
        "cost_per_leaver_avoided": total["net_cost"] / avoided if avoided > 1e-9 else None,
        "roi": sum(net) / total["net_cost"] if abs(total["net_cost"]) > 1e-9 else None,
        "deadweight_share": stayed / people if people else None,
        "net_by_year": years,
    }


def changed(scenario: Json, part: str, **values: Any) -> Json:
    """Give the same scenario with some figures of one part changed."""
    return {**scenario, part: {**scenario[part], **values}}


def with_fall(scenario: Json, value: float) -> Json:
    """Set the fall in leaving directly."""
    return changed(scenario, "effect", leaving_reduction=value, pay_elasticity=None)


def with_amount(scenario: Json, value: float) -> Json:
    """Set the payment, flat or in percent, as it was."""
    kind = "flat" if scenario["scheme"]["amount"].get("flat") is not None else "percent_of_salary"
    return changed(scenario, "scheme", amount={kind: value})


def with_extra(scenario: Json, value: float) -> Json:
    """Set the extra hires."""
    return changed(scenario, "effect", extra_hires=value)


def first_root(value_at: Callable[[float], float], pieces: int = 24) -> float | None:
    """Find the smallest x from 0 to 1 at which the value is no longer below zero."""
    if value_at(0.0) >= 0:
        return 0.0
    for piece in range(1, pieces + 1):
        if value_at(piece / pieces) >= 0:
            low, high = (piece - 1) / pieces, piece / pieces
            return float(brentq(value_at, low, high, xtol=1e-14, rtol=1e-14, maxiter=500))
    return None


def smallest_fall(scenario: Json) -> float | None:
    """Give the smallest fall in leaving at which NPV is zero; None where 100% is not enough."""
    return first_root(lambda value: npv(with_fall(scenario, value)))


def largest_payment(scenario: Json) -> float | None:
    """Give the largest payment that breaks even, where the effect is set: NPV is a line in it."""
    nothing, some = npv(with_amount(scenario, 0.0)), npv(with_amount(scenario, 1000.0))
    if nothing < 0 or some >= nothing:
        return None
    return 1000.0 * nothing / (nothing - some)


def fewest_extra_hires(scenario: Json) -> float | None:
    """Give the smallest extra hires at which NPV is zero, NPV being a line in them."""
    none, many = npv(with_extra(scenario, 0.0)), npv(with_extra(scenario, 10.0))
    if none >= 0:
        return 0.0
    return 10.0 * none / (none - many) if many > none else None
