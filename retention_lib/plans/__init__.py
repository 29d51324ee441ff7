"""Invest to save: measures over four years, what they cost, what they change, the four tests.

`plan` is what a user chose, `catalogue` the measures there are, `effects` and `incentive` turn them
into what drives the service, `money` prices every line, `answer` puts the whole answer together.

Example:
    >>> plan = Plan.from_dict({"schema": 1, "kind": "invest_to_save", "council": "802",
    ...                        "measures": [{"kind": "recognition"}]})
    >>> round(appraise(plan).investment)
    176000
"""

from retention_lib.plans.answer import appraise
from retention_lib.plans.plan import Measure, Plan
from retention_lib.plans.ranges import spread

__all__ = ["Measure", "Plan", "appraise", "spread"]
