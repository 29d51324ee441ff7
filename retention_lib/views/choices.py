"""The choices of the incentives form: kind of payment, how it is paid, how its effect is set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from retention_lib.assumptions import register
from retention_lib.costs import oncost_rate
from retention_lib.incentives import payment_each
from retention_lib.model import leaver_cost, offer_of, vacancy_saving_per_month
from retention_lib.questions import relative_fall
from retention_lib.scenario import FROM_PARTS, Scenario
from retention_lib.units import percent
from retention_lib.views.fields import Choice
from retention_lib.views.optimism_choice import optimism_choice

_AT_THE_END = ("halves", "end")
_BY_HAND = "set"
_LATEST_YEAR = 2100  # where the scenario names no year: the latest rates there are
_SAME = 5e-5
_UNNAMED = "none"
_PLANNED_YEARS = range(2025, 2035)
_AS_IT_IS = "as it is"

_TAPERS = (
    ("monthly", "Less each month"),
    ("yearly", "Less each year"),
    ("full", "All of it until the last month"),
    ("none", "Nothing"),
)


def _fixed(*options: tuple[str, str]) -> Sequence[tuple[str, str]]:
    return options


def _kind(scenario: Scenario) -> str:
    return scenario.scheme.kind


def _with_kind(scenario: Scenario, kind: str) -> Scenario:
    """Change the kind of payment; for a golden hello the vacancy gets the register's figures."""
    changes: dict[str, object] = {"scheme.kind": kind}
    if kind == "golden_hello" and scenario.vacancy.months == 0:
        paths = ("vacancy.months", "vacancy.net_saving_per_month", "vacancy.hire_cost")
        changes |= {path: register().default(path) for path in (*paths, "effect.extra_hires")}
    return scenario.but(changes)


def _amount(scenario: Scenario) -> str:
    return "flat" if scenario.scheme.amount.flat is not None else "percent"


def _with_amount(scenario: Scenario, way: str) -> Scenario:
    """Turn the payment into the other way of saying it, the same pounds for the first group."""
    if way == _amount(scenario):
        return scenario
    offer = offer_of(scenario)
    pounds = float(np.asarray(payment_each(offer, offer.groups[0])))
    if way == "flat":
        return scenario.but({"scheme.amount": {"flat": round(pounds, 2)}})
    salary = scenario.groups[0].salary
    percent = round(100 * pounds / salary, 4) if salary else 0.0
    return scenario.but({"scheme.amount": {"percent_of_salary": percent}})


def _instalments(scenario: Scenario) -> str:
    now = [(each.month, each.share) for each in scenario.scheme.instalments]
    for key, made in _patterns(scenario).items():
        same = len(made) == len(now) and all(
            a[0] == b[0] and abs(a[1] - b[1]) < 1e-3 for a, b in zip(made, now, strict=True)
        )
        if same:
            return key
    return _AS_IT_IS


def _patterns(scenario: Scenario) -> dict[str, list[tuple[int, float]]]:
    """Give the usual ways of paying, as (month, share); without a tie-in some are the same."""
    tie_in = scenario.scheme.tie_in_months
    end = [(tie_in, 1.0)]
    halves = [(0, 0.5), (tie_in, 0.5)] if tie_in else end
    found = {"start": [(0, 1.0)], "halves": halves, "end": end}
    for years in (1, 2, 3, 4):
        found[f"yearly {years}"] = [(12 * year, 1 / years) for year in range(1, years + 1)]
    return found


def _instalment_options(scenario: Scenario) -> Sequence[tuple[str, str]]:
    labels = {
        "start": "All on the first day",
        "halves": "Half on the first day, half when the tie-in ends",
        "end": "All when the tie-in ends",
        "yearly 1": "All at the end of the first year",
        "yearly 2": "In equal parts at the end of years 1 and 2",
        "yearly 3": "In equal parts at the end of years 1, 2 and 3",
        "yearly 4": "In equal parts at the end of years 1 to 4",
    }
    made: list[list[tuple[int, float]]] = []
    options = []
    for key, pattern in _patterns(scenario).items():
        if pattern not in made:
            made.append(pattern)
            options.append((key, labels[key]))
    if _instalments(scenario) == _AS_IT_IS:
        months = ", ".join(str(each.month) for each in scenario.scheme.instalments)
        options.insert(0, (_AS_IT_IS, f"In months {months}"))
    return options


def keeping_tie_in(scenario: Scenario, before: Scenario, shown: str) -> Scenario:
    """Move a payment that is chosen to come when the tie-in ends along with the tie-in.

    Args:
        scenario: after a move.
        before: the scenario before it.
        shown: the choice on screen of when it is paid.
    """
    months = scenario.scheme.tie_in_months
    if months == before.scheme.tie_in_months or shown not in _AT_THE_END:
        return scenario
    return _with_instalments(scenario, shown)


def _with_instalments(scenario: Scenario, key: str) -> Scenario:
    if key == _AS_IT_IS:
        return scenario
    made = [{"month": month, "share": share} for month, share in _patterns(scenario)[key]]
    return scenario.but({"scheme.instalments": made})


def _year_options(scenario: Scenario) -> Sequence[tuple[str, str]]:
    """Offer the years around which councils plan, and the scenario's own."""
    own = scenario.appraisal.first_financial_year
    years = sorted({*_PLANNED_YEARS, *([own] if own else [])})
    named = [(str(year), f"{year}/{(year + 1) % 100:02d}") for year in years]
    return [(_UNNAMED, "Not named: year 1, year 2"), *named]


