"""From a gap to a scheme: what an offer would have to do to close it, as a scenario to open."""

from __future__ import annotations

from retention_lib.assumptions import register
from retention_lib.benchmarks.gap import Gap
from retention_lib.benchmarks.measures import MEASURES
from retention_lib.benchmarks.standing import Standing
from retention_lib.figures import figure, leaving_in
from retention_lib.presets import preset
from retention_lib.scenario import FROM_PARTS, Scenario

BLANK = "no-scheme"

_FEWEST = 0.5  # people: nobody is kept or hired by half of that


def scheme_to_close(stood: Standing, found: Gap, covered_share: float) -> Scenario | None:
    """Build the scheme that would close a gap: its effect is what is needed, not what is likely.

    A gap in turnover needs leaving to fall; one in vacancies or agency staff needs people to join.
    Pay is the register's central offer, for the user to move. None where pay does not close such a
    gap, or the figures it needs are not published.

    Example:
        >>> from retention_lib.benchmarks.answer import compare
        >>> from retention_lib.benchmarks.comparison import Comparison
        >>> asked = {"schema": 1, "kind": "benchmark", "council": "806", "year": 2019}
        >>> scheme = compare(Comparison.from_dict(asked)).scheme
        >>> round(scheme.effect.leaving_reduction, 2), scheme.groups[0].headcount
        (0.21, 170.0)
    """
    staff = figure("in_post", stood.area.code, stood.year)
    leaving = leaving_in(stood.area.code, stood.year)
    if not found.is_open or not staff or leaving is None:
        return None
    shared = {
        "name": f"Closing {stood.area.name}'s gap: {MEASURES[stood.measure].label.lower()}",
        "case.council": stood.area.code,
        "case.year": stood.year,
        "groups.0.annual_leaving_rate": leaving.annual_leaving_rate,
        "not_offered.0.annual_leaving_rate": leaving.annual_leaving_rate,
    }
    start = preset(BLANK).scenario
    if stood.measure == "turnover" and found.needed_fall is not None:
        return start.but(
            {
                **shared,
                "groups.0.headcount": float(round(staff)),
                "scheme.amount": {"percent_of_salary": register()["payment_percent"].default},
                "effect.leaving_reduction": round(found.needed_fall, 6),
            }
        )
    starters = figure("starters", stood.area.code, stood.year)
    needed = sum(line.people for line in found.lines)
    if stood.measure not in {"vacancy", "agency"} or not starters or needed < _FEWEST:
        return None
    covered = 1.0 if stood.measure == "agency" else covered_share
    return start.but(
        {
            **shared,
            "scheme.kind": "golden_hello",
            "scheme.amount": {"flat": register()["payment_flat"].default},
            "groups.0.headcount": float(round(starters)) or 1.0,
            "effect.extra_hires": round(needed / (float(round(starters)) or 1.0), 6),
            "vacancy": {
                "months": register().default("vacancy.months"),
                "net_saving_per_month": FROM_PARTS,
                "hire_cost": register().default("vacancy.hire_cost"),
            },
            "costs.covered_share": covered,
        }
    )
