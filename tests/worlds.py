"""Small worlds whose answers can be worked out on paper, as parsed JSON."""

from __future__ import annotations

from typing import Any

from retention_lib import Scenario

Json = dict[str, Any]

ONE_MONTH: Json = {
    "schema": 1,
    "kind": "incentive",
    "groups": [{"headcount": 100, "salary": 40_000, "annual_leaving_rate": 1 - 0.99**12}],
    "scheme": {
        "kind": "retention", "amount": {"flat": 50}, "tie_in_months": 1, "oncost_rate": 0
    },
    "effect": {"leaving_reduction": 0.2},
    "leaver_cost": 10_000,
    "appraisal": {"months": 1},
}  # fmt: skip
"""One of 100 leaves in the one month, at 10,000; all 100 are paid 50 to stay."""

ONE_MONTH_HELLO: Json = {
    **ONE_MONTH,
    "groups": [{"headcount": 10, "salary": 40_000, "annual_leaving_rate": 0}],
    "scheme": {**ONE_MONTH["scheme"], "kind": "golden_hello", "amount": {"flat": 1_000}},
    "effect": {"extra_hires": 0.1},
    "vacancy": {"months": 1, "net_saving_per_month": 6_500, "hire_cost": 500},
}
"""Ten join and are paid 1,000; each extra one costs 1,500 and saves 6,500."""

TWO_YEARS: Json = {
    **ONE_MONTH,
    "scheme": {**ONE_MONTH["scheme"], "tie_in_months": 24},
    "effect": {"leaving_reduction": 1},
    "leaver_cost": 1_000,
    "appraisal": {"months": 24, "discount_rate": 0.035},
}
"""Nobody leaves for two years: 12 leavers saved in each, at 1,000."""


def made(scenario: Json, **changes: Any) -> Scenario:
    """Make a scenario, some of its parts changed."""
    return Scenario.from_dict({**scenario, **changes})


def with_scheme(scenario: Json, **changes: Any) -> Scenario:
    """Make a scenario with some of its offer changed."""
    return made(scenario, scheme={**scenario["scheme"], **changes})