def _oncost_rates(scenario: Scenario) -> dict[str, float]:
    """Give the on-cost rate with and without a pension contribution, by the law of the year."""
    known = register()
    year = scenario.appraisal.first_financial_year or _LATEST_YEAR
    rates = known["employer_ni_rate"]
    ni = rates.on(max(dt.date(year, 5, 1), rates.values[0].from_date))
    levy, pension = known["apprenticeship_levy"].default, known["lgps_employer_rate"].default
    return {
        "no": round(float(np.asarray(oncost_rate(ni, levy))), 6),
        "yes": round(float(np.asarray(oncost_rate(ni, levy, pension))), 6),
    }


def _with_first_year(scenario: Scenario, year: str) -> Scenario:
    """Move the first year; on-costs that followed the law of the old one follow the new one's."""
    moved = scenario.but(
        {"appraisal.first_financial_year": None if year == _UNNAMED else int(year)}
    )
    return _with_pension(moved, _pensionable(scenario))


def _pensionable(scenario: Scenario) -> str:
    rate = scenario.scheme.oncost_rate
    found = [key for key, known in _oncost_rates(scenario).items() if abs(rate - known) < _SAME]
    return found[0] if found else _AS_IT_IS


def _pension_options(scenario: Scenario) -> Sequence[tuple[str, str]]:
    rates = _oncost_rates(scenario)
    return [
        ("no", f"No: on-costs of {percent(rates['no'], 1)}"),
        ("yes", f"Yes: on-costs of {percent(rates['yes'], 1)}"),
        (_AS_IT_IS, "A rate of my own"),
    ]


def _with_pension(scenario: Scenario, key: str) -> Scenario:
    if key == _AS_IT_IS:
        return scenario
    return scenario.but({"scheme.oncost_rate": _oncost_rates(scenario)[key]})


def _effect(scenario: Scenario) -> str:
    return _BY_HAND if scenario.effect.leaving_reduction is not None else "pay"


def _with_effect(scenario: Scenario, way: str) -> Scenario:
    """Set the fall by hand, at what it is now; or let it follow the payment."""
    if way == _effect(scenario):
        return scenario
    if way == _BY_HAND:
        fall = round(relative_fall(scenario), 6)
        return scenario.but(
            {"effect.pay_elasticity": None, "effect.leaving_reduction": min(1.0, fall)}
        )
    response = register().default("effect.pay_elasticity")
    return scenario.but({"effect.leaving_reduction": None, "effect.pay_elasticity": response})


def _leaver_cost(scenario: Scenario) -> str:
    return FROM_PARTS if scenario.leaver_cost == FROM_PARTS else _BY_HAND


def _with_leaver_cost(scenario: Scenario, way: str) -> Scenario:
    if way == FROM_PARTS:
        return scenario.but({"leaver_cost": FROM_PARTS})
    pounds = round(max(0.0, float(np.asarray(leaver_cost(scenario)))), 2)
    return scenario.but({"leaver_cost": pounds})


def _vacancy(scenario: Scenario) -> str:
    return FROM_PARTS if scenario.vacancy.net_saving_per_month == FROM_PARTS else _BY_HAND


def _with_vacancy(scenario: Scenario, way: str) -> Scenario:
    if way == FROM_PARTS:
        return scenario.but({"vacancy.net_saving_per_month": FROM_PARTS})
    pounds = round(float(np.asarray(vacancy_saving_per_month(scenario))), 2)
    return scenario.but({"vacancy.net_saving_per_month": pounds})


KIND = Choice(
    "scheme.kind",
    "Kind of payment",
    lambda _: _fixed(
        ("retention", "Retention payment, to people in post"),
        ("golden_hello", "Golden hello, to people who join"),
    ),
    _kind,
    _with_kind,
)
AMOUNT = Choice(
    "choose.amount",
    "The payment is",
    lambda _: _fixed(("percent", "A percentage of salary"), ("flat", "The same sum for everyone")),
    _amount,
    _with_amount,
)
INSTALMENTS = Choice(
    "choose.instalments", "When it is paid", _instalment_options, _instalments, _with_instalments
)
TAPER: Choice[Scenario] = Choice(
    "scheme.clawback.taper",
    "What somebody who leaves early owes",
    lambda _: _TAPERS,
    lambda scenario: scenario.scheme.clawback.taper,
    lambda scenario, taper: scenario.but({"scheme.clawback.taper": taper}),
)
EFFECT = Choice(
    "choose.effect",
    "How the fall in leaving is set",
    lambda _: _fixed(
        (_BY_HAND, "By hand, with the slider"), ("pay", "It follows the size of the payment")
    ),
    _effect,
    _with_effect,
)
LEAVER_COST = Choice(
    "choose.leaver_cost",
    "How the cost of a leaver is set",
    lambda _: _fixed((_BY_HAND, "One figure"), (FROM_PARTS, "Added up from its parts")),
    _leaver_cost,
    _with_leaver_cost,
)
VACANCY = Choice(
    "choose.vacancy",
    "How the saving on a vacancy is set",
    lambda _: _fixed((_BY_HAND, "One figure"), (FROM_PARTS, "Added up from its parts")),
    _vacancy,
    _with_vacancy,
)
PENSION = Choice(
    "choose.pension",
    "Is it pensionable? A golden hello paid on joining may be",
    _pension_options,
    _pensionable,
    _with_pension,
)
FIRST_YEAR = Choice(
    "choose.first_year",
    "First financial year",
    lambda scenario: _year_options(scenario),
    lambda scenario: str(scenario.appraisal.first_financial_year or _UNNAMED),
    lambda scenario, year: _with_first_year(scenario, year),
)
OPTIMISM = optimism_choice(Scenario)
ALL = (
    KIND,
    AMOUNT,
    INSTALMENTS,
    TAPER,
    PENSION,
    EFFECT,
    LEAVER_COST,
    VACANCY,
    FIRST_YEAR,
    OPTIMISM,
)
