"""What is said beside a field of a plan that cannot be as it was typed."""

from __future__ import annotations

from typing import Any

from retention_lib.plans.plan import Plan
from retention_lib.problems import ScenarioError
from retention_lib.units import trimmed
from retention_lib.views import plans_form as form

_LONGEST_NAME = 200
_TOGETHER = "Newly qualified and senior staff together must be 100% or less."
_STRICT = {
    "service.vacancy_rate": "It must be below 100%.",
    "service.agency_rate": "It must be below 100%.",
    "service.case_holding_share": "It must be above 0%.",
    "service.newly_qualified_share": _TOGETHER,
    "service.senior_share": _TOGETHER,
}
"""What would be right where no end of a range says it."""


def why(refused: ScenarioError, plan: Plan, path: str, typed: Any) -> str:
    """Say beside a field what would be right, in the units it is shown in."""
    found = next((each for each in refused.problems if each.path == path), refused.problems[0])
    if path.endswith(".name"):
        return f"It must have {_LONGEST_NAME} characters or fewer."
    if not isinstance(typed, (int, float)):
        return found.right
    unit, (least, most) = form.unit_of(plan, path), form.ends_of(plan, path)
    number = unit.from_screen(float(typed))
    if most is not None and number <= most:
        most = None
    least = found.at_least if found.at_least is not None else least
    most = found.at_most if found.at_most is not None else most
    sign = "-" if typed < 0 else ""
    said = f"{sign}{unit.before}{trimmed(abs(typed), 4)}{unit.after} is not possible."
    if most is not None:
        return f"{said} It must be {unit.text(most)} or less."
    if least is not None:
        return f"{said} It must be {unit.text(least)} or more."
    return f"{said} {_STRICT.get(path, found.right)}"
